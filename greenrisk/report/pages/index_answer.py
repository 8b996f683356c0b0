# SPDX-License-Identifier: Apache-2.0
"""The first screen of the index page: premium and rate on line, bad years, what is missed, what it rests on."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from greenrisk.report.pages import forest_answer
from greenrisk.report.pages.forest_answer import Headline, headline
from greenrisk.report.pages.forest_tables import metric_table
from greenrisk.report.pages.index_words import PAID_LAYERS, numbers, quiet_share, texts
from greenrisk.report.pages.zone_words import group
from greenrisk.report.reading import Metric, Metrics
from greenrisk.report.table import Table
from greenrisk.report.wording import CHARGED_DIGITS, money, percent, significant, span, whole

RARE: Final[tuple[tuple[str, str, dict[str, object]], ...]] = (
    ("A year, 1\u00a0in\u00a020\u00a0years", "aggregate_exceedance", {"return_period": 20}),
    ("A year, 1\u00a0in\u00a0100\u00a0years", "aggregate_exceedance", {"return_period": 100}),
    ("A year, 1\u00a0in\u00a0250\u00a0years", "aggregate_exceedance", {"return_period": 250}),
    ("Largest event, 1\u00a0in\u00a0100\u00a0years", "occurrence_exceedance", {"return_period": 100}),
    ("Mean of the worst 1\u00a0in\u00a0200\u00a0years (TVaR\u00a099.5\u00a0%)", "tail_value_at_risk", {}),
)
"""What a bad year is, in words, and the metric that says what it costs."""


EVERY: Final = "all parts"
"""Layer of what all covers of a run pay together."""


def paid_metric(metrics: Metrics, name: str, **dims: object) -> Metric | None:
    """Return a metric of what the cover pays, whatever the study calls that layer."""
    for layer in PAID_LAYERS:
        found = metrics.find(name, layer=layer, **dims)
        if found is not None:
            return found
    return None


def facts(tree: xr.DataTree) -> str:
    """Return one line: which year, how long the record is, how many years were simulated."""
    record = group(tree, "record")
    years = ""
    if record is not None:
        have = np.unique(record["year"].values.astype(int)[np.isfinite(numbers(record, "value"))])
        if have.size:
            years = f"A record of {have.size} years, {have.min()} to {have.max()}. "
    return (
        f"Underwriting year {tree.attrs['underwriting_year']}, prices of {tree.attrs['price_year']}. "
        f"{years}{whole(float(tree.attrs['years']))} simulated years."
    )


def series_notices(tree: xr.DataTree) -> list[dict[str, str]]:
    """Return what the owner of a series says of it, as notices."""
    series = group(tree, "series")
    if series is None:
        return []
    names = (
        texts(series, "name") if "name" in series.variables else series["series"].values.astype(str).tolist()
    )
    return [
        {"text": f"The series {name}: {note.rstrip('.')}.", "href": "#record"}
        for name, note in zip(names, texts(series, "note"), strict=True)
        if note.strip()
    ]


def notices(tree: xr.DataTree, ledger: pd.DataFrame) -> list[dict[str, str]]:
    """Return what a reader must know before the first number, each with the place that tells more."""
    found = series_notices(tree)
    if not int(tree.attrs.get("has_loss", 1)):
        found.append(
            {
                "text": "Nobody recorded what a buyer of this cover lost: its basis risk is not known. The premium is "
                "that of the payments, not of anybody's damage.",
                "href": "#basis" if group(tree, "history") is not None else "#record",
            }
        )
    return [*found, *forest_answer.notices(tree, with_series(tree, ledger))]


def with_series(tree: xr.DataTree, ledger: pd.DataFrame) -> pd.DataFrame:
    """Return the ledger with a series, where a line is about one, called by more than its name."""
    series = group(tree, "series")
    names = set(series["series"].values.astype(str)) if series is not None else set()
    return ledger.assign(
        subject=[f"level of the series {s}" if s in names else s for s in ledger["subject"].astype(str)]
    )


def headlines(metrics: Metrics) -> list[Headline]:
    """Return the gross premium, the rate on line, the pure premium and how often the cover pays."""
    gross = metrics["gross_premium"]
    found = [headline("Gross premium a year", gross, money(gross.value, CHARGED_DIGITS))]
    line, pure, often = (metrics.find(name) for name in ("rate_on_line", "pure_premium", "payment_frequency"))
    if line is not None:
        found.append(share_headline("Rate on line: gross premium over the most that a year can pay", line))
    if pure is not None:
        found.append(
            headline("Pure premium a year: expected payments", pure, money(pure.value, CHARGED_DIGITS))
        )
    if often is not None:
        every = f" (1 in {significant(1 / often.value, 2)})" if often.value > 0 else ""
        found.append(share_headline(f"Years in which the cover pays{every}", often))
    return found


def share_headline(name: str, metric: Metric) -> Headline:
    """Return a share as a percentage, on the gauge of its own size."""
    error = metric.standard_error
    return replace(
        headline(name, metric, f"{significant(100 * metric.value)}\u00a0%"),
        error=f"± {percent(error)}" if np.isfinite(error) else "",
        interval=span(100 * metric.low, 100 * metric.high)
        + ("\u00a0%" if np.isfinite([metric.low, metric.high]).all() else ""),
    )


def over_ranges_sentence(tree: xr.DataTree, metrics: Metrics) -> str:
    """Set the mean payment over all that is not known beside what the charge holds for payments and capital.

    Parameters
    ----------
    tree : xarray.DataTree
        The result.
    metrics : Metrics
        Its headline figures.
    """
    mean, pure, premium = (
        metrics.find("pure_premium_over_ranges"),
        metrics.find("pure_premium"),
        group(tree, "premium"),
    )
    if mean is None or pure is None or premium is None or not pure.value > 0:
        return ""
    amount = premium["amount"].isel(segment=0)
    left = float(amount.sel(row=["pure_premium", "risk_load"]).sum())
    than = "more" if mean.value > left else "less"
    return (
        f"Averaged over all that is not known, payments are {money(mean.value)} a year, "
        f"{significant(mean.value / pure.value, 2)} times the pure premium above: {than} than the {money(left)} that "
        "the charge holds for payments and capital."
    )


def bad_years_table(metrics: Metrics) -> Table:
    """Return what rare years cost the cover; a figure of all covers of a run says so."""
    found = []
    rows = [
        (paid_metric(metrics, name, **dims), metrics.find(name, layer=EVERY, **dims))
        for _, name, dims in RARE
    ]
    whose = ", cover of the sites" if any(every is not None for _, every in rows) else ""
    for (label, _, _), (own, every) in zip(RARE, rows, strict=True):
        if own is not None:
            found.append((f"{label}{whose}", own))
        elif every is not None:
            found.append((f"{label}, all covers", every))
    return metric_table("Paid by the cover", "", found)


def bad_years_sentence(tree: xr.DataTree, metrics: Metrics) -> str:
    """Return what a bad year is beside the premium, and how many years cost nothing."""
    rare = paid_metric(metrics, "aggregate_exceedance", return_period=100)
    gross, parts = metrics["gross_premium"].value, []
    if rare is not None and rare.value <= 0:
        parts.append("Nothing is paid even in a year of 1 in 100\u00a0years")
    elif rare is not None and gross > 0:
        parts.append(
            f"A 1 in 100\u00a0years payment takes {significant(rare.value / gross, 2)} years of gross premium"
        )
    losses = group(tree, "losses")
    quiet = quiet_share(losses) if losses is not None else 0.0
    if quiet >= 0.005:
        parts.append(f"in {percent(quiet)} of years nothing is paid")
    return "; ".join(parts) or "What a bad year costs"
