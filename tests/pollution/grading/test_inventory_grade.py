# SPDX-License-Identifier: Apache-2.0
"""The grades of the shipped zone from its tables: counted holdings, result group, console table."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from graded_zone import rules

from greenrisk.core.errors import ArgumentError
from greenrisk.core.ledger import Ledger
from greenrisk.core.library import library_root
from greenrisk.core.tables import read_table
from greenrisk.pollution.grading.counted import Counted, count_holdings
from greenrisk.pollution.grading.inventory_grade import (
    InventoryGrade,
    console_table,
    grade_inventory,
    grading_group,
)
from greenrisk.pollution.grading.scope import refusals
from greenrisk.pollution.inventory import Inventory
from greenrisk.pollution.inventory_arrays import inventory_of
from greenrisk.pollution.substance_tables import MEDIA_RULES, MIXTURE_RULES, SUBSTANCES
from greenrisk.pollution.substances import Substances, read_substances
from greenrisk.pollution.tables import ZONE_SUBSTANCES, ZONE_TABLES

DATA = library_root() / "data"


@pytest.fixture(scope="module")
def substances() -> Substances:
    return read_substances(
        {
            spec.name: read_table(DATA / f"{spec.name.replace('-', '_')}.csv", spec, Ledger())
            for spec in (SUBSTANCES, MIXTURE_RULES, MEDIA_RULES)
        }
    )


def leping() -> dict[str, pd.DataFrame]:
    return {
        spec.name: read_table(
            DATA / f"leping_{spec.name.removeprefix('zone-')}_synthetic.csv", spec, Ledger()
        )
        for spec in ZONE_TABLES
    }


@pytest.fixture(scope="module")
def inventory() -> Inventory:
    return inventory_of(leping())


@pytest.fixture(scope="module")
def found(inventory: Inventory, substances: Substances) -> InventoryGrade:
    return grade_inventory(inventory, substances, rules())


@pytest.fixture(scope="module")
def group(found: InventoryGrade) -> xr.Dataset:
    return grading_group(found)


def holding(substances: Substances, **cells: object) -> Counted:
    """Return one holding, counted."""
    row = {"plant_id": "LZ01", "state": "liquid", "is_solution": "no", "max_t": 10.0} | cells
    frame = read_table("held", ZONE_SUBSTANCES, Ledger(), frame=pd.DataFrame([row]))
    frames = leping() | {"zone-substances": frame}
    return count_holdings(inventory_of(frames).holdings, substances)


def test_weak_hydrochloric_acid_counts_as_acid_of_37_percent_against_7_5_t(substances: Substances) -> None:
    acid = holding(substances, cas="7647-01-0", is_solution="yes", concentration_percent=20.0, max_t=30.0)
    assert acid.tonnes.tolist() == [pytest.approx(30.0 * 0.20 / 0.37)]
    assert acid.critical.tolist() == [7.5]
    assert acid.on_site.tolist() == [30.0]
    assert not acid.toxic_gas.any()


def test_chlorine_is_a_toxic_gas_of_the_air_list_alone(substances: Substances) -> None:
    chlorine = holding(substances, cas="7782-50-5", state="liquefied_gas", max_t=3.0)
    assert chlorine.ratio.tolist() == [3.0]
    assert chlorine.listed[:, :, 0].tolist() == [[True, False], [True, False]]
    assert chlorine.toxic_gas[:, 0].tolist() == [True, True]


def test_a_gas_of_part_1_or_2_is_toxic_in_the_high_reading_alone(substances: Substances) -> None:
    gas = holding(substances, cas="75-38-7", state="gas", max_t=3.0)
    assert gas.toxic_gas[:, 0].tolist() == [False, True]


def test_a_liquid_of_unknown_part_is_in_the_air_list_in_the_high_reading_alone(
    substances: Substances,
) -> None:
    liquid = holding(substances, cas="75-35-4", max_t=10.0)
    assert liquid.listed[:, :, 0].tolist() == [[False, True], [True, True]]
    assert liquid.list_status[:, 0].tolist() == [2, 2]


def test_an_unknown_substance_counts_nothing_and_is_named_as_written(substances: Substances) -> None:
    unknown = holding(substances, cas="50-99-7", name_en="glucose")
    assert unknown.known.tolist() == [False]
    assert (unknown.tonnes.tolist(), unknown.name.tolist()) == ([0.0], ["glucose"])
    assert not unknown.listed.any()


def test_a_solution_without_concentration_is_refused(substances: Substances) -> None:
    with pytest.raises(ArgumentError):
        holding(substances, cas="7664-93-9", is_solution="yes")


def test_a_quantity_that_is_no_number_is_refused(substances: Substances) -> None:
    counted = holding(substances, cas="7782-50-5", state="gas")
    with pytest.raises(ArgumentError, match="It must be a number >= 0"):
        replace(counted, tonnes=np.array([np.nan]))
    with pytest.raises(ArgumentError, match="It must be > 0"):
        replace(counted, critical=np.array([0.0]))


def test_a_works_of_the_zone_is_graded_as_by_hand(group: xr.Dataset) -> None:
    """LZ15: nickel sulphate 1.6 t, copper sulphate, dichromate, 31 % acid 12 t; penalised for illegal waste."""
    plant = group.sel(plant="LZ15")
    copper = 5.0 * 63.546 / 159.609  # CuSO4
    chromium = 0.9 * 2 * 51.9961 / 294.185  # K2Cr2O7
    acid = 12.0 * 0.31 / 0.37 / 7.5
    water = 1.6 / 0.25 + copper / 0.25 + chromium / 0.25 + acid
    assert float(plant["q"].sel(medium="water")) == pytest.approx(water, rel=1e-4)
    assert plant["m"].values.tolist() == [5.0, 5.0 + 8.0 + 10.0 + 12.0]
    assert str(plant["written"].values) == "重大[一般-大气(Q1-M1-E2)+较大-水(Q2-M2-E2)]"
    assert bool(plant["raised"])
    assert str(plant["status"].values) == "unconfirmed"


def test_the_cut_and_the_part_move_the_plants_that_were_made_for_it(group: xr.Dataset) -> None:
    for question, plant in (("cut", "LZ09"), ("part", "LZ14")):
        moved = group[f"moved_by_{question}"]
        assert moved["plant"].values[moved.values].tolist() == [plant]
    by = group["grade_by_reading"].sel(boundary="sensitive")
    assert by.sel(plant="LZ09", part="high").values.tolist() == [2, 1]
    assert by.sel(plant="LZ14", cut=65).values.tolist() == [0, 2]


def test_the_headline_lies_among_its_readings(group: xr.Dataset) -> None:
    assert (group["grade_lowest"] <= group["grade"]).all()
    assert (group["grade"] <= group["grade_highest"]).all()
    assert (group.attrs["cut"], group.attrs["part"], group.attrs["boundary"]) == (65, "high", "sensitive")
    shown = group["grade_by_reading"].sel(cut=65, part="high", boundary="sensitive")
    assert shown.values.tolist() == group["grade"].values.tolist()


def test_plants_out_of_scope_stay_in_the_group_without_a_grade(
    found: InventoryGrade, group: xr.Dataset
) -> None:
    refused = group["plant"].values[group["grade"].values == -1].tolist()
    told = refusals(found.inventory.plants, found.rules)
    assert told["plant_id"].tolist() == refused == ["LZ25", "LZ30", "LZ31", "LZ32", "LZ33"]
    assert told["method"].tolist()[0] == "HJ 169-2018 (project risk assessment)"
    assert (group["medium_grade"].sel(plant=refused) == -1).all()


def test_every_graded_plant_lies_in_one_cell_of_each_medium_that_it_touches(group: xr.Dataset) -> None:
    graded = group["grade"].values >= 0
    expected = (group["involved"].values & graded).sum(axis=1)
    assert group["plants_in_cell"].sum(["q_axis", "m_axis", "e_axis"]).values.tolist() == expected.tolist()


def test_every_variable_has_a_unit_and_a_name_and_is_written_and_read_back(
    group: xr.Dataset, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert all(
        variable.attrs["units"] and variable.attrs["long_name"] for variable in group.data_vars.values()
    )
    path = tmp_path_factory.mktemp("grading") / "grading.nc"
    group.to_netcdf(path, engine="h5netcdf")
    with xr.open_dataset(path, engine="h5netcdf") as again:
        assert again["grade"].values.tolist() == group["grade"].values.tolist()
        assert again["written"].values.tolist() == group["written"].values.tolist()


def test_a_level_of_gb_18218_is_determined_where_every_threshold_is_known_or_the_first_is_reached(
    group: xr.Dataset,
) -> None:
    ammonia = group.sel(plant="LZ23")  # 8 t of ammonia, threshold 10 t
    assert float(ammonia["hazard_sum"]) == pytest.approx(0.8)
    assert int(ammonia["hazard_level"]) == 0
    works = group.sel(plant="LZ01")  # chlorine 180 t / 5 t, beta 4, and 3 substances without a threshold
    assert (int(works["hazard_level"]), int(works["hazard_at_least"])) == (1, 1)
    assert float(works["hazard_r"]) == pytest.approx(float(works["hazard_alpha"]) * 4.0 * 180.0 / 5.0)
    assert "below" not in " ".join(group["hazard_text"].values.tolist())


def test_the_console_table_names_the_question_that_moves_a_grade(found: InventoryGrade) -> None:
    table = console_table(found).set_index("plant_id")
    assert table.loc["LZ09", "other_readings"] == "larger to major by the cut"
    assert table.loc["LZ14", "other_readings"] == "general to major by the part"
    assert table.loc["LZ01", "other_readings"] == ""
    assert table.loc["LZ25", "grade"] == "not graded"
    assert table.loc["LZ25", "written"] == "不适用（HJ 169-2018 (project risk assessment)）"
    assert (table["unknown_substances"] == 0).all()


def test_the_reading_that_is_printed_can_be_chosen(inventory: Inventory, substances: Substances) -> None:
    milder = grade_inventory(inventory, substances, rules(), cut=60, part="low", boundary="less_sensitive")
    shown = grading_group(milder)
    assert shown.attrs["cut"] == 60
    assert int(shown["grade"].sel(plant="LZ09")) == 2
    assert int(shown["grade"].sel(plant="LZ14")) == 0


def test_the_order_of_the_rows_changes_nothing(group: xr.Dataset, substances: Substances) -> None:
    frames = {name: frame.iloc[::-1].reset_index(drop=True) for name, frame in leping().items()}
    again = grading_group(grade_inventory(inventory_of(frames), substances, rules()))
    for name in ("grade", "written", "m", "hazard_level"):
        assert again[name].values.tolist() == group[name].values.tolist()
    np.testing.assert_allclose(again["q"], group["q"], rtol=1e-12)
