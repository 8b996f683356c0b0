# SPDX-License-Identifier: Apache-2.0
"""Sums on a grid against R's actuar, and sums of other laws against Laplace inversion (tests/reference/actuarial)."""

import json
from pathlib import Path

import numpy as np
import pytest

from greenrisk.actuarial.aggregate.compound import CompoundDistribution
from greenrisk.actuarial.frequency.counts import Binomial, NegativeBinomial, Poisson
from greenrisk.actuarial.frequency.empirical import EmpiricalCounts
from greenrisk.actuarial.frequency.mixed import PoissonInverseGaussian
from greenrisk.actuarial.frequency.modified import Logarithmic, ZeroModified, ZeroTruncated
from greenrisk.actuarial.severity.empirical import Discrete
from greenrisk.actuarial.severity.registry import FAMILIES

REFERENCE = Path(__file__).parents[2] / "reference" / "actuarial"
ON_A_GRID = json.loads((REFERENCE / "aggregate_small.json").read_text(encoding="utf-8"))
ANY = json.loads((REFERENCE / "compound_laws.json").read_text(encoding="utf-8"))["laws"]
CLASSES = {family.__name__: family for family in FAMILIES.values()}
NUMBERS = {
    "Poisson": Poisson,
    "Binomial": lambda trials, probability: Binomial(int(trials), probability),
    "NegativeBinomial": NegativeBinomial,
    "Logarithmic": Logarithmic,
    "PoissonInverseGaussian": PoissonInverseGaussian,
    "EmpiricalCounts": lambda *probabilities: EmpiricalCounts(probabilities),
    "ZeroTruncatedPoisson": lambda mean: ZeroTruncated(Poisson(mean)),
    "ZeroModifiedPoisson": lambda mean, none: ZeroModified(Poisson(mean), none),
    "ZeroModifiedLogarithmic": lambda beta, none: ZeroModified(Logarithmic(beta), none),
    "ZeroModifiedNegativeBinomial": lambda shape, beta, none: ZeroModified(
        NegativeBinomial(shape, beta), none
    ),
}


def number_of(case):
    given = case["frequency_parameters"]
    return NUMBERS[case["frequency"]](*(given if isinstance(given, list) else [given]))


@pytest.mark.parametrize(
    "case", ON_A_GRID["laws"], ids=[f"{case['frequency']} {i}" for i, case in enumerate(ON_A_GRID["laws"])]
)
def test_losses_on_a_grid_give_the_masses_of_actuar(case):
    step = ON_A_GRID["step"]
    severity = Discrete(step * np.arange(len(case["severity"])), case["severity"])
    loss = CompoundDistribution(number_of(case), severity).aggregate()
    expected = np.array(case["probabilities"])
    x = step * np.arange(expected.size)
    found = loss.cdf(x)
    assert found == pytest.approx(np.cumsum(expected), abs=1e-10)
    for measure in case["measures"]:
        at_risk = loss.value_at_risk(measure["level"])
        assert at_risk.value == pytest.approx(measure["value_at_risk"], abs=1e-9)
        assert at_risk.kind == "atom"
        tail = loss.tail_value_at_risk(measure["level"])
        assert tail.value == pytest.approx(measure["tail_value_at_risk"], rel=1e-8)


@pytest.mark.parametrize("case", ANY, ids=[f"{case['frequency']} of {case['severity']}" for case in ANY])
def test_sums_of_other_laws_are_those_of_laplace_inversion(case):
    severity = CLASSES[case["severity"]](*case["severity_parameters"])
    compound = CompoundDistribution(number_of(case), severity)
    assert compound.mean() == pytest.approx(case["mean"], rel=1e-12)
    loss = compound.aggregate()
    assert loss.cdf(0.0) == pytest.approx(case["probability_of_zero"], abs=1e-9)
    for level, expected in case["quantiles"].items():
        for found, reference in (
            (loss.value_at_risk(float(level)), expected["value_at_risk"]),
            (loss.tail_value_at_risk(float(level)), expected["tail_value_at_risk"]),
        ):
            assert found.value == pytest.approx(reference, rel=2e-6)
            assert abs(found.value - reference) <= found.error + 1e-8 * reference
