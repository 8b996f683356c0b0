# SPDX-License-Identifier: Apache-2.0
"""The test out of sample: premiums set before each year, and what the year paid."""

from __future__ import annotations

import xarray as xr

from greenrisk.report.charts.plate import Chart


def index_backtest_chart(backtest: xr.Dataset, summary: xr.Dataset, power: xr.Dataset) -> Chart:
    """Draw it. The groups ``/backtest``, ``/backtest_summary`` and ``/backtest_power``."""
    raise NotImplementedError
