# SPDX-License-Identifier: Apache-2.0
"""The inverse Gaussian law, with its limited expected values.

Its textbook formulas subtract nearly equal numbers where the law is very dispersed. Here every probability is the
difference of two scaled complementary error functions, integrated instead of subtracted where they are close.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import erfc, erfcx

from greenrisk.actuarial.kinds import drawn
from greenrisk.actuarial.severity.family import AMOUNT, Domain, Family, Theta, mean_and_cv
from greenrisk.actuarial.severity.quantiles import bracket, gap_above, gap_below, inverted

Floats = NDArray[np.float64]

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(10)
_PANEL_NODES, _PANEL_WEIGHTS = np.polynomial.legendre.leggauss(16)
_PANELS = 54
"""Halvings of [0, d] after which what is left of x^(k-1) is lost in double precision."""
_CHUNK = 128
_CLOSE = 0.5
_FAR = 5.0
_TWO_OVER_ROOT_PI = 2 / math.sqrt(math.pi)


def limited_inverse_gaussian(limit: ArrayLike, mean: ArrayLike, shape: ArrayLike, power: int = 1) -> Floats:
    """Return E[min(X, limit)^power] of the inverse Gaussian law with variance mean^3 / shape.

    Parameters
    ----------
    limit : array
        In [0, inf] [unit of the loss].
    mean, shape : array
        mu, lambda > 0 [unit of the loss].
    power : int
        1, 2 or 3.

    Notes
    -----
    k = 1: mu (F*(d)) + d S(d), F* the law weighted by x. Higher k by the recursion
    m_(j+2) = (2 mu^2 / lambda) ((j + 1/2) m_(j+1) + lambda m_j / 2 - d^(j+2) f(d)) of the moments m_j up to d, or,
    where it cancels (lambda d < mu^2), by Gauss points of k x^(k-1) S(x) on [0, d], halved towards 0.
    """
    arrays = [np.asarray(value, dtype=np.float64) for value in (limit, mean, shape)]
    d, mu, lam = np.broadcast_arrays(*arrays)
    if power == 1:
        moment: Floats = mu
    elif power == 2:
        moment = mu**2 * (1 + mu / lam)
    else:
        moment = mu**3 * (1 + 3 * mu / lam + 3 * (mu / lam) ** 2)
    inside = (d > 0) & np.isfinite(d)
    value = np.where(d > 0, moment, 0.0)
    value[inside] = _limited(d[inside], mu[inside], lam[inside], power)
    return value


def _limited(d: Floats, mu: Floats, lam: Floats, power: int) -> Floats:
    theta = (mu, lam)
    below, above = _sides(d, theta)
    first = mu * below
    if power == 1:
        return first + d * above
    density = np.exp(InverseGaussian._logpdf(d, theta))
    ratio = 2 * mu**2 / lam
    second = ratio * (first / 2 + lam * InverseGaussian._cdf(d, theta) / 2 - d**2 * density)
    third = ratio * (1.5 * second + lam * first / 2 - d**3 * density)
    total = second if power == 2 else third
    value = total + d**power * above
    cancels = lam * d < mu**2
    if cancels.any():
        value[cancels] = _summed(d[cancels], mu[cancels], lam[cancels], power)
    return value


def _summed(d: Floats, mu: Floats, lam: Floats, power: int) -> Floats:
    top = 2.0 ** -np.arange(_PANELS)
    parts = np.outer(top, (3 + _PANEL_NODES) / 4).ravel()
    weights = np.outer(top / 4, _PANEL_WEIGHTS).ravel() * power * parts ** (power - 1)
    total = np.empty_like(d)
    for start in range(0, d.size, _CHUNK):
        at = slice(start, start + _CHUNK)
        theta = (mu[at, np.newaxis], lam[at, np.newaxis])
        total[at] = InverseGaussian._sf(d[at, np.newaxis] * parts, theta) @ weights
    return total * d**power


def _scaled(x: Floats, theta: Theta) -> tuple[Floats, Floats]:
    """Return a, b with 2a^2 = lambda (x - mu)^2 / (mu^2 x), of the sign of x - mu, and b^2 - a^2 = 2 lambda / mu."""
    mu, lam = theta
    root = np.sqrt(lam / (2 * x))
    return root * (x / mu - 1), root * (x / mu + 1)


def _scaled_difference(p: Floats, q: Floats, width: Floats) -> Floats:
    """Return erfcx(p) - erfcx(q) for q = p + width: where that is close, the integral of minus the derivative."""
    value = np.asarray(erfcx(p) - erfcx(q))
    close = width < _CLOSE
    if close.any():
        at, length = p[close], width[close]
        total = np.zeros_like(at)
        for node, weight in zip(_NODES, _WEIGHTS, strict=True):
            s = at + length * (1 + node) / 2
            total += weight * (_TWO_OVER_ROOT_PI - 2 * s * erfcx(s))
        value[close] = length * total / 2
    return value


def _side(p: Floats, q: Floats, width: Floats) -> Floats:
    """Return (erfc(p) - e^(-p^2) erfcx(q)) / 2 for q = p + width > |p|."""
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        plain = (erfc(p) - np.exp(-p * p) * erfcx(q)) / 2
        # Far below 0 erfcx(p) leaves the range, and the plain difference is one of unlike numbers.
        scaled = np.exp(-p * p) * _scaled_difference(np.maximum(p, -1.0), q, width) / 2
    return np.where(p > -1.0, scaled, plain)


def _sides(x: Floats, theta: Theta) -> tuple[Floats, Floats]:
    """Return E[X; X <= x] / mu and P(X > x)."""
    a, b = np.broadcast_arrays(*_scaled(x, theta))
    mu, lam = theta
    wide = np.broadcast_to(2 * np.sqrt(lam * x / 2) / mu, a.shape)
    narrow = np.broadcast_to(2 * np.sqrt(lam / (2 * x)), a.shape)
    return _side(-a, b, wide), _side(a, b, narrow)


@dataclass(frozen=True)
class InverseGaussian(Family):
    """The inverse Gaussian law with E[X] = mu and variance mu^3 / shape.

    Parameters
    ----------
    mu : float
        The mean, > 0 [unit of the loss].
    shape : float
        lambda > 0; the coefficient of variation is sqrt(mu / shape) [unit of the loss].

    References
    ----------
    Chhikara, R. S. and Folks, J. L. (1989). The Inverse Gaussian Distribution, chapter 2.
    Michael, J. R., Schucany, W. R. and Haas, R. W. (1976). Generating random variates using transformations with
    multiple roots. The American Statistician 30(2).
    """

    mu: float
    shape: float

    names: ClassVar[tuple[str, ...]] = ("mu", "shape")
    domains: ClassVar[dict[str, Domain]] = {"mu": AMOUNT, "shape": AMOUNT}

    @classmethod
    def from_mean_cv(cls, mean: float, cv: float) -> InverseGaussian:
        """Return the law with a mean > 0 and a coefficient of variation > 0: shape mean / cv^2.

        Parameters
        ----------
        mean : float
            E[X] [unit of the loss].
        cv : float
            Standard deviation over mean [unitless].
        """
        mean, cv = mean_and_cv(mean, cv)
        return cls(mean, mean / cv**2)

    @drawn
    def rvs(self, size: int | tuple[int, ...], rng: np.random.Generator) -> Floats:
        """Return random losses of shape ``size``."""
        half = self.mu * rng.standard_normal(size) ** 2 / (2 * self.shape)
        # The smaller root as a quotient: the textbook difference loses its digits where the law is dispersed.
        small = self.mu / (1 + half + np.sqrt(half * (2 + half)))
        larger = rng.random(size) * (self.mu + small) > self.mu
        return np.where(larger, self.mu**2 / small, small)

    @staticmethod
    def _cdf(x: Floats, theta: Theta) -> Floats:
        a, b = _scaled(x, theta)
        # Both terms are >= 0: F needs no difference.
        value = (erfc(-a) + np.exp(-a * a) * erfcx(b)) / 2
        return np.asarray(np.where(x > 0, value, 0.0))[()]

    @staticmethod
    def _sf(x: Floats, theta: Theta) -> Floats:
        value = _sides(np.where(x > 0, x, 1.0), theta)[1]
        return np.asarray(np.where(x > 0, value, 1.0))[()]

    @staticmethod
    def _logpdf(x: Floats, theta: Theta) -> Floats:
        mu, lam = theta
        value = (np.log(lam / (2 * math.pi)) - 3 * np.log(x)) / 2 - lam * (x - mu) ** 2 / (2 * mu**2 * x)
        return np.asarray(np.where(x > 0, value, -np.inf))[()]

    @staticmethod
    def _logsf(x: Floats, theta: Theta) -> Floats:
        a, b = np.broadcast_arrays(*_scaled(np.where(x > 0, x, 1.0), theta))
        value = np.asarray(np.log(InverseGaussian._sf(x, theta)))
        if (far := np.broadcast_to(a > _FAR, value.shape)).any():
            at, width = a[far], b[far] - a[far]
            value[far] = np.log(_scaled_difference(at, b[far], width) / 2) - at * at
        return value[()]

    @staticmethod
    def _ppf(p: Floats, theta: Theta) -> Floats:
        return _quantile(p, theta, upper=p > 0.5, complement=False)

    @staticmethod
    def _isf(q: Floats, theta: Theta) -> Floats:
        return _quantile(q, theta, upper=q <= 0.5, complement=True)

    @staticmethod
    def _limited(limit: Floats, theta: Theta, power: int) -> Floats:
        mu, shape = theta
        return limited_inverse_gaussian(limit, mu, shape, power=power)


def _quantile(p: Floats, theta: Theta, upper: NDArray[np.bool_], complement: bool) -> Floats:
    """Return where F = p, or S = p for ``complement``, by the smaller of both probabilities."""
    given, mu, lam = np.broadcast_arrays(p, *theta)
    below, above = (1 - given, given) if complement else (given, 1 - given)
    answer = np.where(below > 0, np.inf, 0.0)
    inner = (below > 0) & (above > 0)
    means, shapes, lower, higher = mu[inner], lam[inner], below[inner], above[inner]
    by_survival = np.broadcast_to(upper, given.shape)[inner]

    def gap(x: Floats, at: NDArray[np.intp]) -> tuple[Floats, Floats]:
        some = (means[at], shapes[at])
        pdf = InverseGaussian.pdf_of(x, some)
        high = gap_above(InverseGaussian.sf_of(x, some), pdf, x, higher[at])
        low = gap_below(InverseGaussian.cdf_of(x, some), pdf, x, lower[at])
        survival = by_survival[at]
        return np.where(survival, high[0], low[0]), np.where(survival, high[1], low[1])

    answer[inner] = inverted(gap, *bracket(gap, means))
    return answer[()]
