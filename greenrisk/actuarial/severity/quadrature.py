# SPDX-License-Identifier: Apache-2.0
"""Limited expected values by adaptive quadrature of the survival function: for laws without a closed form, remote
layers, and as a second method beside every closed form.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greenrisk.actuarial.arguments import number
from greenrisk.actuarial.severity.family import checked_power, limits
from greenrisk.actuarial.severity.law import Severity

Floats = NDArray[np.float64]

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(15)
_AT_LEFT = np.array(
    [np.prod([(-1 - other) / (node - other) for other in _NODES if other != node]) for node in _NODES]
)
"""Weights that carry the values at the nodes to the left end; reversed: to the right end."""
_MOST_HALVINGS = 60
_TOLERANCE = 1e-14
_MOST_INTERVALS = 20_000
_LARGEST = 1e300
_CUTS = 16
_VISIBLE = 1e-10


class Quadrature(NamedTuple):
    """An integral and how far off it may be."""

    value: Floats
    """Shape of the limits; inf where no limit is seen."""
    error: Floats
    """Same shape: sum of the differences between one rule and two of half the length; inf where no limit is seen."""


def limited_by_quadrature(
    severity: Severity, limit: ArrayLike, power: int = 1, attachment: float = 0.0
) -> Quadrature:
    """Return E[min(max(X - attachment, 0), limit)^power] by quadrature of P(X > x), with its error.

    Parameters
    ----------
    severity : Severity
        Law of X; only its ``sf`` (and, for a scale, its median) is used. Jumps cost time, not accuracy.
    limit : array
        In [0, inf] [unit of the loss].
    power : int
        1, 2 or 3.
    attachment : float
        >= 0 [unit of the loss].

    Notes
    -----
    The integral of k y^(k-1) S(attachment + y) over [0, limit], between consecutive limits, by Gauss-Legendre rules
    of 15 points on intervals that are halved until the rule and its two halves agree to 1e-14 of what lies below, or
    are more than 20,000 (then the error says so). The part up to infinity is taken in ln(1 + y / scale), up to losses
    of 1e300; where it still grows there value and error are infinite.
    """
    d = limits(limit)
    k = checked_power(power)
    attachment = number("attachment", attachment, least=0.0, unit="unit of the loss")
    ends, which = np.unique(np.append(d.ravel(), 0.0), return_inverse=True)
    finite = ends[np.isfinite(ends)]
    scale = max(float(severity.ppf(0.5)), attachment, float(finite[-1]), np.finfo(np.float64).tiny)

    def density(y: Floats) -> Floats:
        return k * y ** (k - 1) * severity.sf(attachment + y)

    def stretched(u: Floats) -> Floats:
        y = finite[-1] + scale * np.expm1(u)
        return density(y) * scale * np.exp(u)

    values, errors = _between(density, finite)
    if ends[-1] == np.inf:
        top = math.log(_LARGEST) / k - max(math.log(scale), 0.0)
        # What a law does beside its median would be missed by one rule over hundreds of units of the logarithm.
        pieces, doubts = _between(stretched, np.append(0.0, top * 2.0 ** np.arange(-_CUTS, 1)))
        far, doubt = pieces.sum(), doubts.sum()
        total = values.sum() + far
        open_end = float(stretched(np.array([top]))[0]) > _VISIBLE * total
        values = np.append(values, np.inf if open_end else far)
        errors = np.append(errors, np.inf if open_end else doubt)
    sums = np.concatenate([[0.0], np.cumsum(values)])[which[:-1]]
    doubts = np.concatenate([[0.0], np.cumsum(errors)])[which[:-1]]
    return Quadrature(sums.reshape(d.shape)[()], doubts.reshape(d.shape)[()])


def _between(function: Callable[[Floats], Floats], ends: Floats) -> tuple[Floats, Floats]:
    """Return the integrals between consecutive ends, and their errors, all refined together."""
    count = ends.size - 1
    values, errors = np.zeros(count), np.zeros(count)
    left, right, gap = ends[:-1], ends[1:], np.arange(count)
    whole, _ = _rule(function, left, right)
    size = whole.copy()
    for halving in range(_MOST_HALVINGS + 1):
        if not gap.size:
            break
        middle = left + (right - left) / 2
        (first, unseen), (second, also_unseen) = _rule(function, left, middle), _rule(function, middle, right)
        both = first + second
        # What an interval may be off is measured by all that lies below: the answers are sums from 0 on.
        size += np.bincount(gap, weights=both - whole, minlength=count)
        doubt = np.abs(both - whole) + unseen + also_unseen
        done = doubt <= _TOLERANCE * np.cumsum(np.abs(size))[gap]
        if halving == _MOST_HALVINGS or gap.size > count + _MOST_INTERVALS:
            done[:] = True
        values += np.bincount(gap[done], weights=both[done], minlength=count)
        errors += np.bincount(gap[done], weights=doubt[done], minlength=count)
        left, middle, right, gap = left[~done], middle[~done], right[~done], gap[~done]
        whole = np.concatenate([first[~done], second[~done]])
        left, right, gap = np.append(left, middle), np.append(middle, right), np.append(gap, gap)
    return values, errors


def _rule(function: Callable[[Floats], Floats], left: Floats, right: Floats) -> tuple[Floats, Floats]:
    """Return the Gauss-Legendre integral over each interval, and what may hide between its ends and the nodes."""
    half = (right - left) / 2
    inner = (left + half)[:, np.newaxis] + half[:, np.newaxis] * _NODES
    values = function(np.column_stack([left, inner, right]).ravel()).reshape(left.size, _NODES.size + 2)
    nodes = values[:, 1:-1]
    # A kink there leaves the rule and its halves in agreement, but not the value at the end with the nodes beside it.
    off = np.abs(values[:, 0] - nodes @ _AT_LEFT) + np.abs(values[:, -1] - nodes @ _AT_LEFT[::-1])
    return np.asarray(half * (nodes @ _WEIGHTS)), np.asarray(half * (1 + _NODES[0]) * off)
