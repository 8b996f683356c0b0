# SPDX-License-Identifier: Apache-2.0
"""What is read off an aggregate law: atoms, annual terms, measures coherent at jumps, infinite means, printing."""

import math
import pickle

import numpy as np
import pytest
from scipy import special, stats

from greenrisk.actuarial.aggregate.compound import CompoundDistribution, Portfolio
from greenrisk.actuarial.frequency.counts import Binomial, NegativeBinomial, Poisson
from greenrisk.actuarial.severity.empirical import Discrete
from greenrisk.actuarial.severity.families import Exponential, Lognormal
from greenrisk.actuarial.severity.mixture import mixture_of
from greenrisk.actuarial.severity.pareto_families import ParetoII
from greenrisk.core.errors import ArgumentError


def poisson_layer(rate=0.8, scale=10.0, limit=8.0, attachment=3.0):
    return CompoundDistribution(Poisson(rate), Exponential(scale).layer(limit, attachment))


def test_atoms_of_a_layered_poisson_sum_are_the_powers_of_the_limit():
    rate, scale, limit, attachment = 0.8, 10.0, 8.0, 3.0
    loss = poisson_layer().aggregate()
    at_zero, at_limit = 1 - math.exp(-attachment / scale), math.exp(-(attachment + limit) / scale)
    k = np.arange(6)
    # exp(rate (p_0 + p_L z - 1)): losses of nought and of the limit, and no other.
    exact = math.exp(rate * (at_zero - 1)) * (rate * at_limit) ** k / special.factorial(k)
    points, probabilities = loss.atoms()
    assert points[:6] == pytest.approx(limit * k, rel=1e-15)
    assert probabilities[:6] == pytest.approx(exact, rel=1e-12)


def test_atoms_of_a_layered_negative_binomial_sum():
    r, beta, limit = 1.5, 2.0, 5.0
    loss = CompoundDistribution(NegativeBinomial(r, beta), Exponential(4.0).layer(limit)).aggregate()
    at_limit = math.exp(-limit / 4.0)
    k = np.arange(8)
    # (1 + beta - beta q z)^(-r), expanded.
    exact = (1 + beta) ** -r * special.binom(r + k - 1, k) * (beta * at_limit / (1 + beta)) ** k
    assert loss.atoms().probabilities[:8] == pytest.approx(exact, rel=1e-11)


def test_a_level_inside_the_jump_at_the_limit_returns_the_limit_itself():
    rate = 0.05
    loss = poisson_layer(rate, 50.0, 8.0, 3.0).aggregate()
    before = float(loss.cdf(8.0 * (1 - 1e-12)))
    at = float(loss.cdf(8.0))
    assert at - before == pytest.approx(loss.atoms().probabilities[1], rel=1e-9)
    for level in np.linspace(before, at, 7)[1:-1]:
        assert loss.value_at_risk(float(level)) == (8.0, 0.0, "atom")
    above = loss.value_at_risk(at + 1e-6)
    below = loss.value_at_risk(before - 1e-6)
    assert above.kind == "interpolated"
    assert below.kind == "interpolated"
    assert below.value < 8.0 < above.value


def test_value_at_risk_never_lies_inside_a_jump():
    loss = poisson_layer(0.3).aggregate()
    points, _ = loss.atoms()
    for level in np.linspace(0.05, 0.999, 200):
        value, _, kind = loss.value_at_risk(float(level))
        assert float(loss.cdf(value)) >= level - 1e-9
        assert (kind == "atom") == bool((np.abs(points - value) < 1e-12 * (1 + value)).any())


def test_two_layers_with_a_common_divisor_keep_their_atoms():
    left = CompoundDistribution(Binomial(1, 0.5), Exponential(10.0).layer(6.0))
    right = CompoundDistribution(Binomial(1, 0.5), Exponential(10.0).layer(4.0))
    points, probabilities = (left + right).aggregate().atoms()
    a, b = 0.5 * math.exp(-0.6), 0.5 * math.exp(-0.4)
    assert points == pytest.approx([0.0, 4.0, 6.0, 10.0], rel=1e-15)
    assert probabilities == pytest.approx([0.25, 0.5 * b, 0.5 * a, a * b], rel=1e-12)


def test_annual_limit_is_an_atom_of_all_that_exceeds_it():
    law = CompoundDistribution(Poisson(3.0), Exponential(7.0))
    free, capped = law.aggregate(), law.aggregate(annual_limit=30.0)
    above = float(free.sf(30.0))
    points, probabilities = capped.atoms()
    assert points.tolist() == [0.0, 30.0]
    assert probabilities == pytest.approx([math.exp(-3.0), above], abs=1e-10)
    assert capped.value_at_risk(1 - above + 1e-6) == (30.0, 0.0, "atom")
    assert capped.value_at_risk(1 - above - 1e-6).kind == "interpolated"
    assert capped.tail_value_at_risk(1 - above / 2).value == pytest.approx(30.0, rel=1e-9)
    assert float(capped.cdf(29.999)) < 1.0 == float(capped.cdf(30.0))
    assert capped.mean() == pytest.approx(float(free.limited_expected_value(30.0)), rel=1e-9)


def test_annual_attachment_is_an_atom_at_zero():
    law = CompoundDistribution(Poisson(3.0), Exponential(7.0))
    free, excess = law.aggregate(), law.aggregate(annual_attachment=20.0, annual_limit=25.0)
    points, probabilities = excess.atoms()
    assert points.tolist() == [0.0, 25.0]
    assert probabilities[0] == pytest.approx(float(free.cdf(20.0)), abs=1e-9)
    assert excess.value_at_risk(float(free.cdf(20.0)) - 1e-6) == (0.0, 0.0, "atom")
    x = np.array([0.5, 3.0, 24.0])
    assert excess.cdf(x) == pytest.approx(free.cdf(20.0 + x), abs=1e-9)
    exact = free.limited_expected_value(45.0) - free.limited_expected_value(20.0)
    assert excess.mean() == pytest.approx(float(exact), rel=1e-9)


def test_a_layer_of_the_year_is_the_law_made_with_annual_terms():
    law = CompoundDistribution(Poisson(3.0), Exponential(7.0))
    layered = law.aggregate().layer(25.0, 20.0)
    made = law.aggregate(annual_attachment=20.0, annual_limit=25.0)
    for level in (0.6, 0.9, 0.99):
        assert layered.value_at_risk(level).value == pytest.approx(made.value_at_risk(level).value, rel=1e-8)
    inner = made.layer(10.0, 5.0)
    assert (inner.annual_attachment, inner.annual_limit) == (25.0, 10.0)
    assert made.layer() is made
    assert made.layer(100.0).annual_limit == 25.0
    assert inner.layer(1.0, 9.5).annual_limit == 0.5


def test_layers_of_a_year_add_up():
    loss = CompoundDistribution(Poisson(3.0), Exponential(7.0)).aggregate()
    layers = [loss.layer(10.0), loss.layer(25.0, 10.0), loss.layer(attachment=35.0)]
    assert sum(layer.mean() for layer in layers) == pytest.approx(21.0, rel=1e-12)


def test_tail_value_at_risk_is_coherent_at_an_atom():
    # S = 10 with 3 %, else 0: TVaR at 0.95 is 0.03 / 0.05 * 10, while E[S | S > VaR] would say 10.
    loss = CompoundDistribution(Binomial(1, 0.03), Discrete([10.0], [1.0])).aggregate()
    assert loss.value_at_risk(0.95).value == 0.0
    assert loss.tail_value_at_risk(0.95).value == pytest.approx(6.0, abs=1e-10)
    assert loss.tail_value_at_risk(0.99).value == pytest.approx(10.0, abs=1e-8)


def test_tail_value_is_never_below_the_value():
    for loss in (
        poisson_layer().aggregate(),
        CompoundDistribution(Poisson(2.0), ParetoII(1.5, 3.0)).aggregate(),
    ):
        for level in np.linspace(0.01, 0.999, 40):
            value, tail = loss.value_at_risk(float(level)), loss.tail_value_at_risk(float(level))
            assert tail.value >= value.value - value.error - tail.error


def test_infinite_mean_gives_values_at_risk_and_refuses_means_with_the_mend():
    law = CompoundDistribution(Poisson(1.0), ParetoII(0.9, 3.0))
    loss = law.aggregate(1e-4)
    assert loss.mean() == math.inf
    assert loss.value_at_risk(0.99).value > loss.value_at_risk(0.9).value
    with pytest.raises(ArgumentError, match=r"\.layer\(limit\)"):
        loss.tail_value_at_risk(0.99)
    with pytest.raises(ArgumentError, match=r"\.layer\(limit\)"):
        loss.stop_loss_premium(10.0)
    capped = loss.layer(500.0)
    assert capped.tail_value_at_risk(0.99).value <= 500.0
    assert capped.mean() == pytest.approx(float(loss.limited_expected_value(500.0)), rel=1e-12)


def test_a_single_heavy_loss_is_known_far_beyond_the_grid():
    # At most one loss: P(S > x) = q (1 + x/3)^-1.2 at any x.
    loss = CompoundDistribution(Binomial(1, 0.5), ParetoII(1.2, 3.0)).aggregate(top_level=0.999)
    for factor, rtol in ((3.0, 1e-5), (40.0, 1e-4), (1000.0, 1e-3)):
        x = factor * float(loss.values[-1])
        assert float(loss.tail_survival(x)) == pytest.approx(0.5 * (1 + x / 3) ** -1.2, rel=rtol)
        excess = 0.5 * 3.0 / 0.2 * (1 + x / 3) ** -0.2
        assert float(loss.stop_loss_premium(x)) == pytest.approx(excess, rel=rtol)
    level = 1 - 1e-7
    exact = 3.0 * ((2e-7) ** (-1 / 1.2) - 1)
    value = loss.value_at_risk(level)
    assert value.value == pytest.approx(exact, rel=1e-3)


def test_a_limit_far_beyond_the_grid_counts_with_what_lies_between():
    law = CompoundDistribution(Binomial(1, 0.5), ParetoII(1.2, 3.0))
    loss = law.aggregate(annual_limit=1e6)
    assert loss.values[-1] < 1e6
    # E[min(X, d)] = theta / (alpha - 1) (1 - (1 + d / theta)^(1 - alpha)).
    exact = 0.5 * 15.0 * (1 - (1 + 1e6 / 3.0) ** -0.2)
    mean = loss.mean_with_error()
    assert abs(mean.value - exact) <= mean.error
    assert mean.value == pytest.approx(exact, rel=1e-5)


def test_stop_loss_and_limited_expected_value_add_up():
    loss = CompoundDistribution(Poisson(3.0), Exponential(7.0)).aggregate()
    x = np.array([0.0, 5.0, 80.0, math.inf])
    total = loss.stop_loss_premium(x) + loss.limited_expected_value(x)
    assert total == pytest.approx(np.full(4, 21.0), rel=1e-12)
    assert float(loss.stop_loss_premium(0.0)) == pytest.approx(21.0)


def test_weights_of_the_nodes_keep_mass_and_mean():
    for terms in ({}, {"annual_limit": 33.3}, {"annual_attachment": 4.1, "annual_limit": 20.0}):
        loss = CompoundDistribution(Poisson(3.0), Exponential(7.0).layer(20.0)).aggregate(**terms)
        values, weights = loss.values, loss.probabilities
        assert weights.sum() == pytest.approx(float(loss.cdf(values[-1])), abs=1e-12)
        edges, survival = loss.cell_survival()
        assert edges is values
        assert survival.sum() * loss.step == pytest.approx(
            float(loss.limited_expected_value(values[-1])), rel=1e-12
        )
        beyond = float(loss.sf(values[-1])) * values[-1]
        assert weights @ values + beyond == pytest.approx(survival.sum() * loss.step, rel=1e-9)


def test_grid_moments_stand_beside_the_exact_ones():
    law = CompoundDistribution(Poisson(3.0), Exponential(7.0).layer(20.0))
    check = law.aggregate().validate()
    assert check.grid == pytest.approx(check.exact, rel=1e-6)
    assert check.beyond < 1e-8
    assert "standard deviation" in str(check)
    heavy = CompoundDistribution(Poisson(3.0), ParetoII(1.5, 7.0)).aggregate().validate()
    assert heavy.exact.mean * (1 - heavy.beyond) == pytest.approx(heavy.grid.mean, rel=1e-9)


def test_moments_after_annual_terms_are_those_of_the_grid():
    # One loss of an exponential, limited: E[min(X, c)^2] = 2 m^2 (1 - (1 + c/m) exp(-c/m)).
    loss = CompoundDistribution(Binomial(1, 1.0), Exponential(7.0)).aggregate(annual_limit=11.0)
    z = 11.0 / 7.0
    mean = 7.0 * -math.expm1(-z)
    second = 2 * 49.0 * (1 - (1 + z) * math.exp(-z))
    assert loss.exact is None
    assert loss.grid.mean == pytest.approx(mean, rel=1e-9)
    assert loss.var() == pytest.approx(second - mean**2, rel=1e-8)


def test_error_says_when_the_tolerance_was_not_reached():
    law = CompoundDistribution(Poisson(3.0), ParetoII(1.1, 7.0))
    loss = law.aggregate(1e-9, largest_grid=2**12)
    assert not loss.error.converged
    assert loss.error.doubled_grid > 1e-9
    assert "NOT within the tolerance" in repr(loss)
    better = law.aggregate(1e-7)
    for level in (0.9, 0.99):
        a, b = loss.value_at_risk(level), better.value_at_risk(level)
        assert abs(a.value - b.value) <= a.error + b.error


def test_quantiles_of_many_levels_are_the_values_at_risk():
    loss = poisson_layer().aggregate()
    levels = np.array([[0.5, 0.9], [0.99, 0.999]])
    found = loss.quantile(levels)
    assert found.shape == (2, 2)
    assert found[1, 0] == loss.value_at_risk(0.99).value


def test_bad_levels_and_amounts_are_refused():
    loss = poisson_layer().aggregate()
    for level in (0.0, 1.0, -0.1, math.nan):
        with pytest.raises(ArgumentError, match="level"):
            loss.value_at_risk(level)
    with pytest.raises(ArgumentError, match="retention"):
        loss.stop_loss_premium(-1.0)
    with pytest.raises(ArgumentError, match="x"):
        loss.cdf(math.nan)
    with pytest.raises(ArgumentError, match="attachment"):
        loss.layer(5.0, 4.0).layer(1.0, 6.0)
    heavy = CompoundDistribution(Poisson(1.0), Lognormal(0.0, 2.0)).aggregate()
    with pytest.raises(ArgumentError, match="hides the law"):
        heavy.value_at_risk(1 - 1e-13)


def test_the_law_is_printed_in_one_block():
    text = repr(poisson_layer().aggregate(annual_limit=20.0))
    assert text.splitlines()[0] == "AggregateLoss of 1 compound, 20 in excess of 0 a year"
    assert "VaR 0.99" in text
    assert "(atom)" in text
    assert "end of the grid" not in text
    excess = repr(poisson_layer().aggregate(annual_attachment=5.0))
    assert "unlimited in excess of 5 a year" in excess
    assert "P(year before annual terms > " in excess


def test_a_figure_with_its_error_is_a_number_where_one_is_asked_for():
    loss = poisson_layer().aggregate()
    for found in (loss.value_at_risk(0.99), loss.tail_value_at_risk(0.99), loss.mean_with_error()):
        assert float(found) == found.value
    assert repr(loss.validate()) == str(loss.validate())


def test_the_law_becomes_a_labelled_data_set():
    loss = poisson_layer().aggregate(annual_limit=20.0)
    table = loss.to_xarray()
    assert dict(table.sizes) == {"loss": loss.values.size}
    assert float(table.probability.sum()) == pytest.approx(1.0, abs=1e-12)
    assert all("units" in table[name].attrs for name in (*table.data_vars, "loss"))
    assert table.attrs["mean"] == loss.mean()


def test_the_law_survives_pickling():
    loss = CompoundDistribution(Poisson(3.0), Exponential(7.0)).aggregate()
    again = pickle.loads(pickle.dumps(loss))
    assert again.value_at_risk(0.99) == loss.value_at_risk(0.99)
    assert float(again.tail_survival(1e3)) == float(loss.tail_survival(1e3))


def test_asking_twice_gives_the_same_answer():
    # Nothing that is read changes the law: peers' costs rose from call to call.
    loss = CompoundDistribution(Poisson(3.0), Exponential(7.0).layer(10.0, 1.0)).aggregate(annual_limit=30.0)
    first = (loss.mean(), loss.value_at_risk(0.9), loss.tail_value_at_risk(0.9), loss.probabilities.copy())
    second = (loss.mean(), loss.value_at_risk(0.9), loss.tail_value_at_risk(0.9), loss.probabilities)
    assert first[:3] == second[:3]
    assert (first[3] == second[3]).all()


def test_one_loss_keeps_its_own_law_even_at_a_jump_of_its_density():
    severity = mixture_of([0.5, 0.5], [Exponential(1.0), Exponential(9.0).layer(6.0)])
    loss = CompoundDistribution(Binomial(1, 1.0), severity).aggregate()
    x = np.array([0.1, 2.0, 5.99, 6.0, 6.5])
    assert loss.cdf(x) == pytest.approx(severity.cdf(x), abs=1e-8)
    assert loss.limited_expected_value(x) == pytest.approx(severity.limited_expected_value(x), rel=1e-9)


def test_rare_years_are_resolved_where_they_pay():
    # One loss in a thousand years: the levels are those of the years that have one.
    loss = CompoundDistribution(Poisson(1e-3), Exponential(7.0)).aggregate()
    level = 0.9999
    exact = stats.expon.isf((1 - level) / 1e-3, scale=7.0)
    assert loss.value_at_risk(level).value == pytest.approx(exact, rel=2e-3)
    assert loss.tail_value_at_risk(0.99).value == pytest.approx(0.7, rel=1e-9)


def test_a_portfolio_mixes_lattices_and_curves():
    parts = (
        CompoundDistribution(Poisson(1.0), Discrete([2.0, 5.0], [0.5, 0.5])),
        CompoundDistribution(Poisson(1.0), Exponential(2.0)),
    )
    loss = Portfolio(parts).aggregate()
    # Conditional on no exponential loss the sum is on 2 a + 5 b.
    atoms = dict(zip(*(a.tolist() for a in loss.atoms()), strict=True))
    assert atoms[0.0] == pytest.approx(math.exp(-2.0), rel=1e-12)
    assert atoms[7.0] == pytest.approx(math.exp(-2.0) * 0.25, rel=1e-12)
