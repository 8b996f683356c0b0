# SPDX-License-Identifier: Apache-2.0
"""Lenses that look at the books alone: Altman's scores, interest cover, debt service cover, liquidity runway.

Each says which line it lacks instead of guessing it. A lens that ends in a rating gives the long-run default rate of
that grade and says so (``through_rating``); a lens whose worst rating is default gives the rate of the grade above it,
since the issuer it looks at has not failed yet.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from greenrisk.core.card_roles import Role
from greenrisk.issuer.credit.altman import (
    DISTRESS,
    GREY,
    SAFE,
    Bands,
    ScoreRule,
    altman_score,
    altman_zone,
    score_ratios,
)
from greenrisk.issuer.credit.domains import MISSING, Floats, Ranks, refuse
from greenrisk.issuer.credit.interest_cover import CoverTable, interest_cover, synthetic_rating
from greenrisk.issuer.credit.runway import cash_available, debt_service_cover, runway_at_burn
from greenrisk.issuer.credit.scale import RatingScale
from greenrisk.issuer.credit.state import Reading, State, also, empty, none, why_missing

LENS_BOUNDS_ROLE: Final = Role(
    "lens_bounds",
    "issuer.lens_bounds",
    (
        "debt_service_safe",
        "runway_distress",
        "runway_safe",
        "carbon_ratio_factor",
        "default_rate_factor",
    ),
    units={"runway_distress": "year", "runway_safe": "year"},
)
"""Card: bounds of the zones that no paper prints, and factors from which a check of sense speaks."""

SAFE_DOWN_TO: Final = "BBB"
DISTRESS_FROM: Final = "CCC"
"""Zones of grades: investment grade is safe, CCC and worse is distress; a convention, not an estimate."""


def zone_of_grade(scale: RatingScale, grade: Ranks) -> Ranks:
    """Return the zone of grades; -1 where there is no grade or the scale has other letters."""
    if not {SAFE_DOWN_TO, DISTRESS_FROM} <= set(scale.grades):
        return np.full(grade.shape, MISSING, dtype=np.int8)
    safe, bad = scale.grades.index(SAFE_DOWN_TO), scale.grades.index(DISTRESS_FROM)
    zone = np.where(grade <= safe, SAFE, np.where(grade >= bad, DISTRESS, GREY))
    out: Ranks = np.where(grade == MISSING, MISSING, zone).astype(np.int8)
    return out


def alive_probability(scale: RatingScale, grade: Ranks) -> Floats:
    """Return the long-run default rate of grades of issuers that have not failed: default counts as the grade above."""
    return scale.probability_of(np.minimum(grade, len(scale.grades) - 2))


@dataclass(frozen=True)
class AltmanLens:
    """One of Altman's scores; EM also by its ratings.

    Parameters
    ----------
    rule : ScoreRule
        Which score.
    scale : RatingScale
        The common scale.
    bands : Bands or None
        Ratings by bounds of the score; None where the score has none: then it gives a zone only.
    """

    rule: ScoreRule
    scale: RatingScale
    bands: Bands | None = None

    @property
    def name(self) -> str:
        """Name of the lens."""
        return f"altman_{self.rule.name.lower()}"

    @property
    def needs(self) -> tuple[str, ...]:
        """Lines it needs."""
        equity = "market_value" if self.rule.equity == "market" else "equity"
        wanted = {
            "working_capital_to_assets": ("current_assets", "current_liabilities"),
            "retained_earnings_to_assets": ("retained_earnings",),
            "ebit_to_assets": ("ebit",),
            "equity_to_liabilities": (equity, "liabilities"),
            "sales_to_assets": ("revenue",),
        }
        return ("assets", *dict.fromkeys(line for ratio in self.rule.needs() for line in wanted[ratio]))

    def read(self, state: State) -> Reading:
        """Return score, zone and, with bands, grade of every cell."""
        code, reasons = why_missing(state, self.needs)
        assets, liabilities = state.get("assets"), state.get("liabilities")
        code, reasons = also(code, reasons, ~(assets > 0.0), "Assets at or below zero: no ratio to them.")
        code, reasons = also(
            code, reasons, liabilities < 0.0, "Liabilities below zero: the books do not add up."
        )
        known = code == MISSING
        ratios = score_ratios(
            current_assets=state.get("current_assets"),
            current_liabilities=state.get("current_liabilities"),
            retained_earnings=state.get("retained_earnings"),
            ebit=state.get("ebit"),
            equity=state.get("market_value" if self.rule.equity == "market" else "equity"),
            liabilities=np.where(known, liabilities, np.nan),
            sales=state.get("revenue"),
            assets=np.where(known, assets, np.nan),
        )
        score = np.where(known, altman_score(self.rule, ratios), np.nan)
        grade = (
            none(state.shape)
            if self.bands is None
            else self.scale.regrade(self.bands.ratings, self.bands.of(score))
        )
        probability = alive_probability(self.scale, grade)
        return Reading(
            lens=self.name,
            unit="1",
            value=score,
            reason=code,
            reasons=reasons,
            zone=altman_zone(self.rule, score),
            grade=grade,
            annual_probability=probability,
            log_annual_probability=_log(probability),
            spread=empty(state.shape),
            through_rating=True,
        )


@dataclass(frozen=True)
class CoverLens:
    """Interest cover, the rating it stands for and the spread of that rating.

    Parameters
    ----------
    table : CoverTable
        Bounds of one edition and kind of firm.
    scale : RatingScale
        The common scale.
    """

    table: CoverTable
    scale: RatingScale
    name: str = "interest_cover"
    needs: tuple[str, ...] = ("ebit", "interest")

    def read(self, state: State) -> Reading:
        """Return cover, grade and spread of every cell; EBIT at or below zero is the worst rating."""
        code, reasons = why_missing(state, self.needs)
        code, reasons = also(
            code, reasons, state.get("interest") < 0.0, "Interest below zero: it is earned, not paid."
        )
        interest = np.where(code == MISSING, state.get("interest"), np.nan)
        place, spread = synthetic_rating(self.table, state.get("ebit"), interest)
        grade = self.scale.regrade(self.table.bands.ratings, place)
        probability = alive_probability(self.scale, grade)
        return Reading(
            lens=self.name,
            unit="1",
            value=interest_cover(state.get("ebit"), interest),
            reason=code,
            reasons=reasons,
            zone=zone_of_grade(self.scale, grade),
            grade=grade,
            annual_probability=probability,
            log_annual_probability=_log(probability),
            spread=spread,
            through_rating=True,
        )


@dataclass(frozen=True)
class DebtServiceLens:
    """Debt service cover: below one the year's cash does not pay what falls due.

    Parameters
    ----------
    safe : float
        Cover from which the zone is safe [1, > 1].
    """

    safe: float
    name: str = "debt_service_cover"
    needs: tuple[str, ...] = ("ebit", "depreciation", "tax", "interest", "principal")

    def read(self, state: State) -> Reading:
        """Return the cover and zone of every cell."""
        if not self.safe > 1.0:
            raise refuse(
                "debt_service_safe", f"{self.safe:g}", "Must be above 1, the bound of distress.", "1"
            )
        code, reasons = why_missing(state, self.needs)
        flow, code, reasons = _cash_flow(state, code, reasons)
        cover = np.full(state.shape, np.nan)
        known = code == MISSING
        cover[known] = debt_service_cover(
            flow[known], state.get("interest")[known], state.get("principal")[known]
        )
        zone = np.where(cover < 1.0, DISTRESS, np.where(cover >= self.safe, SAFE, GREY))
        return _zoned(self.name, "1", cover, code, reasons, zone, state)


@dataclass(frozen=True)
class RunwayLens:
    """Liquidity runway: years that the cash lasts at the year's burn, if nothing that falls due is refinanced.

    Parameters
    ----------
    distress, safe : float
        Years below which the zone is distress, and from which it is safe [year].
    """

    distress: float
    safe: float
    name: str = "liquidity_runway"
    needs: tuple[str, ...] = ("cash", "ebit", "depreciation", "tax", "interest", "principal")

    def read(self, state: State) -> Reading:
        """Return the runway and zone of every cell; ``inf`` where no cash is burnt."""
        if not 0.0 < self.distress < self.safe:
            what = f"distress {self.distress:g}, safe {self.safe:g}"
            raise refuse("runway", what, "Both must be above 0, distress below safe.", "year")
        code, reasons = why_missing(state, self.needs)
        flow, code, reasons = _cash_flow(state, code, reasons)
        known = code == MISSING
        net = np.where(known, flow - state.get("interest") - state.get("principal"), np.nan)
        years = runway_at_burn(state.get("cash"), net)
        zone = np.where(years < self.distress, DISTRESS, np.where(years >= self.safe, SAFE, GREY))
        return _zoned(self.name, "year", years, code, reasons, zone, state)


def _cash_flow(state: State, code: Ranks, reasons: tuple[str, ...]) -> tuple[Floats, Ranks, tuple[str, ...]]:
    for line in ("depreciation", "interest", "principal", "capital_expenditure"):
        sentence = f"{line.replace('_', ' ').capitalize()} below zero."
        code, reasons = also(code, reasons, state.get(line) < 0.0, sentence)
    flow, known = np.full(state.shape, np.nan), code == MISSING
    names = ("ebit", "depreciation", "tax", "capital_expenditure", "working_capital_increase")
    flow[known] = cash_available(*(state.get(line)[known] for line in names))
    return flow, code, reasons


def _zoned(
    name: str,
    unit: str,
    value: Floats,
    code: Ranks,
    reasons: tuple[str, ...],
    zone: np.typing.NDArray[np.int64],
    state: State,
) -> Reading:
    nan = empty(state.shape)
    zones: Ranks = np.where(np.isnan(value), MISSING, zone).astype(np.int8)
    return Reading(name, unit, value, code, reasons, zones, none(state.shape), nan, nan, nan)


def _log(probability: Floats) -> Floats:
    with np.errstate(divide="ignore"):
        out: Floats = np.log(probability)
    return out
