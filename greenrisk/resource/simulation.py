# SPDX-License-Identifier: Apache-2.0
"""Simulates blocks of years of all perils over a book and reduces them to what the result needs.

Everything here is a pure function of the exposure, the resolved parameters, the seed and the block.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from greenrisk.actuarial.layers.events import annual_largest, annual_sum
from greenrisk.core.compiled import compiled
from greenrisk.resource.claims_queue import claims_part
from greenrisk.resource.climate import climate_factor
from greenrisk.resource.exposure import Exposure
from greenrisk.resource.grouping import group_sums
from greenrisk.resource.perils.base import PerilLaw, PerilYears
from greenrisk.resource.perils.listing import NON_FIRE, SCALE_ROLE
from greenrisk.resource.perils.wildfire import Wildfire, wildfire
from greenrisk.resource.settlement import Payments, settle
from greenrisk.resource.variants import Variant

LAYERS: tuple[str, ...] = ("ground_up", "gross")
"""Layers of a simulated year: before policy terms, and after them."""


@dataclass(frozen=True)
class Perils:
    """The perils of one variant, resolved to laws over an exposure.

    Parameters
    ----------
    laws : mapping of str to PerilLaw
        By kind, in the order of the list of perils.
    """

    laws: Mapping[str, PerilLaw]

    @property
    def wildfire(self) -> Wildfire:
        """The wildfire, which every study has."""
        law = self.laws["wildfire"]
        assert isinstance(law, Wildfire)
        return law

    def with_tail_drawn(self, share: float) -> Perils:
        """Return the same with more large fires drawn, and weights that set it right.

        Parameters
        ----------
        share : float
            Share of the fires to draw from the tail [unitless].
        """
        return Perils({**self.laws, "wildfire": replace(self.wildfire, tail_drawn=share)})

    @property
    def claimed(self) -> dict[str, float]:
        """Share of the payments due that are claimed, by kind [unitless].

        Only fire has a share of its own: the cost of the other perils is set to what was paid.
        """
        return {kind: self.wildfire.claimed_share if kind == "wildfire" else 1.0 for kind in self.laws}


def resolve(exposure: Exposure, variant: Variant) -> Perils:
    """Turn the numbers of a variant into the laws of its perils.

    Raises
    ------
    GreenRiskError
        Where the numbers of the variant make no law.
    """
    laws: dict[str, PerilLaw] = {"wildfire": wildfire(exposure, variant)}
    for kind, peril in NON_FIRE.items():
        if kind in variant.values:
            scale = float(variant.values[SCALE_ROLE]["scale"]) / variant.neutral.get(kind, 1.0)
            scale *= climate_factor(variant.values, kind, exposure.warming)
            laws[kind] = peril.law(exposure, variant.values[kind], exposure.constants[kind], scale)
    return Perils(laws)


def simulate(
    exposure: Exposure,
    perils: Perils,
    seed: int,
    block: int,
    purpose: str = "main",
    known: Mapping[str, PerilYears] | None = None,
) -> Payments:
    """Simulate one block of years.

    Parameters
    ----------
    exposure, perils
        The exposure and the resolved parameters.
    seed, block : int
        Key of the random streams.
    purpose : str
        Name of the family of streams: ``main`` or ``knowledge``.
    known : mapping of str to PerilYears, optional
        Perils whose years are known already, because their laws are those of another variant.
    """
    known = known or {}
    years = {
        kind: known[kind] if kind in known else law.simulate(seed, purpose, block)
        for kind, law in perils.laws.items()
    }
    return settle(exposure, years, perils.claimed)


def annual(payments: Payments) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return annual losses and the largest event of each year, both (year, layer) [CNY], layers as LAYERS."""
    years, events = payments.years, payments.event_year.size
    loss, largest = np.empty((years, len(LAYERS))), np.empty((years, len(LAYERS)))
    for column, amount in enumerate((payments.ground_up, payments.gross)):
        per_event = np.bincount(payments.event, weights=amount, minlength=events)
        loss[:, column] = annual_sum(per_event, payments.event_year, years)
        largest[:, column] = annual_largest(per_event, payments.event_year, years)
    return loss, largest


def by_peril(payments: Payments) -> dict[str, NDArray[np.float64]]:
    """Return the annual gross losses of each peril, shape (year,) [CNY]."""
    perils = len(payments.perils)
    table = _summed(payments.year * perils + payments.peril, payments.gross, payments.years * perils).reshape(
        payments.years, perils
    )
    return {kind: table[:, i] for i, kind in enumerate(payments.perils)}


def part(exposure: Exposure, payments: Payments) -> xr.Dataset:
    """Reduce a block to what the result needs: tables by year, and sums by stand and by group.

    Returns
    -------
    xarray.Dataset
        Small: years x layers, years x segments x perils, and sums by site and by group of the premium file. The
        moments of ``site_sum`` are damaged area [ha], payment [CNY] and squared annual payment [CNY2].
    """
    years, perils, segments = payments.years, len(payments.perils), len(exposure.segments)
    year, peril, stand = payments.year, payments.peril, payments.stand
    loss, largest = annual(payments)
    paid = payments.gross > 0
    order = np.argsort(year, kind="stable")

    def by_year(amount: NDArray[np.float64]) -> NDArray[np.float64]:
        return _summed(year * perils + peril, amount, years * perils).reshape(years, perils)

    cell = (year * segments + exposure.segment[stand]) * perils + peril
    cell_loss = np.bincount(cell, weights=payments.gross, minlength=years * segments * perils)
    book = exposure.book
    damaged_ha = payments.insured_mu / (book.insured_area_mu / book.area_ha)[stand]
    tables = {
        "loss": (("year", "layer"), loss),
        "largest_event": (("year", "layer"), largest),
        "cell_loss": (("year", "segment", "peril"), cell_loss.reshape(years, segments, perils)),
        "peril_ground_up": (("year", "peril"), by_year(payments.ground_up)),
        "damaged_insured": (("year", "peril"), by_year(payments.insured_mu)),
        "paid_area": (("year", "peril"), by_year(np.where(paid, payments.insured_mu, 0.0))),
        "claims": (("year", "peril"), by_year(paid.astype(np.float64))),
        "site_sum": (
            ("site", "moment"),
            _moments(order, stand, year, payments.gross, book.area_ha.size, damaged_ha),
        ),
        **group_sums(exposure.grouping, payments),
        "repeated": ("count", payments.repeated),
        "uncovered": ("peril", payments.uncovered),
    }
    own = xr.Dataset({**tables, **{name: ("year", values) for name, values in payments.by_year.items()}})
    return own.merge(claims_part(payments, exposure.claims_service, exposure.terms.inception_day))


def _moments(
    order: NDArray[np.int64],
    place: NDArray[np.int64],
    year: NDArray[np.int64],
    amount: NDArray[np.float64],
    places: int,
    other: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Sum of another figure, of the amount and of the squared annual amount, shape (places, 3); ``order``: by year."""
    squared = _squared(order, place, year, amount, places)
    return np.stack([_summed(place, other, places), _summed(place, amount, places), squared], axis=1)


def _squared_kernel(
    order: NDArray[np.int64],
    place: NDArray[np.int64],
    year: NDArray[np.int64],
    amount: NDArray[np.float64],
    places: int,
) -> NDArray[np.float64]:
    """Sum of the squared annual amounts of each place, hits taken in the order of years: no table of years."""
    squared, of_year = np.zeros(places), np.zeros(places)
    last = np.full(places, -1, dtype=np.int64)
    for hit in order:
        p = place[hit]
        if last[p] != year[hit]:
            squared[p] += of_year[p] * of_year[p]
            last[p], of_year[p] = year[hit], 0.0
        of_year[p] += amount[hit]
    return squared + of_year * of_year


_squared = compiled(_squared_kernel)


def _summed(place: NDArray[np.int64], amount: NDArray[np.float64], places: int) -> NDArray[np.float64]:
    return np.bincount(place, weights=amount, minlength=places).astype(np.float64, copy=False)
