# SPDX-License-Identifier: Apache-2.0
"""How layers, towers and prices of layers print."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from greenrisk.actuarial.printing import counted, error, figure, percent, table

if TYPE_CHECKING:
    from greenrisk.actuarial.layers.layer import Layer, Reinstatements
    from greenrisk.actuarial.layers.pricing import LayerPrice
    from greenrisk.actuarial.layers.tower import Tower


def layer_in_words(layer: Layer) -> str:
    """Return the terms of a layer in one line.

    Parameters
    ----------
    layer : Layer
        The layer.
    """
    words = [f"{_amount(layer.limit)} xs {figure(layer.attachment)}"]
    if layer.share != 1.0:
        words.append(f"{percent(layer.share)} placed")
    if layer.annual_attachment > 0.0:
        words.append(f"annual attachment {figure(layer.annual_attachment)}")
    if math.isfinite(layer.annual_limit):
        words.append(f"annual limit {figure(layer.annual_limit)}")
    if layer.reinstatements is not None:
        words.append(_reinstatements(layer.reinstatements))
    return ", ".join(words)


def price_lines(price: LayerPrice) -> str:
    """Return expected loss, reinstatement premium, pure premium and rate on line, with their numerical errors.

    Parameters
    ----------
    price : LayerPrice
        The price.
    """
    layer, premium = price.layer, price.premium
    rate, whole = price.rate_on_line, layer.share * layer.limit
    rows = [
        ("expected loss a year", figure(price.expected_loss.value), error(price.expected_loss.error)),
        (
            "reinstatement over premium",
            percent(price.expected_reinstatement.value),
            percent_error(price.expected_reinstatement.error),
        ),
        ("premium at inception", figure(premium.value), error(premium.error)),
        ("rate on line", percent(rate), percent_error(premium.error / whole)),
    ]
    return "\n".join(
        [
            f"LayerPrice of {layer_in_words(layer)}",
            table(("of the placed share", "", "± error"), rows),
        ]
    )


def tower_table(tower: Tower) -> str:
    """Return a row a layer, from the bottom up.

    Parameters
    ----------
    tower : Tower
        The layers.
    """
    heads = ("layer", "limit", "attachment", "share", "annual limit", "annual attachment", "reinstatements")
    rows = [
        (
            str(k),
            _amount(layer.limit),
            figure(layer.attachment),
            percent(layer.share),
            _amount(layer.annual_limit),
            figure(layer.annual_attachment),
            "none" if layer.reinstatements is None else _reinstatements(layer.reinstatements),
        )
        for k, layer in enumerate(tower.layers)
    ]
    gaps = ", gaps allowed" if tower.allow_gaps else ""
    top = _amount(tower.top - tower.attachment)
    first = f"Tower of {counted(len(rows), 'layer')}, {top} xs {figure(tower.attachment)}{gaps}"
    return f"{first}\n{table(heads, rows)}"


def percent_error(value: float) -> str:
    """Return the error of a share in percent, with two digits.

    Parameters
    ----------
    value : float
        >= 0 [unitless].
    """
    return f"{error(100.0 * value)}%"


def _amount(value: float) -> str:
    return "unlimited" if math.isinf(value) else figure(value)


def _reinstatements(found: Reinstatements) -> str:
    rates = sorted(set(found.rates))
    at = percent(rates[0]) if len(rates) == 1 else f"{percent(rates[0])} to {percent(rates[-1])}"
    return f"{counted(found.count, 'reinstatement')} at {at}"
