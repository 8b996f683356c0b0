# SPDX-License-Identifier: Apache-2.0
"""Four treatments of a record, by hand and on the Nile."""

from __future__ import annotations

import numpy as np
import pytest
from index_records import record

from greenrisk.core.errors import ArgumentError
from greenrisk.resource.index_cover.changes import Changes, detect_changes
from greenrisk.resource.index_cover.treatments import side_by_side, treat


@pytest.fixture(scope="module")
def nile() -> tuple[np.ndarray, np.ndarray, Changes]:
    year, value, _ = record("nile")
    return year, value, detect_changes(year, value)


def _pay(value: np.ndarray) -> float:
    """Mean payout of a linear cover that pays below 800, all at 600."""
    return float(np.mean(np.clip((800 - value) / 200, 0, 1)))


def test_the_nile_is_worth_up_to_three_and_a_half_times_as_much_by_what_is_done_to_it(
    nile: tuple[np.ndarray, np.ndarray, Changes],
) -> None:
    year, value, changes = nile
    paid = {one.treatment: _pay(one.value[one.kept]) for one in side_by_side(year, value, changes)}
    slope, level = np.polyfit(year, value, 1)  # the same by numpy's own fit and by means of two groups
    early = year <= 1898
    shift = value[~early].mean() - value[early].mean()
    assert paid["none"] == pytest.approx(_pay(value))
    assert paid["linear"] == pytest.approx(_pay(value - (slope * year + level) + slope * 1970 + level))
    assert paid["step"] == pytest.approx(_pay(np.where(early, value + shift, value)))
    assert paid["post_break"] == pytest.approx(_pay(value[~early]))
    assert paid["linear"] / paid["none"] == pytest.approx(3.5, abs=0.05)
    assert paid["none"] < paid["post_break"] < paid["step"] < paid["linear"]


def test_a_line_across_a_step_is_refused_by_the_year_of_the_step(
    nile: tuple[np.ndarray, np.ndarray, Changes],
) -> None:
    year, value, changes = nile
    with pytest.raises(ArgumentError) as raised:
        treat(year, value, "linear", changes)
    assert str(raised.value) == (
        "treatment  linear\n  The record has a step after 1898: a line laid across it makes a trend of it. Choose "
        "`step`, `post_break` or `auto`.\n1 fault."
    )
    refused = {one.treatment: bool(one.refused) for one in side_by_side(year, value, changes)}
    assert refused == {"none": False, "linear": True, "step": False, "post_break": False}


def test_auto_follows_the_verdict(nile: tuple[np.ndarray, np.ndarray, Changes]) -> None:
    year, value, changes = nile
    assert treat(year, value, "auto", changes).treatment == "step"
    fires = record("log_jiangxi")
    assert treat(*fires[:2], "auto", detect_changes(*fires), "log").treatment == "linear"
    level = record("manaus_mean")
    assert treat(*level[:2], "auto", detect_changes(*level)).treatment == "none"


def test_a_line_by_hand_is_taken_out_and_stands_at_the_last_year() -> None:
    year = np.arange(2000, 2010)
    off = np.array([1.0, -1.0, -1.0, 1.0, 0.0, 0.0, 1.0, -1.0, -1.0, 1.0])  # without a line of its own
    assert abs(np.polyfit(year, off, 1)[0]) < 1e-12
    value = 50.0 + 2.0 * (year - 2000) + off
    treated = treat(year, value, "linear", detect_changes(year, value))
    np.testing.assert_allclose(treated.value, 68.0 + off)
    assert treated.kept.all()
    assert "level in 2009" in treated.sentence


def test_on_the_log_scale_a_step_is_a_factor() -> None:
    year = np.arange(2000, 2012)
    value = np.where(year < 2006, 8.0, 2.0) * np.tile([1.0, 2.0], 6)
    changes = detect_changes(year, value, "log")
    assert changes.break_year == 2005
    treated = treat(year, value, "step", changes, "log")
    np.testing.assert_allclose(treated.value, 2.0 * np.tile([1.0, 2.0], 6))


def test_unknown_years_stay_unknown_under_every_treatment(
    nile: tuple[np.ndarray, np.ndarray, Changes],
) -> None:
    year, value, _ = nile
    value = value.copy()
    value[[3, 60]] = np.nan
    for one in side_by_side(year, value, detect_changes(year, value)):
        assert np.isnan(one.value[[3, 60]]).all()
        assert not one.kept[[3, 60]].any()
        assert np.isfinite(one.value[one.kept]).all()
        if one.treatment == "post_break":
            assert one.kept.sum() == 71
            assert not one.kept[year <= 1898].any()


def test_a_step_of_a_record_too_short_for_a_test_cannot_be_treated() -> None:
    year, value = np.arange(5), np.array([1.0, 2.0, 3.0, 4.0, 5.0])
    changes = detect_changes(year, value)
    with pytest.raises(ArgumentError, match="too short for a step"):
        treat(year, value, "step", changes)
    assert treat(year, value, "auto", changes).treatment == "none"
