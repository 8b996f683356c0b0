# SPDX-License-Identifier: Apache-2.0
"""Section of an index cover on its checks: simulated years beside the law's integral and the years themselves."""

from __future__ import annotations

from typing import Final

import numpy as np
import xarray as xr

from greenrisk.report.pages.index_words import numbers, texts, told
from greenrisk.report.pages.section import Part, Section
from greenrisk.report.pages.zone_words import group
from greenrisk.report.table import Cell, Column, Table, figure, table
from greenrisk.report.wording import quantity, significant, unit_words

CHANCE: Final = 4.0
"""Standard errors within which chance alone explains a difference [unitless]."""


def checks_section(tree: xr.DataTree) -> Section | None:
    """Return the simulation beside other methods; None where the run has none."""
    methods = group(tree, "second_method")
    if methods is None:
        return None
    sentence = (
        "The same price by other methods: a check of the arithmetic, not of the record and not of the law."
    )
    return Section("checks", "Checks", sentence, (Part(methods_sentence(methods), methods_table(methods)),))


def methods_sentence(methods: xr.Dataset) -> str:
    """Say how far the simulation and closed forms lie apart."""
    apart = np.abs(numbers(methods, "difference"))
    apart = apart[np.isfinite(apart)]
    if not apart.size:
        return "The simulated figures beside other methods"
    worst = significant(max(float(apart.max()), 0.1), 2)
    agree = "agree" if apart.max() <= CHANCE else "disagree"
    return f"Two methods {agree}: at most {worst} standard errors apart, where chance explains {CHANCE:g}"


def methods_table(methods: xr.Dataset) -> Table:
    """Return simulated figures beside those of other methods.

    Parameters
    ----------
    methods : xarray.Dataset
        The group ``/checks/second_method``.
    """
    dim = next(iter(methods.sizes))
    simulated, exact, error, apart = (
        numbers(methods, name) for name in ("simulated", "closed_form", "standard_error", "difference")
    )
    unit = str(methods["simulated"].attrs.get("units", "")) if "simulated" in methods else ""
    units = methods["unit"].values.astype(str) if "unit" in methods else np.full(simulated.size, unit)
    notes = texts(methods, "note")
    rows: list[list[Cell]] = [
        [
            Cell(told({}, name), note=notes[i]),
            Cell(
                quantity(float(simulated[i]), units[i], 4),
                float(simulated[i]),
                f"± {significant(float(error[i]), 2)}",
            ),
            Cell(quantity(float(exact[i]), units[i], 4), float(exact[i])),
            figure(float(apart[i]), 2),
        ]
        for i, name in enumerate(methods[dim].values.astype(str))
    ]
    return table(
        "Two methods",
        [
            Column("Figure", number=False),
            Column("Simulated ± standard error"),
            Column("Other method"),
            Column("Apart", unit_words("standard errors")),
        ],
        rows,
        heard=True,
    )
