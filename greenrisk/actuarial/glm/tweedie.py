# SPDX-License-Identifier: Apache-2.0
"""Tweedie regression with log link (amounts with zeros): exact likelihood, profiled power and dispersion."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq, minimize_scalar
from scipy.stats import chi2
from statsmodels.genmod import families

from greenrisk.actuarial.arguments import number, probability
from greenrisk.actuarial.glm.counts import Coefficients, coefficients
from greenrisk.actuarial.glm.data import Floats, Regression, RegressionData, regression_data
from greenrisk.actuarial.glm.tweedie_density import tweedie_series
from greenrisk.core.errors import Fault, FitError

POWERS = (1.01, 1.99)
"""Powers that are tried."""
_EDGE = 0.01
"""So near an edge the likelihood is that of a lattice, or of amounts without zeros, and climbs without end."""
_GRID = (1.1, 1.3, 1.5, 1.7, 1.9)
_NEWTON = 60


@dataclass(frozen=True)
class PowerProfile:
    """The power of a Tweedie regression and how well the data know it.

    Parameters
    ----------
    power : float
        Most likely [unitless].
    low, high : float
        Ends of the profile-likelihood interval, cut at the powers that are tried [unitless].
    level : float
        Coverage [unitless].
    """

    power: float
    low: float
    high: float
    level: float


@dataclass(frozen=True)
class TweedieModel:
    """The likelihood of a Tweedie regression, maximised over all but the power.

    Parameters
    ----------
    data : RegressionData
        Checked rows.
    start : array, shape (k,)
        Coefficients to start from.
    kept : dict
        Fits by power, so that none is made twice.
    """

    data: RegressionData
    start: Floats
    kept: dict[float, tuple[Coefficients, float, float]] = field(default_factory=dict, repr=False)

    def at(self, power: float) -> tuple[Coefficients, float, float]:
        """Return coefficients, dispersion and log-likelihood for a power.

        Parameters
        ----------
        power : float
            In (1, 2) [unitless].
        """
        if power not in self.kept:
            family = families.Tweedie(link=families.links.Log(), var_power=power)
            near = min(self.kept, key=lambda other: abs(other - power), default=None)
            start = self.start if near is None else self.kept[near][0].values
            found = coefficients(self.data, family, start)
            freedom = max(self.data.response.size - len(self.data.names), 1)
            self.kept[power] = (found, *self._dispersion(found.fitted, power, found.pearson / freedom))
        return self.kept[power]

    def _dispersion(self, mean: Floats, power: float, start: float) -> tuple[float, float]:
        """The most likely dispersion for given means, by Newton's method on its logarithm, and the likelihood."""
        y, w = self.data.response, self.data.weights
        kernel = w * (y * mean ** (1 - power) / (1 - power) - mean ** (2 - power) / (2 - power))
        positive = y > 0
        constant = -float(np.log(y[positive]).sum())
        slope_of_terms = 1 / (power - 1)  # minus the derivative of ln W_j / j in ln phi
        x = float(np.log(start))
        low, high = -np.inf, np.inf
        for _ in range(_NEWTON):
            phi = np.exp(x)
            log_sum, index, spread = tweedie_series(y[positive], phi / w[positive], power)
            total = float(kernel.sum()) / phi
            slope = -total - slope_of_terms * float(index.sum())
            bend = total + slope_of_terms**2 * float(spread.sum())
            if slope > 0:
                low = max(low, x)
            else:
                high = min(high, x)
            step = -slope / bend if bend < 0 else np.sign(slope)
            if abs(step) < 1e-11:
                return float(phi), total + float(log_sum.sum()) + constant
            forward = x + float(np.clip(step, -2.0, 2.0))
            x = forward if low < forward < high else (low + high) / 2
        raise FitError(
            Fault(
                "dispersion", f"dispersion = {np.exp(x):.3g}", "It did not converge: are most amounts equal?"
            )
        )

    def best(self) -> float:
        """Return the most likely power.

        Raises
        ------
        FitError
            If it runs to an edge.
        """
        heights = [self.at(power)[2] for power in _GRID]
        top = int(np.argmax(heights))
        ends = (POWERS[0], *_GRID, POWERS[1])
        found = minimize_scalar(
            lambda power: -self.at(float(power))[2],
            bounds=(ends[top], ends[top + 2]),
            method="bounded",
            options={"xatol": 1e-7},
        )
        power = float(found.x)
        if min(power - POWERS[0], POWERS[1] - power) < _EDGE:
            mend = (
                "Nearly Poisson in some unit: regress counts."
                if power < 1.5
                else "Nearly gamma: are there any zeros? Regress the positive amounts alone."
            )
            raise FitError(Fault("power", f"power = {power:.4g}", f"It ran to the edge of {POWERS}. {mend}"))
        return power

    def interval(self, power: float, level: float) -> PowerProfile:
        """Return the profile-likelihood interval of the power.

        Parameters
        ----------
        power : float
            The most likely one.
        level : float
            Coverage in (0, 1) [unitless].
        """
        target = self.at(power)[2] - float(chi2.ppf(probability("level", level), 1)) / 2
        ends = []
        for edge, sign in zip(POWERS, (-1.0, 1.0), strict=True):
            inside, step = power, 0.01
            while self.at(outside := float(np.clip(power + sign * step, *POWERS)))[2] > target:
                inside, step = outside, 2 * step
                if outside == edge:
                    break
            if outside == edge and self.at(edge)[2] > target:
                ends.append(edge)
            else:
                ends.append(
                    float(brentq(lambda p: self.at(float(p))[2] - target, inside, outside, xtol=1e-7))
                )
        return PowerProfile(power, ends[0], ends[1], level)

    def regression(self, power: float, estimated: bool) -> Regression:
        """Return the fit for a power.

        Parameters
        ----------
        power : float
            In (1, 2) [unitless].
        estimated : bool
            Whether it was, and counts as a parameter.
        """
        found, dispersion, height = self.at(power)
        freedom = max(self.data.response.size - len(self.data.names), 1)
        return Regression(
            family="tweedie",
            names=self.data.names,
            coefficients=found.values,
            covariance=found.inverse_information * found.pearson / freedom,
            dispersion=dispersion,
            power=power,
            log_likelihood=height,
            deviance=found.deviance,
            pearson=found.pearson,
            fitted=found.fitted,
            free=len(self.data.names) + 1 + int(estimated),
        )


def tweedie_regression(
    amounts: ArrayLike,
    design: ArrayLike,
    names: tuple[str, ...],
    *,
    power: float | None = None,
    exposure: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    offset: ArrayLike | None = None,
) -> Regression:
    """Fit a Tweedie regression with log link, its dispersion and, unless given, its power, by maximum likelihood.

    Parameters
    ----------
    amounts : array, shape (n,)
        >= 0, e.g. total losses.
    design : array, shape (n, k)
        Regressors, of full column rank.
    names : tuple of str
        One name a column.
    power : float, optional
        p in (1, 2), ``Var = phi m^p / w`` [unitless]; empty: the most likely one.
    exposure : array, shape (n,), optional
        > 0; its logarithm is added to the linear predictor.
    weights : array, shape (n,), optional
        > 0; they divide the dispersion.
    offset : array, shape (n,), optional
        Added to the linear predictor.

    Raises
    ------
    ArgumentError
        If an argument is outside its domain or of another length.
    FitError
        If the design is deficient, coefficients would run to infinity, a fit does not converge, or the power runs to
        the edge of [1.01, 1.99].

    Notes
    -----
    For 1 < p < 2 the law is a Poisson number of gamma amounts. The power is profiled on its exact likelihood (see
    :func:`greenrisk.actuarial.glm.tweedie_density.tweedie_series`), coefficients and dispersion maximised for each:
    the extended quasi-likelihood and the score of Taylor's law give other powers, far from this on few claims. The
    covariance of the coefficients takes Pearson's dispersion.

    With an exposure e as offset the variance is ``phi (e r)^p``, in e of power p; half-years then do not add up to
    years. For that give ``amounts / e`` with ``weights = e``: ``Var = phi e r^p`` of the total.

    References
    ----------
    Dunn, P. K., Smyth, G. K. (2005). Series evaluation of Tweedie exponential dispersion model densities. Statistics
    and Computing 15, 267-280. https://doi.org/10.1007/s11222-005-4070-y
    """
    if power is not None:
        number("power", power, above=1.0, below=2.0, unit="unitless")
    model = tweedie_model(amounts, design, names, exposure, weights, offset)
    return model.regression(model.best() if power is None else float(power), power is None)


def tweedie_model(
    amounts: ArrayLike,
    design: ArrayLike,
    names: tuple[str, ...],
    exposure: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    offset: ArrayLike | None = None,
) -> TweedieModel:
    """Check the rows of a Tweedie regression and return its likelihood.

    Parameters
    ----------
    amounts, design, names, exposure, weights, offset
        As for :func:`tweedie_regression`.
    """
    data = regression_data("amounts", amounts, design, names, exposure, weights, offset)
    data.require_maximum()
    return TweedieModel(data, coefficients(data, families.Poisson(), None).values)
