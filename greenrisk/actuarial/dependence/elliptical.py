# SPDX-License-Identifier: Apache-2.0
"""Copulas of the normal and of Student's t law."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from greenrisk.actuarial.arguments import keep, numbers, within
from greenrisk.actuarial.dependence.copula import Copula, TailDependence, inside
from greenrisk.actuarial.dependence.matrices import correlation_matrix
from greenrisk.actuarial.kinds import drawn

Floats = NDArray[np.float64]

_PANELS = 40
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(16)


class _Elliptical(Copula):
    """What both share: a correlation matrix R, and levels of R^(1/2) Z with Z spherical."""

    correlation: Floats

    @property
    def dimension(self) -> int:
        """Number of lines."""
        return int(self.correlation.shape[0])

    def kendall_tau(self) -> Floats:
        """Return Kendall's rank correlations 2 / pi arcsin(r)."""
        return 2.0 / math.pi * np.arcsin(self.correlation)

    def _kernel(self, square: Floats) -> Floats:
        """Return the density of the two lines, up to the factor 1 / (2 pi det R^(1/2)), at a squared distance."""
        raise AssertionError

    def _bivariate_cdf(self, scores: Floats, marginal: Floats) -> Floats:
        """Return the bivariate distribution function.

        Notes
        -----
        dF/dr = kernel((x^2 - 2 r x y + y^2) / (1 - r^2)) / (2 pi sqrt(1 - r^2)), which sin t for r makes smooth.
        Integrated from the end nearer to r, r = 1 with F = min or r = -1 with F = max(F_x + F_y - 1, 0), over panels
        that halve towards it.
        """
        r = float(self.correlation[0, 1])
        end = math.pi / 2.0 if r >= 0.0 else -math.pi / 2.0
        # Offsets from the end itself, where 1 - sin^2 would lose its digits.
        span = abs(end - math.asin(r))
        edges = span * np.append(0.5 ** np.arange(_PANELS), 0.0)
        half = (edges[:-1] - edges[1:]) / 2.0
        offset = (edges[1:, np.newaxis] + half[:, np.newaxis] * (1.0 + _NODES)).ravel()
        weight = (half[:, np.newaxis] * _WEIGHTS).ravel()
        x, y = scores[..., 0, np.newaxis], scores[..., 1, np.newaxis]
        sign = 1.0 if r >= 0.0 else -1.0
        # (x^2 - 2 r x y + y^2) / (1 - r^2) = ((x - s y)^2 + 2 s x y (1 - |r|)) / (1 - r^2), s the sign of r.
        gap = 2.0 * np.sin(offset / 2.0) ** 2
        square = ((x - sign * y) ** 2 + 2.0 * sign * x * y * gap) / np.sin(offset) ** 2
        change = (self._kernel(np.maximum(square, 0.0)) @ weight) / (2.0 * math.pi)
        if sign > 0.0:
            return np.asarray(np.maximum(marginal.min(axis=-1) - change, 0.0))
        return np.asarray(np.maximum(marginal.sum(axis=-1) - 1.0, 0.0) + change)

    def _cdf(self, u: ArrayLike, scores: Floats) -> Floats:
        x = self._levels(u, closed=True)
        sure = (x == 0.0) | (x == 1.0)
        middle = self._bivariate_cdf(np.where(sure, 0.0, scores), np.where(sure, 0.5, x))
        return np.where(sure.any(axis=-1), np.where((x == 0.0).any(axis=-1), 0.0, x.min(axis=-1)), middle)[()]


@dataclass(frozen=True, eq=False)
class Gaussian(_Elliptical):
    """The copula of the multivariate normal law: no dependence in the far tails.

    Parameters
    ----------
    correlation : array, shape (line, line)
        Correlations of the normal scores, positive definite [unitless].

    Raises
    ------
    ArgumentError
        If it is no positive definite correlation matrix.
    """

    correlation: Floats

    def __post_init__(self) -> None:
        """Check the matrix and keep a copy of it."""
        keep(self, correlation=correlation_matrix)

    @classmethod
    def from_kendall_tau(cls, tau: ArrayLike) -> Self:
        """Return the copula of given Kendall rank correlations: r = sin(pi tau / 2).

        Parameters
        ----------
        tau : array, shape (line, line)
            In [-1, 1] [unitless].
        """
        return cls(np.sin(math.pi / 2.0 * numbers("tau", tau, least=-1.0, most=1.0, dimensions=2)))

    @classmethod
    def from_rank_correlation(cls, correlation: ArrayLike) -> Self:
        """Return the copula of given Spearman rank correlations: r = 2 sin(pi rho / 6).

        Parameters
        ----------
        correlation : array, shape (line, line)
            In [-1, 1] [unitless].
        """
        rank = numbers("correlation", correlation, least=-1.0, most=1.0, dimensions=2)
        return cls(2.0 * np.sin(math.pi / 6.0 * rank))

    def rank_correlation(self) -> Floats:
        """Return Spearman's rank correlations 6 / pi arcsin(r / 2), shape (line, line) [unitless]."""
        return 6.0 / math.pi * np.arcsin(self.correlation / 2.0)

    @drawn
    def rvs(self, size: int, rng: np.random.Generator) -> Floats:
        """Return random levels inside (0, 1), shape (size, line) [unitless]."""
        root = np.linalg.cholesky(self.correlation)
        return inside(special.ndtr(rng.standard_normal((size, self.dimension)) @ root.T))

    def cdf(self, u: ArrayLike) -> Floats:
        """Return P(U <= u) for u of shape (..., 2) in [0, 1]; for two lines."""
        self._bivariate("distribution function of a normal copula")
        return self._cdf(u, special.ndtri(self._levels(u, closed=True)))

    def log_density(self, u: ArrayLike) -> Floats:
        """Return -ln(det R) / 2 - z (R^-1 - I) z / 2 with normal scores z."""
        z = special.ndtri(self._levels(u, closed=False))
        more = _distance(z, self.correlation) - (z * z).sum(axis=-1)
        return np.asarray(-0.5 * (_log_determinant(self.correlation) + more))

    def tail_dependence(self) -> TailDependence:
        """Return zero off the diagonal, at both ends."""
        none = np.eye(self.dimension)
        return TailDependence(none, none.copy())

    def _kernel(self, square: Floats) -> Floats:
        return np.exp(-0.5 * square)


@dataclass(frozen=True, eq=False)
class StudentT(_Elliptical):
    """The copula of the multivariate t law: one common factor makes extremes of all lines come together.

    Parameters
    ----------
    correlation : array, shape (line, line)
        Positive definite [unitless].
    degrees_of_freedom : float
        > 0 [unitless]; the fewer, the stronger the dependence in the tails.

    Raises
    ------
    ArgumentError
        If it is no positive definite correlation matrix, or the degrees of freedom are not > 0.

    References
    ----------
    Demarta, S. and McNeil, A. J. (2005), The t copula and related copulas, International Statistical Review 73,
    111-129.
    """

    correlation: Floats
    degrees_of_freedom: float

    def __post_init__(self) -> None:
        """Check the arguments and keep a copy of the matrix."""
        keep(
            self,
            correlation=correlation_matrix,
            degrees_of_freedom=within(above=0.0, unit="unitless"),
        )

    @classmethod
    def from_kendall_tau(cls, tau: ArrayLike, degrees_of_freedom: float) -> Self:
        """Return the copula of given Kendall rank correlations: r = sin(pi tau / 2).

        Parameters
        ----------
        tau : array, shape (line, line)
            In [-1, 1] [unitless].
        degrees_of_freedom : float
            > 0 [unitless].
        """
        matrix = np.sin(math.pi / 2.0 * numbers("tau", tau, least=-1.0, most=1.0, dimensions=2))
        return cls(matrix, degrees_of_freedom)

    @drawn
    def rvs(self, size: int, rng: np.random.Generator) -> Floats:
        """Return random levels inside (0, 1), shape (size, line) [unitless]."""
        root, nu = np.linalg.cholesky(self.correlation), self.degrees_of_freedom
        z = rng.standard_normal((size, self.dimension)) @ root.T
        factor = rng.chisquare(nu, (size, 1)) / nu
        return inside(_student(nu, z / np.sqrt(np.maximum(factor, np.finfo(float).tiny))))

    def cdf(self, u: ArrayLike) -> Floats:
        """Return P(U <= u) for u of shape (..., 2) in [0, 1]; for two lines."""
        self._bivariate("distribution function of a t copula")
        return self._cdf(u, _student_quantile(self.degrees_of_freedom, self._levels(u, closed=True)))

    def log_density(self, u: ArrayLike) -> Floats:
        """Return the logarithm of the multivariate t density over the product of its marginal ones."""
        nu, d = self.degrees_of_freedom, self.dimension
        x = _student_quantile(nu, self._levels(u, closed=False))
        joint = -(nu + d) / 2.0 * np.log1p(_distance(x, self.correlation) / nu)
        single = -(nu + 1.0) / 2.0 * np.log1p(x * x / nu).sum(axis=-1)
        constant = special.gammaln((nu + d) / 2.0) + (d - 1) * special.gammaln(nu / 2.0)
        constant -= d * special.gammaln((nu + 1.0) / 2.0)
        return np.asarray(constant - 0.5 * _log_determinant(self.correlation) + joint - single)

    def tail_dependence(self) -> TailDependence:
        """Return 2 t_{nu+1}(-sqrt((nu + 1) (1 - r) / (1 + r))), the same at both ends."""
        nu, r = self.degrees_of_freedom, self.correlation
        both = 2.0 * _student(nu + 1.0, -np.sqrt((nu + 1.0) * (1.0 - r) / (1.0 + r)))
        return TailDependence(both, both.copy())

    def _kernel(self, square: Floats) -> Floats:
        nu = self.degrees_of_freedom
        return np.exp(-0.5 * nu * np.log1p(square / nu))


def _student(degrees: float, x: Floats) -> Floats:
    return np.asarray(special.stdtr(degrees, x), dtype=np.float64)


def _student_quantile(degrees: float, p: Floats) -> Floats:
    return np.asarray(special.stdtrit(degrees, p), dtype=np.float64)


def _log_determinant(matrix: Floats) -> float:
    return float(np.linalg.slogdet(matrix)[1])


def _distance(x: Floats, matrix: Floats) -> Floats:
    return np.asarray((x * np.linalg.solve(matrix, x[..., np.newaxis])[..., 0]).sum(axis=-1))
