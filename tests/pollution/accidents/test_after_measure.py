# SPDX-License-Identifier: Apache-2.0
"""A measure acts on the plant as its own years show it: relative change of the posterior."""

from dataclasses import replace

import numpy as np
import pytest
from shipped_frequency import cards, exposure, values
from studied_zone import prepared

from greenrisk.pollution.accidents.own_history import Beliefs, belief_of
from greenrisk.pollution.accidents.rates import after_measure, plant_rates
from greenrisk.pollution.tables import PREVENTION_LEVELS

LZ04 = 3  # basic prevention, one accident


def test_a_higher_level_of_prevention_changes_a_rate_by_the_ratio_of_its_factors():
    level = exposure().prevention.copy()
    assert PREVENTION_LEVELS[level[LZ04]] == "basic"
    level[LZ04] = PREVENTION_LEVELS.index("standard")
    was = plant_rates(exposure(), values(), 2.0)
    now = after_measure(was, replace(exposure(), prevention=level), values())
    factors = values()["rating_factors"]
    ratio = float(factors["prevention_standard"]) / float(factors["prevention_basic"])
    assert now.posterior[LZ04] / was.posterior[LZ04] == pytest.approx(ratio, rel=1e-12)
    assert now.prior[LZ04] / was.prior[LZ04] == pytest.approx(ratio, rel=1e-12)
    others = np.arange(34) != LZ04
    np.testing.assert_allclose(now.posterior[others], was.posterior[others], rtol=1e-12)
    np.testing.assert_array_equal(now.transport, was.transport)
    assert now.transfer == was.transfer


def test_own_years_weighed_against_the_new_prior_would_hold_a_measure_back():
    """The fault that was: one accident in the old plant's years, read as one of the new plant."""
    level = exposure().prevention.copy()
    level[LZ04] = PREVENTION_LEVELS.index("standard")
    was, changed = plant_rates(exposure(), values()), replace(exposure(), prevention=level)
    anew, ours = plant_rates(changed, values()), after_measure(was, changed, values())
    assert ours.posterior[LZ04] < anew.posterior[LZ04] < was.posterior[LZ04]


def test_the_history_moves_the_common_factor_by_the_plants_as_they_were():
    """In the model of a zone: the factor behind a measure is that of the zone before it, under every variant."""
    job = prepared()
    level = np.full(34, PREVENTION_LEVELS.index("advanced"))
    after = replace(job.model, exposure=replace(job.model.exposure, prevention=level), observed=job.model)
    for variant in job.plan.variants[:3]:
        was, now = job.model.rates(variant), after.rates(variant)
        assert now.transfer == was.transfer
        np.testing.assert_allclose(now.posterior / was.posterior, now.factor[1] / was.factor[1], rtol=1e-12)
    assert job.model.beliefs == Beliefs(
        belief_of(job.facts.cards["transfer"], "frequency_factor"),
        belief_of(cards()["accidents"], "rate_per_vehicle_km"),
    )


def test_only_joint_draws_draw_the_plants_own_rates_and_each_its_own():
    job = prepared()
    plants, plan = len(job.model.plants), job.plan
    assert plan.variants[0].plant_ranks(plants) is None
    assert all(one.plant_ranks(plants) is None for one in plan.variants[plan.first_end :])
    first, second = (one.plant_ranks(plants) for one in plan.variants[1:3])
    assert first is not None
    assert second is not None
    assert first.shape == (2, plants)
    assert (first != second).all()
    np.testing.assert_array_equal(first, plan.variants[1].plant_ranks(plants))
