# SPDX-License-Identifier: Apache-2.0
"""What is read before a threshold is chosen, as arrays: mean excess, threshold stability, Hill's estimator.

Everywhere an excess is a loss strictly greater than the threshold; on rounded losses ``>=`` would count others.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from greenrisk.actuarial.arguments import numbers, probability
from greenrisk.actuarial.fitting.extremes import fit_generalised_pareto
from greenrisk.core.errors import ArgumentError, Faults, FitError

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

FEWEST_FOR_A_MEAN = 2
"""Excesses below which the mean excess has no standard error."""

FEWEST_FOR_A_SHAPE = 10
"""Excesses below which no generalised Pareto law is fitted."""


@dataclass(frozen=True, eq=False)
class MeanExcess:
    """Mean excess over thresholds.

    Parameters
    ----------
    thresholds : array, shape (threshold,)
        Ascending [unit of the loss].
    values : array, shape (threshold,)
        Mean of ``x - threshold`` over the losses above [unit of the loss].
    standard_errors : array, shape (threshold,)
        Standard deviation of the excesses over the root of their number [unit of the loss].
    counts : array of int, shape (threshold,)
        Losses strictly above.
    """

    thresholds: Floats
    values: Floats
    standard_errors: Floats
    counts: Counts

    def __repr__(self) -> str:
        """Return a table of the mean excess by threshold, of many the first and the last."""
        from greenrisk.actuarial.fitting.wording import mean_excess_table

        return mean_excess_table(self)


@dataclass(frozen=True, eq=False)
class ThresholdStability:
    """Generalised Pareto fits over thresholds; above a good one shape and modified scale stay level.

    Parameters
    ----------
    thresholds : array, shape (threshold,)
        Ascending [unit of the loss].
    shapes : array, shape (threshold,)
        xi [unitless].
    shape_intervals : array, shape (threshold, 2)
        Ends, from the standard error [unitless].
    modified_scales : array, shape (threshold,)
        ``beta - xi u`` [unit of the loss].
    modified_scale_intervals : array, shape (threshold, 2)
        Ends, by the delta method [unit of the loss].
    counts : array of int, shape (threshold,)
        Losses strictly above.
    level : float
        Coverage of the intervals [unitless].
    """

    thresholds: Floats
    shapes: Floats
    shape_intervals: Floats
    modified_scales: Floats
    modified_scale_intervals: Floats
    counts: Counts
    level: float

    def __repr__(self) -> str:
        """Return a table of the fits by threshold, of many the first and the last."""
        from greenrisk.actuarial.fitting.wording import stability_table

        return stability_table(self)


@dataclass(frozen=True, eq=False)
class Hill:
    """Hill's estimates of the shape of the tail.

    Parameters
    ----------
    thresholds : array, shape (threshold,)
        Ascending [unit of the loss].
    shapes : array, shape (threshold,)
        xi = 1 / alpha [unitless].
    standard_errors : array, shape (threshold,)
        ``xi / sqrt(k)``, asymptotic and without bias [unitless].
    counts : array of int, shape (threshold,)
        k, the losses strictly above.
    """

    thresholds: Floats
    shapes: Floats
    standard_errors: Floats
    counts: Counts

    def __repr__(self) -> str:
        """Return a table of the shape by threshold, of many the first and the last."""
        from greenrisk.actuarial.fitting.wording import hill_table

        return hill_table(self)


def mean_excess(losses: ArrayLike, thresholds: ArrayLike | None = None) -> MeanExcess:
    """Return the mean excess over thresholds with its standard error.

    Parameters
    ----------
    losses : array, shape (loss,)
        Losses >= 0 [unit of the loss].
    thresholds : array, shape (threshold,), optional
        Empty: every distinct loss that leaves enough above it [unit of the loss].

    Raises
    ------
    ArgumentError
        On negative or NaN losses, and for each threshold with fewer than 2 losses above it.

    Notes
    -----
    ``e(u) = sum (x_i - u) / n_u`` over the ``n_u`` losses with ``x_i > u``. Straight and rising: a Pareto tail with
    ``e(u) = (beta + xi u) / (1 - xi)``; level: an exponential one.

    References
    ----------
    Embrechts, P., Klueppelberg, C. and Mikosch, T. (1997). Modelling Extremal Events. Springer, section 6.2.2.
    """
    ascending = _losses(losses)
    places, points, counts = _places(ascending, thresholds, FEWEST_FOR_A_MEAN)
    # Centred, so that the squares do not cancel where the losses are far from zero.
    centre = float(ascending.mean())
    first = np.cumsum((ascending - centre)[::-1])[::-1][places]
    second = np.cumsum((ascending - centre)[::-1] ** 2)[::-1][places]
    about = first / counts
    variance = np.maximum(second - counts * about**2, 0.0) / (counts - 1)
    return MeanExcess(points, about + (centre - points), np.sqrt(variance / counts), counts)


def threshold_stability(losses: ArrayLike, thresholds: ArrayLike, level: float = 0.95) -> ThresholdStability:
    """Fit a generalised Pareto law over each threshold.

    Parameters
    ----------
    losses : array, shape (loss,)
        Losses >= 0 [unit of the loss].
    thresholds : array, shape (threshold,)
        Ascending [unit of the loss].
    level : float
        Coverage of the intervals, in (0, 1) [unitless].

    Raises
    ------
    ArgumentError
        On negative or NaN losses, and for each threshold with fewer than 10 losses above it.
    FitError
        With one fault for each threshold at which the fit fails.

    Notes
    -----
    If the excesses over u are generalised Pareto (xi, beta_u), so are those over v > u with
    ``beta_v = beta_u + xi (v - u)``; hence ``beta_u - xi u`` does not depend on u. Its variance is the delta method's
    on the covariance of (ln beta, xi). The estimates over neighbouring thresholds share their losses: they are not
    independent.

    References
    ----------
    Coles, S. (2001). An Introduction to Statistical Modeling of Extreme Values. Springer, section 4.3.4.
    """
    ascending = _losses(losses)
    z = float(ndtri((1 + probability("level", level)) / 2))
    places, points, counts = _places(ascending, thresholds, FEWEST_FOR_A_SHAPE)
    fits, faults = [], Faults()
    for place, point in zip(places.tolist(), points.tolist(), strict=True):
        try:
            fits.append(fit_generalised_pareto(ascending[place:] - point))
        except FitError as error:
            for fault in error.faults:
                what = f"threshold = {point:g}: {fault.what}"
                faults.add(
                    "thresholds", what, f"{fault.expected} Leave this threshold out.", "unit of the loss"
                )
    faults.raise_if_any(FitError)
    shapes = np.array([fit.shape for fit in fits])
    scales = np.array([fit.scale for fit in fits])
    covariances = np.array([fit.covariance for fit in fits])
    gradients = np.stack([scales, -points], axis=1)
    errors = np.sqrt(np.einsum("ti,tij,tj->t", gradients, covariances, gradients))
    modified = scales - shapes * points
    shape_errors = np.sqrt(covariances[:, 1, 1])
    return ThresholdStability(
        thresholds=points,
        shapes=shapes,
        shape_intervals=np.stack([shapes - z * shape_errors, shapes + z * shape_errors], axis=1),
        modified_scales=modified,
        modified_scale_intervals=np.stack([modified - z * errors, modified + z * errors], axis=1),
        counts=counts,
        level=float(level),
    )


def hill(losses: ArrayLike, thresholds: ArrayLike | None = None) -> Hill:
    """Return Hill's estimator of the tail's shape over thresholds.

    Parameters
    ----------
    losses : array, shape (loss,)
        Losses >= 0 [unit of the loss].
    thresholds : array, shape (threshold,), optional
        Greater than 0. Empty: every distinct positive loss that leaves enough above it: the estimator at each number of
        largest losses [unit of the loss].

    Raises
    ------
    ArgumentError
        On negative or NaN losses, and for each threshold that is 0 or has fewer than 2 losses above it.

    Notes
    -----
    ``xi(u) = sum ln(x_i / u) / k`` over the k losses with ``x_i > u``. With u the (k+1)-th largest of losses without
    ties this is Hill's form. It is the maximum likelihood of a Pareto law and means nothing where xi <= 0.

    References
    ----------
    Hill, B. M. (1975). A simple general approach to inference about the tail of a distribution. Annals of Statistics
    3(5), 1163-1174. https://doi.org/10.1214/aos/1176343247
    """
    ascending = _losses(losses)
    if thresholds is None:
        ascending = ascending[ascending > 0]
    else:
        numbers("thresholds", thresholds, above=0.0, unit="unit of the loss")
    places, points, counts = _places(ascending, thresholds, FEWEST_FOR_A_MEAN)
    logs = np.log(ascending, out=np.zeros_like(ascending), where=ascending > 0)
    shapes = np.cumsum(logs[::-1])[::-1][places] / counts - np.log(points)
    return Hill(points, shapes, shapes / np.sqrt(counts), counts)


def _losses(losses: ArrayLike) -> Floats:
    return np.sort(numbers("losses", losses, least=0.0, dimensions=1, unit="unit of the loss"))


def _places(
    ascending: Floats, thresholds: ArrayLike | None, fewest: int
) -> tuple[NDArray[np.intp], Floats, Counts]:
    """Return where the losses above each threshold begin, the thresholds, and how many losses lie above."""
    if thresholds is None:
        points = np.unique(ascending)
        points = points[ascending.size - np.searchsorted(ascending, points, side="right") >= fewest]
        if not points.size:
            what = f"losses holds {ascending.size}"
            faults = Faults()
            faults.add("losses", what, f"At least {fewest} must lie above the least of them.")
            faults.raise_if_any(ArgumentError)
    else:
        points = np.unique(
            numbers("thresholds", thresholds, least=0.0, dimensions=1, fewest=1, unit="unit of the loss")
        )
    places = np.searchsorted(ascending, points, side="right")
    counts = np.asarray(ascending.size - places, dtype=np.int64)
    faults = Faults()
    for point, count in zip(points.tolist(), counts.tolist(), strict=True):
        if count < fewest:
            what = f"threshold = {point:g} with {count} losses above it"
            faults.add("thresholds", what, f"At least {fewest} must lie strictly above: lower it.")
    faults.raise_if_any(ArgumentError)
    return places, points, counts
