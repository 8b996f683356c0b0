# SPDX-License-Identifier: Apache-2.0
"""The level of a judged peril is counted once: by the scale and its own rate, not by its shape as well."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from greenrisk.core.cards import Card
from greenrisk.core.ledger import Ledger
from greenrisk.resource.experience import Experience
from greenrisk.resource.experience_cards import updated_cards
from greenrisk.resource.experience_expected import LEVELS
from greenrisk.resource.job import ForestJob
from greenrisk.resource.level_neutral import base_costs, level_neutral, mean_cost
from greenrisk.resource.perils.listing import NON_FIRE
from greenrisk.resource.pilot import Pilot, run_pilot
from greenrisk.resource.quantities import UNITS, peril_premium
from greenrisk.resource.simulation import resolve
from greenrisk.resource.variants import Variant, plan_variants


def neutral(job: ForestJob, variant: Variant) -> Variant:
    base, seed = job.plan.variants[0], job.facts.spec.seed
    costs = base_costs(job.exposure, base, seed, 1)
    return level_neutral(job.exposure, variant, base, costs, seed, 1)


def test_the_base_and_every_level_keep_their_numbers_and_a_shape_moves_its_own_peril(job: ForestJob) -> None:
    base = job.plan.variants[0]
    assert neutral(job, base) is base
    levels = [("nonfire", "scale"), *((role, name) for role, names in LEVELS.values() for name in names)]
    for end in job.plan.ends:
        if (end.role, end.name) in levels:
            moved = base.with_value(end.role, end.name, end.value)
            assert neutral(job, moved) is moved
    moved = neutral(job, base.with_value("flood", "scar_area", 2 * float(base.values["flood"]["scar_area"])))
    assert list(moved.neutral) == ["flood"]
    assert moved.neutral["flood"] > 1
    assert not moved.same_peril(base, "flood")
    assert moved.same_peril(base, "storm")
    assert not replace(base, neutral={"flood": 1.1}).same_peril(base, "flood")


def test_joint_draws_cost_what_their_scale_and_rates_say(job: ForestJob) -> None:
    """Before terms; exact for cold spells, with the luck of a thousand years where events are counted anew."""
    base, seed = job.plan.variants[0], job.facts.spec.seed
    kinds = list(NON_FIRE)
    costs, found, as_drawn = base_costs(job.exposure, base, seed, 1), [], []
    for variant in job.plan.variants[1 : job.plan.first_end]:
        shaped, level = neutral(job, variant), []
        for kind in kinds:
            role, names = LEVELS[kind]
            rate = np.mean([float(variant.values[role][n]) / float(base.values[role][n]) for n in names])
            scale = float(variant.values["nonfire"]["scale"]) / float(base.values["nonfire"]["scale"])
            level.append(math.log(rate * scale))
        for one, out in ((shaped, found), (variant, as_drawn)):
            laws = resolve(job.exposure, one).laws
            cost = [math.log(mean_cost(job.exposure, laws[kind], seed, 1) / costs[kind]) for kind in kinds]
            out.append(np.array(cost) - level)
    left, before = (np.std(one, axis=0) for one in (found, as_drawn))
    by_kind = dict(zip(kinds, left, strict=True))
    assert by_kind["snow_ice"] < 1e-9
    assert by_kind["drought"] < 0.2  # more droughts are deeper ones, and no more than one comes in a year
    # the two rates of pests are one level: half of the cost each
    assert (left[[kinds.index(kind) for kind in ("storm", "flood")]] < 0.2).all()
    assert (left < before).all()


def premiums(job: ForestJob, cards: Mapping[str, Card], draws: int) -> np.ndarray:
    """Pure premiums of joint draws over the base's: all, and each peril."""
    plan = plan_variants(cards, job.facts.spec.wildfire.cap_ha, job.facts.spec.seed, draws, (0.9,), (None,))
    changed, names = replace(job, plan=plan), list(UNITS)
    blocks = range(job.simulation_blocks, job.simulation_blocks + -(-(draws + 1) // 8))
    found = np.concatenate([changed.run_block(block)["quantity"].values for block in blocks])[: draws + 1]
    columns = [
        names.index(name)
        for name in ("pure_premium", *(peril_premium(kind) for kind in ("wildfire", *NON_FIRE)))
    ]
    return np.asarray(found[1:, columns] / found[0, columns])


def width(ratios: np.ndarray) -> np.ndarray:
    low, high = np.quantile(ratios, [0.05, 0.95], axis=0)
    return np.asarray(np.log(high / low))


def long_experience(pilot: Pilot, years: int) -> Experience:
    """As many years of the model itself."""
    drawn = pilot.totals[np.random.default_rng(5).integers(pilot.years, size=years)]
    table = np.column_stack([drawn, drawn.sum(axis=1)])
    insured = np.full(years, pilot.insured_mu)
    return Experience(
        "x", "user", pilot.kinds, np.arange(2027 - years, 2027), insured, insured * pilot.value_per_mu,
        np.full(years, 1e6), table, table, np.ones(years), np.zeros(years),
    )  # fmt: skip


@pytest.mark.slow
def test_own_years_narrow_the_interval_of_each_judged_peril_to_their_own(job: ForestJob) -> None:
    """Three thousand of them leave next to nothing open; what stays is what terms make of a shape."""
    pilot = run_pilot(job.exposure, job.plan.variants[0], 2027, 10)
    cards, group = updated_cards(
        job.facts.cards, long_experience(pilot, 3000), pilot, underwriting_year=2027, ledger=Ledger()
    )
    left = np.log(group["posterior_high"] / group["posterior_low"]).sel(peril=["all", *pilot.kinds]).values
    before, after = (width(premiums(job, given, 24)) for given in (job.facts.cards, cards))
    assert (left < 0.5).all()
    named = dict(zip(("all", *pilot.kinds), zip(before, after, left, strict=True), strict=True))
    for kind in ("all", "storm", "snow_ice", "drought", "flood"):
        wide, narrow, posterior = named[kind]
        assert narrow < posterior + 0.35, kind
        assert narrow < wide / 3, kind
    assert named["pest"][1] < named["pest"][0] / 2
