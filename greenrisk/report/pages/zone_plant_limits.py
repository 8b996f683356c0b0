# SPDX-License-Identifier: Apache-2.0
"""Tables of the zone page on limits by plant: in force, asked for, and by rules on drawn accidents."""

from __future__ import annotations

from typing import Final

import numpy as np
import xarray as xr

from greenrisk.report.pages.section import Shown, dataset_table
from greenrisk.report.pages.zone_words import given
from greenrisk.report.table import Cell, Column, Table, table, words
from greenrisk.report.wording import percent, significant

MOST_ROWS: Final = 20
THOUSAND: Final = 1000.0
"""Years that a printed rate is for."""

SPAIN: Final = (
    "Spain's rule: of accidents drawn from a plant's law by class of cost, taken in ascending order until they make "
    "up 95 % of its risk, the one that crosses fixes the guarantee (Real Decreto 2090/2008, art. 33)."
)

LIMIT_RULES: Final = {
    "in_force": "In force",
    "minimum": "Least limit",
    "spain": "Spain's rule",
    "accident_quantile": "Quantile of an accident",
    "probable_maximum_loss": "Probable maximum loss",
}
"""Rule of a limit -> its words."""

MAXIMUM: Final = "probable_maximum_loss"
"""The rule that a plant with rare accidents has no limit by."""

WRITTEN: Final = ("in_force", "minimum")
"""Rules whose limits somebody wrote down; the others are computed."""


def limit_cell(limit: float, low: float, high: float) -> Cell:
    """Return a limit in millions with its interval.

    Parameters
    ----------
    limit, low, high : float
        The limit and the ends of its interval [CNY]; NaN: beyond the limits that were tried.
    """
    if not np.isfinite(limit):
        return Cell("above the grid")
    ends = [significant(v / 1e6, 2) if np.isfinite(v) else "above the grid" for v in (low, high)]
    return Cell(significant(limit / 1e6), limit, f"({ends[0]} to {ends[1]})")


def plants_table(limits: xr.Dataset) -> Table:
    """Return limits by plant, the most frequent accidents first.

    Parameters
    ----------
    limits : xarray.Dataset
        The group ``/plant_limits``.
    """
    order = np.argsort(-limits["accidents"].values, kind="stable")[:MOST_ROWS]
    rules = [str(r) for r in limits["rule"].values]
    rows: list[list[Cell]] = [
        [
            words(limits["plant"].values[i]),
            Cell(
                significant(THOUSAND * float(limits["accidents"].values[i])),
                float(limits["accidents"].values[i]),
            ),
            *(
                given(float(v)) if rule in WRITTEN else _read_off(limits, int(i), k)
                for k, (rule, v) in enumerate(zip(rules, limits["limit"].values[i], strict=True))
            ),
        ]
        for i in order
    ]
    return table(
        "Limits by plant",
        [
            Column("Plant", number=False),
            Column("Accidents with a liability", "in 1,000 years"),
            *(Column(LIMIT_RULES.get(r, r), "CNY million") for r in rules),
        ],
        rows,
        heard=True,
    )


def _read_off(limits: xr.Dataset, plant: int, rule: int) -> Cell:
    """Return a limit read off a plant's accidents with the interval of the draws."""
    limit = float(limits["limit"].values[plant, rule])
    if not np.isfinite(limit):
        rare = bool(limits["rarer_than_period"].values[plant]) and limits["rule"].values[rule] == MAXIMUM
        return Cell(f"rarer than 1 in {limits.attrs['period']:g} years" if rare else "too few accidents")
    return limit_cell(limit, *(float(limits[f"limit_{end}"].values[plant, rule]) for end in ("low", "high")))


def plants_note(limits: xr.Dataset) -> str:
    """Say what the rules are, and what tells plants apart.

    Parameters
    ----------
    limits : xarray.Dataset
        The group ``/plant_limits``.
    """
    count = limits.sizes["plant"]
    level, period = percent(float(limits.attrs["level"])), f"{limits.attrs['period']:g}"
    told = (
        f"{min(MOST_ROWS, count)} of {count} plants, the most frequent first; tables/plant_limits has all. {SPAIN} "
        f"Quantile: an accident costs no more with a chance of {level}. Probable maximum: the largest accident of "
        f"{period} years. In brackets: 90 % of the draws, by classes of cost 6 % wide."
    )
    spain = limits["limit"].sel(rule="spain").values.astype(float)
    spain = spain[np.isfinite(spain)]
    if spain.size > 1 and spain.max() <= spain.min() * (1 + 1e-9):
        told += (
            " All plants share one law of a loss, so that Spain's rule and the quantile ask the same of each: what "
            "tells plants apart is how often they have an accident."
        )
    return told


def spain_table(spain: xr.Dataset) -> Table:
    """Return the guarantee of every plant, the largest first.

    Parameters
    ----------
    spain : xarray.Dataset
        The group ``/spain_rule``.
    """
    data = spain.isel(plant=np.argsort(-spain["guarantee"].values, kind="stable"))
    return dataset_table(
        data,
        "plant",
        [
            Shown("plant", "Plant", "words"),
            Shown("guarantee", "Guarantee by the rule"),
            Shown("prevention", "Least for prevention beside it"),
            Shown("risk", "Risk"),
            Shown("limit", "Limit in force"),
            Shown("limit_over_guarantee", "Limit over guarantee", unit="times"),
        ],
        "Guarantee by Spain's rule",
        most=MOST_ROWS,
    )


def spain_note(spain: xr.Dataset) -> str:
    """Say what the rule is and how many limits lie below it.

    Parameters
    ----------
    spain : xarray.Dataset
        The group ``/spain_rule``.
    """
    short = int(((spain["guarantee"].values > spain["limit"].values) & (spain["guarantee"].values > 0)).sum())
    return (
        f"{min(MOST_ROWS, spain.sizes['plant'])} of {spain.sizes['plant']} plants, the largest guarantee first; the "
        f"limit of {short} is below it. {SPAIN}"
    )
