# SPDX-License-Identifier: Apache-2.0
"""What is dear to make is made once, also where several processes run the tests (pytest-xdist)."""

from __future__ import annotations

import os
import pickle
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar, cast

import pytest

T = TypeVar("T")

LONGEST = 600
"""How long a process waits for what another one makes [s]."""


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], T]) -> T:
    """Return what ``make`` returns in a folder of its own: the process that asks first makes it, others read it.

    Parameters
    ----------
    factory : TempPathFactory
        The fixture ``tmp_path_factory``.
    name : str
        What it is called; the same name is the same thing.
    make : callable
        Makes it; what it returns must survive a pickle.
    """
    base = factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / f"once-{name}"
    made, failed = folder / "made.pickle", folder / "failed"
    try:
        folder.mkdir()
    except FileExistsError:
        end = time.monotonic() + LONGEST
        while not made.exists():
            assert not failed.exists(), f"{name} could not be made by another process"
            assert time.monotonic() < end, f"{name} is not there after {LONGEST} s"
            time.sleep(0.2)
        return cast(T, pickle.loads(made.read_bytes()))
    try:
        value = make(folder)
        making = folder / "making.pickle"
        making.write_bytes(pickle.dumps(value))
        making.replace(made)
    except BaseException:
        failed.touch()
        raise
    return value
