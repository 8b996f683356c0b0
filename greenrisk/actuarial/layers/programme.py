# SPDX-License-Identifier: Apache-2.0
"""Reinsurance programmes: proportional treaties, stop loss, and covers in inuring order.

Layers and towers, which are steps of a programme too, are in :mod:`greenrisk.actuarial.layers.layer` and
:mod:`greenrisk.actuarial.layers.tower`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from greenrisk.actuarial.arguments import keep, number, numbers, within
from greenrisk.actuarial.kinds import instances
from greenrisk.actuarial.layers.cession import Cession, Step
from greenrisk.actuarial.layers.events import EventTable, Floats
from greenrisk.actuarial.layers.layer import pay_in_order
from greenrisk.core.errors import ArgumentError, Fault


@dataclass(frozen=True)
class QuotaShare:
    """A share of every premium and every loss is ceded.

    Parameters
    ----------
    share : float
        Ceded share [unitless], in [0, 1].
    """

    share: float

    def __post_init__(self) -> None:
        """Refuse a share outside [0, 1]."""
        keep(self, share=within(least=0.0, most=1.0, unit="unitless"))

    def cede(self, events: EventTable, premium: float | None = None) -> Cession:
        """Return what is ceded of each loss.

        Parameters
        ----------
        events : EventTable
            Losses before the treaty.
        premium : float, optional
            Not needed for the losses; the cedent keeps 1 - share of it.
        """
        return Cession(events, self.share * events.loss, retained_share=1.0 - self.share)


@dataclass(frozen=True)
class Surplus:
    """A share of each risk is ceded that grows with its sum insured.

    Parameters
    ----------
    retention : float
        Line: sum insured that the cedent keeps of every risk [unit of the loss], > 0.
    lines : float
        How many such lines the treaty takes at most [unitless], > 0.
    premium_share : float or None
        Ceded share of the premium of the whole portfolio [unitless], in [0, 1]; None: not known. An event table
        holds only risks with losses, so it cannot be found from there; a later stop loss in loss ratios needs it.

    Notes
    -----
    Share of a risk with the sum insured SI: min(max(SI - R, 0), lines * R) / SI.
    """

    retention: float
    lines: float
    premium_share: float | None = None

    def __post_init__(self) -> None:
        """Refuse terms outside their domains, all at once."""
        keep(
            self,
            retention=within(above=0.0, unit="unit of the loss"),
            lines=within(above=0.0, unit="unitless"),
            premium_share=within(least=0.0, most=1.0, unit="unitless", optional=True),
        )

    def ceded_share(self, sum_insured: ArrayLike) -> Floats:
        """Return the ceded share of risks.

        Parameters
        ----------
        sum_insured : array, any shape
            Sums insured [unit of the loss], > 0.

        Returns
        -------
        array, as ``sum_insured``
            [unitless], in [0, lines / (lines + 1)].
        """
        insured = numbers("sum_insured", sum_insured, above=0.0, unit="unit of the loss")
        return np.clip(insured - self.retention, 0.0, self.lines * self.retention) / insured

    def cede(self, events: EventTable, premium: float | None = None) -> Cession:
        """Return what is ceded of each loss; every row of the table is the loss of one risk.

        Parameters
        ----------
        events : EventTable
            Losses before the treaty, with the sum insured of the risk that each hits.
        premium : float, optional
            Not needed for the losses.

        Raises
        ------
        ArgumentError
            If the table does not know the sums insured.
        """
        if events.sum_insured is None:
            raise ArgumentError(
                Fault(
                    "sum_insured",
                    "events without sums insured",
                    "A surplus treaty cedes by sum insured: give `sum_insured` to the event table.",
                    "unit of the loss",
                )
            )
        kept = None if self.premium_share is None else 1.0 - self.premium_share
        return Cession(events, self.ceded_share(events.sum_insured) * events.loss, retained_share=kept)


@dataclass(frozen=True)
class StopLoss:
    """The reinsurer pays the part of a year's loss ratio between ``attachment`` and ``attachment + limit``.

    Parameters
    ----------
    attachment : float
        Loss ratio above which it pays [unitless], >= 0.
    limit : float
        Width of the layer, in loss ratio [unitless], > 0; inf: no limit.

    Notes
    -----
    A stop loss stated in money is ``Layer(inf, annual_attachment=..., annual_limit=...)``.
    """

    attachment: float
    limit: float

    def __post_init__(self) -> None:
        """Refuse a negative attachment or an empty layer."""
        keep(
            self,
            attachment=within(least=0.0, unit="unitless"),
            limit=within(above=0.0, infinite=True, unit="unitless"),
        )

    def cede(self, events: EventTable, premium: float | None = None) -> Cession:
        """Return what the cover takes of each loss, in the order of the events.

        Parameters
        ----------
        events : EventTable
            Losses before the stop loss, net of what inures to its benefit.
        premium : float
            Gross premium retained before the stop loss; the base of the loss ratio [currency/year], >= 0.

        Raises
        ------
        ArgumentError
            If the premium is not known or negative.
        """
        if premium is None:
            raise ArgumentError(
                Fault(
                    "premium",
                    "premium not known",
                    "A stop loss in loss ratios needs the premium retained before it: give `premium`, and "
                    "`premium_share` to a surplus treaty before it; or state it in money as a Layer.",
                    "currency/year",
                )
            )
        base = number("premium", premium, least=0.0, unit="currency/year")
        most = self.limit * base if base > 0.0 else 0.0
        return Cession(events, pay_in_order(events, self.attachment * base, most).paid)


@dataclass(frozen=True)
class ProgrammeCession:
    """What a programme takes, in total and step by step.

    Parameters
    ----------
    gross : EventTable
        Losses before the programme.
    net : EventTable
        Losses after it.
    steps : tuple of Cession
        What each step takes of what the steps before it left.
    retained_premium : float or None
        Gross premium left after the proportional treaties, before the price of the other covers [currency/year];
        None: not known.
    """

    gross: EventTable
    net: EventTable
    steps: tuple[Cession, ...]
    retained_premium: float | None = None

    @property
    def ceded(self) -> Floats:
        """What all reinsurers pay for each event, shape (event,) [unit of the loss]."""
        return self.gross.loss - self.net.loss

    def annual_ceded_by_step(self) -> Floats:
        """Return what each step pays by year, shape (n_years, step) [currency/year]."""
        by_step = [step.annual_ceded() for step in self.steps]
        return np.stack(by_step, axis=1) if by_step else np.empty((self.gross.n_years, 0))


@dataclass(frozen=True)
class Programme:
    """Covers in inuring order: each sees what the covers before it left.

    Parameters
    ----------
    steps : tuple of Step
        :class:`QuotaShare`, :class:`Surplus`, :class:`StopLoss`, ``Layer``, ``Tower``, or anything with their
        ``cede``; none: everything is kept.
    """

    steps: tuple[Step, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what is no cover and keep the covers as a tuple."""
        keep(self, steps=lambda name, given: instances(name, given, Step))

    def cede(self, events: EventTable, premium: float | None = None) -> ProgrammeCession:
        """Return the split of the losses between the insurer (net) and all reinsurers (ceded).

        Parameters
        ----------
        events : EventTable
            Gross losses.
        premium : float, optional
            Gross premium before any reinsurance [currency/year], >= 0; a stop loss in loss ratios works on what the
            proportional treaties before it leave of it.
        """
        if premium is not None:
            number("premium", premium, least=0.0, unit="currency/year")
        left, retained, cessions = events, premium, []
        for step in self.steps:
            cession = step.cede(left, retained)
            cessions.append(cession)
            left = cession.net
            kept = cession.retained_share
            retained = None if retained is None or kept is None else retained * kept
        return ProgrammeCession(events, left, tuple(cessions), retained)
