# SPDX-License-Identifier: Apache-2.0
"""Steps of a yearly record: the largest F of one change of the mean, with p values under two nulls; and Pettitt's test.

A record of rivers and fires remembers its past: wet years come together, and independent years are then the wrong null
(a step is found where there is none). The F is therefore judged against simulated records of a first-order
autoregression, whose coefficient is estimated on what a straight line leaves of the record. The line takes most of a
step along: about the mean alone, a step would pass for memory and no step of a short record would ever be found. The
price: at a level of 5 %, records without a step are said to have one in 2 to 5 % of cases where years are
independent, in up to 10 % at a coefficient of 0.85 with 50 to 90 years, and in 15 % with 13 years.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from greenrisk.core.streams import stream
from greenrisk.resource.index_cover.series import Floats, Integers

TRIM: Final = 0.15
"""Share of the years at each end where no step is looked for (Andrews 1993) [unitless]."""

DRAWS: Final = 4999
"""Simulated records behind a p value: the smallest p is 1 / 5,000."""

MOST_AUTOCORRELATION: Final = 0.95
"""Coefficients above are held here: a stationary record of some decades does not tell them apart [unitless]."""


@dataclass(frozen=True)
class Step:
    """The place where one change of the mean explains most.

    Parameters
    ----------
    position : int
        Known years before the change.
    sup_f : float
        Largest F statistic [unitless].
    before, after : float
        Mean on both sides, in the unit of the values.
    residual : float
        Sum of squares that is left, in the unit squared.
    """

    position: int
    sup_f: float
    before: float
    after: float
    residual: float


def shortest_part(years: int) -> int:
    """Return how many years each side of a step has at least: 15 % of them, and two."""
    return max(2, int(TRIM * years))


def f_statistics(value: NDArray[np.float64]) -> Floats:
    """Return the F statistic of a step after each possible year.

    Parameters
    ----------
    value : array, shape (..., years)
        Without missing values.

    Returns
    -------
    array, shape (..., years - 2 h + 1)
        F of a step after h, h + 1, ..., years - h years, where h is :func:`shortest_part` [unitless].

    Notes
    -----
    F = (S_0 - S_1) / (S_1 / (n - 2)), S_0 and S_1 the sums of squares about one mean and about two.

    References
    ----------
    D. W. K. Andrews, Tests for parameter instability and structural change with unknown change point,
    Econometrica 61 (1993), 821-856, doi:10.2307/2951764.
    """
    years = value.shape[-1]
    least = shortest_part(years)
    centred = value - value.mean(axis=-1, keepdims=True)
    whole = np.square(centred).sum(axis=-1, keepdims=True)
    first = np.arange(least, years - least + 1)
    sums = np.cumsum(centred, axis=-1)[..., first - 1]
    explained = np.square(sums) * (years / (first * (years - first)))
    left = np.maximum(whole - explained, np.finfo(np.float64).tiny)
    result: Floats = explained / (left / (years - 2))
    return result


def best_step(value: Floats) -> Step:
    """Return the step with the largest F; see :func:`f_statistics`."""
    f = f_statistics(value)
    position = int(np.argmax(f)) + shortest_part(value.size)
    before, after = value[:position], value[position:]
    left = float(np.square(before - before.mean()).sum() + np.square(after - after.mean()).sum())
    return Step(position, float(f.max()), float(before.mean()), float(after.mean()), left)


def autocorrelation(residual: Floats, known: NDArray[np.bool_]) -> float:
    """Return the first-order autocorrelation of the residuals of a line, corrected for its bias.

    Parameters
    ----------
    residual : array, shape (known years,)
        Residuals of a line.
    known : array of bool, shape (years,)
        Which years the residuals belong to; only neighbours in time are paired.

    Returns
    -------
    float
        In [0, 0.95]: a negative estimate counts as none [unitless].

    Notes
    -----
    The estimate r, with n in its denominator, is short of rho by about (2 + 5 rho) / n: (1 + 4 rho) / n about a mean
    (Marriott and Pope), and as much again as (1 + rho) / n for the slope. This is solved for rho.

    References
    ----------
    F. H. C. Marriott, J. A. Pope, Bias in the estimation of autocorrelations, Biometrika 41 (1954), 390-402,
    doi:10.1093/biomet/41.3-4.390.
    """
    full = np.full(known.size, np.nan)
    full[known] = residual
    pairs = full[1:] * full[:-1]
    usable = np.isfinite(pairs)
    spread = float(np.square(residual).mean())
    if spread <= 0 or not usable.any():
        return 0.0
    n = residual.size
    raw = float(pairs[usable].mean()) / spread * (n - 1) / n
    corrected = (n * raw + 2) / max(n - 5, 1)
    return float(np.clip(corrected, 0.0, MOST_AUTOCORRELATION))


def step_chance(sup_f: float, known: NDArray[np.bool_], rho: float, seed: int) -> float:
    """Return the chance of so large an F, or larger, in a record without a step.

    Parameters
    ----------
    sup_f : float
        The F that was found [unitless].
    known : array of bool, shape (years,)
        Which years of the record are known.
    rho : float
        First-order autocorrelation of the years, rounded to 0.01; 0: independent years [unitless].
    seed : int
        Seed of the simulated records.
    """
    drawn = _null(known.tobytes(), round(rho, 2), seed)
    return float((1 + np.count_nonzero(drawn >= sup_f)) / (1 + drawn.size))


@lru_cache(maxsize=256)
def _null(known: bytes, rho: float, seed: int) -> Floats:
    """Return the largest F of each simulated record without a step."""
    mask = np.frombuffer(known, dtype=np.bool_)
    draw = stream(seed, "step", "null").standard_normal((DRAWS, mask.size))
    largest: Floats = f_statistics(autoregression(draw, rho)[:, mask]).max(axis=-1)
    largest.flags.writeable = False
    return largest


def autoregression(draw: Floats, rho: float) -> Floats:
    """Return stationary first-order autoregressions of unit variance from independent normal numbers.

    Parameters
    ----------
    draw : array, shape (records, years)
        Standard normal.
    rho : float
        Coefficient [unitless].
    """
    if rho == 0.0:
        return draw
    from scipy.signal import lfilter

    scaled = draw * np.sqrt(1 - rho**2)
    scaled[:, 0] = draw[:, 0]
    result: Floats = lfilter([1.0], [1.0, -rho], scaled, axis=-1)
    return result


def pettitt(value: Floats) -> tuple[int, float]:
    """Return Pettitt's change point and its p value, which takes the years for independent.

    Parameters
    ----------
    value : array, shape (years,)
        Without missing values.

    Returns
    -------
    position : int
        Years before the change.
    p : float
        2 exp(-6 K^2 / (n^3 + n^2)), at most 1 [unitless].

    References
    ----------
    A. N. Pettitt, A non-parametric approach to the change-point problem, Applied Statistics 28 (1979), 126-135,
    doi:10.2307/2346729.
    """
    from scipy.stats import rankdata

    n = value.size
    u = 2 * np.cumsum(rankdata(value))[:-1] - np.arange(1, n) * (n + 1)
    position = int(np.argmax(np.abs(u)))
    k = float(np.abs(u[position]))
    return position + 1, float(min(1.0, 2 * np.exp(-6 * k**2 / (n**3 + n**2))))


def known_years(year: Integers, value: Floats) -> NDArray[np.bool_]:
    """Return, for every year from the first to the last, whether its value is known."""
    known = np.zeros(int(year[-1] - year[0]) + 1, dtype=np.bool_)
    known[(year - year[0])[np.isfinite(value)]] = True
    return known
