# SPDX-License-Identifier: Apache-2.0
"""Risk measures of simulated years, each with its simulation error.

``losses`` are annual samples: sums of the year give the aggregate exceedance (AEP), largest events of the
year the occurrence exceedance (OEP); see :mod:`greenrisk.actuarial.layers` for both. A return period of
events (1 / rate) is a third thing and is named so. The knowledge interval is not made here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from greenrisk.core.errors import ArgumentError, Fault


class Estimate(NamedTuple):
    """A value and its simulation error."""

    value: float
    """The estimate, in the unit of the sample."""
    standard_error: float
    """Its standard error, in the unit of the sample; NaN where the sample does not give one."""


def mean_and_standard_error(losses: ArrayLike) -> Estimate:
    """Return the sample mean and its standard error s / sqrt(n).

    Parameters
    ----------
    losses : array, shape (year,)
        Annual losses [CNY/year].

    Returns
    -------
    Estimate
        NaN standard error for a single year.
    """
    x = _sample(losses)
    error = float(np.std(x, ddof=1) / np.sqrt(x.size)) if x.size > 1 else float("nan")
    return Estimate(float(np.mean(x)), error)


def value_at_risk(losses: ArrayLike, level: float) -> float:
    """Return the value at risk, inf{x : F(x) >= level}, of the empirical law F.

    Parameters
    ----------
    losses : array, shape (year,)
        Annual losses [CNY/year].
    level : float
        Probability [unitless], in (0, 1).

    Notes
    -----
    The order statistic of rank ceil(n * level): an observed loss, never an interpolated one.
    """
    x = np.sort(_sample(losses))
    return float(x[_rank(x.size, _tail(level)) - 1])


def tail_value_at_risk(losses: ArrayLike, level: float) -> Estimate:
    """Return the tail value at risk VaR + E[(S - VaR)+] / (1 - level), coherent at atoms.

    Parameters
    ----------
    losses : array, shape (year,)
        Annual losses [CNY/year].
    level : float
        Probability [unitless], in (0, 1).

    Returns
    -------
    Estimate
        NaN value and error where the tail holds less than one year, n * (1 - level) < 1.

    Notes
    -----
    Not the conditional mean E[S | S > VaR], which is not coherent where the law has atoms. Standard error:
    sd((S - VaR)+) / ((1 - level) * sqrt(n)); the estimate of VaR does not add to it at first order, because
    the measure is stationary in it.

    References
    ----------
    Rockafellar, R. T. and Uryasev, S. (2002), Conditional value-at-risk for general loss distributions, J.
    Banking & Finance 26, 1443-1471. Trindade, A. A. et al. (2007), Financial prediction with constrained
    tail risk, ibid. 31, 3524-3538 (asymptotic law).
    """
    x = _sample(losses)
    tail = _tail(level)
    if x.size * tail < 1.0 - 1e-9:
        return Estimate(float("nan"), float("nan"))
    threshold = value_at_risk(x, level)
    excess = np.maximum(x - threshold, 0.0)
    error = float(np.std(excess, ddof=1) / (tail * np.sqrt(x.size))) if x.size > 1 else float("nan")
    return Estimate(float(threshold + np.mean(excess) / tail), error)


@dataclass(frozen=True)
class Exceedance:
    """Losses by return period, with their simulation error.

    Parameters
    ----------
    return_period : array, shape (return_period,)
        [year]
    loss : array, shape (return_period,)
        Loss exceeded with a yearly probability of at most 1 / return period [CNY]; NaN beyond the sample.
    standard_error : array, shape (return_period,)
        [CNY]; NaN beyond the sample.
    low, high : array, shape (return_period,)
        Distribution-free interval of the simulation at ``confidence`` [CNY]; NaN where the sample has no
        such order statistic.
    within_sample : array of bool, shape (return_period,)
        False where the return period exceeds the years simulated: nothing is clamped.
    confidence : float
        Of the interval [unitless].
    """

    return_period: NDArray[np.float64]
    loss: NDArray[np.float64]
    standard_error: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    within_sample: NDArray[np.bool_]
    confidence: float


def exceedance(annual: ArrayLike, return_period: ArrayLike, confidence: float = 0.9) -> Exceedance:
    """Return the losses of given return periods from one number a year.

    Parameters
    ----------
    annual : array, shape (year,)
        Annual sums for the aggregate exceedance (AEP), largest event of each year for the occurrence
        exceedance (OEP) [CNY].
    return_period : array, shape (return_period,)
        T > 1 [year].
    confidence : float
        Of the interval [unitless], in (0, 1).

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

    References
    ----------
    David, H. A. and Nagaraja, H. N. (2003), Order Statistics, 3rd ed., section 7.1. Hahn, G. J. and Meeker,
    W. Q. (1991), Statistical Intervals, section 5.2.
    """
    x = np.sort(_sample(annual))
    periods = np.atleast_1d(np.asarray(return_period, dtype=np.float64))
    if not (np.isfinite(periods) & (periods > 1)).all():
        raise ArgumentError(
            Fault(
                "return_period", f"return_period = {periods.tolist()}", "Return periods must be > 1.", "year"
            )
        )
    n = x.size
    loss, error, low, high = (np.full(periods.shape, np.nan) for _ in range(4))
    within = periods <= n * (1 + 1e-12)
    inside = np.flatnonzero(within)
    p = 1.0 - 1.0 / periods[inside]
    rank = np.array([_rank(n, 1.0 / period) for period in periods[inside]], dtype=np.int64)
    loss[inside] = x[rank - 1]
    spread = np.sqrt(n * p * (1 - p))
    ranks = np.arange(1, n + 1)
    below = np.interp(n * p - spread, ranks, x)
    above = np.interp(n * p + spread, ranks, x)
    error[inside] = (above - below) / 2
    lower = np.asarray(stats.binom.ppf((1 - confidence) / 2, n, p), dtype=np.int64)
    # P(x_(l) <= quantile < x_(u)) = P(l <= B < u): the upper rank is one above the binomial quantile.
    upper = np.asarray(stats.binom.ppf((1 + confidence) / 2, n, p), dtype=np.int64) + 1
    low[inside] = np.where(lower >= 1, x[np.maximum(lower, 1) - 1], np.nan)
    high[inside] = np.where(upper <= n, x[np.minimum(upper, n) - 1], np.nan)
    return Exceedance(periods, loss, error, low, high, within, confidence)


def event_return_level(
    event_losses: ArrayLike, n_years: int, return_period: ArrayLike
) -> NDArray[np.float64]:
    """Return the losses that EVENTS exceed once in a return period on average (event-rate curve).

    Parameters
    ----------
    event_losses : array, shape (event,)
        Loss of every simulated event [CNY].
    n_years : int
        Years simulated.
    return_period : array, shape (return_period,)
        T > 0 [year].

    Returns
    -------
    array, shape (return_period,)
        Smallest loss whose rate of exceedance is at most 1 / T [CNY]: 0 where there are fewer events than
        n_years / T, NaN beyond the sample (T > n_years).

    Notes
    -----
    Not the occurrence exceedance: with Poisson events of rate Lambda(x) above x, OEP(x) = 1 -
    exp(-Lambda(x)). For rare events the two agree.
    """
    x = np.sort(_sample(event_losses, empty=True))[::-1]
    periods = np.atleast_1d(np.asarray(return_period, dtype=np.float64))
    level = np.full(periods.shape, np.nan)
    for i in np.flatnonzero(periods <= n_years):
        allowed = int(np.floor(n_years / periods[i] * (1 + 1e-12)))
        level[i] = x[allowed] if allowed < x.size else 0.0
    return level


def too_few_years(name: str, n: int, level: float) -> ArgumentError:
    """Return the error for a sample whose tail holds less than one year.

    Parameters
    ----------
    name : str
        Name of the caller's argument.
    n : int
        Years in the sample.
    level : float
        Level of the tail value at risk [unitless].
    """
    needed = math.ceil(1 / (1 - level) - 1e-6)
    expected = f"A tail value at risk at {level:g} needs at least {needed:,} simulated years."
    return ArgumentError(Fault(name, f"{n} years", expected, "year"))


def _sample(losses: ArrayLike, empty: bool = False) -> NDArray[np.float64]:
    x = np.asarray(losses, dtype=np.float64)
    if x.ndim != 1 or (x.size == 0 and not empty) or not np.isfinite(x).all():
        raise ArgumentError(
            Fault("losses", f"shape {x.shape}", "One finite number a year was expected, at least one year.")
        )
    return x


def _tail(level: float) -> float:
    if not 0.0 < level < 1.0:
        raise ArgumentError(Fault("level", f"level = {level:g}", "A level lies in (0, 1).", "unitless"))
    return 1.0 - level


def _rank(n: int, tail: float) -> int:
    # ceil(n * (1 - tail)) without the rounding of 1 - tail: 10,000 years at 0.99 must give 9,900, not 9,901.
    return max(n - int(np.floor(n * tail * (1 + 1e-12) + 1e-9)), 1)
