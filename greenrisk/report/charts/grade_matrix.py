# SPDX-License-Identifier: Apache-2.0
"""The matrices of HJ 941 with the plants in their cells, one figure a medium."""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from greenrisk.report.charts.grades import CHINESE, GRADE_COLOURS, ON_GRADE
from greenrisk.report.charts.plate import INK, Chart, Hit, paint
from greenrisk.report.table import Cell, Column, Table, table, words
from greenrisk.report.wording import listed

GRADES = ("general", "larger", "major")
"""Grades by the code of the result."""

MEDIUM_WORDS = {"air": "air (大气)", "water": "water (水)"}

SENSITIVE = {"E1": "most sensitive surroundings", "E2": "sensitive", "E3": "least sensitive"}

NAMED = 6
"""Plants of a cell that are named; of more only their number stands there."""


def grade_matrix_chart(grading: xr.Dataset, medium: str) -> Chart:
    """Draw the three matrices of a medium, one for each level of the receptors.

    Parameters
    ----------
    grading : xarray.Dataset
        The group ``/grading``.
    medium : str
        ``air`` or ``water``.
    """
    one = grading.sel(medium=medium)
    bands = [str(v) for v in grading["q_axis"].values]
    classes = [str(v) for v in grading["m_axis"].values]
    levels = [str(v) for v in grading["e_axis"].values]
    matrix = grading["matrix"].values
    in_cell = _members(one, len(bands), len(classes), len(levels))
    rows = list(range(1, len(bands)))

    def painter(plate: Figure, narrow: bool) -> list[Hit]:
        shape = (len(levels), 1) if narrow else (1, len(levels))
        panels = np.atleast_1d(plate.subplots(*shape, sharey=not narrow)).ravel()
        hits: list[Hit] = []
        for e, axes in enumerate(panels):
            cells = [[in_cell[q][m][e] for m in range(len(classes))] for q in rows]
            _panel(axes, levels[e], matrix[:, :, e], cells, narrow)
            axes.set_title(
                f"{levels[e]}: {SENSITIVE.get(levels[e], '')}", fontsize=12, color=INK, loc="left", pad=6
            )
            axes.set_xticks(range(len(classes)), classes)
            axes.set_yticks(range(len(rows)), [bands[q] for q in rows])
            axes.tick_params(length=0, labelcolor=INK)
            axes.set_xlim(-0.5, len(classes) - 0.5)
            axes.set_ylim(-0.5, len(rows) - 0.5)
            if narrow or e == len(levels) // 2:
                axes.set_xlabel("Process and control: M1 best, M4 worst")
            if narrow or e == 0:
                axes.set_ylabel("Quantity on site")
            for side in axes.spines.values():
                side.set_visible(False)
            for place, q in enumerate(rows):
                for m, name in enumerate(classes):
                    plants = in_cell[q][m][e]
                    grade = GRADES[int(matrix[q, m, e])]
                    told = f"{bands[q]}-{name}-{levels[e]}: {grade} {CHINESE[grade]}; "
                    told += f"{len(plants)} plants: {', '.join(plants)}" if plants else "no plant"
                    hits.append(Hit(axes, m, place, told, 0.96, 0.96))
        return hits

    counts = _by_grade(one)
    title = _title(medium, counts)
    alt = f"Matrices of HJ 941 for {medium}: quantity by process and control, one for each level of receptors. {title}."
    wide, narrow = paint(f"matrix-{medium}", painter, 400, 760, alt)
    below = [p for row in in_cell[0] for cell in row for p in cell]
    note = (
        "A cell's colour and word are its grade: 一般 general (blue), 较大 larger (yellow), 重大 major (red). "
        "Q: bands of the sum of quantity over critical quantity, Q3 the most. "
    )
    if below:
        note += f"In Q0, below the first band, the medium is general whatever M and E: {_few(below)}. "
    outside = [str(p) for p in one["plant"].values[~one["involved"].values & (one["grade"].values >= 0)]]
    if outside:
        note += f"No substance of the list on site: {_few(outside)}. "
    refused = [str(p) for p in grading["plant"].values[grading["grade"].values < 0]]
    if refused:
        note += f"Not graded by HJ 941: {_few(refused)}. "
    if _from_memory(one):
        note += (
            "The cells themselves are from memory (unconfirmed) until a holder of the standard confirms them."
        )
    return Chart(f"matrix-{medium}", title, alt, wide, narrow, _numbers(one), note.rstrip())


def _members(one: xr.Dataset, bands: int, classes: int, levels: int) -> list[list[list[list[str]]]]:
    """Return the plants of each cell; only graded plants that hold a substance of the medium's list."""
    cells: list[list[list[list[str]]]] = [
        [[[] for _ in range(levels)] for _ in range(classes)] for _ in range(bands)
    ]
    for i, plant in enumerate(one["plant"].values.astype(str)):
        if one["grade"].values[i] < 0 or not one["involved"].values[i]:
            continue
        q, m, e = (int(one[name].values[i]) for name in ("q_band", "m_class", "e"))
        cells[q][m - 1][e - 1].append(plant)
    return cells


def _from_memory(one: xr.Dataset) -> bool:
    """Whether a cell of the matrix that a plant stands in is not confirmed."""
    return "matrix" in one["input"].values and bool((one["input_status"].sel(input="matrix") > 1).any())


def _panel(axes: Axes, level: str, matrix: np.ndarray, cells: list[list[list[str]]], narrow: bool) -> None:
    number = 0
    for place, row in enumerate(cells):
        for m, plants in enumerate(row):
            grade = GRADES[int(matrix[place + 1, m])]
            axes.add_patch(
                Rectangle(
                    (m - 0.485, place - 0.485),
                    0.97,
                    0.97,
                    color=GRADE_COLOURS[grade],
                    alpha=1.0 if plants else 0.42,
                    linewidth=0,
                )
            )
            # upon its own colour the text is dark or light whatever the style sheet; empty cells are paler
            ink = ON_GRADE[grade] if plants else INK
            texts = [(0.45, CHINESE[grade], 10.5, "normal")]
            longest = max((len(p) for p in plants), default=0)
            # two abreast where the cell is wide enough, else one below the other
            abreast = 2 if narrow and longest <= 4 else 1
            first, step, most = (0.14, 0.21, 3) if narrow else (0.25, 0.13, NAMED)
            lines = [" ".join(plants[i : i + abreast]) for i in range(0, len(plants), abreast)]
            if len(plants) > NAMED or len(lines) > most or longest > (11 if narrow else 8):
                texts += [(0.1, f"{len(plants)}", 17.0, "bold"), (-0.2, "plants", 10.5, "normal")]
            else:
                texts += [(first - step * k, line, 10.5, "bold") for k, line in enumerate(lines)]
            for y, text, size, weight in texts:
                axes.text(
                    m, place + y, text, ha="center", va="top" if y > 0.4 else "center",
                    fontsize=size, color=ink, fontweight=weight,
                ).set_gid(f"on-{level}-{'cell' if plants else 'empty'}{number}")  # fmt: skip
                number += 1


def _by_grade(one: xr.Dataset) -> dict[str, int]:
    code = one["medium_grade"].values
    with_list = one["involved"].values & (one["grade"].values >= 0)
    return {word: int((with_list & (code == i)).sum()) for i, word in enumerate(GRADES)}


def _title(medium: str, counts: dict[str, int]) -> str:
    told = [f"{counts[g]} {g}" for g in ("major", "larger", "general") if counts[g]]
    total = sum(counts.values())
    name = MEDIUM_WORDS[medium]
    return f"By {name}, of {total} plants: {listed(told)}" if told else f"No plant is graded by {name}"


def _few(plants: list[str], most: int = 12) -> str:
    more = len(plants) - most
    return ", ".join(plants[:most]) + (f" and {more} more" if more > 0 else "")


def _numbers(one: xr.Dataset) -> Table:
    rows: list[list[Cell]] = []
    for i, plant in enumerate(one["plant"].values.astype(str)):
        if one["grade"].values[i] < 0:
            continue
        holds = bool(one["involved"].values[i])
        grade = GRADES[int(one["medium_grade"].values[i])] if holds else ""
        q = float(one["q"].values[i])
        rows.append(
            [
                words(plant),
                words(one["name"].values[i]),
                Cell(f"{q:,.3g}" if q < 1000 else f"{q:,.0f}", q),
                words(f"Q{int(one['q_band'].values[i])}" if holds else "\u2013"),
                Cell(f"{float(one['m'].values[i]):g}", float(one["m"].values[i])),
                words(f"M{int(one['m_class'].values[i])}" if holds else "\u2013"),
                words(f"E{int(one['e'].values[i])}" if holds else "\u2013"),
                words(f"{grade} {CHINESE[grade]}" if grade else "no substance of the list"),
            ]
        )
    return table(
        f"Grade of each plant by {MEDIUM_WORDS[str(one['medium'].values)]}",
        [
            Column("Plant", number=False),
            Column("Name", number=False),
            Column("Quantity over critical quantity"),
            Column("Q", number=False),
            Column("Process and control", "points"),
            Column("M", number=False),
            Column("E", number=False),
            Column("Grade by this medium", number=False),
        ],
        rows,
    )
