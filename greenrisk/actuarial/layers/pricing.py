# SPDX-License-Identifier: Apache-2.0
"""Expected losses and pure premiums of layers, without simulation, from the law of number and size of losses.

Only the pure premium is found here; risk loads and expenses are put on it in :mod:`greenrisk.actuarial.premium.gross`.
What layers pay of simulated events is in :mod:`greenrisk.actuarial.layers.layer`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from greenrisk.actuarial.aggregate.compound import CompoundDistribution, Portfolio
from greenrisk.actuarial.aggregate.loss import AggregateLoss
from greenrisk.actuarial.aggregate.results import Numerical
from greenrisk.actuarial.arguments import every
from greenrisk.actuarial.kinds import instance
from greenrisk.actuarial.layers.layer import Layer
from greenrisk.actuarial.layers.tower import Tower
from greenrisk.core.errors import ArgumentError, Fault

_LAYER = "A Layer was expected: Layer(limit, attachment)."
_LOSS = (
    "The CompoundDistribution or Portfolio itself was expected: a computed law no longer knows single events, of it "
    "use .layer(limit, attachment) for the year's sum, or reinstatement_premium."
)
_ORDERS = (5, 10, 20, 40)
"""Nodes of the rules over the time of the year, until two agree."""


@dataclass(frozen=True)
class LayerPrice:
    """The pure premium of a layer, with its numerical error.

    Parameters
    ----------
    layer : Layer
        The layer.
    expected_loss : Numerical
        Expected payment of the placed share in a year [currency/year].
    expected_reinstatement : Numerical
        Expected reinstatement premium of a year as a share of the premium at inception [unitless].
    """

    layer: Layer
    expected_loss: Numerical
    expected_reinstatement: Numerical

    @property
    def premium(self) -> Numerical:
        """Pure premium at inception of the placed share [currency/year].

        With the reinstatement premiums expected on top of it, it is the expected loss.
        """
        whole = 1.0 + self.expected_reinstatement.value
        value = self.expected_loss.value / whole
        return Numerical(
            value, (self.expected_loss.error + value * self.expected_reinstatement.error) / whole
        )

    @property
    def rate_on_line(self) -> float:
        """Premium at inception over the limit, both of the placed share [unitless]; 0 for an unlimited layer."""
        return self.premium.value / (self.layer.share * self.layer.limit)

    def __repr__(self) -> str:
        """Return the terms of the layer and a table of its price."""
        from greenrisk.actuarial.layers.wording import price_lines

        return price_lines(self)


def layered(loss: CompoundDistribution | Portfolio, layer: Layer) -> Portfolio:
    """Return the law of the event payments of the whole layer, before its annual terms and its share.

    Parameters
    ----------
    loss : CompoundDistribution or Portfolio
        Number and size of the events.
    layer : Layer
        Its limit and attachment are applied to the exact law of each event.
    """
    every(
        lambda: instance("loss", loss, CompoundDistribution | Portfolio, _LOSS),
        lambda: instance("layer", layer, Layer, _LAYER),
    )
    return Portfolio(
        tuple(
            CompoundDistribution(part.frequency, part.severity.layer(layer.limit, layer.attachment))
            for part in loss.parts
        )
    )


def expected_layer_loss(
    loss: CompoundDistribution | Portfolio, layer: Layer, rtol: float = 1e-6
) -> Numerical:
    """Return the expected payment of the placed share of a layer in a year, and its numerical error.

    Parameters
    ----------
    loss : CompoundDistribution or Portfolio
        Number and size of the events.
    layer : Layer
        Its event terms, annual terms and share.
    rtol : float
        Relative accuracy of the aggregate law where annual terms need one [unitless].

    Returns
    -------
    Numerical
        [currency/year]; without annual terms exact, E[N] (E[min(X, top)] - E[min(X, attachment)]).

    Raises
    ------
    ArgumentError
        If it is infinite.
    """
    payments = layered(loss, layer)
    if not layer.has_annual_terms:
        found = Numerical(payments.mean(), 0.0)
    else:
        found = _year(payments.aggregate(rtol), layer, 0.0, layer.capacity)
    return _placed(found, layer)


def reinstatement_premium(payments: AggregateLoss, layer: Layer) -> LayerPrice:
    """Return the pure premium of a layer whose reinstatements are paid pro rata amount.

    Parameters
    ----------
    payments : AggregateLoss
        Law of the year's sum S of the event payments of the whole layer, before annual terms and share.
    layer : Layer
        With the annual terms, the reinstatements (none: the expected loss) and the share.

    Raises
    ------
    ArgumentError
        If the reinstatements are pro rata time, which the law of the year's sum does not know, or the expected loss is
        infinite.

    Notes
    -----
    With R = min(max(S - D, 0), C), D the annual attachment and C the capacity of the year, of n reinstatements of the
    limit L at the rates c_k::

        P = E[R] / (1 + sum_k c_k E[min(max(R - (k - 1) L, 0), L)] / L)

    References
    ----------
    Sundt, B. (1991), On excess of loss reinsurance with reinstatements, Bulletin of the Swiss Association of
    Actuaries, 51-66 (one reinstatement; any number by the same algebra).
    """
    every(
        lambda: instance("payments", payments, AggregateLoss, "Make it by layered(loss, layer).aggregate()."),
        lambda: instance("layer", layer, Layer, _LAYER),
    )
    if layer.reinstatements is not None and layer.reinstatements.pro_rata_time:
        raise ArgumentError(
            Fault(
                "layer",
                "reinstatements pro rata time",
                "The law of the year's sum does not know when losses happen: use layer_price with the compound law.",
            )
        )
    expected = _year(payments, layer, 0.0, layer.capacity)
    return LayerPrice(layer, _placed(expected, layer), _reinstated(payments, layer))


def layer_price(loss: CompoundDistribution | Portfolio, layer: Layer, rtol: float = 1e-6) -> LayerPrice:
    """Return the pure premium of a layer from the law of number and size of the events.

    Parameters
    ----------
    loss : CompoundDistribution or Portfolio
        Number and size of the events.
    layer : Layer
        Event terms, annual terms, reinstatements and share.
    rtol : float
        Relative accuracy of the aggregate laws [unitless].

    Raises
    ------
    ArgumentError
        If the expected loss is infinite.

    Notes
    -----
    Pro rata time: an event at the time t pays its reinstatement times 1 - t. By parts, the expected share due is the
    integral over t in (0, 1) of E[G(R_t)], G the share pro rata amount and R_t what has been paid by t. With the times
    of the events independent and uniform over the year, the number by t is the yearly number thinned by t, whatever its
    law; so each R_t has an aggregate law of its own. Integrated by Gauss-Legendre rules of rising order.
    """
    payments = layered(loss, layer)
    if layer.reinstatements is None:
        return LayerPrice(layer, expected_layer_loss(loss, layer, rtol), Numerical(0.0, 0.0))
    year = payments.aggregate(rtol)
    expected = _placed(_year(year, layer, 0.0, layer.capacity), layer)
    if not layer.reinstatements.pro_rata_time:
        return LayerPrice(layer, expected, _reinstated(year, layer))
    return LayerPrice(layer, expected, _reinstated_over_time(payments, layer, rtol))


def tower_prices(
    loss: CompoundDistribution | Portfolio, tower: Tower, rtol: float = 1e-6
) -> tuple[LayerPrice, ...]:
    """Return the pure premium of each layer of a tower, from the bottom up.

    Parameters
    ----------
    loss : CompoundDistribution or Portfolio
        Number and size of the events.
    tower : Tower
        The layers.
    rtol : float
        Relative accuracy of the aggregate laws [unitless].
    """
    instance("tower", tower, Tower, "A Tower of layers was expected; of one layer use layer_price.")
    return tuple(layer_price(loss, layer, rtol) for layer in tower.layers)


def _year(payments: AggregateLoss, layer: Layer, start: float, stop: float) -> Numerical:
    """Return the expected part of the year's payments of the whole layer between two amounts."""
    if start >= stop:
        return Numerical(0.0, 0.0)
    return payments.layer(stop - start, layer.annual_attachment + start).mean_with_error()


def _placed(whole: Numerical, layer: Layer) -> Numerical:
    if not math.isfinite(whole.value):
        raise ArgumentError(
            Fault(
                "layer",
                f"limit = {layer.limit:g}, annual_limit = {layer.annual_limit:g}",
                "The expected loss is infinite: give the layer a limit, or cap the severity with `.layer(limit)`.",
                "unit of the loss",
            )
        )
    return Numerical(layer.share * whole.value, layer.share * whole.error)


def _reinstated(payments: AggregateLoss, layer: Layer) -> Numerical:
    """Return the expected reinstatement premium, pro rata amount, as a share of the premium."""
    value = error = 0.0
    rates = layer.reinstatements.rates if layer.reinstatements is not None else ()
    for k, rate in enumerate(rates):
        band = _year(payments, layer, k * layer.limit, min((k + 1) * layer.limit, layer.capacity))
        value += rate * band.value / layer.limit
        error += rate * band.error / layer.limit
    return Numerical(value, error)


def _reinstated_over_time(payments: Portfolio, layer: Layer, rtol: float) -> Numerical:
    last = Numerical(math.inf, 0.0)
    for order in _ORDERS:
        nodes, weights = np.polynomial.legendre.leggauss(order)
        found = [_reinstated(_until(payments, t).aggregate(rtol), layer) for t in (1.0 + nodes) / 2.0]
        value, error = np.einsum("t,tf->f", weights / 2.0, np.array(found))
        change = abs(float(value) - last.value)
        last = Numerical(float(value), float(error) + change)
        if change <= rtol * abs(last.value):
            break
    return last


def _until(payments: Portfolio, time: float) -> Portfolio:
    """Return the law of the losses up to a time of the year."""
    return Portfolio(
        tuple(CompoundDistribution(part.frequency.thin(time), part.severity) for part in payments.parts)
    )
