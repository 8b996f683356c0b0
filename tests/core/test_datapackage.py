# SPDX-License-Identifier: Apache-2.0
"""data/datapackage.json describes every table that ships, and frictionless finds each table as described."""

from __future__ import annotations

from typing import Any

import frictionless
import pytest

from greenrisk.core.library import library_root
from greenrisk.core.sources import data_package

DATA = library_root() / "data"
RESOURCES: list[dict[str, Any]] = data_package()["resources"]
STATUSES = {"confirmed", "unconfirmed", "illustrative", "synthetic"}


def test_every_table_is_described_and_every_description_has_its_table() -> None:
    described = {resource["path"] for resource in RESOURCES}
    assert described == {path.name for path in DATA.glob("*.csv")}


def test_frictionless_finds_every_table_as_described() -> None:
    report = frictionless.Package(str(DATA / "datapackage.json")).validate()
    assert len(report.tasks) == len(RESOURCES)
    assert report.valid, report.flatten(["name", "rowNumber", "fieldName", "message"])


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: str(resource["name"]))
def test_a_description_says_source_licence_status_and_units(resource: dict[str, Any]) -> None:
    assert resource["status"] in STATUSES
    assert resource["title"]
    assert resource["sources"]
    assert resource["licenses"]
    for field in resource["schema"]["fields"]:
        assert field["description"], field["name"]
        if field["type"] in ("number", "integer"):
            assert field.get("unit"), f"{field['name']} has no unit"


def test_a_synthetic_table_says_so_in_its_name_and_its_generator_is_there() -> None:
    for resource in RESOURCES:
        if resource["status"] == "synthetic":
            assert "synthetic" in resource["path"]
            assert (DATA / resource["generator"]).is_file()
