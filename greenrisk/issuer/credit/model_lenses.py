# SPDX-License-Identifier: Apache-2.0
"""Lenses with a probability of their own: Merton's model, and a logit where the user's data bear one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from greenrisk.issuer.credit.domains import MISSING, Floats, refuse
from greenrisk.issuer.credit.logit import FittedLogit
from greenrisk.issuer.credit.merton import (
    default_point,
    default_probability,
    distance_to_default,
    log_default_probability,
    spread,
)
from greenrisk.issuer.credit.scale import RatingScale
from greenrisk.issuer.credit.state import Reading, State, also, empty, none, why_missing
from greenrisk.issuer.credit.statement_lenses import zone_of_grade


@dataclass(frozen=True)
class MertonLens:
    """Merton's model over one year: the value is the distance to default.

    Parameters
    ----------
    scale : RatingScale
        The common scale.
    debt : str
        ``all``: short and long debt; ``default_point``: short debt and a share of the long, as KMV takes it.
    long_share : float
        That share [1, 0 to 1].
    """

    scale: RatingScale
    debt: Literal["all", "default_point"] = "all"
    long_share: float = 0.5
    name: str = "merton"
    needs: tuple[str, ...] = ("asset_value", "asset_volatility", "debt_short", "debt_long", "risk_free_rate")

    def read(self, state: State) -> Reading:
        """Return distance, probability with its logarithm, grade and spread of every cell."""
        code, reasons = why_missing(state, self.needs)
        for line in ("debt_short", "debt_long", "asset_volatility"):
            sentence = f"{line.replace('_', ' ').capitalize()} below zero."
            code, reasons = also(code, reasons, state.get(line) < 0.0, sentence)
        known = code == MISSING
        short, long = (np.where(known, state.get(line), np.nan) for line in ("debt_short", "debt_long"))
        owed = default_point(short, long, 1.0 if self.debt == "all" else self.long_share)
        moves = np.where(known, state.get("asset_volatility"), np.nan)
        firm = (state.get("asset_value"), owed, state.get("risk_free_rate"), moves, 1.0)
        probability = default_probability(*firm)
        grade = self.scale.grade_of(probability)
        return Reading(
            lens=self.name,
            unit="1",
            value=distance_to_default(*firm),
            reason=code,
            reasons=reasons,
            zone=zone_of_grade(self.scale, grade),
            grade=grade,
            annual_probability=probability,
            log_annual_probability=log_default_probability(*firm),
            spread=spread(*firm),
        )


def _over(name: str, under: str) -> Callable[[State], Floats]:
    def ratio(state: State) -> Floats:
        below = state.get(under)
        with np.errstate(divide="ignore", invalid="ignore"):
            out: Floats = np.where(below > 0.0, state.get(name) / below, np.nan)
        return out

    return ratio


def _working_capital(state: State) -> Floats:
    return _less(state, "current_assets", "current_liabilities") / _positive(state.get("assets"))


def _debt(state: State) -> Floats:
    return (state.get("debt_short") + state.get("debt_long")) / _positive(state.get("assets"))


def _less(state: State, a: str, b: str) -> Floats:
    out: Floats = state.get(a) - state.get(b)
    return out


def _positive(x: Floats) -> Floats:
    return np.where(x > 0.0, x, np.nan)


LOGIT_RATIOS: Final[Mapping[str, Callable[[State], Floats]]] = {
    "working_capital_to_assets": _working_capital,
    "retained_earnings_to_assets": _over("retained_earnings", "assets"),
    "ebit_to_assets": _over("ebit", "assets"),
    "market_equity_to_liabilities": _over("market_value", "liabilities"),
    "book_equity_to_liabilities": _over("equity", "liabilities"),
    "sales_to_assets": _over("revenue", "assets"),
    "interest_cover": _over("ebit", "interest"),
    "debt_to_assets": _debt,
    "cash_to_assets": _over("cash", "assets"),
}
"""Ratios of a state, by the columns of :data:`greenrisk.issuer.credit.tables.FIRM_YEARS`."""


@dataclass(frozen=True)
class LogitLens:
    """A logit fitted on the user's firm-years; without one every cell says why.

    Parameters
    ----------
    scale : RatingScale
        The common scale.
    fitted : FittedLogit or None
        The fit.
    refusal : str
        Why there is none.
    """

    scale: RatingScale
    fitted: FittedLogit | None = None
    refusal: str = "No firm-years of the user's own were given: no logit is shipped."
    name: str = "logit"

    @property
    def needs(self) -> tuple[str, ...]:
        """Ratios it needs."""
        return () if self.fitted is None else self.fitted.ratios

    def read(self, state: State) -> Reading:
        """Return the index and probability of every cell, and where a ratio lies outside what the data showed."""
        shape = state.shape
        if self.fitted is None:
            code = np.zeros(shape, dtype=np.int8)
            blank = (empty(shape), empty(shape), empty(shape))
            return Reading(
                self.name, "1", empty(shape), code, (self.refusal,), none(shape), none(shape), *blank
            )
        unknown = [name for name in self.fitted.ratios if name not in LOGIT_RATIOS]
        if unknown:
            raise refuse(
                "ratios", ", ".join(unknown), f"No statement gives these. Known: {', '.join(LOGIT_RATIOS)}."
            )
        ratios = {name: LOGIT_RATIOS[name](state) for name in self.fitted.ratios}
        code = none(shape)
        for number, x in enumerate(ratios.values()):
            code[(code == MISSING) & np.isnan(x)] = number
        reasons = tuple(f"No {name.replace('_', ' ')}." for name in ratios)
        probability = np.broadcast_to(self.fitted.probability(ratios), shape)
        grade = self.scale.grade_of(probability)
        return Reading(
            lens=self.name,
            unit="1",
            value=np.broadcast_to(self.fitted.index(ratios), shape),
            reason=code,
            reasons=reasons,
            zone=zone_of_grade(self.scale, grade),
            grade=grade,
            annual_probability=probability,
            log_annual_probability=np.broadcast_to(self.fitted.log_probability(ratios), shape),
            spread=empty(shape),
        )
