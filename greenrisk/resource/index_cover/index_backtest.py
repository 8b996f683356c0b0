# SPDX-License-Identifier: Apache-2.0
"""Result groups of the test out of sample: every origin, what they come to, and what so many years could notice."""

from __future__ import annotations

from typing import Final

import numpy as np
import xarray as xr

from greenrisk.core.errors import GreenRiskError
from greenrisk.core.ledger import Ledger
from greenrisk.resource.index_cover.backtest import Backtest, rolling_origin
from greenrisk.resource.index_cover.history_spec import BacktestSpec
from greenrisk.resource.index_cover.index_groups import table
from greenrisk.resource.index_cover.index_model import IndexModel
from greenrisk.resource.index_cover.laws import FEWEST_YEARS
from greenrisk.resource.index_cover.payout_spec import DoublePayout, IndexCover

GOOD: Final = 0.8
"""Chance to notice a frequency three times too high from which on the test counts as one [unitless]."""

FEW_PAID: Final = 10
"""Paid years of the test below which a bootstrap of them says too little of what might have been."""

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
        Told which cover is tested where there are several, why none is, from where on, what contradicts the premiums,
        and where the test could notice little.
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
            bounds=index.bounds,
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
    _tell_first_origin(found, model.part.backtest, int(np.isfinite(index.value).sum()), ledger)
    tell_result(found, ledger)
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


def tell_result(found: Backtest, ledger: Ledger) -> None:
    """Write to the ledger where the tested years contradict the premiums that were set before them.

    Parameters
    ----------
    found : Backtest
        The test.
    ledger : Ledger
        Takes a line where 1 lies outside the interval of payouts over pure premiums, by law or by burn analysis; where
        no year was paid, if that many years should have paid some.
    """
    figures = {one.name: one for one in found.summary}
    paid, years = int(found.paid.sum()), int(found.year.size)
    if not paid:
        expected = figures["paying_years_expected"]
        if expected.low > 0:
            ledger.add(
                "unreliable",
                "test out of sample",
                f"None of {years} tested years paid, where {expected.low:.0f} to {expected.high:.0f} paying years were "
                "to be expected by the law.",
                years,
            )
        return
    ratios = [figures["loss_ratio_law"], figures["loss_ratio_burn"]]
    if not any(one.low > 1.0 or one.high < 1.0 for one in ratios):
        return
    law, burn = (f"{one.value:.3g} ({one.low:.3g} to {one.high:.3g})" for one in ratios)
    few = " With so few paid years such intervals are too narrow." if paid < FEW_PAID else ""
    ledger.add(
        "unreliable",
        "test out of sample",
        f"Payouts over the pure premiums set before each of {years} years: {law} by law, {burn} by burn analysis, with "
        f"90 % intervals. A right premium comes to 1, which does not lie in both. {paid} of the years paid.{few}",
        years,
    )


def _tell_first_origin(found: Backtest, spec: BacktestSpec, known: int, ledger: Ledger) -> None:
    """Write to the ledger if the first origin is not the one that was asked for."""
    behind = known - int(found.year.size)
    if behind == spec.first_origin_years:
        return
    least = f"a law needs {FEWEST_YEARS}" if behind == FEWEST_YEARS else f"the record has {known} in all"
    ledger.add(
        "assumption",
        "test out of sample",
        f"The first origin has {behind} years behind it, not the {spec.first_origin_years} of `first_origin_years`: "
        f"{least}.",
        behind,
    )


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
