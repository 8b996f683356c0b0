# SPDX-License-Identifier: Apache-2.0
"""Limits and reinsurance over the event table: event limit, annual limit, quota share, stop loss, in
inuring order.

An event table is two arrays: ``payments`` (event,) [CNY] and ``year`` (event,), the year of each event
counted from 0. Nothing here knows of trees or plants; what a single site is paid lives in the wings. Every
split keeps ``gross = net + ceded``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greenrisk.core.errors import ArgumentError, Fault, Faults


def annual_sum(payments: ArrayLike, year: ArrayLike, n_years: int) -> NDArray[np.float64]:
    """Return the sum of each year's payments.

    Parameters
    ----------
    payments : array, shape (event,)
        Payments [CNY].
    year : array of int, shape (event,)
        Year of each event, in [0, n_years).
    n_years : int
        How many years, those without an event included.

    Returns
    -------
    array, shape (n_years,)
        [CNY/year]
    """
    weights = np.asarray(payments, dtype=np.float64)
    # bincount without weights would count; an empty table must give money, not integers.
    sums = np.bincount(_years(year, n_years, weights.size), weights=weights, minlength=n_years)
    return sums.astype(np.float64)


def annual_largest(payments: ArrayLike, year: ArrayLike, n_years: int) -> NDArray[np.float64]:
    """Return the largest payment of each year, 0 for a year without an event.

    Parameters
    ----------
    payments : array, shape (event,)
        Payments [CNY], >= 0.
    year : array of int, shape (event,)
        Year of each event, in [0, n_years).
    n_years : int
        How many years.

    Returns
    -------
    array, shape (n_years,)
        [CNY]
    """
    values = np.asarray(payments, dtype=np.float64)
    largest = np.zeros(n_years)
    np.maximum.at(largest, _years(year, n_years, values.size), values)
    return largest


def event_limit_factor(payments: ArrayLike, limit: float | None) -> NDArray[np.float64]:
    """Return the factor by which an event limit scales each event.

    Parameters
    ----------
    payments : array, shape (event,)
        Payments before the limit [CNY], >= 0.
    limit : float or None
        Most that one event can cost [CNY], > 0; None: no limit.

    Returns
    -------
    array, shape (event,)
        ``min(1, limit / payment)`` [unitless]; 1 where the payment is 0.
    """
    values = np.asarray(payments, dtype=np.float64)
    if limit is None:
        return np.ones_like(values)
    _positive("limit", limit)
    return limit / np.maximum(values, limit)


def apply_event_limit(payments: ArrayLike, limit: float | None) -> NDArray[np.float64]:
    """Return the payments after the event limit, ``min(payment, limit)``.

    Parameters
    ----------
    payments : array, shape (event,)
        Payments [CNY], >= 0.
    limit : float or None
        Most that one event can cost [CNY], > 0; None: no limit.
    """
    values = np.asarray(payments, dtype=np.float64)
    if limit is None:
        return values.copy()
    _positive("limit", limit)
    return np.minimum(values, limit)


def annual_limit_factor(
    payments: ArrayLike, year: ArrayLike, n_years: int, limit: float | None
) -> NDArray[np.float64]:
    """Return the factor by which an annual aggregate limit scales every event of a year.

    Parameters
    ----------
    payments : array, shape (event,)
        Payments after the event limit [CNY], >= 0.
    year : array of int, shape (event,)
        Year of each event, in [0, n_years).
    n_years : int
        How many years.
    limit : float or None
        Most that a year can cost [CNY], > 0; None: no limit.

    Returns
    -------
    array, shape (n_years,)
        ``min(1, limit / sum of the year)`` [unitless]; 1 in a year without payments.

    Notes
    -----
    Pro rata to the payments of the year, not in the order of the events: the model has no dates within a
    year, and a wording that settles at the year's end shares the limit so.
    """
    return event_limit_factor(annual_sum(payments, year, n_years), limit)


@dataclass(frozen=True)
class LimitedEvents:
    """Events after the limits of the policy.

    Parameters
    ----------
    factor : array, shape (event,)
        What is left of each event's payment [unitless]; the payment of a site scales with the factor of its
        event.
    payments : array, shape (event,)
        Payments after both limits [CNY].
    annual : array, shape (year,)
        Their sum by year [CNY/year].
    largest : array, shape (year,)
        The largest of each year [CNY].
    """

    factor: NDArray[np.float64]
    payments: NDArray[np.float64]
    annual: NDArray[np.float64]
    largest: NDArray[np.float64]


@dataclass(frozen=True)
class PolicyLimits:
    """Limits of the policy, in inuring order: each event first, then the year.

    Parameters
    ----------
    event : float or None
        Most that one event can cost [CNY], > 0; None: no limit.
    annual : float or None
        Most that a year can cost [CNY], > 0; None: no limit.
    """

    event: float | None = None
    annual: float | None = None

    def apply(self, payments: ArrayLike, year: ArrayLike, n_years: int) -> LimitedEvents:
        """Return the events after both limits.

        Parameters
        ----------
        payments : array, shape (event,)
            Payments before the limits [CNY], >= 0.
        year : array of int, shape (event,)
            Year of each event, in [0, n_years).
        n_years : int
            How many years.
        """
        values = np.asarray(payments, dtype=np.float64)
        years = _years(year, n_years, values.size)
        by_event = apply_event_limit(values, self.event)
        of_year = annual_limit_factor(by_event, years, n_years, self.annual)
        limited = by_event * of_year[years]
        return LimitedEvents(
            factor=event_limit_factor(values, self.event) * of_year[years],
            payments=limited,
            annual=annual_sum(limited, years, n_years),
            largest=annual_largest(limited, years, n_years),
        )


@dataclass(frozen=True)
class Ceded:
    """A gross amount split into what is kept and what is ceded; ``gross = net + ceded``.

    Parameters
    ----------
    gross, net, ceded : array
        Amounts of one shape [CNY].
    """

    gross: NDArray[np.float64]
    net: NDArray[np.float64]
    ceded: NDArray[np.float64]


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
        if not 0.0 <= self.share <= 1.0:
            raise ArgumentError(
                Fault("share", f"share = {self.share:g}", "A quota share lies in [0, 1].", "unitless")
            )

    def apply(self, losses: ArrayLike) -> Ceded:
        """Return the split of losses or premiums.

        Parameters
        ----------
        losses : array
            Losses or premiums [CNY].
        """
        gross = np.asarray(losses, dtype=np.float64)
        ceded = self.share * gross
        return Ceded(gross, gross - ceded, ceded)


@dataclass(frozen=True)
class StopLoss:
    """The reinsurer pays the part of a year's loss ratio between ``attachment`` and ``attachment + limit``.

    Parameters
    ----------
    attachment : float
        Loss ratio above which it pays [unitless], >= 0.
    limit : float
        Width of the layer, in loss ratio [unitless], > 0.
    """

    attachment: float
    limit: float

    def __post_init__(self) -> None:
        """Refuse a negative attachment or an empty layer."""
        faults = Faults()
        if not self.attachment >= 0:
            faults.add("attachment", f"attachment = {self.attachment:g}", "It must be >= 0.", "unitless")
        if not self.limit > 0:
            faults.add("limit", f"limit = {self.limit:g}", "It must be > 0.", "unitless")
        faults.raise_if_any(ArgumentError)

    def apply(self, annual_losses: ArrayLike, premium: float) -> Ceded:
        """Return the split of annual losses.

        Parameters
        ----------
        annual_losses : array, shape (year,)
            Losses before the stop loss, net of what inures to its benefit [CNY/year], >= 0.
        premium : float
            The gross premium retained before the stop loss; the base of the loss ratio [CNY/year], >= 0.
        """
        gross = np.asarray(annual_losses, dtype=np.float64)
        ceded = np.clip(gross - self.attachment * premium, 0.0, self.limit * premium)
        return Ceded(gross, gross - ceded, ceded)


@dataclass(frozen=True)
class Programme:
    """Reinsurance in inuring order: the quota share first, then the stop loss on what is retained.

    Parameters
    ----------
    quota_share : QuotaShare or None
        None: none.
    stop_loss : StopLoss or None
        None: none.
    """

    quota_share: QuotaShare | None = None
    stop_loss: StopLoss | None = None

    def apply(self, annual_losses: ArrayLike, premium: float) -> Ceded:
        """Return the split of annual losses between the insurer (net) and all reinsurers (ceded).

        Parameters
        ----------
        annual_losses : array, shape (year,)
            Gross losses [CNY/year], >= 0.
        premium : float
            Gross premium before any reinsurance [CNY/year], >= 0; the stop loss works on the retained part
            of it.
        """
        gross = np.asarray(annual_losses, dtype=np.float64)
        net, retained_premium = gross, premium
        if self.quota_share is not None:
            net = self.quota_share.apply(gross).net
            retained_premium = premium * (1.0 - self.quota_share.share)
        if self.stop_loss is not None:
            net = self.stop_loss.apply(net, retained_premium).net
        return Ceded(gross, net, gross - net)


def _positive(name: str, value: float) -> None:
    if not value > 0:
        raise ArgumentError(
            Fault(name, f"{name} = {value:g}", "A limit must be > 0; leave it out for none.", "CNY")
        )


def _years(year: ArrayLike, n_years: int, n_events: int) -> NDArray[np.int64]:
    years = np.asarray(year, dtype=np.int64)
    if years.shape != (n_events,):
        raise ArgumentError(
            Fault("year", f"shape {years.shape}", f"One year for each of the {n_events} events was expected.")
        )
    if years.size and (years.min() < 0 or years.max() >= n_years):
        raise ArgumentError(
            Fault("year", f"from {years.min()} to {years.max()}", f"Years must lie in [0, {n_years}).")
        )
    return years
