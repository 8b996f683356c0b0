# SPDX-License-Identifier: Apache-2.0
"""Premiums side by side: burn analysis and laws for every treatment, on the Nile and at Manaus."""

from __future__ import annotations

import math

import numpy as np
import pytest
from index_records import record
from priced_records import cover, linear, of_events, part, yearly

from greenrisk.resource.index_cover.changes import detect_changes
from greenrisk.resource.index_cover.history_spec import HistorySpec
from greenrisk.resource.index_cover.premium_views import TreatmentView, premium_views


def views(name: str, trigger: float, full: float, law: str = "best") -> dict[str, TreatmentView]:
    year, value, scale = record(name)
    index = yearly(int(year[0]), value)
    asked = part(cover(linear("below", trigger, full), 1000.0), history=HistorySpec(law=law))  # type: ignore[arg-type]
    found = premium_views(
        asked, {"i": index}, {"i": detect_changes(year, value, scale)}, {"i": scale}, block_years=5
    )
    return {view.treatment: view for view in found}


def test_on_the_nile_the_treatment_moves_the_premium_three_and_a_half_fold() -> None:
    found = views("nile", 800.0, 600.0)
    assert list(found) == ["none", "linear", "step", "post_break"]
    value = record("nile")[1]
    # By hand: 1871-1898 moved by the difference of the means after and before.
    moved = np.append(value[:28] - value[:28].mean() + value[28:].mean(), value[28:])
    years = np.arange(100.0)
    slope = np.polyfit(years, value, 1)[0]
    line = value - slope * years + slope * 99.0
    for treatment, x in (("none", value), ("linear", line), ("step", moved), ("post_break", value[28:])):
        mean = 1000.0 * np.clip((800.0 - x) / 200.0, 0.0, 1.0).mean()
        burned = found[treatment].burn
        assert burned is not None
        assert burned.mean == pytest.approx(mean, rel=1e-9)
        assert burned.low < mean < burned.high
    none, linear_ = found["none"].burn, found["linear"].burn
    assert none is not None
    assert linear_ is not None
    assert 3.4 < linear_.mean / none.mean < 3.6
    assert found["linear"].refused.startswith("The record has a step after 1898")
    assert found["none"].refused == found["step"].refused == found["post_break"].refused == ""


def test_every_law_stands_beside_the_burn() -> None:
    found = views("manaus_min", -4.0, -6.0, law="gev")["none"]
    by = {one.family: one for one in found.families}
    assert by["gamma"].refused.startswith("79 of 90 years are 0 or less")
    assert math.isnan(by["gamma"].pure_premium)
    # tests/reference/resource/index_laws.csv: shares by R's evd.
    assert by["gumbel"].pure_premium == pytest.approx(49.6579, abs=1e-3)
    assert by["gev"].pure_premium == pytest.approx(35.0533, abs=1e-3)
    assert found.law == by["gev"]
    assert found.burn is not None
    assert by["empirical"].pure_premium == pytest.approx(found.burn.mean, rel=1e-12)


def test_an_index_of_events_is_priced_as_it_is_under_every_treatment() -> None:
    rng = np.random.default_rng(3)
    events = [
        (int(place), float(one))
        for place, one in zip(rng.integers(0, 30, 40), rng.gamma(9, 10, 40), strict=True)
    ]
    asked = part(cover(linear("above", 100.0, 150.0), 1000.0))
    found = premium_views(asked, {"i": of_events(1990, 30, events)}, {}, {}, block_years=1)
    assert len({view.law.pure_premium for view in found}) == 1
    assert {view.sentence for view in found} == {"An index of events is used as it is."}


def test_years_that_do_not_meet_are_told_beside_the_burn() -> None:
    # Each index has 20 known years, both together 5: no law of both, and nothing to burn in the others.
    rng = np.random.default_rng(5)
    a, b = rng.standard_normal((2, 35))
    a[20:], b[:15] = np.nan, np.nan
    asked = part(
        cover(linear("below", 0.0, -2.0, index="a"), 100.0, name="a"),
        cover(linear("below", 0.0, -2.0, index="b"), 100.0, name="b"),
        indices=("a", "b"),
    )
    indices = {"a": yearly(1950, a, "a"), "b": yearly(1950, b, "b")}
    changes = {name: detect_changes(index.year, index.value) for name, index in indices.items()}
    found = premium_views(asked, indices, changes, {"a": "plain", "b": "plain"}, block_years=1)[0]
    assert found.law.refused.startswith("`a` and `b` have 5 known years in common")
    assert found.burn is not None
    assert found.burn.years == 5
