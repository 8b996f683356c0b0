# SPDX-License-Identifier: Apache-2.0
"""What was given, read as floats without a guess, and quoted in one line of a message.

In which domain numbers must lie is checked in :mod:`greenrisk.actuarial.arguments`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from greenrisk.core.errors import ArgumentError, Fault

_LONGEST = 60
_NO_NUMBERS = "USVMmc"
"""Kinds of arrays that NumPy would turn into floats all the same: words, dates, durations, complex numbers."""


def as_floats(name: str, values: Any, unit: str = "") -> NDArray[np.float64]:
    """Return what was given as floats, NaN where it is missing; refuse words, dates and whatever else is no number.

    Parameters
    ----------
    name : str
        Name of the caller's argument.
    values : array
        What was given.
    unit : str
        Printed in brackets.

    Raises
    ------
    ArgumentError
        If it is no number or array of numbers; of a DataFrame the first column with words is named.
    """
    try:
        given = np.asarray(values)
        if given.dtype.kind in _NO_NUMBERS or (given.dtype.kind == "O" and _first_word(given) is not None):
            raise TypeError
        return np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError):
        raise ArgumentError(_no_numbers(name, values, unit)) from None


def quoted(value: object) -> str:
    """Return what was given as a message quotes it: in one line, cut where it is long.

    Parameters
    ----------
    value : object
        What was given.
    """
    told = repr(value)
    # Tables of a result are cut after their first line, rows of numbers after some numbers.
    line = " ".join((told if hasattr(value, "__array__") else told.split("\n")[0]).split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 4]} ..."


def hint_of_share(value: float, highest: float) -> str:
    """Return the end of a mend: the share that a percentage stands for where one was given for a share.

    Parameters
    ----------
    value : float
        What was given.
    highest : float
        Upper end of the domain.
    """
    percentage = highest == 1.0 and 1.0 < value <= 100.0
    return f", a share and not a percentage: {value / 100.0:.10g}?" if percentage else "."


def _no_numbers(name: str, values: Any, unit: str) -> Fault:
    columns = getattr(values, "columns", None)
    if columns is not None and hasattr(values, "iloc"):
        for column in columns:
            word = _first_word(np.asarray(values[column]))
            if word is not None:
                mend = "Numbers were expected: leave this column out, or make it the index by .set_index."
                return Fault(name, f"column {column!r} of {name} holds {quoted(word)}", mend, unit)
    return Fault(name, f"{name} = {quoted(values)}", "Numbers were expected.", unit)


def _first_word(given: NDArray[Any]) -> object:
    """Return the first entry that is a word, or None."""
    return next((entry for entry in given.ravel().tolist() if isinstance(entry, str | bytes)), None)
