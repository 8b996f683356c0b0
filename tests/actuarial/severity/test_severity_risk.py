# SPDX-License-Identifier: Apache-2.0
"""Value at risk and tail value at risk of laws of one loss, by closed forms and by the sample's own definition."""

import math

import numpy as np
import pytest
from scipy.special import ndtr, ndtri

from greenrisk.actuarial.measures import tail_value_at_risk, value_at_risk
from greenrisk.actuarial.severity.empirical import Empirical
from greenrisk.actuarial.severity.families import Exponential, Lognormal
from greenrisk.actuarial.severity.pareto_families import ParetoII
from greenrisk.core.errors import ArgumentError

LEVELS = np.array([0.01, 0.5, 0.9, 0.995, 0.9999])


def test_tails_of_three_laws_have_their_closed_forms():
    np.testing.assert_allclose(
        Exponential(7.0).tail_value_at_risk(LEVELS), 7 * (1 - np.log1p(-LEVELS)), rtol=1e-12
    )
    mu, sigma = 3.0, 1.5
    tail = math.exp(mu + sigma**2 / 2) * ndtr(sigma - ndtri(LEVELS)) / (1 - LEVELS)
    np.testing.assert_allclose(Lognormal(mu, sigma).tail_value_at_risk(LEVELS), tail, rtol=1e-11)
    shape, scale = 2.5, 4.0
    q = scale * ((1 - LEVELS) ** (-1 / shape) - 1)
    np.testing.assert_allclose(ParetoII(shape, scale).value_at_risk(LEVELS), q, rtol=1e-13)
    mean_excess = (scale + q) / (shape - 1)
    np.testing.assert_allclose(ParetoII(shape, scale).tail_value_at_risk(LEVELS), q + mean_excess, rtol=1e-12)


@pytest.mark.parametrize("level", [0.25, 0.6, 0.75, 0.79])
def test_an_empirical_law_has_the_tail_of_its_sample(level):
    losses = [0.0, 0.0, 3.0, 3.0, 10.0]
    law = Empirical(losses)
    assert float(law.value_at_risk(level)) == value_at_risk(losses, level)
    assert float(law.tail_value_at_risk(level)) == pytest.approx(tail_value_at_risk(losses, level).value)


def test_a_layer_at_its_limit_pays_the_limit_in_the_tail():
    layer = Lognormal.from_mean_cv(100.0, 3.0).layer(50.0, 100.0)
    assert float(layer.tail_value_at_risk(0.95)) == pytest.approx(50.0, rel=1e-12)


def test_without_a_mean_there_is_no_tail_and_the_cap_is_offered():
    with pytest.raises(ArgumentError, match=r"\.layer\(limit\)"):
        ParetoII(0.9, 1.0).tail_value_at_risk(0.99)
    with pytest.raises(ArgumentError, match="level"):
        Exponential(1.0).value_at_risk(95)
