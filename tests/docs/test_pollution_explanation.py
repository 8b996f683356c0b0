# SPDX-License-Identifier: Apache-2.0
"""docs/explanation/pollution.md says what its script computes, and its sentences follow from those tables."""

from __future__ import annotations

import importlib.util
import math
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest

from greenrisk.actuarial.credibility.prior import GammaPoisson
from greenrisk.core.cards import read_card
from greenrisk.pollution.grading.rule_tables import RULE_TABLES

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/explanation/pollution.md").read_text(encoding="utf-8")
DATA = ROOT / "data"


@pytest.fixture(scope="module")
def evidence() -> ModuleType:
    spec = importlib.util.spec_from_file_location("zone_evidence", ROOT / "benchmarks" / "zone_evidence.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def block(name: str) -> str:
    """Return what stands between two marks of the page."""
    found = re.search(rf"<!-- {name}: made by [^>]*-->\n(.*?)\n?<!-- /{name} -->", PAGE, re.DOTALL)
    assert found, name
    return found[1]


def cells(name: str, row: str) -> list[str]:
    """Return the cells of a row of a table, by the beginning of its first cell."""
    lines = [line for line in block(name).splitlines() if line.startswith(f"| {row}")]
    assert len(lines) == 1, (name, row)
    return [cell.strip() for cell in lines[0].strip("|").split("|")]


def test_the_tables_are_the_ones_computed(evidence):
    for name, text in evidence.tables().items():
        assert block(name) == text, f"{name}: refresh with `python benchmarks/zone_evidence.py --write`."


def test_every_table_of_rules_that_can_be_confirmed_stands_in_the_list(evidence):
    # Costs of measures are no rule of the standard: nothing about them can be confirmed.
    rules = {name.replace("-", "_") for name in RULE_TABLES} - {"measure_costs"}
    assert rules <= {file for file, _ in evidence.RULE_FILES}


def test_no_row_of_controls_events_cuts_receptors_and_matrix_is_confirmed():
    for rule in ("control_points_air", "control_points_water", "event_points", "m_classes", "air_receptors"):
        assert set(pd.read_csv(DATA / f"hj941_{rule}.csv")["status"]) == {"unconfirmed"}
    for rule in ("water_receptors", "grade_matrix"):
        assert set(pd.read_csv(DATA / f"hj941_{rule}.csv")["status"]) == {"unconfirmed"}


def test_sixteen_thresholds_of_gb_18218_are_known():
    assert pd.read_csv(DATA / "substances.csv")["gb18218_threshold_t"].notna().sum() == 16
    assert "Thresholds of sixteen substances" in PAGE


def test_an_accident_in_ten_years_doubles_a_rate_of_one_in_a_hundred():
    # (a + 1) / (a / rate + T) = 2 / 110 at a = 1
    assert GammaPoisson(1.0, 100.0).update(1.0, 10.0).mean == pytest.approx(2 / 110)
    assert "doubles such a rate" in PAGE


def test_choices_of_tail_and_cap_move_the_expected_loss_threefold(evidence):
    lines = block("tails").splitlines()[2:]
    sums = [float(line.strip("| ").split("|")[-1].replace(",", "")) for line in lines]
    assert max(sums) / min(sums) == pytest.approx(3.0, abs=0.5)


def test_the_shape_moves_with_the_threshold_as_the_page_says():
    found = cells("severity", "third-party property")
    assert found[4].startswith("1.34")
    assert found[5].startswith("0.45")
    assert "**The shape of third-party property moves from\n1.34 to 0.45" in PAGE


def test_chemical_plants_damage_more_than_the_model_brings_and_ammonia_sites_do_not():
    table = pd.read_csv(DATA / "epa_rmp_offsite_damage.csv").set_index(["kind", "code", "window"])
    card = read_card(ROOT / "models/zone-severity-phmsa.yaml").values()
    # The body alone, in USD: the median and the 90 % quantile of the fits' lognormal lie near the spliced law's.
    median = math.exp(float(card["third_party_property_mu"]))
    chemicals, ammonia = (
        table.loc[key, ["p50_usd", "p90_usd"]].to_numpy(dtype=float)
        for key in (("naics", "325", "all"), ("chemical", "Ammonia (anhydrous)", "all"))
    )
    assert chemicals[0] > 5 * median
    assert median / 2 < ammonia[0] < 2 * median
    model = np.array(
        [float(cell.replace(",", "")) for cell in cells("fails", "the model, tail above 80 %")[1:6]]
    )
    assert chemicals[1] > 10 * 1e3 * model[2]
    assert ammonia[1] < 2 * 1e3 * model[2]
    chances = [float(cell) for cell in cells("fails", "chemicals (NAICS 325)")[-2:]]
    assert chances == [pytest.approx(1 / 50, rel=0.3), pytest.approx(1 / 50_000, rel=0.3)]


def test_factors_to_china_are_at_least_tenfold_and_none_is_confirmed():
    card = read_card(ROOT / "models/zone-transfer-china-judged.yaml")
    for name in ("frequency_factor", "severity_factor"):
        low, high = (float(end) for end in card.parameters[name].ends())
        assert high / low >= 10
        assert card.parameters[name].status == "illustrative"
    assert "elevenfold each" in PAGE


def test_shares_of_accidents_with_damage_off_site_are_those_of_the_card():
    card = read_card(ROOT / "models/zone-severity-phmsa.yaml")
    positive = card.parameters["third_party_property_share_positive"]
    told = re.search(
        r"fewer RMP accidents damage anything off site \(([\d.]+) %\) than\s+pipeline accidents do \(([\d.]+) %\)",
        PAGE,
    )
    assert told
    assert float(told[1]) == pytest.approx(100.0 * float(positive.ends()[0]), abs=0.05)
    assert float(told[2]) == pytest.approx(100.0 * float(positive.value), abs=0.05)


def test_what_losses_are_set_beside_is_what_the_tables_hold():
    anchors = pd.read_csv(DATA / "zone_plausibility_anchors.csv").set_index("anchor")["value"]
    assert anchors["national_mean_direct_loss"] == 5e5
    assert "about half a million CNY" in PAGE
    assert [anchors[f"loss_ratio_{end}"] for end in ("low", "high")] == [0.03, 1.0]
    assert "the ledger warns outside 3 to 100 %" in PAGE
    assert [anchors[f"rate_on_line_{end}"] for end in ("low", "high")] == [0.01, 0.02]
    assert "rate on line of 1 to 2 %" in PAGE
    levels = pd.read_csv(DATA / "event_levels.csv")["direct_loss_from_cny"]
    assert sorted(levels) == [0, 5e6, 20e6, 100e6]
    assert "国办函〔2014〕119号: 5, 20 and 100 million CNY" in PAGE


def test_the_thresholds_beside_the_critical_quantities_are_those_of_the_table():
    rows = pd.read_csv(DATA / "substances.csv").set_index("name_zh")
    told = "ammonia 10 t against 5 t, methanol 500 t against 10 t"
    pairs = {
        name: [float(rows.loc[name, column]) for column in ("gb18218_threshold_t", "critical_quantity_t")]
        for name in ("氨气", "甲醇")
    }
    assert pairs == {"氨气": [10.0, 5.0], "甲醇": [500.0, 10.0]}
    assert told in PAGE


def test_the_factor_of_the_grade_is_that_of_the_card():
    card = read_card(ROOT / "models/zone-rating-factors-judged.yaml").values()
    assert (card["grade_general"], card["grade_major"]) == (0.8, 1.3)
    assert "Its rating factor here is judged, 0.8 to 1.3" in PAGE


def test_every_group_file_and_key_that_the_page_names_is_there():
    from generator.zone_groups import GROUPS

    known = {*GROUPS, *(str(Path(group).parent) for group in GROUPS)}
    assert set(re.findall(r"`(/[a-z_/]+)`", PAGE)) <= known
    for file in re.findall(r"`data/([a-z0-9_]+\.csv)`", PAGE):
        assert (DATA / file).exists()
    keys = (ROOT / "docs/reference/scenario.md").read_text(encoding="utf-8")
    named = re.findall(r"`((?:grading|frequency|severity|mandate|policy|inventory)\.[a-z_.]+)`", PAGE)
    assert named
    assert [key for key in named if f"| `{key}` |" not in keys] == []


@pytest.mark.usefixtures("bash")
def test_the_commands_that_the_page_names_end_well():
    commands = re.findall(r"`greenrisk ((?:show|list|grade|run) [^`]+)`", PAGE)
    assert {command.split()[0] for command in commands} == {"show", "list", "grade", "run"}
    for command in commands:
        words = command.replace("my-zone.yaml --plant ID", "zone-leping --plant LZ09").split()
        if words[0] != "run":
            subprocess.run(
                [sys.executable, "-m", "greenrisk", *words], cwd=ROOT, capture_output=True, check=True
            )
