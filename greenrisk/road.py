# SPDX-License-Identifier: Apache-2.0
"""The road of one file: load, prepare, run, write. ``greenrisk.run`` is this."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from greenrisk.core.errors import ScenarioError
from greenrisk.core.explain import validate
from greenrisk.core.marked_yaml import MarkedYaml
from greenrisk.core.spec import Spec
from greenrisk.engine import run as engine
from greenrisk.engine.checkpoint import Checkpoint
from greenrisk.engine.result import Progress, RunResult
from greenrisk.report import store
from greenrisk.scenario.load import load
from greenrisk.scenario.overrides import apply, read_overrides
from greenrisk.scenario.schema import Scenario


def run(
    scenario: str | os.PathLike[str] | Scenario | Spec,
    out: str | os.PathLike[str] | None = None,
    workers: int = 1,
    progress: Callable[[Progress], None] | None = None,
    resume: bool = False,
    data_dir: str | os.PathLike[str] | None = None,
    **overrides: object,
) -> RunResult:
    """Run a scenario and, where ``out`` is given, write its run folder.

    Parameters
    ----------
    scenario : str, path, Scenario or Spec
        Name of a scenario of the library, a YAML file, or one built in Python.
    out : path, optional
        Run folder to make; must not exist, or be empty. Empty: nothing is written.
    workers : int
        Processes, >= 1. The result is the same, bit for bit.
    progress : callable, optional
        Called with a :class:`~greenrisk.engine.result.Progress` after each block.
    resume : bool
        Continue an interrupted run from ``<out>.partial``.
    data_dir : path, optional
        Folder of large public data that greenrisk does not ship.
    **overrides
        Values that replace those of the scenario, e.g. ``years=20000`` or ``**{"knowledge.draws": 50}``.

    Returns
    -------
    RunResult
        Tree, metrics, ledger, manifest.

    Raises
    ------
    GreenRiskError
        With every fault of the scenario, its tables and cards, or of the folder - before any long work.
    """
    if isinstance(scenario, Scenario | Spec):
        built = scenario if isinstance(scenario, Scenario) else Scenario(scenario)
        loaded = _with(built, overrides) if overrides else built
    else:
        loaded = load(os.fspath(scenario), overrides)
    folder = None if out is None else Path(out)
    if folder is not None:
        store.check_out(folder)
    job = loaded.prepare(None if data_dir is None else Path(data_dir))
    if folder is None:
        return engine.run(job, scenario=loaded, workers=workers, progress=progress)
    partial = folder.with_name(f"{folder.name}.partial")
    result = engine.run(
        job, scenario=loaded, workers=workers, partial=partial, resume=resume, progress=progress
    )
    if progress is not None:
        total = sum(job.weight(block) for block in range(job.n_blocks))
        wall_time = float(result.manifest["wall_time"])
        progress(Progress(total, total, engine.unit(job), wall_time, stage="writing the run folder"))
    store.write(result, folder)
    Checkpoint(partial).discard()
    return result


def _with(scenario: Scenario, overrides: Mapping[str, object]) -> Scenario:
    """Return a scenario that was built or loaded already, with some values replaced and checked anew."""
    data = scenario.spec.model_dump(mode="json")
    origin = scenario.marked or MarkedYaml({}, Path(f"scenario {scenario.name}"))
    marked = apply(replace(origin, data=data), read_overrides(overrides))
    return Scenario(validate(type(scenario.spec), marked, ScenarioError), scenario.path, marked)
