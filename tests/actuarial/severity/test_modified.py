# SPDX-License-Identifier: Apache-2.0
"""What must hold for laws made from a law: truncated, capped, scaled."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as s

from greenrisk.actuarial.severity.empirical import Discrete
from greenrisk.actuarial.severity.families import Exponential, Gamma, Lognormal, Weibull
from greenrisk.actuarial.severity.layered import Layered
from greenrisk.actuarial.severity.modified import Capped, Scaled, Truncated
from greenrisk.actuarial.severity.pareto_families import Pareto, ParetoII
from greenrisk.actuarial.severity.quadrature import limited_by_quadrature
from greenrisk.core.errors import ArgumentError

FEW = settings(max_examples=25, deadline=None, derandomize=True)
BASES = s.one_of(
    s.builds(Lognormal, s.floats(0.0, 5.0), s.floats(0.3, 2.0)),
    s.builds(Gamma, s.floats(0.5, 10.0), s.floats(1.0, 50.0)),
    s.builds(Weibull, s.floats(0.5, 3.0), s.floats(1.0, 50.0)),
    s.builds(ParetoII, s.floats(1.2, 6.0), s.floats(1.0, 50.0)),
)
LEVELS = s.tuples(s.floats(0.0, 0.6), s.floats(0.65, 0.999))


@FEW
@given(s.floats(0.1, 20.0), s.floats(0.0, 30.0))
def test_an_exponential_loss_above_a_bound_is_the_bound_plus_an_exponential(scale, share):
    lower = share * scale
    base = Exponential(scale)
    law = Truncated(base, lower)
    x = scale * np.array([0.0, 0.1, 1.0, 5.0])
    assert law.sf(lower + x) == pytest.approx(base.sf(x), rel=1e-12)
    assert law.pdf(lower + x) == pytest.approx(base.pdf(x), rel=1e-12)
    q = np.array([0.9, 0.1, 1e-8])
    assert law.isf(q) == pytest.approx(lower - scale * np.log(q), rel=1e-12)
    assert law.mean() == pytest.approx(lower + scale, rel=1e-9)
    assert law.moment(2) == pytest.approx(lower**2 + 2 * lower * scale + 2 * scale**2, rel=1e-8)


def test_a_pareto_loss_above_a_bound_is_a_pareto_from_there():
    law, same = Truncated(Pareto(3.5, 2.0), 10.0), Pareto(3.5, 10.0)
    d = np.array([0.0, 5.0, 10.0, 12.0, 500.0, math.inf])
    for power in (1, 2, 3):
        assert law.limited_expected_value(d, power) == pytest.approx(
            same.limited_expected_value(d, power), rel=1e-11
        )
    assert law.support() == (10.0, math.inf)


def test_an_exponential_loss_below_a_bound_has_its_closed_mean():
    law = Truncated(Exponential(10.0), -math.inf, 15.0)
    assert law.mean() == pytest.approx(10.0 - 15.0 * math.exp(-1.5) / -math.expm1(-1.5), rel=1e-13)
    assert law.cdf([-1.0, 0.0, 15.0, 20.0]).tolist() == [0.0, 0.0, 1.0, 1.0]
    assert law.support() == (0.0, 15.0)


@FEW
@given(BASES, LEVELS, s.sampled_from([1, 2, 3]))
def test_the_truncated_law_is_the_conditional_law(base, levels, power):
    lower, upper = (float(base.ppf(level)) for level in levels)
    law = Truncated(base, lower, upper)
    inside = lower + (upper - lower) * np.array([0.01, 0.3, 0.9])
    probability = base.cdf(upper) - base.cdf(lower)
    assert law.probability == pytest.approx(probability, rel=1e-10)
    assert law.cdf(inside) == pytest.approx((base.cdf(inside) - base.cdf(lower)) / probability, rel=1e-9)
    p = np.array([0.01, 0.4, 0.6, 0.99])
    assert law.cdf(law.ppf(p)) == pytest.approx(p, rel=1e-9)
    assert law.sf(law.isf(p)) == pytest.approx(p, rel=1e-9)
    d = np.unique(np.concatenate([[lower], inside, [upper, 2 * upper]]))
    assert law.limited_expected_value(d, power) == pytest.approx(
        limited_by_quadrature(law, d, power).value, rel=1e-9
    )


def test_a_condition_far_out_keeps_its_digits():
    law = Truncated(Exponential(1.0), 100.0, 101.0)
    inside = np.array([100.25, 100.5])
    assert law.cdf(inside) == pytest.approx(-np.expm1(-(inside - 100)) / -math.expm1(-1), rel=1e-12)
    assert law.ppf(law.cdf(inside)) == pytest.approx(inside, rel=1e-13)


def test_the_lower_bound_leaves_out_its_atom_and_the_upper_keeps_it():
    law = Truncated(Discrete([0.0, 1.0, 2.0, 3.0], [0.4, 0.3, 0.2, 0.1]), 0.0, 2.0)
    assert law.atoms().points.tolist() == [1.0, 2.0]
    assert law.atoms().probabilities == pytest.approx([0.6, 0.4], rel=1e-13)
    assert law.mean() == pytest.approx(1.4, rel=1e-13)
    assert law.ppf([0.3, 0.9]).tolist() == [1.0, 2.0]


@pytest.mark.parametrize(
    ("lower", "upper"), [(2.0, 1.0), (1.0, 1.0), (math.nan, 3.0), (0.0, "x"), (-2.0, -1.0)]
)
def test_bounds_that_leave_nothing_are_refused(lower, upper):
    with pytest.raises(ArgumentError):
        Truncated(Exponential(1.0), lower, upper)


def test_random_losses_lie_between_the_bounds_and_have_the_mean():
    law = Truncated(Lognormal(3.0, 1.0), 5.0, 60.0)
    drawn = law.rvs((100, 200), np.random.default_rng(9))
    assert drawn.min() > 5.0
    assert drawn.max() <= 60.0
    assert drawn.mean() == pytest.approx(law.mean(), abs=4 * math.sqrt(law.var() / drawn.size))


@FEW
@given(BASES, s.floats(1.0, 300.0))
def test_a_cap_is_an_atom_with_all_that_lies_above(base, limit):
    law = Capped(base, limit)
    assert isinstance(law, Layered)
    assert law.attachment == 0.0
    atoms = dict(zip(*(column.tolist() for column in law.atoms()), strict=True))
    assert atoms.get(limit, 0.0) == base.sf(limit)
    assert law.cdf([np.nextafter(limit, 0), limit]) == pytest.approx([base.cdf(limit), 1.0], rel=1e-9)
    for power in (1, 2, 3):
        assert law.moment(power) == base.limited_expected_value(limit, power)
    p = np.array([0.1, 0.5, 0.99, 1.0])
    assert (law.ppf(p) == np.minimum(base.ppf(p), limit)).all()


def test_a_capped_exponential_loss_has_its_closed_mean_and_a_cap_must_be_positive():
    assert Capped(Exponential(4.0), 6.0).mean() == pytest.approx(-4.0 * math.expm1(-1.5), rel=1e-14)
    assert math.isfinite(Capped(ParetoII(0.7, 1.0), 10.0).mean())
    with pytest.raises(ArgumentError):
        Capped(Exponential(4.0), 0.0)


@FEW
@given(s.floats(-2.0, 6.0), s.floats(0.2, 2.0), s.floats(1e-3, 1e3))
def test_a_scaled_lognormal_is_the_lognormal_with_its_logarithm_moved(mu, sigma, factor):
    law, same = Scaled(Lognormal(mu, sigma), factor), Lognormal(mu + math.log(factor), sigma)
    x = same.ppf(np.array([0.01, 0.5, 0.999]))
    for name in ("cdf", "sf", "pdf"):
        assert getattr(law, name)(x) == pytest.approx(getattr(same, name)(x), rel=1e-10)
    p = np.array([0.2, 0.9])
    assert law.ppf(p) == pytest.approx(same.ppf(p), rel=1e-11)
    assert law.isf(p) == pytest.approx(same.isf(p), rel=1e-11)
    for power in (1, 2, 3):
        assert law.limited_expected_value(x, power) == pytest.approx(
            same.limited_expected_value(x, power), rel=1e-10
        )


@FEW
@given(BASES, s.floats(1e-3, 1e3), s.floats(0.5, 300.0), s.sampled_from([1, 2, 3]))
def test_limited_values_scale_with_the_loss(base, factor, limit, power):
    law = Scaled(base, factor)
    expected = factor**power * base.limited_expected_value(limit, power)
    assert law.limited_expected_value(factor * limit, power) == pytest.approx(expected, rel=1e-12)
    assert law.layer(factor * limit, factor * 3.0).mean() == pytest.approx(
        factor * base.layer(limit, 3.0).mean(), rel=1e-9
    )


def test_scaling_moves_atoms_and_the_support_and_random_losses():
    law = Scaled(Discrete([1.0, 4.0], [0.25, 0.75]), 2.5)
    assert law.atoms().points.tolist() == [2.5, 10.0]
    assert law.atoms().probabilities.tolist() == [0.25, 0.75]
    assert law.support() == (2.5, 10.0)
    drawn = Scaled(Exponential(1.0), 3.0).rvs(50, np.random.default_rng(1))
    assert drawn.tolist() == (3.0 * Exponential(1.0).rvs(50, np.random.default_rng(1))).tolist()


@pytest.mark.parametrize("factor", [0.0, -1.0, math.nan, math.inf, "x"])
def test_a_factor_that_is_not_above_zero_is_refused(factor):
    with pytest.raises(ArgumentError):
        Scaled(Exponential(1.0), factor)
