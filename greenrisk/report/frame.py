# SPDX-License-Identifier: Apache-2.0
"""What every report has in common: the frame of the page, the ledger, the manifest, and links to cards."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path

import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from greenrisk.report.table import Cell, Table, count, words
from greenrisk.report.table import Column as Head
from greenrisk.report.table import table as make_table
from greenrisk.report.wording import as_printed, no_effect, significant, span

TEMPLATES = Path(__file__).parent / "pages"

KINDS = {
    "unreliable": "Figures that should not be relied on",
    "dropped": "Rows left out",
    "imputed": "Values filled in",
    "floored": "Values raised to a floor",
    "clipped": "Values cut to a range",
    "assumption": "Assumptions",
    "parameter": "Parameters from unconfirmed or illustrative cards",
    "rounded": "Settings rounded",
    "read": "How files were read",
}
"""Kinds of ledger lines in the order and words of a report."""

LONG = 12
"""A group of the ledger with more lines than this is folded."""


@dataclass(frozen=True)
class LedgerGroup:
    """Lines of one kind.

    Parameters
    ----------
    name : str
        Anchor.
    title : str
        The kind in words.
    lines, count : int
        How many lines, and how many rows, values or events they stand for.
    folded : bool
        Whether it is shown closed.
    table : Table
        Its lines.
    """

    name: str
    title: str
    lines: int
    count: int
    folded: bool
    table: Table


def ledger_groups(ledger: pd.DataFrame) -> list[LedgerGroup]:
    """Group the ledger by kind.

    Parameters
    ----------
    ledger : DataFrame
        Columns of :data:`greenrisk.core.ledger.COLUMNS`.
    """
    groups = []
    kinds = [*KINDS, *sorted(set(ledger["kind"].astype(str)) - set(KINDS))]
    for kind in kinds:
        part = ledger[ledger["kind"] == kind]
        if part.empty:
            continue
        title = KINDS.get(kind, kind.capitalize())
        groups.append(
            LedgerGroup(
                name=f"ledger-{kind}",
                title=title,
                lines=len(part),
                count=int(part["count"].sum()),
                folded=len(part) > LONG,
                table=_lines(title, part),
            )
        )
    return groups


def _lines(title: str, part: pd.DataFrame) -> Table:
    many = (part["count"] != 1).any()
    moved = part["at_low"].notna().any() or part["at_high"].notna().any()
    quantities = sorted({str(q).replace("_", " ") for q in part["quantity"].dropna()} - {""})
    columns = [Head("Concerns", number=False), Head("What", number=False)]
    if many:
        columns.append(Head("How often"))
    if moved:
        columns.append(Head(" or ".join(quantities).capitalize(), "from its low to its high end"))
    rows = []
    for line in part.itertuples():
        subject, status, source = (
            str(v) if isinstance(v, str) else "" for v in (line.subject, line.status, line.source)
        )
        href = card_anchor(subject)
        plain = subject if href or "." in subject else subject.replace("_", " ")
        row = [words(plain, href=href, status=status), Cell(as_printed(str(line.detail)), note=source)]
        if many:
            row.append(count(float(str(line.count))))
        if moved:
            row.append(words(_ends(line)))
        rows.append(row)
    return make_table(title, columns, rows, heard=True)


def _ends(line: object) -> str:
    low, high = float(getattr(line, "at_low", "nan")), float(getattr(line, "at_high", "nan"))
    unit = str(getattr(line, "unit", "") or "")
    if low != low or high != high:
        return ""
    if nothing := no_effect(low, high):
        return nothing
    return span(low, high, unit) if unit.startswith("CNY") else f"{significant(low)} to {significant(high)}"


def card_anchor(subject: str) -> str:
    """Return the anchor of a ``card:parameter`` subject; empty if it is none."""
    card, colon, parameter = subject.partition(":")
    if not colon or not re.fullmatch(r"[\w.-]+", card) or not re.fullmatch(r"[A-Za-z_]\w*", parameter):
        return ""
    return f"#card-{card}-{parameter}"


def manifest_rows(manifest: Mapping[str, object]) -> list[tuple[str, str]]:
    """Flatten a manifest to names and values, in its own order."""
    rows: list[tuple[str, str]] = []

    def walk(prefix: str, value: object) -> None:
        if isinstance(value, Mapping):
            for key, inner in value.items():
                walk(f"{prefix} / {key}" if prefix else str(key), inner)
        elif isinstance(value, (list, tuple)):
            rows.append((prefix, ", ".join(str(v) for v in value)))
        else:
            rows.append((prefix, f"{value:.12g}" if isinstance(value, float) else str(value)))

    walk("", manifest)
    return [(name.replace("_", " "), text) for name, text in rows]


def link_cards(text: object, cards: Iterable[str]) -> Markup:
    """Turn every name of a card in a text into a link to it."""
    safe = escape(str(text))
    for card in sorted(cards, key=len, reverse=True):
        safe = re.sub(
            rf"(?<![\w#-]){re.escape(card)}(?![\w-])",
            f'<a href="#card-{escape(card)}">{escape(card)}</a>',
            safe,
        )
    return Markup(safe)


def fill(template: str, context: Mapping[str, object], folder: Path = TEMPLATES) -> str:
    """Fill a page template.

    Parameters
    ----------
    template : str
        File name of the template; it may extend ``base.html.j2``.
    context : mapping
        Its variables.
    folder : Path
        Where the template lies; a study from outside the package gives its own.
    """
    environment = Environment(
        loader=FileSystemLoader([folder, TEMPLATES]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["link_cards"] = link_cards
    environment.globals["style"] = Markup((TEMPLATES / "report.css").read_text(encoding="utf-8"))
    environment.globals["script"] = Markup((TEMPLATES / "report.js").read_text(encoding="utf-8"))
    return environment.get_template(template).render(context)
