# SPDX-License-Identifier: Apache-2.0
"""Prices of layers and towers print their terms and figures."""

from __future__ import annotations

import math

from greenrisk.actuarial.aggregate.compound import CompoundDistribution
from greenrisk.actuarial.frequency.counts import Binomial
from greenrisk.actuarial.layers.events import EventTable
from greenrisk.actuarial.layers.layer import Layer, Reinstatements
from greenrisk.actuarial.layers.pricing import layer_price
from greenrisk.actuarial.layers.tower import Tower
from greenrisk.actuarial.layers.wording import layer_in_words
from greenrisk.actuarial.severity.empirical import Discrete


def test_the_terms_of_a_layer_are_one_line_of_words() -> None:
    assert layer_in_words(Layer(3e6, 2e6)) == "3,000,000 xs 2,000,000"
    full = Layer(3e6, 2e6, 0.5, 9e6, 1e6, Reinstatements(2, (1.0, 0.5)))
    assert layer_in_words(full) == (
        "3,000,000 xs 2,000,000, 50.0% placed, annual attachment 1,000,000, annual limit 9,000,000, "
        "2 reinstatements at 50.0% to 100.0%"
    )
    assert layer_in_words(Layer(math.inf, 5.0)) == "unlimited xs 5"


def test_a_price_shows_premium_reinstatement_and_rate_on_line() -> None:
    # One loss at most, of 2,000 xs 1,000 with probability 1/2: 1,000 is expected, half of the premium is due again.
    law = CompoundDistribution(Binomial(1, 0.5), Discrete([5000.0], [1.0]))
    found = layer_price(law, Layer(2000.0, 1000.0, reinstatements=Reinstatements(1)))
    lines = repr(found).splitlines()
    assert lines[0] == "LayerPrice of 2,000 xs 1,000, 1 reinstatement at 100.0%"
    told = {line.split("  ")[0]: line.split()[-2] for line in lines[2:]}
    assert told == {
        "expected loss a year": "1,000",
        "reinstatement over premium": "50.0%",
        "premium at inception": "666.667",
        "rate on line": "33.3%",
    }
    assert "inf" not in repr(layer_price(law, Layer(math.inf, 1000.0))).replace("inception", "")


def test_what_is_ceded_prints_in_one_line() -> None:
    events = EventTable.of([5.0, 2000.0, 7.0], [0, 0, 9], 10)
    layer = Layer(1000.0, 500.0, reinstatements=Reinstatements(1))
    told = "3 events in 10 years, 1,000 of 2,012 ceded, with reinstatement premiums"
    assert repr(layer.cede(events)) == f"Cession({told})"
    tower = Tower.stacked(0.0, [6.0])
    assert repr(tower.cede(events)) == "TowerCession(3 events in 10 years, 17 of 2,012 ceded)"


def test_a_tower_prints_a_row_a_layer_from_the_bottom_up() -> None:
    lines = repr(Tower.stacked(1e6, [1e6, 3e6, math.inf])).splitlines()
    assert lines[0] == "Tower of 3 layers, unlimited xs 1,000,000"
    assert [line.split()[:3] for line in lines[2:]] == [
        ["0", "1,000,000", "1,000,000"],
        ["1", "3,000,000", "2,000,000"],
        ["2", "unlimited", "5,000,000"],
    ]
    gap = Tower((Layer(1.0, 1.0), Layer(1.0, 5.0)), allow_gaps=True)
    assert repr(gap).splitlines()[0].endswith("gaps allowed")
