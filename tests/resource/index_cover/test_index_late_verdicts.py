# SPDX-License-Identifier: Apache-2.0
"""A verdict that the last years of a record changed is told; one that stood before them is not."""

from __future__ import annotations

import numpy as np
import pytest
from studied_index import prepared

from greenrisk.core.ledger import Ledger
from greenrisk.resource.index_cover.late_verdicts import late_verdicts, tell_late_verdicts
from greenrisk.resource.wetland.model import WetlandModel
from greenrisk.scenario.load import load


@pytest.fixture(scope="module")
def manaus() -> WetlandModel:
    small = {"years": "1000", "knowledge.draws": "20", "knowledge.years": "1000"}
    model = load("wetland-manaus", small).prepare().model
    assert isinstance(model, WetlandModel)
    return model


def test_the_last_years_of_manaus_changed_the_verdict_and_that_is_unreliable(manaus: WetlandModel) -> None:
    # a reviewer's own tests of the 85 to 89 years before 1992: linear, linear, step, step, linear
    assert manaus.index is not None
    (name,) = manaus.index.record.changes
    ledger = Ledger()
    tell_late_verdicts(manaus.index, ledger)
    (line,) = list(ledger)
    assert (line.kind, line.subject, line.count) == ("unreliable", f"undecided treatment of {name}", 5)
    assert "neither step nor trend of the whole record" in line.detail
    for year, verdict in ((1991, "trend"), (1990, "step"), (1989, "step"), (1988, "trend"), (1987, "trend")):
        assert f"a {verdict} up to {year}" in line.detail


def test_the_step_of_the_nile_stood_long_before_and_nothing_is_told() -> None:
    ledger = Ledger()
    tell_late_verdicts(prepared("wetland-nile").model, ledger)
    assert not list(ledger)


def test_a_record_too_short_for_the_tests_says_nothing() -> None:
    year = np.arange(2000, 2010)
    value = np.random.default_rng(1).standard_normal(10)
    # of 10 years, those of 9 and 8 are tested
    assert [end for end, _ in late_verdicts(year, value, "plain", 0.05, 1)] == [2008, 2007]
    assert late_verdicts(year[:1], value[:1], "plain", 0.05, 1) == []
