# SPDX-License-Identifier: Apache-2.0
"""From pydantic's errors to faults a user can mend: place, key path, value, what was expected."""

from __future__ import annotations

import re
import types
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from greenrisk.core.cell_values import in_per_cent
from greenrisk.core.errors import Fault, GreenRiskError
from greenrisk.core.fields import (
    bare,
    domain_of,
    first_sentence,
    is_union,
    kind_of,
    step,
    type_words,
    unit_and_domain,
    unit_of,
)
from greenrisk.core.marked_yaml import KeyPath, MarkedYaml, did_you_mean, key_text, one_line
from greenrisk.core.problems import Problem, is_type_error, located, value_at

Model = TypeVar("Model", bound=BaseModel)

_SIGNED = re.compile(r"([-+]?\d+(?:\.\d+)?)\s*([%\uff05\u2030])")


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
        problems = located(model, marked.data, problem)
        raise error(_faults(problems, marked), _hint(model, marked.data, problems)) from None
    faults = list(_coerced(model, marked, instance.model_dump(), marked.data, ()))
    if faults:
        raise error(faults)
    return instance


def _faults(problems: list[Problem], marked: MarkedYaml) -> list[Fault]:
    """Return one fault a slip, in the order of the file."""
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


def _misspelt(problems: list[Problem]) -> tuple[dict[int, str], set[int]]:
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


def _fault(problem: Problem, marked: MarkedYaml, meant: str) -> Fault:
    where = marked.where(problem.path if problem.code != "missing" else problem.path[:-1])
    what = key_text(problem.path)
    if problem.code == "missing":
        expected = f"This key is missing. {first_sentence(problem.field) if problem.field else ''}".strip()
        return Fault(where, what, expected, unit_and_domain(problem.field))
    if not (problem.code == "value_error" and isinstance(problem.value, Mapping)):
        shown = one_line(problem.value)
        shown = "" if problem.value is None else shown
        what = f"{what} = {shown}".rstrip() if what else shown
    if problem.code == "extra_forbidden":
        return _unknown_key(problem, marked, where, what, meant)
    expected, unit = _expected(problem)
    return Fault(where, what or str(marked.path), expected, unit)


def _unknown_key(problem: Problem, marked: MarkedYaml, where: str, what: str, meant: str) -> Fault:
    owner = problem.owner
    if owner is None:
        return Fault(where, what, "Unknown key.")
    mapping = value_at(marked.data, problem.path[:-1])
    if kinds := kind_of(owner):
        kind = mapping.get("kind") if isinstance(mapping, Mapping) else None
        kind = kind if kind in kinds else kinds[0]
        whose = f" for {'an' if kind[0] in 'aeiou' else 'a'} {kind}"
    else:
        whose = f" in `{key_text(problem.path[:-1])}`" if len(problem.path) > 1 else ""
    free = [name for name in owner.model_fields if not (isinstance(mapping, Mapping) and name in mapping)]
    close = f" Did you mean `{meant}`?" if meant else did_you_mean(str(problem.path[-1]), free)
    if not close and (there := did_you_mean(str(problem.path[-1]), list(owner.model_fields))):
        close = f"{there} It stands there already."
    known = "" if close else f" Known keys: {', '.join(f'`{name}`' for name in owner.model_fields)}."
    field = owner.model_fields.get(close.split("`")[1]) if close else None
    return Fault(where, what, f"Unknown key{whose}.{close}{known}", unit_and_domain(field))


def _expected(problem: Problem) -> tuple[str, str]:
    """Return the sentence and the bracket of a fault."""
    unit, context, code = unit_of(problem.field), problem.context, problem.code
    bounds = {"greater_than": ">", "greater_than_equal": ">=", "less_than": "<", "less_than_equal": "<="}
    if code in bounds:
        domain = domain_of(problem.field).replace(", ", " and ")
        share = (
            unit == "unitless" and domain.endswith(("< 1", "<= 1")) and isinstance(problem.value, int | float)
        )
        mend = in_per_cent(problem.value) if share else ""
        return f"Must be {domain or f'{bounds[code]} {next(iter(context.values()))}'}.{mend}", unit
    if code == "multiple_of":
        return f"Must be a multiple of {context['multiple_of']:g}.", unit
    if code in ("value_error", "assertion_error"):
        return str(context.get("error", problem.message)), unit
    if code == "literal_error":
        return _one_of(
            problem.value, [str(value) for value in get_args(bare(problem.annotation))], problem.path
        ), unit
    if code in ("union_tag_invalid", "union_tag_not_found"):
        known = [kind for member in get_args(bare(problem.annotation)) for kind in kind_of(bare(member))]
        value = problem.value.get("kind") if isinstance(problem.value, Mapping) else None
        told = _one_of(value, known, (*problem.path, "kind"))
        return told if value is not None else f"This key is missing: `kind`. {told.split('. ', 1)[1]}", ""
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
    if is_type_error(code):
        annotation = problem.annotation
        empty = " or empty" if is_union(annotation) and types.NoneType in get_args(annotation) else ""
        if problem.value is None:
            return f"No value is given. Must be {type_words(annotation)}.", unit_and_domain(problem.field)
        return f"Must be {type_words(annotation)}{empty}.{_without_sign(problem.value, unit)}", unit
    return f"{problem.message}.", unit


def _without_sign(value: Any, unit: str) -> str:
    """Return how to write what the user gave with a sign of per cent or per mille; empty for anything else."""
    found = _SIGNED.fullmatch(value.strip()) if isinstance(value, str) else None
    scale = {"unitless": 1.0, "per mille": 1000.0}.get(unit)
    if found is None or scale is None:
        return ""
    share = float(found[1]) / (1000.0 if found[2] == "\u2030" else 100.0)
    return f" Write {share * scale:.6g} for {value.strip()}."


def _count(number: int) -> str:
    return "one item" if number == 1 else f"{number} items"


def _one_of(value: Any, known: list[str], path: KeyPath) -> str:
    word = "kind" if path[-1:] == ("kind",) else "choice"
    listed = ", ".join(f"`{name}`" for name in known)
    return f"Unknown {word}.{did_you_mean(str(value), known)} Known {word}s: {listed}."


def _hint(model: type[BaseModel], data: Any, problems: list[Problem]) -> str:
    """Name the command that lists the keys of the innermost mapping with a kind that all faults share."""
    top = kind_of(model)
    if not top:
        return ""
    shared = {_kind_around(model, data, problem) or top[0] for problem in problems}
    return f"`greenrisk show kind {shared.pop() if len(shared) == 1 else top[0]}` lists its keys."


def _kind_around(model: type[BaseModel], data: Any, problem: Problem) -> str:
    annotation: Any = model
    kind = ""
    for key in (*problem.path, None):
        given = data.get("kind") if isinstance(data, Mapping) else None
        annotation = bare(annotation)
        members = get_args(annotation) if is_union(annotation) else (annotation,)
        member = next((m for m in map(bare, members) if given in kind_of(m)), None)
        if member is not None:
            kind, annotation = str(given), member
        if key is not None:
            annotation, data = step(annotation, key, data).annotation, value_at(data, (key,))
    return kind


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
