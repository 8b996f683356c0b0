# SPDX-License-Identifier: Apache-2.0
"""Limits that rules would ask of every plant, from catalogues drawn from its laws: groups of the result.

What lives here: the groups, their intervals, what the ledger hears of them. What does not: the rules
(:mod:`greenrisk.pollution.mandate.spain_rule`, :mod:`greenrisk.pollution.mandate.plant_limits`) and the catalogue
(:mod:`greenrisk.pollution.mandate.catalogue`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike, NDArray

from greenrisk.core.ledger import Ledger
from greenrisk.pollution.mandate.catalogue import LEAST, DrawnCatalogue
from greenrisk.pollution.mandate.plant_limits import accident_quantile, plant_limits, probable_maximum_loss
from greenrisk.pollution.mandate.spain_rule import Catalogue, guarantee, spain_group

Floats = NDArray[np.float64]

_READ: Final = (
    "guarantee",
    "guarantee_low",
    "guarantee_high",
    "guarantee_eur",
    "prevention",
    "limit_over_guarantee",
)
"""What of Spain's rule is read off a catalogue."""


def limits_by_plant(
    drawn: DrawnCatalogue,
    number: Mapping[str, float],
    limit: ArrayLike,
    minimum: ArrayLike,
    plants: ArrayLike,
    cny_per_eur: float,
    ledger: Ledger,
) -> dict[str, xr.Dataset]:
    """Return the groups ``/spain_rule`` and ``/plant_limits``.

    Parameters
    ----------
    drawn : DrawnCatalogue
        Accidents of all plants.
    number : mapping of str to float
        Of the table of numbers: Spain's rule, level of the quantile, return period.
    limit, minimum : array, shape (plants,)
        Limit of the cover in force, 0: uninsured, and least limit asked of the plant [CNY].
    plants : array of str, shape (plants,)
        Identifiers.
    cny_per_eur : float
        Exchange rate, > 0 [CNY/EUR].
    ledger : Ledger
        Told of plants with too few accidents for a catalogue, and how many accidents are behind the others.

    Returns
    -------
    dict of str to xarray.Dataset
        As :func:`~greenrisk.pollution.mandate.spain_rule.spain_group` and
        :func:`~greenrisk.pollution.mandate.plant_limits.plant_limits` make them; what is read off a catalogue is NaN
        for plants with fewer than 5,000 drawn accidents behind it. ``/spain_rule`` tells these ``accidents_behind`` [1]
        by plant, and in ``one_catalogue`` whether all plants share the law of a liability.
    """
    share, prevention = number["spain_share"], number["spain_prevention_share"]
    level, period = number["accident_level"], number["return_period"]

    def read(catalogue: Catalogue) -> Floats:
        found = guarantee(
            catalogue.cost, catalogue.probability, share=share, prevention_share=prevention
        ).guarantee
        columns = [found, accident_quantile(catalogue, level), probable_maximum_loss(catalogue, period)]
        return np.stack(columns, axis=1)

    catalogue = drawn.catalogue()
    low, high = drawn.interval(read)
    found = guarantee(catalogue.cost, catalogue.probability, share=share, prevention_share=prevention)
    spain = spain_group(
        catalogue,
        found,
        plants,
        limit,
        cny_per_eur,
        below=number["spain_exempt_below"],
        below_certified=number["spain_exempt_below_certified"],
        interval=(low[:, 0], high[:, 0]),
    )
    told = {"units": "1", "long_name": "Drawn accidents with a liability behind the catalogue"}
    spain["accidents_behind"] = ("plant", drawn.behind, told)
    spain.attrs["one_catalogue"] = int(drawn.drawn.alike.one)
    limits = plant_limits(
        catalogue, found, limit, minimum, plants, level=level, period=period, interval=(low, high)
    )
    few = ~drawn.enough
    if few.any():
        for name in _READ:
            spain[name].values[few] = np.nan
        for name in ("exempt", "exempt_if_certified"):
            spain[name].values[few] = False
        for name in ("limit", "limit_low", "limit_high"):
            limits[name].values[few, 2:] = np.nan
        ledger.add(
            "unreliable",
            "limits by plant",
            f"{int(few.sum())} plants have fewer than {LEAST:,} drawn accidents with a liability: no limit is read off "
            "their accidents.",
            int(few.sum()),
        )
    return {"/spain_rule": spain, "/plant_limits": limits}
