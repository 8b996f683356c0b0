# SPDX-License-Identifier: Apache-2.0
"""Burn analysis: its block bootstrap against exact errors and R's boot (tests/reference/resource), and by hand."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import numpy as np
import pytest
from index_records import record
from priced_records import linear
from test_index_laws import PAYOUTS, RECORDS

from greenrisk.core.errors import ArgumentError
from greenrisk.resource.index_cover import burn as module
from greenrisk.resource.index_cover.burn import (
    block_length,
    block_weights,
    block_years_drawn,
    bootstrap_means,
    burn,
    first_autocorrelation,
)
from greenrisk.resource.index_cover.payouts import payout_share

TABLE = Path(__file__).parents[2] / "reference" / "resource" / "index_bootstrap.csv"
R_RESAMPLES = 200_000


def rows() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def payments(data: str) -> np.ndarray:
    return 1000.0 * payout_share(PAYOUTS[data], record(RECORDS[data])[1])


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row['data']}-{row['block_years']}")
def test_blocks_move_the_mean_as_in_r(row: dict[str, str]) -> None:
    resamples = 40_000
    found = bootstrap_means(payments(row["data"]), resamples, seed=3, block_years=int(row["block_years"]))
    assert float(found.mean) == pytest.approx(float(row["mean"]), rel=1e-9)
    # The standard deviation of n draws has a relative error of 1 / sqrt(2 n), a tenth more for these skew means.
    spread = 1.1 * math.sqrt(1 / (2 * resamples) + 1 / (2 * R_RESAMPLES))
    assert abs(float(found.standard_error) / float(row["error"]) - 1.0) < 4 * spread
    if row["exact_error"] != "NA":
        exact = float(row["exact_error"])
        assert abs(float(found.standard_error) / exact - 1.0) < 4 * 1.1 * math.sqrt(1 / (2 * resamples))
    # A quantile of a nearly normal mean at 5 % has an error of sqrt(0.05 0.95 / n) / density, density 0.103 / error.
    for place, name in enumerate(("low", "high")):
        near = math.sqrt(0.05 * 0.95 * (1 / resamples + 1 / R_RESAMPLES)) / 0.06 * float(row["error"])
        assert abs(float(found.quantile[place]) - float(row[name])) < 4 * near


def test_every_resample_has_as_many_years_as_the_record_in_whole_blocks() -> None:
    rng = np.random.default_rng(1)
    drawn = block_years_drawn(11, 50, 4, rng)
    assert drawn.shape == (50, 11)
    steps = np.diff(drawn, axis=1)
    inside = np.delete(steps, [3, 7], axis=1)
    assert set(np.unique(inside)) <= {1, -10}
    weights = block_weights(11, 50, 4, np.random.default_rng(1))
    assert (weights.sum(axis=1) == 11).all()
    np.testing.assert_array_equal(weights[0], np.bincount(drawn[0], minlength=11))


def test_a_block_as_long_as_the_record_moves_nothing() -> None:
    paid = np.array([0.0, 3.0, 0.0, 9.0])
    found = bootstrap_means(paid, 100, block_years=4)
    assert float(found.standard_error) == 0.0
    assert found.quantile.tolist() == [3.0, 3.0]


def test_sites_taken_in_parts_are_the_same_sites(monkeypatch: pytest.MonkeyPatch) -> None:
    paid = np.random.default_rng(2).gamma(0.3, 10.0, (3, 7, 25))
    whole = bootstrap_means(paid, 60, seed=5, block_years=3)
    monkeypatch.setattr(module, "_CELLS", 60 * 4)
    parts = bootstrap_means(paid, 60, seed=5, block_years=3)
    for one, other in zip(whole, parts, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-12)
    np.testing.assert_allclose(whole.mean, paid.mean(axis=-1), rtol=1e-12)
    assert whole.quantile.shape == (2, 3, 7)


def test_years_that_are_not_known_count_neither_above_nor_below() -> None:
    paid = np.array([[10.0, np.nan, 30.0], [np.nan] * 3, [1.0, 2.0, 3.0]])
    found = bootstrap_means(paid, 500, seed=1)
    np.testing.assert_array_equal(found.mean, [20.0, np.nan, 2.0])
    # One of the two known years may fill a resample, or both stand in any mix: means between 10 and 30.
    assert found.quantile[0, 0] == 10.0
    assert found.quantile[1, 0] == 30.0
    assert np.isnan(found.quantile[:, 1]).all()


def test_the_block_grows_with_what_years_have_in_common() -> None:
    # By hand: years 0 1 0 1 ... have r < 0; a rise 1 ... 100 has r near 1 and is held at a quarter, or 20.
    assert block_length(np.tile([0.0, 1.0], 20)) == 1
    assert block_length(np.arange(40.0)) == 10
    assert block_length(np.arange(100.0)) == 20
    assert block_length(np.full(50, 3.0)) == 1
    x = np.array([1.0, 2.0, 0.0, -1.0, -2.0, 0.0, 1.0, -1.0])
    # Sum of squares 12; products of neighbours 2 + 0 + 0 + 2 + 0 + 0 - 1 = 3.
    assert first_autocorrelation(x) == pytest.approx(0.25, rel=1e-15)
    wanted = math.ceil((math.sqrt(6) * 0.25 / (1 - 0.0625)) ** (2 / 3) * 8 ** (1 / 3))
    assert block_length(x) == min(wanted, 2)


def test_the_nile_remembers_and_the_lowest_month_at_manaus_does_not() -> None:
    assert first_autocorrelation(record("nile")[1]) > 0.4
    assert block_length(record("nile")[1]) == 7
    assert block_length(record("manaus_min")[1]) == 1


def test_a_burn_tells_its_years() -> None:
    value = record("manaus_min")[1]
    found = burn(1000.0 * payout_share(linear("below", -4.0, -6.0), value))
    assert (found.years, found.paying_years, found.block_years) == (90, 8, 1)
    assert found.low < found.mean < found.high
    with pytest.raises(ArgumentError, match="no year is known"):
        burn(np.full(5, np.nan))
    with pytest.raises(ArgumentError, match="block_years = 0"):
        block_weights(5, 3, 0, np.random.default_rng(0))
