# SPDX-License-Identifier: Apache-2.0
"""The tables of bond issuers at the door: who they are, their statements, emissions, pollutants, use, shares, sites.

What lives here: the declarations. What does not: production plans
(:data:`greenrisk.issuer.production.tables.PRODUCTION_PLANS`), and what is wrong between tables
(:mod:`greenrisk.issuer.checks`).
"""

from __future__ import annotations

from typing import Final

from greenrisk.core.tables import Column, TableSpec
from greenrisk.environment.credit_colour import COLOURS
from greenrisk.issuer.production.tables import PRODUCTION_PLANS

LINES: Final = (
    "revenue",
    "variable_cost",
    "fixed_cost",
    "depreciation",
    "ebit",
    "interest",
    "tax",
    "net_income",
    "assets",
    "current_assets",
    "current_liabilities",
    "debt_short",
    "debt_long",
    "equity",
    "retained_earnings",
    "cash",
    "market_value",
)
"""Lines of a statement, in the order of :attr:`greenrisk.issuer.statements.Issuers.lines`."""

SIGNED: Final = frozenset({"ebit", "tax", "net_income", "equity", "retained_earnings"})
"""Lines that may be negative: a loss, a tax credit, negative equity are paths, not errors."""

SCOPES: Final = ("scope_1", "scope_2", "scope_3")
"""Scopes of the greenhouse gas protocol."""

MEDIA: Final = ("air", "water", "solid", "noise")
"""What the environmental protection tax is levied on."""

STATUSES: Final = ("confirmed", "unconfirmed", "illustrative", "user", "synthetic")
"""How far a row is known."""

_MEANINGS: Final = {
    "revenue": "Sales of the year.",
    "variable_cost": "Cost that moves with what is made.",
    "fixed_cost": "Cost that does not, depreciation left out.",
    "depreciation": "Depreciation and amortisation.",
    "ebit": "Earnings before interest and tax; may be negative.",
    "interest": "Interest paid.",
    "tax": "Tax on income; negative for a credit.",
    "net_income": "What is left; may be negative.",
    "assets": "Total assets.",
    "current_assets": "Assets of less than a year.",
    "current_liabilities": "Liabilities of less than a year.",
    "debt_short": "Debt that bears interest and falls due within a year.",
    "debt_long": "Other debt that bears interest.",
    "equity": "Book equity; may be negative.",
    "retained_earnings": "Retained earnings; may be negative.",
    "cash": "Cash and what is as good.",
    "market_value": "Market value of the equity; empty where it is not listed.",
}

_ISSUER = Column("issuer", "text", description="Identifier of the issuer.")
_YEAR = Column("year", "integer", "year", low=1990, high=2100, description="Financial year.")
_STATUS = Column(
    "status", "choice", required=False, choices=STATUSES, description="How far the row is known."
)
_SOURCE = Column("source", "text", required=False, description="Where the row comes from.")


def _some(name: str, unit: str, description: str, low: float | None = 0.0) -> Column:
    return Column(name, "number", unit, required=False, low=low, description=description)


ISSUERS: Final = TableSpec(
    "issuers",
    "Who the issuers are",
    (
        Column("issuer", "text", unique=True, description="Identifier of the issuer."),
        Column("name", "text", description="Name."),
        Column("country", "text", description="Country of its main business, ISO 3166 alpha-2 (`CN`)."),
        Column(
            "province",
            "text",
            required=False,
            description="Province, for rates that differ within a country.",
        ),
        Column("sector", "text", description="Sector of its main business."),
        Column("lei", "text", required=False, description="Legal entity identifier."),
        Column("group", "text", required=False, description="Issuer whose segment or subsidiary it is."),
        Column(
            "credit_colour",
            "choice",
            required=False,
            choices=COLOURS,
            description="Environmental credit as the authority has it.",
        ),
        Column("zone_owner", "text", required=False, description="Its name as an owner in a zone's run."),
        _some("equity_volatility", "1/sqrt(year)", "Volatility of its shares, where they are listed."),
        _some(
            "debt_until",
            "year",
            "Last year in which its debt is owed, where it ends within the study; nothing is at stake after it.",
        ),
        _STATUS,
        _SOURCE,
    ),
)
"""Issuers; one row each."""

STATEMENTS: Final = TableSpec(
    "issuer-statements",
    "Statements of the issuers",
    (
        _ISSUER,
        _YEAR,
        Column(
            "currency",
            "text",
            description="Currency of the row, ISO 4217 (`CNY`); all columns in millions of it.",
        ),
        *(
            _some(f"{line}_million", "million", _MEANINGS[line], None if line in SIGNED else 0.0)
            for line in LINES
        ),
        _some("enterprise_value_million", "million", "Market value and net debt.", None),
        _some("enterprise_value_and_cash_million", "million", "Enterprise value and cash.", None),
        _STATUS,
        _SOURCE,
    ),
)
"""Statements; one row an issuer and year, the latest being taken."""

EMISSIONS: Final = TableSpec(
    "issuer-emissions",
    "Greenhouse gases of the issuers",
    (
        _ISSUER,
        _YEAR,
        _some("scope_1_t", "t CO2e", "Own emissions."),
        _some("scope_2_t", "t CO2e", "Emissions of purchased energy."),
        _some("scope_3_t", "t CO2e", "Emissions up and down the chain."),
        _some("free_allocation_t", "t CO2e", "Allowances that it gets for nothing."),
        _STATUS,
        _SOURCE,
    ),
)
"""Emissions; one row an issuer and year, the latest being taken."""

POLLUTANTS: Final = TableSpec(
    "issuer-pollutants",
    "Pollutants by outlet",
    (
        _ISSUER,
        Column("outlet", "text", description="Outlet: the largest pollutants of each are taxed."),
        Column("medium", "choice", choices=MEDIA, description="Where it goes."),
        Column("pollutant", "text", description="Pollutant as the tax table names it (`SO2`, `CODcr`)."),
        Column("year", "integer", "year", required=False, low=1990, high=2100, description="Year."),
        Column("quantity_kg", "number", "kg", low=0, description="Discharged in the year."),
        Column(
            "below_standard_share",
            "number",
            "1",
            required=False,
            low=0,
            high=1,
            description="How far its concentration is below the standard; 0.3 is 30 % below.",
        ),
        _STATUS,
        _SOURCE,
    ),
)
"""Pollutants; one row an issuer, outlet and pollutant."""

USES: Final = TableSpec(
    "issuer-uses",
    "Water and energy that the issuers buy",
    (
        _ISSUER,
        _YEAR,
        _some("water_m3", "m3", "Fresh water."),
        _some("electricity_mwh", "MWh", "Electricity bought."),
        _some("fuel_gj", "GJ", "Fuel bought, by heat."),
        _STATUS,
        _SOURCE,
    ),
)
"""Use of water and energy; one row an issuer and year, the latest being taken."""

SHARES: Final = TableSpec(
    "issuer-shares",
    "Where and in what the issuers work",
    (
        _ISSUER,
        Column("country", "text", description="Country, ISO 3166 alpha-2."),
        Column("sector", "text", description="Sector."),
        Column(
            "share", "number", "1", low=0, high=1, description="Share of revenue; they add up to 1 by issuer."
        ),
        _STATUS,
        _SOURCE,
    ),
)
"""Shares; issuers without a row are wholly in their own country and sector."""

SITES: Final = TableSpec(
    "issuer-sites",
    "Sites of the issuers",
    (
        _ISSUER,
        Column("site", "text", description="Identifier of the site."),
        Column("lon", "number", "degree", low=-180, high=180, description="Longitude, WGS 84."),
        Column("lat", "number", "degree", low=-90, high=90, description="Latitude, WGS 84."),
        Column(
            "currency", "text", required=False, description="Currency of the row; the issuer's where empty."
        ),
        Column("value_million", "number", "million", low=0, description="What it costs to build it again."),
        Column(
            "contribution_share",
            "number",
            "1",
            low=0,
            high=1,
            description="Share of the issuer's contribution that is made there.",
        ),
        Column(
            "insured_share",
            "number",
            "1",
            required=False,
            low=0,
            high=1,
            description="Share of a loss that insurance pays above the deductible.",
        ),
        _some("deductible_million", "million", "Deductible of that insurance."),
        _STATUS,
        _SOURCE,
    ),
)
"""Sites; one row each."""

PLANS: Final = PRODUCTION_PLANS
"""Production and capacity by technology and year."""

ISSUER_TABLES: Final = (ISSUERS, STATEMENTS, EMISSIONS, POLLUTANTS, USES, SHARES, SITES, PLANS)
"""Tables of one set of issuers; only the first two are needed."""

CURRENCY_RATES: Final = TableSpec(
    "currency-rates",
    "Yuan for one unit of a currency, by year",
    (
        Column("currency", "text", description="ISO 4217."),
        Column(
            "year", "integer", "year", low=1990, high=2100, description="Year that the rate is an average of."
        ),
        Column("cny_per_unit", "number", "CNY", low=0, low_open=True, description="Yuan for one unit."),
        Column("low", "number", "CNY", low=0, low_open=True, description="Lower end (5 %)."),
        Column("high", "number", "CNY", low=0, low_open=True, description="Upper end (95 %)."),
        Column("status", "choice", choices=STATUSES, description="How far the row is known."),
        Column("source", "text", description="Where the row comes from."),
    ),
)
"""Rates of exchange."""

COUNTRY_SPELLINGS: Final = TableSpec(
    "country-spellings",
    "Spellings of countries",
    (
        Column("spelling", "text", unique=True, description="As tables write it, in small letters."),
        Column("country", "text", description="ISO 3166 alpha-2."),
        Column("status", "choice", choices=STATUSES, description="How far the row is known."),
        Column("source", "text", description="Where the row comes from."),
    ),
)
"""Spellings of countries."""

PLAUSIBLE_RATIOS: Final = TableSpec(
    "issuer-plausible-ratios",
    "Between what bounds the figures of an issuer are plausible",
    (
        Column("ratio", "text", description="Which ratio."),
        Column("sector", "text", description="Sector that the bounds are for; `any` for all."),
        Column("unit", "text", description="Unit of the ratio."),
        Column("low", "number", "as told", description="Least plausible value."),
        Column("high", "number", "as told", description="Largest plausible value."),
        Column("status", "choice", choices=STATUSES, description="How far the row is known."),
        Column("source", "text", description="Where the row comes from."),
    ),
)
"""Bounds of plausible ratios."""
