# SPDX-License-Identifier: Apache-2.0
"""A record that ends long before the cover begins is told, for an index and for a wetland alike."""

from __future__ import annotations

import pytest
from studied_index import prepared

from greenrisk.core.ledger import Ledger
from greenrisk.resource.index_cover.record_end import tell_end
from greenrisk.scenario.load import load


@pytest.mark.parametrize(
    ("last_year", "kind"),
    [(2026, None), (2025, "assumption"), (2018, "assumption"), (2017, "unreliable"), (1992, "unreliable")],
)
def test_from_two_years_on_it_is_told_and_from_ten_on_the_price_is_unreliable(
    last_year: int, kind: str | None
) -> None:
    ledger = Ledger()
    tell_end(last_year, 2027, ledger)
    assert [one.kind for one in ledger] == ([] if kind is None else [kind])
    for one in ledger:
        assert one.count == 2027 - last_year
        assert str(last_year) in one.detail
        assert "2027" in one.detail


def test_manaus_ends_35_years_before_the_cover_which_is_unreliable() -> None:
    job = load(
        "wetland-manaus", {"years": "1000", "knowledge.draws": "20", "knowledge.years": "1000"}
    ).prepare()
    subject = "record that ends 35 years before the cover"
    (line,) = [one for one in job.ledger if one.subject == subject]
    assert line.kind == "unreliable"


def test_the_nile_is_priced_for_the_year_after_its_record() -> None:
    job = prepared("wetland-nile")
    assert job.facts.spec.underwriting_year - int(job.model.record.year[-1]) == 1
    assert not any("before the cover" in one.subject for one in job.ledger)
