# SPDX-License-Identifier: Apache-2.0
"""How the premium of an index cover came about: from the record to the premium, with the numbers between the steps."""

from __future__ import annotations

import numpy as np
import xarray as xr

from greenrisk.report.pages.forest_tables import CardLines
from greenrisk.report.pages.index_words import FAMILY_NAMES, TREATMENT_NAMES, numbers, spoken, told
from greenrisk.report.pages.zone_words import group
from greenrisk.report.reading import Metrics
from greenrisk.report.wording import CHARGED_DIGITS, listed, lower_first, money, percent

LOADINGS: tuple[str, ...] = ("premium.loadings",)
"""Use of the card that the last step rests on."""


def resting(tree: xr.DataTree, cards: list[CardLines], uses: tuple[str, ...]) -> list[dict[str, str]]:
    """Return links to the cards of some uses.

    Parameters
    ----------
    tree : xarray.DataTree
        The result; ``/cards`` says the use of each card.
    cards : list of CardLines
        The cards of the run.
    uses : tuple of str
        Uses, or how they begin.
    """
    about = group(tree, "cards")
    if about is None:
        return []
    use = dict(zip(about["name"].values.astype(str), about["use"].values.astype(str), strict=True))
    return [
        {"href": f"#card-{card.name}", "text": card.name, "status": card.usual_status}
        for card in cards
        if use.get(card.name, "").startswith(uses)
    ]


def chain_steps(tree: xr.DataTree, metrics: Metrics, cards: list[CardLines]) -> list[dict[str, object]]:
    """Return the steps of the calculation, each with the number that leaves it and the cards behind it.

    Parameters
    ----------
    tree : xarray.DataTree
        Result of the index study.
    metrics : Metrics
        Its headline figures.
    cards : list of CardLines
        The cards of the run.
    """
    found: list[dict[str, object]] = []

    def add(label: str, value: str, note: str, uses: tuple[str, ...] = ()) -> None:
        rests = resting(tree, cards, uses) if uses else []
        found.append({"label": label, "value": value, "note": note, "rests": rests, "added": False})

    record, families = group(tree, "record"), group(tree, "families")
    if record is not None:
        known = np.isfinite(numbers(record, "value"))
        year = record["year"].values.astype(int)
        kept = numbers(record, "kept") > 0
        names = sorted(set(spoken(record, "index")["index"].values.astype(str)))
        add(
            "The record",
            _years(np.unique(year[known]).size),
            f"{listed(names)} by year, {year[known].min()} to {year[known].max()}; guards and tests of steps and "
            "trends come first",
        )
        treatment = told(TREATMENT_NAMES, tree.attrs.get("treatment", "none"))
        broke = int(tree.attrs.get("break_year", -1))
        add(
            "What is done to it",
            f"{_years(np.unique(year[known & kept]).size)} as they would be now",
            f"{treatment}{f'; last year before the step: {broke}' if broke > 0 else ''}",
        )
    often = metrics.find("payment_frequency")
    if families is not None:
        chosen = families["family"].values.astype(str)[numbers(families, "chosen") > 0]
        law = listed(lower_first(told(FAMILY_NAMES, name)) for name in chosen)
        add(
            "A law of the yearly index",
            f"pays in {percent(often.value)} of years" if often is not None else law,
            f"Fitted on the treated record: {law}",
        )
    pure = metrics["pure_premium"]
    add(
        "The payout function and the terms of the year",
        f"{money(pure.value)} a year",
        "Mean payment of the simulated years",
    )
    add(
        "Cost of capital, expenses, commission, levies and profit",
        f"{money(metrics['gross_premium'].value, CHARGED_DIGITS)} a year",
        "The gross premium",
        LOADINGS,
    )
    return found


def _years(count: int) -> str:
    return f"{count} year{'' if count == 1 else 's'}"


def chain_title(tree: xr.DataTree, metrics: Metrics) -> str:
    """Return the chain as a sentence."""
    record = group(tree, "record")
    gross = money(metrics["gross_premium"].value, CHARGED_DIGITS)
    if record is None:
        return f"From the payout function to a premium of {gross}"
    known = np.unique(record["year"].values.astype(int)[np.isfinite(numbers(record, "value"))])
    return f"From {_years(known.size)} of record to a premium of {gross}"
