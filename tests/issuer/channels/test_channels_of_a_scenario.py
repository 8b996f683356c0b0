# SPDX-License-Identifier: Apache-2.0
"""Channels as a scenario writes them: switched, ordered, checked by name, with cards and drivers."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from pathway_tables import table_of
from pydantic import ValidationError
from small_channels import companies, setting

from greenrisk.core.errors import ArgumentError
from greenrisk.core.ledger import Ledger
from greenrisk.core.marked_yaml import key_text
from greenrisk.issuer.channels.base import effects_of
from greenrisk.issuer.channels.checks import check_names, tell_conflicts
from greenrisk.issuer.channels.drivers import asked_drivers, drivers_of
from greenrisk.issuer.channels.lines import LINES
from greenrisk.issuer.channels.spec import (
    ORDER,
    ChannelsSpec,
    build_channels,
    channel_table,
    ledger_entries,
    wanted_cards,
)
from greenrisk.pathways.currency import conversion
from greenrisk.pathways.needs import Asked
from greenrisk.pathways.pathway import build_pathways
from greenrisk.pathways.pathway_spec import PathwaysSpec

PLAIN = ChannelsSpec.model_validate(
    {name: {} for name in ("demand", "environment_tax", "emission_right", "energy_water", "penalty_shutdown")}
    | {"carbon": {"demand_response": False}, "credit_colour": {"steps_down": 1}}
)


def test_channels_that_are_named_are_on_in_the_order_of_work() -> None:
    names = [channel.name for channel in build_channels(PLAIN)]
    assert names == [name for name in ORDER if getattr(PLAIN, name) is not None]
    assert build_channels(ChannelsSpec()) == ()


def test_a_channel_without_its_input_is_not_built() -> None:
    with pytest.raises(KeyError, match="liability_loss"):
        build_channels(ChannelsSpec.model_validate({"liability_loss": {}}))


def test_only_cards_of_channels_that_are_on_are_asked_for_at_their_place() -> None:
    found = wanted_cards(ChannelsSpec.model_validate({"carbon": {"card": "mine.yaml"}}))
    assert {role: (one.name, one.key_path) for role, one in found.items()} == {
        "carbon_channel": ("mine.yaml", ("channels", "carbon", "card"))
    }
    assert len(wanted_cards(PLAIN)) == 6


def test_drivers_of_pathways_are_asked_for_once_and_own_ones_not() -> None:
    assert asked_drivers(build_channels(PLAIN)) == (
        "demand", "carbon_price", "shutdown_days", "tax_multiple", "energy_price", "water_price",
    )  # fmt: skip


def test_scenario_demand_and_the_demand_response_of_carbon_exclude_each_other() -> None:
    both = ChannelsSpec.model_validate({"demand": {}, "carbon": {}})
    told = []
    tell_conflicts(build_channels(both), lambda place, what, mend: told.append((key_text(place), what, mend)))
    ((place, what, mend),) = told
    assert place == "channels.carbon"
    assert what == "sales_volume is consumed by demand and carbon"
    assert "demand_response" in mend


def test_every_name_that_the_study_does_not_know_is_told_at_its_place() -> None:
    spec = ChannelsSpec.model_validate(
        {
            "emission_right": {"scenarios": ["net-zer"]},
            "credit_colour": {"scenarios": "shock", "colours": {"Q": "red"}},
            "capital_expenditure": {
                "retrofits": [{"name": "x", "year": 2030, "amount_million": 1, "sectors": ["wrks"]}]
            },
            "penalty_shutdown": {
                "penalties": [
                    {
                        "fine_million_per_day": 1,
                        "days": 2,
                        "start": 2026,
                        "colours": ["rd"],
                        "issuers": ["A", "Z"],
                    }
                ]
            },
            "production_path": {
                "path": {"pairs": [{"name": "p", "baseline": "a", "target": "b"}]},
                "scenarios": {"net-zero": "q"},
            },
        }
    )
    told = []
    check_names(
        spec,
        ("current", "net-zero"),
        companies(),
        lambda place, what, mend: told.append((key_text(place), what, mend)),
    )
    assert {(place, what) for place, what, _ in told} == {
        ("channels.emission_right.scenarios[0]", "net-zer"),
        ("channels.credit_colour.scenarios", "shock"),
        ("channels.credit_colour.colours.Q", "Q"),
        ("channels.capital_expenditure.retrofits[0].sectors[0]", "wrks"),
        ("channels.penalty_shutdown.penalties[0].colours[0]", "rd"),
        ("channels.penalty_shutdown.penalties[0].issuers[1]", "Z"),
        ("channels.production_path.scenarios.net-zero", "q"),
    }
    assert any("Did you mean `net-zero`" in mend for _, _, mend in told)


@pytest.mark.parametrize(
    "wrong",
    [
        {"carbon": {"price": 1}},
        {"carbon": {"scopes": []}},
        {"carbon": {"scopes": ["scope_4"]}},
        {"credit_colour": {"colours": {"A": "black"}}},
        {"penalty_shutdown": {"penalties": [{"fine_million_per_day": 1, "days": 366, "start": 2026}]}},
        {"capital_expenditure": {"retrofits": []}},
        {"physical_damage": {}},
        {"smoke": {}},
    ],
)
def test_what_a_channel_does_not_know_is_refused(wrong: dict) -> None:
    with pytest.raises(ValidationError):
        ChannelsSpec.model_validate(wrong)


def test_a_channel_writes_only_the_lines_that_it_declares() -> None:
    issuers = companies(
        {"scope_1": 1e6, "colour": "blue", "water": 1e6, "electricity": 1e5, "fuel": 1e5},
        pollutants=((0, "o", "air", "SO2", 1e6, 0.0),),
    )
    drivers = {
        "carbon_price": (0, 100), "demand": (1, 0.9), "shutdown_days": (0, 9), "tax_multiple": (1, 3),
        "energy_price": (1, 2), "water_price": (0, 1),
    }  # fmt: skip
    for channel in build_channels(PLAIN):
        effects = effects_of(setting(issuers, drivers), [channel])
        assert set(effects.written) <= set(channel.writes)
        moved = {
            name for name, value in effects.written.items() if not np.allclose(value, LINES[name].neutral)
        }
        assert moved, channel.name


def test_counts_become_ledger_lines_once_over_all_blocks() -> None:
    channels = build_channels(PLAIN)
    told = Counter({("carbon", "surplus"): 3, ("closing", "over_a_year"): 2})
    told += Counter({("carbon", "surplus"): 4})
    lines = ledger_entries(channels, told, {("production_path", "outside"): 5})
    assert [(line.kind, line.subject, line.count) for line in lines] == [
        ("floored", "carbon: years with more free allowances than emissions", 7),
        ("clipped", "closed days", 2),
    ]


def test_every_channel_says_what_it_consumes_and_writes() -> None:
    for row in channel_table(build_channels(PLAIN)):
        assert row["consumes"]
        assert row["writes"]
        assert row["title"]


SCENARIOS = PathwaysSpec.model_validate(
    {
        "baseline": "base",
        "scenarios": [
            {"name": "base", "model": "IAM 1.0", "scenario": "Base"},
            {"name": "shock", "model": "IAM 1.0", "scenario": "Late"},
        ],
        "tables": ["small.csv"],
        "first_year": 2030,
        "last_year": 2032,
    }
)


def test_drivers_come_from_pathways_by_the_issuers_countries_and_sectors() -> None:
    asked = Asked(("carbon_price", "tax_multiple"), ("CN",), ("works",))
    factor = conversion(2024, deflator=1.0, cny_per_usd=1.0)
    pathways, _ = build_pathways(SCENARIOS, [table_of()], asked, factor, Ledger())
    found = drivers_of(pathways, companies({}, {}), asked.drivers)
    assert found["carbon_price"].shape == (1, 2, 2, 3)
    assert found["carbon_price"][0, 0, 0].tolist() == pytest.approx([10, 10, 10])
    assert found["carbon_price"][0, 1, 1].tolist() == pytest.approx([10, 20, 30])  # 10 to 210 in 20 years
    assert (found["tax_multiple"] == 1.0).all()
    with pytest.raises(ArgumentError, match="sector = water"):
        drivers_of(pathways, companies({"sector": "water"}), ("carbon_price",))
