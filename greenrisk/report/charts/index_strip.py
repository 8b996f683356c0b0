# SPDX-License-Identifier: Apache-2.0
"""Loss, payment and what stays open, year by year."""

from __future__ import annotations

import xarray as xr

from greenrisk.report.charts.plate import Chart


def index_strip_chart(history: xr.Dataset) -> Chart:
    """Draw it. The group ``/history``."""
    raise NotImplementedError
