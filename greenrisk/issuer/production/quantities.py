# SPDX-License-Identifier: Apache-2.0
"""Quantities under a late and sudden transition: targets, the path without the shock, the path with it.

Arrays are (row, year), a row being one technology of one company. Written from the published method of TRISK and PACTA
(references in :mod:`greenrisk.issuer.production.late_sudden`), not from any program.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]


def fair_share(activity: Floats, sector: Integers, green: Flags) -> Floats:
    """Return by how much each technology must change relative to its first year (carbon) or its sector's (green) [1].

    Parameters
    ----------
    activity : ndarray, (key, year)
        Activity S of the scenario, any unit that is one within a sector.
    sector : ndarray of int, (key,)
        Which technologies are of one sector and region.
    green : ndarray of bool, (key,)
        Whether the market share of the whole sector (SMSP) or the technology's own (TMSR) is asked.

    Returns
    -------
    ndarray, (key, year)
        TMSR_t = (S_t - S_0) / S_0; SMSP_t = (S_t - S_0) / sum of S_0 over the sector; 0 where the divisor is 0.
    """
    start = activity[:, :1]
    total = np.bincount(sector, weights=np.nan_to_num(start[:, 0]), minlength=sector.max(initial=-1) + 1)
    divisor = np.where(green[:, None], total[sector][:, None], start)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = (activity - start) / divisor
    out: Floats = np.where(divisor == 0.0, 0.0, share)
    return out


def target(plan: Floats, share: Floats, green: Flags, sector_start: Floats | None) -> Floats:
    """Return what a company must produce to follow the scenario, before the scenario's capacity factor [unit].

    Parameters
    ----------
    plan : ndarray, (row, year)
        Its plan; only the first year is used [unit].
    share : ndarray, (row, year)
        Fair share of its technology, see :func:`fair_share` [1].
    green : ndarray of bool, (row,)
        Whether it is a green technology.
    sector_start : ndarray, (row,), optional
        First production of the company in the whole sector, for green technologies [unit]; ``None`` for that of the
        technology alone.

    Returns
    -------
    ndarray, (row, year)
        max(0, p_0 + b share_t); b = p_0, or the sector's p_0 where given and the technology is green.
    """
    start = plan[:, :1]
    base = start if sector_start is None else np.where(green[:, None], sector_start[:, None], start)
    out: Floats = np.maximum(0.0, start + base * share)
    return out


@dataclass(frozen=True)
class Quantities:
    """Quantities of one pair of scenarios.

    Parameters
    ----------
    plan : ndarray, (row, year)
        Plan at the baseline's capacity factor [unit of output].
    target : ndarray, (row, year)
        What the target scenario asks [unit of output].
    baseline : ndarray, (row, year)
        Production without the shock [unit of output].
    shock : ndarray, (row, year)
        Production with it [unit of output].
    falling : ndarray of bool, (row,)
        Whether the target ends below its start.
    compensated : ndarray of bool, (row,)
        Whether the company has to make up for what it planned above (below) its target.
    proximity : ndarray, (row,)
        How much of the build-out that the target asks over the plan's years the plan holds [1, 0 to 1].
    no_build_out : ndarray of bool, (row,)
        Where neither plan nor target moves over the plan's years: the proximity is 1 by convention.
    closed_baseline, closed_shock : ndarray of bool, (row,)
        Whether the production was floored at zero.
    """

    plan: Floats
    target: Floats
    baseline: Floats
    shock: Floats
    falling: Flags
    compensated: Flags
    proximity: Floats
    no_build_out: Flags
    closed_baseline: Flags
    closed_shock: Flags


def quantities(
    plan: Floats,
    last: Integers,
    targets: tuple[Floats, Floats],
    factors: tuple[Floats, Floats],
    shock: int,
    start_at_nothing: Literal["stay", "grow"] = "stay",
) -> Quantities:
    """Return the quantities of one pair of scenarios.

    Parameters
    ----------
    plan : ndarray, (row, year)
        Plan before the scenario's capacity factor, carried forward after its last year [unit].
    last : ndarray of int, (row,)
        Index of the last year that the plan tells.
    targets : tuple of ndarray, (row, year)
        Targets of baseline and target scenario before the capacity factor, see :func:`target` [unit].
    factors : tuple of ndarray, (row, year)
        What a unit of plan yields under baseline and target: capacity factor, times hours for power.
    shock : int
        Index of the shock year, above 0.
    start_at_nothing : {'stay', 'grow'}
        Whether a plan that begins with nothing stays there, or closes only after it has begun.

    Notes
    -----
    With P the plan at the baseline's factor (its last value kept), T the target, k the last planned year,
    A_t = T_t - T_k for t > k and 0 before: baseline = P + A of the baseline scenario. With the shock: P + A of the
    target scenario, unless the company has something to make up: the sum of T over the planned years after the first
    is below that of P and the target falls, or above it and the target rises. Then it follows the baseline until the
    year before the shock s, and from there a straight line, LS_t = LS_{s-1} - (t - s + 1) x, whose slope makes the sum
    over all years that of the target: x = -(sum T - sum_{t<s} LS - n LS_{s-1}) / (n (n + 1) / 2), n years from s on.
    Nothing is produced below zero, and
    what has reached zero stays there.
    """
    years = plan.shape[1]
    place = np.arange(years)
    told = place <= last[:, None]
    at_last = last[:, None]
    wanted = [a * f for a, f in zip(targets, factors, strict=True)]
    yielded = plan * factors[0]
    kept = np.where(told, yielded, np.take_along_axis(yielded, at_last, axis=1))
    ahead = [np.where(told, 0.0, a - np.take_along_axis(a, at_last, axis=1)) for a in wanted]
    without = kept + ahead[0]
    asked = wanted[1]
    falling = asked[:, 0] > asked[:, -1]
    planned = told & (place > 0)
    gap = np.where(planned, asked, 0.0).sum(axis=1) - np.where(planned, kept, 0.0).sum(axis=1)
    compensated = np.where(falling, gap < 0.0, gap > 0.0)
    n = years - shock
    before = without[:, shock - 1]
    short = asked.sum(axis=1) - without[:, :shock].sum(axis=1) - n * before
    steps = np.arange(1, n + 1)
    line = before[:, None] + steps * (short / (0.5 * n * (n + 1)))[:, None]
    made_up = np.concatenate([without[:, :shock], line], axis=1)
    with_shock = np.where(compensated[:, None], made_up, kept + ahead[1])
    grow = start_at_nothing == "grow"
    baseline, closed_baseline = _closing(without, grow)
    shocked, closed_shock = _closing(with_shock, grow)
    proximity, no_build_out = _proximity(plan, targets[1], told)
    return Quantities(
        plan=yielded,
        target=asked,
        baseline=baseline,
        shock=shocked,
        falling=falling,
        compensated=compensated,
        proximity=proximity,
        no_build_out=no_build_out,
        closed_baseline=closed_baseline,
        closed_shock=closed_shock,
    )


def _closing(path: Floats, grow: bool) -> tuple[Floats, Flags]:
    """Return the path without negative years, closed for good once it reached zero; and which rows that moved.

    With ``grow``, the years before the first production do not close it.
    """
    down = path <= 0.0
    if grow:
        down &= np.logical_or.accumulate(~down, axis=1)
    closed = np.logical_or.accumulate(down, axis=1)
    out: Floats = np.where(closed, 0.0, np.maximum(path, 0.0))
    return out, (out != path).any(axis=1)


def _proximity(plan: Floats, asked: Floats, told: Flags) -> tuple[Floats, Flags]:
    """Return the share of the target's build-out over the plan's years that is planned, and where neither moves."""
    start = plan[:, :1]
    held = np.where(told, plan - start, 0.0).sum(axis=1)
    wanted = np.where(told, asked - start, 0.0).sum(axis=1)
    still = (held == 0.0) & (wanted == 0.0)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        ratio = held / wanted
    return np.where(still, 1.0, np.clip(np.where(still, 1.0, ratio), 0.0, 1.0)), still
