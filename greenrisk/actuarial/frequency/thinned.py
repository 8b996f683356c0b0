# SPDX-License-Identifier: Apache-2.0
"""The number of losses that remain when each is kept with a probability, for laws without a class for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greenrisk.actuarial.arguments import keep, within
from greenrisk.actuarial.frequency import probabilities
from greenrisk.actuarial.frequency.law import Frequency
from greenrisk.actuarial.kinds import drawn, instance
from greenrisk.core.errors import ArgumentError, Fault

Floats = NDArray[np.float64]

_NEGLIGIBLE = 1e-17
_MOST_COUNTS = 1 << 24


@dataclass(frozen=True)
class Thinned(Frequency):
    """Number of losses kept, when each of ``base`` is kept independently with a probability.

    Parameters
    ----------
    base : Frequency
        Law of the number before.
    kept : float
        Probability that a loss is kept [unitless], in [0, 1].

    Raises
    ------
    ArgumentError
        If the probability lies outside [0, 1].

    Notes
    -----
    pgf P(1 + p (z - 1)). The factorial moments of order j are p^j times those of the base.
    """

    base: Frequency
    kept: float

    def __post_init__(self) -> None:
        """Check the arguments."""
        keep(
            self,
            base=lambda name, given: instance(name, given, Frequency),
            kept=within(least=0.0, most=1.0, unit="unitless"),
        )

    def pgf(self, z: Any) -> Any:
        """Return P(1 + p (z - 1)) of the base."""
        return self.base.pgf(1.0 + self.kept * (np.asarray(z) - 1.0))

    def probability_of_any(self, kept: Any = 1.0) -> Any:
        """Return that of the base at ``kept`` times its own probability."""
        return self.base.probability_of_any(self.kept * np.asarray(kept))

    def pmf(self, k: ArrayLike) -> Floats:
        """Return P(N = k) = sum_n P(base = n) C(n, k) p^k (1 - p)^(n - k), a sum of positive terms.

        Raises
        ------
        ArgumentError
            If the base has more than 2^24 counts of some probability.
        """
        count, good = probabilities.whole(k)
        base = self._probabilities_of_base()
        before = np.arange(base.size, dtype=np.float64)
        asked, place = np.unique(count, return_inverse=True)
        value = np.zeros(asked.size)
        for i, kept in enumerate(asked):
            n = before[int(min(kept, base.size)) :]
            share = probabilities.binomial(np.full_like(n, kept), n - kept, self.kept, 1.0 - self.kept)
            value[i] = share @ base[base.size - n.size :]
        return np.where(good, value[place].reshape(count.shape), 0.0)

    def cumulants(self) -> tuple[float, float, float]:
        """Return mean, variance and third central moment: a sum of indicators, conditioned on the number before."""
        mean, variance, third = self.base.cumulants()
        p, q = self.kept, 1.0 - self.kept
        return (
            p * mean,
            p * p * variance + p * q * mean,
            p**3 * third + 3.0 * p * p * q * variance + p * q * (q - p) * mean,
        )

    @drawn
    def rvs(self, size: int | tuple[int, ...], rng: np.random.Generator) -> NDArray[np.int64]:
        """Return random numbers of losses, shape ``size``."""
        return rng.binomial(self.base.rvs(size, rng), self.kept)

    def thin(self, probability: float) -> Thinned:
        """Return the base thinned by the product of both probabilities."""
        return Thinned(self.base, self.kept * probabilities.kept(probability))

    def scale(self, exposure: float) -> Thinned:
        """Return the base at ``exposure`` times its exposure, thinned by the same probability."""
        return Thinned(self.base.scale(exposure), self.kept)

    def _probabilities_of_base(self) -> Floats:
        mean, variance, _ = self.base.cumulants()
        size = 64
        while True:
            pmf = self.base.pmf(np.arange(size))
            # Past mean + sd the terms of every law met here fall, so that small ones mean that the rest is small.
            if size > mean + 4.0 * variance**0.5 and pmf[size // 2 :].sum() < _NEGLIGIBLE:
                return pmf
            if size >= _MOST_COUNTS:
                mend = f"More than {_MOST_COUNTS:,} counts would have to be summed; use the pgf."
                raise ArgumentError(Fault("base", f"base = {self.base!r:.80}", mend))
            size *= 2
