# SPDX-License-Identifier: Apache-2.0
"""The distortion of a spectrum of risk aversion, so that a spectral measure of a law is a price."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from greenrisk.actuarial.distortion.functions import Distortion, Floats
from greenrisk.core.errors import ArgumentError, Fault

_INTEGRAL = 1e-6
"""How far a spectrum may integrate from 1."""
_OCTAVES = 52
"""Halvings of the tail; beyond them 1 - t is 1 for a computer."""
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(16)


@dataclass(frozen=True)
class SpectralDistortion(Distortion):
    """g(s) = integral of spectrum(1 - t) over t in (0, s): the price under it is the spectral measure.

    Parameters
    ----------
    spectrum : function
        Risk aversion by level u: of arrays in (0, 1), >= 0, smooth, not decreasing, with the integral 1 [unitless]. One
        with steps is a :class:`~greenrisk.actuarial.distortion.mixture.MixtureDistortion` of tail values at risk.

    Raises
    ------
    ArgumentError
        If the spectrum is negative or NaN somewhere, decreases, or does not integrate to 1 (within 1e-6).

    Notes
    -----
    Integrated over the octaves of the tail by Gauss-Legendre rules with 16 nodes; what lies beyond 2^-52 is what is
    missing to 1.

    References
    ----------
    Acerbi, C. (2002), Spectral measures of risk: a coherent representation of subjective risk aversion, J. Banking &
    Finance 26, 1505-1518.
    """

    spectrum: Callable[[Floats], Floats]
    _edges: Floats = field(init=False, repr=False, compare=False)
    _reached: Floats = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Integrate the spectrum over the octaves and refuse one that is none."""
        edges = 0.5 ** np.arange(_OCTAVES, -1.0, -1.0)
        t = _points(edges[:-1], edges[1:])
        aversion = np.asarray(self.spectrum(1.0 - t.ravel()), dtype=np.float64).reshape(t.shape)
        if not (np.isfinite(aversion).all() and (aversion >= 0.0).all()):
            raise _refused("it is negative or not finite somewhere")
        # Along t, from the worst level down, it must not rise.
        if (np.diff(aversion.ravel()) > 1e-9 * aversion.ravel()[:-1]).any():
            raise _refused("it decreases somewhere")
        octaves = (aversion @ _WEIGHTS) * np.diff(edges) / 2.0
        inside = float(octaves.sum())
        # The first octaves may hold what an unbounded spectrum leaves beyond them; a deficit of more is no rounding.
        beyond = max(1.0 - inside, 0.0)
        if inside > 1.0 + _INTEGRAL or beyond > _INTEGRAL + _possible_beyond(octaves):
            raise _refused(f"it integrates to {inside:.6g}")
        reached = beyond + np.concatenate([[0.0], np.cumsum(octaves)])
        object.__setattr__(self, "_edges", edges)
        object.__setattr__(self, "_reached", reached / reached[-1])

    def _g(self, s: Floats) -> Floats:
        at = np.clip(np.searchsorted(self._edges, s, side="right") - 1, 0, self._edges.size - 2)
        low = self._edges[at]
        t = _points(low, np.maximum(s, low))
        aversion = np.asarray(self.spectrum(1.0 - t.ravel()), dtype=np.float64).reshape(t.shape)
        part = (aversion @ _WEIGHTS) * np.maximum(s - low, 0.0) / 2.0
        below = self._reached[0] * s / self._edges[0]
        return np.where(s < self._edges[0], below, np.minimum(self._reached[at] + part, 1.0))

    def _slope(self, s: Floats) -> Floats:
        return np.asarray(self.spectrum(1.0 - s), dtype=np.float64)

    def _inverse(self, u: Floats) -> Floats:
        low, high = np.zeros_like(u), np.where(u > 0.0, 1.0, 0.0)
        for _ in range(120):
            middle = 0.5 * (low + high)
            reached = self.g(middle) >= u
            low, high = np.where(reached, low, middle), np.where(reached, middle, high)
            if np.all(high - low <= 4e-16 * high):
                break
        return np.asarray(high)


def _points(low: Floats, high: Floats) -> Floats:
    """The nodes between each pair of ends, shape (..., node)."""
    middle, half = (low + high) / 2.0, (high - low) / 2.0
    return np.asarray(middle[..., None] + half[..., None] * _NODES)


def _possible_beyond(octaves: Floats) -> float:
    """What the octaves beyond the first may hold, were each to the next as the first two are."""
    first, second = float(octaves[0]), float(octaves[1])
    ratio = min(first / second, 0.999) if second > 0.0 else 0.0
    return first * ratio / (1.0 - ratio)


def _refused(what: str) -> ArgumentError:
    mend = (
        "A spectrum is >= 0, does not decrease with the level and integrates to 1 over (0, 1); give one with steps as "
        "a mixture of tail values at risk."
    )
    return ArgumentError(Fault("spectrum", f"spectrum: {what}", mend, "unitless"))
