# SPDX-License-Identifier: Apache-2.0
"""The test from rolling origins: nothing of later years leaks in, counts and power are exact, halves of Manaus."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from index_records import record
from priced_records import linear, tiers
from scipy import stats

from greenrisk.core.errors import ArgumentError
from greenrisk.resource.index_cover.backtest import Backtest, moved, rolling_origin
from greenrisk.resource.index_cover.exact_counts import (
    central_counts,
    count_chances,
    frequency_interval,
    halves_alike,
    halves_power,
    power,
    two_sided,
)
from greenrisk.resource.index_cover.history_spec import BacktestSpec, HistorySpec
from greenrisk.resource.index_cover.payouts import payout_share

LOW = linear("below", -4.0, -6.0)


def backtested(value: np.ndarray, first: int = 1903, **history: object) -> Backtest:
    year = np.arange(first, first + value.size)
    spec = BacktestSpec(first_origin_years=30)
    return rolling_origin(LOW, 1000.0, year, value, spec=spec, history=HistorySpec(**history))  # type: ignore[arg-type]


def test_counts_of_unlike_years_are_those_of_all_their_outcomes() -> None:
    chance = np.array([0.1, 0.5, 0.25, 0.9])
    expected = np.zeros(5)
    for outcome in itertools.product((0, 1), repeat=4):
        paid = np.array(outcome)
        expected[paid.sum()] += np.prod(np.where(paid == 1, chance, 1 - chance))
    law = count_chances(chance)
    np.testing.assert_allclose(law, expected, rtol=1e-12)
    assert two_sided(law, 4) == pytest.approx(2 * expected[4])
    assert two_sided(law, 2) == 1.0
    np.testing.assert_allclose(
        count_chances(np.full(30, 0.2)), stats.binom.pmf(np.arange(31), 30, 0.2), rtol=1e-9
    )
    with pytest.raises(ArgumentError, match="chance"):
        count_chances(np.array([0.5, 1.2]))


def test_central_counts_leave_a_twentieth_on_either_side() -> None:
    law = count_chances(np.full(60, 0.1))
    assert central_counts(law) == (int(stats.binom.ppf(0.05, 60, 0.1)), int(stats.binom.ppf(0.95, 60, 0.1)))
    low, high = central_counts(law)
    assert law[:low].sum() <= 0.05 < law[: low + 1].sum()
    assert law[high + 1 :].sum() <= 0.05 < law[high:].sum()


def test_the_interval_of_a_frequency_is_the_exact_one() -> None:
    low, high = frequency_interval(8, 90)
    assert stats.binom.sf(7, 90, low) == pytest.approx(0.05, rel=1e-9)
    assert stats.binom.cdf(8, 90, high) == pytest.approx(0.05, rel=1e-9)
    # Without a paying year: 1 - 0.05^(1/n).
    assert frequency_interval(0, 20) == (0.0, pytest.approx(1 - 0.05 ** (1 / 20), rel=1e-9))
    assert frequency_interval(20, 20)[1] == 1.0


def test_the_power_is_that_of_the_exact_test() -> None:
    found = power(60, 0.1, 2.0)
    chances = stats.binom.pmf(np.arange(61), 60, 0.1)
    at_least = next(k for k in range(61) if chances[k:].sum() <= 0.05)
    assert found.at_least == at_least
    assert found.size == pytest.approx(chances[at_least:].sum(), rel=1e-9)
    assert found.chance == pytest.approx(1 - stats.binom.cdf(at_least - 1, 60, 0.2), rel=1e-9)
    enough = power(found.years_needed, 0.1, 2.0)
    assert enough.chance >= 0.8 > power(found.years_needed - 1, 0.1, 2.0).chance
    assert power(60, 0.1, 1.0001).years_needed == -1


def test_fishers_test_is_scipys_and_its_power_that_of_all_tables() -> None:
    for seen, years in (((5, 3), (45, 45)), ((0, 6), (30, 31)), ((2, 2), (7, 9))):
        table = np.array([[seen[0], years[0] - seen[0]], [seen[1], years[1] - seen[1]]])
        assert halves_alike(seen, years) == pytest.approx(stats.fisher_exact(table).pvalue, rel=1e-9)
    # Mean chance 0.3, one twice the other: 0.2 and 0.4.
    years, total = (8, 7), 0.0
    for one, other in itertools.product(range(9), range(8)):
        if halves_alike((one, other), years) <= 0.05:
            total += stats.binom.pmf(one, 8, 0.4) * stats.binom.pmf(other, 7, 0.2)
    assert halves_power(years, 0.3, 2.0) == pytest.approx(total, rel=1e-9)


def test_manaus_pays_five_years_in_one_half_and_three_in_the_other_which_tells_nothing() -> None:
    figures = {one.name: one for one in backtested(record("manaus_min")[1]).summary}
    assert figures["paying_years_first_half"].value == 5
    assert figures["paying_years_second_half"].value == 3
    assert figures["paying_years_first_half"].note.startswith("1903 to 1947, 45 years")
    assert figures["halves_p"].value == pytest.approx(stats.fisher_exact(np.array([[5, 40], [3, 42]])).pvalue)
    # A half that pays twice as often as the other is noticed in one of twelve such records.
    assert figures["halves_power"].value < 0.1


def test_later_years_change_nothing_before_them() -> None:
    value = record("manaus_min")[1]
    whole, short = backtested(value), backtested(value[:75])
    assert short.year.tolist() == list(range(1933, 1978))
    for name in ("trigger", "premium_burn", "premium_law", "payout", "chance_law", "paid"):
        np.testing.assert_array_equal(getattr(whole, name)[: short.year.size], getattr(short, name))
    other = value.copy()
    other[50] = -30.0
    changed = backtested(other)
    place = int(np.flatnonzero(changed.year == 1953)[0])
    np.testing.assert_array_equal(changed.trigger[: place + 1], whole.trigger[: place + 1])
    assert changed.payout[place] == 1000.0
    assert changed.trigger[place + 1] != whole.trigger[place + 1]


def test_an_origin_is_priced_on_its_own_years_by_hand() -> None:
    value = record("manaus_min")[1]
    found = backtested(value, treatment="none", law="normal")
    place = 7
    before, after = value[: 30 + place], value[30 + place]
    trigger = stats.norm.ppf(0.1, before.mean(), before.std())
    paid = 1000.0 * np.clip((trigger - before) / 2.0, 0.0, 1.0)
    assert found.trigger[place] == pytest.approx(trigger, rel=1e-9)
    assert found.premium_burn[place] == pytest.approx(paid.mean(), rel=1e-9)
    assert found.payout[place] == pytest.approx(1000.0 * np.clip((trigger - after) / 2.0, 0.0, 1.0), abs=1e-9)
    assert found.chance_law[place] == pytest.approx(0.1, rel=1e-9)
    assert found.chance_burn[place] == pytest.approx((before < trigger).mean(), rel=1e-9)
    assert set(found.treatment) == {"none"}
    figures = {one.name: one for one in found.summary}
    assert figures["payouts"].value == pytest.approx(found.payout.sum())
    assert figures["loss_ratio_law"].value == pytest.approx(found.payout.sum() / found.premium_law.sum())
    assert figures["loss_ratio_law"].low < figures["loss_ratio_law"].value < figures["loss_ratio_law"].high
    assert figures["brier_burn"].value == pytest.approx(np.mean((found.chance_burn - found.paid) ** 2))
    share = found.paid.mean()
    assert figures["brier_after"].value == pytest.approx(share * (1 - share))


def test_on_the_nile_every_origin_after_the_step_sees_it() -> None:
    year, value, _ = record("nile")
    payout = linear("below", 800.0, 600.0)
    found = rolling_origin(payout, 1.0, year, value, spec=BacktestSpec(), history=HistorySpec())
    late = found.year > 1910
    assert {found.treatment[place] for place in np.flatnonzero(late)} == {"step"}
    # A line is refused across the step: what the tests call for is done instead.
    forced = rolling_origin(
        payout, 1.0, year, value, spec=BacktestSpec(), history=HistorySpec(treatment="linear")
    )
    assert forced.treatment[-1] == "step"


def test_a_short_record_begins_in_its_middle_or_after_ten_years() -> None:
    value = record("manaus_min")[1]
    assert backtested(value[:50]).year[0] == 1903 + 25
    assert backtested(value[:13]).year.tolist() == [1913, 1914, 1915]
    gaps = np.where(np.arange(40) % 2 == 0, np.nan, value[:40])
    found = backtested(gaps)
    assert found.year.size == 10
    assert not np.isnan(found.payout).any()
    with pytest.raises(ArgumentError, match="10 years with an index"):
        backtested(value[:10])


def test_a_moved_payout_keeps_its_shape() -> None:
    value = np.linspace(-12.0, 3.0, 100)
    np.testing.assert_allclose(
        payout_share(moved(LOW, -1.5), value), payout_share(LOW, value - 2.5), atol=1e-12
    )
    steps = tiers("above", (10.0, True, 0.5), (15.0, False, 1.0))
    assert [tier.edge for tier in moved(steps, 12.0).tiers] == [12.0, 17.0]  # type: ignore[union-attr]
    assert [tier.edge for tier in moved(steps, 20.0, "log").tiers] == [20.0, 30.0]  # type: ignore[union-attr]
    assert math.isclose(moved(linear("above", 2.0, 5.0), 4.0, "log").exit, 10.0)  # type: ignore[union-attr]
