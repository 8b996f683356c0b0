# SPDX-License-Identifier: Apache-2.0
"""Shares that differ by group: the beta law behind counts of successes. Regressions are in the GLM modules."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize
from scipy.special import betaln

from greenrisk.core.errors import Fault, FitError


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
        what = f"{k.sum():g} of {n.sum():g} in {k.size} groups"
        raise FitError(Fault("fit", what, "The shares of the groups do not differ."))
    return float(np.exp(found.x[0])), float(np.exp(found.x[1]))
