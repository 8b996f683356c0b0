# SPDX-License-Identifier: Apache-2.0
"""The sum of two independent years' losses that are already laws: regridded onto one step, then one transform."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greenrisk.actuarial.aggregate import jumps, transform
from greenrisk.actuarial.aggregate.annual import AnnualLaw, greatest_change
from greenrisk.actuarial.aggregate.discretise import RESOLVED, atoms_around, atoms_on_nodes, common_step
from greenrisk.actuarial.aggregate.grid_law import GHOSTS, GridLaw, from_weights
from greenrisk.actuarial.aggregate.results import Moments, NumericalError, smoothing
from greenrisk.actuarial.aggregate.tail import Source, Tail
from greenrisk.actuarial.aggregate.transform import Factor

if TYPE_CHECKING:
    from greenrisk.actuarial.aggregate.loss import AggregateLoss

Floats = NDArray[np.float64]

_SUMMANDS = 2.0
_MOST_CELLS = 2**21
_FAR_CELLS = 2**12
_SEEN = 1e-12


def convolve(left: AggregateLoss, right: AggregateLoss) -> AggregateLoss:
    """Return the law of the sum of two independent laws.

    Parameters
    ----------
    left, right : AggregateLoss
        Independent.

    Returns
    -------
    AggregateLoss
        On the coarser of the two steps, or the next smaller one that keeps the atoms of both on nodes; where there is
        none, atoms are followed one by one. Its errors are those of both and of its own doubled grid.

    Notes
    -----
    Each law is brought onto the common step by local moments of its exact limited expected values, which keeps its
    mean in every cell.
    """
    from greenrisk.actuarial.aggregate.loss import AggregateLoss

    step, cells = _grid(left, right)
    views: list[AnnualLaw] = []
    lost_to_atoms = []
    for pair, width, count, far in (
        ((left.fine, right.fine), step, cells, _FAR_CELLS),
        ((left.coarse or left.fine, right.coarse or right.fine), 2 * step, (cells + 1) // 2, _FAR_CELLS // 2),
    ):
        law, lost = _sum(*pair, width, count, transform.WINDOW)
        lost_to_atoms.append(lost)
        sources = tuple(Source(1.0, _OneYear(part)) for part in pair)
        views.append(AnnualLaw(law, Tail(law, Longer(*pair), far, sources, left.mean() + right.mean())))
    view, coarse = views
    unaligned, blur = lost_to_atoms[0]
    rounding = left.error.rounding + right.error.rounding + transform.WINDOW.rounding(_SUMMANDS)
    error = NumericalError(
        doubled_grid=greatest_change(view, coarse, rounding),
        aliasing=left.error.aliasing
        + right.error.aliasing
        + transform.WINDOW.aliasing(view.tail.survival_at_top),
        rounding=rounding,
        tail_mass=view.tail.survival_at_top,
        negative_mass=left.error.negative_mass + right.error.negative_mass + view.law.negative_mass(),
        replaced_cells=left.error.replaced_cells + right.error.replaced_cells,
        unaligned=left.error.unaligned + right.error.unaligned + unaligned,
        smoothing=left.error.smoothing + right.error.smoothing + smoothing(unaligned, step),
        blur=left.error.blur + right.error.blur + blur,
        converged=left.error.converged and right.error.converged and unaligned <= _SEEN,
        step=step,
        size=cells,
    )
    return AggregateLoss(
        fine=view,
        coarse=coarse,
        error=error,
        compounds=(*left.compounds, *right.compounds),
        terms=left.terms,
        summands=(left, right),
        exact=_moments(left, right),
        before_terms=_moments(left, right),
    )


@dataclass(frozen=True)
class Longer:
    """Makes the law of the sum on longer grids, for its tail.

    Parameters
    ----------
    left, right : AnnualLaw
        Independent.
    """

    left: AnnualLaw
    right: AnnualLaw

    def __call__(self, step: float, cells: int) -> GridLaw:
        """Return the law on so many cells of a width."""
        return _sum(self.left, self.right, step, cells, transform.FAR_WINDOW)[0]


@dataclass(frozen=True)
class _OneYear:
    """A summand as one loss."""

    law: AnnualLaw

    def sf(self, x: ArrayLike) -> Floats:
        """Return P(T > x)."""
        return 1.0 - self.law.cdf(x)

    def limited_expected_value(self, limit: ArrayLike) -> Floats:
        """Return E[min(T, limit)]."""
        return self.law.limited_expected_value(limit)

    def mean(self) -> float:
        """Return E[T]."""
        return self.law.mean()


def _grid(left: AggregateLoss, right: AggregateLoss) -> tuple[float, int]:
    """Step and number of cells of the sum."""
    top = float(left.values[-1] + right.values[-1])
    widest = max(left.step, right.step)
    points = np.concatenate([loss.atoms().points for loss in (left, right)])
    points = np.unique(points[points > 0.0])
    shared = common_step(points, max(top / _MOST_CELLS, widest / 64)) if points.size else None
    if shared is None:
        step = max(widest, top / _MOST_CELLS)
    else:
        step = shared / 2.0 ** max(math.ceil(math.log2(shared / widest)), 0)
    return step, max(math.ceil(top / step * (1 - 1e-12)), 1)


def _identity(z: Any) -> Any:
    return z


def _sum(
    left: AnnualLaw, right: AnnualLaw, step: float, cells: int, window: transform.Window
) -> tuple[GridLaw, tuple[float, float]]:
    nodes = cells + GHOSTS
    losses = [jumps.Losses(_identity, 1.0, law.atoms()) for law in (left, right)]
    smoothed = jumps.between_nodes(losses, step)
    found = jumps.follow(losses, step) if smoothed > 0.0 else None
    if found is None:
        apart, blur = [atoms_on_nodes(part.atoms, step, nodes) for part in losses], 0.0
    else:
        apart = [atoms_around(atoms, step, nodes)[0] for atoms in found.of_losses]
        smoothed, blur = found.smoothed, found.blur
    factors = [_factor(*one, step) for one in zip((left, right), apart, strict=True)]
    made = transform.continuous_weights(factors, nodes, window).weights
    if found is None:
        law = from_weights(step, made, transform.atom_weights(factors, cells + 1))
    else:
        law = from_weights(step, made, *jumps.on_grid(found.of_sum, step, cells))
    return law, (smoothed, blur)


def _factor(law: AnnualLaw, apart: Floats, step: float) -> Factor:
    limited = law.limited_expected_value(step * np.arange(apart.size + 1.0))
    survival = np.diff(limited) / step
    return Factor(_identity, -np.diff(survival, prepend=1.0) - apart, apart, RESOLVED)


def _moments(left: AggregateLoss, right: AggregateLoss) -> Moments | None:
    if left.exact is None or right.exact is None:
        return None
    mean = left.exact.mean + right.exact.mean
    deviations = left.exact.standard_deviation, right.exact.standard_deviation
    variance = deviations[0] ** 2 + deviations[1] ** 2
    if not math.isfinite(variance):
        return Moments(mean, math.inf, math.inf)
    third = sum(
        skew * d**3
        for skew, d in zip((left.exact.skewness, right.exact.skewness), deviations, strict=True)
        if d > 0.0
    )
    return Moments(mean, math.sqrt(variance), third / variance**1.5 if variance > 0.0 else math.nan)
