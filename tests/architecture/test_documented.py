# SPDX-License-Identifier: Apache-2.0
"""Nothing without a word: every term, unit, kind, command, option, file, group and dimension is documented."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import click
import pytest
import xarray as xr
from small_forest import small_run
from studied_index import small_index_run
from studied_issuers import small_issuers_run
from studied_wetland import small_wetland_run
from studied_zone import small_zone_run

import greenrisk
from greenrisk.cli.main import cli
from greenrisk.core.vocabulary import Term, Vocabulary
from greenrisk.report.store import read
from greenrisk.scenario.registry import STUDIES

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs" / "reference"
WINGS = ("resource", "pollution", "issuer")


def page(name: str) -> str:
    return (REFERENCE / name).read_text(encoding="utf-8")


def declared() -> dict[str, list[Term]]:
    """By name, what each wing that declares it says of it."""
    terms: dict[str, list[Term]] = {}
    for wing in WINGS:
        vocabulary: Vocabulary = import_module(f"greenrisk.{wing}.vocabulary").TERMS
        for term in vocabulary.terms():
            terms.setdefault(term.name, []).append(term)
    return terms


@pytest.fixture(
    scope="module", params=[small_run, small_zone_run, small_issuers_run, small_index_run, small_wetland_run]
)
def run(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[greenrisk.RunResult, Path]:
    folder: Path = request.param(tmp_path_factory)
    return read(folder), folder


def test_every_wing_that_has_a_vocabulary_is_looked_at() -> None:
    package = Path(greenrisk.__file__).parent
    assert {path.parent.name for path in package.glob("*/vocabulary.py")} - {"core"} == set(WINGS)


def test_every_term_stands_in_the_nomenclature_with_unit_and_sentence() -> None:
    text = page("nomenclature.md")
    for term in (one for same in declared().values() for one in same):
        assert f"| `{term.name}` | {term.label} | {term.unit} | {term.sentence} |" in text


def test_every_metric_is_a_declared_term_in_its_unit(run: tuple[greenrisk.RunResult, Path]) -> None:
    terms = declared()
    for metric in run[0].metrics.to_dict("records"):
        assert metric["name"] in terms
        assert {metric["unit"]} == {term.unit for term in terms[metric["name"]]}, metric["name"]


def test_every_number_of_a_result_has_a_unit(run: tuple[greenrisk.RunResult, Path]) -> None:
    bare = [
        f"{node.path}/{name}"
        for node in run[0].tree.subtree
        for name, variable in node.to_dataset(inherit=False).data_vars.items()
        if variable.dtype.kind in "iuf" and "units" not in variable.attrs
    ]
    assert bare == []


def test_every_file_group_and_dimension_of_a_run_folder_is_documented(
    run: tuple[greenrisk.RunResult, Path],
) -> None:
    text = page("run-folder.md")
    _, folder = run
    with xr.open_datatree(folder / "results.nc", engine="h5netcdf") as tree:
        kind = tree.attrs["kind"]
        groups = [node.path for node in tree.subtree if node.has_data]
        dims = {str(dim) for node in tree.subtree for dim in node.dims}
    assert [path.name for path in folder.iterdir() if f"`{path.name}" not in text] == []
    of_kind = "".join(
        part for part in re.split(r"\n## Groups of an? ", text)[1:] if part.startswith(f"{kind} run")
    )
    assert [group for group in groups if f"\n### {group}\n" not in of_kind] == []
    assert [dim for dim in sorted(dims) if not re.search(rf"`[^`]*\b{re.escape(dim)}\b[^`]*`", of_kind)] == []


def test_every_kind_and_field_of_a_scenario_is_documented() -> None:
    text = page("scenario.md")
    assert [kind for kind in STUDIES if f"`{kind}`" not in text] == []
    for name in ("forest-jingdezhen", "zone-leping", "issuers-jingdezhen", "wetland-nile", "wetland-manaus"):
        fields = type(greenrisk.load(name).spec).model_fields
        assert [field for field in fields if f"`{field}`" not in text] == []


def test_every_command_and_option_is_documented() -> None:
    text = page("cli.md")
    for name, command in cli.commands.items():
        assert f"\n## {name}\n" in text
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                for option in parameter.opts:
                    assert f"`{option}" in text, f"{name} {option}"
