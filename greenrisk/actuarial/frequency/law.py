# SPDX-License-Identifier: Apache-2.0
"""What every law of the number of losses in a year offers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


class Recursion(NamedTuple):
    """Coefficients of p_k = (a + b / k) p_{k-1}, for k >= first (Panjer's class (a, b, first - 1))."""

    a: float
    b: float
    first: int
    """1: the class (a, b, 0); 2: the class (a, b, 1), with a probability of none of its own."""


class Frequency(ABC):
    """The law of the number N of losses in a year. Frozen: no method changes it."""

    @abstractmethod
    def pgf(self, z: Any) -> Any:
        """Return E[z^N] for real or complex z with |z| <= 1, any shape."""

    @abstractmethod
    def pmf(self, k: ArrayLike) -> Floats:
        """Return P(N = k); 0 where k is no whole number >= 0."""

    def cdf(self, k: ArrayLike) -> Floats:
        """Return P(N <= k); by summing probabilities unless a law has something better."""
        from greenrisk.actuarial.frequency.probabilities import floored

        x = floored(k)
        finite = np.where(np.isfinite(x), x, 0.0)
        top = int(max(float(finite.max(initial=0.0)), 0.0))
        sums = np.minimum(np.cumsum(self.pmf(np.arange(top + 1))), 1.0)
        inside = sums[np.clip(finite, 0, top).astype(np.int64)]
        return np.where(x == np.inf, 1.0, np.where(x >= 0, inside, 0.0))

    def probability_of_any(self, kept: Any = 1.0) -> Any:
        """Return 1 - P(1 - kept): that at least one remains when each loss is kept with a probability.

        Complex arguments are taken too, |1 - kept| <= 1. The laws override it where 1 - P(1 - kept) would lose the
        digits of a small probability.
        """
        return 1.0 - self.pgf(1.0 - np.asarray(kept))

    @abstractmethod
    def cumulants(self) -> tuple[float, float, float]:
        """Return mean, variance and third central moment."""

    @abstractmethod
    def rvs(self, size: int | tuple[int, ...], rng: np.random.Generator) -> NDArray[np.int64]:
        """Return random numbers of losses, shape ``size``."""

    def thin(self, probability: float) -> Frequency:
        """Return the law of those that remain when each loss is kept with a probability: pgf P(1 + p (z - 1)).

        The laws of this package return a law of a known class; any other is wrapped in ``Thinned``.
        """
        from greenrisk.actuarial.frequency.thinned import Thinned

        return Thinned(self, probability)

    @abstractmethod
    def scale(self, exposure: float) -> Frequency:
        """Return the law at ``exposure`` times the exposure; each law says what it keeps."""

    def recursion(self) -> Recursion | None:
        """Return the coefficients of Panjer's recursion; None where the law is in no such class."""
        return None

    def mean(self) -> float:
        """Return E[N]."""
        return self.cumulants()[0]

    def var(self) -> float:
        """Return the variance of N."""
        return self.cumulants()[1]
