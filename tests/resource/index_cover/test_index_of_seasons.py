# SPDX-License-Identifier: Apache-2.0
"""Season values, days beyond a threshold and deficits: small numbers by hand, real series by pandas."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from tests.asked_index import SHARED, Answer, ask, series


def needs(path: str) -> str:
    file = SHARED / path
    if not file.is_file():
        pytest.skip(f"{path} is not beside the project")
    return str(file)


def refused(answer: Answer) -> list[str]:
    assert answer.index is None
    return [str(fault) for fault in answer.faults]


QUARTERS = {"first": "01-01", "last": "03-31"}
TWO_YEARS = series("stage", "2001-01", [5, 2, 4, *[9] * 9, 1, 3, 2, *[9] * 9], "m", "month")


@pytest.mark.parametrize(
    ("asked", "expected", "unit"),
    [
        ({"kind": "season_value", "statistic": "min"}, [2, 1], "m"),
        ({"kind": "season_value", "statistic": "mean"}, [11 / 3, 2], "m"),
        ({"kind": "season_value", "statistic": "sum"}, [11, 6], "m x month"),
        ({"kind": "days", "side": "below", "threshold": 3.0}, [1, 2], "month"),
        ({"kind": "days", "side": "above", "threshold": 3.0}, [2, 0], "month"),
        ({"kind": "deficit", "threshold": 3.0}, [1, 3], "m x month"),
    ],
)
def test_indices_of_two_seasons_by_hand(asked: dict[str, object], expected: list[float], unit: str) -> None:
    found = ask(asked | {"series": "stage", "season": QUARTERS}, TWO_YEARS)
    assert found.values == pytest.approx({2001: expected[0], 2002: expected[1]})
    assert found.index is not None
    assert (found.index.unit, found.index.series, found.index.of_events) == (unit, ("stage",), False)
    assert found.index.event_value.size == 0


@pytest.mark.parametrize(
    ("unit", "summed"), [("mm", "mm"), ("mm/d", "mm"), ("ha", "ha"), ("m3/s", "m3/s x day")]
)
def test_a_sum_of_totals_keeps_its_unit(unit: str, summed: str) -> None:
    found = ask(
        {"kind": "season_value", "series": "s", "statistic": "sum"},
        series("s", "2001-01-01", [1.0] * 365, unit),
    )
    assert found.index is not None
    assert (found.index.unit, found.values) == (summed, {2001: 365.0})


def test_a_calendar_without_leap_days_has_no_gaps() -> None:
    rain = np.arange(4 * 366 * 2, dtype=float)[: 8 * 365 + 2] + 1
    date = pd.date_range("2001-01-01", periods=rain.size)
    leap = (date.month == 2) & (date.day == 29)
    assert leap.sum() == 2
    rain[leap] = np.nan
    found = ask(
        {"kind": "season_value", "series": "s", "statistic": "sum"}, series("s", "2001-01-01", rain, "mm")
    )
    expected = pd.Series(rain).groupby(date.year).sum()
    assert found.values == expected.to_dict()
    assert any("no value on any 29 February" in line for line in found.told)


def test_a_single_missing_29_february_is_a_gap() -> None:
    rain = np.ones(366 + 365)
    rain[59] = np.nan
    found = ask(
        {"kind": "season_value", "series": "s", "statistic": "sum"}, series("s", "2004-01-01", rain, "mm")
    )
    assert np.isnan(found.values[2004])
    assert found.values[2005] == 365
    assert "dropped: Seasons without an index, for missing values: 2004." in found.told


def test_what_is_let_pass_is_told() -> None:
    stage = np.ones(365)
    stage[:10] = np.nan
    asked = {"kind": "season_value", "series": "s", "statistic": "sum", "missing_share": 0.05}
    found = ask(asked, series("s", "2001-01-01", stage, "mm"))
    assert found.values == {2001: pytest.approx(365.0)}
    assert found.told == (
        "imputed: Missing values of `s` were let pass (`missing_share`): what there is of their season is scaled to "
        "the whole of it.",
    )


def test_the_stage_of_lake_huron_is_each_year_its_own_value() -> None:
    table = pd.read_csv(needs("data/resource/lake_huron_level.csv"))
    stage = series("huron", "1875", table["level_ft"], "ft", "year")
    for statistic in ("mean", "min", "max", "sum"):
        found = ask({"kind": "season_value", "series": "huron", "statistic": statistic}, stage)
        assert list(found.values.values()) == table["level_ft"].tolist()
        assert list(found.values) == table["year"].tolist()
        assert found.index is not None
        assert found.index.unit == "ft"


def test_days_of_low_flow_of_a_real_river_are_those_of_pandas() -> None:
    """Raven's simulated flow of the Salmon River, and the observed one, of which a quarter is missing."""
    with xr.open_dataset(needs("data/resource/xclim/q_sim.nc"), engine="h5netcdf") as whole:
        flow = {name: whole[name].to_pandas().squeeze().astype(float) for name in ("q_sim", "q_obs")}
    season = {"first": "06-01", "last": "09-30"}
    threshold = float(flow["q_sim"].quantile(0.2))
    for name, values in flow.items():
        given = series("q", "2000-01-01", values.to_numpy(), "m3/s")
        inside = values[(values.index.month >= 6) & (values.index.month <= 9)]
        by_year = inside.groupby(inside.index.year)
        whole_years = by_year.count() == 122
        expected = {
            "days": by_year.agg(lambda one: float((one < threshold).sum())),
            "deficit": by_year.agg(lambda one: float((threshold - one).clip(lower=0).sum())),
        }
        for kind, of_years in expected.items():
            side = {"side": "below"} if kind == "days" else {}
            asked = {"kind": kind, "series": "q", "season": season, "threshold": threshold, **side}
            found = ask(asked, given)
            wanted = of_years.where(whole_years)
            assert found.values == pytest.approx(wanted.to_dict(), rel=1e-12, nan_ok=True)
            assert wanted.nunique() > 3
        if name == "q_obs":
            assert 0 < whole_years.sum() < len(whole_years)


def test_rain_and_heat_over_new_year_of_a_real_place_are_those_of_pandas() -> None:
    """Natural Resources Canada, Vancouver, 1950 to 2013, a calendar without leap days."""
    with xr.open_dataset(needs("data/resource/xclim/nrcan_1950-2013.nc"), engine="h5netcdf") as whole:
        place = whole.isel(location=0).load()
    date = pd.DatetimeIndex(
        [f"{one.year:04d}-{one.month:02d}-{one.day:02d}" for one in place.time.to_numpy()]
    )
    table = pd.DataFrame(
        {"rain": place.pr.to_numpy() * 86400.0, "heat": place.tasmax.to_numpy() - 273.15}, index=date
    )
    grid = table.astype(float).reindex(pd.date_range(date[0], date[-1]))
    assert grid["rain"].isna().sum() == 16
    winter = table[(date.month >= 11) | (date.month <= 3)]
    label = winter.index.year + (winter.index.month >= 11)
    sums = winter["rain"].astype(float).groupby(label).sum().loc[1951:2013]
    asked = {
        "kind": "season_value",
        "series": "rain",
        "statistic": "sum",
        "season": {"first": "11-01", "last": "03-31"},
    }
    found = ask(asked, series("rain", "1950-01-01", grid["rain"], "mm"))
    assert found.values == pytest.approx(sums.to_dict(), rel=1e-9)
    hot = (table["heat"] > 28.0).groupby(date.year).sum()
    asked = {"kind": "days", "series": "heat", "side": "above", "threshold": 28.0}
    found = ask(asked, series("heat", "1950-01-01", grid["heat"], "degC"))
    assert found.values == hot.to_dict()


def test_the_annual_low_of_manaus_has_five_paying_years_and_three() -> None:
    """The issue's own count: below about -4 m in 1903 to 1947, and in 1948 to 1992."""
    table = pd.read_csv(needs("data/resource/manaus_rio_negro_monthly_level.csv"))
    stage = series("stage", "1903-01", table.iloc[:, 2], "m", "month")
    found = ask({"kind": "season_value", "series": "stage", "statistic": "min"}, stage).values
    low = [year for year, value in found.items() if value < -4.0]
    assert (sum(year <= 1947 for year in low), sum(year > 1947 for year in low)) == (5, 3)


def test_an_unknown_series_is_refused_with_the_names_there_are() -> None:
    (told,) = refused(ask({"kind": "season_value", "series": "stagee", "statistic": "min"}, TWO_YEARS))
    assert told == (
        "my.yaml:indices.x.series  indices.x.series = stagee\n"
        "  No such series. Did you mean `stage`? Series here: `stage`."
    )
    (told,) = refused(ask({"kind": "season_value", "series": "stage", "statistic": "min"}))
    assert told.endswith("No such series. Series here: none.")


def test_a_series_that_could_not_be_read_is_not_told_again() -> None:
    assert refused(ask({"kind": "season_value", "series": "stage", "statistic": "min"}, "stage")) == []


@pytest.mark.parametrize("threshold", [14500.0, -3.0])
def test_a_threshold_in_another_unit_is_refused(threshold: float) -> None:
    for asked in ({"kind": "days", "side": "below"}, {"kind": "deficit"}):
        (told,) = refused(ask(asked | {"series": "stage", "threshold": threshold}, TWO_YEARS))
        side = "above" if threshold > 0 else "below"
        assert told == (
            f"my.yaml:indices.x.threshold  indices.x.threshold = {threshold:g}\n"
            f"  It lies {side} every value of `stage` in the season, 1 to 9 m, and no year can be told from another. "
            "Give it in that unit, between these.  [m]"
        )


def test_a_monthly_series_refuses_half_months_at_the_key_of_the_season() -> None:
    asked = {
        "kind": "season_value",
        "series": "stage",
        "statistic": "min",
        "season": {"first": "04-15", "last": "09-30"},
    }
    (told,) = refused(ask(asked, TWO_YEARS))
    assert told == (
        "my.yaml:indices.x.season  indices.x.season = 04-15 to 09-30\n"
        "  A series of months needs a season of whole months: begin on the first day of a month and end on the last of "
        "one, such as `04-01` to `09-30`."
    )


def test_days_of_a_yearly_series_are_refused() -> None:
    asked = {"kind": "days", "series": "s", "side": "below", "threshold": 2.0}
    (told,) = refused(ask(asked, series("s", "1901", [1, 2, 3], "m", "year")))
    assert "This is a series of years; the index needs one of days or of months." in told


def test_a_record_without_a_whole_season_is_refused() -> None:
    asked = {"kind": "season_value", "series": "s", "statistic": "min"}
    (told,) = refused(ask(asked, series("s", "2001-02-01", np.ones(300), "m")))
    assert "runs from 2001-02-01 to 2001-11-27 and holds no whole season." in told
