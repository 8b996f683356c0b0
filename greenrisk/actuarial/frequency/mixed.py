# SPDX-License-Identifier: Apache-2.0
"""Poisson laws whose mean is itself random: inverse Gaussian in closed form, any other law by quadrature.

With a gamma mean it is the negative binomial law (counts.py).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from greenrisk.actuarial.arguments import every, number
from greenrisk.actuarial.frequency import probabilities
from greenrisk.actuarial.frequency.law import Frequency
from greenrisk.actuarial.kinds import drawn, instance
from greenrisk.actuarial.severity.law import Severity
from greenrisk.core.errors import ArgumentError, Fault

Floats = NDArray[np.float64]

_REACH = 9.0
"""The quadrature runs over standard normal scores up to here: 1e-19 of probability beyond."""
_TOLERANCE = 1e-12
_MOST_NODES = 1 << 13
_CHUNK = 1 << 20


@dataclass(frozen=True, init=False, repr=False)
class PoissonInverseGaussian(Frequency):
    """Number of losses of a Poisson law whose mean has an inverse Gaussian law.

    Parameters
    ----------
    mean : float
        Expected number a year, > 0 [losses/year]; kept as ``expected``, since ``mean()`` is a method of every law.
    dispersion : float
        phi >= 0 [year/losses]: the variance is mean + phi mean^3; 0 gives the Poisson law.

    Raises
    ------
    ArgumentError
        If an argument lies outside its domain.

    Notes
    -----
    pgf exp{(1 - sqrt(1 - 2 mu^2 phi (z - 1))) / (mu phi)}: the mixing law has mean mu and shape 1/phi. With
    B = 2 mu^2 phi: p_0 = P(0), p_1 = p_0 mu / sqrt(1 + B), and for k >= 2, all terms being positive,

        p_k = B/(1+B) (1 - 3/(2k)) p_{k-1} + mu^2 / ((1+B) k (k-1)) p_{k-2},

    from the equation (1 + B - B z) P'' = (B/2) P' + mu^2 P. It is run on the ratios p_k / p_{k-1}, which neither
    underflow nor overflow.

    References
    ----------
    Willmot, G. E. (1987), The Poisson-inverse Gaussian distribution as an alternative to the negative binomial,
    Scandinavian Actuarial Journal, 113-127.
    """

    expected: float
    dispersion: float

    def __init__(self, mean: float, dispersion: float) -> None:
        every(
            lambda: number("mean", mean, above=0.0, unit="losses/year"),
            lambda: number("dispersion", dispersion, least=0.0, unit="year/losses"),
        )
        object.__setattr__(self, "expected", float(mean))
        object.__setattr__(self, "dispersion", float(dispersion))

    def __repr__(self) -> str:
        """As it is written."""
        return f"PoissonInverseGaussian(mean={self.expected!r}, dispersion={self.dispersion!r})"

    def pgf(self, z: Any) -> Any:
        """Return exp{(1 - sqrt(1 - 2 mu^2 phi (z - 1))) / (mu phi)}."""
        with np.errstate(invalid="ignore"):
            return probabilities.defined(z, np.exp(self._log_pgf(1.0 - np.asarray(z))))

    def probability_of_any(self, kept: Any = 1.0) -> Any:
        """Return 1 - P(1 - kept)."""
        return -np.expm1(self._log_pgf(np.asarray(kept)))

    def pmf(self, k: ArrayLike) -> Floats:
        """Return P(N = k); 0 where k is no whole number >= 0."""
        count, good = probabilities.whole(k)
        mu, growth = self.expected, 2.0 * self.expected**2 * self.dispersion
        top = int(count.max(initial=0.0))
        ratios = np.ones(top + 1)
        ratio = mu / math.sqrt(1.0 + growth)
        pull, push = growth / (1.0 + growth), mu**2 / (1.0 + growth)
        if top > 0:
            ratios[1] = ratio
        for i in range(2, top + 1):
            ratio = pull * (1.0 - 1.5 / i) + push / (i * (i - 1.0) * ratio)
            ratios[i] = ratio
        # In extended precision: thousands of logarithms add up to the small sum of terms of both signs.
        logs = np.cumsum(np.log(ratios.astype(np.longdouble))) + self._log_pgf(np.longdouble(1.0))
        return np.where(good, np.exp(logs[count.astype(np.int64)]).astype(np.float64), 0.0)

    def cumulants(self) -> tuple[float, float, float]:
        """Return mu, mu + phi mu^3 and mu + 3 phi mu^3 + 3 phi^2 mu^5."""
        mu, extra = self.expected, self.dispersion * self.expected**2
        return mu, mu * (1.0 + extra), mu * (1.0 + 3.0 * extra + 3.0 * extra**2)

    @drawn
    def rvs(self, size: int | tuple[int, ...], rng: np.random.Generator) -> NDArray[np.int64]:
        """Return random numbers of losses, shape ``size``."""
        if self.dispersion == 0.0:
            return rng.poisson(self.expected, size)
        return rng.poisson(rng.wald(self.expected, 1.0 / self.dispersion, size))

    def thin(self, probability: float) -> Frequency:
        """Return the law of mean p mu and dispersion phi / p: the mixing law times p; Poisson(0) for p = 0."""
        kept = probabilities.kept(probability)
        if kept == 0.0:
            from greenrisk.actuarial.frequency.counts import Poisson

            return Poisson(0.0)
        return PoissonInverseGaussian(self.expected * kept, self.dispersion / kept)

    def scale(self, exposure: float) -> PoissonInverseGaussian:
        """Return the law of mean e mu and dispersion phi / e^2: the sum over independent units of exposure.

        Variance over mean stays. Where one good or bad year strikes all units alike, use :class:`MixedPoisson`.
        """
        e = number("exposure", exposure, above=0.0, unit="unitless")
        return PoissonInverseGaussian(self.expected * e, self.dispersion / e**2)

    def _log_pgf(self, kept: Any) -> Any:
        # -2 mu s / (1 + sqrt(1 + B s)), s = 1 - z: the root's difference from 1 without cancellation.
        growth = 2.0 * self.expected**2 * self.dispersion
        return -2.0 * self.expected * kept / (1.0 + np.sqrt(1.0 + growth * kept))


@dataclass(frozen=True, init=False, repr=False)
class MixedPoisson(Frequency):
    """Number of losses of a Poisson law whose mean varies from year to year by a common factor.

    Parameters
    ----------
    mean : float
        Expected number a year, >= 0 [losses/year]; kept as ``expected``, since ``mean()`` is a method of every law.
    mixing : Severity
        Law of the factor, up to its unit: it is divided by its mean, which must be > 0 and finite.

    Raises
    ------
    ArgumentError
        If the mean is negative, or that of the factor not positive and finite.

    Notes
    -----
    pgf E exp(mean (z - 1) Q), Q = factor / its mean. If the factor has points only (``Discrete``, ``Empirical``), the
    sum over them is exact. Otherwise Q = F^-1(Phi(t)) is integrated against the normal density by the trapezoidal
    rule, whose spacing is halved until pgf at many points of the unit disc moves by less than 1e-12; it converges
    faster than any power of the spacing for smooth laws. The law then is that finite mixture of Poisson laws.
    """

    expected: float
    mixing: Severity

    def __init__(self, mean: float, mixing: Severity) -> None:
        every(lambda: number("mean", mean, least=0.0, unit="losses/year"), lambda: _with_mean(mixing))
        object.__setattr__(self, "expected", float(mean))
        object.__setattr__(self, "mixing", mixing)

    def __repr__(self) -> str:
        """As it is written."""
        return f"MixedPoisson(mean={self.expected!r}, mixing={self.mixing!r})"

    def pgf(self, z: Any) -> Any:
        """Return E exp(mean (z - 1) Q)."""
        return probabilities.defined(z, 1.0 - self.probability_of_any(1.0 - np.asarray(z)))

    def probability_of_any(self, kept: Any = 1.0) -> Any:
        """Return 1 - E exp(-mean kept Q)."""
        means, weights = self._parts()
        return _any(np.asarray(kept), means, weights)

    def pmf(self, k: ArrayLike) -> Floats:
        """Return P(N = k); 0 where k is no whole number >= 0."""
        count, good = probabilities.whole(k)
        means, weights = self._parts()
        value = np.zeros(count.shape)
        for mean, weight in zip(means, weights, strict=True):
            value += weight * probabilities.poisson(count, mean)
        return np.where(good, value, 0.0)

    def cumulants(self) -> tuple[float, float, float]:
        """Return mean m, variance m + m^2 v and third central moment m + 3 m^2 v + m^3 t; v, t those of Q."""
        of_mixing = self.mixing.mean()
        second, third = self.mixing.moment(2) / of_mixing**2, self.mixing.moment(3) / of_mixing**3
        m, v = self.expected, second - 1.0
        t = third - 3.0 * second + 2.0 if math.isfinite(third) else math.inf
        return m, m + m**2 * v, m + 3.0 * m**2 * v + m**3 * t

    @drawn
    def rvs(self, size: int | tuple[int, ...], rng: np.random.Generator) -> NDArray[np.int64]:
        """Return random numbers of losses, shape ``size``."""
        return rng.poisson(self.expected / self.mixing.mean() * self.mixing.rvs(size, rng))

    def thin(self, probability: float) -> MixedPoisson:
        """Return the law of ``probability`` times the mean, with the same factor."""
        return MixedPoisson(self.expected * probabilities.kept(probability), self.mixing)

    def scale(self, exposure: float) -> MixedPoisson:
        """Return the law of ``exposure`` times the mean, with the same factor: one year strikes all units alike."""
        return MixedPoisson(self.expected * number("exposure", exposure, least=0.0), self.mixing)

    def _parts(self) -> tuple[Floats, Floats]:
        atoms = self.mixing.atoms()
        of_mixing = self.mixing.mean()
        if abs(float(atoms.probabilities.sum()) - 1.0) <= 1e-9:
            return self.expected * atoms.points / of_mixing, atoms.probabilities / atoms.probabilities.sum()
        angles = np.concatenate([np.logspace(-6, 0, 13), [2.0, math.pi]])
        probes = 1.0 - np.concatenate([np.exp(1j * angles), [0.0, 0.5, 0.9, 0.999]])
        intervals, value = 16, np.full(probes.shape, np.inf, dtype=np.complex128)
        while intervals <= _MOST_NODES:
            intervals *= 2
            scores = np.linspace(-_REACH, _REACH, intervals + 1)
            weights = np.exp(-0.5 * scores**2)
            weights /= weights.sum()
            low = self.mixing.ppf(special.ndtr(np.minimum(scores, 0.0)))
            high = self.mixing.isf(special.ndtr(-np.maximum(scores, 0.0)))
            means = self.expected * np.where(scores > 0.0, high, low) / of_mixing
            before, value = value, _any(probes, means, weights)
            if np.abs(value - before).max() < _TOLERANCE:
                return means, weights
        mend = "Its law is too rough to be integrated; give it as Discrete points and probabilities."
        raise ArgumentError(Fault("mixing", f"mixing = {self.mixing!r:.80}", mend))


def _any(kept: Any, means: Floats, weights: Floats) -> Any:
    s = np.asarray(kept)
    flat = s.reshape(-1)
    value = np.empty(flat.shape, dtype=np.result_type(flat.dtype, np.float64))
    step = max(_CHUNK // means.size, 1)
    for i in range(0, flat.size, step):
        value[i : i + step] = -np.expm1(-np.multiply.outer(flat[i : i + step], means)) @ weights
    return value.reshape(s.shape)[()]


def _with_mean(mixing: Severity) -> None:
    instance("mixing", mixing, Severity)
    mean = mixing.mean()
    if not 0.0 < mean < math.inf:
        mend = "The factor must have a mean > 0 and finite; cap it by .layer(limit)."
        raise ArgumentError(Fault("mixing", f"mean of {mixing!r:.60} = {mean:g}", mend))
