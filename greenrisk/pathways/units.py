# SPDX-License-Identifier: Apache-2.0
"""Units of pathway tables: what they measure, and the factor to the one unit used inside.

What lives here: known units and their conversion. What does not: which unit a variable may bear
(:mod:`greenrisk.pathways.variables`), and the way from US dollars of 2010 to yuan of a year
(:mod:`greenrisk.pathways.currency`), which is no conversion of units.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from greenrisk.core.errors import Fault
from greenrisk.core.marked_yaml import did_you_mean
from greenrisk.pathways.errors import UnitError
from greenrisk.pathways.tables import PATHWAY_UNITS, small_table

Floats = NDArray[np.float64]
"""Array of float64."""

DEVIATIONS: Final = ("percent_deviation", "points_deviation")
"""Quantities that are no levels."""


@dataclass(frozen=True)
class Unit:
    """A unit that a table may bear.

    Parameters
    ----------
    spelling : str
        As tables write it.
    quantity : str
        What it measures, e.g. ``carbon_price``.
    canonical : str
        Unit of that quantity used inside.
    factor : float
        Canonical units in one unit.
    """

    spelling: str
    quantity: str
    canonical: str
    factor: float


@dataclass(frozen=True)
class Units:
    """The known units.

    Parameters
    ----------
    exact : tuple of Unit
        Units whose whole text must stand there.
    starts : tuple of Unit
        Units whose text may be followed by other words (NiGEM writes the unit of the level behind ``% difference``).
    """

    exact: tuple[Unit, ...]
    starts: tuple[Unit, ...]

    @cached_property
    def _by_text(self) -> dict[str, Unit]:
        return {squeezed(unit.spelling): unit for unit in (*self.starts, *self.exact)}

    def find(self, text: str) -> Unit | None:
        """Return the unit of a text, or None. Blanks do not count; capitals do (Mt is not mt, MWh not mWh)."""
        key = squeezed(text)
        found = self._by_text.get(key)
        if found is not None:
            return found
        return next((unit for unit in self.starts if key.startswith(squeezed(unit.spelling))), None)

    def near(self, text: str, quantities: Sequence[str] = ()) -> str:
        """Return `` Did you mean ...?`` or the list of known units, those of some quantities alone where given."""
        known = [
            unit for unit in (*self.exact, *self.starts) if not quantities or unit.quantity in quantities
        ]
        spellings = [unit.spelling for unit in known]
        return did_you_mean(text, spellings) or f" Known: {', '.join(f'`{one}`' for one in spellings)}."

    def convert(self, values: ArrayLike, unit: str, to: str) -> Floats:
        """Return values in another unit of the same quantity.

        Parameters
        ----------
        values : array_like, any shape
            Values in ``unit``.
        unit, to : str
            Units from and to.

        Raises
        ------
        UnitError
            Where a unit is unknown, or the two measure different quantities.
        """
        units = []
        for text in (unit, to):
            found = self.find(text)
            if found is None:
                raise UnitError(Fault("unit", text, f"This unit is not known.{self.near(text)}"))
            units.append(found)
        if units[0].quantity != units[1].quantity or units[0].canonical != units[1].canonical:
            mend = f"`{unit}` measures {words(units[0].quantity)}, `{to}` {words(units[1].quantity)}."
            raise UnitError(Fault("unit", f"{unit} to {to}", f"Nothing converts one into the other: {mend}"))
        return np.asarray(values, dtype=float) * (units[0].factor / units[1].factor)


def units_of(frame: pd.DataFrame | None = None) -> Units:
    """Return the known units.

    Parameters
    ----------
    frame : DataFrame, optional
        As :data:`~greenrisk.pathways.tables.PATHWAY_UNITS` describes it; the shipped table where left out.
    """
    frame = small_table(PATHWAY_UNITS) if frame is None else frame
    rows: dict[str, list[Unit]] = {"exact": [], "start": []}
    columns = ("match", "spelling", "quantity", "canonical_unit", "factor_to_canonical")
    for match, spelling, quantity, canonical, factor in zip(*(frame[name] for name in columns), strict=True):
        rows[str(match)].append(Unit(str(spelling), str(quantity), str(canonical), float(factor)))
    return Units(tuple(rows["exact"]), tuple(rows["start"]))


def squeezed(text: str) -> str:
    """Return a text without blanks."""
    return "".join(text.split())


def words(quantity: str) -> str:
    """Return a quantity in words: ``a deviation in percent`` for ``percent_deviation``."""
    return {
        "percent_deviation": "a deviation in percent",
        "points_deviation": "a deviation in percentage points",
    }.get(quantity, quantity.replace("_", " "))
