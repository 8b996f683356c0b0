# SPDX-License-Identifier: Apache-2.0
"""The table of sites: every fault at once with its row, canonical order, and the synthetic sites that ship."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from greenrisk.core.errors import GreenRiskError
from greenrisk.core.ledger import Ledger
from greenrisk.core.library import library_root
from greenrisk.core.sources import Sources, data_package
from greenrisk.resource.wetland.sites import FUNCTIONS, SITE_CLASSES, Sites, read_sites

HEADER = (
    "site_id,name,site_class,functions,lon,lat,area_ha,river_km,limit_cny,water_limit_cny,people_served,"
    "unit_cost_cny_per_ha,recovery_years"
)
GOOD = "B,Lake,floodplain_lake,habitat|fishery,-60.1,-3.1,120,5,1000000,,0,,"
INTAKE = "A,Intake,water_intake,water_supply,-60.2,-3.0,4,12,500000,40000,900,250000,2"
SHIPPED = "manaus_wetland_sites_synthetic"


def reading(tmp_path: Path, *rows: str, header: str = HEADER) -> tuple[Sites | None, Sources]:
    (tmp_path / "sites.csv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    sources = Sources(tmp_path, lambda _: "study.yaml:7:8", Ledger())
    return read_sites("sites.csv", ("sites",), sources), sources


def faults_of(tmp_path: Path, *rows: str, header: str = HEADER) -> list[tuple[str, str]]:
    found, sources = reading(tmp_path, *rows, header=header)
    assert found is None
    with pytest.raises(GreenRiskError) as error:
        sources.raise_if_any()
    return [(Path(fault.where).name, fault.what) for fault in error.value.faults]


def shipped() -> Sites:
    sources = Sources(Path(), lambda _: "study.yaml:7:8", Ledger())
    sites = read_sites(SHIPPED, ("sites",), sources)
    sources.raise_if_any()
    assert sites is not None
    return sites


def test_sites_stand_in_the_order_of_their_identifiers(tmp_path: Path) -> None:
    sites, _ = reading(tmp_path, GOOD, INTAKE)
    assert sites is not None
    assert sites.ids.tolist() == ["A", "B"]
    assert [SITE_CLASSES[code] for code in sites.site_class] == ["water_intake", "floodplain_lake"]
    assert sites.has("fishery").tolist() == [False, True]
    assert sites.has("water_supply").tolist() == [True, False]
    assert sites.water_limit.tolist() == [40000.0, 0.0]
    assert sites.people_served.tolist() == [900.0, 0.0]
    assert sites.unit_cost[0] == 250000.0
    assert np.isnan(sites.unit_cost[1])
    assert sites.recovery_years[0] == 2.0


def test_all_faults_of_all_rows_are_told_at_once(tmp_path: Path) -> None:
    found = faults_of(
        tmp_path,
        GOOD,
        "C,Forest,igapo_forest,habitat,-60.1,-3.1,120,5,1000000,,0,,-12",  # negative time of restoration
        "D,Lost,igapo_forest,habitat,,,120,5,1000000,,0,,",  # no coordinates
        "E,Bank,river_bank,habitat,-60.1,-3.1,120,5,1000000,,0,,",  # class unknown
        "F,Intake,water_intake,water_supply,-60.1,-3.1,4,5,1000000,,-50,,",  # people below nought
        "B,Twin,floodplain_lake,habitat,-60.1,-3.1,120,5,1000000,,0,,",  # identifier twice
        "G,Zero,floodplain_lake,habitat,0,0,120,5,1000000,,0,,",  # zeros for coordinates
        "H,Word,floodplain_lake,habitat|beauty,-60.1,-3.1,120,5,1000000,,0,,",  # function unknown
        "I,Thirst,floodplain_lake,habitat,-60.1,-3.1,120,5,1000000,,80,,",  # serves people without saying so
        "J,Dry,floodplain_lake,habitat,-60.1,-3.1,120,5,1000000,900,0,,",  # water insured for nobody
    )
    assert ("sites.csv:3", "recovery_years = -12") in found
    assert ("sites.csv:4", "lon = ''") in found
    assert ("sites.csv:4", "lat = ''") in found
    assert ("sites.csv:5", "site_class = river_bank") in found
    assert ("sites.csv:6", "people_served = -50") in found
    assert ("sites.csv:7", "site_id = B") in found
    assert ("sites.csv:8", "lon = 0, lat = 0") in found
    assert ("sites.csv:9", "functions = beauty") in found
    assert ("sites.csv:10", "people_served = 80") in found
    assert ("sites.csv:11", "water_limit_cny = 900") in found
    assert len(found) == 11  # the identifier that stands twice is told at both rows


def test_messages_name_file_row_column_value_and_mend(tmp_path: Path) -> None:
    _, sources = reading(
        tmp_path,
        "C,Forest,igapo_forest,habitat,-60.1,-3.1,120,5,1000000,,0,,-12",
        "D,Lost,igapo_forest,habitat,,,120,5,1000000,,0,,",
        "E,Word,floodplain_lake,habitat|beauty,-60.1,-3.1,120,5,1000000,,0,,",
        "I,Thirst,floodplain_lake,habitat,-60.1,-3.1,120,5,1000000,,80,,",
    )
    with pytest.raises(GreenRiskError) as error:
        sources.raise_if_any()
    assert str(error.value).replace(f"{tmp_path}/", "") == (
        "sites.csv:2  recovery_years = -12\n"
        "  Must be > 0. A time of restoration is never negative.  [year]\n"
        "sites.csv:3  lon = ''\n"
        "  This cell is empty. Fill it in.  [degree]\n"
        "sites.csv:3  lat = ''\n"
        "  This cell is empty. Fill it in.  [degree]\n"
        "sites.csv:4  functions = beauty\n"
        "  Unknown function. Words parted by `|`: `habitat`, `flood_storage`, `water_supply`, `purification`, "
        "`climate`, `soil`, `fishery`, `recreation`.\n"
        "sites.csv:5  people_served = 80\n"
        "  Add `water_supply` to the functions of the site, or write 0.  [person]\n"
        "5 faults. `greenrisk show table wetland-sites` lists its columns."
    )


def test_limits_of_zero_in_every_row_are_refused(tmp_path: Path) -> None:
    row = "B,Lake,floodplain_lake,habitat,-60.1,-3.1,120,5,0,,0,,"
    assert faults_of(tmp_path, row, row.replace("B,", "C,")) == [
        ("sites.csv:2", "limit_cny = 0 in every row")
    ]
    sites, _ = reading(tmp_path, row, GOOD.replace("B,", "C,"))  # one limit is enough
    assert sites is not None


def test_water_alone_may_be_insured(tmp_path: Path) -> None:
    sites, _ = reading(tmp_path, INTAKE.replace(",500000,", ",0,"))
    assert sites is not None
    assert sites.limit.tolist() == [0.0]


def test_a_table_without_coordinates_names_the_columns(tmp_path: Path) -> None:
    header = HEADER.replace(",lon,lat", "")
    found = faults_of(tmp_path, GOOD.replace(",-60.1,-3.1", ""), header=header)
    assert found == [("sites.csv:1", "lon"), ("sites.csv:1", "lat")]


def test_the_sites_that_ship_are_about_forty_near_manaus_and_say_that_they_are_synthetic() -> None:
    sites = shipped()
    assert 36 <= len(sites) <= 46
    assert all("Synthetic" in name for name in sites.name)
    assert set(sites.site_class.tolist()) == set(range(len(SITE_CLASSES)))
    assert sites.functions.any(axis=0).sum() == len(FUNCTIONS)
    # The port of Manaus: 3.14 S, 60.03 W; a degree is 111.2 km.
    km = 111.195 * np.hypot(sites.lat + 3.14, (sites.lon + 60.03) * np.cos(np.radians(3.14)))
    assert km.max() < 175.0
    # No site lies farther from the port than its place along the river, its offset from the river added.
    assert (km <= np.abs(sites.river_km) + 13.0).all()
    assert (sites.people_served[sites.site_class == SITE_CLASSES.index("water_intake")] > 0).all()
    (record,) = [one for one in data_package()["resources"] if one["path"] == f"{SHIPPED}.csv"]
    assert record["status"] == "synthetic"


def test_the_generator_gives_the_shipped_bytes_again() -> None:
    script = library_root() / "data" / "generators" / "make_manaus_wetland_sites.py"
    spec = importlib.util.spec_from_file_location("make_manaus_wetland_sites", script)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    text = (library_root() / "data" / f"{SHIPPED}.csv").read_bytes().decode("utf-8")
    assert module.table() == text
