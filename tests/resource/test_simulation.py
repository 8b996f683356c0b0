# SPDX-License-Identifier: Apache-2.0
"""The simulator against expectations by algebra, and its invariants."""

from dataclasses import replace

import numpy as np
import pytest

from greenrisk.core.units import MU_PER_HA
from greenrisk.resource.exposure import Exposure
from greenrisk.resource.forest import TermsSpec
from greenrisk.resource.indemnity import DeductibleRule
from greenrisk.resource.job import ForestJob
from greenrisk.resource.simulation import Perils, annual, by_peril, part, resolve, simulate
from greenrisk.resource.variants import Variant

FOUR = 4.0  # standard errors
BLOCKS = 30


def _same_hazard(variant: Variant) -> Variant:
    for species in ("conifer", "broadleaf", "mixed", "bamboo"):
        variant = variant.with_value("local", f"hazard_{species}", 1.0)
    return variant.with_value("local", "claimed_share", 0.999)


def _without_terms(exposure: Exposure) -> Exposure:
    return replace(exposure, terms=TermsSpec(deductible=DeductibleRule(kind="none")))


def _fire_alone(exposure: Exposure, variant: Variant) -> Perils:
    return Perils({"wildfire": resolve(exposure, variant).wildfire})


def test_burnt_forest_is_fires_times_mean_size(job: ForestJob) -> None:
    wildfire = resolve(job.exposure, job.plan.variants[0]).wildfire
    burnt = np.concatenate(
        [wildfire.simulate(5, "main", block).by_year["burnt_area"] for block in range(BLOCKS)]
    )
    expected = wildfire.counts.mean * wildfire.size.mean()
    assert abs(burnt.mean() - expected) < FOUR * burnt.std() / np.sqrt(burnt.size)


def test_loss_by_fire_before_terms_is_the_product_of_its_chain(job: ForestJob) -> None:
    """With one hazard for all species every insured hectare burns equally often: a product of five means.

    The degree's mean is taken by an integral over the uniform of the fire, not from the simulation.
    """
    from greenrisk.resource.perils.damage import damage_degree

    exposure = _without_terms(job.exposure)
    variant = _same_hazard(job.plan.variants[0])
    perils = _fire_alone(exposure, variant)
    wildfire = perils.wildfire
    loss = np.concatenate([annual(simulate(exposure, perils, 5, block))[0][:, 0] for block in range(BLOCKS)])
    book, forest = exposure.book, exposure.landscape.area_ha.sum()
    quantiles = (np.arange(2000) + 0.5) / 2000
    degree = np.array(
        [
            damage_degree(np.full(len(book), u), book.species, book.age, wildfire.damage)
            for u in quantiles[::10]
        ]
    ).mean(axis=0)
    burnt_per_ha = wildfire.counts.mean * wildfire.size.mean() / forest
    expected = (
        burnt_per_ha * book.area_ha * MU_PER_HA * book.insured_share * book.sum_insured_per_mu * degree
    ).sum()
    error = loss.std() / np.sqrt(loss.size)
    # Stands and patches differ in size, and growth favours neither strongly: 3 % is allowed for that.
    assert abs(loss.mean() - expected) < FOUR * error + 0.03 * expected


def test_sums_by_segment_peril_site_and_group_equal_the_total(job: ForestJob) -> None:
    perils = resolve(job.exposure, job.plan.variants[0])
    payments = simulate(job.exposure, perils, 1, 0)
    dataset = part(job.exposure, payments)
    ground_up, gross = dataset["loss"].values.T
    np.testing.assert_allclose(dataset["cell_loss"].sum(("segment", "peril")), gross, rtol=1e-12)
    np.testing.assert_allclose(dataset["peril_ground_up"].sum("peril"), ground_up, rtol=1e-12)
    of_peril = by_peril(payments)
    for code, kind in enumerate(perils.laws):
        np.testing.assert_allclose(dataset["cell_loss"].sum("segment")[:, code], of_peril[kind], rtol=1e-12)
    for sums in ("site_sum", "group_sum"):
        assert dataset[sums].values[:, 1].sum() == pytest.approx(gross.sum(), rel=1e-12)
    assert dataset["group_sum"].values[:, 0].sum() == dataset["claims"].values.sum()
    of_year = np.zeros((payments.years, len(job.exposure.book)))
    np.add.at(of_year, (payments.year, payments.stand), payments.gross)
    np.testing.assert_allclose(dataset["site_sum"].values[:, 2], (of_year**2).sum(axis=0), rtol=1e-12)


def test_gross_never_exceeds_the_limits(job: ForestJob) -> None:
    terms = job.exposure.terms.model_copy(update={"event_limit_cny": 20_000.0, "annual_limit_cny": 30_000.0})
    exposure = replace(job.exposure, terms=terms)
    perils = resolve(exposure, job.plan.variants[0])
    loss, largest = annual(simulate(exposure, perils, 1, 0))
    assert largest[:, 1].max() == pytest.approx(20_000.0)
    assert loss[:, 1].max() <= 30_000.0 * (1 + 1e-12)
    free, _ = annual(simulate(job.exposure, perils, 1, 0))
    np.testing.assert_array_equal(loss[:, 0], free[:, 0])


def test_a_stand_is_never_paid_more_than_its_sum_insured_in_a_year(job: ForestJob) -> None:
    variant = job.plan.variants[0].with_value("local", "relative_hazard", 500.0)
    payments = simulate(job.exposure, resolve(job.exposure, variant), 1, 0)
    book = job.exposure.book
    key, place = np.unique(payments.stand * 1000 + payments.year, return_inverse=True)
    assert key.size < payments.stand.size, "at this hazard some stands burn twice in a year"
    paid = np.bincount(place, weights=payments.gross)
    lost = np.bincount(place, weights=payments.ground_up)
    for amount in (paid, lost):
        assert (amount <= book.sum_insured[key // 1000] * (1 + 1e-9)).all()
        assert (amount > book.sum_insured[key // 1000] * (1 - 1e-9)).any(), "some are lost and paid whole"


def test_variants_share_their_random_numbers(job: ForestJob) -> None:
    """More hazard adds fires and keeps the others: no year gets fewer."""
    base = resolve(job.exposure, job.plan.variants[0])
    more = resolve(job.exposure, job.plan.variants[0].with_value("local", "relative_hazard", 1.5))
    few, many = (simulate(job.exposure, perils, 1, 0).by_year["fires"] for perils in (base, more))
    assert (many >= few).all()
    assert many.sum() > few.sum()


def test_a_small_move_of_one_hazard_moves_few_fires(job: ForestJob) -> None:
    base = job.plan.variants[0]
    moved = base.with_value("local", "hazard_conifer", 1.05 * float(base.values["local"]["hazard_conifer"]))
    one, other = (resolve(job.exposure, variant).wildfire.ignition for variant in (base, moved))
    rng = np.random.default_rng(3)
    place, keep, again = rng.random((3, 20_000))
    changed = np.mean(one.nodes(place, keep, again) != other.nodes(place, keep, again))
    # Conifers hold less than all of the hazard, so at most 5 % of it moves; the coupling may double that.
    assert 0 < changed < 0.10


def test_ignitions_follow_hazard_weighted_area(job: ForestJob) -> None:
    variant = job.plan.variants[0]
    law = resolve(job.exposure, variant).wildfire.ignition
    rng = np.random.default_rng(11)
    n = 400_000
    stand = job.exposure.landscape.stand[law.nodes(*rng.random((3, n)))]
    book = job.exposure.book
    species = np.bincount(book.species[stand[stand >= 0]], minlength=4)
    hazard = np.array(
        [float(variant.values["local"][f"hazard_{s}"]) for s in ("conifer", "broadleaf", "mixed", "bamboo")]
    )
    weight = np.bincount(book.species, weights=book.area_ha * hazard[book.species], minlength=4)
    expected = weight / weight.sum() * species.sum()
    assert (abs(species - expected) < FOUR * np.sqrt(expected)).all()
