# SPDX-License-Identifier: Apache-2.0
"""From pydantic's errors to faults a user can mend: place, key path, value, what was expected."""

from __future__ import annotations

import types
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from greenrisk.core.errors import Fault, GreenRiskError
from greenrisk.core.fields import (
    bare,
    domain_of,
    first_sentence,
    is_spec,
    is_union,
    kind_of,
    step,
    type_words,
    unit_and_domain,
    unit_of,
)
from greenrisk.core.marked_yaml import KeyPath, MarkedYaml, did_you_mean, key_text, one_line

Model = TypeVar("Model", bound=BaseModel)

_TYPE_ERRORS = ("_type", "_parsing", "_from_float", "_attributes_type")


@dataclass(frozen=True)
class _Problem:
    """One pydantic error, located in the user's own data."""

    code: str
    path: KeyPath
    value: Any
    context: Mapping[str, Any]
    message: str
    annotation: Any
    field: FieldInfo | None
    owner: type[BaseModel] | None
    """The spec in whose mapping the last key stands."""
    unions: tuple[tuple[KeyPath, str], ...]
    """Unions passed on the way: where, and which member pydantic tried."""


def validate(model: type[Model], marked: MarkedYaml, error: type[GreenRiskError]) -> Model:
    """Validate a YAML file's data against a spec.

    Parameters
    ----------
    model : type
        The spec.
    marked : MarkedYaml
        Data with line marks.
    error : type
        Error class to raise.

    Returns
    -------
    Model
        The validated, frozen spec.

    Raises
    ------
    GreenRiskError
        Of class ``error``, with every fault and its file, line, column, key path, value and mend.
    """
    try:
        instance = model.model_validate(marked.data)
    except ValidationError as problem:
        faults = list(explain(model, marked, problem))
        raise error(faults, _hint(model, marked, problem)) from None
    faults = list(_coerced(model, marked, instance.model_dump(), marked.data, ()))
    if faults:
        raise error(faults)
    return instance


def explain(model: type[BaseModel], marked: MarkedYaml, error: ValidationError) -> Iterable[Fault]:
    """Return the faults behind a pydantic error, in the order of the file."""
    problems = [_locate(model, marked.data, item) for item in error.errors(include_url=False)]
    problems = _without_echoes(_one_member_per_union(problems))
    misspelt, answered = _misspelt(problems)
    found: list[tuple[tuple[int, int], int, Fault]] = []
    for number, problem in enumerate(problems):
        if number in answered:
            continue
        fault = _fault(problem, marked, misspelt.get(number, ""))
        found.append((_place(marked, problem.path), number, fault))
    return [fault for _, _, fault in sorted(found, key=lambda item: item[:2])]


def _place(marked: MarkedYaml, path: KeyPath) -> tuple[int, int]:
    for length in range(len(path), -1, -1):
        if path[:length] in marked.marks:
            return marked.marks[path[:length]]
    return (0, 0)


def _locate(model: type[BaseModel], data: Any, item: Any) -> _Problem:
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
        owner = bare(annotation) if is_spec(bare(annotation)) else owner
        field = taken.field or (field if isinstance(key, int) else None)
        annotation = taken.annotation
        path.append(key)
        here = _below(here, key)
    return _Problem(
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


def _one_member_per_union(problems: list[_Problem]) -> list[_Problem]:
    """Keep, of the members that pydantic tried for one union, the one the user most likely meant."""
    members: dict[KeyPath, dict[str, list[_Problem]]] = {}
    for problem in problems:
        for where, tag in problem.unions:
            members.setdefault(where, {}).setdefault(tag, []).append(problem)
    dropped: set[int] = set()
    for where, groups in members.items():
        if len(groups) < 2:
            continue
        at_union = [
            p for group in groups.values() for p in group if p.path == where and _is_type_error(p.code)
        ]
        if len(at_union) == sum(map(len, groups.values())):
            dropped |= {id(p) for p in at_union[1:]}
            continue

        def cost(group: list[_Problem]) -> tuple[bool, int]:
            return any(p.code == "literal_error" and p.path[-1:] == ("kind",) for p in group), len(group)

        best = min(groups.values(), key=cost)
        dropped |= {id(p) for group in groups.values() if group is not best for p in group}
    return [problem for problem in problems if id(problem) not in dropped]


def _without_echoes(problems: list[_Problem]) -> list[_Problem]:
    """Drop pydantic's complaint that a list became too short because its items were invalid."""
    return [
        p
        for p in problems
        if not (
            p.code == "too_short" and isinstance(p.value, list) and len(p.value) >= p.context["min_length"]
        )
    ]


def _misspelt(problems: list[_Problem]) -> tuple[dict[int, str], set[int]]:
    """Match unknown keys to missing ones of the same mapping: one slip of the pen is one fault."""
    names: dict[int, str] = {}
    answered: set[int] = set()
    for number, problem in enumerate(problems):
        if problem.code != "extra_forbidden":
            continue
        missing = {
            str(other.path[-1]): index
            for index, other in enumerate(problems)
            if other.code == "missing" and other.path[:-1] == problem.path[:-1] and index not in answered
        }
        close = did_you_mean(str(problem.path[-1]), list(missing))
        if close:
            name = close.split("`")[1]
            names[number] = name
            answered.add(missing[name])
    return names, answered


def _fault(problem: _Problem, marked: MarkedYaml, meant: str) -> Fault:
    where = marked.where(problem.path if problem.code != "missing" else problem.path[:-1])
    what = key_text(problem.path)
    if problem.code == "missing":
        expected = f"This key is missing. {first_sentence(problem.field) if problem.field else ''}".strip()
        return Fault(where, what, expected, unit_and_domain(problem.field))
    if not (problem.code == "value_error" and isinstance(problem.value, Mapping)):
        shown = one_line(problem.value)
        what = f"{what} = {shown}" if what else shown
    if problem.code == "extra_forbidden":
        return _unknown_key(problem, marked, where, what, meant)
    expected, unit = _expected(problem)
    return Fault(where, what or str(marked.path), expected, unit)


def _unknown_key(problem: _Problem, marked: MarkedYaml, where: str, what: str, meant: str) -> Fault:
    owner = problem.owner
    if owner is None:
        return Fault(where, what, "Unknown key.")
    mapping = _at(marked.data, problem.path[:-1])
    if kinds := kind_of(owner):
        kind = mapping.get("kind") if isinstance(mapping, Mapping) else None
        kind = kind if kind in kinds else kinds[0]
        whose = f" for {'an' if kind[0] in 'aeiou' else 'a'} {kind}"
    else:
        whose = f" in `{key_text(problem.path[:-1])}`" if len(problem.path) > 1 else ""
    free = [name for name in owner.model_fields if not (isinstance(mapping, Mapping) and name in mapping)]
    close = f" Did you mean `{meant}`?" if meant else did_you_mean(str(problem.path[-1]), free)
    known = "" if close else f" Known keys: {', '.join(f'`{name}`' for name in owner.model_fields)}."
    field = owner.model_fields.get(close.split("`")[1]) if close else None
    return Fault(where, what, f"Unknown key{whose}.{close}{known}", unit_and_domain(field))


def _at(data: Any, path: KeyPath) -> Any:
    for key in path:
        data = _below(data, key)
    return data


def _is_type_error(code: str) -> bool:
    return code.endswith(_TYPE_ERRORS)


def _expected(problem: _Problem) -> tuple[str, str]:
    """Return the sentence and the bracket of a fault."""
    unit, context, code = unit_of(problem.field), problem.context, problem.code
    bounds = {"greater_than": ">", "greater_than_equal": ">=", "less_than": "<", "less_than_equal": "<="}
    if code in bounds:
        return (
            f"Must be {domain_of(problem.field) or f'{bounds[code]} {next(iter(context.values()))}'}.",
            unit,
        )
    if code in ("value_error", "assertion_error"):
        return str(context.get("error", problem.message)), unit
    if code == "literal_error":
        return _one_of(
            problem.value, [str(value) for value in get_args(bare(problem.annotation))], problem.path
        ), unit
    if code in ("union_tag_invalid", "union_tag_not_found"):
        known = [kind for member in get_args(bare(problem.annotation)) for kind in kind_of(bare(member))]
        value = problem.value.get("kind") if isinstance(problem.value, Mapping) else None
        return _one_of(value, known, (*problem.path, "kind")), ""
    if code == "finite_number":
        return "Must be a finite number.", unit
    if code == "int_from_float":
        return "Must be a whole number.", unit
    if code == "too_short":
        return f"Needs at least {_count(context['min_length'])}.", unit
    if code == "too_long":
        return f"Takes at most {_count(context['max_length'])}.", unit
    if code == "string_pattern_mismatch":
        return f"Must match the pattern `{context['pattern']}`.", unit
    if _is_type_error(code):
        annotation = problem.annotation
        empty = " or empty" if is_union(annotation) and types.NoneType in get_args(annotation) else ""
        bracket = unit if problem.value is not None or not unit else unit_and_domain(problem.field)
        return f"Must be {type_words(annotation)}{empty}.", bracket
    return f"{problem.message}.", unit


def _count(number: int) -> str:
    return "one item" if number == 1 else f"{number} items"


def _one_of(value: Any, known: list[str], path: KeyPath) -> str:
    word = "kind" if path[-1:] == ("kind",) else "choice"
    listed = ", ".join(f"`{name}`" for name in known)
    return f"Unknown {word}.{did_you_mean(str(value), known)} Known {word}s: {listed}."


def _hint(model: type[BaseModel], marked: MarkedYaml, error: ValidationError) -> str:
    """Name the command that lists the keys of the deepest mapping with a kind that all faults share."""
    shared: set[str] = set()
    for item in error.errors(include_url=False):
        problem = _locate(model, marked.data, item)
        kind = ""
        for length in range(len(problem.path)):
            mapping = _at(marked.data, problem.path[:length])
            found = mapping.get("kind") if isinstance(mapping, Mapping) else None
            kind = found if isinstance(found, str) else kind
        shared.add(kind)
    top = kind_of(model)
    if not top:
        return ""
    kind = shared.pop() if len(shared) == 1 else top[0]
    return f"`greenrisk show kind {kind or top[0]}` lists its keys."


def _coerced(model: Any, marked: MarkedYaml, dumped: Any, data: Any, path: KeyPath) -> Iterable[Fault]:
    """Find what pydantic would quietly turn into a number: quoted figures and true/false."""
    if isinstance(data, Mapping) and isinstance(dumped, Mapping):
        for key, value in data.items():
            yield from _coerced(model, marked, dumped.get(key), value, (*path, key))
    elif isinstance(data, list) and isinstance(dumped, list | tuple):
        for index, (value, other) in enumerate(zip(data, dumped, strict=False)):
            yield from _coerced(model, marked, other, value, (*path, index))
    elif isinstance(dumped, int | float) and (
        isinstance(data, str) or (isinstance(data, bool) and not isinstance(dumped, bool))
    ):
        mend = " Take the quotes away." if isinstance(data, str) else ""
        shown = f"'{data}'" if isinstance(data, str) else one_line(data)
        yield Fault(marked.where(path), f"{key_text(path)} = {shown}", f"Must be a number.{mend}")
