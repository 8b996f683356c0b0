# SPDX-License-Identifier: Apache-2.0
"""The folder of finished parts, ``<out>.partial/``: one file a block and an identity.

A part is written under a temporary name and moved into place, so that a file with a part's name is whole. The
identity says what the parts were computed from; parts of other inputs are never mixed in.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import xarray as xr

from greenrisk.core.errors import Faults, RunError
from greenrisk.core.job import Job
from greenrisk.engine.parts import DamagedPart, decode, encode

IDENTITY = "identity.json"
"""Name of the identity file."""

LIBRARIES = ("numpy", "scipy", "pandas", "xarray", "numba")
"""Libraries whose version may move the last bits of a part."""

FLOORS = ("core", "actuarial", "resource", "scenario", "engine")
"""Folders of greenrisk whose code may move a part; report and command line cannot."""


@cache
def code_hash() -> str:
    """Return a sha256 of greenrisk's code as far as it makes numbers: in a checkout a version says little."""
    root = Path(__file__).parents[1]
    digest = hashlib.sha256()
    for floor in FLOORS:
        for path in sorted((root / floor).rglob("*.py")):
            digest.update(path.relative_to(root).as_posix().encode() + b"\0")
            digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()


def library_versions(names: Iterable[str] = LIBRARIES) -> dict[str, str]:
    """Return the versions of some libraries and of Python."""
    found = {"python": platform.python_version()}
    for name in names:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "absent"
    return found


def _study_code(job: Job) -> str:
    """Hash the module of a third party's job; greenrisk's own are in :func:`code_hash`."""
    import sys

    module = type(job).__module__
    path = getattr(sys.modules.get(module), "__file__", None)
    if module.startswith("greenrisk.") or path is None:
        return ""
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def identity(job: Job, scenario: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the parts of a job depend on.

    Parameters
    ----------
    job : Job
        Ready to run.
    scenario : mapping
        The resolved scenario as plain data.
    """
    made = {
        "scenario": dict(scenario),
        "inputs": dict(job.inputs),
        "blocks": job.n_blocks,
        "settings": dict(job.settings),
        "code": {"greenrisk": code_hash(), "study": _study_code(job)},
        "libraries": library_versions(),
        "machine": platform.machine(),
    }
    plain: dict[str, Any] = json.loads(json.dumps(made, default=str))
    return plain


def _leaves(value: Any, key: str = "") -> dict[str, Any]:
    if isinstance(value, dict) and value:
        items = [(f"{key}.{name}" if key else str(name), inner) for name, inner in value.items()]
    elif isinstance(value, list) and value:
        items = [(f"{key}[{index}]", inner) for index, inner in enumerate(value)]
    else:
        return {key: value}
    return {name: leaf for inner_key, inner in items for name, leaf in _leaves(inner, inner_key).items()}


def _changes(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """Name every difference between two identities in the user's words."""
    changes: list[str] = []
    old, new = _leaves(before.get("scenario")), _leaves(now["scenario"])
    for key in sorted(old.keys() | new.keys()):
        if old.get(key) != new.get(key):
            changes.append(f"scenario key {key}: {old.get(key, 'absent')} -> {new.get(key, 'absent')}")
    inputs, inputs_now = before.get("inputs", {}), now["inputs"]
    for name in sorted(inputs.keys() | inputs_now.keys()):
        if inputs.get(name) == inputs_now.get(name) or (name == "scenario" and changes):
            continue
        gone = name not in inputs_now
        words = "is no longer used" if gone else "has changed" if name in inputs else "is new"
        changes.append(f"{name} {words}")
    code = before.get("code", {})
    for name, number in now["code"].items():
        if code.get(name) != number:
            changes.append(f"the code of {'the study' if name == 'study' else name} has changed")
    libraries = before.get("libraries", {})
    for name, number in now["libraries"].items():
        if libraries.get(name) != number:
            changes.append(f"library {name}: {libraries.get(name, 'absent')} -> {number}")
    if not changes and before != now:
        changes.append("the number of blocks, the settings or the kind of machine has changed")
    return changes


@dataclass(frozen=True)
class Checkpoint:
    """The parts of one run.

    Parameters
    ----------
    folder : Path
        Where the parts lie.
    """

    folder: Path

    def path(self, block: int) -> Path:
        """Return the file of a block's part."""
        return self.folder / f"part-{block:06d}.npz"

    def start(self, made_from: Mapping[str, Any]) -> None:
        """Make the folder for a new run.

        Raises
        ------
        RunError
            Where the folder holds the parts of an interrupted run, or cannot be written.
        """
        faults = Faults()
        if (self.folder / IDENTITY).exists():
            faults.add(
                str(self.folder),
                "holds the finished parts of an interrupted run",
                "Continue that run with `--resume`, or delete the folder to start anew.",
            )
            faults.raise_if_any(RunError)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._replace(
                self.folder / IDENTITY, json.dumps(made_from, indent=1, ensure_ascii=False).encode()
            )
        except OSError as error:
            faults.add(
                str(self.folder),
                f"cannot be written: {error.strerror or error}",
                "Choose another folder with `--out`.",
            )
        faults.raise_if_any(RunError)

    def resume(self, made_from: Mapping[str, Any], blocks: int) -> tuple[list[int], list[int]]:
        """Return the blocks whose parts can be used, and those whose parts are damaged.

        A folder without parts is a plain start: a command with `--resume` can be repeated until it ends.

        Raises
        ------
        RunError
            Where an input has changed since the parts were computed; one fault for each.
        """
        path = self.folder / IDENTITY
        if not path.exists():
            self.start(made_from)
            return [], []
        faults = Faults()
        try:
            before = json.loads(path.read_bytes())
        except (OSError, ValueError):
            faults.add(str(path), "cannot be read", f"Delete the folder {self.folder} to start anew.")
            faults.raise_if_any(RunError)
        for change in _changes(before, made_from):
            faults.add(
                str(self.folder), change, "The finished parts rest on the former state; restore it to resume."
            )
        faults.raise_if_any(RunError, f"Or delete {self.folder} to start anew.")
        whole: list[int] = []
        damaged: list[int] = []
        for block in range(blocks):
            if self.path(block).exists():
                (whole if self._read(block) is not None else damaged).append(block)
        return whole, damaged

    def write(self, block: int, part: xr.Dataset) -> None:
        """Write one part; it appears whole or not at all."""
        self._replace(self.path(block), encode(part))

    def parts(self, blocks: int) -> Iterator[xr.Dataset]:
        """Give the parts in the order of the blocks, one in memory at a time.

        Raises
        ------
        RunError
            Where a part is missing or damaged.
        """
        for block in range(blocks):
            part = self._read(block)
            if part is None:
                faults = Faults()
                faults.add(
                    str(self.path(block)),
                    "is missing or damaged",
                    "Run again with `--resume`: it will be recomputed.",
                )
                faults.raise_if_any(RunError)
            else:
                yield part

    def discard(self) -> None:
        """Delete the parts and the folder, but nothing that is not ours."""
        for path in [*self.folder.glob("part-*.npz*"), *self.folder.glob(f"{IDENTITY}*")]:
            path.unlink(missing_ok=True)
        if self.folder.exists() and not any(self.folder.iterdir()):
            self.folder.rmdir()

    def _read(self, block: int) -> xr.Dataset | None:
        try:
            return decode(self.path(block).read_bytes())
        except (OSError, DamagedPart):
            return None

    @staticmethod
    def _replace(path: Path, data: bytes) -> None:
        temporary = path.with_name(f"{path.name}.{os.getpid()}")
        temporary.write_bytes(data)
        temporary.replace(path)
