# SPDX-License-Identifier: Apache-2.0
"""Altman's scores: Z for traded manufacturers, Z' for private ones, Z'' for all others, EM for emerging markets.

A score is no probability: it orders firms and puts them in three zones. What lives here: ratios, scores, zones, and the
rating that stands beside an EM score. Which statement lines they come from is said in
:mod:`greenrisk.issuer.credit.lenses`.

References
----------
Altman, E. I. (1968). Financial ratios, discriminant analysis and the prediction of corporate bankruptcy. Journal of
Finance 23(4), 589-609. doi:10.1111/j.1540-6261.1968.tb00843.x. Equation (I), with 0.999 for sales over assets.
Altman, E. I. (1983). Corporate Financial Distress. Wiley. Z'.
Altman, E. I. (2005). An emerging market credit scoring system for corporate bonds. Emerging Markets Review 6(4),
311-323. doi:10.1016/j.ememar.2005.09.007. Z'', EM = Z'' + 3.25 and its ratings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike

from greenrisk.core.errors import Faults, TableError
from greenrisk.core.ledger import Ledger
from greenrisk.core.tables import file_rows
from greenrisk.issuer.credit.domains import MISSING, MONEY, Domain, Floats, Ranks, checked
from greenrisk.issuer.credit.tables import ALTMAN_EM_RATINGS, ALTMAN_SCORES, SCORE_TERMS, credit_table

DISTRESS: Final = 0
GREY: Final = 1
SAFE: Final = 2
ZONES: Final = ("distress", "grey", "safe")
"""Names of the zones by number."""

RATIOS: Final = SCORE_TERMS[1:6]
"""Names of X1 to X5."""

_ASSETS: Final = Domain(0.0, np.inf, "money, > 0", open_low=True)
_LIABILITIES: Final = Domain(0.0, np.inf, "money, >= 0")


@dataclass(frozen=True)
class ScoreRule:
    """One of Altman's scores.

    Parameters
    ----------
    name : str
        Z, Z_private, Z_nonmanufacturing or EM.
    equity : str
        Whether X4 takes the market or the book value of the equity.
    constant : float
        What is added [1].
    coefficients : mapping of str to float
        By the names of :data:`RATIOS`; 0 where the score does not take a ratio [1].
    distress_below, safe_above : float
        Bounds of the zones [1].
    status : str
        Status of its weakest row.
    """

    name: str
    equity: Literal["market", "book"]
    constant: float
    coefficients: Mapping[str, float]
    distress_below: float
    safe_above: float
    status: str

    def needs(self) -> tuple[str, ...]:
        """Return the ratios that the score takes."""
        return tuple(name for name in RATIOS if self.coefficients[name] != 0.0)


def score_rules(
    own: str | Path | None = None, ledger: Ledger | None = None, *, sales_coefficient: float | None = None
) -> dict[str, ScoreRule]:
    """Return the scores by name: of the shipped table or of the user's.

    Parameters
    ----------
    own : str or Path, optional
        The user's table, with the columns of :data:`greenrisk.issuer.credit.tables.ALTMAN_SCORES`.
    ledger : Ledger, optional
        Told which rows are not confirmed.
    sales_coefficient : float, optional
        Coefficient of sales over assets in Z [1]: 1.0 in the table, 0.999 in the paper of 1968.

    Raises
    ------
    TableError
        If a term of a score is told twice or both equities are told for one score.
    """
    frame, faults = credit_table(ALTMAN_SCORES, own, ledger), Faults()
    name, rows = Path(own).name if own else "altman_scores.csv", file_rows(frame)
    for at in map(int, np.flatnonzero(frame.duplicated(["score", "term"]).to_numpy())):
        what = f"{frame['score'].iat[at]}, {frame['term'].iat[at]}"
        faults.add(f"{name}:{rows[at]}", what, "This term is told twice. Leave one row out.")
    rules = {}
    for score, part in frame.groupby("score", sort=False):
        if part["equity"].nunique() > 1:
            where = f"{name}:{rows[int(np.flatnonzero((frame['score'] == score).to_numpy())[0])]}"
            faults.add(where, f"equity of {score}", "One score takes one equity: market or book.")
        terms = dict(zip(part["term"], part["value"], strict=True))
        for bound in ("distress_below", "safe_above"):
            if bound not in terms:
                faults.add(name, f"{score}: no {bound}", f"A score needs the row `{bound}`.")
        if len(faults):
            continue
        weak = part.loc[part["status"] != "confirmed", "status"]
        rules[str(score)] = ScoreRule(
            name=str(score),
            equity="market" if part["equity"].iat[0] == "market" else "book",
            constant=float(terms.get("constant", 0.0)),
            coefficients={ratio: float(terms.get(ratio, 0.0)) for ratio in RATIOS},
            distress_below=float(terms["distress_below"]),
            safe_above=float(terms["safe_above"]),
            status=str(weak.iat[0]) if len(weak) else "confirmed",
        )
    faults.raise_if_any(TableError, "`greenrisk show table altman-scores` lists its columns.")
    if sales_coefficient is not None and "Z" in rules:
        moved = {**rules["Z"].coefficients, "sales_to_assets": float(sales_coefficient)}
        rules["Z"] = replace(rules["Z"], coefficients=moved)
    return rules


def score_ratios(
    *,
    current_assets: ArrayLike = np.nan,
    current_liabilities: ArrayLike = np.nan,
    retained_earnings: ArrayLike = np.nan,
    ebit: ArrayLike = np.nan,
    equity: ArrayLike = np.nan,
    liabilities: ArrayLike = np.nan,
    sales: ArrayLike = np.nan,
    assets: ArrayLike,
) -> dict[str, Floats]:
    """Return X1 to X5 by the names of :data:`RATIOS`.

    Parameters
    ----------
    current_assets, current_liabilities, retained_earnings, ebit, sales : array_like
        Lines of the statement [money]; NaN where not known.
    equity : array_like
        Market or book value of the equity, as the score asks; may be negative [money].
    liabilities : array_like
        Total liabilities [money, >= 0]; at 0 X4 is endless, with the sign of the equity.
    assets : array_like
        Total assets [money, > 0].

    Returns
    -------
    dict of str to ndarray
        Each of the broadcast shape of its own lines; NaN where one of them is NaN [1].

    Raises
    ------
    ArgumentError
        If assets are not above 0, liabilities are negative or a number is endless.
    """
    ca, cl, re, e, eq, tl, s, ta = checked(
        current_assets=(current_assets, MONEY),
        current_liabilities=(current_liabilities, MONEY),
        retained_earnings=(retained_earnings, MONEY),
        ebit=(ebit, MONEY),
        equity=(equity, MONEY),
        liabilities=(liabilities, _LIABILITIES),
        sales=(sales, MONEY),
        assets=(assets, _ASSETS),
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        return dict(zip(RATIOS, ((ca - cl) / ta, re / ta, e / ta, eq / tl, s / ta), strict=True))


def altman_score(rule: ScoreRule, ratios: Mapping[str, ArrayLike]) -> Floats:
    """Return the score of each firm [1].

    Parameters
    ----------
    rule : ScoreRule
        Which score.
    ratios : mapping of str to array_like
        By the names of :data:`RATIOS`, as of :func:`score_ratios`; those that the rule does not take are not asked.

    Returns
    -------
    ndarray
        NaN where a ratio that the score takes is NaN or not given.

    Notes
    -----
    score = constant + sum of coefficient times ratio.

    Examples
    --------
    >>> z = score_rules()["Z"]
    >>> x = dict(zip(RATIOS, (0.414, 0.355, 0.153, 2.477, 1.9)))
    >>> round(float(altman_score(z, x)), 3)
    4.885
    """
    total: Floats = np.asarray(rule.constant, dtype=np.float64)
    for name in rule.needs():
        total = total + rule.coefficients[name] * np.asarray(ratios.get(name, np.nan), dtype=np.float64)
    return total


def altman_zone(rule: ScoreRule, score: ArrayLike) -> Ranks:
    """Return the zone of each score: a number of :data:`ZONES`, or -1 where the score is missing.

    A score on a bound is grey.
    """
    x = np.asarray(score, dtype=np.float64)
    zone = np.where(x < rule.distress_below, DISTRESS, np.where(x > rule.safe_above, SAFE, GREY))
    out: Ranks = np.where(np.isnan(x), MISSING, zone).astype(np.int8)
    return out


@dataclass(frozen=True)
class Bands:
    """Ratings by bounds of a number, best first.

    Parameters
    ----------
    ratings : tuple of str
        Names.
    above : ndarray, (rating,)
        The number must lie above; the last is -inf.
    """

    ratings: tuple[str, ...]
    above: Floats

    def of(self, value: ArrayLike) -> Ranks:
        """Return the place of each value's rating in ``ratings``; -1 where it is NaN."""
        x = np.asarray(value, dtype=np.float64)
        # Falling bounds, reversed to rise: how many bounds lie strictly below the value.
        below = np.searchsorted(self.above[::-1], x, side="left")
        place = np.clip(len(self.ratings) - below, 0, len(self.ratings) - 1)
        out: Ranks = np.where(np.isnan(x), MISSING, place).astype(np.int8)
        return out


def bands_of(ratings: list[str], above: Floats, where: str) -> Bands:
    """Return bands, or refuse bounds that do not fall or an end that is not open.

    Raises
    ------
    TableError
        With the first rating out of order.
    """
    bounds = np.where(np.isnan(above), -np.inf, above)
    faults = Faults()
    steps = np.flatnonzero(~(bounds[1:] < bounds[:-1]))
    if steps.size:
        at = int(steps[0]) + 1
        what = f"{ratings[at]} after {ratings[at - 1]}"
        faults.add(where, what, "Bounds must fall from the best rating to the worst; only the last has none.")
    if bounds.size and np.isfinite(bounds[-1]):
        faults.add(
            where, f"{ratings[-1]} above {bounds[-1]:g}", "The worst rating has no bound: leave it empty."
        )
    faults.raise_if_any(TableError)
    return Bands(tuple(ratings), bounds)


def em_bands(own: str | Path | None = None, ledger: Ledger | None = None) -> Bands:
    """Return the ratings that stand beside bounds of the EM score."""
    frame = credit_table(ALTMAN_EM_RATINGS, own, ledger)
    name = Path(own).name if own else "altman_em_ratings.csv"
    return bands_of(list(frame["rating"]), frame["score_above"].to_numpy(dtype=np.float64), name)
