# SPDX-License-Identifier: Apache-2.0
"""One excess-of-loss layer with annual terms and reinstatements, applied to events in their order.

Several layers over one another are in :mod:`greenrisk.actuarial.layers.tower`, expected values without simulation in
:mod:`greenrisk.actuarial.layers.pricing`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from greenrisk.actuarial.arguments import keep, numbers, shown, within
from greenrisk.actuarial.kinds import instance
from greenrisk.actuarial.layers.cession import Cession
from greenrisk.actuarial.layers.events import EventTable, Floats
from greenrisk.core.errors import ArgumentError, Fault

_MOST_RATE = 10.0
"""Reinstatements never cost more than a few premiums: beyond it a percentage was meant."""


def between(amounts: ArrayLike, attachment: float, limit: float) -> Floats:
    """Return the part of amounts between an attachment and the attachment plus a limit.

    Parameters
    ----------
    amounts : array, any shape
        [unit of the loss], >= 0.
    attachment : float
        What must be exceeded [unit of the loss], >= 0.
    limit : float
        Width of the layer [unit of the loss], >= 0; inf: no limit.
    """
    return np.clip(np.asarray(amounts, dtype=np.float64) - attachment, 0.0, limit)


class InOrder(NamedTuple):
    """Payments of a year's events in their order, under annual terms."""

    paid: Floats
    """Payment for each event, shape (event,) [unit of the loss]."""
    after: Floats
    """What has been paid in its year up to and with each event, shape (event,) [unit of the loss]."""


def pay_in_order(events: EventTable, attachment: float, limit: float) -> InOrder:
    """Apply an annual aggregate deductible and limit to events in their order.

    Parameters
    ----------
    events : EventTable
        Payments before the annual terms.
    attachment : float
        Annual aggregate deductible [unit of the loss], >= 0.
    limit : float
        Most that is paid in a year [unit of the loss], >= 0; inf: no limit.

    Notes
    -----
    With A(s) = min(max(s - attachment, 0), limit) and s the running sum of the year, each event is paid A(s after) -
    A(s before), so that the year is paid A of its sum.
    """
    from greenrisk.actuarial.layers.kernels import pay  # numba is slow to import

    order = events.calendar.order
    return InOrder(*pay(events.loss, events.year, order, float(attachment), float(limit)))


@dataclass(frozen=True)
class Reinstatements:
    """How often the limit of a layer is made good after losses, and at which premium.

    Parameters
    ----------
    count : int
        n: the layer pays at most (n + 1) limits a year, >= 1.
    rate : float or tuple of float
        c_k: premium for the k-th reinstatement of the whole limit, as a share of the premium of the layer [unitless],
        in [0, 10]; one number for all, or one for each; 0: free, 1: at 100 %.
    pro_rata_time : bool
        Whether the premium is also in proportion to the rest of the year after the event, besides the amount.
    """

    count: int
    rate: float | tuple[float, ...] = 1.0
    pro_rata_time: bool = False

    def __post_init__(self) -> None:
        """Refuse a count below 1 and rates that are negative or of another number."""
        keep(self, count=_count, rate=self._checked_rates)

    def _checked_rates(self, name: str, given: ArrayLike) -> float | tuple[float, ...]:
        rates = numbers(name, given, least=0.0, unit="unitless")
        if rates.ndim and rates.shape != (self.count,):
            raise ArgumentError(
                Fault(
                    name,
                    f"{rates.size} rates",
                    f"One rate for all or one for each of the {self.count} reinstatements was expected.",
                    "unitless",
                )
            )
        if rates.size and rates.max() > _MOST_RATE:
            what = f"{name} = {shown(float(rates.max()))}"
            mend = f"It must be <= {_MOST_RATE:g}, a share and not a percentage: {rates.max() / 100:g}?"
            raise ArgumentError(Fault(name, what, mend, "unitless"))
        return tuple(rates.tolist()) if rates.ndim else float(rates)

    @property
    def rates(self) -> tuple[float, ...]:
        """The rate of each reinstatement [unitless]."""
        return self.rate if isinstance(self.rate, tuple) else (self.rate,) * self.count


@dataclass(frozen=True)
class Layer:
    """``share`` of ``limit`` in excess of ``attachment`` for each event, between annual bounds.

    Parameters
    ----------
    limit : float
        Most that the whole layer pays for one event [unit of the loss], > 0; inf: no limit.
    attachment : float
        What an event must exceed [unit of the loss], >= 0.
    share : float
        Share of the layer that is placed [unitless], in (0, 1]. It multiplies what the layer pays; limits and
        attachments are those of the whole layer.
    annual_limit : float
        Most that the whole layer pays in a year [unit of the loss], > 0; inf: no limit but that of the reinstatements.
    annual_attachment : float
        Annual aggregate deductible: what the layer's payments of a year must exceed [unit of the loss], >= 0.
    reinstatements : Reinstatements, int or None
        They limit the year to (n + 1) limits; None: no reinstatement premium, and no limit by them. A whole number n is
        kept as ``Reinstatements(n)``: n at 100 %.

    Notes
    -----
    Order: event attachment and limit, then annual attachment and limit in the order of the events, then the share.
    """

    limit: float
    attachment: float = 0.0
    share: float = 1.0
    annual_limit: float = math.inf
    annual_attachment: float = 0.0
    reinstatements: Reinstatements | None = None

    def __post_init__(self) -> None:
        """Refuse terms outside their domains, all at once."""
        keep(
            self,
            limit=within(above=0.0, infinite=True, unit="unit of the loss"),
            attachment=within(least=0.0, unit="unit of the loss"),
            share=within(above=0.0, most=1.0, unit="unitless"),
            annual_limit=within(above=0.0, infinite=True, unit="unit of the loss"),
            annual_attachment=within(least=0.0, unit="unit of the loss"),
            reinstatements=_reinstatements,
        )
        if self.reinstatements is not None and math.isinf(self.limit):
            raise ArgumentError(
                Fault(
                    "reinstatements",
                    "limit = inf with reinstatements",
                    "Only a finite limit can be reinstated: give the layer a limit.",
                    "unit of the loss",
                )
            )

    @property
    def top(self) -> float:
        """Where the layer ends: attachment + limit [unit of the loss]."""
        return self.attachment + self.limit

    @property
    def capacity(self) -> float:
        """Most that the whole layer pays in a year: annual limit, or limit and reinstatements [unit of the loss]."""
        if self.reinstatements is None:
            return self.annual_limit
        return min(self.annual_limit, (self.reinstatements.count + 1) * self.limit)

    @property
    def has_annual_terms(self) -> bool:
        """Whether the payments of a year depend on one another."""
        return self.annual_attachment > 0.0 or math.isfinite(self.capacity)

    def event_payment(self, losses: ArrayLike) -> Floats:
        """Return what the whole layer pays of each loss before annual terms and share.

        Parameters
        ----------
        losses : array, any shape
            Losses of events [unit of the loss], >= 0.

        Raises
        ------
        ArgumentError
            If one is negative or NaN.
        """
        x = numbers("losses", losses, least=0.0, infinite=True, unit="unit of the loss")
        return between(x, self.attachment, self.limit)

    def reinstated(self, paid: ArrayLike) -> Floats:
        """Return the reinstatement premium of a year, pro rata amount, as a share of the premium of the layer.

        Parameters
        ----------
        paid : array, any shape
            What the whole layer has paid in the year [unit of the loss], >= 0.

        Returns
        -------
        array, as ``paid``
            Sum over k of c_k min(max(paid - (k - 1) L, 0), L) / L [unitless]; 0 without reinstatements.

        Raises
        ------
        ArgumentError
            If an amount is negative or NaN.
        """
        return self._reinstated(numbers("paid", paid, least=0.0, infinite=True, unit="unit of the loss"))

    def _reinstated(self, amounts: Floats) -> Floats:
        if self.reinstatements is None:
            return np.zeros_like(amounts)
        rates = self.reinstatements.rates
        whole = self.limit * np.arange(len(rates) + 1)
        return np.asarray(np.interp(amounts, whole, np.append(0.0, np.cumsum(rates))))

    def cede(self, events: EventTable, premium: float | None = None) -> Cession:
        """Return what the layer takes of the losses, event by event in their order.

        Parameters
        ----------
        events : EventTable
            Losses before the layer.
        premium : float, optional
            Not needed: a layer is stated in money.

        Raises
        ------
        ArgumentError
            If reinstatements are pro rata time and the events have no times.
        """
        each = between(events.loss, self.attachment, self.limit)
        if not self.has_annual_terms:
            return Cession(events, self.share * each)
        order = pay_in_order(events.with_loss(each), self.annual_attachment, self.capacity)
        due = None
        if self.reinstatements is not None:
            before = self._reinstated(order.after - order.paid)
            due = np.maximum(self._reinstated(order.after) - before, 0.0)
            if self.reinstatements.pro_rata_time:
                due *= 1.0 - _times(events)
        return Cession(events, self.share * order.paid, due)


def _count(name: str, given: object) -> int:
    if isinstance(given, bool) or not (isinstance(given, int | np.integer) and given >= 1):
        mend = "A whole number >= 1 was expected; without reinstatements give none, without an annual limit neither."
        raise ArgumentError(Fault(name, f"{name} = {given!r}", mend))
    return int(given)


def _reinstatements(name: str, given: object) -> Reinstatements | None:
    if isinstance(given, int | np.integer) and not isinstance(given, bool):
        return Reinstatements(int(given))
    mend = "Reinstatements(count, rate), or the count of those at 100 %, was expected."
    instance(name, given, Reinstatements | None, mend)
    return given if isinstance(given, Reinstatements) else None


def _times(events: EventTable) -> Floats:
    if events.calendar.time is None:
        raise ArgumentError(
            Fault(
                "time",
                "events without times",
                "Reinstatements pro rata time need the time of each event: give `time` to the event table.",
                "unitless",
            )
        )
    return events.calendar.time
