# SPDX-License-Identifier: Apache-2.0
"""Real runs through the command line: what is printed, where it lands, how an interruption ends."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from small_forest import command, greenrisk_command, small_forest

import greenrisk
from greenrisk.cli.main import cli
from greenrisk.report.store import read

FIGURES = (
    "Gross premium, charged",
    "Rate per mu",
    "Rate per mille",
    "Pure premium",
    "AAL, ground-up",
    "OEP, 1 in 100 years",
    "OEP, 1 in 250 years",
    "AEP, 1 in 100 years",
    "AEP, 1 in 250 years",
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the working folder with a small scenario."""
    monkeypatch.chdir(tmp_path)
    small_forest(tmp_path, two_perils=True, years=1000)
    return tmp_path


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """Return a working folder in which one run was made by the real command, and what it printed."""
    folder = tmp_path_factory.mktemp("finished")
    small_forest(folder)
    sets = ["--years", "1000", "--seed", "7", "--set", "reinsurance.covers[0].share=0.1"]
    return folder, greenrisk_command("run", "forest.yaml", *sets, "-v", folder=folder)


Finished = tuple[Path, "subprocess.CompletedProcess[str]"]


def invoke(*words: str) -> str:
    result = CliRunner().invoke(cli, list(words), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_a_run_prints_the_headline_with_both_errors_and_the_run_folder(finished: Finished) -> None:
    folder, done = finished
    assert done.returncode == 0, done.stderr
    for figure in FIGURES:
        (line,) = [line for line in done.stdout.splitlines() if line.startswith(f"{figure} ")]
        _, value, unit, error, interval = (cell.strip() for cell in line.split("|"))
        assert float(value.replace(",", "")) > 0
        assert unit
        assert error.startswith("+- ")
        assert " to " in interval
    assert re.search(
        r"\nOf the variance behind the knowledge interval of the premium, .* rests on judgement", done.stdout
    )
    assert done.stdout.splitlines()[-2:] == [
        "Report: runs/small-forest/report.html",
        "Run folder: runs/small-forest",
    ]
    assert "\x1b" not in done.stdout + done.stderr
    assert done.stderr.splitlines()[-1].startswith("small-forest: 100%, ")
    assert (folder / "runs" / "small-forest" / "report.html").is_file()


def test_verbose_adds_the_ledger_and_the_inputs(finished: Finished) -> None:
    said = finished[1].stdout
    assert "\nLedger\n" in said
    assert "table book.csv" in said


def test_settings_reach_the_run_and_the_command_in_the_manifest_repeats_it(finished: Finished) -> None:
    folder = finished[0]
    manifest = read(folder / "runs" / "small-forest").manifest
    assert manifest["settings"]["seed"] == 7
    assert manifest["settings"]["years"] == 1000
    program, *words = shlex.split(manifest["command"])
    assert program == "greenrisk"
    again = greenrisk_command(*words, "--out", "again", "--json", folder=folder)
    assert again.returncode == 0, again.stderr
    for file in ("results.nc", "metrics.json"):
        first = (folder / "runs" / "small-forest" / file).read_bytes()
        assert (folder / "again" / file).read_bytes() == first
    document = json.loads(again.stdout)
    assert (document["scenario"], document["run"]) == ("small-forest", "again")
    written = json.loads((folder / "again" / "metrics.json").read_text(encoding="utf-8"))
    assert document["metrics"] == written["metrics"]
    assert again.stderr == ""


def test_report_writes_the_report_anew(finished: Finished, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = finished[0]
    monkeypatch.chdir(folder)
    path = folder / "runs" / "small-forest" / "report.html"
    before = path.read_text(encoding="utf-8")
    path.unlink()
    assert invoke("report", "runs/small-forest") == "runs/small-forest/report.html\n"
    assert path.read_text(encoding="utf-8") == before
    assert not list(path.parent.glob("*.writing"))


def test_several_scenarios_take_the_next_free_folders(folder: Path) -> None:
    text = (folder / "forest.yaml").read_text(encoding="utf-8")
    (folder / "second.yaml").write_text(text.replace("small-forest", "second"), encoding="utf-8")
    (folder / "runs" / "small-forest").mkdir(parents=True)
    (folder / "runs" / "small-forest-2").mkdir()
    assert invoke("run", "forest.yaml", "second.yaml", "-q") == "runs/small-forest-3\nruns/second\n"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for another process")
def test_an_interrupted_run_says_how_to_go_on_and_goes_on(folder: Path) -> None:
    words = [
        "run",
        "forest.yaml",
        "--set",
        "knowledge.draws=100",
        "--set",
        "knowledge.years=2000",
        "--years",
        "3000",
        "--seed",
        "5",
        "--workers",
        "2",
        "--out",
        "out",
    ]
    root = str(Path(greenrisk.__file__).parents[1])
    process = subprocess.Popen(
        command(*words),
        cwd=folder,
        env={**os.environ, "PYTHONPATH": root},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    while not list((folder / "out.partial").glob("part-*")) and process.poll() is None:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    stdout, stderr = process.communicate()
    assert process.returncode == 130, stderr
    assert stdout == ""
    assert "Traceback" not in stderr
    assert stderr.endswith(
        "Interrupted. The finished parts are kept in out.partial. This continues:\n"
        "  greenrisk run forest.yaml --out out --set knowledge.draws=100 --set knowledge.years=2000"
        " --years 3000 --seed 5 --workers 2 --resume\n"
    )
    assert not (folder / "out").exists()
    program, *told = shlex.split(stderr.splitlines()[-1])
    assert program == "greenrisk"
    resumed = greenrisk_command(*told, folder=folder)
    assert resumed.returncode == 0, resumed.stderr
    assert read(folder / "out").manifest["parts"]["reused"] >= 1
    assert not (folder / "out.partial").exists()


def test_the_told_command_continues_the_interrupted_one_of_several_and_runs_the_rest() -> None:
    from greenrisk.cli.run import _told_to_resume as told

    tell: Callable[..., str] = told
    given = [("--set", "title=two words"), ("--years", None), ("--seed", "5")]
    tail = "--set 'title=two words' --seed 5 --resume"
    assert tell(("a", "b"), None, True, Path("runs/a"), given) == f"greenrisk run a b {tail}"
    assert tell(("a", "b"), "out", True, Path("out/a"), given) == f"greenrisk run a b --out out {tail}"
    assert tell(("b.yaml",), "out", True, Path("out/b"), given) == (
        f"greenrisk run b.yaml --out {shlex.quote(str(Path('out/b')))} {tail}"
    )


def test_resuming_nothing_is_told_in_one_line_and_starts(folder: Path) -> None:
    result = CliRunner().invoke(cli, ["run", "forest.yaml", "--resume", "-q"], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    first, *_ = result.stderr.splitlines()
    assert first == "Nothing to resume: there is no runs/small-forest.partial. Starting runs/small-forest."
    assert result.stdout == "runs/small-forest\n"
    # A thousand years hold four that are rarer than 1 in 250.
    (doubtful,) = [line for line in result.stderr.splitlines() if "Not to be relied on: " in line]
    assert doubtful.startswith("small-forest: Not to be relied on: ")


def test_the_default_folder_of_a_resumed_run_is_the_interrupted_one(folder: Path) -> None:
    from greenrisk.cli.run import _folder as chosen

    choose: Callable[..., Path] = chosen
    assert choose("x", None, False, False) == Path("runs/x")
    (folder / "runs" / "x").mkdir(parents=True)
    assert choose("x", None, False, False) == Path("runs/x-2")
    (folder / "runs" / "x-2.partial").mkdir()
    assert choose("x", None, False, True) == Path("runs/x-2")
    assert choose("x", "out", False, True) == Path("out")
    assert choose("x", "out", True, False) == Path("out/x")


def test_a_reader_that_goes_away_is_no_error(folder: Path) -> None:
    root = str(Path(greenrisk.__file__).parents[1])
    with subprocess.Popen(
        [sys.executable, "-m", "greenrisk", "schema"],
        env={**os.environ, "PYTHONPATH": root},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0
