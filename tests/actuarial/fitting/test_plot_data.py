# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from greenrisk.actuarial.fitting.data import LossData
from greenrisk.actuarial.fitting.plot_data import probability_points, quantile_points
from greenrisk.actuarial.fitting.severity_fit import fit_severity
from greenrisk.actuarial.severity.families import Exponential
from greenrisk.core.errors import ArgumentError


def test_plotting_positions_are_weibulls():
    fit = fit_severity([1.0, 2.0, 6.0, 7.0, 14.0], Exponential)  # scale 6
    at = np.arange(1, 6) / 6
    quantiles = quantile_points(fit)
    assert quantiles.expected == pytest.approx(-6 * np.log1p(-at), rel=1e-9)
    assert quantiles.observed.tolist() == [1.0, 2.0, 6.0, 7.0, 14.0]
    shares = probability_points(fit)
    assert shares.expected == pytest.approx(at)
    assert shares.observed == pytest.approx(1 - np.exp(-quantiles.observed / 6), rel=1e-9)


def test_censored_records_are_counted_and_not_shown():
    fit = fit_severity(LossData.exact([14.0, 1.0, 6.0, 2.0, 7.0], limit=7.0), Exponential)
    points = quantile_points(fit)
    assert points.observed.tolist() == [1.0, 2.0, 6.0]
    assert points.expected == pytest.approx(-fit.law.scale * np.log1p(-np.arange(1, 4) / 6), rel=1e-9)


def test_quantiles_above_a_deductible_are_those_of_the_law_that_exceeds_it():
    fit = fit_severity(LossData.exact([5.0, 7.0, 12.0], deductible=4.0), Exponential)
    assert quantile_points(fit).expected == pytest.approx(
        4 - fit.law.scale * np.log1p(-np.arange(1, 4) / 4), rel=1e-9
    )


def test_several_deductibles_have_shares_but_no_quantiles():
    fit = fit_severity(LossData.exact([5.0, 7.0, 12.0], deductible=[0.0, 1.0, 2.0]), Exponential)
    excess = np.array([5.0, 6.0, 10.0])
    assert probability_points(fit).observed == pytest.approx(1 - np.exp(-excess / 7), rel=1e-9)
    with pytest.raises(ArgumentError, match="use probability_points"):
        quantile_points(fit)
