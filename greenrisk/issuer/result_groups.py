# SPDX-License-Identifier: Apache-2.0
"""Groups of the result of an issuer run that are read off the central model."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr

from greenrisk.issuer.block_parts import CELL, SHOWN_LINES
from greenrisk.issuer.channels.base import CHARGES, Channel
from greenrisk.issuer.credit.altman import ZONES
from greenrisk.issuer.credit.model_lenses import LOGIT_RATIOS
from greenrisk.issuer.credit.state import STATEMENT_LINES, state_of
from greenrisk.issuer.model import MEASURED

FLOWS = (
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
    "capital_expenditure",
    "new_debt",
    "dividend",
)
"""Lines that are a year's; all others are levels at its end."""


def statements_group(base: xr.Dataset, money: str) -> xr.Dataset:
    """Return the group ``/statements``: every line of every issuer by scenario and year [million]."""
    data = {
        name: (CELL, base["line_value"].values[k], {"units": f"{money}/year" if name in FLOWS else money})
        for k, name in enumerate(SHOWN_LINES)
    }
    return xr.Dataset(data, coords=_coords(base))


def charges_group(base: xr.Dataset, money: str) -> xr.Dataset:
    """Return the group ``/charges``: what the channels take from EBIT, line by line [million/year]."""
    data = {
        name: (CELL, base["charge_value"].values[k], {"units": f"{money}/year"})
        for k, name in enumerate(CHARGES)
    }
    return xr.Dataset(data, coords=_coords(base))


def channels_group(base: xr.Dataset, channels: Sequence[Channel], money: str) -> xr.Dataset:
    """Return the group ``/channels``: what each channel does alone and last in, all jointly, and their interaction.

    Returns
    -------
    xarray.Dataset
        ``alone`` and ``last_in`` by channel, ``without`` any, ``joint`` and ``interaction``, all by measure, scenario,
        issuer and year, in the unit of the measure; joint = sum of alone + interaction.
    """
    names = np.array([channel.name for channel in channels], dtype=str)
    units = [unit.replace("million", money) for unit in MEASURED.values()]
    data: dict[str, tuple[tuple[str, ...], np.ndarray]] = {
        "alone": (("measure", "channel", *CELL), base["alone"].values),
        "last_in": (("measure", "channel", *CELL), base["last"].values),
    }
    data |= {name: (("measure", *CELL), base[name].values) for name in ("without", "joint", "interaction")}
    group = xr.Dataset(data, coords={**_coords(base), "measure": list(MEASURED), "channel": names})
    for name in data:
        group[name].attrs["units"] = "see unit"
    group["unit"] = ("measure", np.array(units))
    group["reads"] = (("channel", "issuer"), base["reads"].values.astype(np.int8), {"units": "yes or no"})
    return group


def lenses_group(base: xr.Dataset, said: Sequence[Sequence[object]]) -> xr.Dataset:
    """Return the group ``/lenses``: what each lens says of every issuer, or the number of the reason why it does not.

    Returns
    -------
    xarray.Dataset
        By ``lens``, scenario, issuer and year: ``value`` in its own unit, ``annual_probability``, ``spread``, ``grade``
        (place on the scale, -1: none), ``zone`` (0 distress, 1 grey, 2 safe, -1: none), ``reason`` (see
        ``/lens_reasons``, -1: none). ``disagreement`` in grades (-1: fewer than two) and ``apart`` without ``lens``.
    """
    dims = ("lens", *CELL)
    units = {
        "value": "see unit",
        "annual_probability": "1",
        "spread": "1/year",
        "grade": "place",
        "zone": "place",
        "reason": "place",
    }
    source = {name: f"lens_{name}" for name in units} | {"annual_probability": "lens_probability"}
    data = {name: (dims, base[source[name]].values, {"units": unit}) for name, unit in units.items()}
    group = xr.Dataset(data, coords={**_coords(base), "lens": [str(one[0]) for one in said]})
    group["unit"] = ("lens", np.array([str(one[1]) for one in said]))
    group["disagreement"] = (CELL, base["disagreement"].values, {"units": "grades"})
    group["apart"] = (CELL, base["apart"].values.astype(np.int8), {"units": "yes or no"})
    group.attrs["zones"] = list(ZONES)
    return group


def lens_reasons_group(said: Sequence[Sequence[object]]) -> xr.Dataset:
    """Return the group ``/lens_reasons``: the sentence of each number of ``reason``, by lens."""
    rows = [(str(one[0]), k, text) for one in said for k, text in enumerate(one[2])]  # type: ignore[var-annotated,arg-type]
    return xr.Dataset(
        {
            "lens": ("row", np.array([row[0] for row in rows], dtype=str)),
            "reason": ("row", np.array([row[1] for row in rows], dtype=np.int64), {"units": "place"}),
            "sentence": ("row", np.array([row[2] for row in rows], dtype=str)),
        }
    )


def ratios_group(base: xr.Dataset) -> xr.Dataset:
    """Return the group ``/ratios``: the ratios behind scores and ratings, by scenario, issuer and year [1].

    Those of :data:`greenrisk.issuer.credit.model_lenses.LOGIT_RATIOS`, among them X1 to X5 of Altman's scores; NaN
    where a line is missing or nothing stands below the line.
    """
    at = {name: k for k, name in enumerate(SHOWN_LINES)}
    lines = base["line_value"].values
    state = state_of(**{name: lines[at[name]][None] for name in STATEMENT_LINES if name in at})
    data = {}
    for name, ratio in LOGIT_RATIOS.items():
        if name != "market_equity_to_liabilities":
            data[name] = (CELL, np.broadcast_to(ratio(state), state.shape)[0], {"units": "1"})
    return xr.Dataset(data, coords=_coords(base))


def pd_group(base: xr.Dataset, grades: Sequence[str], carriers: Sequence[str]) -> xr.Dataset:
    """Return the group ``/pd``: the default probability that is carried on, by scenario, issuer and year.

    Returns
    -------
    xarray.Dataset
        ``annual_probability`` [1], ``log_annual_probability`` (finite where the former underflows),
        ``cumulative_probability`` and its logarithm from the first year on, ``grade`` and ``lens`` as texts, and the
        flags ``underflow`` and ``unearned``.
    """
    log_sum = base["log_cumulative"].values
    data = {
        name: (CELL, base[name].values, {"units": "1"})
        for name in ("annual_probability", "log_annual_probability")
    }
    data["cumulative_probability"] = (CELL, np.exp(log_sum), {"units": "1"})
    data["log_cumulative_probability"] = (CELL, log_sum, {"units": "1"})
    group = xr.Dataset(data, coords=_coords(base))
    letters, names = np.array([*grades, "none"]), np.array([*carriers, "none"])
    group["grade"] = (CELL, letters[base["grade"].values.astype(int)], {"units": "text"})
    group["lens"] = (CELL, names[base["carried_lens"].values.astype(int)], {"units": "text"})
    for name in ("underflow", "unearned"):
        group[name] = (CELL, base[name].values.astype(np.int8), {"units": "yes or no"})
    return group


def spread_group(base: xr.Dataset, money: str) -> xr.Dataset:
    """Return the group ``/spread``: loss given default, expected loss and spreads by scenario, issuer and year."""
    units = {
        "exposure": money,
        "loss_rate": "1",
        "expected_loss": money,
        "hazard_spread": "1/year",
        "spread": "1/year",
        "asset_value": money,
    }
    data = {name: (CELL, base[name].values, {"units": unit}) for name, unit in units.items()}
    return xr.Dataset(data, coords=_coords(base))


def _coords(base: xr.Dataset) -> dict[str, np.ndarray]:
    return {name: base[name].values for name in CELL}
