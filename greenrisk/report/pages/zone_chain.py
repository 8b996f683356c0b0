# SPDX-License-Identifier: Apache-2.0
"""How a zone's numbers came about: from the sources of frequency to the premium, with the numbers between the steps."""

from __future__ import annotations

from collections.abc import Iterable

import xarray as xr

from greenrisk.report.pages.forest_tables import CardLines
from greenrisk.report.pages.zone_words import group
from greenrisk.report.reading import Metrics
from greenrisk.report.wording import CHARGED_DIGITS, money, significant


def chain_steps(tree: xr.DataTree, metrics: Metrics, cards: list[CardLines]) -> list[dict[str, object]]:
    """Return the steps of the calculation, each with the number that leaves it and the cards behind it.

    Parameters
    ----------
    tree : xarray.DataTree
        Result of the zone study.
    metrics : Metrics
        Its headline figures.
    cards : list of CardLines
        The cards of the run.
    """
    about = group(tree, "cards")
    uses = (
        dict(zip(about["name"].values.astype(str), about["use"].values.astype(str), strict=True))
        if about is not None
        else {}
    )
    frequency = group(tree, "frequency")
    found: list[dict[str, object]] = []

    def add(label: str, value: str, note: str, use: Iterable[str]) -> None:
        wanted = set(use)
        rests = [
            {"href": f"#card-{card.name}", "text": card.name, "status": card.usual_status}
            for card in cards
            if uses.get(card.name) in wanted
        ]
        found.append({"label": label, "value": value, "note": note, "rests": rests, "added": False})

    if frequency is not None:
        add(
            "Accidents of like plants elsewhere",
            _rate(float(frequency["pooled"].sum())),
            "Judged rates by activity, leaks of equipment and US reports by industry and chemical, weighed by how sure "
            "each is",
            ["zone.accidents"],
        )
        add(
            "Carried over to China, with each plant's grade, prevention and credit",
            _rate(float(frequency["prior"].sum())),
            "One factor of transfer for all; rating factors plant by plant",
            ["zone.transfer", "zone.rating_factors"],
        )
        add(
            "The plants' own years",
            _rate(float(frequency["expected_accidents"].sum())),
            f"{float(frequency['accidents'].sum()):.0f} accidents in {float(frequency['years'].sum()):,.0f} "
            "plant-years, weighed in by credibility",
            [],
        )
    accidents = metrics["expected_accidents"].value
    add("Accidents on the road", _rate(accidents), "Loaded kilometres of each plant's vehicles", [])
    ground_up = metrics.find("average_annual_loss", layer="ground_up")
    if ground_up is not None:
        each = ground_up.value / accidents if accidents > 0 else float("nan")
        add(
            "What an accident costs, head by head",
            f"{money(ground_up.value)} a year",
            f"{money(each)} an accident, in closed form: rates times expected cost of each head under its cap",
            [
                "zone.severity",
                "zone.severity_bodily",
                "zone.severity_legal",
                "zone.transfer",
                "zone.common_shock",
            ],
        )
    add(
        "What the policies pay of it",
        f"{money(metrics['pure_premium'].value)} a year",
        "Mean of the simulated years. Deductible, sublimits, limits of person, accident and year, exclusions, "
        "claims-made; plants without a policy",
        ["zone.claims"],
    )
    add(
        "Cost of capital, expenses, commission, levies and profit",
        f"{money(metrics['gross_premium'].value, CHARGED_DIGITS)} a year",
        "The technical premium of all policies",
        ["premium.loadings"],
    )
    return found


def chain_title(metrics: Metrics) -> str:
    """Return the chain as a sentence."""
    return (
        f"From {significant(metrics['expected_accidents'].value)} accidents a year to a technical premium of "
        f"{money(metrics['gross_premium'].value, CHARGED_DIGITS)}"
    )


def _rate(value: float) -> str:
    return f"{significant(value)} accidents a year"
