# SPDX-License-Identifier: Apache-2.0
"""Scores of probability forecasts: interval coverage, continuous ranked probability score, and honest errors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greenrisk.actuarial.labels import aligned
from greenrisk.core.errors import ArgumentError, Fault


@dataclass(frozen=True)
class Score:
    """A mean score and its standard error."""

    value: float
    standard_error: float


def crps_of_samples(samples: ArrayLike, observed: ArrayLike) -> NDArray[np.float64]:
    """Return the continuous ranked probability score of a forecast given by samples.

    Parameters
    ----------
    samples : array, shape (m, ...)
        Equally likely values of the forecast.
    observed : array, shape (...)
        What happened.

    Returns
    -------
    array, shape (...)
        ``E|X - y| - E|X - X'| / 2`` of the empirical law, exactly, in the unit of the samples; smaller is
        better and 0 is a sure forecast that came true.

    Notes
    -----
    With the samples sorted, ``E|X - X'| = 2 / m^2 sum_i (2 i - m - 1) x_(i)``, which needs no pairs. It is the score
    of the empirical law of the samples, so that it is biased upwards by the order of 1 / m against the score of the
    law they came from.

    References
    ----------
    Gneiting, T., Raftery, A. E. (2007). Strictly proper scoring rules, prediction, and estimation. Journal of the
    American Statistical Association 102(477), 359-378. https://doi.org/10.1198/016214506000001437
    """
    x = np.sort(np.asarray(samples, dtype=np.float64), axis=0)
    y = np.asarray(observed, dtype=np.float64)
    m = x.shape[0]
    if m == 0 or x.shape[1:] != y.shape:
        raise ArgumentError(
            Fault(
                "crps_of_samples",
                f"samples {x.shape}, observed {y.shape}",
                "Samples need one more leading axis than the observations.",
            )
        )
    weight = (2.0 * np.arange(1, m + 1) - m - 1) / m**2
    return np.asarray(np.abs(x - y).mean(axis=0) - np.tensordot(weight, x, axes=(0, 0)))


def covered(samples: ArrayLike, observed: ArrayLike, level: float = 0.9) -> NDArray[np.float64]:
    """Return by how much the central interval of a forecast covers what happened.

    Parameters
    ----------
    samples : array, shape (m, ...)
        Equally likely values of the forecast.
    observed : array, shape (...)
        What happened.
    level : float
        Nominal coverage in (0, 1).

    Returns
    -------
    array of float, shape (...)
        1 where the value lies between the (1 - level) / 2 and (1 + level) / 2 quantiles, ends included, else 0.

    Notes
    -----
    The ends are sample quantiles by inversion of the empirical distribution function, which makes them
    attainable values for counts. With ends included, counts are covered a little more often than nominal.
    """
    x = np.asarray(samples, dtype=np.float64)
    low, high = np.quantile(x, [(1 - level) / 2, (1 + level) / 2], axis=0, method="inverted_cdf")
    y = np.asarray(observed, dtype=np.float64)
    return np.asarray((y >= low) & (y <= high), dtype=np.float64)


def probability_integral_transform(samples: ArrayLike, observed: ArrayLike) -> NDArray[np.float64]:
    """Return P(X < y) + P(X = y) / 2 of the empirical law, shape (...): uniform if the forecast is right."""
    x = np.asarray(samples, dtype=np.float64)
    y = np.asarray(observed, dtype=np.float64)
    return np.asarray((x < y).mean(axis=0) + 0.5 * (x == y).mean(axis=0))


def clustered_mean(values: ArrayLike, clusters: ArrayLike) -> Score:
    """Return a mean with a standard error that allows for dependence within clusters.

    Parameters
    ----------
    values : array, shape (n,)
        Scores.
    clusters : array, shape (n,)
        Label of the cluster of each, e.g. the year that several provinces share.

    Returns
    -------
    Score
        NaN error with fewer than two clusters.

    Notes
    -----
    Variance ``c / (c - 1) sum_k (sum_{i in k} (v_i - mean))^2 / n^2`` over the c clusters (CR1).

    References
    ----------
    Cameron, A. C., Miller, D. L. (2015). A practitioner's guide to cluster-robust inference. Journal of Human
    Resources 50(2), 317-372. https://doi.org/10.3368/jhr.50.2.317
    """
    aligned(values=values, clusters=clusters)
    v = np.asarray(values, dtype=np.float64).ravel()
    _, index = np.unique(np.asarray(clusters).ravel(), return_inverse=True)
    mean = float(v.mean())
    sums = np.bincount(index, weights=v - mean)
    count = sums.size
    if count < 2:
        return Score(mean, float("nan"))
    return Score(mean, float(np.sqrt(count / (count - 1) * (sums**2).sum()) / v.size))
