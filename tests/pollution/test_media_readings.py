# SPDX-License-Identifier: Apache-2.0
"""Air and water list of a holding, under both readings of what is not known."""

from __future__ import annotations

import numpy as np
import pytest
from small_zone import held, shipped_substances, substance_frames

from greenrisk.pollution.inventory import Holdings
from greenrisk.pollution.media import Media, media
from greenrisk.pollution.substance_search import Resolved, resolve
from greenrisk.pollution.substances import Substances, read_substances
from greenrisk.pollution.tables import STATES


def lists(holdings: Holdings, substances: Substances | None = None) -> Media:
    substances = substances or shipped_substances()
    return media(resolve(holdings, substances), substances, holdings.state)


def readings(holdings: Holdings, substances: Substances | None = None) -> tuple[bool, bool, bool, bool]:
    """Return air low, air high, water low, water high of the first holding."""
    found = lists(holdings, substances)
    return tuple(bool(part[0]) for part in (found.air_low, found.air_high, found.water_low, found.water_high))


def test_chlorine_counts_for_air_only_and_ammonia_for_both():
    assert readings(held({"cas": "7782-50-5", "state": "liquefied_gas"})) == (True, True, False, False)
    assert readings(held({"cas": "7664-41-7", "state": "liquefied_gas"})) == (True, True, True, True)
    assert readings(held({"cas": "67-56-1"})) == (True, True, True, True)  # a toxic or flammable liquid


def test_metals_and_waste_liquids_count_for_water_only():
    assert readings(held({"cas": "7758-98-7", "state": "solid"})) == (False, False, True, True)
    waste = held({"name_zh": "CODCr浓度≥10000mg/L的有机废液"})
    assert readings(waste) == (False, False, True, True)


def test_where_the_part_is_not_known_the_readings_differ_for_air_and_agree_for_water():
    vinylidene_chloride = held({"cas": "75-35-4"})
    assert readings(vinylidene_chloride) == (False, True, True, True)
    assert lists(vinylidene_chloride).differ.tolist() == [True]
    substances = shipped_substances()
    unknown = np.flatnonzero(substances.part_status == "unknown")
    assert unknown.size == 234
    all_rows = Resolved(
        unknown, np.zeros(unknown.size, dtype=np.int64), np.zeros(unknown.size, dtype=np.bool_)
    )
    found = media(all_rows, substances, np.full(unknown.size, STATES.index("liquid")))
    assert not found.air_low.any()
    assert found.air_high.all()
    assert found.water_low.all()


def test_the_low_reading_never_holds_what_the_high_one_leaves_out():
    substances = shipped_substances()
    rows = np.arange(len(substances))
    every = Resolved(rows, np.zeros(rows.size, dtype=np.int64), np.zeros(rows.size, dtype=np.bool_))
    for state in range(len(STATES)):
        found = media(every, substances, np.full(rows.size, state))
        assert not (found.air_low & ~found.air_high).any()
        assert not (found.water_low & ~found.water_high).any()
        assert (found.air_high | found.water_high).all()  # each row is in a list under one reading at least


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("gas", (True, True, True, True)),
        ("liquefied_gas", (True, True, True, True)),
        ("liquid", (False, True, True, True)),  # its vapour pressure is not known
        ("solid", (False, False, True, True)),
    ],
)
def test_part_8_is_in_the_air_list_only_if_gaseous_or_volatile(state: str, expected: tuple[bool, ...]):
    assert readings(held({"name_zh": "健康危险急性毒性物质（类别1）", "state": state})) == expected


@pytest.mark.parametrize(("pressure", "in_air"), [(40_000.0, True), (300.0, True), (299.0, False)])
def test_a_liquid_of_part_8_is_volatile_from_the_vapour_pressure_of_the_rule(pressure: float, in_air: bool):
    tables = {name: frame.copy() for name, frame in substance_frames().items()}
    frame = tables["substances"]
    frame.loc[frame["name_zh"] == "汽油", "vapour_pressure_pa"] = pressure
    assert readings(held({"cas": "86290-81-5"}), read_substances(tables)) == (in_air, in_air, True, True)


def test_a_user_who_has_the_standard_closes_the_readings():
    tables = {name: frame.copy() for name, frame in substance_frames().items()}
    frame = tables["substances"]
    row = frame["cas"] == "75-35-4"
    frame.loc[row, ["hj941_part", "part_status", "medium", "medium_status"]] = ["4", "user", "both", "user"]
    assert readings(held({"cas": "75-35-4"}), read_substances(tables)) == (True, True, True, True)


def test_an_unknown_substance_is_in_no_list():
    assert readings(held({"cas": "7732-18-5"})) == (False, False, False, False)
