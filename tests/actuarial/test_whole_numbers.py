# SPDX-License-Identifier: Apache-2.0
"""A whole number given for an amount is the float that it stands for, in every public law, term and figure."""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import pkgutil

import numpy as np
import pytest

import greenrisk.actuarial
from greenrisk.actuarial.aggregate.compound import CompoundDistribution
from greenrisk.actuarial.aggregate.simulation import simulate, simulate_blocks
from greenrisk.actuarial.aggregate.tally import Tally
from greenrisk.actuarial.credibility.level import LognormalLevel
from greenrisk.actuarial.credibility.prior import GammaPoisson
from greenrisk.actuarial.dependence.archimedean import Clayton, Gumbel
from greenrisk.actuarial.dependence.elliptical import Gaussian, StudentT
from greenrisk.actuarial.dependence.sums import simulate_sum
from greenrisk.actuarial.distortion.functions import (
    ConstantCostOfCapital,
    DualPower,
    ProportionalHazard,
    TailValueAtRisk,
    Wang,
)
from greenrisk.actuarial.distortion.mixture import BiTailValueAtRisk
from greenrisk.actuarial.frequency.counts import Binomial, NegativeBinomial, Poisson
from greenrisk.actuarial.frequency.mixed import MixedPoisson, PoissonInverseGaussian
from greenrisk.actuarial.frequency.modified import Logarithmic, ZeroModified
from greenrisk.actuarial.frequency.thinned import Thinned
from greenrisk.actuarial.layers.layer import Layer, Reinstatements
from greenrisk.actuarial.layers.policy import PolicyLimits
from greenrisk.actuarial.layers.programme import QuotaShare, StopLoss, Surplus
from greenrisk.actuarial.layers.terms import Deductible, DisappearingDeductible, Franchise, LossTerms
from greenrisk.actuarial.premium.loadings import Loadings
from greenrisk.actuarial.premium.risk_load import CapitalLoad, StandardDeviationLoad, VarianceLoad
from greenrisk.actuarial.severity.families import Exponential, Lognormal
from greenrisk.actuarial.severity.law import Severity
from greenrisk.actuarial.severity.layered import Layered
from greenrisk.actuarial.severity.modified import Capped, Scaled, Truncated
from greenrisk.actuarial.severity.registry import FAMILIES
from greenrisk.actuarial.severity.spliced import Spliced

BASE = Lognormal(2.0, 1.0)
GIVEN = [
    (Layer, {"limit": 100, "attachment": 10, "share": 1, "annual_limit": 300, "annual_attachment": 5}),
    (Reinstatements, {"count": 2, "rate": 1}),
    (Deductible, {"amount": 10}),
    (Franchise, {"amount": 10}),
    (DisappearingDeductible, {"amount": 10, "gone": 20}),
    (LossTerms, {"deductible": Deductible(10), "limit": 50, "share": 1}),
    (PolicyLimits, {"event": 50, "annual": 100}),
    (QuotaShare, {"share": 1}),
    (Surplus, {"retention": 100, "lines": 4, "premium_share": 1}),
    (StopLoss, {"attachment": 1, "limit": 2}),
    (Loadings, {name: 0 for name in ("expenses", "commission", "tax", "profit", "cost_of_capital")}),
    (StandardDeviationLoad, {"factor": 1}),
    (VarianceLoad, {"factor": 1}),
    (CapitalLoad, {"cost": 1}),
    (ProportionalHazard, {"exponent": 1}),
    (Wang, {"shift": 1}),
    (DualPower, {"exponent": 2}),
    (TailValueAtRisk, {"level": 0}),
    (ConstantCostOfCapital, {"rate": 1}),
    (BiTailValueAtRisk, {"low": 0, "high": 0, "weight": 1}),
    (Poisson, {"mean": 3}),
    (Binomial, {"trials": 3, "probability": 1}),
    (NegativeBinomial, {"shape": 2, "beta": 1}),
    (PoissonInverseGaussian, {"mean": 3, "dispersion": 1}),
    (MixedPoisson, {"mean": 3, "mixing": BASE}),
    (Logarithmic, {"beta": 1}),
    (ZeroModified, {"base": Poisson(1.0), "probability_of_none": 0}),
    (Thinned, {"base": Poisson(1.0), "kept": 1}),
    (Layered, {"base": BASE, "limit": 5, "attachment": 1}),
    (Capped, {"base": BASE, "limit": 5}),
    (Truncated, {"base": BASE, "lower": 1, "upper": 5}),
    (Scaled, {"base": BASE, "factor": 2}),
    (Spliced, {"body": BASE, "tail": BASE, "threshold": 5, "continuity": "density"}),
    (GammaPoisson, {"shape": 2, "rate": 1}),
    (LognormalLevel, {"median": 2, "log_sd": 1}),
    (Clayton, {"theta": 2, "lines": 2}),
    (Gumbel, {"theta": 2, "lines": 2}),
    (Gaussian, {"correlation": [[1, 0], [0, 1]]}),
    (StudentT, {"correlation": [[1, 0], [0, 1]], "degrees_of_freedom": 4}),
    *((family, {name: 2 for name in family.names}) for family in FAMILIES.values()),
]
WHOLE = {"count", "trials", "lines"}
"""Fields that count; of a surplus, ``lines`` is an amount and is looked at in its own test."""


def checked_classes() -> set[type]:
    """Every public frozen class whose constructor takes a number, and that checks it itself."""
    found = set()
    for module in pkgutil.walk_packages(greenrisk.actuarial.__path__, "greenrisk.actuarial."):
        for _, kind in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            own = kind.__module__.startswith("greenrisk.actuarial") and not kind.__name__.startswith("_")
            if not (own and dataclasses.is_dataclass(kind) and not inspect.isabstract(kind)):
                continue
            takes = any(
                field.init and "float" in str(field.type).split("[")[0] for field in dataclasses.fields(kind)
            )
            if takes and hasattr(kind, "__post_init__"):
                found.add(kind)
    return found


@pytest.mark.parametrize(("kind", "given"), GIVEN, ids=lambda value: getattr(value, "__name__", ""))
def test_a_class_given_whole_numbers_keeps_floats_and_equals_itself_given_floats(kind, given):
    made = kind(**given)
    for field in dataclasses.fields(made):
        value = getattr(made, field.name)
        if isinstance(value, (int, np.integer)) and not isinstance(value, bool):
            assert field.name in WHOLE
    exact = {
        name: float(value) if type(value) is int and name not in WHOLE else value
        for name, value in given.items()
    }
    if not any(isinstance(getattr(made, field.name), np.ndarray) for field in dataclasses.fields(made)):
        assert made == kind(**exact)
    assert repr(made) == repr(kind(**exact))


def test_the_lines_of_a_surplus_are_an_amount():
    assert type(Surplus(100, 4).lines) is float


def test_no_class_that_checks_its_numbers_is_missing_from_the_table():
    assert {kind.__name__ for kind in checked_classes()} <= {kind.__name__ for kind, _ in GIVEN}


@pytest.mark.parametrize(
    "layer", [Layer(3_000, 500, annual_limit=9_000), Layer(3_000.0, 500.0, annual_limit=9_000.0)]
)
def test_a_layer_hands_floats_to_what_is_computed_with_its_terms(layer):
    assert [type(x) for x in (layer.limit, layer.top, layer.capacity)] == [float] * 3


def test_the_law_of_simulated_years_under_a_whole_annual_limit_is_that_under_the_same_float():
    compound = CompoundDistribution(Binomial(10, 0.2), Exponential(80.0))
    whole, exact = (simulate(compound, 20_000, 3, annual_limit=limit) for limit in (3_000, 3_000.0))
    for level in (0.5, 0.9, 0.99):
        assert whole.value_at_risk(level) == exact.value_at_risk(level)
        assert whole.tail_value_at_risk(level) == exact.tail_value_at_risk(level)
    # by hand: P(S > 656.3015) = 0.01, as the sum over the number of losses of gamma laws
    value, error, width = whole.value_at_risk(0.99)
    assert abs(value - 656.3015) < 4.0 * error + width
    blocks = [next(simulate_blocks(compound, 100, 3, annual_limit=limit)) for limit in (300, 300.0)]
    np.testing.assert_array_equal(*blocks)


def test_whole_years_attachments_and_blocks_are_taken_as_floats_and_floats_as_whole_numbers():
    compound = CompoundDistribution(Poisson(2.0), Exponential(80.0))
    exact = simulate(compound, 1_000, 3, annual_attachment=50.0, block=300)
    assert simulate(compound, 1e3, 3.0, annual_attachment=50, block=300.0).mean() == exact.mean()


def test_the_law_of_a_dependent_sum_under_a_whole_annual_limit_is_that_under_the_same_float():
    lines = (Exponential(80.0), Lognormal(4.0, 1.0))
    whole, exact = (simulate_sum(lines, Clayton(2.0), 5_000, 3, annual_limit=limit) for limit in (500, 500.0))
    for level in (0.5, 0.9, 0.99):
        assert whole.value_at_risk(level) == exact.value_at_risk(level)
        assert whole.tail_value_at_risk(level) == exact.tail_value_at_risk(level)


def test_a_tally_of_whole_points_and_limits_is_that_of_the_same_floats():
    annual = np.array([0.0, 10.0, 400.0, 500.0, 500.0])
    results = []
    for cast in (int, float):
        tally = Tally(cast(100), cast(500), np.array([0, 500], dtype=cast))
        tally.add(annual.astype(cast))
        results.append(tally.result())
    assert results[0].value_at_risk(0.5) == results[1].value_at_risk(0.5)
    np.testing.assert_array_equal(results[0].high, results[1].high)


@pytest.mark.parametrize("call", ["layer", "cap"])
def test_a_severity_under_a_whole_limit_is_that_under_the_same_float(call):
    def cut(limit: float) -> Severity:
        return BASE.layer(limit, 1) if call == "layer" else Capped(BASE, limit)

    assert cut(5) == cut(5.0)
    assert float(cut(5).mean()) == float(cut(5.0).mean())
