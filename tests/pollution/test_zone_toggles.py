# SPDX-License-Identifier: Apache-2.0
"""Each head, factor, term, cap, source and transfer of the zone study changed alone: sign, size, and books that close.

All changes are simulated on the accidents of the central model (common random numbers).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from studied_zone import settled, years_of

from greenrisk.environment.credit_colour import COLOURS
from greenrisk.pollution.accidents.roles import FACTORS, SOURCES
from greenrisk.pollution.grading.words import GRADES
from greenrisk.pollution.job import ZoneJob
from greenrisk.pollution.liability.expected import (
    count_covariance,
    expected_cost,
    expected_losses,
    head_law,
    shock_variance,
)
from greenrisk.pollution.liability.policy_spec import ClaimsMadeSpec, DeductibleSpec, PartSpec, SublimitSpec
from greenrisk.pollution.liability.policy_terms import PolicyTerms, terms_of
from greenrisk.pollution.liability.terms import REASONS
from greenrisk.pollution.liability.zone_year import ZoneYears
from greenrisk.pollution.severity.heads import HEADS
from greenrisk.pollution.severity.roles import JUDGED_HEADS, RECORDED_HEADS
from greenrisk.pollution.tables import ACTIVITIES, PREVENTION_LEVELS
from greenrisk.pollution.variants import CAPS, Variant

CLOSE = 1e-12


@pytest.fixture(scope="module")
def central(job: ZoneJob) -> Variant:
    return job.plan.variants[0]


@pytest.fixture(scope="module")
def years(job: ZoneJob) -> ZoneYears:
    return years_of(job)


def books_close(years: ZoneYears) -> None:
    """Insured and uninsured by reason are the loss, under every head and in the whole."""
    loss = years.by_head("ground_up")
    np.testing.assert_allclose(
        years.by_head("insured") + years.uninsured_by_reason().sum(axis=1), loss, rtol=1e-11, atol=1e-9
    )
    assert loss.sum() == pytest.approx(years.layer("ground_up").mean(), rel=CLOSE)
    assert years.by_plant("insured").sum() == pytest.approx(years.layer("insured").mean(), rel=CLOSE)


def without_head(variant: Variant, head: str) -> Variant:
    if head in RECORDED_HEADS:
        return variant.with_value("severity", f"{head}_share_positive", 0.0)
    return variant.with_value(JUDGED_HEADS[head], "share_positive", 0.0)


@pytest.mark.parametrize("head", HEADS)
def test_a_head_switched_off_takes_its_loss_away_and_no_other(
    job: ZoneJob, central: Variant, years: ZoneYears, head: str
) -> None:
    off, place = without_head(central, head), HEADS.index(head)
    before, after = expected_losses(job.model.laws(central)), expected_losses(job.model.laws(off))
    assert before[:, place].sum() > 0.0
    assert (after[:, place] == 0.0).all()
    others = [h for h in range(len(HEADS)) if h != place]
    np.testing.assert_array_equal(after[:, others], before[:, others])
    changed = years_of(job, off)
    books_close(changed)
    assert changed.by_head("ground_up")[place] == 0.0
    np.testing.assert_allclose(
        changed.by_head("ground_up")[others], years.by_head("ground_up")[others], rtol=CLOSE
    )
    assert changed.accident_count.sum() == years.accident_count.sum()
    assert changed.layer("insured").mean() < years.layer("insured").mean()
    assert (changed.layer("insured") <= years.layer("insured") * (1.0 + 1e-9) + 1e-6).all()


def plants_with(job: ZoneJob, factor: str) -> np.ndarray:
    """Plants that a rating factor holds for, read from the tables of plants and grades."""
    kind, _, word = factor.partition("_")
    exposure = job.model.exposure
    if kind == "grade":
        return exposure.grade == GRADES.index(word)
    if kind == "prevention":
        return exposure.prevention == PREVENTION_LEVELS.index(word)
    return exposure.credit == (len(COLOURS) if word == "unknown" else COLOURS.index(word))


@pytest.mark.parametrize("factor", FACTORS)
def test_a_rating_factor_multiplies_the_prior_of_its_plants_and_moves_their_loss_by_credibility(
    job: ZoneJob, central: Variant, factor: str
) -> None:
    value = float(central.values["rating_factors"][factor])
    doubled = central.with_value("rating_factors", factor, 2.0 * value)
    before, after = job.model.rates(central), job.model.rates(doubled)
    has = plants_with(job, factor)
    common = after.transfer / before.transfer
    np.testing.assert_allclose(after.prior, common * before.prior * np.where(has, 2.0, 1.0), rtol=CLOSE)
    # More accidents expected of the same history: the common factor falls, by less than the doubling.
    assert 0.5 < common < 1.0
    # Gamma-Poisson: (shape + accidents) / (shape / prior + years).
    shape = float(central.values["accidents"]["plant_shape"])
    seen, years = job.model.exposure.accidents, job.model.exposure.years
    np.testing.assert_allclose(after.posterior, (shape + seen) / (shape / after.prior + years), rtol=CLOSE)
    cost = expected_cost(job.model.laws(central).heads).sum(axis=1)
    loss = expected_losses(job.model.laws(doubled)).sum(axis=1)
    np.testing.assert_allclose(loss, (after.posterior + after.transport) * cost, rtol=CLOSE)
    assert (after.posterior[has] > before.posterior[has]).all()
    assert (after.posterior[~has] < before.posterior[~has]).all()
    np.testing.assert_array_equal(after.transport, before.transport)


def test_the_zone_has_plants_behind_every_rating_factor(job: ZoneJob) -> None:
    assert [factor for factor in FACTORS if not plants_with(job, factor).any()] == []


TERMS: Mapping[str, tuple[dict[str, Any], int, str]] = {
    "no deductible": ({"deductible": DeductibleSpec()}, +1, "deductible"),
    "deductible without a share": ({"deductible": DeductibleSpec(amount_cny=20000)}, +1, ""),
    "a higher deductible": ({"deductible": DeductibleSpec(amount_cny=100000, share=0.1)}, -1, ""),
    "no sublimits": ({"sublimits": ()}, +1, "sublimit"),
    "a sublimit of bodily injury": (
        {"sublimits": (SublimitSpec(heads=("bodily_injury",), share=0.02),), "person_limit": None},
        0,
        "",
    ),
    "no limit of a person": ({"person_limit": None}, +1, "person_limit"),
    "a low limit of a person": ({"person_limit": PartSpec(amount_cny=20000)}, -1, ""),
    "twice the limit of a year": ({"annual_multiple": 2.0}, +1, ""),
    "occurrence cover": ({"claims_made": None}, +1, "late_claim"),
    "claims made at once": (
        {"claims_made": ClaimsMadeSpec(retroactive_years=0, reporting_years=0.0, renewed=False)},
        -1,
        "",
    ),
    "gradual pollution covered": ({"excludes_gradual": False}, +1, "gradual"),
    "deliberate discharge covered": ({"excludes_deliberate": False}, +1, "deliberate"),
    "defence beside the limits": ({"defence_inside_limits": False}, +1, ""),
    "one limit for all": ({"accident_limit_cny": 1e6}, -1, ""),
}
"""Terms changed, what that does to payments, and the reason that must be gone."""


def wording(job: ZoneJob, changed: Mapping[str, Any]) -> PolicyTerms:
    spec = job.facts.spec.policy.model_copy(update=changed)
    return terms_of(spec, job.model.plants.limit, [str(name) for name in job.model.plants.ids])


@pytest.mark.parametrize("name", TERMS)
def test_a_term_changed_moves_payments_in_its_direction_by_what_the_reasons_say(
    job: ZoneJob, years: ZoneYears, name: str
) -> None:
    changed, sign, gone = TERMS[name]
    after = years_of(job, terms=wording(job, changed))
    books_close(after)
    np.testing.assert_array_equal(after.layer("ground_up"), years.layer("ground_up"))
    moved = after.layer("insured").mean() - years.layer("insured").mean()
    # In the few years of the test a plant need not have two large claims in one of them.
    rare = name in {"no limit of a person", "occurrence cover", "twice the limit of a year"}
    if sign and not (rare and moved == 0.0):
        assert np.sign(moved) == sign, moved
    reasons = after.uninsured_by_reason().sum(axis=0) - years.uninsured_by_reason().sum(axis=0)
    scale = years.layer("ground_up").mean()
    assert moved == pytest.approx(-reasons.sum(), abs=1e-11 * scale)
    if gone:
        place = REASONS.index(gone)
        assert after.uninsured_by_reason()[:, place].sum() == 0.0
        # What the term no longer takes is paid, or taken by a later term: never more than it took.
        assert moved <= years.uninsured_by_reason()[:, place].sum() * (1.0 + 1e-9) + 1e-9


def test_a_plant_that_gives_up_its_cover_is_paid_nothing_and_no_other_is_paid_more(
    job: ZoneJob, years: ZoneYears
) -> None:
    terms = job.model.terms
    plant = int(np.flatnonzero(terms.insured)[0])
    insured = terms.insured.copy()
    insured[plant] = False
    after = years_of(job, terms=replace(terms, insured=insured))
    books_close(after)
    paid = years.by_plant("insured").copy()
    assert paid[plant] > 0.0
    paid[plant] = 0.0
    np.testing.assert_allclose(after.by_plant("insured"), paid, rtol=1e-10)
    more = after.uninsured_by_reason()[:, REASONS.index("no_policy")].sum()
    lost = more - years.uninsured_by_reason()[:, REASONS.index("no_policy")].sum()
    assert lost == pytest.approx(years.by_plant("ground_up")[plant], rel=1e-9)


def test_every_term_limits_what_it_says_for_every_accident(job: ZoneJob) -> None:
    terms = job.model.terms
    for accidents, paid in settled(job):
        has = terms.insured[accidents.plant]
        assert (paid.total[~has] == 0.0).all()
        assert (paid.total <= np.where(has, terms.accident_limit[accidents.plant], 0.0) * (1.0 + CLOSE)).all()
        room = accidents.total - np.maximum(
            terms.deductible_amount[accidents.plant],
            terms.deductible_share[accidents.plant] * accidents.total,
        )
        assert (paid.total <= np.maximum(room, 0.0) * (1.0 + CLOSE) + 1e-9).all()
        clean_up = HEADS.index("clean_up")
        share = job.facts.spec.policy.sublimits[0].share
        assert share is not None
        of_limit = share * terms.accident_limit[accidents.plant]
        assert (paid.insured[has, clean_up] <= of_limit[has] * (1.0 + CLOSE)).all()
        assert (paid.total[accidents.gradual | accidents.deliberate] == 0.0).all()
        cell = accidents.year * len(job.model.plants) + accidents.plant
        by_cell = np.bincount(cell, weights=paid.total, minlength=accidents.years * len(job.model.plants))
        of_year = by_cell.reshape(accidents.years, -1).max(axis=0)
        assert (of_year[terms.insured] <= terms.annual_limit[terms.insured] * (1.0 + CLOSE)).all()


@pytest.mark.parametrize("cap", CAPS)
def test_a_cap_bounds_every_head_and_its_mean_is_the_limited_expected_value(
    job: ZoneJob, central: Variant, cap: str
) -> None:
    variant = replace(central, cap=cap)
    laws, plants = job.model.laws(variant), job.model.plants
    largest = float(central.values["severity"]["physical_cap"])
    by_plant = {
        "physical": np.full(len(plants), largest),
        "assets": np.minimum(plants.assets, largest),
        "policy": np.minimum(np.where(plants.limit > 0, plants.limit, plants.limit.max()), largest),
    }[cap]
    np.testing.assert_array_equal(laws.heads.cap, np.repeat(by_plant[:, None], len(HEADS), axis=1))
    for h in range(len(HEADS)):
        scale = laws.heads.scale[:, h]
        mean = laws.heads.share_positive[:, h] * scale
        mean = mean * head_law(laws.heads, h).limited_expected_value(by_plant / scale)
        np.testing.assert_allclose(
            expected_losses(laws)[:, h], (laws.own + laws.transport) * mean, rtol=1e-10
        )
    for accidents, _ in settled(job, variant, blocks=range(2)):
        assert (accidents.loss <= by_plant[accidents.plant][:, None] * (1.0 + CLOSE)).all()
    np.testing.assert_array_equal(laws.own, job.model.laws(central).own)


def test_a_tighter_cap_costs_less_at_either_threshold(job: ZoneJob, central: Variant) -> None:
    for threshold in ("p80", "p90"):
        one = central.with_value("severity", "tail_threshold", threshold)
        cost = {cap: expected_losses(job.model.laws(replace(one, cap=cap))).sum(axis=1) for cap in CAPS}
        assert (cost["assets"] <= cost["physical"]).all()
        assert (cost["policy"] <= cost["physical"]).all()
        assert cost["physical"].sum() > cost["assets"].sum() > cost["policy"].sum()


@pytest.mark.parametrize("source", SOURCES)
def test_a_source_of_frequency_alone_is_the_rate_of_the_plants_that_it_knows(
    job: ZoneJob, central: Variant, source: str
) -> None:
    rates = job.model.rates(replace(central, source=source))
    pooled = job.model.rates(central)
    place = SOURCES.index(source)
    knows = ~np.isnan(rates.source[place])
    np.testing.assert_allclose(rates.pooled[knows], rates.source[place][knows], rtol=CLOSE)
    of_activity = np.array(
        [float(central.values["accidents"][f"rate_{ACTIVITIES[code]}"]) for code in job.model.plants.activity]
    )
    np.testing.assert_allclose(rates.pooled[~knows], of_activity[~knows], rtol=CLOSE)
    np.testing.assert_array_equal(rates.factor, pooled.factor)
    # The pool lies between its sources.
    with np.errstate(all="ignore"):
        low, high = np.nanmin(pooled.source, axis=0), np.nanmax(pooled.source, axis=0)
    assert (pooled.pooled >= low * (1.0 - CLOSE)).all()
    assert (pooled.pooled <= high * (1.0 + CLOSE)).all()


def test_the_frequency_factor_multiplies_priors_and_leaves_roads_alone(
    job: ZoneJob, central: Variant
) -> None:
    doubled = central.with_value("transfer", "frequency_factor", 2.0)
    before, after = job.model.rates(central), job.model.rates(doubled)
    common = after.transfer / before.transfer
    np.testing.assert_allclose(after.prior, common * before.prior, rtol=CLOSE)
    assert 1.0 < common < 2.0, "the history holds the factor back"
    np.testing.assert_array_equal(after.transport, before.transport)
    assert (after.posterior > before.posterior).all()
    assert (after.posterior < 2.0 * before.posterior).all()
    unseen = replace(job.model.exposure, years=np.zeros(len(job.model.plants)))
    fresh = replace(job.model, exposure=replace(unseen, accidents=np.zeros(len(job.model.plants))))
    np.testing.assert_allclose(
        fresh.rates(doubled).posterior, 2.0 * fresh.rates(central).posterior, rtol=CLOSE
    )


def test_the_severity_factor_scales_the_recorded_heads_up_to_their_cap(
    job: ZoneJob, central: Variant
) -> None:
    doubled = central.with_value(
        "transfer", "severity_factor", 2.0 * float(central.values["transfer"]["severity_factor"])
    )
    before, after = job.model.laws(central), job.model.laws(doubled)
    np.testing.assert_array_equal(after.own, before.own)
    for h, head in enumerate(HEADS):
        cost = expected_cost(after.heads)[:, h]
        if head not in RECORDED_HEADS:
            np.testing.assert_array_equal(cost, expected_cost(before.heads)[:, h])
            continue
        # E[min(2 X, c)] = 2 E[min(X, c / 2)]
        half = replace(before.heads, cap=before.heads.cap / 2.0)
        np.testing.assert_allclose(cost, 2.0 * expected_cost(half)[:, h], rtol=1e-9)
        assert (cost <= 2.0 * expected_cost(before.heads)[:, h]).all()
    one, two = settled(job, central, blocks=(0,))[0][0], settled(job, doubled, blocks=(0,))[0][0]
    recorded = [HEADS.index(head) for head in RECORDED_HEADS]
    cap = before.heads.cap[one.plant][:, recorded]
    np.testing.assert_allclose(two.loss[:, recorded], np.minimum(2.0 * one.loss[:, recorded], cap), rtol=1e-9)


def test_a_common_shock_moves_no_expectation_and_thickens_the_tail(job: ZoneJob, central: Variant) -> None:
    rare = central.with_value("common_shock", "shock_rate", 0.05)
    shared, apart = (rare.with_value("common_shock", "shock_share", share) for share in (0.35, 0.0))
    with_shock, without = job.model.laws(shared), job.model.laws(apart)
    np.testing.assert_array_equal(expected_losses(with_shock), expected_losses(without))
    np.testing.assert_allclose(
        with_shock.alone + with_shock.shock_rate * with_shock.hit, without.own, rtol=CLOSE
    )
    assert shock_variance(without) == 0.0
    more = shock_variance(with_shock)
    np.testing.assert_allclose(
        count_covariance(with_shock).sum() - count_covariance(without).sum(), more, rtol=1e-9
    )
    blocks = range(10)
    thick, thin = years_of(job, shared, blocks=blocks), years_of(job, apart, blocks=blocks)
    for found in (thick, thin):
        books_close(found)
        count = found.accident_count.sum(axis=1).astype(float)
        mean = float((without.own + without.transport).sum())
        assert abs(count.mean() - mean) < 4.0 * count.std() / np.sqrt(count.size)
    counts = [found.accident_count.sum(axis=1).astype(float) for found in (thick, thin)]
    error = np.sqrt(sum(((c - c.mean()) ** 2).var() / c.size for c in counts))
    assert abs(counts[0].var() - counts[1].var() - more) < 4.0 * error
    # Four accidents in a year: a Poisson law without shocks; a shock of several plants makes them far more frequent.
    assert (counts[0] >= 4).sum() > 1.5 * (counts[1] >= 4).sum()
    several = [
        any(np.unique(one.plant[one.event == e]).size > 1 for e in np.unique(one.event[one.cause == 1]))
        for one, _ in settled(job, shared, blocks=range(4))
    ]
    assert any(several)
