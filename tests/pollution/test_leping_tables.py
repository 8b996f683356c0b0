# SPDX-License-Identifier: Apache-2.0
"""Leping's synthetic zone: made again byte for byte, and holding the cases that the grading must tell apart."""

from __future__ import annotations

import ast
import math
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from small_zone import DATA, leping_frames, leping_names, shipped_substances

from greenrisk.environment.credit_colour import COLOURS
from greenrisk.pollution.inventory import Inventory
from greenrisk.pollution.inventory_arrays import inventory_of
from greenrisk.pollution.media import media
from greenrisk.pollution.mixtures import counted_tonnes
from greenrisk.pollution.substance_search import resolve

GENERATORS = DATA / "generators"


@pytest.fixture(scope="module")
def inventory() -> Inventory:
    return inventory_of(leping_frames())


@pytest.fixture(scope="module")
def plants() -> pd.DataFrame:
    return leping_frames()["zone-plants"].set_index("plant_id")


def sums(inventory: Inventory, plant_id: str) -> dict[str, float]:
    """Return Q of a plant by list and reading."""
    substances, holdings = shipped_substances(), inventory.holdings
    resolved = resolve(holdings, substances)
    tonnes, _ = counted_tonnes(holdings, resolved, substances)
    lists = media(resolved, substances, holdings.state)
    here = inventory.plants.ids[holdings.plant] == plant_id
    ratio = tonnes / substances.critical[resolved.index]
    return {
        name: float(ratio[here & getattr(lists, name)].sum())
        for name in ("air_low", "air_high", "water_low", "water_high")
    }


def test_the_generator_gives_the_committed_bytes_again(tmp_path: Path):
    subprocess.run([sys.executable, str(GENERATORS / "make_leping_zone.py"), str(tmp_path)], check=True)
    made = sorted(path.name for path in tmp_path.iterdir())
    assert made == sorted(leping_names().values())
    for name in made:
        assert (tmp_path / name).read_bytes() == (DATA / name).read_bytes(), name


def test_the_generator_needs_the_standard_library_alone():
    for name in ("make_leping_zone.py", "leping_zone_plan.py"):
        tree = ast.parse((GENERATORS / name).read_text(encoding="utf-8"))
        modules = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        modules |= {
            alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names
        }
        tops = {str(module).split(".")[0] for module in modules} - {"leping_zone_plan"}
        assert tops <= set(sys.stdlib_module_names)


def test_every_plant_and_owner_says_that_it_is_synthetic_and_lies_near_leping(plants: pd.DataFrame):
    assert plants["name"].str.startswith("Synthetic ").all()
    assert plants["owner"].str.startswith("Synthetic ").all()
    assert leping_frames()["zone-outlets"]["receiving_water"].str.startswith("Synthetic ").all()
    east = (plants["lon"] - 117.13) * math.cos(math.radians(28.96))
    far = 111.195 * np.hypot(east, plants["lat"] - 28.96)
    assert (far <= 11.0 + 1e-3).all()
    assert (far[plants["in_zone"] == "yes"] < 5.0).all()


def test_the_zone_has_34_plants_of_all_activities_and_colours(plants: pd.DataFrame):
    assert Counter(plants["activity"]) == {"production": 18, "storage": 7, "trade": 5, "transport": 4}
    assert set(plants["credit_colour"].dropna()) == set(COLOURS)
    assert plants["credit_colour"].isna().any()
    assert plants["limit_cny"].isna().sum() == 8  # uninsured
    assert max(Counter(plants["owner"]).values()) == 2
    sites = Counter(plants["kind_of_site"])
    assert sites == {
        "ordinary": 29,
        "hazmat_vehicles": 3,
        "filling_station": 1,
        "hazardous_waste_operator": 1,
    }


def test_every_substance_of_the_zone_is_in_the_table(inventory: Inventory):
    resolved = resolve(inventory.holdings, shipped_substances())
    assert resolved.known.all()
    words = shipped_substances().mixtures.words[resolved.rule]
    assert {"hydrochloric_acid_weak", "ammonia_solution_weak", "element", "whole", "share"} <= set(words)


def test_lz09_scores_60_points_for_air_between_the_two_cuts(inventory: Inventory, plants: pd.DataFrame):
    # chlorine 3.2 t of 1 t and chlorobenzene 9 t of 5 t: Q = 3.2 + 1.8
    assert sums(inventory, "LZ09")["air_low"] == pytest.approx(5.0)
    frames = leping_frames()
    processes = frames["zone-processes"]
    assert processes.loc[processes["plant_id"] == "LZ09", ["process", "lines"]].to_numpy().tolist() == [
        ["chlorination", 1]
    ]
    lacking = [name for name in ("gas_monitor", "distance_met") if plants.loc["LZ09", name] == "no"]
    assert 10 + 25 * len(lacking) == 60
    assert 10_000 < plants.loc["LZ09", "people_5km"] <= 50_000  # E2, where the matrix tells M3 from M4


def test_lz14_is_in_the_air_list_under_one_reading_of_its_part_only(
    inventory: Inventory, plants: pd.DataFrame
):
    # vinylidene chloride, 62 t of 5 t
    assert sums(inventory, "LZ14") == pytest.approx(
        {"air_low": 0.0, "air_high": 12.4, "water_low": 12.4, "water_high": 12.4}
    )
    assert plants.loc["LZ14", "people_500m"] > 1000  # E1 for air


def test_the_sum_of_the_chlor_alkali_works_is_that_of_a_pocket_calculator(inventory: Inventory):
    # chlorine 180 of 1; acid of 31 % as 37 %: 900 * 31/37 of 7.5; sulfuric acid 260 * 0.98 of 10; hypochlorite
    # 400 * 0.10 of 5, in the air list under the high reading only
    acid, sulfuric, hypochlorite = 900 * 31 / 37 / 7.5, 260 * 0.98 / 10, 400 * 0.10 / 5
    assert sums(inventory, "LZ01") == pytest.approx(
        {
            "air_low": 180 + acid + sulfuric,
            "air_high": 180 + acid + sulfuric + hypochlorite,
            "water_low": acid + sulfuric + hypochlorite,
            "water_high": acid + sulfuric + hypochlorite,
        }
    )


def test_the_history_lies_in_the_observed_years_and_holds_accidents_and_penalties(inventory: Inventory):
    history, years = inventory.history, inventory.plants.years_observed
    assert (history.year > 2026 - years[history.plant]).all()
    assert (history.year <= 2026).all()
    kinds = leping_frames()["zone-history"]["kind"]
    assert set(kinds) == {"accident", "illegal_discharge", "illegal_waste", "other_penalty"}


def test_people_within_a_radius_include_those_within_a_smaller_one(inventory: Inventory):
    plants = inventory.plants
    assert (plants.people_500m <= plants.people_1km).all()
    assert (plants.people_1km <= plants.people_5km).all()
