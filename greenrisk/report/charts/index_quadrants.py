# SPDX-License-Identifier: Apache-2.0
"""Loss beside payment, a dot a year: what was paid, missed, and paid without a loss."""

from __future__ import annotations

import xarray as xr

from greenrisk.report.charts.plate import Chart


def index_quadrants_chart(pairs: xr.Dataset, basis: xr.Dataset) -> Chart:
    """Draw it. The groups ``/basis_pairs`` and ``/basis``."""
    raise NotImplementedError
