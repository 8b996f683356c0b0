# SPDX-License-Identifier: Apache-2.0
"""Transform, recursion and simulation agree within their stated errors on portfolios drawn at random."""

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from greenrisk.actuarial.aggregate.compound import CompoundDistribution, Portfolio
from greenrisk.actuarial.frequency.counts import Binomial, NegativeBinomial, Poisson
from greenrisk.actuarial.frequency.modified import ZeroModified
from greenrisk.actuarial.severity.families import Exponential, Gamma, Lognormal
from greenrisk.actuarial.severity.pareto_families import ParetoII

rate = st.floats(0.1, 6.0).map(lambda x: round(x, 3))
frequencies = st.one_of(
    rate.map(Poisson),
    st.builds(NegativeBinomial, st.floats(0.3, 4.0), st.floats(0.2, 3.0)),
    st.builds(Binomial, st.integers(1, 8), st.floats(0.05, 0.95)),
    st.builds(ZeroModified, rate.map(Poisson), st.floats(0.1, 0.8)),
)
severities = st.one_of(
    st.builds(Lognormal, st.floats(0.0, 2.0), st.floats(0.3, 1.5)),
    st.builds(Gamma, st.floats(0.5, 4.0), st.floats(0.5, 5.0)),
    st.builds(Exponential, st.floats(0.5, 9.0)),
    st.builds(ParetoII, st.floats(2.2, 5.0), st.floats(2.0, 20.0)),
)
layers = st.one_of(st.none(), st.tuples(st.sampled_from([4.0, 6.0, 12.0]), st.floats(0.0, 3.0)))


@st.composite
def compounds(draw):
    severity, layer = draw(severities), draw(layers)
    return CompoundDistribution(draw(frequencies), severity.layer(*layer) if layer else severity)


portfolios = st.lists(compounds(), min_size=1, max_size=3).map(Portfolio)
terms = st.sampled_from(
    [{}, {"annual_limit": 15.0}, {"annual_attachment": 5.0}, {"annual_attachment": 2.5, "annual_limit": 31.0}]
)
LEVELS = (0.6, 0.9, 0.99)


@settings(deadline=None, derandomize=True, max_examples=12)
@given(portfolios, terms)
def test_transform_and_recursion_agree_within_their_stated_errors(portfolio, annual):
    # Above one half the recursion of a binomial law is unstable, and refused where that shows.
    assume(all(getattr(c.frequency, "probability", 0.0) <= 0.5 for c in portfolio.members))
    one = portfolio.aggregate(1e-6, **annual)
    other = portfolio.aggregate_by_recursion(1e-3, largest_grid=2**12, top_level=0.999, **annual)
    means = one.mean_with_error(), other.mean_with_error()
    assert abs(means[0].value - means[1].value) <= sum(m.error for m in means) + 1e-12 * means[0].value
    for level in LEVELS:
        for pair in (
            (one.value_at_risk(level), other.value_at_risk(level)),
            (one.tail_value_at_risk(level), other.tail_value_at_risk(level)),
        ):
            room = pair[0].error + pair[1].error + 1e-11 * pair[0].value
            assert abs(pair[0].value - pair[1].value) <= room


@settings(deadline=None, derandomize=True, max_examples=20)
@given(portfolios, terms)
def test_a_grid_twice_as_fine_moves_nothing_by_more_than_the_stated_error(portfolio, annual):
    rough = portfolio.aggregate(1e-3, **annual)
    finer = portfolio.aggregate(1e-8, **annual)
    for level in (*LEVELS, 0.999):
        value, better = rough.value_at_risk(level), finer.value_at_risk(level)
        assert abs(value.value - better.value) <= value.error + better.error + 1e-12 * value.value
        tail, closer = rough.tail_value_at_risk(level), finer.tail_value_at_risk(level)
        assert abs(tail.value - closer.value) <= tail.error + closer.error + 1e-12 * tail.value


def simulated(portfolio, years, seed, attachment, limit):
    rng = np.random.default_rng(seed)
    total = np.zeros(years)
    for compound in portfolio.members:
        number = compound.frequency.rvs(years, rng)
        losses = compound.severity.rvs(int(number.sum()), rng)
        total += np.bincount(np.repeat(np.arange(years), number), weights=losses, minlength=years)
    return np.clip(total - attachment, 0.0, limit)


@settings(deadline=None, derandomize=True, max_examples=12)
@given(portfolios, terms, st.integers(0, 2**20))
def test_transform_and_simulation_agree_within_the_simulation_error(portfolio, annual, seed):
    loss = portfolio.aggregate(1e-5, **annual)
    years = 40_000
    sample = simulated(
        portfolio, years, seed, annual.get("annual_attachment", 0.0), annual.get("annual_limit", math.inf)
    )
    error = math.sqrt(loss.var() / years)
    assert abs(sample.mean() - loss.mean()) <= 4.5 * error
    for level in LEVELS:
        x = loss.value_at_risk(level).value * (1 + 1e-9)
        exceeded = float(loss.sf(x))
        spread = math.sqrt(max(exceeded * (1 - exceeded), 1e-12) / years)
        assert abs(float((sample > x).mean()) - exceeded) <= 4.5 * spread + 1e-6


@settings(deadline=None, derandomize=True, max_examples=25)
@given(portfolios, st.floats(0.0, 40.0), st.floats(1.0, 40.0), st.floats(0.2, 5.0))
def test_properties_of_any_law(portfolio, attachment, limit, factor):
    loss = portfolio.aggregate(1e-4)
    exact = portfolio.moments()
    assert loss.mean() == pytest.approx(exact.mean, rel=1e-12)
    x = np.linspace(0.0, float(loss.values[-1]), 400)
    cdf = loss.cdf(x)
    assert (np.diff(cdf) >= -1e-11).all()
    assert cdf.min() >= 0.0
    assert cdf.max() <= 1.0 + 1e-11
    limited = loss.limited_expected_value(x)
    assert (np.diff(limited) >= -1e-9).all()
    assert (np.diff(limited, 2) <= 1e-9 * exact.mean).all()
    layer = loss.layer(limit, attachment)
    assert 0.0 <= layer.mean() <= min(limit, exact.mean) + 1e-9
    levels = np.linspace(0.05, 0.995, 30)
    quantiles = loss.quantile(levels)
    assert (np.diff(quantiles) >= 0.0).all()
    assert layer.quantile(levels) == pytest.approx(np.clip(quantiles - attachment, 0.0, limit), abs=1e-9)
    assert layer.value_at_risk(0.9).value <= limit
