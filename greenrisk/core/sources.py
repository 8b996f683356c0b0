# SPDX-License-Identifier: Apache-2.0
"""The tables and cards that a scenario names: found, read, checked and hashed before any long work."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd

from greenrisk.core.cards import Card, read_card
from greenrisk.core.errors import CardError, Faults, GreenRiskError, ScenarioError, TableError
from greenrisk.core.explain import validate
from greenrisk.core.ledger import Ledger
from greenrisk.core.library import find, library_root, names
from greenrisk.core.marked_yaml import KeyPath, did_you_mean, key_text, read_yaml
from greenrisk.core.tables import Rows, TableSpec, read_rows

Made = TypeVar("Made")


class Sources:
    """Reads what a scenario names and collects every fault, so that all of them are raised at once.

    Parameters
    ----------
    base : Path
        Folder that relative paths start from: the scenario file's.
    locate : callable
        From a key path of the scenario to ``file:line:col``.
    ledger : Ledger
        Told how each file was read.
    data_dir : Path, optional
        Folder of large data that the project does not ship; searched after ``base``.
    overridden : collection of key paths
        Keys that the command line set: the files they name are looked for in the working folder first.

    Attributes
    ----------
    faults : Faults
        What is wrong so far.
    inputs : dict
        Name of every input and its sha256.
    """

    def __init__(
        self,
        base: Path,
        locate: Callable[[KeyPath], str],
        ledger: Ledger,
        data_dir: Path | None = None,
        overridden: Collection[KeyPath] = (),
    ) -> None:
        self.base = base
        self.ledger = ledger
        self.data_dir = data_dir
        self.faults = Faults()
        self.inputs: dict[str, str] = {}
        self._locate = locate
        self._overridden = frozenset(overridden)
        self._errors: set[type[GreenRiskError]] = set()
        self._hints: list[str] = []
        self._status: dict[str, str] = {}

    def fault(self, key_path: KeyPath, what: str, expected: str, unit: str = "") -> None:
        """Record a fault at a place of the scenario."""
        self._errors.add(ScenarioError)
        self.faults.add(self._locate(key_path), what, expected, unit)

    def raise_if_any(self) -> None:
        """Raise all faults at once: a TableError or CardError if all are one, else a ScenarioError."""
        error = next(iter(self._errors)) if len(self._errors) == 1 else ScenarioError
        hints = list(dict.fromkeys(filter(None, self._hints)))
        self.faults.raise_if_any(error, hints[0] if len(hints) == 1 else "")

    def card(self, name: str, key_path: KeyPath, use: str) -> Card | None:
        """Return a card.

        Parameters
        ----------
        name : str
            Name of a card in models/, or path of the user's own file, relative to the scenario.
        key_path : tuple
            Where the scenario names it.
        use : str
            What the card is needed for, e.g. ``wildfire.size``.

        Returns
        -------
        Card or None
            None where a fault was recorded: unknown, malformed, or made for another use.
        """
        what = f"{key_text(key_path)} = {name}"
        path = self._card_path(name, key_path)
        if path is None:
            if _is_file_name(name):
                expected = "There is no such card file beside the scenario."
            else:
                expected = f"Unknown card.{did_you_mean(name, names('models'))} {self._cards_for(use)}"
            self.fault(key_path, what, expected)
            return None
        try:
            marked = read_yaml(path, CardError)
            card = validate(Card, marked, CardError)
        except CardError as error:
            self._take(error)
            return None
        if card.use != use:
            expected = f"This card is for {card.use}; a card for {use} is needed. {self._cards_for(use)}"
            self.fault(key_path, what, expected)
            return None
        if card.name != path.stem:
            # The ledger and the tornado name parameters by card: two cards of one name could not be told apart.
            self._errors.add(CardError)
            expected = f"Must be `{path.stem}`, as the file is called."
            self.faults.add(marked.where(("name",)), f"name = {card.name}", expected)
            return None
        self.inputs[f"card {name}"] = marked.sha256
        return card

    def table(self, name: str, key_path: KeyPath, spec: TableSpec) -> pd.DataFrame | None:
        """Return a checked table.

        Parameters
        ----------
        name : str
            Path relative to the scenario or to the data folder, or name of a table of the data package.
        key_path : tuple
            Where the scenario names it.
        spec : TableSpec
            Its columns.

        Returns
        -------
        DataFrame or None
            None where faults were recorded.
        """
        rows = self.rows(name, key_path, spec)
        return None if rows is None or len(rows.faults) else rows.sound

    def rows(self, name: str, key_path: KeyPath, spec: TableSpec) -> Rows | None:
        """Return what can be read of a table, whatever its faults, which are recorded; else as :meth:`table`.

        Returns
        -------
        Rows or None
            None where there is no such table, or it cannot be read at all.
        """
        path = self._table_path(name, key_path)
        if path is None:
            expected = (
                f"No such table, neither beside the scenario nor in the data package.{self._near(name)}"
            )
            self.fault(key_path, f"{key_text(key_path)} = {name}", expected)
            return None
        try:
            found = read_rows(path, spec, self.ledger)
        except TableError as error:
            self._take(error)
            return None
        if len(found.faults):
            self._take(TableError(found.faults, found.hint))
            return found
        self.inputs[f"table {name}"] = _sha256(path)
        self._status[name] = _package_status(path)
        return found

    def file(self, name: str, key_path: KeyPath, mend: str = "") -> Path | None:
        """Return the path of a file that is no table of the house, hashed; None where a fault was recorded.

        Parameters
        ----------
        name : str
            Path relative to the scenario or to the data folder.
        key_path : tuple
            Where the scenario names it.
        mend : str
            What to do where it is not there; empty: give the folder of large data.
        """
        path = self._table_path(name, key_path)
        if path is None:
            near = self._near(name)
            told = mend or (
                "No such file beside the scenario or in the data folder. Give that folder by `--data-dir`."
            )
            self.fault(key_path, f"{key_text(key_path)} = {name}", told if mend else f"{told}{near}")
            return None
        self.inputs[f"file {name}"] = _sha256(path)
        return path

    def take(self, error: GreenRiskError) -> None:
        """Record the faults of an error that a reader of tables raised."""
        self._take(error)

    def made(self, make: Callable[[], Made], key_path: KeyPath | None = None) -> Made | None:
        """Return what is made; where it raises, record its faults at their table or at a key, and return None.

        Parameters
        ----------
        make : callable
            Raises a GreenRiskError where the inputs do not allow it.
        key_path : tuple, optional
            Key of the scenario that an error without a file of its own belongs to; faults of tables keep their place.
        """
        try:
            return make()
        except GreenRiskError as error:
            if key_path is None or isinstance(error, TableError):
                self._take(error)
            else:
                for fault in error.faults:
                    self.fault(key_path, fault.what, fault.expected, fault.unit)
        return None

    def status_of(self, name: str) -> str:
        """Return a table's status in the data package (``synthetic``, ...); ``user`` for an own file."""
        if name in self._status:
            return self._status[name]
        path = self._table_path(name, ())
        return _package_status(path) if path else "user"

    def _take(self, error: GreenRiskError) -> None:
        self._errors.add(type(error))
        self._hints.append(error.hint)
        self.faults.extend(error.faults)

    def _beside(self, key_path: KeyPath) -> list[Path]:
        """Return the folders that a file named under a key may lie in."""
        named_here = [Path.cwd()] if key_path in self._overridden else []
        return [*named_here, self.base]

    def _card_path(self, name: str, key_path: KeyPath) -> Path | None:
        for folder in self._beside(key_path):
            if _is_file_name(name) and (folder / name).is_file():
                return folder / name
        return find("models", name)

    def _table_path(self, name: str, key_path: KeyPath) -> Path | None:
        for folder in (*self._beside(key_path), self.data_dir):
            if folder is not None and Path(name).suffix and (folder / name).is_file():
                return folder / name
        return find("data", name)

    def _near(self, name: str) -> str:
        """Return a proposal: the closest table beside the scenario, in the data folder or in the package."""
        folders = [self.base, *([self.data_dir] if self.data_dir else []), library_root() / "data"]
        files = [file.name for folder in folders if folder.is_dir() for file in folder.iterdir()]
        return did_you_mean(name, [*(f for f in files if f.endswith((".csv", ".xlsx"))), *names("data")])

    def _cards_for(self, use: str) -> str:
        found = [f"`{name}`" for name in names("models") if _use_of(name) == use]
        return f"Cards for {use}: {', '.join(found) or 'none'}."


def _is_file_name(name: str) -> bool:
    return Path(name).name != name or name.endswith((".yaml", ".yml"))


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _use_of(name: str) -> str:
    path = find("models", name)
    try:
        return read_card(path).use if path else ""
    except CardError:
        return ""


def _package_status(path: Path) -> str:
    """Return the status that the data package gives a file; ``user`` for a file outside it."""
    folder = library_root() / "data"
    if path.resolve().parent != folder.resolve():
        return "user"
    for resource in data_package().get("resources", ()):
        if resource.get("path") == path.name:
            return str(resource.get("status", "unconfirmed"))
    return "unconfirmed"


@cache
def data_package() -> dict[str, Any]:
    """Return ``data/datapackage.json`` (Frictionless)."""
    path = library_root() / "data" / "datapackage.json"
    if not path.is_file():
        return {}
    package: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return package
