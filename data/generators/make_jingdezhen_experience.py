# SPDX-License-Identifier: Apache-2.0
"""Makes data/jingdezhen_experience_synthetic.csv and data/jingdezhen_triangle_synthetic.csv: SYNTHETIC experience.

No insurer had these years. They are invented by the parameters below and not drawn from greenrisk's model: each peril
strikes a year by chance and then costs a lognormal amount by insured mu, no stand is looked at, and the mean costs
were chosen to differ from the model's, so that the example has something to tell. The sum insured of 800 CNY/mu is
that of the synthetic book.

Usage: python data/generators/make_jingdezhen_experience.py [FOLDER]

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

SEED = 20160312
YEARS = range(2016, 2026)
VALUED_AT_END_OF = 2025
FIRST_AREA_MU, YEARLY_GROWTH, AREA_LOG_SD = 760_000, 0.025, 0.015
SUM_INSURED_CNY_PER_MU = 800
PREMIUM_CNY_PER_MU = 1.6

# peril: chance of a year with payments, median cost of such a year [CNY/mu], its logarithmic standard deviation
PERILS = {
    "wildfire": (0.40, 0.016, 1.1),
    "storm": (0.50, 0.120, 1.1),
    "snow_ice": (0.35, 0.180, 1.3),
    "drought": (0.30, 0.120, 0.8),
    "flood": (0.75, 0.080, 0.9),
    "pest": (1.00, 0.170, 0.5),
}

LAST_AGE = 5
REPORTED = (0.82, 0.97, 1.0, 1.0, 1.0)  # incurred share of the final cost by age
PAID = (0.62, 0.94, 0.99, 1.0, 1.0)  # paid share of the incurred cost by age
REPORTED_SD = 0.05  # standard deviation of the first incurred share; a third of it at the second age

COLUMNS = (
    "year", "peril", "insured_mu", "sum_insured_cny", "premium_cny", "paid_cny", "outstanding_cny",
)  # fmt: skip
TRIANGLE_COLUMNS = ("year", "age", "paid_cny", "outstanding_cny")

NORMAL = NormalDist()


def normal(rng: random.Random) -> float:
    """Return a standard normal number by inversion, one uniform each."""
    return NORMAL.inv_cdf(min(max(rng.random(), 1e-12), 1 - 1e-12))


def history(rng: random.Random, final: float) -> list[tuple[int, int]]:
    """Return paid and outstanding of one peril and year at each age, whole CNY."""
    ages = []
    for age in range(LAST_AGE):
        spread = REPORTED_SD * (1.0, 1 / 3, 0.0, 0.0, 0.0)[age]
        incurred = round(final * max(0.0, REPORTED[age] + spread * normal(rng)))
        paid = round(incurred * PAID[age])
        ages.append((paid, incurred - paid))
    return ages


def tables() -> tuple[list[list[object]], list[list[object]]]:
    """Return the rows of both tables."""
    rng = random.Random(SEED)
    experience: list[list[object]] = []
    triangle: list[list[object]] = []
    for year in YEARS:
        growth = (1 + YEARLY_GROWTH) ** (year - YEARS[0])
        area = round(FIRST_AREA_MU * growth * math.exp(AREA_LOG_SD * normal(rng)))
        latest = min(VALUED_AT_END_OF - year + 1, LAST_AGE)
        together = [[0, 0] for _ in range(latest)]
        for peril, (chance, median, log_sd) in PERILS.items():
            strikes = rng.random() < chance
            cost = area * median * math.exp(log_sd * normal(rng))
            ages = history(rng, cost if strikes else 0.0)
            for age in range(latest):
                together[age] = [sum(pair) for pair in zip(together[age], ages[age], strict=True)]
            portfolio = (area, area * SUM_INSURED_CNY_PER_MU, round(area * PREMIUM_CNY_PER_MU))
            experience.append([year, peril, *portfolio, *ages[latest - 1]])
        triangle += [[year, age + 1, *amounts] for age, amounts in enumerate(together)]
    return experience, triangle


def text(columns: tuple[str, ...], rows: list[list[object]]) -> bytes:
    """Return a table as CSV."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return out.getvalue().encode()


def main(folder: Path) -> None:
    """Write both tables."""
    experience, triangle = tables()
    (folder / "jingdezhen_experience_synthetic.csv").write_bytes(text(COLUMNS, experience))
    (folder / "jingdezhen_triangle_synthetic.csv").write_bytes(text(TRIANGLE_COLUMNS, triangle))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[1])
