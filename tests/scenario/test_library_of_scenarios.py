# SPDX-License-Identifier: Apache-2.0
"""Scenarios are found, registered, described by a schema, and all that ship are valid."""

from __future__ import annotations

import json
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from greenrisk.core.errors import ScenarioError
from greenrisk.core.library import find, library_root, names
from greenrisk.core.marked_yaml import read_yaml
from greenrisk.core.tables import TableSpec
from greenrisk.scenario.load import load, locate
from greenrisk.scenario.registry import FOREST, STUDIES, Study, collect, resolve
from greenrisk.scenario.schema import SCHEMA_LINE, json_schema, schema_text, spec_of

NAMES = names("scenarios")


def test_the_committed_schema_is_up_to_date() -> None:
    committed = (library_root() / "scenarios" / "schema.json").read_text(encoding="utf-8")
    assert committed == schema_text(), "run `greenrisk schema > scenarios/schema.json`"


def test_the_schema_is_a_valid_json_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(json_schema())


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_scenario_is_valid_and_carries_the_line_for_editors(name: str) -> None:
    path = find("scenarios", name)
    assert path is not None
    assert path.read_text(encoding="utf-8").startswith(SCHEMA_LINE)
    assert load(name).name == name
    jsonschema.validate(read_yaml(path).data, json_schema())


def test_the_schema_refuses_what_loading_refuses() -> None:
    path = find("scenarios", "forest-jingdezhen")
    assert path is not None
    data: dict[str, Any] = read_yaml(path).data
    for wrong in ({**data, "yeers": 1}, {**data, "years": 0}, {k: v for k, v in data.items() if k != "book"}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, json_schema())


def test_every_key_of_the_schema_is_described() -> None:
    schema = json_schema()
    for part in (schema, *schema["$defs"].values()):
        for key, described in part.get("properties", {}).items():
            assert described.get("description"), f"{part['title']}.{key}"


def test_a_path_wins_over_a_name_and_a_name_over_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "forest-jingdezhen").mkdir()
    assert locate("forest-jingdezhen") == find("scenarios", "forest-jingdezhen")
    load("forest-jingdezhen").dump(tmp_path / "forest-jingdezhen.yaml")
    assert locate("forest-jingdezhen.yaml") == Path("forest-jingdezhen.yaml")
    assert locate(tmp_path / "forest-jingdezhen.yaml") == tmp_path / "forest-jingdezhen.yaml"


def test_a_scenario_of_the_library_may_be_named_with_its_ending(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert locate("forest-jingdezhen.yaml") == find("scenarios", "forest-jingdezhen")


def test_a_scenario_is_frozen() -> None:
    scenario = load("forest-jingdezhen")
    with pytest.raises(AttributeError):
        scenario.path = None  # type: ignore[misc]
    with pytest.raises(ValueError, match="frozen"):
        scenario.spec.years = 1


def test_every_study_names_things_that_exist() -> None:
    assert {"forest", "zone"} <= set(STUDIES)
    for kind, study in STUDIES.items():
        assert study.kind == kind
        assert kind in spec_of(kind).model_fields["kind"].annotation.__args__  # type: ignore[union-attr]
        assert callable(resolve(study.prepare))
        assert callable(resolve(study.page))
        for table in study.tables:
            assert isinstance(resolve(table), TableSpec)


def test_a_study_of_another_package_joins_by_its_entry_point_and_cannot_replace_a_built_in_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "reef_study.py").write_text(
        "from greenrisk.scenario.registry import Study\n"
        "REEF = Study('reef', 'reef_study:Spec', 'reef_study:prepare', 'reef_study:page')\n"
        "IMPOSTOR = Study('forest', 'x:y', 'x:y', 'x:y')\n",
        encoding="utf-8",
    )
    monkeypatch.syspath_prepend(tmp_path)
    points = [
        EntryPoint(name, f"reef_study:{name.upper()}", "greenrisk.studies") for name in ("reef", "impostor")
    ]
    found = collect(points)
    assert list(found) == ["forest", "zone", "issuers", "index", "wetland", "reef"]
    assert found["forest"] is FOREST
    assert isinstance(found["reef"], Study)


def test_a_scenario_without_a_kind_lists_the_known_ones(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("name: x\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load(tmp_path / "a.yaml")
    (fault,) = caught.value.faults
    assert (
        fault.expected
        == "This key is missing: which study to run. Known kinds: `forest`, `zone`, `issuers`, `index`, `wetland`."
    )


def test_the_json_of_a_scenario_follows_the_schema() -> None:
    spec = load("forest-jingdezhen").spec
    jsonschema.validate(json.loads(spec.model_dump_json()), json_schema())
