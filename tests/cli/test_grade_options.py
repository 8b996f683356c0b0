# SPDX-License-Identifier: Apache-2.0
"""``greenrisk grade``: what the scenario says and the command line overrides, the year, and what lies in a folder."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner, Result
from small_zone import small_zone
from studied_zone import SCENARIO, write_zone

from greenrisk.cli.main import cli
from greenrisk.core.library import library_root
from greenrisk.scenario.load import load

Grade = Callable[..., Result]


@pytest.fixture
def grade(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Grade:
    """Run ``greenrisk grade`` in an empty folder and check how it ends."""
    monkeypatch.chdir(tmp_path)

    def run(*words: str, code: int = 0) -> Result:
        result = CliRunner().invoke(cli, ["grade", *words])
        assert result.exit_code == code, result.output
        return result

    return run


def grades_of(file: Path) -> dict[str, str]:
    frame = pd.read_csv(file)
    return dict(zip(frame["plant_id"], frame["written"], strict=True))


def test_a_scenario_is_graded_as_its_run_does(grade: Grade, tmp_path: Path) -> None:
    """Cut and reading of unknown parts are the scenario's; at Leping both move a grade."""
    shipped = (library_root() / "scenarios" / "zone-leping.yaml").read_text(encoding="utf-8")
    for cut, part in ((60, "low"), (65, "high")):
        text = f"{shipped}grading: {{m_cut: {cut}, unknown_part: {part}}}\n"
        (tmp_path / f"own{cut}.yaml").write_text(text, encoding="utf-8")
        said = grade(f"own{cut}.yaml").output
        assert f"M4 from {cut} points; parts that are not known read {part}." in said
        assert "instead of" not in said
        grade(f"own{cut}.yaml", "--out", f"{cut}.csv")
        found = load(f"own{cut}.yaml", {"years": 1000, "knowledge.draws": 20}).prepare().facts.grade
        assert found.cut == cut
        assert [found.part, found.boundary] == [part, "sensitive"]
        words = ["not graded", "general", "larger", "major"]
        assert pd.read_csv(f"{cut}.csv")["grade"].tolist() == [
            words[code + 1] for code in found.headline.grade
        ]
    assert grades_of(tmp_path / "60.csv") != grades_of(tmp_path / "65.csv")


def test_an_option_overrides_the_scenario_and_is_told(grade: Grade, tmp_path: Path) -> None:
    write_zone(tmp_path, small_zone(), f"{SCENARIO}grading: {{m_cut: 60}}\n")
    assert "M4 from 60 points" in grade("zone.yaml").output
    said = grade("zone.yaml", "--cut", "65", "--unknown-part", "high", "--year", "2024").output
    assert "65 from the command line instead of 60, grading.m_cut of the scenario.\n" in said
    assert (
        "2024 from the command line instead of 2026, the year before `underwriting_year` of the scenario.\n"
        in said
    )
    assert "unknown_part" not in said  # the same as the scenario's
    assert "M4 from 65 points" in said
    assert "Graded as of the end of 2024, `--year`.\n" in said
    assert "Graded as of the end of 2026, the year before `underwriting_year`.\n" in grade("zone.yaml").output


def test_a_folder_is_graded_as_of_the_last_year_of_its_history_unless_told(
    grade: Grade, tmp_path: Path
) -> None:
    frames = small_zone()
    write_zone(tmp_path, frames)
    last = "Graded as of the end of 2020, the last year of the history (`--year` sets another).\n"
    assert last in grade(".").output
    # The accident of 2020 leaves the window of three years, and with it points of water.
    worst = [grade(".", "--plant", "A", *more).output for more in ((), ("--year", "2026"))]
    assert "worst event | general" in " ".join(worst[0].split())
    assert "worst event | general" not in " ".join(worst[1].split())
    early = grade(".", "--year", "2019", code=2).output
    assert early.startswith("history.csv:2  year = 2020\n  Later than 2019, the year of `--year`: ")
    frames["zone-history"].loc[0, "year"] = date.today().year + 5
    write_zone(tmp_path, frames)
    said = grade(".", code=2).output
    assert said.startswith(
        f"history.csv:2  year = {date.today().year + 5}\n  Later than {date.today().year}, this year"
    )
    assert said.endswith("1 fault.\n")


def test_a_misnamed_table_is_refused_and_another_file_is_told(grade: Grade, tmp_path: Path) -> None:
    write_zone(tmp_path, small_zone())
    (tmp_path / "processes.csv").rename(tmp_path / "process.csv")
    (tmp_path / "history.csv").rename(tmp_path / "History.CSV")
    said = grade(".", code=2).output
    assert (
        "process.csv  process.csv\n  Not a name of a table. Is it the table of processes? Then call it processes.csv "
        "or .xlsx.\n" in said
    )
    assert "History.CSV" in said
    assert said.endswith("2 faults.\n")
    (tmp_path / "process.csv").rename(tmp_path / "processes.csv")
    (tmp_path / "History.CSV").rename(tmp_path / "history.csv")
    for name in ("plants_old.csv", "weather.csv", "readme.txt", "~$plants.xlsx"):
        (tmp_path / name).write_text("a\n1\n", encoding="utf-8")
    said = grade(".").output
    assert "plants_old.csv: Not read: the table of plants is plants.csv.\n" in said
    assert "weather.csv: Not read: no table has this name. Tables: plants, outlets, " in said
    assert "readme" not in said
    assert "~$" not in said


def test_steps_of_one_plant_are_printed_below_its_terms(grade: Grade) -> None:
    both, terms = (grade("zone-leping", "--plant", "LZ01", *more).output for more in (("--steps",), ()))
    assert both.startswith(terms[: terms.index("Graded as of")])
    steps = both[terms.index("Graded as of") :]
    assert "CNY, judged" in steps
    assert "LZ01" in steps
    assert "LZ02" not in steps
    assert "holds one" in grade("zone-leping", "--plant", "LZ01", "--steps", "--out", "x.csv", code=2).output


def test_what_is_neither_folder_nor_scenario_is_told_so(grade: Grade, tmp_path: Path) -> None:
    write_zone(tmp_path, small_zone())
    said = grade("nothere", code=2).output
    assert said.startswith("nothere  no folder and no scenario\n")
    said = grade("plants.csv", code=2).output
    assert said == "plants.csv  a table\n  Give the folder of the tables: `greenrisk grade .`.\n1 fault.\n"


def test_the_sheet_that_was_read_of_several_is_told(grade: Grade, tmp_path: Path) -> None:
    frames = small_zone()
    write_zone(tmp_path, frames)
    (tmp_path / "plants.csv").unlink()
    with pd.ExcelWriter(tmp_path / "plants.xlsx") as writer:
        pd.DataFrame({"a": [1]}).to_excel(writer, sheet_name="notes", index=False)
        frames["zone-plants"].to_excel(writer, sheet_name="Plants", index=False)
    said = grade(".").output
    assert "plants.xlsx: Read as XLSX, sheet `Plants`; not read: `notes`.\n" in said
    book = openpyxl.load_workbook("plants.xlsx")
    head = [cell.value for cell in book["Plants"][1]]
    book["Plants"].cell(3, head.index("people_1km") + 1).value = 50
    book.save("plants.xlsx")
    assert grade(".", code=2).output.startswith("plants.xlsx[Plants]:3  people_500m = 100\n")


def test_a_grade_without_unknown_substances_is_told_as_a_lower_bound(grade: Grade, tmp_path: Path) -> None:
    frames = small_zone()
    frames["zone-substances"].loc[2, ["cas", "name_en"]] = ["50-78-2", "aspirin"]
    write_zone(tmp_path, frames)
    lines = [
        line.split("|") for line in grade(".", "--allow-unknown").output.splitlines() if line.count("|") == 5
    ]
    first = next(place for place, cells in enumerate(lines) if cells[0].strip() == "B")
    rest = next((place for place in range(first + 1, len(lines)) if lines[place][0].strip()), len(lines))
    cell = " ".join(cells[2].strip() for cells in lines[first:rest])
    assert cell.startswith("at least \u4e00\u822c")
    assert "1 unknown substance left out" in cell
    grade(".", "--allow-unknown", "--out", "grades.csv")
    assert "at least" not in grades_of(tmp_path / "grades.csv")["B"]


def test_the_rows_of_a_table_of_rules_and_the_cards_can_be_listed() -> None:
    for name in ("hj941_process_points", "hj941-process-points"):
        said = CliRunner().invoke(cli, ["show", "table", name]).output
        words = pd.read_csv(library_root() / "data" / "hj941_process_points.csv")["process"]
        assert all(f"{word} " in said for word in words)
    cards, models = (CliRunner().invoke(cli, ["list", word]).output for word in ("cards", "models"))
    assert cards == models != ""


def test_the_hint_of_a_cover_names_the_page_of_the_zones_covers(grade: Grade, tmp_path: Path) -> None:
    bad = f"{SCENARIO}mandate: {{reinsurance: {{covers: [{{kind: excess_of_loss, atachment_cny: 2}}]}}}}\n"
    write_zone(tmp_path, small_zone(), bad)
    said = grade("zone.yaml", code=2).output
    assert said.endswith("`greenrisk show kind covers.excess_of_loss` lists its keys.\n")
    page = CliRunner().invoke(cli, ["show", "kind", "covers.excess_of_loss"]).output
    assert "attachment_cny" in page
