# SPDX-License-Identifier: Apache-2.0
"""What warming does to forest perils: a pathway's change of temperature, and a judged sensitivity for each degree.

What lives here: from the pathway that a scenario names to a factor on how often there are fires and droughts. What does
not: the pathway tables (:mod:`greenrisk.pathways`), and the other perils, for which not even the sign of a change was
judged.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

from pydantic import Field

from greenrisk.core.card_roles import Role
from greenrisk.core.cards import Card
from greenrisk.core.ledger import Ledger
from greenrisk.core.sources import Sources
from greenrisk.core.spec import Spec
from greenrisk.core.tables import weakest
from greenrisk.core.variants import CardValues
from greenrisk.pathways.needs import Asked
from greenrisk.pathways.pathway_spec import PathwaySpec, PathwaysSpec
from greenrisk.pathways.prepare import prepare_pathways

ROLE: Final = "climate"
"""Role of the card."""

SENSITIVITIES: Final[Mapping[str, str]] = {"wildfire": "fire_per_kelvin", "drought": "drought_per_kelvin"}
"""Parameter by the kind of peril that warming moves."""

CLIMATE_CARD: Final = Role(
    "card",
    "forest.climate",
    tuple(SENSITIVITIES.values()),
    units=dict.fromkeys(SENSITIVITIES.values(), "1/K"),
)
"""What its card must hold."""


class ClimateSpec(Spec):
    """The pathway whose warming moves how often there are fires and droughts."""

    tables: tuple[str, ...] = ("ngfs5_cut",)
    """Pathway tables: IAMC, wide or long, CSV or XLSX; the one that ships is a cut of NGFS phase 5."""

    model: str
    """Model of the temperature, as the tables name it."""

    scenario: str
    """Scenario, as the tables name it."""

    hold: bool = False
    """Whether the ends of the series are held beyond its years; otherwise they are refused."""

    reference_year: int | None = Field(default=None, ge=1990, le=2100)
    """Year that the cards hold for, from which warming counts; empty: the last year of the data of the occurrence card
    [year]."""

    card: str = "forest-climate-judged"
    """Card of what a degree does (use: forest.climate)."""


def warming_of(
    spec: ClimateSpec, underwriting_year: int, occurrence: Card | None, sources: Sources
) -> float | None:
    """Return the global warming between the year that the cards hold for and the year that is insured.

    Parameters
    ----------
    spec : ClimateSpec
        What the user wrote.
    underwriting_year : int
        Year that is insured.
    occurrence : Card or None
        Of fires; its trend holds what warming did until the end of its data.
    sources : Sources
        Reads the tables and takes every fault.

    Returns
    -------
    float or None
        [K]; None where faults were recorded.
    """
    if occurrence is None:
        return None
    last, begin = int(occurrence.constants["base_year"]), _since(spec, occurrence)
    if not last <= begin <= underwriting_year:
        mend = (
            f"The trend of card {occurrence.name} holds what warming did until {last}, so that it counts from then: "
            f"write {last} to {underwriting_year}, the year that is insured."
        )
        sources.fault(("climate", "reference_year"), f"climate.reference_year = {begin}", mend, "year")
        return None
    paths = PathwaysSpec(
        tables=spec.tables,
        baseline="climate",
        scenarios=(PathwaySpec(name="climate", model=spec.model, scenario=spec.scenario),),
        first_year=begin,
        last_year=underwriting_year,
        hold=spec.hold,
    )
    found = prepare_pathways(paths, sources, Asked(("temperature",), ()), ("climate",))
    return None if found is None else float(found.baseline.warming_since(begin)[-1])


def climate_factor(values: CardValues, kind: str, warming: float) -> float:
    """Return the factor on the occurrence of a peril; 1 for those that warming is not judged to move.

    Parameters
    ----------
    values : mapping
        Values of the cards of a variant by role; without the role ``climate`` nothing moves.
    kind : str
        The peril.
    warming : float
        [K].

    Notes
    -----
    ``exp(b * warming)`` with b the relative change of the occurrence for each degree.
    """
    if ROLE not in values or kind not in SENSITIVITIES:
        return 1.0
    return math.exp(float(values[ROLE][SENSITIVITIES[kind]]) * warming)


def tell_climate(
    spec: ClimateSpec, cards: Mapping[str, Card], warming: float, underwriting_year: int, ledger: Ledger
) -> None:
    """Write to the ledger which warming was taken, and what it does to which peril.

    Parameters
    ----------
    spec : ClimateSpec
        What the user wrote.
    cards : mapping of str to Card
        Of the study, by role.
    warming : float
        [K].
    underwriting_year : int
        Year that is insured.
    ledger : Ledger
        Is told.
    """
    values = {ROLE: cards[ROLE].values()}
    moved = [kind for kind in SENSITIVITIES if kind == "wildfire" or kind in cards]
    factors = ", ".join(f"{kind} {climate_factor(values, kind, warming):.3f}" for kind in moved)
    ledger.add(
        "assumption",
        "climate of the underwriting year",
        f"{spec.scenario} of {spec.model}: {warming:+.2f} K of global warming from {_since(spec, cards['occurrence'])} "
        f"to {underwriting_year}; it multiplies the occurrence: {factors}. The other perils stay as they are, though "
        "warming moves them too.",
        status=weakest([cards[ROLE].parameters[SENSITIVITIES[kind]].status for kind in moved]),
    )


def _since(spec: ClimateSpec, occurrence: Card) -> int:
    """Return the year from which warming counts."""
    return int(occurrence.constants["base_year"]) if spec.reference_year is None else spec.reference_year
