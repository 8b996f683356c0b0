# SPDX-License-Identifier: Apache-2.0
"""How many forest fires a year brings: a Poisson law mixed over a common and a province's own year effect.

What lives here is the law: as a law of the actuarial core, and as an inversion from uniforms. Where its parameters
come from is told by the card (use ``wildfire.occurrence``) and by :mod:`greenrisk.resource.calibration`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaincinv, ndtri, pdtr

from greenrisk.actuarial.frequency.counts import NegativeBinomial, Poisson
from greenrisk.actuarial.frequency.law import Frequency
from greenrisk.actuarial.frequency.mixture import FrequencyMixture
from greenrisk.core.errors import ArgumentError, Fault

_SMALLEST = 2.0**-53
"""Uniforms are clipped to [2^-53, 1 - 2^-53]: the generators give 0, and 0 has no normal quantile."""

_NO_DISPERSION = 1e-9
"""Below it the gamma variable is 1 to the fourth decimal, and its quantiles may overflow."""


@dataclass(frozen=True)
class CountLaw:
    """Yearly number of fires N ~ Poisson(mean * E * G).

    Parameters
    ----------
    mean : float
        Expected number of fires [1/year], >= 0.
    year_effect_sd : float
        Standard deviation s of the logarithm of the year effect E that all provinces share [unitless], >= 0.
    dispersion : float
        Variance a of the gamma variable G that is the region's own [unitless], >= 0.

    Notes
    -----
    ``E = exp(s z - s^2 / 2)`` with z standard normal and ``G ~ gamma(1 / a, scale a)``; both have mean 1, so
    that ``E[N] = mean`` and ``Var[N] = mean + mean^2 (exp(s^2) (1 + a) - 1)``. Given E, N is negative
    binomial with variance ``m + a m^2`` (NB2).

    References
    ----------
    Lawless, J. F. (1987). Negative binomial and mixed Poisson regression. Canadian Journal of Statistics
    15(3), 209-225. https://doi.org/10.2307/3314912
    """

    mean: float
    year_effect_sd: float
    dispersion: float

    def __post_init__(self) -> None:
        """Refuse what is no law."""
        for name in ("mean", "year_effect_sd", "dispersion"):
            value = getattr(self, name)
            if not (math.isfinite(value) and value >= 0):
                raise ArgumentError(Fault("CountLaw", f"{name} = {value!r}", "It must be finite and >= 0."))

    def variance(self) -> float:
        """Return the variance of the yearly number of fires [1/year^2]."""
        mixing = math.exp(self.year_effect_sd**2) * (1 + self.dispersion) - 1
        return self.mean + self.mean**2 * mixing

    def frequency(self) -> Frequency:
        """Return the law of the yearly number as the actuarial core knows laws: exact, nothing drawn.

        Returns
        -------
        Frequency
            Poisson without either effect, negative binomial without a year effect; else the mixture of these over the
            normal score of the year effect.
        """
        sd = self.year_effect_sd
        if sd == 0.0:
            return self._given(1.0)
        return FrequencyMixture.over_normal(lambda score: self._given(math.exp(sd * score - sd**2 / 2)))

    def _given(self, effect: float) -> Frequency:
        """Return the law of the number in a year of a given year effect."""
        mean = self.mean * effect
        if mean == 0.0 or self.dispersion <= _NO_DISPERSION:
            return Poisson(mean)
        return NegativeBinomial.from_mean_dispersion(mean, self.dispersion)

    def thin(self, share: float) -> CountLaw:
        """Return the law of a region that holds a share of the hazard.

        Parameters
        ----------
        share : float
            Share of the (hazard-weighted) forest [unitless], >= 0.

        Returns
        -------
        CountLaw
            Mean times share; the year effect and the gamma variable stay those of the whole, so that two parts
            of one region still share their good and bad years.
        """
        return replace(self, mean=self.mean * share)

    def intensity(self, uniform_year: ArrayLike, uniform_gamma: ArrayLike) -> NDArray[np.float64]:
        """Return the Poisson mean of each year, ``mean * E * G``.

        Parameters
        ----------
        uniform_year, uniform_gamma : array, shape (years,)
            Uniforms on [0, 1) of the common and of the own effect.

        Returns
        -------
        array, shape (years,)
            Expected number of fires given the year's effects [1/year].
        """
        z = ndtri(_inside(uniform_year))
        effect = np.exp(self.year_effect_sd * z - self.year_effect_sd**2 / 2)
        if self.dispersion > _NO_DISPERSION:
            effect = effect * gammaincinv(1 / self.dispersion, _inside(uniform_gamma)) * self.dispersion
        return np.asarray(self.mean * effect, dtype=np.float64)

    def counts(
        self, uniform_year: ArrayLike, uniform_gamma: ArrayLike, uniform_count: ArrayLike
    ) -> NDArray[np.int64]:
        """Return the number of fires of each year, by inversion.

        Parameters
        ----------
        uniform_year, uniform_gamma, uniform_count : array, shape (years,)
            Uniforms on [0, 1): of the year effect, of the own effect, of the number itself.

        Returns
        -------
        array of int, shape (years,)
            Numbers of fires [1/year]; with fixed uniforms they never fall when ``mean`` grows.
        """
        return poisson_quantile(uniform_count, self.intensity(uniform_year, uniform_gamma))


def poisson_quantile(probability: ArrayLike, mean: ArrayLike) -> NDArray[np.int64]:
    """Return the smallest k with ``P(N <= k) >= probability`` for Poisson N.

    Parameters
    ----------
    probability : array, shape (n,)
        In [0, 1]; clipped to [2^-53, 1 - 2^-53].
    mean : array, shape (n,)
        Poisson means [1], >= 0.

    Returns
    -------
    array of int, shape (n,)
        Quantiles.

    Notes
    -----
    A Cornish-Fisher start is off by one at most over most of the range; it is then moved one by one until the
    distribution function of both neighbours brackets the probability, so that the answer is exact.
    """
    u, m = np.broadcast_arrays(_inside(probability), np.asarray(mean, dtype=np.float64))
    shape = u.shape
    u, m = u.ravel(), m.ravel()
    z = ndtri(u)
    k = np.floor(np.maximum(m + np.sqrt(m) * z + (z * z - 1) / 6 + 0.5, 0.0))
    short = np.flatnonzero(pdtr(k, m) < u)
    while short.size:
        k[short] += 1
        short = short[pdtr(k[short], m[short]) < u[short]]
    long = np.flatnonzero(k > 0)
    while long.size:
        long = long[pdtr(k[long] - 1, m[long]) >= u[long]]
        k[long] -= 1
        long = long[k[long] > 0]
    return np.asarray(k.reshape(shape), dtype=np.int64)


def trend_path(first_year: float, base_year: float, year: ArrayLike, damping: float) -> NDArray[np.float64]:
    """Return the time coordinate of a damped trend, in which the trend is a straight line.

    Parameters
    ----------
    first_year, base_year : float
        First and last year of the data [year].
    year : float or array
        Years asked for [year].
    damping : float
        Ratio of each yearly step to the one before [unitless], in (0, 1]; 1 is a straight line in time.

    Returns
    -------
    array
        ``-(base_year - first_year)`` in the first year and 0 in the base year [year], with steps that shrink
        geometrically from the first year on and never stop shrinking after the base year.

    Notes
    -----
    With h = year - base_year and H = base_year - first_year the coordinate is
    ``H (1 - d^h) / (d^-H - 1)``, which tends to h as d tends to 1.

    References
    ----------
    Gardner, E. S., McKenzie, E. (1985). Forecasting trends in time series. Management Science 31(10),
    1237-1246. https://doi.org/10.1287/mnsc.31.10.1237. There the damping starts after the data; here the
    same curve also runs through them, so that level and slope at the base year belong together.
    """
    ahead = np.asarray(year, dtype=np.float64) - base_year
    if damping > 1 - 1e-9:
        return ahead
    log_damping = math.log(damping)
    span = base_year - first_year
    return np.asarray(span * -np.expm1(log_damping * ahead) / math.expm1(-log_damping * span))


def count_law(
    values: Mapping[str, float | str], constants: Mapping[str, float], underwriting_year: int
) -> CountLaw:
    """Return the law of the province's yearly fires from the values of a ``wildfire.occurrence`` card.

    Parameters
    ----------
    values : mapping
        ``log_count``, ``trend``, ``damping``, ``year_effect_sd``, ``dispersion``: central values or one draw.
    constants : mapping
        ``first_year`` and ``base_year`` of the data.
    underwriting_year : int
        The year insured; a year of the data gives the law fitted there.

    Notes
    -----
    ``mean = exp(log_count + trend * path(year) + year_effect_sd^2 / 2)`` with the path of :func:`trend_path`. The
    card's ``log_count`` is the logarithm of the expected number in a base year whose year effect is at its
    median; the last term turns that median into the mean over year effects.
    """
    names = ("log_count", "trend", "damping", "year_effect_sd", "dispersion")
    level, trend, damping, sd, dispersion = (float(values[name]) for name in names)
    path = trend_path(constants["first_year"], constants["base_year"], underwriting_year, damping)
    mean = math.exp(level + trend * float(path) + sd**2 / 2)
    return CountLaw(mean=mean, year_effect_sd=sd, dispersion=dispersion)


def _inside(uniform: ArrayLike) -> NDArray[np.float64]:
    """Keep uniforms off 0 and 1."""
    return np.clip(np.asarray(uniform, dtype=np.float64), _SMALLEST, 1 - _SMALLEST)
