# SPDX-License-Identifier: Apache-2.0
"""Result groups of the test out of sample: every origin, what they come to, and what so many years could notice."""

from __future__ import annotations

from typing import Final

import numpy as np
import xarray as xr

from greenrisk.core.errors import GreenRiskError
from greenrisk.core.ledger import Ledger
from greenrisk.resource.index_cover.backtest import Backtest, rolling_origin
from greenrisk.resource.index_cover.index_groups import table
from greenrisk.resource.index_cover.index_model import IndexModel
from greenrisk.resource.index_cover.payout_spec import DoublePayout, IndexCover

GOOD: Final = 0.8
"""Chance to notice a frequency three times too high from which on the test counts as one [unitless]."""

ORIGIN_UNITS: Final = {
    "year": "year",
    "value": "see unit",
    "trigger": "see unit",
    "chance_burn": "unitless",
    "chance_law": "unitless",
    "premium_burn": "CNY/year",
    "premium_law": "CNY/year",
    "payout": "CNY",
    "paid": "1",
}


def backtest_groups(model: IndexModel, ledger: Ledger) -> dict[str, xr.Dataset]:
    """Return the groups ``/backtest``, ``/backtest_summary`` and ``/backtest_power`` of the first cover that allows it.

    Parameters
    ----------
    model : IndexModel
        Covers on the record.
    ledger : Ledger
        Told which cover is tested where there are several, why none is, and where the test could notice little.
    """
    cover = _tested(model)
    if cover is None or isinstance(cover.payout, DoublePayout):
        ledger.add(
            "unreliable",
            "test out of sample",
            "There is none: it needs a cover of a single trigger on a yearly index.",
        )
        return {}
    index = model.record.indices[cover.payout.index]
    try:
        found = rolling_origin(
            cover.payout,
            cover.sum_insured_cny,
            index.year,
            index.value,
            spec=model.part.backtest,
            history=model.part.history,
            scale=model.record.scale[index.name],
            seed=model.seed,
        )
    except GreenRiskError as error:
        told = "; ".join(f"{fault.what}: {fault.expected}" for fault in error.faults)
        ledger.add("unreliable", "test out of sample", f"There is none. {told}")
        return {}
    if len(model.part.covers) > 1:
        ledger.add(
            "assumption",
            "test out of sample",
            f"Of several covers `{cover.name}` is tested, before its deductible.",
        )
    strongest = max(found.power, key=lambda one: one.factor)
    if strongest.chance < GOOD:
        ledger.add(
            "unreliable",
            "test out of sample",
            f"{found.year.size} tested years would notice a frequency of payments {strongest.factor:g} times as high "
            f"as priced with a chance of {strongest.chance:.0%} only: that the test finds nothing says little.",
            int(found.year.size),
        )
    return {
        "/backtest": _origins(found, cover, index.unit),
        "/backtest_summary": _summary(found),
        "/backtest_power": _power(found),
    }


def _tested(model: IndexModel) -> IndexCover | None:
    """Return the first cover of a single trigger on a yearly index; None where there is none."""
    for cover in model.part.covers:
        payout = cover.payout
        if not isinstance(payout, DoublePayout) and not model.record.indices[payout.index].of_events:
            return cover
    return None


def _origins(found: Backtest, cover: IndexCover, unit: str) -> xr.Dataset:
    columns = {name: np.asarray(getattr(found, name)) for name in ORIGIN_UNITS}
    columns["paid"] = columns["paid"].astype(np.int64)
    group = xr.Dataset(
        {name: ("origin", columns[name], {"units": ORIGIN_UNITS[name]}) for name in ORIGIN_UNITS}
    )
    group["treatment"] = ("origin", np.array(found.treatment))
    return group.assign_attrs(cover=cover.name, unit=unit)


def _summary(found: Backtest) -> xr.Dataset:
    rows = [
        {
            "figure": one.name,
            "name": one.name,
            "value": float(one.value),
            "low": float(one.low),
            "high": float(one.high),
            "unit": one.unit,
            "note": one.note,
        }
        for one in found.summary
    ]
    return table("figure", rows, dict.fromkeys(("value", "low", "high"), "see unit"))


def _power(found: Backtest) -> xr.Dataset:
    rows = [
        {
            "factor": float(one.factor),
            "power_frequency": one.chance,
            "years": int(found.year.size),
            "at_least": one.at_least,
            "size": one.size,
            "years_needed": one.years_needed,
        }
        for one in found.power
    ]
    units = {"power_frequency": "unitless", "years": "year", "at_least": "year", "size": "unitless"}
    group = table("factor", rows, units | {"years_needed": "year"})
    group["factor"].attrs["units"] = "unitless"
    return group
