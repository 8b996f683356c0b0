# SPDX-License-Identifier: Apache-2.0
"""The compiled loop against the library's laws, and against the losses of the severity room from the same scores."""

import numpy as np
import pytest
from scipy.special import ndtr, ndtri
from zone_by_hand import head_laws

from greenrisk.actuarial.severity.families import Lognormal
from greenrisk.actuarial.severity.modified import Capped, Scaled
from greenrisk.core.compiled import compiled
from greenrisk.core.streams import stream
from greenrisk.pollution.liability.expected import head_law
from greenrisk.pollution.liability.kernels import drawn, loss_of, normal_quantile
from greenrisk.pollution.severity.draws import head_losses
from greenrisk.pollution.severity.heads import HEADS
from greenrisk.pollution.severity.laws import HeadLaw

EVERY = (np.ones(1), np.zeros(1, dtype=np.int64))


def _table(kernel):
    def values(points):
        return np.array([kernel(point) for point in points])

    return values


def test_the_compiled_normal_quantile_is_that_of_scipy():
    p = np.concatenate(
        [10.0 ** -np.linspace(0.31, 300.0, 3000), 1.0 - 10.0 ** -np.linspace(0.31, 15.0, 1500)]
    )
    assert _table(normal_quantile)(p) == pytest.approx(ndtri(p), rel=4e-15, abs=1e-15)


@pytest.mark.parametrize("head", range(5))
def test_the_compiled_loss_is_the_inverse_survival_of_the_librarys_law(head):
    heads = head_laws()
    s = np.concatenate([10.0 ** -np.linspace(0.0, 12.0, 400)[1:], np.linspace(0.01, 0.999, 300)])
    found = _table(lambda q: loss_of(q, *heads.table[head]))(s)
    assert found == pytest.approx(head_law(heads, head).isf(s), rel=1e-10)


def test_a_tail_of_shape_zero_is_exponential():
    heads = head_laws(tail_shape=np.zeros(5))
    # P(X > u + 2 * scale) = weight * exp(-2).
    found = loss_of(0.2 * np.exp(-2.0), *heads.table[0])
    assert found == pytest.approx(28e3 + 2.0 * 44e3)


def _points(heads, n=4000, ratio=1.0, wanted=None):
    wanted = np.ones(1, dtype=bool) if wanted is None else wanted
    return drawn(stream(7, "points"), n, (0.0, 1.0), EVERY, np.full(1, ratio), wanted, heads.for_plants(1))


def test_losses_are_those_of_the_severity_room_from_the_same_scores():
    heads, n = head_laws(), 4000
    found = _points(heads, n)
    rng, scores = stream(7, "points"), np.empty((n, 6))
    for i in range(n):  # numpy's own samplers, one point after the other
        rng.random(), rng.random()
        scores[i] = rng.standard_normal(6)
        rng.random(), rng.standard_exponential(), rng.standard_normal()
    laws = [
        HeadLaw(
            name,
            float(heads.share_positive[0, h]),
            Capped(Scaled(head_law(heads, h), float(heads.scale[0, h])), float(heads.cap[0, h])),
        )
        for h, name in enumerate(HEADS)
    ]
    expected = head_losses(laws, heads.dependence, ndtr(scores[:, 0]), ndtr(scores[:, 1:]))
    whole = np.zeros((n, 5))
    whole[found.costly] = found.loss
    assert found.point.tolist() == list(range(n))
    assert whole == pytest.approx(expected, rel=1e-8)
    assert (found.loss.sum(axis=1) > 0).all()


def test_a_point_that_is_not_kept_takes_its_numbers_all_the_same():
    heads = head_laws()
    all_points, half = _points(heads), _points(heads, ratio=0.5)
    odd = _points(heads, wanted=np.arange(4000) % 2 == 1)
    kept = np.isin(all_points.point[all_points.costly], half.point[half.costly])
    assert half.point.tolist() == all_points.point[all_points.height < 0.5].tolist()
    assert half.loss.tolist() == all_points.loss[kept].tolist()
    assert odd.point.tolist() == list(range(1, 4000, 2))
    assert odd.mark.tolist() == all_points.mark[all_points.point[all_points.costly] % 2 == 1].tolist()


def test_a_head_with_share_one_always_costs_and_one_with_share_zero_never():
    share = np.array([[1.0, 0.0, 0.0, 0.0, 0.0]])
    found = _points(head_laws(share_positive=share))
    assert found.costly.size == 4000
    assert (found.loss[:, 0] > 0).all()
    assert not found.loss[:, 1:].any()


def test_without_a_tail_the_law_is_lognormal_to_its_far_end():
    law = Lognormal(11.0, 1.9)
    heads = head_laws()
    for q in (1e-15, 1e-6, 0.5, 1.0 - 1e-9):
        assert loss_of(q, *heads.table[1]) == pytest.approx(float(law.isf(q)), rel=1e-7)


def test_kernels_are_compiled_in_the_houses_one_way():
    assert type(normal_quantile) is type(compiled(lambda x: x))
