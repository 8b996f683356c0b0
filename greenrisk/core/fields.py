# SPDX-License-Identifier: Apache-2.0
"""What a spec's fields say of themselves: sentence, unit, domain, kind; for messages and `greenrisk show`."""

from __future__ import annotations

import re
import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import annotated_types as at
from pydantic import BaseModel
from pydantic.fields import FieldInfo

_UNIT = re.compile(r"\[([^\[\]]+)\]")


@dataclass(frozen=True)
class Step:
    """What an error's location means after one step down from a type.

    Parameters
    ----------
    annotation : object
        The type that is reached.
    field : FieldInfo or None
        The field, where the step went into a spec.
    consumes : bool
        False where the step was a union's tag and stands for no key of the user's data.
    """

    annotation: Any
    field: FieldInfo | None = None
    consumes: bool = True


def bare(annotation: Any) -> Any:
    """Return a type without Annotated and without ``| None``."""
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if is_union(annotation):
        members = [member for member in get_args(annotation) if member is not types.NoneType]
        if len(members) == 1:
            return bare(members[0])
    return annotation


def is_union(annotation: Any) -> bool:
    """Whether the type is a union, written either way."""
    return get_origin(annotation) in (Union, types.UnionType)


def is_spec(annotation: Any) -> bool:
    """Whether the type is a pydantic model."""
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def kind_of(model: Any) -> tuple[str, ...]:
    """Return the values of a model's ``kind`` literal; empty where it has none."""
    if not is_spec(model) or "kind" not in model.model_fields:
        return ()
    annotation = bare(model.model_fields["kind"].annotation)
    return tuple(map(str, get_args(annotation))) if get_origin(annotation) is Literal else ()


def step(annotation: Any, key: str | int, data: Any) -> Step:
    """Go one element of a pydantic location down from a type; ``data`` is what the user gave for the type."""
    annotation = bare(annotation)
    if is_union(annotation):
        members = [bare(member) for member in get_args(annotation)]
        for member in members:
            if is_spec(member) and (str(key) in kind_of(member) or member.__name__ == key):
                return Step(member, consumes=False)
        lists = [member for member in members if get_origin(member) in (tuple, list)]
        if isinstance(key, int) and lists:
            return step(lists[0], key, data)
        return Step(annotation, consumes=False)
    if is_spec(annotation):
        field = annotation.model_fields.get(str(key))
        return Step(field.annotation if field else Any, field)
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in (tuple, list, set, frozenset) or (origin is not None and isinstance(key, int) and arguments):
        if origin is tuple and isinstance(key, int) and len(arguments) > 1 and arguments[1] is not Ellipsis:
            return Step(arguments[min(key, len(arguments) - 1)])
        return Step(arguments[0] if arguments else Any)
    if origin is dict or (isinstance(origin, type) and issubclass(origin, Mapping)):
        if isinstance(key, str) and key == "[key]":
            return Step(Any, consumes=False)
        return Step(arguments[1] if len(arguments) > 1 else Any)
    present = (isinstance(data, Mapping) and key in data) or (isinstance(data, list) and isinstance(key, int))
    return Step(Any, consumes=present)


def first_sentence(field: FieldInfo) -> str:
    """Return the field's description without its unit."""
    return _UNIT.sub("", field.description or "").replace(" .", ".").replace("  ", " ").strip()


def unit_of(field: FieldInfo | None) -> str:
    """Return the unit: the last [..] of the field's docstring; empty where it names none."""
    found = _UNIT.findall(field.description or "") if field else []
    return found[-1] if found else ""


def domain_of(field: FieldInfo | None) -> str:
    """Return the field's domain in words, e.g. ``> 0, <= 1``; empty where it has none."""
    if field is None:
        return ""
    parts: list[str] = []
    metadata = list(field.metadata)
    for argument in get_args(field.annotation) if is_union(field.annotation) else (field.annotation,):
        if get_origin(argument) is Annotated:
            metadata += [
                item for extra in get_args(argument)[1:] for item in getattr(extra, "metadata", [extra])
            ]
    for rule in metadata:
        match rule:
            case at.Gt():
                parts.append(f"> {rule.gt}")
            case at.Ge():
                parts.append(f">= {rule.ge}")
            case at.Lt():
                parts.append(f"< {rule.lt}")
            case at.Le():
                parts.append(f"<= {rule.le}")
            case at.MinLen() if rule.min_length == 1:
                parts.append("not empty")
            case _:
                pass
    return ", ".join(parts)


def unit_and_domain(field: FieldInfo | None) -> str:
    """Return ``unit, domain``, whichever there is."""
    return ", ".join(part for part in (unit_of(field), domain_of(field)) if part)


def type_words(annotation: Any) -> str:
    """Return a type in a user's words, e.g. ``a number`` or ``a list of texts``."""
    annotation = bare(annotation)
    if get_origin(annotation) is Literal:
        return "one of " + ", ".join(f"`{value}`" for value in get_args(annotation))
    if is_union(annotation):
        members = [type_words(member) for member in get_args(annotation) if member is not types.NoneType]
        return " or ".join(dict.fromkeys(members))
    if is_spec(annotation):
        return "a mapping"
    plain = {float: "a number", int: "a whole number", str: "text", bool: "true or false"}
    if annotation in plain:
        return plain[annotation]
    origin = get_origin(annotation)
    if origin in (tuple, list, set, frozenset):
        inner = get_args(annotation)
        return f"a list ({type_words(inner[0])} each)" if inner else "a list"
    if origin is dict:
        return "a mapping"
    return "a value"


def models_below(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """Yield the model and every model that its fields hold, each once, from the top down."""
    seen: set[type[BaseModel]] = set()
    waiting: list[Any] = [model]
    while waiting:
        annotation = bare(waiting.pop(0))
        if is_spec(annotation):
            if annotation not in seen:
                seen.add(annotation)
                yield annotation
                waiting += [field.annotation for field in annotation.model_fields.values()]
        else:
            waiting += [argument for argument in get_args(annotation) if not isinstance(argument, str)]


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """Yield the models that an annotation names, not those below them."""
    annotation = bare(annotation)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
        return
    for argument in get_args(annotation):
        yield from models_in(argument)
