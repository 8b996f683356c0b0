# SPDX-License-Identifier: Apache-2.0
"""How what is fitted to a tail, and how well a law fits, prints: a row a parameter, threshold, period or class."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from greenrisk.actuarial.printing import counted, error, figure, percent, table

if TYPE_CHECKING:
    from greenrisk.actuarial.fitting.extreme_fit import ExtremeFit
    from greenrisk.actuarial.fitting.goodness import Goodness
    from greenrisk.actuarial.fitting.grouped_goodness import ChiSquare
    from greenrisk.actuarial.fitting.peaks import BlockMaxima, Peaks, PeaksFit
    from greenrisk.actuarial.fitting.return_levels import ReturnLevels
    from greenrisk.actuarial.fitting.splice_fit import SplicedFit
    from greenrisk.actuarial.fitting.tail_data import Hill, MeanExcess, ThresholdStability

_THRESHOLDS: Final = 10
"""Thresholds that are shown of a scan, which may hold one for each loss."""


def goodness_table(found: Goodness) -> str:
    """Return each distance with the probability that chance gives more.

    Parameters
    ----------
    found : Goodness
        Distances and their p-values.
    """
    rows = [
        (name.replace("_", " "), figure(distance, 4), f"{p.p_value:.3f}", error(p.standard_error))
        for name, distance in found.distances._asdict().items()
        for p in (getattr(found, name),)
    ]
    told = f"{found.unconverged:,} of them at an edge, {found.failed:,} without a fit"
    return "\n".join(
        [
            f"Goodness by {counted(found.replicates, 'replicate')}, {told}",
            table(("distance", "value", "p-value", "± error"), rows),
        ]
    )


def chi_square_table(found: ChiSquare) -> str:
    """Return observed and expected numbers by class, and the statistic.

    Parameters
    ----------
    found : ChiSquare
        Pearson's statistic.
    """
    ends = [figure(edge) for edge in found.edges.tolist()]
    classes = zip(ends, ends[1:], found.observed.tolist(), found.expected.tolist(), strict=False)
    rows = [(low, high, figure(o), figure(e)) for low, high, o, e in classes]
    freedom = counted(found.degrees, "degree")
    return "\n".join(
        [
            f"ChiSquare {figure(found.statistic, 4)} on {freedom} of freedom, p-value {found.p_value:.3f}",
            table(("from", "to", "observed", "expected"), rows, left=0),
        ]
    )


def mean_excess_table(found: MeanExcess) -> str:
    """Return the mean excess and its error by threshold.

    Parameters
    ----------
    found : MeanExcess
        Over the thresholds.
    """
    columns = (found.values.tolist(), found.standard_errors.tolist())
    rows = [(figure(value), error(se)) for value, se in zip(*columns, strict=True)]
    return _scan("MeanExcess", found.thresholds, found.counts, ("mean excess", "± error"), rows)


def hill_table(found: Hill) -> str:
    """Return the shape and its error by threshold.

    Parameters
    ----------
    found : Hill
        Over the thresholds.
    """
    columns = (found.shapes.tolist(), found.standard_errors.tolist())
    rows = [(figure(value), error(se)) for value, se in zip(*columns, strict=True)]
    return _scan("Hill", found.thresholds, found.counts, ("shape", "± error"), rows)


def stability_table(found: ThresholdStability) -> str:
    """Return shape and modified scale with their intervals by threshold.

    Parameters
    ----------
    found : ThresholdStability
        Over the thresholds.
    """
    columns = np.column_stack(
        [found.shapes, found.shape_intervals, found.modified_scales, found.modified_scale_intervals]
    )
    rows = [tuple(figure(value, 4) for value in row) for row in columns.tolist()]
    heads = ("shape", "from", "to", "modified scale", "from", "to")
    name = f"ThresholdStability with intervals of {percent(found.level)}"
    return _scan(name, found.thresholds, found.counts, heads, rows)


def block_maxima_line(found: BlockMaxima) -> str:
    """Return how many blocks there are and where their maxima lie, in one line.

    Parameters
    ----------
    found : BlockMaxima
        The maxima.
    """
    blocks = counted(found.maxima.size, "complete block")
    out = f"{found.left_out.size:,} left out, {counted(found.missing, 'value')} missing"
    return f"BlockMaxima({blocks}{_range(', maxima', found.maxima)}; {out})"


def peaks_line(found: Peaks) -> str:
    """Return threshold, number and rate of the peaks, in one line.

    Parameters
    ----------
    found : Peaks
        The peaks.
    """
    told = (
        f"{counted(found.values.size, 'peak')} over {figure(found.threshold)} in {figure(found.years)} years"
    )
    clusters = f"extremal index {found.extremal_index:.2f}" if found.values.size else "none"
    return f"Peaks({told}, {figure(found.rate, 4)} a year{_range(', values', found.values)}, {clusters})"


def peaks_fit_table(found: PeaksFit) -> str:
    """Return the peaks, their rate with its error, and the law of their excesses.

    Parameters
    ----------
    found : PeaksFit
        Peaks and law.
    """
    peaks = found.peaks
    number = f"{counted(peaks.values.size, 'peak')} over {figure(peaks.threshold)}"
    rate = f"{figure(found.rate, 4)} ± {error(found.rate_error)} a year"
    return f"PeaksFit of {number} in {figure(peaks.years)} years, {rate}\n{extreme_table(found.tail)}"


def extreme_table(found: ExtremeFit) -> str:
    """Return the parameters with their errors; of a law with covariates, the coefficients.

    Parameters
    ----------
    found : ExtremeFit
        A law of extremes.
    """
    errors = found.standard_errors().tolist()
    if any(found.model.names):
        head = "coefficient"
        columns = zip(found.names, found.coefficients.tolist(), errors, strict=True)
        rows = [(name, figure(value), error(se)) for name, value, se in columns]
    else:
        head = "parameter"
        single = found.parameters()
        values = {"location": single.location, "log scale": single.scale, "shape": single.shape}
        rows = []
        for name, se in zip(found.names, errors, strict=True):
            value = float(values[name][0])
            rows.append(
                (name.removeprefix("log "), figure(value), error(se * value if "log" in name else se))
            )
    threshold = getattr(found, "threshold", None)
    over = "" if threshold is None else f" over {figure(threshold)}"
    return "\n".join(
        [
            f"{type(found).__name__} to {counted(found.count, 'value')}{over}; AIC {found.aic:,.2f}",
            table((head, "value", "± error"), rows),
        ]
    )


def return_levels_table(found: ReturnLevels) -> str:
    """Return the levels with intervals and errors by period, and by row of covariates where there are several.

    Parameters
    ----------
    found : ReturnLevels
        The levels.
    """
    several = found.values.shape[0] > 1
    rows = []
    for k in range(found.values.shape[0]):
        columns = (found.values[k], found.standard_errors[k], found.low[k], found.high[k])
        for period, value, se, low, high in zip(found.periods, *columns, strict=True):
            cells = [figure(float(period)), figure(float(value)), error(float(se))]
            rows.append([*([str(k)] if several else []), *cells, figure(float(low)), figure(float(high))])
    heads = ["period", "level", "± error", "from", "to"]
    return "\n".join(
        [
            f"ReturnLevels, periods by the {found.per}, intervals of {percent(found.level)} ({found.method})",
            table(["row", *heads] if several else heads, rows, left=1 if several else 0),
        ]
    )


def spliced_table(found: SplicedFit) -> str:
    """Return threshold, share above, and the parameters of both sides with their errors.

    Parameters
    ----------
    found : SplicedFit
        Body and tail.
    """
    share = f"{percent(found.exceedance)} ± {error(100.0 * found.exceedance_error)}%"
    rows = []
    for side, fit in (("body", found.body), ("tail", found.tail)):
        errors = fit.standard_errors
        for name, value in fit.parameters.items():
            told = error(errors[name]) if name in errors else "held"
            rows.append((side, fit.family, name, figure(value), told))
    return "\n".join(
        [
            f"SplicedFit at {figure(found.law.threshold)}, {share} of the records above; AIC {found.aic:,.2f}",
            table(("side", "family", "parameter", "value", "± error"), rows, left=3),
        ]
    )


def _scan(
    name: str,
    thresholds: NDArray[np.float64],
    counts: NDArray[np.int64],
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
) -> str:
    places = zip(thresholds.tolist(), counts.tolist(), rows, strict=True)
    cells = [(figure(threshold), f"{count:,}", *row) for threshold, count, row in places]
    first = f"{name}, {counted(len(cells), 'threshold')}"
    return f"{first}\n{table(('threshold', 'above', *heads), cells, most=_THRESHOLDS)}"


def _range(name: str, values: NDArray[np.float64]) -> str:
    return f"{name} {figure(float(values.min()))} to {figure(float(values.max()))}" if values.size else ""
