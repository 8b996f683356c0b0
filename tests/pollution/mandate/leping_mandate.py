# SPDX-License-Identifier: Apache-2.0
"""Leping's inventory as arrays, and the shipped cards of the mandate."""

from functools import cache

from small_zone import leping_frames

from greenrisk.core.cards import read_card
from greenrisk.core.ledger import Ledger
from greenrisk.core.library import find, library_root
from greenrisk.core.tables import TableSpec, read_table
from greenrisk.pollution.inventory import Inventory
from greenrisk.pollution.inventory_arrays import inventory_of
from greenrisk.pollution.mandate.mandate_spec import MandateSpec
from greenrisk.pollution.mandate.mandate_tables import NUMBERS
from greenrisk.pollution.mandate.numbers import MandateNumbers, read_numbers


@cache
def leping() -> Inventory:
    """Return Leping's synthetic zone."""
    return inventory_of(leping_frames())


@cache
def mandate_values() -> dict[str, float | str]:
    """Return the central values of the shipped card of the mandate."""
    return read_card(find("models", "zone-mandate-judged")).values()


def numbers(spec: MandateSpec | None = None, record_years: int | None = None) -> MandateNumbers:
    """Return the shipped numbers of the mandate, or those of a scenario."""
    return read_numbers(table("mandate_numbers.csv", NUMBERS), spec or MandateSpec(), record_years)


def table(file: str, spec: TableSpec):
    """Return a shipped table as the reader gives it."""
    return read_table(library_root() / "data" / file, spec, Ledger())
