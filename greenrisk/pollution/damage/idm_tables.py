# SPDX-License-Identifier: Apache-2.0
"""The tables of Spain's index of environmental damage, as they stand in the law.

What lives here: declarations and the tables as lookups. What does not: the index
(:mod:`greenrisk.pollution.damage.idm`).

References
----------
Real Decreto 2090/2008, Annex III as inserted by Real Decreto 183/2015, BOE-A-2008-20680.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from greenrisk.core.errors import Faults, TableError
from greenrisk.core.tables import Column, TableSpec, source_column, status_column, weakest

_STATUS: Final = status_column()
_SOURCE: Final = source_column("Law and annex.")


def _amount(name: str, unit: str, description: str, *, required: bool = True) -> Column:
    return Column(name, "number", unit=unit, low=0, required=required, description=description)


IDM_GROUPS: Final = TableSpec(
    name="idm-groups",
    title="Spain's index of environmental damage: coefficients by group and resource",
    columns=(
        Column("group", "integer", low=1, high=20, description="Group of agent and resource."),
        Column("title_es", "text", description="Group, as in the law."),
        Column("resource_es", "text", description="Resource, as in the law."),
        _amount("ecf_eur", "EUR", "Fixed cost."),
        _amount("ecu_eur", "EUR/unit", "Cost of a unit."),
        Column(
            "alpha",
            "text",
            description="Quantity that alpha is: its name with unit, a population rule, or 1.",
        ),
        _amount("ec", "unit per unit of alpha", "Quantity damaged for a unit of alpha."),
        _amount("ecr_eur", "EUR", "Cost of review and control."),
        _amount("ecc", "unitless", "Share for consulting."),
        _amount("p", "EUR/t^q", "Cost of access to a bed.", required=False),
        _amount("q", "unitless", "Exponent of the spilled mass.", required=False),
        Column(
            "modifiers_a", "text", required=False, description="Modifiers of the cost of a unit, parted by |."
        ),
        Column("modifiers_b", "text", required=False, description="Modifiers of the quantity, parted by |."),
        Column("modifier_c", "text", description="Modifier of review and control."),
        _STATUS,
        _SOURCE,
    ),
)
"""The table ``idm-groups``."""

IDM_MODIFIERS: Final = TableSpec(
    name="idm-modifiers",
    title="Spain's index of environmental damage: modifiers by level",
    columns=(
        Column("code", "text", description="Modifier."),
        Column("name_es", "text", description="Its name, as in the law."),
        Column("level_es", "text", description="Level, as in the law."),
        Column("factor", "number", unit="unitless", low=0, low_open=True, description="Factor."),
        _STATUS,
        _SOURCE,
    ),
)
"""The table ``idm-modifiers``."""

IDM_POPULATIONS: Final = TableSpec(
    name="idm-populations",
    title="Spain's index of environmental damage: animals hit by a volume",
    columns=(
        Column("rule", "choice", choices=("R16", "R18"), description="Rule, by group."),
        Column(
            "population_es",
            "text",
            description="Population; `no amenazada` holds for all that are not threatened.",
        ),
        _amount("per_m3", "1/m3", "Animals for a cubic metre up to the limit."),
        _amount("limit_m3", "m3", "Volume up to which they grow."),
        _amount("cap", "animal", "Animals beyond it."),
        _STATUS,
        _SOURCE,
    ),
)
"""The table ``idm-populations``."""

IDM_CONSTANTS: Final = TableSpec(
    name="idm-constants",
    title="Spain's index of environmental damage: cost of access, and shares between soil and groundwater",
    columns=(
        Column("constant", "text", unique=True, description="Name."),
        _amount("value", "see unit", "Value."),
        Column("unit", "text", description="Unit."),
        _STATUS,
        _SOURCE,
    ),
)
"""The table ``idm-constants``."""

_SPLITS: Final = (
    "soil_share_under_10_m",
    "soil_share_10_to_50_m",
    "soil_share_over_50_m",
    "soil_share_no_groundwater",
)


@dataclass(frozen=True)
class IdmRow:
    """Coefficients of a group and resource.

    Parameters
    ----------
    group : int
        1 to 20.
    resource : str
        As in the law.
    fixed, unit_cost, review : float
        Ecf, Ecu, Ecr [EUR, EUR/unit, EUR].
    alpha : str
        What alpha is: ``Vvert_m3``, ``R16``, ``1`` ...
    damaged : float
        Ec [unit per unit of alpha].
    consulting : float
        Ecc [unitless].
    access, exponent : float
        p and q of beds; 0 and 1 for all others [EUR/t^q, unitless].
    modifiers_a, modifiers_b : tuple of str
        Codes of the modifiers of A and B.
    modifier_c : str
        Code of the modifier of C.
    """

    group: int
    resource: str
    fixed: float
    unit_cost: float
    review: float
    alpha: str
    damaged: float
    consulting: float
    access: float
    exponent: float
    modifiers_a: tuple[str, ...]
    modifiers_b: tuple[str, ...]
    modifier_c: str

    @property
    def modifiers(self) -> tuple[str, ...]:
        """Codes of all modifiers that a damage of this row needs."""
        return (*self.modifiers_a, *self.modifiers_b, self.modifier_c)


@dataclass(frozen=True)
class IdmTables:
    """The tables as lookups.

    Parameters
    ----------
    rows : mapping of (int, str) to IdmRow
        By group and resource.
    modifiers : mapping of str to mapping of str to float
        Factor by code and level [unitless].
    populations : mapping of (str, str) to (float, float, float)
        By rule and population: animals for a cubic metre, limit of the volume [m3], animals beyond.
    access_cost : float
        Eca [EUR/m].
    soil_shares : mapping of str to float
        Share that stays in the soil, by depth of the groundwater [unitless].
    status : str
        The weakest status of all rows.
    """

    rows: Mapping[tuple[int, str], IdmRow]
    modifiers: Mapping[str, Mapping[str, float]]
    populations: Mapping[tuple[str, str], tuple[float, float, float]]
    access_cost: float
    soil_shares: Mapping[str, float]
    status: str


def read_idm_tables(
    groups: pd.DataFrame, modifiers: pd.DataFrame, populations: pd.DataFrame, constants: pd.DataFrame
) -> IdmTables:
    """Return the lookups of validated tables.

    Parameters
    ----------
    groups, modifiers, populations, constants : DataFrame
        Of :data:`IDM_GROUPS`, :data:`IDM_MODIFIERS`, :data:`IDM_POPULATIONS` and :data:`IDM_CONSTANTS`.

    Raises
    ------
    TableError
        If a group names a modifier or rule that no table has, or a constant is missing; all of them at once.
    """
    faults = Faults()
    levels = {
        str(code): dict(zip(rows["level_es"].astype(str), rows["factor"].astype(float), strict=True))
        for code, rows in modifiers.groupby("code")
    }
    rules = {
        (str(rule), str(one)): (float(per), float(limit), float(cap))
        for rule, one, per, limit, cap in zip(
            *(populations[name] for name in ("rule", "population_es", "per_m3", "limit_m3", "cap")),
            strict=True,
        )
    }
    given = dict(zip(constants["constant"], constants["value"].astype(float), strict=True))
    for name in ("eca", *_SPLITS):
        if name not in given:
            faults.add("idm_constants.csv", f"no row `{name}`", "This constant is needed.")
    rows = {}
    for place, record in enumerate(groups.to_dict("records")):
        row = _row(record)
        rows[row.group, row.resource] = row
        unknown = [code for code in row.modifiers if code not in levels]
        if unknown:
            where = f"idm_groups.csv:{place + 2}"
            faults.add(where, f"modifiers {', '.join(unknown)}", "The table of modifiers has no such code.")
        if row.alpha in ("R16", "R18") and (row.alpha, population_of(row.resource)) not in rules:
            what = f"{row.alpha} of {row.resource}"
            faults.add(f"idm_groups.csv:{place + 2}", what, "The table of populations has no such row.")
    faults.raise_if_any(TableError)
    statuses = [*groups["status"], *modifiers["status"], *populations["status"], *constants["status"]]
    return IdmTables(
        rows,
        levels,
        rules,
        given["eca"],
        {name.removeprefix("soil_share_"): given[name] for name in _SPLITS},
        weakest(statuses),
    )


def population_of(resource: str) -> str:
    """Return the population whose rule holds for a resource.

    Parameters
    ----------
    resource : str
        As in the law, e.g. ``aves amenazadas``.
    """
    return "no amenazada" if " no amenazad" in resource else resource


def _row(record: Mapping[Any, Any]) -> IdmRow:
    def figure(name: str, otherwise: float) -> float:
        value = float(str(record[name]))
        return otherwise if math.isnan(value) else value

    def codes(name: str) -> tuple[str, ...]:
        text = record.get(name)
        return tuple(text.split("|")) if isinstance(text, str) and text else ()

    return IdmRow(
        group=int(str(record["group"])),
        resource=str(record["resource_es"]),
        fixed=figure("ecf_eur", 0.0),
        unit_cost=figure("ecu_eur", 0.0),
        review=figure("ecr_eur", 0.0),
        alpha=str(record["alpha"]),
        damaged=figure("ec", 0.0),
        consulting=figure("ecc", 0.0),
        access=figure("p", 0.0),
        exponent=figure("q", 1.0),
        modifiers_a=codes("modifiers_a"),
        modifiers_b=codes("modifiers_b"),
        modifier_c=str(record["modifier_c"]),
    )
