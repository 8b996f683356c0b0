# SPDX-License-Identifier: Apache-2.0
"""From the pure to the gross premium: an audit table whose rows add up.

One ratio basis: ``gross = (pure premium + risk load + fixed expenses) / (1 - sum of the ratios of gross
premium)``. No chained divisions, no clamp. Rounding is left to those who print.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greenrisk.actuarial.allocation import Method, capital_contributions
from greenrisk.actuarial.measures import (
    mean_and_standard_error,
    tail_value_at_risk,
    too_few_years,
)
from greenrisk.core.errors import ArgumentError, Fault, Faults

ROWS: Final = (
    "pure_premium",
    "risk_load",
    "expenses",
    "commission",
    "tax",
    "profit",
    "gross_premium",
)
"""Rows of the audit table; the last is the sum of the others."""

TAIL_LEVEL: Final = 0.995
"""Level of the tail value at risk behind the risk load [unitless]."""

TOTAL: Final = "all"
"""Name of the first segment of an audit table: the total."""


@dataclass(frozen=True)
class Loadings:
    """Loadings of the gross premium.

    Parameters
    ----------
    expenses, commission, tax, profit : float
        Ratios of gross premium [unitless], >= 0, with a sum below 1.
    cost_of_capital : float
        Yearly return asked on the capital at risk [1/year], >= 0.
    fixed_expenses : float
        Expenses that do not depend on the premium [CNY/mu], >= 0; 0: none.
    capital_share : float
        Share of the book's stand-alone capital that the insurer needs for it beside everything else it
        carries [unitless], >= 0; 1: nothing diversifies the book.
    """

    expenses: float
    commission: float
    tax: float
    profit: float
    cost_of_capital: float
    fixed_expenses: float = 0.0
    capital_share: float = 1.0

    def __post_init__(self) -> None:
        """Refuse negative loadings and ratios that leave nothing for losses."""
        faults = Faults()
        for field in fields(self):
            value = getattr(self, field.name)
            if not (math.isfinite(value) and value >= 0):
                faults.add(field.name, f"{field.name} = {value}", "A loading must be >= 0.")
        if len(faults) == 0 and self.ratio >= 1:
            faults.add(
                "loadings",
                f"expenses + commission + tax + profit = {self.ratio:.6g}",
                "The ratios of gross premium must sum to less than 1: nothing would be left for losses.",
                "unitless",
            )
        faults.raise_if_any(ArgumentError)

    @classmethod
    def from_values(cls, values: Mapping[str, float | str]) -> Loadings:
        """Return the loadings from the values (or one draw) of a card with use ``premium.loadings``.

        Parameters
        ----------
        values : mapping of str to float
            Parameters by name; ``fixed_expenses`` and ``capital_share`` may be absent.
        """
        faults = Faults()
        names = [field.name for field in fields(cls)]
        needed = [field.name for field in fields(cls) if field.default is MISSING]
        for name in needed:
            if name not in values:
                faults.add(
                    "loadings", f"no parameter {name}", f"A card of loadings needs {', '.join(needed)}."
                )
        for name, value in values.items():
            if name not in names:
                faults.add("loadings", f"parameter {name}", f"Unknown loading. Known: {', '.join(names)}.")
            elif isinstance(value, str):
                faults.add("loadings", f"{name} = {value!r}", "A loading is a number.")
        faults.raise_if_any(ArgumentError)
        return cls(**{name: float(value) for name, value in values.items()})

    @property
    def ratio(self) -> float:
        """Sum of the ratios of gross premium [unitless]."""
        return math.fsum((self.expenses, self.commission, self.tax, self.profit))

    @property
    def capital_charge(self) -> float:
        """Risk load of a unit of stand-alone capital: cost of capital times capital share [1/year]."""
        return self.cost_of_capital * self.capital_share


def capital_at_risk(annual_losses: ArrayLike, level: float = TAIL_LEVEL) -> float:
    """Return the capital behind the book: tail value at risk less mean.

    Parameters
    ----------
    annual_losses : array, shape (year,)
        Losses of the whole book before reinsurance [CNY/year].
    level : float
        Level of the tail value at risk [unitless], in (0, 1).

    Returns
    -------
    float
        [CNY]

    Raises
    ------
    ArgumentError
        If the sample is too short for the level: n * (1 - level) < 1.
    """
    tail = tail_value_at_risk(annual_losses, level).value
    if math.isnan(tail):
        raise too_few_years("annual_losses", np.asarray(annual_losses).size, level)
    return tail - mean_and_standard_error(annual_losses).value


def risk_load(annual_losses: ArrayLike, capital_charge: float, level: float = TAIL_LEVEL) -> float:
    """Return the risk load of the total: capital charge times (TVaR - mean).

    Parameters
    ----------
    annual_losses : array, shape (year,)
        Losses of the whole book before reinsurance [CNY/year].
    capital_charge : float
        Cost of capital times the share of the stand-alone capital that is needed [1/year].
    level : float
        Level of the tail value at risk [unitless], in (0, 1).

    Returns
    -------
    float
        [CNY/year]

    Raises
    ------
    ArgumentError
        If the sample is too short for the level: n * (1 - level) < 1.

    Notes
    -----
    A choice, not a rule of C-ROSS or Solvency II: both take 99.5 % over one year as their standard (as a
    value at risk) and Solvency II charges a yearly cost on it; the tail value at risk is taken here because
    it adds up over segments and looks beyond the quantile. The mean is deducted, since the pure premium
    pays for it. Capital is that of the book alone; how much of it the insurer's other business saves is a
    judgement, made in the capital share.
    """
    return capital_charge * capital_at_risk(annual_losses, level)


def gross_premium(
    pure_premium: float, risk_load: float, loadings: Loadings, fixed_expenses: float = 0.0
) -> float:
    """Return ``(pure premium + risk load + fixed expenses) / (1 - sum of ratios)``.

    Parameters
    ----------
    pure_premium, risk_load, fixed_expenses : float
        [CNY/year]
    loadings : Loadings
        Its ratios; its ``fixed_expenses`` per mu are not used here.
    """
    return (pure_premium + risk_load + fixed_expenses) / (1.0 - loadings.ratio)


@dataclass(frozen=True)
class PremiumBuildUp:
    """The audit table of a premium: rows by segments, the first segment being the total.

    Parameters
    ----------
    segments : tuple of str, length segment
        Names; the first is "all".
    amount : array, shape (row, segment)
        Amounts of :data:`ROWS` [CNY/year].
    insured_area : array, shape (segment,)
        [mu]
    sum_insured : array, shape (segment,)
        [CNY]
    capital : array, shape (segment,)
        Capital at risk (tail value at risk less mean) of the total, and what the segments contribute to it
        [CNY].
    """

    segments: tuple[str, ...]
    amount: NDArray[np.float64]
    insured_area: NDArray[np.float64]
    sum_insured: NDArray[np.float64]
    capital: NDArray[np.float64]

    def row(self, name: str) -> NDArray[np.float64]:
        """Return one row, shape (segment,) [CNY/year].

        Parameters
        ----------
        name : str
            One of :data:`ROWS`.
        """
        values: NDArray[np.float64] = self.amount[ROWS.index(name)]
        return values

    @property
    def per_mu(self) -> NDArray[np.float64]:
        """Amounts per insured mu, shape (row, segment) [CNY/mu]; NaN without area."""
        return _ratio(self.amount, self.insured_area)

    @property
    def per_mille(self) -> NDArray[np.float64]:
        """Amounts per mille of the sum insured, shape (row, segment) [per mille]; NaN without a sum
        insured."""
        return 1000.0 * _ratio(self.amount, self.sum_insured)

    @property
    def loss_ratio(self) -> NDArray[np.float64]:
        """Expected loss ratio, pure over gross premium, shape (segment,) [unitless]."""
        return _ratio(self.row("pure_premium"), self.row("gross_premium"))

    @property
    def return_on_capital(self) -> NDArray[np.float64]:
        """Implied return, risk load and profit over capital at risk, shape (segment,) [1/year]; NaN without any."""
        return _ratio(self.row("risk_load") + self.row("profit"), self.capital)


def build_up(
    losses: ArrayLike,
    loadings: Loadings,
    segments: Sequence[str],
    insured_area: ArrayLike,
    sum_insured: ArrayLike,
    *,
    level: float = TAIL_LEVEL,
    method: Method = "co_tail",
) -> PremiumBuildUp:
    """Return the premium of a book and of its segments.

    Parameters
    ----------
    losses : array, shape (year, segment)
        Annual losses of the segments to be covered by the premium, before reinsurance [CNY/year].
    loadings : Loadings
        Expenses, commission, tax, profit, cost of capital.
    segments : sequence of str, length segment
        Names of the segments, without the total.
    insured_area : array, shape (segment,)
        [mu]
    sum_insured : array, shape (segment,)
        [CNY]
    level : float
        Level of the tail value at risk behind the risk load [unitless].
    method : {"co_tail", "covariance"}
        How the capital is allocated, see :func:`greenrisk.actuarial.allocation.capital_contributions`.

    Returns
    -------
    PremiumBuildUp
        With the total as its first segment.

    Notes
    -----
    The capital, and so the risk load, is computed on the total and then allocated, so that diversification
    between the segments counts once. Each ratio is taken of the same gross premium G = base / (1 - sum of
    ratios); the row of the gross premium is the sum of the rows above it, which equals G up to rounding of
    the last bit.
    """
    x = np.asarray(losses, dtype=np.float64)
    area, insured = (np.asarray(values, dtype=np.float64) for values in (insured_area, sum_insured))
    if x.ndim != 2 or not x.shape[1] == len(segments) == area.size == insured.size:
        raise ArgumentError(
            Fault(
                "segments",
                f"losses {x.shape}, {len(segments)} names, {area.size} areas, {insured.size} sums insured",
                "One column of losses, one name, one area and one sum insured a segment were expected.",
            )
        )
    of_total = capital_at_risk(x.sum(axis=1), level)
    alone = np.concatenate([[of_total], capital_contributions(x, level, method)])
    capital = loadings.capital_share * alone
    pure = _with_total(x.mean(axis=0))
    loads = loadings.cost_of_capital * capital
    area, insured = _with_total(area), _with_total(insured)
    fixed = loadings.fixed_expenses * area
    gross = (pure + loads + fixed) / (1.0 - loadings.ratio)
    rows = [
        pure,
        loads,
        fixed + loadings.expenses * gross,
        loadings.commission * gross,
        loadings.tax * gross,
        loadings.profit * gross,
    ]
    amount = np.stack([*rows, np.sum(rows, axis=0)])
    return PremiumBuildUp((TOTAL, *segments), amount, area, insured, capital)


def _with_total(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.concatenate([[math.fsum(values)], values])


def _ratio(numerator: NDArray[np.float64], denominator: NDArray[np.float64]) -> NDArray[np.float64]:
    safe = np.where(denominator > 0, denominator, np.nan)
    ratio: NDArray[np.float64] = numerator / safe
    return ratio
