# SPDX-License-Identifier: Apache-2.0
import math

import numpy as np
import pytest

from greenrisk.actuarial.fitting.severity_fit import fit_severity
from greenrisk.actuarial.fitting.tail_data import hill, mean_excess, threshold_stability
from greenrisk.actuarial.severity.pareto_families import GeneralisedPareto
from greenrisk.core.errors import ArgumentError, FitError

LOSSES = [1.0, 2.0, 4.0, 4.0, 7.0, 12.0]


def even_losses(law, count):
    return law.ppf((np.arange(count) + 0.5) / count)


def test_mean_excess_is_over_losses_strictly_above():
    found = mean_excess(LOSSES, [0.5, 4.0])
    assert found.counts.tolist() == [6, 2]
    assert found.values == pytest.approx([5.0 - 0.5, (3 + 8) / 2])
    # Standard deviation of 3 and 8 is 5 / sqrt 2, over sqrt 2.
    assert found.standard_errors[1] == pytest.approx(2.5)
    assert found.standard_errors[0] == pytest.approx(np.std(LOSSES, ddof=1) / math.sqrt(6))


def test_without_thresholds_every_distinct_loss_is_one():
    assert mean_excess(LOSSES).thresholds.tolist() == [1.0, 2.0, 4.0]
    assert hill(LOSSES).counts.tolist() == [5, 4, 2]


def test_the_mean_excess_of_losses_far_from_zero_keeps_its_error():
    shift = 1e9
    near, far = mean_excess(LOSSES, [2.0]), mean_excess(np.array(LOSSES) + shift, [2.0 + shift])
    assert far.standard_errors == pytest.approx(near.standard_errors, rel=1e-6)


def test_the_mean_excess_of_a_pareto_tail_is_a_line():
    # e(u) = (beta + xi u) / (1 - xi)
    found = mean_excess(even_losses(GeneralisedPareto(0.2, 8.0), 200_000), [5.0, 10.0, 20.0])
    assert found.values == pytest.approx((8.0 + 0.2 * found.thresholds) / 0.8, rel=2e-3)


def test_hills_estimate_is_the_mean_logarithm_over_the_threshold():
    found = hill(LOSSES, [2.0])
    logs = [math.log(x / 2.0) for x in (4.0, 4.0, 7.0, 12.0)]
    assert found.shapes[0] == pytest.approx(sum(logs) / 4)
    assert found.standard_errors[0] == pytest.approx(sum(logs) / 8)


def test_zeros_do_not_disturb_hill():
    assert hill([0.0, 0.0, *LOSSES]).shapes == pytest.approx(hill(LOSSES).shapes)
    assert hill([0.0, 0.0, *LOSSES], [2.0]).counts.tolist() == [4]


def test_each_threshold_has_the_maximum_likelihood_of_its_excesses():
    losses = even_losses(GeneralisedPareto(0.4, 5.0), 600)
    found = threshold_stability(losses, [0.0, 3.0, 9.0], level=0.9)
    for i, u in enumerate(found.thresholds):
        fit = fit_severity(losses[losses > u] - u, GeneralisedPareto)
        assert found.counts[i] == (losses > u).sum()
        assert found.shapes[i] == pytest.approx(fit.law.shape, abs=1e-5)
        assert found.modified_scales[i] == pytest.approx(fit.law.scale - fit.law.shape * u, rel=1e-4)
        covariance = fit.covariance
        reach = 1.6448536269514722
        assert np.diff(found.shape_intervals[i])[0] == pytest.approx(
            2 * reach * math.sqrt(covariance[0, 0]), rel=1e-3
        )
        variance = covariance[1, 1] - 2 * u * covariance[0, 1] + u**2 * covariance[0, 0]
        width = np.diff(found.modified_scale_intervals[i])[0]
        assert width == pytest.approx(2 * reach * math.sqrt(variance), rel=1e-3)


def test_above_a_good_threshold_shape_and_modified_scale_stay():
    found = threshold_stability(even_losses(GeneralisedPareto(0.4, 5.0), 4000), [0.0, 2.0, 8.0])
    assert found.shapes == pytest.approx([0.4] * 3, abs=0.03)
    assert found.modified_scales == pytest.approx([5.0] * 3, rel=0.08)


def refusal(make, error=ArgumentError):
    with pytest.raises(error) as caught:
        make()
    return [fault.what for fault in caught.value.faults]


def test_thresholds_with_too_few_losses_above_them_are_all_named():
    assert refusal(lambda: mean_excess(LOSSES, [1.0, 7.0, 12.0])) == [
        "threshold = 7 with 1 losses above it",
        "threshold = 12 with 0 losses above it",
    ]
    assert refusal(lambda: threshold_stability(LOSSES, [1.0])) == ["threshold = 1 with 5 losses above it"]
    assert refusal(lambda: hill(LOSSES, [7.0])) == ["threshold = 7 with 1 losses above it"]
    assert refusal(lambda: mean_excess([3.0, 3.0])) == ["losses holds 2"]


def test_a_threshold_whose_tail_has_no_fit_is_named():
    losses = np.concatenate([np.linspace(0.0, 1.0, 100), 1 + np.linspace(0.001, 1.0, 200)])
    (what,) = refusal(lambda: threshold_stability(losses, [1.0]), FitError)
    assert what.startswith("threshold = 1: ")


def test_bad_losses_and_levels_are_refused():
    assert refusal(lambda: mean_excess([1.0, -2.0, math.nan])) == ["losses[1] = -2", "losses[2] = nan"]
    assert refusal(lambda: hill(LOSSES, [0.0])) == ["thresholds[0] = 0"]
    assert refusal(lambda: threshold_stability(LOSSES, [1.0], level=95)) == ["level = 95"]
