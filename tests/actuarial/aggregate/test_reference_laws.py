# SPDX-License-Identifier: Apache-2.0
"""The two laws of the issue against tests/reference/actuarial: Panjer extrapolated, checked by Laplace inversion."""

import json
from pathlib import Path

import numpy as np
import pytest

from greenrisk.actuarial.aggregate.compound import CompoundDistribution, Portfolio
from greenrisk.actuarial.frequency.counts import Poisson
from greenrisk.actuarial.severity.families import Lognormal

REFERENCE = Path(__file__).parents[2] / "reference" / "actuarial"


def read(name):
    return json.loads((REFERENCE / name).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def portfolio():
    return Portfolio(
        [
            CompoundDistribution(
                Poisson(0.05 + 0.45 * i / 199),
                Lognormal.from_mean_cv(30_000 * 10 ** (((37 * i) % 200) / 199), 3.0).layer(5e6, 1e5),
            )
            for i in range(200)
        ]
    )


@pytest.fixture(scope="module")
def capped(portfolio):
    return portfolio.aggregate(annual_limit=2e7)


@pytest.fixture(scope="module")
def single():
    return CompoundDistribution(Poisson(10.0), Lognormal.from_mean_cv(50_000.0, 3.0))


def check_quantiles(loss, reference, rtol):
    for level, expected in reference["quantiles"].items():
        value, tail = loss.value_at_risk(float(level)), loss.tail_value_at_risk(float(level))
        assert value.kind == expected["kind"]
        assert value.value == pytest.approx(expected["value_at_risk"], rel=rtol)
        assert tail.value == pytest.approx(expected["tail_value_at_risk"], rel=rtol)
        # What both methods of the reference leave open is not ours to be held to.
        open_tail = expected["methods_differ"]["tail_value_at_risk"] * tail.value
        open_value = expected["methods_differ"]["value_at_risk"] * value.value
        assert abs(value.value - expected["value_at_risk"]) <= value.error + open_value + 1e-9 * value.value
        assert abs(tail.value - expected["tail_value_at_risk"]) <= tail.error + open_tail + 1e-9 * tail.value


def test_portfolio_of_200_meets_the_reference_to_a_billionth(capped):
    reference = read("portfolio_200.json")
    assert capped.mean() == pytest.approx(reference["mean"], rel=1e-10)
    check_quantiles(capped, reference, 1e-9)


def test_portfolio_of_200_meets_the_reference_curve_and_atoms(capped):
    reference = read("portfolio_200.json")
    expected = {atom["point"]: atom["probability"] for atom in reference["atoms_below_cap"]}
    atoms = dict(zip(*(a.tolist() for a in capped.atoms()), strict=True))
    for point, probability in expected.items():
        assert atoms[point] == pytest.approx(probability, rel=1e-9)
    for row in reference["curve"]:
        x = row["x"]
        if x < 2e7:
            # The reference takes the middle of a jump.
            middle = float(capped.cdf(x)) - expected.get(x, 0.0) / 2
            assert middle == pytest.approx(row["cdf"], abs=5e-9)
            assert float(capped.limited_expected_value(x)) == pytest.approx(
                row["limited_expected_value"], rel=1e-9
            )
            assert 1 - float(capped.occurrence_exceedance(x)) == pytest.approx(
                row["cdf_of_largest"], abs=1e-11
            )


def test_portfolio_before_the_cap_keeps_the_exact_mean(portfolio):
    assert portfolio.mean() == pytest.approx(read("portfolio_200.json")["mean_before_cap"], rel=1e-12)


def test_lognormal_sum_meets_the_reference_within_a_millionth_and_within_its_error(single):
    reference = read("lognormal_10.json")
    loss = single.aggregate()
    check_quantiles(loss, reference, 1e-6)
    assert loss.error.converged
    assert loss.mean() == pytest.approx(500_000.0, rel=1e-12)


def test_lognormal_sum_meets_the_reference_closer_when_asked_to(single):
    reference = read("lognormal_10.json")
    loss = single.aggregate(rtol=1e-9)
    for row in reference["curve"]:
        if row["x"] <= loss.values[-1]:
            assert float(loss.cdf(row["x"])) == pytest.approx(row["cdf"], abs=5e-9)
            assert float(loss.limited_expected_value(row["x"])) == pytest.approx(
                row["limited_expected_value"], rel=5e-9
            )


def test_bounds_enclose_the_reference(capped):
    reference = read("portfolio_200.json")["quantiles"]
    for level, expected in reference.items():
        low, high = capped.bounds(float(level))
        assert low <= expected["value_at_risk"] <= high


def test_mass_beyond_the_grid_is_in_the_tail_value(single):
    short = single.aggregate(top_level=0.999)
    long = single.aggregate(top_level=0.999999)
    assert short.error.tail_mass > 100 * long.error.tail_mass
    for level in (0.99, 0.999):
        a, b = short.tail_value_at_risk(level), long.tail_value_at_risk(level)
        assert abs(a.value - b.value) <= a.error + b.error
        assert a.value == pytest.approx(b.value, rel=2e-6)


def test_levels_beyond_the_first_grid_are_read_off_longer_ones(single):
    short, long = single.aggregate(top_level=0.99), single.aggregate(top_level=1 - 1e-7)
    for level in (0.9999, 0.99999, 0.999999):
        a, b = short.value_at_risk(level), long.value_at_risk(level)
        assert a.value > short.values[-1]
        assert abs(a.value - b.value) <= a.error + b.error
        assert a.value == pytest.approx(b.value, rel=1e-4)
    x = np.array([2.0, 5.0, 20.0]) * short.values[-1]
    assert short.tail_survival(x) == pytest.approx(long.sf(x), rel=1e-3)
    assert short.stop_loss_premium(x) == pytest.approx(long.stop_loss_premium(x), rel=1e-3)
