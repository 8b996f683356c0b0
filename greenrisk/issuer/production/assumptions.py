# SPDX-License-Identifier: Apache-2.0
"""What is varied from draw to draw, what the issuers earn and owe, and the carbon prices, as arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from greenrisk.core.errors import ArgumentError, Faults, TableError
from greenrisk.core.tables import file_rows
from greenrisk.issuer.production.spec import LateSudden

Floats = NDArray[np.float64]

_DOMAINS: Final[dict[str, tuple[float, float]]] = {
    "pass_through_power": (0.0, 1.0),
    "pass_through_other": (0.0, 1.0),
    "discount_rate": (-1.0, np.inf),
    "growth_rate": (-1.0, np.inf),
    "risk_free_rate": (-np.inf, np.inf),
    "carbon_price_factor": (0.0, np.inf),
    "margin_factor": (0.0, np.inf),
    "volatility_factor": (0.0, np.inf),
}
_MOST: Final = 10


@dataclass(frozen=True)
class Assumptions:
    """Numbers of each variant; arrays of one length or single numbers.

    Parameters
    ----------
    pass_through_power, pass_through_other : ndarray, (variant,)
        Share of the carbon price handed on by power companies and by others [1].
    discount_rate, growth_rate, risk_free_rate : ndarray, (variant,)
        [1/year].
    carbon_price_factor, margin_factor, volatility_factor : ndarray, (variant,)
        Multiply the carbon price, the margins and the volatilities [1].
    """

    pass_through_power: Floats
    pass_through_other: Floats
    discount_rate: Floats
    growth_rate: Floats
    risk_free_rate: Floats
    carbon_price_factor: Floats
    margin_factor: Floats
    volatility_factor: Floats

    def __len__(self) -> int:
        """How many variants."""
        return self.discount_rate.size


def assumptions_of(spec: LateSudden, **drawn: ArrayLike) -> Assumptions:
    """Return the numbers of a scenario, with those that are drawn put in their place.

    Parameters
    ----------
    spec : LateSudden
        The scenario; gives what is not drawn.
    **drawn : array_like
        By the names of :class:`Assumptions`; numbers or arrays of one length, the variants.

    Raises
    ------
    ArgumentError
        If a name is unknown, the lengths differ, a number lies outside its domain, or a discount rate is not above
        the growth rate of its variant.
    """
    faults = Faults()
    names = [field.name for field in fields(Assumptions)]
    for name in drawn.keys() - set(names):
        faults.add(name, name, f"Known are {', '.join(names)}.")
    values = {name: np.atleast_1d(np.asarray(getattr(spec, name, 1.0), dtype=np.float64)) for name in names}
    values |= {n: np.atleast_1d(np.asarray(x, dtype=np.float64)) for n, x in drawn.items() if n in names}
    lengths = {x.size for x in values.values() if x.size != 1 or x.ndim != 1}
    if len(lengths) > 1 or any(x.ndim != 1 for x in values.values()):
        shapes = ", ".join(f"{name} {x.shape}" for name, x in values.items() if x.size != 1)
        faults.add("variants", shapes, "All drawn numbers need one length, one number a variant.")
        faults.raise_if_any(ArgumentError)
    count = lengths.pop() if lengths else 1
    values = {name: np.broadcast_to(x, (count,)) for name, x in values.items()}
    for name, x in values.items():
        low, high = _DOMAINS[name]
        bad = np.flatnonzero(~np.isfinite(x) | (x < low) | (x > high))
        if bad.size:
            what = f"{name} = {x[bad[0]]:g} in variant {bad[0]}" + (
                f" and {bad.size - 1} more" if bad.size > 1 else ""
            )
            faults.add(name, what, "Outside its domain.", f"{low:g} to {high:g}")
    low_rate = np.flatnonzero(~(values["discount_rate"] > values["growth_rate"]))
    if low_rate.size:
        k = low_rate[0]
        what = f"discount_rate = {values['discount_rate'][k]:g}, growth_rate = {values['growth_rate'][k]:g}"
        more = f" in variant {k} and {low_rate.size - 1} more" if count > 1 else ""
        mend = "What grows for ever as fast as it is discounted has no finite value. Discount faster than growth."
        faults.add("discount_rate", what + more, mend, "1/year")
    faults.raise_if_any(ArgumentError)
    return Assumptions(**values)


@dataclass(frozen=True)
class Finances:
    """What the issuers earn and owe; arrays (issuer,), NaN where a table says nothing.

    Parameters
    ----------
    net_profit_margin : ndarray
        Net profit over revenue [1].
    debt_to_equity : ndarray
        Debt over the value of the equity [1].
    volatility : ndarray
        Volatility of the assets [1/sqrt(year)].
    debt : ndarray
        Debt itself [money]; where told, used instead of the ratio.
    without_plan : int
        Issuers of the table that have no plan.
    """

    net_profit_margin: Floats
    debt_to_equity: Floats
    volatility: Floats
    debt: Floats
    without_plan: int = 0

    def of(self, issuers: slice | NDArray[np.int64]) -> Finances:
        """Return those of some issuers."""
        names = ("net_profit_margin", "debt_to_equity", "volatility", "debt")
        return Finances(*(getattr(self, name)[issuers] for name in names))


def finances_from(
    frame: pd.DataFrame, issuers: tuple[str, ...], name: str = "production_finances"
) -> Finances:
    """Return a table of finances in the order of the issuers.

    Parameters
    ----------
    frame : DataFrame
        Columns of :data:`greenrisk.issuer.production.tables.PRODUCTION_FINANCES`.
    issuers : tuple of str
        Issuers of the plans.
    name : str
        What the table is called in messages.

    Raises
    ------
    TableError
        With the row of every issuer told twice, every negative debt, ratio or volatility, every endless number.
    """
    rows, faults = file_rows(frame), Faults()
    for at in np.flatnonzero(frame["issuer"].duplicated().to_numpy())[:_MOST]:
        mend = "This issuer is told twice. Leave one row out."
        faults.add(f"{name}:{rows[at]}", f"issuer = {frame['issuer'].iat[at]}", mend)
    found = {}
    place = pd.Index(issuers).get_indexer(pd.Index(frame["issuer"]))
    for column in ("net_profit_margin", "debt_to_equity", "volatility", "debt"):
        values = (
            frame[column].to_numpy(dtype=np.float64)
            if column in frame.columns
            else np.full(len(frame), np.nan)
        )
        wrong = np.isinf(values) | ((values < 0) & (column != "net_profit_margin"))
        for at in np.flatnonzero(wrong)[:_MOST]:
            faults.add(f"{name}:{rows[at]}", f"{column} = {values[at]:g}", "Give a finite number >= 0.")
        spread = np.full(len(issuers), np.nan)
        spread[place[place >= 0]] = values[place >= 0]
        found[column] = spread
    faults.raise_if_any(TableError, "`greenrisk show table production_finances` lists its columns.")
    return Finances(**found, without_plan=int((place < 0).sum()))


def carbon_paths_from(frame: pd.DataFrame, name: str = "carbon_prices") -> dict[str, pd.Series]:
    """Return carbon prices by path: columns ``path``, ``year``, ``price`` [money/t CO2].

    Raises
    ------
    TableError
        With the row of every year told twice and every price below zero or endless.
    """
    rows, faults = file_rows(frame), Faults()
    for at in np.flatnonzero(frame.duplicated(["path", "year"]).to_numpy())[:_MOST]:
        what = f"{frame['path'].iat[at]}, {frame['year'].iat[at]}"
        faults.add(f"{name}:{rows[at]}", what, "This year is told twice. Leave one row out.", "year")
    price = frame["price"].to_numpy(dtype=np.float64)
    for at in np.flatnonzero(~(price >= 0) | np.isinf(price))[:_MOST]:
        faults.add(f"{name}:{rows[at]}", f"price = {price[at]:g}", "Give a number >= 0.", "money/t CO2")
    faults.raise_if_any(TableError)
    groups = frame.sort_values("year").groupby("path", sort=False)
    return {
        str(path): pd.Series(part["price"].to_numpy(dtype=np.float64), index=part["year"].to_numpy())
        for path, part in groups
    }


def carbon_on_years(
    spec: LateSudden, paths: Mapping[str, pd.Series], first: int, where: str, faults: Faults
) -> list[Floats]:
    """Return the prices of each pair's path on the years of the study, or add why there are none.

    Years before the shock are 0. Between told years the price is linear; outside them nothing is extrapolated.
    """
    years = np.arange(first, spec.last_year + 1)
    found = []
    for k, pair in enumerate(spec.pairs):
        tax, place = pair.carbon_tax, f"{where}.pairs[{k}].carbon_tax"
        values = np.zeros(years.size)
        if tax is not None and tax.level is not None:
            values[:] = tax.level
        elif tax is not None and tax.path not in paths:
            mend = f"No such path of carbon prices. Known: {', '.join(paths) or 'none'}."
            faults.add(f"{place}.path", f"path = {tax.path}", mend)
        elif tax is not None:
            path = paths[tax.path]
            told = path.index.to_numpy()
            if told[0] > spec.shock_year or told[-1] < spec.last_year:
                what = f"{tax.path} tells {told[0]} to {told[-1]}"
                mend = (
                    f"Prices are needed from {spec.shock_year} to {spec.last_year}; nothing is extrapolated."
                )
                faults.add(f"{place}.path", what, mend, "year")
            else:
                values = np.interp(years, told, path.to_numpy())
        found.append(np.where(years >= spec.shock_year, values, 0.0))
    return found
