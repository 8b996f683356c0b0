# SPDX-License-Identifier: Apache-2.0
"""Deviations are applied to levels, never read as such; physical damage counts once."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenrisk.pathways.deviations import apply_deviation, member_for, transition_from
from greenrisk.pathways.errors import DeviationAsLevel, PathwayError


def test_percent_multiplies_and_points_add() -> None:
    assert apply_deviation([100.0, 80.0], [-3.0, 2.5], "deviation_percent").tolist() == [97.0, 82.0]
    assert apply_deviation(0.03, 1.5, "deviation_points") == pytest.approx(0.045, rel=1e-15)


def test_no_deviation_leaves_the_level() -> None:
    assert apply_deviation(123.0, 0.0, "deviation_percent") == 123.0
    assert apply_deviation(0.04, 0.0, "deviation_points") == 0.04


def test_a_level_cannot_be_applied_as_a_deviation() -> None:
    with pytest.raises(DeviationAsLevel, match="no level is added"):
        apply_deviation(1.0, 2.0, "level")


@pytest.mark.parametrize(
    ("asked", "by_site", "member"),
    [
        ("auto", True, "transition"),
        ("auto", False, "combined"),
        ("transition", True, "transition"),
        ("physical", False, "physical"),
        ("combined_no_bus", False, "combined_no_bus"),
    ],
)
def test_the_member_follows_the_channel_of_physical_damage(asked: str, by_site: bool, member: str) -> None:
    assert member_for(asked, by_site) == member  # type: ignore[arg-type]


@pytest.mark.parametrize("asked", ["physical", "combined", "combined_no_bus"])
def test_physical_damage_never_counts_twice(asked: str) -> None:
    with pytest.raises(PathwayError, match="it would count twice"):
        member_for(asked, True)  # type: ignore[arg-type]


@settings(deadline=None)
@given(transition=st.floats(-50, 50), physical=st.floats(-50, 50))
def test_the_transition_member_is_what_leads_from_the_physical_to_the_combined_one(
    transition: float, physical: float
) -> None:
    both = ((1 + transition / 100) * (1 + physical / 100) - 1) * 100
    assert float(transition_from(both, physical, "deviation_percent")) == pytest.approx(transition, abs=1e-9)
    assert float(transition_from(transition + physical, physical, "deviation_points")) == pytest.approx(
        transition, abs=1e-9
    )
