# SPDX-License-Identifier: Apache-2.0
import math

import numpy as np
import pytest
from scipy import stats

from greenrisk.actuarial.fitting.data import LossData
from greenrisk.actuarial.fitting.likelihood import (
    Likelihood,
    log_between,
    log_likelihood,
    logarithms,
    logarithms_of,
)
from greenrisk.actuarial.severity.families import Exponential, Gamma, Lognormal
from greenrisk.actuarial.severity.pareto_families import ParetoII

INF = math.inf


def mixed_records():
    return LossData(
        [3.0, 8.0, 2.0, 6.0, 1.0],
        [3.0, INF, 5.0, 6.0, 4.0],
        deductibles=[1.0, 1.0, 0.0, 2.0, 1.0],
        truncated_above=[INF, INF, INF, 9.0, 20.0],
        weights=[1.0, 2.0, 1.0, 3.0, 0.5],
    )


def test_each_kind_of_record_gives_its_term():
    # S(x) = exp(-x / 4), so that every term is a line of algebra.
    s = lambda x: math.exp(-x / 4)  # noqa: E731
    expected = [
        math.log(s(3) / 4) - math.log(s(1)),
        math.log(s(8)) - math.log(s(1)),
        math.log(s(2) - s(5)),
        math.log(s(6) / 4) - math.log(s(2) - s(9)),
        math.log(s(1) - s(4)) - math.log(s(1) - s(20)),
    ]
    likelihood = Likelihood(mixed_records())
    assert likelihood.records(logarithms(Exponential(4.0))) == pytest.approx(expected, rel=1e-14)
    total = sum(w * term for w, term in zip([1, 2, 1, 3, 0.5], expected, strict=True))
    assert log_likelihood(Exponential(4.0), mixed_records()) == pytest.approx(total, rel=1e-14)


def test_a_record_censored_and_truncated_above_lies_between_the_two():
    data = LossData([2.0], [INF], truncated_above=5.0)
    expected = math.log(math.exp(-2) - math.exp(-5)) - math.log1p(-math.exp(-5))
    assert log_likelihood(Exponential(1.0), data) == pytest.approx(expected, rel=1e-14)


def test_many_laws_at_once_give_what_each_gives_alone():
    laws = [Gamma(0.7, 3.0), Gamma(2.0, 1.0), Gamma(5.0, 4.0)]
    theta = tuple(np.array([law.theta[i] for law in laws])[:, None] for i in range(2))
    likelihood = Likelihood(mixed_records())
    together = likelihood.totals(logarithms_of(Gamma, theta))
    assert together == pytest.approx([log_likelihood(law, mixed_records()) for law in laws], rel=1e-13)
    each = likelihood.records(logarithms_of(Gamma, theta))
    assert each.shape == (3, 5)
    assert each @ mixed_records().weights == pytest.approx(together, rel=1e-13)


def test_far_records_keep_a_likelihood_where_probabilities_vanish():
    # z = 60: the probability is about 1e-784. Mills: ln S(z) = -z^2/2 - ln z - ln(2 pi)/2 + ln(1 - 1/z^2 + 3/z^4 - ...)
    z = 60.0
    mills = (
        -z * z / 2 - math.log(z) - math.log(2 * math.pi) / 2 + math.log1p(-1 / z**2 + 3 / z**4 - 15 / z**6)
    )
    data = LossData([math.exp(60.0)], [INF])
    assert log_likelihood(Lognormal(0.0, 1.0), data) == pytest.approx(mills, rel=1e-12)


def test_differences_keep_their_digits_in_both_tails():
    law = logarithms(Exponential(1.0))
    for low, high in ((1e-12, 3e-12), (700.0, 701.0), (2000.0, 2000.0 + 1e-6), (0.1, INF)):
        width = high - low
        expected = -low + math.log(-math.expm1(-width))
        assert float(log_between(law, np.array([low]), np.array([high]))[0]) == pytest.approx(
            expected, rel=1e-9
        )


def test_the_left_tail_of_a_lognormal_keeps_its_digits():
    low, high = np.exp([-30.0]), np.exp([-29.0])
    expected = stats.norm.logcdf(-29.0) + math.log1p(
        -math.exp(stats.norm.logcdf(-30.0) - stats.norm.logcdf(-29.0))
    )
    assert float(log_between(logarithms(Lognormal(0.0, 1.0)), low, high)[0]) == pytest.approx(
        expected, rel=1e-12
    )


def test_a_law_that_is_no_family_has_a_likelihood_too():
    layered = ParetoII(2.0, 10.0).layer(100.0)
    data = LossData([5.0, 20.0], [5.0, INF])
    # Below its limit the layer has the density of the ground-up law: 2/10 (10/15)^3; S(20) = (10/30)^2.
    assert log_likelihood(layered, data) == pytest.approx(
        math.log(0.2 * (2 / 3) ** 3) + 2 * math.log(1 / 3), rel=1e-12
    )


def test_scipys_censored_likelihood_is_the_same():
    rng = np.random.default_rng(5)
    losses = rng.gamma(2.0, 3.0, 60)
    data = LossData.exact(losses, limit=7.0)
    law = stats.gamma(1.7, scale=2.5)
    expected = law.logpdf(losses[losses < 7.0]).sum() + (losses >= 7.0).sum() * law.logsf(7.0)
    assert log_likelihood(Gamma(1.7, 2.5), data) == pytest.approx(expected, rel=1e-12)
