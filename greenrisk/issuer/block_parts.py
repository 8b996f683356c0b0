# SPDX-License-Identifier: Apache-2.0
"""What a block of issuers hands on under the central cards: statements, channels, lenses, default, spread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from greenrisk.issuer.attribution import Attribution
from greenrisk.issuer.channels.base import CHARGES, Channel, Setting
from greenrisk.issuer.model import MEASURED, Outcome

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

CELL: Final = ("scenario", "issuer", "year")
"""Dimensions of what has a value for every issuer and year."""

SHOWN_LINES: Final = (
    "revenue",
    "variable_cost",
    "fixed_cost",
    "depreciation",
    "charges",
    "ebit",
    "ebitda",
    "interest",
    "tax",
    "net_income",
    "assets",
    "current_assets",
    "current_liabilities",
    "debt_short",
    "debt_long",
    "equity",
    "retained_earnings",
    "cash",
    "capital_expenditure",
    "new_debt",
    "dividend",
    "liabilities",
)
"""Lines of the rolled statements that results keep."""


def hurt_by(expected_loss: Floats, baseline: int) -> Floats:
    """Return how much each issuer is hurt: the rise of its expected loss in the scenario that raises it most.

    Parameters
    ----------
    expected_loss : array, shape (scenario, issuer)
        Of one year [million/year].
    baseline : int
        Place of the scenario that the others are held against; where it is alone, the loss itself counts.

    Returns
    -------
    array, shape (issuer,)
        [million/year]; -inf where it is not known under every scenario.
    """
    rise = np.delete(expected_loss - expected_loss[baseline], baseline, axis=0)
    found = rise.max(axis=0) if len(rise) else expected_loss[baseline]
    return np.where(np.isnan(found), -np.inf, found)


def hurt_most(hurt: Floats, most: int) -> Integers:
    """Return the places of those hurt most, in their own order; of equal ones the first."""
    return np.sort(np.argsort(-hurt, kind="stable")[:most])


def base_part(
    setting: Setting,
    outcome: Outcome,
    parts: Mapping[str, Attribution],
    channels: Sequence[Channel],
    shown: Integers,
) -> xr.Dataset:
    """Return the part of a block under the base variant.

    Parameters
    ----------
    setting : Setting
        The block, with the base variant alone.
    outcome : Outcome
        What it does.
    parts : mapping of str to Attribution
        What each channel does to each quantity of :data:`greenrisk.issuer.model.MEASURED`.
    channels : sequence of Channel
        Those that are on.
    shown : array of int
        Places of the issuers in the block of whom all is kept.

    Returns
    -------
    xarray.Dataset
        All of the dimensions ``scenario``, ``issuer``, ``year``, some with ``line``, ``charge``, ``channel``,
        ``measure`` or ``lens`` before them.
    """
    credit, rolled = outcome.credit, outcome.rolled

    def cell(values: np.ndarray) -> np.ndarray:
        whole: np.ndarray = np.broadcast_to(values, setting.shape)[0][:, shown]
        return whole

    readings = credit.lenses.readings.values()
    data: dict[str, tuple[tuple[str, ...], np.ndarray]] = {
        "line_value": (("line", *CELL), np.stack([cell(rolled.lines[name]) for name in SHOWN_LINES])),
        "charge_value": (("charge", *CELL), np.stack([cell(outcome.effects.get(name)) for name in CHARGES])),
        "joint": (("measure", *CELL), np.stack([cell(parts[name].joint) for name in MEASURED])),
        "without": (("measure", *CELL), np.stack([cell(parts[name].without) for name in MEASURED])),
        "interaction": (("measure", *CELL), np.stack([cell(parts[name].interaction) for name in MEASURED])),
        "reads": (
            ("channel", "issuer"),
            np.array([c.reads(setting) for c in channels]).reshape(-1, setting.shape[2])[:, shown],
        ),
        "annual_probability": (CELL, cell(credit.carried.annual_probability)),
        "log_annual_probability": (CELL, cell(credit.carried.log_annual_probability)),
        "log_cumulative": (CELL, cell(credit.log_cumulative)),
        "grade": (CELL, cell(credit.grade)),
        "carried_lens": (CELL, cell(credit.carried.lens)),
        "underflow": (CELL, cell(credit.carried.underflow)),
        "unearned": (CELL, cell(credit.carried.unearned)),
        "loss_rate": (CELL, cell(credit.loss_rate)),
        "exposure": (CELL, cell(credit.exposure)),
        "expected_loss": (CELL, cell(credit.expected_loss)),
        "hazard_spread": (CELL, cell(credit.hazard_spread)),
        "spread": (CELL, cell(credit.spread)),
        "asset_value": (CELL, cell(credit.asset_value)),
        "lens_value": (("lens", *CELL), np.stack([cell(one.value) for one in readings])),
        "lens_grade": (("lens", *CELL), np.stack([cell(one.grade) for one in readings])),
        "lens_zone": (("lens", *CELL), np.stack([cell(one.zone) for one in readings])),
        "lens_reason": (("lens", *CELL), np.stack([cell(one.reason) for one in readings])),
        "lens_probability": (("lens", *CELL), np.stack([cell(one.annual_probability) for one in readings])),
        "lens_spread": (("lens", *CELL), np.stack([cell(one.spread) for one in readings])),
        "disagreement": (CELL, cell(credit.lenses.disagreement)),
        "apart": (CELL, cell(credit.lenses.apart)),
    }
    for name in ("alone", "last"):
        whole = np.stack([getattr(parts[quantity], name)[:, 0][:, :, shown] for quantity in MEASURED])
        data[name] = (("measure", "channel", *CELL), whole)
    return xr.Dataset(data)
