# SPDX-License-Identifier: Apache-2.0
"""What a zone's own history says of common numbers, against integrals, closed forms and simulated histories."""

import math

import numpy as np
import pytest
from scipy import integrate, stats
from shipped_frequency import cards, exposure, values

from greenrisk.core.cards import read_card
from greenrisk.core.errors import ArgumentError
from greenrisk.core.library import library_root
from greenrisk.pollution.accidents.own_history import (
    Belief,
    Beliefs,
    Seen,
    as_far_out,
    belief_of,
    count_law,
    learn,
)
from greenrisk.pollution.accidents.rates import plant_rates

PRIOR = Belief(1.0, 0.73, 0.73)
SEEN = Seen(np.array([2.0, 0.0, 1.0, 0.0]), np.array([0.3, 0.9, 0.1, 0.0]), 0.8)


def weight(t: float, prior: Belief = PRIOR, seen: Seen = SEEN) -> float:
    """Return prior density times the probability of the counts, by the laws of scipy."""
    mean = t * seen.expected
    on = mean > 0
    counts = stats.nbinom.pmf(seen.counts[on], seen.shape, seen.shape / (seen.shape + mean[on]))
    return float(stats.lognorm.pdf(t, prior.above, scale=prior.median) * counts.prod())


def integral(function, low: float = 0.0) -> float:
    """Return an integral over the factor, on its logarithm."""
    start = -12.0 if low <= 0.0 else math.log(low)
    return integrate.quad(lambda x: function(math.exp(x)) * math.exp(x), start, 8.0, limit=400, epsrel=1e-10)[
        0
    ]


@pytest.mark.parametrize("value", [0.3, 0.8, 1.0, 1.7, 3.3])
def test_a_draw_keeps_its_rank_in_the_law_after_the_counts(value: float):
    learned = learn(PRIOR, SEEN)
    assert learned is not None
    moved = learned.moved(value)
    beyond = integral(weight, moved) / integral(weight)
    assert beyond == pytest.approx(stats.lognorm.sf(value, 0.73), abs=2e-4)


def test_the_law_after_the_counts_is_that_of_simulated_zones_with_those_counts():
    """Factors of the prior, plants of the gamma law, Poisson counts; only the zones with the counts seen are kept."""
    rng = np.random.default_rng(4)
    seen = Seen(np.array([1.0, 0.0]), np.array([0.5, 0.8]), 1.0)
    t = np.exp(0.73 * rng.standard_normal(2_000_000))
    plants = rng.gamma(1.0, 1.0, (2, t.size))
    kept = t[(rng.poisson(t * seen.expected[:, None] * plants) == seen.counts[:, None]).all(axis=0)]
    learned = learn(PRIOR, seen)
    assert learned is not None
    for level in (0.05, 0.25, 0.5, 0.75, 0.95):
        error = math.sqrt(level * (1 - level) / kept.size)
        assert np.mean(kept < learned.quantile(level)) == pytest.approx(level, abs=4 * error)


def test_both_steps_together_are_the_posterior_of_the_hierarchy():
    """Rate of the first plant: mean over ranks of (a + n) / (a / (t m) + T); the integral over factor and plant."""
    learned = learn(PRIOR, SEEN)
    assert learned is not None
    a, n, years = SEEN.shape, SEEN.counts[0], 10.0
    m = SEEN.expected[0] / years
    ranks = (np.arange(4000) + 0.5) / 4000
    ours = np.mean([(a + n) / (a / (learned.quantile(u) * m) + years) for u in ranks])

    def with_plant(t: float) -> float:
        """Return the prior and other plants' weight times the integral of rate times its own likelihood."""
        others = Seen(SEEN.counts[1:], SEEN.expected[1:], a)

        def own(g: float) -> float:
            return t * m * g * stats.poisson.pmf(n, t * m * g * years) * stats.gamma.pdf(g, a, scale=1 / a)

        return weight(t, PRIOR, others) * integrate.quad(own, 0.0, 60.0, limit=200)[0]

    theirs = integral(with_plant) / integral(weight)
    assert ours == pytest.approx(theirs, rel=1e-3)


def test_without_observed_plants_or_without_a_lognormal_range_nothing_is_learned():
    silent = Seen(np.zeros(2), np.zeros(2), 1.0)
    assert learn(PRIOR, silent) is None
    assert learn(None, SEEN) is None
    assert learn(Belief(1.0, 0.0, 0.5), SEEN) is None


def test_expectations_met_hardly_move_and_a_long_history_replaces_the_card():
    many = Seen(np.full(2000, 2.0), np.full(2000, 1.0), 1e6)
    learned = learn(PRIOR, many)
    assert learned is not None
    # 4,000 Poisson counts of 2,000 expected: 2 with a standard error of 2 / sqrt(4000)
    assert learned.quantile(0.5) == pytest.approx(2.0, rel=2e-3)
    width = math.log(learned.quantile(0.95) / learned.quantile(0.05)) / 3.29
    assert width == pytest.approx(1 / math.sqrt(4000), rel=0.02)


def test_more_accidents_move_the_factor_up_and_fewer_down():
    at = [
        learn(PRIOR, Seen(np.array([n]), np.array([3.0]), 1.0)).quantile(0.5)  # type: ignore[union-attr]
        for n in (0.0, 1.0, 3.0, 6.0, 12.0)
    ]
    assert at == sorted(at)
    assert at[0] < 1.0 < at[-1]


def test_a_lopsided_range_keeps_its_ends_and_its_median():
    belief = Belief(2.0, 0.4, 0.9)
    for score in (-1.6448536, 0.0, 1.6448536):
        value = float(belief.value(np.array([score]))[0])
        assert belief.score(value) == pytest.approx(score, abs=1e-12)
    assert float(belief.value(np.array([-1.0]))[0]) == pytest.approx(2.0 * math.exp(-0.4))
    assert float(belief.value(np.array([1.0]))[0]) == pytest.approx(2.0 * math.exp(0.9))


def test_the_belief_is_the_law_that_the_draws_of_the_card_follow():
    card = cards()["accidents"]
    for name in ("rate_per_vehicle_km", "plant_shape"):
        belief = belief_of(card, name)
        assert belief is not None
        for level in (0.02, 0.05, 0.5, 0.9, 0.95):
            drawn = float(card.parameters[name].quantile(level))
            assert drawn == pytest.approx(float(belief.value(stats.norm.ppf([level]))[0]), rel=1e-9)
    assert belief_of(card, "spread_activity") is None  # uniform


def test_the_count_of_a_zone_is_the_convolution_of_its_plants():
    expected, shape = np.array([0.1, 0.4, 0.0, 2.0]), 0.7
    law = np.array([1.0])
    for mean in (0.1, 0.4, 2.0):
        law = np.convolve(law, stats.nbinom.pmf(np.arange(60), shape, shape / (shape + mean)))
    np.testing.assert_allclose(count_law(expected, shape, 12), law[:13], rtol=1e-10)
    np.testing.assert_allclose(
        count_law(expected, math.inf, 12), stats.poisson.pmf(np.arange(13), 2.5), rtol=1e-10
    )


def test_a_zone_of_thousands_of_plants_has_a_count_all_the_same():
    """5,000 equal plants of shape 1: negative binomial of shape 5,000; P(0) = 1.2^-5000 is below any number."""
    law = count_law(np.full(5000, 0.2), 1.0, 1100)
    np.testing.assert_allclose(law[1000:], stats.nbinom.pmf(np.arange(1000, 1101), 5000, 1 / 1.2), rtol=1e-9)


@pytest.mark.parametrize(("observed", "shape"), [(12, 1.0), (0, 1.0), (2, 0.5)])
def test_the_probability_of_a_count_as_far_out_is_that_of_a_negative_binomial(observed: int, shape: float):
    """Ten equal plants of mean 0.3: negative binomial of ten times the shape."""
    expected = np.full(10, 0.3)
    law = stats.nbinom(10 * shape, shape / (shape + 0.3))
    tail = law.sf(observed - 1) if observed > 3 else law.cdf(observed)
    assert as_far_out(expected, shape, observed) == pytest.approx(tail, rel=1e-9)

    def at(x: float) -> float:
        there = stats.nbinom(10 * shape, shape / (shape + 0.3 * math.exp(x)))
        chance = there.sf(observed - 1) if observed > 3 else there.cdf(observed)
        return float(chance * stats.norm.pdf(x, scale=0.73))

    in_doubt = integrate.quad(at, -6, 6)[0]
    assert as_far_out(expected, shape, observed, PRIOR) == pytest.approx(in_doubt, rel=1e-4)


def test_rates_of_a_zone_take_the_factor_after_its_history_and_then_each_plants_years():
    transfer = read_card(library_root() / "models" / "zone-transfer-china-judged.yaml")
    beliefs = Beliefs.of({"transfer": transfer, "accidents": cards()["accidents"]})
    before = plant_rates(exposure(), values(), 1.0)
    rates = plant_rates(exposure(), values(), 1.0, beliefs=beliefs)
    assert rates.transfer_before == before.transfer == 1.0
    learned = learn(
        beliefs.frequency_factor, Seen(exposure().accidents, before.prior * exposure().years, 1.0)
    )
    assert learned is not None
    assert rates.transfer == pytest.approx(learned.quantile(0.5), rel=1e-9)
    np.testing.assert_allclose(rates.prior, rates.transfer * before.prior, rtol=1e-12)
    n, years = exposure().accidents, exposure().years
    np.testing.assert_allclose(rates.posterior, (1 + n) / (1 / rates.prior + years), rtol=1e-12)
    km = exposure().km
    road = learn(
        beliefs.rate_per_vehicle_km, Seen(exposure().road_accidents, km * exposure().road_years, 1.0)
    )
    assert road is not None
    assert rates.per_km == pytest.approx(road.quantile(0.5), rel=1e-9)
    np.testing.assert_allclose(rates.transport_prior, rates.per_km * km, rtol=1e-12)
    # the factor of transfer does not stand on the road
    other = plant_rates(exposure(), values(), 3.0, beliefs=beliefs)
    np.testing.assert_array_equal(other.transport, rates.transport)
    assert other.transfer > rates.transfer


def test_a_shape_that_is_not_above_zero_is_refused():
    with pytest.raises(ArgumentError, match="shape"):
        Seen(np.zeros(1), np.ones(1), 0.0)
    with pytest.raises(ArgumentError, match="median"):
        Belief(0.0, 1.0, 1.0)


def test_ranks_draw_each_plants_rate_from_its_gamma_law_after_its_own_years():
    ranks = np.random.default_rng(2).random((2, 34))
    mean, drawn = plant_rates(exposure(), values()), plant_rates(exposure(), values(), ranks=ranks)
    n, years = exposure().accidents, exposure().years
    law = stats.gamma(1.0 + n, scale=1.0 / (1.0 / mean.prior + years))
    np.testing.assert_allclose(drawn.posterior, law.ppf(ranks[0]), rtol=1e-9)
    np.testing.assert_allclose(law.mean(), mean.posterior, rtol=1e-12)
    has = mean.transport_prior > 0
    worth = 1.0 / mean.transport_prior[has] + exposure().road_years[has]
    road = stats.gamma(1.0 + exposure().road_accidents[has], scale=1.0 / worth)
    np.testing.assert_allclose(drawn.transport[has], road.ppf(ranks[1][has]), rtol=1e-9)
    assert not drawn.transport[~has].any()


def test_draws_of_factor_and_plants_have_the_law_of_simulated_zones_with_those_counts():
    """The zone's rate: a factor at its rank, then plants gamma of shape a + n, against zones kept for their counts."""
    rng = np.random.default_rng(8)
    seen, years = Seen(np.array([1.0, 0.0]), np.array([0.5, 0.8]), 1.0), 10.0
    t = np.exp(0.73 * rng.standard_normal(2_000_000))
    rate = t * seen.expected[:, None] / years * rng.gamma(1.0, 1.0, (2, t.size))
    kept = (rng.poisson(rate * years) == seen.counts[:, None]).all(axis=0)
    truth = rate[:, kept].sum(axis=0)
    learned = learn(PRIOR, seen)
    assert learned is not None
    factor = np.array([learned.quantile(u) for u in rng.random(40_000)])
    worth = 1.0 / np.multiply.outer(factor, seen.expected / years) + years
    drawn = (rng.gamma(1.0 + seen.counts, 1.0, worth.shape) / worth).sum(axis=1)
    for level in (0.05, 0.5, 0.95):
        error = math.sqrt(level * (1 - level) * (1 / truth.size + 1 / drawn.size))
        assert np.mean(truth < np.quantile(drawn, level)) == pytest.approx(level, abs=4 * error)
