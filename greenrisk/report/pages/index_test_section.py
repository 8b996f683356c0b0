# SPDX-License-Identifier: Apache-2.0
"""Section of an index cover on its test out of sample: rolling origins, the result whatever it is, and its power."""

from __future__ import annotations

from typing import Final

import numpy as np
import xarray as xr

from greenrisk.report.charts.index_backtest import index_backtest_chart
from greenrisk.report.pages.index_words import amount, numbers, texts, told
from greenrisk.report.pages.section import Part, Section
from greenrisk.report.pages.zone_words import group
from greenrisk.report.table import Cell, Column, Table, share, table, words
from greenrisk.report.wording import money, percent, significant, span, whole

GOOD_POWER: Final = 0.8
"""Chance to notice from which on a test is said to be able to tell [unitless]."""


def backtest_section(tree: xr.DataTree) -> Section | None:
    """Return premiums from the years before each origin beside payouts of the years after, and what they can tell."""
    backtest, summary, power = (
        group(tree, name) for name in ("backtest", "backtest_summary", "backtest_power")
    )
    if backtest is None or not backtest.sizes.get("origin", 0):
        return None
    parts = []
    if summary is not None and power is not None:
        parts.append(Part("", chart=index_backtest_chart(backtest, summary, power)))
    if summary is not None:
        parts.append(
            Part(
                "What the test found",
                summary_table(summary),
                "Intervals of 90 %: of counts exact, of money by drawing blocks of years again.",
            )
        )
    if power is not None:
        parts.append(
            Part(
                power_sentence(power),
                power_table(power),
                "A test that notices little proves little: a premium that passes it can still be wrong by these "
                "factors.",
            )
        )
    return Section("test", "Test out of sample", _sentence(backtest), tuple(parts))


def _sentence(backtest: xr.Dataset) -> str:
    paid = numbers(backtest, "payout")
    years = backtest["year"].values.astype(int)
    premium = numbers(backtest, "premium_burn")
    seen = int((numbers(backtest, "paid") > 0).sum())
    return (
        f"Each year from {years.min()} to {years.max()} is priced from the years before it alone, its trigger set anew "
        f"each time. Of {years.size} years {seen} paid. The premiums by the mean of the years come to "
        f"{money(float(np.nansum(premium)))} in all, the payouts to {money(float(np.nansum(paid)))}."
    )


def tested_sentence(backtest: xr.Dataset) -> str:
    """Say what premiums set before each year and payouts of the years come to.

    Parameters
    ----------
    backtest : xarray.Dataset
        The group ``/backtest``, with an origin at least.
    """
    premium, paid = (float(np.nansum(numbers(backtest, name))) for name in ("premium_burn", "payout"))
    seen, years = int((numbers(backtest, "paid") > 0).sum()), backtest.sizes["origin"]
    return f"Out of sample, {seen} of {years} years paid: premiums of {money(premium)} met payouts of {money(paid)}"


def power_at(power: xr.Dataset, factor: float) -> str:
    """Say how likely the test is to notice a frequency that is wrong by a factor; empty where it was not computed.

    Parameters
    ----------
    power : xarray.Dataset
        The group ``/backtest_power``.
    factor : float
        By how much the frequency is wrong [unitless].
    """
    at = np.flatnonzero(np.isclose(numbers(power, "factor"), factor))
    if not at.size:
        return ""
    chance = float(numbers(power, "power_frequency")[at[0]])
    weak = " A test that passes proves little." if chance < GOOD_POWER else ""
    return (
        f"A frequency that is wrong {significant(factor, 2)} times would be noticed with a chance of "
        f"{percent(chance)}.{weak}"
    )


def summary_table(summary: xr.Dataset) -> Table:
    """Return the figures of the test with their intervals.

    Parameters
    ----------
    summary : xarray.Dataset
        The group ``/backtest_summary``.
    """
    value, low, high = (numbers(summary, name) for name in ("value", "low", "high"))
    units, notes = texts(summary, "unit"), texts(summary, "note")
    names = (
        texts(summary, "name")
        if "name" in summary.variables
        else summary["figure"].values.astype(str).tolist()
    )
    rows: list[list[Cell]] = [
        [
            Cell(told({}, names[i]), note=notes[i]),
            Cell(amount(float(value[i]), units[i]), float(value[i])),
            Cell(_between(float(low[i]), float(high[i]), units[i], float(value[i])), float(high[i])),
        ]
        for i in range(len(names))
    ]
    columns = [Column("Figure", number=False), Column("Value"), Column("90 % interval")]
    return table("Test out of sample", columns, rows, heard=True)


def _between(low: float, high: float, unit: str, beside: float) -> str:
    """Return an interval of a figure; counted years as whole numbers."""
    if unit == "year" and float(low).is_integer() and float(high).is_integer():
        return f"{whole(low)} to {whole(high)}\u00a0years"
    return span(low, high, unit, beside=beside)


def power_sentence(power: xr.Dataset) -> str:
    """Say how likely the test is to notice a premium that is wrong by a factor."""
    factor, notice = numbers(power, "factor"), numbers(power, "power_frequency")
    told_power = ", ".join(
        f"{percent(float(p))} for {significant(float(f), 2)} times"
        for f, p in zip(factor, notice, strict=True)
    )
    return f"Chance that the test notices a frequency that is wrong: {told_power}"


def power_table(power: xr.Dataset) -> Table:
    """Return the power of the test by factor.

    Parameters
    ----------
    power : xarray.Dataset
        The group ``/backtest_power``.
    """
    rows: list[list[Cell]] = [
        [
            words(f"{significant(float(f), 2)} times too low or too high"),
            share(float(p)),
            Cell(str(int(y)), float(y)),
        ]
        for f, p, y in zip(
            *(numbers(power, name) for name in ("factor", "power_frequency", "years")), strict=True
        )
    ]
    columns = [
        Column("Frequency of payments", number=False),
        Column("Chance to notice"),
        Column("Years of the test"),
    ]
    return table("Power of the test", columns, rows, heard=True)
