# SPDX-License-Identifier: Apache-2.0
import math

import numpy as np
import pytest

from greenrisk.actuarial.aggregate.compound import CompoundDistribution
from greenrisk.actuarial.distortion.calibration import calibrate
from greenrisk.actuarial.distortion.functions import (
    ConstantCostOfCapital,
    DualPower,
    ProportionalHazard,
    TailValueAtRisk,
    Wang,
)
from greenrisk.actuarial.distortion.mixture import BiTailValueAtRisk, MixtureDistortion
from greenrisk.actuarial.distortion.pricing import price
from greenrisk.actuarial.frequency.counts import Poisson
from greenrisk.actuarial.severity.families import Exponential, Lognormal
from greenrisk.actuarial.severity.pareto_families import GeneralisedPareto
from greenrisk.core.errors import ArgumentError

SINGLE = [ProportionalHazard, Wang, DualPower, TailValueAtRisk]
SAMPLE = np.random.default_rng(20_250_211).gamma(0.5, 2.0, 5000)


def test_parameters_in_closed_form():
    # PH of an exponential: exponent = loss ratio. Wang of a lognormal: shift = ln(price / mean) / sigma.
    assert calibrate(ProportionalHazard, Exponential(3.0), target_loss_ratio=0.6).exponent == pytest.approx(
        0.6, rel=1e-10
    )
    law = Lognormal(1.0, 1.5)
    target = law.mean() * math.exp(0.3 * 1.5)
    assert calibrate(Wang, law, target_premium=target).shift == pytest.approx(0.3, rel=1e-10)
    # dual power 3 of an exponential: mean of the greatest of three, 3 (1 + 1/2 + 1/3)
    assert calibrate(DualPower, Exponential(3.0), target_premium=5.5).exponent == pytest.approx(3, rel=1e-10)
    # TVaR of an exponential: theta (1 - ln(1 - p))
    level = calibrate(TailValueAtRisk, Exponential(3.0), target_premium=3.0 * (1 + math.log(10))).level
    assert level == pytest.approx(0.9, rel=1e-10)
    # a Pareto tail: beta / (rho - xi)
    exponent = calibrate(ProportionalHazard, GeneralisedPareto(0.4, 2.0), target_premium=500.0).exponent
    assert exponent == pytest.approx(0.404, rel=1e-9)


@pytest.mark.parametrize("family", [*SINGLE, ConstantCostOfCapital])
@pytest.mark.parametrize("ratio", [0.99, 0.7, 0.3])
def test_a_sample_has_the_price_it_was_calibrated_to(family, ratio):
    found = calibrate(family, SAMPLE, target_loss_ratio=ratio)
    assert price(SAMPLE, found).value == pytest.approx(SAMPLE.mean() / ratio, rel=1e-11)


@pytest.mark.parametrize("family", SINGLE)
def test_an_aggregate_has_the_price_it_was_calibrated_to(family):
    loss = CompoundDistribution(Poisson(2.0), Exponential(3.0)).aggregate()
    found = calibrate(family, loss, target_premium=9.0)
    assert price(loss, found).value == pytest.approx(9.0, rel=1e-11)


def test_a_return_on_the_greatest_loss_is_the_constant_cost_of_capital():
    found = calibrate(ConstantCostOfCapital, [0.0, 2.0, 10.0], target_return=0.12)
    assert found.rate == pytest.approx(0.12, rel=1e-10)
    other = calibrate(Wang, [0.0, 2.0, 10.0], target_return=0.12)
    assert price([0.0, 2.0, 10.0], other).implied_return() == pytest.approx(0.12, rel=1e-10)


def test_a_return_on_stated_assets_is_met():
    found = calibrate(DualPower, Exponential(3.0), target_return=0.1, assets=20.0)
    assert price(Exponential(3.0), found).implied_return(20.0) == pytest.approx(0.1, rel=1e-10)


def test_the_weight_of_a_bi_tvar_is_linear_in_the_price():
    fixed = {"low": 0.1, "high": 0.9}
    low, high = (price(SAMPLE, TailValueAtRisk(level)).value for level in fixed.values())
    found = calibrate(BiTailValueAtRisk, SAMPLE, target_premium=0.25 * low + 0.75 * high, fixed=fixed)
    assert found.weight == pytest.approx(0.25, rel=1e-9)
    assert calibrate(BiTailValueAtRisk, SAMPLE, target_premium=high, fixed=fixed).weight == pytest.approx(0)


def test_the_mean_calls_for_no_distortion():
    assert calibrate(Wang, SAMPLE, target_premium=float(SAMPLE.mean())) == Wang(0.0)
    assert calibrate(ProportionalHazard, SAMPLE, target_loss_ratio=1.0) == ProportionalHazard(1.0)


def test_weights_count():
    found = calibrate(Wang, [1.0, 5.0], target_premium=2.5, weights=[3, 1])
    assert price([1.0, 1.0, 1.0, 5.0], found).value == pytest.approx(2.5, rel=1e-11)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: calibrate(Wang, [0.0, 4.0], target_premium=1.9), "target_premium.*1.9\n.*reaches 2 to 4"),
        (lambda: calibrate(Wang, [0.0, 4.0], target_premium=4.5), "reaches 2 to 4"),
        (lambda: calibrate(Wang, Exponential(3.0), target_loss_ratio=1.5), "target_loss_ratio = 1.5"),
        (lambda: calibrate(Wang, [1.0, 2.0]), "no target\n  Exactly one of"),
        (
            lambda: calibrate(Wang, [1.0, 2.0], target_premium=1.7, target_return=0.1),
            "target_premium and target_return",
        ),
        (
            lambda: calibrate(Wang, Exponential(3.0), target_return=0.1),
            "The loss has no limit: say what stands",
        ),
        (lambda: calibrate(Wang, Exponential(3.0), target_return=-0.1, assets=9.0), "target_return = -0.1"),
        (lambda: calibrate(MixtureDistortion, [1.0], target_premium=1.0), "no single free parameter"),
        (
            lambda: calibrate(ConstantCostOfCapital, Exponential(3.0), target_premium=4.0),
            "has no such price; a layer or a cap",
        ),
        (lambda: calibrate(Wang, GeneralisedPareto(1.0, 1.0), target_premium=4.0), "reaches inf to infinity"),
        (lambda: calibrate(Wang, [0.0, 0.0], target_premium=4.0), "reaches 0 to 0"),
    ],
)
def test_what_cannot_be_met_is_refused_with_what_can(make, message):
    with pytest.raises(ArgumentError, match=message):
        make()


@pytest.mark.parametrize(
    ("family", "fixed", "told"),
    [
        (BiTailValueAtRisk, None, r"fixed = \{\}\n  .*moved by weight; fixed must give exactly low and high"),
        (BiTailValueAtRisk, {"low": 0.5}, "exactly low and high"),
        (BiTailValueAtRisk, {"low": 0.5, "hig": 0.9}, "exactly low and high"),
        (Wang, {"shift": 1.0}, "moved by shift; fixed must give no other parameter"),
        ("wang", None, "The class of a distortion was expected"),
        (Wang(0.1), None, "The class of a distortion was expected"),
    ],
)
def test_what_is_held_is_exactly_what_is_not_moved(family, fixed, told):
    with pytest.raises(ArgumentError, match=told):
        calibrate(family, SAMPLE, target_loss_ratio=0.7, fixed=fixed)
