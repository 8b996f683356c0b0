# SPDX-License-Identifier: Apache-2.0
"""Intervals: blocks hold neighbours, every year is as likely, known standard errors are met."""

from __future__ import annotations

import math

import numpy as np
import pytest

from greenrisk.resource.basis_risk.intervals import Intervals, batch_error, drawn_years, percentiles


@pytest.mark.parametrize(("years", "length"), [(13, 1), (13, 4), (90, 5), (6, 20)])
def test_a_drawn_record_is_made_of_blocks_of_neighbours(years: int, length: int) -> None:
    drawn = drawn_years(years, length, 500, seed=3)
    assert drawn.shape == (500, years)
    length = min(length, years)
    inside = np.arange(years - 1) % length != length - 1
    steps = (np.diff(drawn, axis=1) - 1) % years
    assert (steps[:, inside] == 0).all()
    # the first year of a block is drawn anew: in some record it is no neighbour
    if not inside.all():
        assert (steps[:, ~inside] != 0).any()


def test_every_year_is_drawn_as_often() -> None:
    years, resamples, length = 13, 20_000, 4
    counts = np.bincount(drawn_years(years, length, resamples, seed=9).ravel(), minlength=years) / resamples
    # a year stands once in a record in the mean; its variance is below the block length
    assert counts == pytest.approx(np.ones(years), abs=4 * math.sqrt(length / resamples))


def test_the_interval_of_a_mean_is_that_of_the_normal_law() -> None:
    rng = np.random.default_rng(2)
    loss = rng.gamma(4.0, 1.0, 400)
    intervals = Intervals(loss, loss, drawn_years(400, 1, 4000, seed=1))
    value, _error, low, high = intervals.of(lambda x, _: x.mean(axis=-1))
    half = 1.645 * loss.std() / math.sqrt(400)
    # a 5 % quantile of 4,000 draws has a standard error of sqrt(.05 * .95 / 4000) / 0.103 deviations: 0.033
    assert value == pytest.approx(loss.mean())
    assert (value - low, high - value) == pytest.approx(
        (half, half), abs=4 * 0.033 * half / 1.645 + 0.05 * half
    )


def test_blocks_widen_the_interval_of_a_mean_of_years_that_resemble_their_neighbours() -> None:
    # pairs of equal years: blocks of 2 double the variance of the mean of single years, at even places; in the mean of
    # even and odd places half of the blocks hold a pair: the variance grows by 1.5
    pairs = np.repeat(np.random.default_rng(8).standard_normal(100) + 10, 2)
    widths = []
    for length in (1, 2):
        intervals = Intervals(pairs, pairs, drawn_years(200, length, 4000, seed=1))
        *_, low, high = intervals.of(lambda x, _: x.mean(axis=-1))
        widths.append(high - low)
    assert widths[1] / widths[0] == pytest.approx(math.sqrt(1.5), rel=0.08)


def test_batches_tell_the_error_of_simulated_years() -> None:
    years = 100_000
    loss = np.random.default_rng(4).standard_normal(years)
    error = batch_error(lambda x, _: x.mean(axis=-1), loss, loss)
    # 50 batches: a relative error of 1 / sqrt(2 * 49)
    assert error == pytest.approx(1 / math.sqrt(years), rel=4 / math.sqrt(98))


def test_no_interval_is_told_where_most_drawn_records_have_no_value() -> None:
    assert all(math.isnan(end) for end in percentiles(np.array([1.0, np.nan, np.nan])))
    assert percentiles(np.array([1.0, 1.0, np.nan])) == (1.0, 1.0)
    assert all(math.isnan(end) for end in percentiles(np.array([])))
