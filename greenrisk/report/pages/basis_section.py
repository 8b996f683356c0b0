# SPDX-License-Identifier: Apache-2.0
"""Section on basis risk: what an index cover pays beside what its buyer loses, and what it is worth to the buyer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import xarray as xr

from greenrisk.report.charts.index_quadrants import index_quadrants_chart
from greenrisk.report.charts.index_strip import index_strip_chart
from greenrisk.report.charts.plate import Chart
from greenrisk.report.pages.index_words import ARRANGEMENT_NAMES, numbers, rounded, texts, told
from greenrisk.report.pages.section import Part, Section
from greenrisk.report.pages.zone_words import group
from greenrisk.report.table import Cell, Column, Table, count, figure, table, words
from greenrisk.report.wording import MISSING, as_printed, listed, money, money_unit, percent, quantity, span

SURE_DIGITS: Final = 5
"""Significant digits of a certainty equivalent, which differs little from the wealth."""

NAMED_YEARS: Final = 6
"""Missed years that a sentence names."""

MISSED: Final = "loss, no payment"
"""Quadrant of loss years without a payment."""


@dataclass(frozen=True)
class Misses:
    """What an index misses at matched frequency.

    Parameters
    ----------
    worst : int
        Years that count as loss years: the worst, as many as were paid.
    missed : int
        In how many of them nothing was paid.
    years : int
        All years.
    simulated : bool
        Whether they were simulated.
    which : tuple of int
        The missed years; none of simulated years.
    """

    worst: int
    missed: int
    years: int
    simulated: bool
    which: tuple[int, ...]


def measure(tree: xr.DataTree, name: str) -> tuple[float, float, float] | None:
    """Return a measure of basis risk with the ends of its interval; None where the run has none."""
    basis = group(tree, "basis")
    if basis is None or name not in basis["measure"].values:
        return None
    one = basis.sel(measure=name)
    value, low, high = (float(one[key]) for key in ("value", "low", "high"))
    return value, low, high


def misses(tree: xr.DataTree) -> Misses | None:
    """Return in how many of the worst years nothing was paid; None where no loss is known.

    Parameters
    ----------
    tree : xarray.DataTree
        Result of a study with an index cover.
    """
    basis, pairs = group(tree, "basis"), group(tree, "basis_pairs")
    share = measure(tree, "false_negatives")
    if basis is None or share is None:
        return None
    worst, years = int(basis.attrs["matched_years"]), int(basis.attrs["years"])
    missed = round(share[0] * worst) if worst else 0
    which: tuple[int, ...] = ()
    simulated = bool(int(basis.attrs["simulated"]))
    if pairs is not None and not simulated:
        which = tuple(int(y) for y in pairs["year"].values[pairs["quadrant"].values.astype(str) == MISSED])
    return Misses(worst, missed, years, simulated, which)


def misses_sentence(tree: xr.DataTree) -> str:
    """Say in how many of the worst years nothing was paid, or that nobody knows."""
    found = misses(tree)
    if found is None:
        return "What the index misses is not known: nobody recorded a loss to set beside it"
    years = f"{found.years:,} {'simulated ' if found.simulated else ''}years"
    if not found.worst:
        return f"None of {years} was paid: what the index misses cannot be told"
    of = f"the {found.worst:,} worst of {years}" if found.worst > 1 else f"the worst of {years}"
    if not found.missed:
        return f"The index missed none of {of}: each was paid something"
    if found.worst == 1:
        return f"The index missed {of}: nothing was paid"
    if declared(tree):
        return f"Under the declared link the index missed {found.missed:,} of {of}: nothing was paid"
    return f"The index missed {found.missed:,} of {of}: nothing was paid"


def declared(tree: xr.DataTree) -> bool:
    """Whether index and loss are tied by a card and not by years that happened."""
    return group(tree, "link") is not None


def missed_years(tree: xr.DataTree) -> str:
    """Name the years of a record that were missed where they are few; else nothing."""
    found = misses(tree)
    if found is None or not 0 < len(found.which) <= NAMED_YEARS:
        return ""
    return f"Missed: {listed(str(year) for year in found.which)}."


def unpaid_sentence(tree: xr.DataTree) -> str:
    """Say what the payments were beside the losses, and how much of the losses they left; empty without a loss."""
    loss, paid, left = (measure(tree, name) for name in ("mean_loss", "mean_payout", "expected_shortfall"))
    if loss is None or paid is None or left is None or not loss[0] > 0:
        return ""
    beyond = left[0] > (loss[0] - paid[0]) * (1 + 1e-9) and percent(left[0] / loss[0]) != percent(
        1 - paid[0] / loss[0]
    )
    return (
        f"Losses of {money(loss[0])} a year met payments of the index of {money(paid[0])}; "
        f"{percent(left[0] / loss[0])} of the losses stayed unpaid"
        + ("; what a year was paid beyond its own loss fills no other year's gap." if beyond else ".")
    )


def worth_sentence(tree: xr.DataTree) -> str:
    """Say what the index cover is worth to its buyer beside no cover and full indemnity; empty without a buyer."""
    if group(tree, "buyer") is None:
        return ""
    quoted, alike, full = (measure(tree, n) for n in ("index_gain_quoted", "index_gain", "indemnity_gain"))
    if quoted is None or not np.isfinite(quoted[0]):
        return "What the cover is worth to the buyer cannot be told: a year would leave less than nothing"
    said = (
        f"To the buyer the index cover at its quoted premium is worth {_gain(quoted[0])} a year than no cover"
    )
    if alike is None or full is None or not np.isfinite([alike[0], full[0]]).all():
        return said
    if _gain(alike[0]) == _gain(quoted[0]):
        said += f"; full indemnity at the same loading, {_gain(full[0])}"
    else:
        said += (
            f"; both charged alike, the index is worth {_gain(alike[0])} and full indemnity {_gain(full[0])}"
        )
    if quoted[0] < 0:
        said += "; a buyer of this wealth and risk aversion does better without it at its quoted premium"
    return said


def _gain(value: float) -> str:
    """Return by how much a cover is worth more or less than none."""
    return f"{money(abs(value))} {'more' if value >= 0 else 'less'}"


def buyer_table(buyer: xr.Dataset, brief: bool = False) -> Table:
    """Return the arrangements side by side.

    Parameters
    ----------
    buyer : xarray.Dataset
        The group ``/buyer``.
    brief : bool
        Whether it stands on the first screen, with fewer columns.
    """
    sure, mean, worst, premium = (
        numbers(buyer, name) for name in ("certainty_equivalent", "mean_cost", "worst_year", "premium")
    )
    low, high, error = (numbers(buyer, name) for name in ("low", "high", "standard_error"))
    names = buyer["arrangement"].values.astype(str)
    at = np.flatnonzero(names == "none")
    gain = sure - sure[at[0]] if at.size else np.full(sure.size, np.nan)
    scale, unit = money_unit([*mean, *worst, *premium[np.isfinite(premium)]])
    large, large_unit = money_unit(sure)
    known = bool(np.isfinite(low).any())
    rows: list[list[Cell]] = []
    for i, name in enumerate(names):
        row = [
            words(told(ARRANGEMENT_NAMES, name)),
            figure(float(gain[i]), scale=scale),
            figure(float(mean[i]), scale=scale),
            figure(float(worst[i]), scale=scale),
        ]
        if not brief:
            row += [
                figure(float(premium[i]), 4, scale=scale),
                figure(float(sure[i]), SURE_DIGITS, error=float(error[i]), scale=large),
            ]
            if known:
                ends = float(low[i]) / large, float(high[i]) / large
                row.append(Cell(span(*ends, digits=SURE_DIGITS), float(high[i])))
        rows.append(row)
    columns = [
        Column("Arrangement", number=False),
        Column("Worth to the buyer, against no cover", f"{unit} a year"),
        Column("Mean cost", f"{unit} a year"),
        Column("Worst year", unit),
    ]
    if not brief:
        columns += [
            Column("Premium", f"{unit} a year"),
            Column("Certainty equivalent", large_unit),
        ]
        if known:
            columns.append(Column("90 % interval", large_unit))
    return table("What the buyer has", columns, rows, heard=True)


def basis_section(tree: xr.DataTree) -> Section | None:
    """Return loss beside payment: quadrants, history strip, measures, and what the buyer has."""
    pairs, basis, history, buyer = (
        group(tree, name) for name in ("basis_pairs", "basis", "history", "buyer")
    )
    if pairs is None or basis is None:
        if history is None:
            return None
        return Section("basis", "Basis risk", NOT_KNOWN, (Part("", chart=index_strip_chart(history)),))
    parts = [Part("", chart=index_quadrants_chart(pairs, basis))]
    if history is not None:
        parts.append(Part("", chart=_strip(history)))
    parts.append(Part("Measures of basis risk, each with the years that it rests on", measures_table(basis)))
    if buyer is not None:
        parts.append(Part(worth_sentence(tree), buyer_table(buyer), _buyer_note(buyer)))
    notes = tuple(
        rounded(as_printed(str(basis.attrs[name]))) for name in ("note", "interval") if basis.attrs.get(name)
    )
    sentence = f"{misses_sentence(tree)}. {missed_years(tree)} {unpaid_sentence(tree)}".strip()
    return Section(
        "basis", "Basis risk: payment beside loss", " ".join(sentence.split()), tuple(parts), notes
    )


def _strip(history: xr.Dataset) -> Chart:
    """Return the history strip beside a loss; of a loss that is simulated the record has none."""
    chart = index_strip_chart(history)
    if np.isfinite(numbers(history, "loss")).any():
        return chart
    note = (
        "What the cover would have paid in the years of the record, after its treatment and at the terms of this "
        "cover. No loss was recorded in them; loss and payment meet in the simulated years above."
    )
    return replace(chart, note=note)


NOT_KNOWN: Final = (
    "Nobody recorded what a buyer of this cover lost, so that basis risk is not known: a loss made from the index "
    "itself would show none, and is refused. What the cover would have paid is known."
)


def _buyer_note(buyer: xr.Dataset) -> str:
    wealth, aversion = float(buyer.attrs["wealth"]), float(buyer.attrs["risk_aversion"])
    return (
        f"A buyer with {money(wealth)} before the year's loss and a relative risk aversion of {aversion:g}. Certainty "
        "equivalent: the sure wealth that is worth as much to this buyer as what the years bring. "
        f"{rounded(str(buyer.attrs.get('note', '')))} Nobody offers full indemnity here: it is a yardstick."
    )


def _error(error: float, unit: str) -> str:
    """Return a simulation error beside a measure; blank for years of a record, which have none."""
    return f"± {quantity(error, 'CNY' if unit.startswith('CNY') else unit, 2)}" if np.isfinite(error) else ""


LAW_ALONE: Final = "mean_payout"
"""Measure of simulated years that the law of the index alone decides."""

HELD: Final = "No interval: nothing that is varied here moves it."
"""What is said of an interval without a width."""

LAW_HELD: Final = (
    "No interval here, where the law of the index is held; what the record leaves open of it is the knowledge interval "
    "of the index's pure premium."
)
"""What is said of the mean payment where the index has an interval of its own."""

RECORD_HELD: Final = (
    "Interval of the years drawn again; law and treatment are held, so that the premium's own is wider."
)
"""What the interval of the mean payment of a record holds."""


def _measure_note(name: str, note: str, held: bool, declared: bool) -> str:
    """Return the note of a measure with what its interval holds, or why it has none."""
    said = {True: LAW_HELD, False: RECORD_HELD}[declared] if name == LAW_ALONE else HELD if held else ""
    return f"{rounded(as_printed(note))} {said}".strip()


def measures_table(basis: xr.Dataset) -> Table:
    """Return the measures with their intervals and the years behind each.

    Parameters
    ----------
    basis : xarray.Dataset
        The group ``/basis``.
    """
    columns_read = ("value", "standard_error", "low", "high", "years")
    value, error, low, high, years = (numbers(basis, name) for name in columns_read)
    units, notes = texts(basis, "unit"), texts(basis, "note")
    labels = texts(basis, "label")
    names = basis["measure"].values.astype(str) if "measure" in basis.variables else np.array(labels)
    ranged = bool(basis.attrs.get("interval"))
    ends = [(float(a), float(b)) for a, b in zip(low, high, strict=True)]
    # what is drawn again or ranged over moves nothing here: no width is no certainty
    held = np.isclose(low, high, rtol=1e-9, atol=0.0) | (ranged & (names == LAW_ALONE))
    rows: list[list[Cell]] = [
        [
            Cell(as_printed(told({}, labels[i])), note=_measure_note(names[i], notes[i], held[i], ranged)),
            Cell(quantity(float(value[i]), units[i]), float(value[i]), _error(float(error[i]), units[i])),
            Cell(MISSING if held[i] else span(*ends[i], units[i], beside=float(value[i])), ends[i][1]),
            count(float(years[i])),
        ]
        for i in range(len(labels))
    ]
    columns = [
        Column("Measure", number=False),
        Column("Value ± simulation" if np.isfinite(error).any() else "Value"),
        # over the ranges of what was declared no coverage is known
        Column("Least to largest" if ranged else "90 % interval"),
        Column("Years behind it"),
    ]
    return table("Basis risk", columns, rows, heard=True)
