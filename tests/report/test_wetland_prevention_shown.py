# SPDX-License-Identifier: Apache-2.0
"""The report shows what the insurer's prevention costs and saves, marked illustrative; nothing where there is none."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from greenrisk.report.pages.wetland_small_sections import small_section
from tests.studied_wetland import shipped

PREVENTION = "Prevention paid for by the insurer"


def parts(tree: xr.DataTree) -> dict[str, str]:
    found = small_section(tree)
    assert found is not None
    return {part.heading: part.note for part in found.parts}


def test_the_shipped_study_shows_prevention_as_illustrative(tmp_path_factory: pytest.TempPathFactory) -> None:
    tree = shipped(tmp_path_factory)
    assert "Illustrative" in parts(tree)[PREVENTION]
    bare = tree["small_covers"].to_dataset()
    bare["prevention_spend"] = np.nan * bare["prevention_spend"]
    assert PREVENTION not in parts(xr.DataTree.from_dict({"/small_covers": bare}))
