# SPDX-License-Identifier: Apache-2.0
import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from greenrisk.core.errors import ArgumentError
from greenrisk.resource.perils.fire_body import solve_body
from greenrisk.resource.perils.fire_size import FireSizeLaw, fire_size_law

FAMILIES = ("gamma", "weibull", "lognormal")


def law(family="gamma", share=0.27, mean=8.65, over=0.0013, shape=0.6, scale=169.0, cap=50_000.0):
    return FireSizeLaw(family, share, mean, over, shape, scale, cap)


def integral(fires, steps):
    """Of the exceedance, from step to step."""
    return sum(
        integrate.quad(lambda x: float(fires.sf(x)), low, high, limit=200)[0] for low, high in pairwise(steps)
    )


def scipy_body(family, spread, log_scale):
    if family == "gamma":
        return stats.gamma(1 / spread, scale=math.exp(log_scale))
    if family == "weibull":
        return stats.weibull_min(1 / spread, scale=math.exp(log_scale))
    return stats.lognorm(spread, scale=math.exp(log_scale))


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize(
    ("share", "mean"), [(0.27, 8.65), (0.05, 12.0), (0.6, 3.0), (0.75, 0.9), (0.85, 1.3)]
)
def test_the_body_meets_its_share_and_mean_by_quadrature_of_scipys_density(family, share, mean):
    spread, log_scale = solve_body(family, share, mean)
    body = scipy_body(family, spread, log_scale)
    whole = body.cdf(100)
    # E[X; X <= 100] = 100 F(100) - integral of F
    area = integrate.quad(body.cdf, 0, 1)[0] + integrate.quad(body.cdf, 1, 100, limit=200)[0]
    assert body.cdf(1) / whole == pytest.approx(share, rel=1e-9)
    assert (100 * whole - area) / whole == pytest.approx(mean, rel=1e-7)


def test_a_share_and_mean_that_no_law_has_are_refused():
    # With 27 % under 1 ha the widest gamma on (0, 100] is x^k with 100^-k = 0.27: mean 100 k / (k + 1) = 22 ha.
    with pytest.raises(ArgumentError, match="No law of this family"):
        solve_body("gamma", 0.27, 60.0)


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("shape", [-0.2, 0.0, 0.4, 1.0, 1.3])
def test_the_mean_is_the_integral_of_the_exceedance(family, shape):
    fires = law(family, shape=shape, cap=700.0)
    steps = [0, 1, 10, 100, 300, 700]
    area = integral(fires, steps)
    assert fires.mean() == pytest.approx(area, rel=1e-6)


@pytest.mark.parametrize("limit", [0.0, 0.5, 20.0, 100.0, 250.0, 3000.0, 1e6])
def test_the_limited_mean_is_the_integral_of_the_exceedance_up_to_the_limit(limit):
    fires = law(cap=3000.0)
    steps = [step for step in (0.0, 1.0, 10.0, 100.0, 1000.0) if step < limit] + [min(limit, 3000.0)]
    area = integral(fires, steps)
    assert fires.limited_mean(limit) == pytest.approx(area, rel=1e-7, abs=1e-12)


def test_the_tail_is_scipys_generalised_pareto_truncated_at_the_cap():
    fires = law(shape=1.3, cap=2000.0)
    pareto = stats.genpareto(1.3, scale=169.0)
    x = np.array([100.0, 150.0, 1000.0, 1999.0])
    kept = (pareto.cdf(1900.0) - pareto.cdf(x - 100)) / pareto.cdf(1900.0)
    assert fires.sf(x) == pytest.approx(0.0013 * kept, rel=1e-9)
    assert fires.sf([2000.0, 1e9]).tolist() == [0.0, 0.0]


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("shape", [-0.2, 0.0, 0.4, 1.0, 1.3])
def test_the_law_of_the_core_is_scipys_body_and_tail_joined_by_hand(family, shape):
    fires = law(family, shape=shape, cap=700.0)
    core, q = fires.severity(), 0.0013
    body, pareto = scipy_body(family, *fires.body), stats.genpareto(shape, scale=169.0)
    small = np.array([1e-6, 0.01, 1.0, 20.0, 99.0, 100.0])
    large = np.array([100.0, 150.0, 400.0, 650.0])
    below = (1 - q) * body.cdf(small) / body.cdf(100.0)
    above = q * (pareto.sf(large - 100) - pareto.sf(600.0)) / pareto.cdf(600.0)
    assert core.cdf(small) == pytest.approx(below, rel=1e-9)
    assert core.sf(large) == pytest.approx(above, rel=1e-9)
    assert fires.cdf(small).tolist() == core.cdf(small).tolist()
    assert fires.sf(large) == pytest.approx(core.sf(large), rel=1e-12)
    density = (1 - q) * body.pdf(small[:5]) / body.cdf(100.0)
    assert core.pdf(small[:5]) == pytest.approx(density, rel=1e-9)
    levels = np.array([1e-4, 0.3, 0.9, 0.99])
    assert core.ppf(levels) == pytest.approx(body.ppf(levels / (1 - q) * body.cdf(100.0)), rel=1e-9)
    far = np.array([0.9, 0.5, 0.01, 1e-5])
    sizes = 100.0 + pareto.isf(pareto.sf(600.0) + far * pareto.cdf(600.0))
    assert fires.ppf(1 - q * far) == pytest.approx(sizes, rel=1e-9)
    assert core.isf(q * far) == pytest.approx(sizes, rel=1e-9)


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("power", [1, 2, 3])
def test_the_moments_of_the_core_are_integrals_of_scipys_densities(family, power):
    fires, q = law(family, shape=0.6, cap=700.0), 0.0013
    body, pareto = scipy_body(family, *fires.body), stats.genpareto(0.6, scale=169.0)

    def integrated(density, low, high):
        return integrate.quad(lambda x: x**power * density(x), low, high, limit=400, epsabs=0, epsrel=1e-11)[
            0
        ]

    below = sum(integrated(body.pdf, low, high) for low, high in pairwise([0, 0.01, 1, 10, 100])) / body.cdf(
        100
    )
    above = integrated(lambda x: pareto.pdf(x - 100), 100, 700) / pareto.cdf(600)
    assert fires.severity().moment(power) == pytest.approx((1 - q) * below + q * above, rel=1e-9)


def test_a_size_above_the_body_needs_no_body():
    # No gamma law has this share and this mean (see above); what lies over 100 ha is known all the same.
    fires = law(mean=60.0, cap=700.0)
    pareto = stats.genpareto(0.6, scale=169.0)
    expected = 0.0013 * (pareto.sf(300.0) - pareto.sf(600.0)) / pareto.cdf(600.0)
    assert float(fires.sf(400.0)) == pytest.approx(expected, rel=1e-9)
    with pytest.raises(ArgumentError, match="No law of this family"):
        fires.severity()


def test_the_law_of_the_core_without_a_tail_is_the_body_alone():
    core = law(cap=100.0).severity()
    assert core.support()[1] == 100.0
    assert core.mean() == pytest.approx(8.65, rel=1e-9)
    assert law(over=0.0, cap=5000.0).severity().mean() == pytest.approx(8.65, rel=1e-9)


@pytest.mark.parametrize("family", FAMILIES)
def test_quantiles_undo_the_distribution_function(family):
    fires = law(family)
    far = 1 - np.geomspace(0.0013, 1e-9, 50)
    u = np.concatenate([np.geomspace(1e-12, 0.5, 200), np.linspace(0.5, 0.998, 200), far])
    body = scipy_body(family, *fires.body)
    inside = u < 1 - 0.0013
    exact = body.ppf(u[inside] / (1 - 0.0013) * body.cdf(100))
    seen = fires.ppf(u[inside])
    assert seen[exact > 1e-6] == pytest.approx(exact[exact > 1e-6], rel=1e-5)
    assert fires.sf(fires.ppf(u[~inside])) == pytest.approx(1 - u[~inside], rel=1e-7)


@given(u=st.lists(st.floats(0, 1), min_size=2, max_size=20), family=st.sampled_from(FAMILIES))
@settings(max_examples=50)
def test_quantiles_never_fall_and_stay_within_the_cap(u, family):
    sizes = law(family, cap=500.0).ppf(np.sort(u))
    assert np.all(np.diff(sizes) >= 0)
    assert np.all((sizes > 0) & (sizes <= 500.0))


def test_the_uniforms_zero_and_one_give_a_tiny_fire_and_the_cap():
    sizes = law(cap=500.0).ppf([0.0, 1.0])
    assert 0 < sizes[0] < 1e-6
    assert sizes[1] == pytest.approx(500.0)


def test_sampled_sizes_have_the_mean_of_the_law():
    fires = law(cap=1000.0)
    n = 2**16
    sizes = fires.ppf((np.arange(n) + 0.5) / n)  # midpoints: the error is the integral's, not chance
    assert sizes.mean() == pytest.approx(fires.mean(), rel=1e-3)


def test_a_cap_of_100_ha_leaves_the_body_alone():
    fires = law(cap=100.0)
    assert fires.share_of_tail == 0
    assert fires.mean() == pytest.approx(8.65)
    assert float(fires.ppf(1.0)) == pytest.approx(100.0)
    assert float(fires.sf(100.0)) == pytest.approx(0.0, abs=1e-12)


def test_a_heavier_tail_weighs_little_in_the_mean_and_much_far_out():
    light, heavy = law(shape=0.4), law(shape=1.3)
    assert heavy.mean() / light.mean() < 1.5
    assert float(heavy.sf(10_000.0)) / float(light.sf(10_000.0)) > 50


def test_the_untruncated_mean_is_approached_as_the_cap_grows():
    # (1 - q) m + q (100 + beta / (1 - xi)) for xi < 1
    expected = (1 - 0.0013) * 8.65 + 0.0013 * (100 + 169.0 / 0.6)
    assert law(shape=0.4, cap=1e9).mean() == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("family", "normal"),
        ("share_under_1ha", 0.0),
        ("share_under_1ha", 1.0),
        ("mean_body", 100.0),
        ("share_over_100ha", 1.0),
        ("tail_shape", math.inf),
        ("tail_scale", 0.0),
        ("cap", 99.0),
        ("cap", math.nan),
    ],
)
def test_a_law_names_the_parameter_it_refuses(name, value):
    good = {
        "family": "gamma",
        "share_under_1ha": 0.27,
        "mean_body": 8.65,
        "share_over_100ha": 0.0013,
        "tail_shape": 0.6,
        "tail_scale": 169.0,
        "cap": 1000.0,
    }
    with pytest.raises(ArgumentError, match=name):
        FireSizeLaw(**{**good, name: value})


def test_cards_and_cap_make_the_law_they_name():
    size = {"family": "weibull", "share_under_1ha": 0.3, "mean_body": 7.0, "share_over_100ha": 0.002}
    made = fire_size_law(size, {"shape": 0.9, "scale": 150.0}, 2000.0)
    assert made == FireSizeLaw("weibull", 0.3, 7.0, 0.002, 0.9, 150.0, 2000.0)
