# SPDX-License-Identifier: Apache-2.0
"""The wetland study, small: the shipped scenario with few years and draws, and a scenario of four sites in a folder."""

from __future__ import annotations

from pathlib import Path

import pytest
import xarray as xr

import greenrisk
from tests.once import once
from tests.small_wetland import site_table

SMALL = {"years": "6000", "knowledge.draws": "20", "knowledge.years": "1000"}
"""Settings of the small study."""

FEW = """\
kind: wetland
name: few
title: Four sites, no index
underwriting_year: 2027
price_year: 2026
years: 3000
seed: 5
sites: sites.csv
perils:
  - kind: low_water
  - kind: spill
knowledge: {draws: 20, years: 1000}
"""


def shipped(factory: pytest.TempPathFactory) -> xr.DataTree:
    """Return the result of the shipped scenario, with the settings of :data:`SMALL`."""

    def make(folder: Path) -> xr.DataTree:
        return greenrisk.run("wetland-manaus", **SMALL).tree

    return once(factory, "wetland-manaus", make)


def write_few(folder: Path, text: str = FEW) -> Path:
    """Write the scenario of four sites into a folder and return its file."""
    site_table().to_csv(folder / "sites.csv", index=False)
    path = folder / "few.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def small_wetland_run(factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a real run of the small study, made once for all processes of the tests."""

    def make(folder: Path) -> Path:
        greenrisk.run(greenrisk.load("wetland-manaus", SMALL), out=folder / "run")
        return folder / "run"

    return once(factory, "small-wetland-run", make)
