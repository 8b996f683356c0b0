# SPDX-License-Identifier: Apache-2.0
"""What can be wrong with loss records: read as columns of one length, checked against each other, told all at once."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greenrisk.actuarial.arguments import numbers
from greenrisk.actuarial.labels import aligned
from greenrisk.core.errors import ArgumentError, Faults

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

_MOST_SHOWN = 5
"""Offenders of one kind that are told one by one; the last says how many more there are."""


def read_column(name: str, values: ArrayLike, faults: Faults, *, fewest: int = 1) -> Floats:
    """Return one argument as floats >= 0 (weights: > 0), or an empty array and its faults.

    Parameters
    ----------
    name : str
        Name of the argument.
    values : array
        What was given.
    faults : Faults
        Where faults are collected.
    fewest : int
        Least number of elements.
    """
    counted = name in ("weights", "counts")
    try:
        return numbers(
            name,
            values,
            least=0.0,
            above=0.0 if name == "weights" else -math.inf,
            infinite=not counted and name != "losses",
            fewest=fewest,
            unit="unitless" if counted else "unit of the loss",
        )
    except ArgumentError as error:
        faults.extend(error.faults)
        return np.zeros(0)


def read_columns(given: dict[str, ArrayLike]) -> dict[str, Floats]:
    """Return all arguments as arrays of one shape (record,); the first gives the length.

    Parameters
    ----------
    given : dict
        Arguments by name: numbers, or one for each record.

    Raises
    ------
    ArgumentError
        With the faults of all arguments.
    """
    aligned(**given)
    faults = Faults()
    read = {name: read_column(name, values, faults) for name, values in given.items()}
    faults.raise_if_any(ArgumentError)
    first = next(iter(read))
    shape = np.atleast_1d(read[first]).shape
    for name, values in read.items():
        if np.ndim(values) > 0 and values.shape != shape:
            what = f"{name} of shape {values.shape}, {first} of shape {shape}"
            faults.add(name, what, "One value for all or one for each record is needed.")
    if len(shape) != 1:
        faults.add(first, f"{first} of shape {shape}", "One axis, the records, was expected.")
    faults.raise_if_any(ArgumentError)
    return {name: np.broadcast_to(values, shape) for name, values in read.items()}


def check_edges(edges: Floats, faults: Faults) -> None:
    """Collect edges of classes that do not ascend.

    Parameters
    ----------
    edges : array, shape (class + 1,)
        Ends of the classes [unit of the loss].
    faults : Faults
        Where faults are collected.
    """
    for i, more in _shown(~(np.diff(edges) > 0)):
        what = f"edges[{i + 1}] = {edges[i + 1]:g} after {edges[i]:g}{more}"
        faults.add("edges", what, "Edges must ascend: order them, and let no two be equal.")


def check_records(given: dict[str, Floats], names: dict[str, str], *, cut: bool = False) -> None:
    """Refuse records that contradict themselves.

    Parameters
    ----------
    given : dict
        Columns ``lower, upper, deductibles, limits, truncated_above``, each of shape (record,) [unit of the loss].
    names : dict
        What the caller calls ``lower``, ``deductibles`` and ``limits``.
    cut : bool
        Whether losses above their limit are going to be censored there (else they are faults).

    Raises
    ------
    ArgumentError
        With all faults.
    """
    faults = Faults()
    lower, upper = given["lower"], given["upper"]
    above, limit, deductible = given["truncated_above"], given["limits"], given["deductibles"]
    name, under, at = names["lower"], names["deductibles"], names["limits"]
    exact, open_ended = lower == upper, np.isinf(upper)
    closed = (lower < upper) & ~open_ended

    def tell(bad: Mask, where: str, columns: dict[str, Floats], mend: str) -> None:
        for i, more in _shown(bad):
            what = ", ".join(f"{column}[{i}] = {values[i]:g}" for column, values in columns.items())
            faults.add(where, what + more, mend)

    tell(
        lower > upper,
        name,
        {name: lower, "upper": upper},
        "Contradictory: the lower end must not exceed the upper; swap them?",
    )
    tell(
        np.isinf(lower),
        name,
        {name: lower},
        "A loss is finite; a finite lower end and upper = inf say that it is censored.",
    )
    tell(
        exact & (lower < deductible),
        name,
        {name: lower, under: deductible},
        "Contradictory: a loss below its deductible is not on record. Give losses from ground up.",
    )
    tell(
        open_ended & (lower < deductible),
        name,
        {name: lower, under: deductible},
        "Contradictory: censored below the deductible. Give both amounts from ground up.",
    )
    tell(
        closed & (upper <= deductible),
        "upper",
        {"upper": upper, under: deductible},
        "Contradictory: the whole interval lies below the deductible.",
    )
    tell(
        np.isfinite(lower) & (np.where(exact, lower > above, lower >= above)),
        name,
        {name: lower, "truncated_above": above},
        "Contradictory: a loss above the point of right truncation is not on record.",
    )
    tell(
        ~(above > deductible),
        "truncated_above",
        {"truncated_above": above, under: deductible},
        "Right truncation must lie above the deductible.",
    )
    tell(
        ~(limit > deductible),
        at,
        {at: limit, under: deductible},
        "Contradictory: a limit, from ground up, lies above the deductible. Add the deductible to it?",
    )
    tell(
        open_ended & np.isfinite(lower) & (lower > limit),
        at,
        {name: lower, at: limit},
        "Contradictory: a loss is censored at its limit, not above it. Give lower = limit.",
    )
    tell(
        closed & (lower >= limit),
        at,
        {name: lower, at: limit},
        "Contradictory: a loss above its limit is only known to be so. Give lower = limit and upper = inf.",
    )
    if not cut:
        tell(
            exact & (lower > limit),
            at,
            {name: lower, at: limit},
            "A loss above its limit is censored there: give lower = limit and upper = inf.",
        )
    faults.raise_if_any(ArgumentError)


def _shown(bad: Mask) -> list[tuple[int, str]]:
    """Return the first offenders; the last bears how many more there are."""
    places = np.flatnonzero(bad).tolist()
    more = len(places) - _MOST_SHOWN
    told = [(int(i), "") for i in places[:_MOST_SHOWN]]
    if more > 0:
        told[-1] = (told[-1][0], f" ({more:,} more)")
    return told
