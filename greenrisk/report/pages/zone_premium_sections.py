# SPDX-License-Identifier: Apache-2.0
"""Sections of the zone page on money that is charged and shared: premiums, tariff, pool, reinsurance."""

from __future__ import annotations

from typing import Final

import numpy as np
import xarray as xr

from greenrisk.report.charts.tariff_difference import tariff_difference_chart
from greenrisk.report.charts.waterfall import waterfall_chart
from greenrisk.report.pages.section import Part, Section, Shown, dataset_table
from greenrisk.report.pages.zone_words import GRADE_NAMES, given, group
from greenrisk.report.reading import Metric, Metrics
from greenrisk.report.table import Cell, Column, Table, figure, interval, share, table, words
from greenrisk.report.wording import (
    CHARGED_DIGITS,
    MINUS,
    lower_first,
    money,
    money_unit,
    percent,
    significant,
)

MOST_ROWS: Final = 100
"""Plants of the premium table on the page."""


APART: Final = 8
"""Plants whose difference from the tariff is told part by part."""


def premium_section(tree: xr.DataTree) -> Section | None:
    """Return every plant's technical premium, beside the tariff's where the run has one, and why they differ."""
    plants, tariff, difference = (group(tree, name) for name in ("plants", "tariff", "tariff_difference"))
    if plants is None:
        return None
    parts = [
        Part(
            "Premium of every insured plant"
            + (", the model's beside the tariff's" if tariff is not None else ""),
            premium_table(plants, tariff, Metrics(tree["metrics"].to_dataset()).find("pure_premium")),
            _premium_note(plants, tariff),
        )
    ]
    whole = group(tree, "premium/zone")
    if whole is not None:
        parts.insert(0, Part("", chart=waterfall_chart(_of_zone(whole))))
    if tariff is not None and difference is not None:
        parts.append(Part("", chart=tariff_difference_chart(difference, tariff)))
        parts.append(
            Part(
                "Where single plants differ most",
                _difference_table(difference, tariff),
                "Parts of the model's premium less the tariff's, plant by plant; they add up to the difference.",
            )
        )
    return Section("premium", "Premium by plant", _premium_sentence(plants, tariff), tuple(parts))


def _of_zone(whole: xr.Dataset) -> xr.Dataset:
    """Return the rows of the zone's premium as a premium of one segment."""
    return xr.Dataset(
        {"amount": (("row", "segment"), whole["amount"].values[:, np.newaxis])},
        coords={"row": whole["row"].values, "segment": ["all"]},
    )


def _premium_sentence(plants: xr.Dataset, tariff: xr.Dataset | None) -> str:
    insured = plants["limit"].values > 0
    premium, limit = plants["premium"].values[insured], plants["limit"].values[insured]
    told = (
        f"{int(insured.sum())} policies with limits of {money(float(limit.sum()))} in all cost "
        f"{money(float(premium.sum()), CHARGED_DIGITS)} a year by the model: a rate on line of "
        f"{percent(float(premium.sum() / limit.sum()))}."
        if insured.any()
        else "No plant is insured."
    )
    if tariff is not None and float(tariff["premium"].sum()) > 0:
        told += (
            f" The tariff asks {money(float(tariff['premium'].sum()))}; by the model it would pay back "
            f"{percent(float(tariff['zone_loss_ratio']))} of that."
        )
        if str(tariff.get("zone_verdict", xr.DataArray("within")).item()) == "outside":
            told += " That lies outside the bounds of belief: the tariff or the model is far from the risk."
    return told


def premium_table(plants: xr.Dataset, tariff: xr.Dataset | None, pure: Metric | None = None) -> Table:
    """Return technical premiums by plant with both errors of the payments, the tariff's beside them."""
    insured = np.flatnonzero(plants["limit"].values > 0)
    order = insured[np.argsort(-plants["premium"].values[insured], kind="stable")]
    shown = order[:MOST_ROWS]
    scale, unit = money_unit(plants["premium"].values[shown])
    rows = [_premium_row(plants, tariff, int(i), scale) for i in shown]
    limit, paid, premium = (float(plants[n].values[order].sum()) for n in ("limit", "insured", "premium"))
    total = [
        words("All policies"),
        given(limit),
        figure(paid, scale=scale, error=pure.standard_error if pure is not None else None),
        interval(pure.low, pure.high, scale) if pure is not None else Cell(""),
        figure(premium, CHARGED_DIGITS, scale=scale),
        share(premium / limit if limit else float("nan")),
    ]
    columns = [
        Column("Plant", number=False),
        Column("Limit", "CNY million"),
        Column("Expected payments ± simulation", f"{unit} a year"),
        Column("Knowledge, 90 %", f"{unit} a year"),
        Column("Model's premium", f"{unit} a year"),
        Column("Rate on line"),
    ]
    if tariff is not None:
        market = float(tariff["premium"].sum())
        total += [
            figure(market, CHARGED_DIGITS, scale=scale),
            Cell(
                significant(premium / market, 2) if market else "\u2013", premium / market if market else None
            ),
            share(paid / market if market else float("nan")),
        ]
        columns += [
            Column("Tariff's premium", f"{unit} a year"),
            Column("Model over tariff", "times"),
            Column("Expected payments over the tariff's premium"),
        ]
    return table("Premium by plant", columns, [*rows, total], totals=1, heard=True)


def _premium_row(plants: xr.Dataset, tariff: xr.Dataset | None, i: int, scale: float) -> list[Cell]:
    one = {str(name): values.values[i] for name, values in plants.data_vars.items()}
    plant = str(plants["plant"].values[i])
    row = [
        Cell(plant, note=f"{one['name']}; {lower_first(GRADE_NAMES[str(one['grade'])])}"),
        given(float(one["limit"])),
        figure(float(one["insured"]), scale=scale, error=float(one["insured_error"])),
        interval(float(one["insured_low"]), float(one["insured_high"]), scale),
        figure(float(one["premium"]), CHARGED_DIGITS, scale=scale),
        share(float(one["premium"]) / float(one["limit"])),
    ]
    if tariff is None:
        return row
    market = tariff.sel(plant=plant)
    ratio = float(market["technical_over_market"])
    return [
        *row,
        figure(float(market["premium"]), CHARGED_DIGITS, scale=scale),
        Cell(significant(ratio, 2), ratio),
        share(float(market["loss_ratio"])),
    ]


def _premium_note(plants: xr.Dataset, tariff: xr.Dataset | None) -> str:
    insured = int((plants["limit"].values > 0).sum())
    told = (
        f"The {MOST_ROWS} dearest of {insured} plants; tables/plants has all. " if insured > MOST_ROWS else ""
    )
    told += "Rate on line: premium over limit. "
    if tariff is not None:
        told += "The tariff is the scenario's file, not an official tariff."
    return told.rstrip()


def _difference_table(difference: xr.Dataset, tariff: xr.Dataset) -> Table:
    from greenrisk.pollution.liability.tariff_difference import FACTOR_WORDS

    amount = difference["amount"].values.astype(float)
    gap = np.abs(amount.sum(axis=0))
    order = [int(i) for i in np.argsort(-np.nan_to_num(gap), kind="stable")[:APART] if np.isfinite(gap[i])]
    scale, unit = money_unit(amount[:, order].ravel())
    rows: list[list[Cell]] = [
        [
            words(FACTOR_WORDS.get(str(factor), str(factor))),
            *(_tenths(float(v), scale) for v in amount[k, order]),
        ]
        for k, factor in enumerate(difference["factor"].values)
    ]
    rows.append(
        [words("Model less tariff"), *(_tenths(float(v), scale) for v in amount[:, order].sum(axis=0))]
    )
    return table(
        "Difference by plant and factor",
        [
            Column(f"{unit} a year", number=False),
            *(Column(str(difference["plant"].values[i])) for i in order),
        ],
        rows,
        totals=1,
        heard=True,
    )


def _tenths(amount: float, scale: float) -> Cell:
    """Return a part with one decimal, like all others, so that a reader can add them up."""
    return Cell(f"{amount / scale:,.1f}".replace("-", MINUS), amount)


def sharing_section(tree: xr.DataTree) -> Section | None:
    """Return the co-insurance pool with its accounts, and the reinsurance."""
    pool, accounts, reinsurance = (group(tree, name) for name in ("pool", "pool_settlement", "reinsurance"))
    parts = []
    if pool is not None:
        levels = {f"level_{p:g}": p for p in pool["return_period"].values}
        data = pool.assign(
            named=("member", np.array([_member(pool, i) for i in range(pool.sizes["member"])]))
        )
        for name, period in levels.items():
            data[name] = pool["payments_level"].sel(return_period=period, drop=True)
        columns = [
            Shown("named", "Member", "words"),
            Shown("share", "Share", "share"),
            Shown("premium", "Premium", "charged"),
            Shown("fee", "Fee of the leader"),
            Shown("costs", "Costs"),
            Shown("payments", "Expected payments"),
            Shown("result", "Expected result"),
        ]
        years = [
            Shown("named", "Member", "words"),
            Shown("result", "Expected result"),
            Shown("result_standard_deviation", "Its standard deviation"),
            Shown("chance_of_loss", "Chance of a year with a loss", "share"),
            *(Shown(name, f"Payments once in {p:g} years") for name, p in levels.items()),
        ]
        parts += [
            Part(
                "What each member of the pool (共保体) earns and bears",
                dataset_table(data, "member", columns, "Members of the pool"),
            ),
            Part(
                "What a bad year costs each member of the pool",
                dataset_table(data, "member", years, "Bad years of the members of the pool"),
            ),
        ]
    if accounts is not None:
        parts.append(Part("Accounts of a year in which payments run as expected", _accounts_table(accounts)))
    if reinsurance is not None and reinsurance.sizes.get("cover", 0):
        columns = [
            Shown("cover", "Cover", "words"),
            Shown("premium", "Premium", "charged"),
            Shown("commission", "Commission"),
            Shown("ceded", "Expected payments ± simulation", error="ceded_standard_error"),
            Shown("reinstatement_premium", "Reinstatement premium"),
            Shown("used", "Years in which it pays", "share"),
        ]
        parts.append(
            Part(
                "What reinsurance takes and costs",
                dataset_table(reinsurance, "cover", columns, "Reinsurance"),
                _net_note(reinsurance),
            )
        )
    if not parts:
        return None
    sentence = "Who shares the risk of the policies, and what is left with each."
    return Section("sharing", "Pool and reinsurance", sentence, tuple(parts))


def _member(pool: xr.Dataset, i: int) -> str:
    return f"{pool['member'].values[i]}{' (leads)' if pool['leads'].values[i] else ''}"


def _accounts_table(accounts: xr.Dataset) -> Table:
    members = [str(m) for m in accounts["member"].values]
    scale, unit = money_unit([*accounts["due"].values.ravel(), *accounts["payments"].values])
    rows: list[list[Cell]] = [
        [
            Cell(f"{float(accounts['month'].values[i]):g}", float(accounts["month"].values[i])),
            figure(float(accounts["payments"].values[i]), scale=scale),
            figure(float(accounts["financed"].values[i]), scale=scale),
            *(figure(float(v), scale=scale) for v in accounts["due"].values[i]),
        ]
        for i in range(accounts.sizes["account"])
    ]
    return table(
        "Accounts of the pool; positive is owed to the member",
        [
            Column("Settled after", "months"),
            Column("Payments", unit),
            Column("Laid out by the leader", unit),
            *(Column(f"Due to {m}", unit) for m in members),
        ],
        rows,
    )


def _net_note(reinsurance: xr.Dataset) -> str:
    told = [money(float(reinsurance[name])) for name in ("expected_gross", "expected_net", "net_cost")]
    return (
        f"Expected payments of a year: {told[0]} before and {told[1]} after reinsurance; with its premiums, less "
        f"commissions, the year costs {told[2]}."
    )
