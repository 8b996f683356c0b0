# SPDX-License-Identifier: Apache-2.0
"""Which card plays which role in a forest study, and which parameters it must bring."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
import xarray as xr

from greenrisk.core.card_roles import Role, Wanted, check_card, read_wanted
from greenrisk.core.cards import Card
from greenrisk.core.errors import ArgumentError, Fault, GreenRiskError
from greenrisk.core.sources import Sources
from greenrisk.core.variants import Values
from greenrisk.resource import catastrophe_reserve, climate, downscaling
from greenrisk.resource.burning_cost import PRODUCTS
from greenrisk.resource.catastrophe_reserve_results import rule_ends
from greenrisk.resource.experience import Experience
from greenrisk.resource.fire_tables import FIRE_TOTALS, FIRES_BY_CLASS, FirePanel, panel_of
from greenrisk.resource.forest import ForestScenario
from greenrisk.resource.misplaced import Centres
from greenrisk.resource.nonfire import KNOWN_YEAR, KnownYear, known_year_of
from greenrisk.resource.perils.base import season_of
from greenrisk.resource.perils.listing import NON_FIRE, SCALE_ROLE, SCALE_USE
from greenrisk.resource.pilot import Pilot
from greenrisk.resource.subsidies_in_force import Subsidies

SEASON = ("season_first_day", "season_last_day")


FIRE_ROLES: Mapping[str, Role] = {
    "occurrence": Role(
        "occurrence",
        "wildfire.occurrence",
        ("log_count", "trend", "damping", "year_effect_sd", "dispersion", "province_forest_area"),
        constants=("first_year", "base_year"),
        units={"log_count": "ln(1/year)", "trend": "1/year", "province_forest_area": "ha"},
    ),
    "size": Role(
        "size",
        "wildfire.size",
        ("share_under_1ha", "mean_body", "share_over_100ha", "family"),
        units={"mean_body": "ha"},
    ),
    "tail": Role("tail", "wildfire.tail", ("shape", "scale"), units={"scale": "ha"}),
    "damage": Role(
        "damage",
        "wildfire.damage",
        (
            "median_conifer",
            "median_broadleaf",
            "median_mixed",
            "median_bamboo",
            "odds_young",
            "odds_old",
            "concentration",
        ),
    ),
    "local": Role(
        "local",
        "wildfire.local",
        (
            "relative_hazard",
            "hazard_conifer",
            "hazard_broadleaf",
            "hazard_mixed",
            "hazard_bamboo",
            "claimed_share",
        ),
        constants=SEASON,
    ),
}
"""Cards of wildfire, by the key under which the peril names them."""

COMMON_ROLES: Mapping[str, Role] = {
    "loadings": Role(
        "loadings",
        "premium.loadings",
        ("expenses", "commission", "tax", "profit", "cost_of_capital", "capital_share"),
        optional=("fixed_expenses",),
        units={
            **dict.fromkeys(("expenses", "commission", "tax", "profit"), "share of gross premium"),
            "cost_of_capital": "1/year",
            "fixed_expenses": "CNY/mu",
        },
    ),
    SCALE_ROLE: Role("nonfire_cost", SCALE_USE, ("scale",)),
    downscaling.ROLE: Role("county_rates", downscaling.USE, downscaling.PARAMETERS),
}
"""Cards that the scenario names at its top."""


@dataclass(frozen=True)
class Reference:
    """What the result is set beside.

    Parameters
    ----------
    panel : FirePanel
        Fires by province, year and size class.
    earlier : DataFrame
        Yearly totals before the classes were defined.
    products : DataFrame
        Products seen elsewhere.
    province : str
        Province of the cards.
    known_year : KnownYear or None
        What the province was paid in one year for all perils.
    """

    panel: FirePanel
    earlier: pd.DataFrame
    products: pd.DataFrame
    province: str
    known_year: KnownYear | None = None


def read_reference(spec: ForestScenario, sources: Sources) -> Reference | None:
    """Read what the scenario wants the result compared with; None without it or with faults."""
    wanted = spec.reference
    if wanted is None:
        return None
    tables = {
        name: sources.table(getattr(wanted, name), ("reference", name), table)
        for name, table in (("fires", FIRES_BY_CLASS), ("earlier", FIRE_TOTALS), ("products", PRODUCTS))
    }
    fires, earlier, products = tables["fires"], tables["earlier"], tables["products"]
    if fires is None or earlier is None or products is None:
        return None
    try:
        panel = panel_of(fires, wanted.fires)
    except GreenRiskError as error:
        sources.faults.extend(error.faults)
        return None
    if wanted.province not in panel.provinces or wanted.province not in set(earlier["province"]):
        sources.fault(
            ("reference", "province"),
            f"reference.province = {wanted.province}",
            f"Both tables need this province. The table of fires has: {', '.join(panel.provinces)}.",
        )
        return None
    known_year = None
    if wanted.known_year is not None:
        frame = sources.table(wanted.known_year, ("reference", "known_year"), KNOWN_YEAR)
        try:
            known_year = None if frame is None else known_year_of(frame, wanted.known_year)
        except GreenRiskError as error:
            sources.faults.extend(error.faults)
    return Reference(panel, earlier, products, wanted.province, known_year)


@dataclass(frozen=True)
class Own:
    """Own experience: the years, the law of the model before them, and what they changed."""

    experience: Experience
    pilot: Pilot
    group: xr.Dataset


@dataclass(frozen=True)
class Inputs:
    """What the result tells of its inputs."""

    spec: ForestScenario
    cards: Mapping[str, Card]
    synthetic_book: bool
    landscape_status: str
    subsidies: Subsidies
    reference: Reference | None = None
    centres: Centres | None = None
    reserve_rules: Card | None = None
    own: Own | None = None


def wanted_cards(spec: ForestScenario) -> dict[str, Wanted]:
    """Return the cards that a scenario needs, by role, in the order of the knowledge runs."""
    wanted: dict[str, Wanted] = {}
    for place, peril in enumerate(spec.perils):
        if peril.kind == "wildfire":
            for name, role in FIRE_ROLES.items():
                wanted[name] = Wanted(getattr(peril, role.key), ("perils", place, role.key), role)
        else:
            law = NON_FIRE[peril.kind]
            role = Role("card", law.use, law.parameters, constants=law.constants, units=law.units)
            wanted[peril.kind] = Wanted(peril.card, ("perils", place, "card"), role)
    for name, role in COMMON_ROLES.items():
        if name != SCALE_ROLE or len(spec.perils) > 1:
            wanted[name] = Wanted(getattr(spec, role.key), (role.key,), role)
    if spec.climate is not None:
        wanted[climate.ROLE] = Wanted(spec.climate.card, ("climate", "card"), climate.CLIMATE_CARD)
    return wanted


def read_cards(spec: ForestScenario, sources: Sources) -> dict[str, Card]:
    """Read the cards of a scenario by role; missing, foreign and incomplete ones become faults."""
    return read_wanted(wanted_cards(spec), sources)


def read_reserve_rules(spec: ForestScenario, sources: Sources) -> Card | None:
    """Read the card of the catastrophe reserve, on which no premium depends; None without it or with faults."""
    if spec.catastrophe_reserve is None:
        return None
    path = ("catastrophe_reserve", "rules")
    name = spec.catastrophe_reserve.rules
    card = sources.card(name, path, catastrophe_reserve.USE)
    if card is None:
        return None
    role = Role(
        "rules", catastrophe_reserve.USE, catastrophe_reserve.PARAMETERS, units=catastrophe_reserve.UNITS
    )
    check_card(card, Wanted(name, path, role), sources)
    if set(catastrophe_reserve.PARAMETERS) <= set(card.parameters):
        try:
            rule_ends(card)
        except GreenRiskError as error:
            for fault in error.faults:
                sources.fault(path, f"{fault.where}: {fault.what}", fault.expected, fault.unit)
    return card


def check_local(values: Values, constants: Mapping[str, float]) -> None:
    """Refuse values and constants of a local card that make no law.

    Raises
    ------
    ArgumentError
        Where a hazard is not > 0, the claimed share not in [0, 1], or the season of fires none.
    """
    season_of(constants)
    for name, value in values.items():
        number = float(value)
        if name == "claimed_share" and not 0 <= number <= 1:
            raise ArgumentError(Fault("wildfire.local", f"{name} = {number:.6g}", "It must be in [0, 1]."))
        if name != "claimed_share" and not number > 0:
            raise ArgumentError(Fault("wildfire.local", f"{name} = {number:.6g}", "It must be > 0."))
