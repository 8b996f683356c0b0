# SPDX-License-Identifier: Apache-2.0
"""Laws of the number of losses against each other: limits, equal laws, scaling, messages, tables of R."""

import csv
import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

from greenrisk.actuarial.frequency.counts import Binomial, NegativeBinomial, Poisson
from greenrisk.actuarial.frequency.empirical import EmpiricalCounts
from greenrisk.actuarial.frequency.law import Frequency
from greenrisk.actuarial.frequency.mixed import MixedPoisson, PoissonInverseGaussian
from greenrisk.actuarial.frequency.modified import Logarithmic, ZeroModified, ZeroTruncated
from greenrisk.actuarial.frequency.thinned import Thinned
from greenrisk.actuarial.severity.families import Gamma, Lognormal
from greenrisk.actuarial.severity.pareto_families import ParetoII
from greenrisk.core.errors import ArgumentError

K = np.arange(80)


def same(law: Frequency, other: Frequency, rtol: float) -> None:
    np.testing.assert_allclose(law.pmf(K), other.pmf(K), rtol=rtol, atol=1e-15)
    z = np.array([0.0, -0.5, 0.2 + 0.7j])
    np.testing.assert_allclose(law.pgf(z), other.pgf(z), rtol=rtol, atol=1e-15)


def test_negative_binomial_with_no_extra_variance_is_poisson() -> None:
    same(NegativeBinomial(1e10, 3e-10), Poisson(3.0), rtol=1e-7)


def test_binomial_of_many_rare_trials_is_poisson() -> None:
    same(Binomial(10**11, 3e-11), Poisson(3.0), rtol=1e-7)


def test_poisson_inverse_gaussian_without_dispersion_is_poisson() -> None:
    same(PoissonInverseGaussian(3.0, 0.0), Poisson(3.0), rtol=1e-12)


def test_logarithmic_law_is_the_truncated_negative_binomial_of_no_shape() -> None:
    same(ZeroTruncated(NegativeBinomial(1e-9, 2.5)), Logarithmic(2.5), rtol=1e-7)


def test_geometric_law_halves_by_beta_over_one_plus_beta() -> None:
    np.testing.assert_allclose(NegativeBinomial.geometric(3.0).pmf(K), 0.25 * 0.75**K, rtol=1e-12)


def test_binomial_with_one_trial_takes_two_values() -> None:
    assert Binomial(1, 0.3).pmf([0, 1, 2]) == pytest.approx([0.7, 0.3, 0.0], abs=1e-15)


def test_gamma_mixing_is_negative_binomial() -> None:
    same(MixedPoisson(3.0, Gamma(2.0, 7.0)), NegativeBinomial(2.0, 1.5), rtol=1e-9)


@settings(deadline=None, max_examples=20, derandomize=True)
@given(shape=st.floats(0.3, 40.0), mean=st.floats(0.01, 200.0))
def test_gamma_mixing_is_negative_binomial_for_any_parameters(shape: float, mean: float) -> None:
    mixed, closed = MixedPoisson(mean, Gamma(shape, 1.0)), NegativeBinomial(shape, mean / shape)
    z = np.concatenate([np.exp(1j * np.linspace(0, np.pi, 7)), [0.0, 0.9]])
    np.testing.assert_allclose(mixed.pgf(z), closed.pgf(z), rtol=0, atol=1e-9)
    assert mixed.cumulants() == pytest.approx(closed.cumulants(), rel=1e-9)


def test_inverse_gaussian_mixing_has_the_bessel_probabilities() -> None:
    # Integrating the mixed law directly: p_k = sqrt(2 a / pi) e^(1/(mu phi)) K_{k-1/2}(a) (mu / sqrt(1 + B))^k / k! ...
    # with a = sqrt(1 + B) / (mu phi) and B = 2 mu^2 phi, K the modified Bessel function of the second kind.
    mu, phi = 3.0, 0.5
    b = 2 * mu**2 * phi
    a = math.sqrt(1 + b) / (mu * phi)
    k = np.arange(30)
    bessel = special.kv(k - 0.5, a) * math.sqrt(2 * a / math.pi) * math.exp(1 / (mu * phi))
    expected = bessel * (mu / math.sqrt(1 + b)) ** k / special.factorial(k)
    np.testing.assert_allclose(PoissonInverseGaussian(mu, phi).pmf(k), expected, rtol=1e-12)


def test_poisson_inverse_gaussian_does_not_underflow_for_large_means() -> None:
    law = PoissonInverseGaussian(5_000.0, 1e-9)
    k = np.arange(3_000, 7_500)
    assert law.pmf(k).sum() == pytest.approx(1.0, abs=1e-11)
    assert law.pmf(k) @ k == pytest.approx(5_000.0, rel=1e-11)


def test_poisson_inverse_gaussian_variance_is_the_one_of_actuar() -> None:
    mean, variance, _ = PoissonInverseGaussian(3.0, 0.5).cumulants()
    assert (mean, variance) == (3.0, 3.0 + 0.5 * 27.0)


def test_mixed_poisson_variance_adds_that_of_the_factor() -> None:
    mean, variance, _ = MixedPoisson(10.0, Lognormal.from_mean_cv(50.0, 0.3)).cumulants()
    assert mean == 10.0
    assert variance == pytest.approx(10.0 + 100.0 * 0.09, rel=1e-12)


def test_factor_without_a_variance_gives_an_infinite_variance_of_the_count() -> None:
    _, variance, third = MixedPoisson(2.0, ParetoII(1.5, 1.0)).cumulants()
    assert variance == math.inf
    assert third == math.inf


def test_mean_and_variance_determine_the_negative_binomial() -> None:
    law = NegativeBinomial.from_mean_variance(4.0, 6.0)
    assert law.cumulants()[:2] == pytest.approx((4.0, 6.0), rel=1e-14)
    law = NegativeBinomial.from_mean_dispersion(4.0, 0.25)
    assert law.cumulants()[:2] == pytest.approx((4.0, 4.0 + 0.25 * 16.0), rel=1e-14)


def test_counts_of_past_years_give_their_shares() -> None:
    law = EmpiricalCounts.from_counts([0, 2, 2, 1])
    assert law.probabilities == (0.25, 0.25, 0.5)
    assert EmpiricalCounts.from_counts([0, 2], weights=[1.0, 3.0]).probabilities == (0.25, 0.0, 0.75)


@pytest.mark.parametrize(
    "law",
    [
        Poisson(2.0),
        Binomial(4, 0.3),
        NegativeBinomial(0.7, 2.0),
        PoissonInverseGaussian(2.0, 0.3),
        EmpiricalCounts([0.5, 0.2, 0.3]),
        Thinned(NegativeBinomial(0.7, 2.0), 0.4),
    ],
    ids=repr,
)
def test_three_units_of_exposure_are_the_sum_of_three(law: Frequency) -> None:
    z = np.array([0.0, -1.0, 0.3 + 0.6j])
    np.testing.assert_allclose(law.scale(3.0).pgf(z), law.pgf(z) ** 3, rtol=0, atol=1e-14)


def test_a_common_factor_strikes_all_units_of_exposure_alike() -> None:
    law = MixedPoisson(2.0, Gamma(4.0, 1.0)).scale(3.0)
    # Variance m + m^2 / 4 at m = 6, where independent units would give 3 (2 + 4/4).
    assert law.cumulants()[:2] == pytest.approx((6.0, 6.0 + 36.0 / 4.0), rel=1e-12)


def test_scaling_keeps_the_weight_of_zeros_that_are_not_of_the_base() -> None:
    # 30 % of the years have no season at all, the others are Poisson.
    law = ZeroModified(Poisson(1.0), 0.3 + 0.7 * math.exp(-1.0)).scale(2.0)
    assert law.probability_of_none == pytest.approx(0.3 + 0.7 * math.exp(-2.0), rel=1e-12)
    assert ZeroTruncated(Poisson(1.0)).scale(2.0) == ZeroTruncated(Poisson(2.0))
    assert Logarithmic(2.0).scale(1.0) == Logarithmic(2.0)


def test_thinning_a_modified_law_twice_modifies_one_base() -> None:
    law = Logarithmic(2.0).thin(0.5).thin(0.5)
    assert law.base == Logarithmic(0.5)


def test_sums_over_more_counts_than_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="More than 16,777,216 counts would have to be summed; use the pgf"):
        Thinned(NegativeBinomial(0.5, 1e9), 0.5).pmf(3)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Poisson(-1.0), "mean  mean = -1\n  It must be >= 0 and finite.  [losses/year]\n1 fault."),
        (
            lambda: Poisson(math.nan),
            "mean  mean = nan\n  It must be >= 0 and finite.  [losses/year]\n1 fault.",
        ),
        (
            lambda: Binomial(2.5, 1.5),
            "trials  trials = 2.5\n  It must be a whole number.  [unitless]\n"
            "probability  probability = 1.5\n  It must be >= 0 and <= 1, a share and not a percentage: 0.015?  "
            "[unitless]\n2 faults.",
        ),
        (
            lambda: NegativeBinomial(0.0, -1.0),
            "shape  shape = 0\n  It must be > 0 and finite.  [unitless]\n"
            "beta  beta = -1\n  It must be >= 0 and finite.  [unitless]\n2 faults.",
        ),
        (
            lambda: NegativeBinomial.from_mean_variance(4.0, 4.0),
            "variance  variance = 4\n  It must exceed the mean 4; use Poisson where they are equal, "
            "Binomial below.\n1 fault.",
        ),
        (
            lambda: Binomial(5, 0.2).scale(0.5),
            "exposure  exposure = 0.5\n  5 trials times the exposure must be a whole number; or use a Poisson law."
            "  [unitless]\n1 fault.",
        ),
        (
            lambda: Logarithmic(0.0),
            "beta  beta = 0\n  It must be > 0 and finite.  [unitless]\n1 fault.",
        ),
        (
            lambda: Logarithmic(1.0).scale(2.0),
            "exposure  exposure = 2\n  A logarithmic law counts one loss at least at any exposure; use "
            "NegativeBinomial or ZeroModified.  [unitless]\n1 fault.",
        ),
        (
            lambda: ZeroTruncated(Poisson(0.0)),
            "base  base = Poisson(mean=0.0)\n  It must have a loss with some probability.\n1 fault.",
        ),
        (
            lambda: ZeroModified(Poisson(1.0), 1.2),
            "probability_of_none  probability_of_none = 1.2\n  It must be >= 0 and <= 1, a share and not a "
            "percentage: 0.012?  [unitless]\n1 fault.",
        ),
        (
            lambda: ZeroModified(Poisson(0.1), 0.0).scale(50.0),
            "exposure  exposure = 50\n  The probability of none would be negative: scale the base and state its "
            "probability of none.  [unitless]\n1 fault.",
        ),
        (
            lambda: PoissonInverseGaussian(0.0, -1.0),
            "mean  mean = 0\n  It must be > 0 and finite.  [losses/year]\n"
            "dispersion  dispersion = -1\n  It must be >= 0 and finite.  [year/losses]\n2 faults.",
        ),
        (
            lambda: MixedPoisson(-1.0, ParetoII(0.9, 1.0)),
            "mean  mean = -1\n  It must be >= 0 and finite.  [losses/year]\n"
            "mixing  mean of ParetoII(shape=0.9, scale=1.0) = inf\n  The factor must have a mean > 0 and finite; cap "
            "it by .layer(limit).\n2 faults.",
        ),
        (
            lambda: EmpiricalCounts([0.5, 0.4]),
            "probabilities  sum of probabilities = 0.9\n  They must add up to 1; from counts of past years use "
            "EmpiricalCounts.from_counts.  [unitless]\n1 fault.",
        ),
        (
            lambda: EmpiricalCounts.from_counts([1, 1.5]),
            "counts  counts[1] = 1.5\n  It must be a whole number.  [losses/year]\n1 fault.",
        ),
        (
            lambda: EmpiricalCounts.from_counts([1, 2], weights=[0.0, 0.0]),
            "weights  weights of shape (2,) and sum 0\n  One weight for each of the 2 years was expected, some of "
            "them > 0.\n1 fault.",
        ),
        (
            lambda: EmpiricalCounts([0.5, 0.5]).scale(0.5),
            "exposure  exposure = 0.5\n  Counts of past years scale by whole numbers only; fit a Poisson or negative "
            "binomial law.  [unitless]\n1 fault.",
        ),
    ],
)
def test_bad_input_is_told_with_its_mend(make: object, message: str) -> None:
    assert callable(make)
    with pytest.raises(ValueError, match="fault") as caught:
        make()
    assert str(caught.value) == message


def test_rough_mixing_law_is_refused_with_the_way_out() -> None:
    rough = Lognormal(0.0, 1.0).layer(1.0, 0.5)
    with pytest.raises(ValueError, match="too rough to be integrated; give it as Discrete points"):
        MixedPoisson(3.0, rough).pgf(0.5)


def table() -> dict[tuple[str, str], list[tuple[int, float]]]:
    path = Path(__file__).parents[2] / "reference" / "actuarial" / "frequency_pmf.csv"
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    laws: dict[tuple[str, str], list[tuple[int, float]]] = {}
    for row in csv.DictReader(lines):
        laws.setdefault((row["family"], row["parameters"]), []).append((int(row["k"]), float(row["pmf"])))
    return laws


FAMILIES = {
    family.__name__: family
    for family in (Poisson, Binomial, NegativeBinomial, Logarithmic, PoissonInverseGaussian)
}


@pytest.mark.parametrize(("family", "parameters"), table(), ids=str)
def test_probabilities_are_those_of_r(family: str, parameters: str) -> None:
    given = json.loads(parameters)
    none = given.pop("probability_of_none", None)
    law = FAMILIES[given.pop("base", family)](**given)
    if family == "ZeroTruncated":
        law = ZeroTruncated(law)
    if none is not None:
        law = ZeroModified(law, none)
    k, pmf = np.array(table()[family, parameters]).T
    np.testing.assert_allclose(law.pmf(k), pmf, rtol=2e-12, atol=0)


@pytest.mark.parametrize(
    "law",
    [
        Poisson(3.0),
        Binomial(3, 0.5),
        NegativeBinomial(1.0, 1.0),
        Logarithmic(1.0),
        ZeroModified(Poisson(1.0), 0.5),
        ZeroTruncated(Poisson(1.0)),
        PoissonInverseGaussian(1.0, 0.5),
        MixedPoisson(2.0, Gamma(1.0, 1.0)),
        EmpiricalCounts([0.5, 0.5]),
        Thinned(Poisson(1.0), 0.5),
    ],
    ids=lambda law: type(law).__name__,
)
def test_a_generating_function_is_not_asked_for_at_nan(law):
    with pytest.raises(ArgumentError, match="z = nan\n  The generating function is not defined there"):
        law.pgf(np.array([0.5, math.nan]))


@pytest.mark.parametrize(
    "law", [NegativeBinomial(1.0, 1.0), Logarithmic(1.0), PoissonInverseGaussian(1.0, 0.5)]
)
def test_a_generating_function_is_not_asked_for_beyond_its_radius(law):
    # 1 + 1 / beta = 2 for the first two, 1 + 1 / (2 mu^2 phi) = 2 for the third
    assert math.isfinite(law.pgf(1.9))
    with pytest.raises(ArgumentError, match="z = 3"):
        law.pgf(3.0)
