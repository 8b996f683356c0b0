# SPDX-License-Identifier: Apache-2.0
"""Allocations keep the names of the segments, print as tables and become frames."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from greenrisk.actuarial.allocation.methods import allocate
from greenrisk.core.errors import ArgumentError

LOSSES = pd.DataFrame({"fire": np.arange(1.0, 101.0), "pests": np.full(100, 50.0)})


def test_segments_are_named_after_the_columns() -> None:
    found = allocate(LOSSES, level=0.9)
    assert found.segments == ("fire", "pests")
    frame = found.to_frame()
    assert list(frame.index) == ["fire", "pests"]
    # The ten worst years: 91 to 100 and 50
    assert frame.loc["fire", "contribution"] == pytest.approx(95.5)
    assert frame["share"].to_numpy() == pytest.approx([95.5 / 145.5, 50.0 / 145.5])


def test_the_table_ends_with_the_total() -> None:
    lines = repr(allocate(LOSSES, level=0.9)).splitlines()
    assert lines[0] == "Allocation (co_tail), amounts in the currency of the losses"
    assert lines[1].split() == ["segment", "mean", "contribution", "±", "error", "share"]
    assert lines[2].split()[:3] == ["fire", "50.500", "95.500"]
    assert lines[-1].split() == ["all", "100.500", "145.500", "100.0%"]


def test_names_can_be_given_and_must_match() -> None:
    assert allocate(LOSSES, ["a", "b"], level=0.9).segments == ("a", "b")
    unnamed = allocate(LOSSES.to_numpy(), level=0.9)
    assert unnamed.segments == ()
    assert repr(unnamed).splitlines()[2].startswith("0 ")
    assert list(unnamed.to_frame().index) == [0, 1]
    with pytest.raises(ArgumentError, match="3 names, 2 losses"):
        allocate(LOSSES, ["a", "b", "c"], level=0.9)


def test_nothing_to_share_has_no_shares() -> None:
    found = allocate(np.zeros((100, 2)), level=0.9)
    assert np.isnan(found.share).all()
    assert "nan" in repr(found)
