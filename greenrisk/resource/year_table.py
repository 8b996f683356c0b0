# SPDX-License-Identifier: Apache-2.0
"""The table of simulated years, filled part by part: the only thing that grows with their number."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from greenrisk.resource.forest import BLOCK_LENGTH
from greenrisk.resource.simulation import LAYERS

ALL_LAYERS = (*LAYERS, "ceded", "net")
"""Layers of the result: before policy terms, after them, and the split of the latter by reinsurance."""


@dataclass(frozen=True)
class YearTable:
    """The simulated years: the one table that grows with them.

    Parameters
    ----------
    loss : array, shape (year, 4)
        Annual losses, layers ground_up, gross, ceded and net; the last two are filled once the premium is known
        [CNY].
    largest : array, shape (year, 2)
        The largest fire of each year, layers ground_up and gross [CNY].
    segment : array, shape (year, segment)
        Gross losses by county and forest type [CNY].
    fires : array of int, shape (year,)
        Fires of the landscape.
    burnt_area, unburnt_area : array, shape (year,)
        Burnt forest, insured or not, and what fires could not burn for lack of connected forest [ha].
    burnt_insured, paid_area : array, shape (year,)
        Burnt and paid insured area [mu].
    site : array, shape (site, 3)
        Sums over the years: burnt area [ha], payment [CNY], squared annual payment [CNY2].
    counter : array, shape (2,)
        Repeated and all damages of stands.
    """

    loss: NDArray[np.float64]
    largest: NDArray[np.float64]
    segment: NDArray[np.float64]
    fires: NDArray[np.int64]
    burnt_area: NDArray[np.float64]
    unburnt_area: NDArray[np.float64]
    burnt_insured: NDArray[np.float64]
    paid_area: NDArray[np.float64]
    site: NDArray[np.float64]
    counter: NDArray[np.float64]

    @property
    def years(self) -> int:
        """How many years were simulated."""
        return int(self.loss.shape[0])


def gather(parts: Iterator[xr.Dataset], blocks: int, segments: int, sites: int) -> YearTable:
    """Fill the table from the parts of the central simulation, in the order of the blocks."""
    years = blocks * BLOCK_LENGTH
    table = YearTable(
        loss=np.zeros((years, len(ALL_LAYERS))),
        largest=np.empty((years, len(LAYERS))),
        segment=np.empty((years, segments)),
        fires=np.empty(years, dtype=np.int64),
        burnt_area=np.empty(years),
        unburnt_area=np.empty(years),
        burnt_insured=np.empty(years),
        paid_area=np.empty(years),
        site=np.zeros((sites, 3)),
        counter=np.zeros(2),
    )
    for block, dataset in enumerate(itertools.islice(parts, blocks)):
        rows = slice(block * BLOCK_LENGTH, (block + 1) * BLOCK_LENGTH)
        table.loss[rows, : len(LAYERS)] = dataset["loss"].values
        table.largest[rows] = dataset["largest_event"].values
        table.segment[rows] = dataset["segment_loss"].values
        for name in ("fires", "burnt_area", "unburnt_area", "burnt_insured", "paid_area"):
            getattr(table, name)[rows] = dataset[name].values
        table.site[:] += dataset["site_sum"].values
        table.counter[:] += dataset["counter"].values
    return table
