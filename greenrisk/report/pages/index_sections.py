# SPDX-License-Identifier: Apache-2.0
"""Sections of an index cover, for its own page and for the page of a wetland study that has one."""

from __future__ import annotations

from collections.abc import Callable

import xarray as xr

from greenrisk.report.charts.index_alternatives import index_alternatives_chart
from greenrisk.report.charts.tornado import tornado_chart
from greenrisk.report.pages.basis_section import basis_section
from greenrisk.report.pages.index_price_sections import payout_section, premium_section
from greenrisk.report.pages.index_record_sections import record_section
from greenrisk.report.pages.index_test_section import backtest_section
from greenrisk.report.pages.index_told import told_tornado
from greenrisk.report.pages.index_treatment_section import changes_section
from greenrisk.report.pages.index_words import FAMILY_NAMES, TREATMENT_NAMES, told
from greenrisk.report.pages.section import Part, Section
from greenrisk.report.pages.zone_words import group
from greenrisk.report.reading import Metrics

Maker = Callable[[xr.DataTree], Section | None]

INDEX_SECTIONS: tuple[Maker, ...] = (
    record_section,
    changes_section,
    payout_section,
    premium_section,
    backtest_section,
    basis_section,
)
"""Makers of the sections on the index, in the order of the page."""


def made(tree: xr.DataTree, makers: tuple[Maker, ...]) -> list[Section]:
    """Return the sections of the groups that a result has."""
    return [section for maker in makers if (section := maker(tree)) is not None]


def sensitivity_section(tree: xr.DataTree, metrics: Metrics) -> Section | None:
    """Return the tornado of the cards and the named alternatives; None where the run has neither."""
    tornado, gap, alternatives = (group(tree, name) for name in ("tornado", "tornado_gap", "alternatives"))
    parts = []
    if tornado is not None and tornado.sizes.get("parameter", 0):
        parts.append(Part("", chart=tornado_chart(told_tornado(tornado))))
    if gap is not None and gap.sizes.get("parameter", 0):
        parts.append(Part("", chart=tornado_chart(told_tornado(gap))))
    if alternatives is not None and alternatives.sizes.get("alternative", 0):
        parts.append(
            Part(
                "", chart=index_alternatives_chart(alternatives, metrics["gross_premium"].value, answer_words)
            )
        )
    if not parts:
        return None
    sentence = "What would move the premium: parameters of the cards over their ranges, and choices that no range has."
    return Section("changes", "What would change it", sentence, tuple(parts))


def answer_words(question: str, answer: str) -> str:
    """Return the answer to a named question in a reader's words."""
    if "treatment" in question:
        return told(TREATMENT_NAMES, answer)
    return "No law: whole years of the record drawn" if answer == "burn" else told(FAMILY_NAMES, answer)
