# SPDX-License-Identifier: Apache-2.0
"""Paths of the catastrophe reserve (大灾准备金): contributions, use, and the chance that reserve and capital are gone.

Whole simulated years are drawn again and again, each with its net losses and its result after reinsurance. The rules
of the reserve decide what of a good year is put aside and what of a bad year it pays. They are numbers of a card
(use ``forest.catastrophe_reserve``). Tax, growth of the book and new capital are left out. The groups of the result are
made in :mod:`greenrisk.resource.catastrophe_reserve_results`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Final

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from scipy.special import stdtrit

from greenrisk.actuarial.arguments import keep, number, numbers, within
from greenrisk.core.errors import ArgumentError, Fault
from greenrisk.core.spec import Spec
from greenrisk.core.streams import stream

Floats = NDArray[np.float64]

USE: Final = "forest.catastrophe_reserve"
"""Use of the card of the rules."""

UNITS: Final[Mapping[str, str]] = {"interest": "1/year"}
"""Units of the parameters that have one."""

GROUPS: Final = 10
"""Groups of simulated years; paths of one group never see the years of another. Part of the contract of a run."""

QUANTILES: Final = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
"""Quantiles of the paths that are kept."""


class CatastropheReserveSpec(Spec):
    """The catastrophe reserve and what stands behind it."""

    rules: str = "catastrophe-reserve-rules"
    """Card of contributions and use (use: forest.catastrophe_reserve)."""

    initial_cny: float = Field(default=0.0, ge=0)
    """Reserve at the start [CNY]."""

    capital_cny: float = Field(ge=0)
    """Own capital that stands behind this book besides the reserve [CNY]."""

    retained_profit: float = Field(default=0.0, ge=0, le=1)
    """Share of the profit that stays in the capital once that is back at its start; the rest is paid out [unitless]."""

    horizon_years: int = Field(default=20, ge=1, le=100)
    """How far the paths go [year]."""

    paths: int = Field(default=10_000, ge=1000, le=1_000_000, multiple_of=GROUPS)
    """How many paths; a multiple of 10."""


@dataclass(frozen=True)
class ReserveRules:
    """The rules of the reserve, by the parameters of their card.

    Parameters
    ----------
    premium_rate : float
        Yearly contribution from premium, as a share of the retained premium, in [0, 1] [unitless].
    full_at : float
        Balance, in yearly retained premiums, at which that contribution pauses, >= 0 [unitless].
    profit_share : float
        Share of the excess underwriting profit that is put aside, in [0, 1] [unitless].
    normal_margin : float
        Margin, as a share of the retained premium, above which profit is excess [unitless].
    profit_loss_ratio : float
        Loss ratio from which on no profit is put aside, >= 0 [unitless].
    trigger : float
        Loss ratio above which the reserve pays, >= 0 [unitless].
    interest : float
        Yearly return on the reserve, > -1 [1/year].
    """

    premium_rate: float
    full_at: float
    profit_share: float
    normal_margin: float
    profit_loss_ratio: float
    trigger: float
    interest: float

    def __post_init__(self) -> None:
        """Refuse numbers outside their domains, all at once."""
        share, positive = within(least=0.0, most=1.0, unit="unitless"), within(least=0.0, unit="unitless")
        keep(
            self,
            premium_rate=share,
            full_at=positive,
            profit_share=share,
            normal_margin=within(unit="unitless"),
            profit_loss_ratio=positive,
            trigger=positive,
            interest=within(above=-1.0, unit="1/year"),
        )

    @classmethod
    def from_values(cls, values: Mapping[str, float | str]) -> ReserveRules:
        """Return the rules from the values of a card that holds :data:`PARAMETERS`."""
        return cls(**{name: float(values[name]) for name in PARAMETERS})


PARAMETERS: Final = tuple(field.name for field in fields(ReserveRules))
"""What the card must bring."""


@dataclass(frozen=True, eq=False)
class NetYears:
    """What the simulated years leave to the insurer.

    Parameters
    ----------
    result : array, shape (years,)
        Premium less losses, expenses and reinsurance, before tax and interest [CNY].
    loss : array, shape (years,)
        Net losses, >= 0 [CNY].
    premium : float
        Gross premium less all ceded premium, > 0 [CNY/year].
    """

    result: Floats
    loss: Floats
    premium: float

    def __post_init__(self) -> None:
        """Refuse years of two lengths, fewer years than groups, and a premium that leaves no loss ratio."""
        numbers("result", self.result, dimensions=1, fewest=GROUPS, unit="CNY")
        numbers("loss", self.loss, least=0.0, dimensions=1, unit="CNY")
        number("premium", self.premium, above=0.0, unit="CNY/year")
        if self.result.shape != self.loss.shape:
            what = f"{self.result.size} results, {self.loss.size} losses"
            raise ArgumentError(Fault("result, loss", what, "One of each for every simulated year."))


@dataclass(frozen=True, eq=False)
class ReservePaths:
    """What the paths show; the first year of the axis is the start, 0.

    Parameters
    ----------
    reserve, assets : array, shape (quantiles, horizon + 1)
        Quantiles of the reserve, and of reserve and capital together; a ruined path has none [CNY].
    ruin : array, shape (horizon + 1,)
        Chance that reserve and capital together have been below zero by the end of a year [unitless].
    standard_error, low, high : array, shape (horizon + 1,)
        Its standard error and 90 % interval: of the paths and of the simulated years behind them [unitless].
    contribution, drawdown : array, shape (horizon + 1,)
        Means of what is put aside and of what the reserve pays, ruined paths included with nothing [CNY/year].
    drawn : array, shape (horizon + 1,)
        Share of the paths in which the reserve pays [unitless].
    ruined : int
        Paths that end in ruin.
    """

    reserve: Floats
    assets: Floats
    ruin: Floats
    standard_error: Floats
    low: Floats
    high: Floats
    contribution: Floats
    drawdown: Floats
    drawn: Floats
    ruined: int


@dataclass(frozen=True, eq=False)
class _State:
    """Where all paths stand at the end of a year, shape (paths,) each; ``earned`` is the sum of the results."""

    reserve: Floats
    capital: Floats
    earned: Floats
    contribution: Floats
    drawdown: Floats


def _next(
    state: _State,
    result: Floats,
    loss: Floats,
    premium: float,
    rules: ReserveRules,
    spec: CatastropheReserveSpec,
) -> _State:
    """Return the end of the next year; the steps are those of :func:`reserve_paths`."""
    reserve = state.reserve * (1.0 + rules.interest)
    from_premium = np.clip(rules.full_at * premium - reserve, 0.0, rules.premium_rate * premium)
    drawdown = np.minimum(reserve + from_premium, np.maximum(loss - rules.trigger * premium, 0.0))
    left = result - from_premium
    earned = state.earned + left
    good = (left > 0) & (earned > 0) & (loss < rules.profit_loss_ratio * premium)
    excess = np.where(good, np.maximum(left - rules.normal_margin * premium, 0.0), 0.0)
    from_profit = rules.profit_share * excess
    change = left + drawdown - from_profit
    over = np.clip(state.capital + change - spec.capital_cny, 0.0, np.maximum(change, 0.0))
    return _State(
        reserve=reserve + from_premium - drawdown + from_profit,
        capital=state.capital + change - (1.0 - spec.retained_profit) * over,
        earned=earned,
        contribution=from_premium + from_profit,
        drawdown=drawdown,
    )


def reserve_paths(
    years: NetYears, rules: ReserveRules, spec: CatastropheReserveSpec, seed: int
) -> ReservePaths:
    """Return what happens to the reserve over the horizon.

    Parameters
    ----------
    years : NetYears
        The simulated years.
    rules : ReserveRules
        Contributions and use.
    spec : CatastropheReserveSpec
        Start, capital, horizon and number of paths.
    seed : int
        Key of the random streams; years and paths are the same for all rules (common random numbers).

    Notes
    -----
    In each year, in this order: the reserve bears interest; it takes ``premium_rate`` of the premium until it holds
    ``full_at`` premiums; it pays the part of the losses above ``trigger`` of the premium, as far as it reaches; of a
    profit above ``normal_margin``, in a year below ``profit_loss_ratio`` and while all years together are in profit,
    it takes ``profit_share``. What remains changes the capital; a profit first restores the capital to its start, and
    of the rest ``retained_profit`` stays. Reserve and capital together below zero is ruin, and ruin is for good.

    Years are drawn with replacement, independently. They lie in :data:`GROUPS` groups (by remainder), each with its
    own paths: the groups' chances of ruin differ by the luck of paths AND by the luck of the simulated years, and the
    standard error comes from their spread. Its interval has Student's law with one degree less than groups, and at
    the top at least what no ruin in so many paths would leave open.
    """
    paths, horizon = spec.paths, spec.horizon_years
    group = np.arange(paths) % GROUPS
    in_group = (years.result.size - group + GROUPS - 1) // GROUPS
    none = np.zeros(paths)
    state = _State(none + spec.initial_cny, none + spec.capital_cny, none, none, none)
    alive = np.ones(paths, dtype=np.bool_)
    shape = (len(QUANTILES), horizon + 1)
    reserve, assets = np.empty(shape), np.empty(shape)
    reserve[:, 0], assets[:, 0] = spec.initial_cny, spec.initial_cny + spec.capital_cny
    ruin, error, contribution, drawdown, drawn = (np.zeros(horizon + 1) for _ in range(5))
    for year in range(1, horizon + 1):
        uniform = stream(seed, "catastrophe_reserve", "year", year).random(paths)
        drawn_year = group + GROUPS * (uniform * in_group).astype(np.int64)
        state = _next(state, years.result[drawn_year], years.loss[drawn_year], years.premium, rules, spec)
        contribution[year] = np.where(alive, state.contribution, 0.0).mean()
        drawdown[year] = np.where(alive, state.drawdown, 0.0).mean()
        drawn[year] = (alive & (state.drawdown > 0)).mean()
        alive &= state.reserve + state.capital >= 0
        reserve[:, year] = np.quantile(np.where(alive, state.reserve, 0.0), QUANTILES)
        assets[:, year] = np.quantile(np.where(alive, state.reserve + state.capital, 0.0), QUANTILES)
        by_group = 1.0 - np.bincount(group, weights=alive) / np.bincount(group)
        ruin[year] = by_group.mean()
        error[year] = by_group.std(ddof=1) / np.sqrt(GROUPS)
    reach = float(stdtrit(GROUPS - 1, 0.95)) * error
    high = np.minimum(np.maximum(ruin + reach, 1.0 - 0.05 ** (1.0 / paths)), 1.0)
    high[0] = 0.0
    return ReservePaths(
        reserve=reserve,
        assets=assets,
        ruin=ruin,
        standard_error=error,
        low=np.maximum(ruin - reach, 0.0),
        high=high,
        contribution=contribution,
        drawdown=drawdown,
        drawn=drawn,
        ruined=int((~alive).sum()),
    )
