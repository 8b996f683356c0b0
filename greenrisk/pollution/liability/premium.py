# SPDX-License-Identifier: Apache-2.0
"""The technical premium of a zone and of each plant: what the simulated years say a policy costs, with loadings.

What lives here: the build-up for the zone as a whole, and its shares by plant from sums alone, so that no table of
years by plants is kept. What does not: the rule of the build-up (:mod:`greenrisk.actuarial.premium.gross`) and the
market's premium (:mod:`greenrisk.pollution.liability.tariff`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike, NDArray

from greenrisk.actuarial.arguments import numbers
from greenrisk.actuarial.premium.gross import ROWS, PremiumBuildUp, build_up
from greenrisk.actuarial.premium.loadings import Loadings
from greenrisk.actuarial.premium.risk_load import TAIL_LEVEL
from greenrisk.core.errors import ArgumentError, Fault
from greenrisk.pollution.liability.zone_year import ZoneYears

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

EXPOSURE: Final = "plants"
"""What fixed expenses are counted by: insured plants."""

ROW_WORDS: Final = {
    "pure_premium": "Expected payments",
    "risk_load": "Cost of capital",
    "expenses": "Expenses",
    "commission": "Commission",
    "tax": "Levies",
    "profit": "Profit",
    "gross_premium": "Technical premium",
}
"""What a reader calls the rows of the build-up."""


@dataclass(frozen=True, eq=False)
class PlantPremiums:
    """Technical premiums of a zone.

    Parameters
    ----------
    zone : PremiumBuildUp
        Of all insured plants together.
    amount : array, shape (row, plants)
        Rows of the build-up by plant; they add up to the zone's [CNY/year].
    pure_standard_error : array, shape (plants,)
        Simulation error of the pure premium [CNY/year].
    insured : array of bool, shape (plants,)
        Which plants are priced; the others have zeros.
    """

    zone: PremiumBuildUp
    amount: Floats
    pure_standard_error: Floats
    insured: Flags

    def row(self, name: str) -> Floats:
        """Return a row by plant, shape (plants,) [CNY/year].

        Parameters
        ----------
        name : str
            One of :data:`~greenrisk.actuarial.premium.gross.ROWS`.
        """
        return np.asarray(self.amount[ROWS.index(name)])

    @property
    def gross(self) -> Floats:
        """Technical premium of each plant, shape (plants,) [CNY/year]."""
        return self.row("gross_premium")


def technical_premiums(
    years: ZoneYears, insured: ArrayLike, loadings: Loadings, level: float = TAIL_LEVEL
) -> PlantPremiums:
    """Return the technical premium of the zone and of each plant.

    Parameters
    ----------
    years : ZoneYears
        Simulated with the policies that are priced.
    insured : array of bool, shape (plants,)
        Which plants have a policy.
    loadings : Loadings
        Its fixed expenses are of one plant [CNY/plant].
    level : float
        Level of the tail value at risk behind the capital [unitless], in (0, 1).

    Raises
    ------
    ArgumentError
        If no plant is insured, a plant without a policy is paid, or the years are too few for the level.

    Notes
    -----
    The cost of capital is computed on the zone, where plants diversify each other, and carried by the plants in
    proportion to the covariance of their yearly payments with those of the zone, which needs no table of years by
    plants. Each plant's ratios are taken of its own gross premium, (pure + cost of capital + fixed) / (1 - ratios).
    """
    priced = np.asarray(insured, dtype=np.bool_)
    pure = years.by_plant("insured")
    if priced.shape != pure.shape:
        mend = f"One answer for each of the {pure.size} plants was expected."
        raise ArgumentError(Fault("insured", f"insured of shape {priced.shape}", mend))
    if not priced.any():
        raise ArgumentError(Fault("insured", "no plant", "At least one plant with a policy was expected."))
    for plant in np.flatnonzero(~priced & (pure > 0.0))[:1].tolist():
        what = f"plant {plant} is paid {pure[plant]:,.0f} without a policy"
        raise ArgumentError(
            Fault("insured", what, "Say which plants the years were insured for.", "CNY/year")
        )
    return priced_plants(
        years.layer("insured"),
        pure,
        years.covariance_with_zone(),
        priced.astype(np.float64),
        loadings,
        pure_standard_error=years.plant_standard_error("insured"),
        level=level,
    )


def priced_plants(
    yearly: Floats,
    pure: Floats,
    covariance: Floats,
    policies: Floats,
    loadings: Loadings,
    *,
    pure_standard_error: Floats | None = None,
    level: float = TAIL_LEVEL,
) -> PlantPremiums:
    """Return the build-up of a zone and of each plant: the one for policies in force and for those of a mandate.

    Parameters
    ----------
    yearly : array, shape (years,)
        Payments of all policies in each year [CNY].
    pure : array, shape (plants,)
        Expected payments by plant [CNY/year].
    covariance : array, shape (plants,)
        Covariance of the plant's yearly payments with those of the zone [CNY2].
    policies : array, shape (plants,)
        Expected number of policies of each plant, in [0, 1]: what fixed expenses are counted by [unitless].
    loadings : Loadings
        Its fixed expenses are of one plant [CNY/plant].
    pure_standard_error : array, shape (plants,), optional
        Simulation error of ``pure``; empty: not told [CNY/year].
    level : float
        Level of the tail value at risk behind the capital [unitless], in (0, 1).
    """
    zone = build_up(yearly, loadings, exposure={EXPOSURE: float(policies.sum())}, level=level)
    whole = float(covariance.sum())
    share = covariance / whole if whole > 0.0 else np.zeros_like(pure)
    load = float(zone.row("risk_load")[0]) * share
    fixed = np.where(policies > 0.0, loadings.fixed_expenses * policies, 0.0)
    gross = (pure + load + fixed) / (1.0 - loadings.ratio)
    parts = {
        "pure_premium": pure,
        "risk_load": load,
        "expenses": fixed + loadings.expenses * gross,
        "commission": loadings.commission * gross,
        "tax": loadings.tax * gross,
        "profit": loadings.profit * gross,
    }
    rows = [parts[name] for name in ROWS[:-1]]
    error = np.full_like(pure, np.nan) if pure_standard_error is None else pure_standard_error
    return PlantPremiums(zone, np.stack([*rows, np.sum(rows, axis=0)]), error, policies > 0.0)


def premium_group(
    found: PlantPremiums, plants: Sequence[str] | ArrayLike, limit: ArrayLike
) -> dict[str, xr.Dataset]:
    """Return the groups ``premium`` and ``premium/zone``.

    Parameters
    ----------
    found : PlantPremiums
        From :func:`technical_premiums`.
    plants : sequence of str
        Identifiers.
    limit : array, shape (plants,)
        Limit of the accident that is priced; 0 or inf: none [CNY].

    Returns
    -------
    dict of str to xarray.Dataset
        ``premium`` by ``plant``: every row of the build-up [CNY/year], ``pure_standard_error`` [CNY/year], ``insured``,
        ``limit`` [CNY], ``rate_on_line``: technical premium over limit [1], ``loss_ratio``: expected payments over
        technical premium [1]. ``premium/zone`` by ``row``: ``amount`` [CNY/year]; and without dimension
        ``pure_standard_error``, ``gross_standard_error`` [CNY/year], ``capital`` [CNY].
    """
    most = numbers("limit", limit, least=0.0, infinite=True, dimensions=1, unit="CNY")
    gross = found.gross
    some = np.isfinite(most) & (most > 0.0) & found.insured
    nothing = np.full(gross.shape, np.nan)
    data = {
        name: (("plant",), values, {"units": "CNY/year", "long_name": ROW_WORDS[name]})
        for name, values in zip(ROWS, found.amount, strict=True)
    }
    more = {
        "pure_standard_error": (
            found.pure_standard_error,
            "CNY/year",
            "Simulation error of the expected payments",
        ),
        "insured": (found.insured, "1", "Whether the plant is priced"),
        "limit": (most, "CNY", "Limit of the accident"),
        "rate_on_line": (
            np.divide(gross, most, out=nothing.copy(), where=some),
            "1",
            "Technical premium over limit",
        ),
        "loss_ratio": (
            np.divide(found.row("pure_premium"), gross, out=nothing.copy(), where=gross > 0.0),
            "1",
            "Expected payments over technical premium",
        ),
    }
    data |= {
        name: (("plant",), values, {"units": unit, "long_name": told})
        for name, (values, unit, told) in more.items()
    }
    zone = found.zone
    whole = xr.Dataset(
        {
            "amount": (
                ("row",),
                zone.amount[:, 0],
                {"units": "CNY/year", "long_name": "Of all insured plants"},
            ),
            "pure_standard_error": (
                (),
                float(zone.error.pure[0]),
                {"units": "CNY/year", "long_name": "Simulation error of the expected payments"},
            ),
            "gross_standard_error": (
                (),
                float(zone.error.gross[0]),
                {"units": "CNY/year", "long_name": "Simulation error of the technical premium"},
            ),
            "capital": (
                (),
                float(zone.capital[0]),
                {"units": "CNY", "long_name": "Capital that the zone needs"},
            ),
        },
        coords={"row": list(zone.rows)},
    )
    return {"premium": xr.Dataset(data, coords={"plant": np.asarray(plants)}), "premium/zone": whole}
