# SPDX-License-Identifier: Apache-2.0
"""The page of one issuer, the one hurt most: its statement by scenario and year, channels, lenses, tornado, checks."""

from __future__ import annotations

from typing import Final

import numpy as np
import xarray as xr

from greenrisk.report.charts.issuer_lines import Panel, Told, lines_chart
from greenrisk.report.charts.issuer_look import chance, chance_cell
from greenrisk.report.charts.issuer_tornado import Swing, swings_chart
from greenrisk.report.charts.plate import Chart
from greenrisk.report.pages.issuers_channel_section import channel_titles, steps_of, waterfall
from greenrisk.report.pages.issuers_lens_section import lens_value, reason_words, said
from greenrisk.report.pages.issuers_one_checks import issuer_checks
from greenrisk.report.pages.issuers_portfolio_sections import tornado_swings
from greenrisk.report.pages.issuers_view import BASIS_NAMES, LENS_NAMES, View, plain
from greenrisk.report.pages.section import Part, Section
from greenrisk.report.table import Cell, Column, Table, figure, share, table, words
from greenrisk.report.wording import (
    MISSING,
    first_sentence,
    listed,
    lower_first,
    named,
    percent,
)

DRAWN: Final = (("ebit", "EBIT"), ("equity", "Equity"), ("cash", "Cash"))
"""Lines of the statement that the figure shows, beside the default probability."""

SATURATED: Final = 0.005
"""A tornado whose widest bar is narrower than this says nothing; another scenario is drawn [1]."""


def hurt_most(view: View) -> tuple[str, str] | None:
    """Return the issuer whose expected loss rises most against the baseline, and the scenario under which it does."""
    loss = view.at("spread", "expected_loss")
    if loss is None or not view.shocks or view.at("pd", "annual_probability") is None:
        return None
    base = loss.sel(scenario=view.baseline)
    rise = (loss.sel(scenario=list(view.shocks)) - base).transpose("scenario", "issuer").values.astype(float)
    if not np.isfinite(rise).any():
        return None
    at = np.unravel_index(int(np.nanargmax(rise)), rise.shape)
    return str(loss["issuer"].values[at[1]]), view.shocks[int(at[0])]


def one_section(view: View) -> Section | None:
    """Return the page of the issuer hurt most; None where no expected loss is known."""
    found = hurt_most(view)
    if found is None:
        return None
    issuer, worst = found
    data = view.group("issuers")
    assert data is not None
    one = data.sel(issuer=issuer)
    name = view.name(issuer)
    parts: list[Part] = []
    if (chart := _paths(view, issuer, name)) is not None:
        parts.append(Part("", chart=chart))
    if (key := _key_figures(view, issuer)) is not None:
        parts.append(Part("Default and spread by scenario and year", key))
    if (statement := _statement(view, issuer, worst, one)) is not None:
        parts.append(
            Part(
                f"Statement in {view.unit}, {view.label(view.baseline, True)} and {view.label(worst, True)}",
                statement,
                "Levels stand at the end of the year. A dash: not told, or not rolled as an item is missing.",
            )
        )
    if (chart := _channels(view, issuer, name, worst)) is not None:
        parts.append(Part("", chart=chart))
    if (lenses := _lenses(view, issuer)) is not None:
        parts.append(Part(f"Its lenses in {view.year}", lenses))
    if (chart := _tornado(view, issuer, name, worst)) is not None:
        parts.append(Part("", chart=chart))
    if (checks := issuer_checks(view, issuer)) is not None:
        parts.append(Part("Its checks", checks))
    return Section("issuer", f"One issuer: {name}", _sentence(view, issuer, worst, one), tuple(parts))


def _sentence(view: View, issuer: str, worst: str, one: xr.Dataset) -> str:
    def both(group: str, variable: str) -> list[object]:
        found = view.at(group, variable)
        assert found is not None
        return [found.sel(scenario=s, issuer=issuer).item() for s in (view.baseline, worst)]

    before, after = (view.amount(float(str(v))) for v in both("spread", "expected_loss"))
    calm, hit = (chance(float(str(v))) for v in both("pd", "annual_probability"))
    letters = both("pd", "grade")
    told = (
        f"{view.name(issuer)} ({issuer}, {lower_first(str(one['sector_name'].values))}) is the issuer hurt most: under "
        f"{view.label(worst, True)} its expected loss by the end of {view.year} rises from {before} to {after}, its "
        f"default probability of the twelve months after from {calm} ({letters[0]}) to {hit} ({letters[1]})."
    )
    if "asset_basis" in one and "asset_volatility" in one:
        told += (
            f" The value of its assets is {named(BASIS_NAMES, str(one['asset_basis'].values))}; it moves by "
            f"{percent(float(one['asset_volatility']))} a year (one standard deviation)."
        )
    return told


def _paths(view: View, issuer: str, name: str) -> Chart | None:
    statements, data = view.group("statements"), view.group("pd")
    if statements is None or data is None or data.sizes["year"] < 2 or issuer not in data["issuer"].values:
        return None
    years = [int(y) for y in data["year"].values]
    panels = []
    for line, label in DRAWN:
        if line not in statements or statements.sizes["year"] != len(years):
            continue
        values = statements[line].sel(issuer=issuer)
        if np.isfinite(values.values).any():
            panels.append(Panel(label, view.unit, _by_scenario(view, values)))
    probability = data["annual_probability"].sel(issuer=issuer)
    panels.append(Panel("Default in the twelve months after", "", _by_scenario(view, probability)))
    last = years[-1]
    ends = listed(
        f"{chance(float(probability.sel(scenario=s, year=last)))} under {view.label(s, True)}"
        for s in view.scenarios
    )
    title = f"{name}: default probability of {last} {ends}"
    told = Told(
        "issuer-path", title, f"Lines by year, one panel a line of the statement. {title}.", f"{name} by year"
    )
    return lines_chart(told, years, panels, view.look)


def _by_scenario(view: View, values: xr.DataArray) -> dict[str, np.ndarray]:
    return {s: values.sel(scenario=s).values.astype(float) for s in view.scenarios}


def _key_figures(view: View, issuer: str) -> Table | None:
    data, spread = view.group("pd"), view.group("spread")
    if data is None or spread is None or issuer not in data["issuer"].values:
        return None
    rows = []
    for scenario in view.scenarios:
        for year in (y for y in view.years if y in data["year"].values and y in spread["year"].values):
            a = data.sel(scenario=scenario, issuer=issuer, year=year)
            b = spread.sel(scenario=scenario, issuer=issuer, year=year)
            rows.append(
                [
                    words(view.label(scenario)),
                    Cell(str(year), float(year)),
                    chance_cell(float(a["annual_probability"])),
                    words(str(a["grade"].values)),
                    words(named(LENS_NAMES, str(a["lens"].values))),
                    chance_cell(float(a["cumulative_probability"])),
                    share(float(b["loss_rate"])),
                    chance_cell(float(b["spread"])),
                    figure(float(b["asset_value"])),
                ]
            )
    heads = [
        Column("Scenario", number=False),
        Column("Year"),
        Column("Default", "in the year"),
        Column("Grade", number=False),
        Column("Seen by", number=False),
        Column("Default", "up to the year"),
        Column("Loss given default"),
        Column("Spread", "a year"),
        Column("Value of the assets", view.unit),
    ]
    return table("Default and spread", heads, rows, heard=True)


def _statement(view: View, issuer: str, worst: str, one: xr.Dataset) -> Table | None:
    data = view.group("statements")
    if data is None or issuer not in data["issuer"].values:
        return None
    years = [y for y in view.years if y in data["year"].values]
    rows = []
    for name in (str(n) for n in data.data_vars):
        values = data[name].sel(issuer=issuer)
        shown = [float(values.sel(scenario=s, year=y)) for s in (view.baseline, worst) for y in years]
        given = float(one["statement"].sel(line=name)) if name in one["line"].values else float("nan")
        if not np.isfinite([given, *shown]).any():
            continue
        label = {"ebit": "EBIT", "ebitda": "EBITDA", "charges": "Charges of the channels"}.get(
            name, plain(name)
        )
        rows.append([words(label), figure(given), *(figure(v) for v in shown)])
    heads = [Column("Line", number=False), Column(str(int(one["statement_year"])), "as given")]
    for scenario in (view.baseline, worst):
        heads += [Column(str(year), view.label(scenario)) for year in years]
    return table("Statement by scenario and year", heads, rows, heard=True) if rows else None


def _channels(view: View, issuer: str, name: str, worst: str) -> Chart | None:
    data = view.group("channels")
    if data is None or view.year not in data["year"].values or issuer not in data["issuer"].values:
        return None
    where = {"scenario": worst, "year": view.year, "issuer": issuer}
    at = data.sel(where | {"measure": "ebit"})
    statements = view.group("statements")
    level = float("nan") if statements is None else float(statements["ebit"].sel(where)) - float(at["joint"])
    steps = steps_of(at, channel_titles(view), level)
    if not np.isfinite(steps.joint) or not abs(steps.joint) > 0:
        return None
    return waterfall(view, worst, steps, "issuer-channels", f"{name} under {view.label(worst, True)}")


def _lenses(view: View, issuer: str) -> Table | None:
    data = view.group("lenses")
    if data is None or view.year not in data["year"].values or issuer not in data["issuer"].values:
        return None
    one = data.sel(issuer=issuer, year=view.year)
    told = reason_words(view)
    rows = []
    for lens in (str(name) for name in data["lens"].values):
        cells = [words(named(LENS_NAMES, lens))]
        for scenario in view.scenarios:
            at = one.sel(scenario=scenario)
            reason = int(at["reason"].sel(lens=lens))
            if reason >= 0:
                cells.append(Cell(MISSING, note=told.get((lens, reason), "")))
            else:
                cells.append(Cell(said(view, at, lens).text, note=lens_value(view, at, lens)))
        rows.append(cells)
    apart = ["yes" if int(one["apart"].sel(scenario=s)) > 0 else "no" for s in view.scenarios]
    rows.append([words("They disagree"), *(words(a) for a in apart)])
    heads = [Column("Lens", number=False), *(Column(view.label(s), number=False) for s in view.scenarios)]
    return table("Lenses of the issuer", heads, rows, heard=True)


def issuer_swings(view: View, issuer: str, scenario: str) -> list[Swing]:
    """Return the tornado of one issuer's default probability under a scenario, widest first."""
    data, cards = view.group("issuer_tornado"), view.tornado
    if data is None or cards is None or issuer not in data["issuer"].values:
        return []
    values = data["annual_probability"].sel(issuer=issuer, scenario=scenario).values.astype(float)
    known: dict[str, list[Swing]] = {}
    for swing in tornado_swings(cards):
        known.setdefault(swing.name, []).append(swing)
    ends: dict[tuple[str, str], list[int]] = {}
    for k in range(data.sizes["end"]):
        ends.setdefault((str(data["end_role"].values[k]), str(data["end_name"].values[k])), []).append(k)
    found = []
    for (_, name), places in ends.items():
        low, high = places[0], places[-1]
        texts = {str(data["end_value"].values[k]) for k in places}
        like = [s for s in known.get(name, []) if len(known[name]) == 1 or _same({s.low, s.high}, texts)]
        if not like or not np.isfinite(values[[low, high]]).all():
            continue
        about = like[0]
        rows = (about.card, about.name, about.label, about.status, about.unit, about.value)
        at = [float(values[k]) for k in (low, high)]
        if _same({about.high}, {str(data["end_value"].values[low])}) and about.low != about.high:
            at.reverse()
        found.append(Swing(*rows, about.low, about.high, *at))
    return sorted(found, key=lambda swing: -swing.width)


def _same(texts: set[str], others: set[str]) -> bool:
    """Whether all texts, read as numbers to six digits, stand among the others."""

    def read(text: str) -> str:
        try:
            return f"{float(text):.6g}"
        except ValueError:
            return text

    return {read(t) for t in texts} <= {read(t) for t in others}


def _tornado(view: View, issuer: str, name: str, worst: str) -> Chart | None:
    data = view.group("issuer_tornado")
    if data is None:
        return None
    found = {s: issuer_swings(view, issuer, s) for s in (worst, *view.scenarios)}
    width = {s: swings[0].width if swings else 0.0 for s, swings in found.items()}
    drawn = worst if width[worst] >= SATURATED else max(width, key=lambda s: width[s])
    swings = found[drawn]
    if not swings or not swings[0].width > 0:
        return None
    base = float(data["base_annual_probability"].sel(issuer=issuer, scenario=drawn))
    label = view.label(drawn, True)
    lead = swings[0]
    low, high = sorted((lead.at_low, lead.at_high))
    title = (
        f"{name} under {label}: its default probability moves most with {lower_first(first_sentence(lead.label))} "
        f"({chance(low)} to {chance(high)})"
    )
    note = ""
    if drawn != worst:
        note = (
            f"Under {view.label(worst, True)} no single parameter moves it by more than {chance(width[worst])}, so "
            f"that {label} is drawn."
        )
    caption = f"Default probability of {name} in {view.year} under {label} (now {percent(base)})"
    axis = f"Default in the twelve months after {view.year}"
    return swings_chart("issuer-tornado", title, axis, base, swings, caption, note)
