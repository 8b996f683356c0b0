# SPDX-License-Identifier: Apache-2.0
"""Every number of every zone card moves a named figure, in the direction that its meaning says.

Numbers of frequency and cost are looked at in closed form, those of wordings on simulated accidents, those of the
regulator's questions in the groups of a whole run whose card a user replaced by a file of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from studied_zone import parts_of, prepared, years_of

from greenrisk.actuarial.premium.loadings import Loadings
from greenrisk.core.cards import Card, read_card
from greenrisk.core.ledger import Ledger
from greenrisk.core.library import find, names
from greenrisk.pollution.accidents.roles import SOURCES
from greenrisk.pollution.job import ZoneJob
from greenrisk.pollution.liability.expected import count_covariance, expected_losses, shock_variance
from greenrisk.pollution.liability.policy_terms import terms_of
from greenrisk.pollution.liability.premium import technical_premiums
from greenrisk.pollution.variants import Variant
from greenrisk.resource.calibration import to_yaml

Figure = Callable[[ZoneJob, Variant], float]


def accidents(job: ZoneJob, variant: Variant) -> float:
    """Expected accidents of a year, on site and on the road."""
    laws = job.model.laws(variant)
    return float((laws.own + laws.transport).sum())


def loss(job: ZoneJob, variant: Variant) -> float:
    """Expected loss of a year before any policy."""
    return float(expected_losses(job.model.laws(variant)).sum())


def weight(source: str) -> Figure:
    """Weight of a source, summed over the plants."""
    return lambda job, variant: float(job.model.rates(variant).weight[SOURCES.index(source)].sum())


def credibility(job: ZoneJob, variant: Variant) -> float:
    """Credibility of the plants' own years, summed."""
    return float(job.model.rates(variant).credibility.sum())


def count_variance(job: ZoneJob, variant: Variant) -> float:
    """What shocks add to the variance of the zone's yearly number of accidents."""
    return shock_variance(job.model.laws(variant))


def heads_together(job: ZoneJob, variant: Variant) -> float:
    """Correlation of the normal scores of two heads of an accident."""
    return float(job.model.laws(variant).heads.dependence)


def paid(job: ZoneJob, variant: Variant) -> float:
    """What policies pay in ten thousand years, without sublimits and with gradual pollution in."""
    given = job.facts.spec.policy.model_copy(update={"excludes_gradual": False, "sublimits": ()})
    terms = terms_of(given, job.model.plants.limit)
    return float(years_of(job, variant, terms, blocks=range(10)).by_plant("insured").sum())


def paid_as_written(job: ZoneJob, variant: Variant) -> float:
    """What the scenario's policies pay in ten thousand years."""
    return float(years_of(job, variant, blocks=range(10)).by_plant("insured").sum())


def gross(job: ZoneJob, variant: Variant) -> float:
    """Technical premium of the zone on four thousand years."""
    years, insured = years_of(job), job.model.terms.insured
    loadings = Loadings.from_values(variant.values["loadings"])
    return float(technical_premiums(years, insured, loadings).zone.row("gross_premium")[0])


RECORDED = ("third_party_property", "emergency_response", "clean_up")

MOVES: dict[str, tuple[Figure, int]] = {
    **{f"accidents.rate_{name}": (accidents, +1) for name in ("production", "storage", "trade", "transport")},
    "accidents.rate_per_vehicle_km": (accidents, +1),
    **{
        f"accidents.spread_{source}": (weight(source), -1)
        for source in ("activity", "equipment", "industry", "chemical")
    },
    **{f"accidents.beyond_fence_{size}": (accidents, +1) for size in ("small", "large")},
    "accidents.plant_shape": (credibility, -1),
    **{
        f"rating_factors.{name}": (accidents, +1)
        for name in (
            *(f"grade_{grade}" for grade in ("general", "larger", "major")),
            *(f"prevention_{level}" for level in ("basic", "standard", "advanced")),
            *(f"credit_{colour}" for colour in ("green", "blue", "yellow", "red", "unknown")),
        )
    },
    "common_shock.shock_share": (count_variance, +1),
    # The more shocks there are, the fewer plants each of them hits.
    "common_shock.shock_rate": (count_variance, -1),
    **{
        f"severity.{head}_{name}": (loss, +1)
        for head in RECORDED
        for name in ("share_positive", "mu", "shape_80", "scale_80", "shape_90", "scale_90")
    },
    # The body ends at the threshold and holds the same share of the amounts: a wider one is smaller on average.
    **{f"severity.{head}_sigma": (loss, -1) for head in RECORDED},
    # Third-party property has a far lighter tail above the 90 % quantile, and the others one hardly heavier.
    "severity.tail_threshold": (loss, -1),
    "severity.dependence": (heads_together, +1),
    "severity.physical_cap": (loss, +1),
    **{
        f"{card}.{name}": (loss, +1)
        for card in ("bodily", "legal")
        for name in ("share_positive", "median", "sigma")
    },
    "transfer.frequency_factor": (accidents, +1),
    "transfer.severity_factor": (loss, +1),
    "transfer.cny_per_usd": (loss, +1),
    **{f"claims.share_{kind}": (paid_as_written, -1) for kind in ("gradual", "deliberate")},
    "claims.lag_gradual": (paid, -1),
    **{
        f"loadings.{name}": (gross, +1)
        for name in (
            "expenses",
            "commission",
            "tax",
            "profit",
            "cost_of_capital",
            "capital_share",
            "fixed_expenses",
        )
    },
}
"""By role and parameter: a figure, and whether it rises (+1) or falls (-1) from the low to the high end."""

FAR = {"claims.lag_sudden": 5.0, "claims.person_cost": 1_000_000.0, "claims.person_spread": 6.0}
"""Numbers whose range ends no small run feels: claims come in time, and persons below their limit. Each of these
values makes policies pay less."""

MANDATE: dict[str, tuple[float | None, str, int]] = {
    "take_up_general": (None, "enrolment plants_insured scenario=voluntary group=general", +1),
    "take_up_larger": (None, "enrolment plants_insured scenario=voluntary group=larger", +1),
    "take_up_major": (None, "enrolment plants_insured scenario=voluntary group=major", +1),
    "compliance": (None, "enrolment plants_insured scenario=mandatory group=all", +1),
    "asset_recovery": (None, "who_pays share payer=operator group=all", +1),
    "unknown_share": (None, "claims_months insurer", -1),
    "never_found_share": (None, "claims_cash insurer path=unknown", -1),
    "advance_share": (None, "claims_cash gap_days path=known", -1),
    # A thousandth of the shipped share: below what the dearest firm pays of its revenue.
    "affordable_share": (5e-6, "affordability subsidy", +1),
    "prevention_spend": (None, "insurer_prevention budget", +1),
    "service_cost": (None, "prevention cost measure=prevention~service", +1),
    "service_success": (None, "insurer_prevention payments_avoided", +1),
    "measure_life": (None, "prevention cost measure=gas~monitors", -1),
    "discount_rate": (None, "prevention cost measure=gas~monitors", +1),
    "cny_per_eur": (None, "spain_rule guarantee_eur", -1),
}
"""By number of the card of the mandate: another value, or none for its high end; the figure; and which way it goes."""


def zone_cards() -> dict[str, Card]:
    """All shipped cards of the wing by name."""
    found = {}
    for name in names("models"):
        path = find("models", name)
        assert path is not None
        if name.startswith("zone-"):
            found[name] = read_card(path)
    return found


@pytest.fixture(scope="module")
def small() -> ZoneJob:
    """The shipped scenario, smaller than small."""
    return prepared(years="1000")


@pytest.fixture(scope="module")
def own_result(small: ZoneJob) -> xr.DataTree:
    """Its result."""
    return small.finish(iter(parts_of(small)), Ledger())


def at(tree: xr.DataTree, figure: str) -> float:
    """Return a figure of a result, ``group variable dimension=label ...``, summed over what is left."""
    group, variable, *where = figure.split()
    chosen = dict(one.replace("~", " ").split("=") for one in where)
    return float(tree[group][variable].sel(chosen).values.sum())


def test_every_number_of_every_shipped_zone_card_is_looked_at_here(small: ZoneJob) -> None:
    of_roles = {f"{role}.{name}" for role, card in small.facts.cards.items() for name in card.parameters}
    assert {*MOVES, *FAR} == of_roles
    mandate = zone_cards()["zone-mandate-judged"]
    assert set(MANDATE) == set(mandate.parameters)
    named = {card.name for card in small.facts.cards.values()}
    assert {*named, mandate.name} == set(zone_cards())


@pytest.mark.parametrize("name", MOVES)
def test_a_number_moves_its_figure_the_way_it_means(small: ZoneJob, name: str) -> None:
    role, parameter = name.split(".")
    figure, way = MOVES[name]
    base = small.plan.variants[0]
    if parameter.endswith("_90"):
        base = base.with_value("severity", "tail_threshold", "p90")
    low, high = small.facts.cards[role].parameters[parameter].ends()
    found = [figure(small, base.with_value(role, parameter, end)) for end in (low, high)]
    assert way * (found[1] - found[0]) > 1e-6 * abs(found[0])


@pytest.mark.parametrize("name", FAR)
def test_a_number_that_only_large_claims_feel_lowers_what_is_paid(small: ZoneJob, name: str) -> None:
    base = small.plan.variants[0]
    assert paid(small, base.with_value(*name.split("."), FAR[name])) < paid(small, base)


def test_shocks_move_no_expectation_of_a_plant(small: ZoneJob) -> None:
    base = small.plan.variants[0]
    for parameter in ("shock_share", "shock_rate"):
        for end in small.facts.cards["common_shock"].parameters[parameter].ends():
            laws = small.model.laws(base.with_value("common_shock", parameter, end))
            own = small.model.laws(base)
            np.testing.assert_allclose(laws.own + laws.transport, own.own + own.transport, rtol=1e-12)
            assert np.trace(count_covariance(laws)) == pytest.approx(np.trace(count_covariance(own)))


def replaced(name: str, parameter: str, value: float | str | None, folder: Path) -> Path:
    """Write a shipped card with one number changed, as a user would; return its path."""
    card = zone_cards()[name]
    old = card.parameters[parameter]
    low, high = old.ends()
    new = high if value is None else value
    wider = old.range
    if value is not None:
        ends = {"low": min(float(low), float(value) / 2.0), "high": max(float(high), float(value) * 2.0)}
        wider = old.range.model_copy(update=ends)
    changed = old.model_copy(update={"value": new, "range": wider})
    path = folder / f"{name}.yaml"
    path.write_text(
        to_yaml(card.model_copy(update={"parameters": {**card.parameters, parameter: changed}})),
        encoding="utf-8",
    )
    return path


@pytest.mark.parametrize("parameter", MANDATE)
def test_a_number_of_the_mandate_in_a_users_card_moves_its_figure(
    own_result: xr.DataTree, tmp_path: Path, parameter: str
) -> None:
    value, figure, way = MANDATE[parameter]
    path = replaced("zone-mandate-judged", parameter, value, tmp_path)
    job = prepared(years="1000", mandate__card=str(path))
    moved = job.finish(iter(parts_of(job)), Ledger())
    before = at(own_result, figure)
    assert way * (at(moved, figure) - before) > 1e-6 * abs(before)
    # The technical premium is not the regulator's.
    assert at(moved, "premium gross_premium") == at(own_result, "premium gross_premium")
