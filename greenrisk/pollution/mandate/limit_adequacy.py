# SPDX-License-Identifier: Apache-2.0
"""Is a limit enough? Three named measures, all of them conditional on a liability, before and after sublimits.

What lives here: the measures with their simulation errors, the smallest limit that leaves at most a share, how far both
move with the cap of the severity. What does not: the sums behind them
(:mod:`greenrisk.pollution.mandate.limit_sums`), the scenario rule of Spain
(:mod:`greenrisk.pollution.mandate.spain_rule`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from scipy.special import ndtri

from greenrisk.actuarial.arguments import numbers
from greenrisk.core.errors import ArgumentError, Fault
from greenrisk.pollution.liability.arrivals import Base
from greenrisk.pollution.liability.events import BLOCK_LENGTH, simulate_block
from greenrisk.pollution.liability.laws import ZoneLaws
from greenrisk.pollution.liability.policy_terms import PolicyTerms
from greenrisk.pollution.mandate.limit_sums import (
    BASES,
    QUANTITIES,
    LimitGrid,
    LimitSums,
    liability,
    limit_part,
)
from greenrisk.pollution.mandate.plant_groups import PlantGroups

Floats = NDArray[np.float64]

MEASURES: Final = ("accidents_exceeding", "money_uncovered", "plant_years_exceeding")
"""Named measures of what a limit leaves."""

MEASURE_WORDS: Final = {
    "accidents_exceeding": "Accidents with a liability that the limit does not pay in full",
    "money_uncovered": "Insured-head money that the limit does not pay",
    "plant_years_exceeding": "Plant-years with a liability that the limits do not pay in full",
}
"""What a reader calls the measures; each is a share of those with a liability."""

SIDES: Final = ("before_sublimits", "after_sublimits")
"""Whether the limit stands alone or the sublimits bite first."""

Z_90: Final = float(ndtri(0.95))
"""Standard normal quantile behind a 90 % interval."""


def adequacy(sums: LimitSums, grid: LimitGrid, groups: PlantGroups) -> xr.Dataset:
    """Return the group ``limit_adequacy``.

    Parameters
    ----------
    sums : LimitSums
        Of all blocks.
    grid, groups
        With which they were made.

    Returns
    -------
    xarray.Dataset
        By ``group``, ``side`` and ``limit``: each of :data:`MEASURES` and its ``_standard_error`` [1]; by ``group`` and
        ``limit``: ``limit_binds``, share of accidents whose money after sublimits still exceeds the limit, with its
        ``_standard_error`` [1]; by ``group``: ``accidents`` and ``plant_years`` with a liability [1/year] and ``money``
        [CNY/year], and ``plants`` [1]. NaN for a group without a liability.

    Notes
    -----
    A liability is what a policy without limits would pay. An accident, or a plant-year, *exceeds* where anything of it
    stays unpaid; after sublimits that is at least as often as before, since sublimits only take away. Sublimits may
    thus make a limit look enough in ``limit_binds`` that leaves victims unpaid.
    """
    share, error = sums.shares()
    columns = {
        "accidents_exceeding": ("short_before", "short_after"),
        "money_uncovered": ("lost_before", "lost_after"),
        "plant_years_exceeding": ("year_short_before", "year_short_after"),
    }
    data: dict[str, tuple[tuple[str, ...], NDArray[np.generic], dict[str, str]]] = {}
    for name, pair in columns.items():
        at = [QUANTITIES.index(column) for column in pair]
        for ending, values in (("", share), ("_standard_error", error)):
            data[name + ending] = (
                ("group", "side", "limit"),
                np.moveaxis(values[:, :, at], 2, 1),
                {"units": "1", "long_name": MEASURE_WORDS[name] + (", standard error" if ending else "")},
            )
    at_binding = QUANTITIES.index("binding")
    told = "Accidents whose money after sublimits exceeds the limit"
    data["limit_binds"] = (("group", "limit"), share[:, :, at_binding], {"units": "1", "long_name": told})
    data["limit_binds_standard_error"] = (
        ("group", "limit"),
        error[:, :, at_binding],
        {"units": "1", "long_name": f"{told}, standard error"},
    )
    words = {
        "accidents": "Accidents with a liability",
        "money": "Insured-head money",
        "plant_years": "Plant-years with a liability",
    }
    for place, name in enumerate(BASES):
        unit = "CNY/year" if name == "money" else "1/year"
        data[name] = (("group",), sums.base[:, place] / sums.years, {"units": unit, "long_name": words[name]})
    data["plants"] = (("group",), groups.plants, {"units": "1", "long_name": "Plants"})
    found = xr.Dataset(data, coords={"group": list(groups.names), "side": list(SIDES), "limit": grid.limit})
    found["limit"].attrs = {"units": "CNY", "long_name": "Limit of an accident"}
    found["annual_limit"] = ("limit", grid.annual, {"units": "CNY", "long_name": "Limit of the year"})
    return found


def smallest_limits(found: xr.Dataset, leave: Sequence[float]) -> xr.Dataset:
    """Return the group ``smallest_limit``: the smallest limit that leaves at most a share, by each measure.

    Parameters
    ----------
    found : Dataset
        From :func:`adequacy`.
    leave : sequence of float
        Shares left, in (0, 1) [unitless].

    Returns
    -------
    xarray.Dataset
        By ``group``, ``side``, ``measure`` and ``leave``: ``limit``, and ``limit_low`` and ``limit_high``, where the
        measure less and plus 1.645 standard errors leaves the share [CNY]. The lowest limit of the grid where it
        already leaves less; NaN where the highest leaves more.

    Notes
    -----
    Between two limits of the grid the measure is taken as a power of the limit (a straight line on two logarithmic
    axes); straight on the measure where the upper one leaves nothing.
    """
    wanted = numbers("leave", list(leave), above=0.0, below=1.0, dimensions=1, fewest=1, unit="unitless")
    limit = np.asarray(found["limit"].values, dtype=np.float64)
    value = np.stack([found[name].values for name in MEASURES], axis=2)
    error = np.stack([found[f"{name}_standard_error"].values for name in MEASURES], axis=2)
    shape = (*value.shape[:3], wanted.size)
    ends = {"limit": 0.0, "limit_low": -Z_90, "limit_high": Z_90}
    data: dict[str, tuple[tuple[str, ...], Floats, dict[str, str]]] = {}
    for name, step in ends.items():
        curve = value + step * error if step else value
        out = np.full(shape, np.nan)
        for place in np.ndindex(value.shape[:3]):
            out[place] = [crossing(limit, curve[place], p) for p in wanted.tolist()]
        # Where the grid ends, one end may be read from a straight line and the other from a power: an interval holds
        # its limit. NaN, beyond the grid, stays.
        if name == "limit_low":
            out = np.fmin(out, data["limit"][1])
        elif name == "limit_high":
            out = np.maximum(out, data["limit"][1])
        data[name] = (("group", "side", "measure", "leave"), out, {"units": "CNY", "long_name": _WORDS[name]})
    return xr.Dataset(
        data,
        coords={
            "group": found["group"].values,
            "side": found["side"].values,
            "measure": list(MEASURES),
            "leave": wanted,
        },
    )


_WORDS: Final = {
    "limit": "Smallest limit that leaves at most the share",
    "limit_low": "The same, lower end of the simulation's 90 % interval",
    "limit_high": "The same, upper end of the simulation's 90 % interval",
}


def crossing(limit: Floats, curve: Floats, p: float) -> float:
    """Return where a falling curve comes down to a share for good [CNY].

    Parameters
    ----------
    limit : array, shape (limits,)
        Limits, ascending [CNY].
    curve : array, shape (limits,)
        What each leaves [unitless].
    p : float
        The share [unitless].

    Notes
    -----
    As :func:`smallest_limits` says; NaN where the highest limit leaves more.
    """
    if np.isnan(curve).any():
        return float("nan")
    above = np.flatnonzero(curve > p)
    if above.size == 0:
        return float(limit[0])
    k = int(above[-1])
    if k == limit.size - 1:
        return float("nan")
    x0, x1, y0, y1 = np.log(limit[k]), np.log(limit[k + 1]), float(curve[k]), float(curve[k + 1])
    if y1 > 0.0:
        y0, y1, p = float(np.log(y0)), float(np.log(y1)), float(np.log(p))
    return float(np.exp(x0 + (x1 - x0) * (y0 - p) / (y0 - y1)))


def cap_sensitivity(
    laws: Mapping[str, ZoneLaws],
    terms: PolicyTerms,
    grid: LimitGrid,
    groups: PlantGroups,
    leave: Sequence[float],
    *,
    seed: int,
    blocks: int,
    years: int = BLOCK_LENGTH,
) -> xr.Dataset:
    """Return the group ``limit_sensitivity``: measures and smallest limits under named laws of the severity.

    Parameters
    ----------
    laws : mapping of str to ZoneLaws
        Named alternatives, e.g. by threshold and cap; the first is that of the headline.
    terms : PolicyTerms
        With everyone insured.
    grid, groups
        As for :func:`adequacy`.
    leave : sequence of float
        As for :func:`smallest_limits`.
    seed, blocks, years : int
        Seed, how many blocks, years of each [year]. Alternatives share their accidents.

    Returns
    -------
    xarray.Dataset
        The variables of :func:`adequacy` and, as ``smallest_limit`` with ``_low`` and ``_high``, those of
        :func:`smallest_limits`, by ``alternative``; ``spread``: highest over lowest ``smallest_limit`` [1].
    """
    if not laws:
        raise ArgumentError(
            Fault("laws", "no alternative", "At least the laws of the headline were expected.")
        )
    base, found = Base.of(next(iter(laws.values()))), []
    for one in laws.values():
        drawn = (simulate_block(one, seed, "main", block, base, years) for block in range(blocks))
        sums = LimitSums.of(limit_part(block, liability(block, terms), grid, groups) for block in drawn)
        curves = adequacy(sums, grid, groups)
        smallest = smallest_limits(curves, leave)
        names = {name: f"smallest_{name}" for name in _WORDS}
        found.append(curves.merge(smallest.rename(names)))
    joined = xr.concat(found, dim="alternative").assign_coords(alternative=list(laws))
    limits = joined["smallest_limit"]
    joined["spread"] = limits.max("alternative") / limits.min("alternative")
    joined["spread"].attrs = {"units": "1", "long_name": "Highest over lowest smallest limit"}
    return joined
