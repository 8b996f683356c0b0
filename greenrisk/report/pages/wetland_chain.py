# SPDX-License-Identifier: Apache-2.0
"""How the premium of a wetland study came about: perils, damage, cost, terms, index, loadings."""

from __future__ import annotations

import numpy as np
import xarray as xr

from greenrisk.report.pages.forest_tables import CardLines
from greenrisk.report.pages.index_chain import LOADINGS, resting
from greenrisk.report.pages.index_words import numbers
from greenrisk.report.pages.wetland_site_sections import alone
from greenrisk.report.pages.zone_words import group
from greenrisk.report.reading import Metrics
from greenrisk.report.wording import CHARGED_DIGITS, money, significant

PERILS = tuple(f"wetland.{kind}" for kind in ("low_water", "flood", "heat", "spill", "invasive", "storm"))
COSTS = ("wetland.restoration", "wetland.interim", "wetland.water_source")
SMALL = ("wetland.old_trees", "wetland.wildlife", "wetland.managers", "wetland.prevention")
"""Uses of the cards that a step rests on."""


def chain_steps(tree: xr.DataTree, metrics: Metrics, cards: list[CardLines]) -> list[dict[str, object]]:
    """Return the steps of the calculation, each with the number that leaves it and the cards behind it.

    Parameters
    ----------
    tree : xarray.DataTree
        Result of the wetland study.
    metrics : Metrics
        Its headline figures.
    cards : list of CardLines
        The cards of the run.
    """
    found: list[dict[str, object]] = []

    def add(label: str, value: str, note: str, uses: tuple[str, ...] = (), added: bool = False) -> None:
        rests = resting(tree, cards, uses) if uses else []
        found.append({"label": label, "value": value, "note": note, "rests": rests, "added": added})

    perils, premium = group(tree, "perils"), group(tree, "premium")
    if perils is not None:
        data = alone(perils)
        hits = float(np.nansum(numbers(data, "hits")))
        events = float(np.nansum(numbers(data, "events")))
        value = (
            f"{significant(hits)} hits of sites a year"
            if hits > 0
            else f"{significant(events)} events a year"
        )
        add("Events of the perils, and which sites they reach", value, "Judged cards, peril by peril", PERILS)
    loss = metrics.find("average_annual_loss", layer="ground_up")
    if loss is not None:
        add(
            "What a hit costs: restoration, services lost meanwhile, water",
            f"{money(loss.value)} a year",
            "Degree of damage times unit cost and time of recovery; mean of the simulated years before the terms",
            COSTS,
        )
    paid = metrics.find("average_annual_loss", layer="gross")
    if paid is not None:
        add(
            "Deductible, limits of site, event and year",
            f"{money(paid.value)} a year",
            "What the cover of the sites pays",
        )
    if premium is not None and "amount" in premium and premium.sizes.get("segment", 0) > 1:
        pure = premium["amount"].sel(row="pure_premium").values.astype(float)
        names = premium["segment"].values.astype(str).tolist()
        for name, label, note, uses in (
            ("index", "The index cover", "Its own law, fitted on the record", ("wetland.index_link",)),
        ):
            if name in names:
                add(label, f"{money(float(pure[names.index(name)]))} a year", note, uses, True)
        small = [i for i, name in enumerate(names) if i and name not in ("sites", "index")]
        if small:
            add(
                "Small covers",
                f"{money(float(pure[small].sum()))} a year",
                "Number and size of claims from presets",
                SMALL,
                True,
            )
    add(
        "Cost of capital, expenses, commission, levies and profit",
        f"{money(metrics['gross_premium'].value, CHARGED_DIGITS)} a year",
        f"On a pure premium of {money(metrics['pure_premium'].value)} a year",
        LOADINGS,
    )
    return found


def chain_title(metrics: Metrics) -> str:
    """Return the chain as a sentence."""
    gross = money(metrics["gross_premium"].value, CHARGED_DIGITS)
    loss = metrics.find("average_annual_loss", layer="ground_up")
    if loss is None:
        return f"From perils to a premium of {gross}"
    return f"From damage of {money(loss.value)} a year to a premium of {gross}"
