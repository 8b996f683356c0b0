# SPDX-License-Identifier: Apache-2.0
"""Names in the channels of a scenario that must be found: scenarios, sectors, issuers, colours, pairs."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Protocol

from greenrisk.core.marked_yaml import KeyPath, did_you_mean
from greenrisk.core.spec import Spec
from greenrisk.environment.credit_colour import COLOURS
from greenrisk.issuer.channels.base import Channel, driver_faults
from greenrisk.issuer.channels.spec import ORDER, ChannelsSpec

TellFault = Callable[[KeyPath, str, str], None]
"""Takes a fault: key path, what, expected."""


class Named(Protocol):
    """Who can be named: :class:`greenrisk.issuer.statements.Issuers`, or what faulty tables still tell of them."""

    @property
    def ids(self) -> tuple[str, ...]:
        """Identifiers of the issuers."""

    @property
    def sectors(self) -> tuple[str, ...]:
        """Sectors, each once."""


WORDS = ("all", "shocks")


def check_names(
    spec: ChannelsSpec,
    scenarios: Sequence[str],
    issuers: Named,
    fault: TellFault,
    key_path: KeyPath = ("channels",),
) -> None:
    """Tell every name that the study does not know.

    Parameters
    ----------
    spec : ChannelsSpec
        What the scenario says.
    scenarios : sequence of str
        Scenarios of the study.
    issuers : Named
        All issuers of the study.
    fault : callable
        Takes the faults.
    key_path : tuple
        Where the channels stand.
    """

    def known(place: KeyPath, value: str, held: Collection[str], kind: str) -> None:
        if value not in held:
            near = did_you_mean(value, list(held)) or f" Known: {', '.join(list(held)[:10]) or 'none'}."
            fault((*key_path, *place), value, f"The study has no such {kind}.{near}")

    def where(place: KeyPath, chosen: object) -> None:
        if isinstance(chosen, str):
            if chosen not in WORDS:
                mend = "Write `all`, `shocks` or a list of scenarios."
                fault((*key_path, *place, "scenarios"), chosen, mend)
        elif isinstance(chosen, tuple):
            for number, name in enumerate(chosen):
                known((*place, "scenarios", number), name, scenarios, "scenario")

    for name in ORDER:
        part = getattr(spec, name)
        if part is not None and name != "production_path":
            where((name,), getattr(part, "scenarios", None))
    for name in spec.carbon.declines if spec.carbon is not None else ():
        known(("carbon", "declines", name), name, scenarios, "scenario")
    lists: list[tuple[str, str, Sequence[Spec]]] = []
    if spec.capital_expenditure is not None:
        lists.append(("capital_expenditure", "retrofits", spec.capital_expenditure.retrofits))
    if spec.penalty_shutdown is not None:
        lists.append(("penalty_shutdown", "penalties", spec.penalty_shutdown.penalties))
    for channel, key, parts in lists:
        for number, one in enumerate(parts):
            where((channel, key, number), getattr(one, "scenarios", None))
            for what, held in (("sectors", issuers.sectors), ("issuers", issuers.ids), ("colours", COLOURS)):
                for place, value in enumerate(getattr(one, what, ())):
                    known((channel, key, number, what, place), value, held, what[:-1])
    if spec.credit_colour is not None:
        for issuer in spec.credit_colour.colours:
            known(("credit_colour", "colours", issuer), issuer, issuers.ids, "issuer")
    if spec.production_path is not None:
        pairs = [pair.name for pair in spec.production_path.path.pairs]
        for scenario, pair in spec.production_path.scenarios.items():
            known(("production_path", "scenarios", scenario), scenario, scenarios, "scenario")
            known(("production_path", "scenarios", scenario), pair, pairs, "pair")


def tell_conflicts(channels: Sequence[Channel], fault: TellFault, key_path: KeyPath = ("channels",)) -> None:
    """Tell every driver that two channels consume, at the later channel's place."""
    for names, what, mend in driver_faults(channels):
        fault((*key_path, names[-1]), what, mend)
