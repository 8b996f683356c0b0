# SPDX-License-Identifier: Apache-2.0
"""Checks of sense: hand-made sets whose medians, ratios and flags are counted on paper; the sample's medians again."""

from __future__ import annotations

import csv
import importlib.util
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from greenrisk.core.ledger import Ledger
from greenrisk.core.library import library_root
from greenrisk.issuer.checks_of_sense import carbon_check, default_check, lens_check
from greenrisk.issuer.credit.scale import rating_scale
from tests.studied_issuers import prepared_issuers, run_issuers

WORKBOOK = "shared/data/issuer/itr/20230106_ITR_V2_Sample_Data.xlsx"


def issuers(revenue, scope_1, sector, sectors):
    lines = {"revenue": np.array(revenue, dtype=float)}
    return SimpleNamespace(
        sectors=tuple(sectors),
        sector=np.array(sector),
        line=lines.__getitem__,
        scope=lambda _name: np.array(scope_1, dtype=float),
    )


def test_carbon_cost_over_revenue_is_held_against_the_like_sector():
    # At 100 USD and 7 yuan a dollar a tonne costs 700 yuan: 0.07, 0.7 and 0.35 of a revenue of 1,000 million.
    ledger = Ledger()
    given = issuers([1000.0] * 4, [1e5, 1e6, 5e5, np.nan], [0, 0, 1, 2], ["coal power", "Cement", "tourism"])
    found = carbon_check(given, 7.0, 3.0, ledger)
    np.testing.assert_allclose(found["our_median"].values[:2], [(0.07 + 0.7) / 2, 0.35], rtol=1e-12)
    assert np.isnan(found["our_median"].values[2])
    assert found["like"].values.tolist() == ["electric_utilities", "cement", ""]
    np.testing.assert_array_equal(found["issuers"], [2, 1, 0])
    # The sample's medians: 0.1910 and 0.1078.
    np.testing.assert_allclose(found["ratio"].values[:2], [0.385 / 0.1910, 0.35 / 0.1078], rtol=1e-12)
    np.testing.assert_array_equal(found["beyond"], [0, 1, 0])
    (line,) = [entry for entry in ledger if entry.kind == "unreliable"]
    assert line.subject == "carbon cost of Cement"
    assert "0.35 of the revenue, against 0.108 of 9 real companies" in line.detail


def test_the_medians_are_those_of_the_sample(tmp_path):
    places = (Path(__file__).parents[3] / WORKBOOK, Path("/work") / WORKBOOK)
    workbook = next((at for at in places if at.is_file()), None)
    if workbook is None:
        pytest.skip(f"../{WORKBOOK} is not here")
    script = library_root() / "data" / "generators" / "make_issuer_carbon_medians.py"
    spec = importlib.util.spec_from_file_location("carbon_medians", script)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    made = module.medians(workbook, tmp_path).read_bytes()
    assert made == (library_root() / "data" / "issuer_carbon_medians.csv").read_bytes()


def test_the_medians_lie_near_those_of_the_handbook():
    # Handbook, section 10: utilities 0.20, with a figure in a wrong unit counted; cement 0.085, of two currencies;
    # steel 0.031.
    path = library_root() / "data" / "issuer_carbon_medians.csv"
    rows = {row["sector"]: row for row in csv.DictReader(path.open(encoding="utf-8"))}
    for sector, printed, near in (
        ("electric_utilities", 0.20, 0.06),
        ("cement", 0.085, 0.3),
        ("steel", 0.031, 0.02),
    ):
        assert float(rows[sector]["median"]) == pytest.approx(printed, rel=near)


LENSES = ("merton", "interest_cover", "altman_em")
SCALE = rating_scale()
BB = SCALE.grades.index("BB")


def test_default_is_held_against_the_long_run_rate_of_another_lens_rating():
    rate = float(SCALE.default_rate[BB])
    probability = np.full((3, 1, 4), np.nan)
    probability[0, 0] = [rate, rate, 4.0 * rate, np.nan]
    grade = np.full((3, 1, 4), -1, dtype=np.int8)
    grade[1, 0] = BB
    grade[2, 0] = [BB, -1, -1, -1]
    ledger = Ledger()
    found = default_check(LENSES, probability, grade, SCALE, 1.5, ledger)
    cover = found.sel(rated_by="interest_cover", grade="BB").isel(scenario=0)
    assert float(cover["issuers"]) == 3.0
    assert float(cover["ratio"]) == pytest.approx(2.0)
    assert float(cover["median_probability"]) == pytest.approx(rate)
    assert int(cover["beyond"]) == 1
    score = found.sel(rated_by="altman_em", grade="BB").isel(scenario=0)
    assert (float(score["ratio"]), int(score["beyond"])) == (pytest.approx(1.0), 0)
    assert "D" not in found["grade"].values
    (line,) = list(ledger)
    assert line.count == 1
    assert "For 1 of 2 ratings" in line.detail
    # A shocked scenario is not held against rates of no shock.
    shocked = np.concatenate([np.full_like(probability, rate), 40.0 * probability], axis=1)
    quiet = Ledger()
    default_check(LENSES, shocked, np.repeat(grade, 2, axis=1), SCALE, 1.5, quiet)
    assert not list(quiet)


def test_the_lowest_and_the_highest_lens_are_named_and_the_apart_counted():
    probability = np.array([[[0.01, np.nan]], [[0.2, np.nan]], [[np.nan, np.nan]]])
    disagreement, apart = np.array([[3, -1]], dtype=np.int8), np.array([[True, False]])
    ledger = Ledger()
    found = lens_check(LENSES, ["late"], probability, disagreement, apart, 2030, ledger)
    assert found["lowest_lens"].values.tolist() == [["merton", ""]]
    assert found["highest_lens"].values.tolist() == [["interest_cover", ""]]
    assert float(found["lowest_probability"][0, 0]) == 0.01
    assert float(found["highest_probability"][0, 0]) == 0.2
    assert np.isnan(found["lowest_probability"].values[0, 1])
    assert (int(found["issuers_apart"][0]), int(found["issuers_compared"][0])) == (1, 1)
    (line,) = list(ledger)
    assert line.detail.startswith("In 2030, late: the lenses disagree on 1 of 1 issuers")


def test_the_shipped_scenario_is_checked_where_it_stands():
    tree = run_issuers(prepared_issuers(knowledge__draws="0", knowledge__tornado="false"))
    year = tree.attrs["headline_year"]
    lenses = tree["lenses"].to_dataset().sel(year=year)
    check = tree["checks_lenses"].to_dataset()
    spoken = lenses["annual_probability"]
    np.testing.assert_allclose(check["lowest_probability"], spoken.min("lens"), rtol=1e-12)
    np.testing.assert_allclose(check["highest_probability"], spoken.max("lens"), rtol=1e-12)
    np.testing.assert_array_equal(check["apart"], lenses["apart"])
    np.testing.assert_array_equal(check["issuers_apart"], lenses["apart"].sum("issuer"))
    carbon = tree["checks_carbon"].to_dataset()
    who = tree["issuers"].to_dataset()
    over = who["emissions"].sel(scope="scope_1") * 100 * 7.1957e-6 / who["statement"].sel(line="revenue")
    for sector in carbon["sector"].values:
        mine = over[who["sector_name"] == sector]
        if mine.notnull().any():
            assert float(carbon["our_median"].sel(sector=sector)) == pytest.approx(
                float(mine.median()), rel=1e-4
            )
    moves = tree["grade_moves"].to_dataset()["issuers"].sum(["from", "to"])
    assert int(moves.max()) <= tree.attrs["issuers"]
    default = tree["checks_default"].to_dataset()
    graded = lenses["grade"].sel(lens="interest_cover")
    known = ~np.isnan(lenses["annual_probability"].sel(lens="merton"))
    last = len(rating_scale().grades) - 1
    counted = ((graded >= 0) & (graded < last) & known).sum("issuer")
    np.testing.assert_array_equal(default["issuers"].sel(rated_by="interest_cover").sum("grade"), counted)
