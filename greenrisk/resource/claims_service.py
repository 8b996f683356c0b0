# SPDX-License-Identifier: Apache-2.0
"""The claims service over all simulated years: the advance and the balance as cash, and the load on the inspectors.

What lives here: what the report shows of it. What does not: the queue of one block (:mod:`.claims_queue`), what is paid
(:mod:`.settlement`), and the fixed loss degree of pests (:mod:`.perils.pest`). A claim is a damage of a stand that is
paid, as everywhere.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import xarray as xr

from greenrisk.actuarial.exceedance import return_level
from greenrisk.actuarial.measures import mean_and_standard_error
from greenrisk.core.ledger import Ledger
from greenrisk.resource.claims_queue import MONTHS, MONTHS_AFTER, PAYMENTS, WAITS
from greenrisk.resource.claims_spec import ClaimsServiceSpec
from greenrisk.resource.perils.base import DAYS, Floats

PERIODS: Final = (10.0, 100.0)
"""Return periods of cash and load [year]."""

LAST_DAY: Final = 120
"""Last day of the curve of claims not inspected yet [day]."""


ALL: Final = "all"
"""Label of the row of all perils."""


@dataclass(frozen=True, eq=False)
class ClaimsYears:
    """What the parts of a run say of the claims service, put together.

    Parameters
    ----------
    cash : array, shape (year, MONTHS)
        Payments by month since inception [CNY].
    largest : array, shape (year, peril)
        Claims of the largest event [1].
    wait : array, shape (year,)
        Longest wait for an inspection [day].
    calendar : array, shape (MONTHS, 2)
        Advances and balances of all years by month since inception [CNY].
    after : array, shape (MONTHS_AFTER, 2)
        The same by month after the event [CNY].
    waits : array, shape (len(WAITS),)
        Claims of all years by days waited [1].
    """

    cash: Floats
    largest: Floats
    wait: Floats
    calendar: Floats
    after: Floats
    waits: Floats

    @property
    def years(self) -> int:
        """How many years were simulated."""
        return int(self.wait.size)


BY_YEAR: Final = {"service_cash": "cash", "service_largest": "largest", "service_wait": "wait"}
"""Variables of a part that have a row for each year, and the fields that they fill."""

SUMS: Final = {"service_calendar": "calendar", "service_after": "after", "service_waits": "waits"}
"""Variables of a part that are added up."""


def claims_years(parts: Iterable[xr.Dataset]) -> ClaimsYears:
    """Put the parts of a run together, in the order of the blocks.

    Parameters
    ----------
    parts : iterable of xarray.Dataset
        At least one, each as :func:`claims_part` returns it.
    """
    read = [{name: part[name].values for name in (*BY_YEAR, *SUMS)} for part in parts]
    by_year = {field: np.concatenate([part[name] for part in read]) for name, field in BY_YEAR.items()}
    sums = {field: np.sum([part[name] for part in read], axis=0) for name, field in SUMS.items()}
    return ClaimsYears(**by_year, **sums)


def claims_service(
    found: ClaimsYears, kinds: Sequence[str], spec: ClaimsServiceSpec, ledger: Ledger
) -> dict[str, xr.Dataset]:
    """Return the groups below ``/claims_service``.

    Parameters
    ----------
    found : ClaimsYears
        The simulated years.
    kinds : sequence of str
        Perils in the order of the years.
    spec : ClaimsServiceSpec
        As the parts were made with.
    ledger : Ledger
        Told what was taken for granted, and whether the inspectors can keep up at all.

    Returns
    -------
    dict of str to xarray.Dataset
        ``/claims_service/cash`` by ``month`` since inception: ``advance``, ``balance``, ``expected`` with its
        ``standard_error``, and ``total`` by ``return_period`` of each month on its own; by ``return_period``
        ``largest_month`` of a year [CNY].
        ``/claims_service/after_event`` by ``month_after``: ``advance`` and ``balance`` as shares of all payments [1].
        ``/claims_service/load`` by ``return_period``: ``claims`` of the largest event of a year by ``peril`` and
        ``days`` to inspect them, ``wait``: the longest of a year [day], ``needed``: inspections a day that end the
        largest event of any peril in time [1/day]; ``open`` by ``day`` after that event: claims not inspected yet [1].
        ``/claims_service/waits`` by ``days``: least days of the class, ``claims`` a year [1/year] and ``at_least``:
        share of claims that wait so long or longer [1].
    """
    years, capacity = found.years, spec.inspections_a_day
    periods = np.array(PERIODS)
    spread = [mean_and_standard_error(found.cash[:, month]) for month in range(MONTHS)]
    levels = np.array([_levels(found.cash[:, month]) for month in range(MONTHS)])
    cash = xr.Dataset(
        {
            **{
                name: ("month", found.calendar[:, column] / years, {"units": "CNY"})
                for column, name in enumerate(PAYMENTS)
            },
            "expected": ("month", np.array([one.value for one in spread]), {"units": "CNY"}),
            "standard_error": ("month", np.array([one.standard_error for one in spread]), {"units": "CNY"}),
            "total": (("month", "return_period"), levels, {"units": "CNY"}),
            "largest_month": ("return_period", _levels(found.cash.max(axis=1)), {"units": "CNY"}),
        },
        coords={"month": np.arange(1, MONTHS + 1), "return_period": periods},
        attrs={"advance_share": spec.advance_share, "last_month": f"{MONTHS} or later"},
    )
    paid = float(found.after.sum())
    after = xr.Dataset(
        {
            name: (
                "month_after",
                found.after[:, column] / paid if paid > 0 else found.after[:, column],
                {"units": "1"},
            )
            for column, name in enumerate(PAYMENTS)
        },
        coords={"month_after": np.arange(MONTHS_AFTER)},
    )
    columns = [found.largest.max(axis=1), *found.largest.T]
    claims = np.array([_levels(column) for column in columns])
    day = np.arange(LAST_DAY + 1)
    load = xr.Dataset(
        {
            "claims": (("peril", "return_period"), claims, {"units": "1"}),
            "days": (("peril", "return_period"), claims / capacity, {"units": "day"}),
            "wait": ("return_period", _levels(found.wait), {"units": "day"}),
            "needed": ("return_period", claims[0] / spec.inspect_within_days, {"units": "1/day"}),
            "open": (
                ("day", "return_period"),
                np.maximum(claims[0] - capacity * day[:, None], 0.0),
                {"units": "1"},
            ),
        },
        coords={"peril": np.array([ALL, *kinds]), "return_period": periods, "day": day},
        attrs={"inspections_a_day": capacity, "inspect_within_days": spec.inspect_within_days},
    )
    total = float(found.waits.sum())
    behind = np.cumsum(found.waits[::-1])[::-1]
    waits = xr.Dataset(
        {
            "claims": ("days", found.waits / years, {"units": "1/year"}),
            "at_least": ("days", behind / total if total > 0 else behind, {"units": "1"}),
        },
        coords={"days": np.array(WAITS)},
    )
    _tell(found, total / years, spec, ledger)
    return {
        "/claims_service/cash": cash,
        "/claims_service/after_event": after,
        "/claims_service/load": load,
        "/claims_service/waits": waits,
    }


def _tell(found: ClaimsYears, claims: float, spec: ClaimsServiceSpec, ledger: Ledger) -> None:
    ledger.add(
        "assumption",
        "claims service: cash",
        f"{spec.advance_share:.0%} of the payment is advanced after {spec.days_to_advance} days - the estimate is "
        f"taken to be right, and every peril advanced on - the rest paid {spec.days_to_settlement} days after "
        "inspection.",
        status="illustrative",
        source="advance share: State Forestry news 2013 (Guangxi); days: judgement",
    )
    ledger.add(
        "assumption",
        "claims service: inspections",
        f"{spec.inspections_a_day:g} stands a day, every claim reported on the day of its event and inspected once, in "
        "the order of events; a year starts without a backlog.",
        status="illustrative",
        source="judgement",
    )
    if claims > spec.inspections_a_day * DAYS:
        ledger.add(
            "unreliable",
            "claims service: inspections",
            f"{claims:,.0f} claims in a mean year are more than {spec.inspections_a_day * DAYS:,.0f} inspections: the "
            "queue would grow from year to year, which is not followed.",
        )
    late = float(found.calendar[-1].sum())
    if late > 0:
        ledger.add(
            "clipped",
            "claims service: cash",
            f"{late / float(found.calendar.sum()):.2%} of the payments fall into month {MONTHS} after inception or "
            f"later and are shown in month {MONTHS}.",
        )


def _levels(annual: Floats) -> Floats:
    return return_level(np.ascontiguousarray(annual), PERIODS, beyond=math.nan)
