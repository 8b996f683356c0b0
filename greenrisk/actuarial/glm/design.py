# SPDX-License-Identifier: Apache-2.0
"""Rating terms and the design matrix they make: levels against a base, numbers per unit. Nothing is fitted here."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from greenrisk.actuarial.arguments import numbers
from greenrisk.actuarial.glm.data import Floats
from greenrisk.core.errors import ArgumentError, Fault, Faults, FitError

INTERCEPT = "base"
_MOST_SHOWN = 8


class Table(Protocol):
    """Columns by name, each of shape (rows,): a mapping of arrays or a pandas DataFrame."""

    def keys(self) -> Iterable[Any]:
        """Return the names."""

    def __getitem__(self, name: str, /) -> Any:
        """Return a column."""

    def __contains__(self, name: object, /) -> bool:
        """Whether there is such a column."""


def columns_of(table: Table) -> dict[str, Any]:
    """Return the columns as arguments: those of a mapping one by one, a DataFrame as the whole that it is.

    Parameters
    ----------
    table : mapping or DataFrame
        Columns by name.
    """
    if hasattr(table, "iloc"):
        return {"table": table}
    return {f"table[{name!r}]": table[name] for name in table.keys()}  # noqa: SIM118


def same_columns(table: Table, values: Floats) -> list[str]:
    """Return the columns of numbers that are equal to others row by row, those that do not vary left out.

    Parameters
    ----------
    table : mapping or DataFrame
        Columns by name.
    values : array, shape (rows,)
        The others.
    """
    if values.size < 2 or (values == values[0]).all():
        return []
    numeric = [str(name) for name in table.keys() if _is_number(table[name])]  # noqa: SIM118
    return [name for name in numeric if np.array_equal(np.asarray(table[name], dtype=np.float64), values)]


@dataclass(frozen=True)
class Factor:
    """A rating factor with levels.

    Parameters
    ----------
    name : str
        Column.
    levels : tuple of str
        In alphabetical order.
    base : str
        The level whose relativity is 1.
    """

    name: str
    levels: tuple[str, ...]
    base: str

    def columns(self) -> tuple[str, ...]:
        """Return ``zone: B``, ... for every level but the base."""
        return tuple(f"{self.name}: {level}" for level in self.levels if level != self.base)

    def positions(self, values: Any, count: int) -> NDArray[np.intp]:
        """Return the place of each row's level among the levels.

        Parameters
        ----------
        values : array, shape (count,)
            The column.
        count : int
            Rows.

        Raises
        ------
        ArgumentError
            If a level is unknown or missing.
        """
        labels = _labels(self.name, values, count)
        order = np.array(self.levels)
        place = np.minimum(np.searchsorted(order, labels), order.size - 1)
        unknown = np.flatnonzero(order[place] != labels)
        if unknown.size:
            row = int(unknown[0])
            known = ", ".join(self.levels[:_MOST_SHOWN]) + (", ..." if order.size > _MOST_SHOWN else "")
            what = f"{self.name}[{row}] = {labels[row]!s}"
            raise ArgumentError(Fault(self.name, what, f"This level was not in the fit. Known: {known}."))
        return np.asarray(place, dtype=np.intp)

    def design(self, values: Any, count: int) -> Floats:
        """Return a column of 0 and 1 for every level but the base, shape (count, levels - 1)."""
        ones = np.eye(len(self.levels))[self.positions(values, count)]
        return np.delete(ones, self.levels.index(self.base), axis=1)


@dataclass(frozen=True)
class Slope:
    """A rating term that is a number: the relativity is per unit of it.

    Parameters
    ----------
    name : str
        Column.
    """

    name: str

    def columns(self) -> tuple[str, ...]:
        """Return its own name alone."""
        return (self.name,)

    def design(self, values: Any, count: int) -> Floats:
        """Return the column itself, shape (count, 1)."""
        return _column(self.name, values, count)[:, None]


@dataclass(frozen=True)
class Terms:
    """The terms of a tariff after its base rate.

    Parameters
    ----------
    terms : tuple of Factor or Slope
        In the order of the table.
    """

    terms: tuple[Factor | Slope, ...]

    def names(self) -> tuple[str, ...]:
        """Return the name of each column of the design, the base rate first."""
        return (INTERCEPT, *(column for term in self.terms for column in term.columns()))

    def design(self, table: Table, count: int) -> Floats:
        """Return the design matrix, shape (count, columns).

        Parameters
        ----------
        table : mapping or DataFrame
            Every term's column.
        count : int
            Rows.

        Raises
        ------
        ArgumentError
            If a column is missing, of another length, or holds an unknown level.
        """
        faults = Faults()
        parts = [np.ones((count, 1))]
        for term in self.terms:
            try:
                if term.name not in table:
                    what = f"columns {', '.join(map(str, table.keys()))}"
                    raise ArgumentError(Fault(term.name, what, f"A column `{term.name}` is needed."))
                parts.append(term.design(table[term.name], count))
            except ArgumentError as error:
                faults.extend(error.faults)
        faults.raise_if_any(ArgumentError)
        return np.hstack(parts)

    def without(self, name: str) -> Terms:
        """Return the terms less one."""
        return Terms(tuple(term for term in self.terms if term.name != name))


def read_terms(
    table: Table, exposure: Floats, categorical: Collection[str], base_levels: Mapping[str, str]
) -> Terms:
    """Choose the kind of each column and the base of each factor.

    Parameters
    ----------
    table : mapping or DataFrame
        One column for each term; words, truth values and pandas categories are factors, numbers are slopes.
    exposure : array, shape (rows,)
        What the base level has most of.
    categorical : collection of str
        Columns of numbers that are factors.
    base_levels : mapping of str to str
        Base of a factor, where it shall not be the one with the largest exposure.

    Raises
    ------
    ArgumentError
        If a column is unknown, of another length or has missing values; if a base is no level.
    FitError
        If a factor has a single level, or a level without a row.
    """
    faults, wrong = Faults(), Faults()
    for key, names in (("categorical", categorical), ("base_levels", base_levels)):
        for name in sorted(set(names) - {str(column) for column in table.keys()}):  # noqa: SIM118
            faults.add(key, f"{key} names {name}", f"Columns: {', '.join(map(str, table.keys()))}.")
    terms: list[Factor | Slope] = []
    for name in map(str, table.keys()):
        values = table[name]
        if name == INTERCEPT:
            faults.add(
                name, f"a column called {name}", "That is the name of the base rate: call it something else."
            )
        try:
            if name not in categorical and name not in base_levels and _is_number(values):
                _column(name, values, exposure.size)
                terms.append(Slope(name))
                continue
            labels = _labels(name, values, exposure.size)
        except ArgumentError as error:
            faults.extend(error.faults)
            continue
        levels, place = np.unique(labels, return_inverse=True)
        held = np.bincount(place, weights=exposure)
        for level in sorted({str(c) for c in _categories(values)} - set(levels.tolist())):
            wrong.add(name, f"{name}: level {level} has no row", "Leave it out: nothing is known of it.")
        if levels.size < 2:
            wrong.add(
                name, f"{name} has the single level {levels[0]}", "Leave the term out: it tells nothing."
            )
        base = str(base_levels.get(name, levels[held.argmax()]))
        if base not in levels:
            faults.add(
                "base_levels", f"{name}: {base}", f"Levels: {', '.join(levels[:_MOST_SHOWN].tolist())}."
            )
        terms.append(Factor(name, tuple(levels.tolist()), base))
    faults.raise_if_any(ArgumentError)
    wrong.raise_if_any(FitError)
    return Terms(tuple(terms))


def require_responses(terms: Terms, table: Table, response: Floats, exposure: Floats) -> None:
    """Raise if all responses of a level are zero: its relativity would be zero, its logarithm infinite.

    Parameters
    ----------
    terms : Terms
        Of the table.
    table : mapping or DataFrame
        Columns.
    response, exposure : array, shape (rows,)
        Of each row.

    Raises
    ------
    FitError
        With one fault for each such level.
    """
    faults = Faults()
    for term in terms.terms:
        if isinstance(term, Factor):
            place = term.positions(table[term.name], response.size)
            size = len(term.levels)
            total = np.bincount(place, weights=response, minlength=size)
            held = np.bincount(place, weights=exposure, minlength=size)
            rows = np.bincount(place, minlength=size)
            for k in np.flatnonzero(total == 0).tolist():
                what = f"{term.name}: level {term.levels[k]} ({rows[k]:,} rows, exposure {held[k]:,.6g}) has no claim"
                faults.add(term.name, what, "Its relativity would be 0: join it to another level.")
    faults.raise_if_any(FitError)


def _is_number(values: Any) -> bool:
    if _categories(values):
        return False
    return np.asarray(values).dtype.kind in "iuf"


def _categories(values: Any) -> tuple[Any, ...]:
    return tuple(getattr(getattr(values, "dtype", None), "categories", ()))


def _column(name: str, values: Any, count: int) -> Floats:
    column = numbers(name, np.asarray(values), dimensions=1)
    if column.size != count:
        what = f"{name} of length {column.size}"
        raise ArgumentError(Fault(name, what, f"One value for each of the {count} rows was expected."))
    return column


def _labels(name: str, values: Any, count: int) -> NDArray[np.str_]:
    given = np.asarray(values)
    if given.shape != (count,):
        what = f"{name} of shape {given.shape}"
        raise ArgumentError(Fault(name, what, f"One level for each of the {count} rows was expected."))
    # A missing value is None, or not equal to itself.
    missing = np.array([value is None or value != value for value in given.tolist()], dtype=np.bool_)
    if missing.any():
        row = int(missing.argmax())
        what = f"{name}[{row}] is missing ({int(missing.sum()):,} in all)"
        raise ArgumentError(Fault(name, what, "Name a level for the unknown, or leave the rows out."))
    return np.array([str(value) for value in given.tolist()])
