# SPDX-License-Identifier: Apache-2.0
"""Allocation of a risk measure of the total to its segments; every method adds up to the total.

The sum of the contributions is the measure of the total to rounding (1e-12 of it); what rounding leaves is put on no
segment. How a premium is built on it is in :mod:`greenrisk.actuarial.premium.gross`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greenrisk.actuarial.allocation.ordered_years import OrderedYears, refuse_short
from greenrisk.actuarial.allocation.segments import names_of_segments, one_a_segment
from greenrisk.actuarial.arguments import one_of, probability
from greenrisk.actuarial.distortion.functions import Distortion, TailValueAtRisk
from greenrisk.actuarial.kinds import instance
from greenrisk.actuarial.labels import column_names
from greenrisk.core.errors import ArgumentError, Fault

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]

Method = Literal["co_tail", "natural", "covariance"]
"""`co_tail`: Euler allocation of the tail value at risk; `natural`: of a distortion price, by the outcomes of the
total; `covariance`: the mean, and what the measure exceeds it by in proportion to the covariance with the total."""


class Parts(NamedTuple):
    """What each segment contributes, and what one year moves of it."""

    contribution: Floats
    """Shape (segment,) [currency]."""
    influence: Callable[[int], Floats]
    """By segment: shape (year,), up to a constant, the years in the order of their total."""


@dataclass(frozen=True)
class Allocation:
    """A measure of the total and what each segment contributes to it; amounts in the currency of the losses.

    Parameters
    ----------
    method : str
        How it was allocated.
    total : float
        The measure of the total [currency].
    contribution : array, shape (segment,)
        They sum to the total [currency].
    standard_error : array, shape (segment,)
        Simulation errors of the contributions [currency]; inf where the sample does not tell one.
    mean : array, shape (segment,)
        Expected losses [currency].
    segments : tuple of str
        Names of the segments; empty where nobody named them.
    """

    method: Method
    total: float
    contribution: Floats
    standard_error: Floats
    mean: Floats
    segments: tuple[str, ...] = ()

    @property
    def load(self) -> Floats:
        """Contributions less means, shape (segment,) [currency]; negative for a segment that diversifies."""
        return np.asarray(self.contribution - self.mean)

    @property
    def share(self) -> Floats:
        """Contributions over the total, shape (segment,) [unitless]; NaN where that is 0."""
        return np.asarray(self.contribution / (self.total or np.nan))

    def to_frame(self) -> pd.DataFrame:
        """Return a ``pandas.DataFrame`` with a row for each segment, named where it has a name."""
        import pandas as pd

        names = ("mean", "contribution", "standard_error", "load", "share")
        index = pd.Index(self.segments or range(self.mean.size), name="segment")
        return pd.DataFrame({name: getattr(self, name) for name in names}, index=index)

    def __repr__(self) -> str:
        """Return a table with a row for each segment and the total."""
        from greenrisk.actuarial.allocation.wording import allocation_table

        return allocation_table(self)


def allocate(
    losses: ArrayLike,
    segments: Sequence[str] = (),
    *,
    method: Method = "co_tail",
    level: float | None = None,
    distortion: Distortion | None = None,
    weights: ArrayLike | None = None,
) -> Allocation:
    """Return what each segment contributes to a risk measure of the total.

    Parameters
    ----------
    losses : array or DataFrame, shape (year, segment)
        Annual losses [currency/year].
    segments : sequence of str, length segment
        Names of the segments; if empty, those of the columns of a DataFrame.
    method : {"co_tail", "natural", "covariance"}
        `co_tail` takes a level, `natural` a distortion, `covariance` one of them.
    level : float, optional
        Level of the tail value at risk of the total [unitless], in (0, 1).
    distortion : Distortion, optional
        The price of the total.
    weights : array, shape (year,), optional
        Likelihood ratios or probabilities of the years [unitless], >= 0; only their ratios count.

    Raises
    ------
    ArgumentError
        If the method is unknown or lacks its argument, the losses or weights are bad, or the sample is too short for
        the level.

    Notes
    -----
    `co_tail` is `natural` under the distortion of the tail value at risk: for normal losses all three agree. Standard
    errors by influence functions, see :class:`greenrisk.actuarial.allocation.ordered_years.OrderedYears`; a distortion
    that weighs the greatest loss alone (constant cost of capital) takes the greatest of the sample for it, whose error
    no sample tells.

    References
    ----------
    Tasche, D. (1999), Risk contributions and performance measurement. Mildenhall, S. J. and Major, J. A. (2022),
    Pricing Insurance Risk: Theory and Practice, Wiley (natural allocation). Overbeck, L. (2000),
    Allocation of economic capital in loan portfolios (covariance).
    """
    one_of("method", method, get_args(Method))
    needed = {"co_tail": (True, False), "natural": (False, True)}.get(method)
    given = (level is not None, distortion is not None)
    if given != needed and not (needed is None and sum(given) == 1):
        takes = {"co_tail": "a level", "natural": "a distortion"}.get(method, "a level or a distortion")
        what = f"level = {level}, distortion = {distortion}"
        raise ArgumentError(Fault("method", what, f"{method} takes {takes}, and nothing else."))
    instance("distortion", distortion, Distortion | None, "A distortion with its parameter: Wang(0.25).")
    years = OrderedYears(losses, weights)
    names = names_of_segments(segments) or column_names(losses)
    if names:
        one_a_segment(names, losses=range(years.segments))
    if distortion is None:
        measure: Distortion = TailValueAtRisk(probability("level", float(level or 0.0)))
        refuse_short(years, measure.kinks[0])
    else:
        measure = distortion
    parts = covariance_parts(years, measure) if method == "covariance" else natural_parts(years, measure)
    errors = [years.years.standard_error(parts.influence(i)) for i in range(years.segments)]
    blind = np.inf if measure.jump > 0.0 else 0.0
    return Allocation(
        method, years.price(measure), parts.contribution, np.asarray(errors) + blind, years.means(), names
    )


def natural_parts(years: OrderedYears, distortion: Distortion) -> Parts:
    """Return the natural allocation of a distortion price.

    Parameters
    ----------
    years : OrderedYears
        Losses by year and segment.
    distortion : Distortion
        The price of the total.
    """
    return Parts(years.natural(distortion), lambda i: years.natural_influence(distortion, years.column(i)))


def covariance_parts(years: OrderedYears, distortion: Distortion) -> Parts:
    """Return means, and the price less the mean of the total in proportion to the covariance with it.

    Parameters
    ----------
    years : OrderedYears
        Losses by year and segment.
    distortion : Distortion
        The price of the total.

    Notes
    -----
    E[X_i] + (rho - E[S]) Cov(X_i, S) / Var(S). Where the total does not vary, rho - E[S] = 0 and the shares are those
    of the mean.
    """
    mean, share = years.means(), _covariance_share(years)
    load, variance = years.price(distortion) - years.years.mean(), float(years.covariances().sum())

    def influence(i: int) -> Floats:
        x = years.column(i)
        if not variance > 0.0:
            return x
        price = years.natural_influence(distortion, years.years.values)
        deviation = years.years.values - years.years.mean()
        moved = years.covariance_influence(x) - share[i] * deviation**2
        return np.asarray(x + share[i] * (price - years.years.values) + load / variance * moved)

    return Parts(mean + load * share, influence)


def co_tail_value_at_risk(losses: ArrayLike, level: float, weights: ArrayLike | None = None) -> Floats:
    """Return the Euler contributions of the segments to the tail value at risk of the total.

    Parameters
    ----------
    losses : array, shape (year, segment)
        Annual losses [currency/year].
    level : float
        Probability [unitless], in (0, 1).
    weights : array, shape (year,), optional
        As for :func:`allocate`.

    Returns
    -------
    array, shape (segment,)
        Contributions [currency/year]; they add up to :func:`greenrisk.actuarial.measures.tail_value_at_risk` of
        the total.

    Raises
    ------
    ArgumentError
        If the sample is too short for the level: n * (1 - level) < 1.

    Notes
    -----
    E[X_i w(S)] with the weight w of the tail: 1 / (1 - level) above VaR, and for the years AT VaR (the
    atom) what is left of the tail's probability, shared equally among them, so that the contributions sum
    to the coherent measure.

    References
    ----------
    Tasche, D. (1999), Risk contributions and performance measurement. Acerbi, C. and Tasche, D. (2002), On
    the coherence of expected shortfall, J. Banking & Finance 26, 1487-1503 (the atom).
    """
    years, tail = OrderedYears(losses, weights), TailValueAtRisk(probability("level", level))
    refuse_short(years, tail.kinks[0])
    return years.natural(tail)


def covariance_share(losses: ArrayLike, weights: ArrayLike | None = None) -> Floats:
    """Return each segment's share of the variance of the total, Cov(X_i, S) / Var(S).

    Parameters
    ----------
    losses : array, shape (year, segment)
        Annual losses [currency/year].
    weights : array, shape (year,), optional
        As for :func:`allocate`.

    Returns
    -------
    array, shape (segment,)
        Shares [unitless] that sum to 1; negative for a segment that hedges the others. Where the total does
        not vary, the shares of the mean (equal ones if that is 0 too).
    """
    return _covariance_share(OrderedYears(losses, weights))


def capital_contributions(
    losses: ArrayLike, level: float, method: Method = "co_tail", weights: ArrayLike | None = None
) -> Floats:
    """Return what each segment contributes to the capital of the total, its tail value at risk less its mean.

    Parameters
    ----------
    losses : array, shape (year, segment)
        Annual losses [currency/year].
    level : float
        Level of the tail value at risk [unitless], in (0, 1).
    method : {"co_tail", "covariance"}
        `co_tail`: co-TVaR less mean; `covariance`: in proportion to the covariance with the total.
    weights : array, shape (year,), optional
        As for :func:`allocate`.

    Returns
    -------
    array, shape (segment,)
        [currency], summing to the capital of the total.

    Raises
    ------
    ArgumentError
        If the method is unknown, or the sample too short for the level: n * (1 - level) < 1.

    Notes
    -----
    A segment that pays in ordinary years and not in the tail contributes a negative amount under `co_tail`: it is a
    diversifier, and it is not floored. It is never below minus its mean, so that the premium with a cost of capital of
    at most 1 is never negative; under `covariance` it can be.

    References
    ----------
    See :func:`allocate`.
    """
    one_of("method", method, ("co_tail", "covariance"))
    years, tail = OrderedYears(losses, weights), TailValueAtRisk(probability("level", level))
    refuse_short(years, tail.kinks[0])
    parts = natural_parts(years, tail) if method == "co_tail" else covariance_parts(years, tail)
    return np.asarray(parts.contribution - years.means())


def _covariance_share(years: OrderedYears) -> Floats:
    covariance = years.covariances() if years.years.years > 1 else np.zeros(years.segments)
    variance = float(covariance.sum())
    if variance > 0.0:
        return np.asarray(covariance / variance)
    mean = years.means()
    return mean / mean.sum() if mean.sum() > 0 else np.full(years.segments, 1.0 / years.segments)
