# SPDX-License-Identifier: Apache-2.0
"""Integrals of g(S(x)) by quadrature: between given points, and over a tail to infinity."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greenrisk.actuarial.aggregate.results import Numerical
from greenrisk.actuarial.distortion.functions import Distortion

Floats = NDArray[np.float64]

_FINE = np.polynomial.legendre.leggauss(20)
_COARSE = np.polynomial.legendre.leggauss(12)
_HALVINGS = 12
_ENOUGH = 1e-13  # share of the integral: a panel whose two rules differ by less is not halved
_TAIL_STEPS = 12  # panels a decade
_LEAST_SURVIVAL = 1e-280  # below it a survival function has lost digits to underflow
_FLAT = 1e-9  # a log-log slope of x g(S(x)) that falls by less is taken for divergence
_STEEP = 20.0  # a tail that falls by more than this slope has ended


def tail_integral(
    distortion: Distortion, survival: Callable[[ArrayLike], Floats], start: float, stop: float
) -> Numerical:
    """Return the integral of g(S(x)) over a tail, in log x.

    Parameters
    ----------
    distortion : Distortion
        g.
    survival : callable
        S, taking an array.
    start, stop : float
        Ends of the tail, 0 < start; ``stop`` may be infinite.

    Returns
    -------
    Numerical
        inf where x g(S(x)) does not fall: the price has no finite value.

    Notes
    -----
    Where S underflows before the integral has converged, what is left is that of a power tail with the last slope.
    """
    if stop <= start:
        return Numerical(0.0, 0.0)

    def density(u: Floats) -> Floats:
        x = np.exp(u)
        return np.asarray(x * distortion.g(np.clip(survival(x), 0.0, 1.0)))

    first, last = math.log(start), math.log(min(stop, 1e300))
    ends = np.linspace(first, last, 2 + int(_TAIL_STEPS * (last - first) / math.log(10)))
    if math.isfinite(stop):
        return panels(density, ends)
    if distortion.jump > 0.0:
        return Numerical(math.inf, math.inf)
    known = int(np.count_nonzero(np.asarray(survival(np.exp(ends))) > _LEAST_SURVIVAL))
    heights = density(ends[max(known - 4, 0) : known])
    if known < 4 or not heights[-1] > 0.0:
        return panels(density, ends[: known + 2])
    slope = math.log(heights[-1] / heights[0]) / float(ends[known - 1] - ends[known - 4])
    if slope < -_STEEP:
        return panels(density, ends[: known + 1])
    if slope > -_FLAT:
        return Numerical(math.inf, math.inf)
    body, rest = panels(density, ends[:known]), float(heights[-1]) / -slope
    return Numerical(body.value + rest, body.error + 1e-6 * rest)


def panels(integrand: Callable[[Floats], Floats], ends: Floats) -> Numerical:
    """Return an integral by Gauss-Legendre rules between consecutive ends, halved where two rules differ.

    Parameters
    ----------
    integrand : callable
        Taking an array of any shape.
    ends : array, shape (panel + 1,)
        Ascending.
    """
    values, errors = [0.0], [0.0]
    low, high = ends[:-1], ends[1:]
    for halving in range(_HALVINGS + 1):
        if low.size == 0:
            break
        middle, half = 0.5 * (high + low), 0.5 * (high - low)
        fine, coarse = (
            half * np.einsum("pn,n->p", integrand(middle[:, None] + half[:, None] * nodes), weights)
            for nodes, weights in (_FINE, _COARSE)
        )
        apart = np.abs(fine - coarse)
        total = math.fsum(values) + math.fsum(np.abs(fine))
        good = (apart <= _ENOUGH * total) | (halving == _HALVINGS)
        values.extend(fine[good].tolist())
        errors.extend(apart[good].tolist())
        low, middle, high = low[~good], middle[~good], high[~good]
        low, high = np.concatenate([low, middle]), np.concatenate([middle, high])
    return Numerical(math.fsum(values), math.fsum(errors))
