# SPDX-License-Identifier: Apache-2.0
"""The tables of the grading rules at the door: one table a rule, every row with its source and status.

What lives here: the declarations. What does not: the rules as arrays (:mod:`greenrisk.pollution.grading.rules`).
"""

from __future__ import annotations

from typing import Final

from greenrisk.core.tables import Column, TableSpec, source_column, status_column
from greenrisk.pollution.grading.words import (
    AIR_ANSWERS,
    E_LEVELS,
    EVENT_ANSWERS,
    GRADES,
    M_CLASSES,
    MEASURES,
    MEDIA,
    PEOPLE_RECEPTORS,
    Q_BANDS,
    SPECIAL_RULES,
    WATER_ANSWERS,
    WATER_RECEPTORS,
)
from greenrisk.pollution.tables import KINDS_OF_SITE

_STATUS: Final = status_column()
_SOURCE: Final = source_column("Where the row comes from, with its clause or table.")
_NOTE: Final = Column("note", "text", required=False, description="What else is to be said.")
_ENDS: Final = (_STATUS, _SOURCE, _NOTE)


def _choice(name: str, choices: tuple[str, ...], description: str) -> Column:
    return Column(name, "choice", choices=choices, description=description)


def _number(
    name: str, unit: str, description: str, *, high: float | None = None, required: bool = True
) -> Column:
    return Column(name, "number", unit=unit, low=0, high=high, required=required, description=description)


def _name(words: str = "Chinese name.") -> Column:
    return Column("name_zh", "text", description=words)


def _scores(name: str, title: str, answers: tuple[tuple[str, str], ...]) -> TableSpec:
    controls = tuple(dict.fromkeys(control for control, _ in answers))
    return TableSpec(
        name,
        title,
        (
            _choice("control", controls, "Control, as in the table of plants."),
            _choice(
                "answer", tuple(dict.fromkeys(answer for _, answer in answers)), "What the survey found."
            ),
            _name("Chinese name of the control."),
            _number("points", "point", "Points of this answer.", high=100),
            *_ENDS,
        ),
    )


PROCESS_POINTS: Final = TableSpec(
    "hj941-process-points",
    "HJ 941-2018: points of a set by its process",
    (
        Column("process", "text", unique=True, description="Word of the process in the table of processes."),
        _name(),
        Column("name_en", "text", description="English name."),
        _number("points_per_set", "point", "Points of each set of each line.", high=100),
        *_ENDS,
    ),
)
"""Points by process; a user's rows may add processes."""

CONTROL_POINTS_AIR: Final = _scores(
    "hj941-control-points-air", "HJ 941-2018: points of the controls against releases to air", AIR_ANSWERS
)
"""Points of air controls."""

CONTROL_POINTS_WATER: Final = _scores(
    "hj941-control-points-water",
    "HJ 941-2018: points of the controls against releases to water",
    WATER_ANSWERS,
)
"""Points of water controls."""

EVENT_POINTS: Final = TableSpec(
    "hj941-event-points",
    "HJ 941-2018: points of the worst environmental emergency of the last years",
    (
        _choice("medium", MEDIA, "Medium that is graded."),
        _choice("level", EVENT_ANSWERS, "Level of the worst event; `none` also for one below all levels."),
        _name("Chinese word of the level."),
        _number("points", "point", "Points.", high=100),
        *_ENDS,
    ),
)
"""Points of events."""

M_CLASS_CUTS: Final = TableSpec(
    "hj941-m-classes",
    "HJ 941-2018: classes of process and control by points, in two readings",
    (
        Column(
            "cut", "integer", unit="point", low=0, high=100, unique=True, description="Name of the reading."
        ),
        _number("m2_from_points", "point", "Least points of M2.", high=100),
        _number("m3_from_points", "point", "Least points of M3.", high=100),
        _number("m4_from_points", "point", "Least points of M4.", high=100),
        *_ENDS,
    ),
)
"""Cuts of M."""

AIR_RECEPTORS: Final = TableSpec(
    "hj941-air-receptors",
    "HJ 941-2018: levels of the air receptors; what reaches no row is E3",
    (
        _choice("level", ("E1", "E2"), "Level of the receptors."),
        _choice("receptor", (*PEOPLE_RECEPTORS, "special_area_5km"), "What is counted or present."),
        _number(
            "people_person", "person", "People above whom the level holds; empty: presence.", required=False
        ),
        *_ENDS,
    ),
)
"""Air receptors."""

WATER_RECEPTOR_LEVELS: Final = TableSpec(
    "hj941-water-receptors",
    "HJ 941-2018: levels of the water receptors of any outlet; what meets no row is E3",
    (
        _choice("level", ("E1", "E2"), "Level of the receptors."),
        Column(
            "receptor",
            "choice",
            choices=WATER_RECEPTORS,
            unique=True,
            description="What lies below the outlet.",
        ),
        Column("meaning", "text", description="One sentence."),
        *_ENDS,
    ),
)
"""Water receptors."""

GRADE_MATRIX: Final = TableSpec(
    "hj941-grade-matrix",
    "HJ 941-2018: grade of a medium by quantity, process and control, and receptors",
    (
        _choice("q_band", Q_BANDS[1:], "Band of quantity."),
        _choice("m_class", M_CLASSES, "Class of process and control."),
        _choice("e_level", E_LEVELS, "Level of the receptors."),
        _choice("grade", GRADES, "Grade: 一般, 较大, 重大."),
        _STATUS,
        _SOURCE,
    ),
)
"""The matrix, one row a cell."""

Q_BAND_CUTS: Final = TableSpec(
    "hj941-q-bands",
    "HJ 941-2018: bands of the sum of quantity over critical quantity, lower end closed",
    (
        Column("band", "choice", choices=Q_BANDS, unique=True, description="Band."),
        _number("q_from", "unitless", "Least sum of the band."),
        Column(
            "grade",
            "choice",
            choices=GRADES,
            required=False,
            description="Grade without M and E; empty: matrix.",
        ),
        *_ENDS,
    ),
)
"""Bands of Q."""

SPECIAL_RULE_VALUES: Final = TableSpec(
    "hj941-special-rules",
    "Rules of the grading that are one number each",
    (
        Column("rule", "choice", choices=SPECIAL_RULES, unique=True, description="Rule."),
        _number("value", "as in `unit`", "Value."),
        Column("unit", "text", description="Unit of the value."),
        Column("meaning", "text", description="One sentence."),
        _STATUS,
        _SOURCE,
    ),
)
"""Caps, windows, the upgrade."""

OUT_OF_SCOPE: Final = TableSpec(
    "hj941-out-of-scope",
    "Kinds of site, whether HJ 941-2018 grades them, and the method that applies",
    (
        Column(
            "kind_of_site",
            "choice",
            choices=KINDS_OF_SITE,
            unique=True,
            description="As in the table of plants.",
        ),
        _name(),
        _choice("graded", ("yes", "no"), "Whether HJ 941-2018 grades it."),
        Column("method", "text", description="Method that applies."),
        *_ENDS,
    ),
)
"""Scope."""

ALPHA: Final = TableSpec(
    "gb18218-alpha",
    "GB 18218-2018: factor alpha by the people exposed",
    (
        Column(
            "people_from_person", "number", unit="person", low=0, unique=True, description="Least people."
        ),
        _number("alpha", "unitless", "Factor on the sum."),
        *_ENDS,
    ),
)
"""Factor for people."""

HAZARD_LEVELS: Final = TableSpec(
    "gb18218-levels",
    "GB 18218-2018: level of a major hazard installation by R",
    (
        Column(
            "level", "integer", unit="level", low=1, high=4, unique=True, description="1 is the most severe."
        ),
        _name("Chinese word of the level."),
        _number("r_from", "unitless", "Least R of the level."),
        _STATUS,
        _SOURCE,
    ),
)
"""Levels of R."""

MEASURE_COSTS: Final = TableSpec(
    "measure-costs",
    "What a step that may lower a grade costs, as present value",
    (
        Column("measure", "choice", choices=MEASURES, unique=True, description="Step."),
        _name(),
        _number("fixed_cny", "CNY", "Cost of the step, whatever its size."),
        _number("per_unit_cny", "CNY per `per`", "Cost by size."),
        Column(
            "per", "text", required=False, description="What the size counts; empty: the step has no size."
        ),
        _number(
            "most_share",
            "unitless",
            "Largest share of each holding that the step can take off the site; empty: all.",
            high=1,
            required=False,
        ),
        _number(
            "margin",
            "unitless",
            "Share by which a sum of quantity over critical quantity that the step lowers stays below the cut; of the "
            "row `quantity`.",
            high=1,
            required=False,
        ),
        *_ENDS,
    ),
)
"""Costs of steps."""

RULE_TABLES: Final = {
    spec.name: spec
    for spec in (
        PROCESS_POINTS,
        CONTROL_POINTS_AIR,
        CONTROL_POINTS_WATER,
        EVENT_POINTS,
        M_CLASS_CUTS,
        AIR_RECEPTORS,
        WATER_RECEPTOR_LEVELS,
        GRADE_MATRIX,
        Q_BAND_CUTS,
        SPECIAL_RULE_VALUES,
        OUT_OF_SCOPE,
        ALPHA,
        HAZARD_LEVELS,
        MEASURE_COSTS,
    )
}
"""All tables of the rules by name; the file is the name with ``_`` for ``-``."""
