# SPDX-License-Identifier: Apache-2.0
"""Blank rows in a user's tables: skipped, told, and counted wherever a message or a result names a row of the file."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from small_zone import small_zone
from studied_zone import small_job, write_zone

from greenrisk.core.errors import GreenRiskError


def with_blanks(folder: Path, frames: dict[str, pd.DataFrame]) -> Path:
    """Write a zone whose plants and substances have a blank row below the header and two in the middle."""
    path = write_zone(folder, frames)
    for name in ("plants", "substances"):
        lines = (folder / f"{name}.csv").read_text(encoding="utf-8").splitlines()
        blank = "," * lines[0].count(",")
        spread = [lines[0], blank, *lines[1:3], blank, "", *lines[3:]]
        (folder / f"{name}.csv").write_text("\n".join(spread) + "\n", encoding="utf-8")
    return path


def row_of(file: Path, words: str) -> int:
    """Return the only line of a file that holds words, the header being line 1."""
    (number,) = [
        number
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1)
        if words in line
    ]
    return number


def test_messages_name_the_row_as_a_spreadsheet_counts_it(tmp_path: Path) -> None:
    frames = small_zone()
    plants, held = frames["zone-plants"].astype(object), frames["zone-substances"].astype(object)
    plants.loc[2, ["owner", "name"]] = plants.loc[0, ["owner", "name"]]  # the same plant twice
    plants.loc[1, "people_1km"] = 50.0  # fewer than within 500 m
    held.loc[2, "cas"] = "108-88-5"  # a mistyped digit
    held = pd.concat([held, held.iloc[[3]]], ignore_index=True)  # a holding twice
    held.loc[1, "plant_id"] = "Z"  # no such plant
    frames |= {"zone-plants": plants, "zone-substances": held}
    path = with_blanks(tmp_path, frames)
    with pytest.raises(GreenRiskError) as caught:
        small_job(path)
    found = {fault.where.rpartition("/")[2]: fault for fault in caught.value.faults}
    lines = [
        line.split(",")[0] for line in (tmp_path / "plants.csv").read_text(encoding="utf-8").splitlines()
    ]
    first, third = lines.index("A") + 1, lines.index("C") + 1
    assert (first, lines.index("B") + 1, third) == (3, 4, 7)
    assert f"stands in row {first} as A" in found[f"plants.csv:{third}"].expected
    assert found["plants.csv:4"].what == "people_500m = 100"
    file = tmp_path / "substances.csv"
    assert found[f"substances.csv:{row_of(file, '108-88-5')}"].what == "cas = 108-88-5"
    assert found[f"substances.csv:{row_of(file, 'Z,')}"].what == "plant_id = Z"
    assert "stands in row 8" in found["substances.csv:9"].expected
    assert len(found) == 5


def test_the_rows_of_the_holdings_in_the_result_are_those_of_the_file(tmp_path: Path) -> None:
    job = small_job(with_blanks(tmp_path, small_zone()))
    holdings = job.facts.inventory.holdings
    lines = (tmp_path / "substances.csv").read_text(encoding="utf-8").splitlines()
    for row, cas, tonnes in zip(holdings.row, holdings.cas, holdings.max_t, strict=True):
        assert str(cas) in lines[row - 1]
        assert f"{tonnes:g}" in lines[row - 1]
    assert sorted(holdings.row.tolist()) == [3, 4, 7, 8]
    (line,) = [entry for entry in job.ledger if (entry.kind, entry.subject) == ("dropped", "substances.csv")]
    assert (line.detail, line.count) == ("Blank rows were skipped.", 3)
