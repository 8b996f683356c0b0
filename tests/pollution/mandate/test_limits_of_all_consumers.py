# SPDX-License-Identifier: Apache-2.0
"""One limit in force for every table: a limit of the policy reaches them all; one premium for the policies in force."""

import numpy as np
import pytest
import xarray as xr
from studied_zone import prepared, run
from zone_by_hand import zone_laws

from greenrisk.actuarial.premium.loadings import Loadings
from greenrisk.pollution.job import ZoneJob
from greenrisk.pollution.liability.events import simulate_block
from greenrisk.pollution.liability.policy_spec import PolicySpec
from greenrisk.pollution.liability.policy_terms import CoverLimits, limits_in_force, terms_at, terms_of
from greenrisk.pollution.liability.premium import technical_premiums
from greenrisk.pollution.liability.terms import apply_terms
from greenrisk.pollution.liability.zone_year import gather, part
from greenrisk.pollution.mandate.enrolment import Enrolled
from greenrisk.pollution.mandate.scenario_years import ScenarioSums, scenario_premiums, scenario_sums

TEN = 1e7
OWN = np.array([1e6, 0.0, 5e6])
MINIMUM = np.array([2e6, 2e6, 2e6])


def test_a_limit_of_the_policy_holds_for_every_insured_plant_and_no_other():
    assert limits_in_force(PolicySpec(), OWN).tolist() == OWN.tolist()
    assert limits_in_force(PolicySpec(accident_limit_cny=TEN), OWN).tolist() == [TEN, 0.0, TEN]


def test_covers_of_a_mandate_start_from_the_limits_in_force():
    plain = CoverLimits.of(PolicySpec(), OWN, MINIMUM)
    assert plain.own.tolist() == [1e6, 2e6, 5e6]
    assert plain.raised.tolist() == [2e6, 2e6, 5e6]
    fixed = CoverLimits.of(PolicySpec(accident_limit_cny=TEN), OWN, MINIMUM)
    assert fixed.in_force.tolist() == [TEN, 0.0, TEN]
    assert fixed.own.tolist() == fixed.raised.tolist() == [TEN] * 3
    small = CoverLimits.of(PolicySpec(accident_limit_cny=1e6), OWN, MINIMUM)
    assert small.own.tolist() == [1e6, 2e6, 1e6]
    assert small.raised.tolist() == [2e6] * 3


def test_terms_at_limits_know_no_other_limit():
    spec = PolicySpec(accident_limit_cny=1e6)
    assert terms_at(spec, [3e6, 0.0]).accident_limit.tolist() == [3e6, np.inf]
    assert terms_of(spec, [3e6, 0.0]).accident_limit.tolist() == [1e6, np.inf]


@pytest.fixture(scope="module")
def fixed_job() -> ZoneJob:
    return prepared(years="2000", policy__accident_limit_cny="10000000")


@pytest.fixture(scope="module")
def fixed(fixed_job: ZoneJob) -> xr.DataTree:
    return run(fixed_job)


def test_a_limit_of_the_policy_reaches_every_table(fixed_job: ZoneJob, fixed: xr.DataTree):
    plants = fixed_job.model.plants
    insured = plants.limit > 0
    expected = np.where(insured, TEN, 0.0)
    for name in ("plants", "who_must_insure", "spain_rule", "premium", "tariff"):
        assert fixed[name]["limit"].values.tolist() == expected.tolist(), name
    assert fixed["plant_limits"]["limit"].sel(rule="in_force").values.tolist() == expected.tolist()
    as_is = fixed["enrolment"].sel(scenario="as_is", group="all")
    assert float(as_is["cover"]) == expected.sum()
    ratio = fixed["checks/implied_loss_ratio"]
    assert ratio["premium"].values == pytest.approx(ratio["rate_on_line"].values * expected.sum())
    # No limit of an insured plant is below the least one: those listed have no cover at all.
    short = fixed["uninsured"]
    assert (short["limit_cny"].values == 0.0).all()
    assert set(short["plant_id"].values.tolist()) <= set(plants.ids[~insured].tolist())
    # Rates on line are of the limit that is priced.
    premium = fixed["premium"]
    some = premium["insured"].values
    assert premium["rate_on_line"].values[some] == pytest.approx(premium["gross_premium"].values[some] / TEN)


def test_a_mandate_raises_cover_and_payments_where_the_limit_of_the_policy_is_low():
    tree = run(prepared(years="2000", policy__accident_limit_cny="500000"))
    groups = tree["enrolment"].sel(group="all")
    as_is, by_grade = (groups.sel(scenario=name) for name in ("as_is", "by_grade"))
    assert float(by_grade["cover"]) > float(as_is["cover"])
    assert float(by_grade["payments"]) > float(as_is["payments"])


def test_as_is_costs_what_the_policies_in_force_cost_to_the_last_digit(tree: xr.DataTree, fixed: xr.DataTree):
    for one in (tree, fixed):
        metrics = one["metrics"].to_dataset()
        gross = float(metrics["value"].values[metrics["name"].values == "gross_premium"][0])
        as_is = one["enrolment"].sel(scenario="as_is", group="all")
        assert float(as_is["premium"]) == pytest.approx(gross, rel=1e-13)
        assert float(as_is["premium"]) == pytest.approx(float(one["plants"]["premium"].sum()), rel=1e-15)
        pure = metrics["value"].values[metrics["name"].values == "pure_premium"][0]
        assert float(as_is["payments"]) == pytest.approx(float(pure), rel=1e-13)


LAWS = zone_laws()
LIMIT = np.array([1e6, 2e6, 0.0, 1e6])
LOADINGS = Loadings(
    expenses=0.2, commission=0.1, tax=0.06, profit=0.03, cost_of_capital=0.08, fixed_expenses=500.0
)


def _sums(scenarios, blocks=4):
    own = terms_at(PolicySpec(), np.where(LIMIT > 0, LIMIT, 3e6))
    raised = terms_at(PolicySpec(), np.full(4, 3e6))
    found = [simulate_block(LAWS, 4, "main", block) for block in range(blocks)]
    return ScenarioSums.together(
        [scenario_sums(one, own, raised, tuple(scenarios), 11, block) for block, one in enumerate(found)]
    ), found


def _who(chance, must=(False,) * 4):
    given = np.asarray(chance, dtype=float)
    return Enrolled(np.array(must), given, np.full(4, 3e6), given > 0.5)


def test_the_build_up_of_a_scenario_is_that_of_its_policies():
    """Who surely has cover and who surely has none: the premium of a zone simulated with just these policies."""
    sums, found = _sums([_who([1, 1, 0, 1]), _who([1, 1, 1, 1], must=[True] * 4)])
    for place, limits in enumerate((LIMIT, np.full(4, 3e6))):
        terms = terms_at(PolicySpec(), limits)
        years = gather((part(one, apply_terms(one, terms), 4) for one in found), 4, 1000)
        exact = technical_premiums(years, limits > 0, LOADINGS)
        priced = scenario_premiums(sums, place, (limits > 0).astype(float), LOADINGS)
        np.testing.assert_allclose(priced.amount, exact.amount, rtol=1e-9, atol=1e-6)
        np.testing.assert_allclose(priced.zone.amount, exact.zone.amount, rtol=1e-12)


def test_a_chance_of_cover_pays_that_share_and_rows_of_plants_add_to_the_zone():
    chance = np.array([1.0, 0.4, 0.5, 0.0])
    sums, _ = _sums([_who(chance)], blocks=30)
    whole, _ = _sums([_who(np.ones(4))], blocks=30)
    pure = chance * whole.payment[0] / 30_000
    priced = scenario_premiums(sums, 0, chance, LOADINGS)
    np.testing.assert_allclose(priced.row("pure_premium"), pure, rtol=1e-12)
    # Drawn years meet the chances: of independent accidents the share paid has the variance c (1 - c) sum a^2 / (sum
    # a)^2, and the products with the zone's years are no less than the squares.
    drawn = sums.drawn[0][1:3] / whole.payment[0][1:3]
    spread = np.sqrt(chance * (1 - chance) * whole.with_zone[0])[1:3] / whole.payment[0][1:3]
    assert (np.abs(drawn - chance[1:3]) < 4 * spread).all()
    assert (spread < 0.1).all()
    assert float(priced.row("risk_load").sum()) == pytest.approx(float(priced.zone.row("risk_load")[0]))
    assert priced.gross[3] == 0.0
    # Fixed expenses are for policies that there are.
    fixed = priced.row("expenses") - LOADINGS.expenses * priced.gross
    np.testing.assert_allclose(fixed, 500.0 * chance, atol=1e-6)
