# SPDX-License-Identifier: Apache-2.0
"""The number of losses with any given probabilities, or as counted in past years."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greenrisk.actuarial.arguments import number, numbers
from greenrisk.actuarial.frequency import probabilities as stable
from greenrisk.actuarial.frequency.law import Frequency
from greenrisk.actuarial.kinds import drawn
from greenrisk.core.errors import ArgumentError, Fault

Floats = NDArray[np.float64]

_SUM_TOLERANCE = 1e-9


@dataclass(frozen=True, init=False)
class EmpiricalCounts(Frequency):
    """Number of losses with given probabilities of 0, 1, 2, ... losses.

    Parameters
    ----------
    probabilities : array, shape (count,)
        P(N = 0), P(N = 1), ... [unitless]; they add up to 1 within 1e-9 and are then made to.

    Raises
    ------
    ArgumentError
        If one is negative or NaN, or they do not add up to 1.
    """

    probabilities: tuple[float, ...]

    def __init__(self, probabilities: ArrayLike) -> None:
        p = numbers(
            "probabilities", probabilities, least=0.0, most=1.0, dimensions=1, fewest=1, unit="unitless"
        )
        if abs(float(p.sum()) - 1.0) > _SUM_TOLERANCE:
            mend = "They must add up to 1; from counts of past years use EmpiricalCounts.from_counts."
            raise ArgumentError(
                Fault("probabilities", f"sum of probabilities = {p.sum():.12g}", mend, "unitless")
            )
        p = np.trim_zeros(p / p.sum(), "b")
        object.__setattr__(self, "probabilities", tuple(p.tolist()))

    @classmethod
    def from_counts(cls, counts: ArrayLike, weights: ArrayLike | None = None) -> Self:
        """Return the law of the numbers of losses counted in past years.

        Parameters
        ----------
        counts : array, shape (year,)
            Whole numbers >= 0 [losses/year].
        weights : array, shape (year,), optional
            Weight of each year, >= 0, some > 0 [unitless].
        """
        n = numbers("counts", counts, least=0.0, dimensions=1, fewest=1, unit="losses/year")
        broken = n != np.floor(n)
        if broken.any():
            i = int(np.argmax(broken))
            what = f"counts[{i}] = {n[i]:g}"
            raise ArgumentError(Fault("counts", what, "It must be a whole number.", "losses/year"))
        w = np.ones(n.size) if weights is None else numbers("weights", weights, least=0.0, dimensions=1)
        if w.size != n.size or not w.sum() > 0.0:
            mend = f"One weight for each of the {n.size} years was expected, some of them > 0."
            raise ArgumentError(Fault("weights", f"weights of shape {w.shape} and sum {w.sum():g}", mend))
        return cls(np.bincount(n.astype(np.int64), weights=w) / w.sum())

    def pgf(self, z: Any) -> Any:
        """Return the polynomial sum_k p_k z^k."""
        return stable.defined(z, np.polynomial.polynomial.polyval(np.asarray(z), self._array()))

    def probability_of_any(self, kept: Any = 1.0) -> Any:
        """Return kept times sum_k P(N > k) (1 - kept)^k."""
        s = np.asarray(kept)
        above = np.append(np.cumsum(self._array()[:0:-1])[::-1], 0.0)
        return s * np.polynomial.polynomial.polyval(1.0 - s, above)

    def pmf(self, k: ArrayLike) -> Floats:
        """Return P(N = k); 0 where k is no whole number >= 0."""
        count, good = stable.whole(k)
        good &= count < len(self.probabilities)
        return np.where(good, self._array()[np.where(good, count, 0.0).astype(np.int64)], 0.0)

    def cdf(self, k: ArrayLike) -> Floats:
        """Return P(N <= k)."""
        sums = np.concatenate([[0.0], np.cumsum(self._array())])
        sums[-1] = 1.0
        place = np.clip(stable.floored(k), -1, len(self.probabilities) - 1).astype(np.int64)
        return np.asarray(sums[place + 1])

    def cumulants(self) -> tuple[float, float, float]:
        """Return mean, variance and third central moment."""
        p = self._array()
        k = np.arange(p.size)
        mean = float(p @ k)
        return mean, float(p @ (k - mean) ** 2), float(p @ (k - mean) ** 3)

    @drawn
    def rvs(self, size: int | tuple[int, ...], rng: np.random.Generator) -> NDArray[np.int64]:
        """Return random numbers of losses, shape ``size``."""
        sums = np.cumsum(self._array())
        return np.searchsorted(sums[:-1], rng.random(size), side="right").astype(np.int64)

    def thin(self, probability: float) -> EmpiricalCounts:
        """Return the probabilities of the numbers kept, each sum_n p_n C(n, k) q^k (1-q)^(n-k): exact."""
        kept = stable.kept(probability)
        p = self._array()
        thinned = np.zeros(p.size)
        for n, weight in enumerate(p):
            k = np.arange(n + 1.0)
            thinned[: n + 1] += weight * stable.binomial(k, n - k, kept, 1.0 - kept)
        return EmpiricalCounts(thinned)

    def scale(self, exposure: float) -> EmpiricalCounts:
        """Return the sum over ``exposure`` independent units, a whole number of them.

        Raises
        ------
        ArgumentError
            If the exposure is no whole number: past counts do not say what a part of a unit does.
        """
        units = number("exposure", exposure, least=0.0, unit="unitless")
        if units != np.floor(units):
            mend = "Counts of past years scale by whole numbers only; fit a Poisson or negative binomial law."
            raise ArgumentError(Fault("exposure", f"exposure = {units:g}", mend, "unitless"))
        total, power, left = np.ones(1), self._array(), int(units)
        while left:
            if left & 1:
                total = np.convolve(total, power)
            left >>= 1
            power = np.convolve(power, power) if left else power
        return EmpiricalCounts(total)

    def _array(self) -> Floats:
        return np.asarray(self.probabilities, dtype=np.float64)
