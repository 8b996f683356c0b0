# SPDX-License-Identifier: Apache-2.0
"""Is the limit enough? Three named measures by limit and grade, with their simulation errors."""

from __future__ import annotations

from typing import Final

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from greenrisk.report.charts.grades import CHINESE, GRADE_COLOURS, LETTERS, ON_GRADE, letter_path
from greenrisk.report.charts.key import key, stroke
from greenrisk.report.charts.plate import INK, PAPER, SOFT, Chart, Hit, paint, quiet
from greenrisk.report.table import Cell, Column, Table, table, words
from greenrisk.report.wording import money, percent, significant

MEASURES: Final = {
    "accidents_exceeding": "Accidents not paid in full",
    "money_uncovered": "Money not paid",
    "plant_years_exceeding": "Plant-years not paid in full",
}
"""Measure -> head of its panel; all are shares of those with a liability."""

GROUPS: Final = ("major", "larger", "general", "not_graded")
Z_90: Final = 1.645
ALL: Final = "all"
LETTERED: Final = (6e5, 2e6, 7e6, 4e7)
"""Limits at which the line of a grade carries its letter, one after the other [CNY]."""

LOWEST, HIGHEST = 3e5, 1e9
"""Limits that the figure shows; the table has the limits told by name [CNY]."""


def limit_curves_chart(found: xr.Dataset, limits: NDArray[np.float64]) -> Chart:
    """Draw what a limit leaves, by each measure and grade.

    Parameters
    ----------
    found : xarray.Dataset
        The group ``/limit_adequacy``.
    limits : array, shape (plants,)
        Limits in force; 0: uninsured [CNY].
    """
    grid = found["limit"].values.astype(float)
    shown = (grid >= LOWEST) & (grid <= HIGHEST)
    data = found.isel(limit=shown)
    grid = grid[shown]
    groups = [g for g in GROUPS if g in found["group"].values and np.isfinite(_share(data, g)).any()]
    in_force = np.unique(limits[limits > 0])
    usual = float(np.median(limits[limits > 0])) if in_force.size else float(np.median(grid))

    def painter(plate: Figure, narrow: bool) -> list[Hit]:
        panels = plate.subplots(3, 1, sharex=True) if narrow else plate.subplots(1, 3, sharey=True)
        hits: list[Hit] = []
        for k, (axes, (measure, head)) in enumerate(zip(panels, MEASURES.items(), strict=True)):
            for place, group in enumerate(groups):
                hits += _curve(axes, data, measure, group, grid, LETTERED[place % len(LETTERED)])
            _all_plants(axes, data, measure, grid)
            axes.plot(in_force, np.zeros(in_force.size), "|", color=INK, markersize=9, clip_on=False)
            axes.set_xscale("log")
            axes.minorticks_off()
            decades = [1e6, 1e8] if not narrow else [1e6, 1e7, 1e8, 1e9]
            axes.set_xticks(decades, [_limit(v) for v in decades])
            axes.set_ylim(0, 100)
            axes.set_xlim(LOWEST, HIGHEST)
            axes.set_title(head, fontsize=12, color=INK, loc="left")
            if narrow or k == 0:
                axes.set_ylabel("% of those with a liability" if not narrow else "%")
            if (narrow and k == 2) or (not narrow and k == 1):
                axes.set_xlabel("Limit of an accident, CNY (logarithmic)")
            quiet(axes, grid="both")
        named = [stroke(_word(g), GRADE_COLOURS.get(g, GRADE_COLOURS["refused"])) for g in groups]
        named += [stroke("all plants", INK), stroke("all, without sublimits", INK, ":")]
        key(plate, named, 2 if narrow else 3)
        return hits

    title = _title(found, usual)
    alt = f"Curves of three measures against the limit of an accident, by grade. {title}."
    wide, narrow = paint("limit-curves", painter, 380, 640, alt)
    note = (
        "Every measure counts only accidents or plant-years with a liability: what a policy without limits would pay. "
        "Lines: the sublimits bite first, then the limit. Band: 90 % simulation error of all plants; those of the "
        "grades are wider and stand in the table. It does not hold what is not known of the tail, which the table of "
        "cap and threshold shows. Ticks on the axis: limits in force."
    )
    if found.attrs.get("one_law"):
        note += (
            " The model gives all plants one law of a loss, whatever their grade: the lines of the grades lie apart by "
            "the luck of the simulation alone."
        )
    return Chart("limit-curves", title, alt, wide, narrow, _numbers(found), note)


def _share(data: xr.Dataset, group: str) -> NDArray[np.float64]:
    return np.asarray(data["accidents_exceeding"].sel(group=group).values, dtype=float)


def _all_plants(axes: Axes, data: xr.Dataset, measure: str, grid: NDArray[np.float64]) -> None:
    """Draw all plants together with their band, and without sublimits."""
    one = data.sel(group=ALL)
    after = one.sel(side="after_sublimits")
    share, error = (after[name].values.astype(float) for name in (measure, f"{measure}_standard_error"))
    low, high = (100 * np.clip(share + sign * Z_90 * error, 0, 1) for sign in (-1, 1))
    axes.fill_between(grid, low, high, color=SOFT, alpha=0.25, linewidth=0)
    axes.plot(grid, 100 * one[measure].sel(side="before_sublimits").values, ":", color=INK, linewidth=1.4)
    axes.plot(grid, 100 * share, color=INK, linewidth=1.4)


def _curve(
    axes: Axes, data: xr.Dataset, measure: str, group: str, grid: NDArray[np.float64], at: float
) -> list[Hit]:
    """Draw a grade's line with its letter, so that it can be told without its colour."""
    one = data.sel(group=group, side="after_sublimits")
    share = one[measure].values.astype(float)
    error = one[f"{measure}_standard_error"].values.astype(float)
    colour = GRADE_COLOURS.get(group, GRADE_COLOURS["refused"])
    axes.plot(grid, 100 * share, color=colour, linewidth=2)
    place = int(np.argmin(np.abs(np.log(grid / at))))
    if np.isfinite(share[place]):
        letter = group if group in LETTERS else "refused"
        spot = (float(grid[place]), 100 * float(share[place]))
        axes.plot(
            *spot, "s", color=colour, markersize=12, markeredgecolor=PAPER, markeredgewidth=0.8, zorder=4
        )
        axes.plot(
            *spot,
            marker=letter_path(LETTERS[letter]),
            color=ON_GRADE[letter],
            markersize=7,
            markeredgewidth=0,
            zorder=5,
        )
    return [
        Hit(
            axes,
            float(x),
            100 * float(y),
            f"{_word(group)}, limit {money(float(x))}: {percent(float(y))} ± {percent(float(e))} "
            f"{MEASURES[measure].lower()}",
        )
        for x, y, e in zip(grid[::3], share[::3], error[::3], strict=True)
        if np.isfinite(y)
    ]


def _word(group: str) -> str:
    return (
        f"{LETTERS[group]}: {group} {CHINESE[group]}" if group in CHINESE else f"N: {group.replace('_', ' ')}"
    )


def _limit(value: float) -> str:
    return f"{value / 1e6:,.0f} million" if value < 1e9 else f"{value / 1e9:g} billion"


def _title(found: xr.Dataset, usual: float) -> str:
    at = int(np.argmin(np.abs(np.log(found["limit"].values / usual))))
    one = found.sel(group=ALL, side="after_sublimits").isel(limit=at)
    limit = float(found["limit"].values[at])
    return (
        f"A limit of {money(limit)}{_beside(limit, usual)} does not pay "
        f"{percent(float(one['accidents_exceeding']))} of accidents in full and leaves "
        f"{percent(float(one['money_uncovered']))} of the money unpaid"
    )


def _beside(limit: float, usual: float) -> str:
    """Say how a limit of the grid stands to the middle one in force."""
    if abs(limit - usual) < 1e-6 * usual:
        return ", the middle one in force,"
    return f" (next on the grid to the middle one in force, {money(usual)})"


def _numbers(found: xr.Dataset) -> Table:
    grid = found["limit"].values.astype(float)
    named = [v for v in (1e6, 2e6, 5e6, 1e7, 2e7, 5e7, 1e8, 1e9) if np.isclose(grid, v).any()]
    rows: list[list[Cell]] = []
    for group in [g for g in (*GROUPS, "in_zone", "beyond_zone", ALL) if g in found["group"].values]:
        for limit in named:
            for side, told in (("before_sublimits", "no"), ("after_sublimits", "yes")):
                one = found.sel(group=group, side=side).isel(limit=int(np.argmin(np.abs(grid - limit))))
                if not np.isfinite(float(one["accidents_exceeding"])):
                    continue
                rows.append(
                    [
                        words("all plants" if group == ALL else group.replace("_", " ")),
                        Cell(significant(limit / 1e6), limit),
                        words(told),
                        *(_percent(float(one[m]), float(one[f"{m}_standard_error"])) for m in MEASURES),
                    ]
                )
    return table(
        "What a limit leaves, of accidents, money and plant-years with a liability",
        [
            Column("Plants", number=False),
            Column("Limit of an accident", "CNY million"),
            Column("Sublimits", number=False),
            *(Column(f"{head} ± simulation", "%") for head in MEASURES.values()),
        ],
        rows,
    )


def _percent(value: float, error: float) -> Cell:
    return Cell(significant(100 * value), value, f"± {significant(100 * error, 2)}")
