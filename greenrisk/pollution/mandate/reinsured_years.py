# SPDX-License-Identifier: Apache-2.0
"""What reinsurance takes of the zone's events, block by block, and what it costs.

What lives here: events of the zone as the library's event table, sums by year and cover, prices. What does not: how
covers pay (:mod:`greenrisk.actuarial.layers`) and how a user writes them
(:mod:`greenrisk.pollution.mandate.pool_spec`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from greenrisk.actuarial.arguments import number
from greenrisk.actuarial.exceedance import return_level
from greenrisk.actuarial.layers.events import EventTable
from greenrisk.actuarial.measures import mean_and_standard_error
from greenrisk.core.errors import ArgumentError, Fault
from greenrisk.pollution.liability.events import Accidents
from greenrisk.pollution.liability.terms import Paid
from greenrisk.pollution.mandate.pool_spec import ZoneQuotaShareSpec, ZoneReinsuranceSpec

Floats = NDArray[np.float64]


def event_table(accidents: Accidents, paid: Paid) -> EventTable:
    """Return what policies pay of each event of the zone: the accidents of one shock are one event.

    Parameters
    ----------
    accidents : Accidents
        Of whole years, sorted by time.
    paid : Paid
        What policies pay of them.
    """
    if len(accidents) == 0:
        nothing = np.zeros(0)
        return EventTable.of(nothing, np.zeros(0, dtype=np.int64), accidents.years, nothing)
    first = np.flatnonzero(np.r_[True, accidents.event[1:] != accidents.event[:-1]])
    return EventTable.of(
        np.add.reduceat(paid.total, first), accidents.year[first], accidents.years, accidents.time[first]
    )


def reinsured_part(accidents: Accidents, paid: Paid, spec: ZoneReinsuranceSpec) -> xr.Dataset:
    """Return what the covers take of a block.

    Parameters
    ----------
    accidents : Accidents
        Of whole years.
    paid : Paid
        What policies pay of them.
    spec : ZoneReinsuranceSpec
        The covers.

    Returns
    -------
    xarray.Dataset
        By ``year``: ``gross`` and ``net`` payments [CNY]; by ``year`` and ``cover``: ``ceded`` [CNY] and
        ``reinstated``: reinstatement premium due as a share of the cover's premium [1].
    """
    events = event_table(accidents, paid)
    taken = spec.programme().cede(events)
    reinstated = [step.annual_reinstatement_premium(1.0) for step in taken.steps]
    none = np.zeros((accidents.years, 0))
    return xr.Dataset(
        {
            "gross": ("year", events.annual_sum()),
            "net": ("year", taken.net.annual_sum()),
            "ceded": (("year", "cover"), taken.annual_ceded_by_step()),
            "reinstated": (("year", "cover"), np.stack(reinstated, axis=1) if reinstated else none),
        }
    )


@dataclass(frozen=True, eq=False)
class ReinsuredYears:
    """Years of a pool or insurer after reinsurance.

    Parameters
    ----------
    gross, net : array, shape (years,)
        Payments before and after [CNY].
    ceded, reinstated : array, shape (years, covers)
        What each cover pays [CNY], and reinstatement premium over its premium [unitless].
    """

    gross: Floats
    net: Floats
    ceded: Floats
    reinstated: Floats

    @classmethod
    def of(cls, parts: Iterable[xr.Dataset]) -> ReinsuredYears:
        """Put blocks together, in their order.

        Parameters
        ----------
        parts : iterable of Dataset
            From :func:`reinsured_part`, at least one.
        """
        read = [[part[name].values for name in ("gross", "net", "ceded", "reinstated")] for part in parts]
        if not read:
            raise ArgumentError(Fault("parts", "no part", "The years of at least one block were expected."))
        return cls(*(np.concatenate(column) for column in zip(*read, strict=True)))


def cover_premiums(years: ReinsuredYears, spec: ZoneReinsuranceSpec, premium: float) -> tuple[Floats, Floats]:
    """Return the premium of each cover and the commission on it, shapes (covers,) [CNY/year].

    Parameters
    ----------
    years : ReinsuredYears
        Simulated years.
    spec : ZoneReinsuranceSpec
        The covers.
    premium : float
        Gross premium of the zone, >= 0 [CNY/year].

    Notes
    -----
    A quota share takes its share of the premium that the covers before it left. Any other cover costs what the user
    says, or on average what it pays: E[ceded] = P (1 + E[reinstated]), without a loading.
    """
    left = number("premium", premium, least=0.0, unit="CNY/year")
    costs, commission = np.zeros(len(spec.covers)), np.zeros(len(spec.covers))
    for place, cover in enumerate(spec.covers):
        if isinstance(cover, ZoneQuotaShareSpec):
            costs[place] = cover.share * left
            commission[place] = cover.commission * costs[place]
            left -= costs[place]
        elif cover.premium_cny is not None:
            costs[place] = cover.premium_cny
        else:
            costs[place] = years.ceded[:, place].mean() / (1.0 + years.reinstated[:, place].mean())
    return costs, commission


def reinsurance_group(
    years: ReinsuredYears,
    spec: ZoneReinsuranceSpec,
    premium: float,
    periods: tuple[float, ...] = (10.0, 100.0),
) -> xr.Dataset:
    """Return the group ``reinsurance``.

    Parameters
    ----------
    years : ReinsuredYears
        Simulated years.
    spec : ZoneReinsuranceSpec
        The covers.
    premium : float
        Gross premium of the zone, >= 0 [CNY/year].
    periods : tuple of float
        Return periods [year].

    Returns
    -------
    xarray.Dataset
        By ``cover``: ``premium``, ``commission``, expected ``ceded`` with ``ceded_standard_error``,
        ``reinstatement_premium`` [CNY/year], ``used``: share of years in which it pays [1]; by ``return_period``:
        ``gross`` and ``net`` payments of a year [CNY], NaN where the years do not reach so far; without dimension
        ``expected_gross``, ``expected_net`` and ``net_cost`` = expected net payments, premiums and reinstatement
        premiums less commissions [CNY/year].
    """
    costs, commission = cover_premiums(years, spec, premium)
    ceded = [mean_and_standard_error(np.ascontiguousarray(column)) for column in years.ceded.T]
    again = costs * years.reinstated.mean(axis=0)
    levels = np.array(periods)
    net = float(years.net.mean() + costs.sum() + again.sum() - commission.sum())
    by_cover = {
        "premium": (costs, "CNY/year", "Premium of the cover"),
        "commission": (commission, "CNY/year", "Commission on it"),
        "ceded": (np.array([one.value for one in ceded]), "CNY/year", "Expected payments of the cover"),
        "ceded_standard_error": (
            np.array([one.standard_error for one in ceded]),
            "CNY/year",
            "Their standard error",
        ),
        "reinstatement_premium": (again, "CNY/year", "Expected reinstatement premium"),
        "used": ((years.ceded > 0.0).mean(axis=0), "1", "Share of years in which the cover pays"),
    }
    data: dict[str, tuple[tuple[str, ...], NDArray[np.generic] | float, dict[str, str]]] = {
        name: (("cover",), values, {"units": unit, "long_name": told})
        for name, (values, unit, told) in by_cover.items()
    }
    for name, annual in (("gross", years.gross), ("net", years.net)):
        told = f"Payments of a year, {'before' if name == 'gross' else 'after'} reinsurance"
        data[name] = (
            ("return_period",),
            return_level(np.ascontiguousarray(annual), periods, beyond=float("nan")),
            {"units": "CNY", "long_name": told},
        )
    for name, amount, told in (
        ("expected_gross", float(years.gross.mean()), "Expected payments before reinsurance"),
        ("expected_net", float(years.net.mean()), "Expected payments after reinsurance"),
        ("net_cost", net, "Expected net payments and premiums of reinsurance less commissions"),
    ):
        data[name] = ((), amount, {"units": "CNY/year", "long_name": told})
    return xr.Dataset(data, coords={"cover": list(spec.labels), "return_period": levels})
