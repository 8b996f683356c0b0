# SPDX-License-Identifier: Apache-2.0
"""The burnt area of a year by two methods: the simulated years, and the exact law of the number and size of fires.

Both start from the same numbers of the cards and share nothing after that: here no year is drawn, the area of a year
is summed by Fourier transform. What is checked are the draws of numbers and sizes and their sums by year; where a fire
burns and what it costs has no second method.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from greenrisk.actuarial.aggregate.compound import CompoundDistribution
from greenrisk.actuarial.aggregate.loss import AggregateLoss
from greenrisk.actuarial.exceedance import return_level
from greenrisk.actuarial.measures import mean_and_standard_error
from greenrisk.core.errors import ArgumentError
from greenrisk.core.ledger import Ledger
from greenrisk.resource.perils.wildfire import Wildfire
from greenrisk.resource.year_table import YearTable

PERIODS: Final = (10, 100, 250)
"""Return periods of the areas compared [year]."""

TOO_FAR: Final = 4.0
"""Difference above which chance is no explanation [standard errors]."""

_RTOL: Final = 1e-4
"""Accuracy of the exact law: a hundredth of the simulation error of a hundred thousand years [unitless]."""

_TOP_LEVEL: Final = 0.999
_LARGEST_GRID: Final = 2**16

_OF_LAW: Final = {
    "standard_error": "ha/year",
    "exact": "ha/year",
    "numerical_error": "ha/year",
    "difference": "1",
}
"""Columns that need the exact law, with their units."""

_NOTE: Final = (
    "Simulated: area of the year's fires, with what they could not burn for lack of connected forest (see unburnt), "
    "which the exact law does not know. Exact: Fourier transform of the law of the number and the law of the size of "
    "fires, nothing drawn. Standard error: of as many years as were simulated, if the exact law is right. Difference: "
    "of the mean, in standard errors; of an area, by how many standard errors the share of simulated years above the "
    "exact area differs from its probability."
)


def second_method(wildfire: Wildfire, table: YearTable) -> xr.Dataset:
    """Return the group ``/checks/second_method``: the burnt area of a year by simulation and by its exact law.

    Parameters
    ----------
    wildfire : Wildfire
        The laws that the years were simulated from.
    table : YearTable
        The simulated years.

    Returns
    -------
    xarray.Dataset
        By ``quantity`` (``mean``, ``aggregate_10``, ...): ``simulated``, its ``standard_error``, ``exact``, its
        ``numerical_error`` [ha/year], and ``difference`` in standard errors [1]. The four of the exact law are NaN
        where it cannot be computed; the attribute ``missing`` then says why.

    Notes
    -----
    The standard errors are those of the exact law, not of the sample: a sample without one of the largest fires
    underestimates its own. With n years, sd / sqrt(n) for the mean; for the area of a return period T half the distance
    of the exact quantiles at p + s and p - s, p = 1 - 1 / T, s = sqrt(p (1 - p) / n). The difference of an area is not
    divided by that error, since quantiles of a heavy tail scatter to one side: the number of years above the exact
    area is binomial(n, 1 / T) whatever the law.

    The standard deviation of a year is not compared: where shapes are above 1/4, as in all cards of fires, the scatter
    of a sample's own says nothing.
    """
    area = table.burnt_area + table.unburnt_area
    simulated = np.append(mean_and_standard_error(area).value, return_level(area, PERIODS, beyond=math.nan))
    found, missing = {name: np.full(simulated.size, np.nan) for name in _OF_LAW}, ""
    try:
        law = CompoundDistribution(wildfire.counts.frequency(), wildfire.size.severity()).aggregate(
            _RTOL, top_level=_TOP_LEVEL, largest_grid=_LARGEST_GRID
        )
    except ArgumentError as error:
        missing = str(error.faults[0])
    else:
        found = _compare(law, area, float(simulated[0]))
    dataset = xr.Dataset(
        {
            "simulated": ("quantity", simulated, {"units": "ha/year"}),
            **{name: ("quantity", found[name], {"units": unit}) for name, unit in _OF_LAW.items()},
        },
        coords={
            "quantity": np.array(["mean", *(f"aggregate_{period}" for period in PERIODS)]),
            "return_period": ("quantity", np.array([math.nan, *PERIODS]), {"units": "year"}),
        },
        attrs={
            "years": table.years,
            "unburnt": float(table.unburnt_area.mean()),
            "too_far": TOO_FAR,
            "missing": missing,
            "note": _NOTE,
        },
    )
    return dataset


def tell_second_method(check: xr.Dataset, ledger: Ledger) -> None:
    """Write to the ledger what the two methods do not agree on.

    Parameters
    ----------
    check : xarray.Dataset
        Of :func:`second_method`.
    ledger : Ledger
        The run's ledger.
    """
    if check.attrs["missing"]:
        ledger.add(
            "unreliable",
            "second method",
            f"The exact law of the yearly burnt area could not be computed: {check.attrs['missing']}",
        )
        return
    columns = (check[name].values.tolist() for name in ("return_period", "simulated", "exact", "difference"))
    told = [
        f"{_words(period)} {simulated:,.4g} ha against {exact:,.4g} ha, {abs(apart):.1f} standard errors apart"
        for period, simulated, exact, apart in zip(*columns, strict=True)
        if abs(apart) > TOO_FAR
    ]
    if not told:
        return
    ledger.add(
        "unreliable",
        "simulated burnt area",
        f"It is not that of the exact law: {'; '.join(told)}. Either one very large fire is among the years, which "
        "more years would mend, or the simulation is wrong.",
        count=len(told),
    )


def _words(period: float) -> str:
    return "mean" if math.isnan(period) else f"1 in {period:.0f} years"


def _compare(
    law: AggregateLoss, area: NDArray[np.float64], simulated_mean: float
) -> dict[str, NDArray[np.float64]]:
    """Return the columns of the exact law, the mean first."""
    n = area.size
    mean = law.mean()
    error = math.sqrt(law.var() / n)
    rows = [(error, mean, 0.0, _in_errors(simulated_mean - mean, error))]
    for period in PERIODS:
        rare = 1.0 / period
        spread = math.sqrt(rare * (1.0 - rare) / n)
        exact = law.value_at_risk(1.0 - rare)
        low, high = law.quantile([max(1.0 - rare - spread, 0.5), min(1.0 - rare + spread, _TOP_LEVEL)])
        above = float(law.sf(exact.value))
        share = float((area > exact.value).mean())
        apart = _in_errors(share - above, math.sqrt(above * (1.0 - above) / n))
        rows.append(((high - low) / 2.0, exact.value, exact.error, apart))
    return dict(zip(_OF_LAW, np.array(rows).T, strict=True))


def _in_errors(apart: float, error: float) -> float:
    """Return a difference in standard errors; where nothing can scatter, 0 or infinite."""
    if error > 0.0:
        return apart / error
    return 0.0 if apart == 0.0 else math.copysign(math.inf, apart)
