# SPDX-License-Identifier: Apache-2.0
"""The words of the grading, in the order of all arrays.

What lives here: the words. What does not: what a word stands for in points or grades, which is data
(:mod:`greenrisk.pollution.grading.rule_tables`).
"""

from __future__ import annotations

from typing import Final

from greenrisk.pollution.tables import DISCHARGE_ROUTES, EVENT_LEVELS

GRADES: Final = ("general", "larger", "major")
"""Grades of a plant or medium, the mildest first; codes are indexes."""

GRADES_ZH: Final = ("一般", "较大", "重大")
"""Grades as the standard writes them."""

REFUSED: Final = -1
"""Code of a plant that HJ 941 does not grade."""

MEDIA: Final = ("air", "water")
"""Media in the order of all arrays."""

MEDIA_ZH: Final = ("大气", "水")
"""Media as the standard writes them."""

READINGS: Final = ("low", "high")
"""Readings of the part of App. A: a substance whose part is not known is left out of a list, or in it."""

BOUNDARIES: Final = ("sensitive", "less_sensitive")
"""Where a count of people that equals a cut belongs: to the more or the less sensitive level."""

Q_BANDS: Final = ("Q0", "Q1", "Q2", "Q3")
"""Bands of the sum of quantity over critical quantity."""

M_CLASSES: Final = ("M1", "M2", "M3", "M4")
"""Classes of process and control."""

E_LEVELS: Final = ("E1", "E2", "E3")
"""Levels of the receptors, the most sensitive first."""

PEOPLE_RECEPTORS: Final = ("people_5km", "people_500m")
"""Counts of people that decide on the air receptors."""

WATER_RECEPTORS: Final = (
    "drinking_water_10km",
    "crosses_nation_24h",
    "sensitive_water_10km",
    "crosses_province_24h",
    "karst_or_flood_area",
)
"""What below an outlet decides on the water receptors."""

SPECIAL_RULES: Final = (
    "process_cap",
    "event_window",
    "penalty_window",
    "penalty_upgrade",
    "higher_medium",
    "major_hazard_sum",
)
"""Rules that are one number each."""

AIR_ANSWERS: Final = (
    ("gas_monitor", "yes"),
    ("gas_monitor", "no"),
    ("gas_monitor", "no_toxic_gas"),
    ("distance_met", "yes"),
    ("distance_met", "no"),
)
"""Answers that the air controls are scored by."""

WATER_ANSWERS: Final = (
    *((control, answer) for control in ("interception", "accident_water", "clean_water", "rain_water",
                                        "waste_water") for answer in ("yes", "no")),
    *(("discharge_route", route) for route in DISCHARGE_ROUTES),
    ("waste_managed", "yes"),
    ("waste_managed", "no"),
)  # fmt: skip
"""Answers that the water controls are scored by."""

EVENT_ANSWERS: Final = ("none", *EVENT_LEVELS)
"""Worst event of the window; one below all levels counts as none."""

MEASURES: Final = (
    "gas_monitor",
    "distance_met",
    "interception",
    "accident_water",
    "clean_water",
    "rain_water",
    "waste_water",
    "waste_managed",
    "discharge_to_plant",
    "discharge_none",
    "quantity",
    "eliminated",
)
"""Steps that may lower a grade and have a cost."""
