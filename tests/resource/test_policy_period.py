# SPDX-License-Identifier: Apache-2.0
"""Inception, waiting period and term over the shipped book: what is covered, and what is the same whatever they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

from greenrisk.resource.job import ForestJob
from greenrisk.resource.perils.base import Season, season_of
from greenrisk.resource.settlement import Payments, covered, settle
from greenrisk.resource.simulation import Perils, annual, by_peril, resolve, simulate
from tests.resource.conftest import BARE, run

FOUR = 4.0  # standard errors
FREE = {"event_limit_cny": None, "annual_limit_cny": None}
Settled = Callable[..., Payments]


@pytest.fixture(scope="module")
def perils(job: ForestJob) -> Perils:
    return resolve(job.exposure, job.plan.variants[0])


@pytest.fixture(scope="module")
def settled(job: ForestJob, perils: Perils) -> Settled:
    """Return a function that settles the same simulated years under other terms."""
    drawn = [
        {kind: law.simulate(1, "main", block) for kind, law in perils.laws.items()} for block in range(3)
    ]

    def under(block: int = 0, **terms: object) -> Payments:
        changed = job.exposure.terms.model_copy(update=FREE | terms)
        return settle(replace(job.exposure, terms=changed), drawn[block], perils.claimed)

    return under


def test_events_before_the_waiting_period_ends_are_lost_but_not_paid(settled: Settled) -> None:
    whole, waiting = settled(), settled(waiting_days=60)
    np.testing.assert_array_equal(waiting.ground_up, whole.ground_up)
    day = whole.event_day[whole.event]
    assert (waiting.gross[day < 60] == 0).all()
    assert (whole.gross[day < 60] > 0).sum() > 100
    missed = np.bincount(whole.peril[day < 60], whole.ground_up[day < 60], minlength=len(whole.perils))
    np.testing.assert_allclose(waiting.uncovered, missed, rtol=1e-12)
    assert (whole.uncovered == 0).all()
    # A stand that no event of the first sixty days had hit is paid as ever.
    key = whole.year * 10_000 + whole.stand
    fresh = (day >= 60) & ~np.isin(key, key[day < 60])
    np.testing.assert_array_equal(waiting.gross[fresh], whole.gross[fresh])


def test_no_peril_is_paid_more_when_the_waiting_period_is_longer(settled: Settled) -> None:
    paid = [
        np.array([loss.sum() for loss in by_peril(settled(waiting_days=days)).values()])
        for days in (0, 30, 90, 180, 300)
    ]
    total = np.array([one.sum() for one in paid])
    assert (np.diff(total) < 0).all()
    # What a first event is not paid for, a later one of another peril cannot be paid for either.
    assert (np.diff(np.array(paid), axis=0) <= 1e-9 * paid[0]).all()


def test_a_policy_year_that_begins_another_day_has_the_same_losses_and_the_same_mean(
    job: ForestJob, settled: Settled
) -> None:
    """Over a whole year nothing is left out: what a stand loses in a year does not hang on the order of events."""
    for inception in ("07-01", "10-01"):
        one, other = (
            np.concatenate([annual(settled(block, inception=day))[0] for block in range(3)])
            for day in ("01-01", inception)
        )
        np.testing.assert_allclose(other[:, 0], one[:, 0], rtol=1e-9)
        error = np.hypot(one[:, 1].std(), other[:, 1].std()) / np.sqrt(len(one))
        assert abs(one[:, 1].mean() - other[:, 1].mean()) < FOUR * error
        assert (one[:, 1] != other[:, 1]).any(), "the order of days decides what a rule pays for"


def _days(law_season: Season) -> set[int]:
    first, last = int(law_season.first), int(law_season.last)
    return {(day - 1) % 365 for day in range(first, last + 1)}


@pytest.mark.parametrize("kind", ["wildfire", "storm", "snow_ice", "drought", "flood", "pest"])
def test_a_season_inside_the_waiting_period_is_paid_nothing_and_the_others_are(
    job: ForestJob, settled: Settled, kind: str
) -> None:
    """The policy begins on the first day of the season and waits as long as it lasts."""
    season = season_of(job.exposure.constants["local" if kind == "wildfire" else kind])
    length = int(season.last - season.first) + 1
    month = np.array([0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334])
    first = int(season.first) - 1
    number = int(np.searchsorted(month, first, side="right"))
    inception = f"{number:02d}-{first - month[number - 1] + 1:02d}"
    found = settled(inception=inception, waiting_days=length)
    terms = job.exposure.terms.model_copy(update={"inception": inception, "waiting_days": length})
    assert _days(season) == set(np.flatnonzero(~covered(terms, np.arange(365))).tolist())
    paid = {name: loss.sum() for name, loss in by_peril(found).items()}
    assert paid[kind] == 0.0
    of_kind = found.peril == found.perils.index(kind)
    assert found.uncovered[found.perils.index(kind)] == pytest.approx(found.ground_up[of_kind].sum())
    assert found.uncovered[found.perils.index(kind)] > 0
    for name in found.perils:
        role = "local" if name == "wildfire" else name
        if not _days(season_of(job.exposure.constants[role])) <= _days(season):
            assert paid[name] > 0, name


def test_a_short_term_covers_the_days_of_its_term_and_no_others(job: ForestJob, settled: Settled) -> None:
    found = settled(inception="11-15", term_days=120)
    terms = job.exposure.terms.model_copy(update={"inception": "11-15", "term_days": 120})
    inside = covered(terms, found.event_day)[found.event]
    assert (found.gross[~inside] == 0).all()
    paid = {name: loss.sum() for name, loss in by_peril(found).items()}
    assert paid["storm"] == paid["flood"] == 0.0
    assert paid["snow_ice"] > 0


def test_two_halves_of_a_year_are_paid_what_the_whole_is(settled: Settled) -> None:
    """Without a limit of the year; the halves may differ from the whole only where an event of the first half took
    what the second half then is not paid for: never."""
    whole = settled()
    first, second = settled(term_days=180), settled(waiting_days=180)
    both = first.gross + second.gross
    once = np.isin(whole.year * 10_000 + whole.stand, _hit_once(whole))
    np.testing.assert_array_equal(both[once], whole.gross[once])
    assert (both >= whole.gross * (1 - 1e-12)).all(), "the cap of a year on a stand binds the whole alone"


def _hit_once(payments: Payments) -> np.ndarray:
    key, times = np.unique(payments.year * 10_000 + payments.stand, return_counts=True)
    return np.asarray(key[times == 1])


def test_the_result_tells_what_was_not_covered(prepare: Callable[..., ForestJob]) -> None:
    settings = BARE | {"years": "1000", "perils": "[{kind: wildfire}, {kind: storm}]"}
    wait = {"terms.inception": "03-01", "terms.waiting_days": "60"}
    tree, whole = run(prepare(**settings, **wait)), run(prepare(**settings))
    uncovered = tree["/perils/uncovered"]
    assert float(uncovered.sel(peril="storm")) > 0
    assert float(uncovered.sel(peril="all")) == pytest.approx(float(uncovered[1:].sum()))
    assert float(whole["/perils/uncovered"].sum()) == 0.0
    told = _subjects(tree)
    assert "policy period" in told
    assert "policy period" not in _subjects(whole)
    assert float(tree["/perils/pure_premium"].sel(peril="all")) < float(
        whole["/perils/pure_premium"].sel(peril="all")
    )


def _subjects(tree: xr.DataTree) -> list[str]:
    return [str(subject) for subject in tree["/ledger/subject"].values]


def test_the_policy_period_is_no_part_of_what_happens(job: ForestJob, perils: Perils) -> None:
    """The same seeds bring the same events whatever the policy covers."""
    terms = job.exposure.terms.model_copy(update={"inception": "09-01", "waiting_days": 20, **FREE})
    other = replace(job.exposure, terms=terms)
    one, two = (
        simulate(exposure, resolve(exposure, job.plan.variants[0]), 1, 0)
        for exposure in (job.exposure, other)
    )
    np.testing.assert_array_equal(one.event_day, two.event_day)
    np.testing.assert_array_equal(one.stand, two.stand)
    np.testing.assert_array_equal(one.insured_mu, two.insured_mu)
