# SPDX-License-Identifier: Apache-2.0
"""Event tables: what each event costs, in which year and in which order; sums and largest events of years.

What a policy, a layer or a programme pays of a table lives beside this in :mod:`greenrisk.actuarial.layers`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greenrisk.actuarial.arguments import numbers, whole_number
from greenrisk.actuarial.labels import aligned
from greenrisk.actuarial.printing import counted, figure
from greenrisk.core.errors import ArgumentError, Fault

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def annual_sum(payments: ArrayLike, year: ArrayLike, n_years: int) -> Floats:
    """Return the sum of each year's payments.

    Parameters
    ----------
    payments : array, shape (event,)
        Payments [unit of the loss].
    year : array of int, shape (event,)
        Year of each event, in [0, n_years).
    n_years : int
        How many years, those without an event included.

    Returns
    -------
    array, shape (n_years,)
        [currency/year]
    """
    aligned(payments=payments, year=year)
    weights = np.asarray(payments, dtype=np.float64)
    # bincount without weights would count; an empty table must give money, not integers.
    sums = np.bincount(checked_years(year, n_years, weights.size), weights=weights, minlength=n_years)
    return sums.astype(np.float64)


def annual_largest(payments: ArrayLike, year: ArrayLike, n_years: int) -> Floats:
    """Return the largest payment of each year, 0 for a year without an event.

    Parameters
    ----------
    payments : array, shape (event,)
        Payments [unit of the loss], >= 0.
    year : array of int, shape (event,)
        Year of each event, in [0, n_years).
    n_years : int
        How many years.

    Returns
    -------
    array, shape (n_years,)
        [unit of the loss]
    """
    aligned(payments=payments, year=year)
    values = np.asarray(payments, dtype=np.float64)
    largest = np.zeros(n_years)
    np.maximum.at(largest, checked_years(year, n_years, values.size), values)
    return largest


def checked_years(year: ArrayLike, n_years: int, n_events: int) -> Integers:
    """Return the year of each event, or refuse years outside the table.

    Parameters
    ----------
    year : array of int, shape (event,)
        Year of each event, in [0, n_years).
    n_years : int
        How many years.
    n_events : int
        How many events there are.

    Raises
    ------
    ArgumentError
        If there is not one year an event, or a year is no whole number or lies outside [0, n_years).
    """
    whole_number("n_years", n_years, "year")
    given = np.asarray(year)
    if given.dtype.kind not in "iu":
        given = numbers("year", year)
        broken = np.flatnonzero(given != np.floor(given))
        for i in broken[:1].tolist():
            what = f"year[{i}] = {given.ravel()[i]:g}"
            raise ArgumentError(Fault("year", what, "Years are whole numbers, counted from 0."))
    years = given.astype(np.int64, copy=False)
    if years.shape != (n_events,):
        raise ArgumentError(
            Fault("year", f"shape {years.shape}", f"One year for each of the {n_events} events was expected.")
        )
    if years.size and (years.min() < 0 or years.max() >= n_years):
        raise ArgumentError(
            Fault("year", f"from {years.min()} to {years.max()}", f"Years must lie in [0, {n_years}).")
        )
    return years


@dataclass(frozen=True)
class Calendar:
    """When events happen. Made with :meth:`EventTable.of`, shared by the tables that follow from one another.

    Parameters
    ----------
    year : array of int, shape (event,)
        Year of each event, in [0, n_years).
    n_years : int
        How many years, those without an event included.
    time : array, shape (event,), or None
        When in its year each event happens, as the share of the year gone by, in [0, 1] [unitless]; None: in the
        order of the table, at times not known.
    """

    year: Integers
    n_years: int
    time: Floats | None = None

    @cached_property
    def order(self) -> Integers:
        """The events by year and time, shape (event,); at the same or no known time in the order of the table."""
        from greenrisk.actuarial.layers.kernels import by_year  # numba is slow to import

        events = np.arange(self.year.size)
        sequence = events if self.time is None else np.argsort(self.time, kind="stable")
        return by_year(self.year, sequence, self.n_years)


@dataclass(frozen=True)
class EventTable:
    """What events cost and when they happen.

    Parameters
    ----------
    loss : array, shape (event,)
        Loss of each event [unit of the loss], >= 0.
    calendar : Calendar
        When they happen.
    sum_insured : array, shape (event,), or None
        Sum insured of the risk that each event hits [unit of the loss], > 0; None: not known. Only a surplus treaty
        asks for it.
    """

    loss: Floats
    calendar: Calendar
    sum_insured: Floats | None = None

    def __repr__(self) -> str:
        """How many events in how many years, and what they cost, in one line."""
        events = f"{counted(self.loss.size, 'event')} in {counted(self.n_years, 'year')}"
        total = float(self.loss.sum())
        greatest = float(self.loss.max(initial=0.0))
        return f"EventTable({events}, losses of {figure(total)}, greatest {figure(greatest)})"

    @classmethod
    def of(
        cls,
        loss: ArrayLike,
        year: ArrayLike,
        n_years: int,
        time: ArrayLike | None = None,
        sum_insured: ArrayLike | None = None,
    ) -> EventTable:
        """Return a table of checked arrays.

        Parameters
        ----------
        loss : array, shape (event,)
            Loss of each event [unit of the loss], >= 0.
        year : array of int, shape (event,)
            Year of each event, in [0, n_years).
        n_years : int
            How many years, those without an event included.
        time : array, shape (event,), optional
            When in its year each event happens, as the share of the year gone by, in [0, 1] [unitless]; empty: in the
            order of the table.
        sum_insured : array, shape (event,), optional
            Sum insured of the risk that each event hits [unit of the loss], > 0.

        Raises
        ------
        ArgumentError
            If a loss is negative or NaN, a year or time lies outside, or the lengths differ.
        """
        aligned(loss=loss, year=year, time=time, sum_insured=sum_insured)
        losses = numbers("loss", loss, least=0.0, dimensions=1, unit="unit of the loss")
        years = checked_years(year, n_years, losses.size)
        times = (
            None
            if time is None
            else numbers("time", time, least=0.0, most=1.0, dimensions=1, unit="unitless")
        )
        insured = (
            None
            if sum_insured is None
            else numbers("sum_insured", sum_insured, above=0.0, dimensions=1, unit="unit of the loss")
        )
        for name, column in (("time", times), ("sum_insured", insured)):
            if column is not None and column.shape != losses.shape:
                raise ArgumentError(
                    Fault(
                        name,
                        f"shape {column.shape}",
                        f"One for each of the {losses.size} events was expected.",
                    )
                )
        return cls(losses, Calendar(years, int(n_years), times), insured)

    @classmethod
    def of_years(cls, annual: ArrayLike) -> EventTable:
        """Return the table of annual losses: one event a year.

        Parameters
        ----------
        annual : array, shape (year,)
            Annual losses [currency/year], >= 0.
        """
        losses = np.asarray(annual, dtype=np.float64)
        return cls.of(losses, np.arange(losses.size), losses.size)

    @property
    def year(self) -> Integers:
        """Year of each event, shape (event,)."""
        return self.calendar.year

    @property
    def n_years(self) -> int:
        """How many years, those without an event included."""
        return self.calendar.n_years

    def with_loss(self, loss: Floats) -> EventTable:
        """Return the same events at other losses, shape (event,) [unit of the loss]."""
        return EventTable(loss, self.calendar, self.sum_insured)

    def annual_sum(self) -> Floats:
        """Return the sum of each year's losses, shape (n_years,) [currency/year]."""
        return annual_sum(self.loss, self.year, self.n_years)

    def annual_largest(self) -> Floats:
        """Return the largest loss of each year, 0 without an event, shape (n_years,) [unit of the loss]."""
        return annual_largest(self.loss, self.year, self.n_years)
