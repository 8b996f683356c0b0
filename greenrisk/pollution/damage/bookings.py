# SPDX-License-Identifier: Apache-2.0
"""The books of an event's damage, in which nothing is entered twice.

What lives here: entries by event, medium and reach, and the sums that may be made of them. What does not: how an amount
was found (:mod:`greenrisk.pollution.damage.virtual_treatment`).

References
----------
GB/T 39793.2-2020, clause 1; 突发生态环境事件应急处置阶段直接经济损失评估工作程序规定 (2020).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final

from greenrisk.actuarial.arguments import every, keep, number, one_of, within
from greenrisk.actuarial.kinds import instance
from greenrisk.core.errors import ArgumentError, Fault
from greenrisk.pollution.damage.virtual_treatment import VirtualCost

MEDIA: Final = ("water", "air", "soil", "groundwater")
"""What can be damaged."""

KINDS: Final = ("third_party_property", "bodily_injury", "emergency_response", "restoration")
"""What may be entered as an amount; all of it is direct loss, restoration as far as the emergency phase fixes it."""

VIRTUAL: Final = "virtual_treatment"
"""Kind of an entry that only a :class:`~greenrisk.pollution.damage.virtual_treatment.VirtualCost` makes."""


@dataclass(frozen=True)
class Reach:
    """A stretch of water or a piece of land.

    Parameters
    ----------
    name : str
        Of the water or the place.
    from_km, to_km : float, optional
        Its ends along the water, 0 <= from < to; both empty: the whole [km].
    """

    name: str
    from_km: float | None = None
    to_km: float | None = None

    def __post_init__(self) -> None:
        """Refuse a stretch without a name, with one end, or with ends out of order."""
        if not self.name.strip():
            raise ArgumentError(Fault("reach", "reach without a name", "Name the water or the place."))
        ends = within(least=0.0, unit="km", optional=True)
        keep(self, from_km=ends, to_km=ends)
        if (self.from_km is None) != (self.to_km is None):
            raise ArgumentError(
                Fault("reach", f"reach {self.name}", "Give both ends, or none for the whole.", "km")
            )
        if self.from_km is not None and self.to_km is not None and not self.from_km < self.to_km:
            what = f"reach {self.name} from {self.from_km:g} to {self.to_km:g} km"
            raise ArgumentError(Fault("reach", what, "`from_km` must be < `to_km`.", "km"))

    def __str__(self) -> str:
        """The name, with the ends where there are some."""
        if self.from_km is None:
            return self.name
        return f"{self.name} km {self.from_km:g}-{self.to_km:g}"

    def overlaps(self, other: Reach) -> bool:
        """Return whether two stretches have some water in common; a shared end alone is none.

        Parameters
        ----------
        other : Reach
            The other one.
        """
        if self.name.strip().casefold() != other.name.strip().casefold():
            return False
        if self.from_km is None or other.from_km is None or self.to_km is None or other.to_km is None:
            return True
        return self.from_km < other.to_km and other.from_km < self.to_km


@dataclass(frozen=True)
class Booking:
    """One entry.

    Parameters
    ----------
    event : str
        Which event.
    medium : str
        One of :data:`MEDIA`.
    reach : Reach
        Where.
    kind : str
        One of :data:`KINDS`, or :data:`VIRTUAL`.
    amount : float
        >= 0 [CNY].
    """

    event: str
    medium: str
    reach: Reach
    kind: str
    amount: float


@dataclass(frozen=True)
class Bookings:
    """Entries of damage. Frozen: an entry gives new books.

    Parameters
    ----------
    entries : tuple of Booking
        Made by :meth:`book` and :meth:`book_virtual` alone.
    """

    entries: tuple[Booking, ...] = ()

    def __post_init__(self) -> None:
        """Refuse entries that hold a double one, however they came here."""
        for place, entry in enumerate(self.entries):
            _refuse_double(self.entries[:place], entry)

    def book(self, event: str, medium: str, reach: Reach, kind: str, amount: float) -> Bookings:
        """Return the books with an amount entered.

        Parameters
        ----------
        event : str
            Which event.
        medium : str
            One of :data:`MEDIA`.
        reach : Reach
            Where.
        kind : str
            One of :data:`KINDS`.
        amount : float
            >= 0 [CNY].

        Raises
        ------
        ArgumentError
            If restoration meets a virtual treatment cost of the same event and medium on the same reach, or an argument
            is out of its domain. A virtual treatment cost is entered by :meth:`book_virtual`.
        """
        if kind == VIRTUAL:
            mend = "Enter it by book_virtual(event, reach, cost): its method makes it, with its guards."
            raise ArgumentError(Fault("kind", f"kind = {kind!r}", mend))
        every(
            lambda: one_of("medium", medium, MEDIA),
            lambda: one_of("kind", kind, KINDS),
            lambda: number("amount", amount, least=0.0, unit="CNY"),
            lambda: instance("reach", reach, Reach),
        )
        return replace(self, entries=(*self.entries, Booking(event, medium, reach, kind, float(amount))))

    def book_virtual(self, event: str, reach: Reach, cost: VirtualCost) -> Bookings:
        """Return the books with a virtual treatment cost entered.

        Parameters
        ----------
        event : str
            Which event.
        reach : Reach
            Where.
        cost : VirtualCost
            By its method.

        Raises
        ------
        ArgumentError
            If restoration or another virtual cost of the same event and medium stands on the same reach.
        """
        every(
            lambda: instance(
                "cost", cost, VirtualCost, "A VirtualCost was expected: water_cost(...) or air_cost(...)."
            ),
            lambda: instance("reach", reach, Reach),
        )
        return replace(
            self, entries=(*self.entries, Booking(event, cost.medium, reach, VIRTUAL, cost.amount))
        )

    def direct_loss(self, event: str) -> float:
        """Return the direct loss of an event, from which its level follows: virtual costs are never in it [CNY].

        Parameters
        ----------
        event : str
            Which event.
        """
        return math.fsum(one.amount for one in self.entries if one.event == event and one.kind in KINDS)

    def ecological_compensation(self, event: str) -> float:
        """Return what is claimed for the damage to nature: restoration and virtual costs [CNY].

        Parameters
        ----------
        event : str
            Which event.
        """
        counted = ("restoration", VIRTUAL)
        return math.fsum(one.amount for one in self.entries if one.event == event and one.kind in counted)


def _refuse_double(before: tuple[Booking, ...], entry: Booking) -> None:
    """Raise where an entry would charge the same water or land a second time."""
    if entry.kind not in ("restoration", VIRTUAL):
        return
    for other in before:
        same = (other.event, other.medium) == (entry.event, entry.medium) and other.reach.overlaps(
            entry.reach
        )
        if same and VIRTUAL in (other.kind, entry.kind) and other.kind in ("restoration", VIRTUAL):
            mend = (
                f"The event {entry.event} has {other.kind} of {other.amount:,.0f} CNY booked for {other.medium}, "
                f"{other.reach}: a virtual treatment cost and a restoration, or two virtual costs, charge it twice. "
                "Keep one of them."
            )
            what = f"{entry.kind} of {entry.amount:,.0f} for {entry.medium}, {entry.reach}"
            raise ArgumentError(Fault("bookings", what, mend, "CNY"))
