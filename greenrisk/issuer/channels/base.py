# SPDX-License-Identifier: Apache-2.0
"""What a channel is: which drivers it consumes, which lines of the statement it writes, and where it stands in a year.

What lives here: the lines, the channel, what channels share of a block of issuers, and the check that no driver has two
consumers. What does not: what the channels do (a file each), the statement that follows
(:mod:`greenrisk.issuer.statement_pass`), who did how much (:mod:`greenrisk.issuer.attribution`).

A year has two steps. In ``market`` channels say what is sold and at which price; in ``charge`` they say what it costs,
at the quantity that all of ``market`` left. A third party's channel is one more class.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from greenrisk.core.errors import Faults, ScenarioError
from greenrisk.core.ledger import Kind
from greenrisk.core.variants import CardValues
from greenrisk.issuer.channels.lines import CHARGES as CHARGES
from greenrisk.issuer.channels.lines import DAYS, LINES
from greenrisk.issuer.statements import Issuers

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Integers = NDArray[np.int64]


def slug(sector: str) -> str:
    """Return a sector's name as parameters of cards are named: ``Coal power`` -> ``coal_power``."""
    return re.sub(r"[^0-9a-z]+", "_", sector.casefold()).strip("_")


@dataclass(frozen=True, eq=False)
class Setting:
    """What all channels see of a block: issuers, years, scenarios, drivers, parameters.

    Parameters
    ----------
    issuers : Issuers
        The block.
    years : array of int, shape (year,)
        Calendar years, one after the other.
    scenarios : tuple of str
        Names, in the order of the axis.
    baseline : int
        Place of the scenario that the others are shocks against.
    drivers : dict of str to array, shape (1, scenario, issuer, year)
        Of the pathways (:func:`greenrisk.issuer.channels.drivers.drivers_of`); a driver left out is neutral.
    values : sequence of card values
        One for each variant of the chunk, by role and parameter.
    draws : array of int, shape (variant,)
        Number of the draw whose random events a variant takes; -1: their expectation.
    seed : int
        Seed of the study.
    per_cny : float
        What a yuan is worth in the study's currency.
    known_from : tuple of int
        Year at the end of which lenders reckon with the rest of each scenario; empty: from the first year on.
    """

    issuers: Issuers
    years: Integers
    scenarios: tuple[str, ...]
    baseline: int
    drivers: Mapping[str, Floats]
    values: Sequence[CardValues]
    draws: Integers
    seed: int = 0
    per_cny: float = 1.0
    known_from: tuple[int, ...] = ()
    cache: dict[str, Any] = field(default_factory=dict)

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """Sizes of (variant, scenario, issuer, year)."""
        return (len(self.values), len(self.scenarios), len(self.issuers), self.years.size)

    @property
    def known(self) -> Flags:
        """Where lenders reckon with the rest of a scenario, shape (1, scenario, 1, year)."""
        first = np.array(self.known_from or (int(self.years[0]),) * len(self.scenarios))
        return np.asarray(self.years[None, :] >= first[:, None])[None, :, None, :]

    def driver(self, name: str, neutral: float = 0.0) -> Floats:
        """Return a driver, shape (1, scenario, issuer, year), or its neutral value."""
        return self.drivers.get(name, np.full((1, 1, 1, 1), neutral))

    def parameter(self, role: str, name: str) -> Floats:
        """Return a parameter of a card, shape (variant, 1, 1, 1)."""
        return np.array([float(one[role][name]) for one in self.values])[:, None, None, None]

    def by_sector(self, role: str, name: str) -> Floats:
        """Return a parameter by the sector of the issuer, shape (variant, 1, issuer, 1).

        ``name_sector`` where the card has it, else ``name``.
        """
        held = self.values[0][role]
        keys = [f"{name}_{slug(sector)}" for sector in self.issuers.sectors]
        wanted = [key if key in held else name for key in keys]
        table = np.array([[float(one[role][key]) for key in wanted] for one in self.values])
        return table.reshape(len(self.values), len(wanted))[:, self.issuers.sector][:, None, :, None]

    def of_issuer(self, values: Floats) -> Floats:
        """Return values (issuer,) as (1, 1, issuer, 1)."""
        return values[None, None, :, None]

    def where_scenario(self, chosen: str | Sequence[str]) -> Floats:
        """Return 1 for scenarios in which a channel works, 0 for others, shape (1, scenario, 1, 1)."""
        if chosen == "all":
            on = [True] * len(self.scenarios)
        elif chosen == "shocks":
            on = [number != self.baseline for number in range(len(self.scenarios))]
        else:
            on = [name in chosen for name in self.scenarios]
        return np.array(on, dtype=np.float64)[None, :, None, None]

    def since(self, start: int | None, until: int | None = None) -> Floats:
        """Return 1 for the years from ``start`` to ``until``, ends included, shape (1, 1, 1, year)."""
        on = np.ones(self.years.size, dtype=bool)
        on &= self.years >= (start if start is not None else self.years[0])
        on &= self.years <= (until if until is not None else self.years[-1])
        return on.astype(np.float64)[None, None, None, :]


@dataclass(eq=False)
class Effects:
    """What the channels wrote, over (variant, scenario, issuer, year); axes may be of size one.

    Parameters
    ----------
    written : dict of str to array
        By the names of :data:`LINES`; a line that is not there is neutral.
    told : Counter
        Counts of the base variant for the ledger, by channel and key; blocks add up.
    facts : dict
        Counts that do not depend on the block, by channel and key.
    growth : array
        Quantity of each year over the statement's, before any channel.
    """

    written: dict[str, Floats] = field(default_factory=dict)
    told: Counter[tuple[str, str]] = field(default_factory=Counter)
    facts: dict[tuple[str, str], int] = field(default_factory=dict)
    growth: Floats = field(default_factory=lambda: np.ones((1, 1, 1, 1)))

    def get(self, name: str) -> Floats:
        """Return a line; its neutral value where nobody wrote it."""
        return self.written.get(name, np.full((1, 1, 1, 1), LINES[name].neutral))

    def add(self, name: str, value: Floats) -> None:
        """Add to a line that adds up."""
        self.written[name] = self.get(name) + value

    def times(self, name: str, factor: Floats) -> None:
        """Multiply a line that multiplies."""
        self.written[name] = self.get(name) * factor

    @property
    def open_share(self) -> Floats:
        """Share of the year's quantity that is made; days over a year count as a year [unitless]."""
        closed = self.get("closed_days")
        over = np.where(closed > DAYS, DAYS / np.maximum(closed, DAYS), 1.0)
        return np.asarray(1.0 - self.get("lost_days") * over / DAYS)

    @property
    def quantity(self) -> Floats:
        """Quantity over today's, 1 + dQ of all channels, growth left out [unitless]."""
        return np.asarray(self.get("volume") * self.open_share)

    @property
    def charges(self) -> Floats:
        """Sum of all lines that are taken from EBIT [million/year]."""
        return np.asarray(sum((self.get(name) for name in CHARGES), np.zeros((1, 1, 1, 1))))

    def tell(self, channel: str, key: str, where: Flags | Floats | int) -> None:
        """Count cells of the base variant, or add a count."""
        count = where if isinstance(where, int) else int(np.count_nonzero(where[:1]))
        if count:
            self.told[channel, key] += count

    def state(self, channel: str, key: str, count: int) -> None:
        """Set a count that is the same for all blocks."""
        if count:
            self.facts[channel, key] = count


class Channel:
    """One channel; the two steps do nothing unless a channel says so."""

    name: ClassVar[str]
    """Its key in YAML and its name in results."""

    title: ClassVar[str]
    """A few words for a reader."""

    writes: ClassVar[tuple[str, ...]]
    """Names of :data:`LINES`."""

    tells: ClassVar[Mapping[str, tuple[Kind, str, str]]] = {}
    """What a count means: kind, subject and sentence of its ledger line."""

    def consumes(self) -> tuple[str, ...]:
        """Return the drivers that nobody else may consume."""
        raise NotImplementedError

    def market(self, setting: Setting, effects: Effects) -> None:
        """Write what is sold, and at which price."""

    def charge(self, setting: Setting, effects: Effects) -> None:
        """Write what it costs."""

    def reads(self, setting: Setting) -> Flags:
        """Return which issuers tell what the channel needs, shape (issuer,)."""
        return np.ones(len(setting.issuers), dtype=bool)


def driver_faults(channels: Sequence[Channel]) -> list[tuple[tuple[str, ...], str, str]]:
    """Return every driver that two channels consume: the channels, what, and the mend."""
    consumers: dict[str, list[str]] = {}
    for channel in channels:
        for driver in channel.consumes():
            consumers.setdefault(driver, []).append(channel.name)
    found = []
    for driver, names in consumers.items():
        if len(names) > 1:
            mend = f"Both would count it. {_MENDS.get(driver, 'Switch one of them off.')}"
            found.append((tuple(names), f"{driver} is consumed by {' and '.join(names)}", mend))
    return found


_MENDS: Final = {
    "sales_volume": (
        "One channel may say how much is sold: the production path, the scenario's demand, or the demand response of "
        "carbon cost (`demand_response: false` leaves the cost and switches the response off)."
    ),
    "carbon_price": "With the channel of carbon cost on, leave `carbon_tax` out of the production path's pairs.",
}


def check_drivers(channels: Sequence[Channel], where: str = "channels") -> None:
    """Refuse two consumers of one driver.

    Raises
    ------
    ScenarioError
        With every driver that two channels consume.
    """
    faults = Faults()
    for names, what, mend in driver_faults(channels):
        faults.add(f"{where}.{names[-1]}", what, mend)
    faults.raise_if_any(ScenarioError, "`channels` lists what is switched on.")


def effects_of(setting: Setting, channels: Sequence[Channel]) -> Effects:
    """Return what channels write, first what is sold, then what it costs.

    Parameters
    ----------
    setting : Setting
        The block.
    channels : sequence of Channel
        In the order of work (:data:`greenrisk.issuer.channels.spec.ORDER`).
    """
    effects = Effects(growth=growth_of(setting))
    for channel in channels:
        channel.market(setting, effects)
    effects.tell("closing", "over_a_year", effects.get("closed_days") > DAYS)
    for channel in channels:
        channel.charge(setting, effects)
    return effects


def growth_of(setting: Setting) -> Floats:
    """Return the quantity of each year over the statement's, shape (variant, 1, issuer, year) [unitless].

    The card of the statement pass says how fast; without it nothing grows.
    """
    if "statement_pass" not in setting.values[0]:
        return np.ones((1, 1, 1, 1))
    rate = setting.parameter("statement_pass", "real_growth")
    elapsed = np.maximum(setting.years[None, :] - setting.issuers.year[:, None], 0)[None, None]
    return np.asarray((1.0 + rate) ** elapsed)
