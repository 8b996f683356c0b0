# SPDX-License-Identifier: Apache-2.0
"""Can the debt be served from the year's cash, and how long does the cash last: DSCR and the liquidity runway.

Neither is a probability. Both go on where earnings are negative: a firm whose cash flow is below zero has a negative
cover and a short runway, never a missing one.

References
----------
Basel Committee on Banking Supervision (2006). International Convergence of Capital Measurement and Capital Standards,
Annex 6: the debt service coverage ratio of project finance. The runway is our own wording of a plain division.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from greenrisk.issuer.credit.domains import MONEY, NUMBER, PAID, Floats, checked, refuse


def cash_available(
    ebit: ArrayLike,
    depreciation: ArrayLike,
    tax: ArrayLike,
    capital_expenditure: ArrayLike = 0.0,
    working_capital_increase: ArrayLike = 0.0,
) -> Floats:
    """Return the cash of a year that can serve debt [money].

    Parameters
    ----------
    ebit : array_like
        Earnings before interest and tax [money].
    depreciation : array_like
        Depreciation and amortisation, added back [money, >= 0].
    tax : array_like
        Tax paid; negative where it is given back [money].
    capital_expenditure : array_like
        Spent on plant and not financed by debt of its own [money, >= 0].
    working_capital_increase : array_like
        Cash tied up in stock and receivables [money]; negative where set free.

    Notes
    -----
    CFADS = EBIT + depreciation - tax - capital expenditure - increase of working capital.
    """
    e, d, t, c, w = checked(
        ebit=(ebit, MONEY),
        depreciation=(depreciation, PAID),
        tax=(tax, MONEY),
        capital_expenditure=(capital_expenditure, PAID),
        working_capital_increase=(working_capital_increase, MONEY),
    )
    out: Floats = e + d - t - c - w
    return out


def debt_service_cover(cash_flow: ArrayLike, interest: ArrayLike, principal: ArrayLike) -> Floats:
    """Return the debt service coverage ratio of a year, DSCR [1].

    Parameters
    ----------
    cash_flow : array_like
        Cash available for debt service [money], as of :func:`cash_available`.
    interest, principal : array_like
        Interest and repayments due in the year [money, >= 0].

    Returns
    -------
    ndarray
        Below 1 where the year's cash does not pay what falls due, negative where there is none; ``inf`` where nothing
        falls due; NaN where an input is NaN.
    """
    f, i, p = checked(cash_flow=(cash_flow, MONEY), interest=(interest, PAID), principal=(principal, PAID))
    service = i + p
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = f / service
    out: Floats = np.where((service == 0.0) & ~np.isnan(f), np.inf, ratio)
    return out


def runway_at_burn(cash: ArrayLike, net_flow: ArrayLike) -> Floats:
    """Return the years that the cash lasts if every year burns as much as this one [year].

    Parameters
    ----------
    cash : array_like
        Cash and undrawn lines at the end of the year [money].
    net_flow : array_like
        Cash flow of the year after all that is due in it [money]; negative: cash is burnt.

    Returns
    -------
    ndarray
        0 where there is no cash and some is burnt, ``inf`` where none is burnt, NaN where an input is NaN.

    Examples
    --------
    >>> runway_at_burn(15.0, -10.0).item()
    1.5
    """
    c, f = checked(cash=(cash, MONEY), net_flow=(net_flow, MONEY))
    with np.errstate(divide="ignore", invalid="ignore"):
        years = np.maximum(c, 0.0) / -f
    out: Floats = np.where(np.isnan(c) | np.isnan(f), np.nan, np.where(f < 0.0, years, np.inf))
    return out


def liquidity_runway(cash: ArrayLike, net_flow: ArrayLike) -> Floats:
    """Return the years until the cash is used up [year].

    Parameters
    ----------
    cash : array_like, (...)
        Cash and undrawn lines at the begin [money].
    net_flow : array_like, (..., year)
        Cash flow of each year after all that is due in it, evenly over the year [money].

    Returns
    -------
    ndarray, (...)
        0 where there is no cash at the begin; ``inf`` where it lasts through all years told; NaN where the cash, or a
        flow before it is used up, is NaN.

    Raises
    ------
    ArgumentError
        If ``net_flow`` has no axis of years, or shapes do not broadcast.

    Notes
    -----
    The first t with cash + integral of the flow to t = 0, linear within each year.

    Examples
    --------
    >>> liquidity_runway(15.0, [-10.0, -10.0, 30.0]).item()
    1.5
    """
    (flow,) = checked(net_flow=(net_flow, NUMBER))
    (begin,) = checked(cash=(cash, MONEY))
    if flow.ndim == 0:
        raise refuse(
            "net_flow", f"net_flow = {flow:g}", "Its last axis must be the years: give a list.", "money"
        )
    checked(cash=(begin[..., None], MONEY), net_flow=(flow, NUMBER))
    level = begin[..., None] + np.cumsum(flow, axis=-1)
    before = np.concatenate(
        [np.broadcast_to(begin[..., None], level[..., :1].shape), level[..., :-1]], axis=-1
    )
    out = level < 0.0
    unknown = np.isnan(level)
    first = np.argmax(out | unknown, axis=-1)[..., None]
    any_, lost = (out | unknown).any(axis=-1), np.take_along_axis(unknown, first, -1)[..., 0]
    left = np.take_along_axis(before, first, -1)[..., 0]
    spent = np.take_along_axis(np.broadcast_to(flow, level.shape), first, -1)[..., 0]
    # Cash that falls by less than floats can divide by lasts for ever.
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        last = first[..., 0] + left / -spent
    years = np.where(any_, np.where(lost, np.nan, last), np.inf)
    base = np.broadcast_to(begin, years.shape)
    answer: Floats = np.where(np.isnan(base), np.nan, np.where(base <= 0.0, 0.0, years))
    return answer
