# SPDX-License-Identifier: Apache-2.0
"""The page of an issuer study: the headline by scenario, and the tables behind it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

from greenrisk.report.frame import fill, ledger_groups, manifest_rows
from greenrisk.report.table import Cell, Column, Table, count, figure, interval, share, table, words

MOST_ISSUERS = 60
"""Issuers that the page shows; the tables of the run folder hold all."""


@dataclass(frozen=True)
class Part:
    """A section of tables."""

    anchor: str
    name: str
    sentence: str
    tables: tuple[Table, ...]


def page(tree: xr.DataTree, ledger: pd.DataFrame, manifest: Mapping[str, object]) -> str:
    """Return the HTML of an issuer run.

    Parameters
    ----------
    tree : xarray.DataTree
        Result of the issuer study.
    ledger : DataFrame
        Its ledger.
    manifest : mapping
        Its manifest.
    """
    plain = dict(manifest)
    inputs = plain.pop("inputs_sha256", None) or plain.pop("inputs", None) or {}
    scenario = plain.pop("scenario", "")
    makers = (_issuers, _refused, _coverage, _channels, _default, _lenses, _portfolio)
    parts = [part for maker in makers if (part := maker(tree)) is not None]
    context = {
        "title": str(tree.attrs["title"]),
        "contents": [
            ("answer", "The answer"),
            *((part.anchor, part.name) for part in parts),
            ("inputs", "Inputs"),
            ("ledger", "Ledger"),
            ("run", "The run"),
        ],
        "made_by": f"greenrisk {plain.get('greenrisk', '')}".strip(),
        "facts": _facts(tree),
        "notices": _notices(tree),
        "answer": _answer(tree["metrics"].to_dataset()),
        "parts": parts,
        "inputs": list(inputs.items()) if isinstance(inputs, Mapping) else [],
        "ledger": ledger_groups(ledger),
        "manifest": manifest_rows(plain),
        "scenario_text": scenario if isinstance(scenario, str) else "",
    }
    return fill("issuers.html.j2", context)


def _facts(tree: xr.DataTree) -> str:
    a = tree.attrs
    return (
        f"{a['issuers']} issuers, {a['refused_issuers']} refused; {a['first_year']} to {a['last_year']} from the "
        f"statements of {a['base_year']}; money in millions of {a['currency']} at prices of {a['price_year']}; "
        f"shocks are against {a['baseline']}; {a['knowledge_draws']} draws of knowledge."
    )


def _notices(tree: xr.DataTree) -> list[str]:
    if tree.attrs.get("synthetic_issuers"):
        return ["The issuers are made up: no figure says anything of a real company."]
    return []


def _answer(metrics: xr.Dataset) -> Table:
    rows = []
    for k in range(metrics.sizes["metric"]):
        one = {key: metrics[key].values[k] for key in metrics.data_vars}
        dims = json.loads(str(one["dims"]))
        rows.append(
            [
                words(one["label"]),
                words(dims.get("scenario", "")),
                words(dims.get("year", "")),
                figure(float(one["value"]), error=float(one["standard_error"])),
                interval(float(one["low"]), float(one["high"])),
                words(one["unit"]),
            ]
        )
    heads = [
        Column("Figure", number=False),
        Column("Scenario", number=False),
        Column("Year", number=False),
        Column("Value, simulation error"),
        Column("Knowledge interval, 90 %"),
        Column("Unit", number=False),
    ]
    return table("Headline figures by scenario", heads, rows)


def _issuers(tree: xr.DataTree) -> Part | None:
    data = tree["issuers"].to_dataset()
    lines = [
        name for name in ("revenue", "ebit", "debt_short", "debt_long", "equity") if name in data["line"]
    ]
    money = str(data["statement"].attrs["units"])
    rows = []
    for k in range(min(MOST_ISSUERS, data.sizes["issuer"])):
        one = data.isel(issuer=k)
        texts = [words(one[name].item()) for name in ("issuer", "name", "sector_name", "asset_basis")]
        rows.append([*texts, *(figure(float(one["statement"].sel(line=name))) for name in lines)])
    heads = [Column(text, number=False) for text in ("Issuer", "Name", "Sector", "Assets from")]
    heads += [Column(name.replace("_", " ").capitalize(), money) for name in lines]
    sentence = (
        "What enters the study; missing lines stay missing unless a stated rule of the scenario fills them."
    )
    return Part("issuers", "Issuers", sentence, (table("Issuers and their statements", heads, rows),))


def _refused(tree: xr.DataTree) -> Part | None:
    tables = []
    for group, names in (
        ("refused", ("issuer", "name", "reason")),
        ("findings", ("issuer", "item", "detail")),
    ):
        if group not in tree.children:
            continue
        data = tree[group].to_dataset()
        rows = [[words(data[name].values[k]) for name in names] for k in range(data[names[0]].size)]
        heads = [Column(name.capitalize(), number=False) for name in names]
        caption = "Issuers that are not run" if group == "refused" else "Figures that were found at fault"
        tables.append(table(caption, heads, rows))
    if not tables:
        return None
    sentence = "Issuers in are issuers run and issuers refused; figures at fault are taken out or made one, and told."
    return Part("refused", "Refused and quarantined", sentence, tuple(tables))


def _coverage(tree: xr.DataTree) -> Part | None:
    if "coverage" not in tree.children:
        return None
    frame = tree["coverage"].to_dataset().to_dataframe()
    keys = [name for name in ("scenario", "name", "driver", "variable", "state") if name in frame.columns]
    counts = frame.groupby(keys, sort=False).size()
    rows = [
        [*(words(text) for text in (key if isinstance(key, tuple) else (key,))), count(float(number))]
        for key, number in counts.items()
    ]
    heads = [*(Column(name.capitalize(), number=False) for name in keys), Column("Needs")]
    return Part(
        "coverage",
        "Coverage",
        "What the pathway tables hold of what is needed.",
        (table("Coverage", heads, rows),),
    )


def _channels(tree: xr.DataTree) -> Part | None:
    data = tree["channels"].to_dataset()
    if not data.sizes.get("channel"):
        return None
    tables = []
    for year in _years(tree):
        one = data.sel(year=year, measure="ebit")
        alone, last = one["alone"].sum("issuer"), one["last_in"].sum("issuer")
        whole = {name: one[name].sum("issuer") for name in ("joint", "interaction")}
        rows = [
            [words(scenario), words(channel), _of(alone, scenario, channel), _of(last, scenario, channel)]
            for scenario in data["scenario"].values
            for channel in data["channel"].values
        ]
        for scenario in data["scenario"].values:
            for name, values in whole.items():
                value = figure(float(values.sel(scenario=scenario)))
                rows.append([words(scenario), words(name), value, Cell("")])
        heads = [Column("Scenario", number=False), Column("Channel", number=False)]
        unit = str(data["unit"].values[0])
        tables.append(
            table(f"Change of EBIT in {year}", [*heads, Column("Alone", unit), Column("Last in", unit)], rows)
        )
    sentence = "The joint change is the sum of the channels alone and what they do to each other."
    return Part("channels", "Channels", sentence, tuple(tables))


def _of(values: xr.DataArray, scenario: object, channel: object) -> Cell:
    return figure(float(values.sel(scenario=scenario, channel=channel)))


def _default(tree: xr.DataTree) -> Part | None:
    data, spread = tree["pd"].to_dataset(), tree["spread"].to_dataset()
    scenarios = [str(name) for name in data["scenario"].values]
    tables = []
    for year in _years(tree):
        rows = []
        for issuer in data["issuer"].values[:MOST_ISSUERS]:
            one, paid = data.sel(issuer=issuer, year=year), spread.sel(issuer=issuer, year=year)
            cells = [words(issuer)]
            for k in range(len(scenarios)):
                probability = float(one["annual_probability"].values[k])
                note = f"{one['grade'].values[k]}, {one['lens'].values[k]}"
                cells.append(Cell(share(probability).text, probability, note=note))
                cells.append(share(float(paid["spread"].values[k])))
            rows.append(cells)
        heads = [Column("Issuer", number=False)]
        for name in scenarios:
            heads += [Column(name, "probability of the year"), Column("spread", "a year")]
        tables.append(table(f"Default and spread in {year}", heads, rows))
    sentence = (
        "Twelve-month default probability with its grade and lens, and the spread from the statement on."
    )
    return Part("default", "Default and spread", sentence, tuple(tables))


def _lenses(tree: xr.DataTree) -> Part | None:
    data = tree["lenses"].to_dataset()
    year = _years(tree)[0]
    rows = []
    for lens in data["lens"].values:
        one = data.sel(lens=lens, year=year)
        for scenario in data["scenario"].values:
            at = one.sel(scenario=scenario)
            answers = int((at["reason"].values < 0).sum())
            zones = [count(float((at["zone"].values == zone).sum())) for zone in (0, 1, 2)]
            rows.append([words(lens), words(scenario), count(float(answers)), *zones])
    heads = [Column("Lens", number=False), Column("Scenario", number=False), Column("Answers")]
    heads += [Column(name) for name in ("Distress", "Grey", "Safe")]
    apart = int(data["apart"].sel(year=year).sum())
    sentence = f"No lens is blended with another. In {year} they disagree for {apart} issuers and scenarios."
    return Part("lenses", "Lenses", sentence, (table(f"Lenses in {year}", heads, rows),))


def _portfolio(tree: xr.DataTree) -> Part | None:
    data = tree["portfolio"].to_dataset()
    names = [name for name in data.data_vars if data[name].dims == ("scenario",)]
    rows = [
        [words(scenario), *(share(float(data[name].values[k])) for name in names)]
        for k, scenario in enumerate(data["scenario"].values)
    ]
    heads = [Column("Scenario", number=False)]
    heads += [Column(str(name).replace("_", " ").capitalize(), "of the debt") for name in names]
    return Part(
        "portfolio",
        "Portfolio",
        "All debt as one portfolio: simulated, and by the limit law as a second method.",
        (table("Portfolio", heads, rows),),
    )


def _years(tree: xr.DataTree) -> list[int]:
    return [int(year) for year in np.atleast_1d(tree.attrs["report_years"])]
