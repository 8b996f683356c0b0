# SPDX-License-Identifier: Apache-2.0
"""What a card is needed for: its use, parameters, constants and units; and the check that it can fill the role."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from greenrisk.core.cards import Card
from greenrisk.core.errors import GreenRiskError
from greenrisk.core.sources import Sources

V = TypeVar("V")


@dataclass(frozen=True)
class Role:
    """What a card is needed for.

    Parameters
    ----------
    key : str
        The key under which the scenario, or the peril, names the card.
    use : str
        The use that the card must state.
    parameters : tuple of str
        Parameters that it must have.
    optional : tuple of str
        Parameters that it may have.
    constants : tuple of str
        Definitions that it must have.
    units : mapping of str to str
        Units of the parameters that have one; all others are unitless. A card in other units is refused, since
        nothing converts them.
    """

    key: str
    use: str
    parameters: tuple[str, ...]
    optional: tuple[str, ...] = ()
    constants: tuple[str, ...] = ()
    units: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Wanted:
    """A card that a scenario names: by whom, where, and what it must hold."""

    name: str
    key_path: tuple[str | int, ...]
    role: Role


def read_wanted(wanted: Mapping[str, Wanted], sources: Sources) -> dict[str, Card]:
    """Read cards by role; missing, foreign and incomplete ones become faults.

    Parameters
    ----------
    wanted : mapping of str to Wanted
        By role, in the order of the knowledge runs.
    sources : Sources
        Reads the cards and takes the faults.
    """
    cards = {}
    for name, one in wanted.items():
        card = sources.card(one.name, one.key_path, one.role.use)
        if card is not None:
            check_card(card, one, sources)
            cards[name] = card
    return cards


def check_card(card: Card, wanted: Wanted, sources: Sources) -> None:
    """Refuse a card that lacks a parameter or constant, has one that is not known, or states another unit."""
    role = wanted.role
    needed, known = set(role.parameters), {*role.parameters, *role.optional}
    for kind, missing in (
        ("parameter", sorted(needed - set(card.parameters))),
        ("constant", sorted(set(role.constants) - set(card.constants))),
    ):
        for absent in missing:
            sources.fault(
                wanted.key_path,
                f"card {card.name}: no {kind} {absent}",
                f"A card for {role.use} needs the {kind} `{absent}`.",
            )
    for extra in sorted(set(card.parameters) - known):
        sources.fault(
            wanted.key_path,
            f"card {card.name}: parameter {extra}",
            f"A card for {role.use} has no such parameter. Known: {', '.join(role.parameters)}.",
        )
    for known_name in sorted(known & set(card.parameters)):
        unit, needed_unit = card.parameters[known_name].unit, role.units.get(known_name, "unitless")
        if unit != needed_unit:
            sources.fault(
                wanted.key_path,
                f"card {card.name}: {known_name}.unit = {unit}",
                f"The unit must be `{needed_unit}`; nothing converts it. Convert value and range.",
            )


def check_variants(
    variants: Sequence[V],
    laws: Mapping[str, Callable[[V], object]],
    wanted: Mapping[str, Wanted],
    sources: Sources,
) -> None:
    """Build the laws of every variant before any long work, so that no draw of a card fails half-way.

    Parameters
    ----------
    variants : sequence
        All variants, the base first.
    laws : mapping of str to callable
        By role, a function of a variant that raises a GreenRiskError where its values make no law.
    wanted : mapping of str to Wanted
        Where the scenario names the card of each role.
    sources : Sources
        Takes the faults: one for each role, with the first failing variant.
    """
    for role, law in laws.items():
        for variant in variants:
            try:
                law(variant)
            except GreenRiskError as error:
                fault = error.faults[0]
                ranges = "" if variant is variants[0] else " This happens within its ranges; narrow them."
                sources.fault(
                    wanted[role].key_path,
                    f"card {wanted[role].name}: {fault.what}",
                    fault.expected + ranges,
                    fault.unit,
                )
                break
