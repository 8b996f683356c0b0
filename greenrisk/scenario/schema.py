# SPDX-License-Identifier: Apache-2.0
"""The scenario as an object: a frozen spec, the file it came from, the way to a job; and its JSON Schema."""

from __future__ import annotations

import functools
import hashlib
import io
import json
import operator
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, Field, TypeAdapter
from ruamel.yaml import YAML
from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.representer import SafeRepresenter

from greenrisk.core.errors import ArgumentError, Fault
from greenrisk.core.marked_yaml import KeyPath, MarkedYaml
from greenrisk.scenario.registry import STUDIES, resolve

if TYPE_CHECKING:
    from greenrisk.core.job import Job

SCHEMA_LINE = "# yaml-language-server: $schema=schema.json\n"
"""First line of every scenario file: editors check the keys while one types."""

DATA_DIR_VARIABLE = "GREENRISK_DATA"
"""Environment variable that names the folder of large data where ``--data-dir`` does not."""


_LINE_BREAKS = "\x85\u2028\u2029"


class _Representer(SafeRepresenter):
    """Escapes the line breaks of Unicode, which ruamel.yaml would write as they are and read back as spaces."""


def _text(representer: SafeRepresenter, text: str) -> ScalarNode:
    style = '"' if any(mark in text for mark in _LINE_BREAKS) else None
    node: ScalarNode = representer.represent_scalar("tag:yaml.org,2002:str", text, style=style)
    return node


_Representer.add_representer(str, _text)


@dataclass(frozen=True)
class Scenario:
    """One study to run: validated and frozen.

    Parameters
    ----------
    spec : BaseModel
        The study's own spec, e.g. ``ForestScenario``.
    path : Path or None
        The file; None where it was built in Python.
    marked : MarkedYaml or None
        Its data with line marks.
    """

    spec: Any
    path: Path | None = None
    marked: MarkedYaml | None = None

    def __repr__(self) -> str:
        """Kind, name and file; `dump()` gives the whole."""
        place = f", from {self.path}" if self.path is not None else ""
        return f"Scenario({self.kind}: {self.name}{place})"

    @property
    def kind(self) -> str:
        """Which study."""
        return str(self.spec.kind)

    @property
    def name(self) -> str:
        """Short name; the run folder bears it."""
        return str(self.spec.name)

    @property
    def sha256(self) -> str:
        """Identity of what is computed: of the spec with its defaults, not of the file's layout."""
        return hashlib.sha256(self.dump().encode()).hexdigest()

    def dump(self, path: str | Path | None = None) -> str:
        """Return the scenario as YAML, every default written out; write it to ``path`` where one is given."""
        yaml = YAML(typ="safe", pure=True)
        yaml.Representer = _Representer
        yaml.default_flow_style = False
        yaml.allow_unicode = True
        yaml.width = 100
        yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
        stream = io.StringIO()
        yaml.dump(self.spec.model_dump(mode="json"), stream)
        text = SCHEMA_LINE + stream.getvalue()
        if path is not None:
            Path(path).write_text(text, encoding="utf-8")
        return text

    def prepare(self, data_dir: str | Path | None = None) -> Job:
        """Read and check every table and card, and return the job.

        Parameters
        ----------
        data_dir : path, optional
            Folder of large data that the project does not ship; the environment variable ``GREENRISK_DATA``
            otherwise.

        Raises
        ------
        GreenRiskError
            With the faults of all tables and cards; where the folder does not exist.
        """
        from greenrisk.core.ledger import Ledger
        from greenrisk.core.sources import Sources

        sources = Sources(
            self.path.parent if self.path else Path.cwd(),
            self.where,
            Ledger(),
            data_folder(data_dir),
            self.marked.overridden if self.marked else (),
        )
        sources.inputs["scenario"] = self.sha256
        job: Job = resolve(STUDIES[self.kind].prepare)(self.spec, sources)
        sources.raise_if_any()
        return job

    def where(self, key_path: KeyPath = ()) -> str:
        """Return the place of a key path: ``file:line:col``; the scenario's name where there is no file."""
        return self.marked.where(key_path) if self.marked else f"scenario {self.name}"


def data_folder(chosen: str | Path | None) -> Path | None:
    """Return the folder of large data: the one chosen, else that of ``GREENRISK_DATA``, else None.

    Raises
    ------
    ArgumentError
        Where there is no such folder.
    """
    where, name = "--data-dir", chosen
    if not name:
        where, name = DATA_DIR_VARIABLE, os.environ.get(DATA_DIR_VARIABLE)
    if not name:
        return None
    if not Path(name).is_dir():
        raise ArgumentError(
            Fault(where, str(name), "There is no such folder. Name one that exists, or none.")
        )
    return Path(name)


def spec_of(kind: str) -> type[BaseModel]:
    """Return the spec class of a kind of scenario."""
    spec: type[BaseModel] = resolve(STUDIES[kind].spec)
    return spec


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of a scenario file: every registered study, told apart by ``kind``."""
    specs: list[Any] = [spec_of(kind) for kind in STUDIES]
    if len(specs) == 1:
        schema: dict[str, Any] = specs[0].model_json_schema()
    else:
        union: Any = functools.reduce(operator.or_, specs)
        adapter: TypeAdapter[Any] = TypeAdapter(Annotated[union, Field(discriminator="kind")])
        schema = adapter.json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def schema_text() -> str:
    """Return the JSON Schema as the text of ``scenarios/schema.json``."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"
