# SPDX-License-Identifier: Apache-2.0
"""Experience rating: own losses of past years brought to the rated year and weighed against the manual rate.

How much they weigh is a credibility from :mod:`greenrisk.actuarial.credibility.models`; the premium around the loss
cost is built in :mod:`greenrisk.actuarial.premium.gross`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greenrisk.actuarial.arguments import every, number, numbers
from greenrisk.actuarial.labels import aligned
from greenrisk.actuarial.severity.law import Severity
from greenrisk.core.errors import ArgumentError, Fault

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class ExperienceRate:
    """A loss cost from own experience and the manual; amounts in one currency, at the level of the rated year.

    Parameters
    ----------
    manual : float
        Manual loss cost [currency per unit of exposure].
    experience : float
        Own loss cost: trended, capped and developed losses over exposure, with the manual's load for what lies above
        the cap [currency per unit of exposure].
    credibility : float
        Weight of the own one [unitless], in [0, 1].
    losses : array, shape (year,)
        Trended, capped and developed losses of each year, without the load above the cap [currency].
    exposure : array, shape (year,)
        [unit of exposure]
    capped : int
        How many losses were cut by the cap.
    """

    manual: float
    experience: float
    credibility: float
    losses: Floats
    exposure: Floats
    capped: int

    @property
    def loss_cost(self) -> float:
        """credibility * experience + (1 - credibility) * manual [currency per unit of exposure]."""
        return self.credibility * self.experience + (1.0 - self.credibility) * self.manual

    @property
    def modification(self) -> float:
        """Factor on the manual premium, loss cost over manual [unitless]."""
        return self.loss_cost / self.manual

    def premium(self, manual_premium: float) -> float:
        """Return the manual premium times the modification [currency/year].

        Parameters
        ----------
        manual_premium : float
            >= 0 [currency/year].
        """
        return number("manual_premium", manual_premium, least=0.0, unit="currency/year") * self.modification

    def __repr__(self) -> str:
        """Return loss costs, credibility and modification, a line each."""
        from greenrisk.actuarial.premium.wording import experience_lines

        return experience_lines(self)


def experience_rate(
    manual: float,
    losses: ArrayLike,
    exposure: ArrayLike,
    credibility: float,
    *,
    year: ArrayLike | None = None,
    trend: ArrayLike = 1.0,
    development: ArrayLike = 1.0,
    cap: float = math.inf,
    severity: Severity | None = None,
) -> ExperienceRate:
    """Return the loss cost from own experience and the manual.

    Parameters
    ----------
    manual : float
        Manual loss cost at the level of the rated year [currency per unit of exposure], > 0.
    losses : array, shape (year,) or (loss,)
        Reported losses: of each year, or one by one with ``year`` [currency], >= 0.
    exposure : array, shape (year,)
        Exposure of each year [unit of exposure], > 0.
    credibility : float
        Weight of the own experience [unitless], in [0, 1].
    year : array of int, shape (loss,), optional
        Year of each loss, counted from 0. None: one loss a year.
    trend : float or array, shape (year,)
        Factor from the money and terms of each year to those of the rated year [unitless], > 0.
    development : float or array, shape (year,)
        Factor from reported to ultimate losses of each year, of losses below the cap [unitless], > 0.
    cap : float
        Most that one trended loss counts with [currency], > 0; inf: no cap. Needs single losses.
    severity : Severity, optional
        With a cap: the manual's law of one loss at the level of the rated year, for the load above the cap.

    Raises
    ------
    ArgumentError
        If an argument is outside its domain, sizes differ, years do not exist, or a cap lacks single losses, a law, or
        a finite mean above it.

    Notes
    -----
    Own loss cost = sum_j D_j sum_k min(T_j x_jk, cap) / sum_j e_j * E[X] / E[min(X, cap)]. Losses are trended before
    they are capped, since the cap is in the money of the rated year, and developed after, since capped losses develop
    less.

    References
    ----------
    Werner, G. and Modlin, C. (2016), Basic Ratemaking, 5th ed., Casualty Actuarial Society.
    """
    every(
        lambda: aligned(exposure=exposure, trend=trend, development=development),
        lambda: aligned(losses=losses, **({"exposure": exposure} if year is None else {"year": year})),
        lambda: number("manual", manual, above=0.0, unit="currency per unit of exposure"),
        lambda: numbers("losses", losses, least=0.0, dimensions=1, unit="currency"),
        lambda: numbers("exposure", exposure, above=0.0, dimensions=1, fewest=1, unit="unit of exposure"),
        lambda: number("credibility", credibility, least=0.0, most=1.0, unit="unitless"),
        lambda: numbers("trend", trend, above=0.0, unit="unitless"),
        lambda: numbers("development", development, above=0.0, unit="unitless"),
        lambda: number("cap", cap, above=0.0, infinite=True, unit="currency"),
    )
    x, held = np.asarray(losses, dtype=np.float64), np.asarray(exposure, dtype=np.float64)
    factors = [
        _by_year(name, given, held.size) for name, given in (("trend", trend), ("development", development))
    ]
    place = _years(year, x.size, held.size)
    trended = x * factors[0][place]
    counted = np.minimum(trended, cap)
    above = 1.0 if math.isinf(cap) else _load_above(cap, severity, year is not None)
    ultimate = np.bincount(place, weights=counted, minlength=held.size) * factors[1]
    own = math.fsum(ultimate) / math.fsum(held) * above
    return ExperienceRate(
        float(manual), own, float(credibility), ultimate, held, int(np.count_nonzero(trended > cap))
    )


def _by_year(name: str, given: ArrayLike, years: int) -> Floats:
    factor = np.asarray(given, dtype=np.float64)
    if factor.shape not in ((), (years,)):
        what = f"{name} of shape {factor.shape}"
        raise ArgumentError(
            Fault(name, what, f"One factor, or one for each of the {years} years was expected.")
        )
    return np.broadcast_to(factor, years)


def _years(year: ArrayLike | None, losses: int, years: int) -> NDArray[np.int64]:
    if year is None:
        if losses != years:
            what = f"{losses} losses, {years} years of exposure"
            raise ArgumentError(
                Fault("losses", what, "One a year was expected; give `year` for single losses.")
            )
        return np.arange(years)
    given = numbers("year", year, least=0.0, most=years - 1, dimensions=1)
    if given.size != losses or (given != np.floor(given)).any():
        what = f"{given.size} years for {losses} losses"
        raise ArgumentError(
            Fault("year", what, f"A whole number in [0, {years}) for each loss was expected.")
        )
    return given.astype(np.int64)


def _load_above(cap: float, severity: Severity | None, single: bool) -> float:
    if not single:
        raise ArgumentError(Fault("cap", f"cap = {cap:g}", "A cap needs single losses: give `year`."))
    if severity is None:
        mend = "A cap needs the law of one loss, for what lies above it."
        raise ArgumentError(Fault("severity", f"cap = {cap:g}", mend))
    mean, below = severity.mean(), float(severity.limited_expected_value(cap))
    if not (math.isfinite(mean) and below > 0.0):
        what = f"mean = {mean:g}, below the cap {below:g}"
        raise ArgumentError(
            Fault(
                "severity",
                what,
                "It must have a finite mean > 0: cap it with .layer(limit) at the policy limit.",
            )
        )
    return mean / below
