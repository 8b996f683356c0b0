# SPDX-License-Identifier: Apache-2.0
"""What is wrong with a wetland scenario, its tables and cards is told at once, with place and mend."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import greenrisk
from greenrisk.core.errors import GreenRiskError, ScenarioError
from tests.studied_wetland import FEW, write_few

INDEX = """\
index:
  series: {river: {kind: table, file: river.csv, value: level, unit: m}}
  indices:
    low: {kind: season_value, series: river, statistic: min}
    mean: {kind: season_value, series: river, statistic: mean}
  covers:
    - name: low river
      payout: {kind: linear, index: low, pays: below, trigger: -4, exit: -7}
      sum_insured_cny: 1000000
"""
LINK = "link: {index: low, declared: The authors hold that low years are bad years for the sites along the river.}\n"


def refused(folder: Path, text: str, **settings: str) -> str:
    with pytest.raises(GreenRiskError) as caught:
        greenrisk.run(write_few(folder, text), **settings)
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (FEW.replace("  - kind: spill", "  - kind: low_water"), "low_water stands there 2 times"),
        (FEW.replace("kind: spill", "kind: hail"), "hail"),
        (FEW + INDEX, "`index` is given without `link`"),
        (FEW + LINK, "`link` is given without `index`"),
        (
            FEW + INDEX + LINK.replace("index: low", "index: mean"),
            "the first index that a cover pays for is `low`",
        ),
        (FEW.replace("  - kind: low_water\n", "") + INDEX + LINK, "linked to low water, which is not among"),
        (FEW.replace("  - kind: spill\n", "") + "upstream: {zone: runs/zone}\n", "`spill` is not among"),
        (
            FEW + "reinsurance: {covers: [{kind: surplus, retention_cny: 1000, lines: 2}]}\n",
            "A surplus treaty cedes by stand or owner",
        ),
        (
            FEW
            + "reinsurance: {covers: [{kind: excess_of_loss, attachment_cny: 1, limit_cny: 2, perils: [heat]}]}\n",
            "is for heat, which is not insured",
        ),
        (FEW + "payers: [{name: a, share: 0.5}, {name: b, share: 0.4}]\n", "sum to 0.9"),
        (FEW + "terms: {deductible_share: 1.2}\n", "deductible_share"),
        (
            FEW + INDEX + "  calibration: {method: certainty_equivalent}\n" + LINK,
            "weighs recorded losses, and sites have none",
        ),
    ],
)
def test_a_scenario_that_makes_no_sense_is_refused_with_its_place(
    tmp_path: Path, text: str, told: str
) -> None:
    message = refused(tmp_path, text)
    assert told in message
    assert "few.yaml:" in message


def test_faults_of_tables_cards_and_series_are_told_together(tmp_path: Path) -> None:
    text = FEW.replace("  - kind: spill\n", "  - {kind: spill, card: wetland-storm-judged}\n")
    text = text.replace("sites: sites.csv\n", "sites: spoilt.csv\n") + INDEX + LINK
    text += "costs: {restoration: nowhere}\nupstream: {zone: no/such/run}\n"
    path = write_few(tmp_path, text)
    spoilt = (tmp_path / "sites.csv").read_text().replace("-60.1,", ",").replace("900.0", "-900")
    (tmp_path / "spoilt.csv").write_text(spoilt)
    with pytest.raises(ScenarioError) as caught:
        greenrisk.run(path)
    told = str(caught.value)
    for piece in (
        "spoilt.csv:3",
        "lon",
        "spoilt.csv:4",
        "area_ha = -900",
        "costs.restoration = nowhere",
        "a card for wetland.spill is needed",
        "index.series.river.file = river.csv",
        "upstream.zone = no/such/run",
    ):
        assert piece in told, piece


def test_a_card_whose_ranges_make_no_law_is_named_before_any_work(tmp_path: Path) -> None:
    card = Path(__file__).parents[3] / "models" / "wetland-low-water-judged.yaml"
    own = card.read_text().replace("name: wetland-low-water-judged", "name: own-low-water")
    own = own.replace("low: 5\n      high: 20\n", "low: 5\n      high: 400\n", 1)
    assert "high: 400" in own
    (tmp_path / "own-low-water.yaml").write_text(own)
    told = refused(tmp_path, FEW.replace("kind: low_water", "{kind: low_water, card: own-low-water.yaml}"))
    assert "card own-low-water.yaml" in told
    assert "onset_period" in told
    assert "narrow them" in told


SPILLS = "upstream: {zone: zone-run, river_km: 40}\n"


def zone_run(folder: Path, spills: str | None, kind: str = "zone") -> None:
    run = folder / "zone-run"
    (run / "tables").mkdir(parents=True)
    settings = {"kind": kind, "name": "a zone", "years": 1000}
    (run / "manifest.json").write_text(json.dumps({"settings": settings}))
    if spills is not None:
        (run / "tables" / "spills.csv").write_text(spills)


def test_a_run_without_spills_leaves_the_card_in_force_and_is_told(tmp_path: Path) -> None:
    zone_run(tmp_path, None)
    result = greenrisk.run(write_few(tmp_path, FEW + SPILLS))
    assert result.tree.attrs["spills_from"] == "card"
    ledger = result.tree["ledger"].to_dataset().to_dataframe()
    assert ledger["detail"].str.contains("has no tables/spills.csv").any()
    plain = greenrisk.run(write_few(tmp_path)).tree
    assert plain["perils"]["ground_up"].values == pytest.approx(result.tree["perils"]["ground_up"].values)


def test_spills_of_a_run_stand_for_those_of_the_card(tmp_path: Path) -> None:
    rows = "\n".join(f"{year},50" for year in range(0, 1000, 10))
    zone_run(tmp_path, f"year,quantity_t\n{rows}\n")
    tree = greenrisk.run(write_few(tmp_path, FEW + SPILLS)).tree
    assert tree.attrs["spills_from"] == "upstream run"
    events = tree["perils"]["events"].sel(peril="spill").item()
    error = (0.1 * 0.9 / 3000) ** 0.5
    assert abs(events - 0.1) < 4 * error
    answers = tree["alternatives"]["answer"].values.tolist()
    assert answers == ["the card"]


@pytest.mark.parametrize(
    ("spills", "setting", "told"),
    [
        ("year,quantity_t\n1000,5\n", SPILLS, "The table holds the year 1000"),
        ("year,quantity_t\n1,-5\n", SPILLS, "quantity_t = -5"),
        ("year,quantity_t\n1,5\n", "upstream: {zone: zone-run}\n", "give `river_km`"),
        (
            "year,quantity_t\n1,5\n",
            "upstream: {zone: zone-run/tables/spills.csv, river_km: 1}\n",
            "give `years`",
        ),
    ],
)
def test_faults_of_an_upstream_run(tmp_path: Path, spills: str, setting: str, told: str) -> None:
    zone_run(tmp_path, spills)
    assert told in refused(tmp_path, FEW + setting)


def test_a_run_of_another_kind_is_refused(tmp_path: Path) -> None:
    zone_run(tmp_path, None, kind="forest")
    assert "This is a run of kind `forest`" in refused(tmp_path, FEW + SPILLS)
