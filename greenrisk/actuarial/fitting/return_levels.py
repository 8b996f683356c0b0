# SPDX-License-Identifier: Apache-2.0
"""Return levels of fitted laws of extremes, over periods and rows of covariates, with their intervals.

A level is either per block (of block maxima) or per year; each function says which, and the result carries it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import ArrayLike

from greenrisk.actuarial.arguments import number, numbers, one_of, probability
from greenrisk.actuarial.fitting.extreme_fit import (
    ExtremeFit,
    ExtremeValueFit,
    GeneralisedParetoFit,
    bounded_interval,
)
from greenrisk.actuarial.fitting.extreme_model import Covariates, ExtremeModel, box_cox
from greenrisk.actuarial.fitting.profiles import delta_interval, gradient_of
from greenrisk.actuarial.fitting.search import Floats
from greenrisk.actuarial.kinds import instance
from greenrisk.core.errors import ArgumentError, Fault

METHODS = ("profile", "delta")
Row = tuple[Floats, Floats, Floats]

_PEAKS = (
    "It comes from fit_generalised_pareto; of fitted peaks use their own .return_levels(periods), or .tail."
)
_RARE = 0.5
"""Reduced variate from which the scale moves a level enough to be solved for."""


@dataclass(frozen=True, eq=False)
class ReturnLevels:
    """Return levels, a row for each row of covariates (one row for a law without) and a column for each period.

    Parameters
    ----------
    periods : array, shape (periods,)
        Return periods, in ``per``.
    values : array, shape (rows, periods)
        Levels, in the unit of the losses.
    low, high : array, shape (rows, periods)
        Ends of the intervals.
    standard_errors : array, shape (rows, periods)
        By the delta method, whatever the intervals' method.
    level : float
        Coverage of the intervals [unitless].
    method : str
        ``profile`` or ``delta``.
    per : str
        ``block`` or ``year``: unit of the periods.
    """

    periods: Floats
    values: Floats
    low: Floats
    high: Floats
    standard_errors: Floats
    level: float
    method: str
    per: str

    def __repr__(self) -> str:
        """Return a table of the levels by period, with intervals."""
        from greenrisk.actuarial.fitting.wording import return_levels_table

        return return_levels_table(self)


def block_return_levels(
    fit: ExtremeValueFit,
    periods: ArrayLike,
    *,
    covariates: Covariates | None = None,
    level: float = 0.95,
    method: str = "profile",
    per: str = "block",
    blocks_per_year: float = 1.0,
) -> ReturnLevels:
    """Return what a block's, or a year's, maximum exceeds with probability 1 / period.

    Parameters
    ----------
    fit : ExtremeValueFit
        Law of the maxima of blocks.
    periods : array, shape (periods,)
        Return periods > 1, in ``per``.
    covariates : mapping of str to array, shape (rows,)
        Every covariate of the law.
    level : float
        Coverage of the intervals in (0, 1) [unitless].
    method : str
        ``profile``: where the profile likelihood has fallen, as skewed as the data say; ``delta``: symmetrical.
    per : str
        ``block`` or ``year``: what the periods count.
    blocks_per_year : float
        Blocks in a year, > 0; without effect if ``per`` is ``block``.

    Raises
    ------
    ArgumentError
        If an argument is outside its domain.
    FitError
        If a profile likelihood does not fall.

    Notes
    -----
    ``F(x) = 1 - 1/m`` in blocks; in years ``F(x)^b = 1 - 1/m`` with b blocks a year, taken for independent. With
    ``y = -ln(1 - 1/m) / b`` (b = 1 in blocks) the level is ``mu + sigma (y^(-xi) - 1) / xi``. For the profile the
    location's constant is written in terms of the level.

    References
    ----------
    Coles, S. (2001). An Introduction to Statistical Modeling of Extreme Values. Springer, section 3.3.3.
    """
    instance("fit", fit, ExtremeValueFit, "It comes from fit_generalised_extreme_value.")
    m = numbers("periods", periods, above=1.0, dimensions=1, fewest=1, unit=per)
    years = one_of("per", per, ("block", "year")) == "year"
    blocks = number("blocks_per_year", blocks_per_year, above=0.0, unit="1/year") if years else 1.0
    reduced = -np.log(-np.log1p(-1 / m) / blocks)
    return _return_levels(fit, m, reduced, covariates, level, method, per, fit.model.origin, 0.0)


def peak_return_levels(
    fit: GeneralisedParetoFit,
    periods: ArrayLike,
    years: float,
    *,
    covariates: Covariates | None = None,
    level: float = 0.95,
    method: str = "profile",
    rate_known: bool = False,
) -> ReturnLevels:
    """Return what peaks exceed once in a period on average, in years.

    Parameters
    ----------
    fit : GeneralisedParetoFit
        Law of the peaks' excesses; it must know its threshold.
    periods : array, shape (periods,)
        Return periods [year], each so long that at least one peak is to be expected.
    years : float
        Time in which the peaks of the fit were seen, > 0 [year].
    covariates : mapping of str to array, shape (rows,)
        Every covariate of the law; the rate of peaks is one for all rows.
    level : float
        Coverage of the intervals in (0, 1) [unitless].
    method : str
        ``profile`` or ``delta``, as for :func:`block_return_levels`.
    rate_known : bool
        Whether the rate of peaks is taken for known, as evd and ismev do in profiles, and not as a Poisson number over
        ``years``.

    Raises
    ------
    ArgumentError
        If an argument is outside its domain, or a period is too short for one peak.
    FitError
        If a profile likelihood does not fall.

    Notes
    -----
    ``x = u + sigma ((lambda m)^xi - 1) / xi`` with lambda peaks a year: the level is exceeded 1 / m times a year, which
    for short periods is more often than with probability 1 / m.

    References
    ----------
    Coles, S. (2001). An Introduction to Statistical Modeling of Extreme Values. Springer, section 4.3.3.
    """
    instance("fit", fit, GeneralisedParetoFit, _PEAKS)
    m = numbers("periods", periods, above=0.0, dimensions=1, fewest=1, unit="year")
    rate = fit.count / number("years", years, above=0.0, unit="year")
    if (m * rate).min() <= 1:
        what = f"periods = {m.min():g} with {rate:.4g} peaks a year"
        raise ArgumentError(
            Fault("periods", what, f"It must be > {1 / rate:.4g}: lower the threshold.", "year")
        )
    known = 0.0 if rate_known else float(years)
    return _return_levels(fit, m, np.log(m * rate), covariates, level, method, "year", fit.threshold, known)


def _return_levels(
    fit: ExtremeFit,
    periods: Floats,
    reduced: Floats,
    covariates: Covariates | None,
    level: float,
    method: str,
    per: str,
    origin: float,
    years: float,
) -> ReturnLevels:
    """Levels by Box and Cox's function of the reduced variate; ``years`` = 0 where no rate was estimated."""
    probability("level", level)
    one_of("method", method, METHODS)
    model, rows = fit.model, fit.model.rows(covariates)
    matrix, _ = model.transform()
    covariance = np.linalg.solve(matrix, np.linalg.solve(matrix, fit.covariance).T)
    point = fit.point
    if years:  # the last coordinate is the rate's logarithm, less its estimate
        covariance = np.pad(covariance, (0, 1))
        covariance[-1, -1] = 1 / fit.count
        point = np.append(point, 0.0)
    values, errors, low, high = (np.empty((rows[1].shape[0], periods.size)) for _ in range(4))
    likelihood = partial(_mean_log_likelihood, model, bool(years))
    for i in range(values.shape[0]):
        row = (rows[0][i], rows[1][i], rows[2][i])
        for k, variate in enumerate(reduced.tolist()):
            quantity = partial(_level_at, model, row, variate, bool(years))
            at = quantity(point)
            slope = gradient_of(quantity, point)
            error = float(np.sqrt(slope @ covariance @ slope))
            if method == "delta":
                ends = delta_interval(at, slope, covariance, level)
            else:
                place = 0 if _is_location(model, variate) else model.designs[0].shape[1]
                ends = bounded_interval(
                    likelihood,
                    partial(_with_level, model, row, variate, bool(years), place),
                    (at, np.delete(point, place)),
                    error,
                    level,
                    fit.count,
                    f"return level of {periods[k]:g} {per}s",
                )
            values[i, k], errors[i, k], low[i, k], high[i, k] = at, error, *ends
    return ReturnLevels(
        periods=periods,
        values=origin + model.unit * values,
        low=origin + model.unit * low,
        high=origin + model.unit * high,
        standard_errors=model.unit * errors,
        level=level,
        method=method,
        per=per,
    )


def _mean_log_likelihood(model: ExtremeModel, rated: bool, points: Floats) -> Floats:
    """The law's likelihood and, where there is one, that of a Poisson number of peaks, less its maximum."""
    if not rated:
        return model.mean_log_likelihood(points)
    deviation = points[:, -1]
    return model.mean_log_likelihood(points[:, :-1]) + (deviation - np.expm1(deviation))


def _level_at(model: ExtremeModel, row: Row, variate: float, rated: bool, point: Floats) -> float:
    return float(_level(model, row, variate, rated, point[None, :])[0])


def _level(model: ExtremeModel, row: Row, variate: float, rated: bool, points: Floats) -> Floats:
    """The standardised levels of points in rows."""
    location, log_scale, shape = (
        part @ design
        for part, design in zip(model.split(points[:, :-1] if rated else points), row, strict=True)
    )
    reduced = variate + points[:, -1] if rated else variate
    return np.asarray(location + np.exp(log_scale) * box_cox(shape, reduced))


def _with_level(
    model: ExtremeModel, row: Row, variate: float, rated: bool, place: int, free: Floats, level: float
) -> Floats:
    """The points that have a level: the constant of the location or of the scale is solved for."""
    points = np.insert(free, place, 0.0, axis=1)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        rest = _level(model, row, variate, rated, points)
        if _is_location(model, variate):
            points[:, place] = level - rest
        else:
            location = model.split(points)[0] @ row[0]
            points[:, place] = np.log((level - location) / (rest - location))
    return points


def _is_location(model: ExtremeModel, variate: float) -> bool:
    """Whether a level is rather set by the location: a rare one would move it far whenever the shape moves a little."""
    return model.family == "gev" and variate < _RARE
