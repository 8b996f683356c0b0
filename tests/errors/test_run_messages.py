# SPDX-License-Identifier: Apache-2.0
"""What a user reads when a command or a folder is at fault."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Refusal = Callable[..., str]
Edit = Callable[..., None]


def test_unwritable_run_folder(refusal: Refusal, folder: Path) -> None:
    (folder / "taken").write_text("a file stands where the folder should be", encoding="utf-8")
    assert refusal("run", "scenario.yaml", "--out", "taken/run") == (
        "taken/run  cannot be written: File exists\n"
        "  Choose a folder that you may write with `--out`.\n"
        "1 fault.\n"
    )


def test_run_folder_that_is_not_empty(refusal: Refusal, folder: Path) -> None:
    (folder / "old").mkdir()
    (folder / "old" / "report.html").write_text("mine", encoding="utf-8")
    assert refusal("run", "scenario.yaml", "--out", "old") == (
        "old  exists and is not empty\n"
        "  A run never overwrites another: choose another folder with `--out`, or delete this one.\n"
        "1 fault.\n"
    )


def test_no_workers(refusal: Refusal) -> None:
    assert refusal("run", "scenario.yaml", "--workers", "0") == (
        "workers  workers = 0\n  Must be a whole number >= 1.\n1 fault.\n"
    )


def test_data_folder_that_does_not_exist(refusal: Refusal, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = "  There is no such folder. Name one that exists, or none.\n1 fault.\n"
    for words in (["run", "scenario.yaml"], ["validate", "scenario.yaml"], ["fit", "wildfire-jiangxi"]):
        assert refusal(*words, "--data-dir", "nowhere") == f"--data-dir  nowhere\n{expected}"
    monkeypatch.setenv("GREENRISK_DATA", "nowhere")
    for words in (["run", "scenario.yaml"], ["fit", "wildfire-jiangxi"]):
        assert refusal(*words) == f"GREENRISK_DATA  nowhere\n{expected}"


def test_years_that_are_no_number(refusal: Refusal) -> None:
    assert refusal("run", "scenario.yaml", "--years", "many") == (
        "--years many  years = many\n"
        "  Must be a whole number.  [year]\n"
        "1 fault. `greenrisk show kind forest` lists its keys.\n"
    )


def test_report_of_a_folder_that_is_no_run(refusal: Refusal) -> None:
    assert refusal("report", "runs/nowhere") == (
        "runs/nowhere  does not exist\n  Name the folder of a finished run.\n1 fault.\n"
    )


def test_show_of_an_unknown_name(refusal: Refusal) -> None:
    assert refusal("show", "wildfire-jianxi") == (
        "show  wildfire-jianxi\n"
        "  No scenario, card, table or kind has this name. Did you mean `wildfire-jiangxi`?\n"
        "1 fault. `greenrisk list` tells the names.\n"
    )


def test_show_of_an_unknown_kind_and_table(refusal: Refusal) -> None:
    assert refusal("show", "kind", "wildfires") == (
        "show kind  wildfires\n"
        "  Unknown kind. Did you mean `wildfire`?"
        " Known kinds: `forest`, `zone`, `issuers`, `index`, `wetland`,"
        " `wildfire`, `storm`, `snow_ice`, `drought`, `flood`, `pest`,"
        " `named_events.wildfire`, `named_events.storm`, `named_events.snow_ice`, `named_events.drought`,"
        " `named_events.flood`, `named_events.pest`, `area`, `relative`, `franchise`, `none`, `quota_share`,"
        " `surplus`, `excess_of_loss`, `stop_loss`, `covers.quota_share`, `covers.excess_of_loss`,"
        " `annual_excess`, `carbon`, `green`, `step`, `ramp`, `sudden_late`, `table`, `netcdf`, `statsmodels`,"
        " `season_value`, `days`, `deficit`, `spi`, `spei`, `fwi`, `kbdi`, `wind_box`, `indices.carbon`, `recorded`,"
        " `linear`, `tiers`, `double`, `low_water`, `perils.flood`, `heat`, `spill`, `invasive`, `perils.storm`,"
        " `old_trees`, `wildlife_damage`, `managers_liability`.\n"
        "1 fault.\n"
    )
    told = refusal("show", "table", "book")
    opening = "show table  book\n  Unknown table. Known tables: "
    assert told.startswith(opening)
    assert told.endswith(".\n1 fault.\n")
    names = told.removeprefix(opening).removesuffix(".\n1 fault.\n").split(", ")
    assert names[:4] == ["`forest-book`", "`county-forest`", "`fires-by-class`", "`fire-totals`"]
    assert {"`experience`", "`zone-plants`", "`zone-claims`", "`hj941-grade-matrix`"} < set(names)
    assert len(names) == len(set(names))


def test_faults_as_json(refusal: Refusal, edit: Edit) -> None:
    edit("trigger: 0.1", "trigger: 10")
    assert json.loads(refusal("validate", "scenario.yaml", "--json")) == {
        "error": "ScenarioError",
        "faults": [
            {
                "where": "scenario.yaml:14:32",
                "what": "terms.deductible.trigger = 10",
                "expected": "Must be >= 0 and <= 1. In per cent? Then write 0.1 for 10 %.",
                "unit": "unitless",
            }
        ],
        "hint": "`greenrisk show kind relative` lists its keys.",
    }


def test_a_real_process_ends_with_2_and_writes_to_standard_error_only(folder: Path) -> None:
    (folder / "scenario.yaml").write_text("kind: forest\nkind: forest\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "greenrisk", "run", "scenario.yaml"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "scenario.yaml:2:1  kind\n  Duplicate key: it stands on line 1 already. Keep one.\n1 fault.\n"
    )
    assert not (folder / "runs").exists()


def test_two_scenarios_of_one_name(refusal: Refusal, folder: Path) -> None:
    (folder / "copy.yaml").write_text(
        (folder / "scenario.yaml").read_text(encoding="utf-8"), encoding="utf-8"
    )
    assert refusal("run", "scenario.yaml", "copy.yaml", "--out", "both") == (
        "name  small\n"
        "  Two of the scenarios have this name; the run folder bears it. Run them one by one.\n"
        "1 fault.\n"
    )


def test_interrupted_run_that_is_started_again_without_resume(refusal: Refusal, folder: Path) -> None:
    (folder / "out.partial").mkdir()
    (folder / "out.partial" / "identity.json").write_text("{}", encoding="utf-8")
    assert refusal("run", "scenario.yaml", "--out", "out") == (
        "out.partial  holds the finished parts of an interrupted run\n"
        "  Continue that run with `--resume`, or delete the folder to start anew.\n"
        "1 fault.\n"
    )


def validated(*words: str) -> str:
    """Return what `validate` prints of a scenario without a fault."""
    from click.testing import CliRunner

    from greenrisk.cli.main import cli

    result = CliRunner().invoke(cli, ["validate", "scenario.yaml", *words], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return str(result.output)


def test_what_is_odd_and_no_fault_is_told_before_the_run(folder: Path, edit: Edit) -> None:
    assert validated().count("Mind:") == 1  # 2027 is a year later than the card of fires is held good for
    edit("terms:\n", "terms:\n  event_limit_cny: 300\n")
    lines = validated().split("  Mind: ")
    assert lines[1:-1] == [
        "terms: event_limit_cny. 300 CNY is less than the 79,875 CNY that a mean stand is insured\n"
        "    for: hardly an event stays below it. Is it in 10,000 CNY (万元)?\n"
    ]
    notes = json.loads(validated("--json"))["notes"]
    assert [(note["kind"], note["subject"]) for note in notes] == [
        ("unreliable", "terms: event_limit_cny"),
        ("unreliable", "underwriting year 2027"),
    ]


def test_sums_insured_in_ten_thousand_and_hectares_that_are_mu_are_asked_about(folder: Path) -> None:
    book = (folder / "book.csv").read_text(encoding="utf-8")
    spoilt = book.replace(",800,", ",0.08,").replace(",500,", ",0.05,").replace(",8,", ",400,")
    (folder / "book.csv").write_text(spoilt, encoding="utf-8")
    said = " ".join(validated().split())
    assert "Mind: areas of the book. The mean stand has 108 ha" in said
    assert "Mind: sums insured of the book. 0.0511 CNY is insured by mu" in said
    assert "Is sum_insured_cny_per_mu in 10,000 CNY (万元)?" in said


def test_a_book_far_larger_than_that_of_the_own_years_is_asked_about(folder: Path, edit: Edit) -> None:
    years = "year,insured_mu,sum_insured_cny,paid_cny,outstanding_cny\n2026,33,21300,100,0\n"
    (folder / "own.csv").write_text(years, encoding="utf-8")
    edit("terms:\n", "experience: {table: own.csv}\nterms:\n")
    assert "Mind: own.csv: insured area. In 2026 it was 33 mu, of the 495 mu of the book." in " ".join(
        validated().split()
    )


def test_forest_in_mu_is_refused_before_it_is_laid_out(refusal: Refusal, edit: Edit) -> None:
    edit("1000", "300000000", "counties.csv")
    assert refusal() == (
        "scenario.yaml:9:1  300,000,000 ha of forest in 1 county\n"
        "  More than the province of card wildfire-jiangxi holds (10,800,000 ha). Is forest_area_ha in mu?"
        " 15 mu = 1 ha.  [ha]\n"
        "1 fault.\n"
    )
