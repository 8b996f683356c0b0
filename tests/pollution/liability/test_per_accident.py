# SPDX-License-Identifier: Apache-2.0
"""Accidents drawn one by one: rates by sort, means against closed forms and simulated years, honest errors."""

from dataclasses import replace

import numpy as np
import pytest
from zone_by_hand import CLAIMS, head_laws, zone_laws

from greenrisk.actuarial.severity.families import Lognormal
from greenrisk.core.errors import ArgumentError
from greenrisk.pollution.liability.events import simulate_block
from greenrisk.pollution.liability.expected import expected_losses
from greenrisk.pollution.liability.laws import ClaimLaws
from greenrisk.pollution.liability.per_accident import (
    Alike,
    expected_payments,
    payments_per_accident,
    sort_rates,
)
from greenrisk.pollution.liability.policy_spec import ClaimsMadeSpec, DeductibleSpec, PolicySpec
from greenrisk.pollution.liability.policy_terms import terms_of
from greenrisk.pollution.liability.terms import apply_terms
from greenrisk.pollution.liability.zone_year import gather, part

LAWS = zone_laws()
LAW = Lognormal(13.0, 1.2)


def _one_head(**changed):
    """Zone of plants with one head, lognormal: what a limit pays has a closed form."""
    share = np.array([[1.0, 0.0, 0.0, 0.0, 0.0]])
    bare = {"threshold": np.full(5, np.inf), "tail_weight": np.zeros(5), "scale": np.ones((1, 5))}
    heads = head_laws(
        share_positive=share,
        mu=np.full(5, LAW.mu),
        sigma=np.full(5, LAW.sigma),
        cap=np.full((1, 5), 1e12),
        **bare,
    )
    return zone_laws(**{"heads": heads} | changed)


def test_sorts_of_accidents_are_those_that_years_draw():
    rates = sort_rates(LAWS)
    assert rates.sum(axis=1) == pytest.approx(LAWS.own + LAWS.transport)
    # Shocks and roads bring sudden ones alone.
    assert rates[:, 1] == pytest.approx(CLAIMS["share_gradual"] * LAWS.alone)
    assert rates[:, 2] == pytest.approx(CLAIMS["share_deliberate"] * LAWS.alone)
    blocks = [simulate_block(LAWS, 3, "main", block) for block in range(20)]
    cost = np.mean([len(one) for one in blocks]) / np.mean([one.by_plant.sum() for one in blocks])
    for column, flag in ((1, "gradual"), (2, "deliberate")):
        count = sum(int(getattr(one, flag).sum()) for one in blocks)
        mean = 20_000 * rates[:, column].sum() * cost
        assert abs(count - mean) < 4 * np.sqrt(mean)


def test_what_a_limit_pays_of_drawn_accidents_is_the_limited_expected_value():
    laws, limits = _one_head(), np.array([1e6, 2e6, 5e5, 1e6])
    terms = terms_of(PolicySpec(excludes_gradual=True, excludes_deliberate=True), limits)
    drawn = payments_per_accident(laws, terms, seed=1)
    rates = sort_rates(laws)
    assert drawn.alike.first.size == 3  # two plants share limit and law
    exact = rates[:, 0] * LAW.limited_expected_value(limits)
    assert abs(drawn.expected(rates, 1).sum() - exact.sum()) < 4 * drawn.error(rates, 1)
    assert drawn.expected(rates, 1) == pytest.approx(exact, rel=0.01)
    assert abs(drawn.expected(rates, 0).sum() - expected_losses(laws).sum()) < 4 * drawn.error(rates, 0)


def test_the_error_is_that_of_the_spread_over_seeds():
    laws, terms = _one_head(), terms_of(PolicySpec(), np.full(4, 1e6))
    rates = sort_rates(laws)
    found = [payments_per_accident(laws, terms, seed=seed, blocks=8) for seed in range(30)]
    spread = np.std([one.expected(rates, 1).sum() for one in found], ddof=1)
    told = np.sqrt(np.mean([one.error(rates, 1) ** 2 for one in found]))
    # The standard deviation of 30 normal numbers has standard error 13 %.
    assert told == pytest.approx(spread, rel=0.5)


def test_plants_with_the_same_law_and_terms_have_the_same_mean_and_others_share_the_scores():
    cap = np.repeat([[1e5], [1e6], [1e6], [2e8]], 5, axis=1)
    laws = zone_laws(heads=head_laws(cap=cap))
    drawn = payments_per_accident(laws, terms_of(PolicySpec(), np.full(4, 1e9)), seed=4)
    mean = drawn.expected(np.array([[1.0, 0.0, 0.0]] * 4), 0)
    assert mean[1] == mean[2]
    assert mean[0] < mean[1] < mean[3]
    assert Alike.of(zone_laws()).one
    assert not Alike.of(laws).one


def test_expected_payments_are_the_mean_of_simulated_years_with_every_term():
    policy = PolicySpec(
        deductible=DeductibleSpec(amount_cny=2e4, share=0.1),
        claims_made=ClaimsMadeSpec(retroactive_years=1, reporting_years=1),
        excludes_gradual=False,
    )
    terms = terms_of(policy, np.array([1e6, 2e5, 0.0, 5e5]))
    blocks = 60
    found = [simulate_block(LAWS, 8, "main", block) for block in range(blocks)]
    years = gather((part(one, apply_terms(one, terms), 4) for one in found), blocks, 1000)
    drawn = payments_per_accident(LAWS, terms, seed=9)
    expected, error = expected_payments(LAWS, drawn, years)
    simulated = years.layer("insured")
    both = np.hypot(error, simulated.std(ddof=1) / np.sqrt(years.years))
    assert abs(expected.sum() - simulated.mean()) < 4 * both
    assert expected[2] == 0.0
    apart = (expected - years.by_plant("insured")) / np.maximum(years.plant_standard_error(), 1e-9)
    assert (np.abs(apart) < 4.5).all()
    # Late claims of gradual pollution count: without exclusions and lag more is paid.
    quick = replace(LAWS, claims=ClaimLaws(**CLAIMS | {"lag_gradual": 0.0, "lag_sudden": 0.0}))
    paid = payments_per_accident(quick, terms, seed=9).expected(sort_rates(quick), 1)
    assert paid.sum() > drawn.expected(sort_rates(LAWS), 1).sum()


def test_one_block_has_no_error():
    with pytest.raises(ArgumentError, match="blocks = 1"):
        payments_per_accident(LAWS, terms_of(PolicySpec(), np.full(4, 1e6)), seed=1, blocks=1)
