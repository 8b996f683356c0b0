# SPDX-License-Identifier: Apache-2.0
"""Makes data/leping_*_synthetic.csv: a SYNTHETIC chemical zone of 34 plants near Leping, Jiangxi.

No enterprise, plant, water or record in it exists. Real is only the place: the zone lies around 28.96 N, 117.13 E.
What matters to the grading is set plant by plant in leping_zone_plan.py; coordinates, people, money, years, equipment
and transport are drawn by the parameters below.

The accidents of the history were set by hand, so that the grading meets every case of a record: no rate was behind
them. On site they are more than three times as many as the shipped cards expect, which the study tells.

Usage: python data/generators/make_leping_zone.py [OUTPUT_FOLDER]

Only the standard library, so that the bytes do not depend on the release of a numeric package.
"""

from __future__ import annotations

import csv
import io
import math
import random
import sys
from pathlib import Path
from statistics import NormalDist

from leping_zone_plan import PLANTS, SUBSTANCES, Plan

SEED = 20270500
LAST_YEAR = 2026  # of the survey and of the records
CENTRE = (117.13, 28.96)  # lon, lat [degree]
ZONE_SPREAD_KM, OUTSIDE_KM = 1.3, (5.0, 11.0)
KM_PER_DEGREE = 111.195
PEOPLE_5KM_MEDIAN, PEOPLE_1KM_SHARE, PEOPLE_500M_SHARE = (
    24000,
    0.045,
    0.22,
)  # the last of the people within 1 km
REVENUE_MEDIAN_CNY = {"production": 2.4e8, "storage": 6e7, "trade": 4.5e7, "transport": 3e7}
REVENUE_LOG_SD = 0.7
ASSETS_SHARE = (0.15, 0.6)  # of the revenue
EMPLOYEES_PER_MILLION = {"production": 0.9, "storage": 0.6, "trade": 0.4, "transport": 1.5}
YEARS_OBSERVED = (8, 15)
# fmt: off
EQUIPMENT = {  # activity: equipment and the range of its amount (pieces, m, h/year)
    "production": {"reactor": (3, 14), "process_tank": (2, 10), "atmospheric_tank": (2, 8), "tower": (1,
        6), "pipe_small": (300, 1500), "pipe_medium": (150, 900), "pipe_large": (0, 250), "pump": (6, 30),
        "compressor": (0, 3), "loading_arm": (100, 900)},
    "storage": {"atmospheric_tank": (3, 14), "double_containment_tank": (0, 2), "pipe_medium": (200, 1200),
        "pump": (3, 12), "loading_arm": (400, 2500)},
    "trade": {"atmospheric_tank": (0, 3), "pump": (1, 3), "loading_hose": (40, 400)},
    "transport": {"atmospheric_tank": (1, 2), "loading_hose": (100, 800)},
}
# fmt: on
GASES = {"liquefied_gas": (1, 3)}  # pressure vessels where such a substance is held
VEHICLES = (  # class, load [t], trips a year, km of a trip
    ("tank truck 30 t", 28.0, (150, 900), (60, 420)),
    ("tank truck 15 t", 13.0, (120, 700), (30, 260)),
    ("box truck 10 t", 8.0, (80, 400), (20, 180)),
    ("cylinder truck 5 t", 4.0, (100, 500), (15, 120)),
)
ROUTE_LOADS = ("methanol", "hcl acid", "toluene", "sulfuric acid", "lpg", "petrol", "ammonia solution")
WATERS = (("Synthetic East Creek", "III"), ("Synthetic West Canal", "IV"), ("Synthetic South River", "II"))

NORMAL = NormalDist()


def normal(rng: random.Random) -> float:
    """Return a standard normal number by inversion, one uniform each."""
    return NORMAL.inv_cdf(min(max(rng.random(), 1e-12), 1 - 1e-12))


def between(rng: random.Random, low: float, high: float) -> float:
    """Return a uniform number."""
    return low + (high - low) * rng.random()


def whole(rng: random.Random, low: int, high: int) -> int:
    """Return a uniform whole number, both ends included."""
    return low + int((high - low + 1) * rng.random())


def rounded(value: float, digits: int = 2) -> int:
    """Return a number to a few significant digits."""
    scale = 10 ** (math.floor(math.log10(value)) + 1 - digits)
    return int(round(value / scale) * scale) if scale > 1 else round(value)


def place(rng: random.Random, inside: bool) -> tuple[float, float]:
    """Return longitude and latitude in the zone, or some kilometres out of it."""
    if inside:
        east, north = ZONE_SPREAD_KM * normal(rng), ZONE_SPREAD_KM * normal(rng)
    else:
        angle, far = between(rng, 0.0, 2 * math.pi), between(rng, *OUTSIDE_KM)
        east, north = far * math.sin(angle), far * math.cos(angle)
    lat = CENTRE[1] + north / KM_PER_DEGREE
    return CENTRE[0] + east / (KM_PER_DEGREE * math.cos(math.radians(CENTRE[1]))), lat


def plant_row(rng: random.Random, plant_id: str, plan: Plan) -> list[str]:
    """Return the plant's row, in the order of PLANT_COLUMNS."""
    lon, lat = place(rng, plan.inside)
    far = rounded(PEOPLE_5KM_MEDIAN * math.exp(0.35 * normal(rng)))
    near = rounded(far * PEOPLE_1KM_SHARE * math.exp(0.4 * normal(rng)))
    next_door = rounded(near * PEOPLE_500M_SHARE * math.exp(0.4 * normal(rng)))
    people = plan.people or (min(next_door, near), min(near, far), far)
    revenue = rounded(REVENUE_MEDIAN_CNY[plan.activity] * math.exp(REVENUE_LOG_SD * normal(rng)))
    assets = rounded(revenue * between(rng, *ASSETS_SHARE))
    employees = max(6, round(revenue / 1e6 * EMPLOYEES_PER_MILLION[plan.activity]))
    years = whole(rng, *YEARS_OBSERVED)
    if plan.history:  # the observed years hold the plant's records
        years = max(years, LAST_YEAR - min(record[0] for record in plan.history) + 1)
    lacks = plan.lacks.split()
    header = HEADERS["plants"]
    scored = header[header.index("gas_monitor") : header.index("waste_water") + 1]
    controls = ["no" if control in lacks else "yes" for control in scored]
    return [
        plant_id,
        f"Synthetic {plan.name}",
        f"Synthetic {plan.owner}",
        f"{lon:.5f}",
        f"{lat:.5f}",
        plan.industry,
        plan.site,
        plan.activity,
        "yes" if plan.inside else "no",
        "yes" if plan.activity == "production" and revenue >= 1.5e8 else "no",
        str(employees),
        str(revenue),
        str(assets),
        plan.colour,
        str(plan.limit * 10_000) if plan.limit else "",
        str(years),
        plan.prevention,
        *controls,
        plan.route,
        "no" if "waste_managed" in lacks else "yes",
        *map(str, people),
        "yes" if plan.special else "no",
    ]


def outlet_rows(rng: random.Random, plant_id: str, plan: Plan) -> list[list[str]]:
    """Return the outlets: one for rain of every plant, one for effluent where there is any."""
    water, quality = WATERS[int(len(WATERS) * rng.random())]
    kinds = ["rain"] + (["effluent"] if plan.route != "none" else [])
    return [
        [
            plant_id,
            f"{plant_id}-{kind}",
            kind,
            water,
            quality,
            "yes" if plan.below == "drinking" else "no",
            "yes" if plan.below == "sensitive" else "no",
            "province" if plan.below == "province" else "none",
            "yes" if plan.below == "karst" else "no",
        ]
        for kind in kinds
    ]


def substance_rows(plant_id: str, plan: Plan) -> list[list[str]]:
    """Return what the plant holds."""
    rows = []
    for number, (word, held) in enumerate(plan.holds.items(), 1):
        cas, name_zh, name_en, state = SUBSTANCES[word]
        tonnes, percent = held if isinstance(held, tuple) else (held, 100)
        solution = isinstance(held, tuple)
        rows.append(
            [
                plant_id,
                cas,
                name_zh,
                name_en,
                state,
                f"{tonnes:g}",
                f"{percent:g}",
                "yes" if solution else "no",
                f"store {number}",
            ]
        )
    return rows


def equipment_rows(rng: random.Random, plant_id: str, plan: Plan) -> list[list[str]]:
    """Return the equipment with hazardous contents."""
    ranges = dict(EQUIPMENT[plan.activity])
    if any(SUBSTANCES[word][3] in GASES for word in plan.holds):
        ranges["gas_tank"] = GASES["liquefied_gas"]
    amounts = {sort: whole(rng, *limits) for sort, limits in ranges.items()}
    return [[plant_id, sort, str(amount)] for sort, amount in amounts.items() if amount]


def vehicle_rows(rng: random.Random, plant_id: str, plan: Plan) -> list[list[str]]:
    """Return the routes that the plant answers for."""
    rows = []
    held = [word for word in plan.holds if SUBSTANCES[word][0] and word != "diesel"]
    for _ in range(plan.routes):
        name, load, trips, km = VEHICLES[int(len(VEHICLES) * rng.random())]
        loads = held or ROUTE_LOADS
        word = loads[int(len(loads) * rng.random())]
        cas = SUBSTANCES[word][0]
        rows.append([plant_id, name, cas, str(whole(rng, *trips)), str(whole(rng, *km)), f"{load:g}"])
    return rows


def where(plan: Plan) -> str:
    """Return where the plant's accidents happened: a fleet's on the road, all others on site."""
    return "road" if plan.site == "hazmat_vehicles" else "site"


def tables() -> dict[str, tuple[tuple[str, ...], list[list[str]]]]:
    """Return header and rows of each table by the word of its file."""
    rng = random.Random(SEED)
    rows: dict[str, list[list[str]]] = {word: [] for word in HEADERS}
    for number, plan in enumerate(PLANTS, 1):
        plant_id = f"LZ{number:02d}"
        rows["plants"].append(plant_row(rng, plant_id, plan))
        rows["outlets"] += outlet_rows(rng, plant_id, plan)
        rows["substances"] += substance_rows(plant_id, plan)
        rows["processes"] += [
            [plant_id, f"line {place}", process, str(lines)]
            for place, (process, lines) in enumerate(plan.processes.items(), 1)
        ]
        rows["equipment"] += equipment_rows(rng, plant_id, plan)
        rows["vehicles"] += vehicle_rows(rng, plant_id, plan)
        rows["history"] += [
            [
                plant_id,
                str(year),
                kind,
                level,
                medium,
                str(loss) if kind == "accident" and loss else "",
                where(plan) if kind == "accident" else "",
            ]
            for year, kind, level, medium, loss in plan.history
        ]
    return {word: (HEADERS[word], rows[word]) for word in HEADERS}


# fmt: off
HEADERS = {
    "plants": ("plant_id", "name", "owner", "lon", "lat", "industry_code", "kind_of_site", "activity",
        "in_zone", "key_permit", "employees", "revenue_cny", "assets_cny", "credit_colour", "limit_cny",
        "years_observed", "prevention", "gas_monitor", "distance_met", "interception", "accident_water",
        "clean_water", "rain_water", "waste_water", "discharge_route", "waste_managed", "people_500m",
        "people_1km", "people_5km", "special_area_5km"),
    "outlets": ("plant_id", "outlet_id", "kind", "receiving_water", "water_class", "drinking_water_10km",
        "sensitive_water_10km", "crosses_24h", "karst_or_flood_area"),
    "substances": ("plant_id", "cas", "name_zh", "name_en", "state", "max_t", "concentration_percent",
        "is_solution", "where"),
    "processes": ("plant_id", "line", "process", "lines"),
    "equipment": ("plant_id", "equipment", "amount"),
    "vehicles": ("plant_id", "vehicle_class", "cas", "trips_per_year", "km_per_trip", "load_t"),
    "history": ("plant_id", "year", "kind", "level", "medium", "direct_loss_cny", "place"),
}
# fmt: on


def main(folder: Path) -> None:
    """Write the seven tables."""
    for word, (header, rows) in tables().items():
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
        (folder / f"leping_{word}_synthetic.csv").write_bytes(text.getvalue().encode())


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[1])
