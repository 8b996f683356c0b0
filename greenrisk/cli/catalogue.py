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
    bare,
    domain_of,
    first_sentence,
    kind_of,
    models_below,
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
    rows = tuple((name, spec.title) for name, spec in tables().items())
    return Section("Tables that you may bring", ("Name", "Title"), rows)


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
                for below in _models_in(info.annotation):
                    for kind in kind_of(below):
                        if found.setdefault(kind, (below, name))[0] is not below:
                            found[f"{name}.{kind}"] = (below, name)
    return found


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    from typing import get_args

    annotation = bare(annotation)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
        return
    for argument in get_args(annotation):
        yield from _models_in(argument)


def tables() -> dict[str, TableSpec]:
    """Return the tables that a user may bring, by name."""
    specs = [resolve(dotted) for study in STUDIES.values() for dotted in study.tables]
    return {spec.name: spec for spec in specs}


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
    title = str(described.get("title", path.stem))
    sections = (
        Section(title, ("Fact", ""), tuple(facts)),
        Section("Columns", ("Column", "Type", "Unit", "Meaning"), rows),
    )
    return Page(sections, described or {"path": path.name})


def _table_page(name: str) -> Page:
    known = tables()
    if name not in known:
        close = did_you_mean(name, list(known))
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
    table = Section(f"{spec.title} (CSV or XLSX)", columns, tuple(rows))
    return Page((table,), list(table.records()))


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
        below = list(_models_in(info.annotation))
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
