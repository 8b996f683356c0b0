# SPDX-License-Identifier: Apache-2.0
"""Lines that channels write, drivers that only channels know, and units of the year and of money."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

DAYS: Final = 365.0
"""Days of a year, over which an issuer earns its contribution evenly."""

MILLION: Final = 1e6

OWN_DRIVERS: Final[dict[str, str]] = {
    "sales_volume": "How much is sold at which demand: one channel may say so.",
    "emission_rights": "Emission rights that must be bought.",
    "retrofits": "Plant that must be built.",
    "penalties": "Fines by the day.",
    "credit_colour": "Environmental credit of the issuer.",
    "zone_losses": "Pollution losses of a zone's run.",
    "site_hazards": "Natural hazards at the issuer's sites.",
}
"""Drivers of channels that no pathway holds; those of pathways are :data:`greenrisk.pathways.drivers.DRIVERS`."""


@dataclass(frozen=True)
class Line:
    """What a channel may write.

    Parameters
    ----------
    name : str
        Name.
    unit : str
        Unit.
    sentence : str
        What it is.
    neutral : float
        Value where no channel writes.
    """

    name: str
    unit: str
    sentence: str
    neutral: float = 0.0


LINES: Final[dict[str, Line]] = {
    line.name: line
    for line in (
        Line("price", "unitless", "Selling price over today's.", 1.0),
        Line("volume", "unitless", "Quantity that the market takes over today's.", 1.0),
        Line(
            "plant",
            "unitless",
            "Plant that is kept over today's; fixed cost and wear follow it in part.",
            1.0,
        ),
        Line("closed_days", "day/year", "Days without production."),
        Line("lost_days", "day/year", "Days of production that are not made up later."),
        Line("intensity", "unitless", "Emissions for each unit of output over today's.", 1.0),
        Line("input_cost", "million/year", "Variable cost that today's quantity costs more."),
        Line("carbon_cost", "million/year", "Carbon cost net of free allocation."),
        Line("abatement_cost", "million/year", "What it costs a year to emit less than today for each unit."),
        Line("environment_tax", "million/year", "Environmental protection tax beyond today's."),
        Line("emission_right_cost", "million/year", "Emission rights, spread over their years."),
        Line("capital_charge", "million/year", "Annuity of plant that must be built."),
        Line("penalty", "million/year", "Fines by the day."),
        Line("utility_surcharge", "million/year", "Surcharge on water and power for bad credit."),
        Line("liability_loss", "million/year", "Pollution losses that no insurance pays."),
        Line("damage", "million/year", "Physical damage that no insurance pays."),
        Line("lending_rate", "1/year", "Rate on debt beyond today's."),
        Line("capital_expenditure", "million/year", "Plant bought with debt."),
        Line("new_depreciation", "million/year", "Depreciation of that plant."),
    )
}
"""Lines that channels write; money in millions of the study's currency."""

CHARGES: Final = (
    "carbon_cost",
    "abatement_cost",
    "environment_tax",
    "emission_right_cost",
    "capital_charge",
    "penalty",
    "utility_surcharge",
    "liability_loss",
    "damage",
)
"""Lines that are taken from EBIT as they are."""
