# SPDX-License-Identifier: Apache-2.0
"""Section of the issuer page on the channels: each alone, as the last one, all jointly, and their interaction."""

from __future__ import annotations

import numpy as np
import xarray as xr

from greenrisk.report.charts.issuer_waterfall import Steps, waterfall_of_channels
from greenrisk.report.charts.plate import Chart
from greenrisk.report.pages.issuers_view import View, plain
from greenrisk.report.pages.section import Part, Section
from greenrisk.report.table import Cell, Column, Table, figure, table, words
from greenrisk.report.wording import listed, lower_first, percent

ROUNDING = 1e-9
"""Share of the largest change below which a change is the rounding of a computer [unitless]."""


def channels_section(view: View) -> Section | None:
    """Return what each channel does alone, as the last one, and all jointly."""
    data = summed(view)
    if data is None or view.year not in data["year"].values:
        return None
    titles = channel_titles(view)
    one = data.sel(year=view.year, measure="ebit")
    found = []
    for scenario in (*view.shocks, view.baseline):
        steps = steps_of(one.sel(scenario=scenario), titles, _level(view, data, scenario))
        if abs(steps.joint) > 0:
            found.append((scenario, steps))
    if not found:
        return None
    parts = [
        Part("", chart=waterfall(view, scenario, steps, f"channels-{scenario}", view.label(scenario)))
        for scenario, steps in found
    ]
    worst, lead = min(found, key=lambda pair: pair[1].joint)
    most = titles[int(np.argmin(lead.alone))]
    known = np.isfinite(lead.without)
    level = f", from {view.amount(lead.without)}" if known else ""
    sentence = (
        f"Together the channels move EBIT of {view.year} most under {view.label(worst, True)}: by "
        f"{view.amount(lead.joint)}{level}. {most} takes most there."
    )
    heading = f"Change of EBIT in {view.unit}, all scenarios and years"
    parts.append(Part(heading, _all_table(view, data)))
    if (risk := _risk_table(view, data)) is not None:
        parts.append(
            Part(f"What channels add to the expected loss by the end of {view.year}, in {view.unit}", risk)
        )
    notes = (
        "Alone: only this channel on. Last: as the last one, all others on already. Joint = sum of alone + "
        "interaction, in every year and for every issuer. Sums over issuers whose change is known.",
    )
    return Section("channels", "Channels", sentence, tuple(parts), notes)


def summed(view: View) -> xr.Dataset | None:
    """Return what the channels do, summed over all issuers; None without channels."""
    for name, dim in (("sector_channels", "sector"), ("channels", "issuer")):
        data = view.group(name)
        if data is not None and data.sizes.get("channel"):
            return data[["alone", "last_in", "joint", "interaction", "without"]].sum(dim)
    return None


def _level(view: View, data: xr.Dataset, scenario: str) -> float:
    """Return EBIT without any channel of all issuers with a change; NaN where it is not known of all of them."""
    years, sums = view.group("sector_years"), view.group("sector_channels")
    if years is None or sums is None or "ebit" not in years or "issuers_with_statement" not in years:
        return float("nan")
    where = {"scenario": scenario, "year": view.year}
    known = int(years["issuers_with_statement"].sel(where).sum())
    if known == 0 or known != int(sums["issuers"].sel(where | {"measure": "ebit"}).sum()):
        return float("nan")
    joint = float(data["joint"].sel(where | {"measure": "ebit"}))
    return float(years["ebit"].sel(where).sum()) - joint


def channel_titles(view: View) -> list[str]:
    """Return the words of the channels, in the order of the result."""
    data, told = view.group("channels"), view.group("channel_table")
    names = [str(c) for c in data["channel"].values] if data is not None else []
    known = (
        dict(zip(told["channel"].values.astype(str), told["title"].values.astype(str), strict=True))
        if told is not None
        else {}
    )
    return [known.get(name, plain(name)) for name in names]


def steps_of(one: xr.Dataset, titles: list[str], without: float) -> Steps:
    """Return the steps of a line in a scenario and year, from what the line is without any channel."""
    return Steps(
        titles,
        without,
        [float(v) for v in one["alone"].values],
        [float(v) for v in one["last_in"].values],
        float(one["interaction"]),
        float(one["joint"]),
    )


def waterfall(view: View, scenario: str, steps: Steps, name: str, who: str) -> Chart:
    """Return the waterfall of a scenario: of all issuers or of one.

    Parameters
    ----------
    view : View
        The result.
    scenario : str
        Which scenario.
    steps : Steps
        What the channels do to EBIT of the headline's year.
    name : str
        Anchor.
    who : str
        How the title begins.
    """
    label = view.label(scenario, inside=True)
    kept = [k for k in range(len(steps.channels)) if steps.alone[k] != 0 or steps.last_in[k] != 0]
    negligible = ROUNDING * max(abs(steps.joint), 1e-300)
    kept = [k for k in kept if max(abs(steps.alone[k]), abs(steps.last_in[k])) > negligible]
    idle = [steps.channels[k] for k in range(len(steps.channels)) if k not in kept]
    # What is too small to be seen goes to the interaction, so that the steps still meet.
    left = sum(steps.alone[k] for k in range(len(steps.channels)) if k not in kept)
    shown = Steps(
        [steps.channels[k] for k in kept],
        steps.without,
        [steps.alone[k] for k in kept],
        [steps.last_in[k] for k in kept],
        steps.interaction + left,
        steps.joint,
    )
    share_of = steps.joint / steps.without if steps.without > 0 else float("nan")
    part = f", {percent(abs(share_of))} of it" if np.isfinite(share_of) else ""
    title = (
        f"{who}: the channels {'take' if steps.joint < 0 else 'add'} {view.amount(abs(steps.joint))} "
        f"{'from' if steps.joint < 0 else 'to'} EBIT of {view.year}{part}"
    )
    note = "Mark: what a channel takes as the last one, from where its bar begins."
    if idle:
        note += f" Without effect on EBIT under {label}: {listed(lower_first(name) for name in idle)}."
    return waterfall_of_channels(name, title, shown, f"EBIT of {view.year}", view.unit, view.amount, note)


def _change(value: float, scale: float) -> Cell:
    """Return a change; what is only the rounding of a computer beside the largest one is 0."""
    return figure(value if abs(value) > ROUNDING * scale else 0.0)


def _all_table(view: View, data: xr.Dataset) -> Table:
    titles = channel_titles(view)
    years = [year for year in view.years if year in data["year"].values]
    rows: list[list[Cell]] = []
    totals = data.sel(measure="ebit")
    scale = float(np.abs(totals["joint"].values).max())
    for scenario in view.scenarios:
        one = totals.sel(scenario=scenario)
        for k, title in enumerate(titles):
            cells = [words(view.label(scenario)), words(title)]
            for year in years:
                at = one.sel(year=year).isel(channel=k)
                cells += [_change(float(at[name]), scale) for name in ("alone", "last_in")]
            rows.append(cells)
        for name, label in (("interaction", "Interaction"), ("joint", "All jointly")):
            cells = [words(view.label(scenario)), words(label)]
            for year in years:
                cells += [figure(float(one[name].sel(year=year))), words("")]
            rows.append(cells)
    heads = [Column("Scenario", number=False), Column("Channel", number=False)]
    for year in years:
        heads += [Column(f"{year}", "alone"), Column("", "last")]
    return table("Change of EBIT by channel", heads, rows, heard=True)


def _risk_table(view: View, data: xr.Dataset) -> Table | None:
    """Return what each channel adds to the expected loss as the last one, and all jointly."""
    if "expected_loss" not in data["measure"].values:
        return None
    one = data.sel(measure="expected_loss", year=view.year)
    scale = float(np.abs(one["joint"].values).max())
    if not scale > 0:
        return None
    rows = [
        [
            words(title),
            *(_change(float(one["last_in"].isel(channel=k).sel(scenario=s)), scale) for s in view.scenarios),
        ]
        for k, title in enumerate(channel_titles(view))
    ]
    rows.append(
        [words("All jointly"), *(figure(float(one["joint"].sel(scenario=s))) for s in view.scenarios)]
    )
    heads = [
        Column("Channel, as the last one", number=False),
        *(Column(view.label(s)) for s in view.scenarios),
    ]
    return table(f"Expected loss by the end of {view.year}, by channel", heads, rows, totals=1, heard=True)
