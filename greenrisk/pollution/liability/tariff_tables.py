# SPDX-License-Identifier: Apache-2.0
"""Tables of tariffs at the door: a tariff of the user's, and numbers of tariffs as seen in public documents.

What lives here: the declarations. What does not: what a tariff charges (:mod:`greenrisk.pollution.liability.tariff`)
and the terms of schemes seen (:mod:`greenrisk.pollution.liability.presets`).
"""

from __future__ import annotations

from typing import Final

from greenrisk.core.tables import Column, TableSpec, source_column, status_column
from greenrisk.environment.credit_colour import COLOURS
from greenrisk.pollution.grading.words import GRADES

PARTS: Final = ("base", "industry", "grade", "colour", "record", "limit")
"""Parts of a tariff; the premium is their product times the limit."""

ANY: Final = "*"
"""Class of a row that holds for all plants, or for those that no other row of its part is for."""

GRADE_CLASSES: Final = (*GRADES, "not_graded")
"""Classes of the official grade, in the order of the codes; the last is that of a refused grade."""

COLOUR_CLASSES: Final = (*COLOURS, "not_assessed")
"""Classes of the environmental credit, in the order of the codes; the last is that of an enterprise without one."""

ZONE_TARIFF: Final = TableSpec(
    name="zone-tariff",
    title="Tariff of pollution liability cover, one row a class of one part",
    columns=(
        Column(
            "part",
            "choice",
            choices=PARTS,
            description="Part of the tariff; the premium is limit x base x industry x grade x colour x record x limit "
            "factor.",
        ),
        Column(
            "class",
            "text",
            description="What the row is for: base: `*`; industry: the first digits of GB/T 4754, the longest match "
            "counts, `*` for all others; grade: general, larger, major, not_graded; colour: green, blue, yellow, red, "
            "not_assessed; record: least number of accidents in the window; limit: limit in CNY.",
        ),
        Column(
            "factor",
            "number",
            unit="unitless",
            low=0,
            low_open=True,
            description="Factor; of the base: yearly premium over limit.",
        ),
        Column(
            "low",
            "number",
            unit="unitless",
            low=0,
            low_open=True,
            required=False,
            description="Lower end of the range in use.",
        ),
        Column(
            "high",
            "number",
            unit="unitless",
            low=0,
            low_open=True,
            required=False,
            description="Upper end of the range in use.",
        ),
        status_column(),
        source_column("Where the number comes from."),
        Column("note", "text", required=False, description="What else is to be said."),
    ),
)
"""A tariff that a user brings."""

EPL_TARIFFS_SEEN: Final = TableSpec(
    name="epl-tariffs-seen",
    title="Numbers of Chinese pollution liability tariffs and portfolios seen in public documents, one row a number",
    columns=(
        Column("kind", "text", description="Sort of the row."),
        Column("insurer_or_place", "text", description="Whose, or where."),
        Column("year", "text", required=False, description="Year, as far as it is told."),
        Column("item", "text", description="What the number is."),
        Column(
            "value",
            "text",
            description="The number; `|` separates schemes 1 to 7, a dash the ends of a range.",
        ),
        Column("unit", "text", description="Unit of the value."),
        status_column(),
        source_column("Public page on which it was seen."),
        Column("note", "text", required=False, description="What else is to be said."),
    ),
)
"""Numbers seen: illustrations, never the official tariff."""
