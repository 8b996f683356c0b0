# SPDX-License-Identifier: Apache-2.0
"""Plain measures of paired years: by hand, by R, and by the closed forms of a bivariate normal law."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenrisk.resource.basis_risk.sample_measures import (
    beyond,
    exact_interval,
    kendall,
    pearson,
    shortfall,
    spearman,
    variance_reduction,
    worst_years,
)

TESTS = Path(__file__).parents[2]
R_TABLE = TESTS / "reference" / "resource" / "basis_risk.csv"
LOSS = np.array([33.0, 7.3, 14.4, 4.1, 7.5, 15.8, 3.3, 1.9, 7.1, 4.8, 4.9, 4.1, 3.0])
PAYOUT = np.array([20.0, 6, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0])
INDEX = np.array([10.1, 4.9, 3.6, 4.7, 2.8, 1.9, 0.28, 0.32, 0.96, 0.65, 0.86, 0.28, 0.28])
KINDS = {"pearson": pearson, "spearman": spearman, "kendall": kendall}


def r_rows(quantity: str) -> list[dict[str, str]]:
    with R_TABLE.open(encoding="utf-8") as lines:
        return [row for row in csv.DictReader(lines) if row["quantity"] == quantity]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("name", "other"), [("payout", PAYOUT), ("index", INDEX)])
def test_correlations_of_tied_years_are_those_of_r(kind: str, name: str, other: np.ndarray) -> None:
    (row,) = r_rows(f"{kind}_{name}")
    assert float(KINDS[kind](LOSS, other)) == pytest.approx(float(row["value"]), abs=1e-12)


@pytest.mark.parametrize("side", ["low", "high"])
def test_intervals_of_a_share_are_those_of_r(side: str) -> None:
    rows = r_rows(f"share_{side}")
    assert len(rows) == 5
    for row in rows:
        ends = exact_interval(int(row["a"]), int(row["b"]), 0.90)
        assert ends[side == "high"] == pytest.approx(float(row["value"]), abs=1e-9)


def test_the_interval_of_none_of_three_is_what_its_equation_says() -> None:
    # (1 - p)^3 = 0.05
    assert exact_interval(0, 3, 0.90) == pytest.approx((0.0, 1 - 0.05 ** (1 / 3)))
    assert exact_interval(0, 0, 0.90) == (0.0, 1.0)


def test_tau_b_by_hand_with_a_tie_in_each() -> None:
    x, y = np.array([1.0, 2.0, 2.0, 3.0]), np.array([1.0, 2.0, 3.0, 3.0])
    # in order: (1,2) (1,3) (1,4) (2,4); tied: (2,3) in x, (3,4) in y; none opposite: 4 / sqrt(5 * 5)
    assert float(kendall(x, y)) == pytest.approx(4 / 5)


def test_spearman_of_one_exchanged_pair_by_hand() -> None:
    # 1 - 6 * sum d^2 / (n (n^2 - 1)) with d = 1, -1: 1 - 12 / (13 * 168)
    x = np.arange(13.0)
    y = x.copy()
    y[[4, 5]] = y[[5, 4]]
    assert float(spearman(x, y)) == pytest.approx(1 - 12 / (13 * 168))


def test_correlations_of_a_normal_law_are_its_closed_forms() -> None:
    r, years = 0.6, 40_000
    rng = np.random.default_rng(11)
    x = rng.standard_normal(years)
    y = r * x + math.sqrt(1 - r * r) * rng.standard_normal(years)
    # standard errors of Pearson (1 - r^2) / sqrt(n); of the rank ones below 1 / sqrt(n) for r > 0
    assert float(pearson(x, y)) == pytest.approx(r, abs=4 * (1 - r * r) / math.sqrt(years))
    assert float(spearman(x, y)) == pytest.approx(6 / math.pi * math.asin(r / 2), abs=4 / math.sqrt(years))
    assert float(kendall(x, y)) == pytest.approx(2 / math.pi * math.asin(r), abs=4 / math.sqrt(years))


def test_rows_are_measured_one_by_one() -> None:
    x, y = np.stack([LOSS, LOSS[::-1]]), np.stack([INDEX, PAYOUT])
    for measure in KINDS.values():
        together = measure(x, y)
        assert together.shape == (2,)
        assert together == pytest.approx([float(measure(a, b)) for a, b in zip(x, y, strict=True)])


@pytest.mark.parametrize("measure", KINDS.values())
def test_what_does_not_vary_has_no_correlation(measure: object) -> None:
    assert math.isnan(float(measure(LOSS, np.full(LOSS.size, 0.1))))  # type: ignore[operator]


@given(st.lists(st.integers(1, 10**6), min_size=5, max_size=20, unique=True))
def test_ranks_do_not_see_a_rising_function(values: list[int]) -> None:
    x = np.array(values, dtype=float)
    other = np.arange(x.size, dtype=float)
    assert float(spearman(x**2, other)) == pytest.approx(float(spearman(x, other)), abs=1e-9)


def test_a_year_beyond_a_level_is_above_the_order_statistic() -> None:
    # ceil(0.8 * 13) = 11: the 11th of 13 in rising order is 14.4
    assert LOSS[beyond(LOSS, 0.8)].tolist() == [33.0, 15.8]
    # 10 of 13 payments are 0, the 11th is 6: only what exceeds 6
    assert PAYOUT[beyond(PAYOUT, 0.8)].tolist() == [20.0]
    # at 0.75 the 10th is 0: every paid year lies beyond
    assert beyond(PAYOUT, 0.75).sum() == 3
    # 0.8 * 10 = 8 exactly, in spite of rounding
    assert beyond(np.arange(10.0), 0.8).sum() == 2


def test_worst_years_are_those_with_a_loss_and_the_earlier_of_equal_ones() -> None:
    assert np.flatnonzero(worst_years(LOSS, 3)).tolist() == [0, 2, 5]
    assert np.flatnonzero(worst_years(np.array([0.0, 5.0, 5.0, 0.0]), 1)).tolist() == [1]
    assert np.flatnonzero(worst_years(np.array([0.0, 5.0, 5.0, 0.0]), 3)).tolist() == [1, 2]
    assert not worst_years(LOSS, 0).any()


def test_shortfall_of_normal_years_is_its_closed_form() -> None:
    # D = loss - payout is normal with mean m and deviation s: E D+ = m Phi(m/s) + s phi(m/s)
    rng = np.random.default_rng(5)
    years, r = 200_000, 0.5
    z = rng.standard_normal((2, years))
    loss, payout = 10 + z[0], 9.5 + r * z[0] + math.sqrt(1 - r * r) * z[1]
    m, s = 0.5, math.sqrt(1 + 1 - 2 * r)
    phi = math.exp(-0.5 * (m / s) ** 2) / math.sqrt(2 * math.pi)
    exact = m * 0.5 * (1 + math.erf(m / s / math.sqrt(2))) + s * phi
    short = shortfall(loss, payout)
    assert short.mean() == pytest.approx(exact, abs=4 * short.std() / math.sqrt(years))
    # 1 - Var(D) / Var(loss) = 2 r - 1 for equal deviations; its error below 4 sqrt(2 / n) for each variance
    assert float(variance_reduction(loss, payout)) == pytest.approx(2 * r - 1, abs=8 * math.sqrt(2 / years))


def test_a_payment_of_the_loss_takes_all_variance_and_a_constant_none() -> None:
    assert float(variance_reduction(LOSS, LOSS)) == 1.0
    assert float(variance_reduction(LOSS, np.full(LOSS.size, 3.0))) == pytest.approx(0.0, abs=1e-12)
    assert float(variance_reduction(LOSS, 2 * LOSS)) == pytest.approx(0.0, abs=1e-12)
    assert math.isnan(float(variance_reduction(np.ones(6), np.arange(6.0))))
