# SPDX-License-Identifier: Apache-2.0
"""Pathways of a study: drivers in yuan over countries, sectors and years; refusals; result groups."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pathway_tables import FAMILY, GDP, MACRO, PRICE, ROWS, UNIT, small_pathways, table_of

from greenrisk.core.ledger import Ledger
from greenrisk.pathways.currency import conversion
from greenrisk.pathways.errors import CoverageError, PathwayError
from greenrisk.pathways.needs import Asked
from greenrisk.pathways.pathway import Pathway, build_pathways
from greenrisk.pathways.pathway_spec import PathwaysSpec
from greenrisk.pathways.results import coverage_group, pathway_group, production_group

TEN = conversion(2024, deflator=1.25, cny_per_usd=8.0)  # 10 CNY for US$2010 1
BASE = {"name": "base", "model": FAMILY, "macro_model": MACRO, "scenario": "Base"}
LATE = {"name": "late", "model": FAMILY, "macro_model": MACRO, "scenario": "Late"}


def spec(*scenarios: dict[str, Any], **keys: Any) -> PathwaysSpec:
    data = {"baseline": "base", "scenarios": scenarios or (BASE, LATE), "first_year": 2030, "last_year": 2050}
    return PathwaysSpec.model_validate(data | keys)


def asked(*drivers: str, **keys: Any) -> Asked:
    return Asked(**({"drivers": drivers, "countries": ("CN",), "sectors": ("Power", "Cement")} | keys))


def built(
    wanted: Asked, *scenarios: dict[str, Any], ledger: Ledger | None = None, **keys: Any
) -> tuple[Pathway, ...]:
    return build_pathways(spec(*scenarios, **keys), [table_of()], wanted, TEN, ledger)[0]


def test_a_carbon_price_comes_in_yuan_of_the_price_year_and_both_factors_are_told() -> None:
    ledger = Ledger()
    base, late = built(asked("carbon_price", countries=("CN", "BR")), ledger=ledger)
    assert late.values["carbon_price"].shape == (2, 1, 21)
    assert late.values["carbon_price"][0, 0, [0, 10, 20]].tolist() == [100.0, 1100.0, 2100.0]
    assert late.values["carbon_price"][1, 0, [0, 20]].tolist() == [200.0, 4200.0]
    assert base.baseline
    assert not late.baseline
    assert (late.price_year, late.family, late.years[0], late.years[-1]) == (2024, FAMILY, 2030, 2050)
    assert any(line.subject == "US$2010 to CNY" and "1.2500" in line.detail for line in ledger)


def test_deviations_take_the_transition_member_where_damage_is_reckoned_by_site() -> None:
    _, late = built(asked("gdp_deviation", physical_by_site=True))
    assert late.values["gdp_deviation"][0, 0, -1] == pytest.approx(-10.0, abs=1e-12)
    base, late = built(asked("gdp_deviation"))
    assert late.values["gdp_deviation"][0, 0, -1] == pytest.approx(-17.2)
    assert base.values["gdp_deviation"][0, 0, -1] == pytest.approx(-10.0)


def test_a_member_that_holds_physical_damage_is_refused_beside_damage_by_site() -> None:
    with pytest.raises(
        PathwayError, match=r"pathways\.scenarios\[1\]\.member  member = combined\n.*count twice"
    ):
        built(asked("gdp_deviation", physical_by_site=True), BASE, LATE | {"member": "combined"})


def test_own_shocks_come_on_top_after_the_conversion() -> None:
    step = {"kind": "step", "quantity": "carbon_price", "value": "change", "size": 50.0, "start": 2050}
    tax = {
        "kind": "step",
        "quantity": "tax_multiple",
        "value": "absolute",
        "size": 10.0,
        "start": 2040,
        "sectors": ["Cement"],
    }
    _, late = built(asked("carbon_price", "tax_multiple", "demand"), BASE, LATE | {"shocks": [step, tax]})
    assert late.values["carbon_price"][0, 0, -2:].tolist() == [2000.0, 2150.0]
    assert late.values["tax_multiple"][0, :, -1].tolist() == [1.0, 10.0]
    assert (late.values["demand"] == 1.0).all()
    assert late.status == "user"


def test_a_scenario_without_a_table_moves_by_its_own_shocks_alone() -> None:
    ledger = Ledger()
    days = {
        "kind": "step",
        "quantity": "shutdown_days",
        "value": "absolute",
        "size": 30.0,
        "start": 2035,
        "until": 2036,
    }
    base, closed = built(
        asked("shutdown_days", "carbon_price"),
        {"name": "base"},
        {"name": "closed", "shocks": [days]},
        ledger=ledger,
    )
    assert closed.values["shutdown_days"][0, 0, 4:8].tolist() == [0.0, 30.0, 30.0, 0.0]
    assert (base.values["carbon_price"] == 0.0).all()
    assert sum(line.detail.startswith("No table stands behind it here") for line in ledger) == 2


def test_production_comes_by_technology_and_the_rest_is_left_out_and_told() -> None:
    ledger = Ledger()
    technologies = (("Power", "CoalCap"), ("Cement", "Cement"))
    base, late = built(asked(technologies=technologies), ledger=ledger, missing_technologies="leave_out")
    assert list(late.production) == [("Power", "CoalCap")]
    assert late.production["Power", "CoalCap"][0, [0, 20]].tolist() == [70.0, 10.0]
    assert late.status == "illustrative"
    assert [(line.count, line.detail) for line in ledger if line.kind == "dropped"] == [
        (1, "No table holds Cement Cement: no production path. Scenarios: base, late.")
    ]
    group = production_group((base, late))
    assert group["production_index"].sel(scenario="late", year=2050).item() == pytest.approx(1 / 7)
    with pytest.raises(CoverageError, match=r"production_pathway Cement Cement for CN"):
        built(asked(technologies=technologies))


def test_a_driver_that_no_table_holds_is_refused_or_neutral_as_the_user_says() -> None:
    wanted = asked("gdp_deviation", countries=("CN", "BR", "KR"))
    with pytest.raises(CoverageError) as raised:
        built(wanted)
    assert [fault.where for fault in raised.value.faults] == [
        "pathways.scenarios[0]",
        "pathways.scenarios[1]",
    ]
    ledger = Ledger()
    _, late = built(wanted, ledger=ledger, missing="neutral")
    assert late.values["gdp_deviation"][1:].any() == np.False_
    assert [(line.kind, line.count) for line in ledger if "BR, KR" in line.detail] == [("imputed", 4)]


def test_unknown_names_and_families_are_told_at_once_before_anything_is_looked_up() -> None:
    rows = (*ROWS, ("IAM1.0", "Late", "World", PRICE, UNIT, 0.0, 1.0, 2.0))
    scenarios = (
        BASE,
        LATE | {"scenario": "late"},
        LATE | {"name": "twin", "model": "IAM1.0", "macro_model": None},
        LATE | {"name": "third", "model": "IAM 2.0", "macro_model": None},
    )
    with pytest.raises(PathwayError) as raised:
        build_pathways(spec(*scenarios), small_pathways(rows), asked("carbon_price", "carbon_cost"), TEN)
    told = {fault.where: str(fault) for fault in raised.value.faults}
    assert "There is no such driver. Did you mean `carbon_price`?" in told["pathways"]
    assert "has no such scenario. Did you mean `Late`?" in told["pathways.scenarios[1].scenario"]
    assert (
        "must be of one model family: `IAM 1.0` and `IAM1.0` are two" in told["pathways.scenarios[2].model"]
    )
    assert "no such model. Did you mean `IAM 1.0`?" in told["pathways.scenarios[3].model"]


def test_levels_and_deviations_must_be_of_one_family() -> None:
    other = "NiGEM NGFS v1.24.2[IAM 2.0]"
    rows = (*ROWS, (other, "Base", "China", GDP.format("physical"), "% difference", 0.0, 1.0, 2.0))
    with pytest.raises(PathwayError, match="Levels and deviations must be of one model family"):
        build_pathways(spec(BASE | {"macro_model": other}), small_pathways(rows), asked("carbon_price"), TEN)


def test_a_scenario_that_starts_after_the_study_is_refused_with_its_years() -> None:
    with pytest.raises(CoverageError, match=r"The series holds 2020 to 2050; needed are 2015 to 2050"):
        built(asked("carbon_price"), first_year=2015)


def test_issuers_take_drivers_by_place_or_by_shares() -> None:
    tax = {
        "kind": "step",
        "quantity": "tax_multiple",
        "value": "absolute",
        "size": 3.0,
        "start": 2030,
        "sectors": ["Cement"],
    }
    _, late = built(
        asked("carbon_price", "tax_multiple", countries=("CN", "BR")), BASE, LATE | {"shocks": [tax]}
    )
    assert late.at("carbon_price", [0, 1, 1], [0, 0, 1])[:, 0].tolist() == [100.0, 200.0, 200.0]
    assert late.at("tax_multiple", [0, 1, 1], [0, 0, 1])[:, 0].tolist() == [1.0, 1.0, 3.0]
    shares = np.asarray([[[0.25, 0.25], [0.0, 0.5]]])  # half in China, half in Brazil; a quarter in power
    assert late.weighted("carbon_price", shares)[0, 0] == pytest.approx(150.0)
    assert late.weighted("tax_multiple", shares)[0, 0] == pytest.approx(0.25 * 1 + 0.75 * 3)


def test_other_studies_take_their_warming_from_the_same_pathway() -> None:
    _, late = built(asked("temperature"))
    assert late.values["temperature"].shape == (1, 1, 21)
    assert late.warming_since(2030)[[0, 10, 20]].tolist() == pytest.approx([0.0, 0.2, 0.4])


def test_groups_hold_every_driver_with_its_unit() -> None:
    tax = {
        "kind": "step",
        "quantity": "tax_multiple",
        "value": "absolute",
        "size": 3.0,
        "start": 2030,
        "sectors": ["Cement"],
    }
    wanted = asked("carbon_price", "temperature", "tax_multiple", countries=("CN", "BR"))
    pathways, table = build_pathways(spec(BASE, LATE | {"shocks": [tax]}), [table_of()], wanted, TEN)
    group = pathway_group(pathways)
    assert group["carbon_price"].dims == ("scenario", "country", "year")
    assert group["temperature"].dims == ("scenario", "year")
    assert group["tax_multiple"].dims == ("scenario", "sector", "year")
    assert group["carbon_price"].attrs["units"] == "CNY/t CO2, prices of 2024"
    assert group["carbon_price"].sel(scenario="late", country="BR", year=2050).item() == 4200.0
    assert group["tax_multiple"].sel(scenario="base").max().item() == 1.0
    states = coverage_group(table)
    assert states["state"].values.tolist().count("fall-back") == 2
    assert states["first_year"].values.tolist() == [2020] * 6
