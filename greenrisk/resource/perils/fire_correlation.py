# SPDX-License-Identifier: Apache-2.0
"""How far provinces share their good and bad fire years, once their trends are taken out."""

from __future__ import annotations

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from scipy.special import polygamma

from greenrisk.core.cards import Card
from greenrisk.core.errors import Fault, FitError
from greenrisk.resource.fire_tables import FirePanel


def log_correlation(values: NDArray[np.float64], *, detrended: bool) -> NDArray[np.float64]:
    """Return the correlations of the logarithms of yearly values between regions.

    Parameters
    ----------
    values : array, shape (years, regions)
        Fires [1/year] or damaged area [ha/year], > 0.
    detrended : bool
        Whether each region's own straight line in the logarithm is taken out first. Without it two regions that
        merely both improve look dependent.

    Returns
    -------
    array, shape (regions, regions)
        Pearson correlations; with 13 years the standard error of one is about 0.3 where it is small.

    Raises
    ------
    FitError
        If a value is zero or there are fewer than four years.
    """
    y = np.asarray(values, dtype=np.float64)
    if y.shape[0] < 4 or y.min() <= 0:
        raise FitError(
            Fault(
                "log_correlation", f"{y.shape[0]} years, least value {y.min():g}", "Needs 4 years, all > 0."
            )
        )
    logs = np.log(y)
    if detrended:
        time = np.column_stack([np.ones(y.shape[0]), np.arange(y.shape[0])])
        logs = logs - time @ np.linalg.lstsq(time, logs, rcond=None)[0]
    return np.asarray(np.corrcoef(logs, rowvar=False))


def mean_correlation(matrix: NDArray[np.float64]) -> float:
    """Return the mean over all pairs."""
    return float(matrix[np.triu_indices(matrix.shape[0], 1)].mean())


def implied_correlation(year_effect_sd: float, dispersion: float) -> float:
    """Return the correlation of two regions' log intensities that the count law implies [unitless].

    Parameters
    ----------
    year_effect_sd : float
        Standard deviation s of the logarithm of the common year effect.
    dispersion : float
        Variance a of the gamma variable that is each region's own, > 0.

    Notes
    -----
    ``s^2 / (s^2 + psi'(1 / a))``: the logarithm of a gamma variable with shape 1 / a has variance psi'(1 / a).
    """
    common = year_effect_sd**2
    return float(common / (common + float(polygamma(1, 1 / dispersion))))


def correlation_check(panel: FirePanel, province: str, card: Card) -> xr.Dataset:
    """Return the group ``/checks/correlation``: how a province moves with its neighbours, trends taken out or not.

    Parameters
    ----------
    panel : FirePanel
        Fires and damaged area of all provinces.
    province : str
        Which province.
    card : Card
        Its ``wildfire.occurrence`` card.

    Returns
    -------
    xarray.Dataset
        By ``neighbour``: ``fires_raw``, ``fires_detrended``, ``area_raw``, ``area_detrended`` [1]; attributes with the
        means over all pairs (``mean_fires_detrended``, ...) and ``implied``, what the common year effect stands for.
    """
    position = panel.index(province)
    others = [i for i in range(len(panel.provinces)) if i != position]
    dataset = xr.Dataset(coords={"neighbour": np.array([panel.provinces[i] for i in others])})
    for name, values in (("fires", panel.fires), ("area", panel.area)):
        for detrended in (False, True):
            matrix = log_correlation(values, detrended=detrended)
            key = f"{name}_{'detrended' if detrended else 'raw'}"
            dataset[key] = ("neighbour", matrix[position, others], {"units": "1"})
            dataset.attrs[f"mean_{key}"] = mean_correlation(matrix)
    central = card.values()
    dataset.attrs["implied"] = implied_correlation(
        float(central["year_effect_sd"]), float(central["dispersion"])
    )
    return dataset
