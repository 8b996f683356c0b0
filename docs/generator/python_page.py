# SPDX-License-Identifier: Apache-2.0
"""The page of the Python library: the public names, from their docstrings."""

from __future__ import annotations

import inspect
import re
import textwrap
from collections.abc import Iterator

import greenrisk
from generator.markdown import MADE, escaped, prose, table

SECTION = re.compile(r"^(?P<title>[A-Z]\w+)\n-{3,}\n", re.MULTILINE)


def page() -> str:
    """Return ``docs/reference/python.md``."""
    parts = [
        MADE,
        "# The Python library\n",
        prose(
            """Everything that is public stands in `greenrisk` itself and is imported when it is first used.
            Errors are typed, carry their faults (`error.faults`), and are all a `ValueError`; `str(error)`
            is what the command line prints."""
        ),
    ]
    for name in sorted(set(greenrisk.__all__) - {"__version__"}):
        found = getattr(greenrisk, name)
        parts += [f"## greenrisk.{name}\n", *_object(f"greenrisk.{name}", found)]
        if inspect.isclass(found):
            for member, value in _members(found):
                parts += [f"### {name}.{member}\n", *_object(member, value)]
    return "\n".join(parts)


def _members(owner: type) -> Iterator[tuple[str, object]]:
    """Yield the public methods and properties of a class in the order of its source."""
    for name, value in vars(owner).items():
        if not name.startswith("_") and (inspect.isfunction(value) or isinstance(value, property)):
            yield name, value


def _object(name: str, found: object) -> Iterator[str]:
    """Yield signature, text and tables of one public object."""
    if callable(found) and not inspect.isclass(found):
        yield f"```text\n{_call(name, found)}\n```\n"
    text = inspect.getdoc(found) or ""
    head, *rest = SECTION.split(text)
    yield f"{_prose(head)}\n"
    for title, body in zip(rest[::2], rest[1::2], strict=True):
        rows = list(_entries(body))
        yield f"**{title}**\n"
        yield table(("Name or type", "", "Meaning"), rows) if rows else f"{_prose(body)}\n"


def _call(name: str, found: object) -> str:
    """Return how a function is called: its parameters and their defaults, without types."""
    words = []
    for parameter in inspect.signature(found).parameters.values():  # type: ignore[arg-type]
        if parameter.name == "self":
            continue
        star = {parameter.VAR_KEYWORD: "**", parameter.VAR_POSITIONAL: "*"}.get(parameter.kind, "")
        default = "" if parameter.default is parameter.empty else f"={parameter.default!r}"
        words.append(f"{star}{parameter.name}{default}")
    return f"{name}({', '.join(words)})"


def _entries(body: str) -> Iterator[tuple[str, str, str]]:
    """Yield the entries of a section: a line with a name, then its indented meaning."""
    for entry in re.split(r"\n(?=\S)", textwrap.dedent(body).strip()):
        first, _, meaning = entry.partition("\n")
        if not meaning:
            return
        name, _, kind = first.partition(" : ")
        yield f"`{name}`", kind, _plain(meaning)


def _plain(text: str) -> str:
    """Return reStructuredText as Markdown, in one line."""
    text = re.sub(r":\w+:`~?(?:[\w.]+\.)?(\w+)`", r"`\1`", " ".join(text.split()))
    return text.replace("``", "`")


def _prose(text: str) -> str:
    return "\n\n".join(escaped(_plain(paragraph)) for paragraph in text.strip().split("\n\n"))
