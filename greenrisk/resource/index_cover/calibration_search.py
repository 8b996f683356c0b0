# SPDX-License-Identifier: Apache-2.0
"""Search of trigger and exit over a grid: what the buyer gains, or what stays unpaid, in and out of sample."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from greenrisk.core.errors import ArgumentError, Fault
from greenrisk.core.streams import stream
from greenrisk.resource.index_cover.burn import block_years_drawn
from greenrisk.resource.index_cover.calibration_terms import (
    Calibration,
    CalibrationFigure,
    Terms,
    left_out,
    payments,
    rounds_of,
    told_of,
)
from greenrisk.resource.index_cover.certainty import certainty_equivalent, worst_mean
from greenrisk.resource.index_cover.history_spec import CalibrationSpec
from greenrisk.resource.index_cover.payout_spec import IndexCover, LinearPayout, Side
from greenrisk.resource.index_cover.series import Floats, Integers

_TRIGGERS: Final = 24
_EXITS: Final = 12
"""Triggers that are tried, from the middle of the record to its worst year, and exits of each."""
_RESAMPLES: Final = 200
"""Resamples of the years behind the second correction."""

Worth = Callable[[Floats, Floats, Integers], Floats]
"""From payments (covers, years), premiums (covers,) and positions of the years to values; the larger the better."""


def by_search(
    spec: CalibrationSpec,
    cover: IndexCover,
    payout: LinearPayout,
    x: Floats,
    folds: Integers,
    worth: Worth,
    loading: float,
    block_years: int,
    seed: int,
) -> Calibration:
    """Return the trigger and the exit of the grid that are worth most, with what they are worth out of sample.

    Parameters
    ----------
    spec : CalibrationSpec
        Method, budget, level.
    cover, payout : IndexCover, LinearPayout
        The cover, and its payout.
    x : array, shape (years,)
        The index [its unit].
    folds : array of int, shape (years,)
        Round in which each year is left out.
    worth : callable
        From :func:`worth_of`.
    loading : float
        Gross over pure premium [unitless].
    block_years : int
        Years that are drawn together [year].
    seed : int
        Seed of the resamples.

    Raises
    ------
    ArgumentError
        If no premium is within the budget, or the index does not vary on the side that is paid.
    """
    budget = np.inf if spec.budget_cny is None else spec.budget_cny

    def found(inside: Integers) -> Terms:
        grid = grid_of(x[inside], payout.pays)
        value, premium = valued(grid, inside)
        value[premium > budget] = -np.inf
        # Where none is within the budget of so few years, the cheapest; of all years this is refused below.
        best = int(value.argmax()) if np.isfinite(value).any() else int(premium.argmin())
        return grid[best]._replace(premium=float(premium[best]))

    def valued(terms: list[Terms], years: Integers) -> tuple[Floats, Floats]:
        """Return what terms are worth on some years, and their premium there."""
        paid = payments(cover, payout, terms, x[years])
        premium = loading * paid.mean(axis=1)
        return worth(paid, premium, years), premium

    def flattered(years: Integers) -> tuple[float, float]:
        """Return by how much worth and premium on some years differ from those on all, of terms found on these."""
        terms = found(years)
        here, there = valued([terms], years), valued([terms], every)
        return float(here[0][0] - there[0][0]), float(here[1][0] - there[1][0])

    every = np.arange(x.size)
    whole, rounds = found(every), rounds_of(found, folds)
    if whole.premium > budget:
        mend = f"The cheapest cover tried costs CNY {whole.premium:,.0f} a year: raise the budget or insure less."
        raise ArgumentError(Fault("calibration.budget_cny", f"budget_cny = {budget:,.0f}", mend, "CNY/year"))
    own = Terms(payout.trigger, payout.exit, 0.0)

    out = left_out(
        lambda place: payments(cover, payout, [rounds[place]], x[np.flatnonzero(folds == place)]), folds
    )
    inside, premium = valued([whole, own], every)
    drawn = block_years_drawn(x.size, _RESAMPLES, block_years, stream(seed, "index", "calibration"))
    flattery = np.array([flattered(years) for years in drawn if np.ptp(x[years]) > 0.0]).mean(axis=0)
    corrected = float(worth(out, loading * out.mean(axis=1), every)[0])
    better = spec.method == "certainty_equivalent"
    sign = 1.0 if better else -1.0
    charged = loading * float(out.mean())
    asked = np.nan if spec.budget_cny is None else spec.budget_cny
    figures = (
        CalibrationFigure(
            "certainty_equivalent_gain" if better else "expected_shortfall",
            "CNY",
            np.nan,
            sign * float(inside[0]),
            sign * corrected,
            float(inside[0]) - corrected,
            sign * float(inside[0] - flattery[0]),
            sign * float(inside[1]),
        ),
        CalibrationFigure(
            "premium",
            "CNY/year",
            asked,
            float(premium[0]),
            charged,
            charged - float(premium[0]),
            float(premium[0] - flattery[1]),
            float(premium[1]),
        ),
    )
    return told_of(spec, payout, whole, rounds, figures, x.size)


def worth_of(spec: CalibrationSpec, wealth: float, risk_aversion: float, loss: Floats) -> Worth:
    """Return the function that values covers.

    Parameters
    ----------
    spec : CalibrationSpec
        Method and level.
    wealth : float
        The buyer's wealth before a year's loss [CNY].
    risk_aversion : float
        Relative risk aversion [unitless].
    loss : array, shape (years,)
        [CNY]
    """

    def gain(paid: Floats, premium: Floats, years: Integers) -> Floats:
        charged = premium.reshape(paid.shape[0], -1)
        with_cover = certainty_equivalent(paid - loss[years] - charged, wealth, risk_aversion)
        return np.asarray(with_cover - certainty_equivalent(-loss[years], wealth, risk_aversion))

    def shortfall(paid: Floats, premium: Floats, years: Integers) -> Floats:
        return -worst_mean(loss[years] - paid, spec.level)

    return gain if spec.method == "certainty_equivalent" else shortfall


def grid_of(x: Floats, pays: Side) -> list[Terms]:
    """Return triggers and exits to try on the values of some years."""
    sign = -1.0 if pays == "below" else 1.0
    severity = np.sort(sign * x)
    middle, worst = float(np.median(severity)), float(severity[-1])
    if worst <= middle:
        what = f"half of the {x.size} years are at its worst value, {sign * worst:g}"
        raise ArgumentError(
            Fault("calibration", what, "A trigger needs an index that varies on the side that is paid.")
        )
    top = worst + (worst - middle) / 3.0
    triggers = np.quantile(severity, np.linspace(0.5, 1.0 - 0.5 / x.size, _TRIGGERS))
    return [
        Terms(sign * float(trigger), sign * float(trigger + (top - trigger) * step / _EXITS), 0.0)
        for trigger in triggers
        for step in range(1, _EXITS + 1)
    ]
