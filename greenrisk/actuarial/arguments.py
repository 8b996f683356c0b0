# SPDX-License-Identifier: Apache-2.0
"""Checks of the arguments of the actuarial functions: what is wrong is said by name, value and mend; no NaN travels."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greenrisk.actuarial.reading import as_floats, hint_of_share, quoted
from greenrisk.core.errors import ArgumentError, Fault, Faults

_MOST_SHOWN = 5


def number(
    name: str,
    value: float,
    *,
    above: float = -math.inf,
    least: float = -math.inf,
    most: float = math.inf,
    below: float = math.inf,
    infinite: bool = False,
    unit: str = "",
) -> float:
    """Return one number as a float, or refuse it.

    Parameters
    ----------
    name : str
        Name of the caller's argument.
    value : float
        What was given.
    above, least, most, below : float
        It must be > ``above``, >= ``least``, <= ``most``, < ``below``.
    infinite : bool
        Whether infinity is a value (no limit, say).
    unit : str
        Printed in brackets.

    Raises
    ------
    ArgumentError
        If it is NaN, no number, or outside its domain.
    """
    try:
        x = math.nan if isinstance(value, str | bytes) else float(value)
    except (TypeError, ValueError):
        x = math.nan
    if math.isnan(x) and not isinstance(value, float | np.floating):
        raise ArgumentError(Fault(name, f"{name} = {quoted(value)}", "A number was expected.", unit))
    finite = math.isfinite(x) or (infinite and not math.isnan(x))
    inside = (x > above or above == -math.inf) and least <= x <= most and (x < below or below == math.inf)
    if not (finite and inside):
        domain = _domain(above, least, most, below, infinite)
        mend = f"It must be {domain}{hint_of_share(x, min(most, below))}"
        raise ArgumentError(Fault(name, f"{name} = {shown(x)}", mend, unit))
    return x


def numbers(
    name: str,
    values: ArrayLike,
    *,
    above: float = -math.inf,
    least: float = -math.inf,
    most: float = math.inf,
    below: float = math.inf,
    infinite: bool = False,
    dimensions: int | None = None,
    fewest: int = 0,
    unit: str = "",
) -> NDArray[np.float64]:
    """Return an array of floats, or refuse it with the place of the first offenders.

    Parameters
    ----------
    name : str
        Name of the caller's argument.
    values : array
        What was given.
    above, least, most, below : float
        Each must be > ``above``, >= ``least``, <= ``most``, < ``below``.
    infinite : bool
        Whether infinity is a value.
    dimensions : int, optional
        How many axes; empty: any.
    fewest : int
        Least number of elements.
    unit : str
        Printed in brackets.

    Raises
    ------
    ArgumentError
        With one fault for each of the first offenders.
    """
    x = as_floats(name, values, unit)
    if dimensions is not None and x.ndim != dimensions:
        expected = (
            "one number"
            if dimensions == 0
            else f"{dimensions} axis"
            if dimensions == 1
            else f"{dimensions} axes"
        )
        raise ArgumentError(
            Fault(name, f"{name} of shape {x.shape}", f"An array with {expected} was expected.", unit)
        )
    if x.size < fewest:
        raise ArgumentError(Fault(name, f"{name} holds {x.size}", f"At least {fewest} are needed.", unit))
    if x.size and _all_inside(float(x.min()), float(x.max()), above, least, most, below, infinite):
        return x
    bad = np.isnan(x) | ~((x > above) | (above == -math.inf)) | (x < least) | (x > most)
    bad |= ~((x < below) | (below == math.inf))
    if not infinite:
        bad |= np.isinf(x)
    if bad.any():
        faults = Faults()
        places = np.argwhere(bad)
        for place in places[:_MOST_SHOWN]:
            at = "".join(f"[{i}]" for i in place.tolist())
            more = len(places) - _MOST_SHOWN
            rest = f" ({more:,} more)" if more > 0 and place is places[_MOST_SHOWN - 1] else ""
            domain = _domain(above, least, most, below, infinite)
            value = float(x[tuple(place)])
            mend = f"It must be {domain}{hint_of_share(value, min(most, below))}"
            faults.add(name, f"{name}{at} = {shown(value)}{rest}", mend, unit)
        faults.raise_if_any(ArgumentError)
    return x


def _all_inside(
    low: float, high: float, above: float, least: float, most: float, below: float, infinite: bool
) -> bool:
    """Whether numbers between two lie in a domain; False where one is NaN."""
    lower = (low > above or above == -math.inf) and low >= least
    upper = (high < below or below == math.inf) and high <= most
    return lower and upper and (infinite or (math.isfinite(low) and math.isfinite(high)))


def probability(name: str, value: float, *, open_interval: bool = True) -> float:
    """Return a probability, in (0, 1), or in [0, 1] where the ends are allowed.

    Parameters
    ----------
    name : str
        Name of the caller's argument.
    value : float
        What was given [unitless].
    open_interval : bool
        Whether 0 and 1 are refused.
    """
    if open_interval:
        return number(name, value, above=0.0, below=1.0, unit="unitless")
    return number(name, value, least=0.0, most=1.0, unit="unitless")


def one_of(name: str, value: str, known: tuple[str, ...]) -> str:
    """Return a word out of a list, or refuse it.

    Parameters
    ----------
    name : str
        Name of the caller's argument.
    value : str
        What was given.
    known : tuple of str
        The words.
    """
    if value not in known:
        raise ArgumentError(Fault(name, f"{name} = {value!r}", f"Known: {', '.join(known)}."))
    return value


def _domain(above: float, least: float, most: float, below: float, infinite: bool) -> str:
    low = f"> {above:g}" if above > -math.inf else f">= {least:g}" if least > -math.inf else ""
    high = f"< {below:g}" if below < math.inf else f"<= {most:g}" if most < math.inf else ""
    bounds = " and ".join(part for part in (low, high) if part)
    if not bounds:
        return "a number" if infinite else "finite"
    return bounds if infinite or (low and high) else f"{bounds} and finite"


def every(*checks: Callable[[], object]) -> None:
    """Run checks of several arguments and raise the faults of all of them at once.

    Parameters
    ----------
    *checks : function
        Each calls a check of this module.

    Raises
    ------
    ArgumentError
        If at least one check failed; it carries every fault.
    """
    faults = Faults()
    for check in checks:
        try:
            check()
        except ArgumentError as error:
            faults.extend(error.faults)
    faults.raise_if_any(ArgumentError)


def keep(owner: object, **checks: Callable[[str, Any], object]) -> None:
    """Check fields of a frozen dataclass and store in each what its check returns; all faults at once.

    A whole number given for an amount is thus kept as the float that it stands for.

    Parameters
    ----------
    owner : object
        The dataclass, in its ``__post_init__``.
    **checks : function
        By field: takes the field's name and value and returns what is to be stored, or refuses it.

    Raises
    ------
    ArgumentError
        If at least one check failed; it carries every fault.
    """
    faults = Faults()
    for name, check in checks.items():
        try:
            object.__setattr__(owner, name, check(name, getattr(owner, name)))
        except ArgumentError as error:
            faults.extend(error.faults)
    faults.raise_if_any(ArgumentError)


def within(
    *,
    above: float = -math.inf,
    least: float = -math.inf,
    most: float = math.inf,
    below: float = math.inf,
    infinite: bool = False,
    unit: str = "",
    optional: bool = False,
) -> Callable[[str, Any], float | None]:
    """Return the check of :func:`number` with its domain, for :func:`keep`.

    Parameters
    ----------
    above, least, most, below, infinite, unit
        As for :func:`number`.
    optional : bool
        Whether None is a value.
    """

    def check(name: str, value: Any) -> float | None:
        if optional and value is None:
            return None
        return number(
            name, value, above=above, least=least, most=most, below=below, infinite=infinite, unit=unit
        )

    return check


def shown(value: float) -> str:
    """Return a number as a message says it: short, and never rounded onto another one.

    Parameters
    ----------
    value : float
        What was given.
    """
    brief = f"{value:g}"
    return brief if float(brief) == value or math.isnan(value) else f"{value:.16g}"


def whole_number(name: str, value: float, unit: str) -> int:
    """Return a whole number >= 0, or refuse it.

    Parameters
    ----------
    name : str
        Name of the caller's argument.
    value : float
        What was given.
    unit : str
        Printed in brackets.
    """
    x = number(name, value, least=0.0, unit=unit)
    if x != math.floor(x):
        raise ArgumentError(Fault(name, f"{name} = {x:g}", "It must be a whole number.", unit))
    return int(x)
