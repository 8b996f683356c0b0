# SPDX-License-Identifier: Apache-2.0
"""Several indices together: what their years have in common, and what two triggers pay.

The rank correlation of the years in common is carried by a normal copula. It has no dependence in the far tails: two
indices that fail together more often than their common years say are not told apart by some decades of years.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import special, stats

from greenrisk.actuarial.dependence.elliptical import Gaussian
from greenrisk.actuarial.dependence.matrices import nearest_correlation
from greenrisk.core.errors import ArgumentError, Fault
from greenrisk.resource.index_cover.event_law import EventLaw
from greenrisk.resource.index_cover.law_shares import share_nodes
from greenrisk.resource.index_cover.laws import IndexLaw
from greenrisk.resource.index_cover.payout_spec import DoublePayout, SinglePayout
from greenrisk.resource.index_cover.series import Floats, Integers, YearIndex

FEWEST_COMMON: Final = 10
"""Least number of common years behind a correlation."""
_LEVELS: Final = (1e-12, 1.0 - 1e-12)


@dataclass(frozen=True, eq=False)
class IndexCopula:
    """Dependence of several indices.

    Parameters
    ----------
    names : tuple of str
        Names of the indices, in the order of the axes.
    rank_correlation : array, shape (index, index)
        Spearman's, of the years that each two have in common [unitless].
    correlation : array, shape (index, index)
        Of the normal scores, positive definite [unitless].
    years : array of int, shape (index, index)
        Years that each two have in common.
    """

    names: tuple[str, ...]
    rank_correlation: Floats
    correlation: Floats
    years: Integers

    def levels(self, uniforms: Floats) -> Floats:
        """Return dependent levels from independent ones.

        Parameters
        ----------
        uniforms : array, shape (..., index)
            Independent, in [0, 1) [unitless].

        Returns
        -------
        array, shape (..., index)
            Each uniform in (0, 1) [unitless]; the first index keeps its own.
        """
        root = np.linalg.cholesky(self.correlation)
        scores = special.ndtri(np.clip(uniforms, *_LEVELS)) @ root.T
        return np.asarray(np.clip(special.ndtr(scores), *_LEVELS))

    def between(self, first: str, second: str) -> float:
        """Return the correlation of the normal scores of two indices; 1 of an index with itself [unitless]."""
        place = {name: position for position, name in enumerate(self.names)}
        return 1.0 if first == second else float(self.correlation[place[first], place[second]])


def joint(indices: Mapping[str, YearIndex]) -> IndexCopula:
    """Return the dependence of indices over the years that they have in common.

    Parameters
    ----------
    indices : mapping of str to YearIndex
        By name, treated: what a trend shared by all makes of their years is no dependence. A year without an event
        counts as one below all events.

    Raises
    ------
    ArgumentError
        If two indices have fewer than 10 known years in common.

    Notes
    -----
    r = 2 sin(pi rho / 6) by pairs, then the nearest positive definite correlation matrix (Higham 2002). An index that
    does not vary has correlation 0 with the others.
    """
    names = tuple(indices)
    count = len(names)
    rank, years = np.eye(count), np.zeros((count, count), dtype=np.int64)
    for i, first in enumerate(names):
        for j in range(i, count):
            x, y = _common(indices[first], indices[names[j]])
            years[i, j] = years[j, i] = x.size
            if i == j:
                continue
            if x.size < FEWEST_COMMON:
                what = f"`{first}` and `{names[j]}` have {x.size} known years in common"
                mend = f"At least {FEWEST_COMMON} are needed for what they have in common."
                raise ArgumentError(Fault("indices", what, mend))
            if np.ptp(x) > 0.0 and np.ptp(y) > 0.0:
                rank[i, j] = rank[j, i] = float(stats.spearmanr(x, y).statistic)
    scores = 2.0 * np.sin(np.pi / 6.0 * rank)
    np.fill_diagonal(scores, 1.0)
    return IndexCopula(names, rank, nearest_correlation(scores) if count > 1 else scores, years)


def expected_double(
    payout: DoublePayout,
    first: IndexLaw | EventLaw,
    second: IndexLaw | EventLaw,
    correlation: float,
    low: float = 0.0,
    high: float = 1.0,
) -> float:
    """Return the expected share of a double trigger between two shares, without simulation.

    Parameters
    ----------
    payout : DoublePayout
        Two triggers.
    first, second : IndexLaw or EventLaw
        Laws of their indices; of one of events the year's largest counts.
    correlation : float
        Of the normal scores of the two indices, in [-1, 1]; 1 or -1: one is a function of the other [unitless].
    low, high : float
        Ends of the layer of shares: a deductible and a limit over the sum insured [unitless].

    Raises
    ------
    ArgumentError
        If the shares are multiplied and the layer is not the whole.

    Notes
    -----
    With S and T the shares: E min(S, T) is the integral of P(S > y, T > y), E S 1(T > 0) that of P(S > y, T > 0), and
    E S T that of P(S > y, T > z) over both, each a value of the normal copula.
    """
    one, other = payout.first, payout.second
    turned = correlation if one.pays == other.pays else -correlation
    if payout.combine == "product":
        if (low, high) != (0.0, 1.0):
            mend = "Where shares are multiplied a deductible or a limit is priced by simulation."
            raise ArgumentError(Fault("low", f"a layer from {low:g} to {high:g}", mend))
        y, weight_y = share_nodes((one,), 0.0, 1.0, _ends(first, one))
        z, weight_z = share_nodes((other,), 0.0, 1.0, _ends(second, other))
        grid = _both(
            first.chance_above(one, y)[:, np.newaxis], second.chance_above(other, z)[np.newaxis], turned
        )
        return float(weight_y @ grid @ weight_z)
    ends = [*_ends(first, one), *_ends(second, other)]
    y, weight = share_nodes((one, other) if payout.combine == "min" else (one,), low, high, ends)
    beside = y if payout.combine == "min" else np.zeros_like(y)
    return float(_both(first.chance_above(one, y), second.chance_above(other, beside), turned) @ weight)


def _ends(law: IndexLaw | EventLaw, payout: SinglePayout) -> list[float]:
    return law.ends(payout) if isinstance(law, IndexLaw) else []


def _both(a: Floats, b: Floats, correlation: float) -> Floats:
    """Return the chance of two things of given chances whose normal scores are correlated."""
    p, q = np.broadcast_arrays(a, b)
    if correlation >= 1.0:
        return np.asarray(np.minimum(p, q))
    if correlation <= -1.0:
        return np.asarray(np.maximum(p + q - 1.0, 0.0))
    copula = Gaussian(np.array([[1.0, correlation], [correlation, 1.0]]))
    return copula.cdf(np.stack([p, q], axis=-1))


def _common(first: YearIndex, second: YearIndex) -> tuple[Floats, Floats]:
    begin = max(int(first.year[0]), int(second.year[0]))
    end = min(int(first.year[-1]), int(second.year[-1])) + 1
    if end <= begin:
        return np.empty(0), np.empty(0)
    x, y = (
        _filled(index)[begin - int(index.year[0]) : end - int(index.year[0])] for index in (first, second)
    )
    known = ~(np.isnan(x) | np.isnan(y))
    return x[known], y[known]


def _filled(index: YearIndex) -> Floats:
    return np.where(np.isnan(index.value), -np.inf, index.value) if index.of_events else index.value
