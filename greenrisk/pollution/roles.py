# SPDX-License-Identifier: Apache-2.0
"""The cards and tables of a zone study: which it wants, what each must hold, where the scenario names it."""

from __future__ import annotations

from typing import Final

import pandas as pd

from greenrisk.core.card_roles import Role, Wanted
from greenrisk.core.sources import Sources
from greenrisk.pollution.accidents.records import (
    INDUSTRY_NAICS,
    LEAK_FREQUENCIES,
    RELEASE_SOURCES,
    RMP_RATES,
    RMP_WINDOWS,
)
from greenrisk.pollution.accidents.roles import FREQUENCY_ROLES
from greenrisk.pollution.liability.laws import ClaimLaws
from greenrisk.pollution.mandate.roles import MANDATE_ROLES
from greenrisk.pollution.severity.roles import SEVERITY_ROLES
from greenrisk.pollution.zone import FrequencySpec, ZoneScenario

CLAIMS_USE: Final = "zone.claims"
"""Use of the card of claims."""

_CLAIM_UNITS: Final = {"lag_sudden": "year", "lag_gradual": "year", "person_cost": "CNY"}


def wanted_cards(spec: ZoneScenario) -> dict[str, Wanted]:
    """Return the cards that a scenario needs, by role, in the order of the knowledge runs."""
    wanted: dict[str, Wanted] = {}
    for name, role in FREQUENCY_ROLES.items():
        wanted[name] = Wanted(getattr(spec.frequency, role.key), ("frequency", role.key), role)
    for name, given in SEVERITY_ROLES.items():
        key = "recorded" if name == "severity" else name
        severity = Role(key, given.use, given.parameters, constants=given.constants, units=given.units)
        wanted[name] = Wanted(getattr(spec.severity, key), ("severity", key), severity)
    claims = Role("claims", CLAIMS_USE, tuple(ClaimLaws.__dataclass_fields__), units=_CLAIM_UNITS)
    wanted["claims"] = Wanted(spec.claims, ("claims",), claims)
    wanted["loadings"] = Wanted(spec.loadings, ("loadings",), MANDATE_ROLES["loadings"])
    return wanted


def read_frequency_tables(spec: FrequencySpec, sources: Sources) -> dict[str, pd.DataFrame]:
    """Read the tables behind the frequency by the name of their declaration; those with faults are left out."""
    found: dict[str, pd.DataFrame] = {}
    for key, table in (
        ("reports", RMP_RATES),
        ("report_windows", RMP_WINDOWS),
        ("leaks", LEAK_FREQUENCIES),
        ("industries", INDUSTRY_NAICS),
        ("release_sources", RELEASE_SOURCES),
    ):
        frame = sources.table(getattr(spec, key), ("frequency", key), table)
        if frame is not None:
            found[table.name] = frame
    return found


def mandate_card(spec: ZoneScenario) -> dict[str, Wanted]:
    """Return the card of the regulator's questions, on which no technical premium depends."""
    return {"mandate": Wanted(spec.mandate.card, ("mandate", "card"), MANDATE_ROLES["mandate"])}
