# SPDX-License-Identifier: Apache-2.0
import csv
import math
from pathlib import Path

import numpy as np
import pytest

from greenrisk.actuarial.fitting.data import LossData
from greenrisk.actuarial.fitting.goodness import distances
from greenrisk.actuarial.fitting.likelihood import log_likelihood
from greenrisk.actuarial.fitting.severity_fit import fit_severity
from greenrisk.actuarial.fitting.splice_fit import fit_spliced
from greenrisk.actuarial.severity.families import Exponential, Lognormal
from greenrisk.actuarial.severity.pareto_families import GeneralisedPareto, Pareto
from greenrisk.actuarial.severity.spliced import Spliced
from greenrisk.core.errors import ArgumentError, FitError

SHARED = Path(__file__).resolve().parents[3] / "../shared"
LAW = Spliced(Lognormal(1.0, 1.0), GeneralisedPareto(0.4, 6.0, 8.0), 8.0, 0.15)


def losses(count=4000, seed=9):
    return LAW.rvs(count, np.random.default_rng(seed))


def test_both_sides_and_the_share_are_those_that_made_the_losses():
    fit = fit_spliced(losses(), Lognormal, 8.0)
    for side, truth in ((fit.body, {"mu": 1.0, "sigma": 1.0}), (fit.tail, {"shape": 0.4, "scale": 6.0})):
        for name, error in side.standard_errors.items():
            assert abs(side.parameters[name] - truth[name]) < 4 * error
    assert abs(fit.exceedance - 0.15) < 4 * fit.exceedance_error
    assert fit.law.tail_weight == fit.exceedance
    assert fit.tail.parameters["threshold"] == 8.0


def test_the_three_factors_make_the_likelihood_of_the_whole():
    fit = fit_spliced(losses(500), Lognormal, 8.0)
    assert fit.log_likelihood == pytest.approx(
        log_likelihood(fit.law, LossData.exact(losses(500))), rel=1e-10
    )
    assert fit.aic == pytest.approx(2 * 5 - 2 * fit.log_likelihood)
    assert fit.bic == pytest.approx(5 * math.log(500) - 2 * fit.log_likelihood)


def test_a_deductible_and_limits_do_not_move_the_law():
    x = losses(8000)
    data = LossData.exact(x[x > 2.0], deductible=2.0, limit=40.0)
    fit = fit_spliced(data, Lognormal, 8.0)
    assert fit.law.tail_weight == pytest.approx(0.15, abs=0.03)
    assert fit.log_likelihood == pytest.approx(log_likelihood(fit.law, data), rel=1e-10)
    # No law nearby is more likely: the factors' maxima are the maximum of the whole.
    for body, weight in ((1.02, 1.0), (0.98, 1.0), (1.0, 1.05), (1.0, 0.95)):
        low = Lognormal(fit.body.law.mu * body, fit.body.law.sigma)
        moved = Spliced(low, fit.tail.law, 8.0, fit.law.tail_weight * weight)
        assert log_likelihood(moved, data) < fit.log_likelihood


def test_the_spliced_law_lies_nearer_its_losses_than_either_piece():
    fit = fit_spliced(losses(), Lognormal, 8.0)
    data = LossData.exact(losses())
    alone = fit_severity(data, Lognormal)
    assert distances(fit.law, data).anderson_darling < distances(alone.law, data).anderson_darling


def test_a_tail_of_another_family_begins_at_the_threshold():
    fit = fit_spliced(losses(), Lognormal, 8.0, tail=Pareto)
    x = losses()[losses() > 8.0]
    assert fit.tail.parameters["shape"] == pytest.approx(1 / np.log(x / 8.0).mean(), rel=1e-9)
    light = fit_spliced(losses(), Lognormal, 8.0, tail=Exponential)
    assert light.tail.parameters["scale"] == pytest.approx((x - 8.0).mean(), rel=1e-9)


def test_the_danish_fires_have_the_tail_of_peaks_over_ten():
    path = SHARED / "data/resource/danish_fire_claims.csv"
    if not path.exists():
        pytest.skip("../shared/data/resource/danish_fire_claims.csv is not here")
    with path.open(encoding="utf-8") as file:
        claims = np.array([float(row["loss_mDKK"]) for row in csv.DictReader(file)])
    claims = claims[claims >= 1.0]
    fit = fit_spliced(LossData.exact(claims, deductible=1.0), Lognormal, 10.0)
    assert fit.tail.parameters["shape"] == pytest.approx(0.496986, rel=2e-4)
    assert fit.exceedance == pytest.approx(109 / claims.size)
    assert fit.aic < fit_severity(LossData.exact(claims, deductible=1.0), Lognormal).aic


def refusal(make, error):
    with pytest.raises(error) as caught:
        make()
    return [fault.what for fault in caught.value.faults]


def test_too_few_losses_on_a_side_are_refused():
    x = np.arange(1.0, 31.0)
    assert refusal(lambda: fit_spliced(x, Lognormal, 25.0), FitError) == [
        "threshold = 25 with 5 records above it"
    ]
    assert refusal(lambda: fit_spliced(x, Lognormal, 0.5), FitError) == [
        "threshold = 0.5 with no records up to it"
    ]


def test_records_that_hide_their_side_are_all_named():
    data = LossData(
        [1.0, 2.0, 9.0], [1.0, 12.0, np.inf], deductibles=[0.0, 1.0, 0.0], truncated_above=[50.0, 50.0, 50.0]
    )
    assert refusal(lambda: fit_spliced(data, Lognormal, 10.0), ArgumentError) == [
        "deductibles 0 to 1, threshold = 10",
        "truncated_above = 50",
        "record 1 lies in (2, 12]",
        "record 2 lies in (9, inf]",
    ]


def test_limits_below_the_threshold_are_refused():
    data = LossData.exact(np.arange(1.0, 31.0), limit=np.where(np.arange(30) == 0, 4.0, 100.0))
    assert refusal(lambda: fit_spliced(data, Lognormal, 10.0), ArgumentError) == [
        "least limit 4, threshold = 10"
    ]
