# SPDX-License-Identifier: Apache-2.0
"""Sections of the issuer page on what enters: what the pathways hold, and what the screen refused or set aside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from greenrisk.report.pages.issuers_view import DRIVER_NAMES, View, place, plain
from greenrisk.report.pages.section import Part, Section
from greenrisk.report.table import Cell, Column, Table, count, figure, share, table, words
from greenrisk.report.wording import as_printed, listed, named

NAMED: Final = 4
"""Regions or issuers that a row names; of more it tells how many."""

STATE_WORDS: Final = {
    "covered": "covered",
    "fall-back": "another region stands for it",
    "missing": "not covered",
}

ACTION_WORDS: Final = {
    "quarantined": "Set aside",
    "normalised": "Read as meant",
    "told": "Told, left as it is",
    "missing": "Left missing",
}


def coverage_section(view: View) -> Section | None:
    """Return what the pathway tables hold of what the scenarios need, scenario by region by driver."""
    data = view.group("coverage")
    if data is None:
        return None
    frame = data.to_dataframe().reset_index(drop=True)
    needs, states = len(frame), frame["state"].value_counts().to_dict()
    told = [f"{states.get('covered', 0)} of {needs} needs of the pathways are covered by their own region"]
    if states.get("fall-back"):
        stood = frame[frame["state"] == "fall-back"]
        used = listed(sorted({_region(r) for r in stood["region_used"]}))
        told.append(
            f"{states['fall-back']} by a region that stands for another ({used} for "
            f"{stood['region'].nunique()} countries)"
        )
    missing = int(states.get("missing", 0))
    told.append(f"{missing} by none" if missing else "none is without cover")
    rows: list[list[Cell]] = []
    for (name, variable, used, state), part in frame.groupby(
        ["name", "variable", "region_used", "state"], sort=False
    ):
        held, wanted = int(part["years_held"].min()), int(part["years_needed"].max())
        source = f"{part['model'].iloc[0]}, {part['scenario'].iloc[0]}"
        rows.append(
            [
                Cell(view.label(str(name)), note=source),
                words(named(DRIVER_NAMES, str(variable))),
                words(_few([str(r) for r in part["region"].drop_duplicates()])),
                words(_region(str(used)) if used else "\u2013"),
                words(f"{held} of {wanted}, {part['first_year'].min()} to {part['last_year'].max()}"),
                words(STATE_WORDS.get(str(state), str(state))),
            ]
        )
    heads = [
        Column("Scenario", number=False),
        Column("Driver", number=False),
        Column("Countries of issuers", number=False),
        Column("Read from", number=False),
        Column("Years held of those needed", number=False),
        Column("State", number=False),
    ]
    part = Part("Scenario by region by driver", table("Coverage of the pathways", heads, rows, heard=True))
    return Section("coverage", "Coverage", f"{listed(told)}.", (part,), _cover_notes(view))


def _cover_notes(view: View) -> tuple[str, ...]:
    paths = view.group("pathways")
    if paths is None:
        return ()
    notes = [
        "Checked before any work: a need without cover stops a run unless the scenario says what to do then."
    ]
    if "known_from" in paths:
        later = [
            f"{view.label(str(s), inside=True)} from {int(year)}"
            for s, year in zip(paths["scenario"].values, paths["known_from"].values, strict=True)
            if int(year) > int(paths["year"].values[0])
        ]
        if later:
            notes.append(f"Investors know of a scenario's path only from a year on: {listed(later)}.")
    return tuple(notes)


def _region(name: str) -> str:
    return name.replace("_", " ")


def _few(names: Sequence[str], most: int = NAMED) -> str:
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")


def screen_section(view: View) -> Section:
    """Return what the screen refused, set aside or read as meant, and where lines of statements come from."""
    run, refused = int(view.tree.attrs["issuers"]), int(view.tree.attrs["refused_issuers"])
    sentence = f"{run + refused} issuers were given, {run} are run and {refused} are refused."
    findings = view.group("findings")
    parts = []
    if (gone := view.group("refused")) is not None:
        rows = [
            [Cell(str(gone["name"].values[k]) or str(gone["issuer"].values[k]), note=str(gone["issuer"].values[k])),
             words(as_printed(str(gone["reason"].values[k])))]
            for k in range(gone.sizes["refused"])
        ]  # fmt: skip
        heads = [Column("Issuer", number=False), Column("Why it is not run", number=False)]
        parts.append(Part("Issuers that are not run", table("Refused issuers", heads, rows, heard=True)))
    if findings is not None:
        frame = findings.to_dataframe().reset_index(drop=True)
        kinds = [
            f"{number} {ACTION_WORDS.get(str(action), str(action)).lower()}"
            for action, number in frame["action"].value_counts().items()
        ]
        sentence += f" {len(frame)} figures of {frame['issuer'].nunique()} issuers were found at fault: {listed(kinds)}."
        parts.append(
            Part(
                "Figures that were found at fault",
                _findings(view, frame),
                "A figure set aside is in no calculation; a figure read as meant is told with what was read.",
            )
        )
    else:
        sentence += " No figure was found at fault."
    lines = _lines(view)
    if lines is not None:
        parts.append(
            Part(
                "Where the lines of the statements come from",
                lines,
                "A line that is not given stays missing unless a stated rule fills it; the ledger tells each rule.",
            )
        )
    return Section("screen", "Issuers and what was refused", sentence, tuple(parts))


def _findings(view: View, frame: pd.DataFrame) -> Table:
    order = ["quarantined", "normalised"]
    frame = frame.assign(place=[order.index(a) if a in order else len(order) for a in frame["action"]])
    rows: list[list[Cell]] = []
    keys = ["place", "action", "item", "sort"]
    for (_, action, item, sort), part in frame.sort_values("place", kind="stable").groupby(keys, sort=False):
        who = [view.name(str(i)) for i in part["issuer"].drop_duplicates()]
        details = [as_printed(place(d)) for d in part["detail"].drop_duplicates() if str(d).strip()]
        rows.append(
            [
                words(ACTION_WORDS.get(str(action), str(action))),
                words(plain(str(item))),
                Cell(as_printed(str(sort)), note="; ".join(details[:2])),
                count(float(len(part))),
                words(_few(who)),
            ]
        )
    heads = [
        Column("What was done", number=False),
        Column("Item", number=False),
        Column("Why", number=False),
        Column("Figures"),
        Column("Issuers", number=False),
    ]
    return table("Figures found at fault", heads, rows, heard=True)


def _lines(view: View) -> Table | None:
    data = view.group("issuers")
    if data is None or "statement" not in data:
        return None
    total = data.sizes["issuer"]
    rows: list[list[Cell]] = []
    for line in data["line"].values.astype(str):
        values = data["statement"].sel(line=line).values
        rule = data["rule"].sel(line=line).values.astype(str) if "rule" in data else np.full(total, "")
        known = np.isfinite(values)
        made = known & ~np.isin(rule, ("", "given", "none"))
        names = pd.Series(rule[made]).value_counts()
        told = listed(f"{number} {name.replace('_', ' ')}" for name, number in names.items())
        rows.append(
            [
                words("EBIT" if line == "ebit" else plain(line)),
                count(float((known & ~made).sum())),
                Cell(str(int(made.sum())), float(made.sum()), note=told),
                count(float((~known).sum())),
                share(float(known.mean())),
                figure(float(np.nansum(values)) if known.any() else float("nan")),
            ]
        )
    unit = f"{view.unit}"
    heads = [
        Column("Line", number=False),
        Column("Given", "issuers"),
        Column("By a rule", "issuers"),
        Column("Missing", "issuers"),
        Column("Known", "of issuers"),
        Column("Sum of what is known", unit),
    ]
    return table("Lines of the statements", heads, rows, heard=True)
