# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenrisk.core.errors import ArgumentError, TableError
from greenrisk.core.ledger import Ledger
from greenrisk.core.tables import read_table
from greenrisk.pollution.damage.virtual_treatment import (
    VIRTUAL_TREATMENT,
    Circumstances,
    air_cost,
    excess_of,
    read_coefficients,
    water_cost,
)

DATA = Path(__file__).resolve().parents[3] / "data"
ALLOWED = Circumstances(discharge_established=True, medium_recovered=True, actual_cost_known=False)


def frame():
    return read_table(DATA / "virtual_treatment_coefficients.csv", VIRTUAL_TREATMENT, Ledger())


COEFFICIENTS = read_coefficients(frame())


def cost(quantity=500.0, unit_cost=4.0, alpha=1.0, excess=3.0, water_class="III", circumstances=ALLOWED):
    return water_cost(
        quantity,
        unit_cost,
        alpha=alpha,
        excess=excess,
        water_class=water_class,
        circumstances=circumstances,
        coefficients=COEFFICIENTS,
    )


def test_the_cost_is_quantity_times_unit_cost_times_the_three_coefficients():
    ours = cost(alpha=1.5)
    # 500 t * 4 CNY/t * (1.5 * 1.25 * 2.0)
    assert ours.amount == pytest.approx(500 * 4 * 1.5 * 1.25 * 2.0)
    assert ours.terms == {"alpha": 1.5, "tau": 1.25, "omega": 2.0}
    assert ours.multiplier == pytest.approx(3.75)
    assert ours.status == "unconfirmed"


@pytest.mark.parametrize(
    ("excess", "tau"),
    [
        (-0.5, 1.0),
        (0.0, 1.0),
        (1e-9, 1.25),
        (10, 1.25),
        (10.1, 1.5),
        (100, 1.5),
        (101, 1.75),
        (1000, 1.75),
        (1001, 2.0),
    ],
)
def test_tau_follows_the_excess_with_its_upper_bounds_included(excess, tau):
    # GB/T 39793.2: 1 up to 0, 1.25 up to 10, 1.5 up to 100, 1.75 up to 1000, 2 beyond
    assert cost(excess=excess).terms["tau"] == tau


def test_the_excess_is_the_distance_to_the_standard_in_standards():
    assert excess_of(44.0, 4.0) == 10.0
    assert excess_of(2.0, 4.0) == -0.5
    with pytest.raises(ArgumentError, match="standard = 0"):
        excess_of(1.0, 0.0)


def test_the_cleaner_the_water_the_dearer_the_discharge():
    amounts = [cost(water_class=one).amount for one in ("I", "II", "III", "IV", "V", "other")]
    assert amounts == sorted(amounts, reverse=True)
    assert len(set(amounts)) == 6


@pytest.mark.parametrize(
    ("changed", "mend"),
    [
        ({"discharge_established": False}, "needs a discharge that is established"),
        ({"medium_recovered": False}, "book the cost of restoring it instead"),
        ({"actual_cost_known": True}, "is known, book that one"),
    ],
)
def test_each_guard_of_the_method_refuses(changed, mend):
    given = Circumstances(**{**ALLOWED.__dict__, **changed})
    with pytest.raises(ArgumentError, match=mend):
        cost(circumstances=given)
    with pytest.raises(ArgumentError, match=mend):
        air_cost(1.0, 1.0, 3.0, given)


def test_every_fault_is_told_at_once():
    with pytest.raises(ArgumentError) as caught:
        cost(
            quantity=0.0,
            unit_cost=-1.0,
            alpha=1.1,
            excess=-2.0,
            water_class="VI",
            circumstances=Circumstances(False, False, True),
        )
    assert len(caught.value.faults) == 8
    assert "It must be one of the table's steps: 1, 1.25, 1.5, 1.75, 2." in str(caught.value)


def test_air_takes_the_users_own_multiplier():
    ours = air_cost(2.0, 1_000.0, 4.5, ALLOWED)
    assert (ours.amount, ours.medium, ours.status) == (9_000.0, "air", "user")
    with pytest.raises(ArgumentError, match=r"multiplier = 0\.5"):
        air_cost(2.0, 1_000.0, 0.5, ALLOWED)


def test_the_shipped_tau_is_confirmed_and_the_rest_is_not():
    assert dict(COEFFICIENTS.status) == {"tau": "confirmed", "omega": "unconfirmed", "alpha": "unconfirmed"}


def test_a_table_with_gaps_is_refused():
    table = frame()
    with pytest.raises(TableError, match="no row for alpha"):
        read_coefficients(table[table["coefficient"] != "alpha"])
    with pytest.raises(TableError, match="One row for each of I, II"):
        read_coefficients(table[table["case"] != "III"])
    with pytest.raises(TableError, match="the last be empty"):
        read_coefficients(table[table["case"] != "over_1000_times"])


@settings(deadline=None, max_examples=40, derandomize=True)
@given(st.floats(0.1, 1e6), st.floats(0.1, 1e5), st.floats(-1, 1e5), st.floats(0, 1e5))
def test_more_discharge_or_a_greater_excess_never_costs_less(quantity, unit_cost, excess, more):
    one = cost(quantity=quantity, unit_cost=unit_cost, excess=excess).amount
    assert cost(quantity=quantity, unit_cost=unit_cost, excess=excess + more).amount >= one
    assert cost(quantity=2 * quantity, unit_cost=unit_cost, excess=excess).amount == pytest.approx(2 * one)
