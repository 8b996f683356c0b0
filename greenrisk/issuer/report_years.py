# SPDX-License-Identifier: Apache-2.0
"""What is kept of every issuer in the years of the report, however many issuers there are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from greenrisk.issuer.channels.base import Setting
from greenrisk.issuer.model import Outcome
from greenrisk.issuer.result_groups import FLOWS

REPORTED: Final = ("scenario", "member", "report_year")
"""Dimensions; ``member`` are all issuers, where ``issuer`` are those of whom all is kept."""

PREFIX: Final = "reported_"
"""How the names begin in a part."""

LINES: Final = ("revenue", "ebit", "net_income", "interest", "charges", "assets", "equity", "cash")
"""Lines of the statements among them."""

UNITS: Final = {
    "carbon_cost": "money/year",
    "abatement_cost": "money/year",
    "asset_value": "money",
    "exposure": "money",
    "annual_probability": "1",
    "log_annual_probability": "1",
    "cumulative_probability": "1",
    "loss_rate": "1",
    "expected_loss": "money",
    "hazard_spread": "1/year",
    "spread": "1/year",
    "disagreement": "grades",
}
"""Figures beside them, and their units."""


def report_part(setting: Setting, outcome: Outcome, at: NDArray[np.int64]) -> xr.Dataset:
    """Return the figures of a block in the years of the report.

    Parameters
    ----------
    setting : Setting
        The block, with the base variant alone.
    outcome : Outcome
        What it does.
    at : array of int, shape (report year,)
        Places of the years.

    Returns
    -------
    xarray.Dataset
        All of the dimensions :data:`REPORTED`, and how the assets of each ``member`` were found.
    """
    credit = outcome.credit
    values = {name: outcome.rolled.lines[name] for name in LINES} | {
        "carbon_cost": outcome.effects.get("carbon_cost"),
        "abatement_cost": outcome.effects.get("abatement_cost"),
        "asset_value": credit.asset_value,
        "exposure": credit.exposure,
        "annual_probability": credit.carried.annual_probability,
        "log_annual_probability": credit.carried.log_annual_probability,
        "cumulative_probability": np.exp(credit.log_cumulative),
        "loss_rate": credit.loss_rate,
        "expected_loss": credit.expected_loss,
        "hazard_spread": credit.hazard_spread,
        "spread": credit.spread,
        "disagreement": credit.lenses.disagreement,
        "grade": credit.grade,
        "lens": credit.carried.lens,
    }
    data = {
        f"{PREFIX}{name}": (REPORTED, np.broadcast_to(whole, setting.shape)[0][..., at])
        for name, whole in values.items()
    }
    part = xr.Dataset(data)
    part["asset_basis"] = ("member", credit.basis[0])
    volatility = np.broadcast_to(credit.asset_volatility, setting.shape)
    part["asset_volatility"] = ("member", volatility[0, 0, :, 0])
    return part


def issuer_years_group(
    reported: xr.Dataset, grades: Sequence[str], carriers: Sequence[str], money: str
) -> xr.Dataset:
    """Return the group ``/issuer_years``: the main figures of every issuer in the years of the report.

    Parameters
    ----------
    reported : Dataset
        The parts of :func:`report_part` over all blocks, with coordinates.
    grades, carriers : sequence of str
        Names behind the numbers of grades and lenses.
    money : str
        Unit of money.

    Returns
    -------
    xarray.Dataset
        By issuer, scenario and year, the issuer first: the run folder writes long tables piece by piece along it.
    """
    lines = {name: "money/year" if name in FLOWS else "money" for name in LINES}
    order = ("issuer", "scenario", "year")
    where = reported.rename(member="issuer", report_year="year")
    group = xr.Dataset(coords={name: where[name].values for name in order})
    for name, unit in (lines | UNITS).items():
        values = where[f"{PREFIX}{name}"].transpose(*order).values
        group[name] = (order, values, {"units": unit.replace("money", money)})
    for name, words in (("grade", grades), ("lens", carriers)):
        texts = np.array([*words, "none"])
        places = where[f"{PREFIX}{name}"].transpose(*order).values.astype(int)
        group[name] = (order, texts[places], {"units": "text"})
    return group
