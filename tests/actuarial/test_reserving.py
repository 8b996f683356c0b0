# SPDX-License-Identifier: Apache-2.0
"""The chain ladder against Mack's published figures, and against its recursive form with regressions."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from greenrisk.actuarial.reserving import chain_ladder
from greenrisk.core.errors import ArgumentError

TAYLOR_ASHE = (
    (357848, 1124788, 1735330, 2218270, 2745596, 3319994, 3466336, 3606286, 3833515, 3901463),
    (352118, 1236139, 2170033, 3353322, 3799067, 4120063, 4647867, 4914039, 5339085),
    (290507, 1292306, 2218525, 3235179, 3985995, 4132918, 4628910, 4909315),
    (310608, 1418858, 2195047, 3757447, 4029929, 4381982, 4588268),
    (443160, 1136350, 2128333, 2897821, 3402672, 3873311),
    (396132, 1333217, 2180715, 2985752, 3691712),
    (440832, 1288463, 2419861, 3483130),
    (359480, 1421128, 2864498),
    (376686, 1363294),
    (344014,),
)
"""Cumulative payments of Taylor and Ashe (1983), as printed in Mack (1993)."""

RESERVES = (0, 94634, 469511, 709638, 984889, 1419459, 2177641, 3920301, 4278972, 4625811)
ERRORS = (0, 75535, 121699, 133549, 261406, 411010, 558317, 875328, 971258, 1363155)
"""Reserves and standard errors by origin, the figures of Mack (1993) in full digits."""


def square(rows: tuple[tuple[float, ...], ...]) -> NDArray[np.float64]:
    ages = max(len(row) for row in rows)
    return np.array([[*row, *(np.nan,) * (ages - len(row))] for row in rows], dtype=np.float64)


def recursively(triangle: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Reserves and errors by weighted regressions through the origin and step by step (Murphy 1994); not our code."""
    ages = triangle.shape[1]
    slope, sigma2, slope_error2 = [], [], []
    for k in range(ages - 1):
        rows = ~np.isnan(triangle[:, k + 1])
        x, y = triangle[rows, k], triangle[rows, k + 1]
        design, response = (np.sqrt(x))[:, None], y / np.sqrt(x)
        (fit,), rest, *_ = np.linalg.lstsq(design, response, rcond=None)
        slope.append(fit)
        sigma2.append(rest[0] / (rows.sum() - 1) if rows.sum() > 1 else np.nan)
        slope_error2.append(1 / x.sum())
    sigma2[-1] = min(sigma2[-2] ** 2 / sigma2[-3], sigma2[-3], sigma2[-2])
    reserve, error = [], []
    for row in triangle:
        last = int(np.count_nonzero(~np.isnan(row))) - 1
        level, process, estimation = row[last], 0.0, 0.0
        for k in range(last, ages - 1):
            process = slope[k] ** 2 * process + sigma2[k] * level
            estimation = slope[k] ** 2 * estimation + level**2 * sigma2[k] * slope_error2[k]
            level *= slope[k]
        reserve.append(level - row[last])
        error.append(np.sqrt(process + estimation))
    return np.array(reserve), np.array(error)


def test_reserves_and_standard_errors_are_those_of_mack() -> None:
    found = chain_ladder(square(TAYLOR_ASHE))
    assert found.reserves == pytest.approx(RESERVES, abs=0.6)
    assert found.standard_errors == pytest.approx(ERRORS, abs=0.6)
    assert found.reserves.sum() == pytest.approx(18_680_856, abs=0.5)
    assert found.total_standard_error == pytest.approx(2_447_095, abs=0.5)
    assert found.from_nothing == 0


def test_reserves_and_standard_errors_are_those_of_regressions_and_a_recursion() -> None:
    triangle = square(TAYLOR_ASHE)
    reserve, error = recursively(triangle)
    found = chain_ladder(triangle)
    assert found.reserves == pytest.approx(reserve, rel=1e-9)
    assert found.standard_errors == pytest.approx(error, rel=1e-9)


def test_the_order_of_the_origins_is_irrelevant() -> None:
    triangle = square(TAYLOR_ASHE)
    order = np.array([3, 9, 0, 7, 1, 8, 2, 6, 5, 4])
    straight, mixed = chain_ladder(triangle), chain_ladder(triangle[order])
    assert mixed.ultimate == pytest.approx(straight.ultimate[order], rel=1e-12)
    assert mixed.standard_errors == pytest.approx(straight.standard_errors[order], rel=1e-12)
    assert mixed.total_standard_error == pytest.approx(straight.total_standard_error, rel=1e-12)


def test_losses_that_all_grow_alike_have_no_error() -> None:
    triangle = np.array([[100.0, 150.0, 165.0], [40.0, 60.0, np.nan], [80.0, np.nan, np.nan]])
    found = chain_ladder(triangle)
    assert found.factors == pytest.approx([1.5, 1.1])
    assert found.ultimate == pytest.approx([165.0, 66.0, 132.0])
    assert found.to_ultimate == pytest.approx([1.0, 1.1, 1.65])
    assert found.total_standard_error == pytest.approx(0.0, abs=1e-9)


def test_a_tail_lengthens_every_origin() -> None:
    triangle = square(TAYLOR_ASHE)
    plain, longer = chain_ladder(triangle), chain_ladder(triangle, tail=1.05)
    assert longer.ultimate == pytest.approx(1.05 * plain.ultimate)
    assert longer.standard_errors == pytest.approx(1.05 * plain.standard_errors)


def test_an_origin_without_losses_stays_without_and_one_that_grows_from_nothing_is_counted() -> None:
    triangle = np.array(
        [
            [0.0, 0.0, 0.0],
            [100.0, 120.0, 130.0],
            [50.0, 70.0, np.nan],
            [0.0, 10.0, np.nan],
            [0.0, np.nan, np.nan],
        ]
    )
    found = chain_ladder(triangle)
    # (0 + 120 + 70 + 10) / (0 + 100 + 50 + 0) and (0 + 130) / (0 + 120)
    assert found.factors == pytest.approx([200 / 150, 130 / 120])
    assert found.ultimate[[0, 4]] == pytest.approx([0.0, 0.0])
    assert found.standard_errors[[0, 4]] == pytest.approx([0.0, 0.0])
    assert found.to_ultimate[4] == 1.0
    assert found.from_nothing == 1


def test_the_standard_error_covers_the_outcome_of_simulated_triangles() -> None:
    """Mack's own model with gamma steps: 68 of 100 totals should lie within one standard error (4 standard errors)."""
    rng = np.random.default_rng(11)
    factor, sigma2, inside, runs = (2.0, 1.3, 1.1, 1.02), (60.0, 20.0, 5.0, 1.0), 0, 400
    for _ in range(runs):
        full = np.empty((8, 5))
        full[:, 0] = rng.gamma(20.0, 50.0, 8)
        for k in range(4):
            mean, variance = full[:, k] * factor[k], full[:, k] * sigma2[k]
            full[:, k + 1] = rng.gamma(mean**2 / variance, variance / mean)
        known = full.copy()
        for origin in range(8):
            known[origin, max(1, 8 - origin) :] = np.nan
        found = chain_ladder(known)
        inside += abs(found.ultimate.sum() - full[:, -1].sum()) < found.total_standard_error
    assert abs(inside / runs - 0.683) < 4 * np.sqrt(0.683 * 0.317 / runs)


@pytest.mark.parametrize(
    ("triangle", "message"),
    [
        ([[1.0, 2.0]], "At least two origins and two ages"),
        ([[1.0, 2.0], [np.nan, 2.0]], "Every origin needs its first age"),
        ([[1.0, np.nan, 3.0], [1.0, 2.0, 3.0]], "Cumulative losses need every age"),
        ([[1.0, -2.0], [1.0, 2.0]], "It must be >= 0"),
        ([[1.0, np.nan], [1.0, np.nan]], "no origin has reached age 1"),
        ([[1.0, 2.0], [1.0, np.nan]], "one origin is known at two ages"),
        ([[0.0, 2.0], [0.0, 1.0]], "Nothing can be developed from 0"),
    ],
)
def test_a_triangle_that_cannot_be_developed_is_refused(triangle: list[list[float]], message: str) -> None:
    with pytest.raises(ArgumentError, match=message):
        chain_ladder(triangle)
