# SPDX-License-Identifier: Apache-2.0
"""The cheapest single step, or pair of steps, that would lower a plant's grade.

All single steps and all pairs are tried: a control put in place, another discharge route, less on site, old equipment
replaced. Costs come from a table whose every row is illustrative until the plant's quotes replace it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import pandas as pd

from greenrisk.actuarial.arguments import number
from greenrisk.pollution.grading.counted import Counted
from greenrisk.pollution.grading.hj941 import Grades, grade_terms
from greenrisk.pollution.grading.rules import Rules
from greenrisk.pollution.grading.steps import Step, Stock, possible_steps, quantity_step, stock_of
from greenrisk.pollution.grading.terms import Reading, Terms
from greenrisk.pollution.grading.words import GRADES
from greenrisk.pollution.grading.written import written
from greenrisk.pollution.inventory import Inventory


@dataclass(frozen=True, eq=False)
class Way:
    """A way to a lower grade.

    Parameters
    ----------
    plant : int
        Index of the plant.
    steps : tuple of Step
        One or two.
    before, after : int
        Grade now and then, index into :data:`~.words.GRADES`.
    written : str
        The grade then, as the standard writes it.
    """

    plant: int
    steps: tuple[Step, ...]
    before: int
    after: int
    written: str

    @property
    def cost(self) -> float:
        """Cost of all steps [CNY]."""
        return sum(step.cost for step in self.steps)


def cheapest_steps(
    inventory: Inventory,
    counted: Counted,
    grades: Grades,
    rules: Rules,
    plant: int,
    *,
    reading: Reading = "high",
    margin: float | None = None,
) -> list[Way]:
    """Return the cheapest way of a plant to each lower grade that one step or two reach.

    Parameters
    ----------
    inventory, counted, rules
        What was graded, and by what.
    grades : Grades
        The grades.
    plant : int
        Index of the plant.
    reading : str
        As it was graded.
    margin : float
        Share by which a lowered Q stays below the cut, in (0, 1) [unitless]; empty: that of the table of costs.

    Returns
    -------
    list of Way
        From the next lower grade down; empty where no step or pair lowers the grade, where it is the lowest already, or
        where HJ 941 gives none.

    Raises
    ------
    ArgumentError
        If the margin is not in (0, 1).
    """
    margin = rules.margin if margin is None else margin
    number("margin", margin, above=0.0, below=1.0, unit="unitless")
    before = int(grades.grade[plant])
    if before <= 0:
        return []
    stock = stock_of(counted, plant, reading)
    single = possible_steps(inventory, grades, stock, rules, plant, margin)
    plans = [(step,) for step in single] + _pairs(single, stock, rules)
    if not plans:
        return []
    found = grade_terms(_changed(grades.terms, plant, plans, stock), rules, grades.cut)
    texts = written(found, rules)
    ways: dict[int, Way] = {}
    for k, plan in enumerate(plans):
        after = int(found.grade[k])
        way = Way(plant, plan, before, after, str(texts[k]))
        if after < before and (after not in ways or way.cost < ways[after].cost):
            ways[after] = way
    # A dearer way to a grade that is not lower than that of a cheaper one is none.
    kept: list[Way] = []
    for after in sorted(ways, reverse=True):
        if all(ways[lower].cost > ways[after].cost for lower in ways if lower < after):
            kept.append(ways[after])
    return kept


def steps_table(
    inventory: Inventory,
    counted: Counted,
    grades: Grades,
    rules: Rules,
    *,
    reading: Reading = "high",
    margin: float | None = None,
) -> pd.DataFrame:
    """Return the cheapest ways of all plants whose grade could fall.

    Parameters
    ----------
    inventory, counted, grades, rules, reading, margin
        As in :func:`cheapest_steps`.

    Returns
    -------
    DataFrame
        Columns plant_id, name, grade, to_grade, steps (in words), cost_cny, written (the grade then). A plant that no
        step or pair would help has one row with an empty to_grade and NaN for its cost.
    """
    rows: list[dict[str, object]] = []
    for plant in np.flatnonzero(grades.grade > 0):
        ways = cheapest_steps(inventory, counted, grades, rules, int(plant), reading=reading, margin=margin)
        common: dict[str, object] = {
            "plant_id": str(inventory.plants.ids[plant]),
            "name": str(inventory.plants.name[plant]),
            "grade": GRADES[grades.grade[plant]],
        }
        for way in ways:
            words = "; ".join(step.detail for step in way.steps)
            then: dict[str, object] = {"to_grade": GRADES[way.after], "steps": words, "cost_cny": way.cost}
            rows.append(common | then | {"written": way.written})
        if not ways:
            none: dict[str, object] = {
                "to_grade": "",
                "steps": "no single step or pair lowers the grade",
                "cost_cny": np.nan,
            }
            rows.append(common | none | {"written": ""})
    columns = ["plant_id", "name", "grade", "to_grade", "steps", "cost_cny", "written"]
    return pd.DataFrame(rows, columns=columns)


def _pairs(single: Sequence[Step], stock: Stock, rules: Rules) -> list[tuple[Step, ...]]:
    """Return all pairs that go together; two reductions are one measure and pay its fixed cost once."""
    pairs: list[tuple[Step, ...]] = []
    for one, other in combinations(single, 2):
        if one.route is not None and other.route is not None:
            continue
        if one.kept is not None and other.kept is not None:
            purpose = f"{one.detail.split(':')[0]} and {other.detail.split(':')[0]}"
            pairs.append((quantity_step(stock, np.minimum(one.kept, other.kept), rules, purpose),))
        else:
            pairs.append((one, other))
    return pairs


def _changed(terms: Terms, plant: int, plans: Sequence[tuple[Step, ...]], stock: Stock) -> Terms:
    """Return the terms of a plant after each plan."""
    # Fancy indexing copies, so that the plant's own terms stay as they are.
    found = terms.take(np.full(len(plans), plant))
    for k, plan in enumerate(plans):
        for step in plan:
            if step.control is not None:
                found.controls[k, step.control] = True
            if step.route is not None:
                found.route[k] = step.route
            if step.kept is not None:
                found.q[:, k] = stock.q(step.kept)
                found.toxic_gas[k] = bool((stock.toxic_gas & (step.kept > 0.0)).any())
            found.process[k] -= step.process
    return replace(found, involved=found.q > 0.0)
