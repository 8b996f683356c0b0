# SPDX-License-Identifier: Apache-2.0
"""The late and sudden production path as a channel: how much is sold, at which price, with how much carbon.

What lives here: the step from plans by technology to an issuer's statement. What does not: the path itself
(:mod:`greenrisk.issuer.production`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, ClassVar, Final, Literal

import numpy as np
from pydantic import Field

from greenrisk.core.errors import ArgumentError, Faults
from greenrisk.core.spec import Spec
from greenrisk.issuer.channels.base import Channel, Effects, Flags, Floats, Integers, Setting
from greenrisk.issuer.production.plans import align
from greenrisk.issuer.production.result import LateSuddenResult
from greenrisk.issuer.production.spec import LateSudden
from greenrisk.issuer.production.study import LateSuddenStudy

LATE_SUDDEN: Final = "late_sudden"
"""Role of the card."""

CLOSED: Final = 1e-12
"""A volume below this share of the first year's counts as closed; only so that 0/0 has an answer."""


class TechnologyPrice(Spec):
    """What a unit of output of a technology costs, the same in every year and scenario."""

    sector: str
    """Sector, as the plans name it."""

    technology: str
    """Technology, as the plans name it."""

    price: Annotated[float, Field(gt=0)]
    """Price [`unit`]."""

    unit: str = Field(pattern=r"^[^/\s]+/[^/]+$")
    """Money by unit of output, e.g. `CNY/MWh`; money that is the study's currency by its ISO 4217 code."""

    kind: Literal["carbon", "green"] | None = None
    """Whether it must shrink or may grow; needed where no table of proxies says it."""


class ProductionPathSpec(Spec):
    """The late and sudden production path."""

    path: LateSudden
    """Pairs of scenarios and terms; a pair speaks for the pathway scenario that its target is called after, or that
    `scenarios` names."""

    scenarios: dict[str, str] = Field(default_factory=dict)
    """Pair of a scenario of the study, where their names differ: scenario -> pair. A scenario that no pair speaks for
    takes the path of the baseline: this channel tells the two not apart."""

    prices: Literal["path", "today"] = "path"
    """Whether selling prices follow the path too, or only quantities."""

    technologies: str | None = None
    """Own table of paths by technology (`show table technology_paths`, or the scenarios of TRISK as they come); empty:
    the production pathways of the scenarios of the study. Its capacity factors multiply those of the plans, as in
    TRISK: where both tell how much a plant is used, give 1 in one of them."""

    regions: dict[str, str] = Field(default_factory=dict)
    """Region of the paths by the region that a plan names, where their names differ."""

    own_prices: tuple[TechnologyPrice, ...] = ()
    """Prices of technologies that the pathways hold no price of."""

    card: str = "issuer-late-sudden-judged"
    """Card of what is handed on and how profits are valued (use: issuer.late_sudden)."""


@dataclass(frozen=True)
class PathFactors:
    """What the path makes of an issuer, over the first year.

    Parameters
    ----------
    issuers : dict of str to int
        Row of each issuer.
    years : array of int, shape (year,)
        Years of the path.
    volume, price, intensity : array, shape (scenario, issuer, year)
        Quantity at the prices of the first year; price of what is sold; emissions for each unit of quantity; 1 in the
        first year of the path.
    without : tuple of str
        Scenarios that no pair speaks for: they take the path of the baseline.
    nothing : array of bool, shape (issuer,)
        Issuers whose plans begin with nothing: nothing moves for them.
    """

    issuers: Mapping[str, int]
    years: Integers
    volume: Floats
    price: Floats
    intensity: Floats
    nothing: Flags
    without: tuple[str, ...] = ()


def path_factors(
    result: LateSuddenResult, scenarios: Sequence[str], pair_of: Mapping[str, str], baseline: str
) -> PathFactors:
    """Return the factors of every scenario from the plans of one block or of all.

    Parameters
    ----------
    result : LateSuddenResult
        Production, prices and emissions by plan.
    scenarios : sequence of str
        Scenarios of the study.
    pair_of : mapping of str to str
        Pair that speaks for a scenario; the baseline takes the unshocked side of the first pair.
    baseline : str
        Which scenario is the baseline.

    Raises
    ------
    ArgumentError
        A pair that the result does not hold.

    Notes
    -----
    Over the plans of an issuer, q quantity and p price, 0 the first year of the unshocked side:
    volume Q = sum q p0 / sum q0 p0 (Laspeyres), price P = sum q p / sum q p0 (Paasche), so that revenue is R P Q;
    intensity = (sum q e / sum q0 e0) / Q. Where nothing is sold any more, price and intensity are 1.
    """
    faults = Faults()
    for scenario, pair in pair_of.items():
        if pair not in result.pairs:
            mend = f"The production path has no such pair. Known: {', '.join(result.pairs)}."
            faults.add(f"production_path.scenarios.{scenario}", pair, mend)
    faults.raise_if_any(ArgumentError)
    shape = (len(scenarios), len(result.plans.issuers), result.years.size)
    volume, price, intensity = np.ones(shape), np.ones(shape), np.ones(shape)
    quantity, money = result.quantity, result.price
    held = align(result.plans, int(result.years[0]), int(result.years[-1])).emission_factor
    factor = np.nan_to_num(held)
    without = tuple(name for name in scenarios if name != baseline and name not in pair_of)
    nothing = np.zeros(shape[1], dtype=bool)
    for number, scenario in enumerate(scenarios):
        side = "baseline" if scenario == baseline or scenario in without else "shock"
        k = 0 if side == "baseline" else result.pairs.index(pair_of[scenario])
        first_price = money["baseline"][k, :, :1]
        first = quantity["baseline"][k, :, :1]

        def summed(values: Floats) -> Floats:
            out = np.zeros((shape[1], values.shape[1]))
            np.add.at(out, result.plans.issuer, values)
            return out

        sold = summed(quantity[side][k] * first_price)
        start = summed(first * first_price)
        earned = summed(quantity[side][k] * money[side][k])
        emitted, emitted_first = summed(quantity[side][k] * factor), summed(first * factor[:, :1])
        nothing |= start[:, 0] <= 0.0
        with np.errstate(divide="ignore", invalid="ignore"):
            v = np.where(start > 0.0, sold / start, 1.0)
            open_ = (v > CLOSED) & (sold > 0.0)
            p = np.where(open_, earned / sold, 1.0)
            e = np.where(open_ & (emitted_first > 0.0), emitted / emitted_first / v, 1.0)
        volume[number], price[number], intensity[number] = v, p, e
    kept = np.zeros(shape[1], dtype=bool)
    kept[result.plans.issuer] = True
    names = {issuer: row for row, issuer in enumerate(result.plans.issuers) if kept[row]}
    return PathFactors(names, result.years, volume, price, intensity, nothing & kept, without)


@dataclass(frozen=True, eq=False)
class PathSource:
    """Where the factors of a block come from.

    Parameters
    ----------
    study : LateSuddenStudy
        The checked path of all issuers.
    scenarios : tuple of str
        Scenarios of the study.
    pair_of : mapping of str to str
        Pair that speaks for a scenario.
    baseline : str
        Which scenario is the baseline.
    money : str
        Money of the path's prices.
    """

    study: LateSuddenStudy
    scenarios: tuple[str, ...]
    pair_of: Mapping[str, str]
    baseline: str
    money: str = "money"

    @property
    def planned(self) -> frozenset[str]:
        """Issuers with a plan that is computed."""
        plans = self.study.plans
        return frozenset(plans.issuers[k] for k in np.unique(plans.issuer))

    def factors(self, issuers: Sequence[str]) -> PathFactors | None:
        """Return the factors of those of some issuers that have a plan; None where nobody has one."""
        found = self.study.of(issuers)
        return None if found is None else path_factors(found, self.scenarios, self.pair_of, self.baseline)


@dataclass(frozen=True)
class ProductionPath(Channel):
    """The production path.

    Parameters
    ----------
    spec : ProductionPathSpec
        What the scenario says.
    source : PathSource, optional
        Of all issuers; without, the channel only says what it consumes.
    taxed : bool
        Whether some pair has a carbon tax of its own.

    Notes
    -----
    The path says how much is made in each year: the card's growth of the statement does not move an issuer with a plan.
    Plant that makes less than at the begin is closed for good, and a part of fixed cost and wear ends with it.
    """

    spec: ProductionPathSpec
    source: PathSource | None = None
    taxed: bool = field(default=False)
    name: ClassVar[str] = "production_path"
    title: ClassVar[str] = "Production path"
    writes: ClassVar[tuple[str, ...]] = ("price", "volume", "intensity", "plant")
    tells: ClassVar = {
        "without_plan": ("assumption", "issuers without a production plan", "The path does not move them."),
        "without_pair": (
            "assumption",
            "scenarios that no pair of the path speaks for",
            "They take the path of the baseline: it tells them not apart.",
        ),
        "from_nothing": (
            "assumption",
            "issuers whose plans begin with nothing",
            "The path does not move them.",
        ),
        "outside": (
            "imputed",
            "years outside the path",
            "The path's first or last year stands for them: nothing moves further.",
        ),
    }

    def consumes(self) -> tuple[str, ...]:
        """Return its drivers; with a tax of its own also the carbon price."""
        return ("sales_volume", "carbon_price") if self.taxed else ("sales_volume",)

    def reads(self, setting: Setting) -> Flags:
        """Return which issuers have a plan that is computed."""
        return self._rows(setting, self._factors(setting)) >= 0

    def market(self, setting: Setting, effects: Effects) -> None:
        """Take quantity, price and emissions from the path."""
        factors = self._factors(setting)
        rows = self._rows(setting, factors)
        effects.tell(self.name, "without_plan", int((rows < 0).sum()))
        if factors is None:
            return
        years = factors.years
        at = np.clip(setting.years - years[0], 0, years.size - 1)
        nothing = (rows >= 0) & factors.nothing[np.maximum(rows, 0)]
        moved = ((rows >= 0) & ~nothing)[None, :, None]

        def of_block(values: Floats) -> Floats:
            return np.where(moved, values[:, np.maximum(rows, 0)][:, :, at], 1.0)[None]

        effects.times("volume", of_block(factors.volume) / np.where(moved[None], effects.growth, 1.0))
        effects.times("plant", np.minimum(of_block(factors.volume), 1.0))
        effects.times("intensity", of_block(factors.intensity))
        if self.spec.prices == "path":
            effects.times("price", of_block(factors.price))
        outside = (setting.years < years[0]) | (setting.years > years[-1])
        effects.state(self.name, "outside", int(outside.sum()))
        effects.state(self.name, "without_pair", len(factors.without))
        effects.tell(self.name, "from_nothing", int(nothing.sum()))

    def _factors(self, setting: Setting) -> PathFactors | None:
        """Return the factors of a block, computed once for all that ask."""
        assert self.source is not None, "the path is not read yet"
        if self.name not in setting.cache:
            setting.cache[self.name] = self.source.factors(setting.issuers.ids)
        found: PathFactors | None = setting.cache[self.name]
        return found

    def _rows(self, setting: Setting, factors: PathFactors | None) -> Integers:
        of = {} if factors is None else factors.issuers
        return np.array([of.get(issuer, -1) for issuer in setting.issuers.ids], dtype=np.int64)
