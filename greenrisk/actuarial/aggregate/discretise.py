# SPDX-License-Identifier: Apache-2.0
"""From the exact law of one loss to weights on the nodes: local moments, roundings, atoms kept apart.

The layer is applied to the exact severity before anything is differenced. Nothing here of the number of losses.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from greenrisk.actuarial.severity.law import Atoms, Severity

Floats = NDArray[np.float64]

NEGATIVE = -1e-12
"""A weight below this is noise of the limited expected values, not rounding."""

RESOLVED = 1.0 / 12.0
"""The spread of losses that lie anywhere in their cell, half the variance h^2 / 6 of a hat function."""

_MOST_SPREAD = 1.0 / 8.0
_NO_MASS = 1e-12
_TOO_FINE = 1e9
_ROUNDS = 100

ON_NODE = 1e-12
"""How near, relative to its own size, a point must be to a node to be that node."""


@dataclass(frozen=True)
class Weights:
    """Weights of one loss at the nodes 0, step, 2 step, ...

    Parameters
    ----------
    limited : array, shape (cell + 1,)
        E[min(X, node)], kept for the grid of half the step, in the unit of the loss.
    continuous : array, shape (cell,)
        Local-moment weights of what has no node of its own [unitless].
    atoms : array, shape (cell,)
        Probabilities of the nodes themselves, and of atoms that are followed apart from the grid: each of these is
        shared by the two nodes around it, which keeps its mean [unitless].
    spread : float
        Half the variance that the weights add to a loss of the continuous part, over the squared step [unitless].
    replaced : int
        Cells taken from the survival function, because their limited expected values were too noisy.
    """

    limited: Floats
    continuous: Floats
    atoms: Floats
    spread: float
    replaced: int


def local_moments(
    severity: Severity,
    step: float,
    cells: int,
    coarser: Floats | None = None,
    atoms: Atoms | None = None,
    followed: Atoms | None = None,
) -> Weights:
    """Return the weights that keep the mean of the loss inside every cell.

    Parameters
    ----------
    severity : Severity
        Law of one loss.
    step : float
        Distance of the nodes, > 0, in the unit of the loss.
    cells : int
        Number of cells; what lies beyond the last node is cut off, which leaves all below it exact.
    coarser : array, shape (>= cells / 2 + 1,), optional
        E[min(X, node)] at every second node, where a grid of twice the step knows them already.
    atoms : Atoms, optional
        ``severity.atoms()``, where it is known already.
    followed : Atoms, optional
        Those that are kept apart wherever they lie; None: those on nodes.

    Notes
    -----
    With L_k = E[min(X, k h)], f_0 = 1 - (L_1 - L_0)/h and f_k = (2 L_k - L_{k-1} - L_{k+1})/h: the expectation of the
    hat function of node k. Written by the mean of the survival function over the cells, s_k = (L_{k+1} - L_k)/h:
    f_k = s_{k-1} - s_k with s_{-1} = 1. Where s rises by more than 1e-12, the closed form is too noisy there and the
    cell is integrated from the survival function (Gauss-Legendre, 8 points).

    References
    ----------
    Gerber, H. U. (1982), On the numerical evaluation of the distribution of aggregate claims and its stop-loss
    premiums, Insurance: Mathematics and Economics 1, 13-18. Klugman, S. A., Panjer, H. H. and Willmot, G. E. (2012),
    Loss Models, 4th ed., section 9.6 (method of local moment matching).
    """
    points = severity.atoms() if atoms is None else atoms
    limited = _limited(severity, step, cells, coarser, greatest_loss(severity, points))
    survival = np.diff(limited) / step
    replaced = _without_noise(severity, step, survival)
    weights = -np.diff(survival, prepend=1.0)
    if followed is None:
        apart, spread_already = atoms_on_nodes(points, step, cells), 0.0
    else:
        apart, spread_already = atoms_around(followed, step, cells)
    continuous = weights - apart
    spread = _spread(severity, step, survival, float(continuous.sum()), spread_already)
    return Weights(limited, continuous, apart, spread, replaced)


def rounded(severity: Severity, step: float, cells: int, *, up: bool) -> Floats:
    """Return the probabilities of the loss rounded to the next node below or above.

    Parameters
    ----------
    severity : Severity
        Law of one loss.
    step : float
        Distance of the nodes, > 0, in the unit of the loss.
    cells : int
        Number of cells.
    up : bool
        Whether to round up.

    Returns
    -------
    array, shape (cells + 1,)
        [unitless]; an atom on a node stays there.
    """
    nodes = step * np.arange(cells + 1)
    atoms = severity.atoms()
    on_nodes = atoms_on_nodes(atoms, step, cells + 1)
    place, near = _places(atoms.points, step)
    beyond = float(atoms.probabilities[near & (place > cells)].sum())
    above = severity.sf(nodes) - beyond - (on_nodes.sum() - np.cumsum(on_nodes))
    inside = np.maximum(above[:-1] - above[1:], 0.0)
    below = max(1.0 - beyond - float(on_nodes.sum()) - float(above[0]), 0.0)
    result = on_nodes.copy()
    result[0] += below
    result[1 if up else 0 : cells + 1 if up else cells] += inside
    return result


def atoms_on_nodes(atoms: Atoms, step: float, count: int) -> Floats:
    """Return the probabilities of the first ``count`` nodes themselves [unitless], shape (count,).

    Parameters
    ----------
    atoms : Atoms
        Points that have a probability of their own.
    step : float
        Distance of the nodes, > 0, in the unit of the loss.
    count : int
        Number of nodes from 0.
    """
    place, near = _places(atoms.points, step)
    inside = near & (place < count)
    weights = atoms.probabilities[inside]
    return np.bincount(place[inside], weights=weights, minlength=count).astype(np.float64)


def atoms_around(atoms: Atoms, step: float, count: int) -> tuple[Floats, float]:
    """Return atoms shared by the nodes around them, and the variance that this adds.

    Parameters
    ----------
    atoms : Atoms
        Points that have a probability of their own; those beyond the last node are cut off.
    step : float
        Distance of the nodes, > 0, in the unit of the loss.
    count : int
        Number of nodes from 0.

    Returns
    -------
    weights : array, shape (count,)
        They keep mass and mean; an atom on a node stays there [unitless].
    variance : float
        Added to one loss, over the squared step [unitless].
    """
    _, near = _places(atoms.points, step)
    weights = atoms_on_nodes(atoms, step, count)
    between = ~near & (atoms.points < step * count)
    position, mass = atoms.points[between] / step, atoms.probabilities[between]
    below = np.floor(position).astype(np.int64)
    share = position - below
    both = np.concatenate([below, below + 1]), np.concatenate([mass * (1.0 - share), mass * share])
    weights += np.bincount(both[0], weights=both[1], minlength=count)[:count]
    return weights, float(mass @ (share * (1.0 - share)))


def near_nodes(atoms: Atoms, step: float | None) -> NDArray[np.bool_]:
    """Return which points are on nodes; without any step, nought alone is."""
    return atoms.points == 0.0 if step is None else _places(atoms.points, step)[1]


def greatest_loss(severity: Severity, atoms: Atoms) -> float:
    """Return the limit of a loss, where it is one at which there is a jump; else inf, in the unit of the loss."""
    if atoms.points.size and not float(severity.sf(atoms.points[-1])) > 0.0:
        return float(atoms.points[-1])
    return np.inf


def off_nodes(atoms: Atoms, step: float) -> float:
    """Return the probability of the points that are on no node [unitless]."""
    _, near = _places(atoms.points, step)
    return float(atoms.probabilities[~near].sum())


def common_step(points: Floats, smallest: float) -> float | None:
    """Return the greatest step of which all points are multiples, None where there is none above ``smallest``.

    Parameters
    ----------
    points : array, shape (point,)
        > 0, in the unit of the loss.
    smallest : float
        Least step of any use, in the unit of the loss.

    Notes
    -----
    The least point over the least common denominator of the ratios of all points to it. A ratio of two amounts that
    were written as decimals is a fraction up to the last digits of a float, and the fraction nearest to it among those
    with denominators of any use is that one: two such fractions are further apart. A multiple missed by less than 1e-12
    of the point is met.
    """
    least, parts = float(points.min()), 1
    while least >= smallest * parts:
        step = least / parts
        missed = points[np.abs(points - step * np.round(points / step)) > ON_NODE * points]
        if not missed.size:
            greatest = float(points.max())
            return greatest / round(greatest / step)
        ratio = Fraction(float(missed[0])) / Fraction(least)
        finest = max(int(least / smallest * (1 + ON_NODE)), 1)
        further = math.lcm(parts, ratio.limit_denominator(finest).denominator)
        if further == parts:
            return None
        parts = further
    return None


def _limited(severity: Severity, step: float, cells: int, coarser: Floats | None, top: float) -> Floats:
    limited = np.empty(cells + 1)
    known = cells + 1 if not np.isfinite(top) else min(int(np.ceil(top / step * (1 - ON_NODE))), cells) + 1
    if known <= cells:
        limited[known:] = severity.limited_expected_value(top)
    if coarser is None:
        limited[:known] = severity.limited_expected_value(step * np.arange(known))
        return limited
    limited[::2] = coarser[: cells // 2 + 1]
    odd = np.arange(1, known, 2)
    limited[odd] = severity.limited_expected_value(step * odd)
    return limited


def _spread(severity: Severity, step: float, survival: Floats, mass: float, apart: float) -> float:
    """Half of E[(X - a)(b - X)] / h^2 per continuous loss between the nodes a and b, by the second moments.

    ``apart`` is what atoms add that are shared by two nodes, but do not belong to the continuous part.
    """
    cells = survival.size
    on_grid = float(survival @ (2.0 * np.arange(cells) + 1.0))
    if not (mass > _NO_MASS and on_grid < _TOO_FINE):
        return RESOLVED
    exact = float(severity.limited_expected_value(step * cells, 2)) / step**2
    return min(max((on_grid - exact - apart) / (2.0 * mass), 0.0), _MOST_SPREAD)


def _without_noise(severity: Severity, step: float, survival: Floats) -> int:
    """Replace, in place, cells where the survival function would rise, and those beside them, until it falls."""
    done = np.zeros(survival.size, dtype=np.bool_)
    for _ in range(_ROUNDS):
        rises = np.flatnonzero(np.diff(survival) > -NEGATIVE)
        noisy = np.unique(np.concatenate([rises, rises + 1]))
        noisy = noisy[~done[noisy]]
        if not noisy.size:
            break
        survival[noisy] = _mean_survival(severity, step, noisy)
        done[noisy] = True
    return int(done.sum())


def _mean_survival(severity: Severity, step: float, cells: NDArray[np.int64]) -> Floats:
    points, weights = np.polynomial.legendre.leggauss(8)
    survival = severity.sf(step * (cells[:, None] + (points + 1.0) / 2.0))
    return np.asarray(survival @ (weights / 2.0))


def _places(points: Floats, step: float) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    position = points / step
    place = np.round(position)
    near = np.abs(position - place) <= ON_NODE * np.maximum(position, ON_NODE)
    return np.minimum(place, 2.0**62).astype(np.int64), near
