# SPDX-License-Identifier: Apache-2.0
"""Sections of the issuer page on a bad year and on grades that move: conditional default, capital, transitions."""

from __future__ import annotations

from typing import Final

import numpy as np
import xarray as xr

from greenrisk.report.charts.issuer_look import chance_cell, rate
from greenrisk.report.pages.issuers_credit_sections import debt_of, ranked_issuers
from greenrisk.report.pages.issuers_lens_section import worst_scenario
from greenrisk.report.pages.issuers_view import View
from greenrisk.report.pages.section import Part, Section
from greenrisk.report.table import Cell, Column, Table, count, figure, share, table, words
from greenrisk.report.wording import MISSING, listed, percent, significant, whole

FIRST: Final = 15
"""Issuers that the table of a bad year names."""


def stress_section(view: View) -> Section | None:
    """Return default probability in a bad year of the economy, and the capital that the Basel rule asks for it."""
    data = view.group("conditional")
    if data is None or view.year not in data["year"].values:
        return None
    names, debt = debt_of(view)
    level = float(data.attrs.get("level", np.nan))
    rows: list[list[Cell]] = []
    means: dict[str, tuple[float, float]] = {}
    for scenario in view.scenarios:
        for year in (y for y in view.years if y in data["year"].values):
            at = data.sel(scenario=scenario, year=year)
            held = at.sel(issuer=names) if names else at
            calm, hard, capital = (
                _mean(held[name].values.astype(float), debt if names else np.ones(held.sizes["issuer"]))
                for name in ("annual_probability", "stressed_probability", "capital")
            )
            if year == view.year:
                means[scenario] = (calm, hard)
            floored = int((at["floored"].values > 0).sum()) if "floored" in at else 0
            rows.append(
                [
                    words(view.label(scenario)),
                    Cell(str(year), float(year)),
                    share(calm),
                    share(hard),
                    share(capital),
                    count(float(floored)),
                ]
            )
    worst = max(view.scenarios, key=lambda s: np.nan_to_num(means[s][1] - means[s][0]))
    sentence = (
        f"In a year of the economy as bad as 1 in {whole(1 / (1 - level))}, the mean default probability of the debt "
        f"in {view.year} rises from {percent(means[worst][0])} to {percent(means[worst][1])} under "
        f"{view.label(worst, True)}, where it rises most."
    )
    heads = [
        Column("Scenario", number=False),
        Column("Year"),
        Column("Mean default probability", "by debt"),
        Column("in the bad year", "by debt"),
        Column("Capital by the Basel rule", "of the debt"),
        Column("Raised to Basel's floor", "issuers"),
    ]
    maturity = float(data.attrs.get("maturity", np.nan))
    note = (
        "One common factor at the level of the scenario, asset correlation of the Basel rule. Capital: the rule at "
        f"{percent(float(data.attrs.get('capital_level', np.nan)))}, maturity {significant(maturity, 2)} years"
        + ("" if int(data.attrs.get("size_adjustment", 0)) else ", no adjustment for small firms")
        + "."
    )
    parts = (
        Part("A bad year of the economy, by scenario", table("Bad year", heads, rows, heard=True), note),
        Part(f"Issuers in {view.year} under {view.label(worst, True)}", _issuers(view, data, worst)),
    )
    return Section("stress", "A bad year", sentence, parts)


def _mean(values: np.ndarray, weights: np.ndarray) -> float:
    known = np.isfinite(values)
    total = float(weights[known].sum())
    return float((values[known] * weights[known]).sum() / total) if total > 0 else float("nan")


def _issuers(view: View, data: xr.Dataset, scenario: str) -> Table:
    at = data.sel(scenario=scenario, year=view.year)
    rows = []
    for issuer in ranked_issuers(view)[:FIRST]:
        one = at.sel(issuer=issuer)
        if not np.isfinite(float(one["stressed_probability"])):
            continue
        rows.append(
            [
                words(view.name(issuer)),
                chance_cell(float(one["annual_probability"])),
                chance_cell(float(one["stressed_probability"])),
                figure(float(one["correlation"]), 2),
                share(float(one["loss_rate"])),
                chance_cell(float(one["capital"])),
                chance_cell(float(one["risk_weight"])),
            ]
        )
    heads = [
        Column("Issuer", number=False),
        Column("Default probability"),
        Column("in the bad year"),
        Column("Asset correlation"),
        Column("Loss given default"),
        Column("Capital", "of exposure"),
        Column("Risk weight"),
    ]
    return table("Issuers in a bad year", heads, rows, heard=True)


def transition_section(view: View) -> Section | None:
    """Return the matrices of transition, how the cycle moves them, and where the issuers' grades go."""
    data = view.group("transitions")
    if data is None:
        return None
    worst = worst_scenario(view)
    years = [int(y) for y in data["year"].values]
    year = view.year if view.year in years else years[0]
    grades = [str(g) for g in data["from"].values]
    shown = next((g for g in ("BB", "BBB", grades[len(grades) // 2]) if g in grades), grades[0])
    last = str(data["to"].values[-1])
    fails = data["probability"].sel({"year": year, "from": shown, "to": last})
    calm, hard = (float(fails.sel(scenario=s)) for s in (view.baseline, worst))
    sentence = (
        f"By the history of ratings alone, an issuer of grade {shown} defaults within {year} with {rate(calm)} under "
        f"{view.label(view.baseline, True)} and with {rate(hard)} under {view.label(worst, True)}. Only the path of "
        "output moves these matrices, no channel: they say what the economy alone would do."
    )
    parts = [
        Part("Average matrix of a year", _matrix(data["average"]), _matrix_note(data)),
        Part(
            f"Matrix of {year} under {view.label(worst, True)}",
            _matrix(data["probability"].sel(scenario=worst, year=year)),
        ),
        Part("The cycle that moves the matrices", _factors(view, data, years), _cycle_note(data)),
    ]
    parts += _defaults(view)
    if (moves := _moves(view, worst)) is not None:
        parts.append(moves)
    return Section("transitions", "Grades that move", sentence, tuple(parts))


def _matrix(values: xr.DataArray) -> Table:
    to = [str(g) for g in values["to"].values]
    rows = [
        [words(str(g)), *(share(float(values.sel({"from": g, "to": t}))) for t in to)]
        for g in values["from"].values
    ]
    return table(
        "Matrix of transition", [Column("From", number=False), *(Column(t) for t in to)], rows, heard=True
    )


def _matrix_note(data: xr.Dataset) -> str:
    told = [
        f"Table {data.attrs.get('matrix', '')}, issuers that lost their rating taken out. An average over good and bad "
        "years lies above the matrix of a middle year."
    ]
    clipped = float(data.attrs.get("generator_clipped", 0))
    if clipped:
        told.append(
            f"Its generator has {whole(clipped)} entries below zero that were cut to zero, which moves no entry of the "
            f"matrix by more than {percent(float(data.attrs.get('generator_moved_most', np.nan)))}."
        )
    return " ".join(told)


def _cycle_note(data: xr.Dataset) -> str:
    output, own = (float(data.attrs.get(name, np.nan)) for name in ("factor_on_output", "cycle_correlation"))
    return (
        f"Factor: state of the cycle in standard deviations, {significant(output, 2)} for one per cent of output; "
        f"share of the cycle in a grade's movements {significant(own, 2)}. Both are of a card: no yearly history "
        "is open."
    )


def _factors(view: View, data: xr.Dataset, years: list[int]) -> Table:
    rows = []
    for scenario in view.scenarios:
        cells = [words(view.label(scenario))]
        for year in years:
            at = data.sel(scenario=scenario, year=year)
            cells += [Cell(significant(float(at["gdp_deviation"]), 2), float(at["gdp_deviation"]))]
            cells += [Cell(significant(float(at["factor"]), 2), float(at["factor"]))]
        rows.append(cells)
    heads = [Column("Scenario", number=False)]
    for year in years:
        heads += [Column(f"{year}: output", "% against the baseline"), Column("factor")]
    return table("State of the cycle", heads, rows, heard=True)


def _defaults(view: View) -> list[Part]:
    data = view.group("default_by_grade")
    if data is None:
        return []
    year = int(data["year"].values[-1])
    at_end = data.sel(year=year)
    grades = [str(g) for g in data["from"].values if str(g) != str(data["from"].values[-1])]
    history: list[list[Cell]] = []
    model: list[list[Cell]] = []
    for grade in grades:
        at = at_end.sel({"from": grade})
        cells = [words(grade), chance_cell(float(at["average_default"]))]
        own = [words(grade), count(float(at["issuers"]))]
        for scenario in view.scenarios:
            one = at.sel(scenario=scenario)
            drawn = "low" in one and np.isfinite(float(one["low"]))
            ends = f"{percent(float(one['low']))} to {percent(float(one['high']))}" if drawn else ""
            cells.append(chance_cell(float(one["cumulative_default"]), ends))
            mean = float(one["model_default"]) if "model_default" in one else float("nan")
            own.append(chance_cell(mean) if np.isfinite(mean) else words(MISSING))
        history.append(cells)
        if float(at["issuers"]) > 0:
            model.append(own)
    scenarios = [Column(view.label(s)) for s in view.scenarios]
    heads = [Column("Grade", number=False), Column("Average matrix"), *scenarios]
    parts = [
        Part(
            f"Default up to {year} by grade, by the history of ratings",
            table(f"Cumulative default up to {year} by the matrices", heads, history, heard=True),
            "Along the matrices of the scenario; below, the 90\u00a0% interval over draws of the card of the cycle.",
        )
    ]
    if model:
        heads = [Column("Grade at the begin", number=False), Column("Issuers"), *scenarios]
        parts.append(
            Part(
                f"Default up to {year} by the same grades, by the model",
                table(f"Cumulative default up to {year} by the model", heads, model, heard=True),
                "Mean over issuers that have the grade in the baseline's first year; here the channels count.",
            )
        )
    return parts


def _moves(view: View, worst: str) -> Part | None:
    data = view.group("grade_moves")
    if data is None or view.year not in data["year"].values:
        return None
    at = data["issuers"].sel(scenario=worst, year=view.year)
    to = [str(g) for g in at["to"].values]
    rows = []
    for grade in (str(g) for g in at["from"].values):
        counts = at.sel({"from": grade}).values.astype(float)
        if not counts.sum() > 0:
            continue
        rows.append([words(grade), *(Cell(f"{n:.0f}" if n else "", n) for n in counts)])
    if not rows:
        return None
    values = at.transpose("from", "to").values.astype(float)
    grades = [str(g) for g in at["from"].values]
    rank = {g: k for k, g in enumerate(to)}
    down = sum(
        values[i, j] for i, g in enumerate(grades) for j, t in enumerate(to) if rank[t] > rank.get(g, 99)
    )
    stay = sum(values[i, rank[g]] for i, g in enumerate(grades) if g in rank)
    up = values.sum() - down - stay
    heads = [Column("Grade in the baseline", number=False), *(Column(t, "issuers") for t in to)]
    told = listed(f"{n:.0f} {word}" for n, word in ((stay, "keep their grade"), (down, "fall"), (up, "rise")))
    return Part(
        f"Grades of {view.year} under {view.label(worst, True)}: {told}",
        table("Grades in the baseline and in the scenario", heads, rows, heard=True),
    )
