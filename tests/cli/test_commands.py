# SPDX-License-Identifier: Apache-2.0
"""What each command prints when all is well."""

from __future__ import annotations

import importlib
import json
import pkgutil
import re
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result
from ruamel.yaml import YAML

import greenrisk as package
from greenrisk.cli.catalogue import tables
from greenrisk.cli.main import cli
from greenrisk.core.library import find, names
from greenrisk.core.tables import TableSpec
from greenrisk.pollution.grading.rule_tables import RULE_TABLES
from greenrisk.pollution.substance_files import SUBSTANCE_TABLES
from greenrisk.scenario.schema import schema_text


@pytest.fixture
def greenrisk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> Result:
        result = CliRunner().invoke(cli, list(words), catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result

    return run


def test_help_of_every_command_has_an_example(greenrisk: Any) -> None:
    assert list(cli.commands) == [
        "run",
        "validate",
        "list",
        "show",
        "schema",
        "report",
        "fit",
        "grade",
        "freeze",
    ]
    for name in cli.commands:
        said = greenrisk(name, "--help").output
        assert "Example" in said, name
        assert f"greenrisk {name}" in said, name


def test_every_option_is_explained() -> None:
    for name, command in cli.commands.items():
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.help, f"{name} {parameter.opts}"


def test_list_names_everything_that_ships(greenrisk: Any) -> None:
    document = json.loads(greenrisk("list", "--json").output)
    assert list(document) == ["scenarios", "models", "data", "kinds", "tables"]
    for shelf in ("scenarios", "models", "data"):
        assert sorted(row["name"] for row in document[shelf]) == names(shelf)
    assert {"forest", "wildfire", "zone"} <= {row["kind"] for row in document["kinds"]}
    tables = {row["name"] for row in document["tables"]}
    assert {"forest-book", "zone-plants", *SUBSTANCE_TABLES, *RULE_TABLES} <= tables
    text = greenrisk("list").output
    for name in (*names("scenarios"), *names("models"), *names("data")):
        assert name in text


def test_list_of_one_section_is_that_section(greenrisk: Any) -> None:
    rows = json.loads(greenrisk("list", "models", "--json").output)
    assert [row["name"] for row in rows] == names("models")
    assert "Scenarios" not in greenrisk("list", "models").output


def test_every_declaration_of_a_table_and_every_table_that_ships_is_listed(greenrisk: Any) -> None:
    declared = set()
    for module in pkgutil.walk_packages(package.__path__, "greenrisk."):
        if not module.name.endswith("__main__"):
            members = vars(importlib.import_module(module.name)).values()
            declared |= {member.name for member in members if isinstance(member, TableSpec)}
    rows = json.loads(greenrisk("list", "tables", "--json").output)
    assert {row["name"] for row in rows} == declared
    files = [file for row in rows for file in row["ships_as"].split(", ") if file]
    # A pathway table is IAMC, wide or long, and a series has dates and a value: neither's columns are ours to declare.
    undeclared = ["ngfs5_cut", "manaus_rio_negro_monthly_level"]
    assert sorted([*files, *undeclared]) == names("data"), "each table that ships follows one declaration"
    by_name = {row["name"]: row["ships_as"] for row in rows}
    assert (
        by_name["hj941-control-points-water"] == "hj941_control_points_water"
    )  # same columns as those for air
    assert by_name["zone-tariff"] == "zone_tariff_illustrative"


@pytest.mark.parametrize("name", [*tables(), *names("data")])
def test_every_table_can_be_shown_as_a_table(greenrisk: Any, name: str) -> None:
    said = greenrisk("show", "table", name)
    assert said.exit_code == 0, said.output
    assert re.search(r"^(Column|name) +\|", said.output, re.MULTILINE)


@pytest.mark.parametrize("name", [*names("scenarios"), *names("models"), *names("data")])
def test_everything_that_is_listed_can_be_shown(greenrisk: Any, name: str) -> None:
    assert len(greenrisk("show", name).output.splitlines()) > 5
    assert json.loads(greenrisk("show", name, "--json").output)


def test_show_of_a_card_tells_value_range_status_and_source(greenrisk: Any) -> None:
    path = find("models", "premium-loadings-judged")
    card = YAML(typ="safe").load(path)
    said = greenrisk("show", "premium-loadings-judged").output
    assert "premium.loadings" in said
    for name, parameter in card["parameters"].items():
        (line,) = [
            line
            for line in said.splitlines()
            if line.startswith(f"{name} ") and parameter["unit"][:5] in line
        ]
        assert f"{parameter['value']:g}" in line
        assert parameter["status"] in line


def test_show_of_a_kind_lists_its_keys_with_units(greenrisk: Any) -> None:
    said = greenrisk("show", "kind", "forest").output
    for key in (
        "underwriting_year",
        "terms.event_limit_cny",
        "subsidy.rules[0].owner",
        "knowledge.caps_ha",
    ):
        assert any(line.startswith(f"{key} ") for line in said.splitlines()), key
    assert "CNY, > 0" in said
    assert greenrisk("show", "kind", "wildfire").output.startswith("kind: wildfire  (in perils)\n")
    assert greenrisk("show", "forest").output == said


def test_show_of_the_kind_zone_lists_its_keys_with_units(greenrisk: Any) -> None:
    said = greenrisk("show", "kind", "zone").output
    assert said.startswith("kind: zone\nPollution liability of a chemical zone")
    for key in (
        "inventory.plants",
        "inventory.allow_unknown_substances",
        "grading.m_cut",
        "severity.cap",
        "severity.claims_plant_years_outside",
        "policy.sublimits[0].heads",
        "policy.claims_made.retroactive_years",
        "knowledge.draws",
    ):
        assert any(line.startswith(f"{key} ") for line in said.splitlines()), key
    assert greenrisk("show", "zone").output == said


@pytest.mark.parametrize(
    ("table", "column", "unit"),
    [
        ("zone-plants", "people_5km", "person"),
        ("zone-substances", "max_t", "t"),
        ("zone-vehicles", "km_per_trip", "km"),
        ("zone-claims", "amount_cny", "CNY"),
        ("substances", "critical_quantity_t", "t"),
        ("hj941-control-points-air", "points", "point"),
    ],
)
def test_show_of_a_table_of_zones_lists_its_columns_with_units(
    greenrisk: Any, table: str, column: str, unit: str
) -> None:
    rows = json.loads(greenrisk("show", "table", table, "--json").output)
    assert next(row["unit"] for row in rows if row["column"] == column) == unit


def test_show_of_a_table_lists_its_columns(greenrisk: Any) -> None:
    rows = json.loads(greenrisk("show", "table", "forest-book", "--json").output)
    area = next(row for row in rows if row["column"] == "area_mu")
    assert (area["unit"], area["domain"], area["needed"]) == ("mu", "> 0", "one of area_ha, area_mu")


def test_every_table_that_a_text_of_ours_names_can_be_shown(greenrisk: Any) -> None:
    package = Path(__file__).parents[2] / "greenrisk"
    texts = [path.read_text(encoding="utf-8") for path in package.rglob("*.py")]
    named = {
        name for text in texts for name in re.findall(r"show table ([a-z0-9_-]+?)(?=[^a-z0-9_{-])", text)
    }
    assert {"forest-book", "county-forest", "fires-by-class", "fire-totals", "forest-products"} <= named
    assert {"zone-plants", "zone-substances", "zone-claims", "zone-tariff", "event-levels"} <= named
    for name in named:
        assert json.loads(greenrisk("show", "table", name, "--json").output)


def test_schema_prints_the_schema(greenrisk: Any) -> None:
    assert greenrisk("schema").output == schema_text()


def test_fit_lists_the_cards_that_can_be_fitted(greenrisk: Any) -> None:
    said = greenrisk("fit").output
    assert "wildfire-jiangxi" in said
    assert "(--data-dir)" in said


def test_fit_prints_a_card_that_is_the_shipped_one(greenrisk: Any) -> None:
    path = find("models", "wildfire-jiangxi")
    assert path is not None
    assert greenrisk("fit", "wildfire-jiangxi").output == path.read_text(encoding="utf-8")
    assert greenrisk("fit", "wildfire-jiangxi", "--check").output == (
        "wildfire-jiangxi: the card is what its data give.\n"
    )


def test_fit_takes_a_table_of_the_data_folder_before_the_shipped_one(greenrisk: Any, tmp_path: Path) -> None:
    shipped = find("data", "fires_jiangxi_neighbours_2009_2021")
    assert shipped is not None
    text = shipped.read_text(encoding="utf-8")
    row = "Jiangxi,2009,394,91,303,0,0,3299.82"
    assert text.count(row) == 1
    # A hundred of the fires of 2009 were smaller: 451 instead of 351 of all 1,285 are under 1 ha.
    changed = text.replace(row, "Jiangxi,2009,394,191,203,0,0,3299.82")
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / shipped.name).write_text(changed, encoding="utf-8")
    yaml = YAML(typ="safe")
    for words, under in (([], 351), (["--data-dir", "own"], 451)):
        card = yaml.load(greenrisk("fit", "fire-size-jiangxi", *words).output)
        assert card["parameters"]["share_under_1ha"]["value"] == pytest.approx(under / 1285, abs=5e-5)


def test_validate_tells_the_inputs_as_json(greenrisk: Any) -> None:
    document = json.loads(greenrisk("validate", "forest-jingdezhen", "--json").output)
    assert document["scenario"] == "forest-jingdezhen"
    assert "scenario" in document["inputs"]
    assert all(len(digest) == 64 for digest in document["inputs"].values())
    assert document["notes"] == []


def test_plain_output_has_no_colours_and_no_wide_lines(greenrisk: Any) -> None:
    for words in (["list"], ["show", "kind", "forest"], ["show", "wildfire-jiangxi"]):
        said = greenrisk(*words).output
        assert "\x1b" not in said
        assert max(map(len, said.splitlines())) <= 120


def test_a_bug_of_ours_is_confessed_without_a_traceback_unless_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    @cli.command("break", hidden=True)
    def break_() -> None:
        raise ZeroDivisionError("division by zero")

    try:
        told = CliRunner().invoke(cli, ["break"])
        shown = CliRunner().invoke(cli, ["--debug", "break"])
    finally:
        del cli.commands["break"]
    assert told.exit_code == shown.exit_code == 1
    assert told.output == (
        "ZeroDivisionError: division by zero\n"
        "  This is a fault of greenrisk, not of your input. Please report it with what the same command\n"
        "  prints with `--debug`.\n"
    )
    assert "Traceback" in shown.output


def test_debug_shows_where_a_fault_of_the_user_was_found(greenrisk: Any) -> None:
    for words in (["--debug", "run", "nothing"], ["run", "nothing", "--debug"]):
        result = CliRunner().invoke(cli, words)
        assert result.exit_code == 2
        assert "Traceback" in result.output
