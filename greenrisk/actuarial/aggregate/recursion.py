# SPDX-License-Identifier: Apache-2.0
"""Panjer's recursion: a second way from the weights of one loss to those of the sum, slow and without any transform."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greenrisk.actuarial.aggregate.transform import Factor, Transformed, Window
from greenrisk.actuarial.arguments import every, number, numbers, whole_number
from greenrisk.actuarial.frequency.law import Frequency, Recursion
from greenrisk.actuarial.kinds import instance
from greenrisk.core.errors import ArgumentError, Fault

Floats = NDArray[np.float64]

_SMALLEST = -650.0
_TOLERANCE = 1e-9


def panjer(frequency: Frequency, weights: ArrayLike, size: int) -> Floats:
    """Return the weights of the sum at the first nodes, from those of one loss.

    Parameters
    ----------
    frequency : Frequency
        Law of the number of losses, of the class (a, b, 0) or (a, b, 1).
    weights : array, shape (node,)
        Weights of one loss at the nodes from 0, f, >= 0 [unitless]. Their sum is at most 1; what is missing is the
        probability of a loss elsewhere.
    size : int
        Number of nodes wanted, >= 1.

    Returns
    -------
    array, shape (size,)
        g [unitless].

    Raises
    ------
    ArgumentError
        If the weights are no probabilities, the law follows no such recursion, P(N = 1) underflows and cannot be
        scaled, or rounding has grown until it shows: 1 = a f(z) may have a root |z| < 1 where a < -1, that is for a
        binomial law of a probability above 1/2.

    Notes
    -----
    (a, b, 0): g_0 = P(f_0), g_s = sum_{j=1..s} (a + b j/s) f_j g_{s-j} / (1 - a f_0).
    (a, b, 1): losses at node 0 are left out first, by the law of the number of the others. Then g_0 = p_0, and the rest
    follows as if it were 0, p_1 f_s being added to the sum. Nothing is subtracted: p_1 may be small beside p_0, and p_0
    may be 0.
    In the first class g_0 is a common factor: where it underflows, the recursion starts from 1 and the logarithm of
    g_0, (1 + b/a) ln((1 - a)/(1 - a f_0)), or b (f_0 - 1) for a = 0, is put back at the end.

    References
    ----------
    Panjer, H. H. (1981), Recursive evaluation of a family of compound distributions, ASTIN Bulletin 12, 22-26. Klugman,
    S. A., Panjer, H. H. and Willmot, G. E. (2012), Loss Models, 4th ed., section 9.6.
    """
    every(
        lambda: instance("frequency", frequency, Frequency),
        lambda: _probabilities(weights),
        lambda: number("size", whole_number("size", size, ""), least=1.0),
    )
    return _sum_weights(frequency, np.asarray(weights, dtype=np.float64), int(size))


def _sum_weights(frequency: Frequency, weights: Floats, size: int) -> Floats:
    """Do what :func:`panjer` says; weights of local moments may be below 0 by rounding."""
    from greenrisk.actuarial.aggregate.recursion_kernel import recursion

    coefficients = _coefficients(frequency)
    f = np.zeros(size)
    f[: min(size, weights.size)] = weights[:size]
    a, b, first = coefficients
    if first == 1:
        log_start = _log_of_none(coefficients, float(f[0]))
        return _sound(frequency, recursion(f, a, b, 1.0, 0.0, log_start))
    some = min(max(1.0 - float(f[0]), 0.0), 1.0)
    positive = frequency if some == 1.0 else frequency.thin(some)
    a, b, _ = _coefficients(positive)
    f[1:] /= some if some > 0.0 else 1.0
    f[0] = 0.0
    none, one = (float(p) for p in positive.pmf(np.array([0, 1])))
    if none < 1.0 and not one > math.exp(_SMALLEST):
        mend = "It underflows: use aggregate(), which does not."
        raise ArgumentError(Fault("frequency", f"P(N = 1) = {one:g}", mend, "unitless"))
    found = recursion(f, a, b, 0.0, one, 0.0)
    found[0] = none
    return _sound(frequency, found)


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
            one = _sum_weights(frequency, factor.atoms + factor.continuous, cells)
            atoms = _sum_weights(frequency, factor.atoms, cells)
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


def _probabilities(weights: ArrayLike) -> None:
    total = float(numbers("weights", weights, least=0.0, dimensions=1, fewest=1, unit="unitless").sum())
    if total > 1.0 + _TOLERANCE:
        what = f"sum of weights = {total:.10g}"
        raise ArgumentError(Fault("weights", what, "They are probabilities: at most 1 in all.", "unitless"))


def _coefficients(frequency: Frequency) -> Recursion:
    found = frequency.recursion()
    if found is None:
        mend = "It follows no recursion of Panjer's class: use aggregate(), which needs the generating function only."
        raise ArgumentError(Fault("frequency", f"frequency = {frequency!r:.60}", mend))
    return found


def _log_of_none(coefficients: Recursion, at: float) -> float:
    a, b, _ = coefficients
    if a == 0.0:
        return b * (at - 1.0)
    return (1.0 + b / a) * math.log((1.0 - a) / (1.0 - a * at))
