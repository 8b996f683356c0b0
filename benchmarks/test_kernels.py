# SPDX-License-Identifier: Apache-2.0
"""Times of the hot parts of the forest simulator, for pytest-benchmark: nothing is asserted of them."""

import numpy as np
import pytest
from forest_pair import forest_job, variant

from greenrisk.resource.perils.damage import damage_law
from greenrisk.resource.perils.spread import spread
from greenrisk.resource.simulation import resolve, simulate

pytest.importorskip("pytest_benchmark")


@pytest.fixture(scope="module")
def job():
    return forest_job()


def test_spread_of_a_hundred_thousand_fires(benchmark, job):
    rng = np.random.default_rng(1)
    n = 100_000
    start = rng.integers(0, len(job.exposure.landscape), n)
    size = np.minimum(rng.pareto(1.1, n) * 5.0, 2000.0)
    benchmark(spread, start, size, np.repeat(np.arange(n // 2), 2), job.exposure.landscape)


def test_a_block_of_a_thousand_years(benchmark, job):
    wildfire = resolve(job.exposure, variant(job))
    benchmark(simulate, job.exposure, wildfire, 1, 0)


def test_quantile_tables_of_a_damage_card(benchmark, job):
    values = dict(variant(job).values["damage"])
    steps = iter(np.linspace(1.5, 6.0, 1_000_000))
    benchmark(lambda: damage_law({**values, "concentration": next(steps)}))
