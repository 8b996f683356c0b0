# SPDX-License-Identifier: Apache-2.0
"""Section of the issuer page on the lenses: side by side, why one is silent, and where they disagree."""

from __future__ import annotations

import re
from typing import Final

import numpy as np
import xarray as xr

from greenrisk.issuer.credit.lenses import APART
from greenrisk.report.charts.issuer_look import chance
from greenrisk.report.pages.issuers_credit_sections import MOST_ISSUERS, ranked_issuers
from greenrisk.report.pages.issuers_view import LENS_NAMES, View
from greenrisk.report.pages.section import Part, Section
from greenrisk.report.table import Cell, Column, Table, count, table, words
from greenrisk.report.wording import MISSING, listed, lower_first, named, significant

ZONES: Final = ("distress", "grey", "safe")


def lens_section(view: View) -> Section | None:
    """Return what each lens says of each issuer, and where they say different things."""
    data = view.group("lenses")
    if data is None or view.year not in data["year"].values:
        return None
    one = data.sel(year=view.year)
    lenses = [str(name) for name in data["lens"].values]
    speaks = {name: int((one["reason"].sel(lens=name).values < 0).any(axis=0).sum()) for name in lenses}
    talking = [name for name in lenses if speaks[name]]
    silent = [named(LENS_NAMES, name) for name in lenses if not speaks[name]]
    sentence = (
        f"{len(talking)} of {len(lenses)} lenses {'speaks' if len(talking) == 1 else 'speak'} of an issuer; none is "
        "blended with another."
    )
    if silent:
        others = (name if name.startswith("Altman") else lower_first(name) for name in silent[1:])
        told = listed([silent[0], *others])
        sentence += f" {told} {'says' if len(silent) == 1 else 'say'} nothing here: the reasons stand below."
    sentence += f" {_disagreement(view, one)}"
    worst = worst_scenario(view)
    parts = []
    if len(talking) > 1:
        parts.append(
            Part(
                f"What each lens says of each issuer in {view.year}: {view.label(view.baseline, True)}, then "
                f"{view.label(worst, True)}",
                _side_by_side(view, one, talking, worst),
                "A letter is a grade of the common scale; a word is the lens's own zone where it has no grade. A dash: "
                f"an input is missing. Apart: lenses lie {APART} or more grades apart, or one sees distress where "
                "another sees safety.",
            )
        )
    if talking:
        parts.append(Part(f"Lens by lens, all issuers in {view.year}", _counts(view, one, lenses)))
    if (quiet := _reasons(view, one)) is not None:
        parts.append(Part("Why a lens is silent", quiet))
    return Section("lenses", "Lenses side by side", sentence, tuple(parts))


def worst_scenario(view: View) -> str:
    """Return the scenario with the largest expected loss of the headline."""
    found = {name: view.metric("expected_loss_rate", name) for name in view.scenarios}
    values = {name: m.value for name, m in found.items() if m is not None and np.isfinite(m.value)}
    return max(values, key=lambda name: values[name]) if values else view.scenarios[-1]


def _disagreement(view: View, one: xr.Dataset) -> str:
    number = compared(one)
    if not number:
        return "No issuer is seen by two lenses, so that there is nothing to compare."
    told = []
    for scenario in view.scenarios:
        apart = one["apart"].sel(scenario=scenario).values > 0
        told.append(f"{int(apart.sum())} under {view.label(scenario, True)}")
    lead = f"In {view.year} they disagree ({APART} or more grades apart, or distress beside safety) on {listed(told)}"
    return f"{lead}, of {number} issuers of whom at least two lenses speak."


def compared(one: xr.Dataset) -> int:
    """Return of how many issuers at least two lenses speak, in some scenario of a year."""
    speaks = one["reason"].transpose("lens", "scenario", "issuer").values < 0
    return int((speaks.sum(axis=0) >= 2).any(axis=0).sum())


def said(view: View, one: xr.Dataset, lens: str) -> Cell:
    """Return what a lens says of one issuer in one scenario and year: its grade or zone, and its own value."""
    at = one.sel(lens=lens)
    if int(at["reason"]) >= 0:
        return words(MISSING)
    grades = _grades(view)
    grade, zone = int(at["grade"]), int(at["zone"])
    text = grades[grade] if 0 <= grade < len(grades) else ZONES[zone] if zone >= 0 else "told"
    return Cell(text, float(grade) if grade >= 0 else None)


def lens_value(view: View, one: xr.Dataset, lens: str) -> str:
    """Return the own value of a lens of one issuer; a dash where it is silent."""
    at = one.sel(lens=lens)
    value, found = float(at["value"]), float(at["annual_probability"])
    if lens == "merton" and np.isfinite(found):
        return f"{chance(found)} a year"
    if not np.isfinite(value):
        return "without bound" if np.isposinf(value) else MISSING
    unit = str(one["unit"].sel(lens=lens).values)
    return significant(value) + ("" if unit == "1" else f"\u00a0{unit}s")


def _grades(view: View) -> list[str]:
    """Return the letters of the common scale, best first."""
    matrix = view.group("transitions")
    if matrix is not None and "from" in matrix.coords:
        letters = [str(g) for g in matrix["to"].values] if "to" in matrix.coords else []
        if letters:
            return [g for g in letters if g != "NR"]
    return ["AAA", "AA", "A", "BBB", "BB", "B", "CCC", "D"]


def _side_by_side(view: View, one: xr.Dataset, lenses: list[str], worst: str) -> Table:
    rows = []
    held = set(one["issuer"].values.astype(str))
    for name in [name for name in ranked_issuers(view) if name in held][:MOST_ISSUERS]:
        issuer = one.sel(issuer=name)
        calm, hit = issuer.sel(scenario=view.baseline), issuer.sel(scenario=worst)
        if (issuer["reason"].values >= 0).all():
            continue
        cells = [words(view.name(name))]
        for lens in lenses:
            before, after = said(view, calm, lens), said(view, hit, lens)
            text = before.text if before.text == after.text else f"{before.text} \u2192 {after.text}"
            cells.append(Cell(text, after.value))
        apart = [view.label(s) for s in view.scenarios if int(issuer["apart"].sel(scenario=s)) > 0]
        cells.append(words(str(len(apart)) if apart else "no"))
        rows.append(cells)
    heads = [Column("Issuer", number=False), *(Column(named(LENS_NAMES, n), number=False) for n in lenses)]
    heads.append(Column("Apart", f"of {len(view.scenarios)} scenarios", number=False))
    return table("Lenses by issuer", heads, rows, heard=True)


def _counts(view: View, one: xr.Dataset, lenses: list[str]) -> Table:
    rows = []
    for lens in lenses:
        at = one.sel(lens=lens)
        for scenario in view.scenarios:
            here = at.sel(scenario=scenario)
            speaks = int((here["reason"].values < 0).sum())
            if not speaks:
                continue
            zones = [count(float((here["zone"].values == z).sum())) for z in range(len(ZONES))]
            rows.append(
                [words(named(LENS_NAMES, lens)), words(view.label(scenario)), count(float(speaks)), *zones]
            )
    heads = [Column("Lens", number=False), Column("Scenario", number=False), Column("Speaks of", "issuers")]
    heads += [Column(zone.capitalize(), "issuers") for zone in ZONES]
    return table("Zones by lens", heads, rows, heard=True)


def reason_words(view: View) -> dict[tuple[str, int], str]:
    """Return the sentence of each lens and number of a reason."""
    told = view.group("lens_reasons")
    if told is None:
        return {}
    keys = zip(told["lens"].values.astype(str), told["reason"].values.astype(int), strict=True)
    texts = [re.sub(r"\bebit\b", "EBIT", str(text)) for text in told["sentence"].values]
    return dict(zip(((str(a), int(b)) for a, b in keys), texts, strict=True))


def _reasons(view: View, one: xr.Dataset) -> Table | None:
    told = reason_words(view)
    base = one.sel(scenario=view.baseline)
    rows = []
    for lens in (str(name) for name in one["lens"].values):
        reason = base["reason"].sel(lens=lens).values.astype(int)
        for number in np.unique(reason[reason >= 0]):
            who = [view.name(str(base["issuer"].values[k])) for k in np.flatnonzero(reason == number)]
            named_few = ", ".join(who[:3]) + (f" and {len(who) - 3} more" if len(who) > 3 else "")
            rows.append(
                [
                    words(named(LENS_NAMES, lens)),
                    words(told.get((lens, int(number)), "")),
                    count(float(len(who))),
                    words("all" if len(who) == reason.size else named_few),
                ]
            )
    heads = [
        Column("Lens", number=False),
        Column("What is missing", number=False),
        Column("Issuers"),
        Column("Who", number=False),
    ]
    return (
        table(f"Silent lenses under {view.label(view.baseline, True)}", heads, rows, heard=True)
        if rows
        else None
    )
