# SPDX-License-Identifier: Apache-2.0
"""The market's premium of every plant, by a tariff that the user brings, and its loss ratio.

What lives here: the tariff applied factor by factor. What does not: the technical premium
(:mod:`greenrisk.pollution.liability.premium`) and why the two differ
(:mod:`greenrisk.pollution.liability.tariff_difference`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike, NDArray

from greenrisk.actuarial.arguments import numbers
from greenrisk.core.errors import ArgumentError, Fault, Faults
from greenrisk.pollution.inventory import History, Plants
from greenrisk.pollution.liability.tariff import Tariff
from greenrisk.pollution.liability.tariff_tables import COLOUR_CLASSES, GRADE_CLASSES
from greenrisk.pollution.tables import HISTORY_KINDS

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def recent_accidents(history: History, plants: int, last_year: int, years: int) -> Integers:
    """Return the accidents of each plant in the window of the record, shape (plants,).

    Parameters
    ----------
    history : History
        Accidents and penalties; penalties are no accidents.
    plants : int
        How many plants.
    last_year : int
        Last year of the window.
    years : int
        Its length [year].
    """
    inside = (history.year > last_year - years) & (history.year <= last_year)
    inside &= history.kind == HISTORY_KINDS.index("accident")
    return np.bincount(history.plant[inside], minlength=plants).astype(np.int64)


@dataclass(frozen=True, eq=False)
class MarketPremium:
    """What a tariff charges.

    Parameters
    ----------
    factor : mapping of str to array, shape (plants,)
        Factor of each plant by part [unitless]; of the base: [1/year].
    limit : array, shape (plants,)
        Limit of the accident; 0: no policy [CNY].
    """

    factor: Mapping[str, Floats]
    limit: Floats

    @property
    def premium(self) -> Floats:
        """Premium of each plant, shape (plants,) [CNY/year]; 0 without a policy."""
        return np.asarray(self.limit * np.prod(list(self.factor.values()), axis=0))


def market_premiums(
    tariff: Tariff, plants: Plants, grade: ArrayLike, accidents: ArrayLike, limit: ArrayLike
) -> MarketPremium:
    """Apply a tariff to every plant.

    Parameters
    ----------
    tariff : Tariff
        From :func:`~greenrisk.pollution.liability.tariff.read_tariff`.
    plants : Plants
        Industry and credit.
    grade : array of int, shape (plants,)
        Official grade; negative: refused.
    accidents : array of int, shape (plants,)
        Accidents in the window of the record, from :func:`recent_accidents`.
    limit : array, shape (plants,)
        Limit of the accident; 0: no policy [CNY].

    Raises
    ------
    ArgumentError
        If an array has not one element for each plant, or a limit is negative or infinite.
    """
    most = numbers("limit", limit, least=0.0, dimensions=1, unit="CNY")
    codes, count = np.asarray(grade, dtype=np.int64), np.asarray(accidents, dtype=np.int64)
    faults = Faults()
    for name, given in (("grade", codes), ("accidents", count), ("limit", most)):
        if given.shape != (len(plants),):
            mend = f"One number for each of the {len(plants)} plants was expected."
            faults.extend([Fault(name, f"{name} of shape {given.shape}", mend)])
    faults.raise_if_any(ArgumentError)
    record = np.searchsorted(tariff.record_from, count, side="right") - 1
    # A code of -1, not graded or not assessed, is the last class.
    return MarketPremium(
        {
            "base": np.full(len(plants), tariff.base),
            "industry": np.array([tariff.of_industry(code) for code in plants.industry_code.tolist()]),
            "grade": tariff.grade[np.where(codes < 0, len(GRADE_CLASSES) - 1, codes)],
            "colour": tariff.colour[
                np.where(plants.credit_colour < 0, len(COLOUR_CLASSES) - 1, plants.credit_colour)
            ],
            "record": tariff.record[record],
            "limit": tariff.of_limit(np.where(most > 0.0, most, tariff.limit_at[0])),
        },
        most,
    )


def tariff_group(
    market: MarketPremium, technical: ArrayLike, payments: ArrayLike, plants: ArrayLike
) -> xr.Dataset:
    """Return the group ``tariff``.

    Parameters
    ----------
    market : MarketPremium
        What the tariff charges.
    technical, payments : array, shape (plants,)
        Technical premium and expected payments [CNY/year].
    plants : array of str, shape (plants,)
        Identifiers.

    Returns
    -------
    xarray.Dataset
        By ``plant``: ``premium`` by the tariff, ``technical_premium``, ``expected_payments`` [CNY/year], ``limit``
        [CNY], ``rate_on_line`` [1], ``technical_over_market`` [1], ``loss_ratio``: expected payments over the tariff's
        premium [1]; by ``part`` and ``plant``: ``factor`` [1]; without dimension ``zone_loss_ratio``,
        ``zone_technical_over_market`` [1].
    """
    premium = market.premium
    asked = numbers("technical", technical, least=0.0, dimensions=1, unit="CNY/year")
    paid = numbers("payments", payments, least=0.0, dimensions=1, unit="CNY/year")

    def over(top: Floats, bottom: Floats) -> Floats:
        return np.asarray(np.divide(top, bottom, out=np.full(top.shape, np.nan), where=bottom > 0.0))

    columns = {
        "premium": (premium, "CNY/year", "Premium by the tariff"),
        "technical_premium": (asked, "CNY/year", "Premium by the model"),
        "expected_payments": (paid, "CNY/year", "Expected payments of the policy"),
        "limit": (market.limit, "CNY", "Limit of the accident"),
        "rate_on_line": (over(premium, market.limit), "1", "Premium by the tariff over the limit"),
        "technical_over_market": (over(asked, premium), "1", "Premium by the model over that by the tariff"),
        "loss_ratio": (over(paid, premium), "1", "Expected payments over the premium by the tariff"),
    }
    data = {
        name: (("plant",), values, {"units": unit, "long_name": told})
        for name, (values, unit, told) in columns.items()
    }
    found = xr.Dataset(data, coords={"plant": np.asarray(plants), "part": list(market.factor)})
    found["factor"] = (
        ("part", "plant"),
        np.stack(list(market.factor.values())),
        {"units": "1", "long_name": "Factor of the tariff; of the base: premium over limit"},
    )
    some = premium > 0.0
    whole = np.array([premium[some].sum()])
    for name, top, told in (
        ("zone_loss_ratio", paid, "Expected payments of the zone over the tariff's premium"),
        ("zone_technical_over_market", asked, "Technical premium of the zone over the tariff's"),
    ):
        found[name] = (
            (),
            float(over(np.array([top[some].sum()]), whole)[0]),
            {"units": "1", "long_name": told},
        )
    return found
