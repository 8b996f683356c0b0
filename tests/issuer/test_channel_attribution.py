# SPDX-License-Identifier: Apache-2.0
"""Channels alone, last in, jointly: the interaction in closed form where channels multiply, nothing where they add."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as how
from hypothesis import strategies as st
from small_channels import card_values, companies, setting

from greenrisk.issuer.attribution import attribute, statement_measure
from greenrisk.issuer.channels.capital_expenditure import CapitalExpenditure, CapitalExpenditureSpec, Retrofit
from greenrisk.issuer.channels.carbon import CarbonCost, CarbonSpec
from greenrisk.issuer.channels.demand import Demand, DemandSpec
from greenrisk.issuer.channels.energy_water import EnergyWater, EnergyWaterSpec
from greenrisk.issuer.channels.penalty_shutdown import DailyPenalty, PenaltyShutdown, PenaltyShutdownSpec

FINE = DailyPenalty(fine_million_per_day=1.0, days=10, start=2025, until=2026)
PLANT = Retrofit(name="p", amount_million=30, year=2025, life=3)
VALUES = card_values(
    shutdown={"make_up_share": 0.0},
    capital_expenditure={"cost_multiple": 1.0, "rate": 0.0},
    carbon_channel={"pass_through": 0.5, "demand_elasticity": 0.4},
)


def parts(channels, drivers=None, measure=None, **change):
    block = setting(companies(change), drivers, values=[VALUES])
    return attribute(block, channels, *([measure] if measure else []))


def shock(values: np.ndarray) -> list[float]:
    """First year of the shock of the one issuer, by channel where there is such an axis."""
    return values[..., 0, 1, 0, 0].tolist()


def test_channels_that_add_have_no_interaction_and_are_the_same_alone_and_last() -> None:
    channels = [
        PenaltyShutdown(PenaltyShutdownSpec(penalties=(FINE,))),
        CapitalExpenditure(CapitalExpenditureSpec(retrofits=(PLANT,))),
    ]
    found = parts(channels)["ebit"]
    assert shock(found.alone) == pytest.approx([-10, -10])
    assert shock(found.last) == pytest.approx([-10, -10])
    assert shock(found.joint) == pytest.approx(-20)
    assert shock(found.interaction) == pytest.approx(0, abs=1e-12)


def test_demand_and_closed_days_multiply_and_share_what_both_would_take() -> None:
    """Contribution 400: demand takes a fifth, days a tenth; together 1 - 0.8 x 0.9 = 0.28, not 0.3."""
    channels = [Demand(DemandSpec()), PenaltyShutdown(PenaltyShutdownSpec())]
    found = parts(channels, {"demand": (1, 0.8), "shutdown_days": (0, 36.5)})["ebit"]
    assert shock(found.alone) == pytest.approx([-80, -40])
    assert shock(found.joint) == pytest.approx(-400 * 0.28)
    assert shock(found.interaction) == pytest.approx(400 * 0.2 * 0.1)
    assert shock(found.last) == pytest.approx([-80 * 0.9, -40 * 0.8])


def test_carbon_and_closed_days_interact_by_the_carbon_of_the_days() -> None:
    """Price up 5 % of 1000, demand down 2 %, C' = 98 of which a tenth falls away with the days."""
    channels = [CarbonCost(CarbonSpec()), PenaltyShutdown(PenaltyShutdownSpec())]
    found = parts(channels, {"carbon_price": (0, 100), "shutdown_days": (0, 36.5)}, scope_1=1e6)["ebit"]
    carbon = 1000 * 1.05 * 0.98 - 600 * 0.98 - 98 - 400
    both = (1000 * 1.05 - 600 - 100) * 0.98 * 0.9 - 400
    assert shock(found.alone) == pytest.approx([carbon, -40])
    assert shock(found.joint) == pytest.approx(both)
    assert shock(found.interaction) == pytest.approx(both - carbon + 40)


@how(deadline=None, max_examples=30)
@given(
    demand=st.floats(0, 1.5),
    days=st.floats(0, 365),
    price=st.floats(0, 500),
    energy=st.floats(0.5, 3),
)
def test_joint_is_the_sum_of_parts_and_interaction_for_every_quantity(demand, days, price, energy) -> None:
    channels = [
        Demand(DemandSpec()),
        CarbonCost(CarbonSpec(demand_response=False)),
        PenaltyShutdown(PenaltyShutdownSpec(penalties=(FINE,))),
        EnergyWater(EnergyWaterSpec()),
    ]
    drivers = {
        "demand": (1, demand),
        "shutdown_days": (0, days),
        "carbon_price": (0, price),
        "energy_price": (1, energy),
    }
    for found in parts(channels, drivers, statement_measure, scope_1=5e5, fuel=1e6).values():
        assert found.alone.sum(axis=0) + found.interaction == pytest.approx(found.joint, abs=1e-9)
        assert found.alone[:, :, 0] == pytest.approx(
            np.zeros_like(found.alone[:, :, 0]), abs=1e-9
        )  # baseline


def test_without_channels_there_is_nothing_to_tell() -> None:
    found = parts([])["ebit"]
    assert found.alone.shape[0] == 0
    assert (found.joint == 0.0).all()
    assert (found.interaction == 0.0).all()


def test_parts_are_changes_against_no_channel_in_the_level_of_the_statement() -> None:
    found = parts([Demand(DemandSpec())], {"demand": (1, 0.5)}, statement_measure)
    assert found["equity"].without[0, 1, 0].tolist() == pytest.approx([960, 1020])
    # EBIT 200 - 200 = 0, interest 40: the loss of 40 is all that moves equity in the first year.
    assert shock(found["equity"].joint) == pytest.approx(-40 - 60)
