# SPDX-License-Identifier: Apache-2.0
"""The index study, small: the shipped scenarios with few years and draws, and covers on made-up tables in a folder."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import greenrisk
from greenrisk.core.ledger import Ledger
from greenrisk.resource.index_cover.index_job import IndexJob
from greenrisk.scenario.load import load
from tests.once import once

SMALL = {"years": "4000", "knowledge.draws": "20", "knowledge.years": "1000"}
"""Settings of the small study."""

SEVERAL = """\
kind: index
name: several
title: Three covers on three indices
underwriting_year: 2020
price_year: 2025
years: 20000
seed: 3
series:
  stage: {kind: table, file: water.csv, value: stage, unit: m}
  rain: {kind: table, file: water.csv, value: rain, unit: mm}
indices:
  stage: {kind: season_value, series: stage, statistic: mean}
  rain: {kind: season_value, series: rain, statistic: mean}
  wind:
    kind: wind_box
    tracks: tracks.csv
    box: {south: 27, north: 29, west: 119, east: 123}
    first_year: 1980
    last_year: 2019
covers:
  - name: low water
    payout: {kind: linear, index: stage, pays: below, trigger: 9.5, exit: 7.5}
    sum_insured_cny: 1000000
    deductible_cny: 50000
  - name: drought
    payout:
      kind: double
      first: {kind: linear, index: stage, pays: below, trigger: 10, exit: 8}
      second: {kind: linear, index: rain, pays: below, trigger: 950, exit: 700}
    sum_insured_cny: 2000000
  - name: storm
    payout:
      kind: tiers
      index: wind
      pays: above
      tiers:
        - {edge: 90, inclusive: true, share: 0.4}
        - {edge: 120, inclusive: false, share: 1.0}
    sum_insured_cny: 1500000
    annual_limit_cny: 2000000
aggregate: {deductible_cny: 100000, limit_cny: 3000000}
history: {treatment: none, law: normal}
knowledge: {draws: 20, years: 1000}
"""
"""A scenario whose tables lie beside it: two series of 40 years and storms."""


def prepared(name: str = "wetland-nile", **overrides: str) -> IndexJob:
    """Prepare a shipped scenario, small; two underscores in a key stand for a dot."""
    given = {key.replace("__", "."): value for key, value in overrides.items()}
    job = load(name, SMALL | given).prepare()
    assert isinstance(job, IndexJob)
    return job


def run(job: IndexJob) -> xr.DataTree:
    """Run a job in this process."""
    return job.finish([job.run_block(block) for block in range(job.n_blocks)], Ledger(job.ledger))


def small_index_run(factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a real run of the small study, made once for all processes of the tests."""

    def make(folder: Path) -> Path:
        greenrisk.run(load("fire-index-jiangxi", SMALL), out=folder / "run")
        return folder / "run"

    return once(factory, "small-index-run", make)


def water(years: int = 40) -> pd.DataFrame:
    """Return stage [m] and rain [mm] of made-up years, correlated by 0.6, without step or trend in their law."""
    rng = np.random.default_rng(5)
    z = rng.standard_normal((years, 2))
    return pd.DataFrame(
        {
            "year": np.arange(1980, 1980 + years),
            "stage": (10 + z[:, 0]).round(4),
            "rain": (1000 + 150 * (0.6 * z[:, 0] + 0.8 * z[:, 1])).round(3),
        }
    )


def tracks() -> pd.DataFrame:
    """Return storms of 1980 to 2019, all through the middle of the box of :data:`SEVERAL`."""
    rng = np.random.default_rng(6)
    rows = []
    for year in range(1980, 2020):
        for storm in range(int(rng.poisson(1.2))):
            wind = round(60 + float(rng.gamma(2, 18)), 1)
            for fix, lon in enumerate((118, 121, 124)):
                time = f"{year}-08-{5 + storm:02d} {6 * fix:02d}:00"
                rows.append((f"{year}-{storm}", time, 28, lon, wind))
    return pd.DataFrame(rows, columns=["storm", "time", "lat", "lon", "wind_kt"])


def write_several(folder: Path, scenario: str = SEVERAL) -> Path:
    """Write the tables and a scenario that names them into a folder; return the scenario's path."""
    water().to_csv(folder / "water.csv", index=False)
    tracks().to_csv(folder / "tracks.csv", index=False)
    path = folder / "several.yaml"
    path.write_text(scenario, encoding="utf-8")
    return path
