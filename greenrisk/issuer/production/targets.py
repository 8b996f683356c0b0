# SPDX-License-Identifier: Apache-2.0
"""Paths of the scenarios on the years of a study, with the change that each asks of a company."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from greenrisk.issuer.production.pair_checks import Period
from greenrisk.issuer.production.plans import Plans
from greenrisk.issuer.production.quantities import fair_share
from greenrisk.issuer.production.technology_paths import Key, TechnologyPaths

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class ScenarioPaths:
    """Paths on the years of a study.

    Parameters
    ----------
    keys : tuple of (region, sector, technology)
        What the paths are of.
    green : ndarray of bool, (key,)
        Whether it is a green technology.
    price_unit : tuple of str
        Unit of the price of each key.
    share : ndarray, (scenario, key, year)
        Change that the scenario asks, see :func:`greenrisk.issuer.production.quantities.fair_share` [1].
    price : ndarray, (scenario, key, year)
        [money/unit of output].
    capacity_factor : ndarray, (scenario, key, year)
        [1].
    covered : ndarray of bool, (key,)
        Whether every scenario that a pair names tells every year.
    """

    keys: tuple[Key, ...]
    green: Flags
    price_unit: tuple[str, ...]
    share: Floats
    price: Floats
    capacity_factor: Floats
    covered: Flags

    def rows_of(self, plans: Plans, region: str) -> Integers:
        """Return which path each plan follows, -1 for none; plans that name no region follow ``region``."""
        place = {key: k for k, key in enumerate(self.keys)}
        labels = zip(plans.region, plans.sector, plans.technology, strict=True)
        return np.array([place.get((a or region, b, c), -1) for a, b, c in labels], dtype=np.int64)


def scenario_paths(paths: TechnologyPaths, period: Period) -> ScenarioPaths:
    """Return the paths on the years of a study.

    Parameters
    ----------
    paths : TechnologyPaths
        Paths of a table.
    period : Period
        Years and pairs of the study.
    """
    at = slice(period.first - int(paths.years[0]), period.last - int(paths.years[0]) + 1)
    activity, price, factor = (x[:, :, at] for x in (paths.activity, paths.price, paths.capacity_factor))
    groups: dict[tuple[str, str], int] = {}
    sector = np.array([groups.setdefault((r, s), len(groups)) for r, s, _ in paths.keys], dtype=np.int64)
    used = sorted({k for pair in period.pairs for k in pair})
    told = ~np.isnan(activity) & ~np.isnan(price) & ~np.isnan(factor)
    share = np.stack([fair_share(one, sector, paths.green) for one in activity])
    return ScenarioPaths(
        keys=paths.keys,
        green=paths.green,
        price_unit=paths.price_unit,
        share=share,
        price=price,
        capacity_factor=factor,
        covered=np.asarray(told[used].all(axis=(0, 2)), dtype=bool),
    )
