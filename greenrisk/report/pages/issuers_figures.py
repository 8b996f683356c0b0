# SPDX-License-Identifier: Apache-2.0
"""Section of the issuer page with all headline figures by scenario, each with both its errors."""

from __future__ import annotations

from typing import Final

import numpy as np

from greenrisk.report.charts.issuer_look import chance
from greenrisk.report.pages.issuers_lens_section import worst_scenario
from greenrisk.report.pages.issuers_view import View
from greenrisk.report.pages.section import Part, Section
from greenrisk.report.reading import Metric
from greenrisk.report.table import Cell, Column, table, words
from greenrisk.report.wording import listed, percent, significant

OTHERS: Final = (
    ("cumulative_default_rate", "Default by the end of the year, mean by debt", True),
    ("default_rate", "Default in the twelve months after, mean by debt", True),
    ("median_spread", "Median spread a year", True),
    ("carbon_cost_to_revenue", "Carbon cost over revenue", True),
    ("downgraded_issuers", "Issuers downgraded", False),
)
"""Further headline figures: name, words, whether it is a share."""


def figures_section(view: View) -> Section | None:
    """Return all headline figures by scenario, each with both its errors."""
    rows: list[list[Cell]] = []
    losses = [view.metric("expected_loss_rate", s) for s in view.scenarios]
    if any(m is not None for m in losses):
        rows.append(
            [words("Expected loss by the end of the year, over the debt"), *(_both(m, True) for m in losses)]
        )
    tail = [view.metric("portfolio_value_at_risk", s) for s in view.scenarios]
    if any(m is not None for m in tail):
        data = view.group("portfolio")
        level = float(data.attrs["level"]) if data is not None else float("nan")
        rare = f"1 in {significant(1 / (1 - level), 4)}\u00a0years" if np.isfinite(level) else "a bad year"
        rows.append(
            [
                words(f"Loss of {rare} in the twelve months after, over the debt"),
                *(_both(m, True) for m in tail),
            ]
        )
    for name, label, is_share in OTHERS:
        found = [view.metric(name, s) for s in view.scenarios]
        if any(m is not None for m in found):
            rows.append([words(label), *(_both(m, is_share) for m in found)])
    if not rows:
        return None
    heads = [Column("Figure", number=False), *(Column(view.label(s)) for s in view.scenarios)]
    numbers = table(f"Headline figures of {view.year} by scenario", heads, rows, heard=True)
    worst = worst_scenario(view)
    spread = view.metric("median_spread", worst)
    down = view.metric("downgraded_issuers", worst)
    told = []
    if down is not None:
        told.append(
            f"{down.value:.0f} issuers have a worse grade than in the baseline ({down.low:.0f} to {down.high:.0f})"
        )
    if spread is not None and np.isfinite(spread.value):
        told.append(f"the median spread is {chance(spread.value)} a year ({between(spread)})")
    sentence = f"Under {view.label(worst, True)} in {view.year}: {listed(told)}." if told else ""
    part = Part(
        f"Figures of {view.year}, each with its 90\u00a0% knowledge interval below", numbers, _simulated(view)
    )
    return Section("figures", "Figures by scenario", sentence, (part,))


def _simulated(view: View) -> str:
    tail = view.metric("portfolio_value_at_risk", view.baseline)
    return (
        f"\u00b1: one standard error of the simulation. {tail.method.capitalize()}."
        if tail is not None
        else ""
    )


def _both(metric: Metric | None, is_share: bool) -> Cell:
    if metric is None or not np.isfinite(metric.value):
        return words("\u2013")
    text = chance(metric.value) if is_share else f"{metric.value:.0f}"
    if np.isfinite(metric.standard_error):
        text += f" \u00b1 {percent(metric.standard_error, 1)}"
    if is_share:
        return Cell(text, metric.value, note=between(metric))
    known = np.isfinite([metric.low, metric.high]).all() and metric.high > 0
    return Cell(text, metric.value, note=f"{metric.low:.0f} to {metric.high:.0f}" if known else "")


def between(metric: Metric) -> str:
    """Return the knowledge interval of a share; a dash where there is none."""
    if not np.isfinite([metric.low, metric.high]).all():
        return "\u2013"
    return f"{chance(metric.low)} to {chance(metric.high)}"
