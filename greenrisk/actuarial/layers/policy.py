# SPDX-License-Identifier: Apache-2.0
"""Limits of a policy that is settled at the year's end: each event is cut first, then the year is shared pro rata.

Layers that pay in the order of the events are in :mod:`greenrisk.actuarial.layers.layer`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from greenrisk.actuarial.arguments import keep, number, numbers, within
from greenrisk.actuarial.layers.events import EventTable, Floats, annual_sum


def limit_factor(payments: ArrayLike, limit: float) -> Floats:
    """Return the factor by which a limit scales each payment.

    Parameters
    ----------
    payments : array, any shape
        Payments before the limit [unit of the loss], >= 0.
    limit : float
        Most that is paid [unit of the loss], > 0; inf: no limit.

    Returns
    -------
    array, as ``payments``
        ``min(1, limit / payment)`` [unitless]; 1 where the payment is 0.
    """
    values = numbers("payments", payments, least=0.0, unit="unit of the loss")
    number("limit", limit, above=0.0, infinite=True, unit="unit of the loss")
    return np.ones_like(values) if math.isinf(limit) else limit / np.maximum(values, limit)


@dataclass(frozen=True)
class LimitedEvents:
    """Events after the limits of the policy.

    Parameters
    ----------
    factor : array, shape (event,)
        What is left of each event's payment [unitless]; the payment of a site scales with the factor of its
        event.
    payments : EventTable
        Payments after both limits [unit of the loss].
    """

    factor: Floats
    payments: EventTable


@dataclass(frozen=True)
class PolicyLimits:
    """Limits of the policy, in inuring order: each event first, then the year.

    Parameters
    ----------
    event : float
        Most that one event can cost [unit of the loss], > 0; inf: no limit.
    annual : float
        Most that a year can cost [unit of the loss], > 0; inf: no limit.
    """

    event: float = math.inf
    annual: float = math.inf

    def __post_init__(self) -> None:
        """Refuse limits that are not > 0."""
        positive = within(above=0.0, infinite=True, unit="unit of the loss")
        keep(self, event=positive, annual=positive)

    def apply(self, events: EventTable) -> LimitedEvents:
        """Return the events after both limits.

        Parameters
        ----------
        events : EventTable
            Payments before the limits.

        Notes
        -----
        The annual limit is shared pro rata to the payments of the year, not in the order of the events: a wording
        that settles at the year's end shares the limit so, and a table without times cannot tell the order.
        """
        by_event = np.minimum(events.loss, self.event)
        of_year = limit_factor(annual_sum(by_event, events.year, events.n_years), self.annual)[events.year]
        return LimitedEvents(
            factor=limit_factor(events.loss, self.event) * of_year,
            payments=events.with_loss(by_event * of_year),
        )
