# SPDX-License-Identifier: Apache-2.0
"""A judged prior of a claim frequency, updated by own claims: gamma and Poisson."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.special import gammainc, gammaincinv

from greenrisk.actuarial.arguments import every, keep, number, probability, within
from greenrisk.actuarial.frequency.counts import NegativeBinomial
from greenrisk.core.errors import ArgumentError, Fault


@dataclass(frozen=True)
class GammaPoisson:
    """What is believed of a claim frequency: a gamma law, before or after own claims were seen.

    Parameters
    ----------
    shape : float
        alpha [unitless], > 0.
    rate : float
        beta [unit of exposure], > 0: the exposure that the belief is worth.

    Notes
    -----
    Given the frequency, claims are Poisson with mean frequency * exposure. The posterior mean is exactly the
    credibility premium Z * claims / exposure + (1 - Z) * prior mean with Z = exposure / (exposure + rate).

    References
    ----------
    Keffer, R. (1929), An experience rating formula, Transactions of the Actuarial Society of America 30, 130-139.
    Klugman, S. A., Panjer, H. H. and Willmot, G. E. (2012), Loss Models, 4th ed. (exact credibility).
    """

    shape: float
    rate: float

    def __post_init__(self) -> None:
        """Refuse a shape or rate that is not > 0."""
        keep(
            self,
            shape=within(above=0.0, unit="unitless"),
            rate=within(above=0.0, unit="unit of exposure"),
        )

    @classmethod
    def from_mean_cv(cls, mean: float, cv: float) -> GammaPoisson:
        """Return the prior of a mean and a coefficient of variation.

        Parameters
        ----------
        mean : float
            Expected frequency [claims per unit of exposure], > 0.
        cv : float
            How unsure it is [unitless], > 0.
        """
        every(
            lambda: number("mean", mean, above=0.0, unit="claims per unit of exposure"),
            lambda: number("cv", cv, above=0.0, unit="unitless"),
        )
        return cls(1.0 / cv**2, 1.0 / (cv**2 * mean))

    @classmethod
    def from_mean_interval(cls, mean: float, low: float, high: float, level: float = 0.9) -> GammaPoisson:
        """Return the prior of a mean that holds an interval with a given probability.

        Parameters
        ----------
        mean : float
            Expected frequency [claims per unit of exposure], > 0.
        low, high : float
            Ends of the interval, 0 <= low < mean < high, same unit.
        level : float
            Probability that the frequency lies in it [unitless], in (0, 1).

        Raises
        ------
        ArgumentError
            If the mean is not inside the interval, or the gamma law of no shape holds it with that probability.

        Notes
        -----
        By Brent's method in the logarithm of the shape. Where the low end is near 0, a law that runs to 0 may hold the
        interval with the same probability: of several shapes the greatest is taken, a law with a hump at the mean.
        """
        every(
            lambda: number("mean", mean, above=0.0, unit="claims per unit of exposure"),
            lambda: number("low", low, least=0.0, below=mean, unit="claims per unit of exposure"),
            lambda: number("high", high, above=mean, unit="claims per unit of exposure"),
            lambda: probability("level", level),
        )

        def missing(log_shape: float) -> float:
            shape = float(np.exp(log_shape))
            return float(gammainc(shape, shape * high / mean) - gammainc(shape, shape * low / mean)) - level

        places = np.linspace(np.log(1e-8), np.log(1e14), 500)
        short = np.flatnonzero([missing(x) < 0.0 for x in places])
        if short.size == 0 or short[-1] == places.size - 1:
            what = f"mean = {mean:g} in [{low:g}, {high:g}] with probability {level:g}"
            mend = "No gamma law has such an interval: narrow it, or raise the probability."
            raise ArgumentError(Fault("level", what, mend))
        first, last = places[short[-1]], places[short[-1] + 1]
        shape = float(np.exp(brentq(missing, first, last, xtol=1e-14)))
        return cls(shape, shape / mean)

    @property
    def mean(self) -> float:
        """Expected frequency [claims per unit of exposure]."""
        return self.shape / self.rate

    @property
    def cv(self) -> float:
        """Coefficient of variation of the frequency [unitless]."""
        return float(self.shape**-0.5)

    def interval(self, level: float = 0.9) -> tuple[float, float]:
        """Return the frequencies between which it lies, with equal chances beyond either end.

        Parameters
        ----------
        level : float
            Probability [unitless], in (0, 1).
        """
        p = probability("level", level)
        low, high = gammaincinv(self.shape, [(1.0 - p) / 2.0, (1.0 + p) / 2.0]) / self.rate
        return float(low), float(high)

    def credibility(self, exposure: float) -> float:
        """Return what own claims of an exposure weigh against the belief, exposure / (exposure + rate) [unitless].

        Parameters
        ----------
        exposure : float
            >= 0 [unit of exposure].
        """
        own = number("exposure", exposure, least=0.0, unit="unit of exposure")
        return own / (own + self.rate)

    def update(self, claims: float, exposure: float) -> GammaPoisson:
        """Return the belief after own claims were seen.

        Parameters
        ----------
        claims : float
            How many, >= 0 [claims].
        exposure : float
            In which exposure, >= 0; > 0 where there are claims [unit of exposure].

        Raises
        ------
        ArgumentError
            If either is negative, or claims stand without exposure.
        """
        every(
            lambda: number("claims", claims, least=0.0, unit="claims"),
            lambda: number("exposure", exposure, least=0.0, unit="unit of exposure"),
        )
        if claims > 0.0 and exposure == 0.0:
            raise ArgumentError(Fault("exposure", f"{claims:g} claims in no exposure", "It must be > 0."))
        return GammaPoisson(self.shape + claims, self.rate + exposure)

    def predictive(self, exposure: float) -> NegativeBinomial:
        """Return the law of the number of claims of an exposure, the frequency being unsure.

        Parameters
        ----------
        exposure : float
            > 0 [unit of exposure].
        """
        return NegativeBinomial(
            self.shape, number("exposure", exposure, above=0.0, unit="unit of exposure") / self.rate
        )
