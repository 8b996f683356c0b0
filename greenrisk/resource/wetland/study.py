# SPDX-License-Identifier: Apache-2.0
"""The wetland study: reads and checks everything.

``prepare`` is the only place that opens files. :class:`greenrisk.resource.wetland.job.WetlandJob` then runs by blocks,
and :mod:`greenrisk.resource.wetland.results` combines the parts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from greenrisk.actuarial.premium.loadings import Loadings
from greenrisk.core.card_roles import check_variants, read_wanted
from greenrisk.core.cards import Card
from greenrisk.core.errors import GreenRiskError
from greenrisk.core.sources import Sources
from greenrisk.resource.index_cover.calibration_terms import Calibration
from greenrisk.resource.index_cover.guards import guard_rows
from greenrisk.resource.index_cover.history_spec import Treatment
from greenrisk.resource.index_cover.index_choices import applied, calibrated, trial_premium
from greenrisk.resource.index_cover.index_model import IndexModel
from greenrisk.resource.index_cover.index_record import read_record
from greenrisk.resource.index_cover.index_study import SMOOTH, model_of
from greenrisk.resource.index_cover.index_variants import BURN, LawChoice
from greenrisk.resource.index_cover.index_variants import Variant as IndexVariant
from greenrisk.resource.index_cover.series_spec import TableSeries
from greenrisk.resource.index_cover.treatments import TREATMENTS
from greenrisk.resource.wetland.inputs import Inputs
from greenrisk.resource.wetland.insurable import insurable, tell_limits
from greenrisk.resource.wetland.interim_loss import interim_numbers
from greenrisk.resource.wetland.job import WetlandJob
from greenrisk.resource.wetland.model import WetlandModel
from greenrisk.resource.wetland.perils.base import BLOCK_LENGTH
from greenrisk.resource.wetland.products import read_products
from greenrisk.resource.wetland.restoration_cost import restoration_numbers
from greenrisk.resource.wetland.roles import prevention_cards, small_role, wanted_cards
from greenrisk.resource.wetland.service_context import read_service_values
from greenrisk.resource.wetland.sites import read_sites
from greenrisk.resource.wetland.small_covers import cover_numbers
from greenrisk.resource.wetland.upstream import read_upstream_spills
from greenrisk.resource.wetland.variants import Variant, plan_variants
from greenrisk.resource.wetland.water_source import water_numbers
from greenrisk.resource.wetland.wetland_spec import WetlandScenario


def prepare(spec: WetlandScenario, sources: Sources) -> WetlandJob:
    """Read and check every table, series and card at once.

    Parameters
    ----------
    spec : WetlandScenario
        The validated scenario.
    sources : Sources
        Finds, reads and hashes the inputs; collects faults.

    Raises
    ------
    GreenRiskError
        With the faults of all inputs.
    """
    wanted = wanted_cards(spec)
    cards = read_wanted(wanted, sources)
    prevention = read_wanted(prevention_cards(spec), sources)
    sites = read_sites(spec.sites, ("sites",), sources)
    upstream = None if spec.upstream is None else read_upstream_spills(spec.upstream, sources)
    named = spec.service_values
    services = None if named is None else read_service_values(named, ("service_values",), sources)
    products = None if spec.products is None else read_products(spec.products, ("products",), sources)
    index = _index(spec, sources)
    sources.raise_if_any()
    assert sites is not None
    index, calibration = _calibrated(index, cards["loadings"], spec.years, sources)
    sources.raise_if_any()
    model = WetlandModel(
        sites=sites,
        kinds=spec.kinds,
        terms=spec.terms,
        constants={role: dict(card.constants) for role, card in cards.items()},
        seed=spec.seed,
        upstream=upstream,
        index=index,
        linked="" if spec.link is None else spec.link.index,
    )
    treatments, laws = _allowed(index)
    plan = plan_variants(
        cards,
        treatments,
        laws,
        spec.seed,
        spec.knowledge.draws,
        has_index=index is not None,
        has_upstream=upstream is not None,
    )
    check_variants(plan.variants, _laws(spec, model), wanted, sources)
    sources.raise_if_any()
    found = insurable(sites, model.costs(plan.variants[0]))
    tell_limits(sites, found, sources.ledger)
    _tell_inputs(spec, cards, sources)
    guards = (
        ()
        if index is None or spec.index is None
        else tuple(
            row
            for series in index.record.series.values()
            for row in guard_rows(series, spec.index.history.accept_unit_change)
        )
    )
    facts = Inputs(
        spec=spec,
        cards=cards,
        prevention=prevention,
        insured_sites=int(((sites.limit > 0) | (sites.water_limit > 0)).sum()),
        guards=guards,
        services=services,
        products=products,
        calibration=calibration,
        synthetic=_synthetic(spec, sources),
    )
    return WetlandJob(dict(sources.inputs), sources.ledger, model, plan, facts)


def _index(spec: WetlandScenario, sources: Sources) -> IndexModel | None:
    """Return the index cover on its record; None without one, or where faults were recorded."""
    if spec.index is None:
        return None
    record = read_record(spec.index, spec.underwriting_year, spec.seed, sources, ("index",))
    return None if record is None else model_of(spec.index, record, spec.seed, sources, ("index",))


def _calibrated(
    index: IndexModel | None, loadings: Card, years: int, sources: Sources
) -> tuple[IndexModel | None, Calibration | None]:
    """Return the index with its trigger and exit, and how they would be found; faults are recorded."""
    if index is None or index.part.calibration is None:
        return index, None
    fitted = index.fitted(IndexVariant({}))
    central = sources.made(lambda: Loadings.from_values(loadings.values()), ("loadings",))
    if central is None:
        return index, None
    gross, pure = trial_premium(index, fitted, central, years)
    loading = gross / pure if pure > 0 else 1.0
    search = partial(calibrated, index, fitted, None, None, loading)
    found = sources.made(search, ("index", "calibration"))
    if found is not None and index.part.calibration.apply:
        index = applied(index, found, sources.ledger)
    return index, found


def _allowed(index: IndexModel | None) -> tuple[list[Treatment], list[LawChoice]]:
    """Return the treatments and the laws that the record of the index allows; none without an index."""
    if index is None:
        return [], []

    def fits(variant: IndexVariant) -> bool:
        try:
            return bool(index.fitted(variant).known.any())
        except GreenRiskError:
            return False

    treatments = [one for one in TREATMENTS if fits(IndexVariant({}, treatment=one))]
    return treatments, [*(one for one in SMOOTH if fits(IndexVariant({}, law=one))), BURN]


def _laws(spec: WetlandScenario, model: WetlandModel) -> dict[str, Callable[[Variant], object]]:
    """Return, by the role to be blamed, what is built of a variant before any long work."""
    laws: dict[str, Callable[[Variant], object]] = {
        kind: lambda variant, kind=kind: model.peril(kind, variant)  # type: ignore[misc]
        for kind in model.kinds
    }
    laws |= {
        "restoration": lambda variant: restoration_numbers(variant.values["restoration"]),
        "interim": lambda variant: interim_numbers(variant.values["interim"]),
        "water_source": lambda variant: water_numbers(variant.values["water_source"]),
    }
    for cover in spec.small_covers:
        role = small_role(cover.name)
        laws[role] = lambda variant, cover=cover, role=role: cover_numbers(cover, variant.values[role])  # type: ignore[misc]
    laws["loadings"] = lambda variant: Loadings.from_values(variant.values["loadings"])
    return laws


def _tell_inputs(spec: WetlandScenario, cards: Mapping[str, Card], sources: Sources) -> None:
    """Write what the inputs are to the ledger."""
    ledger = sources.ledger
    status = sources.status_of(spec.sites)
    if status not in ("confirmed", "user"):
        ledger.add("assumption", spec.sites, f"The table is {status}.", status=status)
    rounded = -(-spec.years // BLOCK_LENGTH) * BLOCK_LENGTH
    if rounded != spec.years:
        ledger.add("rounded", "years", f"{spec.years:,} years were rounded up to {rounded:,}, whole blocks.")
    if spec.link is not None:
        rank = cards["link"].parameters["rank_correlation"]
        ledger.add(
            "assumption",
            "link of index and losses",
            f"Declared, not measured: {spec.link.declared} Rank correlation {rank.value}, {rank.range.low} to "
            f"{rank.range.high}.",
            status=rank.status,
            source=rank.source,
        )
    for role in ("restoration", "water_source"):
        year = int(cards[role].constants["price_year"])
        if year != spec.price_year:
            ledger.add(
                "assumption",
                f"prices of {cards[role].name}",
                f"The card is in prices of {year}; they stand for prices of {spec.price_year} as they are.",
                status="illustrative",
            )


def _synthetic(spec: WetlandScenario, sources: Sources) -> dict[str, bool]:
    found = {"sites": sources.status_of(spec.sites) == "synthetic"}
    series = {} if spec.index is None else spec.index.series
    return found | {
        f"series_{name}": sources.status_of(one.file) == "synthetic"
        for name, one in series.items()
        if isinstance(one, TableSeries)
    }
