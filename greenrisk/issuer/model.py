# SPDX-License-Identifier: Apache-2.0
"""The model of an issuer study: what one block of issuers does under some variants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from greenrisk.core.ledger import Ledger
from greenrisk.core.variants import CardValues
from greenrisk.issuer.channels.base import Channel, Effects, Setting, effects_of
from greenrisk.issuer.channels.drivers import asked_drivers, drivers_of
from greenrisk.issuer.conversion_card import converted
from greenrisk.issuer.credit.lenses import ORDER, Lens
from greenrisk.issuer.credit.scale import RatingScale
from greenrisk.issuer.credit_path import CreditPath, credit_path
from greenrisk.issuer.statement_pass import Rolled, roll
from greenrisk.issuer.statements import Issuers
from greenrisk.pathways.pathway import Pathway

Floats = NDArray[np.float64]

MEASURED: Final = {
    "ebit": "million/year",
    "net_income": "million/year",
    "equity": "million",
    "annual_probability": "1",
    "expected_loss": "million",
}
"""What the channels are told apart in, and its unit; money in millions of the study's currency."""

KEPT: Final = {
    "annual_probability": "1",
    "log_annual_probability": "1",
    "cumulative_probability": "1",
    "expected_loss": "million",
    "loss_rate": "1",
    "spread": "1/year",
    "carbon_cost": "million/year",
}
"""What is kept of every variant in the year of the headline, and its unit."""


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a block does: what channels wrote, the statements, default and spread."""

    effects: Effects
    rolled: Rolled
    credit: CreditPath


@dataclass(frozen=True, eq=False)
class IssuerModel:
    """All that a block needs.

    Parameters
    ----------
    issuers : Issuers
        All issuers of the study.
    pathways : tuple of Pathway
        One a scenario, on the same years.
    channels : tuple of Channel
        Those that are on, in the order of work.
    lenses : tuple of Lens
        The lenses.
    scale : RatingScale
        The common scale.
    rate : float
        Riskless rate [1/year].
    seniority : str
        Rank of the debt.
    seed : int
        Seed of the study.
    per_cny : float
        What a yuan is worth in the study's currency.
    converted : tuple of bool
        Whether the carbon price of each scenario was converted from dollars; empty: of none.
    """

    issuers: Issuers
    pathways: tuple[Pathway, ...]
    channels: tuple[Channel, ...]
    lenses: tuple[Lens, ...]
    scale: RatingScale
    rate: float
    seniority: str
    seed: int
    per_cny: float
    converted: tuple[bool, ...] = ()

    @property
    def scenarios(self) -> tuple[str, ...]:
        """Names of the scenarios."""
        return tuple(pathway.name for pathway in self.pathways)

    @property
    def baseline(self) -> int:
        """Place of the baseline."""
        return next(k for k, pathway in enumerate(self.pathways) if pathway.baseline)

    @cached_property
    def years(self) -> NDArray[np.int64]:
        """Calendar years."""
        return self.pathways[0].years

    def setting(
        self, part: slice, values: Sequence[CardValues], draws: NDArray[np.int64] | None = None
    ) -> Setting:
        """Return what the channels see of a block.

        Parameters
        ----------
        part : slice
            Which issuers.
        values : sequence of card values
            One for each variant.
        draws : array of int, shape (variant,), optional
            Number of the draw of each; -1 and without: none.
        """
        block = self.issuers.part(part.start, part.stop)
        return Setting(
            issuers=block,
            years=self.years,
            scenarios=self.scenarios,
            baseline=self.baseline,
            drivers=converted(
                drivers_of(self.pathways, block, asked_drivers(self.channels)), values, self.converted
            ),
            values=values,
            draws=np.full(len(values), -1, dtype=np.int64) if draws is None else draws,
            seed=self.seed,
            per_cny=self.per_cny,
            known_from=tuple(pathway.known_from for pathway in self.pathways),
        )

    @cached_property
    def carriers(self) -> tuple[Lens, ...]:
        """Lenses whose probability may be carried on; the others are side by side under the central cards alone."""
        return tuple(lens for lens in self.lenses if lens.name in ORDER)

    def outcome(self, setting: Setting, ledger: Ledger | None = None) -> Outcome:
        """Return what all channels together do to a block.

        With a ledger, which is told how the assets were found, under all lenses; without, under those that carry.
        """
        effects = effects_of(setting, self.channels)
        rolled = roll(setting, effects)
        return Outcome(effects, rolled, self._credit(setting, rolled, ledger))

    def measure(self, setting: Setting, effects: Effects) -> Mapping[str, Floats]:
        """Return the quantities of :data:`MEASURED`, each over (variant, scenario, issuer, year)."""
        rolled = roll(setting, effects)
        credit = self._credit(setting, rolled)
        return {
            "ebit": rolled.change,
            "net_income": rolled.lines["net_income"],
            "equity": rolled.lines["equity"],
            "annual_probability": credit.carried.annual_probability,
            "expected_loss": credit.expected_loss,
        }

    def _credit(self, setting: Setting, rolled: Rolled, ledger: Ledger | None = None) -> CreditPath:
        lenses = self.carriers if ledger is None else self.lenses
        return credit_path(setting, rolled, lenses, self.scale, self.rate, self.seniority, ledger)


def kept(setting: Setting, outcome: Outcome, at: int) -> Floats:
    """Return the quantities of :data:`KEPT` in a year, shape (variant, quantity, scenario, issuer).

    Parameters
    ----------
    setting : Setting
        The block.
    outcome : Outcome
        What it does.
    at : int
        Place of the year.
    """
    credit = outcome.credit
    values = {
        "annual_probability": credit.carried.annual_probability,
        "log_annual_probability": credit.carried.log_annual_probability,
        "cumulative_probability": np.exp(credit.log_cumulative),
        "expected_loss": credit.expected_loss,
        "loss_rate": credit.loss_rate,
        "spread": credit.spread,
        "carbon_cost": outcome.effects.get("carbon_cost") + outcome.effects.get("abatement_cost"),
    }
    whole = [np.broadcast_to(values[name], setting.shape)[..., at] for name in KEPT]
    return np.stack(whole, axis=1)
