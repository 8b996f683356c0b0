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


def channels_section(view: View) -> Section | None:
    """Return what each channel does alone, as the last one, and all jointly."""
    data = view.group("channels")
    if data is None or not data.sizes.get("channel") or view.year not in data["year"].values:
        return None
    titles = channel_titles(view)
    one = data.sel(year=view.year, measure="ebit")
    charts: list[Part] = []
    found = []
    for scenario in (*view.shocks, view.baseline):
        steps = steps_of(one.sel(scenario=scenario), titles)
        if not abs(steps.joint) > 0:
            continue
        found.append((scenario, steps))
    if not found:
        return None
    for scenario, steps in found:
        charts.append(
            Part("", chart=waterfall(view, scenario, steps, f"channels-{scenario}", view.label(scenario)))
        )
    worst = min(found, key=lambda pair: pair[1].joint)
    lead = worst[1]
    most = titles[int(np.argmin(lead.alone))]
    sentence = (
        f"Together the channels move EBIT of {view.year} most under {view.label(worst[0], True)}: by "
        f"{view.amount(lead.joint)}, from {view.amount(lead.without)}. {most} takes most there."
    )
    parts = [*charts, Part("Change of EBIT, all scenarios and years", _all_table(view, data))]
    notes = (
        "Alone: only this channel on. As the last one: all others on already. Joint = sum of alone + interaction, "
        "in every year and for every issuer. Sums over issuers whose line is known.",
    )
    return Section("channels", "Channels", sentence, tuple(parts), notes)


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


def steps_of(one: xr.Dataset, titles: list[str]) -> Steps:
    """Return the steps of a measure, scenario and year, summed over issuers where there are any."""

    def total(name: str) -> xr.DataArray:
        return one[name].sum("issuer") if "issuer" in one[name].dims else one[name]

    return Steps(
        titles,
        float(total("without")),
        [float(v) for v in total("alone").values],
        [float(v) for v in total("last_in").values],
        float(total("interaction")),
        float(total("joint")),
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
    negligible = 1e-6 * max(abs(steps.without), abs(steps.joint), 1e-300)
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
        note += f" Without effect under {label}: {listed(lower_first(name) for name in idle)}."
    return waterfall_of_channels(name, title, shown, f"EBIT of {view.year}", view.unit, view.amount, note)


def _all_table(view: View, data: xr.Dataset) -> Table:
    titles = channel_titles(view)
    years = [year for year in view.years if year in data["year"].values]
    rows: list[list[Cell]] = []
    totals = data.sel(measure="ebit")[["alone", "last_in", "interaction", "joint"]].sum("issuer")
    for scenario in view.scenarios:
        one = totals.sel(scenario=scenario)
        for k, title in enumerate(titles):
            cells = [words(view.label(scenario)), words(title)]
            for year in years:
                at = one.sel(year=year).isel(channel=k)
                cells += [figure(float(at["alone"])), figure(float(at["last_in"]))]
            rows.append(cells)
        for name, label in (("interaction", "Interaction"), ("joint", "All jointly")):
            cells = [words(view.label(scenario)), words(label)]
            for year in years:
                cells += [figure(float(one[name].sel(year=year))), words("")]
            rows.append(cells)
    heads = [Column("Scenario", number=False), Column("Channel", number=False)]
    for year in years:
        heads += [Column(f"{year}, alone", view.unit), Column("as the last one", view.unit)]
    return table("Change of EBIT by channel", heads, rows, heard=True)
