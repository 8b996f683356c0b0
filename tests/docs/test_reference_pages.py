# SPDX-License-Identifier: Apache-2.0
"""The generated pages are what they would be now, and leave nothing out that a user can write or read."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest
from generate import REFERENCE
from pydantic import BaseModel

import greenrisk
from greenrisk.cli.main import cli
from greenrisk.core.ledger import COLUMNS, Kind
from greenrisk.core.library import names
from greenrisk.core.vocabulary import Term
from greenrisk.issuer.vocabulary import TERMS as ISSUER_TERMS
from greenrisk.pollution.vocabulary import TERMS as ZONE_TERMS
from greenrisk.resource.vocabulary import TERMS as RESOURCE_TERMS
from greenrisk.scenario.registry import STUDIES
from greenrisk.scenario.schema import json_schema, spec_of

ROOT = Path(__file__).resolve().parents[2]


def text(name: str) -> str:
    return (ROOT / "docs" / "reference" / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", REFERENCE)
def test_a_generated_page_is_up_to_date(name: str) -> None:
    page = (ROOT / name).read_text(encoding="utf-8")
    assert page == REFERENCE[name](), "Refresh with `python docs/generate.py --write --quick`."


@pytest.mark.parametrize("command", ["", *cli.commands])
def test_every_option_that_help_prints_stands_on_the_page(command: str) -> None:
    words = [sys.executable, "-m", "greenrisk", *([command] if command else []), "--help"]
    printed = subprocess.run(words, capture_output=True, text=True, check=True, cwd=ROOT).stdout
    options = set(re.findall(r"^ +(?:(-\w), )?(--[\w-]+)", printed, re.MULTILINE))
    assert options
    page = text("cli.md")
    section = page.split(f"\n## {command}\n")[1].split("\n## ")[0] if command else page.split("\n## ")[0]
    for short, long in options:
        assert f"`{long}`" in section
        assert not short or f"`{short}`" in section


def test_every_command_has_a_section() -> None:
    assert re.findall(r"^## (.+)$", text("cli.md"), re.MULTILINE) == list(cli.commands)


def _keys(schema: object) -> set[str]:
    """Every key that the JSON Schema lets a user write."""
    if isinstance(schema, list):
        return set().union(*map(_keys, schema))
    if not isinstance(schema, dict):
        return set()
    return set(schema.get("properties", {})).union(*map(_keys, schema.values()))


def test_every_key_that_the_schema_knows_is_on_the_page_of_keys() -> None:
    page = text("scenario.md")
    shown = {name.rpartition(".")[2] for name in re.findall(r"^\| `([^`]+)`", page, re.MULTILINE)}
    keys = _keys(json_schema())
    assert {"years", "share", "cap_ha", "attachment", "draws"} <= keys
    assert keys <= shown


def _kinds(schema: object) -> set[str]:
    """Every ``kind`` that the JSON Schema lets a user write."""
    if isinstance(schema, list):
        return set().union(*map(_kinds, schema))
    if not isinstance(schema, dict):
        return set()
    own = schema.get("properties", {}).get("kind", {})
    named = {own["const"]} if "const" in own else set(own.get("enum", ()))
    return named.union(*map(_kinds, schema.values()))


def test_every_kind_that_the_schema_knows_has_a_section() -> None:
    headings = " ".join(re.findall(r"^## kind: (.+)$", text("scenario.md"), re.MULTILINE))
    assert set(STUDIES) <= set(re.findall(r"`([^`]+)`", headings))
    kinds = _kinds(json_schema())
    assert {"forest", "wildfire", "linear", "low_water"} <= kinds
    assert [
        kind for kind in sorted(kinds) if f"`{kind}`" not in headings and f".{kind}`" not in headings
    ] == []


@pytest.mark.parametrize("kind", STUDIES)
def test_every_key_of_a_scenario_has_a_sentence(kind: str) -> None:
    waiting: list[type[BaseModel]] = [spec_of(kind)]
    silent = []
    while waiting:
        model = waiting.pop()
        for name, info in model.model_fields.items():
            silent += [f"{model.__name__}.{name}"] if not (info.description or "").strip() else []
            waiting += [part for part in _parts(info.annotation) if isinstance(part, type)]
    assert silent == []


def _parts(annotation: object) -> list[object]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [part for argument in get_args(annotation) for part in _parts(argument)]


@pytest.mark.parametrize(
    ("section", "term"),
    [
        *(("Forests, wetlands, index covers", term) for term in RESOURCE_TERMS.terms()),
        *(("Chemical zones", term) for term in ZONE_TERMS.terms()),
        *(("Issuers under stress", term) for term in ISSUER_TERMS.terms()),
    ],
    ids=lambda value: getattr(value, "name", value),
)
def test_every_term_is_in_the_nomenclature_with_its_unit(section: str, term: Term) -> None:
    declared = text("nomenclature.md").split(f"\n## {section}\n")[1].split("\n## ")[0]
    rows = [line for line in declared.splitlines() if line.startswith(f"| `{term.name}` |")]
    assert len(rows) == 1
    assert f"| {term.unit} |" in rows[0]


@pytest.mark.parametrize("kind", get_args(Kind))
def test_every_kind_of_ledger_line_is_told(kind: str) -> None:
    assert f"\n| `{kind}` | " in text("ledger.md")


@pytest.mark.parametrize("column", COLUMNS)
def test_every_column_of_the_ledger_is_told(column: str) -> None:
    assert f"\n| `{column}` | " in text("ledger.md")


@pytest.mark.parametrize("name", sorted(set(greenrisk.__all__) - {"__version__"}))
def test_every_public_name_of_the_library_is_told_with_its_parameters(name: str) -> None:
    section = text("python.md").split(f"\n## greenrisk.{name}\n")[1].split("\n## ")[0]
    for parameter in inspect.signature(getattr(greenrisk, name)).parameters.values():
        star = "**" if parameter.kind is parameter.VAR_KEYWORD else ""
        assert f"| `{star}{parameter.name}` | " in section


@pytest.mark.parametrize("card", names("models"))
def test_every_card_has_a_section(card: str) -> None:
    assert f"\n## {card}\n" in text("cards.md")
