# SPDX-License-Identifier: Apache-2.0
"""Guards of series, on real records and on copies of them that were spoilt on purpose."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from index_records import SHARED, manaus, record

from greenrisk.core.ledger import Ledger
from greenrisk.resource.index_cover.guards import check_series, guard_rows, yearly_means
from greenrisk.resource.index_cover.series import Origin, Series, Step
from greenrisk.resource.index_cover.unit_changes import unit_changes

FEET = 1 / 0.3048
FIRES = Path(__file__).parents[3] / "data" / "fires_jiangxi_neighbours_2009_2021.csv"


def series(value: np.ndarray, step: Step = "month", first: str = "1903-01-01", unit: str = "m") -> Series:
    mark = {"day": "D", "month": "M", "year": "Y"}[step]
    start = np.datetime64(first, mark)
    time = np.arange(start, start + value.size).astype("datetime64[D]")
    return Series("stage", step, time, value, unit, "stage.csv", Origin("0", "level", frozenset()))


def verdicts(one: Series) -> dict[str, str]:
    return {row.check: row.verdict for row in guard_rows(one)}


def test_the_manaus_record_passes_every_guard() -> None:
    assert set(verdicts(series(manaus())).values()) == {"clear"}


@pytest.mark.parametrize("offset", [0.0, 20.0], ids=["anomaly", "gauge"])
@pytest.mark.parametrize("factor", [FEET, 10.0, 100.0, 1000.0, 1 / 1000.0])
def test_a_change_of_unit_midway_is_refused_with_its_month_and_mend(offset: float, factor: float) -> None:
    value = manaus() + offset
    value[540:] *= factor
    faults = check_series(series(value), False, Ledger())
    assert len(faults) == 1
    fault = faults[0]
    assert fault.where.startswith("stage.csv, `level`, 19")
    month = np.datetime64(fault.where[-7:], "M")
    assert abs((month - np.datetime64("1948-01", "M")).astype(int)) <= (3 if offset == 0 else 0)
    shown = f"{max(factor, 1 / factor):.5g}"
    word = "multiplied" if factor > 1 else "divided"
    assert f"all values are {word} by a factor of {shown}: " in fault.what
    assert fault.expected.startswith("Convert these values to m.")
    assert "accept_unit_change" in fault.expected


def test_a_stretch_of_years_in_another_unit_is_found_with_both_ends() -> None:
    value = manaus() + 20.0
    value[360:540] *= 100.0
    found = unit_changes(value, "month", "m")
    assert found is not None
    assert [(one.position, one.multiplied) for one in found] == [(360, True), (540, False)]


def test_a_change_of_unit_that_is_let_pass_is_told() -> None:
    value = manaus()
    value[540:] *= 100.0
    ledger = Ledger()
    assert check_series(series(value), True, ledger) == []
    assert any("Let pass by `accept_unit_change`" in entry.detail for entry in ledger)


@pytest.mark.parametrize(
    ("name", "unit", "factor"), [("nile", "1e8 m3/year", 1000.0), ("huron", "ft", 0.3048)]
)
def test_a_change_of_unit_is_found_in_yearly_records(name: str, unit: str, factor: float) -> None:
    year, value, _ = record(name)
    value = value.copy()
    value[50:] *= factor
    one = series(value, "year", f"{year[0]}-01-01", unit)
    assert verdicts(one)["unit"] == "refused"
    assert verdicts(replace(one, value=record(name)[1]))["unit"] == "clear"


def test_kelvin_after_celsius_is_a_change_of_unit_of_temperatures_alone() -> None:
    generator = np.random.default_rng(3)
    warm = 15 + 12 * np.sin(np.arange(7300) / 365.25 * 2 * np.pi) + generator.normal(scale=3, size=7300)
    spoilt = warm.copy()
    spoilt[4000:] += 273.15
    rows = {row.check: row for row in guard_rows(series(spoilt, "day", "1990-01-01", "degC"))}
    assert rows["unit"].verdict == "refused"
    assert "degC and K" in rows["unit"].detail
    assert abs((np.datetime64(rows["unit"].place) - np.datetime64("1990-01-01")).astype(int) - 4000) <= 2
    assert verdicts(series(warm, "day", "1990-01-01", "degC"))["unit"] == "clear"


def test_real_burnt_areas_and_flows_that_fell_are_not_taken_for_a_change_of_unit() -> None:
    table = pd.read_csv(FIRES)
    for _, rows in table.groupby("province"):
        for column in ("fires", "fires_1_to_100ha", "damaged_forest_ha"):
            one = series(rows[column].to_numpy(dtype=float), "year", "2009-01-01", "ha")
            assert verdicts(one)["unit"] == "clear"
    assert verdicts(series(record("nile")[1], "year", "1871-01-01", ""))["unit"] == "clear"


def test_real_gridded_days_are_not_taken_for_a_change_of_unit() -> None:
    xarray = pytest.importorskip("xarray")
    folder = SHARED / "xclim"
    if not folder.is_dir():
        pytest.skip("The shared data are not beside the project.")
    looked_at = 0
    for name in ("q_sim.nc", "nrcan_1950-2013.nc", "ahccd_1950-2013.nc"):
        with xarray.open_dataset(folder / name, engine="h5netcdf") as data:
            for variable in data.data_vars.values():
                values = variable.transpose(..., "time").values.reshape(-1, data.sizes["time"])
                for value in values:
                    assert not unit_changes(value.astype(float), "day", str(variable.attrs["units"]))
                    looked_at += 1
    assert looked_at == 16


@pytest.mark.parametrize("rise", [1.5, 3.0, -2.0])
def test_a_change_of_datum_is_told_and_never_silent(rise: float) -> None:
    value = manaus()
    value[564:] += rise
    one = series(value)
    ledger = Ledger()
    assert check_series(one, False, ledger) == []
    told = [entry.detail for entry in ledger]
    assert len(told) == 1
    assert "a new datum of the gauge and a step of the river look alike here" in told[0]
    row = next(row for row in guard_rows(one) if row.check == "datum")
    assert row.verdict == "told"
    assert abs(int(row.place) - 1950) <= 2


def test_a_step_with_another_spread_is_not_told_as_a_datum_alone() -> None:
    value = manaus()
    value[564:] = value[564:] * 2.5 + 6.0
    row = next(row for row in guard_rows(series(value, unit="mm")) if row.check == "datum")
    assert "its spread changes" in row.detail


def test_marks_of_missing_values_are_refused_and_true_values_are_not() -> None:
    value = manaus()
    value[[100, 200]] = -9999.0
    faults = check_series(series(value), False, Ledger())
    assert [str(fault) for fault in faults] == [
        "stage.csv, `level`, 1911-05  2 of 1080 values are -9999, far from all others.\n"
        "  This reads as a mark for a missing value. Leave such cells empty.  [m]"
    ]
    flows = np.linspace(500.0, 1500.0, 60)
    flows[30] = 999.0
    assert verdicts(series(flows, "year", "1900-01-01"))["marks"] == "clear"


def test_years_that_were_filled_with_nought_are_told() -> None:
    path = SHARED / "china_province_forest_fire.csv"
    if not path.is_file():
        pytest.skip("The shared data are not beside the project.")
    table = pd.read_csv(path)
    rows = table[table.iloc[:, 0] == "江西"].sort_values("year")
    assert rows.year.tolist() == list(range(2003, 2023))
    one = series(rows.forest_area_damaged_ha.to_numpy(dtype=float), "year", "2003-01-01", "ha")
    row = next(row for row in guard_rows(one) if row.check == "zeros")
    assert row.verdict == "told"
    assert row.detail.startswith(
        "2 of 20 values are 0, the first in 2003, and all others are 190.2 ha or more"
    )
    rain = np.random.default_rng(1).exponential(size=400) * (np.random.default_rng(2).random(400) > 0.5)
    assert verdicts(series(rain, unit="mm"))["zeros"] == "clear"


def test_a_gauge_that_stood_still_is_told_and_dry_days_are_not() -> None:
    value = manaus()
    value[100:112] = value[100]
    row = next(row for row in guard_rows(series(value)) if row.check == "runs of one value")
    assert (row.verdict, row.place) == ("told", "1911-05")
    assert row.detail.startswith("12 values from 1911-05 on are 0.30633 m")
    rain = np.random.default_rng(1).exponential(size=3650) * (np.random.default_rng(2).random(3650) > 0.7)
    rain[1000:1090] = 0.0
    assert verdicts(series(rain, "day", "1990-01-01", "mm"))["runs of one value"] == "clear"


def test_missing_values_and_far_values_are_told() -> None:
    value = manaus() + 20.0
    value[10:14] = np.nan
    value[50] = np.nan
    value[800] *= 100.0
    rows = {row.check: row for row in guard_rows(series(value))}
    assert rows["gaps"].detail == "5 of 1080 values are missing; the longest gap is of 4 from 1903-11 on."
    assert (rows["far values"].verdict, rows["far values"].place) == ("told", "1969-09")


@pytest.mark.parametrize(
    ("value", "told"),
    [(np.full(40, np.nan), "All values are missing."), (np.full(40, 3.0), "All 40 values are 3.")],
)
def test_a_series_without_values_or_of_one_value_is_refused(value: np.ndarray, told: str) -> None:
    faults = check_series(series(value), True, Ledger())
    assert [fault.what for fault in faults] == [told]


def test_a_short_series_says_that_it_was_not_tested() -> None:
    found = verdicts(series(np.arange(24.0)))
    assert (found["unit"], found["datum"]) == ("not tested", "not tested")


def test_a_year_that_misses_a_tenth_of_its_days_has_no_mean() -> None:
    value = np.arange(730.0)
    value[:40] = np.nan
    year, mean = yearly_means(series(value, "day", "1990-01-01"))
    assert year.tolist() == [1990, 1991]
    assert np.isnan(mean[0])
    assert mean[1] == np.arange(365, 730).mean()


def test_the_note_of_the_scenario_reaches_the_ledger() -> None:
    ledger = Ledger()
    note = "A deseasonalised anomaly, no gauge height."
    check_series(replace(series(manaus()), note=note), False, ledger)
    assert [entry.detail for entry in ledger] == [note]
