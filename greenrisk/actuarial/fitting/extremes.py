# SPDX-License-Identifier: Apache-2.0
"""Maximum-likelihood fits of the generalised extreme value and generalised Pareto laws, with covariates or without.

Block maxima and peaks are made in :mod:`greenrisk.actuarial.fitting.peaks`, return levels in
:mod:`greenrisk.actuarial.fitting.return_levels`; two nested fits are compared by
:func:`greenrisk.actuarial.fitting.nested.likelihood_ratio_test`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import norm

from greenrisk.actuarial.arguments import number, numbers, one_of, probability
from greenrisk.actuarial.fitting.extreme_model import (
    Covariates,
    ExtremeModel,
    Parameters,
    extreme_model,
)
from greenrisk.actuarial.fitting.maximum import Floats, Vector, curvature, maximise, profile, profile_interval
from greenrisk.core.errors import ArgumentError, Fault, FitError

if TYPE_CHECKING:
    from greenrisk.actuarial.severity.law import Severity

_IRREGULAR = -0.5
"""At or below this shape the maximum-likelihood estimator is not regular (Smith 1985)."""
_FEWEST = 10
_FEWEST_EACH = 5
"""Least number of observations: ten, and five for each coefficient."""


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
        return profile_interval(
            self.model.log_likelihood,
            lambda free, c: self._with(j, free, c),
            (float(self.coefficients[j]), float(self.standard_errors()[j])),
            np.delete(self.point, j),
            float(self.model.log_likelihood(self.point)),
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

        def whole(free: Vector, c: float) -> Vector:
            return self._with(j, free, c)

        # From the estimate outwards: each maximum starts from its neighbour's.
        for i in np.argsort(np.abs(grid - estimate[0])):
            c = float(grid[i])
            side = 1.0 if c >= estimate[0] else -1.0
            found = profile(self.model.log_likelihood, whole, near[side], c, self.count)
            if found is not None:
                near[side] = (c, found.point)
                coefficients[i] = matrix @ whole(found.point, c) + shift
                heights[i] = found.value - self.count * np.log(self.model.unit)
        return coefficients, heights

    def _with(self, j: int, free: Vector, c: float) -> Vector:
        """The standardised point whose j-th coefficient as given is c."""
        matrix, shift = self.model.transform()
        others = np.delete(matrix[j], j)
        return np.insert(free, j, (c - shift[j] - others @ free) / matrix[j, j])

    def _only(self) -> Parameters:
        if any(self.model.names):
            what = f"a law of {', '.join(self.names)}"
            raise ArgumentError(
                Fault("covariates", what, "It has no single parameter: use `.parameters(covariates)`.")
            )
        return self.parameters()


@dataclass(frozen=True)
class ExtremeValueFit(ExtremeFit):
    """A generalised extreme value law of block maxima, fitted by maximum likelihood; see :class:`ExtremeFit`."""

    @property
    def location(self) -> float:
        """Location of a law without covariates, in the unit of the values."""
        return float(self._only().location[0])


@dataclass(frozen=True)
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


def fit_generalised_extreme_value(
    maxima: ArrayLike,
    *,
    location: Covariates | None = None,
    scale: Covariates | None = None,
    shape: Covariates | None = None,
) -> ExtremeValueFit:
    """Fit a generalised extreme value law to block maxima by maximum likelihood.

    Parameters
    ----------
    maxima : array, shape (n,)
        One for each block, any unit; of minima give the negatives.
    location, scale, shape : mapping of str to array, shape (n,)
        Covariates of the location (identity link), the scale (log link) and the shape (identity link).

    Raises
    ------
    ArgumentError
        If an argument is not finite or of another length, or covariates are constant or linearly dependent.
    FitError
        With fewer than 10 maxima or 5 for each coefficient, if no start leads to a maximum, if the likelihood is flat
        there, or at a shape of -0.5 or less, where the estimator is not regular.

    Notes
    -----
    ``F(x) = exp(-(1 + xi (x - mu) / sigma)^(-1 / xi))``, Gumbel at xi = 0: xi > 0 is the heavy tail, as in Coles and in
    R's evd; scipy's ``genextreme`` takes c = -xi. Each coefficient is reported for the covariates as given, though
    they are standardised inside. Several starts are followed and the best maximum is kept.

    References
    ----------
    Coles, S. (2001). An Introduction to Statistical Modeling of Extreme Values. Springer, chapters 3 and 6.
    Smith, R. L. (1985). Maximum likelihood estimation in a class of nonregular cases. Biometrika 72(1), 67-90.
    https://doi.org/10.1093/biomet/72.1.67
    """
    x = numbers("maxima", maxima, dimensions=1)
    _enough(x.size, 3, (location, scale, shape), "block maxima")
    if np.subtract(*np.quantile(x, [0.75, 0.25])) <= 0:
        raise FitError(
            Fault(
                "maxima",
                f"half of the {x.size} are equal to {np.median(x):g}",
                "A law of maxima needs them to differ.",
            )
        )
    return ExtremeValueFit(
        *_fit(extreme_model("gev", x, location, scale, shape), "generalised extreme value")
    )


def fit_generalised_pareto(
    excesses: ArrayLike,
    *,
    scale: Covariates | None = None,
    shape: Covariates | None = None,
    threshold: float = 0.0,
) -> GeneralisedParetoFit:
    """Fit a generalised Pareto law to excesses by maximum likelihood.

    Parameters
    ----------
    excesses : array, shape (n,)
        Values minus the threshold, strictly positive: the threshold is fixed and the comparison strict.
    scale, shape : mapping of str to array, shape (n,)
        Covariates of the scale (log link) and the shape (identity link).
    threshold : float
        What was taken from the values: kept for the law and its return levels, without a part in the fit.

    Raises
    ------
    ArgumentError
        If an argument is not finite or of another length, or covariates are constant or linearly dependent.
    FitError
        With fewer than 10 excesses or 5 for each coefficient, if no start leads to a maximum, if the likelihood is flat
        there, or at a shape of -0.5 or less, where the estimator is not regular.

    Notes
    -----
    ``P(X > u + y | X > u) = (1 + xi y / sigma)^(-1 / xi)``, exponential at xi = 0; scipy's ``genpareto`` takes c = xi.
    The mean is infinite from xi = 1 on and the variance from 1/2 (see ``mean_exists``). One start is not enough on the
    tails of fires: five are followed and the best maximum is kept.

    References
    ----------
    Coles, S. (2001). An Introduction to Statistical Modeling of Extreme Values. Springer, section 4.3.2.
    Smith, R. L. (1985). Maximum likelihood estimation in a class of nonregular cases. Biometrika 72(1), 67-90.
    https://doi.org/10.1093/biomet/72.1.67
    """
    y = numbers("excesses", excesses, dimensions=1)
    _enough(y.size, 2, (scale, shape), "excesses")
    if y.min() <= 0:
        what = f"excesses[{int(y.argmin())}] = {y.min():g}"
        raise FitError(
            Fault("excesses", what, "Excesses must be strictly positive: a value at the threshold is none.")
        )
    found = _fit(extreme_model("gpd", y, None, scale, shape), "generalised Pareto")
    return GeneralisedParetoFit(*found, number("threshold", threshold))


def _enough(size: int, constants: int, parts: tuple[Covariates | None, ...], what: str) -> None:
    coefficients = constants + sum(len(part or {}) for part in parts)
    needed = max(_FEWEST, _FEWEST_EACH * coefficients)
    if size < needed:
        mend = f"At least {needed} are needed for {coefficients} coefficients."
        raise FitError(
            Fault("fit", f"{size} {what}", f"{mend} A lower threshold or fewer covariates may help.")
        )


def _fit(model: ExtremeModel, law: str) -> tuple[Floats, Floats, float, ExtremeModel, Floats]:
    best = maximise(model.log_likelihood, model.starts(), model.values.size)
    if best is None:
        raise FitError(
            Fault(
                "fit",
                f"{law} law, {model.values.size} values",
                "No start led to a maximum: the tail has an end (shape near -1), or the covariates say too much.",
            )
        )
    shape = float((model.designs[2] @ model.split(best.point)[2]).min())
    if shape <= _IRREGULAR:
        what = f"shape = {shape:.3g}"
        raise FitError(
            Fault("fit", what, "The fit is irregular at a shape of -0.5 or less: the tail has an end.")
        )
    information = curvature(model.log_likelihood, best.point)
    if np.linalg.eigvalsh(information).min() <= 0:
        raise FitError(Fault("fit", f"shape = {shape:.3g}", "The likelihood is flat at its maximum."))
    matrix, shift = model.transform()
    return (
        matrix @ best.point + shift,
        matrix @ np.linalg.inv(information) @ matrix.T,
        best.value - model.values.size * float(np.log(model.unit)),
        model,
        best.point,
    )
