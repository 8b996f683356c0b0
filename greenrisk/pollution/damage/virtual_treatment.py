# SPDX-License-Identifier: Apache-2.0
"""Virtual treatment cost: what it would have cost to treat what was discharged, where nothing is left to restore.

What lives here: the method and when it may be used. What does not: the books that keep it apart from restoration and
from direct loss (:mod:`greenrisk.pollution.damage.bookings`).

References
----------
GB/T 39793.2-2020, 生态环境损害鉴定评估技术指南 基础方法 第2部分：水污染虚拟治理成本法 (clause 1: when it applies).
GB/T 39793.1-2020, 第1部分：大气污染虚拟治理成本法.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd

from greenrisk.actuarial.arguments import every, number, shown
from greenrisk.core.errors import ArgumentError, Faults, TableError
from greenrisk.core.tables import Column, TableSpec, source_column, status_column, weakest
from greenrisk.pollution.tables import WATER_CLASSES

MEDIA: Final = ("water", "air")
"""Media that the method knows."""

COEFFICIENTS: Final = ("tau", "omega", "alpha")
"""Excess of the discharge, class of the receiving water, hazard of the substance."""

VIRTUAL_TREATMENT: Final = TableSpec(
    name="virtual-treatment-coefficients",
    title="Coefficients of the virtual treatment cost of water, one row a case",
    columns=(
        Column("coefficient", "choice", choices=COEFFICIENTS, description="Which coefficient."),
        Column("case", "text", description="Case: excess, class of the water, step of the hazard."),
        Column(
            "kappa_to",
            "number",
            unit="unitless",
            low=0,
            required=False,
            description="Largest excess of a case of tau.",
        ),
        Column("value", "number", unit="unitless", low=1, high=10, description="The coefficient."),
        status_column(),
        source_column("Standard."),
        Column("note", "text", required=False, description="What else is to be said."),
    ),
)
"""The table ``virtual-treatment-coefficients``."""


@dataclass(frozen=True)
class Coefficients:
    """Coefficients of water, read.

    Parameters
    ----------
    tau : tuple of (float, float)
        Largest excess kappa, itself included, and coefficient, ascending; the last holds beyond all [unitless].
    omega : mapping of str to float
        By class of the water, as in ``WATER_CLASSES`` [unitless].
    alpha : tuple of float
        Steps that may be taken [unitless].
    status : mapping of str to str
        By coefficient: the weakest status of its rows.
    """

    tau: tuple[tuple[float, float], ...]
    omega: Mapping[str, float]
    alpha: tuple[float, ...]
    status: Mapping[str, str]


def read_coefficients(frame: pd.DataFrame, name: str = "virtual_treatment_coefficients.csv") -> Coefficients:
    """Return the coefficients of a validated table.

    Parameters
    ----------
    frame : DataFrame
        Of :data:`VIRTUAL_TREATMENT`.
    name : str
        File, for messages.

    Raises
    ------
    TableError
        If a coefficient or a class of water has no row, or the cases of tau do not rise to one without an upper end;
        all of them at once.
    """
    faults = Faults()
    rows = {one: frame[frame["coefficient"] == one] for one in COEFFICIENTS}
    for one, given in rows.items():
        if given.empty:
            faults.add(name, f"no row for {one}", f"Needed are rows for {', '.join(COEFFICIENTS)}.")
    omega = dict(zip(rows["omega"]["case"], rows["omega"]["value"].astype(float), strict=True))
    if omega and set(omega) != set(WATER_CLASSES):
        faults.add(
            name,
            f"omega for {', '.join(omega)}",
            f"One row for each of {', '.join(WATER_CLASSES)} is needed.",
        )
    bounds = rows["tau"]["kappa_to"].astype(float).fillna(math.inf).tolist()
    if bounds and (sorted(set(bounds)) != bounds or not math.isinf(bounds[-1])):
        listed = ", ".join(f"{one:g}" for one in bounds)
        mend = "They must rise from row to row, and the last be empty: it holds beyond all others."
        faults.add(name, f"kappa_to of tau = {listed}", mend)
    faults.raise_if_any(TableError)
    return Coefficients(
        tuple(zip(bounds, rows["tau"]["value"].astype(float), strict=True)),
        omega,
        tuple(sorted(rows["alpha"]["value"].astype(float))),
        {one: weakest(given["status"].tolist()) for one, given in rows.items()},
    )


@dataclass(frozen=True)
class Circumstances:
    """What must be so before a treatment that never took place may be charged.

    Parameters
    ----------
    discharge_established : bool
        Whether it is established that and how much was discharged.
    medium_recovered : bool
        Whether the medium has recovered by itself, so that there is nothing to restore.
    actual_cost_known : bool
        Whether the real cost of emergency disposal or treatment is known: then that one counts.

    Notes
    -----
    Clause 1 of the standard also lets the method in where the damage is unclear or its restoration costs far more than
    it is worth. Those cases are not let in here: what is charged for them stands beside a restoration that may still
    be asked for.
    """

    discharge_established: bool
    medium_recovered: bool
    actual_cost_known: bool


@dataclass(frozen=True)
class VirtualCost:
    """A virtual treatment cost: ecological compensation, never direct loss.

    Parameters
    ----------
    medium : {"water", "air"}
        What received the discharge.
    amount : float
        D = E C gamma [CNY].
    quantity : float
        E [t].
    unit_cost : float
        C [CNY/t].
    multiplier : float
        gamma [unitless].
    terms : mapping of str to float
        What gamma is made of [unitless].
    status : str
        The weakest status of the coefficients.
    """

    medium: str
    amount: float
    quantity: float
    unit_cost: float
    multiplier: float
    terms: Mapping[str, float]
    status: str


def excess_of(measured: float, standard: float) -> float:
    """Return kappa = (Z - B) / B, how far a concentration exceeds its standard [unitless].

    Parameters
    ----------
    measured : float
        Z, >= 0 [mg/L].
    standard : float
        B, > 0 [mg/L].
    """
    every(
        lambda: number("measured", measured, least=0.0, unit="mg/L"),
        lambda: number("standard", standard, above=0.0, unit="mg/L"),
    )
    return (measured - standard) / standard


def water_cost(
    quantity: float,
    unit_cost: float,
    *,
    alpha: float,
    excess: float,
    water_class: str,
    circumstances: Circumstances,
    coefficients: Coefficients,
) -> VirtualCost:
    """Return the virtual treatment cost of a discharge to water.

    Parameters
    ----------
    quantity : float
        What was discharged, > 0 [t].
    unit_cost : float
        Cost of treating it to standard, > 0 [CNY/t].
    alpha : float
        Hazard of the substance: a step of the table [unitless].
    excess : float
        kappa of the discharge, see :func:`excess_of`, >= -1 [unitless].
    water_class : str
        Word of ``WATER_CLASSES``: quality class of the receiving water.
    circumstances : Circumstances
        Whether the method may be used.
    coefficients : Coefficients
        The table.

    Raises
    ------
    ArgumentError
        If the method may not be used or an argument is out of its domain; all of them at once.

    Notes
    -----
    D = E C gamma, gamma = alpha tau omega.
    """
    faults = Faults()
    if water_class not in coefficients.omega:
        faults.add(
            "water_class", f"water_class = {water_class!r}", f"Known: {', '.join(coefficients.omega)}."
        )
    if alpha not in coefficients.alpha:
        steps = ", ".join(f"{one:g}" for one in coefficients.alpha)
        faults.add(
            "alpha", f"alpha = {shown(alpha)}", f"It must be one of the table's steps: {steps}.", "unitless"
        )
    _collect(faults, lambda: number("excess", excess, least=-1.0, unit="unitless"))
    _check(faults, quantity, unit_cost, circumstances)
    tau = next(value for bound, value in coefficients.tau if excess <= bound)
    terms = {"alpha": float(alpha), "tau": tau, "omega": coefficients.omega[water_class]}
    gamma = math.prod(terms.values())
    status = weakest(list(coefficients.status.values()))
    return VirtualCost("water", quantity * unit_cost * gamma, quantity, unit_cost, gamma, terms, status)


def air_cost(
    quantity: float, unit_cost: float, multiplier: float, circumstances: Circumstances
) -> VirtualCost:
    """Return the virtual treatment cost of a discharge to air, with the user's own coefficient.

    Parameters
    ----------
    quantity : float
        What was discharged, > 0 [t].
    unit_cost : float
        Cost of treating it to standard, > 0 [CNY/t].
    multiplier : float
        gamma of GB/T 39793.1, whose coefficients are not in the tables: read it in the standard, >= 1 [unitless].
    circumstances : Circumstances
        Whether the method may be used.

    Raises
    ------
    ArgumentError
        If the method may not be used or an argument is out of its domain; all of them at once.
    """
    faults = Faults()
    _collect(faults, lambda: number("multiplier", multiplier, least=1.0, unit="unitless"))
    _check(faults, quantity, unit_cost, circumstances)
    terms = {"gamma": float(multiplier)}
    return VirtualCost(
        "air", quantity * unit_cost * multiplier, quantity, unit_cost, float(multiplier), terms, "user"
    )


def _check(faults: Faults, quantity: float, unit_cost: float, given: Circumstances) -> None:
    """Raise all faults of a discharge and of the use of the method."""
    _collect(faults, lambda: number("quantity", quantity, above=0.0, unit="t"))
    _collect(faults, lambda: number("unit_cost", unit_cost, above=0.0, unit="CNY/t"))
    for held, what, mend in (
        (
            given.discharge_established,
            "discharge_established = no",
            "A virtual treatment cost needs a discharge that is established with its quantity.",
        ),
        (
            given.medium_recovered,
            "medium_recovered = no",
            "Where the medium has not recovered by itself, book the cost of restoring it instead.",
        ),
        (
            not given.actual_cost_known,
            "actual_cost_known = yes",
            "Where the real cost of emergency or treatment is known, book that one.",
        ),
    ):
        if not held:
            faults.add("circumstances", what, f"{mend} (GB/T 39793.2-2020, clause 1)")
    faults.raise_if_any(ArgumentError)


def _collect(faults: Faults, check: Callable[[], object]) -> None:
    """Run a check and keep what it raises."""
    try:
        check()
    except ArgumentError as error:
        faults.extend(error.faults)
