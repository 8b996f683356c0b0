# SPDX-License-Identifier: Apache-2.0
"""Section of the issuer page on what the user brought: own ratings moved by the scenarios, own firm-years."""

from __future__ import annotations

from typing import Final

import numpy as np
import xarray as xr

from greenrisk.report.charts.issuer_look import chance_cell
from greenrisk.report.pages.issuers_view import View, plain
from greenrisk.report.pages.section import Part, Section
from greenrisk.report.table import Cell, Column, Table, figure, table, words
from greenrisk.report.wording import MISSING, as_printed, percent

MOST: Final = 60
"""Rows of a table; the run folder holds all."""

SCORES: Final = ("Z", "Z'", "Z''", "EM")


def own_section(view: View) -> Section | None:
    """Return own ratings and firm-years; None where the scenario brought none."""
    parts: list[Part] = []
    told: list[str] = []
    overlay, years, fitted = (view.group(name) for name in ("overlay", "firm_years", "logit"))
    if overlay is not None and view.year in overlay["year"].values:
        told.append(f"{overlay.sizes['issuer']} issuers have a rating or a probability of the user's own")
        held = percent(float(overlay.attrs["clipped_share"]))
        parts.append(
            Part(
                f"Own default probability of {view.year}, moved as the model's is",
                _overlay(view, overlay),
                "The change of the model's score against the baseline is put upon the own figure. A mark stands where "
                f"a probability lay beyond the bounds of the scenario and was held there: {held} of all years.",
            )
        )
    if years is not None:
        refused = as_printed(str(years.attrs.get("refused", ""))).rstrip(".")
        firms, failures = int(years.attrs["firms"]), int(years.attrs["failures"])
        told.append(f"{years.sizes['firm_year']} firm-years are of {firms} firms, {failures} of which failed")
        told.append(f"no default is fitted on them: {refused}" if refused else "they bear a logit of failure")
        if (scores := _scores(years)) is not None:
            parts.append(Part("Scores of the firm-years", scores))
    if fitted is not None:
        parts.append(
            Part(
                "The logit of failure",
                _logit(fitted),
                f"{int(fitted.attrs['failures'])} failures in {int(fitted.attrs['firm_years'])} firm-years. The lens "
                "is silent where a ratio lies beyond the range of the data.",
            )
        )
    if not parts:
        return None
    sentence = "; ".join(told)
    return Section("own", "The user's own data", f"{sentence[:1].upper()}{sentence[1:]}.", tuple(parts))


def _overlay(view: View, data: xr.Dataset) -> Table:
    at = data.sel(year=view.year)
    rows = []
    for k in range(min(MOST, data.sizes["issuer"])):
        one = at.isel(issuer=k)
        rating = str(one["own_rating"].values)
        cells = [words(view.name(str(one["issuer"].values))), words(rating or MISSING)]
        cells.append(chance_cell(float(one["own_probability"])))
        for scenario in view.scenarios:
            here = one.sel(scenario=scenario)
            value = float(here["own_probability_moved"])
            held = "held at a bound" if int(here["clipped"]) else ""
            cells.append(chance_cell(value, held) if np.isfinite(value) else words(MISSING))
        rows.append(cells)
    heads = [Column("Issuer", number=False), Column("Own rating", number=False), Column("Own probability")]
    return table("Own ratings", [*heads, *(Column(view.label(s)) for s in view.scenarios)], rows, heard=True)


def _scores(data: xr.Dataset) -> Table | None:
    shown = [name for name in SCORES if name in data]
    if not shown:
        return None
    rows: list[list[Cell]] = []
    for k in range(min(MOST, data.sizes["firm_year"])):
        one = data.isel(firm_year=k)
        cells = [words(str(one[name].values)) for name in ("firm", "year", "label") if name in data]
        for name in shown:
            value = float(one[name])
            zone = str(one[f"{name}_zone"].values) if f"{name}_zone" in data else ""
            cells.append(Cell(figure(value).text, value if np.isfinite(value) else None, note=zone))
        if "em_rating" in data:
            cells.append(words(str(one["em_rating"].values) or MISSING))
        rows.append(cells)
    heads = [Column(plain(name), number=False) for name in ("firm", "year", "label") if name in data]
    heads += [Column(name.replace("''", "\u2033").replace("'", "\u2032")) for name in shown]
    heads += [Column("EM rating", number=False)] if "em_rating" in data else []
    return table("Scores of firm-years", heads, rows, heard=True)


def _logit(data: xr.Dataset) -> Table:
    rows: list[list[Cell]] = []
    for k, term in enumerate(data["term"].values.astype(str)):
        low, high = (float(data[end].values[k]) for end in ("low", "high"))
        known = np.isfinite([low, high]).all()
        coefficient, error = float(data["coefficient"].values[k]), float(data["standard_error"].values[k])
        rows.append(
            [
                words(plain(term)),
                figure(coefficient, error=error),
                words(f"{figure(low).text} to {figure(high).text}" if known else MISSING),
            ]
        )
    heads = [
        Column("Term", number=False),
        Column("Coefficient \u00b1 standard error"),
        Column("Range in the data", number=False),
    ]
    return table("Logit of failure", heads, rows, heard=True)
