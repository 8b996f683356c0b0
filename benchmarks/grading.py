# SPDX-License-Identifier: Apache-2.0
"""Speed and sameness of the HJ 941 grading against a row-by-row version; rewrites tables of benchmarks/README.md.

Usage: python benchmarks/grading.py [--quick]

``--quick`` grades a tenth of the plants and prints instead of writing. Both versions start from plants in memory:
greenrisk from its arrays, the row-by-row version from dictionaries. By turns; the least processor time of all turns is
told, which a busy machine moves least.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from readme_tables import machine, publish

TURNS = 7
INNER = 20
"""Calls of greenrisk in a turn: one is too short for the clock."""
YEAR = 2024


def seconds(call: Callable[[], object], times: int = 1) -> float:
    """Return the processor time of one call."""
    begin = time.process_time()
    for _ in range(times):
        call()
    return (time.process_time() - begin) / times


def speed(plants: int) -> list[str]:
    """Return the table of plants per second."""
    from plain_grading import PlainRules, grade_zone
    from random_plants import plain_rows, random_plants

    from greenrisk.core.library import library_root
    from greenrisk.pollution.grading.hj941 import grade
    from greenrisk.pollution.grading.readings import grade_readings
    from greenrisk.pollution.grading.rule_reading import shipped_rules
    from greenrisk.pollution.grading.written import written

    rules, plain = shipped_rules(), PlainRules(library_root() / "data")
    inventory, counted = random_plants(plants, rules)
    rows = plain_rows(inventory, counted)

    def all_readings() -> None:
        for cut in rules.cuts:
            for reading in ("low", "high"):
                for boundary in ("sensitive", "less_sensitive"):
                    grade_zone(
                        *rows, plain, cut=cut, reading=reading, boundary=boundary, year=YEAR, write=False
                    )

    calls: dict[str, tuple[Callable[[], object], Callable[[], object]]] = {
        "one reading": (
            lambda: grade_zone(*rows, plain, year=YEAR, write=False),
            lambda: grade(inventory, counted, rules, year=YEAR),
        ),
        "one reading, with the written grade": (
            lambda: grade_zone(*rows, plain, year=YEAR),
            lambda: written(grade(inventory, counted, rules, year=YEAR), rules),
        ),
        "all eight readings": (
            all_readings,
            lambda: grade_readings(inventory, counted, rules, year=YEAR),
        ),
    }
    table = [
        f"| {plants:,} plants | row by row, ms | greenrisk, ms | plants/s | ratio |",
        "|---|---:|---:|---:|---:|",
    ]
    for name, (slow, fast) in calls.items():
        fast()
        took = [(seconds(slow), seconds(fast, INNER)) for _ in range(TURNS)]
        one, two = (min(times) for times in zip(*took, strict=True))
        table.append(
            f"| {name} | {1e3 * one:,.1f} | {1e3 * two:.2f} | {plants / two:.2e} | {one / two:.0f} |"
        )
    return table


def sameness(plants: int) -> list[str]:
    """Return the table of plants whose grade or written grade differs, by reading."""
    from plain_grading import PlainRules, grade_zone
    from random_plants import plain_rows, random_plants

    from greenrisk.core.library import library_root
    from greenrisk.pollution.grading.readings import grade_readings
    from greenrisk.pollution.grading.rule_reading import shipped_rules
    from greenrisk.pollution.grading.written import written

    rules, plain = shipped_rules(), PlainRules(library_root() / "data")
    inventory, counted = random_plants(plants, rules, seed=2)
    rows = plain_rows(inventory, counted)
    table = ["| cut | part | boundary | plants | other grades |", "|---:|---|---|---:|---:|"]
    for (cut, part, boundary), found in grade_readings(inventory, counted, rules, year=YEAR).grades.items():
        theirs = grade_zone(*rows, plain, cut=cut, reading=part, boundary=boundary, year=YEAR)
        ours = written(found, rules).tolist()
        differ = sum(text != other for text, (_, other) in zip(ours, theirs, strict=True))
        table.append(f"| {cut} | {part} | {boundary.replace('_', ' ')} | {plants:,} | {differ} |")
    return table


def main() -> None:
    """Measure, then print and write."""
    parser = argparse.ArgumentParser(description="Benchmarks of the HJ 941 grading.")
    parser.add_argument("--quick", action="store_true", help="a tenth of the plants; prints only")
    arguments = parser.parse_args()
    plants = 1_000 if arguments.quick else 10_000
    measured = {
        "grading-machine": lambda: machine(("numpy", "pandas")),
        "grading-speed": lambda: speed(plants),
        "grading-sameness": lambda: sameness(plants),
    }
    for name, measure in measured.items():
        publish({name: measure()}, write=not arguments.quick)


if __name__ == "__main__":
    main()
