# SPDX-License-Identifier: Apache-2.0
"""Losses by return period, told apart: of the year's sum (AEP), of its largest event (OEP), of single events.

Risk measures at a level are in :mod:`greenrisk.actuarial.measures`. The knowledge interval is not made here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greenrisk.actuarial.arguments import numbers, probability, shown
from greenrisk.actuarial.layers.events import EventTable
from greenrisk.actuarial.printing import figures_table, percent
from greenrisk.actuarial.samples import ROUNDING, Floats, Losses, sample, year_weights
from greenrisk.core.errors import ArgumentError, Fault

if TYPE_CHECKING:
    import xarray as xr

Curve = Literal["annual", "aggregate", "occurrence"]
"""Of what a curve tells: one number a year, the sum of a year's events, the largest of them."""


@dataclass(frozen=True)
class Exceedance:
    """Losses by return period, with their simulation error.

    Parameters
    ----------
    return_period : array, shape (return_period,)
        [year]
    loss : array, shape (return_period,)
        Loss exceeded with a yearly probability of at most 1 / return period [currency]; NaN beyond the sample.
    standard_error : array, shape (return_period,)
        [currency]; NaN beyond the sample, inf where weighted years do not tell it.
    low, high : array, shape (return_period,)
        Interval of the simulation at ``confidence`` [currency]; NaN where the sample has no such order statistic.
    within_sample : array of bool, shape (return_period,)
        False where the return period exceeds the years simulated: nothing is clamped.
    confidence : float
        Of the interval [unitless].
    curve : {"annual", "aggregate", "occurrence"}
        Of what it tells.
    """

    return_period: Floats
    loss: Floats
    standard_error: Floats
    low: Floats
    high: Floats
    within_sample: NDArray[np.bool_]
    confidence: float
    curve: Curve = "annual"

    def __repr__(self) -> str:
        """A row a return period: the loss, its standard error and interval."""
        errors, ends = ("± error", self.standard_error), (("from", self.low), ("to", self.high))
        rows = figures_table(("years", self.return_period), ("loss", self.loss), errors, *ends)
        return f"Exceedance ({self.curve}), intervals of {percent(self.confidence)}\n{rows}"


@dataclass(frozen=True)
class ExceedanceCurves:
    """Three curves of one event table, which answer three questions.

    Parameters
    ----------
    aggregate : Exceedance
        AEP: what all events of a year together exceed once in a return period.
    occurrence : Exceedance
        OEP: what the largest event of a year exceeds once in a return period.
    event : array, shape (return_period,)
        Event-rate curve: what events exceed once in a return period on average, several in one year counted each
        [currency]; NaN beyond the sample, where ``aggregate.within_sample`` is False.
    """

    aggregate: Exceedance
    occurrence: Exceedance
    event: Floats

    def __repr__(self) -> str:
        """A row a return period: aggregate and occurrence with their standard errors, and the event rate."""
        curves = (("aggregate", self.aggregate), ("occurrence", self.occurrence))
        pairs = [pair for name, c in curves for pair in ((name, c.loss), ("± error", c.standard_error))]
        years = ("years", self.aggregate.return_period)
        return f"ExceedanceCurves\n{figures_table(years, *pairs, ('event rate', self.event))}"

    def to_xarray(self) -> xr.Dataset:
        """Return the curves as a dataset over (curve, return_period); errors only where a curve has them."""
        import xarray as xr

        curves, none = (self.aggregate, self.occurrence), np.full(self.event.shape, np.nan)
        columns = {name: [getattr(c, name) for c in curves] for name in ("standard_error", "low", "high")}
        columns = {"loss": [self.aggregate.loss, self.occurrence.loss, self.event]} | {
            name: [*values, none] for name, values in columns.items()
        }
        return xr.Dataset(
            {
                name: (("curve", "return_period"), np.stack(values), {"units": "CNY"})
                for name, values in columns.items()
            },
            coords={
                "curve": np.array(["aggregate", "occurrence", "event"]),
                "return_period": ("return_period", self.aggregate.return_period, {"units": "year"}),
            },
        )


def exceedance(
    annual: Losses,
    return_period: ArrayLike,
    confidence: float = 0.9,
    weights: ArrayLike | None = None,
    curve: Curve = "annual",
) -> Exceedance:
    """Return the losses of given return periods from one number a year.

    Parameters
    ----------
    annual : array, shape (year,)
        Annual sums for the aggregate exceedance (AEP), largest event of each year for the occurrence
        exceedance (OEP) [currency].
    return_period : array, shape (return_period,)
        T > 1 [year].
    confidence : float
        Of the interval [unitless], in (0, 1).
    weights : array, shape (year,), optional
        Weights of the years, >= 0 [unitless]; empty: all the same.
    curve : {"annual", "aggregate", "occurrence"}
        What the numbers are; it is handed on.

    Returns
    -------
    Exceedance

    Notes
    -----
    The loss is the order statistic of rank n - floor(n / T), i.e. the value at risk at p = 1 - 1/T. The
    number of years at or below the true quantile is binomial(n, p). Hence (i) the interval has as its ends
    the order statistics whose ranks are binomial quantiles, whatever the law of the losses; (ii) the
    standard error is half the distance of the order statistics at n p - s and n p + s, s = sqrt(n p (1 - p))
    being the binomial standard deviation, between ranks by linear interpolation; n p + s <= n wherever T <= n.

    Weighted years have no exact ranks: s / n is the delta-method error of the weighted share of years below, and
    the interval ends at the quantiles p - z s / n and p + z s / n (Woodruff), exact only for many years.

    References
    ----------
    David, H. A. and Nagaraja, H. N. (2003), Order Statistics, 3rd ed., section 7.1. Hahn, G. J. and Meeker,
    W. Q. (1991), Statistical Intervals, section 5.2. Woodruff, R. S. (1952), Confidence intervals for medians and
    other position measures, J. American Statistical Association 47, 635-646.
    """
    years = sample(annual, weights)
    periods = _periods(return_period)
    probability("confidence", confidence)
    loss, error, low, high = (np.full(periods.shape, np.nan) for _ in range(4))
    within = years.holds(1.0 / periods)
    inside = np.flatnonzero(within)
    tail = 1.0 / periods[inside]
    loss[inside] = years.exceeded(tail)
    error[inside], low[inside], high[inside] = years.quantile_interval(1.0 - tail, confidence)
    return Exceedance(periods, loss, error, low, high, within, confidence, curve)


def return_level(
    annual: Losses,
    return_period: ArrayLike,
    weights: ArrayLike | None = None,
    *,
    beyond: float | None = None,
) -> Floats:
    """Return the losses of :func:`exceedance` without their errors.

    Parameters
    ----------
    annual : array, shape (year,)
        Annual sums, or largest event of each year [currency].
    return_period : array, shape (return_period,)
        T > 1 [year].
    weights : array, shape (year,), optional
        Weights of the years, >= 0 [unitless]; empty: all the same.
    beyond : float, optional
        What stands for a return period beyond the sample, e.g. NaN in a chart; None: such a period is refused.

    Returns
    -------
    array, shape (return_period,)
        [currency]; never clamped.

    Raises
    ------
    ArgumentError
        If a return period lies beyond the sample and ``beyond`` is not given.
    """
    years, periods = sample(annual, weights), _periods(return_period)
    tail = 1.0 / periods
    within = years.holds(tail)
    return _within(years.exceeded(tail), within, periods, int(years.effective_years()), beyond)


def aggregate_exceedance(
    events: EventTable,
    return_period: ArrayLike,
    confidence: float = 0.9,
    weights: ArrayLike | None = None,
) -> Exceedance:
    """Return the aggregate exceedance (AEP) of an event table: of the sum of each year's events.

    Parameters
    ----------
    events : EventTable
        Events and their years.
    return_period : array, shape (return_period,)
        T > 1 [year].
    confidence : float
        Of the interval [unitless], in (0, 1).
    weights : array, shape (year,), optional
        Weights of the years, >= 0 [unitless]; empty: all the same.
    """
    return exceedance(events.annual_sum(), return_period, confidence, weights, "aggregate")


def occurrence_exceedance(
    events: EventTable,
    return_period: ArrayLike,
    confidence: float = 0.9,
    weights: ArrayLike | None = None,
) -> Exceedance:
    """Return the occurrence exceedance (OEP) of an event table: of the largest event of each year.

    Parameters
    ----------
    events, return_period, confidence, weights
        As for :func:`aggregate_exceedance`.
    """
    return exceedance(events.annual_largest(), return_period, confidence, weights, "occurrence")


def event_return_level(
    events: EventTable,
    return_period: ArrayLike,
    weights: ArrayLike | None = None,
    *,
    beyond: float | None = None,
) -> Floats:
    """Return the losses that EVENTS exceed once in a return period on average (event-rate curve).

    Parameters
    ----------
    events : EventTable
        Events and their years.
    return_period : array, shape (return_period,)
        T > 0 [year].
    weights : array, shape (year,), optional
        Weights of the years, >= 0 [unitless]; empty: all the same.
    beyond : float, optional
        What stands for a return period beyond the sample (T > n_years), e.g. NaN in a chart; None: such a period is
        refused.

    Returns
    -------
    array, shape (return_period,)
        Smallest loss whose rate of exceedance is at most 1 / T [currency]: 0 where there are fewer events than
        n_years / T.

    Raises
    ------
    ArgumentError
        If a return period lies beyond the sample and ``beyond`` is not given.

    Notes
    -----
    Not the occurrence exceedance: with Poisson events of rate Lambda(x) above x, OEP(x) = 1 -
    exp(-Lambda(x)). For rare events the two agree.
    """
    periods = _periods(return_period, least=0.0)
    rate = 1.0 / periods
    n = events.n_years
    if weights is None:
        of_event, heaviest = np.full(events.loss.shape, 1.0 / n), 1.0 / n
    else:
        w = year_weights(weights, n)
        of_event, heaviest = (w / w.sum())[events.year], float(w.max() / w.sum())
    order = np.argsort(events.loss, kind="stable")[::-1]
    worst = np.append(events.loss[order], 0.0)
    allowed = np.searchsorted(np.cumsum(of_event[order]), rate + ROUNDING / n, side="right")
    within = rate >= heaviest * (1.0 - ROUNDING)
    return _within(worst[np.minimum(allowed, worst.size - 1)], within, periods, n, beyond)


def exceedance_curves(
    events: EventTable,
    return_period: ArrayLike,
    confidence: float = 0.9,
    weights: ArrayLike | None = None,
) -> ExceedanceCurves:
    """Return AEP, OEP and the event-rate curve of one event table, side by side.

    Parameters
    ----------
    events, return_period, confidence, weights
        As for :func:`aggregate_exceedance`.
    """
    return ExceedanceCurves(
        aggregate_exceedance(events, return_period, confidence, weights),
        occurrence_exceedance(events, return_period, confidence, weights),
        event_return_level(events, return_period, weights, beyond=np.nan),
    )


def _periods(return_period: ArrayLike, least: float = 1.0) -> Floats:
    return np.atleast_1d(numbers("return_period", return_period, above=least, unit="year"))


def _within(
    loss: Floats, within: NDArray[np.bool_], periods: Floats, years: int, beyond: float | None
) -> Floats:
    if beyond is None and not within.all():
        least = float(periods[~within].min())
        mend = (
            f"It lies beyond {years:,} years and is not clamped: simulate at least {math.ceil(least):,}, or say by "
            "`beyond` what is to stand for it."
        )
        raise ArgumentError(Fault("return_period", f"return_period = {shown(least)}", mend, "year"))
    return np.where(within, loss, np.nan if beyond is None else beyond)
