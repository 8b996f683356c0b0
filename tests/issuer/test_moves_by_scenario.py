# SPDX-License-Identifier: Apache-2.0
"""Rating moves of the scenarios: R's conditional matrix, products of years by hand, grades of the issuers counted."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from greenrisk.core.cards import read_card
from greenrisk.core.ledger import Ledger
from greenrisk.core.library import find, library_root
from greenrisk.issuer.credit.scale import rating_scale
from greenrisk.issuer.credit.transitions import shipped_matrix, transition_matrix
from greenrisk.issuer.moves import Cycle, grade_moves_group, move_groups, output_deviation, with_model
from tests.studied_issuers import prepared_issuers, run_issuers

R = json.loads((Path(__file__).parents[1] / "reference/issuer/credit_r.json").read_text())
CARD = read_card(find("models", "issuer-credit-cycle-judged"))


def card(elasticity, correlation):
    parameters = dict(CARD.parameters)
    for name, value in (("factor_on_output", elasticity), ("cycle_correlation", correlation)):
        parameters[name] = parameters[name].model_copy(update={"value": value})
    return CARD.model_copy(update={"parameters": parameters})


def groups(deviation, given, draws=0, at=(0,), ledger=None, matrix=None):
    cycle = Cycle(np.asarray(deviation, dtype=float), given, draws, 1)
    return move_groups(
        matrix or shipped_matrix(),
        "moves.csv",
        cycle,
        np.array(at),
        Ledger() if ledger is None else ledger,
    )


def test_a_scenario_with_less_output_has_rs_matrix_of_the_bad_year():
    # 0.4 a percent and 4.25 percent below: the factor -1.7 of the reference, at its correlation of 0.1.
    found, _ = groups([[0.0], [-4.25]], card(0.4, 0.1))
    assert found["factor"].values[1, 0] == pytest.approx(-1.7)
    np.testing.assert_allclose(found["probability"].values[1, 0], np.array(R["conditional"]), atol=1e-12)


def test_moves_are_probabilities_and_default_is_never_left():
    found, _ = groups([[0.0], [-6.0], [3.0]], CARD)
    p = found["probability"].values
    np.testing.assert_allclose(p.sum(axis=-1), 1.0, rtol=1e-12)
    assert (p >= -1e-15).all()
    np.testing.assert_allclose(p[..., -1, -1], 1.0)
    default = p[:, 0, :-1, -1]
    # Less output, more default in every grade that ever defaults within a year.
    assert (default[1, 1:] > default[0, 1:]).all()
    assert (default[2, 1:] < default[0, 1:]).all()


def test_without_a_card_every_scenario_has_the_average_moves():
    ledger = Ledger()
    found, multi = groups([[0.0, 0.0], [-6.0, -6.0]], None, at=(0, 1), ledger=ledger)
    for scenario in (0, 1):
        np.testing.assert_allclose(found["probability"].values[scenario, 0], found["average"], atol=1e-12)
    np.testing.assert_allclose(
        multi["cumulative_default"].values[1], multi["average_default"].values, rtol=1e-12, atol=1e-15
    )
    assert "low" not in multi
    assert any("No card of the credit cycle" in entry.detail for entry in ledger)


def test_default_over_the_years_is_the_product_of_the_matrices_of_the_years():
    deviation = [[0.0, 0.0, 0.0], [-1.0, -3.0, 2.0]]
    found, multi = groups(deviation, CARD, at=(0, 1, 2))
    for scenario in (0, 1):
        state = np.eye(8)
        for year in range(3):
            state = state @ found["probability"].values[scenario, year]
            np.testing.assert_allclose(
                multi["cumulative_default"].values[scenario, year], state[:, -1], rtol=1e-10, atol=1e-15
            )
    two = found["average"].values @ found["average"].values
    np.testing.assert_allclose(multi["average_default"].values[1], two[:, -1], rtol=1e-12)
    np.testing.assert_array_equal(multi["terms"], [1, 2, 3])


def test_the_generator_is_rs_its_clip_is_told_and_whole_years_agree_to_the_clip():
    ledger = Ledger()
    found, multi = groups([[0.0]], CARD, ledger=ledger)
    np.testing.assert_allclose(found["generator_rate"], np.array(R["clipped"]), atol=1e-12)
    (line,) = [entry for entry in ledger if entry.subject == "rating generator"]
    assert (line.kind, line.count) == ("clipped", found.attrs["generator_clipped"])
    apart = np.abs(multi["generator_default"].values - multi["average_default"].values).max()
    assert apart <= found.attrs["generator_moved_most"] + 1e-12


def test_a_matrix_without_a_generator_is_told_and_used_by_whole_years():
    ledger = Ledger()
    swap = transition_matrix(["A", "B", "D"], [[0.0, 0.9, 0.1], [0.9, 0.0, 0.1]])
    found, multi = groups([[0.0]], CARD, ledger=ledger, matrix=swap)
    assert "generator_rate" not in found
    assert "generator_default" not in multi
    assert any(entry.subject == "rating generator" and entry.kind == "dropped" for entry in ledger)
    np.testing.assert_allclose(multi["average_default"].values[0], [0.1, 0.1, 1.0])


def test_the_interval_holds_the_draws_of_the_card_and_what_it_rests_on_is_told():
    ledger = Ledger()
    _, multi = groups([[0.0], [-5.0]], CARD, draws=60, ledger=ledger)
    low, mid, high = (multi[name].values[1, 0, 1:-1] for name in ("low", "cumulative_default", "high"))
    assert ((low < mid) & (mid < high)).all()
    told = {entry.subject for entry in ledger if entry.kind == "parameter"}
    assert told == {f"{CARD.name}:factor_on_output", f"{CARD.name}:cycle_correlation"}


def pathway(name, values, countries, baseline=False):
    years = np.arange(2025, 2025 + np.shape(values)[-1])
    held = {"gdp_deviation": np.asarray(values, dtype=float)[:, None, :]}
    return SimpleNamespace(name=name, baseline=baseline, years=years, countries=countries, values=held)


def who(debt):
    return SimpleNamespace(debt=np.array(debt), country=np.array([0, 0, 1]), countries=("CN", "US"))


def macro(**scenarios):
    rows = [SimpleNamespace(name=name, macro_model="M" if on else None) for name, on in scenarios.items()]
    return SimpleNamespace(pathways=SimpleNamespace(scenarios=rows))


def test_output_is_told_against_the_baseline_and_weighted_by_debt():
    calm = pathway("calm", [[-1.0], [-2.0]], ("US", "CN"), baseline=True)
    bad = pathway("bad", [[-4.0], [-3.0]], ("US", "CN"))
    found = output_deviation([calm, bad], who([10.0, 20.0, 30.0]), macro(calm=True, bad=True), Ledger())
    # China and the United States weigh 30 each: -1.5 and -3.5 percent.
    np.testing.assert_allclose(found[:, 0], [0.0, (0.965 / 0.985 - 1.0) * 100.0], rtol=1e-12)


def test_output_that_nobody_tells_moves_nothing():
    bare = SimpleNamespace(name="bare", baseline=True, years=np.arange(2025, 2028), countries=(), values={})
    ledger = Ledger()
    found = output_deviation([bare], who([1.0, np.nan, 1.0]), macro(bare=False), ledger)
    np.testing.assert_array_equal(found, np.zeros((1, 3)))
    assert len(ledger) == 0


def test_a_scenario_without_a_macro_model_is_no_boom_beside_a_baseline_with_damage():
    calm = pathway("calm", [[-5.0]], ("CN", "US"), baseline=True)
    own = pathway("own", [[0.0]], ("CN", "US"))
    ledger = Ledger()
    found = output_deviation([calm, own], who([1.0, 1.0, 1.0]), macro(calm=True, own=False), ledger)
    np.testing.assert_array_equal(found, np.zeros((2, 1)))
    assert [entry.count for entry in ledger] == [1]
    assert "both own and the baseline" in next(iter(ledger)).detail


def test_the_models_side_is_the_mean_over_issuers_of_a_starting_grade():
    _, multi = groups([[0.0]], CARD)
    cumulative = np.array([[[0.1], [0.3], [np.nan], [0.5]]])
    start = np.array([4, 4, 4, -1], dtype=np.int8)
    found = with_model(multi, cumulative, start)
    assert found["model_default"].values[0, 0, 4] == pytest.approx(0.2)
    assert found["issuers"].values.tolist() == [0, 0, 0, 0, 2, 0, 0, 0]
    assert np.isnan(found["model_default"].values[0, 0, 3])


def test_grades_of_the_issuers_are_counted_from_the_baseline_to_the_scenario():
    scale = rating_scale()
    bb, ccc = (float(scale.default_rate[scale.grades.index(g)]) for g in ("BB", "CCC"))
    annual = np.array([[bb, bb, np.nan, ccc], [ccc, bb, bb, ccc]])[:, :, None]
    found = grade_moves_group(annual, np.array([5.0, 7.0, 1.0, np.nan]), 0, scale, "CNY")
    moved = found["issuers"].sel({"from": "BB"}).isel(scenario=1, year=0)
    assert float(moved.sel(to="CCC")) == 1.0
    assert float(moved.sel(to="BB")) == 1.0
    assert float(found["debt"].sel({"from": "BB", "to": "CCC"}).isel(scenario=1, year=0)) == 5.0
    # The issuer without a probability in the baseline is in no cell.
    np.testing.assert_array_equal(found["issuers"].sum(["from", "to"]).values[:, 0], [3, 3])
    still = found["issuers"].values[0, 0]
    np.testing.assert_array_equal(still, np.diag(np.diag(still)))


def test_without_the_card_the_pathways_are_not_asked_for_output():
    with_card, without = prepared_issuers(), prepared_issuers(credit__credit_cycle="null")
    asked = [{one.need.variable for one in job.facts.coverage.found} for job in (with_card, without)]
    assert "gdp_deviation" in asked[0]
    assert "gdp_deviation" not in asked[1]
    assert "credit_cycle" not in without.facts.cards


@pytest.fixture(scope="module")
def shipped():
    return run_issuers(prepared_issuers(knowledge__draws="0", knowledge__tornado="false"))


def test_the_models_side_of_the_shipped_scenario_follows_from_its_default_probabilities(shipped):
    data, held = shipped["default_by_grade"].to_dataset(), shipped["pd"].to_dataset()
    start = held["grade"].sel(scenario="current-policies").isel(year=0)
    for grade in np.unique(start.values):
        mean = held["cumulative_probability"].sel(year=data["year"])[:, start.values == grade].mean("issuer")
        np.testing.assert_allclose(data["model_default"].sel({"from": grade}), mean, rtol=1e-12)
        assert int(data["issuers"].sel({"from": grade})) == int((start == grade).sum())


def test_the_moves_of_the_shipped_scenario_are_counted_from_its_grades(shipped):
    data, grade = shipped["grade_moves"].to_dataset()["issuers"], shipped["pd"].to_dataset()["grade"]
    for year in data["year"].values:
        before = grade.sel(scenario="current-policies", year=year)
        for scenario in data["scenario"].values:
            after = grade.sel(scenario=scenario, year=year)
            one = data.sel(scenario=scenario, year=year)
            for a, b in zip(before.values, after.values, strict=True):
                assert float(one.sel({"from": a, "to": b})) == int(((before == a) & (after == b)).sum())


def test_the_output_of_the_shipped_net_zero_is_that_of_its_table(shipped):
    found = shipped["transitions"].to_dataset()["gdp_deviation"]
    # data/ngfs5_cut.csv: net zero's transition member in 2030; current policies have no transition.
    table = pd.read_csv(library_root() / "data" / "ngfs5_cut.csv")
    row = table[(table["scenario"] == "NetZero2050") & (table["region"] == "China")]
    told = float(row.loc[row["variable"] == "gdp_deviation_transition", "2030"].iloc[0])
    assert float(found.sel(scenario="net-zero-2050", year=2030)) == pytest.approx(told, rel=1e-12)
    np.testing.assert_array_equal(found.sel(scenario="current-policies"), 0.0)
