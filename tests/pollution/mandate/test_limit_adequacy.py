# SPDX-License-Identifier: Apache-2.0
"""Three measures of a limit: by hand, in closed form for one plant, and against the policy's own settlement."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from zone_by_hand import BODILY, CLAIMS, CLEAN_UP, LEGAL, PROPERTY, accidents, head_laws, zone_laws

from greenrisk.actuarial.aggregate.compound import CompoundDistribution
from greenrisk.actuarial.frequency.counts import Poisson
from greenrisk.actuarial.severity.families import Lognormal
from greenrisk.core.errors import ArgumentError
from greenrisk.pollution.liability.events import simulate_block
from greenrisk.pollution.liability.laws import ClaimLaws
from greenrisk.pollution.liability.policy_spec import DeductibleSpec, PartSpec, PolicySpec, SublimitSpec
from greenrisk.pollution.liability.policy_terms import terms_of
from greenrisk.pollution.liability.terms import apply_terms
from greenrisk.pollution.mandate.limit_adequacy import (
    MEASURES,
    adequacy,
    cap_sensitivity,
    smallest_limits,
)
from greenrisk.pollution.mandate.limit_sums import LimitGrid, LimitSums, liability, limit_part
from greenrisk.pollution.mandate.plant_groups import PlantGroups

ONE = PlantGroups.of([1])


def _by_hand(*rows, policy=None, limits=(), groups=ONE, plants=1):
    found = accidents(*rows, years=100, plants=plants)
    grid = LimitGrid.of(policy or PolicySpec(), limits)
    return adequacy(LimitSums.of([limit_part(found, found.loss, grid, groups)]), grid, groups)


def _at(found, name, limit, side="before_sublimits", group="all"):
    where = {"limit": limit, "group": group} | ({"side": side} if "side" in found[name].dims else {})
    return float(found[name].sel(where))


A = {"year": 3, "loss": {PROPERTY: 1e6, CLEAN_UP: 5e5}}
B = {"year": 60, "loss": {PROPERTY: 1e5}}


def test_each_measure_is_a_share_of_what_has_a_liability():
    found = _by_hand(A, B)
    assert _at(found, "accidents_exceeding", 1e6) == 0.5
    assert _at(found, "money_uncovered", 1e6) == pytest.approx(5e5 / 1.6e6, rel=1e-12)
    assert _at(found, "plant_years_exceeding", 1e6) == 0.5
    assert found["accidents"].values.tolist() == [0.02] * 3
    assert found["money"].values.tolist() == [16e3] * 3


def test_a_limit_that_equals_the_loss_pays_it_in_full():
    found = _by_hand(A, B, limits=[1.5e6])
    for name in MEASURES:
        assert _at(found, name, 1.5e6) == 0.0


def test_sublimits_leave_accidents_unpaid_that_the_limit_alone_would_pay():
    policy = PolicySpec(sublimits=(SublimitSpec(heads=("third_party_property",), share=0.5),))
    found = _by_hand(A, B, policy=policy, limits=[1.5e6, 3e6])
    # Of property 750,000 are paid under a limit of 1.5 million, with clean-up 1.25 of 1.5 million.
    assert _at(found, "accidents_exceeding", 1.5e6) == 0.0
    assert _at(found, "accidents_exceeding", 1.5e6, "after_sublimits") == 0.5
    assert _at(found, "money_uncovered", 1.5e6, "after_sublimits") == pytest.approx(2.5e5 / 1.6e6, rel=1e-12)
    assert _at(found, "limit_binds", 1.5e6) == 0.0
    assert _at(found, "accidents_exceeding", 3e6, "after_sublimits") == 0.0


def test_a_limit_by_person_counts_as_a_sublimit():
    policy = PolicySpec(person_limit=PartSpec(amount_cny=5e4))
    found = _by_hand({"loss": {BODILY: 3e5}, "persons": 4}, policy=policy)
    assert _at(found, "accidents_exceeding", 1e6) == 0.0
    assert _at(found, "accidents_exceeding", 1e6, "after_sublimits") == 1.0
    assert _at(found, "money_uncovered", 1e6, "after_sublimits") == pytest.approx(1 / 3, rel=1e-12)


def test_two_accidents_of_a_year_share_the_limit_of_the_year():
    rows = [{"year": 7, "time": t, "loss": {PROPERTY: 8e5}} for t in (0.2, 0.7)]
    found = _by_hand(*rows)
    assert _at(found, "accidents_exceeding", 1e6) == 0.0
    assert _at(found, "plant_years_exceeding", 1e6) == 1.0
    assert _at(found, "money_uncovered", 1e6) == pytest.approx(6e5 / 1.6e6, rel=1e-12)
    wide = _by_hand(*rows, policy=PolicySpec(annual_multiple=2.0))
    assert _at(wide, "plant_years_exceeding", 1e6) == 0.0


def test_the_same_year_of_two_plants_is_two_plant_years():
    rows = [{"year": 7, "plant": p, "loss": {PROPERTY: 8e5}} for p in (0, 1)]
    groups = PlantGroups.of([2, -1], [True, False])
    found = _by_hand(*rows, groups=groups, plants=2)
    assert found["group"].values.tolist() == ["all", "in_zone", "beyond_zone", "major", "not_graded"]
    assert found["plant_years"].values.tolist() == [0.02, 0.01, 0.01, 0.01, 0.01]
    assert _at(found, "plant_years_exceeding", 1e6) == 0.0


def test_a_group_without_a_liability_has_no_measure():
    found = _by_hand(A, groups=PlantGroups.of([1, 0]), plants=2)
    assert np.isnan(found["accidents_exceeding"].sel(group="general")).all()
    assert np.isnan(smallest_limits(found, [0.1])["limit"].sel(group="general")).all()


# One plant with one head, lognormal: all measures have a closed form.
LAW = Lognormal(13.0, 1.2)
RATE, BLOCKS = 0.4, 30


def _one_head(**changed):
    share = np.array([[1.0, 0.0, 0.0, 0.0, 0.0]])
    nothing = {"threshold": np.full(5, np.inf), "tail_weight": np.zeros(5), "scale": np.ones((1, 5))}
    heads = head_laws(
        share_positive=share,
        mu=np.full(5, LAW.mu),
        sigma=np.full(5, LAW.sigma),
        cap=np.full((1, 5), 1e12),
        **nothing,
    )
    claims = ClaimLaws(**CLAIMS | {"share_gradual": 0.0, "share_deliberate": 0.0})
    laws = zone_laws(own=[RATE], transport=np.zeros(1), shock_share=0.0, heads=heads, claims=claims)
    return replace(laws, **changed)


def _simulated(policy, laws=None, blocks=BLOCKS):
    laws = laws or _one_head()
    grid = LimitGrid.of(policy, [1.5e6])
    terms = terms_of(policy, np.full(laws.plants, 1e7))
    groups = PlantGroups.of(np.ones(laws.plants))
    drawn = (simulate_block(laws, 23, "main", block) for block in range(blocks))
    sums = LimitSums.of(limit_part(one, liability(one, terms), grid, groups) for one in drawn)
    return adequacy(sums, grid, groups), grid


def _close(found, name, expected, limits):
    value = found[name].sel(group="all", side="before_sublimits", limit=limits).values
    error = found[f"{name}_standard_error"].sel(group="all", side="before_sublimits", limit=limits).values
    assert (error > 0).all()
    assert (np.abs(value - expected) < 4 * error).all()


LIMITS = np.array([1e5, 1e6, 1.5e6, 1e7])


def test_accidents_exceeding_a_limit_are_the_survival_function():
    found, _ = _simulated(PolicySpec())
    _close(found, "accidents_exceeding", LAW.sf(LIMITS), LIMITS)


def test_money_uncovered_is_one_less_the_limited_mean_over_the_mean():
    found, _ = _simulated(PolicySpec(annual_multiple=1000.0))
    _close(found, "money_uncovered", 1 - LAW.limited_expected_value(LIMITS) / LAW.mean(), LIMITS)


def test_plant_years_exceeding_are_the_survival_function_of_a_year_with_a_loss():
    found, _ = _simulated(PolicySpec())
    year = CompoundDistribution(Poisson(RATE), LAW).aggregate()
    _close(found, "plant_years_exceeding", year.sf(LIMITS) / (1 - np.exp(-RATE)), LIMITS)


def test_the_smallest_limit_is_the_quantile_of_an_accident():
    found, _ = _simulated(PolicySpec())
    smallest = smallest_limits(found, [0.1, 0.01])
    low, middle, high = (
        smallest[name].sel(group="all", side="before_sublimits", measure="accidents_exceeding").values
        for name in ("limit_low", "limit", "limit_high")
    )
    exact = np.asarray(LAW.ppf(np.array([0.9, 0.99])))
    # Four standard errors instead of 1.645, and what a straight line between limits of the grid can be off.
    half = (high - low) / 2 * 4 / 1.645
    assert (np.abs(middle - exact) < half + 0.02 * exact).all()
    assert (low < middle).all()
    assert (middle < high).all()


def _curve(limit, value, error=0.0):
    dims = ("group", "side", "limit")
    data = {}
    for name in MEASURES:
        data[name] = (dims, value[np.newaxis, np.newaxis])
        data[f"{name}_standard_error"] = (dims, np.full((1, 1, limit.size), error))
    return xr.Dataset(data, coords={"group": ["all"], "side": ["before_sublimits"], "limit": limit})


def test_between_limits_of_the_grid_a_power_law_is_met_exactly():
    limit = np.logspace(5, 9, 21)
    found = smallest_limits(_curve(limit, (limit / 1e5) ** -1.5), [0.3, 0.007])
    assert found["limit"].values[0, 0, 0] == pytest.approx(
        [1e5 * 0.3 ** (-2 / 3), 1e5 * 0.007 ** (-2 / 3)], rel=1e-12
    )


def test_a_share_that_no_limit_reaches_has_none_and_one_that_all_reach_the_lowest():
    limit = np.array([1e5, 1e6])
    found = smallest_limits(_curve(limit, np.array([0.5, 0.2])), [0.1, 0.3, 0.6])["limit"].values[0, 0, 0]
    assert np.isnan(found[0])
    assert 1e5 < found[1] < 1e6
    assert found[2] == 1e5


POLICY = PolicySpec(
    annual_multiple=1.5,
    sublimits=(
        SublimitSpec(heads=("third_party_property", "bodily_injury"), share=0.7),
        SublimitSpec(heads=("clean_up",), amount_cny=4e5),
        SublimitSpec(heads=("legal_cost",), share=0.1),
    ),
    person_limit=PartSpec(amount_cny=8e4),
    deductible=DeductibleSpec(amount_cny=2e4, share=0.1),
)


@pytest.mark.parametrize("defence", [True, False])
def test_after_sublimits_the_money_is_what_the_policy_itself_leaves(defence):
    policy = POLICY.model_copy(update={"defence_inside_limits": defence})
    laws = zone_laws()
    grid = LimitGrid.of(policy)
    everyone = terms_of(policy, np.full(laws.plants, 1e6))
    groups = PlantGroups.of([0, 1, 2, -1])
    drawn = [simulate_block(laws, 3, "main", block) for block in range(4)]
    money = [liability(one, everyone) for one in drawn]
    sums = LimitSums.of(limit_part(one, due, grid, groups) for one, due in zip(drawn, money, strict=True))
    found = adequacy(sums, grid, groups)["money_uncovered"].sel(side="after_sublimits")
    total = sum(due.sum() for due in money)
    for limit in grid.limit[[8, 15, 30]].tolist():
        terms = terms_of(policy, np.full(laws.plants, limit))
        paid = [apply_terms(one, terms).insured for one in drawn]
        # The cost of defence beside the limits is not what a limit is for.
        paid_sum = sum(one.sum() - (0.0 if defence else one[:, LEGAL].sum()) for one in paid)
        assert float(found.sel(group="all", limit=limit)) == pytest.approx(1 - paid_sum / total, abs=1e-12)


def test_measures_fall_with_the_limit_and_sublimits_only_take_away():
    found, _ = _simulated(POLICY, zone_laws(), blocks=3)
    for name in MEASURES:
        values = found[name].sel(group="all").values
        assert (np.diff(values, axis=1) <= 1e-15).all()
        assert (values[1] >= values[0] - 1e-15).all()


def test_blocks_add_up():
    laws, grid, groups = zone_laws(), LimitGrid.of(PolicySpec()), PlantGroups.of([0, 1, 2, -1])
    one = simulate_block(laws, 3, "main", 0)
    part = limit_part(one, one.loss, grid, groups)
    alone, twice = LimitSums.of([part]), LimitSums.of([part, part])
    assert np.array_equal(2 * alone.total, twice.total)
    assert np.array_equal(alone.shares()[0], twice.shares()[0], equal_nan=True)
    assert twice.years == 2000


def test_a_block_without_accidents_has_no_liability():
    found = _by_hand()
    assert found["accidents"].values.tolist() == [0.0] * 3
    assert np.isnan(found["money_uncovered"].values).all()


def test_a_lower_cap_needs_a_lower_limit_and_the_same_laws_the_same():
    laws = zone_laws()
    lower = replace(laws, heads=replace(laws.heads, cap=np.full_like(laws.heads.cap, 3e6)))
    grid, groups = LimitGrid.of(PolicySpec()), PlantGroups.of([0, 1, 2, -1])
    terms = terms_of(PolicySpec(), np.full(4, 1e6))
    found = cap_sensitivity(
        {"base": laws, "low cap": lower, "again": laws}, terms, grid, groups, [0.05], seed=3, blocks=4
    )
    limit = found["smallest_limit"].sel(group="all", side="before_sublimits", leave=0.05)
    assert np.array_equal(limit.sel(alternative="again").values, limit.sel(alternative="base").values)
    low, base = limit.sel(alternative="low cap").values, limit.sel(alternative="base").values
    assert (low <= base).all()
    assert low[1] < base[1]  # money above the cap is gone
    assert float(found["spread"].max()) > 1.0


def test_bad_arguments_are_refused():
    found = accidents(A, years=10)
    grid = LimitGrid.of(PolicySpec())
    with pytest.raises(ArgumentError, match="money of shape"):
        limit_part(found, np.zeros((2, 5)), grid, ONE)
    with pytest.raises(ArgumentError, match=">= 0"):
        limit_part(found, -found.loss, grid, ONE)
    with pytest.raises(ArgumentError, match="grade code 3"):
        PlantGroups.of([3])
    with pytest.raises(ArgumentError, match="in_zone of shape"):
        PlantGroups.of([1, 1], [True])
    with pytest.raises(ArgumentError, match="leave"):
        smallest_limits(_by_hand(A), [0.0])
    with pytest.raises(ArgumentError, match="limits"):
        LimitGrid.of(PolicySpec(), [-1.0])
    with pytest.raises(ArgumentError, match="no part"):
        LimitSums.of([])


def test_an_interval_of_a_smallest_limit_holds_it_where_the_grid_ends():
    """The upper curve never reaches nothing, so that it is read as a power; the middle one from a straight line."""
    found = _curve(np.array([1e8, 1e9]), np.array([0.30, 0.0]), error=np.array([0.10, 0.0005]))
    smallest = smallest_limits(found, [0.01]).isel(group=0, side=0).sel(measure="money_uncovered")
    low, middle, high = (float(smallest[name].squeeze()) for name in ("limit_low", "limit", "limit_high"))
    # Straight on the measure over the logarithm of the limit: 0.30 down to 0 within a factor of ten.
    assert middle == pytest.approx(10.0 ** (8.0 + 1.0 - 0.01 / 0.30))
    assert low <= middle <= high
