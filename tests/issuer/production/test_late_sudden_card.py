# SPDX-License-Identifier: Apache-2.0
"""The card of the late and sudden transition holds the defaults of the scenario, and no draw of it breaks r > g."""

from pathlib import Path

import pytest
from small_transition import transition

from greenrisk.core.cards import read_card
from greenrisk.issuer.production.roles import LATE_SUDDEN_ROLE, assumptions_from
from greenrisk.issuer.production.spec import LateSudden

CARD = read_card(Path(__file__).parents[3] / "models/issuer-late-sudden-judged.yaml")


def test_the_card_fills_its_role_with_the_defaults_of_the_scenario():
    assert CARD.use == LATE_SUDDEN_ROLE.use
    assert set(CARD.parameters) == set(LATE_SUDDEN_ROLE.parameters)
    for name, parameter in CARD.parameters.items():
        assert parameter.value == (
            LateSudden.model_fields[name].default if not name.endswith("_factor") else 1.0
        )
        assert parameter.unit == LATE_SUDDEN_ROLE.units.get(name, "unitless")
        assert parameter.status == "illustrative"


def test_every_discount_rate_of_the_card_is_above_every_growth_rate():
    discount, growth = (CARD.parameters[name].range for name in ("discount_rate", "growth_rate"))
    assert discount.distribution == growth.distribution == "uniform"
    assert discount.low > growth.high


def test_what_the_scenario_sets_by_hand_is_not_drawn():
    numbers = assumptions_from(
        transition(discount_rate=0.1), {"discount_rate": [0.07, 0.08], "growth_rate": [0.01, 0.02]}
    )
    assert numbers.discount_rate.tolist() == [0.1, 0.1]
    assert numbers.growth_rate.tolist() == [0.01, 0.02]
    assert numbers.margin_factor.tolist() == pytest.approx([1.0, 1.0])
