# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shipped_severity import ROOT

from greenrisk.core.errors import ArgumentError, TableError
from greenrisk.core.ledger import Ledger
from greenrisk.core.tables import read_table
from greenrisk.pollution.severity.event_levels import (
    EVENT_LEVEL_RULES,
    direct_loss,
    event_levels,
    level_shares,
    read_event_levels,
)
from greenrisk.pollution.severity.heads import HEADS
from greenrisk.pollution.tables import EVENT_LEVELS


def frame():
    return read_table(ROOT / "data/event_levels.csv", EVENT_LEVEL_RULES, Ledger())


def rules():
    return read_event_levels(frame())


def words(codes):
    return [EVENT_LEVELS[code] for code in np.atleast_1d(codes)]


def test_direct_loss_alone_follows_the_scale_of_2014_lower_bound_included():
    # 国办函〔2014〕119号: 1 亿 and more 特别重大, 2000 万 to 1 亿 重大, 500 to 2000 万 较大, below 一般
    losses = [0, 4_999_999, 5e6, 19_999_999, 2e7, 99_999_999, 1e8, 6.9e9]
    assert words(event_levels(rules(), losses)) == [
        "general",
        "general",
        "larger",
        "larger",
        "major",
        "major",
        "extraordinary",
        "extraordinary",
    ]
    assert rules().status == "confirmed"


@pytest.mark.parametrize(
    ("people", "bounds"),
    [("dead", (3, 10, 30)), ("hurt", (10, 50, 100)), ("evacuated", (5_000, 10_000, 50_000))],
)
def test_people_reach_a_level_from_their_bound_on(people, bounds):
    for place, bound in enumerate(bounds):
        assert words(event_levels(rules(), 0.0, **{people: bound - 1})) == [EVENT_LEVELS[place]]
        assert words(event_levels(rules(), 0.0, **{people: bound})) == [EVENT_LEVELS[place + 1]]


def test_supply_and_reach_have_levels_of_their_own():
    supply = [
        words(event_levels(rules(), 0.0, supply_cut=w))[0] for w in ("none", "township", "county", "city")
    ]
    reach = [
        words(event_levels(rules(), 0.0, reach=w))[0] for w in ("none", "prefecture", "province", "nation")
    ]
    assert supply == reach == list(EVENT_LEVELS)


def test_the_highest_level_that_any_criterion_gives_is_taken():
    assert words(event_levels(rules(), [6e6, 0.0], dead=[0, 30], supply_cut="county")) == [
        "major",
        "extraordinary",
    ]


def test_the_scale_of_2006_is_rejected():
    old = frame().copy()
    old["direct_loss_from_cny"] = [1e7, 5e6, 1e6, 0.0]
    old["dead_from"] = [30, 10, 3, 0]
    with pytest.raises(TableError, match="the scale of 2006, superseded in 2014"):
        read_event_levels(old)
    dead = frame().copy()
    dead["dead_from"] = [10, 5, 3, 0]
    with pytest.raises(TableError, match="or 10 dead"):
        read_event_levels(dead)


def test_a_missing_level_and_bounds_that_do_not_rise_are_refused():
    with pytest.raises(TableError, match="no row for larger"):
        read_event_levels(frame()[frame()["level"] != "larger"])
    wrong = frame().copy()
    wrong["hurt_from"] = [100, 200, 10, 0]
    with pytest.raises(
        TableError, match=r"hurt_from = 0, 10, 200, 100\n  The bounds must begin at 0 and rise"
    ):
        read_event_levels(wrong)


def test_an_own_row_makes_the_rule_the_users():
    own = frame().copy()
    own.loc[own["level"] == "general", "status"] = "user"
    assert read_event_levels(own).status == "user"


def test_unknown_words_and_negative_amounts_are_refused():
    with pytest.raises(ArgumentError, match="Known: none, township, county, city"):
        event_levels(rules(), 0.0, supply_cut="village")
    with pytest.raises(ArgumentError, match=r"dead = -1"):
        event_levels(rules(), 0.0, dead=-1)


def test_direct_loss_holds_all_heads_but_the_defence():
    losses = np.array([[1.0, 10.0, 100.0, 1_000.0, 10_000.0]])
    assert HEADS[-1] == "legal_cost"
    assert direct_loss(losses).tolist() == [1_111.0]
    assert direct_loss(losses, clean_up=False).tolist() == [111.0]


def test_shares_of_levels_count_accidents_by_both_readings():
    losses = np.zeros((4, 5))
    losses[1, 0] = 6e6
    losses[2, 3] = 3e7
    losses[3, 4] = 9e9
    data = level_shares(losses, rules())
    assert data["share"].sel(reading="with_clean_up").values.tolist() == [0.5, 0.25, 0.25, 0.0]
    assert data["share"].sel(reading="without_clean_up").values.tolist() == [0.75, 0.25, 0.0, 0.0]
    # sqrt(p (1 - p) / n)
    assert data["standard_error"].sel(reading="with_clean_up", level="general").item() == pytest.approx(0.25)


@settings(deadline=None, max_examples=40, derandomize=True)
@given(st.floats(0, 1e10), st.floats(0, 1e10), st.integers(0, 200), st.integers(0, 200))
def test_more_loss_or_more_people_never_lower_the_level(loss, more, dead, others):
    one = event_levels(rules(), loss, dead=dead)
    assert event_levels(rules(), loss + more, dead=dead + others) >= one
