# SPDX-License-Identifier: Apache-2.0
"""Makes data/manaus_wetland_sites_synthetic.csv: 42 SYNTHETIC sites on the floodplain of the Rio Negro near Manaus.

No lake, forest, reserve, intake or limit in it exists. Real is only the place: the river comes down from the
north-west and passes the port of Manaus at about 3.14 S, 60.03 W; its course is drawn here as a line of a few corners.
What stands where is set by the plan below; areas, offsets from the river, people and limits are drawn.

Limits are set by habit, as sums of products are: an amount a hectare by class, rounded, whatever restoration costs.
Some lie above what total damage costs, most below.

Usage: python data/generators/make_manaus_wetland_sites.py [OUTPUT_FOLDER]

Only the standard library, so that the bytes do not depend on the release of a numeric package.
"""

from __future__ import annotations

import csv
import io
import math
import random
import sys
from itertools import pairwise
from pathlib import Path

SEED = 20270700
KM_PER_DEGREE = 111.195

# Corners of the river: km upstream of the port, latitude, longitude [degree].
RIVER = (
    (-20.0, -3.13, -59.87),
    (0.0, -3.14, -60.03),
    (15.0, -3.07, -60.15),
    (60.0, -2.78, -60.42),
    (110.0, -2.50, -60.78),
    (160.0, -2.15, -61.05),
)

# class: sites, km along the river, offset from it [km], median area [ha], spread of its logarithm,
# functions, limit [CNY/ha]
PLAN = {
    "floodplain_lake": (12, (-15.0, 150.0), (1.0, 6.0), 320.0, 0.8,
        ("habitat", "flood_storage", "fishery", "climate", "purification"), 12_000),
    "igapo_forest": (12, (5.0, 155.0), (0.5, 4.0), 900.0, 0.7,
        ("habitat", "climate", "flood_storage", "soil"), 15_000),
    "riparian_forest": (8, (-15.0, 120.0), (0.3, 1.5), 140.0, 0.6,
        ("habitat", "soil", "purification", "climate"), 20_000),
    "reserve": (4, (25.0, 150.0), (4.0, 12.0), 5200.0, 0.5,
        ("habitat", "climate", "soil", "recreation"), 5_000),
    "water_intake": (6, (-12.0, 95.0), (0.05, 0.4), 9.0, 0.5,
        ("water_supply", "purification"), 250_000),
}  # fmt: skip
PREFIX = {
    "floodplain_lake": "L",
    "igapo_forest": "I",
    "riparian_forest": "R",
    "reserve": "P",
    "water_intake": "W",
}
NAMES = {
    "floodplain_lake": "Synthetic floodplain lake",
    "igapo_forest": "Synthetic igapo forest",
    "riparian_forest": "Synthetic riparian forest",
    "reserve": "Synthetic reserve",
    "water_intake": "Synthetic water intake",
}
CITY_KM = 20.0  # intakes nearer to the port than this serve parts of the city
PEOPLE = {"city": (160_000, 0.6), "village": (3_500, 0.7)}  # median, spread of the logarithm
LAKES_THAT_SERVE = (3, 9)  # lakes from which a village drinks, counted from 1
WATER_LIMIT_PER_PERSON = 40  # [CNY/person]
OWN_COST_SHARE, OWN_COST_FACTOR = (
    0.25,
    0.4,
)  # sites with a plan of their own; spread of the logarithm of its cost
OWN_COST = {  # around which the plans of sites lie [CNY/ha]
    "floodplain_lake": 30_000, "igapo_forest": 25_000, "riparian_forest": 22_000, "reserve": 16_000,
    "water_intake": 320_000,
}  # fmt: skip
OWN_YEARS = {
    "floodplain_lake": 6,
    "igapo_forest": 40,
    "riparian_forest": 20,
    "reserve": 30,
    "water_intake": 2,
}

HEADER = [
    "site_id", "name", "site_class", "functions", "lon", "lat", "area_ha", "river_km", "limit_cny",
    "water_limit_cny", "people_served", "unit_cost_cny_per_ha", "recovery_years",
]  # fmt: skip


def normal(rng: random.Random) -> float:
    """Return a standard normal number from two uniforms."""
    radius = math.sqrt(-2.0 * math.log(max(rng.random(), 1e-12)))
    return radius * math.cos(2.0 * math.pi * rng.random())


def rounded(value: float, digits: int = 2) -> int:
    """Return a number to a few significant digits."""
    scale = 10 ** (math.floor(math.log10(value)) + 1 - digits)
    return int(round(value / scale) * scale) if scale > 1 else max(1, round(value))


def on_river(km: float) -> tuple[float, float, float, float]:
    """Return latitude and longitude of a place on the river, and the direction upstream (north, east)."""
    reaches = [reach for reach in pairwise(RIVER) if km <= reach[1][0]]
    (low, lat0, lon0), (high, lat1, lon1) = reaches[0]
    share = (km - low) / (high - low)
    north, east = lat1 - lat0, (lon1 - lon0) * math.cos(math.radians(lat0))
    length = math.hypot(north, east)
    return lat0 + share * (lat1 - lat0), lon0 + share * (lon1 - lon0), north / length, east / length


def row(rng: random.Random, site_class: str, number: int, km: float) -> list[str]:
    """Return one site, in the order of HEADER."""
    _, _, offsets, area_median, area_spread, functions, limit_per_ha = PLAN[site_class]
    lat, lon, north, east = on_river(km)
    offset = offsets[0] + (offsets[1] - offsets[0]) * rng.random()
    side = 1.0 if rng.random() < 0.5 else -1.0
    lat += side * offset * -east / KM_PER_DEGREE
    lon += side * offset * north / (KM_PER_DEGREE * math.cos(math.radians(lat)))
    area = rounded(area_median * math.exp(area_spread * normal(rng)))
    served, words = 0, functions
    drawn = math.exp(PEOPLE["village"][1] * normal(rng))
    if site_class == "water_intake":
        median, spread = PEOPLE["city" if abs(km) < CITY_KM else "village"]
        served = rounded(median * drawn ** (spread / PEOPLE["village"][1]))
    elif site_class == "floodplain_lake" and number in LAKES_THAT_SERVE:
        served, words = rounded(PEOPLE["village"][0] * drawn), (*functions, "water_supply")
    limit = rounded(limit_per_ha * area * math.exp(0.35 * normal(rng)))
    own = rng.random() < OWN_COST_SHARE
    cost = rounded(OWN_COST[site_class] * math.exp(OWN_COST_FACTOR * normal(rng)))
    years = max(1, round(OWN_YEARS[site_class] * math.exp(0.3 * normal(rng))))
    return [
        f"{PREFIX[site_class]}{number:02d}",
        f"{NAMES[site_class]} {number:02d}",
        site_class,
        "|".join(words),
        f"{lon:.4f}",
        f"{lat:.4f}",
        str(area),
        f"{km:.1f}",
        str(limit),
        str(rounded(WATER_LIMIT_PER_PERSON * served)) if served else "",
        str(served),
        str(cost) if own else "",
        str(years) if own else "",
    ]


def table() -> str:
    """Return the table as text."""
    rng, text = random.Random(SEED), io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    for site_class, (count, (low, high), *_) in PLAN.items():
        for number in range(1, count + 1):  # one in each equal piece of the river
            km = low + (high - low) * (number - 1 + rng.random()) / count
            writer.writerow(row(rng, site_class, number, km))
    return text.getvalue()


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[1]
    (folder / "manaus_wetland_sites_synthetic.csv").write_text(table(), encoding="utf-8", newline="\n")
