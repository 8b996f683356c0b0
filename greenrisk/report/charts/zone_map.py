# SPDX-License-Identifier: Apache-2.0
"""Map of a zone: plants by grade, people within 500 m and 5 km, outlets into waters that matter, in kilometres."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, Rectangle
from matplotlib.transforms import offset_copy
from numpy.typing import NDArray

from greenrisk.core.units import KM_PER_DEGREE
from greenrisk.report.charts.grades import GRADE_COLOURS, LETTERS, ON_GRADE, letter_path
from greenrisk.report.charts.key import key, swatch
from greenrisk.report.charts.plate import ACCENT, BREACH, INK, LINE, PAPER, SOFT, Chart, Hit, paint
from greenrisk.report.charts.receptors import grade_word, plant_told, receptors_table
from greenrisk.report.wording import whole

NEAR, FAR = 0.5, 5.0
"""Radii within which HJ 941 counts people [km]."""

NAMED, FAR_NAMED = 3, 6
"""Plants that the close-up names, those with the largest expected loss; and of those outside it."""

ORDER = ("refused", "general", "larger", "major")
"""Grades from the one drawn first to the one drawn on top."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Ground:
    """Plants in plane coordinates, and what is told of each.

    Parameters
    ----------
    x, y : array, shape (plants,)
        East and north of the middle of the zone [km].
    near : array of bool, shape (plants,)
        Which plants the close-up shows.
    outlet : array of int, shape (plants,)
        0: no outlet; 1: into some water; 2: a drinking or sensitive water lies within 10 km below.
    """

    x: Floats
    y: Floats
    near: NDArray[np.bool_]
    outlet: NDArray[np.int64]

    @classmethod
    def of(cls, receptors: xr.Dataset, outlets: xr.Dataset) -> Ground:
        """Lay out the plants of a result."""
        longitude, latitude = receptors["lon"].values.astype(float), receptors["lat"].values.astype(float)
        inside = receptors["in_zone"].values.astype(bool)
        core = inside if inside.any() else np.ones(longitude.size, dtype=bool)
        middle = float(np.median(longitude[core])), float(np.median(latitude[core]))
        x = (longitude - middle[0]) * KM_PER_DEGREE * float(np.cos(np.radians(middle[1])))
        y = (latitude - middle[1]) * KM_PER_DEGREE
        # a plant of the zone that lies far off, such as a fleet's yard, would shrink all others
        reach = 2.2 * float(np.median(np.hypot(x[core], y[core]))) + NEAR
        near = np.hypot(x, y) <= max(reach, 1.0)
        ids = receptors["plant"].values.astype(str)
        kind = np.zeros(ids.size, dtype=np.int64)
        below = outlets["drinking_water_10km"].values | outlets["sensitive_water_10km"].values
        for plant, matters in zip(outlets["plant"].values.astype(str), below, strict=True):
            place = np.flatnonzero(ids == plant)
            kind[place] = np.maximum(kind[place], 2 if matters else 1)
        return cls(x, y, near, kind)


def zone_map_chart(plants: xr.Dataset, receptors: xr.Dataset, outlets: xr.Dataset) -> Chart:
    """Draw a close-up with people within 500 m beside the surroundings within 5 km.

    Parameters
    ----------
    plants : xarray.Dataset
        The group ``/plants``: ``name``, ``grade``, ``limit`` [CNY], ``ground_up`` [CNY/year] by plant.
    receptors : xarray.Dataset
        The group ``/receptors``.
    outlets : xarray.Dataset
        The group ``/outlets``.
    """
    ground = Ground.of(receptors, outlets)
    grade = plants["grade"].values.astype(str)
    ids = plants["plant"].values.astype(str)
    uninsured = plants["limit"].values <= 0
    near_people, far_people = (receptors[f"people_{r}"].values.astype(float) for r in ("500m", "5km"))
    told = [plant_told(plants, receptors, outlets, i) for i in range(ids.size)]
    loss = plants["ground_up"].values.astype(float)
    biggest = [int(i) for i in np.argsort(-loss, kind="stable")[:NAMED]]

    def painter(plate: Figure, narrow: bool) -> list[Hit]:
        if narrow:
            close, wide = plate.subplots(2, 1, height_ratios=(1.25, 1))
        else:
            close, wide = plate.subplots(1, 2, width_ratios=(1.55, 1))
        frame = _close_up(close, ground, grade, uninsured, near_people)
        _names(close, ground, ids, biggest)
        _surroundings(wide, ground, grade, far_people, frame)
        far = [int(i) for i in np.argsort(-loss, kind="stable") if not ground.near[i]]
        _names(wide, ground, ids, far[:FAR_NAMED], everywhere=True)
        _key(plate, grade, ground, uninsured, narrow)
        hits = [
            Hit(close, float(ground.x[i]), float(ground.y[i]), told[i])
            for i in np.argsort(loss)
            if ground.near[i]
        ]
        hits += [Hit(wide, float(ground.x[i]), float(ground.y[i]), told[i]) for i in np.argsort(loss)]
        return hits

    title = _title(grade, near_people, ground)
    alt = f"Map of the plants by grade with the people around them and their outlets. {title}."
    wide, narrow = paint("zone-map", painter, 450, 740, alt)
    note = (
        f"Left (above on a narrow screen): true circles of {1000 * NEAR:.0f} m, the stronger the more people "
        f"live within. Right (below): the line is {FAR:g} km from the nearest plant; the larger a mark, the more "
        f"people live within {FAR:g} km of it; the close-up has the letters of those in the frame. Outlets are drawn "
        "at their plant: the table has no place for them."
    )
    missing = int((~ground.near).sum())
    if missing:
        note += f" {missing} plants lie outside the close-up."
    return Chart("zone-map", title, alt, wide, narrow, receptors_table(plants, receptors, outlets), note)


def _plant_mark(axes: Axes, x: float, y: float, grade: str, size: float) -> None:
    axes.plot(
        x, y, "s", color=GRADE_COLOURS[grade], markersize=size, markeredgecolor=PAPER, markeredgewidth=0.8
    )
    axes.plot(
        x,
        y,
        marker=letter_path(LETTERS[grade]),
        color=ON_GRADE[grade],
        markersize=0.55 * size,
        markeredgewidth=0,
    )


def _close_up(
    axes: Axes, ground: Ground, grade: NDArray[np.str_], uninsured: NDArray[np.bool_], people: Floats
) -> tuple[float, float, float, float]:
    """Draw the plants near the middle; return the frame (left, right, bottom, top) [km]."""
    shown = np.flatnonzero(ground.near)
    most = float(people[shown].max()) or 1.0
    below = offset_copy(axes.transData, axes.get_figure(root=True), x=0, y=-8, units="dots")
    for i in shown:
        strength = 0.04 + 0.3 * people[i] / most
        axes.add_patch(Circle((ground.x[i], ground.y[i]), NEAR, color=SOFT, alpha=strength, linewidth=0))
    for which in ORDER:
        for i in shown[grade[shown] == which]:
            x, y = float(ground.x[i]), float(ground.y[i])
            if uninsured[i]:
                axes.plot(
                    x,
                    y,
                    "o",
                    markersize=21,
                    markerfacecolor="none",
                    markeredgecolor=BREACH,
                    markeredgewidth=1.8,
                )
            _plant_mark(axes, x, y, which, 13)
            if ground.outlet[i]:
                axes.plot(
                    x,
                    y,
                    "v",
                    markersize=6,
                    color=ACCENT,
                    markerfacecolor=ACCENT if ground.outlet[i] == 2 else PAPER,
                    transform=below,
                )
    left, right = ground.x[shown].min() - 1.1 * NEAR, ground.x[shown].max() + 1.1 * NEAR
    bottom, top = ground.y[shown].min() - 1.1 * NEAR, ground.y[shown].max() + 1.1 * NEAR
    axes.set_xlim(left, right)
    axes.set_ylim(bottom, top)
    axes.set_aspect("equal")
    axes.set_xlabel("km east of the middle of the zone")
    axes.set_ylabel("km north")
    _frame(axes)
    return float(left), float(right), float(bottom), float(top)


def _surroundings(
    axes: Axes,
    ground: Ground,
    grade: NDArray[np.str_],
    people: Floats,
    frame: tuple[float, float, float, float],
) -> None:
    margin = 1.06 * FAR
    ends = (
        ground.x.min() - margin, ground.x.max() + margin, ground.y.min() - margin, ground.y.max() + margin
    )  # fmt: skip
    east, north = np.meshgrid(np.linspace(ends[0], ends[1], 121), np.linspace(ends[2], ends[3], 121))
    nearest = np.full(east.shape, np.inf)
    for x, y in zip(ground.x, ground.y, strict=True):
        nearest = np.minimum(nearest, np.hypot(east - x, north - y))
    axes.contourf(east, north, nearest, levels=[0, FAR], colors=[SOFT], alpha=0.12)
    axes.contour(east, north, nearest, levels=[FAR], colors=[SOFT], linewidths=1)
    size = 4 + 8 * np.sqrt(people / (float(people.max()) or 1.0))
    for which in ORDER:
        for i in np.flatnonzero(grade == which):
            if not ground.near[i]:
                _plant_mark(axes, float(ground.x[i]), float(ground.y[i]), which, max(11.0, float(size[i])))
                continue
            axes.plot(
                ground.x[i], ground.y[i], "s", color=GRADE_COLOURS[which], markersize=float(size[i]),
                markeredgecolor=PAPER, markeredgewidth=0.6,
            )  # fmt: skip
    left, right, bottom, top = frame
    axes.add_patch(
        Rectangle((left, bottom), right - left, top - bottom, fill=False, edgecolor=INK, linewidth=1)
    )
    axes.set_xlim(ends[0], ends[1])
    axes.set_ylim(ends[2], ends[3])
    axes.set_aspect("equal")
    axes.set_xlabel("km east")
    axes.set_ylabel("km north")
    axes.locator_params(nbins=5)
    _frame(axes)


def _frame(axes: Axes) -> None:
    axes.grid(True, color=LINE, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _names(
    axes: Axes, ground: Ground, ids: NDArray[np.str_], which: list[int], everywhere: bool = False
) -> None:
    shown = [i for i in which if everywhere or ground.near[i]]
    for k, i in enumerate(shown):
        label = axes.annotate(
            ids[i],
            (float(ground.x[i]), float(ground.y[i])),
            xytext=(0, 13 if not everywhere else 8),
            textcoords="offset points",
            ha="center",
            va="bottom",
            color=INK,
            fontweight="bold",
            fontsize=11,
        )
        label.set_gid(f"halo{k}-{'far' if everywhere else 'near'}")


def _key(
    plate: Figure, grade: NDArray[np.str_], ground: Ground, uninsured: NDArray[np.bool_], narrow: bool
) -> None:
    marks = [
        swatch(f"{LETTERS[which]}: " + grade_word(which), GRADE_COLOURS[which])
        for which in reversed(ORDER)
        if (grade == which).any()
    ]
    if uninsured.any():
        ring = Line2D([], [], marker="o", color=BREACH, markerfacecolor="none", linestyle="", markersize=11)
        ring.set_markeredgewidth(1.8)
        marks.append(("no policy", ring))
    for kind, word in ((2, "outlet, sensitive water below"), (1, "other outlet")):
        if (ground.outlet == kind).any():
            face = ACCENT if kind == 2 else PAPER
            mark = Line2D([], [], marker="v", color=ACCENT, markerfacecolor=face, linestyle="", markersize=7)
            marks.append((word, mark))
    key(plate, marks, 2 if narrow else (len(marks) + 1) // 2)


def _title(grade: NDArray[np.str_], people: Floats, ground: Ground) -> str:
    major = grade == "major"
    parts = []
    if major.any():
        parts.append(
            f"Up to {whole(float(people[major].max()))} people live within {1000 * NEAR:.0f} m of a major plant"
        )
    above = int(((ground.outlet == 2) & np.isin(grade, ("major", "larger"))).sum())
    if above:
        parts.append(
            f"{above} plants graded major or larger have an outlet above a drinking or sensitive water"
        )
    return "; ".join(parts) or "Where the plants lie and who lives around them"
