# SPDX-License-Identifier: Apache-2.0
"""Carbon cost, pass-through and demand: section 4 of the handbook in fractions."""

from __future__ import annotations

from fractions import Fraction as F

import numpy as np
import pytest
from scipy.optimize import brentq
from small_channels import card_values, companies, setting

from greenrisk.issuer.channels.base import effects_of
from greenrisk.issuer.channels.carbon import CarbonCost, CarbonSpec
from greenrisk.issuer.channels.penalty_shutdown import PenaltyShutdown, PenaltyShutdownSpec
from greenrisk.issuer.income import income_of

VALUES = card_values(
    carbon_channel={"pass_through": 0.5, "demand_elasticity": 0.4}, shutdown={"make_up_share": 0.0}
)
TONNES, FREE, PRICE = 1_500_000.0, 500_000.0, 200.0  # C = 200 x 1,000,000 / 1e6 = 200 million
POLLUTER = {"scope_1": TONNES, "free": FREE}


def run(spec: CarbonSpec, price: float = PRICE, values=VALUES, **change):
    block = setting(companies({**POLLUTER, **change}), {"carbon_price": (0.0, price)}, values=[values])
    effects = effects_of(block, [CarbonCost(spec)])
    return block, effects


def cell(values: np.ndarray, scenario: int = 1, year: int = 0) -> float:
    """One number of an array whose axes may be of size one."""
    return float(np.broadcast_to(values, (1, 2, 1, 2))[0, scenario, 0, year])


def test_the_formula_of_the_handbook() -> None:
    block, effects = run(CarbonSpec(handed_on="before"))
    cost = F(200) * (1_500_000 - 500_000) / 10**6
    price = F(1, 2) * cost / 1000  # dP/P = theta C/R = 1/10
    quantity = -F(4, 10) * price  # dQ/Q = -1/25
    charge = F(200) * (1_500_000 * (1 + quantity) - 500_000) / 10**6  # 188
    revenue = 1000 * (1 + price) * (1 + quantity)
    ebit = revenue - 600 * (1 + quantity) - 150 - 50 - charge
    assert cell(effects.get("price")) == pytest.approx(float(1 + price), rel=1e-15)
    assert cell(effects.get("volume")) == pytest.approx(float(1 + quantity), rel=1e-15)
    assert cell(effects.get("carbon_cost")) == pytest.approx(float(charge), rel=1e-14)
    income = income_of(block, effects)
    assert cell(income.revenue) == pytest.approx(float(revenue), rel=1e-14)
    assert cell(income.ebit) == pytest.approx(float(ebit), rel=1e-13)
    assert cell(income.change) == pytest.approx(float(ebit - 200), rel=1e-13)


def handed(rise: float, price: float, share: float, elasticity: float, avoided: float = 0.0) -> float:
    """Share of what each unit sold still bears, less the rise: 0 at the rise that the channel must find."""
    left = 1.0 - elasticity * rise
    cost = price * max(TONNES * (1.0 - avoided) * left - FREE, 0.0)
    cost += TONNES * left * avoided * avoided * SLOPE / 2
    return share * cost / 1e6 / (1000.0 * left) - rise


SLOPE, MOST = 2000.0, 0.6
CURVE = {"abatement_potential": MOST, "abatement_price": SLOPE}


@pytest.mark.parametrize("price", [1.0, 200.0, 1500.0, 20_000.0])
@pytest.mark.parametrize(("share", "elasticity"), [(0.5, 0.4), (1.0, 0.2), (0.9, 0.9)])
def test_the_price_rises_by_the_cost_that_is_left_for_each_unit(price, share, elasticity) -> None:
    values = card_values(carbon_channel={"pass_through": share, "demand_elasticity": elasticity})
    block, effects = run(CarbonSpec(), price=price, values=values)
    found = brentq(handed, 0.0, 1.0 / elasticity - 1e-9, (price, share, elasticity), xtol=1e-14, rtol=1e-14)
    assert cell(effects.get("price")) - 1.0 == pytest.approx(found, rel=1e-9)
    assert cell(effects.get("volume")) == pytest.approx(1.0 - elasticity * found, rel=1e-9)
    # Customers pay the share of what the issuer pays, no more: nobody gains by a carbon price.
    paid = 1000.0 * found * cell(effects.get("volume"))
    assert paid == pytest.approx(share * cell(effects.get("carbon_cost")), rel=1e-9)
    assert cell(income_of(block, effects).change) < 0.0


def test_the_handbooks_formula_leaves_a_gain_where_the_price_is_high() -> None:
    values = card_values(carbon_channel={"pass_through": 1.0, "demand_elasticity": 0.4})
    block, effects = run(CarbonSpec(handed_on="before"), price=1500.0, values=values)
    assert cell(income_of(block, effects).change) > 0.0
    block, effects = run(CarbonSpec(), price=1500.0, values=values)
    assert cell(income_of(block, effects).change) < 0.0


def test_both_ways_of_handing_on_agree_to_first_order() -> None:
    rises = []
    for way in ("left", "before"):
        _, effects = run(CarbonSpec(handed_on=way), price=0.01)
        rises.append(cell(effects.get("price")) - 1.0)
    assert rises[0] == pytest.approx(rises[1], rel=1e-4)


@pytest.mark.parametrize("price", [300.0, 1200.0, 5000.0])
def test_emissions_are_avoided_up_to_their_price_and_what_it_costs_is_handed_on(price) -> None:
    values = card_values(carbon_channel={"pass_through": 0.8, "demand_elasticity": 0.3, **CURVE})
    _, effects = run(CarbonSpec(abatement="cost_curve"), price=price, values=values)
    # What is free at the quantity that paying for all of it would leave is not avoided.
    before = 1.0 - 0.3 * brentq(handed, 0.0, 3.3, (price, 0.8, 0.3), xtol=1e-14)
    share = min(price / SLOPE, MOST, 1.0 - FREE / (TONNES * before))
    # The area under the straight line up to the share, by a sum over thin slices.
    slices = (np.arange(100_000) + 0.5) / 100_000 * share
    spent = TONNES * share * float((slices * SLOPE).mean()) / 1e6
    assert cell(effects.get("intensity")) == pytest.approx(1.0 - share, rel=1e-12)
    volume = cell(effects.get("volume"))
    assert cell(effects.get("abatement_cost")) == pytest.approx(spent * volume, rel=1e-9)
    left = price * max(TONNES * (1.0 - share) * volume - FREE, 0.0) / 1e6
    assert cell(effects.get("carbon_cost")) == pytest.approx(left, rel=1e-9, abs=1e-9)
    rise = brentq(handed, 0.0, 3.3, (price, 0.8, 0.3, share), xtol=1e-14)
    assert cell(effects.get("price")) - 1.0 == pytest.approx(rise, rel=1e-9)


@pytest.mark.parametrize("allocation", ["fixed", "with_output"])
@pytest.mark.parametrize("free", [0.0, 500_000.0, 1_400_000.0, 1_600_000.0])
@pytest.mark.parametrize("price", [1.0, 300.0, 2500.0, 20_000.0])
def test_to_avoid_is_never_dearer_than_to_pay(allocation, free, price) -> None:
    values = card_values(carbon_channel={"pass_through": 0.7, "demand_elasticity": 0.3, **CURVE})
    paid, earned, volume = [], [], []
    for way in ("none", "cost_curve"):
        spec = CarbonSpec(abatement=way, free_allocation=allocation)
        block, effects = run(spec, price=price, values=values, free=free)
        volume.append(cell(effects.get("volume")))
        cost = cell(effects.get("carbon_cost")) + cell(effects.get("abatement_cost"))
        paid.append(cost / volume[-1] if volume[-1] else np.inf)
        earned.append(cell(income_of(block, effects).change))
    assert paid[1] <= paid[0] * (1 + 1e-12) + 1e-12
    assert volume[1] >= volume[0] * (1 - 1e-12)
    # Who sells nothing loses only what is fixed, and may be better off than who sells at a loss.
    assert volume[0] == 0.0 or earned[1] >= earned[0] - 1e-9


def test_what_is_free_is_not_avoided() -> None:
    values = card_values(carbon_channel={"pass_through": 0.7, "demand_elasticity": 0.3, **CURVE})
    _, effects = run(CarbonSpec(abatement="cost_curve"), price=5000.0, values=values, free=1_600_000.0)
    assert cell(effects.get("intensity")) == 1.0
    assert cell(effects.get("abatement_cost")) == 0.0


def test_a_scenario_without_a_price_changes_nothing() -> None:
    block, effects = run(CarbonSpec())
    assert cell(income_of(block, effects).change, scenario=0) == 0.0


def test_without_a_demand_response_only_price_and_cost_move() -> None:
    block, effects = run(CarbonSpec(demand_response=False))
    assert cell(income_of(block, effects).change) == pytest.approx(1000 * 0.1 - 200)
    assert CarbonCost(CarbonSpec(demand_response=False)).consumes() == ("carbon_price",)


def test_allowances_left_over_are_not_sold_and_told() -> None:
    block, effects = run(CarbonSpec(), free=2_000_000.0)
    assert cell(income_of(block, effects).change) == 0.0
    assert effects.told["carbon", "surplus"] == 2  # one issuer, two years of the shock


def test_allowances_shrink_from_the_year_of_the_statement_on() -> None:
    _, effects = run(CarbonSpec(free_allocation_decline=0.1, demand_response=False))
    for year, elapsed in ((0, 1), (1, 2)):
        expected = 200 * (1_500_000 - 500_000 * F(9, 10) ** elapsed) / 10**6
        assert cell(effects.get("carbon_cost"), year=year) == pytest.approx(float(expected), rel=1e-14)


def test_allowances_shrink_faster_in_scenarios_that_say_so() -> None:
    spec = CarbonSpec(free_allocation_decline=0.1, declines={"shock": 0.5}, demand_response=False)
    block, effects = run(spec)
    assert block.scenarios[1] == "shock"
    for year, elapsed in ((0, 1), (1, 2)):
        expected = 200 * (1_500_000 - 500_000 * F(1, 2) ** elapsed) / 10**6
        assert cell(effects.get("carbon_cost"), year=year) == pytest.approx(float(expected), rel=1e-14)


def test_allowances_by_output_fall_with_it() -> None:
    _, effects = run(CarbonSpec(free_allocation="with_output"))
    quantity = 1 - F(4, 100)  # each unit bears the same whatever is sold: no quadratic
    assert cell(effects.get("carbon_cost")) == pytest.approx(float(200 * quantity), rel=1e-14)


def test_only_what_is_above_the_price_paid_today_is_new() -> None:
    _, effects = run(CarbonSpec(price_paid=50.0, demand_response=False))
    assert cell(effects.get("carbon_cost")) == pytest.approx(150.0)
    _, effects = run(CarbonSpec(price_paid=300.0, demand_response=False))
    assert cell(effects.get("carbon_cost")) == 0.0


def test_demand_cannot_fall_below_nothing() -> None:
    wild = card_values(carbon_channel={"pass_through": 1.0, "demand_elasticity": 10.0})
    block, effects = run(CarbonSpec(free_allocation="with_output"), values=wild)
    assert cell(effects.get("volume")) == 0.0
    assert cell(effects.get("carbon_cost")) == 0.0
    assert effects.told["carbon", "demand_gone"] == 2
    assert cell(income_of(block, effects).ebit) == pytest.approx(-200.0)  # fixed cost and depreciation stay


def test_an_issuer_without_emissions_told_is_not_known_where_there_is_a_price() -> None:
    block, effects = run(CarbonSpec(), scope_1=np.nan)
    change = income_of(block, effects).change
    assert np.isnan(cell(change))
    assert cell(change, scenario=0) == 0.0
    assert effects.told["carbon", "unknown"] == 1
    assert CarbonCost(CarbonSpec()).reads(block).tolist() == [False]


def test_without_a_demand_response_the_change_is_known_though_costs_are_not() -> None:
    block, effects = run(CarbonSpec(demand_response=False), variable_cost=np.nan, ebit=np.nan)
    assert cell(income_of(block, effects).change) == pytest.approx(-100.0)
    assert np.isnan(cell(income_of(block, effects).ebit))


def test_a_sector_of_the_card_takes_its_own_numbers() -> None:
    values = card_values(carbon_channel={"pass_through": 0.5, "pass_through_cement": 0.8})
    _, effects = run(CarbonSpec(demand_response=False), values=values, sector="Cement")
    assert cell(effects.get("price")) == pytest.approx(1 + 0.8 * 200 / 1000)


def test_a_closed_day_saves_its_carbon() -> None:
    block = setting(
        companies({"scope_1": 1e6}), {"carbon_price": (0, 100), "shutdown_days": (0, 73)}, values=[VALUES]
    )
    channels = [CarbonCost(CarbonSpec(demand_response=False)), PenaltyShutdown(PenaltyShutdownSpec())]
    effects = effects_of(block, channels)
    assert cell(effects.quantity) == pytest.approx(0.8)
    assert cell(effects.get("carbon_cost")) == pytest.approx(80.0)  # 100 CNY x 1 Mt x 4/5
    # dP/P = 1/2 x 100/1000: R' = 1000 x 1.05 x 0.8, VC' = 480.
    assert cell(income_of(block, effects).ebit) == pytest.approx(840 - 480 - 200 - 80)


def test_the_card_of_the_carbon_price_multiplies_it_by_variant() -> None:
    values = [{**VALUES, "carbon_price": {"carbon_price_multiple": k}} for k in (1.0, 2.0)]
    block = setting(companies({"scope_1": 1e6}), {"carbon_price": (0, 100)}, values=values)
    cost = effects_of(block, [CarbonCost(CarbonSpec(demand_response=False))]).get("carbon_cost")
    assert cost[:, 1, 0, 0].tolist() == pytest.approx([100.0, 200.0])
