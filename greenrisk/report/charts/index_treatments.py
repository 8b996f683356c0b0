# SPDX-License-Identifier: Apache-2.0
"""The premium by what is done to the record first."""

from __future__ import annotations

import xarray as xr

from greenrisk.report.charts.plate import Chart


def index_treatments_chart(treatments: xr.Dataset) -> Chart:
    """Draw it. The group ``/treatments``."""
    raise NotImplementedError
