# SPDX-License-Identifier: Apache-2.0
"""Prices against closed forms: each law, distortion and layer by algebra, grids and samples by both."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from greenrisk.actuarial.aggregate.compound import CompoundDistribution
from greenrisk.actuarial.distortion.functions import (
    ConstantCostOfCapital,
    DualPower,
    ProportionalHazard,
    TailValueAtRisk,
    Wang,
)
from greenrisk.actuarial.distortion.mixture import BiTailValueAtRisk, MixtureDistortion
from greenrisk.actuarial.distortion.pricing import price, price_layer
from greenrisk.actuarial.frequency.counts import Binomial, Poisson
from greenrisk.actuarial.measures import tail_value_at_risk
from greenrisk.actuarial.severity.families import Exponential, Lognormal
from greenrisk.actuarial.severity.pareto_families import GeneralisedPareto
from greenrisk.core.errors import ArgumentError

ALL = [
    ProportionalHazard(0.6),
    Wang(0.4),
    DualPower(2.5),
    TailValueAtRisk(0.9),
    BiTailValueAtRisk(0.3, 0.95, 0.4),
    MixtureDistortion((0.5, 0.5), (Wang(0.3), TailValueAtRisk(0.8))),
]


@pytest.mark.parametrize("rho", [0.1, 0.3, 0.7, 1.0])
def test_proportional_hazard_of_an_exponential_is_its_mean_over_the_exponent(rho):
    # S^rho is the survival function of an exponential with mean theta / rho.
    priced = price(Exponential(3.0), ProportionalHazard(rho))
    assert priced.value == pytest.approx(3.0 / rho, rel=1e-12)
    assert abs(priced.value - 3.0 / rho) <= priced.numerical_error + 1e-14
    assert priced.loss_ratio == pytest.approx(rho)


@pytest.mark.parametrize("shift", [0.1, 0.5, 1.5])
def test_wang_of_a_lognormal_is_the_lognormal_moved_by_shift_deviations(shift):
    mu, sigma = 1.0, 1.5
    priced = price(Lognormal(mu, sigma), Wang(shift))
    assert priced.value == pytest.approx(math.exp(mu + shift * sigma + sigma**2 / 2), rel=1e-12)


@pytest.mark.parametrize("m", [2, 3, 5])
def test_dual_power_of_an_exponential_is_the_mean_of_the_greatest_of_m(m):
    # E[max of m exponentials] = theta (1 + 1/2 + ... + 1/m).
    expected = 3.0 * sum(1 / k for k in range(1, m + 1))
    assert price(Exponential(3.0), DualPower(m)).value == pytest.approx(expected, rel=1e-12)


def test_proportional_hazard_of_a_pareto_tail_is_finite_up_to_its_own_index():
    # GPD(xi, beta): S^rho is GPD(xi / rho, beta / rho) with mean (beta / rho) / (1 - xi / rho) = beta / (rho - xi).
    law = GeneralisedPareto(0.4, 2.0)
    assert price(law, ProportionalHazard(0.6)).value == pytest.approx(10.0, rel=1e-12)
    slow = price(law, ProportionalHazard(0.401))
    assert slow.value == pytest.approx(2000.0, rel=1e-9)
    assert abs(slow.value - 2000.0) <= slow.numerical_error
    for exponent in (0.4, 0.3):
        with pytest.raises(ArgumentError, match="too heavily for a loss without limit: price a layer"):
            price(law, ProportionalHazard(exponent))


def test_layers_of_a_pareto_under_proportional_hazard_are_those_of_another_pareto():
    # S(x) = (theta / (theta + x))^alpha: S^rho is a Pareto with shape alpha rho. Infinite mean beyond the layers.
    alpha, theta, rho = 1.2, 2000.0, 0.5
    law = GeneralisedPareto(1 / alpha, theta / alpha)

    def between(low, high, shape):
        # integral of (theta / (theta + x))^shape
        return theta / (shape - 1) * ((1 + low / theta) ** (1 - shape) - (1 + high / theta) ** (1 - shape))

    for attachment, limit in ((0, 1e4), (5e4, 5e4), (1e5, 1e6)):
        priced = price_layer(law, ProportionalHazard(rho), limit, attachment)
        assert priced.value == pytest.approx(between(attachment, attachment + limit, alpha * rho), rel=1e-11)
        assert priced.mean == pytest.approx(between(attachment, attachment + limit, alpha), rel=1e-11)
        assert priced.greatest == limit


def test_constant_cost_of_capital_earns_its_rate_on_every_layer():
    law = Lognormal(1.0, 1.5)
    for attachment in (0.0, 5.0):
        priced = price_layer(law, ConstantCostOfCapital(0.12), 10.0, attachment)
        assert priced.value == pytest.approx((priced.mean + 0.12 * 10.0) / 1.12, rel=1e-12)
        assert priced.implied_return() == pytest.approx(0.12, rel=1e-12)
    with pytest.raises(ArgumentError, match="cap the loss"):
        price(law, ConstantCostOfCapital(0.12))


def test_tail_value_at_risk_of_a_lognormal_in_closed_form():
    mu, sigma, p = 1.0, 1.5, 0.99
    expected = math.exp(mu + sigma**2 / 2) * norm.cdf(sigma - norm.ppf(p)) / (1 - p)
    assert price(Lognormal(mu, sigma), TailValueAtRisk(p)).value == pytest.approx(expected, rel=1e-12)


def test_a_sample_of_four_outcomes_by_hand():
    # 0, 1, 3, 3 with a quarter each: S = 3/4 below 1, 1/2 below 3. Dual power 2: 15/16 * 1 + 3/4 * 2.
    priced = price([0.0, 1.0, 3.0, 3.0], DualPower(2.0))
    assert priced.value == pytest.approx(15 / 16 + 3 / 2)
    assert priced.mean == pytest.approx(7 / 4)
    assert priced.greatest == 3
    assert priced.risk_load == pytest.approx(11 / 16)
    assert priced.loss_ratio == pytest.approx((7 / 4) / (39 / 16))
    # the layer 1 xs 1 costs the part of the integral above 1 and below 2
    assert price_layer([0.0, 1.0, 3.0, 3.0], DualPower(2.0), 1.0, 1.0).value == pytest.approx(3 / 4)


def test_outcomes_with_probabilities_by_hand():
    # 0 (0.5), 10 (0.3), 30 (0.2): S = 0.5, 0.2. PH 0.5: sqrt(0.5) * 10 + sqrt(0.2) * 20.
    priced = price([30.0, 0.0, 10.0], ProportionalHazard(0.5), weights=[0.2, 0.5, 0.3])
    assert priced.value == pytest.approx(math.sqrt(0.5) * 10 + math.sqrt(0.2) * 20)
    # constant cost of capital r on a bounded law: (mean + r max) / (1 + r)
    capped = price([30.0, 0.0, 10.0], ConstantCostOfCapital(0.1), weights=[0.2, 0.5, 0.3])
    assert capped.value == pytest.approx((9 + 0.1 * 30) / 1.1)
    assert capped.implied_return() == pytest.approx(0.1)


def test_gains_lower_a_price_by_their_own_weight():
    # -2 or 4, even odds, TVaR at 0.25: the worst two thirds of the rest: (4 * 0.5 - 2 * 0.25) / 0.75.
    assert price([-2.0, 4.0], TailValueAtRisk(0.25)).value == pytest.approx(2.0)


@pytest.mark.parametrize("level", [0.5, 0.9, 0.99])
def test_tail_value_at_risk_of_a_sample_is_the_measure_of_it_with_the_same_error(level):
    x = np.random.default_rng(20_250_201).gamma(0.5, size=2000) * 10
    priced, measured = price(x, TailValueAtRisk(level)), tail_value_at_risk(x, level)
    assert priced.value == pytest.approx(measured.value, rel=1e-12)
    assert priced.standard_error == pytest.approx(measured.standard_error, rel=1e-9)


@pytest.mark.parametrize("distortion", ALL, ids=repr)
def test_standard_errors_are_those_seen_over_many_samples(distortion):
    # 400 samples of 2,000 gamma years; the spread over samples is known to 1 / sqrt(800) = 3.5 %.
    samples = np.random.default_rng(20_250_202).gamma(0.7, size=(400, 2000))
    priced = [price(x, distortion) for x in samples]
    seen = np.std([p.value for p in priced], ddof=1)
    assert np.mean([p.standard_error for p in priced]) == pytest.approx(seen, rel=4 / math.sqrt(800))


@pytest.mark.parametrize("distortion", ALL, ids=repr)
def test_a_sample_meets_the_price_of_its_law_within_its_error(distortion):
    x = np.random.default_rng(20_250_203).exponential(3.0, 200_000)
    sampled, exact = price(x, distortion), price(Exponential(3.0), distortion)
    # the weight of the tail beyond the sample is missing: at most the integral of g(S) above the level 1 - 1/n
    beyond = price_layer(Exponential(3.0), distortion, math.inf, 3.0 * math.log(x.size)).value
    assert abs(sampled.value - exact.value) < 4 * sampled.standard_error + beyond


def test_weighted_years_that_repeat_give_the_price_and_error_of_the_repeated_years():
    x, w = np.array([1.0, 4.0, 2.0, 9.0]), np.array([3, 1, 4, 2])
    for distortion in ALL:
        once, again = price(x, distortion, weights=w), price(np.repeat(x, w), distortion)
        assert once.value == pytest.approx(again.value, rel=1e-12)


def test_standard_errors_of_weighted_years_are_those_seen_over_many_samples():
    rng = np.random.default_rng(20_250_204)
    priced = [
        price(x, Wang(0.5), weights=np.exp(0.5 * x))
        for x in rng.exponential(1.0, (400, 3000)) / 3.0  # tilted to a mean of 1 / (3 - 0.5)
    ]
    seen = np.std([p.value for p in priced], ddof=1)
    assert np.mean([p.standard_error for p in priced]) == pytest.approx(seen, rel=4 / math.sqrt(800))


def test_a_sample_does_not_tell_the_greatest_loss():
    x = np.random.default_rng(20_250_205).uniform(0.0, 10.0, 1000)
    blind = price(x, ConstantCostOfCapital(0.2))
    assert blind.standard_error == math.inf
    known = price(x, ConstantCostOfCapital(0.2), greatest=10.0)
    assert known.value == pytest.approx((x.mean() + 0.2 * 10.0) / 1.2)
    assert known.standard_error == pytest.approx(x.std(ddof=1) / math.sqrt(1000) / 1.2)
    # within a layer below the greatest outcome nothing is unknown
    assert math.isfinite(price_layer(x, ConstantCostOfCapital(0.2), 5.0).standard_error)
    assert price([7.0], TailValueAtRisk(0.5)).standard_error == math.inf


compounds = [
    (CompoundDistribution(Poisson(10.0), Lognormal.from_mean_cv(50_000.0, 3.0)), {}),
    (CompoundDistribution(Poisson(3.0), Lognormal.from_mean_cv(50_000.0, 3.0).layer(1e6, 1e5)), {}),
    (CompoundDistribution(Poisson(2.0), Exponential(3.0)), {"annual_limit": 20.0, "annual_attachment": 1.5}),
    (CompoundDistribution(Binomial(5, 0.3), Exponential(3.0)), {}),
]


@pytest.mark.parametrize(("compound", "terms"), compounds)
@pytest.mark.parametrize("distortion", ALL, ids=repr)
def test_the_stated_error_of_an_aggregate_price_covers_a_finer_and_longer_grid(compound, terms, distortion):
    plain = price(compound.aggregate(rtol=1e-5, top_level=0.999, **terms), distortion)
    better = price(compound.aggregate(rtol=1e-8, top_level=1 - 1e-9, **terms), distortion)
    assert abs(plain.value - better.value) <= plain.numerical_error + better.numerical_error
    assert better.numerical_error < 1e-4 * better.value
    assert plain.value >= plain.mean


@pytest.mark.parametrize(("compound", "terms"), compounds)
@pytest.mark.parametrize("level", [0.9, 0.99, 0.999])
def test_the_distortion_of_the_tail_is_the_tail_value_at_risk_of_the_aggregate(compound, terms, level):
    loss = compound.aggregate(**terms)
    measured, priced = loss.tail_value_at_risk(level), price(loss, TailValueAtRisk(level))
    assert priced.value == pytest.approx(measured.value, rel=1e-9)
    assert priced.mean == pytest.approx(loss.mean(), rel=1e-12)


@pytest.mark.parametrize(("compound", "terms"), compounds)
def test_without_distortion_a_price_is_the_mean(compound, terms):
    loss = compound.aggregate(**terms)
    assert price(loss, ProportionalHazard(1.0)).value == pytest.approx(loss.mean(), rel=1e-11)


def test_an_aggregate_of_one_certain_loss_has_the_price_of_that_loss():
    # Binomial(1, 0.3): S = 0.3 exp(-x / 3). PH 0.5: sqrt(0.3) * 6; dual power 2: 2 * 0.3 * 3 - 0.09 * 1.5.
    loss = CompoundDistribution(Binomial(1, 0.3), Exponential(3.0)).aggregate(rtol=1e-8, top_level=1 - 1e-9)
    for distortion, expected in (
        (ProportionalHazard(0.5), math.sqrt(0.3) * 6.0),
        (DualPower(2.0), 2 * 0.3 * 3.0 - 0.09 * 1.5),
    ):
        priced = price(loss, distortion)
        assert abs(priced.value - expected) <= priced.numerical_error
        assert priced.value == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize("index", [0.1, 0.3, 0.45])
@pytest.mark.parametrize("chance", [0.3, 1.0])
def test_the_stated_error_covers_what_lies_beyond_every_grid(index, chance):
    # Binomial(1, q) of GPD(xi, 2): S^rho has the integral q^rho * 2 / (rho - xi), much of it beyond any grid.
    loss = CompoundDistribution(Binomial(1, chance), GeneralisedPareto(index, 2.0)).aggregate()
    priced, exact = price(loss, ProportionalHazard(0.5)), math.sqrt(chance) * 2.0 / (0.5 - index)
    assert abs(priced.value - exact) <= priced.numerical_error
    assert priced.value == pytest.approx(exact, rel=1e-5)


@pytest.mark.parametrize("seed", range(8))
def test_prices_of_random_compounds_agree_on_two_grids_within_their_stated_errors(seed):
    rng = np.random.default_rng(20_250_207 + seed)
    counts = [Poisson(rng.uniform(0.1, 30.0)), Binomial(int(rng.integers(1, 20)), rng.uniform(0.05, 0.9))]
    severities = [
        Lognormal.from_mean_cv(10.0, rng.uniform(0.3, 4.0)),
        GeneralisedPareto(rng.uniform(0.05, 0.4), 5.0),
    ]
    severity = severities[seed % 2]
    if seed % 3 == 0:
        severity = severity.layer(rng.uniform(5.0, 60.0), rng.uniform(0.0, 10.0))
    terms = {"annual_limit": rng.uniform(20.0, 400.0), "annual_attachment": rng.uniform(0.0, 50.0)}
    compound = CompoundDistribution(counts[seed // 2 % 2], severity)
    terms = terms if seed % 4 == 1 else {}
    plain = compound.aggregate(1e-4, **terms)
    better = compound.aggregate(1e-10, top_level=1 - 1e-9, largest_grid=2**15, **terms)
    for distortion in ALL:
        one, other = price(plain, distortion), price(better, distortion)
        assert abs(one.value - other.value) <= one.numerical_error + other.numerical_error, distortion


def test_a_sampled_year_meets_the_price_of_the_aggregate():
    rng = np.random.default_rng(20_250_206)
    counts = rng.poisson(2.0, 200_000)
    years = rng.gamma(np.maximum(counts, 1), 3.0) * (counts > 0)
    loss = CompoundDistribution(Poisson(2.0), Exponential(3.0)).aggregate()
    for distortion in (Wang(0.3), DualPower(2.0), TailValueAtRisk(0.95)):
        sampled, exact = price(years, distortion), price(loss, distortion)
        assert abs(sampled.value - exact.value) < 4 * sampled.standard_error + exact.numerical_error


@pytest.mark.parametrize("distortion", ALL, ids=repr)
def test_adjoining_layers_of_an_aggregate_add_up(distortion):
    loss = CompoundDistribution(Poisson(2.0), Exponential(3.0)).aggregate(top_level=1 - 1e-9)
    cuts = [0.0, 2.5, 7.77, 19.1, 40.0]
    layers = [price_layer(loss, distortion, b - a, a).value for a, b in itertools.pairwise(cuts)]
    rest = price_layer(loss, distortion, math.inf, cuts[-1])
    whole = price(loss, distortion)
    assert sum(layers) + rest.value == pytest.approx(whole.value, rel=1e-9)
    # the law of the layer, read off the same grid, has the price of the slice
    own = price(loss.layer(cuts[2] - cuts[1], cuts[1]), distortion)
    assert own.value == pytest.approx(layers[1], rel=1e-7)


samples = st.lists(st.floats(0.0, 1e6), min_size=1, max_size=30)


@settings(max_examples=50, deadline=None, derandomize=True)
@given(samples, samples, st.sampled_from([*ALL, ConstantCostOfCapital(0.3)]), st.floats(0.1, 10.0))
def test_a_price_is_coherent(one, other, distortion, factor):
    n = min(len(one), len(other))
    x, y = np.array(one[:n]), np.array(other[:n])
    slack = 1e-9 * (x.max() + y.max() + 1.0)
    of_x, of_y = price(x, distortion).value, price(y, distortion).value
    assert x.mean() - slack <= of_x <= x.max() + slack
    assert price(x + y, distortion).value <= of_x + of_y + slack
    assert price(factor * x + 5.0, distortion).value == pytest.approx(factor * of_x + 5.0, abs=10 * slack)
    assert price(np.maximum(x, y), distortion).value >= of_x - slack


@settings(max_examples=50, deadline=None, derandomize=True)
@given(samples, st.sampled_from([*ALL, ConstantCostOfCapital(0.3)]), st.floats(0.0, 1e6), st.floats(1.0, 1e6))
def test_layers_of_a_sample_add_up_to_its_price(x, distortion, attachment, limit):
    parts = [
        price_layer(x, distortion, limit, attachment).value,
        price_layer(x, distortion, math.inf, attachment + limit).value,
    ]
    if attachment > 0:
        parts.append(price_layer(x, distortion, attachment).value)
    assert sum(parts) == pytest.approx(price(x, distortion).value, rel=1e-9, abs=1e-6)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: price([1.0, np.nan], Wang(0.1)), "loss  loss"),
        (lambda: price([], Wang(0.1)), "loss  loss"),
        (lambda: price([1.0, 2.0], Wang(0.1), weights=[1.0]), "weights"),
        (lambda: price([1.0, 2.0], Wang(0.1), weights=[1.0, -1.0]), "weights"),
        (lambda: price(Exponential(1.0), Wang(0.1), weights=[1.0]), "Only a sample has weights"),
        (lambda: price(Exponential(1.0), Wang(0.1), greatest=3.0), "A law knows its greatest loss"),
        (lambda: price([1.0, 2.0], Wang(0.1), greatest=1.5), "greatest = 1.5"),
        (lambda: price_layer([1.0], Wang(0.1), 0.0), "limit = 0"),
        (lambda: price_layer([1.0], Wang(0.1), 1.0, -1.0), "attachment = -1"),
        (lambda: price(GeneralisedPareto(1.0, 1.0), Wang(0.1)), "mean inf"),
        (lambda: price([0.0, 0.0], Wang(0.1)).loss_ratio, "needs a loss that can happen"),
        (lambda: price([0.0, 4.0], Wang(0.1)).implied_return(1.0), "must exceed the price"),
        (lambda: price(Exponential(1.0), Wang(0.1)).implied_return(), "The loss has no limit"),
    ],
)
def test_bad_input_is_refused_by_name(make, message):
    with pytest.raises(ArgumentError, match=message):
        make()


def test_a_price_prints_in_one_line_and_is_a_number_where_one_is_asked_for():
    found = price(np.array([0.0, 100_000.0]), TailValueAtRisk(0.5))
    assert float(found) == found.value == 100_000.0
    assert repr(found).startswith("Priced(100,000 ± ")
    assert repr(found).endswith("mean 50,000, risk load 50,000, loss ratio 50.0%)")
    assert "loss ratio" not in repr(price(np.zeros(2), TailValueAtRisk(0.5)))


def test_a_gain_is_priced_as_a_result_like_any_other():
    # moved by 10 the results are losses, and a price moves with them
    net = np.array([6.0, -5.0, 2.0, -1.0])
    for distortion in (Wang(0.3), TailValueAtRisk(0.5)):
        assert price(net, distortion).value == pytest.approx(
            price(net + 10.0, distortion).value - 10.0, rel=1e-14
        )
    assert price([1.0, -2.0], TailValueAtRisk(0.5)).value == 1.0
