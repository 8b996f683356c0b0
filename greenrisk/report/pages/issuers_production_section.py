# SPDX-License-Identifier: Apache-2.0
"""Section of the issuer page on the late and sudden path: what is produced, what that is worth, who fails by it."""

from __future__ import annotations

from typing import Final

import numpy as np
import xarray as xr

from greenrisk.report.charts.issuer_lines import Panel, Told, lines_chart
from greenrisk.report.charts.issuer_look import Look, chance, chance_cell
from greenrisk.report.charts.plate import Chart
from greenrisk.report.pages.issuers_view import View
from greenrisk.report.pages.section import Part, Section
from greenrisk.report.table import Cell, Column, Table, figure, table, words
from greenrisk.report.wording import MISSING, as_printed, listed, percent, significant, span

PANELS: Final = 4
"""Plans that the figure draws: those whose value changes most."""

PLANS: Final = 30
"""Plans in the table of values; the run folder holds all."""

AS_PLANNED: Final = "as planned"


def production_section(view: View) -> Section | None:
    """Return what the late and sudden path does to production, values and default; None where it is off."""
    values = view.group("production_npv")
    if values is None:
        return None
    pairs = [str(p) for p in values["pair"].values]
    change = values["change"].sum("plan")
    base = values["value_baseline"].sum("plan")
    told = listed(
        f"{_pair(view, values, pair)} by {view.amount(float(change.sel(pair=pair)))}"
        + (
            f" ({percent(float(change.sel(pair=pair)) / abs(float(base.sel(pair=pair))))})"
            if float(base.sel(pair=pair))
            else ""
        )
        for pair in pairs
    )
    production = view.group("production")
    year = f" from {int(production.attrs['shock_year'])} on" if production is not None else ""
    owners = len(set(values["issuer"].values.astype(str)))
    sentence = (
        f"{values.sizes['plan']} plans of production, of {owners} issuers, follow "
        f"a late and sudden path{year}; the present value of their profits changes under {told}."
    )
    parts = []
    if production is not None:
        parts.append(Part("", chart=_chart(view, production, values)))
    parts.append(Part(f"Present value of the profits of each plan, in {view.unit}", _values(view, values)))
    if (risk := view.group("production_pd")) is not None:
        parts.append(
            Part(
                f"Default probability by the path's own model, up to term {_term(risk)}",
                _defaults(view, risk),
                "By the path: Merton's model on the equity that the change of value leaves; it can fail at the term "
                "only. By the study: what is carried on above, where all other channels count too.",
            )
        )
    if (refused := view.group("production_refused")) is not None:
        parts.append(Part("Plans that are not computed", _refused(view, refused)))
    return Section("production", "Late and sudden path", sentence, tuple(parts))


def _pair(view: View, data: xr.Dataset, pair: str) -> str:
    scenario = str(data["scenario"].sel(pair=pair).values)
    return view.label(scenario, inside=True) if scenario else pair


def _chart(view: View, data: xr.Dataset, values: xr.Dataset) -> Chart:
    most = abs(values["change"]).max("pair")
    held = [int(p) for p in data["plan"].values]
    order = sorted(held, key=lambda plan: -float(most.sel(plan=plan)))[:PANELS]
    pairs = [str(p) for p in data["pair"].values]
    labels = {AS_PLANNED: "Plan, then the baseline"} | {p: _pair(view, data, p).capitalize() for p in pairs}
    panels = []
    for plan in order:
        one = data.sel(plan=plan)
        lines = {AS_PLANNED: one["baseline"].isel(pair=0).values.astype(float)}
        lines |= {p: one["late_sudden"].sel(pair=p).values.astype(float) for p in pairs}
        title = f"{view.name(str(one['issuer'].values))}, {_technology(one)}"
        panels.append(Panel(title, _unit(one), lines))
    first = data.sel(plan=order[0])
    last = int(data["year"].values[-1])
    ends = [float(first["late_sudden"].sel(pair=p, year=last)) for p in pairs]
    begin = float(first["baseline"].isel(pair=0).sel(year=last))
    told = listed(f"{significant(v)} ({_pair(view, data, p)})" for p, v in zip(pairs, ends, strict=True))
    title = (
        f"{view.name(str(first['issuer'].values))} was to produce {significant(begin)} {_unit(first)} of "
        f"{_technology(first)} in {last}; what is left is {told}"
    )
    note = (
        f"The {len(order)} plans whose value changes most, of {len(held)}." if len(held) > len(order) else ""
    )
    words_of = Told("production", title, f"Production by year. {title}.", "Production by plan and year", note)
    look = Look((AS_PLANNED, *pairs), labels, AS_PLANNED)
    return lines_chart(words_of, [int(y) for y in data["year"].values], panels, look)


def _unit(one: xr.Dataset) -> str:
    text = str(one["unit"].values).removesuffix("/year")
    return f"{text.replace('mwh', 'MWh').replace('gwh', 'GWh')} a year"


def _technology(one: xr.Dataset) -> str:
    text = str(one["technology"].values)
    return text.removesuffix("Cap").lower() if text.endswith("Cap") else text.replace("_", " ")


def _values(view: View, data: xr.Dataset) -> Table:
    most = abs(data["change"]).max("pair").values
    order = np.argsort(-most, kind="stable")[:PLANS]
    pairs = [str(p) for p in data["pair"].values]
    drawn = "change_low" in data
    rows = []
    for k in order:
        one = data.isel(plan=int(k))
        cells = [
            words(view.name(str(one["issuer"].values))),
            words(_technology(one)),
            figure(float(one["value_baseline"].isel(pair=0))),
        ]
        for pair in pairs:
            at = one.sel(pair=pair)
            note = ""
            if drawn and abs(float(at["change"])) > 0:
                note = span(float(at["change_low"]), float(at["change_high"]))
            cells.append(Cell(significant(float(at["change"])), float(at["change"]), note=note))
        rows.append(cells)
    heads = [
        Column("Issuer", number=False),
        Column("Technology", number=False),
        Column("Value in the baseline"),
    ]
    unit = "change, 90\u00a0% interval" if drawn else "change"
    heads += [Column(_pair(view, data, pair).capitalize(), unit) for pair in pairs]
    return table("Values of plans", heads, rows, heard=True)


def _term(data: xr.Dataset) -> int:
    """Return the last term up to which the study's own probability is known; the last of all where it never is."""
    known = np.isfinite(data["study_probability_late_sudden"].values).any(axis=(0, 1))
    terms = data["term"].values.astype(int)
    return int(terms[known].max()) if known.any() else int(terms[-1])


def _defaults(view: View, data: xr.Dataset) -> Table:
    at = data.sel(term=_term(data))
    pairs = [str(p) for p in data["pair"].values]
    rows = []
    for k in range(data.sizes["company"])[:PLANS]:
        one = at.isel(company=k)
        cells = [
            words(view.name(str(one["issuer"].values))),
            chance_cell(float(one["probability_baseline"].isel(pair=0))),
        ]
        for pair in pairs:
            mine = one.sel(pair=pair)
            ends = (
                f"{chance(float(mine['probability_late_sudden_low']))} to "
                f"{chance(float(mine['probability_late_sudden_high']))}"
                if "probability_late_sudden_low" in mine
                else ""
            )
            study = float(mine["study_probability_late_sudden"])
            cells.append(chance_cell(float(mine["probability_late_sudden"]), ends))
            cells.append(chance_cell(study) if np.isfinite(study) else words(MISSING))
        rows.append(cells)
    heads = [Column("Issuer", number=False), Column("Baseline", "by the path")]
    for pair in pairs:
        label = _pair(view, data, pair).capitalize()
        heads += [Column(label, "by the path"), Column(label, "by the study")]
    return table("Default by the path and by the study", heads, rows, heard=True)


def _refused(view: View, data: xr.Dataset) -> Table:
    rows = [
        [
            words(view.name(str(data["issuer"].values[k]))),
            words(str(data["technology"].values[k])),
            words(as_printed(str(data["reason"].values[k]))),
        ]
        for k in range(data.sizes["refused"])
    ]
    heads = [Column(head, number=False) for head in ("Issuer", "Technology", "Why")]
    return table("Plans that are not computed", heads, rows, heard=True)
