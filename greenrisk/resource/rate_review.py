# SPDX-License-Identifier: Apache-2.0
"""What a rate review (费率回溯) is made from: its settings, the years that were, and the years of the model.

The review itself is in :mod:`greenrisk.resource.review_results`, the table of a filing in
:mod:`greenrisk.resource.filing_table`. How a table of experience is read and developed is not told here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from greenrisk.actuarial.arguments import every, number, numbers
from greenrisk.core.errors import ArgumentError, Fault, Faults
from greenrisk.resource.peril_results import ALL
from greenrisk.resource.quantities import peril_premium
from greenrisk.resource.sensitivity import Knowledge
from greenrisk.resource.year_table import YearTable

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

UNKNOWN: Final = "unknown"
"""Column of losses whose peril was not recorded: they count in the total, and their year is not known by peril."""


@dataclass(frozen=True, eq=False)
class ExperienceYears:
    """The years that were; losses at their developed, ultimate amount.

    Parameters
    ----------
    year : array of int, shape (year,)
        Years one after the other, none missing.
    perils : tuple of str, length peril
        Perils of the columns below; :data:`UNKNOWN` for losses whose peril was not recorded.
    insured_mu : array, shape (year,)
        Insured area [mu], > 0.
    sum_insured : array, shape (year,)
        [CNY], > 0.
    premium : array, shape (year,)
        Gross premium as charged [CNY], > 0; NaN: not known.
    incurred : array, shape (year, peril)
        Paid, outstanding and what is still to come [CNY], >= 0.
    error : array, shape (year, peril)
        Standard error of ``incurred``, from its development [CNY], >= 0.
    paid, outstanding : array, shape (year, peril)
        What was paid, and what was reported and is not yet paid [CNY], >= 0.
    total_error : array, shape (year,), optional
        Standard error of the sum of a year's ``incurred`` [CNY], >= 0; empty: the perils' errors are independent.
    """

    year: Integers
    perils: tuple[str, ...]
    insured_mu: Floats
    sum_insured: Floats
    premium: Floats
    incurred: Floats
    error: Floats
    paid: Floats
    outstanding: Floats
    total_error: Floats | None = None

    def __post_init__(self) -> None:
        """Refuse years with gaps, columns that do not match, and amounts outside their domain, all at once."""
        every(
            lambda: numbers("year", self.year, dimensions=1, fewest=1, unit="year"),
            *(
                lambda name=name, unit=unit: numbers(name, getattr(self, name), above=0.0, unit=unit)
                for name, unit in (("insured_mu", "mu"), ("sum_insured", "CNY"))
            ),
            lambda: numbers("premium", np.nan_to_num(self.premium, nan=1.0), above=0.0, unit="CNY"),
            lambda: numbers("total_error", self._errors(), least=0.0, unit="CNY"),
            *(
                lambda name=name: numbers(name, getattr(self, name), least=0.0, unit="CNY")
                for name in ("incurred", "error", "paid", "outstanding")
            ),
        )
        faults = Faults()
        gaps = np.flatnonzero(np.diff(self.year) != 1)
        for place in gaps[:5].tolist():
            faults.add(
                "year",
                f"{self.year[place]} is followed by {self.year[place + 1]}",
                "Years must follow each other, one row each: a year without losses is a row of zeros.",
                "year",
            )
        _unlike(faults, self.perils, "perils")
        shapes: dict[str, tuple[int, ...]] = {
            name: (self.year.size,) for name in ("insured_mu", "sum_insured", "premium")
        }
        shapes |= {
            name: (self.year.size, len(self.perils)) for name in ("incurred", "error", "paid", "outstanding")
        }
        _shapes(faults, self, shapes)
        faults.raise_if_any(ArgumentError)

    @classmethod
    def of(
        cls,
        kinds: tuple[str, ...],
        year: Integers,
        insured_mu: Floats,
        sum_insured: Floats,
        premium: Floats,
        paid: Floats,
        reported: Floats,
        to_ultimate: Floats,
        development_error: Floats,
    ) -> ExperienceYears:
        """Return the years of a table of experience that was developed as a whole.

        Parameters
        ----------
        kinds : tuple of str, length peril
            Perils of the columns of ``paid`` and ``reported`` but the last.
        year, insured_mu, sum_insured, premium : array, shape (year,)
            As of the class.
        paid, reported : array, shape (year, peril + 1)
            Paid, and paid or outstanding losses; of all in the last column, NaN in the others where only that is known
            [CNY].
        to_ultimate : array, shape (year,)
            Factor from reported to ultimate losses, the same for each peril [unitless].
        development_error : array, shape (year,)
            Standard error of the year's ultimate losses [CNY].
        """
        known = np.asarray(np.isfinite(reported[:, :-1] + paid[:, :-1]).all(axis=1))

        def arranged(table: Floats) -> Floats:
            return np.where(
                np.append(known[:, None] & np.ones(len(kinds), dtype=bool), ~known[:, None], axis=1),
                table,
                0.0,
            )

        seen, settled = arranged(reported), arranged(paid)
        ultimate = seen * to_ultimate[:, None]
        total = ultimate.sum(axis=1)
        cv = np.divide(development_error, total, out=np.zeros_like(total), where=total > 0.0)
        return cls(
            year,
            (*kinds, UNKNOWN),
            insured_mu,
            sum_insured,
            premium,
            ultimate,
            ultimate * cv[:, None],
            settled,
            seen - settled,
            development_error,
        )

    @property
    def by_peril(self) -> NDArray[np.bool_]:
        """Whether a year's losses are known by peril, shape (year,)."""
        if UNKNOWN not in self.perils:
            return np.ones(self.year.size, dtype=bool)
        return np.asarray(self.incurred[:, self.perils.index(UNKNOWN)] == 0.0)

    def column(self, name: str, peril: str) -> Floats:
        """Return an amount of each year, shape (year,) [CNY]; NaN where it is not known by peril.

        Parameters
        ----------
        name : str
            ``incurred``, ``error``, ``paid`` or ``outstanding``.
        peril : str
            One peril, or ``all``.
        """
        table: Floats = getattr(self, name)
        if peril == ALL:
            return self._errors() if name == "error" else np.asarray(table.sum(axis=1))
        if peril not in self.perils:
            return np.full(self.year.size, np.nan)
        return np.where(self.by_peril, table[:, self.perils.index(peril)], np.nan)

    def _errors(self) -> Floats:
        """Standard error of each year's total, shape (year,) [CNY]."""
        if self.total_error is not None:
            return self.total_error
        return np.asarray(np.sqrt((np.asarray(self.error) ** 2).sum(axis=-1)))


@dataclass(frozen=True, eq=False)
class ModelYears:
    """The years of the model that the experience is held against.

    Parameters
    ----------
    perils : tuple of str, length peril
        Kinds of perils.
    totals : array, shape (year, peril)
        Simulated payments of each year under the policy terms [CNY], >= 0; years that follow each other in the
        simulation stand one below the other.
    insured_mu, sum_insured : float
        Of the book that they were simulated for [mu], [CNY].
    factor : array, shape (draw, peril)
        Expected payments of each joint draw of the cards, over those at central values [unitless], >= 0; taken to be
        more or fewer events, not dearer ones. One row of ones: nothing but chance is unsure.
    """

    perils: tuple[str, ...]
    totals: Floats
    insured_mu: float
    sum_insured: float
    factor: Floats = field(default_factory=lambda: np.ones((1, 1)))

    def __post_init__(self) -> None:
        """Refuse tables that do not match the perils, and amounts outside their domain, all at once."""
        if self.factor.shape == (1, 1):
            object.__setattr__(self, "factor", np.ones((1, len(self.perils))))
        every(
            lambda: numbers("totals", self.totals, least=0.0, dimensions=2, fewest=2, unit="CNY"),
            lambda: number("insured_mu", self.insured_mu, above=0.0, unit="mu"),
            lambda: number("sum_insured", self.sum_insured, above=0.0, unit="CNY"),
            lambda: numbers("factor", self.factor, least=0.0, dimensions=2, fewest=1, unit="unitless"),
        )
        faults = Faults()
        _unlike(faults, self.perils, "perils")
        count = len(self.perils)
        _shapes(
            faults,
            self,
            {"totals": (len(self.totals), count), "factor": (len(self.factor), count)},
        )
        faults.raise_if_any(ArgumentError)
        if not self.totals.any():
            raise ArgumentError(
                Fault("totals", "all payments are 0", "Nothing can be held against it: simulate more years.")
            )

    @classmethod
    def of(
        cls,
        table: YearTable,
        kinds: tuple[str, ...],
        knowledge: Knowledge,
        insured_mu: float,
        sum_insured: float,
    ) -> ModelYears:
        """Return the years of a forest run, with what its variants say of each peril's expected payments.

        Parameters
        ----------
        table : YearTable
            The simulated years.
        kinds : tuple of str
            Perils in the order of the table.
        knowledge : Knowledge
            All variants.
        insured_mu, sum_insured : float
            Of the book [mu], [CNY].
        """
        names = [peril_premium(kind) for kind in kinds]
        bases = [knowledge.base(name) for name in names]
        columns = [
            knowledge.draws(name) / base if base > 0.0 else np.ones_like(knowledge.draws(name))
            for name, base in zip(names, bases, strict=True)
        ]
        return cls(kinds, table.peril, insured_mu, sum_insured, np.stack(columns, axis=1))


def _unlike(faults: Faults, perils: tuple[str, ...], name: str) -> None:
    """Record perils that stand twice, or that bear the name of the total."""
    if not perils:
        faults.add(
            name, "no peril", "At least one is needed; losses of no known peril stand under `unknown`."
        )
    for peril in dict.fromkeys(perils):
        if perils.count(peril) > 1:
            faults.add(
                name, f"{peril} stands there {perils.count(peril)} times", "Give each peril one column."
            )
    if ALL in perils:
        faults.add(name, ALL, "The total is not given: it is the sum of the perils.")


def _shapes(faults: Faults, owner: object, expected: Mapping[str, tuple[int, ...]]) -> None:
    for name, shape in expected.items():
        given = np.shape(getattr(owner, name))
        if given != shape:
            faults.add(name, f"{name} of shape {given}", f"The shape {shape} was expected.")
