# SPDX-License-Identifier: Apache-2.0
"""From US dollars of 2010 to yuan of a stated year, both factors told.

What lives here: the deflator of the US economy and the rate of exchange of a year. What does not: other currencies (the
issuers' own table) and units (:mod:`greenrisk.pathways.units`).

References
----------
World Bank, GDP deflator of the United States; Federal Reserve, yearly averages of the yuan: both in
data/deflators_and_rates.csv, with the status of each.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import ndtri

from greenrisk.core.cards import Z_90
from greenrisk.core.errors import Fault
from greenrisk.core.ledger import Ledger
from greenrisk.pathways.errors import CurrencyError
from greenrisk.pathways.tables import DEFLATORS_AND_RATES, small_table, weakest
from greenrisk.pathways.units import Floats

BASE_YEAR: Final = 2010
"""Year of the dollars of IAMC carbon prices [year]."""


@dataclass(frozen=True)
class Conversion:
    """The two factors from US dollars of 2010 to yuan of a year.

    Parameters
    ----------
    year : int
        Year of the prices.
    deflator : float
        Price level of the year over that of 2010 [unitless].
    cny_per_usd : float
        Average rate of the year [CNY/USD].
    deflator_range, rate_range : (float, float)
        5 % and 95 % ends of both; equal to the value where the user gave it.
    deflator_status, rate_status : str
        How far each is known.
    source : str
        Where they come from.
    """

    year: int
    deflator: float
    cny_per_usd: float
    deflator_range: tuple[float, float]
    rate_range: tuple[float, float]
    deflator_status: str
    rate_status: str
    source: str

    @property
    def factor(self) -> float:
        """Yuan of the year in one US dollar of 2010 [CNY/US$2010]."""
        return self.deflator * self.cny_per_usd

    @property
    def status(self) -> str:
        """The weaker of the two statuses."""
        return weakest([self.deflator_status, self.rate_status])

    def factor_at(self, probability: ArrayLike) -> Floats:
        """Return the factor at probabilities of its range, for draws with common random numbers.

        Parameters
        ----------
        probability : array_like, any shape
            In (0, 1).

        Notes
        -----
        Both factors are taken as independent and lognormal with their ends as 5 % and 95 % quantiles, so that the
        product is lognormal with the squares of both spreads added. Where the user gave both, there is no spread.
        """
        spreads = [
            (np.log(high) - np.log(low)) / (2.0 * Z_90)
            for low, high in (self.deflator_range, self.rate_range)
        ]
        return np.asarray(
            self.factor * np.exp(np.hypot(*spreads) * ndtri(np.asarray(probability, dtype=float)))
        )

    def sentence(self) -> str:
        """Return both factors in words."""
        return (
            f"1 US$2010 = {self.deflator:.4f} (US GDP deflator, 2010 to {self.year}) x {self.cny_per_usd:.4f} CNY/USD "
            f"= {self.factor:.4f} CNY of {self.year}"
        )

    def tell(self, ledger: Ledger) -> None:
        """Write one line with both factors, their ranges and status."""
        ends = (self.deflator_range[0] * self.rate_range[0], self.deflator_range[1] * self.rate_range[1])
        ledger.add(
            "parameter",
            "US$2010 to CNY",
            f"{self.sentence()}. Deflator {self.deflator_status}, rate {self.rate_status}; both at their ends: "
            f"{ends[0]:.4f} to {ends[1]:.4f}.",
            status=self.status,
            source=self.source,
        )


def conversion(
    year_of_prices: int,
    frame: pd.DataFrame | None = None,
    *,
    deflator: float | None = None,
    cny_per_usd: float | None = None,
) -> Conversion:
    """Return both factors for a year.

    Parameters
    ----------
    year_of_prices : int
        Year of the yuan [year].
    frame : DataFrame, optional
        As :data:`~greenrisk.pathways.tables.DEFLATORS_AND_RATES` describes it; the shipped table where left out.
    deflator, cny_per_usd : float, optional
        The user's own factors instead of the table's [unitless, CNY/USD], > 0.

    Raises
    ------
    CurrencyError
        Where the table does not hold the year and a factor is not given, or a given one is not > 0.
    """
    for name, given in (("deflator", deflator), ("cny_per_usd", cny_per_usd)):
        if given is not None and not given > 0:
            raise CurrencyError(Fault("currency", f"{name} = {given}", "Must be > 0."))
    if deflator is not None and cny_per_usd is not None:
        own = (deflator, deflator), (cny_per_usd, cny_per_usd)
        return Conversion(year_of_prices, deflator, cny_per_usd, *own, "user", "user", "given by the user")
    frame = small_table(DEFLATORS_AND_RATES) if frame is None else frame
    rows = frame[frame["year"] == year_of_prices]
    if rows.empty:
        held = f"{int(frame['year'].min())} to {int(frame['year'].max())}"
        mend = (
            f"The table of deflators and rates holds {held}. Take one of these years, or give both factors."
        )
        raise CurrencyError(Fault("currency", f"price year {year_of_prices}", mend, "year"))
    row = rows.iloc[0]
    level = float(row["us_gdp_deflator_2010_is_1"])
    rate = float(row["cny_per_usd"])
    source = str(row["source"])
    return Conversion(
        year=year_of_prices,
        deflator=level if deflator is None else deflator,
        cny_per_usd=rate if cny_per_usd is None else cny_per_usd,
        deflator_range=_ends(row, "deflator", deflator),
        rate_range=_ends(row, "cny_per_usd", cny_per_usd),
        deflator_status=str(row["deflator_status"]) if deflator is None else "user",
        rate_status=str(row["cny_per_usd_status"]) if cny_per_usd is None else "user",
        source=source
        if deflator is None and cny_per_usd is None
        else f"{source}; one factor given by the user",
    )


def carbon_price_cny(
    price_us2010: ArrayLike,
    year_of_prices: int,
    frame: pd.DataFrame | None = None,
    *,
    deflator: float | None = None,
    cny_per_usd: float | None = None,
) -> tuple[Floats, Conversion]:
    """Return carbon prices in yuan of a year, and both factors.

    Parameters
    ----------
    price_us2010 : array_like, any shape
        Prices [US$2010/t CO2].
    year_of_prices, frame, deflator, cny_per_usd
        See :func:`conversion`.

    Returns
    -------
    prices : array, same shape
        [CNY/t CO2, prices of the year].
    factors : Conversion

    Notes
    -----
    ``P * deflator(2010 -> year) * rate(year)``: first to dollars of the year, then to yuan at the rate of that year.
    Later years of a path stay in prices of this one year.

    Examples
    --------
    >>> float(carbon_price_cny(100.0, 2024, deflator=1.4, cny_per_usd=7.0)[0].round(6))
    980.0
    """
    factors = conversion(year_of_prices, frame, deflator=deflator, cny_per_usd=cny_per_usd)
    return np.asarray(price_us2010, dtype=float) * factors.factor, factors


def _ends(row: pd.Series, name: str, given: float | None) -> tuple[float, float]:
    if given is not None:
        return given, given
    return float(row[f"{name}_low"]), float(row[f"{name}_high"])
