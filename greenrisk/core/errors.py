# SPDX-License-Identifier: Apache-2.0
"""Errors that speak to the user: where, what, what was expected, how to mend it.

Every fault found in a phase is collected in a :class:`Faults` and raised once. Nothing here formats a
traceback; the command line prints ``str(error)`` and exits with ``error.exit_code``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Fault:
    """One thing that is wrong with the user's input.

    Parameters
    ----------
    where : str
        ``file:line:column`` (YAML), ``file:row`` (table), a path, or the name of an argument.
    what : str
        The offender as the user wrote it, e.g. ``perils[0].anual_rate = 0.4``.
    expected : str
        One sentence: what was expected and how to mend it.
    unit : str
        Unit and domain of the value, printed in brackets; empty where there is none.
    """

    where: str
    what: str
    expected: str
    unit: str = ""

    def __str__(self) -> str:
        """Two lines: place and offender, then the mend."""
        tail = f"  [{self.unit}]" if self.unit else ""
        return f"{self.where}  {self.what}\n  {self.expected}{tail}"


class GreenRiskError(ValueError):
    """Base of all typed errors; carries every fault of the phase that raised it.

    Parameters
    ----------
    faults : iterable of Fault
        All faults, in the order in which they should be read.
    hint : str
        One last line, e.g. which command lists the valid keys.
    """

    exit_code = 2

    def __init__(self, faults: Iterable[Fault] | Fault, hint: str = "") -> None:
        self.faults: tuple[Fault, ...] = (faults,) if isinstance(faults, Fault) else tuple(faults)
        self.hint = hint
        super().__init__(self._text())

    def _text(self) -> str:
        count = len(self.faults)
        lines = [str(fault) for fault in self.faults]
        last = f"{count} fault{'' if count == 1 else 's'}."
        return "\n".join([*lines, f"{last} {self.hint}".rstrip()])

    def __reduce__(self) -> tuple[type[GreenRiskError], tuple[tuple[Fault, ...], str]]:
        """Pickle by faults, so that errors cross process borders whole."""
        return (type(self), (self.faults, self.hint))


class ScenarioError(GreenRiskError):
    """The scenario file is unreadable or does not follow its schema."""


class TableError(GreenRiskError):
    """A table (book, experience, ...) is unreadable or holds invalid rows."""


class CardError(GreenRiskError):
    """A model card is missing, malformed, without a range, or made for something else."""


class RunError(GreenRiskError):
    """The run cannot start or resume: unwritable folder, changed inputs, a missing part."""


class FitError(GreenRiskError):
    """A fit did not converge or its data do not identify the parameters."""


class ArgumentError(GreenRiskError):
    """A library function was called with an invalid argument."""


class Faults:
    """Collects faults so that all of them are raised at once.

    Examples
    --------
    >>> faults = Faults()
    >>> faults.add("book.csv:3", "area_mu = -4", "Area must be > 0.", "mu")
    >>> len(faults)
    1
    """

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def add(self, where: str, what: str, expected: str, unit: str = "") -> None:
        """Record one fault."""
        self._faults.append(Fault(where, what, expected, unit))

    def extend(self, faults: Iterable[Fault]) -> None:
        """Record the faults of another phase, e.g. those of a caught error."""
        self._faults.extend(faults)

    def __len__(self) -> int:
        """How many faults there are so far."""
        return len(self._faults)

    def __iter__(self) -> Iterator[Fault]:
        """In the order in which they were added."""
        return iter(self._faults)

    def shortened(self, most: int) -> Faults:
        """Return the faults with at most ``most`` of one place and mend, and a line that counts the rest.

        Parameters
        ----------
        most : int
            Faults of one sentence in one file that are told.
        """
        alike: dict[tuple[str, str], list[Fault]] = {}
        for fault in self._faults:
            alike.setdefault((fault.where.partition(":")[0], fault.expected), []).append(fault)
        told = Faults()
        for fault in self._faults:
            place = (fault.where.partition(":")[0], fault.expected)
            number = alike[place].index(fault)
            if number < most:
                told.extend([fault])
            if number == most - 1 and len(alike[place]) > most:
                told.add(
                    place[0], f"... and {len(alike[place]) - most} more", "Of the same kind.", fault.unit
                )
        return told

    def raise_if_any(self, error: type[GreenRiskError], hint: str = "") -> None:
        """Raise ``error`` with all faults, each once, or do nothing."""
        if self._faults:
            raise error(dict.fromkeys(self._faults), hint)
