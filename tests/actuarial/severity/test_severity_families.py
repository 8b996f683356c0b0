# SPDX-License-Identifier: Apache-2.0
"""What must hold for every parametric law of a loss, whatever its parameters."""

import math

import numpy as np
import pytest
import scipy.stats as st
from hypothesis import assume, given, settings
from hypothesis import strategies as s

from greenrisk.actuarial.severity.beta import Beta
from greenrisk.actuarial.severity.burr import Burr, Loglogistic
from greenrisk.actuarial.severity.families import Exponential, Gamma, Lognormal, Weibull
from greenrisk.actuarial.severity.inverse_gaussian import InverseGaussian
from greenrisk.actuarial.severity.pareto_families import GeneralisedPareto, Pareto, ParetoII
from greenrisk.actuarial.severity.quadrature import limited_by_quadrature
from greenrisk.actuarial.severity.registry import FAMILIES
from greenrisk.core.errors import ArgumentError

FEW = settings(max_examples=40, deadline=None, derandomize=True)
SHAPES = s.floats(0.2, 12.0)
SCALES = s.floats(1e-3, 1e6)

LAWS = s.one_of(
    s.builds(Lognormal, s.floats(-5.0, 14.0), s.floats(0.05, 3.0)),
    s.builds(Exponential, SCALES),
    s.builds(Gamma, s.floats(0.1, 60.0), SCALES),
    s.builds(Weibull, s.floats(0.3, 8.0), SCALES),
    s.builds(Pareto, SHAPES, SCALES),
    s.builds(ParetoII, SHAPES, SCALES),
    s.builds(GeneralisedPareto, s.floats(-1.5, 2.5), SCALES, s.one_of(s.just(0.0), SCALES)),
    s.builds(GeneralisedPareto, s.sampled_from([-1e-9, 0.0, 1e-12, 1 / 3, 0.5, 1.0, 1 + 1e-9]), SCALES),
    s.builds(Burr, s.floats(0.2, 6.0), s.floats(0.4, 6.0), SCALES),
    s.builds(Loglogistic, s.floats(0.4, 8.0), SCALES),
    s.builds(InverseGaussian, SCALES, SCALES),
    s.builds(Beta, s.floats(0.3, 30.0), s.floats(0.3, 30.0), SCALES),
)

ONE_OF_EACH = {
    "lognormal": (Lognormal(1.0, 1.2), st.lognorm(1.2, scale=math.e)),
    "exponential": (Exponential(3.0), st.expon(scale=3.0)),
    "gamma": (Gamma(2.5, 1.5), st.gamma(2.5, scale=1.5)),
    "weibull": (Weibull(0.7, 2.0), st.weibull_min(0.7, scale=2.0)),
    "pareto": (Pareto(4.5, 2.0), st.pareto(4.5, scale=2.0)),
    "pareto_ii": (ParetoII(4.5, 2.0), st.lomax(4.5, scale=2.0)),
    "generalised_pareto": (GeneralisedPareto(0.2, 2.0, 1.0), st.genpareto(0.2, loc=1.0, scale=2.0)),
    "burr": (Burr(3.0, 2.0, 1.5), st.burr12(2.0, 3.0, scale=1.5)),
    "loglogistic": (Loglogistic(5.0, 2.0), st.fisk(5.0, scale=2.0)),
    "inverse_gaussian": (InverseGaussian(2.0, 3.0), st.invgauss(2.0 / 3.0, scale=3.0)),
    "beta": (Beta(2.0, 3.5, 10.0), st.beta(2.0, 3.5, scale=10.0)),
}


def spread(law):
    """Points from far below to far above the median, finite."""
    points = law.ppf(np.array([1e-6, 1e-3, 0.05, 0.3, 0.5, 0.8, 0.99, 0.9999]))
    return points[(points > 1e-250) & (points < 1e90)]


def test_every_family_is_registered_once_and_reached_by_its_name():
    assert sorted(FAMILIES) == sorted(ONE_OF_EACH)
    assert len(set(FAMILIES.values())) == len(FAMILIES) == 11
    for name, (law, _) in ONE_OF_EACH.items():
        assert type(law) is FAMILIES[name]
        assert FAMILIES[name](**law.parameters()) == law
        assert set(law.domains) == set(law.names) == set(law.parameters())


@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_laws_agree_with_those_of_scipy(name):
    law, theirs = ONE_OF_EACH[name]
    x = theirs.ppf(np.array([[0.001, 0.1, 0.4], [0.6, 0.95, 0.9999]]))
    for ours, other in (
        ("cdf", "cdf"),
        ("sf", "sf"),
        ("pdf", "pdf"),
        ("logpdf", "logpdf"),
        ("logsf", "logsf"),
    ):
        np.testing.assert_allclose(getattr(law, ours)(x), getattr(theirs, other)(x), rtol=1e-9)
    np.testing.assert_allclose(law.ppf([0.0, 0.01, 0.5, 0.99]), theirs.ppf([0.0, 0.01, 0.5, 0.99]), rtol=1e-9)
    np.testing.assert_allclose(law.isf([1.0, 1e-6, 0.5]), theirs.isf([1.0, 1e-6, 0.5]), rtol=1e-8)
    assert law.mean() == pytest.approx(theirs.mean(), rel=1e-12)
    assert law.var() == pytest.approx(theirs.var(), rel=1e-11)


@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_limited_expected_values_agree_with_scipys_expectation(name):
    law, theirs = ONE_OF_EACH[name]
    d = float(theirs.ppf(0.8))
    powers = {1: lambda x: x, 2: lambda x: x**2, 3: lambda x: x**3}
    for power, raised in powers.items():
        below = theirs.expect(raised, lb=theirs.support()[0], ub=d, epsabs=0, epsrel=1e-11, limit=500)
        assert law.limited_expected_value(d, power) == pytest.approx(
            below + d**power * theirs.sf(d), rel=1e-8
        )


@FEW
@given(LAWS, s.integers(1, 3))
def test_closed_forms_agree_with_quadrature_of_the_survival_function(law, power):
    d = spread(law)
    by_quadrature = limited_by_quadrature(law, d, power)
    np.testing.assert_allclose(law.limited_expected_value(d, power), by_quadrature.value, rtol=1e-11)
    assert (by_quadrature.error <= 1e-11 * by_quadrature.value).all()


@FEW
@given(LAWS)
def test_limited_expected_value_rises_ever_more_slowly_up_to_the_mean(law):
    d = np.linspace(0.0, float(law.ppf(0.99)), 300)
    assume(0 < d[-1] < 1e90)
    values = law.limited_expected_value(d)
    steps = np.diff(values)
    assert values[0] == 0
    assert (steps >= -1e-14 * values[-1]).all()
    assert (np.diff(steps) <= 1e-14 * values[-1]).all()
    assert (values <= d * (1 + 1e-14)).all()
    assert values[-1] <= law.mean() * (1 + 1e-14)


@FEW
@given(LAWS)
def test_far_limits_give_the_mean_and_infinite_ones_exactly(law):
    assume(math.isfinite(law.mean()))
    q = 1e-14
    far = float(law.isf(q))
    assume(far < 1e90)
    missing = law.mean() - float(law.limited_expected_value(far))
    assert -1e-13 * law.mean() <= missing
    assert law.limited_expected_value(math.inf) == law.mean() == law.moment(1)


@FEW
@given(LAWS)
def test_probability_below_and_above_add_up_to_one(law):
    x = np.concatenate([[-1.0, 0.0], spread(law), [np.inf]])
    np.testing.assert_allclose(law.cdf(x) + law.sf(x), 1.0, rtol=1e-14)
    assert (np.diff(law.cdf(x)) >= 0).all()


@FEW
@given(LAWS)
def test_quantiles_invert_probabilities_from_both_ends(law):
    p = np.array([1e-9, 1e-4, 0.1, 0.5, 0.7, 0.97, 0.99999])
    x = law.ppf(p)
    inside = (x > 1e-250) & (x < 1e250)
    # Near a bounded or sharp end one unit in the last place of x moves the probability.
    slack = 4e-16 * x * np.where(inside, law.pdf(np.where(inside, x, 1.0)), 0.0) + 1e-11 * p
    start = law.support()[0]
    inside &= x - start > 1e-6 * x
    assert (np.abs(law.cdf(x) - p) <= slack)[inside].all()
    assert (law.cdf(x) >= p - slack)[inside].all()
    q = np.array([1e-200, 1e-30, 1e-9, 0.01, 0.5, 0.9])
    far = law.isf(q)
    assert (far[1:] <= far[:-1]).all()
    end = law.support()[1]
    checked = (far < 1e250) & (far > 1e-250) & (far - start > 1e-6 * far) & ((end == np.inf) | (q > 1e-3))
    np.testing.assert_allclose(law.sf(far[checked]), q[checked], rtol=1e-9)


@FEW
@given(LAWS)
def test_logarithms_of_density_and_survival_belong_to_them(law):
    x = spread(law)
    np.testing.assert_allclose(np.exp(law.logpdf(x)), law.pdf(x), rtol=1e-12)
    np.testing.assert_allclose(np.exp(law.logsf(x)), law.sf(x), rtol=1e-11)


@FEW
@given(LAWS)
def test_density_is_the_slope_of_the_probability(law):
    x = law.ppf(np.array([0.2, 0.5, 0.8]))
    assume((x > 1e-200).all() and (x < 1e90).all())
    start, end = law.support()
    h = 1e-5 * np.minimum(x - start, np.minimum(x, end - x))
    slope = (law.cdf(x + h) - law.cdf(x - h)) / (2 * h)
    assume((h > 1e-9 * x).all())
    np.testing.assert_allclose(slope, law.pdf(x), rtol=1e-4)


@FEW
@given(LAWS, s.integers(0, 2**31))
def test_random_losses_follow_the_law(law, seed):
    draws = law.rvs((100, 200), np.random.default_rng(seed))
    assert draws.shape == (100, 200)
    for p in (0.1, 0.5, 0.9):
        x = float(law.ppf(p))
        hits = np.mean(draws <= x)
        assert abs(hits - float(law.cdf(x))) < 5 * math.sqrt(p * (1 - p) / draws.size)


@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_random_losses_have_the_mean(name):
    law, _ = ONE_OF_EACH[name]
    draws = law.rvs(200_000, np.random.default_rng(7))
    assert abs(draws.mean() - law.mean()) < 4 * math.sqrt(law.var() / draws.size)


@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_ends_of_the_range_are_exact(name):
    law, _ = ONE_OF_EACH[name]
    start, end = law.support()
    assert law.cdf([-1.0, 0.0, np.inf]).tolist() == [0.0, 0.0, 1.0]
    assert law.sf([-np.inf, 0.0, np.inf]).tolist() == [1.0, 1.0, 0.0]
    assert law.pdf([-1.0, np.inf]).tolist() == [0.0, 0.0]
    assert law.logpdf([-1.0, np.inf]).tolist() == [-np.inf, -np.inf]
    assert law.logsf([-1.0, np.inf]).tolist() == [0.0, -np.inf]
    assert law.ppf(0.0) == law.isf(1.0) == start
    assert law.ppf(1.0) == law.isf(0.0) == end
    assert law.limited_expected_value(0.0) == 0
    assert law.atoms().points.size == 0


@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_answers_have_the_shape_of_the_question(name):
    law, _ = ONE_OF_EACH[name]
    for method in (law.cdf, law.sf, law.pdf, law.logpdf, law.logsf, law.limited_expected_value):
        assert np.shape(method(np.ones((2, 0, 3)))) == (2, 0, 3)
        assert np.shape(method([[1.0, 2.0]])) == (1, 2)
        assert f"{method(1.5):.2f}"
    for method in (law.ppf, law.isf):
        assert np.shape(method(np.full((3, 1), 0.5))) == (3, 1)
        assert f"{method(0.5):.2f}"


def test_survival_beyond_the_range_of_floats_keeps_its_logarithm():
    # Asymptotes: ln Phi(-z) ~ -z^2/2 - ln(z sqrt(2 pi)); gamma with shape 2: S = (1 + x) e^-x exactly.
    z = 60.0
    expected = -z * z / 2 - math.log(z * math.sqrt(2 * math.pi)) + math.log1p(-1 / z**2 + 3 / z**4)
    assert Lognormal(0.0, 1.0).logsf(math.exp(z)) == pytest.approx(expected, rel=1e-12)
    assert Gamma(2.0, 1.0).logsf(5000.0) == pytest.approx(-5000 + math.log(5001), rel=1e-14)
    assert Exponential(1.0).logsf(5000.0) == -5000
    # P(1 - X > z) of Beta(1, b) is (1 - z)^b.
    assert Beta(1.0, 3000.0).logsf(0.5) == pytest.approx(3000 * math.log(0.5), rel=1e-13)
    # Inverse Gaussian: the hazard tends to lambda / (2 mu^2) = 1.
    law = InverseGaussian(1.0, 2.0)
    assert law.logsf(2001.0) - law.logsf(2000.0) == pytest.approx(-1.0, rel=2e-3)
    assert law.logsf(2000.0) == pytest.approx(float(law.logpdf(2000.0)), rel=1e-5)


def test_textbook_closed_forms():
    # Exponential: theta (1 - e^-1); Pareto II, alpha = 1: theta ln 2; alpha = 2: theta / 2; uniform: d - d^2 / 2.
    assert Exponential(5.0).limited_expected_value(5.0) == pytest.approx(5 * (1 - math.exp(-1)), rel=1e-15)
    assert ParetoII(1.0, 7.0).limited_expected_value(7.0) == pytest.approx(7 * math.log(2), rel=1e-15)
    assert ParetoII(2.0, 7.0).limited_expected_value(7.0) == pytest.approx(3.5, rel=1e-15)
    assert Beta(1.0, 1.0).limited_expected_value(0.4) == pytest.approx(0.4 - 0.08, rel=1e-15)
    assert GeneralisedPareto(-1.0, 1.0).limited_expected_value(0.4) == pytest.approx(0.32, rel=1e-15)
    # Pareto I, alpha = 2, m = 1: 1 + (1 - 1/d); alpha = 1: 1 + ln d.
    assert Pareto(2.0, 1.0).limited_expected_value(4.0) == pytest.approx(1.75, rel=1e-15)
    assert Pareto(1.0, 1.0).limited_expected_value(4.0) == pytest.approx(1 + math.log(4), rel=1e-15)
    # Loglogistic, shape 1: theta ln(1 + d / theta); Burr with gamma = 1 is Pareto II.
    assert Loglogistic(1.0, 3.0).limited_expected_value(6.0) == pytest.approx(3 * math.log(3), rel=1e-14)
    # Weibull with shape 1/2: S = e^-sqrt(x), whose integral is 2 - 2 (1 + sqrt(d)) e^-sqrt(d).
    assert Weibull(0.5, 1.0).limited_expected_value(9.0) == pytest.approx(2 - 8 * math.exp(-3), rel=1e-14)
    # Gamma with shape 2: S = (1 + x) e^-x, whose integral is 2 - (2 + d) e^-d.
    assert Gamma(2.0, 1.0).limited_expected_value(3.0) == pytest.approx(2 - 5 * math.exp(-3), rel=1e-14)


@given(s.floats(0.3, 5.0), SCALES, s.integers(1, 3))
@FEW
def test_burr_and_generalised_pareto_contain_the_pareto_law_of_type_two(alpha, scale, power):
    law = ParetoII(alpha, scale)
    d = scale * np.array([0.01, 1.0, 20.0])
    expected = law.limited_expected_value(d, power)
    np.testing.assert_allclose(Burr(alpha, 1.0, scale).limited_expected_value(d, power), expected, rtol=1e-12)
    shifted = GeneralisedPareto(1 / alpha, scale / alpha).limited_expected_value(d, power)
    np.testing.assert_allclose(shifted, expected, rtol=1e-13)


@pytest.mark.parametrize("power", [1, 2, 3])
@pytest.mark.parametrize("special", [0.0, 1 / 3, 0.5, 1.0])
def test_generalised_pareto_passes_smoothly_through_its_special_shapes(special, power):
    d = np.array([0.01, 1.0, 30.0, 1e4])
    at = GeneralisedPareto(special, 1.0).limited_expected_value(d, power)
    for near in (1e-12, 1e-9, -1e-9):
        # The derivative with respect to the shape is below t times the value, and t = ln(1 + xi d) / xi <= d.
        off = GeneralisedPareto(special + near, 1.0).limited_expected_value(d, power)
        t = np.log1p(special * d) / special if special else d
        np.testing.assert_array_less(np.abs(off / at - 1), 3 * power * abs(near) * t**2 + 1e-13)


def test_infinite_moments_are_infinite_and_capped_ones_finite():
    for law in (
        ParetoII(1.0, 5.0),
        Pareto(0.9, 5.0),
        GeneralisedPareto(1.2, 3.0),
        Loglogistic(1.0, 2.0),
        Burr(0.5, 2.0, 1.0),
    ):
        assert law.mean() == math.inf
        assert law.var() == math.inf
        assert math.isfinite(law.limited_expected_value(1e6, 3))
    assert ParetoII(1.5, 1.0).mean() == pytest.approx(2.0, rel=1e-15)
    assert ParetoII(3.0, 2.0).moment(3) == math.inf
    assert ParetoII(1.5, 1.0).var() == math.inf


@pytest.mark.parametrize(
    "family", [Lognormal, Gamma, Weibull, Pareto, ParetoII, GeneralisedPareto, Loglogistic, InverseGaussian]
)
@pytest.mark.parametrize("cv", [0.05, 0.4, 1.2, 3.0, 20.0])
def test_mean_and_cv_come_back(family, cv):
    if family is ParetoII and cv <= 1:
        with pytest.raises(ArgumentError, match="varies more than an exponential one"):
            family.from_mean_cv(2500.0, cv)
        return
    law = family.from_mean_cv(2500.0, cv)
    assert law.mean() == pytest.approx(2500.0, rel=1e-13)
    assert math.sqrt(law.var()) / law.mean() == pytest.approx(cv, rel=1e-12)


def test_beta_from_mean_and_cv_knows_how_much_a_bounded_loss_can_vary():
    law = Beta.from_mean_cv(20.0, 0.5, scale=100.0)
    assert law.mean() == pytest.approx(20.0, rel=1e-14)
    assert law.var() == pytest.approx(100.0, rel=1e-13)
    with pytest.raises(ArgumentError, match="coefficient of variation below 2"):
        Beta.from_mean_cv(20.0, 2.0, scale=100.0)
    with pytest.raises(ArgumentError, match="below the scale, 100"):
        Beta.from_mean_cv(120.0, 0.5, scale=100.0)


def test_all_wrong_parameters_are_named_at_once():
    with pytest.raises(ArgumentError) as caught:
        Gamma(-1.0, math.nan)
    assert [fault.where for fault in caught.value.faults] == ["shape", "scale"]
    assert caught.value.faults[0].what == "shape = -1"
    with pytest.raises(ArgumentError) as caught:
        Lognormal.from_mean_cv(0.0, -2.0)
    assert [fault.where for fault in caught.value.faults] == ["mean", "cv"]
    with pytest.raises(ArgumentError, match="threshold = -1"):
        GeneralisedPareto(0.2, 1.0, -1.0)
    with pytest.raises(ArgumentError, match="sigma = inf"):
        Lognormal(1.0, math.inf)


def test_wrong_questions_are_refused():
    law = Lognormal(0.0, 1.0)
    with pytest.raises(ArgumentError, match=r"x\[1\] = nan"):
        law.cdf([1.0, math.nan])
    with pytest.raises(ArgumentError, match=r"p\[0\] = 1.5"):
        law.ppf([1.5])
    with pytest.raises(ArgumentError, match=r"limit\[0\] = -3"):
        law.limited_expected_value([-3.0])
    with pytest.raises(ArgumentError, match="power = 4"):
        law.limited_expected_value(1.0, 4)


def test_parameters_are_floats_and_a_law_says_what_it_is():
    assert repr(Gamma(np.float64(2), 3)) == "Gamma(shape=2.0, scale=3.0)"
    assert Gamma(2, 3) == Gamma(2.0, 3.0)
    assert len({Gamma(2, 3), Gamma(2.0, 3.0)}) == 1


@pytest.mark.parametrize(
    "law",
    [
        Lognormal(0.0, 1.5),
        Gamma(0.7, 2.0),
        ParetoII(1.5, 1.0),
        Burr(2.0, 1.5, 1.0),
        GeneralisedPareto(0.5, 1.0),
    ],
)
def test_second_differences_on_a_fine_grid_are_not_lost_in_rounding(law):
    nodes = 2**16
    step = float(law.ppf(0.999)) / nodes
    x = step * np.arange(nodes + 1)
    values = law.limited_expected_value(x)
    got = -np.diff(values, 2)
    # The same from the survival function: the integral over a cell by 8 Gauss points, cell after cell.
    at, weight = np.polynomial.legendre.leggauss(8)
    cells = (
        law.sf(x[1:-1, None] + step * (1 + at) / 2) - law.sf(x[:-2, None] + step * (1 + at) / 2)
    ) @ weight
    expected = -cells * step / 2
    # The first cells hold singular derivatives at 0, where Gauss points do not do.
    assert np.abs(got - expected)[64:].max() <= 3e-14 * values[-1]
