# SPDX-License-Identifier: Apache-2.0
"""The rate review as a page prints it: the filing's table in Chinese (费率回溯表), and its English twin."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import xarray as xr

from greenrisk.report.pages.rate_review_words import answer, facts, notes, share_text
from greenrisk.report.table import Cell, Column, Table, table
from greenrisk.report.wording import (
    CHARGED_DIGITS,
    MISSING,
    NO_BREAK,
    SHOWN_DIGITS,
    significant,
)
from greenrisk.resource.filing_table import (
    HEADING,
    FilingTable,
    Heading,
    Language,
    Row,
    filing_table,
    peril_name,
)
from greenrisk.resource.peril_results import ALL
from greenrisk.resource.review_results import RateReview

GROUPS: Final = ("years", "windows", "perils", "indication")
"""Groups of a result below ``rate_review``."""


@dataclass(frozen=True)
class ReviewPage:
    """A review in one language, as ``rate_review.html.j2`` prints it.

    Parameters
    ----------
    language : {"zh", "en"}
        Chinese or English.
    anchor : str
        Anchor of the section.
    title, facts, answer : str
        Heading, what was reviewed, what follows.
    tables : tuple of Table
        Experience, comparison, credibility, proposal.
    notes : tuple of str
        How to read them.
    """

    language: Language
    anchor: str
    title: str
    facts: str
    answer: str
    tables: tuple[Table, ...]
    notes: tuple[str, ...]


def rate_review_pages(groups: Mapping[str, xr.Dataset], invented: str = "") -> list[ReviewPage]:
    """Return the review in Chinese and in English.

    Parameters
    ----------
    groups : mapping of str to Dataset
        The groups ``years``, ``windows``, ``perils`` and ``indication`` of ``/rate_review``.
    invented : str
        Name of the table of years where it is synthetic.
    """
    review = RateReview(**{name: groups[name] for name in GROUPS})
    filing = filing_table(review)
    label = str(review.indication["review"].values[0])
    titles: Mapping[Language, str] = {"zh": f"费率回溯表（{label}）", "en": f"Rate review {label}"}
    anchors: Mapping[Language, str] = {"zh": "rate-review-zh", "en": "rate-review"}
    languages: tuple[Language, ...] = ("zh", "en")
    return [
        ReviewPage(
            language,
            anchors[language],
            titles[language],
            facts(review, language, invented),
            answer(review, language),
            _tables(filing, language),
            notes(review, language),
        )
        for language in languages
    ]


_CAPTIONS: Final[Mapping[str, tuple[str, str]]] = {
    "experience": ("一、历年承保与赔付", "Premiums and losses by year"),
    "comparison": ("二、实际赔款与预期赔款", "Actual and expected losses"),
    "credibility": ("三、趋势、可信度与指示费率", "Credibility and indicated rates"),
    "proposal": ("四、费率调整建议", "The proposed change of rate"),
}

_INTERVALS: Final[Mapping[str, tuple[str, str, str]]] = {
    "low": ("high", "预期90%区间（仅随机波动）", "Expected, 90 %, chance only"),
    "low_with_knowledge": (
        "high_with_knowledge",
        "预期90%区间（含参数不确定性）",
        "Expected, 90 %, with knowledge",
    ),
    "indicated_rate_low": ("indicated_rate_high", "指示纯费率90%区间", "Indicated pure rate, 90 %"),
    "indicated_change_low": ("indicated_change_high", "指示调整幅度90%区间", "Indicated change, 90 %"),
}
"""Columns that stand for both ends of an interval: the other end, and the heading in both languages."""

_EXPERIENCE: Final = (
    "period",
    "insured_area",
    "sum_insured",
    "premium",
    "paid",
    "outstanding",
    "incurred",
    "actual",
    "loss_ratio",
    "on_level_loss_ratio",
)
_COMPARISON: Final = (
    "period",
    "peril",
    "actual",
    "expected",
    "actual_to_expected",
    "low",
    "low_with_knowledge",
    "trend_factor",
    "adjusted",
    "adjusted_to_expected",
)
_CREDIBILITY: Final = (
    "peril",
    "adjusted_to_expected",
    "credibility_limited_fluctuation",
    "credibility_greatest_accuracy",
    "credibility",
    "expected_rate",
    "indicated_rate",
    "indicated_rate_low",
    "gross_rate",
    "gross_rate_per_mu",
)
_PROPOSAL: Final = (
    "current_rate",
    "current_rate_per_mu",
    "gross_rate",
    "gross_rate_per_mu",
    "indicated_change",
    "indicated_change_low",
    "max_change",
    "proposed_change",
    "proposed_rate",
    "proposed_rate_per_mu",
)


def _tables(filing: FilingTable, language: Language) -> tuple[Table, ...]:
    """Return the four tables: years, years and perils of the period, perils, and the proposal."""
    totals = [row for row in filing.years if row["peril"] == ALL]
    period, by_peril = filing.period[0], filing.period[1:]
    return (
        _table("experience", _EXPERIENCE, [*totals, period], language),
        _table("comparison", _COMPARISON, [*totals, *by_peril, period], language),
        _table("credibility", _CREDIBILITY, [*by_peril, period], language),
        _sheet(period, language),
    )


def _sheet(row: Row, language: Language) -> Table:
    """Return the proposal, one line an item: it is read from top to bottom, and signed."""
    lines = [
        [
            Cell(_heading(name, language), note=HEADING[name].unit_text(language)),
            _cell(row, HEADING[name], language, 1.0),
        ]
        for name in _PROPOSAL
    ]
    heads = ("项目", "数值") if language == "zh" else ("Item", "Value")
    caption = _CAPTIONS["proposal"][0 if language == "zh" else 1]
    return table(caption, [Column(heads[0], number=False), Column(heads[1])], lines, heard=True)


def _table(name: str, columns: tuple[str, ...], rows: list[Row], language: Language) -> Table:
    """Return rows as a table; the last one is the total."""
    heads, scales = [], []
    for column in columns:
        heading = HEADING[column]
        scale, unit = _scale(heading, language)
        heads.append(Column(_heading(column, language), unit, number=heading.unit != ""))
        scales.append(scale)
    body = [
        [_cell(row, HEADING[column], language, scale) for column, scale in zip(columns, scales, strict=True)]
        for row in rows
    ]
    return table(_CAPTIONS[name][0 if language == "zh" else 1], heads, body, totals=1, heard=True)


def _heading(name: str, language: Language) -> str:
    if name in _INTERVALS:
        return _INTERVALS[name][1 if language == "zh" else 2]
    return HEADING[name].text(language)


def _scale(heading: Heading, language: Language) -> tuple[float, str]:
    """Return what a column is divided by, and its unit: Chinese tables count in ten thousands (万)."""
    unit = heading.unit_text(language)
    if heading.unit not in ("CNY", "mu"):
        return 1.0, unit
    if language == "zh":
        return 1e4, f"万{unit}"
    if heading.name == "sum_insured":
        return 1e6, f"CNY{NO_BREAK}million"
    return 1e3, f"CNY{NO_BREAK}thousand" if heading.unit == "CNY" else f"thousand{NO_BREAK}mu"


def _cell(row: Row, heading: Heading, language: Language, scale: float) -> Cell:
    if heading.name == "peril":
        name = peril_name(str(row["peril"]), language)
        return Cell(name[:1].upper() + name[1:])
    if heading.name == "period":
        return Cell(str(row["period"]))
    value = float(row.get(heading.name, math.nan))
    show = _shown(heading, language)
    if heading.name in _INTERVALS:
        high = float(row.get(_INTERVALS[heading.name][0], math.nan))
        ends = [_signed(show(end / scale), end, heading) for end in (value, high)]
        between = "至" if language == "zh" else " to "
        return Cell(MISSING if MISSING in ends else between.join(ends), high)
    if not math.isfinite(value):
        return Cell(MISSING)
    return Cell(_signed(show(value / scale), value, heading), value)


def _signed(text: str, value: float, heading: Heading) -> str:
    """Return a change with its sign."""
    return f"+{text}" if heading.name in _CHANGES and value > 0.0 else text


_CHANGES: Final = ("indicated_change", "indicated_change_low", "proposed_change")


def _shown(heading: Heading, language: Language) -> Callable[[float], str]:
    """Return how a number of a column is printed: amounts with so many decimals that columns add up, premiums per mu
    to the fen.
    """
    if heading.unit == "%":
        return lambda share: share_text(share, language)
    if heading.unit == "CNY/mu":
        return lambda value: _fixed(value, 2)
    if heading.unit in ("CNY", "mu"):
        return lambda value: _fixed(value, 2 if language == "zh" else 0)
    digits = (
        CHARGED_DIGITS if heading.name in ("gross_rate", "current_rate", "proposed_rate") else SHOWN_DIGITS
    )
    return lambda value: significant(value, digits)


def _fixed(value: float, decimals: int) -> str:
    return f"{value:,.{decimals}f}" if math.isfinite(value) else MISSING
