# SPDX-License-Identifier: Apache-2.0
"""What calibrations of a linear cover share: terms and their payments, rounds of years left out, what is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from greenrisk.resource.index_cover.history_spec import CalibrationSpec
from greenrisk.resource.index_cover.payout_spec import IndexCover, LinearPayout
from greenrisk.resource.index_cover.payouts import payout_share
from greenrisk.resource.index_cover.series import Floats, Integers


class CalibrationFigure(NamedTuple):
    """What trigger and exit are worth, on the years they were found on and on others."""

    name: str
    """What is measured."""

    unit: str
    """Of the values."""

    wanted: float
    """What was asked for; NaN where the figure is made as large or as small as can be."""

    in_sample: float
    """On the years they were found on."""

    corrected: float
    """On years left out when they were found."""

    optimism: float
    """By how much the former flatters, above 0 where it does: of a frequency, a payment or a premium, corrected less in
    sample."""

    resampled: float
    """In sample less the optimism that resamples of the years show (Efron); NaN where it is not computed."""

    own: float
    """With the scenario's own trigger and exit."""


@dataclass(frozen=True, eq=False)
class Calibration:
    """Trigger and exit as found.

    Parameters
    ----------
    method : str
        One of the three of :class:`~greenrisk.resource.index_cover.history_spec.CalibrationSpec`.
    trigger, exit : float
        As found on all years [the index's unit].
    own_trigger, own_exit : float
        The scenario's [the index's unit].
    trigger_range : tuple of float
        Least and largest trigger of the rounds of the cross-validation [the index's unit].
    figures : tuple of CalibrationFigure
        What they are worth.
    years : int
        Years that it rests on.
    rounds : int
        Rounds of the cross-validation.
    """

    method: str
    trigger: float
    exit: float
    own_trigger: float
    own_exit: float
    trigger_range: tuple[float, float]
    figures: tuple[CalibrationFigure, ...]
    years: int
    rounds: int


class Terms(NamedTuple):
    """What is set on some years."""

    trigger: float
    exit: float
    premium: float


Setting = Callable[[Integers], Terms]
"""From positions of years to what is set on them."""


def payments(cover: IndexCover, payout: LinearPayout, terms: list[Terms], x: Floats) -> Floats:
    """Return payments under several triggers and exits, shape (terms, years) [CNY]."""
    trigger, whole = (
        np.array([getattr(one, name) for one in terms])[:, np.newaxis] for name in ("trigger", "exit")
    )
    # A payout of trigger 0 and exit 1 on the share of the way that the index has gone.
    unit = LinearPayout(
        kind="linear", index=payout.index, pays="above", trigger=0.0, exit=1.0, least=payout.least
    )
    share = payout_share(unit, (trigger - x) / (trigger - whole))
    return np.clip(cover.sum_insured_cny * share - cover.deductible_cny, 0.0, cover.most_a_year)


def folds_of(known: NDArray[np.bool_], block_years: int) -> Integers:
    """Return the round in which each known year is left out: neighbours together, by blocks of the calendar."""
    block = np.flatnonzero(known) // block_years
    return np.unique(block, return_inverse=True)[1].astype(np.int64)


def rounds_of(found: Setting, folds: Integers) -> list[Terms]:
    """Return what is set in each round, on the years that it does not leave out."""
    return [found(np.flatnonzero(folds != place)) for place in range(int(folds.max()) + 1)]


def left_out(told: Callable[[int], Floats], folds: Integers) -> Floats:
    """Return what is told of the years left out in each round; rounds are in the order of the years."""
    return np.concatenate([told(place) for place in range(int(folds.max()) + 1)], axis=1)


def told_of(
    spec: CalibrationSpec,
    payout: LinearPayout,
    whole: Terms,
    rounds: list[Terms],
    figures: tuple[CalibrationFigure, ...],
    years: int,
) -> Calibration:
    """Return a calibration with the range of its rounds' triggers."""
    triggers = [one.trigger for one in rounds]
    return Calibration(
        spec.method,
        whole.trigger,
        whole.exit,
        payout.trigger,
        payout.exit,
        (min(triggers), max(triggers)),
        figures,
        years,
        len(rounds),
    )
