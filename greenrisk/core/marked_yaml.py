# SPDX-License-Identifier: Apache-2.0
"""YAML as plain Python data plus the line and column of every key, so that a fault can name its place.

The file is composed to nodes and turned into data here, not by a YAML constructor: nothing but mappings,
lists, text, numbers, booleans and null can come out, aliases are expanded under a count, and tags are
refused. Dates stay the text the user wrote; a field that wants a date parses it.
"""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from greenrisk.core.errors import Fault, Faults, GreenRiskError, ScenarioError
from greenrisk.core.library import library_root

KeyPath = tuple[str | int, ...]

LARGEST_FILE = 4_000_000
"""A larger file is no scenario and no card [byte]."""

MOST_NODES = 200_000
"""Values a file may hold after its aliases are expanded; stops an alias bomb."""

_PREFIX = "tag:yaml.org,2002:"
_PLAIN_TAGS = {_PREFIX + name for name in ("null", "bool", "int", "float", "str", "timestamp", "seq", "map")}


@dataclass(frozen=True)
class MarkedYaml:
    """A YAML file as plain data with its line marks.

    Parameters
    ----------
    data : dict
        Mappings, lists, text, numbers, booleans and None only.
    path : Path
        The file, as it is to be named in messages.
    marks : dict
        Line and column (both from 1) of every key and list item, by key path.
    sha256 : str
        Of the file's bytes; empty for data that came from no file.
    overridden : dict
        Places set from outside, by key path: what the user wrote there instead of a line of the file.
    """

    data: dict[str, Any]
    path: Path
    marks: dict[KeyPath, tuple[int, int]] = field(default_factory=dict)
    sha256: str = ""
    overridden: Mapping[KeyPath, str] = field(default_factory=dict)

    def where(self, key_path: KeyPath = ()) -> str:
        """Return ``file:line:col`` of a key path, or of its nearest ancestor that the file holds."""
        for length in range(len(key_path), 0, -1):
            if (override := self.overridden.get(key_path[:length])) is not None:
                return override
            if (mark := self.marks.get(key_path[:length])) is not None:
                return f"{self.path}:{mark[0]}:{mark[1]}"
        return f"{self.path}:{':'.join(map(str, self.marks[()]))}" if () in self.marks else str(self.path)


def shown(path: Path) -> Path:
    """Return the path as a user would write it: relative to the working folder or to the library."""
    for folder in (Path.cwd(), library_root()):
        try:
            return path.resolve().relative_to(folder.resolve())
        except ValueError:
            continue
    return path


def key_text(key_path: KeyPath) -> str:
    """Return a key path as the user reads it.

    Examples
    --------
    >>> key_text(("perils", 0, "kind"))
    'perils[0].kind'
    """
    text = ""
    for key in key_path:
        text += f"[{key}]" if isinstance(key, int) else f".{key}" if text else str(key)
    return text


def did_you_mean(word: str, known: Sequence[str]) -> str:
    """Return `` Did you mean `x`?`` with the closest known word, or an empty text."""
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.65)
    return f" Did you mean `{close[0]}`?" if close else ""


def one_line(value: object, width: int = 60) -> str:
    """Return a value on one line, as YAML would write it, cut to a width."""
    if value is None:
        text = "null"
    elif isinstance(value, bool):
        text = str(value).lower()
    elif isinstance(value, Mapping):
        text = "{" + ", ".join(f"{key}: {one_line(item)}" for key, item in value.items()) + "}"
    elif isinstance(value, list | tuple):
        text = "[" + ", ".join(one_line(item) for item in value) + "]"
    elif isinstance(value, str):
        text = value if value and value == value.strip() else repr(value)
    else:
        text = str(value)
    text = " ".join(text.split())
    return text if len(text) <= width else text[: width - 3] + "..."


def read_text(path: Path, error: type[GreenRiskError]) -> tuple[str, str]:
    """Return the text and the sha256 of a UTF-8 file, or raise ``error`` with one fault."""
    name = str(shown(path))
    if path.is_dir():
        raise error(Fault(name, "a folder", "Give the path of a YAML file."))
    try:
        if path.stat().st_size > LARGEST_FILE:
            size = path.stat().st_size / 1e6
            raise error(
                Fault(name, f"{size:.1f} MB", f"Must be a YAML file of at most {LARGEST_FILE / 1e6:.0f} MB.")
            )
        raw = path.read_bytes()
    except FileNotFoundError:
        raise error(
            Fault(name, "no such file", "Check the path; a relative path starts at the working folder.")
        ) from None
    except OSError as problem:
        raise error(Fault(name, "cannot be read", f"The system says: {problem.strerror}.")) from None
    if b"\x00" in raw:
        raise error(Fault(name, "a binary file", "Must be a YAML file: plain text in UTF-8."))
    try:
        return raw.decode("utf-8-sig"), hashlib.sha256(raw).hexdigest()
    except UnicodeDecodeError as problem:
        line = raw.count(b"\n", 0, problem.start) + 1
        raise error(
            Fault(
                f"{name}:{line}",
                f"byte 0x{raw[problem.start]:02x}",
                "Not UTF-8 text. Save the file as UTF-8.",
            )
        ) from None


def read_yaml(path: str | Path, error: type[GreenRiskError] = ScenarioError) -> MarkedYaml:
    """Read a YAML file to plain data with line marks.

    Parameters
    ----------
    path : str or Path
        A file in UTF-8 whose top level is a mapping.
    error : type
        Error class to raise.

    Raises
    ------
    GreenRiskError
        Of class ``error``, with all faults: no such file, a folder, binary, too large, not YAML, empty, not a
        mapping, duplicate keys, tags, aliases that expand without end.
    """
    path = Path(path)
    text, digest = read_text(path, error)
    return parse_yaml(text, shown(path), error, digest)


def parse_yaml(text: str, path: Path, error: type[GreenRiskError], sha256: str = "") -> MarkedYaml:
    """Turn YAML text into data with line marks; ``path`` names it in messages. See :func:`read_yaml`."""
    node = _compose(text, str(path), error)
    if node is None:
        raise error(Fault(str(path), "an empty file", "Must hold a mapping of keys to values."))
    builder = _Builder(str(path))
    data = builder.value(node, ())
    builder.faults.raise_if_any(error)
    if not isinstance(data, dict):
        what = one_line(data)
        raise error(Fault(f"{path}:1:1", what, "The top level must be a mapping: lines of `key: value`."))
    return MarkedYaml(data, path, builder.marks, sha256)


def parse_value(text: str) -> Any:
    """Return the value that ``text`` has in YAML (for ``--set key=value``).

    Raises
    ------
    ValueError
        Where it is not YAML, with one sentence.
    """
    name = "value"
    node = _compose(text, name, ScenarioError)
    if node is None:
        return None
    builder = _Builder(name)
    data = builder.value(node, ())
    builder.faults.raise_if_any(ScenarioError)
    return data


def _compose(text: str, name: str, error: type[GreenRiskError]) -> Node | None:
    try:
        return YAML(typ="safe", pure=True).compose(text)  # type: ignore[no-any-return]
    except MarkedYAMLError as problem:
        mark, begun = problem.problem_mark or problem.context_mark, problem.context_mark
        where = f"{name}:{mark.line + 1}:{mark.column + 1}" if mark else name
        said = (problem.problem or problem.context or "syntax error").strip()
        mend = "Not valid YAML. Mind the indentation, colons and quotes near this place."
        if begun and mark and begun.line != mark.line and "flow" in (problem.context or ""):
            mend = f"Not valid YAML. Is a bracket or brace of line {begun.line + 1} left open?"
        if mark and (wide := _full_width(text, mark.line)):
            line, column = wide
            where, said = f"{name}:{line + 1}:{column + 1}", text.splitlines()[line].strip()
            sign = text.splitlines()[line][column]
            mend = f"Not valid YAML. The full-width `{sign}` is no sign of YAML: type `{_FULL_WIDTH[sign]}`."
        raise error(Fault(where, said, mend)) from None
    except RecursionError:
        raise error(
            Fault(name, "nested too deeply", "Must be a plain YAML file without endless nesting.")
        ) from None
    except YAMLError as problem:
        said = str(problem).splitlines()[0]
        raise error(Fault(name, said, "Not valid YAML: it must be plain text in UTF-8.")) from None


_FULL_WIDTH = dict(
    zip("\uff1a\uff0c\uff3b\uff3d\uff5b\uff5d\u201c\u201d\u2018\u2019", ":,[]{}\"\"''", strict=True)
)
"""Signs of a Chinese keyboard that look like those of YAML."""


def _full_width(text: str, line: int) -> tuple[int, int] | None:
    """Return line and column of the first full-width sign of the line that broke, or of the one above it."""
    lines = text.splitlines()
    for number in range(min(line, len(lines) - 1), max(line - 2, -1), -1):
        plain = lines[number].partition(" #")[0]
        column = next((place for place, sign in enumerate(plain) if sign in _FULL_WIDTH), None)
        if column is not None and not plain.lstrip().startswith("#"):
            return number, column
    return None


class _Builder:
    """Walks composed nodes once; refuses tags, duplicate keys and endless aliases."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.faults = Faults()
        self.marks: dict[KeyPath, tuple[int, int]] = {}
        self._scalars = YAML(typ="safe", pure=True).constructor
        self._count = 0
        self._open: set[int] = set()
        self._stopped = False

    def value(self, node: Node, key_path: KeyPath) -> Any:
        """Return the plain value of a node and record the marks below it."""
        self._count += 1
        if self._stopped:
            return None
        if self._count > MOST_NODES or id(node) in self._open:
            self._stopped = True
            line, column = self.marks.get(key_path[:1], _place(node))
            what = key_text(key_path[:1]) or "aliases"
            expected = "Its aliases (`*name`) expand to too many values. Write the values out."
            self.faults.add(f"{self.name}:{line}:{column}", what, expected)
            return None
        self.marks.setdefault(key_path, _place(node))
        tag = str(node.tag)
        if tag not in _PLAIN_TAGS:
            tag = tag.replace(_PREFIX, "!!")
            if tag != "!!merge":
                self._fault(
                    node, tag, "Tags are not allowed: only text, numbers, true/false, lists and mappings."
                )
            return getattr(node, "value", None) if isinstance(node, ScalarNode) else None
        if isinstance(node, ScalarNode):
            return self._scalar(node)
        self._open.add(id(node))
        try:
            if isinstance(node, SequenceNode):
                return [self.value(item, (*key_path, i)) for i, item in enumerate(node.value)]
            assert isinstance(node, MappingNode)
            return dict(self._pairs(node, key_path))
        finally:
            self._open.discard(id(node))

    def _scalar(self, node: ScalarNode) -> Any:
        if node.tag == _PREFIX + "timestamp":
            return str(node.value)
        try:
            return self._scalars.construct_object(node)
        except (YAMLError, ValueError):
            self._fault(node, str(node.value), "Not a valid value of this type.")
            return None

    def _pairs(self, node: MappingNode, key_path: KeyPath) -> Iterator[tuple[str, Any]]:
        seen: dict[str, int] = {}
        for key_node, value_node in node.value:
            line, _ = _place(key_node)
            if key_node.tag == _PREFIX + "merge":
                self._fault(key_node, "<<", "Merge keys are not allowed. Write the keys out.")
                continue
            if not isinstance(key_node, ScalarNode):
                self._fault(key_node, "a list or mapping as a key", "Keys must be plain text.")
                continue
            key = str(key_node.value)
            if key in seen:
                self._fault(
                    key_node,
                    key_text((*key_path, key)),
                    f"Duplicate key: it stands on line {seen[key]} already. Keep one.",
                )
                continue
            seen[key] = line
            self.marks[(*key_path, key)] = _place(key_node)
            yield key, self.value(value_node, (*key_path, key))

    def _fault(self, node: Node, what: str, expected: str) -> None:
        line, column = _place(node)
        self.faults.add(f"{self.name}:{line}:{column}", what, expected)


def _place(node: Node) -> tuple[int, int]:
    return node.start_mark.line + 1, node.start_mark.column + 1
