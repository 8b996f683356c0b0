# SPDX-License-Identifier: Apache-2.0
"""docs/explanation/issuer.md says what its script computes, and names only what is there."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

from greenrisk.core.cards import read_card
from greenrisk.issuer.channels.spec import ORDER
from greenrisk.issuer.credit.interest_cover import cover_table
from greenrisk.issuer.credit.lenses import standard_lenses
from greenrisk.issuer.credit.scale import rating_scale

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/explanation/issuer.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def evidence() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "issuer_evidence", ROOT / "benchmarks" / "issuer_evidence.py"
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


def cells(name: str, row: str) -> list[str]:
    """Return the cells of a row of a table, by the beginning of its first cell."""
    lines = [line for line in block(name).splitlines() if line.startswith(f"| {row}")]
    assert len(lines) == 1, (name, row)
    return [cell.strip() for cell in lines[0].strip("|").split("|")]


def test_the_tables_are_the_ones_computed(evidence: ModuleType) -> None:
    for name, text in evidence.tables().items():
        assert block(name) == text, f"{name}: refresh with `python benchmarks/issuer_evidence.py --write`."


def test_the_carbon_price_is_that_of_the_ngfs_explorer() -> None:
    # REMIND, China, Price|Carbon, US$2010/t, as read in the extract of phase 5.
    for scenario, told in (("net-zero-2050", (152.4, 249.9, 708.8)), ("delayed", (5.95, 66.2, 279.0))):
        row = cells("carbon-prices", scenario)
        shown = [float(re.search(r"\(([\d.,]+)\)", row[column])[1]) for column in (2, 3, 5)]  # type: ignore[index]
        assert shown == pytest.approx(told, abs=0.051)


def test_quantity_answers_to_price_by_the_elasticity_of_the_card() -> None:
    card = read_card(ROOT / "models/issuer-carbon-channel-judged.yaml").values()
    price, quantity = cells("carbon-step", "selling price"), cells("carbon-step", "quantity")
    for column, sector in ((1, "_coal_power"), (2, "_cement"), (3, "")):
        rise, fall = (float(row[column].rstrip("%")) for row in (price, quantity))
        assert fall == pytest.approx(-float(card[f"demand_elasticity{sector}"]) * rise, abs=0.1)


def test_alone_and_interaction_add_up_to_all_jointly() -> None:
    def number(row: str, column: int) -> float:
        return float(cells("channel-parts", row)[column].replace(",", ""))

    for column, rounding in ((1, 1.0), (3, 2e-4)):
        joint = number("**all jointly**", column)
        assert number("sum", column) + number("interaction", column) == pytest.approx(joint, abs=rounding)


def test_every_channel_and_lens_has_a_row() -> None:
    rows = re.findall(r"^\| `([a-z_]+)` \|", PAGE, re.MULTILINE)
    assert set(ORDER) <= set(rows)
    bounds = {"debt_service_safe": 1.3, "runway_distress": 1.0, "runway_safe": 2.0}
    assert {lens.name for lens in standard_lenses(rating_scale(), cover_table(), **bounds)} <= set(rows)


def test_every_group_and_key_that_the_page_names_is_there() -> None:
    from generator.issuer_groups import GROUPS

    assert set(re.findall(r"`(/[a-z_/]+)`", PAGE)) <= set(GROUPS)
    keys = (ROOT / "docs/reference/scenario.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:pathways|statements|channels|credit|knowledge)\.[a-z_.]+)`", PAGE))
    assert named
    assert [key for key in sorted(named) if f"`{key}`" not in keys] == []
    for key in ("known_from", "headline_year", "handed_on", "free_allocation_decline", "demand_response"):
        assert f"`{key}" in PAGE
        assert f"{key}`" in keys, key
