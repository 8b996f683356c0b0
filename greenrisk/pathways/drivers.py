# SPDX-License-Identifier: Apache-2.0
"""The drivers of a pathway: what may move an issuer, in which unit, and what it is where nothing is said.

What lives here: the declaration. What does not: which channel consumes which driver (the issuers' channels).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Driver:
    """One driver.

    Parameters
    ----------
    name : str
        Its name in YAML and in a :class:`~greenrisk.pathways.pathway.Pathway`.
    unit : str
        Unit of its values.
    sentence : str
        What it is.
    variable : str
        Variable of the pathway tables behind it; empty: it comes from the user's own shocks alone.
    neutral : float
        Value where no table and no shock says anything.
    low, high : float or None
        Domain, ends included.
    deviation : bool
        Whether values are deviations from a baseline.
    shockable : bool
        Whether a user's own shock may change it.
    """

    name: str
    unit: str
    sentence: str
    variable: str = ""
    neutral: float = 0.0
    low: float | None = None
    high: float | None = None
    deviation: bool = False
    shockable: bool = False


DRIVERS: Final[dict[str, Driver]] = {
    driver.name: driver
    for driver in (
        Driver(
            "carbon_price", "CNY/t CO2", "Price of a tonne of CO2.", "carbon_price", low=0.0, shockable=True
        ),
        Driver(
            "tax_multiple",
            "unitless",
            "Multiple of the rates of the environmental protection tax.",
            neutral=1.0,
            low=0.0,
            shockable=True,
        ),
        Driver(
            "water_price",
            "CNY/m3",
            "Change of the price of water against today's.",
            shockable=True,
        ),
        Driver(
            "energy_price",
            "unitless",
            "Multiple of the price that an issuer pays for energy today.",
            neutral=1.0,
            low=0.0,
            shockable=True,
        ),
        Driver(
            "shutdown_days",
            "day/year",
            "Days of the year on which production is ordered to stop.",
            low=0.0,
            high=365.0,
            shockable=True,
        ),
        Driver(
            "demand",
            "unitless",
            "Multiple of the quantity that the market takes at unchanged prices.",
            neutral=1.0,
            low=0.0,
            shockable=True,
        ),
        Driver(
            "gdp_deviation",
            "percent",
            "Gross domestic product against the baseline.",
            "gdp_deviation",
            deviation=True,
        ),
        Driver(
            "policy_rate_deviation",
            "percentage points",
            "Rate of the central bank against the baseline.",
            "policy_rate_deviation",
            deviation=True,
        ),
        Driver(
            "long_rate_deviation",
            "percentage points",
            "Long-term rate of interest against the baseline.",
            "long_rate_deviation",
            deviation=True,
        ),
        Driver(
            "inflation_deviation",
            "percentage points",
            "Rate of inflation against the baseline.",
            "inflation_deviation",
            deviation=True,
        ),
        Driver(
            "equity_price_deviation",
            "percent",
            "Prices of equities against the baseline.",
            "equity_price_deviation",
            deviation=True,
        ),
        Driver("temperature", "K", "Global surface temperature above 1850-1900, median.", "temperature"),
    )
}
"""Drivers by name. A multiple leaves things as they are at 1, a change at 0."""

SHOCKABLE: Final = tuple(name for name, driver in DRIVERS.items() if driver.shockable)
"""Drivers that a user's own shock may change."""
