# SPDX-License-Identifier: Apache-2.0
"""The zone study, small: Leping's zone with few years and draws, and a zone of own tables in a folder."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd
import pytest
import xarray as xr

import greenrisk
from greenrisk.core.ledger import Ledger
from greenrisk.pollution.job import ZoneJob
from greenrisk.pollution.liability.arrivals import Base
from greenrisk.pollution.liability.events import Accidents, simulate_block
from greenrisk.pollution.liability.policy_terms import PolicyTerms
from greenrisk.pollution.liability.terms import Paid, apply_terms
from greenrisk.pollution.liability.zone_year import ZoneYears, gather, part
from greenrisk.pollution.variants import Variant
from greenrisk.pollution.zone import BLOCK_LENGTH
from greenrisk.scenario.load import load
from tests.once import once

SMALL = {"years": "4000", "knowledge.draws": "20", "knowledge.years": "1000"}
"""Settings of the small study."""

SCENARIO = """\
kind: zone
name: small-zone
title: A small valid zone
underwriting_year: 2027
price_year: 2022
years: 1000
seed: 1
inventory:
  plants: plants.csv
  substances: substances.csv
policy:
  deductible: {amount_cny: 20000, share: 0.1}
knowledge: {draws: 20, years: 1000}
"""
"""A scenario whose tables lie beside it; plants is on line 9, policy on line 11."""


def prepared(**overrides: str) -> ZoneJob:
    """Prepare the shipped scenario, small; two underscores in a key stand for a dot."""
    given = {key.replace("__", "."): value for key, value in overrides.items()}
    job = load("zone-leping", SMALL | given).prepare()
    assert isinstance(job, ZoneJob)
    return job


def small_zone_run(factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a real run of the small study, made once for all processes of the tests."""

    def make(folder: Path) -> Path:
        greenrisk.run(load("zone-leping", SMALL), out=folder / "run")
        return folder / "run"

    return once(factory, "small-zone-run", make)


def parts_of(job: ZoneJob) -> list[xr.Dataset]:
    """Return all parts of a job."""
    return [job.run_block(block) for block in range(job.n_blocks)]


def run(job: ZoneJob) -> xr.DataTree:
    """Run a job in this process."""
    return job.finish(parts_of(job), Ledger(job.ledger))


def write_zone(folder: Path, frames: Mapping[str, pd.DataFrame], scenario: str = SCENARIO) -> Path:
    """Write tables and a scenario that names them into a folder; return the scenario's path.

    Parameters
    ----------
    folder : Path
        An existing folder.
    frames : mapping of str to DataFrame
        Tables by the name of their declaration.
    scenario : str
        Text of the scenario; tables beyond plants and substances are added below ``substances``.
    """
    keys = ""
    for name, frame in frames.items():
        short = name.removeprefix("zone-")
        frame.to_csv(folder / f"{short}.csv", index=False, encoding="utf-8", lineterminator="\n")
        if f"  {short}: " not in scenario:
            keys += f"  {short}: {short}.csv\n"
    anchor = "  substances: substances.csv\n"
    (folder / "zone.yaml").write_text(scenario.replace(anchor, anchor + keys), encoding="utf-8")
    return folder / "zone.yaml"


def small_job(path: Path) -> ZoneJob:
    """Prepare the zone of a folder."""
    job = load(path).prepare()
    assert isinstance(job, ZoneJob)
    return job


def settled(
    job: ZoneJob,
    variant: Variant | None = None,
    terms: PolicyTerms | None = None,
    blocks: Iterable[int] = range(4),
) -> list[tuple[Accidents, Paid]]:
    """Simulate a variant on the accidents of the central model's streams and apply terms.

    Parameters
    ----------
    job : ZoneJob
        Whose model.
    variant : Variant, optional
        Empty: the central one.
    terms : PolicyTerms, optional
        Empty: those of the scenario.
    blocks : iterable of int
        Blocks of a thousand years.
    """
    central = job.plan.variants[0]
    base = Base.of(job.model.laws(central))
    laws = job.model.laws(central if variant is None else variant)
    found = []
    for block in blocks:
        accidents = simulate_block(laws, job.facts.spec.seed, "test", block, base)
        found.append((accidents, apply_terms(accidents, job.model.terms if terms is None else terms)))
    return found


def years_of(
    job: ZoneJob,
    variant: Variant | None = None,
    terms: PolicyTerms | None = None,
    blocks: Iterable[int] = range(4),
) -> ZoneYears:
    """Return the simulated years of :func:`settled`."""
    plants, found = len(job.model.plants), settled(job, variant, terms, blocks)
    caps = job.model.caps(job.plan.variants[0] if variant is None else variant)
    return gather((part(*one, plants, caps) for one in found), len(found), BLOCK_LENGTH)
