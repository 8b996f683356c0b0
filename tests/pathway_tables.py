# SPDX-License-Identifier: Apache-2.0
"""Small pathway tables for tests, small enough to check by eye."""

from __future__ import annotations

import pandas as pd

from greenrisk.core.ledger import Ledger
from greenrisk.pathways.iamc import PathwayTable, read_iamc
from greenrisk.pathways.variables import CanonicalTable, canonical

KEY = ("model", "scenario", "region", "variable", "unit")
PRICE, UNIT = "Price|Carbon", "US$2010/t CO2"
GDP = "Gross Domestic Product (GDP)({})"
RATE = "Long term interest rate ; %({})"
DIFFERENCE = "% difference,  2017 PPP ; US$ Bn"
FAMILY = "IAM 1.0"
MACRO = "NiGEM NGFS v1.24.2[IAM 1.0]"

ROWS: tuple[tuple[object, ...], ...] = (
    # model, scenario, region, variable, unit, 2020, 2030, 2050
    (FAMILY, "Base", "IAM 1.0|China", PRICE, UNIT, 0.0, 10.0, 10.0),
    (FAMILY, "Base", "World", PRICE, UNIT, 0.0, 20.0, 20.0),
    (FAMILY, "Late", "IAM 1.0|China", PRICE, UNIT, 0.0, 10.0, 210.0),
    (FAMILY, "Late", "World", PRICE, UNIT, 0.0, 20.0, 420.0),
    (FAMILY, "Base", "IAM 1.0|China", "Primary Energy|Coal", "EJ/yr", 80.0, 80.0, 80.0),
    (FAMILY, "Late", "IAM 1.0|China", "Primary Energy|Coal", "EJ/yr", 80.0, 70.0, 10.0),
    (FAMILY, "Base", "World", "gsat_median", "K", 1.2, 1.5, 2.4),
    (FAMILY, "Late", "World", "gsat_median", "K", 1.2, 1.5, 1.9),
    (MACRO, "Base", "China", GDP.format("physical"), DIFFERENCE, 0.0, -2.0, -10.0),
    (MACRO, "Late", "China", GDP.format("physical"), DIFFERENCE, 0.0, -2.0, -8.0),
    (MACRO, "Late", "China", GDP.format("combined"), DIFFERENCE, 0.0, -2.0, -17.2),
    (MACRO, "Base", "China", RATE.format("physical"), "Abs. difference", 0.0, 0.5, 1.0),
    (MACRO, "Late", "China", RATE.format("physical"), "Abs. difference", 0.0, 0.5, 1.0),
    (MACRO, "Late", "China", RATE.format("combined"), "Abs. difference", 0.0, 0.5, 2.5),
    (MACRO, "Late", "China", RATE.format("transition"), "Abs. difference", 0.0, 0.25, 1.25),
)


def table_of(rows: tuple[tuple[object, ...], ...] = ROWS, name: str = "small.csv") -> PathwayTable:
    """Return the rows as a table."""
    return read_iamc(pd.DataFrame(rows, columns=[*KEY, 2020, 2030, 2050]), name)


def small_pathways(
    rows: tuple[tuple[object, ...], ...] = ROWS, ledger: Ledger | None = None
) -> CanonicalTable:
    """Return the rows under one name and unit each."""
    return canonical(table_of(rows), ledger)
