# SPDX-License-Identifier: Apache-2.0
"""What reinsurance takes of simulated years: covers of events block by block, covers of the year at the end.

A stop loss is stated in loss ratios, and the premium is known only when all years are. Covers of events ask for no
premium. So :func:`cede_events` splits the events of a block and keeps sums by year and cover, and :func:`cede_years`
goes on from there. Taken together they give what :class:`~greenrisk.actuarial.layers.programme.Programme` gives on the
events of all years at once.

What a user writes is in :mod:`greenrisk.resource.reinsurance`, what covers cost in
:mod:`greenrisk.resource.reinsurance_results`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from greenrisk.actuarial.arguments import number
from greenrisk.actuarial.layers.cession import Cession, Step
from greenrisk.actuarial.layers.events import EventTable
from greenrisk.actuarial.layers.layer import Layer
from greenrisk.actuarial.layers.programme import Programme, QuotaShare, StopLoss, Surplus
from greenrisk.resource.book import Book
from greenrisk.resource.exposure import Exposure
from greenrisk.resource.perils.base import DAYS, Floats, Integers
from greenrisk.resource.reinsurance import (
    CoverSpec,
    ExcessOfLossSpec,
    QuotaShareSpec,
    ReinsuranceSpec,
    StopLossSpec,
    SurplusSpec,
)
from greenrisk.resource.settlement import Payments


@dataclass(frozen=True, eq=False)
class EventCessions:
    """What the covers of events take, by year.

    Parameters
    ----------
    ceded : array, shape (years, covers)
        What each of :attr:`~greenrisk.resource.reinsurance.ReinsuranceSpec.of_events` pays [CNY].
    reinstated : array, shape (years, covers)
        Reinstatement premium due, as a share of the cover's premium [unitless].
    """

    ceded: Floats
    reinstated: Floats

    @classmethod
    def joined(cls, parts: Sequence[EventCessions]) -> EventCessions:
        """Return the years of several blocks after one another."""
        return cls(
            np.concatenate([part.ceded for part in parts]),
            np.concatenate([part.reinstated for part in parts]),
        )


@dataclass(frozen=True)
class OfPerils:
    """A layer over the events of some perils; the others pass it by.

    Parameters
    ----------
    layer : Layer
        The layer.
    covered : array of bool, shape (events,)
        Which events it covers.
    """

    layer: Layer
    covered: NDArray[np.bool_]

    def cede(self, events: EventTable, premium: float | None = None) -> Cession:
        """Return what the layer takes of the events that it covers."""
        inside = self.layer.cede(events.with_loss(np.where(self.covered, events.loss, 0.0)))
        return Cession(events, inside.ceded, inside.reinstatement)


@dataclass(frozen=True)
class _Shares:
    """A proportional treaty whose share differs from event to event."""

    share: Floats

    def cede(self, events: EventTable, premium: float | None = None) -> Cession:
        """Return the ceded share of each event."""
        return Cession(events, self.share * events.loss, retained_share=None)


@lru_cache(maxsize=4)  # the blocks of a run share it; a book is compared by identity
def surplus_shares(book: Book, cover: SurplusSpec) -> Floats:
    """Return the share of each stand that a surplus treaty takes.

    Parameters
    ----------
    book : Book
        The insured stands.
    cover : SurplusSpec
        The treaty.

    Returns
    -------
    array, shape (stands,)
        The share of the stand's risk: its owner's policy, or itself [unitless].
    """
    risk = np.arange(len(book)) if cover.risk == "stand" else np.unique(book.owner, return_inverse=True)[1]
    insured = np.bincount(risk, weights=book.sum_insured)
    shares = Surplus(cover.retention_cny, cover.lines).ceded_share(insured)[risk]
    shares.flags.writeable = False
    return shares


def surplus_premium_share(book: Book, cover: SurplusSpec) -> float:
    """Return the share of the premium that goes with a surplus treaty: that of the sum insured [unitless].

    Notes
    -----
    One premium rate for the whole book is assumed here; a treaty by policies would cede each one's own premium.
    """
    return float((surplus_shares(book, cover) * book.sum_insured).sum() / book.sum_insured.sum())


def cede_events(payments: Payments, exposure: Exposure, spec: ReinsuranceSpec) -> EventCessions:
    """Return what the covers of events take of a block of years.

    Parameters
    ----------
    payments : Payments
        What the block costs, after the limits of the policy.
    exposure : Exposure
        Book and terms.
    spec : ReinsuranceSpec
        The covers.

    Notes
    -----
    One simulated event is one loss occurrence; there is no hours clause. Annual terms follow the days of the policy
    year. What an event costs is ceded by a surplus treaty in the shares of its stands, whatever was ceded before: each
    of the covers before it takes the same share of all stands of an event.
    """
    covers = spec.of_events
    if not covers:
        none = np.zeros((payments.years, 0))
        return EventCessions(none, none)
    events = payments.event_year.size
    per_event = np.bincount(payments.event, weights=payments.gross, minlength=events)
    paid = np.flatnonzero(per_event > 0)
    since = (payments.event_day[paid] - exposure.terms.inception_day) % DAYS
    table = EventTable.of(per_event[paid], payments.event_year[paid], payments.years, time=since / DAYS)
    steps = tuple(_step(cover, payments, exposure, paid) for cover in covers)
    found = Programme(steps).cede(table)
    reinstated = [step.annual_reinstatement_premium(1.0) for step in found.steps]
    return EventCessions(found.annual_ceded_by_step(), np.stack(reinstated, axis=1))


def _step(cover: CoverSpec, payments: Payments, exposure: Exposure, paid: Integers) -> Step:
    """Return a cover as a step over the events that cost something."""
    if isinstance(cover, QuotaShareSpec):
        return QuotaShare(cover.share)
    if isinstance(cover, SurplusSpec):
        share = surplus_shares(exposure.book, cover)[payments.stand]
        size = payments.event_year.size
        taken = np.bincount(payments.event, weights=payments.gross * share, minlength=size)[paid]
        whole = np.bincount(payments.event, weights=payments.gross, minlength=size)[paid]
        return _Shares(np.minimum(taken / whole, 1.0))
    assert isinstance(cover, ExcessOfLossSpec)
    if not cover.perils:
        return cover.layer()
    codes = [code for code, kind in enumerate(payments.perils) if kind in cover.perils]
    return OfPerils(cover.layer(), np.isin(payments.event_peril[paid], codes))


@dataclass(frozen=True, eq=False)
class YearCessions:
    """Annual losses split between the insurer and the covers: gross = net + ceded.

    Parameters
    ----------
    gross, ceded, net : array, shape (years,)
        Losses before reinsurance, what all reinsurers pay, what is left [CNY].
    by_cover : array, shape (years, covers)
        What each cover pays [CNY].
    reinstated : array, shape (years, covers)
        Reinstatement premium due, as a share of the cover's premium [unitless].
    premium_before : array, shape (covers + 1,)
        Gross premium that proportional treaties have left before each cover, and after all of them, before the price
        of the other covers [CNY/year]; NaN where the gross premium is not known.
    """

    gross: Floats
    ceded: Floats
    net: Floats
    by_cover: Floats
    reinstated: Floats
    premium_before: Floats


def cede_years(
    gross: Floats,
    events: EventCessions,
    spec: ReinsuranceSpec,
    book: Book | None,
    gross_premium: float | None,
) -> YearCessions:
    """Return annual losses after all covers.

    Parameters
    ----------
    gross : array, shape (years,)
        Annual losses before reinsurance [CNY], >= 0.
    events : EventCessions
        What the covers of events take of the same years.
    spec : ReinsuranceSpec
        The covers.
    book : Book or None
        The insured stands; a surplus treaty asks for their sums insured. None: what is insured has no stands, and no
        surplus treaty.
    gross_premium : float or None
        Gross premium before reinsurance [CNY/year]; None: not known, which a stop loss refuses.

    Raises
    ------
    ArgumentError
        If there is a stop loss and the premium is not known or negative.
    """
    premium = (
        None if gross_premium is None else number("gross_premium", gross_premium, least=0.0, unit="CNY/year")
    )
    years, covers = gross.size, len(spec.covers)
    by_cover, reinstated = np.zeros((years, covers)), np.zeros((years, covers))
    settled = events.ceded.shape[1]
    by_cover[:, :settled], reinstated[:, :settled] = events.ceded, events.reinstated
    left, before = gross, []
    for place, cover in enumerate(spec.covers):
        before.append(premium)
        if place >= settled:
            by_cover[:, place] = _of_years(cover).cede(EventTable.of_years(left), premium).ceded
        # Sums over a block's events are rounded: no cover takes more than is left.
        by_cover[:, place] = np.minimum(by_cover[:, place], left)
        left = left - by_cover[:, place]
        premium = None if premium is None else premium * (1.0 - proportion(cover, book))
    before.append(premium)
    return YearCessions(
        gross=gross,
        ceded=gross - left,
        net=left,
        by_cover=by_cover,
        reinstated=reinstated,
        premium_before=np.array([np.nan if one is None else one for one in before]),
    )


def proportion(cover: CoverSpec, book: Book | None) -> float:
    """Return the share of the premium that goes with a cover: 0 unless it is proportional [unitless].

    Parameters
    ----------
    cover : CoverSpec
        The cover.
    book : Book or None
        The insured stands; a surplus treaty asks for them.
    """
    if isinstance(cover, QuotaShareSpec):
        return cover.share
    if not isinstance(cover, SurplusSpec):
        return 0.0
    assert book is not None
    return surplus_premium_share(book, cover)


def _of_years(cover: CoverSpec) -> Step:
    """Return a cover as a step over annual losses."""
    if isinstance(cover, StopLossSpec):
        return StopLoss(cover.attachment, cover.limit)
    assert isinstance(cover, QuotaShareSpec)
    return QuotaShare(cover.share)
