# SPDX-License-Identifier: Apache-2.0
"""Several indices together, two triggers and events: closed forms of normal and Poisson laws, and brute force."""

from __future__ import annotations

import math

import numpy as np
import pytest
from priced_records import cover, linear, of_events, part, tiers, yearly
from scipy import special, stats

from greenrisk.core.errors import ArgumentError, FitError
from greenrisk.resource.index_cover.dependence import IndexCopula, expected_double, joint
from greenrisk.resource.index_cover.event_law import EventLaw, fit_events
from greenrisk.resource.index_cover.law_premium import fit_laws, law_premium, simulated_payments
from greenrisk.resource.index_cover.laws import IndexLaw
from greenrisk.resource.index_cover.payout_spec import AggregateSpec, DoublePayout
from greenrisk.resource.index_cover.payouts import cover_share

STANDARD = IndexLaw("normal", "below", (0.0, 1.0), np.array([0.0, 1.0]), 0.0)
EXPONENTIAL = IndexLaw("gamma", "above", (1.0, 1.0), np.array([0.0, 1.0]), 0.0)


def double(first: object, second: object, combine: str = "min") -> DoublePayout:
    return DoublePayout(kind="double", first=first, second=second, combine=combine)


def test_the_copula_has_the_ranks_of_the_common_years() -> None:
    rng = np.random.default_rng(4)
    a, b = rng.standard_normal(40), rng.standard_normal(30)
    found = joint({"a": yearly(1950, a, "a"), "b": yearly(1960, b, "b")})
    expected = stats.spearmanr(a[10:], b).statistic
    assert found.rank_correlation[0, 1] == pytest.approx(expected, rel=1e-12)
    assert found.correlation[0, 1] == pytest.approx(2 * math.sin(math.pi / 6 * expected), rel=1e-6)
    assert found.years.tolist() == [[40, 30], [30, 30]]
    assert found.between("a", "a") == 1.0


def test_levels_are_uniform_and_correlated_as_told() -> None:
    rng = np.random.default_rng(5)
    a = rng.standard_normal(60)
    b = a + rng.standard_normal(60)
    found = joint({"a": yearly(1950, a, "a"), "b": yearly(1950, -b, "b")})
    n = 40_000
    uniforms = rng.random((n, 2))
    levels = found.levels(uniforms)
    np.testing.assert_allclose(levels[:, 0], uniforms[:, 0], rtol=1e-9)
    assert stats.kstest(levels[:, 1], "uniform").pvalue > 1e-4
    seen = stats.spearmanr(levels).statistic
    assert abs(seen - found.rank_correlation[0, 1]) < 4 / math.sqrt(n)


def test_ranks_that_contradict_each_other_are_made_possible() -> None:
    # By pairs over different years: a with b, b with c together, a against c. No such three exist.
    rise, none = np.arange(12.0), np.full(12, np.nan)
    a = yearly(1950, np.concatenate([rise, none, rise]), "a")
    b = yearly(1950, np.concatenate([rise, rise, none]), "b")
    c = yearly(1950, np.concatenate([none, rise, -rise]), "c")
    found = joint({"a": a, "b": b, "c": c})
    assert found.rank_correlation.tolist() == [[1, 1, -1], [1, 1, 1], [-1, 1, 1]]
    assert np.linalg.eigvalsh(found.correlation)[0] > 0
    # The nearest: by symmetry all three move to one half (1/2, 1/2, -1/2).
    np.testing.assert_allclose(found.correlation[0], [1.0, 0.5, -0.5], atol=1e-6)


def test_too_few_common_years_are_refused() -> None:
    with pytest.raises(ArgumentError, match="`a` and `b` have 9 known years in common"):
        joint({"a": yearly(1950, np.arange(20.0), "a"), "b": yearly(1961, np.arange(20.0), "b")})


@pytest.mark.parametrize("r", [-0.7, 0.0, 0.5, 0.9])
def test_two_triggers_at_the_middle_meet_as_the_arc_sine_says(r: float) -> None:
    whole = tiers("below", (0.0, True, 1.0))
    both = 0.25 + math.asin(r) / (2 * math.pi)
    for combine in ("min", "product", "first"):
        assert expected_double(double(whole, whole, combine), STANDARD, STANDARD, r) == pytest.approx(
            both, rel=1e-9
        )
    other = tiers("above", (0.0, True, 1.0))
    assert expected_double(double(whole, other), STANDARD, STANDARD, r) == pytest.approx(0.5 - both, rel=1e-9)


def test_independent_triggers_multiply_and_equal_ones_are_the_smaller() -> None:
    one, other = linear("below", 0.5, -2.0, least=0.1), linear("above", 1.0, 4.0)
    e = STANDARD.expected_share(one), EXPONENTIAL.expected_share(other)
    found = expected_double(double(one, other, "product"), STANDARD, EXPONENTIAL, 0.0)
    assert found == pytest.approx(e[0] * e[1], rel=1e-9)
    found = expected_double(double(one, other, "first"), STANDARD, EXPONENTIAL, 0.0)
    assert found == pytest.approx(e[0] * math.exp(-1.0), rel=1e-9)
    # An index with itself: the smaller share of the same year.
    wide = linear("below", 0.5, -4.0)
    alike = expected_double(double(linear("below", 0.0, -2.0), wide), STANDARD, STANDARD, 1.0)
    z = STANDARD.quantile((np.arange(200_000) + 0.5) / 200_000)
    share = cover_share(double(linear("below", 0.0, -2.0), wide), {"i": z})
    assert alike == pytest.approx(float(share.mean()), abs=2e-5)
    # Low and high at once do not happen.
    never = double(linear("below", 0.0, -2.0), linear("above", 0.0, 2.0))
    assert expected_double(never, STANDARD, STANDARD, 1.0) == pytest.approx(0.0, abs=1e-15)


@pytest.mark.parametrize("combine", ["min", "product", "first"])
def test_two_triggers_are_priced_as_simulated(combine: str) -> None:
    payout = double(
        linear("below", 0.5, -2.0, least=0.2, index="a"),
        tiers("above", (0.5, True, 0.3), (2.0, False, 1.0), index="b"),
        combine,
    )
    r, n = -0.6, 400_000
    z = np.random.default_rng(6).standard_normal((n, 2)) @ np.linalg.cholesky([[1.0, r], [r, 1.0]]).T
    values = {"a": z[:, 0], "b": EXPONENTIAL.quantile(special.ndtr(z[:, 1]))}
    share = cover_share(payout, values)
    low, high = (0.0, 1.0) if combine == "product" else (0.1, 0.8)
    layer = np.clip(share - low, 0.0, high - low)
    found = expected_double(payout, STANDARD, EXPONENTIAL, r, low, high)
    assert abs(found - layer.mean()) < 4 * layer.std() / math.sqrt(n)


def poisson(mean: float, intensity: IndexLaw, size: float = math.inf) -> EventLaw:
    return EventLaw(mean, size, 0.0, math.nan, intensity)


def test_events_up_to_a_limit_of_the_year_are_the_closed_form() -> None:
    # A whole tier with p = 1/2 and a limit of twice it: E min(N, 2) of a Poisson number with mean 0.8.
    whole = cover(tiers("above", (math.log(2.0), True, 1.0)), 100.0, annual_limit_cny=200.0)
    m = 0.8
    expected = 100.0 * (2.0 - (2.0 + m) * math.exp(-m))
    assert poisson(2 * m, EXPONENTIAL).expected_payment(whole) == pytest.approx(expected, rel=1e-9)
    # Without events beyond the limit it is number times mean: E (X - 1)+ capped at 9 further, exponential.
    line = cover(linear("above", 1.0, 10.0), 90.0, annual_limit_cny=9e4)
    mean = 10.0 * (math.exp(-1.0) - math.exp(-10.0))
    assert poisson(1.3, EXPONENTIAL).expected_payment(line) == pytest.approx(1.3 * mean, rel=1e-9)
    assert poisson(1.3, EXPONENTIAL, 0.7).expected_payment(line) == pytest.approx(1.3 * mean, rel=1e-9)


def test_the_largest_event_of_the_year_is_that_of_the_generating_function() -> None:
    m, payout = 1.6, tiers("above", (1.0, True, 0.5), (2.0, True, 1.0))
    law = poisson(m, EXPONENTIAL)
    assert float(law.chance_above(payout, 0.0)) == pytest.approx(1 - math.exp(-m * math.exp(-1.0)), rel=1e-12)
    assert float(law.chance_above(payout, 0.5)) == pytest.approx(1 - math.exp(-m * math.exp(-2.0)), rel=1e-12)
    assert float(law.quantile(math.exp(-m) * 0.99)) == -math.inf
    assert float(law.quantile(math.exp(-m * math.exp(-2.0)))) == pytest.approx(2.0, rel=1e-9)
    size = 0.7
    clumped = poisson(m, EXPONENTIAL, size)
    none = (1 + m * math.exp(-1.0) / size) ** -size
    assert float(clumped.chance_above(payout, 0.0)) == pytest.approx(1 - none, rel=1e-12)
    assert float(clumped.quantile(none)) == pytest.approx(1.0, rel=1e-9)


def test_numbers_of_events_are_fitted_by_likelihood() -> None:
    # 20 years with 2 events each vary less than Poisson's; 10 years of 4 and 10 without vary more.
    even = of_events(1990, 20, [(k // 2, 50.0 + k) for k in range(40)])
    found = fit_events(even, "normal", "above")
    assert (found.mean_number, found.dispersion) == (2.0, math.inf)
    clumped = of_events(1990, 20, [(k // 4, 50.0 + k) for k in range(40)])
    found = fit_events(clumped, "normal", "above")
    number = np.repeat([4, 0], 10)

    def minus(size: float) -> float:
        return -float(stats.nbinom.logpmf(number, size, size / (size + 2.0)).sum())

    sizes = np.exp(np.linspace(-4, 4, 20_001))
    assert found.dispersion == pytest.approx(sizes[np.argmin([minus(size) for size in sizes])], rel=1e-3)
    assert found.aic_negative_binomial < found.aic_poisson
    # Two parameters against one.
    assert found.aic_negative_binomial == pytest.approx(
        4.0 + 2.0 * min(minus(size) for size in sizes), rel=1e-6
    )
    assert found.aic_poisson == pytest.approx(
        2.0 - 2.0 * float(stats.poisson.logpmf(number, 2.0).sum()), rel=1e-12
    )
    assert np.array_equal(
        found.number_chance(np.array([0])),
        stats.nbinom.pmf([0], found.dispersion, found.dispersion / (found.dispersion + 2)),
    )
    with pytest.raises(ArgumentError, match="no index of events"):
        fit_events(yearly(1990, np.arange(20.0)), "normal", "above")
    with pytest.raises(FitError, match="9 events in 20 years"):
        fit_events(of_events(1990, 20, [(k, 1.0 + k) for k in range(9)]), "normal", "above")
    with pytest.raises(FitError, match="8 years"):
        fit_events(of_events(1990, 8, [(k % 8, 1.0 + k) for k in range(20)]), "normal", "above")


def test_covers_add_up_and_terms_of_the_year_are_simulated() -> None:
    rng = np.random.default_rng(8)
    a, b = yearly(1950, rng.standard_normal(50), "a"), yearly(1950, rng.gamma(2.0, 1.0, 50), "b")
    covers = (
        cover(linear("below", 0.0, -2.0, index="a"), 100.0, name="a"),
        cover(
            double(linear("below", 0.0, -2.0, index="a"), linear("above", 1.0, 5.0, index="b")),
            50.0,
            name="both",
        ),
    )
    plain = part(*covers, indices=("a", "b"))
    laws = fit_laws(plain, {"a": a, "b": b}, "best")
    copula = joint({"a": a, "b": b})
    exact = law_premium(plain, laws, copula)
    assert exact.standard_error == 0.0
    assert exact.total == pytest.approx(exact.by_cover.sum(), rel=1e-15)
    # Terms that bind nobody, drawn: the same premium by the other way.
    drawn = law_premium(
        part(*covers, indices=("a", "b"), aggregate=AggregateSpec(deductible_cny=1e-9)), laws, copula, seed=2
    )
    assert 0.0 < drawn.standard_error < 0.02 * exact.total
    assert abs(drawn.total - exact.total) < 4 * drawn.standard_error
    capped = part(*covers, indices=("a", "b"), aggregate=AggregateSpec(limit_cny=60.0))
    found = law_premium(capped, laws, copula, seed=2)
    assert found.total < exact.total
    np.testing.assert_allclose(found.by_cover, exact.by_cover)


def test_events_are_simulated_as_they_are_priced() -> None:
    law = poisson(1.6, EXPONENTIAL, 0.7)
    asked = part(cover(linear("above", 0.5, 3.0), 100.0, deductible_cny=5.0, annual_limit_cny=150.0))
    copula = IndexCopula(("i",), np.eye(1), np.eye(1), np.array([[50]]))
    rng, n = np.random.default_rng(9), 200_000
    paid = simulated_payments(asked, {"i": law}, copula, rng.random((n, 1)), rng)[0]
    assert abs(paid.mean() - law.expected_payment(asked.covers[0])) < 4 * paid.std() / math.sqrt(n)
