# SPDX-License-Identifier: Apache-2.0
"""The generalised Pareto tail of excesses: its likelihood, its fit, its profile interval.

Severities with deductibles and limits are fitted in :mod:`greenrisk.actuarial.fitting.severity_fit`, thresholds are
chosen with :mod:`greenrisk.actuarial.fitting.tail_data`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq, minimize, minimize_scalar
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


def _bad(what: str, expected: str) -> FitError:
    return FitError(Fault("fit", what, expected))
