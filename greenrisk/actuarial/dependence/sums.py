# SPDX-License-Identifier: Apache-2.0
"""The year's sum over lines whose own laws are known and which a copula makes dependent: by simulation only."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from greenrisk.actuarial.aggregate.loss import AggregateLoss
from greenrisk.actuarial.aggregate.tally import SimulatedLoss, Tally
from greenrisk.actuarial.arguments import every, number, whole_number
from greenrisk.actuarial.dependence.copula import Copula
from greenrisk.actuarial.kinds import instance, instances
from greenrisk.actuarial.severity.law import Severity
from greenrisk.core.errors import ArgumentError, Fault
from greenrisk.core.streams import stream

Floats = NDArray[np.float64]

Marginal: TypeAlias = Severity | AggregateLoss
"""The law of one line's year: a computed aggregate law, or any law with a quantile function (``Empirical``, say)."""

_LAW = "The law of a year was expected: an AggregateLoss (of a CompoundDistribution .aggregate()), or Empirical(years)."
_BLOCK = 1 << 14
_MOST_LEVELS = 1 << 18
_BEYOND = np.exp2(np.arange(1, 241) / 4.0)
"""Nodes beyond the top of a grid, as multiples of it: four an octave."""


def dependent_losses(
    marginals: Sequence[Marginal], copula: Copula, size: int, rng: int | np.random.Generator
) -> Floats:
    """Return random years of several dependent lines.

    Parameters
    ----------
    marginals : sequence of Severity or AggregateLoss, shape (line,)
        Law of each line's year.
    copula : Copula
        Of as many lines.
    size : int
        How many years, >= 0 [year].
    rng : int or numpy.random.Generator
        Source of the draws, or its seed, >= 0.

    Returns
    -------
    array, shape (size, line)
        In the unit of the losses.

    Raises
    ------
    ArgumentError
        If there are not as many laws as the copula has lines.
    """
    quantiles = _quantiles(marginals, copula)
    years = whole_number("size", size, "year")
    if not isinstance(rng, np.random.Generator):
        rng = np.random.default_rng(whole_number("rng", rng, "unitless"))
    return _losses(quantiles, copula.rvs(years, rng))


def simulate_sum(
    marginals: Sequence[Marginal],
    copula: Copula,
    years: int,
    seed: int | np.random.Generator,
    *,
    annual_limit: float = math.inf,
    annual_attachment: float = 0.0,
) -> SimulatedLoss:
    """Simulate the sum of dependent lines, min(max(S - annual_attachment, 0), annual_limit).

    Parameters
    ----------
    marginals, copula
        As in :func:`dependent_losses`.
    years : int
        How many years, >= 1 [year]. Memory does not grow with them.
    seed : int or numpy.random.Generator
        The seed, >= 0; of a generator one number is taken as the seed.
    annual_limit : float
        Most that is paid for a year, > 0, in the unit of the loss; inf: no limit.
    annual_attachment : float
        What the year's sum must exceed, >= 0, same unit.

    Returns
    -------
    SimulatedLoss

    Raises
    ------
    ArgumentError
        If an argument lies outside its domain, or a mean is infinite and no annual limit is set.

    Notes
    -----
    An aggregate law is inverted by straight lines between the nodes of its grid, atoms kept, and beyond its top, where
    it rests on the estimate of its tail, by power laws between nodes that are a quarter of an octave apart.
    """
    every(
        lambda: whole_number("years", years, "year"),
        lambda: number("years", years, least=1.0, unit="year"),
        lambda: None if isinstance(seed, np.random.Generator) else whole_number("seed", seed, "unitless"),
        lambda: number("annual_limit", annual_limit, above=0.0, infinite=True, unit="unit of the loss"),
        lambda: number("annual_attachment", annual_attachment, least=0.0, unit="unit of the loss"),
    )
    annual_limit, annual_attachment = float(annual_limit), float(annual_attachment)
    quantiles = _quantiles(marginals, copula)
    scale = min(math.fsum(marginal.mean() for marginal in marginals), annual_limit)
    if not math.isfinite(scale):
        mend = "The mean of a line is infinite: cap it by .layer(limit), or set annual_limit."
        raise ArgumentError(Fault("marginals", f"mean of the sum = {scale:g}", mend))
    key = int(seed.integers(1 << 63)) if isinstance(seed, np.random.Generator) else int(seed)
    points = np.array([0.0, annual_limit] if math.isfinite(annual_limit) else [0.0])
    tally = Tally(scale if scale > 0.0 else 1.0, annual_limit, points)
    for block, size in enumerate(_sizes(int(years), copula.dimension)):
        levels = copula.rvs(size, stream(key, "dependence", block=block))
        total = _losses(quantiles, levels).sum(axis=1)
        tally.add(np.clip(total - annual_attachment, 0.0, annual_limit))
    return tally.result()


def _sizes(years: int, lines: int) -> Iterator[int]:
    length = max(min(_BLOCK, _MOST_LEVELS // lines), 1)
    return (min(length, years - first) for first in range(0, years, length))


def _losses(quantiles: list[Callable[[Floats], Floats]], levels: Floats) -> Floats:
    columns = [quantile(levels[:, i]) for i, quantile in enumerate(quantiles)]
    return np.column_stack(columns)


def _quantiles(marginals: Sequence[Marginal], copula: Copula) -> list[Callable[[Floats], Floats]]:
    instance("copula", copula, Copula)
    marginals = instances("marginals", marginals, Severity | AggregateLoss, mend=_LAW)
    if len(marginals) != copula.dimension:
        mend = f"One law for each of the {copula.dimension} lines of the copula was expected."
        raise ArgumentError(Fault("marginals", f"marginals holds {len(marginals)}", mend))
    return [marginal.ppf if isinstance(marginal, Severity) else _inverse(marginal) for marginal in marginals]


def _inverse(loss: AggregateLoss) -> Callable[[Floats], Floats]:
    """Return the quantile function off a table that is made once."""
    atoms = loss.atoms()
    top = float(loss.values[-1])
    bounded = math.isfinite(loss.annual_limit) and top >= loss.annual_limit * (1.0 - 1e-12)
    grid = np.union1d(loss.values, atoms.points)
    x = grid if bounded else np.concatenate([grid, grid[-1] * _BEYOND])
    survival = np.minimum.accumulate(np.maximum(loss.sf(x), 0.0))
    if bounded:
        survival[-1] = 0.0
    mass = np.zeros(x.size)
    mass[np.searchsorted(x, atoms.points)] = atoms.probabilities
    reached = 1.0 - survival
    last = int(np.argmin(survival))
    x, survival, mass, reached = (column[: last + 1] for column in (x, survival, mass, reached))

    def quantile(level: Floats) -> Floats:
        node = np.minimum(np.searchsorted(reached, level, side="left"), last)
        low = np.maximum(node - 1, 0)
        before = np.maximum(reached[node] - mass[node], reached[low])
        with np.errstate(divide="ignore", invalid="ignore"):
            share = np.clip((level - reached[low]) / (before - reached[low]), 0.0, 1.0)
            line = x[low] + share * (x[node] - x[low])
            slope = np.log(x[node] / x[low]) / np.log(survival[node] / survival[low])
            power = x[low] * np.exp(slope * np.log((1.0 - level) / survival[low]))
        inner = np.where((low >= grid.size - 1) & np.isfinite(power), power, line)
        inner = np.where(before > reached[low], inner, x[node])
        return np.where((level > before) | (node == 0), x[node], np.minimum(inner, x[node]))

    return quantile
