# SPDX-License-Identifier: Apache-2.0
"""Map of premium rates: stands gathered in hexagons, each coloured by its premium over its sum insured."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import xarray as xr
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.collections import PolyCollection
from matplotlib.colors import BoundaryNorm, Normalize
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import AffineDeltaTransform
from numpy.typing import NDArray

from greenrisk.core.units import KM_PER_DEGREE
from greenrisk.report.charts.plate import INK, LINE, SOFT, Chart, Hit, paint
from greenrisk.report.table import Cell, Column, Table, count, figure, table, words
from greenrisk.report.wording import money, significant, times

ACROSS = 30
"""Hexagons across the book's longer side: coarse enough for a small file, fine enough to see where rates rise."""

Floats = NDArray[np.float64]


SLIVER = 0.01
"""Share of the book below which a county is left out of the comparison in the title [unitless]."""


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
    lattices = [(np.round(point / step - shift) + shift) * step for shift in (0.0, 0.5)]
    distance = [np.square(point - lattice).sum(axis=1) for lattice in lattices]
    centre = np.where((distance[0] <= distance[1])[:, None], lattices[0], lattices[1])
    # rounding makes equal centres equal bits, so that they are found to be the same cell
    centres, cell = np.unique(np.round(centre, 6), axis=0, return_inverse=True)
    return cell.reshape(-1).astype(np.int64), centres


@dataclass(frozen=True)
class Ground:
    """The stands of a map in plane coordinates, gathered in hexagons.

    Parameters
    ----------
    longitude, latitude : float
        Where the plane coordinates are zero [degree].
    km_per_longitude : float
        Length of a degree of longitude there [km].
    x, y : array, shape (stands,)
        Plane coordinates [km].
    size, extent : float
        Width of a hexagon and of the book's longer side [km].
    cell : array of int, shape (stands,)
        Hexagon of each stand.
    centres : array, shape (cells, 2)
        Centres of the hexagons [km].
    rate : array, shape (cells,)
        Gross premium over sum insured [per mille].
    """

    longitude: float
    latitude: float
    km_per_longitude: float
    x: Floats
    y: Floats
    size: float
    extent: float
    cell: NDArray[np.int64]
    centres: Floats
    rate: Floats

    @classmethod
    def of(cls, sites: xr.Dataset) -> Ground:
        """Lay out the stands of a result."""
        longitude, latitude = (sites[name].values.astype(float) for name in ("longitude", "latitude"))
        middle = float(longitude.mean()), float(latitude.mean())
        per_longitude = KM_PER_DEGREE * float(np.cos(np.radians(middle[1])))
        x, y = (longitude - middle[0]) * per_longitude, (latitude - middle[1]) * KM_PER_DEGREE
        extent = float(max(np.ptp(x), np.ptp(y), 1.0))
        cell, centres = hexagons(x, y, extent / ACROSS)
        gross, value = (
            np.bincount(cell, sites[name].values.astype(float)) for name in ("gross_premium", "sum_insured")
        )
        rate = np.divide(1000 * gross, value, out=np.zeros_like(value), where=value > 0)
        return cls(*middle, per_longitude, x, y, extent / ACROSS, extent, cell, centres, rate)


def rate_map_chart(sites: xr.Dataset, premium: xr.Dataset) -> Chart:
    """Draw the map.

    Parameters
    ----------
    sites : xarray.Dataset
        Over (site): longitude, latitude, county, sum_insured [CNY], gross_premium, pure_premium,
        pure_premium_standard_error [CNY/year].
    premium : xarray.Dataset
        ``gross_standard_error`` over (segment) [CNY/year], with the coordinate ``county``: says how sure the difference
        of counties is.
    """
    ground = Ground.of(sites)
    gross, value = sites["gross_premium"].values.astype(float), sites["sum_insured"].values.astype(float)
    county = sites["county"].values.astype(str)
    ends = np.quantile(ground.rate, [0.02, 0.98])
    edges = sorted(
        {max(0.0, float(e)) for e in MaxNLocator(nbins=7, steps=[1, 2, 2.5, 5, 10]).tick_values(*ends)}
    )
    edges = [0.0, *edges[1:]] if len(edges) > 1 else [0.0, 1.0]
    norm: Normalize = BoundaryNorm(edges, colormaps["viridis"].N, extend="max")
    in_cell, stands = np.bincount(ground.cell, gross), np.bincount(ground.cell)

    def painter(plate: Figure, narrow: bool) -> list[Hit]:
        axes = plate.subplots()
        _hexagons(axes, ground, norm)
        _degrees(axes, ground, narrow)
        _counties(axes, ground, county, value)
        _scale_bar(axes, ground)
        scale = plate.colorbar(
            ScalarMappable(norm=norm, cmap="viridis"),
            ax=axes,
            orientation="horizontal",
            shrink=0.9 if narrow else 0.55,
            aspect=34,
            pad=0.02,
            spacing="uniform",
        )
        scale.outline.set_visible(False)
        scale.ax.tick_params(length=0)
        scale.set_ticks(edges, labels=[f"{e:g}" for e in edges])
        scale.set_label("Gross premium, per mille of the sum insured a year")
        return [
            Hit(
                axes,
                float(x),
                float(y),
                f"{significant(float(r))} per mille: {money(float(p))} a year on {int(n)} stands",
                0.9 * ground.size,
                0.9 * ground.size,
            )
            for (x, y), r, p, n in zip(ground.centres, ground.rate, in_cell, stands, strict=True)
        ]

    insured = {str(name): float(value[county == name].sum()) for name in np.unique(county)}
    rates = {
        name: float(1000 * gross[county == name].sum()) / total
        for name, total in insured.items()
        if total > 0
    }
    errors = _errors(rates, insured, premium)
    # A county with a sliver of the book has too few events for its error to be known: it is not compared.
    compared = {name: r for name, r in rates.items() if insured[name] >= SLIVER * sum(insured.values())}
    title = _title(compared or rates, errors)
    alt = f"Map of the insured stands. {title}."
    wide, narrow = paint("rate-map", painter, 600, 480, alt)
    note = f"Each hexagon, about {significant(ground.size, 2)} km wide, shows the premium of its stands over their "
    note += f"sum insured. {_noise(ground, sites)}".rstrip()
    if len(rates) > 1:
        note += " The rates of small counties rest on few simulated events."
    return Chart("rate-map", title, alt, wide, narrow, _numbers(ground, county, rates, errors), note.rstrip())


def _hexagons(axes: Axes, ground: Ground, norm: Normalize) -> None:
    corner = np.radians(np.arange(6) * 60 + 30)
    shape = ground.size / np.sqrt(3) * np.stack([np.cos(corner), np.sin(corner)], axis=1)
    axes.add_collection(
        PolyCollection(
            [shape],
            offsets=ground.centres,
            offset_transform=AffineDeltaTransform(axes.transData),  # type: ignore[arg-type]
            array=ground.rate,
            cmap="viridis",
            norm=norm,
            linewidths=0.5,
            edgecolors=LINE,
        )
    )
    low, high = ground.centres.min(axis=0), ground.centres.max(axis=0)
    axes.set_aspect("equal")
    axes.set_xlim(low[0] - 1.6 * ground.size, high[0] + 1.6 * ground.size)
    axes.set_ylim(low[1] - 3.2 * ground.size, high[1] + 1.6 * ground.size)


def _degrees(axes: Axes, ground: Ground, narrow: bool) -> None:
    for axis, zero, km, letter in (
        (axes.xaxis, ground.longitude, ground.km_per_longitude, "E"),
        (axes.yaxis, ground.latitude, KM_PER_DEGREE, "N"),
    ):
        low, high = axis.get_view_interval()
        ticks = MaxNLocator(nbins=3 if narrow else 4).tick_values(zero + low / km, zero + high / km)
        ticks = [t for t in ticks if low < (t - zero) * km < high]
        axis.set_ticks([(t - zero) * km for t in ticks], [f"{t:g}° {letter}" for t in ticks])
    for spine in axes.spines.values():
        spine.set_visible(False)


def _counties(axes: Axes, ground: Ground, county: NDArray[np.str_], value: Floats) -> None:
    weight = {name: float(value[county == name].sum()) for name in np.unique(county)}
    placed: list[tuple[float, float]] = []
    for number, name in enumerate(sorted(weight, key=lambda n: -weight[n])):
        x, y = float(ground.x[county == name].mean()), float(ground.y[county == name].mean())
        while any(abs(x - px) < 7 * ground.size and abs(y - py) < 1.8 * ground.size for px, py in placed):
            y -= 0.9 * ground.size
        placed.append((x, y))
        axes.text(x, y, name, ha="center", va="center", fontweight="bold", color=INK).set_gid(f"halo{number}")


def _scale_bar(axes: Axes, ground: Ground) -> None:
    power = 10 ** np.floor(np.log10(ground.extent / 4))
    bar = float(max(m * power for m in (1, 2, 5) if m * power <= ground.extent / 4))
    left, base = axes.get_xlim()[0] + ground.size, axes.get_ylim()[0] + 0.8 * ground.size
    axes.plot([left, left + bar], [base, base], color=INK, linewidth=2, solid_capstyle="butt")
    axes.annotate(
        f"{bar:g} km",
        (left + bar / 2, base),
        xytext=(0, 4),
        textcoords="offset points",
        ha="center",
        color=SOFT,
    )


def _errors(rates: dict[str, float], insured: dict[str, float], premium: xr.Dataset) -> dict[str, float]:
    """Return the simulation error of each county's rate [per mille], at most.

    The segments of a county are hit together: the sum of their errors is the cautious error of the county.
    """
    of_segment, error = premium["county"].values.astype(str), premium["gross_standard_error"].values
    return {name: float(1000 * error[of_segment == name].sum()) / insured[name] for name in rates}


def _title(rates: dict[str, float], errors: dict[str, float]) -> str:
    """Return the sentence; counties are told apart only where they differ by three simulation errors."""
    dear, cheap = max(rates, key=rates.__getitem__), min(rates, key=rates.__getitem__)
    if len(rates) == 1:
        return f"{dear} pays {significant(rates[dear])} per mille of the sum insured"
    ends = f"{significant(rates[cheap])} ({cheap}) to {significant(rates[dear])} per mille ({dear})"
    if rates[dear] - rates[cheap] > 3 * np.hypot(errors[dear], errors[cheap]) and rates[cheap] > 0:
        return f"Counties pay from {ends} of the sum insured, {times(rates[dear] / rates[cheap])} as much"
    return f"Counties pay from {ends} of the sum insured, but the simulation is too short to tell them apart"


def _noise(ground: Ground, sites: xr.Dataset) -> str:
    pure, error = (
        np.bincount(ground.cell, sites[name].values.astype(float))
        for name in ("pure_premium", "pure_premium_standard_error")
    )
    if not (pure > 0).any():
        return ""
    middle = float(np.median(error[pure > 0] / pure[pure > 0]))
    return (
        f"Single hexagons are noisy: in half of them the simulation error may reach {100 * middle:.0f}\u00a0% of the "
        "pure premium or more. Read the pattern, not the cell."
    )


def _numbers(
    ground: Ground, county: NDArray[np.str_], rates: dict[str, float], errors: dict[str, float]
) -> Table:
    return table(
        "Rates by county",
        [
            Column("County", number=False),
            Column("Stands"),
            Column("Rate ± simulation", "per mille of sum insured"),
            Column("Cheapest hexagon", "per mille"),
            Column("Dearest hexagon", "per mille"),
        ],
        [
            [
                words(name),
                count(float((county == name).sum())),
                Cell(significant(rate, 4), rate, f"± {significant(errors[name], 2)}"),
                figure(float(ground.rate[ground.cell[county == name]].min())),
                figure(float(ground.rate[ground.cell[county == name]].max())),
            ]
            for name, rate in rates.items()
        ],
    )
