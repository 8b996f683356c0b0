# SPDX-License-Identifier: Apache-2.0
"""Writes deductible_rules.csv: payments of the Chinese deductible rules in exact fractions.

Independent of greenrisk: each rule is transcribed line by line from its wording or claims code, with if and
else, not from the parameters of one object. Run ``python tests/reference/make_deductible_rules.py`` to write
the table anew.

Sources: rule (A) from one insurer's claims code (a commented-out branch; default deduction 15 %, said to be
usual 10 %); rule (B) crops, the same code; rule (C) text of a plain commercial forest fire policy; rule (D)
ancient trees, Nanfang Daily 2023-07-31. "Larger-of" is what common wordings say (以高者为准).
"""

from __future__ import annotations

import csv
from fractions import Fraction as F
from pathlib import Path


def policy_forest_as_coded(si: F, d: F, a: F, ded: F) -> F:
    if d < F(10, 100):
        return F(0)
    if d < F(90, 100):
        if F(1, 10) * a < 10:
            return si * d * a * (1 - ded)
        return si * d * (a - 10)
    return si * a


def policy_forest_larger_of(si: F, d: F, a: F, ded: F) -> F:
    if d < F(10, 100):
        return F(0)
    if d < F(90, 100):
        deducted_area = max(ded * a, F(10))
        return si * d * max(a - deducted_area, F(0))
    return si * a


def crop(si: F, d: F, a: F, ded: F) -> F:
    if d < F(30, 100):
        return F(0)
    if d < F(80, 100):
        return si * a * (d - ded)
    return si * a


def commercial_fire(si: F, d: F, a: F, ded: F) -> F:
    del ded
    if d < F(20, 100):
        return F(0)
    if d < F(90, 100):
        return si * (d - F(20, 100)) * a
    return si * a


def old_trees(si: F, d: F, a: F, ded: F) -> F:
    del ded
    return si * d * a if d >= F(20, 100) else F(0)


RULES = {
    ("policy_forest", "min", "0.15"): policy_forest_as_coded,
    ("policy_forest", "min", "0.10"): policy_forest_as_coded,
    ("policy_forest", "max", "0.15"): policy_forest_larger_of,
    ("policy_forest", "max", "0.10"): policy_forest_larger_of,
    ("crop", "", "0.10"): crop,
    ("crop", "", "0.30"): crop,
    ("commercial_fire", "", ""): commercial_fire,
    ("old_trees", "", ""): old_trees,
}
# The edges of each rule, and a point beside each.
DEGREES = "0 0.05 0.0999 0.1 0.15 0.1999 0.2 0.25 0.2999 0.3 0.5 0.7999 0.8 0.85 0.8999 0.9 0.95 1"
AREAS = "0 0.5 5 9.99 10 10.01 50 66 67 99.99 100 100.01 150 1000 3000"
SUM_INSURED = "800"


def main() -> None:
    path = Path(__file__).with_name("deductible_rules.csv")
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(
            ["preset", "combine", "share", "sum_insured_cny_per_mu", "degree", "area_mu", "payment_cny"]
        )
        for (preset, combine, share), rule in RULES.items():
            for degree in DEGREES.split():
                for area in AREAS.split():
                    paid = rule(F(SUM_INSURED), F(degree), F(area), F(share or "0"))

                    writer.writerow([preset, combine, share, SUM_INSURED, degree, area, repr(float(paid))])


if __name__ == "__main__":
    main()
