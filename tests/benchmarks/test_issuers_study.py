# SPDX-License-Identifier: Apache-2.0
"""The many issuers of the benchmark are whole statements, each its own; its tables have their places."""

import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from issuers_study import draw_rows, size_rows
from readme_tables import README, replaced
from scaled_issuers import scaled_scenario, scaled_tables

from greenrisk.issuer.job import IssuersJob
from greenrisk.scenario.load import load


def test_every_issuer_that_is_made_is_run_and_none_is_made_twice(tmp_path: Path) -> None:
    scaled_tables(70, tmp_path)
    path = scaled_scenario(tmp_path, knowledge={"draws": 0, "tornado": False})
    job = load(path).prepare()
    assert isinstance(job, IssuersJob)
    issuers = job.model.issuers
    assert len(issuers) == len(set(issuers.ids)) == 70
    assert job.facts.intake.refused == ()
    assert np.unique(issuers.line("variable_cost")).size == 70


def test_the_tables_of_the_benchmark_have_their_places() -> None:
    keys = ["read", "blocks", "combine", "write", "all", "processor", "peak_run", "peak", "worker", "folder"]
    one = dict.fromkeys(keys, 1.0)
    tables = {"issuers-study-sizes": size_rows({1000: one}), "issuers-study-draws": draw_rows({0: one}, 1000)}
    for rows in tables.values():
        assert {row.count("|") for row in rows} == {rows[0].count("|")}
    text = README.read_text(encoding="utf-8")
    assert replaced(text, {"issuers-study-machine": ["x"], **tables}) != text
