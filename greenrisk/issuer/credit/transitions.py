# SPDX-License-Identifier: Apache-2.0
"""Moves between ratings: a checked matrix, those that lost their rating taken out, rows made to sum to one.

What lives here: reading a matrix and its whole years. What does not: parts of years (:mod:`generator`), and good and
bad years (:mod:`credit_cycle`).

References
----------
Jarrow, R. A., Lando, D. and Turnbull, S. M. (1997). A Markov model for the term structure of credit risk spreads.
Review of Financial Studies 10(2), 481-523. doi:10.1093/rfs/10.2.481.
S&P Global Ratings, average one-year to twenty-year transition rates 1981-2016, for the shipped table.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from greenrisk.core.errors import ArgumentError, Faults, TableError
from greenrisk.core.ledger import Ledger
from greenrisk.core.marked_yaml import did_you_mean
from greenrisk.core.tables import file_rows
from greenrisk.issuer.credit.domains import PROBABILITY, Floats, checked, refuse
from greenrisk.issuer.credit.tables import RATING_TRANSITIONS, credit_table

DEFAULT: Final = "D"
NOT_RATED: Final = "NR"
ROW_TOLERANCE: Final = 0.005
"""A row may miss 1 by this much from rounding; more is refused."""
SHIPPED: Final = "rating_transitions.csv"


@dataclass(frozen=True)
class TransitionMatrix:
    """Probabilities of moving between ratings; rows sum to one, default is the last state and is never left.

    Parameters
    ----------
    ratings : tuple of str
        States, best first, default last.
    shares : ndarray, (from, to)
        Probabilities [1].
    years : float
        Horizon [year].
    not_rated : ndarray, (from,)
        Share that was not rated any more and was taken out [1].
    row_error : float
        Largest amount by which a row missed 1 before it was scaled [1].
    """

    ratings: tuple[str, ...]
    shares: Floats
    years: float
    not_rated: Floats
    row_error: float

    def place(self, ratings: list[str] | tuple[str, ...]) -> np.typing.NDArray[np.int64]:
        """Return the place of each rating, or refuse those outside the matrix.

        Raises
        ------
        ArgumentError
            With every rating that the matrix does not have.
        """
        faults = Faults()
        for name in dict.fromkeys(ratings):
            if name not in self.ratings:
                close = did_you_mean(name, self.ratings)
                mend = f"This rating is outside the matrix.{close} It has {', '.join(self.ratings)}."
                faults.add("rating", f"rating = {name}", mend)
        faults.raise_if_any(ArgumentError)
        return np.array([self.ratings.index(name) for name in ratings], dtype=np.int64)

    @property
    def default_probability(self) -> Floats:
        """Probability of default within the horizon, by rating [1]."""
        return self.shares[:, -1]

    def after(self, periods: int) -> Floats:
        """Return the matrix of a whole number of its own horizons, (from, to) [1].

        Raises
        ------
        ArgumentError
            If the number is below 0.
        """
        if periods < 0:
            raise refuse("periods", f"periods = {periods}", "Give a whole number from 0 up.", "1")
        out: Floats = np.linalg.matrix_power(self.shares, periods)
        return out

    def cumulative_default(self, periods: int) -> Floats:
        """Return the probability of default by the end of each of the first horizons, (from, period) [1]."""
        state, found = np.eye(len(self.ratings)), []
        for _ in range(periods):
            state = state @ self.shares
            found.append(state[:, -1])
        return np.stack(found, axis=-1) if found else np.empty((len(self.ratings), 0))


def transition_matrix(
    ratings: list[str] | tuple[str, ...],
    shares: ArrayLike,
    *,
    not_rated: ArrayLike | None = None,
    years: float = 1.0,
    where: str = "matrix",
    ledger: Ledger | None = None,
    tolerance: float = ROW_TOLERANCE,
) -> TransitionMatrix:
    """Return a checked matrix: those without a rating taken out, rows scaled to one, default made a last state.

    Parameters
    ----------
    ratings : sequence of str
        States, best first; the last is default.
    shares : array_like, (from, to)
        Shares of the issuers [1, 0 to 1]; a missing row of the last state is added.
    not_rated : array_like, (from,), optional
        Shares that were not rated any more at the end [1, 0 to below 1].
    years : float
        Horizon [year].
    where : str
        Name of the matrix in messages.
    ledger : Ledger, optional
        Told what was taken out and by how much rows were scaled.
    tolerance : float
        Largest amount by which a row with its not-rated share may miss 1 [1].

    Raises
    ------
    ArgumentError
        With every row that does not sum to one, every share outside 0 to 1, a wrong shape, and a default that is left.

    Notes
    -----
    Each row is divided by 1 less its not-rated share: those who lost their rating are taken to have moved as the
    others did. What is then left of rounding is divided out.
    """
    names = tuple(ratings)
    (p,) = checked(shares=(shares, PROBABILITY))
    count = len(names)
    if p.ndim != 2 or p.shape[1] != count or p.shape[0] not in (count - 1, count):
        what = f"{where} has the shape {p.shape}"
        raise refuse(
            where,
            what,
            f"{count} ratings need {count} columns and {count} rows, or one row less for default.",
        )
    faults = Faults()
    if np.isnan(p).any():
        faults.add(
            where, f"{int(np.isnan(p).sum())} empty cells", "Every cell needs a share; 0 where nobody moved."
        )
    gone = (
        np.zeros(p.shape[0]) if not_rated is None else np.asarray(not_rated, dtype=np.float64)[: p.shape[0]]
    )
    if p.shape[0] == count - 1:
        p = np.vstack([p, np.eye(count)[-1]])
        gone = np.append(gone, 0.0)
    total = p.sum(axis=1) + gone
    for k in np.flatnonzero(~(np.abs(total - 1.0) <= tolerance) & ~np.isnan(total)):
        mend = f"A row must sum to 1 within {tolerance:g}, with those not rated any more." + (
            " Are these percent? Divide by 100." if 50.0 < total[k] < 150.0 else ""
        )
        faults.add(where, f"row {names[k]} sums to {total[k]:.4f}", mend, "1")
    if not p[-1, -1] >= 1.0 - tolerance:
        what = f"row {names[-1]}: stays with probability {p[-1, -1]:g}"
        faults.add(where, what, "The last state must be default, which is never left.", "1")
    faults.raise_if_any(ArgumentError)
    adjusted = p / (1.0 - gone)[:, None]
    error = float(np.abs(adjusted.sum(axis=1) - 1.0).max())
    scaled = adjusted / adjusted.sum(axis=1, keepdims=True)
    scaled[-1] = np.eye(count)[-1]
    if ledger is not None and (gone > 0.0).any():
        detail = (
            f"Shares not rated any more ({gone[gone > 0].min():.1%} to {gone.max():.1%} of a row) were taken out: "
            "they are taken to have moved as the others did."
        )
        ledger.add("dropped", where, detail, int((gone > 0.0).sum()))
    if ledger is not None and error > 1e-12:
        detail = f"Rows were scaled to sum to 1; the largest amount was {error:.1e}."
        ledger.add("rounded", where, detail, count)
    return TransitionMatrix(names, scaled, float(years), gone, error)


def matrix_from(
    frame: pd.DataFrame, years: int = 1, *, name: str = SHIPPED, ledger: Ledger | None = None
) -> TransitionMatrix:
    """Return the matrix of one horizon from a checked table.

    Parameters
    ----------
    frame : DataFrame
        Columns of :data:`greenrisk.issuer.credit.tables.RATING_TRANSITIONS`; the order in which ratings first stand in
        ``from_rating`` is their order, best first.
    years : int
        Which horizon [year].
    name : str
        What the table is called in messages.
    ledger : Ledger, optional
        As in :func:`transition_matrix`.

    Raises
    ------
    TableError
        With the row of every pair told twice, every rating that only one of the columns has, every row that does not
        sum to one, and a horizon that is not there.
    """
    rows, faults = file_rows(frame), Faults()
    at = np.flatnonzero((frame["years"] == years).to_numpy())
    if not at.size:
        known = ", ".join(str(y) for y in sorted(frame["years"].unique()))
        faults.add(name, f"years = {years}", f"This horizon is not in the table. It has {known}.", "year")
        faults.raise_if_any(TableError)
    part = frame.iloc[at]
    begins, ends = [str(r) for r in part["from_rating"]], [str(r) for r in part["to_rating"]]
    names = [*dict.fromkeys(r for r in begins if r != DEFAULT), DEFAULT]
    line = [f"{name}:{rows[int(k)]}" for k in at]
    seen: set[tuple[str, str]] = set()
    for k, move in enumerate(zip(begins, ends, strict=True)):
        if move in seen:
            faults.add(line[k], f"{move[0]} to {move[1]}", "This move is told twice. Leave one row out.")
        seen.add(move)
        if move[1] not in (*names, NOT_RATED):
            mend = (
                f"This rating has no row of its own.{did_you_mean(move[1], names)} Rows: {', '.join(names)}."
            )
            faults.add(line[k], f"to_rating = {move[1]}", mend)
        if move[0] == NOT_RATED:
            mend = "No rating can be left from NR: leave these rows out."
            faults.add(line[k], f"from_rating = {NOT_RATED}", mend)
    first = {rating: where for rating, where in reversed(list(zip(begins, line, strict=True)))}
    for rating, total in part.groupby(part["from_rating"].astype(str), sort=False)["share"].sum().items():
        told_once = begins.count(str(rating)) == len({move for move in seen if move[0] == rating})
        if rating != NOT_RATED and told_once and abs(total - 1.0) > ROW_TOLERANCE:
            mend = f"The moves from a rating must sum to 1 within {ROW_TOLERANCE:g}, NR included."
            faults.add(first[str(rating)], f"{rating} sums to {total:.4f}", mend, "1")
    faults.raise_if_any(TableError, "`greenrisk show table rating-transitions` lists its columns.")
    wide = part.pivot(index="from_rating", columns="to_rating", values="share")
    wide = wide.reindex(index=[n for n in names if n in wide.index], columns=[*names, NOT_RATED]).fillna(0.0)
    values = wide.to_numpy(dtype=np.float64)
    try:
        return transition_matrix(
            names, values[:, :-1], not_rated=values[:, -1], years=float(years), where=name, ledger=ledger
        )
    except ArgumentError as error:
        raise TableError(error.faults) from None


def shipped_matrix(years: int = 1, ledger: Ledger | None = None) -> TransitionMatrix:
    """Return S&P's average moves 1981-2016 over 1, 2, 3, 5, 7, 10, 15 or 20 years, AAA to CCC and D."""
    return matrix_from(credit_table(RATING_TRANSITIONS, None, ledger), years, ledger=ledger)


def own_matrix(path: str | Path, years: int = 1, ledger: Ledger | None = None) -> TransitionMatrix:
    """Return the matrix of a user's table; see :func:`matrix_from`."""
    frame = credit_table(RATING_TRANSITIONS, path, ledger)
    return matrix_from(frame, years, name=Path(path).name, ledger=ledger)
