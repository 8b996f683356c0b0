# SPDX-License-Identifier: Apache-2.0
"""Regression credibility (Hachemeister): risks with a linear trend, the intercept at the barycentre of time."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greenrisk.actuarial.arguments import numbers, one_of
from greenrisk.actuarial.credibility.models import Estimator
from greenrisk.actuarial.credibility.variance import (
    checked_records,
    credibility_factor,
    iterative_between,
    labels_of_risks,
    pooled_between,
)
from greenrisk.actuarial.printing import figure, name_of, table
from greenrisk.core.errors import ArgumentError, Fault, FitError

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class TrendModel:
    """Credibility lines of risks: level at the barycentre, and slope, each with a credibility of its own.

    Parameters
    ----------
    barycentre : float
        Mean of time, weighted with all exposures [unit of time].
    own : array, shape (risk, 2)
        Level and slope of each risk's own weighted regression; NaN for a risk observed fewer than twice.
    weight : array, shape (risk, 2)
        What they weigh: sum of w, and sum of w (t - barycentre)^2.
    factor : array, shape (risk, 2)
        Their credibilities [unitless].
    collective : array, shape (2,)
        Collective level and slope.
    line : array, shape (risk, 2)
        Credibility level and slope.
    within : float
        Variance of an observation of unit weight around its line.
    between : array, shape (2,)
        Variances of levels and of slopes between the risks, >= 0.
    labels : tuple, length risk
        Labels of the risks: those of the rows of a DataFrame, else their numbers from 0.
    """

    barycentre: float
    own: Floats
    weight: Floats
    factor: Floats
    collective: Floats
    line: Floats
    within: float
    between: Floats
    labels: tuple[Hashable, ...] = ()

    @property
    def no_credibility(self) -> tuple[bool, bool]:
        """Whether levels, and whether slopes, differ no more than by chance."""
        return bool(self.between[0] == 0.0), bool(self.between[1] == 0.0)

    def premium(self, time: float) -> Floats:
        """Return the credibility premiums at a time, shape (risk,).

        Parameters
        ----------
        time : float
            [unit of time]
        """
        return np.asarray(self.line[:, 0] + self.line[:, 1] * (time - self.barycentre))

    def __repr__(self) -> str:
        """One row a risk: own and credibility level and slope; and what they rest on."""
        heads = ("risk", "own level", "credibility", "level", "own slope", "credibility", "slope")
        rows = zip(self.labels or range(len(self.own)), self.own, self.factor, self.line, strict=True)
        cells = [
            [
                name_of(label),
                *(cell for k in (0, 1) for cell in (figure(own[k]), f"{z[k]:.4f}", figure(line[k]))),
            ]
            for label, own, z, line in rows
        ]
        level, slope = (figure(value) for value in self.collective)
        between = " and ".join(figure(value) for value in self.between)
        return "\n".join(
            [
                table(heads, cells),
                f"levels at time {figure(self.barycentre)}; collective level {level}, slope {slope}",
                f"variance within {figure(self.within)}, between levels and between slopes {between}",
            ]
        )


def trend_credibility(
    ratios: ArrayLike,
    weights: ArrayLike | None,
    time: ArrayLike,
    *,
    estimator: Estimator = "unbiased",
) -> TrendModel:
    """Return the credibility lines of risks with linear trends.

    Parameters
    ----------
    ratios, weights : array, shape (risk, period)
        As for :func:`greenrisk.actuarial.credibility.models.buhlmann_straub`.
    time : array, shape (period,)
        Time of each period, not all the same.
    estimator : {"unbiased", "iterative"}
        How the variances between the risks are estimated.

    Raises
    ------
    ArgumentError
        If tables and times do not match.
    FitError
        If fewer than two risks were observed at two times, or none at three: the variances are not identified.

    Notes
    -----
    The intercept of Hachemeister's model lies at time 0, outside the data, where levels and slopes are strongly
    correlated, and a credibility line can lie outside the lines that it is made of. At the barycentre they are nearly
    uncorrelated; each then follows Bühlmann and Straub with the weights sum w and sum w (t - t0)^2. Each risk's own
    line is its weighted regression; s^2 is the mean over the risks of their residual variances.

    References
    ----------
    Hachemeister, C. A. (1975), Credibility for regression models with application to trend, in Kahn (ed.), Credibility:
    Theory and Applications, Academic Press. Bühlmann, H. and Gisler, A. (1997), Credibility in the regression case
    revisited, ASTIN Bulletin 27, 83-98; and (2005), A Course in Credibility Theory, Springer, chapter 8.
    """
    one_of("estimator", estimator, get_args(Estimator))
    (y, w), labels = checked_records(ratios, weights), labels_of_risks(ratios, weights)
    t = numbers("time", time, dimensions=1)
    if t.size != y.shape[1]:
        raise ArgumentError(
            Fault("time", f"{t.size} times, {y.shape[1]} periods", "One a period was expected.")
        )
    times = np.array([np.unique(t[row > 0.0]).size for row in w])
    held, freedom = times >= 2, np.count_nonzero(w, axis=1) - 2
    if held.sum() < 2 or not (held & (freedom > 0)).any():
        what = f"{int(held.sum())} risks at two times or more, {int((held & (freedom > 0)).sum())} with a residual"
        raise FitError(
            Fault("ratios", what, "The variances need two risks with a trend, one of them observed thrice.")
        )
    barycentre = float((w * t).sum() / w.sum())
    since = t - barycentre
    own = np.zeros((y.shape[0], 2))
    residual = np.zeros(y.shape[0])
    for i in np.flatnonzero(held):
        own[i], residual[i] = _line(since, y[i], w[i])
    fitted = held & (freedom > 0)
    within = float(np.mean(residual[fitted] / freedom[fitted]))
    weight = np.where(held[:, None], np.stack([w.sum(axis=1), (w * since**2).sum(axis=1)], axis=1), 0.0)
    groups = [np.flatnonzero(held)]
    estimate = iterative_between if estimator == "iterative" else pooled_between
    between = np.array([max(estimate(own[:, k], weight[:, k], within, groups), 0.0) for k in (0, 1)])
    factor = np.stack([credibility_factor(weight[:, k], within, float(between[k])) for k in (0, 1)], axis=1)
    by = np.where(between > 0.0, factor, weight)
    collective = (by * own).sum(axis=0) / by.sum(axis=0)
    line = factor * own + (1.0 - factor) * collective
    told = np.where(held[:, None], own, np.nan)
    return TrendModel(barycentre, told, weight, factor, collective, line, within, between, labels)


def _line(since: Floats, y: Floats, w: Floats) -> tuple[Floats, float]:
    """Return level and slope of a weighted regression, and the weighted sum of squared residuals."""
    middle, level = np.average(since, weights=w), np.average(y, weights=w)
    slope = float((w * (since - middle) * y).sum() / (w * (since - middle) ** 2).sum())
    residual = y - level - slope * (since - middle)
    return np.array([level - slope * middle, slope]), float((w * residual**2).sum())
