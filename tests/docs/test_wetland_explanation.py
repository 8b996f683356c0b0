# SPDX-License-Identifier: Apache-2.0
"""docs/explanation/wetland.md says what its script computes, and its sentences follow from those tables."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest

from greenrisk.core.cards import read_card

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/explanation/wetland.md").read_text(encoding="utf-8")
NILE, MANAUS, FIRES = "Nile at Aswan", "Rio Negro at Manaus", "fires of six provinces"


@pytest.fixture(scope="module")
def evidence() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "wetland_evidence", ROOT / "benchmarks" / "wetland_evidence.py"
    )
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


def rows(name: str) -> list[list[str]]:
    """Return the cells of a table, without its head."""
    lines = [line for line in block(name).splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def number(cell: str) -> float:
    """Return the first number of a cell."""
    return float(re.findall(r"-?[\d,.]+\d|\d", cell)[0].replace(",", ""))


def premiums(record: str) -> dict[str, tuple[float, float]]:
    """Return mean of the years and fitted law by treatment; NaN where there is no law."""
    return {
        row[1].strip("`"): (number(row[3]), float("nan") if row[4] == "-" else number(row[4]))
        for row in rows("treatments")
        if row[0] == record
    }


@pytest.mark.slow
def test_the_tables_are_the_ones_computed(evidence: ModuleType) -> None:
    for name, text in evidence.tables().items():
        assert block(name) == text, f"{name}: refresh with `python benchmarks/wetland_evidence.py --write`."


def test_the_break_of_the_nile_is_that_of_the_literature() -> None:
    # Cobb (1978), and R's strucchange: 1898.
    (nile,) = (row for row in rows("changes") if row[0] == NILE)
    assert nile[2].startswith("after 1898")
    assert nile[7] == "step"


def test_treatments_of_the_nile_differ_fourfold() -> None:
    found = premiums(NILE)
    assert max(law for _, law in found.values()) / min(law for _, law in found.values()) == pytest.approx(
        4, abs=0.5
    )
    mean = [burn for burn, _ in found.values()]
    assert max(mean) / min(mean) > 4
    assert [row[5] for row in rows("treatments") if row[:2] == [NILE, "`linear`"]] == ["refused"]
    left = [pair for name, pair in found.items() if name != "linear"]
    assert all(max(column) / min(column) < 2 for column in zip(*left, strict=True))


def test_other_treatments_of_manaus_halve_its_premium() -> None:
    found = premiums(MANAUS)
    for name in ("linear", "step"):
        assert found[name][0] < 0.55 * found["none"][0]
        assert found[name][1] < 0.55 * found["none"][1]


def test_manaus_pays_five_years_of_one_half_and_three_of_the_other() -> None:
    halves = {
        row[0][:34]: row[2] for row in rows("out-of-sample") if row[0].startswith("paying years of the")
    }
    assert [number(cell) for cell in halves.values()] == [5, 3]
    lowest = pd.read_csv(ROOT / "data/manaus_rio_negro_monthly_level.csv").groupby("year")["level"].min()
    assert [(lowest[:45] < -4).sum(), (lowest[45:] < -4).sum()] == [5, 3]
    assert lowest.idxmin() == 1926


def test_the_manaus_record_is_an_anomaly_by_month() -> None:
    table = pd.read_csv(ROOT / "data/manaus_rio_negro_monthly_level.csv")
    assert len(table) == 1080
    assert "1,080 months of 1903 to 1992" in PAGE
    assert table.groupby("month")["level"].mean().abs().max() < 0.005
    assert {cell for cell in rows("anomaly")[0][1:]} == {"0.00"}


def test_out_of_sample_manaus_was_too_dear() -> None:
    for row in rows("out-of-sample"):
        if row[0].startswith("payments over premiums"):
            value, _, high = (float(one) for one in re.findall(r"[\d.]+", row[2]))
            assert value < 0.5
            assert high < 1


def test_two_of_the_four_worst_years_went_unpaid() -> None:
    found = {row[0]: row for row in rows("basis")}
    missed = found["Worst years that were not paid"]
    assert (number(missed[1]), missed[4]) == (0.5, "4")
    assert number(found["Rank correlation of loss and index"][1]) == pytest.approx(0.7, abs=0.05)
    assert number(found["Certainty equivalent, index cover against no cover"][1]) < 0


def test_a_step_would_price_five_times_as_much_for_the_fires() -> None:
    found = premiums(FIRES)
    for place in (0, 1):
        assert found["step"][place] / found["linear"][place] == pytest.approx(5, abs=1)


def test_no_number_of_a_wetland_card_is_confirmed() -> None:
    cards = sorted((ROOT / "models").glob("wetland-*.yaml"))
    assert len(cards) == 15
    statuses = {parameter.status for path in cards for parameter in read_card(path).parameters.values()}
    assert "confirmed" not in statuses


def test_services_are_three_to_thirty_times_what_may_be_insured() -> None:
    for row in rows("insurable"):
        if row[0] != "water intake":
            assert 2.5 < number(row[7]) / number(row[6]) < 31


def test_every_group_and_key_that_the_page_names_is_there() -> None:
    from generator.wetland_groups import GROUPS

    assert set(re.findall(r"`(/[a-z_/]+)`", PAGE)) <= set(GROUPS)
    keys = (ROOT / "docs/reference/scenario.md").read_text(encoding="utf-8")
    for key in (
        "accept_unit_change",
        "missing_share",
        "zero_rule",
        "trend_scale",
        "calibration",
        "upstream",
        "auto",
    ):
        assert f"`{key}" in PAGE
        assert key in keys, key
