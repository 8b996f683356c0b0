# SPDX-License-Identifier: Apache-2.0
"""Units: what they measure, exact factors, and refusals."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenrisk.pathways.errors import UnitError
from greenrisk.pathways.units import units_of

UNITS = units_of()


@pytest.mark.parametrize(
    ("value", "unit", "to", "expected"),
    [
        (1.0, "TWh/yr", "EJ/yr", 3.6e-3),  # 1 TWh = 3.6 PJ
        (1.0, "EJ/yr", "GJ/yr", 1e9),
        (1.0, "MWh/yr", "GJ/yr", 3.6),
        (2500.0, "kt CO2/yr", "Mt CO2/yr", 2.5),
        (1.0, "Mt CO2/yr", "t CO2/yr", 1e6),
        (36.0, "US$2010/MWh", "US$2010/GJ", 10.0),  # 1 MWh = 3.6 GJ
        (1.5, "GW", "MW", 1500.0),
    ],
)
def test_a_unit_is_converted_by_its_definition(value: float, unit: str, to: str, expected: float) -> None:
    assert float(UNITS.convert(value, unit, to)) == pytest.approx(expected, rel=1e-14)


def test_blanks_do_not_count_but_capitals_do() -> None:
    found = UNITS.find("US$2010 /tCO2")
    assert found is not None
    assert found.quantity == "carbon_price"
    assert UNITS.find("mt CO2/yr") is None  # a milli-tonne is no megatonne


def test_words_after_a_deviation_name_the_unit_of_the_level() -> None:
    for text in ("% difference,  2017 PPP ; US$ Bn", "% difference,  index; 2017=100", "% difference"):
        found = UNITS.find(text)
        assert found is not None
        assert found.quantity == "percent_deviation"
    percent = UNITS.find("%")
    assert percent is not None
    assert percent.quantity == "percent"


def test_an_unknown_unit_is_refused_with_its_neighbour() -> None:
    with pytest.raises(UnitError, match=r"Did you mean `Mt CO2/yr`\?"):
        UNITS.convert(1.0, "MT CO2/yr", "t CO2/yr")


@pytest.mark.parametrize(
    ("unit", "to"), [("EJ/yr", "Mt CO2/yr"), ("%", "percentage points"), ("US$2010/GJ", "$/GJ")]
)
def test_nothing_converts_one_quantity_into_another(unit: str, to: str) -> None:
    with pytest.raises(UnitError, match="Nothing converts one into the other"):
        UNITS.convert(1.0, unit, to)


@settings(deadline=None)
@given(
    value=st.floats(-1e12, 1e12),
    units=st.sampled_from([("EJ/yr", "GWh/yr"), ("Mt/yr", "t/yr"), ("Gt CO2/yr", "kt CO2/yr")]),
)
def test_there_and_back_is_the_same(value: float, units: tuple[str, str]) -> None:
    there = UNITS.convert(value, units[0], units[1])
    assert float(UNITS.convert(there, units[1], units[0])) == pytest.approx(value, rel=1e-12, abs=1e-12)
