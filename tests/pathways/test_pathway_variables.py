# SPDX-License-Identifier: Apache-2.0
"""One name and one unit for every variable; a deviation is no level."""

from __future__ import annotations

import pytest
from pathway_tables import DIFFERENCE, FAMILY, GDP, MACRO, PRICE, UNIT, small_pathways

from greenrisk.core.ledger import Ledger
from greenrisk.pathways.errors import UnitError
from greenrisk.pathways.variables import variables_of


@pytest.mark.parametrize(
    ("text", "name", "parts"),
    [
        ("Price|Carbon", "carbon_price", {}),
        ("gdp_deviation_transition", "gdp_deviation", {"member": "transition"}),
        ("Gross Domestic Product (GDP)(combined(no bus))", "gdp_deviation", {"member": "combined_no_bus"}),
        ("Inflation rate ; %(physical)", "inflation_deviation", {"member": "physical"}),
        ("Primary Energy|Coal", "primary_energy", {"technology": "Coal"}),
        ("Primary Energy", "primary_energy", {}),
        ("Secondary Energy|Electricity|Wind", "production_pathway", {"technology": "Wind"}),
        ("Pathway|Power|CoalCap", "production_pathway", {"sector": "Power", "technology": "CoalCap"}),
    ],
)
def test_a_spelling_has_one_name(text: str, name: str, parts: dict[str, str]) -> None:
    found = variables_of().find(text)
    assert found is not None
    assert found[0].name == name
    assert found[1] == parts


@pytest.mark.parametrize(
    "text", ["Primary Energy|Coal|w/ CCS", "price|carbon", "Gross Domestic Product (GDP)"]
)
def test_what_is_not_known_is_not_guessed(text: str) -> None:
    assert variables_of().find(text) is None


def test_values_come_in_the_one_unit_and_regions_without_their_model() -> None:
    rows = ((FAMILY, "Base", "IAM 1.0|China", "Primary Energy", "TWh/yr", 1000.0, 2000.0, 3000.0),)
    table = small_pathways(rows)
    key = (FAMILY, "Base", "China", "primary_energy", "", "", "")
    assert table.index[key][1].tolist() == pytest.approx([3.6, 7.2, 10.8])
    assert table.units() == {"primary_energy": ("EJ/yr",)}


def test_variables_of_other_names_are_left_out_and_counted() -> None:
    ledger = Ledger()
    row = (FAMILY, "Base", "World", "Land Cover|Forest", "million ha", 1.0, 2.0, 3.0)
    table = small_pathways((row, (FAMILY, "Base", "World", PRICE, UNIT, 1.0, 2.0, 3.0)), ledger)
    assert set(table.data["variable"]) == {"carbon_price"}
    assert [(line.kind, line.count) for line in ledger] == [("read", 1)]


def test_all_faults_of_units_are_told_at_once() -> None:
    rows = (
        (FAMILY, "Base", "World", PRICE, "US$2005/t CO2", 1.0, 2.0, 3.0),
        (FAMILY, "Base", "World", "Primary Energy", "% difference", 1.0, 2.0, 3.0),
        (MACRO, "Base", "China", GDP.format("combined"), "EJ/yr", 1.0, 2.0, 3.0),
        (FAMILY, "Base", "World", "Emissions|CO2", "Mt CO2/yr", 1.0, 2.0, 3.0),
        (FAMILY, "Base", "China", "Emissions|CO2", "kt CO2/yr", 1.0, 2.0, 3.0),
    )
    with pytest.raises(UnitError) as raised:
        small_pathways(rows)
    told = [str(fault) for fault in raised.value.faults]
    assert len(told) == 4
    assert told[0].startswith(
        "small.csv:2  Price|Carbon in US$2005/t CO2\n  This unit is not known for `carbon_price`."
    )
    assert "`primary_energy` is a level, but the unit says a deviation in percent" in told[1]
    assert "`gdp_deviation` is a deviation, but the unit says energy flow" in told[2]
    assert told[3] == (
        "small.csv:6  Emissions|CO2 in kt CO2/yr\n"
        "  The same variable is in Mt CO2/yr in row 5. One variable bears one unit."
    )


def test_the_same_deviation_of_two_levels_is_taken_once_and_told() -> None:
    """NiGEM gives Japan's GDP in yen and in dollars: one deviation, twice, up to rounding."""
    ledger = Ledger()
    rows = (
        (
            MACRO,
            "Late",
            "Japan",
            GDP.format("combined"),
            "% difference,  2015 prices; Yen Bn",
            0.0,
            -1.0,
            -2.0,
        ),
        (MACRO, "Late", "Japan", GDP.format("combined"), DIFFERENCE, 0.0, -1.00001, -2.0),
    )
    table = small_pathways(rows, ledger)
    key = (MACRO, "Late", "Japan", "gdp_deviation", "combined", "", "")
    assert table.index[key][1].tolist() == [0.0, -1.0, -2.0]
    assert len(table.data) == 3
    assert [(line.kind, line.count) for line in ledger] == [("dropped", 1)]


def test_two_different_series_of_one_name_are_refused() -> None:
    rows = (
        (
            MACRO,
            "Late",
            "Japan",
            GDP.format("combined"),
            "% difference,  2015 prices; Yen Bn",
            0.0,
            -1.0,
            -2.0,
        ),
        (MACRO, "Late", "Japan", GDP.format("combined"), DIFFERENCE, 0.0, -1.5, -2.0),
    )
    with pytest.raises(UnitError, match=r"Another series of the same name stands in small\.csv:2"):
        small_pathways(rows)
