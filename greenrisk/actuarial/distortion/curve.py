# SPDX-License-Identifier: Apache-2.0
"""Integrals of a distorted probability of exceedance: over a sample, a grid of an aggregate loss, a law of one loss.

Each curve answers the same two questions over any slice of the loss: the mean in it, and the integral of g(S(x)) with
its numerical error. Prices, their wording and their calibration are in :mod:`greenrisk.actuarial.distortion.pricing`.
"""

from __future__ import annotations

import math
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greenrisk.actuarial.aggregate.compound import CompoundDistribution, Portfolio
from greenrisk.actuarial.aggregate.loss import AggregateLoss
from greenrisk.actuarial.aggregate.results import Numerical
from greenrisk.actuarial.distortion.functions import Distortion
from greenrisk.actuarial.distortion.grid_curve import GridCurve
from greenrisk.actuarial.distortion.integral import panels, tail_integral
from greenrisk.actuarial.reading import quoted
from greenrisk.actuarial.samples import Losses, sample
from greenrisk.actuarial.severity.law import Severity
from greenrisk.core.errors import ArgumentError, Fault

Floats = NDArray[np.float64]


class Curve(Protocol):
    """What a price asks of a loss."""

    greatest: float
    """The greatest possible loss; inf where there is none."""

    def mean(self, low: float, high: float) -> float:
        """Return the expected loss between ``low`` and ``high``."""

    def integral(self, distortion: Distortion, low: float, high: float) -> Numerical:
        """Return the integral of g(S(x)) from ``low`` to ``high``; inf where it diverges."""


class SampleCurve:
    """The law of a sample.

    Parameters
    ----------
    losses : array, shape (year,), or Sample
        Outcomes [currency]; a negative one is a gain.
    weights : array, shape (year,), optional
        Likelihood ratios or probabilities [unitless], >= 0; only their ratios count.
    """

    def __init__(self, losses: Losses, weights: ArrayLike | None = None) -> None:
        self.sample = sample(losses, weights)
        self.greatest = float(self.sample.worst_first[0])

    def mean(self, low: float, high: float) -> float:
        """Return the expected loss between ``low`` and ``high``."""
        return self.sample.mean(np.clip(self.sample.values, low, high)) - _finite(low)

    def integral(self, distortion: Distortion, low: float, high: float) -> Numerical:
        """Return the sum over the steps; exact for the sample's own law."""
        worst = np.clip(self.sample.worst_first, low, high)
        steps = float(np.einsum("k,k->", distortion.g(self.sample.tail[:-1]), -np.diff(worst)))
        return Numerical(float(worst[-1]) - _finite(low) + steps, 0.0)

    def standard_error(self, distortion: Distortion, low: float, high: float) -> float:
        """Return the standard error of the integral, inf for a single outcome.

        Notes
        -----
        The derivative of the integral of g(S) in the direction of one more outcome at x is the integral of g'(S) up to
        x.

        References
        ----------
        Jones, B. L. and Zitikis, R. (2003), Empirical estimation of risk measures and related quantities, North
        American Actuarial Journal 7(4), 44-54.
        """
        if self.sample.years < 2:
            return math.inf
        worst = np.clip(self.sample.worst_first, low, high)
        slope = distortion.derivative(self.sample.tail[:-1])
        moved = np.append(np.cumsum((slope * -np.diff(worst))[::-1])[::-1], 0.0)
        return self.sample.standard_error(moved)


class LawCurve:
    """The law of a loss with a survival function in closed form.

    Parameters
    ----------
    law : Severity
        Any law of one loss.
    """

    def __init__(self, law: Severity) -> None:
        self._law = law
        least, self.greatest = law.support()
        half = 0.5 ** np.arange(1.0, 41.0)
        quantiles = law.ppf(np.concatenate([half[::-1], 1.0 - half]))
        self._breaks = np.unique(np.concatenate([[0.0, least], quantiles, law.atoms().points]))
        if math.isfinite(self.greatest):
            rest = self.greatest - self._breaks[-1]
            self._breaks = np.unique(
                np.concatenate([self._breaks, self.greatest - rest * half, [self.greatest]])
            )

    def mean(self, low: float, high: float) -> float:
        """Return the expected loss between ``low`` and ``high``."""
        ends = self._law.limited_expected_value(np.array([low, high]))
        return float(ends[1] - ends[0])

    def integral(self, distortion: Distortion, low: float, high: float) -> Numerical:
        """Return the integral by Gauss-Legendre rules between quantiles, atoms and kinks."""
        kinks = self._law.ppf(1.0 - np.asarray(distortion.kinks)) if distortion.kinks else np.empty(0)
        top = float(self._breaks[-1])
        inner = np.concatenate([self._breaks, kinks])
        ends = np.unique(np.clip(np.append(inner[inner <= top], [low, min(high, top)]), low, high))
        body = panels(lambda x: distortion.g(np.clip(self._law.sf(x), 0.0, 1.0)), ends)
        if high <= top or math.isfinite(self.greatest):
            return body
        tail = tail_integral(distortion, self._law.sf, max(top, low), high)
        return Numerical(body.value + tail.value, body.error + tail.error)


Loss: TypeAlias = Losses | AggregateLoss | Severity
"""What can be priced."""


def curve_of(loss: Loss, weights: ArrayLike | None = None) -> Curve:
    """Return the curve of a sample or of a law.

    Parameters
    ----------
    loss : array, shape (year,), or Sample, AggregateLoss or Severity
        Outcomes [currency], or a law.
    weights : array, shape (year,), optional
        Likelihood ratios or probabilities of the outcomes of a sample [unitless].

    Raises
    ------
    ArgumentError
        If weights are given beside a law.
    """
    if isinstance(loss, Severity | AggregateLoss):
        if weights is not None:
            raise ArgumentError(Fault("weights", "given beside a law", "Only a sample has weights."))
        return LawCurve(loss) if isinstance(loss, Severity) else GridCurve(loss)
    if isinstance(loss, CompoundDistribution | Portfolio):
        mend = "Compute the law of its year first, and price that: .aggregate()."
        raise ArgumentError(Fault("loss", f"loss = {quoted(loss)}", mend))
    return SampleCurve(sample(loss, weights, "loss"))


def _finite(low: float) -> float:
    return low if math.isfinite(low) else 0.0
