# SPDX-License-Identifier: Apache-2.0
"""Mixtures of laws: a loss comes from part i with probability w_i. Parts of one family are evaluated together."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greenrisk.actuarial.arguments import numbers
from greenrisk.actuarial.kinds import drawn, instances
from greenrisk.actuarial.severity.family import Family, Theta, checked_power, limits, points
from greenrisk.actuarial.severity.interpolation import interpolated
from greenrisk.actuarial.severity.law import Atoms, Severity
from greenrisk.actuarial.severity.layered import Layered
from greenrisk.actuarial.severity.quantiles import quantiles
from greenrisk.core.errors import ArgumentError, Fault

Floats = NDArray[np.float64]

_BLOCK = 2**16
"""Values of one block of points x parts: small enough for the processor's cache, so that memory stays flat."""
_WORTH_INTERPOLATING = 2**15
"""Values from which limited expected values are interpolated (to rounding) rather than computed one by one."""
_ROUNDING = 1e-9


class _Stack(NamedTuple):
    """Parts of one family: weights shape (part,), parameters each of shape (part, 1)."""

    family: type[Family]
    weights: Floats
    theta: Theta


@dataclass(frozen=True)
class Mixture(Severity):
    """A loss that follows law i with probability ``weights[i]``.

    Parameters
    ----------
    weights : sequence of float, shape (part,)
        In [0, 1], with sum 1 [unitless].
    parts : sequence of Severity, shape (part,)
        Mixtures among them are dissolved into their parts; parts of weight 0 are left out.
    """

    weights: tuple[float, ...]
    parts: tuple[Severity, ...]

    def __post_init__(self) -> None:
        """Refuse weights that are no probabilities, and dissolve inner mixtures."""
        weights = numbers(
            "weights", self.weights, least=0.0, most=1.0, dimensions=1, fewest=1, unit="unitless"
        )
        parts = instances("parts", self.parts, Severity)
        if len(parts) != weights.size:
            raise ArgumentError(
                Fault(
                    "parts", f"parts holds {len(parts)}", f"One law for each of the {weights.size} weights."
                )
            )
        total = math.fsum(weights)
        if abs(total - 1) > _ROUNDING:
            raise ArgumentError(
                Fault(
                    "weights", f"sum(weights) = {total:.10g}", "They must add up to 1: divide by their sum."
                )
            )
        flat: list[tuple[float, Severity]] = []
        for weight, part in zip((weights / total).tolist(), parts, strict=True):
            if isinstance(part, Mixture):
                flat += [(weight * w, inner) for w, inner in zip(part.weights, part.parts, strict=True)]
            else:
                flat.append((weight, part))
        kept = [pair for pair in flat if pair[0] > 0]
        object.__setattr__(self, "weights", tuple(weight for weight, _ in kept))
        object.__setattr__(self, "parts", tuple(part for _, part in kept))

    @cached_property
    def _groups(self) -> tuple[tuple[_Stack, ...], tuple[tuple[float, Severity], ...]]:
        """Parts of parametric families, stacked by family; and the rest."""
        families: dict[type[Family], list[tuple[float, Theta]]] = {}
        rest: list[tuple[float, Severity]] = []
        for weight, part in zip(self.weights, self.parts, strict=True):
            if isinstance(part, Family):
                families.setdefault(type(part), []).append((weight, part.theta))
            else:
                rest.append((weight, part))
        stacks = []
        for family, members in families.items():
            table = np.array([theta for _, theta in members])
            columns = tuple(np.ascontiguousarray(column)[:, np.newaxis] for column in table.T)
            stacks.append(_Stack(family, np.array([weight for weight, _ in members]), columns))
        return tuple(stacks), tuple(rest)

    def _sum(self, x: Floats, stacked: Callable[[_Stack, Floats], Floats], single: Any) -> Floats:
        """Return the weighted sum over the parts at each x; memory of the order of x."""
        flat = x.ravel()
        stacks, rest = self._groups
        total = _stacked(stacks, flat, stacked)
        for weight, part in rest:
            total += weight * single(part, flat)
        return total.reshape(x.shape)[()]

    def cdf(self, x: ArrayLike) -> Floats:
        """Return P(X <= x)."""
        return self._sum(points("x", x), lambda s, at: s.family.cdf_of(at, s.theta), lambda p, at: p.cdf(at))

    def sf(self, x: ArrayLike) -> Floats:
        """Return P(X > x), accurate far out (never 1 - cdf)."""
        return self._sum(points("x", x), lambda s, at: s.family.sf_of(at, s.theta), lambda p, at: p.sf(at))

    def pdf(self, x: ArrayLike) -> Floats:
        """Return the density of the part without atoms."""
        return self._sum(points("x", x), lambda s, at: s.family.pdf_of(at, s.theta), lambda p, at: p.pdf(at))

    def limited_expected_value(self, limit: ArrayLike, power: int = 1) -> Floats:
        """Return E[min(X, limit)^power] for limits in [0, inf] and power 1, 2 or 3."""
        k = checked_power(power)
        stacks, rest = self._groups
        d = limits(limit)
        flat = d.ravel()

        def stacked(at: Floats) -> Floats:
            return _stacked(stacks, at, lambda s, x: s.family.limited_of(x, s.theta, k))

        count = sum(stack.weights.size for stack in stacks)
        total = interpolated(stacked, flat) if count * flat.size > _WORTH_INTERPOLATING else stacked(flat)
        for weight, part in rest:
            total += weight * part.limited_expected_value(flat, k)
        return total.reshape(d.shape)[()]

    def ppf(self, p: ArrayLike) -> Floats:
        """Return inf{x : F(x) >= p} for p in [0, 1], solved to full precision; memory of the order of p."""
        p = numbers("p", p, least=0.0, most=1.0, unit="unitless")
        return quantiles(self, p, 1 - p, self._least, self._greatest)

    def isf(self, q: ArrayLike) -> Floats:
        """Return inf{x : P(X > x) <= q} for q in [0, 1], accurate for the smallest q."""
        q = numbers("q", q, least=0.0, most=1.0, unit="unitless")
        return quantiles(self, 1 - q, q, self._least, self._greatest)

    def _least(self, p: float, q: float) -> float:
        """Return a loss not above the quantile of probability p = 1 - q."""
        return min(float(at.min()) for at in self._each_quantile(p, q))

    def _greatest(self, p: float, q: float) -> float:
        """Return a loss not below the quantile of probability p = 1 - q."""
        return max(float(at.max()) for at in self._each_quantile(p, q))

    def _each_quantile(self, p: float, q: float) -> Iterator[Floats]:
        """Give the quantiles of all parts, by the smaller of p and q = 1 - p."""
        stacks, rest = self._groups
        for family, _, theta in stacks:
            yield family.ppf_of(np.asarray(p), theta) if p <= q else family.isf_of(np.asarray(q), theta)
        for _, part in rest:
            yield np.asarray(part.ppf(p) if p <= q else part.isf(q))

    @drawn
    def rvs(self, size: int | tuple[int, ...], rng: np.random.Generator) -> Floats:
        """Return random losses of shape ``size``: the part is drawn first."""
        drawn = rng.choice(len(self.parts), size=size, p=np.array(self.weights) / math.fsum(self.weights))
        flat = drawn.ravel()
        losses = np.empty(flat.size)
        order = np.argsort(flat, kind="stable")
        start = 0
        for part, count in zip(self.parts, np.bincount(flat, minlength=len(self.parts)), strict=True):
            losses[order[start : start + count]] = part.rvs(int(count), rng)
            start += count
        return losses.reshape(drawn.shape)

    def support(self) -> tuple[float, float]:
        """Return the least and the greatest possible loss."""
        ends = [part.support() for part in self.parts]
        return min(low for low, _ in ends), max(high for _, high in ends)

    def atoms(self) -> Atoms:
        """Return the atoms of all parts, those at one point added."""
        found = [(weight, part.atoms()) for weight, part in zip(self.weights, self.parts, strict=True)]
        every = np.concatenate([atoms.points for _, atoms in found])
        masses = np.concatenate([weight * atoms.probabilities for weight, atoms in found])
        places, which = np.unique(every, return_inverse=True)
        return Atoms(places, np.bincount(which, weights=masses, minlength=places.size).astype(np.float64))


def mixture_of(weights: ArrayLike, parts: Sequence[Severity]) -> Severity:
    """Return a mixture in its simplest form: one part is itself, parts under one layer become a layer of a mixture.

    Parameters
    ----------
    weights : array, shape (part,)
        In [0, 1], with sum 1 [unitless].
    parts : sequence of Severity, shape (part,)
        Laws of the parts.
    """
    checked = numbers("weights", weights, least=0.0, most=1.0, dimensions=1, fewest=1, unit="unitless")
    mixture = Mixture(tuple(checked.tolist()), tuple(parts))
    if len(mixture.parts) == 1:
        return mixture.parts[0]
    layered = [part for part in mixture.parts if isinstance(part, Layered)]
    if len(layered) == len(mixture.parts):
        terms = {(part.limit, part.attachment) for part in layered}
        if len(terms) == 1:
            ((limit, attachment),) = terms
            base = mixture_of(mixture.weights, [part.base for part in layered])
            return base.layer(limit, attachment)
    return mixture


def _stacked(stacks: tuple[_Stack, ...], x: Floats, formula: Callable[[_Stack, Floats], Floats]) -> Floats:
    """Return the weighted sum of a formula over all stacked parts, at points of shape (n,)."""
    total = np.zeros_like(x)
    for stack in stacks:
        for piece, at in _blocks(stack, x.size):
            total[at] += piece.weights @ formula(piece, x[np.newaxis, at])
    return total


def _blocks(stack: _Stack, size: int) -> Iterator[tuple[_Stack, slice]]:
    """Cut points x parts into blocks of at most ``_BLOCK`` values."""
    parts = min(stack.weights.size, 64)
    width = max(_BLOCK // parts, 1)
    for first in range(0, stack.weights.size, parts):
        chosen = slice(first, first + parts)
        piece = _Stack(stack.family, stack.weights[chosen], tuple(column[chosen] for column in stack.theta))
        for start in range(0, size, width):
            yield piece, slice(start, start + width)
