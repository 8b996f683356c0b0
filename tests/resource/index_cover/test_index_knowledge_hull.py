# SPDX-License-Identifier: Apache-2.0
"""The knowledge interval is the hull over the treatments that a record does not contradict, each with its own draws."""

from __future__ import annotations

import numpy as np
import pytest
from studied_index import prepared

from greenrisk.core.errors import FitError
from greenrisk.resource.index_cover.closest_law import closest
from greenrisk.resource.index_cover.index_knowledge import Knowledge
from greenrisk.resource.index_cover.index_variants import Variant, VariantPlan, admissible
from greenrisk.resource.index_cover.laws import FamilyFit, IndexLaw, fit_all

NAMES = ("pure_premium",)


def law(family: str, log_likelihood: float, parameters: tuple[float, ...] = (0.0, 1.0)) -> FamilyFit:
    values = np.arange(10.0)
    return FamilyFit(family, IndexLaw(family, "below", parameters, values, log_likelihood), "")  # type: ignore[arg-type]


def test_the_interval_reaches_as_far_as_the_draws_of_any_treatment() -> None:
    chosen, step, line = np.linspace(80.0, 120.0, 21), np.linspace(40.0, 90.0, 11), np.linspace(100, 300, 11)
    values = np.concatenate([[100.0], chosen, [95.0], step, line])[:, None]
    variants = tuple(Variant({}) for _ in values)
    plan = VariantPlan(variants, 21, (), (("law", "gamma"),), ("step", "linear"), 11)
    found = Knowledge(NAMES, values, plan, {}, np.ones(1, dtype=np.bool_), {})
    assert found.others(NAMES[0]).tolist() == [95.0]
    # 5 % of 11 even steps lies half a step from the end: 42.5 and 290, times 200 / 100
    assert found.interval(NAMES[0], 200.0) == pytest.approx((85.0, 580.0))
    bounded = Knowledge(NAMES, values, plan, {}, np.ones(1, dtype=np.bool_), {NAMES[0]: 400.0})
    assert bounded.interval(NAMES[0], 200.0) == pytest.approx((85.0, 400.0))


def test_only_treatments_that_the_record_does_not_contradict_have_draws() -> None:
    assert admissible(("none", "linear", "step"), ["none"], ["none"]) == ["linear", "step"]
    assert admissible(("none", "step", "post_break"), ["step"], ["step"]) == ["post_break"]
    assert admissible(("none", "linear", "step"), ["linear", "none"], ["trend", "none"]) == ["linear", "step"]


def test_other_treatments_have_a_quarter_of_the_draws_on_resamples_of_their_own() -> None:
    job = prepared("wetland-nile")
    plan = job.plan
    assert plan.others == ("post_break",)
    assert plan.draws_of_others == 5
    drawn = plan.variants[plan.first_other :]
    assert [one.treatment for one in drawn] == ["post_break"] * 5
    assert {one.draw for one in drawn}.isdisjoint(one.draw for one in plan.variants[1 : plan.first_end])


def test_a_resample_takes_the_family_of_its_own_smallest_criterion() -> None:
    # 2 k - 2 ln L: 24, 22, 25; the years themselves have none
    fits = (law("normal", -10.0), law("gumbel", -9.0), law("gev", -9.5, (0.0, 1.0, 0.1)))
    assert closest((*fits, law("empirical", float("nan"), ()))).family == "gumbel"
    assert closest([law("empirical", float("nan"), ())]).family == "empirical"
    with pytest.raises(FitError, match="few"):
        closest([FamilyFit("normal", None, "few")])


def test_families_change_over_the_resamples_unless_one_is_named() -> None:
    free, named = prepared("wetland-nile"), prepared("wetland-nile", history__law="normal")
    for job, several in ((free, True), (named, False)):
        fitted = [job.model.fitted(one) for one in job.plan.variants[1 : job.plan.first_end]]
        assert (len({one.laws["flow"].family for one in fitted}) > 1) is several
    again = free.model.fitted(free.plan.variants[3])
    criteria = {one.family: one.law.aic for one in fit_all(again.indices["flow"].value, "below") if one.law}
    criteria.pop("empirical")
    assert again.laws["flow"].family == min(criteria, key=lambda name: criteria[name])
