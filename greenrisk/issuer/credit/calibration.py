# SPDX-License-Identifier: Apache-2.0
"""Assets and their volatility from equity that is traded: two equations, all firms at once.

The model itself is in :mod:`greenrisk.issuer.credit.merton`. Each firm's answer is checked against both equations: one
that does not meet them is told as not converged and is NaN, never the last guess.

References
----------
Merton, R. C. (1974), as in :mod:`greenrisk.issuer.credit.merton`; Hull, J. C. (2018), section 24.6, equations 24.3 and
24.4. The bracket of the asset volatility below is our own step from the two equations.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import log_ndtr, ndtr

from greenrisk.issuer.credit.merton import Floats, arrays

TOLERANCE: Final = 1e-8
"""Largest relative miss of either equation that counts as solved: what rounding leaves at a debt of 1e7 equities."""
_CLOSE: Final = 1e-11
"""Firms that Newton's steps leave further off are solved again by halving."""
_STEPS: Final = 60
_HALVINGS: Final = 200


@dataclass(frozen=True)
class Calibration:
    """Assets and volatilities that explain the equity, and how well.

    Parameters
    ----------
    asset : ndarray
        Value of the assets [money]; NaN where not converged.
    volatility : ndarray
        Their volatility [1/sqrt(year)]; NaN where not converged.
    converged : ndarray of bool
        Whether both equations are met within :data:`TOLERANCE`; False where an input is missing.
    miss : ndarray
        The larger relative miss of the two equations [1]; NaN where an input is missing.
    """

    asset: Floats
    volatility: Floats
    converged: NDArray[np.bool_]
    miss: Floats


def calibrate(
    equity: ArrayLike, equity_volatility: ArrayLike, debt: ArrayLike, rate: ArrayLike, term: ArrayLike
) -> Calibration:
    """Return the assets and the asset volatility behind an equity value and its volatility.

    Parameters
    ----------
    equity : array_like
        Market value of the equity E [money, > 0].
    equity_volatility : array_like
        Volatility of its log return [1/sqrt(year), > 0].
    debt : array_like
        Debt at the end of the term L [money, >= 0]; at 0 the assets are the equity.
    rate : array_like
        Risk-free rate r [1/year].
    term : array_like
        Years until the debt falls due T [year, > 0].

    Returns
    -------
    Calibration
        Of the broadcast shape; NaN and ``converged`` False where an input is NaN.

    Raises
    ------
    ArgumentError
        If an argument lies outside its domain or the shapes do not broadcast.

    Notes
    -----
    E = V Phi(d1) - K Phi(d2) with K = L exp(-rT), and s_E E = Phi(d1) s V. The second gives s = s_E / W with
    W = V Phi(d1) / E = 1 + K Phi(d2) / E, so s lies between s_E E / (E + K) and s_E, and V between E and E + K.
    Newton's steps are taken in ln V and ln s inside these bounds; firms that they leave unsolved are solved by
    halving: for each s the one V that meets the first equation, then s by the sign of the second.

    Examples
    --------
    >>> found = calibrate(equity=3.0, equity_volatility=0.8, debt=10.0, rate=0.05, term=1.0)
    >>> round(float(found.asset), 2), round(float(found.volatility), 4)
    (12.4, 0.2123)
    """
    parts = arrays(equity=equity, equity_volatility=equity_volatility, debt=debt, rate=rate, term=term)
    whole = np.broadcast_arrays(*parts)
    shape = whole[0].shape
    e, se, k, r, t = (np.ravel(x) for x in whole)
    asset, volatility, miss = (np.full(e.size, np.nan) for _ in range(3))
    told = ~(np.isnan(e) | np.isnan(se) | np.isnan(k) | np.isnan(r) | np.isnan(t))
    free = told & (k == 0.0)
    asset[free], volatility[free], miss[free] = e[free], se[free], 0.0
    owing = np.flatnonzero(told & (k > 0.0))
    if owing.size:
        # In units of the equity: v = V / E, k = K / E; root of the term folded into both volatilities.
        root = np.sqrt(t[owing])
        v, s, off = _solved(k[owing] * np.exp(-r[owing] * t[owing]) / e[owing], se[owing] * root)
        asset[owing], volatility[owing], miss[owing] = v * e[owing], s / root, off
    converged = miss <= TOLERANCE
    asset[~converged] = volatility[~converged] = np.nan
    return Calibration(
        asset=asset.reshape(shape),
        volatility=volatility.reshape(shape),
        converged=converged.reshape(shape),
        miss=miss.reshape(shape),
    )


def _solved(k: Floats, se: Floats) -> tuple[Floats, Floats, Floats]:
    """Assets over equity, term volatility and miss, for debts ``k`` over equity and equity volatilities ``se``."""
    v, s = _newton(k, se)
    off = _miss(v, s, k, se)
    left = np.flatnonzero(~(off <= _CLOSE))
    if left.size:
        better = _halved(k[left], se[left])
        other = _miss(*better, k[left], se[left])
        won = other < np.where(np.isnan(off[left]), np.inf, off[left])
        for into, found in zip((v, s, off), (*better, other), strict=True):
            into[left[won]] = found[won]
    return v, s, off


def _distances(v: Floats, s: Floats, k: Floats) -> tuple[Floats, Floats]:
    d1 = np.log(v / k) / s + 0.5 * s
    return d1, d1 - s


def _miss(v: Floats, s: Floats, k: Floats, se: Floats) -> Floats:
    """The larger of the relative misses of both equations: the equity is 1 here."""
    d1, d2 = _distances(v, s, k)
    owned = v * ndtr(d1)
    out: Floats = np.maximum(np.abs(owned - k * ndtr(d2) - 1.0), np.abs(s * owned / se - 1.0))
    return out


def _newton(k: Floats, se: Floats) -> tuple[Floats, Floats]:
    """Newton's steps in (ln v, ln s), kept inside the bounds; firms that settle are left alone."""
    low = (np.zeros_like(k), np.log(se) - np.log1p(k))
    high = (np.log1p(k), np.log(se))
    u, w = high[0].copy(), low[1].copy()
    going = np.arange(k.size)
    with np.errstate(all="ignore"):
        for _ in range(_STEPS):
            v, s, debt = np.exp(u[going]), np.exp(w[going]), k[going]
            d1, d2 = _distances(v, s, debt)
            owned, worth = v * ndtr(d1), v * ndtr(d1) - debt * ndtr(d2)
            f = np.log(worth)
            g = w[going] + u[going] + log_ndtr(d1) - np.log(se[going])
            mills = np.exp(-0.5 * d1**2 - log_ndtr(d1)) / np.sqrt(2.0 * np.pi)
            fu, fw = owned / worth, owned * mills * s / worth
            gu, gw = 1.0 + mills / s, 1.0 - mills * d2
            det = fu * gw - fw * gu
            du, dw = (fw * g - gw * f) / det, (gu * f - fu * g) / det
            wild = ~(np.isfinite(du) & np.isfinite(dw))
            length = np.maximum(1.0, np.maximum(np.abs(du), np.abs(dw)))
            u[going] = np.clip(u[going] + np.where(wild, 0.0, du / length), low[0][going], high[0][going])
            w[going] = np.clip(w[going] + np.where(wild, 0.0, dw / length), low[1][going], high[1][going])
            going = going[~wild & (np.maximum(np.abs(du), np.abs(dw)) > 1e-15)]
            if not going.size:
                break
    return np.exp(u), np.exp(w)


def _halved(k: Floats, se: Floats) -> tuple[Floats, Floats]:
    """Halving in ln s, with the assets of each s by halving of v - 1; slow and sure, for the few that are left."""
    low, high = np.log(se) - np.log1p(k), np.log(se)
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        s = np.exp(middle)
        v = _asset_of(s, k)
        with np.errstate(all="ignore"):
            above = s * v * ndtr(_distances(v, s, k)[0]) > se
        low, high = np.where(above, low, middle), np.where(above, middle, high)
        if np.all(high - low <= 1e-15 * np.maximum(1.0, np.abs(low))):
            break
    s = np.exp(0.5 * (low + high))
    return _asset_of(s, k), s


def _asset_of(s: Floats, k: Floats) -> Floats:
    """Assets whose call is worth the equity (1), by halving; the call rises in them."""
    low, high = np.ones_like(k), 1.0 + k
    for _ in range(_HALVINGS):
        v = 0.5 * (low + high)
        with np.errstate(all="ignore"):
            d1, d2 = _distances(v, s, k)
            above = v * ndtr(d1) - k * ndtr(d2) > 1.0
        low, high = np.where(above, low, v), np.where(above, v, high)
        if np.all(high - low <= 2e-16 * high):
            break
    out: Floats = 0.5 * (low + high)
    return out
