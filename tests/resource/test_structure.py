# SPDX-License-Identifier: Apache-2.0
"""Covers block by block against small sums by hand, and against the programme on all events at once."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from greenrisk.actuarial.layers.events import EventTable
from greenrisk.actuarial.layers.layer import Layer, Reinstatements
from greenrisk.actuarial.layers.programme import Programme, QuotaShare, StopLoss
from greenrisk.core.errors import ArgumentError
from greenrisk.resource.perils.base import DAYS
from greenrisk.resource.reinsurance import ReinsuranceSpec, SurplusSpec
from greenrisk.resource.settlement import Payments
from greenrisk.resource.simulation import annual, resolve, simulate
from greenrisk.resource.structure import (
    EventCessions,
    cede_events,
    cede_years,
    surplus_premium_share,
    surplus_shares,
)
from greenrisk.resource.study import ForestJob

PREMIUM = 1000.0


def spec(*covers: dict[str, Any]) -> ReinsuranceSpec:
    return ReinsuranceSpec.model_validate({"covers": covers})


def payments(*events: tuple[int, int, str, dict[int, float]], years: int = 3) -> Payments:
    """Events by year, day, peril and what each stand is paid."""
    perils = ("wildfire", "storm", "snow_ice")
    paid = [(event, stand, gross) for event, row in enumerate(events) for stand, gross in row[3].items()]
    hit = np.array([row[2] for row in paid], dtype=np.float64)
    return Payments(
        perils=perils,
        event_year=np.array([row[0] for row in events], dtype=np.int64),
        event_day=np.array([row[1] for row in events], dtype=np.int64),
        event_peril=np.array([perils.index(row[2]) for row in events], dtype=np.int64),
        event=np.array([row[0] for row in paid], dtype=np.int64),
        stand=np.array([row[1] for row in paid], dtype=np.int64),
        insured_mu=np.ones(hit.size),
        ground_up=hit,
        gross=hit,
        uncovered=np.zeros(len(perils)),
        repeated=np.zeros(2),
        by_year={},
        weight=np.ones(years),
    )


@pytest.fixture(scope="module")
def block(job: ForestJob) -> Payments:
    """A thousand simulated years of all perils."""
    return simulate(job.exposure, resolve(job.exposure, job.plan.variants[0]), 3, 0)


def test_a_layer_for_named_perils_passes_the_others_by(job: ForestJob) -> None:
    """Year 0: storm of 50 and ice of 70; layer 30 xs 40 for ice takes 30 of the 70 and nothing of the storm."""
    found = cede_events(
        payments(
            (0, 10, "storm", {0: 50.0}), (0, 20, "snow_ice", {1: 60.0, 2: 10.0}), (1, 5, "storm", {0: 90})
        ),
        job.exposure,
        spec({"kind": "excess_of_loss", "perils": ["snow_ice"], "attachment_cny": 40, "limit_cny": 30}),
    )
    np.testing.assert_allclose(found.ceded[:, 0], [30.0, 0.0, 0.0])


def test_without_names_a_layer_covers_every_peril(job: ForestJob) -> None:
    found = cede_events(
        payments((0, 10, "storm", {0: 50.0}), (0, 20, "snow_ice", {1: 70.0}), (1, 5, "wildfire", {0: 41})),
        job.exposure,
        spec({"kind": "excess_of_loss", "attachment_cny": 40, "limit_cny": 20}),
    )
    np.testing.assert_allclose(found.ceded[:, 0], [10.0 + 20.0, 1.0, 0.0])


def test_covers_work_in_the_order_of_the_list(job: ForestJob) -> None:
    """100 less 40 % is 60, of which 60 - 50 = 10 are ceded; the other way round 50 are ceded first, then 40 % of 50."""
    quota = {"kind": "quota_share", "share": 0.4}
    layer = {"kind": "excess_of_loss", "attachment_cny": 50, "limit_cny": 50}
    events = payments((0, 1, "storm", {0: 100.0}), years=1)
    gross = np.array([100.0])
    for covers, taken in (((quota, layer), [40.0, 10.0]), ((layer, quota), [50.0, 20.0])):
        of = spec(*covers)
        years = cede_years(gross, cede_events(events, job.exposure, of), of, job.exposure.book, PREMIUM)
        np.testing.assert_allclose(years.by_cover, [taken])
        assert years.net[0] == pytest.approx(100.0 - sum(taken))


def test_reinstatements_limit_the_year_and_cost_pro_rata_amount(job: ForestJob) -> None:
    """Layer 20 xs 10, one reinstatement at 50 %: events of 20, 40, 40 are paid 10, 20, 10; 20 of 20 is reinstated."""
    found = cede_events(
        payments((0, 1, "storm", {0: 20.0}), (0, 2, "storm", {0: 40.0}), (0, 3, "storm", {0: 40.0}), years=1),
        job.exposure,
        spec(
            {
                "kind": "excess_of_loss",
                "attachment_cny": 10,
                "limit_cny": 20,
                "reinstatements": {"count": 1, "rate": 0.5},
            }
        ),
    )
    assert found.ceded[0, 0] == pytest.approx(40.0)
    assert found.reinstated[0, 0] == pytest.approx(0.5)


def test_time_is_that_of_the_policy_year(job: ForestJob) -> None:
    """Inception on 1 July (day 181): an event of 1 January comes half a year after one of 2 July."""
    terms = job.exposure.terms.model_copy(update={"inception": "07-01"})
    cover = {
        "kind": "excess_of_loss",
        "attachment_cny": 0,
        "limit_cny": 20,
        "reinstatements": {"count": 1, "rate": 1.0, "pro_rata_time": True},
    }
    found = cede_events(
        payments((0, 0, "storm", {0: 20.0}), years=1), replace(job.exposure, terms=terms), spec(cover)
    )
    assert found.reinstated[0, 0] == pytest.approx(1.0 - (365 - 181) / 365)


def test_a_surplus_cedes_the_share_of_each_stand(job: ForestJob) -> None:
    book = job.exposure.book
    line = float(np.median(book.sum_insured))
    cover = SurplusSpec(kind="surplus", retention_cny=line, lines=2, risk="stand")
    share = np.minimum(np.maximum(book.sum_insured - line, 0.0), 2 * line) / book.sum_insured
    np.testing.assert_allclose(surplus_shares(book, cover), share)
    large, small = int(np.argmax(book.sum_insured)), int(np.argmin(book.sum_insured))
    found = cede_events(
        payments((0, 1, "storm", {large: 30.0, small: 5.0}), years=1),
        job.exposure,
        spec({"kind": "quota_share", "share": 0.5}, cover.model_dump()),
    )
    np.testing.assert_allclose(found.ceded[0], [17.5, 15.0 * share[large]])
    assert share[small] == 0.0
    assert surplus_premium_share(book, cover) == pytest.approx(
        (share * book.sum_insured).sum() / book.sum_insured.sum()
    )


def test_the_risk_of_an_owner_is_all_that_the_owner_insures(job: ForestJob) -> None:
    book = job.exposure.book
    share = surplus_shares(book, SurplusSpec(kind="surplus", retention_cny=1e6, lines=1.0))
    for name in np.unique(book.owner)[:5]:
        own = book.owner == name
        insured = book.sum_insured[own].sum()
        np.testing.assert_allclose(share[own], min(max(insured - 1e6, 0.0), 1e6) / insured)


def test_a_stop_loss_sees_what_the_covers_of_events_left(job: ForestJob) -> None:
    """Premium 1,000, quota 50 %: base 500. Net of quota 600 less layer 100 is 500; above 80 % of 500 lie 100."""
    of = spec(
        {"kind": "quota_share", "share": 0.5},
        {"kind": "excess_of_loss", "attachment_cny": 500, "limit_cny": 1000},
        {"kind": "stop_loss", "attachment": 0.8, "limit": 1.0},
    )
    events = payments((0, 1, "storm", {0: 1200.0}), years=1)
    years = cede_years(
        np.array([1200.0]), cede_events(events, job.exposure, of), of, job.exposure.book, PREMIUM
    )
    np.testing.assert_allclose(years.by_cover, [[600.0, 100.0, 100.0]])
    np.testing.assert_allclose(years.premium_before, [1000.0, 500.0, 500.0, 500.0])
    assert years.net[0] == pytest.approx(400.0)


def test_a_stop_loss_without_premium_is_refused(job: ForestJob) -> None:
    of = spec({"kind": "stop_loss", "attachment": 0.8, "limit": 1.0})
    none = EventCessions(np.zeros((1, 0)), np.zeros((1, 0)))
    with pytest.raises(ArgumentError, match="needs the premium"):
        cede_years(np.ones(1), none, of, job.exposure.book, None)


def test_block_and_year_together_are_the_programme_on_all_events(job: ForestJob, block: Payments) -> None:
    of = spec(
        {"kind": "quota_share", "share": 0.3},
        {
            "kind": "excess_of_loss",
            "attachment_cny": 2e5,
            "limit_cny": 1e6,
            "reinstatements": {"count": 1, "rate": 0.7},
        },
        {"kind": "stop_loss", "attachment": 0.9, "limit": 0.5},
    )
    gross, premium = annual(block)[0][:, 1], 1.5e6
    years = cede_years(gross, cede_events(block, job.exposure, of), of, job.exposure.book, premium)
    per_event = np.bincount(block.event, weights=block.gross, minlength=block.event_year.size)
    day = (block.event_day - job.exposure.terms.inception_day) % DAYS
    whole = Programme(
        (QuotaShare(0.3), Layer(1e6, 2e5, reinstatements=Reinstatements(1, 0.7)), StopLoss(0.9, 0.5))
    ).cede(EventTable.of(per_event, block.event_year, block.years, time=day / DAYS), premium)
    np.testing.assert_allclose(years.by_cover, whole.annual_ceded_by_step(), rtol=1e-9, atol=1e-3)
    np.testing.assert_allclose(
        years.reinstated[:, 1], whole.steps[1].annual_reinstatement_premium(1.0), atol=1e-9
    )
    assert (years.by_cover.sum(axis=0) > 0).all()


def test_gross_is_net_and_ceded_to_the_last_bits(job: ForestJob, block: Payments) -> None:
    of = spec(
        {"kind": "surplus", "retention_cny": 2e5, "lines": 3},
        {"kind": "quota_share", "share": 0.3},
        {"kind": "excess_of_loss", "perils": ["snow_ice", "storm"], "attachment_cny": 1e5, "limit_cny": 1e7},
        {"kind": "quota_share", "share": 0.1},
        {"kind": "stop_loss", "attachment": 0.5, "limit": 0.5},
    )
    gross = annual(block)[0][:, 1]
    years = cede_years(gross, cede_events(block, job.exposure, of), of, job.exposure.book, 2e6)
    np.testing.assert_allclose(years.net + years.ceded, gross, rtol=1e-12)
    np.testing.assert_allclose(years.by_cover.sum(axis=1), years.ceded, rtol=1e-9, atol=1e-6)
    assert (years.net >= 0).all()
    assert (years.ceded >= 0).all()


def test_without_reinsurance_everything_is_kept(job: ForestJob, block: Payments) -> None:
    gross = annual(block)[0][:, 1]
    found = cede_events(block, job.exposure, ReinsuranceSpec())
    assert found.ceded.shape == (block.years, 0)
    years = cede_years(gross, found, ReinsuranceSpec(), job.exposure.book, None)
    np.testing.assert_array_equal(years.net, gross)
    assert not years.ceded.any()


def test_blocks_are_joined_after_one_another() -> None:
    parts = [EventCessions(np.full((2, 1), k), np.full((2, 1), 10 * k)) for k in (1.0, 2.0)]
    joined = EventCessions.joined(parts)
    np.testing.assert_array_equal(joined.ceded[:, 0], [1, 1, 2, 2])
    np.testing.assert_array_equal(joined.reinstated[:, 0], [10, 10, 20, 20])
