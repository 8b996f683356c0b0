# SPDX-License-Identifier: Apache-2.0
"""The heading of a trigger found under a budget names a premium that exceeds it on years held out."""

from __future__ import annotations

import pytest
import xarray as xr

from greenrisk.report.pages.index_price_sections import calibration_sentence


@pytest.mark.parametrize(("premium", "named"), [(1.3e6, True), (5e5, False)])
def test_a_premium_above_the_budget_stands_beside_what_it_leaves_unpaid(premium: float, named: bool) -> None:
    found = xr.Dataset(
        {
            "in_sample": ("figure", [6.06e6, 4.9e5]),
            "corrected": ("figure", [6.03e6, premium]),
            "wanted": ("figure", [float("nan"), 5e5]),
            "unit": ("figure", ["CNY", "CNY/year"]),
        },
        coords={"figure": ["expected_shortfall", "premium"]},
    )
    assert ("for a premium 2.6 times the budget" in calibration_sentence(found)) == named
