# SPDX-License-Identifier: Apache-2.0
"""Stages of a claim in days, and its money day by day."""

import datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from leping_mandate import table

from greenrisk.core.errors import ArgumentError, TableError
from greenrisk.pollution.mandate.claims_cash import (
    Bill,
    bills,
    cash_flow,
    monthly_payments,
    path_shares,
)
from greenrisk.pollution.mandate.claims_stages import end_of, read_stages, timeline
from greenrisk.pollution.mandate.mandate_tables import CLAIMS_STAGES, MONEY, PATHS
from greenrisk.pollution.severity.heads import HEADS

SHIPPED = table("claims_stages.csv", CLAIMS_STAGES)
STAGES = read_stages(SHIPPED)
LOSS = np.array([200.0, 100.0, 400.0, 900.0, 50.0])


def _when(weekday=0):
    found = timeline(STAGES, weekday)
    keys = zip(found["path"].values.tolist(), found["stage"].values.tolist(), strict=True)
    return dict(zip(keys, zip(found["start"].values, found["end"].values, strict=True), strict=True))


def _by_calendar(weekday, start, days):
    """The last of so many working days after a day, by the calendar of the standard library."""
    monday = datetime.date(2024, 1, 1)
    day = monday + datetime.timedelta(weekday + start)
    left = days
    while left:
        left -= day.weekday() < 5
        day += datetime.timedelta(1)
    return (day - monday).days - weekday


@pytest.mark.parametrize("weekday", range(7))
@pytest.mark.parametrize("start", [0, 3, 10])
def test_working_days_are_those_of_the_calendar(weekday, start):
    for days in (1, 4, 5, 30):
        assert end_of(start, days, True, weekday) == _by_calendar(weekday, start, days)


def test_thirty_working_days_are_six_weeks():
    assert end_of(0, 30, True, 0) == 6 * 7 - 2  # the Friday evening of the sixth week
    assert end_of(10, 30, False, 3) == 40


def test_a_known_polluter_is_paid_within_the_terms_of_the_law():
    when = _when()
    emergency = when["known", "emergency"][1]
    assessed = when["known", "assessment"][1]
    assert assessed == end_of(emergency, 30, True, 0)
    documents = when["known", "documents"][1]
    assert documents == assessed + 20
    assert when["known", "determination"] == (documents, documents + 30)
    agreed = when["known", "agreement"][1]
    assert when["known", "payment"] == (agreed, agreed + 10)
    claim = when["known", "first_claim"][1]
    assert when["known", "advance"][1] == claim + 60 < when["known", "payment"][1]


def test_an_unknown_polluter_is_notified_only_when_found():
    when = _when()
    assert when["unknown", "notice"][0] == when["unknown", "identification"][1] == 70.0
    assert when["unknown", "payment"][1] > when["known", "payment"][1]
    assert when["insolvent", "payment"] == when["known", "payment"]
    assert when["insolvent", "estate"][1] > when["insolvent", "payment"][1] + 365


def test_stages_of_the_law_carry_their_status():
    known = SHIPPED[SHIPPED["path"] == "known"].set_index("stage")
    assert known.loc["assessment", ["days", "day_kind", "status"]].tolist() == [30, "working", "confirmed"]
    for stage, days in (("determination", 30), ("payment", 10), ("advance", 60)):
        assert known.loc[stage, ["days", "status"]].tolist() == [days, "unconfirmed"]
        assert "article" in known.loc[stage, "source"]


def _flow(insured=1000.0, estate=300.0, never=0.25, advance=0.5, loss=LOSS, stages=STAGES):
    return cash_flow(stages, loss, bills(float(loss.sum()), insured, estate, never), advance)


def test_every_claim_is_paid_in_full_by_those_who_bear_it():
    end = _flow().isel(day=-1)
    assert end["cost"].values.tolist() == pytest.approx([LOSS.sum()] * 3)
    assert end["gap"].values == pytest.approx(np.zeros(3), abs=1e-9)
    # Unknown: a quarter is never found. Insolvent: of 650 left, the estate pays 300.
    assert end["insurer"].values.tolist() == pytest.approx([1000.0, 750.0, 1000.0])
    assert end["operator"].values.tolist() == pytest.approx([650.0, 0.75 * 650.0, 300.0])
    assert end["public"].values.tolist() == pytest.approx([0.0, 0.25 * 1650.0, 350.0])


def test_the_advance_comes_before_the_balance_and_shortens_the_wait():
    when, with_it, without = _when(), _flow(advance=0.5), _flow(advance=0.0)
    day = int(when["known", "advance"][1])
    assert float(with_it["insurer"].sel(path="known", day=day - 1)) == 0.0
    assert float(with_it["insurer"].sel(path="known", day=day)) == 500.0
    assert float(with_it["first_payment"].sel(path="known")) == day
    assert float(without["first_payment"].sel(path="known")) == when["known", "payment"][1]
    assert (with_it["gap_days"] <= without["gap_days"]).all()
    wait = when["known", "payment"][1] - day
    saved = float(without["gap_days"].sel(path="known") - with_it["gap_days"].sel(path="known"))
    assert saved == pytest.approx(500.0 * np.ceil(wait), rel=0.02)


def test_an_advance_that_comes_too_late_is_none():
    rows = SHIPPED.copy()
    rows.loc[rows["stage"] == "advance", "days"] = 400.0
    found = _flow(stages=read_stages(rows))
    assert float(found["first_payment"].sel(path="known")) == float(found["last_payment"].sel(path="known"))
    assert float(found["insurer"].sel(path="known").isel(day=-1)) == 1000.0


def test_cost_arises_in_its_stage():
    when, flow = _when(), _flow()
    cost = flow["cost"].sel(path="known")
    end = int(when["known", "emergency"][1])
    assert float(cost.sel(day=end // 2)) == pytest.approx(200.0)  # half of the response
    assert float(cost.sel(day=end)) == pytest.approx(400.0)
    assert float(cost.sel(day=end + 15)) == pytest.approx(400.0 + 150.0 + 900.0 * 15 / 180)


def test_public_funds_advance_the_response_and_get_back_what_they_need_not_bear():
    flow, when = _flow(never=0.0), _when()
    public = flow["public"].sel(path="unknown")
    ready, due = int(when["unknown", "public_advance"][1]), int(when["unknown", "payment"][1])
    assert float(public.sel(day=ready)) == pytest.approx(400.0)
    assert float(public.sel(day=due + 1)) == pytest.approx(0.0)


@settings(max_examples=30, deadline=None, derandomize=True)
@given(
    st.lists(st.floats(0.0, 1e7), min_size=5, max_size=5),
    st.floats(0.0, 1.0),
    st.floats(0.0, 1e7),
    st.floats(0.0, 1.0),
    st.floats(0.0, 1.0),
)
def test_bills_and_flows_close_whatever_the_amounts(loss, share, estate, never, advance):
    amounts = np.array(loss)
    total = float(amounts.sum())
    borne = bills(total, share * total, estate, never)
    for bill in borne.values():
        assert bill.total == pytest.approx(total)
        assert min(bill.insurer, bill.operator, bill.public) >= 0.0
    end = cash_flow(STAGES, amounts, borne, advance).isel(day=-1)
    assert np.abs(end["gap"].values).max() <= 1e-6 * max(total, 1.0)


def test_payments_of_a_policy_year_are_those_of_its_accidents_spread_over_months():
    flow = _flow()
    shares = path_shares(0.1, 0.2)
    assert shares == pytest.approx({"known": 0.72, "unknown": 0.1, "insolvent": 0.18})
    months = monthly_payments(flow, shares)
    expected = 0.72 * 1000 + 0.1 * 750 + 0.18 * 1000
    assert float(months["insurer"].sum()) == pytest.approx(expected)
    assert float(months["cost"].sum()) == pytest.approx(LOSS.sum())
    # A second method: an accident on the middle of each day, its payments at whole days.
    one = monthly_payments(flow, {"known": 1.0, "unknown": 0.0, "insolvent": 0.0})
    when = _when()
    edges = np.round(np.arange(13) * 365 / 12)
    expected_months = np.zeros(12)
    for stage in ("advance", "payment"):
        day = np.arange(365) + np.ceil(when["known", stage][1])
        counted = np.histogram(day, edges)[0]
        expected_months += 500.0 * counted / 365
    assert one["insurer"].values[:11] == pytest.approx(expected_months[:11], rel=1e-9)


def _spoilt(change):
    rows = SHIPPED.copy()
    change(rows)
    with pytest.raises(TableError) as caught:
        read_stages(rows, "stages.csv")
    return {(fault.where, fault.what): fault.expected for fault in caught.value.faults}


def _set(stage, column, value):
    def change(rows):
        rows.loc[(rows["path"] == "known") & (rows["stage"] == stage), column] = value

    return change


def test_every_fault_of_the_table_is_told_with_its_row():
    faults = _spoilt(_set("survey", "after", "notise"))
    assert faults["stages.csv:3", "after = notise"].endswith("Did you mean `notice`?")
    faults = _spoilt(_set("clean_up", "heads", "cleanup"))
    assert "Did you mean `clean_up`?" in faults["stages.csv:9", "heads = cleanup"]
    assert ("stages.csv", "path known: clean_up in 0 stages") in faults
    assert ("stages.csv:10", "money = none with 1 heads") in _spoilt(_set("documents", "heads", "clean_up"))
    assert ("stages.csv", "path known: 0 stages with money balance") in _spoilt(
        _set("payment", "money", "none")
    )
    assert ("stages.csv:3", "stage = notice") in _spoilt(_set("survey", "stage", "notice"))
    circle = _spoilt(_set("notice", "after", "survey"))
    assert any("circle" in mend for mend in circle.values())


def test_a_path_without_stages_is_refused():
    with pytest.raises(TableError, match="no stage of path insolvent"):
        read_stages(SHIPPED[SHIPPED["path"] != "insolvent"])


def test_bad_amounts_are_refused():
    with pytest.raises(ArgumentError, match="bear it all"):
        cash_flow(STAGES, LOSS, dict.fromkeys(PATHS, Bill(1.0, 1.0, 1.0)), 0.5)
    with pytest.raises(ArgumentError, match="loss of shape"):
        cash_flow(STAGES, LOSS[:2], bills(300.0, 0.0, 0.0, 0.0), 0.5)
    with pytest.raises(ArgumentError, match="insured"):
        bills(100.0, 101.0, 0.0, 0.0)
    with pytest.raises(ArgumentError, match="add up"):
        monthly_payments(_flow(), dict.fromkeys(PATHS, 0.5))


def test_words_of_money_are_all_in_use():
    assert set(SHIPPED["money"]) == set(MONEY)
    assert isinstance(SHIPPED, pd.DataFrame)
    assert {head for stages in STAGES.values() for stage in stages for head in stage.heads} == set(HEADS)
