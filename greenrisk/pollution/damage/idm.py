# SPDX-License-Identifier: Apache-2.0
"""Spain's index of environmental damage of a scenario.

What lives here: the equation. What does not: the choice of scenarios and the guarantee
(:mod:`greenrisk.pollution.liability`); money.

The coefficients were read in the text of the law. The equation stands there as an image: which coefficient multiplies
which was put together from the definitions of the variables and is UNCONFIRMED. No worked example was at hand.

References
----------
Real Decreto 2090/2008, Annex III as inserted by Real Decreto 183/2015, BOE-A-2008-20680.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from greenrisk.actuarial.arguments import number
from greenrisk.core.errors import ArgumentError, Fault, Faults
from greenrisk.core.marked_yaml import did_you_mean
from greenrisk.pollution.damage.idm_index import IdmIndex
from greenrisk.pollution.damage.idm_tables import IdmRow, IdmTables, population_of

LAYOUT_STATUS: Final = "unconfirmed"
"""Status of the layout of the equation."""


@dataclass(frozen=True)
class IdmDamage:
    """An agent that hits a resource.

    Parameters
    ----------
    group : int
        1 to 20, as in the law.
    resource : str
        Resource of the group, as in the law.
    quantity : float, optional
        What alpha asks for (``Vvert_m3``: volume spilled [m3], ``Mvert_t``: mass [t], ...; for animals the volume that
        the population's rule asks for [m3]), >= 0; empty where alpha is a number.
    modifiers : mapping of str to str
        Level of each modifier of the row.
    spilled : float, optional
        Mass that reaches a bed, for rows with a cost of access, >= 0 [t].
    """

    group: int
    resource: str
    quantity: float | None = None
    modifiers: Mapping[str, str] = field(default_factory=dict)
    spilled: float | None = None


@dataclass(frozen=True)
class IdmTerms:
    """What one damage adds to the index, part by part, without unit.

    Parameters
    ----------
    fixed : float
        Ecf.
    restored : float
        A Ecu (B alpha Ec).
    access : float
        p Macc^q.
    review : float
        C Ecr.
    consulting : float
        Ecc of the sum of the others.
    """

    fixed: float
    restored: float
    access: float
    review: float
    consulting: float

    @property
    def sum(self) -> float:
        """What the damage adds to the index."""
        return self.fixed + self.restored + self.access + self.review + self.consulting


def idm(damages: Sequence[IdmDamage], metres_to_road: float, tables: IdmTables) -> IdmIndex:
    """Return the index of a scenario.

    Parameters
    ----------
    damages : sequence of IdmDamage
        All combinations of agent and resource that the scenario damages, at least one.
    metres_to_road : float
        beta: from the damaged place to the nearest road, >= 0 [m].
    tables : IdmTables
        Coefficients of the law.

    Returns
    -------
    IdmIndex

    Raises
    ------
    ArgumentError
        If there is no damage, a resource or level is unknown, or a quantity is missing or superfluous; all at once.

    Notes
    -----
    IDM = sum_i (Ecf + A Ecu (B alpha Ec) + p Macc^q + C Ecr) (1 + Ecc) + beta Eca, with A, B products of the modifiers
    MA, MB and C = MC. The layout is unconfirmed (:data:`LAYOUT_STATUS`).
    """
    faults = Faults()
    if not damages:
        faults.add("damages", "no damage", "A scenario damages at least one resource.")
    total = 0.0
    for place, one in enumerate(damages):
        try:
            total += idm_terms(one, tables).sum
        except ArgumentError as error:
            faults.extend(
                Fault(f"damages[{place}]", fault.what, fault.expected, fault.unit) for fault in error.faults
            )
    try:
        total += number("metres_to_road", metres_to_road, least=0.0, unit="m") * tables.access_cost
    except ArgumentError as error:
        faults.extend(error.faults)
    faults.raise_if_any(ArgumentError)
    return IdmIndex(total)


def idm_terms(damage: IdmDamage, tables: IdmTables) -> IdmTerms:
    """Return what one damage adds to the index, part by part.

    Parameters
    ----------
    damage : IdmDamage
        Agent and resource.
    tables : IdmTables
        Coefficients of the law.

    Raises
    ------
    ArgumentError
        As :func:`idm`.
    """
    row = tables.rows.get((damage.group, damage.resource))
    if row is None:
        known = [resource for group, resource in tables.rows if group == damage.group]
        mend = f"The group has: {', '.join(known)}." if known else "Groups are 1 to 20."
        close = did_you_mean(damage.resource, known)
        what = f"group = {damage.group}, resource = {damage.resource}"
        raise ArgumentError(Fault("resource", what, f"{mend}{close}"))
    faults = Faults()
    factors = _factors(damage, row, tables, faults)
    alpha = _alpha(damage, row, tables, faults)
    spilled = _spilled(damage, row, faults)
    faults.raise_if_any(ArgumentError)
    a = math.prod(factors[code] for code in row.modifiers_a)
    b = math.prod(factors[code] for code in row.modifiers_b)
    restored = a * row.unit_cost * (b * alpha * row.damaged)
    access = row.access * spilled**row.exponent
    review = factors[row.modifier_c] * row.review
    consulting = row.consulting * (row.fixed + restored + access + review)
    return IdmTerms(row.fixed, restored, access, review, consulting)


def split_by_groundwater(volume: float, depth: str, tables: IdmTables) -> tuple[float, float]:
    """Return what of a spill stays in the soil and what reaches the groundwater [m3].

    Parameters
    ----------
    volume : float
        Spilled on soil, >= 0 [m3].
    depth : str
        Depth of the groundwater: ``under_10_m``, ``10_to_50_m``, ``over_50_m`` or ``no_groundwater``.
    tables : IdmTables
        Coefficients of the law.

    Raises
    ------
    ArgumentError
        If the depth is unknown or the volume negative.
    """
    if depth not in tables.soil_shares:
        raise ArgumentError(Fault("depth", f"depth = {depth}", f"Known: {', '.join(tables.soil_shares)}."))
    share = tables.soil_shares[depth]
    spilled = number("volume", volume, least=0.0, unit="m3")
    return share * spilled, (1.0 - share) * spilled


def _factors(damage: IdmDamage, row: IdmRow, tables: IdmTables, faults: Faults) -> dict[str, float]:
    """Return the factor of each modifier of the row."""
    factors = {}
    for code in row.modifiers:
        levels = tables.modifiers[code]
        level = damage.modifiers.get(code)
        if level is None:
            faults.add("modifiers", f"no level of {code}", f"The row needs it. Levels: {', '.join(levels)}.")
        elif level not in levels:
            close = did_you_mean(level, list(levels))
            faults.add("modifiers", f"{code} = {level}", f"Levels: {', '.join(levels)}.{close}")
        else:
            factors[code] = levels[level]
    for code in sorted(set(damage.modifiers) - set(row.modifiers)):
        faults.add(
            "modifiers", f"{code} = {damage.modifiers[code]}", f"The row has: {', '.join(row.modifiers)}."
        )
    return factors


def _alpha(damage: IdmDamage, row: IdmRow, tables: IdmTables, faults: Faults) -> float:
    """Return alpha: the quantity itself, the animals that a volume hits, or the number that stands in the row."""
    is_number = row.alpha.replace(".", "", 1).isdigit()
    if is_number or damage.quantity is None:
        if is_number and damage.quantity is not None:
            mend = f"In this row alpha is the number {row.alpha}: leave the quantity out."
            faults.add("quantity", f"quantity = {damage.quantity:g}", mend)
        if not is_number:
            what = "volume [m3]" if row.alpha in ("R16", "R18") else row.alpha
            faults.add("quantity", "no quantity", f"The row needs {what}.")
        return float(row.alpha) if is_number else 0.0
    try:
        quantity = number("quantity", damage.quantity, least=0.0)
    except ArgumentError as error:
        faults.extend(error.faults)
        return 0.0
    if row.alpha not in ("R16", "R18"):
        return quantity
    per_m3, limit, cap = tables.populations[row.alpha, population_of(row.resource)]
    return per_m3 * quantity if quantity <= limit else cap


def _spilled(damage: IdmDamage, row: IdmRow, faults: Faults) -> float:
    """Return the mass on a bed; 0 where the row has no cost of access."""
    if row.access == 0.0:
        if damage.spilled is not None:
            faults.add("spilled", f"spilled = {damage.spilled:g}", "Only beds have it: leave it out.", "t")
        return 0.0
    if damage.spilled is None:
        faults.add("spilled", "no spilled mass", "A bed needs the mass that reaches it.", "t")
        return 0.0
    try:
        return number("spilled", damage.spilled, least=0.0, unit="t")
    except ArgumentError as error:
        faults.extend(error.faults)
        return 0.0
