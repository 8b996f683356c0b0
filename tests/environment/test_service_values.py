# SPDX-License-Identifier: Apache-2.0
"""Service values: never without version, year and currency; equal to the print; nothing is converted."""

from __future__ import annotations

import csv
import inspect
from pathlib import Path

import pandas as pd
import pytest

from greenrisk.core.errors import ArgumentError
from greenrisk.core.ledger import Ledger
from greenrisk.core.library import library_root
from greenrisk.core.tables import read_table
from greenrisk.environment.service_values import (
    SERVICE_FACTORS,
    SERVICE_STANDARDS,
    SERVICE_UNIT_VALUES,
    SERVICES,
    ServiceTables,
    service_values,
)

REFERENCE = Path(__file__).parents[3] / "shared" / "reference" / "xie2015_equivalent_factors.csv"


@pytest.fixture(scope="module")
def tables() -> ServiceTables:
    folder = library_root() / "data"
    found = [
        read_table(folder / f"wetland_service_values_{name}.csv", spec, Ledger())
        for name, spec in (
            ("factors", SERVICE_FACTORS),
            ("standards", SERVICE_STANDARDS),
            ("units", SERVICE_UNIT_VALUES),
        )
    ]
    return ServiceTables(*found)


def test_a_hectare_of_wetland_by_hand(tables: ServiceTables) -> None:
    found = service_values(tables, version="xie2015", year=2010, currency="CNY")
    wetland = dict(zip(found.services, found.of("wetland").tolist(), strict=True))
    assert wetland["hydrological_regulation"] == pytest.approx(24.23 * 3406.5)
    # 0.51 + 0.50 + 2.59 + 1.90 + 3.60 + 3.60 + 24.23 + 2.31 + 0.18 + 7.87 + 4.73 = 52.02
    assert sum(wetland.values()) == pytest.approx(52.02 * 3406.5)
    assert found.status == "unconfirmed"  # the factors are read, the standard is remembered


def test_a_service_that_a_land_use_takes_away_stays_negative(tables: ServiceTables) -> None:
    found = service_values(tables, version="xie2015", year=2010, currency="CNY")
    assert found.of("paddy")[SERVICES.index("water_supply")] == pytest.approx(-2.63 * 3406.5)


def test_unit_values_are_those_of_the_table(tables: ServiceTables) -> None:
    found = service_values(tables, version="costanza2014", year=2007, currency="USD")
    assert found.services == ("all",)
    assert found.of("swamp and floodplain").tolist() == [25681.0]


def test_version_year_and_currency_have_no_default() -> None:
    parameters = inspect.signature(service_values).parameters
    for name in ("version", "year", "currency"):
        assert parameters[name].default is inspect.Parameter.empty
        assert parameters[name].kind is inspect.Parameter.KEYWORD_ONLY


def test_an_unknown_version_names_those_that_are_known(tables: ServiceTables) -> None:
    with pytest.raises(ArgumentError) as error:
        service_values(tables, version="xie2008", year=2010, currency="CNY")
    assert str(error.value) == (
        "version  version = xie2008\n"
        "  Unknown version. Known: `costanza2014`, `degroot2012`, `xie2015`.\n"
        "1 fault."
    )


@pytest.mark.parametrize(("year", "currency"), [(2020, "CNY"), (2010, "USD")])
def test_another_year_or_currency_is_refused_and_not_converted(
    tables: ServiceTables, year: int, currency: str
) -> None:
    with pytest.raises(ArgumentError) as error:
        service_values(tables, version="xie2015", year=year, currency=currency)
    (fault,) = error.value.faults
    assert fault.what == f"year = {year}, currency = {currency}"
    assert fault.expected == (
        "xie2015 is held in `2010 CNY`; nothing converts it. Add a row for another year or currency."
    )


def test_an_ecosystem_that_the_version_lacks_is_refused(tables: ServiceTables) -> None:
    with pytest.raises(ArgumentError, match="Ecosystems of degroot2012: `inland wetland`, `coastal wetland`"):
        service_values(tables, version="degroot2012", year=2007, currency="Int$").of("wetland")


def test_the_shipped_factors_are_those_of_the_fact_table() -> None:
    if not REFERENCE.is_file():
        pytest.skip("../shared/reference/xie2015_equivalent_factors.csv is not here.")
    with REFERENCE.open(encoding="utf-8") as file:
        given = list(csv.DictReader(file))
    shipped = pd.read_csv(library_root() / "data" / "wetland_service_values_factors.csv")
    assert shipped["ecosystem"].tolist() == [row["class_en"] for row in given]
    assert shipped["ecosystem_zh"].tolist() == [row["class_zh"] for row in given]
    for service in SERVICES:
        assert shipped[service].tolist() == [float(row[service]) for row in given]
