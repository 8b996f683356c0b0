# SPDX-License-Identifier: Apache-2.0
"""What ``greenrisk fit`` does: lists the fits, runs one, compares it with the committed card."""

from __future__ import annotations

import difflib
from pathlib import Path

import click

from greenrisk.core.errors import ArgumentError, Fault, FitError
from greenrisk.core.library import find
from greenrisk.core.marked_yaml import did_you_mean


def fit(name: str | None, *, check: bool, data_dir: Path | None) -> None:
    """Run a fit and print its card, or compare it; without a name list the fits.

    Raises
    ------
    ArgumentError
        Where no fit has that name.
    FitError
        Where the committed card differs from the fit, or the fit fails.
    """
    from greenrisk.resource.calibration import FITS

    if name is None:
        from greenrisk.cli import console

        rows = [(key, str(getattr(made, "title", ""))) for key, made in FITS.items()]
        console.show_table(("Card", "What is fitted"), rows, title="Cards that can be fitted", keep=("Card",))
        return
    if name not in FITS:
        listed = ", ".join(f"`{known}`" for known in FITS)
        raise ArgumentError(
            Fault(
                "fit",
                name,
                f"No card of this name is fitted.{did_you_mean(name, list(FITS))} Fits: {listed}.",
            )
        )
    text = FITS[name].run(data_dir)
    if not check:
        click.echo(text, nl=False)
        return
    path = find("models", name)
    committed = path.read_text(encoding="utf-8") if path else ""
    if committed != text:
        lines = list(
            difflib.unified_diff(committed.splitlines(), text.splitlines(), "card", "fit", lineterm="", n=0)
        )
        raise FitError(
            Fault(
                name,
                f"{len(lines)} lines of difference",
                "The committed card is not what its data give:\n" + "\n".join(lines[:40]),
            )
        )
    click.echo(f"{name}: the committed card is what its data give.")
