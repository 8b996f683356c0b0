# SPDX-License-Identifier: Apache-2.0
"""Production pathways as one table for the late-and-sudden model."""

from __future__ import annotations

from pathway_tables import FAMILY, MACRO, ROWS, table_of

from greenrisk.core.ledger import Ledger
from greenrisk.pathways.currency import conversion
from greenrisk.pathways.needs import Asked
from greenrisk.pathways.pathway import Pathway, build_pathways
from greenrisk.pathways.pathway_spec import PathwaysSpec
from greenrisk.pathways.technologies import TECHNOLOGY_FRAME, technology_frame

PRICED = (
    (FAMILY, "Base", "World", "Pathway|Steel|BF", "Mt/yr", 100.0, 100.0, 100.0),
    (FAMILY, "Late", "World", "Pathway|Steel|BF", "Mt/yr", 100.0, 90.0, 50.0),
    (FAMILY, "Base", "World", "Technology Price|Steel|BF", "$/tonnes", 500.0, 500.0, 500.0),
    (FAMILY, "Late", "World", "Technology Price|Steel|BF", "$/tonnes", 500.0, 600.0, 800.0),
)


def pathways(rows: tuple = (*ROWS, *PRICED)) -> tuple[Pathway, ...]:
    scenarios = [
        {"name": name, "model": FAMILY, "macro_model": MACRO, "scenario": scenario}
        for name, scenario in (("base", "Base"), ("late", "Late"))
    ]
    spec = PathwaysSpec.model_validate(
        {"baseline": "base", "scenarios": scenarios, "first_year": 2030, "last_year": 2050}
    )
    technologies = (("Power", "CoalCap"), ("Steel", "BF"))
    asked = Asked((), ("CN",), ("Power", "Steel"), technologies)
    return build_pathways(spec, [table_of(rows)], asked, conversion(2024))[0]


def test_every_technology_that_has_a_price_and_a_kind_has_its_rows() -> None:
    ledger = Ledger()
    prices, kinds = {("Power", "CoalCap"): (60.0, "$/MWh")}, {("Steel", "BF"): "carbon"}
    frame = technology_frame(pathways(), "$/t", prices, kinds, ledger=ledger)
    assert tuple(frame.columns) == TECHNOLOGY_FRAME
    assert len(frame) == 2 * 2 * 21
    last = frame[(frame["scenario"] == "late") & (frame["year"] == 2050)].set_index("technology")
    assert last.loc["CoalCap", ["activity", "price", "price_unit", "kind"]].tolist() == [
        10.0,
        60.0,
        "$/MWh",
        "carbon",
    ]
    assert last.loc["BF", ["activity", "price", "price_unit", "kind"]].tolist() == [
        50.0,
        800.0,
        "$/t",
        "carbon",
    ]
    assert frame.groupby("scenario")["role"].first().to_dict() == {"base": "baseline", "late": "target"}
    assert [(line.kind, line.count) for line in ledger] == [("assumption", 1)]


def test_a_technology_without_a_price_or_a_kind_is_left_out_and_told() -> None:
    ledger = Ledger()
    frame = technology_frame(pathways(), "$/t", ledger=ledger)
    assert frame.empty
    assert [(line.kind, line.count) for line in ledger] == [("dropped", 2)]


def test_what_nobody_plans_counts_in_the_total_of_its_sector_without_a_price() -> None:
    ledger = Ledger()
    rows = (
        *ROWS,
        *PRICED,
        (FAMILY, "Base", "World", "Pathway|Steel|EAF", "Mt/yr", 20.0, 20.0, 20.0),
        (FAMILY, "Late", "World", "Pathway|Steel|EAF", "Mt/yr", 20.0, 20.0, 60.0),
        (FAMILY, "Base", "IAM 1.0|China", "Primary Energy|Gas", "EJ/yr", 8.0, 8.0, 8.0),
        (FAMILY, "Late", "IAM 1.0|China", "Primary Energy|Gas", "EJ/yr", 8.0, 6.0, 1.0),
    )
    found = pathways(rows)
    # Coal and gas once each: `Coal` and `Gas` of the proxies are the same pathways as `CoalCap` and `GasCap`.
    assert list(found[0].production) == [
        ("Power", "CoalCap"),
        ("Steel", "BF"),
        ("Power", "GasCap"),
        ("Steel", "eaf"),
    ]
    prices, kinds = {("Power", "CoalCap"): (60.0, "$/MWh")}, {("Steel", "BF"): "carbon"}
    totals = [("Power", "GasCap"), ("Steel", "eaf")]
    frame = technology_frame(found, "$/t", prices, kinds, ledger=ledger, totals=totals)
    rest = frame[frame["technology"].isin(["GasCap", "eaf"])]
    assert rest["price"].eq(0.0).all()
    assert len(rest) == 2 * 2 * 21
    assert [line.kind for line in ledger] == ["assumption"]  # the user's price of coal power alone
