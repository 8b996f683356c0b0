# SPDX-License-Identifier: Apache-2.0
"""Seasons: which days they have, over New Year and leap days; what is taken of them, for many sites at once."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenrisk.core.errors import ArgumentError
from greenrisk.resource.index_cover.index_spec import SeasonSpec
from greenrisk.resource.index_cover.seasons import (
    SLAB,
    season_days,
    season_deficit,
    season_statistic,
    whole_seasons,
)


def days(first: str, behind: str) -> np.ndarray:
    return np.arange(first, behind, dtype="datetime64[D]")


def months(first: str, behind: str) -> np.ndarray:
    return np.arange(first, behind, dtype="datetime64[M]").astype("datetime64[D]")


def test_a_season_of_days_begins_and_ends_on_its_days() -> None:
    time = days("2001-01-01", "2004-01-01")
    found = whole_seasons(time, "day", SeasonSpec(first="04-01", last="09-30"))
    assert found.year.tolist() == [2001, 2002, 2003]
    for (first, behind), year in zip(found.edges, found.year, strict=True):
        assert str(time[first]) == f"{year}-04-01"
        assert str(time[behind - 1]) == f"{year}-09-30"


@pytest.mark.parametrize(("year_of", "years"), [("last", [2002, 2003]), ("first", [2001, 2002])])
def test_a_season_over_new_year_bears_the_year_that_is_asked(year_of: str, years: list[int]) -> None:
    time = days("2001-01-01", "2004-01-01")
    found = whole_seasons(time, "day", SeasonSpec(first="11-01", last="03-31", year_of=year_of))
    assert found.year.tolist() == years
    assert [str(time[first]) for first, _ in found.edges] == ["2001-11-01", "2002-11-01"]
    assert [str(time[behind - 1]) for _, behind in found.edges] == ["2002-03-31", "2003-03-31"]


def test_a_season_that_the_record_cuts_is_no_season() -> None:
    season = SeasonSpec(first="04-01", last="09-30")
    assert whole_seasons(days("2001-04-02", "2003-09-30"), "day", season).year.tolist() == [2002]
    assert whole_seasons(days("2001-04-01", "2003-10-01"), "day", season).year.tolist() == [2001, 2002, 2003]
    assert whole_seasons(days("2001-05-01", "2001-08-01"), "day", season).year.size == 0


def test_29_february_falls_on_its_neighbour_inside_the_season() -> None:
    time = days("2003-01-01", "2005-01-01")
    ends = whole_seasons(time, "day", SeasonSpec(first="02-01", last="02-29"))
    assert [str(time[behind - 1]) for _, behind in ends.edges] == ["2003-02-28", "2004-02-29"]
    begins = whole_seasons(time, "day", SeasonSpec(first="02-29", last="03-31"))
    assert [str(time[first]) for first, _ in begins.edges] == ["2003-03-01", "2004-02-29"]


def test_a_whole_year_has_its_leap_day() -> None:
    found = whole_seasons(days("1999-01-01", "2002-01-01"), "day", SeasonSpec())
    assert (found.edges[:, 1] - found.edges[:, 0]).tolist() == [365, 366, 365]


@pytest.mark.parametrize("last", ["02-28", "02-29"])
def test_a_season_of_whole_months_may_end_on_either_last_day_of_february(last: str) -> None:
    time = months("1999-07", "2001-07")
    found = whole_seasons(time, "month", SeasonSpec(first="12-01", last=last))
    assert found.year.tolist() == [2000, 2001]
    assert (found.edges[:, 1] - found.edges[:, 0]).tolist() == [3, 3]
    assert str(time[found.edges[0, 0]]) == "1999-12-01"


@pytest.mark.parametrize(("first", "last"), [("04-15", "09-30"), ("04-01", "09-15"), ("04-01", "10-30")])
def test_a_series_of_months_refuses_a_season_of_half_months(first: str, last: str) -> None:
    with pytest.raises(ArgumentError, match="whole months"):
        whole_seasons(months("2001-01", "2003-01"), "month", SeasonSpec(first=first, last=last))


def test_a_series_of_years_has_no_season() -> None:
    time = np.arange("1871", "1881", dtype="datetime64[Y]").astype("datetime64[D]")
    found = whole_seasons(time, "year", SeasonSpec())
    assert found.year.tolist() == list(range(1871, 1881))
    assert found.edges.tolist() == [[n, n + 1] for n in range(10)]
    with pytest.raises(ArgumentError, match="no season"):
        whole_seasons(time, "year", SeasonSpec(first="04-01"))


def test_events_have_no_season() -> None:
    with pytest.raises(ArgumentError, match="events"):
        whole_seasons(days("2001-01-01", "2001-01-03"), "event", SeasonSpec())


EDGES = np.array([[0, 3], [3, 5]])
VALUES = np.array([[1.0, 5.0, 3.0, 2.0, 4.0], [10.0, 10.0, 40.0, 0.0, -2.0]])


@pytest.mark.parametrize(
    ("statistic", "expected"),
    [
        ("mean", [[3, 3], [20, -1]]),
        ("min", [[1, 2], [10, -2]]),
        ("max", [[5, 4], [40, 0]]),
        ("sum", [[9, 6], [60, -2]]),
    ],
)
def test_statistics_of_two_sites_and_two_seasons(statistic: str, expected: list[list[float]]) -> None:
    assert season_statistic(VALUES, EDGES, statistic).tolist() == expected  # type: ignore[arg-type]


def test_values_equal_to_the_threshold_are_neither_below_nor_above() -> None:
    assert season_days(VALUES, EDGES, 3.0, "below").tolist() == [[1, 1], [0, 2]]
    assert season_days(VALUES, EDGES, 3.0, "above").tolist() == [[1, 1], [3, 0]]


def test_every_site_may_have_a_threshold_of_its_own() -> None:
    assert season_days(VALUES, EDGES, [3.0, 20.0], "below").tolist() == [[1, 1], [2, 2]]
    assert season_deficit(VALUES, EDGES, [3.0, 20.0]).tolist() == [[2, 1], [20, 42]]


def test_leading_axes_stay_as_they_are() -> None:
    cube = np.stack([VALUES, 2 * VALUES, 3 * VALUES])
    assert season_statistic(cube, EDGES, "sum").shape == (3, 2, 2)
    assert season_statistic(cube, EDGES, "sum")[2].tolist() == [[27, 18], [180, -6]]


@pytest.mark.parametrize("statistic", ["mean", "min", "max", "sum"])
def test_a_missing_value_takes_its_season_alone(statistic: str) -> None:
    values = VALUES.copy()
    values[0, 1] = np.nan
    found = season_statistic(values, EDGES, statistic)  # type: ignore[arg-type]
    assert np.isnan(found).tolist() == [[True, False], [False, False]]


def test_a_missing_day_is_neither_dry_nor_wet() -> None:
    values = VALUES.copy()
    values[0, 1] = np.nan
    for side in ("below", "above"):
        assert np.isnan(season_days(values, EDGES, 3.0, side)).tolist() == [[True, False], [False, False]]  # type: ignore[arg-type]
    assert np.isnan(season_deficit(values, EDGES, 3.0)).tolist() == [[True, False], [False, False]]


def test_what_is_let_pass_scales_sums_and_counts_to_the_whole_season() -> None:
    season = np.array([[0, 10]])
    values = np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, np.nan, np.nan])
    assert season_statistic(values, season, "mean", 0.2).tolist() == [4.5]
    assert season_statistic(values, season, "sum", 0.2).tolist() == [45.0]
    assert season_statistic(values, season, "min", 0.2).tolist() == [1.0]
    assert season_statistic(values, season, "max", 0.2).tolist() == [8.0]
    assert season_days(values, season, 2.5, "below", 0.2).tolist() == [2 * 10 / 8]
    assert season_days(values, season, 2.5, "above", 0.2).tolist() == [6 * 10 / 8]
    assert season_deficit(values, season, 3.0, 0.2).tolist() == [(2 + 1) * 10 / 8]
    assert np.isnan(season_statistic(values, season, "sum", 0.19)).all()


def test_a_season_without_any_value_is_not_known_whatever_is_let_pass() -> None:
    values = np.array([np.nan, np.nan, 1.0])
    assert np.isnan(season_statistic(values, np.array([[0, 2], [2, 3]]), "min", 0.2)).tolist() == [
        True,
        False,
    ]


@pytest.mark.parametrize("edges", [[[0, 6]], [[-1, 2]], [[2, 2]]])
def test_edges_outside_the_values_are_refused(edges: list[list[int]]) -> None:
    with pytest.raises(ArgumentError):
        season_statistic(VALUES, np.array(edges), "sum")


def test_many_sites_agree_with_pandas_site_by_site() -> None:
    """More sites than are worked on at once, a season over New Year, gaps in one site in ten."""
    time = days("1991-01-01", "1996-01-01")
    sites = 2 * (SLAB // 151) + 7
    draw = np.random.default_rng(20260101)
    values = draw.gamma(2.0, 3.0, (sites, time.size))
    values[::10, 400] = np.nan
    found = whole_seasons(time, "day", SeasonSpec(first="11-01", last="03-31"))
    date = pd.DatetimeIndex(time)
    inside = (date.month >= 11) | (date.month <= 3)
    label = date.year + (date.month >= 11)
    kept = inside & (label >= 1992) & (label <= 1995)
    some = [0, 1, 10, sites // 2, sites - 1]
    taken = {
        name: season_statistic(values, found.edges, name)  # type: ignore[arg-type]
        for name in ("mean", "min", "max", "sum")
    }
    low, lack = season_days(values, found.edges, 2.0, "below"), season_deficit(values, found.edges, 2.0)
    assert low.shape == (sites, 4)
    for site in some:
        by_year = pd.Series(values[site][kept]).groupby(label[kept])
        for name, result in taken.items():
            expected = by_year.agg(lambda one, name=name: getattr(one, name)(skipna=False)).to_numpy()
            np.testing.assert_allclose(result[site], expected, rtol=1e-12)
        whole = ~by_year.agg(lambda one: one.isna().any()).to_numpy().astype(bool)
        expected = by_year.agg(lambda one: float((one < 2.0).sum())).to_numpy()
        np.testing.assert_array_equal(low[site][whole], expected[whole])
        expected = by_year.agg(lambda one: float((2.0 - one).clip(lower=0).sum())).to_numpy()
        np.testing.assert_allclose(lack[site][whole], expected[whole], rtol=1e-12)
        assert np.isnan(low[site]).tolist() == (~whole).tolist() == np.isnan(lack[site]).tolist()


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.floats(-1e3, 1e3), min_size=8, max_size=8),
    st.floats(-1e3, 1e3),
    st.floats(0, 100),
)
def test_a_higher_threshold_never_lowers_days_below_or_deficit(
    values: list[float], threshold: float, more: float
) -> None:
    season = np.array([[0, 8]])
    low, high = threshold, threshold + more
    assert season_days(values, season, low, "below") <= season_days(values, season, high, "below")
    assert season_deficit(values, season, low) <= season_deficit(values, season, high)
    assert season_deficit(values, season, low) <= 8 * max(0.0, low - min(values)) + 1e-9
