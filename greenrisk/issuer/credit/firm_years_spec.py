# SPDX-License-Identifier: Apache-2.0
"""What a user writes of own firm-years: the table, its layout, and the ratios of a logit."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from greenrisk.core.spec import Spec

Ratio = Literal[
    "working_capital_to_assets",
    "retained_earnings_to_assets",
    "ebit_to_assets",
    "market_equity_to_liabilities",
    "book_equity_to_liabilities",
    "sales_to_assets",
    "interest_cover",
    "debt_to_assets",
    "cash_to_assets",
]
"""Ratios that a table of firm-years may hold and that every statement gives."""


class FirmYearsSpec(Spec):
    """Own firm-years. No logit is shipped: one is fitted on this table, or refused with its reasons."""

    table: str
    """Table of the firm-years."""

    layout: Literal["ratios", "bankruptcy_sample"] = "ratios"
    """`ratios`: `show table firm-years`; `bankruptcy_sample`: X1 to X18 of the American data set
    (`show table bankruptcy-sample`)."""

    ratios: Annotated[tuple[Ratio, ...], Field(min_length=1)]
    """Ratios that enter the logit; each needs ten failed firms."""
