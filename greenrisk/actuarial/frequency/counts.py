# SPDX-License-Identifier: Apache-2.0
"""Poisson, binomial and negative binomial: the laws of the number of losses of Panjer's class (a, b, 0).

Not here: laws with a probability of none of their own (modified.py), mixtures (mixed.py), counts seen (empirical.py).

References
----------
Klugman, S. A., Panjer, H. H. and Willmot, G. E. (2012), Loss Models: From Data to Decisions, 4th ed., chapter 6.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from greenrisk.actuarial.arguments import keep, number, whole_number, within
from greenrisk.actuarial.frequency import probabilities
from greenrisk.actuarial.frequency.law import Frequency, Recursion
from greenrisk.actuarial.kinds import drawn
from greenrisk.core.errors import ArgumentError, Fault

Floats = NDArray[np.float64]


@dataclass(frozen=True, init=False, repr=False)
class Poisson(Frequency):
    """Number of losses of a Poisson law.

    Parameters
    ----------
    mean : float
        Expected number a year, >= 0 [losses/year]; kept as ``expected``, since ``mean()`` is a method of every law.

    Raises
    ------
    ArgumentError
        If the mean is negative, NaN or infinite.

    Notes
    -----
    pgf exp(mean (z - 1)); Panjer's (a, b) = (0, mean).
    """

    expected: float

    def __init__(self, mean: float) -> None:
        object.__setattr__(self, "expected", number("mean", mean, least=0.0, unit="losses/year"))

    def __repr__(self) -> str:
        """As it is written."""
        return f"Poisson(mean={self.expected!r})"

    def pgf(self, z: Any) -> Any:
        """Return exp(mean (z - 1))."""
        return probabilities.defined(z, np.exp(self.expected * (np.asarray(z) - 1.0)))

    def probability_of_any(self, kept: Any = 1.0) -> Any:
        """Return 1 - exp(-mean kept)."""
        return -np.expm1(-self.expected * np.asarray(kept))

    def pmf(self, k: ArrayLike) -> Floats:
        """Return P(N = k); 0 where k is no whole number >= 0."""
        count, good = probabilities.whole(k)
        return np.where(good, probabilities.poisson(count, self.expected), 0.0)

    def cdf(self, k: ArrayLike) -> Floats:
        """Return P(N <= k)."""
        x = probabilities.floored(k)
        return np.where(x >= 0, special.pdtr(np.maximum(x, 0.0), self.expected), 0.0)

    def cumulants(self) -> tuple[float, float, float]:
        """Return mean, variance and third central moment: all the mean."""
        return self.expected, self.expected, self.expected

    @drawn
    def rvs(self, size: int | tuple[int, ...], rng: np.random.Generator) -> NDArray[np.int64]:
        """Return random numbers of losses, shape ``size``."""
        return rng.poisson(self.expected, size)

    def thin(self, probability: float) -> Poisson:
        """Return the Poisson law of mean ``probability`` times the mean."""
        return Poisson(self.expected * probabilities.kept(probability))

    def scale(self, exposure: float) -> Poisson:
        """Return the Poisson law of mean ``exposure`` times the mean."""
        return Poisson(self.expected * _exposure(exposure))

    def recursion(self) -> Recursion:
        """Return (0, mean), from k = 1."""
        return Recursion(0.0, self.expected, 1)


@dataclass(frozen=True)
class Binomial(Frequency):
    """Number of losses among independent trials.

    Parameters
    ----------
    trials : int
        Number of trials, a whole number >= 0 [unitless].
    probability : float
        Of a loss in each [unitless], in [0, 1].

    Raises
    ------
    ArgumentError
        If ``trials`` is no whole number >= 0 or the probability lies outside [0, 1].

    Notes
    -----
    pgf (1 + q (z - 1))^m; Panjer's (a, b) = (-q/(1-q), (m+1) q/(1-q)).
    """

    trials: int
    probability: float

    def __post_init__(self) -> None:
        """Check the arguments."""
        keep(
            self,
            trials=lambda name, given: whole_number(name, given, "unitless"),
            probability=within(least=0.0, most=1.0, unit="unitless"),
        )

    def pgf(self, z: Any) -> Any:
        """Return (1 + q (z - 1))^m."""
        return probabilities.defined(z, 1.0 - self.probability_of_any(1.0 - np.asarray(z)))

    def probability_of_any(self, kept: Any = 1.0) -> Any:
        """Return 1 - (1 - q kept)^m."""
        x = -self.probability * np.asarray(kept)
        sure = x == -1.0  # ln 0 would turn into NaN for complex arguments
        value = -np.expm1(self.trials * special.log1p(np.where(sure, 0.0, x)))
        return np.where(sure, float(self.trials > 0), value)[()]

    def pmf(self, k: ArrayLike) -> Floats:
        """Return P(N = k); 0 where k is no whole number in 0..trials."""
        count, good = probabilities.whole(k)
        good &= count <= self.trials
        count = np.where(good, count, 0.0)
        q = self.probability
        return np.where(good, probabilities.binomial(count, self.trials - count, q, 1.0 - q), 0.0)

    def cdf(self, k: ArrayLike) -> Floats:
        """Return P(N <= k)."""
        x = probabilities.floored(k)
        inside = (x >= 0) & (x < self.trials)
        count = np.where(inside, x, 0.0)
        middle = special.betainc(np.maximum(self.trials - count, 1.0), count + 1.0, 1.0 - self.probability)
        return np.where(inside, middle, (x >= self.trials).astype(np.float64))

    def cumulants(self) -> tuple[float, float, float]:
        """Return m q, m q (1 - q) and m q (1 - q) (1 - 2 q)."""
        m, q = self.trials, self.probability
        return m * q, m * q * (1 - q), m * q * (1 - q) * (1 - 2 * q)

    @drawn
    def rvs(self, size: int | tuple[int, ...], rng: np.random.Generator) -> NDArray[np.int64]:
        """Return random numbers of losses, shape ``size``."""
        return rng.binomial(self.trials, self.probability, size)

    def thin(self, probability: float) -> Binomial:
        """Return the binomial law with the same trials and ``probability`` times their probability."""
        return Binomial(self.trials, self.probability * probabilities.kept(probability))

    def scale(self, exposure: float) -> Binomial:
        """Return the binomial law of ``exposure`` times as many trials, their probability kept.

        Raises
        ------
        ArgumentError
            If that is no whole number of trials.
        """
        trials = self.trials * _exposure(exposure)
        if abs(trials - round(trials)) > 1e-9 * max(trials, 1.0):
            mend = f"{self.trials} trials times the exposure must be a whole number; or use a Poisson law."
            raise ArgumentError(Fault("exposure", f"exposure = {exposure:g}", mend, "unitless"))
        return Binomial(round(trials), self.probability)

    def recursion(self) -> Recursion | None:
        """Return (-q/(1-q), (m+1) q/(1-q)), from k = 1; None where q = 1, which the recursion cannot start."""
        if self.probability == 1.0:
            return None
        odds = self.probability / (1.0 - self.probability)
        return Recursion(-odds, (self.trials + 1) * odds, 1)


@dataclass(frozen=True)
class NegativeBinomial(Frequency):
    """Number of losses whose variance exceeds its mean: a Poisson law with a gamma mean.

    Parameters
    ----------
    shape : float
        r > 0 [unitless].
    beta : float
        Variance over mean, less 1; >= 0 [unitless].

    Raises
    ------
    ArgumentError
        If an argument lies outside its domain.

    Notes
    -----
    pgf (1 - beta (z - 1))^-r, mean r beta, variance r beta (1 + beta); Panjer's (a, b) = (beta/(1+beta),
    (r-1) beta/(1+beta)). With shape 1 it is the geometric law, see :meth:`geometric`.
    """

    shape: float
    beta: float

    def __post_init__(self) -> None:
        """Check the arguments."""
        keep(
            self,
            shape=within(above=0.0, unit="unitless"),
            beta=within(least=0.0, unit="unitless"),
        )

    @classmethod
    def from_mean_variance(cls, mean: float, variance: float) -> Self:
        """Return the law of a mean and a variance.

        Parameters
        ----------
        mean : float
            > 0 [losses/year].
        variance : float
            > mean [losses²/year²].
        """
        m = number("mean", mean, above=0.0, unit="losses/year")
        v = number("variance", variance, above=0.0)
        if v <= m:
            mend = f"It must exceed the mean {m:g}; use Poisson where they are equal, Binomial below."
            raise ArgumentError(Fault("variance", f"variance = {v:g}", mend))
        return cls(m * m / (v - m), (v - m) / m)

    @classmethod
    def from_mean_dispersion(cls, mean: float, dispersion: float) -> Self:
        """Return the law whose variance is mean + dispersion mean^2.

        Parameters
        ----------
        mean : float
            > 0 [losses/year].
        dispersion : float
            Squared coefficient of variation of the gamma mean, > 0 [unitless].
        """
        m = number("mean", mean, above=0.0, unit="losses/year")
        a = number("dispersion", dispersion, above=0.0, unit="unitless")
        return cls(1.0 / a, a * m)

    @classmethod
    def geometric(cls, beta: float) -> Self:
        """Return the geometric law P(N = k) = beta^k / (1 + beta)^(k+1), of mean ``beta`` >= 0."""
        return cls(1.0, beta)

    def pgf(self, z: Any) -> Any:
        """Return (1 - beta (z - 1))^-r."""
        value = np.exp(-self.shape * special.log1p(-self.beta * (np.asarray(z) - 1.0)))
        return probabilities.defined(z, value)

    def probability_of_any(self, kept: Any = 1.0) -> Any:
        """Return 1 - (1 + beta kept)^-r."""
        return -np.expm1(-self.shape * special.log1p(self.beta * np.asarray(kept)))

    def pmf(self, k: ArrayLike) -> Floats:
        """Return P(N = k); 0 where k is no whole number >= 0."""
        count, good = probabilities.whole(k)
        r, beta = self.shape, self.beta
        both = probabilities.binomial(count, np.full_like(count, r), beta / (1.0 + beta), 1.0 / (1.0 + beta))
        return np.where(good, both * r / (r + count), 0.0)

    def cdf(self, k: ArrayLike) -> Floats:
        """Return P(N <= k) = I_{1/(1+beta)}(r, k + 1)."""
        x = probabilities.floored(k)
        value = special.betainc(self.shape, np.maximum(x, 0.0) + 1.0, 1.0 / (1.0 + self.beta))
        return np.where(x == math.inf, 1.0, np.where(x >= 0, value, 0.0))

    def cumulants(self) -> tuple[float, float, float]:
        """Return r beta, r beta (1 + beta) and r beta (1 + beta) (1 + 2 beta)."""
        mean, beta = self.shape * self.beta, self.beta
        return mean, mean * (1 + beta), mean * (1 + beta) * (1 + 2 * beta)

    @drawn
    def rvs(self, size: int | tuple[int, ...], rng: np.random.Generator) -> NDArray[np.int64]:
        """Return random numbers of losses, shape ``size``."""
        return rng.poisson(self.beta * rng.standard_gamma(self.shape, size))

    def thin(self, probability: float) -> NegativeBinomial:
        """Return the negative binomial law of the same shape and ``probability`` times beta."""
        return NegativeBinomial(self.shape, self.beta * probabilities.kept(probability))

    def scale(self, exposure: float) -> NegativeBinomial:
        """Return the law of shape ``exposure`` times the shape, with beta kept.

        This is the sum over independent units of exposure: variance over mean stays. Where one good or bad year strikes
        all units alike, use :class:`~greenrisk.actuarial.frequency.mixed.MixedPoisson`, which keeps the mixing law.
        """
        return NegativeBinomial(
            self.shape * number("exposure", exposure, above=0.0, unit="unitless"), self.beta
        )

    def recursion(self) -> Recursion:
        """Return (beta/(1+beta), (r-1) beta/(1+beta)), from k = 1."""
        a = self.beta / (1.0 + self.beta)
        return Recursion(a, (self.shape - 1.0) * a, 1)


def _exposure(value: float) -> float:
    return number("exposure", value, least=0.0, unit="unitless")
