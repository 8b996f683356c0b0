# SPDX-License-Identifier: Apache-2.0
"""Every family against values computed by an independent code in 40 digits (tests/reference/actuarial)."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from greenrisk.actuarial.severity.registry import FAMILIES

REFERENCE = Path(__file__).parents[2] / "reference" / "actuarial"
BY_CLASS = {family.__name__: family for family in FAMILIES.values()}
RENAMED = {"mean": "mu"}


def rows(name):
    with (REFERENCE / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def law(row):
    given = json.loads(row["parameters"])
    return BY_CLASS[row["family"]](
        **{RENAMED.get(k, k) if row["family"] == "InverseGaussian" else k: v for k, v in given.items()}
    )


@pytest.mark.parametrize("family", sorted(BY_CLASS))
def test_limited_expected_values_agree_with_forty_digits_to_a_few_units_of_rounding(family):
    seen = 0
    for row in rows("limited_values.csv"):
        if row["family"] != family:
            continue
        got = float(law(row).limited_expected_value(float(row["limit"]), int(row["power"])))
        expected = float(row["value"])
        assert got == pytest.approx(expected, rel=2e-14, abs=0), row
        if row["actuar"] and np.isfinite(float(row["limit"])):
            assert got == pytest.approx(float(row["actuar"]), rel=1e-6), row
        seen += 1
    assert seen >= 60


@pytest.mark.parametrize("family", sorted(BY_CLASS))
def test_probabilities_and_densities_agree_with_forty_digits(family):
    seen = 0
    for row in rows("law_values.csv"):
        if row["family"] != family:
            continue
        severity, x = law(row), float(row["x"])
        # At the very start of a law its density is a matter of convention: ours is the limit from the right.
        at_start = x == severity.support()[0]
        for name in ("cdf", "sf") if at_start else ("cdf", "sf", "pdf"):
            got = float(getattr(severity, name)(x))
            assert got == pytest.approx(float(row[name]), rel=2e-13, abs=1e-300), (name, row)
        seen += 1
    assert seen >= 18
