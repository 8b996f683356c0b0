# SPDX-License-Identifier: Apache-2.0
"""Laws of the number of losses with a probability of none of their own: zero-truncated, zero-modified, logarithmic.

References
----------
Klugman, S. A., Panjer, H. H. and Willmot, G. E. (2012), Loss Models: From Data to Decisions, 4th ed., chapter 6.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from greenrisk.actuarial.arguments import keep, number, within
from greenrisk.actuarial.frequency import probabilities
from greenrisk.actuarial.frequency.law import Frequency, Recursion
from greenrisk.actuarial.kinds import drawn, instance
from greenrisk.core.errors import ArgumentError, Fault

Floats = NDArray[np.float64]

_REJECT_ABOVE = 0.1
_NEGLIGIBLE = 1e-17


@dataclass(frozen=True)
class Logarithmic(Frequency):
    """Number of losses of a logarithmic law: at least one.

    Parameters
    ----------
    beta : float
        > 0 [unitless]; the mean is beta / ln(1 + beta).

    Raises
    ------
    ArgumentError
        If beta is not > 0 and finite.

    Notes
    -----
    P(N = k) = (beta/(1+beta))^k / (k ln(1+beta)), pgf 1 - ln(1 - beta (z-1)) / ln(1+beta): the zero-truncated negative
    binomial law as its shape goes to 0. Panjer's (a, b) = (beta/(1+beta), -beta/(1+beta)), from k = 2.
    """

    beta: float

    def __post_init__(self) -> None:
        """Check the argument."""
        keep(self, beta=within(above=0.0, unit="unitless"))

    def pgf(self, z: Any) -> Any:
        """Return 1 - ln(1 - beta (z - 1)) / ln(1 + beta)."""
        return probabilities.defined(z, 1.0 - self.probability_of_any(1.0 - np.asarray(z)))

    def probability_of_any(self, kept: Any = 1.0) -> Any:
        """Return ln(1 + beta kept) / ln(1 + beta)."""
        return special.log1p(self.beta * np.asarray(kept)) / math.log1p(self.beta)

    def pmf(self, k: ArrayLike) -> Floats:
        """Return P(N = k); 0 where k is no whole number >= 1."""
        count, good = probabilities.whole(k)
        good &= count > 0
        x = np.where(good, count, 1.0)
        return np.where(good, np.exp(-x * math.log1p(1.0 / self.beta)) / (x * math.log1p(self.beta)), 0.0)

    def cumulants(self) -> tuple[float, float, float]:
        """Return mean, variance and third central moment."""
        beta, log = self.beta, math.log1p(self.beta)
        if beta < 0.5:
            # The factorial moments cancel here, and so few counts matter that summing over them is exact.
            k = np.arange(1.0, 60.0)
            p = self.pmf(k)
            above = float(p @ (k - 1.0))
            return 1.0 + above, float(p @ (k - 1.0 - above) ** 2), float(p @ (k - 1.0 - above) ** 3)
        mean = beta / log
        second, third = mean * (1.0 + beta), mean * (1.0 + 3.0 * beta + 2.0 * beta**2)
        return mean, second - mean**2, third - 3.0 * mean * second + 2.0 * mean**3

    @drawn
    def rvs(self, size: int | tuple[int, ...], rng: np.random.Generator) -> NDArray[np.int64]:
        """Return random numbers of losses, shape ``size``."""
        return rng.logseries(self.beta / (1.0 + self.beta), size)

    def thin(self, probability: float) -> ZeroModified:
        """Return the zero-modified logarithmic law of ``probability`` times beta."""
        kept = probabilities.kept(probability)
        if kept == 0.0:
            return ZeroModified(self, 1.0)
        none = 1.0 - float(self.probability_of_any(kept))
        return ZeroModified(Logarithmic(self.beta * kept), max(none, 0.0))

    def scale(self, exposure: float) -> Logarithmic:
        """Return the law itself at an exposure of 1; any other is refused, since one loss is always counted."""
        if number("exposure", exposure, least=0.0, unit="unitless") != 1.0:
            mend = "A logarithmic law counts one loss at least at any exposure; use NegativeBinomial or ZeroModified."
            raise ArgumentError(Fault("exposure", f"exposure = {exposure:g}", mend, "unitless"))
        return self

    def recursion(self) -> Recursion:
        """Return (beta/(1+beta), -beta/(1+beta)), from k = 2."""
        a = self.beta / (1.0 + self.beta)
        return Recursion(a, -a, 2)


@dataclass(frozen=True)
class ZeroModified(Frequency):
    """Number of losses with a given probability of none, otherwise distributed as that of ``base``.

    Parameters
    ----------
    base : Frequency
        Law of the number, given that it is not zero.
    probability_of_none : float
        P(N = 0) [unitless], in [0, 1]; 0 truncates at zero.

    Raises
    ------
    ArgumentError
        If the probability lies outside [0, 1], or the base never has a loss.

    Notes
    -----
    pgf p0 + (1 - p0) (P(z) - P(0)) / (1 - P(0)); Panjer's (a, b) of the base, from k = 2.
    """

    base: Frequency
    probability_of_none: float

    def __post_init__(self) -> None:
        """Check the arguments."""
        keep(
            self,
            base=lambda name, given: instance(name, given, Frequency),
            probability_of_none=within(least=0.0, most=1.0, unit="unitless"),
        )
        if not float(self.base.probability_of_any()) > 0.0:
            mend = "It must have a loss with some probability."
            raise ArgumentError(Fault("base", f"base = {self.base!r:.80}", mend))

    def pgf(self, z: Any) -> Any:
        """Return p0 + (1 - p0) (P(z) - P(0)) / (1 - P(0)), P being that of the base."""
        return probabilities.defined(z, 1.0 - self.probability_of_any(1.0 - np.asarray(z)))

    def probability_of_any(self, kept: Any = 1.0) -> Any:
        """Return (1 - p0) times that of the base over its probability of any loss."""
        return self._weight() * self.base.probability_of_any(kept)

    def pmf(self, k: ArrayLike) -> Floats:
        """Return P(N = k); 0 where k is no whole number >= 0."""
        count, good = probabilities.whole(k)
        some = np.where(good & (count > 0), self._weight() * self.base.pmf(count), 0.0)
        return np.where(good & (count == 0), self.probability_of_none, some)

    def cumulants(self) -> tuple[float, float, float]:
        """Return mean, variance and third central moment.

        Notes
        -----
        The law is the base with weight c = (1 - p0) / (1 - P(0)) and zero with weight 1 - c, one of which may be
        negative: mean c m, variance c v + c (1-c) m^2, third c t + 3 c (1-c) m v + c (1-c) (1-2c) m^3.
        """
        mean, variance, third = self.base.cumulants()
        c, rest = self._weight(), self._weight_of_zero()
        return (
            c * mean,
            c * variance + c * rest * mean**2,
            c * third + 3.0 * c * rest * mean * variance + c * rest * (rest - c) * mean**3,
        )

    @drawn
    def rvs(self, size: int | tuple[int, ...], rng: np.random.Generator) -> NDArray[np.int64]:
        """Return random numbers of losses, shape ``size``."""
        number_of = np.zeros(size, dtype=np.int64)
        some = rng.random(size) >= self.probability_of_none
        number_of[some] = _at_least_one(self.base, int(some.sum()), rng)
        return number_of

    def thin(self, probability: float) -> ZeroModified:
        """Return the base thinned alike, with the probability of none that follows: exact."""
        kept = probabilities.kept(probability)
        none = 1.0 - float(self.probability_of_any(kept))
        thinned = self.base.thin(kept)
        if not float(thinned.probability_of_any()) > 0.0:
            return ZeroModified(self.base, 1.0)
        if isinstance(thinned, ZeroModified):
            thinned = thinned.base
        return ZeroModified(thinned, max(none, 0.0))

    def scale(self, exposure: float) -> ZeroModified:
        """Return the base scaled, with the same weight of the zeros that are not the base's own.

        Raises
        ------
        ArgumentError
            If the law has fewer zeros than its base, and so many fewer that none would be left.
        """
        base = self.base.scale(exposure)
        none = 1.0 - (1.0 - self._weight_of_zero()) * float(base.probability_of_any())
        if none < -1e-12:
            mend = (
                "The probability of none would be negative: scale the base and state its probability of none."
            )
            raise ArgumentError(Fault("exposure", f"exposure = {exposure:g}", mend, "unitless"))
        return ZeroModified(base, max(none, 0.0))

    def recursion(self) -> Recursion | None:
        """Return (a, b) of the base, from k = 2; None where the base has none."""
        base = self.base.recursion()
        return None if base is None else Recursion(base.a, base.b, 2)

    def _weight(self) -> float:
        return (1.0 - self.probability_of_none) / float(self.base.probability_of_any())

    def _weight_of_zero(self) -> float:
        none = float(np.real(self.base.pgf(0.0)))
        return (self.probability_of_none - none) / float(self.base.probability_of_any())


@dataclass(frozen=True)
class ZeroTruncated(Frequency):
    """Number of losses of ``base``, given that there is one at least.

    Parameters
    ----------
    base : Frequency
        Law before the condition; it must have a loss with some probability.

    Raises
    ------
    ArgumentError
        If the base never has a loss.

    Notes
    -----
    pgf (P(z) - P(0)) / (1 - P(0)); Panjer's (a, b) of the base, from k = 2. It is :class:`ZeroModified` with a
    probability of none of 0, save for its scaling: the base is scaled, and one loss at least is kept.
    """

    base: Frequency

    def __post_init__(self) -> None:
        """Check the argument."""
        self._modified()

    def pgf(self, z: Any) -> Any:
        """Return (P(z) - P(0)) / (1 - P(0)), P being that of the base."""
        return self._modified().pgf(z)

    def probability_of_any(self, kept: Any = 1.0) -> Any:
        """Return that of the base over its probability of any loss."""
        return self._modified().probability_of_any(kept)

    def pmf(self, k: ArrayLike) -> Floats:
        """Return P(N = k); 0 where k is no whole number >= 1."""
        return self._modified().pmf(k)

    def cumulants(self) -> tuple[float, float, float]:
        """Return mean, variance and third central moment."""
        return self._modified().cumulants()

    @drawn
    def rvs(self, size: int | tuple[int, ...], rng: np.random.Generator) -> NDArray[np.int64]:
        """Return random numbers of losses, shape ``size``."""
        return _at_least_one(self.base, int(np.prod(size)), rng).reshape(size)

    def thin(self, probability: float) -> ZeroModified:
        """Return the base thinned alike, with the probability of none that follows: exact."""
        return self._modified().thin(probability)

    def scale(self, exposure: float) -> ZeroTruncated:
        """Return the base scaled, and truncated again."""
        return ZeroTruncated(self.base.scale(exposure))

    def recursion(self) -> Recursion | None:
        """Return (a, b) of the base, from k = 2; None where the base has none."""
        return self._modified().recursion()

    def _modified(self) -> ZeroModified:
        return ZeroModified(self.base, 0.0)


def _at_least_one(base: Frequency, size: int, rng: np.random.Generator) -> NDArray[np.int64]:
    some = float(base.probability_of_any())
    if some >= _REJECT_ABOVE:
        counts = base.rvs(size, rng)
        none = np.flatnonzero(counts == 0)
        while none.size:
            counts[none] = base.rvs(none.size, rng)
            none = none[counts[none] == 0]
        return counts
    # Most draws would be thrown away: invert a table, long enough for the greatest number drawn.
    u = rng.random(size)
    length, tail = 16, 1.0
    reached = np.zeros(1)
    while reached[-1] < u.max(initial=0.0) and (tail > _NEGLIGIBLE or length < 4.0 * base.mean()):
        length *= 2
        pmf = base.pmf(np.arange(1, length)) / some
        tail = float(pmf[length // 2 :].sum())
        reached = np.cumsum(pmf)
    return 1 + np.minimum(np.searchsorted(reached, u, side="right"), reached.size - 1)
