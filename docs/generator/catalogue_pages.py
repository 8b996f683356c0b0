# SPDX-License-Identifier: Apache-2.0
"""The pages of what a user writes and gets: keys of a scenario, columns of a table, cards, data, terms."""

from __future__ import annotations

import re
from typing import get_args

import greenrisk
from generator.markdown import MADE, prose, sentence, table
from greenrisk.actuarial.premium.gross import ROWS
from greenrisk.cli import catalogue
from greenrisk.core.cards import Card, Parameter, Range, read_card
from greenrisk.core.fields import first_sentence, type_words
from greenrisk.core.ledger import COLUMNS, Entry, Kind
from greenrisk.core.library import find, names
from greenrisk.issuer.channels.spec import CARDS
from greenrisk.issuer.missing import STATEMENTS_ROLE
from greenrisk.issuer.roles import fixed_cards as issuer_fixed_cards
from greenrisk.issuer.roles import wanted_cards as issuer_cards
from greenrisk.issuer.vocabulary import TERMS as ISSUER_TERMS
from greenrisk.pollution.roles import mandate_card
from greenrisk.pollution.roles import wanted_cards as zone_cards
from greenrisk.pollution.vocabulary import TERMS as ZONE_TERMS
from greenrisk.resource import catastrophe_reserve
from greenrisk.resource.basis_risk.recorded import UNIT_COST
from greenrisk.resource.climate import CLIMATE_CARD
from greenrisk.resource.roles import wanted_cards as forest_cards
from greenrisk.resource.vocabulary import TERMS as RESOURCE_TERMS
from greenrisk.resource.wetland.roles import wanted_cards as wetland_cards
from greenrisk.resource.wetland.small_prevention import PREVENTION_ROLE

LEDGER_KINDS = {
    "dropped": "A row or a part of the input that the run does not use.",
    "floored": "A value that was raised to the least one allowed.",
    "clipped": "A value that was cut to the largest one possible.",
    "imputed": "An empty cell for which a value was put in.",
    "read": "How a file was read: its format and encoding.",
    "rounded": "A setting that was rounded, e.g. the years up to whole blocks.",
    "parameter": "A number from a card that is not confirmed, and the headline at both ends of its range: the gross "
    "premium, what payments leave of the loss, or the expected loss over debt of the worst scenario.",
    "assumption": "Something that is taken to be so, e.g. a synthetic book.",
    "unreliable": "A figure not to be relied on: too few simulated years, or inputs that cannot bear it.",
}
"""One sentence for each kind of ledger line."""

LAYERS = (
    ("ground_up", "The loss itself: damage degree times sum insured, before any policy term."),
    ("gross", "What the policy pays: after trigger, deductible, limits and claims practice."),
    ("ceded", "What reinsurance takes of it."),
    ("net", "What remains: gross = net + ceded."),
)

PREMIUM_ROWS = {
    "pure_premium": "The expected payments of a year.",
    "risk_load": "Cost of the capital that stands behind the book.",
    "expenses": "Acquisition, administration, survey.",
    "commission": "Paid to those who help with enrolment and survey.",
    "tax": "Levies on premium.",
    "profit": "Margin on top of the cost of capital.",
    "gross_premium": "The sum of the rows above.",
}


TWO_ERRORS = """\
- **standard_error**, the simulation error: the luck of the random numbers. It falls with the square root of the
  simulated years.
- **low, high**, the knowledge interval (90 %): what the cards do not know. It does not fall with more years,
  only with better data ([ADR 002](../adr/002-knowledge-interval.md)).
"""


def scenario_page() -> str:
    """Return ``docs/reference/scenario.md``: every key of every kind."""
    parts = [
        MADE,
        "# The keys of a scenario file\n",
        prose(
            """A scenario is a YAML file; `kind` says which study it is. A key that is not listed here
            is an error, not a comment. `greenrisk show kind NAME` prints the same tables,
            `greenrisk schema` the JSON Schema for editors, and `--set key=value` sets any key from
            the command line (`perils[0].cap_ha=5000` for a key inside a list)."""
        ),
    ]
    shown: set[type] = set()
    for kind, (model, owner) in catalogue.kinds().items():
        if model in shown:
            continue
        shown.add(model)
        same = [name for name, (other, _) in catalogue.kinds().items() if other is model]
        title = ", ".join(f"`{name}`" for name in same)
        where = f", in `{owner}`" if owner else ""
        parts += [f"## kind: {title}{where}\n", f"{sentence(model.__doc__)}\n"]
        for section in catalogue.page(("kind", kind)).sections:
            if section.rows:
                parts.append(table(section.columns, section.rows, code=("Key",)))
    return "\n".join(parts)


def tables_page() -> str:
    """Return ``docs/reference/tables.md``: the columns of every table that a user brings."""
    parts = [
        MADE,
        "# The tables you bring\n",
        prose(
            """CSV (UTF-8, with or without BOM, or GB18030) or XLSX, one header row. No row is ever
            dropped: a faulty cell stops the run before it starts, and the message names file, row,
            column, value and mend. `greenrisk show table NAME` prints the same."""
        ),
    ]
    for name in catalogue.tables():
        for section in catalogue.page(("table", name)).sections:
            parts += [
                f"## {name}\n",
                f"{section.title}\n",
                table(section.columns, section.rows, code=("Column",)),
            ]
    return "\n".join(parts)


def nomenclature_page() -> str:
    """Return ``docs/reference/nomenclature.md``: every declared term."""
    wings = (
        ("Forests, wetlands, index covers", RESOURCE_TERMS),
        ("Chemical zones", ZONE_TERMS),
        ("Issuers under stress", ISSUER_TERMS),
    )
    missing = set(ROWS) ^ set(PREMIUM_ROWS)
    if missing:
        raise ValueError(f"PREMIUM_ROWS and the rows of the premium differ by {', '.join(sorted(missing))}.")
    return "\n".join(
        [
            MADE,
            "# The words of the results\n",
            "These names stand in `metrics.json`, in the tables and in the report. A name that two studies share has "
            "one unit in both.\n",
            *(
                f"## {title}\n\n"
                + table(
                    ("Name", "Label", "Unit", "Meaning"),
                    [(term.name, term.label, term.unit, term.sentence) for term in terms.terms()],
                    code=("Name",),
                )
                for title, terms in wings
            ),
            "## Layers of a loss\n",
            table(("Layer", "Meaning"), LAYERS, code=("Layer",)),
            "## Rows of the premium\n",
            table(
                ("Row", "Meaning"),
                [(name, PREMIUM_ROWS[str(name)]) for name in map(str, ROWS)],
                code=("Row",),
            ),
            "## Two kinds of error\n",
            TWO_ERRORS,
            "Money is CNY of the scenario's price year. Losses and costs are positive. 1 ha = 15 mu (亩).\n",
        ]
    )


def cards_page() -> str:
    """Return ``docs/reference/cards.md``: what a card is, which ones there are, how sure each number is."""
    parts = [
        MADE,
        "# Model cards\n",
        prose(
            """A card is a YAML file with the numbers of one part of a model: in `models/`, or your
            own, beside the scenario. It is data, never code. Every number has a range, which feeds
            the knowledge interval; a card without one is refused."""
        ),
        "## The keys of a card\n",
    ]
    rows = [
        (prefix + name, type_words(info.annotation), first_sentence(info))
        for prefix, model in (
            ("", Card),
            ("parameters.NAME.", Parameter),
            ("parameters.NAME.range.", Range),
        )
        for name, info in model.model_fields.items()
    ]
    parts.append(table(("Key", "Value", "Meaning"), rows, code=("Key",)))
    parts += [
        "## What each use needs\n",
        "A scenario names a card for each use; a card of your own must bring the same parameters.\n",
    ]
    parts.append(
        table(("Use", "Key of the scenario", "Parameters"), _uses(), code=("Use", "Key of the scenario"))
    )
    for name in names("models"):
        path = find("models", name)
        assert path is not None
        parts.append(_card(read_card(path)))
    return "\n".join(parts)


def _uses() -> list[tuple[str, str, str]]:
    """Return use, key and parameters of every card that the shipped scenarios name."""
    zone, issuers = greenrisk.load("zone-leping").spec, greenrisk.load("issuers-jingdezhen").spec
    wanted = [
        *forest_cards(greenrisk.load("forest-jingdezhen").spec).values(),
        *zone_cards(zone).values(),
        *mandate_card(zone).values(),
        *issuer_cards(issuers).values(),
        *issuer_fixed_cards(issuers).values(),
        *wetland_cards(greenrisk.load("wetland-manaus").spec).values(),
    ]
    rows = [
        (
            one.role.use,
            ".".join(str(key) for key in one.key_path),
            (*one.role.parameters, *one.role.optional),
        )
        for one in wanted
    ]
    rows.append((catastrophe_reserve.USE, "catastrophe_reserve.rules", catastrophe_reserve.PARAMETERS))
    rows.append((CLIMATE_CARD.use, "climate.card", CLIMATE_CARD.parameters))
    rows.append((UNIT_COST.use, "loss.cost", UNIT_COST.parameters))
    rows.append((PREVENTION_ROLE.use, "small_covers[0].prevention.card", PREVENTION_ROLE.parameters))
    rows.append((STATEMENTS_ROLE.use, "statements.card", STATEMENTS_ROLE.parameters))
    known = {use for use, _, _ in rows}
    for name, (_, role) in CARDS.items():
        if role.use not in known:
            rows.append((role.use, f"channels.{name}.card", (*role.parameters, *role.optional)))
    return [
        (use, re.sub(r"\.(\d+)\.", r"[\1].", key), ", ".join(f"`{name}`" for name in parameters))
        for use, key, parameters in rows
    ]


def _card(card: Card) -> str:
    facts = (
        ("Use", card.use),
        ("Region", card.region),
        ("Period", card.period),
        ("When not to use it", card.validity),
        ("Made by", f"`{card.fitted_by}`" if card.fitted_by.startswith("greenrisk ") else card.fitted_by),
    )
    sections = catalogue.page((card.name,)).sections[1:]
    body = [table(section.columns, section.rows, code=("Name",)) for section in sections]
    return "\n".join([f"## {card.name}\n", f"{card.title}\n", table(("Fact", ""), facts), *body])


def data_page() -> str:
    """Return ``docs/reference/data.md``: the tables that greenrisk brings."""
    parts = [
        MADE,
        "# The data that greenrisk brings\n",
        prose(
            """Described in `data/datapackage.json` (Frictionless). The status says how far to trust a
            table: `confirmed` (read from the named source), `unconfirmed` (second-hand or from
            memory), `illustrative` (a judgement), `synthetic` (made by a committed generator;
            describes nothing real)."""
        ),
    ]
    for name, _, _ in catalogue.section("data").rows:
        facts, columns, *_ = catalogue.page((name,)).sections
        rows = [(key, value) for key, value in facts.rows if key != "file"]
        parts += [
            f"## {name}\n",
            f"{facts.title}\n",
            table(("Fact", ""), rows),
            table(columns.columns, columns.rows, code=("Column",)),
        ]
    return "\n".join(parts)


def ledger_page() -> str:
    """Return ``docs/reference/ledger.md``: the kinds of lines and the columns of the ledger."""
    kinds = get_args(Kind)
    if missing := set(kinds) ^ set(LEDGER_KINDS):
        raise ValueError(f"LEDGER_KINDS and the kinds of the ledger differ by {', '.join(sorted(missing))}.")
    return "\n".join(
        [
            MADE,
            "# The ledger\n",
            prose(
                """`ledger.csv` in the run folder, and the end of the report: nothing is dropped, floored, filled
                in or assumed in silence."""
            ),
            "## Kinds of lines\n",
            table(("Kind", "Meaning"), [(kind, LEDGER_KINDS[kind]) for kind in kinds], code=("Kind",)),
            "## Columns\n",
            table(("Column", "Meaning"), _entry_rows(), code=("Column",)),
        ]
    )


def _entry_rows() -> list[tuple[str, str]]:
    """Read the meaning of each column out of the docstring of Entry."""
    found: dict[str, str] = {}
    names_now: list[str] = []
    for line in (Entry.__doc__ or "").splitlines():
        name, colon, _ = line.strip().partition(" : ")
        if colon and all(part in COLUMNS for part in name.split(", ")):
            names_now = name.split(", ")
        elif names_now and line.startswith("        "):
            for part in names_now:
                found[part] = f"{found.get(part, '')} {line.strip()}".strip()
    return [(column, found[column].replace("``", "`")) for column in COLUMNS]
