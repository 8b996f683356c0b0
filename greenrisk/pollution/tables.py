# SPDX-License-Identifier: Apache-2.0
"""The tables of a chemical zone at the door: plants, outlets, substances, processes, equipment, vehicles, history.

What lives here: the declarations. What does not: their arrays and what is wrong between tables
(:mod:`greenrisk.pollution.inventory`).
"""

from __future__ import annotations

from typing import Final

from greenrisk.core.tables import Column, TableSpec
from greenrisk.environment.credit_colour import COLOURS

ACTIVITIES: Final = ("production", "storage", "trade", "transport")
"""What a plant does with hazardous chemicals: makes, stores, trades or carries them."""

KINDS_OF_SITE: Final = (
    "ordinary",
    "nuclear",
    "hazardous_waste_operator",
    "hazmat_vehicles",
    "tailings_pond",
    "oil_gas_extraction",
    "long_pipeline",
    "filling_station",
    "port",
)
"""Kinds of site; HJ 941 grades the ordinary one."""

DISCHARGE_ROUTES: Final = ("none", "to_plant", "direct")
"""Where the effluent goes: nowhere; to a municipal or industrial plant or another unit; direct or unpermitted."""

CROSSINGS: Final = ("none", "province", "nation")
"""Border that the receiving water crosses within 24 hours of flow."""

STATES: Final = ("gas", "liquefied_gas", "liquid", "solid")
"""Physical state on site."""

HISTORY_PLACES: Final = ("site", "road")
"""Where an accident happened: on the plant, or with its vehicles on the road."""

HISTORY_KINDS: Final = ("accident", "illegal_discharge", "illegal_waste", "other_penalty")
"""What the record of a plant holds: an accident, or a penalty by its reason."""

EVENT_LEVELS: Final = ("general", "larger", "major", "extraordinary")
"""Levels of an environmental emergency: 一般, 较大, 重大, 特别重大."""

PREVENTION_LEVELS: Final = ("basic", "standard", "advanced")
"""How far prevention goes beyond the scored controls, as the insurer's survey finds it."""

EQUIPMENT: Final = (
    "reactor",
    "process_tank",
    "gas_tank",
    "tower",
    "atmospheric_tank",
    "double_containment_tank",
    "full_containment_tank",
    "pipe_small",
    "pipe_medium",
    "pipe_large",
    "pump",
    "compressor",
    "loading_arm",
    "loading_hose",
)
"""Equipment with a leak frequency of its own; pipes are counted in metres, loading in hours a year."""

WATER_CLASSES: Final = ("I", "II", "III", "IV", "V", "other")
"""Class of the receiving water (GB 3838)."""

YES_NO: Final = ("yes", "no")
"""Answers of a survey."""


def _answer(name: str, description: str) -> Column:
    return Column(name, "choice", choices=YES_NO, description=description)


def _count(name: str, unit: str, description: str, *, required: bool = True) -> Column:
    return Column(name, "number", unit=unit, low=0, required=required, description=description)


ZONE_PLANTS: Final = TableSpec(
    name="zone-plants",
    title="Plants of a chemical zone, one row a plant",
    columns=(
        Column("plant_id", "text", unique=True, description="Identifier of the plant."),
        Column("name", "text", description="Name of the plant."),
        Column(
            "owner", "text", description="Enterprise that answers for the plant; several plants may have one."
        ),
        Column("lon", "number", unit="degree", low=-180, high=180, description="Longitude."),
        Column("lat", "number", unit="degree", low=-90, high=90, description="Latitude."),
        Column("industry_code", "text", description="Industry by GB/T 4754, e.g. 2614."),
        Column(
            "kind_of_site",
            "choice",
            choices=KINDS_OF_SITE,
            description="Sort of site; decides on the grade's scope.",
        ),
        Column(
            "activity", "choice", choices=ACTIVITIES, description="Main activity with hazardous chemicals."
        ),
        _answer("in_zone", "Whether the plant lies in the declared chemical zone."),
        _answer("key_permit", "Whether it is on the list of key units of the discharge permit."),
        Column("employees", "integer", unit="person", low=0, description="People at work on site."),
        _count("revenue_cny", "CNY/year", "Revenue of the last year."),
        _count("assets_cny", "CNY", "Net assets that could pay a loss."),
        Column(
            "credit_colour",
            "choice",
            choices=COLOURS,
            required=False,
            description="Environmental credit of the enterprise; empty: not assessed.",
        ),
        _count(
            "limit_cny",
            "CNY",
            "Limit of the pollution liability cover in force; empty: uninsured.",
            required=False,
        ),
        _count("years_observed", "year", "Years of operation whose accidents the history table holds."),
        Column(
            "prevention",
            "choice",
            choices=PREVENTION_LEVELS,
            description="Prevention beyond the scored controls.",
        ),
        _answer(
            "gas_monitor", "Whether leaks of toxic gas are monitored with an alarm (毒性气体泄漏监控预警)."
        ),
        _answer("distance_met", "Whether the protective distance is kept (防护距离)."),
        _answer("interception", "Whether spills are intercepted on site (截流措施)."),
        _answer("accident_water", "Whether fire and accident water is collected (事故废水收集)."),
        _answer("clean_water", "Whether clean drainage is under control (清净废水系统)."),
        _answer("rain_water", "Whether rain drainage is under control (雨水排水系统)."),
        _answer("waste_water", "Whether production waste water is under control (生产废水处理系统)."),
        Column("discharge_route", "choice", choices=DISCHARGE_ROUTES, description="Where the effluent goes."),
        _answer("waste_managed", "Whether hazardous waste is managed as required (危险废物管理)."),
        _count("people_500m", "person", "People within 500 m of the site."),
        _count("people_1km", "person", "People within 1 km of the site."),
        _count("people_5km", "person", "People within 5 km of the site."),
        _answer("special_area_5km", "Whether an area under special protection lies within 5 km."),
    ),
)
"""Plants, their owners, controls and neighbours."""

ZONE_OUTLETS: Final = TableSpec(
    name="zone-outlets",
    title="Outlets of plants for rain and effluent and the waters below them, one row an outlet",
    columns=(
        Column("plant_id", "text", description="Plant, as in the table of plants."),
        Column("outlet_id", "text", unique=True, description="Identifier of the outlet."),
        Column("kind", "choice", choices=("rain", "clean", "effluent"), description="What leaves by it."),
        Column("receiving_water", "text", description="Name of the receiving water."),
        Column("water_class", "choice", choices=WATER_CLASSES, description="Its quality class (GB 3838)."),
        _answer(
            "drinking_water_10km", "Whether a drinking-water protection zone lies within 10 km downstream."
        ),
        _answer(
            "sensitive_water_10km",
            "Whether a sensitive water or ecological red line lies within 10 km downstream.",
        ),
        Column(
            "crosses_24h", "choice", choices=CROSSINGS, description="Border crossed within 24 hours of flow."
        ),
        _answer(
            "karst_or_flood_area", "Whether it discharges in karst, flood diversion or debris-flow land."
        ),
    ),
)
"""Outlets; a plant without one discharges nowhere."""

ZONE_SUBSTANCES: Final = TableSpec(
    name="zone-substances",
    title="Hazardous substances on site, one row a substance and place of storage",
    columns=(
        Column("plant_id", "text", description="Plant, as in the table of plants."),
        Column("cas", "text", required=False, description="CAS number; empty for a class of substances."),
        Column("name_zh", "text", required=False, description="Chinese name, as in the standard."),
        Column("name_en", "text", required=False, description="English name."),
        Column("state", "choice", choices=STATES, description="Physical state on site."),
        Column(
            "max_t",
            "number",
            unit="t",
            low=0,
            description="Largest quantity on site at one time, solution included.",
        ),
        Column(
            "concentration_percent",
            "number",
            unit="percent",
            required=False,
            low=0,
            low_open=True,
            high=100,
            description="Mass share of the substance in a solution or mixture; 100 for the pure substance.",
        ),
        Column(
            "is_solution",
            "choice",
            choices=YES_NO,
            description="Whether it is a solution or mixture; then the concentration is needed.",
        ),
        Column("where", "text", required=False, description="Tank, store or line that holds it."),
    ),
)
"""What is on site."""

ZONE_PROCESSES: Final = TableSpec(
    name="zone-processes",
    title="Production processes by line, one row a process of a line",
    columns=(
        Column("plant_id", "text", description="Plant, as in the table of plants."),
        Column("line", "text", description="Production line."),
        Column(
            "process",
            "text",
            description="Process: a word of the process table, or `other_high_risk`, `eliminated`.",
        ),
        Column("lines", "integer", unit="line", low=1, required=False, description="Equal lines; empty: 1."),
    ),
)
"""Processes that HJ 941 scores."""

ZONE_EQUIPMENT: Final = TableSpec(
    name="zone-equipment",
    title="Equipment with hazardous contents, one row a sort of equipment",
    columns=(
        Column("plant_id", "text", description="Plant, as in the table of plants."),
        Column("equipment", "choice", choices=EQUIPMENT, description="Sort of equipment."),
        Column(
            "amount",
            "number",
            unit="each, m or h/year",
            low=0,
            low_open=True,
            description="How many; metres of a pipe; hours a year of loading.",
        ),
    ),
)
"""Equipment for frequencies by equipment."""

ZONE_VEHICLES: Final = TableSpec(
    name="zone-vehicles",
    title="Vehicles that carry hazardous chemicals, one row a route and class",
    columns=(
        Column("plant_id", "text", description="Plant that answers for the transport."),
        Column("vehicle_class", "text", description="Class of vehicle, e.g. tank truck 30 t."),
        Column("cas", "text", required=False, description="What it carries (CAS)."),
        _count("trips_per_year", "1/year", "Loaded trips in a year."),
        Column(
            "km_per_trip",
            "number",
            unit="km",
            low=0,
            low_open=True,
            description="Loaded kilometres of a trip.",
        ),
        Column("load_t", "number", unit="t", low=0, low_open=True, description="Load of a trip."),
    ),
)
"""Transport."""

ZONE_HISTORY: Final = TableSpec(
    name="zone-history",
    title="Accidents and penalties of the plants, one row a record",
    columns=(
        Column("plant_id", "text", description="Plant, as in the table of plants."),
        Column(
            "year",
            "integer",
            unit="year",
            low=1980,
            high=2100,
            description="Year of the accident or penalty.",
        ),
        Column("kind", "choice", choices=HISTORY_KINDS, description="What is recorded."),
        Column(
            "level",
            "choice",
            choices=EVENT_LEVELS,
            required=False,
            description="Level of an accident as an environmental emergency; empty: below all levels.",
        ),
        Column(
            "medium",
            "choice",
            choices=("air", "water", "both"),
            required=False,
            description="Medium of an accident.",
        ),
        _count("direct_loss_cny", "CNY", "Direct loss of an accident, where known.", required=False),
        Column(
            "place",
            "choice",
            choices=HISTORY_PLACES,
            required=False,
            description="Where an accident happened: on the plant's site, or with its vehicles on the road; empty: "
            "site. Without the column the table says nothing of the road.",
        ),
    ),
)
"""What has happened."""

ZONE_TABLES: Final = (
    ZONE_PLANTS,
    ZONE_OUTLETS,
    ZONE_SUBSTANCES,
    ZONE_PROCESSES,
    ZONE_EQUIPMENT,
    ZONE_VEHICLES,
    ZONE_HISTORY,
)
"""All tables of a zone."""
