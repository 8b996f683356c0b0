# SPDX-License-Identifier: Apache-2.0
"""A fitted severity: its law, the errors of its parameters, intervals of all that follows from it.

It is made by :func:`greenrisk.actuarial.fitting.severity_fit.fit_severity`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from greenrisk.actuarial.arguments import one_of, probability
from greenrisk.actuarial.fitting.coordinates import Coordinates
from greenrisk.actuarial.fitting.data import LossData
from greenrisk.actuarial.fitting.likelihood import Likelihood, logarithms_of
from greenrisk.actuarial.fitting.profiles import (
    delta_interval,
    extreme_interval,
    fixed_coordinate,
    gradient_of,
    profile_interval,
)
from greenrisk.actuarial.fitting.search import Floats, Function
from greenrisk.actuarial.reading import quoted
from greenrisk.actuarial.severity.family import Family
from greenrisk.core.errors import ArgumentError, Fault, FitError

_AGREE = 1e-4
"""Starts whose log-likelihoods differ by less ended at the same maximum."""
_FARTHEST = 25.0
"""On a line (of a logarithm, say): beyond it a profile is taken for endless."""
_WIDEST = 3.0
"""Of a standard error on a line, for the first step along a profile."""


@dataclass(frozen=True)
class StartRun:
    """One start of a search, and where it led.

    Parameters
    ----------
    start, end : dict
        Free parameters by name.
    log_likelihood : float
        At the end; -inf where the start lay outside the domain.
    converged : bool
        Whether the end is a maximum.
    """

    start: dict[str, float]
    end: dict[str, float]
    log_likelihood: float
    converged: bool


@dataclass(frozen=True, eq=False, repr=False)
class SeverityFit:
    """A severity fitted by maximum likelihood; made by ``fit_severity``.

    Parameters
    ----------
    law : Severity
        The fitted law.
    free : tuple of str
        Parameters that were fitted; the order of the covariance.
    covariance : array, shape (free, free)
        Inverse of the observed information, in the parameters as they are (no logarithms).
    log_likelihood : float
        At the maximum.
    data : LossData
        The records.
    starts : tuple of StartRun
        Every start, as it ran.
    """

    law: Family
    free: tuple[str, ...]
    covariance: Floats
    log_likelihood: float
    data: LossData
    starts: tuple[StartRun, ...]

    @property
    def family(self) -> str:
        """Name of the family."""
        return type(self.law).__name__

    @property
    def parameters(self) -> dict[str, float]:
        """All parameters by name, those that were held included."""
        return self.law.parameters()

    @property
    def standard_errors(self) -> dict[str, float]:
        """Standard error of each fitted parameter, from the observed information."""
        return dict(zip(self.free, np.sqrt(np.diag(self.covariance)).tolist(), strict=True))

    @property
    def aic(self) -> float:
        """Akaike's criterion, ``2 k - 2 ln L``."""
        return 2.0 * len(self.free) - 2.0 * self.log_likelihood

    @property
    def bic(self) -> float:
        """Schwarz's criterion, ``k ln n - 2 ln L`` with n the sum of the weights."""
        return len(self.free) * math.log(self.data.weight) - 2.0 * self.log_likelihood

    @property
    def starts_agree(self) -> bool:
        """Whether all starts that converged ended at the same likelihood."""
        ends = [run.log_likelihood for run in self.starts if run.converged]
        return max(ends) - min(ends) < _AGREE * max(1.0, self.data.weight / 1000)

    def profile_interval(self, name: str, level: float = 0.95) -> tuple[float, float]:
        """Return where the profile likelihood of a parameter has fallen by half the chi-squared quantile.

        Parameters
        ----------
        name : str
            A fitted parameter.
        level : float
            Coverage in (0, 1) [unitless].

        Returns
        -------
        tuple of two floats
            An end equal to the edge of the parameter's domain says that the data do not bound it on that side.

        Raises
        ------
        ArgumentError
            If the parameter was not fitted.
        FitError
            If the other parameters cannot be followed.
        """
        one_of("name", name, self.free)
        place = self._coordinates()
        function = mean_log_likelihood(place, self.data)
        best = place.point(self.parameters)
        i = self.free.index(name)
        error = self.standard_errors[name] / abs(float(place.slopes(best)[i]))
        ends = profile_interval(
            function,
            fixed_coordinate(i),
            (float(best[i]), np.delete(best, i)),
            min(error, _WIDEST),
            probability("level", level),
            self.data.weight,
            _FARTHEST,
        )
        if any(end.kind == "lost" for end in ends):
            what = f"{name} beyond its estimate"
            mend = "The other parameters run off along its profile: more data, or a family with fewer, are needed."
            raise FitError(Fault("data", what, mend))
        low, high = (
            float(place.natural(np.where(np.arange(best.size) == i, end.value, best))[i]) for end in ends
        )
        edge = self.law.domains[name]
        return (low if ends[0].kind == "fallen" else edge.low), (
            high if ends[1].kind == "fallen" else edge.high
        )

    def interval_of(
        self,
        function: Callable[[Family], float],
        level: float = 0.95,
        method: Literal["delta", "profile"] = "delta",
    ) -> tuple[float, float]:
        """Return an interval of what follows from the law: a mean, a quantile, a layer's expected loss.

        Parameters
        ----------
        function : callable
            From a law to one number, e.g. ``lambda law: law.mean()``.
        level : float
            Coverage in (0, 1) [unitless].
        method : str
            ``delta``: the estimate plus and minus normal errors; ``profile``: all values that the likelihood allows,
            slower, not symmetric, and better where few records bear the answer.

        Raises
        ------
        ArgumentError
            If the function is not finite at the fitted law.
        FitError
            If the extremes over the likely laws are not found.

        Notes
        -----
        Delta: ``var g = grad g' C grad g``. Profile: least and greatest ``g`` with
        ``2 (ln L_max - ln L) <= chi2_1(level)``.
        """
        one_of("method", method, ("delta", "profile"))
        place, level = self._coordinates(), probability("level", level)
        best = place.point(self.parameters)

        found = np.asarray(function(self.law))
        if found.ndim or found.dtype.kind not in "iufb":
            what = f"function(law) = {quoted(found.tolist())}"
            raise ArgumentError(Fault("function", what, "It must return one number: ask for one at a time."))

        def value(point: Floats) -> float:
            try:
                return float(function(self.law.__class__(**place.parameters(point))))
            except (ArgumentError, OverflowError):
                return math.nan

        if not math.isfinite(middle := value(best)):
            mend = "The function must be finite at the fitted law: where a mean is infinite, take that of a layer."
            raise ArgumentError(Fault("function", f"function(law) = {middle:g}", mend))
        slopes = place.slopes(best)
        on_lines = self.covariance / np.outer(slopes, slopes)
        if method == "delta":
            return delta_interval(middle, gradient_of(value, best), on_lines, level)
        likelihood = mean_log_likelihood(place, self.data)
        return extreme_interval(value, likelihood, best, on_lines, level, self.data.weight)

    def robust_covariance(self) -> Floats:
        """Return the covariance that does not take weights for frequencies, shape (free, free).

        Notes
        -----
        The sandwich ``H^-1 (sum w_i^2 s_i s_i') H^-1`` with the scores ``s_i`` of the records; it holds for weights
        that are reliabilities, and for a law that is not quite the right one.

        References
        ----------
        White, H. (1982). Maximum likelihood estimation of misspecified models. Econometrica 50(1), 1-25.
        https://doi.org/10.2307/1912526
        """
        place = self._coordinates()
        best = place.point(self.parameters)
        moves = 1e-4 * np.eye(best.size)
        points = np.concatenate([best + moves, best - moves])
        records = Likelihood(self.data).records(logarithms_of(place.family, place.theta(points)))
        scores = (records[: best.size] - records[best.size :]) / 2e-4 * self.data.weights
        slopes = place.slopes(best)
        scores = scores / slopes[:, None]
        return np.asarray(self.covariance @ (scores @ scores.T) @ self.covariance)

    def __repr__(self) -> str:
        """One line: the family, its parameters with standard errors, AIC."""
        return str(self)

    def __str__(self) -> str:
        """One line: the family, its parameters with standard errors, AIC."""
        errors = self.standard_errors
        told = ", ".join(
            f"{name} = {value:.5g} ± {errors[name]:.2g}" if name in errors else f"{name} = {value:.5g} (held)"
            for name, value in self.parameters.items()
        )
        return f"{self.family}({told}); {self.data.size:,} records, AIC {self.aic:.2f}"

    def _coordinates(self) -> Coordinates:
        held = {name: value for name, value in self.parameters.items() if name not in self.free}
        return Coordinates(type(self.law), held)


def mean_log_likelihood(place: Coordinates, data: LossData) -> Function:
    """Return the log-likelihood a record as a function of points in rows.

    Parameters
    ----------
    place : Coordinates
        The family and its free parameters.
    data : LossData
        The records.
    """
    likelihood = Likelihood(data)
    weight = data.weight

    def function(points: Floats) -> Floats:
        values = likelihood.totals(logarithms_of(place.family, place.theta(points))) / weight
        return np.where(np.isposinf(values), -np.inf, values)

    return function
