# SPDX-License-Identifier: Apache-2.0
"""What plain averages of past burnt area give, why two of them differ, and what products charge.

A burning cost takes the past for the future. Where fires fall by an order of magnitude within the window,
the answer is the choice of the window.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from greenrisk.core.cards import Card
from greenrisk.core.errors import ArgumentError, Fault
from greenrisk.core.streams import stream
from greenrisk.core.tables import Column, TableSpec
from greenrisk.resource.fire_tables import FirePanel
from greenrisk.resource.perils.fire_counts import trend_path

PRODUCTS: Final = TableSpec(
    name="forest-products",
    title="Insurance products as printed on public pages",
    columns=(
        Column("region", "text", description="Place."),
        Column("year", "text", description="Year, ~ where approximate."),
        Column("object", "text", description="What is insured."),
        Column("sum_insured", "text", description="Sum insured per unit, or a range."),
        Column("unit", "text", description="Unit of the sum insured and the premium."),
        Column("premium_rate", "number", "1", required=False, low=0, description="Premium over sum insured."),
        Column("premium", "number", "see unit", required=False, low=0, description="Premium per unit."),
        Column("share_central", "number", "1", required=False, low=0, high=1, description="Central state."),
        Column("share_province", "number", "1", required=False, low=0, high=1, description="Province."),
        Column("share_county", "number", "1", required=False, low=0, high=1, description="City and county."),
        Column("share_owner", "number", "1", required=False, low=0, high=1, description="Forest owner."),
        Column("notes", "text", required=False, description="Perils, totals, claims as printed."),
        Column("source", "text", description="Page or newspaper."),
    ),
)
"""The table ``forest-products-seen``."""

RESAMPLES: Final = 10_000
"""Resampled windows behind the interval of a burning cost."""


@dataclass(frozen=True)
class BurningCost:
    """A plain average over a window of years.

    Parameters
    ----------
    first, last : int
        The window [year].
    area : float
        Damaged forest [ha/year].
    fires : float
        Fires [1/year].
    low, high : float
        90 % interval of ``area`` if the years were exchangeable (percentiles of resampled windows) [ha/year].
    largest_year : int
        Year with the largest damaged area.
    largest_share : float
        Its share of the window's damaged area [unitless].
    """

    first: int
    last: int
    area: float
    fires: float
    low: float
    high: float
    largest_year: int
    largest_share: float

    @property
    def mean_size(self) -> float:
        """Damaged forest per fire [ha]."""
        return self.area / self.fires


def burning_cost(
    years: NDArray[np.int64], area: NDArray[np.float64], fires: NDArray[np.float64]
) -> BurningCost:
    """Average the damaged area of a window of years.

    Parameters
    ----------
    years : array of int, shape (n,)
        Years of the window.
    area, fires : array, shape (n,)
        Damaged forest [ha/year] and number of fires [1/year].

    Raises
    ------
    ArgumentError
        With fewer than two years.
    """
    if years.size < 2:
        raise ArgumentError(Fault("burning_cost", f"{years.size} years", "At least two are needed.", "year"))
    picked = stream(0, "burning-cost").integers(0, years.size, (RESAMPLES, years.size))
    low, high = np.quantile(area[picked].mean(axis=1), [0.05, 0.95])
    worst = int(np.argmax(area))
    return BurningCost(
        first=int(years.min()),
        last=int(years.max()),
        area=float(area.mean()),
        fires=float(fires.mean()),
        low=float(low),
        high=float(high),
        largest_year=int(years[worst]),
        largest_share=float(area[worst] / area.sum()),
    )


@dataclass(frozen=True)
class Difference:
    """Why two burning costs of nested windows differ; the three factors multiply to the ratio.

    Parameters
    ----------
    ratio : float
        Longer window over shorter one [unitless].
    by_fires : float
        Ratio of the mean numbers of fires [unitless].
    by_size : float
        Ratio of the mean damaged areas per fire [unitless].
    earlier_share : float
        Share of the longer window's area that burnt in the years the shorter one leaves out [unitless].
    earlier_years, all_years : int
        Their numbers [year].
    """

    ratio: float
    by_fires: float
    by_size: float
    earlier_share: float
    earlier_years: int
    all_years: int


def compare(longer: BurningCost, shorter: BurningCost) -> Difference:
    """Take the ratio of two burning costs apart: ``area = fires x mean size`` holds for each.

    Parameters
    ----------
    longer, shorter : BurningCost
        Two windows that end in the same year.
    """
    all_years = longer.last - longer.first + 1
    kept = shorter.last - shorter.first + 1
    return Difference(
        ratio=longer.area / shorter.area,
        by_fires=longer.fires / shorter.fires,
        by_size=longer.mean_size / shorter.mean_size,
        earlier_share=1 - shorter.area * kept / (longer.area * all_years),
        earlier_years=all_years - kept,
        all_years=all_years,
    )


def trended_burning_cost(panel: FirePanel, province: str, card: Card, underwriting_year: int) -> float:
    """Return the burning cost with each year's area brought to the underwriting year by the card's trend [ha/year].

    Parameters
    ----------
    panel : FirePanel
        Damaged forest by year and province.
    province : str
        Which province.
    card : Card
        Of its yearly number of fires: trend and damping.
    underwriting_year : int
        The year to bring the areas to.

    Notes
    -----
    ``mean_t area_t exp(trend (path(u) - path(t)))`` with the damped path of
    :func:`greenrisk.resource.perils.fire_counts.trend_path`: the counts' trend, the size of a fire unchanged.
    """
    values = {name: float(card.parameters[name].value) for name in ("trend", "damping")}
    first, base = card.constants["first_year"], card.constants["base_year"]
    years = np.append(panel.years, underwriting_year)
    path = trend_path(first, base, years, values["damping"])
    factor = np.exp(values["trend"] * (path[-1] - path[:-1]))
    return float((panel.area[:, panel.index(province)] * factor).mean())


def burning_cost_check(
    panel: FirePanel,
    earlier: pd.DataFrame,
    province: str,
    card: Card,
    underwriting_year: int,
    forest_area: float,
    payment_per_mu: float,
) -> xr.Dataset:
    """Return the first rows of the group ``/checks/burning_cost``.

    Parameters
    ----------
    panel : FirePanel
        Fires since the classes were defined (2009).
    earlier : DataFrame
        Totals of the years before: columns province, year, fires, damaged_forest_ha.
    province : str
        Which province.
    card : Card
        Its ``wildfire.occurrence`` card.
    underwriting_year : int
        For the trended row.
    forest_area : float
        Forest of the province [ha].
    payment_per_mu : float
        What one burnt insured mu costs on average, sum insured x damage degree after the terms [CNY/mu].

    Returns
    -------
    xarray.Dataset
        By ``method``: ``label``, ``burnt_area``, ``low``, ``high`` [ha/year], ``pure_premium_per_mu`` with its ends
        [CNY/mu], ``note``. The model's own row is the study's to add.
    """
    position = panel.index(province)
    before = earlier[earlier["province"] == province].sort_values("year")
    recent = burning_cost(panel.years, panel.area[:, position], panel.fires[:, position])
    whole = burning_cost(
        np.concatenate([before["year"].to_numpy(dtype=np.int64), panel.years]),
        np.concatenate([before["damaged_forest_ha"].to_numpy(dtype=np.float64), panel.area[:, position]]),
        np.concatenate([before["fires"].to_numpy(dtype=np.float64), panel.fires[:, position]]),
    )
    why = compare(whole, recent)
    trended = trended_burning_cost(panel, province, card, underwriting_year)
    rows = [
        (
            f"Plain average {whole.first}-{whole.last}",
            whole.area,
            whole.low,
            whole.high,
            f"{why.earlier_share:.0%} of the area burnt in the first {why.earlier_years} of {why.all_years} years, "
            f"{whole.largest_share:.0%} in {whole.largest_year} alone; other fire classes before 2009",
        ),
        (
            f"Plain average {recent.first}-{recent.last}",
            recent.area,
            recent.low,
            recent.high,
            f"{why.ratio:.2g} times lower: {why.by_fires:.2g} times by the number of fires, {why.by_size:.2g} times by "
            f"their size",
        ),
        (
            f"{recent.first}-{recent.last} brought to {underwriting_year}",
            trended,
            np.nan,
            np.nan,
            "each year's area times the damped trend of the counts",
        ),
    ]
    per_mu = payment_per_mu / forest_area
    area = np.array([row[1:4] for row in rows])
    dataset = xr.Dataset(
        {
            "label": ("method", np.array([row[0] for row in rows])),
            "burnt_area": ("method", area[:, 0], {"units": "ha/year"}),
            "burnt_area_low": ("method", area[:, 1], {"units": "ha/year"}),
            "burnt_area_high": ("method", area[:, 2], {"units": "ha/year"}),
            "pure_premium_per_mu": ("method", area[:, 0] * per_mu, {"units": "CNY/mu"}),
            "low": ("method", area[:, 1] * per_mu, {"units": "CNY/mu"}),
            "high": ("method", area[:, 2] * per_mu, {"units": "CNY/mu"}),
            "note": ("method", np.array([row[4] for row in rows])),
        }
    )
    dataset.attrs["ratio_of_plain_averages"] = why.ratio
    return dataset


def products_check(products: pd.DataFrame) -> xr.Dataset:
    """Return the group ``/checks/products``: the rates printed for forest covers.

    Parameters
    ----------
    products : DataFrame
        A table of :data:`PRODUCTS`.

    Returns
    -------
    xarray.Dataset
        By ``product``: ``region``, ``year``, ``object``, ``sum_insured`` [CNY/mu], ``rate_per_mille`` [per mille],
        ``premium_per_mu`` [CNY/mu], ``source``; only forest covers by the mu with a printed rate.
    """
    forest = products["object"].str.contains("forest|pine", case=False)
    kept = products[forest & (products["unit"] == "CNY/mu") & products["premium_rate"].notna()]
    texts = {
        name: ("product", kept[name].to_numpy(dtype=str)) for name in ("region", "year", "object", "source")
    }
    return xr.Dataset(
        {
            **texts,
            "sum_insured": (
                "product",
                kept["sum_insured"].astype(float).to_numpy(),
                {"units": "CNY/mu"},
            ),
            "rate_per_mille": ("product", kept["premium_rate"].to_numpy() * 1000, {"units": "per mille"}),
            "premium_per_mu": ("product", kept["premium"].to_numpy(dtype=np.float64), {"units": "CNY/mu"}),
        },
        attrs={
            "note": "All-peril covers (wind, snow, frost, pests, flood, drought, fire): fire is a minor part."
        },
    )


def predictive_of_mean(
    values: NDArray[np.float64], whole: bool, levels: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return quantiles of the law that a burning cost gives to a new year.

    Parameters
    ----------
    values : array, shape (n,)
        Yearly numbers or areas of the experience.
    whole : bool
        Whether they are counts: negative binomial instead of gamma.
    levels : array, shape (m,)
        Probabilities.

    Returns
    -------
    array, shape (m,)
        Quantiles.

    Notes
    -----
    The law has the mean of the experience and the variance ``s^2 (1 + 1/n)``: a new year scatters about a mean that
    is itself unsure. Where counts are not overdispersed the variance is 1.01 times the mean.
    """
    from scipy.stats import gamma, nbinom  # slow to import, and a run does not need it

    n, mean = values.size, float(values.mean())
    variance = float(values.var(ddof=1)) * (1 + 1 / n)
    if mean <= 0:
        return np.zeros(levels.size)
    if whole:
        variance = max(variance, 1.01 * mean)
        return np.asarray(nbinom.ppf(levels, mean**2 / (variance - mean), mean / variance))
    if variance <= 0:
        return np.full(levels.size, mean)
    return np.asarray(gamma.ppf(levels, mean**2 / variance, scale=variance / mean))
