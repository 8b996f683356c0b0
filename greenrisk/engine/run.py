# SPDX-License-Identifier: Apache-2.0
"""Runs a job block by block and combines the parts; writes no report."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from greenrisk.core.errors import ArgumentError, Fault
from greenrisk.core.job import Job
from greenrisk.core.ledger import Ledger
from greenrisk.engine import manifest
from greenrisk.engine.checkpoint import Checkpoint, identity
from greenrisk.engine.executors import processes, serial
from greenrisk.engine.result import Progress, RunResult
from greenrisk.scenario.schema import Scenario


def run(
    job: Job,
    *,
    scenario: Scenario,
    workers: int = 1,
    partial: Path | None = None,
    resume: bool = False,
    progress: Callable[[Progress], None] | None = None,
) -> RunResult:
    """Run a job.

    Parameters
    ----------
    job : Job
        Everything read and checked.
    scenario : Scenario
        What the job was prepared from.
    workers : int
        Processes, >= 1. The result is the same, bit for bit.
    partial : Path, optional
        Folder of the finished parts. It stays when this returns: the caller discards it once the result is
        safe. Empty: a temporary folder that goes with the call.
    resume : bool
        Use the parts that an interrupted run left in ``partial``; where there are none, start.
    progress : callable, optional
        Called after each block, and once before the parts are combined.

    Raises
    ------
    RunError
        Where ``partial`` holds parts and ``resume`` is not set, where an input has changed since, where a
        worker dies.
    ArgumentError
        Where ``workers`` < 1.
    """
    if workers < 1:
        raise ArgumentError(Fault("workers", f"workers = {workers}", "Must be a whole number >= 1."))
    if partial is None:
        with tempfile.TemporaryDirectory(prefix="greenrisk-") as folder:
            return _run(job, scenario, workers, Checkpoint(Path(folder)), False, progress)
    return _run(job, scenario, workers, Checkpoint(Path(partial)), resume, progress)


def _run(
    job: Job,
    scenario: Scenario,
    workers: int,
    checkpoint: Checkpoint,
    resume: bool,
    progress: Callable[[Progress], None] | None,
) -> RunResult:
    begin = time.perf_counter()
    made_from = identity(job, scenario.spec.model_dump(mode="json"))
    whole: list[int] = []
    damaged: list[int] = []
    if resume:
        whole, damaged = checkpoint.resume(made_from, job.n_blocks)
    else:
        checkpoint.start(made_from)
    finished = set(whole)
    todo = [block for block in range(job.n_blocks) if block not in finished]
    weights = [job.weight(block) for block in range(job.n_blocks)]
    total = sum(weights)
    reused = done = sum(weights[block] for block in whole)

    def tell(stage: str = "") -> None:
        if progress is not None:
            progress(Progress(done, total, unit(job), time.perf_counter() - begin, reused, stage))

    tell()
    alone = workers == 1 or len(todo) < 2
    for block in serial(job, checkpoint, todo) if alone else processes(job, checkpoint, todo, workers):
        done += weights[block]
        tell()
    tell("combining the parts")
    ledger = Ledger(job.ledger)
    tree = job.finish(checkpoint.parts(job.n_blocks), ledger)
    made = manifest.build(
        job,
        scenario=scenario,
        workers=workers,
        wall_time=time.perf_counter() - begin,
        parts={"computed": len(todo), "reused": len(whole), "damaged": len(damaged)},
    )
    return RunResult(scenario, tree, ledger, made)


def unit(job: Job) -> str:
    """Return the unit of a job's progress: its setting ``unit``, else blocks."""
    return str(job.settings.get("unit", "blocks"))
