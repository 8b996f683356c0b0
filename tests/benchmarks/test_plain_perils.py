# SPDX-License-Identifier: Apache-2.0
"""All six perils against the plain numpy version of the same model, which draws years of its own."""

import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from forest_pair import forest_job, plain_perils, variant
from plain_perils import Event, PlainPerils, settle
from plain_perils import simulate as plainly

from greenrisk.resource.exposure import Exposure
from greenrisk.resource.job import ForestJob
from greenrisk.resource.perils.base import PerilYears
from greenrisk.resource.simulation import Perils, part, resolve, simulate

FOUR = 4.0  # standard errors
LENGTH = 1000
BLOCKS = 6
PERILS = ("wildfire", "storm", "snow_ice", "drought", "flood", "pest")


@pytest.fixture(scope="module")
def job() -> ForestJob:
    return forest_job()


@pytest.fixture(scope="module")
def perils(job: ForestJob) -> Perils:
    return resolve(job.exposure, variant(job))


@pytest.fixture(scope="module")
def plain(job: ForestJob) -> PlainPerils:
    return plain_perils(job, variant(job))


@pytest.fixture(scope="module")
def both(
    job: ForestJob, perils: Perils, plain: PlainPerils
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Annual figures of greenrisk and of the plain version, by peril."""
    parts = [part(job.exposure, simulate(job.exposure, perils, 11, block)) for block in range(BLOCKS)]
    ours = {
        "ground_up": np.concatenate([found["peril_ground_up"].values for found in parts]),
        "gross": np.concatenate([found["cell_loss"].values.sum(axis=1) for found in parts]),
        "claims": np.concatenate([found["claims"].values for found in parts]),
    }
    rng = np.random.default_rng(12)
    drawn = [plainly(plain, rng, LENGTH) for _ in range(2)]
    return ours, {name: np.concatenate([table[name] for table in drawn]) for name in ours}


@pytest.mark.parametrize("name", ["ground_up", "gross", "claims"])
def test_means_by_peril_agree_within_the_simulation_error(
    both: tuple[Mapping[str, np.ndarray], Mapping[str, np.ndarray]], name: str
) -> None:
    one, other = (table[name] for table in both)
    error = np.sqrt(one.var(axis=0) / len(one) + other.var(axis=0) / len(other))
    assert (np.abs(one.mean(axis=0) - other.mean(axis=0)) < FOUR * error).all()
    assert (one.mean(axis=0) > 0).all()


@pytest.mark.parametrize("kind", PERILS)
def test_years_without_a_claim_and_usual_years_agree(
    both: tuple[Mapping[str, np.ndarray], Mapping[str, np.ndarray]], kind: str
) -> None:
    """Chances to be without a claim, and to be above the median of the years with one."""
    one, other = (table["claims"][:, PERILS.index(kind)] for table in both)
    middle = np.median(one[one > 0])
    for test in (lambda claims: claims == 0, lambda claims: claims > middle):
        p, q = test(one).mean(), test(other).mean()
        pooled = (p * one.size + q * other.size) / (one.size + other.size)
        error = np.sqrt(max(pooled * (1 - pooled), 1e-12) * (1 / one.size + 1 / other.size))
        assert abs(p - q) < FOUR * error + 1e-12


def _events(years: Mapping[str, PerilYears]) -> list[Event]:
    events = []
    for code, brought in enumerate(years.values()):
        first = np.searchsorted(brought.hit_event, np.arange(brought.event_year.size + 1))
        for k, (year, day) in enumerate(
            zip(brought.event_year.tolist(), brought.event_day.tolist(), strict=True)
        ):
            hits = slice(first[k], first[k + 1])
            events.append(
                Event(
                    year, day, code, brought.hit_stand[hits], brought.hit_area[hits], brought.hit_degree[hits]
                )
            )
    return events


@pytest.mark.parametrize(
    "terms",
    [
        pytest.param({}, id="as shipped"),
        pytest.param(
            {"terms.inception": "10-01", "terms.waiting_days": "30", "terms.annual_limit_cny": "2000000"},
            id="from October, with a waiting period and a limit that binds",
        ),
        pytest.param({"terms.deductible.combine": "max", "terms.event_limit_cny": "300000"}, id="larger-of"),
    ],
)
def test_the_same_hits_cost_the_same_year_by_year(terms: dict[str, str]) -> None:
    job = forest_job(**terms)
    numbers = variant(job)
    exposure: Exposure = job.exposure
    laws = resolve(exposure, numbers)
    years = {kind: law.simulate(3, "main", 0) for kind, law in laws.laws.items()}
    found = part(exposure, simulate(exposure, laws, 3, 0, known=years))
    theirs = settle(plain_perils(job, numbers), _events(years), LENGTH)
    for name, ours in {
        "ground_up": found["peril_ground_up"].values,
        "gross": found["cell_loss"].values.sum(axis=1),
        "largest_gross": found["largest_event"].values[:, 1],
        "by_stand": found["site_sum"].values[:, 1],
    }.items():
        np.testing.assert_allclose(ours, theirs[name], rtol=1e-9, atol=1e-6)
    np.testing.assert_array_equal(found["claims"].values, theirs["claims"])
    if "terms.annual_limit_cny" in terms:
        assert theirs["gross"].sum(axis=1).max() == pytest.approx(2e6)
