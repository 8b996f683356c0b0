# SPDX-License-Identifier: Apache-2.0
"""What every law of the number of losses must hold: one law against its own pgf, pmf, recursion and thinning."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special, stats

from greenrisk.actuarial.frequency.counts import Binomial, NegativeBinomial, Poisson
from greenrisk.actuarial.frequency.empirical import EmpiricalCounts
from greenrisk.actuarial.frequency.law import Frequency
from greenrisk.actuarial.frequency.mixed import MixedPoisson, PoissonInverseGaussian
from greenrisk.actuarial.frequency.mixture import FrequencyMixture
from greenrisk.actuarial.frequency.modified import Logarithmic, ZeroModified, ZeroTruncated
from greenrisk.actuarial.frequency.thinned import Thinned
from greenrisk.actuarial.severity.empirical import Discrete
from greenrisk.actuarial.severity.families import Lognormal

LAWS = [
    Poisson(2.5),
    Poisson(0.0),
    Binomial(7, 0.3),
    Binomial(6, 1.0),
    NegativeBinomial(0.7, 3.0),
    NegativeBinomial.geometric(2.0),
    NegativeBinomial(4.0, 0.0),
    Logarithmic(4.0),
    Logarithmic(0.01),
    ZeroTruncated(Poisson(0.01)),
    ZeroTruncated(NegativeBinomial(0.5, 5.0)),
    ZeroModified(Poisson(3.0), 0.4),
    ZeroModified(Logarithmic(2.0), 0.2),
    ZeroModified(Binomial(5, 0.2), 0.05),
    EmpiricalCounts([0.1, 0.2, 0.0, 0.7]),
    PoissonInverseGaussian(3.0, 0.5),
    MixedPoisson(2.0, Lognormal(0.0, 0.4)),
    MixedPoisson(3.0, Discrete([1.0, 4.0], [0.75, 0.25])),
    Thinned(NegativeBinomial(2.0, 3.0), 0.3),
    FrequencyMixture((0.7, 0.2, 0.1), (Poisson(1.0), NegativeBinomial(2.0, 3.0), Binomial(4, 0.5))),
]
COUNTS = np.arange(600)
DISC = np.array([0.0, 1.0, -1.0, 0.3 + 0.4j, np.exp(2.0j), 0.999])

every_law = pytest.mark.parametrize("law", LAWS, ids=repr)


@every_law
def test_probabilities_add_up_to_one(law: Frequency) -> None:
    assert law.pmf(COUNTS).sum() == pytest.approx(1.0, abs=1e-13)
    assert (law.pmf(COUNTS) >= 0).all()


@every_law
def test_generating_function_is_the_power_series_of_the_probabilities(law: Frequency) -> None:
    series = (law.pmf(COUNTS) * DISC[:, None] ** COUNTS).sum(axis=1)
    np.testing.assert_allclose(law.pgf(DISC), series, rtol=0, atol=1e-13)


@every_law
def test_distribution_function_sums_the_probabilities_and_steps_at_whole_numbers(law: Frequency) -> None:
    sums = np.cumsum(law.pmf(COUNTS))
    np.testing.assert_allclose(law.cdf(COUNTS), sums, rtol=0, atol=1e-13)
    np.testing.assert_allclose(law.cdf(COUNTS + 0.5), sums, rtol=0, atol=1e-13)
    assert law.cdf([-np.inf, -0.5, np.inf]).tolist() == [0.0, 0.0, 1.0]


@every_law
def test_cumulants_are_the_central_moments_of_the_probabilities(law: Frequency) -> None:
    p = law.pmf(COUNTS)
    mean = p @ COUNTS
    central = [p @ (COUNTS - mean) ** 2, p @ (COUNTS - mean) ** 3]
    np.testing.assert_allclose(law.cumulants(), [mean, *central], rtol=1e-10, atol=1e-12)
    assert (law.mean(), law.var()) == law.cumulants()[:2]


@every_law
def test_probability_is_zero_where_the_number_is_not_whole(law: Frequency) -> None:
    assert law.pmf([0.5, -1.0, 2.000001, np.inf]).tolist() == [0.0] * 4
    assert law.pmf(COUNTS[:6].reshape(2, 3)).shape == (2, 3)


@every_law
def test_recursion_gives_the_probabilities(law: Frequency) -> None:
    r = law.recursion()
    if r is None:
        no_class = (
            EmpiricalCounts | PoissonInverseGaussian | MixedPoisson | FrequencyMixture | Thinned | Binomial
        )
        assert isinstance(law, no_class)
        return
    p = law.pmf(COUNTS[:60])
    k = COUNTS[r.first : 60]
    np.testing.assert_allclose((r.a + r.b / k) * p[r.first - 1 : -1], p[r.first :], rtol=1e-11, atol=1e-300)


@every_law
def test_thinned_law_is_the_binomial_thinning_of_the_probabilities(law: Frequency) -> None:
    k, n = COUNTS[:200, None], COUNTS[None, :]
    kept = special.comb(n, k) * 0.3**k * 0.7 ** np.maximum(n - k, 0)
    expected = np.where(np.isfinite(kept), kept, 0.0) @ np.where(COUNTS < 300, law.pmf(COUNTS), 0.0)
    np.testing.assert_allclose(law.thin(0.3).pmf(COUNTS[:100]), expected[:100], rtol=1e-9, atol=1e-14)


@every_law
def test_thinning_twice_is_thinning_by_the_product(law: Frequency) -> None:
    twice, once = law.thin(0.5).thin(0.4), law.thin(0.2)
    np.testing.assert_allclose(twice.pgf(DISC), once.pgf(DISC), rtol=0, atol=1e-13)
    np.testing.assert_allclose(once.pgf(DISC), law.pgf(1 + 0.2 * (DISC - 1)), rtol=0, atol=1e-13)


@every_law
def test_keeping_all_or_none_is_the_law_itself_or_no_loss(law: Frequency) -> None:
    np.testing.assert_allclose(law.thin(1.0).pmf(COUNTS[:40]), law.pmf(COUNTS[:40]), rtol=1e-11, atol=1e-15)
    np.testing.assert_allclose(law.thin(0.0).pmf([0, 1, 2]), [1.0, 0.0, 0.0], rtol=0, atol=1e-15)


@every_law
def test_probability_of_any_keeps_its_digits_for_rare_losses(law: Frequency) -> None:
    s = np.array([1e-12, 1e-9])
    # 1 - P(1 - s) = s E[N] up to s^2 E[N (N - 1)] / 2.
    np.testing.assert_allclose(law.probability_of_any(s), s * law.mean(), rtol=1e-7, atol=0)
    assert law.probability_of_any() == pytest.approx(1.0 - law.pmf(0), abs=1e-14)
    np.testing.assert_allclose(law.probability_of_any(1 - DISC), 1 - law.pgf(DISC), rtol=0, atol=1e-13)


@every_law
def test_random_counts_have_the_moments_of_the_law(law: Frequency) -> None:
    n = 100_000
    x = law.rvs((n // 100, 100), np.random.default_rng(11))
    assert x.shape == (n // 100, 100)
    assert x.dtype == np.int64
    p = law.pmf(COUNTS)
    mean, variance, _ = law.cumulants()
    fourth = p @ (COUNTS - mean) ** 4
    assert abs(x.mean() - mean) <= 4 * np.sqrt(variance / n)
    assert abs(x.var() - variance) <= 4 * np.sqrt(max(fourth - variance**2, 0.0) / n) + 1e-12
    share = (x == 1).mean()
    assert abs(share - p[1]) <= 4 * np.sqrt(p[1] * (1 - p[1]) / n)


@every_law
def test_not_a_number_is_refused(law: Frequency) -> None:
    with pytest.raises(ValueError, match="k = nan"):
        law.pmf(np.nan)
    with pytest.raises(ValueError, match="k = nan"):
        law.cdf(np.nan)


@every_law
def test_thinning_by_no_probability_is_refused(law: Frequency) -> None:
    with pytest.raises(ValueError, match=r"= 1.2\n  It must be >= 0 and <= 1"):
        law.thin(1.2)


@settings(deadline=None, max_examples=40, derandomize=True)
@given(
    shape=st.floats(0.05, 50.0),
    beta=st.floats(0.01, 20.0),
    kept=st.floats(0.0, 1.0),
    none=st.floats(0.0, 1.0),
)
def test_thinning_of_modified_laws_composes_for_any_parameters(
    shape: float, beta: float, kept: float, none: float
) -> None:
    law = ZeroModified(NegativeBinomial(shape, beta), none)
    np.testing.assert_allclose(law.thin(kept).pgf(DISC), law.pgf(1 + kept * (DISC - 1)), rtol=0, atol=1e-12)


@pytest.mark.parametrize("mean", [3.0, 1e4, 1e7])
def test_poisson_probabilities_keep_their_digits_for_large_means(mean: float) -> None:
    # P(N = m) sqrt(2 pi m) = exp(-1/(12 m) + 1/(360 m^3) - 1/(1260 m^5) + ...) at a whole mean m (Stirling).
    m = mean
    correction = -1 / (12 * m) + 1 / (360 * m**3) - 1 / (1260 * m**5) + 1 / (1680 * m**7)
    value = float(Poisson(m).pmf(m)) * np.sqrt(2 * np.pi * m)
    assert value == pytest.approx(np.exp(correction), rel=2e-7 if m < 10 else 1e-14)
    k = m + np.round(np.sqrt(m))
    ratio = Poisson(m).pmf(k + 1) / Poisson(m).pmf(k)
    assert ratio == pytest.approx(m / (k + 1), rel=1e-13)


def test_binomial_and_negative_binomial_agree_with_scipy() -> None:
    k = np.arange(0, 400, 7)
    np.testing.assert_allclose(
        Binomial(300, 0.1).pmf(k), stats.binom(300, 0.1).pmf(k), rtol=1e-11, atol=1e-300
    )
    law = stats.nbinom(30, 1 / 1.5)
    np.testing.assert_allclose(NegativeBinomial(30, 0.5).pmf(k), law.pmf(k), rtol=1e-11, atol=1e-300)


def test_laws_can_be_compared_and_written_as_they_are_made() -> None:
    assert Poisson(3.0) == Poisson(3.0)
    assert repr(Poisson(3.0)) == "Poisson(mean=3.0)"
    assert repr(PoissonInverseGaussian(3.0, 0.5)) == "PoissonInverseGaussian(mean=3.0, dispersion=0.5)"
    assert hash(EmpiricalCounts([0.5, 0.5])) == hash(EmpiricalCounts([0.5, 0.5, 0.0]))
