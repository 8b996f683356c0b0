# SPDX-License-Identifier: Apache-2.0
"""The sum of a random number of losses by the fast Fourier transform: tilted, atoms apart, to fourth order in the step.

In and out go weights on nodes; where they come from and which grid is fine enough is decided elsewhere.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import fft

Floats = NDArray[np.float64]
Complexes = NDArray[np.complex128]

_LEAK = 24
"""Nodes below node 0 that are looked at together, and the fewest."""
_QUIET = 8 * float(np.finfo(np.float64).eps)
"""Rounding of a transform, over its greatest value."""
_EPSILON = float(np.finfo(np.float64).eps)
_FELT = 20.0
"""Losses of whose rounding one is felt."""
_MANY = 200.0
"""Losses a year from which on their rounding is worth a wider circle."""
_WIDEST = 8


class Factor(NamedTuple):
    """One of the independent sums whose sum is sought: its counting law and the weights of one loss."""

    pgf: Callable[[Any], Any]
    """z -> E[z^N], for complex z with |z| <= 1."""
    continuous: Floats
    """Local-moment weights at the nodes from 0 of the part without atoms, shape (node,) [unitless]."""
    atoms: Floats
    """Probabilities of the nodes from 0, shape (node,) [unitless]."""
    spread: float
    """Half the variance that the weights add to one loss of the continuous part, over the squared step: 1/12 where the
    step resolves the loss [unitless]."""


class Window(NamedTuple):
    """How the circular transform is kept from folding."""

    tilt: float
    """Logarithm of the damping over the whole length of the transform [unitless]."""
    padding: int
    """Length of the transform over the number of nodes wanted [unitless]."""

    def aliasing(self, beyond: float) -> float:
        """Return the bound of the probability folded onto the grid, given that beyond its top [unitless]."""
        return math.exp(-self.tilt) * beyond

    def rounding(self, rate: float) -> float:
        """Return the order of the rounding error of the distribution function at the top [unitless].

        Parameters
        ----------
        rate : float
            Expected number of losses in a year.

        Notes
        -----
        What rounds the transform of one loss moves that of the sum by up to E[N] times as much, at the few frequencies
        where the sum has not died out. The share is measured: 1/30 at 5,000 losses, 1/100 for geometric numbers.
        """
        return _EPSILON * math.exp(self.tilt / self.padding) * (1.0 + rate / _FELT)

    def for_many(self, rate: float) -> Window:
        """Return the window for a number of losses: wide where their number multiplies the rounding.

        Parameters
        ----------
        rate : float
            Expected number of losses in a year.
        """
        return self if rate <= _MANY else self._replace(padding=_WIDEST)


WINDOW = Window(20.0, 2)
"""Where little lies beyond the grid."""
WIDE_WINDOW = Window(30.0, 4)
"""Where much lies beyond the grid, under a low annual limit for example."""
FAR_WINDOW = Window(16.0, 2)
"""Where what is sought is small itself, and aliasing is small beside it: less rounding."""


class Transformed(NamedTuple):
    """Weights of the sum, and what was done to get them."""

    weights: Floats
    """Local-moment weights of the continuous part at the nodes from 0, shape (cells,) [unitless]."""
    sharpened: bool
    """Whether the second-order error was taken out."""


def continuous_weights(factors: Sequence[Factor], cells: int, window: Window = WINDOW) -> Transformed:
    """Return the local-moment weights of the part of the sum that is not made of atoms alone.

    Parameters
    ----------
    factors : sequence of Factor
        Independent sums.
    cells : int
        Number of nodes wanted.
    window : Window
        Tilt and padding.

    Notes
    -----
    With z = exp(-(theta + i omega)), the transform of one loss is a(z) + c(z), atoms and the rest. The weights c
    spread a loss over the two nodes around it, which adds a variance of 2 q h^2, q = 1/12 where the step h resolves
    the loss. That makes local moments of second order. It is taken out by c / d_q, d_q(z) = 1 + q (z + 1/z - 2), and
    put back once, with q = 1/12, for the cells of the sum: the weights wanted have the transform
    d_1/12 (P(a + c/d_q) - P(a)), to fourth order. d is a polynomial in z, so nothing rings: c/d decays by 0.1 to 0.2 a
    node, and what it leaves below node 0 is brought to nodes 0 and 1 with its mass and its mean. That is a few nodes
    wide for few losses, and grows with their number where the step is far above one loss.

    Where |P(a + c/d)| exceeds its value at omega = 0, as no transform of probabilities does, d is left out: the weights
    are then those of the plain local moments.

    Exponential tilting damps what the circle folds by exp(-tilt) and raises the rounding error at the top by
    exp(tilt / padding).

    References
    ----------
    Grübel, R. and Hermesmeier, R. (1999), Computation of compound distributions I: aliasing errors and exponential
    tilting, ASTIN Bulletin 29, 197-214. Embrechts, P. and Frei, M. (2009), Panjer recursion versus FFT for compound
    distributions, Mathematical Methods of Operations Research 69, 497-508.
    """
    length, damping = _circle(cells, window)
    theta = window.tilt / length
    z = np.exp(-theta - 2j * np.pi * np.arange(length // 2 + 1) / length)
    bend = z + 1.0 / z - 2.0
    parts = [(_transform(f.atoms, damping), _transform(f.continuous, damping)) for f in factors]
    sharp = [a + c / (1.0 + f.spread * bend) for f, (a, c) in zip(factors, parts, strict=True)]
    with np.errstate(over="ignore", invalid="ignore"):
        sums = [np.asarray(f.pgf(one)) for f, one in zip(factors, sharp, strict=True)]
    sharpened = all(_stable(one) for one in sums)
    spread = 1.0 + bend / 12.0 if sharpened else np.ones_like(bend)
    if not sharpened:
        sums = [np.asarray(f.pgf(a + c)) for f, (a, c) in zip(factors, parts, strict=True)]
    whole = _product(sums)
    apart = _product(f.pgf(a) for f, (a, _) in zip(factors, parts, strict=True))
    circle = fft.irfft((whole - apart) * spread, length)
    weights = circle[:cells] / damping[:cells]
    if sharpened:
        steps = np.arange(1, _leak(circle, length - cells) + 1)
        leaked = circle[-steps] * np.exp(-theta * steps)
        weights[0] += float(((1 + steps) * leaked).sum())
        weights[1] -= float((steps * leaked).sum())
    return Transformed(weights, sharpened)


def atom_weights(factors: Sequence[Factor], count: int) -> Floats:
    """Return the probabilities of the sum at the nodes from atoms of single losses alone, shape (count,).

    Parameters
    ----------
    factors : sequence of Factor
        Independent sums; only their atoms count, a defective law of one loss.
    count : int
        Number of nodes wanted.

    Notes
    -----
    P(a) is a power series in z whose coefficients these are: P(S = 0) = P(a_0) exactly. The padding is wide where the
    nodes are few, so that neither folding nor rounding is seen.
    """
    padding = 64 if count <= 2**10 else 8 if count <= 2**15 else 2
    window = Window({64: 36.0, 8: 32.0, 2: 20.0}[padding], padding)
    length, damping = _circle(count, window)
    circle = fft.irfft(_product(f.pgf(_transform(f.atoms[:count], damping)) for f in factors), length)
    weights = np.maximum(circle[:count] / damping[:count], 0.0)
    # Node 0 needs no transform: it is the mass of no loss at all or of losses that are all nought.
    weights[0] = math.prod(float(np.real(f.pgf(float(f.atoms[0])))) for f in factors)
    noise = 4.0 * _EPSILON * float(weights.max(initial=0.0)) * math.exp(window.tilt / padding)
    return np.where(weights > noise, weights, 0.0)


def plain(factors: Sequence[Factor], cells: int, window: Window = WINDOW) -> Floats:
    """Return the weights of the sum of all weights given, atoms or not, shape (cells,).

    Parameters
    ----------
    factors : sequence of Factor
        Independent sums.
    cells : int
        Number of nodes wanted.
    window : Window
        Tilt and padding.

    Notes
    -----
    The transform of the textbook, tilted: what Panjer's recursion gives for the same weights, and what bounds need.
    """
    length, damping = _circle(cells, window)
    whole = _product(f.pgf(_transform(f.atoms, damping) + _transform(f.continuous, damping)) for f in factors)
    return fft.irfft(whole, length)[:cells] / damping[:cells]


def _leak(circle: Floats, padding: int) -> int:
    """How many nodes below node 0 hold more than rounding, a multiple of some, all of the padding at most."""
    blocks = max(padding // _LEAK, 1)
    below = np.abs(circle[::-1][: blocks * _LEAK]).reshape(blocks, _LEAK).max(axis=1)
    quiet = np.flatnonzero(below[1:] <= _QUIET * float(np.abs(circle).max()))
    return _LEAK * (int(quiet[0]) + 1) if quiet.size else padding


def _circle(cells: int, window: Window) -> tuple[int, Floats]:
    length = fft.next_fast_len(max(window.padding * cells, 4 * _LEAK), real=True)
    return length, np.exp(-window.tilt / length * np.arange(length))


def _transform(weights: Floats, damping: Floats) -> Complexes:
    return np.asarray(fft.rfft(weights * damping[: weights.size], damping.size))


def _stable(transform: Complexes) -> bool:
    return bool((np.abs(transform) <= np.abs(transform[0]) * (1.0 + 1e-9)).all())


def _product(factors: Any) -> Complexes:
    product: Complexes | float = 1.0
    for factor in factors:
        product = product * factor
    return np.asarray(product)
