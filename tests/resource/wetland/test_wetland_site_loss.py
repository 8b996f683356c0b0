# SPDX-License-Identifier: Apache-2.0
"""What hits of sites cost, by hand; insurable values; limits that keep heads adding up."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenrisk.core.cards import Card, read_card
from greenrisk.core.errors import ArgumentError
from greenrisk.core.ledger import Ledger
from greenrisk.core.library import find
from greenrisk.environment.restoration import Replacement
from greenrisk.resource.wetland.insurable import insurable, tell_limits, within_limits
from greenrisk.resource.wetland.interim_loss import InterimNumbers
from greenrisk.resource.wetland.restoration_cost import RestorationNumbers
from greenrisk.resource.wetland.site_loss import COST_ROLES, HEADS, SiteNumbers, site_loss, site_numbers
from greenrisk.resource.wetland.sites import FUNCTIONS, SITE_CLASSES, Sites
from greenrisk.resource.wetland.water_source import WaterNumbers

CARDS = {
    "restoration": "wetland-restoration-judged",
    "interim": "wetland-interim-judged",
    "water_source": "wetland-water-source-judged",
}


def card(name: str) -> Card:
    path = find("models", name)
    assert path is not None
    return read_card(path)


def by_hand() -> Sites:
    """A lake of 10 ha with the class's cost and time, and an intake of 2 ha with its own, that serves 1,000 people."""
    nan = np.nan
    return Sites(
        ids=np.array(["L", "W"]),
        name=np.array(["Lake", "Intake"]),
        site_class=np.array([SITE_CLASSES.index("floodplain_lake"), SITE_CLASSES.index("water_intake")]),
        functions=np.zeros((2, len(FUNCTIONS)), dtype=np.bool_),
        lon=np.array([-60.1, -60.2]),
        lat=np.array([-3.1, -3.0]),
        area=np.array([10.0, 2.0]),
        river_km=np.array([5.0, 12.0]),
        limit=np.array([20000.0, 9000.0]),
        water_limit=np.array([0.0, 10000.0]),
        people_served=np.array([0.0, 1000.0]),
        unit_cost=np.array([nan, 500.0]),
        recovery_years=np.array([nan, 4.0]),
    )


NUMBERS = SiteNumbers(
    # Lakes: 1,000 CNY/ha, 8 years; cost in proportion to the degree, time by its root; 100 CNY to go there.
    restoration=RestorationNumbers(
        unit_cost=np.array([1000.0, 0.0, 0.0, 0.0, 9e9]),
        years=np.array([8.0, 1.0, 1.0, 1.0, 9e9]),
        cost_exponent=1.0,
        time_exponent=0.5,
        mobilisation=100.0,
    ),
    # No discount: a hectare of the project brings half the services for ten years, 5 in all.
    interim=InterimNumbers(0.0, 1.0, Replacement(0.0, 0.0, 10.0, 0.5), 5.0, 2.0),
    water=WaterNumbers(
        closure_degree=0.5,
        closure_days=10.0,
        emergency_litres=20.0,
        emergency_cost=50.0,
        treatment_days=30.0,
        normal_litres=100.0,
        treatment_cost=1.0,
        closure_fixed=700.0,
        lost_income=3.0,
    ),
)


def test_heads_of_a_lake_by_hand() -> None:
    found = site_loss(by_hand(), NUMBERS, np.array([0, 0]), np.array([0.25, 1.0]))
    assert list(found) == list(HEADS)
    # 100 + 1,000 x 10 x 0.25; 100 + 10,000.
    assert found["restoration"].tolist() == [2600.0, 10100.0]
    # Lost: 0.25 x (1 + 4 / 2) = 0.75 of 5, 10 ha at 2 x 1,000 CNY; 1 x (1 + 8 / 2) = 5 of 5.
    assert found["interim"].tolist() == pytest.approx([3000.0, 20000.0])
    for head in ("water_supply", "treatment", "closure"):
        assert found[head].tolist() == [0.0, 0.0]


def test_heads_of_an_intake_by_hand() -> None:
    found = site_loss(by_hand(), NUMBERS, np.array([1, 1, 1]), np.array([0.4, 0.5, 0.0]))
    # Its own 500 CNY/ha on 2 ha.
    assert found["restoration"].tolist() == pytest.approx([500.0, 600.0, 0.0])
    # 1,000 people x 20 l x 50 CNY/m3 x 10 days x 0.5, closed from 0.5 on; nothing below.
    assert found["water_supply"].tolist() == [0.0, 5000.0, 0.0]
    # 100 m3 a day at 1 CNY, 30 days x degree, closed or not.
    assert found["treatment"].tolist() == pytest.approx([1200.0, 1500.0, 0.0])
    # 700 CNY, and 100 m3 a day not sold at 3 CNY for 5 days.
    assert found["closure"].tolist() == [0.0, 2200.0, 0.0]


def test_insurable_value_is_the_smaller_of_cost_and_limit() -> None:
    found = insurable(by_hand(), NUMBERS)
    # Lake: 10,100 + 20,000 above the limit. Intake: 100 + 1,000, and 2 ha x (1 + 4 / 2) / 5 x 2 x 500 = 1,200.
    assert found.value.tolist() == pytest.approx([20000.0, 2300.0])
    # 10,000 + 3,000 + 700 + 3,000 of water, above its limit.
    assert found.water.tolist() == pytest.approx([0.0, 16700.0])
    assert found.water_value.tolist() == [0.0, 10000.0]


def test_service_values_have_no_part_in_the_insurable_value() -> None:
    # Whatever a site is said to do for others, nothing that is paid changes.
    plain = by_hand()
    busy = replace(plain, functions=np.ones_like(plain.functions))
    assert insurable(plain, NUMBERS).value.tolist() == insurable(busy, NUMBERS).value.tolist()


def test_a_limit_above_the_cost_is_told_with_the_site() -> None:
    ledger = Ledger()
    sites = by_hand()
    tell_limits(sites, insurable(sites, NUMBERS), ledger)
    (entry,) = list(ledger)
    assert (entry.subject, entry.count, entry.kind) == ("limit_cny", 1, "assumption")
    assert entry.detail == (
        "At 1 of 2 sites the limit exceeds what total damage costs in restoration and interim loss; the part above "
        "can never be paid and counts for nothing. Most at W: limit 9,000 CNY, cost 2,300 CNY."
    )


def test_limits_cut_land_and_water_each_in_proportion() -> None:
    sites = by_hand()
    index = np.array([0, 1])
    heads = site_loss(sites, NUMBERS, index, np.ones(2))
    cut = within_limits(sites, index, heads)
    assert (cut["restoration"] + cut["interim"]).tolist() == pytest.approx([20000.0, 2300.0])
    assert cut["restoration"][0] / cut["interim"][0] == pytest.approx(10100.0 / 20000.0)
    assert sum(cut[head][1] for head in ("water_supply", "treatment", "closure")) == pytest.approx(10000.0)


@given(st.lists(st.tuples(st.integers(0, 1), st.floats(0.0, 1.0)), min_size=1, max_size=20))
def test_no_head_grows_and_no_limit_is_passed(hits: list[tuple[int, float]]) -> None:
    sites = by_hand()
    index, degree = np.array([site for site, _ in hits]), np.array([d for _, d in hits])
    heads = site_loss(sites, NUMBERS, index, degree)
    cut = within_limits(sites, index, heads)
    for head in HEADS:
        assert (cut[head] <= heads[head] + 1e-9).all()
    assert (cut["restoration"] + cut["interim"] <= sites.limit[index] * (1 + 1e-12)).all()


@given(st.floats(0.01, 1.0), st.floats(0.01, 1.0))
def test_more_damage_never_costs_less(one: float, other: float) -> None:
    low, high = sorted((one, other))
    numbers = site_numbers({role: card(name).values() for role, name in CARDS.items()})
    found = site_loss(by_hand(), numbers, np.array([0, 1, 0, 1]), np.array([low, low, high, high]))
    for head in HEADS:
        assert (found[head][2:] >= found[head][:2] * (1 - 1e-12)).all(), head


def test_a_degree_above_one_is_refused() -> None:
    with pytest.raises(ArgumentError, match=r"1 values, the first 1\.5"):
        site_loss(by_hand(), NUMBERS, np.array([0]), np.array([1.5]))


def test_the_shipped_cards_fill_their_roles() -> None:
    for role, name in CARDS.items():
        held, wanted = card(name), COST_ROLES[role]
        assert held.use == wanted.use
        assert set(held.parameters) == set(wanted.parameters)
        assert set(wanted.constants) <= set(held.constants)
        for parameter in held.parameters.values():
            assert parameter.status in ("illustrative", "unconfirmed")
        for key, parameter in held.parameters.items():
            assert parameter.unit == wanted.units.get(key, "unitless")


@pytest.mark.parametrize("probability", [1e-3, 0.05, 0.5, 0.95, 1 - 1e-3])
def test_every_draw_of_the_shipped_cards_makes_numbers(probability: float) -> None:
    drawn = {role: card(name) for role, name in CARDS.items()}
    values = {role: held.draw(np.full(len(held.parameters), probability)) for role, held in drawn.items()}
    found = site_loss(by_hand(), site_numbers(values), np.array([0, 1]), np.ones(2))
    assert all(np.isfinite(amount).all() for amount in found.values())


def test_no_corner_of_the_shipped_ranges_ends_a_project_before_it_is_mature() -> None:
    held = card(CARDS["interim"])
    latest = held.parameters["replacement_maturity"].quantile(1 - 1e-12)
    shortest = held.parameters["replacement_life"].quantile(1e-12)
    assert float(latest) <= float(shortest)


def test_costs_of_classes_are_misjudged_together() -> None:
    # Normal scores of the draws: one half, within 4 standard errors of a correlation of 0.5 from 4,000 draws.
    held = card(CARDS["restoration"])
    uniforms = np.random.default_rng(5).random((4000, len(held.parameters)))
    drawn = [held.draw(row) for row in uniforms]
    lake, reserve = (
        np.log([float(one[f"unit_cost_{name}"]) for one in drawn]) for name in ("floodplain_lake", "reserve")
    )
    error = (1 - 0.5**2) / np.sqrt(4000)
    assert abs(np.corrcoef(lake, reserve)[0, 1] - 0.5) < 4 * error


def test_a_negative_time_of_restoration_on_a_card_is_refused() -> None:
    values = {role: dict(card(name).values()) for role, name in CARDS.items()}
    values["restoration"] |= {"years_reserve": -3.0, "unit_cost_reserve": -1.0}
    with pytest.raises(ArgumentError) as error:
        site_numbers(values)
    assert [fault.what for fault in error.value.faults] == [
        "unit_cost_reserve = -1.0",
        "years_reserve = -3.0",
    ]


def test_a_card_whose_project_ends_before_it_is_mature_is_refused() -> None:
    values = {role: dict(card(name).values()) for role, name in CARDS.items()}
    values["interim"] |= {"replacement_life": 5.0, "replacement_maturity": 10.0}
    with pytest.raises(ArgumentError, match="life = 5, maturity = 10"):
        site_numbers(values)
