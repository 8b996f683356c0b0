# SPDX-License-Identifier: Apache-2.0
"""The production path as a channel: index numbers of an issuer with two technologies, by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from small_channels import PASS, card_values, companies, setting
from small_transition import PAIR, finances, path, plan, transition

from greenrisk.core.errors import ArgumentError, ScenarioError
from greenrisk.issuer.channels.base import check_drivers, effects_of
from greenrisk.issuer.channels.carbon import CarbonCost, CarbonSpec
from greenrisk.issuer.channels.production_path import (
    PathSource,
    ProductionPath,
    ProductionPathSpec,
    path_factors,
)
from greenrisk.issuer.income import income_of
from greenrisk.issuer.production.assumptions import finances_from
from greenrisk.issuer.production.plans import plans_from
from greenrisk.issuer.production.study import prepare
from greenrisk.issuer.production.technology_paths import technology_paths_from

YEARS = tuple(range(2025, 2051))


def study():
    """A makes steel (60, 2 t/t) and iron (40, 1 t/t); B has nothing to begin with."""
    rows = []
    for name, slope in (("Steel", 2.0), ("Iron", 0.0)):
        rows += path("Base", "baseline", name, "Steel", lambda j: 100.0, lambda j: 10.0)
        rows += path(
            "Aim", "target", name, "Steel", lambda j, s=slope: 100.0 - s * j, lambda j: 10.0 + 0.5 * j
        )
    plans = plans_from(
        pd.DataFrame(
            plan("A", "Steel", "Steel", [60.0], emission=2.0)
            + plan("A", "Iron", "Steel", [40.0], emission=1.0)
            + plan("B", "Steel", "Steel", [0.0], emission=2.0)
        )
    )
    money = finances_from(finances(A=(0.1, 1.0, 0.2), B=(0.1, 1.0, 0.2)), plans.issuers)
    return prepare(transition(), plans, money, technology_paths_from(pd.DataFrame(rows)))


def result():
    return study().run()


SPEC = ProductionPathSpec(path=transition(), scenarios={"shock": "turn"})


def channel(**more) -> ProductionPath:
    source = PathSource(study(), ("base", "shock"), {"shock": "turn"}, "base")
    return ProductionPath(SPEC.model_copy(update=more), source)


def test_volume_price_and_emissions_of_the_last_year_by_hand() -> None:
    found = result()
    factors = path_factors(found, ("base", "shock"), {"shock": "turn"}, "base")
    steel, iron = found.quantity["shock"][0, :2, -1]
    price = found.price["shock"][0, :2, -1]  # 24 in 2050: 10 + 0.5 x 28
    assert price.tolist() == [24.0, 24.0]
    assert iron == 40.0
    assert steel < 60.0
    assert factors.volume[1, 0, -1] == pytest.approx((steel + iron) / 100)
    assert factors.price[1, 0, -1] == pytest.approx(2.4)
    intensity = (2 * steel + iron) / 160 / ((steel + iron) / 100)
    assert factors.intensity[1, 0, -1] == pytest.approx(intensity)
    assert factors.volume[0].tolist() == np.ones((2, 29)).tolist()
    earned = found.quantity["shock"][0, :2] * found.price["shock"][0, :2]
    assert factors.volume[1, 0] * factors.price[1, 0] == pytest.approx(earned.sum(axis=0) / 1000)


def test_an_issuer_that_begins_with_nothing_is_left_alone_and_counted() -> None:
    factors = path_factors(result(), ("base", "shock"), {"shock": "turn"}, "base")
    assert factors.nothing.tolist() == [False, True]
    assert (factors.volume[:, 1] == 1.0).all()


def test_the_statement_follows_and_carbon_takes_the_paths_volumes() -> None:
    values = card_values(carbon_channel={"pass_through": 0.0, "demand_elasticity": 0.0})
    block = setting(companies({"scope_1": 1e6}), {"carbon_price": (0, 100)}, YEARS, [values])
    channels = [channel(), CarbonCost(CarbonSpec(demand_response=False))]
    check_drivers(channels)
    effects = effects_of(block, channels)
    factors = channels[0].source.factors(("A", "B"))
    volume, price, intensity = (x[1, 0, 3:] for x in (factors.volume, factors.price, factors.intensity))
    assert effects.get("carbon_cost")[0, 1, 0].tolist() == pytest.approx((100 * volume * intensity).tolist())
    income = income_of(block, effects)
    assert income.revenue[0, 1, 0].tolist() == pytest.approx((1000 * volume * price).tolist())
    assert income.variable_cost[0, 1, 0].tolist() == pytest.approx((600 * volume).tolist())
    assert (income.change[0, 0] == 0.0).all()


def test_prices_may_stay_as_they_are_today() -> None:
    block = setting(companies(), years=YEARS)
    assert effects_of(block, [channel(prices="today")]).get("price").tolist() == [[[[1.0]]]]


def test_issuers_without_a_plan_and_years_outside_are_told() -> None:
    block = setting(companies({}, {}, {}), years=range(2049, 2053))
    effects = effects_of(block, [channel()])
    assert effects.told["production_path", "without_plan"] == 1  # C
    assert effects.facts["production_path", "outside"] == 2
    assert effects.told["production_path", "from_nothing"] == 1
    volume = effects.get("volume")[0, 1, 0]
    assert volume[1] == volume[2] == volume[3]
    assert channel().reads(block).tolist() == [True, True, False]


def test_a_scenario_without_a_pair_takes_the_path_of_the_baseline_and_is_told() -> None:
    factors = path_factors(result(), ("base", "shock"), {}, "base")
    assert factors.without == ("shock",)
    assert (factors.volume == 1.0).all()  # the baseline stays


def test_growth_of_the_statement_does_not_move_an_issuer_with_a_plan() -> None:
    grown = card_values(statement_pass={**PASS, "real_growth": 0.02})
    effects = effects_of(setting(companies({}, {}, {}), years=YEARS, values=[grown]), [channel()])
    factors = channel().source.factors(("A",))
    made = effects.growth * effects.get("volume")
    assert made[0, 1, 0].tolist() == pytest.approx(factors.volume[1, 0, 3:].tolist())
    assert made[0, 0, 1, 0] == made[0, 0, 2, 0] > 1.0  # B begins with nothing, C has no plan: both grow


def test_issuers_of_a_block_come_in_its_order() -> None:
    both, turned = study().of(("A", "B")), study().of(("nobody", "B", "A"))
    assert turned.plans.issuers == ("B", "A")
    assert np.array_equal(turned.by_issuer(turned.emissions)[:, ::-1], both.by_issuer(both.emissions))
    assert np.array_equal(turned.equity["shock"][..., ::-1], both.equity["shock"])
    assert study().of(("nobody",)) is None


def test_a_pair_that_the_path_does_not_hold_is_refused() -> None:
    with pytest.raises(ArgumentError, match=r"no such pair. Known: turn"):
        path_factors(result(), ("base", "shock"), {"shock": "turned"}, "base")


def test_two_consumers_of_one_driver_are_refused_all_at_once() -> None:
    taxed = ProductionPath(
        ProductionPathSpec(path=transition(pairs=[{**PAIR, "carbon_tax": {"level": 50}}])),
        taxed=True,
    )
    with pytest.raises(ScenarioError) as error:
        check_drivers([taxed, CarbonCost(CarbonSpec())])
    text = str(error.value)
    assert "sales_volume is consumed by production_path and carbon" in text
    assert "`demand_response: false`" in text
    assert "carbon_price is consumed by production_path and carbon" in text
    assert "leave `carbon_tax` out" in text
    assert "2 faults" in text


def test_fixed_cost_and_wear_go_in_part_with_plant_that_is_closed() -> None:
    block = setting(
        companies(), years=YEARS, values=[card_values(statement_pass={"fixed_cost_follows": 0.8})]
    )
    effects = effects_of(block, [channel(prices="today")])
    volume = effects.get("volume")[0, 1, 0, -1]
    assert 0.2 < volume < 0.9
    found = income_of(block, effects)
    left = 1 - 0.8 * (1 - volume)
    assert found.fixed_cost[0, 1, 0, -1] == pytest.approx(150 * left)
    assert found.depreciation[0, 1, 0, -1] == pytest.approx(50 * left)
    ebit = (1000 - 600) * volume - (150 + 50) * left
    assert found.ebit[0, 1, 0, -1] == pytest.approx(ebit)
    assert found.change[0, 1, 0, -1] == pytest.approx(ebit - 200)
