# SPDX-License-Identifier: Apache-2.0
"""Simulated years against exact moments, against the transform, and against themselves in other blocks and threads."""

import math
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenrisk.actuarial.aggregate.compound import CompoundDistribution, Portfolio
from greenrisk.actuarial.aggregate.simulation import simulate, simulate_blocks, simulate_events
from greenrisk.actuarial.frequency.counts import Binomial, NegativeBinomial, Poisson
from greenrisk.actuarial.frequency.empirical import EmpiricalCounts
from greenrisk.actuarial.frequency.law import Frequency
from greenrisk.actuarial.frequency.mixed import MixedPoisson, PoissonInverseGaussian
from greenrisk.actuarial.frequency.modified import ZeroModified
from greenrisk.actuarial.measures import value_at_risk
from greenrisk.actuarial.severity.empirical import Discrete, Empirical
from greenrisk.actuarial.severity.families import Exponential, Gamma, Lognormal
from greenrisk.actuarial.severity.law import Severity
from greenrisk.actuarial.severity.mixture import Mixture
from greenrisk.actuarial.severity.pareto_families import ParetoII

YEARS = 60_000
HEAVY = Lognormal.from_mean_cv(100.0, 3.0)
MIXED = Mixture((0.7, 0.3), (HEAVY, Gamma(2.0, 30.0)))
SMALL = Portfolio(
    [
        CompoundDistribution(Poisson(2.0), HEAVY.layer(500.0, 100.0)),
        CompoundDistribution(Poisson(0.5), Exponential(80.0).layer(300.0, 20.0)),
        CompoundDistribution(NegativeBinomial(0.6, 1.5), MIXED.layer(400.0, 50.0)),
    ]
)


def all_years(loss: CompoundDistribution | Portfolio, years: int = YEARS, seed: int = 5) -> np.ndarray:
    return np.concatenate(list(simulate_blocks(loss, years, seed)))


@pytest.mark.parametrize(
    ("frequency", "severity"),
    [
        (Poisson(3.0), HEAVY.layer(500.0, 100.0)),
        (Poisson(3.0), MIXED),
        (Binomial(6, 0.4), HEAVY.layer(500.0, 100.0)),
        (NegativeBinomial(0.4, 2.0), HEAVY.layer(500.0, 100.0)),
        (NegativeBinomial(30.0, 0.5), Gamma(2.0, 30.0)),
        (NegativeBinomial(2.0, 0.0), Exponential(10.0)),
        (PoissonInverseGaussian(2.0, 0.5), MIXED.layer(400.0, 50.0).layer(200.0, 30.0)),
        (ZeroModified(Poisson(2.0), 0.6), ParetoII(3.5, 200.0)),
        (Poisson(1.5), Discrete([10.0, 20.0, 50.0], [0.5, 0.3, 0.2]).layer(25.0, 10.0)),
        (MixedPoisson(2.0, Gamma(1.5, 1.0)), Empirical([3.0, 0.0, 40.0, 7.0])),
        (EmpiricalCounts([0.5, 0.2, 0.3]), Mixture((0.5, 0.5), (HEAVY.layer(50.0), Gamma(2.0, 30.0)))),
    ],
)
def test_years_have_the_exact_mean_and_deviation(frequency: Frequency, severity: Severity) -> None:
    loss = CompoundDistribution(frequency, severity)
    annual = all_years(loss)
    exact = loss.moments()
    assert abs(annual.mean() - exact.mean) <= 4 * exact.standard_deviation / math.sqrt(YEARS)
    squares = (annual - exact.mean) ** 2
    assert abs(squares.mean() - exact.standard_deviation**2) <= 4 * squares.std() / math.sqrt(YEARS)


def test_only_losses_that_reach_the_layer_are_drawn_and_their_number_is_right() -> None:
    layered = CompoundDistribution(Poisson(20.0), HEAVY.layer(500.0, 400.0))
    reached = 20.0 * float(HEAVY.sf(400.0))
    events = sum(table.loss.size for table in simulate_events(layered, YEARS, 1))
    assert abs(events / YEARS - reached) < 4 * math.sqrt(reached / YEARS)
    for table in simulate_events(layered, 20_000, 1):
        assert (table.loss > 0.0).all()
        assert table.loss.max() == 500.0


def test_losses_that_reach_the_layer_follow_the_conditional_law() -> None:
    layered = CompoundDistribution(Poisson(4.0), HEAVY.layer(math.inf, 100.0))
    loss = np.concatenate([table.loss for table in simulate_events(layered, 20_000, 2)])
    for x in (10.0, 100.0, 1_000.0):
        p = float(HEAVY.sf(100.0 + x) / HEAVY.sf(100.0))
        assert abs((loss > x).mean() - p) < 4 * math.sqrt(p * (1 - p) / loss.size)


def test_layer_above_the_limit_of_a_layer_below_pays_nothing() -> None:
    never = CompoundDistribution(Poisson(4.0), Mixture((1.0,), (HEAVY.layer(100.0),)).layer(50.0, 100.0))
    assert not all_years(never, 100).any()


@pytest.mark.parametrize("terms", [{}, {"annual_limit": 900.0, "annual_attachment": 200.0}])
def test_values_at_risk_agree_with_the_transform(terms: dict[str, float]) -> None:
    simulated, exact = simulate(SMALL, 200_000, 3, **terms), SMALL.aggregate(**terms)
    assert abs(simulated.mean().value - exact.mean()) < 4 * simulated.mean().standard_error
    for level in (0.5, 0.9, 0.99):
        found = simulated.value_at_risk(level)
        tolerance = 4 * found.standard_error + found.bin_width
        assert abs(found.value - exact.value_at_risk(level).value) <= tolerance
        tail = simulated.tail_value_at_risk(level)
        assert (
            abs(tail.value - exact.tail_value_at_risk(level).value)
            <= 4 * tail.standard_error + tail.bin_width
        )
    x = np.array([0.0, 50.0, 400.0, 800.0])
    found = simulated.aggregate_exceedance(x)
    assert (np.abs(found.value - exact.aggregate_exceedance(x)) <= 4 * found.standard_error + 1e-9).all()


@settings(deadline=None, max_examples=8, derandomize=True)
@given(
    rates=st.lists(st.floats(0.1, 4.0), min_size=1, max_size=3),
    cv=st.floats(0.3, 3.0),
    attachment=st.floats(0.0, 200.0),
    dispersion=st.floats(0.05, 2.0),
)
def test_simulation_and_transform_agree_on_random_portfolios(
    rates: list[float], cv: float, attachment: float, dispersion: float
) -> None:
    members = [
        CompoundDistribution(
            Poisson(rate), Lognormal.from_mean_cv(100.0 / (i + 1), cv).layer(500.0, attachment)
        )
        for i, rate in enumerate(rates)
    ]
    extra = NegativeBinomial.from_mean_dispersion(1.0, dispersion)
    loss = Portfolio([*members, CompoundDistribution(extra, Gamma(2.0, 50.0).layer(400.0, attachment / 4))])
    simulated, exact = (
        simulate(loss, 20_000, 17, annual_limit=1_500.0),
        loss.aggregate(1e-4, annual_limit=1_500.0),
    )
    mean, tail = simulated.mean(), simulated.tail_value_at_risk(0.95)
    assert abs(mean.value - exact.mean()) < 4.5 * mean.standard_error + 1e-4 * exact.mean()
    at = exact.tail_value_at_risk(0.95).value
    assert abs(tail.value - at) < 4.5 * tail.standard_error + tail.bin_width + 1e-3 * at


def test_points_of_a_discrete_loss_are_returned_exactly() -> None:
    loss = CompoundDistribution(Poisson(1.5), Discrete([10.0, 20.0, 50.0], [0.5, 0.3, 0.2]).layer(25.0, 10.0))
    summed, exact = simulate(loss, 50_000, 2), loss.aggregate()
    for level in (0.6, 0.8, 0.99):
        assert summed.value_at_risk(level)[::2] == (exact.value_at_risk(level).value, 0.0)


def test_annual_terms_are_applied_to_the_year_and_not_to_the_loss() -> None:
    free = all_years(SMALL, 5_000)
    capped = np.concatenate(
        list(simulate_blocks(SMALL, 5_000, 5, annual_limit=300.0, annual_attachment=100.0))
    )
    np.testing.assert_array_equal(capped, np.clip(free - 100.0, 0.0, 300.0))


def test_same_seed_gives_the_same_years_whatever_the_workers() -> None:
    one = list(simulate_blocks(SMALL, 20_000, 9, block=3_000))
    many = list(simulate_blocks(SMALL, 20_000, 9, block=3_000, workers=3))
    assert [part.size for part in one] == [3_000] * 6 + [2_000]
    for a, b in zip(one, many, strict=True):
        np.testing.assert_array_equal(a, b)
    kept, again = simulate(SMALL, 9_000, 9, block=1_000), simulate(SMALL, 9_000, 9, block=1_000, workers=2)
    assert kept.mean() == again.mean()
    np.testing.assert_array_equal(kept.count, again.count)


def test_more_years_begin_with_the_same_blocks() -> None:
    few, more = (
        list(simulate_blocks(SMALL, 4_000, 9, block=2_000)),
        simulate_blocks(SMALL, 6_000, 9, block=2_000),
    )
    for a, b in zip(few, more, strict=False):
        np.testing.assert_array_equal(a, b)


def test_generator_stands_for_the_seed_drawn_from_it() -> None:
    a, b = (next(simulate_blocks(SMALL, 10, np.random.default_rng(4))) for _ in range(2))
    np.testing.assert_array_equal(a, b)
    assert (next(simulate_blocks(SMALL, 10, 1)) != next(simulate_blocks(SMALL, 10, 2))).any()


def test_event_tables_hold_the_losses_of_the_annual_sums() -> None:
    blocks = simulate_blocks(SMALL, 2_500, 8, block=1_000)
    for annual, table in zip(blocks, simulate_events(SMALL, 2_500, 8, block=1_000), strict=True):
        np.testing.assert_allclose(table.annual_sum(), annual, rtol=1e-12)
        time = table.calendar.time
        assert time is not None
        assert 0.0 <= time.min() <= time.max() <= 1.0


def test_summed_up_years_are_those_of_the_blocks() -> None:
    annual, summed = all_years(SMALL, 30_000), simulate(SMALL, 30_000, 5)
    assert summed.years == 30_000
    assert summed.average == pytest.approx(annual.mean(), rel=1e-12)
    assert summed.deviation == pytest.approx(annual.std(ddof=1), rel=1e-12)
    assert summed.largest == annual.max()
    assert summed.mean().standard_error == pytest.approx(annual.std(ddof=1) / math.sqrt(30_000), rel=1e-12)
    for level in (0.1, 0.7, 0.99, 0.9999):
        found = summed.value_at_risk(level)
        assert abs(found.value - value_at_risk(annual, level)) <= found.bin_width


def test_memory_does_not_grow_with_the_years() -> None:
    simulate(SMALL, 1_000, 1)
    peaks = []
    for years in (40_000, 400_000):
        tracemalloc.start()
        simulate(SMALL, years, 1, block=4_000)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.05 * peaks[0]


def test_many_losses_a_year_make_shorter_blocks() -> None:
    crowd = CompoundDistribution(Poisson(100_000.0), Exponential(1.0))
    assert next(simulate_blocks(crowd, 100, 1)).size == 2


def test_infinite_mean_is_refused_unless_the_year_is_capped() -> None:
    wild = CompoundDistribution(Poisson(1.0), ParetoII(0.9, 10.0))
    with pytest.raises(ValueError, match="fault") as caught:
        simulate(wild, 100, 1)
    assert str(caught.value) == (
        "loss  mean of loss = inf\n"
        "  Its mean is infinite: cap each loss by severity.layer(limit), or set annual_limit.\n1 fault."
    )
    assert simulate(wild, 100, 1, annual_limit=50.0).largest <= 50.0


def test_portfolio_without_losses_has_years_of_nothing() -> None:
    summed = simulate(CompoundDistribution(Poisson(0.0), HEAVY), 100, 1)
    assert summed.mean() == (0.0, 0.0)
    assert summed.value_at_risk(0.9) == (0.0, 0.0, 0.0)
    assert next(simulate_events(CompoundDistribution(Poisson(0.0), HEAVY), 10, 1)).loss.size == 0


def test_all_bad_arguments_are_told_at_once() -> None:
    with pytest.raises(ValueError, match="fault") as caught:
        simulate_blocks(SMALL, 0, -1, block=0, annual_limit=0.0, annual_attachment=math.nan, workers=0)
    assert str(caught.value) == (
        "years  years = 0\n  It must be >= 1.  [year]\n"
        "seed  seed = -1\n  It must be >= 0 and finite.  [unitless]\n"
        "block  block = 0\n  It must be >= 1.  [year]\n"
        "annual_limit  annual_limit = 0\n  It must be > 0.  [unit of the loss]\n"
        "annual_attachment  annual_attachment = nan\n  It must be >= 0 and finite.  [unit of the loss]\n"
        "workers  workers = 0\n  It must be >= 1.  [unitless]\n6 faults."
    )
