# SPDX-License-Identifier: Apache-2.0
"""From tables to arrays: in = out + refused, currencies, years, blocks, and what is told on the way."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from issuer_sets import jingdezhen, statements, who

from greenrisk.core.library import library_root
from greenrisk.issuer.intake import NO_REVENUE, NO_STATEMENT, Ways, intake
from greenrisk.issuer.intake_results import finding_group, refused_group, statement_group
from greenrisk.issuer.statements import Issuers


def _set(rows, *ids, **more) -> Issuers:
    return intake({"issuers": who(*ids), "issuer-statements": statements(*rows)} | more).issuers


def test_issuers_in_are_issuers_out_and_refused_with_a_reason() -> None:
    rows = [
        {"issuer": "A"},
        {"issuer": "C", "revenue": None, "variable_cost": None},
        {"issuer": "D", "revenue": 0.0},
    ]
    taken = intake({"issuers": who("A", "B", "C", "D"), "issuer-statements": statements(*rows)})
    assert taken.issuers.ids == ("A",)
    assert [(one.issuer, one.reason, one.where) for one in taken.refused] == [
        ("B", NO_STATEMENT, "issuers:3"),
        ("C", NO_REVENUE, "issuers:4"),
        ("D", NO_REVENUE, "issuers:5"),
    ]
    told = [line for line in taken.entries if line.detail.startswith("Issuers refused")]
    assert sum(line.count for line in told) == 3


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([None, 0.0, 3.0, 1e9]),
            st.sampled_from([None, 1.0, 150.0]),
            st.sampled_from([None, 70.0, 1e8]),
        ),
        min_size=1,
        max_size=12,
    )
)
def test_no_issuer_is_lost_whatever_its_figures(figures) -> None:
    ids = [f"I{number}" for number in range(len(figures))]
    rows = [
        {"issuer": name, "revenue": revenue, "assets": assets, "market_value": market, "equity": None}
        for name, (revenue, assets, market) in zip(ids, figures, strict=True)
    ]
    taken = intake({"issuers": who(*ids), "issuer-statements": statements(*rows)})
    assert sorted([*taken.issuers.ids, *(one.issuer for one in taken.refused)]) == sorted(ids)
    assert taken.issuers.lines.shape == (17, len(taken.issuers))


def test_negative_equity_and_ebitda_below_zero_are_paths_not_findings() -> None:
    rows = [
        {"issuer": "A", "equity": -40.0, "retained_earnings": -70.0},
        {"issuer": "B", "fixed_cost": 60.0, "ebit": -25.0, "tax": 0.0, "net_income": -29.0},
    ]
    taken = intake({"issuers": who("A", "B"), "issuer-statements": statements(*rows)})
    assert not taken.findings
    assert not taken.refused
    assert taken.issuers.line("equity").tolist() == [-40.0, 60.0]
    assert taken.issuers.ebitda.tolist() == [25.0, -20.0]
    assert taken.issuers.liabilities.tolist() == [190.0, 90.0]
    assert taken.issuers.debt.tolist() == [70.0, 70.0]


def test_the_latest_statement_is_taken_wherever_it_stands() -> None:
    rows = [{"year": 2023, "revenue": 90.0, "ebit": 10.0, "net_income": 2.0}, {"year": 2024}, {"year": 2022}]
    issuers = _set(rows, "A")
    assert (issuers.year[0], issuers.line("revenue")[0]) == (2024, 100.0)


def test_emissions_of_the_statement_s_year_go_before_later_ones() -> None:
    emissions = pd.DataFrame(
        {"issuer": ["A", "A", "B", "B"], "year": [2024, 2025, 2022, 2026], "scope_1_t": [5e4, 6e4, 7e4, 8e4]}
    )
    rows = [{"issuer": "A"}, {"issuer": "B"}]
    frames = {"issuers": who("A", "B"), "issuer-statements": statements(*rows), "issuer-emissions": emissions}
    taken = intake(frames)
    assert taken.issuers.scope("scope_1").tolist() == [5e4, 8e4]  # of two as near, the later
    assert taken.issuers.emission_year.tolist() == [2024, 2026]
    assert [line.count for line in taken.entries if "another year" in line.detail] == [1]


def test_money_is_converted_at_the_rate_of_its_year() -> None:
    issuers = _set([{"currency": "USD", "year": 2021}], "A")
    assert issuers.line("revenue")[0] == pytest.approx(645.08, rel=1e-12)  # 6.4508 CNY for a dollar in 2021
    assert issuers.currency == "CNY"


def test_both_ways_through_a_currency_give_the_same_figure() -> None:
    rows = [{"currency": "EUR", "year": 2021}]
    frames = {"issuers": who("A"), "issuer-statements": statements(*rows)}
    in_yen = intake(frames, ways=Ways(currency="JPY")).issuers.line("assets")[0]
    in_yuan = intake(frames).issuers.line("assets")[0]
    yen = Ways().rates.factor("CNY", "JPY", 2021)
    assert in_yen == pytest.approx(in_yuan * yen, rel=1e-12)


def test_mega_in_a_column_of_millions_multiplies_nothing_and_is_told() -> None:
    taken = intake({"issuers": who("A"), "issuer-statements": statements({"currency": "megaCNY"})})
    assert taken.issuers.line("revenue")[0] == 100.0
    assert any("`megaCNY` read as CNY" in line.detail for line in taken.entries)


def test_the_shipped_set_is_whole_and_holds_the_awkward_cases() -> None:
    taken = intake(jingdezhen())
    issuers = taken.issuers
    assert len(issuers) == 30
    assert not taken.refused
    assert not taken.findings
    assert set(issuers.sectors) == {
        "ceramics", "chemicals", "cement", "coal power", "helicopters", "water", "tourism", "city investment",
    }  # fmt: skip
    assert [issuers.ids[at] for at in np.flatnonzero(issuers.line("equity") < 0)] == ["JDZ-CHE-5"]
    assert [issuers.ids[at] for at in np.flatnonzero(issuers.ebitda <= 0)] == ["JDZ-TOU-3"]
    assert int(np.isnan(issuers.line("market_value")).sum()) == 23
    assert taken.plans is not None
    last = taken.plans.groupby("issuer")["year"].max().to_dict()
    assert last["JDZ-CPW-3"] == 2026
    assert last["JDZ-CPW-4"] == 2024
    np.testing.assert_allclose(issuers.dense_shares().sum(axis=(1, 2)), 1.0, rtol=0, atol=1e-12)
    owners = [owner for owner in issuers.zone_owner if owner]
    assert len(owners) == 5


def test_statements_of_the_shipped_set_add_up_to_the_last_digit() -> None:
    table = jingdezhen()["issuer-statements"]
    hundredths = {
        name: (table[f"{name}_million"] * 100).round() for name in ("revenue", "variable_cost", "ebit")
    }
    hundredths |= {name: (table[f"{name}_million"] * 100).round() for name in ("fixed_cost", "depreciation")}
    hundredths |= {
        name: (table[f"{name}_million"] * 100).round() for name in ("interest", "tax", "net_income")
    }
    cost = hundredths["variable_cost"] + hundredths["fixed_cost"] + hundredths["depreciation"]
    assert (hundredths["revenue"] - cost == hundredths["ebit"]).all()
    paid = hundredths["interest"] + hundredths["tax"]
    assert (hundredths["ebit"] - paid == hundredths["net_income"]).all()


def test_the_generator_gives_the_shipped_bytes(tmp_path) -> None:
    folder = library_root() / "data"
    script = folder / "generators" / "make_jingdezhen_issuers.py"
    subprocess.run([sys.executable, "-B", str(script), str(tmp_path)], check=True)
    made = sorted(tmp_path.iterdir())
    assert len(made) == 8
    for path in made:
        assert path.read_bytes() == (folder / path.name).read_bytes(), path.name


def test_blocks_put_together_are_the_whole() -> None:
    issuers = intake(jingdezhen()).issuers
    parts = list(issuers.blocks(7))
    assert [len(part) for _, part in parts] == [7, 7, 7, 7, 2]
    np.testing.assert_array_equal(np.concatenate([part.lines for _, part in parts], axis=1), issuers.lines)
    sites = np.concatenate([part.sites.issuer + cut.start for cut, part in parts])
    np.testing.assert_array_equal(sites, issuers.sites.issuer)
    kilograms = np.concatenate([part.pollutants.kg for _, part in parts])
    np.testing.assert_array_equal(kilograms, issuers.pollutants.kg)


def test_rows_of_refused_issuers_go_with_them() -> None:
    frames = jingdezhen()
    gone = frames["issuer-statements"]["issuer"] == "JDZ-CPW-1"
    frames["issuer-statements"] = frames["issuer-statements"][~gone].reset_index(drop=True)
    taken = intake(frames)
    assert [one.issuer for one in taken.refused] == ["JDZ-CPW-1"]
    assert len(taken.issuers) == 29
    assert taken.plans is not None
    assert "JDZ-CPW-1" not in set(taken.plans["issuer"])
    assert not any("JDZ-CPW-1" in outlet for outlet in taken.issuers.pollutants.outlet)
    assert taken.issuers.sites.issuer.max() == 28


def test_sites_follow_the_currency_of_their_issuer() -> None:
    sites = pd.DataFrame(
        {"issuer": ["A"], "site": ["S"], "lon": [117.2], "lat": [29.3], "value_million": [10.0]}
        | {"contribution_share": [0.4]}
    )
    rows = [{"currency": "USD", "year": 2021}]
    taken = intake({"issuers": who("A"), "issuer-statements": statements(*rows), "issuer-sites": sites})
    assert taken.issuers.sites.value[0] == pytest.approx(64.508, rel=1e-12)
    assert taken.issuers.sites.insured_share[0] == 0.0


def test_an_issuer_without_shares_is_wholly_in_its_own_country_and_sector() -> None:
    shares = pd.DataFrame(
        {
            "issuer": ["B", "B"],
            "country": ["CN", "Japan"],
            "sector": ["cement", "steel"],
            "share": [0.75, 0.25],
        }
    )
    rows = [{"issuer": "A"}, {"issuer": "B"}]
    issuers = _set(rows, "A", "B", **{"issuer-shares": shares})
    assert issuers.countries == ("CN", "JP")
    assert issuers.dense_shares().tolist() == [[[1.0, 0.0], [0.0, 0.0]], [[0.75, 0.0], [0.0, 0.25]]]


def test_groups_of_results_bear_units_and_say_how_each_line_came_about() -> None:
    rows = [{"issuer": "A", "ebit": None, "cash": None}]
    taken = intake({"issuers": who("A", "B"), "issuer-statements": statements(*rows)})
    group = statement_group(taken.issuers)
    assert all(variable.attrs["units"] for variable in group.data_vars.values())
    how = group["rule"].sel(issuer="A")
    assert str(how.sel(line="ebit").item()) == "identity"
    assert str(how.sel(line="cash").item()) == "missing"
    assert str(how.sel(line="revenue").item()) == "given"
    assert group["statement"].sel(line="ebit", issuer="A").item() == 20.0
    assert refused_group(taken.refused)["issuer"].values.tolist() == ["B"]
    assert finding_group(taken.findings)["value"].shape == (0,)
