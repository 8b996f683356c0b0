# SPDX-License-Identifier: Apache-2.0
"""Numbers of losses whose law depends on the state of the year: a finite number of states, or a normal score.

Poisson laws whose mean alone varies are in :mod:`~greenrisk.actuarial.frequency.mixed`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greenrisk.actuarial.arguments import numbers
from greenrisk.actuarial.frequency import probabilities
from greenrisk.actuarial.frequency.law import Frequency
from greenrisk.actuarial.kinds import drawn
from greenrisk.core.errors import ArgumentError, Fault, Faults

Floats = NDArray[np.float64]

_ROUNDING = 1e-9
_REACH = 12.0
"""Normal scores are integrated up to here. 4e-33 of probability lies beyond, and of the third moment of a lognormal
mean with sigma 2 still only 2e-9."""
_TOLERANCE = 1e-12
_FEWEST_INTERVALS, _MOST_INTERVALS = 16, 16 << 10
_ANGLES = np.concatenate([np.logspace(-6, 0, 13), [2.0, math.pi]])
_PROBES = np.concatenate([np.exp(1j * _ANGLES), [0.0, 0.5, 0.9, 0.999]])
"""Points of the unit disc, dense towards 1, at which the generating function must have settled."""


@dataclass(frozen=True)
class FrequencyMixture(Frequency):
    """Number of losses of a year that is of kind i with probability ``weights[i]``.

    Parameters
    ----------
    weights : sequence of float, shape (part,)
        In [0, 1], with sum 1 [unitless].
    parts : sequence of Frequency, shape (part,)
        Law of the number in a year of each kind; kinds of weight 0 are left out.

    Raises
    ------
    ArgumentError
        If the weights are no probabilities, or there is not one law for each.

    Notes
    -----
    pgf sum_i w_i P_i(z); so are the probabilities. With means m_i, variances v_i, third central moments t_i and
    d_i = m_i - mean: variance sum w_i (v_i + d_i^2), third central moment sum w_i (t_i + 3 v_i d_i + d_i^3).
    """

    weights: tuple[float, ...]
    parts: tuple[Frequency, ...]

    def __post_init__(self) -> None:
        """Check the arguments."""
        weights = numbers(
            "weights", self.weights, least=0.0, most=1.0, dimensions=1, fewest=1, unit="unitless"
        )
        parts, total, faults = tuple(self.parts), math.fsum(weights), Faults()
        if len(parts) != weights.size:
            faults.add("parts", f"parts holds {len(parts)}", f"One law for each of {weights.size} weights.")
        for place, part in enumerate(parts):
            if not isinstance(part, Frequency):
                faults.add("parts", f"parts[{place}] = {part!r:.60}", "A Frequency was expected.")
        if abs(total - 1.0) > _ROUNDING:
            faults.add(
                "weights",
                f"sum(weights) = {total:.10g}",
                "They must add up to 1: divide by their sum.",
                "unitless",
            )
        faults.raise_if_any(ArgumentError)
        kept = [
            (weight / total, part) for weight, part in zip(weights.tolist(), parts, strict=True) if weight > 0
        ]
        object.__setattr__(self, "weights", tuple(weight for weight, _ in kept))
        object.__setattr__(self, "parts", tuple(part for _, part in kept))

    @classmethod
    def over_normal(cls, law: Callable[[float], Frequency]) -> FrequencyMixture:
        """Return the law of a year whose state is a standard normal score.

        Parameters
        ----------
        law : function
            Law of the number in a year of a given score; it must vary smoothly with the score.

        Raises
        ------
        ArgumentError
            If the integral does not settle: the law jumps, or varies too fast.

        Notes
        -----
        The generating function is integrated against the normal density by the trapezoidal rule on [-12, 12], whose
        spacing is halved until the function moves by less than 1e-12 at points all over the unit disc. For functions
        analytic about the real line the error falls like exp(-2 pi d / h), h the spacing and d the distance of the
        nearest singularity or, for the density itself, exp(-2 pi^2 / h^2).

        References
        ----------
        Trefethen, L. N. and Weideman, J. A. C. (2014), The exponentially convergent trapezoidal rule, SIAM Review
        56(3), 385-458.
        """
        intervals = _FEWEST_INTERVALS
        coarse = cls._at_scores(law, intervals)
        value, change = coarse.pgf(_PROBES), math.inf
        while intervals < _MOST_INTERVALS:
            intervals *= 2
            fine = cls._at_scores(law, intervals)
            before, value = value, fine.pgf(_PROBES)
            change = float(np.abs(value - before).max())
            if change < _TOLERANCE:
                return coarse
            coarse = fine
        found = f"E[z^N] still moves by {change:.1g} at {intervals:,} scores"
        mend = "It varies too fast with the score to be integrated; give it as weights and parts."
        raise ArgumentError(Fault("law", found, mend))

    @classmethod
    def _at_scores(cls, law: Callable[[float], Frequency], intervals: int) -> FrequencyMixture:
        scores = np.linspace(-_REACH, _REACH, intervals + 1)
        density = np.exp(-0.5 * scores**2)
        return cls(tuple(density / density.sum()), tuple(law(score) for score in scores.tolist()))

    def pgf(self, z: Any) -> Any:
        """Return sum_i w_i P_i(z)."""
        return self._sum(lambda part: part.pgf(z))

    def probability_of_any(self, kept: Any = 1.0) -> Any:
        """Return sum_i w_i (1 - P_i(1 - kept))."""
        return self._sum(lambda part: part.probability_of_any(kept))

    def pmf(self, k: ArrayLike) -> Floats:
        """Return P(N = k); 0 where k is no whole number >= 0."""
        return np.asarray(self._sum(lambda part: part.pmf(k)))

    def cdf(self, k: ArrayLike) -> Floats:
        """Return P(N <= k)."""
        x = probabilities.floored(k)
        return np.where(x == np.inf, 1.0, np.minimum(self._sum(lambda part: part.cdf(x)), 1.0))

    def cumulants(self) -> tuple[float, float, float]:
        """Return mean, variance and third central moment."""
        weights = np.array(self.weights)
        means, variances, thirds = np.array([part.cumulants() for part in self.parts]).T
        mean = float(weights @ means)
        apart = means - mean
        return (
            mean,
            float(weights @ (variances + apart**2)),
            float(weights @ (thirds + 3.0 * variances * apart + apart**3)),
        )

    @drawn
    def rvs(self, size: int | tuple[int, ...], rng: np.random.Generator) -> NDArray[np.int64]:
        """Return random numbers of losses, shape ``size``: first the kind of each year, then its number."""
        ends = np.cumsum(self.weights)
        kind = np.searchsorted(ends / ends[-1], rng.random(size), side="right")
        drawn = np.empty(kind.shape, dtype=np.int64)
        for i in np.unique(kind):
            of_kind = kind == i
            drawn[of_kind] = self.parts[i].rvs(int(of_kind.sum()), rng)
        return drawn

    def thin(self, probability: float) -> FrequencyMixture:
        """Return the mixture of the thinned parts: the kind of the year is not touched."""
        return FrequencyMixture(self.weights, tuple(part.thin(probability) for part in self.parts))

    def scale(self, exposure: float) -> FrequencyMixture:
        """Return the mixture of the parts at ``exposure`` times the exposure: one kind of year strikes all units alike.

        Within a year each part keeps what its own ``scale`` says.
        """
        return FrequencyMixture(self.weights, tuple(part.scale(exposure) for part in self.parts))

    def _sum(self, of_part: Callable[[Frequency], Any]) -> Any:
        pairs = zip(self.weights, self.parts, strict=True)
        weight, part = next(pairs)
        total = weight * of_part(part)
        for weight, part in pairs:
            total = total + weight * of_part(part)
        return total
