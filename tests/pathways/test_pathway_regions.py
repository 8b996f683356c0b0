# SPDX-License-Identifier: Apache-2.0
"""From countries to regions: the model's own, and the world as a fall-back that is counted."""

from __future__ import annotations

import pytest

from greenrisk.core.ledger import Ledger
from greenrisk.pathways.regions import regions_of, tell_regions

REMIND = {"China", "EU 28", "Japan", "United States of America", "World"}
NIGEM = {"China", "Europe", "Japan", "United Kingdom", "United States", "World"}
COMPACT = {"China", "EU", "Japan", "USA", "World"}


@pytest.mark.parametrize(
    ("country", "model", "present", "region"),
    [
        ("CN", "REMIND-MAgPIE 3.3-4.8", REMIND, "China"),
        ("cn", "NiGEM NGFS v1.24.2[REMIND-MAgPIE 3.3-4.8]", NIGEM, "China"),
        ("US", "REMIND-MAgPIE 3.3-4.8", REMIND, "United States of America"),
        ("US", "NiGEM", NIGEM, "United States"),
        ("US", "REMIND", COMPACT, "USA"),
        ("GB", "REMIND-MAgPIE 3.3-4.8", REMIND, "EU 28"),
        ("GB", "NiGEM NGFS v1.24.2[REMIND-MAgPIE 3.3-4.8]", NIGEM, "United Kingdom"),
        ("DE", "NiGEM", NIGEM, "Europe"),
        ("DE", "REMIND", COMPACT, "EU"),
    ],
)
def test_a_country_is_in_the_region_of_its_model(
    country: str, model: str, present: set[str], region: str
) -> None:
    found = regions_of().of(country, model, present)
    assert found.region == region
    assert not found.fall_back


def test_a_country_without_a_region_falls_back_to_the_world_and_is_counted_once() -> None:
    regions, ledger = regions_of(), Ledger()
    found = [regions.of(country, "REMIND", COMPACT) for country in ("BR", "KR", "BR", "CN", "DE")]
    assert [one.fall_back for one in found] == [True, True, True, False, False]
    tell_regions(found, ledger, "pathway late")
    lines = list(ledger)
    assert (lines[0].detail, lines[0].count) == (
        "No region of the table holds BR, KR: `World` stands for them.",
        2,
    )
    assert (lines[1].status, lines[1].count) == ("unconfirmed", 1)
    assert "DE in EU" in lines[1].detail


def test_the_world_under_its_other_name_is_no_fall_back() -> None:
    found = regions_of().of("World", "GCAM 5.3+ NGFS", {"Global", "Indonesia"})
    assert (found.region, found.fall_back) == ("Global", False)


def test_nothing_is_found_where_there_is_neither_region_nor_world() -> None:
    assert regions_of().of("BR", "NiGEM", {"China"}).region == ""
