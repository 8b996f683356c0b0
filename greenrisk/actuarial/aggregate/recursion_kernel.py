# SPDX-License-Identifier: Apache-2.0
"""The compiled loop of Panjer's recursion; imported only where it is run, because numba is slow to import."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from greenrisk.core.compiled import compiled

Floats = NDArray[np.float64]


@compiled
def recursion(f: Floats, a: float, b: float, start: float, extra: float, log_scale: float) -> Floats:
    """Return g from f; see :func:`~greenrisk.actuarial.aggregate.recursion.panjer`.

    Parameters
    ----------
    f : array, shape (node,)
        Weights of one loss [unitless].
    a, b : float
        Coefficients of the recursion [unitless].
    start : float
        g_0 before scaling [unitless].
    extra : float
        p_1 - (a + b) p_0, 0 in the class (a, b, 0) [unitless].
    log_scale : float
        Logarithm of the factor that is still to be multiplied to all of g.
    """
    size = f.size
    g = np.zeros(size)
    g[0] = start
    last = 0
    for k in range(size - 1, 0, -1):
        if f[k] != 0.0:
            last = k
            break
    divisor = 1.0 - a * f[0]
    for s in range(1, size):
        total = extra * f[s]
        for j in range(1, min(s, last) + 1):
            total += (a + b * j / s) * f[j] * g[s - j]
        g[s] = total / divisor
        if g[s] > 1e250:
            # Only the ratio of the terms matters: what falls below the smallest number so is nought beside these.
            for k in range(s + 1):
                g[k] *= 1e-250
            log_scale += 250.0 * math.log(10.0)
    if log_scale > -600.0:
        return g * math.exp(log_scale)
    for k in range(size):
        g[k] = math.exp(math.log(g[k]) + log_scale) if g[k] > 0.0 else 0.0
    return g
