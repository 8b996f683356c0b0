# SPDX-License-Identifier: Apache-2.0
"""The rate review against tables small enough for paper, and against experience drawn from the model itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from review_years import LOADINGS, PERILS, gammas, reviewed, two_years, years_of

from greenrisk.core.errors import ArgumentError
from greenrisk.core.ledger import Ledger
from greenrisk.resource.experience_spec import RateReviewSpec
from greenrisk.resource.quantities import UNITS, peril_premium
from greenrisk.resource.rate_review import ExperienceYears, ModelYears
from greenrisk.resource.review_results import rate_review
from greenrisk.resource.review_told import tell_rate_review
from greenrisk.resource.sensitivity import Knowledge
from greenrisk.resource.study import ForestJob
from greenrisk.resource.year_table import gather

NORMAL_95 = 1.6448536269514722


def test_a_small_table_is_reviewed_as_on_paper() -> None:
    experience = years_of(
        np.array([[100.0, 100.0], [500.0, 300.0], [0.0, 200.0]]), np.array([1000.0, 2000.0, 1000.0])
    )
    review = reviewed(experience, two_years(), current_rate_per_mille=400.0)
    years, window = review.years, review.windows.isel(window=-1)
    assert years["peril"].values.tolist() == ["all", "storm", "pest"]
    assert years["expected"].values.tolist() == [[400, 200, 200], [800, 400, 400], [400, 200, 200]]
    assert years["actual"].values.tolist() == [[200, 100, 100], [800, 500, 300], [200, 0, 200]]
    assert years["actual_to_expected"].values.tolist() == [[0.5, 0.5, 0.5], [1, 1.25, 0.75], [0.5, 0, 1]]
    assert years["loss_ratio"].values.tolist() == [0.4, 0.8, 0.4]
    assert years["on_level_premium"].values.tolist() == [400, 800, 400]
    assert years["on_level_loss_ratio"].values.tolist() == [0.5, 1.0, 0.5]
    assert window["expected"].values.tolist() == [1600, 800, 800]
    assert window["actual"].values.tolist() == [1200, 600, 600]
    assert window["actual_to_expected"].values.tolist() == [0.75, 0.75, 0.75]
    # storm: 1000 x 0.1, 2000 x 0.3, 1000 x 0.1, or the other way round; the sum of the perils never varies
    assert window["low"].values[0] == window["high"].values[0] == 1600.0
    assert 800.0 <= window["low"].values[1] <= 810.0


def test_credibilities_are_those_of_their_formulas() -> None:
    # Q is 0.5 or 1.5 for both perils; a year's storm is half or one and a half of what is expected
    factor = np.array([[0.5, 0.5], [1.5, 1.5]])
    review = reviewed(years_of(np.array([[300.0, 300.0]])), two_years(factor), period=1)
    found = review.perils
    # and its variance grows with Q, 1 in the mean, not with the square of Q
    between, within = 0.25, (0.5 + 1.5) / 2 * 0.25
    storm = between / (between + within)
    np.testing.assert_allclose(found["credibility_greatest_accuracy"], [1.0, storm, storm])
    limited = 0.05 / (NORMAL_95 * 0.5)
    np.testing.assert_allclose(found["credibility_limited_fluctuation"], [1.0, limited, limited])
    np.testing.assert_allclose(found["change"], [0.5, storm * 0.5, storm * 0.5])
    # half the level: with chance 5/6 a window of 0.6 times 0.5 or 1.5; one and a half: such a one on top of the other.
    # 21 % of the pairs have Q = 0.5 and X = 0.9; 4 % have Q = 1.5 and X = 0.5, the next 21 % of them X = 1.4
    misses = [q / (storm * x + 1 - storm) for q, x in ((0.5, 0.9), (1.5, 1.4))]
    ratio = 1 + storm * 0.5
    np.testing.assert_allclose(found["change_low"].values[1], ratio * min(misses) - 1)
    np.testing.assert_allclose(found["change_high"].values[1], ratio * max(misses) - 1)
    chosen = reviewed(
        years_of(np.array([[300.0, 300.0]])), two_years(factor), period=1, credibility="limited_fluctuation"
    )
    np.testing.assert_allclose(chosen.perils["credibility"], [1.0, limited, limited])


def test_the_gross_rate_is_loaded_and_the_perils_add_up_to_it() -> None:
    # credibility of all is 1, experience 1.5 times what was expected: pure 600, load 30, ratios of premium 0.2
    factor = np.array([[0.5, 0.5], [1.5, 1.5]])
    review = reviewed(years_of(np.array([[500.0, 100.0]])), two_years(factor), 20.0, period=1)
    row = review.indication.isel(review=0)
    gross = (1.5 * 400.0 + 1.5 * 20.0) / (1 - 0.2)
    assert float(row["indicated_rate"]) == pytest.approx(gross)
    assert float(row["indicated_rate_per_mu"]) == pytest.approx(gross / 1000)
    assert float(row["current_rate"]) == 500.0
    assert float(row["indicated_change"]) == pytest.approx(gross / 500 - 1)
    assert float(row["expected_loss_ratio"]) == pytest.approx(600.0 / gross)
    perils = review.perils
    assert perils["gross_rate"].values[1:].sum() == pytest.approx(gross)
    assert perils["balanced_rate"].values[1:].sum() == pytest.approx(600.0)
    assert perils["gross_rate"].values[1] > perils["gross_rate"].values[2]


@pytest.mark.parametrize("credibility", ["greatest_accuracy", "limited_fluctuation"])
@settings(deadline=None, max_examples=20, derandomize=True)
@given(insured=st.lists(st.floats(1e3, 1e9), min_size=3, max_size=8))
def test_a_model_that_was_right_leaves_the_rate_where_it_is(credibility: str, insured: list[float]) -> None:
    exposure = np.array(insured)
    experience = years_of(np.outer(exposure, [0.2, 0.2]), exposure, rate=1000 * 0.4 / 0.8)
    model = two_years(np.array([[0.5, 0.7], [1.0, 1.0], [2.0, 1.5]]))
    review = reviewed(experience, model, credibility=credibility)
    np.testing.assert_allclose(review.years["actual_to_expected"], 1.0)
    np.testing.assert_allclose(review.windows["adjusted_to_expected"], 1.0)
    np.testing.assert_allclose(review.perils["change"], 0.0, atol=1e-12)
    assert float(review.indication["indicated_change"].values[0]) == pytest.approx(0.0, abs=1e-12)
    assert float(review.indication["proposed_change"].values[0]) == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize(("losses", "change"), [(700.0, 0.1), (50.0, -0.1), (400.0, 0.0)])
def test_the_cap_holds_in_both_directions_and_is_told(losses: float, change: float) -> None:
    experience, model = years_of(np.full((1, 2), losses / 2)), two_years(np.array([[0.5, 0.5], [1.5, 1.5]]))
    spec = RateReviewSpec(trend="none", period=1, max_change=0.1)
    review = rate_review(experience, model, spec, LOADINGS, 0.0, 2025, 1)
    row = review.indication.isel(review=0)
    assert float(row["proposed_change"]) == pytest.approx(change, abs=1e-12)
    assert float(row["proposed_rate"]) == pytest.approx(500 * (1 + change))
    ledger = Ledger()
    tell_rate_review(review, experience, model, spec, ledger)
    assert ("clipped" in {entry.kind for entry in ledger}) == (change != 0.0)
    assert any("500 per mille" in entry.detail for entry in ledger if entry.subject == "current rate")


def test_a_change_of_terms_counts_in_the_adjusted_losses_only() -> None:
    experience = years_of(np.array([[100.0, 100.0], [200.0, 200.0]]))
    review = reviewed(experience, two_years(), period=2, terms_factors={2023: 2.0})
    assert review.years["adjusted"].values[:, 0].tolist() == [400.0, 400.0]
    assert review.windows["actual_to_expected"].values[0, 0] == 0.75
    assert review.windows["adjusted_to_expected"].values[0, 0] == 1.0


def test_a_year_with_losses_of_no_known_peril_counts_in_the_total_only() -> None:
    incurred = np.array([[100.0, 300.0], [200.0, 0.0], [400.0, 0.0]])
    experience = years_of(incurred, perils=("storm", "unknown"))
    model, spec = two_years(), RateReviewSpec(trend="none")
    review = rate_review(experience, model, spec, LOADINGS, 0.0, 2025, 1)
    assert review.windows["actual"].values[-1, 0] == 1000.0
    np.testing.assert_array_equal(review.years["actual"].values[:, 1], [np.nan, 200.0, 400.0])
    assert np.isnan(review.years["actual"].values[:, 2]).all()
    assert review.perils["credibility"].values[1:].tolist() == [0.0, 0.0]
    assert review.perils["change"].values[1:].tolist() == [0.0, 0.0]
    ledger = Ledger()
    tell_rate_review(review, experience, model, spec, ledger)
    assert any("1 of 3 years" in entry.detail for entry in ledger if entry.subject == "rate review by peril")
    last_year = reviewed(experience, model, period=1)
    assert last_year.perils["adjusted_to_expected"].values[1] == 2.0


def test_a_table_developed_as_a_whole_keeps_its_total_error_and_its_unknown_perils() -> None:
    reported = np.array([[np.nan, np.nan, 50.0], [30.0, 10.0, 40.0]])
    experience = ExperienceYears.of(
        PERILS,
        np.array([2023, 2024]),
        *(np.array([1000.0, 1000.0]),) * 2,
        np.array([500.0, np.nan]),
        reported * 0.5,
        reported,
        np.array([1.0, 1.5]),
        np.array([0.0, 6.0]),
    )
    assert experience.by_peril.tolist() == [False, True]
    assert experience.column("incurred", "all").tolist() == [50.0, 60.0]
    assert experience.column("error", "all").tolist() == [0.0, 6.0]
    np.testing.assert_allclose(experience.column("error", "storm"), [np.nan, 4.5])
    np.testing.assert_allclose(experience.column("outstanding", "pest"), [np.nan, 5.0])
    review = reviewed(experience, two_years(), period=2, current_rate_per_mille=450.0)
    assert review.windows["actual_error"].values[0, 0] == 6.0
    assert review.years["loss_ratio"].values[0] == 0.1
    assert np.isnan(review.windows["loss_ratio"].values[0])
    with pytest.raises(ArgumentError, match="The premium of 2024 is not known"):
        reviewed(experience, two_years(), period=2)


def test_periods_are_counted_back_from_the_last_year() -> None:
    review = reviewed(years_of(np.full((7, 2), 200.0)), two_years())
    assert review.windows["window"].values.tolist() == ["2018", "2019-2021", "2022-2024"]
    assert review.windows["last_year"].values.tolist() == [2018, 2021, 2024]
    assert review.indication["review"].values.tolist() == ["2022-2024"]


def test_a_review_is_the_same_twice_and_scales_with_the_money() -> None:
    rng = np.random.default_rng(16)
    model = ModelYears(PERILS, gammas(rng, 2000), 1000.0, 1000.0, rng.lognormal(0, 0.5, (50, 2)))
    experience = years_of(gammas(rng, 6), error=np.full((6, 2), 10.0))
    first, again = (reviewed(experience, model) for _ in range(2))
    for name, group in first.groups().items():
        assert group.identical(again.groups()[name])
    tenfold = replace(
        experience,
        **{
            name: 10.0 * getattr(experience, name)
            for name in ("sum_insured", "insured_mu", "premium", "incurred", "error", "paid", "outstanding")
        },
    )
    np.testing.assert_allclose(reviewed(tenfold, model).perils["change"], first.perils["change"])


def test_every_number_of_a_review_has_a_unit() -> None:
    review = reviewed(years_of(np.full((3, 2), 200.0)), two_years())
    for group in review.groups().values():
        for name, values in group.data_vars.items():
            assert values.dtype.kind == "U" or "units" in values.attrs, name


def test_the_years_of_a_run_are_taken_with_what_its_draws_say(job: ForestJob) -> None:
    table = gather(iter([job.run_block(0)]), 1)
    kinds = tuple(peril.kind for peril in job.facts.spec.perils)
    names = tuple(UNITS)
    values = np.full((len(job.plan.variants), len(names)), 2.0)
    draws = slice(1, job.plan.first_end)
    values[draws, names.index(peril_premium(kinds[1]))] = 3.0
    knowledge = Knowledge(names, values, job.plan, {})
    book = job.exposure.book
    model = ModelYears.of(table, kinds, knowledge, book.insured_area_mu.sum(), float(book.sum_insured.sum()))
    assert model.totals.shape == (1000, len(kinds))
    assert model.factor[:, 1].tolist() == [1.5] * (job.plan.first_end - 1)
    assert (model.factor[:, [0, 2]] == 1.0).all()


def _gap() -> None:
    years_of(np.full((3, 2), 1.0)).__class__(
        np.array([2020, 2022, 2023]),
        PERILS,
        *(np.full(3, 1.0),) * 3,
        *(np.full((3, 2), 1.0),) * 4,
    )


def _hail() -> None:
    reviewed(years_of(np.full((3, 2), 1.0), perils=("storm", "hail")), two_years(), period=4)


def _late() -> None:
    spec = RateReviewSpec(trend="none", terms_factors={2010: 1.1})
    rate_review(years_of(np.full((3, 2), 1.0)), two_years(), spec, LOADINGS, 0.0, 2023, 1)


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (_gap, ["2020 is followed by 2022", "a year without losses is a row of zeros"]),
        (
            _hail,
            [
                "experience.perils  hail",
                "The model holds storm, pest",
                "period = 4, 3 years of experience",
                "2 faults.",
            ],
        ),
        (_late, ["experience to 2024, underwriting year 2023", "2010 = 1.1", "runs from 2022 to 2024"]),
        (
            lambda: years_of(np.full((3, 1), 1.0)),
            ["incurred of shape (3, 1)", "The shape (3, 2) was expected."],
        ),
        (lambda: years_of(np.full((3, 2), -1.0)), ["incurred[0][0] = -1", "It must be >= 0"]),
        (lambda: ModelYears(PERILS, np.zeros((5, 2)), 1.0, 1.0), ["all payments are 0"]),
        (
            lambda: years_of(np.full((3, 2), 1.0), perils=("all", "all")),
            ["stands there 2 times", "sum of the perils"],
        ),
    ],
)
def test_what_cannot_be_reviewed_is_refused_with_its_mend(
    call: Callable[[], object], told: list[str]
) -> None:
    with pytest.raises(ArgumentError) as error:
        call()
    for part in told:
        assert part in str(error.value)
