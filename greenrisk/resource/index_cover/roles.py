# SPDX-License-Identifier: Apache-2.0
"""The cards of an index study: which it wants, what each must hold, where the scenario names it."""

from __future__ import annotations

from typing import Final

from greenrisk.core.card_roles import Role, Wanted
from greenrisk.resource.index_cover.index_study_spec import IndexScenario

LOADINGS: Final = Role(
    "loadings",
    "premium.loadings",
    ("expenses", "commission", "tax", "profit", "cost_of_capital", "capital_share"),
    units={
        **dict.fromkeys(("expenses", "commission", "tax", "profit"), "share of gross premium"),
        "cost_of_capital": "1/year",
    },
)
"""The card of loadings; an index cover has no fixed expenses by area or by site."""


def wanted_cards(spec: IndexScenario) -> dict[str, Wanted]:
    """Return the cards that a scenario needs beside that of its loss, by role, in the order of the knowledge runs."""
    return {"loadings": Wanted(spec.loadings, ("loadings",), LOADINGS)}
