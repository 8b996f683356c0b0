# SPDX-License-Identifier: Apache-2.0
"""Intervals and trends of the rate review against experience drawn from known laws."""

from __future__ import annotations

import math

import numpy as np
import pytest
from review_years import LOADINGS, PERILS, gammas, reviewed, two_years, years_of

from greenrisk.actuarial.credibility.level import LognormalLevel
from greenrisk.resource.experience_spec import RateReviewSpec
from greenrisk.resource.rate_review import ModelYears
from greenrisk.resource.review_law import YearlyLaw
from greenrisk.resource.review_results import rate_review
from greenrisk.resource.review_trend import find_trend


def test_intervals_of_a_year_hold_nine_years_in_ten() -> None:
    rng = np.random.default_rng(11)
    model = ModelYears(PERILS, gammas(rng, 20_000), 1000.0, 1000.0)
    exposure = rng.uniform(500.0, 2000.0, 400)
    actual = gammas(rng, 400) * exposure[:, None] / 1000.0
    years = reviewed(years_of(actual, exposure), model, period=30).years
    inside = (years["actual"] >= years["low"]) & (years["actual"] <= years["high"])
    assert np.abs(inside.mean("year") - 0.9).max() < 4 * math.sqrt(0.09 / 400)
    # the probability to be exceeded is uniform if the model is right
    assert np.abs(years["exceeded"].mean("year") - 0.5).max() < 4 * math.sqrt(1 / 12 / 400)


def test_intervals_of_the_indicated_rate_hold_the_truth_nine_times_in_ten() -> None:
    rng = np.random.default_rng(12)
    factor = rng.lognormal(-0.125, 0.5, (20, 2))
    model = ModelYears(PERILS, gammas(rng, 600), 1000.0, 1000.0, factor)
    trials, held = 150, np.zeros(3)
    for _ in range(trials):
        truth = factor[rng.integers(20)]
        found = reviewed(years_of(gammas(rng, 3, truth)), model).perils
        expected = np.array([200.0, 100.0]) * truth
        rate = np.append(expected.sum(), expected)
        held += (found["indicated_rate_low"].values <= rate) & (rate <= found["indicated_rate_high"].values)
    assert np.abs(held / trials - 0.9).max() < 4 * math.sqrt(0.09 / trials)


def test_the_credibility_is_that_of_a_level_of_how_often_perils_strike() -> None:
    """A belief of mean 1: the review weighs years as :class:`LognormalLevel` does, in which they price too."""
    rng = np.random.default_rng(21)
    years, width = gammas(rng, 20_000)[:, :1], 0.8
    level = np.exp(width * rng.standard_normal((10_000, 1)) - width**2 / 2)
    model = ModelYears(("storm",), years, 1000.0, 1000.0, level)
    found = reviewed(years_of(np.full((3, 1), 150.0), perils=("storm",)), model, period=3).perils
    belief = LognormalLevel.from_mean_cv(1.0, float(level.std()))
    wanted = belief.credibility(3 * years.mean(), 3 * years.var())
    assert float(found["credibility_greatest_accuracy"].values[1]) == pytest.approx(wanted, rel=0.02)


def test_a_level_moves_mean_and_variance_of_years_alike() -> None:
    rng = np.random.default_rng(22)
    years = gammas(rng, 5000)
    at_one = YearlyLaw(years / 1000.0, np.ones((1, 2))).window(np.full(2, 1000.0))
    for level in (0.3, 1.0, 2.0, 3.7):
        law = YearlyLaw(years / 1000.0, np.full((1, 2), level)).window(np.full(2, 1000.0))
        assert (law.drawn >= 0).all()
        np.testing.assert_allclose(law.drawn.mean(axis=0), level, rtol=0.05)
        np.testing.assert_allclose(law.within, level * at_one.within)
        np.testing.assert_allclose(law.drawn[:, 1:].var(axis=0), law.within[1:], rtol=0.12)


def test_a_long_experience_recovers_the_change_that_was_planted() -> None:
    rng = np.random.default_rng(13)
    model = ModelYears(PERILS, gammas(rng, 20_000), 1000.0, 1000.0, rng.lognormal(-0.125, 0.5, (100, 2)))
    planted = 1.6
    experience = years_of(planted * gammas(rng, 30), rate=300.0 / 0.8)
    row = reviewed(experience, model, period=30).indication.isel(review=0)
    assert float(row["indicated_change_low"]) < planted - 1 < float(row["indicated_change_high"])
    assert float(row["indicated_change_high"]) - float(row["indicated_change_low"]) < 0.6


def test_unsure_development_lowers_the_credibility_and_widens_the_interval() -> None:
    rng = np.random.default_rng(14)
    model = ModelYears(PERILS, gammas(rng, 4000), 1000.0, 1000.0, rng.lognormal(-0.125, 0.5, (50, 2)))
    losses = np.full((3, 2), 250.0)
    sure = reviewed(years_of(losses), model).perils
    unsure = reviewed(years_of(losses, error=losses * 0.5), model).perils
    for name in ("credibility_greatest_accuracy", "credibility_limited_fluctuation"):
        assert (unsure[name] < sure[name]).all()
    width = [(found["change_high"] - found["change_low"]) / (1 + found["change"]) for found in (sure, unsure)]
    assert (width[1] > width[0]).all()


def test_a_plain_trend_is_found_applied_and_carried_into_the_years_in_force() -> None:
    rng = np.random.default_rng(15)
    lag = np.arange(12, 0, -1)
    losses = 200.0 * np.exp(0.1 * lag + 0.1 * rng.standard_normal(12))
    experience = years_of(np.stack([losses, losses], axis=1))
    model = two_years(np.array([[0.5, 0.5], [1.5, 1.5]]))
    spec = RateReviewSpec(years_in_force=5)
    review = rate_review(experience, model, spec, LOADINGS, 0.0, 2025, 1)
    row = review.perils.isel(peril=0)
    assert int(row["trend_applied"]) == 1
    assert float(row["trend_low"]) < math.expm1(-0.1) < float(row["trend_high"]) < 0.0
    slope = math.log1p(float(row["trend"]))
    np.testing.assert_allclose(review.years["trend_factor"].values[:, 0], np.exp(slope * lag))
    assert float(row["projection"]) == pytest.approx(math.exp(2 * slope))
    spread = math.hypot(0.1 / math.sqrt(3), 2 * float(math.log1p(row["trend_high"]) - slope) / 1.81)
    assert abs(float(row["adjusted_to_expected"]) - 1.0) < 4 * spread
    assert float(row["change"]) == pytest.approx(
        (float(row["credibility"]) * (float(row["adjusted_to_expected"]) - 1) + 1) * math.exp(2 * slope) - 1
    )


def test_a_trend_that_may_be_chance_is_told_and_left_out_unless_asked_for() -> None:
    year, exposure = np.arange(2015, 2025), np.ones(10)
    losses = np.array([3.0, 1.0, 2.0, 5.0, 1.0, 2.0, 4.0, 1.0, 3.0, 2.0])
    found = find_trend(RateReviewSpec(), year, losses, exposure)
    assert not found.applied
    assert found.note.startswith("Not significant and not applied: ")
    assert found.factor(5.0) == 1.0
    asked = find_trend(RateReviewSpec(apply_insignificant_trend=True), year, losses, exposure)
    assert asked.applied
    assert asked.factor(5.0) == pytest.approx(math.exp(5 * asked.slope))
    assert asked.interval == found.interval


def test_a_trend_is_fitted_through_years_without_a_loss_and_not_to_few_years() -> None:
    spec, exposure = RateReviewSpec(), np.ones(8)
    # Poisson's equations with one level and a slope: sums of losses and of losses times time are met
    losses, year = np.array([4.0, 0.0, 3.0, 2.0, 0.0, 2.0, 0.0, 1.0]), np.arange(2017, 2025)
    found = find_trend(spec, year, losses, exposure)
    mean = np.exp(found.slope * year - found.slope * year[0])
    mean *= losses.sum() / mean.sum()
    assert (mean * year).sum() == pytest.approx((losses * year).sum(), rel=1e-9)
    assert (
        find_trend(spec, year[:4], losses[:4], exposure[:4]).note
        == "Not fitted: 4 years are too few, 5 are needed."
    )
    given_one = find_trend(RateReviewSpec(trend=-0.05), year, losses, exposure)
    assert given_one.factor(2.0) == pytest.approx(0.95**2)


def test_two_fires_at_the_start_are_no_trend() -> None:
    """Ten years of which the first two burnt: by Poisson's equations fires would fall by more than half every year."""
    year, losses = np.arange(2016, 2026), np.array([5841.0, 18096.0, *np.zeros(8)])
    found = find_trend(RateReviewSpec(), year, losses, np.ones(10))
    assert found.note == "Not fitted: 2 of 10 years have losses, 5 are needed."
    assert found.factor(5.0) == 1.0
    nothing = find_trend(RateReviewSpec(), year, losses * 0, np.ones(10))
    assert nothing.note == "Not fitted: 0 of 10 years have losses, 5 are needed."
