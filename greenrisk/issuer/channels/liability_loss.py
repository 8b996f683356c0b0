# SPDX-License-Identifier: Apache-2.0
"""Pollution losses of an owner of plants in a zone that no insurance pays, from a finished run of that zone.

The run's simulated years hold all owners at once. The base case takes their mean; a draw gives every calendar year one
simulated year of the zone, the same for all owners, so that what strikes two of them together does so here too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np
import pandas as pd

from greenrisk.core.errors import Faults, TableError
from greenrisk.core.spec import Spec
from greenrisk.core.streams import stream
from greenrisk.core.tables import Column, TableSpec
from greenrisk.issuer.channels.base import Channel, Effects, Flags, Floats, Integers, Setting
from greenrisk.issuer.channels.lines import MILLION

OWNER_LOSSES: Final = TableSpec(
    "owner-losses",
    "Losses by simulated year and owner, of a zone's run",
    (
        Column("year", "integer", "1", low=0, description="Simulated year, from 0 without a gap."),
        Column("owner", "text", description="Owner of plants."),
        Column("insured_cny", "number", "CNY", low=0, description="Paid by insurance."),
        Column("uninsured_cny", "number", "CNY", low=0, description="Borne by the owner."),
    ),
)
"""``tables/owner_losses.csv`` of a zone's run folder."""

STREAM: Final = "issuer zone years"


class LiabilityLossSpec(Spec):
    """Pollution-liability losses net of insurance, from the zone's run of `upstream: {zone: ...}`."""

    scenarios: str | tuple[str, ...] = "all"
    """Where they strike: `all`, `shocks` (all but the baseline), or names of scenarios."""


@dataclass(frozen=True)
class OwnerLosses:
    """Losses of a zone's run.

    Parameters
    ----------
    owners : tuple of str
        Owners.
    uninsured, insured : array, shape (simulated year, owner)
        [CNY/year].
    """

    owners: tuple[str, ...]
    uninsured: Floats
    insured: Floats

    def scaled(self, factor: float) -> OwnerLosses:
        """Return the losses in other prices."""
        return OwnerLosses(self.owners, self.uninsured * factor, self.insured * factor)


def owner_losses_from(frame: pd.DataFrame, where: str = "owner_losses") -> OwnerLosses:
    """Return a checked table (:data:`OWNER_LOSSES`) as arrays.

    Raises
    ------
    TableError
        Where a year and owner stand twice, or an owner misses a year.
    """
    owners = tuple(dict.fromkeys(frame["owner"].astype(str)))
    place = pd.Index(owners).get_indexer(pd.Index(frame["owner"].astype(str)))
    year = frame["year"].to_numpy(dtype=np.int64)
    years = int(year.max()) + 1
    held = np.zeros((years, len(owners)), dtype=np.int64)
    np.add.at(held, (year, place), 1)
    faults = Faults()
    for wrong, mend in ((held > 1, "told twice"), (held == 0, "missing")):
        for y, o in np.argwhere(wrong)[:3]:
            what = f"year {y}, {owners[o]}: {mend}, {int(wrong.sum())} in all"
            faults.add(where, what, "Every owner needs each simulated year once. Run the zone again.")
    faults.raise_if_any(TableError, "`greenrisk show table owner-losses` lists its columns.")
    parts = []
    for column in ("uninsured_cny", "insured_cny"):
        table = np.zeros((years, len(owners)))
        table[year, place] = frame[column].to_numpy(dtype=np.float64)
        parts.append(table)
    return OwnerLosses(owners, *parts)


def zone_years(seed: int, draws: Integers, years: int, simulated: int) -> Integers:
    """Return which simulated year of the zone each draw takes in each calendar year, shape (draw, year); -1: the mean.

    Parameters
    ----------
    seed : int
        Seed of the study.
    draws : array of int, shape (draw,)
        Numbers of the draws; below 0: no draw.
    years : int
        Calendar years.
    simulated : int
        Simulated years of the zone.

    Notes
    -----
    With replacement. The numbers depend on seed and draw alone, neither on the chunk nor on the block, so that all
    issuers and scenarios of a draw meet the same years.
    """
    out = np.full((draws.size, years), -1, dtype=np.int64)
    for place, number in enumerate(draws):
        if number >= 0:
            out[place] = stream(seed, STREAM, int(number)).integers(0, simulated, years)
    return out


@dataclass(frozen=True)
class LiabilityLoss(Channel):
    """Pollution-liability losses.

    Parameters
    ----------
    spec : LiabilityLossSpec
        What the scenario says.
    losses : OwnerLosses
        Of the zone's run.
    """

    spec: LiabilityLossSpec
    losses: OwnerLosses
    name: ClassVar[str] = "liability_loss"
    title: ClassVar[str] = "Pollution liability"
    writes: ClassVar[tuple[str, ...]] = ("liability_loss",)
    tells: ClassVar = {
        "unknown_owner": (
            "unreliable",
            "issuers whose owner is not in the zone's run",
            "Their losses are taken as nothing. Mend `zone_owner`, or run the zone with their plants.",
        ),
        "owners": (
            "read",
            "issuers with plants in the zone",
            "Losses net of insurance, jointly over owners.",
        ),
    }

    def consumes(self) -> tuple[str, ...]:
        """Return its driver."""
        return ("zone_losses",)

    def reads(self, setting: Setting) -> Flags:
        """Return which issuers own plants of the zone."""
        return self._owner(setting) >= 0

    def charge(self, setting: Setting, effects: Effects) -> None:
        """Charge what insurance does not pay: its mean, or the simulated years of the draw."""
        owner = self._owner(setting)
        drawn = zone_years(setting.seed, setting.draws, setting.years.size, self.losses.uninsured.shape[0])
        held = self.losses.uninsured
        struck = np.where(drawn[..., None] >= 0, held[np.maximum(drawn, 0)], held.mean(axis=0))
        mine = struck[..., np.maximum(owner, 0)] * (owner >= 0)
        loss = np.moveaxis(mine, 2, 1)[:, None] * (setting.per_cny / MILLION)
        effects.add("liability_loss", loss * setting.where_scenario(self.spec.scenarios))
        named = np.array([str(name) != "" for name in setting.issuers.zone_owner], dtype=bool)
        effects.tell(self.name, "unknown_owner", int((named & (owner < 0)).sum()))
        effects.tell(self.name, "owners", int((owner >= 0).sum()))

    def _owner(self, setting: Setting) -> Integers:
        place = {name: number for number, name in enumerate(self.losses.owners)}
        return np.array([place.get(str(name), -1) for name in setting.issuers.zone_owner], dtype=np.int64)
