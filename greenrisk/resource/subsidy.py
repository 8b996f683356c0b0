# SPDX-License-Identifier: Apache-2.0
"""Who pays the gross premium: central state, province, county and owner, by forest type."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greenrisk.actuarial.allocation.segments import TOTAL, one_a_segment, ratio, with_total
from greenrisk.actuarial.arguments import numbers
from greenrisk.core.errors import ArgumentError, Fault
from greenrisk.resource.subsidies_in_force import Subsidies
from greenrisk.resource.subsidy_rules import PAYERS

FEN: Final = Decimal("0.01")
"""Smallest unit of money [CNY]."""


@dataclass(frozen=True)
class SubsidySplit:
    """The gross premium by payer; the first segment is the total.

    Parameters
    ----------
    segments : tuple of str, length segment
        Names; the first is "all".
    amount : array, shape (payer, segment)
        Amounts of :data:`PAYERS` [CNY/year].
    insured_area : array, shape (segment,)
        [mu]
    """

    segments: tuple[str, ...]
    amount: NDArray[np.float64]
    insured_area: NDArray[np.float64]

    @property
    def gross_premium(self) -> NDArray[np.float64]:
        """Sum over the payers, shape (segment,) [CNY/year]."""
        total: NDArray[np.float64] = self.amount.sum(axis=0)
        return total

    @property
    def share(self) -> NDArray[np.float64]:
        """Share of each payer in the gross premium, shape (payer, segment) [unitless]; NaN without
        premium."""
        gross = self.gross_premium
        return ratio(self.amount, gross)

    @property
    def owner_per_mu(self) -> NDArray[np.float64]:
        """What the owner pays per insured mu, shape (segment,) [CNY/mu]; NaN without area."""
        owner: NDArray[np.float64] = self.amount[PAYERS.index("owner")]
        return ratio(owner, self.insured_area)


def split_premium(
    gross_premium: ArrayLike,
    forest_type: Sequence[str],
    insured_area: ArrayLike,
    subsidies: Subsidies,
    segments: Sequence[str],
) -> SubsidySplit:
    """Return the gross premium of each segment by payer.

    Parameters
    ----------
    gross_premium : array, shape (segment,)
        Gross premium of each segment, without the total [CNY/year], >= 0.
    forest_type : sequence of str, length segment
        `public_benefit` or `commercial`.
    insured_area : array, shape (segment,)
        [mu]
    subsidies : Subsidies
        The rules in force.
    segments : sequence of str, length segment
        Names of the segments.

    Returns
    -------
    SubsidySplit
        With the total as its first segment; over the payers, amounts add up to the gross premium to the
        last bit or two.

    Raises
    ------
    ArgumentError
        If columns differ in length or hold what is no number, or no rule is for a forest type.

    Notes
    -----
    Shares that sum to 1 only to within the tolerance of the scenario (1e-9) are divided by their sum.
    """
    gross, area = (
        numbers(name, values, dimensions=1)
        for name, values in (("gross_premium", gross_premium), ("insured_area", insured_area))
    )
    one_a_segment(segments, gross_premium=gross, insured_area=area, forest_type=forest_type)
    unknown = sorted(set(forest_type) - set(subsidies.rules))
    if unknown:
        raise ArgumentError(
            Fault(
                "forest_type", ", ".join(unknown), f"Forest types with shares: {', '.join(subsidies.rules)}."
            )
        )
    by_segment = subsidies.shares(forest_type) * gross
    amount = np.array([with_total(row) for row in by_segment])
    return SubsidySplit((TOTAL, *segments), amount, with_total(area))


@dataclass(frozen=True)
class Rounded:
    """Amounts rounded to the fen for display.

    Parameters
    ----------
    total : Decimal
        The rounded sum of the exact amounts [CNY].
    amounts : tuple of Decimal
        Each amount rounded on its own [CNY].
    remainder : Decimal
        ``total`` less the sum of ``amounts``: what the printed rows miss or exceed [CNY].
    """

    total: Decimal
    amounts: tuple[Decimal, ...]
    remainder: Decimal


def to_fen(amounts: ArrayLike) -> Rounded:
    """Return amounts rounded to the fen, with the remainder stated instead of hidden in one of them.

    Parameters
    ----------
    amounts : array, shape (row,)
        Amounts [CNY].
    """
    exact = [Decimal(float(value)) for value in np.asarray(amounts, dtype=np.float64)]
    rounded = tuple(value.quantize(FEN, ROUND_HALF_EVEN) for value in exact)
    total = sum(exact, Decimal(0)).quantize(FEN, ROUND_HALF_EVEN)
    return Rounded(total, rounded, total - sum(rounded, Decimal(0)))
