# SPDX-License-Identifier: Apache-2.0
"""What goes into a regression with log link, checked, whether a finite maximum exists, and what comes out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import null_space
from scipy.optimize import linprog

from greenrisk.actuarial.arguments import numbers
from greenrisk.actuarial.labels import aligned
from greenrisk.core.errors import ArgumentError, Fault, Faults, FitError

Floats = NDArray[np.float64]
_NIL = 1e-8


@dataclass(frozen=True)
class RegressionData:
    """Rows of a regression.

    Parameters
    ----------
    response : array, shape (n,)
        What is explained, >= 0.
    design : array, shape (n, k)
        Regressors.
    names : tuple of str
        One name a column.
    offset : array, shape (n,)
        Added to the linear predictor.
    weights : array, shape (n,)
        > 0.
    """

    response: Floats
    design: Floats
    names: tuple[str, ...]
    offset: Floats
    weights: Floats

    def start(self) -> Floats:
        """Return coefficients to start from: least squares on rates drawn half-way to the common one."""
        rate = (self.weights * self.response).sum() / (self.weights * np.exp(self.offset)).sum()
        mean = (self.response + rate * np.exp(self.offset)) / 2
        root = np.sqrt(self.weights * mean)
        target = np.log(mean) - self.offset
        return np.asarray(np.linalg.lstsq(self.design * root[:, None], target * root, rcond=None)[0])

    def require_maximum(self) -> None:
        """Raise unless the design has full rank and the likelihood a finite maximum.

        Raises
        ------
        FitError
            If regressors are linearly dependent, the responses are all zero, or coefficients would run to infinity;
            with the names of the regressors concerned.

        Notes
        -----
        With log link and zeros among the responses a maximum exists unless some combination of the regressors vanishes
        on every row with a positive response and is of one sign on the others, not always zero: along it the zeros are
        fitted ever better. Only combinations in the null space of the positive rows need be tried, by a linear
        programme.

        References
        ----------
        Correia, S., Guimaraes, P., Zylkin, T. (2019). Verifying the existence of maximum likelihood estimates for
        generalized linear models. arXiv:1903.01633.
        """
        width = np.abs(self.design).max(axis=0)
        scaled = self.design / np.where(width > 0, width, 1.0)
        free = _kernel(scaled)
        if free.shape[1]:
            what = f"rank {len(self.names) - free.shape[1]} of {len(self.names)}: {self._involved(free)}"
            raise FitError(
                Fault("regression", what, "These regressors are linearly dependent; leave one out.")
            )
        positive = self.response > 0
        if not positive.any():
            raise FitError(
                Fault("regression", f"all {positive.size} responses are 0", "There is nothing to explain.")
            )
        free = _kernel(scaled[positive])
        if not free.shape[1]:
            return
        rows = np.unique(np.round(scaled[~positive] @ free, 12), axis=0)
        found = linprog(rows.sum(axis=0), A_ub=rows, b_ub=np.zeros(len(rows)), bounds=(-1, 1), method="highs")
        along = np.zeros(free.shape[1]) if found.x is None else np.asarray(found.x)
        if (rows @ along).sum() < -_NIL:
            direction = free @ along
            raise FitError(
                Fault(
                    "regression",
                    f"only zeros along {self._involved(direction[:, None])}",
                    "These coefficients would run to infinity: join the level to another, or leave the regressor out.",
                )
            )

    def _involved(self, directions: Floats) -> str:
        taking_part = np.abs(directions).max(axis=1) > _NIL
        return ", ".join(name for name, part in zip(self.names, taking_part, strict=True) if part)


@dataclass(frozen=True)
class Regression:
    """A fitted regression with log link.

    Parameters
    ----------
    family : str
        ``poisson``, ``negative_binomial``, ``gamma`` or ``tweedie``.
    names : tuple of str
        Names of the coefficients.
    coefficients : array, shape (k,)
        Estimates on the log scale.
    covariance : array, shape (k, k)
        Inverse expected information at the fitted dispersion; of amounts times Pearson's dispersion.
    dispersion : float
        Most likely value [unitless]: NB2's a in ``Var = m + a m^2``, phi in ``Var = phi m^p / w`` for amounts, 0 for
        Poisson.
    power : float
        Power p of the variance of amounts [unitless]; 1 for Poisson, 2 for negative binomial.
    log_likelihood : float
        At the maximum; a weight multiplies its row's in counts, and divides the dispersion in amounts.
    deviance, pearson : float
        Weighted deviance and Pearson's chi-squared, without dispersion.
    fitted : array, shape (n,)
        Expected responses.
    free : int
        How many parameters were estimated, dispersion and power included.
    """

    family: str
    names: tuple[str, ...]
    coefficients: Floats
    covariance: Floats
    dispersion: float
    power: float
    log_likelihood: float
    deviance: float
    pearson: float
    fitted: Floats
    free: int

    @property
    def aic(self) -> float:
        """Akaike's criterion, ``2 free - 2 l``."""
        return 2.0 * self.free - 2.0 * self.log_likelihood

    @property
    def bic(self) -> float:
        """Schwarz's criterion, ``free ln(rows) - 2 l``."""
        return float(self.free * np.log(self.fitted.size)) - 2.0 * self.log_likelihood

    @property
    def degrees_of_freedom(self) -> int:
        """Rows less coefficients."""
        return int(self.fitted.size) - len(self.names)

    @property
    def pearson_dispersion(self) -> float:
        """Pearson's chi-squared over the degrees of freedom [unitless]; far above 1 for Poisson: overdispersed."""
        return self.pearson / self.degrees_of_freedom if self.degrees_of_freedom else float("inf")

    def standard_errors(self) -> Floats:
        """Return the standard errors, shape (k,)."""
        return np.sqrt(np.diag(self.covariance))

    def __repr__(self) -> str:
        """Return a table of the coefficients with their errors, and how the whole fits."""
        from greenrisk.actuarial.glm.wording import regression_table

        return regression_table(self)


def regression_data(
    name: str,
    response: ArrayLike,
    design: ArrayLike,
    names: tuple[str, ...],
    exposure: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    offset: ArrayLike | None = None,
    *,
    above: float = -np.inf,
) -> RegressionData:
    """Check the rows of a regression; all faults are raised at once.

    Parameters
    ----------
    name : str
        What the caller calls the response.
    response : array, shape (n,)
        >= 0, or > ``above``.
    design : array, shape (n, k)
        Regressors.
    names : tuple of str
        One name a column.
    exposure, weights : array, shape (n,), optional
        > 0; 1 if empty.
    offset : array, shape (n,), optional
        Added to the linear predictor beside the logarithm of the exposure.
    above : float
        Lower end of the response, itself not allowed.

    Raises
    ------
    ArgumentError
        If an array is not finite, outside its domain, or of another length.
    """
    aligned(**{name: response}, design=design, exposure=exposure, weights=weights, offset=offset)
    faults = Faults()

    def checked(key: str, values: ArrayLike, least: float, beyond: float, axes: int = 1) -> Floats:
        try:
            return numbers(key, values, least=least, above=beyond, dimensions=axes, fewest=1)
        except ArgumentError as error:
            faults.extend(error.faults)
            return np.empty(0)

    y = checked(name, response, 0.0, above)
    x = checked("design", design, -np.inf, -np.inf, 2)
    given = {
        "exposure": None if exposure is None else checked("exposure", exposure, -np.inf, 0.0),
        "weights": None if weights is None else checked("weights", weights, -np.inf, 0.0),
        "offset": None if offset is None else checked("offset", offset, -np.inf, -np.inf),
    }
    faults.raise_if_any(ArgumentError)
    if x.shape[0] != y.size:
        faults.add(
            "design",
            f"design of shape {x.shape}",
            f"One row for each of the {y.size} responses was expected.",
        )
    if x.shape[1] != len(names):
        faults.add("names", f"{len(names)} names", f"One for each of the {x.shape[1]} columns was expected.")
    for key, values in given.items():
        if values is not None and values.size != y.size:
            faults.add(
                key,
                f"{key} of length {values.size}",
                f"One value for each of the {y.size} rows was expected.",
            )
    faults.raise_if_any(ArgumentError)
    shift = np.zeros(y.size) if given["offset"] is None else given["offset"]
    if given["exposure"] is not None:
        shift = shift + np.log(given["exposure"])
    weight = np.ones(y.size) if given["weights"] is None else given["weights"]
    return RegressionData(y, x, tuple(names), shift, weight)


def _kernel(matrix: Floats) -> Floats:
    """Combinations of the columns that vanish, shape (k, dimension); by the small matrix of products if it is tall."""
    if matrix.shape[0] > 4 * matrix.shape[1]:
        matrix = np.asarray(np.linalg.qr(matrix, mode="r"))
    return np.asarray(null_space(matrix, rcond=1e-10))
