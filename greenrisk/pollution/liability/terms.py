# SPDX-License-Identifier: Apache-2.0
"""What the policies pay of accidents, head by head, and why the rest is not insured.

What lives here: the order of the terms and the books that must close. What does not: the terms of each plant
(:mod:`greenrisk.pollution.liability.policy_terms`), reinsurance (:mod:`greenrisk.actuarial.layers`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from greenrisk.core.errors import ArgumentError, Fault
from greenrisk.pollution.liability.events import Accidents
from greenrisk.pollution.liability.policy_terms import PolicyTerms

Floats = NDArray[np.float64]

REASONS: Final = (
    "no_policy",
    "deliberate",
    "gradual",
    "late_claim",
    "deductible",
    "person_limit",
    "sublimit",
    "accident_limit",
    "annual_limit",
)
"""Why a loss is not insured, in the order in which the terms bite; a code is an index."""

REASON_WORDS: Final = (
    "No policy",
    "Deliberate discharge",
    "Gradual pollution",
    "Claim made too late",
    "Deductible",
    "Limit of one person",
    "Sublimit of heads",
    "Limit of the accident",
    "Limit of the year",
)
"""The reasons' words in a table or chart, in the order of :data:`REASONS`."""

REASON_WORDS_ZH: Final = (
    "未投保",
    "故意排放",
    "渐进性污染",
    "超出索赔期",
    "免赔额",
    "每人限额",
    "分项限额",
    "每次事故限额",
    "年度累计限额",
)
"""The reasons' Chinese words, in the order of :data:`REASONS`."""


@dataclass(frozen=True, eq=False)
class Paid:
    """What accidents are paid and what they are not.

    Parameters
    ----------
    insured : array, shape (accidents, heads)
        What the policy pays under each head [CNY].
    head_reason : array, shape (heads, reasons)
        What it does not pay under each head, by reason: sums over the accidents [CNY].

    Notes
    -----
    For every head, the sum of ``insured`` over accidents and of ``head_reason`` over reasons is the loss under it.
    """

    insured: Floats
    head_reason: Floats

    @property
    def total(self) -> Floats:
        """What each accident is paid, all heads, shape (accidents,) [CNY]."""
        return np.asarray(self.insured.sum(axis=1))


def apply_terms(accidents: Accidents, terms: PolicyTerms) -> Paid:
    """Apply the terms of each plant's policy to its accidents, in the order of time.

    Parameters
    ----------
    accidents : Accidents
        Of whole years, sorted by time.
    terms : PolicyTerms
        Terms of each plant.

    Raises
    ------
    ArgumentError
        If an accident is of a plant without terms.

    Notes
    -----
    The order: (1) no policy, then exclusions, then the time of the claim: the whole accident is paid or not. (2) The
    deductible, max(amount, share of the covered loss), taken from all heads pro rata. (3) The limit of one person:
    persons times the limit, for bodily injury, as if all persons were hurt alike; since a limit pays unlike claims less
    than like ones, this pays at most too much. (4) Sublimits, each on its heads pro rata. (5) The limit of the
    accident, pro rata. (6) The limit of the year, in the order of the plant's accidents. Defence outside the limits
    passes only (1) and (4).

    A claims-made policy covers an accident at time t of its year with a claim made a lag L later if the claim comes
    before the end of the reporting period, t + L <= 1 + reporting_years, or if the policy is renewed and that of the
    year of the claim reaches back to the accident, floor(t + L) <= retroactive_years. Payments count against the limit
    of the year of the accident.
    """
    insured, _, head_reason = _settled(accidents, terms, by_accident=False)
    return Paid(insured, head_reason)


def reasons_of(accidents: Accidents, terms: PolicyTerms) -> Floats:
    """Return what is not paid of each accident by reason, shape (accidents, reasons) [CNY].

    Parameters
    ----------
    accidents, terms
        As for :func:`apply_terms`.

    Notes
    -----
    Its sum over reasons and what the accident is paid add up to the loss of the accident.
    """
    return _settled(accidents, terms, by_accident=True)[1]


def _settled(accidents: Accidents, terms: PolicyTerms, by_accident: bool) -> tuple[Floats, Floats, Floats]:
    from greenrisk.pollution.liability.terms_kernel import paid  # numba is slow to import

    if len(accidents) and int(accidents.plant.max()) >= terms.plants:
        what = f"plant {int(accidents.plant.max())} with terms of {terms.plants} plants"
        raise ArgumentError(Fault("terms", what, "Terms for every plant of the zone were expected."))
    return paid(accidents, terms, len(REASONS), by_accident)


def not_insured(accidents: Accidents, paid: Paid) -> Floats:
    """Return what is not paid of each accident under each head, shape (accidents, heads) [CNY].

    Parameters
    ----------
    accidents : Accidents
        What happened.
    paid : Paid
        What was paid for it.
    """
    return np.asarray(accidents.loss - paid.insured)
