# SPDX-License-Identifier: Apache-2.0
"""pydantic's errors located in the user's own data: union tags stripped, echoes dropped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from greenrisk.core.fields import bare, is_spec, step
from greenrisk.core.marked_yaml import KeyPath

_TYPE_ERRORS = ("_type", "_parsing", "_from_float", "_attributes_type")


@dataclass(frozen=True)
class Problem:
    """One pydantic error, located in the user's own data.

    Parameters
    ----------
    code : str
        pydantic's type of error.
    path : tuple
        Key path in the data.
    value : object
        What the user gave there; None where nothing.
    context : mapping
        pydantic's details.
    message : str
        pydantic's sentence.
    annotation : object
        Type that was expected at the path.
    field : FieldInfo or None
        The field, or the one whose list the value stands in.
    owner : type or None
        The spec in whose mapping the last key stands.
    unions : tuple
        Unions passed on the way: where, and which member pydantic tried.
    """

    code: str
    path: KeyPath
    value: Any
    context: Mapping[str, Any]
    message: str
    annotation: Any
    field: FieldInfo | None
    owner: type[BaseModel] | None
    unions: tuple[tuple[KeyPath, str], ...]


def located(model: type[BaseModel], data: Any, error: ValidationError) -> list[Problem]:
    """Return pydantic's errors, each at its place in ``data``, without those that only echo another."""
    problems = [_locate(model, data, item) for item in error.errors(include_url=False)]
    return _without_echoes(_one_member_per_union(problems))


def _locate(model: type[BaseModel], data: Any, item: Any) -> Problem:
    annotation: Any = model
    path: list[str | int] = []
    unions: list[tuple[KeyPath, str]] = []
    field: FieldInfo | None = None
    owner: type[BaseModel] | None = None
    here = data
    for key in item["loc"]:
        taken = step(annotation, key, here)
        if not taken.consumes:
            unions.append((tuple(path), str(key)))
            annotation = taken.annotation
            continue
        if is_spec(bare(annotation)):
            owner, field = bare(annotation), taken.field
        annotation = taken.annotation
        path.append(key)
        here = _below(here, key)
    return Problem(
        item["type"],
        tuple(path),
        here,
        item.get("ctx", {}),
        item["msg"],
        annotation,
        field,
        owner,
        tuple(unions),
    )


def _below(data: Any, key: str | int) -> Any:
    if isinstance(data, Mapping):
        return data.get(key)
    if isinstance(data, list | tuple) and isinstance(key, int) and key < len(data):
        return data[key]
    return None


def _one_member_per_union(problems: list[Problem]) -> list[Problem]:
    """Keep, of the members that pydantic tried for one union, the one the user most likely meant."""
    members: dict[KeyPath, dict[str, list[Problem]]] = {}
    for problem in problems:
        for where, tag in problem.unions:
            members.setdefault(where, {}).setdefault(tag, []).append(problem)
    dropped: set[int] = set()
    for where, groups in members.items():
        if len(groups) < 2:
            continue
        at_union = [
            p for group in groups.values() for p in group if p.path == where and is_type_error(p.code)
        ]
        if len(at_union) == sum(map(len, groups.values())):
            dropped |= {id(p) for p in at_union[1:]}
            continue

        def cost(group: list[Problem]) -> tuple[bool, int]:
            return any(p.code == "literal_error" and p.path[-1:] == ("kind",) for p in group), len(group)

        best = min(groups.values(), key=cost)
        dropped |= {id(p) for group in groups.values() if group is not best for p in group}
    return [problem for problem in problems if id(problem) not in dropped]


def _without_echoes(problems: list[Problem]) -> list[Problem]:
    """Drop pydantic's complaint that a list became too short because its items were invalid."""
    return [
        p
        for p in problems
        if not (
            p.code == "too_short" and isinstance(p.value, list) and len(p.value) >= p.context["min_length"]
        )
    ]


def value_at(data: Any, path: KeyPath) -> Any:
    """Return what stands at a key path of plain data; None where nothing does."""
    for key in path:
        data = _below(data, key)
    return data


def is_type_error(code: str) -> bool:
    """Whether a pydantic error says that the value is of the wrong type."""
    return code.endswith(_TYPE_ERRORS)
