# SPDX-License-Identifier: Apache-2.0
"""Pathways of a scenario file: inputs hashed, faults at their place, all at once."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from greenrisk.core.errors import ScenarioError
from greenrisk.core.ledger import Ledger
from greenrisk.core.library import find
from greenrisk.core.marked_yaml import KeyPath, key_text
from greenrisk.core.sources import Sources
from greenrisk.pathways.needs import Asked
from greenrisk.pathways.pathway_spec import PathwaysSpec
from greenrisk.pathways.prepare import prepare_pathways

SHIPPED = {
    "baseline": "current",
    "scenarios": [
        {"name": "current", "model": "REMIND", "macro_model": "NiGEM", "scenario": "CurrentPolicies"},
        {"name": "net-zero", "model": "REMIND", "macro_model": "NiGEM", "scenario": "NetZero2050"},
    ],
}
ASKED = Asked(("carbon_price", "gdp_deviation"), ("CN",))


def place(key_path: KeyPath) -> str:
    return f"here:{key_text(key_path)}"


def prepared(folder: Path, asked: Asked = ASKED, **keys: Any) -> tuple[Any, Sources]:
    sources = Sources(folder, place, Ledger())
    return prepare_pathways(PathwaysSpec.model_validate(SHIPPED | keys), sources, asked), sources


def test_the_shipped_cut_is_found_by_name_and_hashed(tmp_path: Path) -> None:
    done, sources = prepared(tmp_path)
    path = find("data", "ngfs5_cut")
    assert path is not None
    assert sources.inputs == {"table ngfs5_cut": hashlib.sha256(path.read_bytes()).hexdigest()}
    assert done.baseline.name == "current"
    assert done.coverage.counts()["missing"] == 0
    net_zero = done.pathways[1].values["carbon_price"][0, 0]
    assert net_zero[5] == pytest.approx(152.4 * done.conversion.factor, rel=1e-3)  # 2030, handbook section 2


def test_an_own_table_beside_the_scenario_and_own_regions_are_used(tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text(
        "model,scenario,region,variable,unit,2020,2060\n"
        "Own,A,Jiangxi,Price|Carbon,US$2010/t CO2,10,10\nOwn,B,Jiangxi,Price|Carbon,US$2010/t CO2,10,50\n",
        encoding="utf-8",
    )
    (tmp_path / "regions.csv").write_text(
        "country,region,model_starts_with,status,source\nCN,Jiangxi,,user,own judgement\n", encoding="utf-8"
    )
    scenarios = [
        {"name": "a", "model": "Own", "scenario": "A"},
        {"name": "b", "model": "Own", "scenario": "B"},
    ]
    done, sources = prepared(
        tmp_path,
        Asked(("carbon_price",), ("CN",)),
        tables=["mine.csv"],
        scenarios=scenarios,
        baseline="a",
        own_tables={"pathway-regions": "regions.csv"},
        currency={"price_year": 2024, "deflator": 1.0, "cny_per_usd": 1.0},
    )
    assert not len(sources.faults)
    assert done.pathways[1].values["carbon_price"][0, 0, 15] == pytest.approx(30.0)  # 2040, half way
    assert set(sources.inputs) == {"table mine.csv", "table regions.csv"}
    assert done.pathways[1].status == "user"


def test_all_faults_are_told_at_their_place(tmp_path: Path) -> None:
    _, sources = prepared(
        tmp_path,
        tables=["ngfs5_cutt"],
        own_tables={"pathway-region": "x.csv"},
        currency={"price_year": 2031},
    )
    with pytest.raises(ScenarioError) as raised:
        sources.raise_if_any()
    told = [str(fault) for fault in raised.value.faults]
    assert told[0].startswith("here:pathways.own_tables.pathway-region  ")
    assert "Did you mean `pathway-regions`?" in told[0]
    assert told[1].startswith("here:pathways.tables[0]  pathways.tables[0] = ngfs5_cutt\n")
    assert "Did you mean `ngfs5_cut" in told[1]
    assert told[2].startswith("here:pathways.currency  price year 2031\n")


def test_a_shock_out_of_its_domain_is_told_at_its_place(tmp_path: Path) -> None:
    shock = {"kind": "step", "quantity": "demand", "value": "change", "size": -2.0, "start": 2030}
    scenarios = [SHIPPED["scenarios"][0], SHIPPED["scenarios"][1] | {"shocks": [shock]}]  # type: ignore[index, operator]
    done, sources = prepared(tmp_path, Asked(("demand",), ("CN",)), scenarios=scenarios)
    assert done is None
    assert str(next(iter(sources.faults))).startswith(
        "here:pathways.scenarios[1].shocks[0]  demand = -1 in 2030\n"
    )


def test_countries_that_the_cut_does_not_hold_take_the_world_or_are_refused(tmp_path: Path) -> None:
    done, sources = prepared(tmp_path, Asked(("carbon_price",), ("CN", "US")))
    assert done.coverage.counts() == {"covered": 2, "fall-back": 2, "missing": 0}
    assert any("US: `World` stands for them" in line.detail for line in sources.ledger)
    done, sources = prepared(tmp_path, Asked(("gdp_deviation",), ("CN", "US")))
    assert done is None
    assert "gdp_deviation combined for US" in str(next(iter(sources.faults)))


def test_own_shocks_alone_need_no_table(tmp_path: Path) -> None:
    shock = {
        "kind": "ramp",
        "quantity": "tax_multiple",
        "value": "absolute",
        "size": 10.0,
        "start": 2025,
        "year": 2035,
    }
    scenarios = [{"name": "today"}, {"name": "tenfold", "shocks": [shock]}]
    done, sources = prepared(
        tmp_path, Asked(("tax_multiple",), ("CN",)), tables=[], scenarios=scenarios, baseline="today"
    )
    assert not len(sources.faults)
    assert sources.inputs == {}
    assert done.pathways[1].values["tax_multiple"][0, 0, [0, 5, 10, 25]].tolist() == [1.0, 5.5, 10.0, 10.0]
    assert done.coverage.frame().empty


def test_own_shocks_that_move_nothing_are_told(tmp_path: Path) -> None:
    late = {"kind": "step", "quantity": "tax_multiple", "value": "absolute", "size": 9.0, "start": 2060}
    unused = late | {"quantity": "water_price", "start": 2030}
    scenarios = [{"name": "today"}, {"name": "tenfold", "shocks": [late, unused]}]
    _, sources = prepared(
        tmp_path, Asked(("tax_multiple",), ("CN",)), tables=[], scenarios=scenarios, baseline="today"
    )
    assert [(line.kind, line.subject, line.detail) for line in sources.ledger if line.kind == "dropped"] == [
        (
            "dropped",
            "pathway tenfold: own shock of tax_multiple",
            "It moves nothing. It starts in 2060, after the last year of the study, 2050.",
        ),
        (
            "dropped",
            "pathway tenfold: own shock of water_price",
            "It moves nothing. No channel that is on takes it.",
        ),
    ]
