# SPDX-License-Identifier: Apache-2.0
"""An index run by the engine: the same bits with one worker and with two, whole and interrupted; its page is made."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from studied_index import SMALL, prepared, run, small_index_run

from greenrisk.core.ledger import Ledger
from greenrisk.engine.result import Progress
from greenrisk.engine.run import run as run_job
from greenrisk.report.store import read
from greenrisk.resource.index_cover.index_job import IndexJob
from greenrisk.scenario.load import load
from greenrisk.scenario.schema import Scenario

NAME = "fire-index-jiangxi"


@pytest.fixture(scope="module")
def job() -> IndexJob:
    return prepared(NAME)


@pytest.fixture(scope="module")
def tree(job: IndexJob) -> xr.DataTree:
    return run(job)


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load(NAME, SMALL)


def same(one: xr.DataTree, other: xr.DataTree) -> None:
    assert [node.path for node in one.subtree] == [node.path for node in other.subtree]
    for node in one.subtree:
        xr.testing.assert_identical(
            node.to_dataset(inherit=False), other[node.path].to_dataset(inherit=False)
        )


def test_two_workers_and_one_give_the_same_bits(job: IndexJob, tree: xr.DataTree, scenario: Scenario) -> None:
    result = run_job(job, scenario=scenario, workers=2)
    same(result.tree, tree)
    assert result.manifest["parts"]["computed"] == job.n_blocks


def test_an_interrupted_run_goes_on_to_the_same_bits(
    job: IndexJob, tree: xr.DataTree, scenario: Scenario, tmp_path: Path
) -> None:
    partial = tmp_path / "index.partial"

    def stop(progress: Progress) -> None:
        if len(list(partial.glob("part-*"))) >= 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_job(job, scenario=scenario, partial=partial, progress=stop)
    assert 3 <= len(list(partial.glob("part-*"))) < job.n_blocks
    result = run_job(job, scenario=scenario, partial=partial, resume=True)
    assert result.manifest["parts"]["computed"] < job.n_blocks
    same(result.tree, tree)


def test_blocks_are_pure_and_the_job_survives_a_pickle(job: IndexJob) -> None:
    again = pickle.loads(pickle.dumps(job))
    for block in (job.n_blocks - 1, 0):
        xr.testing.assert_identical(again.run_block(block), job.run_block(block))


def test_finishing_twice_gives_the_same_bits(job: IndexJob, tree: xr.DataTree) -> None:
    parts = [job.run_block(block) for block in range(job.n_blocks)]
    same(job.finish(parts, Ledger(job.ledger)), tree)


def test_draws_of_the_record_do_not_depend_on_the_number_of_simulated_years(job: IndexJob) -> None:
    other = prepared(NAME, years="1000")
    first, last = job.plan.variants[1], other.plan.variants[1]
    np.testing.assert_array_equal(job.model.fitted(first).total, other.model.fitted(last).total)


def test_the_run_folder_holds_every_group_of_the_study(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = small_index_run(tmp_path_factory)
    found = read(folder)
    assert {
        "series",
        "guards",
        "changes",
        "record",
        "history",
        "payout_function",
        "treatments",
        "families",
        "index_laws",
        "calibration",
        "backtest",
        "backtest_summary",
        "backtest_power",
        "basis",
        "basis_pairs",
        "buyer",
        "losses",
        "curves",
        "premium",
        "knowledge",
        "tornado",
        "tornado_gap",
        "variance",
        "alternatives",
        "cards",
        "ledger",
    } <= set(found.tree.children)
    bare = [
        f"{node.path}/{name}"
        for node in found.tree.subtree
        for name, variable in node.to_dataset(inherit=False).data_vars.items()
        if variable.dtype.kind in "iuf" and "units" not in variable.attrs
    ]
    assert bare == []
    assert "</html>" in (folder / "report.html").read_text(encoding="utf-8")
