# SPDX-License-Identifier: Apache-2.0
"""A block of the central simulation reduced to what the result needs: tables by year, and sums by site."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import xarray as xr

from greenrisk.resource.index_cover.index_model import Fitted
from greenrisk.resource.reinsurance import ReinsuranceSpec
from greenrisk.resource.structure import EventCessions
from greenrisk.resource.wetland.ceded import cede_block
from greenrisk.resource.wetland.model import Laws, WetlandModel
from greenrisk.resource.wetland.perils.base import Floats
from greenrisk.resource.wetland.quantities import SIDES

BY_YEAR = ("loss", "largest", "peril_ground_up", "peril_gross", "peril_events", "ceded", "reinstated")
"""Variables of a part with a row for each year."""

INDEX_BY_YEAR = ("payment", "stress", "index")
"""The same of the index, where there is one."""

SUMS = ("head", "site", "repeated", "hits")
"""Variables of a part that are added up."""


def block_part(
    model: WetlandModel,
    laws: Laws,
    fitted: Fitted | None,
    reinsurance: ReinsuranceSpec,
    block: int,
    rank: float,
) -> xr.Dataset:
    """Return a block of the central simulation.

    Parameters
    ----------
    model : WetlandModel
        The model.
    laws : Laws
        Of the base variant.
    fitted : Fitted or None
        Its record of the index; None without an index.
    reinsurance : ReinsuranceSpec
        Covers of the sites' part.
    block : int
        Which block.
    rank : float
        Rank correlation of index and low water [unitless].

    Returns
    -------
    xarray.Dataset
        The moments of ``site`` are loss before terms, payment [CNY], squared yearly payment, and yearly payment times
        that of all sites [CNY2].
    """
    settled = model.settled(laws, model.hits(laws, "main", block))
    events, paid = cede_block(settled, reinsurance), settled.by_site("gross", len(model.sites))
    ground_up, gross = settled.by_site("ground_up", len(model.sites)), settled.annual("gross")
    years, perils = gross.size, len(model.kinds)
    count = np.bincount(settled.event_year * perils + settled.event_peril, minlength=years * perils)
    data = {
        "loss": (("year", "layer"), np.stack([settled.annual(side) for side in SIDES], axis=1)),
        "largest": (("year", "layer"), np.stack([settled.largest(side) for side in SIDES], axis=1)),
        "peril_ground_up": (("year", "peril"), settled.by_peril("ground_up")),
        "peril_gross": (("year", "peril"), settled.by_peril("gross")),
        "peril_events": (("year", "peril"), count.reshape(years, perils).astype(np.float64)),
        "ceded": (("year", "cover"), events.ceded),
        "reinstated": (("year", "cover"), events.reinstated),
        "head": (
            ("head", "moment"),
            np.stack([settled.ground_up.sum(axis=1), settled.gross.sum(axis=1)], axis=1),
        ),
        "site": (
            ("site", "site_moment"),
            np.stack([ground_up.sum(axis=0), paid.sum(axis=0), (paid**2).sum(axis=0), gross @ paid], axis=1),
        ),
        "repeated": ("peril", settled.repeated),
        "hits": ("peril", np.bincount(settled.peril, minlength=perils).astype(np.float64)),
    }
    if fitted is not None:
        drawn = model.index_years(fitted, rank, "main", block)
        data["payment"] = (("year", "index_cover"), drawn.payment)
        data["stress"], data["index"] = ("year", drawn.stress), ("year", drawn.index)
    return xr.Dataset(data)


@dataclass(frozen=True, eq=False)
class YearTable:
    """The simulated years.

    Parameters
    ----------
    loss, largest : array, shape (years, 2)
        A year's loss and its worst event, before and after the terms of the sites' cover [CNY].
    peril_ground_up, peril_gross : array, shape (years, perils)
        By peril [CNY].
    peril_events : array, shape (years, perils)
        Events [1].
    events : EventCessions
        What covers of events take.
    head : array, shape (heads, 2)
        Sums by head before and after the terms [CNY].
    site : array, shape (sites, 4)
        Sums by site: see :func:`block_part`.
    repeated : array, shape (perils,)
        What was lost before in the year and is not counted again [CNY].
    hits : array, shape (perils,)
        Hits of sites [1].
    payment : array, shape (years, covers)
        Payments of the index covers [CNY]; no column without an index.
    stress, index : array, shape (years,)
        Uniforms of low water and index, high is bad [unitless]; empty without an index.
    """

    loss: Floats
    largest: Floats
    peril_ground_up: Floats
    peril_gross: Floats
    peril_events: Floats
    events: EventCessions
    head: Floats
    site: Floats
    repeated: Floats
    hits: Floats
    payment: Floats
    stress: Floats
    index: Floats

    @property
    def years(self) -> int:
        """Simulated years [year]."""
        return int(self.loss.shape[0])


def gather(parts: Iterator[xr.Dataset], blocks: int) -> YearTable:
    """Return the simulated years from the parts of the central simulation, in the order of the blocks.

    Parameters
    ----------
    parts : iterator of xarray.Dataset
        Parts of the run; those of the central simulation are taken from it.
    blocks : int
        How many they are.
    """
    rows: dict[str, list[Floats]] = {}
    sums: dict[str, Floats] = {}
    for dataset in itertools.islice(parts, blocks):
        for name in (*BY_YEAR, *INDEX_BY_YEAR):
            if name in dataset:
                rows.setdefault(name, []).append(dataset[name].values)
        for name in SUMS:
            sums[name] = sums[name] + dataset[name].values if name in sums else dataset[name].values
    whole = {name: np.concatenate(values) for name, values in rows.items()}
    years = whole["loss"].shape[0]
    events = EventCessions(whole.pop("ceded"), whole.pop("reinstated"))
    none = {"payment": np.zeros((years, 0)), "stress": np.zeros(0), "index": np.zeros(0)}
    return YearTable(**{**none, **whole}, **sums, events=events)
