# SPDX-License-Identifier: Apache-2.0
"""Catalogues drawn from the laws: Spain's guarantee in closed form, alike plants alike, intervals that hold it."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.special import ndtri
from zone_by_hand import CLAIMS, head_laws, zone_laws

from greenrisk.actuarial.severity.families import Lognormal
from greenrisk.core.ledger import Ledger
from greenrisk.pollution.liability.laws import ClaimLaws
from greenrisk.pollution.liability.policy_spec import DeductibleSpec, PolicySpec
from greenrisk.pollution.liability.policy_terms import terms_of
from greenrisk.pollution.mandate.catalogue import DrawnCatalogue
from greenrisk.pollution.mandate.limits_by_plant import limits_by_plant
from greenrisk.pollution.mandate.spain_rule import guarantee

LAW = Lognormal(13.0, 1.2)
OWN = (0.02, 0.005, 0.0005, 0.1)
WIDTH = 10 ** (1 / 40)
"""Width of a class of cost."""

NUMBER = {
    "spain_share": 0.95,
    "spain_prevention_share": 0.1,
    "accident_level": 0.95,
    "return_period": 250.0,
    "spain_exempt_below": 3e5,
    "spain_exempt_below_certified": 2e6,
}


def _zone(**changed):
    share = np.array([[1.0, 0.0, 0.0, 0.0, 0.0]])
    given = {
        "share_positive": share,
        "mu": np.full(5, LAW.mu),
        "sigma": np.full(5, LAW.sigma),
        "cap": np.full((1, 5), 1e12),
        "threshold": np.full(5, np.inf),
        "tail_weight": np.zeros(5),
        "scale": np.ones((1, 5)),
    }
    return zone_laws(own=OWN, transport=np.zeros(4), shock_share=0.0, heads=head_laws(**given | changed))


def _drawn(laws, policy=None, seed=1, blocks=40):
    terms = terms_of(policy or PolicySpec(), np.full(laws.plants, 1e7))
    return DrawnCatalogue.of(laws, terms, seed, blocks)


def _groups(drawn, ledger=None):
    limit, minimum = np.full(4, 5e6), np.full(4, 2e6)
    return limits_by_plant(
        drawn, NUMBER, limit, minimum, list("ABCD"), 7.8, Ledger() if ledger is None else ledger
    )


def test_the_guarantee_is_the_quantile_of_the_risk_and_the_same_for_all_plants():
    """Share of the risk of accidents up to x: the size-biased lognormal, P(N(mu + sigma^2, sigma) <= ln x)."""
    exact = np.exp(LAW.mu + LAW.sigma**2 + LAW.sigma * ndtri(0.95))
    spain = _groups(_drawn(_zone()))["/spain_rule"]
    found = spain["guarantee"].values
    assert found == pytest.approx(np.full(4, found[0]), rel=1e-12)
    assert exact / WIDTH < found[0] < exact * WIDTH
    assert (spain["guarantee_low"] <= spain["guarantee"]).all()
    assert (spain["guarantee"] <= spain["guarantee_high"]).all()
    assert spain.attrs["one_catalogue"] == 1
    # The risk keeps the rates: rate times mean, less gradual and deliberate ones, which the policy excludes.
    sudden = 1.0 - CLAIMS["share_gradual"] - CLAIMS["share_deliberate"]
    assert spain["risk"].values == pytest.approx(np.array(OWN) * sudden * LAW.mean(), rel=0.02)


def test_seeds_agree_within_their_intervals():
    def read(catalogue):
        return guarantee(catalogue.cost, catalogue.probability, share=0.95, prevention_share=0.1).guarantee

    exact = np.exp(LAW.mu + LAW.sigma**2 + LAW.sigma * ndtri(0.95))
    inside, found = 0, []
    for seed in range(6):
        drawn = _drawn(_zone(), seed=seed, blocks=20)
        low, high = drawn.interval(read)
        found.append(float(read(drawn.catalogue())[0]))
        inside += bool(low[0] / WIDTH <= exact <= high[0] * WIDTH)
    assert inside >= 5
    assert max(found) / min(found) < 1.2


def test_quantile_and_largest_accident_are_those_of_the_law():
    limits = _groups(_drawn(_zone()))["/plant_limits"]
    quantile = limits["limit"].sel(rule="accident_quantile").values
    exact = float(LAW.ppf(0.95))
    assert (np.abs(np.log(quantile / exact)) < np.log(WIDTH)).all()
    # Once in 250 years: the cost that rate * sf(x) = -ln(1 - 1 / 250) is exceeded with.
    sudden = 1.0 - CLAIMS["share_gradual"] - CLAIMS["share_deliberate"]
    beyond = -np.log1p(-1 / 250) / (np.array(OWN) * sudden)
    largest = limits["limit"].sel(rule="probable_maximum_loss").values
    for plant in (0, 1, 3):
        if beyond[plant] < 1.0:
            assert abs(np.log(largest[plant] / float(LAW.isf(beyond[plant])))) < np.log(WIDTH)
    assert limits["rarer_than_period"].values.tolist() == (beyond >= 1.0).tolist()
    assert np.isnan(largest).tolist() == (beyond >= 1.0).tolist()


def test_a_plant_with_a_cap_of_its_own_has_a_guarantee_of_its_own():
    cap = np.full((4, 5), 1e12)
    cap[2] = 1e6
    spain = _groups(_drawn(_zone(cap=cap)))["/spain_rule"]
    found = spain["guarantee"].values
    assert found[2] == pytest.approx(1e6, rel=1e-9)
    assert found[[0, 1, 3]] == pytest.approx(np.full(3, found[0]), rel=1e-12)
    assert spain.attrs["one_catalogue"] == 0


def test_too_few_accidents_give_no_limit_and_a_line_in_the_ledger():
    # Of a million accidents with a median of 60 thousand a deductible of 9 million leaves few.
    ledger = Ledger()
    policy = PolicySpec(deductible=DeductibleSpec(amount_cny=9e6))
    laws = _zone(mu=np.full(5, 11.0))
    groups = _groups(_drawn(laws, policy), ledger)
    assert np.isnan(groups["/spain_rule"]["guarantee"]).all()
    assert np.isnan(groups["/plant_limits"]["limit"].sel(rule="accident_quantile")).all()
    assert groups["/plant_limits"]["limit"].sel(rule="in_force").values.tolist() == [5e6] * 4
    assert not groups["/spain_rule"]["exempt"].any()
    (entry,) = ledger
    assert (entry.kind, entry.subject, entry.count) == ("unreliable", "limits by plant", 4)
    assert (groups["/spain_rule"]["accidents_behind"] < 5000).all()


def test_gradual_pollution_counts_where_it_is_covered():
    laws = _zone()
    open_ = PolicySpec(excludes_gradual=False, excludes_deliberate=False)
    every = _drawn(laws, open_).catalogue().probability.sum(axis=1)
    assert every == pytest.approx(np.array(OWN), rel=1e-9)
    some = _drawn(laws, PolicySpec(excludes_deliberate=False)).catalogue().probability.sum(axis=1)
    assert some == pytest.approx(np.array(OWN) * (1 - CLAIMS["share_gradual"]), rel=1e-9)
    claims = ClaimLaws(**CLAIMS | {"share_gradual": 0.9, "share_deliberate": 0.0})
    rare = _drawn(replace(laws, claims=claims)).catalogue().probability.sum(axis=1)
    assert rare == pytest.approx(np.array(OWN) * 0.1, rel=1e-9)
