# SPDX-License-Identifier: Apache-2.0
"""All lenses: each against its own formula, reasons for silence, disagreement, the probability carried on."""

import numpy as np
import pandas as pd
import pytest

from greenrisk.core.cards import read_card
from greenrisk.core.errors import ArgumentError
from greenrisk.core.ledger import Ledger
from greenrisk.core.library import find
from greenrisk.issuer.credit.altman import DISTRESS, SAFE
from greenrisk.issuer.credit.interest_cover import cover_table
from greenrisk.issuer.credit.lenses import all_lenses, carried, standard_lenses
from greenrisk.issuer.credit.logit import fit_logit
from greenrisk.issuer.credit.merton import default_probability, log_default_probability
from greenrisk.issuer.credit.scale import rating_scale
from greenrisk.issuer.credit.state import state_of
from greenrisk.issuer.credit.statement_lenses import LENS_BOUNDS_ROLE

SCALE = rating_scale()
TABLE = cover_table("2026-01", "large")
BOUNDS = {"debt_service_safe": 1.3, "runway_distress": 1.0, "runway_safe": 2.0}
SOUND = {
    "revenue": 130.0,
    "ebit": 12.0,
    "depreciation": 5.0,
    "interest": 4.0,
    "tax": 2.0,
    "assets": 150.0,
    "current_assets": 60.0,
    "current_liabilities": 40.0,
    "debt_short": 5.0,
    "debt_long": 45.0,
    "equity": 70.0,
    "retained_earnings": 25.0,
    "cash": 9.0,
    "market_value": 90.0,
    "asset_value": 140.0,
    "asset_volatility": 0.25,
    "risk_free_rate": 0.03,
}


def read(ledger=None, lenses=None, **changes):
    state = state_of(**(SOUND | changes))
    found = all_lenses(state, lenses or standard_lenses(SCALE, TABLE, **BOUNDS), SCALE)
    if ledger is not None:
        found.tell(ledger)
    return state, found


def grade(reading):
    return [SCALE.grades[k] if k >= 0 else "" for k in reading.grade.ravel()]


def test_each_lens_says_what_its_own_formula_says():
    _, found = read()
    at = {name: reading.value.item() for name, reading in found.readings.items()}
    x1, x2, x3, x5 = 20 / 150, 25 / 150, 12 / 150, 130 / 150
    assert at["altman_z"] == pytest.approx(1.2 * x1 + 1.4 * x2 + 3.3 * x3 + 0.6 * 90 / 80 + x5, rel=1e-12)
    assert at["altman_em"] == pytest.approx(
        3.25 + 6.56 * x1 + 3.26 * x2 + 6.72 * x3 + 1.05 * 70 / 80, rel=1e-12
    )
    assert at["interest_cover"] == 3.0
    assert at["debt_service_cover"] == pytest.approx((12 + 5 - 2) / (4 + 5), rel=1e-12)
    assert at["liquidity_runway"] == np.inf
    merton = found.readings["merton"]
    assert merton.annual_probability.item() == default_probability(140.0, 50.0, 0.03, 0.25, 1.0)
    assert grade(found.readings["interest_cover"]) == ["BBB"]
    assert found.readings["interest_cover"].spread.item() == 0.0111


def test_a_lens_through_a_rating_gives_the_long_run_default_rate_of_its_grade():
    _, found = read()
    cover = found.readings["interest_cover"]
    assert cover.through_rating
    assert cover.annual_probability.item() == SCALE.default_rate[3]
    assert not found.readings["merton"].through_rating


def test_an_issuer_that_earns_nothing_is_rated_worst_but_has_not_failed():
    _, found = read(ebit=-3.0)
    cover = found.readings["interest_cover"]
    assert grade(cover) == ["D"]
    assert cover.annual_probability.item() == SCALE.default_rate[6]


def test_a_missing_line_silences_the_lenses_that_need_it_with_its_name():
    ledger = Ledger()
    _, found = read(ledger, retained_earnings=np.nan, market_value=[[[[90.0], [np.nan]]]])
    assert found.readings["altman_z"].missing() == {"No retained earnings.": 2}
    assert found.readings["interest_cover"].missing() == {}
    assert np.isnan(found.readings["altman_z"].value).all()
    assert "No answer: No retained earnings." in ledger.to_frame()["detail"].tolist()


def test_a_lens_without_its_data_says_why_and_no_logit_is_invented():
    _, found = read()
    (reason,) = found.readings["logit"].missing()
    assert "no logit is shipped" in reason
    refused = standard_lenses(SCALE, TABLE, **BOUNDS, logit_refusal="10 firms, 1 failed.")
    assert list(read(lenses=refused)[1].readings["logit"].missing()) == ["10 firms, 1 failed."]


def test_negative_equity_is_a_path_and_not_missing():
    # Z' = .717 * 20/150 + .847 * 25/150 + 3.107 * 12/150 - .420 * 90/240 + .998 * 130/150 = 1.193, below 1.23.
    _, found = read(equity=-90.0, asset_value=30.0)
    assert all(not found.readings[name].missing() for name in ("merton", "altman_z_private", "altman_em"))
    assert found.readings["altman_z_private"].zone.item() == DISTRESS
    assert found.readings["merton"].annual_probability.item() > 0.9


def test_assets_below_zero_are_told_by_the_scores_and_certain_default_in_merton():
    _, found = read(assets=0.0, equity=-60.0, asset_value=-10.0)
    assert found.readings["altman_z"].missing() == {"Assets at or below zero: no ratio to them.": 1}
    assert found.readings["merton"].annual_probability.item() == 1.0
    assert grade(found.readings["merton"]) == ["D"]


def test_runway_and_debt_service_have_the_zones_of_the_card():
    cash = np.array([4.0, 9.0, 40.0]).reshape(1, 1, 3, 1)
    # Flow 15, service 4 + 20: 9 a year are burnt.
    _, found = read(cash=cash, debt_short=20.0)
    assert found.readings["liquidity_runway"].value.ravel() == pytest.approx([4 / 9, 1.0, 40 / 9])
    assert found.readings["liquidity_runway"].zone.ravel().tolist() == [0, 1, 2]
    assert found.readings["debt_service_cover"].zone.ravel().tolist() == [DISTRESS] * 3
    assert read()[1].readings["debt_service_cover"].zone.item() == SAFE


def test_the_default_point_counts_half_of_the_long_debt():
    _, found = read(lenses=standard_lenses(SCALE, TABLE, **BOUNDS, kmv=True))
    expected = default_probability(140.0, 5.0 + 22.5, 0.03, 0.25, 1.0)
    assert found.readings["merton"].annual_probability.item() == expected


def test_lenses_that_lie_apart_are_said_to_disagree():
    ledger = Ledger()
    # Cover 0.5 is C, letter CCC; Merton far from default is AAA.
    _, found = read(ledger, ebit=2.0, asset_value=400.0)
    assert found.disagreement.item() == 6
    assert found.apart.all()
    assert SCALE.grades[found.lowest.item()] == "AAA"
    assert SCALE.grades[found.highest.item()] == "CCC"
    assert ledger.to_frame()["subject"].tolist()[-1] == "lenses"


def test_fewer_than_two_grades_are_no_disagreement():
    blind = {"asset_value": np.nan, "retained_earnings": np.nan}
    _, found = read(**blind)
    assert found.disagreement.item() == -1
    _, found = read(**blind, interest=np.nan)
    assert found.lowest.item() == found.highest.item() == -1


def test_mertons_probability_is_carried_on_where_it_has_one():
    state, found = read(asset_value=70.0)
    on = carried(state, found)
    assert on.lenses[on.lens.item()] == "merton"
    assert on.annual_probability.item() == pytest.approx(
        default_probability(70.0, 50.0, 0.03, 0.25, 1.0), rel=1e-12
    )
    assert not on.underflow.any()
    assert not on.unearned.any()


def test_where_merton_sees_no_default_its_logarithm_goes_on_and_is_told():
    ledger = Ledger()
    state, found = read(asset_value=4000.0)
    on = carried(state, found)
    on.tell(ledger)
    assert on.lenses[on.lens.item()] == "merton"
    expected = log_default_probability(4000.0, 50.0, 0.03, 0.25, 1.0)
    assert on.log_annual_probability.item() == pytest.approx(float(expected), rel=1e-12)
    assert on.underflow.all()
    assert "unreliable" in ledger.to_frame()["kind"].tolist()


def test_an_issuer_that_loses_assets_or_earnings_never_looks_safer():
    # Through the place where Merton's probability underflows, and through EBITDA of zero.
    values = np.geomspace(4000.0, 40.0, 200)
    state, found = read(asset_value=values)
    assert (np.diff(carried(state, found).log_annual_probability.ravel()) > 0.0).all()
    earned = np.linspace(30.0, -30.0, 201)
    state, found = read(ebit=earned, depreciation=5.0, asset_value=90.0)
    assert (np.diff(carried(state, found).log_annual_probability.ravel()) >= 0.0).all()


def test_without_any_rating_the_logarithm_of_merton_stays():
    state, found = read(asset_value=4e7, asset_volatility=0.1, interest=np.nan, retained_earnings=np.nan)
    on = carried(state, found)
    assert on.annual_probability.item() == 0.0
    expected = log_default_probability(4e7, 50.0, 0.03, 0.1, 1.0)
    assert on.log_annual_probability.item() == pytest.approx(float(expected), rel=1e-12)


def test_an_issuer_without_earnings_does_not_look_safe():
    state, found = read(ebit=-9.0, depreciation=5.0, asset_value=200.0)
    on = carried(state, found)
    assert on.unearned.all()
    assert on.annual_probability.item() == pytest.approx(SCALE.default_rate[6], rel=1e-12)
    # Nor does a rating make it safer than Merton's model has it.
    state, found = read(ebit=-9.0, depreciation=5.0, asset_value=40.0)
    assert carried(state, found).annual_probability.item() == pytest.approx(
        default_probability(40.0, 50.0, 0.03, 0.25, 1.0), rel=1e-12
    )


def test_axes_of_the_study_are_kept():
    rng = np.random.default_rng(0)
    _, found = read(ebit=rng.normal(10, 5, (2, 1, 5, 3)), asset_value=rng.uniform(60, 200, (1, 4, 5, 1)))
    assert {reading.value.shape for reading in found.readings.values()} == {(2, 4, 5, 3)}
    assert found.apart.shape == (2, 4, 5, 3)


def test_a_cell_does_not_depend_on_its_neighbours():
    ebit = np.array([-4.0, 0.0, 6.0, np.nan, 30.0])
    _, whole = read(ebit=ebit.reshape(1, 1, 5, 1))
    for k, value in enumerate(ebit):
        _, alone = read(ebit=value)
        for name, reading in whole.readings.items():
            assert np.array_equal(
                reading.value[0, 0, k, 0], alone.readings[name].value.item(), equal_nan=True
            ), name


def test_unknown_lines_and_endless_numbers_are_told_together():
    with pytest.raises(ArgumentError) as error:
        state_of(ebitt=3.0, cash=np.inf, assets=np.ones((1, 1, 1, 1, 1)))
    assert [fault.where for fault in error.value.faults] == ["ebitt", "cash", "assets"]
    assert "Did you mean `ebit`" in error.value.faults[0].expected


def test_two_lenses_of_one_name_are_refused():
    lenses = standard_lenses(SCALE, TABLE, **BOUNDS)
    with pytest.raises(ArgumentError, match="merton"):
        all_lenses(state_of(**SOUND), (*lenses, lenses[0]), SCALE)


def test_a_users_logit_reads_the_same_statements():
    rng = np.random.default_rng(2)
    x = rng.normal(0.05, 0.1, 500)
    failed = (rng.random(500) < 1 / (1 + np.exp(1.5 + 12 * x))).astype(int)
    frame = pd.DataFrame(
        {"firm": np.arange(500).astype(str), "year": 2020, "failed": failed, "ebit_to_assets": x}
    )
    fit = fit_logit(frame, ["ebit_to_assets"])
    _, found = read(lenses=standard_lenses(SCALE, TABLE, **BOUNDS, logit=fit))
    index = fit.coefficients[0] + fit.coefficients[1] * 12 / 150
    assert found.readings["logit"].annual_probability.item() == pytest.approx(
        1 / (1 + np.exp(-index)), rel=1e-12
    )


def test_the_card_of_the_bounds_fills_its_role():
    card = read_card(find("models", "issuer-lens-bounds-judged"))
    assert card.use == LENS_BOUNDS_ROLE.use
    factors = {"carbon_ratio_factor", "default_rate_factor"}
    assert set(card.parameters) == set(LENS_BOUNDS_ROLE.parameters) == set(BOUNDS) | factors
    assert all(card.parameters[name].ends()[0] > 1.0 for name in factors)
    # In every draw distress stays below safe and the cover above one.
    ends = {name: card.parameters[name].ends() for name in BOUNDS}
    assert ends["runway_distress"][1] < ends["runway_safe"][0]
    assert ends["debt_service_safe"][0] > 1.0
