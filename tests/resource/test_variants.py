# SPDX-License-Identifier: Apache-2.0
"""How the variants of a run are laid out, and what is made of their results."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest

from greenrisk.core.cards import Card, Parameter, Range
from greenrisk.core.variants import End, first_order_variance, interval_ratio
from greenrisk.resource.variants import Variant, VariantPlan, central, plan_variants


def parameter(
    value: float | str, distribution: Any, low: float | None = None, high: float | None = None
) -> Parameter:
    options = ("mild", "middle", "hard") if distribution == "choice" else ()
    law = Range(distribution=distribution, low=low, high=high, options=options, basis="a test")
    return Parameter(value=value, unit="1", range=law, source="a test", status="user", meaning="A test.")


def card(name: str, **parameters: Parameter) -> Card:
    return Card(
        name=name,
        title=name,
        use="test",
        region="nowhere",
        period="never",
        validity="a test",
        fitted_by="judgement",
        parameters=parameters,
    )


CARDS = {
    "tail": card(
        "tail", shape=parameter(0.9, "normal", 0.4, 1.3), scale=parameter(200.0, "lognormal", 100.0, 500.0)
    ),
    "damage": card("damage", rule=parameter("middle", "choice")),
}


def planned(draws: int = 3, seed: int = 1) -> VariantPlan:
    return plan_variants(CARDS, 5000.0, seed, draws, shapes=(0.4, 1.3), caps_ha=(1000.0, None))


def test_the_base_comes_first_and_has_the_cards_values_and_the_scenarios_cap() -> None:
    base = planned().variants[0]
    assert base == central(CARDS, 5000.0)
    assert base.values == {"tail": {"shape": 0.9, "scale": 200.0}, "damage": {"rule": "middle"}}
    assert base.cap_ha == 5000.0


def test_base_draws_ends_and_alternatives_stand_in_this_order() -> None:
    plan = planned(draws=3)
    assert (plan.draws, plan.first_end, plan.first_alternative) == (3, 4, 11)
    assert len(plan.ends) == 2 + 2 + 3
    assert len(plan.alternatives) == 2 * 2
    assert len(plan.variants) == 1 + 3 + 7 + 4


def test_the_ends_are_low_and_high_of_each_range_and_every_option_of_a_choice() -> None:
    assert planned().ends == (
        End("tail", "shape", "low", 0.4),
        End("tail", "shape", "high", 1.3),
        End("tail", "scale", "low", 100.0),
        End("tail", "scale", "high", 500.0),
        End("damage", "rule", "option", "mild"),
        End("damage", "rule", "option", "middle"),
        End("damage", "rule", "option", "hard"),
    )


def test_an_end_moves_one_parameter_and_nothing_else() -> None:
    plan = planned()
    base = plan.variants[0]
    for end, variant in zip(plan.ends, plan.variants[plan.first_end : plan.first_alternative], strict=True):
        assert variant.cap_ha == base.cap_ha
        for role, values in variant.values.items():
            for name, value in values.items():
                moved = (role, name) == (end.role, end.name)
                assert value == (end.value if moved else base.values[role][name])


def test_the_alternatives_are_every_shape_with_every_cap_and_else_the_base() -> None:
    plan = planned()
    assert plan.alternatives == ((0.4, 1000.0), (0.4, None), (1.3, 1000.0), (1.3, None))
    for (shape, cap), variant in zip(plan.alternatives, plan.variants[plan.first_alternative :], strict=True):
        assert variant.values["tail"] == {"shape": shape, "scale": 200.0}
        assert variant.values["damage"] == {"rule": "middle"}
        assert variant.cap_ha == cap


def test_more_draws_keep_the_first_ones_and_another_seed_gives_others() -> None:
    few, many = planned(draws=3), planned(draws=30)
    assert few.variants[1:4] == many.variants[1:4]
    assert planned(seed=2).variants[1] != few.variants[1]
    assert len({variant.values["tail"]["shape"] for variant in many.variants[1:31]}) == 30


def test_a_changed_value_leaves_the_variant_it_came_from_as_it_was() -> None:
    base = central(CARDS, None)
    changed = base.with_value("tail", "shape", 1.0)
    assert base.values["tail"]["shape"] == 0.9
    assert changed == Variant({"tail": {"shape": 1.0, "scale": 200.0}, "damage": {"rule": "middle"}}, None)


def test_the_variance_of_a_swing_is_that_of_the_logarithm_under_the_ranges_law() -> None:
    low, high = math.exp(1.0), math.exp(4.0)
    # A uniform of width 3; two equally likely points 3 apart; a normal whose 5 % and 95 % lie 3 apart.
    normal = (3.0 / (2 * NormalDist().inv_cdf(0.95))) ** 2
    expected = {
        "uniform": 9 / 12,
        "choice": 9 / 4,
        "normal": normal,
        "lognormal": normal,
        "logit_normal": normal,
    }
    for law, variance in expected.items():
        assert first_order_variance(low, high, law) == pytest.approx(variance, rel=1e-12)
        assert first_order_variance(high, low, law) == pytest.approx(variance, rel=1e-12)
        # The unit of money does not matter.
        assert first_order_variance(7.2 * low, 7.2 * high, law) == pytest.approx(variance, rel=1e-12)


def test_the_variances_of_the_factors_of_a_product_add_up() -> None:
    widths = (0.3, 1.1)
    parts = [first_order_variance(1.0, math.exp(width), "uniform") for width in widths]
    assert sum(parts) == pytest.approx(sum(width**2 for width in widths) / 12)


@pytest.mark.parametrize(("low", "high"), [(0.0, 5.0), (5.0, 0.0), (0.0, 0.0), (3.0, 3.0)])
def test_no_swing_and_a_result_of_nothing_have_no_variance(low: float, high: float) -> None:
    assert first_order_variance(low, high, "normal") == 0.0


def test_the_interval_is_the_5_and_95_percent_quantile_over_the_base() -> None:
    # 101 equal steps from 50 to 250: the 5 % quantile is the 6th value, 60, the 95 % the 96th, 240.
    values = np.linspace(50.0, 250.0, 101)[::-1]
    assert interval_ratio(values, 100.0) == pytest.approx((0.6, 2.4))


@pytest.mark.parametrize("base", [0.0, -1.0, float("nan")])
def test_a_base_of_nothing_has_no_interval(base: float) -> None:
    assert all(math.isnan(end) for end in interval_ratio(np.array([1.0, 2.0]), base))
