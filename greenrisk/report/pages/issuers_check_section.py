# SPDX-License-Identifier: Apache-2.0
"""Section of the issuer page that sets its figures beside what is known from elsewhere: compared, never validated."""

from __future__ import annotations

import numpy as np
import xarray as xr

from greenrisk.report.charts.issuer_look import chance, chance_cell, rate
from greenrisk.report.pages.issuers_view import LENS_NAMES, View, plain
from greenrisk.report.pages.section import Part, Section
from greenrisk.report.table import Cell, Column, count, share, table, words
from greenrisk.report.wording import MISSING, listed, lower_first, named, percent, significant

LEAST_RATIO = 1e-3
"""Smallest ratio that is told in digits [unitless]."""

APART_SHOWN = 20
"""Issuers whose lenses lie apart that the page names."""


def checks_section(view: View) -> Section | None:
    """Return the checks of sense: carbon cost, default rates by grade, lenses against each other, two methods."""
    makers = (_carbon, _default, _lenses, _methods)
    parts = [part for maker in makers if (part := maker(view)) is not None]
    if not parts:
        return None
    sentence = (
        "What the run says, set beside what is known from elsewhere. These are comparisons: none of them shows that "
        "the model is right, and no parameter was fitted to them."
    )
    return Section("checks", "Checks of sense", sentence, tuple(parts))


def _ratio(value: float) -> Cell:
    if not np.isfinite(value):
        return words(MISSING)
    return Cell("below 0.001" if 0 < value < LEAST_RATIO else significant(value, 2), value)


def _beyond(flag: object) -> Cell:
    return words("beyond the bound" if int(float(str(flag))) else "within")


def _carbon(view: View) -> Part | None:
    data = view.group("checks_carbon")
    if data is None:
        return None
    rows = []
    unlike = []
    for k in range(data.sizes["sector"]):
        one = data.isel(sector=k)
        name, like, number = str(one["sector"].values), str(one["like"].values), float(one["issuers"])
        if not like or not number > 0:
            unlike.append(name)
            continue
        quartiles = f"{percent(float(one['itr_low']))} to {percent(float(one['itr_high']))}"
        there = float(one["itr_median"])
        rows.append(
            [
                words(plain(name)),
                count(number),
                share(float(one["our_median"])),
                words(like.replace("_", " ")),
                Cell(percent(there), there, note=f"{quartiles}, {int(one['itr_companies'])} companies"),
                _ratio(float(one["ratio"])),
                _beyond(one["beyond"].values),
            ]
        )
    if not rows:
        return None
    alone = f" Nothing there is like {listed(lower_first(name) for name in unlike)}." if unlike else ""
    held = data.isel(sector=np.flatnonzero(np.isfinite(data["ratio"].values.astype(float))))
    beyond = [lower_first(str(s)) for s in held["sector"].values[held["beyond"].values > 0]]
    factor = float(data.attrs.get("factor", np.nan))
    price = float(data.attrs.get("price_usd", np.nan))
    told = f"{listed(beyond)} {'lies' if len(beyond) == 1 else 'lie'}" if beyond else "none lies"
    heads = [
        Column("Sector", number=False),
        Column("Issuers"),
        Column("Median here", "of revenue"),
        Column("Sector of the ITR sample", number=False),
        Column("Median there", "of revenue; quartiles"),
        Column("Ratio", "times"),
        Column("Bound", number=False),
    ]
    return Part(
        f"Carbon cost over revenue: of {held.sizes['sector']} sectors {told} more than {significant(factor, 2)} times "
        "from the ITR sample",
        table("Carbon cost over revenue beside the ITR sample", heads, rows, heard=True),
        f"Scope 1 at USD\u00a0{significant(price)} a tonne over revenue, on both sides; real companies of the ITR "
        f"sample of 2023. The bound is a judgement of a card.{alone}",
    )


def _default(view: View) -> Part | None:
    data = view.group("checks_default")
    if data is None:
        return None
    rows = []
    compared = beyond = 0
    for lens in (str(v) for v in data["rated_by"].values):
        for grade in (str(g) for g in data["grade"].values):
            # A long-run rate is that of no shock.
            one = data.sel(rated_by=lens, grade=grade, scenario=view.baseline)
            issuers = float(one["issuers"])
            if not issuers > 0:
                continue
            compared, beyond = compared + 1, beyond + bool(int(one["beyond"]))
            rows.append(
                [
                    words(named(LENS_NAMES, lens)),
                    words(grade),
                    count(issuers),
                    chance_cell(float(one["mean_probability"])),
                    chance_cell(float(one["median_probability"])),
                    share(float(one["long_run_rate"])),
                    _ratio(float(one["ratio"])),
                    _beyond(one["beyond"].values),
                ]
            )
    if not rows:
        return None
    heads = [
        Column("Graded by", number=False),
        Column("Grade", number=False),
        Column("Issuers"),
        Column("Mean of Merton"),
        Column("Median of Merton"),
        Column("Long-run rate of the grade"),
        Column("Mean over long-run", "times"),
        Column("Bound", number=False),
    ]
    factor = float(data.attrs.get("factor", np.nan))
    return Part(
        f"Default probability beside the long-run default rate of the grade: {beyond} of {compared} means lie more "
        f"than {significant(factor, 2)} times away",
        table("Default probability by grade", heads, rows, heard=True),
        f"Issuers are graded by a lens that knows nothing of Merton's probability, in {view.year}, under "
        f"{view.label(view.baseline, True)}; long-run rates are the history of ratings. "
        "The run folder holds all scenarios.",
    )


def _lenses(view: View) -> Part | None:
    data = view.group("checks_lenses")
    if data is None or "grades_apart" not in data:
        return None
    grades = data["grades_apart"].transpose("scenario", "issuer").values.astype(int)
    flagged = data["apart"].transpose("scenario", "issuer").values > 0
    places = np.argwhere(flagged)
    widest = places[np.argsort(-grades[flagged], kind="stable")][:APART_SHOWN]
    scenarios = [str(s) for s in data["scenario"].values]
    rows = [
        _apart_row(view, scenarios[i], data.isel(scenario=int(i), issuer=int(k))) for i, k in widest.tolist()
    ]
    told = listed(
        f"{int(data['issuers_apart'].sel(scenario=s))} of {int(data['issuers_compared'].sel(scenario=s))} under "
        f"{view.label(s, True)}"
        for s in view.scenarios
    )
    heads = [
        Column("Scenario", number=False),
        Column("Issuer", number=False),
        Column("Most hopeful", number=False),
        Column("Least hopeful", number=False),
        Column("Grades apart"),
    ]
    if not rows:
        return None
    more = len(places) - APART_SHOWN
    return Part(
        f"Lenses disagree on {told}",
        table("Lenses that disagree", heads, rows, heard=True),
        f"The widest {APART_SHOWN} of {len(places):,}." if more > 0 else "",
    )


def _apart_row(view: View, scenario: str, at: xr.Dataset) -> list[Cell]:
    def told(end: str) -> Cell:
        lens, found = str(at[f"{end}_lens"].values), float(at[f"{end}_probability"])
        return Cell(named(LENS_NAMES, lens), note=f"{chance(found)} a year" if np.isfinite(found) else "")

    grades = int(at["grades_apart"])
    return [
        words(view.label(scenario)),
        words(view.name(str(at["issuer"].values))),
        told("lowest"),
        told("highest"),
        Cell(str(grades) if grades >= 0 else MISSING, float(grades)),
    ]


def _methods(view: View) -> Part | None:
    data = view.group("portfolio")
    if data is None or "expected_simulated" not in data:
        return None
    rows = []
    apart = []
    for scenario in view.scenarios:
        at = data.sel(scenario=scenario)
        simulated, error, closed = (
            float(at[name]) for name in ("expected_simulated", "expected_error", "expected_closed_form")
        )
        distance = (simulated - closed) / error if error > 0 else float("nan")
        apart.append(distance)
        rows.append(
            [
                words(view.label(scenario)),
                Cell(rate(simulated), simulated),
                Cell(rate(closed), closed),
                _ratio(distance),
            ]
        )
    if not np.isfinite(apart).any():
        return None
    heads = [
        Column("Scenario", number=False),
        Column("Simulated", "of the debt"),
        Column("Closed form", "of the debt"),
        Column("Apart", "standard errors"),
    ]
    most = significant(float(np.nanmax(np.abs(apart))), 2)
    return Part(
        f"Expected loss by two methods: simulation and closed form are at most {most} standard errors apart",
        table("Simulation beside closed form", heads, rows, heard=True),
        "From the same cards: a check of the arithmetic, not of the cards.",
    )
