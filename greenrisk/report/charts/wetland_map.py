# SPDX-License-Identifier: Apache-2.0
"""Map of the sites of a wetland study: their class by mark and colour, their insurable value by size, in kilometres."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from greenrisk.core.units import KM_PER_DEGREE
from greenrisk.report.charts.key import key
from greenrisk.report.charts.plate import (
    ACCENT,
    BREACH,
    INK,
    LINE,
    ORANGE,
    PAPER,
    PURPLE,
    SECOND,
    SKY,
    Chart,
    Hit,
    apart,
    paint,
)
from greenrisk.report.table import Table
from greenrisk.report.wording import listed, money, percent

NAMED: Final = 3
"""Sites that the map names: those with the largest expected payment."""

MARKS: Final = (("o", ACCENT), ("^", SECOND), ("s", ORANGE), ("D", PURPLE), ("P", SKY), ("v", BREACH))
"""Mark and colour of each class, in the order of the classes."""

LEAST, MOST = 5.0, 18.0
"""Size of the mark of a site that is worth nothing, and of the dearest [points]."""


@dataclass(frozen=True, eq=False)
class Places:
    """Sites in plane coordinates.

    Parameters
    ----------
    x, y : array, shape (sites,)
        East and north of their middle [km].
    """

    x: NDArray[np.float64]
    y: NDArray[np.float64]

    @classmethod
    def of(cls, sites: xr.Dataset) -> Places:
        """Lay out the sites of a result: ``longitude`` and ``latitude`` [degree]."""
        lon, lat = (sites[name].values.astype(float) for name in ("longitude", "latitude"))
        middle = float(np.median(lon)), float(np.median(lat))
        return cls(
            (lon - middle[0]) * KM_PER_DEGREE * float(np.cos(np.radians(middle[1]))),
            (lat - middle[1]) * KM_PER_DEGREE,
        )


def wetland_map_chart(
    sites: xr.Dataset,
    worth: NDArray[np.float64],
    paid: NDArray[np.float64],
    classes: Mapping[str, str],
    numbers: Table,
) -> Chart:
    """Draw the sites.

    Parameters
    ----------
    sites : xarray.Dataset
        The group ``/sites``: ``longitude``, ``latitude``, ``name`` and ``site_class`` by site.
    worth, paid : array, shape (sites,)
        Insurable value [CNY] and expected payment [CNY/year].
    classes : mapping of str to str
        Class -> its words, in the order of the marks.
    numbers : Table
        The numbers behind the figure.
    """
    places = Places.of(sites)
    kind = sites["site_class"].values.astype(str)
    names, ids = sites["name"].values.astype(str), sites["site"].values.astype(str)
    marks = {name: MARKS[i % len(MARKS)] for i, name in enumerate(classes)}
    size = LEAST + (MOST - LEAST) * np.sqrt(worth / (float(worth.max(initial=0.0)) or 1.0))
    dearest = [int(i) for i in np.argsort(-paid, kind="stable")[:NAMED] if paid[i] > 0]
    total = float(paid.sum())

    def painter(plate: Figure, narrow: bool) -> list[Hit]:
        axes = plate.subplots()
        for i in np.argsort(-size, kind="stable"):
            mark, colour = marks[kind[i]]
            axes.plot(
                places.x[i],
                places.y[i],
                mark,
                color=colour,
                markersize=float(size[i]) * (0.8 if narrow else 1.0),
                markeredgecolor=PAPER,
                markeredgewidth=0.8,
                alpha=0.9,
            )
        _frame(axes, places)
        _name(axes, places, ids, dearest)
        present = [name for name in classes if (kind == name).any()]
        shown = [
            (
                f"{classes[name]} ({int((kind == name).sum())})",
                Line2D([], [], marker=marks[name][0], color=marks[name][1], linestyle="", markersize=9),
            )
            for name in present
        ]
        key(plate, shown, 1 if narrow else min(3, len(shown)))
        return [
            Hit(
                axes,
                float(places.x[i]),
                float(places.y[i]),
                f"{names[i]} ({ids[i]}), {classes.get(kind[i], kind[i]).lower()}: insurable {money(float(worth[i]))}, "
                f"pays {money(float(paid[i]))} a year",
            )
            for i in np.argsort(worth, kind="stable")
        ]

    part = float(paid[dearest].sum()) / total if total > 0 else 0.0
    title = (
        f"{len(dearest)} of {ids.size} sites carry {percent(part)} of the expected payments: {listed(ids[dearest])}"
        if dearest
        else f"The {ids.size} sites"
    )
    alt = f"Map of {ids.size} sites by class, the larger the more they can be insured for. {title}."
    wide, narrow = paint("sites-map", painter, 470, 430, alt)
    note = (
        "The larger a mark, the larger its insurable value. No map lies below: the places are those of the table, in "
        "kilometres from the middle of the sites."
    )
    return Chart("sites-map", title, alt, wide, narrow, numbers, note)


def _frame(axes: Axes, places: Places) -> None:
    for values, limits in ((places.x, axes.set_xlim), (places.y, axes.set_ylim)):
        reach = 0.08 * float(np.ptp(values)) + 1.0
        limits(float(values.min()) - reach, float(values.max()) + reach)
    axes.set_aspect("equal")
    axes.set_xlabel("km east of the middle of the sites")
    axes.set_ylabel("km north")
    axes.locator_params(nbins=6)
    axes.grid(True, color=LINE, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _name(axes: Axes, places: Places, ids: NDArray[np.str_], which: list[int]) -> None:
    """Write the names of some sites above them, one above the other where they lie close."""
    low, high = axes.get_ylim()
    line = 0.05 * (high - low)
    wanted = [float(places.y[i]) + line for i in which]
    for k, (i, y) in enumerate(zip(which, apart(wanted, [line] * len(which), low, high), strict=True)):
        label = axes.annotate(
            ids[i],
            (float(places.x[i]), y),
            ha="center",
            va="center",
            color=INK,
            fontweight="bold",
            fontsize=11,
        )
        label.set_gid(f"halo{k}")
