# SPDX-License-Identifier: Apache-2.0
"""Every bad input of an inventory: file, row, column, mend; all at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from small_zone import leping_frames, leping_names, shipped_bounds, shipped_substances, small_zone

from greenrisk.core.errors import TableError
from greenrisk.core.ledger import Entry, Ledger
from greenrisk.core.tables import read_table
from greenrisk.pollution.inventory_checks import inventory_faults
from greenrisk.pollution.tables import ZONE_PLANTS, ZONE_VEHICLES

NAMES = {
    f"zone-{word}": f"{word}.csv" for word in ("plants", "outlets", "substances", "processes", "vehicles")
}
NAMES["zone-history"] = "history.csv"
Frames = dict[str, pd.DataFrame]


def told(frames: Frames, **more: Any) -> list[str]:
    faults, _ = inventory_faults(frames, NAMES, shipped_substances(), shipped_bounds(), **more)
    return [str(fault) for fault in faults]


def ledger(frames: Frames, **more: Any) -> list[Entry]:
    faults, lines = inventory_faults(frames, NAMES, shipped_substances(), shipped_bounds(), **more)
    assert not len(faults), [str(fault) for fault in faults]
    return lines


def change(table: str, row: int, **cells: object) -> Frames:
    """Return the small zone with some cells of one row changed."""
    frames = small_zone()
    frame = frames[table].astype(object)
    for column, value in cells.items():
        frame.loc[row, column] = value
    frames[table] = frame
    return frames


def test_a_zone_without_a_fault_is_accepted_and_its_conversions_are_confirmed():
    assert ledger(small_zone(), year=2026, processes={"chlorination"}) == []


def test_the_shipped_zone_of_leping_has_no_fault():
    faults, lines = inventory_faults(
        leping_frames(), leping_names(), shipped_substances(), shipped_bounds(), year=2026
    )
    assert [str(fault) for fault in faults] == []
    assert {line.subject for line in lines if line.status == "unconfirmed"} == {
        "mixture_rules:whole",
        "mixture_rules:hydrochloric_acid_strong",
        "mixture_rules:ammonia_solution_strong",
        "mixture_rules:ammonia_solution_weak",
    }


CASES: dict[str, tuple[Callable[[], Frames], str]] = {
    "unknown CAS": (
        lambda: change("zone-substances", 2, cas="108-87-2", name_en=None),
        "substances.csv:4  cas = 108-87-2\n"
        "  This substance is not in the table of substances. The standard lists only some, so that yours may rightly "
        "be none of them: then allow unknown substances (`allow_unknown_substances` of a scenario, `--allow-unknown` "
        "of `greenrisk grade`), and the plant is graded on what is known. If it is listed, add it to your own table of "
        "substances.",
    ),
    "wrong check digit": (
        lambda: change("zone-substances", 0, cas="7782-50-4"),
        "substances.csv:2  cas = 7782-50-4\n"
        "  Its check digit is wrong: 7782-50 ends in 5, so a digit is mistyped. Did you mean "
        "`7782-50-5 氯气 (chlorine)`",
    ),
    "no CAS number": (
        lambda: change("zone-substances", 2, cas="toluene", name_en=None),
        "substances.csv:4  cas = toluene\n  Not a CAS number: it has the form 7782-50-5.",
    ),
    "no name at all": (
        lambda: change("zone-substances", 2, cas=None, name_en=None),
        "substances.csv:4  cas =\n  Name the substance: by CAS number, or by its name where it has none.",
    ),
    "unknown name": (
        lambda: change("zone-substances", 2, cas=None, name_en="tolueen"),
        "substances.csv:4  name_en = tolueen\n"
        "  This substance is not in the table of substances. Did you mean `108-88-3 甲苯 (toluene)`",
    ),
    "name of another substance": (
        lambda: change("zone-substances", 0, name_zh="液氨"),
        "substances.csv:2  name_zh = 液氨\n"
        "  The name is that of `7664-41-7 氨气 (ammonia)`, the CAS number that of `7782-50-5 氯气 (chlorine)`. "
        "Correct one of them.",
    ),
    "solution without concentration": (
        lambda: change("zone-substances", 1, concentration_percent=np.nan),
        "substances.csv:3  concentration_percent =\n"
        "  A solution or mixture needs its concentration: the mass share of the substance.  "
        "[percent, > 0 and <= 100]",
    ),
    "concentration of what is no solution": (
        lambda: change("zone-substances", 3, concentration_percent=40.0),
        "substances.csv:5  concentration_percent = 40\n"
        "  Below 100 % it is a solution or mixture: set is_solution to yes, or the concentration to 100.  "
        "[percent, > 0 and <= 100]",
    ),
    "acid that is said to be no solution": (
        lambda: change("zone-substances", 1, is_solution="no", concentration_percent=np.nan),
        "substances.csv:3  is_solution = no\n"
        "  A liquid of CAS 7647-01-0 is a solution in water: set is_solution to yes and give its concentration; the "
        "gas under pressure or cooled is `liquefied_gas`.",
    ),
    "kg for t by the critical quantity": (
        lambda: change("zone-substances", 0, max_t=20_000.0),
        "substances.csv:2  max_t = 20000\n"
        "  More than 10000 times the critical quantity of 1 t is not plausible: is it kilograms? Then write 20. If it "
        "is right, raise the bound `times_critical_quantity` in your own table of plausible quantities.  [t]",
    ),
    "kg for t by the state": (
        lambda: change("zone-substances", 2, max_t=300_000.0),
        "substances.csv:4  max_t = 300000\n"
        "  More than 200000 t of a liquid in one place is not plausible: is it kilograms? Then write 300. If it is "
        "right, raise the bound `liquid` in your own table of plausible quantities.  [t]",
    ),
    "people within people": (
        lambda: change("zone-plants", 1, people_500m=3000.0),
        "plants.csv:3  people_500m = 3000\n  More than the 1000 of people_1km, which include them.  [person]",
    ),
    "plant twice by name": (
        lambda: change("zone-plants", 2, name="Works  A", owner="owner A"),
        "plants.csv:4  plant_id = C\n"
        "  The same plant stands in row 2 as A: same owner and name. Remove one, or correct the name.",
    ),
    "plant twice by place": (
        lambda: change("zone-plants", 2, owner="owner B", lon=117.01),
        "plants.csv:4  plant_id = C\n"
        "  The same plant stands in row 3 as B: same owner and place. Remove one, or correct the place.",
    ),
    "row of no plant": (
        lambda: change("zone-equipment", 0, plant_id="D"),
        "zone-equipment:2  plant_id = D\n  There is no such plant in plants.csv.",
    ),
    "direct discharge without an outlet": (
        lambda: {
            **change("zone-plants", 0, discharge_route="direct"),
            "zone-outlets": small_zone()["zone-outlets"].iloc[1:].reset_index(drop=True),
        },
        "plants.csv:2  discharge_route = direct\n"
        "  A discharges direct, but outlets.csv has no outlet of it: what lies below is not known. Add the outlet.",
    ),
    "outlet without a discharge": (
        lambda: change("zone-plants", 0, discharge_route="none"),
        "plants.csv:2  discharge_route = none\n"
        "  A has an effluent outlet in outlets.csv. Say where the effluent goes, or remove the outlet.",
    ),
    "unknown process": (
        lambda: change("zone-processes", 0, process="chlorinaton"),
        "processes.csv:2  process = chlorinaton\n"
        "  There is no such process in the process table. Did you mean `chlorination`? `greenrisk show table "
        "hj941_process_points` lists its words; `other_high_risk` is any other at high temperature or pressure or with "
        "flammables.",
    ),
    "carrier without a route": (
        lambda: {name: frame for name, frame in small_zone().items() if name != "zone-vehicles"},
        "plants.csv:4  activity = transport\n"
        "  C carries hazardous chemicals, but vehicles.csv has no route of it: give trips, kilometres and load.",
    ),
    "metres for kilometres": (
        lambda: change("zone-vehicles", 0, km_per_trip=150_000.0),
        "vehicles.csv:2  km_per_trip = 150000\n"
        "  More than 6000 km is not plausible: is it metres? Then write 150. If it is right, raise the bound "
        "`km_per_trip` in your own table of plausible quantities.  [km]",
    ),
    "kg for t of a load": (
        lambda: change("zone-vehicles", 0, load_t=28_000.0),
        "vehicles.csv:2  load_t = 28000\n"
        "  More than 100 t is not plausible: is it kilograms? Then write 28. If it is right, raise the bound `load_t` "
        "in your own table of plausible quantities.  [t]",
    ),
    "CAS number of a load": (
        lambda: change("zone-vehicles", 0, cas="67-56-2"),
        "vehicles.csv:2  cas = 67-56-2\n  Not a CAS number: its form or its check digit is wrong.",
    ),
    "record of the future": (
        lambda: change("zone-history", 0, year=2027),
        "history.csv:2  year = 2027\n  Later than 2026, the year before `underwriting_year`: the records end with it. "
        "Correct the one or the other.  [year]",
    ),
    "accident before the observed years": (
        lambda: change("zone-history", 0, year=2016),
        "history.csv:2  year = 2016\n"
        "  Before the 10 observed years of A, which end in 2026. Correct years_observed in the table of plants, or "
        "leave the accident out: it would count without its years.  [year]",
    ),
    "level of a penalty": (
        lambda: change("zone-history", 0, kind="illegal_waste", direct_loss_cny=np.nan),
        "history.csv:2  level = general\n  Only an accident has one; this record is `illegal_waste`.",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_one_bad_input_gives_one_message_with_file_row_column_and_mend(case: str):
    spoil, message = CASES[case]
    faults = told(spoil(), year=2026, processes={"chlorination", "other_high_risk"})
    assert len(faults) == 1
    assert faults[0].startswith(message)


def test_all_faults_come_at_once_by_table_and_row():
    frames = small_zone()
    for case in ("row of no plant", "metres for kilometres", "record of the future"):
        spoilt = CASES[case][0]()
        frames.update({name: frame for name, frame in spoilt.items() if not frame.equals(small_zone()[name])})
    held = change("zone-substances", 0, max_t=20_000.0)["zone-substances"]
    held.loc[1, "concentration_percent"] = np.nan
    frames["zone-substances"] = held
    frames["zone-plants"] = change("zone-plants", 1, people_1km=50.0)["zone-plants"]
    places = [text.split("  ")[0] for text in told(frames, year=2026)]
    assert places == [
        "plants.csv:3",
        "substances.csv:2",
        "substances.csv:3",
        "zone-equipment:2",
        "vehicles.csv:2",
        "history.csv:2",
    ]


def test_an_unknown_substance_is_told_in_the_ledger_where_the_user_allows_it():
    lines = ledger(change("zone-substances", 2, cas="108-87-2", name_en=None), allow_unknown=True)
    (line,) = [line for line in lines if line.kind == "dropped"]
    assert (line.subject, line.count, line.status) == ("substances.csv:4", 1, "unknown")
    assert line.detail == "108-87-2 is not in the table of substances: not counted in any grade, at B."


def test_a_mistyped_number_stays_a_fault_where_unknown_substances_are_allowed():
    assert len(told(change("zone-substances", 0, cas="7782-50-4"), allow_unknown=True)) == 1


def test_a_holding_that_stands_twice_is_a_fault_and_two_stores_of_one_substance_are_not():
    frames = small_zone()
    held = frames["zone-substances"]
    frames["zone-substances"] = pd.concat([held, held.iloc[[2]]], ignore_index=True)
    assert told(frames) == [
        "substances.csv:6  plant_id = B\n"
        "  The same holding stands in row 4. Remove one, or say in `where` how they differ."
    ]
    frames["zone-substances"].loc[4, "where"] = "tank 3"
    assert told(frames) == []


def test_more_than_ten_faults_of_a_sort_are_counted():
    frames = small_zone()
    held = frames["zone-substances"].iloc[[2] * 14].reset_index(drop=True)
    frames["zone-substances"] = held.assign(max_t=300_000.0, where=[f"tank {number}" for number in range(14)])
    faults = told(frames)
    assert len(faults) == 11
    assert faults[-1] == "substances.csv  max_t\n  ... and 4 more rows."


def test_what_is_assumed_of_a_bare_plant_stands_in_the_ledger():
    frames = small_zone()
    frames["zone-plants"].loc[1, ["people_500m", "people_1km", "people_5km"]] = 0.0
    frames = {name: frame for name, frame in frames.items() if name not in ("zone-outlets", "zone-processes")}
    frames["zone-substances"] = frames["zone-substances"].iloc[[0, 1, 3]].reset_index(drop=True)
    assert [(line.kind, line.detail, line.count) for line in ledger(frames)] == [
        (
            "assumption",
            "Plants with nobody within 5 km as the table says; an uncounted population is not 0.",
            1,
        ),
        ("assumption", "Plants without an outlet: graded as if nothing lay below them (E3 for water).", 3),
        ("assumption", "Plants of production without a process: graded with 0 points for processes.", 1),
        (
            "unreliable",
            "Plants without a row in the table of substances, graded as if they held nothing (Q0): B. Is the table of "
            "substances complete?",
            1,
        ),
    ]


def test_missing_people_and_missing_kilometres_are_refused_at_the_door():
    frames = small_zone()
    plants = frames["zone-plants"].astype(object)
    plants.loc[1, "people_500m"] = None
    vehicles = frames["zone-vehicles"].astype(object)
    vehicles.loc[0, "km_per_trip"] = None
    with pytest.raises(TableError) as of_plants:
        read_table("plants.csv", ZONE_PLANTS, Ledger(), frame=plants)
    assert "plants.csv:3  people_500m =\n  This cell is empty. Fill it in.  [person]" in str(of_plants.value)
    with pytest.raises(TableError) as of_vehicles:
        read_table("vehicles.csv", ZONE_VEHICLES, Ledger(), frame=vehicles)
    assert "vehicles.csv:2  km_per_trip =\n  This cell is empty. Fill it in.  [km]" in str(of_vehicles.value)
    with pytest.raises(TableError) as without:
        read_table("vehicles.csv", ZONE_VEHICLES, Ledger(), frame=vehicles.drop(columns="km_per_trip"))
    assert "vehicles.csv:1  km_per_trip\n  This column is missing." in str(without.value)


def test_a_plant_id_that_stands_twice_is_refused_at_the_door():
    plants = small_zone()["zone-plants"]
    with pytest.raises(TableError) as refused:
        read_table("plants.csv", ZONE_PLANTS, Ledger(), frame=plants.assign(plant_id=["A", "B", "A"]))
    assert "plants.csv:2  plant_id = A\n  Stands also in row 4. Each must be unique." in str(refused.value)
