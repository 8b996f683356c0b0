# SPDX-License-Identifier: Apache-2.0
"""Fits of severities and shares: the generalised Pareto tail, ratios of totals, shares that differ by group.

Regressions of counts are in :mod:`greenrisk.actuarial.glm`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq, minimize, minimize_scalar
from scipy.special import betaln
from scipy.stats import chi2

from greenrisk.core.errors import Fault, FitError

_STARTS = (0.05, 0.3, 0.7, 1.2)  # shapes
_IRREGULAR = -0.5
"""Below this shape the maximum-likelihood estimator is not regular (Smith 1985)."""


@dataclass(frozen=True)
class ParetoFit:
    """A generalised Pareto law fitted to excesses.

    Parameters
    ----------
    shape : float
        xi [unitless].
    scale : float
        beta, in the unit of the excesses.
    covariance : array, shape (2, 2)
        Of (shape, ln scale), from the observed information.
    log_likelihood : float
        At the maximum.
    count : int
        Number of excesses.
    """

    shape: float
    scale: float
    covariance: NDArray[np.float64]
    log_likelihood: float
    count: int

    @property
    def shape_error(self) -> float:
        """Standard error of the shape [unitless]."""
        return float(np.sqrt(self.covariance[0, 0]))


def pareto_log_likelihood(excesses: NDArray[np.float64], shape: float, scale: float) -> float:
    """Return the log-likelihood of a generalised Pareto law; -inf where an excess lies outside its support."""
    z = excesses / scale
    if abs(shape) < 1e-8:
        return float(-excesses.size * np.log(scale) - z.sum())
    inside = 1 + shape * z
    if inside.min() <= 0:
        return -np.inf
    return float(-excesses.size * np.log(scale) - (1 + 1 / shape) * np.log(inside).sum())


def fit_generalised_pareto(excesses: ArrayLike) -> ParetoFit:
    """Fit shape and scale by maximum likelihood.

    Parameters
    ----------
    excesses : array, shape (n,)
        Values minus the threshold, strictly positive: the threshold is fixed and the comparison strict.

    Raises
    ------
    FitError
        With fewer than 10 excesses, if no start converges, or at a shape of -0.5 or less.

    Notes
    -----
    One start is not enough on fire tails: four are run, and the best likelihood is kept.

    References
    ----------
    Coles, S. (2001). An Introduction to Statistical Modeling of Extreme Values. Springer, section 4.3.2.
    Smith, R. L. (1985). Maximum likelihood estimation in a class of nonregular cases. Biometrika 72(1), 67-90.
    https://doi.org/10.1093/biomet/72.1.67
    """
    y = np.asarray(excesses, dtype=np.float64)
    if y.size < 10 or y.min() <= 0:
        raise _bad(f"{y.size} excesses", "At least 10 strictly positive excesses are needed.")
    unit = float(y.mean())
    scaled = y / unit

    def negative(point: NDArray[np.float64]) -> float:
        return min(-pareto_log_likelihood(scaled, float(point[0]), float(np.exp(point[1]))), 1e300)

    results = [
        minimize(
            negative,
            np.array([start, -np.log1p(start)]),
            method="Nelder-Mead",
            options={"xatol": 1e-9, "fatol": 1e-10, "maxiter": 5000},
        )
        for start in _STARTS
    ]
    results = [result for result in results if result.success]
    if not results:
        raise _bad(f"{y.size} excesses", "No start converged.")
    best = min(results, key=lambda result: float(result.fun))
    shape, log_scale = (float(value) for value in best.x)
    if shape <= _IRREGULAR:
        raise _bad(
            f"shape = {shape:.3g}", "The fit is irregular at a shape of -0.5 or less: the tail has an end."
        )
    information = _pareto_information(scaled, shape, float(np.exp(log_scale)))
    if np.linalg.eigvalsh(information).min() <= 0:
        raise _bad(f"shape = {shape:.3g}", "The likelihood is flat at its maximum.")
    return ParetoFit(
        shape=shape,
        scale=float(np.exp(log_scale)) * unit,
        covariance=np.asarray(np.linalg.inv(information), dtype=np.float64),
        log_likelihood=-float(best.fun) - y.size * float(np.log(unit)),
        count=int(y.size),
    )


def pareto_scale_given_shape(excesses: ArrayLike, shape: float) -> tuple[float, float]:
    """Return the most likely scale for a given shape, and the log-likelihood there (the profile likelihood)."""
    y = np.asarray(excesses, dtype=np.float64)
    lowest = float(np.log(y.mean())) - 12.0
    if shape < 0:
        lowest = float(np.log(-shape * y.max())) + 1e-9
    found = minimize_scalar(
        lambda log_scale: -pareto_log_likelihood(y, shape, float(np.exp(log_scale))),
        bounds=(lowest, float(np.log(y.mean())) + 6.0),
        method="bounded",
        options={"xatol": 1e-10},
    )
    if not found.success:
        raise _bad(f"shape = {shape:.3g}", "The scale did not converge.")
    return float(np.exp(found.x)), -float(found.fun)


def pareto_shape_interval(excesses: ArrayLike, fit: ParetoFit, level: float = 0.9) -> tuple[float, float]:
    """Return the profile-likelihood interval of the shape.

    Parameters
    ----------
    excesses : array, shape (n,)
        The excesses of the fit.
    fit : ParetoFit
        The fit.
    level : float
        Coverage in (0, 1).
    """
    drop = chi2.ppf(level, 1) / 2

    def above(shape: float) -> float:
        return pareto_scale_given_shape(excesses, shape)[1] - (fit.log_likelihood - drop)

    ends = []
    for direction in (-1, 1):
        step = fit.shape_error
        while above(fit.shape + direction * step) > 0:
            step *= 1.5
            if step > 50:
                raise _bad(f"shape = {fit.shape:.3g}", "The profile likelihood does not fall.")
        ends.append(brentq(above, fit.shape, fit.shape + direction * step, xtol=1e-8))
    return float(ends[0]), float(ends[1])


def _pareto_information(y: NDArray[np.float64], shape: float, scale: float) -> NDArray[np.float64]:
    """Minus the second derivatives of the log-likelihood in (shape, ln scale)."""
    step = 1e-4

    def value(a: float, b: float) -> float:
        return -pareto_log_likelihood(y, shape + a, scale * float(np.exp(b)))

    middle = value(0, 0)
    first = (value(step, 0) - 2 * middle + value(-step, 0)) / step**2
    second = (value(0, step) - 2 * middle + value(0, -step)) / step**2
    cross = value(step, step) - value(step, -step) - value(-step, step) + value(-step, -step)
    return np.array([[first, cross / (4 * step**2)], [cross / (4 * step**2), second]])


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
    s = np.atleast_2d(np.asarray(numerators, dtype=np.float64))
    n = np.asarray(denominator, dtype=np.float64)
    if s.shape[0] != n.size or n.size < 2 or n.sum() <= 0:
        raise _bad(f"{n.size} clusters", "At least two clusters with a positive total are needed.")
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


def fit_beta_binomial(successes: ArrayLike, trials: ArrayLike) -> tuple[float, float]:
    """Fit the beta law of shares that differ by group, by maximum likelihood.

    Parameters
    ----------
    successes, trials : array, shape (groups,)
        Numbers.

    Returns
    -------
    tuple of two floats
        a and b; a group with k of n has the posterior Beta(a + k, b + n - k).

    Raises
    ------
    FitError
        If the fit does not converge or runs to an edge (the groups do not differ).
    """
    k, n = np.asarray(successes, dtype=np.float64), np.asarray(trials, dtype=np.float64)

    def negative(point: NDArray[np.float64]) -> float:
        a, b = np.exp(point)
        return float(-(betaln(k + a, n - k + b) - betaln(a, b)).sum())

    share = max(k.sum() / n.sum(), 1e-9)
    found = minimize(
        negative,
        np.array([0.0, -np.log(share)]),
        method="Nelder-Mead",
        options={"xatol": 1e-9, "fatol": 1e-11, "maxiter": 5000},
    )
    if not found.success or np.abs(found.x).max() > 20:
        raise _bad(
            f"{k.sum():g} of {n.sum():g} in {k.size} groups", "The shares of the groups do not differ."
        )
    return float(np.exp(found.x[0])), float(np.exp(found.x[1]))


def _bad(what: str, expected: str) -> FitError:
    return FitError(Fault("fit", what, expected))
