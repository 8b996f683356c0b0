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
    help="Points of M4; without it the scenario's `grading.m_cut`, for a folder 65.",
)
@click.option(
    "--unknown-part",
    type=click.Choice(["low", "high"]),
    help="Whether a substance whose part of Appendix A is not known is left out of a list (low) or in it (high); "
    "without it the scenario's `grading.unknown_part`, for a folder high.",
)
@click.option(
    "--year",
    type=click.IntRange(1980, 2100),
    help="Year as of whose end is graded; without it that before the scenario's `underwriting_year`, for a folder the "
    "last of its history.",
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
    cut: str | None,
    unknown_part: str | None,
    year: int | None,
    plant: str | None,
    steps: bool,
    allow_unknown: bool,
    out: Path | None,
) -> None:
    """Grade the plants of INVENTORY by HJ 941-2018, with GB 18218-2018 beside the grade.

    INVENTORY is a folder with plants.csv, substances.csv and, where there are any, outlets.csv, processes.csv and
    history.csv (or .xlsx); or a scenario of kind zone, which is graded as its run does unless an option says otherwise.

    \b
    Examples:
      greenrisk grade zone-leping
      greenrisk grade my-zone --plant P07
      greenrisk grade my-zone --steps --out steps.csv
    """
    show_grades(
        inventory, None if cut is None else int(cut), unknown_part, year, plant, steps, out, allow_unknown
    )


def show_grades(
    inventory: str,
    cut: int | None,
    part: str | None,
    year: int | None,
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
    cut : int or None
        Points from which M4 begins; None: as the scenario says [point].
    part : str or None
        Reading of unknown parts of App. A; None: as the scenario says.
    year : int or None
        Year as of whose end is graded; None: that before the underwriting year, of a folder the last of its history
        [year].
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

    if out is not None and plant is not None and steps:
        mend = "`--plant` and `--steps` are two tables, a file holds one: write one after the other."
        raise ArgumentError(Fault("--out", str(out), mend))
    ledger = Ledger()
    found, year_is = _graded(inventory, cut, part, year, allow_unknown, ledger)
    table = _table(found, plant, steps and plant is None)
    if out is not None:
        if out.exists():
            raise ArgumentError(
                Fault(str(out), "exists", "A table never overwrites a file: choose another name.")
            )
        table.to_csv(out, index=False, encoding="utf-8", lineterminator="\n")
        click.echo(f"{len(table)} rows in {out}")
        return
    _show(table if plant is not None or steps else _with_bounds(table), plant, steps)
    if plant is not None and steps:
        click.echo()
        of_all = _table(found, None, steps)
        _show(of_all[of_all["plant_id"] == plant], None, steps)
    if plant is None and not steps:
        _summary(found)
    click.echo(f"Graded as of the end of {found.year}, {year_is}." if found.year else "No history, no year.")
    for entry in ledger:
        if entry.kind in ("dropped", "unreliable") or "; not read: " in entry.detail:
            click.echo(f"{entry.subject}: {entry.detail}")


def _graded(
    inventory: str, cut: int | None, part: str | None, year: int | None, allow_unknown: bool, ledger: Ledger
) -> tuple[InventoryGrade, str]:
    """Return the grades, and what their year is; tell options that override the scenario."""
    from datetime import date

    from greenrisk.core.errors import ArgumentError, Fault
    from greenrisk.core.library import find
    from greenrisk.pollution.graded import SUFFIXES, read_folder, read_graded
    from greenrisk.pollution.zone import GradingSpec, ZoneScenario

    path = Path(inventory)
    given = {"m_cut": cut, "unknown_part": part}
    options_set = {key: value for key, value in given.items() if value is not None}
    if path.is_dir():
        grading = GradingSpec.model_validate(options_set)
        found = read_folder(
            path, grading, allow_unknown=allow_unknown, ledger=ledger, year=year, this_year=date.today().year
        )
        return (
            found.grade,
            "the last year of the history (`--year` sets another)" if year is None else "`--year`",
        )
    if path.is_file() and path.suffix.lower() in SUFFIXES:
        mend = f"Give the folder of the tables: `greenrisk grade {path.parent}`."
        raise ArgumentError(Fault(inventory, "a table", mend))
    from greenrisk.core.sources import Sources
    from greenrisk.scenario.load import load

    if not path.exists() and not path.suffix and find("scenarios", inventory) is None:
        raise ArgumentError(
            Fault(
                inventory, "no folder and no scenario", f"There is no folder of this name.{_near(inventory)}"
            ),
            "`greenrisk list scenarios` lists the scenarios.",
        )
    scenario = load(inventory)
    if not isinstance(scenario.spec, ZoneScenario):
        mend = "Name a folder with plants.csv and substances.csv, or a scenario of kind zone."
        raise ArgumentError(Fault(inventory, f"kind: {scenario.kind}", mend))
    spec = scenario.spec
    tables = spec.inventory.model_copy(
        update={"allow_unknown_substances": allow_unknown or spec.inventory.allow_unknown_substances}
    )
    last = spec.underwriting_year - 1
    overridden: dict[str, tuple[object, object]] = {
        f"grading.{key}": (getattr(spec.grading, key), value) for key, value in options_set.items()
    }
    if year is not None:
        overridden["the year before `underwriting_year`"] = (last, year)
    if allow_unknown:
        overridden["inventory.allow_unknown_substances"] = (spec.inventory.allow_unknown_substances, True)
    for key, (own, value) in overridden.items():
        if own != value:
            click.echo(f"{value} from the command line instead of {own}, {key} of the scenario.")
    base = scenario.path.parent if scenario.path else Path.cwd()
    sources = Sources(base, scenario.where, ledger)
    year_is = "the year before `underwriting_year`" if year is None else "`--year`"
    grading = spec.grading.model_copy(update=options_set)
    read = read_graded(tables, grading, last if year is None else year, sources, year_is=year_is)
    sources.raise_if_any()
    assert read is not None
    return read.grade, year_is


def _near(inventory: str) -> str:
    """Return the closest folder beside a name, or scenario of the library."""
    from greenrisk.core.library import names
    from greenrisk.core.marked_yaml import did_you_mean

    parent = Path(inventory).parent
    folders = [str(path) for path in parent.iterdir() if path.is_dir()] if parent.is_dir() else []
    return did_you_mean(inventory, [*folders, *names("scenarios")])


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


def _with_bounds(table: pd.DataFrame) -> pd.DataFrame:
    """Say of a grade that it is a lower bound where substances were left out that could raise it."""
    from greenrisk.pollution.grading.words import GRADES

    bound = (table["unknown_substances"] > 0) & table["grade"].isin(GRADES[:-1])
    words = [
        f"at least {text}: {count} unknown substance{'s' if count > 1 else ''} left out" if left else text
        for text, count, left in zip(table["written"], table["unknown_substances"], bound, strict=True)
    ]
    return table.assign(written=words)


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
