# SPDX-License-Identifier: Apache-2.0
"""Section of an index cover on changes of its record: tests of steps and trends, and what each treatment costs."""

from __future__ import annotations

from typing import Final

import numpy as np
import xarray as xr

from greenrisk.report.charts.index_treatments import index_treatments_chart
from greenrisk.report.pages.index_words import (
    TREATMENT_NAMES,
    by_law,
    chance,
    fold,
    numbers,
    plain,
    priced,
    texts,
    told,
)
from greenrisk.report.pages.section import Part, Section
from greenrisk.report.pages.zone_words import group
from greenrisk.report.table import Cell, Column, Table, figure, table, words
from greenrisk.report.wording import (
    MISSING,
    listed,
    lower_first,
    money,
    money_unit,
    percent,
    significant,
    span,
    unit_words,
)

ALIKE: Final = 1.05
"""Ratio of the largest to the smallest premium up to which treatments are called alike [unitless]."""


def changes_section(tree: xr.DataTree) -> Section | None:
    """Return the tests of steps and trends, and what each treatment of the record makes of the price."""
    changes, treatments = group(tree, "changes"), group(tree, "treatments")
    if changes is None and treatments is None:
        return None
    parts = []
    sentence = "Whether the record has a step, a trend or neither decides what it is priced on."
    if treatments is not None:
        treatments = told_treatments(treatments)
        sentence = f"{treatments_sentence(treatments)}. {treatments_note(treatments)}"
        parts.append(Part("", chart=index_treatments_chart(treatments)))
        parts.append(Part("The treatments side by side", treatments_table(treatments)))
    if changes is not None:
        for i, name in enumerate(changes["index"].values.astype(str)):
            one = changes.isel(index=i)
            parts.append(
                Part(_verdict(name, one, changes.sizes["index"] > 1), changes_table(one), TESTS_NOTE)
            )
    return Section("treatments", "Changes of the record and what is done to it", sentence, tuple(parts))


TESTS_NOTE: Final = (
    "The largest F of a step anywhere but in the outer 15 % of the record; its chance by simulation without a step, "
    "once with independent years and once with years that resemble their neighbours as these do. The verdict uses the "
    "second. BIC: smaller is better."
)


def _verdict(name: str, one: xr.Dataset, several: bool) -> str:
    sentence = (
        plain(str(one["sentence"].item())).rstrip(".") if "sentence" in one else "Tests of steps and trends"
    )
    return f"{name}: {lower_first(sentence)}" if several else sentence


def changes_table(one: xr.Dataset) -> Table:
    """Return the tests of one index, one a row, with their BIC below.

    Parameters
    ----------
    one : xarray.Dataset
        The group ``/changes`` at one index.
    """

    def value(name: str) -> float:
        return float(one[name].item()) if name in one else float("nan")

    def year(name: str) -> str:
        found = value(name)
        return f"last year before it: {int(found)}" if np.isfinite(found) and found > 0 else ""

    rows: list[list[Cell]] = [
        [
            words("Step, largest F"),
            words(f"F {significant(value('sup_f'))}; {year('break_year')}".rstrip("; ")),
            Cell(chance(value("p_white")), value("p_white")),
            Cell(chance(value("p_ar1")), value("p_ar1")),
            figure(value("bic_step"), 4),
        ],
        [
            words("Step, Pettitt"),
            words(year("pettitt_year")),
            Cell(chance(value("pettitt_p")), value("pettitt_p")),
            Cell(MISSING),
            Cell(MISSING),
        ],
        [
            words("Trend, Mann-Kendall and Sen"),
            words(_slope(one)),
            Cell(MISSING),
            Cell(chance(value("trend_p")), value("trend_p")),
            figure(value("bic_linear"), 4),
        ],
        [
            words("Neither"),
            words(f"correlation with the year before {significant(value('autocorrelation'), 2)}"),
            Cell(MISSING),
            Cell(MISSING),
            figure(value("bic_none"), 4),
        ],
    ]
    return table(
        "Tests of steps and trends",
        [
            Column("Test", number=False),
            Column("Found", number=False),
            Column("Chance, years independent"),
            Column("Chance, years like their neighbours"),
            Column("BIC"),
        ],
        rows,
        heard=True,
    )


def _slope(one: xr.Dataset) -> str:
    """Return Sen's slope: per cent a year where a trend multiplies the index, else in its unit."""
    slope = float(one["trend_slope"].item()) if "trend_slope" in one else float("nan")
    if "scale" in one and str(one["scale"].item()) == "log":
        return f"{percent(float(np.expm1(slope)))} a year"
    unit = unit_words(str(one["unit"].item())) if "unit" in one else ""
    return f"{significant(slope)} each year{f' ({unit})' if unit else ''}"


def treatments_ends(treatments: xr.Dataset) -> tuple[float, float] | None:
    """Return the least and the largest pure premium by treatment, as charged [CNY/year]; None of fewer than two."""
    premium = priced(treatments)
    premium = premium[np.isfinite(premium) & ~_refused(treatments)]
    return (float(premium.min()), float(premium.max())) if premium.size > 1 else None


def treatments_sentence(treatments: xr.Dataset, of: str = "") -> str:
    """Say how far the treatments of the record that stand move the pure premium.

    Parameters
    ----------
    treatments : xarray.Dataset
        The group ``/treatments``.
    of : str
        Of which cover the premium is, where a page has others.
    """
    ends = treatments_ends(treatments)
    if ends is None:
        return "Only one treatment of the record gives a price"
    low, high = ends
    between = span(low, high, "CNY/year")
    subject = f"the pure premium{f' of {of}' if of else ''}"
    if high <= 0:
        return "However the record is treated, nothing is charged"
    if low <= 0:
        return f"What is done to the record moves {subject} from nothing: {between}"
    if high / low < ALIKE:
        return f"What is done to the record hardly moves {subject} ({between})"
    return f"What is done to the record moves {subject} {fold(high / low)}: {between}"


def told_treatments(treatments: xr.Dataset) -> xr.Dataset:
    """Return the treatments with reasons that name no key."""
    reasons = {
        name: ("treatment", np.array([plain(text) for text in texts(treatments, name)]))
        for name in ("refused", "law_refused")
    }
    return treatments.assign(reasons)


def treatments_note(treatments: xr.Dataset) -> str:
    """Say which treatment is used, by law or mean of the years, and what a refused one would charge.

    Parameters
    ----------
    treatments : xarray.Dataset
        The group ``/treatments``.
    """
    chosen = _chosen(treatments)
    used = f"Used here: {lower_first(chosen)}. {charged_sentence(treatments)}".strip() if chosen else ""
    out, price = _refused(treatments), priced(treatments)
    names = treatments["treatment"].values.astype(str)
    told_of = [
        f"{told(TREATMENT_NAMES, names[i])}: refused by the tests, would give {money(float(price[i]))} a year."
        for i in np.flatnonzero(out & np.isfinite(price))
    ]
    return " ".join([used, *told_of]).strip()


def charged_sentence(treatments: xr.Dataset) -> str:
    """Say whether the law or the mean of the years is charged, with both; empty without a price."""
    used = np.flatnonzero(numbers(treatments, "chosen") > 0)
    if not used.size:
        return ""
    law, burn = (float(numbers(treatments, f"pure_premium_{name}")[used[0]]) for name in ("law", "burn"))
    if by_law(treatments):
        beside = f"; the mean of the years alone would be {money(burn)}" if np.isfinite(burn) else ""
        return f"Charged is the fitted law, {money(law)} a year{beside}."
    return f"Charged is the mean of the years, {money(burn)} a year." if np.isfinite(burn) else ""


def treatments_table(treatments: xr.Dataset, brief: bool = False) -> Table:
    """Return the price by treatment, by burn analysis and by law.

    Parameters
    ----------
    treatments : xarray.Dataset
        The group ``/treatments``.
    brief : bool
        Whether it stands on the first screen, with fewer columns.
    """
    burn, low, high, law = (
        numbers(treatments, name)
        for name in ("pure_premium_burn", "burn_low", "burn_high", "pure_premium_law")
    )
    refused, reasons, law_reasons = (
        _refused(treatments),
        *(texts(treatments, n) for n in ("refused", "law_refused")),
    )
    chosen = numbers(treatments, "chosen") > 0
    scale, unit = money_unit([*burn, *high, *law])
    paying, years = numbers(treatments, "paying_years"), numbers(treatments, "years")
    charged, lawful = ": charged", by_law(treatments)
    rows: list[list[Cell]] = []
    for i, name in enumerate(treatments["treatment"].values.astype(str)):
        note = f"{int(paying[i])} of {int(years[i])} years pay" + ("; used here" if chosen[i] else "")
        if not brief:
            note = "used here" if chosen[i] else ""
            note = plain("; ".join(text for text in (note, reasons[i], law_reasons[i]) if text))
        head = Cell(told(TREATMENT_NAMES, name) + (" (refused)" if refused[i] else ""), note=note)
        between = Cell(span(low[i] / scale, high[i] / scale), float(high[i]))
        seen = Cell(f"{int(paying[i])} of {int(years[i])}", float(paying[i]))
        rows.append(
            [
                head,
                figure(float(burn[i]), scale=scale),
                *([] if brief else [between]),
                figure(float(law[i]), scale=scale),
                *([] if brief else [seen]),
            ]
        )
    columns = [
        Column("Treatment", number=False),
        Column(
            ("Mean of the years" if brief else "Burn analysis, mean of the years")
            + ("" if lawful else charged),
            f"{unit} a year",
        ),
        *([] if brief else [Column("90 % interval by bootstrap", f"{unit} a year")]),
        Column("Fitted law" + (charged if lawful else ""), f"{unit} a year"),
        *([] if brief else [Column("Paying years")]),
    ]
    return table("Pure premium by treatment of the record", columns, rows, heard=True)


def _refused(treatments: xr.Dataset) -> np.ndarray:
    return np.array([text.strip() != "" for text in texts(treatments, "refused")], dtype=bool)


def _chosen(treatments: xr.Dataset) -> str:
    chosen = numbers(treatments, "chosen") > 0
    return listed(told(TREATMENT_NAMES, name) for name in treatments["treatment"].values.astype(str)[chosen])
