# SPDX-License-Identifier: Apache-2.0
"""The manifest: what a run was made from, with what, and how to repeat it."""

from __future__ import annotations

import json
import platform
import shlex
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from greenrisk.core.job import Job
from greenrisk.core.library import find
from greenrisk.core.marked_yaml import key_text
from greenrisk.core.version import __version__
from greenrisk.engine.checkpoint import LIBRARIES, code_hash, library_versions
from greenrisk.scenario.schema import Scenario

ALSO_TOLD = (
    "statsmodels",
    "pandera",
    "pydantic",
    "ruamel.yaml",
    "h5netcdf",
    "h5py",
    "matplotlib",
    "openpyxl",
)
"""Libraries that cannot move a part, but read the inputs or write the run folder."""


def build(
    job: Job, *, scenario: Scenario, workers: int, wall_time: float, parts: Mapping[str, int]
) -> dict[str, Any]:
    """Return the manifest of a finished run.

    Parameters
    ----------
    job : Job
        What was run.
    scenario : Scenario
        Its YAML, with every default written out, goes into the manifest: running it repeats the run.
    workers : int
        How many processes; does not change the results.
    wall_time : float
        From the first block to the finished result [s].
    parts : mapping
        How many parts were ``computed``, ``reused`` and found ``damaged``.
    """
    made = {
        "greenrisk": __version__,
        "code_sha256": code_hash(),
        "command": command(scenario),
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "wall_time": round(wall_time, 3),
        "wall_time_unit": "s",
        "workers": workers,
        "parts": dict(parts),
        "settings": dict(job.settings),
        "inputs_sha256": dict(job.inputs),
        "libraries": library_versions((*LIBRARIES, *ALSO_TOLD)),
        "platform": platform.platform(),
        "scenario": scenario.dump(),
    }
    plain: dict[str, Any] = json.loads(json.dumps(made, default=str))
    return plain


def command(scenario: Scenario) -> str:
    """Return the command that repeats the run."""
    if scenario.path is None or scenario.marked is None:
        return "greenrisk run scenario.yaml  # the text under `scenario`"
    name = scenario.path.stem
    reference = name if find("scenarios", name) == scenario.path else str(scenario.path)
    words = ["greenrisk", "run", reference]
    for path in scenario.marked.overridden:
        value: Any = scenario.marked.data
        for key in path:
            value = value[key]
        words += ["--set", f"{key_text(path)}={json.dumps(value, ensure_ascii=False)}"]
    return shlex.join(words)
