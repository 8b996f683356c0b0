# SPDX-License-Identifier: Apache-2.0
"""A real process killed in the middle, continued: the same bytes as if nothing had happened."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from small_forest import command, greenrisk_command, small_forest

import greenrisk

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no SIGKILL here")


def wait_for(process: subprocess.Popen[Any], condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 120
    while not condition():
        assert process.poll() is None, "the run ended before it could be stopped"
        assert time.monotonic() < end
        time.sleep(0.002)


def kill_in_the_middle(scenario: Path, *, workers: int) -> Path:
    """Start a run, kill it with SIGKILL when some parts are there, and return the folder of the parts."""
    folder = scenario.parent
    partial = folder / "run.partial"
    environment = {**os.environ, "PYTHONPATH": str(Path(greenrisk.__file__).parents[1])}
    words = ("run", scenario.name, "--out", "run", "--quiet", "--workers", str(workers))
    process = subprocess.Popen(command(*words), cwd=folder, env=environment)
    wait_for(process, lambda: len(list(partial.glob("part-*.npz"))) >= 3)
    process.kill()
    process.wait()
    assert process.returncode == -signal.SIGKILL
    blocks = json.loads((partial / "identity.json").read_text(encoding="utf-8"))["blocks"]
    assert len(list(partial.glob("part-*.npz"))) < blocks
    assert not (folder / "run").exists()
    return partial


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    scenario = small_forest(tmp_path_factory.mktemp("uninterrupted"))
    done = greenrisk_command("run", scenario.name, "--out", "run", "--quiet", folder=scenario.parent)
    assert done.returncode == 0, done.stderr
    return scenario.parent / "run"


@pytest.mark.parametrize("workers", [1, 2])
def test_a_killed_run_continues_to_the_same_bytes(uninterrupted: Path, tmp_path: Path, workers: int) -> None:
    scenario = small_forest(tmp_path)
    partial = kill_in_the_middle(scenario, workers=workers)
    done = greenrisk_command("run", scenario.name, "--out", "run", "--quiet", "--resume", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert not partial.exists()
    manifest = json.loads((tmp_path / "run" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["parts"]["reused"] >= 3
    assert manifest["parts"]["damaged"] == 0
    same = [
        "results.nc",
        "metrics.json",
        "ledger.csv",
        *(f"tables/{p.name}" for p in (uninterrupted / "tables").iterdir()),
    ]
    for name in same:
        assert (tmp_path / "run" / name).read_bytes() == (uninterrupted / name).read_bytes(), name


def test_inputs_changed_after_the_kill_are_refused_by_name(tmp_path: Path) -> None:
    scenario = small_forest(tmp_path, two_perils=True, knowledge__years=3000)
    partial = kill_in_the_middle(scenario, workers=1)
    book = tmp_path / "book.csv"
    before = book.read_text(encoding="utf-8")
    text = before.splitlines(keepends=True)
    book.write_text("".join(text[:-1]), encoding="utf-8")
    refused = greenrisk_command(
        "run", scenario.name, "--out", "run", "--quiet", "--resume", "--seed", "9", folder=tmp_path
    )
    assert refused.returncode == 2
    assert refused.stderr == (
        "run.partial  scenario key seed: 2027 -> 9\n"
        "  The finished parts rest on the former state; restore it to resume.\n"
        "run.partial  table book.csv has changed\n"
        "  The finished parts rest on the former state; restore it to resume.\n"
        "2 faults. Or delete run.partial to start anew.\n"
    )
    book.write_text(before, encoding="utf-8")
    done = greenrisk_command("run", scenario.name, "--out", "run", "--quiet", "--resume", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert not partial.exists()


@pytest.mark.parametrize(("workers", "when"), [(1, "identity.json"), (2, "identity.json"), (2, "part-*.npz")])
def test_ctrl_c_ends_quietly_and_says_how_to_continue(tmp_path: Path, workers: int, when: str) -> None:
    scenario = small_forest(tmp_path, two_perils=True, knowledge__years=20_000)
    environment = {**os.environ, "PYTHONPATH": str(Path(greenrisk.__file__).parents[1])}
    words = ("run", scenario.name, "--out", "run", "--quiet", "--workers", str(workers))
    process = subprocess.Popen(
        command(*words),
        cwd=tmp_path,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # Tests started in the background of a shell inherit deaf ears.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    wait_for(process, lambda: any((tmp_path / "run.partial").glob(when)))
    # As a terminal does: to the whole group, workers that are just starting included.
    os.killpg(process.pid, signal.SIGINT)
    _, told = process.communicate(timeout=120)
    assert process.returncode == 130
    assert told.startswith(
        "Interrupted. The finished parts are kept in run.partial. This continues:\n  greenrisk run "
    )
    assert told.splitlines()[1].endswith("--resume")
    assert "Traceback" not in told
