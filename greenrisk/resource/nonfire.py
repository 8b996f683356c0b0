# SPDX-License-Identifier: Apache-2.0
"""What is known of the cost of all perils: one year of Jiangxi, and premiums seen; the model is compared with both.

One year can be far from the mean of all years, the printed insured area is larger than the province's forest, and a
premium is no cost. So nothing here is a fit or a test: figures stand beside the law of the model, with the share of
its years that lie below. How wide one year leaves the common scale of the perils that are not fire is
:func:`one_year_scale`; the card of that scale rests on it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greenrisk.actuarial.arguments import every, number, numbers
from greenrisk.actuarial.measures import value_at_risk
from greenrisk.actuarial.samples import year_weights
from greenrisk.core.cards import Z_90
from greenrisk.core.errors import ArgumentError, Fault, Faults, TableError
from greenrisk.core.tables import Column, TableSpec

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

FIGURES: Final[Mapping[str, str]] = {
    "year": "year",
    "claims": "1",
    "paid": "CNY",
    "paid_area": "mu",
    "insured_area": "mu",
    "insured_share": "unitless",
    "forest_area": "mu",
}
"""What is known of the year, and in which unit; the insured area is the printed one."""

KNOWN_YEAR: Final = TableSpec(
    name="known-year",
    title="What a province was paid in one year, one figure a row",
    columns=(
        Column("name", "choice", choices=tuple(FIGURES), unique=True, description="What the figure is."),
        Column("value", "number", unit="see unit", low=0, low_open=True, description="The figure."),
        Column("unit", "text", description="Its unit; nothing converts it."),
        Column("status", "choice", choices=("confirmed", "unconfirmed"), description="Read, or from memory."),
        Column("source", "text", description="Where it was read."),
        Column("note", "text", required=False, description="What to know of it."),
    ),
)
"""The table ``jiangxi_2015_experience``."""

MEAN_OF_YEARS: Final = "the mean of all years"
"""What a premium is compared with."""

LEVELS: Final = (0.05, 0.25, 0.50, 0.75, 0.95)
"""Probabilities of the quantiles that are shown."""

SEEN_PREMIUMS: Final = (1.0, 2.8)
"""Premiums of policy forest covers in the table of products, from Gansu 2012 to Guangxi 2013 (commercial); one row is
lower, 0.65 for public-benefit forest at Deyang [CNY/mu]."""


@dataclass(frozen=True)
class KnownYear:
    """One year of a province's cover.

    Parameters
    ----------
    year : int
        The year.
    claims : float
        Claims paid.
    paid : float
        Payments [CNY].
    paid_area : float
        Area paid [mu].
    insured_area : float
        Insured area as printed [mu].
    insured_share : float
        Share of the forest that is insured, as printed [unitless].
    forest_area : float
        All forest of the province [mu].
    status : mapping of str to str
        ``confirmed`` or ``unconfirmed`` by figure.
    """

    year: int
    claims: float
    paid: float
    paid_area: float
    insured_area: float
    insured_share: float
    forest_area: float
    status: Mapping[str, str]

    @property
    def paid_per_insured_mu(self) -> dict[str, float]:
        """Payments by insured mu, on the area as printed and on the insured share of the forest [CNY/mu]."""
        return {
            "printed": self.paid / self.insured_area,
            "forest": self.paid / (self.insured_share * self.forest_area),
        }

    @property
    def paid_per_paid_mu(self) -> float:
        """Payments by paid mu [CNY/mu]."""
        return self.paid / self.paid_area

    @property
    def area_per_claim(self) -> float:
        """Paid area of a claim [mu]."""
        return self.paid_area / self.claims


def known_year_of(frame: pd.DataFrame, name: str) -> KnownYear:
    """Return a checked table of :data:`KNOWN_YEAR` as a year.

    Parameters
    ----------
    frame : DataFrame
        As ``read_table`` returns it.
    name : str
        File name, for messages.

    Raises
    ------
    TableError
        With every figure that is missing or in another unit, a year that is no whole number, a share above 1, and a
        paid area above the insured one.
    """
    value, unit, status = (
        dict(zip(frame["name"], frame[column], strict=True)) for column in ("value", "unit", "status")
    )
    faults = Faults()
    for figure, expected in FIGURES.items():
        if figure not in value:
            faults.add(name, f"no row {figure}", f"Add the row `{figure}`.", expected)
        elif unit[figure] != expected:
            faults.add(name, f"{figure}: unit = {unit[figure]}", f"Give it in {expected}.", expected)
    faults.raise_if_any(TableError)
    if not float(value["year"]).is_integer():
        faults.add(name, f"year = {value['year']:g}", "A year is a whole number.", "year")
    if value["insured_share"] > 1:
        faults.add(name, f"insured_share = {value['insured_share']:g}", "A share is at most 1.", "unitless")
    if value["paid_area"] > value["insured_area"]:
        what = f"paid_area = {value['paid_area']:g}, insured_area = {value['insured_area']:g}"
        faults.add(name, what, "No more can be paid than is insured. Are both in mu?", "mu")
    faults.raise_if_any(TableError)
    figures = {figure: float(value[figure]) for figure in FIGURES if figure != "year"}
    return KnownYear(year=int(value["year"]), **figures, status={key: str(status[key]) for key in FIGURES})


def one_year_scale(coefficient_of_variation: float) -> tuple[float, float, float]:
    """Return median, 5 % and 95 % quantile of the mean cost over the cost of the one year that was seen.

    Parameters
    ----------
    coefficient_of_variation : float
        Of the cost of a year, > 0 [unitless].

    Notes
    -----
    A year costs X = m L, with L lognormal of mean 1 and variance cv^2, that is ln L ~ normal(-s^2 / 2, s^2) with
    s^2 = ln(1 + cv^2). Where nothing was known of ln m before, ln(m / X) given X is normal(s^2 / 2, s^2). For cv = 1
    the median is the root of 2, the interval 0.36 to 5.56, the mean 2.
    """
    cv = number("coefficient_of_variation", coefficient_of_variation, above=0.0, unit="unitless")
    variance = math.log1p(cv * cv)
    middle, reach = math.exp(variance / 2), math.exp(Z_90 * math.sqrt(variance))
    return middle, middle / reach, middle * reach


class _Row(NamedTuple):
    """A figure that is known, and the same of each simulated year: above over below."""

    name: str
    label: str
    unit: str
    known: float
    status: str
    law: str
    above: NDArray[np.float64]
    below: NDArray[np.float64]


def experience_check(
    payments: ArrayLike,
    paid_area: ArrayLike,
    claims: ArrayLike,
    *,
    insured_area: float,
    known: KnownYear,
    loss_ratio: float,
    premiums: tuple[float, float] = SEEN_PREMIUMS,
    weights: ArrayLike | None = None,
) -> xr.Dataset:
    """Return the group ``/checks/experience``: the model's years compared with one year and with premiums seen.

    Parameters
    ----------
    payments : array, shape (year,)
        Simulated payments of all perils, fire at its value in the known year [CNY/year].
    paid_area : array, shape (year,)
        Simulated area paid [mu/year].
    claims : array, shape (year,)
        Simulated claims [1/year].
    insured_area : float
        Insured area of the book, > 0 [mu].
    known : KnownYear
        The year seen.
    loss_ratio : float
        Payments over premium that is taken for the premiums seen, > 0: an assumption that must be stated [unitless].
    premiums : (float, float)
        Lowest and highest premium seen [CNY/mu].
    weights : array, shape (year,), optional
        Weights of the years, >= 0 [unitless]; empty: all the same.

    Returns
    -------
    xarray.Dataset
        By ``figure``: ``label``, ``unit``, ``known``, ``status`` of the known figure, ``law`` (what it is compared
        with), ``mean`` of the years, ``pooled`` (sum over sum of all years: what many books together come to),
        ``share_below`` (share of the years below the known figure, half of those equal to it) [unitless], ``years``
        that have the figure, ``sentence``; by ``figure`` and ``level``: ``quantile``. A year without a payment has no
        payment by paid mu and a year without a claim no area by claim; where no year has any, the figure is left out.

    Raises
    ------
    ArgumentError
        If arrays differ in length or hold something negative or not finite, or a number is out of its domain.

    Notes
    -----
    A book is a small part of a province and its years differ more, so that a known year in the middle of the law says
    little for the model, and one outside it speaks against it. That holds for money and area, not for the area of a
    claim: a claim is here one damaged stand, and what was counted as one in the known year is not known.
    """
    paid, area, count = _years(payments, paid_area, claims)
    low, high = premiums
    every(
        lambda: number("insured_area", insured_area, above=0.0, unit="mu"),
        lambda: number("loss_ratio", loss_ratio, above=0.0, unit="unitless"),
        lambda: number("premiums", low, above=0.0, most=high, unit="CNY/mu"),
        lambda: number("premiums", high, above=0.0, unit="CNY/mu"),
    )
    weight = np.ones(paid.size) if weights is None else year_weights(weights, paid.size)
    of_year, of_mean = f"a year like {known.year}", MEAN_OF_YEARS
    insured = np.full(paid.size, float(insured_area))
    told = (
        _worst_status(known, "paid", "insured_area"),
        _worst_status(known, "paid", "insured_share", "forest_area"),
    )
    per_mu = known.paid_per_insured_mu
    kept = f"premium seen times a loss ratio of {loss_ratio:g}"
    rows = (
        _Row("paid_per_insured_mu_printed", "Payments by insured mu, insured area as printed", "CNY/mu",
             per_mu["printed"], told[0], of_year, paid, insured),
        _Row("paid_per_insured_mu_forest", f"Payments by insured mu, {100 * known.insured_share:.0f} % of the forest",
             "CNY/mu", per_mu["forest"], told[1], of_year, paid, insured),
        _Row("paid_per_paid_mu", "Payments by paid mu", "CNY/mu", known.paid_per_paid_mu,
             _worst_status(known, "paid", "paid_area"), of_year, paid, area),
        _Row("area_per_claim", "Paid area of a claim", "mu", known.area_per_claim,
             _worst_status(known, "paid_area", "claims"), of_year, area, count),
        _Row("premium_low", f"Lowest {kept}", "CNY/mu", low * loss_ratio, "illustrative", of_mean, paid, insured),
        _Row("premium_high", f"Highest {kept}", "CNY/mu", high * loss_ratio, "illustrative", of_mean, paid, insured),
    )  # fmt: skip
    return _dataset(rows, weight, f"{insured_area:,.0f} of {known.insured_area:,.0f} mu")


def _years(*given: ArrayLike) -> tuple[NDArray[np.float64], ...]:
    """Return the simulated years as arrays of one length."""
    names = (("payments", "CNY"), ("paid_area", "mu"), ("claims", "1"))
    years = tuple(
        numbers(name, values, least=0.0, dimensions=1, fewest=1, unit=unit)
        for (name, unit), values in zip(names, given, strict=True)
    )
    if len({array.size for array in years}) > 1:
        what = ", ".join(f"{array.size} {name}" for (name, _), array in zip(names, years, strict=True))
        raise ArgumentError(Fault("payments", what, "One of each for every year was expected."))
    return years


def _worst_status(known: KnownYear, *figures: str) -> str:
    statuses = {known.status[figure] for figure in figures}
    return "unconfirmed" if "unconfirmed" in statuses else "confirmed"


def _dataset(rows: tuple[_Row, ...], weight: NDArray[np.float64], size: str) -> xr.Dataset:
    """Return the rows that some year has as a dataset."""
    import xarray as xr  # slow to import, and only asked for here

    shown = [row for row in rows if bool(((row.below > 0) & (weight > 0)).any())]
    columns: dict[str, list[float]] = {name: [] for name in ("mean", "pooled", "share_below", "years")}
    quantiles, sentences = [], []
    for row in shown:
        there = (row.below > 0) & (weight > 0)
        x, w = row.above[there] / row.below[there], weight[there] / weight[there].sum()
        quantiles.append(np.atleast_1d(value_at_risk(x, np.array(LEVELS), w)))
        mean = float((w * x).sum())
        below = float((w * ((x < row.known) + 0.5 * (x == row.known))).sum())
        pooled = float((weight * row.above).sum() / (weight * row.below).sum())
        for name, value in zip(columns, (mean, pooled, below, float(there.sum())), strict=True):
            columns[name].append(value)
        sentences.append(
            f"{row.label}: {row.known:.3g} {row.unit}, compared with {mean:.3g} in the mean of the model's years "
            f"(90 % of them from {quantiles[-1][0]:.3g} to {quantiles[-1][-1]:.3g}; {100 * below:.0f} % lie below)."
        )
    units = {"share_below": "unitless", "years": "year"}
    text = {name: [getattr(row, name) for row in shown] for name in ("label", "unit", "status", "law")}
    return xr.Dataset(
        {
            **{name: ("figure", np.array(values)) for name, values in text.items()},
            "known": ("figure", np.array([row.known for row in shown]), {"units": "see unit"}),
            **{
                name: ("figure", np.array(values), {"units": units.get(name, "see unit")})
                for name, values in columns.items()
            },
            "quantile": (("figure", "level"), np.array(quantiles), {"units": "see unit"}),
            "sentence": ("figure", np.array(sentences)),
        },
        coords={
            "figure": [row.name for row in shown],
            "level": ("level", np.array(LEVELS), {"units": "unitless"}),
        },
        attrs={
            "note": "Compared, and no test: the level of the cards that ship was set by what this one year paid. The "
            f"model's years are those of the cards' values, chance alone, of a book of {size}, whose years differ more "
            "than a province's; what the ranges of the cards leave open is not in them. A claim is here one damaged "
            "stand; what was counted as one there, a stand, an owner or a village, is not printed."
        },
    )
