# SPDX-License-Identifier: Apache-2.0
"""How a forest premium was computed: the steps with their numbers, and the parameters that each rests on."""

from __future__ import annotations

import re
from collections.abc import Mapping

import xarray as xr

from greenrisk.report.pages.forest_tables import CardLines, ParameterLine
from greenrisk.report.wording import CHARGED_DIGITS, as_printed, lower_first, quantity
from greenrisk.resource.vocabulary import PERIL_WORDS

BEHIND = {"risk_load": "cost_of_capital"} | {
    name: name for name in ("expenses", "commission", "tax", "profit")
}
"""Row of the premium -> the parameter that it rests on."""


PREMIUM_FOR = "Pure premium for {}"
"""Label of the step that adds a peril."""

SHORT = 40
"""Longest meaning of a parameter that stands in a link [letters]."""


def premium_cards(cards: list[CardLines]) -> dict[str, str]:
    """Return row of the premium -> anchor of the parameter that it rests on."""
    anchors = {
        line.anchor.removeprefix(f"card-{c.name}-"): f"#{line.anchor}" for c in cards for line in c.parameters
    }
    return {row: anchors[name] for row, name in BEHIND.items() if name in anchors}


def _behind(names: list[str], cards: list[CardLines]) -> list[ParameterLine]:
    """Return the parameters that a step names, each from the card that the step most likely means.

    Two cards may have a parameter of the same name. Meant is the one with more of the names of the step; of two with as
    many, the one of which they are a larger part.
    """
    held = [
        {line.anchor.removeprefix(f"card-{card.name}-"): line for line in card.parameters} for card in cards
    ]
    shared = [sum(name in lines for name in names) for lines in held]
    found = []
    for name in names:
        having = [i for i, lines in enumerate(held) if name in lines]
        if having:
            best = max(having, key=lambda i: (shared[i], shared[i] / len(held[i])))
            found.append(held[best][name])
    return found


def chain_steps(
    chain: xr.Dataset, cards: list[CardLines], by_peril: Mapping[str, list[CardLines]] | None = None
) -> list[dict[str, object]]:
    """Return the steps of the calculation, each with its number and the parameters behind it.

    Parameters
    ----------
    chain : xarray.Dataset
        The group ``/chain``.
    cards : list of CardLines
        The cards of the run.
    by_peril : mapping of str to list of CardLines, optional
        Cards of each peril: the step of a peril's premium rests on the card of that peril as a whole.
    """
    perils = {
        PREMIUM_FOR.format(PERIL_WORDS[kind]): own
        for kind, own in (by_peril or {}).items()
        if kind != "wildfire" and kind in PERIL_WORDS
    }
    steps = []
    for i in range(chain.sizes["step"]):
        label, unit = str(chain["label"].values[i]), str(chain["unit"].values[i])
        rests = _behind(str(chain["rests_on"].values[i]).split(), cards)
        whole = [
            {"href": f"#card-{card.name}", "text": card.name, "status": card.usual_status}
            for card in perils.get(label, [])
        ]
        digits = CHARGED_DIGITS if label == "Gross premium" else 3
        steps.append(
            {
                "label": label,
                "value": quantity(float(chain["value"].values[i]), unit, digits),
                "note": as_printed(str(chain["note"].values[i])),
                "rests": whole
                + [
                    {
                        "href": f"#{line.anchor}",
                        "text": _words(line.anchor.rpartition("-")[2], line.meaning),
                        "status": line.status,
                    }
                    for line in rests
                ],
                "added": bool(chain["added"].values[i]),
            }
        )
    return steps


def _words(name: str, meaning: str) -> str:
    """Return what a parameter means where that is short enough for a link, else its name in plain letters."""
    said = re.split(r"[.;(]", meaning)[0].strip()
    return lower_first(said) if 0 < len(said) <= SHORT else name.replace("_", " ")


def chain_title(chain: xr.Dataset) -> str:
    """Return the chain as a sentence: the perils' payments, or with one peril the first number, and the last."""
    label, unit = [str(v) for v in chain["label"].values], [str(v) for v in chain["unit"].values]
    value = chain["value"].values.astype(float)
    paid = [v for v, name in zip(value, label, strict=True) if name.startswith(PREMIUM_FOR.format(""))]
    if len(paid) > 1:
        return (
            f"Expected payments for {len(paid)} perils, {quantity(sum(paid), unit[-1])}, become a premium of "
            f"{quantity(value[-1], unit[-1], CHARGED_DIGITS)}"
        )
    return (
        f"From {quantity(value[0], '')} {label[0][:1].lower()}{label[0][1:]} to a premium of "
        f"{quantity(value[-1], unit[-1], CHARGED_DIGITS)}"
    )
