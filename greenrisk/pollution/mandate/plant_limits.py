# SPDX-License-Identifier: Apache-2.0
"""Limits of every plant side by side: in force, asked by law, and by three rules on its simulated accidents.

What lives here: quantile of an accident and probable maximum loss from a catalogue of scenarios. What does not: the
catalogue and Spain's rule (:mod:`greenrisk.pollution.mandate.spain_rule`).
"""

from __future__ import annotations

import math

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike, NDArray

from greenrisk.actuarial.arguments import every, number, numbers, probability
from greenrisk.core.errors import ArgumentError, Fault
from greenrisk.pollution.mandate.spain_rule import Catalogue, Guarantee

Floats = NDArray[np.float64]


def accident_quantile(catalogue: Catalogue, level: float) -> Floats:
    """Return the cost that an accident of each plant does not exceed with a probability, shape (plants,) [CNY].

    Parameters
    ----------
    catalogue : Catalogue
        Scenarios by ascending cost.
    level : float
        Probability, in (0, 1) [unitless].

    Notes
    -----
    inf{x : share of the accidents of cost <= x is at least the level}; 0 for a plant without accidents.
    """
    p = probability("level", level)
    running = np.cumsum(catalogue.probability, axis=1)
    total = running[:, -1:]
    place = np.argmax(running >= p * total * (1.0 - 1e-12), axis=1)
    return np.where(total[:, 0] > 0.0, catalogue.cost[np.arange(place.size), place], 0.0)


def probable_maximum_loss(catalogue: Catalogue, period: float) -> Floats:
    """Return the largest accident of a plant that a return period holds, shape (plants,) [CNY].

    Parameters
    ----------
    catalogue : Catalogue
        Scenarios by ascending cost.
    period : float
        T > 1 [year].

    Notes
    -----
    inf{x : P(largest accident of a year > x) <= 1 / T}. Accidents are Poisson, so that the probability is
    1 - exp(-rate of the accidents above x): the rate must not exceed -ln(1 - 1 / T). 0 where the plant has an accident
    less often than that.
    """
    years = number("period", period, above=1.0, unit="year")
    most = -math.log1p(-1.0 / years)
    beyond = np.cumsum(catalogue.probability[:, ::-1], axis=1)[:, ::-1]
    above = np.concatenate([beyond[:, 1:], np.zeros((beyond.shape[0], 1))], axis=1)
    place = np.argmax(above <= most * (1.0 + 1e-12), axis=1)
    return np.where(beyond[:, 0] > most, catalogue.cost[np.arange(place.size), place], 0.0)


def plant_limits(
    catalogue: Catalogue,
    spain: Guarantee,
    limit: ArrayLike,
    minimum: ArrayLike,
    plants: ArrayLike,
    *,
    level: float,
    period: float,
) -> xr.Dataset:
    """Return the group ``plant_limits``.

    Parameters
    ----------
    catalogue : Catalogue
        Of the zone's plants.
    spain : Guarantee
        Spain's rule on it.
    limit, minimum : array, shape (plants,)
        Limit of the cover in force, 0: uninsured, and least limit asked of the plant [CNY].
    plants : array of str, shape (plants,)
        Identifiers.
    level, period : float
        As for :func:`accident_quantile` and :func:`probable_maximum_loss`.

    Returns
    -------
    xarray.Dataset
        By ``plant`` and ``rule`` (in_force, minimum, spain, accident_quantile, probable_maximum_loss): ``limit`` [CNY];
        by ``plant``: ``accidents`` with a liability [1/year], ``highest_over_lowest`` of the last three rules [1].
    """
    every(
        lambda: numbers("limit", limit, least=0.0, dimensions=1, unit="CNY"),
        lambda: numbers("minimum", minimum, least=0.0, dimensions=1, unit="CNY"),
    )
    rules = {
        "in_force": np.asarray(limit, dtype=np.float64),
        "minimum": np.asarray(minimum, dtype=np.float64),
        "spain": spain.guarantee,
        "accident_quantile": accident_quantile(catalogue, level),
        "probable_maximum_loss": probable_maximum_loss(catalogue, period),
    }
    for name, values in rules.items():
        if values.shape != spain.guarantee.shape:
            mend = f"One limit for each of the {spain.guarantee.size} plants was expected."
            raise ArgumentError(Fault(name, f"{name} of shape {values.shape}", mend, "CNY"))
    table = np.stack(list(rules.values()), axis=1)
    low, high = table[:, 2:].min(axis=1), table[:, 2:].max(axis=1)
    return xr.Dataset(
        {
            "limit": (
                ("plant", "rule"),
                table,
                {"units": "CNY", "long_name": "Limit in force, asked by law, and by three rules"},
            ),
            "accidents": (
                ("plant",),
                catalogue.probability.sum(axis=1),
                {"units": "1/year", "long_name": "Accidents with a liability"},
            ),
            "highest_over_lowest": (
                ("plant",),
                np.divide(high, low, out=np.full(low.shape, np.nan), where=low > 0.0),
                {"units": "1", "long_name": "Highest over lowest of the three rules"},
            ),
        },
        coords={"plant": np.asarray(plants), "rule": list(rules)},
        attrs={"level": level, "period": period},
    )
