# SPDX-License-Identifier: Apache-2.0
"""Merton's model of default: the firm fails if its assets are worth less than its debt when the debt falls due.

Plain functions over arrays that broadcast; a missing input (NaN) gives a missing answer, never a number. Far from
default the probability leaves the range of floats: :func:`log_default_probability` keeps its logarithm. What has no
debt cannot default, what has no assets but debt has defaulted: both are answers, not errors. Finding the assets that
nobody sees from the equity that is traded is in :mod:`greenrisk.issuer.credit.calibration`.

References
----------
Merton, R. C. (1974). On the pricing of corporate debt: the risk structure of interest rates. Journal of Finance 29(2),
449-470. doi:10.1111/j.1540-6261.1974.tb03058.x.
Hull, J. C. (2018). Options, Futures, and Other Derivatives, 10th edition, section 24.6.
Crosbie, P. and Bohn, J. (2003). Modeling Default Risk. Moody's KMV. The default point.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import log_ndtr, ndtr

from greenrisk.core.errors import ArgumentError, Faults

Floats = NDArray[np.float64]

UNDERFLOW: Final = 1e-12
"""A probability below this says only that the model sees no default: a score must be asked beside it."""

DOMAINS: Final[dict[str, tuple[float, bool, str]]] = {
    "asset": (-np.inf, False, "money"),
    "debt": (0.0, False, "money, >= 0"),
    "rate": (-np.inf, False, "1/year"),
    "volatility": (0.0, False, "1/sqrt(year), >= 0"),
    "term": (0.0, True, "year, > 0"),
    "equity": (0.0, True, "money, > 0"),
    "equity_volatility": (0.0, True, "1/sqrt(year), > 0"),
    "short_debt": (0.0, False, "money, >= 0"),
    "long_debt": (0.0, False, "money, >= 0"),
}
_MOST_SHOWN = 3


def arrays(**values: ArrayLike) -> tuple[Floats, ...]:
    """Return the named arguments as float arrays, or refuse what lies outside their domains, all at once.

    Parameters
    ----------
    **values : array_like
        By the names of :data:`DOMAINS`; NaN is missing and passes.

    Raises
    ------
    ArgumentError
        With the name, the number of offenders, the first few and the domain; also if shapes do not broadcast.
    """
    faults = Faults()
    found = []
    for name, value in values.items():
        least, open_, unit = DOMAINS[name]
        try:
            x = np.asarray(value, dtype=np.float64)
        except (TypeError, ValueError):
            faults.add(name, f"{name} = {value!r:.60}", "Numbers were expected.", unit)
            continue
        wrong = np.isinf(x) | ((x <= least) if open_ else (x < least))
        if wrong.any():
            places = np.argwhere(wrong)[:_MOST_SHOWN]
            what = ", ".join(f"{name}{list(map(int, at)) or ''} = {x[tuple(at)]:g}" for at in places)
            more = f" and {int(wrong.sum()) - len(places)} more" if wrong.sum() > len(places) else ""
            faults.add(name, what + more, "Give finite numbers of the domain; NaN is missing.", unit)
        found.append(x)
    faults.raise_if_any(ArgumentError)
    try:
        np.broadcast_shapes(*(x.shape for x in found))
    except ValueError:
        shapes = ", ".join(f"{name} {x.shape}" for name, x in zip(values, found, strict=True))
        faults.add("shapes", shapes, "The arguments must broadcast to one shape.")
    faults.raise_if_any(ArgumentError)
    return tuple(found)


def distance(asset: Floats, debt: Floats, rate: Floats, volatility: Floats, term: Floats) -> Floats:
    """Return d2 of checked arrays; see :func:`distance_to_default`. No check is made: for inner loops."""
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = volatility * np.sqrt(term)
        over = np.log(np.maximum(asset, 0.0)) - np.log(debt) + rate * term - 0.5 * spread**2
        d2 = over / spread
    # Without volatility the firm grows for certain: it defaults if it ends below the debt, not if it just meets it.
    sure = np.where(over >= 0.0, np.inf, -np.inf)
    d2 = np.where((spread == 0.0) & ~np.isnan(over), sure, d2)
    d2 = np.where((asset <= 0.0) & (debt > 0.0), -np.inf, d2)
    d2 = np.where(debt == 0.0, np.inf, d2)
    missing = np.isnan(asset) | np.isnan(debt) | np.isnan(rate) | np.isnan(volatility) | np.isnan(term)
    out: Floats = np.where(missing, np.nan, d2)
    return out


def distance_to_default(
    asset: ArrayLike, debt: ArrayLike, rate: ArrayLike, volatility: ArrayLike, term: ArrayLike
) -> Floats:
    """Return the distance to default d2, in standard deviations.

    Parameters
    ----------
    asset : array_like
        Value of the assets V now [money]; zero or less where debt stands against nothing.
    debt : array_like
        What must be paid at the end of the term, L [money, >= 0].
    rate : array_like
        Growth of the assets [1/year]: the risk-free rate for prices and spreads, the expected return for real-world
        probabilities.
    volatility : array_like
        Standard deviation of the assets' log return [1/sqrt(year), >= 0].
    term : array_like
        Years until the debt falls due [year, > 0].

    Returns
    -------
    ndarray
        Broadcast shape; ``inf`` without debt, ``-inf`` with debt and no assets, NaN where an input is NaN.

    Raises
    ------
    ArgumentError
        If an argument lies outside its domain or the shapes do not broadcast.

    Notes
    -----
    d2 = (ln(V/L) + (r - s^2/2) T) / (s sqrt(T)). Without volatility it is infinite, with the sign of ln(V/L) + r T
    (positive where both are equal: what just pays has paid).
    """
    return distance(*arrays(asset=asset, debt=debt, rate=rate, volatility=volatility, term=term))


def default_probability(
    asset: ArrayLike, debt: ArrayLike, rate: ArrayLike, volatility: ArrayLike, term: ArrayLike
) -> Floats:
    """Return the probability of default by the end of the term, Phi(-d2) [1].

    The parameters are those of :func:`distance_to_default`. The probability is cumulative over ``term`` years, under
    the measure whose growth is ``rate``. Not clipped: 0 means below the smallest float, see
    :func:`log_default_probability`.

    Examples
    --------
    Hull's example: a firm whose assets are worth 12.40 and move by 21.23 % a year owes 10 in a year, rate 5 %.

    >>> round(float(default_probability(12.40, 10.0, 0.05, 0.2123, 1.0)), 3)
    0.127
    """
    out: Floats = ndtr(-distance_to_default(asset, debt, rate, volatility, term))
    return out


def log_default_probability(
    asset: ArrayLike, debt: ArrayLike, rate: ArrayLike, volatility: ArrayLike, term: ArrayLike
) -> Floats:
    """Return the natural logarithm of the probability of default, exact where the probability itself underflows.

    The parameters are those of :func:`distance_to_default`; ``-inf`` only where default is impossible.
    """
    out: Floats = log_ndtr(-distance_to_default(asset, debt, rate, volatility, term))
    return out


def log_survival_probability(
    asset: ArrayLike, debt: ArrayLike, rate: ArrayLike, volatility: ArrayLike, term: ArrayLike
) -> Floats:
    """Return ln(1 - PD) = ln Phi(d2), exact where the default is almost certain; the mean hazard is -this / T.

    The parameters are those of :func:`distance_to_default`.
    """
    out: Floats = log_ndtr(distance_to_default(asset, debt, rate, volatility, term))
    return out


def equity_value(
    asset: ArrayLike, debt: ArrayLike, rate: ArrayLike, volatility: ArrayLike, term: ArrayLike
) -> Floats:
    """Return the value of the equity, a call on the assets: E = V Phi(d1) - L exp(-rT) Phi(d2) [money].

    The parameters are those of :func:`distance_to_default`; the rate is the risk-free rate.
    """
    v, k, r, s, t = arrays(asset=asset, debt=debt, rate=rate, volatility=volatility, term=term)
    d2 = distance(v, k, r, s, t)
    out: Floats = np.maximum(v, 0.0) * ndtr(d2 + s * np.sqrt(t)) - k * np.exp(-r * t) * ndtr(d2)
    return out


def debt_value(
    asset: ArrayLike, debt: ArrayLike, rate: ArrayLike, volatility: ArrayLike, term: ArrayLike
) -> Floats:
    """Return the value of the risky debt, D = L exp(-rT) Phi(d2) + V Phi(-d1) = V - E [money].

    The parameters are those of :func:`distance_to_default`; the rate is the risk-free rate. Computed without the
    difference V - E, which loses its digits where the debt is small.
    """
    v, k, r, s, t = arrays(asset=asset, debt=debt, rate=rate, volatility=volatility, term=term)
    d2 = distance(v, k, r, s, t)
    out: Floats = k * np.exp(-r * t) * ndtr(d2) + np.maximum(v, 0.0) * ndtr(-d2 - s * np.sqrt(t))
    return out


def spread(
    asset: ArrayLike, debt: ArrayLike, rate: ArrayLike, volatility: ArrayLike, term: ArrayLike
) -> Floats:
    """Return the credit spread over the risk-free rate, continuously compounded [1/year].

    The parameters are those of :func:`distance_to_default`; the rate is the risk-free rate.

    Returns
    -------
    ndarray
        s = -ln(D / (L exp(-rT))) / T; ``inf`` where the debt is worth nothing, 0 without debt.

    Notes
    -----
    With p = D / (L exp(-rT)): where p > 1/2 the loss 1 - p = Phi(-d2) (1 - exp(ln(V/(L exp(-rT))) + ln Phi(-d1)
    - ln Phi(-d2))) is found first, so that spreads below the rounding of p keep their digits.
    """
    v, k, r, s, t = arrays(asset=asset, debt=debt, rate=rate, volatility=volatility, term=term)
    d2 = distance(v, k, r, s, t)
    d1 = d2 + s * np.sqrt(t)
    with np.errstate(divide="ignore", invalid="ignore"):
        cover = np.log(np.maximum(v, 0.0)) - np.log(k) + r * t
        lost = -ndtr(-d2) * np.expm1(cover + log_ndtr(-d1) - log_ndtr(-d2))
        lost = np.where(np.isposinf(d2), 0.0, lost)
        kept = ndtr(d2) + np.exp(cover) * ndtr(-d1)
        found = np.where(lost < 0.5, -np.log1p(-np.minimum(lost, 0.5)), -np.log(kept)) / t
    found = np.where(k == 0.0, 0.0, np.where((v <= 0.0) & (k > 0.0), np.inf, np.maximum(found, 0.0)))
    out: Floats = np.where(np.isnan(d2), np.nan, found)
    return out


def default_point(short_debt: ArrayLike, long_debt: ArrayLike, long_share: float = 0.5) -> Floats:
    """Return the default point: all short debt and a share of the long [money].

    Parameters
    ----------
    short_debt, long_debt : array_like
        What falls due within the year, and after [money, >= 0].
    long_share : float
        Share of the long debt that counts [1, 0 to 1]; one half at KMV.

    Raises
    ------
    ArgumentError
        If a debt is negative or the share is no share.
    """
    short, long = arrays(short_debt=short_debt, long_debt=long_debt)
    if not 0.0 <= long_share <= 1.0:
        faults = Faults()
        faults.add("long_share", f"long_share = {long_share:g}", "Give a share from 0 to 1.", "1")
        faults.raise_if_any(ArgumentError)
    out: Floats = short + long_share * long
    return out
