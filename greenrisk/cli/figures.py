# SPDX-License-Identifier: Apache-2.0
"""The headline figures of a run as text: which ones, in which order, with which digits."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from greenrisk.core.ledger import Ledger


@dataclass(frozen=True)
class Figure:
    """One row of the table that is printed after a run."""

    label: str
    value: str
    unit: str
    error: str
    interval: str


HEADLINE: tuple[tuple[str, str, Mapping[str, Any]], ...] = (
    ("Pure premium", "pure_premium", {}),
    ("Gross premium", "gross_premium", {}),
    ("Rate per mu", "rate_per_mu", {}),
    ("Rate per mille", "rate_per_mille", {}),
    ("AAL, ground-up", "average_annual_loss", {"layer": "ground_up"}),
    ("AAL, gross", "average_annual_loss", {"layer": "gross"}),
    ("OEP, 1 in 100 years", "occurrence_exceedance", {"layer": "gross", "return_period": 100}),
    ("OEP, 1 in 250 years", "occurrence_exceedance", {"layer": "gross", "return_period": 250}),
    ("AEP, 1 in 100 years", "aggregate_exceedance", {"layer": "gross", "return_period": 100}),
    ("AEP, 1 in 250 years", "aggregate_exceedance", {"layer": "gross", "return_period": 250}),
    ("Judgement's share", "judgement_share", {}),
)
"""Label, name and dims of the metrics that are printed."""

_SCALES = ((1e9, "billion "), (1e6, "million "))


def headline(metrics: pd.DataFrame) -> list[Figure]:
    """Return the headline figures that a run has.

    Parameters
    ----------
    metrics : DataFrame
        ``RunResult.metrics``.
    """
    figures = []
    for label, name, dims in HEADLINE:
        for row in metrics[metrics["name"] == name].to_dict("records"):
            if all(row["dims"].get(key) == value for key, value in dims.items()):
                figures.append(_figure(label, row))
                break
    return figures


def _figure(label: str, row: Mapping[Any, Any]) -> Figure:
    value, error = float(row["value"]), float(row["standard_error"])
    low, high = float(row["low"]), float(row["high"])
    factor, word = next(((f, w) for f, w in _SCALES if abs(value) >= f), (1.0, ""))
    unit = str(row["unit"])
    if not unit.startswith("CNY") or unit == "CNY/mu":
        factor, word = 1.0, ""
    return Figure(
        label,
        amount(value / factor),
        word + unit,
        f"+- {amount(error / factor, 2)}" if math.isfinite(error) else "",
        f"{amount(low / factor)} to {amount(high / factor)}"
        if math.isfinite(low) and math.isfinite(high)
        else "",
    )


def warnings(ledger: Ledger, attributes: Mapping[Any, Any]) -> list[str]:
    """Return what must be known before the figures of a run are used, a line each.

    Parameters
    ----------
    ledger : Ledger
        Of the run; its ``unreliable`` entries are named.
    attributes : mapping
        Of the result tree; ``synthetic_book`` says whether the book is made up.
    """
    lines = []
    subjects = list(dict.fromkeys(entry.subject for entry in ledger if entry.kind == "unreliable"))
    if subjects:
        lines.append(f"Not to be relied on: {', '.join(subjects)}. The ledger says why.")
    if attributes.get("synthetic_book"):
        lines.append("The book is synthetic: its stands are made up, and so is the premium for them.")
    return lines


def insured(settings: Mapping[str, Any]) -> str:
    """Return one line on what a job insures: stands, area, sum insured, forest; empty where it does not say."""
    parts = []
    if "stands" in settings:
        parts.append(f"{settings['stands']:,} stands")
    if "area_ha" in settings:
        parts.append(f"{settings['area_ha']:,.0f} ha")
    if "insured_area_mu" in settings:
        parts.append(f"{settings['insured_area_mu']:,.0f} mu insured")
    if "sum_insured_cny" in settings:
        value = float(settings["sum_insured_cny"])
        factor, word = next(((f, w) for f, w in _SCALES if value >= f), (1.0, ""))
        parts.append(f"sum insured {amount(value / factor)} {word}CNY")
    if "forest_area_ha" in settings:
        parts.append(f"in {settings['forest_area_ha']:,.0f} ha of forest")
    return f"  {', '.join(parts)}." if parts else ""


def amount(value: float, digits: int = 4) -> str:
    """Return a number to significant digits, with commas between the thousands.

    Examples
    --------
    >>> amount(1234567.0), amount(0.012345)
    ('1,235,000', '0.01234')
    """
    if not math.isfinite(value):
        return str(value)
    if value == 0:
        return "0"
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    return f"{float(f'{mantissa}e{exponent}'):,.{max(digits - 1 - int(exponent), 0)}f}"


def duration(seconds: float) -> str:
    """Return a time span in words: ``2 min 5 s``."""
    whole = max(0, round(seconds))
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {left} s" if minutes else f"{left} s"
