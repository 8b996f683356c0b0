# SPDX-License-Identifier: Apache-2.0
"""Sections of an index cover on its price: payout function, premium two ways, calibration, losses of bad years."""

from __future__ import annotations

from typing import Final

import numpy as np
import xarray as xr

from greenrisk.report.charts.exceedance import Wording, exceedance_chart
from greenrisk.report.charts.index_payout import index_payout_chart
from greenrisk.report.pages.index_words import (
    FAMILY_NAMES,
    PAID_LAYERS,
    chance,
    numbers,
    paid_layer,
    quiet_share,
    texts,
    told,
)
from greenrisk.report.pages.section import Part, Section
from greenrisk.report.pages.zone_words import group
from greenrisk.report.table import Cell, Column, Table, figure, table, words
from greenrisk.report.wording import MISSING, money, money_unit, percent, significant, span

PAID: Final = Wording(
    "exceedance",
    "A bad year costs the cover ",
    "Less than {} does the cover pay anything",
    {layer: "paid by the cover" for layer in PAID_LAYERS},
    "Payments of a year",
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
    return Section(
        "payout", "What the cover pays", sentence, (Part("", chart=index_payout_chart(function, record)),)
    )


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
    calibration = group(tree, "calibration")
    if calibration is not None:
        parts.append(calibration_part(calibration))
    return Section("premium", "The premium two ways", premium_sentence(families, treatments), tuple(parts))


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
        parts.append(
            f"the laws lie between {span(float(priced[known].min()), float(priced[known].max()), 'CNY')}"
        )
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
    "trigger": "Trigger",
    "exit": "Exit",
    "in_sample": "On the years that it was chosen on",
    "corrected": "On years held out",
    "optimism": "Optimism: the one less the other",
}


def calibration_part(calibration: xr.Dataset) -> Part:
    """Return what the optimised trigger is worth: on the years it was chosen on, and corrected on years held out."""
    return Part(
        calibration_sentence(calibration),
        calibration_table(calibration),
        "A trigger that was chosen on a record looks better on that record than it will be. The corrected value is "
        "that of triggers chosen without the years on which they are judged.",
    )


def calibration_sentence(calibration: xr.Dataset) -> str:
    """Say the corrected value beside the one in sample."""
    inside, corrected = (_figure_of(calibration, name) for name in ("in_sample", "corrected"))
    if inside is None or corrected is None:
        return "Trigger and exit as they would be found"
    return f"The optimised trigger is worth {corrected} on years held out, {inside} on the years that it was chosen on"


def _figure_of(calibration: xr.Dataset, name: str) -> str | None:
    if name not in calibration.variables:
        return None
    return significant(float(np.atleast_1d(calibration[name].values)[0]))


def calibration_table(calibration: xr.Dataset) -> Table:
    """Return trigger, exit and their worth beside the scenario's own.

    Parameters
    ----------
    calibration : xarray.Dataset
        The group ``/calibration``.
    """
    rows: list[list[Cell]] = [
        [words(told(CALIBRATED, name)), figure(float(np.atleast_1d(values.values)[0]), 4)]
        for name, values in calibration.data_vars.items()
        if values.dtype.kind in "fi"
    ]
    return table("Calibration", [Column("", number=False), Column("Value")], rows, heard=True)


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
