# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from greenrisk.actuarial.distortion.functions import (
    ConstantCostOfCapital,
    DualPower,
    ProportionalHazard,
    TailValueAtRisk,
    Wang,
)
from greenrisk.actuarial.distortion.mixture import BiTailValueAtRisk, MixtureDistortion
from greenrisk.core.errors import ArgumentError

single = st.one_of(
    st.builds(ProportionalHazard, st.floats(0.05, 1.0)),
    st.builds(Wang, st.floats(0.0, 3.0)),
    st.builds(DualPower, st.floats(1.0, 20.0)),
    st.builds(TailValueAtRisk, st.floats(0.0, 0.999)),
    st.builds(ConstantCostOfCapital, st.floats(0.0, 1.0)),
    st.tuples(st.floats(0.0, 0.999), st.floats(0.0, 0.999), st.floats(0.0, 1.0)).map(
        lambda t: BiTailValueAtRisk(min(t[:2]), max(t[:2]), t[2])
    ),
)
distortions = st.one_of(
    single,
    st.tuples(st.floats(0.0, 1.0), single, single).map(
        lambda t: MixtureDistortion((t[0], 1.0 - t[0]), (t[1], t[2]))
    ),
)
properties = settings(max_examples=50, deadline=None, derandomize=True)


@properties
@given(distortions)
def test_every_distortion_rises_from_0_to_1_concave_and_above_the_diagonal(distortion):
    s = np.concatenate([[0.0], np.geomspace(1e-12, 1.0, 400), np.linspace(0.0, 1.0, 201)])
    s.sort()
    g = distortion.g(s)
    assert g[0] == 0.0
    assert g[-1] == pytest.approx(1.0, abs=1e-12)
    assert (np.diff(g) >= -1e-14).all()
    assert (g >= s - 1e-14).all()
    # concave: the value in the middle is not below that of the chord
    inner = s[1:]
    middle = distortion.g((inner[1:] + inner[:-1]) / 2.0)
    assert (middle >= (g[2:] + g[1:-1]) / 2.0 - 1e-13).all()


@properties
@given(distortions, st.floats(1e-9, 1.0))
def test_the_inverse_is_the_least_probability_that_reaches_a_weight(distortion, u):
    s = float(distortion.g_inverse(u))
    assert 0.0 <= s <= 1.0
    assert distortion.g(min(s * (1.0 + 1e-9) + 1e-300, 1.0)) >= u * (1.0 - 1e-7)
    if s > 1e-300 and u > distortion.jump:
        assert distortion.g(s * (1.0 - 1e-6)) <= u


@properties
@given(distortions, st.floats(0.001, 0.999))
def test_the_derivative_is_the_slope_away_from_kinks(distortion, s):
    step = 1e-6 * min(s, 1.0 - s)
    if any(abs(s - kink) < 10.0 * step for kink in distortion.kinks):
        return
    slope = (distortion.g(s + step) - distortion.g(s - step)) / (2.0 * step)
    assert distortion.derivative(s) == pytest.approx(slope, rel=1e-4, abs=1e-6)


def test_values_by_hand():
    assert ProportionalHazard(0.5).g([0.0, 0.04, 0.25, 1.0]) == pytest.approx([0, 0.2, 0.5, 1])
    assert Wang(1.0).g(norm.sf(2.0)) == pytest.approx(norm.sf(1.0))
    assert DualPower(2.0).g(0.1) == pytest.approx(1 - 0.9**2)
    assert TailValueAtRisk(0.75).g([0.1, 0.25, 0.5]) == pytest.approx([0.4, 1, 1])
    assert ConstantCostOfCapital(0.25).g([0.0, 1e-12, 0.5, 1.0]) == pytest.approx([0, 0.2, 0.6, 1])
    # 0.5 * min(1, 0.1 / 0.5) + 0.5 * min(1, 0.1 / 0.1)
    assert BiTailValueAtRisk(0.5, 0.9, 0.5).g(0.1) == pytest.approx(0.6)
    mixture = MixtureDistortion((0.25, 0.75), (DualPower(2.0), ProportionalHazard(1.0)))
    assert mixture.g(0.1) == pytest.approx(0.25 * 0.19 + 0.75 * 0.1)


def test_small_probabilities_keep_their_digits():
    assert DualPower(2.0).g(1e-20) == pytest.approx(2e-20, rel=1e-12)
    assert DualPower(2.0).g_inverse(2e-20) == pytest.approx(1e-20, rel=1e-12)
    assert Wang(0.5).g_inverse(Wang(0.5).g(1e-200)) == pytest.approx(1e-200, rel=1e-9)


def test_slopes_at_the_ends():
    assert ProportionalHazard(0.5).derivative(0.0) == np.inf
    assert Wang(0.5).derivative(0.0) == np.inf
    assert DualPower(3.0).derivative([0.0, 1.0]) == pytest.approx([3, 0])
    assert ProportionalHazard(1.0).derivative(0.0) == Wang(0.0).derivative(0.0) == 1.0
    # at its kink a TVaR takes the slope from the left
    assert TailValueAtRisk(0.9).derivative([0.1, 0.1001]) == pytest.approx([10, 0])


def test_the_weight_on_the_greatest_loss_and_the_kinks_pass_to_mixtures():
    mixture = MixtureDistortion((0.5, 0.5), (ConstantCostOfCapital(0.25), TailValueAtRisk(0.75)))
    assert mixture.jump == pytest.approx(0.1)
    assert mixture.kinks == (0.25,)
    assert BiTailValueAtRisk(0.5, 0.75, 0.5).kinks == (0.25, 0.5)
    assert TailValueAtRisk(0.0).kinks == ()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: ProportionalHazard(0.0), "exponent = 0\n  It must be > 0 and <= 1"),
        (lambda: ProportionalHazard(1.1), "exponent = 1.1"),
        (lambda: Wang(-0.1), "shift = -0.1\n  It must be >= 0"),
        (lambda: Wang(float("nan")), "shift = nan"),
        (lambda: DualPower(0.5), "exponent = 0.5\n  It must be >= 1"),
        (lambda: TailValueAtRisk(1.0), "level = 1\n  It must be >= 0 and < 1"),
        (lambda: ConstantCostOfCapital(-0.1), "rate = -0.1"),
        (lambda: BiTailValueAtRisk(0.9, 0.5, 0.5), "low = 0.9, high = 0.5\n  It must be >= low"),
        (lambda: BiTailValueAtRisk(0.5, 0.9, 1.5), "weight = 1.5"),
        (lambda: MixtureDistortion((0.5, 0.4), (Wang(0.1), Wang(0.2))), "They must sum to 1"),
        (lambda: MixtureDistortion((1.0,), (Wang(0.1), Wang(0.2))), "1 weights, 2 parts"),
        (lambda: MixtureDistortion((-0.5, 1.5), (Wang(0.1), Wang(0.2))), r"weights\[0\] = -0.5"),
        (lambda: Wang(0.1).g([0.5, 1.5]), r"s\[1\] = 1.5"),
        (lambda: Wang(0.1).g_inverse(np.nan), "u = nan"),
        (lambda: Wang(0.1).derivative(-0.1), "s = -0.1"),
    ],
)
def test_bad_parameters_are_refused_by_name_and_value(make, message):
    with pytest.raises(ArgumentError, match=message):
        make()
