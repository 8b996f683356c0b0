# SPDX-License-Identifier: Apache-2.0
"""Result groups of basis risk: ``/basis``, ``/basis_pairs``, ``/buyer``."""

from __future__ import annotations

from typing import Final

import numpy as np
import xarray as xr

from greenrisk.resource.basis_risk.buyer import Buyer
from greenrisk.resource.basis_risk.intervals import COVERAGE
from greenrisk.resource.basis_risk.measures import BasisRisk
from greenrisk.resource.index_cover.series import Integers

QUADRANTS: Final = ("loss and payment", "loss, no payment", "payment, no loss", "neither")
"""Words of ``quadrant``; loss years are the worst, as many as were paid."""

MOST_PAIRS: Final = 2000
"""Years of ``/basis_pairs``; of more simulated years the first so many are kept [year]."""


def basis_groups(found: BasisRisk, year: Integers, buyer: Buyer, *, treatment: str) -> dict[str, xr.Dataset]:
    """Return the groups ``/basis``, ``/basis_pairs`` and ``/buyer`` by their name.

    Parameters
    ----------
    found : BasisRisk
        The measures.
    year : array of int, shape (years,)
        Years of the pairs; of simulated years their numbers.
    buyer : Buyer
        Who buys.
    treatment : str
        What was done to index and loss before they were compared.
    """
    return {
        "basis": _basis(found, treatment),
        "basis_pairs": _pairs(found, year),
        "buyer": _buyer(found, buyer),
    }


def _basis(found: BasisRisk, treatment: str) -> xr.Dataset:
    measures = found.measures
    return xr.Dataset(
        {
            "label": ("measure", [one.label for one in measures]),
            "value": ("measure", [one.value for one in measures], {"units": "see unit"}),
            "standard_error": (
                "measure",
                [one.standard_error for one in measures],
                {"units": "see unit", "description": "simulation error; missing of years of a record"},
            ),
            "low": (
                "measure",
                [one.low for one in measures],
                {"units": "see unit", "description": "lower end of the interval of what is not known"},
            ),
            "high": (
                "measure",
                [one.high for one in measures],
                {"units": "see unit", "description": "upper end of the interval of what is not known"},
            ),
            "unit": ("measure", [one.unit for one in measures]),
            "years": ("measure", [one.years for one in measures], {"units": "year"}),
            "note": ("measure", [one.note for one in measures]),
        },
        coords={"measure": [one.name for one in measures]},
        attrs={
            "note": found.note,
            "years": int(found.loss.size),
            "paid_years": int((found.payout > 0).sum()),
            "matched_years": found.matched,
            "coverage": COVERAGE,
            "simulated": int(found.simulated),
            "treatment": treatment,
        },
    )


def _pairs(found: BasisRisk, year: Integers) -> xr.Dataset:
    paid, worst = found.payout > 0, found.worst
    quadrant = np.select([worst & paid, worst, paid], QUADRANTS[:3], QUADRANTS[3])
    money = {"units": "CNY"}
    edge = float(found.loss[worst].min()) if worst.any() else float("nan")
    pairs = xr.Dataset(
        {
            "loss": ("year", found.loss, money),
            "payout": ("year", found.payout, money),
            "gap": ("year", found.loss - found.payout, {**money, "description": "loss less payment"}),
            "quadrant": ("year", quadrant),
        },
        coords={"year": np.asarray(year, dtype=np.int64)},
        attrs={
            "loss_edge": edge,
            "matched_years": found.matched,
            "years": int(found.loss.size),
            "simulated": int(found.simulated),
        },
    )
    return pairs.isel(year=slice(MOST_PAIRS))


def _buyer(found: BasisRisk, buyer: Buyer) -> xr.Dataset:
    rows = found.arrangements

    def column(values: list[float], units: str) -> tuple[str, list[float], dict[str, str]]:
        return "arrangement", values, {"units": units}

    return xr.Dataset(
        {
            "premium": column([one.premium for one in rows], "CNY/year"),
            "certainty_equivalent": column([one.certainty_equivalent for one in rows], "CNY"),
            "standard_error": column([one.standard_error for one in rows], "CNY"),
            "low": column([one.low for one in rows], "CNY"),
            "high": column([one.high for one in rows], "CNY"),
            "mean_cost": column([one.mean_cost for one in rows], "CNY/year"),
            "worst_year": column([one.worst_year for one in rows], "CNY"),
        },
        coords={"arrangement": [one.name for one in rows]},
        attrs={
            "risk_aversion": buyer.risk_aversion,
            "wealth": buyer.wealth,
            "loading": buyer.loading,
            "note": (
                f"Full indemnity, which pays every loss, and the index cover are charged {buyer.loading:.3g} times the "
                "mean of what they pay in these years; the index cover at its quoted premium stands beside them."
            ),
        },
    )
