# SPDX-License-Identifier: Apache-2.0
"""The trace of a grade: its sums are those of the grade, and every line names a row of a table."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from graded_zone import Held, Plant, rules, zone
from small_zone import held, shipped_substances, substance_frames

from greenrisk.core.errors import ArgumentError
from greenrisk.core.tables import STATUSES
from greenrisk.pollution.grading.counted import count_holdings
from greenrisk.pollution.grading.hj941 import grade
from greenrisk.pollution.grading.rule_tables import RULE_TABLES
from greenrisk.pollution.grading.trace import COLUMNS, trace

BUSY = Plant(
    [
        Held(30.0, 10.0, ("air",), name="chlorine", toxic="yes"),
        Held(4.0, 2.0, ("water",), name="acid", status="unconfirmed"),
    ],
    lacks=["gas_monitor", "rain_water"],
    route="direct",
    people_5km=10_000,
    outlets=[{"karst": True}],
    processes=[("氯化", 2), ("other_high_risk", 3)],
    history=[(2023, "accident", "larger", "water"), (2023, "illegal_waste", "", "")],
)


def traced(plant: Plant) -> pd.DataFrame:
    inventory, counted = zone(Plant([Held(1.0)]), plant)
    return trace(inventory, counted, grade(inventory, counted, rules()), rules(), "P1")


def results(table: pd.DataFrame, medium: str, term: str) -> dict[str, str]:
    mine = table[(table.medium == medium) & (table.term == term)]
    return dict(zip(mine["item"], mine["result"], strict=True))


def test_the_amounts_of_a_term_add_up_to_it() -> None:
    inventory, counted = zone(Plant([Held(1.0)]), BUSY)
    found = grade(inventory, counted, rules())
    table = trace(inventory, counted, found, rules(), "P1")
    for m, medium in enumerate(("air", "water")):
        sums = table[table.medium == medium].groupby("term")["amount"].sum()
        assert sums["Q"] == found.terms.q[m, 1]
        assert sums["M"] == found.m[m, 1]


def test_a_trace_tells_each_term_by_hand() -> None:
    table = traced(BUSY)
    assert tuple(table.columns) == COLUMNS
    assert results(table, "air", "Q") == {
        "chlorine": "/ 10 t",
        "acid": "not in the list for air",
        "sum": "Q1",
    }
    assert results(table, "air", "M") == {
        "chlorination, line 0": "20 points, before the cap",
        "other_high_risk, line 1": "15 points, before the cap",
        "all processes": "at most 30",
        "gas_monitor": "25 points",
        "distance_met": "0 points",
        "worst event": "0 points",
        "sum": "M3",
    }
    assert results(table, "water", "M") == {
        "chlorination, line 0": "20 points, before the cap",
        "other_high_risk, line 1": "15 points, before the cap",
        "all processes": "at most 30",
        "interception": "0 points",
        "accident_water": "0 points",
        "clean_water": "0 points",
        "rain_water": "8 points",
        "waste_water": "0 points",
        "waste_managed": "0 points",
        "discharge_route": "12 points",
        "worst event": "6 points",
        "sum": "M3",
    }
    air = table[(table.medium == "air") & (table.term == "E") & (table["item"] == "people_5km")]
    assert air["result"].tolist() == ["does not reach E1 (50000)", "reaches E2 (10000)"]
    assert results(table, "water", "E")["karst_or_flood_area"] == "meets E2"
    assert results(table, "", "grade") == {
        "higher medium": "larger",
        "penalty": "major",
        "written": "major",
    }
    assert table["value"].iloc[-1] == "重大[较大-大气(Q1-M3-E2)+较大-水(Q1-M3-E2)]"


def test_every_line_of_a_rule_names_its_row_status_and_source() -> None:
    table = traced(BUSY)
    ruled = table[table["table"].isin(list(RULE_TABLES))]
    assert len(ruled) > 30
    for line in ruled.itertuples():
        row = rules().tables[line.table].iloc[line.row - 2]
        assert line.status == row["status"]
        assert line.source == row["source"]
    matrix = ruled[ruled["table"] == "hj941-grade-matrix"].iloc[0]
    cell = rules().tables["hj941-grade-matrix"].iloc[matrix["row"] - 2]
    assert (cell.q_band, cell.m_class, cell.e_level) == ("Q1", "M3", "E2")
    assert matrix["result"] == cell.grade == "larger"


def test_a_holding_bears_the_weaker_of_its_statuses() -> None:
    table = traced(BUSY)
    acid = table[(table["item"] == "acid") & (table.medium == "water")]
    assert acid["status"].tolist() == ["unconfirmed"]


def test_quantity_and_list_of_a_holding_bear_statuses_of_their_own_where_they_differ() -> None:
    inventory, counted = zone(Plant([Held(1.0)]), BUSY)
    place = int(np.flatnonzero(counted.name == "chlorine")[0])
    lists = counted.list_status.copy()
    lists[0, place] = STATUSES.index("unconfirmed")
    counted = replace(counted, list_status=lists)
    table = trace(inventory, counted, grade(inventory, counted, rules()), rules(), "P1")
    (line,) = table[(table["item"] == "chlorine") & (table.medium == "air")].to_dict("records")
    assert line["result"] == "/ 10 t (confirmed); in the list for air (unconfirmed)"
    assert line["status"] == "unconfirmed"


def test_a_holding_names_the_row_of_the_table_of_substances_and_its_source() -> None:
    substances = shipped_substances()
    holdings = held({"cas": "7782-50-5", "state": "liquefied_gas"}, {"cas": "50-78-2", "name_en": "aspirin"})
    counted = count_holdings(holdings, substances)
    inventory, _ = zone(Plant())
    inventory = replace(inventory, holdings=holdings)
    table = trace(inventory, counted, grade(inventory, counted, rules()), rules(), "P0")
    table = table[(table["table"] == "substances") & (table.medium == "air")]
    lines = substance_frames()["substances"]
    chlorine, unknown = table.to_dict("records")
    assert lines["cas"].iloc[chlorine["row"] - 2] == "7782-50-5"
    assert chlorine["source"] == lines["source"].iloc[chlorine["row"] - 2] != ""
    assert (unknown["row"], unknown["source"], unknown["result"]) == (0, "", "unknown substance, not counted")


def test_below_q1_the_trace_ends_with_the_band() -> None:
    table = traced(Plant([Held(0.5, media=("air",))], lacks=["gas_monitor"]))
    assert set(table["term"]) == {"scope", "Q", "grade"}
    assert np.isnan(table["amount"].iloc[-1])


def test_a_plant_out_of_scope_has_a_trace_of_one_line() -> None:
    table = traced(Plant([Held(5.0)], kind="tailings_pond"))
    assert table["result"].tolist() == ["not graded: HJ 169-2018 (project risk assessment)"]


def test_a_plant_that_is_not_there_is_refused_with_a_near_one() -> None:
    inventory, counted = zone(Plant([Held(1.0)]), Plant())
    with pytest.raises(ArgumentError, match=r"There is no such plant\. Did you mean `P1`\?"):
        trace(inventory, counted, grade(inventory, counted, rules()), rules(), "P11")
