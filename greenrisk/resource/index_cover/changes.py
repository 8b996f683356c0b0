# SPDX-License-Identifier: Apache-2.0
"""Whether a yearly record has a step, a trend or neither: what must be known before it is priced.

How far the verdict can be trusted, measured on 400 simulated records of each kind at a level of 5 %: where there is
neither, one is said in 2 to 5 % of records of independent years, in up to 7 % at an autocorrelation of 0.6, and in 7 %
(90 years) to 13 % (13 years) at 0.85. A step of two standard deviations in the middle is called a step in 99 % of
records of 90 years, in 93 % of 50 and in 29 % of 13; a line that rises by four is called a trend in 97 % of 50 years,
and in 57 % of 13, where 18 % are called a step: thirteen years hardly tell the two apart.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np

from greenrisk.core.errors import ArgumentError, Fault
from greenrisk.resource.index_cover.index_spec import TrendScale
from greenrisk.resource.index_cover.series import Floats, Integers
from greenrisk.resource.index_cover.step_test import (
    autocorrelation,
    best_step,
    known_years,
    pettitt,
    step_chance,
)
from greenrisk.resource.index_cover.trend_test import sen_slope, trend_chance

Verdict = Literal["none", "trend", "step"]
"""What the tests say of a record."""

LEAST_YEARS: Final = 8
"""Known years below which nothing is tested [year]."""


@dataclass(frozen=True)
class Changes:
    """What the tests of steps and trends say of a yearly record.

    Parameters
    ----------
    years : int
        Known years of the record.
    scale : str
        ``plain``, or ``log``: all tests are of the logarithms.
    level : float
        Level of both tests together [unitless].
    break_year : int
        Last year before the best step, whether or not it is one; -1 where the record is too short for a test.
    shift : float
        Mean after less mean before, in the unit of the index; of logarithms on the log scale.
    sup_f : float
        Largest F [unitless].
    p_white, p_ar1 : float
        Chance of so large an F without a step, if years are independent and if they remember [unitless].
    pettitt_year : int
        Last year before Pettitt's change point.
    pettitt_p : float
        Its p value, which takes years for independent [unitless].
    trend_slope : float
        Sen's slope, in the unit of the index a year; of logarithms on the log scale.
    trend_p : float
        p value of Mann and Kendall's test, corrected for autocorrelation [unitless].
    autocorrelation : float
        First-order autocorrelation about the line, corrected for its bias; none if negative [unitless].
    bic_none, bic_linear, bic_step : float
        n ln(S/n) + p ln(n) with p = 1, 2 and 3 (a step's place is one); years count as independent [unitless].
    verdict : str
        ``step`` if only the test of a step rejects, ``trend`` if only that of a trend does; if both do, the one with
        the smaller criterion; else ``none``. Both share one level as Holm does.
    sentence : str
        The verdict in words.
    """

    years: int
    scale: TrendScale
    level: float
    break_year: int
    shift: float
    sup_f: float
    p_white: float
    p_ar1: float
    pettitt_year: int
    pettitt_p: float
    trend_slope: float
    trend_p: float
    autocorrelation: float
    bic_none: float
    bic_linear: float
    bic_step: float
    verdict: Verdict
    sentence: str


def on_scale(value: Floats, scale: TrendScale) -> Floats:
    """Return values, or their logarithms.

    Raises
    ------
    ArgumentError
        If logarithms are wanted of values that are not above 0.
    """
    if scale == "plain":
        return value
    if bool(np.any(value[np.isfinite(value)] <= 0)):
        least = float(np.nanmin(value))
        raise ArgumentError(
            Fault("trend_scale", "log", f"Needs values above 0; the smallest is {least:g}. Write `plain`.")
        )
    return np.log(value)


def detect_changes(
    year: Integers, value: Floats, scale: TrendScale = "plain", level: float = 0.05, seed: int = 1
) -> Changes:
    """Return what the tests of steps and trends say of a yearly record.

    Parameters
    ----------
    year : array of int, shape (years,)
        Increasing.
    value : array, shape (years,)
        In the unit of the index; NaN where it is not known.
    scale : str
        Whether a change adds to the index (``plain``) or multiplies it (``log``).
    level : float
        Level of both tests together: the chance that a record without either is said to have one [unitless].
    seed : int
        Seed of the simulated records.

    Raises
    ------
    ArgumentError
        If logarithms are wanted of values that are not above 0.

    References
    ----------
    S. Holm, A simple sequentially rejective multiple test procedure, Scandinavian Journal of Statistics 6 (1979),
    65-70.
    """
    known = np.isfinite(value)
    years, x = year[known], on_scale(value, scale)[known]
    n = x.size
    if n < LEAST_YEARS or float(np.ptp(x)) == 0.0:
        why = f"has {n} known years" if n < LEAST_YEARS else "does not vary"
        nan = float("nan")
        told = f"The record {why}: nothing can be tested."
        return Changes(
            n, scale, level, -1, nan, nan, nan, nan, -1, nan, nan, nan, nan, nan, nan, nan, "none", told
        )
    mask = known_years(year, value)
    step = best_step(x)
    around = x - x.mean()
    design = np.polynomial.Polynomial.fit(years.astype(np.float64), x, 1)
    off_line = x - design(years.astype(np.float64))
    rho = autocorrelation(off_line, mask)
    p_white = step_chance(step.sup_f, mask, 0.0, seed)
    p_ar1 = step_chance(step.sup_f, mask, rho, seed)
    trend_p = trend_chance(x, rho)
    pettitt_position, pettitt_p = pettitt(x)
    bic_none, bic_linear, bic_step = (
        _criterion(n, left, count)
        for left, count in (
            (float(np.square(around).sum()), 1),
            (float(np.square(off_line).sum()), 2),
            (step.residual, 3),
        )
    )
    verdict = _verdict(p_ar1, trend_p, level, bic_step <= bic_linear)
    found = Changes(
        years=n,
        scale=scale,
        level=level,
        break_year=int(years[step.position - 1]),
        shift=step.after - step.before,
        sup_f=step.sup_f,
        p_white=p_white,
        p_ar1=p_ar1,
        pettitt_year=int(years[pettitt_position - 1]),
        pettitt_p=pettitt_p,
        trend_slope=sen_slope(years, x),
        trend_p=trend_p,
        autocorrelation=rho,
        bic_none=bic_none,
        bic_linear=bic_linear,
        bic_step=bic_step,
        verdict=verdict,
        sentence="",
    )
    return replace(found, sentence=_sentence(found, step.before, step.after))


def _verdict(p_step: float, p_trend: float, level: float, step_explains_more: bool) -> Verdict:
    """Return what two tests say whose level is shared out as Holm does."""
    smaller, larger = sorted((p_step, p_trend))
    bar = level if smaller < level / 2 else level / 2
    if larger < bar:
        return "step" if step_explains_more else "trend"
    if smaller < level / 2:
        return "step" if p_step <= p_trend else "trend"
    return "none"


def _sentence(found: Changes, before: float, after: float) -> str:
    log = found.scale == "log"
    if log:
        step = f"the level is multiplied by {np.exp(after - before):.3g}"
        line = f"{100 * np.expm1(found.trend_slope):+.3g} % a year"
    else:
        step = f"the mean goes from {before:.4g} to {after:.4g}"
        line = f"{found.trend_slope:+.3g} a year"
    chances = (
        f"p = {found.p_ar1:.2g} for a step after {found.break_year}, {found.trend_p:.2g} for a trend, with an "
        f"autocorrelation of {found.autocorrelation:.2f}"
    )
    told = {
        "step": f"A step after {found.break_year}: {step} ({chances}).",
        "trend": f"A trend of {line} and no step that explains more ({chances}).",
        "none": f"Neither a step nor a trend is shown ({chances}).",
    }[found.verdict]
    if found.verdict == "none" and found.p_white < found.level / 2:
        told += f" Years taken for independent would show the step (p = {found.p_white:.2g})."
    if found.verdict == "none" and min(found.p_ar1, found.trend_p) < found.level:
        told += " One test alone would say so at its level; both together do not."
    return told


def _criterion(years: int, left: float, parameters: int) -> float:
    return float(years * np.log(max(left, np.finfo(np.float64).tiny) / years) + parameters * np.log(years))
