# SPDX-License-Identifier: Apache-2.0
"""The simulator against the plain numpy version of the same model, on the same fires, all other perils left out."""

import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from forest_pair import draws_of_greenrisk, fire_alone, forest_job, plain_model, variant
from plain_forest import settle

from greenrisk.resource.simulation import part, simulate

YEARS = 1000


@pytest.mark.parametrize(
    ("fires", "terms"),
    [
        pytest.param(1.0, {}, id="as shipped"),
        pytest.param(1.0, {"terms.deductible.combine": "max"}, id="larger-of deductible"),
        pytest.param(
            20.0,
            {"terms.event_limit_cny": "60000", "terms.annual_limit_cny": "400000"},
            id="twenty times the fires, limits that bind",
        ),
    ],
)
def test_simulator_equals_the_plain_model_year_by_year(fires: float, terms: dict[str, str]):
    job = forest_job(**terms)
    numbers = variant(job, fires)
    plain = settle(plain_model(job, numbers), draws_of_greenrisk(job, numbers, 0), YEARS)
    found = part(job.exposure, simulate(job.exposure, fire_alone(job, numbers), job.facts.spec.seed, 0))
    assert found["fires"].values.tolist() == plain["fires"].tolist()
    assert_allclose(found["burnt_area"].values, plain["burnt_area"], rtol=1e-12)
    # Damage degrees are read from a table of 513 quantiles there and computed one by one here.
    for ours, theirs in (
        (found["loss"].values[:, 0], plain["ground_up"]),
        (found["loss"].values[:, 1], plain["gross"]),
        (found["largest_event"].values[:, 1], plain["largest_gross"]),
        (found["site_sum"].values[:, 1], plain["by_stand"]),
    ):
        assert theirs.sum() > 0
        assert np.abs(ours - theirs).sum() < 1e-3 * theirs.sum()
    if terms.get("terms.annual_limit_cny"):
        assert plain["gross"].max() == pytest.approx(400_000.0)
        assert plain["largest_gross"].max() <= 60_000.0 + 1e-6
