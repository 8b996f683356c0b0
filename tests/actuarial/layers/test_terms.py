# SPDX-License-Identifier: Apache-2.0
"""Terms of one loss: payments by hand, expected payments by closed form and by quadrature of the payment."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from greenrisk.actuarial.layers.terms import Deductible, DisappearingDeductible, Franchise, LossTerms
from greenrisk.actuarial.severity.families import Exponential, Lognormal
from greenrisk.actuarial.severity.pareto_families import Pareto
from greenrisk.core.errors import ArgumentError

LOSSES = [0.0, 10.0, 11.0, 15.0, 20.0, 100.0]


def test_a_deductible_is_borne_from_every_loss():
    assert LossTerms(Deductible(10)).pay(LOSSES).tolist() == [0, 0, 1, 5, 10, 90]


def test_a_franchise_pays_the_whole_loss_once_it_is_exceeded():
    assert LossTerms(Franchise(10)).pay(LOSSES).tolist() == [0, 0, 11, 15, 20, 100]


def test_a_disappearing_deductible_shrinks_to_nothing():
    # From 10, gone at 20: 20 / (20 - 10) = 2 for each unit between; 11 pays 2, 15 pays 10, 20 pays all.
    assert LossTerms(DisappearingDeductible(10, 20)).pay(LOSSES).tolist() == [0, 0, 2, 10, 20, 100]


def test_the_limit_caps_the_claim_and_the_share_comes_last():
    # Claims 0, 0, 1, 5, 10, 90; at most 50; 80 % of it.
    assert LossTerms(Deductible(10), 50, 0.8).pay(LOSSES).tolist() == pytest.approx([0, 0, 0.8, 4, 8, 40])


def test_without_terms_everything_is_paid():
    assert LossTerms().pay(LOSSES).tolist() == LOSSES


def test_expected_payments_of_an_exponential_loss_by_hand():
    # Mean 100, S(x) = exp(-x / 100), and memoryless: what exceeds d is again exponential.
    law, d = Exponential(100.0), 30.0
    s = math.exp(-d / 100)
    assert LossTerms(Deductible(d)).expected_payment(law) == pytest.approx(100 * s, rel=1e-13)
    assert LossTerms(Franchise(d)).expected_payment(law) == pytest.approx((100 + d) * s, rel=1e-13)
    limited = 100 * s * (1 - math.exp(-2))
    assert LossTerms(Deductible(d), 200, 0.5).expected_payment(law) == pytest.approx(limited / 2, rel=1e-13)
    assert LossTerms(Franchise(d), 20).expected_payment(law) == pytest.approx(20 * s, rel=1e-13)
    assert LossTerms(Deductible(d)).probability_of_payment(law) == pytest.approx(s, rel=1e-13)


rules = st.one_of(
    st.builds(Deductible, st.floats(0, 100)),
    st.builds(Franchise, st.floats(0, 100)),
    st.tuples(st.floats(0, 100), st.floats(1, 100)).map(lambda p: DisappearingDeductible(p[0], p[0] + p[1])),
)
terms = st.builds(LossTerms, rules, st.floats(1, 500) | st.just(math.inf), st.floats(0.1, 1))


@settings(deadline=None, max_examples=50, derandomize=True)
@given(terms)
def test_expected_payments_are_the_integral_of_the_payment_over_the_density(contract):
    law, scipy_law = Lognormal(4.0, 0.7), stats.lognorm(0.7, scale=math.exp(4.0))
    rule = contract.deductible
    breaks = [
        rule.threshold,
        getattr(rule, "gone", rule.threshold),
        contract.limit,
        rule.threshold + contract.limit,
    ]
    if isinstance(rule, DisappearingDeductible):
        breaks.append(rule.amount + contract.limit * (rule.gone - rule.amount) / rule.gone)
    ends = sorted({0.0, *(b for b in breaks if 0 < b < 5000), *(100.0 * i for i in range(1, 11)), 5000.0})
    expected = sum(
        integrate.quad(lambda x: float(contract.pay(x)) * scipy_law.pdf(x), a, b, epsabs=0, epsrel=1e-11)[0]
        for a, b in pairwise(ends)
    )
    # P(X > 5000) = Q((ln 5000 - 4) / 0.7) = 6e-11, beyond which the integral is cut.
    assert contract.expected_payment(law) == pytest.approx(expected, rel=1e-7)


@settings(deadline=None, max_examples=50, derandomize=True)
@given(terms, st.lists(st.floats(0, 1e6), min_size=1, max_size=20))
def test_no_payment_exceeds_loss_or_limit_or_falls_as_the_loss_grows(contract, losses):
    x = np.sort(losses)
    paid = contract.pay(x)
    assert (paid >= 0).all()
    assert (paid <= contract.share * np.minimum(x, contract.limit)).all()
    assert (np.diff(paid) >= 0).all()


@settings(deadline=None, max_examples=50, derandomize=True)
@given(st.floats(0, 100), st.floats(0, 50), st.lists(st.floats(0, 1e3), min_size=1, max_size=20))
def test_a_higher_deductible_never_pays_more_and_a_franchise_never_less_than_a_deductible(d, rise, losses):
    low, high = (LossTerms(Deductible(d + more)).pay(losses) for more in (0, rise))
    assert (high <= low).all()
    assert (LossTerms(Franchise(d)).pay(losses) >= low).all()


def test_an_infinite_mean_asks_for_a_cap():
    with pytest.raises(ArgumentError, match=r"cap the loss with `\.layer\(limit\)`"):
        LossTerms(Deductible(10)).expected_payment(Pareto(0.9, 1.0))
    assert LossTerms(Deductible(10), 100).expected_payment(Pareto(0.9, 1.0)) > 0


@pytest.mark.parametrize(
    ("call", "where"),
    [
        (lambda: Deductible(-1), ["amount"]),
        (lambda: Franchise(math.nan), ["amount"]),
        (lambda: DisappearingDeductible(10, 10), ["gone"]),
        (lambda: DisappearingDeductible(-1, -1), ["amount", "gone"]),
        (lambda: LossTerms(limit=0, share=2), ["limit", "share"]),
        (lambda: LossTerms().pay([1.0, -1.0]), ["losses"]),
        (lambda: LossTerms().pay([math.nan]), ["losses"]),
    ],
)
def test_senseless_terms_of_a_loss_are_refused_by_name(call, where):
    with pytest.raises(ArgumentError) as caught:
        call()
    assert [fault.where for fault in caught.value.faults] == where
