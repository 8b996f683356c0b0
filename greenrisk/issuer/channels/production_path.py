# SPDX-License-Identifier: Apache-2.0
"""The late and sudden production path as a channel: how much is sold, at which price, with how much carbon.

What lives here: the step from plans by technology to an issuer's statement. What does not: the path itself
(:mod:`greenrisk.issuer.production`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Final, Literal

import numpy as np
from pydantic import Field

from greenrisk.core.errors import ArgumentError, Faults
from greenrisk.core.spec import Spec
from greenrisk.issuer.channels.base import Channel, Effects, Flags, Floats, Integers, Setting
from greenrisk.issuer.production.plans import align
from greenrisk.issuer.production.result import LateSuddenResult
from greenrisk.issuer.production.spec import LateSudden

CLOSED: Final = 1e-12
"""A volume below this share of the first year's counts as closed; only so that 0/0 has an answer."""


class ProductionPathSpec(Spec):
    """The late and sudden production path."""

    path: LateSudden
    """Pairs of scenarios and terms; a pair speaks for the pathway scenario that its target is called after, or that
    `scenarios` names."""

    scenarios: dict[str, str] = Field(default_factory=dict)
    """Pair of a scenario of the study, where their names differ: scenario -> pair."""

    prices: Literal["path", "today"] = "path"
    """Whether selling prices follow the path too, or only quantities."""


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
        Scenarios that no pair speaks for: nothing moves in them.
    from_nothing : int
        Issuers whose plans begin with nothing: nothing moves for them.
    """

    issuers: Mapping[str, int]
    years: Integers
    volume: Floats
    price: Floats
    intensity: Floats
    without: tuple[str, ...] = ()
    from_nothing: int = 0


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
    without, nothing = [], np.zeros(shape[1], dtype=bool)
    for number, scenario in enumerate(scenarios):
        side = "baseline" if scenario == baseline else "shock"
        if side == "shock" and scenario not in pair_of:
            without.append(scenario)
            continue
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
    names = {issuer: row for row, issuer in enumerate(result.plans.issuers)}
    return PathFactors(names, result.years, volume, price, intensity, tuple(without), int(nothing.sum()))


@dataclass(frozen=True)
class ProductionPath(Channel):
    """The production path.

    Parameters
    ----------
    spec : ProductionPathSpec
        What the scenario says.
    factors : PathFactors
        Of all issuers, or of the block.
    taxed : bool
        Whether some pair has a carbon tax of its own.
    """

    spec: ProductionPathSpec
    factors: PathFactors
    taxed: bool = field(default=False)
    name: ClassVar[str] = "production_path"
    title: ClassVar[str] = "Production path"
    writes: ClassVar[tuple[str, ...]] = ("price", "volume", "intensity")
    tells: ClassVar = {
        "without_plan": ("assumption", "issuers without a production plan", "The path does not move them."),
        "without_pair": (
            "assumption",
            "scenarios that no pair of the path speaks for",
            "The path does nothing there.",
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
        """Return which issuers have a plan."""
        return self._rows(setting) >= 0

    def market(self, setting: Setting, effects: Effects) -> None:
        """Take quantity, price and emissions from the path."""
        rows, years = self._rows(setting), self.factors.years
        at = np.clip(setting.years - years[0], 0, years.size - 1)

        def of_block(values: Floats) -> Floats:
            cut = values[:, np.maximum(rows, 0)][:, :, at]
            return np.where((rows >= 0)[None, :, None], cut, 1.0)[None]

        effects.times("volume", of_block(self.factors.volume))
        effects.times("intensity", of_block(self.factors.intensity))
        if self.spec.prices == "path":
            effects.times("price", of_block(self.factors.price))
        outside = (setting.years < years[0]) | (setting.years > years[-1])
        effects.tell(self.name, "without_plan", int((rows < 0).sum()))
        effects.state(self.name, "outside", int(outside.sum()))
        effects.state(self.name, "without_pair", len(self.factors.without))
        effects.state(self.name, "from_nothing", self.factors.from_nothing)

    def _rows(self, setting: Setting) -> Integers:
        return np.array(
            [self.factors.issuers.get(issuer, -1) for issuer in setting.issuers.ids], dtype=np.int64
        )
