# SPDX-License-Identifier: Apache-2.0
"""The table of simulated years, filled part by part: the only thing that grows with their number."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from greenrisk.resource import claims_service, terms_alternatives
from greenrisk.resource.forest import BLOCK_LENGTH
from greenrisk.resource.simulation import LAYERS

ALL_LAYERS = (*LAYERS, "ceded", "net")
"""Layers of the result: before policy terms, after them, and the split of the latter by reinsurance."""


FIRST_BLOCKS: Final = 20
"""Blocks, the first of a run, that claims service, dependence and pool are taken from: their errors are small by then,
and each would hold as much memory again as the years themselves. The ledger says so where a run has more."""


@dataclass(frozen=True)
class YearTable:
    """The simulated years: the one table that grows with them.

    Parameters
    ----------
    loss : array, shape (year, 4)
        Annual losses, layers ground_up, gross, ceded and net; the last two are filled once the premium is known
        [CNY].
    largest : array, shape (year, 2)
        The largest event of each year, layers ground_up and gross [CNY].
    cell : array, shape (year, segment, peril)
        Gross losses by county and forest type, and by peril [CNY].
    peril_ground_up : array, shape (year, peril)
        Losses before policy terms [CNY].
    damaged_insured, paid_area : array, shape (year, peril)
        Damaged and paid insured area [mu].
    claims : array, shape (year, peril)
        Damages of stands that are paid [1].
    fires : array, shape (year,)
        Fires of the landscape [1].
    burnt_area, unburnt_area : array, shape (year,)
        Burnt forest, insured or not, and what fires could not burn for lack of connected forest [ha].
    site : array, shape (site, 3)
        Sums over the years: damaged area [ha], payment [CNY], squared annual payment [CNY2].
    group : array, shape (group, 2)
        Sums over the years by group of the premium file: claims [1], payment [CNY].
    row_square : array, shape (row,)
        Sums over the years of the squared annual payments by row of the premium file [CNY2].
    repeated : array, shape (2,)
        Damages of stands that were damaged before in the year [1], and the loss not counted twice for them [CNY].
    uncovered : array, shape (peril,)
        Loss before terms of events outside the policy period [CNY].
    others : mapping of str to array
        What else the parts hold: by year where a variable is over the years, else summed. The claims service is
        that of the first :data:`FIRST_BLOCKS` blocks.
    """

    loss: NDArray[np.float64]
    largest: NDArray[np.float64]
    cell: NDArray[np.float64]
    peril_ground_up: NDArray[np.float64]
    damaged_insured: NDArray[np.float64]
    paid_area: NDArray[np.float64]
    claims: NDArray[np.float64]
    fires: NDArray[np.float64]
    burnt_area: NDArray[np.float64]
    unburnt_area: NDArray[np.float64]
    site: NDArray[np.float64]
    group: NDArray[np.float64]
    row_square: NDArray[np.float64]
    repeated: NDArray[np.float64]
    uncovered: NDArray[np.float64]
    others: Mapping[str, NDArray[np.float64]]

    @property
    def segment(self) -> NDArray[np.float64]:
        """Gross losses by county and forest type, all perils, shape (year, segment) [CNY]."""
        return np.asarray(self.cell.sum(axis=2))

    @property
    def peril(self) -> NDArray[np.float64]:
        """Gross losses by peril, shape (year, peril) [CNY]."""
        return np.asarray(self.cell.sum(axis=1))

    @property
    def years(self) -> int:
        """How many years were simulated."""
        return int(self.loss.shape[0])


def gather(parts: Iterator[xr.Dataset], blocks: int) -> YearTable:
    """Fill the table from the parts of the central simulation, in the order of the blocks."""
    years = blocks * BLOCK_LENGTH
    by_year: dict[str, NDArray[np.float64]] = {}
    sums: dict[str, NDArray[np.float64]] = {}
    others: dict[str, NDArray[np.float64]] = {}
    for block, dataset in enumerate(itertools.islice(parts, blocks)):
        rows = slice(block * BLOCK_LENGTH, (block + 1) * BLOCK_LENGTH)
        for name, field in _BY_YEAR.items():
            values = dataset[name].values
            if field not in by_year:
                by_year[field] = np.zeros((years, *values.shape[1:]))
            by_year[field][rows] = values
        for name, field in _SUMS.items():
            values = dataset[name].values
            sums[field] = sums[field] + values if field in sums else values.astype(np.float64)
        for name in set(map(str, dataset.data_vars)) - {*_BY_YEAR, *_SUMS, *_ELSEWHERE}:
            if name in _SERVICE and block >= FIRST_BLOCKS:
                continue
            values = dataset[name].values
            if dataset[name].dims[:1] == ("year",):
                if name not in others:
                    kept = min(blocks, FIRST_BLOCKS) * BLOCK_LENGTH if name in _SERVICE else years
                    others[name] = np.zeros((kept, *values.shape[1:]))
                others[name][rows] = values
            else:
                others[name] = others[name] + values if name in others else values.astype(np.float64)
    loss = np.zeros((years, len(ALL_LAYERS)))
    loss[:, : len(LAYERS)] = by_year.pop("loss")
    return YearTable(loss=loss, **by_year, **sums, others=others)


_BY_YEAR = {
    "loss": "loss",
    "largest_event": "largest",
    "cell_loss": "cell",
    **{
        name: name
        for name in (
            "peril_ground_up",
            "damaged_insured",
            "paid_area",
            "claims",
            "fires",
            "burnt_area",
            "unburnt_area",
        )
    },
}
"""Variables of a part that have a row for each year, and the fields that they fill."""

_SUMS = {
    "site_sum": "site",
    "group_sum": "group",
    "row_square": "row_square",
    "repeated": "repeated",
    "uncovered": "uncovered",
}
"""Variables of a part that are added up."""

_SERVICE = {*claims_service.BY_YEAR, *claims_service.SUMS}
"""Variables of a part that the claims service is made of."""

_ELSEWHERE = {*terms_alternatives.BY_YEAR, *terms_alternatives.SUMS}
"""Variables of a part that :class:`~greenrisk.resource.terms_alternatives.AlternativeYears` keeps."""
