# SPDX-License-Identifier: Apache-2.0
"""Zone years: accidents and payments of a block reduced to what the result needs, and the blocks put together.

What lives here: the (year, layer) table, the only thing that grows with the years, and sums by plant, head and reason.
What does not: measures of the table (:mod:`greenrisk.actuarial.measures`), what a limit leaves uncovered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from greenrisk.pollution.liability.arrivals import CAUSES
from greenrisk.pollution.liability.events import Accidents
from greenrisk.pollution.liability.terms import Paid
from greenrisk.pollution.severity.heads import HEADS

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

LAYERS: Final = ("ground_up", "insured", "uninsured")
"""Layers of a zone year: the loss before any policy, what policies pay of it, and the rest."""

PLANT_SUMS: Final = (
    "accidents",
    "losses",
    "claims",
    "ground_up",
    "insured",
    "ground_up_squared",
    "insured_squared",
    "insured_with_zone",
)
"""Sums over the years by plant: accidents, those with a loss and those with a payment [1]; losses and payments [CNY];
squares of the yearly sums and the product of the plant's and the zone's yearly payments [CNY2]."""

HEAD_SUMS: Final = ("accidents", "ground_up", "insured", "capped")
"""Sums over the years by head: accidents that cost anything under it [1], losses and payments [CNY], losses that reach
their cap [1]."""


def part(accidents: Accidents, paid: Paid, plants: int, caps: Floats | None = None) -> xr.Dataset:
    """Reduce a block.

    Parameters
    ----------
    accidents : Accidents
        What happened.
    paid : Paid
        What was paid for it.
    plants : int
        How many plants the zone has.
    caps : array, shape (plants, heads), optional
        Largest loss under each head [CNY]: losses that reach it are counted.

    Returns
    -------
    xarray.Dataset
        ``loss`` (year, layer) and ``worst_event`` (year, layer): sums and largest event of each year, an event of
        several plants being that of one shock [CNY]; ``accident_count`` (year, cause); ``plant_sum`` (plant,
        plant_moment); ``head_sum`` (head, head_moment); ``head_reason`` (head, reason) [CNY].
    """
    from greenrisk.pollution.liability.year_kernel import summed  # numba is slow to import

    largest = np.full((plants, len(HEADS)), np.inf) if caps is None else caps
    loss, worst, plant_sum, head_sum = summed(accidents, paid, largest, len(PLANT_SUMS), len(HEAD_SUMS))
    plant_sum[:, PLANT_SUMS.index("accidents")] = accidents.by_plant
    return xr.Dataset(
        {
            "loss": (("year", "layer"), loss),
            "worst_event": (("year", "layer"), worst),
            "accident_count": (("year", "cause"), accidents.by_year),
            "plant_sum": (("plant", "plant_moment"), plant_sum),
            "head_sum": (("head", "head_moment"), head_sum),
            "head_reason": (("head", "reason"), paid.head_reason),
        }
    )


def owners_part(accidents: Accidents, paid: Paid, owner: Integers, owners: int) -> Floats:
    """Return what each owner's plants cost in each year, shape (years, owners, 2): insured and uninsured [CNY].

    Parameters
    ----------
    accidents : Accidents
        What happened.
    paid : Paid
        What was paid for it.
    owner : array of int, shape (plants,)
        Index of the owner of each plant.
    owners : int
        How many owners.

    Notes
    -----
    It grows with years and owners: made for the first years of a run only, those that issuer studies take.
    """
    cell = accidents.year * owners + owner[accidents.plant]
    insured = paid.total
    columns = [
        np.bincount(cell, weights=amount, minlength=accidents.years * owners).reshape(accidents.years, owners)
        for amount in (insured, accidents.total - insured)
    ]
    return np.stack(columns, axis=2)


@dataclass(frozen=True, eq=False)
class ZoneYears:
    """The simulated years of a zone.

    Parameters
    ----------
    loss, worst_event : array, shape (year, layer)
        Loss of each year and of its worst event, layers as in :data:`LAYERS` [CNY].
    accident_count : array, shape (year, cause)
        Accidents of each year by cause.
    plant_sum : array, shape (plant, moment)
        Sums over the years, moments as in :data:`PLANT_SUMS`.
    head_sum : array, shape (head, moment)
        Sums over the years, moments as in :data:`HEAD_SUMS`.
    head_reason : array, shape (head, reason)
        What is not insured, sums over the years [CNY].
    """

    loss: Floats
    worst_event: Floats
    accident_count: NDArray[np.int32]
    plant_sum: Floats
    head_sum: Floats
    head_reason: Floats

    @property
    def years(self) -> int:
        """How many years."""
        return int(self.loss.shape[0])

    def layer(self, name: str) -> Floats:
        """Return the yearly sums of a layer, shape (year,) [CNY]."""
        return np.ascontiguousarray(self.loss[:, LAYERS.index(name)])

    def worst(self, name: str) -> Floats:
        """Return the worst event of each year in a layer, shape (year,) [CNY]."""
        return np.ascontiguousarray(self.worst_event[:, LAYERS.index(name)])

    def by_plant(self, name: str) -> Floats:
        """Return a mean by plant, shape (plant,) [1/year, CNY/year or CNY2/year].

        Parameters
        ----------
        name : str
            One of :data:`PLANT_SUMS`.
        """
        return np.asarray(self.plant_sum[:, PLANT_SUMS.index(name)] / self.years)

    def by_head(self, name: str) -> Floats:
        """Return a mean by head, shape (head,) [1/year or CNY/year].

        Parameters
        ----------
        name : str
            One of :data:`HEAD_SUMS`.
        """
        return np.asarray(self.head_sum[:, HEAD_SUMS.index(name)] / self.years)

    def uninsured_by_reason(self) -> Floats:
        """Return what is not insured by head and reason, shape (head, reason) [CNY/year]."""
        return np.asarray(self.head_reason / self.years)

    def plant_standard_error(self, name: str = "insured") -> Floats:
        """Return the simulation's standard error of a mean loss by plant, shape (plant,) [CNY/year].

        Parameters
        ----------
        name : {"ground_up", "insured"}
            Of which mean.
        """
        mean, square = self.by_plant(name), self.by_plant(f"{name}_squared")
        return np.sqrt(np.maximum(square - mean**2, 0.0) / max(self.years - 1, 1))

    def covariance_with_zone(self) -> Floats:
        """Return the covariance of each plant's yearly payments with those of the zone, shape (plant,) [CNY2].

        They add up to the variance of the zone: the shares of a covariance allocation.
        """
        mean = self.by_plant("insured")
        return np.asarray(self.by_plant("insured_with_zone") - mean * mean.sum())


def gather(parts: Iterable[xr.Dataset], blocks: int, block_length: int) -> ZoneYears:
    """Put the blocks together, in their order; each is dropped when it has been read.

    Parameters
    ----------
    parts : iterable of Dataset
        From :func:`part`.
    blocks, block_length : int
        How many blocks, and years in each.
    """
    years = blocks * block_length
    loss, worst = np.zeros((years, len(LAYERS))), np.zeros((years, len(LAYERS)))
    counts = np.zeros((years, len(CAUSES)), dtype=np.int32)
    sums: dict[str, Floats] = {}
    stream: Iterator[xr.Dataset] = islice(iter(parts), blocks)
    for block, dataset in enumerate(stream):
        rows = slice(block * block_length, (block + 1) * block_length)
        loss[rows], worst[rows] = dataset["loss"].values, dataset["worst_event"].values
        counts[rows] = dataset["accident_count"].values
        for name in ("plant_sum", "head_sum", "head_reason"):
            values = dataset[name].values
            sums[name] = sums[name] + values if name in sums else values.astype(np.float64)
    return ZoneYears(loss, worst, counts, **sums)
