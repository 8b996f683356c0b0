# SPDX-License-Identifier: Apache-2.0
"""What a run gives: data only."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd
import xarray as xr

from greenrisk.core.ledger import Ledger

if TYPE_CHECKING:
    from greenrisk.scenario.schema import Scenario


@dataclass(frozen=True)
class Progress:
    """How far a run is.

    Parameters
    ----------
    done, total : float
        Work in the job's own units, e.g. simulated years.
    unit : str
        That unit.
    elapsed : float
        Time since the run began [s].
    reused : float
        How much of ``done`` was taken from the parts of an interrupted run.
    stage : str
        What is being done, in words: empty while blocks run, then e.g. ``combining the parts``.
    """

    done: float
    total: float
    unit: str
    elapsed: float
    reused: float = 0.0
    stage: str = ""

    @property
    def rate(self) -> float:
        """Work done per second in this run [unit/s]; 0 before the first block."""
        return (self.done - self.reused) / self.elapsed if self.elapsed > 0 else 0.0

    @property
    def left(self) -> float:
        """Time left at this rate [s]; infinite before the first block."""
        return (self.total - self.done) / self.rate if self.rate > 0 else float("inf")


@dataclass(frozen=True)
class RunResult:
    """The result of a run.

    Parameters
    ----------
    scenario : Scenario or None
        What was run; None for a run folder that was read back.
    tree : xarray.DataTree
        All results, by group; every variable has ``attrs["units"]``.
    ledger : Ledger
        What was dropped, floored, imputed or assumed.
    manifest : dict
        Versions, seed, hashes of the inputs, wall time, command to repeat.
    """

    scenario: Scenario | None
    tree: xr.DataTree
    ledger: Ledger
    manifest: Mapping[str, Any]

    def __repr__(self) -> str:
        """In three lines: what it is, which groups it has, where to look."""
        name, title = (str(self.tree.attrs.get(key, "")) for key in ("name", "title"))
        figures, lines = self.tree["metrics"].sizes["metric"], len(self.ledger)
        return (
            f"RunResult of {name}: {title}\n"
            f"  .metrics  {figures} figures; .ledger  {lines} lines; .manifest\n"
            f"  .tree     {', '.join(self.tree.children)}"
        )

    @property
    def metrics(self) -> pd.DataFrame:
        """The headline figures, one row a metric; ``dims`` is a dict."""
        frame = self.tree["metrics"].to_dataset().to_dataframe().reset_index(drop=True)
        frame["dims"] = [json.loads(text) if text else {} for text in frame["dims"]]
        return frame
