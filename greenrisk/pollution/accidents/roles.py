# SPDX-License-Identifier: Apache-2.0
"""Cards of frequency: what each is used for and which numbers it must bring."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from greenrisk.core.card_roles import Role
from greenrisk.environment.credit_colour import COLOURS
from greenrisk.pollution.grading.words import GRADES
from greenrisk.pollution.tables import ACTIVITIES, PREVENTION_LEVELS

SOURCES: Final = ("activity", "equipment", "industry", "chemical")
"""Sources of a plant's prior rate: judged by activity, by equipment, US reports by industry and by chemical."""

SIZES: Final = ("small", "large")
"""Sizes of a leak: a hole or a tenth of the bore; full bore, rupture or full release in ten minutes."""

FACTORS: Final = (
    *(f"grade_{grade}" for grade in GRADES),
    *(f"prevention_{level}" for level in PREVENTION_LEVELS),
    *(f"credit_{colour}" for colour in COLOURS),
    "credit_unknown",
)
"""Parameters of the card of rating factors."""

FREQUENCY_ROLES: Final[Mapping[str, Role]] = {
    "accidents": Role(
        "accidents",
        "zone.accidents",
        (
            *(f"rate_{activity}" for activity in ACTIVITIES),
            *(f"spread_{source}" for source in SOURCES),
            *(f"beyond_fence_{size}" for size in SIZES),
            "plant_shape",
            "rate_per_vehicle_km",
        ),
        units={
            **{f"rate_{activity}": "1/year" for activity in ACTIVITIES},
            "rate_per_vehicle_km": "1/km",
        },
    ),
    "rating_factors": Role("rating_factors", "zone.rating_factors", FACTORS),
    "common_shock": Role(
        "common_shock",
        "zone.common_shock",
        ("shock_share", "shock_rate"),
        constants=("most_hit",),
        units={"shock_rate": "1/year"},
    ),
}
"""Cards of frequency by role."""
