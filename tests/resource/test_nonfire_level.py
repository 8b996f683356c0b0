# SPDX-License-Identifier: Apache-2.0
"""The level of the judged perils: at scale 1 they cost what the one year that is known cost."""

from __future__ import annotations

import numpy as np
import pytest

from greenrisk.resource.job import ForestJob
from greenrisk.resource.known_year_check import known_fire
from greenrisk.resource.perils.snow_ice import SnowIceLaw
from greenrisk.resource.simulation import by_peril, resolve, simulate
from greenrisk.scenario.load import load

BLOCKS = 30


@pytest.fixture(scope="module")
def job() -> ForestJob:
    return load("forest-jingdezhen", {}).prepare(None)


def test_at_scale_one_the_five_are_paid_what_2015_paid_less_its_fire(job: ForestJob) -> None:
    """Within 4 standard errors, those of the cold spells taken out by their closed form; the others are about 1 %."""
    central = job.plan.variants[0].with_value("nonfire", "scale", 1.0)
    book, perils = job.exposure.book, resolve(job.exposure, central)
    area, snow = book.insured_area_mu.sum(), perils.laws["snow_ice"]
    assert isinstance(snow, SnowIceLaw)
    paid, spells, fire = [], [], []
    for block in range(BLOCKS):
        run = simulate(job.exposure, perils, 5, block, "level")
        years = by_peril(run)
        paid.append(sum(losses for kind, losses in years.items() if kind != "wildfire") / area)
        of_snow = run.peril == run.perils.index("snow_ice")
        spells.append(np.bincount(run.year[of_snow], run.ground_up[of_snow], run.years) / area)
        burnt = run.insured_mu[run.peril == run.perils.index("wildfire")].sum() / run.years
        fire.append((years["wildfire"].mean(), burnt))
    cost, load_of_snow = np.concatenate(paid), np.concatenate(spells)
    slope = np.cov(cost, load_of_snow)[0, 1] / load_of_snow.var()
    expected = float(snow.expected_shares(4096) @ book.sum_insured) / area
    adjusted = cost - slope * (load_of_snow - expected)
    error = adjusted.std() / np.sqrt(adjusted.size)
    assert error < 0.012 * adjusted.mean()

    reference = job.facts.reference
    assert reference is not None
    assert reference.known_year is not None
    payment, burnt_mu = np.mean(fire, axis=0)
    of_fire = known_fire(job.facts, reference, float(area)) * payment / burnt_mu / area
    target = reference.known_year.paid_per_insured_mu["printed"] - of_fire
    assert 0.005 < of_fire < 0.02
    assert abs(adjusted.mean() - target) < 4 * error
