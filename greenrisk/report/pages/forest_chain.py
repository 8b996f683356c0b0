# SPDX-License-Identifier: Apache-2.0
"""How a forest premium was computed: the steps with their numbers, and the parameters that each rests on."""

from __future__ import annotations

import re

import xarray as xr

from greenrisk.report.pages.forest_tables import CardLines
from greenrisk.report.wording import CHARGED_DIGITS, quantity

BEHIND = {"risk_load": "cost_of_capital"} | {
    name: name for name in ("expenses", "commission", "tax", "profit")
}
"""Row of the premium -> the parameter that it rests on."""


SHORT = 40
"""Longest meaning of a parameter that stands in a link [letters]."""


def premium_cards(cards: list[CardLines]) -> dict[str, str]:
    """Return row of the premium -> anchor of the parameter that it rests on."""
    anchors = {
        line.anchor.removeprefix(f"card-{c.name}-"): f"#{line.anchor}" for c in cards for line in c.parameters
    }
    return {row: anchors[name] for row, name in BEHIND.items() if name in anchors}


def chain_steps(chain: xr.Dataset, cards: list[CardLines]) -> list[dict[str, object]]:
    """Return the steps of the calculation, each with its number and the parameters behind it."""
    lines = {
        line.anchor.removeprefix(f"card-{card.name}-"): line for card in cards for line in card.parameters
    }
    steps = []
    for i in range(chain.sizes["step"]):
        label, unit = str(chain["label"].values[i]), str(chain["unit"].values[i])
        rests = [name for name in str(chain["rests_on"].values[i]).split() if name in lines]
        digits = CHARGED_DIGITS if label == "Gross premium" else 3
        steps.append(
            {
                "label": label,
                "value": quantity(float(chain["value"].values[i]), unit, digits),
                "note": str(chain["note"].values[i]),
                "rests": [
                    {
                        "href": f"#{lines[name].anchor}",
                        "text": _words(name, lines[name].meaning),
                        "status": lines[name].status,
                    }
                    for name in rests
                ],
                "added": bool(chain["added"].values[i]),
            }
        )
    return steps


def _words(name: str, meaning: str) -> str:
    """Return what a parameter means where that is short enough for a link, else its name in plain letters."""
    said = re.split(r"[.;(]", meaning)[0].strip()
    return said[:1].lower() + said[1:] if 0 < len(said) <= SHORT else name.replace("_", " ")


def chain_title(chain: xr.Dataset) -> str:
    """Return the first and the last number of the chain as a sentence."""
    label, unit = [str(v) for v in chain["label"].values], [str(v) for v in chain["unit"].values]
    value = chain["value"].values.astype(float)
    return (
        f"From {quantity(value[0], '')} {label[0][:1].lower()}{label[0][1:]} to a premium of "
        f"{quantity(value[-1], unit[-1], CHARGED_DIGITS)}"
    )
