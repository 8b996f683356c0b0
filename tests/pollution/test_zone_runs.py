# SPDX-License-Identifier: Apache-2.0
"""A zone run by the engine: the same bits with one worker and with two, whole and interrupted."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from studied_zone import SMALL

from greenrisk.engine.result import Progress, RunResult
from greenrisk.engine.run import run
from greenrisk.pollution.job import ZoneJob
from greenrisk.scenario.load import load
from greenrisk.scenario.schema import Scenario


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load("zone-leping", SMALL)


def same(one: xr.DataTree, other: xr.DataTree) -> None:
    assert [node.path for node in one.subtree] == [node.path for node in other.subtree]
    for node in one.subtree:
        first, second = node.to_dataset(inherit=False), other[node.path].to_dataset(inherit=False)
        assert first.attrs == second.attrs
        assert set(first.variables) == set(second.variables)
        for name in first.variables:
            a, b = first[name].values, second[name].values
            assert a.dtype == b.dtype, f"{node.path}/{name}"
            np.testing.assert_array_equal(a, b, err_msg=f"{node.path}/{name}")


def told(result: RunResult) -> list[tuple[object, ...]]:
    return [(entry.kind, entry.subject, entry.detail, entry.count) for entry in result.ledger]


def test_two_workers_and_one_give_the_same_bits(job: ZoneJob, tree: xr.DataTree, scenario: Scenario) -> None:
    result = run(job, scenario=scenario, workers=2)
    same(result.tree, tree)
    assert result.manifest["settings"]["plants"] == 34
    assert result.manifest["parts"]["computed"] == job.n_blocks


def test_an_interrupted_run_goes_on_to_the_same_bits(
    job: ZoneJob, tree: xr.DataTree, scenario: Scenario, tmp_path: Path
) -> None:
    partial = tmp_path / "zone.partial"
    before = 6

    def stop(progress: Progress) -> None:
        if len(list(partial.glob("part-*"))) >= before:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(job, scenario=scenario, partial=partial, progress=stop)
    assert before <= len(list(partial.glob("part-*"))) < job.n_blocks
    result = run(job, scenario=scenario, partial=partial, resume=True)
    assert result.manifest["parts"] == {"computed": job.n_blocks - before, "reused": before, "damaged": 0}
    same(result.tree, tree)
    assert told(result)[: len(job.ledger)] == [
        (entry.kind, entry.subject, entry.detail, entry.count) for entry in job.ledger
    ]


def test_a_block_is_a_pure_function_of_the_job(job: ZoneJob, parts: list[xr.Dataset]) -> None:
    for block in (job.n_blocks - 1, 2, 0):
        again = job.run_block(block)
        for name in again.data_vars:
            np.testing.assert_array_equal(again[name].values, parts[block][name].values, err_msg=str(name))


def test_the_settings_of_the_manifest_tell_the_zone(job: ZoneJob) -> None:
    settings = job.settings
    assert settings["kind"] == "zone"
    assert settings["years"] == 4000
    assert settings["plants"] == 34
    assert settings["insured_plants"] == int(job.model.terms.insured.sum())
    assert settings["knowledge_variants"] == len(job.plan.variants)
    weights = [job.weight(block) for block in range(job.n_blocks)]
    assert sum(weights) == 4000.0 + 1000.0 * len(job.plan.variants)
