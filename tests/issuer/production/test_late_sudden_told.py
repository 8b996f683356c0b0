# SPDX-License-Identifier: Apache-2.0
"""What the late and sudden transition tells: refusals by name, floors, paths of default; in = out + refused."""

import numpy as np
import pandas as pd
import pytest
from small_transition import PAIR, finances, path, plan, steel_paths, steel_plans, transition

from greenrisk.issuer.production.late_sudden import late_sudden, late_sudden_study
from greenrisk.issuer.production.result import ASSETS_GONE, MERTON, NO_DEBT, NO_EQUITY

FLAT = (10.0,) * 6
GOOD = (0.1, 0.5, 0.3)


def _told(ledger):
    return {entry.subject.removeprefix("production path: "): entry for entry in ledger}


def test_issuers_in_are_issuers_out_and_refused_each_with_its_reason():
    plans = pd.concat(
        [
            steel_plans(
                *((name, FLAT) for name in ("good", "nobody", "no-margin", "no-debt-told", "no-volatility"))
            ),
            pd.DataFrame(plan("late", "Steel", "Steel", FLAT, 2024)),
            pd.DataFrame(plan("glass", "Glass", "Glass", FLAT)),
            pd.DataFrame(plan("grams", "Steel", "Steel", FLAT, unit="GJ")),
            pd.DataFrame(plan("dirty", "Steel", "Steel", FLAT, emission=None)),
            pd.DataFrame(plan("good", "Glass", "Glass", FLAT)),
        ]
    )
    money = finances(
        **{name: GOOD for name in ("good", "late", "glass", "grams", "dirty", "stranger")},
        **{
            "no-margin": (None, 0.5, 0.3),
            "no-debt-told": (0.1, None, 0.3),
            "no-volatility": (0.1, 0.5, None),
        },
    )
    spec = transition(pairs=[{**PAIR, "carbon_tax": {"level": 1.0}}])
    study = late_sudden_study(spec, plans, money, steel_paths())
    found = study.run()
    out = set(found.values()["issuer"])
    refused = {refusal.issuer: refusal.reason for refusal in study.refusals if not refusal.technology}
    assert out == {"good"} == set(found.defaults()["issuer"])
    assert out | set(refused) == set(plans["issuer"])
    assert not out & set(refused)
    assert refused["nobody"].startswith("The net profit margin")
    assert refused["no-margin"].startswith("The net profit margin")
    assert refused["no-debt-told"].startswith("Neither debt nor")
    assert refused["no-volatility"].startswith("The volatility")
    assert refused["late"] == "Its plan begins after 2022."
    assert refused["glass"].startswith("The scenarios do not cover")
    assert refused["grams"].startswith("The unit of the plan")
    assert refused["dirty"].startswith("It emits carbon")
    assert [r.technology for r in study.refusals if r.issuer == "good"] == ["Glass"]
    told = _told(study.ledger(found.findings))
    assert told["plans"].count == 9
    assert told["issuers"].count == 8
    assert told["issuers without a plan"].count == 1


def test_a_plan_of_one_year_is_kept_and_follows_the_scenario_alone():
    found, ledger = late_sudden(
        transition(), steel_plans(("one", (10.0,))), finances(one=GOOD), steel_paths()
    )
    # The target falls by 2 % of the first year a year; the plan of one year is far from nothing to make up for.
    assert found.quantity["shock"][0, 0] == pytest.approx(10.0 - 0.2 * np.arange(29))
    assert found.quantity["baseline"][0, 0].tolist() == [10.0] * 29
    assert not found.compensated[0, 0]
    assert _told(ledger)["plans of one year"].count == 1
    assert found.defaults()["probability_of_default_shock"].between(0, 1).all()


def test_what_a_company_put_off_it_makes_up_for_so_that_the_sums_are_equal():
    found, _ = late_sudden(transition(), steel_plans(("late", FLAT)), finances(late=GOOD), steel_paths())
    assert found.compensated[0, 0]
    shock, target = found.quantity["shock"][0, 0], found.quantity["target"][0, 0]
    assert (shock > 0).all()
    assert shock.sum() == pytest.approx(target.sum())
    assert shock[:8].tolist() == [10.0] * 8
    assert np.diff(shock, 2)[7:] == pytest.approx(0.0, abs=1e-12)


def test_a_loss_maker_keeps_its_loss_and_pays_the_tax_on_top():
    tax = [{**PAIR, "carbon_tax": {"level": 2.0}}]
    found, ledger = late_sudden(
        transition(pairs=tax, pass_through_other=0.5),
        steel_plans(("loser", FLAT)),
        finances(loser=(-0.1, 0.5, 0.3)),
        steel_paths(),
    )
    at, price, made = 8, found.price["shock"][0, 0], found.quantity["shock"][0, 0]
    assert found.profit["shock"][0, 0, 0, at] == pytest.approx(
        -0.1 * price[at] * made[at] - 0.5 * 2.0 * made[at]
    )
    assert found.value["shock"][0, 0, 0] < found.value["baseline"][0, 0, 0] * 0.5 < 0.0
    assert found.path[0, 0, 0] == NO_EQUITY
    assert (found.default_probability("baseline") == 1.0).all()
    assert (found.default_probability("shock") == 1.0).all()
    told = _told(ledger)
    assert told["plans of issuers that lose money"].count == 1
    assert told["default of issuers worth nothing in the baseline"].count == 1
    assert "yearly profits" not in told


def test_a_told_debt_is_used_and_lets_a_worthless_issuer_be_judged():
    money = finances(loser=(-0.1, 0.5, 0.3), firm=GOOD).assign(debt=[1000.0, 7.0])
    found, ledger = late_sudden(
        transition(), steel_plans(("loser", FLAT), ("firm", FLAT)), money, steel_paths()
    )
    assert found.debt[0, 0].tolist() == [1000.0, 7.0]
    assert found.path[0, 0].tolist() == [MERTON, MERTON]
    assert 0.0 < found.default_probability("baseline")[0, 0, 0, 9] < 1.0
    assert _told(ledger)["issuers whose debt is told"].count == 2


def test_a_tax_above_the_profit_closes_at_zero_and_the_ledger_says_what_it_hides():
    tax = [{**PAIR, "carbon_tax": {"level": 20.0}}]
    run = {}
    for floor in (True, False):
        spec = transition(pairs=tax, pass_through_other=0.5, floor_profit=floor)
        run[floor] = late_sudden(spec, steel_plans(("firm", FLAT)), finances(firm=GOOD), steel_paths())
    with_floor, without = run[True], run[False]
    assert (with_floor[0].profit["shock"][0, 0, 0, 8:] == 0.0).all()
    assert with_floor[0].value["shock"][0, 0, 0] == 0.0
    lost = _told(with_floor[1])["yearly profits"]
    assert lost.kind == "floored"
    assert lost.count == 21
    assert lost.base == pytest.approx(-without[0].value["shock"][0, 0, 0])
    assert "yearly profits" not in _told(without[1])
    # Without the floor the losses outweigh equity and debt: the assets are gone.
    assert without[0].path[0, 0, 0] == ASSETS_GONE
    assert (without[0].default_probability("shock") == 1.0).all()
    assert without[0].default_probability("baseline").max() < 1.0
    assert _told(without[1])["default of issuers whose assets are gone under the shock"].count == 1


def test_an_issuer_without_debt_cannot_default():
    found, ledger = late_sudden(
        transition(), steel_plans(("free", FLAT)), finances(free=(0.1, 0.0, 0.3)), steel_paths()
    )
    assert found.path[0, 0, 0] == NO_DEBT
    assert (found.default_probability("shock") == 0.0).all()
    assert _told(ledger)["default of issuers without debt"].count == 1


def test_silent_years_are_filled_and_counted():
    plans = steel_plans(("gap", (10.0, None, 14.0)), ("old", (10.0,)), ("new", FLAT))
    found, ledger = late_sudden(transition(), plans, finances(gap=GOOD, old=GOOD, new=GOOD), steel_paths())
    assert found.quantity["baseline"][0, 0, :4].tolist() == [10.0, 12.0, 14.0, 14.0]
    told = _told(ledger)
    assert told["silent years inside plans"].count == 1
    assert told["plans that end before the shock"].count == 3


def test_scenarios_that_begin_after_the_plans_cut_the_years_off_and_say_so():
    paths = steel_paths(years=range(2024, 2051))
    plans = steel_plans(("long", (10.0, 11.0, 12.0, 13.0)), ("over", (10.0, 11.0)))
    found, ledger = late_sudden(transition(), plans, finances(long=GOOD, over=GOOD), paths)
    assert found.years[0] == 2024
    assert found.quantity["baseline"][0, :, 0].tolist() == [12.0, 11.0]
    told = _told(ledger)
    assert told["years before the scenarios"].count == 2
    assert told["years of plans outside the study"].count == 4
    assert told["plans that ended before the first year"].count == 1


def test_a_plan_that_begins_with_nothing_stays_there_or_grows_as_the_scenario_says():
    plans = steel_plans(("new", (0.0, 0.0, 5.0, 6.0, 6.0, 6.0)))
    run = {
        name: late_sudden(transition(start_at_nothing=name), plans, finances(new=GOOD), steel_paths())
        for name in ("stay", "grow")
    }
    assert (run["stay"][0].quantity["baseline"] == 0.0).all()
    assert run["grow"][0].quantity["baseline"][0, 0, :5].tolist() == [0.0, 0.0, 5.0, 6.0, 6.0]
    assert "stay at nothing" in _told(run["stay"][1])["plans that begin with nothing"].detail
    assert "may grow" in _told(run["grow"][1])["plans that begin with nothing"].detail


def test_a_late_plan_is_held_back_where_the_scenario_says_so():
    plans = pd.DataFrame(
        plan("late", "Steel", "Steel", (10.0, 11.0), 2024) + plan("firm", "Steel", "Steel", FLAT)
    )
    spec = transition(late_start="hold_back")
    found, ledger = late_sudden(spec, plans, finances(late=GOOD, firm=GOOD), steel_paths())
    assert found.quantity["baseline"][0, 0, :5].tolist() == [10.0, 10.0, 10.0, 11.0, 11.0]
    assert _told(ledger)["plans that begin after the first year"].count == 1


def _power():
    rows = []
    for name, role, coal, wind in (("Base", "baseline", 0.0, 1.0), ("Aim", "target", -2.0, 3.0)):
        for technology, kind, start, slope in (
            ("Coal", "carbon", 100.0, coal),
            ("Wind", "green", 50.0, wind),
        ):
            rows += path(
                name,
                role,
                technology,
                "Power",
                lambda j, a=start, b=slope: a + b * j,
                lambda j: 60.0,
                kind=kind,
                factor=lambda j: 0.5,
            )
    return pd.DataFrame(rows)


@pytest.mark.parametrize(("share", "base"), [("own_production", 10.0), ("sector_total", 40.0)])
def test_green_targets_take_the_share_of_the_technology_or_of_the_sector(share, base):
    plans = pd.DataFrame(
        plan("utility", "Wind", "Power", FLAT, unit="MW")
        + plan("utility", "Coal", "Power", (30.0,) * 6, unit="MW")
        + plan("other", "Coal", "Power", (500.0,) * 6, unit="MW")
    )
    found, ledger = late_sudden(
        transition(green_share=share), plans, finances(utility=GOOD, other=GOOD), _power()
    )
    # The sector's first activity is 150, wind adds 3 a year; power runs 8,760 hours at a capacity factor of one half.
    wind = found.plans.technology.tolist().index("Wind")
    expected = (10.0 + base * 3.0 * np.arange(29) / 150.0) * 4380.0
    assert found.quantity["target"][0, wind] == pytest.approx(expected)
    assert ("sector" in _told(ledger)["green market share"].detail) == (share == "sector_total")


def test_an_issuer_of_two_sectors_defaults_once_or_sector_by_sector():
    both = pd.concat([_power(), steel_paths()])
    plans = pd.DataFrame(
        plan("group", "Steel", "Steel", FLAT) + plan("group", "Coal", "Power", FLAT, unit="MW")
    )
    one, _ = late_sudden(transition(), plans, finances(group=GOOD), both)
    two, _ = late_sudden(transition(default_unit="issuer_sector"), plans, finances(group=GOOD), both)
    assert one.unit_sector == ("",)
    assert two.unit_sector == ("Steel", "Power")
    for name in ("baseline", "shock"):
        assert one.equity[name].sum() == pytest.approx(two.equity[name].sum())
    assert one.defaults().shape[0] * 2 == two.defaults().shape[0]


def test_a_told_debt_of_two_sectors_is_shared_and_not_counted_twice():
    both = pd.concat([_power(), steel_paths()])
    plans = pd.DataFrame(
        plan("group", "Steel", "Steel", FLAT) + plan("group", "Coal", "Power", FLAT, unit="MW")
    )
    money = finances(group=GOOD).assign(debt=[900.0])
    found, _ = late_sudden(transition(default_unit="issuer_sector"), plans, money, both)
    worth = found.equity["baseline"][0, 0]
    assert found.debt[0, 0] == pytest.approx(900.0 * worth / worth.sum())
    one, _ = late_sudden(transition(), plans, money, both)
    assert one.debt[0, 0].tolist() == [900.0]


def test_capacity_in_other_units_than_megawatts_is_refused_for_power():
    plans = pd.DataFrame(
        plan("good", "Coal", "Power", FLAT, unit="MW") + plan("wrong", "Coal", "Power", FLAT, unit="MWh")
    )
    study = late_sudden_study(transition(), plans, finances(good=GOOD, wrong=GOOD), _power())
    assert {refusal.reason for refusal in study.refusals} == {"Power plans must be capacities in MW."}


def test_names_that_look_alike_are_told():
    paths = pd.concat([steel_paths(), steel_paths(family="Other").replace({"Base": "BA_SE", "Aim": "AI-M"})])
    _, ledger = late_sudden(transition(), steel_plans(("firm", FLAT)), finances(firm=GOOD), paths)
    assert "BA_SE" in _told(ledger)["scenario Base"].detail
    assert "AI-M" in _told(ledger)["scenario Aim"].detail
