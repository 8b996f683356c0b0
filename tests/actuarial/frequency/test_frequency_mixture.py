# SPDX-License-Identifier: Apache-2.0
"""Mixtures of laws of the number of losses, against scipy, brute-force integrals and other laws of the package."""

import math

import numpy as np
import pytest
from scipy import integrate, stats

from greenrisk.actuarial.frequency.counts import Binomial, NegativeBinomial, Poisson
from greenrisk.actuarial.frequency.law import Frequency
from greenrisk.actuarial.frequency.mixed import MixedPoisson
from greenrisk.actuarial.frequency.mixture import FrequencyMixture
from greenrisk.actuarial.severity.empirical import Discrete
from greenrisk.actuarial.severity.families import Lognormal
from greenrisk.core.errors import ArgumentError

COUNTS = np.arange(400)
DISC = np.array([0.0, 1.0, -1.0, 0.3 + 0.4j, np.exp(2.0j), 0.999])
TWO = FrequencyMixture((0.6, 0.4), (Poisson(1.0), Poisson(4.0)))


def negative_binomials(mean: float, sd: float, dispersion: float) -> FrequencyMixture:
    return FrequencyMixture.over_normal(
        lambda score: NegativeBinomial.from_mean_dispersion(mean * math.exp(sd * score), dispersion)
    )


def test_two_kinds_of_years_have_the_weighted_probabilities_of_scipy() -> None:
    expected = 0.6 * stats.poisson.pmf(COUNTS, 1.0) + 0.4 * stats.poisson.pmf(COUNTS, 4.0)
    np.testing.assert_allclose(TWO.pmf(COUNTS), expected, rtol=1e-11, atol=1e-300)
    # mean 2.2; variance = mean of the variances 2.2 + variance of the means 0.24 * 9
    assert TWO.cumulants() == pytest.approx((2.2, 2.2 + 2.16, 2.2 + 3 * 2.16 + 0.24 * 27 * (0.6 - 0.4)))


def test_kinds_that_are_poisson_make_the_mixed_poisson_law_of_their_means() -> None:
    other = MixedPoisson(2.2, Discrete([1.0, 4.0], [0.6, 0.4]))
    np.testing.assert_allclose(TWO.pgf(DISC), other.pgf(DISC), rtol=0, atol=1e-15)
    np.testing.assert_allclose(TWO.scale(2.5).pgf(DISC), other.scale(2.5).pgf(DISC), rtol=0, atol=1e-15)
    assert TWO.probability_of_any(1e-12) == pytest.approx(2.2e-12, rel=1e-9)


def test_a_poisson_mean_that_is_lognormal_agrees_with_the_mixed_poisson_law() -> None:
    law = FrequencyMixture.over_normal(lambda score: Poisson(3.0 * math.exp(0.5 * score - 0.125)))
    other = MixedPoisson(3.0, Lognormal.from_mean_cv(1.0, math.sqrt(math.expm1(0.25))))
    np.testing.assert_allclose(law.pgf(DISC), other.pgf(DISC), rtol=0, atol=1e-12)
    np.testing.assert_allclose(law.cumulants(), other.cumulants(), rtol=1e-11)


@pytest.mark.parametrize("sd", [0.05, 0.35, 1.0])
@pytest.mark.parametrize("count", [0, 1, 5, 40])
def test_a_negative_binomial_law_over_scores_is_its_brute_force_integral(sd: float, count: int) -> None:
    law = negative_binomials(2.0, sd, 0.3)

    def weighted(score: float) -> float:
        mean = 2.0 * math.exp(sd * score)
        given = float(stats.nbinom.pmf(count, 1 / 0.3, 1 / (1 + 0.3 * mean)))
        return given * math.exp(-score * score / 2) / math.sqrt(2 * math.pi)

    expected, _ = integrate.quad(weighted, -12, 12, limit=400, epsabs=0, epsrel=1e-11)
    assert float(law.pmf(count)) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("sd", [0.0, 0.35, 1.0, 2.0])
def test_moments_over_scores_are_those_of_lognormal_means(sd: float) -> None:
    # E[M^k] = 5^k exp(k^2 sd^2 / 2); given M: M, M + a M^2, M + 3 a M^2 + 2 a^2 M^3
    a = 0.2
    one, two, three = (5.0**k * math.exp(k * k * sd * sd / 2) for k in (1, 2, 3))
    second = one + (1 + a) * two
    third = one + 3 * (1 + a) * two + (1 + 3 * a + 2 * a * a) * three
    expected = (one, second - one**2, third - 3 * second * one + 2 * one**3)
    np.testing.assert_allclose(negative_binomials(5.0, sd, a).cumulants(), expected, rtol=1e-8)


def test_a_law_that_does_not_hang_on_the_score_is_left_alone() -> None:
    law = FrequencyMixture.over_normal(lambda _: Binomial(5, 0.3))
    np.testing.assert_allclose(law.pmf(COUNTS[:7]), Binomial(5, 0.3).pmf(COUNTS[:7]), rtol=1e-13)


def test_a_law_that_jumps_with_the_score_is_refused() -> None:
    with pytest.raises(ArgumentError, match="varies too fast"):
        FrequencyMixture.over_normal(lambda score: Poisson(1.0 if score < 0.1 else 9.0))


def test_thinning_keeps_the_kind_of_the_year() -> None:
    law = negative_binomials(3.0, 0.4, 0.3)
    thinned = law.thin(0.25)
    np.testing.assert_allclose(thinned.pgf(DISC), law.pgf(1 + 0.25 * (DISC - 1)), rtol=0, atol=1e-14)
    mean, variance, _ = law.cumulants()
    assert thinned.mean() == pytest.approx(0.25 * mean)
    assert thinned.var() == pytest.approx(0.0625 * variance + 0.25 * 0.75 * mean)


def test_numbers_drawn_have_its_moments_and_its_probability_of_none() -> None:
    law = negative_binomials(2.0, 0.5, 0.4)
    drawn = law.rvs((200, 1000), np.random.default_rng(11))
    n = drawn.size
    assert drawn.shape == (200, 1000)
    assert drawn.dtype == np.int64
    assert abs(drawn.mean() - law.mean()) < 4 * math.sqrt(law.var() / n)
    none = float(law.pmf(0))
    assert abs((drawn == 0).mean() - none) < 4 * math.sqrt(none * (1 - none) / n)


def test_kinds_of_weight_zero_are_left_out() -> None:
    law = FrequencyMixture((0.0, 1.0), (Poisson(100.0), Poisson(1.0)))
    assert law == FrequencyMixture((1.0,), (Poisson(1.0),))


@pytest.mark.parametrize(
    ("weights", "parts", "message"),
    [
        ((0.5, 0.4), (Poisson(1.0), Poisson(2.0)), "add up to 1"),
        ((1.0,), (Poisson(1.0), Poisson(2.0)), "One law for each of 1 weights"),
        ((0.5, 0.5), (Poisson(1.0), 3.0), r"parts\[1\] = 3.0"),
        ((-0.5, 1.5), (Poisson(1.0), Poisson(2.0)), r"weights\[0\] = -0.5"),
        ((math.nan, 1.0), (Poisson(1.0), Poisson(2.0)), "weights"),
        ((), (), "At least 1"),
    ],
)
def test_what_is_no_mixture_is_refused_by_name(
    weights: tuple[float, ...], parts: tuple[Frequency, ...], message: str
) -> None:
    with pytest.raises(ArgumentError, match=message):
        FrequencyMixture(weights, parts)
