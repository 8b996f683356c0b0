# SPDX-License-Identifier: Apache-2.0
import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from shipped_severity import constants, values

from greenrisk.actuarial.severity.families import Exponential
from greenrisk.actuarial.severity.modified import Capped
from greenrisk.core.errors import ArgumentError
from greenrisk.pollution.liability.laws import HeadLaws
from greenrisk.pollution.severity.caps import Cap
from greenrisk.pollution.severity.draws import (
    head_arrays,
    head_losses,
    probability_of_any,
    simulated_accidents,
)
from greenrisk.pollution.severity.heads import HEADS
from greenrisk.pollution.severity.laws import HeadLaw, severity_laws

COUNT = 200_000


def laws(cap=2.0e7):
    return severity_laws(values(), constants(), Cap("policy", cap))


def drawn(dependence, cap=2.0e7, count=COUNT):
    return simulated_accidents(laws(cap), dependence, count, seed=5)


@pytest.mark.parametrize("dependence", [0.0, 0.7])
def test_shares_and_means_of_the_heads_do_not_depend_on_the_dependence(dependence):
    losses = drawn(dependence)
    for h, law in enumerate(laws()):
        error = losses[:, h].std() / math.sqrt(COUNT)
        assert abs(losses[:, h].mean() - law.expected()) < 4 * error
        p = law.share_positive
        assert abs((losses[:, h] > 0).mean() - p) < 4 * math.sqrt(p * (1 - p) / COUNT)


def test_two_heads_come_together_as_often_as_the_bivariate_normal_law_says():
    r = 0.7
    hit = drawn(r) > 0
    shares = [law.share_positive for law in laws()]
    for i, j in itertools.combinations(range(len(HEADS)), 2):
        both = stats.multivariate_normal.cdf(stats.norm.ppf([shares[i], shares[j]]), cov=[[1, r], [r, 1]])
        assert abs(hit[:, [i, j]].all(axis=1).mean() - both) < 4 * math.sqrt(both * (1 - both) / COUNT)


def test_sizes_are_one_quantile_of_one_score():
    # at dependence 0 head h sees only its own uniform: the amount that is exceeded with probability 1 - u
    u = np.array([[0.95, 0.99, 0.9, 0.999, 0.95], [0.2, 0.2, 0.2, 0.2, 0.2]])
    losses = head_losses(laws(), 0.0, np.array([0.1, 0.9]), u)
    expected = [float(law.amount(1 - one)) for law, one in zip(laws(), u[0], strict=True)]
    assert losses[0] == pytest.approx(expected, rel=1e-9)
    assert losses[1].tolist() == [0.0] * 5


def test_variants_share_their_accidents():
    # common random numbers: doubling the factor of severity doubles every recorded loss that stays below its cap
    one = severity_laws(values(), constants(), Cap("physical", 1e15))
    two = severity_laws(values(transfer={"severity_factor": 1.0}), constants(), Cap("physical", 1e15))
    a, b = (simulated_accidents(each, 0.7, 5_000, seed=1) for each in (one, two))
    recorded = [0, 2, 3]
    assert b[:, recorded] == pytest.approx(2 * a[:, recorded], rel=1e-9)
    assert b[:, [1, 4]].tolist() == a[:, [1, 4]].tolist()


def test_the_chance_of_any_loss_is_a_product_without_dependence():
    shares = [law.share_positive for law in laws()]
    assert probability_of_any(laws(), 0.0) == pytest.approx(1 - math.prod(1 - p for p in shares), rel=1e-12)


@pytest.mark.parametrize("above", [0.0, 3.0e5])
def test_the_chance_of_any_loss_equals_its_share_among_drawn_accidents(above):
    p = probability_of_any(laws(), 0.7, above)
    seen = (drawn(0.7) > above).any(axis=1).mean()
    assert abs(seen - p) < 4 * math.sqrt(p * (1 - p) / COUNT)


def test_nearly_full_dependence_leaves_the_largest_share():
    # comonotone heads: some head costs something as often as the most frequent one does
    assert probability_of_any(laws(), 1 - 1e-9) == pytest.approx(
        max(law.share_positive for law in laws()), abs=1e-4
    )


def test_a_head_that_never_or_always_costs_something_does_so():
    always = HeadLaw("clean_up", 1.0, Capped(Exponential(1.0), 9.0))
    never = HeadLaw("legal_cost", 0.0, Capped(Exponential(1.0), 9.0))
    losses = head_losses((always, never), 0.3, np.array([0.0, 0.5]), np.array([[0.0, 0.5], [0.5, 0.9999]]))
    assert (losses[1, 0] > 0, losses[:, 1].tolist()) == (True, [0.0, 0.0])
    assert (losses >= 0).all()


@settings(deadline=None, max_examples=20, derandomize=True)
@given(st.floats(1.0e3, 1.0e9), st.floats(0.0, 0.95), st.integers(0, 1000))
def test_no_head_ever_costs_more_than_its_cap(cap, dependence, seed):
    losses = simulated_accidents(laws(cap), dependence, 300, seed)
    assert losses.min() >= 0.0
    assert losses.max() <= cap


def test_arrays_carry_the_same_laws_to_the_simulation():
    arrays = head_arrays(laws())
    assert arrays["tail_weight"] == pytest.approx([60 / 297, 0, 205 / 1033, 201 / 1004, 0])
    assert np.isinf(arrays["threshold"]).tolist() == [False, True, False, False, True]
    assert arrays["threshold"][0] == pytest.approx(23974.13 * 0.5 * 6.73)
    assert arrays["share_positive"].shape == arrays["cap"].shape == (1, 5)


def test_the_simulation_takes_the_arrays_as_they_are():
    struct = HeadLaws(dependence=0.7, **head_arrays(laws())).for_plants(3)
    assert struct.share_positive.shape == (3, 5)
    assert struct.dependence == 0.7
    # the score from which a head costs something, by scipy's normal law
    assert struct.least_score[2] == pytest.approx(stats.norm.isf([law.share_positive for law in laws()]))


def test_a_law_that_the_arrays_cannot_carry_is_refused():
    with pytest.raises(ArgumentError, match="law of clean_up: Exponential"):
        head_arrays((HeadLaw("clean_up", 0.5, Capped(Exponential(1.0), 9.0)),))


def test_uniforms_of_another_shape_and_full_dependence_are_refused():
    with pytest.raises(ArgumentError, match=r"Shape \(2, 5\) was expected: accidents by heads"):
        head_losses(laws(), 0.5, np.zeros(2), np.zeros((2, 4)))
    with pytest.raises(ArgumentError, match=r"dependence = 1"):
        head_losses(laws(), 1.0, np.zeros(2), np.zeros((2, 5)))
