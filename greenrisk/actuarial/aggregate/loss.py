# SPDX-License-Identifier: Apache-2.0
"""The law of a year's aggregate loss, with the numerical error of every figure read off it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greenrisk.actuarial.aggregate.annual import AnnualLaw, doubt
from greenrisk.actuarial.aggregate.grid import Terms
from greenrisk.actuarial.aggregate.results import (
    Bounds,
    Moments,
    Numerical,
    NumericalError,
    Quantile,
    Validation,
)
from greenrisk.actuarial.arguments import number, numbers, probability
from greenrisk.actuarial.kinds import instance
from greenrisk.actuarial.severity.law import Atoms
from greenrisk.core.errors import ArgumentError, Fault

if TYPE_CHECKING:
    import xarray as xr

    from greenrisk.actuarial.aggregate.compound import CompoundDistribution

Floats = NDArray[np.float64]

_CLOSE = 128.0
"""Atoms that are drawn together are no further apart than the length of the grid over this."""


@dataclass(frozen=True, repr=False)
class AggregateLoss:
    """The law of the loss T of a year, after annual attachment and limit.

    Made by ``aggregate`` of a :class:`~greenrisk.actuarial.aggregate.compound.CompoundDistribution` or a
    :class:`~greenrisk.actuarial.aggregate.compound.Portfolio`, by ``+`` or by :meth:`layer`. Amounts are in the unit of
    the losses, whatever it is; functions of an amount take arrays of any shape.

    Parameters
    ----------
    fine : AnnualLaw
        The law that is read.
    coarse : AnnualLaw or None
        The law on the grid of twice the step, from which errors are estimated; None where every loss lies on a node.
    error : NumericalError
        What is known of the error.
    compounds : tuple of CompoundDistribution
        The independent compounds below.
    terms : Terms
        What was asked of :func:`~greenrisk.actuarial.aggregate.grid.build`.
    summands : tuple of AggregateLoss
        The two laws of which this is the sum, where it was made by ``+``; else empty.
    exact : Moments or None
        Exact moments of T; None where annual terms leave none.
    before_terms : Moments or None
        Exact moments of the sum S before annual terms.
    """

    fine: AnnualLaw
    coarse: AnnualLaw | None
    error: NumericalError
    compounds: tuple[CompoundDistribution, ...]
    terms: Terms
    summands: tuple[AggregateLoss, ...] = ()
    exact: Moments | None = None
    before_terms: Moments | None = None

    @property
    def step(self) -> float:
        """Distance of the nodes ``values``."""
        return float(self.values[1])

    @property
    def annual_limit(self) -> float:
        """Most that is paid for a year; inf: no limit."""
        return self.fine.limit

    @property
    def annual_attachment(self) -> float:
        """What the year's sum must exceed."""
        return self.fine.attachment

    @cached_property
    def values(self) -> Floats:
        """Nodes 0, step, 2 step, ... to the annual limit or the top of the grid, shape (node,)."""
        return self.fine.nodes()

    @cached_property
    def probabilities(self) -> Floats:
        """Weights of the nodes that keep mass and mean in every cell, atoms included, shape (node,) [unitless].

        They sum to one less what lies beyond the top of the grid.
        """
        return self.fine.weights()

    @cached_property
    def grid(self) -> Moments:
        """Moments off the grid; what lies beyond its top counts as at the top."""
        return self.fine.moments()

    def cdf(self, x: ArrayLike) -> Floats:
        """Return P(T <= x)."""
        return self.fine.cdf(numbers("x", x, infinite=True))

    def sf(self, x: ArrayLike) -> Floats:
        """Return P(T > x)."""
        return 1.0 - self.cdf(x)

    def mean(self) -> float:
        """Return E[T]; exact where no annual limit is set; inf where it does not exist."""
        return self.fine.mean() if self.exact is None else self.exact.mean

    def mean_with_error(self) -> Numerical:
        """Return E[T] and its numerical error: none where the mean is exact."""
        value = self.mean()
        if self.exact is not None:
            return Numerical(value, 0.0)
        change = 0.0 if self.coarse is None else abs(value - self.coarse.mean())
        moved = self.error.smoothing
        return Numerical(value, change + moved + self.fine.uncertainty(self.error.probability))

    def var(self) -> float:
        """Return the variance of T: exact where it is known, else off the grid; inf where it does not exist."""
        moments = self.grid if self.exact is None else self.exact
        return moments.standard_deviation**2

    def value_at_risk(self, level: float) -> Quantile:
        """Return inf{x : P(T <= x) >= level}, its error, and whether the level falls into the jump of an atom.

        Parameters
        ----------
        level : float
            Probability [unitless], in (0, 1).

        Raises
        ------
        ArgumentError
            If the level is outside (0, 1) or beyond the grid.
        """
        p = self._level(level)
        slack = self.error.probability
        value, kind = self.fine.quantile(p, slack)
        # A level moved by the error of F moves the quantile: nothing inside a jump, much where the law is flat.
        shift = slack + self.error.blur + doubt(self.fine, self.coarse, value)[0]
        near = [self.fine.quantile(min(max(p + d, 0.0), 1.0), slack)[0] for d in (-shift, shift)]
        if self.coarse is not None:
            near.append(self.coarse.quantile(p, slack)[0])
        error = max(abs(other - value) for other in near) + self.error.smoothing
        return Quantile(value, error, kind)

    def quantile(self, level: ArrayLike) -> Floats:
        """Return the values at risk of many levels, without their errors.

        Parameters
        ----------
        level : array
            Probabilities [unitless], in (0, 1), any shape.
        """
        levels = numbers("level", level, above=0.0, below=1.0, unit="unitless")
        flat = [self.fine.quantile(self._level(float(p)), self.error.probability)[0] for p in levels.ravel()]
        return np.array(flat).reshape(levels.shape)

    def tail_value_at_risk(self, level: float) -> Numerical:
        """Return VaR + E[(T - VaR)+] / (1 - level), coherent at atoms, and its numerical error.

        Parameters
        ----------
        level : float
            Probability [unitless], in (0, 1).

        Raises
        ------
        ArgumentError
            If the level is outside (0, 1) or beyond the grid, or the mean is infinite.

        Notes
        -----
        E[(T - VaR)+] = E[T] - E[min(T, VaR)] with the exact mean, so that nothing beyond the grid is lost. Not the
        conditional mean E[T | T > VaR], which is not coherent where the law has atoms.

        References
        ----------
        Rockafellar, R. T. and Uryasev, S. (2002), Conditional value-at-risk for general loss distributions, J.
        Banking & Finance 26, 1443-1471.
        """
        p = self._level(level)
        self._finite_mean("a tail value at risk")
        slack = self.error.probability
        at = self.fine.quantile(p, slack)[0]
        if at == 0.0 and p + slack <= float(self.cdf(0.0)):
            # The tail holds all there is of the loss: only the mean can be wrong.
            mean = self.mean_with_error()
            return Numerical(mean.value / (1.0 - p), mean.error / (1.0 - p))
        value = self.fine.tail_value_at_risk(p, at)
        # TVaR is the least of x + E[(T - x)+] / (1 - p), so an error of VaR does not count to first order.
        error = self.fine.uncertainty(slack) + doubt(self.fine, self.coarse, at)[1]
        error += self.fine.moved(at, self.error.smoothing) + self.error.blur * self.fine.law.top / _CLOSE
        return Numerical(value, error / (1.0 - p))

    def limited_expected_value(self, x: ArrayLike) -> Floats:
        """Return E[min(T, x)] for x >= 0."""
        return self.fine.limited_expected_value(numbers("x", x, least=0.0, infinite=True))

    def stop_loss_premium(self, retention: ArrayLike) -> Floats:
        """Return E[(T - retention)+] for retentions >= 0.

        Raises
        ------
        ArgumentError
            If a retention is negative or NaN, or the mean is infinite.
        """
        self._finite_mean("a stop-loss premium")
        below = self.limited_expected_value(numbers("retention", retention, least=0.0, infinite=True))
        return np.maximum(self.mean() - below, 0.0)

    def aggregate_exceedance(self, x: ArrayLike) -> Floats:
        """Return the probability that the year's sum exceeds x (AEP), P(T > x) [unitless]."""
        return self.sf(x)

    def occurrence_exceedance(self, x: ArrayLike) -> Floats:
        """Return the probability that the largest single loss of the year exceeds x (OEP) [unitless].

        Annual terms do not enter: they are of the sum.
        """
        points = numbers("x", x, least=0.0, infinite=True)
        none = np.ones(points.shape)
        for compound in self.compounds:
            none = none * (1.0 - compound.occurrence_exceedance(points))
        return 1.0 - none

    def atoms(self) -> Atoms:
        """Return the points with a probability of their own, ascending."""
        return self.fine.atoms()

    def cell_survival(self) -> tuple[Floats, Floats]:
        """Return the edges of the cells and the mean of P(T > x) over each, for integrals over the loss.

        Returns
        -------
        edges : array, shape (cell + 1,)
            ``values``.
        survival : array, shape (cell,)
            [unitless]; their sum times the step is E[min(T, edges[-1])].
        """
        return self.values, self.fine.cell_survival()

    def tail_survival(self, x: ArrayLike) -> Floats:
        """Return the estimate of P(T > x) at or above the last of ``values``: 0 at an annual limit.

        See :class:`~greenrisk.actuarial.aggregate.tail.Tail` for what it rests on.
        """
        points = np.maximum(numbers("x", x, infinite=True), self.values[-1])
        return self.sf(points)

    def bounds(self, level: float) -> Bounds:
        """Return a lower and an upper bound of the value at risk.

        Parameters
        ----------
        level : float
            Probability [unitless], in (0, 1).

        Notes
        -----
        Every loss is rounded down, or up, to the grid, and the sum made again: the quantiles of these two laws enclose
        the true one but for the rounding of the transform. They bound, they do not certify: their distance grows with
        the number of losses, far above the true error.
        """
        from greenrisk.actuarial.aggregate.bounds import value_at_risk_bounds

        return value_at_risk_bounds(self, self._level(level))

    def layer(self, limit: float = math.inf, attachment: float = 0.0) -> AggregateLoss:
        """Return the law of min(max(T - attachment, 0), limit), read off the same grid.

        Parameters
        ----------
        limit : float
            Most that is paid for the year, > 0; inf: no limit.
        attachment : float
            What the year must exceed, >= 0.
        """
        most = number("limit", limit, above=0.0, infinite=True)
        start = number("attachment", attachment, least=0.0)
        if start == 0.0 and most >= self.fine.limit:
            return self
        if start >= self.fine.limit:
            raise ArgumentError(
                Fault(
                    "attachment",
                    f"attachment = {start:,.12g}",
                    f"The year pays at most {self.fine.limit:,.12g}.",
                )
            )
        coarse = None if self.coarse is None else self.coarse.layer(most, start)
        return replace(self, fine=self.fine.layer(most, start), coarse=coarse, exact=None)

    def validate(self) -> Validation:
        """Return exact moments beside those of the grid, both before annual terms."""
        law, tail = self.fine.law, self.fine.tail
        grid = AnnualLaw(law, tail).moments()
        exact = self.before_terms
        if exact is None:
            exact = Moments(tail.mean, math.nan, math.nan)
        beyond = tail.excess_at_top / tail.mean if 0.0 < tail.mean < math.inf else 0.0
        return Validation(exact, grid, beyond)

    def __add__(self, other: AggregateLoss) -> AggregateLoss:
        """Return the law of the sum of two independent years' losses."""
        from greenrisk.actuarial.aggregate.convolution import convolve

        return convolve(self, instance("other", other, AggregateLoss))

    def to_xarray(self) -> xr.Dataset:
        """Return an ``xarray.Dataset`` along ``loss``: weights of the nodes, distribution function, E[min(T, x)]."""
        from greenrisk.actuarial.aggregate.dataset import dataset

        return dataset(self)

    def __repr__(self) -> str:
        """One block: the mean and the usual measures, each with its numerical error."""
        from greenrisk.actuarial.aggregate.wording import block

        return block(self)

    def _level(self, level: float) -> float:
        p = probability("level", level)
        if not self.fine.holds(p - self.error.probability):
            mend = "So near to 1 the rounding of the transform hides the law: ask for a level below 1 - 1e-9."
            raise ArgumentError(Fault("level", f"level = {p:.10g}", mend, "unitless"))
        return p

    def _finite_mean(self, needed_for: str) -> None:
        if not math.isfinite(self.mean()):
            mend = (
                f"The mean is infinite, {needed_for} does not exist: cap each loss with .layer(limit) on its "
                "severity, or the year with annual_limit or .layer(limit)."
            )
            raise ArgumentError(Fault("loss", "mean of the year = inf", mend))
