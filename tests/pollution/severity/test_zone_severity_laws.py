# SPDX-License-Identifier: Apache-2.0
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats
from shipped_severity import constants, values

from greenrisk.actuarial.severity.families import Lognormal
from greenrisk.actuarial.severity.modified import Capped, Scaled
from greenrisk.actuarial.severity.quadrature import limited_by_quadrature
from greenrisk.core.errors import ArgumentError
from greenrisk.pollution.severity.caps import Cap
from greenrisk.pollution.severity.heads import HEAD_WORDS, HEAD_WORDS_ZH, HEADS
from greenrisk.pollution.severity.laws import (
    HeadLaw,
    currency_factor,
    dependence_of,
    physical_cap,
    recapped,
    severity_laws,
    uncapped_laws,
)

RECORDED = ("third_party_property", "emergency_response", "clean_up")


def by_head(cap=1.0e8, **changed):
    laws = severity_laws(values(**changed), constants(), Cap("policy", cap))
    return {law.head: law for law in laws}


def survival(head, at, factor):
    """P(X > x) of a positive amount, straight from the numbers of the card and scipy's laws."""
    card, fixed = values()["severity"], constants()["severity"]
    mu, sigma = card[f"{head}_mu"] + math.log(factor), card[f"{head}_sigma"]
    u = fixed[f"{head}_threshold_{at}"] * factor
    w = fixed[f"{head}_exceedances_{at}"] / fixed[f"{head}_positive"]
    body = stats.lognorm(sigma, scale=math.exp(mu))
    tail = stats.genpareto(card[f"{head}_shape_{at}"], scale=card[f"{head}_scale_{at}"] * factor)

    def beyond(x):
        if x > u:
            return w * tail.sf(x - u)
        return 1.0 - (1.0 - w) * body.cdf(x) / body.cdf(u)

    return beyond, u


@pytest.mark.parametrize("threshold", ["p80", "p90"])
@pytest.mark.parametrize("head", RECORDED)
@pytest.mark.parametrize("cap", [2.0e5, 1.0e7, 1.03e9])
def test_the_expected_value_of_a_capped_splice_equals_the_integral_of_its_survival(head, threshold, cap):
    law = by_head(cap, severity={"tail_threshold": threshold})[head]
    beyond, u = survival(head, threshold[1:], 0.5 * 6.73)
    # in ln x, in which both the body and the tail are smooth, and apart at the threshold, where the density jumps
    total = 0.0
    for low, high in ((1e-4, min(u, cap)), (min(u, cap), cap)):
        if high > low:
            part, _ = integrate.quad(
                lambda t: math.exp(t) * beyond(math.exp(t)),
                math.log(low),
                math.log(high),
                limit=400,
                epsabs=0,
                epsrel=1e-11,
            )
            total += part
    assert law.law.mean() == pytest.approx(total, rel=1e-8)
    assert law.expected() == pytest.approx(values()["severity"][f"{head}_share_positive"] * total, rel=1e-8)


@pytest.mark.parametrize("threshold", ["p80", "p90"])
@pytest.mark.parametrize("head", HEADS)
def test_closed_form_and_adaptive_quadrature_agree_in_limits_and_second_moments(head, threshold):
    law = by_head(5.0e8, severity={"tail_threshold": threshold})[head]
    limits = np.array([1.0e3, 1.0e5, 2.0e6, 5.0e8])
    by_quadrature = limited_by_quadrature(law.law, limits)
    assert law.expected_within(limits) == pytest.approx(law.share_positive * by_quadrature.value, rel=1e-10)
    second = limited_by_quadrature(law.law, limits, 2)
    assert law.law.limited_expected_value(limits, 2) == pytest.approx(second.value, rel=1e-9)


def test_a_deductible_and_what_lies_above_it_add_up_to_the_whole():
    law = by_head()["clean_up"]
    below = law.expected_within(3.0e5)
    above = law.expected_within(math.inf, 3.0e5)
    assert float(below + above) == pytest.approx(law.expected(), rel=1e-12)
    assert float(law.expected_within(1.0e6, attachment=1.0e8)) == 0.0


def test_a_law_without_a_cap_is_refused_and_the_heads_without_a_mean_are_named():
    with pytest.raises(
        ArgumentError, match="mean of third_party_property, emergency_response is infinite"
    ) as caught:
        severity_laws(values(), constants(), None)
    assert "Cap(kind, amount) with kind physical | asset | policy" in str(caught.value)
    # at the 90 % threshold the shape of third-party property is 0.45: only the emergency is left without a mean
    with pytest.raises(ArgumentError, match="mean of emergency_response is infinite"):
        severity_laws(values(severity={"tail_threshold": "p90"}), constants(), None)


def test_which_heads_have_an_infinite_mean_follows_from_the_shape():
    for threshold, endless in (
        ("p80", {"third_party_property", "emergency_response"}),
        ("p90", {"emergency_response"}),
    ):
        laws = uncapped_laws(values(severity={"tail_threshold": threshold}), constants())
        assert {head for head, (_, law) in laws.items() if math.isinf(law.mean())} == endless


def test_an_infinite_cap_and_a_cap_of_nothing_are_refused():
    with pytest.raises(ArgumentError, match="cap of clean_up = inf"):
        HeadLaw("clean_up", 0.5, Capped(Lognormal(0.0, 1.0), math.inf))
    with pytest.raises(ArgumentError, match="amount = 0"):
        Cap("asset", 0.0)
    with pytest.raises(ArgumentError, match="physical, asset, policy"):
        Cap("market", 1.0)
    with pytest.raises(ArgumentError, match=r"Cap the law: Capped\(law, amount\)"):
        HeadLaw("clean_up", 0.5, Lognormal(0.0, 1.0))


def test_amounts_become_cny_as_a_scaled_law_would():
    free = uncapped_laws(values(transfer={"severity_factor": 1.0, "cny_per_usd": 1.0}), constants())
    ours = uncapped_laws(values(), constants())
    factor = currency_factor(values())
    assert factor == pytest.approx(0.5 * 6.73)
    x = np.array([1.0e2, 1.0e4, 2.0e5, 1.0e6, 3.0e8])
    for head in RECORDED:
        assert ours[head][1].sf(x) == pytest.approx(Scaled(free[head][1], factor).sf(x), rel=1e-12)
    for head in ("bodily_injury", "legal_cost"):
        assert ours[head] == free[head]


def test_the_factor_of_severity_moves_recorded_heads_in_proportion_and_judged_ones_not_at_all():
    once, twice = by_head(1.0e8), by_head(2.0e8, transfer={"severity_factor": 1.0})
    for head in RECORDED:
        assert twice[head].expected() == pytest.approx(2.0 * once[head].expected(), rel=1e-10)
    judged = by_head(1.0e8, transfer={"severity_factor": 1.0})
    for head in ("bodily_injury", "legal_cost"):
        assert judged[head].expected() == once[head].expected()


def test_judged_heads_are_lognormal_with_the_median_of_their_card():
    law = by_head(1.0e12)["bodily_injury"]
    assert float(law.law.ppf(0.5)) == pytest.approx(60_000)
    # mean of a lognormal: median * exp(sigma^2 / 2)
    assert law.expected() == pytest.approx(0.05 * 60_000 * math.exp(1.9**2 / 2), rel=1e-6)


def test_recapping_equals_building_under_the_other_cap():
    laws = severity_laws(values(), constants(), Cap("policy", 1.0e6))
    other = severity_laws(values(), constants(), Cap("asset", 4.0e7))
    assert recapped(laws, Cap("asset", 4.0e7)) == other


def test_the_physical_cap_and_the_dependence_come_from_the_card():
    assert physical_cap(values()) == Cap("physical", 1.03e9)
    assert dependence_of(values()) == 0.7
    with pytest.raises(ArgumentError, match=r"dependence = 1"):
        dependence_of(values(severity={"dependence": 1.0}))


def test_an_unknown_threshold_is_refused():
    with pytest.raises(ArgumentError, match="Known: p80, p90"):
        by_head(severity={"tail_threshold": "p95"})


@settings(deadline=None, max_examples=40, derandomize=True)
@given(
    st.sampled_from(HEADS),
    st.floats(1.0e4, 1.0e9),
    st.floats(1.0e-9, 1.0),
    st.sampled_from(["p80", "p90"]),
)
def test_the_amount_exceeded_with_a_probability_is_exceeded_with_it(head, cap, beyond, threshold):
    law = by_head(cap, severity={"tail_threshold": threshold})[head]
    amount = float(law.amount(beyond))
    assert 0.0 <= amount <= cap
    if beyond >= law.share_positive:
        assert amount == 0.0
    elif amount < cap:
        assert float(law.exceeds(amount)) == pytest.approx(beyond, rel=1e-9)
    else:
        assert float(law.exceeds(np.nextafter(cap, 0.0))) >= beyond * (1 - 1e-9)


@settings(deadline=None, max_examples=25, derandomize=True)
@given(st.floats(1.0e4, 1.0e8), st.floats(1.01, 10.0))
def test_a_higher_cap_never_lowers_an_expected_loss(cap, times):
    low, high = by_head(cap), by_head(cap * times)
    for head in HEADS:
        assert low[head].expected() <= high[head].expected() <= times * low[head].expected() * (1 + 1e-12)


def test_every_head_has_a_word_in_both_languages():
    assert len(HEADS) == len(HEAD_WORDS) == len(HEAD_WORDS_ZH) == 5
