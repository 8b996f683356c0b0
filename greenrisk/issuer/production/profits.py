# SPDX-License-Identifier: Apache-2.0
"""Prices, carbon price, profits and their present value under a late and sudden transition.

Arrays are (row, year), a row being one technology of one company.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from greenrisk.issuer.production.quantities import Flags, Floats, Quantities

Integers = NDArray[np.int64]


def shock_price(baseline: Floats, target: Floats, shock: int) -> Floats:
    """Return the price under the shock [money/unit of output].

    Parameters
    ----------
    baseline, target : ndarray, (..., year)
        Prices of both scenarios [money/unit of output].
    shock : int
        Index of the shock year, before the last.

    Returns
    -------
    ndarray, (..., year)
        The baseline's price up to the shock year, then a straight line to the target's price in the last year.
    """
    years = baseline.shape[-1]
    way = np.arange(years - shock) / (years - 1 - shock)
    from_ = baseline[..., shock : shock + 1]
    line = from_ + (target[..., -1:] - from_) * way
    out: Floats = np.concatenate([baseline[..., :shock], line], axis=-1)
    return out


def carbon_price(path: Floats, shock: int, growth: float) -> Floats:
    """Return the carbon price that companies meet [money/t CO2].

    Parameters
    ----------
    path : ndarray, (year,)
        Prices of the path; years before the shock are not looked at [money/t CO2].
    shock : int
        Index of the shock year.
    growth : float
        Yearly growth on top, from the shock year on [1/year].

    Returns
    -------
    ndarray, (year,)
        0 before the shock year s, then path_t (1 + growth)^(t - s).
    """
    out = np.zeros_like(path)
    out[shock:] = path[shock:] * (1.0 + growth) ** np.arange(path.size - shock)
    return out


@dataclass(frozen=True)
class Revenues:
    """What the profits of one pair are made of, before margin and pass-through.

    Parameters
    ----------
    baseline, shock : ndarray, (row, year)
        Revenue without and with the shock [money/year].
    carbon : ndarray, (row, year)
        Carbon bill before any of it is handed on [money/year]; 0 for green technologies.
    build_out : ndarray, (row, year)
        Revenue of the production above the baseline that the plan does not hold [money/year]; 0 where the target
        falls. Negative where a rising target leaves the company below its baseline.
    """

    baseline: Floats
    shock: Floats
    carbon: Floats
    build_out: Floats


def revenues(
    found: Quantities,
    prices: tuple[Floats, Floats],
    emission_factor: Floats,
    green: Flags,
    carbon: Floats,
) -> Revenues:
    """Return the parts of the profits.

    Parameters
    ----------
    found : Quantities
        Quantities of the pair.
    prices : tuple of ndarray, (row, year)
        Price without and with the shock [money/unit of output].
    emission_factor : ndarray, (row, year)
        Emissions [t CO2/unit of output]; not looked at where there is no carbon price or the technology is green.
    green : ndarray of bool, (row,)
        Whether it is a green technology.
    carbon : ndarray, (year,)
        Carbon price, see :func:`carbon_price` [money/t CO2].
    """
    sold = found.shock * prices[1]
    beyond = (found.shock - found.baseline) * prices[1] * (1.0 - found.proximity)[:, None]
    if carbon.any():
        bill = np.where(green[:, None], 0.0, found.shock * np.nan_to_num(emission_factor)) * carbon
    else:
        bill = np.zeros_like(sold)
    return Revenues(found.baseline * prices[0], sold, bill, np.where(found.falling[:, None], 0.0, beyond))


@dataclass(frozen=True)
class Profits:
    """Yearly profits of one pair under one set of assumptions.

    Parameters
    ----------
    baseline, shock : ndarray, (row, year)
        Profit without and with the shock [money/year].
    floored : ndarray, (row, year)
        Loss that the floor took away, >= 0 [money/year].
    """

    baseline: Floats
    shock: Floats
    floored: Floats


def profits(
    parts: Revenues, margin: Floats, pass_through: Floats, green: Flags, carbon_factor: float, floor: bool
) -> Profits:
    """Return the yearly profits.

    Parameters
    ----------
    parts : Revenues
        See :func:`revenues`.
    margin : ndarray, (row,)
        Net profit over revenue m; may be negative [1].
    pass_through : ndarray, (row,)
        Share of the carbon price that customers bear, theta [1].
    green : ndarray of bool, (row,)
        Green technologies are not floored.
    carbon_factor : float
        Multiplies the carbon price [1].
    floor : bool
        Whether a carbon technology whose taxed profit is negative closes at 0. One that loses money before the tax is
        not floored, else a loss-maker would gain by the shock.

    Notes
    -----
    baseline = q p m; shock = floor(LS p m - LS (1 - theta) tau EF) - (LS - q) p m (1 - proximity), the last term for
    rising targets only.
    """
    m = margin[:, None]
    taxed = parts.shock * m - parts.carbon * ((1.0 - pass_through) * carbon_factor)[:, None]
    lost = np.zeros_like(taxed)
    if floor:
        lost = np.where((taxed < 0.0) & (m >= 0.0) & ~green[:, None], -taxed, 0.0)
    return Profits(parts.baseline * m, taxed + lost - parts.build_out * m, lost)


def weights(years: int, shock: int, rate: float, growth: float) -> tuple[Floats, Floats]:
    """Return what a profit of each year is worth in the first: from the first year on, and from the shock on [1].

    Parameters
    ----------
    years : int
        Number of years.
    shock : int
        Index of the shock year.
    rate, growth : float
        Discount rate r and growth g of the last profit for ever, r > g [1/year].

    Returns
    -------
    tuple of ndarray, (year,)
        (1 + r)^-(t - t0), the last one times 1 + (1 + g)/(r - g) for the terminal value; the second is 0 before the
        shock.
    """
    whole = (1.0 + rate) ** -np.arange(years, dtype=np.float64)
    whole[-1] *= 1.0 + (1.0 + growth) / (rate - growth)
    after = whole.copy()
    after[:shock] = 0.0
    return whole, after
