# SPDX-License-Identifier: Apache-2.0
"""``greenrisk grade``: of a scenario, of a folder of CSV or XLSX files, of one plant; what it writes and refuses."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result
from small_forest import greenrisk_command, small_forest
from small_zone import leping_frames, small_zone
from studied_zone import SCENARIO, write_zone

from greenrisk.cli.main import cli
from greenrisk.core.library import library_root

Grade = Callable[..., Result]

UNCONFIRMED = "rows of the tables of HJ 941 are not confirmed: check them against the standard (all of hj941-"


@pytest.fixture
def grade(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Grade:
    """Run ``greenrisk grade`` in an empty folder and check how it ends."""
    monkeypatch.chdir(tmp_path)

    def run(*words: str, code: int = 0) -> Result:
        result = CliRunner().invoke(cli, ["grade", *words])
        assert result.exit_code == code, result.output
        assert "Traceback" not in result.output
        return result

    return run


def lines_of(output: str, start: str) -> list[list[str]]:
    return [
        [cell.strip() for cell in line.split("|")] for line in output.splitlines() if line.startswith(start)
    ]


def plants_of(output: str) -> list[str]:
    """Return the plants of a printed table; long cells go on in lines that name none."""
    return [row[0] for row in lines_of(output, "")[2:] if len(row) == 6 and row[0]]


def test_the_shipped_zone_is_graded_plant_by_plant_with_what_each_grade_rests_on(grade: Grade) -> None:
    said = grade("zone-leping").output
    rows = lines_of(said, "LZ")
    plants = leping_frames()["zone-plants"]
    assert plants_of(said) == plants["plant_id"].tolist()
    outside = plants["plant_id"][plants["kind_of_site"] != "ordinary"].tolist()
    for row in rows:
        if row[0] in outside:
            assert row[2].startswith("不适用"), row
        else:
            assert row[2].startswith(("一般", "较大", "重大")), row
            assert row[3] in ("confirmed", "unconfirmed", "illustrative", "synthetic", "user")
    assert UNCONFIRMED in said
    assert "M4 from 65 points; parts that are not known read high." in said
    assert f"{len(outside)} not graded" in said


def test_another_cut_moves_a_grade_and_is_told(grade: Grade) -> None:
    """One plant of Leping lies between the cuts: 60 points are M4, 65 are needed in the other reading."""
    of = [
        {row[0]: row[2] for row in lines_of(grade("zone-leping", "--cut", cut).output, "LZ")}
        for cut in ("60", "65")
    ]
    moved = [plant for plant in of[0] if of[0][plant] != of[1][plant]]
    assert "LZ09" in moved
    assert "M4 from 60 points" in grade("zone-leping", "--cut", "60").output
    low = grade("zone-leping", "--unknown-part", "low").output
    assert "parts that are not known read low" in low
    assert {row[0]: row[2] for row in lines_of(low, "LZ")}["LZ14"] != of[1]["LZ14"]


def test_tables_with_confirmed_rows_are_no_longer_told_as_open(grade: Grade, tmp_path: Path) -> None:
    """The user has the standard at hand: first the matrix alone, then all tables."""
    names = sorted(path.stem for path in (library_root() / "data").glob("hj941_*.csv"))
    shipped = {name: pd.read_csv(library_root() / "data" / f"{name}.csv", dtype=str) for name in names}
    for name, frame in shipped.items():
        frame.assign(status="confirmed", source="read in the print").to_csv(f"{name}.csv", index=False)
    rows = sum(map(len, shipped.values()))
    not_confirmed = sum((frame["status"] != "confirmed").sum() for frame in shipped.values())
    for taken, sentence in (
        (
            ["hj941_grade_matrix"],
            f"\n{not_confirmed - 36} of {rows} rows of the tables of HJ 941 are not confirmed: ",
        ),
        (names, f"\nAll {rows} rows of the tables of HJ 941 are confirmed.\n"),
    ):
        tables = "".join(f"    {name.replace('_', '-')}: {name}.csv\n" for name in taken)
        write_zone(tmp_path, small_zone(), f"{SCENARIO}grading:\n  tables:\n{tables}")
        said = grade("zone.yaml").output
        assert sentence in said
        assert "hj941-grade-matrix" not in said


def test_a_folder_of_csv_files_is_graded_as_the_scenario_that_names_them(
    grade: Grade, tmp_path: Path
) -> None:
    folder = tmp_path / "inventory"
    folder.mkdir()
    write_zone(folder, small_zone())
    by_folder, by_scenario = grade("inventory").output, grade("inventory/zone.yaml").output
    assert lines_of(by_folder, "A ") == lines_of(by_scenario, "A ")
    assert plants_of(by_folder) == ["A", "B", "C"]


def test_a_folder_of_xlsx_files_is_graded_like_one_of_csv_files(grade: Grade, tmp_path: Path) -> None:
    frames = small_zone()
    for kind in ("csv", "xlsx"):
        (tmp_path / kind).mkdir()
    write_zone(tmp_path / "csv", frames)
    for name, frame in frames.items():
        frame.to_excel(tmp_path / "xlsx" / f"{name.removeprefix('zone-')}.xlsx", index=False)
    assert grade("xlsx").output == grade("csv").output


def test_plants_and_substances_are_enough(grade: Grade, tmp_path: Path) -> None:
    frames = small_zone()
    plants = frames["zone-plants"].assign(activity="storage")
    write_zone(tmp_path, {"zone-plants": plants, "zone-substances": frames["zone-substances"]})
    assert plants_of(grade(".").output) == ["A", "B", "C"]


def test_every_term_of_a_plant_is_printed_with_value_and_status(grade: Grade) -> None:
    said = grade("zone-leping", "--plant", "LZ01").output
    rows = lines_of(said, "")
    assert rows[0] == ["Medium", "Term", "Item", "Value", "Adds", "Result", "Rests on"]
    media = {row[0] for row in rows[2:] if len(row) == 7}
    assert {"air", "water"} <= media
    assert {"unconfirmed"} <= {row[6] for row in rows[2:] if len(row) == 7}
    assert UNCONFIRMED not in said


def test_steps_that_lower_grades_are_printed_cheapest_first(grade: Grade) -> None:
    said = grade("zone-leping", "--steps").output
    assert lines_of(said, "")[0] == ["Plant", "Grade", "Then", "Steps", "CNY, judged"]
    cost: dict[str, list[float]] = {}
    for row in lines_of(said, "LZ"):
        if row[4]:
            cost.setdefault(row[0], []).append(float(row[4].replace(",", "")))
    assert len(cost) > 5
    for amounts in cost.values():
        assert amounts == sorted(amounts)


def test_a_table_is_written_to_a_new_csv_file_and_never_over_one(grade: Grade, tmp_path: Path) -> None:
    said = grade("zone-leping", "--out", "grades.csv").output
    assert said.startswith("34 rows in grades.csv")
    with (tmp_path / "grades.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 34
    assert rows[0]["plant_id"] == "LZ01"
    before = (tmp_path / "grades.csv").read_bytes()
    again = grade("zone-leping", "--out", "grades.csv", code=2)
    assert again.output == (
        "grades.csv  exists\n  A table never overwrites a file: choose another name.\n1 fault.\n"
    )
    assert (tmp_path / "grades.csv").read_bytes() == before
    grade("zone-leping", "--steps", "--out", "steps.csv")
    assert set(pd.read_csv(tmp_path / "steps.csv").columns) >= {
        "plant_id",
        "grade",
        "to_grade",
        "steps",
        "cost_cny",
    }


def test_an_unknown_plant_is_refused_with_a_near_one(grade: Grade) -> None:
    said = grade("zone-leping", "--plant", "LZ1", code=2).output
    assert "LZ1" in said
    assert "Did you mean `LZ" in said


def test_a_folder_without_plants_is_told_what_is_missing(grade: Grade, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert grade("empty", code=2).output == (
        "empty  no table of plants\n"
        "  The folder needs plants.csv or plants.xlsx; `greenrisk show table zone-plants` lists its columns.\n"
        "empty  no table of substances\n"
        "  The folder needs substances.csv or substances.xlsx; `greenrisk show table zone-substances` lists its "
        "columns.\n"
        "2 faults.\n"
    )
    small_zone()["zone-plants"].to_csv(tmp_path / "empty" / "plants.csv", index=False)
    assert grade("empty", code=2).output.startswith("empty  no table of substances\n")


def test_a_table_that_stands_there_twice_is_refused(grade: Grade, tmp_path: Path) -> None:
    frames = small_zone()
    write_zone(tmp_path, frames)
    frames["zone-plants"].to_excel(tmp_path / "plants.xlsx", index=False)
    assert "plants.csv, plants.xlsx\n  The same table twice. Keep one." in grade(".", code=2).output


def test_a_folder_or_scenario_that_is_not_there_is_refused_with_a_near_one(grade: Grade) -> None:
    assert "Did you mean `zone-leping`?" in grade("zone-lepin", code=2).output


def test_a_forest_scenario_has_no_inventory_to_grade(grade: Grade, tmp_path: Path) -> None:
    small_forest(tmp_path)
    assert grade("forest.yaml", code=2).output == (
        "forest.yaml  kind: forest\n"
        "  Name a folder with plants.csv and substances.csv, or a scenario of kind zone.\n"
        "1 fault.\n"
    )


def test_faults_of_the_tables_end_with_code_two_and_nothing_is_written(grade: Grade, tmp_path: Path) -> None:
    frames = small_zone()
    frames["zone-substances"].loc[2, "cas"] = "108-88-5"
    frames["zone-plants"].loc[1, "people_1km"] = 50.0
    write_zone(tmp_path, frames)
    said = grade(".", "--out", "grades.csv", code=2).output
    assert "plants.csv:3  people_500m = 100" in said
    assert "substances.csv:4  cas = 108-88-5" in said
    assert said.endswith("2 faults.\n")
    assert not (tmp_path / "grades.csv").exists()


def test_an_unknown_substance_is_left_out_where_the_user_says_so(grade: Grade, tmp_path: Path) -> None:
    frames = small_zone()
    frames["zone-substances"].loc[2, ["cas", "name_en"]] = ["50-78-2", "aspirin"]
    write_zone(tmp_path, frames)
    refused = grade(".", code=2).output
    assert "50-78-2" in refused
    assert "`--allow-unknown`" in refused
    said = grade(".", "--allow-unknown").output
    assert "50-78-2 aspirin is not in the table of substances: not counted in any grade, at B." in said


def test_the_real_command_grades_and_tells_errors_on_standard_error(tmp_path: Path) -> None:
    write_zone(tmp_path, small_zone())
    done = greenrisk_command("grade", ".", folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "一般" in done.stdout or "较大" in done.stdout or "重大" in done.stdout
    refused = greenrisk_command("grade", "nothing-here", folder=tmp_path)
    assert (refused.returncode, refused.stdout) == (2, "")


def test_list_and_show_know_the_zone(grade: Grade) -> None:
    def read(*words: str) -> object:
        result = CliRunner().invoke(cli, [*words, "--json"], catch_exceptions=False)
        assert result.exit_code == 0
        return json.loads(result.output)

    scenarios = read("list", "scenarios")
    assert isinstance(scenarios, list)
    assert {row["name"]: row["kind"] for row in scenarios}["zone-leping"] == "zone"
    for name in ("zone-leping", "zone-transfer-china-judged", "leping_plants_synthetic", "substances"):
        assert read("show", name)
