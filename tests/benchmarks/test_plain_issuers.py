# SPDX-License-Identifier: Apache-2.0
"""The plain late and sudden transition of the benchmark is the same model; the tables have their places."""

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

import issuers
from plain_issuers import plain_transition
from readme_tables import README

from greenrisk.issuer.production.late_sudden import late_sudden

COMPANIES = 120


@pytest.fixture(scope="module")
def read():
    return issuers.tables(COMPANIES)


def test_both_codes_give_the_same_values_defaults_and_trajectories(read):
    spec = issuers.scenario(6)
    found, _ = late_sudden(spec, *read)
    ours = {"trajectories": found.trajectories(), "values": found.values(), "defaults": found.defaults()}
    for pair in (spec.pairs[0], spec.pairs[4]):
        theirs = plain_transition(
            *read,
            pair.baseline,
            pair.target,
            level=issuers.TAX["level"],
            growth_of_tax=issuers.TAX["growth"],
        )
        for name, keys in (
            ("trajectories", ["issuer", "technology", "year"]),
            ("values", ["issuer", "technology"]),
            ("defaults", ["issuer", "sector", "term"]),
        ):
            own = ours[name][ours[name]["pair"] == pair.name]
            both = own.merge(theirs[name], on=keys, suffixes=("", "_theirs"), validate="1:1")
            assert len(both) == len(theirs[name]) == len(own)
            for column in (c for c in both.columns if c.endswith("_theirs") and c != "sector_theirs"):
                one, two = both[column.removesuffix("_theirs")], both[column]
                assert np.allclose(one, two, rtol=1e-10, atol=1e-12), column


def test_the_invented_companies_reach_every_branch(read):
    found, _ = late_sudden(issuers.scenario(6), *read)
    assert {True, False} <= set(found.falling.ravel().tolist())
    assert {True, False} <= set(found.compensated[found.falling].tolist())
    assert {True, False} <= set(found.compensated[~found.falling].tolist())
    assert found.findings.floored > 0
    assert ((found.proximity > 0.0) & (found.proximity < 1.0)).any()


def test_the_sameness_table_is_tiny_everywhere(read):
    rows = issuers.sameness(read, None)
    assert len(rows) == 3
    worst = [float(cell) for cell in rows[2].split("|")[3:5]]
    assert max(worst) < 1e-10


def test_every_table_of_the_benchmark_has_its_place_in_the_readme():
    text = README.read_text(encoding="utf-8")
    for name in ("machine", "speed", "sameness", "memory", "draws"):
        assert f"<!-- issuers-{name} -->\n" in text
        assert f"<!-- /issuers-{name} -->" in text
