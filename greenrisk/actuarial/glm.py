# SPDX-License-Identifier: Apache-2.0
"""Regression of counts: the negative-binomial generalised linear model (NB2, log link) over statsmodels.

Fits start from the Poisson fit, and a fit that did not converge is an error, never a row of NaN. Random
effects are in :mod:`greenrisk.actuarial.glm_mixed`.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import statsmodels.api as sm
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import gammaln
from scipy.stats import chi2
from statsmodels.tools.sm_exceptions import DomainWarning, PerfectSeparationWarning

from greenrisk.core.errors import Fault, FitError

_LOG_DISPERSION = (np.log(1e-6), np.log(50.0))


@dataclass(frozen=True)
class CountRegression:
    """A fitted regression of counts.

    Parameters
    ----------
    names : tuple of str
        Names of the coefficients.
    coefficients : array, shape (k,)
        Estimates on the log scale.
    covariance : array, shape (k, k)
        Inverse expected information at the fitted dispersion.
    dispersion : float
        NB2 dispersion a in ``Var = m + a m^2`` [unitless]; 0 for Poisson.
    log_likelihood : float
        At the maximum.
    fitted : array, shape (n,)
        Expected counts.
    """

    names: tuple[str, ...]
    coefficients: NDArray[np.float64]
    covariance: NDArray[np.float64]
    dispersion: float
    log_likelihood: float
    fitted: NDArray[np.float64]

    def standard_errors(self) -> NDArray[np.float64]:
        """Return the standard errors, shape (k,)."""
        return np.sqrt(np.diag(self.covariance))


def poisson_regression(
    counts: NDArray[np.float64], design: NDArray[np.float64], names: tuple[str, ...]
) -> CountRegression:
    """Fit a Poisson regression with log link.

    Parameters
    ----------
    counts : array, shape (n,)
        Numbers of events, >= 0.
    design : array, shape (n, k)
        Regressors, of full column rank.
    names : tuple of str
        One name a column.

    Raises
    ------
    FitError
        If the design is deficient or the fit does not converge.
    """
    _require_full_rank(design, names)
    return _regression(counts, design, names, 0.0, None)


def negative_binomial_regression(
    counts: NDArray[np.float64], design: NDArray[np.float64], names: tuple[str, ...]
) -> CountRegression:
    """Fit a negative-binomial (NB2) regression with log link by maximum likelihood.

    Parameters
    ----------
    counts : array, shape (n,)
        Numbers of events, >= 0.
    design : array, shape (n, k)
        Regressors, of full column rank.
    names : tuple of str
        One name a column.

    Raises
    ------
    FitError
        If the design is deficient, an inner fit does not converge, or the dispersion runs to the edge of
        [1e-6, 50], which means that the counts are not overdispersed or that there is nothing to fit.

    Notes
    -----
    The dispersion is found on its profile likelihood; each step is a GLM by iteratively reweighted least squares,
    which starts from the Poisson fit. This is the joint maximum, and does not share the failures of
    ``statsmodels.discrete.NegativeBinomial``, whose default starts may end in NaN on such data.

    References
    ----------
    Hilbe, J. M. (2011). Negative Binomial Regression, 2nd ed. Cambridge University Press, chapter 8.
    """
    start = poisson_regression(counts, design, names).coefficients

    def negative_profile(log_dispersion: float) -> float:
        return -_regression(counts, design, names, float(np.exp(log_dispersion)), start).log_likelihood

    found = minimize_scalar(
        negative_profile, bounds=_LOG_DISPERSION, method="bounded", options={"xatol": 1e-9}
    )
    edge = min(abs(found.x - end) for end in _LOG_DISPERSION)
    if not found.success or edge < 1e-3:
        raise FitError(
            Fault(
                "negative_binomial_regression",
                f"dispersion = {np.exp(found.x):.3g}",
                "The dispersion ran to the edge of [1e-6, 50]: use Poisson, or look at the counts.",
            )
        )
    return _regression(counts, design, names, float(np.exp(found.x)), start)


def likelihood_ratio_test(smaller: CountRegression, larger: CountRegression) -> tuple[float, int, float]:
    """Compare two nested fits.

    Returns
    -------
    tuple
        Twice the difference of the log-likelihoods, degrees of freedom, p-value (chi-squared).
    """
    statistic = 2 * (larger.log_likelihood - smaller.log_likelihood)
    freedom = len(larger.names) - len(smaller.names)
    return statistic, freedom, float(chi2.sf(max(statistic, 0.0), freedom))


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


def _regression(
    counts: NDArray[np.float64],
    design: NDArray[np.float64],
    names: tuple[str, ...],
    dispersion: float,
    start: NDArray[np.float64] | None,
) -> CountRegression:
    family = sm.families.NegativeBinomial(alpha=dispersion) if dispersion else sm.families.Poisson()
    with warnings.catch_warnings():
        # Each of these becomes a FitError below.
        warnings.simplefilter("ignore", (RuntimeWarning, DomainWarning, PerfectSeparationWarning))
        try:
            fit = sm.GLM(counts, design, family=family).fit(start_params=start, maxiter=200, tol=1e-12)
            good = bool(fit.converged) and np.isfinite(fit.params).all() and np.isfinite(fit.llf)
        except (ValueError, np.linalg.LinAlgError):
            good = False
    if not good:
        raise FitError(
            Fault(
                "count regression",
                f"{len(counts)} counts, {design.shape[1]} coefficients, dispersion {dispersion:.3g}",
                "The fit did not converge: a group without any event, or too few years for so many coefficients.",
            )
        )
    return CountRegression(
        names=names,
        coefficients=np.asarray(fit.params, dtype=np.float64),
        covariance=np.asarray(fit.cov_params(scale=1.0), dtype=np.float64),
        dispersion=dispersion,
        log_likelihood=float(fit.llf),
        fitted=np.asarray(fit.fittedvalues, dtype=np.float64),
    )


def _require_full_rank(design: NDArray[np.float64], names: tuple[str, ...]) -> None:
    rank = int(np.linalg.matrix_rank(design))
    if rank < design.shape[1]:
        raise FitError(
            Fault(
                "count regression",
                f"rank {rank} of {design.shape[1]}: {', '.join(names)}",
                "The regressors are linearly dependent; leave one out.",
            )
        )
