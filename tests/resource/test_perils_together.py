# SPDX-License-Identifier: Apache-2.0
"""Six perils in one study: each has streams, a nature and a card of its own, and all of them meet in one settlement."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from scipy.stats import spearmanr

import greenrisk
from greenrisk.core.cards import Parameter
from greenrisk.resource.job import VARIANTS_PER_BLOCK, ForestJob
from greenrisk.resource.perils.base import PerilYears
from greenrisk.resource.perils.damage import AGE_CLASSES, age_class
from greenrisk.resource.perils.listing import NON_FIRE, PERILS
from greenrisk.resource.perils.pest import FIXED_DEGREE
from greenrisk.resource.quantities import UNITS, peril_premium
from greenrisk.resource.simulation import Perils, resolve, simulate
from greenrisk.resource.variants import Variant
from tests.resource.conftest import BARE
from tests.small_forest import small_forest

FOUR = 4.0  # standard errors
BLOCKS = 4


@pytest.fixture(scope="module")
def drawn(job: ForestJob) -> dict[str, list[PerilYears]]:
    """Some thousand years of each peril."""
    laws = resolve(job.exposure, job.plan.variants[0]).laws
    return {kind: [law.simulate(1, "main", block) for block in range(BLOCKS)] for kind, law in laws.items()}


def _without(kind: str) -> str:
    return "[" + ", ".join(f"{{kind: {other}}}" for other in PERILS if other != kind) + "]"


def _base_quantities(job: ForestJob) -> Mapping[str, float]:
    """The figures of the central cards, on the years of the knowledge runs."""
    values = job.run_block(job.simulation_blocks)["quantity"].values[0]
    return dict(zip(UNITS, values.tolist(), strict=True))


@pytest.mark.parametrize("kind", NON_FIRE)
def test_a_peril_that_is_taken_out_moves_the_premium_and_leaves_the_years_of_the_others_as_they_were(
    job: ForestJob, prepare: Callable[..., ForestJob], drawn: dict[str, list[PerilYears]], kind: str
) -> None:
    less = prepare(**BARE, perils=_without(kind))
    laws = resolve(less.exposure, less.plan.variants[0]).laws
    assert set(laws) == set(PERILS) - {kind}
    for other, law in laws.items():
        one, two = drawn[other][0], law.simulate(1, "main", 0)
        for name in ("event_year", "event_day", "hit_event", "hit_stand", "hit_area", "hit_degree"):
            np.testing.assert_array_equal(getattr(one, name), getattr(two, name))
        role = "occurrence" if other == "wildfire" else other
        assert less.plan.variants[7].values[role] == job.plan.variants[7].values[role], "nor its joint draws"

    all_six, five = _base_quantities(job), _base_quantities(less)
    assert five[peril_premium(kind)] == 0.0 < all_six[peril_premium(kind)]
    for name in ("gross_premium", "pure_premium", "average_annual_loss_ground_up", "rate_per_mille"):
        assert five[name] < all_six[name]
    # Without it the others are paid what they were, or more where it had taken a stand before them.
    for other in laws:
        assert five[peril_premium(other)] >= all_six[peril_premium(other)] * (1 - 1e-9)


def test_every_card_moves_the_premium(job: ForestJob, tree: xr.DataTree) -> None:
    """Each card has a parameter whose range moves the gross premium; that of counties moves rates by county alone."""
    tornado = tree["/tornado"].to_dataset()
    swing = np.abs(tornado["gross_at_high"] - tornado["gross_at_low"]).values
    moved = {str(card) for card, width in zip(tornado["card"].values, swing, strict=True) if width > 0}
    assert moved == {card.name for role, card in job.facts.cards.items() if role != "county"}


def test_the_common_scale_multiplies_the_occurrence_of_all_perils_but_fire(job: ForestJob) -> None:
    base = job.plan.variants[0]
    scale = float(base.values["nonfire"]["scale"])
    one, two = (
        resolve(job.exposure, base.with_value("nonfire", "scale", factor)).laws
        for factor in (0.2 * scale, 0.4 * scale)
    )
    for kind in PERILS:
        ratio = two[kind].expected_events() / one[kind].expected_events()
        if kind == "wildfire":
            assert ratio == 1.0
        elif kind == "drought":  # a region has one drought a year at most, and counties share theirs
            assert 1.5 < ratio < 2.0
        else:
            assert ratio == pytest.approx(2.0)


def _by_class(job: ForestJob, drawn: dict[str, list[PerilYears]]) -> dict[str, np.ndarray]:
    """Loss by species and age class, relative to the area of each class, as shares: no scale left."""
    book = job.exposure.book
    kind_of = book.species * len(AGE_CLASSES) + age_class(book.species, book.age)
    held = np.bincount(kind_of, weights=book.area_ha)
    profile = {}
    for peril, blocks in drawn.items():
        lost = np.zeros(held.size)
        for years in blocks:
            weight = years.hit_area * years.hit_degree * book.area_ha[years.hit_stand]
            lost += np.bincount(kind_of[years.hit_stand], weights=weight, minlength=held.size)
        profile[peril] = lost / held / (lost / held).sum()
    return profile


def test_no_peril_hits_species_and_ages_like_another(
    job: ForestJob, drawn: dict[str, list[PerilYears]]
) -> None:
    """Of the loss by species and age at least an eighth would have to move to make one peril another."""
    profile = _by_class(job, drawn)
    for one, other in itertools.combinations(PERILS, 2):
        assert 0.5 * np.abs(profile[one] - profile[other]).sum() > 0.125, (one, other)


def test_no_peril_has_the_footprint_of_another(drawn: dict[str, list[PerilYears]]) -> None:
    """Stands hit by an event, share of a stand and degree: each pair differs by a factor in one of them at least."""
    figures = {}
    for kind, blocks in drawn.items():
        stands = np.concatenate([np.bincount(years.hit_event) for years in blocks])
        area = np.concatenate([years.hit_area for years in blocks])
        degree = np.concatenate([years.hit_degree for years in blocks])
        figures[kind] = np.array([stands[stands > 0].mean(), area.mean(), degree.mean()])
    for one, other in itertools.combinations(PERILS, 2):
        assert np.abs(np.log(figures[one] / figures[other])).max() > np.log(1.8), (one, other)


def test_the_worst_years_of_perils_are_years_of_different_shape(
    job: ForestJob, drawn: dict[str, list[PerilYears]]
) -> None:
    """The year exceeded once in 50 over the mean year, which no scale moves."""
    value = job.exposure.book.sum_insured
    ratio = {}
    for kind, blocks in drawn.items():
        loss = np.concatenate(
            [
                np.bincount(
                    years.event_year[years.hit_event],
                    weights=years.hit_area * years.hit_degree * value[years.hit_stand],
                    minlength=1000,
                )
                for years in blocks
            ]
        )
        ratio[kind] = np.quantile(loss, 0.98) / loss.mean()
    assert ratio["pest"] < ratio["flood"] < min(ratio["storm"], ratio["drought"], ratio["snow_ice"])


def test_perils_share_no_luck(job: ForestJob, drawn: dict[str, list[PerilYears]]) -> None:
    """Ranks of the annual losses of two perils are uncorrelated: their streams are their own."""
    annual_loss = {
        kind: np.concatenate(
            [
                np.bincount(
                    years.event_year[years.hit_event],
                    weights=years.hit_area * years.hit_degree,
                    minlength=1000,
                )
                for years in blocks
            ]
        )
        for kind, blocks in drawn.items()
    }
    for one, other in itertools.combinations(PERILS, 2):
        correlation = spearmanr(annual_loss[one], annual_loss[other]).statistic
        assert abs(correlation) < FOUR / np.sqrt(1000 * BLOCKS), (one, other)


def test_what_perils_cost_alone_is_what_they_cost_together_less_what_they_take_from_each_other(
    job: ForestJob,
) -> None:
    """With eight times the events, so that many a stand is worn down by more than one peril."""
    base = job.plan.variants[0]
    scale = 8.0 * float(base.values["nonfire"]["scale"])
    perils = resolve(job.exposure, base.with_value("nonfire", "scale", scale))
    together = simulate(job.exposure, perils, 1, 0)
    alone = 0.0
    for kind in PERILS:
        kinds = {"wildfire": perils.wildfire, kind: perils.laws[kind]}
        payments = simulate(job.exposure, Perils(kinds), 1, 0)
        alone += float(payments.ground_up[payments.peril == payments.perils.index(kind)].sum())
    assert 0.8 * alone < together.ground_up.sum() < alone
    assert together.repeated[1] > alone - together.ground_up.sum(), "some of it within one peril"


class _Stranger(Variant):
    """A variant that shares no peril with another, so that each of its perils is drawn for itself."""

    def same_peril(self, other: Variant, kind: str) -> bool:
        return False


def test_a_peril_drawn_once_for_all_variants_gives_the_bits_of_one_drawn_for_each(job: ForestJob) -> None:
    """A block with ends of the cards' ranges, in which most perils are those of the base."""
    base, *_ = job.plan.variants
    first = job.plan.first_end + 3 * VARIANTS_PER_BLOCK
    assert (
        sum(variant.same_peril(base, kind) for variant in job.plan.variants[first:][:8] for kind in PERILS)
        > 32
    )
    block = job.simulation_blocks + first // VARIANTS_PER_BLOCK
    strangers = tuple(_Stranger(variant.values, variant.cap_ha) for variant in job.plan.variants)
    alone = replace(job, plan=replace(job.plan, variants=strangers))
    xr.testing.assert_identical(job.run_block(block), alone.run_block(block))


def test_two_workers_give_the_bits_of_one(tmp_path: Path) -> None:
    scenario = small_forest(tmp_path)
    one, two = (greenrisk.run(scenario, workers=workers).tree for workers in (1, 2))
    for path in ("/losses", "/perils", "/metrics", "/knowledge", "/sites"):
        xr.testing.assert_identical(one[path].to_dataset(), two[path].to_dataset())


def test_sums_over_segments_and_perils_are_the_totals(tree: xr.DataTree) -> None:
    losses, perils = tree["/losses"].to_dataset(), tree["/perils"].to_dataset()
    gross = losses["loss"].sel(layer="gross").values
    np.testing.assert_allclose(losses["segment_loss"].sum("segment"), gross, rtol=1e-12)
    np.testing.assert_allclose(losses["peril_loss"].sum("peril"), gross, rtol=1e-12)
    for name in ("ground_up", "pure_premium", "contribution", "damaged_insured", "paid_area", "claims"):
        values = perils[name].values
        assert values[0] == pytest.approx(values[1:].sum(), rel=1e-12), name
    assert perils["ground_up"].values[0] == pytest.approx(
        losses["loss"].sel(layer="ground_up").values.mean(), rel=1e-12
    )
    assert perils["contribution"].values[0] == pytest.approx(perils["tail_value_at_risk"].values[0], rel=1e-9)


def test_every_parameter_of_every_card_has_a_range_and_says_what_it_rests_on(job: ForestJob) -> None:
    for kind in NON_FIRE:
        card = job.facts.cards[kind]
        assert card.fitted_by == "judgement"
        parameters: Mapping[str, Parameter] = card.parameters
        other = {name for name, parameter in parameters.items() if parameter.status != "illustrative"}
        assert other <= {FIXED_DEGREE}, "the wording's rule is read, not judged"
        assert all(parameter.range.basis and parameter.source for parameter in parameters.values())
