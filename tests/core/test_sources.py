# SPDX-License-Identifier: Apache-2.0
"""Cards and tables that are found, hashed and told. Faults are in tests/errors."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from greenrisk.core.errors import ArgumentError, CardError, Fault, ScenarioError, TableError
from greenrisk.core.ledger import Ledger
from greenrisk.core.library import find
from greenrisk.core.marked_yaml import KeyPath, key_text
from greenrisk.core.sources import Sources
from greenrisk.core.tables import Column, TableSpec

COUNTIES = TableSpec(
    "counties",
    "Counties",
    (Column("county", "text", unique=True), Column("forest_area_ha", "number", low=0)),
)


def place(key_path: KeyPath) -> str:
    return f"here:{key_text(key_path)}"


@pytest.fixture
def sources(tmp_path: Path) -> Sources:
    return Sources(tmp_path, place, Ledger())


def digest(path: Path | None) -> str:
    assert path is not None
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_card_of_the_library_is_found_by_name_and_hashed(sources: Sources) -> None:
    card = sources.card("fire-size-jiangxi", ("size",), "wildfire.size")
    assert card is not None
    assert card.name == "fire-size-jiangxi"
    assert sources.inputs == {"card fire-size-jiangxi": digest(find("models", "fire-size-jiangxi"))}


def test_a_card_beside_the_scenario_is_found_by_its_path(sources: Sources, tmp_path: Path) -> None:
    shipped = find("models", "fire-size-jiangxi")
    assert shipped is not None
    text = shipped.read_text(encoding="utf-8").replace("name: fire-size-jiangxi", "name: mine")
    (tmp_path / "cards").mkdir()
    (tmp_path / "cards" / "mine.yaml").write_text(text, encoding="utf-8")
    card = sources.card("cards/mine.yaml", ("size",), "wildfire.size")
    assert card is not None
    assert card.name == "mine"
    assert sources.inputs == {"card cards/mine.yaml": digest(tmp_path / "cards" / "mine.yaml")}


def test_a_table_beside_the_scenario_wins_over_the_data_folder_and_the_package(tmp_path: Path) -> None:
    name = "jingdezhen_forest_by_county.csv"
    for folder, area in (("scenario", 1), ("data", 2)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / name).write_text(f"county,forest_area_ha\nX,{area}\n", encoding="utf-8")

    def areas(base: str) -> list[float]:
        sources = Sources(tmp_path / base, place, Ledger(), tmp_path / "data")
        table = sources.table(name, ("landscape",), COUNTIES)
        assert table is not None
        return list(table["forest_area_ha"])

    assert areas("scenario") == [1.0]
    assert areas("nowhere") == [2.0]
    package = Sources(tmp_path, place, Ledger()).table(name, ("landscape",), COUNTIES)
    assert package is not None
    assert len(package) > 1


def test_the_status_of_a_table_is_the_packages_or_the_users(sources: Sources, tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text("county,forest_area_ha\nX,1\n", encoding="utf-8")
    assert sources.status_of("own.csv") == "user"
    assert sources.status_of("jingdezhen_stands_synthetic.csv") == "synthetic"
    assert sources.status_of("jingdezhen_stands_synthetic") == "synthetic"


def test_faults_of_one_sort_keep_their_class(sources: Sources, tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text("county,forest_area_ha\nX,-1\n", encoding="utf-8")
    assert sources.table("bad.csv", ("landscape",), COUNTIES) is None
    with pytest.raises(TableError) as caught:
        sources.raise_if_any()
    assert caught.value.hint == "`greenrisk show table counties` lists its columns."


def test_faults_of_several_sorts_are_raised_together(sources: Sources, tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text("county,forest_area_ha\nX,-1\n", encoding="utf-8")
    (tmp_path / "bad.yaml").write_text("name: bad\n", encoding="utf-8")
    assert sources.table("bad.csv", ("landscape",), COUNTIES) is None
    assert sources.card("bad.yaml", ("size",), "wildfire.size") is None
    assert sources.card("nothing", ("tail",), "wildfire.tail") is None
    sources.fault(("years",), "years = 3", "Too few.", "year")
    with pytest.raises(ScenarioError) as caught:
        sources.raise_if_any()
    wheres = [fault.where for fault in caught.value.faults]
    assert wheres[-2:] == ["here:tail", "here:years"]
    assert wheres[0].endswith("bad.csv:2")
    assert not sources.inputs


def test_a_malformed_card_alone_is_a_card_error(sources: Sources, tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("name: bad\n", encoding="utf-8")
    sources.card("bad.yaml", ("size",), "wildfire.size")
    with pytest.raises(CardError):
        sources.raise_if_any()


def test_nothing_is_raised_where_nothing_is_wrong(sources: Sources) -> None:
    sources.raise_if_any()


def test_a_file_named_on_the_command_line_is_looked_for_where_one_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "counties.csv").write_text("county,forest_area_ha\nLeping,1000\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path / "here")
    for overridden, found in (((("landscape",),), True), ((), False)):
        sources = Sources(tmp_path / "scenarios", place, Ledger(), overridden=overridden)
        assert (sources.table("counties.csv", ("landscape",), COUNTIES) is not None) is found


def test_what_cannot_be_made_is_a_fault_of_its_key_or_of_its_table(sources: Sources) -> None:
    def refused(error: type[ArgumentError | TableError], where: str) -> Callable[[], int]:
        def make() -> int:
            raise error(Fault(where, "five", "Give four."))

        return make

    assert sources.made(lambda: 4, ("number",)) == 4
    assert sources.made(refused(ArgumentError, "number"), ("number",)) is None
    assert sources.made(refused(TableError, "own.csv:3"), ("number",)) is None
    assert sources.made(refused(ArgumentError, "number")) is None
    assert [fault.where for fault in sources.faults] == ["here:number", "own.csv:3", "number"]
