# SPDX-License-Identifier: Apache-2.0
"""Tables behind the regulator's questions: single numbers, classes of firms by size, stages of a claim.

What lives here: the declarations. What does not: what they are used for
(:mod:`greenrisk.pollution.mandate.numbers`, :mod:`greenrisk.pollution.mandate.affordability`,
:mod:`greenrisk.pollution.mandate.claims_stages`).
"""

from __future__ import annotations

from typing import Final

from greenrisk.core.tables import Column, TableSpec, source_column, status_column

PATHS: Final = ("known", "unknown", "insolvent")
"""How a claim runs: the polluter is known; not known at first; known, and cannot pay."""

PATH_WORDS: Final = ("Polluter known", "Polluter not known at first", "Operator insolvent")
"""The paths' words in a table or chart, in the order of :data:`PATHS`."""

MONEY: Final = ("none", "cost", "public", "advance", "balance", "operator", "estate")
"""What money does in a stage: nothing; heads of loss cost it; the public purse pays in advance of others; the insurer
advances; the insurer pays the rest; the operator pays its part; an insolvent operator's estate pays it."""

_LAST: Final = (
    status_column(),
    source_column("Where the number comes from."),
    Column("note", "text", required=False, description="What else is to be said."),
)

NUMBERS: Final = TableSpec(
    name="mandate-numbers",
    title="Single numbers and words behind the regulator's questions, one row each",
    columns=(
        Column("number", "text", unique=True, description="Row, by which the model looks for it."),
        Column("value", "text", description="Number, or words separated by `;`."),
        Column("unit", "text", description="Unit; nothing converts it."),
        Column("meaning", "text", description="What it is."),
        *_LAST,
    ),
)
"""Least limits, levels, a fee, Spain's rule."""

FIRM_SIZES: Final = TableSpec(
    name="firm-size-classes",
    title="Classes of firms by size, the largest first: a firm is in the first class whose bounds it both reaches",
    columns=(
        Column("size", "text", unique=True, description="Class."),
        Column("name_zh", "text", description="Chinese name."),
        Column("employees_from", "number", unit="person", low=0, description="Least number of employees."),
        Column("revenue_from_cny", "number", unit="CNY/year", low=0, description="Least revenue."),
        *_LAST,
    ),
)
"""Sizes of firms."""

CLAIMS_STAGES: Final = TableSpec(
    name="claims-stages",
    title="Stages of a pollution claim, one row a stage of a path",
    columns=(
        Column("path", "choice", choices=PATHS, description="How the claim runs."),
        Column("stage", "text", description="Stage; once in a path."),
        Column("name_zh", "text", description="Chinese name."),
        Column(
            "after",
            "text",
            required=False,
            description="Stages of the path that must have ended, separated by `;`; empty: it begins with the "
            "accident.",
        ),
        Column("days", "number", unit="day", low=0, description="How long it takes."),
        Column("day_kind", "choice", choices=("calendar", "working"), description="Which days are counted."),
        Column("money", "choice", choices=MONEY, description="What money does in it."),
        Column(
            "heads",
            "text",
            required=False,
            description="Heads of loss whose cost arises evenly over the stage, separated by `;`.",
        ),
        Column("role", "text", description="Who acts."),
        Column("documents", "text", required=False, description="What must be there."),
        *_LAST,
    ),
)
"""Stages of a claim."""
