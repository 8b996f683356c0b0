# SPDX-License-Identifier: Apache-2.0
"""The model's premium for the terms of policies seen elsewhere, against terms applied by hand to the same accidents."""

import numpy as np
import pytest
from zone_by_hand import zone_laws

from greenrisk.actuarial.premium.loadings import Loadings
from greenrisk.core.errors import ArgumentError
from greenrisk.pollution.liability.events import simulate_block
from greenrisk.pollution.liability.policy_spec import PolicySpec, SublimitSpec
from greenrisk.pollution.liability.preset_premiums import preset_group
from greenrisk.pollution.liability.presets import Preset
from greenrisk.pollution.severity.heads import CLEAN_UP

LOADINGS = Loadings(
    expenses=0.1,
    commission=0.1,
    tax=0.05,
    profit=0.05,
    cost_of_capital=0.0,
    capital_share=1.0,
    fixed_expenses=700.0,
)
LIMIT = np.array([1e6, 0.0, 2e6, 5e6])
"""The second plant has no policy."""


def scheme(limit, clean_up, premium):
    policy = PolicySpec(
        accident_limit_cny=limit,
        annual_multiple=1e6,
        sublimits=(SublimitSpec(heads=("clean_up",), amount_cny=clean_up),),
        excludes_gradual=False,
        excludes_deliberate=False,
    )
    return Preset(policy, premium, "a page", "illustrative")


SEEN = {"scheme-1": scheme(5e4, 2e4, 1000.0), "scheme-2": scheme(1e9, 1e9, 9000.0)}


@pytest.fixture(scope="module")
def found():
    return preset_group(SEEN, zone_laws(), LIMIT, LOADINGS, seed=5, blocks=3)


def test_payments_are_those_of_the_terms_on_every_accident_of_an_insured_plant(found):
    paid = np.zeros(2)
    for block in range(3):
        drawn = simulate_block(zone_laws(), 5, "main", block)
        loss = drawn.loss[LIMIT[drawn.plant] > 0].copy()
        paid[1] += loss.sum()
        loss[:, CLEAN_UP] = np.minimum(loss[:, CLEAN_UP], 2e4)
        paid[0] += np.minimum(loss.sum(axis=1), 5e4).sum()
    assert found["model_payments"].values == pytest.approx(paid / 3000 / 3, rel=1e-9)


def test_without_a_cost_of_capital_the_premium_is_payments_and_expenses_over_what_is_left(found):
    # (payments + 700) / (1 - 30 %), the mean of three plants.
    assert found["model_premium"].values == pytest.approx((found["model_payments"].values + 700.0) / 0.7)
    assert found["model_rate_on_line"].values == pytest.approx(found["model_premium"].values / [5e4, 1e9])
    assert found["base_rate_on_line"].values.tolist() == [0.02, 9e-6]
    assert found["model_over_base"].values == pytest.approx(found["model_premium"].values / [1000.0, 9000.0])


def test_the_mean_lies_between_the_cheapest_and_the_dearest_plant(found):
    plants = found["model_premium_of_plants"]
    low, high = (plants.sel(plant_place=end).values for end in ("low", "high"))
    assert (low < found["model_premium"].values).all()
    assert (found["model_premium"].values < high).all()
    assert found.attrs["plants"] == 3


def test_no_policy_is_refused():
    with pytest.raises(ArgumentError, match="no preset"):
        preset_group({}, zone_laws(), LIMIT, LOADINGS, seed=5, blocks=1)
