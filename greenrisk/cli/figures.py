# SPDX-License-Identifier: Apache-2.0
"""The headline figures of a run as text: which ones, in which order, with which digits."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from greenrisk.core.ledger import Entry, Ledger

if TYPE_CHECKING:
    from greenrisk.engine.result import RunResult


@dataclass(frozen=True)
class Figure:
    """One row of the table that is printed after a run."""

    label: str
    value: str
    unit: str
    error: str
    interval: str


Row = tuple[str, str, Mapping[str, Any]]

HEADLINE: tuple[Row, ...] = (
    ("Gross premium, charged", "gross_premium", {}),
    ("Rate per mu", "rate_per_mu", {}),
    ("Rate per mille", "rate_per_mille", {}),
    ("Pure premium", "pure_premium", {}),
    ("AAL, ground-up", "average_annual_loss", {"layer": "ground_up"}),
    ("OEP, 1 in 100 years", "occurrence_exceedance", {"layer": "gross", "return_period": 100}),
    ("OEP, 1 in 250 years", "occurrence_exceedance", {"layer": "gross", "return_period": 250}),
    ("AEP, 1 in 100 years", "aggregate_exceedance", {"layer": "gross", "return_period": 100}),
    ("AEP, 1 in 250 years", "aggregate_exceedance", {"layer": "gross", "return_period": 250}),
)
"""Label, name and dims of the metrics that are printed."""

ZONE_HEADLINE: tuple[Row, ...] = (
    ("Gross premium, technical", "gross_premium", {}),
    ("Pure premium", "pure_premium", {}),
    ("AAL, ground-up", "average_annual_loss", {"layer": "ground_up"}),
    ("Accidents", "expected_accidents", {}),
    ("Uncovered share of AAL", "uncovered_share", {}),
    ("Accidents above limit", "accidents_above_limit", {}),
    ("Money above limit", "money_above_limit", {}),
    ("OEP, 1 in 100 years", "occurrence_exceedance", {"layer": "ground_up", "return_period": 100}),
    ("OEP, 1 in 250 years", "occurrence_exceedance", {"layer": "ground_up", "return_period": 250}),
    ("AEP, 1 in 100 years", "aggregate_exceedance", {"layer": "ground_up", "return_period": 100}),
    ("AEP, insured, 1 in 100", "aggregate_exceedance", {"layer": "insured", "return_period": 100}),
)
"""The same of a chemical zone."""

ISSUERS_HEADLINE: tuple[Row, ...] = (
    ("Issuers", "issuers", {}),
    ("Refused issuers", "refused_issuers", {}),
    ("Issuers without a probability", "issuers_without_probability", {}),
    ("Carbon cost over revenue", "carbon_cost_to_revenue", {}),
    ("Default by the year", "cumulative_default_rate", {}),
    ("Default within twelve months", "default_rate", {}),
    ("Expected loss over debt", "expected_loss_rate", {}),
    ("Median spread", "median_spread", {}),
    ("Downgraded issuers", "downgraded_issuers", {}),
    ("Value at risk over debt", "portfolio_value_at_risk", {}),
)
"""The same of issuers under stress, each for every scenario."""

HEADLINES: Mapping[str, tuple[Row, ...]] = {"zone": ZONE_HEADLINE, "issuers": ISSUERS_HEADLINE}
"""The same by kind of study; all others take :data:`HEADLINE`."""

SUBJECTS = {"average_annual_loss": "expected loss"}
"""Figure that a share of judgement is of -> what the console calls it."""

LONGEST_LIST = 60
"""What lines of the ledger say of one thing is told where it is no longer than this, else counted [character]."""

_SCALES = ((1e9, "billion "), (1e6, "million "))


def headline(metrics: pd.DataFrame, kind: str = "") -> list[Figure]:
    """Return the headline figures that a run has.

    Parameters
    ----------
    metrics : DataFrame
        ``RunResult.metrics``.
    kind : str
        Of the study.
    """
    figures = []
    for label, name, dims in HEADLINES.get(kind, HEADLINE):
        for row in metrics[metrics["name"] == name].to_dict("records"):
            if all(row["dims"].get(key) == value for key, value in dims.items()):
                scenario = row["dims"].get("scenario")
                figures.append(_figure(label if scenario is None else f"{label}, {scenario}", row))
                if scenario is None:
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
        As :func:`attributes` returns them; ``synthetic_book``, ``synthetic_zone`` and ``synthetic_years`` say what is
        made up.
    """
    lines = []
    doubtful = _grouped([entry for entry in ledger if entry.kind == "unreliable"])
    if doubtful:
        lines.append(f"Not to be relied on: {'; '.join(doubtful)}. The ledger says why.")
    if attributes.get("synthetic_book"):
        lines.append("The book is synthetic: its stands are made up, and so is the premium for them.")
    if attributes.get("synthetic_zone"):
        lines.append("The zone is synthetic: its plants are made up, and so is the premium for them.")
    if attributes.get("synthetic_issuers"):
        lines.append(
            "The issuers are synthetic: their statements are made up, and so is what becomes of them."
        )
    if attributes.get("synthetic_years"):
        lines.append("The own years are synthetic: what they do to the premium is made up, too.")
    return lines


def attributes(result: RunResult) -> dict[Any, Any]:
    """Return what :func:`warnings` must know of a run: the attributes of its tree, and of its own years."""
    own = result.tree.children.get("experience")
    synthetic = own is not None and own.attrs.get("status") == "synthetic"
    return {**result.tree.attrs, "synthetic_years": synthetic}


def _grouped(entries: Sequence[Entry]) -> list[str]:
    """Return what entries concern, those of one thing (``book: ...``) together: named where short, else counted."""
    things: dict[str, list[Entry]] = {}
    for entry in entries:
        things.setdefault(entry.subject.partition(": ")[0], []).append(entry)
    lines = []
    for thing, found in things.items():
        parts = dict.fromkeys(entry.subject.partition(": ")[2] for entry in found)
        told = ", ".join(filter(None, parts))
        count = sum(entry.count for entry in found)
        told = told if len(told) <= LONGEST_LIST else f"{count:,} places"
        lines.append(f"{thing}: {told}" if told else thing)
    return lines


def judgement(metrics: pd.DataFrame, ledger: Ledger) -> str:
    """Return in a sentence how much of what is not known of the premium is judged, and what most of all.

    Parameters
    ----------
    metrics : DataFrame
        ``RunResult.metrics``.
    ledger : Ledger
        Of the run.

    Returns
    -------
    str
        Empty where the run does not say.
    """
    shares = metrics.loc[metrics["name"] == "judgement_share", "value"]
    if not len(shares) or not math.isfinite(share := float(shares.iloc[0])):
        return ""
    judged = [entry for entry in ledger if entry.kind == "parameter" and entry.status != "user"]
    swings = {entry.subject: abs(entry.at_high - entry.at_low) for entry in judged}
    widest = max(
        swings,
        key=lambda subject: swings[subject] if swings[subject] == swings[subject] else -1.0,
        default="",
    )
    # A study may say itself what the share is of, and which parameter moves that most.
    dims = metrics.loc[shares.index[0], "dims"] if "dims" in metrics else {}
    widest = str(dims.get("widest", widest))
    most = f", most of all on {widest}" if widest and share > 0 else ""
    shown = "over 99.9 %" if 0.999 < share < 1 else f"{100 * share:.3g} %"
    thing = SUBJECTS.get(str(dims.get("of", "")), "premium")
    return f"Of the variance behind the knowledge interval of the {thing}, {shown} rests on judgement{most}."


def insured(settings: Mapping[str, Any]) -> str:
    """Return one line on what a job insures: stands, area, sum insured, forest, plants; empty where it is not said."""
    parts = []
    if "plants" in settings:
        parts.append(f"{settings['plants']:,} plants of {settings['owners']:,} owners")
    if "insured_plants" in settings:
        parts.append(f"{settings['insured_plants']:,} insured")
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
