# SPDX-License-Identifier: Apache-2.0
"""How far a fitted law lies from its data: distances between distribution functions, and how often chance gives more.

Counts by class have :mod:`greenrisk.actuarial.fitting.grouped_goodness`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from greenrisk.actuarial.arguments import number
from greenrisk.actuarial.fitting.coordinates import Coordinates
from greenrisk.actuarial.fitting.data import LossData
from greenrisk.actuarial.fitting.fitted import SeverityFit, mean_log_likelihood
from greenrisk.actuarial.fitting.likelihood import Logarithms, log_between, logarithms
from greenrisk.actuarial.fitting.search import climb
from greenrisk.actuarial.fitting.severity_fit import fit_severity
from greenrisk.actuarial.kinds import instance
from greenrisk.actuarial.severity.family import Family
from greenrisk.actuarial.severity.law import Severity
from greenrisk.core.errors import ArgumentError, Fault, Faults, FitError

Floats = NDArray[np.float64]

_ENOUGH = 1e-3
"""Gain in the log-likelihood still promised at a replicate's fit: no distance moves by it."""
_FIT = (
    "A fit was expected, of fit_severity(data, family); of a law given beforehand use distances(law, data)."
)
_FAILED = 0.05
"""Share of replicates without a fit above which no p-value is given."""


class Distances(NamedTuple):
    """Distances between the distribution function of the records and that of the law."""

    kolmogorov_smirnov: float
    """``sup |F_n - F|`` [unitless]."""
    cramer_von_mises: float
    """``n int (F_n - F)^2 dF`` [unitless]."""
    anderson_darling: float
    """``n int (F_n - F)^2 / (F (1 - F)) dF`` [unitless]."""


class Chance(NamedTuple):
    """How often a sample of the law itself lies as far away."""

    p_value: float
    """Share of replicates, in (0, 1] [unitless]."""
    standard_error: float
    """Of the p-value, from the number of replicates [unitless]."""


@dataclass(frozen=True)
class Goodness:
    """Distances of a fit with their p-values by parametric bootstrap.

    Parameters
    ----------
    distances : Distances
        Of the fitted law.
    kolmogorov_smirnov, cramer_von_mises, anderson_darling : Chance
        Of each distance.
    replicates : int
        Samples drawn and refitted.
    unconverged : int
        Replicates whose likelihood ran to an edge; the law it ran to is used.
    failed : int
        Replicates that could not be fitted, left out.
    """

    distances: Distances
    kolmogorov_smirnov: Chance
    cramer_von_mises: Chance
    anderson_darling: Chance
    replicates: int
    unconverged: int
    failed: int

    def __repr__(self) -> str:
        """Return a table of the distances and their p-values."""
        from greenrisk.actuarial.fitting.wording import goodness_table

        return goodness_table(self)


class Positions(NamedTuple):
    """Records on the scale on which the law is uniform."""

    log_below: Floats
    """ln u of the uncensored records below the least limit, ascending, shape (seen,)."""
    log_above: Floats
    """ln (1 - u) of the same."""
    log_end_below: float
    """ln of the least limit on this scale; 0 without limits."""
    log_end_above: float
    """ln (1 - that); -inf without limits."""
    size: int
    """Number of records, those beyond the end included."""


def distances(law: Severity, data: LossData) -> Distances:
    """Return the distances between the records and a law.

    Parameters
    ----------
    law : Severity
        A continuous law.
    data : LossData
        Exact records, truncated and censored as they may be; each may have its own deductible and limit.

    Raises
    ------
    ArgumentError
        For records known to an interval, for weights that are no counts, and if all lie beyond the least limit.

    Notes
    -----
    A record truncated at t stands at ``u = (F(x) - F(t)) / (1 - F(t))``, which is uniform under the law. Censored
    records are beyond their limits: all distances are taken up to the least limit on the u-scale, where every record
    is either seen or known to lie beyond (censoring of type I). With one limit nothing is lost by this.

    References
    ----------
    Pettitt, A. N. and Stephens, M. A. (1976). Modified Cramer-von Mises statistics for censored data. Biometrika 63(2),
    291-298. https://doi.org/10.1093/biomet/63.2.291
    D'Agostino, R. B. and Stephens, M. A. (1986). Goodness-of-Fit Techniques. Marcel Dekker, chapter 4.
    """
    return _distances(positions(law, counted(data)))


def goodness_of_fit(fit: SeverityFit, *, replicates: int = 999, rng: np.random.Generator | int) -> Goodness:
    """Return the distances of a fit and how often chance gives greater ones.

    Parameters
    ----------
    fit : SeverityFit
        The fit.
    replicates : int
        Samples to draw and fit, at least 19: about a second for a hundred of a thousand records each. With 199 a
        p-value of 0.05 has a standard error of 0.015, with 999 of 0.007.
    rng : numpy.random.Generator or int
        Source of randomness, or its seed.

    Raises
    ------
    ArgumentError
        As for :func:`distances`, and for censored records without limits.
    FitError
        If more than one replicate in twenty cannot be fitted.

    Notes
    -----
    The parameters come from the same records, so that tables for a known law would call bad fits good. Each replicate
    is drawn from the fitted law under the deductibles and limits of the records, fitted again and measured;
    ``p = (1 + number at least as far) / (1 + replicates)``.

    References
    ----------
    Stute, W., Gonzalez Manteiga, W. and Presedo Quindimil, M. (1993). Bootstrap based goodness-of-fit-tests. Metrika
    40, 243-256.
    """
    instance("fit", fit, SeverityFit, _FIT)
    number("replicates", replicates, least=19)
    generator = np.random.default_rng(rng)
    data = counted(fit.data)
    observed = _distances(positions(fit.law, data))
    unlimited = np.flatnonzero(data.right_censored & np.isinf(data.limits))
    if unlimited.size:
        what = f"record {int(unlimited[0])} is censored at {data.lower[unlimited[0]]:g} with no limit"
        mend = "Give limits, for the uncensored records too: replicates are censored as the records would have been."
        raise ArgumentError(Fault("data", what, mend))
    held = {name: value for name, value in fit.parameters.items() if name not in fit.free}
    place = Coordinates(type(fit.law), held)
    best = place.point(fit.parameters)
    far = np.zeros(3)
    failed = unconverged = 0
    for _ in range(int(replicates)):
        sample = draw(fit.law, data, generator)
        end = climb(mean_log_likelihood(place, sample), best, sample.weight, _ENOUGH / 100)
        try:
            if end is None:
                law: Family = fit_severity(sample, place.family, fixed=place.fixed).law
            else:
                unconverged += end.gain > _ENOUGH
                law = place.family(**place.parameters(end.point))
        except (FitError, ArgumentError):
            failed += 1
            continue
        far += np.array(_distances(positions(law, sample))) >= np.array(observed)
    if failed > _FAILED * replicates:
        what = f"{failed} of {replicates} replicates could not be fitted"
        raise FitError(
            Fault("fit", what, "The family is hardly identified by so few records: take a simpler one.")
        )
    drawn = int(replicates) - failed
    p = (1 + far) / (1 + drawn)
    errors = np.sqrt(p * (1 - p) / drawn)
    first, second, third = (Chance(float(a), float(b)) for a, b in zip(p, errors, strict=True))
    return Goodness(observed, first, second, third, int(replicates), unconverged, failed)


def draw(law: Family, data: LossData, rng: np.random.Generator) -> LossData:
    """Return one sample of a law under the deductibles, limits and right truncations of some records.

    Parameters
    ----------
    law : Severity
        The law.
    data : LossData
        Records whose conditions are taken, one loss for each.
    rng : numpy.random.Generator
        Source of randomness.
    """
    top, bottom = law.sf(data.deductibles), law.sf(data.truncated_above)
    losses = law.isf(bottom + (top - bottom) * rng.random(data.size))
    losses = np.clip(losses, data.deductibles, np.minimum(data.truncated_above, np.finfo(float).max))
    return LossData.exact(
        losses, deductible=data.deductibles, limit=data.limits, truncated_above=data.truncated_above
    )


def counted(data: LossData) -> LossData:
    """Return the records one by one where weights are whole numbers.

    Parameters
    ----------
    data : LossData
        The records.

    Raises
    ------
    ArgumentError
        For weights that are no counts.
    """
    if (data.weights == 1).all():
        return data
    faults = Faults()
    for i in np.flatnonzero(data.weights % 1 != 0)[:5].tolist():
        mend = "A test of fit needs counts: give whole weights, or test the unweighted losses."
        faults.add("weights", f"weights[{i}] = {data.weights[i]:g}", mend, "unitless")
    faults.raise_if_any(ArgumentError)
    places = np.repeat(np.arange(data.size), data.weights.astype(np.int64))
    return LossData(
        data.lower[places],
        data.upper[places],
        deductibles=data.deductibles[places],
        limits=data.limits[places],
        truncated_above=data.truncated_above[places],
    )


def positions(law: Severity, data: LossData) -> Positions:
    """Return where the records stand on the scale on which the law is uniform.

    Parameters
    ----------
    law : Severity
        The law.
    data : LossData
        Records of weight 1, none known to an interval.

    Raises
    ------
    ArgumentError
        For records known to an interval, and if all lie beyond the least limit.
    """
    grouped = np.flatnonzero(data.interval_censored)
    if grouped.size:
        i = int(grouped[0])
        what = f"record {i} lies in ({data.lower[i]:g}, {data.upper[i]:g}]"
        mend = "These distances need places: leave such records out, or use grouped_goodness.chi_square."
        raise ArgumentError(Fault("data", what, mend, "unit of the loss"))
    logs = logarithms(law)
    limits = np.where(data.right_censored, data.lower, data.limits)
    with np.errstate(all="ignore"):
        chance = log_between(logs, data.deductibles, data.truncated_above)
        below, above = _uniform(logs, data.lower, data, chance)
        place, ends_below, ends_above = 0, np.zeros(1), np.full(1, -np.inf)
        if np.isfinite(limits).any():
            ends_below, ends_above = _uniform(logs, limits, data, chance)
            place = int(np.argmin(ends_below))
        seen = data.exact_records & (below <= ends_below[place])
    if not seen.any():
        what = f"least limit {limits[place]:g}"
        mend = "No record lies below the least limit: leave out the records with the lowest limits."
        raise ArgumentError(Fault("data", what, mend, "unit of the loss"))
    order = np.argsort(below[seen])
    return Positions(
        below[seen][order],
        above[seen][order],
        float(ends_below[place]),
        float(ends_above[place]),
        data.size,
    )


def _uniform(logs: Logarithms, x: Floats, data: LossData, chance: Floats) -> tuple[Floats, Floats]:
    """``ln u`` and ``ln (1 - u)`` with ``u = (F(x) - F(t)) / (F(a) - F(t))``, each accurate where it is small."""
    below = log_between(logs, data.deductibles, x) - chance
    above = log_between(logs, x, data.truncated_above) - chance
    return np.minimum(below, 0.0), np.minimum(above, 0.0)


def _distances(at: Positions) -> Distances:
    n, seen = at.size, at.log_below.size
    u = np.exp(np.append(at.log_below, at.log_end_below))
    steps = np.arange(seen + 1) / n
    greatest = max(float((steps[1:] - u[:-1]).max()), float((u - steps).max()))
    # Between two records F_n is the constant c, and (c - u)^2 / (u (1 - u)) = c^2 / u + (1 - c)^2 / (1 - u) - 1.
    starts = np.append(0.0, u[:-1])
    squares = n * float((((u - steps) ** 3 - (starts - steps) ** 3) / 3).sum())
    log_starts = np.append(0.0, at.log_below)
    rises = np.append(at.log_below, at.log_end_below) - log_starts
    log_starts_above = np.append(0.0, at.log_above)
    falls = np.append(at.log_above, at.log_end_above) - log_starts_above
    low = np.where(steps > 0, steps**2 * np.where(steps > 0, rises, 0.0), 0.0)
    high = np.where(steps < 1, (1 - steps) ** 2 * np.where(steps < 1, falls, 0.0), 0.0)
    weighted = n * float((low - high - (u - starts)).sum())
    return Distances(greatest, squares, weighted)
