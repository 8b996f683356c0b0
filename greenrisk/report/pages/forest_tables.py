# SPDX-License-Identifier: Apache-2.0
"""Tables of the forest page: bad years, layers, counties and forest types, cards."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from greenrisk.report.charts.tornado import swing_ends, tornado_names, without_effect
from greenrisk.report.reading import Metric, Metrics
from greenrisk.report.table import Cell, Column, Table, figure, interval, table, words
from greenrisk.report.wording import (
    CHARGED_DIGITS,
    FOREST_TYPES,
    LAYERS,
    as_given,
    first_sentence,
    listed,
    money_unit,
    named,
    unit_words,
)

RARE = (
    ("All events of a year, 1\u00a0in\u00a0100\u00a0years", "aggregate_exceedance", {"return_period": 100}),
    ("All events of a year, 1\u00a0in\u00a0250\u00a0years", "aggregate_exceedance", {"return_period": 250}),
    ("Largest event, 1\u00a0in\u00a0100\u00a0years", "occurrence_exceedance", {"return_period": 100}),
    ("Largest event, 1\u00a0in\u00a0250\u00a0years", "occurrence_exceedance", {"return_period": 250}),
    (
        "Mean of the worst 1\u00a0in\u00a0200\u00a0years (TVaR\u00a099.5\u00a0%)",
        "tail_value_at_risk",
        {"level": 0.995},
    ),
)
"""What a bad year is, in words, and the metric that says what it costs."""


def bad_years_table(metrics: Metrics) -> Table:
    """Return what rare years cost the policy."""
    found = [(label, metrics.find(name, layer="gross", **dims)) for label, name, dims in RARE]
    return metric_table("Paid by the policy", "", [(label, m) for label, m in found if m is not None])


def metric_table(caption: str, head: str, rows: list[tuple[str, Metric]]) -> Table:
    """Return metrics of one unit of money as a table with both errors."""
    scale, unit = money_unit(m.value for _, m in rows)
    body = [
        [
            words(name),
            figure(m.value, error=m.standard_error, scale=scale),
            interval(m.low, m.high, scale),
        ]
        for name, m in rows
    ]
    return table(
        caption,
        [
            Column(head, number=False),
            Column("Amount ± simulation", unit),
            Column("Knowledge, 90 %", unit),
        ],
        body,
        heard=True,
    )


def layers_table(metrics: Metrics) -> Table:
    """Return average annual losses from the ground up to what the insurer keeps."""
    found = [(named(LAYERS, layer), metrics.find("average_annual_loss", layer=layer)) for layer in LAYERS]
    return metric_table("Average annual loss", "", [(name, m) for name, m in found if m is not None])


def brief_tornado(tornado: xr.Dataset, rows: int) -> Table:
    """Return the widest rows of the tornado, short enough for the first screen."""
    widest = tornado.isel(parameter=slice(rows))
    at_low, at_high = swing_ends(widest)
    quantity, subject, _ = tornado_names(tornado)
    scale, money = money_unit([*at_low, *at_high])
    body: list[list[Cell]] = []
    for i in range(min(rows, tornado.sizes["parameter"])):
        one = {name: tornado[name].values[i] for name in tornado.data_vars}
        name = str(tornado["parameter"].values[i]).rpartition(":")[2]
        low, high = sorted((float(at_low[i]), float(at_high[i])))
        nothing = without_effect(tornado, low, high, scale)
        unit = unit_words(str(one["unit"]))
        body.append(
            [
                Cell(
                    first_sentence(str(one["label"])),
                    href=f"#card-{one['card']}-{name}",
                    status=str(one["status"]),
                    note=f"{as_given(str(one['low']))} to {as_given(str(one['high']))} {unit}".strip(),
                ),
                Cell(nothing, high) if nothing else interval(low, high, scale),
            ]
        )
    return table(
        f"What would change {subject} most",
        [Column("Parameter and its range", number=False), Column(f"{quantity} over it", f"{money} a year")],
        body,
        heard=True,
    )


NEGATIVE, NOISY = "\u2020", "*"
"""Marks of a segment with a negative risk load, and of one with a large simulation error."""

NOISE = 0.25
"""Simulation error, as a share of a segment's premium, above which it is marked."""


def _marks(premium: xr.Dataset) -> NDArray[np.str_]:
    """Return the marks of each segment, shape (segments,)."""
    load = (
        premium["amount"].sel(row="risk_load").values if "risk_load" in premium["row"].values else np.zeros(1)
    )
    noisy = np.zeros(premium.sizes["segment"], dtype=bool)
    for which in ("pure", "gross"):
        amount = premium["amount"].sel(row=f"{which}_premium").values
        noisy |= premium[f"{which}_standard_error"].values > NOISE * np.abs(amount)
    negative = np.broadcast_to(load < 0, noisy.shape)
    return np.char.add(np.where(negative, NEGATIVE, ""), np.where(noisy, NOISY, ""))


def segments_footnotes(premium: xr.Dataset) -> list[str]:
    """Return what the marks of the segments mean, for those that occur."""
    found = "".join(_marks(premium)[premium["forest_type"].values.astype(str) != "all"])
    notes = {
        NEGATIVE: "the risk load is negative: in the worst simulated years of the book this part loses less than in an "
        "average year, which in so small a part is mostly luck.",
        NOISY: f"the simulation error is above {100 * NOISE:.0f}\u00a0% of the premium: more years, or the sum by "
        "forest type, before anyone is charged by it.",
    }
    return [f"{mark} {text}" for mark, text in notes.items() if mark in found]


def segments_table(premium: xr.Dataset) -> Table:
    """Return premium, exposure and rates by county and forest type, with sums by forest type and in all."""
    county = premium["county"].values.astype(str)
    kind = premium["forest_type"].values.astype(str)
    area, value = premium["insured_area"].values, premium["sum_insured"].values
    pure = premium["amount"].sel(row="pure_premium").values
    gross = premium["amount"].sel(row="gross_premium").values
    marks = _marks(premium)
    parts = np.flatnonzero(kind != "all")
    groups: list[tuple[str, str, NDArray[np.int64]]] = [
        (county[i], f"{_short(kind[i])} {marks[i]}".rstrip(), np.array([i])) for i in parts
    ]
    kinds = [k for k in FOREST_TYPES if k != "all" and (kind == k).any()]
    sums = [("All counties", _short(k), np.flatnonzero(kind == k)) for k in kinds]
    sums.append(("All counties", "All", parts))
    insured_scale, insured_unit = money_unit(value[parts])
    area_scale, area_unit = (1e3, "thousand mu") if area.max() >= 1e5 else (1.0, "mu")
    scale, unit = money_unit(gross[parts])

    def error(which: str, where: NDArray[np.int64]) -> float | None:
        known = premium[f"{which}_standard_error"].values
        # segments are hit together, so that the error of a sum is not given by theirs; only the whole has its own
        return float(known[where[0]] if where.size == 1 else known[0] if where.size == parts.size else np.nan)

    rows: list[list[Cell]] = []
    for place, forest, where in [*groups, *sums]:
        a, s, p, g = (float(x[where].sum()) for x in (area, value, pure, gross))
        rows.append(
            [
                words(place),
                words(forest),
                figure(a, scale=area_scale),
                figure(s, scale=insured_scale),
                figure(p, CHARGED_DIGITS, scale=scale, error=error("pure", where)),
                figure(g, CHARGED_DIGITS, scale=scale, error=error("gross", where)),
                figure(g / a if a else float("nan"), CHARGED_DIGITS),
                figure(1000 * g / s if s else float("nan"), CHARGED_DIGITS),
            ]
        )
    return table(
        "Yearly premium; sums are taken before rounding",
        [
            Column("County", number=False),
            Column("Forest", number=False),
            Column("Insured area", area_unit),
            Column("Sum insured", insured_unit),
            Column("Pure premium ± simulation", unit),
            Column("Gross premium ± simulation", unit),
            Column("Rate", "CNY per mu"),
            Column("Rate", "per mille of sum insured"),
        ],
        rows,
        totals=len(sums),
    )


def correlation_table(correlation: xr.Dataset) -> Table:
    """Return how the province moves with its neighbours, with and without the trends."""
    columns = ("fires_raw", "fires_detrended", "area_raw", "area_detrended")
    rows = [
        [words(place), *(figure(float(correlation[name].values[i]), 2) for name in columns)]
        for i, place in enumerate(correlation["neighbour"].values.astype(str))
    ]
    every = [figure(float(correlation.attrs[f"mean_{name}"]), 2) for name in columns]
    return table(
        "Correlation of the logarithms, year by year",
        [
            Column("Neighbour", number=False),
            Column("Fires", "as counted"),
            Column("Fires", "trend taken out"),
            Column("Burnt area", "as counted"),
            Column("Burnt area", "trend taken out"),
        ],
        [*rows, [words("Mean of all pairs"), *every]],
        totals=1,
    )


def correlation_sentence(correlation: xr.Dataset) -> str:
    """Say what the trends do to the correlation, and what the model implies."""
    raw, own = (float(correlation.attrs[f"mean_fires_{name}"]) for name in ("raw", "detrended"))
    implied = float(correlation.attrs["implied"])
    return (
        f"Provinces share good and bad years: the counts of two of them correlate by {raw:.2f} on average, by "
        f"{own:.2f} once their trends are taken out; the model's common year effect implies {implied:.2f}"
    )


def _short(kind: str) -> str:
    return named(FOREST_TYPES, kind).removesuffix(" forest")


@dataclass(frozen=True)
class ParameterLine:
    """One parameter of a card, as printed."""

    anchor: str
    meaning: str
    value: str
    range: str
    unit: str
    status: str
    basis: str
    source: str


@dataclass(frozen=True)
class CardAbout:
    """Where a card holds, from which years, when not to use it, and what made it."""

    title: str
    region: str
    period: str
    validity: str
    fitted_by: str


@dataclass(frozen=True)
class CardLines:
    """A card, as printed."""

    name: str
    parameters: tuple[ParameterLine, ...]
    about: CardAbout | None = None

    @property
    def count(self) -> int:
        """How many parameters it has."""
        return len(self.parameters)

    @property
    def usual_status(self) -> str:
        """Status of most of its parameters."""
        statuses = [line.status for line in self.parameters]
        return max(dict.fromkeys(statuses), key=statuses.count, default="confirmed")

    @property
    def statuses(self) -> str:
        """How many are confirmed, unconfirmed, ..., in words."""
        found = [p.status for p in self.parameters]
        return listed(f"{found.count(s)} {s}" if len(set(found)) > 1 else s for s in dict.fromkeys(found))


def _about(cards: xr.Dataset) -> dict[str, CardAbout]:
    """Return name of a card -> what it says of itself."""
    texts = [cards[f.name].values.astype(str) for f in fields(CardAbout)]
    names = cards["name" if "name" in cards.variables else "card"].values.astype(str)
    return {
        name: CardAbout(
            *(" ".join(text.split()).rstrip(".") if i < 3 else text for i, text in enumerate(about))
        )
        for name, *about in zip(names, *texts, strict=True)
    }


def card_lines(tornado: xr.Dataset, about: xr.Dataset | None = None) -> list[CardLines]:
    """Return the cards behind a run, in order of their widest parameter.

    Parameters
    ----------
    tornado : xarray.Dataset
        Parameters with their cards, widest first.
    about : xarray.Dataset, optional
        Over (card): ``name``, ``title``, ``region``, ``period``, ``validity``, ``fitted_by``.
    """
    known = _about(about) if about is not None else {}
    text = {
        name: [str(v) for v in tornado[name].values]
        for name in tornado.data_vars
        if tornado[name].dtype.kind in "OUT"
    }
    blank = [""] * tornado.sizes["parameter"]
    cards: dict[str, list[ParameterLine]] = {}
    for i, full in enumerate(str(v) for v in tornado["parameter"].values):
        card, name = text["card"][i], full.rpartition(":")[2]
        cards.setdefault(card, []).append(
            ParameterLine(
                anchor=f"card-{card}-{name}",
                meaning=text["label"][i],
                value=as_given(text["value"][i], CHARGED_DIGITS),
                range=f"{as_given(text['low'][i])} to {as_given(text['high'][i])}",
                unit=unit_words(text["unit"][i]),
                status=text["status"][i],
                basis=text.get("basis", blank)[i],
                source=text.get("source", blank)[i],
            )
        )
    return [CardLines(name, tuple(lines), known.get(name)) for name, lines in cards.items()]


def cards_sentence(cards: list[CardLines]) -> str:
    """Say on how many cards and parameters the premium rests, and how many of them are judged."""
    status = [line.status for card in cards for line in card.parameters]
    judged = sum(s in ("illustrative", "unconfirmed") for s in status)
    return (
        f"The premium rests on {len(cards)} cards with {len(status)} parameters; {judged} of them are illustrative or "
        "unconfirmed. Every parameter has a range, and the knowledge interval comes from drawing all of them at once."
    )
