# SPDX-License-Identifier: Apache-2.0
"""Series from gridded files: units, places, boxes over the date line, calendars, on small files and on real ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from index_records import SHARED

from greenrisk.core.ledger import Ledger
from greenrisk.core.sources import Sources
from greenrisk.resource.index_cover.series import Series
from greenrisk.resource.index_cover.series_reading import read_series
from greenrisk.resource.index_cover.series_spec import GriddedSeries
from greenrisk.resource.index_cover.unit_words import canonical, same_unit

LAT = np.array([10.0, 0.0, -10.0, -60.0])
LON = np.array([0.0, 90.0, 170.0, 180.0, 190.0, 270.0])
DAYS = pd.date_range("2001-02-27", periods=5)


def grid(units: str | None = "mm") -> xr.Dataset:
    """Return a file whose value is 100 lat + lon + the day's number, with a sea that is always missing."""
    value = 100 * LAT[None, :, None] + LON[None, None, :] + np.arange(5.0)[:, None, None]
    value[:, 1, 1] = np.nan
    rain = xr.DataArray(
        value, dims=("time", "lat", "lon"), coords={"time": DAYS, "lat": LAT, "lon": LON}, name="rain"
    )
    if units is not None:
        rain.attrs["units"] = units
    return rain.to_dataset()


def read(
    folder: Path, data: xr.Dataset | None, **more: Any
) -> tuple[Series | None, list[str], list[str], Sources]:
    if data is not None:
        data.to_netcdf(folder / "rain.nc", engine="h5netcdf")
    spec = GriddedSeries(**{"kind": "netcdf", "file": "rain.nc", "variable": "rain", "unit": "mm", **more})
    there = Sources(folder, lambda key: "scenario.yaml:" + ".".join(map(str, key)), Ledger())
    series = read_series("rain", spec, ("series", "rain"), there)
    assert (series is None) == (len(there.faults) > 0)
    faults = [str(fault) for fault in there.faults]
    return series, faults, [entry.detail for entry in there.ledger], there


def test_a_file_without_units_is_refused_with_file_variable_and_mend(tmp_path: Path) -> None:
    _, faults, _, _ = read(tmp_path, grid(None), point={"lat": 1, "lon": 1})
    assert faults == [
        "rain.nc, variable `rain`  no attribute `units`\n  A file that states no unit is refused. If its owner says "
        'mm, write it into the file: `ncatted -a units,rain,c,c,"mm" rain.nc`.  [mm]'
    ]


def test_all_faults_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    data = grid("inch").isel(time=[0, 2, 1, 1, 3])
    _, faults, _, _ = read(tmp_path, data, box={"south": 20, "north": 30, "west": 0, "east": 9})
    assert faults == [
        "rain.nc, variable `rain`  units = inch\n"
        "  The scenario says mm. Write `unit: inch`, with triggers in it, or convert the file.  [mm]",
        "rain.nc, variable `rain`  box\n  No cell has its middle in the box. Latitudes go from -60 to 10, "
        "longitudes from 0 to 270.",
        "rain.nc, variable `time`  2001-02-28 at step 3 is before the step before it; 2 such steps.\n"
        "  Sort the steps by date.",
    ]


def test_the_nearest_cell_is_read_and_its_distance_told(tmp_path: Path) -> None:
    series, faults, told, _ = read(tmp_path, grid(), point={"lat": 8, "lon": -92})
    assert faults == []
    assert series is not None
    np.testing.assert_array_equal(series.value, 1000 + 270 + np.arange(5))
    assert (series.step, str(series.time[0])) == ("day", "2001-02-27")
    assert series.origin.rows == {5}
    # Two degrees of latitude and two of longitude at 9 degrees: 6371 pi / 180 hypot(2, 2 cos 9).
    assert told == ["`rain`: the nearest cell lies at 10, 270, 312.6 km away."]
    assert 6371 * np.pi / 180 * np.hypot(2, 2 * np.cos(np.radians(9))) == pytest.approx(313, abs=1)


def test_a_cell_of_the_sea_and_a_place_off_the_grid_are_refused(tmp_path: Path) -> None:
    _, faults, _, _ = read(tmp_path, grid(), point={"lat": 0, "lon": 90})
    assert faults == [
        "rain.nc, variable `rain`, the nearest cell lies at 0, 90, 0 km away  all values are missing\n"
        "  The cell never has a value, as a cell of the sea in a land model. Choose another place."
    ]
    _, faults, _, _ = read(tmp_path, grid().isel(lon=[2, 3, 4]), point={"lat": 30, "lon": 180})
    # Twenty degrees off; cells are ten degrees wide both ways: their diagonal is 6371 pi / 180 hypot(10, 10 cos 10).
    assert faults == [
        "rain.nc, variable `rain`  point\n  Lies outside the grid: the nearest cell lies at 10, 180, 2,224 km away, "
        "and cells are 1,561 km wide. Check the sign of lat and lon."
    ]


@pytest.mark.parametrize(("west", "east"), [(165, -165), (165, 195)])
def test_a_box_over_the_date_line_takes_both_sides_whatever_way_longitudes_are_counted(
    tmp_path: Path, west: float, east: float
) -> None:
    for turned in (False, True):
        data = grid()
        if turned:
            data = data.assign_coords(lon=(data.lon + 180) % 360 - 180).sortby("lon")
        series, faults, _, _ = read(
            tmp_path, data, box={"south": -61, "north": -59, "west": west, "east": east}
        )
        assert faults == []
        assert series is not None
        np.testing.assert_allclose(series.value, -6000 + (170 + 180 + 190) / 3 + np.arange(5))


def test_a_box_is_a_mean_by_the_cosine_of_latitudes_and_leaves_the_sea_out(tmp_path: Path) -> None:
    series, _, told, _ = read(tmp_path, grid(), box={"south": -60, "north": 0, "west": 0, "east": 90})
    assert series is not None
    # Five cells: (0, 0), (-10, 0), (-10, 90), (-60, 0), (-60, 90); (0, 90) is sea. cos 60 = 1/2.
    weight = np.array([1.0, np.cos(np.radians(10)), np.cos(np.radians(10)), 0.5, 0.5])
    value = np.array([0.0, -1000.0, -910.0, -6000.0, -5910.0])
    assert series.value[0] == pytest.approx((weight * value).sum() / weight.sum())
    assert "1 of 6 cells are always missing and are left out" in told[1]
    assert len(series.origin.rows) == 5


def test_a_time_at_which_one_cell_of_the_box_is_missing_is_missing(tmp_path: Path) -> None:
    data = grid()
    data["rain"][3, 2, 0] = np.nan
    series, _, _, _ = read(tmp_path, data, box={"south": -11, "north": -9, "west": 0, "east": 90})
    assert series is not None
    assert np.isnan(series.value).tolist() == [False, False, False, True, False]


def test_the_whole_circle_is_a_box(tmp_path: Path) -> None:
    series, _, _, _ = read(tmp_path, grid(), box={"south": 9, "north": 11, "west": -180, "east": 180})
    assert series is not None
    assert series.value[0] == pytest.approx(1000 + LON.mean())


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({}, "several cells: `lat` (4), `lon` (6)\n  Give a `point`, a `box`, or one step by `where`."),
        ({"variable": "rian"}, "variable `rian`\n  The file has no such variable. Did you mean `rain`?"),
        ({"point": {"lat": 0, "lon": 0}, "box": {"south": 0, "north": 1, "west": 0, "east": 1}}, "Give one of them"),
        ({"box": {"south": 5, "north": 5, "west": 0, "east": 1}}, "`south` (5) must lie below `north` (5)."),
        ({"where": {"height": 2}}, "where height\n  No such dimension with values."),
        ({"where": {"lat": 5}}, "where lat = 5.0\n  No step has it. It has `10.0`, `0.0`, `-10.0`, `-60.0`."),
        ({"where": {"lat": 10, "lon": 0}, "file": "none.nc"}, "No such file"),
    ],
)  # fmt: skip
def test_what_is_asked_wrongly_is_told(tmp_path: Path, more: dict[str, Any], told: str) -> None:
    _, faults, _, _ = read(tmp_path, grid(), **more)
    assert told in faults[0]


def test_steps_of_all_other_dimensions_give_the_only_cell(tmp_path: Path) -> None:
    series, faults, _, _ = read(tmp_path, grid(), where={"lat": -10, "lon": 270})
    assert faults == []
    assert series is not None
    assert series.value[0] == -730.0


def test_a_variable_without_time_and_days_that_stand_twice_are_refused(tmp_path: Path) -> None:
    still = grid().isel(time=0, drop=True)
    assert "None of them is a time" in read(tmp_path, still, point={"lat": 0, "lon": 0})[1][0]
    hours = grid().assign_coords(time=pd.date_range("2001-02-27", periods=5, freq="6h"))
    _, faults, _, _ = read(tmp_path, hours, point={"lat": 0, "lon": 0})
    assert faults == [
        "rain.nc, variable `time`  2001-02-27 at step 2 is the same day as the step before it; 3 such steps.\n"
        "  Sum or average to one value a day."
    ]


def test_a_calendar_without_leap_days_is_read_by_its_dates(tmp_path: Path) -> None:
    times = xr.date_range("2004-02-27", periods=4, calendar="noleap", use_cftime=True)
    data = grid().isel(time=slice(0, 4)).assign_coords(time=times)
    series, _, told, _ = read(tmp_path, data, point={"lat": 0, "lon": 0})
    assert series is not None
    np.testing.assert_array_equal(series.value, [0, 1, np.nan, 2, 3])
    assert [str(day) for day in series.time[[0, 2, 4]]] == ["2004-02-27", "2004-02-29", "2004-03-02"]
    assert any("The calendar has no 29 February" in detail for detail in told)
    short = data.assign_coords(
        time=xr.date_range("2004-02-27", periods=4, calendar="360_day", use_cftime=True)
    )
    assert "Years of 360 days" in read(tmp_path, short, point={"lat": 0, "lon": 0})[1][0]


def test_a_file_that_is_no_netcdf_and_a_broken_one_are_told(tmp_path: Path) -> None:
    (tmp_path / "rain.nc").write_text("date,rain\n2001,1\n")
    assert "Must be a NetCDF file" in read(tmp_path, None)[1][0]
    (tmp_path / "rain.nc").write_bytes(b"\x89HDF\r\n\x1a\n" + bytes(100))
    assert "Cannot be read as NetCDF" in read(tmp_path, None)[1][0]


def test_netcdf_of_version_3_is_read(tmp_path: Path) -> None:
    grid().to_netcdf(tmp_path / "rain.nc", engine="scipy", format="NETCDF3_CLASSIC")
    series, faults, _, _ = read(tmp_path, None, point={"lat": 10, "lon": 0})
    assert faults == []
    assert series is not None
    assert series.value[0] == 1000.0


def test_real_flows_and_rain_are_read_as_xarray_itself_has_them() -> None:
    folder = SHARED / "xclim"
    if not folder.is_dir():
        pytest.skip("The shared data are not beside the project.")
    series, faults, told, _ = read(folder, None, file="q_sim.nc", variable="q_obs", unit="m3/s")
    assert faults == []
    assert series is not None
    with xr.open_dataset(folder / "q_sim.nc", engine="h5netcdf") as data:
        np.testing.assert_array_equal(series.value, data.q_obs.values[:, 0])
    assert told == ["919 of 3654 days are missing; the longest gap is of 203 from 2008-01-02 on."]
    place = {"lat": 49.2, "lon": -123.1}
    series, _, told, _ = read(
        folder, None, file="nrcan_1950-2013.nc", variable="tasmax", unit="K", point=place
    )
    assert series is not None
    assert series.value.size == 23376  # 64 years with their 16 leap days
    assert np.isnan(series.value).sum() == 16
    assert any(
        "16 of 23376 days are missing; the longest gap is of 1 from 1952-02-29 on" in one for one in told
    )


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("m3 s-1", "m**3 s**-1"),
        ("m3/s", "m^3 s^-1"),
        ("cms", "m³/s"),
        ("degrees_Celsius", "°C"),
        ("mm/day", "mm d-1"),
        ("K", "kelvin"),
        ("kg m-2 s-1", "kg/m2/s"),
        ("", "1"),
        ("1e8 m3/year", "1e8 m3 yr-1"),
    ],
)
def test_one_unit_is_written_in_many_ways(first: str, second: str) -> None:
    assert same_unit(first, second)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("m3/s", "ft3/s"),
        ("m", "mm"),
        ("K", "degC"),
        ("mm/day", "mm/month"),
        ("kg m-2 s-1", "mm/day"),
        ("m", "1/m"),
    ],
)
def test_other_units_are_other_units(first: str, second: str) -> None:
    assert not same_unit(first, second)
    assert canonical(first) != canonical(second)
