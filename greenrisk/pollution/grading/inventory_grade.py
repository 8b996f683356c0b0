# SPDX-License-Identifier: Apache-2.0
"""Grades of a whole inventory: the result group ``grading``, and the table for a console.

What lives here: everything about the grades of a zone in one place, for `greenrisk grade` and for a zone's run.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

from greenrisk.core.tables import STATUSES
from greenrisk.pollution.grading.counted import Counted, count_holdings, status_codes
from greenrisk.pollution.grading.gb18218 import MajorHazard, hazard_texts, major_hazard
from greenrisk.pollution.grading.hj941 import Grades
from greenrisk.pollution.grading.readings import EQUALITIES, PARTS, QUESTIONS, Readings, grade_readings
from greenrisk.pollution.grading.rules import Rules
from greenrisk.pollution.grading.statuses import INPUTS, GradeStatus, grade_status
from greenrisk.pollution.grading.terms import Boundary, Reading, grading_year
from greenrisk.pollution.grading.words import E_LEVELS, GRADES, M_CLASSES, MEDIA, Q_BANDS, REFUSED
from greenrisk.pollution.grading.written import written
from greenrisk.pollution.inventory import Integers, Inventory
from greenrisk.pollution.substance_search import resolve
from greenrisk.pollution.substances import Substances


@dataclass(frozen=True, eq=False)
class InventoryGrade:
    """All that is known about the grades of an inventory.

    Parameters
    ----------
    inventory : Inventory
    counted : Counted
        Its holdings, counted by HJ 941.
    rules : Rules
    readings : Readings
        Grades in all readings.
    headline : Grades
        Grades in the reading that is printed.
    status : GradeStatus
        Of the headline.
    hazard : MajorHazard
        GB 18218 beside it.
    cut : int
        Reading of the cut between M3 and M4 of the headline [point].
    part, boundary : str
        Readings of the headline.
    year : int
        Year of the grading; 0 where the history is empty and none was given.
    """

    inventory: Inventory
    counted: Counted
    rules: Rules
    readings: Readings
    headline: Grades
    status: GradeStatus
    hazard: MajorHazard
    cut: int
    part: Reading
    boundary: Boundary
    year: int


def grade_inventory(
    inventory: Inventory,
    substances: Substances,
    rules: Rules,
    *,
    cut: int | None = None,
    part: Reading = "high",
    boundary: Boundary = "sensitive",
    year: int | None = None,
) -> InventoryGrade:
    """Grade every plant of an inventory, with readings, statuses and GB 18218.

    Parameters
    ----------
    inventory : Inventory
    substances : Substances
        The table of substances and its rules.
    rules : Rules
    cut : int, optional
        Reading of the cut between M3 and M4 that is printed; empty: the highest [point].
    part, boundary : str
        Readings that are printed; the default of each is the cautious one.
    year : int, optional
        Year of the grading; empty: the latest year of the history.

    Raises
    ------
    ArgumentError
        For a solution without concentration, an unknown process or cut, a history that goes on after the year.
    """
    resolved = resolve(inventory.holdings, substances)
    counted = count_holdings(inventory.holdings, substances, resolved)
    now = grading_year(inventory.history, year)
    readings = grade_readings(inventory, counted, rules, year=now)
    shown = rules.cuts[rules.cut(cut)]
    headline = readings.grades[shown, part, boundary]
    status = grade_status(inventory, counted, headline, rules, reading=part, boundary=boundary)
    row = resolved.index
    hazard = major_hazard(
        inventory.holdings.plant,
        inventory.holdings.max_t,
        np.where(resolved.known, substances.threshold[row], np.nan),
        np.where(resolved.known, substances.beta[row], np.nan),
        np.maximum(status_codes(substances.threshold_status[row]), status_codes(substances.beta_status[row])),
        inventory.plants.people_500m,
        rules,
    )
    return InventoryGrade(
        inventory, counted, rules, readings, headline, status, hazard, shown, part, boundary, now
    )


def grading_group(found: InventoryGrade) -> xr.Dataset:
    """Return the result group ``grading``.

    Parameters
    ----------
    found : InventoryGrade

    Returns
    -------
    Dataset
        Over plant, medium, cut, part, boundary, input and the axes of the matrix; every variable with `units` and
        `long_name`. Codes of grades: -1 not graded, 0 general, 1 larger, 2 major.
    """
    plants, grades, readings = found.inventory.plants, found.headline, found.readings
    lowest, highest = readings.ends
    shown = np.where(grades.graded, grades.medium_grade, REFUSED)
    by_medium, by_plant = ("medium", "plant"), "plant"
    texts = np.array(
        [
            [[written(readings.grades[c, p, b], found.rules) for b in EQUALITIES] for p in PARTS]
            for c in readings.cuts
        ]
    )
    variables = {
        "q": (by_medium, grades.terms.q, "unitless", "Sum of quantity over critical quantity"),
        "q_band": (by_medium, grades.q_band, "band", "Band of Q, 0: Q0"),
        "m": (by_medium, grades.m, "point", "Points of process and control"),
        "m_class": (by_medium, grades.m_class + 1, "class", "Class of process and control, 1: M1"),
        "e": (by_medium, grades.terms.e + 1, "level", "Level of the receptors, 1: E1"),
        "medium_grade": (by_medium, shown, "grade", "Grade of the medium"),
        "involved": (by_medium, grades.terms.involved, "unitless", "Whether a substance of the list is held"),
        "grade": (by_plant, grades.grade, "grade", "Grade of the plant"),
        "written": (by_plant, written(grades, found.rules), "text", "Grade as the standard writes it"),
        "written_en": (by_plant, written(grades, found.rules, "en"), "text", "Grade in English"),
        "status": (by_plant, found.status.words, "text", "Weakest status of the inputs that fixed the grade"),
        "input_status": (("input", "plant"), found.status.by_input, "status", "Status by input, -1: not used"),
        "raised": (by_plant, grades.raised, "unitless", "Whether a penalty raised the grade"),
        "unknown_substances": (by_plant, _unknown(found), "count", "Held substances that are not in the table"),
        "grade_lowest": (by_plant, lowest, "grade", "Mildest grade over all readings"),
        "grade_highest": (by_plant, highest, "grade", "Severest grade over all readings"),
        "grade_by_reading": (("cut", "part", "boundary", "plant"), readings.grade, "grade", "Grade by reading"),
        "written_by_reading": (("cut", "part", "boundary", "plant"), texts, "text", "Written grade by reading"),
        "hazard_sum": (by_plant, found.hazard.ratio_sum, "unitless", "GB 18218: sum of quantity over threshold"),
        "hazard_alpha": (by_plant, found.hazard.alpha, "unitless", "GB 18218: factor for people exposed"),
        "hazard_r": (by_plant, found.hazard.r, "unitless", "GB 18218: R, a lower bound if not determined"),
        "hazard_level": (by_plant, found.hazard.level, "level", "GB 18218: level, 0 none, -1 not determined"),
        "hazard_at_least": (
            by_plant,
            found.hazard.at_least,
            "level",
            "GB 18218: level that the known list reaches, 0 none",
        ),
        "hazard_text": (by_plant, hazard_texts(found.hazard, found.rules), "text", "GB 18218 in words"),
        "hazard_status": (
            by_plant,
            np.array(STATUSES)[found.hazard.status],
            "text",
            "GB 18218: weakest status behind it",
        ),
        "matrix": (("q", "m", "e"), found.rules.matrix, "grade", "Grade of a medium by Q, M, E"),
        "plants_in_cell": (("medium", "q", "m", "e"), _in_cells(grades), "count", "Graded plants in each cell"),
    }  # fmt: skip
    for question in QUESTIONS:
        words = f"Whether the grade hangs on the reading of the {question}"
        variables[f"moved_by_{question}"] = (by_plant, readings.moved_by(question), "unitless", words)
    axes = {"q": "q_axis", "m": "m_axis", "e": "e_axis"}
    data = {}
    for name, (dims, values, unit, label) in variables.items():
        dims = (dims,) if isinstance(dims, str) else dims
        attrs = {"units": unit, "long_name": label}
        data[name] = (tuple(axes.get(dim, dim) for dim in dims), values, attrs)
    return xr.Dataset(
        data,
        coords={
            "plant": plants.ids,
            "name": ("plant", plants.name),
            "medium": np.array(MEDIA),
            "cut": np.array(readings.cuts),
            "part": np.array(PARTS),
            "boundary": np.array(EQUALITIES),
            "input": np.array(INPUTS),
            "q_axis": np.array(Q_BANDS),
            "m_axis": np.array(M_CLASSES),
            "e_axis": np.array(E_LEVELS),
        },
        attrs={
            "title": "HJ 941-2018 grades, with GB 18218-2018 beside them",
            "cut": found.cut,
            "part": found.part,
            "boundary": found.boundary,
            "year": found.year,
        },
    )


def console_table(found: InventoryGrade) -> pd.DataFrame:
    """Return what `greenrisk grade` prints, one row a plant.

    Columns: plant_id, name, grade (general, larger, major or `not graded`), written, status, other_readings (grades
    that other readings give, empty where they agree, with the question that moves them), unknown_substances (held, not
    in the table and so not counted [count]), gb18218.
    """
    plants, grades, readings = found.inventory.plants, found.headline, found.readings
    lowest, highest = readings.ends
    moved = {question: readings.moved_by(question) for question in QUESTIONS}
    others = []
    for plant in range(len(plants)):
        if lowest[plant] == highest[plant]:
            others.append("")
            continue
        questions = " and ".join(question for question in QUESTIONS if moved[question][plant])
        others.append(f"{GRADES[lowest[plant]]} to {GRADES[highest[plant]]} by the {questions}")
    return pd.DataFrame(
        {
            "plant_id": plants.ids,
            "name": plants.name,
            "grade": [GRADES[code] if code >= 0 else "not graded" for code in grades.grade.tolist()],
            "written": written(grades, found.rules),
            "status": found.status.words,
            "other_readings": others,
            "unknown_substances": _unknown(found),
            "gb18218": hazard_texts(found.hazard, found.rules),
        }
    )


def _unknown(found: InventoryGrade) -> Integers:
    """Return how many held substances of each plant are not in the table, shape (plants,)."""
    counted = found.counted
    return np.bincount(counted.plant[~counted.known], minlength=len(found.inventory.plants))


def _in_cells(grades: Grades) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    """Return how many graded plants lie in each cell, shape (media, 4, 4, 3)."""
    found = np.zeros((len(MEDIA), len(Q_BANDS), len(M_CLASSES), len(E_LEVELS)), dtype=np.int64)
    kept = grades.graded
    for m in range(len(MEDIA)):
        mine = kept & grades.terms.involved[m]
        np.add.at(found[m], (grades.q_band[m, mine], grades.m_class[m, mine], grades.terms.e[m, mine]), 1)
    return found
