# SPDX-License-Identifier: Apache-2.0
import math
from itertools import pairwise

import numpy as np
import pytest
from scipy import stats

from greenrisk.actuarial.fitting.data import LossData
from greenrisk.actuarial.fitting.goodness import distances, draw, goodness_of_fit
from greenrisk.actuarial.fitting.severity_fit import fit_severity
from greenrisk.actuarial.severity.families import Exponential, Lognormal
from greenrisk.core.errors import ArgumentError

LAW = Lognormal(1.1, 1.1)


def losses(count=200, seed=1):
    return np.exp(np.random.default_rng(seed).normal(1.0, 1.2, count))


def anderson_darling(u):
    u = np.sort(u)
    i = np.arange(1, u.size + 1)
    return -u.size - np.mean((2 * i - 1) * (np.log(u) + np.log1p(-u[::-1])))


def by_quadrature(u, n, end):
    """The three distances up to ``end`` from their definitions, on a fine grid between the records."""
    knots = np.concatenate([[0.0], np.sort(u[u <= end]), [end]])
    greatest = squares = weighted = 0.0
    nodes, shares = np.polynomial.legendre.leggauss(60)
    for i, (a, b) in enumerate(pairwise(knots)):
        x = a + (b - a) * (nodes + 1) / 2
        gap = (i / n - x) ** 2
        greatest = max(greatest, abs(i / n - a), abs(i / n - b))
        squares += n * (b - a) / 2 * (shares * gap).sum()
        weighted += n * (b - a) / 2 * (shares * gap / (x * (1 - x))).sum()
    return greatest, squares, weighted


def test_distances_of_full_records_are_scipys_and_the_textbook_sum():
    found = distances(LAW, LossData.exact(losses()))
    assert found.kolmogorov_smirnov == pytest.approx(stats.kstest(losses(), LAW.cdf).statistic, rel=1e-12)
    assert found.cramer_von_mises == pytest.approx(
        stats.cramervonmises(losses(), LAW.cdf).statistic, rel=1e-10
    )
    assert found.anderson_darling == pytest.approx(anderson_darling(LAW.cdf(losses())), rel=1e-10)


def test_a_deductible_of_its_own_for_each_record_is_taken_into_account():
    x = losses()
    t = np.random.default_rng(2).uniform(0.0, 2.0, x.size)
    x, t = x[x > t], t[x > t]
    u = (LAW.cdf(x) - LAW.cdf(t)) / LAW.sf(t)
    found = distances(LAW, LossData.exact(x, deductible=t))
    assert found.kolmogorov_smirnov == pytest.approx(stats.kstest(u, "uniform").statistic, rel=1e-10)
    assert found.anderson_darling == pytest.approx(anderson_darling(u), rel=1e-9)


def test_right_truncation_is_taken_into_account():
    x = losses()
    x = x[x <= 8.0]
    u = LAW.cdf(x) / LAW.cdf(8.0)
    found = distances(LAW, LossData.exact(x, truncated_above=8.0))
    assert found.cramer_von_mises == pytest.approx(stats.cramervonmises(u, "uniform").statistic, rel=1e-9)


def test_censored_records_are_measured_up_to_their_limit():
    x = losses(60)
    found = distances(LAW, LossData.exact(x, limit=4.0))
    assert found == pytest.approx(by_quadrature(LAW.cdf(x), 60, float(LAW.cdf(4.0))), rel=1e-9)


def test_with_several_limits_the_least_one_counts():
    x = losses(60)
    limit = np.where(np.arange(60) % 2 == 0, 4.0, 9.0)
    assert distances(LAW, LossData.exact(x, limit=limit)) == pytest.approx(
        distances(LAW, LossData.exact(x, limit=4.0)), rel=1e-12
    )


def test_whole_weights_are_repeated_records():
    weighted = distances(LAW, LossData.exact([1.0, 3.0, 9.0], weights=[2, 1, 3]))
    repeated = distances(LAW, LossData.exact([1.0, 1.0, 3.0, 9.0, 9.0, 9.0]))
    assert weighted == pytest.approx(repeated, rel=1e-12)


def test_records_far_in_the_tail_do_not_make_the_distance_infinite():
    found = distances(Exponential(1.0), LossData.exact([0.1, 0.5, 1.0, 60.0]))
    # u = 1 - e^-60 is 1 in floats; its complement is e^-60: -4 - sum (2i-1)/4 (ln u_i + ln(1 - u_{5-i}))
    x = np.array([0.1, 0.5, 1.0, 60.0])
    expected = -4 - ((2 * np.arange(1, 5) - 1) / 4 * (np.log(-np.expm1(-x)) - x[::-1])).sum()
    assert found.anderson_darling == pytest.approx(expected, rel=1e-10)


def test_p_values_spread_evenly_where_the_family_is_right():
    rng = np.random.default_rng(77)
    found = []
    for _ in range(30):
        fit = fit_severity(Lognormal(2.0, 1.0).rvs(40, rng), Lognormal)
        found.append(goodness_of_fit(fit, replicates=39, rng=rng).anderson_darling.p_value)
    assert np.mean(found) == pytest.approx(0.5, abs=4 / math.sqrt(12 * 30))
    assert 0.04 < np.var(found) < 0.13  # 1/12 = 0.083


def test_p_values_are_small_where_the_family_is_wrong():
    fit = fit_severity(losses(300), Exponential)
    found = goodness_of_fit(fit, replicates=199, rng=5)
    assert found.anderson_darling.p_value == 1 / 200
    assert found.cramer_von_mises.p_value == 1 / 200
    assert found.kolmogorov_smirnov.standard_error == pytest.approx(math.sqrt(1 / 200 * 199 / 200 / 199))
    assert (found.replicates, found.failed) == (199, 0)


def test_estimated_parameters_make_the_test_stricter_than_the_table_for_a_known_law():
    # Lilliefors: with mean and deviation estimated, D = 0.0895 at n = 100 has p near 0.05 and not near 0.4.
    fit = fit_severity(losses(100, seed=12), Lognormal)
    found = goodness_of_fit(fit, replicates=199, rng=6)
    known = stats.kstest(np.log(losses(100, seed=12)), "norm", args=(fit.law.mu, fit.law.sigma)).pvalue
    assert found.kolmogorov_smirnov.p_value < known - 0.1


def test_the_same_seed_gives_the_same_p_value():
    data = LossData.exact(losses(80)[losses(80) > 1.0], deductible=1.0, limit=6.0)
    fit = fit_severity(data, Lognormal)
    assert goodness_of_fit(fit, replicates=49, rng=3) == goodness_of_fit(fit, replicates=49, rng=3)


def test_samples_keep_the_conditions_of_the_records():
    data = LossData.exact([3.0] * 4000, deductible=2.0, limit=5.0)
    drawn = draw(Exponential(4.0), data, np.random.default_rng(1))
    assert drawn.lower.min() >= 2.0
    assert drawn.lower.max() == 5.0
    share = math.exp(-3 / 4)
    assert drawn.right_censored.mean() == pytest.approx(share, abs=4 * math.sqrt(share * (1 - share) / 4000))


def refusal(make):
    with pytest.raises(ArgumentError) as caught:
        make()
    return [(fault.what, fault.expected) for fault in caught.value.faults]


def test_records_without_a_place_are_refused():
    fit = fit_severity(LossData.grouped([0.0, 10.0, 50.0, math.inf], [7, 2, 1]), Exponential)
    assert refusal(lambda: goodness_of_fit(fit, rng=1)) == [
        (
            "record 0 lies in (0, 10]",
            "These distances need places: leave such records out, or use grouped_goodness.chi_square.",
        )
    ]


def test_weights_that_are_no_counts_are_refused():
    fit = fit_severity(LossData.exact([1.0, 2.0, 5.0], weights=[1.0, 0.5, 2.0]), Exponential)
    assert refusal(lambda: goodness_of_fit(fit, rng=1)) == [
        ("weights[1] = 0.5", "A test of fit needs counts: give whole weights, or test the unweighted losses.")
    ]


def test_censored_records_whose_limits_are_not_known_cannot_be_drawn_again():
    fit = fit_severity(LossData.intervals([1.0, 2.0, 5.0], [1.0, 2.0, math.inf]), Exponential)
    ((what, expected),) = refusal(lambda: goodness_of_fit(fit, rng=1))
    assert what == "record 2 is censored at 5 with no limit"
    assert expected.startswith("Give limits")


def test_records_that_all_lie_beyond_the_least_limit_are_refused():
    data = LossData.exact([3.0, 4.0, 5.0], limit=[1.0, 9.0, 9.0])
    ((what, _),) = refusal(lambda: distances(LAW, data))
    assert what == "least limit 1"


def test_too_few_replicates_are_refused():
    fit = fit_severity([1.0, 2.0, 5.0], Exponential)
    assert refusal(lambda: goodness_of_fit(fit, replicates=5, rng=1))[0][0] == "replicates = 5"
