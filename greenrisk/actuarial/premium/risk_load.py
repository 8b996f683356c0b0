# SPDX-License-Identifier: Apache-2.0
"""Risk loads: what the price of the total exceeds its mean by, and which segment carries how much of it.

Each load is computed on the total and then allocated, so that diversification between the segments counts once.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greenrisk.actuarial.aggregate.loss import AggregateLoss
from greenrisk.actuarial.aggregate.results import Numerical
from greenrisk.actuarial.allocation.methods import Parts, covariance_parts, natural_parts
from greenrisk.actuarial.allocation.ordered_years import OrderedYears, refuse_short
from greenrisk.actuarial.arguments import keep, numbers, one_of, within
from greenrisk.actuarial.distortion.functions import Distortion, TailValueAtRisk
from greenrisk.actuarial.distortion.pricing import price
from greenrisk.actuarial.kinds import instance
from greenrisk.core.errors import ArgumentError, Fault

Floats = NDArray[np.float64]

TAIL_LEVEL: Final = 0.995
"""Level of the tail value at risk behind the capital [unitless]."""


class RiskLoad(ABC):
    """A rule that gives the risk load of a loss. Frozen."""

    @abstractmethod
    def parts(self, years: OrderedYears) -> Parts:
        """Return the load that each segment carries, and what one year moves of it.

        Parameters
        ----------
        years : OrderedYears
            Losses by year and segment.
        """

    @abstractmethod
    def of_law(self, loss: AggregateLoss) -> Numerical:
        """Return the load of a computed law and its numerical error.

        Parameters
        ----------
        loss : AggregateLoss
            The law of the total.
        """

    def of_sample(self, losses: ArrayLike, weights: ArrayLike | None = None) -> float:
        """Return the load of a sample.

        Parameters
        ----------
        losses : array, shape (year,)
            Annual losses of the total [currency/year].
        weights : array, shape (year,), optional
            Likelihood ratios or probabilities of the years [unitless], >= 0; only their ratios count.

        Raises
        ------
        ArgumentError
            If the losses or weights are bad, or too few for the rule.
        """
        x = numbers("losses", losses, dimensions=1, fewest=1)
        return float(self.parts(OrderedYears(x[:, None], weights)).contribution[0])


@dataclass(frozen=True)
class StandardDeviationLoad(RiskLoad):
    """factor * sd(S), carried in proportion to the covariance with the total.

    Parameters
    ----------
    factor : float
        Load of a unit of standard deviation [unitless], >= 0.
    """

    factor: float

    def __post_init__(self) -> None:
        """Refuse a negative factor."""
        keep(self, factor=within(least=0.0, unit="unitless"))

    def parts(self, years: OrderedYears) -> Parts:
        """Return factor * Cov(X_i, S) / sd(S): the Euler contributions, which sum to the load of the total.

        Parameters
        ----------
        years : OrderedYears
            Losses by year and segment.
        """
        covariance = years.covariances()
        deviation = math.sqrt(max(math.fsum(covariance), 0.0))
        if deviation == 0.0:
            return Parts(np.zeros(years.segments), lambda i: np.zeros(years.years.years))

        def influence(i: int) -> Floats:
            of_variance = years.covariance_influence(years.years.values)
            moved = years.covariance_influence(years.column(i)) / deviation
            return np.asarray(self.factor * (moved - covariance[i] / (2.0 * deviation**3) * of_variance))

        return Parts(self.factor * covariance / deviation, influence)

    def of_law(self, loss: AggregateLoss) -> Numerical:
        """Return the load of a computed law and its numerical error.

        Parameters
        ----------
        loss : AggregateLoss
            The law of the total.
        """
        variance = _variance(loss)
        deviation = math.sqrt(variance.value)
        error = variance.error / (2.0 * deviation) if deviation > 0.0 else 0.0
        return Numerical(self.factor * deviation, self.factor * error)


@dataclass(frozen=True)
class VarianceLoad(RiskLoad):
    """factor * Var(S), carried in proportion to the covariance with the total.

    Parameters
    ----------
    factor : float
        Load of a unit of variance [1/currency], >= 0: it changes with the currency.
    """

    factor: float

    def __post_init__(self) -> None:
        """Refuse a negative factor."""
        keep(self, factor=within(least=0.0, unit="1/currency"))

    def parts(self, years: OrderedYears) -> Parts:
        """Return factor * Cov(X_i, S), which sum to the load of the total.

        Parameters
        ----------
        years : OrderedYears
            Losses by year and segment.
        """
        return Parts(
            self.factor * years.covariances(),
            lambda i: self.factor * years.covariance_influence(years.column(i)),
        )

    def of_law(self, loss: AggregateLoss) -> Numerical:
        """Return the load of a computed law and its numerical error.

        Parameters
        ----------
        loss : AggregateLoss
            The law of the total.
        """
        variance = _variance(loss)
        return Numerical(self.factor * variance.value, self.factor * variance.error)


@dataclass(frozen=True)
class DistortionLoad(RiskLoad):
    """The price under a distortion less the mean, carried by the natural allocation.

    Parameters
    ----------
    distortion : Distortion
        g.
    """

    distortion: Distortion

    def __post_init__(self) -> None:
        """Refuse what is no distortion."""
        keep(self, distortion=lambda name, given: instance(name, given, Distortion))

    def parts(self, years: OrderedYears) -> Parts:
        """Return E[X_i g'(S)] - E[X_i], which sum to the load of the total.

        Parameters
        ----------
        years : OrderedYears
            Losses by year and segment.
        """
        return _above_mean(years, natural_parts(years, self.distortion), 1.0)

    def of_law(self, loss: AggregateLoss) -> Numerical:
        """Return the load of a computed law and its numerical error.

        Parameters
        ----------
        loss : AggregateLoss
            The law of the total.
        """
        priced = price(loss, self.distortion)
        return Numerical(priced.risk_load, priced.numerical_error)


@dataclass(frozen=True)
class CapitalLoad(RiskLoad):
    """cost * (TVaR - mean): a yearly return on the capital between the mean and the tail.

    Parameters
    ----------
    cost : float
        Return asked on a unit of it [1/year], >= 0; 1 gives the capital itself.
    level : float
        Level of the tail value at risk [unitless], in (0, 1).
    method : {"co_tail", "covariance"}
        Which segment carries how much, see :func:`greenrisk.actuarial.allocation.methods.allocate`.

    Notes
    -----
    A choice, not a rule of C-ROSS or Solvency II: both take 99.5 % over one year as their standard (as a
    value at risk) and Solvency II charges a yearly cost on it; the tail value at risk is taken here because
    it adds up over segments and looks beyond the quantile. The mean is deducted, since the pure premium
    pays for it. Capital is that of the book alone; how much of it the insurer's other business saves is a
    judgement, made in the capital share of the loadings.
    """

    cost: float
    level: float = TAIL_LEVEL
    method: Literal["co_tail", "covariance"] = "co_tail"

    def __post_init__(self) -> None:
        """Refuse a negative cost, a level outside (0, 1) and an unknown method."""
        keep(
            self,
            cost=within(least=0.0, unit="1/year"),
            level=within(above=0.0, below=1.0, unit="unitless"),
            method=lambda name, given: one_of(name, given, ("co_tail", "covariance")),
        )

    def parts(self, years: OrderedYears) -> Parts:
        """Return cost * (contribution to the TVaR - mean), which sum to the load of the total.

        Parameters
        ----------
        years : OrderedYears
            Losses by year and segment.

        Raises
        ------
        ArgumentError
            If the sample is too short for the level: n * (1 - level) < 1.
        """
        tail = TailValueAtRisk(self.level)
        refuse_short(years, tail.kinks[0])
        split = natural_parts if self.method == "co_tail" else covariance_parts
        return _above_mean(years, split(years, tail), self.cost)

    def of_law(self, loss: AggregateLoss) -> Numerical:
        """Return the load of a computed law and its numerical error.

        Parameters
        ----------
        loss : AggregateLoss
            The law of the total.
        """
        tail, mean = loss.tail_value_at_risk(self.level), loss.mean_with_error()
        return Numerical(self.cost * (tail.value - mean.value), self.cost * (tail.error + mean.error))


def _above_mean(years: OrderedYears, parts: Parts, factor: float) -> Parts:
    return Parts(
        factor * (parts.contribution - years.means()),
        lambda i: factor * (parts.influence(i) - years.column(i)),
    )


def _variance(loss: AggregateLoss) -> Numerical:
    value = loss.var()
    if not math.isfinite(value):
        mend = "The loss has no finite variance: cap each loss or the year, or load by a distortion."
        raise ArgumentError(Fault("losses", "variance = inf", mend))
    if loss.exact is not None or loss.coarse is None:
        return Numerical(value, 0.0)
    other = loss.coarse.moments().standard_deviation ** 2
    return Numerical(value, abs(value - other) + loss.error.probability * value)
