# SPDX-License-Identifier: Apache-2.0
"""Cards of the mandate and of the loadings: what each is used for and which numbers it must bring."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from greenrisk.core.card_roles import Role

MANDATE_ROLES: Final[Mapping[str, Role]] = {
    "mandate": Role(
        "card",
        "zone.mandate",
        (
            "take_up_general",
            "take_up_larger",
            "take_up_major",
            "compliance",
            "asset_recovery",
            "unknown_share",
            "never_found_share",
            "advance_share",
            "affordable_share",
            "prevention_spend",
            "service_cost",
            "service_success",
            "measure_life",
            "discount_rate",
            "cny_per_eur",
        ),
        units={
            "prevention_spend": "share of gross premium",
            "service_cost": "CNY/year",
            "measure_life": "year",
            "discount_rate": "1/year",
            "cny_per_eur": "CNY/EUR",
        },
    ),
    "loadings": Role(
        "loadings",
        "premium.loadings",
        ("expenses", "commission", "tax", "profit", "cost_of_capital", "capital_share"),
        optional=("fixed_expenses",),
        units={
            **dict.fromkeys(("expenses", "commission", "tax", "profit"), "share of gross premium"),
            "cost_of_capital": "1/year",
            "fixed_expenses": "CNY/plant",
        },
    ),
}
"""Cards by role."""
