# SPDX-License-Identifier: Apache-2.0
"""Trends of a yearly record: Mann and Kendall's test with a variance for years that remember, and Sen's slope."""

from __future__ import annotations

import numpy as np

from greenrisk.resource.index_cover.series import Floats, Integers


def kendall_score(value: Floats) -> int:
    """Return Mann and Kendall's S: pairs of years that rise less pairs that fall.

    Parameters
    ----------
    value : array, shape (years,)
        In the order of years, without missing values.
    """
    signs = np.sign(value[None, :] - value[:, None])
    return int(np.triu(signs, 1).sum())


def kendall_variance(value: Floats, rho: float) -> float:
    """Return the variance of S without a trend.

    Parameters
    ----------
    value : array, shape (years,)
        The values, whose ties count.
    rho : float
        First-order autocorrelation of the years [unitless].

    Notes
    -----
    n (n-1) (2n+5) / 18 less the ties' part, times
    1 + 2 / (n (n-1) (n-2)) sum_k (n-k) (n-k-1) (n-k-2) r_k.
    Hamed and Rao take the r_k, the autocorrelations of the ranks, from the record where they are significant; here they
    are those of a Gaussian first-order autoregression, r_k = 6/pi asin(rho^k / 2), which few years estimate better.

    References
    ----------
    K. H. Hamed, A. R. Rao, A modified Mann-Kendall trend test for autocorrelated data, Journal of Hydrology 204 (1998),
    182-196, doi:10.1016/S0022-1694(97)00125-X.
    """
    n = value.size
    _, ties = np.unique(value, return_counts=True)
    plain = (n * (n - 1) * (2 * n + 5) - float((ties * (ties - 1) * (2 * ties + 5)).sum())) / 18
    lag = np.arange(1, n - 2)
    ranks = 6 / np.pi * np.arcsin(rho**lag / 2)
    more = 2 / (n * (n - 1) * (n - 2)) * float(((n - lag) * (n - lag - 1) * (n - lag - 2) * ranks).sum())
    return plain * (1 + more)


def trend_chance(value: Floats, rho: float) -> float:
    """Return the two-sided p value of Mann and Kendall's test; see :func:`kendall_variance`."""
    from scipy.special import ndtr

    score, variance = kendall_score(value), kendall_variance(value, rho)
    if variance <= 0 or score == 0:
        return 1.0
    return float(2 * ndtr(-(abs(score) - 1) / np.sqrt(variance)))


def sen_slope(year: Integers, value: Floats) -> float:
    """Return the median of the slopes of all pairs of years, in the unit of the values a year.

    References
    ----------
    P. K. Sen, Estimates of the regression coefficient based on Kendall's tau, Journal of the American Statistical
    Association 63 (1968), 1379-1389, doi:10.1080/01621459.1968.10480934.
    """
    first, second = np.triu_indices(value.size, 1)
    return float(np.median((value[second] - value[first]) / (year[second] - year[first])))
