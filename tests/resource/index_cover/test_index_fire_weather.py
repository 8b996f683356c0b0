# SPDX-License-Identifier: Apache-2.0
"""Fire weather and drought index of a season, against plain arithmetic and published numbers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from greenrisk.resource.index_cover.series import Series
from tests.asked_index import SHARED, Answer, ask, series
from tests.fire_weather_by_hand import (
    fire_weather_days,
    keetch_byram_inches,
    keetch_byram_metric,
)

CONSTANT = 250 * 59.5 / 101
FWI = {
    "kind": "fwi",
    "temperature": "t",
    "rain": "r",
    "humidity": "h",
    "wind": "w",
    "latitude": 40.0,
}
KBDI = {"kind": "kbdi", "temperature": "t", "rain": "r", "mean_annual_rain": 1270.0}


def weather(days: int, seed: int = 20260102) -> dict[str, np.ndarray]:
    """Invented noon weather: warm, every fourth day wet."""
    draw = np.random.default_rng(seed)
    rain = np.where(draw.random(days) < 0.25, draw.gamma(0.7, 12.0, days), 0.0)
    return {
        "t": draw.normal(22.0, 7.0, days),
        "r": rain.round(1),
        "h": draw.uniform(15.0, 99.0, days),
        "w": draw.uniform(0.0, 40.0, days),
    }


UNITS = {"t": "degC", "r": "mm", "h": "%", "w": "km/h"}


def given(first: str, values: dict[str, np.ndarray], **units: str) -> list[Series]:
    return [series(name, first, value, (UNITS | units)[name]) for name, value in values.items()]


def rows(values: dict[str, np.ndarray], first: str) -> list[tuple[float, float, float, float, int]]:
    month = pd.date_range(first, periods=values["t"].size).month
    columns = (values["t"], values["h"], values["w"], values["r"], month)
    return [(float(t), float(h), float(w), float(r), int(m)) for t, h, w, r, m in zip(*columns, strict=True)]


def needs(path: str) -> str:
    file = SHARED / path
    if not file.is_file():
        pytest.skip(f"{path} is not beside the project")
    return str(file)


def test_plain_arithmetic_gives_the_published_first_day() -> None:
    """Test values that the Canadian Forest Service printed with its code (pyFWI): constant 147.2, latitude 45.98."""
    (day,) = fire_weather_days([(17.0, 42.0, 25.0, 0.0, 4)], 147.2)
    published = (
        87.692980092774448,
        8.5450511359999997,
        19.013999999999999,
        10.853661073655068,
        8.4904265358371838,
        10.096371392382368,
    )
    assert day == pytest.approx(published, rel=1e-12)


def test_plain_arithmetic_gives_the_summer_of_a_global_data_base() -> None:
    """GFWED, Montreal: continued from its own codes of 30 June; equations as printed, single precision."""
    with xr.open_dataset(needs("data/resource/xclim/GFWED_sample_2017.nc"), engine="h5netcdf") as whole:
        site = whole.isel(loc=1).sel(time=slice("2017-06-30", "2017-09-30")).load()
    assert int(site.FWI.isnull().sum()) == 0
    start = tuple(float(site[name][0]) for name in ("FFMC", "DMC", "DC"))
    after = site.isel(time=slice(1, None))
    named = {"t": "tas", "h": "rh", "w": "sfcwind", "r": "prbc"}
    values = {name: after[of].to_numpy().astype(float) for name, of in named.items()}
    found = np.array(fire_weather_days(rows(values, "2017-07-01"), 147.2, start, printed=True))  # type: ignore[arg-type]
    for column, name in enumerate(("FFMC", "DMC", "DC", "ISI", "BUI", "FWI")):
        np.testing.assert_allclose(found[:, column], after[name], rtol=2e-4, atol=2e-3, err_msg=name)


def test_the_index_of_the_canadian_48_days_is_that_of_plain_arithmetic() -> None:
    table = pd.read_csv(needs("data/resource/fwi_48day_input.csv"), sep=";")
    values = {
        key: table[column].to_numpy(float)
        for key, column in zip("thwr", ("temp", "rh", "ws", "prec"), strict=True)
    }
    season = {"first": "04-13", "last": "05-30"}
    expected = [day[5] for day in fire_weather_days(rows(values, "1985-04-13"), CONSTANT)]
    mean = ask(FWI | {"season": season}, *given("1985-04-13", values))
    assert mean.values == {1985: pytest.approx(np.mean(expected), rel=1e-9)}
    most = ask(FWI | {"season": season, "statistic": "max"}, *given("1985-04-13", values))
    assert most.values == {1985: pytest.approx(max(expected), rel=1e-9)}
    printed = [day[5] for day in fire_weather_days(rows(values, "1985-04-13"), CONSTANT, printed=True)]
    np.testing.assert_allclose(printed, expected, atol=0.02)
    # The other constant that circulates would be seen: this is why it is stated.
    other = [day[5] for day in fire_weather_days(rows(values, "1985-04-13"), 147.2)]
    assert abs(np.mean(other) - np.mean(expected)) > 1e-3
    assert "147.277" in " ".join(mean.told)


def test_every_season_starts_anew_and_depends_on_its_own_weather_alone() -> None:
    days = 3 * 365 + 1
    values = weather(days)
    asked = FWI | {"season": {"first": "03-15", "last": "06-20"}}
    found = ask(asked, *given("2003-01-01", values)).values
    date = pd.date_range("2003-01-01", periods=days)
    for year in (2003, 2004, 2005):
        inside = (date >= f"{year}-03-15") & (date <= f"{year}-06-20")
        own = {name: value[inside] for name, value in values.items()}
        expected = np.mean([day[5] for day in fire_weather_days(rows(own, f"{year}-03-15"), CONSTANT)])
        assert found[year] == pytest.approx(expected, rel=1e-9)


def test_days_above_count_days_strictly_above_the_threshold() -> None:
    values = weather(92)
    expected = [day[5] for day in fire_weather_days(rows(values, "2005-06-01"), CONSTANT)]
    season = {"first": "06-01", "last": "08-31"}
    found = ask(
        FWI | {"season": season, "statistic": "days_above", "threshold": 15.0}, *given("2005-06-01", values)
    )
    assert found.values == {2005: sum(value > 15.0 for value in expected)}
    assert found.index is not None
    assert found.index.unit == "day"


def test_a_missing_noon_takes_the_season_unless_it_may_be_missing() -> None:
    values = weather(92)
    values["h"][40] = np.nan
    season = {"first": "06-01", "last": "08-31"}
    strict = ask(FWI | {"season": season}, *given("2005-06-01", values))
    assert np.isnan(strict.values[2005])
    assert any("dropped" in line and "2005" in line for line in strict.told)
    lenient = ask(FWI | {"season": season, "missing_share": 0.05}, *given("2005-06-01", values))
    assert 0 < lenient.values[2005] < 100


def test_series_of_different_length_are_cut_to_the_days_that_all_have() -> None:
    values = weather(120)
    season = {"first": "06-01", "last": "08-31"}
    whole = ask(FWI | {"season": season}, *given("2005-05-15", values))
    own = given("2005-05-15", values)
    own[0] = series("t", "2005-05-20", values["t"][5:], "degC")
    cut = ask(FWI | {"season": season}, *own)
    assert cut.values == whole.values
    assert sum("another series" in line for line in cut.told) == 3


def test_kbdi_is_that_of_plain_arithmetic_after_its_first_year() -> None:
    days = 3 * 365
    values = weather(days)
    rain, t = values["r"].tolist(), values["t"].tolist()
    answer = ask(KBDI | {"statistic": "max"}, *given("2005-01-01", {"t": values["t"], "r": values["r"]}))
    found = answer.values
    assert f"(the record itself has {values['r'].sum() / 3 * 365.25 / 365:.0f} mm)" in answer.told[0]
    assert np.isnan(found[2005])
    for hand, tolerance in ((keetch_byram_metric, 1e-9), (keetch_byram_inches, 0.5)):
        daily = np.array(hand(rain, t, 1270.0)).reshape(3, 365)
        assert found[2006] == pytest.approx(daily[1].max(), abs=tolerance)
        assert found[2007] == pytest.approx(daily[2].max(), abs=tolerance)
    assert 20 < found[2006] < 203.2


def test_kbdi_starts_anew_after_a_gap_and_leaves_a_year_to_warm_up() -> None:
    days = 5 * 365
    values = weather(days)
    values["r"][2 * 365 - 1] = np.nan
    found = ask(KBDI, *given("2005-01-01", {"t": values["t"], "r": values["r"]}))
    # 2006 holds the gap, 2007 the warming up after it; 2008 begins a leap day's shift later and is whole again.
    assert [year for year, value in found.values.items() if np.isnan(value)] == [2005, 2006, 2007]
    rain, t = values["r"][730:].tolist(), values["t"][730:].tolist()
    daily = keetch_byram_metric(rain, t, 1270.0)
    assert found.values[2008] == pytest.approx(np.mean(daily[365 : 365 + 366]), rel=1e-9)


def refused(answer: Answer) -> list[str]:
    assert answer.index is None
    return [str(fault) for fault in answer.faults]


def test_wind_in_metres_a_second_is_refused_with_its_mend() -> None:
    (told,) = refused(ask(FWI, *given("2005-01-01", weather(365), w="m/s")))
    assert told == (
        "my.yaml:indices.x.wind  indices.x.wind = w\n"
        "  This series is in m/s; km/h is needed. Multiply by 3.6, and state `unit: km/h`."
    )


def test_all_wrong_units_are_told_at_once() -> None:
    told = refused(ask(FWI, *given("2005-01-01", weather(365), w="m/s", t="K", h="1", r="kg m-2 s-1")))
    assert [line.splitlines()[0].split()[-3] for line in told] == [
        f"indices.x.{key}" for key in ("temperature", "rain", "humidity", "wind")
    ]
    assert [line.splitlines()[1].strip() for line in told] == [
        "This series is in K; degC is needed. Subtract 273.15, and state `unit: degC`.",
        "This series is in kg m-2 s-1; mm is needed. Multiply by 86,400, and state `unit: mm`.",
        "This series is in 1; % is needed. Multiply by 100, and state `unit: %`.",
        "This series is in m/s; km/h is needed. Multiply by 3.6, and state `unit: km/h`.",
    ]


def test_values_that_cannot_be_what_their_unit_says_are_refused() -> None:
    values = weather(365)
    values["t"] += 273.15
    values["h"] /= 100
    values["r"][7] = -1.0
    told = refused(ask(FWI, *given("2005-01-01", values)))
    assert len(told) == 3
    assert "subtract 273.15" in told[0]
    assert "0 or more" in told[1]
    assert "look like shares" in told[2]


def test_all_keys_that_are_missing_or_not_used_are_told_at_once() -> None:
    bare = {
        "kind": "fwi",
        "temperature": "t",
        "rain": "r",
        "mean_annual_rain": 900.0,
        "statistic": "days_above",
    }
    told = refused(ask(bare, *given("2005-01-01", weather(365))))
    assert [line.splitlines()[0] for line in told] == [
        "my.yaml:indices.x  indices.x.humidity is missing",
        "my.yaml:indices.x  indices.x.wind is missing",
        "my.yaml:indices.x  indices.x.latitude is missing",
        "my.yaml:indices.x.mean_annual_rain  indices.x.mean_annual_rain = 900.0",
        "my.yaml:indices.x  indices.x.threshold is missing",
    ]


def test_a_threshold_that_the_index_never_reaches_is_refused() -> None:
    season = {"first": "06-01", "last": "08-31"}
    asked = FWI | {"season": season, "statistic": "days_above", "threshold": 900.0}
    (told,) = refused(ask(asked, *given("2005-06-01", weather(92))))
    assert told.startswith("my.yaml:indices.x.threshold  indices.x.threshold = 900")
    assert "above every value of the fwi" in told


def test_a_monthly_series_is_refused() -> None:
    own = given("2005-01-01", weather(365))
    own[1] = series("r", "2005-01", [10.0] * 12, "mm", "month")
    (told,) = refused(ask(FWI, *own))
    assert "This is a series of months; the index needs one of days." in told


def test_another_moisture_constant_is_refused() -> None:
    with pytest.raises(ValueError, match=r"147\.27723"):
        ask(FWI | {"moisture_constant": 147.2}, *given("2005-01-01", weather(365)))
