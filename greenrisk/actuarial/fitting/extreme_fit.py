# SPDX-License-Identifier: Apache-2.0
"""What a fit of a law of extremes holds: coefficients, their errors, profile intervals, the law itself.

The fits are made in :mod:`greenrisk.actuarial.fitting.extremes`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import norm

from greenrisk.actuarial.arguments import numbers, one_of, probability
from greenrisk.actuarial.fitting.extreme_model import Covariates, ExtremeModel, Parameters
from greenrisk.actuarial.fitting.profiles import Whole, profile, profile_interval
from greenrisk.actuarial.fitting.search import Floats, Function
from greenrisk.core.errors import ArgumentError, Fault, FitError

if TYPE_CHECKING:
    from greenrisk.actuarial.severity.law import Severity


@dataclass(frozen=True)
class ExtremeFit:
    """A law of extremes fitted by maximum likelihood.

    Parameters
    ----------
    coefficients : array, shape (k,)
        In the order of :attr:`names`: of the location, of ln scale, of the shape.
    covariance : array, shape (k, k)
        Inverse observed information.
    log_likelihood : float
        At the maximum.
    model : ExtremeModel
        Data and likelihood.
    point : array, shape (k,)
        The coefficients of the standardised covariates.
    """

    coefficients: Floats
    covariance: Floats
    log_likelihood: float
    model: ExtremeModel = field(repr=False)
    point: Floats = field(repr=False)

    @property
    def names(self) -> tuple[str, ...]:
        """``location``, ``location: year``, ..., ``log scale``, ..., ``shape``, ..."""
        return self.model.coefficient_names()

    @property
    def count(self) -> int:
        """Number of observations."""
        return int(self.model.values.size)

    @property
    def shape(self) -> float:
        """xi of a law without covariates [unitless]."""
        return float(self._only().shape[0])

    @property
    def scale(self) -> float:
        """Scale of a law without covariates, in the unit of the values."""
        return float(self._only().scale[0])

    @property
    def shape_error(self) -> float:
        """Standard error of the (constant of the) shape [unitless]."""
        return float(self.standard_errors()[self.names.index("shape")])

    @property
    def scale_error(self) -> float:
        """Standard error of the scale of a law without covariates, by the delta method."""
        return self.scale * float(self.standard_errors()[self.names.index("log scale")])

    @property
    def aic(self) -> float:
        """Akaike's criterion, ``2 k - 2 l``."""
        return 2.0 * len(self.names) - 2.0 * self.log_likelihood

    def __repr__(self) -> str:
        """Return a table of the parameters with their errors."""
        from greenrisk.actuarial.fitting.wording import extreme_table

        return extreme_table(self)

    def standard_errors(self) -> Floats:
        """Return the standard errors of the coefficients, shape (k,)."""
        return np.sqrt(np.diag(self.covariance))

    def parameters(self, covariates: Covariates | None = None) -> Parameters:
        """Return the law's parameters for rows of covariates.

        Parameters
        ----------
        covariates : mapping of str to array, shape (rows,)
            Every covariate of the law; nothing for a law without, which gives one row.
        """
        rows = self.model.rows(covariates)
        location, scale, shape = self.model.parameters(self.point, rows)
        count = rows[1].shape[0]
        return Parameters(np.broadcast_to(location, (count,)).copy(), np.asarray(scale), np.asarray(shape))

    def mean_exists(self, covariates: Covariates | None = None) -> NDArray[np.bool_]:
        """Return where the mean is finite (xi < 1), shape (rows,)."""
        return np.asarray(self.parameters(covariates).shape < 1)

    def variance_exists(self, covariates: Covariates | None = None) -> NDArray[np.bool_]:
        """Return where the variance is finite (xi < 1/2), shape (rows,)."""
        return np.asarray(self.parameters(covariates).shape < 0.5)

    def interval(self, level: float = 0.95) -> Floats:
        """Return the normal intervals of the coefficients, shape (k, 2).

        Parameters
        ----------
        level : float
            Coverage in (0, 1) [unitless].
        """
        half = norm.ppf(0.5 + probability("level", level) / 2) * self.standard_errors()
        return np.stack([self.coefficients - half, self.coefficients + half], axis=1)

    def profile_interval(self, name: str, level: float = 0.95) -> tuple[float, float]:
        """Return the profile-likelihood interval of a coefficient.

        Parameters
        ----------
        name : str
            One of :attr:`names`.
        level : float
            Coverage in (0, 1) [unitless].

        Raises
        ------
        FitError
            If the likelihood does not fall so far on one side.
        """
        j = self.names.index(one_of("name", name, self.names))
        return bounded_interval(
            self.model.mean_log_likelihood,
            partial(self._with, j),
            (float(self.coefficients[j]), np.delete(self.point, j)),
            float(self.standard_errors()[j]),
            probability("level", level),
            self.count,
            name,
        )

    def most_likely_given(self, name: str, values: ArrayLike) -> tuple[Floats, Floats]:
        """Return the most likely coefficients with one of them fixed, and the profile log-likelihood there.

        Parameters
        ----------
        name : str
            One of :attr:`names`.
        values : array, shape (m,)
            Values of that coefficient.

        Returns
        -------
        tuple of two arrays, shapes (m, k) and (m,)
            NaN and -inf where no law with that value was found to hold the data.
        """
        j = self.names.index(one_of("name", name, self.names))
        grid = np.atleast_1d(numbers("values", values))
        matrix, shift = self.model.transform()
        coefficients = np.full((grid.size, self.point.size), np.nan)
        heights = np.full(grid.size, -np.inf)
        estimate = (float(self.coefficients[j]), np.delete(self.point, j))
        near = {-1.0: estimate, 1.0: estimate}
        whole = partial(self._with, j)

        # From the estimate outwards: each maximum starts from its neighbour's.
        for i in np.argsort(np.abs(grid - estimate[0])):
            c = float(grid[i])
            side = 1.0 if c >= estimate[0] else -1.0
            found = profile(self.model.mean_log_likelihood, whole, near[side], c, self.count)
            if found is not None:
                near[side] = (c, found.point)
                coefficients[i] = matrix @ whole(found.point[None, :], c)[0] + shift
                heights[i] = self.count * (found.value - np.log(self.model.unit))
        return coefficients, heights

    def _with(self, j: int, free: Floats, c: float) -> Floats:
        """The standardised points, in rows, whose j-th coefficient as given is c."""
        matrix, shift = self.model.transform()
        others = np.delete(matrix[j], j)
        return np.insert(free, j, (c - shift[j] - free @ others) / matrix[j, j], axis=1)

    def _only(self) -> Parameters:
        if any(self.model.names):
            what = f"a law of {', '.join(self.names)}"
            raise ArgumentError(
                Fault("covariates", what, "It has no single parameter: use `.parameters(covariates)`.")
            )
        return self.parameters()


@dataclass(frozen=True, repr=False)
class ExtremeValueFit(ExtremeFit):
    """A generalised extreme value law of block maxima, fitted by maximum likelihood; see :class:`ExtremeFit`."""

    @property
    def location(self) -> float:
        """Location of a law without covariates, in the unit of the values."""
        return float(self._only().location[0])


@dataclass(frozen=True, repr=False)
class GeneralisedParetoFit(ExtremeFit):
    """A generalised Pareto law of excesses over a fixed threshold, fitted by maximum likelihood.

    Parameters
    ----------
    threshold : float
        What was taken from the losses, in their unit; see :class:`ExtremeFit` for the others.
    """

    threshold: float = 0.0

    def law(self, covariates: Covariates | None = None) -> Severity:
        """Return the law of a loss above the threshold, for one row of covariates.

        Parameters
        ----------
        covariates : mapping of str to array, shape (1,), or number
            Every covariate of the law; nothing for a law without.
        """
        from greenrisk.actuarial.severity.pareto_families import GeneralisedPareto

        found = self.parameters(covariates)
        if found.shape.size != 1:
            what = f"covariates of {found.shape.size} rows"
            raise ArgumentError(Fault("covariates", what, "A law is of one row: give one value for each."))
        return GeneralisedPareto(float(found.shape[0]), float(found.scale[0]), self.threshold)


def bounded_interval(
    function: Function,
    whole: Whole,
    estimate: tuple[float, Floats],
    error: float,
    level: float,
    weight: float,
    name: str,
) -> tuple[float, float]:
    """Return the profile interval of a quantity that the likelihood must bound on both sides.

    Parameters
    ----------
    function, whole, estimate, error, level, weight
        As for :func:`greenrisk.actuarial.fitting.profiles.profile_interval`.
    name : str
        Of the quantity, for the error.

    Raises
    ------
    FitError
        If the profile does not fall so far on one side.
    """
    low, high = profile_interval(function, whole, estimate, error, level, weight)
    for end in (low, high):
        if end.kind != "fallen":
            what = f"{name} = {estimate[0]:.4g}, still likely at {end.value:.4g}"
            mend = "Its profile likelihood does not fall: use more data or fewer covariates."
            raise FitError(Fault(name, what, mend))
    return low.value, high.value
