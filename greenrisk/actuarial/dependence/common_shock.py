# SPDX-License-Identifier: Apache-2.0
"""Numbers of losses of several lines that share shocks: one storm, one drought, one court decision for many."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greenrisk.actuarial.arguments import keep, numbers, whole_number
from greenrisk.actuarial.dependence.matrices import symmetric
from greenrisk.actuarial.frequency.counts import Poisson
from greenrisk.actuarial.kinds import drawn
from greenrisk.core.errors import ArgumentError, Fault, Faults

Floats = NDArray[np.float64]

_ROUNDING = 1e-12


@dataclass(frozen=True, eq=False)
class CommonShock:
    """Poisson numbers of losses of several lines, dependent through shocks that hit more than one of them.

    Parameters
    ----------
    rates : array, shape (shock,)
        Expected number of each kind of shock a year, >= 0 [shocks/year].
    hits : array, shape (shock, line)
        Probability that a shock causes a loss in a line [unitless], in [0, 1]; independent between lines, given the
        shock. A shock of one line only has a single 1.

    Raises
    ------
    ArgumentError
        If a rate is negative, a probability lies outside [0, 1], or the shapes do not fit.

    Notes
    -----
    Each line's number is Poisson with mean sum_j rate_j hits_ji. Cov(N_i, N_k) = sum_j rate_j hits_ji hits_jk for
    i != k: never negative. E prod z_i^N_i = exp(sum_j rate_j (prod_i (1 + hits_ji (z_i - 1)) - 1)).

    References
    ----------
    Lindskog, F. and McNeil, A. J. (2003), Common Poisson shock models: applications to insurance and credit risk
    modelling, ASTIN Bulletin 33, 209-238.
    """

    rates: Floats
    hits: Floats

    def __post_init__(self) -> None:
        """Check the arguments and keep copies of them."""
        keep(
            self,
            rates=lambda name, given: numbers(
                name, given, least=0.0, dimensions=1, fewest=1, unit="shocks/year"
            ).copy(),
            hits=lambda name, given: numbers(
                name, given, least=0.0, most=1.0, dimensions=2, fewest=1, unit="unitless"
            ).copy(),
        )
        if self.hits.shape[0] != self.rates.size:
            mend = f"One row for each of the {self.rates.size} shocks was expected."
            raise ArgumentError(Fault("hits", f"hits of shape {self.hits.shape}", mend))

    @classmethod
    def from_covariance(cls, covariance: ArrayLike) -> Self:
        """Return lines with given means and covariances, by shocks that hit two lines, or one.

        Parameters
        ----------
        covariance : array, shape (line, line)
            Symmetric; on the diagonal the means, which are the variances of Poisson numbers, > 0 [losses/year]; off it
            the covariances, >= 0.

        Raises
        ------
        ArgumentError
            If a mean is not > 0, a covariance is negative, or those of a line add up to more than its mean.
        """
        c = symmetric("covariance", covariance)
        faults = Faults()
        for i, j in np.argwhere(np.triu(c < 0.0, 1)):
            mend = "Common shocks only make a covariance >= 0; use a copula for lines that offset each other."
            faults.add("covariance", f"covariance[{i}][{j}] = {c[i, j]:g}", mend)
        for i in np.flatnonzero(np.diagonal(c) <= 0.0):
            faults.add(
                "covariance", f"covariance[{i}][{i}] = {c[i, i]:g}", "A mean must be > 0.", "losses/year"
            )
        own = 2.0 * np.diagonal(c) - c.sum(axis=1)
        for i in np.flatnonzero(own < -_ROUNDING * np.abs(np.diagonal(c))):
            mend = (
                f"Pairs of lines leave nothing of the mean {c[i, i]:g}: state shocks that hit more than two lines, "
                "CommonShock(rates, hits)."
            )
            faults.add("covariance", f"covariances of line {i} add up to {c[i].sum() - c[i, i]:g}", mend)
        faults.raise_if_any(ArgumentError)
        lines = c.shape[0]
        first, second = np.triu_indices(lines, 1)
        pairs = np.zeros((first.size, lines))
        pairs[np.arange(first.size), first] = pairs[np.arange(first.size), second] = 1.0
        shared = c[first, second] > 0.0
        rates = np.concatenate([np.maximum(own, 0.0), c[first, second][shared]])
        return cls(rates, np.concatenate([np.eye(lines), pairs[shared]]))

    def mean(self) -> Floats:
        """Return the expected number of losses of each line, shape (line,) [losses/year]."""
        return np.asarray(self.rates @ self.hits)

    def covariance(self) -> Floats:
        """Return the covariances of the numbers, shape (line, line); the means on the diagonal."""
        matrix = (self.hits.T * self.rates) @ self.hits
        np.fill_diagonal(matrix, self.mean())
        return np.asarray(matrix)

    def marginal(self, line: int) -> Poisson:
        """Return the law of one line's number.

        Parameters
        ----------
        line : int
            Its place, from 0.

        Raises
        ------
        ArgumentError
            If there is no such line.
        """
        place = whole_number("line", line, "")
        if place >= self.hits.shape[1]:
            raise ArgumentError(
                Fault("line", f"line = {line}", f"There are {self.hits.shape[1]} lines, from 0.")
            )
        return Poisson(float(self.mean()[place]))

    def pgf(self, z: Any) -> Any:
        """Return E prod_i z_i^N_i for real or complex z of shape (..., line) with |z_i| <= 1."""
        points = np.asarray(z)
        lines = self.hits.shape[1]
        if points.shape[-1:] != (lines,):
            mend = f"One for each of the {lines} lines was expected on the last axis."
            raise ArgumentError(Fault("z", f"z of shape {points.shape}", mend))
        if np.isnan(points).any():
            raise ArgumentError(Fault("z", "z = nan", "Numbers with |z| <= 1 were expected.", "unitless"))
        each = 1.0 + self.hits * (points[..., np.newaxis, :] - 1.0)
        return np.exp((self.rates * (each.prod(axis=-1) - 1.0)).sum(axis=-1))

    @drawn
    def rvs(self, size: int, rng: np.random.Generator) -> NDArray[np.int64]:
        """Return random numbers of losses, shape (size, line)."""
        counts = np.zeros((size, self.hits.shape[1]), dtype=np.int64)
        for rate, hits in zip(self.rates, self.hits, strict=True):
            shocks = rng.poisson(rate, size)
            for line in np.flatnonzero(hits):
                counts[:, line] += shocks if hits[line] == 1.0 else rng.binomial(shocks, hits[line])
        return counts
