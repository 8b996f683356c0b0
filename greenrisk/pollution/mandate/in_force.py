# SPDX-License-Identifier: Apache-2.0
"""What the limits in force leave: the three named measures at plants that have a policy, each under its own terms.

What lives here: sums of a block by year, ratios with their simulation error, the smallest limits of a variant. What
does not: the measures at limits that are tried (:mod:`greenrisk.pollution.mandate.limit_adequacy`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from greenrisk.core.errors import ArgumentError, Fault
from greenrisk.pollution.liability.events import Accidents
from greenrisk.pollution.liability.policy_terms import PolicyTerms
from greenrisk.pollution.liability.terms import apply_terms
from greenrisk.pollution.mandate.limit_adequacy import MEASURES, crossing
from greenrisk.pollution.mandate.limit_sums import QUANTITIES as LIMIT_SUMS
from greenrisk.pollution.mandate.limit_sums import LimitGrid, LimitSums, block_sums, liability
from greenrisk.pollution.mandate.plant_groups import ALL, PlantGroups
from greenrisk.pollution.severity.heads import LEGAL_COST

Floats = NDArray[np.float64]

QUANTITIES: Final = ("accidents_above_limit", "money_above_limit", "plant_years_above_limit")
"""Names of the measures at the limits in force, in the order of
:data:`~greenrisk.pollution.mandate.limit_adequacy.MEASURES`."""

SUMS: Final = 2 * len(MEASURES)
"""Columns of a year: what has a liability, and what of it is not paid in full, for each measure in turn."""

_ROUNDING: Final = 1e-12
_AFTER: Final = ("short_after", "lost_after", "year_short_after")


def in_force_years(accidents: Accidents, terms: PolicyTerms) -> Floats:
    """Return what policies leave in each year, shape (years, sums).

    Parameters
    ----------
    accidents : Accidents
        Of whole years.
    terms : PolicyTerms
        Of the policies in force; plants without one are left out.

    Returns
    -------
    array, shape (years, 6)
        Accidents with a liability and those of them not paid in full [1]; insured-head money and what of it is not paid
        [CNY]; plant-years with a liability and those not paid in full [1].

    Notes
    -----
    A liability is what the plant's policy without any limit would pay. An accident counts as not paid in full by
    sublimits and the limit of the accident alone; money and plant-years know the limit of the year too.
    """
    money = liability(accidents, terms).sum(axis=1)
    endless = replace(terms, annual_limit=np.full(terms.plants, np.inf))
    alone, paid = (_within(accidents, one) for one in (endless, terms))
    hit = money > 0.0
    short = hit & (alone < money * (1.0 - _ROUNDING))
    year = accidents.year
    key, cell = np.unique(year[hit] * terms.plants + accidents.plant[hit], return_inverse=True)
    cell = cell.ravel()
    owed, settled = (np.bincount(cell, weights=one[hit], minlength=key.size) for one in (money, paid))
    of_year = key // terms.plants
    columns = (
        (year, hit.astype(np.float64)),
        (year, short.astype(np.float64)),
        (year, money),
        (year, np.where(hit, np.maximum(money - paid, 0.0), 0.0)),
        (of_year, np.ones(key.size)),
        (of_year, (settled < owed * (1.0 - _ROUNDING)).astype(np.float64)),
    )
    return np.stack(
        [np.bincount(at, weights=one, minlength=accidents.years) for at, one in columns], axis=1
    ).astype(np.float64)


def _within(accidents: Accidents, terms: PolicyTerms) -> Floats:
    """Return what accidents are paid within the limits, shape (accidents,) [CNY]."""
    paid = apply_terms(accidents, terms).insured
    paid[~terms.defence_inside[accidents.plant], LEGAL_COST] = 0.0
    return np.asarray(paid.sum(axis=1))


def in_force_part(by_year: Floats) -> xr.Dataset:
    """Return the sums of a block, which add up: ``sum`` (sums), ``product`` (sums, sums) and ``years``.

    Parameters
    ----------
    by_year : array, shape (years, sums)
        From :func:`in_force_years`.
    """
    return xr.Dataset(
        {
            "sum": (("in_force_sum",), by_year.sum(axis=0)),
            "product": (("in_force_row", "in_force_column"), by_year.T @ by_year),
            "years": by_year.shape[0],
        }
    )


def in_force_shares(total: Floats) -> Floats:
    """Return the measures, shape (measures,) [unitless]; NaN without a liability.

    Parameters
    ----------
    total : array, shape (sums,)
        Sums over the years.
    """
    base, left = total[0::2], total[1::2]
    return np.asarray(np.divide(left, base, out=np.full(base.shape, np.nan), where=base > 0.0))


def in_force_errors(total: Floats, product: Floats, years: int) -> Floats:
    """Return the standard errors of the measures, shape (measures,) [unitless].

    Parameters
    ----------
    total : array, shape (sums,)
        Sums over the years.
    product : array, shape (sums, sums)
        Sums of products.
    years : int
        How many years, independent of each other.

    Notes
    -----
    With n_t and d_t of year t, the share r = sum n / sum d has the standard error
    sqrt(T / (T - 1) sum (n_t - r d_t)^2) / sum d, that of a ratio estimator.

    References
    ----------
    Cochran, W. G. (1977), Sampling Techniques, 3rd ed., Wiley, section 2.11.
    """
    share, found = in_force_shares(total), np.full(len(MEASURES), np.nan)
    for place in range(len(MEASURES)):
        d, n = 2 * place, 2 * place + 1
        if not total[d] > 0.0 or years < 2:
            continue
        r = share[place]
        spread = max(product[n, n] - 2.0 * r * product[n, d] + r**2 * product[d, d], 0.0)
        found[place] = np.sqrt(years / (years - 1.0) * spread) / total[d]
    return found


class SmallestLimits:
    """Smallest limits of a variant, all plants after sublimits, from its blocks.

    Parameters
    ----------
    grid : LimitGrid
        Limits that are tried.
    own : PolicyTerms
        Terms of every plant, insured all of them.
    leave : sequence of float
        Shares that the limit may leave [unitless].
    """

    def __init__(self, grid: LimitGrid, own: PolicyTerms, leave: Sequence[float]) -> None:
        self._grid, self._own, self._leave = grid, own, leave
        self._groups = PlantGroups((ALL,), np.zeros(own.plants, dtype=np.int64), np.ones((1, 1), np.bool_))
        self._sums: LimitSums | None = None

    def add(self, accidents: Accidents) -> None:
        """Take in a block.

        Parameters
        ----------
        accidents : Accidents
            Of whole years.
        """
        found = block_sums(accidents, liability(accidents, self._own), self._grid, self._groups)
        self._sums = found if self._sums is None else self._sums + found

    @property
    def limit(self) -> Floats:
        """Smallest limits, shape (measures, leave) [CNY]; NaN where the highest limit of the grid leaves more."""
        if self._sums is None:
            raise ArgumentError(Fault("blocks", "no block", "At least one block was expected."))
        share, _ = self._sums.shares()
        curves = [share[0, :, LIMIT_SUMS.index(name)] for name in _AFTER]
        return np.array([[crossing(self._grid.limit, curve, p) for p in self._leave] for curve in curves])
