# SPDX-License-Identifier: Apache-2.0
"""The sum of two independent years' losses that are already laws: regridded onto one step, then one transform."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from greenrisk.actuarial.aggregate import transform
from greenrisk.actuarial.aggregate.annual import AnnualLaw, greatest_change
from greenrisk.actuarial.aggregate.compound import law_of
from greenrisk.actuarial.aggregate.discretise import RESOLVED, atoms_on_nodes, common_step, off_nodes
from greenrisk.actuarial.aggregate.grid_law import GHOSTS, GridLaw, from_weights
from greenrisk.actuarial.aggregate.results import Moments, NumericalError
from greenrisk.actuarial.aggregate.tail import Source, tail_of
from greenrisk.actuarial.aggregate.transform import Factor

if TYPE_CHECKING:
    from greenrisk.actuarial.aggregate.loss import AggregateLoss

Floats = NDArray[np.float64]

_COMPLETE = 1e-12
_MOST_CELLS = 2**21


def convolve(left: AggregateLoss, right: AggregateLoss) -> AggregateLoss:
    """Return the law of the sum of two independent laws.

    Parameters
    ----------
    left, right : AggregateLoss
        Independent.

    Returns
    -------
    AggregateLoss
        On the coarser of the two steps, or the next smaller one that keeps the atoms of both on nodes; its errors are
        those of both and of its own doubled grid.

    Notes
    -----
    Each law is brought onto the common step by local moments of its exact limited expected values, which keeps its
    mean in every cell. A law that goes on beyond its grid is made anew on a grid as long as that of the sum.
    """
    from greenrisk.actuarial.aggregate.loss import AggregateLoss

    reach = sum(float(loss.values[-1]) for loss in (left, right))
    left, right = extended(left, reach), extended(right, reach)
    step, top = _grid(left, right)
    cells = math.ceil(top / step * (1 - 1e-12))
    mean = left.mean() + right.mean()
    sources = (Source(1.0, left), Source(1.0, right))
    fine, negative, unaligned = _sum(left.fine, right.fine, step, cells)
    view = AnnualLaw(fine, tail_of(fine, sources, mean))
    half = max(math.ceil(cells / 2), 1)
    rough, _, _ = _sum(left.coarse or left.fine, right.coarse or right.fine, 2 * step, half)
    coarse = AnnualLaw(rough, tail_of(rough, sources, mean))
    rounding = left.error.rounding + right.error.rounding + transform.WINDOW.rounding()
    error = NumericalError(
        doubled_grid=greatest_change(view, coarse, rounding),
        aliasing=left.error.aliasing
        + right.error.aliasing
        + transform.WINDOW.aliasing(view.tail.survival_at_top),
        rounding=rounding,
        tail_mass=view.tail.survival_at_top,
        negative_mass=left.error.negative_mass + right.error.negative_mass + negative,
        replaced_cells=left.error.replaced_cells + right.error.replaced_cells,
        unaligned=left.error.unaligned + right.error.unaligned + unaligned,
        converged=left.error.converged and right.error.converged,
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


def extended(loss: AggregateLoss, reach: float) -> AggregateLoss:
    """Return the same law on a grid that holds it up to an amount, itself where it does already.

    Parameters
    ----------
    loss : AggregateLoss
        The law.
    reach : float
        Amount after annual terms, in the unit of the loss.
    """
    top = float(loss.values[-1])
    if top >= min(reach, loss.annual_limit) or float(loss.sf(top)) <= _COMPLETE:
        return loss
    before = reach + loss.annual_attachment
    if loss.summands:
        first, second = loss.summands
        longer = convolve(extended(first, before), extended(second, before))
    else:
        terms = loss.terms._replace(attachment=0.0, limit=math.inf)
        longer = law_of(loss.compounds, terms, reach=before)
    return longer.layer(loss.annual_limit, loss.annual_attachment)


def _grid(left: AggregateLoss, right: AggregateLoss) -> tuple[float, float]:
    """Step and top of the sum."""
    tops = [float(loss.values[-1]) for loss in (left, right)]
    complete = [float(loss.sf(top)) <= _COMPLETE for loss, top in zip((left, right), tops, strict=True)]
    ends = [t for t, whole in zip(tops, complete, strict=True) if not whole]
    top = min(ends) if ends else sum(tops)
    widest = max(left.step, right.step)
    points = np.concatenate([loss.atoms().points for loss in (left, right)])
    points = np.unique(points[points > 0.0])
    smallest = max(top / _MOST_CELLS, widest / 64)
    shared = common_step(points, smallest) if points.size else None
    if shared is None:
        return max(widest, top / _MOST_CELLS), top
    halvings = max(math.ceil(math.log2(shared / widest)), 0)
    return shared / 2.0**halvings, top


def _sum(left: AnnualLaw, right: AnnualLaw, step: float, cells: int) -> tuple[GridLaw, float, float]:
    pairs = [_weights(law, step, cells + GHOSTS) for law in (left, right)]
    factors = [factor for factor, _ in pairs]
    made = transform.continuous_weights(factors, cells + GHOSTS).weights
    atoms = transform.atom_weights(factors, cells + 1)
    negative = float(-made[made < 0.0].sum())
    return from_weights(step, made, atoms), negative, sum(loose for _, loose in pairs)


def _weights(law: AnnualLaw, step: float, nodes: int) -> tuple[Factor, float]:
    limited = law.limited_expected_value(step * np.arange(nodes + 1.0))
    survival = np.diff(limited) / step
    weights = -np.diff(survival, prepend=1.0)
    points = law.atoms()
    atoms = atoms_on_nodes(points, step, nodes)
    return Factor(lambda z: z, weights - atoms, atoms, RESOLVED), off_nodes(points, step)


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
