# SPDX-License-Identifier: Apache-2.0
"""From indices to money: shares of single and double triggers, payments of a cover, terms of the year.

Everything here is vectorised over any axes. A value that is not known (NaN) gives a payment that is not known, save in
an index of events, where a year without an event pays nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greenrisk.core.errors import ArgumentError, Fault
from greenrisk.resource.index_cover.history_spec import HistorySpec
from greenrisk.resource.index_cover.index_study_spec import IndexPart, indices_of
from greenrisk.resource.index_cover.payout_spec import (
    AggregateSpec,
    DoublePayout,
    IndexCover,
    LinearPayout,
    Payout,
    SinglePayout,
)
from greenrisk.resource.index_cover.series import Floats, Integers, YearIndex


class AnnualPayments(NamedTuple):
    """What the covers pay in each year of a record."""

    year: Integers
    """Years that all indices have, shape (years,)."""

    by_cover: Floats
    """Before the terms of the year over all covers, shape (cover, years) [CNY]; NaN where an index is not known."""

    total: Floats
    """After them, shape (years,) [CNY]; NaN where a cover's payment is not known."""


def payout_share(payout: SinglePayout, value: ArrayLike) -> Floats:
    """Return the share of the sum insured that a single trigger pays.

    Parameters
    ----------
    payout : LinearPayout or TierPayout
        Trigger and exit, or tiers.
    value : array, any shape
        The index [its unit]; NaN: not known.

    Returns
    -------
    array, shape of ``value``
        In [0, 1] [unitless]; NaN where the index is not known.

    Notes
    -----
    Linear: ``least + (1 - least) clip((trigger - x) / (trigger - exit), 0, 1)`` at and beyond the trigger, 0 before it.
    Tiers: the share of the severest tier that the value has reached; a value equal to an edge has reached it only where
    the edge is inclusive.
    """
    x = np.asarray(value, dtype=np.float64)
    share = np.zeros(x.shape)
    if isinstance(payout, LinearPayout):
        reached = x <= payout.trigger if payout.pays == "below" else x >= payout.trigger
        part = np.clip((payout.trigger - x) / (payout.trigger - payout.exit), 0.0, 1.0)
        np.copyto(share, payout.least + (1.0 - payout.least) * part, where=reached)
    else:
        for tier in payout.tiers:
            np.copyto(share, tier.share, where=beyond(payout.pays, x, tier.edge, tier.inclusive))
    np.copyto(share, np.nan, where=np.isnan(x))
    return share


def beyond(pays: str, value: Floats, edge: float, inclusive: bool) -> NDArray[np.bool_]:
    """Return which values have reached an edge.

    Parameters
    ----------
    pays : str
        ``below`` or ``above``.
    value : array, any shape
        The index [its unit]; NaN has reached nothing.
    edge : float
        [the index's unit]
    inclusive : bool
        Whether a value equal to the edge has reached it.
    """
    if pays == "below":
        return np.asarray(value <= edge if inclusive else value < edge)
    return np.asarray(value >= edge if inclusive else value > edge)


def cover_share(payout: Payout, values: Mapping[str, ArrayLike]) -> Floats:
    """Return the share of the sum insured that a payout of one or two triggers pays.

    Parameters
    ----------
    payout : LinearPayout, TierPayout or DoublePayout
        What is paid.
    values : mapping of str to array
        The indices by name, of shapes that broadcast [their units].
    """
    if not isinstance(payout, DoublePayout):
        return payout_share(payout, values[payout.index])
    first = payout_share(payout.first, values[payout.first.index])
    second = payout_share(payout.second, values[payout.second.index])
    if payout.combine == "min":
        return np.minimum(first, second)
    if payout.combine == "product":
        return np.asarray(first * second)
    return np.where(np.isnan(second), np.nan, np.where(second > 0.0, first, 0.0))


def cover_payment(cover: IndexCover, values: Mapping[str, ArrayLike]) -> Floats:
    """Return what a cover pays for one season: its share of the sum insured, less the deductible, up to its limit.

    Parameters
    ----------
    cover : IndexCover
        The cover.
    values : mapping of str to array
        The indices by name, of shapes that broadcast [their units].

    Returns
    -------
    array
        [CNY]; NaN where an index is not known.
    """
    paid = cover.sum_insured_cny * cover_share(cover.payout, values) - cover.deductible_cny
    return np.clip(paid, 0.0, cover.most_a_year)


def event_payments(cover: IndexCover, position: Integers, value: ArrayLike, years: int) -> Floats:
    """Return what a cover of a single trigger on events pays in each year.

    Parameters
    ----------
    cover : IndexCover
        With a payout of a single trigger.
    position : array of int, shape (events,)
        Year of each event, from 0.
    value : array, shape (events,)
        Intensity of each event [the index's unit].
    years : int
        Number of years.

    Returns
    -------
    array, shape (years,)
        Deductible by event, then the limit of the year [CNY].

    Raises
    ------
    ArgumentError
        If the payout has two triggers: which event meets which is not known, so that years are paid for by
        :func:`cover_payment`.
    """
    if isinstance(cover.payout, DoublePayout):
        mend = "A double trigger is paid by the year: give the largest event of each year to cover_payment."
        raise ArgumentError(Fault("cover", f"the cover `{cover.name}` has a double trigger", mend))
    gross = cover.sum_insured_cny * payout_share(cover.payout, value) - cover.deductible_cny
    yearly = np.bincount(position, weights=np.maximum(gross, 0.0), minlength=years)
    return np.minimum(yearly, cover.most_a_year)


def year_terms(terms: AggregateSpec, by_cover: Floats) -> Floats:
    """Return what all covers together pay after the terms of the year.

    Parameters
    ----------
    terms : AggregateSpec
        Deductible and limit of the year.
    by_cover : array, shape (cover, ...)
        [CNY]

    Returns
    -------
    array, shape (...)
        [CNY]
    """
    most = np.inf if terms.limit_cny is None else terms.limit_cny
    return np.asarray(np.clip(by_cover.sum(axis=0) - terms.deductible_cny, 0.0, most))


def common_years(history: HistorySpec, indices: Mapping[str, YearIndex]) -> Integers:
    """Return the years that all indices have, within the years that the record is limited to.

    Parameters
    ----------
    history : HistorySpec
        First and last year used.
    indices : mapping of str to YearIndex
        By name, at least one.

    Raises
    ------
    ArgumentError
        If no year is left, or a year is asked for that the record does not have.
    """
    first = max(int(index.year[0]) for index in indices.values())
    last = min(int(index.year[-1]) for index in indices.values())
    asked = {"first_year": history.first_year, "last_year": history.last_year}
    outside = [
        f"{key} = {year}" for key, year in asked.items() if year is not None and not first <= year <= last
    ]
    if outside and first <= last:
        mend = f"The record has the years {first} to {last}. Name one of them, or leave the key out."
        raise ArgumentError(Fault("history", ", ".join(outside), mend, "year"))
    first = first if history.first_year is None else max(first, history.first_year)
    last = last if history.last_year is None else min(last, history.last_year)
    if last < first:
        spans = ", ".join(f"`{name}` {index.year[0]}-{index.year[-1]}" for name, index in indices.items())
        mend = "Indices that are paid on together need years in common, within `history`."
        raise ArgumentError(Fault("history", f"no year in common: {spans}", mend))
    return np.arange(first, last + 1, dtype=np.int64)


def annual_payments(part: IndexPart, indices: Mapping[str, YearIndex]) -> AnnualPayments:
    """Return what the covers pay in each year of the record, by cover and together.

    Parameters
    ----------
    part : IndexPart
        Covers, terms of the year and the years of the record.
    indices : mapping of str to YearIndex
        Every index that a cover names, as recorded or treated.

    Returns
    -------
    AnnualPayments

    Raises
    ------
    ArgumentError
        If the indices have no year in common.

    Notes
    -----
    A double trigger on an index of events looks at the year's largest event, and pays once a year.
    """
    named = dict.fromkeys(name for cover in part.covers for name in indices_of(cover.payout))
    used = {name: indices[name] for name in named}
    year = common_years(part.history, used)
    by_cover = np.stack([_in_years(cover, used, year) for cover in part.covers])
    return AnnualPayments(year, by_cover, year_terms(part.aggregate, by_cover))


def _in_years(cover: IndexCover, indices: Mapping[str, YearIndex], year: Integers) -> Floats:
    payout = cover.payout
    if not isinstance(payout, DoublePayout) and indices[payout.index].of_events:
        index = indices[payout.index]
        position = index.event_year + index.year[0] - year[0]
        inside = (position >= 0) & (position < year.size)
        return event_payments(cover, position[inside], index.event_value[inside], year.size)
    return cover_payment(cover, {name: _by_year(indices[name], payout, year) for name in indices_of(payout)})


def _by_year(index: YearIndex, payout: Payout, year: Integers) -> Floats:
    """Return the value of each year; where no event was, one that no trigger reaches."""
    first = int(year[0] - index.year[0])
    value = index.value[first : first + year.size]
    if not index.of_events:
        return value
    singles = (payout.first, payout.second) if isinstance(payout, DoublePayout) else (payout,)
    calm = next(np.inf if one.pays == "below" else -np.inf for one in singles if one.index == index.name)
    return np.where(np.isnan(value), calm, value)
