# SPDX-License-Identifier: Apache-2.0
"""The zone of the benchmark, for greenrisk and for the plain version: the same numbers for both."""

from __future__ import annotations

import numpy as np
from plain_zone import PlainZone

from greenrisk.pollution.liability.laws import ClaimLaws, HeadLaws, ZoneLaws
from greenrisk.pollution.liability.policy_spec import (
    ClaimsMadeSpec,
    DeductibleSpec,
    PartSpec,
    PolicySpec,
    SublimitSpec,
)
from greenrisk.pollution.liability.policy_terms import PolicyTerms, terms_of

PLANTS = 500

# Accidents a facility-year in EPA's RMP records: chemicals, storage, wholesale, all facilities.
RATES = {"production": 0.019, "storage": 0.0041, "trade": 0.0029, "transport": 0.0072}
SHARES = {"production": 18 / 34, "storage": 7 / 34, "trade": 5 / 34, "transport": 4 / 34}


def zone_laws(plants: int = PLANTS, factor: float = 1.0) -> ZoneLaws:
    """A zone like Leping's in its mix of activities, plant by plant unlike, its rates times a factor."""
    rng = np.random.default_rng(20)
    activity = rng.choice(4, plants, p=list(SHARES.values()))
    own = factor * np.array(list(RATES.values()))[activity] * rng.gamma(4.0, 0.25, plants)
    to_cny = 0.5 * 6.73
    heads = HeadLaws(
        share_positive=np.array([[0.098, 0.05, 0.34, 0.33, 0.10]]),
        scale=np.array([[to_cny, 1.0, to_cny, to_cny, 1.0]]),
        cap=np.full((1, 5), 5e8),
        mu=np.array([8.44, np.log(60_000), 9.11, 8.9, np.log(80_000)]),
        sigma=np.array([2.09, 1.9, 2.14, 2.3, 1.1]),
        threshold=np.array([28_000.0, np.inf, 49_000.0, 53_000.0, np.inf]),
        tail_weight=np.array([0.2, 0.0, 0.2, 0.2, 0.0]),
        tail_shape=np.array([1.34, 0.0, 0.9, 0.8, 0.0]),
        tail_scale=np.array([44_000.0, 1.0, 90_000.0, 120_000.0, 1.0]),
        dependence=0.4,
    )
    claims = ClaimLaws(0.08, 0.03, 0.15, 3.0, 50_000.0, 1.2)
    transport = np.where(activity == 3, 0.01, 0.001) * factor
    return ZoneLaws(own, transport, 0.2, 0.1, heads, claims, 0.95)


def zone_terms(plants: int = PLANTS) -> PolicyTerms:
    """One policy with every term; a fifth of the plants has none."""
    limit = np.where(np.arange(plants) % 5 == 0, 0.0, np.where(np.arange(plants) % 2 == 0, 5e5, 2e6))
    return terms_of(
        PolicySpec(
            annual_multiple=1.0,
            sublimits=(
                SublimitSpec(heads=("third_party_property", "bodily_injury"), share=0.7),
                SublimitSpec(heads=("emergency_response", "clean_up"), share=0.3),
                SublimitSpec(heads=("legal_cost",), share=0.2),
            ),
            person_limit=PartSpec(amount_cny=70_000.0),
            deductible=DeductibleSpec(amount_cny=10_000.0, share=0.1),
            claims_made=ClaimsMadeSpec(retroactive_years=1, reporting_years=0.25),
        ),
        limit,
    )


def plain_zone(laws: ZoneLaws, terms: PolicyTerms) -> PlainZone:
    """The same numbers for the plain version."""
    heads, claims = laws.heads, laws.claims
    groups = ((0, 1), (2, 3), (4,))
    return PlainZone(
        own=laws.own,
        transport=laws.transport,
        shock_rate=laws.shock_rate,
        shock_share=laws.shock_share,
        share_positive=heads.share_positive,
        scale=heads.scale,
        cap=heads.cap,
        mu=heads.mu,
        sigma=heads.sigma,
        threshold=heads.threshold,
        tail_weight=heads.tail_weight,
        tail_shape=heads.tail_shape,
        tail_scale=heads.tail_scale,
        dependence=heads.dependence,
        share_gradual=claims.share_gradual,
        share_deliberate=claims.share_deliberate,
        lag_sudden=claims.lag_sudden,
        lag_gradual=claims.lag_gradual,
        person_cost=claims.person_cost,
        person_spread=claims.person_spread,
        insured=terms.insured,
        accident_limit=terms.accident_limit,
        annual_limit=terms.annual_limit,
        person_limit=terms.person_limit,
        groups=tuple((group, terms.group_limit[:, group[0]]) for group in groups),
        deductible_amount=float(terms.deductible_amount[0]),
        deductible_share=float(terms.deductible_share[0]),
        retroactive_years=float(terms.retroactive_years[0]),
        reporting_years=float(terms.reporting_years[0]),
    )
