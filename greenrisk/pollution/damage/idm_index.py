# SPDX-License-Identifier: Apache-2.0
"""An index without a unit, which no sum of money takes.

What lives here: the type. What does not: how it is computed (:mod:`greenrisk.pollution.damage.idm`).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import total_ordering
from typing import Any, Final, NoReturn

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greenrisk.actuarial.arguments import number, numbers
from greenrisk.actuarial.kinds import instances
from greenrisk.core.errors import ArgumentError, Fault

Floats = NDArray[np.float64]

_MEND: Final = (
    "Spain's index of environmental damage has no unit and only ranks scenarios: it is no amount, and cannot be "
    "reckoned with money. Monetise the reference scenario itself; `.index` is the number to be printed."
)


@total_ordering
class IdmIndex:
    """Spain's index of environmental damage of one scenario (IDM, índice de daño medioambiental).

    Parameters
    ----------
    index : float
        >= 0, without unit.

    Notes
    -----
    Indexes compare with each other and with nothing else; every arithmetic with anything is a TypeError.
    """

    __slots__ = ("_index",)
    __array_ufunc__ = None  # so that numpy leaves `array + index` to the refusal below

    def __init__(self, index: float) -> None:
        self._index = number("index", index, least=0.0, unit="no unit")

    @property
    def index(self) -> float:
        """The number, to be printed: no amount of money."""
        return self._index

    def __eq__(self, other: object) -> bool:
        """Whether two indexes are equal; an index is equal to nothing else."""
        return isinstance(other, IdmIndex) and self._index == other._index

    def __lt__(self, other: object) -> bool:
        """Whether the index ranks below another one."""
        if not isinstance(other, IdmIndex):
            return NotImplemented
        return self._index < other._index

    def __hash__(self) -> int:
        """Equal indexes have equal hashes."""
        return hash((IdmIndex, self._index))

    def __repr__(self) -> str:
        """The number with its name."""
        return f"IDM {self._index:,.0f} (index, no unit)"

    def _refused(self, *_: Any) -> NoReturn:
        raise TypeError(_MEND)

    __add__ = __radd__ = __iadd__ = __sub__ = __rsub__ = __isub__ = _refused
    __mul__ = __rmul__ = __imul__ = __truediv__ = __rtruediv__ = __itruediv__ = _refused
    __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = __pow__ = __rpow__ = _refused
    __neg__ = __pos__ = __abs__ = __round__ = _refused
    __float__ = __int__ = __complex__ = __index__ = _refused


def risk_shares(probabilities: ArrayLike, indexes: Sequence[IdmIndex]) -> Floats:
    """Return the share of each scenario in the sum of probability times index, for the selection of scenarios.

    Parameters
    ----------
    probabilities : array, shape (scenarios,)
        Of each scenario, >= 0 [1/year].
    indexes : sequence of IdmIndex
        One for each scenario.

    Returns
    -------
    array, shape (scenarios,)
        Sums to 1 [unitless].

    Raises
    ------
    ArgumentError
        If the lengths differ, or no scenario has both a probability and an index.

    References
    ----------
    Real Decreto 2090/2008 (Spain), art. 33.2, in which the index has taken the place of damage since Real Decreto
    183/2015.
    """
    chances = numbers("probabilities", probabilities, least=0.0, dimensions=1, fewest=1, unit="1/year")
    given = instances("indexes", indexes, IdmIndex, fewest=1)
    if len(given) != chances.size:
        mend = f"One index for each of the {chances.size} scenarios was expected."
        raise ArgumentError(Fault("indexes", f"indexes holds {len(given)}", mend))
    risks = chances * np.array([one.index for one in given])
    if not risks.sum() > 0.0:
        mend = "At least one scenario needs a probability and an index > 0."
        raise ArgumentError(Fault("probabilities", "no scenario with a risk", mend, "1/year"))
    return np.asarray(risks / risks.sum())
