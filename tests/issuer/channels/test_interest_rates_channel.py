# SPDX-License-Identifier: Apache-2.0
"""Deviations of rates reach the interest of each year; by hand."""

from __future__ import annotations

import numpy as np
import pytest
from small_channels import card_values, companies, setting

from greenrisk.issuer.channels.base import driver_faults, effects_of
from greenrisk.issuer.channels.interest_rates import InterestRates, InterestRatesSpec
from greenrisk.issuer.statement_pass import roll

CHANNEL = InterestRates(InterestRatesSpec())
VALUES = card_values(interest_rates={"rate_pass_through": 0.8, "long_debt_years": 4})
MOVES = {"policy_rate_deviation": (0.0, 1.5), "long_rate_deviation": (0.0, 1.0)}


def test_short_debt_follows_at_once_and_long_debt_as_it_falls_due() -> None:
    # Debt of 300 short and 500 long; years 1 and 2 after the statement.
    block = setting(companies({}), MOVES, values=[VALUES])
    found = effects_of(block, [CHANNEL]).get("lending_rate")
    for year, renewed in ((0, 0.25), (1, 0.5)):
        expected = 0.8 * (300 * 0.015 + 500 * renewed * 0.010) / 800
        assert found[0, 1, 0, year] == pytest.approx(expected, rel=1e-14)
    assert not found[0, 0].any()


def test_long_debt_is_renewed_once_and_no_more() -> None:
    values = card_values(interest_rates={"rate_pass_through": 1.0, "long_debt_years": 1})
    block = setting(companies({}), MOVES, values=[values])
    found = effects_of(block, [CHANNEL]).get("lending_rate")
    assert found[0, 1, 0].tolist() == pytest.approx([(300 * 0.015 + 500 * 0.010) / 800] * 2)


def test_what_is_dearer_is_paid_as_interest() -> None:
    block = setting(companies({}), MOVES, values=[VALUES])
    effects = effects_of(block, [CHANNEL])
    interest = roll(block, effects).lines["interest"]
    # The statement pays 40 on 800.
    more = 0.8 * (300 * 0.015 + 500 * 0.25 * 0.010)
    assert interest[0, 1, 0, 0] == pytest.approx(40 + more)
    assert interest[0, 0, 0, 0] == pytest.approx(40)


@pytest.mark.parametrize("lines", [{"debt_short": 0.0, "debt_long": 0.0}, {"debt_long": np.nan}])
def test_an_issuer_without_debt_is_not_moved_and_told(lines) -> None:
    block = setting(companies(lines, {}), MOVES, values=[VALUES])
    effects = effects_of(block, [CHANNEL])
    assert not effects.get("lending_rate")[0, :, 0].any()
    assert effects.told["interest_rates", "unmoved"] == 1
    assert CHANNEL.reads(block).tolist() == [False, True]


def test_inflation_is_taken_off_what_is_renewed() -> None:
    block = setting(companies({}), {**MOVES, "inflation_deviation": (0.0, 0.5)}, values=[VALUES])
    found = effects_of(block, [CHANNEL]).get("lending_rate")
    expected = 0.8 * (300 * (0.015 - 0.005) + 500 * 0.25 * (0.010 - 0.005)) / 800
    assert found[0, 1, 0, 0] == pytest.approx(expected, rel=1e-14)


def test_nobody_else_consumes_the_rates() -> None:
    assert CHANNEL.consumes() == ("policy_rate_deviation", "long_rate_deviation", "inflation_deviation")
    (fault,) = {names for names, _, _ in driver_faults([CHANNEL, CHANNEL])}
    assert fault == ("interest_rates", "interest_rates")
