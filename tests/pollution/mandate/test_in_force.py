# SPDX-License-Identifier: Apache-2.0
"""What the limits in force leave: by hand, in closed form, as the curves say it, and with an honest error."""

from dataclasses import replace

import numpy as np
import pytest
from zone_by_hand import BODILY, CLAIMS, CLEAN_UP, LEGAL, PROPERTY, accidents, head_laws, zone_laws

from greenrisk.actuarial.severity.families import Lognormal
from greenrisk.pollution.liability.events import simulate_block
from greenrisk.pollution.liability.laws import ClaimLaws
from greenrisk.pollution.liability.policy_spec import DeductibleSpec, PartSpec, PolicySpec, SublimitSpec
from greenrisk.pollution.liability.policy_terms import terms_of
from greenrisk.pollution.mandate.in_force import (
    SmallestLimits,
    in_force_errors,
    in_force_part,
    in_force_shares,
    in_force_years,
)
from greenrisk.pollution.mandate.limit_adequacy import MEASURES, adequacy, smallest_limits
from greenrisk.pollution.mandate.limit_sums import LimitGrid, LimitSums, liability, limit_part
from greenrisk.pollution.mandate.plant_groups import PlantGroups

LAW = Lognormal(13.0, 1.2)


def _shares(found, terms):
    return in_force_shares(in_force_years(found, terms).sum(axis=0))


def test_each_plant_is_held_against_its_own_limit_and_the_uninsured_are_left_out():
    found = accidents(
        {"year": 0, "plant": 0, "loss": {PROPERTY: 8e5}},
        {"year": 1, "plant": 0, "loss": {PROPERTY: 3e6}},
        {"year": 2, "plant": 1, "loss": {PROPERTY: 3e6}},
        {"year": 3, "plant": 2, "loss": {PROPERTY: 9e9}},
        plants=3,
    )
    terms = terms_of(PolicySpec(), [1e6, 5e6, 0.0])
    by_year = in_force_years(found, terms)
    assert by_year.sum(axis=0).tolist() == [3.0, 1.0, 6.8e6, 2e6, 3.0, 1.0]
    assert by_year[1].tolist() == [1.0, 1.0, 3e6, 2e6, 1.0, 1.0]
    assert by_year[3].tolist() == [0.0] * 6


def test_two_accidents_of_a_year_share_its_limit_and_each_alone_is_within():
    found = accidents(*({"year": 5, "time": t, "loss": {PROPERTY: 8e5}} for t in (0.2, 0.7)), plants=1)
    assert in_force_years(found, terms_of(PolicySpec(), [1e6])).sum(axis=0) == pytest.approx(
        [2.0, 0.0, 1.6e6, 6e5, 1.0, 1.0]
    )


def test_sublimits_persons_and_deductible_count_and_defence_beside_the_limit_does_not():
    policy = PolicySpec(
        sublimits=(SublimitSpec(heads=("clean_up",), share=0.5),),
        person_limit=PartSpec(amount_cny=1e5),
        deductible=DeductibleSpec(amount_cny=1e5),
        defence_inside_limits=False,
    )
    found = accidents(
        {"year": 0, "loss": {CLEAN_UP: 9e5, LEGAL: 7e6}},
        {"year": 1, "loss": {BODILY: 5e5}, "persons": 2},
        {"year": 2, "loss": {PROPERTY: 5e4}},
        {"year": 3, "loss": {LEGAL: 5e4}},
        plants=1,
    )
    # 800,000 of clean-up, sublimit 500,000; 400,000 of two persons at 100,000 each; the rest is below the deductible.
    assert in_force_years(found, terms_of(policy, [1e6])).sum(axis=0) == pytest.approx(
        [2.0, 2.0, 1.2e6, 5e5, 2.0, 2.0]
    )


def test_no_liability_has_no_share():
    found = accidents({"loss": {PROPERTY: 1e6}}, plants=1)
    assert np.isnan(_shares(found, terms_of(PolicySpec(), [0.0]))).all()
    assert np.isnan(in_force_errors(np.zeros(6), np.zeros((6, 6)), 10)).all()


def _one_head(own):
    heads = head_laws(
        share_positive=np.array([[1.0, 0.0, 0.0, 0.0, 0.0]]),
        mu=np.full(5, LAW.mu),
        sigma=np.full(5, LAW.sigma),
        cap=np.full((1, 5), 1e12),
        threshold=np.full(5, np.inf),
        tail_weight=np.zeros(5),
        scale=np.ones((1, 5)),
    )
    claims = ClaimLaws(**CLAIMS | {"share_gradual": 0.0, "share_deliberate": 0.0})
    return zone_laws(own=own, transport=np.zeros(len(own)), shock_share=0.0, heads=heads, claims=claims)


OWN, LIMITS = (0.3, 0.1), np.array([5e5, 4e6])
ENDLESS = terms_of(PolicySpec(annual_multiple=1e6), LIMITS)


def _put_together(blocks, seed):
    laws, parts = _one_head(OWN), []
    for block in range(blocks):
        parts.append(in_force_part(in_force_years(simulate_block(laws, seed, "main", block), ENDLESS)))
    total = sum(one["sum"].values for one in parts)
    product = sum(one["product"].values for one in parts)
    years = sum(int(one["years"]) for one in parts)
    return in_force_shares(total), in_force_errors(total, product, years)


def test_shares_are_those_of_the_law_weighted_by_the_rates():
    share, error = _put_together(30, 3)
    rate = np.array(OWN)
    exact = [
        rate @ LAW.sf(LIMITS) / rate.sum(),
        rate @ (LAW.mean() - LAW.limited_expected_value(LIMITS)) / (rate.sum() * LAW.mean()),
    ]
    assert (error > 0).all()
    assert (np.abs(share[:2] - exact) < 4 * error[:2]).all()


def test_the_error_is_that_of_the_spread_over_seeds():
    found = [_put_together(2, seed) for seed in range(40)]
    spread = np.std([one[0] for one in found], axis=0, ddof=1)
    told = np.sqrt(np.mean([one[1] ** 2 for one in found], axis=0))
    # Standard deviations of 40 shares have standard error 11 %; the money's tail makes it more.
    assert told == pytest.approx(spread, rel=0.45)


def test_one_limit_for_all_leaves_what_the_curves_say():
    policy = PolicySpec(
        annual_multiple=1.5,
        sublimits=(
            SublimitSpec(heads=("clean_up",), share=0.3),
            SublimitSpec(heads=("legal_cost",), share=0.2),
        ),
        person_limit=PartSpec(amount_cny=8e4),
        deductible=DeductibleSpec(amount_cny=2e4, share=0.1),
    )
    laws, limit = zone_laws(), 7e5
    terms, grid = terms_of(policy, np.full(4, limit)), LimitGrid.of(policy, [limit])
    groups, blocks = (
        PlantGroups.of(np.ones(4)),
        [simulate_block(laws, 6, "main", block) for block in range(4)],
    )
    curves = adequacy(
        LimitSums.of(limit_part(one, liability(one, terms), grid, groups) for one in blocks), grid, groups
    )
    at = curves.sel(group="all", side="after_sublimits", limit=limit)
    total = sum(in_force_years(one, terms).sum(axis=0) for one in blocks)
    assert in_force_shares(total) == pytest.approx([float(at[name]) for name in MEASURES], rel=1e-9)
    smallest = SmallestLimits(grid, terms, [0.1, 0.05])
    for one in blocks:
        smallest.add(one)
    exact = smallest_limits(curves, [0.1, 0.05])["limit"].sel(group="all", side="after_sublimits")
    assert smallest.limit == pytest.approx(exact.values, rel=1e-12)


def test_a_higher_limit_leaves_less():
    laws = zone_laws()
    found = simulate_block(laws, 2, "main", 0)
    low, high = (_shares(found, replace(terms_of(PolicySpec(), np.full(4, limit)))) for limit in (1e5, 1e6))
    assert (high < low).all()
