# SPDX-License-Identifier: Apache-2.0
"""What ``greenrisk fit`` does: lists the fits, runs one, compares cards with what their data give."""

from __future__ import annotations

import difflib
from pathlib import Path

import click

from greenrisk.core.errors import ArgumentError, Fault, Faults, FitError
from greenrisk.core.library import find
from greenrisk.core.marked_yaml import did_you_mean, shown
from greenrisk.resource.calibration import FITS, to_yaml

MOST_LINES = 40
"""Lines of difference that are printed."""


def show_fits() -> None:
    """Print the cards that can be fitted."""
    from greenrisk.cli import console

    rows = [
        (
            name,
            fit.title,
            ", ".join(f"{table}{'' if find('data', table) else ' (--data-dir)'}" for table in fit.needs),
        )
        for name, fit in FITS.items()
    ]
    columns = ("Card", "What is fitted", "From")
    console.show_table(columns, rows, title="Cards that can be fitted", keep=("Card",))


def show_fit(name: str, data_dir: Path | None) -> None:
    """Fit a card and print it.

    Raises
    ------
    ArgumentError
        Where no fit has that name.
    FitError
        Where a table is missing or the fit fails.
    """
    click.echo(_fitted(name, data_dir), nl=False)


def check(name: str | None, data_dir: Path | None) -> None:
    """Compare a card - or every card whose tables are there - with what its data give.

    Raises
    ------
    FitError
        With every card that differs; the first lines of difference.
    """
    faults = Faults()
    for each in [name] if name else list(FITS):
        try:
            fitted = _fitted(each, data_dir)
        except FitError as error:
            if name:
                raise
            click.echo(f"{each}: not checked. {error.faults[0].what}: {error.faults[0].expected}")
            continue
        path = find("models", each)
        committed = path.read_text(encoding="utf-8") if path else ""
        if committed == fitted:
            click.echo(f"{each}: the card is what its data give.")
            continue
        change = difflib.unified_diff(
            committed.splitlines(), fitted.splitlines(), "card", "fit", lineterm="", n=0
        )
        lines = list(change)
        rest = [f"... and {len(lines) - MOST_LINES} more lines."] if len(lines) > MOST_LINES else []
        text = "\n  ".join(["The card is not what its data give:", *lines[:MOST_LINES], *rest])
        faults.add(str(shown(path)) if path else each, "differs from its fit", text)
    faults.raise_if_any(FitError, "`greenrisk fit NAME` prints the fitted card.")


def _fitted(name: str, data_dir: Path | None) -> str:
    if name not in FITS:
        listed = ", ".join(f"`{known}`" for known in FITS)
        expected = f"No card of this name is fitted.{did_you_mean(name, list(FITS))} Fits: {listed}."
        raise ArgumentError(Fault("fit", name, expected))
    fit = FITS[name]
    return to_yaml(fit.run(fit.locate(data_dir)))
