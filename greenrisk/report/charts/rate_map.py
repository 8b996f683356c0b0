# SPDX-License-Identifier: Apache-2.0
"""Map of premium rates: stands gathered in hexagons, each coloured by its premium over its sum insured."""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib import colormaps
from matplotlib.collections import PolyCollection
from matplotlib.colors import BoundaryNorm, Normalize
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from greenrisk.core.units import KM_PER_DEGREE
from greenrisk.report.charts.plate import INK, SOFT, Chart, Hit, paint
from greenrisk.report.table import Column, count, figure, table, words
from greenrisk.report.wording import money, significant, times

ACROSS = 30
"""Hexagons across the book's longer side: coarse enough for a small file, fine enough to see where rates rise."""

Floats = NDArray[np.float64]


def hexagons(x: Floats, y: Floats, size: float) -> tuple[NDArray[np.int64], Floats]:
    """Assign points to a grid of hexagons with a pointed top.

    Parameters
    ----------
    x, y : array, shape (points,)
        Plane coordinates [km].
    size : float
        Distance between the centres of neighbours [km].

    Returns
    -------
    cell : array of int, shape (points,)
        Index into ``centres``.
    centres : array, shape (cells, 2)
        Centres of the cells that hold a point [km].

    Notes
    -----
    A hexagonal grid is two rectangular lattices, shifted by half a step; a point belongs to the nearer of its two
    nearest lattice points.
    """
    step = np.array([size, size * np.sqrt(3)])
    point = np.stack([x, y], axis=1)
    lattices = []
    for shift in (0.0, 0.5):
        lattices.append((np.round(point / step - shift) + shift) * step)
    distance = [np.square(point - lattice).sum(axis=1) for lattice in lattices]
    centre = np.where((distance[0] <= distance[1])[:, None], lattices[0], lattices[1])
    # rounding makes equal centres equal bits, so that they are found to be the same cell
    centres, cell = np.unique(np.round(centre, 6), axis=0, return_inverse=True)
    return cell.reshape(-1).astype(np.int64), centres


def rate_map_chart(sites: xr.Dataset) -> Chart:
    """Draw the map.

    Parameters
    ----------
    sites : xarray.Dataset
        Over (site): longitude, latitude, county, sum_insured [CNY], gross_premium [CNY/year].
    """
    longitude, latitude = sites["longitude"].values.astype(float), sites["latitude"].values.astype(float)
    premium, value = sites["gross_premium"].values.astype(float), sites["sum_insured"].values.astype(float)
    county = sites["county"].values.astype(str)
    origin = float(longitude.mean()), float(latitude.mean())
    per_degree = KM_PER_DEGREE * np.cos(np.radians(origin[1]))
    x, y = (longitude - origin[0]) * per_degree, (latitude - origin[1]) * KM_PER_DEGREE
    extent = max(np.ptp(x), np.ptp(y), 1.0)
    size = extent / ACROSS
    cell, centres = hexagons(x, y, size)
    cell_value, cell_premium = np.bincount(cell, value), np.bincount(cell, premium)
    stands = np.bincount(cell)
    rate = np.divide(1000 * cell_premium, cell_value, out=np.zeros_like(cell_value), where=cell_value > 0)
    edges = MaxNLocator(nbins=7, steps=[1, 2, 2.5, 5, 10]).tick_values(
        *np.quantile(rate, [0.02, 0.98]) if rate.size > 1 else (0.0, float(rate.max()) or 1.0)
    )
    edges = np.unique(np.clip(edges, 0, None))
    colour_map = colormaps["viridis"]
    norm: Normalize = BoundaryNorm(edges, colour_map.N, extend="both")

    def painter(plate: Figure, narrow: bool) -> list[Hit]:
        axes = plate.subplots()
        corner = np.radians(np.arange(6) * 60 + 30)
        shape = size / np.sqrt(3) * np.stack([np.cos(corner), np.sin(corner)], axis=1)
        axes.add_collection(
            PolyCollection(
                [shape],
                offsets=centres,
                offset_transform=axes.transData,
                array=rate,
                cmap=colour_map,
                norm=norm,
                linewidths=0,
            )
        )
        axes.set_aspect("equal")
        axes.set_xlim(centres[:, 0].min() - 1.6 * size, centres[:, 0].max() + 1.6 * size)
        axes.set_ylim(centres[:, 1].min() - 3.2 * size, centres[:, 1].max() + 1.6 * size)
        for axis, centre, step, letter in (
            ("x", origin[0], per_degree, "E"),
            ("y", origin[1], KM_PER_DEGREE, "N"),
        ):
            low, high = axes.get_xlim() if axis == "x" else axes.get_ylim()
            ticks = MaxNLocator(nbins=3 if narrow else 4).tick_values(
                centre + low / step, centre + high / step
            )
            ticks = [t for t in ticks if low < (t - centre) * step < high]
            getattr(axes, f"set_{axis}ticks")(
                [(t - centre) * step for t in ticks], [f"{t:g}° {letter}" for t in ticks]
            )
        for spine in axes.spines.values():
            spine.set_visible(False)
        placed: list[tuple[float, float]] = []
        weight = {name: value[county == name].sum() for name in np.unique(county)}
        for number, name in enumerate(sorted(weight, key=lambda n: -weight[n])):
            inside = county == name
            at_x, at_y = float(x[inside].mean()), float(y[inside].mean())
            while any(abs(at_x - px) < 7 * size and abs(at_y - py) < 1.8 * size for px, py in placed):
                at_y -= 0.9 * size
            placed.append((at_x, at_y))
            label = axes.text(at_x, at_y, name, ha="center", va="center", fontweight="bold", color=INK)
            label.set_gid(f"halo{number}")
        bar = _round_length(extent / 4)
        left, base = axes.get_xlim()[0] + size, axes.get_ylim()[0] + 0.8 * size
        axes.plot([left, left + bar], [base, base], color=INK, linewidth=2, solid_capstyle="butt")
        axes.annotate(
            f"{bar:g} km",
            (left + bar / 2, base),
            xytext=(0, 4),
            textcoords="offset points",
            ha="center",
            color=SOFT,
        )
        from matplotlib.cm import ScalarMappable

        scale = plate.colorbar(
            ScalarMappable(norm=norm, cmap=colour_map),
            ax=axes,
            orientation="horizontal",
            shrink=0.9 if narrow else 0.55,
            aspect=34,
            pad=0.02,
            spacing="uniform",
            drawedges=False,
        )
        scale.outline.set_visible(False)  # type: ignore[operator]
        scale.ax.tick_params(length=0)
        scale.set_ticks(list(edges), labels=[f"{e:g}" for e in edges])
        scale.set_label("Gross premium, per mille of the sum insured a year")
        return [
            Hit(
                axes,
                float(cx),
                float(cy),
                f"{significant(float(r))} per mille: {money(float(p))} a year on {int(n)} stands",
                0.9 * size,
                0.9 * size,
            )
            for (cx, cy), r, p, n in zip(centres, rate, cell_premium, stands, strict=True)
        ]

    per_county = {
        name: 1000 * premium[county == name].sum() / value[county == name].sum()
        for name in np.unique(county)
        if value[county == name].sum() > 0
    }
    dear, cheap = max(per_county, key=per_county.__getitem__), min(per_county, key=per_county.__getitem__)
    if len(per_county) == 1:
        title = f"{dear} pays {significant(per_county[dear])} per mille of the sum insured"
    else:
        title = (
            f"{dear} is dearest at {significant(per_county[dear])} per mille of the sum insured, "
            f"{times(per_county[dear] / per_county[cheap])} the rate of {cheap}"
        )
    alt = f"Map of the insured stands. {title}."
    wide, narrow = paint("rate-map", painter, 720, 480, alt)
    rows = [
        [
            words(name),
            count(float((county == name).sum())),
            figure(float(per_county[name]), 4),
            figure(float(np.min(rate[np.unique(cell[county == name])]))),
            figure(float(np.max(rate[np.unique(cell[county == name])]))),
        ]
        for name in per_county
    ]
    numbers = table(
        "Rates by county",
        [
            Column("County", number=False),
            Column("Stands"),
            Column("Rate", "per mille of sum insured"),
            Column("Cheapest hexagon", "per mille"),
            Column("Dearest hexagon", "per mille"),
        ],
        rows,
    )
    note = f"Each hexagon, about {significant(size, 2)} km wide, shows the premium of its stands over their sum insured."
    return Chart("rate-map", title, alt, wide, narrow, numbers, note)


def _round_length(length: float) -> float:
    power = 10 ** np.floor(np.log10(length))
    return float(max(m * power for m in (1, 2, 5) if m * power <= length))
