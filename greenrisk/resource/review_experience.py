# SPDX-License-Identifier: Apache-2.0
"""The experience of a rate review in the columns of the model, with what brings each year to today."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from greenrisk.core.errors import ArgumentError, Faults
from greenrisk.resource.experience_spec import RateReviewSpec
from greenrisk.resource.peril_results import ALL
from greenrisk.resource.rate_review import UNKNOWN, ExperienceYears, ModelYears
from greenrisk.resource.review_trend import Trend, find_trend

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Arranged:
    """The experience in the columns of the model, the total first.

    Parameters
    ----------
    given : ExperienceYears
        The experience.
    spec : RateReviewSpec
        Settings.
    columns : tuple of str, length column
        ``all`` and the perils of the model.
    trends : tuple of Trend, length column
        Their trends.
    terms : array, shape (year,)
        From each year's terms to today's [unitless].
    lag : array, shape (year,)
        From each year to the underwriting year [year].
    current : float
        Gross rate in force [per mille].
    """

    given: ExperienceYears
    spec: RateReviewSpec
    columns: tuple[str, ...]
    trends: tuple[Trend, ...]
    terms: Floats
    lag: Floats
    current: float

    def table(self, name: str) -> Floats:
        """Return an amount by year and column [CNY].

        Parameters
        ----------
        name : str
            As for :meth:`greenrisk.resource.rate_review.ExperienceYears.column`.
        """
        return np.stack([self.given.column(name, peril) for peril in self.columns], axis=1)

    @property
    def trend_factor(self) -> Floats:
        """From each year to the underwriting year, by year and column [unitless]."""
        return np.stack([trend.factor(self.lag) for trend in self.trends], axis=1)

    @property
    def level(self) -> Floats:
        """From each year's losses to those of the underwriting year under today's terms [unitless]."""
        return self.trend_factor * self.terms[:, None]

    @property
    def on_level(self) -> Floats:
        """Premium of each year at the rate in force, shape (year,) [CNY]."""
        return self.given.sum_insured * self.current / 1000.0


def arrange(
    experience: ExperienceYears, model: ModelYears, spec: RateReviewSpec, underwriting_year: int
) -> Arranged:
    """Return the experience in the columns of the model, or refuse what does not fit.

    Parameters
    ----------
    experience, model, spec, underwriting_year
        As for :func:`greenrisk.resource.review_results.rate_review`.

    Raises
    ------
    ArgumentError
        With all faults at once.
    """
    faults = Faults()
    for peril in experience.perils:
        if peril not in (*model.perils, UNKNOWN):
            mend = (
                f"The model holds {', '.join(model.perils)}: insure the peril with a card, or give its losses under "
                f"`{UNKNOWN}`."
            )
            faults.add("experience.perils", peril, mend)
    first, last = int(experience.year[0]), int(experience.year[-1])
    if last > underwriting_year:
        what = f"experience to {last}, underwriting year {underwriting_year}"
        faults.add("experience.year", what, "Past years are reviewed: leave the later ones out.", "year")
    if experience.year.size < spec.period:
        what = f"{experience.year.size} years, period = {spec.period}"
        faults.add("period", what, "Give more years, or review a shorter period.", "year")
    for year in sorted(set(spec.terms_factors) - set(range(first, last + 1))):
        mend = f"The experience runs from {first} to {last}: leave this factor out."
        faults.add(f"terms_factors.{year}", f"{year} = {spec.terms_factors[year]:g}", mend)
    if spec.current_rate_per_mille is None and np.isnan(experience.premium[-1]):
        mend = f"The premium of {last} is not known: write the gross rate in force."
        faults.add("current_rate_per_mille", "no rate", mend, "per mille")
    faults.raise_if_any(ArgumentError)
    columns = (ALL, *model.perils)
    terms = np.array([spec.terms_factors.get(int(year), 1.0) for year in experience.year])
    trends = tuple(
        find_trend(
            spec, experience.year, experience.column("incurred", peril) * terms, experience.sum_insured
        )
        for peril in columns
    )
    current = spec.current_rate_per_mille
    if current is None:
        current = float(1000.0 * experience.premium[-1] / experience.sum_insured[-1])
    lag = (underwriting_year - experience.year).astype(np.float64)
    return Arranged(experience, spec, columns, trends, terms, lag, current)
