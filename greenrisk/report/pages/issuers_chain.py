# SPDX-License-Identifier: Apache-2.0
"""How the expected loss of the worst scenario came about: from statements to loss, with the numbers between."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from greenrisk.report.charts.issuer_look import chance, rate
from greenrisk.report.pages.forest_tables import CardLines
from greenrisk.report.pages.issuers_channel_section import summed
from greenrisk.report.pages.issuers_credit_sections import debt_of
from greenrisk.report.pages.issuers_lens_section import worst_scenario
from greenrisk.report.pages.issuers_path_sections import CARBON, price_of
from greenrisk.report.pages.issuers_view import View
from greenrisk.report.wording import percent

CHANNEL_CARDS = (
    "issuer.carbon_channel",
    "issuer.environment_tax",
    "issuer.emission_right",
    "issuer.energy_prices",
    "issuer.capital_expenditure",
    "issuer.shutdown",
    "issuer.credit_colour",
    "issuer.physical_damage",
    "issuer.interest_rates",
    "issuer.late_sudden",
)
"""Uses of cards that channels rest on."""


def chain_steps(view: View, cards: list[CardLines]) -> list[dict[str, object]]:
    """Return the steps of the calculation, each with the number that leaves it and the cards behind it.

    Parameters
    ----------
    view : View
        The result.
    cards : list of CardLines
        The cards of the run.
    """
    worst = worst_scenario(view)
    label = view.label(worst, True)
    about = view.group("cards")
    uses = (
        dict(zip(about["name"].values.astype(str), about["use"].values.astype(str), strict=True))
        if about is not None
        else {}
    )
    found: list[dict[str, object]] = []

    def add(step: str, value: str, note: str, use: Iterable[str]) -> None:
        wanted = set(use)
        rests = [
            {"href": f"#card-{card.name}", "text": card.name, "status": card.usual_status}
            for card in cards
            if uses.get(card.name) in wanted
        ]
        found.append({"label": step, "value": value, "note": note, "rests": rests, "added": False})

    issuers = view.group("issuers")
    if issuers is not None:
        revenue = issuers["statement"].sel(line="revenue").values.astype(float)
        add(
            f"Statements of {issuers.sizes['issuer']} issuers",
            f"{view.amount(float(np.nansum(revenue)))} of revenue",
            "Identities, units and magnitudes checked; what does not fit is refused or set aside",
            [],
        )
    price = price_of(view, worst)
    if price:
        add(
            f"The path of {label}",
            f"{price} for a tonne of CO\u2082",
            f"{CARBON.replace('_', ' ').capitalize()} of {view.year}, and all other drivers of the scenario",
            ["issuer.carbon_price", "issuer.currency_conversion"],
        )
    moved = summed(view)
    if moved is not None and view.year in moved["year"].values:
        where = {"measure": "ebit", "scenario": worst, "year": view.year}
        add(
            "Channels, one by one and jointly",
            f"{view.amount(float(moved['joint'].sel(where)))} of EBIT a year",
            f"{moved.sizes['channel']} channels; each driver is used by one of them only",
            CHANNEL_CARDS,
        )
    default = view.metric("default_rate", worst)
    if default is not None and np.isfinite(default.value):
        add(
            "Income statement, balance sheet, value of the assets; lenses",
            f"{chance(default.value)} default probability",
            f"In the twelve months after {view.year}, mean by debt; one lens is carried on, none is blended",
            ["issuer.statement_pass", "issuer.asset_value", "issuer.asset_volatility", "issuer.lens_bounds"],
        )
    loss = view.metric("expected_loss_rate", worst)
    debt, gone = float(debt_of(view)[1].sum()), view.metric("cumulative_default_rate", worst)
    if loss is not None and np.isfinite(loss.value) and gone is not None and gone.value > 0:
        add(
            "What is lost if an issuer fails",
            f"{rate(loss.value)} of {view.amount(debt)}",
            f"By the end of {view.year} {chance(gone.value)} of the debt has failed, each once; "
            f"{percent(loss.value / gone.value)} of it is lost, more where the assets have lost more",
            ["issuer.recovery"],
        )
    return found


def chain_title(view: View) -> str:
    """Return the chain as a sentence."""
    worst = worst_scenario(view)
    loss = view.metric("expected_loss_rate", worst)
    value = rate(loss.value) if loss is not None else "\u2013"
    return f"Under {view.label(worst, True)}: from the statements to an expected loss of {value} of the debt"
