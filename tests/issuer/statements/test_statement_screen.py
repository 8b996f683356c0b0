# SPDX-License-Identifier: Apache-2.0
"""Identities, magnitudes, copied cells, values of a group: caught, named, taken out or told."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from issuer_sets import statements, who

from greenrisk.issuer.intake import Ways, intake
from greenrisk.issuer.magnitudes import bounds_of, misfits, slip


def _taken(rows, *ids, **more):
    columns = more.pop("columns", {})
    return intake({"issuers": who(*ids, **columns), "issuer-statements": statements(*rows)} | more)


@pytest.mark.parametrize(
    ("market", "revenue", "assets", "gone"),
    [
        (120.0, 100.0, 150.0, set()),
        (12_000.0, 100.0, 150.0, {"market_value"}),  # pence for pounds
        (0.12, 100.0, 150.0, {"market_value"}),  # thousands for units
        (120.0, 100.0, 15.0, {"assets"}),  # revenue over assets is 6.7; market value fits both
        (120.0, 100_000.0, 150.0, {"revenue"}),
        (120.0, 100.0, 150_000.0, {"assets"}),
        (1.0, 1e5, 1e3, {"market_value", "revenue", "assets"}),
        (np.nan, 100.0, 15.0, {"assets"}),
        (np.nan, np.nan, 150.0, set()),
    ],
)
def test_of_three_figures_the_one_that_two_ratios_speak_against_gives_way(
    market, revenue, assets, gone
) -> None:
    lines = {"market_value": market, "revenue": revenue, "assets": assets}
    found = misfits({name: np.array([value]) for name, value in lines.items()}, bounds_of())
    assert {name for name, flags in found.items() if flags[0]} == gone


def test_a_broken_identity_takes_out_its_result_and_the_rule_derives_it_anew() -> None:
    taken = _taken([{"ebit": 35.0}], "A")
    finding = next(one for one in taken.findings if one.item == "ebit")
    assert (finding.action, finding.value, finding.where) == ("quarantined", 35.0, "issuer-statements:2")
    assert finding.detail == "off by 15"
    assert taken.issuers.line("ebit")[0] == 20.0  # 100 - 60 - 15 - 5


def test_a_gap_of_rounding_is_no_finding() -> None:
    taken = _taken([{"ebit": 20.4, "net_income": 12.4}], "A")
    assert not taken.findings
    assert taken.issuers.line("ebit")[0] == 20.4


def test_a_part_that_is_more_than_its_whole_is_taken_out() -> None:
    taken = _taken([{"cash": 500.0}, {"issuer": "B", "debt_short": 45.0}], "A", "B")
    assert [(one.issuer, one.item, one.sort) for one in taken.findings] == [
        ("A", "cash", "Cash more than assets."),
        ("B", "debt_short", "Debt short more than current liabilities."),
    ]
    assert np.isnan(taken.issuers.line("cash")[0])


def test_debt_above_all_liabilities_is_told_and_used() -> None:
    taken = _taken([{"debt_long": 90.0}], "A")
    assert [(one.action, one.item, one.value) for one in taken.findings] == [("told", "debt", 110.0)]
    assert taken.issuers.debt[0] == 110.0


def test_debt_in_thousands_is_taken_out_rather_than_making_default_look_far() -> None:
    taken = _taken([{"debt_short": None, "debt_long": 0.07}], "A")
    assert [one.item for one in taken.findings] == ["debt_long"]
    assert np.isnan(taken.issuers.debt[0])


def test_no_debt_at_all_is_no_finding() -> None:
    taken = _taken([{"debt_short": 0.0, "debt_long": 0.0}], "A")
    assert not taken.findings
    assert taken.issuers.debt[0] == 0.0


def test_a_market_value_that_stands_under_two_issuers_is_nobody_s() -> None:
    rows = [{"issuer": name, "market_value": 90.0, "enterprise_value": 150.0} for name in ("A", "B")]
    taken = _taken([*rows, {"issuer": "C", "market_value": 91.0, "enterprise_value": 150.0}], "A", "B", "C")
    market = taken.issuers.line("market_value")
    assert np.isnan(market[:2]).all()
    assert market[2] == 91.0


def test_a_segment_has_no_market_value_and_its_group_keeps_it() -> None:
    rows = [{"issuer": name, "market_value": 90.0, "enterprise_value": 150.0} for name in ("G", "S")]
    taken = _taken(rows, "G", "S", columns={"group": ["", "G"]})
    assert taken.issuers.line("market_value")[0] == 90.0
    assert np.isnan(taken.issuers.line("market_value")[1])
    sorts = {one.sort for one in taken.findings}
    assert any("group's would count twice" in sort for sort in sorts)
    assert any("Revenue and assets are the group's" in sort for sort in sorts)
    assert not any("copied" in sort for sort in sorts)


def test_scope_1_a_million_times_too_large_is_taken_out_and_the_slip_named() -> None:
    emissions = pd.DataFrame({"issuer": ["A"], "year": [2024], "scope_1_t": [2.0e10]})
    frames = {"issuers": who("A"), "issuer-statements": statements({}), "issuer-emissions": emissions}
    taken = intake(frames, beside={"A": 2.1e4})
    (finding,) = taken.findings
    assert (finding.action, finding.item, finding.value) == ("quarantined", "scope_1", 2.0e10)
    assert finding.where == "issuer-emissions:2"
    assert "about a million times too large beside 2.1e+04 t" in finding.detail
    assert np.isnan(taken.issuers.scope("scope_1")[0])
    assert any("which is not 0" in line.detail for line in taken.entries)


def test_scope_1_far_below_its_sector_is_taken_out_too() -> None:
    emissions = pd.DataFrame(
        {"issuer": ["A"], "year": [2024], "scope_1_t": [20.0]}
    )  # 20 t for cement of 100 million
    frames = {"issuers": who("A"), "issuer-statements": statements({}), "issuer-emissions": emissions}
    taken = intake(frames)
    assert "implausibly small" in taken.findings[0].sort
    assert np.isnan(taken.issuers.scope("scope_1")[0])


def test_own_bounds_replace_the_shipped_row_only() -> None:
    own = pd.DataFrame({"ratio": ["scope_1_to_revenue"], "sector": ["Cement"], "low": [0.0], "high": [1e9]})
    bounds = bounds_of(own)
    assert bounds.of("scope_1_to_revenue", "cement") == (0.0, 1e9)
    assert bounds.of("scope_1_to_revenue", "steel") == bounds_of().of("scope_1_to_revenue", "steel")
    emissions = pd.DataFrame({"issuer": ["A"], "year": [2024], "scope_1_t": [20.0]})
    frames = {"issuers": who("A"), "issuer-statements": statements({}), "issuer-emissions": emissions}
    assert not intake(frames, ways=Ways(bounds=bounds)).findings


@pytest.mark.parametrize(
    ("value", "expected", "words"),
    [
        (5.64e13, 4.4e7, "about a million times too large"),
        (4.4e4, 4.1e7, "about a thousand times too small"),
        (4.4e7, 4.1e7, ""),
        (1e9, 4e7, ""),
        (0.0, 1.0, ""),
    ],
)
def test_a_slip_is_named_only_near_a_power_of_a_thousand(value, expected, words) -> None:
    assert slip(value, expected) == words
