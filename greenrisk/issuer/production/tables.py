# SPDX-License-Identifier: Apache-2.0
"""The tables that the production path needs: plans and scenario paths by technology, what the owners earn and owe."""

from __future__ import annotations

from typing import Final

from greenrisk.core.tables import Column, TableSpec

PRODUCTION_PLANS: Final = TableSpec(
    "production_plans",
    "What each issuer plans to produce, by technology and year",
    (
        Column("issuer", "text", description="Who owns it."),
        Column("asset", "text", required=False, description="Which plant, where one issuer has several."),
        Column("region", "text", required=False, description="Region of the scenario's paths it follows."),
        Column("sector", "text", description="Sector as the scenario's paths name it."),
        Column("technology", "text", description="Technology as the scenario's paths name it."),
        Column("year", "integer", "year", low=1990, high=2100, description="Year of the plan."),
        Column("capacity", "number", "unit", low=0, description="What it could produce; MW for power."),
        Column("capacity_factor", "number", "1", low=0, description="Share of the capacity that is used."),
        Column(
            "emission_factor",
            "number",
            "t CO2/unit of output",
            required=False,
            low=0,
            description="Emissions for each unit; per MWh for power. Needed for technologies that bear carbon.",
        ),
        Column("unit", "text", required=False, description="Unit of the capacity, e.g. MW, GJ, t."),
    ),
)
"""Production plans; one row an issuer, technology and year."""

TECHNOLOGY_PATHS: Final = TableSpec(
    "technology_paths",
    "Paths of the scenarios by technology and year: activity, price, capacity factor",
    (
        Column("scenario", "text", description="Name of the scenario."),
        Column("family", "text", description="Model family; a baseline and a target must share it."),
        Column(
            "role", "choice", choices=("baseline", "target"), description="What the scenario can stand for."
        ),
        Column("region", "text", description="Region of the path."),
        Column("sector", "text", description="Sector."),
        Column("technology", "text", description="Technology."),
        Column(
            "kind", "choice", choices=("carbon", "green"), description="Whether it must shrink or may grow."
        ),
        Column("year", "integer", "year", low=1990, high=2150, description="Year."),
        Column("activity", "number", "any, one for a sector", low=0, description="Activity or capacity."),
        Column("price", "number", "money/unit of output", low=0, description="Price of the output."),
        Column(
            "capacity_factor", "number", "1", required=False, low=0, high=1, description="1 where left out."
        ),
        Column("price_unit", "text", required=False, description="E.g. $/MWh; the plan's unit must fit."),
    ),
)
"""Paths of the scenarios; one row a scenario, region, sector, technology and year."""

PRODUCTION_FINANCES: Final = TableSpec(
    "production_finances",
    "What each issuer of the production plans earns and owes",
    (
        Column("issuer", "text", unique=True, description="Who."),
        Column("net_profit_margin", "number", "1", description="Net profit over revenue; may be negative."),
        Column("debt_to_equity", "number", "1", low=0, description="Debt over the value of the equity."),
        Column("volatility", "number", "1/sqrt(year)", low=0, description="Volatility of the assets."),
        Column(
            "debt",
            "number",
            "money",
            required=False,
            low=0,
            description="Debt itself; where given, used instead of the ratio.",
        ),
    ),
)
"""Finances of the issuers that have plans."""
