# SPDX-License-Identifier: Apache-2.0
"""Single steps that may lower a grade: a control, another discharge route, less on site, old equipment replaced.

What lives here: what a plant could do, and what it costs by the table of costs. What does not: which of them lower the
grade (:mod:`greenrisk.pollution.grading.cheapest_steps`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from greenrisk.pollution.grading.counted import Counted
from greenrisk.pollution.grading.hj941 import Grades
from greenrisk.pollution.grading.rules import Rules
from greenrisk.pollution.grading.terms import Reading
from greenrisk.pollution.grading.words import MEDIA, READINGS
from greenrisk.pollution.inventory import CONTROLS, Flags, Floats, Inventory, Texts
from greenrisk.pollution.tables import DISCHARGE_ROUTES

ELIMINATED = "eliminated"
"""Word of the process table for what is due for elimination."""


@dataclass(frozen=True, eq=False)
class Stock:
    """The holdings of one plant.

    Parameters
    ----------
    name : array of str, shape (holdings,)
    on_site : array, shape (holdings,)
        [t]
    ratio : array, shape (holdings,)
        Quantity over critical quantity [unitless].
    listed : array of bool, shape (media, holdings)
    toxic_gas : array of bool, shape (holdings,)
    """

    name: Texts
    on_site: Floats
    ratio: Floats
    listed: Flags
    toxic_gas: Flags

    def q(self, kept: Floats) -> Floats:
        """Return Q by medium where a share of each holding is kept, shape (media,) [unitless]."""
        return np.asarray((self.listed * (self.ratio * kept)).sum(axis=1))


@dataclass(frozen=True, eq=False)
class Step:
    """One thing that a plant could do.

    Parameters
    ----------
    measure : str
        Word of the table of costs.
    detail : str
        What is done, in words.
    fixed, variable : float
        Cost of the measure whatever its size, and by its size [CNY].
    control, route : int or None
        The control that is put in place; the route that the effluent takes.
    kept : array, shape (holdings,), or None
        Share of each holding that stays.
    process : float
        Points of processes that go [point].
    """

    measure: str
    detail: str
    fixed: float
    variable: float = 0.0
    control: int | None = None
    route: int | None = None
    kept: Floats | None = None
    process: float = 0.0

    @property
    def cost(self) -> float:
        """Cost [CNY]."""
        return self.fixed + self.variable


def stock_of(counted: Counted, plant: int, reading: Reading) -> Stock:
    """Return the holdings of a plant that count for anything."""
    which = READINGS.index(reading)
    mine = np.flatnonzero((counted.plant == plant) & (counted.tonnes > 0.0))
    return Stock(
        counted.name[mine],
        counted.on_site[mine],
        counted.ratio[mine],
        counted.listed[which][:, mine],
        counted.toxic_gas[which][mine],
    )


def possible_steps(
    inventory: Inventory, grades: Grades, stock: Stock, rules: Rules, plant: int, margin: float
) -> list[Step]:
    """Return every step that a plant could take.

    Parameters
    ----------
    inventory : Inventory
    grades : Grades
        Of its plants.
    stock : Stock
        Holdings of the plant.
    rules : Rules
    plant : int
        Index of the plant.
    margin : float
        Share by which a lowered Q stays below the cut, in (0, 1) [unitless].
    """
    terms, steps = grades.terms, []
    people = float(inventory.plants.people_500m[plant])
    for k, control in enumerate(CONTROLS):
        if not terms.controls[plant, k]:
            fixed, each = rules.costs[control]
            size = people if control == "distance_met" else 0.0
            steps.append(Step(control, control, fixed, each * size, control=k))
    for k in range(int(terms.route[plant])):
        measure = f"discharge_{DISCHARGE_ROUTES[k]}"
        steps.append(
            Step(measure, f"discharge route {DISCHARGE_ROUTES[k]}", rules.costs[measure][0], route=k)
        )
    steps += _less_on_site(grades, stock, rules, plant, margin)
    made = inventory.processes
    mine = made.plant == plant
    rows, _ = rules.process_row(made.words)
    old_rows, known = rules.process_row(np.array([ELIMINATED]))
    old = mine & (rows[made.word] == old_rows[0])
    if known[0] and old.any():
        sets = float(made.lines[old].sum())
        fixed, each = rules.costs[ELIMINATED]
        points = sets * float(rules.process_points[old_rows[0]])
        steps.append(Step(ELIMINATED, f"replace {sets:g} sets", fixed, each * sets, process=points))
    return steps


def _less_on_site(grades: Grades, stock: Stock, rules: Rules, plant: int, margin: float) -> list[Step]:
    """Return the cheapest reductions that take Q of a medium below each lower band, and all toxic gas off the site.

    Notes
    -----
    The cost is in proportion to the tonnes taken off, so that the cheapest way down is to take first what counts most
    per tonne on site. A band that cannot be reached with the share that may go is left out.
    """
    steps = []
    for m, medium in enumerate(MEDIA):
        for band in range(int(grades.q_band[m, plant]), 0, -1):
            cut = float(rules.q_cuts[band])
            kept = np.ones(stock.ratio.size)
            excess = float(stock.q(kept)[m]) - cut * (1.0 - margin)
            by_tonne = np.where(stock.listed[m], stock.ratio / stock.on_site, 0.0)
            for k in np.argsort(-by_tonne, kind="stable"):
                if excess <= 0.0 or by_tonne[k] == 0.0:
                    break
                taken = min(float(stock.ratio[k]) * rules.most_share, excess)
                kept[k] = 1.0 - taken / float(stock.ratio[k])
                excess -= taken
            if excess <= 0.0:
                steps.append(quantity_step(stock, kept, rules, f"Q {medium} below {cut:g}"))
    if stock.toxic_gas.any() and rules.most_share >= 1.0:
        steps.append(quantity_step(stock, np.where(stock.toxic_gas, 0.0, 1.0), rules, "no toxic gas"))
    return steps


def quantity_step(stock: Stock, kept: Floats, rules: Rules, purpose: str) -> Step:
    """Return the step that keeps a share of each holding."""
    fixed, each = rules.costs["quantity"]
    less = np.flatnonzero(kept < 1.0)
    changes = [
        f"{stock.name[k]} from {stock.on_site[k]:.4g} t to {stock.on_site[k] * kept[k]:.3g} t" for k in less
    ]
    taken = float((stock.on_site * (1.0 - kept)).sum())
    return Step("quantity", f"{purpose}: {', '.join(changes)}", fixed, each * taken, kept=kept)
