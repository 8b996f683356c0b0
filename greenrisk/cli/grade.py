# SPDX-License-Identifier: Apache-2.0
"""What ``greenrisk grade`` does: grades an inventory alone, tells every term of a plant, finds the cheapest steps."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from greenrisk.cli import options

if TYPE_CHECKING:
    import pandas as pd

    from greenrisk.core.ledger import Ledger
    from greenrisk.pollution.grading.inventory_grade import InventoryGrade


@click.command(short_help="Grade the plants of an inventory (HJ 941, GB 18218).")
@click.argument("inventory")
@click.option(
    "--cut",
    type=click.Choice(["60", "65"]),
    default="65",
    show_default=True,
    help="Points of M4.",
)
@click.option(
    "--unknown-part",
    type=click.Choice(["low", "high"]),
    default="high",
    show_default=True,
    help="Whether a substance whose part of Appendix A is not known is left out of a list (low) or in it (high).",
)
@click.option(
    "--plant", metavar="ID", help="Print every term of one plant's grade, with its rule and status."
)
@click.option("--steps", is_flag=True, help="Print the cheapest steps that would lower each grade.")
@click.option("--allow-unknown", is_flag=True, help="Leave out substances that no list holds, and say so.")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the table to a new CSV file."
)
@options.debug
def grade(
    inventory: str,
    cut: str,
    unknown_part: str,
    plant: str | None,
    steps: bool,
    allow_unknown: bool,
    out: Path | None,
) -> None:
    """Grade the plants of INVENTORY by HJ 941-2018, with GB 18218-2018 beside the grade.

    INVENTORY is a folder with plants.csv, substances.csv and, where there are any, outlets.csv, processes.csv and
    history.csv (or .xlsx); or a scenario of kind zone.

    \b
    Examples:
      greenrisk grade zone-leping
      greenrisk grade my-zone --plant P07
      greenrisk grade my-zone --steps --out steps.csv
    """
    show_grades(inventory, int(cut), unknown_part, plant, steps, out, allow_unknown)


def show_grades(
    inventory: str,
    cut: int,
    part: str,
    plant: str | None,
    steps: bool,
    out: Path | None,
    allow_unknown: bool,
) -> None:
    """Grade an inventory and print, or write, what was found.

    Parameters
    ----------
    inventory : str
        Folder of its tables, or path or name of a scenario of kind ``zone``.
    cut : int
        Points from which M4 begins [point].
    part : str
        Reading of unknown parts of App. A.
    plant : str or None
        Identifier of a plant whose every term is wanted.
    steps : bool
        Whether the cheapest steps to a lower grade are wanted.
    out : Path or None
        CSV file for the table instead of the console.
    allow_unknown : bool
        Whether substances that no list holds are left out and told.

    Raises
    ------
    GreenRiskError
        With every fault of the tables.
    """
    from greenrisk.core.errors import ArgumentError, Fault
    from greenrisk.core.ledger import Ledger

    ledger = Ledger()
    found = _graded(inventory, cut, part, allow_unknown, ledger)
    table = _table(found, plant, steps)
    if out is not None:
        if out.exists():
            raise ArgumentError(
                Fault(str(out), "exists", "A table never overwrites a file: choose another name.")
            )
        table.to_csv(out, index=False, encoding="utf-8", lineterminator="\n")
        click.echo(f"{len(table)} rows in {out}")
        return
    _show(table, plant, steps)
    if not plant and not steps:
        _summary(found)
    for entry in ledger:
        if entry.kind in ("dropped", "unreliable"):
            click.echo(f"{entry.subject}: {entry.detail}")


def _graded(inventory: str, cut: int, part: str, allow_unknown: bool, ledger: Ledger) -> InventoryGrade:
    from greenrisk.core.errors import ArgumentError, Fault
    from greenrisk.pollution.graded import read_folder, read_graded
    from greenrisk.pollution.zone import GradingSpec, ZoneScenario

    path = Path(inventory)
    grading = GradingSpec.model_validate({"m_cut": cut, "unknown_part": part})
    if path.is_dir():
        return read_folder(path, grading, allow_unknown=allow_unknown, ledger=ledger)[0]
    from greenrisk.core.sources import Sources
    from greenrisk.scenario.load import load

    scenario = load(inventory)
    if not isinstance(scenario.spec, ZoneScenario):
        mend = "Name a folder with plants.csv and substances.csv, or a scenario of kind zone."
        raise ArgumentError(Fault(inventory, f"kind: {scenario.kind}", mend))
    spec = scenario.spec
    given = spec.inventory.model_copy(
        update={"allow_unknown_substances": allow_unknown or spec.inventory.allow_unknown_substances}
    )
    grading = grading.model_copy(update={"tables": spec.grading.tables, "boundary": spec.grading.boundary})
    base = scenario.path.parent if scenario.path else Path.cwd()
    sources = Sources(base, scenario.where, ledger)
    found = read_graded(given, grading, spec.underwriting_year - 1, sources)
    sources.raise_if_any()
    assert found is not None
    return found[0]


def _table(found: InventoryGrade, plant: str | None, steps: bool) -> pd.DataFrame:
    from greenrisk.pollution.grading.cheapest_steps import steps_table
    from greenrisk.pollution.grading.inventory_grade import console_table
    from greenrisk.pollution.grading.trace import trace

    if plant is not None:
        return trace(
            found.inventory,
            found.counted,
            found.headline,
            found.rules,
            plant,
            reading=found.part,
            boundary=found.boundary,
        )
    if steps:
        return steps_table(found.inventory, found.counted, found.headline, found.rules, reading=found.part)
    return console_table(found)


_SHOWN = {
    "grades": ("plant_id", "name", "written", "status", "other_readings", "gb18218"),
    "steps": ("plant_id", "grade", "to_grade", "steps", "cost_cny"),
    "terms": ("medium", "term", "item", "value", "amount", "result", "status"),
}
_WORDS = {
    "plant_id": "Plant",
    "name": "Name",
    "written": "Grade (HJ 941)",
    "status": "Rests on",
    "other_readings": "Other readings",
    "gb18218": "GB 18218",
    "grade": "Grade",
    "to_grade": "Then",
    "steps": "Steps",
    "cost_cny": "CNY, judged",
    "medium": "Medium",
    "term": "Term",
    "item": "Item",
    "value": "Value",
    "amount": "Adds",
    "result": "Result",
}


def _show(table: pd.DataFrame, plant: str | None, steps: bool) -> None:
    from greenrisk.cli import console

    kind = "terms" if plant is not None else "steps" if steps else "grades"
    names = _SHOWN[kind]
    rows = [tuple(_cell(row[name]) for name in names) for row in table.to_dict("records")]
    columns = [_WORDS[name] for name in names]
    console.show_table(columns, rows, right=("Adds", "CNY, judged"), keep=("Plant",))


def _cell(value: object) -> str:
    if isinstance(value, float):
        return "" if value != value else f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.0f}"
    return str(value)


def _summary(found: InventoryGrade) -> None:
    """Print how many plants carry which grade, and what the grades rest on."""
    from collections import Counter

    from greenrisk.pollution.grading.told import rules_told
    from greenrisk.pollution.grading.words import GRADES, REFUSED

    words = {REFUSED: "not graded", **dict(enumerate(GRADES))}
    count = Counter(words[int(code)] for code in found.headline.grade)
    told = ", ".join(f"{count[word]} {word}" for word in words.values() if count[word])
    lowest, highest = found.readings.ends
    moved = int((lowest != highest).sum())
    click.echo(f"{told}. M4 from {found.cut} points; parts that are not known read {found.part}.")
    if moved:
        click.echo(f"{moved} grades differ in other readings of what is not confirmed.")
    click.echo(rules_told(found.rules.tables))
