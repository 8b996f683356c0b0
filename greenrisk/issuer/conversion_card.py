# SPDX-License-Identifier: Apache-2.0
"""The step from US dollars of 2010 to the study's money as a card, so that its range is drawn with all others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from greenrisk.core.cards import Card, Parameter, Range
from greenrisk.core.variants import CardValues
from greenrisk.issuer.issuers import IssuersScenario
from greenrisk.pathways.currency import Conversion

Floats = NDArray[np.float64]

CONVERSION: Final = "currency_conversion"
"""Role of the card."""

MULTIPLE: Final = "conversion_multiple"
"""Its one parameter."""


def conversion_cards(
    spec: IssuersScenario, conversion: Conversion, drivers: Sequence[str]
) -> dict[str, Card]:
    """Return the card of the conversion by its role; none where nothing is converted, or the factors have no range.

    Parameters
    ----------
    spec : IssuersScenario
        The scenario.
    conversion : Conversion
        Deflator and rate of exchange with their ranges.
    drivers : sequence of str
        What the channels consume.

    Notes
    -----
    A study in dollars takes the rate back again when yuan become dollars: the deflator's range alone is left.
    """
    dollars = spec.currency == "USD"
    held = replace(conversion, rate_range=(1.0, 1.0)) if dollars else conversion
    low, high = (float(held.factor_at(p)) / held.factor for p in (0.05, 0.95))
    if "carbon_price" not in drivers or not any(converted_scenarios(spec)) or not low < high:
        return {}
    what = "the deflator" if dollars else "the deflator and the rate of exchange"
    parameter = Parameter(
        value=1.0,
        unit="unitless",
        meaning=f"Multiple of the step from US$2010 to {spec.currency}: how far {what} may be off.",
        range=Range(
            distribution="lognormal",
            low=low,
            high=high,
            basis=f"Ranges of {what} in the table of deflators and rates, taken as independent.",
        ),
        source=conversion.source,
        status=conversion.deflator_status if dollars else conversion.status,  # type: ignore[arg-type]
    )
    card = Card(
        name="us2010-conversion",
        title=f"US dollars of 2010 to {spec.currency} of {spec.price_year}",
        use="issuer.currency_conversion",
        region="United States, China",
        period=f"2010 to {spec.price_year}",
        validity="Prices of the pathway tables; a scenario's own carbon prices are in yuan already.",
        fitted_by="made from the table of deflators and rates at the start of the run",
        parameters={MULTIPLE: parameter},
    )
    return {CONVERSION: card}


def converted_scenarios(spec: IssuersScenario) -> tuple[bool, ...]:
    """Return for each scenario whether its carbon price comes from a table alone: one with own shocks is in yuan."""
    return tuple(
        one.model is not None and all(shock.quantity != "carbon_price" for shock in one.shocks)
        for one in spec.pathways.scenarios
    )


def converted(
    drivers: dict[str, Floats], values: Sequence[CardValues], scenarios: Sequence[bool]
) -> dict[str, Floats]:
    """Return drivers with the carbon price of each variant's conversion.

    Parameters
    ----------
    drivers : dict of str to array, shape (1, scenario, issuer, year)
        Of the pathways.
    values : sequence of card values
        One for each variant.
    scenarios : sequence of bool
        Whether each scenario's price is converted (:func:`converted_scenarios`).
    """
    if CONVERSION not in values[0] or "carbon_price" not in drivers:
        return drivers
    multiple = np.array([float(one[CONVERSION][MULTIPLE]) for one in values])
    if np.all(multiple == 1.0):
        return drivers
    by_scenario = np.where(np.array(scenarios)[None, :], multiple[:, None], 1.0)
    return {**drivers, "carbon_price": drivers["carbon_price"] * by_scenario[:, :, None, None]}
