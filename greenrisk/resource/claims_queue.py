# SPDX-License-Identifier: Apache-2.0
"""The queue before the inspectors: when each claim of a block of years is inspected, advanced on and paid."""

from __future__ import annotations

from typing import Final

import numpy as np
import xarray as xr

from greenrisk.core.compiled import compiled
from greenrisk.resource.claims_spec import ClaimsServiceSpec
from greenrisk.resource.perils.base import DAYS, Floats, Integers
from greenrisk.resource.settlement import Payments

MONTHS: Final = 18
"""Months of cash from inception on, each a twelfth of 365 days; what is paid later falls into the last."""

MONTHS_AFTER: Final = 13
"""Months of cash after an event; what is paid later falls into the last."""

WAITS: Final = (0, 1, 2, 3, 5, 7, 10, 14, 21, 30, 45, 60, 90, 120, 180, 365)
"""Least days of waiting of each class of the table of waits [day]."""

PAYMENTS: Final = ("advance", "balance")
"""What a claim is paid in, in this order."""


def claims_part(payments: Payments, spec: ClaimsServiceSpec, inception_day: int) -> xr.Dataset:
    """Reduce a block to when its claims are inspected and paid.

    Parameters
    ----------
    payments : Payments
        What one block of years costs.
    spec : ClaimsServiceSpec
        Advance, days and inspectors.
    inception_day : int
        First day of the policy year, 0 for 1 January.

    Returns
    -------
    xarray.Dataset
        By year: ``service_cash`` (year, service_month) [CNY], ``service_largest`` (year, peril): claims of the largest
        event [1], ``service_wait`` (year): longest wait for an inspection [day]. To be added up over blocks:
        ``service_calendar`` (service_month, payment), ``service_after`` (service_month_after, payment) [CNY],
        ``service_waits`` (wait): claims by days waited [1].

    Notes
    -----
    Claims are reported on the day of their event and inspected in the order of events, ``inspections_a_day`` of them a
    day: with a backlog of b, the j-th claim of an event (from 0) waits floor((b + j) / c) days. Each policy year starts
    without a backlog, and its events are taken in the order of the policy's own days. The estimate is taken to be
    the payment, so that the balance is the rest of it; a claim settled before the advance is due is paid at once.
    """
    years, events = payments.years, payments.event_year.size
    day = (payments.event_day - inception_day) % DAYS
    cash, calendar = np.zeros((years, MONTHS)), np.zeros((MONTHS, len(PAYMENTS)))
    after, waits = np.zeros((MONTHS_AFTER, len(PAYMENTS))), np.zeros(len(WAITS))
    largest, longest = np.zeros((years, len(payments.perils))), np.zeros(years)
    _serve(
        np.lexsort((np.arange(events), day, payments.event_year)),
        payments.event_year,
        day,
        payments.event_peril,
        np.searchsorted(payments.event, np.arange(events + 1)),
        payments.gross,
        spec.inspections_a_day,
        spec.days_to_advance,
        spec.days_to_settlement,
        spec.advance_share,
        np.array(WAITS),
        (cash, largest, longest, calendar, after, waits),
    )
    return xr.Dataset(
        {
            "service_cash": (("year", "service_month"), cash),
            "service_largest": (("year", "peril"), largest),
            "service_wait": ("year", longest),
            "service_calendar": (("service_month", "payment"), calendar),
            "service_after": (("service_month_after", "payment"), after),
            "service_waits": ("wait", waits),
        }
    )


def _serve_kernel(
    order: Integers,
    event_year: Integers,
    day: Integers,
    event_peril: Integers,
    first_hit: Integers,
    gross: Floats,
    capacity: float,
    to_advance: int,
    to_settlement: int,
    advance_share: float,
    classes: Integers,
    found: tuple[Floats, Floats, Floats, Floats, Floats, Floats],
) -> None:
    """Serve the claims of every event in the order of their days, and write down when each is inspected and paid."""
    cash, largest, longest, calendar, after, waits = found
    year, last, backlog = np.int64(-1), np.int64(0), 0.0
    for event in order:
        if event_year[event] != year:
            year, backlog = event_year[event], 0.0
        else:
            backlog = max(backlog - capacity * (day[event] - last), 0.0)
        last = day[event]
        claims = 0
        for hit in range(first_hit[event], first_hit[event + 1]):
            if gross[hit] <= 0.0:
                continue
            wait = int((backlog + claims) / capacity)
            claims += 1
            longest[year] = max(longest[year], wait)
            waits[np.searchsorted(classes, wait, side="right") - 1] += 1.0
            settled = wait + to_settlement
            for payment in range(2):
                later = min(to_advance, settled) if payment == 0 else settled
                amount = gross[hit] * (advance_share if payment == 0 else 1.0 - advance_share)
                month = min((last + later) * 12 // DAYS, MONTHS - 1)
                cash[year, month] += amount
                calendar[month, payment] += amount
                after[min(later * 12 // DAYS, MONTHS_AFTER - 1), payment] += amount
        largest[year, event_peril[event]] = max(largest[year, event_peril[event]], claims)
        backlog += claims


_serve = compiled(_serve_kernel)
