# SPDX-License-Identifier: Apache-2.0
"""Values set over a scenario file's: ``--set terms.deductible.share=0.2``."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from greenrisk.core.errors import Fault, Faults, GreenRiskError, ScenarioError
from greenrisk.core.marked_yaml import KeyPath, MarkedYaml, key_text, one_line, parse_value

_STEP = re.compile(r"\.?([A-Za-z_][A-Za-z0-9_-]*)|\[(\d+)\]")


@dataclass(frozen=True)
class Override:
    """One value set from outside.

    Parameters
    ----------
    where : str
        What the user wrote, for messages: ``--years 0``.
    key : str
        Key path, e.g. ``perils[0].cap_ha``.
    value : object
        Plain data.
    """

    where: str
    key: str
    value: Any


def read_overrides(overrides: Mapping[str, object] | Sequence[str | Override]) -> list[Override]:
    """Return overrides from ``key=value`` texts (values in YAML) or from a mapping of Python values.

    Raises
    ------
    ScenarioError
        With every text that is no ``key=value`` or whose value is not YAML.
    """
    if isinstance(overrides, Mapping):
        return [
            Override(f"argument {key}", key, parse_value(value) if isinstance(value, str) else _plain(value))
            for key, value in overrides.items()
        ]
    faults = Faults()
    read: list[Override] = []
    for item in overrides:
        if isinstance(item, Override):
            read.append(item)
            continue
        where = f"--set {item}"
        key, equals, text = item.partition("=")
        if not equals or not key.strip():
            faults.add(where, item, "Must be `key=value`, e.g. `--set terms.deductible.share=0.2`.")
            continue
        try:
            read.append(Override(where, key.strip(), parse_value(text)))
        except GreenRiskError:
            faults.add(where, one_line(text), "The value is not valid YAML. Put it in quotes.")
    faults.raise_if_any(ScenarioError)
    return read


def apply(marked: MarkedYaml, overrides: Iterable[Override]) -> MarkedYaml:
    """Return the data with overrides set.

    Raises
    ------
    ScenarioError
        With every override whose path leads nowhere. A new key in a mapping is left to the schema to judge.
    """
    data = copy.deepcopy(marked.data)
    overridden = dict(marked.overridden)
    faults: list[Fault] = []
    for override in overrides:
        path = _path(override.key)
        problem = "Not a key path: write `a.b[0].c`." if path is None else _set(data, path, override.value)
        if path is None or problem:
            faults.append(Fault(override.where, override.key, problem))
        else:
            overridden[path] = override.where
    if faults:
        raise ScenarioError(faults)
    return replace(marked, data=data, overridden=overridden)


def _path(key: str) -> KeyPath | None:
    path: list[str | int] = []
    place = 0
    while place < len(key):
        found = _STEP.match(key, place)
        if found is None or (place == 0 and key.startswith((".", "["))):
            return None
        path.append(found[1] if found[1] is not None else int(found[2]))
        place = found.end()
    return tuple(path) or None


def _set(data: Any, path: KeyPath, value: Any) -> str:
    """Set a value in place; return what is wrong with the path, or nothing."""
    here = data
    for depth, key in enumerate(path):
        last = depth == len(path) - 1
        name = key_text(path[:depth]) or "the scenario"
        if isinstance(key, int):
            if not isinstance(here, list):
                return f"`{name}` is no list."
            if key >= len(here):
                count = len(here)
                return f"`{name}` has {count} item{'' if count == 1 else 's'}; the first is [0]."
            if last:
                here[key] = value
        else:
            if not isinstance(here, dict):
                return f"`{name}` is no mapping, it has no key `{key}`."
            if last:
                here[key] = value
            elif here.get(key) is None:
                here[key] = {}
        here = here[key]
    return ""


def _plain(value: object) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
