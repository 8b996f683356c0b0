# SPDX-License-Identifier: Apache-2.0
"""The fitted size law beside what was counted: classes of size, and the chance that a fire grows beyond a size."""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from greenrisk.report.charts.plate import ACCENT, INK, Chart, Hit, paint, quiet
from greenrisk.report.table import Column, count, figure, interval, table, words
from greenrisk.report.wording import listed, significant, span, whole

BOUNDS = (1.0, 100.0, 1000.0)
"""Bounds of the official classes [ha]."""

FITTED = 2
"""The first classes, to which the law was fitted: that they agree is no test of it."""

RAREST = 1e-6
"""Chances below this are not drawn."""


def sizes_chart(classes: xr.Dataset, curve: xr.Dataset) -> Chart:
    """Draw classes and exceedance side by side.

    Parameters
    ----------
    classes : xarray.Dataset
        ``observed``, ``expected``, ``low``, ``high`` over (size_class) [1]; attribute ``province``: where they were
        counted.
    curve : xarray.Dataset
        ``exceedance``, ``low``, ``high`` over (size [ha]) [1].
    """
    label = [str(v) for v in classes["size_class"].values]
    observed, expected, low, high = (
        classes[name].values.astype(float) for name in ("observed", "expected", "low", "high")
    )
    lines = list(zip(label, observed, expected, low, high, strict=True))

    def painter(plate: Figure, narrow: bool) -> list[Hit]:
        upper, lower = plate.subplots(2, 1, height_ratios=[1, 1.25]) if narrow else plate.subplots(1, 2)
        return _classes(upper, classes) + _curve(lower, curve, observed)

    missed = [name for name, o, _, lo, hi in lines if not lo <= o <= hi]
    if missed:
        title = f"The size law misses the count of fires {listed(missed)}"
    else:
        large = [f"{significant(e, 2)} of {n} ({whole(o)} counted)" for n, o, e, _, _ in lines[FITTED:]]
        title = f"Fitted to the classes below 100 ha, the size law expects {listed(large)} above them"
    alt = (
        f"Counted and expected fires by size class, and the chance that a fire grows beyond a size. {title}. "
    )
    alt += "; ".join(f"{n}: {whole(o)} counted, {significant(e)} expected" for n, o, e, _, _ in lines)
    wide, narrow = paint("sizes", painter, 330, 600, alt)
    numbers = table(
        "Fires by class of size",
        [
            Column("Class", number=False),
            Column("Counted", "fires"),
            Column("Expected", "fires"),
            Column("90 % interval", "fires"),
        ],
        [[words(n), count(o), figure(e), interval(lo, hi)] for n, o, e, lo, hi in lines],
    )
    region = str(classes.attrs.get("province", ""))
    years = str(classes.attrs.get("years", ""))
    where = f"{' in ' + region if region else ''}{', ' + years if years else ''}"
    note = f"{whole(float(observed.sum()))} fires{where}. "
    note += f"The classes {listed(label[:FITTED])} are met by construction: the law was fitted to them. "
    note += "Dots: counted. Bars and bands: the model's 90 % interval. A class without a fire has no dot on the right."
    return Chart("sizes", title, alt, wide, narrow, numbers, note)


def _classes(axes: Axes, classes: xr.Dataset) -> list[Hit]:
    label = [str(v) for v in classes["size_class"].values]
    observed, expected, low, high = (
        classes[name].values.astype(float) for name in ("observed", "expected", "low", "high")
    )
    place = np.arange(len(label))
    axes.hlines(place, low, high, color=ACCENT, alpha=0.35, linewidth=7)
    axes.plot(expected, place, "|", color=ACCENT, markersize=13, markeredgewidth=2.2)
    axes.plot(observed, place, "o", color=INK, markersize=6)
    axes.set_xscale("symlog", linthresh=1, linscale=0.6)
    top = max(10.0, *high, *observed)
    ticks = [0, *(10.0**k for k in range(7) if 10.0**k <= top)]
    axes.set_xticks(ticks, [whole(t) for t in ticks])
    axes.set_xticks([], minor=True)
    axes.set_xlim(-0.25, top * 2.2)
    axes.set_ylim(len(label) - 0.45, -0.75)
    axes.set_yticks(place, label)
    axes.tick_params(axis="y", labelcolor=INK)
    axes.set_xlabel("Fires (logarithmic above 1)")
    axes.set_title("Fires by class", fontsize=12, loc="left", color=INK)
    most = int(np.argmax(observed))
    other = 0 if most else 1
    for row, text, value, colour in (
        (most, "counted", observed, INK),
        (other, "model, 90 %", expected, ACCENT),
    ):
        axes.annotate(
            text, (value[row], row), xytext=(0, 10), textcoords="offset points", ha="right", color=colour
        )
    quiet(axes, grid="x")
    return [
        Hit(axes, o, i, f"{name}: {whole(o)} counted, {significant(e)} expected, 90 % {span(lo, hi)}")
        for i, (name, o, e, lo, hi) in enumerate(zip(label, observed, expected, low, high, strict=True))
    ]


def _curve(axes: Axes, curve: xr.Dataset, observed: NDArray[np.float64]) -> list[Hit]:
    size, chance = curve["size"].values.astype(float), curve["exceedance"].values.astype(float)
    drawn = chance >= RAREST
    size, chance = size[drawn], chance[drawn]
    low, high = (np.clip(curve[name].values[drawn], RAREST / 10, 1) for name in ("low", "high"))
    beyond = np.array([observed[i + 1 :].sum() for i in range(len(BOUNDS))]) / max(observed.sum(), 1.0)
    axes.fill_between(size, low, high, color=ACCENT, alpha=0.16, linewidth=0)
    axes.plot(size, chance, color=ACCENT, linewidth=1.8)
    axes.plot(BOUNDS, np.where(beyond > 0, beyond, np.nan), "o", color=INK, markersize=6)
    axes.set_xscale("log")
    axes.set_yscale("log")
    floor = int(np.floor(np.log10(chance.min())))
    axes.set_ylim(10.0**floor, 1.6)
    axes.set_xlim(size[0], size[-1])
    sizes = [10.0**k for k in range(-2, 7) if size[0] <= 10.0**k <= size[-1]]
    axes.set_xticks(sizes, [f"{s:g}" if s < 1000 else whole(s) for s in sizes])
    axes.set_xticks([], minor=True)
    chances = [10.0**k for k in range(floor, 1)]
    axes.set_yticks(chances, ["all" if c == 1 else f"1 in {whole(1 / c)}" for c in chances])
    axes.set_yticks([], minor=True)
    axes.set_xlabel("Size of a fire, ha (both axes logarithmic)")
    axes.set_title("Fires that grow beyond a size", fontsize=12, loc="left", color=INK)
    quiet(axes, grid="y")
    step = max(1, size.size // 30)
    return [
        Hit(axes, s, p, f"larger than {significant(s)} ha: 1 fire in {significant(1 / p)}")
        for s, p in zip(size[::step], chance[::step], strict=True)
    ]
