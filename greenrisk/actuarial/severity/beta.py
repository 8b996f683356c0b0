# SPDX-License-Identifier: Apache-2.0
"""Beta laws times a greatest loss."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, betaincc, betaincinv, betaln, hyp2f1, xlog1py, xlogy

from greenrisk.actuarial.arguments import number
from greenrisk.actuarial.kinds import drawn
from greenrisk.actuarial.severity import limited_values
from greenrisk.actuarial.severity.family import AMOUNT, POSITIVE, Domain, Family, Theta, mean_and_cv
from greenrisk.actuarial.severity.quantiles import gap_below, inverted
from greenrisk.core.errors import ArgumentError, Fault, Faults

Floats = NDArray[np.float64]

_SMALLEST = float(np.finfo(np.float64).tiny)


@dataclass(frozen=True)
class Beta(Family):
    """``scale`` times a beta law on [0, 1]: a loss ratio, a damage degree.

    Parameters
    ----------
    a, b : float
        > 0; the mean is scale a / (a + b) [unitless].
    scale : float
        The greatest loss, > 0 [unit of the loss].
    """

    a: float
    b: float
    scale: float = 1.0

    names: ClassVar[tuple[str, ...]] = ("a", "b", "scale")
    domains: ClassVar[dict[str, Domain]] = {"a": POSITIVE, "b": POSITIVE, "scale": AMOUNT}

    @classmethod
    def from_mean_cv(cls, mean: float, cv: float, scale: float = 1.0) -> Beta:
        """Return the law on [0, scale] with a mean and a coefficient of variation.

        Parameters
        ----------
        mean : float
            E[X], in (0, scale) [unit of the loss].
        cv : float
            Standard deviation over mean, with cv^2 < scale / mean - 1 [unitless].
        scale : float
            The greatest loss, > 0 [unit of the loss].
        """
        faults = Faults()
        try:
            mean, cv = mean_and_cv(mean, cv)
        except ArgumentError as error:
            faults.extend(error.faults)
        try:
            scale = number("scale", scale, above=0.0, unit="unit of the loss")
        except ArgumentError as error:
            faults.extend(error.faults)
        faults.raise_if_any(ArgumentError)
        if mean >= scale:
            raise ArgumentError(
                Fault(
                    "mean", f"mean = {mean:g}", f"It must be below the scale, {scale:g}.", "unit of the loss"
                )
            )
        part = mean / scale
        together = (1 - part) / (part * cv**2) - 1
        if together <= 0:
            most = math.sqrt((1 - part) / part)
            raise ArgumentError(
                Fault(
                    "cv",
                    f"cv = {cv:g}",
                    f"A loss in [0, {scale:g}] with mean {mean:g} has a coefficient of variation below {most:.6g}.",
                    "unitless",
                )
            )
        return cls(part * together, (1 - part) * together, scale)

    @drawn
    def rvs(self, size: int | tuple[int, ...], rng: np.random.Generator) -> Floats:
        """Return random losses of shape ``size``."""
        return self.scale * rng.beta(self.a, self.b, size)

    @staticmethod
    def _z(x: Floats, theta: Theta) -> Floats:
        return np.minimum(x / theta[2], 1.0)

    @staticmethod
    def _cdf(x: Floats, theta: Theta) -> Floats:
        return np.asarray(betainc(theta[0], theta[1], Beta._z(x, theta)), dtype=np.float64)[()]

    @staticmethod
    def _sf(x: Floats, theta: Theta) -> Floats:
        return np.asarray(betaincc(theta[0], theta[1], Beta._z(x, theta)), dtype=np.float64)[()]

    @staticmethod
    def _logpdf(x: Floats, theta: Theta) -> Floats:
        a, b, scale = theta
        z = Beta._z(x, theta)
        value = xlogy(a - 1, z) + xlog1py(b - 1, -z) - betaln(a, b) - np.log(scale)
        return np.asarray(np.where(x > scale, -np.inf, value))[()]

    @staticmethod
    def _logsf(x: Floats, theta: Theta) -> Floats:
        a, b, z = np.broadcast_arrays(theta[0], theta[1], Beta._z(x, theta))
        survival = betaincc(a, b, z)
        value = np.asarray(np.log(survival))
        if (far := (survival < 1e-290) & (z < 1)).any():
            a, b, z = a[far], b[far], z[far]
            series = np.log(hyp2f1(a + b, 1.0, b + 1, 1 - z))
            value[far] = a * np.log(z) + b * np.log1p(-z) - np.log(b) - betaln(a, b) + series
        return value[()]

    @staticmethod
    def _ppf(p: Floats, theta: Theta) -> Floats:
        return np.asarray(theta[2] * _inverse(theta[0], theta[1], p))[()]

    @staticmethod
    def _isf(q: Floats, theta: Theta) -> Floats:
        # The distance from the greatest loss is what keeps its digits.
        return np.asarray(theta[2] * (1 - _inverse(theta[1], theta[0], q)))[()]

    @staticmethod
    def _limited(limit: Floats, theta: Theta, power: int) -> Floats:
        a, b, scale = theta
        return limited_values.beta(limit, a, b, scale, power=power)


def _inverse(a: Floats, b: Floats, p: Floats) -> Floats:
    """Return z with I_z(a, b) = p, also for the smallest p, where scipy answers NaN."""
    a, b, p = np.broadcast_arrays(a, b, p)
    z = np.array(betaincinv(a, b, p), dtype=np.float64)
    if (lost := np.isnan(z)).any():
        shapes, wanted = (a[lost], b[lost], np.ones(np.count_nonzero(lost))), p[lost]

        def gap(x: Floats, at: NDArray[np.intp]) -> tuple[Floats, Floats]:
            theta = tuple(each[at] for each in shapes)
            return gap_below(Beta.cdf_of(x, theta), Beta.pdf_of(x, theta), x, wanted[at])

        z[lost] = inverted(gap, np.full(wanted.size, _SMALLEST), np.ones(wanted.size))
    return z
