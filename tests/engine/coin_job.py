# SPDX-License-Identifier: Apache-2.0
"""A whole study in a page: each year a coin decides about a loss. A real job for tests of the engine."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import xarray as xr

from greenrisk.core.errors import ArgumentError, Fault
from greenrisk.core.ledger import Ledger
from greenrisk.core.spec import Spec
from greenrisk.core.streams import stream
from greenrisk.scenario.schema import Scenario

BLOCK_LENGTH = 50


class CoinScenario(Spec):
    """Settings of the coin."""

    kind: Literal["coin"] = "coin"
    name: str = "coin"
    title: str = "A coin a year"
    seed: int = 1
    years: int = 400
    probability: float = 0.5


@dataclass(frozen=True)
class CoinJob:
    """A loss of 1,000 CNY with a probability, each year.

    ``trouble`` makes a block fail: "fault" raises a typed error, "death" kills the process that runs it.
    """

    spec: CoinScenario
    hashes: Mapping[str, str] = field(default_factory=lambda: {"table coin.csv": "aa"})
    trouble: str = ""
    trouble_block: int = 3

    @property
    def n_blocks(self) -> int:
        return -(-self.spec.years // BLOCK_LENGTH)

    @property
    def inputs(self) -> Mapping[str, str]:
        return self.hashes

    @property
    def ledger(self) -> Ledger:
        return Ledger()

    @property
    def settings(self) -> Mapping[str, object]:
        return {"kind": "coin", "seed": self.spec.seed, "block_length": BLOCK_LENGTH, "unit": "years"}

    def weight(self, block: int) -> float:
        return float(BLOCK_LENGTH)

    def run_block(self, block: int) -> xr.Dataset:
        if self.trouble and block == self.trouble_block:
            if self.trouble == "death":
                os.kill(os.getpid(), signal.SIGKILL)
            raise ArgumentError(Fault("coin", f"block {block}", "The coin stood on its edge."))
        uniforms = stream(self.spec.seed, "coin", block=block).random(BLOCK_LENGTH)
        loss = np.where(uniforms < self.spec.probability, 1000.0 * uniforms, 0.0)
        return xr.Dataset(
            {
                "loss": ("year", loss, {"units": "CNY"}),
                "face": ("side", np.array(["头", "tails"], dtype=object)),
            },
            attrs={"block": block},
        )

    def finish(self, parts: Iterable[xr.Dataset], ledger: Ledger) -> xr.DataTree:
        loss = np.concatenate([part["loss"].values for part in parts])
        metrics = xr.Dataset(
            {
                "name": ("metric", ["average_annual_loss"]),
                "label": ("metric", ["Average annual loss"]),
                "value": ("metric", [loss.mean()]),
                "unit": ("metric", ["CNY"]),
                "standard_error": ("metric", [loss.std(ddof=1) / np.sqrt(loss.size)]),
                "low": ("metric", [np.nan]),
                "high": ("metric", [np.nan]),
                "dims": ("metric", ['{"layer": "gross"}']),
                "method": ("metric", ["mean of all years"]),
            }
        )
        losses = xr.Dataset({"loss": ("year", loss, {"units": "CNY"})})
        root = xr.Dataset(attrs={"kind": "coin", "name": self.spec.name, "title": self.spec.title})
        return xr.DataTree.from_dict({"/": root, "/losses": losses, "/metrics": metrics})


def coin(**settings: object) -> tuple[CoinJob, Scenario]:
    """Return a job and its scenario."""
    spec = CoinScenario(**settings)  # type: ignore[arg-type]
    return CoinJob(spec), Scenario(spec)
