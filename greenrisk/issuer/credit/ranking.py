# SPDX-License-Identifier: Apache-2.0
"""Issuers in order, and how far that order holds when the judged numbers are drawn anew.

References
----------
Kendall, M. G. (1945). The treatment of ties in ranking problems. Biometrika 33(3), 239-251: tau-b.
Spearman, C. (1904). The proof and measurement of association between two things.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import kendalltau, rankdata

from greenrisk.issuer.credit.domains import Floats, refuse


@dataclass(frozen=True)
class Ranking:
    """Order of the issuers in the base case and how stable it is over draws.

    Parameters
    ----------
    order : ndarray of int, (issuer,)
        Places of the issuers, worst first; issuers without an amount are last.
    rank : ndarray, (issuer,)
        Rank of each, 1 is worst; ties share their mean rank; NaN without an amount.
    rank_low, rank_high : ndarray, (issuer,)
        5 % and 95 % quantiles of its rank over the draws.
    kendall, spearman : ndarray, (draw,)
        Correlation of each draw's order with that of the base case [1]; NaN where all amounts of a draw are equal.
    top : int
        How many issuers count as the top.
    top_kept : ndarray, (draw,)
        Share of the base case's top that is in the draw's top [1].
    """

    order: NDArray[np.int64]
    rank: Floats
    rank_low: Floats
    rank_high: Floats
    kendall: Floats
    spearman: Floats
    top: int
    top_kept: Floats


@dataclass(frozen=True)
class Moves:
    """How the order of some draws differs from that of the base case, over issuers with an amount.

    Parameters
    ----------
    ranks : ndarray, (draw, issuer)
        Rank of each issuer in each draw, 1 is worst; ties share their mean rank.
    kendall, spearman, top_kept : ndarray, (draw,)
        As of :class:`Ranking`.
    """

    ranks: Floats
    kendall: Floats
    spearman: Floats
    top_kept: Floats


def moves_of(base: Floats, draws: Floats, top: int = 10) -> Moves:
    """Return how the order of draws differs from that of the base case; draws may come in pieces.

    Parameters
    ----------
    base : ndarray, (issuer,)
        Amounts in the base case, none missing.
    draws : ndarray, (draw, issuer)
        The same in each draw.
    top : int
        How many issuers count as the top; fewer if there are fewer.
    """
    base_rank, ranks = rankdata(-base), rankdata(-draws, axis=1)
    tau = np.array([kendalltau(base_rank, row).statistic for row in ranks])
    centred, moved = base_rank - base_rank.mean(), ranks - ranks.mean(axis=1, keepdims=True)
    with np.errstate(invalid="ignore"):
        rho = moved @ centred / np.sqrt((centred @ centred) * (moved**2).sum(axis=1))
    count = min(top, base.size)
    first = np.argsort(-base, kind="stable")[:count]
    kept = [np.isin(np.argsort(-row, kind="stable")[:count], first).mean() for row in draws]
    return Moves(ranks, tau, rho, np.asarray(kept, dtype=np.float64))


def rank_issuers(base: ArrayLike, draws: ArrayLike, top: int = 10) -> Ranking:
    """Return the order of issuers by an amount, the largest first, and how it holds over draws.

    Parameters
    ----------
    base : array_like, (issuer,)
        Amount of each issuer in the base case, such as its expected loss or its probability; NaN where there is none.
    draws : array_like, (draw, issuer)
        The same in each draw, with common random numbers.
    top : int
        How many issuers count as the top; fewer if there are fewer.

    Raises
    ------
    ArgumentError
        If shapes do not fit, fewer than two issuers have an amount, or one has it in some draws only.

    Notes
    -----
    Kendall's tau-b and Spearman's rho between base case and draw, over issuers with an amount. 1: the order never
    changes whatever the judged numbers; near 0: the order is the judgement.
    """
    a, d = np.asarray(base, dtype=np.float64), np.asarray(draws, dtype=np.float64)
    if a.ndim != 1 or d.ndim != 2 or d.shape[1] != a.size:
        raise refuse("draws", f"base {a.shape}, draws {d.shape}", "Expected (issuer,) and (draw, issuer).")
    known = ~np.isnan(a)
    if known.sum() < 2:
        raise refuse("base", f"{int(known.sum())} issuers with an amount", "An order needs two or more.")
    if np.isnan(d[:, known]).any():
        raise refuse(
            "draws", "amounts missing in some draws", "An issuer has an amount in all draws or in none."
        )
    x, y = a[known], d[:, known]
    base_rank, found = rankdata(-x), moves_of(x, y, top)
    count, ranks = min(top, x.size), found.ranks
    out = {name: np.full(a.size, np.nan) for name in ("rank", "low", "high")}
    out["rank"][known] = base_rank
    low, high = np.quantile(ranks, [0.05, 0.95], axis=0) if len(y) else (base_rank, base_rank)
    out["low"][known], out["high"][known] = low, high
    order = np.argsort(np.where(known, -a, np.inf), kind="stable")
    return Ranking(
        order, out["rank"], out["low"], out["high"], found.kendall, found.spearman, count, found.top_kept
    )
