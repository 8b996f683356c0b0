# SPDX-License-Identifier: Apache-2.0
"""The pages of the Python library: the public names, from their docstrings."""

from __future__ import annotations

import inspect
import re
import textwrap
from collections.abc import Iterable, Iterator
from importlib import import_module

import greenrisk
import greenrisk.actuarial
from generator.markdown import MADE, escaped, prose, sentence, table

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
    names = sorted(set(greenrisk.__all__) - {"__version__"})
    return "\n".join([*parts, *_names("greenrisk", names, greenrisk)])


def actuarial_page() -> str:
    """Return ``docs/reference/actuarial.md``."""
    parts = [
        MADE,
        "# The actuarial library\n",
        prose(
            """`from greenrisk.actuarial import ...`: what takes loss data to a price, without a scenario file. The
            names are imported when they are first used. How each thing is computed, and where it can go wrong:
            [the actuarial core](../explanation/actuarial.md); all of them at work: [a cover priced from raw
            losses](../tutorials/actuarial.md)."""
        ),
    ]
    homes = greenrisk.actuarial.HOMES
    rows = [
        (sentence(import_module(home).__doc__), ", ".join(f"`{name}`" for name in homes[home]))
        for home in homes
    ]
    parts.append(table(("What", "Names"), rows))
    for home, names in homes.items():
        parts.append(f"# {home.removeprefix('greenrisk.actuarial.')}\n")
        parts.append(prose(sentence(import_module(home).__doc__)))
        parts += _names("", names, greenrisk.actuarial)
    return "\n".join(parts)


ISSUER_MODULES = (
    "pathways.iamc",
    "pathways.series",
    "pathways.deviations",
    "pathways.currency",
    "issuer.production.late_sudden",
    "issuer.credit.merton",
    "issuer.credit.calibration",
    "issuer.credit.altman",
    "issuer.credit.interest_cover",
    "issuer.credit.runway",
    "issuer.credit.logit",
    "issuer.credit.term_structure",
    "issuer.credit.vasicek",
    "issuer.credit.basel",
    "issuer.credit.transitions",
    "issuer.credit.generator",
    "issuer.credit.credit_cycle",
    "issuer.credit.portfolio",
    "issuer.credit.ranking",
)
"""Modules whose functions are of use without a scenario file, in the order of the road."""


RESOURCE_MODULES = (
    "resource.index_cover.changes",
    "resource.index_cover.treatments",
    "resource.index_cover.seasons",
    "resource.index_cover.payouts",
    "resource.index_cover.laws",
    "resource.index_cover.burn",
    "resource.index_cover.calibrate",
    "resource.index_cover.backtest",
    "resource.index_cover.exact_counts",
    "resource.basis_risk.measures",
    "resource.basis_risk.declared",
    "environment.restoration",
    "environment.service_values",
)
"""The same of index covers and of the restoration of habitat."""


def issuer_page() -> str:
    """Return ``docs/reference/issuer.md``."""
    return _modules_page(
        "# The libraries of pathways and issuers\n",
        """`from greenrisk.issuer.credit.merton import default_probability` and its like: functions over arrays,
        without a scenario file. What they are for, and where they can go wrong: [issuers under
        stress](../explanation/issuer.md).""",
        ISSUER_MODULES,
    )


def resource_page() -> str:
    """Return ``docs/reference/index-cover.md``."""
    return _modules_page(
        "# The libraries of index covers and restoration\n",
        """`from greenrisk.resource.index_cover.changes import detect_changes` and its like: functions over arrays,
        without a scenario file. What they are for, and where they can go wrong: [wetlands, waters and index
        covers](../explanation/wetland.md).""",
        RESOURCE_MODULES,
    )


def _modules_page(title: str, about: str, modules: Iterable[str]) -> str:
    """Return a page of the public functions and classes of some modules."""
    parts = [MADE, title, prose(about)]
    for name in modules:
        module = import_module(f"greenrisk.{name}")
        public = [
            key
            for key, value in vars(module).items()
            if not key.startswith("_")
            and (inspect.isfunction(value) or inspect.isclass(value))
            and value.__module__ == module.__name__
        ]
        parts += [f"# {name}\n", prose(sentence(module.__doc__))]
        parts += _names("", public, module)
    return "\n".join(parts)


def _names(prefix: str, names: Iterable[str], package: object) -> Iterator[str]:
    """Yield the sections of public names."""
    for name in names:
        found = getattr(package, name)
        whole = f"{prefix}.{name}" if prefix else name
        yield f"## {whole}\n"
        yield from _object(whole, found)
        if inspect.isclass(found):
            for member, value in _members(found):
                yield f"### {whole}.{member}\n" if prefix == "" else f"### {name}.{member}\n"
                yield from _object(member, value)


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
