# SPDX-License-Identifier: Apache-2.0
"""The grid is chosen and refined until mean, VaR and TVaR stand still: reach, common divisor of the atoms, step."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from greenrisk.actuarial.aggregate import jumps
from greenrisk.actuarial.aggregate.annual import AnnualLaw, greatest_change
from greenrisk.actuarial.aggregate.discretise import Weights, common_step, local_moments, off_nodes
from greenrisk.actuarial.aggregate.grid_law import GHOSTS, GridLaw, from_weights
from greenrisk.actuarial.aggregate.results import NumericalError, smoothing
from greenrisk.actuarial.aggregate.tail import Source, Tail
from greenrisk.actuarial.aggregate.transform import (
    FAR_WINDOW,
    WIDE_WINDOW,
    WINDOW,
    Factor,
    Transformed,
    Window,
    continuous_weights,
)
from greenrisk.actuarial.frequency.law import Frequency
from greenrisk.actuarial.severity.law import Atoms, Severity

Floats = NDArray[np.float64]
Method = Callable[[Sequence[Factor], int, Window], Transformed]

_FIRST_CELLS = 2**10
_FEWEST_CELLS = 2**11
_MOST_POINTS = 64
_DEEP = 1.0 - 1e-9
_LITTLE = 1e-3
_ROOM = 4.0
_LEAST_TAIL = 1e-9
_FAR_CELLS = 2**12
_DOUBLINGS = 80
_NEAR = 4.0
_BEYOND = 1.06
"""So much longer than needed is the grid: errors are looked for up to 5 % above a value at risk."""
_SEEN = 1e-12


class Part(NamedTuple):
    """One compound of the sum: how many losses, and how large one is."""

    frequency: Frequency
    severity: Severity
    atoms: Atoms
    followed: Atoms | None = None
    """Atoms kept apart wherever they lie; None: those on nodes."""


def rate_of(parts: Sequence[Part]) -> float:
    """Return the expected number of losses of all parts in a year."""
    return sum(part.frequency.mean() for part in parts)


class Terms(NamedTuple):
    """What is asked of the law."""

    attachment: float
    """Annual, in the unit of the loss."""
    limit: float
    """Annual, same unit; inf: none."""
    rtol: float
    """Greatest relative change of the probed figures [unitless]."""
    top_level: float
    """Level of value at risk that the grid must hold [unitless]."""
    largest_grid: int
    """Most cells."""


@dataclass(frozen=True)
class Built:
    """The law on the finest grid, that of twice its step, and what is known of the error."""

    fine: AnnualLaw
    coarse: AnnualLaw | None
    error: NumericalError


def build(parts: Sequence[Part], mean: float, terms: Terms, method: Method) -> Built:
    """Return the law of the sum after annual terms.

    Parameters
    ----------
    parts : sequence of Part
        Independent compounds.
    mean : float
        E[S] before annual terms, exact; inf where it does not exist, in the unit of the loss.
    terms : Terms
        Annual terms and accuracy.
    method : callable
        Weights of the sum from those of one loss: by transform or by recursion.

    Notes
    -----
    The grid starts with some 2,000 cells and is halved. Its step divides every point that has a probability of its
    own, where that is possible, so that the atoms of the sum stay on nodes. Where it is not, they are followed one by
    one (:func:`~greenrisk.actuarial.aggregate.jumps.follow`), and lie between the nodes.
    """
    maker = _Maker(tuple(parts), mean, terms, method)
    reach = maker.reach()
    unit = maker.unit(reach, reach / terms.largest_grid)
    if unit is None or not maker.is_lattice(unit):
        # Refining needs room: a step that fills the grid at once is of no use then.
        unit = maker.unit(reach, _ROOM * reach / terms.largest_grid)
    else:
        law, _ = maker.on_step(unit, max(math.ceil(reach / unit * (1 - 1e-12)), 1))
        view = maker.view(law, _FAR_CELLS)
        return Built(view, None, maker.error(law, 0.0, True, 0))
    maker.follow(unit)
    step = reach / _FEWEST_CELLS
    if unit is not None:
        step = unit / 2.0 ** max(math.ceil(math.log2(unit / step)), 0)
    cells = max(math.ceil(reach / step * (1 - 1e-12)), 1)
    coarse, weights = maker.on_step(step, cells)
    while True:
        step, cells = step / 2.0, cells * 2
        fine, weights = maker.on_step(step, cells, weights)
        views = maker.view(fine, _FAR_CELLS), maker.view(coarse, _FAR_CELLS // 2)
        change = greatest_change(*views, maker.rounding(), terms.top_level)
        if change <= terms.rtol or 2 * cells > terms.largest_grid:
            replaced = sum(w.replaced for w in weights)
            converged = change <= terms.rtol and maker.unaligned <= _SEEN
            return Built(*views, maker.error(fine, change, converged, replaced))
        coarse = fine


def law_on(
    parts: Sequence[Part],
    step: float,
    cells: int,
    window: Window = WINDOW,
    method: Method = continuous_weights,
    coarser: Sequence[Weights] = (),
    atoms: Atoms | None = None,
) -> tuple[GridLaw, tuple[Weights, ...]]:
    """Return the law of the sum on one grid, and the weights of one loss, to be used again at half the step.

    Parameters
    ----------
    parts : sequence of Part
        Independent compounds.
    step : float
        Distance of the nodes, in the unit of the loss.
    cells : int
        Number of cells.
    window : Window
        Tilt and padding of the transform.
    method : callable
        Weights of the sum from those of one loss.
    coarser : sequence of Weights
        Those at twice the step, where they are known.
    atoms : Atoms, optional
        Those of the sum, where they are followed one by one; else they are found on the nodes.
    """
    nodes = cells + GHOSTS
    known: Sequence[Floats | None] = [w.limited for w in coarser] if coarser else [None] * len(parts)
    weights = tuple(
        local_moments(p.severity, step, nodes, limited, p.atoms, p.followed)
        for p, limited in zip(parts, known, strict=True)
    )
    factors = [
        Factor(p.frequency.pgf, w.continuous, w.atoms, w.spread) for p, w in zip(parts, weights, strict=True)
    ]
    made = method(factors, nodes, window).weights
    if atoms is None:
        return from_weights(step, made, jumps.on_lattice(factors, cells)), weights
    return from_weights(step, made, *jumps.on_grid(atoms, step, cells)), weights


@dataclass(frozen=True)
class Longer:
    """Makes the law of the sum on longer grids, for its tail.

    Parameters
    ----------
    parts : tuple of Part
        Independent compounds.
    atoms : Atoms or None
        Those of the sum, where they are followed one by one.
    smoothed : bool
        Whether there are too many to be followed.
    """

    parts: tuple[Part, ...]
    atoms: Atoms | None
    smoothed: bool

    def __call__(self, step: float, cells: int) -> GridLaw:
        """Return the law on so many cells of a width."""
        window = FAR_WINDOW.for_many(rate_of(self.parts))
        parts, atoms = self.parts, self.atoms
        if atoms is None and not self.smoothed and sum(p.atoms.points.size for p in parts) <= _MOST_POINTS:
            # What was on nodes is between those of a longer grid.
            parts, atoms, *_ = _followed(parts, step)
        return law_on(parts, step, cells, window, atoms=atoms)[0]


class _Maker:
    """What stays the same from grid to grid; the window widens once, when the first grid shows what lies beyond."""

    def __init__(self, parts: tuple[Part, ...], mean: float, terms: Terms, method: Method) -> None:
        self.parts, self.mean, self.terms, self.method = parts, mean, terms, method
        self.sources = tuple(Source(p.frequency.mean(), p.severity) for p in parts)
        self.rate = rate_of(parts)
        self.window = WINDOW.for_many(self.rate)
        self.unaligned = self.blur = 0.0
        self.atoms: Atoms | None = None

    def reach(self) -> float:
        """How far the grid must go: past the top level, and to the annual limit where that is not far."""
        ceiling = self.terms.attachment + self.terms.limit
        # Where most years bring nothing, the level is meant among those that do.
        none = math.prod(float(np.real(p.frequency.pgf(float(p.severity.cdf(0.0))))) for p in self.parts)
        level = 1.0 - max((1.0 - self.terms.top_level) * (1.0 - none), _LEAST_TAIL)
        reach = min(self._guess(1.0 - level), ceiling)
        needed = math.inf
        for _ in range(_DOUBLINGS):
            law, _weights = law_on(self.parts, reach / _FIRST_CELLS, _FIRST_CELLS, self.window)
            held = float(law.at_nodes[-1])
            if held >= level:
                needed = float(law.quantile(level)[0])
            # Twice as far as needed is looked at, because light tails end there.
            if reach >= min(2.0 * needed, ceiling):
                break
            reach = min(2.0 * reach, ceiling)
        window = WINDOW if 1.0 - held <= _LITTLE else WIDE_WINDOW
        self.window = window.for_many(self.rate)
        if needed == math.inf:
            return reach
        deep = float(law.quantile(_DEEP)[0])
        if held >= _DEEP and deep <= 2.0 * needed:
            needed = deep
        needed = _BEYOND * needed + 4 * law.step if needed > 0.0 else reach
        return ceiling if ceiling <= _NEAR * needed else needed

    def unit(self, reach: float, smallest: float) -> float | None:
        """The greatest step that has as many atoms as possible on nodes, None where there is none to respect."""
        pairs = zip(self.sources, self.parts, strict=True)
        rated = [(s.rate * q, x) for s, p in pairs for x, q in zip(*p.atoms, strict=True)]
        rated = [(rate, float(x)) for rate, x in rated if 0.0 < x <= reach and rate > 0.0]
        if not rated:
            return None
        step = common_step(np.array([x for _, x in rated]), smallest)
        if step is not None:
            return step
        aligned: list[float] = []
        for _, x in sorted(rated, reverse=True)[:_MOST_POINTS]:
            finer = common_step(np.array([*aligned, x]), smallest)
            if finer is not None:
                aligned.append(x)
                step = finer
        return step

    def follow(self, unit: float | None) -> None:
        """Follow the atoms that are on no node of a unit one by one, as many as possible; the others are smoothed."""
        self.parts, self.atoms, self.unaligned, self.blur = _followed(self.parts, unit)

    def is_lattice(self, unit: float) -> bool:
        """Whether every loss lies on multiples of the unit, so that the grid has no error of its own."""
        return all(
            p.atoms.probabilities.sum() >= 1.0 - 1e-12 and off_nodes(p.atoms, unit) == 0.0 for p in self.parts
        )

    def on_step(
        self, step: float, cells: int, coarser: Sequence[Weights] = ()
    ) -> tuple[GridLaw, tuple[Weights, ...]]:
        """The law on one grid, and the weights of one loss."""
        return law_on(self.parts, step, cells, self.window, self.method, coarser, self.atoms)

    def view(self, law: GridLaw, far_cells: int) -> AnnualLaw:
        """The law after annual terms."""
        tail = Tail(
            law, Longer(self.parts, self.atoms, self.unaligned > 0.0), far_cells, self.sources, self.mean
        )
        return AnnualLaw(law, tail, self.terms.attachment, self.terms.limit)

    def rounding(self) -> float:
        """The order of the rounding error of the distribution function."""
        return self.window.rounding(self.rate)

    def error(self, law: GridLaw, change: float, converged: bool, replaced: int) -> NumericalError:
        """The record of what is known of the error."""
        beyond = max(1.0 - float(law.at_nodes[-1]), 0.0)
        return NumericalError(
            doubled_grid=change,
            aliasing=self.window.aliasing(beyond),
            rounding=self.rounding(),
            tail_mass=beyond,
            negative_mass=law.negative_mass(),
            replaced_cells=replaced,
            unaligned=self.unaligned,
            smoothing=smoothing(self.unaligned, law.step),
            blur=self.blur,
            converged=converged,
            step=law.step,
            size=law.cells,
        )

    def _guess(self, rare: float) -> float:
        """Mean of what is common, and the greater of one rare loss and six standard deviations."""
        candidates = 2.0 ** np.arange(-64.0, 160.0)
        expected = np.zeros(candidates.size)
        for source, part in zip(self.sources, self.parts, strict=True):
            expected += source.rate * part.severity.sf(candidates)
        enough = np.flatnonzero(expected <= rare)
        big = float(candidates[enough[0] if enough.size else -1])
        mean = variance = 0.0
        for part in self.parts:
            count, spread, _ = part.frequency.cumulants()
            first, second = (float(part.severity.limited_expected_value(big, power)) for power in (1, 2))
            mean += count * first
            variance += count * (second - first * first) + spread * first * first
        return mean + max(big, 6.0 * math.sqrt(variance))


def _followed(
    parts: tuple[Part, ...], step: float | None
) -> tuple[tuple[Part, ...], Atoms | None, float, float]:
    """The parts with the atoms that are followed, those of the sum, the rate of losses that are smoothed, the blur."""
    losses = [jumps.Losses(part.frequency.pgf, part.frequency.mean(), part.atoms) for part in parts]
    smoothed = jumps.between_nodes(losses, step)
    found = jumps.follow(losses, step) if smoothed > 0.0 else None
    if found is None:
        return parts, None, smoothed, 0.0
    kept = zip(parts, found.of_losses, strict=True)
    return (
        tuple(part._replace(followed=atoms) for part, atoms in kept),
        found.of_sum,
        found.smoothed,
        found.blur,
    )
