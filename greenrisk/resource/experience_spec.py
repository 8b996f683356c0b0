# SPDX-License-Identifier: Apache-2.0
"""What a user writes for own experience and for the review of a rate."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from greenrisk.core.spec import Spec


class ExperienceSpec(Spec):
    """Own experience, which replaces judgement as far as its credibility goes."""

    table: str
    """Table of own experience: CSV or XLSX (see `greenrisk show table experience`)."""

    triangle: str | None = None
    """Table of the development of the losses (see `greenrisk show table experience-triangle`); empty: what is
    outstanding is taken at its face."""

    nonfire_trend: float = Field(default=0.0, gt=-0.2, lt=0.2)
    """Yearly change of the cost of all perils but fire, by CNY insured, that past years are brought to the underwriting
    year with [1/year]. Fire has the trend of its card."""


class RateReviewSpec(Spec):
    """The rate review (费率回溯): actual against expected payments, and the change of rate that follows."""

    period: int = Field(default=3, ge=1, le=30)
    """Years of experience that an indication rests on; rates of Jiangxi are re-examined every three years [year]."""

    years_in_force: int = Field(default=3, ge=1, le=30)
    """Years for which the new rate will hold; an applied trend is carried to their middle [year]."""

    trend: Literal["none", "fitted"] | Annotated[float, Field(gt=-1, lt=1)] = "fitted"
    """Yearly change of the payments per sum insured: none, fitted to all years of the table, or a number (-0.03: three
    per cent less every year) [1/year]."""

    apply_insignificant_trend: bool = False
    """Whether a fitted trend counts although its 90 % interval holds zero."""

    credibility: Literal["greatest_accuracy", "limited_fluctuation"] = "greatest_accuracy"
    """Which credibility weighs the experience; both are printed."""

    confidence: float = Field(default=0.9, gt=0, lt=1)
    """Limited fluctuation: probability that experience believed in full comes within the margin [unitless]."""

    margin: float = Field(default=0.05, gt=0)
    """Limited fluctuation: the margin, relative to the expected payments [unitless]."""

    max_change: float | None = Field(default=None, gt=0)
    """Largest change of rate in either direction, as a share of the current rate [unitless]; empty: no cap."""

    current_rate_per_mille: float | None = Field(default=None, gt=0)
    """Gross rate in force [per mille]; empty: premium over sum insured of the last year of experience."""

    terms_factors: dict[int, Annotated[float, Field(gt=0)]] = Field(default_factory=dict)
    """By year: what its losses would be under today's terms, over what they were [unitless]; 1 where not given.
    Sums insured need no factor: losses are reviewed per sum insured."""
