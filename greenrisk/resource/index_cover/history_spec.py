# SPDX-License-Identifier: Apache-2.0
"""What a user writes of the record that a cover is priced on: years, treatment, law, calibration, test."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from greenrisk.core.spec import Spec

Treatment = Literal["none", "linear", "step", "post_break"]
"""What is done to a record before it is priced: nothing; its line taken out; what lies before a step moved to the level
after it; only what lies after the step kept."""

Family = Literal["normal", "lognormal", "gamma", "gumbel", "gev", "empirical"]
"""Families of laws of a yearly index; `empirical` draws the years themselves."""


class HistorySpec(Spec):
    """The record that covers are priced on, and what is done to it first."""

    first_year: int | None = None
    """First year used; empty: the first that all indices have."""

    last_year: int | None = None
    """Last year used; empty: the last that all indices have."""

    treatment: Treatment | Literal["auto"] = "auto"
    """What is done to the record; `auto`: what the tests of steps and trends say. A line across a detected step is
    refused. All treatments are priced side by side whatever is chosen."""

    level: float = Field(default=0.05, gt=0, lt=0.5)
    """Level that the tests of a step and of a trend share: the chance that a record without either is said to have one
    [unitless]."""

    block_years: int | None = Field(default=None, ge=1, le=20)
    """Length of the blocks that the bootstrap draws, which keeps what years have in common with their neighbours;
    empty: from the autocorrelation of the record [year]."""

    law: Family | Literal["best"] = "best"
    """Law of the yearly index; `best`: the smallest AIC. All families are priced side by side whatever is chosen."""

    accept_unit_change: bool = False
    """Whether a jump that looks like a change of unit (a factor of 10, 3.28, 25.4, ...) is let pass, and told."""


class CalibrationSpec(Spec):
    """How trigger and exit are found; what they were worth is told out of sample."""

    method: Literal["return_period", "certainty_equivalent", "expected_shortfall"]
    """By how often they are reached; by the buyer's certainty equivalent; by the expected shortfall of loss less payout
    under a budget. The last two need a `loss`."""

    cover: str | None = None
    """Name of the cover; empty: the only one. It must be linear."""

    trigger_period: float = Field(default=10.0, gt=1)
    """Return period of the trigger [year]."""

    exit_period: float = Field(default=50.0, gt=1)
    """Return period of the exit [year]."""

    budget_cny: float | None = Field(default=None, gt=0)
    """Most that the premium may be; `expected_shortfall` needs it [CNY/year]."""

    level: float = Field(default=0.8, gt=0, lt=1)
    """Level of the expected shortfall [unitless]."""

    apply: bool = False
    """Whether the cover is run with what is found; otherwise the scenario's own numbers stand and the two are shown
    side by side."""

    @model_validator(mode="after")
    def _periods_rise(self) -> Self:
        if self.exit_period <= self.trigger_period:
            raise ValueError("`exit_period` must be longer than `trigger_period`.")
        if (self.method == "expected_shortfall") != (self.budget_cny is not None):
            raise ValueError("`budget_cny` and the method `expected_shortfall` need each other.")
        return self


class BacktestSpec(Spec):
    """A test from rolling origins: triggers and premiums from the years before each, payouts from the years after."""

    first_origin_years: int = Field(default=30, ge=5)
    """Years of the record behind the first origin; half of the record where it has fewer than twice as many [year]."""

    trigger_period: float = Field(default=10.0, gt=1)
    """Return period of the trigger that each origin sets from its own years [year]."""


class BuyerSpec(Spec):
    """Who buys: constant relative risk aversion over wealth less what a year costs."""

    risk_aversion: float = Field(default=2.0, ge=0, le=20)
    """Relative risk aversion [unitless]."""

    wealth_cny: float | None = Field(default=None, gt=0)
    """What the buyer has before a year's loss; must exceed the worst year's loss and premium; empty: twice the largest
    loss of the record, which the ledger says [CNY]."""
