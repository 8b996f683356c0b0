# SPDX-License-Identifier: Apache-2.0
"""Named events on the road of simulated ones: settlement, reinsurance, return period, what the ledger says."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import xarray as xr
from pydantic import TypeAdapter
from scipy.stats import binomtest

from greenrisk.core.ledger import Ledger
from greenrisk.resource.exposure import Exposure
from greenrisk.resource.forest import TermsSpec
from greenrisk.resource.indemnity import paid_share
from greenrisk.resource.named_event_hits import event_hits
from greenrisk.resource.named_event_specs import AnyNamedEvent
from greenrisk.resource.named_events import (
    KNOWLEDGE_LUCK,
    named_event_results,
    named_gross,
    named_losses,
    return_period,
    tell_named_events,
)
from greenrisk.resource.reinsurance import ReinsuranceSpec
from greenrisk.resource.simulation import Perils, annual, resolve, simulate
from greenrisk.resource.study import ForestJob

EVENT: TypeAdapter[AnyNamedEvent] = TypeAdapter(AnyNamedEvent)
ICE = EVENT.validate_python(
    {
        "kind": "snow_ice",
        "name": "ice",
        "date": "2008-01-28",
        "load": 4.0,
        "glaze": True,
        "source": "judgement",
    }
)
FIRE = EVENT.validate_python(
    {
        "kind": "wildfire",
        "name": "fire",
        "title": "A fire",
        "date": "03-20",
        "size_ha": 300,
        "county": "Leping",
    }
)
PREMIUM = 2e6


def covers(*given: dict[str, Any]) -> ReinsuranceSpec:
    return ReinsuranceSpec.model_validate({"covers": given})


CATASTROPHE = {"kind": "excess_of_loss", "perils": ["snow_ice"], "attachment_cny": 5e6, "limit_cny": 1e7}


@pytest.fixture(scope="module")
def perils(job: ForestJob) -> Perils:
    return resolve(job.exposure, job.plan.variants[0])


def with_terms(exposure: Exposure, **terms: Any) -> Exposure:
    return replace(exposure, terms=TermsSpec.model_validate(exposure.terms.model_dump() | terms))


def test_the_loss_is_that_of_its_hits_under_the_terms(job: ForestJob, perils: Perils) -> None:
    """Ground up and gross by hand from the hits, up to the event limit."""
    found = named_losses(ICE, perils, job.exposure, ReinsuranceSpec(), None, luck=20)
    hits = event_hits(ICE, perils.laws["snow_ice"], job.exposure, 20)
    book = job.exposure.book
    lost = hits.hit_area * hits.hit_degree * book.sum_insured[hits.hit_stand]
    np.testing.assert_allclose(found.ground_up, np.bincount(hits.hit_event, weights=lost, minlength=20))
    np.testing.assert_array_equal(found.stands, np.bincount(hits.hit_event, minlength=20))
    area = hits.hit_area * book.insured_area_mu[hits.hit_stand]
    np.testing.assert_allclose(found.damaged_mu, np.bincount(hits.hit_event, weights=area, minlength=20))
    share = paid_share(job.exposure.terms.deductible, hits.hit_degree, area)
    due = share * hits.hit_area * book.sum_insured[hits.hit_stand]
    limit = job.exposure.terms.event_limit_cny
    np.testing.assert_allclose(
        found.gross, np.minimum(np.bincount(hits.hit_event, weights=due, minlength=20), limit), rtol=1e-12
    )
    assert (found.gross > 0.99 * limit).any()
    assert (found.paid_mu <= found.damaged_mu).all()
    assert found.site.sum() == pytest.approx(found.ground_up.mean())
    np.testing.assert_array_equal(found.net, found.gross)


def test_an_event_in_the_waiting_period_is_not_paid(job: ForestJob, perils: Perils) -> None:
    found = named_losses(ICE, perils, with_terms(job.exposure, waiting_days=60), ReinsuranceSpec(), None)
    assert found.ground_up.min() > 0
    assert not found.gross.any()


def test_a_claimed_share_below_one_lowers_a_fire(job: ForestJob, perils: Perils) -> None:
    plain = with_terms(job.exposure, deductible={"kind": "none"}, event_limit_cny=None, annual_limit_cny=None)
    found = named_losses(FIRE, perils, plain, ReinsuranceSpec(), None)
    np.testing.assert_allclose(found.gross, perils.wildfire.claimed_share * found.ground_up, rtol=1e-12)


def test_the_cover_of_a_named_catastrophe_pays_for_it_and_not_for_a_fire(
    job: ForestJob, perils: Perils
) -> None:
    of = covers(CATASTROPHE)
    ice, fire = (named_losses(event, perils, job.exposure, of, None) for event in (ICE, FIRE))
    np.testing.assert_allclose(ice.ceded, np.clip(ice.gross - 5e6, 0.0, 1e7))
    np.testing.assert_allclose(ice.net + ice.ceded, ice.gross, rtol=1e-12)
    assert not fire.ceded.any()


def test_a_stop_loss_sees_a_year_that_holds_the_event_alone(job: ForestJob, perils: Perils) -> None:
    of = covers({"kind": "quota_share", "share": 0.5}, {"kind": "stop_loss", "attachment": 1.5, "limit": 2.0})
    found = named_losses(ICE, perils, job.exposure, of, PREMIUM)
    kept = 0.5 * found.gross
    np.testing.assert_allclose(found.net, kept - np.clip(kept - 1.5e6, 0.0, 2e6), rtol=1e-9)


def test_a_return_period_counts_the_years_that_cost_as_much() -> None:
    largest = np.array([0.0, 0.0, 5.0, 10.0, 20.0, 20.0, 30.0, 1.0, 2.0, 3.0])
    found = return_period(largest, 20.0)
    assert (found.exceeding, found.value) == (3, 10 / 3)
    interval = binomtest(3, 10).proportion_ci(0.9, "exact")
    assert found.low == pytest.approx(1 / interval.high)
    assert found.high == pytest.approx(1 / interval.low)


def test_losses_at_the_limit_are_equal_whatever_their_last_bits() -> None:
    assert return_period(np.array([1.0, 5e7 - 1e-7, 5e7]), 5e7 + 1e-7).exceeding == 2


def test_beyond_all_years_only_the_lower_end_is_known() -> None:
    found = return_period(np.ones(1000), 2.0)
    assert found.exceeding == 0
    assert np.isnan(found.value)
    assert np.isnan(found.high)
    assert found.low == pytest.approx(1 / (1 - 0.05 ** (1 / 1000)))


def test_no_loss_has_no_return_period_and_every_year_has_one() -> None:
    assert np.isnan(return_period(np.ones(10), 0.0).value)
    every = return_period(np.ones(10), 0.5)
    assert (every.value, every.low) == (1.0, 1.0)


def test_a_smaller_loss_comes_back_sooner(job: ForestJob, perils: Perils) -> None:
    largest = annual(simulate(job.exposure, perils, 1, 0))[1][:, 1]
    periods = [return_period(largest, loss).value for loss in (1e5, 5e5, 2e6)]
    assert periods == sorted(periods)
    assert periods[0] < periods[-1]


@pytest.fixture(scope="module")
def results(job: ForestJob, perils: Perils) -> xr.Dataset:
    events = (ICE, FIRE)
    of = covers(CATASTROPHE)
    losses = [named_losses(event, perils, job.exposure, of, PREMIUM) for event in events]
    largest = annual(simulate(job.exposure, perils, 1, 0))[1]
    drawn = np.stack(
        [
            named_gross(events, resolve(job.exposure, variant), job.exposure)
            for variant in job.plan.variants[: 1 + job.plan.draws]
        ]
    )
    return named_event_results(events, losses, largest, job.exposure, drawn)


def test_the_group_has_units_and_adds_up(job: ForestJob, results: xr.Dataset) -> None:
    assert all(results[name].attrs["units"] for name in results.data_vars)
    np.testing.assert_allclose(results["gross"], results["ceded"] + results["net"])
    np.testing.assert_allclose(results["site_loss"].sum("site"), results["ground_up"])
    for name in ("ground_up", "gross", "net"):
        assert (results[f"{name}_low"] <= results[name]).all()
        assert (results[name] <= results[f"{name}_high"]).all()
    assert list(results["title"].values) == ["ice", "A fire"]
    assert list(results["peril"].values) == ["snow_ice", "wildfire"]
    np.testing.assert_allclose(
        results["damage_ratio"], results["ground_up"] / job.exposure.book.sum_insured.sum()
    )


def test_the_cards_ranges_widen_what_an_event_costs(results: xr.Dataset) -> None:
    assert (results["gross_knowledge_low"] < results["gross"]).all()
    assert (results["gross_knowledge_high"] > results["gross"]).all()


def test_a_draw_runs_the_first_of_the_local_luck(job: ForestJob, perils: Perils) -> None:
    (drawn,) = named_gross((ICE,), perils, job.exposure)
    whole = named_losses(ICE, perils, job.exposure, ReinsuranceSpec(), None)
    assert drawn == pytest.approx(whole.gross[:KNOWLEDGE_LUCK].mean())


def test_without_draws_there_is_no_knowledge_interval(job: ForestJob, perils: Perils) -> None:
    losses = [named_losses(FIRE, perils, job.exposure, ReinsuranceSpec(), None)]
    found = named_event_results((FIRE,), losses, np.ones((1000, 2)), job.exposure)
    assert "gross_knowledge_low" not in found


def test_the_ledger_says_what_an_event_rests_on_and_that_no_year_reaches_it(results: xr.Dataset) -> None:
    ledger = Ledger()
    costly = results.copy()
    costly["years_exceeding_gross"] = ("event", np.array([0.0, 7.0]))
    tell_named_events(costly, 1000, ledger)
    told = [(entry.kind, entry.subject, entry.status) for entry in ledger]
    assert told == [
        ("assumption", "named event ice", "illustrative"),
        ("unreliable", "named event ice", ""),
        ("assumption", "named event fire", "user"),
    ]


def test_the_ledger_says_that_an_event_costs_nothing(results: xr.Dataset) -> None:
    ledger = Ledger()
    nothing = results.copy()
    nothing["gross"] = nothing["gross"] * 0.0
    tell_named_events(nothing, 1000, ledger)
    assert sum("below the deductible, or falls outside" in entry.detail for entry in ledger) == 2
    nothing["ground_up"] = nothing["ground_up"] * 0.0
    tell_named_events(nothing, 1000, ledger)
    assert sum("It costs nothing: it hits no insured stand." in entry.detail for entry in ledger) == 2
