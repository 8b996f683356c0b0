# SPDX-License-Identifier: Apache-2.0
"""The tables of substances and of how they count, at the door: a user's file of the same columns replaces ours.

What lives here: the declarations. What does not: their arrays (:mod:`greenrisk.pollution.substances`).
"""

from __future__ import annotations

from typing import Final

from greenrisk.core.tables import STATUSES, Column, TableSpec, source_column, status_column

COUNTINGS: Final = ("share", "element", "whole")
"""What of a holding counts: the substance's mass, the named element's mass, or all of it."""

METHODS: Final = (*COUNTINGS, "reference")
"""Ways to count; ``reference`` converts a solution to one of a given strength."""

MEDIA: Final = ("air", "both", "water", "water_air_if_volatile", "water_air_unless_5_or_7")
"""Lists of HJ 941 that a substance belongs to, as far as they are known."""

READINGS: Final = ("yes", "no", "if_volatile")
"""Whether a substance is in a list under one reading of its part."""

FORMS: Final = ("solution", "gas")
"""What a rule for mixtures applies to."""

SUBSTANCES: Final = TableSpec(
    name="substances",
    title="Substances: critical quantity, part, medium, threshold and properties, one row a substance",
    columns=(
        Column("name_zh", "text", unique=True, description="Chinese name, as in the list."),
        Column("name_en", "text", description="English name."),
        Column("cas", "text", required=False, description="CAS number; empty for a class."),
        Column("aliases", "text", required=False, description="Other names, separated by |."),
        Column(
            "listed_as", "text", required=False, description="Class of the list that the row is a member of."
        ),
        Column(
            "critical_quantity_t",
            "number",
            unit="t",
            low=0,
            low_open=True,
            description="Critical quantity of HJ 941 appendix A.",
        ),
        Column("quantity_status", "choice", choices=STATUSES, description="Status of the critical quantity."),
        Column(
            "hj941_part",
            "text",
            required=False,
            description="Part of HJ 941 appendix A, 1 to 8; empty: not known.",
        ),
        Column(
            "part_status", "choice", choices=(*STATUSES, "unknown"), description="Status of that assignment."
        ),
        Column("part_basis", "text", required=False, description="What the assignment rests on."),
        Column(
            "medium", "choice", choices=MEDIA, description="List of the substance, a word of media_rules."
        ),
        Column(
            "medium_status", "choice", choices=(*STATUSES, "unknown"), description="Status of the medium."
        ),
        Column("medium_basis", "text", required=False, description="What the medium rests on."),
        Column("counting", "choice", choices=COUNTINGS, description="What of a holding counts."),
        Column(
            "element_share",
            "number",
            unit="unitless",
            required=False,
            low=0,
            low_open=True,
            high=1,
            description="Share of the named element in the molar mass.",
        ),
        Column(
            "gb18218_threshold_t",
            "number",
            unit="t",
            required=False,
            low=0,
            low_open=True,
            description="Threshold of GB 18218-2018.",
        ),
        Column("gb18218_status", "choice", choices=STATUSES, required=False, description="Its status."),
        Column(
            "gb18218_beta",
            "number",
            unit="unitless",
            required=False,
            low=0,
            low_open=True,
            description="Correction factor beta of GB 18218-2018.",
        ),
        Column("gb18218_beta_status", "choice", choices=STATUSES, required=False, description="Its status."),
        Column("formula", "text", required=False, description="Sum formula, in Hill order."),
        Column(
            "molar_mass_g_per_mol",
            "number",
            unit="g/mol",
            required=False,
            low=0,
            low_open=True,
            description="Molar mass.",
        ),
        Column(
            "boiling_point_c",
            "number",
            unit="degC",
            required=False,
            low=-273.15,
            description="Boiling point at 1 atm.",
        ),
        Column(
            "melting_point_c",
            "number",
            unit="degC",
            required=False,
            low=-273.15,
            description="Melting point.",
        ),
        Column(
            "state_25c",
            "text",
            required=False,
            description="Physical state of the pure substance at 25 C and 1 atm: gas, liquid, solid.",
        ),
        Column(
            "vapour_pressure_pa",
            "number",
            unit="Pa",
            required=False,
            low=0,
            description="Vapour pressure at 25 C.",
        ),
        Column(
            "liquid_density_kg_per_m3",
            "number",
            unit="kg/m3",
            required=False,
            low=0,
            low_open=True,
            description="Density of the (saturated) liquid at 25 C.",
        ),
        Column("property_status", "text", required=False, description="Status of the properties."),
        Column(
            "property_source",
            "text",
            required=False,
            description="Package and table that each property comes from.",
        ),
        Column(
            "endpoint_1_mg_per_m3",
            "number",
            unit="mg/m3",
            required=False,
            low=0,
            description="Toxic endpoint 1 (HJ 169-2018 table H.1).",
        ),
        Column(
            "endpoint_2_mg_per_m3",
            "number",
            unit="mg/m3",
            required=False,
            low=0,
            description="Toxic endpoint 2 (HJ 169-2018 table H.1).",
        ),
        Column("endpoint_status", "text", required=False, description="Status of the endpoints."),
        source_column("Where the critical quantity comes from."),
        Column("note", "text", required=False, description="Remark."),
    ),
)
"""Substances that count."""

MIXTURE_RULES: Final = TableSpec(
    name="mixture-rules",
    title="How pure substances, mixtures and solutions count, one row a rule",
    columns=(
        Column("rule", "text", unique=True, description="Word of the rule."),
        Column("method", "choice", choices=METHODS, description="What counts."),
        Column("cas", "text", required=False, description="CAS numbers it is for, separated by |."),
        Column("form", "choice", choices=FORMS, required=False, description="Form it is for."),
        Column(
            "from_percent",
            "number",
            unit="percent",
            required=False,
            low=0,
            high=100,
            description="Mass share from which it applies.",
        ),
        Column(
            "below_percent",
            "number",
            unit="percent",
            required=False,
            low=0,
            low_open=True,
            high=100,
            description="Mass share below which it applies.",
        ),
        Column(
            "against_name_zh", "text", required=False, description="Row of substances that it counts against."
        ),
        Column(
            "reference_percent",
            "number",
            unit="percent",
            required=False,
            low=0,
            low_open=True,
            high=100,
            description="Strength that a solution is converted to.",
        ),
        status_column("Status of the rule."),
        source_column("Where the rule comes from."),
        Column("note", "text", required=False, description="Remark."),
    ),
)
"""Rules for pure substances, mixtures and solutions."""

MEDIA_RULES: Final = TableSpec(
    name="media-rules",
    title="Which list of HJ 941 a substance is in, by reading of its part, one row a medium",
    columns=(
        Column("medium", "choice", choices=MEDIA, unique=True, description="Word of the medium."),
        *(
            Column(
                f"{medium}_{reading}",
                "choice",
                choices=READINGS,
                description=f"In the {medium} list under the {reading} reading.",
            )
            for medium in ("air", "water")
            for reading in ("low", "high")
        ),
        Column(
            "volatile_from_pa",
            "number",
            unit="Pa",
            required=False,
            low=0,
            low_open=True,
            description="Vapour pressure from which a liquid is volatile.",
        ),
        Column("clause", "text", required=False, description="Clause of the standard."),
        status_column("Status of the rule."),
        source_column("Where the rule comes from."),
        Column("note", "text", required=False, description="Remark."),
    ),
)
"""Rules for air and water."""

PLAUSIBLE_QUANTITIES: Final = TableSpec(
    name="plausible-quantities",
    title="Quantities beyond which a slip of unit is more likely than the quantity, one row a quantity",
    columns=(
        Column("quantity", "text", unique=True, description="Physical state, `times_critical_quantity`, ..."),
        Column(
            "bound",
            "number",
            unit="as said in unit",
            low=0,
            low_open=True,
            description="Largest plausible; of a row `least_` the smallest.",
        ),
        Column("unit", "text", description="Unit of the bound."),
        status_column("Status of the bound."),
        source_column("Where it comes from."),
        Column("note", "text", required=False, description="Remark."),
    ),
)
"""Bounds of what is plausible."""
