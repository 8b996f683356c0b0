# SPDX-License-Identifier: Apache-2.0
"""From tables to arrays: canonical order, codes, shares, absent tables."""

from __future__ import annotations

from dataclasses import fields
from random import Random

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from small_zone import held, leping_frames, small_zone

from greenrisk.environment.credit_colour import COLOURS, NOT_ASSESSED
from greenrisk.pollution.inventory import CONTROLS
from greenrisk.pollution.inventory_arrays import inventory_of
from greenrisk.pollution.tables import ACTIVITIES, CROSSINGS, EVENT_LEVELS, STATES


def rows_of(part: object, plants: np.ndarray) -> list[tuple[object, ...]]:
    """Return the rows of a part of an inventory, plants by id, without the place in the file, in canonical order."""
    names = [field.name for field in fields(part) if field.name not in ("row", "plant")]
    columns = [getattr(part, name).tolist() for name in names]
    ids = plants[part.plant].tolist()
    return sorted(zip(ids, *map(lambda column: list(map(repr, column)), columns), strict=True))


@given(st.randoms(use_true_random=False))
@settings(max_examples=15, deadline=None, derandomize=True)
def test_the_order_of_the_rows_of_any_table_does_not_matter(random: Random):
    frames = leping_frames()
    shuffled = {}
    for name, frame in frames.items():
        order = list(range(len(frame)))
        random.shuffle(order)
        shuffled[name] = frame.iloc[order].reset_index(drop=True)
    one, other = inventory_of(frames), inventory_of(shuffled)
    for field in fields(one.plants):
        np.testing.assert_array_equal(getattr(one.plants, field.name), getattr(other.plants, field.name))
    for part in ("outlets", "holdings", "equipment", "vehicles", "history"):
        mine, theirs = getattr(one, part), getattr(other, part)
        assert (np.diff(theirs.plant) >= 0).all()
        assert rows_of(mine, one.plants.ids) == rows_of(theirs, other.plants.ids), part


def test_words_become_codes_and_percent_a_share():
    inventory = inventory_of(small_zone())
    plants, holdings = inventory.plants, inventory.holdings
    assert plants.ids.tolist() == ["A", "B", "C"]
    assert [ACTIVITIES[code] for code in plants.activity] == ["production", "storage", "transport"]
    assert [COLOURS[code] for code in plants.credit_colour] == ["blue"] * 3
    assert [STATES[code] for code in holdings.state] == ["liquefied_gas", "liquid", "liquid", "liquid"]
    assert holdings.concentration.tolist() == [1.0, 0.31, 1.0, 1.0]
    assert holdings.row.tolist() == [2, 3, 4, 5]
    assert [CROSSINGS[code] for code in inventory.outlets.crosses_24h] == ["none"] * 3
    assert [EVENT_LEVELS[code] for code in inventory.history.level] == ["general"]
    assert inventory.vehicles.km.tolist() == [200.0 * 150.0]


def test_a_solution_without_a_strength_stays_without_one_and_a_pure_substance_has_all_of_it():
    holdings = held({"is_solution": "yes"}, {"is_solution": "no"})
    assert np.isnan(holdings.concentration[0])
    assert holdings.concentration[1] == 1.0


def test_the_row_of_a_holding_is_that_of_the_file_whatever_its_plant():
    frames = small_zone()
    frames["zone-substances"] = frames["zone-substances"].iloc[::-1].reset_index(drop=True)
    holdings = inventory_of(frames).holdings
    assert dict(zip(holdings.cas.tolist(), holdings.row.tolist(), strict=True)) == {
        "7782-50-5": 5,
        "7647-01-0": 4,
        "108-88-3": 3,
        "67-56-1": 2,
    }


def test_what_may_be_empty_is_told_apart_from_zero_where_it_matters():
    frames = small_zone()
    plants = frames["zone-plants"].astype(object)
    plants.loc[0, "credit_colour"] = None
    plants.loc[1, "limit_cny"] = None
    frames["zone-plants"] = plants
    frames["zone-history"] = frames["zone-history"].assign(level=None, direct_loss_cny=np.nan)
    inventory = inventory_of(frames)
    assert inventory.plants.credit_colour[0] == NOT_ASSESSED
    assert inventory.plants.limit.tolist() == [5e6, 0.0, 5e6]  # without cover
    assert inventory.history.level.tolist() == [-1]  # below all levels
    assert np.isnan(inventory.history.direct_loss[0])


def test_tables_that_are_not_there_are_empty():
    frames = {
        name: frame for name, frame in small_zone().items() if name in ("zone-plants", "zone-substances")
    }
    inventory = inventory_of(frames)
    for part in (
        inventory.outlets,
        inventory.processes,
        inventory.equipment,
        inventory.vehicles,
        inventory.history,
    ):
        assert part.plant.size == 0
    assert len(inventory.plants) == 3
    assert inventory.plants.controls.shape == (3, len(CONTROLS))


def test_an_optional_column_that_is_not_there_is_as_if_empty():
    frames = small_zone()
    frames["zone-plants"] = frames["zone-plants"].drop(columns=["credit_colour", "limit_cny"])
    frames["zone-substances"] = frames["zone-substances"].drop(
        columns=["name_en", "where", "concentration_percent"]
    )
    inventory = inventory_of(frames)
    assert (inventory.plants.credit_colour == NOT_ASSESSED).all()
    assert not inventory.plants.limit.any()
    assert inventory.holdings.where.tolist() == [""] * 4
    assert np.isnan(inventory.holdings.concentration).tolist() == [False, True, False, False]


def test_a_control_is_read_from_its_own_column():
    frames = small_zone()
    for number, control in enumerate(CONTROLS):
        changed = {**frames, "zone-plants": frames["zone-plants"].assign(**{control: ["no", "yes", "no"]})}
        plants = inventory_of(changed).plants
        assert plants.has(control).tolist() == [False, True, False]
        others = np.delete(plants.controls, number, axis=1)
        assert others.all()


def test_equal_lines_of_a_process_are_one_where_nothing_is_said():
    frames = small_zone()
    rows = [("A", "1", "chlorination", 3.0), ("A", "2", "oxidation", np.nan)]
    frames["zone-processes"] = pd.DataFrame(rows, columns=["plant_id", "line", "process", "lines"])
    assert inventory_of(frames).processes.lines.tolist() == [3, 1]
