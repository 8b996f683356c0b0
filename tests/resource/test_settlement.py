# SPDX-License-Identifier: Apache-2.0
"""What a block of hits costs, against payments by hand and against a settlement in plain Python."""

from __future__ import annotations

import datetime
import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from greenrisk.core.units import MU_PER_HA
from greenrisk.resource.exposure import Exposure
from greenrisk.resource.forest import BLOCK_LENGTH, TermsSpec
from greenrisk.resource.indemnity import payment
from greenrisk.resource.perils.base import PerilYears
from greenrisk.resource.settlement import Payments, covered, settle
from tests.shipped_exposure import shipped_exposure

STANDS = 6
ALL_CLAIMED = {"wildfire": 1.0, "storm": 1.0, "flood": 1.0}


def exposure(**terms: object) -> Exposure:
    """Six stands of 10 ha, wholly insured at 800 CNY/mu: 150 mu and 120,000 CNY each."""
    full = shipped_exposure(STANDS)
    book = replace(
        full.book,
        area_ha=np.full(STANDS, 10.0),
        insured_share=np.ones(STANDS),
        sum_insured_per_mu=np.full(STANDS, 800.0),
    )
    rule = terms.pop("deductible", {"preset": "none"})
    return replace(full, book=book, terms=TermsSpec.model_validate({"deductible": rule, **terms}))


def years(
    *events: tuple[int, int, list[tuple[int, float, float]]], weight: float | None = None
) -> PerilYears:
    """Return events as (year, day, hits), a hit as (stand, area, degree)."""
    hits = [(number, *hit) for number, (_, _, all_hits) in enumerate(events) for hit in all_hits]
    return PerilYears(
        event_year=np.array([event[0] for event in events], dtype=np.int64),
        event_day=np.array([event[1] for event in events], dtype=np.int64),
        hit_event=np.array([hit[0] for hit in hits], dtype=np.int64),
        hit_stand=np.array([hit[1] for hit in hits], dtype=np.int64),
        hit_area=np.array([hit[2] for hit in hits], dtype=np.float64),
        hit_degree=np.array([hit[3] for hit in hits], dtype=np.float64),
        weight=None if weight is None else np.full(BLOCK_LENGTH, weight),
    )


def settled(of: Exposure, claimed: Mapping[str, float] = ALL_CLAIMED, **perils: PerilYears) -> Payments:
    return settle(of, perils, claimed)


@pytest.mark.parametrize(
    ("area", "degree", "by_hand"),
    [
        # 75 mu: 10 % of them is less than 10 mu, so 15 % of the area is deducted: 800 x 75 x 0.5 x 0.85.
        (0.5, 0.5, 25_500.0),
        # 150 mu: 10 % is more than 10 mu, so 10 mu are deducted: 800 x 140 x 0.5.
        (1.0, 0.5, 56_000.0),
        # From a degree of 0.9 on all of the damaged area is paid, 800 x 75, more than the loss of 57,000.
        (0.5, 0.95, 60_000.0),
        # Below a degree of 0.1 nothing is.
        (1.0, 0.09, 0.0),
    ],
)
def test_a_hit_is_paid_by_the_deductible_rule(area: float, degree: float, by_hand: float) -> None:
    policy = exposure(deductible={"preset": "policy_forest", "combine": "min"})
    for kind in ("wildfire", "storm"):
        found = settled(policy, **{kind: years((0, 40, [(2, area, degree)]))})
        assert found.gross.tolist() == pytest.approx([by_hand])
        assert found.ground_up.tolist() == pytest.approx([120_000 * area * degree])
        assert found.insured_mu.tolist() == pytest.approx([150 * area])


def test_only_the_claimed_share_of_a_peril_is_paid() -> None:
    event = years((3, 10, [(0, 1.0, 0.5)]))
    found = settled(
        exposure(),
        {"wildfire": 0.8, "storm": 1.0},
        wildfire=event,
        storm=replace(event, event_year=event.event_year + 1),
    )
    assert found.ground_up.tolist() == [60_000, 60_000]
    assert found.gross.tolist() == [48_000, 60_000]


def test_a_stand_is_lost_once_a_year_and_anew_in_the_next() -> None:
    storm = years((0, 100, [(1, 1.0, 0.7)]), (1, 100, [(1, 1.0, 0.7)]))
    flood = years((0, 200, [(1, 1.0, 0.7), (2, 1.0, 0.7)]))
    found = settled(exposure(), storm=storm, flood=flood)
    assert found.ground_up.tolist() == pytest.approx([84_000, 84_000, 36_000, 84_000])
    assert found.gross.tolist() == pytest.approx([84_000, 84_000, 36_000, 84_000])
    # One hit of a stand that had been hit, and 0.4 of 120,000 CNY that it could not lose again.
    assert found.repeated.tolist() == pytest.approx([1.0, 48_000])


def test_what_is_gone_is_paid_no_second_time_even_where_a_deductible_left_it_unpaid() -> None:
    """A fire takes the stand and is paid less a half; the storm finds nothing to throw."""
    policy = exposure(deductible={"kind": "area", "share": 0.5})
    fire, storm = years((0, 50, [(0, 1.0, 0.99)])), years((0, 180, [(0, 1.0, 0.99)]))
    found = settled(policy, wildfire=fire, storm=storm)
    assert found.ground_up.tolist() == pytest.approx([118_800, 1_200])
    # The storm is paid for the hundredth that it takes: half of 0.01 of 120,000 CNY.
    assert found.gross.tolist() == pytest.approx([59_400, 600])


def test_a_year_pays_no_more_than_the_sum_insured_where_a_rule_pays_more_than_the_loss() -> None:
    """From a degree of 0.6 on the whole damaged area is paid: two halves are all of it, and no third follows."""
    policy = exposure(deductible={"kind": "franchise", "trigger": 0.1, "full_loss": 0.6})
    half = [(0, 0.5, 0.6)]
    found = settled(policy, storm=years((0, 10, half), (0, 20, half), (0, 30, half)))
    assert found.ground_up.tolist() == pytest.approx([36_000, 36_000, 36_000])
    assert found.gross.tolist() == pytest.approx([60_000, 60_000, 0.0])


def test_events_are_settled_in_the_order_of_days_of_the_policy_year() -> None:
    """The flood is of July, the storm of April: whose loss it is hangs on when the policy year begins."""
    flood, storm = years((0, 190, [(0, 1.0, 1.0)])), years((0, 100, [(0, 1.0, 1.0)]))
    calendar = settled(exposure(), flood=flood, storm=storm)
    assert calendar.ground_up.tolist() == [0, 120_000]
    from_june = settled(exposure(inception="06-01"), flood=flood, storm=storm)
    assert from_june.ground_up.tolist() == [120_000, 0]
    on_one_day = settled(exposure(), flood=flood, storm=replace(storm, event_day=flood.event_day))
    assert on_one_day.ground_up.tolist() == [120_000, 0], "then the list of perils decides"


def test_an_event_in_the_waiting_period_takes_the_stand_and_pays_nothing() -> None:
    policy = exposure(waiting_days=30)
    fire = years((0, 29, [(0, 1.0, 1.0)]), (0, 30, [(1, 1.0, 1.0)]))
    storm = years((0, 120, [(0, 1.0, 1.0), (2, 0.5, 1.0)]))
    found = settled(policy, wildfire=fire, storm=storm)
    assert found.ground_up.tolist() == [120_000, 120_000, 0, 60_000]
    assert found.gross.tolist() == [0, 120_000, 0, 60_000]
    assert found.uncovered.tolist() == [120_000, 0]


@pytest.mark.parametrize(
    ("inception", "waiting", "term"),
    [("01-01", 0, 365), ("10-01", 30, 180), ("03-15", 0, 1), ("12-31", 364, 365)],
)
def test_the_days_of_cover_are_those_of_the_calendar(inception: str, waiting: int, term: int) -> None:
    """Counted with dates, from the inception in a year without a leap day on."""
    terms = TermsSpec.model_validate(
        {"deductible": {"preset": "none"}, "inception": inception, "waiting_days": waiting, "term_days": term}
    )
    month, day = map(int, inception.split("-"))
    first = datetime.date(2021, month, day)
    days = [first + datetime.timedelta(i) for i in range(waiting, term)]
    inside = {(date - datetime.date(date.year, 1, 1)).days for date in days}
    assert set(np.flatnonzero(covered(terms, np.arange(365))).tolist()) == inside


def test_limits_are_those_of_the_event_and_then_of_the_year() -> None:
    """Events of 120,000, 60,000 and 120,000 CNY; 100,000 an event, and 130,000 of 260,000 a year: half of each."""
    policy = exposure(event_limit_cny=100_000.0, annual_limit_cny=130_000.0)
    fire = years((0, 10, [(0, 0.5, 1.0), (1, 0.5, 1.0)]), (0, 20, [(2, 0.5, 1.0)]))
    found = settled(policy, wildfire=fire, flood=years((0, 30, [(3, 1.0, 1.0)])))
    assert found.gross.tolist() == pytest.approx([25_000, 25_000, 30_000, 50_000])
    assert found.ground_up.tolist() == [60_000, 60_000, 60_000, 120_000]


def test_weights_of_years_multiply_and_what_perils_keep_is_joined() -> None:
    one = years((0, 0, [(0, 1.0, 1.0)]), weight=0.5)
    two = replace(one, weight=np.full(BLOCK_LENGTH, 3.0), by_year={"fires": np.arange(BLOCK_LENGTH) * 1.0})
    found = settled(exposure(), wildfire=two, storm=one, flood=replace(one, weight=None))
    assert found.weight.tolist() == [1.5] * BLOCK_LENGTH
    assert list(found.by_year) == ["fires"]
    assert found.years == BLOCK_LENGTH
    assert found.year.tolist() == [0, 0, 0]
    assert found.peril.tolist() == [0, 1, 2]


def test_a_block_without_any_event_costs_nothing() -> None:
    nothing = years()
    found = settled(exposure(annual_limit_cny=1.0), wildfire=nothing, storm=nothing)
    assert found.gross.size == found.ground_up.size == 0
    assert found.uncovered.tolist() == [0, 0]


def random_years(rng: np.random.Generator, events: int) -> PerilYears:
    """Return events with up to four stands each, so dense that most stands are hit several times a year."""
    hits = rng.integers(0, 5, events)
    stand = [rng.choice(STANDS, number, replace=False) for number in hits]
    return PerilYears(
        event_year=np.sort(rng.integers(0, 12, events)),
        event_day=rng.integers(0, 365, events),
        hit_event=np.repeat(np.arange(events), hits),
        hit_stand=np.concatenate(stand),
        hit_area=1.0 - rng.random(hits.sum()) ** 2,
        hit_degree=1.0 - rng.random(hits.sum()),
    )


def slowly(
    of: Exposure, perils: Mapping[str, PerilYears], claimed: Mapping[str, float]
) -> tuple[dict[tuple[str, int], tuple[float, float]], dict[str, float]]:
    """Settle hit by hit in dictionaries; loss and payment by (peril, hit), and the uncovered loss by peril."""
    terms, book = of.terms, of.book
    first = datetime.date(2021, *map(int, terms.inception.split("-")))
    calendar = []
    for order, (kind, brought) in enumerate(perils.items()):
        for event in range(brought.event_year.size):
            date = datetime.date(2021, 1, 1) + datetime.timedelta(int(brought.event_day[event]))
            since = (date - first).days if date >= first else (date - first).days + 365
            calendar.append((int(brought.event_year[event]), since, order, event, kind))
    lost: dict[tuple[int, int], float] = defaultdict(float)
    paid: dict[tuple[int, int], float] = defaultdict(float)
    found: dict[tuple[str, int], tuple[float, float]] = {}
    outside: dict[str, float] = defaultdict(float)
    per_year: dict[int, float] = defaultdict(float)
    final: list[tuple[int, list[tuple[str, int]], float]] = []
    for year, since, _, event, kind in sorted(calendar):
        brought = perils[kind]
        inside = terms.waiting_days <= since < terms.term_days
        of_event = 0.0
        hits = np.flatnonzero(brought.hit_event == event).tolist()
        for hit in hits:
            stand, area, degree = (
                int(brought.hit_stand[hit]), float(brought.hit_area[hit]), float(brought.hit_degree[hit])
            )  # fmt: skip
            mu = float(book.area_ha[stand] * book.insured_share[stand]) * MU_PER_HA
            value = mu * float(book.sum_insured_per_mu[stand])
            loss = min(area * degree * value, value - lost[year, stand])
            lost[year, stand] += loss
            price = float(book.sum_insured_per_mu[stand])
            due = float(payment(terms.deductible, price, degree, area * mu)) * loss / (area * degree * value)
            pay = min(due * claimed[kind], value - paid[year, stand]) if inside else 0.0
            paid[year, stand] += pay
            found[kind, hit] = (loss, pay)
            of_event += pay
            outside[kind] += 0.0 if inside else loss
        limited = min(of_event, terms.event_limit_cny or math.inf)
        per_year[year] += limited
        final.append((year, [(kind, hit) for hit in hits], limited / of_event if of_event > 0 else 1.0))
    for year, hits_of_event, factor in final:
        whole = (
            min(per_year[year], terms.annual_limit_cny or math.inf) / per_year[year]
            if per_year[year] > 0
            else 1.0
        )
        for key in hits_of_event:
            found[key] = (found[key][0], found[key][1] * factor * whole)
    return found, outside


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(
    "terms",
    [
        {},
        {"deductible": {"preset": "policy_forest", "combine": "min"}},
        {
            "deductible": {"preset": "policy_forest", "combine": "max"},
            "inception": "07-15",
            "waiting_days": 20,
        },
        {
            "deductible": {"preset": "commercial_fire"},
            "inception": "11-30",
            "waiting_days": 60,
            "term_days": 250,
        },
        {
            "deductible": {"kind": "franchise", "trigger": 0.3, "full_loss": 0.7},
            "event_limit_cny": 90_000.0,
            "annual_limit_cny": 200_000.0,
        },
    ],
)
def test_every_hit_costs_what_a_settlement_in_plain_python_says(terms: dict[str, object], seed: int) -> None:
    rng = np.random.default_rng(seed)
    book = exposure().book
    book = replace(
        book,
        area_ha=rng.uniform(1, 30, STANDS),
        insured_share=rng.uniform(0.2, 1.0, STANDS),
        sum_insured_per_mu=rng.choice([500.0, 800.0, 1200.0], STANDS),
    )
    of = replace(exposure(**terms), book=book)
    perils = {kind: random_years(rng, 40) for kind in ALL_CLAIMED}
    claimed = {"wildfire": 0.7, "storm": 1.0, "flood": 1.0}
    found = settle(of, perils, claimed)
    expected, outside = slowly(of, perils, claimed)
    keys = [(kind, hit) for kind, brought in perils.items() for hit in range(brought.hit_stand.size)]
    np.testing.assert_allclose(found.ground_up, [expected[key][0] for key in keys], rtol=1e-9, atol=1e-6)
    np.testing.assert_allclose(found.gross, [expected[key][1] for key in keys], rtol=1e-9, atol=1e-6)
    np.testing.assert_allclose(found.uncovered, [outside[kind] for kind in perils], rtol=1e-9, atol=1e-6)
    assert found.repeated[0] > 100
    value = book.sum_insured
    place = found.year * STANDS + found.stand
    for amount in (found.ground_up, found.gross):
        assert (
            np.bincount(place, weights=amount) <= np.tile(value, 12)[: place.max() + 1] * (1 + 1e-12)
        ).all()
