# SPDX-License-Identifier: Apache-2.0
"""What is odd in a zone's tables but may be right: told in the ledger and on the console; own claims that cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from spoilt_zone import Zone, places
from studied_zone import write_zone

from greenrisk.cli.main import cli
from greenrisk.core.library import find
from greenrisk.scenario.load import load


@pytest.fixture
def zone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Zone:
    """Return a small zone in the working folder."""
    monkeypatch.chdir(tmp_path)
    return Zone(tmp_path)


def test_own_claims_of_the_future_and_below_the_least_reported_are_told_by_row(zone: Zone) -> None:
    (zone.folder / "claims.csv").write_text(
        "accident_id,year,head,amount_cny\nK1,2020,clean_up,50000\nK2,2027,clean_up,60000\nK3,2021,clean_up,900\n",
        encoding="utf-8",
    )
    zone.add("severity: {own_claims: claims.csv, claims_plant_years_outside: 100, reported_from_cny: 1000}\n")
    message = zone.refusal()
    assert places(message) == ["claims.csv:3", "claims.csv:4"]
    assert "Later than 2026, the year before `underwriting_year`" in message
    assert "Below `severity.reported_from_cny`, 1,000" in message


ODD = {
    "a revenue in 10,000 CNY": (
        ("plants", 1, "revenue_cny", 6),
        "plants.csv: revenue_cny",
        "row 3 (B, 6)",
        "60000",
    ),
    "a limit in 10,000 CNY": (
        ("plants", 0, "limit_cny", 30000),
        "plants.csv: limit_cny",
        "row 2 (A, 30000)",
        "300000000 for 30000",
    ),
    "a share for percent": (
        ("substances", 1, "concentration_percent", 0.31),
        "substances.csv: concentration_percent",
        "row 3 (0.31 %)",
        "31 for 0.31",
    ),
    "a plant without holdings": (
        ("substances", 2, "plant_id", "A"),
        "plants.csv: holdings",
        "(Q0): B.",
        "complete?",
    ),
}


@pytest.mark.parametrize("case", ODD)
def test_what_is_odd_but_may_be_right_is_told_in_the_ledger_and_on_the_console(zone: Zone, case: str) -> None:
    change, subject, place, mend = ODD[case]
    zone.set(change)
    path = write_zone(zone.folder, zone.frames, zone.scenario)
    (line,) = [entry for entry in load(path.name).prepare().ledger if entry.subject == subject]
    assert line.kind == "unreliable"
    assert place in line.detail
    assert mend in line.detail
    assert line.detail in CliRunner().invoke(cli, ["grade", "."]).output


def test_a_tariff_whose_base_looks_like_percent_is_told(zone: Zone) -> None:
    shipped = find("data", "zone_tariff_illustrative")
    assert shipped is not None
    text = shipped.read_text(encoding="utf-8").replace("base,*,0.01,0.01,0.02", "base,*,1.2,0.01,2")
    (zone.folder / "tariff.csv").write_text(text, encoding="utf-8")
    zone.add("tariff: tariff.csv\n")
    job = load(write_zone(zone.folder, zone.frames, zone.scenario)).prepare()
    (line,) = [entry for entry in job.ledger if entry.subject == "tariff.csv: base"]
    assert line.detail.startswith("The base is 1.2: a yearly premium of 120% of the limit, more than 20%")
    assert line.detail.endswith("Then write 0.012.")
