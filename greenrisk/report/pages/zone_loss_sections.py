# SPDX-License-Identifier: Apache-2.0
"""Sections of the zone page on accidents: what they cost, how often they happen, how large they are."""

from __future__ import annotations

from typing import Final

import numpy as np
import xarray as xr

from greenrisk.report.charts.exceedance import Wording, exceedance_chart
from greenrisk.report.charts.frequency_sources import SOURCE_NAMES, frequency_sources_chart
from greenrisk.report.charts.loss_heads import loss_heads_chart
from greenrisk.report.charts.severity_alternatives import severity_alternatives_chart
from greenrisk.report.pages.section import Part, Section, Shown, dataset_table
from greenrisk.report.pages.zone_tail import head_errors, tail_sentence
from greenrisk.report.pages.zone_words import HEAD_NAMES, group
from greenrisk.report.table import Cell, Column, Table, figure, table, words
from greenrisk.report.wording import money, percent, significant, span, whole

THOUSAND: Final = 1000.0
"""Years of a plant, or facilities in a year, that a printed rate is for."""

RATE: Final = "in 1,000 years"
"""Unit of a rate so printed."""

COST: Final = Wording(
    "exceedance",
    "Accidents of a bad year cost ",
    "Less than {} does an accident cost anything",
    {"ground_up": "what accidents cost"},
)
PAID: Final = Wording(
    "exceedance-insured",
    "A bad year costs all policies together ",
    "Less than {} does any policy pay",
    {"insured": "paid by policies"},
)


def loss_section(tree: xr.DataTree) -> Section | None:
    """Return what a year costs: by head, and how bad a bad year is."""
    heads, curves, losses = (group(tree, name) for name in ("heads", "curves", "losses"))
    if heads is None or curves is None or losses is None:
        return None
    quiet = float((losses["loss"].sel(layer="ground_up").values <= 0).mean())
    sentence = f"In {percent(quiet)} of the simulated years no accident of the zone costs anybody anything."
    sentence = f"{sentence} {tail_sentence(tree)}".rstrip()
    return Section(
        "losses",
        "What accidents cost",
        sentence,
        (
            Part("", chart=loss_heads_chart(heads, head_errors(tree))),
            Part("", chart=exceedance_chart(curves, "ground_up", COST)),
            Part("", chart=exceedance_chart(curves, "insured", PAID)),
        ),
    )


def frequency_section(tree: xr.DataTree) -> Section | None:
    """Return how often plants have accidents: sources, weights, own years, windows of the reports, the road."""
    frequency, alternatives, windows = (
        group(tree, name) for name in ("frequency", "frequency_alternatives", "report_windows")
    )
    if frequency is None:
        return None
    site = float(frequency["expected_accidents"].sum())
    road = float(frequency["transport_accidents"].sum())
    sentence = (
        f"The plants are expected to have {significant(site)} accidents a year on site and {significant(road)} on the "
        f"road. Of a plant's rate, its own years weigh {percent(float(frequency['credibility'].min()))} to "
        f"{percent(float(frequency['credibility'].max()))}; the rest is the prior."
    )
    parts = [Part("", chart=frequency_sources_chart(alternatives))] if alternatives is not None else []
    parts.append(
        Part(
            "How each plant's rate came about",
            _rates_table(frequency),
            "Accidents in 1,000 years of a plant. The sources are weighed by how sure each is; the factors are "
            "those of grade, prevention and credit colour, multiplied; the own years are weighed in by the "
            "gamma-Poisson rule of credibility.",
        )
    )
    parts.append(Part("Weight of each source, over all plants", _weights_table(frequency)))
    if windows is not None:
        parts.append(
            Part(
                "The rate of US reports depends on the window of years: accidents of 1,000 facilities in a year",
                _windows_table(windows),
                f"Rates used here: {windows.attrs['base_window']}, facilities of listed industries. Reports of "
                "accidents after 2019 are incomplete: the last window is too low.",
            )
        )
    return Section("frequency", "How often accidents happen", sentence, tuple(parts))


def _rates_table(frequency: xr.Dataset) -> Table:
    order = np.argsort(
        -(frequency["expected_accidents"] + frequency["transport_accidents"]).values, kind="stable"
    )
    data = frequency.isel(plant=order)
    sources = [str(s) for s in data["source"].values]
    own = [_own(n, y) for n, y in zip(data["accidents"].values, data["years"].values, strict=True)]
    data = data.assign({"factors": data["factor"].prod("rating_factor"), "own": ("plant", np.array(own))})
    for source in sources:
        rate = data["source_rate"].sel(source=source, drop=True)
        data[f"rate_{source}"] = THOUSAND * rate
    for name in ("pooled", "prior", "expected_accidents", "transport_accidents"):
        data[name] = THOUSAND * data[name]
    return dataset_table(
        data,
        "plant",
        [
            Shown("plant", "Plant", "words"),
            *(Shown(f"rate_{s}", SOURCE_NAMES.get(s, s), unit=RATE) for s in sources),
            Shown("pooled", "Pooled", unit=RATE),
            Shown("factors", "Factors", unit="times"),
            Shown("prior", "Prior", unit=RATE),
            Shown("own", "Own accidents", "words"),
            Shown("credibility", "Weight of own years", "share"),
            Shown("expected_accidents", "On site", unit=RATE),
            Shown("transport_accidents", "On the road", unit=RATE),
        ],
        "Accident rates by plant",
        most=100,
    )


def _own(accidents: float, years: float) -> str:
    return f"{accidents:.0f} in {years:g} years" if years > 0 else "none observed"


def _weights_table(frequency: xr.Dataset) -> Table:
    rows: list[list[Cell]] = []
    for source in (str(s) for s in frequency["source"].values):
        weight = frequency["source_weight"].sel(source=source).values.astype(float)
        rate = frequency["source_rate"].sel(source=source).values.astype(float)
        said = np.isfinite(rate) & (weight > 0)
        ends = (float(rate[said].min()), float(rate[said].max())) if said.any() else (np.nan, np.nan)
        rows.append(
            [
                words(SOURCE_NAMES.get(source, source)),
                Cell(str(int(said.sum())), float(said.sum())),
                words(
                    f"{percent(float(weight[said].min()))} to {percent(float(weight[said].max()))}"
                    if said.any()
                    else "\u2013"
                ),
                words(span(THOUSAND * ends[0], THOUSAND * ends[1]) if said.any() else "\u2013"),
            ]
        )
    return table(
        "Sources of the prior",
        [
            Column("Source", number=False),
            Column("Plants of which it says anything"),
            Column("Weight", number=False),
            Column("Accidents of a plant", RATE),
        ],
        rows,
        heard=True,
    )


def _windows_table(windows: xr.Dataset) -> Table:
    rows: list[list[Cell]] = []
    for industry in (str(code) for code in windows["industry"].values):
        one = windows.sel(industry=industry)
        name = "All facilities" if industry == "all" else f"NAICS {industry}"
        rows.append(
            [
                words(name),
                *(
                    figure(float(v), error=float(e), scale=1 / THOUSAND)
                    for v, e in zip(one["rate"].values, one["standard_error"].values, strict=True)
                ),
            ]
        )
    return table(
        "Accidents of a facility by window of years",
        [Column("Industry", number=False), *(Column(str(w)) for w in windows["window"].values)],
        rows,
        heard=True,
    )


def severity_section(tree: xr.DataTree) -> Section | None:
    """Return how large an accident is: threshold and cap, quantiles, the factors that carry it to China."""
    alternatives, losses, transfer = (
        group(tree, name) for name in ("severity_alternatives", "accident_losses", "transfer")
    )
    parts = []
    if alternatives is not None:
        parts.append(Part("", chart=severity_alternatives_chart(alternatives)))
    if losses is not None:
        parts.append(Part("What an accident of the model costs", _quantiles_table(losses)))
    if transfer is not None:
        parts.append(
            Part(
                "Factors that carry accidents abroad over to China",
                _transfer_table(transfer),
                "No file of Chinese claims is open. Both factors are judgements: as long as no own claims narrow "
                "them, "
                "their 90 % interval must be at least tenfold wide. Both move every headline's knowledge interval.",
            )
        )
    if not parts:
        return None
    sentence = (
        "Most accidents cost little or nothing off site; the money is in a few, and their tail is not known."
    )
    if losses is not None:
        mean = float(losses["mean"].sel(part="total"))
        half = float(losses["quantile"].sel(part="total", probability=0.5))
        little = "nothing off site" if half <= 0 else f"less than {money(half)}"
        sentence = (
            f"An accident costs {money(mean)} on average, but half of all accidents cost {little}: the money is in a "
            "few, and their tail is not known."
        )
    return Section("severity", "How large accidents are", sentence, tuple(parts))


def _quantiles_table(losses: xr.Dataset) -> Table:
    names = {**HEAD_NAMES, "total": "All heads", "direct_loss": "Direct loss (for the event level)"}
    values = losses["quantile"].values
    scale, unit = (1e3, "CNY thousand") if np.nanmax(values) >= 1e4 else (1.0, "CNY")
    rows: list[list[Cell]] = [
        [
            words(names.get(str(part), str(part))),
            Cell(
                percent(float(losses["share_positive"].sel(part=part))),
                float(losses["share_positive"].sel(part=part)),
            ),
            figure(
                float(losses["mean"].sel(part=part)),
                scale=scale,
                error=float(losses["standard_error"].sel(part=part)),
            ),
            *(figure(float(v), scale=scale) for v in losses["quantile"].sel(part=part).values),
        ]
        for part in losses["part"].values
    ]
    quantiles = [f"1 in {whole(1 / (1 - float(p)))}" for p in losses["probability"].values]
    return table(
        "Mean and quantiles of an accident",
        [
            Column("Head of loss", number=False),
            Column("Accidents that cost anything"),
            Column("Mean ± simulation", unit),
            *(Column(f"{q} costs more", unit) for q in quantiles),
        ],
        rows,
        heard=True,
    )


def _transfer_table(transfer: xr.Dataset) -> Table:
    names = {
        "frequency_factor": "Accidents in China for one abroad",
        "severity_factor": "Cost of an accident in China for one abroad",
    }
    card = str(transfer.attrs.get("card", ""))
    rows: list[list[Cell]] = [
        [
            words(
                names.get(str(f), str(f)),
                href=f"#card-{card}-{f}" if card else "",
                status=str(transfer["status"].values[i]),
            ),
            figure(float(transfer["value"].values[i])),
            words(span(float(transfer["low"].values[i]), float(transfer["high"].values[i]))),
            Cell(significant(float(transfer["width"].values[i])), float(transfer["width"].values[i])),
        ]
        for i, f in enumerate(transfer["factor"].values)
    ]
    return table(
        "Factors of transfer",
        [
            Column("Factor", number=False),
            Column("Median"),
            Column("90 % interval"),
            Column("Upper over lower end", "times"),
        ],
        rows,
        heard=True,
    )
