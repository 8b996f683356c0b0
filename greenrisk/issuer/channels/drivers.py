# SPDX-License-Identifier: Apache-2.0
"""From pathways to the drivers of a block of issuers, by their shares of countries and sectors."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from greenrisk.core.errors import ArgumentError, Faults
from greenrisk.issuer.channels.base import Channel
from greenrisk.issuer.channels.lines import OWN_DRIVERS
from greenrisk.issuer.statements import Issuers
from greenrisk.pathways.pathway import Pathway

Floats = NDArray[np.float64]


def asked_drivers(channels: Sequence[Channel]) -> tuple[str, ...]:
    """Return the drivers of pathways that channels consume, each once, for :class:`greenrisk.pathways.needs.Asked`."""
    names = [driver for channel in channels for driver in channel.consumes()]
    return tuple(dict.fromkeys(name for name in names if name not in OWN_DRIVERS))


def drivers_of(pathways: Sequence[Pathway], issuers: Issuers, names: Sequence[str]) -> dict[str, Floats]:
    """Return drivers of a block, each of shape (1, scenario, issuer, year).

    Parameters
    ----------
    pathways : sequence of Pathway
        One for each scenario, on the same years.
    issuers : Issuers
        The block; its countries and sectors must all be asked of the pathways, in any order.
    names : sequence of str
        Names of drivers (:func:`asked_drivers`).

    Raises
    ------
    ArgumentError
        With every country and sector that the pathways do not hold, and years that differ.
    """
    faults, first = Faults(), pathways[0]
    for pathway in pathways[1:]:
        if not np.array_equal(pathway.years, first.years):
            faults.add("pathways", pathway.name, f"Its years are not those of {first.name}.")
    for kind, mine, theirs in (
        ("country", issuers.countries, first.countries),
        ("sector", issuers.sectors, first.sectors),
    ):
        for name in mine:
            if name not in theirs and theirs != ("all",):
                faults.add("pathways", f"{kind} = {name}", f"The pathways were not asked for this {kind}.")
    faults.raise_if_any(ArgumentError)
    held = issuers.dense_shares()
    shares = np.zeros((len(issuers), len(first.countries), len(first.sectors)))
    for place, country in enumerate(issuers.countries):
        row = first.countries.index(country) if country in first.countries else 0
        for number, sector in enumerate(issuers.sectors):
            column = first.sectors.index(sector) if sector in first.sectors else 0
            shares[:, row, column] += held[:, place, number]
    found = {}
    for name in names:
        stacked = np.stack([pathway.weighted(name, shares) for pathway in pathways])
        found[name] = stacked[None]
    return found
