# SPDX-License-Identifier: Apache-2.0
"""Quantile of an accident and probable maximum loss of plants, by hand and against the library's law."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenrisk.actuarial.aggregate.compound import CompoundDistribution
from greenrisk.actuarial.frequency.counts import Poisson
from greenrisk.actuarial.severity.empirical import Discrete
from greenrisk.core.errors import ArgumentError
from greenrisk.pollution.mandate.plant_limits import (
    accident_quantile,
    plant_limits,
    probable_maximum_loss,
    rarer_than,
)
from greenrisk.pollution.mandate.spain_rule import Catalogue, guarantee

COST = np.array([[1.0, 10.0, 100.0], [1.0, 10.0, 100.0], [1.0, 10.0, 100.0]])
RATE = np.array([[0.9, 0.05, 0.05], [0.001, 0.001, 0.0], [0.0, 0.0, 0.0]])
ZONE = Catalogue(RATE, COST)


def test_the_quantile_is_the_cost_that_few_accidents_exceed():
    assert accident_quantile(ZONE, 0.9).tolist() == [1.0, 10.0, 0.0]
    assert accident_quantile(ZONE, 0.95).tolist() == [10.0, 10.0, 0.0]
    assert accident_quantile(ZONE, 0.96).tolist() == [100.0, 10.0, 0.0]


def test_the_maximum_loss_of_a_return_period_is_exceeded_no_more_often():
    # Above 10: 0.05 a year, once in 20 years; above 1: 0.1, once in 10.5 years.
    assert probable_maximum_loss(ZONE, 100.0).tolist() == [100.0, 0.0, 0.0]
    assert probable_maximum_loss(ZONE, 20.0).tolist() == [10.0, 0.0, 0.0]
    assert probable_maximum_loss(ZONE, 10.0).tolist() == [1.0, 0.0, 0.0]
    assert probable_maximum_loss(ZONE, 600.0).tolist() == [100.0, 1.0, 0.0]


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    st.lists(st.floats(1e-4, 0.5), min_size=3, max_size=3),
    st.floats(1.5, 2000.0),
)
def test_the_maximum_loss_is_that_of_the_largest_event_of_a_compound_year(rates, period):
    one = Catalogue(np.array([rates]), COST[:1])
    total = math.fsum(rates)
    law = CompoundDistribution(Poisson(total), Discrete(COST[0], np.array(rates) / total))
    found = probable_maximum_loss(one, period)[0]
    assert float(law.occurrence_exceedance(found)) <= (1 / period) * (1 + 1e-9)
    lower = [x for x in (0.0, *COST[0].tolist()) if x < found]
    if lower:
        assert float(law.occurrence_exceedance(max(lower))) > (1 / period) * (1 - 1e-9)


def test_all_limits_of_a_plant_stand_side_by_side():
    spain = guarantee(COST, RATE, share=0.95, prevention_share=0.1)
    found = plant_limits(ZONE, spain, [5.0, 0.0, 0.0], [2.0, 2.0, 2.0], list("ABC"), level=0.95, period=20.0)
    assert found["limit"].sel(plant="A").values.tolist() == [5.0, 2.0, 100.0, 10.0, 10.0]
    # An accident of B comes once in 500 years, one of C never: no largest accident of 20 years.
    assert found["rarer_than_period"].values.tolist() == [False, True, True]
    assert np.isnan(found["limit"].sel(rule="probable_maximum_loss").values).tolist() == [False, True, True]
    assert np.isnan(found["limit_low"].sel(plant="A").values).tolist() == [True, True, False, False, False]
    assert float(found["accidents"].sel(plant="A")) == pytest.approx(1.0)


def test_a_plant_is_rarer_than_a_period_by_the_chance_of_a_year_not_by_its_rate():
    # P(an accident in a year) = 1 - exp(-rate): a rate of -ln(1 - 1 / 20) is once in 20 years.
    edge = -math.log1p(-1 / 20)
    one = Catalogue(np.array([[edge * 1.0001], [edge * 0.9999]]), np.array([[1.0], [1.0]]))
    assert rarer_than(one, 20.0).tolist() == [False, True]


def test_bad_arguments_of_plant_limits_are_refused():
    spain = guarantee(COST, RATE, share=0.95, prevention_share=0.1)
    with pytest.raises(ArgumentError, match="minimum of shape"):
        plant_limits(ZONE, spain, [5.0, 0.0, 0.0], [2.0], list("ABC"), level=0.95, period=250.0)
    with pytest.raises(ArgumentError, match="level"):
        accident_quantile(ZONE, 1.0)
    with pytest.raises(ArgumentError, match="period"):
        probable_maximum_loss(ZONE, 1.0)
