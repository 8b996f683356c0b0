# SPDX-License-Identifier: Apache-2.0
import itertools
from pathlib import Path

import pytest

from greenrisk.core.errors import ArgumentError
from greenrisk.core.ledger import Ledger
from greenrisk.core.tables import read_table
from greenrisk.pollution.damage.bookings import Booking, Bookings, Reach
from greenrisk.pollution.damage.virtual_treatment import Circumstances, VirtualCost, air_cost
from greenrisk.pollution.severity.event_levels import EVENT_LEVEL_RULES, event_levels, read_event_levels
from greenrisk.pollution.tables import EVENT_LEVELS

DATA = Path(__file__).resolve().parents[3] / "data"
RIVER = Reach("Le'an river", 0.0, 12.0)


def virtual(amount=3e6, medium="water"):
    return VirtualCost(medium, amount, amount, 1.0, 1.0, {"gamma": 1.0}, "user")


def test_a_virtual_cost_and_a_restoration_of_one_reach_are_refused_in_either_order():
    first = Bookings().book("e1", "water", RIVER, "restoration", 4e6)
    with pytest.raises(
        ArgumentError, match="restoration of 4,000,000 CNY booked for water, Le'an river km 0-12"
    ):
        first.book_virtual("e1", RIVER, virtual())
    second = Bookings().book_virtual("e1", RIVER, virtual())
    with pytest.raises(ArgumentError, match="virtual_treatment of 3,000,000 CNY booked"):
        second.book("e1", "water", RIVER, "restoration", 4e6)
    with pytest.raises(ArgumentError, match="or two virtual costs, charge it twice"):
        second.book_virtual("e1", RIVER, virtual())


def test_no_way_of_making_books_lets_the_double_entry_in():
    # also not by handing the entries over whole
    pair = (
        Booking("e1", "water", RIVER, "virtual_treatment", 1.0),
        Booking("e1", "water", RIVER, "restoration", 1.0),
    )
    for entries in itertools.permutations(pair):
        with pytest.raises(ArgumentError, match="charge it twice"):
            Bookings(entries)
    with pytest.raises(ArgumentError, match=r"Enter it by book_virtual\(event, reach, cost\)"):
        Bookings().book("e1", "water", RIVER, "virtual_treatment", 1.0)


@pytest.mark.parametrize(
    ("event", "medium", "reach"),
    [
        ("e2", "water", RIVER),
        ("e1", "soil", RIVER),
        ("e1", "water", Reach("Le'an river", 12.0, 20.0)),
        ("e1", "water", Reach("Po")),
    ],
)
def test_another_event_medium_or_reach_may_be_restored(event, medium, reach):
    books = Bookings().book_virtual("e1", RIVER, virtual()).book(event, medium, reach, "restoration", 4e6)
    assert len(books.entries) == 2


@pytest.mark.parametrize(
    "reach", [Reach("le'an River"), Reach("Le'an river", 11.0, 30.0), Reach("Le'an river", 3.0, 4.0)]
)
def test_overlapping_stretches_are_the_same_water(reach):
    with pytest.raises(ArgumentError, match="charge it twice"):
        Bookings().book_virtual("e1", RIVER, virtual()).book("e1", "water", reach, "restoration", 1.0)


def test_two_restorations_and_other_kinds_stand_beside_each_other():
    books = (
        Bookings()
        .book("e1", "water", RIVER, "restoration", 1.0)
        .book("e1", "water", RIVER, "restoration", 2.0)
        .book("e1", "water", RIVER, "emergency_response", 4.0)
        .book("e1", "soil", RIVER, "third_party_property", 8.0)
    )
    assert books.direct_loss("e1") == 15.0
    assert books.ecological_compensation("e1") == 3.0
    assert books.direct_loss("e2") == 0.0


def test_a_virtual_cost_is_compensation_but_never_lifts_the_level_of_an_event():
    rules = read_event_levels(read_table(DATA / "event_levels.csv", EVENT_LEVEL_RULES, Ledger()))
    books = (
        Bookings()
        .book("e1", "water", RIVER, "emergency_response", 4.9e6)
        .book_virtual("e1", RIVER, virtual(2e8))
    )
    assert books.direct_loss("e1") == 4.9e6
    assert books.ecological_compensation("e1") == 2e8
    assert EVENT_LEVELS[int(event_levels(rules, books.direct_loss("e1")))] == "general"


def test_books_never_change():
    empty = Bookings()
    empty.book("e1", "water", RIVER, "restoration", 1.0)
    assert empty.entries == ()


def test_air_has_books_too():
    cost = air_cost(1.0, 10.0, 3.0, Circumstances(True, True, False))
    books = Bookings().book_virtual("e1", Reach("plume"), cost)
    with pytest.raises(ArgumentError, match="charge it twice"):
        books.book("e1", "air", Reach("plume"), "restoration", 1.0)


def test_bad_entries_and_bad_stretches_are_refused():
    with pytest.raises(ArgumentError) as caught:
        Bookings().book("e1", "fire", RIVER, "fine", -1.0)
    assert len(caught.value.faults) == 3
    with pytest.raises(ArgumentError, match="`from_km` must be < `to_km`"):
        Reach("Le'an", 4.0, 4.0)
    with pytest.raises(ArgumentError, match="Give both ends, or none"):
        Reach("Le'an", 4.0)
    with pytest.raises(ArgumentError, match="Name the water"):
        Reach(" ")
    with pytest.raises(ArgumentError, match="A VirtualCost was expected"):
        Bookings().book_virtual("e1", RIVER, 3e6)
