# SPDX-License-Identifier: Apache-2.0
"""What the ledger is told of a grading: readings, refusals, what is unknown, and the rows that moved a grade."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from graded_zone import Held, Plant, rules, zone

from greenrisk.core.ledger import Entry, Ledger
from greenrisk.pollution.grading.gb18218 import major_hazard
from greenrisk.pollution.grading.inventory_grade import InventoryGrade
from greenrisk.pollution.grading.readings import grade_readings
from greenrisk.pollution.grading.statuses import grade_status
from greenrisk.pollution.grading.told import rules_told, shown, tell_grading


def told(*plants: Plant, unknown: int = 0) -> list[Entry]:
    """Return the lines about plants of whose holdings the first ``unknown`` are not in the table."""
    inventory, counted = zone(*plants)
    known = np.arange(counted.plant.size) >= unknown
    counted = replace(counted, known=known, tonnes=np.where(known, counted.tonnes, 0.0))
    readings = grade_readings(inventory, counted, rules(), year=2024)
    headline = readings.grades[65, "high", "sensitive"]
    status = grade_status(inventory, counted, headline, rules())
    hazard = major_hazard(
        counted.plant,
        counted.tonnes,
        np.where(known, 5.0, np.nan),
        np.full(known.size, 2.0),
        np.zeros(known.size, dtype=np.int64),
        inventory.plants.people_500m,
        rules(),
    )
    found = InventoryGrade(
        inventory, counted, rules(), readings, headline, status, hazard, 65, "high", "sensitive", 2024
    )
    ledger = Ledger()
    tell_grading(found, ledger)
    return list(ledger)


def test_a_zone_without_doubts_is_told_its_readings_and_its_window() -> None:
    assert [(entry.subject, entry.detail, entry.count) for entry in told(Plant([Held(0.5)]))] == [
        (
            "grading: cut",
            "The cut between M3 and M4 is read as 65 points, with 60 beside it; no grade hangs on it.",
            0,
        ),
        (
            "grading: part",
            "A substance whose part of App. A is not known counts wherever it may; no grade hangs on it.",
            0,
        ),
        (
            "grading: boundary",
            "A count of people that equals a cut belongs to the more sensitive level; no grade hangs on it.",
            0,
        ),
        (
            "grading: window",
            "Events and penalties from 2021 to 2024 count; only their year is known, so that one of the first year "
            "counts whole.",
            1,
        ),
    ]


def test_a_grade_that_hangs_on_a_reading_is_named() -> None:
    equal = Plant([Held(20.0, media=("air",))], people_5km=10_000)
    line = next(entry for entry in told(Plant(), equal) if entry.subject == "grading: boundary")
    assert line.detail.endswith("; the grade of P1 hangs on it.")
    assert (line.count, line.status) == (1, "unconfirmed")


def test_refusals_are_told_with_the_method_that_applies() -> None:
    lines = [
        entry
        for entry in told(Plant(kind="port"), Plant(kind="nuclear"))
        if entry.subject == "grading: scope"
    ]
    assert [entry.detail for entry in lines] == [
        "Not graded by HJ 941-2018, kept in the zone: P0. What applies: HJ 169-2018 (project risk assessment).",
        "Not graded by HJ 941-2018, kept in the zone: P1. What applies: rules of the nuclear safety authority.",
    ]


def test_a_row_that_moved_a_grade_is_told_with_its_plants() -> None:
    plant = Plant([Held(20.0, media=("water",))], outlets=[{"karst": True}])
    lines = {entry.subject: entry for entry in told(plant)}
    line = lines["hj941-grade-matrix"]
    assert line.detail == (
        "1 row not confirmed, on which 1 grade hangs: Q2-M1-E2 (larger; with general instead the grade of P0 would "
        "change)."
    )
    assert (line.kind, line.count, line.status, line.source) == (
        "assumption",
        1,
        "unconfirmed",
        "hj941-grade-matrix",
    )


def test_rows_that_moved_grades_are_one_line_a_table_with_those_that_move_most() -> None:
    """Five plants in five cells of the matrix (the second cell twice), each of which decides."""
    plants = [
        Plant([Held(tonnes, media=("water",))], outlets=[{below: True}])
        for tonnes, below in (
            (20.0, "karst"),
            (20.0, "karst"),
            (5.0, "drinking"),
            (20.0, "drinking"),
            (200.0, "karst"),
        )
    ]
    (line,) = [entry for entry in told(*plants) if entry.subject == "hj941-grade-matrix"]
    head, _, rest = line.detail.partition(": ")
    assert (head, line.count) == ("4 rows not confirmed, on which 5 grades hang", 4)
    assert rest.startswith("Q2-M1-E2 (larger; with general instead the grade of P0, P1 would change); ")
    assert rest.endswith("; and 1 more, each in the table grade_leverage.")
    assert rest.count("would change") == 3


def statuses_of(**words: str) -> dict[str, pd.DataFrame]:
    """Return tables of rules of a row for each letter: c(onfirmed), u(ser), n(ot confirmed), i(llustrative)."""
    spelt = {"c": "confirmed", "u": "user", "n": "unconfirmed", "i": "illustrative"}
    return {
        name.replace("_", "-"): pd.DataFrame({"status": [spelt[letter] for letter in letters]})
        for name, letters in words.items()
    }


def test_what_is_said_of_the_rules_follows_the_status_of_their_rows() -> None:
    assert rules_told(statuses_of(hj941_a="cc", hj941_b="c", measure_costs="iii")) == (
        "All 3 rows of the tables of HJ 941 are confirmed."
    )
    assert rules_told(statuses_of(hj941_a="cu", hj941_b="uc")) == (
        "All 4 rows of the tables of HJ 941 are confirmed or your own (2)."
    )
    assert rules_told(statuses_of(hj941_a="nn", hj941_b="ccu", hj941_c="cni", gb18218_alpha="n")) == (
        "4 of 8 rows of the tables of HJ 941 are not confirmed: check them against the standard (all of hj941-a; 2 of "
        "3 of hj941-c)."
    )


def test_unknown_substances_and_open_levels_are_told() -> None:
    lines = told(Plant([Held(3.0, name="mystery"), Held(1.0)]), unknown=1)
    unreliable = [(entry.subject, entry.count) for entry in lines if entry.kind == "unreliable"]
    assert unreliable == [("grading: substances", 1)]
    assert any("mystery" in entry.detail for entry in lines)


def test_many_identifiers_are_counted_after_the_tenth() -> None:
    assert shown(["a", "b"]) == "a, b"
    assert shown([f"P{k}" for k in range(12)]).endswith("P9 and 2 more")
