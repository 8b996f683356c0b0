# SPDX-License-Identifier: Apache-2.0
"""Pure premiums of layers: against algebra for total losses, against simulation of the events in their order."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenrisk.actuarial.aggregate.compound import CompoundDistribution, Portfolio
from greenrisk.actuarial.frequency.counts import NegativeBinomial, Poisson
from greenrisk.actuarial.layers.events import EventTable
from greenrisk.actuarial.layers.layer import Layer, Reinstatements
from greenrisk.actuarial.layers.pricing import (
    expected_layer_loss,
    layer_price,
    layered,
    reinstatement_premium,
    tower_prices,
)
from greenrisk.actuarial.layers.tower import Tower
from greenrisk.actuarial.severity.families import Exponential, Lognormal
from greenrisk.actuarial.severity.pareto_families import Pareto
from greenrisk.core.errors import ArgumentError

# Every event exceeds 20 and so is a total loss of 10 xs 5: the layer pays 10 N.
RATE = 0.8
TOTAL_LOSSES = CompoundDistribution(Poisson(RATE), Pareto(2.0, 20.0))


def expected_number(most):
    """E[min(N, most)] of the Poisson number of total losses."""
    p = [math.exp(-RATE) * RATE**k / math.factorial(k) for k in range(most)]
    return sum(k * p[k] for k in range(most)) + most * (1 - sum(p))


def test_a_layer_without_annual_terms_costs_number_times_layer_mean():
    # Exponential of mean 100: E = 3 * 100 (exp(-0.5) - exp(-1.5)) for 100 xs 50, and 40 % of it.
    loss = CompoundDistribution(Poisson(3.0), Exponential(100.0))
    found = expected_layer_loss(loss, Layer(100, 50, share=0.4))
    assert found.value == pytest.approx(0.4 * 300 * (math.exp(-0.5) - math.exp(-1.5)), rel=1e-13)
    assert found.error == 0


def test_sundts_premium_with_one_reinstatement():
    # P = E[min(S, 2L)] / (1 + c E[min(S, L)] / L).
    for c in (0.0, 0.5, 1.0):
        price = layer_price(TOTAL_LOSSES, Layer(10, 5, reinstatements=Reinstatements(1, c)))
        expected = 10 * expected_number(2) / (1 + c * expected_number(1))
        assert price.premium.value == pytest.approx(expected, rel=1e-9)
        assert abs(price.premium.value - expected) <= 4 * price.premium.error + 1e-12


def test_several_reinstatements_each_at_its_own_rate():
    price = layer_price(TOTAL_LOSSES, Layer(10, 5, reinstatements=Reinstatements(3, (0.0, 0.5, 1.0))))
    due = 0.5 * (expected_number(2) - expected_number(1)) + expected_number(3) - expected_number(2)
    assert price.expected_reinstatement.value == pytest.approx(due, rel=1e-9)
    assert price.premium.value == pytest.approx(10 * expected_number(4) / (1 + due), rel=1e-9)


def test_pro_rata_time_as_well():
    # The first total loss, at the time T, pays 1 - T: E = 1 - (1 - exp(-rate)) / rate.
    layer = Layer(10, 5, reinstatements=Reinstatements(1, 1.0, pro_rata_time=True))
    price = layer_price(TOTAL_LOSSES, layer)
    due = 1 - (1 - math.exp(-RATE)) / RATE
    assert price.expected_reinstatement.value == pytest.approx(due, rel=1e-9)
    assert price.premium.value == pytest.approx(10 * expected_number(2) / (1 + due), rel=1e-9)


def test_premium_and_expected_reinstatement_premiums_are_the_expected_loss():
    price = layer_price(TOTAL_LOSSES, Layer(10, 5, share=0.3, reinstatements=Reinstatements(2, 0.7)))
    whole = price.premium.value * (1 + price.expected_reinstatement.value)
    assert whole == pytest.approx(price.expected_loss.value, rel=1e-14)
    assert price.rate_on_line == pytest.approx(price.premium.value / 3, rel=1e-14)


def test_the_share_scales_the_premium_and_pricing_twice_gives_the_same():
    terms = {"annual_limit": 25.0, "annual_attachment": 3.0, "reinstatements": Reinstatements(2, 1.0)}
    half, whole = Layer(10, 5, share=0.5, **terms), Layer(10, 5, **terms)
    first, second = layer_price(TOTAL_LOSSES, half), layer_price(TOTAL_LOSSES, half)
    assert first == second
    assert first.premium.value == pytest.approx(layer_price(TOTAL_LOSSES, whole).premium.value / 2, rel=1e-14)


def simulated(loss, layer, years, rng):
    """Return ceded losses and reinstatement shares by year, each event drawn at a uniform time."""
    events = []
    for part in loss.parts:
        counts = part.frequency.rvs(years, rng)
        year = np.repeat(np.arange(years), counts)
        events.append((part.severity.rvs(year.size, rng), year))
    size, year = (np.concatenate(column) for column in zip(*events, strict=True))
    cession = layer.cede(EventTable.of(size, year, years, rng.random(year.size)))
    return cession.annual_ceded(), cession.annual_reinstatement_premium(1.0)


TWO_LINES = Portfolio(
    (
        CompoundDistribution(Poisson(2.0), Lognormal.from_mean_cv(8.0, 2.0)),
        CompoundDistribution(NegativeBinomial(1.5, 0.8), Lognormal.from_mean_cv(5.0, 3.0)),
    )
)


@pytest.mark.parametrize(
    "layer",
    [
        Layer(10, 5),
        Layer(10, 5, share=0.6, annual_limit=22, annual_attachment=4),
        Layer(10, 5, reinstatements=Reinstatements(1, 1.0)),
        Layer(10, 5, annual_attachment=5, reinstatements=Reinstatements(2, (0.5, 1.0))),
        Layer(10, 5, annual_limit=13, reinstatements=Reinstatements(2, 1.0)),
        Layer(10, 5, reinstatements=Reinstatements(2, (0.5, 1.0), pro_rata_time=True)),
        Layer(math.inf, annual_attachment=30, annual_limit=40),
    ],
)
def test_simulated_events_in_their_order_give_the_same_price(layer):
    price = layer_price(TWO_LINES, layer)
    ceded, due = simulated(TWO_LINES, layer, 60_000, np.random.default_rng(20_250_120))
    for sample, exact in ((ceded, price.expected_loss), (due, price.expected_reinstatement)):
        error = sample.std(ddof=1) / math.sqrt(sample.size)
        assert abs(sample.mean() - exact.value) <= 4 * error + exact.error


def test_the_aggregate_law_alone_prices_reinstatements_pro_rata_amount():
    layer = Layer(10, 5, share=0.5, reinstatements=Reinstatements(2, (0.5, 1.0)))
    one = reinstatement_premium(layered(TWO_LINES, layer).aggregate(), layer)
    assert one == layer_price(TWO_LINES, layer)


def test_without_reinstatements_the_premium_is_the_expected_loss():
    layer = Layer(10, 5, annual_limit=15)
    price = reinstatement_premium(layered(TWO_LINES, layer).aggregate(), layer)
    assert price.premium == price.expected_loss
    assert price.expected_reinstatement == (0, 0)


def test_the_layers_of_a_tower_cost_what_one_layer_over_all_of_them_costs():
    prices = tower_prices(TWO_LINES, Tower.stacked(2, [3, 10, 40]))
    whole = expected_layer_loss(TWO_LINES, Layer(53, 2)).value
    assert sum(price.expected_loss.value for price in prices) == pytest.approx(whole, rel=1e-12)
    assert [price.layer.attachment for price in prices] == [2, 5, 15]


@settings(deadline=None, max_examples=15, derandomize=True)
@given(st.floats(0, 20), st.floats(1, 20), st.floats(0.1, 10))
def test_expected_losses_fall_with_the_attachment_and_the_annual_deductible(attachment, limit, rise):
    base = expected_layer_loss(TWO_LINES, Layer(limit, attachment, annual_limit=3 * limit))
    higher = expected_layer_loss(TWO_LINES, Layer(limit, attachment + rise, annual_limit=3 * limit))
    borne = expected_layer_loss(TWO_LINES, Layer(limit, attachment, 1.0, 3 * limit, rise))
    assert higher.value <= base.value + base.error + higher.error
    assert borne.value <= base.value + base.error + borne.error


def test_an_infinite_expected_loss_asks_for_a_cap():
    loss = CompoundDistribution(Poisson(1.0), Pareto(0.9, 1.0))
    with pytest.raises(ArgumentError, match="expected loss is infinite: give the layer a limit"):
        layer_price(loss, Layer(math.inf, 5))


def test_the_law_of_the_years_sum_cannot_price_pro_rata_time():
    layer = Layer(10, 5, reinstatements=Reinstatements(1, 1.0, pro_rata_time=True))
    with pytest.raises(ArgumentError, match="use layer_price with the compound law"):
        reinstatement_premium(layered(TOTAL_LOSSES, layer).aggregate(), layer)
