# SPDX-License-Identifier: Apache-2.0
"""The contract between a study and the engine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

import xarray as xr

from greenrisk.core.ledger import Ledger


class Job(Protocol):
    """What ``Scenario.prepare()`` returns: everything read and checked, ready to run by blocks.

    A job is picklable. ``run_block`` is pure: the same job and block give the same bits on any worker, in
    any order. ``finish`` consumes the parts one by one, in the order of the blocks, so that only what grows
    with the number of years - the (year, layer) table - is held in memory.
    """

    @property
    def n_blocks(self) -> int:
        """How many blocks there are."""
        ...

    @property
    def inputs(self) -> Mapping[str, str]:
        """Name of every input (scenario, tables, cards) and its sha256: the identity of the run."""
        ...

    @property
    def ledger(self) -> Ledger:
        """What preparing has to tell."""
        ...

    @property
    def settings(self) -> Mapping[str, object]:
        """Facts for the manifest: kind, seed, years, block length, ..."""
        ...

    def weight(self, block: int) -> float:
        """Return the progress units (e.g. simulated years) that the block stands for."""
        ...

    def run_block(self, block: int) -> xr.Dataset:
        """Compute one part."""
        ...

    def finish(self, parts: Iterable[xr.Dataset], ledger: Ledger) -> xr.DataTree:
        """Combine the parts, given in the order of the blocks, to the result.

        ``ledger`` is the run's own: it begins with what preparing told, and what combining has to tell goes into it.
        """
        ...
