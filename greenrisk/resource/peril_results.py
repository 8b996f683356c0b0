# SPDX-License-Identifier: Apache-2.0
"""What each peril costs, alone and within the whole, and what insuring them together saves."""

from __future__ import annotations

import numpy as np
import xarray as xr

from greenrisk.actuarial.allocation.methods import co_tail_value_at_risk
from greenrisk.actuarial.measures import mean_and_standard_error, tail_value_at_risk, value_at_risk
from greenrisk.resource.quantities import peril_premium
from greenrisk.resource.sensitivity import Knowledge
from greenrisk.resource.year_table import YearTable

VAR_LEVEL = 0.995
"""Level of the value at risk shown by peril, as solvency rules have it [unitless]."""

TAIL_LEVEL = 0.99
"""Level of the tail value at risk shown by peril [unitless]."""

ALL = "all"
"""Label of the row of all perils."""


def peril_results(table: YearTable, kinds: tuple[str, ...], knowledge: Knowledge) -> xr.Dataset:
    """Return the group ``/perils``: one row for each peril, and first one for all of them.

    Parameters
    ----------
    table : YearTable
        The simulated years.
    kinds : tuple of str
        Perils in the order of the table.
    knowledge : Knowledge
        All variants.

    Notes
    -----
    ``contribution`` is E[payments of the peril | the year is among the worst 1 %]; it adds up to the tail value at risk
    of all. What stands alone adds up to more: the difference is the benefit of insuring the perils together. The
    perils' years are independent of each other given the cards, and so are the benefits.
    """
    gross = table.peril
    total = np.ascontiguousarray(table.loss[:, 1])
    columns = [total, *(np.ascontiguousarray(gross[:, i]) for i in range(len(kinds)))]
    means = [mean_and_standard_error(column) for column in columns]
    names = ["pure_premium", *(peril_premium(kind) for kind in kinds)]
    ends = [knowledge.interval(name, mean.value) for name, mean in zip(names, means, strict=True)]
    tails = [tail_value_at_risk(column, TAIL_LEVEL) for column in columns]
    shares = co_tail_value_at_risk(gross, TAIL_LEVEL)

    def with_all(values: np.ndarray) -> np.ndarray:
        return np.concatenate([[values.sum()], values])

    data: dict[str, tuple[np.ndarray, str]] = {
        "ground_up": (with_all(table.peril_ground_up.mean(axis=0)), "CNY/year"),
        "pure_premium": (np.array([mean.value for mean in means]), "CNY/year"),
        "standard_error": (np.array([mean.standard_error for mean in means]), "CNY/year"),
        "low": (np.array([low for low, _ in ends]), "CNY/year"),
        "high": (np.array([high for _, high in ends]), "CNY/year"),
        "value_at_risk": (np.array([float(value_at_risk(column, VAR_LEVEL)) for column in columns]), "CNY"),
        "tail_value_at_risk": (np.array([tail.value for tail in tails]), "CNY"),
        "tail_standard_error": (np.array([tail.standard_error for tail in tails]), "CNY"),
        "contribution": (with_all(np.asarray(shares)), "CNY"),
        "damaged_insured": (with_all(table.damaged_insured.mean(axis=0)), "mu/year"),
        "paid_area": (with_all(table.paid_area.mean(axis=0)), "mu/year"),
        "claims": (with_all(table.claims.mean(axis=0)), "1/year"),
        "uncovered": (with_all(table.uncovered / table.years), "CNY/year"),
    }
    dataset = xr.Dataset(
        {name: ("peril", values, {"units": unit}) for name, (values, unit) in data.items()},
        coords={"peril": np.array([ALL, *kinds])},
    )
    alone = data["tail_value_at_risk"][0]
    dataset.attrs = {
        "value_at_risk_level": VAR_LEVEL,
        "tail_level": TAIL_LEVEL,
        "diversification": float(1.0 - alone[0] / alone[1:].sum()) if alone[1:].sum() > 0 else 0.0,
    }
    return dataset
