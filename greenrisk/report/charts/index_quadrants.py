# SPDX-License-Identifier: Apache-2.0
"""Loss beside payment, a dot a year: what was paid, what was missed, and what was paid without a loss."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from greenrisk.report.charts.key import Mark, key
from greenrisk.report.charts.plate import (
    ACCENT,
    BREACH,
    INK,
    LINE,
    ORANGE,
    PAPER,
    SOFT,
    Chart,
    Hit,
    paint,
    plain_ticks,
    quiet,
)
from greenrisk.report.table import Cell, Column, Table, count, figure, share, table, words
from greenrisk.report.wording import money, money_unit, percent

DRAWN: Final = 600
"""Simulated years that are drawn; the first ones."""

NAMED: Final = 12
"""Dots of a kind that bear their year; more would cover one another."""

INSIDE: Final = 0.995
"""Share of simulated years inside the frame; the others stand at its edge."""

SIDES: Final = ((0, 0.05), (1, 0), (-1, 0), (0, 0.1), (1, 0.05), (-1, 0.05), (1, 0.1), (-1, 0.1), (0, 0.15))
"""Where a year may stand beside its dot: half widths to the right, share of the frame above."""


class Kind(NamedTuple):
    """How a quadrant is drawn."""

    word: str
    colour: str
    marker: str
    filled: bool


KINDS: Final = {
    "loss and payment": Kind("Among the worst, paid", ACCENT, "o", True),
    "loss, no payment": Kind("Among the worst, not paid", BREACH, "X", True),
    "payment, no loss": Kind("Paid, not among the worst", ORANGE, "s", True),
    "neither": Kind("Neither", SOFT, "o", False),
}
"""Quadrant -> its word, colour and mark; the shape tells it without the colour."""


def index_quadrants_chart(pairs: xr.Dataset, basis: xr.Dataset) -> Chart:
    """Draw loss against payment.

    Parameters
    ----------
    pairs : xarray.Dataset
        The group ``/basis_pairs``: ``loss``, ``payout`` [CNY] and ``quadrant`` over (year); attributes ``loss_edge``
        [CNY], ``matched_years``, ``simulated``.
    basis : xarray.Dataset
        The group ``/basis``: ``value``, ``low``, ``high`` over (measure); attributes ``years``, ``matched_years``.
    """
    simulated = bool(pairs.attrs.get("simulated", 0))
    shown = pairs.isel(year=slice(DRAWN)) if simulated else pairs
    loss, payout = (shown[name].values.astype(float) for name in ("loss", "payout"))
    quadrant = shown["quadrant"].values.astype(str)
    year = shown["year"].values.astype(int)
    scale, unit = money_unit([*loss, *payout])
    right, top = (_frame(v, simulated) / scale for v in (loss, payout))
    edge = float(pairs.attrs.get("loss_edge", np.nan)) / scale
    beyond = int(((loss / scale > right) | (payout / scale > top)).sum())
    x, y = np.minimum(loss / scale, right), np.minimum(payout / scale, top)

    def painter(plate: Figure, narrow: bool) -> list[Hit]:
        axes = plate.subplots()
        least = min(right, top)
        axes.plot([0, least], [0, least], ":", color=SOFT, linewidth=1.2, zorder=1)
        steep = least < 0.5 * right
        axes.annotate(
            "payment = loss", (0.75 * least, 0.75 * least), xytext=(6, -3) if steep else (-6, 3),
            textcoords="offset points", ha="left" if steep else "right", va="top" if steep else "bottom",
            fontsize=10.5, color=SOFT,
        ).set_gid("halo-diagonal")  # fmt: skip
        if np.isfinite(edge):
            axes.axvline(edge, color=LINE, linewidth=1.4, zorder=1)
        for name, kind in KINDS.items():
            of = quadrant == name
            axes.plot(
                x[of], y[of], kind.marker, color=kind.colour, linestyle="", zorder=4 if kind.filled else 3,
                markersize=(4 if simulated else 9) if kind.filled else (3 if simulated else 7),
                markerfacecolor=kind.colour if kind.filled else "none", clip_on=False,
                markeredgecolor=PAPER if kind.filled and not simulated else kind.colour,
                markeredgewidth=0.8 if not simulated else 0.5, alpha=0.5 if simulated else 1.0,
            )  # fmt: skip
        if not simulated:
            _name_years(axes, _named(quadrant), x, y, year, (right, top), narrow)
        axes.set_xlim(-0.02 * right, 1.02 * right)
        axes.set_ylim(-0.03 * top, 1.08 * top)
        for which in ("x", "y"):
            plain_ticks(axes, which)
        axes.xaxis.set_major_locator(MaxNLocator(nbins=5 if narrow else 9))
        axes.set_xlabel(f"Loss of the year, {unit}")
        axes.set_ylabel(f"Payment of the year, {unit}")
        quiet(axes, spines=("bottom", "left"), grid="both")
        key(plate, _marks(pairs, basis), 1 if narrow else 2)
        hits = [
            Hit(axes, float(a), float(b), _told(simulated, int(n), float(p), float(q), k))
            for a, b, n, p, q, k in zip(x, y, year, loss, payout, quadrant, strict=True)
        ]
        return hits[:150]

    title = _title(basis, simulated)
    alt = f"Dots of years by loss and payment. {title}."
    wide, narrow = paint("index-quadrants", painter, 430, 470, alt)
    return Chart(
        "index-quadrants",
        title,
        alt,
        wide,
        narrow,
        _numbers(pairs, simulated),
        _note(basis, simulated, beyond),
    )


def _named(quadrant: NDArray[np.str_]) -> NDArray[np.bool_]:
    """Return the years that bear their name: those of every quadrant but the last that holds few enough."""
    names = [name for name in KINDS if name != "neither" and (quadrant == name).sum() <= NAMED]
    return np.asarray(np.isin(quadrant, names))


def _frame(values: NDArray[np.float64], simulated: bool) -> float:
    """Return the end of an axis."""
    top = float(np.quantile(values, INSIDE)) if simulated else float(values.max())
    return top or float(values.max()) or 1.0


def _name_years(
    axes: Axes,
    named: NDArray[np.bool_],
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    year: NDArray[np.int64],
    ends: tuple[float, float],
    narrow: bool,
) -> None:
    """Write years beside dots, each on the first side where it covers neither another year nor a dot."""
    # sizes in shares of the frame
    wide, high, dot = (0.14, 0.05, 0.03) if narrow else (0.06, 0.05, 0.014)
    u, v = x / ends[0], y / ends[1]
    taken: list[tuple[float, float]] = []
    for at in sorted(np.flatnonzero(named), key=lambda i: -x[i]):
        for aside, above in SIDES:
            spot = (float(u[at]) + aside * (wide / 2 + dot), float(v[at]) + above)
            years = all(abs(spot[0] - a) >= wide or abs(spot[1] - b) >= high for a, b in taken)
            dots = (np.abs(spot[0] - u) >= wide / 2 + dot / 2) | (np.abs(spot[1] - v) >= high / 2 + 0.01)
            inside = spot[0] - wide / 2 > -0.02 and spot[0] + wide / 2 < 1.05
            if years and inside and bool(dots.all()):
                break
        else:
            continue
        taken.append(spot)
        axes.annotate(
            str(int(year[at])), (spot[0] * ends[0], spot[1] * ends[1]), ha="center", va="center", fontsize=10.5,
            color=INK, zorder=5, annotation_clip=False,
        ).set_gid(f"halo-year{int(year[at])}")  # fmt: skip


def _told(simulated: bool, year: int, loss: float, payout: float, quadrant: str) -> str:
    head = f"Simulated year {year}" if simulated else str(year)
    return f"{head}: loss {money(loss)}, payment {money(payout)} ({quadrant})"


def _marks(pairs: xr.Dataset, basis: xr.Dataset) -> list[Mark]:
    quadrant = pairs["quadrant"].values.astype(str)
    everything = quadrant.size
    simulated = bool(pairs.attrs.get("simulated", 0))
    marks = []
    for name, kind in KINDS.items():
        number = int((quadrant == name).sum())
        many = percent(number / everything) if simulated else f"{number} {'year' if number == 1 else 'years'}"
        marks.append(
            (
                f"{kind.word}: {many}",
                Line2D(
                    [], [], marker=kind.marker, color=kind.colour, linestyle="", markersize=8,
                    markerfacecolor=kind.colour if kind.filled else "none",
                ),
            )
        )  # fmt: skip
    return marks


def _shares(basis: xr.Dataset) -> tuple[int, int, int, float, float]:
    """Return worst years, those missed, paid years that are none of them, and the interval of the missed share."""
    one = basis.sel(measure="false_negatives")
    worst, paid = int(one["years"]), int(basis.sel(measure="false_positives")["years"])
    missed = round(float(one["value"]) * worst) if worst else 0
    needless = round(float(basis.sel(measure="false_positives")["value"]) * paid) if paid else 0
    return worst, missed, needless, float(one["low"]), float(one["high"])


def _title(basis: xr.Dataset, simulated: bool) -> str:
    worst, missed, needless, *_ = _shares(basis)
    years = int(basis.attrs["years"])
    if not worst:
        return f"In {years:,} years with losses the cover paid nothing"
    if simulated:
        return f"{percent(missed / worst)} of the worst years go unpaid, as the declared link has it"
    head = f"Of the {worst} worst of {years} years, " if worst > 1 else f"The worst of {years} years "
    if worst == 1:
        return f"{head}was {'not paid' if missed else 'paid'}"
    tail = "each was paid" if not missed else f"{missed} went unpaid"
    paid = int(basis.sel(measure="false_positives")["years"])
    verb = "is" if needless == 1 else "are"
    other = f"; {needless} of {paid} paid years {verb} not among them" if needless else ""
    return head + tail + other


def _note(basis: xr.Dataset, simulated: bool, beyond: int) -> str:
    worst, missed, _, low, high = _shares(basis)
    told = (
        "Upright line: losses to its right count as loss years, as many as were paid, so that neither side is the "
        "rarer. Dots below the dotted line were paid less than was lost. "
    )
    if simulated:
        told += f"The first {DRAWN} simulated years are drawn; shares are of all. "
        if beyond:
            told += f"{beyond} of them lie beyond the frame and stand at its edge. "
        return told + "How losses and index move together is declared by a card, not measured."
    years = int(basis.attrs["years"])
    if worst:
        told += (
            f"{years} years are few: {missed} missed of {worst} fits anything from {percent(low)} to {percent(high)} "
            f"of such years in the long run, and nothing rarer than once in {years} years was seen."
        )
    else:
        told += f"Nothing was paid in {years} years: what a bad year would bring is not known."
    return told


def _numbers(pairs: xr.Dataset, simulated: bool) -> Table:
    loss, payout = (pairs[name].values.astype(float) for name in ("loss", "payout"))
    quadrant = pairs["quadrant"].values.astype(str)
    scale, unit = money_unit([*loss, *payout])
    if simulated:
        rows: list[list[Cell]] = []
        for name, kind in KINDS.items():
            of = quadrant == name
            means = [float(v[of].mean()) if of.any() else np.nan for v in (loss, payout)]
            rows.append([words(kind.word), share(float(of.mean())), *(figure(v, scale=scale) for v in means)])
        columns = [
            Column("Years", number=False),
            Column("Share of years"),
            Column("Mean loss", unit),
            Column("Mean payment", unit),
        ]
        return table(f"Loss and payment in {quadrant.size:,} simulated years", columns, rows)
    rows = [
        [
            Cell(str(int(y)), float(y)),
            figure(float(a), scale=scale),
            figure(float(b), scale=scale),
            figure(float(a - b), scale=scale),
            words(KINDS[q].word),
        ]
        for y, a, b, q in zip(pairs["year"].values, loss, payout, quadrant, strict=True)
    ]
    rows.append(
        [
            words("Sum"),
            *(figure(float(v.sum()), scale=scale) for v in (loss, payout, loss - payout)),
            count(float(loss.size)),
        ]
    )
    columns = [
        Column("Year"),
        Column("Loss", unit),
        Column("Payment", unit),
        Column("Loss less payment", unit),
        Column("Quadrant", number=False),
    ]
    return table("Loss and payment by year", columns, rows, totals=1)
