# SPDX-License-Identifier: Apache-2.0
"""Sections of an index cover on its price: payout function, premium two ways, calibration, losses of bad years."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import numpy as np
import xarray as xr

from greenrisk.report.charts.exceedance import Wording, exceedance_chart
from greenrisk.report.charts.index_payout import index_payout_chart
from greenrisk.report.pages.index_words import (
    FAMILY_NAMES,
    PAID_LAYERS,
    amount,
    chance,
    numbers,
    paid_layer,
    plain,
    quiet_share,
    spoken,
    texts,
    told,
)
from greenrisk.report.pages.section import Part, Section
from greenrisk.report.pages.zone_words import group
from greenrisk.report.table import Cell, Column, Table, figure, share, table, words
from greenrisk.report.wording import MISSING, money, money_unit, percent, significant, span

FEW_PAIRS: Final = 3
"""Paid years that follow each other up to which they are named."""

FEW: Final = 2
"""Segments of a premium of one cover: all together and itself."""

PAID: Final = Wording(
    "exceedance",
    "A bad year costs the cover ",
    "Less than {} does the cover pay anything",
    {layer: "paid by the cover" for layer in PAID_LAYERS},
    "Payments of a year",
    "the length of the record, the ranges of the parameters and the named alternatives",
)


def payout_section(tree: xr.DataTree) -> Section | None:
    """Return the payout function over the values of the record."""
    function, record, history = (group(tree, name) for name in ("payout_function", "record", "history"))
    if function is None or record is None:
        return None
    sentence = "What the cover pays at every value of the index; the marks are the years of the record."
    if history is not None:
        paid = history["payout"].values.astype(float)
        known = np.isfinite(paid)
        sentence = (
            f"On the record as it is priced the cover pays in {int((paid[known] > 0).sum())} of {int(known.sum())} "
            "years. The marks are the years of the record."
        )
        sentence = (
            f"{sentence} {paid_in_a_row(history['year'].values.astype(int)[known & (paid > 0)])}".strip()
        )
    return Section(
        "payout",
        "What the cover pays",
        sentence,
        (Part("", chart=index_payout_chart(spoken(function, "index"), spoken(record, "index"))),),
    )


def paid_in_a_row(years: np.ndarray) -> str:
    """Say of paid years that follow each other that they may be one event; empty where none do.

    Parameters
    ----------
    years : numpy.ndarray
        Paid years, rising.
    """
    pairs = [f"{a} and {b}" for a, b in pairwise(years.tolist()) if b == a + 1]
    if not pairs:
        return ""
    few = len(pairs) <= FEW_PAIRS
    named = f"{'; '.join(pairs)} follow each other" if few else f"{len(pairs)} of them follow a paid year"
    return f"{named}: an event that the turn of the year cuts is paid twice and counted as two."


def premium_section(tree: xr.DataTree) -> Section | None:
    """Return the premium by burn analysis and by every law side by side, and the calibration where it was asked."""
    families, treatments = group(tree, "families"), group(tree, "treatments")
    if families is None:
        return None
    parts = [
        Part(
            "Pure premium by law of the yearly index",
            families_table(families),
            "AIC: smaller fits better for its number of parameters. Chance of the fit: Kolmogorov-Smirnov, with the "
            "parameters fitted on the same years, so that it is too kind. Laws that fit alike can price a rare payment "
            "apart: their spread is part of the knowledge interval.",
        )
    ]
    premium = group(tree, "premium")
    if premium is not None and "most_a_year" in premium and premium.sizes["segment"] > FEW:
        parts.insert(0, Part("Premium by cover", covers_table(premium), "Capital is shared by all covers."))
    calibration = group(tree, "calibration")
    if calibration is not None:
        parts.append(calibration_part(calibration))
    return Section("premium", "The premium two ways", premium_sentence(families, treatments), tuple(parts))


def covers_table(premium: xr.Dataset) -> Table:
    """Return pure and gross premium and rate on line of each cover, all together last.

    Parameters
    ----------
    premium : xarray.Dataset
        The group ``/premium``; the first segment is the sum of the others.
    """
    pure, gross = (premium["amount"].sel(row=f"{name}_premium").values for name in ("pure", "gross"))
    most, rate = premium["most_a_year"].values.astype(float), premium["rate_on_line"].values.astype(float)
    error = premium["pure_standard_error"].values.astype(float)
    names = premium["segment"].values.astype(str)
    scale, unit = money_unit(gross[1:])
    large, large_unit = money_unit(most)
    rows: list[list[Cell]] = [
        [
            words(told({"all": "All covers"}, names[i])),
            figure(float(most[i]), scale=large),
            figure(float(pure[i]), 4, error=float(error[i]), scale=scale),
            figure(float(gross[i]), 4, scale=scale),
            share(float(rate[i])),
        ]
        for i in [*range(1, names.size), 0]
    ]
    heads = [
        Column("Cover", number=False),
        Column("Most a year", large_unit),
        Column("Pure premium ± simulation", f"{unit} a year"),
        Column("Gross premium", f"{unit} a year"),
        Column("Rate on line"),
    ]
    return table("Premium by cover", heads, rows, totals=1, heard=True)


def premium_sentence(families: xr.Dataset, treatments: xr.Dataset | None) -> str:
    """Say what the mean of the years and the chosen law give, and how far the laws lie apart."""
    priced = numbers(families, "pure_premium")
    known = np.isfinite(priced)
    chosen = (numbers(families, "chosen") > 0) & known
    parts = []
    if treatments is not None:
        used = numbers(treatments, "chosen") > 0
        burn = numbers(treatments, "pure_premium_burn")[used]
        if burn.size and np.isfinite(burn[0]):
            low, high = (float(numbers(treatments, f"burn_{end}")[used][0]) for end in ("low", "high"))
            parts.append(
                f"The mean of the years is {money(float(burn[0]))} a year (90 % of the resamples: "
                f"{span(low, high, 'CNY', beside=float(burn[0]))})"
            )
    if chosen.any():
        name = told(FAMILY_NAMES, families["family"].values.astype(str)[chosen][0])
        parts.append(f"the chosen law, {name[:1].lower()}{name[1:]}, gives {money(float(priced[chosen][0]))}")
    if known.sum() > 1:
        parts.append(f"the laws give {span(float(priced[known].min()), float(priced[known].max()), 'CNY')}")
    text = "; ".join(parts)
    return f"{text[:1].upper()}{text[1:]}." if text else "No law could be fitted."


def families_table(families: xr.Dataset) -> Table:
    """Return the laws side by side; those that the data forbid say why.

    Parameters
    ----------
    families : xarray.Dataset
        The group ``/families``.
    """
    aic, ks, priced = (numbers(families, name) for name in ("aic", "ks_p", "pure_premium"))
    chosen, refused = numbers(families, "chosen") > 0, texts(families, "refused")
    scale, unit = money_unit(priced)
    rows: list[list[Cell]] = []
    for i, name in enumerate(families["family"].values.astype(str)):
        rows.append(
            [
                Cell(
                    told(FAMILY_NAMES, name),
                    note="; ".join(t for t in ("used here" if chosen[i] else "", refused[i]) if t),
                ),
                Cell(f"{aic[i]:,.1f}" if np.isfinite(aic[i]) else MISSING, float(aic[i])),
                Cell(chance(float(ks[i])), float(ks[i])),
                figure(float(priced[i]), scale=scale),
            ]
        )
    return table(
        "Laws of the yearly index",
        [
            Column("Law", number=False),
            Column("AIC"),
            Column("Chance of the fit"),
            Column("Pure premium", f"{unit} a year"),
        ],
        rows,
        heard=True,
    )


CALIBRATED: Final = {
    "payment_frequency": "Years that reach the trigger",
    "whole_payment_frequency": "Years that reach the exit",
    "mean_payment": "Mean payment",
    "certainty_equivalent_gain": "Worth to the buyer, against no cover",
    "expected_shortfall": "Loss not paid, mean of the worst years",
    "premium": "Premium",
}
"""Figure of a calibration -> its words."""


def calibration_part(calibration: xr.Dataset) -> Part:
    """Return what the trigger that was found is worth on the years it was found on, and on years held out."""
    return Part(
        calibration_sentence(calibration),
        calibration_table(calibration),
        plain(f"{_edges(calibration)} {calibration.attrs.get('note', '')}"),
    )


def _edges(calibration: xr.Dataset) -> str:
    """Say which trigger and exit were found, beside the scenario's own."""
    unit = str(calibration.attrs.get("unit", ""))
    found, ends, own, own_exit, low, high = (
        float(calibration[name].item())
        for name in ("trigger", "exit", "own_trigger", "own_exit", "trigger_low", "trigger_high")
    )
    used = "It is used here." if int(calibration.attrs.get("applied", 0)) else "The scenario keeps its own."
    return (
        f"Found: trigger {significant(found)}, exit {amount(ends, unit)} (triggers of the rounds: "
        f"{significant(low)} to {significant(high)}). The scenario's own: {significant(own)} and "
        f"{amount(own_exit, unit)}. {used}"
    )


def calibration_sentence(calibration: xr.Dataset) -> str:
    """Say the corrected value of the trigger that was found beside the one in sample; neither stands alone."""
    names = calibration["figure"].values.astype(str).tolist()
    inside, corrected, wanted = (numbers(calibration, name) for name in ("in_sample", "corrected", "wanted"))
    name = names[0]
    first, second = float(inside[0]), float(corrected[0])
    if name == "payment_frequency":
        return (
            f"A trigger set for 1 in {significant(1 / float(wanted[0]), 2)} years is reached in {percent(second)} of "
            f"years held out, {percent(first)} of the years it was set on"
        )
    if name == "certainty_equivalent_gain":
        return (
            f"The optimised trigger is worth {_against(second)} than no cover on years held out; on the years it was "
            f"chosen on it seems worth {_against(first)}"
        )
    unit = texts(calibration, "unit")[0]
    return (
        f"The optimised trigger leaves {amount(second, unit)} unpaid in the worst years when held out"
        f"{_over_budget(names, corrected, wanted)}; on the years it was chosen on, {amount(first, unit)}"
    )


def _over_budget(names: list[str], corrected: np.ndarray, wanted: np.ndarray) -> str:
    """Say by how much the premium on years held out exceeds the budget; empty where it does not."""
    place = names.index("premium")
    charged, budget = float(corrected[place]), float(wanted[place])
    return f", for a premium {significant(charged / budget, 2)} times the budget" if charged > budget else ""


def _against(value: float) -> str:
    return f"{money(abs(value))} a year {'more' if value >= 0 else 'less'}"


def calibration_table(calibration: xr.Dataset) -> Table:
    """Return what trigger and exit are worth in sample and corrected, beside the scenario's own.

    Parameters
    ----------
    calibration : xarray.Dataset
        The group ``/calibration``.
    """
    columns = ("in_sample", "corrected", "optimism", "own", "wanted")
    inside, corrected, optimism, own, wanted = (numbers(calibration, name) for name in columns)
    units = texts(calibration, "unit")

    def cell(values: np.ndarray, i: int) -> Cell:
        value = float(values[i])
        if units[i] == "1/year":
            return Cell(f"{percent(value)} of years" if np.isfinite(value) else MISSING, value)
        return Cell(amount(value, units[i]), value)

    rows: list[list[Cell]] = [
        [words(told(CALIBRATED, name)), *(cell(v, i) for v in (inside, corrected, optimism, own, wanted))]
        for i, name in enumerate(calibration["figure"].values.astype(str))
    ]
    return table(
        "Trigger and exit as they would be found",
        [
            Column("Figure", number=False),
            Column("On the years it was found on"),
            Column("Corrected, on years held out"),
            Column("Optimism"),
            Column("The scenario's own"),
            Column("Wanted"),
        ],
        rows,
        heard=True,
    )


def losses_section(tree: xr.DataTree) -> Section | None:
    """Return what bad years cost the cover."""
    curves, losses = group(tree, "curves"), group(tree, "losses")
    if curves is None or losses is None:
        return None
    layer = paid_layer(curves)
    if layer is None:
        return None
    sentence = f"In {percent(quiet_share(losses))} of the simulated years the cover pays nothing."
    return Section(
        "losses", "What bad years cost", sentence, (Part("", chart=exceedance_chart(curves, layer, PAID)),)
    )
