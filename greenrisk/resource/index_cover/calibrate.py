# SPDX-License-Identifier: Apache-2.0
"""Trigger and exit of a linear cover: by return periods, by the buyer's certainty equivalent, or by what stays unpaid.

A trigger that was chosen because it would have served best on these years serves worse on others. So each is told with
the value that it has on years it was not chosen on: years are left out by blocks, trigger, exit and premium are found
on the rest, and the years left out are judged by them. The difference is the optimism; the value in sample never stands
alone.

References
----------
Stone, M. (1974), Cross-validatory choice and assessment of statistical predictions, Journal of the Royal Statistical
Society B 36, 111-147.
Efron, B. (1983), Estimating the error rate of a prediction rule: improvement on cross-validation, Journal of the
American Statistical Association 78, 316-331.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from greenrisk.core.errors import ArgumentError, Fault
from greenrisk.resource.index_cover.calibration_search import by_search, worth_of
from greenrisk.resource.index_cover.calibration_terms import (
    Calibration,
    CalibrationFigure,
    Terms,
    folds_of,
    left_out,
    payments,
    rounds_of,
    told_of,
)
from greenrisk.resource.index_cover.history_spec import CalibrationSpec, Family
from greenrisk.resource.index_cover.law_choice import fit_or_best
from greenrisk.resource.index_cover.laws import FEWEST_YEARS
from greenrisk.resource.index_cover.payout_spec import IndexCover, LinearPayout
from greenrisk.resource.index_cover.series import FREE, Bounds, Floats, Integers


def calibrate(
    spec: CalibrationSpec,
    cover: IndexCover,
    value: ArrayLike,
    *,
    law: Family | Literal["best"] = "best",
    loss: ArrayLike | None = None,
    wealth: float | None = None,
    risk_aversion: float = 2.0,
    loading: float = 1.0,
    block_years: int = 1,
    seed: int = 1,
    bounds: Bounds = FREE,
) -> Calibration:
    """Return trigger and exit of a linear cover with what they are worth in and out of sample.

    Parameters
    ----------
    spec : CalibrationSpec
        Method, return periods, budget, level.
    cover : IndexCover
        A linear cover: sum insured, deductible, side and least share stay as they are.
    value : array, shape (years,)
        The index, treated [its unit]; NaN where not known.
    law : str
        Law of the index, for return periods.
    loss : array, shape (years,), optional
        The buyer's loss of the same years, treated [CNY]; NaN where not known.
    wealth : float, optional
        The buyer's wealth before a year's loss; the certainty equivalent needs it [CNY].
    risk_aversion : float
        Relative risk aversion [unitless].
    loading : float
        Gross over pure premium [unitless].
    block_years : int
        Years that are left out, and drawn, together [year].
    seed : int
        Seed of the stream ``index.calibration``.
    bounds : Bounds
        Ends of what the index can be [its unit].

    Raises
    ------
    ArgumentError
        If the cover is not linear, the method needs a loss or a wealth that is not there, fewer than 10 years are
        known, or no cover has a premium within the budget.
    FitError
        If no law can be fitted, for return periods.

    Notes
    -----
    Certainty equivalent and expected shortfall are searched over a grid: triggers from the middle of the record to its
    worst year, exits from the trigger to beyond the worst year by a third of the way. The premium is ``loading`` times
    the mean payment of the years it is found on. Years left out together are charged ``loading`` times what they are
    paid: a premium that was set too low is a loss of the insurer and no merit of the cover.
    """
    payout = _linear(cover)
    index = np.asarray(value, dtype=np.float64)
    lost = None if spec.method == "return_period" else _needed(spec, loss, index)
    known = ~np.isnan(index) if lost is None else ~(np.isnan(index) | np.isnan(lost))
    if known.sum() < FEWEST_YEARS:
        what = f"{int(known.sum())} years with an index" + ("" if lost is None else " and a loss")
        raise ArgumentError(Fault("calibration", what, f"At least {FEWEST_YEARS} are needed."))
    x = index[known]
    folds = folds_of(known, block_years)
    if lost is None:
        return _by_periods(spec, cover, payout, x, folds, law, bounds)
    if spec.method == "certainty_equivalent" and wealth is None:
        mend = "A certainty equivalent needs the buyer's wealth: state `buyer.wealth_cny`."
        raise ArgumentError(Fault("wealth", "no wealth", mend))
    worth = worth_of(spec, wealth or 0.0, risk_aversion, lost[known])
    return by_search(spec, cover, payout, x, folds, worth, loading, block_years, seed)


def _by_periods(
    spec: CalibrationSpec,
    cover: IndexCover,
    payout: LinearPayout,
    x: Floats,
    folds: Integers,
    law: Family | Literal["best"],
    bounds: Bounds,
) -> Calibration:
    chance = 1.0 / np.array([spec.trigger_period, spec.exit_period])
    levels = chance if payout.pays == "below" else 1.0 - chance

    def found(inside: Integers) -> Terms:
        trigger, whole = fit_or_best(x[inside], law, payout.pays, bounds).quantile(levels)
        return Terms(float(trigger), float(whole), 0.0)

    def told(terms: Terms, years: Integers) -> Floats:
        """Return whether each year reaches trigger and exit, and what it is paid, shape (3, years)."""
        edges = np.array([terms.trigger, terms.exit])[:, np.newaxis]
        reached = x[years] <= edges if payout.pays == "below" else x[years] >= edges
        return np.vstack([reached, payments(cover, payout, [terms], x[years])])

    every = np.arange(x.size)
    whole, rounds = found(every), rounds_of(found, folds)
    out = left_out(lambda place: told(rounds[place], np.flatnonzero(folds == place)), folds)
    own = told(Terms(payout.trigger, payout.exit, 0.0), every).mean(axis=1)
    inside, corrected = told(whole, every).mean(axis=1), out.mean(axis=1)
    names = ("payment_frequency", "whole_payment_frequency", "mean_payment")
    units, wanted = ("1/year", "1/year", "CNY/year"), (*chance.tolist(), np.nan)
    figures = tuple(
        CalibrationFigure(name, unit, want, first, second, second - first, np.nan, mine)
        for name, unit, want, first, second, mine in zip(
            names, units, wanted, inside.tolist(), corrected.tolist(), own.tolist(), strict=True
        )
    )
    return told_of(spec, payout, whole, rounds, figures, x.size)


def _linear(cover: IndexCover) -> LinearPayout:
    if not isinstance(cover.payout, LinearPayout):
        what = f"the cover `{cover.name}` has a payout `{cover.payout.kind}`"
        raise ArgumentError(
            Fault("calibration.cover", what, "Trigger and exit are found for a linear payout.")
        )
    return cover.payout


def _needed(spec: CalibrationSpec, loss: ArrayLike | None, index: Floats) -> Floats:
    if loss is None:
        mend = f"The method `{spec.method}` needs a `loss`, or write `method: return_period`."
        raise ArgumentError(Fault("calibration.method", "no loss", mend))
    lost = np.asarray(loss, dtype=np.float64)
    if lost.shape != index.shape:
        what = f"loss of shape {lost.shape} beside an index of shape {index.shape}"
        raise ArgumentError(Fault("loss", what, "Loss and index are of the same years.", "CNY"))
    return lost
