# SPDX-License-Identifier: Apache-2.0
"""Limits without a common step: atoms of the sum against closed forms, and against each way of making the sum."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, special, stats

from greenrisk.actuarial.aggregate import jumps
from greenrisk.actuarial.aggregate.compound import CompoundDistribution, Portfolio
from greenrisk.actuarial.distortion.functions import DualPower, ProportionalHazard, Wang
from greenrisk.actuarial.distortion.grid_curve import GridCurve
from greenrisk.actuarial.frequency.counts import Binomial, NegativeBinomial, Poisson
from greenrisk.actuarial.severity.beta import Beta
from greenrisk.actuarial.severity.empirical import Discrete
from greenrisk.actuarial.severity.families import Exponential, Lognormal
from greenrisk.actuarial.severity.law import Atoms

E, PI, ROOT = math.e, math.pi, math.sqrt(2.0)


def chances(counts, n, q, partial):
    """Probability of so many partial losses, full losses and none at all among n."""
    return stats.multinomial.pmf(counts, n, [q * partial, q * (1 - partial), 1 - q])


class UniformYears:
    """sum over i of Binomial(n_i, q_i) losses, each uniform on [0, c] and limited to l_i, in closed form.

    A year has p_i partial losses, uniform on [0, l_i], and f_i full ones. P(sum of uniform laws <= x) is an alternating
    sum of powers over the corners of their box (Feller, An Introduction to Probability Theory II, section I.9).
    """

    def __init__(self, risks, top):
        self.atoms, self.cases = {}, []
        each = [
            [
                ((partial, full), chances([partial, full, n - partial - full], n, q, limit / top))
                for partial in range(n + 1)
                for full in range(n + 1 - partial)
            ]
            for n, q, limit in risks
        ]
        limits = [limit for _, _, limit in risks]
        for case in itertools.product(*each):
            probability = math.prod(p for _, p in case)
            base = sum(full * limit for ((_, full), _), limit in zip(case, limits, strict=True))
            sides = [limit for ((some, _), _), limit in zip(case, limits, strict=True) for _ in range(some)]
            if sides:
                self.cases.append((probability, base, sides))
            else:
                self.atoms[base] = self.atoms.get(base, 0.0) + probability
        self.mean = sum(n * q * (limit - limit * limit / (2 * top)) for n, q, limit in risks)
        self.most = sum(n * limit for n, _, limit in risks)

    def _boxes(self, x, more):
        total = 0.0
        for probability, base, sides in self.cases:
            n = len(sides) + more
            corners = (
                (-1) ** len(chosen) * max(x - base - sum(chosen), 0.0) ** n
                for size in range(len(sides) + 1)
                for chosen in itertools.combinations(sides, size)
            )
            total += probability * math.fsum(corners) / (math.factorial(n) * math.prod(sides))
        return total

    def cdf(self, x):
        return self._boxes(x, 0) + sum(p for at, p in self.atoms.items() if at <= x)

    def tail_value_at_risk(self, level, value):
        limited = (
            value - self._boxes(value, 1) - sum(p * max(value - at, 0.0) for at, p in self.atoms.items())
        )
        return value + (self.mean - limited) / (1 - level)

    def value_at_risk(self, level):
        for at, p in self.atoms.items():
            if self.cdf(at) - p < level <= self.cdf(at):
                return at
        return optimize.brentq(lambda x: self.cdf(x) - level, 0.0, self.most, xtol=1e-13, rtol=1e-14)


decimals = st.decimals(1, 99, places=2).map(float)
irrationals = st.tuples(st.integers(1, 20), st.sampled_from([E, PI, ROOT, math.sqrt(3.0)])).map(math.prod)
risks = st.lists(
    st.tuples(st.integers(1, 2), st.floats(0.1, 0.9), st.one_of(decimals, irrationals)),
    min_size=2,
    max_size=3,
)


def portfolio_of(drawn):
    uniform = Beta(1.0, 1.0, 100.0)
    return Portfolio([CompoundDistribution(Binomial(n, q), uniform.layer(limit)) for n, q, limit in drawn])


def check(loss, exact, level):
    value, tail = loss.value_at_risk(level), loss.tail_value_at_risk(level)
    true = exact.value_at_risk(level)
    assert abs(value.value - true) <= value.error + 1e-12 * true
    assert abs(tail.value - exact.tail_value_at_risk(level, true)) <= tail.error + 1e-12 * tail.value
    return value


@settings(deadline=None, derandomize=True, max_examples=40)
@given(risks, st.lists(st.floats(0.02, 0.995), min_size=4, max_size=4), st.floats(0.01, 0.99))
def test_limits_of_any_kind_have_exact_atoms_and_honest_errors(drawn, levels, inside):
    exact, loss = UniformYears(drawn, 100.0), portfolio_of(drawn).aggregate()
    assert loss.error.unaligned == 0.0
    for level in levels:
        check(loss, exact, level)
    for at, p in exact.atoms.items():
        below = exact.cdf(at) - p
        if p > 1e-6 and below + inside * p < 1 - 1e-6:
            assert check(loss, exact, below + inside * p)[1:] == (0.0, "atom")


@settings(deadline=None, derandomize=True, max_examples=20)
@given(risks, st.lists(st.floats(0.02, 0.995), min_size=4, max_size=4))
def test_sums_of_laws_and_the_law_of_the_portfolio_are_one(drawn, levels):
    exact, book = UniformYears(drawn, 100.0), portfolio_of(drawn)
    first, *others = (part.aggregate() for part in book.members)
    added = sum(others, first)
    for level in levels:
        check(added, exact, level)


@settings(deadline=None, derandomize=True, max_examples=15)
@given(st.lists(st.tuples(st.floats(0.1, 0.6), st.one_of(decimals, irrationals)), min_size=2, max_size=3))
def test_poisson_portfolios_have_the_atoms_of_independent_counts(drawn):
    # Losses at each limit are Poisson and independent of all others.
    severity = Exponential(40.0)
    book = Portfolio([CompoundDistribution(Poisson(rate), severity.layer(limit)) for rate, limit in drawn])
    counts = np.indices((14,) * len(drawn)).reshape(len(drawn), -1)
    at = sum(k * limit for k, (_, limit) in zip(counts, drawn, strict=True))
    none = math.exp(-sum(rate for rate, _ in drawn))
    full = [rate * math.exp(-limit / 40.0) for rate, limit in drawn]
    exact = none * np.prod([q**k / special.factorial(k) for k, q in zip(counts, full, strict=True)], axis=0)
    loss = book.aggregate(1e-4)
    points, probabilities = loss.atoms()
    for x, p in zip(points[:200], probabilities[:200], strict=True):
        assert p == pytest.approx(float(exact[np.abs(at - x) <= 1e-12 * x].sum()), rel=1e-10, abs=1e-14)
    low = at < 0.99 * float(loss.values[-1])
    assert probabilities.sum() == pytest.approx(float(exact[low].sum()), abs=1e-9)


def test_a_level_in_the_jump_at_a_limit_is_that_limit_whatever_the_other_limits_are():
    loss = Lognormal.from_mean_cv(100.0, 3.0)
    left = CompoundDistribution(Poisson(0.5), loss.layer(200.0, 50.0))
    for limit in (257.1, 211.7, 100.0 * E):
        right = CompoundDistribution(Poisson(0.4), loss.layer(limit, 30.0))
        together, added = (left + right).aggregate(), left.aggregate() + right.aggregate()
        for law in (together, added):
            points, probabilities = law.atoms()
            at = float(probabilities[np.abs(points - limit) <= 1e-12 * limit].sum())
            middle = float(law.cdf(limit)) - at / 2
            value = law.value_at_risk(middle)
            assert value.value == pytest.approx(limit, rel=3e-16)
            assert value.error <= 3e-16 * limit
            assert value.kind == "atom"
        for level in (0.9, 0.97, 0.98, 0.99, 0.999):
            one, other = together.tail_value_at_risk(level), added.tail_value_at_risk(level)
            assert abs(one.value - other.value) <= one.error + other.error
            assert one.error <= 1e-6 * one.value


def test_many_risks_with_a_few_limits_agree_with_simulation():
    limits = (1e6, 2.5e6, 3.33e6, E * 1e6)
    book = Portfolio(
        [
            CompoundDistribution(
                NegativeBinomial(2.0, 0.01) if i % 3 else Poisson(0.02),
                Lognormal.from_mean_cv(4e5 * (1 + i % 5), 3.0).layer(limits[i % 4], 1e5),
            )
            for i in range(24)
        ]
    )
    loss = book.aggregate()
    assert loss.error.converged
    years, rng = 200_000, np.random.default_rng(3)
    sample = np.zeros(years)
    for part in book.members:
        number = part.frequency.rvs(years, rng)
        sample += np.bincount(
            np.repeat(np.arange(years), number), part.severity.rvs(int(number.sum()), rng), years
        )
    points, probabilities = loss.atoms()
    for at, p in zip(points, probabilities, strict=True):
        if p > 1e-4:
            seen = float((np.abs(sample - at) <= 1e-9 * at).mean())
            assert abs(seen - p) <= 4.5 * math.sqrt(p / years)
    for x in np.array([0.3, 1.1, 2.7, 3.4, 6.0]) * 1e6:
        exceeded = float(loss.sf(x))
        assert abs(float((sample > x).mean()) - exceeded) <= 4.5 * math.sqrt(exceeded / years)


def test_the_faintest_of_very_many_atoms_are_drawn_together_and_counted_in_the_error():
    # Eight limits: the likeliest atoms are exact, and thousands of faint ones move no figure by more than it says.
    limits = [1.0, E, PI, *(math.sqrt(x) for x in (2.0, 3.0, 5.0, 7.0, 11.0))]
    book = Portfolio([CompoundDistribution(Poisson(0.5), Exponential(4.0).layer(x)) for x in limits])
    loss = book.aggregate()
    assert 0.0 < loss.error.blur < 1e-7
    assert loss.error.unaligned == 0.0
    assert loss.error.converged
    points, probabilities = loss.atoms()
    none = math.exp(-4.0)
    for x, y in itertools.combinations(limits, 2):
        exact = none * 0.25 * math.exp(-(x + y) / 4.0)
        here = np.abs(points - x - y) <= 1e-12 * (x + y)
        assert float(probabilities[here].sum()) == pytest.approx(exact, rel=1e-6)
    finer = book.aggregate(1e-8, largest_grid=2**17)
    for level in (0.5, 0.9, 0.99, 0.999):
        value, better = loss.value_at_risk(level), finer.value_at_risk(level)
        assert abs(value.value - better.value) <= value.error + better.error
        assert value.error <= 1e-5 * value.value
        tail, closer = loss.tail_value_at_risk(level), finer.tail_value_at_risk(level)
        assert abs(tail.value - closer.value) <= tail.error + closer.error


def test_atoms_beyond_the_first_grid_are_atoms_too():
    book = portfolio_of([(2, 0.1, 3.7), (2, 0.1, E), (2, 0.05, 1.0)])
    exact, loss = (
        UniformYears([(2, 0.1, 3.7), (2, 0.1, E), (2, 0.05, 1.0)], 100.0),
        book.aggregate(top_level=0.9),
    )
    at = 3.7 + 3.7
    level = exact.cdf(at) - exact.atoms[at] / 2
    assert at > loss.error.step * loss.error.size
    assert loss.value_at_risk(level) == (at, 0.0, "atom")


@pytest.mark.parametrize("distortion", [Wang(0.5), DualPower(3.0), ProportionalHazard(0.7)])
def test_prices_of_a_law_with_jumps_between_nodes_are_within_their_error(distortion):
    drawn = [(2, 0.4, 7.0 * E), (1, 0.7, 5.0 * PI)]
    exact, loss = UniformYears(drawn, 100.0), portfolio_of(drawn).aggregate()
    x, weights = special.roots_legendre(200)
    price = 0.0
    for low, high in itertools.pairwise(sorted({0.0, *exact.atoms})):
        at = low + (high - low) * (x + 1.0) / 2.0
        survival = np.array([1.0 - exact.cdf(y) for y in at])
        price += (high - low) / 2.0 * float(weights @ distortion.g(np.clip(survival, 0.0, 1.0)))
    found = GridCurve(loss).integral(distortion, 0.0, math.inf)
    # The quadrature of the test knows nothing of the steep end of the proportional hazard.
    assert abs(found.value - price) <= found.error + 1e-7 * price
    assert found.error <= 1e-5 * price


def test_roundings_enclose_the_values_at_risk_beside_jumps_between_nodes():
    loss = portfolio_of([(2, 0.4, 7.0 * E), (1, 0.7, 5.0 * PI)]).aggregate()
    for level in (0.3, 0.7, 0.9, 0.97):
        low, high = loss.bounds(level)
        assert low <= loss.value_at_risk(level).value <= high


def test_annual_terms_keep_atoms_between_nodes():
    drawn = [(1, 0.5, 20.0), (1, 0.5, 7.0 * E)]
    exact = UniformYears(drawn, 100.0)
    loss = portfolio_of(drawn).aggregate(annual_attachment=5.0, annual_limit=30.0)
    for at in (20.0, 7.0 * E):
        level = exact.cdf(at) - exact.atoms[at] / 2
        value = loss.value_at_risk(level)
        assert value.value == pytest.approx(at - 5.0, rel=1e-14)
        assert value[1:] == (0.0, "atom")
    assert float(loss.cdf(10.0)) == pytest.approx(exact.cdf(15.0), abs=1e-6)
    assert loss.value_at_risk(0.999) == (30.0, 0.0, "atom")


def test_points_too_many_to_be_followed_are_smoothed_and_said_to_be():
    rng = np.random.default_rng(8)
    points = np.sort(rng.lognormal(0.0, 1.0, 300))
    law = CompoundDistribution(Poisson(2.0), Discrete(points, np.full(300, 1 / 300)))
    loss = law.aggregate(largest_grid=2**13)
    assert not loss.error.converged
    assert loss.error.unaligned > 0.0
    assert "smoothed by" in repr(loss)
    number = rng.poisson(2.0, 100_000)
    sample = np.bincount(
        np.repeat(np.arange(100_000), number), rng.choice(points, int(number.sum())), 100_000
    )
    for level in (0.2, 0.5, 0.9, 0.99):
        value = loss.value_at_risk(level)
        spread = 4 * math.sqrt(level * (1 - level) / 100_000)
        low, high = np.quantile(sample, [level - spread, min(level + spread, 1.0)])
        assert low - value.error <= value.value <= high + value.error
        assert value.error >= loss.error.smoothing > loss.step


@settings(deadline=None, derandomize=True, max_examples=30)
@given(
    st.lists(st.tuples(st.floats(0.3, 9.0), st.floats(0.05, 0.4)), min_size=2, max_size=3),
    st.floats(0.0, 0.3),
)
def test_atoms_smoothed_on_purpose_stay_within_the_stated_error(drawn, nought):
    # A single loss at most: the law is that of the points.
    points = np.array(sorted({round(x, 3) * ROOT for x, _ in drawn}))
    chances_of = np.full(points.size, (1 - nought) / points.size)
    law = CompoundDistribution(
        Binomial(1, 1.0), Discrete(np.append(0.0, points), np.append(nought, chances_of))
    )
    loss = law.aggregate()
    cumulated = np.cumsum(np.append(nought, chances_of))
    for k, at in enumerate(points):
        assert loss.value_at_risk(float(cumulated[k + 1] - chances_of[k] / 2)).value == pytest.approx(
            at, rel=1e-15
        )


def test_what_follows_atoms_gives_up_where_they_are_too_many():
    grid = np.sqrt(np.arange(2.0, 402.0))
    many = jumps.Losses(Poisson(30.0).pgf, 30.0, Atoms(grid, np.full(400, 1 / 400)))
    assert jumps.of_sum([many]) is None
    few = jumps.follow([many], 1.0)
    assert few is None or few.smoothed > 0.0
