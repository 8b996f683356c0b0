# SPDX-License-Identifier: Apache-2.0
"""Terms side by side: the same hits of the same years, settled under each alternative, reduced block by block.

What a user writes is in :mod:`greenrisk.resource.alternative_terms`; prices and owner's outcome are computed in
:mod:`greenrisk.resource.alternative_results`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from greenrisk.resource.alternative_terms import BASE, AlternativeSpec, AlternativesSpec
from greenrisk.resource.exposure import Exposure
from greenrisk.resource.forest import BLOCK_LENGTH
from greenrisk.resource.perils.base import PerilYears
from greenrisk.resource.settlement import Payments, settle

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

TOTAL_LOSS: Final = 0.9
"""Damage degree from which a hit counts as a total loss of the damaged area, as in the policy wordings [unitless]."""

BINS: Final = 1000
"""Bins of the uncovered share of an owner's value in a year, even in its cube root: most shares are small, and the
worst per cent starts among them. In each, years and shares are kept."""

BY_YEAR: Final = ("alternative_gross", "alternative_claims", "alternative_paid_area", "alternative_uncovered")
SUMS: Final = ("alternative_total_loss", "alternative_owner_years", "alternative_owner_uncovered")
"""Variables of a part: those with a row for each year, and those that are added up."""


def forest_types(exposure: Exposure) -> tuple[str, ...]:
    """Return the forest types of a book, ascending: the order of the columns of a part."""
    return tuple(sorted({kind for _, kind in exposure.segments}))


def settled_blocks(spec: AlternativesSpec, simulation_blocks: int) -> int:
    """Return on how many blocks, the first of the run, the alternatives are settled."""
    return min(-(-spec.years // BLOCK_LENGTH), simulation_blocks)


def with_terms(exposure: Exposure, option: AlternativeSpec) -> Exposure:
    """Return the exposure under the terms and sums insured of an alternative."""
    book = exposure.book
    if option.sum_insured_factor != 1.0:
        book = replace(book, sum_insured_per_mu=book.sum_insured_per_mu * option.sum_insured_factor)
    return replace(exposure, book=book, terms=option.terms(exposure.terms))


def alternatives_part(
    exposure: Exposure,
    years: Mapping[str, PerilYears],
    claimed: Mapping[str, float],
    base: Payments,
    spec: AlternativesSpec,
) -> xr.Dataset:
    """Settle the hits of a block under every alternative and reduce them.

    Parameters
    ----------
    exposure : Exposure
        Book and terms as they stand.
    years : mapping of str to PerilYears
        What the block brings, by kind of peril: the very years that ``base`` was settled on.
    claimed : mapping of str to float
        Share of the payments due that are claimed, by kind [unitless].
    base : Payments
        The block under the policy as it stands.
    spec : AlternativesSpec
        The alternatives.

    Returns
    -------
    xarray.Dataset
        Alternatives, the base first: by year payments by forest type [CNY], claims [1], paid area [mu], what is not
        covered of the owners' losses [CNY]; and sums: total losses, how many of them are paid, their value and
        payment; years of an owner by the uncovered share of its value, and the uncovered shares in each bin.

    Notes
    -----
    An owner's loss is the damaged share of what its stands are worth, whatever the sum insured; not covered is what the
    payment of the year leaves of it, stand by stand: what one stand is paid beyond its loss does not cover another.
    """
    rooms = _Rooms(exposure, years, base, spec.worth)
    settled = [rooms.reduce(base)]
    for option in spec.options:
        settled.append(rooms.reduce(settle(with_terms(exposure, option), years, claimed)))
    by_year, sums = zip(*settled, strict=True)
    data: dict[str, tuple[tuple[str, ...], Floats]] = {
        "alternative_gross": (
            ("year", "alternative", "forest_type"),
            np.stack([one["gross"] for one in by_year], axis=1),
        ),
        **{
            f"alternative_{name}": (("year", "alternative"), np.stack([one[name] for one in by_year], axis=1))
            for name in ("claims", "paid_area", "uncovered")
        },
        "alternative_total_loss": (
            ("alternative", "total_loss"),
            np.stack([one["total_loss"] for one in sums]),
        ),
        **{
            f"alternative_{name}": (("alternative", "bin"), np.stack([one[name] for one in sums]))
            for name in ("owner_years", "owner_uncovered")
        },
    }
    return xr.Dataset(data)


class _Rooms:
    """What all alternatives of a block share: hits, stand-years, owner-years, and the values lost."""

    def __init__(
        self, exposure: Exposure, years: Mapping[str, PerilYears], base: Payments, worth: float
    ) -> None:
        book, self.year, self.stand = exposure.book, base.year, base.stand
        types = forest_types(exposure)
        self.types, self.years = len(types), base.years
        self.forest_type = np.array([types.index(kind) for _, kind in exposure.segments])[exposure.segment]
        # Losses before terms are shares of the sum insured of the book; the owner loses the same share of the value.
        self.lost = base.ground_up * worth
        degree = np.concatenate([part.hit_degree for part in years.values()])
        self.total = (degree >= TOTAL_LOSS) & (base.ground_up > 0)
        keys, self.stand_year = np.unique(self.year * len(book) + self.stand, return_inverse=True)
        self.lost_by_stand = np.bincount(self.stand_year, weights=self.lost, minlength=keys.size)
        self.year_of_stand, stand = keys // len(book), keys % len(book)
        owners, owner = np.unique(book.owner, return_inverse=True)
        value = np.bincount(owner, weights=book.sum_insured * worth, minlength=owners.size)
        owner_keys, self.owner_year = np.unique(
            self.year_of_stand * owners.size + owner[stand], return_inverse=True
        )
        self.value_of_owner_year = value[owner_keys % owners.size]

    def reduce(self, payments: Payments) -> tuple[dict[str, Floats], dict[str, Floats]]:
        """Return one alternative's columns by year and its sums."""
        gross = payments.gross
        paid = gross > 0
        of_type = np.bincount(
            self.year * self.types + self.forest_type[self.stand],
            weights=gross,
            minlength=self.years * self.types,
        )
        by_stand = np.bincount(self.stand_year, weights=gross, minlength=self.lost_by_stand.size)
        uncovered = np.maximum(self.lost_by_stand - by_stand, 0.0)
        of_owner = np.bincount(self.owner_year, weights=uncovered, minlength=self.value_of_owner_year.size)
        share = of_owner / self.value_of_owner_year
        place = np.minimum((np.cbrt(share) * BINS).astype(np.int64), BINS - 1)
        by_year = {
            "gross": of_type.reshape(self.years, self.types).astype(np.float64, copy=False),
            "claims": self._by_year(self.year, paid.astype(np.float64)),
            "paid_area": self._by_year(self.year, np.where(paid, payments.insured_mu, 0.0)),
            "uncovered": self._by_year(self.year_of_stand, uncovered),
        }
        total = self.total
        sums = {
            "total_loss": np.array(
                [total.sum(), (total & paid).sum(), self.lost[total].sum(), gross[total].sum()],
                dtype=np.float64,
            ),
            "owner_years": np.bincount(place, minlength=BINS).astype(np.float64),
            "owner_uncovered": np.bincount(place, weights=share, minlength=BINS).astype(np.float64),
        }
        return by_year, sums

    def _by_year(self, year: Integers, amount: Floats) -> Floats:
        return np.bincount(year, weights=amount, minlength=self.years).astype(np.float64, copy=False)


@dataclass
class AlternativeYears:
    """The years of the alternatives, taken from the parts of a run as they go by.

    Parameters
    ----------
    parts : list of dict
        Variables of the parts that have any.
    """

    parts: list[dict[str, Floats]] = field(default_factory=list)

    def watch(self, parts: Iterable[xr.Dataset]) -> Iterator[xr.Dataset]:
        """Pass the parts of a run on, in order, and keep what they hold of alternatives."""
        for part in parts:
            if BY_YEAR[0] in part:
                self.parts.append({name: part[name].values.copy() for name in (*BY_YEAR, *SUMS)})
            yield part

    @property
    def years(self) -> int:
        """How many years were kept."""
        return sum(part[BY_YEAR[0]].shape[0] for part in self.parts)

    def joined(self, name: str) -> Floats:
        """Return one variable over all years: joined where it is by year, else added up."""
        found = [part[name] for part in self.parts]
        return np.concatenate(found) if name in BY_YEAR else np.sum(found, axis=0)


def names_of(spec: AlternativesSpec) -> list[str]:
    """Return the names in the table of alternatives, the base first."""
    return [BASE, *(option.name for option in spec.options)]
