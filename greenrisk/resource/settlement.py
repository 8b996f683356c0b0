# SPDX-License-Identifier: Apache-2.0
"""What a block of years costs the policy: hits of all perils, day by day, under one set of terms.

A stand is lost once: what an earlier event of the year took cannot be taken again, and no year pays more for a stand
than its sum insured. Then come the limits, of each event and of the year.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from greenrisk.actuarial.layers.events import EventTable
from greenrisk.actuarial.layers.policy import PolicyLimits
from greenrisk.core.compiled import compiled
from greenrisk.core.units import MU_PER_HA
from greenrisk.resource.exposure import Exposure
from greenrisk.resource.forest import BLOCK_LENGTH, TermsSpec
from greenrisk.resource.indemnity import paid_share_of_one
from greenrisk.resource.perils.base import DAYS, Floats, Integers, PerilYears


@dataclass(frozen=True, eq=False)
class Payments:
    """What one block of years costs, hit by hit, perils one after the other.

    Parameters
    ----------
    perils : tuple of str
        Their kinds; a code is the index.
    event_year, event_day, event_peril : array of int, shape (events,)
        Year in the block, day of the calendar year and peril of each event.
    event, stand : array of int, shape (hits,)
        Event and stand of each damage.
    insured_mu : array, shape (hits,)
        Damaged insured area [mu].
    ground_up, gross : array, shape (hits,)
        Loss before and after policy terms [CNY].
    uncovered : array, shape (perils,)
        Loss before terms of events outside the policy period [CNY].
    repeated : array, shape (2,)
        Hits of stands that an earlier event of the year had hit, and the loss not counted twice for them [1, CNY].
    by_year : mapping of str to array, shape (years,)
        What perils keep beside losses.
    weight : array, shape (years,)
        Weight of each year [unitless].
    """

    perils: tuple[str, ...]
    event_year: Integers
    event_day: Integers
    event_peril: Integers
    event: Integers
    stand: Integers
    insured_mu: Floats
    ground_up: Floats
    gross: Floats
    uncovered: Floats
    repeated: Floats
    by_year: Mapping[str, Floats]
    weight: Floats

    @property
    def years(self) -> int:
        """How many years."""
        return int(self.weight.size)

    @property
    def year(self) -> Integers:
        """Year of each hit, shape (hits,)."""
        return np.asarray(self.event_year[self.event])

    @property
    def peril(self) -> Integers:
        """Peril of each hit, shape (hits,)."""
        return np.asarray(self.event_peril[self.event])


def covered(terms: TermsSpec, day: Integers) -> Any:
    """Return whether the policy of the year covers events on days of the calendar year, shape (events,).

    Parameters
    ----------
    terms : TermsSpec
        Inception, waiting period and term.
    day : array of int, shape (events,)
        0 to 364.

    Notes
    -----
    The year is that of the policy: an event before the anniversary belongs to the end of the policy year.
    """
    since = (day - terms.inception_day) % DAYS
    return (since >= terms.waiting_days) & (since < terms.term_days)


def settle(exposure: Exposure, years: Mapping[str, PerilYears], claimed: Mapping[str, float]) -> Payments:
    """Return what the hits of a block cost.

    Parameters
    ----------
    exposure : Exposure
        Book and terms.
    years : mapping of str to PerilYears
        By kind of peril.
    claimed : mapping of str to float
        Share of the payments due that are claimed, by kind [unitless].
    """
    book, terms, kinds, parts = exposure.book, exposure.terms, tuple(years), list(years.values())
    event_year = _joined([part.event_year for part in parts])
    event_day = _joined([part.event_day for part in parts])
    counts = [part.event_year.size for part in parts]
    event_peril = np.repeat(np.arange(len(parts)), counts)
    before = np.cumsum([0, *counts[:-1]])
    event = _joined([part.hit_event + start for part, start in zip(parts, before, strict=True)])
    stand = _joined([part.hit_stand for part in parts])
    area = np.concatenate([part.hit_area for part in parts])
    degree = np.concatenate([part.hit_degree for part in parts])
    insured = book.area_ha * MU_PER_HA * book.insured_share
    # In the policy's own order of days: what burnt in March cannot be blown down in July.
    order = np.lexsort((np.arange(event_year.size), (event_day - terms.inception_day) % DAYS, event_year))
    inside = covered(terms, event_day)
    share = np.array([claimed[kind] for kind in kinds])[event_peril]
    ground_up, gross, repeated = _settle(
        order,
        event_year,
        np.searchsorted(event, np.arange(event_year.size + 1)),
        stand,
        area,
        degree,
        insured,
        insured * book.sum_insured_per_mu,
        np.where(inside, share, 0.0),
        terms.deductible.numbers(),
    )
    per_event = np.bincount(event, weights=gross, minlength=event_year.size)
    limits = PolicyLimits(terms.event_limit_cny or math.inf, terms.annual_limit_cny or math.inf)
    gross *= limits.apply(EventTable.of(per_event, event_year, BLOCK_LENGTH)).factor[event]
    weight = np.ones(BLOCK_LENGTH)
    for part in parts:
        if part.weight is not None:
            weight = weight * part.weight
    outside = np.where(inside, 0.0, np.bincount(event, weights=ground_up, minlength=event_year.size))
    return Payments(
        perils=kinds,
        event_year=event_year,
        event_day=event_day,
        event_peril=event_peril,
        event=event,
        stand=stand,
        insured_mu=area * insured[stand],
        ground_up=ground_up,
        gross=gross,
        uncovered=_sums(event_peril, outside, len(parts)),
        repeated=repeated,
        by_year={name: values for part in parts for name, values in part.by_year.items()},
        weight=weight,
    )


def _sums(place: Integers, amount: Floats, places: int) -> Floats:
    return np.bincount(place, weights=amount, minlength=places).astype(np.float64, copy=False)


def _joined(arrays: list[Integers]) -> Integers:
    return np.concatenate([np.asarray(array, dtype=np.int64) for array in arrays])


_paid_share = compiled(paid_share_of_one)


def _settle_kernel(
    order: Integers,
    event_year: Integers,
    first_hit: Integers,
    stand: Integers,
    area: Floats,
    degree: Floats,
    insured_mu: Floats,
    insured_value: Floats,
    claimed: Floats,
    rule: Any,
) -> tuple[Floats, Floats, Floats]:
    """Losses and payments of every hit, events in order; what a stand has lost in a year it cannot lose again."""
    ground_up, gross, repeated = np.zeros(stand.size), np.zeros(stand.size), np.zeros(2)
    lost, paid = np.zeros(insured_mu.size), np.zeros(insured_mu.size)
    last = np.full(insured_mu.size, -1, dtype=np.int64)
    for event in order:
        year = event_year[event]
        for hit in range(first_hit[event], first_hit[event + 1]):
            s = stand[hit]
            if last[s] != year:
                last[s], lost[s], paid[s] = year, 0.0, 0.0
            else:
                repeated[0] += 1.0
            whole = area[hit] * degree[hit]
            loss = min(whole, 1.0 - lost[s])
            repeated[1] += (whole - loss) * insured_value[s]
            lost[s] += loss
            ground_up[hit] = loss * insured_value[s]
            due = area[hit] * _paid_share(rule, degree[hit], area[hit] * insured_mu[s]) * claimed[event]
            if loss < whole:  # what is gone already, paid or not, is paid no second time
                due *= loss / whole
            pay = min(due, 1.0 - paid[s])
            paid[s] += pay
            gross[hit] = pay * insured_value[s]
    return ground_up, gross, repeated


_settle = compiled(_settle_kernel)
