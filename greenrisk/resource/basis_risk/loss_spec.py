# SPDX-License-Identifier: Apache-2.0
"""What a user writes of the buyer's loss: recorded by others than the index, never made from it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from greenrisk.core.spec import Spec
from greenrisk.resource.index_cover.index_spec import TrendScale
from greenrisk.resource.index_cover.series_spec import TableSeries


class RecordedLoss(Spec):
    """A loss of every year that was recorded: damaged area or money, of a table that the index does not read."""

    kind: Literal["recorded"]
    """Which loss."""

    series: TableSeries
    """The record, of years (or of months and days, which are summed). Rows that an index reads too are refused."""

    cost: str | None = None
    """Card of what a hectare costs (use: index.unit_cost), for records in ha; empty: the record is in CNY."""

    trend_scale: TrendScale = "plain"
    """Whether a trend or a step adds to the loss or multiplies it."""

    limit_cny: float | None = Field(default=None, gt=0)
    """Most that the buyer can lose in a year [CNY]; empty: no limit."""
