# SPDX-License-Identifier: Apache-2.0
import math

import numpy as np
import pytest
from scipy import stats

from greenrisk.actuarial.fitting.data import LossData
from greenrisk.actuarial.fitting.grouped_goodness import chi_square
from greenrisk.actuarial.fitting.severity_fit import fit_severity
from greenrisk.actuarial.severity.families import Exponential, Gamma
from greenrisk.core.errors import ArgumentError

INF = math.inf


def test_chi_square_is_pearsons_sum():
    fit = fit_severity(LossData.grouped([0.0, 10.0, 25.0, 50.0, INF], [50, 30, 15, 5]), Exponential)
    theta = fit.law.scale
    s = np.exp(-np.array([0.0, 10.0, 25.0, 50.0, INF]) / theta)
    expected = 100 * (s[:-1] - s[1:])
    found = chi_square(fit)
    assert found.expected == pytest.approx(expected, rel=1e-12)
    assert found.statistic == pytest.approx(
        ((np.array([50, 30, 15, 5]) - expected) ** 2 / expected).sum(), rel=1e-12
    )
    assert found.degrees == 4 - 1 - 1
    assert found.p_value == pytest.approx(stats.chi2.sf(found.statistic, 2), rel=1e-12)


def test_an_empty_class_between_two_others_counts():
    fit = fit_severity(LossData.grouped([0.0, 10.0, 25.0, 50.0, INF], [50, 0, 15, 5]), Exponential)
    found = chi_square(fit)
    assert found.edges.tolist() == [0.0, 10.0, 25.0, 50.0, INF]
    assert found.observed.tolist() == [50.0, 0.0, 15.0, 5.0]
    assert found.expected.sum() == pytest.approx(70.0)


def test_classes_above_a_deductible_are_expected_given_that_it_is_exceeded():
    data = LossData.grouped([5.0, 10.0, 25.0, INF], [50, 30, 20], deductible=5.0)
    found = chi_square(fit_severity(data, Exponential))
    assert found.edges[0] == 5.0
    assert found.expected.sum() == pytest.approx(100.0)


def test_a_right_law_is_seldom_refused():
    rng = np.random.default_rng(3)
    edges = np.array([0.0, 2.0, 4.0, 7.0, 12.0, INF])
    refused = 0
    for _ in range(60):
        counts = np.histogram(Gamma(2.0, 2.5).rvs(400, rng), edges[:-1])[0]
        counts = np.append(counts, 400 - counts.sum())
        refused += chi_square(fit_severity(LossData.grouped(edges, counts), Gamma)).p_value < 0.2
    assert refused / 60 == pytest.approx(0.2, abs=4 * math.sqrt(0.2 * 0.8 / 60))


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (LossData.exact([1.0, 2.0, 3.0]), "record 0 is exact, 1"),
        (
            LossData.intervals([1.0, 1.0, 4.0], [3.0, 3.0, 5.0], deductible=[0.0, 0.5, 0.0]),
            "deductibles 0 to 0.5",
        ),
        (LossData.intervals([0.0, 2.0, 4.0], [3.0, 5.0, INF]), "classes (0, 3] and (2, 5]"),
        (LossData.grouped([0.0, 2.0, INF], [3, 4]), "2 classes, 1 fitted parameters"),
    ],
)
def test_records_that_are_no_classes_are_refused(data, what):
    with pytest.raises(ArgumentError) as caught:
        chi_square(fit_severity(data, Exponential))
    assert caught.value.faults[0].what == what
