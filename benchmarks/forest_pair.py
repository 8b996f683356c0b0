# SPDX-License-Identifier: Apache-2.0
"""The same scenario for both: greenrisk's job, and the plain model filled with its numbers."""

from __future__ import annotations

import math

import numpy as np
from plain_forest import FIRST_AGES, Draws, PlainModel, beta_parameters, body_law
from plain_perils import PlainPerils
from scipy.special import ndtri

from greenrisk.core.streams import cell_uniforms, stream
from greenrisk.resource.book import SPECIES_GROUPS
from greenrisk.resource.forest import BLOCK_LENGTH
from greenrisk.resource.job import ForestJob
from greenrisk.resource.perils.ignition import UNIFORMS
from greenrisk.resource.perils.listing import NON_FIRE, SCALE_ROLE
from greenrisk.resource.perils.stand_cells import lottery
from greenrisk.resource.simulation import Perils, resolve
from greenrisk.resource.variants import Variant
from greenrisk.scenario.load import load


def forest_job(**overrides: str) -> ForestJob:
    """Prepare the shipped scenario with few variants and no other terms beside it, which are not timed here."""
    settings = {"knowledge.draws": "20", "knowledge.years": "1000", "terms_alternatives": "null"}
    return load("forest-jingdezhen", settings | overrides).prepare()


def variant(job: ForestJob, fires: float = 1.0) -> Variant:
    """Return the central cards, with ``fires`` times as many fires."""
    base = job.plan.variants[0]
    return base.with_value("local", "relative_hazard", fires * float(base.values["local"]["relative_hazard"]))


def plain_model(job: ForestJob, numbers: Variant) -> PlainModel:
    """Fill the plain model with the landscape, the cards' values and the terms of a job."""
    book, landscape, terms = job.exposure.book, job.exposure.landscape, job.exposure.terms
    values, wildfire = numbers.values, resolve(job.exposure, numbers).wildfire
    local, damage, rule = values["local"], values["damage"], terms.deductible.numbers()

    hazard = np.array([float(local[f"hazard_{name}"]) for name in SPECIES_GROUPS])[book.species]
    of_node = np.zeros(len(landscape))
    for county in range(len(book.counties)):
        here = book.county == county
        of_node[landscape.county == county] = np.average(hazard[here], weights=book.area_ha[here])
    of_node[landscape.stand >= 0] = hazard[landscape.stand[landscape.stand >= 0]]
    ignition = landscape.area_ha * of_node

    table = beta_parameters(
        {name: float(damage[f"median_{name}"]) for name in SPECIES_GROUPS},
        (float(damage["odds_young"]), 1.0, float(damage["odds_old"])),
        float(damage["concentration"]),
    )
    ages = np.array([FIRST_AGES[name] for name in SPECIES_GROUPS])[book.species]
    age_class = (book.age[:, None] >= ages).sum(axis=1)

    slices = zip(landscape.offsets[:-1], landscape.offsets[1:], strict=True)
    return PlainModel(
        x_km=landscape.x_km,
        y_km=landscape.y_km,
        area_ha=landscape.area_ha,
        stand=landscape.stand,
        neighbours=[landscape.neighbours[a:b].tolist() for a, b in slices],
        ignition=ignition / ignition.sum(),
        insured_share=book.insured_share,
        sum_insured_per_mu=book.sum_insured_per_mu,
        beta=table[book.species, age_class],
        mean_fires=wildfire.counts.mean,
        year_effect_sd=wildfire.counts.year_effect_sd,
        dispersion=wildfire.counts.dispersion,
        body=body_law(wildfire.size.family, wildfire.size.share_under_1ha, wildfire.size.mean_body),
        share_of_tail=wildfire.size.share_of_tail,
        tail_shape=wildfire.size.tail_shape,
        tail_scale=wildfire.size.tail_scale,
        cap_ha=wildfire.size.cap,
        trigger=rule.trigger,
        full_loss=rule.full_loss,
        area_share=rule.area_share,
        absolute_mu=rule.absolute_mu,
        larger=rule.larger,
        branch_share=rule.area_share if rule.branch_share < 0 else rule.branch_share,
        claimed_share=float(local["claimed_share"]),
        event_limit=terms.event_limit_cny or math.inf,
        annual_limit=terms.annual_limit_cny or math.inf,
    )


def fire_alone(job: ForestJob, numbers: Variant) -> Perils:
    """Return the laws of a variant with no peril but fire."""
    return Perils({"wildfire": resolve(job.exposure, numbers).wildfire})


def plain_perils(job: ForestJob, numbers: Variant) -> PlainPerils:
    """Fill the plain model of all perils with the book, the cards' values and the terms of a job."""
    exposure, constants = job.exposure, job.exposure.constants
    book, landscape, terms = exposure.book, exposure.landscape, exposure.terms
    ages = np.array([FIRST_AGES[name] for name in SPECIES_GROUPS])[book.species]
    season = constants["local"]
    return PlainPerils(
        fire=plain_model(job, numbers),
        fire_season=(season["season_first_day"], season["season_last_day"]),
        x_km=landscape.x_km[: len(book)],
        y_km=landscape.y_km[: len(book)],
        species=book.species,
        age=(book.age[:, None] >= ages).sum(axis=1),
        area_ha=book.area_ha,
        county=book.county,
        windy=ndtri(lottery(book, "storm exposure")),
        lie=lottery(book, "flood lie"),
        node_county=landscape.county,
        cards={
            kind: {
                name: float(value) for name, value in ({**numbers.values[kind], **constants[kind]}).items()
            }
            for kind in NON_FIRE
        },
        scale=float(numbers.values[SCALE_ROLE]["scale"]),
        inception_day=terms.inception_day,
        waiting_days=terms.waiting_days,
        term_days=terms.term_days,
    )


def draws_of_greenrisk(job: ForestJob, numbers: Variant, block: int) -> Draws:
    """Return the fires that greenrisk draws in a block, so that both can burn the same ones."""
    wildfire, seed = resolve(job.exposure, numbers).wildfire, job.facts.spec.seed
    rng = stream(seed, "main", "wildfire", "year", block=block)
    fires = wildfire.counts.counts(*(rng.random(BLOCK_LENGTH) for _ in range(3)))
    variables = (*UNIFORMS, "size", "intensity", "day")
    uniform = cell_uniforms(seed, "main", "wildfire", block=block, counts=fires, variables=variables)
    return Draws(
        year=np.repeat(np.arange(BLOCK_LENGTH), fires),
        start=wildfire.ignition.nodes(*(uniform[name] for name in UNIFORMS)),
        size_ha=wildfire.size.ppf(uniform["size"]),
        intensity=uniform["intensity"],
    )
