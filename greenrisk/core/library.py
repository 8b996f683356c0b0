# SPDX-License-Identifier: Apache-2.0
"""Where the models, scenarios and data lie: beside the package in a checkout, inside it in a wheel."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

Shelf = Literal["models", "scenarios", "data"]

_ENDINGS: dict[str, tuple[str, ...]] = {
    "models": (".yaml", ".yml"),
    "scenarios": (".yaml", ".yml"),
    "data": (".csv", ".xlsx"),
}


def library_root() -> Path:
    """Return the folder that holds ``models/``, ``scenarios/`` and ``data/``.

    In a wheel it is ``greenrisk/_library``; in a checkout or an editable install the folder above the
    package.
    """
    package = Path(__file__).resolve().parents[1]
    packed = package / "_library"
    return packed if packed.is_dir() else package.parent


def names(shelf: Shelf) -> list[str]:
    """Return the names on a shelf (file names without their endings), sorted."""
    folder = library_root() / shelf
    if not folder.is_dir():
        return []
    return sorted({file.stem for file in folder.iterdir() if file.suffix in _ENDINGS[shelf]})


def find(shelf: Shelf, name: str) -> Path | None:
    """Return the file of a name on a shelf, with or without its ending, or None."""
    folder = library_root() / shelf
    if not name or Path(name).name != name:
        return None
    for ending in ("", *_ENDINGS[shelf]):
        file = folder / (name + ending)
        if file.suffix in _ENDINGS[shelf] and file.is_file():
            return file
    return None
