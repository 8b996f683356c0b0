# SPDX-License-Identifier: Apache-2.0
"""Money of the severity cards in the prices of the study: an index that the user states, or the same year.

What lives here: which amounts are carried from one year's prices to another's. What does not: any series of prices -
none ships, and which one fits losses of this sort is for the user to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from greenrisk.core.cards import Card, Parameter
from greenrisk.core.sources import Sources

INDEXED: Final = {
    "severity": ("physical_cap",),
    "bodily": ("median",),
    "legal": ("median",),
    "transfer": ("cny_per_usd",),
    "claims": ("person_cost",),
}
"""Parameters in money of the severity card's price year, by role; the exchange rate carries the USD of the reports."""

NOT_INDEXED: Final = (
    "Fixed expenses, costs of measures, the tariff, and the accidents that the losses are set beside, are not moved; "
    "what the scenario and its tables state in CNY is taken to be in the prices of the study."
)
"""What keeps its prices."""


def in_prices_of(
    cards: Mapping[str, Card], price_year: int, index: float | None, sources: Sources
) -> dict[str, Card]:
    """Return the cards with their money in the prices of the study.

    Parameters
    ----------
    cards : mapping of str to Card
        By role; the constant ``price_year`` of role ``severity`` is the year of the prices of :data:`INDEXED` [year].
    price_year : int
        Of the scenario [year].
    index : float or None
        Prices of the scenario's year over those of the card's, > 0 [unitless].
    sources : Sources
        Takes a fault where the years differ without an index or agree with one, and a ledger line for an index.

    Returns
    -------
    dict of str to Card
        The same cards where the years agree; else value and range of each amount times the index.
    """
    card = cards.get("severity")
    if card is None or "price_year" not in card.constants:
        return dict(cards)
    year = int(card.constants["price_year"])
    if year == price_year:
        if index is not None and index != 1.0:
            mend = f"Card {card.name} is in prices of {year}, as the scenario is: leave price_index out."
            sources.fault(("severity", "price_index"), f"price_index = {index:g}", mend)
        return dict(cards)
    if index is None:
        mend = (
            f"The amounts of card {card.name} are in prices of {year}. Write price_year: {year}, or give "
            f"severity.price_index: prices of {price_year} over those of {year}."
        )
        sources.fault(("price_year",), f"price_year = {price_year}", mend, "year")
        return dict(cards)
    sources.ledger.add(
        "assumption",
        "price index",
        f"Amounts of the severity cards, in prices of {year}, times {index:g} for prices of {price_year}. "
        f"{NOT_INDEXED}",
        status="user",
    )
    return {role: _indexed(given, INDEXED.get(role, ()), index) for role, given in cards.items()}


def _indexed(card: Card, names: tuple[str, ...], index: float) -> Card:
    moved = {name: _times(card.parameters[name], index) for name in names if name in card.parameters}
    return card.model_copy(update={"parameters": {**card.parameters, **moved}}) if moved else card


def _times(parameter: Parameter, index: float) -> Parameter:
    """Return a parameter of money with value and range times the index."""
    law = parameter.range
    ends = {end: getattr(law, end) * index for end in ("low", "high") if getattr(law, end) is not None}
    value = parameter.value if isinstance(parameter.value, str) else parameter.value * index
    return parameter.model_copy(
        update={
            "value": value,
            "range": law.model_copy(update=ends),
            "source": f"{parameter.source}; times the price index {index:g} of the scenario",
        }
    )
