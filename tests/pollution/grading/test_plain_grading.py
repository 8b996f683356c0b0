# SPDX-License-Identifier: Apache-2.0
"""The vectorised grading against the row-by-row version, which shares no line with it, on random plants."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[3] / "benchmarks"))

from graded_zone import rules
from plain_grading import PlainRules, grade_zone
from random_plants import plain_rows, random_plants

from greenrisk.core.library import library_root
from greenrisk.pollution.grading.hj941 import grade
from greenrisk.pollution.grading.readings import grade_readings
from greenrisk.pollution.grading.words import GRADES
from greenrisk.pollution.grading.written import written

PLAIN = PlainRules(library_root() / "data")


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_reading_of_a_thousand_random_plants_is_graded_alike(seed: int) -> None:
    inventory, counted = random_plants(1_000, rules(), seed)
    rows = plain_rows(inventory, counted)
    for (cut, part, boundary), found in grade_readings(inventory, counted, rules(), year=2024).grades.items():
        theirs = grade_zone(*rows, PLAIN, cut=cut, reading=part, boundary=boundary, year=2024)
        names = [GRADES[code] if code >= 0 else "refused" for code in found.grade]
        assert list(zip(names, written(found, rules()).tolist(), strict=True)) == theirs


def test_ten_thousand_plants_are_graded_in_one_call() -> None:
    inventory, counted = random_plants(10_000, rules(), 4)
    found = grade(inventory, counted, rules(), year=2024)
    names = [GRADES[code] if code >= 0 else "refused" for code in found.grade]
    assert names == [
        one for one, _ in grade_zone(*plain_rows(inventory, counted), PLAIN, year=2024, write=False)
    ]
    assert set(names) == {"refused", *GRADES}


def test_the_readings_of_single_calls_are_those_of_all_readings_at_once() -> None:
    inventory, counted = random_plants(500, rules(), 5)
    for (cut, part, boundary), found in grade_readings(inventory, counted, rules()).grades.items():
        alone = grade(inventory, counted, rules(), cut=cut, reading=part, boundary=boundary)
        assert alone.grade.tolist() == found.grade.tolist()
        assert alone.m.tolist() == found.m.tolist()
