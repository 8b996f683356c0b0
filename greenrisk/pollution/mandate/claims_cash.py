# SPDX-License-Identifier: Apache-2.0
"""Money of a claim day by day: what arises, who has paid how much of it, and who waits.

What lives here: the cash flow along the stages of a claim. What does not: the stages
(:mod:`greenrisk.pollution.mandate.claims_stages`) and who bears what in the end
(:mod:`greenrisk.pollution.mandate.above_limit`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike, NDArray

from greenrisk.actuarial.arguments import every, number, numbers
from greenrisk.core.errors import ArgumentError, Fault
from greenrisk.pollution.liability.events import DAYS
from greenrisk.pollution.mandate.claims_stages import Stages, timeline
from greenrisk.pollution.mandate.mandate_tables import PATHS
from greenrisk.pollution.severity.heads import HEADS

Floats = NDArray[np.float64]

MONTHS: Final = 12
"""Months of a year."""


@dataclass(frozen=True)
class Bill:
    """Who bears a claim in the end.

    Parameters
    ----------
    insurer, operator, public : float
        Their parts, >= 0 [CNY].
    """

    insurer: float
    operator: float
    public: float

    @property
    def total(self) -> float:
        """The whole claim [CNY]."""
        return self.insurer + self.operator + self.public


def bills(loss: float, insured: float, estate: float, never_found: float) -> dict[str, Bill]:
    """Return who bears a claim in the end, by path.

    Parameters
    ----------
    loss : float
        What the claim costs, >= 0 [CNY].
    insured : float
        What the policy pays of it, <= loss [CNY].
    estate : float
        What an insolvent operator's estate pays of the rest, >= 0 [CNY].
    never_found : float
        Share of the polluters, not known at first, who never are [unitless], in [0, 1].

    Notes
    -----
    Known: insurer and operator. Unknown: in the mean over claims, insurer and operator pay where the polluter is found,
    the public purse where not. Insolvent: insurer, then the estate, the public purse (or nobody) the rest.
    """
    every(
        lambda: number("loss", loss, least=0.0, unit="CNY"),
        lambda: number("insured", insured, least=0.0, most=loss * (1.0 + 1e-12), unit="CNY"),
        lambda: number("estate", estate, least=0.0, unit="CNY"),
        lambda: number("never_found", never_found, least=0.0, most=1.0, unit="unitless"),
    )
    rest, found = max(loss - insured, 0.0), 1.0 - never_found
    from_estate = min(estate, rest)
    return {
        "known": Bill(insured, rest, 0.0),
        "unknown": Bill(found * insured, found * rest, never_found * (insured + rest)),
        "insolvent": Bill(insured, from_estate, rest - from_estate),
    }


def cash_flow(
    stages: Stages, loss: ArrayLike, borne: Mapping[str, Bill], advance_share: float, weekday: int = 0
) -> xr.Dataset:
    """Return the group ``claims_cash``: money of a claim by path and day.

    Parameters
    ----------
    stages : mapping of str to tuple of Stage
        Stages of every path.
    loss : array, shape (heads,)
        What the claim costs under each head, >= 0 [CNY].
    borne : mapping of str to Bill
        Who bears it in the end, by path; each adds up to the cost.
    advance_share : float
        Share of the insurer's payment that is certain when it must advance [unitless], in [0, 1].
    weekday : int
        Weekday of the accident, 0: Monday.

    Returns
    -------
    xarray.Dataset
        By ``path`` and ``day`` since the accident: ``cost`` that has arisen, ``insurer``, ``operator``, ``public``:
        what they have paid, net of what they got back, ``gap``: cost less all payments, what victims and contractors
        wait for [CNY], where negative paid before the cost arose; by ``path``: ``largest_gap`` [CNY], ``gap_days``: the
        sum of positive gaps over days [CNY day], ``first_payment``, ``last_payment`` of the insurer [day].

    Raises
    ------
    ArgumentError
        If a bill does not add up to the cost, or an argument is out of its domain.

    Notes
    -----
    Costs arise evenly over their stage; the insurer pays at the end of its stages, the advance only where it comes
    before the balance. The public purse, where a path has it, pays for the emergency response in advance; what of
    that it need not bear in the end is given back at the balance, what it bears beyond that falls due at the last
    stage.
    """
    cost = numbers("loss", loss, least=0.0, dimensions=1, unit="CNY")
    certain = number("advance_share", advance_share, least=0.0, most=1.0, unit="unitless")
    if cost.shape != (len(HEADS),):
        mend = f"One number for each of the {len(HEADS)} heads was expected."
        raise ArgumentError(Fault("loss", f"loss of shape {cost.shape}", mend, "CNY"))
    total = float(cost.sum())
    for path in stages:
        if abs(borne[path].total - total) > 1e-9 * max(total, 1.0):
            what = f"{path}: {borne[path].total:,.2f} of {total:,.2f}"
            raise ArgumentError(
                Fault("borne", what, "Insurer, operator and public purse bear it all.", "CNY")
            )
    laid = timeline(stages, weekday)
    last = int(np.ceil(float(laid["end"].max()))) + 1
    day = np.arange(last + 1, dtype=np.float64)
    names = ("cost", "insurer", "operator", "public")
    flows = {name: np.zeros((len(stages), day.size)) for name in names}
    ends = np.zeros((len(stages), 2))
    for place, (path, parts) in enumerate(stages.items()):
        rows = laid["path"].values == path
        start = dict(zip(laid["stage"].values[rows], laid["start"].values[rows], strict=True))
        end = dict(zip(laid["stage"].values[rows], laid["end"].values[rows], strict=True))
        at = {stage.money: stage.name for stage in parts if stage.money not in ("none", "cost")}
        bill, due = borne[path], end[at["balance"]]
        for stage in parts:
            for head in stage.heads:
                amount = cost[HEADS.index(head)]
                flows["cost"][place] += amount * _evenly(day, start[stage.name], end[stage.name])
        advances = "advance" in at and end[at["advance"]] < due
        early = certain * bill.insurer if advances else 0.0
        flows["insurer"][place] += (bill.insurer - early) * (day >= due)
        if advances:
            flows["insurer"][place] += early * (day >= end[at["advance"]])
        ends[place] = end[at["advance"]] if early > 0.0 else due, due
        if "operator" in at:
            flows["operator"][place] += bill.operator * _evenly(
                day, start[at["operator"]], end[at["operator"]]
            )
        else:
            flows["operator"][place] += bill.operator * (day >= end[at["estate"]])
        ahead = 0.0
        if "public" in at:
            ahead = float(cost[HEADS.index("emergency_response")])
            flows["public"][place] += ahead * _evenly(day, start[at["public"]], end[at["public"]])
            flows["public"][place] -= max(ahead - bill.public, 0.0) * (day >= due)
        flows["public"][place] += max(bill.public - ahead, 0.0) * (day >= max(end.values()))
    gap = flows["cost"] - flows["insurer"] - flows["operator"] - flows["public"]
    told = {
        "cost": "Cost that has arisen",
        "insurer": "Paid by the insurer",
        "operator": "Paid by the operator or its estate",
        "public": "Paid by the public purse, net of what it got back",
    }
    dims = ("path", "day")
    data = {name: (dims, flows[name], {"units": "CNY", "long_name": told[name]}) for name in names}
    data["gap"] = (dims, gap, {"units": "CNY", "long_name": "Cost that nobody has paid yet"})
    waits = np.maximum(gap, 0.0)
    found = xr.Dataset(data, coords={"path": list(stages), "day": day.astype(np.int64)})
    for name, values, unit, words in (
        ("largest_gap", waits.max(axis=1), "CNY", "Largest cost that nobody has paid yet"),
        ("gap_days", waits.sum(axis=1), "CNY day", "Cost that nobody has paid yet, summed over days"),
        ("first_payment", ends[:, 0], "day", "First payment of the insurer"),
        ("last_payment", ends[:, 1], "day", "Last payment of the insurer"),
    ):
        found[name] = (("path",), values, {"units": unit, "long_name": words})
    return found


def _evenly(day: Floats, start: float, end: float) -> Floats:
    """Return the share of a stage gone by on each day."""
    if end <= start:
        return np.asarray(day >= start, dtype=np.float64)
    return np.clip((day - start) / (end - start), 0.0, 1.0)


def path_shares(unknown: float, insolvent: float) -> dict[str, float]:
    """Return the share of each path among claims [unitless].

    Parameters
    ----------
    unknown : float
        Share of the claims whose polluter is not known at first, in [0, 1].
    insolvent : float
        Share of those with a known polluter whose operator cannot pay, in [0, 1].
    """
    every(
        lambda: number("unknown", unknown, least=0.0, most=1.0, unit="unitless"),
        lambda: number("insolvent", insolvent, least=0.0, most=1.0, unit="unitless"),
    )
    shares = ((1.0 - unknown) * (1.0 - insolvent), unknown, (1.0 - unknown) * insolvent)
    return dict(zip(PATHS, shares, strict=True))


def monthly_payments(flow: xr.Dataset, shares: Mapping[str, float]) -> xr.Dataset:
    """Return the group ``claims_months``: the insurer's payments for the accidents of a policy year, by month.

    Parameters
    ----------
    flow : Dataset
        From :func:`cash_flow`, for the expected loss of a year.
    shares : mapping of str to float
        Share of each path [unitless], adding up to 1.

    Returns
    -------
    xarray.Dataset
        By ``month`` since inception, from 1: ``insurer`` and ``cost`` that arises [CNY].

    Notes
    -----
    Accidents fall evenly on the days of the year; months of 365 / 12 days.
    """
    if abs(sum(shares.values()) - 1.0) > 1e-9:
        what = f"shares add up to {sum(shares.values()):g}"
        raise ArgumentError(Fault("shares", what, "They must add up to 1.", "unitless"))
    weight = np.array([shares[str(path)] for path in flow["path"].values])
    length = flow.sizes["day"] + DAYS
    months = int(np.ceil(length * MONTHS / DAYS))
    edges = np.minimum(np.round(np.arange(months + 1) * DAYS / MONTHS), length).astype(np.int64)
    data = {}
    for name, words in (("insurer", "Paid by the insurer"), ("cost", "Cost that arises")):
        by_day = np.diff(weight @ flow[name].values, prepend=0.0)
        spread = np.convolve(by_day, np.full(DAYS, 1.0 / DAYS))
        running = np.concatenate([[0.0], np.cumsum(spread)])
        at = np.minimum(edges, running.size - 1)
        data[name] = (("month",), np.diff(running[at]), {"units": "CNY", "long_name": words})
    return xr.Dataset(data, coords={"month": np.arange(1, months + 1)})
