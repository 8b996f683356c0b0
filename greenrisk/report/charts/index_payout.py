# SPDX-License-Identifier: Apache-2.0
"""The payout function over the values of the record."""

from __future__ import annotations

import xarray as xr

from greenrisk.report.charts.plate import Chart


def index_payout_chart(function: xr.Dataset, record: xr.Dataset) -> Chart:
    """Draw it. The groups ``/payout_function`` and ``/record``."""
    raise NotImplementedError
