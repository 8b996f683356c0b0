# SPDX-License-Identifier: Apache-2.0
"""Sentences of the zone's first screen: who must insure for how much, averages over the ranges, loadings held."""

from __future__ import annotations

from typing import Final

import numpy as np
import xarray as xr

from greenrisk.pollution.grading.words import GRADES
from greenrisk.report.pages import forest_answer
from greenrisk.report.pages.zone_words import GRADE_NAMES, READING_NAMES, REFUSED, group
from greenrisk.report.reading import Metrics
from greenrisk.report.wording import as_given, listed, lower_first, span

AVERAGED: Final = {
    "expected_accidents": "the number of accidents",
    "average_annual_loss": "the expected loss",
    "pure_premium": "the pure premium",
    "gross_premium": "the technical premium",
}
"""Figure that is also averaged over the ranges -> its words inside a sentence; the loss is that before any policy."""

SUBJECTS: Final = {"average_annual_loss": "expected loss"}
"""Figure that a share of judgement is of -> its words; any other is the premium."""


def ranges_sentence(metrics: Metrics) -> str:
    """Say what accidents, loss and premiums are when averaged over the ranges of the cards."""
    return forest_answer.ranges_sentence(metrics, AVERAGED)


def judgement_sentence(metrics: Metrics, variance: xr.Dataset) -> str:
    """Say how much of the knowledge error comes from cards that nobody has confirmed, and the error of what."""
    subject = next(
        (words for of, words in SUBJECTS.items() if metrics.find("judgement_share", of=of) is not None),
        "premium",
    )
    return forest_answer.judgement_sentence(metrics, variance, subject)


def held_sentence(metrics: Metrics) -> str:
    """Say what interval the premium has when loadings stay as they are; empty where that was not computed."""
    held = metrics.find("gross_premium_loadings_held")
    if held is None or not np.isfinite([held.low, held.high]).all():
        return ""
    return (
        "Loadings are decided, not found out: with the loadings held at their central values, the knowledge interval "
        f"of the technical premium is {span(held.low, held.high, 'CNY', beside=held.value)}."
    )


def must_sentence(tree: xr.DataTree) -> str:
    """Say how many plants must insure, and how many of them have no cover or too little; empty where nobody asked.

    Parameters
    ----------
    tree : xarray.DataTree
        Result of the zone study.
    """
    must = group(tree, "who_must_insure")
    if must is None:
        return ""
    asked = must["reasons"].values > 0
    limit = must["limit"].values.astype(float)[asked]
    least = must["minimum_limit"].values.astype(float)[asked]
    none, short = int((limit <= 0).sum()), int(((limit > 0) & (limit < least)).sum())
    told = f"{int(asked.sum())} of {asked.size} plants must insure"
    if not asked.any():
        return told
    return f"{told}: {none} of them have no cover, {short} hold less than their least limit"


def least_limits_sentence(tree: xr.DataTree) -> str:
    """Say the least limit of every grade among those who must insure; empty where nobody asked.

    Parameters
    ----------
    tree : xarray.DataTree
        Result of the zone study.
    """
    must, plants = group(tree, "who_must_insure"), group(tree, "plants")
    if must is None or plants is None:
        return ""
    asked = must["reasons"].values > 0
    grade = plants["grade"].sel(plant=must["plant"]).values.astype(str)
    told = []
    for name in (*reversed(GRADES), REFUSED):
        least = np.unique(must["minimum_limit"].values.astype(float)[asked & (grade == name)])
        if least.size:
            words = "not graded" if name == REFUSED else lower_first(GRADE_NAMES[name])
            told.append(
                f"{words} {' to '.join(as_given(f'{v / 1e6:.6g}') for v in least[[0, -1][: least.size]])}"
            )
    if not told:
        return ""
    status = _weak(tree)
    return f"Least limit of an accident by grade, CNY million{status}: {listed(told)}."


def _weak(tree: xr.DataTree) -> str:
    """Return the statuses of the least limits in brackets, where the run tells them."""
    numbers = group(tree, "mandate_numbers")
    if numbers is None:
        return ""
    of_limits = [str(n).startswith("limit_") for n in numbers["number"].values]
    found = sorted(set(numbers["status"].values.astype(str)[of_limits]))
    return f" ({listed(found)})" if found else ""


def grades_sentence(tree: xr.DataTree) -> str:
    """Say how many grades rest on what nobody has confirmed, and how many hang on a reading."""
    grading = group(tree, "grading")
    if grading is None:
        return ""
    graded = grading["grade"].values >= 0
    weak = int(np.isin(grading["status"].values.astype(str)[graded], ("unconfirmed", "illustrative")).sum())
    moved = np.zeros(graded.size, dtype=bool)
    for question in READING_NAMES:
        if f"moved_by_{question}" in grading:
            moved |= grading[f"moved_by_{question}"].values.astype(bool)
    told = f"{weak} of {int(graded.sum())} grades rest on at least one number of the standard that is not confirmed"
    alone = moved_alone(tree)
    if alone:
        told += f". Taken away alone, {alone[0]} such numbers would each change a grade, of {alone[1]} plants together"
    return f"{told}. {int(moved.sum())} grades would be another under another reading of the standard."


def moved_alone(tree: xr.DataTree) -> tuple[int, int] | None:
    """Return how many unconfirmed rows move a grade when taken away alone, and how many plants' grades together."""
    moved = group(tree, "grade_leverage")
    if moved is None or not moved.sizes.get("moved", 0):
        return None
    plants = {p for ids in moved["plant_ids"].values.astype(str) for p in ids.split()}
    return moved.sizes["moved"], len(plants)
