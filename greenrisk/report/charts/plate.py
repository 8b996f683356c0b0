# SPDX-License-Identifier: Apache-2.0
"""The plate on which every chart is drawn: sizes, colours, and the way to a small, themed, repeatable SVG.

A chart is painted twice, for wide and for narrow screens, so that its text is never scaled below what can be
read. Colours are written as style variables, so that the light, dark and print style sheets can set them; text
stays text, so that the reader's own fonts draw it. No clock and no random id goes into the file.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ticker import StrMethodFormatter

from greenrisk.report.table import Table

WIDE, NARROW = 760, 350
"""Width of a figure on a wide and on a narrow screen [px]."""

INK, SOFT, LINE, PAPER = "#1f2328", "#59636e", "#d0d7de", "#fefefe"
ACCENT, SECOND = "#0072b2", "#007a59"
ORANGE, PURPLE, SKY, BREACH = "#e69f00", "#cc79a7", "#56b4e9", "#d55e00"
THEMED = {
    INK: "ink",
    SOFT: "soft",
    LINE: "line",
    PAPER: "paper",
    ACCENT: "accent",
    SECOND: "second",
    ORANGE: "orange",
    PURPLE: "purple",
    SKY: "sky",
    BREACH: "breach",
}
"""Colours (Okabe-Ito, greys) that a style sheet sets; any other colour, such as a colour scale, stays as painted."""

STATUS_COLOURS = {
    "confirmed": SOFT,
    "unconfirmed": PURPLE,
    "illustrative": ORANGE,
    "user": SKY,
    "record": ACCENT,
}
"""Colour of a card's status; the word always stands beside it."""

_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 12,
    "axes.labelsize": 12,
    "xtick.labelsize": 11,
    "ytick.labelsize": 11,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": SOFT,
    "axes.labelcolor": SOFT,
    "axes.grid": False,
    "grid.color": LINE,
    "xtick.color": SOFT,
    "ytick.color": SOFT,
    "text.color": INK,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "axes.unicode_minus": True,
}


@dataclass(frozen=True)
class Hit:
    """A spot of a figure that tells its value.

    Parameters
    ----------
    axes : Axes
        Axes in whose data coordinates the spot lies.
    x, y : float
        Its middle.
    text : str
        What it tells.
    width, height : float
        Its size in data coordinates; 0 for a point.
    """

    axes: Axes
    x: float
    y: float
    text: str
    width: float = 0.0
    height: float = 0.0


@dataclass(frozen=True)
class Chart:
    """A finished figure.

    Parameters
    ----------
    name : str
        Anchor.
    title : str
        The sentence that the reader should take away.
    alt : str
        Alternative text.
    wide, narrow : str
        SVG for wide and narrow screens.
    table : Table
        The numbers behind the figure.
    note : str
        How to read it, printed below.
    statuses : tuple of str
        Statuses of cards whose colours the figure uses; a key is printed.
    opened : bool
        Whether the numbers stand open below the figure.
    """

    name: str
    title: str
    alt: str
    wide: str
    narrow: str
    table: Table
    note: str = ""
    statuses: tuple[str, ...] = ()
    opened: bool = False


Painter = Callable[[Figure, bool], list[Hit]]
"""Paints on a figure, knows whether it is the narrow one, and returns the spots that tell values."""


def paint(name: str, painter: Painter, wide_height: int, narrow_height: int, alt: str) -> tuple[str, str]:
    """Paint a chart for both screens.

    Parameters
    ----------
    name : str
        Anchor of the chart, prefix of all ids inside.
    painter : callable
        See :data:`Painter`.
    wide_height, narrow_height : int
        Heights [px].
    alt : str
        Alternative text.

    Returns
    -------
    tuple of str
        The wide and the narrow SVG.
    """
    return (
        _svg(f"{name}-w", painter, WIDE, wide_height, False, alt),
        _svg(f"{name}-n", painter, NARROW, narrow_height, True, alt),
    )


def _svg(name: str, painter: Painter, width: int, height: int, narrow: bool, alt: str) -> str:
    with matplotlib.rc_context({**_STYLE, "svg.hashsalt": name}), warnings.catch_warnings():
        # text stays text: the reader's own fonts draw a county's Chinese name, not the one that measures it here
        warnings.filterwarnings("ignore", message=r"Glyph .* missing from", category=UserWarning)
        figure = Figure(figsize=(width / 72, height / 72), dpi=72, layout="constrained")
        canvas = FigureCanvasSVG(figure)
        hits = painter(figure, narrow)
        buffer = io.StringIO()
        # laid out once and drawn once: savefig would draw everything a second time to lay it out
        layout = figure.get_layout_engine()
        assert layout is not None
        layout.execute(figure)
        figure.set_layout_engine("none")
        canvas.print_svg(buffer, metadata={"Date": None, "Creator": None})  # type: ignore[no-untyped-call]
        # only a drawn figure knows where its data lie
        spots = "".join(_spot(hit, height) for hit in hits)
    return _clean(buffer.getvalue(), name, width, height, alt, spots)


def _spot(hit: Hit, height: int) -> str:
    to_pixel = hit.axes.transData.transform
    if hit.width or hit.height:
        (x0, y0), (x1, y1) = to_pixel(
            [
                (hit.x - hit.width / 2, hit.y - hit.height / 2),
                (hit.x + hit.width / 2, hit.y + hit.height / 2),
            ]
        )
        left, top = min(x0, x1), height - max(y0, y1)
        size = f'width="{abs(x1 - x0):.1f}" height="{abs(y1 - y0):.1f}"'
        shape = f'<rect class="hit" x="{left:.1f}" y="{top:.1f}" {size}>'
        end = "</rect>"
    else:
        x, y = to_pixel((hit.x, hit.y))
        shape, end = f'<circle class="hit" cx="{x:.1f}" cy="{height - y:.1f}" r="8">', "</circle>"
    return f"{shape}<title>{escape(hit.text)}</title>{end}"


def _clean(svg: str, name: str, width: int, height: int, alt: str, spots: str) -> str:
    body = svg[svg.index("<svg") :]
    body = re.sub(r"<metadata>.*?</metadata>", "", body, flags=re.DOTALL)
    body = re.sub(r"<!--.*?-->", "", body, flags=re.DOTALL)
    body = re.sub(r"\s*\n\s*", "\n", body)
    # matplotlib numbers its ids from 1 in every file; many files share one page here
    body = re.sub(r'\bid="', f'id="{name}-', body)
    body = body.replace('href="#', f'href="#{name}-').replace("url(#", f"url(#{name}-")
    body = body.replace("xlink:href=", "href=")
    body = re.sub(r"(font: (?:\w+ )*[\d.]+px)[^;\"]+", r"\1 system-ui, sans-serif", body)
    body = re.sub(r"<[^>]*>", lambda tag: re.sub(r"(\d\.\d{2})\d+", r"\1", tag[0]), body)
    for colour, variable in THEMED.items():
        body = body.replace(colour, f"var(--{variable}, {colour})")
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    head = f'<svg class="chart" {size} role="img" aria-label="{escape(alt)}">'
    body = re.sub(r"<svg[^>]*>", head, body, count=1)
    end = body.rindex("</svg>")
    return body[:end] + f'<g class="hits">{spots}</g></svg>'


def apart(places: Sequence[float], sizes: Sequence[float], low: float, high: float) -> list[float]:
    """Move labels along a line until none covers another.

    Parameters
    ----------
    places : sequence of float
        Where the middles of the labels want to be.
    sizes : sequence of float
        How long the labels are, in the same unit.
    low, high : float
        Ends of the line that labels must not leave.
    """
    order = sorted(range(len(places)), key=lambda i: places[i])
    moved = list(places)
    for _ in range(100):
        for left, right in pairwise(order):
            overlap = (sizes[left] + sizes[right]) / 2 - (moved[right] - moved[left])
            if overlap > 0:
                moved[left] -= overlap / 2
                moved[right] += overlap / 2
        for i in order:
            moved[i] = min(max(moved[i], low + sizes[i] / 2), high - sizes[i] / 2)
    return moved


def plain_ticks(axes: Axes, which: str) -> None:
    """Write the ticks of a linear axis (``x`` or ``y``) with thousands separators and without exponents."""
    axis = axes.xaxis if which == "x" else axes.yaxis
    axis.set_major_formatter(StrMethodFormatter("{x:,.10g}"))


def quiet(axes: Axes, *, spines: tuple[str, ...] = ("bottom",), grid: str = "") -> None:
    """Keep only the named spines and, where asked, a light grid along one axis (``x``, ``y`` or ``both``)."""
    for side, spine in axes.spines.items():
        spine.set_visible(side in spines)
    axes.tick_params(length=0 if grid else 3)
    axes.tick_params(axis="x", pad=6)
    if grid:
        axes.grid(True, axis=grid, linewidth=0.8, zorder=0)  # type: ignore[arg-type]
        axes.set_axisbelow(True)
