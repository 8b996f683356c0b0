# SPDX-License-Identifier: Apache-2.0
"""Habitat equivalency and small covers beside R: tests/reference/resource/make_wetland_costs.R."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from greenrisk.environment.restoration import Replacement, discounted_gain, discounted_loss, yearly_discounted
from greenrisk.resource.wetland.small_cover_spec import OldTreesCover, SmallCover, WildlifeCover
from greenrisk.resource.wetland.small_covers import expected_payment, small_cover_law

TABLE = pd.read_csv(Path(__file__).parents[2] / "reference" / "resource" / "wetland_costs.csv")


def rows(quantity: str, columns: int) -> list[tuple[float, ...]]:
    """Arguments and value of each row of a quantity."""
    found = TABLE[TABLE["quantity"] == quantity]
    assert len(found)
    return [tuple(row) for row in found[[*"abcdefgh"[:columns], "value"]].to_numpy(dtype=float)]


def trees(*numbers: float) -> tuple[SmallCover, dict[str, float | str]]:
    count, rate, variation, mean, concentration = numbers
    values: dict[str, float | str] = {
        "rate": rate,
        "year_variation": variation,
        "degree_mean": mean,
        "degree_concentration": concentration,
        "rescue_share": 0.1,
    }
    return OldTreesCover(kind="old_trees", name="trees", trees=int(count)), values


def claims(*numbers: float) -> tuple[SmallCover, dict[str, float | str]]:
    units, rate, variation, median, spread, deductible, limit = numbers
    cover = WildlifeCover(
        kind="wildlife_damage",
        name="claims",
        households=int(units),
        deductible_cny=deductible,
        claim_limit_cny=limit,
    )
    return cover, {"rate": rate, "year_variation": variation, "median": median, "spread": spread}


def test_loss_of_services_is_that_of_r() -> None:
    for delay, recovery, rate, value in rows("loss", 3):
        assert float(discounted_loss(1.0, recovery, delay=delay, rate=rate)) == pytest.approx(value, rel=1e-8)


def test_gain_of_services_is_that_of_r() -> None:
    for start, maturity, life, rate, value in rows("gain", 4):
        found = discounted_gain(Replacement(start, maturity, life, 1.0), rate)
        assert found == pytest.approx(value, rel=1e-8)


def test_the_yearly_convention_is_that_of_r() -> None:
    for recovery, rate, value in rows("yearly", 2):
        levels = np.linspace(1.0, 0.0, int(recovery) + 1)
        assert yearly_discounted(levels, rate) == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize(("kind", "columns"), [("trees", 5), ("claims", 7)])
def test_mean_and_variance_of_a_year_are_those_of_r(kind: str, columns: int) -> None:
    make = trees if kind == "trees" else claims
    for *numbers, value in rows(f"{kind}_mean", columns):
        cover, values = make(*numbers)
        assert expected_payment(cover, values) == pytest.approx(value, rel=1e-8)
        assert small_cover_law(cover, values).mean() == pytest.approx(value, rel=1e-8)
    for *numbers, value in rows(f"{kind}_variance", columns):
        cover, values = make(*numbers)
        assert small_cover_law(cover, values).var() == pytest.approx(value, rel=1e-8)


def test_a_year_under_an_annual_limit_is_that_of_r() -> None:
    for *numbers, limit, value in rows("claims_limited", 8):
        law = small_cover_law(*claims(*numbers))
        assert law.aggregate(rtol=1e-7, annual_limit=limit).mean() == pytest.approx(value, rel=1e-5)
