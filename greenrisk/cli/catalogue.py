# SPDX-License-Identifier: Apache-2.0
"""What ``greenrisk list`` and ``greenrisk show`` tell, as sections of rows; the console prints them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from greenrisk.core.cards import Card, read_card
from greenrisk.core.errors import ArgumentError, CardError, Fault, GreenRiskError
from greenrisk.core.fields import (
    domain_of,
    first_sentence,
    kind_of,
    models_below,
    models_in,
    type_words,
    unit_of,
)
from greenrisk.core.library import find, names
from greenrisk.core.marked_yaml import did_you_mean, one_line, shown
from greenrisk.core.sources import data_package
from greenrisk.core.tables import TableSpec
from greenrisk.scenario.registry import STUDIES, resolve
from greenrisk.scenario.schema import spec_of


@dataclass(frozen=True)
class Section:
    """A title, a text, and a table."""

    title: str
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    text: str = ""

    def records(self) -> Iterator[Mapping[str, str]]:
        """Yield each row as a mapping from column to cell."""
        keys = [column.lower().replace(" ", "_") for column in self.columns]
        for row in self.rows:
            yield dict(zip(keys, row, strict=True))


@dataclass(frozen=True)
class Page:
    """What ``show`` prints, and the same as a document for ``--json``."""

    sections: tuple[Section, ...]
    document: Any = field(default=None)


def section(what: str) -> Section:
    """Return the list of scenarios, models, data, kinds or tables to bring."""
    found = {"scenarios": _scenarios, "models": _models, "data": _data, "kinds": _kinds, "tables": _tables}
    return found[what]()


def _scenarios() -> Section:
    from greenrisk.scenario.load import load

    rows = []
    for name in names("scenarios"):
        try:
            scenario = load(name)
            rows.append((name, scenario.kind, str(scenario.spec.title)))
        except GreenRiskError as error:
            rows.append((name, "", f"invalid: {len(error.faults)} faults"))
    return Section("Scenarios", ("Name", "Kind", "Title"), tuple(rows))


def _models() -> Section:
    rows = []
    for name in names("models"):
        path = find("models", name)
        assert path is not None
        try:
            card = read_card(path)
        except CardError as error:
            rows.append((name, "", "", f"invalid: {len(error.faults)} faults"))
            continue
        statuses = sorted({parameter.status for parameter in card.parameters.values()})
        rows.append((name, card.use, ", ".join(statuses), card.title))
    return Section("Model cards", ("Name", "Use", "Status", "Title"), tuple(rows))


def _data() -> Section:
    rows = tuple(
        (Path(str(resource["path"])).stem, str(resource.get("status", "")), str(resource.get("title", "")))
        for resource in data_package().get("resources", ())
    )
    return Section("Tables", ("Name", "Status", "Title"), rows)


def _kinds() -> Section:
    rows = tuple((kind, _of(owner), _summary(model)) for kind, (model, owner) in kinds().items())
    return Section("Kinds", ("Kind", "Of", "What it is"), rows)


def _tables() -> Section:
    ships: dict[str, list[str]] = {}
    for file, name in shipped_tables().items():
        ships.setdefault(name, []).append(file)
    rows = tuple((name, spec.title, ", ".join(ships.get(name, ()))) for name, spec in tables().items())
    return Section("Tables that you may bring", ("Name", "Title", "Ships as"), rows)


def _of(owner: str) -> str:
    return owner or "scenario"


def _summary(model: type[BaseModel]) -> str:
    return (model.__doc__ or "").strip().splitlines()[0]


def kinds() -> dict[str, tuple[type[BaseModel], str]]:
    """Return every ``kind`` that may stand in a scenario file: its model and the field that holds it.

    A kind that another field has taken bears its field's name: ``storm`` is a peril, ``named_events.storm`` an event.
    """
    found: dict[str, tuple[type[BaseModel], str]] = {}
    for kind in STUDIES:
        found[kind] = (spec_of(kind), "")
    for study in list(STUDIES):
        for model in models_below(spec_of(study)):
            for name, info in model.model_fields.items():
                for below in models_in(info.annotation):
                    for kind in kind_of(below):
                        if found.setdefault(kind, (below, name))[0] is not below:
                            found[f"{name}.{kind}"] = (below, name)
    return found


def tables() -> dict[str, TableSpec]:
    """Return the tables that a user may bring, by name."""
    specs = [resolve(dotted) for study in STUDIES.values() for dotted in study.tables]
    return {spec.name: spec for spec in specs}


def shipped_tables() -> dict[str, str]:
    """Return the declaration that each table of the data package follows, by the name of its file.

    Notes
    -----
    A table follows the declaration of its own name, or the one that has all of its columns and needs no other.
    """
    known, found = tables(), {}
    for resource in data_package().get("resources", ()):
        file = Path(str(resource["path"])).stem
        fields = {str(column["name"]) for column in resource.get("schema", {}).get("fields", ())}
        fitting = [name for name, spec in known.items() if _fits(spec, fields)]
        own = file.replace("_", "-")
        if own in known or fitting:
            found[file] = own if own in known else fitting[0]
    return found


def _fits(spec: TableSpec, fields: set[str]) -> bool:
    """Whether a table of these columns can follow a declaration."""
    needed = {column.name for column in spec.columns if column.required}
    needed -= {name for group in spec.one_of for name in group}
    return needed <= fields <= {column.name for column in spec.columns}


def page(words: tuple[str, ...]) -> Page:
    """Return the page of a name, of ``kind NAME`` or of ``table NAME``.

    Raises
    ------
    ArgumentError
        Where nothing has that name, with the closest one.
    """
    if len(words) == 2 and words[0] == "kind":
        return _kind_page(words[1])
    if len(words) == 2 and words[0] == "table":
        return _table_page(words[1])
    if len(words) > 1:
        raise ArgumentError(
            Fault("show", " ".join(words), "Give one name, or `kind NAME`, or `table NAME`."),
            "`greenrisk list` tells the names.",
        )
    name = words[0]
    if (path := find("scenarios", name)) is not None:
        return _scenario_page(path)
    if (path := find("models", name)) is not None:
        return _card_page(path)
    if (path := find("data", name)) is not None:
        return _data_page(path)
    if name in kinds():
        return _kind_page(name)
    if name in tables():
        return _table_page(name)
    known = [*names("scenarios"), *names("models"), *names("data"), *kinds(), *tables()]
    raise ArgumentError(
        Fault("show", name, f"No scenario, card, table or kind has this name.{did_you_mean(name, known)}"),
        "`greenrisk list` tells the names.",
    )


def _scenario_page(path: Path) -> Page:
    from greenrisk.scenario.load import load

    scenario = load(path)
    text = path.read_text(encoding="utf-8").rstrip()
    return Page((Section("", text=f"# {shown(path)}\n{text}"),), scenario.spec.model_dump(mode="json"))


def _card_page(path: Path) -> Page:
    card = read_card(path)
    facts = (
        ("file", str(shown(path))),
        ("use", card.use),
        ("region", card.region),
        ("period", card.period),
        ("validity", card.validity),
        ("fitted by", card.fitted_by),
    )
    sections = [
        Section(card.title, ("Fact", ""), facts),
        Section(
            "Parameters",
            ("Name", "Value", "Unit", "90 % range", "Status", "Meaning"),
            tuple(_parameters(card)),
        ),
        Section(
            "Where they come from",
            ("Name", "Source", "Basis of the range"),
            tuple((name, p.source, p.range.basis) for name, p in card.parameters.items()),
        ),
    ]
    if card.constants:
        sections.append(
            Section("Constants", ("Name", "Value"), tuple((n, f"{v:g}") for n, v in card.constants.items()))
        )
    return Page(tuple(sections), card.model_dump(mode="json"))


def _parameters(card: Card) -> Iterator[tuple[str, ...]]:
    for name, parameter in card.parameters.items():
        law = parameter.range
        if law.distribution == "choice":
            spread = " | ".join(law.options)
        else:
            spread = f"{law.low:g} to {law.high:g} ({law.distribution})"
        value = parameter.value if isinstance(parameter.value, str) else f"{parameter.value:g}"
        yield name, value, parameter.unit, spread, parameter.status, parameter.meaning


def _data_page(path: Path) -> Page:
    described: dict[str, Any] = next(
        (r for r in data_package().get("resources", ()) if r.get("path") == path.name), {}
    )
    facts = [("file", str(shown(path)))]
    facts += [(key, str(described[key])) for key in ("status", "description") if described.get(key)]
    facts += [("source", str(s.get("title", s.get("path", "")))) for s in described.get("sources", ())]
    facts += [("licence", str(s.get("title", s.get("name", "")))) for s in described.get("licenses", ())]
    rows = tuple(
        (str(f["name"]), str(f.get("type", "")), str(f.get("unit", "")), str(f.get("description", "")))
        for f in described.get("schema", {}).get("fields", ())
    )
    if declaration := shipped_tables().get(path.stem):
        facts.append(("declaration", f"{declaration} (`greenrisk show table {declaration}`)"))
    title = str(described.get("title", path.stem))
    sections = (
        Section(title, ("Fact", ""), tuple(facts)),
        Section("Columns", ("Column", "Type", "Unit", "Meaning"), rows),
        *_rules(path),
    )
    return Page(sections, described or {"path": path.name})


def _rules(path: Path) -> tuple[Section, ...]:
    """Return the rows of a table of rules, whose words other tables and keys use, without their sources."""
    import pandas as pd

    from greenrisk.pollution.grading.rule_tables import RULE_TABLES

    if path.stem.replace("_", "-") not in RULE_TABLES:
        return ()
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    frame = frame[[name for name in frame if name not in ("source", "note", "description")]]
    return (Section("Rows", tuple(map(str, frame.columns)), tuple(map(tuple, frame.to_numpy().tolist()))),)


def _table_page(name: str) -> Page:
    known, shipped = tables(), shipped_tables()
    if name not in known:
        if (path := find("data", name)) is not None:
            return _data_page(path)
        close = did_you_mean(name, [*known, *shipped])
        listed = ", ".join(f"`{table}`" for table in known)
        raise ArgumentError(Fault("show table", name, f"Unknown table.{close} Known tables: {listed}."))
    spec = known[name]
    grouped = {column: group for group in spec.one_of for column in group}
    rows = []
    for column in spec.columns:
        needed = "yes" if column.required else "no"
        if column.name in grouped:
            needed = f"one of {', '.join(grouped[column.name])}"
        unique = "unique" if column.unique else ""
        domain = ", ".join(part for part in (column.domain(), unique) if part)
        rows.append((column.name, column.kind, column.unit, domain, needed, column.description))
    columns = ("Column", "Type", "Unit", "Domain", "Needed", "Meaning")
    files = ", ".join(file for file, declaration in shipped.items() if declaration == name)
    text = f"Ships as {files} (`greenrisk show NAME`).\n" if files else ""
    table = Section(f"{spec.title} (CSV or XLSX)", columns, tuple(rows), text)
    ships = [
        path for file, own in shipped.items() if own == name and (path := find("data", file)) is not None
    ]
    return Page((table, *(part for path in ships for part in _rules(path))), list(table.records()))


def _kind_page(kind: str) -> Page:
    known = kinds()
    if kind not in known:
        close = did_you_mean(kind, list(known))
        listed = ", ".join(f"`{name}`" for name in known)
        raise ArgumentError(Fault("show kind", kind, f"Unknown kind.{close} Known kinds: {listed}."))
    model, owner = known[kind]
    sections = [Section("", text=f"kind: {kind}{f'  (in {owner})' if owner else ''}\n{_summary(model)}")]
    keys = list(_keys(model, ""))
    columns = ("Key", "Value", "Default", "Unit, domain", "Meaning")
    sections.append(Section("", columns, tuple(keys)))
    return Page(tuple(sections), model.model_json_schema())


def _keys(model: type[BaseModel], prefix: str) -> Iterator[tuple[str, ...]]:
    for name, info in model.model_fields.items():
        key = f"{prefix}{name}"
        below = list(models_in(info.annotation))
        default = "needed" if info.is_required() else _default(info.default)
        bracket = ", ".join(part for part in (unit_of(info), domain_of(info)) if part)
        yield key, type_words(info.annotation), default, bracket, first_sentence(info)
        if len(below) == 1 and not kind_of(below[0]):
            item = "[0]" if type_words(info.annotation).startswith("a list") else ""
            yield from _keys(below[0], f"{key}{item}.")


def _default(value: Any) -> str:
    if value is PydanticUndefined:
        return ""
    if value is None:
        return "empty"
    return "" if isinstance(value, BaseModel) else one_line(value)
