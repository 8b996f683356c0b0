# SPDX-License-Identifier: Apache-2.0
"""The fitted size law beside what was counted: classes of size, and the chance that a fire grows beyond a size."""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from greenrisk.report.charts.plate import ACCENT, INK, Chart, Hit, paint, quiet
from greenrisk.report.table import Column, count, figure, interval, table, words
from greenrisk.report.wording import listed, significant, whole

BOUNDS = (1.0, 100.0, 1000.0)
"""Bounds of the official classes [ha]."""


def sizes_chart(classes: xr.Dataset, curve: xr.Dataset) -> Chart:
    """Draw classes and exceedance side by side.

    Parameters
    ----------
    classes : xarray.Dataset
        ``observed``, ``expected``, ``low``, ``high`` over (size_class) [1].
    curve : xarray.Dataset
        ``exceedance``, ``low``, ``high`` over (size [ha]) [1].
    """
    label = [str(v) for v in classes["size_class"].values]
    observed, expected = classes["observed"].values.astype(float), classes["expected"].values.astype(float)
    low, high = classes["low"].values.astype(float), classes["high"].values.astype(float)
    size, chance = curve["size"].values.astype(float), curve["exceedance"].values.astype(float)
    total = observed.sum()
    beyond = np.array([observed[i + 1 :].sum() / total for i in range(len(BOUNDS))]) if total else np.zeros(3)

    def painter(plate: Figure, narrow: bool) -> list[Hit]:
        left, right = plate.subplots(2, 1, height_ratios=[1, 1.25]) if narrow else plate.subplots(1, 2)
        place = np.arange(len(label))
        left.hlines(place, low, high, color=ACCENT, alpha=0.35, linewidth=7)
        left.plot(expected, place, "|", color=ACCENT, markersize=13, markeredgewidth=2.2)
        left.plot(observed, place, "o", color=INK, markersize=6)
        left.set_xscale("symlog", linthresh=1, linscale=0.6)
        top = max(10.0, *high, *observed)
        ticks = [0, *(10.0**k for k in range(0, 6) if 10.0**k <= top)]
        left.set_xticks(ticks, [whole(t) for t in ticks])
        left.set_xticks([], minor=True)
        left.set_xlim(-0.25, top * 2.2)
        left.set_ylim(len(label) - 0.45, -0.75)
        left.set_yticks(place, label)
        left.tick_params(axis="y", labelcolor=INK)
        left.set_xlabel("Fires (logarithmic above 1)")
        biggest = int(np.argmax(observed))
        left.annotate(
            "counted",
            (observed[biggest], biggest),
            xytext=(-2, 10),
            textcoords="offset points",
            ha="right",
            color=INK,
        )
        left.annotate("model, 90 %", (expected[0], 0), xytext=(0, 10), textcoords="offset points", ha="right", color=ACCENT)  # fmt: skip
        quiet(left, grid="x")

        right.fill_between(
            size, curve["low"].values, curve["high"].values, color=ACCENT, alpha=0.16, linewidth=0
        )
        right.plot(size, chance, color=ACCENT, linewidth=1.8)
        right.plot(BOUNDS, np.where(beyond > 0, beyond, np.nan), "o", color=INK, markersize=6)
        right.set_xscale("log")
        right.set_yscale("log")
        positive = chance[chance > 0]
        floor = max(1e-6, float(positive.min())) if positive.size else 1e-6
        right.set_ylim(10 ** np.floor(np.log10(floor)), 1.6)
        right.set_xlim(size[0], size[-1])
        sizes = [10.0**k for k in range(-2, 7) if size[0] <= 10.0**k <= size[-1]]
        right.set_xticks(sizes, [f"{s:g}" if s < 1000 else whole(s) for s in sizes])
        right.set_xticks([], minor=True)
        chances = [10.0**k for k in range(int(np.floor(np.log10(floor))), 1)]
        right.set_yticks(chances, ["all" if c == 1 else f"1 in {whole(1 / c)}" for c in chances])
        right.set_yticks([], minor=True)
        right.set_xlabel("Size of a fire, ha (logarithmic)")
        right.set_title("Fires larger than that (logarithmic)", fontsize=12, loc="left", color=INK)
        left.set_title("Fires by class", fontsize=12, loc="left", color=INK)
        quiet(right, grid="y")
        hits = [
            Hit(left, o, i, f"{name}: {whole(o)} counted, {significant(e)} expected, 90 % {significant(lo)} to {significant(hi)}")
            for i, (name, o, e, lo, hi) in enumerate(zip(label, observed, expected, low, high, strict=True))
        ]  # fmt: skip
        step = max(1, size.size // 30)
        hits += [
            Hit(right, s, p, f"larger than {significant(s)} ha: 1 fire in {significant(1 / p)}")
            for s, p in zip(size[::step], chance[::step], strict=True)
            if p > 0
        ]
        return hits

    missed = [name for name, o, lo, hi in zip(label, observed, low, high, strict=True) if not lo <= o <= hi]
    if missed:
        title = f"The size law misses the count of fires {listed(missed)}"
    else:
        title = f"The size law gives back the official classes: all {len(label)} counts lie within its 90 % intervals"
    alt = (
        f"Left: counted and expected fires by size class. Right: chance that a fire grows beyond a size. {title}. "
        + "; ".join(f"{n}: {whole(o)} counted, {significant(e)} expected" for n, o, e in zip(label, observed, expected, strict=True))
    )  # fmt: skip
    wide, narrow = paint("sizes", painter, 330, 600, alt)
    rows = [
        [words(n), count(o), figure(e), interval(lo, hi)]
        for n, o, e, lo, hi in zip(label, observed, expected, low, high, strict=True)
    ]
    numbers = table(
        "Fires by class of size",
        [Column("Class", number=False), Column("Counted", "fires"), Column("Expected", "fires"), Column("90 % interval", "fires")],
        rows,
    )  # fmt: skip
    return Chart("sizes", title, alt, wide, narrow, numbers)
