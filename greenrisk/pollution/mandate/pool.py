# SPDX-License-Identifier: Apache-2.0
"""A co-insurance pool (共保体): what each member earns, pays and owes the leader, account by account.

What lives here: shares, the leader's fee, results of members over the simulated years, settlement of a mean year. What
does not: how a user writes the pool (:mod:`greenrisk.pollution.mandate.pool_spec`), reinsurance
(:mod:`greenrisk.pollution.mandate.reinsured_years`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike, NDArray

from greenrisk.actuarial.arguments import every, number, numbers
from greenrisk.actuarial.exceedance import return_level
from greenrisk.core.errors import ArgumentError, Fault
from greenrisk.pollution.mandate.numbers import MandateNumbers
from greenrisk.pollution.mandate.pool_spec import MemberSpec, PoolSpec

Floats = NDArray[np.float64]

PERIODS: Final = (10.0, 100.0)
"""Return periods of a member's payments [year]."""


@dataclass(frozen=True)
class Pool:
    """A pool whose numbers are all known.

    Parameters
    ----------
    members : tuple of MemberSpec
        Members; their shares add up to 1, one of them leads.
    lead_fee : float
        What the others pay the leader, as a share of their premiums, in [0, 1) [unitless].
    settles_every_months : int
        How often accounts are settled, from 1 to 12 [month].
    """

    members: tuple[MemberSpec, ...]
    lead_fee: float
    settles_every_months: int

    @classmethod
    def of(cls, spec: PoolSpec, numbers: MandateNumbers) -> Pool:
        """Return the pool of a scenario, with the numbers in force."""
        number = numbers.number
        return cls(spec.members, number["lead_fee"], int(number["settles_every_months"]))


def fees(pool: Pool, premium: float) -> Floats:
    """Return what each member is paid (the leader) or pays (the others) as fee, shape (members,) [CNY/year].

    Parameters
    ----------
    pool : Pool
        Members and fee.
    premium : float
        Premium of the pool, >= 0 [CNY/year].

    Notes
    -----
    They add up to 0: the leader is paid what the others pay, a share of their premiums.
    """
    share = np.array([member.share for member in pool.members])
    leads = np.array([member.leads for member in pool.members])
    paid = np.where(leads, 0.0, -pool.lead_fee * share * premium)
    return np.where(leads, -paid.sum(), paid)


def pool_group(pool: Pool, payments: ArrayLike, premium: float, costs: float) -> xr.Dataset:
    """Return the group ``pool``: every member's part and result.

    Parameters
    ----------
    pool : Pool
        Members and fee.
    payments : array, shape (years,)
        What the pool pays in each simulated year, after reinsurance [CNY/year].
    premium : float
        Premium of the pool, after what reinsurance costs, >= 0 [CNY/year].
    costs : float
        Expenses, commissions and levies of the pool, >= 0 [CNY/year].

    Returns
    -------
    xarray.Dataset
        By ``member``: ``share`` [1], ``leads``, ``premium``, ``fee`` (positive: is paid it), ``costs``, expected
        ``payments``, expected ``result`` = premium + fee - costs - payments, ``result_standard_deviation`` [CNY/year],
        ``chance_of_loss``: probability of a year with a negative result [1]; by ``member`` and ``return_period``:
        ``payments_level`` [CNY], NaN where the years do not reach so far.
    """
    every(
        lambda: number("premium", premium, least=0.0, unit="CNY/year"),
        lambda: number("costs", costs, least=0.0, unit="CNY/year"),
        lambda: numbers("payments", payments, least=0.0, dimensions=1, fewest=1, unit="CNY/year"),
    )
    annual = np.asarray(payments, dtype=np.float64)
    share = np.array([member.share for member in pool.members])
    fee = fees(pool, premium)
    kept = share * (premium - costs) + fee
    mean, deviation = float(annual.mean()), float(annual.std(ddof=1)) if annual.size > 1 else float("nan")
    levels = return_level(np.ascontiguousarray(annual), PERIODS, beyond=float("nan"))
    ascending = np.sort(annual)
    # A member loses where its share of the payments exceeds what it keeps.
    losing = annual.size - np.searchsorted(ascending, kept / share, side="right")
    columns = {
        "share": (share, "1", "Share of every premium and payment"),
        "leads": (np.array([member.leads for member in pool.members]), "1", "Whether the member leads"),
        "premium": (share * premium, "CNY/year", "Its premium"),
        "fee": (fee, "CNY/year", "Fee of the leader: positive is received"),
        "costs": (share * costs, "CNY/year", "Its part of expenses, commissions and levies"),
        "payments": (share * mean, "CNY/year", "Its expected payments"),
        "result": (kept - share * mean, "CNY/year", "Its expected result"),
        "result_standard_deviation": (share * deviation, "CNY/year", "Standard deviation of its result"),
        "chance_of_loss": (losing / annual.size, "1", "Probability of a year with a loss"),
    }
    data: dict[str, tuple[tuple[str, ...], NDArray[np.generic], dict[str, str]]] = {
        name: (("member",), values, {"units": unit, "long_name": told})
        for name, (values, unit, told) in columns.items()
    }
    data["payments_level"] = (
        ("member", "return_period"),
        share[:, np.newaxis] * levels,
        {"units": "CNY", "long_name": "Its payments of a year, reached once in the return period"},
    )
    return xr.Dataset(
        data,
        coords={"member": [member.name for member in pool.members], "return_period": np.array(PERIODS)},
    )


def settlement(pool: Pool, monthly: ArrayLike, premium: float, costs: float) -> xr.Dataset:
    """Return the group ``pool_settlement``: accounts of a year in which payments run as expected.

    Parameters
    ----------
    pool : Pool
        Members, fee and how often accounts are settled.
    monthly : array, shape (months,)
        Payments by month since inception, >= 0 [CNY].
    premium, costs : float
        Premium of the pool and its costs, both falling due to the leader at inception, >= 0 [CNY].

    Returns
    -------
    xarray.Dataset
        By ``account``: ``month`` at whose end it is settled, ``payments`` since the last one [CNY], ``financed``: what
        the leader has laid out for the others when it is settled [CNY]; by ``account`` and ``member``: ``due``: what
        the leader owes the member, negative: is owed by it [CNY]. The first account also hands out premiums, costs and
        fees.

    Notes
    -----
    The leader collects the premium, pays costs and claims, and settles with the others at the end of each period. The
    leader's own column is what it keeps: the columns of an account add up to premium less costs (the first) less
    payments. There is no account after the last payment.
    """
    paid = numbers("monthly", monthly, least=0.0, dimensions=1, fewest=1, unit="CNY")
    every(
        lambda: number("premium", premium, least=0.0, unit="CNY"),
        lambda: number("costs", costs, least=0.0, unit="CNY"),
    )
    if costs > premium:
        what = f"costs = {costs:,.0f} of a premium of {premium:,.0f}"
        raise ArgumentError(Fault("costs", what, "Costs must not exceed the premium.", "CNY"))
    step = pool.settles_every_months
    last = int(np.flatnonzero(paid)[-1]) + 1 if paid.any() else 1
    accounts = -(-last // step)
    padded = np.zeros(accounts * step)
    padded[:last] = paid[:last]
    by_account = padded.reshape(accounts, step).sum(axis=1)
    share = np.array([member.share for member in pool.members])
    others = 1.0 - float(share[[member.leads for member in pool.members]].sum())
    due = -share * by_account[:, np.newaxis]
    due[0] += share * (premium - costs) + fees(pool, premium)
    dims = ("account", "member")
    return xr.Dataset(
        {
            "month": (
                ("account",),
                step * np.arange(1, accounts + 1),
                {"units": "month", "long_name": "Month at whose end the account is settled"},
            ),
            "payments": (
                ("account",),
                by_account,
                {"units": "CNY", "long_name": "Payments since the last account"},
            ),
            "financed": (
                ("account",),
                others * by_account,
                {"units": "CNY", "long_name": "Part of the others, laid out by the leader"},
            ),
            "due": (
                dims,
                due,
                {"units": "CNY", "long_name": "What the leader owes the member; negative: is owed"},
            ),
        },
        coords={"account": np.arange(1, accounts + 1), "member": [member.name for member in pool.members]},
    )
