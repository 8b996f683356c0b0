# SPDX-License-Identifier: Apache-2.0
"""The forest study: reads and checks everything.

``prepare`` is the only place that opens files. :class:`greenrisk.resource.job.ForestJob` then runs by blocks, and
:mod:`greenrisk.resource.results` combines the parts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from greenrisk.actuarial.premium.loadings import Loadings
from greenrisk.core.card_roles import check_variants
from greenrisk.core.cards import Card
from greenrisk.core.sources import Sources
from greenrisk.resource.alternative_terms import idle_alternatives
from greenrisk.resource.book import FOREST_BOOK, book_faults, book_from_frame
from greenrisk.resource.climate import tell_climate, warming_of
from greenrisk.resource.experience import Experience
from greenrisk.resource.experience_cards import read_experience, updated_cards
from greenrisk.resource.exposure import Exposure
from greenrisk.resource.forest import BLOCK_LENGTH, ForestScenario
from greenrisk.resource.grouping import grouping
from greenrisk.resource.indemnity import PRESET_SOURCES, PRESETS
from greenrisk.resource.job import ForestJob
from greenrisk.resource.landscape import COUNTY_FOREST, build_landscape, landscape_faults
from greenrisk.resource.misplaced import COUNTY_CENTRES, centres_from_frame
from greenrisk.resource.named_event_checks import named_event_faults, tell_uncovered
from greenrisk.resource.perils.base import PerilLaw
from greenrisk.resource.perils.damage import damage_law
from greenrisk.resource.perils.fire_counts import count_law
from greenrisk.resource.perils.listing import NON_FIRE, PERILS, SCALE_ROLE
from greenrisk.resource.perils.wildfire import size_law
from greenrisk.resource.pilot import run_pilot
from greenrisk.resource.review_experience import review_faults
from greenrisk.resource.roles import (
    Inputs,
    Own,
    check_local,
    read_cards,
    read_reference,
    read_reserve_rules,
    wanted_cards,
)
from greenrisk.resource.simulation import resolve
from greenrisk.resource.subsidies_in_force import read_subsidies
from greenrisk.resource.variants import Variant, central, plan_variants

SMALL_SUM_INSURED = 10.0
"""Mean sum insured below which the ledger asks whether it is in 10,000 CNY (a judgement) [CNY/mu]."""

LARGE_STAND_HA = 100.0
"""Mean stand above which the ledger asks whether mu were taken for hectares (a judgement) [ha]."""


def prepare(spec: ForestScenario, sources: Sources) -> ForestJob:
    """Read and check every table and card at once.

    Parameters
    ----------
    spec : ForestScenario
        The validated scenario.
    sources : Sources
        Finds, reads and hashes the inputs; collects faults.

    Raises
    ------
    GreenRiskError
        With the faults of all inputs.
    """
    cards = read_cards(spec, sources)
    book_frame = sources.table(spec.book, ("book",), FOREST_BOOK)
    county_frame = sources.table(spec.landscape, ("landscape",), COUNTY_FOREST)
    book = None
    if book_frame is not None:
        sources.faults.extend(book_faults(book_frame, spec.book))
        book = book_from_frame(book_frame)
    if book is not None and county_frame is not None:
        forest = dict(zip(county_frame["county"], county_frame["forest_area_ha"], strict=True))
        sources.faults.extend(landscape_faults(book, forest, spec.landscape))
    reference = read_reference(spec, sources)
    centres = None
    if spec.data_quality.centres is not None and book is not None:
        frame = sources.table(spec.data_quality.centres, ("data_quality", "centres"), COUNTY_CENTRES)
        if frame is not None:
            centres, faults = centres_from_frame(frame, book, spec.data_quality.centres)
            sources.faults.extend(faults)
    kinds = tuple(map(str, np.unique(book.forest_type))) if book is not None else ()
    subsidies = read_subsidies(spec.subsidy, sources, spec.underwriting_year, kinds)
    if spec.terms_alternatives is not None:
        for idle in idle_alternatives(spec.terms_alternatives, spec.terms):
            option = spec.terms_alternatives.options[idle.place]
            sources.fault(
                ("terms_alternatives", "options", idle.place), f"alternative `{option.name}`", idle.mend
            )
    kinds_insured = tuple(kind for kind in PERILS if spec.peril(kind) is not None)
    warming: float | None = 0.0
    if spec.climate is not None:
        warming = warming_of(spec.climate, spec.underwriting_year, cards.get("occurrence"), sources)
    experience = None
    if spec.experience is not None and book is not None:
        area = float(book.insured_area_mu.sum())
        experience = read_experience(
            spec.experience,
            sources,
            kinds=kinds_insured,
            underwriting_year=spec.underwriting_year,
            book_mu=area,
            book_value_per_mu=float(book.sum_insured.sum()) / area,
        )
        _check_review(spec, experience, sources)
    sources.raise_if_any()
    assert book is not None
    assert subsidies is not None
    assert warming is not None
    _check_areas(book.counties, forest, cards, spec, sources)
    sources.raise_if_any()
    landscape = build_landscape(book, forest)

    pairs = [
        (book.counties[c], t)
        for c, t in sorted({(int(c), str(t)) for c, t in zip(book.county, book.forest_type, strict=True)})
    ]
    index = {pair: i for i, pair in enumerate(pairs)}
    segment = np.array(
        [index[(book.counties[c], str(t))] for c, t in zip(book.county, book.forest_type, strict=True)],
        dtype=np.int64,
    )
    exposure = Exposure(
        book=book,
        landscape=landscape,
        segment=segment,
        segments=tuple(pairs),
        terms=spec.terms,
        underwriting_year=spec.underwriting_year,
        constants={role: dict(card.constants) for role, card in cards.items()},
        grouping=grouping(
            book,
            segment,
            spec.premium_file.group_by,
            kinds_insured,
        ),
        claims_service=spec.claims_service,
        warming=warming,
    )
    rules = read_reserve_rules(spec, sources)
    makers, wanted = _makers(exposure, cards), wanted_cards(spec)
    before = central(cards, spec.wildfire.cap_ha)
    check_variants((before,), makers, wanted, sources)
    sources.raise_if_any()
    if spec.named_events:
        for path, what, mend, unit in named_event_faults(
            spec.named_events, exposure, resolve(exposure, before).laws
        ):
            sources.fault(path, what, mend, unit)
        sources.raise_if_any()
        tell_uncovered(spec.named_events, spec.terms, sources.ledger)
    own = None
    if experience is not None and spec.experience is not None:
        pilot = run_pilot(exposure, before, spec.seed)
        cards, group = updated_cards(
            cards,
            experience,
            pilot,
            underwriting_year=spec.underwriting_year,
            nonfire_trend=spec.experience.nonfire_trend,
            ledger=sources.ledger,
        )
        own = Own(experience, pilot, group)
    plan = plan_variants(
        cards,
        spec.wildfire.cap_ha,
        spec.seed,
        spec.knowledge.draws,
        spec.knowledge.shapes,
        spec.knowledge.caps_ha,
    )
    check_variants(plan.variants, makers, wanted, sources)
    sources.raise_if_any()
    _tell_inputs(spec, exposure, cards, sources)
    subsidies.tell(sources.ledger)
    facts = Inputs(
        spec=spec,
        cards=cards,
        synthetic_book=sources.status_of(spec.book) == "synthetic",
        landscape_status=sources.status_of(spec.landscape),
        subsidies=subsidies,
        reference=reference,
        centres=centres,
        reserve_rules=rules,
        own=own,
    )
    return ForestJob(dict(sources.inputs), sources.ledger, exposure, plan, facts)


def _check_review(spec: ForestScenario, experience: Experience | None, sources: Sources) -> None:
    """Refuse a review that does not fit its years, before any long work.

    Nor is the rate in force taken from a premium that was charged for a peril which is not insured any more.
    """
    review = spec.rate_review
    if experience is None or review is None:
        return
    first, last = map(int, experience.years[[0, -1]])
    last_rate = float(experience.premium[-1] / experience.sum_insured[-1])
    for key, what, mend, unit in review_faults(
        review, first, last, last_rate, compare=not experience.left_out
    ):
        sources.fault(("rate_review", *key), f"rate_review.{what}", mend, unit)
    for kind in experience.left_out if review.current_rate_per_mille is None else ():
        sources.fault(
            ("experience", "table"),
            f"{experience.name}: rows of {kind}, which is not insured",
            "Its premium was charged for this peril too, so that premium over sum insured is not the rate in force of "
            "the insured perils. Give that as rate_review.current_rate_per_mille, or insure the peril.",
            "per mille",
        )


def _makers(exposure: Exposure, cards: Mapping[str, Card]) -> dict[str, Callable[[Variant], object]]:
    """Return by role what makes the law of a variant, for a check before any long work."""
    return {
        "size": lambda variant: size_law(exposure, variant),
        "occurrence": lambda variant: count_law(
            variant.values["occurrence"], exposure.constants["occurrence"], exposure.underwriting_year
        ),
        "loadings": lambda variant: Loadings.from_values(variant.values["loadings"]),
        "local": lambda variant: check_local(variant.values["local"], exposure.constants["local"]),
        "damage": lambda variant: damage_law(variant.values["damage"]),
        **{kind: _law_of(exposure, kind) for kind in NON_FIRE if kind in cards},
    }


def _law_of(exposure: Exposure, kind: str) -> Callable[[Variant], PerilLaw]:
    def law(variant: Variant) -> PerilLaw:
        scale = float(variant.values[SCALE_ROLE]["scale"])
        return NON_FIRE[kind].law(exposure, variant.values[kind], exposure.constants[kind], scale)

    return law


def _check_areas(
    counties: Sequence[str],
    forest_ha: Mapping[str, float],
    cards: Mapping[str, Card],
    spec: ForestScenario,
    sources: Sources,
) -> None:
    """Refuse forest larger than that of the province that the fires were counted in: mostly mu taken for hectares."""
    forest = float(sum(forest_ha[name] for name in counties))
    province = cards["occurrence"].parameters["province_forest_area"].ends()[1]
    if forest > float(province):
        sources.fault(
            ("landscape",),
            f"{forest:,.0f} ha of forest in {len(counties)} {'county' if len(counties) == 1 else 'counties'}",
            f"More than the province of card {cards['occurrence'].name} holds ({float(province):,.0f} ha). "
            "Is forest_area_ha in mu? 15 mu = 1 ha.",
            "ha",
        )


def _tell_inputs(
    spec: ForestScenario, exposure: Exposure, cards: Mapping[str, Card], sources: Sources
) -> None:
    """Write what the inputs are to the ledger: synthetic or unconfirmed tables, patches, extrapolated years."""
    ledger, landscape, rule = sources.ledger, exposure.landscape, spec.terms.deductible
    patches = int((landscape.stand < 0).sum())
    if patches:
        ledger.add(
            "imputed",
            "forest outside the book",
            f"{patches:,} patches with {float(landscape.area_ha[landscape.stand < 0].sum()):,.0f} ha were laid out "
            "between the stands: no map of the uninsured forest is read.",
            count=patches,
        )
    for name, preset in PRESETS.items():
        same = {key: value for key, value in preset.items() if getattr(rule, key) == value}
        if name != "none" and len(same) == len(preset):
            ledger.add("assumption", f"deductible rule {name}", PRESET_SOURCES[name])
    if rule.rescue_cost:
        ledger.add(
            "assumption",
            "rescue cost",
            "The rule pays rescue cost, but none is simulated: the premium holds nothing for it.",
        )
    mean_stand = float(exposure.book.area_ha.mean())
    if mean_stand > LARGE_STAND_HA:
        ledger.add(
            "unreliable",
            "areas of the book",
            f"The mean stand has {mean_stand:,.0f} ha; a stand (小班) has some ten. Is area_ha in mu? 15 mu = 1 ha.",
        )
    _tell_money(spec, exposure, sources)
    for table in (spec.book, spec.landscape):
        status = sources.status_of(table)
        if status not in ("confirmed", "user"):
            ledger.add("assumption", table, f"The table is {status}.", status=status)
    occurrence = cards["occurrence"]
    base_year = int(occurrence.constants["base_year"])
    values, constants = occurrence.values(), occurrence.constants
    if spec.underwriting_year > base_year:
        change = (
            count_law(values, constants, spec.underwriting_year).mean
            / count_law(values, constants, base_year).mean
        )
        ledger.add(
            "assumption",
            "fires of the underwriting year",
            f"The data end in {base_year}; the damped trend carries them to {spec.underwriting_year} and makes the "
            f"expected number of fires {change:.2f} times that of {base_year}.",
            status=occurrence.parameters["damping"].status,
        )
    last = int(constants.get("valid_until", spec.underwriting_year))
    if spec.underwriting_year > last:
        ledger.add(
            "unreliable",
            f"underwriting year {spec.underwriting_year}",
            f"The card {occurrence.name} is held good until {last}.",
        )
    if spec.climate is not None:
        tell_climate(spec.climate, cards, exposure.warming, spec.underwriting_year, ledger)
    rounded = -(-spec.years // BLOCK_LENGTH) * BLOCK_LENGTH
    if rounded != spec.years:
        ledger.add("rounded", "years", f"{spec.years:,} years were rounded up to {rounded:,}, whole blocks.")


def _tell_money(spec: ForestScenario, exposure: Exposure, sources: Sources) -> None:
    """Ask in the ledger whether sums insured and limits are in 10,000 CNY, as insurers like to write them."""
    insured = exposure.book.sum_insured
    by_mu = float(insured.sum() / exposure.book.insured_area_mu.sum())
    if by_mu < SMALL_SUM_INSURED:
        sources.ledger.add(
            "unreliable",
            "sums insured of the book",
            f"{by_mu:.3g} CNY is insured by mu; on public pages it is some hundreds. Is sum_insured_cny_per_mu in "
            "10,000 CNY (万元)?",
        )
    for key in ("event_limit_cny", "annual_limit_cny"):
        limit = getattr(spec.terms, key)
        if limit is not None and limit < float(insured.mean()):
            sources.ledger.add(
                "unreliable",
                f"terms: {key}",
                f"{limit:,.0f} CNY is less than the {insured.mean():,.0f} CNY that a mean stand is insured for: hardly "
                "an event stays below it. Is it in 10,000 CNY (万元)?",
            )
