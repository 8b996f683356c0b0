# SPDX-License-Identifier: Apache-2.0
"""Regressions with log link over statsmodels: the common engine, and those of counts (Poisson, negative binomial).

Whether a maximum exists is settled before the fit, fits start from the data's own rates, and a fit that did not
converge is an error, never a row of NaN. Amounts are in :mod:`greenrisk.actuarial.glm.gamma` and
:mod:`greenrisk.actuarial.glm.tweedie`, tariffs in :mod:`greenrisk.actuarial.glm.rating`, random effects in
:mod:`greenrisk.actuarial.glm.mixed`.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize_scalar
from scipy.special import gammaln
from statsmodels.genmod import families
from statsmodels.genmod.generalized_linear_model import GLM
from statsmodels.tools.sm_exceptions import DomainWarning, PerfectSeparationWarning

from greenrisk.actuarial.fitting.nested import LikelihoodRatio, likelihood_ratio_test
from greenrisk.actuarial.glm.data import Floats, Regression, RegressionData, regression_data
from greenrisk.core.errors import Fault, FitError

__all__ = [
    "LikelihoodRatio",
    "Regression",
    "likelihood_ratio_test",
    "negative_binomial_log_density",
    "negative_binomial_regression",
    "poisson_regression",
]

_LOG_DISPERSION = (np.log(1e-6), np.log(50.0))
_SETTLED = 1e-9
"""A fit has converged if Newton's next step would move the linear predictors by no more, weighted by information."""
_NIL = 1e-14
_STEPS = 200


def poisson_regression(
    counts: ArrayLike,
    design: ArrayLike,
    names: tuple[str, ...],
    *,
    exposure: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    offset: ArrayLike | None = None,
) -> Regression:
    """Fit a Poisson regression with log link.

    Parameters
    ----------
    counts : array, shape (n,)
        Numbers of events, >= 0.
    design : array, shape (n, k)
        Regressors, of full column rank.
    names : tuple of str
        One name a column.
    exposure : array, shape (n,), optional
        > 0; its logarithm is added to the linear predictor.
    weights : array, shape (n,), optional
        > 0; each row counts as so many.
    offset : array, shape (n,), optional
        Added to the linear predictor.

    Raises
    ------
    ArgumentError
        If an argument is outside its domain or of another length.
    FitError
        If the design is deficient, coefficients would run to infinity, or the fit does not converge.
    """
    data = regression_data("counts", counts, design, names, exposure, weights, offset)
    data.require_maximum()
    return _counts(data, 0.0, None)


def negative_binomial_regression(
    counts: ArrayLike,
    design: ArrayLike,
    names: tuple[str, ...],
    *,
    exposure: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    offset: ArrayLike | None = None,
) -> Regression:
    """Fit a negative-binomial (NB2) regression with log link by maximum likelihood.

    Parameters
    ----------
    counts : array, shape (n,)
        Numbers of events, >= 0.
    design : array, shape (n, k)
        Regressors, of full column rank.
    names : tuple of str
        One name a column.
    exposure : array, shape (n,), optional
        > 0; its logarithm is added to the linear predictor.
    weights : array, shape (n,), optional
        > 0; each row counts as so many.
    offset : array, shape (n,), optional
        Added to the linear predictor.

    Raises
    ------
    ArgumentError
        If an argument is outside its domain or of another length.
    FitError
        If the design is deficient, coefficients would run to infinity, an inner fit does not converge, or the
        dispersion runs to the edge of [1e-6, 50], which means that the counts are not overdispersed or that there is
        nothing to fit.

    Notes
    -----
    The dispersion is found on its profile likelihood; each step is a GLM by iteratively reweighted least squares,
    which starts from the Poisson fit. This is the joint maximum, and does not share the failures of
    ``statsmodels.discrete.NegativeBinomial``, whose default starts may end in NaN on such data.

    References
    ----------
    Hilbe, J. M. (2011). Negative Binomial Regression, 2nd ed. Cambridge University Press, chapter 8.
    """
    data = regression_data("counts", counts, design, names, exposure, weights, offset)
    data.require_maximum()
    start = _counts(data, 0.0, None).coefficients

    def negative_profile(log_dispersion: float) -> float:
        return -_counts(data, float(np.exp(log_dispersion)), start).log_likelihood

    found = minimize_scalar(
        negative_profile, bounds=_LOG_DISPERSION, method="bounded", options={"xatol": 1e-9}
    )
    edge = min(abs(found.x - end) for end in _LOG_DISPERSION)
    if not found.success or edge < 0.1:
        raise FitError(
            Fault(
                "negative_binomial_regression",
                f"dispersion = {np.exp(found.x):.3g}",
                "The dispersion ran to the edge of [1e-6, 50]: use Poisson, or look at the counts.",
            )
        )
    return _counts(data, float(np.exp(found.x)), start)


def negative_binomial_log_density(
    counts: NDArray[np.float64], log_mean: NDArray[np.float64], dispersion: float
) -> NDArray[np.float64]:
    """Return ln P(N = counts) of the NB2 law, by broadcasting.

    Parameters
    ----------
    counts : array
        Numbers of events.
    log_mean : array
        Logarithm of the means.
    dispersion : float
        a in ``Var = m + a m^2`` [unitless], > 0.
    """
    r = 1 / dispersion
    log_odds = log_mean + np.log(dispersion)  # ln(m / r)
    log_whole = np.logaddexp(0.0, log_odds)
    return np.asarray(
        gammaln(counts + r)
        - gammaln(r)
        - gammaln(counts + 1)
        + counts * (log_odds - log_whole)
        - r * log_whole
    )


@dataclass(frozen=True)
class Coefficients:
    """What the engine finds for a family whose variance is known up to a factor."""

    values: Floats
    inverse_information: Floats
    fitted: Floats
    deviance: float
    pearson: float


def coefficients(data: RegressionData, family: Any, start: Floats | None) -> Coefficients:
    """Fit the coefficients of one statsmodels family with log link.

    Parameters
    ----------
    data : RegressionData
        Checked; ``require_maximum`` was called.
    family : statsmodels family
        With its variance function.
    start : array, shape (k,), optional
        Coefficients near enough to go on from them at once; empty: from the rates of the rows.

    Raises
    ------
    FitError
        If no maximum is reached.

    Notes
    -----
    With log link the log-likelihoods of these families are concave in the coefficients: there is one maximum.
    Iteratively reweighted least squares goes most of the way and Newton's method the rest; where the former
    overshoots, the latter, its steps halved until the deviance falls, goes all of it.
    """
    if start is not None and (found := _climb(data, family, start)) is not None:
        return found
    first = data.start()
    width = np.abs(data.design).max(axis=0)
    with warnings.catch_warnings():
        # Whatever they warn of shows in where the climb from there ends.
        warnings.simplefilter(
            "ignore", (RuntimeWarning, UserWarning, DomainWarning, PerfectSeparationWarning)
        )
        try:
            model = GLM(
                data.response,
                data.design / width,
                family=family,
                offset=data.offset,
                var_weights=data.weights,
            )
            near = np.asarray(model.fit(start_params=first * width, maxiter=50, scale=1.0).params) / width
        except (ValueError, ArithmeticError, np.linalg.LinAlgError):
            near = first
    for point in (near, first):
        if np.isfinite(point).all() and (found := _climb(data, family, point)) is not None:
            return found
    raise FitError(
        Fault(
            "regression",
            f"{data.response.size} rows, {len(data.names)} coefficients: {', '.join(data.names)}",
            "The fit did not converge: too few rows for so many coefficients, or responses of absurd size.",
        )
    )


def _climb(data: RegressionData, family: Any, values: Floats) -> Coefficients | None:
    """Follow Newton's steps, halved until the deviance falls, to the one maximum; None if it is not reached."""
    x, y, w = data.design, data.response, data.weights

    def deviance(point: Floats) -> float:
        mean = np.exp(x @ point + data.offset)
        value = float(family.deviance(y, mean, var_weights=w)) if np.isfinite(mean).all() else np.inf
        return value if np.isfinite(value) else np.inf

    with np.errstate(all="ignore"):
        height, last = deviance(values), np.inf
        if not np.isfinite(height):
            return None
        for _ in range(_STEPS):
            mean = np.exp(x @ values + data.offset)
            variance = family.variance(mean)
            expected = w * mean**2 / variance
            score = w * mean * (y - mean) / variance
            observed = expected + score * (mean * family.variance.deriv(mean) / variance - 1)
            information = _scaled((x.T * observed) @ x)
            if information is None:
                return None
            step = information @ (x.T @ score)
            size = float(np.sqrt((expected * (x @ step) ** 2).sum() / expected.sum()))
            if size < _SETTLED and (size >= last / 2 or size < _NIL):  # it gets no better
                inverse = _scaled((x.T * expected) @ x)
                if inverse is None:
                    return None
                pearson = float((w * (y - mean) ** 2 / variance).sum())
                return Coefficients(values, inverse, mean, height, pearson)
            length = 1.0
            # Near the top the deviance no longer tells one step from another.
            while (lower := deviance(values + length * step)) > height and size * length > _SETTLED:
                length /= 2
            values, height, last = values + length * step, lower, size
    return None


def _scaled(matrix: Floats) -> Floats | None:
    """The inverse of a positive matrix, scaled to a diagonal of ones first: regressors are of very different size."""
    root = np.sqrt(np.diag(matrix))
    if not (np.isfinite(matrix).all() and root.min() > 0):
        return None
    try:
        return np.asarray(np.linalg.inv(matrix / np.outer(root, root)) / np.outer(root, root))
    except np.linalg.LinAlgError:
        return None


def _counts(data: RegressionData, dispersion: float, start: Floats | None) -> Regression:
    family = families.NegativeBinomial(alpha=dispersion) if dispersion else families.Poisson()
    found = coefficients(data, family, start)
    y, log_mean = data.response, np.log(found.fitted)
    density = (
        negative_binomial_log_density(y, log_mean, dispersion)
        if dispersion
        else y * log_mean - found.fitted - gammaln(y + 1)
    )
    return Regression(
        family="negative_binomial" if dispersion else "poisson",
        names=data.names,
        coefficients=found.values,
        covariance=found.inverse_information,
        dispersion=dispersion,
        power=2.0 if dispersion else 1.0,
        log_likelihood=float((data.weights * density).sum()),
        deviance=found.deviance,
        pearson=found.pearson,
        fitted=found.fitted,
        free=len(data.names) + (1 if dispersion else 0),
    )
