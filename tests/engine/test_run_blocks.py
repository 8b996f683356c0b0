# SPDX-License-Identifier: Apache-2.0
"""Running by blocks: the same bits whatever the workers, one part in memory, honest progress."""

from __future__ import annotations

import gc
import itertools
import os
import signal
import subprocess
import sys
import time
import weakref
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest
import xarray as xr
from coin_job import CoinJob, CoinScenario, coin

from greenrisk.core.errors import ArgumentError, RunError
from greenrisk.core.ledger import Ledger
from greenrisk.engine.result import Progress
from greenrisk.engine.run import run
from greenrisk.scenario.schema import Scenario


def test_one_two_and_three_workers_agree_bit_for_bit() -> None:
    job, scenario = coin()
    losses = [
        run(job, scenario=scenario, workers=workers).tree["losses"]["loss"].values.tobytes()
        for workers in (1, 2, 3)
    ]
    assert losses[0] == losses[1] == losses[2]


@dataclass(frozen=True)
class Watching(CoinJob):
    """Looks, while it combines the parts, whether earlier ones are still in memory."""

    def finish(self, parts: Iterable[xr.Dataset], ledger: Ledger) -> xr.DataTree:
        assert iter(parts) is parts
        blocks = []
        seen: list[weakref.ref[xr.Dataset]] = []
        for part in parts:
            seen.append(weakref.ref(part))
            blocks.append(part.attrs["block"])
            gc.collect()
            # This part, and the one before it until the loop lets go.
            assert sum(reference() is not None for reference in seen) <= 2
        return xr.DataTree(xr.Dataset(attrs={"blocks": blocks}))


def test_parts_are_combined_in_order_and_one_at_a_time() -> None:
    job = Watching(CoinScenario())
    tree = run(job, scenario=Scenario(job.spec), workers=2).tree
    assert tree.attrs["blocks"] == list(range(8))


@pytest.mark.parametrize("workers", [1, 2])
def test_progress_counts_the_units_of_the_job(workers: int) -> None:
    told: list[Progress] = []
    job, scenario = coin(years=180)
    run(job, scenario=scenario, workers=workers, progress=told.append)
    assert [(step.done, step.stage) for step in told] == [
        (0, ""),
        (50, ""),
        (100, ""),
        (150, ""),
        (200, ""),
        (200, "combining the parts"),
    ]
    assert {step.total for step in told} == {200.0}
    assert {step.unit for step in told} == {"years"}
    assert all(a.elapsed <= b.elapsed for a, b in itertools.pairwise(told))


def test_rate_and_time_left_leave_out_what_was_reused() -> None:
    step = Progress(done=60.0, total=100.0, unit="years", elapsed=4.0, reused=20.0)
    assert step.rate == 10.0
    assert step.left == 4.0
    assert Progress(20.0, 100.0, "years", 1.0, 20.0).left == float("inf")


@pytest.mark.parametrize("workers", [1, 2])
def test_an_error_in_a_block_arrives_whole(workers: int) -> None:
    job = CoinJob(CoinScenario(), trouble="fault")
    with pytest.raises(ArgumentError) as caught:
        run(job, scenario=Scenario(job.spec), workers=workers)
    assert str(caught.value) == "coin  block 3\n  The coin stood on its edge.\n1 fault."


def test_finished_parts_survive_a_dead_worker(tmp_path: Path) -> None:
    folder = tmp_path / "run.partial"
    job = CoinJob(CoinScenario(), trouble="death", trouble_block=7)
    with pytest.raises(RunError, match="a worker process has died"):
        run(job, scenario=Scenario(job.spec), workers=2, partial=folder)
    sound, scenario = coin()
    result = run(sound, scenario=scenario, workers=2, partial=folder, resume=True)
    assert result.manifest["parts"]["reused"] >= 1
    expected = run(sound, scenario=scenario).tree["losses"]["loss"].values
    assert result.tree["losses"]["loss"].values.tobytes() == expected.tobytes()


def test_less_than_one_worker_is_refused() -> None:
    job, scenario = coin()
    with pytest.raises(ArgumentError, match="workers = 0"):
        run(job, scenario=scenario, workers=0)


def test_a_run_without_a_folder_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    job, scenario = coin()
    run(job, scenario=scenario)
    assert list(tmp_path.iterdir()) == []


SLOW = """
import sys, time
from dataclasses import dataclass
from pathlib import Path
sys.path.insert(0, {tests!r})
from coin_job import CoinJob, CoinScenario
from greenrisk.engine.run import run
from greenrisk.scenario.schema import Scenario

@dataclass(frozen=True)
class Slow(CoinJob):
    def run_block(self, block):
        time.sleep(600 if block > 1 else 0)
        return super().run_block(block)

if __name__ == "__main__":
    run(Slow(CoinScenario()), scenario=Scenario(CoinScenario()), workers=2, partial=Path({partial!r}))
"""


def _running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _wait(condition: object, seconds: float = 60.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():  # type: ignore[operator]
            return True
        time.sleep(0.05)
    return False


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="reads the process table from /proc")
def test_workers_do_not_outlive_a_killed_run(tmp_path: Path) -> None:
    script = tmp_path / "slow.py"
    partial = tmp_path / "run.partial"
    script.write_text(SLOW.format(tests=str(Path(__file__).parent), partial=str(partial)), encoding="utf-8")
    parent = subprocess.Popen([sys.executable, str(script)])
    try:
        assert _wait(lambda: len(list(partial.glob("part-*.npz"))) == 2)
        tasks = Path(f"/proc/{parent.pid}/task")
        children = [int(pid) for task in tasks.iterdir() for pid in (task / "children").read_text().split()]
        assert len(children) >= 2
    finally:
        os.kill(parent.pid, signal.SIGKILL)
        parent.wait()
    assert _wait(lambda: not any(_running(pid) for pid in children))
