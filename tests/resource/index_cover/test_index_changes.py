# SPDX-License-Identifier: Apache-2.0
"""Steps and trends of yearly records, against R (tests/reference/resource/make_changes.R) and closed forms."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from index_records import RECORDS, record

from greenrisk.core.errors import ArgumentError
from greenrisk.resource.index_cover.changes import Changes, detect_changes
from greenrisk.resource.index_cover.history_spec import Treatment
from greenrisk.resource.index_cover.step_test import (
    autocorrelation,
    autoregression,
    best_step,
    f_statistics,
    shortest_part,
    step_chance,
)
from greenrisk.resource.index_cover.treatments import treat
from greenrisk.resource.index_cover.trend_test import kendall_score, kendall_variance, sen_slope, trend_chance
from greenrisk.resource.index_cover.visible_step import visible_step

TABLES = Path(__file__).parents[2] / "reference" / "resource"
TESTS = pd.read_csv(TABLES / "changes_tests.csv").set_index("record")
F = pd.read_csv(TABLES / "changes_f.csv")
NULLS = pd.read_csv(TABLES / "changes_nulls.csv")
DRAWS = 4999
YEARS = np.arange(1951, 1981)


@pytest.fixture(scope="module")
def found() -> dict[str, Changes]:
    return {name: detect_changes(*record(name)) for name in RECORDS}


@pytest.mark.parametrize("name", RECORDS)
def test_every_f_is_that_of_strucchange(name: str) -> None:
    year, value, scale = record(name)
    x = np.log(value) if scale == "log" else value
    theirs = F[F.record == name]
    np.testing.assert_allclose(f_statistics(x), theirs.f, rtol=1e-8)
    assert year[0] + shortest_part(x.size) - 1 == theirs.last_year_before.iloc[0]


@pytest.mark.parametrize("name", RECORDS)
def test_place_slope_and_criteria_are_those_of_r(name: str, found: dict[str, Changes]) -> None:
    ours, theirs = found[name], TESTS.loc[name]
    assert (ours.years, ours.break_year) == (theirs.years, theirs.break_year)
    assert ours.sup_f == pytest.approx(theirs.sup_f, rel=1e-9)
    assert (ours.pettitt_year, ours.pettitt_p) == (
        theirs.pettitt_year,
        pytest.approx(theirs.pettitt_p, rel=1e-9),
    )
    assert ours.trend_slope == pytest.approx(theirs.sen_slope, rel=1e-9)
    for criterion in ("bic_none", "bic_linear", "bic_step"):
        assert getattr(ours, criterion) == pytest.approx(theirs[criterion], rel=1e-9)


@pytest.mark.parametrize("name", RECORDS)
def test_kendalls_p_of_independent_years_is_that_of_r(name: str) -> None:
    _, value, _ = record(name)
    assert trend_chance(value, 0.0) == pytest.approx(TESTS.loc[name].kendall_p, rel=1e-9)


@pytest.mark.parametrize(
    "row", list(NULLS.itertuples()), ids=lambda row: f"{row.years}-{row.rho}-{row.chance}"
)
def test_simulated_chances_are_those_of_an_independent_simulation(row: pd.Series) -> None:
    ours = step_chance(row.f, np.ones(row.years, dtype=np.bool_), row.rho, seed=3)
    error = np.sqrt(row.chance * (1 - row.chance) * (1 / DRAWS + 1 / row.draws))
    assert ours == pytest.approx(row.chance, abs=4 * error + 1 / DRAWS)


def test_the_chance_of_independent_years_is_near_hansens(found: dict[str, Changes]) -> None:
    # The asymptotic chance is of endless records: with 90 years it is a little off.
    for name in ("manaus_min", "manaus_mean"):
        assert found[name].p_white == pytest.approx(TESTS.loc[name].p_asymptotic, abs=0.015)


def test_the_nile_has_a_step_after_1898_under_both_nulls(found: dict[str, Changes]) -> None:
    nile = found["nile"]
    assert (nile.verdict, nile.break_year) == ("step", 1898)
    assert nile.p_white == nile.p_ar1 == 1 / (DRAWS + 1)  # none of the simulated records came near
    assert nile.shift == pytest.approx(849.9722 - 1097.75, abs=1e-3)  # means of 72 and of 28 years
    assert "A step after 1898: the mean goes from 1098 to 850" in nile.sentence


def test_lake_huron_remembers_too_much_for_a_verdict(found: dict[str, Changes]) -> None:
    huron = found["huron"]
    assert huron.verdict == "none"
    assert huron.p_white < 0.001 < 0.05 < huron.p_ar1
    assert huron.autocorrelation > 0.8
    assert "independent" in huron.sentence


def test_manaus_has_neither_at_a_shared_level_though_one_test_alone_would_say_so(
    found: dict[str, Changes],
) -> None:
    least = found["manaus_min"]
    assert least.verdict == "none"
    assert 0.025 < least.p_ar1 < 0.05
    assert 0.025 < least.trend_p < 0.05
    assert "One test alone would say so" in least.sentence
    assert found["manaus_mean"].verdict == "none"


def test_thirteen_years_of_fires_show_a_trend_and_could_not_have_shown_a_moderate_step(
    found: dict[str, Changes],
) -> None:
    for name in ("log_jiangxi", "log_neighbours"):
        assert found[name].verdict == "trend"
        assert found[name].bic_linear < found[name].bic_step < found[name].bic_none
        assert visible_step(*record(name)) > 4.0  # a fall to a quarter would mostly have been missed


def test_a_steeper_step_is_seen_more_easily_in_a_longer_record() -> None:
    generator = np.random.default_rng(4)
    long = generator.normal(size=120)
    assert visible_step(np.arange(120), long) < visible_step(np.arange(30), long[:30])
    # Known law: two means of 60 years, half a level of 2.5 % and four in five: about 2.8 to 3.6 standard errors.
    assert 2.0 * np.sqrt(2 / 60) < visible_step(np.arange(120), long) / long.std() < 6.0 * np.sqrt(2 / 60)


def test_best_step_by_hand() -> None:
    step = best_step(np.array([1.0, 3.0, 1.0, 3.0, 11.0, 13.0, 11.0, 13.0]))
    # Means 2 and 12: within sums 8, all 208; F = 200 / (8 / 6).
    assert (step.position, step.before, step.after, step.residual) == (4, 2.0, 12.0, 8.0)
    assert step.sup_f == pytest.approx(150.0)


def test_records_that_remember_have_more_large_f() -> None:
    known = np.ones(60, dtype=np.bool_)
    chances = [step_chance(12.0, known, rho, seed=1) for rho in (0.0, 0.3, 0.6)]
    assert chances == sorted(chances)
    assert chances[0] < 0.02 < 0.05 < chances[1]


@pytest.mark.parametrize(("rho", "most"), [(0.0, 0.05), (0.6, 0.11)])
def test_the_verdict_is_mostly_none_where_there_is_nothing(rho: float, most: float) -> None:
    records = autoregression(np.random.default_rng(9).standard_normal((250, 60)), rho)
    said = np.mean([detect_changes(np.arange(60), one).verdict != "none" for one in records])
    assert said <= most + 4 * np.sqrt(most * (1 - most) / 250)
    # With the null of independent years, records that remember would be taken for broken.
    known = np.ones(60, dtype=np.bool_)
    naive = np.mean(
        [step_chance(float(f_statistics(one).max()), known, 0.0, 1) < 0.05 for one in records[:100]]
    )
    assert (naive > 0.4) == (rho > 0)


def test_autocorrelation_is_found_again_without_bias() -> None:
    for rho in (0.0, 0.4, 0.7):
        records = autoregression(np.random.default_rng(2).standard_normal((2000, 60)), rho)
        time = np.arange(60) - 29.5
        off = records - records.mean(axis=1, keepdims=True)
        off -= (off @ time / (time @ time))[:, None] * time
        known = np.ones(60, dtype=np.bool_)
        estimates = np.array([autocorrelation(one, known) for one in off])
        floor = 0.06 if rho == 0 else 0.02  # negative estimates count as none, which lifts the mean at 0
        assert estimates.mean() == pytest.approx(rho, abs=floor)


def test_autoregression_has_unit_variance_and_its_coefficient_from_the_first_year_on() -> None:
    x = autoregression(np.random.default_rng(1).standard_normal((20000, 5)), 0.6)
    np.testing.assert_allclose(x.var(axis=0), 1.0, atol=4 * np.sqrt(2 / 20000))
    assert np.mean(x[:, 0] * x[:, 2]) == pytest.approx(0.36, abs=4 / np.sqrt(20000))


def test_kendalls_variance_is_that_of_all_orders_of_five_years_with_a_tie() -> None:
    value = np.array([1.0, 2.0, 2.0, 3.0, 5.0])
    scores = [kendall_score(np.array(order)) for order in itertools.permutations(value)]
    assert np.var(scores) == pytest.approx(kendall_variance(value, 0.0))


def test_kendalls_variance_of_years_that_remember_is_that_of_simulated_records() -> None:
    records = autoregression(np.random.default_rng(5).standard_normal((4000, 40)), 0.5)
    simulated = np.var([kendall_score(one) for one in records])
    # Hamed and Rao's factor is an approximation: it is held to a tenth, where independence is off by half.
    assert kendall_variance(records[0], 0.5) == pytest.approx(simulated, rel=0.12)
    assert kendall_variance(records[0], 0.0) < 0.5 * simulated


def test_sens_slope_is_that_of_a_line_whatever_one_year_does() -> None:
    value = 3.0 - 0.25 * YEARS
    value[7] = 900.0
    assert sen_slope(YEARS, value) == pytest.approx(-0.25)


def test_a_line_is_a_trend_and_a_jump_is_a_step() -> None:
    noise = np.random.default_rng(7).normal(size=30)
    line = detect_changes(YEARS, noise + 0.2 * (YEARS - 1951))
    assert line.verdict == "trend"
    assert line.trend_slope == pytest.approx(
        0.2, abs=4 * np.sqrt(12 / 30**3)
    )  # its standard error for a line
    assert f"A trend of {line.trend_slope:+.3g} a year" in line.sentence
    jump = detect_changes(YEARS, noise + 4.0 * (YEARS > 1965))
    assert (jump.verdict, jump.break_year) == ("step", 1965)


def test_logarithms_make_a_factor_a_step_and_values_of_nought_are_refused() -> None:
    noise = np.exp(np.random.default_rng(8).normal(scale=0.2, size=30))
    changes = detect_changes(YEARS, noise * np.where(YEARS > 1960, 0.25, 1.0), "log")
    assert (changes.verdict, changes.break_year) == ("step", 1960)
    assert "multiplied by 0.2" in changes.sentence
    with pytest.raises(ArgumentError, match=r"Needs values above 0; the smallest is 0\. Write `plain`"):
        detect_changes(YEARS, noise - noise.min(), "log")


def test_missing_years_are_left_out_and_keep_their_place_in_time() -> None:
    year, value, _ = record("nile")
    holes = value.copy()
    holes[[5, 6, 50, 99]] = np.nan
    changes = detect_changes(year, holes)
    assert (changes.years, changes.verdict, changes.break_year) == (96, "step", 1898)
    # Neighbours alone are paired: of years that alternate, those two apart are alike, those beside each other not.
    known = np.array([True, True, False, True, True])
    assert autocorrelation(np.array([1.0, -1.0, -1.0, 1.0]), known) == 0.0


@pytest.mark.parametrize(
    ("value", "told"),
    [(np.arange(7.0), "The record has 7 known years"), (np.full(30, 4.0), "The record does not vary")],
)
def test_what_cannot_be_tested_has_no_verdict_but_none(value: np.ndarray, told: str) -> None:
    changes = detect_changes(np.arange(value.size), value)
    assert (changes.verdict, changes.break_year) == ("none", -1)
    assert np.isnan(changes.p_ar1)
    assert changes.sentence.startswith(told)


@given(
    value=arrays(np.float64, 20, elements=st.integers(-1000, 1000).map(float)),
    factor=st.sampled_from([0.5, 4.0, 1024.0]),
    shift=st.integers(-50, 50),
)
def test_the_unit_and_the_datum_of_a_record_change_no_test(
    value: np.ndarray, factor: float, shift: int
) -> None:
    year = np.arange(2000, 2020)
    plain, other = detect_changes(year, value), detect_changes(year, factor * (value + shift))
    assert (plain.pettitt_year, plain.pettitt_p) == pytest.approx(
        (other.pettitt_year, other.pettitt_p), nan_ok=True
    )
    if plain.break_year > 0 and np.isfinite(plain.sup_f) and plain.sup_f < 1e6:
        assert other.sup_f == pytest.approx(plain.sup_f, rel=1e-6)
        assert other.trend_p == pytest.approx(plain.trend_p, rel=1e-6, abs=1e-9)


@given(
    value=arrays(np.float64, 24, elements=st.integers(-1000, 1000).map(float)),
    treatment=st.sampled_from(["none", "step", "post_break"]),
)
def test_a_treatment_leaves_the_years_after_the_step_as_they_are(
    value: np.ndarray, treatment: Treatment
) -> None:
    year = np.arange(2000, 2024)
    changes = detect_changes(year, value)
    if changes.break_year < 0:
        return
    treated = treat(year, value, treatment, changes)
    after = year > changes.break_year
    np.testing.assert_array_equal(treated.value[after], value[after])
    if treatment == "step":
        assert treated.value[~after].mean() == pytest.approx(value[after].mean(), abs=1e-9)
        assert treated.value[~after].std() == pytest.approx(value[~after].std(), abs=1e-9)


def test_one_seed_gives_one_answer() -> None:
    year, value, scale = record("manaus_mean")
    assert detect_changes(year, value, scale, seed=5) == detect_changes(year, value, scale, seed=5)
