# SPDX-License-Identifier: Apache-2.0
"""Domains of the arguments of the credit functions, and the one check that refuses what lies outside, all at once.

NaN is missing and passes everywhere: a missing input gives a missing answer, never a number. Merton's own check, whose
domains are by name, is in :mod:`greenrisk.issuer.credit.merton`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greenrisk.core.errors import ArgumentError, Faults

Floats = NDArray[np.float64]
Ranks = NDArray[np.int8]

MISSING: Final = -1
"""Rank, zone or reason of a cell that has none."""

_MOST_SHOWN: Final = 3


@dataclass(frozen=True)
class Domain:
    """Where a number may lie.

    Parameters
    ----------
    low, high : float
        Ends.
    unit : str
        Unit and domain, as printed in messages.
    open_low, open_high : bool
        Whether an end itself is refused.
    """

    low: float
    high: float
    unit: str
    open_low: bool = False
    open_high: bool = False

    def refuses(self, x: Floats) -> NDArray[np.bool_]:
        """Return which numbers lie outside; an infinite one always does, NaN never."""
        low = x <= self.low if self.open_low else x < self.low
        high = x >= self.high if self.open_high else x > self.high
        out: NDArray[np.bool_] = low | high | np.isinf(x)
        return out


PROBABILITY: Final = Domain(0.0, 1.0, "1, 0 to 1")
INNER_PROBABILITY: Final = Domain(0.0, 1.0, "1, > 0 and < 1", open_low=True, open_high=True)
CORRELATION: Final = Domain(0.0, 1.0, "1, 0 to below 1", open_high=True)
NUMBER: Final = Domain(-np.inf, np.inf, "any number")
MONEY: Final = Domain(-np.inf, np.inf, "money")
PAID: Final = Domain(0.0, np.inf, "money, >= 0")
EXPOSURE: Final = Domain(0.0, np.inf, "money, >= 0")
YEARS: Final = Domain(0.0, np.inf, "year, > 0", open_low=True)
FACTOR: Final = Domain(-np.inf, np.inf, "standard normal")


def checked(**values: tuple[ArrayLike, Domain]) -> tuple[Floats, ...]:
    """Return the named arguments as float arrays, or refuse what lies outside their domains, all at once.

    Parameters
    ----------
    **values : tuple of array_like and Domain
        By the names that the caller's user knows.

    Raises
    ------
    ArgumentError
        With the name, the first offenders, their number and the domain; also if the shapes do not broadcast.
    """
    faults, found = Faults(), []
    for name, (value, domain) in values.items():
        try:
            x = np.asarray(value, dtype=np.float64)
        except (TypeError, ValueError):
            faults.add(name, f"{name} = {value!r:.60}", "Numbers were expected.", domain.unit)
            continue
        wrong = domain.refuses(x)
        if wrong.any():
            places = np.argwhere(wrong)[:_MOST_SHOWN]
            what = ", ".join(f"{name}{list(map(int, at)) or ''} = {x[tuple(at)]:g}" for at in places)
            more = f" and {int(wrong.sum()) - len(places)} more" if wrong.sum() > len(places) else ""
            faults.add(name, what + more, "Give numbers of the domain; NaN is missing.", domain.unit)
        found.append(x)
    faults.raise_if_any(ArgumentError)
    try:
        np.broadcast_shapes(*(x.shape for x in found))
    except ValueError:
        shapes = ", ".join(f"{name} {x.shape}" for name, x in zip(values, found, strict=True))
        faults.add("shapes", shapes, "The arguments must broadcast to one shape.")
    faults.raise_if_any(ArgumentError)
    return tuple(found)


def refuse(where: str, what: str, mend: str, unit: str = "") -> ArgumentError:
    """Return the error of one argument that is wrong as a whole."""
    faults = Faults()
    faults.add(where, what, mend, unit)
    return ArgumentError(faults)
