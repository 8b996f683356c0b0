# SPDX-License-Identifier: Apache-2.0
"""Missing lines: filled by stated rules only, each with its effect; expected values by a line of algebra."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from issuer_sets import STATEMENT

from greenrisk.core.cards import read_card
from greenrisk.core.library import library_root
from greenrisk.issuer.missing import EXACT_RULES, RULE_NAMES, RULES, STATEMENTS_ROLE, VALUES, agreement, fill
from greenrisk.issuer.tables import LINES

CARD = {
    "depreciation_share_of_assets": 0.04,
    "interest_rate_on_debt": 0.05,
    "tax_rate": 0.25,
    "variable_share_of_cost": 0.8,
}


def _lines(**own):
    base = {name: STATEMENT.get(name, np.nan) for name in (*LINES, *VALUES)} | own
    size = max(np.size(value) for value in base.values())
    return {name: np.broadcast_to(np.asarray(value, dtype=float), size) for name, value in base.items()}


@pytest.mark.parametrize(
    "line",
    ["revenue", "variable_cost", "fixed_cost", "depreciation", "ebit", "interest", "tax", "net_income"],
)
def test_an_identity_gives_back_any_one_line(line) -> None:
    filled = fill(_lines(**{line: np.nan}))
    assert filled.lines[line][0] == pytest.approx(STATEMENT[line], abs=1e-12)
    assert filled.rule[LINES.index(line), 0] == 1 + RULE_NAMES.index("identity")


def test_two_missing_lines_of_one_identity_stay_missing() -> None:
    filled = fill(_lines(variable_cost=np.nan, fixed_cost=np.nan))
    assert np.isnan(filled.lines["variable_cost"][0])
    assert not filled.rule.any()
    assert not filled.entries


def test_a_cost_below_zero_is_not_made_up() -> None:
    filled = fill(_lines(fixed_cost=np.nan, variable_cost=90.0, ebit=20.0))  # 100 - 90 - 5 - 20 = -15
    assert np.isnan(filled.lines["fixed_cost"][0])


def test_net_income_follows_from_an_ebit_that_followed() -> None:
    filled = fill(_lines(ebit=np.nan, net_income=np.nan))
    assert filled.lines["ebit"][0] == 20.0
    assert filled.lines["net_income"][0] == 12.0


def test_debt_is_enterprise_value_less_market_value_and_cash() -> None:
    own = {"debt_short": np.nan, "debt_long": np.nan, "cash": np.nan, "market_value": 80.0}
    filled = fill(_lines(**own, enterprise_value=130.0, enterprise_value_and_cash=145.0))
    assert filled.lines["cash"][0] == 15.0  # 145 - 130
    assert filled.lines["debt_long"][0] == 65.0  # 130 - 80 + 15
    assert filled.lines["debt_short"][0] == 0.0
    names = {RULE_NAMES[code - 1] for code in filled.rule[:, 0] if code}
    assert names == {"cash_from_values", "debt_from_values", "debt_not_split"}


@pytest.mark.parametrize(
    ("value", "market", "cash"),
    [(80.0, 80.0, 10.0), (50.0, 80.0, 10.0), (np.nan, 80.0, 10.0), (80.0, np.nan, 10.0)],
)
def test_an_enterprise_value_that_says_nothing_fills_nothing(value, market, cash) -> None:
    own = {"debt_short": np.nan, "debt_long": np.nan, "market_value": market, "cash": cash}
    filled = fill(_lines(**own, enterprise_value=value))
    assert np.isnan(filled.lines["debt_long"][0])
    assert np.isnan(filled.lines["debt_short"][0])


def test_told_debt_is_never_replaced() -> None:
    filled = fill(_lines(market_value=80.0, enterprise_value=500.0))
    assert filled.lines["debt_long"][0] == 50.0


def test_the_effect_of_the_rule_for_debt_is_told_against_told_debt() -> None:
    lines = _lines(
        debt_short=[np.nan, np.nan, np.nan],
        debt_long=[60.0, 60.0, np.nan],
        cash=[10.0, 10.0, 10.0],
        market_value=[80.0, 80.0, 80.0],
        enterprise_value=[130.0, 140.0, 100.0],
        assets=[150.0, 150.0, 150.0],
    )
    rule = RULES[RULE_NAMES.index("debt_from_values")]
    compared, within, median = agreement(rule, lines, {})
    # 130 - 80 + 10 = 60 is the told debt; 140 - 80 + 10 = 70 is seven sixths of it.
    assert (compared, within) == (2, 1)
    assert median == pytest.approx((1 + 70 / 60) / 2)
    entry = next(line for line in fill(lines).entries if "debt_from_values" in line.detail)
    assert (entry.kind, entry.count) == ("imputed", 1)
    assert "within 1 % of it for 1 of 2 issuers" in entry.detail
    assert "0.2 of assets" in entry.detail  # (100 - 80 + 10) / 150


def test_judged_rules_work_only_where_they_are_named() -> None:
    own = {"interest": np.nan, "tax": np.nan, "net_income": np.nan}
    assert np.isnan(fill(_lines(**own)).lines["interest"][0])
    filled = fill(_lines(**own), RULE_NAMES, CARD, card_name="own")
    assert filled.lines["interest"][0] == pytest.approx(3.5)  # 5 % of 70
    assert filled.lines["tax"][0] == pytest.approx(0.25 * 16.5)
    assert filled.lines["net_income"][0] == pytest.approx(0.75 * 16.5)
    judged = [line for line in filled.entries if line.status == "illustrative"]
    assert {line.source for line in judged} == {"own"}


def test_cost_is_split_and_adds_up_again() -> None:
    own = {"variable_cost": np.nan, "fixed_cost": np.nan, "depreciation": np.nan}
    filled = fill(_lines(**own), RULE_NAMES, CARD)
    assert filled.lines["depreciation"][0] == pytest.approx(6.0)  # 4 % of 150
    assert filled.lines["variable_cost"][0] == pytest.approx(0.8 * 74.0)  # 100 - 20 - 6
    assert filled.lines["fixed_cost"][0] == pytest.approx(0.2 * 74.0)


def test_a_loss_bears_no_tax() -> None:
    own = {"ebit": -10.0, "variable_cost": 90.0, "tax": np.nan, "net_income": np.nan}
    assert fill(_lines(**own), RULE_NAMES, CARD).lines["tax"][0] == 0.0


def test_an_unknown_rule_is_no_rule() -> None:
    with pytest.raises(KeyError, match="guess"):
        fill(_lines(), ("guess",))


def test_the_card_holds_every_parameter_of_the_judged_rules() -> None:
    card = read_card(Path(library_root()) / "models" / "issuer-statements-judged.yaml")
    assert card.use == STATEMENTS_ROLE.use
    assert set(card.parameters) == set(STATEMENTS_ROLE.parameters)
    assert {rule.parameter for rule in RULES if rule.parameter} == set(STATEMENTS_ROLE.parameters)
    assert not any(rule.parameter for rule in RULES if rule.name in EXACT_RULES)
