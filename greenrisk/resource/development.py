# SPDX-License-Identifier: Apache-2.0
"""Own losses developed to their end: a triangle of policy years and ages, by the chain ladder.

The chain ladder itself is :mod:`greenrisk.actuarial.reserving`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from greenrisk.actuarial.reserving import chain_ladder
from greenrisk.core.errors import ArgumentError, Fault, Faults, TableError
from greenrisk.core.ledger import Ledger
from greenrisk.core.tables import Column, TableSpec, file_rows
from greenrisk.resource.experience import Experience

if TYPE_CHECKING:
    import pandas as pd

TRIANGLE: Final = TableSpec(
    name="experience-triangle",
    title="How the losses of policy years developed, one row a policy year and age",
    columns=(
        Column("year", "integer", unit="year", low=1980, high=2100, description="Policy year."),
        Column(
            "age",
            "integer",
            unit="year",
            low=1,
            high=40,
            description="Years since the policy year began: 1 at its end.",
        ),
        Column(
            "paid_cny",
            "number",
            unit="CNY",
            low=0,
            description="Paid up to that age for the year's damages, all perils.",
        ),
        Column(
            "outstanding_cny",
            "number",
            unit="CNY",
            low=0,
            description="Reported by that age and not yet paid, all perils.",
        ),
    ),
)
"""The table that a user brings; incurred losses, paid and outstanding, are developed."""

DIAGONAL: Final = 0.005
"""Relative difference that the latest losses of a year may have from the table of experience [unitless]."""


def developed(
    experience: Experience, frame: pd.DataFrame | None, name: str = "", *, ledger: Ledger
) -> Experience:
    """Return the experience with its losses developed to their end.

    Parameters
    ----------
    experience : Experience
        Own years, undeveloped.
    frame : DataFrame, optional
        A checked table of :data:`TRIANGLE`; None: what is outstanding is taken at its face.
    name : str
        File name of the triangle, for messages.
    ledger : Ledger
        Told how the losses were developed.

    Raises
    ------
    TableError
        With every age that is twice there or missing, payments that fall, years that do not stand at the same day,
        every year of the experience that the triangle lacks although it holds an earlier one, latest losses that are
        not those of the experience, and a triangle that cannot be developed.

    Notes
    -----
    Incurred losses are developed, for all perils alike: a triangle by peril of a forest portfolio is mostly zeros.
    Years before the first one of the triangle are taken as settled. The standard errors of the years are scaled such
    that their squares add up to the error of all years together, which includes what they share with the factors.
    """
    if frame is None:
        outstanding = float((experience.incurred - experience.paid)[:, -1].sum())
        if outstanding > 0:
            share = outstanding / float(experience.incurred[:, -1].sum())
            ledger.add(
                "assumption",
                experience.name,
                f"No triangle is given: what is outstanding, {outstanding:,.0f} CNY or {100 * share:.0f} % of the "
                "incurred losses, is taken at its face, and nothing for damages not yet reported.",
                source=experience.name,
            )
        return experience
    years, triangle = _triangle(frame, name, experience)
    try:
        ladder = chain_ladder(triangle)
    except ArgumentError as error:
        faults = Faults()
        for fault in error.faults:
            faults.add(name, fault.what, fault.expected, fault.unit)
        raise TableError(faults) from None
    place = {int(year): i for i, year in enumerate(years)}
    known = [place.get(int(year)) for year in experience.years]
    factor = np.array([1.0 if i is None else ladder.to_ultimate[i] for i in known])
    error_of_year = np.array([0.0 if i is None else ladder.standard_errors[i] for i in known])
    alone = float(np.square(ladder.standard_errors).sum())
    if alone > 0:
        error_of_year = error_of_year * ladder.total_standard_error / np.sqrt(alone)
    whole = float(np.sqrt(np.square(error_of_year).sum()))
    before, after = (
        float(amount[:, -1].sum()) for amount in (experience.incurred, experience.incurred * factor[:, None])
    )
    ledger.add(
        "assumption",
        name,
        f"Incurred losses were developed by the chain ladder, all perils alike: {before:,.0f} to {after:,.0f} CNY, "
        f"the youngest year by {factor[-1]:.3f}; standard error {whole:,.0f} CNY (Mack 1993).",
        source=name,
    )
    if ladder.from_nothing:
        ledger.add(
            "unreliable",
            name,
            "Years without any loss at one age had some at the next: the chain ladder takes a "
            "year without loss for settled.",
            count=ladder.from_nothing,
        )
    return replace(experience, to_ultimate=factor, development_error=error_of_year)


def _triangle(
    frame: pd.DataFrame, name: str, experience: Experience
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return policy years and incurred losses by age, NaN where they are not known yet."""
    faults = Faults()
    incurred: dict[int, dict[int, float]] = {}
    rows: dict[int, dict[int, tuple[int, float]]] = {}
    for line, cells in zip(file_rows(frame), frame.to_dict("records"), strict=True):
        year, age, paid = int(cells["year"]), int(cells["age"]), float(cells["paid_cny"])
        ages = incurred.setdefault(year, {})
        if age in ages:
            what = f"{year}, age {age}: also in row {rows[year][age][0]}"
            faults.add(f"{name}:{line}", what, "One row a year and age. Drop one.")
        ages[age] = paid + float(cells["outstanding_cny"])
        rows.setdefault(year, {})[age] = (line, paid)
    for year, ages in sorted(incurred.items()):
        missing = [str(age) for age in range(1, max(ages)) if age not in ages]
        if missing:
            what = f"{year}: no row of age {', '.join(missing)}"
            mend = "A year needs every age up to its latest."
            faults.add(f"{name}:{rows[year][max(ages)][0]}", what, mend, "year")
    _check_paid(rows, name, faults)
    _check_day(rows, name, faults)
    for year, known in zip(experience.years.tolist(), experience.incurred[:, -1].tolist(), strict=True):
        if year in incurred:
            latest = incurred[year][max(incurred[year])]
            if abs(latest - known) > max(1.0, DIAGONAL * known):
                faults.add(
                    f"{name}:{rows[year][max(rows[year])][0]}",
                    f"{year}: {latest:,.0f} incurred at the latest age, {known:,.0f} in {experience.name}",
                    "Both tables must stand at the same day and hold the same perils.",
                    "CNY",
                )
        elif year > min(incurred):
            mend = "The triangle needs every year of the experience from its first one on."
            faults.add(name, f"no row of {year}", mend, "year")
    faults.raise_if_any(TableError)
    years = sorted(incurred)
    last = max(max(ages) for ages in incurred.values())
    if len(years) < 2 or last < 2:
        what = f"{len(years)} year{'' if len(years) == 1 else 's'} and {last} age{'' if last == 1 else 's'}"
        mend = "Development needs two years and two ages at least. Leave the triangle out."
        raise TableError(Fault(name, what, mend, "year"))
    table = [[incurred[year].get(age, np.nan) for age in range(1, last + 1)] for year in years]
    return np.array(years, dtype=np.int64), np.array(table, dtype=np.float64)


_Rows = Mapping[int, Mapping[int, tuple[int, float]]]
"""By year and age: row of the file, and what was paid up to that age [CNY]."""


def _check_paid(rows: _Rows, name: str, faults: Faults) -> None:
    """Refuse payments that fall from one age to the next: mostly those of single years, not summed up."""
    for year, ages in sorted(rows.items()):
        for age in sorted(ages):
            line, paid = ages[age]
            before = ages[age - 1][1] if age - 1 in ages else 0.0
            if paid < before * (1 - 1e-9):
                faults.add(
                    f"{name}:{line}",
                    f"{year}, age {age}: paid_cny = {paid:,.0f}, at age {age - 1} {before:,.0f}",
                    "What was paid up to an age cannot fall. Are these the payments of single years? Sum them up; what "
                    "was recovered stays in the payments.",
                    "CNY",
                )
                break


def _check_day(rows: _Rows, name: str, faults: Faults) -> None:
    """Refuse years that do not stand at the same day; settled years may end at the last age of the table."""
    last = max(max(ages) for ages in rows.values())
    day = max(year + max(ages) for year, ages in rows.items())
    for year, ages in sorted(rows.items()):
        wanted = min(last, day - year)
        if max(ages) < wanted:
            faults.add(
                f"{name}:{ages[max(ages)][0]}",
                f"{year}: known up to age {max(ages)}",
                f"All years stand at the same day: give this one up to age {wanted}, or take the later ages of the "
                "others out.",
                "year",
            )
