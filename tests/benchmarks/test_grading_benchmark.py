# SPDX-License-Identifier: Apache-2.0
"""The script of the grading benchmark writes its tables between marks of the page, and both sides agree."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

import grading
from readme_tables import README


def test_every_table_of_the_script_has_its_marks_and_a_row_for_every_call(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(grading, "TURNS", 1)
    text = README.read_text(encoding="utf-8")
    for name in ("grading-machine", "grading-speed", "grading-sameness"):
        assert text.count(f"<!-- {name} -->\n") == text.count(f"<!-- /{name} -->\n") == 1
    speed, sameness = grading.speed(200), grading.sameness(200)
    assert [row.split("|")[1].strip() for row in speed[2:]] == [
        "one reading",
        "one reading, with the written grade",
        "all eight readings",
    ]
    assert {row.count("|") for row in speed} == {6}
    assert len(sameness) == 2 + 8
    assert {row.split("|")[5].strip() for row in sameness[2:]} == {"0"}
