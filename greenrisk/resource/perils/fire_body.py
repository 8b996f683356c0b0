# SPDX-License-Identifier: Apache-2.0
"""The law of fires up to 100 ha: three families of two parameters, found from a share and a mean."""

from __future__ import annotations

from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq
from scipy.special import gammaln

from greenrisk.actuarial.severity.families import Gamma, Lognormal, Weibull
from greenrisk.actuarial.severity.family import Family as Law
from greenrisk.actuarial.severity.family import Theta
from greenrisk.core.errors import ArgumentError, Fault

Family = Literal["gamma", "weibull", "lognormal"]

BODY_END = 100.0
"""End of the body and threshold of the tail [ha]: the official class bound between `larger` and `major`."""

SMALL = 1.0
"""Official class bound between `general` and `larger` [ha]."""

_LAWS: Final[dict[Family, type[Law]]] = {"gamma": Gamma, "weibull": Weibull, "lognormal": Lognormal}

_SPREADS: dict[Family, NDArray[np.float64]] = {
    "gamma": 1 / np.geomspace(0.02, 20, 81),
    "weibull": 1 / np.geomspace(0.02, 20, 81),
    "lognormal": np.geomspace(12, 0.05, 81),
}
"""Spreads tried, widest first: 1 / shape, or sigma of the lognormal."""

_LOG_SCALES: dict[Family, tuple[float, float]] = {
    "gamma": (-14.0, 16.0),
    "weibull": (-14.0, 16.0),
    "lognormal": (-60.0, 60.0),
}


def body_law(family: Family, spread: float, log_scale: float) -> Law:
    """Return the law before it is truncated at 100 ha, as a law of the actuarial core.

    Parameters
    ----------
    family : str
        ``gamma``, ``weibull`` or ``lognormal``.
    spread : float
        1 / shape of the gamma or Weibull law, sigma of the lognormal [unitless].
    log_scale : float
        Logarithm of the scale, mu of the lognormal [ln ha].
    """
    return _LAWS[family](*(float(value) for value in _theta(family, spread, log_scale)))


def body_cdf(family: Family, spread: ArrayLike, log_scale: ArrayLike, x: ArrayLike) -> NDArray[np.float64]:
    """Return P(X <= x) of :func:`body_law`, by broadcasting.

    Parameters
    ----------
    family, spread, log_scale
        As :func:`body_law` takes them, any shape.
    x : array
        Sizes [ha], >= 0.
    """
    size = np.asarray(x, dtype=np.float64)
    return np.asarray(_LAWS[family].cdf_of(size, _theta(family, spread, log_scale)))


def body_partial_mean(
    family: Family, spread: ArrayLike, log_scale: ArrayLike, x: ArrayLike
) -> NDArray[np.float64]:
    """Return the integral of t f(t) over (0, x] of :func:`body_law` [ha], by broadcasting.

    Notes
    -----
    The mean times the distribution function of the size-biased law t f(t) / E[X]: a gamma law of shape + 1, a
    lognormal one of mu + sigma^2, a gamma law of (t / scale)^shape for the Weibull. The limited expected value less
    x P(X > x) is the same, but cancels where most fires of the law before truncation are above 100 ha, as at
    the ends of the search below.
    """
    size, s = np.asarray(x, dtype=np.float64), np.asarray(spread, dtype=np.float64)
    scale = np.exp(log_scale)
    if family == "gamma":
        return np.asarray(scale / s * Gamma.cdf_of(size, (1 / s + 1, scale)))
    if family == "weibull":
        hazard = (size / scale) ** (1 / s)
        return np.asarray(scale * np.exp(gammaln(1 + s)) * Gamma.cdf_of(hazard, (1 + s, np.asarray(1.0))))
    biased = np.asarray(log_scale, dtype=np.float64) + s**2
    return np.asarray(scale * np.exp(s**2 / 2) * Lognormal.cdf_of(size, (biased, s)))


def solve_body(family: Family, share_under_1ha: float, mean: float) -> tuple[float, float]:
    """Return the parameters of a body truncated at 100 ha that has the given share under 1 ha and mean.

    Parameters
    ----------
    family : str
        ``gamma``, ``weibull`` or ``lognormal``.
    share_under_1ha : float
        P(X < 1 ha) of the truncated law [unitless].
    mean : float
        Its mean [ha].

    Returns
    -------
    tuple of two floats
        Spread and logarithm of the scale, as :func:`body_cdf` takes them.

    Raises
    ------
    ArgumentError
        If no member of the family has this share and this mean.

    Notes
    -----
    For each spread one scale gives the share; along that line the mean is followed from the widest spread
    down to the first solution. (With most fires under 1 ha a lognormal may have a second, narrower one.)
    """
    spreads = _SPREADS[family]
    scales = _scale_for_share(family, spreads, share_under_1ha)
    excess = _truncated_mean(family, spreads, scales) - mean
    change = np.flatnonzero(np.sign(excess[:-1]) * np.sign(excess[1:]) <= 0)
    if not change.size:
        raise ArgumentError(
            Fault(
                "solve_body",
                f"family = {family}, share_under_1ha = {share_under_1ha:.6g}, mean = {mean:.6g}",
                "No law of this family, truncated at 100 ha, has this share and this mean.",
                "ha",
            )
        )

    def scale_at(spread: float) -> float:
        return float(
            brentq(
                lambda t: float(_share(family, spread, t)) - share_under_1ha, *_LOG_SCALES[family], xtol=1e-13
            )
        )

    first = int(change[0])
    spread = float(
        brentq(
            lambda s: float(_truncated_mean(family, s, scale_at(s))) - mean,
            spreads[first + 1],
            spreads[first],
            xtol=1e-13,
        )
    )
    return spread, scale_at(spread)


def _theta(family: Family, spread: ArrayLike, log_scale: ArrayLike) -> Theta:
    """Return the parameters as the laws of the actuarial core take them."""
    s, log_scale = np.asarray(spread, dtype=np.float64), np.asarray(log_scale, dtype=np.float64)
    return (log_scale, s) if family == "lognormal" else (1 / s, np.exp(log_scale))


def _share(family: Family, spread: ArrayLike, log_scale: ArrayLike) -> NDArray[np.float64]:
    """P(X < 1 ha | X <= 100 ha); it falls with the scale."""
    whole = body_cdf(family, spread, log_scale, BODY_END)
    part = body_cdf(family, spread, log_scale, SMALL)
    # Where all mass lies far above 100 ha the ratio is 0 / 0; it is small there.
    return np.divide(part, whole, out=np.zeros_like(whole), where=whole > 1e-280)


def _truncated_mean(family: Family, spread: ArrayLike, log_scale: ArrayLike) -> NDArray[np.float64]:
    with np.errstate(invalid="ignore", divide="ignore"):
        return body_partial_mean(family, spread, log_scale, BODY_END) / body_cdf(
            family, spread, log_scale, BODY_END
        )


def _scale_for_share(
    family: Family, spreads: NDArray[np.float64], share_under_1ha: float
) -> NDArray[np.float64]:
    """Logarithms of the scales that give the share, by bisection for all spreads at once; NaN where none does."""
    low = np.full(spreads.size, _LOG_SCALES[family][0])
    high = np.full(spreads.size, _LOG_SCALES[family][1])
    missing = _share(family, spreads, high) > share_under_1ha
    for _ in range(50):
        middle = (low + high) / 2
        above = _share(family, spreads, middle) > share_under_1ha
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    return np.where(missing, np.nan, (low + high) / 2)
