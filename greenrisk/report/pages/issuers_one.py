# SPDX-License-Identifier: Apache-2.0
"""The page of one issuer, the one hurt most: its statement by scenario and year, channels, lenses, tornado, checks."""

from __future__ import annotations

from typing import Final

import numpy as np
import xarray as xr

from greenrisk.report.charts.issuer_lines import Panel, Told, lines_chart
from greenrisk.report.charts.issuer_tornado import Swing, swings_chart
from greenrisk.report.charts.plate import Chart
from greenrisk.report.pages.issuers_channel_section import channel_titles, steps_of, waterfall
from greenrisk.report.pages.issuers_lens_section import lens_value, reason_words, said
from greenrisk.report.pages.issuers_portfolio_sections import tornado_swings
from greenrisk.report.pages.issuers_view import BASIS_NAMES, LENS_NAMES, View, place, plain
from greenrisk.report.pages.section import Part, Section
from greenrisk.report.table import Cell, Column, Table, figure, share, table, words
from greenrisk.report.wording import (
    MISSING,
    as_printed,
    first_sentence,
    listed,
    lower_first,
    named,
    percent,
    significant,
)

DRAWN: Final = (("ebit", "EBIT"), ("equity", "Equity"), ("cash", "Cash"))
"""Lines of the statement that the figure shows, beside the default probability."""

SATURATED: Final = 0.005
"""A tornado whose widest bar is narrower than this says nothing; another scenario is drawn [1]."""


def hurt_most(view: View) -> tuple[str, str] | None:
    """Return the issuer whose expected loss rises most against the baseline, and the scenario under which it does."""
    loss = view.at("spread", "expected_loss")
    if loss is None or not view.shocks:
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
                f"Statement of the year, {view.label(view.baseline, True)} and {view.label(worst, True)}",
                statement,
                "Statement: what was given. Levels stand at the end of the year; prices and currency as told above.",
            )
        )
    if (chart := _channels(view, issuer, name, worst)) is not None:
        parts.append(Part("", chart=chart))
    if (lenses := _lenses(view, issuer)) is not None:
        parts.append(Part(f"Its lenses in {view.year}", lenses))
    if (chart := _tornado(view, issuer, name, worst)) is not None:
        parts.append(Part("", chart=chart))
    if (checks := _checks(view, issuer)) is not None:
        parts.append(Part("Its checks", checks))
    return Section("issuer", f"One issuer: {name}", _sentence(view, issuer, worst, one), tuple(parts))


def _sentence(view: View, issuer: str, worst: str, one: xr.Dataset) -> str:
    loss, chance, grade = (
        view.at(group, variable)
        for group, variable in (("spread", "expected_loss"), ("pd", "annual_probability"), ("pd", "grade"))
    )
    assert loss is not None and chance is not None and grade is not None
    before, after = (float(loss.sel(scenario=s, issuer=issuer)) for s in (view.baseline, worst))
    calm, hit = (float(chance.sel(scenario=s, issuer=issuer)) for s in (view.baseline, worst))
    letters = [str(grade.sel(scenario=s, issuer=issuer).values) for s in (view.baseline, worst)]
    basis = named(BASIS_NAMES, str(one["asset_basis"].values)) if "asset_basis" in one else "not told"
    sector = lower_first(str(one["sector_name"].values))
    return (
        f"{view.name(issuer)} ({issuer}, {sector}) is the issuer hurt most: under {view.label(worst, True)} its expected "
        f"loss of {view.year} rises from {view.amount(before)} to {view.amount(after)}, its default probability from "
        f"{percent(calm)} ({letters[0]}) to {percent(hit)} ({letters[1]}). Its assets are valued by {basis}, volatility "
        f"{percent(float(one['asset_volatility'])) if 'asset_volatility' in one else MISSING} a year."
    )


def _paths(view: View, issuer: str, name: str) -> Chart | None:
    statements, chance = view.group("statements"), view.group("pd")
    if statements is None or chance is None or chance.sizes["year"] < 2:
        return None
    years = [int(y) for y in chance["year"].values]
    panels = []
    for line, label in DRAWN:
        if line not in statements or statements.sizes["year"] != len(years):
            continue
        values = statements[line].sel(issuer=issuer)
        if np.isfinite(values.values).any():
            panels.append(Panel(label, view.unit, _by_scenario(view, values)))
    probability = chance["annual_probability"].sel(issuer=issuer)
    panels.append(Panel("Default probability of the year", "", _by_scenario(view, probability)))
    last = years[-1]
    ends = listed(
        f"{percent(float(probability.sel(scenario=s, year=last)))} under {view.label(s, True)}"
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
    chance, spread = view.group("pd"), view.group("spread")
    if chance is None or spread is None:
        return None
    rows = []
    for scenario in view.scenarios:
        for year in (y for y in view.years if y in chance["year"].values and y in spread["year"].values):
            a = chance.sel(scenario=scenario, issuer=issuer, year=year)
            b = spread.sel(scenario=scenario, issuer=issuer, year=year)
            rows.append(
                [
                    words(view.label(scenario)),
                    Cell(str(year), float(year)),
                    share(float(a["annual_probability"])),
                    words(str(a["grade"].values)),
                    words(named(LENS_NAMES, str(a["lens"].values))),
                    share(float(a["cumulative_probability"])),
                    share(float(b["loss_rate"])),
                    share(float(b["spread"])),
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
    if data is None:
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
    heads = [Column("Line", number=False), Column(f"Statement of {int(one['statement_year'])}", view.unit)]
    for scenario in (view.baseline, worst):
        heads += [Column(f"{view.label(scenario)}, {year}", view.unit) for year in years]
    return table("Statement by scenario and year", heads, rows, heard=True) if rows else None


def _channels(view: View, issuer: str, name: str, worst: str) -> Chart | None:
    data = view.group("channels")
    if data is None or view.year not in data["year"].values or issuer not in data["issuer"].values:
        return None
    steps = steps_of(
        data.sel(measure="ebit", scenario=worst, year=view.year, issuer=issuer), channel_titles(view)
    )
    if not np.isfinite(steps.joint) or not abs(steps.joint) > 0:
        return None
    return waterfall(view, worst, steps, "issuer-channels", f"{name} under {view.label(worst, True)}")


def _lenses(view: View, issuer: str) -> Table | None:
    data = view.group("lenses")
    if data is None or view.year not in data["year"].values:
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
    data, cards = view.group("issuer_tornado"), view.group("tornado")
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
        f"({percent(low)} to {percent(high)})"
    )
    note = ""
    if drawn != worst:
        note = (
            f"Under {view.label(worst, True)} no single parameter moves it by more than {percent(width[worst])}, so that "
            f"{label} is drawn."
        )
    caption = f"Default probability of {name} in {view.year} under {label} (now {percent(base)})"
    axis = f"Default probability in {view.year}, a year"
    return swings_chart("issuer-tornado", title, axis, base, swings, caption, note)


def _checks(view: View, issuer: str) -> Table | None:
    rows: list[list[Cell]] = []
    statements, chance, spread = (view.group(name) for name in ("statements", "pd", "spread"))
    if statements is not None:
        gap = statements["assets"] - statements["equity"] - statements["liabilities"]
        worst = float(np.abs(gap.sel(issuer=issuer)).max())
        size = float(np.abs(statements["assets"].sel(issuer=issuer)).max())
        if np.isfinite(worst) and size > 0:
            rows.append(
                [
                    words("Assets = equity + liabilities in every year"),
                    words("holds" if worst <= 1e-9 * size else f"apart by up to {view.amount(worst)}"),
                ]
            )
        for name, label in (
            ("equity", "Years with equity below zero"),
            ("ebitda", "Years with EBITDA at or below zero"),
        ):
            below = (
                statements[name].sel(issuer=issuer) <= 0
                if name == "ebitda"
                else statements[name].sel(issuer=issuer) < 0
            )
            rows.append([words(label), words(_years_told(view, below))])
    if chance is not None:
        one = chance.sel(issuer=issuer)
        for name, label in (
            ("underflow", "Years whose probability only a logarithm can hold"),
            ("unearned", "Years whose probability is not Merton's alone, because EBITDA is at or below zero"),
        ):
            if name in one:
                rows.append([words(label), words(_years_told(view, one[name] > 0))])
    channels = view.group("channels")
    if channels is not None:
        at = channels.sel(measure="ebit", issuer=issuer)
        off = float(np.abs(at["alone"].sum("channel") + at["interaction"] - at["joint"]).max())
        size = float(np.abs(at["joint"]).max())
        told = "holds" if off <= 1e-9 * max(size, 1.0) else f"apart by up to {view.amount(off)}"
        rows.append([words("Joint = sum of channels alone + interaction"), words(told)])
    rank = view.group("ranking")
    if rank is not None:
        one_rank = rank.sel(issuer=issuer)
        places = [
            f"{significant(float(one_rank['rank'].sel(scenario=s)))} ({view.label(s, True)})"
            for s in view.scenarios
            if np.isfinite(float(one_rank["rank"].sel(scenario=s)))
        ]
        if places:
            rows.append([words("Rank by default probability, 1 is worst"), words(listed(places))])
    findings = view.group("findings")
    if findings is not None:
        for k in np.flatnonzero(findings["issuer"].values.astype(str) == issuer):
            sort, detail = (str(findings[n].values[k]) for n in ("sort", "detail"))
            text = as_printed(" ".join(x for x in (sort, place(detail)) if x.strip()))
            rows.append([words(f"Finding: {plain(str(findings['item'].values[k])).lower()}"), words(text)])
    if spread is None and not rows:
        return None
    heads = [Column("Check", number=False), Column("Outcome", number=False)]
    return table("Checks of the issuer", heads, rows, heard=True)


def _years_told(view: View, flag: xr.DataArray) -> str:
    counts = {s: int(flag.sel(scenario=s).sum()) for s in view.scenarios}
    told = [f"{n} ({view.label(s, True)})" for s, n in counts.items() if n]
    return listed(told) if told else "none"
