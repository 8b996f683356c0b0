# SPDX-License-Identifier: Apache-2.0
"""Sections of the issuer page on what enters: what the pathways hold, and what the screen refused or set aside."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from greenrisk.report.pages.issuers_view import View, driver_name, grouped, place, plain
from greenrisk.report.pages.section import Part, Section
from greenrisk.report.table import Cell, Column, Table, count, figure, share, table, words
from greenrisk.report.wording import MISSING, as_printed, listed, lower_first

NAMED: Final = 4
"""Regions or issuers that a row names; of more it tells how many."""

ACTION_WORDS: Final = {
    "quarantined": "Set aside",
    "normalised": "Read as meant",
    "told": "Told and left",
    "missing": "Left missing",
}
"""What was done with a figure -> its words."""


def coverage_section(view: View) -> Section | None:
    """Return what the pathway tables hold of what the scenarios need, scenario by region by driver."""
    data = view.group("coverage")
    if data is None:
        return None
    frame = data.to_dataframe().reset_index(drop=True)
    frame = frame.assign(
        how=[_how(str(s), str(r)) for s, r in zip(frame["state"], frame["reason"], strict=True)]
    )
    needs, covered = len(frame), int((frame["state"] == "covered").sum())
    missing = int((frame["state"] == "missing").sum())
    stood = needs - covered - missing
    told = [f"{covered} of {needs} needs are in the tables as asked"]
    if stood:
        told.append(f"{stood} are read from what stands for them")
    told.append(f"{missing} are not covered" if missing else "none is without cover")
    rows: list[list[Cell]] = []
    keys = ["name", "model", "region_used", "state", "how"]
    for (name, model, used, state, how), part in frame.groupby(keys, sort=False):
        held, wanted = int(part["years_held"].min()), int(part["years_needed"].max())
        drivers = [driver_name(str(v)) for v in part["variable"].drop_duplicates()]
        rows.append(
            [
                Cell(view.label(str(name)), note=f"{model}, {part['scenario'].iloc[0]}"),
                words(listed([drivers[0], *(lower_first(d) for d in drivers[1:])])),
                words(_few([_region(str(r)) for r in part["region"].drop_duplicates()])),
                words(_region(str(used)) if used else MISSING),
                words(f"{held} of {wanted}"),
                Cell(str(how), note="" if state != "missing" else "not covered"),
            ]
        )
    heads = [
        Column("Scenario", number=False),
        Column("Driver", number=False),
        Column("Region asked", number=False),
        Column("Read from", number=False),
        Column("Years held", "of those needed", number=False),
        Column("How", number=False),
    ]
    cover = table("Coverage of the pathways", heads, rows, heard=True)
    parts = (Part("Scenario by region by driver", cover),)
    return Section("coverage", "Coverage", f"{listed(told)}.", parts, _cover_notes(view))


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


def _how(state: str, reason: str) -> str:
    """Return how a need is met: a region that stands for another is told once, not by country."""
    if state == "covered":
        return "as asked"
    found = re.fullmatch(r"`([^`]+)` stands for .+", reason.strip())
    if found:
        return f"{found[1]} stands for it"
    return reason.rstrip(".") or state


def upper_first(text: str) -> str:
    """Return a text as it begins a sentence."""
    return text[:1].upper() + text[1:]


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
             words(upper_first(as_printed(grouped(str(gone["reason"].values[k])))))]
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
        whose = frame["issuer"].nunique()
        sentence += f" {len(frame)} figures of {whose} issuers were found at fault: {listed(kinds)}."
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
        details = [as_printed(grouped(place(d))) for d in part["detail"].drop_duplicates() if str(d).strip()]
        rows.append(
            [
                words(ACTION_WORDS.get(str(action), str(action))),
                words(plain(str(item))),
                Cell(as_printed(grouped(str(sort))), note="; ".join(details[:2])),
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
        told = listed(f"{number} {str(name).replace('_', ' ')}" for name, number in names.items())
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
