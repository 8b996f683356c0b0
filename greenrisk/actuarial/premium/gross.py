# SPDX-License-Identifier: Apache-2.0
"""From the pure to the gross premium: an audit table whose rows add up, with its error.

One ratio basis: ``gross = (pure premium + risk load + capital cost + fixed expenses) / (1 - sum of the ratios of gross
premium)``. No chained divisions, no clamp. Rounding is left to those who print.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greenrisk.actuarial.aggregate.loss import AggregateLoss
from greenrisk.actuarial.allocation.methods import Parts
from greenrisk.actuarial.allocation.ordered_years import OrderedYears
from greenrisk.actuarial.allocation.segments import TOTAL, names_of_segments, ratio
from greenrisk.actuarial.arguments import every, number, one_of, shown
from greenrisk.actuarial.kinds import instance
from greenrisk.actuarial.labels import aligned, column_names
from greenrisk.actuarial.premium.error import PremiumError, numerical_error, simulation_error
from greenrisk.actuarial.premium.exposures import expense_base, exposures
from greenrisk.actuarial.premium.loadings import Loadings
from greenrisk.actuarial.premium.risk_load import TAIL_LEVEL, CapitalLoad, RiskLoad
from greenrisk.actuarial.reading import as_floats
from greenrisk.core.errors import ArgumentError, Fault

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]

_LOADINGS = "Loadings(expenses=..., commission=...) were expected."
_EXPOSURE = "Exposures have names: {'area': one number for each segment}."
_RULE = "A rule was expected: StandardDeviationLoad(share), CapitalLoad(cost), ..."
ROWS: Final = (
    "pure_premium",
    "risk_load",
    "expenses",
    "commission",
    "tax",
    "profit",
    "gross_premium",
)
"""Rows of the audit table where the risk load is the cost of capital; the last is the sum of the others."""

ROWS_WITH_CAPITAL: Final = (*ROWS[:2], "capital_cost", *ROWS[2:])
"""Rows of the audit table where the risk load follows a rule of its own and capital costs beside it."""


def gross_premium(
    pure_premium: float, risk_load: float, loadings: Loadings, fixed_expenses: float = 0.0
) -> float:
    """Return ``(pure premium + risk load + fixed expenses) / (1 - sum of ratios)``.

    Parameters
    ----------
    pure_premium, fixed_expenses : float
        [currency/year], >= 0.
    risk_load : float
        [currency/year]; the cost of capital counts as risk load. That of a segment which diversifies the others may be
        negative, but take no more than the rest.
    loadings : Loadings
        Its ratios; its ``fixed_expenses`` per unit of exposure are not used here.

    Raises
    ------
    ArgumentError
        If an amount is NaN, infinite or negative, or the premium would be negative; all of them at once.
    """
    every(
        lambda: number("pure_premium", pure_premium, least=0.0, unit="currency/year"),
        lambda: number("risk_load", risk_load, unit="currency/year"),
        lambda: instance("loadings", loadings, Loadings),
        lambda: number("fixed_expenses", fixed_expenses, least=0.0, unit="currency/year"),
    )
    base = pure_premium + risk_load + fixed_expenses
    if base < 0.0:
        mend = f"The premium would be negative: it can take no more than {pure_premium + fixed_expenses:g}."
        raise ArgumentError(Fault("risk_load", f"risk_load = {shown(risk_load)}", mend, "currency/year"))
    return base / (1.0 - loadings.ratio)


@dataclass(frozen=True)
class PremiumBuildUp:
    """The audit table of a premium: rows by segments, the first segment being the total.

    Parameters
    ----------
    segments : tuple of str, length segment
        Names; the first is "all".
    rows : tuple of str, length row
        Names of the rows, :data:`ROWS` or :data:`ROWS_WITH_CAPITAL`.
    amount : array, shape (row, segment)
        Amounts [currency/year].
    capital : array, shape (segment,)
        Capital at risk (tail value at risk less mean, times the capital share) of the total, and what the segments
        contribute to it [currency].
    error : PremiumError
        Errors of pure and gross premium by segment [currency/year].
    error_of : {"simulation", "calculation"}
        Standard errors of a sample, or the numerical errors of a computed law.
    exposure : mapping of str to array, shape (segment,)
        What rates are quoted on, each in a unit of its own.
    """

    segments: tuple[str, ...]
    rows: tuple[str, ...]
    amount: Floats
    capital: Floats
    error: PremiumError
    error_of: Literal["simulation", "calculation"]
    exposure: Mapping[str, Floats]

    def row(self, name: str) -> Floats:
        """Return one row, shape (segment,) [currency/year].

        Parameters
        ----------
        name : str
            One of ``rows``.

        Raises
        ------
        ArgumentError
            If there is no such row.
        """
        return np.asarray(self.amount[self.rows.index(one_of("name", name, self.rows))])

    def rate(self, name: str, per: float = 1.0) -> Floats:
        """Return the amounts per unit of exposure, shape (row, segment) [currency/year per unit]; NaN without exposure.

        Parameters
        ----------
        name : str
            One of the names of ``exposure``.
        per : float
            How many units, > 0: 1000 gives the rate per mille of a sum insured.

        Raises
        ------
        ArgumentError
            If there is no such exposure, or ``per`` is not > 0.
        """
        number("per", per, above=0.0, unit="units")
        if not self.exposure:
            mend = f"Give it when the premium is built: build_up(..., exposure={{{name!r}: ...}})."
            raise ArgumentError(Fault("name", f"name = {name!r} without an exposure", mend))
        return per * ratio(self.amount, self.exposure[one_of("name", name, tuple(self.exposure))])

    @property
    def loss_ratio(self) -> Floats:
        """Expected loss ratio, pure over gross premium, shape (segment,) [unitless]; NaN without premium."""
        return ratio(self.row("pure_premium"), self.row("gross_premium"))

    @property
    def return_on_capital(self) -> Floats:
        """Implied return, risk load, cost of capital and profit over capital at risk, shape (segment,) [1/year]; NaN
        without any."""
        earned = self.row("risk_load") + self.row("profit")
        return ratio(
            earned + (self.row("capital_cost") if "capital_cost" in self.rows else 0.0), self.capital
        )

    def to_frame(self) -> pd.DataFrame:
        """Return the table as a ``pandas.DataFrame``: rows by segments, then errors, capital and the ratios."""
        import pandas as pd

        columns = dict(zip(self.rows, self.amount, strict=True)) | {
            "error_of_pure_premium": self.error.pure,
            "error_of_gross_premium": self.error.gross,
            "capital": self.capital,
            "loss_ratio": self.loss_ratio,
            "return_on_capital": self.return_on_capital,
        }
        return pd.DataFrame.from_dict(columns, orient="index", columns=list(self.segments))

    def __repr__(self) -> str:
        """Return the table as text: the first segments of many."""
        from greenrisk.actuarial.premium.wording import build_up_table

        return build_up_table(self)


def build_up(
    losses: ArrayLike | AggregateLoss,
    loadings: Loadings,
    segments: Sequence[str] = (),
    exposure: Mapping[str, ArrayLike] | None = None,
    *,
    risk_load: RiskLoad | None = None,
    level: float = TAIL_LEVEL,
    method: Literal["co_tail", "covariance"] = "co_tail",
    weights: ArrayLike | None = None,
) -> PremiumBuildUp:
    """Return the premium of a book and of its segments.

    Parameters
    ----------
    losses : array or DataFrame, shape (year,) or (year, segment), or AggregateLoss
        Annual losses to be covered by the premium [currency/year]: of the total, or by segment; or the law of the
        total. Any currency.
    loadings : Loadings
        Expenses, commission, tax, profit, cost of capital.
    segments : sequence of str, length segment
        Names of the segments, without the total; none where the losses are of the total alone. If empty, those of the
        columns of a DataFrame.
    exposure : mapping of str to array, shape (segment,), optional
        What rates are quoted on, by name (area, sum insured, payroll, ...); a number where there are no segments.
        Fixed expenses are per unit of the first; without any they are an amount.
    risk_load : RiskLoad, optional
        The rule of the risk load. None: the risk load is the cost of capital, loadings.capital_charge * (TVaR - mean).
        With a rule, the cost of capital is a row of its own.
    level : float
        Level of the tail value at risk behind the capital [unitless], in (0, 1).
    method : {"co_tail", "covariance"}
        How the capital is allocated, see :func:`greenrisk.actuarial.allocation.methods.allocate`.
    weights : array, shape (year,), optional
        Likelihood ratios or probabilities of the years [unitless], >= 0; only their ratios count.

    Returns
    -------
    PremiumBuildUp
        With the total as its first segment.

    Raises
    ------
    ArgumentError
        If columns, names and exposures do not match, the sample is too short for the level, capital would be charged
        for twice, or a law has no finite mean.

    Notes
    -----
    Capital and risk load are computed on the total and then allocated, so that diversification between the segments
    counts once. Each ratio is taken of the same gross premium G = base / (1 - sum of ratios); the row of the gross
    premium is the sum of the rows above it, which equals G up to rounding of the last bit.
    """
    every(
        lambda: instance("loadings", loadings, Loadings, _LOADINGS),
        lambda: instance("exposure", exposure, Mapping | None, _EXPOSURE),
        lambda: instance("risk_load", risk_load, RiskLoad | None, _RULE),
    )
    if isinstance(risk_load, CapitalLoad) and loadings.cost_of_capital > 0.0:
        what = f"CapitalLoad beside cost_of_capital = {loadings.cost_of_capital:g}"
        raise ArgumentError(
            Fault("risk_load", what, "Capital would be charged for twice: leave one of them out.")
        )
    segments = names_of_segments(segments) or column_names(losses)
    aligned(losses=losses, weights=weights)
    held = exposures(losses, segments, exposure or {})
    capital_rule = CapitalLoad(1.0, level, method)
    rules = (capital_rule,) if risk_load is None else (capital_rule, risk_load)
    if isinstance(losses, AggregateLoss):
        basis = _of_law(losses, rules, loadings, weights)
    else:
        basis = _of_sample(as_floats("losses", losses), rules, loadings, weights)
    fixed = loadings.fixed_expenses * expense_base(held, segments, loadings)
    capital = loadings.capital_share * basis.loads[0]
    cost = loadings.cost_of_capital * capital
    loads = [cost] if risk_load is None else [basis.loads[1], cost]
    base = basis.pure + np.sum(loads, axis=0) + fixed
    gross = base / (1.0 - loadings.ratio)
    rows = [
        basis.pure,
        *loads,
        fixed + loadings.expenses * gross,
        loadings.commission * gross,
        loadings.tax * gross,
        loadings.profit * gross,
    ]
    names = ROWS if risk_load is None else ROWS_WITH_CAPITAL
    amount = np.stack([*rows, np.sum(rows, axis=0)])
    return PremiumBuildUp((TOTAL, *segments), names, amount, capital, basis.error, basis.error_of, held)


@dataclass(frozen=True)
class _Basis:
    """Pure premium, capital and risk load, the total first, before any ratio."""

    pure: Floats
    loads: tuple[Floats, ...]
    error: PremiumError
    error_of: Literal["simulation", "calculation"]


def _of_law(
    loss: AggregateLoss, rules: Sequence[RiskLoad], loadings: Loadings, weights: ArrayLike | None
) -> _Basis:
    if weights is not None:
        raise ArgumentError(Fault("weights", "given beside a law", "Only a sample has weights."))
    pure, loads = loss.mean_with_error(), [rule.of_law(loss) for rule in rules]
    charge = loadings.capital_charge
    charged = [loads[0]._replace(error=charge * loads[0].error), *loads[1:]]
    error = numerical_error(pure, charged, loadings.ratio)
    return _Basis(
        np.array([pure.value]), tuple(np.array([load.value]) for load in loads), error, "calculation"
    )


def _of_sample(
    losses: Floats, rules: Sequence[RiskLoad], loadings: Loadings, weights: ArrayLike | None
) -> _Basis:
    if losses.ndim == 1:
        tables = [OrderedYears(losses[:, None], weights)]
    else:
        tables = [OrderedYears(losses.sum(axis=1, keepdims=True), weights), OrderedYears(losses, weights)]
    pure, loads, errors = [], [], []
    for years in tables:
        parts = [rule.parts(years) for rule in rules]
        pure.append(years.means())
        loads.append([part.contribution for part in parts])
        errors.append(simulation_error(years, _charged(parts, loadings.capital_charge), loadings.ratio))
    joined = tuple(np.concatenate(columns) for columns in zip(*loads, strict=True))
    error = PremiumError(*(np.concatenate(columns) for columns in zip(*errors, strict=True)))
    return _Basis(np.concatenate(pure), joined, error, "simulation")


def _charged(parts: Sequence[Parts], charge: float) -> list[Callable[[int], Floats]]:
    capital = parts[0].influence
    return [lambda i: charge * capital(i), *(part.influence for part in parts[1:])]
