# SPDX-License-Identifier: Apache-2.0
"""greenrisk: nature, pollution and climate turned into money, in one auditable chain.

The public names are imported when they are first used, so that ``import greenrisk`` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from greenrisk.core.version import __version__

if TYPE_CHECKING:
    from greenrisk.engine.result import RunResult
    from greenrisk.road import run
    from greenrisk.scenario.load import load
    from greenrisk.scenario.schema import Scenario

__all__ = ["RunResult", "Scenario", "__version__", "load", "run"]

_HOMES = {
    "RunResult": "greenrisk.engine.result",
    "Scenario": "greenrisk.scenario.schema",
    "load": "greenrisk.scenario.load",
    "run": "greenrisk.road",
}


def __getattr__(name: str) -> object:
    """Import a public name from its home when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module 'greenrisk' has no attribute {name!r}")
    value: object = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names, imported or not."""
    return sorted({*globals(), *__all__})
