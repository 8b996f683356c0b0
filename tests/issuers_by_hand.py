# SPDX-License-Identifier: Apache-2.0
"""What the channels of the shipped scenario do in its first years, by hand.

Reckoned from the CSV files, the cards and the pathway table with plain arithmetic: no channel, no pathway and no
statement pass of the program is used.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from greenrisk.core.cards import read_card
from greenrisk.core.library import find, library_root
from tests.toggled_issuers import YAML

DATA = library_root() / "data"
NGFS = {
    "current-policies": "CurrentPolicies",
    "net-zero-2050": "NetZero2050",
    "delayed": "DelayedTransition",
    "local-rules": "CurrentPolicies",
}
"""Scenario of the pathway table by that of the study."""


@cache
def rows(part: str) -> pd.DataFrame:
    return pd.read_csv(DATA / f"jingdezhen_issuers_{part}synthetic.csv")


def own(part: str, issuer: str) -> pd.Series:
    """The latest row of an issuer."""
    table = rows(part)
    mine = table[table.issuer == issuer]
    return mine.sort_values("year").iloc[-1] if "year" in mine else mine.iloc[-1]


@cache
def value(card: str, name: str, sector: str = "") -> float:
    """A parameter of a shipped card; that of the sector where it has one."""
    path = find("models", f"issuer-{card}-judged")
    assert path is not None
    held = read_card(path).parameters
    one = f"{name}_{sector.replace(' ', '_')}"
    return float(held[one if one in held else name].value)


@cache
def pathway(variable: str, scenario: str, year: int, model: str = "REMIND", region: str = "China") -> float:
    table = pd.read_csv(DATA / "ngfs5_cut.csv")
    row = table[
        (table.model == model)
        & (table.scenario == NGFS[scenario])
        & (table.region == region)
        & (table.variable == variable)
    ]
    years = [name for name in table.columns if name.isdigit() and pd.notna(row[name].iloc[0])]
    return float(np.interp(year, [int(name) for name in years], [float(row[name].iloc[0]) for name in years]))


def carbon_price(scenario: str, year: int) -> float:
    """Price of a tonne [CNY of 2024]."""
    rate = pd.read_csv(DATA / "deflators_and_rates.csv").set_index("year").loc[2024]
    price = pathway("carbon_price", scenario, year) * rate.us_gdp_deflator_2010_is_1 * rate.cny_per_usd
    return price * value("carbon-price", "carbon_price_multiple")


def carbon_by_hand(issuer: str, sector: str, scenario: str, year: int) -> float:
    """Allowances by output, what is cheaper to avoid and not free, a share handed on, and what demand leaves."""
    spec, book, gas = YAML["channels"]["carbon"], own("statements_", issuer), own("emissions_", issuer)
    tau = carbon_price(scenario, year)
    slope, most = (
        value("carbon-channel", name, sector) for name in ("abatement_price", "abatement_potential")
    )
    decline = spec["declines"].get(scenario, spec["free_allocation_decline"])
    free = gas.free_allocation_t * (1 - decline) ** (year - 2024)
    avoided = min(tau / slope, most, max(1 - free / gas.scope_1_t, 0))
    paid = tau * max(gas.scope_1_t * (1 - avoided) - free, 0) / 1e6
    abated = gas.scope_1_t * avoided * (avoided * slope / 2) / 1e6
    rise = value("carbon-channel", "pass_through", sector) * (paid + abated) / book.revenue_million
    left = 1 - value("carbon-channel", "demand_elasticity", sector) * rise
    sold = book.revenue_million * ((1 + rise) * left - 1) - book.variable_cost_million * (left - 1)
    return float(sold - left * (paid + abated))


def environment_tax_by_hand() -> float:
    """The first ceramic works, 35 % below the standard: nine times today's tax more, the three largest of an outlet."""
    air = (264453.6 / 0.95 + 319160.1 / 0.95 + 186471.7 / 2.18) * 1.2 * 0.75
    water = (77070.5 / 1 + 9312.2 / 0.8 + 89608.1 / 4) * 1.4 * 0.75
    return -(10 - 1) * (air + water) / 1e6


def emission_right_by_hand(issuer: str) -> float:
    table = rows("pollutants_")
    mine = table[table.issuer == issuer]
    price = {"SO2": "price_so2", "NOx": "price_nox", "CODcr": "price_cod", "NH3-N": "price_nh3n"}
    cost = sum(
        mine[mine.pollutant == name].quantity_kg.sum() / 1000 * value("emission-right", key)
        for name, key in price.items()
    )
    return -cost / value("emission-right", "years") / 1e6


def energy_water_by_hand(issuer: str, sector: str, energy: float, water: float) -> float:
    use = own("uses_", issuer)
    bill = use.electricity_mwh * value("energy-prices", "electricity_price", sector)
    bill += use.fuel_gj * value("energy-prices", "fuel_price", sector)
    kept = 1 - value("energy-prices", "cost_pass_through", sector)
    return float(-kept * (energy * bill + water * use.water_m3) / 1e6)


def penalty_shutdown_by_hand(issuer: str, fined: bool) -> float:
    book = own("statements_", issuer)
    lost = (book.revenue_million - book.variable_cost_million) * 10 / 365
    return float(-lost * (1 - value("shutdown", "make_up_share")) - fined * 0.1 * 30)


def capital_expenditure_by_hand(issuer: str) -> float:
    cost = 0.04 * own("statements_", issuer).revenue_million * value("capital-expenditure", "cost_multiple")
    rate = value("capital-expenditure", "rate")
    return float(-cost * rate / (1 - (1 + rate) ** -15))


def credit_colour_by_hand(issuer: str) -> float:
    """From blue to yellow: dearer water and power."""
    use = own("uses_", issuer)
    water, power = (value("credit-colour", f"{what}_yellow") for what in ("water", "electricity"))
    return float(-(use.water_m3 * water + use.electricity_mwh * power) / 1e6)


def physical_damage_by_hand(issuer: str, scenario: str, year: int) -> float:
    """Trapezoid over the annual exceedance of damage net of insurance, and of days; grown by warming since 2025."""
    curves, sites = rows("hazards_"), rows("sites_")
    paid = days = 0.0
    for _, site in sites[sites.issuer == issuer].iterrows():
        for _, curve in curves[curves.site == site.site].groupby("peril"):
            curve = curve.sort_values("return_period_years")
            p = 1 / curve.return_period_years.to_numpy()
            damage = site.value_million * curve.damage_share.to_numpy()
            net = damage - site.insured_share * np.maximum(damage - site.deductible_million, 0)
            for values, share in ((net, 1.0), (curve.downtime_days.to_numpy(), site.contribution_share)):
                mean = ((p[:-1] - p[1:]) * (values[:-1] + values[1:])).sum() / 2 + p[-1] * values[-1]
                if values is net:
                    paid += mean
                else:
                    days += share * mean
    warm = [pathway("gsat_median", scenario, one, region="World") for one in (2025, year)]
    grown = value("physical-damage", "damage_multiple") * (
        1 + value("physical-damage", "growth_per_kelvin") * (warm[1] - warm[0])
    )
    book = own("statements_", issuer)
    return float(-grown * (paid + days / 365 * (book.revenue_million - book.variable_cost_million)))


def dearer_debt_by_hand(issuer: str, scenario: str) -> float:
    """What debt costs more in 2025, a year after the statement [million]."""
    book = own("statements_", issuer)

    def transition(name: str) -> float:
        """The table holds combined and physical: the transition is their difference in points."""
        both, physical = (
            pathway(f"{name}_deviation_{member}", scenario, 2025, "NiGEM")
            for member in ("combined", "physical")
        )
        return both - physical

    follow, inflation = value("interest-rates", "rate_pass_through"), transition("inflation")
    due = 1 / value("interest-rates", "long_debt_years")
    more = book.debt_short_million * (transition("policy_rate") - inflation)
    more += book.debt_long_million * due * (transition("long_rate") - inflation)
    return float(follow * more / 100)
