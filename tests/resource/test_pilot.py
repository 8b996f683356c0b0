# SPDX-License-Identifier: Apache-2.0
"""The pilot against the simulation's own reduction and against thinned books; own experience in the model itself."""

from __future__ import annotations

import numpy as np
import pytest

from greenrisk.core.ledger import Ledger
from greenrisk.core.library import library_root
from greenrisk.core.tables import read_table
from greenrisk.resource.development import TRIANGLE, developed
from greenrisk.resource.experience import experience_of
from greenrisk.resource.experience_cards import updated_cards
from greenrisk.resource.experience_table import EXPERIENCE
from greenrisk.resource.pilot import Pilot, pilot_of, run_pilot
from greenrisk.resource.settlement import Payments
from greenrisk.resource.simulation import part, resolve, simulate
from greenrisk.resource.study import ForestJob
from greenrisk.resource.variants import central

BLOCKS = 3


@pytest.fixture(scope="module")
def blocks(job: ForestJob) -> list[Payments]:
    perils = resolve(job.exposure, job.plan.variants[0])
    return [simulate(job.exposure, perils, 2027, block, "pilot") for block in range(BLOCKS)]


@pytest.fixture(scope="module")
def pilot(job: ForestJob, blocks: list[Payments]) -> Pilot:
    return pilot_of(job.exposure, blocks)


def test_mean_and_variance_are_those_of_the_simulated_years(
    job: ForestJob, blocks: list[Payments], pilot: Pilot
) -> None:
    years = np.concatenate([part(job.exposure, block)["cell_loss"].values.sum(axis=1) for block in blocks])
    area = float(job.exposure.book.insured_area_mu.sum())
    assert pilot.years == 1000 * BLOCKS
    assert pilot.mean == pytest.approx(np.append(years.mean(axis=0), years.sum(axis=1).mean()) / area)
    assert pilot.variance[:-1] == pytest.approx(years.var(axis=0, ddof=1) / area**2)
    assert pilot.variance[-1] == pytest.approx(years.sum(axis=1).var(ddof=1) / area**2)
    assert pilot.mean_error == pytest.approx(np.sqrt(pilot.variance / pilot.years))
    squared = sum(float(part(job.exposure, block)["site_sum"].values[:, 2].sum()) for block in blocks)
    assert pilot.stands[-1] == pytest.approx(squared / pilot.years / area**2)


def test_a_smaller_book_varies_as_books_with_stands_left_out_do(
    job: ForestJob, blocks: list[Payments], pilot: Pilot
) -> None:
    """A fifth of the stands kept by chance, 40 times: second moments as the formula says, 4 standard errors."""
    rng = np.random.default_rng(4)
    kept, area = 0.2, pilot.insured_mu
    found = []
    for _ in range(40):
        there = rng.random(len(job.exposure.book)) < kept
        years = np.concatenate(
            [
                np.bincount(b.year, weights=np.where(there[b.stand], b.gross, 0.0), minlength=b.years)
                for b in blocks
            ]
        )
        found.append(np.mean((years / (kept * area)) ** 2))
    variance = pilot.variance_of(np.array([kept * area]))[0, -1]
    moment = variance + pilot.mean[-1] ** 2
    assert abs(np.mean(found) - moment) < 4 * np.std(found) / np.sqrt(40)
    assert variance > 1.05 * pilot.variance[-1]


def test_what_strikes_all_does_not_shrink_with_size_and_a_larger_book_is_given_no_less(pilot: Pilot) -> None:
    variance = pilot.variance_of(pilot.insured_mu * np.array([0.1, 0.5, 1.0, 1.4]))
    assert (np.diff(variance, axis=0) <= 0).all()
    np.testing.assert_array_equal(variance[2], pilot.variance)
    np.testing.assert_array_equal(variance[3], pilot.variance)
    # A tenth of the stands: ten times the variance by squared mu if all were independent.
    assert (variance[0] < 10 * pilot.variance).all()


def test_the_pilot_has_streams_of_its_own_and_is_the_same_again(job: ForestJob, pilot: Pilot) -> None:
    again = run_pilot(job.exposure, job.plan.variants[0], 2027, BLOCKS)
    np.testing.assert_array_equal(again.mean, pilot.mean)
    perils = resolve(job.exposure, job.plan.variants[0])
    main = pilot_of(job.exposure, [simulate(job.exposure, perils, 2027, 0)])
    assert (
        main.mean[-1] != pilot_of(job.exposure, [simulate(job.exposure, perils, 2027, 0, "pilot")]).mean[-1]
    )


def test_the_variance_of_a_year_grows_about_as_the_level(job: ForestJob) -> None:
    """The closed form takes it for proportional; of perils that a few thousand years settle, twice gives 1.6 to 3."""
    base = job.plan.variants[0]
    scale = float(base.values["nonfire"]["scale"])
    once, twice = (
        run_pilot(job.exposure, base.with_value("nonfire", "scale", times * scale), 2027, BLOCKS)
        for times in (1, 2)
    )
    for kind in ("drought", "flood", "pest"):
        column = once.kinds.index(kind)
        assert 1.6 < twice.variance[column] / once.variance[column] < 3.0
        assert twice.mean[column] / once.mean[column] == pytest.approx(2.0, rel=0.12)


def test_the_shipped_example_moves_the_model_as_its_dataset_says(job: ForestJob, pilot: Pilot) -> None:
    data = library_root() / "data"
    ledger = Ledger()
    read = {
        name: read_table(data / f"jingdezhen_{name}_synthetic.csv", spec, ledger)
        for name, spec in (("experience", EXPERIENCE), ("triangle", TRIANGLE))
    }
    experience = experience_of(
        read["experience"],
        "example",
        kinds=pilot.kinds,
        underwriting_year=2026,
        book_mu=pilot.insured_mu,
        book_value_per_mu=pilot.value_per_mu,
        ledger=ledger,
        status="synthetic",
    )
    experience = developed(experience, read["triangle"], "triangle", ledger=ledger)
    cards, group = updated_cards(job.facts.cards, experience, pilot, underwriting_year=2026, ledger=ledger)
    assert ((group["credibility"] > 0.05) & (group["credibility"] < 0.95)).all()
    # Skewed and rare against mild and yearly.
    assert group["credibility"].sel(peril="snow_ice") < 0.5 < group["credibility"].sel(peril="flood")
    after = run_pilot(job.exposure, central(cards, job.plan.variants[0].cap_ha), 2027, BLOCKS)
    for kind in ("flood", "pest"):
        column = pilot.kinds.index(kind)
        posterior = float(group["posterior_median"].sel(peril=kind))
        moved = after.mean[column] / pilot.mean[column]
        # At the cards' values two rates of pests are a little below the median of their mean.
        assert moved == pytest.approx(posterior, rel=0.15)
    assert all(
        parameter.status != "user" for card in cards.values() for parameter in card.parameters.values()
    )
