# SPDX-License-Identifier: Apache-2.0
"""Checks of sense: carbon cost against real companies, default against long-run rates, lenses against each other.

A check changes no figure. What lies beyond a stated factor goes to the ledger; the factors are judged and stand in the
card of :data:`greenrisk.issuer.credit.statement_lenses.LENS_BOUNDS_ROLE`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from greenrisk.core.ledger import Ledger
from greenrisk.issuer.channels.base import slug
from greenrisk.issuer.channels.lines import MILLION
from greenrisk.issuer.credit.scale import RatingScale
from greenrisk.issuer.credit.tables import ISSUER_CARBON_MEDIANS, credit_table
from greenrisk.issuer.statements import Issuers

Floats = NDArray[np.float64]

LIKE: Final = {
    "coal_power": "electric_utilities",
    "power": "electric_utilities",
    "electricity_utilities": "electric_utilities",
}
"""Sector of the table of medians for sectors of other names, as :func:`slug` writes them."""

RATED_BY: Final = ("interest_cover", "altman_em")
"""Lenses whose ratings do not come from a probability of the model."""

MODEL: Final = "merton"
"""Lens whose probability is held against the long-run rates."""


def beyond(ratio: Floats, factor: float) -> NDArray[np.bool_]:
    """Return where a ratio lies above a factor or below one over it; NaN does not."""
    out: NDArray[np.bool_] = (ratio > factor) | (ratio < 1.0 / factor)
    return out


def carbon_check(issuers: Issuers, per_usd: float, factor: float, ledger: Ledger) -> xr.Dataset:
    """Return the group ``/checks_carbon``: scope 1 at 100 USD a tonne over revenue, against real companies.

    Parameters
    ----------
    issuers : Issuers
        Statements and emissions; no free allocation, no demand response.
    per_usd : float
        What a US dollar is worth in the study's currency.
    factor : float
        Ratio from which a sector is told.
    ledger : Ledger
        Told sectors beyond the factor, and sectors that no real company stands beside.
    """
    table = credit_table(ISSUER_CARBON_MEDIANS, None, ledger).set_index("sector")
    price = float(table["carbon_price_usd_per_t"].iloc[0])
    revenue, emitted = issuers.line("revenue"), issuers.scope("scope_1")
    with np.errstate(divide="ignore", invalid="ignore"):
        over = np.where(revenue > 0.0, price * per_usd * emitted / MILLION / revenue, np.nan)
    like = [LIKE.get(slug(name), slug(name)) for name in issuers.sectors]
    like = [name if name in table.index else "" for name in like]
    numbers, medians = np.zeros(len(like)), np.full(len(like), np.nan)
    for k in range(len(like)):
        mine = over[(issuers.sector == k) & ~np.isnan(over)]
        numbers[k] = mine.size
        medians[k] = np.median(mine) if mine.size else np.nan
    data = {"issuers": numbers, "our_median": medians}
    names = {
        "companies": "itr_companies",
        "median": "itr_median",
        "lower_quartile": "itr_low",
        "upper_quartile": "itr_high",
    }
    for column, name in names.items():
        held = dict(zip(table.index, table[column].astype(float), strict=True))
        data[name] = np.array([held.get(one, np.nan) for one in like])
    data["ratio"] = data["our_median"] / data["itr_median"]
    group = xr.Dataset({name: ("sector", values, {"units": "1"}) for name, values in data.items()})
    group["like"] = ("sector", np.array(like, dtype=str), {"units": "text"})
    far = beyond(data["ratio"], factor)
    group["beyond"] = ("sector", far.astype(np.int8), {"units": "yes or no"})
    for k in map(int, np.flatnonzero(far)):
        real = f"{data['itr_median'][k]:.3f} of {data['itr_companies'][k]:.0f} real companies"
        detail = (
            f"Scope 1 at {price:g} USD a tonne is {medians[k]:.2f} of the revenue, against {real} "
            f"({like[k].replace('_', ' ')}): beyond a factor of {factor:g}."
        )
        source = str(table.at[like[k], "source"])
        ledger.add(
            "unreliable", f"carbon cost of {issuers.sectors[k]}", detail, int(numbers[k]), source=source
        )
    alone = [name for name, one, n in zip(issuers.sectors, like, numbers, strict=True) if not one and n]
    if alone:
        detail = f"No real companies to hold them against: {', '.join(alone)}."
        ledger.add("assumption", "carbon cost over revenue", detail, len(alone))
    group.attrs = {"price_usd": price, "factor": factor}
    return group.assign_coords(sector=list(issuers.sectors))


def default_check(
    lenses: Sequence[str],
    probability: Floats,
    grade: NDArray[np.int8],
    scale: RatingScale,
    factor: float,
    ledger: Ledger,
    baseline: int = 0,
) -> xr.Dataset:
    """Return the group ``/checks_default``: default by Merton's model against the long-run rate of ratings.

    Parameters
    ----------
    lenses : sequence of str, (lens,)
        Names.
    probability : array, shape (lens, scenario, issuer)
        Twelve-month default probability in the year of the headline [1].
    grade : array of int8, same shape
        Grade; -1 where there is none.
    scale : RatingScale
        Grades and their long-run default rates.
    factor : float
        Ratio from which a grade is told.
    ledger : Ledger
        Told how many grades lie beyond it in the baseline.
    baseline : int
        Place of the baseline: a long-run rate is that of no shock.

    Notes
    -----
    The grade of the model's own probability would agree by construction. Here the rating comes from another lens:
    interest cover, or the EM score. Default itself is left out: its rate is 1 and says nothing of the model.
    """
    grades = scale.grades[:-1]
    shape = (len(RATED_BY), probability.shape[1], len(grades))
    numbers, mean, middle = np.zeros(shape), np.full(shape, np.nan), np.full(shape, np.nan)
    model = probability[list(lenses).index(MODEL)]
    for place, name in enumerate(RATED_BY):
        rated = grade[list(lenses).index(name)]
        for scenario in range(shape[1]):
            for k in range(len(grades)):
                held = model[scenario, (rated[scenario] == k) & ~np.isnan(model[scenario])]
                numbers[place, scenario, k] = held.size
                if held.size:
                    mean[place, scenario, k] = held.mean()
                    middle[place, scenario, k] = np.median(held)
    ratio = mean / scale.default_rate[:-1]
    far = beyond(ratio, factor)
    dims, one = ("rated_by", "scenario", "grade"), {"units": "1"}
    group = xr.Dataset(
        {
            "issuers": (dims, numbers, one),
            "mean_probability": (dims, mean, one),
            "median_probability": (dims, middle, one),
            "ratio": (dims, ratio, one),
            "beyond": (dims, far.astype(np.int8), {"units": "yes or no"}),
            "long_run_rate": ("grade", scale.default_rate[:-1], one),
        },
        coords={"rated_by": list(RATED_BY), "grade": list(grades)},
        attrs={"factor": factor, "model": MODEL},
    )
    told, many = int((numbers[:, baseline] > 0).sum()), int(far[:, baseline].sum())
    if many:
        detail = (
            f"For {many} of {told} ratings (by interest cover, by EM score) the mean default probability of Merton's "
            f"model in the baseline lies beyond a factor of {factor:g} of the long-run rate of that rating."
        )
        ledger.add("unreliable", "default against long-run rates", detail, many)
    return group


def lens_check(
    lenses: Sequence[str],
    scenarios: Sequence[str],
    probability: Floats,
    disagreement: NDArray[np.int8],
    apart: NDArray[np.bool_],
    year: int,
    ledger: Ledger,
) -> xr.Dataset:
    """Return the group ``/checks_lenses``: how far the lenses lie apart in the year of the headline.

    Parameters
    ----------
    lenses, scenarios : sequence of str
        Names.
    probability : array, shape (lens, scenario, issuer)
        Twelve-month default probability of each lens that has one [1].
    disagreement : array of int8, shape (scenario, issuer)
        Grades between the best and the worst lens; -1 where fewer than two give one.
    apart : array of bool, same shape
        Whether the lenses disagree (:attr:`greenrisk.issuer.credit.lenses.Lenses.apart`).
    year : int
        The year.
    ledger : Ledger
        Told for how many issuers they disagree, by scenario.
    """
    none = np.isnan(probability).all(axis=0)
    low = np.where(np.isnan(probability), np.inf, probability)
    high = np.where(np.isnan(probability), -np.inf, probability)
    words = np.array([*lenses, ""])
    dims = ("scenario", "issuer")
    group = xr.Dataset(
        {
            "lowest_probability": (dims, np.where(none, np.nan, low.min(axis=0)), {"units": "1"}),
            "highest_probability": (dims, np.where(none, np.nan, high.max(axis=0)), {"units": "1"}),
            "lowest_lens": (dims, words[np.where(none, -1, low.argmin(axis=0))], {"units": "text"}),
            "highest_lens": (dims, words[np.where(none, -1, high.argmax(axis=0))], {"units": "text"}),
            "grades_apart": (dims, disagreement, {"units": "grades"}),
            "apart": (dims, apart.astype(np.int8), {"units": "yes or no"}),
            "issuers_apart": ("scenario", apart.sum(axis=1), {"units": "1"}),
            "issuers_compared": ("scenario", ((disagreement >= 0) | apart).sum(axis=1), {"units": "1"}),
        },
        attrs={"year": year},
    )
    for k, scenario in enumerate(scenarios):
        count, of = int(group["issuers_apart"][k]), int(group["issuers_compared"][k])
        if count:
            detail = f"In {year}, {scenario}: the lenses disagree on {count} of {of} issuers that two or more can see."
            ledger.add("unreliable", "lenses", detail, count)
    return group
