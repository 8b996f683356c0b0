# SPDX-License-Identifier: Apache-2.0
"""Every confirmed row of the pollution wing's tables, with source and clause; a new one must be listed here first.

The list, ``confirmed_rows.csv``, was written from the texts that were opened. A row of the data that calls itself
confirmed and does not stand in it fails, and so does one of the list that is confirmed no longer.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from greenrisk.core.library import library_root

LIST = Path(__file__).parent / "confirmed_rows.csv"
OTHER_WINGS = (
    *("jiangxi_", "subsidy_", "provinces", "forest_"),
    *("altman_", "currency_rates", "damodaran_", "deflators_", "env_tax_", "issuer_", "jingdezhen_issuers_"),
    *("ngfs5_", "pathway_", "rating_"),
    *("manaus_", "wetland_"),
)
SHARED = Path(__file__).parents[3] / "shared" / "reference" / "hj941_critical_quantities.csv"


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as text:
        return list(csv.DictReader(text))


def listed() -> list[dict[str, str]]:
    return rows_of(LIST)


def key_columns(rows: list[dict[str, str]]) -> list[str]:
    """Return the fewest first columns that tell the rows apart."""
    names = list(rows[0])
    for count in range(1, len(names) + 1):
        if len({tuple(row[name] for name in names[:count]) for row in rows}) == len(rows):
            return names[:count]
    raise AssertionError("two rows are the same")


def confirmed_of_tables() -> set[tuple[str, str, str]]:
    found = set()
    for path in sorted((library_root() / "data").glob("*.csv")):
        if path.name.startswith(OTHER_WINGS):
            continue
        rows = rows_of(path)
        status = [name for name in (rows[0] if rows else {}) if name == "status" or name.endswith("_status")]
        if not status:
            continue
        keys = key_columns(rows)
        for row in rows:
            key = " | ".join(row[name] for name in keys if row[name])
            found |= {(path.name, name, key) for name in status if row[name] == "confirmed"}
    return found


def test_every_confirmed_row_is_listed_with_source_and_clause() -> None:
    ours = {(row["file"], row["status_column"], row["row"]) for row in listed()}
    found = confirmed_of_tables()
    assert sorted(found - ours) == [], "confirmed in the data, not in the list"
    assert sorted(ours - found) == [], "in the list, no longer confirmed in the data"
    assert all(row["source"].strip() and row["clause"].strip() for row in listed())


def test_the_list_is_not_empty_where_the_wing_has_confirmed_facts() -> None:
    files = {row["file"] for row in listed()}
    assert {
        "substances.csv",
        "event_levels.csv",
        "idm_groups.csv",
        "epa_rmp_rates.csv",
        "media_rules.csv",
    } <= files


def test_no_row_is_confirmed_whose_source_says_memory_or_judgement() -> None:
    for row in listed():
        source = row["source"].lower()
        assert "from memory" not in source, row
        assert "judge" not in source, row


@pytest.mark.parametrize(
    "path", sorted((library_root() / "models").glob("zone-*.yaml")), ids=lambda path: path.stem
)
def test_no_parameter_of_a_zone_card_is_confirmed(path: Path) -> None:
    """All are carried to China by judgement, or rest on columns whose meaning nobody has confirmed."""
    card = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    entries = {**card.get("parameters", {}), **(card.get("constants") or {})}
    assert entries
    found = {name: entry.get("status") for name, entry in entries.items() if isinstance(entry, dict)}
    assert "confirmed" not in found.values(), found


@pytest.mark.skipif(not SHARED.exists(), reason="needs ../shared/reference")
def test_critical_quantities_are_confirmed_where_the_shared_table_says_so_and_nowhere_else() -> None:
    shared = {row["name_zh"]: row for row in rows_of(SHARED)}
    ours = {row["name_zh"]: row for row in rows_of(library_root() / "data" / "substances.csv")}
    assert set(shared) <= set(ours)
    for name, row in shared.items():
        assert ours[name]["quantity_status"] == row["status"], name
        assert float(ours[name]["critical_quantity_t"]) == float(row["critical_quantity_t"]), name
