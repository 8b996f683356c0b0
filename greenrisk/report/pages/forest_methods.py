# SPDX-License-Identifier: Apache-2.0
"""The burnt area of a year by two methods, as the forest page shows it."""

from __future__ import annotations

import math

import numpy as np
import xarray as xr

from greenrisk.report.table import Column, Table, figure, table, words
from greenrisk.report.wording import SHOWN_DIGITS, once_in, significant

METHODS_NOTE = (
    "The fires of a year are added up twice from the same cards: drawn year by year, and without drawing anything, by "
    "the exact law of their number and size. Only the drawn years know where a fire burns and what is paid for it. The "
    "rows share their years, so that chance moves them together."
)


def methods_table(compared: xr.Dataset) -> Table:
    """Return simulated and exact burnt areas side by side.

    Parameters
    ----------
    compared : xarray.Dataset
        Over (quantity): ``simulated``, ``standard_error``, ``exact``, ``difference``, ``return_period``.
    """
    rows = []
    for i, period in enumerate(compared["return_period"].values.tolist()):
        one = {str(name): float(values.values[i]) for name, values in compared.data_vars.items()}
        digits = _digits(one["simulated"], one["standard_error"])
        rows.append(
            [
                words("Mean of a year" if math.isnan(period) else once_in(period)),
                figure(one["simulated"], digits, error=one["standard_error"]),
                figure(one["exact"], digits),
                figure(one["difference"], 2),
            ]
        )
    return table(
        "Burnt forest, insured or not, by two methods",
        [
            Column("", number=False),
            Column("Simulated years ± standard error", "ha a year"),
            Column("Exact law", "ha a year"),
            Column("Apart", "standard errors"),
        ],
        rows,
    )


def methods_sentence(compared: xr.Dataset) -> str:
    """Say how far the two methods are apart."""
    apart = np.abs(compared["difference"].values)
    if not np.isfinite(apart).all():
        return "Two methods: the exact law of the burnt area could not be computed"
    within = significant(max(float(apart.max()), 0.1), 2)
    chance = f"{float(compared.attrs['too_far']):g}"
    if apart.max() > float(compared.attrs["too_far"]):
        return (
            f"Two methods disagree: simulated years and the exact law are up to {within} standard errors apart, where "
            f"chance explains {chance}"
        )
    return (
        f"Two methods agree: simulated years and the exact law are at most {within} standard errors apart, where "
        f"chance explains {chance}"
    )


def _digits(value: float, error: float) -> int:
    """Significant digits of a value that is printed to the second digit of its error."""
    if not (math.isfinite(value) and math.isfinite(error) and value > 0 and error > 0):
        return SHOWN_DIGITS
    return max(SHOWN_DIGITS, math.floor(math.log10(value)) - math.floor(math.log10(error)) + 2)
