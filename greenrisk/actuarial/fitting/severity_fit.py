# SPDX-License-Identifier: Apache-2.0
"""Severities fitted by maximum likelihood to exact, censored, grouped, truncated and weighted losses.

How well a fit agrees with its data is asked in :mod:`greenrisk.actuarial.fitting.goodness`; which of several families
to take, in :mod:`greenrisk.actuarial.fitting.best_fit`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greenrisk.actuarial.fitting.coordinates import Coordinates, coordinates_of
from greenrisk.actuarial.fitting.data import LossData
from greenrisk.actuarial.fitting.fitted import SeverityFit, StartRun, mean_log_likelihood
from greenrisk.actuarial.fitting.likelihood import Likelihood, logarithms_of
from greenrisk.actuarial.fitting.search import Function, Summit, climb, curvature, polished
from greenrisk.actuarial.fitting.starts import starting_points
from greenrisk.actuarial.printing import counted
from greenrisk.actuarial.severity.family import Family
from greenrisk.actuarial.severity.registry import family_of
from greenrisk.core.errors import ArgumentError, Fault, Faults, FitError

Floats = NDArray[np.float64]

_MOVES = (0.6, -0.6)
"""How far the best guess is moved along every line to make further starts."""
_LOOSE = 10.0
"""Standard error on a line (of a logarithm, say) from which a parameter is not identified."""
_FLAT = 1e-8
"""Least curvature of the log-likelihood a record, compared with the largest: below it lies rounding."""
_IRREGULAR = -0.5
"""At this shape or less the estimator of a generalised Pareto law is not regular (Smith 1985)."""


def fit_severity(
    data: LossData | ArrayLike,
    family: type[Family] | str,
    *,
    fixed: Mapping[str, float] | None = None,
    starts: Iterable[Mapping[str, float]] = (),
) -> SeverityFit:
    """Fit a severity by maximum likelihood from several starts.

    Parameters
    ----------
    data : LossData or array
        Records; an array is taken for exact losses [unit of the loss].
    family : type or str
        A family of :mod:`greenrisk.actuarial.severity`, e.g. ``Lognormal``, or its name, ``"lognormal"``.
    fixed : mapping, optional
        Parameters to hold, by name. An end of the support (threshold of a Pareto law, scale of a beta law) is always
        held: at its default, or a Pareto law's at the deductible.
    starts : iterable of mappings
        Further starts, with a value for each free parameter.

    Raises
    ------
    ArgumentError
        On invalid records, names or values.
    FitError
        With the reason: too few records, a record that the family cannot give, no maximum, parameters that run to the
        edge or that the data do not identify.

    Notes
    -----
    ``sum w_i ln L_i`` is maximised with ``ln L_i = ln f(x) - ln S(t)``, ``ln S(c) - ln S(t)`` or
    ``ln(F(r) - F(l)) - ln S(t)``; every start is followed by Newton's method, and the best end is kept. Maximum
    likelihood divides by n: the sigma of a lognormal law is not the sample's standard deviation.

    References
    ----------
    Klugman, S. A., Panjer, H. H. and Willmot, G. E. Loss Models: From Data to Decisions. Wiley, on maximum likelihood.
    """
    family = family_of("family", family)
    records = data if isinstance(data, LossData) else LossData.exact(data)
    place = coordinates_of(family, fixed, records)
    _check_enough(records, place)
    guesses = [*starting_points(family.__name__, records, place.fixed), *_given_starts(starts, place)]
    points = [point for point in map(place.point, guesses) if np.isfinite(point).all()]
    points = points or [np.zeros(len(place.free))]
    points += [points[0] + move for move in _MOVES]
    function = mean_log_likelihood(place, records)
    weight = records.weight
    ends = [climb(function, point, weight) for point in points]
    runs = tuple(_run(place, point, end, weight) for point, end in zip(points, ends, strict=True))
    reached = [end for end in ends if end is not None]
    if not reached:
        raise _impossible(place, records, points)
    best = max(reached, key=lambda end: end.value)
    shape = place.parameters(best.point).get("shape", 0.0)
    if family.__name__ == "GeneralisedPareto" and shape <= _IRREGULAR:
        mend = "At a shape of -0.5 or less the fit is irregular: the tail has an end. Take a Beta law."
        raise FitError(Fault("data", f"shape = {shape:.3g}", mend))
    if not best.is_maximum:
        raise FitError(Fault("data", *_runs_off(place, points[0], best)))
    best = polished(function, best, weight)
    covariance = _covariance(place, function, best, weight, points[0])
    law = family(**place.parameters(best.point))
    return SeverityFit(law, place.free, covariance, best.value * weight, records, runs)


def _check_enough(data: LossData, place: Coordinates) -> None:
    """Refuse records that cannot tell the parameters apart, whatever their values."""
    needed = len(place.free)
    told = ~data.right_censored
    places = len(np.unique(np.stack([data.lower[told], data.upper[told]], axis=1), axis=0))
    named = f"{place.family.__name__} with {needed} parameter{'s' if needed > 1 else ''}"
    if not places:
        mend = "Every record is censored: the likelihood only rises as the law moves out. Add records below a limit."
        raise FitError(Fault("data", f"{data.size} records", mend))
    if places < needed or data.size < needed + 1:
        what = f"{counted(data.size, 'record')} with {counted(places, 'distinct loss', 'distinct losses')}"
        mend = f"Too few for {named}: at least {needed + 1} records and {needed} distinct losses are needed."
        raise FitError(Fault("data", what, mend))


def _given_starts(starts: Iterable[Mapping[str, float]], place: Coordinates) -> list[dict[str, float]]:
    faults, read = Faults(), []
    for i, start in enumerate(starts):
        missing = [name for name in place.free if name not in start]
        if missing:
            faults.add("starts", f"starts[{i}]", f"It needs a value for {', '.join(missing)}.")
            continue
        for name in place.free:
            domain = place.family.domains[name]
            if not (domain.low < start[name] < domain.high):
                what = f"starts[{i}][{name!r}] = {start[name]:g}"
                faults.add("starts", what, f"It must be > {domain.low:g} and < {domain.high:g}.", domain.unit)
        read.append(dict(start))
    faults.raise_if_any(ArgumentError)
    return read


def _run(place: Coordinates, start: Floats, end: Summit | None, weight: float) -> StartRun:
    def free(point: Floats) -> dict[str, float]:
        return dict(zip(place.free, place.natural(point).tolist(), strict=True))

    if end is None:
        return StartRun(free(start), free(start), -math.inf, False)
    return StartRun(free(start), free(end.point), end.value * weight, end.is_maximum)


def _impossible(place: Coordinates, data: LossData, points: list[Floats]) -> FitError:
    """Name the records that no start can give."""
    terms = Likelihood(data).records(logarithms_of(place.family, place.theta(np.array(points))))
    never = np.flatnonzero(~np.isfinite(terms).any(axis=0))
    name = place.family.__name__
    if not never.size:
        what = f"{data.size} records"
        return FitError(
            Fault("data", what, f"No start of {name} has a likelihood: give starts.", "unit of the loss")
        )
    i, more = int(never[0]), f" ({never.size - 1:,} more)" if never.size > 1 else ""
    held = ", ".join(f"{key} = {value:g}" for key, value in place.fixed.items())
    mend = f"{name}{f' with {held}' if held else ''} gives no finite density there: "
    if data.lower[i] == 0:
        mend += "zeros belong to the frequency, leave them out, or take another family."
    else:
        mend += "take another family, or move what is held."
    return FitError(Fault("data", f"record {i}, loss {data.lower[i]:g}{more}", mend, "unit of the loss"))


def _runs_off(place: Coordinates, start: Floats, end: Summit) -> tuple[str, str]:
    """Return what runs where, for the error."""
    far = int(np.argmax(np.abs(end.point - start)))
    value = float(place.natural(end.point)[far])
    what = f"{place.free[far]} = {value:.3g} after {end.steps} steps"
    mend = (
        f"The data do not identify {place.family.__name__}: its likelihood rises towards an edge or is flat. Take a "
        "family with fewer parameters, or hold one by fixed=."
    )
    return what, mend


def _covariance(place: Coordinates, function: Function, best: Summit, weight: float, start: Floats) -> Floats:
    """Invert the observed information on the lines and carry it to the parameters."""
    information = curvature(function, best.point)
    roots = np.zeros(1) if information is None else np.linalg.eigvalsh(information)
    if information is None or roots[0] <= _FLAT * max(1.0, float(roots[-1])):
        raise FitError(Fault("data", *_runs_off(place, start, best)))
    on_lines = np.linalg.inv(information * weight)
    slopes = place.slopes(best.point)
    bounded = np.array([math.isfinite(place.family.domains[name].low) for name in place.free])
    if (np.sqrt(np.diag(on_lines))[bounded] > _LOOSE).any():
        raise FitError(Fault("data", *_runs_off(place, start, best)))
    return np.asarray(on_lines * np.outer(slopes, slopes))
