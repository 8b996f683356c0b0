# SPDX-License-Identifier: Apache-2.0
"""A judged level of losses, updated by the aggregate losses of own years: greatest accuracy credibility.

Claim numbers with a gamma belief are in :mod:`greenrisk.actuarial.credibility.prior`; here losses come as sums, with a
process variance that somebody else knows, and the belief is lognormal.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import gammaincinv, ndtri

from greenrisk.actuarial.arguments import every, keep, number, probability, within
from greenrisk.actuarial.credibility.prior import GammaPoisson


@dataclass(frozen=True)
class LognormalLevel:
    """What is believed of the level of losses, relative to what a model expects.

    Parameters
    ----------
    median : float
        > 0 [unitless].
    log_sd : float
        Standard deviation of the logarithm, >= 0 [unitless].
    """

    median: float
    log_sd: float

    def __post_init__(self) -> None:
        """Refuse a median that is not > 0 and a negative standard deviation."""
        keep(
            self,
            median=within(above=0.0, unit="unitless"),
            log_sd=within(least=0.0, unit="unitless"),
        )

    @classmethod
    def from_mean_cv(cls, mean: float, cv: float) -> LognormalLevel:
        """Return the belief of a mean and a coefficient of variation.

        Parameters
        ----------
        mean : float
            > 0 [unitless].
        cv : float
            >= 0 [unitless].
        """
        every(
            lambda: number("mean", mean, above=0.0, unit="unitless"),
            lambda: number("cv", cv, least=0.0, unit="unitless"),
        )
        return cls(mean / math.sqrt(1.0 + cv * cv), math.sqrt(math.log1p(cv * cv)))

    @property
    def mean(self) -> float:
        """Expected level [unitless]."""
        return self.median * math.exp(self.log_sd**2 / 2.0)

    @property
    def cv(self) -> float:
        """Coefficient of variation of the level [unitless]."""
        return math.sqrt(math.expm1(self.log_sd**2))

    def quantile(self, level: float) -> float:
        """Return a quantile of the level.

        Parameters
        ----------
        level : float
            In (0, 1).
        """
        return self.median * math.exp(self.log_sd * float(ndtri(probability("level", level))))

    def credibility(self, expected: float, variance: float) -> float:
        """Return what own losses weigh against the belief [unitless].

        Parameters
        ----------
        expected : float
            Losses that the model expects at level 1, > 0 [currency].
        variance : float
            Their variance at level 1, > 0 [currency^2].
        """
        worth = _worth(expected, variance)
        return _as_claims(self).credibility(worth) if self.log_sd > 0.0 else 0.0

    def update(self, actual: float, expected: float, variance: float) -> LevelUpdate:
        """Return the belief after own losses were seen.

        Parameters
        ----------
        actual : float
            Sum of the own losses, >= 0 [currency].
        expected : float
            What the model expects for it at level 1, > 0 [currency].
        variance : float
            Variance of that sum at level 1, > 0 [currency^2].

        Raises
        ------
        ArgumentError
            If an argument is out of its domain.

        Notes
        -----
        Given the level t, losses have mean t E and variance t V, as a sum whose number of events grows with t. On the
        linear scale the best linear estimate of t is then Z A / E + (1 - Z) m with

            Z = k / (k + m V / E^2),

        m and k mean and variance of the belief: the credibility premium of Buhlmann, knowledge variance over knowledge
        and expected process variance. The range follows from the law for which that estimate is exact: with
        phi = V / E, A / phi counts as a number of claims, Poisson of mean t E / phi, and t as gamma of the belief's two
        moments; the posterior has mean Z A / E + (1 - Z) m and squared coefficient of variation
        1 / (m^2 / k + A / phi), and its expected variance is (1 - Z) k, as for every best linear estimate. It is told
        as the lognormal law of these moments, so that without experience the belief stays as it was.

        The linear scale is taken, and not the logarithm, because most perils cost nothing in many years. Against the
        integral over a lognormal belief and compound Poisson losses (the tests) the mean is within 15 % from half to
        twice the expected losses where three events are expected, within 5 % where forty are. Where several events were
        expected and none was seen, a wide belief (5 to 95 % over a factor of 15) comes out too low, by a quarter at
        three events.

        References
        ----------
        Buhlmann, H. and Gisler, A. (2005), A Course in Credibility Theory and its Applications, Springer (chapters 2
        and 3).
        Klugman, S. A., Panjer, H. H. and Willmot, G. E. (2012), Loss Models, 4th ed. (greatest accuracy credibility).
        """
        paid = number("actual", actual, least=0.0, unit="currency")
        worth = _worth(expected, variance)
        claims = paid / (variance / expected)
        if self.log_sd == 0.0:
            return LevelUpdate(self, self, 0.0, paid / expected, claims, worth)
        belief = _as_claims(self)
        after = belief.update(claims, worth)
        posterior = LognormalLevel.from_mean_cv(after.mean, after.cv)
        return LevelUpdate(self, posterior, belief.credibility(worth), paid / expected, claims, worth)


@dataclass(frozen=True)
class LevelUpdate:
    """A level before and after own losses.

    Parameters
    ----------
    prior, posterior : LognormalLevel
        The belief before and after.
    credibility : float
        Z, the weight of the own losses, in [0, 1) [unitless].
    ratio : float
        Actual over expected losses [unitless].
    claims : float
        Independent claims that the own losses are worth, A E / V.
    exposure : float
        Claims expected at level 1, E^2 / V.
    """

    prior: LognormalLevel
    posterior: LognormalLevel
    credibility: float
    ratio: float
    claims: float
    exposure: float

    def ratio_interval(self, held: float = 0.9) -> tuple[float, float]:
        """Return the levels that the own losses alone leave open, the belief aside [unitless].

        Parameters
        ----------
        held : float
            Probability, in (0, 1) [unitless].

        Notes
        -----
        The exact interval of a Poisson mean (Garwood 1936), carried over to numbers of claims that are not whole: from
        0 where there were no losses.
        """
        beyond = (1.0 - probability("held", held)) / 2.0
        low = float(gammaincinv(self.claims, beyond)) if self.claims > 0.0 else 0.0
        high = float(gammaincinv(self.claims + 1.0, 1.0 - beyond))
        return low / self.exposure, high / self.exposure


def _as_claims(level: LognormalLevel) -> GammaPoisson:
    """Return the gamma belief of the same mean and variance."""
    return GammaPoisson.from_mean_cv(level.mean, level.cv)


def _worth(expected: float, variance: float) -> float:
    """Return the claims that the expected losses are worth, E^2 / V."""
    every(
        lambda: number("expected", expected, above=0.0, unit="currency"),
        lambda: number("variance", variance, above=0.0, unit="currency^2"),
    )
    return expected**2 / variance


def persistent_years(years: int, correlation: float) -> float:
    """Return the factor on the variance of a mean of years that depend on the years before them.

    Parameters
    ----------
    years : int
        How many consecutive years, >= 1.
    correlation : float
        Correlation of a year with the next; r^j for years j apart, in [0, 1) [unitless].

    Notes
    -----
    1 + 2 sum_{j < n} (1 - j / n) r^j, which runs to (1 + r) / (1 - r).
    """
    every(
        lambda: number("years", years, least=1.0, unit="year"),
        lambda: number("correlation", correlation, least=0.0, below=1.0, unit="unitless"),
    )
    apart = np.arange(1, years)
    return float(1.0 + 2.0 * ((1.0 - apart / years) * correlation**apart).sum())
