# SPDX-License-Identifier: Apache-2.0
"""Sections of the issuer page on default: the fan over the years, who holds and who breaks, loss and spread."""

from __future__ import annotations

from typing import Final

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from greenrisk.report.charts.issuer_fan import BAND, LEAST, Fan, fan_chart
from greenrisk.report.charts.issuer_heat import Heat, heat_chart
from greenrisk.report.charts.issuer_look import chance, chance_cell, percent_tick
from greenrisk.report.pages.issuers_view import View
from greenrisk.report.pages.section import Part, Section
from greenrisk.report.table import Cell, Column, Table, table, words
from greenrisk.report.wording import MISSING, listed, percent

Floats = NDArray[np.float64]

MOST_ROWS: Final = 30
"""Issuers in the heat map."""

MOST_ISSUERS: Final = 60
"""Issuers in a table of the page; the tables of the run folder hold all."""

BROKEN: Final = 0.5
"""An issuer breaks where its default within twelve months is likelier than not [1]."""


def debt_of(view: View) -> tuple[list[str], Floats]:
    """Return the issuers whose debt is in the sums of losses, and that debt [million]."""
    portfolio, issuers = view.group("portfolio"), view.group("issuers")
    if portfolio is None or issuers is None or "issuer" not in portfolio.coords:
        return [], np.zeros(0)
    names = [str(i) for i in portfolio["issuer"].values]
    lines = issuers["statement"].sel(line=["debt_short", "debt_long"], issuer=names)
    return names, np.nansum(lines.values.astype(float), axis=0)


def weighted_quantile(values: Floats, weights: Floats, shares: tuple[float, ...]) -> Floats:
    """Return quantiles of values by weight: the least value that holds a share of all weight at or below it.

    Parameters
    ----------
    values : array, shape (n, ...)
        Values; none is NaN.
    weights : array, shape (n,)
        Weights, >= 0, not all 0.
    shares : tuple of float
        Shares of the weight, in [0, 1].

    Returns
    -------
    array, shape (shares, ...)
    """
    order = np.argsort(values, axis=0, kind="stable")
    ranked = np.take_along_axis(values, order, axis=0)
    held = np.cumsum(weights[order], axis=0) / weights.sum()
    out = []
    for share_of in shares:
        at = np.minimum((held < share_of - 1e-12).sum(axis=0), len(values) - 1)
        out.append(np.take_along_axis(ranked, at[None], axis=0)[0])
    return np.stack(out)


def fans_of(view: View) -> tuple[list[int], dict[str, Fan]]:
    """Return the years and the fan of every scenario; none where the run keeps no probability by issuer."""
    cells = view.cells("pd", "annual_probability")
    names, debt = debt_of(view)
    if cells is None or not names or not debt.sum() > 0:
        return [], {}
    found = cells.sel(issuer=names)
    years = [int(y) for y in found["year"].values]
    fans = {}
    for scenario in view.scenarios:
        values = found.sel(scenario=scenario).values.astype(float)
        known = np.isfinite(values).all(axis=1)
        low, median, high = weighted_quantile(values[known], debt[known], (BAND[0], 0.5, BAND[1]))
        mean = (values[known] * debt[known, None]).sum(axis=0) / debt[known].sum()
        told = {year: view.metric("default_rate", scenario, year) for year in years}
        ends = {year: (m.low, m.high) for year, m in told.items() if m is not None and np.isfinite(m.low)}
        fans[scenario] = Fan(mean, median, low, high, ends)
    return years, fans


def fan_section(view: View) -> Section | None:
    """Return the fan of default probability by scenario and year."""
    years, fans = fans_of(view)
    if len(years) < 2:
        return None
    at = years.index(view.year) if view.year in years else len(years) - 1
    means = {name: float(fan.mean[at]) for name, fan in fans.items()}
    worst = max(view.shocks or view.scenarios, key=lambda name: means[name])
    title = (
        f"In {years[at]} the mean default probability of the debt is {chance(means[worst])} under "
        f"{view.label(worst, True)}, against {chance(means[view.baseline])} under {view.label(view.baseline, True)}"
    )
    middle = {name: float(fan.median[at]) for name, fan in fans.items()}
    if max(middle.values()) < LEAST:
        half = f"below {percent_tick(LEAST)} in every scenario"
    else:
        half = "of at most " + listed(
            f"{chance(p)} under {view.label(name, True)}" for name, p in middle.items()
        )
    last = listed(
        f"{percent(float(fan.mean[-1]))} under {view.label(name, True)}" for name, fan in fans.items()
    )
    sentence = (
        f"Half of the debt has a default probability of {years[at]} {half}. The mean in {years[-1]} is "
        f"{last}."
    )
    note = (
        "Probability of the twelve months after the end of each year, issuers weighted by the debt of their "
        "statements. The axis is logarithmic: each line of the grid is ten times the one below; what is under "
        f"{percent_tick(LEAST)} stands on the lower edge. Grey bar: 90 % knowledge interval of the mean, in the years "
        "that all draws keep. "
        f"The debt is of {len(debt_of(view)[0]):,} issuers."
    ).replace("90 %", "90\u00a0%")
    return Section(
        "fan",
        "Default over the years",
        sentence,
        (Part("", chart=fan_chart(fans, years, view.look, title, note)),),
    )


def heat_section(view: View) -> Section | None:
    """Return who holds and who breaks: grades by issuer and scenario, with loss and spread of the headline's year."""
    cells, grade = view.cells("pd", "annual_probability"), view.cells("pd", "grade")
    if cells is None or grade is None or view.year not in cells["year"].values:
        return None
    years = [year for year in view.years if year in cells["year"].values]
    order = ranked_issuers(view)
    shown = order[:MOST_ROWS]
    columns = [(name, year) for name in view.scenarios for year in years]

    def grid(values: xr.DataArray) -> list[NDArray[np.generic]]:
        one = values.sel(issuer=shown)
        return [one.sel(scenario=s, year=y).values for s, y in columns]

    found = np.stack(grid(cells), axis=1).astype(float)
    letters = np.where(np.isfinite(found), np.stack(grid(grade), axis=1).astype(str), MISSING)
    heat = Heat(
        [view.name(issuer) for issuer in shown],
        [(view.label(s), y) for s, y in columns],
        found,
        letters.tolist(),
        [k for k, (_, year) in enumerate(columns) if year == view.year],
    )
    title, sentence = _held_or_broken(view)
    body = [
        [
            Cell(view.name(issuer), note=issuer if view.name(issuer) != issuer else ""),
            *(chance_cell(p, str(letter)) for p, letter in zip(found[i], letters[i], strict=True)),
        ]
        for i, issuer in enumerate(shown)
    ]
    heads = [Column("Issuer", number=False), *(Column(str(y), view.label(s)) for s, y in columns)]
    numbers = table("Default probability of the twelve months after the year, with its grade", heads, body)
    note = (
        "Letter: grade of the common scale beside which the probability stands; it is no rating of an agency. Colour: "
        "default probability of the twelve months after the end of the year. Sorted by the largest rise against the "
        f"baseline in {view.year}."
    )
    if cells.sizes["issuer"] > len(shown):
        note += f" The {len(shown)} first of {cells.sizes['issuer']:,} issuers; the run folder holds all."
    narrow = " A narrow screen shows the year of the headline only." if len(years) > 1 else ""
    parts = [Part("", chart=heat_chart(heat, title, numbers, note + narrow))]
    if (paid := _loss_table(view, order)) is not None:
        parts.append(
            Part(
                f"Spread in {view.year}, and below it the loss given default",
                paid,
                "Spread: what a bond without coupons from the statements to the year must pay a year for its expected "
                "loss alone; no premium for risk or liquidity is in it.",
            )
        )
    return Section("heat", "Who holds and who breaks", sentence, tuple(parts))


def ranked_issuers(view: View) -> list[str]:
    """Return the issuers, those first whose default probability rises most against the baseline."""
    found = view.at("pd", "annual_probability")
    if found is None:
        return []
    values = found.values.astype(float)
    base = values[view.scenarios.index(view.baseline)]
    rise = np.nan_to_num((values - base).max(axis=0), nan=-1.0)
    level = np.nan_to_num(values.max(axis=0), nan=-1.0)
    sure = np.nan_to_num(values.mean(axis=0), nan=-1.0)
    # by what is printed: rises that read alike are told apart by the mean over all scenarios
    names = found["issuer"].values.astype(str)
    return [str(names[k]) for k in np.lexsort((-sure, -level, -np.round(rise, 3)))]


def broken(view: View) -> dict[str, tuple[list[str], list[str]]]:
    """Return for each scenario who breaks (default likelier than not) and who is only downgraded, as names."""
    found_in, grade = view.at("pd", "annual_probability"), view.at("pd", "grade")
    if found_in is None or grade is None:
        return {name: ([], []) for name in view.scenarios}
    names = [view.name(str(i)) for i in found_in["issuer"].values]
    base = found_in.sel(scenario=view.baseline).values.astype(float)
    letter = grade.sel(scenario=view.baseline).values.astype(str)
    found = {}
    for scenario in view.scenarios:
        now = found_in.sel(scenario=scenario).values.astype(float)
        falls = now >= BROKEN
        worse = (grade.sel(scenario=scenario).values.astype(str) != letter) & (now > base) & ~falls
        order = np.argsort(-np.nan_to_num(now - base), kind="stable")
        found[scenario] = ([names[k] for k in order if falls[k]], [names[k] for k in order if worse[k]])
    return found


def _held_or_broken(view: View) -> tuple[str, str]:
    found = broken(view)
    known = view.at("pd", "annual_probability")
    seen = 0 if known is None else int(np.isfinite(known.values).all(axis=0).sum())
    counts = {s: len(found[s][0]) for s in view.scenarios}
    worst = max(view.shocks or view.scenarios, key=lambda s: counts[s])
    title = (
        f"In {view.year}, {counts[worst]} of {seen} issuers are likelier to default within twelve months than not "
        f"under {view.label(worst, True)}, {counts[view.baseline]} under {view.label(view.baseline, True)}"
    )
    told = listed(
        f"{counts[s]} break and {len(found[s][1])} more are downgraded under {view.label(s, True)}"
        for s in view.shocks
    )
    sentence = (
        f"Of {seen} issuers with a default probability, by {view.year} {told}." if told else f"{title}."
    )
    gone = int(view.tree.attrs["issuers"]) - seen
    if gone:
        sentence += f" {gone} have none: no lens with a probability has its inputs."
    return title, sentence


def _loss_table(view: View, order: list[str]) -> Table | None:
    spread, loss = view.at("spread", "spread"), view.at("spread", "loss_rate")
    if spread is None or loss is None:
        return None
    rows = []
    for issuer in order[:MOST_ISSUERS]:
        paid = spread.sel(issuer=issuer).values.astype(float)
        lost = loss.sel(issuer=issuer).values.astype(float)
        if np.isfinite(paid).any():
            pairs = zip(paid, lost, strict=True)
            rows.append([words(view.name(issuer)), *(chance_cell(a, f"loses {chance(b)}") for a, b in pairs)])
    heads = [Column("Issuer", number=False), *(Column(view.label(s), "a year") for s in view.scenarios)]
    return table(f"Spread and loss given default in {view.year}", heads, rows, heard=True) if rows else None
