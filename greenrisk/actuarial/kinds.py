# SPDX-License-Identifier: Apache-2.0
"""Checks of arguments that are no numbers: objects of a class, and what random numbers are drawn with."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from types import UnionType
from typing import Any, TypeVar, cast

import numpy as np

from greenrisk.actuarial.arguments import every
from greenrisk.actuarial.reading import quoted
from greenrisk.core.errors import ArgumentError, Fault, Faults

Given = TypeVar("Given")
Draw = TypeVar("Draw", bound=Callable[..., Any])

LOSS_EXPECTED = "A CompoundDistribution or a Portfolio was expected; a severity needs a frequency beside it."
"""How an argument ``loss`` that is no compound is mended."""
_GENERATOR = "A random generator was expected: numpy.random.default_rng(seed)."


def instance(name: str, value: Given, kind: type | UnionType, mend: str = "") -> Given:
    """Return an object of a class, or refuse it.

    Parameters
    ----------
    name : str
        Name of the caller's argument.
    value : object
        What was given.
    kind : type
        The class expected, or a union of classes.
    mend : str
        What to give instead; empty: the name of the class.
    """
    if not isinstance(value, kind):
        expected = mend or f"One {_named(kind)} was expected."
        raise ArgumentError(Fault(name, f"{name} = {quoted(value)}", expected))
    return value


def instances(
    name: str, values: Any, kind: type | UnionType, fewest: int = 0, mend: str = ""
) -> tuple[Any, ...]:
    """Return objects of a class as a tuple, or refuse those that are none, with their places.

    Parameters
    ----------
    name : str
        Name of the caller's argument.
    values : iterable
        What was given.
    kind : type
        The class expected.
    fewest : int
        Least number of them.
    mend : str
        What to give instead of what is none; empty: the name of the class.
    """
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise ArgumentError(
            Fault(name, f"{name} = {quoted(values)}", f"A sequence of {_named(kind)} was expected.")
        )
    given = tuple(values)
    if len(given) < fewest:
        few = f"At least {'one' if fewest == 1 else fewest} {_named(kind)} is needed."
        raise ArgumentError(Fault(name, f"{name} holds {len(given)}", few))
    faults = Faults()
    for place, value in enumerate(given):
        if not isinstance(value, kind):
            faults.add(
                name, f"{name}[{place}] = {quoted(value)}", mend or f"One {_named(kind)} was expected."
            )
    faults.raise_if_any(ArgumentError)
    return given


def drawn(method: Draw) -> Draw:
    """Return a method ``rvs(size, rng)`` that refuses a size or a source of random numbers that is none.

    Parameters
    ----------
    method : function
        Of a law, taking itself, ``size`` and ``rng``.
    """

    @functools.wraps(method)
    def checked(law: Any, size: Any, rng: Any) -> Any:
        every(lambda: _size(size), lambda: instance("rng", rng, np.random.Generator, _GENERATOR))
        return method(law, size, rng)

    return cast(Draw, checked)


def _size(size: Any) -> None:
    lengths = size if isinstance(size, tuple) else (size,)
    if not all(isinstance(n, int | np.integer) and n >= 0 for n in lengths):
        mend = "A whole number >= 0, or a tuple of them, was expected."
        raise ArgumentError(Fault("size", f"size = {quoted(size)}", mend))


def _named(kind: type | UnionType) -> str:
    kinds = kind.__args__ if isinstance(kind, UnionType) else (kind,)
    return " or ".join(one.__name__ for one in kinds if one is not type(None))
