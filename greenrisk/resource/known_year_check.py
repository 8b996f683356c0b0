# SPDX-License-Identifier: Apache-2.0
"""The year that is known beside the model's law of it: the other perils simulated, fire at that year's own value.

The law is told twice: with the cards at their values, and as the predictive law, over all joint draws of the cards.
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from greenrisk.resource.exposure import Exposure
from greenrisk.resource.nonfire import MEAN_OF_YEARS, experience_check
from greenrisk.resource.perils.wildfire import Wildfire
from greenrisk.resource.roles import Inputs, Reference
from greenrisk.resource.settlement import Payments
from greenrisk.resource.year_table import YearTable

FIGURES = ("payments", "paid_area", "claims")
"""What is kept of each simulated year [CNY], [mu], [1]."""


def other_years(payments: Payments) -> NDArray[np.float32]:
    """Return what a block of years costs for all perils but fire, shape (figure, year), figures as :data:`FIGURES`.

    Parameters
    ----------
    payments : Payments
        The block, with fire among its perils.
    """
    other = payments.peril != payments.perils.index("wildfire")
    year, gross, area = payments.year[other], payments.gross[other], payments.insured_mu[other]
    paid = gross > 0
    found = [
        np.bincount(year, weights=weights, minlength=payments.years)
        for weights in (gross, np.where(paid, area, 0.0), paid.astype(np.float64))
    ]
    return np.array(found, dtype=np.float32)


def known_fire(facts: Inputs, reference: Reference, insured_mu: float) -> float | None:
    """Return what burnt in the known year, on a book that bears the province's fires [mu]; None where nobody knows.

    Parameters
    ----------
    facts, reference
        Cards, and the tables that hold the year.
    insured_mu : float
        Insured area of the book [mu].
    """
    known, panel = reference.known_year, reference.panel
    year = np.array([], dtype=np.int64) if known is None else np.flatnonzero(panel.years == known.year)
    if not year.size:
        return None
    burnt_ha = float(panel.area[year[0], panel.provinces.index(reference.province)])
    return burnt_ha / float(facts.cards["occurrence"].values()["province_forest_area"]) * insured_mu


def known_year_check(
    facts: Inputs,
    reference: Reference,
    exposure: Exposure,
    wildfire: Wildfire,
    table: YearTable,
    drawn: NDArray[np.float32] | None = None,
) -> xr.Dataset | None:
    """Return the group ``/checks/known_year``; None where the scenario names no such year.

    Parameters
    ----------
    facts : Inputs
        Scenario and cards.
    reference : Reference
        The known year and the statistics of fires.
    exposure : Exposure
        The book.
    wildfire : Wildfire
        The law of fires.
    table : YearTable
        The simulated years.
    drawn : array, shape (draw, figure, year), optional
        :func:`other_years` of every joint draw of the cards; without them there is no predictive law.

    Notes
    -----
    Fire is not simulated here: its statistics of that year are known. The book bears the province's burnt forest in the
    proportion of insured to all forest, paid as the mean simulated burnt mu is.
    """
    known, spec = reference.known_year, facts.spec.reference
    if known is None or spec is None:
        return None
    area = float(exposure.book.insured_area_mu.sum())
    seen = known_fire(facts, reference, area)
    burnt = seen or 0.0
    insured = float(table.damaged_insured[:, 0].mean())

    def of_fire(amount: np.ndarray) -> float:
        """What goes with a burnt insured mu, times the mu burnt in that year."""
        return float(amount[:, 0].mean()) / insured * burnt if insured > 0 else 0.0

    amounts = dict(zip(FIGURES, (table.peril, table.paid_area, table.claims), strict=True))
    fire = {name: of_fire(values) for name, values in amounts.items()}

    def law_of(payments: np.ndarray, paid_area: np.ndarray, claims: np.ndarray) -> xr.Dataset:
        return experience_check(
            payments,
            paid_area,
            claims,
            insured_area=area,
            known=known,
            loss_ratio=spec.loss_ratio,
        )

    check = law_of(*(values[:, 1:].sum(axis=1) + fire[name] for name, values in amounts.items()))
    if drawn is not None:
        check = _with_predictive(
            check,
            law_of(*(drawn[:, i].ravel() + fire[name] for i, name in enumerate(FIGURES))),
            law_of(*(drawn[:, i].mean(axis=1) + fire[name] for i, name in enumerate(FIGURES))),
        )
        check.attrs["predictive"] = (
            f"Predictive: {drawn.shape[0]:,} joint draws of all cards, {drawn.shape[2]:,} years of each; it holds what "
            "their ranges leave open."
        )
    check.attrs["year"] = known.year
    check.attrs["fire"] = (
        f"Fire at its value of {known.year}: {burnt:,.1f} burnt insured mu, {of_fire(table.peril):,.0f} CNY paid."
        if seen is not None
        else f"The statistics of fires do not hold {known.year}: fire is left out."
    )
    return check


def _with_predictive(check: xr.Dataset, of_years: xr.Dataset, of_means: xr.Dataset) -> xr.Dataset:
    """Add the law over all draws: of their years, or of their means where a figure is compared with the mean."""
    joined = check.copy()
    is_mean = (check["law"] == MEAN_OF_YEARS).values
    for name in ("share_below", "quantile"):
        years, means = (
            one[name].reindex(figure=check["figure"]).transpose(*check[name].dims)
            for one in (of_years, of_means)
        )
        joined[f"predictive_{name}"] = years.where(xr.DataArray(~is_mean, dims="figure"), means)
        joined[f"predictive_{name}"].attrs = dict(check[name].attrs)
    low, high = (joined["predictive_quantile"].isel(level=place).values for place in (0, -1))
    joined["sentence"] = (
        "figure",
        np.array(
            [
                f"{told} Over all draws of the cards 90 % are from {below:.3g} to {above:.3g}; {share:.0%} lie below."
                for told, below, above, share in zip(
                    check["sentence"].values, low, high, joined["predictive_share_below"].values, strict=True
                )
            ]
        ),
    )
    return joined
