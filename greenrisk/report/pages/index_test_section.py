# SPDX-License-Identifier: Apache-2.0
"""Section of an index cover on its test out of sample: rolling origins, the result whatever it is, and its power."""

from __future__ import annotations

from typing import Final

import numpy as np
import xarray as xr

from greenrisk.report.charts.index_backtest import FIGURES, index_backtest_chart
from greenrisk.report.pages.index_words import amount, numbers, plain, texts, told
from greenrisk.report.pages.section import Part, Section
from greenrisk.report.pages.zone_words import group
from greenrisk.report.table import Cell, Column, Table, count, share, table, words
from greenrisk.report.wording import MINUS, listed, money, percent, significant, span

VERDICTS: Final = {"too high": "the premiums were too high", "too low": "the premiums were too low"}
"""Side on which the premiums failed -> its words."""

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
    found = verdict(summary) if summary is not None else ""
    if summary is not None and power is not None:
        parts.append(Part("", chart=index_backtest_chart(backtest, summary, power)))
    if summary is not None:
        parts.append(
            Part(
                f"What the test found: {VERDICTS[found]}" if found else "What the test found",
                summary_table(summary),
                "Intervals of 90 %: of counts exact, of money by drawing blocks of years again. From few paid years "
                "such an interval is too narrow.",
            )
        )
    if power is not None:
        parts.append(
            Part(
                power_sentence(power),
                power_table(power),
                "A test that notices little proves little: a premium that passes it can still be too low by these "
                "factors."
                if not found
                else "These are the chances to notice a premium that is too low; this test found the premium wrong.",
            )
        )
    sentence = f"{tested_cover(tree)} {_sentence(backtest)}".strip()
    name = f"Test out of sample: {VERDICTS[found]}" if found else "Test out of sample"
    if summary is not None:
        sentence = f"{sentence} {failed_note(summary)}".strip()
    return Section("test", name, sentence, tuple(parts))


def charged_ratio(summary: xr.Dataset) -> tuple[float, float, float] | None:
    """Return payouts over the pure premiums that are charged, by law or else by the mean, with its 90 % interval.

    Parameters
    ----------
    summary : xarray.Dataset
        The group ``/backtest_summary``.
    """
    names = (
        texts(summary, "name")
        if "name" in summary.variables
        else summary["figure"].values.astype(str).tolist()
    )
    rows = np.stack([numbers(summary, key) for key in ("value", "low", "high")], axis=-1)
    for name in ("loss_ratio_law", "loss_ratio_burn"):
        if name in names and np.isfinite(rows[names.index(name)]).all():
            value, low, high = rows[names.index(name)].tolist()
            return value, low, high
    return None


def verdict(summary: xr.Dataset) -> str:
    """Return on which side the charged premiums failed, ``too high`` or ``too low``; empty where they did not."""
    found = charged_ratio(summary)
    if found is None or found[1] <= 1.0 <= found[2]:
        return ""
    return "too high" if found[2] < 1.0 else "too low"


def failed_note(summary: xr.Dataset) -> str:
    """Say what a failed test rests on; empty where it did not fail."""
    found, wrong = charged_ratio(summary), verdict(summary)
    if found is None or not wrong:
        return ""
    return (
        f"Payouts were {significant(found[0], 2)} times the charged pure premiums (90\u00a0%: "
        f"{span(*found[1:], digits=2)}). The interval excludes 1: {VERDICTS[wrong]}. Drawn again from few "
        "paid years it is itself too narrow."
    )


def tested_cover(tree: xr.DataTree) -> str:
    """Say which of several covers was tested; empty where there is but one."""
    function, backtest = group(tree, "payout_function"), group(tree, "backtest")
    if (
        function is None
        or backtest is None
        or function.sizes.get("cover", 0) < 2
        or "cover" not in backtest.attrs
    ):
        return ""
    return f"Tested is the cover {backtest.attrs['cover']} alone."


def _sentence(backtest: xr.Dataset) -> str:
    paid = numbers(backtest, "payout")
    years = backtest["year"].values.astype(int)
    seen = int((numbers(backtest, "paid") > 0).sum())
    return (
        f"Each year from {years.min()} to {years.max()} is priced from the years before it alone, its trigger set anew "
        f"each time. Of {years.size} years {seen} paid. The {charged_premiums(backtest)} met payouts of "
        f"{money(float(np.nansum(paid)))}."
    )


def charged_premiums(backtest: xr.Dataset) -> str:
    """Name the sum of the pure premiums as charged, by the law, and that by the mean of the years beside it.

    Parameters
    ----------
    backtest : xarray.Dataset
        The group ``/backtest``.
    """
    law, burn = (numbers(backtest, f"premium_{name}") for name in ("law", "burn"))
    mean = money(float(np.nansum(burn)))
    if not np.isfinite(law).any():
        return f"pure premiums of {mean} by the mean of the years"
    # a year without a law is priced by its mean
    total = money(float(np.nansum(np.where(np.isfinite(law), law, burn))))
    return f"pure premiums of {total} by the law, as charged, or {mean} by the mean of the years,"


def tested_sentence(backtest: xr.Dataset, summary: xr.Dataset | None) -> str:
    """Say what premiums set before each year and payouts of the years come to, and whether the premium failed.

    Parameters
    ----------
    backtest : xarray.Dataset
        The group ``/backtest``, with an origin at least.
    summary : xarray.Dataset or None
        The group ``/backtest_summary``.
    """
    paid = float(np.nansum(numbers(backtest, "payout")))
    seen, years = int((numbers(backtest, "paid") > 0).sum()), backtest.sizes["origin"]
    found = verdict(summary) if summary is not None else ""
    head = f"Out of sample {VERDICTS[found]}" if found else "Out of sample"
    said = f"the index paid in {seen} of {years} years; {charged_premiums(backtest)} met payouts of {money(paid)}"
    return f"{head}: {said}" if found else f"{head} {said}"


def power_at(power: xr.Dataset, factor: float, failed: bool = False) -> str:
    """Say how likely the test is to notice a cover that pays more often than priced; empty where not computed.

    Parameters
    ----------
    power : xarray.Dataset
        The group ``/backtest_power``.
    factor : float
        How many times as often as priced the cover pays [unitless].
    failed : bool
        Whether the premium failed the test.
    """
    at = np.flatnonzero(np.isclose(numbers(power, "factor"), factor))
    if not at.size:
        return ""
    chance = float(numbers(power, "power_frequency")[at[0]])
    weak = " A test that passes proves little." if chance < GOOD_POWER and not failed else ""
    return (
        f"If the cover paid {factor:g} times as often as priced, the test would notice with a chance of "
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
            Cell(told(FIGURES, names[i]), note=_sentence_of(notes[i])),
            Cell(amount(float(value[i]), units[i]), float(value[i])),
            Cell(_between(float(low[i]), float(high[i]), units[i], float(value[i])), float(high[i])),
        ]
        for i in range(len(names))
    ]
    columns = [Column("Figure", number=False), Column("Value"), Column("90 % interval")]
    return table("Test out of sample", columns, rows, heard=True)


def _sentence_of(note: str) -> str:
    text = plain(note).replace("^2", "\u00b2").replace(" - ", f" {MINUS} ")
    return text[:1].upper() + text[1:]


def _between(low: float, high: float, unit: str, beside: float) -> str:
    """Return an interval of a figure; counted years as whole numbers."""
    if unit in ("year", "years") and np.isfinite([low, high]).all():
        return f"{significant(low, 2)} to {significant(high, 2)}\u00a0years"
    return span(low, high, unit, beside=beside)


def power_sentence(power: xr.Dataset) -> str:
    """Say how likely the test is to notice a cover that pays more often than priced."""
    factor, notice = numbers(power, "factor"), numbers(power, "power_frequency")
    chances = (
        f"{percent(float(p))} if it pays {float(f):g} times as often"
        for f, p in zip(factor, notice, strict=True)
    )
    return f"Chance that the test notices a cover that pays more often than priced: {listed(chances)}"


def power_table(power: xr.Dataset) -> Table:
    """Return the power of the test by factor.

    Parameters
    ----------
    power : xarray.Dataset
        The group ``/backtest_power``.
    """
    columns = ("factor", "power_frequency", "years", "years_needed")
    rows: list[list[Cell]] = [
        [words(f"{float(f):g} times as often as priced"), share(float(p)), count(float(y)), _needed(float(n))]
        for f, p, y, n in zip(*(numbers(power, name) for name in columns), strict=True)
    ]
    heads = [
        Column("The cover pays", number=False),
        Column("Chance to notice"),
        Column("Years of the test"),
        Column("Years that would notice in 4 of 5 cases"),
    ]
    return table("Power of the test", heads, rows, heard=True)


def _needed(years: float) -> Cell:
    return Cell("more than 5,000", np.inf) if years < 0 else count(years)
