# SPDX-License-Identifier: Apache-2.0
"""Panjer's recursion: a second way from the weights of one loss to those of the sum, slow and without any transform."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from greenrisk.actuarial.aggregate.transform import Factor, Transformed, Window
from greenrisk.actuarial.frequency.law import Frequency, Recursion
from greenrisk.core.errors import ArgumentError, Fault

Floats = NDArray[np.float64]

_SMALLEST = -650.0
_TOLERANCE = 1e-9


def panjer(frequency: Frequency, weights: Floats, size: int) -> Floats:
    """Return the weights of the sum at the first nodes, from those of one loss.

    Parameters
    ----------
    frequency : Frequency
        Law of the number of losses, of the class (a, b, 0) or (a, b, 1).
    weights : array, shape (node,)
        Weights of one loss at the nodes from 0, f [unitless]; they need not sum to 1.
    size : int
        Number of nodes wanted, >= 1.

    Returns
    -------
    array, shape (size,)
        g [unitless].

    Raises
    ------
    ArgumentError
        If the law follows no such recursion, P(0) underflows and cannot be scaled, or rounding has grown until it
        shows: 1 = a f(z) may have a root |z| < 1 where a < -1, that is for a binomial law of a probability above 1/2.

    Notes
    -----
    (a, b, 0): g_0 = P(f_0), g_s = sum_{j=1..s} (a + b j/s) f_j g_{s-j} / (1 - a f_0).
    (a, b, 1): the sum has [p_1 - (a + b) p_0] f_s added.
    In the first class g_0 is a common factor: where it underflows, the recursion starts from 1 and the logarithm of
    g_0, (1 + b/a) ln((1 - a)/(1 - a f_0)), or b (f_0 - 1) for a = 0, is put back at the end.

    References
    ----------
    Panjer, H. H. (1981), Recursive evaluation of a family of compound distributions, ASTIN Bulletin 12, 22-26. Klugman,
    S. A., Panjer, H. H. and Willmot, G. E. (2012), Loss Models, 4th ed., section 9.6.
    """
    from greenrisk.actuarial.aggregate.recursion_kernel import recursion

    coefficients = frequency.recursion()
    if coefficients is None:
        raise ArgumentError(
            Fault(
                "frequency",
                f"frequency = {frequency!r:.60}",
                "It follows no recursion of Panjer's class: use aggregate(), which needs the generating function only.",
            )
        )
    f = np.zeros(size)
    f[: min(size, weights.size)] = weights[:size]
    a, b, first = coefficients
    if first == 1:
        log_start = _log_of_none(coefficients, float(f[0]))
        return _sound(frequency, recursion(f, a, b, 1.0, 0.0, log_start))
    start = float(np.real(frequency.pgf(float(f[0]))))
    none, one = (float(p) for p in frequency.pmf(np.array([0, 1])))
    if not start > math.exp(_SMALLEST):
        raise ArgumentError(
            Fault(
                "frequency",
                f"P(f_0) = {start:g}",
                "It underflows: use aggregate(), which does not.",
                "unitless",
            )
        )
    return _sound(frequency, recursion(f, a, b, start, one - (a + b) * none, 0.0))


def recursive_weights(frequencies: Sequence[Frequency]) -> Callable[..., Transformed]:
    """Return the method that :func:`~greenrisk.actuarial.aggregate.grid.build` takes, by recursion.

    Parameters
    ----------
    frequencies : sequence of Frequency
        Laws of the numbers of losses, in the order of the factors. Their sums are convolved directly.
    """

    def method(factors: Sequence[Factor], cells: int, window: Window) -> Transformed:
        whole: Floats | None = None
        apart: Floats | None = None
        for frequency, factor in zip(frequencies, factors, strict=True):
            one = panjer(frequency, factor.atoms + factor.continuous, cells)
            atoms = panjer(frequency, factor.atoms, cells)
            whole = one if whole is None else np.convolve(whole, one)[:cells]
            apart = atoms if apart is None else np.convolve(apart, atoms)[:cells]
        assert whole is not None
        assert apart is not None
        return Transformed(whole - apart, False)

    return method


def _sound(frequency: Frequency, found: Floats) -> Floats:
    """Refuse what cannot be probabilities: the recursion has alternating signs where a < 0, and may be unstable."""
    total = np.cumsum(found)
    if not (np.isfinite(total[-1]) and found.min() > -_TOLERANCE and total.max() < 1.0 + _TOLERANCE):
        raise ArgumentError(
            Fault(
                "frequency",
                f"frequency = {frequency!r:.60}",
                "The recursion is unstable for it: rounding grows without bound. Use aggregate(), which is not.",
            )
        )
    return np.asarray(found)


def _log_of_none(coefficients: Recursion, at: float) -> float:
    a, b, _ = coefficients
    if a == 0.0:
        return b * (at - 1.0)
    return (1.0 + b / a) * math.log((1.0 - a) / (1.0 - a * at))
