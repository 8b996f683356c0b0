# SPDX-License-Identifier: Apache-2.0
"""Gamma regression of positive amounts with log link; zeros are for :mod:`greenrisk.actuarial.glm.tweedie`."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq
from scipy.special import digamma, gammaln
from statsmodels.genmod import families

from greenrisk.actuarial.glm.counts import coefficients
from greenrisk.actuarial.glm.data import Floats, Regression, regression_data
from greenrisk.core.errors import Fault, FitError

_LOG_SHAPES = (-25.0, 30.0)


def gamma_log_density(amounts: Floats, means: Floats, shape: Floats | float) -> Floats:
    """Return the logarithm of the gamma density by mean and shape, by broadcasting.

    Parameters
    ----------
    amounts, means : array
        > 0.
    shape : array
        nu > 0, ``Var = mean^2 / nu`` [unitless].
    """
    ratio = shape * amounts / means
    return np.asarray(shape * np.log(ratio) - ratio - np.log(amounts) - gammaln(shape))


def gamma_regression(
    amounts: ArrayLike,
    design: ArrayLike,
    names: tuple[str, ...],
    *,
    exposure: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    offset: ArrayLike | None = None,
) -> Regression:
    """Fit a gamma regression with log link by maximum likelihood.

    Parameters
    ----------
    amounts : array, shape (n,)
        > 0, e.g. mean losses.
    design : array, shape (n, k)
        Regressors, of full column rank.
    names : tuple of str
        One name a column.
    exposure : array, shape (n,), optional
        > 0; its logarithm is added to the linear predictor.
    weights : array, shape (n,), optional
        > 0, e.g. the number of losses behind each mean: ``Var = phi m^2 / w``.
    offset : array, shape (n,), optional
        Added to the linear predictor.

    Raises
    ------
    ArgumentError
        If an argument is outside its domain (an amount of 0 is) or of another length.
    FitError
        If the design is deficient, the fit does not converge, or every amount is fitted exactly.

    Notes
    -----
    ``y_i ~ gamma`` with shape ``w_i / phi``: the mean of w losses of shape ``1 / phi``. The coefficients do not depend
    on phi. The most likely phi solves ``sum w (ln(w / phi) + 1 - psi(w / phi) + ln(y / m) - y / m) = 0`` and enters the
    likelihood; the covariance takes Pearson's phi, as R's ``summary.glm`` does.

    References
    ----------
    McCullagh, P., Nelder, J. A. (1989). Generalized Linear Models, 2nd ed. Chapman and Hall, chapter 8.
    """
    data = regression_data("amounts", amounts, design, names, exposure, weights, offset, above=0.0)
    data.require_maximum()
    found = coefficients(data, families.Gamma(link=families.links.Log()), None)
    y, w = data.response, data.weights
    excess = np.log(y / found.fitted) - y / found.fitted + 1

    def slope(log_shape: float) -> float:
        nu = w * np.exp(log_shape)
        # ln x - psi(x) = 1 / (2 x) + 1 / (12 x^2) - ... where the difference of the two would be lost
        gap = np.where(nu > 1e4, 1 / (2 * nu) + 1 / (12 * nu**2), np.log(nu) - digamma(nu))
        return float((w * (gap + excess)).sum())

    if slope(_LOG_SHAPES[1]) >= 0:
        raise FitError(
            Fault("amounts", "every amount is fitted exactly", "There is no spread: use fewer regressors.")
        )
    shape = float(np.exp(brentq(slope, *_LOG_SHAPES, xtol=1e-13, rtol=1e-14)))
    freedom = max(y.size - len(data.names), 1)
    return Regression(
        family="gamma",
        names=data.names,
        coefficients=found.values,
        covariance=found.inverse_information * found.pearson / freedom,
        dispersion=1 / shape,
        power=2.0,
        log_likelihood=float(gamma_log_density(y, found.fitted, w * shape).sum()),
        deviance=found.deviance,
        pearson=found.pearson,
        fitted=found.fitted,
        free=len(data.names) + 1,
    )
