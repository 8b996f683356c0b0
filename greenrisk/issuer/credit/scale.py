# SPDX-License-Identifier: Apache-2.0
"""One scale of grades for all lenses: from spellings and from probabilities to letters, and back to default rates.

A grade is no rating of an agency: it says beside which letter of S&P's history a number stands.

References
----------
S&P Global Ratings, one-year default rates 1981-2016, not rated taken out; the shipped matrix of
:mod:`greenrisk.issuer.credit.transitions`. The bounds between grades are ours: geometric means of neighbours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from greenrisk.core.errors import Faults, TableError
from greenrisk.core.ledger import Ledger
from greenrisk.core.marked_yaml import did_you_mean
from greenrisk.issuer.credit.domains import MISSING, PROBABILITY, Floats, Ranks, checked, refuse
from greenrisk.issuer.credit.tables import RATING_SCALE, Own, credit_table, table_name
from greenrisk.issuer.credit.transitions import TransitionMatrix, shipped_matrix


@dataclass(frozen=True)
class RatingScale:
    """Grades of the common scale, best first; the last is default.

    Parameters
    ----------
    grades : tuple of str
        Letters.
    default_rate : ndarray, (grade,)
        Long-run twelve-month default rate [1]; 1 for default.
    bounds : ndarray, (grade - 1,)
        Probability from which the next grade begins [1], rising.
    spellings : dict of str to str
        Grade of each known spelling of a rating.
    """

    grades: tuple[str, ...]
    default_rate: Floats
    bounds: Floats
    spellings: dict[str, str]

    def grade_of(self, annual: ArrayLike) -> Ranks:
        """Return the place of the grade beside a twelve-month probability; -1 where it is NaN.

        Parameters
        ----------
        annual : array_like
            Twelve-month default probability [1, 0 to 1].
        """
        (p,) = checked(annual=(annual, PROBABILITY))
        place = np.searchsorted(self.bounds, p, side="right")
        out: Ranks = np.where(np.isnan(p), MISSING, place).astype(np.int8)
        return out

    def probability_of(self, grade: ArrayLike) -> Floats:
        """Return the long-run twelve-month default rate of grades by place [1]; NaN for -1."""
        place = np.asarray(grade, dtype=np.int64)
        out: Floats = np.where(place < 0, np.nan, self.default_rate[np.maximum(place, 0)])
        return out

    def places(self, ratings: Sequence[str]) -> Ranks:
        """Return the place of the grade of each spelling.

        Raises
        ------
        ArgumentError
            With every spelling that the scale does not know.
        """
        for name in ratings:
            if name not in self.spellings:
                close = did_you_mean(name, list(self.spellings))
                raise refuse("rating", f"rating = {name}", f"The scale does not know this rating.{close}")
        return np.array([self.grades.index(self.spellings[name]) for name in ratings], dtype=np.int8)

    def regrade(self, ratings: Sequence[str], place: ArrayLike) -> Ranks:
        """Return places on this scale for places in a list of ratings; -1 stays -1."""
        x = np.asarray(place, dtype=np.int64)
        out: Ranks = np.where(x < 0, MISSING, self.places(ratings)[np.maximum(x, 0)]).astype(np.int8)
        return out


def rating_scale(
    matrix: TransitionMatrix | None = None, own: Own = None, ledger: Ledger | None = None
) -> RatingScale:
    """Return the common scale.

    Parameters
    ----------
    matrix : TransitionMatrix, optional
        One-year moves whose default rates and letters make the scale; S&P 1981-2016 if left out.
    own : str, Path or DataFrame, optional
        The user's table of spellings.
    ledger : Ledger, optional
        Told what the bounds are.

    Raises
    ------
    ArgumentError
        If the default rates do not rise from the best grade to the worst.
    TableError
        If a spelling names a grade that the matrix does not have.

    Notes
    -----
    The bound between neighbours is the geometric mean of their default rates. A best grade in which nobody ever
    defaulted within a year (AAA) carries the step of the next two on: r_0 = r_1^2 / r_2, since no default seen is not
    no default possible.
    """
    moves = matrix if matrix is not None else shipped_matrix()
    if moves.years != 1.0:
        raise refuse("matrix", f"years = {moves.years:g}", "The scale needs a matrix of one year.", "year")
    rate, extended = _without_zeros(moves.default_probability)
    if np.any(np.diff(rate) <= 0.0):
        at = int(np.flatnonzero(np.diff(rate) <= 0.0)[0])
        what = f"{moves.ratings[at]} {rate[at]:g}, {moves.ratings[at + 1]} {rate[at + 1]:g}"
        raise refuse("matrix", what, "Default rates must rise from the best rating to the worst.", "1")
    bounds = np.sqrt(rate[:-1] * rate[1:])
    frame, faults = credit_table(RATING_SCALE, own, ledger), Faults()
    for grade in frame["grade"].unique():
        if grade not in moves.ratings:
            mend = (
                f"The matrix of the scale has {', '.join(moves.ratings)}.{did_you_mean(grade, moves.ratings)}"
            )
            faults.add(table_name(RATING_SCALE, own), f"grade = {grade}", mend)
    faults.raise_if_any(TableError)
    if ledger is not None:
        if extended:
            detail = f"No default was seen within a year; {rate[0]:.4%} carries the step of the next two grades on."
            ledger.add(
                "imputed", f"default rate of {moves.ratings[0]}", detail, extended, status="illustrative"
            )
        listed = ", ".join(f"{g} from {b:.2%}" for g, b in zip(moves.ratings[1:], bounds, strict=True))
        detail = f"Grades by twelve-month probability: {listed}. Geometric means of neighbours' default rates; judged."
        ledger.add(
            "assumption", "rating scale", detail, status="illustrative", source="S&P 1981-2016 default rates"
        )
    spellings = dict(zip(frame["rating"], frame["grade"], strict=True))
    return RatingScale(moves.ratings, rate, bounds, spellings)


def _without_zeros(observed: Floats) -> tuple[Floats, int]:
    """Default rates with those of leading grades that saw no default carried on; how many."""
    rate = observed.copy()
    zeros = int(np.argmax(rate > 0.0))
    for k in range(zeros - 1, -1, -1):
        rate[k] = rate[k + 1] ** 2 / rate[k + 2]
    return rate, zeros
