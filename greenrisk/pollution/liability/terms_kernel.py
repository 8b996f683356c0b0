# SPDX-License-Identifier: Apache-2.0
"""The loop over accidents that applies the terms of a policy, compiled.

Imported where it is first needed, since numba is slow to import. The arguments are checked by the callers; what is
paid, and in which order the terms come, is told in :func:`greenrisk.pollution.liability.terms.apply_terms`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from greenrisk.core.compiled import compiled
from greenrisk.pollution.severity.heads import BODILY_INJURY, HEADS, LEGAL_COST

if TYPE_CHECKING:
    from greenrisk.pollution.liability.events import Accidents
    from greenrisk.pollution.liability.policy_terms import PolicyTerms

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_HEADS, _BODILY, _LEGAL = len(HEADS), BODILY_INJURY, LEGAL_COST
_NO_POLICY, _DELIBERATE, _GRADUAL, _LATE = 0, 1, 2, 3
_DEDUCTIBLE, _PERSON, _SUBLIMIT, _ACCIDENT, _ANNUAL = 4, 5, 6, 7, 8


def _refusal_kernel(
    insured: bool,
    excluded: Any,
    flags: Any,
    made: bool,
    renewed: bool,
    back: float,
    on: float,
    at: float,
    lag: float,
) -> int:
    """Reason why nothing is paid at all, or -1."""
    if not insured:
        return _NO_POLICY
    if flags[0] and excluded[0]:
        return _DELIBERATE
    if flags[1] and excluded[1]:
        return _GRADUAL
    claim = at + lag
    if made and claim > 1.0 + on and not (renewed and math.floor(claim) <= back):
        return _LATE
    return -1


_refusal = compiled(_refusal_kernel)


def _paid_kernel(
    year: Integers,
    time: Floats,
    plant: Integers,
    loss: Floats,
    gradual: Any,
    deliberate: Any,
    lag: Floats,
    persons: Floats,
    insured: Any,
    accident_limit: Floats,
    annual_limit: Floats,
    person_limit: Floats,
    group: Integers,
    group_limit: Floats,
    deductible_amount: Floats,
    deductible_share: Floats,
    defence_inside: Any,
    claims_made: Any,
    renewed: Any,
    retroactive: Floats,
    reporting: Floats,
    excludes_gradual: Any,
    excludes_deliberate: Any,
    reasons: int,
    by_accident: bool,
) -> tuple[Floats, Floats, Floats]:
    accidents = year.size
    paid = np.zeros((accidents, _HEADS))
    # Where the reasons of single accidents are not asked for, all are booked into one row that nobody reads.
    by_reason = np.zeros((accidents if by_accident else 1, reasons))
    head_reason = np.zeros((_HEADS, reasons))
    used, last = np.zeros(insured.size), np.full(insured.size, -1, dtype=np.int64)
    amount, of_group = np.empty(_HEADS), np.empty(_HEADS)
    for i in range(accidents):
        p, total, row = plant[i], 0.0, i if by_accident else 0
        for h in range(_HEADS):
            amount[h] = loss[i, h]
            total += amount[h]
        refused = _refusal(
            insured[p],
            (excludes_deliberate[p], excludes_gradual[p]),
            (deliberate[i], gradual[i]),
            claims_made[p],
            renewed[p],
            retroactive[p],
            reporting[p],
            time[i],
            lag[i],
        )
        if refused >= 0:
            by_reason[row, refused] += total
            for h in range(_HEADS):
                head_reason[h, refused] += amount[h]
            continue
        # Heads inside the limits come first; the cost of defence is the last head.
        inside = _HEADS if defence_inside[p] else _LEGAL
        subject = total if inside == _HEADS else total - amount[_LEGAL]
        for reason in (_DEDUCTIBLE, _ACCIDENT, _ANNUAL):
            if reason == _DEDUCTIBLE:
                room = subject - max(deductible_amount[p], deductible_share[p] * subject)
                room = max(room, 0.0)
            elif reason == _ACCIDENT:
                most = persons[i] * person_limit[p] if persons[i] > 0.0 else math.inf
                if amount[_BODILY] > most:
                    lost = amount[_BODILY] - most
                    amount[_BODILY] = most
                    by_reason[row, _PERSON] += lost
                    head_reason[_BODILY, _PERSON] += lost
                of_group[:] = 0.0
                for h in range(_HEADS):
                    of_group[group[p, h]] += amount[h]
                subject = 0.0
                for h in range(_HEADS):
                    g = group[p, h]
                    if of_group[g] > group_limit[p, g]:
                        lost = amount[h] - amount[h] * (group_limit[p, g] / of_group[g])
                        amount[h] -= lost
                        by_reason[row, _SUBLIMIT] += lost
                        head_reason[h, _SUBLIMIT] += lost
                    if h < inside:
                        subject += amount[h]
                room = accident_limit[p]
            else:
                if last[p] != year[i]:
                    last[p], used[p] = year[i], 0.0
                room = max(annual_limit[p] - used[p], 0.0)
            if subject > room:
                factor, subject = room / subject, room
                for h in range(inside):
                    lost = amount[h] - amount[h] * factor
                    amount[h] -= lost
                    by_reason[row, reason] += lost
                    head_reason[h, reason] += lost
        used[p] += subject
        for h in range(_HEADS):
            paid[i, h] = amount[h]
    return paid, by_reason, head_reason


_paid = compiled(_paid_kernel)


def paid(
    accidents: Accidents, terms: PolicyTerms, reasons: int, by_accident: bool
) -> tuple[Floats, Floats, Floats]:
    """Return what is paid by accident and head, what is not by accident and reason, and by head and reason.

    Parameters
    ----------
    accidents : Accidents
        Sorted by time.
    terms : PolicyTerms
        Terms of each plant.
    reasons : int
        How many reasons there are.
    by_accident : bool
        Whether the reasons of single accidents are asked for.

    Returns
    -------
    tuple of array, shapes (accidents, heads), (accidents or 1, reasons), (heads, reasons)
        [CNY]
    """
    insured, by_reason, head_reason = _paid(
        accidents.year,
        accidents.time,
        accidents.plant,
        accidents.loss,
        accidents.gradual,
        accidents.deliberate,
        accidents.lag,
        accidents.persons,
        terms.insured,
        terms.accident_limit,
        terms.annual_limit,
        terms.person_limit,
        terms.group,
        terms.group_limit,
        terms.deductible_amount,
        terms.deductible_share,
        terms.defence_inside,
        terms.claims_made,
        terms.renewed,
        terms.retroactive_years,
        terms.reporting_years,
        terms.excludes_gradual,
        terms.excludes_deliberate,
        reasons,
        by_accident,
    )
    return insured, by_reason, head_reason
