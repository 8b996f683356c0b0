# SPDX-License-Identifier: Apache-2.0
"""What a reinsurance step takes from an event table, event by event: gross = net + ceded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np

from greenrisk.actuarial.arguments import number
from greenrisk.actuarial.layers.events import EventTable, Floats, annual_sum
from greenrisk.actuarial.printing import counted, figure


@dataclass(frozen=True)
class Cession:
    """Losses split into what is kept and what is ceded, event by event.

    Parameters
    ----------
    gross : EventTable
        Losses before the step.
    ceded : array, shape (event,)
        What the reinsurer pays [unit of the loss], in [0, gross].
    reinstatement : array, shape (event,), or None
        Premium due again because of each event, as a share of the premium of the layer [unitless]; None: none is.
    retained_share : float or None
        Share of the premium that the cedent keeps before the price of the cover [unitless]: below 1 for a proportional
        treaty, 1 for any other; None: not known.
    """

    gross: EventTable
    ceded: Floats
    reinstatement: Floats | None = None
    retained_share: float | None = 1.0

    def __repr__(self) -> str:
        """Of how many events how much is ceded, in one line."""
        events = f"{counted(self.ceded.size, 'event')} in {counted(self.gross.n_years, 'year')}"
        ceded, gross = float(self.ceded.sum()), float(self.gross.loss.sum())
        due = "" if self.reinstatement is None else ", with reinstatement premiums"
        return f"{type(self).__name__}({events}, {figure(ceded)} of {figure(gross)} ceded{due})"

    @property
    def net(self) -> EventTable:
        """Losses after the step."""
        return self.gross.with_loss(self.gross.loss - self.ceded)

    def annual_ceded(self) -> Floats:
        """Return what the reinsurer pays by year, shape (n_years,) [currency/year]."""
        return annual_sum(self.ceded, self.gross.year, self.gross.n_years)

    def reinstatement_premium(self, premium: float) -> Floats:
        """Return the reinstatement premium due for each event, shape (event,).

        Parameters
        ----------
        premium : float
            Premium of the placed share of the layer for the year [currency/year], >= 0.

        Returns
        -------
        array, shape (event,)
            [unit of the loss]
        """
        amount = number("premium", premium, least=0.0, unit="currency/year")
        if self.reinstatement is None:
            return np.zeros_like(self.ceded)
        return amount * self.reinstatement

    def annual_reinstatement_premium(self, premium: float) -> Floats:
        """Return the reinstatement premium by year, shape (n_years,) [currency/year].

        Parameters
        ----------
        premium : float
            Premium of the placed share of the layer for the year [currency/year], >= 0.
        """
        return annual_sum(self.reinstatement_premium(premium), self.gross.year, self.gross.n_years)


@runtime_checkable
class Step(Protocol):
    """One cover of a programme."""

    def cede(self, events: EventTable, premium: float | None = None) -> Cession:
        """Return what the cover takes of the losses that reach it.

        Parameters
        ----------
        events : EventTable
            Losses net of all that inures to the benefit of this cover.
        premium : float, optional
            Gross premium retained before this cover [currency/year]; only a cover stated in loss ratios asks for it.
        """
