# SPDX-License-Identifier: Apache-2.0
"""What prevention saves on the same accidents, what the insurer's spending avoids, what firms can afford."""

from dataclasses import replace

import numpy as np
import pytest
from leping_mandate import leping, mandate_values, table
from zone_by_hand import zone_laws

from greenrisk.core.errors import ArgumentError, TableError
from greenrisk.pollution.liability.events import simulate_block
from greenrisk.pollution.liability.expected import expected_losses
from greenrisk.pollution.liability.per_accident import payments_per_accident
from greenrisk.pollution.liability.policy_spec import PolicySpec
from greenrisk.pollution.liability.policy_terms import terms_of
from greenrisk.pollution.liability.terms import apply_terms
from greenrisk.pollution.mandate.affordability import affordability, read_sizes
from greenrisk.pollution.mandate.insurer_prevention import insurer_prevention
from greenrisk.pollution.mandate.mandate_spec import MeasureSpec
from greenrisk.pollution.mandate.mandate_tables import FIRM_SIZES
from greenrisk.pollution.mandate.prevention import annuity, prevention_group, saving, take, yearly_cost
from greenrisk.pollution.tables import PREVENTION_LEVELS

PLANTS = leping().plants
BASIC, STANDARD, _ = range(3)


def test_levels_rise_where_they_are_lower_and_nowhere_fall():
    taken = take(leping(), MeasureSpec(name="m", prevention="standard"))
    assert PREVENTION_LEVELS == ("basic", "standard", "advanced")
    assert taken.changed.tolist() == taken.rises.tolist() == (PLANTS.prevention == BASIC).tolist()
    assert taken.inventory.plants.prevention.tolist() == np.maximum(PLANTS.prevention, STANDARD).tolist()
    assert PLANTS.prevention.min() == BASIC  # the zone itself is as it was


def test_controls_come_to_the_plants_that_lack_them():
    taken = take(leping(), MeasureSpec(name="m", controls=("gas_monitor",), plants=("LZ04", "LZ01")))
    gets = PLANTS.ids[taken.new_controls["gas_monitor"]].tolist()
    assert gets == ["LZ04"] == PLANTS.ids[taken.changed].tolist()
    assert taken.inventory.plants.has("gas_monitor")[taken.changed].all()
    assert taken.inventory.plants.has("gas_monitor").sum() == PLANTS.has("gas_monitor").sum() + 1
    assert taken.inventory.plants.has("interception").tolist() == PLANTS.has("interception").tolist()


def test_an_annuity_pays_back_what_was_spent():
    yearly = annuity(0.05, 10)
    assert sum(yearly / 1.05**k for k in range(1, 11)) == pytest.approx(1.0, rel=1e-12)
    assert annuity(0.0, 8) == 0.125


def test_single_and_running_costs_add_up_where_something_changes():
    measure = MeasureSpec(name="m", prevention="standard", controls=("gas_monitor",), fixed_cny=1000.0)
    taken = take(leping(), measure)
    values = mandate_values()
    cost = yearly_cost(taken, measure, {"gas_monitor": 800_000.0}, values)
    spread = annuity(values["discount_rate"], values["measure_life"])
    gets = taken.new_controls["gas_monitor"]
    expected = spread * (1000.0 * taken.changed + 800_000.0 * gets) + 20_000.0 * taken.rises
    assert cost == pytest.approx(expected, rel=1e-12)
    assert (cost[~taken.changed] == 0.0).all()
    stated = measure.model_copy(update={"yearly_cny": 5.0})
    assert yearly_cost(taken, stated, {"gas_monitor": 0.0}, values)[taken.rises & ~gets] == pytest.approx(
        spread * 1000.0 + 5.0
    )
    with pytest.raises(ArgumentError, match="gas_monitor"):
        yearly_cost(taken, measure, {}, values)


TERMS = terms_of(PolicySpec(), np.array([1e6, 2e6, 5e5, 1e6]))
BEFORE = zone_laws()


DRAWN = payments_per_accident(BEFORE, TERMS, seed=2)


def test_a_measure_that_halves_the_accidents_of_a_plant_halves_its_loss():
    own = BEFORE.own * np.array([0.5, 1.0, 1.0, 1.0])
    found = saving(BEFORE, replace(BEFORE, own=own), DRAWN)
    half = 0.5 * BEFORE.own[0] / (BEFORE.own + BEFORE.transport)[0]
    exact = expected_losses(BEFORE).sum(axis=1) * np.array([half, 0.0, 0.0, 0.0])
    assert found.loss == pytest.approx(exact, rel=1e-9, abs=1e-9)
    assert found.payments[1:].tolist() == [0.0] * 3  # other plants keep their accidents
    assert abs(found.apart) < 4.0
    assert 0.0 < found.payments.sum() <= found.loss.sum()


def test_payments_saved_are_those_of_two_simulated_zones():
    """Years simulated before and after, independent of the drawn accidents and of each other's rates."""
    after, terms = replace(BEFORE, own=0.4 * BEFORE.own), replace(TERMS, annual_limit=np.full(4, np.inf))
    found = saving(BEFORE, after, DRAWN)
    blocks, means = 40, []
    for laws, seed in ((BEFORE, 5), (after, 6)):
        paid = [
            apply_terms(simulate_block(laws, seed, "main", block), terms).total for block in range(blocks)
        ]
        means.append(np.array([one.sum() / 1000.0 for one in paid]))
    saved = means[0].mean() - means[1].mean()
    error = np.sqrt(sum(one.var(ddof=1) / blocks for one in means) + found.payments_error**2)
    assert abs(found.payments.sum() - saved) < 4.0 * error
    assert found.payments_error < 0.1 * error


def test_five_seeds_tell_one_saving():
    after = replace(BEFORE, own=0.9 * BEFORE.own)
    found = [saving(BEFORE, after, payments_per_accident(BEFORE, TERMS, seed=seed)) for seed in range(5)]
    assert {one.loss.sum() for one in found} == {found[0].loss.sum()}
    paid = np.array([one.payments.sum() for one in found])
    error = np.mean([one.payments_error for one in found])
    assert 0.2 * error < paid.std(ddof=1) < 3.0 * error
    assert paid.std(ddof=1) < 0.02 * paid.mean()


def test_no_measure_saves_nothing_and_the_reverse_costs_the_same():
    same = saving(BEFORE, BEFORE, DRAWN)
    assert same.loss.tolist() == same.payments.tolist() == [0.0] * 4
    assert same.payments_error == same.apart == 0.0
    after = replace(BEFORE, own=0.8 * BEFORE.own)
    there, back = saving(BEFORE, after, DRAWN), saving(after, BEFORE, DRAWN)
    assert there.payments == pytest.approx(-back.payments)
    assert there.loss == pytest.approx(-back.loss)


def test_a_measure_that_changes_what_an_accident_costs_is_refused():
    heads = replace(BEFORE.heads, scale=0.5 * BEFORE.heads.scale)
    with pytest.raises(ArgumentError, match="scale differs"):
        saving(BEFORE, replace(BEFORE, heads=heads), DRAWN)


def test_the_group_tells_savings_by_yuan_and_plants_add_up():
    after = replace(BEFORE, own=0.5 * BEFORE.own)
    found = saving(BEFORE, after, DRAWN)
    taken = take(leping(), MeasureSpec(name="m", prevention="standard"))
    cost = np.array([100.0, 200.0, 0.0, 100.0])
    group = prevention_group({"halve": (taken, found, cost)}, list("ABCD"))
    one = group.sel(measure="halve")
    exact = (expected_losses(BEFORE) - expected_losses(after)).sum()
    assert float(one["loss_saved"]) == pytest.approx(exact)
    assert float(one["loss_saved_per_yuan"]) == pytest.approx(exact / 400.0)
    assert float(one["payments_saved_per_yuan"]) == pytest.approx(found.payments.sum() / 400.0)
    assert float(one["plant_saved_per_yuan"].sel(plant="B")) == pytest.approx(found.loss[1] / 200.0)
    assert np.isnan(one["plant_saved_per_yuan"].sel(plant="C"))
    for name in ("cost", "loss_saved", "payments_saved"):
        assert float(one[f"plant_{name}"].sum()) == pytest.approx(float(one[name]), rel=1e-12)


def test_unknown_plants_and_controls_are_told_together():
    with pytest.raises(ArgumentError) as caught:
        take(leping(), MeasureSpec(name="m", controls=("gas_monitors",), plants=("LZ99",)))
    assert [fault.what for fault in caught.value.faults] == ["m: plant LZ99", "m: control gas_monitors"]


SPEND = {"prevention_spend": 0.1, "service_cost": 10.0, "service_success": 0.5}


def test_the_insurer_serves_first_where_it_saves_most_until_the_budget_is_spent():
    found = insurer_prevention([4.0, 40.0, 0.0, 30.0], [8.0, 80.0, 0.0, 60.0], 250.0, SPEND, list("ABCD"))
    assert found["plant"].values.tolist() == ["B", "D", "A"]
    assert found["served"].values.tolist() == [True, True, False]  # 25 pay two services of 10
    assert float(found["spend"]) == 20.0
    assert float(found["avoided_payments"]) == 35.0
    assert float(found["avoided_loss"]) == 70.0
    assert float(found["avoided_per_yuan"]) == 1.75
    assert float(found["break_even_success"]) == pytest.approx(20 / 70)


def test_at_the_break_even_success_the_insurer_gets_its_money_back():
    found = insurer_prevention([4.0, 40.0], [8.0, 80.0], 250.0, SPEND, list("AB"))
    at = SPEND | {"service_success": float(found["break_even_success"])}
    again = insurer_prevention([4.0, 40.0], [8.0, 80.0], 250.0, at, list("AB"))
    assert float(again["avoided_payments"]) == pytest.approx(float(again["spend"]))


def test_a_budget_without_a_whole_service_spends_nothing():
    found = insurer_prevention([4.0], [8.0], 50.0, SPEND, ["A"])
    assert float(found["spend"]) == 0.0
    assert np.isnan(float(found["avoided_per_yuan"]))
    exact = insurer_prevention([4.0] * 3, [8.0] * 3, 300.0, SPEND, list("ABC"))
    assert float(exact["spend"]) == 30.0


SIZES = read_sizes(table("firm_size_classes.csv", FIRM_SIZES))


def test_a_firm_is_in_the_first_class_whose_bounds_it_both_reaches():
    employees = [1000, 1000, 300, 299, 20, 19, 5000]
    revenue = [4e8, 3e8, 2e7, 1e9, 3e6, 1e9, 0.0]
    names = [SIZES.names[k] for k in SIZES.of(employees, revenue).tolist()]
    assert names == ["large", "medium", "medium", "small", "small", "micro", "micro"]


def test_the_premium_is_set_beside_the_revenue_of_the_whole_firm():
    premium = np.where(PLANTS.ids == "LZ01", 600_000.0, np.where(PLANTS.ids == "LZ02", 4_000_000.0, 0.0))
    found = affordability(PLANTS, premium, SIZES, 0.004)
    # Owner A has both plants: 240 and 730 million of revenue, 4.6 million of premium.
    one = found["affordability"].sel(owner="Synthetic Owner A")
    assert float(one["premium_over_revenue"]) == pytest.approx(4.6e6 / 9.7e8)
    assert not bool(one["bearable"])
    assert float(one["subsidy"]) == pytest.approx(4.6e6 - 0.004 * 9.7e8)
    sizes = found["affordability/sizes"]
    assert sizes["firms"].sel(size="all") == 1
    assert sizes["firms_above"].sel(size="all") == 1
    assert float(sizes["subsidy"].sel(size="all")) == pytest.approx(float(one["subsidy"]))
    assert float(sizes["revenue"].sel(size="all")) == pytest.approx(9.7e8)
    assert np.isnan(sizes["premium_over_revenue"].sel(size="micro"))


def test_a_subsidy_brings_every_premium_to_the_bearable_share():
    premium = 1e-3 * PLANTS.revenue * (1 + np.arange(len(PLANTS)) / 10)
    found = affordability(PLANTS, premium, SIZES, 0.002)["affordability"]
    left = (found["premium"] - found["subsidy"]) / found["revenue"]
    assert float(left.max()) <= 0.002 * (1 + 1e-12)
    assert ((found["subsidy"] > 0) == (found["premium_over_revenue"] > 0.002 * (1 + 1e-12))).all()


def test_classes_of_size_that_rise_or_leave_firms_out_are_refused():
    rows = table("firm_size_classes.csv", FIRM_SIZES).copy()
    rows.loc[1, "employees_from"] = 2000
    rows.loc[3, "revenue_from_cny"] = 5.0
    with pytest.raises(TableError) as caught:
        read_sizes(rows, "sizes.csv")
    assert [fault.where for fault in caught.value.faults] == ["sizes.csv:3", "sizes.csv:5"]
