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
Flags = NDArray[np.bool_]


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
    less often than that (:func:`rarer_than`).
    """
    most = _rate_of(period)
    beyond = np.cumsum(catalogue.probability[:, ::-1], axis=1)[:, ::-1]
    above = np.concatenate([beyond[:, 1:], np.zeros((beyond.shape[0], 1))], axis=1)
    place = np.argmax(above <= most * (1.0 + 1e-12), axis=1)
    return np.where(beyond[:, 0] > most, catalogue.cost[np.arange(place.size), place], 0.0)


def rarer_than(catalogue: Catalogue, period: float) -> Flags:
    """Return whether a plant has an accident less often than once in a return period, shape (plants,).

    Parameters
    ----------
    catalogue : Catalogue
        Scenarios.
    period : float
        T > 1 [year].
    """
    return np.asarray(catalogue.probability.sum(axis=1) <= _rate_of(period))


def _rate_of(period: float) -> float:
    """Return the rate of accidents of which there is one in a year with the probability 1 / period [1/year]."""
    return -math.log1p(-1.0 / number("period", period, above=1.0, unit="year"))


def plant_limits(
    catalogue: Catalogue,
    spain: Guarantee,
    limit: ArrayLike,
    minimum: ArrayLike,
    plants: ArrayLike,
    *,
    level: float,
    period: float,
    interval: tuple[Floats, Floats] | None = None,
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
    interval : tuple of array, shape (plants, 3), optional
        Ends of the 90 % interval of the last three rules; empty: the catalogue is no sample [CNY].

    Returns
    -------
    xarray.Dataset
        By ``plant`` and ``rule`` (in_force, minimum, spain, accident_quantile, probable_maximum_loss): ``limit`` with
        ``limit_low`` and ``limit_high`` [CNY], the ends NaN for limits that somebody wrote down; by ``plant``:
        ``accidents`` with a liability [1/year], ``rarer_than_period``: whether they are rarer than the return period,
        so that there is no probable maximum loss (NaN).
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
    written = np.full((table.shape[0], 2), np.nan)
    ends = (table[:, 2:], table[:, 2:]) if interval is None else interval
    rare = rarer_than(catalogue, period)
    wide = [table, *(np.concatenate([written, end], axis=1) for end in ends)]
    for column in wide:
        column[rare, -1] = np.nan
    told = ("Limit in force, asked by law, and by three rules", "Lower end of 90 %", "Upper end of 90 %")
    return xr.Dataset(
        {
            **{
                name: (("plant", "rule"), values, {"units": "CNY", "long_name": words})
                for name, values, words in zip(("limit", "limit_low", "limit_high"), wide, told, strict=True)
            },
            "accidents": (
                ("plant",),
                catalogue.probability.sum(axis=1),
                {"units": "1/year", "long_name": "Accidents with a liability"},
            ),
            "rarer_than_period": (
                ("plant",),
                rare,
                {"units": "1", "long_name": "Whether accidents are rarer than the return period"},
            ),
        },
        coords={"plant": np.asarray(plants), "rule": list(rules)},
        attrs={"level": level, "period": period},
    )
