# SPDX-License-Identifier: Apache-2.0
"""What the command line shows: tables and the progress bar. The only file that imports rich.

On a terminal there are colours and a bar; into a pipe or a file goes plain text, and progress is a few plain lines on
standard error.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich import box
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn
from rich.table import Table
from rich.text import Text

from greenrisk.cli.figures import amount, attributes, duration, headline, judgement, warnings

if TYPE_CHECKING:
    from greenrisk.engine.result import Progress as Told
    from greenrisk.engine.result import RunResult

PLAIN_STEP = 0.1
"""Share of the work after which a plain progress line is due [unitless]."""

PLAIN_WIDTH = 120
"""Width of tables that go into a pipe or a file [character]."""


def _console() -> Console:
    if sys.stdout.isatty():
        return Console(highlight=False)
    return Console(highlight=False, color_system=None, width=PLAIN_WIDTH, force_terminal=False)


def show_table(
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    title: str = "",
    right: Sequence[str] = (),
    keep: Sequence[str] = (),
) -> None:
    """Print a table.

    Parameters
    ----------
    columns : sequence of str
        Headers.
    rows : sequence of sequence of str
        Cells.
    title : str
        Line above the table.
    right : sequence of str
        Columns set flush right.
    keep : sequence of str
        Columns that are not wrapped.
    """
    console = _console()
    if title:
        console.print(Text(title, style="bold"), soft_wrap=True)
    table = Table(box=box.SIMPLE_HEAD if console.is_terminal else box.ASCII2, show_edge=False, pad_edge=False)
    for column in columns:
        table.add_column(
            column,
            justify="right" if column in right else "left",
            no_wrap=column in keep or column in right,
            overflow="fold",
        )
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    console.print(table)


def show_result(result: RunResult, folder: Path, *, verbose: bool = False) -> None:
    """Print the headline figures of a run and where its folder is."""
    figures = headline(result.metrics, str(result.tree.attrs.get("kind", "")))
    rows = [(f.label, f.value, f.unit, f.error, f.interval) for f in figures]
    columns = ("Figure", "Value", "Unit", "+- simulation", "90 % knowledge")
    title = str(result.tree.attrs.get("title", ""))
    show_table(columns, rows, title=title, right=columns[1:2] + columns[3:])
    if result.tree.attrs.get("kind") == "issuers":
        click.echo(
            "Default by the year, expected loss and spread: from the statements to the end of the year of the"
        )
        click.echo(
            "headline. Within twelve months, value at risk: after it. +- simulation: standard error, falls"
        )
    else:
        click.echo(
            "OEP: largest event of a year. AEP: all events of a year. +- simulation: standard error, falls"
        )
    click.echo("with more years. 90 % knowledge: interval of what the data leave open, does not fall.")
    for line in (judgement(result.metrics, result.ledger), *warnings(result.ledger, attributes(result))):
        if line:
            click.echo(line)
    if verbose:
        show_ledger(result)
    click.echo(f"\nReport: {folder / 'report.html'}\nRun folder: {folder}")


def show_ledger(result: RunResult) -> None:
    """Print the ledger and the inputs of a run."""
    rows = [
        (
            entry.kind,
            entry.subject,
            entry.detail.split(". ")[0],
            entry.status,
            f"{amount(entry.at_low)} to {amount(entry.at_high)} {entry.unit}" if entry.quantity else "",
        )
        for entry in result.ledger
    ]
    columns = ("Kind", "Subject", "Detail", "Status", "Gross premium at the ends of its range")
    show_table(columns, rows, title="Ledger")
    inputs = result.manifest.get("inputs_sha256", {})
    show_table(("Input", "sha256"), [(name, digest[:16]) for name, digest in inputs.items()], title="Inputs")


@contextmanager
def progress(name: str, *, silent: bool = False) -> Iterator[Callable[[Told], None] | None]:
    """Give a function to tell progress to: a bar on a terminal, else sparse lines on standard error.

    Parameters
    ----------
    name : str
        What is running.
    silent : bool
        Give None instead.
    """
    if silent:
        yield None
    elif sys.stderr.isatty():
        with _bar(name) as tell:
            yield tell
    else:
        yield _plain_lines(name)


@contextmanager
def _bar(name: str) -> Iterator[Callable[[Told], None]]:
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TextColumn("{task.fields[rate]}"),
        TextColumn("{task.fields[left]}"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(name, total=None, rate="reading and checking", left="")

        def tell(told: Told) -> None:
            bar.update(
                task,
                total=told.total,
                completed=told.done,
                rate=f"{amount(told.rate)} {told.unit}/s" if told.rate > 0 else "",
                left=_left(told),
            )

        yield tell


def _left(told: Told) -> str:
    if told.done >= told.total:
        return "combining and writing"
    return f"{duration(told.left)} left" if math.isfinite(told.left) else ""


def _plain_lines(name: str) -> Callable[[Told], None]:
    due = PLAIN_STEP

    def tell(told: Told) -> None:
        nonlocal due
        share = told.done / told.total if told.total else 1.0
        if share + 1e-9 < due or told.rate <= 0:
            return
        due = (math.floor(share / PLAIN_STEP + 1e-9) + 1) * PLAIN_STEP
        line = f"{name}: {share:.0%}, {amount(told.rate)} {told.unit}/s"
        click.echo(f"{line}, {duration(told.left)} left" if told.left > 0 else line, err=True)

    return tell
