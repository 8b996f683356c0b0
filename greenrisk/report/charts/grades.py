# SPDX-License-Identifier: Apache-2.0
"""The official colours of the environmental-risk grades; a letter or the grade's word always stands beside them."""

from __future__ import annotations

from typing import Final

from matplotlib.path import Path
from matplotlib.textpath import TextPath
from matplotlib.transforms import Affine2D

GRADE_COLOURS: Final = {
    "major": "#c62f2f",
    "larger": "#f2c12e",
    "general": "#2f6db5",
    "refused": "#7d8792",
}
"""HJ 941-2018: 重大 red, 较大 yellow, 一般 blue; grey for a plant that it does not grade."""

ON_GRADE: Final = {"major": "#ffffff", "larger": "#202020", "general": "#ffffff", "refused": "#ffffff"}
"""Colour of text upon a grade's colour; the same in light and dark."""

LETTERS: Final = {"major": "M", "larger": "L", "general": "G", "refused": "N"}
"""Letter of a grade where its word has no room."""

CHINESE: Final = {"major": "重大", "larger": "较大", "general": "一般", "refused": "未分级"}
"""The standard's own word."""


def letter_path(letter: str) -> Path:
    """Return a letter as a shape with its middle at zero, to be drawn as a marker that no font changes."""
    path = TextPath((0, 0), letter, size=1.0)
    box = path.get_extents()
    middle = Affine2D().translate(-(box.x0 + box.x1) / 2, -(box.y0 + box.y1) / 2)
    moved: Path = middle.transform_path(path)
    return moved
