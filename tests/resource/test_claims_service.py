# SPDX-License-Identifier: Apache-2.0
"""The queue of claims against one kept claim by claim, and the cash against sums made by hand."""

import math
from collections import deque

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from greenrisk.core.ledger import Ledger
from greenrisk.resource.claims_queue import MONTHS, MONTHS_AFTER, WAITS, claims_part
from greenrisk.resource.claims_service import claims_service, claims_years
from greenrisk.resource.claims_spec import ClaimsServiceSpec
from greenrisk.resource.settlement import Payments
from greenrisk.resource.simulation import resolve, simulate
from greenrisk.resource.study import ForestJob

YEARS = 1000


def payments_of(events: list[tuple[int, int, int]], amount: float = 100.0) -> Payments:
    """Payments of events (year, day, claims), all of one peril, each claim of the same amount."""
    year, day, claims = (np.array(column, dtype=np.int64) for column in zip(*events, strict=True))
    event = np.repeat(np.arange(year.size), claims)
    gross = np.full(event.size, amount)
    nothing = np.zeros(event.size)
    return Payments(
        perils=("flood",),
        event_year=year,
        event_day=day,
        event_peril=np.zeros(year.size, dtype=np.int64),
        event=event,
        stand=np.zeros(event.size, dtype=np.int64),
        insured_mu=nothing,
        ground_up=gross,
        gross=gross,
        uncovered=np.zeros(1),
        repeated=np.zeros(2),
        by_year={},
        weight=np.ones(YEARS),
    )


def by_hand(payments: Payments, spec: ClaimsServiceSpec, inception: int) -> tuple[list[int], np.ndarray]:
    """Waits of all claims and cash by year and month, one claim and one day at a time; whole inspections a day."""
    waits, cash = [], np.zeros((YEARS, MONTHS))
    for year in sorted(set(payments.event_year.tolist())):
        arriving: dict[int, list[float]] = {}
        for event in np.flatnonzero(payments.event_year == year):
            day = int((payments.event_day[event] - inception) % 365)
            arriving.setdefault(day, []).extend(
                payments.gross[(payments.event == event) & (payments.gross > 0)].tolist()
            )
        queue: deque[tuple[int, float]] = deque()
        today = 0
        while today < 365 or queue:
            queue.extend((today, amount) for amount in arriving.get(today, []))
            for _ in range(min(int(spec.inspections_a_day), len(queue))):
                came, amount = queue.popleft()
                waits.append(today - came)
                settled = today + spec.days_to_settlement
                advanced = min(came + spec.days_to_advance, settled)
                for when, share in ((advanced, spec.advance_share), (settled, 1 - spec.advance_share)):
                    cash[year, min(when * 12 // 365, MONTHS - 1)] += share * amount
            today += 1
    return waits, cash


def test_the_queue_is_that_of_a_day_by_day_simulation_of_the_shipped_study(job: ForestJob) -> None:
    payments = simulate(job.exposure, resolve(job.exposure, job.plan.variants[0]), 1, 0)
    spec = ClaimsServiceSpec(inspections_a_day=7)
    few = payments.event_year < 60
    keep = few[payments.event]
    gross = np.where(keep, payments.gross, 0.0)
    short = Payments(**{**vars(payments), "gross": gross})
    for inception in (0, 200):
        part = claims_part(short, spec, inception)
        waits, cash = by_hand(short, spec, inception)
        np.testing.assert_allclose(part["service_cash"].values, cash, rtol=1e-9)
        classes = np.bincount(np.searchsorted(WAITS, waits, side="right") - 1, minlength=len(WAITS))
        assert part["service_waits"].values.tolist() == classes.tolist()
        assert part["service_wait"].values.max() == max(waits)


def test_an_event_of_n_claims_waits_as_arithmetic_says() -> None:
    # 45 claims, 20 a day: 20 wait 0 days, 20 wait 1, 5 wait 2.
    part = claims_part(payments_of([(3, 100, 45)]), ClaimsServiceSpec(inspections_a_day=20), 0)
    assert part["service_waits"].values[:4].tolist() == [20.0, 20.0, 5.0, 0.0]
    assert part["service_wait"].values[3] == 2.0
    assert part["service_largest"].values[3].tolist() == [45.0]


def test_an_event_queues_behind_what_an_earlier_one_left() -> None:
    # 100 claims on day 10 at 10 a day; on day 15 fifty are left, so that one more claim waits 5 days.
    part = claims_part(payments_of([(0, 10, 100), (0, 15, 1)]), ClaimsServiceSpec(inspections_a_day=10), 0)
    alone = claims_part(payments_of([(0, 10, 100)]), ClaimsServiceSpec(inspections_a_day=10), 0)
    more = part["service_waits"].values - alone["service_waits"].values
    assert more[WAITS.index(5)] == 1.0
    assert more.sum() == 1.0


def test_years_do_not_share_a_queue() -> None:
    part = claims_part(payments_of([(0, 364, 100), (1, 0, 1)]), ClaimsServiceSpec(inspections_a_day=10), 0)
    assert part["service_wait"].values[:2].tolist() == [9.0, 0.0]


def test_advance_and_balance_fall_into_their_months() -> None:
    # Event on day 0; 60 % after 15 days (month 1), 40 % after 40 days (day 40 * 12 / 365 = 1.3: month 2).
    part = claims_part(payments_of([(0, 0, 1)]), ClaimsServiceSpec(), 0)
    assert part["service_cash"].values[0, :3].tolist() == pytest.approx([60.0, 40.0, 0.0])
    assert part["service_after"].values[:2].tolist() == [[60.0, 0.0], [0.0, pytest.approx(40.0)]]


def test_a_claim_settled_before_its_advance_is_due_is_paid_at_once() -> None:
    part = claims_part(
        payments_of([(0, 0, 1)]), ClaimsServiceSpec(days_to_advance=200, days_to_settlement=5), 0
    )
    assert part["service_cash"].values[0, 0] == pytest.approx(100.0)


def test_months_count_from_inception() -> None:
    part = claims_part(payments_of([(0, 10, 1), (0, 190, 1)]), ClaimsServiceSpec(days_to_advance=0), 180)
    # Day 190 is day 10 of the policy year, day 10 is day 195.
    paid = np.flatnonzero(part["service_calendar"].values[:, 0])
    assert paid.tolist() == [10 * 12 // 365, 195 * 12 // 365]


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    events=st.lists(
        st.tuples(st.integers(0, 5), st.integers(0, 364), st.integers(0, 60)), min_size=1, max_size=12
    ),
    capacity=st.floats(0.5, 50),
    advance=st.floats(0, 1),
)
def test_cash_adds_up_and_more_inspectors_never_make_anyone_wait_longer(
    events: list[tuple[int, int, int]], capacity: float, advance: float
) -> None:
    payments = payments_of(sorted(events))
    slow = claims_part(payments, ClaimsServiceSpec(inspections_a_day=capacity, advance_share=advance), 0)
    fast = claims_part(payments, ClaimsServiceSpec(inspections_a_day=2 * capacity, advance_share=advance), 0)
    paid = float(payments.gross.sum())
    for part in (slow, fast):
        for name in ("service_cash", "service_calendar", "service_after"):
            assert float(part[name].sum()) == pytest.approx(paid)
        assert part["service_calendar"].values[:, 0].sum() == pytest.approx(advance * paid)
        assert float(part["service_waits"].sum()) == payments.event.size
    assert (fast["service_wait"].values <= slow["service_wait"].values).all()


@pytest.fixture(scope="module")
def groups(job: ForestJob) -> tuple[dict[str, xr.Dataset], xr.Dataset, Ledger]:
    perils = resolve(job.exposure, job.plan.variants[0])
    spec, ledger = ClaimsServiceSpec(), Ledger()
    parts = [claims_part(simulate(job.exposure, perils, 1, block), spec, 0) for block in range(2)]
    found = claims_years(parts)
    return (
        claims_service(found, tuple(perils.laws), spec, ledger),
        xr.concat(parts, dim="year", data_vars="minimal", coords="minimal", compat="override"),
        ledger,
    )


def test_the_calendar_sums_to_the_pure_premium_and_its_quantiles_are_order_statistics(
    groups: tuple[dict[str, xr.Dataset], xr.Dataset, Ledger],
) -> None:
    cash, parts = groups[0]["/claims_service/cash"], groups[1]
    by_year = parts["service_cash"].values
    assert by_year.shape == (2000, MONTHS)
    assert float(cash["expected"].sum()) == pytest.approx(by_year.sum() / 2000)
    np.testing.assert_allclose((cash["advance"] + cash["balance"]).values, cash["expected"].values)
    # Of 2,000 years the loss exceeded once in 100 is the 21st largest: inf{x: F(x) >= 0.99} has rank 1,980.
    assert float(cash["total"].sel(month=5, return_period=100)) == np.sort(by_year[:, 4])[1979]
    assert float(cash["largest_month"].sel(return_period=10)) == np.sort(by_year.max(axis=1))[1799]


def test_the_load_is_that_of_the_largest_event(
    groups: tuple[dict[str, xr.Dataset], xr.Dataset, Ledger],
) -> None:
    load = groups[0]["/claims_service/load"]
    claims = float(load["claims"].sel(peril="all", return_period=100))
    assert claims == np.sort(groups[1]["service_largest"].values.max(axis=1))[1979]
    assert float(load["days"].sel(peril="all", return_period=100)) == claims / 20
    assert float(load["needed"].sel(return_period=100)) == claims / 10
    open_claims = load["open"].sel(return_period=100).values
    assert open_claims[0] == claims
    assert open_claims[math.ceil(claims / 20)] == 0.0
    waits = groups[0]["/claims_service/waits"]
    assert float(waits["at_least"][0]) == 1.0
    assert (np.diff(waits["at_least"].values) <= 0).all()


def test_every_variable_has_a_unit_and_assumptions_are_told(
    groups: tuple[dict[str, xr.Dataset], xr.Dataset, Ledger],
) -> None:
    assert all(
        "units" in values.attrs for dataset in groups[0].values() for values in dataset.data_vars.values()
    )
    assert [(entry.kind, entry.subject) for entry in groups[2]] == [
        ("assumption", "claims service: cash"),
        ("assumption", "claims service: inspections"),
    ]
    after = groups[0]["/claims_service/after_event"]
    assert after.sizes["month_after"] == MONTHS_AFTER
    assert float(after["advance"].sum()) == pytest.approx(0.6)


def test_inspectors_who_cannot_keep_up_and_late_cash_are_told() -> None:
    spec, ledger = ClaimsServiceSpec(inspections_a_day=0.001), Ledger()
    part = claims_part(payments_of([(year, 100, 3) for year in range(YEARS)]), spec, 0)
    claims_service(claims_years([part]), ("flood",), spec, ledger)
    assert [entry.kind for entry in ledger] == ["assumption", "assumption", "unreliable", "clipped"]


def test_years_without_a_claim_give_zeros() -> None:
    spec = ClaimsServiceSpec()
    part = claims_part(payments_of([(0, 5, 0)]), spec, 0)
    for dataset in claims_service(claims_years([part]), ("flood",), spec, Ledger()).values():
        assert all((dataset[name].values == 0).all() for name in dataset.data_vars)


@pytest.mark.parametrize(
    ("key", "value"),
    [("advance_share", 1.2), ("inspections_a_day", 0.0), ("days_to_advance", -1), ("inspectors", 3)],
)
def test_a_service_that_makes_no_sense_is_refused(key: str, value: float) -> None:
    with pytest.raises(ValidationError, match=key):
        ClaimsServiceSpec(**{key: value})
