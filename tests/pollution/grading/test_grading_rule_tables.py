# SPDX-License-Identifier: Apache-2.0
"""The shipped tables of the rules: what is confirmed and by what, and what a user's file may not do."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from graded_zone import rules

from greenrisk.core.errors import TableError
from greenrisk.core.ledger import Ledger
from greenrisk.pollution.grading.rule_reading import read_rules, shipped_rules, shipped_table
from greenrisk.pollution.grading.rule_tables import RULE_TABLES

REPLY = "Ministry reply on points, counting and cap"
LISTED = f"{REPLY}; list of processes as in HJ 169-2018 table C.1 (two transcriptions)"
BANDS = "HJ 169-2018 App. C, C.1 (two transcriptions); lower end closed"
ALPHA = "GB 18218-2018, table of the factor for people exposed (transcription)"
LEVELS = "GB 18218-2018, table of levels (transcription)"
CONFIRMED = {
    "hj941-process-points": dict.fromkeys(
        [
            "phosgene",
            "chlor_alkali",
            "chlorination",
            "nitration",
            "ammonia_synthesis",
            "cracking",
            "fluorination",
            "hydrogenation",
            "diazotisation",
            "oxidation",
            "peroxidation",
            "amination",
            "sulphonation",
            "polymerisation",
            "alkylation",
            "new_coal_chemistry",
            "calcium_carbide",
            "azo_coupling",
            "other_high_risk",
        ],
        LISTED,
    ),
    "hj941-q-bands": dict.fromkeys(["Q1", "Q2", "Q3"], BANDS),
    "hj941-special-rules": {"process_cap": REPLY},
    "gb18218-alpha": dict.fromkeys(["0.0", "1.0", "30.0", "50.0", "100.0"], ALPHA),
    "gb18218-levels": dict.fromkeys(["1", "2", "3", "4"], LEVELS),
}
"""All that was read in a source; everything else of the rules is from memory or judged."""


def changed(name: str, change: pd.DataFrame) -> None:
    read_rules(lambda table: change if table == name else shipped_table(table))


def test_these_rows_are_confirmed_by_these_sources_and_no_others() -> None:
    found: dict[str, dict[str, str]] = {}
    for name in RULE_TABLES:
        frame = shipped_table(name)
        mine = frame[frame["status"] == "confirmed"]
        if len(mine):
            found[name] = dict(zip(mine.iloc[:, 0].astype(str), mine["source"], strict=True))
    assert found == CONFIRMED


def test_a_cost_is_illustrative_and_a_rule_from_memory_is_unconfirmed() -> None:
    for name in RULE_TABLES:
        words = set(shipped_table(name)["status"])
        assert words <= ({"illustrative"} if name == "measure-costs" else {"confirmed", "unconfirmed"})


def test_18_processes_score_10_a_set_and_two_kinds_5() -> None:
    frame = shipped_table("hj941-process-points")
    assert frame["points_per_set"].tolist() == [10.0] * 18 + [5.0] * 2


def test_the_cuts_of_m_are_those_of_both_readings() -> None:
    assert rules().cuts == (60, 65)
    assert rules().m_cuts.tolist() == [[25.0, 45.0, 60.0], [25.0, 45.0, 65.0]]


def test_a_file_of_the_user_replaces_a_table_and_confirms_its_rows(tmp_path: Path) -> None:
    frame = shipped_table("hj941-grade-matrix")
    frame["status"] = "user"
    frame.loc[(frame.q_band == "Q1") & (frame.m_class == "M1") & (frame.e_level == "E3"), "grade"] = "general"
    path = tmp_path / "matrix.csv"
    frame.to_csv(path, index=False)
    mine = shipped_rules({"hj941-grade-matrix": path}, Ledger())
    assert set(mine.matrix_status[1:].ravel().tolist()) == {1}
    assert mine.process_points.tolist() == rules().process_points.tolist()


def test_a_table_of_another_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="There is no such table of rules"):
        shipped_rules({"hj941-matrix": tmp_path / "none.csv"})


def test_every_fault_of_the_files_is_told_at_once(tmp_path: Path) -> None:
    matrix, bands = tmp_path / "matrix.csv", tmp_path / "bands.csv"
    shipped_table("hj941-grade-matrix").assign(grade="huge").head(1).to_csv(matrix, index=False)
    shipped_table("hj941-q-bands").drop(columns="q_from").to_csv(bands, index=False)
    with pytest.raises(TableError) as raised:
        shipped_rules({"hj941-grade-matrix": matrix, "hj941-q-bands": bands})
    assert [fault.what for fault in raised.value.faults] == ["grade = huge", "q_from"]


@pytest.mark.parametrize(
    ("name", "what", "expected"),
    [
        ("hj941-grade-matrix", "Q3, M4, E3", "This row is missing. Add it."),
        ("hj941-control-points-water", "waste_managed, no", "This row is missing. Add it."),
        ("hj941-event-points", "water, extraordinary", "This row is missing. Add it."),
        ("measure-costs", "eliminated", "This row is missing. Add it."),
    ],
)
def test_a_missing_row_is_told_by_its_key(name: str, what: str, expected: str) -> None:
    with pytest.raises(TableError) as raised:
        changed(name, shipped_table(name).iloc[:-1])
    assert [(fault.where, fault.what, fault.expected) for fault in raised.value.faults] == [
        (name, what, expected)
    ]


def test_a_row_that_stands_twice_is_told_with_both_rows() -> None:
    frame = shipped_table("hj941-event-points")
    with pytest.raises(TableError) as raised:
        changed("hj941-event-points", pd.concat([frame, frame.iloc[[1]]], ignore_index=True))
    assert str(raised.value).startswith(
        "hj941-event-points  air, general\n  Stands in rows 3 and 12. Keep one.\n1 fault."
    )


def test_a_matrix_that_falls_as_q_rises_is_refused() -> None:
    frame = shipped_table("hj941-grade-matrix")
    frame.loc[(frame.q_band == "Q3") & (frame.m_class == "M4"), "grade"] = "general"
    with pytest.raises(TableError, match="must not fall as Q or M rises"):
        changed("hj941-grade-matrix", frame)


@pytest.mark.parametrize(
    ("name", "column", "row", "value", "mend"),
    [
        ("hj941-m-classes", "m4_from_points", 0, 40.0, "The least points of M2, M3 and M4 must rise."),
        ("hj941-q-bands", "q_from", 3, 5.0, "`q_from` must rise from Q0 to Q3."),
        ("hj941-air-receptors", "people_person", 0, 9e3, "those of E1 exceed those of E2"),
        ("gb18218-levels", "r_from", 1, 5.0, "`r_from` must rise from level 4 to 1."),
        ("gb18218-alpha", "people_from_person", 0, 0.5, "The least row must start at 0 people."),
        ("hj941-special-rules", "value", 4, 0.0, "Only 1 is known"),
        ("hj941-q-bands", "grade", 1, "larger", "Q0 has a grade of its own"),
        ("measure-costs", "margin", 10, float("nan"), "needs a margin above 0 and below 1"),
    ],
)
def test_a_contradiction_in_a_table_is_refused(
    name: str, column: str, row: int, value: object, mend: str
) -> None:
    frame = shipped_table(name)
    frame[column] = frame[column].astype(object)
    frame.loc[row, column] = value
    with pytest.raises(TableError) as raised:
        changed(name, frame)
    assert mend in raised.value.faults[0].expected
