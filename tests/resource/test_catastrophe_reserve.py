# SPDX-License-Identifier: Apache-2.0
"""Paths of the reserve against exact recursions, every path by name, and a bound."""

import itertools
import math
from collections import defaultdict
from dataclasses import asdict, replace

import numpy as np
import pytest
from scipy.optimize import brentq

from greenrisk.core.errors import ArgumentError
from greenrisk.resource.catastrophe_reserve import (
    GROUPS,
    QUANTILES,
    CatastropheReserveSpec,
    NetYears,
    ReserveRules,
    reserve_paths,
)

FOUR = 4.0  # standard errors
NO_RULES = ReserveRules(
    premium_rate=0.0,
    full_at=0.0,
    profit_share=0.0,
    normal_margin=0.0,
    profit_loss_ratio=0.0,
    trigger=0.0,
    interest=0.0,
)
RULES = ReserveRules(
    premium_rate=0.06,
    full_at=0.3,
    profit_share=0.75,
    normal_margin=0.03,
    profit_loss_ratio=0.7,
    trigger=0.75,
    interest=0.02,
)


def each_group_alike(results: list[float], losses: list[float], premium: float, times: int = 20) -> NetYears:
    """Years in which every group holds each outcome equally often."""
    return NetYears(
        np.tile(np.repeat(results, GROUPS), times), np.tile(np.repeat(losses, GROUPS), times), premium
    )


def settings(**more: float) -> CatastropheReserveSpec:
    return CatastropheReserveSpec.model_validate({"capital_cny": 5.0, "paths": 20_000} | more)


def gambler(up: float, capital: int, years: int) -> list[float]:
    """Chance that a walk of steps +1 and -1 from a capital has been below zero, by the exact law on a lattice."""
    at: dict[int, float] = {capital: 1.0}
    gone, chances = 0.0, [0.0]
    for _ in range(years):
        after: dict[int, float] = defaultdict(float)
        for place, chance in at.items():
            after[place + 1] += chance * up
            after[place - 1] += chance * (1 - up)
        gone += after.pop(-1, 0.0)
        at = after
        chances.append(gone)
    return chances


def test_without_rules_ruin_is_the_gamblers_by_exact_recursion() -> None:
    years = each_group_alike([1.0, 1.0, 1.0, -1.0, -1.0], [0.0, 0.0, 0.0, 2.0, 2.0], 2.0)
    spec = settings(capital_cny=3.0, horizon_years=30, retained_profit=1.0)
    found = reserve_paths(years, NO_RULES, spec, 11)
    exact = np.array(gambler(0.6, 3, 30))
    assert (np.abs(found.ruin - exact) <= FOUR * np.maximum(found.standard_error, 1e-4)).all()
    assert found.ruined == round(found.ruin[-1] * spec.paths)


def test_in_the_long_run_ruin_comes_near_its_closed_form() -> None:
    """From capital u, a step below zero is ever reached with chance (q / p)^(u + 1): here (0.4 / 0.6)^4."""
    years = each_group_alike([1.0, 1.0, 1.0, -1.0, -1.0], [0.0, 0.0, 0.0, 2.0, 2.0], 2.0)
    found = reserve_paths(
        years, NO_RULES, settings(capital_cny=3.0, horizon_years=100, retained_profit=1.0), 12
    )
    assert abs(found.ruin[-1] - (2 / 3) ** 4) < FOUR * found.standard_error[-1] + 1e-3


def test_ruin_stays_below_the_bound_of_lundberg() -> None:
    """The chance over all years is at most exp(-R u) with E[exp(-R result)] = 1; here for exponential losses."""
    rng = np.random.default_rng(5)
    loss = rng.exponential(4.0, 20_000)
    result = 5.0 - loss
    exponent = brentq(lambda r: float(np.mean(np.exp(-r * result))) - 1.0, 1e-3, 0.2)
    for capital in (5.0, 15.0, 30.0):
        spec = settings(capital_cny=capital, horizon_years=100, retained_profit=1.0)
        found = reserve_paths(NetYears(result, loss, 5.0), NO_RULES, spec, 13)
        bound = math.exp(-exponent * capital)
        assert 0.2 * bound < found.ruin[-1] < bound


def by_hand(
    sequence: tuple[tuple[float, float], ...],
    premium: float,
    rules: ReserveRules,
    spec: CatastropheReserveSpec,
) -> list[tuple[float, float, float, float, bool]]:
    """One path in plain numbers: reserve, assets, contribution, drawdown and ruin by year."""
    reserve, capital, earned, ruined = spec.initial_cny, spec.capital_cny, 0.0, False
    rows = []
    for result, loss in sequence:
        if ruined:
            rows.append((0.0, 0.0, 0.0, 0.0, True))
            continue
        reserve *= 1 + rules.interest
        put = 0.0
        if reserve < rules.full_at * premium:
            put = min(rules.premium_rate * premium, rules.full_at * premium - reserve)
        reserve += put
        paid = 0.0
        if loss > rules.trigger * premium:
            paid = min(reserve, loss - rules.trigger * premium)
        reserve -= paid
        profit = result - put
        earned += profit
        aside = 0.0
        if profit > 0 and earned > 0 and loss < rules.profit_loss_ratio * premium:
            aside = rules.profit_share * max(profit - rules.normal_margin * premium, 0.0)
        reserve += aside
        change = profit + paid - aside
        if change <= 0 or capital + change <= spec.capital_cny:
            capital += change
        else:
            spare = min(capital + change - spec.capital_cny, change)
            capital += change - spare + spec.retained_profit * spare
        ruined = reserve + capital < 0
        rows.append(
            (0.0, 0.0, put + aside, paid, True)
            if ruined
            else (reserve, reserve + capital, put + aside, paid, False)
        )
    return rows


OUTCOMES = ((3.0, 2.0), (0.5, 6.0), (-9.0, 17.0))
"""Result and net loss of a good, a middling and a bad year, premium 10; the bad year draws 9.5 of the reserve."""


@pytest.mark.parametrize("retained", [0.0, 0.4, 1.0])
def test_with_all_rules_every_path_of_six_years_by_name(retained: float) -> None:
    """All 3^6 sequences, equally likely, give means and chances without any random number."""
    premium, horizon = 10.0, 6
    spec = settings(capital_cny=12.0, initial_cny=2.0, horizon_years=horizon, retained_profit=retained)
    results, losses = (list(column) for column in zip(*OUTCOMES, strict=True))
    found = reserve_paths(each_group_alike(results, losses, premium), RULES, spec, 14)
    every = np.array(
        [by_hand(one, premium, RULES, spec) for one in itertools.product(OUTCOMES, repeat=horizon)]
    )
    exact = every.mean(axis=0)
    spread = every.std(axis=0) / math.sqrt(spec.paths)
    assert 0.005 < exact[-1, 4] < 0.5
    np.testing.assert_array_less(np.abs(found.contribution[1:] - exact[:, 2]), FOUR * spread[:, 2] + 1e-12)
    np.testing.assert_array_less(np.abs(found.drawdown[1:] - exact[:, 3]), FOUR * spread[:, 3] + 1e-12)
    np.testing.assert_array_less(np.abs(found.ruin[1:] - exact[:, 4]), FOUR * spread[:, 4] + 1e-12)
    # The law of the reserve is discrete: its distribution function is compared where the quantiles lie.
    for row, level in enumerate(QUANTILES):
        for year in range(1, horizon + 1):
            reserve = every[:, year - 1, 0]
            here = found.reserve[row, year]
            slack = FOUR * math.sqrt(level * (1 - level) / spec.paths)
            assert (reserve <= here + 1e-9).mean() >= level - slack
            assert (reserve < here - 1e-9).mean() <= level + slack


def test_without_profit_put_aside_the_first_year_is_by_hand() -> None:
    """Premium 100, loss 90: 6 go in, 15 are due above 75, the reserve of 10.2 + 6 pays them and keeps 1.2."""
    spec = settings(initial_cny=10.0, capital_cny=50.0, horizon_years=1)
    found = reserve_paths(each_group_alike([-20.0], [90.0], 100.0), RULES, spec, 1)
    np.testing.assert_allclose(found.reserve[:, 1], 1.2)
    np.testing.assert_allclose(found.assets[:, 1], 1.2 + 50.0 - 20.0 - 6.0 + 15.0)
    assert found.drawn[1] == 1.0


def test_contributions_pause_at_a_full_reserve() -> None:
    spec = settings(initial_cny=29.0, capital_cny=50.0, horizon_years=3)
    rules = replace(RULES, interest=0.0, profit_share=0.0)
    found = reserve_paths(each_group_alike([10.0], [40.0], 100.0), rules, spec, 1)
    np.testing.assert_allclose(found.contribution, [0.0, 1.0, 0.0, 0.0])
    np.testing.assert_allclose(found.reserve[3], [29.0, 30.0, 30.0, 30.0])


def test_more_capital_means_less_ruin_on_every_path() -> None:
    results, losses = (list(column) for column in zip(*OUTCOMES, strict=True))
    years = each_group_alike(results, losses, 10.0)
    ruins = [reserve_paths(years, RULES, settings(capital_cny=c), 3).ruin for c in (5.0, 10.0, 20.0)]
    assert (ruins[0] >= ruins[1]).all()
    assert (ruins[1] >= ruins[2]).all()


def test_a_longer_horizon_leaves_the_first_years_as_they_are() -> None:
    results, losses = (list(column) for column in zip(*OUTCOMES, strict=True))
    years = each_group_alike(results, losses, 10.0)
    short, long = (reserve_paths(years, RULES, settings(horizon_years=h), 3) for h in (5, 10))
    np.testing.assert_array_equal(short.reserve, long.reserve[:, :6])
    np.testing.assert_array_equal(short.ruin, long.ruin[:6])


def test_the_standard_error_holds_the_luck_of_the_simulated_years_too() -> None:
    """Sets of 2,000 years with 1 % of ruin each: the spread over sets is that of years, far above that of paths."""
    ruins, errors = [], []
    for seed in range(40):
        bad = np.random.default_rng(seed).random(2000) < 0.01
        years = NetYears(np.where(bad, -100.0, 0.0), np.where(bad, 100.0, 0.0), 10.0)
        found = reserve_paths(years, NO_RULES, settings(horizon_years=5), seed)
        ruins.append(found.ruin[-1])
        errors.append(found.standard_error[-1])
    luck_of_paths = math.sqrt(0.049 * 0.951 / 20_000)
    assert np.std(ruins, ddof=1) > 4 * luck_of_paths
    # Forty sets tell a standard deviation to 11 %, each error with nine degrees of freedom to 24 % / sqrt(40).
    assert np.mean(errors) == pytest.approx(np.std(ruins, ddof=1), rel=FOUR * math.hypot(0.11, 0.04))
    assert abs(np.mean(ruins) - (1 - 0.99**5)) < FOUR * np.std(ruins, ddof=1) / math.sqrt(40)


def test_no_ruin_at_all_leaves_an_upper_end() -> None:
    found = reserve_paths(each_group_alike([1.0], [1.0], 10.0), RULES, settings(), 1)
    assert found.ruined == 0
    np.testing.assert_allclose(found.high[1:], 1 - 0.05 ** (1 / 20_000))
    assert not found.low.any()


@pytest.mark.parametrize("name", sorted(asdict(RULES)))
def test_every_rule_moves_the_reserve(name: str) -> None:
    results, losses = (list(column) for column in zip(*OUTCOMES, strict=True))
    years = each_group_alike(results, losses, 10.0)
    spec = settings(horizon_years=8, capital_cny=12.0)
    changed = replace(RULES, **{name: getattr(RULES, name) * (0.2 if name == "profit_loss_ratio" else 1.3)})
    base, other = (reserve_paths(years, rules, spec, 3) for rules in (RULES, changed))
    assert (base.reserve != other.reserve).any()


def test_rules_and_years_outside_their_domains_are_refused() -> None:
    with pytest.raises(ArgumentError) as caught:
        ReserveRules(**(asdict(RULES) | {"premium_rate": 1.5, "interest": -1.0}))
    assert [fault.where for fault in caught.value.faults] == ["premium_rate", "interest"]
    with pytest.raises(ArgumentError, match="One of each for every simulated year"):
        NetYears(np.zeros(20), np.zeros(21), 1.0)
    with pytest.raises(ArgumentError, match="premium = 0"):
        NetYears(np.zeros(20), np.zeros(20), 0.0)
