# SPDX-License-Identifier: Apache-2.0
"""What the ledger is told of the record of an index cover: what was chosen for it, and on how little it rests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from greenrisk.core.ledger import Ledger
from greenrisk.resource.index_cover.changes import Changes, Verdict
from greenrisk.resource.index_cover.event_law import EventLaw
from greenrisk.resource.index_cover.history_spec import Treatment
from greenrisk.resource.index_cover.index_knowledge import Knowledge
from greenrisk.resource.index_cover.index_model import Fitted, IndexModel
from greenrisk.resource.index_cover.late_verdicts import tell_late_verdicts

FEW_PAYING: Final = 10
"""Paying years of the record below which what lies beyond them is the law's word."""

FEW_RECORDED: Final = 50
"""Years of a record below which its resamples are told to know too little [year]."""

CALLED_FOR: Final[Mapping[Verdict, tuple[Treatment, ...]]] = {
    "none": ("none",),
    "trend": ("linear",),
    "step": ("step", "post_break"),
}
"""Verdict of the tests -> treatments that follow from it."""

BELOW_ZERO: Final = 0.001
"""Chance of values below 0, where the record has none, from which on it is told [unitless]."""


def tell_record(model: IndexModel, fitted: Fitted, paying: int, ledger: Ledger) -> None:
    """Write to the ledger what was chosen for the record, and on how little it rests.

    Parameters
    ----------
    model : IndexModel
        Covers on the record.
    fitted : Fitted
        The treated record and its laws.
    paying : int
        Years of it in which the covers would have paid.
    ledger : Ledger
        Takes the lines.
    """
    record, history = model.record, model.part.history
    for name, index in record.indices.items():
        _tell_treatment(model, name, ledger)
        missing = int(np.isnan(index.value).sum())
        if missing and not index.of_events:
            ledger.add(
                "dropped",
                f"index {name}",
                f"{missing} of {record.year.size} years have no index and count nowhere.",
                missing,
            )
    tell_late_verdicts(model, ledger)
    for name, family in model.family.items():
        why = (
            "named by the scenario"
            if history.law != "best"
            else "the years themselves, for want of a family that they allow and do not reject"
            if family == "empirical"
            else "the smallest AIC of the families that its years do not reject"
        )
        ledger.add("assumption", f"law of {name}", f"{family}: {why}.")
        _tell_below_zero(fitted, name, ledger)
    why = "named by the scenario" if history.block_years else "from the autocorrelation of the treated record"
    ledger.add(
        "assumption",
        "resamples of the record",
        f"Years are drawn anew in blocks of {record.block_years}, {why}. A resample knows no year that did not happen.",
    )
    known = int(fitted.known.sum())
    if known < FEW_RECORDED:
        ledger.add(
            "unreliable",
            "knowledge interval",
            f"{known} years: a 90 % interval from resamples of so short a record can be too narrow, most of all where "
            "a weak trend or step passes the tests, and where years remember each other.",
            known,
        )
    if paying < FEW_PAYING:
        ledger.add(
            "unreliable",
            "payments of the record",
            f"The covers would have paid in {paying} of {int(fitted.known.sum())} years of the treated record: what "
            "lies beyond those years is the law's word.",
            paying,
        )


def _tell_treatment(model: IndexModel, name: str, ledger: Ledger) -> None:
    record = model.record
    told = "An index of events: its record is used as it is, steps and trends are not tested."
    if name in record.changes:
        asked = model.part.history.treatment
        why = "by the verdict of the tests" if asked == "auto" else "named by the scenario"
        told = f"Treatment of the record: {record.treatment[name]}, {why}. {record.changes[name].sentence}"
        if against_verdict(record.treatment[name], record.changes[name]):
            ledger.add("unreliable", f"treatment of {name}", f"{told} The tests contradict the treatment.")
            return
    ledger.add("assumption", f"index {name}", told)


def against_verdict(treatment: Treatment, changes: Changes) -> bool:
    """Return whether what is done to a record is not what the tests of it call for.

    Parameters
    ----------
    treatment : str
        What is done.
    changes : Changes
        What the tests say; a record too short for them contradicts nothing.
    """
    return changes.break_year >= 0 and treatment not in CALLED_FOR[changes.verdict]


def _tell_below_zero(fitted: Fitted, name: str, ledger: Ledger) -> None:
    law = fitted.laws[name]
    if isinstance(law, EventLaw):
        law = law.intensity
    chance = float(law.cdf(0.0))
    if chance > BELOW_ZERO and law.values[0] > 0:
        ledger.add(
            "assumption",
            f"law of {name}",
            f"The {law.family} law gives values below 0 a chance of {chance:.2g}; the record has none.",
        )


def tell_draws(knowledge: Knowledge, replaced: int, ledger: Ledger) -> None:
    """Write to the ledger which resamples of the record do not speak as the others do.

    Parameters
    ----------
    knowledge : Knowledge
        All variants.
    replaced : int
        Laws of resamples that their years forbid.
    ledger : Ledger
        Takes the lines.
    """
    silent = int((knowledge.draws("pure_premium") <= 0).sum())
    if silent:
        ledger.add(
            "unreliable",
            "knowledge interval",
            f"In {silent} of {knowledge.plan.draws} resamples of the record the covers pay nothing; shares of "
            "variance, which are of logarithms, leave them out.",
            silent,
        )
    if replaced:
        ledger.add(
            "assumption",
            "laws of resamples",
            f"{replaced} times the years of a resample forbid the family that was chosen; the law with the smallest "
            "AIC stands for it.",
            replaced,
        )
