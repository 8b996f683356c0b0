# SPDX-License-Identifier: Apache-2.0
"""Negative-binomial regression of counts with random effects, by restricted maximum likelihood (Laplace).

What a year does to all regions, and by how much one region's trend departs from the shared one, are random
effects: their spread is estimated, and what is unsure about them enters the standard errors of everything
else. With a dozen years this matters more than any choice of regressor.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

from greenrisk.actuarial.glm.counts import negative_binomial_log_density, poisson_regression
from greenrisk.core.errors import Fault, FitError

_SMALLEST_SD = 1e-3
"""A random effect whose standard deviation falls to this is reported as absent."""

_LARGEST = 3.0  # ln of the largest standard deviation or dispersion tried


@dataclass(frozen=True)
class MixedModel:
    """Counts, their fixed regressors, and blocks of random regressors.

    Parameters
    ----------
    counts : array, shape (n,)
        Numbers of events.
    fixed : array, shape (n, k)
        Fixed regressors.
    random : mapping of str to array, shape (n, m)
        Blocks; the coefficients of a block are normal with mean 0 and one standard deviation.
    """

    counts: NDArray[np.float64]
    fixed: NDArray[np.float64]
    random: Mapping[str, NDArray[np.float64]]

    @property
    def design(self) -> NDArray[np.float64]:
        """Fixed and random regressors side by side, shape (n, k + sum of m)."""
        return np.hstack([self.fixed, *self.random.values()])

    def precision(self, sds: Mapping[str, float]) -> NDArray[np.float64]:
        """Return the prior precision of each coefficient: 0 for fixed, 1 / sd^2 for random ones."""
        parts = [np.zeros(self.fixed.shape[1])]
        parts += [np.full(block.shape[1], sds[name] ** -2) for name, block in self.random.items()]
        return np.concatenate(parts)


@dataclass(frozen=True)
class Conditional:
    """Coefficients given dispersion and standard deviations: mode, covariance, Laplace likelihood."""

    coefficients: NDArray[np.float64]
    covariance: NDArray[np.float64]
    log_likelihood: float


@dataclass(frozen=True)
class MixedFit:
    """A fitted mixed model.

    Parameters
    ----------
    dispersion : float
        NB2 dispersion [unitless].
    sds : dict of str to float
        Standard deviation of each block of random effects.
    log_covariance : array, shape (1 + blocks, 1 + blocks)
        Covariance of the logarithms of dispersion and standard deviations, from the curvature of the restricted
        likelihood.
    coefficients, covariance : arrays
        Mode of all coefficients (fixed, then random block by block) at those values, and their covariance, which holds
        the uncertainty of dispersion and standard deviations too.
    log_likelihood : float
        Restricted log-likelihood (Laplace).
    """

    dispersion: float
    sds: dict[str, float]
    log_covariance: NDArray[np.float64]
    coefficients: NDArray[np.float64]
    covariance: NDArray[np.float64]
    log_likelihood: float

    def __repr__(self) -> str:
        """Return dispersion and standard deviations with their errors."""
        from greenrisk.actuarial.glm.wording import mixed_lines

        return mixed_lines(self)


def condition(model: MixedModel, dispersion: float, sds: Mapping[str, float]) -> Conditional:
    """Return the coefficients' mode and covariance for given dispersion and standard deviations.

    Raises
    ------
    FitError
        If Newton's method does not settle.

    Notes
    -----
    The NB2 log-likelihood with log link is concave in the linear predictor: its curvature is
    ``(y + r) p (1 - p)``, p = m / (r + m), r = 1 / dispersion. Newton's method with halved steps therefore finds the
    one mode.
    """
    y, design, prior = model.counts, model.design, model.precision(sds)
    r = 1 / dispersion
    beta = np.zeros(design.shape[1])
    beta[: model.fixed.shape[1]] = np.linalg.lstsq(model.fixed, np.log(y + 0.5), rcond=None)[0]

    def objective(b: NDArray[np.float64]) -> float:
        density = negative_binomial_log_density(y, design @ b, dispersion).sum()
        return float(density - 0.5 * (prior * b * b).sum())

    value = objective(beta)
    for _ in range(200):
        p = expit(design @ beta + np.log(dispersion))
        gradient = design.T @ (y - (y + r) * p) - prior * beta
        hessian = (design.T * ((y + r) * p * (1 - p))) @ design + np.diag(prior)
        step = np.linalg.solve(hessian, gradient)
        length = 1.0
        while (new := objective(beta + length * step)) < value - 1e-12 * abs(value) and length > 1e-6:
            length /= 2
        beta, value = beta + length * step, new
        if gradient @ step < 1e-13 * max(1.0, abs(value)):  # twice what this step could gain
            break
    else:
        raise _not_converged("Newton's method did not settle in 200 steps.")
    sign, log_determinant = np.linalg.slogdet(hessian)
    if sign <= 0:
        raise _not_converged("The information matrix is not positive definite.")
    blocks = sum(block.shape[1] * np.log(sds[name]) for name, block in model.random.items())
    fixed = model.fixed.shape[1]
    likelihood = value - blocks - 0.5 * log_determinant + 0.5 * fixed * np.log(2 * np.pi)
    return Conditional(beta, np.linalg.inv(hessian), float(likelihood))


def fit_mixed(model: MixedModel) -> MixedFit:
    """Fit dispersion, standard deviations and coefficients.

    Raises
    ------
    FitError
        If the fixed part alone does not converge, if no start converges, if the best two starts disagree, or
        if the likelihood is flat in a direction (the data do not identify it).

    Notes
    -----
    The coefficients, fixed ones included, are integrated out by Laplace's method (restricted maximum
    likelihood), so that the spread of 13 year effects is not underestimated for want of degrees of freedom. A
    standard deviation that runs to zero stays at 1e-3 with zero variance: absent, as far as these data tell. The
    covariance of the coefficients is averaged over the normal law of the logarithms of dispersion and standard
    deviations (third-degree cubature), and what the mode moves by is added: without it the standard errors were a
    tenth too small against a Markov chain (tests/reference/count_posterior.json).

    References
    ----------
    Patterson, H. D., Thompson, R. (1971). Recovery of inter-block information when block sizes are unequal.
    Biometrika 58(3), 545-554. https://doi.org/10.1093/biomet/58.3.545
    Breslow, N. E., Clayton, D. G. (1993). Approximate inference in generalized linear mixed models. Journal of the
    American Statistical Association 88(421), 9-25. https://doi.org/10.1080/01621459.1993.10594284
    Kass, R. E., Steffey, D. (1989). Approximate Bayesian inference in conditionally independent hierarchical models.
    Journal of the American Statistical Association 84(407), 717-726. https://doi.org/10.1080/01621459.1989.10478825
    """
    names = tuple(model.random)
    poisson_regression(model.counts, model.fixed, tuple(f"x{i}" for i in range(model.fixed.shape[1])))
    lowest = np.log(_SMALLEST_SD)

    def split(theta: NDArray[np.float64]) -> tuple[float, dict[str, float]]:
        bounded = np.clip(theta, lowest, _LARGEST)
        return float(np.exp(bounded[0])), dict(zip(names, np.exp(bounded[1:]).tolist(), strict=True))

    def objective(theta: NDArray[np.float64]) -> float:
        outside = np.maximum(lowest - theta, 0).sum() + np.maximum(theta - _LARGEST, 0).sum()
        return -condition(model, *split(theta)).log_likelihood + float(outside)

    found = []
    for start in ([0.2] * (1 + len(names)), [0.3, *[0.8] * len(names)]):
        result = minimize(
            objective,
            np.log(start),
            method="Nelder-Mead",
            options={"xatol": 1e-7, "fatol": 1e-9, "maxiter": 4000},
        )
        if result.success:
            found.append(result)
    if not found:
        raise _not_converged("No start converged.")
    if len(found) > 1 and abs(found[0].fun - found[1].fun) > 1e-5:
        raise _not_converged("Two starts end at different likelihoods.")
    best = min(found, key=lambda result: float(result.fun))
    theta = np.asarray(best.x)
    free = np.flatnonzero(theta > lowest + 0.5)
    covariance = np.zeros((theta.size, theta.size))
    curvature = _curvature(objective, theta, free)
    if free.size and np.linalg.eigvalsh(curvature).min() <= 0:
        raise _not_converged("The likelihood is flat: the data do not identify the spread of the effects.")
    covariance[np.ix_(free, free)] = np.linalg.inv(curvature)
    dispersion, sds = split(theta)
    conditional = condition(model, dispersion, sds)
    around = [condition(model, *split(point)) for point in _cubature(theta, covariance, free)] or [
        conditional
    ]
    shift = np.array([other.coefficients for other in around]) - conditional.coefficients
    return MixedFit(
        dispersion=dispersion,
        sds=sds,
        log_covariance=covariance,
        coefficients=conditional.coefficients,
        covariance=np.mean([other.covariance for other in around], axis=0) + shift.T @ shift / len(around),
        log_likelihood=conditional.log_likelihood,
    )


def _cubature(
    middle: NDArray[np.float64], covariance: NDArray[np.float64], free: NDArray[np.intp]
) -> list[NDArray[np.float64]]:
    """Points that average any cubic exactly under a normal law: middle +- sqrt(k) times each column of its root."""
    points = []
    if free.size:
        root = np.linalg.cholesky(covariance[np.ix_(free, free)]) * np.sqrt(free.size)
        for column in range(free.size):
            for sign in (1.0, -1.0):
                point = middle.copy()
                point[free] += sign * root[:, column]
                points.append(point)
    return points


def _curvature(
    function: Callable[[NDArray[np.float64]], float], point: NDArray[np.float64], free: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Second derivatives by central differences with respect to the free coordinates."""
    step = 1e-3
    matrix = np.zeros((free.size, free.size))
    for (a, i), (b, j) in itertools.product(enumerate(free), repeat=2):
        total = 0.0
        for first, second in itertools.product((1, -1), repeat=2):
            moved = point.copy()
            moved[i] += first * step
            moved[j] += second * step
            total += first * second * function(moved)
        matrix[a, b] = total / (4 * step * step)
    return matrix


def _not_converged(why: str) -> FitError:
    return FitError(Fault("mixed count regression", why, "Use fewer effects or more years."))
