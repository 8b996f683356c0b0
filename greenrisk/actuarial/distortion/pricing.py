# SPDX-License-Identifier: Apache-2.0
"""Prices under a distortion, of the whole loss or of a layer of it.

A loss is a sample (with weights, if need be), an ``AggregateLoss``, or a law of one loss. The risk load is the price
less the mean; expenses and other loadings are put on it in :mod:`greenrisk.actuarial.premium.gross`. Distortions that
meet a given price are found in :mod:`greenrisk.actuarial.distortion.calibration`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from numpy.typing import ArrayLike

from greenrisk.actuarial.arguments import number
from greenrisk.actuarial.distortion.curve import Curve, Loss, SampleCurve, curve_of
from greenrisk.actuarial.distortion.functions import Distortion
from greenrisk.actuarial.kinds import instance
from greenrisk.actuarial.printing import error, figure, percent
from greenrisk.core.errors import ArgumentError, Fault

DISTORTION = "A distortion with its parameter was expected, e.g. Wang(0.25); the loss comes before it."


@dataclass(frozen=True)
class Priced:
    """A price under a distortion, with its errors; amounts in the currency of the loss.

    Parameters
    ----------
    value : float
        The price: mean and risk load [currency].
    mean : float
        The expected loss [currency].
    numerical_error : float
        Bound or estimate of the error of the calculation [currency]; 0 for a sample.
    standard_error : float
        Simulation error of the price [currency]; 0 for a law. Infinite where the distortion weighs the greatest
        possible loss and only a sample says what it is.
    greatest : float
        The greatest possible loss [currency]; inf where there is none.
    """

    value: float
    mean: float
    numerical_error: float
    standard_error: float
    greatest: float

    def __float__(self) -> float:
        """Return the price, without its errors."""
        return float(self.value)

    def __repr__(self) -> str:
        """One line: price with its error, mean, risk load, loss ratio."""
        ratio = f", loss ratio {percent(self.loss_ratio)}" if self.value else ""
        told = f"Priced({figure(self.value)} ± {error(self.error)}; mean {figure(self.mean)}, "
        return f"{told}risk load {figure(self.risk_load)}{ratio})"

    @property
    def error(self) -> float:
        """Both errors, added in squares [currency]."""
        return math.hypot(self.numerical_error, self.standard_error)

    @property
    def risk_load(self) -> float:
        """Price less mean [currency]."""
        return self.value - self.mean

    @property
    def loss_ratio(self) -> float:
        """Implied loss ratio, mean over price [unitless].

        Raises
        ------
        ArgumentError
            If the price is 0.
        """
        if self.value == 0.0:
            raise ArgumentError(Fault("loss", "price = 0", "A loss ratio needs a loss that can happen."))
        return self.mean / self.value

    def implied_return(self, assets: float | None = None) -> float:
        """Return risk load over capital, (price - mean) / (assets - price) [1/year].

        Parameters
        ----------
        assets : float, optional
            What stands behind the loss, premium included [currency], > price; the greatest possible loss unless given.

        Raises
        ------
        ArgumentError
            If the loss has no limit and no assets are given, or the assets do not exceed the price.
        """
        behind = assets_behind(assets, self.greatest)
        if not behind > self.value:
            what = f"assets = {behind:g}, price = {self.value:g}"
            raise ArgumentError(Fault("assets", what, "They must exceed the price: the rest is the capital."))
        return self.risk_load / (behind - self.value)


def price(
    loss: Loss,
    distortion: Distortion,
    *,
    weights: ArrayLike | None = None,
    greatest: float | None = None,
) -> Priced:
    """Return the price of a loss, the integral of g(S(x)).

    Parameters
    ----------
    loss : array, shape (year,), or Sample, AggregateLoss or Severity
        Outcomes [currency], or a law.
    distortion : Distortion
        g.
    weights : array, shape (year,), optional
        Likelihood ratios or probabilities of the outcomes of a sample [unitless], >= 0; only their ratios count.
    greatest : float, optional
        Of a sample: the greatest possible loss [currency], where it is known; else the greatest outcome.

    Raises
    ------
    ArgumentError
        If the price is infinite: the mean is, or the distortion is too strong for the tail, or it puts weight on the
        greatest possible loss and there is none. A layer or a cap of the loss has a price.

    Notes
    -----
    A sample is priced as its own law, sum over the ordered outcomes of x (g(S before) - g(S after)), with the standard
    error from the influence of each outcome. With an infinite g'(0) (proportional hazard, Wang) the price of a sample
    is too low at first order in the weight of the tail beyond it, by more the heavier the tail.

    References
    ----------
    Wang, S. S. (1996), Premium calculation by transforming the layer premium density, ASTIN Bulletin 26, 71-92.
    """
    instance("distortion", distortion, Distortion, DISTORTION)
    curve = curve_of(loss, weights)
    low = -math.inf if isinstance(curve, SampleCurve) else 0.0
    return _priced(curve, distortion, low, math.inf, greatest)


def price_layer(
    loss: Loss,
    distortion: Distortion,
    limit: float,
    attachment: float = 0.0,
    *,
    weights: ArrayLike | None = None,
    greatest: float | None = None,
) -> Priced:
    """Return the price of the layer ``min(max(loss - attachment, 0), limit)``.

    Parameters
    ----------
    loss : array, shape (year,), or Sample, AggregateLoss or Severity
        Outcomes [currency], or a law, before the layer.
    distortion : Distortion
        g.
    limit : float
        Width of the layer [currency], > 0; may be infinite.
    attachment : float
        Where it begins [currency], >= 0.
    weights : array, shape (year,), optional
        As for :func:`price`.
    greatest : float, optional
        As for :func:`price`: of the loss before the layer.

    Raises
    ------
    ArgumentError
        As for :func:`price`, and for a layer without width.

    Notes
    -----
    The integral of g(S(x)) from the attachment to attachment + limit: prices of adjoining layers add up to the price
    of both.
    """
    instance("distortion", distortion, Distortion, DISTORTION)
    number("limit", limit, above=0.0, infinite=True)
    number("attachment", attachment, least=0.0)
    return _priced(curve_of(loss, weights), distortion, attachment, attachment + limit, greatest)


def assets_behind(assets: float | None, greatest: float) -> float:
    """Return the assets behind a loss: those given, or else its greatest possible amount.

    Parameters
    ----------
    assets : float, optional
        [currency], > 0.
    greatest : float
        The greatest possible loss [currency]; inf where there is none.

    Raises
    ------
    ArgumentError
        If none are given and the loss has no limit.
    """
    if assets is not None:
        return number("assets", assets, above=0.0)
    if math.isinf(greatest):
        raise ArgumentError(
            Fault("assets", "not given", "The loss has no limit: say what stands behind it, or cap the loss.")
        )
    return greatest


def _priced(
    curve: Curve,
    distortion: Distortion,
    low: float,
    high: float,
    greatest: float | None,
) -> Priced:
    known = curve.greatest
    if greatest is not None:
        if not isinstance(curve, SampleCurve):
            raise ArgumentError(Fault("greatest", "given beside a law", "A law knows its greatest loss."))
        known = number("greatest", greatest, least=curve.greatest)
    start = low if math.isfinite(low) else 0.0
    most = max(min(known, high) - start, 0.0)
    mean = curve.mean(low, high)
    found = curve.integral(distortion, low, high)
    if distortion.jump > 0.0 and math.isinf(most):
        found = found._replace(value=math.inf)
    if not (math.isfinite(found.value) and math.isfinite(mean)):
        raise ArgumentError(
            Fault(
                "loss",
                f"mean {mean:.10g}, price infinite",
                "The distortion weighs the tail too heavily for a loss without limit: price a layer of it "
                "(price_layer) or cap the loss.",
            )
        )
    if not isinstance(curve, SampleCurve):
        return Priced(found.value, mean, found.error, 0.0, most)
    # what lies between the greatest outcome and the greatest possible loss carries the jump alone
    value = found.value + distortion.jump * (min(known, high) - min(curve.greatest, high))
    blind = distortion.jump > 0.0 and greatest is None and curve.greatest < high
    return Priced(value, mean, 0.0, math.inf if blind else curve.standard_error(distortion, low, high), most)
