# SPDX-License-Identifier: Apache-2.0
"""The first screen of the forest page: the number with both its errors, its notices, and what it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

from greenrisk.report.pages.forest_tables import CardLines
from greenrisk.report.reading import Metric, Metrics
from greenrisk.report.wording import (
    CHARGED_DIGITS,
    MISSING,
    SHOWN_DIGITS,
    listed,
    money,
    percent,
    quantity,
    significant,
    span,
    whole,
)

LARGE, ENOUGH = 0.10, 0.05
"""Simulation error, as a share of the premium: above the first the report says how many years lead to the second."""

SYNTHETIC = "synthetic"
"""What the data package says of an invented table."""

STATUS_WORDS = {
    "confirmed": "from confirmed cards",
    "unconfirmed": "from unconfirmed cards",
    "illustrative": "from illustrative cards (judgement)",
    "user": "from your own cards",
}


@dataclass(frozen=True)
class Headline:
    """A number of the first screen with its gauge of both errors, in percent of the gauge's width."""

    name: str
    value: str
    error: str
    interval: str
    know: tuple[str, str]
    sim: tuple[str, str]


def headline(name: str, metric: Metric, value: str) -> Headline:
    """Return a number for the first screen."""
    top = 1.04 * np.nanmax([metric.value, metric.high, 1e-300])

    def part(low: float, high: float) -> tuple[str, str]:
        if not (np.isfinite(low) and np.isfinite(high)):
            return "0", "0"
        left = max(0.0, 100 * low / top)
        return f"{left:.2f}", f"{max(0.0, 100 * high / top - left):.2f}"

    error = metric.standard_error
    # the unit stands in the name; only money keeps its own
    unit = "CNY" if metric.unit.startswith("CNY/year") else ""
    return Headline(
        name,
        value,
        f"± {quantity(error, unit, 2)}" if np.isfinite(error) else MISSING,
        span(metric.low, metric.high, unit, beside=metric.value),
        part(metric.low, metric.high),
        part(metric.value - error, metric.value + error),
    )


def facts(tree: xr.DataTree, premium: xr.Dataset) -> str:
    """Return one line: which year, how much is insured, how many years were simulated."""
    area, value = float(premium["insured_area"].values[0]), float(premium["sum_insured"].values[0])
    insured = f"{significant(area / 1e6)} million" if area >= 1e6 else significant(area)
    return (
        f"Underwriting year {tree.attrs['underwriting_year']}, prices of {tree.attrs['price_year']}. "
        f"{insured} mu insured (1 ha = 15 mu) for {money(value)}. "
        f"{whole(float(tree.attrs['years']))} simulated years."
    )


def invented_years(own: xr.Dataset | None) -> str:
    """Return the name of the table of own years where it is synthetic; else nothing."""
    return (
        str(own.attrs.get("table", "the table"))
        if own is not None and own.attrs.get("status") == SYNTHETIC
        else ""
    )


def experience_note(own: xr.Dataset) -> str:
    """Say how far the premium rests on own years."""
    every = own.sel(peril="all")
    weight, level = percent(float(every["credibility"])), significant(float(every["posterior_median"]), 2)
    years = "Own years (synthetic)" if invented_years(own) else "Own years"
    return f"{years} weigh {weight} in the level of the perils and set it to {level} times that of the cards."


def review_note(indication: xr.Dataset) -> str:
    """Say which rate is in force, which one a rate review proposes, and why that is not the headline."""
    row = indication.isel(review=-1)
    current, proposed = (
        significant(float(row[f"{name}_rate"]), CHARGED_DIGITS) for name in ("current", "proposed")
    )
    return (
        f"The rate in force is {current} per mille; the rate review proposes {proposed}. It weighs the years "
        f"{row['review'].item()} against the cards as they were; the rate above counts every own year."
    )


def notices(tree: xr.DataTree, ledger: pd.DataFrame, invented: str = "") -> list[dict[str, str]]:
    """Return what a reader must know before the first number, each with the place that tells more.

    Parameters
    ----------
    tree : xarray.DataTree
        The result.
    ledger : DataFrame
        Its ledger.
    invented : str
        Name of the table of own years where it is synthetic.
    """
    notices = []
    if int(tree.attrs.get("synthetic_book", 0)):
        notices.append(
            {
                "text": f"The insured stands are invented: {tree.attrs.get('book_file', 'the book')} is a synthetic "
                "book. The premium, the map and the county figures show what the method does, not what any real "
                "forest should pay.",
                "href": "#inputs",
            }
        )
    if invented:
        notices.append(
            {
                "text": f"The own years are invented: {invented} is a synthetic table. What it does to the premium, "
                "and the rate review, show the method.",
                "href": "#experience",
            }
        )
    status = str(tree.attrs.get("landscape_status", ""))
    if status in ("unconfirmed", "illustrative"):
        notices.append(
            {
                "text": f"The table of forest area by county is {status}. It sets how much burns around the book; in "
                "the premium it nearly cancels, because more forest has more fires and less of them in the book.",
                "href": "#ledger-assumption",
            }
        )
    doubtful = ledger[ledger["kind"] == "unreliable"]
    if len(doubtful):
        notices.append(
            {"text": f"Not to be relied on: {_subjects(doubtful['subject'])}.", "href": "#ledger-unreliable"}
        )
    return notices


def _subjects(subjects: pd.Series) -> str:
    """Return what lines of the ledger concern: those of one thing (``book: ...``) as one, with how many they are."""
    lines: dict[str, int] = {}
    for subject in subjects.astype(str):
        thing = subject.partition(": ")[0].replace("_", " ")
        lines[thing] = lines.get(thing, 0) + 1
    return listed(f"{thing} ({count} findings)" if count > 1 else thing for thing, count in lines.items())


def years_sentence(tree: xr.DataTree, metrics: Metrics) -> str:
    """Say how many years would bring a large simulation error down; empty where it is small."""
    gross, years = metrics["gross_premium"], float(tree.attrs["years"])
    if not gross.value > 0 or not gross.standard_error > LARGE * gross.value:
        return ""
    relative = gross.standard_error / gross.value
    return (
        f"The simulation error is {percent(relative)} of the premium; about "
        f"{significant(years * (relative / ENOUGH) ** 2, 2)} years instead of {whole(years)} would bring it to "
        f"{100 * ENOUGH:.0f}\u00a0%."
    )


def headlines(metrics: Metrics) -> list[Headline]:
    """Return the premium and its two rates."""
    gross, per_mu, per_mille = metrics["gross_premium"], metrics["rate_per_mu"], metrics["rate_per_mille"]
    return [
        headline("Gross premium a year", gross, money(gross.value, CHARGED_DIGITS)),
        headline("Rate per mu of insured forest", per_mu, per_mu.text(CHARGED_DIGITS)),
        headline(
            "Rate per mille of the sum insured",
            per_mille,
            f"{significant(per_mille.value, CHARGED_DIGITS)} per mille",
        ),
    ]


def bad_years_sentence(losses: xr.Dataset, metrics: Metrics) -> str:
    """Return what a bad year is beside the premium, and how many years cost nothing."""
    paid = losses["loss"].sel(layer="gross").values
    without = float((paid <= 0).mean())
    rare = metrics.find("aggregate_exceedance", layer="gross", return_period=100)
    gross = metrics["gross_premium"].value
    parts = []
    if rare is not None and rare.value <= 0:
        parts.append("Nothing is paid even in a year of 1 in 100\u00a0years")
    elif rare is not None and gross > 0:
        parts.append(
            f"A 1 in 100\u00a0years loss takes {significant(rare.value / gross, 2)} years of gross premium"
        )
    if without >= 0.005:
        parts.append(f"in {percent(without)} of years nothing is paid")
    return "; ".join(parts) or "What a bad year costs"


AVERAGED: Mapping[str, str] = {"pure_premium": "the pure premium", "gross_premium": "the gross premium"}
"""Figure that is also averaged over the ranges -> its words inside a sentence."""


def ranges_sentence(metrics: Metrics, averaged: Mapping[str, str] = AVERAGED) -> str:
    """Say what figures are when averaged over the ranges of the cards; empty where one was not computed.

    Parameters
    ----------
    metrics : Metrics
        Figures and, named ``<figure>_over_ranges``, their averages.
    averaged : mapping of str to str
        Figure -> its words inside a sentence.
    """
    told: list[str] = []
    for name, words in averaged.items():
        mean, own = (metrics.find(found) for found in (f"{name}_over_ranges", name))
        if mean is None or own is None or not np.isfinite(mean.value):
            return ""
        told.append(f"{words}{'' if told else ' is'} {_figure(mean)} (headline {_figure(own)})")
    return f"The central values of the cards are medians; averaged over their ranges {listed(told)}."


def _figure(metric: Metric) -> str:
    """Return an amount that is charged, or any other figure with its unit."""
    charged = metric.name.removesuffix("_over_ranges").endswith("premium")
    digits = CHARGED_DIGITS if charged else SHOWN_DIGITS
    return money(metric.value, digits) if metric.unit.startswith("CNY") else metric.text(digits)


def judgement_sentence(metrics: Metrics, variance: xr.Dataset, subject: str = "premium") -> str:
    """Return how much of the knowledge error, to first order, comes from cards that nobody has confirmed.

    Parameters
    ----------
    metrics : Metrics
        With ``judgement_share``.
    variance : xarray.Dataset
        The group ``/variance``.
    subject : str
        What the error is of, in words.
    """
    share = metrics["judgement_share"].value
    if not np.isfinite(share):
        return f"How much of the {subject} rests on judgement is not known"
    explained = float(variance.attrs.get("explained", np.nan))
    measured = "each parameter moved alone over its range"
    if np.isfinite(explained):
        measured += (
            f"; these single effects add up to {percent(explained)} of the variance that the {subject} has when all "
            "parameters are drawn at once"
        )
    return (
        f"{percent(share)} of what we do not know about the {subject} comes from illustrative or unconfirmed cards "
        f"({measured})"
    )


LOADING = "cost_of_capital"
"""Parameter by which the card of the loadings is recognised."""


def loadings_sentence(metrics: Metrics, cards: list[CardLines]) -> str:
    """Return how much of the amount is loadings, where their card is a judgement throughout; else nothing."""
    pure, gross = metrics["pure_premium"].value, metrics["gross_premium"].value
    for card in cards:
        judged = all(line.status in ("illustrative", "unconfirmed") for line in card.parameters)
        if (
            judged
            and gross > 0
            and any(line.anchor == f"card-{card.name}-{LOADING}" for line in card.parameters)
        ):
            return (
                f"Of the gross premium, {percent(1 - pure / gross)} by amount are loadings that rest on judgement "
                f"alone ({card.name}); the pure premium under it passes through every other card."
            )
    return ""


def shares(variance: xr.Dataset) -> list[dict[str, str]]:
    """Return the parts of the knowledge error by status of the cards, as words and as widths of a bar [%]."""
    shares = variance["share"]
    return [
        {
            "status": str(status),
            "width": f"{100 * float(value):.2f}",
            "share": percent(float(value)) if value >= 0.01 else "under 1\u00a0%",
            "words": STATUS_WORDS.get(str(status), str(status)),
        }
        for status, value in zip(shares["status"].values, shares.values, strict=True)
        if value > 0
    ]
