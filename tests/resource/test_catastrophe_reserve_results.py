# SPDX-License-Identifier: Apache-2.0
"""The groups of the catastrophe reserve, the shipped card, and what the ledger says."""

from pathlib import Path

import numpy as np
import pytest

from greenrisk.core.cards import Card, read_card
from greenrisk.core.errors import ArgumentError
from greenrisk.core.ledger import Ledger
from greenrisk.resource.catastrophe_reserve import (
    PARAMETERS,
    UNITS,
    USE,
    CatastropheReserveSpec,
    NetYears,
    ReserveRules,
    reserve_paths,
)
from greenrisk.resource.catastrophe_reserve_results import (
    reserve_results,
    rule_ends,
    rule_swings,
    tell_reserve,
)

SPEC = CatastropheReserveSpec(capital_cny=60.0, initial_cny=5.0, horizon_years=10, paths=2000)


@pytest.fixture(scope="module")
def card() -> Card:
    return read_card(Path(__file__).parents[2] / "models" / "catastrophe-reserve-rules.yaml")


@pytest.fixture(scope="module")
def years() -> NetYears:
    loss = np.random.default_rng(2).gamma(0.5, 100.0, 20_000)
    return NetYears(80.0 - loss, loss, 100.0)


def test_the_shipped_card_holds_the_rules_and_makes_them(card: Card) -> None:
    assert card.use == USE
    assert tuple(card.parameters) == PARAMETERS
    assert {name: p.unit for name, p in card.parameters.items() if p.unit != "unitless"} == UNITS
    ReserveRules.from_values(card.values())
    assert not [name for name, p in card.parameters.items() if p.status == "confirmed"]


def test_the_group_has_units_and_starts_at_the_start(card: Card, years: NetYears) -> None:
    paths = reserve_paths(years, ReserveRules.from_values(card.values()), SPEC, 1)
    group = reserve_results(paths, SPEC)
    assert all(group[name].attrs["units"] for name in group.data_vars)
    assert (group["reserve"].sel(year=0) == 5.0).all()
    assert (group["assets"].sel(year=0) == 65.0).all()
    assert (np.diff(group["ruin_probability"]) >= 0).all()
    assert (group["low"] <= group["ruin_probability"]).all()
    assert (group["ruin_probability"] <= group["high"]).all()
    assert (np.diff(group["reserve"], axis=0) >= 0).all()


def test_swings_are_runs_at_the_ends_of_the_card(card: Card, years: NetYears) -> None:
    swings = rule_swings(years, card, SPEC, 1)
    values = card.values()
    for end in ("low", "high"):
        changed = ReserveRules.from_values(values | {"trigger": float(swings[end].sel(rule="trigger"))})
        expected = reserve_paths(years, changed, SPEC, 1).ruin[-1]
        assert float(swings[f"ruin_at_{end}"].sel(rule="trigger")) == expected
    assert float(swings["low"].sel(rule="premium_rate")) == 0.04


def test_a_card_whose_range_makes_no_rule_is_refused_before_any_path(card: Card) -> None:
    rate = card.parameters["premium_rate"]
    wide = rate.model_copy(update={"range": rate.range.model_copy(update={"high": 1.2})})
    with pytest.raises(ArgumentError, match=r"premium_rate = 1\.2"):
        rule_ends(card.model_copy(update={"parameters": card.parameters | {"premium_rate": wide}}))


def test_rules_from_memory_stand_in_the_ledger_with_their_swing(card: Card, years: NetYears) -> None:
    ledger = Ledger()
    paths = reserve_paths(years, ReserveRules.from_values(card.values()), SPEC, 1)
    swings = rule_swings(years, card, SPEC, 1)
    tell_reserve(years, paths, swings, card, SPEC, ledger)
    told = {entry.subject: entry for entry in ledger}
    line = told["catastrophe-reserve-rules:premium_rate"]
    assert (line.kind, line.status) == ("parameter", "unconfirmed")
    assert line.base == paths.ruin[-1]
    assert line.at_low == float(swings["ruin_at_low"].sel(rule="premium_rate"))
    assert "drawn independently" in told["catastrophe reserve: years"].detail
    assert "chance of ruin" not in told


def test_few_years_or_ruins_are_called_unreliable(card: Card, years: NetYears) -> None:
    ledger = Ledger()
    few = NetYears(years.result[:4000], years.loss[:4000], years.premium)
    paths = reserve_paths(few, ReserveRules.from_values(card.values()), SPEC, 1)
    tell_reserve(few, paths, rule_swings(few, card, SPEC, 1), card, SPEC, ledger)
    (line,) = [entry for entry in ledger if entry.kind == "unreliable"]
    assert "each drawn from 400 simulated years" in line.detail
