# SPDX-License-Identifier: Apache-2.0
"""Accidents held against a grid of limits, block by block: sums that add up, so that no accident is kept.

What lives here: the grid, what is summed over a block, and the blocks put together. What does not: the measures of
adequacy made of the sums (:mod:`greenrisk.pollution.mandate.limit_adequacy`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Final, Self

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from greenrisk.actuarial.arguments import numbers
from greenrisk.core.errors import ArgumentError, Fault
from greenrisk.pollution.liability.events import Accidents
from greenrisk.pollution.liability.policy_spec import PolicySpec
from greenrisk.pollution.liability.policy_terms import PolicyTerms
from greenrisk.pollution.liability.terms import apply_terms
from greenrisk.pollution.mandate.plant_groups import PlantGroups
from greenrisk.pollution.severity.heads import HEADS, LEGAL_COST

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

QUANTITIES: Final = (
    "short_before",
    "short_after",
    "binding",
    "lost_before",
    "lost_after",
    "year_short_before",
    "year_short_after",
)
"""What is summed by limit: accidents above it, without and with sublimits, and accidents that are above it after
sublimits [1]; money not paid, without and with sublimits [CNY]; plant-years not paid in full [1]."""

BASES: Final = ("accidents", "money", "plant_years")
"""What they are shares of: accidents [1], money [CNY] and plant-years [1] with a liability."""

BASE_OF: Final = (0, 0, 0, 1, 1, 2, 2)
"""Base of each of :data:`QUANTITIES`."""

BATCH: Final = 50
"""Years whose sums are taken together for the error of the simulation [year]."""

_PER_DECADE: Final = 10
_LOWEST, _HIGHEST = 1e5, 1e10


@dataclass(frozen=True, eq=False)
class LimitGrid:
    """Limits of an accident that are tried, and what goes with each.

    Parameters
    ----------
    limit : array, shape (limits,)
        Limits of an accident, ascending, > 0 [CNY].
    annual : array, shape (limits,)
        Limit of the year that goes with each, >= the limit [CNY].
    group : array of int, shape (heads,)
        Sublimit that each head shares.
    group_limit : array, shape (limits, heads)
        The sublimits; inf: none [CNY].
    person_limit : array, shape (limits,)
        Limit of one person's bodily injury; inf: none [CNY].
    """

    limit: Floats
    annual: Floats
    group: Integers
    group_limit: Floats
    person_limit: Floats

    @classmethod
    def of(cls, policy: PolicySpec, limits: Sequence[float] = ()) -> Self:
        """Return a grid of ten limits a decade, from 100 thousand to 10 billion CNY, and the limits asked for.

        Parameters
        ----------
        policy : PolicySpec
            Its sublimits, and the ratio of the limit of the year; its own limit of the accident is one of the grid.
        limits : sequence of float
            Further limits, > 0 [CNY].

        Notes
        -----
        A sublimit stated as a share grows with the limit; one stated as an amount stays, and none exceeds the limit.
        """
        wanted = numbers("limits", list(limits), above=0.0, dimensions=1, unit="CNY")
        decades = round(np.log10(_HIGHEST / _LOWEST))
        steps = np.logspace(np.log10(_LOWEST), np.log10(_HIGHEST), decades * _PER_DECADE + 1)
        own = [] if policy.accident_limit_cny is None else [policy.accident_limit_cny]
        limit = np.unique(np.concatenate([np.round(steps), wanted, own]))
        group, group_limit = np.arange(len(HEADS)), np.full((limit.size, len(HEADS)), np.inf)
        for sublimit in policy.sublimits:
            heads = [HEADS.index(head) for head in sublimit.heads]
            group[heads] = heads[0]
            group_limit[:, heads[0]] = [min(sublimit.of(one), one) for one in limit.tolist()]
        person = np.full(limit.size, np.inf)
        if policy.person_limit is not None:
            person = np.array([min(policy.person_limit.of(one), one) for one in limit.tolist()])
        annual = np.array([max(policy.annual_limit(one), one) for one in limit.tolist()])
        return cls(limit, annual, group, group_limit, person)


def liability(accidents: Accidents, terms: PolicyTerms) -> Floats:
    """Return what a policy without any limit would pay of accidents, shape (accidents, heads) [CNY].

    Parameters
    ----------
    accidents : Accidents
        Of whole years.
    terms : PolicyTerms
        Terms of every plant, insured all of them; exclusions, deductible and the time of the claim count.

    Notes
    -----
    This is the money that a limit is for. The cost of defence is left out where it is paid beside the limits.
    """
    money = apply_terms(accidents, terms.without_limits()).insured
    money[~terms.defence_inside[accidents.plant], LEGAL_COST] = 0.0
    return money


def limit_part(accidents: Accidents, money: Floats, grid: LimitGrid, groups: PlantGroups) -> xr.Dataset:
    """Return the sums of a block.

    Parameters
    ----------
    accidents : Accidents
        Of whole years, sorted by time.
    money : array, shape (accidents, heads)
        Insured-head money of each, e.g. from :func:`liability` [CNY].
    grid : LimitGrid
        Limits tried.
    groups : PlantGroups
        By which it is summed.

    Returns
    -------
    xarray.Dataset
        ``sum``, ``square``, ``cross`` (group, limit, quantity): sums over batches of years of each quantity, of its
        square and of its product with its base; ``base``, ``base_square`` (group, base); ``batches``.
    """
    sums = block_sums(accidents, money, grid, groups)
    dims, base_dims = ("group", "limit", "quantity"), ("group", "base_name")
    return xr.Dataset(
        {
            "sum": (dims, sums.total),
            "square": (dims, sums.square),
            "cross": (dims, sums.cross),
            "base": (base_dims, sums.base),
            "base_square": (base_dims, sums.base_square),
            "batches": sums.batches,
            "years": sums.years,
        }
    )


def block_sums(accidents: Accidents, money: Floats, grid: LimitGrid, groups: PlantGroups) -> LimitSums:
    """Return the sums of a block.

    Parameters
    ----------
    accidents, money, grid, groups
        As for :func:`limit_part`.
    """
    from greenrisk.pollution.mandate.limit_kernel import held  # numba is slow to import

    given = numbers("money", money, least=0.0, dimensions=2, unit="CNY")
    if given.shape != (len(accidents), len(HEADS)):
        mend = f"A row for each of the {len(accidents)} accidents and a column for each head was expected."
        raise ArgumentError(Fault("money", f"money of shape {given.shape}", mend))
    order = np.lexsort((np.arange(len(accidents)), accidents.plant, accidents.year))
    year, plant = accidents.year[order], accidents.plant[order]
    new = np.ones(year.size, dtype=np.bool_)
    new[1:] = (year[1:] != year[:-1]) | (plant[1:] != plant[:-1])
    first = np.flatnonzero(new)
    batches = -(-accidents.years // BATCH)
    found, base = held(
        np.append(first, year.size),
        year[first] // BATCH,
        groups.cell[plant[first]],
        given[order],
        accidents.persons[order],
        grid.limit,
        grid.annual,
        grid.group,
        grid.group_limit,
        grid.person_limit,
        batches,
        groups.cells,
        len(QUANTITIES),
    )
    member = groups.member.astype(np.float64)
    by_group = np.einsum("gc,bckq->bgkq", member, found)
    of_base = np.einsum("gc,bcj->bgj", member, base)
    return LimitSums(
        by_group.sum(axis=0),
        (by_group**2).sum(axis=0),
        (by_group * of_base[:, :, np.newaxis, list(BASE_OF)]).sum(axis=0),
        of_base.sum(axis=0),
        (of_base**2).sum(axis=0),
        batches,
        accidents.years,
    )


@dataclass(frozen=True, eq=False)
class LimitSums:
    """The sums of all blocks.

    Parameters
    ----------
    total, square, cross : array, shape (groups, limits, quantities)
        As :func:`limit_part` returns them.
    base, base_square : array, shape (groups, bases)
        The same of the bases.
    batches, years : int
        How many batches, and years in all.
    """

    total: Floats
    square: Floats
    cross: Floats
    base: Floats
    base_square: Floats
    batches: int
    years: int

    @classmethod
    def of(cls, parts: Iterable[xr.Dataset]) -> Self:
        """Put parts together; each is dropped when it has been read.

        Parameters
        ----------
        parts : iterable of Dataset
            From :func:`limit_part`, at least one.
        """
        sums: dict[str, Floats] = {}
        names = ("sum", "square", "cross", "base", "base_square", "batches", "years")
        for part in parts:
            for name in names:
                values = part[name].values
                sums[name] = sums[name] + values if name in sums else np.array(values)
        if not sums:
            raise ArgumentError(Fault("parts", "no part", "The sums of at least one block were expected."))
        return cls(
            sums["sum"],
            sums["square"],
            sums["cross"],
            sums["base"],
            sums["base_square"],
            int(sums["batches"]),
            int(sums["years"]),
        )

    def __add__(self, other: LimitSums) -> LimitSums:
        """Return the sums of both."""
        return LimitSums(*(getattr(self, field.name) + getattr(other, field.name) for field in fields(self)))

    def shares(self) -> tuple[Floats, Floats]:
        """Return each quantity as a share of its base and its standard error, shapes (groups, limits, quantities).

        Notes
        -----
        With the sums n_b and d_b of batches of years, independent of each other, the share r = sum n / sum d has the
        standard error sqrt(B / (B - 1) sum (n_b - r d_b)^2) / sum d, that of a ratio estimator. NaN without a
        liability or with one batch.

        References
        ----------
        Cochran, W. G. (1977), Sampling Techniques, 3rd ed., Wiley, section 2.11.
        """
        base = self.base[:, np.newaxis, list(BASE_OF)]
        square = self.base_square[:, np.newaxis, list(BASE_OF)]
        with np.errstate(invalid="ignore", divide="ignore"):
            share = self.total / base
            spread = np.maximum(self.square - 2.0 * share * self.cross + share**2 * square, 0.0)
            error = np.sqrt(self.batches / (self.batches - 1.0) * spread) / base
        nothing = np.broadcast_to(base <= 0.0, share.shape)
        alone = nothing | (self.batches < 2)
        return np.where(nothing, np.nan, share), np.where(alone, np.nan, error)
