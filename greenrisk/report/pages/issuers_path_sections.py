# SPDX-License-Identifier: Apache-2.0
"""Sections of the issuer page on the shock: the pathways, and what carbon costs beside revenue."""

from __future__ import annotations

from typing import Final

import numpy as np
import xarray as xr

from greenrisk.report.charts.issuer_carbon import CarbonCost, carbon_chart
from greenrisk.report.charts.issuer_lines import Panel, Told, lines_chart
from greenrisk.report.pages.issuers_view import UNIT_WORDS, View, driver_name, plain
from greenrisk.report.pages.section import Part, Section
from greenrisk.report.table import Cell, Column, Table, table, words
from greenrisk.report.wording import listed, lower_first, percent, significant

CARBON: Final = "carbon_price"

WORDS_OF_GROUP: Final = ("title", "source_scenario", "family", "status", "known_from", "baseline")
"""Variables of the pathways that are no drivers."""

LOCAL: Final = 1e-9
"""Countries or sectors whose paths differ by less than this share follow one path [unitless]."""


def pathways_section(view: View) -> Section | None:
    """Return the drivers of the scenarios over the years."""
    data = view.group("pathways")
    if data is None:
        return None
    years = [int(y) for y in data["year"].values]
    drivers = [str(n) for n in data.data_vars if n not in WORDS_OF_GROUP and "year" in data[n].dims]
    moved = [name for name in drivers if _moves(data[name])]
    parts: list[Part] = []
    notes: list[str] = []
    sentence = (
        f"Scenarios run from {years[0]} to {years[-1]}; shocks are against {view.label(view.baseline, True)}."
    )
    if CARBON in moved:
        values, where, ends = _one_path(view, data[CARBON])
        unit = _unit(data[CARBON])
        at = years.index(view.year) if view.year in years else len(years) - 1
        ranked = sorted(view.scenarios, key=lambda name: -values[name][at])
        highest = ranked[0]
        title = (
            f"In {years[at]} a tonne of CO\u2082 costs {_price(values[highest][at], unit)} under "
            f"{view.label(highest, True)}"
        )
        if highest != view.baseline:
            title += f" and {_price(values[view.baseline][at], unit)} under {view.label(view.baseline, True)}"
        sentence += f" {title}."
        told = Told(
            CARBON.replace("_", "-"), title, f"Carbon price by year. {title}.", "Carbon price", where + ends
        )
        panel = Panel("Price of a tonne of CO\u2082", unit, values)
        parts.append(Part("", chart=lines_chart(told, years, [panel], view.look)))
    others = [name for name in moved if name != CARBON]
    if others:
        panels, places = [], []
        for name in others:
            values, where, _ = _one_path(view, data[name])
            panels.append(Panel(driver_name(name), _unit(data[name]), values))
            places.append(where)
        title = _drivers_title(view, data, others)
        told = Told(
            "drivers", title, f"Lines by year, one panel a driver. {title}.", "Drivers by year",
            max(places, key=len),
        )  # fmt: skip
        parts.append(Part("", chart=lines_chart(told, years, panels, view.look)))
    still = [lower_first(driver_name(name)) for name in drivers if name not in moved]
    if still:
        notes.append(f"Moved by no scenario: {listed(still)}.")
    parts.append(Part("Where each scenario comes from", _sources(view, data)))
    return Section("pathways", "Pathways", sentence, tuple(parts), tuple(notes))


def _drivers_title(view: View, data: xr.Dataset, drivers: list[str]) -> str:
    """Say which scenario moves how many of the other drivers away from the baseline."""
    told = []
    for scenario in view.shocks:
        away = [
            name
            for name in drivers
            if bool((data[name].sel(scenario=scenario) != data[name].sel(scenario=view.baseline)).any())
        ]
        if away:
            told.append(f"{len(away)} under {view.label(scenario, True)}")
    differ = f"; other than in the baseline are {listed(told)}" if told else ""
    return f"{len(drivers)} other drivers move over the years{differ}"


def _moves(values: xr.DataArray) -> bool:
    flat = values.transpose("scenario", ...).values.reshape(values.sizes["scenario"], -1).astype(float)
    wide = values.transpose("year", ...).values.reshape(values.sizes["year"], -1).astype(float)
    return bool(
        np.nanmax(np.ptp(flat, axis=0), initial=0.0) > 0 or np.nanmax(np.ptp(wide, axis=0), initial=0.0) > 0
    )


def _unit(values: xr.DataArray) -> str:
    text = str(values.attrs.get("units", "")).replace("CO2", "CO\u2082").replace("/m3", "/m\u00b3")
    return UNIT_WORDS.get(text, text)


def _price(value: float, unit: str) -> str:
    currency = unit.partition("/")[0]
    return f"{currency}\u00a0{significant(value)}"


def price_of(view: View, scenario: str) -> str:
    """Return the carbon price of a scenario in the year of the headline, in words; empty where there is none."""
    data = view.group("pathways")
    if data is None or CARBON not in data or view.year not in data["year"].values:
        return ""
    values, _, _ = _one_path(view, data[CARBON])
    at = [int(y) for y in data["year"].values].index(view.year)
    return _price(values[scenario][at], _unit(data[CARBON]))


def _one_path(view: View, values: xr.DataArray) -> tuple[dict[str, np.ndarray], str, str]:
    """Return one line a scenario with words: of which country and sector, and how far others are from it."""
    where = ""
    ends = ""
    for dim in ("country", "sector"):
        if dim not in values.dims:
            continue
        if values.sizes[dim] > 1:
            spread = float((values.max(dim) - values.min(dim)).max())
            scale = float(np.abs(values).max()) or 1.0
            if spread > LOCAL * scale:
                most = _commonest(view, dim, [str(v) for v in values[dim].values])
                where += f"Drawn for {most}, {'the country' if dim == 'country' else 'the sector'} of most issuers. "
                at = view.year if view.year in values["year"].values else int(values["year"].values[-1])
                over = values.sel(year=at)
                lows, highs = (
                    over.min([d for d in over.dims if d != "scenario"]),
                    over.max([d for d in over.dims if d != "scenario"]),
                )
                ends = f"In {at} it lies between " + listed(
                    f"{significant(float(lows.sel(scenario=s)))} and {significant(float(highs.sel(scenario=s)))} "
                    f"({view.label(s, True)})"
                    for s in view.scenarios
                ) + " over all of them."  # fmt: skip
                values = values.sel({dim: most})
                continue
        values = values.isel({dim: 0})
    lines = {s: values.sel(scenario=s).values.astype(float) for s in view.scenarios}
    return lines, where, ends


def _commonest(view: View, dim: str, among: list[str]) -> str:
    data = view.group("issuers")
    name = "country" if dim == "country" else "sector_name"
    if data is None or name not in data:
        return among[0]
    found, number = np.unique(data[name].values.astype(str), return_counts=True)
    ranked = [str(found[k]) for k in np.argsort(-number, kind="stable") if str(found[k]) in among]
    return ranked[0] if ranked else among[0]


def _sources(view: View, data: xr.Dataset) -> Table:
    rows: list[list[Cell]] = []
    for k, name in enumerate(view.scenarios):
        text = {key: str(data[key].values[k]) for key in WORDS_OF_GROUP if key in data}
        mark = "baseline" if name == view.baseline else ""
        rows.append(
            [
                Cell(view.label(name), note=mark),
                words(text.get("title", "")),
                words(text.get("source_scenario", "")),
                words(text.get("family", "")),
                Cell("", status=text.get("status", "")),
                *([words(text["known_from"])] if "known_from" in text else []),
            ]
        )
    heads = ["Scenario", "Title", "Read from", "Family of models", "Status"]
    heads += ["Known from"] if "known_from" in data else []
    return table("Scenarios", [Column(head, number=False) for head in heads], rows, heard=True)


def carbon_section(view: View) -> Section | None:
    """Return carbon cost over revenue by sector and scenario."""
    cost = carbon_of(view)
    issuers = view.group("issuers")
    if cost is None or issuers is None or not np.isfinite(cost.values).any() or not (cost.values > 0).any():
        return None
    found = carbon_cost(view, cost.transpose("scenario", "issuer").values, issuers)
    worst = int(np.nanargmax(np.nan_to_num(found.ratio, nan=-1).max(axis=1)))
    top = found.sectors[0]
    title = (
        f"Under {view.label(view.scenarios[worst], True)} carbon costs {lower_first(top)} "
        f"{percent(float(found.ratio[worst, 0]))} of its revenue in {found.year}"
    )
    sentence = _carbon_sentence(view, issuers, cost)
    return Section(
        "carbon",
        "Carbon cost",
        sentence,
        (Part("", chart=carbon_chart(found, view.look, title)),),
        _carbon_check(view),
    )


def carbon_of(view: View) -> xr.DataArray | None:
    """Return what carbon costs each issuer in the year of the headline: what is paid, and what avoiding it takes."""
    paid, avoided = view.at("charges", "carbon_cost"), view.at("charges", "abatement_cost")
    return paid if paid is None or avoided is None else paid + avoided


def _carbon_sentence(view: View, issuers: xr.Dataset, cost: xr.DataArray) -> str:
    known = int(np.isfinite(cost.values).all(axis=cost.get_axis_num("scenario")).sum())
    metrics = [(s, view.metric("carbon_cost_to_revenue", s)) for s in view.scenarios]
    told = [
        f"{percent(m.value)} of revenue under {view.label(s, True)} (knowledge {percent(m.low)} to {percent(m.high)})"
        for s, m in metrics
        if m is not None
    ]
    lead = (
        "Carbon cost net of free allocation, with the cost of avoiding emissions, is known for "
        f"{known} of {issuers.sizes['issuer']} issuers"
    )
    return f"{lead}. In {view.year} it takes {listed(told)}." if told else f"{lead}."


def _carbon_check(view: View) -> tuple[str, ...]:
    found = view.group("checks_carbon")
    if found is None:
        return ()
    held = [k for k in range(found.sizes["sector"]) if np.isfinite(float(found["ratio"].values[k]))]
    beyond = [str(found["sector"].values[k]) for k in held if int(found["beyond"].values[k])]
    if not held:
        return ()
    told = f"{listed(lower_first(name) for name in beyond)} lie" if beyond else "none lies"
    return (
        f"Beside real companies of the ITR sample, {told} further from their median than the card's factor, of "
        f"{len(held)} sectors that have a like there (checks of sense).",
    )


def carbon_cost(view: View, cost: np.ndarray, issuers: xr.Dataset) -> CarbonCost:
    """Return carbon cost over revenue by sector, shape (scenario, sector), the largest first."""
    revenue = issuers["statement"].sel(line="revenue").values.astype(float)
    sectors = issuers["sector_name"].values.astype(str)
    known = np.isfinite(cost).all(axis=0) & np.isfinite(revenue) & (revenue > 0)
    names = [name for name in dict.fromkeys(sectors) if (known & (sectors == name)).any()]
    parts = [known & (sectors == name) for name in names]
    with np.errstate(divide="ignore", invalid="ignore"):
        single = cost / revenue
    ratio = np.stack([cost[:, at].sum(axis=1) / revenue[at].sum() for at in parts], axis=1)
    low = np.stack([single[:, at].min(axis=1) for at in parts], axis=1)
    high = np.stack([single[:, at].max(axis=1) for at in parts], axis=1)
    order = np.argsort(-ratio.max(axis=0), kind="stable")
    return CarbonCost(
        [plain(names[k]) for k in order],
        np.array([int(parts[k].sum()) for k in order]),
        ratio[:, order],
        low[:, order],
        high[:, order],
        view.year,
    )
