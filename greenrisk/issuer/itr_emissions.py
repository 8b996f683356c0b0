# SPDX-License-Identifier: Apache-2.0
"""Emissions of the ITR workbook's companies: copied series taken out, all years as one table.

What lives here: what is looked at between the rows of companies. What does not: one figure from several rows
(:mod:`greenrisk.issuer.itr_rows`) and whether it is plausible (:mod:`greenrisk.issuer.screening`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final

import pandas as pd

from greenrisk.core.tables import ROWS
from greenrisk.issuer.findings import Action, Finding
from greenrisk.issuer.itr_rows import Chosen, EsgRow, chosen, copies
from greenrisk.issuer.magnitudes import Bounds

_JOINT: Final = (
    "Scope 1 is told together with scope 2 only: the sum stands for scope 1, which is at most that."
)
_DENIED: Final = (
    "The same figures stand under another company, and another report of the company denies them: copied."
)
_SHARED: Final = "The same figures stand under another company; which is right is not told."
_APART: Final = 0.1
"""A report denies a figure that is this far from its own: rounding and restatement move less."""


def copied_rows(rows: Sequence[EsgRow], name: str, findings: list[Finding]) -> set[int]:
    """Take out rows of scope 1 that repeat another company's, where the company's other reports contradict them."""
    scope_1 = [row for row in rows if row.metric == "s1"]
    by_row = {row.row: row for row in scope_1}
    out: set[int] = set()
    for copy in copies(scope_1):
        for issuer, number in copy.rows:
            others = [row for row in scope_1 if row.issuer == issuer and row.row != number]
            against = chosen(others)
            mine = chosen([by_row[number]])
            denied = [year for year in copy.years if year in against and year in mine]
            wrong = any(
                abs(mine[year].value / against[year].value - 1) > 0.1
                for year in denied
                if against[year].value
            )
            other = next(one for one, at in copy.rows if at != number)
            years = f"{copy.years[0]} to {copy.years[-1]} as {other}"
            sort = _DENIED if wrong else _SHARED
            action: Action = "quarantined" if wrong else "told"
            findings.append(Finding(issuer, f"{name}:{number}", "scope_1", math.nan, "", action, sort, years))
            if wrong:
                out.add(number)
    return out


def emission_table(
    rows: Sequence[EsgRow], name: str, bounds: Bounds, findings: list[Finding]
) -> tuple[pd.DataFrame, dict[str, float]]:
    """Return the table of emissions, all years, and scope 1 and 2 together of the latest year."""
    by: dict[str, dict[str, list[EsgRow]]] = {}
    for row in rows:
        by.setdefault(row.issuer, {}).setdefault(row.metric.replace("+", ""), []).append(row)
    table, numbers, beside = [], [], {}
    for issuer, metrics in by.items():
        figures = {metric: chosen(metrics.get(metric, ())) for metric in ("s1", "s2", "s3", "s1s2")}
        joint = figures["s1s2"]
        if joint:
            beside[issuer] = joint[max(joint)].value
        if not figures["s1"] and joint:
            newest = max(joint)
            where, value = f"{name}:{joint[newest].rows[0]}", joint[newest].value
            findings.append(Finding(issuer, where, "scope_1", value, "t CO2e", "told", _JOINT))
            figures["s1"], figures["s2"] = joint, {}
        _jumps(issuer, figures["s1"], name, bounds, findings)
        for year in sorted({year for metric in ("s1", "s2", "s3") for year in figures[metric]}):
            told = {metric: figures[metric].get(year) for metric in ("s1", "s2", "s3")}
            values = {f"scope_{m[1]}_t": math.nan if one is None else one.value for m, one in told.items()}
            table.append({"issuer": issuer, "year": year, **values})
            numbers.append(next(one.rows[0] for one in told.values() if one is not None))
    frame = pd.DataFrame(table, columns=["issuer", "year", "scope_1_t", "scope_2_t", "scope_3_t"])
    frame.attrs[ROWS] = tuple(numbers)
    return frame, beside


def _jumps(
    issuer: str, series: Mapping[int, Chosen], name: str, bounds: Bounds, findings: list[Finding]
) -> None:
    """Tell jumps from one year to the next that only another unit or scope explains."""
    least, most = bounds.of("scope_1_year_to_year")
    years = sorted(series)
    for before, after in pairwise(years):
        old, new = series[before].value, series[after].value
        if old > 0 and new > 0 and not least <= new / old <= most:
            where, detail = (
                f"{name}:{series[after].rows[0]}",
                f"{old:.4g} t in {before}, {new:.4g} t in {after}",
            )
            sort = "Scope 1 jumps from one year to the next: another unit, or plants sold."
            findings.append(Finding(issuer, where, "scope_1", new, "t CO2e", "told", sort, detail))
