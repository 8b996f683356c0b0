# SPDX-License-Identifier: Apache-2.0
"""The cards of a wetland study: which it wants, what each must hold, where the scenario names it."""

from __future__ import annotations

from dataclasses import replace

from greenrisk.core.card_roles import Wanted
from greenrisk.resource.basis_risk.declared import INDEX_LINK
from greenrisk.resource.index_cover.roles import LOADINGS
from greenrisk.resource.wetland.perils.listing import PERILS
from greenrisk.resource.wetland.site_loss import COST_ROLES
from greenrisk.resource.wetland.small_cover_results import wanted_small_covers
from greenrisk.resource.wetland.wetland_spec import WetlandScenario

LINK = "link"
"""Role of the card of the index link."""


SMALL_ROLE = "small_cover."
"""What the roles of small covers' cards begin with."""


def small_role(name: str) -> str:
    """Return the role of the card of a small cover."""
    return f"{SMALL_ROLE}{name}"


def prevention_cards(spec: WetlandScenario) -> dict[str, Wanted]:
    """Return the cards of prevention, on which no premium of the study depends."""
    small = wanted_small_covers(spec.small_covers, ("small_covers",))
    return {role: one for role, one in small.items() if not role.startswith(SMALL_ROLE)}


def wanted_cards(spec: WetlandScenario) -> dict[str, Wanted]:
    """Return the cards that a scenario needs, by role, in the order of the knowledge runs."""
    wanted: dict[str, Wanted] = {}
    for place, peril in enumerate(spec.perils):
        role = PERILS[peril.kind].role
        wanted[peril.kind] = Wanted(peril.card_name, ("perils", place, "card"), role)
    for name, role in COST_ROLES.items():
        wanted[name] = Wanted(getattr(spec.costs, name), ("costs", name), role)
    if spec.link is not None:
        wanted[LINK] = Wanted(spec.link.card, ("link", "card"), INDEX_LINK)
    small = wanted_small_covers(spec.small_covers, ("small_covers",))
    wanted |= {role: one for role, one in small.items() if role.startswith(SMALL_ROLE)}
    by_site = {**LOADINGS.units, "fixed_expenses": "CNY/site"}
    loadings = replace(LOADINGS, optional=("fixed_expenses",), units=by_site)
    wanted["loadings"] = Wanted(spec.loadings, ("loadings",), loadings)
    return wanted
