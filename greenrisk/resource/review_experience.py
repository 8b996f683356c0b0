# SPDX-License-Identifier: Apache-2.0
"""The experience of a rate review in the columns of the model, with what brings each year to today."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from greenrisk.core.errors import ArgumentError, Faults
from greenrisk.core.marked_yaml import KeyPath
from greenrisk.resource.experience_spec import RateReviewSpec
from greenrisk.resource.peril_results import ALL
from greenrisk.resource.rate_review import UNKNOWN, ExperienceYears, ModelYears
from greenrisk.resource.review_trend import Trend, find_trend

Floats = NDArray[np.float64]

MOST_OF_RATE: Final = 5.0
"""Factor by which a rate in force may differ from the last year's premium over sum insured, either way [unitless]."""


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


def review_faults(
    spec: RateReviewSpec, first: int, last: int, last_rate: float, *, compare: bool = False
) -> list[tuple[KeyPath, str, str, str]]:
    """Say what of a review does not fit the years: key path below ``rate_review``, offender, mend and unit of each.

    Parameters
    ----------
    spec : RateReviewSpec
        Settings.
    first, last : int
        First and last year of the experience, none missing.
    last_rate : float
        Gross premium over sum insured of the last year; NaN: not known [unitless].
    compare : bool
        Whether a rate in force that is given is that of the same perils, and held against it.
    """
    found: list[tuple[KeyPath, str, str, str]] = []
    years = last - first + 1
    if years < spec.period:
        what = f"period = {spec.period}, {years} year{'' if years == 1 else 's'} of experience"
        found.append((("period",), what, "Give more years, or review a shorter period.", "year"))
    for year in sorted(set(spec.terms_factors) - set(range(first, last + 1))):
        mend = f"The experience runs from {first} to {last}: leave this factor out."
        what = f"terms_factors.{year} = {spec.terms_factors[year]:g}"
        found.append((("terms_factors", str(year)), what, mend, "unitless"))
    current, charged, key = spec.current_rate_per_mille, 1000.0 * last_rate, ("current_rate_per_mille",)
    if current is None and not charged > 0:
        mend = f"The premium of {last} is not known: write the gross rate in force here, or the premium in the table."
        found.append((key, "no current_rate_per_mille", mend, "per mille"))
    if current is None or not (compare and charged > 0):
        return found
    if not 1 / MOST_OF_RATE <= current / charged <= MOST_OF_RATE:
        mend = (
            f"In {last} the premium was {charged:.4g} per mille of the sum insured. Is the rate in per mille, not in "
            "per cent, and the premium in CNY?"
        )
        found.append((key, f"current_rate_per_mille = {current:g}", mend, "per mille"))
    return found


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
    first, last = map(int, experience.year[[0, -1]])
    if last > underwriting_year:
        what = f"experience to {last}, underwriting year {underwriting_year}"
        faults.add("experience.year", what, "Past years are reviewed: leave the later ones out.", "year")
    for key, what, mend, unit in review_faults(
        spec, first, last, float(experience.premium[-1] / experience.sum_insured[-1])
    ):
        faults.add(".".join(map(str, key)), what, mend, unit)
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
