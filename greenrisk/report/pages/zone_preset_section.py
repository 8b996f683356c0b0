# SPDX-License-Identifier: Apache-2.0
"""Section of the zone page on policies seen in public documents, beside the model's premium for the same terms."""

from __future__ import annotations

import numpy as np
import xarray as xr

from greenrisk.report.pages.section import Part, Section
from greenrisk.report.pages.zone_words import given, group
from greenrisk.report.table import Cell, Column, Table, figure, interval, table, words
from greenrisk.report.wording import CHARGED_DIGITS, listed, money_unit, percent, significant, times


def preset_section(tree: xr.DataTree) -> Section | None:
    """Return what policies seen in public documents ask, beside the model."""
    seen = group(tree, "presets")
    if seen is None:
        return None
    over = seen["model_over_base"].values.astype(float)
    low, high = float(over.min()), float(over.max())
    ends = times(high) if times(low) == times(high) else f"{significant(low, 2)} to {times(high)}"
    sentence = (
        f"{seen.sizes['preset']} policies seen in a public document, as illustrations: they are not the official "
        f"tariff. For the same terms the model asks {ends} their base premium, on average "
        "over the insured plants."
    )
    part = Part(
        "Base premium of the document and the model's premium for its terms", preset_table(seen), _note(seen)
    )
    return Section("presets", "Policies seen elsewhere", sentence, (part,))


def preset_table(seen: xr.Dataset) -> Table:
    """Return the policies by their limit.

    Parameters
    ----------
    seen : xarray.Dataset
        The group ``/presets``.
    """
    model, plants = (seen[name].values.astype(float) for name in ("model_premium", "model_premium_of_plants"))
    base, paid, error = (
        seen[name].values.astype(float) for name in ("base_premium", "model_payments", "model_payments_error")
    )
    scale, unit = money_unit([*base, *plants.ravel()])
    places = [str(place) for place in seen["plant_place"].values]
    low, high = (plants[:, places.index(end)] for end in ("low", "high"))
    rows: list[list[Cell]] = []
    for i in np.argsort(seen["limit"].values, kind="stable").tolist():
        name = str(seen["preset"].values[i]).replace("-", " ").capitalize()
        over = float(seen["model_over_base"].values[i])
        rows.append(
            [
                words(name, status=str(seen["status"].values[i])),
                given(float(seen["limit"].values[i])),
                figure(base[i], CHARGED_DIGITS, scale=scale),
                _rate(float(seen["base_rate_on_line"].values[i])),
                figure(paid[i], scale=scale, error=float(error[i])),
                figure(model[i], CHARGED_DIGITS, scale=scale),
                interval(float(low[i]), float(high[i]), scale),
                _rate(float(seen["model_rate_on_line"].values[i])),
                Cell(significant(over, 2), over),
            ]
        )
    return table(
        "Policies seen elsewhere",
        [
            Column("Policy", number=False),
            Column("Limit", "CNY million"),
            Column("Document's base premium", f"{unit} a year"),
            Column("Its rate on line"),
            Column("Model's expected payments ± simulation", f"{unit} a year"),
            Column("Model's premium", f"{unit} a year"),
            Column("Cheapest to dearest plant", f"{unit} a year"),
            Column("Model's rate on line"),
            Column("Model over document", "times"),
        ],
        rows,
        heard=True,
    )


def _rate(value: float) -> Cell:
    """Return a rate on line with the digits that the document has."""
    return Cell(percent(value, 3), value)


def _note(seen: xr.Dataset) -> str:
    pages = listed(list(dict.fromkeys(str(source) for source in seen["source"].values)))
    return (
        f"Illustrations, from {pages}. The base premium is before every factor of the insured: industry, grade and "
        "record may multiply it. The model gives each insured plant the limit and sublimits of the policy, without a "
        "deductible and for the accidents of a year, since the document states none; sublimits for property and "
        "medical cost of a person are left out. No premium of this report depends on these numbers."
    )
