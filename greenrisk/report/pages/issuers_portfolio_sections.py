# SPDX-License-Identifier: Apache-2.0
"""Sections of the issuer page on the portfolio of all debt, and on what would change the figures."""

from __future__ import annotations

from typing import Final

import numpy as np
import xarray as xr

from greenrisk.report.charts.issuer_look import chance, chance_cell, rate
from greenrisk.report.charts.issuer_tornado import Swing, swings_chart
from greenrisk.report.charts.plate import Chart
from greenrisk.report.pages.issuers_credit_sections import debt_of
from greenrisk.report.pages.issuers_lens_section import worst_scenario
from greenrisk.report.pages.issuers_view import View, plain
from greenrisk.report.pages.section import Part, Section
from greenrisk.report.pages.zone_words import share_with_error
from greenrisk.report.table import Cell, Column, Table, count, figure, share, table, words
from greenrisk.report.wording import first_sentence, lower_first, percent, significant

FIRST: Final = 15
"""Issuers of the ranking that the page names."""

MEASURES: Final = (
    ("Expected loss of twelve months, simulated", "expected_simulated", "expected_error"),
    ("Expected loss of twelve months, closed form", "expected_closed_form", ""),
    ("Loss not exceeded at the level, simulated", "value_at_risk", "value_at_risk_error"),
    ("Loss not exceeded at the level, limit law", "value_at_risk_limit_law", ""),
    ("Mean loss beyond the level, simulated", "tail_value_at_risk", "tail_value_at_risk_error"),
)
"""Rows of the portfolio's table: words, variable, variable of its error."""


def portfolio_section(view: View) -> Section | None:
    """Return expected loss, value at risk by two methods, concentration by sector, and how stable the ranking is."""
    data = view.group("portfolio")
    if data is None:
        return None
    level, year = float(data.attrs["level"]), int(data.attrs["year"])
    debt = float(data.attrs["debt"])
    worst = worst_scenario(view)
    at = data.sel(scenario=worst)
    rare = f"1 year in {significant(1 / (1 - level), 4)}"
    sentence = (
        f"All debt as one portfolio: {view.amount(debt)} of {data.sizes.get('issuer', 0)} issuers. If all of it were "
        f"still alive at the end of {year}, in the twelve months after, under {view.label(worst, True)}, it loses "
        f"{rate(float(at['expected_closed_form']))} in expectation "
        f"({view.amount(float(at['expected_closed_form']) * debt)}), and {rate(float(at['value_at_risk']))} in "
        f"{rare}."
    )
    parts = [
        Part(
            f"Loss of the twelve months after {year} over debt, by two methods",
            _measures(view, data),
            f"One common factor moves all issuers, with the correlation of the Basel rule. Level: {percent(level)}. "
            "The limit law takes the portfolio for one of very many small debts; where a few debts are large the "
            "simulation lies above it.",
        )
    ]
    if (sectors := _sectors(view, data, worst)) is not None:
        parts.append(sectors)
    if (bad := _bad_year(view, data, worst, rare)) is not None:
        parts.append(bad)
    if (rank := _ranking(view, worst)) is not None:
        parts.append(rank)
    return Section("portfolio", "Portfolio", sentence, tuple(parts))


def _measures(view: View, data: xr.Dataset) -> Table:
    rows: list[list[Cell]] = []
    for label, name, error in MEASURES:
        if name not in data:
            continue
        cells = [words(label)]
        for scenario in view.scenarios:
            at = data.sel(scenario=scenario)
            value = float(at[name])
            cells.append(share_with_error(value, float(at[error])) if error else Cell(rate(value), value))
        rows.append(cells)
    heads = [Column("Of the debt", number=False), *(Column(view.label(s)) for s in view.scenarios)]
    return table("Portfolio", heads, rows, heard=True)


def _sectors(view: View, data: xr.Dataset, worst: str) -> Part | None:
    names, debt = debt_of(view)
    issuers = view.group("issuers")
    lost = {s: _expected(view, names, debt, s) for s in (view.baseline, worst)}
    if issuers is None or not names or any(v is None for v in lost.values()):
        return None
    sectors = issuers["sector_name"].sel(issuer=names).values.astype(str)
    total = debt.sum()
    rows = []
    parts = []
    for sector in dict.fromkeys(sectors):
        at = sectors == sector
        held = float(debt[at].sum() / total)
        parts.append(held)
        cells = [words(plain(sector)), count(float(at.sum())), share(held)]
        for scenario in dict.fromkeys((view.baseline, worst)):
            loss = lost[scenario]
            assert loss is not None
            part = float(loss[at].sum() / loss.sum()) if loss.sum() > 0 else float("nan")
            over = float(loss[at].sum() / debt[at].sum()) if debt[at].sum() > 0 else float("nan")
            cells += [chance_cell(part), chance_cell(over)]
        rows.append((held, cells))
    rows.sort(key=lambda row: -row[0])
    index = float(np.square(parts).sum())
    single = float(np.square(debt / total).sum())
    heads = [Column("Sector", number=False), Column("Issuers"), Column("Share of the debt")]
    for scenario in dict.fromkeys((view.baseline, worst)):
        heads += [
            Column("Share of the loss", view.label(scenario)),
            Column("Loss over its debt", view.label(scenario)),
        ]
    largest = rows[0][1][0].text
    heading = f"{largest} holds {percent(rows[0][0])} of the debt"
    note = (
        f"Concentration (sum of squared shares, 1 is one debtor): {significant(index)} by sector, as if "
        f"{significant(1 / index, 2)} equal sectors; {significant(single)} by issuer, as if "
        f"{significant(1 / single, 2)} equal issuers."
    )
    return Part(
        heading, table("Debt and expected loss by sector", heads, [c for _, c in rows], heard=True), note
    )


def _expected(view: View, names: list[str], debt: np.ndarray, scenario: str) -> np.ndarray | None:
    found, loss = view.at("pd", "annual_probability"), view.at("spread", "loss_rate")
    if found is None or loss is None:
        return None
    one = [x.sel(scenario=scenario, issuer=names).values.astype(float) for x in (found, loss)]
    return np.asarray(one[0] * one[1] * debt)


def _bad_year(view: View, data: xr.Dataset, worst: str, rare: str) -> Part | None:
    if "loss_in_the_year_of_the_level" not in data:
        return None
    loss = data["loss_in_the_year_of_the_level"].sel(scenario=worst)
    values = loss.values.astype(float)
    total = float(np.nansum(values))
    if not total > 0:
        return None
    order = np.argsort(-np.nan_to_num(values), kind="stable")[:FIRST]
    rows = [
        [
            words(view.name(str(loss["issuer"].values[k]))),
            figure(float(values[k])),
            share(float(values[k]) / total),
        ]
        for k in order
    ]
    first = float(values[order[:3]].sum() / total)
    heading = (
        f"Three issuers carry {percent(first)} of the loss of a year as bad as {rare}, under "
        f"{view.label(worst, True)}"
    )
    heads = [
        Column("Issuer", number=False),
        Column("Expected loss given such a year", f"{view.unit}"),
        Column("Share of all"),
    ]
    return Part(heading, table("Who carries the loss of a bad year", heads, rows, heard=True))


def _ranking(view: View, worst: str) -> Part | None:
    data = view.group("ranking")
    if data is None:
        return None
    one = data.sel(scenario=worst)
    known = np.flatnonzero(np.isfinite(one["rank"].values.astype(float)))
    if not known.size:
        return None
    order = known[np.argsort(one["rank"].values[known], kind="stable")][:FIRST]
    rows = []
    for k in order:
        ends = [float(one[f"rank_{end}"].values[k]) for end in ("low", "high")]
        rows.append(
            [
                words(view.name(str(one["issuer"].values[k]))),
                Cell(f"{float(one['rank'].values[k]):g}", float(one["rank"].values[k])),
                Cell(f"{ends[0]:.3g} to {ends[1]:.3g}", ends[1]),
            ]
        )
    by_scenario = "; ".join(
        f"{view.label(str(s), True)} {significant(float(data['kendall'].sel(scenario=s)), 2)}, "
        f"{significant(float(data['spearman'].sel(scenario=s)), 2)}, {percent(float(data['top_kept'].sel(scenario=s)))}"
        for s in data["scenario"].values
    )
    heading = (
        f"Ranking by default probability under {view.label(worst, True)}, and how it holds over the draws"
    )
    note = (
        "1 is the worst; equal probabilities share a rank. Over draws of all cards: mean of Kendall's tau and of "
        f"Spearman's rho against the ranking of the central values, and share of the top that stays there: "
        f"{by_scenario}."
    )
    heads = [Column("Issuer", number=False), Column("Rank"), Column("Over draws, 90 %")]
    return Part(heading, table("Ranking of issuers", heads, rows, heard=True), note)


def portfolio_tornado(view: View) -> Chart | None:
    """Return the tornado of the expected loss of the portfolio under the worst scenario."""
    data = view.tornado
    if data is None:
        return None
    quantity, _, scenario = str(data.attrs.get("quantity", "")).partition(":")
    base = float(data.attrs["base"])
    swings = tornado_swings(data)
    if not swings or not np.isfinite(base):
        return None
    label = view.label(scenario, True) if scenario else "the worst scenario"
    name = "expected loss over debt" if quantity == "expected_loss_rate" else plain(quantity).lower()
    lead = swings[0]
    title = (
        f"What moves the {name} of {view.year} under {label} most: {lower_first(first_sentence(lead.label))} "
        f"({_between(lead)} over its range)"
    )
    axis = f"{plain(name)}, by the end of {view.year}"
    caption = f"{plain(name)} of {view.year} under {label} (now {percent(base)}) at both ends of each range"
    return swings_chart("tornado", title, axis, base, swings, caption, "")


def _between(swing: Swing) -> str:
    low, high = sorted((swing.at_low, swing.at_high))
    return f"{chance(low)} to {chance(high)}"


def tornado_swings(data: xr.Dataset) -> list[Swing]:
    """Return the rows of the portfolio's tornado, widest first."""
    texts = ("card", "label", "status", "unit", "value", "low", "high")
    return [
        Swing(
            name=str(data["parameter"].values[k]).rpartition(":")[2],
            at_low=float(data["at_low"].values[k]),
            at_high=float(data["at_high"].values[k]),
            **{key: str(data[key].values[k]) for key in texts},
        )
        for k in range(data.sizes["parameter"])
        if np.isfinite([float(data["at_low"].values[k]), float(data["at_high"].values[k])]).all()
    ]


def changes_section(view: View) -> Section | None:
    """Return what would change the figures of the portfolio."""
    chart = portfolio_tornado(view)
    data = view.tornado
    if chart is None or data is None:
        return None
    status = data["status"].values.astype(str)
    weak = int(np.isin(status, ("illustrative", "unconfirmed")).sum())
    sentence = (
        f"{weak} of {status.size} parameters are illustrative or unconfirmed; each is moved alone over its range. The "
        "tornado of the issuer hurt most stands on its page below; those of all others are in the run folder."
    )
    return Section("changes", "What would change it", sentence, (Part("", chart=chart),))
