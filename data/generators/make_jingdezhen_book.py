# SPDX-License-Identifier: Apache-2.0
"""Makes data/jingdezhen_stands_synthetic.csv: a SYNTHETIC book of insured forest stands for Jingdezhen.

No stand, owner or township in it exists. Only the frame is real: the four county-level units, roughly where
they lie, and the sum insured of 800 CNY/mu that the press names for Jiangxi in 2016 (both forest types).
Everything else - areas, ages, species, where townships lie, which forest is insured - is invented, by the
parameters below.

Usage: python data/generators/make_jingdezhen_book.py [OUTPUT.csv]

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

SEED = 20240400
COLUMNS = (
    "stand_id", "owner", "county", "township", "forest_type", "species_group",
    "age", "area_ha", "sum_insured_cny_per_mu", "insured_share", "lon", "lat",
)  # fmt: skip

# county: prefix, stands, townships, box (lon west, lon east, lat south, lat north) [degree], share of
# public-benefit forest
COUNTIES = {
    "Changjiang": ("CJ", 420, 6, (117.00, 117.20, 29.20, 29.42), 0.40),
    "Fuliang": ("FL", 3800, 17, (117.03, 117.68, 29.27, 29.88), 0.45),
    "Leping": ("LP", 1750, 14, (116.98, 117.50, 28.78, 29.18), 0.30),
    "Zhushan": ("ZS", 30, 2, (117.18, 117.24, 29.26, 29.32), 0.70),
}
TOWNSHIP_SPREAD_KM = 3.0  # standard deviation of stands about their township's centre, each way
AREA_MEDIAN_HA, AREA_LOG_SD, AREA_LIMITS_HA = 8.0, 0.85, (0.5, 120.0)  # mean about 11.3 ha
SUM_INSURED_CNY_PER_MU = 800
SPECIES = {  # share by forest type, in the order conifer, broadleaf, mixed, bamboo
    "public_benefit": (0.34, 0.32, 0.27, 0.07),
    "commercial": (0.55, 0.12, 0.15, 0.18),
}
SPECIES_NAMES = ("conifer", "broadleaf", "mixed", "bamboo")
AGE_MEDIAN_YEAR = {"conifer": 17, "broadleaf": 30, "mixed": 25, "bamboo": 4}
AGE_LOG_SD, OLDER_PUBLIC_BENEFIT = 0.5, 1.3
OWNERS = {  # share by forest type: state farm, village collective, household cooperative, company
    "public_benefit": (0.35, 0.50, 0.12, 0.03),
    "commercial": (0.15, 0.25, 0.35, 0.25),
}
FULLY_INSURED, PARTIAL_SHARES = 0.80, (0.6, 0.7, 0.8, 0.9)

NORMAL = NormalDist()
KM_PER_DEGREE = 111.195


def choose(rng: random.Random, shares: tuple[float, ...]) -> int:
    """Return an index with the given chances."""
    uniform, total = rng.random(), 0.0
    for index, share in enumerate(shares):
        total += share
        if uniform < total:
            return index
    return len(shares) - 1


def normal(rng: random.Random) -> float:
    """Return a standard normal number by inversion, one uniform each."""
    return NORMAL.inv_cdf(min(max(rng.random(), 1e-12), 1 - 1e-12))


def near(rng: random.Random, centre: float, spread: float, low: float, high: float) -> float:
    """Return a normal number within limits, by redrawing."""
    while True:
        value = centre + spread * normal(rng)
        if low <= value <= high:
            return value


def rows() -> list[list[str]]:
    """Return the book, one list of cells a stand, sorted by stand_id."""
    rng = random.Random(SEED)
    book = []
    for county, (prefix, stands, townships, (west, east, south, north), public) in COUNTIES.items():
        margin = 0.08
        centres = [
            (
                west + (east - west) * (margin + (1 - 2 * margin) * rng.random()),
                south + (north - south) * (margin + (1 - 2 * margin) * rng.random()),
                0.4 + rng.random(),
            )
            for _ in range(townships)
        ]
        total = sum(weight for *_, weight in centres)
        shares = tuple(weight / total for *_, weight in centres)
        for number in range(1, stands + 1):
            township = choose(rng, shares)
            lon0, lat0, _ = centres[township]
            spread = TOWNSHIP_SPREAD_KM / KM_PER_DEGREE
            lat = near(rng, lat0, spread, south, north)
            lon = near(rng, lon0, spread / math.cos(math.radians(lat0)), west, east)
            forest_type = "public_benefit" if rng.random() < public else "commercial"
            species = SPECIES_NAMES[choose(rng, SPECIES[forest_type])]
            area = 0.0
            while not AREA_LIMITS_HA[0] <= area <= AREA_LIMITS_HA[1]:
                area = AREA_MEDIAN_HA * math.exp(AREA_LOG_SD * normal(rng))
            older = OLDER_PUBLIC_BENEFIT if forest_type == "public_benefit" and species != "bamboo" else 1.0
            age = max(1, round(older * AGE_MEDIAN_YEAR[species] * math.exp(AGE_LOG_SD * normal(rng))))
            kind = choose(rng, OWNERS[forest_type])
            owner = (
                f"{county} state forest farm {township % 3 + 1}",
                f"{county} village collective {township + 1:02d}-{int(9 * rng.random()) + 1}",
                f"{county} cooperative {int(40 * rng.random()) + 1:02d}",
                f"{county} forestry company {int(8 * rng.random()) + 1}",
            )[kind]
            share = 1.0
            if rng.random() >= FULLY_INSURED:
                share = PARTIAL_SHARES[int(len(PARTIAL_SHARES) * rng.random())]
            book.append(
                [
                    f"{prefix}{number:05d}",
                    f"synthetic {owner}",
                    county,
                    f"synthetic {county} township {township + 1:02d}",
                    forest_type,
                    species,
                    str(age),
                    f"{area:.2f}",
                    str(SUM_INSURED_CNY_PER_MU),
                    f"{share:g}",
                    f"{lon:.5f}",
                    f"{lat:.5f}",
                ]
            )
    return book


def main(output: Path) -> None:
    """Write the book."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows())
    output.write_bytes(text.getvalue().encode())


if __name__ == "__main__":
    default = Path(__file__).parents[1] / "jingdezhen_stands_synthetic.csv"
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else default)
