# SPDX-License-Identifier: Apache-2.0
"""Ratios of totals whose parts come in clusters: their errors, linearised or resampled. No laws are fitted here."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greenrisk.actuarial.labels import aligned
from greenrisk.core.errors import Fault, FitError


@dataclass(frozen=True)
class Ratios:
    """Ratios of totals to one common total, with errors by cluster.

    Parameters
    ----------
    values : array, shape (k,)
        Sum of each numerator over the sum of the denominator.
    covariance : array, shape (k, k)
        Between clusters.
    clusters : int
        Number of clusters; the errors have one degree of freedom less.
    """

    values: NDArray[np.float64]
    covariance: NDArray[np.float64]
    clusters: int


def clustered_ratios(numerators: ArrayLike, denominator: ArrayLike) -> Ratios:
    """Estimate ratios of totals whose parts come in clusters, e.g. fires in years.

    Parameters
    ----------
    numerators : array, shape (clusters, k)
        Parts of the numerators.
    denominator : array, shape (clusters,)
        Parts of the denominator.

    Notes
    -----
    Linearised: the covariance is ``c / (c - 1) sum_t e_t e_t' / (sum_t n_t)^2`` with ``e_t = s_t - r n_t``. A
    binomial error would take the fires of one year for independent, which they are not.

    References
    ----------
    Cochran, W. G. (1977). Sampling Techniques, 3rd ed. Wiley, section 6.3.
    """
    aligned(numerators=numerators, denominator=denominator)
    s = np.atleast_2d(np.asarray(numerators, dtype=np.float64))
    n = np.asarray(denominator, dtype=np.float64)
    if s.shape[0] != n.size or n.size < 2 or n.sum() <= 0:
        raise FitError(
            Fault("fit", f"{n.size} clusters", "At least two clusters with a positive total are needed.")
        )
    values = s.sum(axis=0) / n.sum()
    errors = s - values * n[:, None]
    covariance = n.size / (n.size - 1) * errors.T @ errors / n.sum() ** 2
    return Ratios(values, covariance, int(n.size))


def two_way_bootstrap(
    numerator: NDArray[np.float64], denominator: NDArray[np.float64], draws: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Resample rows and columns of a ratio of totals at once.

    Parameters
    ----------
    numerator, denominator : array, shape (rows, columns)
        E.g. by year and province.
    draws : int
        How many resamples.
    rng : numpy.random.Generator
        Source of randomness.

    Returns
    -------
    array, shape (draws,)
        The ratio in each resample.

    References
    ----------
    Owen, A. B. (2007). The pigeonhole bootstrap. Annals of Applied Statistics 1(2), 386-411.
    https://doi.org/10.1214/07-AOAS122
    """
    rows, columns = numerator.shape
    row_weight = rng.multinomial(rows, np.full(rows, 1 / rows), draws)
    column_weight = rng.multinomial(columns, np.full(columns, 1 / columns), draws)
    top = np.einsum("br,rc,bc->b", row_weight, numerator, column_weight)
    return np.asarray(top / np.einsum("br,rc,bc->b", row_weight, denominator, column_weight))
