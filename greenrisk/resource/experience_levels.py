# SPDX-License-Identifier: Apache-2.0
"""The judged level of each peril, updated by own experience: numbers only.

A peril's level is the common scale of the perils other than fire times the peril's own rate, or for wildfire the
relative hazard. Cards, ledger and the result's group are made of it in :mod:`greenrisk.resource.experience_cards`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from greenrisk.actuarial.credibility.level import LevelUpdate, LognormalLevel
from greenrisk.core.cards import Card
from greenrisk.resource.experience import Experience
from greenrisk.resource.experience_expected import (
    FIRE,
    LEVELS,
    Seen,
    check_level_cards,
    expected_losses,
    prior_level,
    width_for,
)
from greenrisk.resource.experience_table import ALL
from greenrisk.resource.perils.listing import SCALE_ROLE
from greenrisk.resource.pilot import Pilot

Floats = NDArray[np.float64]

LEAST_OWN_SD: Final = 0.01
"""Least standard deviation of the logarithm that a level is left with: a range needs two ends [unitless]."""


@dataclass(frozen=True)
class Line:
    """A peril's own experience and what it made of the peril's level; levels relative to the cards' values.

    Parameters
    ----------
    kind : str
        The peril, or ``all``.
    years : int
        Own years.
    expected, incurred, ultimate : float
        Sums over these years: expected by the cards' values, reported, developed [CNY].
    prior, posterior : LognormalLevel
        The level before and after.
    credibility : float
        Weight of the own experience [unitless].
    update : LevelUpdate or None
        None where the model expects nothing or no year is known by peril.
    """

    kind: str
    years: int
    expected: float
    incurred: float
    ultimate: float
    prior: LognormalLevel
    posterior: LognormalLevel
    credibility: float
    update: LevelUpdate | None


@dataclass(frozen=True)
class Move:
    """What happens to a parameter.

    Parameters
    ----------
    factor : float
        On its value [unitless].
    width : float
        Factor on the width of its range, of the logarithm [unitless].
    credibility : float
        Weight of the own experience behind it [unitless].
    """

    factor: float
    width: float
    credibility: float


@dataclass(frozen=True, eq=False)
class Levels:
    """All that own experience says.

    Parameters
    ----------
    lines : tuple of Line
        By peril, and all perils last.
    scale : Move or None
        Of the common scale; None without a peril other than fire.
    rates : mapping of str to Move
        Of the own rates, by peril; those known by peril only.
    expected : array, shape (year, peril + 1)
        Expected by the cards' values, of each year as it was [CNY].
    """

    lines: tuple[Line, ...]
    scale: Move | None
    rates: Mapping[str, Move]
    expected: Floats


def update_levels(
    cards: Mapping[str, Card],
    experience: Experience,
    pilot: Pilot,
    *,
    underwriting_year: int,
    nonfire_trend: float = 0.0,
) -> Levels:
    """Weigh own experience against the judged levels.

    Parameters
    ----------
    cards : mapping of str to Card
        By role, as they were before.
    experience : Experience
        Own years, developed.
    pilot : Pilot
        The yearly law of the model at the cards' values.
    underwriting_year : int
        Year of the premium.
    nonfire_trend : float
        Yearly change of the cost of perils other than fire [1/year].

    Notes
    -----
    Years of which only the total is known update the common scale: what fire is expected to cost is taken off, and how
    unsure that is joins the variance. Years by peril then update the level of each peril by its own experience alone:
    that pests cost little says nothing of ice storms. What is left of the uncertainty is laid on the scale and on the
    own rates such that each peril keeps its own variance and the sum of the perils its variance as well, since the
    levels stay dependent through the scale: (1 - Z_j) (1 - Z_k) of their prior covariance is left. Where both cannot
    be met, a peril that is known better than the scale is given the scale's uncertainty.
    """
    kinds = pilot.kinds
    check_level_cards(cards, kinds)
    expected, variance = expected_losses(cards, experience, pilot, underwriting_year, nonfire_trend)
    own = {kind: prior_level(cards[LEVELS[kind][0]], LEVELS[kind][1]) for kind in kinds}
    others = [kind for kind in kinds if kind != FIRE]
    judged = prior_level(cards[SCALE_ROLE], ("scale",)) if others else LognormalLevel(1.0, 0.0)
    seen = Seen(cards, experience, kinds, expected, variance)
    cost = dict(zip(kinds, pilot.mean[:-1].tolist(), strict=True))

    scale, of_totals = judged, 0.0
    if others and not experience.by_peril.all():
        scale, of_totals = _from_totals(seen, judged, own, cost)
    before = {kind: _level(kind, judged, own) for kind in kinds}
    between = {kind: _level(kind, scale, own) for kind in kinds}
    updates = {kind: seen.of_peril(kind, between[kind]) for kind in kinds}
    after = {kind: between[kind] if update is None else update.posterior for kind, update in updates.items()}
    weight = {kind: 0.0 if update is None else update.credibility for kind, update in updates.items()}
    shared_before = np.array([[_shared(a, b, judged) for b in kinds] for a in kinds])
    shared = np.array(
        [
            [
                _shared(a, b, scale)
                * np.prod([(1 - weight[k]) * between[k].mean / after[k].mean for k in (a, b)])
                for b in kinds
            ]
            for a in kinds
        ]
    )
    rates = {
        kind: Move(
            after[kind].median / between[kind].median,
            max(after[kind].log_sd, LEAST_OWN_SD) / between[kind].log_sd,
            weight[kind],
        )
        for kind in kinds
        if kind == FIRE and updates[kind] is not None
    }
    move = None
    if others and experience.by_peril.any():
        place = [kinds.index(kind) for kind in others]
        within = {kind: cost[kind] for kind in others}
        moved, own_rates = _moves(cards, between, after, weight, within, shared[np.ix_(place, place)])
        rates |= own_rates
        move = Move(
            scale.median * moved.factor,
            moved.width / judged.log_sd,
            1 - (1 - of_totals) * (1 - moved.credibility),
        )
    elif others:
        move = Move(scale.median, scale.log_sd / judged.log_sd, of_totals)
    lines = [
        _line(
            seen,
            kind,
            before[kind],
            after[kind],
            1 - (1 - weight[kind]) * (1 - (0.0 if kind == FIRE else of_totals)),
            updates[kind],
        )
        for kind in kinds
    ]
    prior, posterior = _sum(cost, before, shared_before), _sum(cost, after, shared)
    part = _shares({kind: cost[kind] * before[kind].mean for kind in kinds})
    believed = sum(part[line.kind] * line.credibility for line in lines)
    lines.append(_line(seen, ALL, prior, posterior, believed, seen.of_all(prior)))
    return Levels(tuple(lines), move, rates, expected)


def _line(
    seen: Seen,
    kind: str,
    prior: LognormalLevel,
    posterior: LognormalLevel,
    credibility: float,
    update: LevelUpdate | None,
) -> Line:
    """Return what is told of a peril."""
    rows, column = seen.rows(kind), seen.column(kind)
    ultimate, expected, _ = seen.sums(kind, rows) if rows.any() else (0.0, 0.0, 0.0)
    incurred = float(seen.experience.incurred[rows, column].sum())
    return Line(kind, int(rows.sum()), expected, incurred, ultimate, prior, posterior, credibility, update)


def _level(kind: str, scale: LognormalLevel, own: Mapping[str, LognormalLevel]) -> LognormalLevel:
    """Return the level of a peril: the common scale times its own rate."""
    if kind == FIRE:
        return own[kind]
    return LognormalLevel(scale.median * own[kind].median, math.hypot(scale.log_sd, own[kind].log_sd))


def _shared(a: str, b: str, scale: LognormalLevel) -> float:
    """Return the relative covariance of two levels that comes from the common scale."""
    return 0.0 if FIRE in (a, b) else scale.cv**2


def _shares(amounts: Mapping[str, float]) -> dict[str, float]:
    total = sum(amounts.values())
    return {kind: amount / total if total > 0 else 1 / len(amounts) for kind, amount in amounts.items()}


def _sum(cost: Mapping[str, float], levels: Mapping[str, LognormalLevel], shared: Floats) -> LognormalLevel:
    """Return the level of the sum of perils, relative to their sum at the cards' values."""
    part = _shares(cost)
    amounts = np.array([part[kind] * levels[kind].mean for kind in cost])
    relative = np.array(shared, copy=True)
    np.fill_diagonal(relative, [levels[kind].cv ** 2 for kind in cost])
    mean = float(amounts.sum())
    return LognormalLevel.from_mean_cv(mean, math.sqrt(float(amounts @ relative @ amounts)) / mean)


def _from_totals(
    seen: Seen,
    scale: LognormalLevel,
    own: Mapping[str, LognormalLevel],
    cost: Mapping[str, float],
) -> tuple[LognormalLevel, float]:
    """Return the common scale after the years of which only the total is known, and their weight."""
    rows = ~seen.experience.by_peril
    actual, expected, variance = seen.sums(ALL, rows)
    fire = float(seen.expected[rows, seen.column(FIRE)].sum()) if FIRE in own else 0.0
    if FIRE in own:
        actual = max(actual - fire * own[FIRE].mean, 0.0)
        variance += (fire * own[FIRE].mean * own[FIRE].cv) ** 2
        expected -= fire
    if expected <= 0 or variance <= 0:
        return scale, 0.0
    others = {kind: cost[kind] for kind in own if kind != FIRE}
    nothing = np.zeros((len(others), len(others)))
    rates = _sum(others, own, nothing)
    prior = LognormalLevel(scale.median * rates.median, math.hypot(scale.log_sd, rates.log_sd))
    update = prior.update(actual, expected, variance)
    # The rates keep their ranges; the scale takes the move and what is left of the width beyond theirs.
    width = math.sqrt(max(update.posterior.log_sd**2 - rates.log_sd**2, LEAST_OWN_SD**2))
    moved = update.posterior.median / prior.median
    return LognormalLevel(scale.median * moved, min(width, scale.log_sd)), update.credibility


def _moves(
    cards: Mapping[str, Card],
    before: Mapping[str, LognormalLevel],
    after: Mapping[str, LognormalLevel],
    weight: Mapping[str, float],
    cost: Mapping[str, float],
    shared: Floats,
) -> tuple[Move, dict[str, Move]]:
    """Lay the posterior levels on the common scale and the own rates; the scale's width is its standard deviation."""
    kinds = list(cost)
    part = _shares(cost)
    moved = {kind: after[kind].median / before[kind].median for kind in kinds}
    together = sum(part[kind] * moved[kind] for kind in kinds)
    of_mean = _shares({kind: cost[kind] * after[kind].mean for kind in kinds})
    amounts = np.array([of_mean[kind] for kind in kinds])
    alone = np.array([after[kind].cv ** 2 for kind in kinds])
    relative = np.array(shared, copy=True)
    np.fill_diagonal(relative, alone)
    common = math.log1p(_common(amounts, alone, float(amounts @ relative @ amounts), shared))
    rates = {}
    for kind in kinds:
        rest = math.sqrt(max(after[kind].log_sd ** 2 - common, LEAST_OWN_SD**2))
        role, names = LEVELS[kind]
        width = width_for(cards[role], names, rest)
        # The median of a mean of skewed rates falls as they grow surer; the values make up for it.
        median = prior_level(cards[role], names).median / prior_level(cards[role], names, width).median
        rates[kind] = Move(moved[kind] * median / together, width, weight[kind])
    believed = _shares({kind: cost[kind] * before[kind].mean for kind in kinds})
    return Move(
        together, max(math.sqrt(common), LEAST_OWN_SD), sum(believed[kind] * weight[kind] for kind in kinds)
    ), rates


def _common(amounts: Floats, alone: Floats, wanted: float, shared: Floats) -> float:
    """Return the relative variance of the scale that gives the sum of the perils its variance."""
    if amounts.size == 1:
        return float(min(shared[0, 0], alone[0]))
    apart = 1 - float(np.square(amounts).sum())

    def missing(common: float) -> float:
        return float((np.square(amounts) * np.maximum(alone, common)).sum()) + common * apart - wanted

    top = max(float(alone.max()), wanted)
    return 0.0 if missing(0.0) >= 0 else float(brentq(missing, 0.0, top, xtol=1e-12))
