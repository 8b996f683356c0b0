# SPDX-License-Identifier: Apache-2.0
"""docs/explanation/pollution.md says what its script computes, and its sentences follow from those tables."""

from __future__ import annotations

import importlib.util
import math
import re
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
