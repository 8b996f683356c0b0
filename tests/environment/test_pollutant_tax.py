# SPDX-License-Identifier: Apache-2.0
"""The environmental protection tax: by hand from the law's tables."""

from __future__ import annotations

import csv
from fractions import Fraction as F
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from greenrisk.core.errors import TableError
from greenrisk.environment.pollutant_tax import (
    noise_tax,
    pollutant_rows,
    reduction,
    shipped_tax_table,
    tax_table,
    year_tax,
)

REFERENCE = Path(__file__).parents[3] / "shared" / "reference" / "china_env_tax_2018.csv"


def taxed(*rows: tuple[int, str, float, float], province: str = "Jiangxi"):
    """Tax of (outlet, pollutant, kg, share below the standard)."""
    table = shipped_tax_table()
    outlet, names, kg, below = zip(*rows, strict=True)
    place = pollutant_rows(table, np.array(names, dtype=object))
    rate = table.rate(province)[0][place]
    return year_tax(table, place, np.array(outlet), np.array(kg, float), np.array(below, float), rate)


def test_kilogrammes_over_the_equivalent_times_the_rate_of_jiangxi() -> None:
    found = taxed((0, "SO2", 950.0, np.nan), (1, "CODcr", 500.0, 0.0))
    assert found.tax.tolist() == pytest.approx([1000 * 1.2, 500 * 1.4])  # 950/0.95 and 500/1


def test_only_the_three_largest_of_air_pay_at_each_outlet() -> None:
    # Units: SO2 1000, NOx 2000, CO 100, soot 1500 at outlet 0; CO alone at outlet 1.
    rows = (
        (0, "SO2", 950.0, 0.0),
        (0, "NOx", 1900.0, 0.0),
        (0, "CO", 1670.0, 0.0),
        (0, "soot (烟尘)", 3270.0, 0.0),
    )
    found = taxed(*rows, (1, "CO", 1670.0, 0.0))
    assert found.taxed.tolist() == [True, True, False, True, True]
    assert found.tax.sum() == pytest.approx(1.2 * (1000 + 2000 + 1500 + 100))


def test_five_of_the_first_class_of_water_and_three_of_the_second_are_ranked_apart() -> None:
    first = [
        (0, name, kg, 0.0)
        for name, kg in zip(
            ("total Hg", "total Cd", "total Cr", "Cr(VI)", "total As", "total Pb"),
            (0.005, 0.1, 1.2, 0.8, 1.0, 1.5),
            strict=True,
        )
    ]  # units 10, 20, 30, 40, 50, 60
    second = [
        (0, "SS", 4.0, 0.0),
        (0, "NH3-N", 1.6, 0.0),
        (0, "petroleum", 0.3, 0.0),
        (0, "total P", 1.0, 0.0),
    ]
    found = taxed(*first, *second)  # second: 1, 2, 3, 4 units
    assert found.taxed.tolist() == [False, True, True, True, True, True, False, True, True, True]
    assert found.tax.sum() == pytest.approx(1.4 * (20 + 30 + 40 + 50 + 60 + 2 + 3 + 4))


def test_of_cod_bod5_and_toc_one_pays_and_the_others_leave_their_place_free() -> None:
    # Units: CODcr 10, BOD5 8, TOC 4; SS 3, NH3-N 2, petroleum 1: COD pays and two more, not three organic loads.
    found = taxed(
        (0, "CODcr", 10.0, 0.0),
        (0, "BOD5", 4.0, 0.0),
        (0, "TOC", 1.96, 0.0),
        (0, "SS", 12.0, 0.0),
        (0, "NH3-N", 1.6, 0.0),
        (0, "petroleum", 0.1, 0.0),
    )
    assert found.taxed.tolist() == [True, False, False, True, True, False]


@pytest.mark.parametrize(
    ("below", "share"), [(0.0, 1), (0.29, 1), (0.3, 0.75), (0.49, 0.75), (0.5, 0.5), (1.0, 0.5)]
)
def test_article_13_lowers_the_tax_from_thirty_and_from_fifty_per_cent(below: float, share: float) -> None:
    assert reduction(below) == share
    assert taxed((0, "SO2", 950.0, below)).tax[0] == pytest.approx(1200 * share)


def test_what_is_not_told_is_not_reduced() -> None:
    assert reduction([np.nan]).tolist() == [1.0]


def test_solid_waste_pays_by_the_tonne_without_reduction_or_choice() -> None:
    kinds = ("coal gangue", "tailings", "hazardous waste", "slag, ash and other")
    found = taxed(*((0, kind, 2000.0, 0.6) for kind in kinds))
    assert found.tax.tolist() == pytest.approx([2 * 5, 2 * 15, 2 * 1000, 2 * 25])


def test_noise_pays_by_the_month_and_kilogrammes_of_it_nothing() -> None:
    assert noise_tax(shipped_tax_table(), "10-12 dB over", 4) == 4 * 2800
    assert taxed((0, "10-12 dB over", 5.0, 0.0)).tax.tolist() == [0.0]


def test_nothing_is_rounded_on_the_way() -> None:
    expected = F(1000) / F("4.0") * F("1.2") + F(1) / F("2.18") * F("1.2")
    found = taxed((0, "general dust (一般性粉尘)", 1000.0, 0.0), (0, "soot (烟尘)", 1.0, 0.0))
    assert float(found.tax.sum()) == pytest.approx(float(expected), rel=1e-15)


def test_other_provinces_pay_the_lowest_rate_of_the_law_unless_told() -> None:
    table = shipped_tax_table()
    rates, known = table.rate("Hebei")
    assert not known
    assert rates[table.names.index("SO2")] == 1.2
    rates, known = table.rate("Hebei", {"air": 9.6})
    assert known
    assert rates[table.names.index("SO2")] == 9.6
    assert rates[table.names.index("CODcr")] == 1.4


def test_every_unknown_pollutant_is_named_with_the_nearest() -> None:
    with pytest.raises(TableError, match=r"(?s)CODc.*Did you mean `CODcr`.*sulphur.*2 faults"):
        pollutant_rows(shipped_tax_table(), np.array(["CODc", "sulphur", "SO2"], dtype=object))


def test_a_table_with_crossed_rates_and_no_equivalent_is_refused_at_its_rows() -> None:
    path = Path(__file__).parents[2] / "data" / "env_tax_2018.csv"
    frame = pd.read_csv(path)
    frame.loc[0, "rate_low_cny_per_unit"] = 20.0
    frame.loc[1, "kg_per_unit"] = np.nan
    with pytest.raises(TableError, match=r"(?s)mine:2  SO2: 20 > 12.*mine:3  NOx: no kg_per_unit"):
        tax_table(frame, "mine")


@pytest.mark.skipif(not REFERENCE.is_file(), reason="the reference tables are not at hand")
def test_the_shipped_table_is_the_reference() -> None:
    table = shipped_tax_table()
    with REFERENCE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(table.names)
    for k, row in enumerate(rows):
        assert table.tax_class[k] == row["class"]
        assert table.low[k] == float(row["rate_min_cny"])
        assert table.high[k] == float(row["rate_max_cny"])
        assert table.jiangxi[k] == float(row["rate_jiangxi_cny"])
        assert table.status[k] == row["status"]
        if row["equivalent_kg_per_unit"]:
            assert table.kg_per_unit[k] == float(row["equivalent_kg_per_unit"])
        largest = float(row["pollutants_taxed_per_outlet"] or "inf")
        assert table.largest[k] == largest
