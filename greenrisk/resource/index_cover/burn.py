# SPDX-License-Identifier: Apache-2.0
"""Burn analysis: the mean payment over the record, and how far another record of the same river could have moved it.

The bootstrap draws blocks of years, so that what a year has in common with the next stays (Kuensch 1989); blocks run on
from the last year to the first, so that every year counts alike (Politis and Romano 1992). A resample is a vector of
weights of the years, and its mean for all sites at once a product of matrices: sites are taken in parts, so that memory
does not grow with resamples.

References
----------
Kuensch, H. R. (1989), The jackknife and the bootstrap for general stationary observations, Annals of Statistics 17,
1217-1241.
Politis, D. N. and Romano, J. P. (1992), A circular block-resampling procedure for stationary data, in: Exploring the
Limits of Bootstrap, Wiley, 263-270.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from greenrisk.core.errors import ArgumentError, Fault
from greenrisk.core.streams import stream
from greenrisk.resource.index_cover.series import Floats, Integers

RESAMPLES: Final = 2000
"""Resamples of a burn analysis."""
LEVELS: Final = (0.05, 0.95)
"""Ends of the interval that is told [unitless]."""
_LONGEST: Final = 20
"""Longest block that is set from the record, as in the scenario [year]."""
_CELLS: Final = 500_000
"""Means that are held at a time (4 MB)."""


class BootstrapMeans(NamedTuple):
    """Means of payments over the years of the record, and what resamples make of them."""

    mean: Floats
    """Over the years that are known, shape (...) [unit of the payments a year]."""

    standard_error: Floats
    """Standard deviation over resamples, shape (...) [the same]."""

    quantile: Floats
    """Over resamples, shape (levels, ...) [the same]."""


class Burn(NamedTuple):
    """Burn analysis of one series of payments."""

    mean: float
    """Mean payment of a year of the record [CNY/year]."""

    low: float
    """5 % quantile of the mean over resamples [CNY/year]."""

    high: float
    """95 % quantile [CNY/year]."""

    standard_error: float
    """Standard deviation of the mean over resamples [CNY/year]."""

    years: int
    """Years that are known."""

    paying_years: int
    """Years in which something is paid."""

    block_years: int
    """Length of the blocks [year]."""


def block_length(value: ArrayLike) -> int:
    """Return the length of blocks for the mean of a series of years, from its first autocorrelation.

    Parameters
    ----------
    value : array, shape (years,)
        Any unit; NaN where not known.

    Returns
    -------
    int
        1 for years that have nothing in common with the next; at most a quarter of the record, and 20 [year].

    Notes
    -----
    ``(sqrt(6) r / (1 - r^2))^(2/3) n^(1/3)``, rounded up: what minimises the mean square error of the variance of the
    mean for circular blocks (Politis and White 2004, with a series of first order put in for their spectrum). A
    negative autocorrelation gives 1, which then errs to the wide side.

    References
    ----------
    Politis, D. N. and White, H. (2004), Automatic block-length selection for the dependent bootstrap, Econometric
    Reviews 23, 53-70.
    """
    x = np.asarray(value, dtype=np.float64)
    r = first_autocorrelation(x)
    n = int((~np.isnan(x)).sum())
    if not r > 0.0 or n < 8:
        return 1
    r = min(r, 0.99)
    wanted = (math.sqrt(6.0) * r / (1.0 - r * r)) ** (2.0 / 3.0) * n ** (1.0 / 3.0)
    return int(max(1, min(math.ceil(wanted), n // 4, _LONGEST)))


def first_autocorrelation(value: ArrayLike) -> float:
    """Return the correlation of each year with the next, about the common mean; NaN where all are equal.

    Parameters
    ----------
    value : array, shape (years,)
        Any unit; NaN where not known.
    """
    x = np.asarray(value, dtype=np.float64)
    away = x - np.nanmean(x)
    below = float(np.nansum(away * away))
    return float(np.nansum(away[1:] * away[:-1]) / below) if below > 0.0 else math.nan


def block_weights(years: int, resamples: int, block_years: int, rng: np.random.Generator) -> Integers:
    """Return how often each year stands in each resample of circular blocks.

    Parameters
    ----------
    years : int
        Length of the record.
    resamples : int
        Number of resamples.
    block_years : int
        Length of a block, >= 1; the last one is cut where the record is full [year].
    rng : numpy.random.Generator
        Draws where blocks begin.

    Returns
    -------
    array of int, shape (resamples, years)
        Each row sums to ``years``.
    """
    drawn = block_years_drawn(years, resamples, block_years, rng)
    drawn += years * np.arange(resamples, dtype=np.int64)[:, np.newaxis]
    return np.bincount(drawn.ravel(), minlength=resamples * years).reshape(resamples, years)


def block_years_drawn(years: int, resamples: int, block_years: int, rng: np.random.Generator) -> Integers:
    """Return the positions of the years of each resample, in the order of the blocks, shape (resamples, years).

    Parameters
    ----------
    years, resamples, block_years, rng
        As in :func:`block_weights`.

    Raises
    ------
    ArgumentError
        If there is no year, or the block is shorter than a year.
    """
    if years < 1 or block_years < 1:
        what = f"years = {years}, block_years = {block_years}"
        raise ArgumentError(Fault("block_years", what, "Both must be 1 or more.", "year"))
    blocks = -(-years // block_years)
    begin = rng.integers(0, years, (resamples, blocks), dtype=np.int64)
    drawn = begin[:, :, np.newaxis] + np.arange(block_years, dtype=np.int64)
    return np.asarray(drawn.reshape(resamples, -1)[:, :years] % years)


def bootstrap_means(
    payments: ArrayLike,
    resamples: int = RESAMPLES,
    seed: int = 1,
    *,
    block_years: int = 1,
    levels: tuple[float, ...] = LEVELS,
) -> BootstrapMeans:
    """Return the means of payments by site with standard errors and quantiles over resamples of the years.

    Parameters
    ----------
    payments : array, shape (..., years)
        Of each site and year [CNY]; NaN where not known: a site's mean is over the years that a resample knows.
    resamples : int
        Number of resamples, shared by all sites: what they have in common stays.
    seed : int
        Seed of the stream ``index.burn``.
    block_years : int
        Length of the blocks [year].
    levels : tuple of float
        Levels of the quantiles, in (0, 1) [unitless].

    Returns
    -------
    BootstrapMeans

    Raises
    ------
    ArgumentError
        If there is no year.
    """
    given = np.asarray(payments, dtype=np.float64)
    years = given.shape[-1]
    flat = given.reshape(-1, years)
    weights = block_weights(years, resamples, block_years, stream(seed, "index", "burn")).astype(np.float64)
    at_a_time = max(1, _CELLS // resamples)
    error = np.empty(flat.shape[0])
    quantile = np.empty((len(levels), flat.shape[0]))
    for first in range(0, flat.shape[0], at_a_time):
        part = slice(first, first + at_a_time)
        means = weighted_means(flat[part], weights)
        error[part], quantile[:, part] = _spread(means, levels)
    shape = given.shape[:-1]
    return BootstrapMeans(
        weighted_means(flat, np.ones((1, years)))[:, 0].reshape(shape),
        error.reshape(shape),
        quantile.reshape(len(levels), *shape),
    )


def _spread(means: Floats, levels: tuple[float, ...]) -> tuple[Floats, Floats]:
    """Return standard deviations and quantiles over resamples, of those that know a year of the site."""
    error, quantile = means.std(axis=1), np.asarray(np.quantile(means, levels, axis=1))
    for site in np.flatnonzero(np.isnan(error)):
        known = means[site][~np.isnan(means[site])]
        if known.size:
            error[site], quantile[:, site] = known.std(), np.quantile(known, levels)
    return error, quantile


def weighted_means(payments: Floats, weights: Floats) -> Floats:
    """Return means over years by weights, of the years that are known.

    Parameters
    ----------
    payments : array, shape (sites, years)
        NaN where not known.
    weights : array, shape (resamples, years)
        >= 0 [unitless]

    Returns
    -------
    array, shape (sites, resamples)
        NaN where no year is known that has a weight.
    """
    unknown = np.isnan(payments)
    if not unknown.any():
        return np.asarray(payments @ weights.T / weights.sum(axis=1))
    known = (~unknown).astype(np.float64) @ weights.T
    total = np.where(unknown, 0.0, payments) @ weights.T
    return np.asarray(np.divide(total, known, out=np.full(total.shape, np.nan), where=known > 0.0))


def burn(payments: ArrayLike, *, block_years: int = 1, resamples: int = RESAMPLES, seed: int = 1) -> Burn:
    """Return the burn analysis of one series of payments.

    Parameters
    ----------
    payments : array, shape (years,)
        [CNY]; NaN where not known.
    block_years : int
        Length of the blocks: see :func:`block_length` [year].
    resamples : int
        Number of resamples.
    seed : int
        Seed.

    Raises
    ------
    ArgumentError
        If no year is known.
    """
    given = np.asarray(payments, dtype=np.float64)
    known = given[~np.isnan(given)]
    if not known.size:
        raise ArgumentError(Fault("payments", "no year is known", "A burn analysis needs payments of years."))
    found = bootstrap_means(known, resamples, seed, block_years=min(block_years, known.size))
    return Burn(
        float(found.mean),
        float(found.quantile[0]),
        float(found.quantile[1]),
        float(found.standard_error),
        known.size,
        int((known > 0.0).sum()),
        block_years,
    )
