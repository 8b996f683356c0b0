# SPDX-License-Identifier: Apache-2.0
"""Atoms of a year's sum that lie on no grid, followed one by one: which sums of limits, and how probable each is.

Limits without a common step put the atoms of the sum anywhere. There are few of them that matter: they need a year
without any partial loss. Nothing here of the continuous part.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from greenrisk.actuarial.aggregate import transform
from greenrisk.actuarial.aggregate.discretise import near_nodes
from greenrisk.actuarial.aggregate.transform import Factor
from greenrisk.actuarial.severity.law import NO_ATOMS, Atoms

Floats = NDArray[np.float64]

_MOST = 2**15
_MOST_PAIRS = 2**18
_MOST_EACH = 2**9
_MOST_LOSSES = 2**8
_FAINT = 3e-16
_BLURRED = 1e-7
_SAME = 1e-13
_TRIES = (256, 64, 16, 4, 1)


class Losses(NamedTuple):
    """The atoms of one loss of a compound, and how many losses there are."""

    pgf: Callable[[Any], Any]
    """z -> E[z^N] of their number."""
    rate: float
    """Expected number [losses/year]."""
    atoms: Atoms
    """Points that have a probability of their own."""


class Few(NamedTuple):
    """Atoms few enough to be followed."""

    atoms: Atoms
    blur: float
    """Greatest probability that was drawn together into one point [unitless]: what the distribution function may be
    off by."""


class Followed(NamedTuple):
    """Which atoms are followed, and those of the sum that they make."""

    of_losses: tuple[Atoms, ...]
    """For each compound the atoms of one loss that are followed."""
    of_sum: Atoms
    """The atoms of the sum that they make; the faintest of very many are drawn together."""
    blur: float
    """What the distribution function may be off by for that [unitless]."""
    smoothed: float
    """Expected number a year of losses at the other points, which are on no node [losses/year]."""


def follow(losses: Sequence[Losses], step: float | None) -> Followed | None:
    """Return what can be followed one by one: all atoms, or those on nodes and the likeliest of the others.

    Parameters
    ----------
    losses : sequence of Losses
        Independent compounds.
    step : float or None
        Distance of the nodes; None: only nought is on a node.

    Returns
    -------
    Followed or None
        None where the sum has more atoms than can be followed, even with a single one that is on no node.
    """
    on_node = [near_nodes(part.atoms, step) for part in losses]
    loose = np.sort(
        np.concatenate(
            [part.rate * part.atoms.probabilities[~near] for part, near in zip(losses, on_node, strict=True)]
        )
    )[::-1]
    for most in dict.fromkeys(min(loose.size, most) for most in _TRIES):
        least = float(loose[most - 1])
        kept = [
            near | (part.rate * part.atoms.probabilities >= least)
            for part, near in zip(losses, on_node, strict=True)
        ]
        chosen = [
            Atoms(part.atoms.points[some], part.atoms.probabilities[some])
            for part, some in zip(losses, kept, strict=True)
        ]
        found = of_sum([part._replace(atoms=atoms) for part, atoms in zip(losses, chosen, strict=True)])
        if found is not None:
            return Followed(tuple(chosen), *found, float(loose[loose < least].sum()))
    return None


def between_nodes(losses: Sequence[Losses], step: float | None) -> float:
    """Return the expected number a year of losses at points with a probability of their own that are on no node.

    Parameters
    ----------
    losses : sequence of Losses
        Independent compounds.
    step : float or None
        Distance of the nodes; None: only nought is on a node.
    """
    return sum(
        part.rate * float(part.atoms.probabilities[~near_nodes(part.atoms, step)].sum()) for part in losses
    )


def of_sum(losses: Sequence[Losses]) -> Few | None:
    """Return the atoms of the sum; None where they are too many.

    Parameters
    ----------
    losses : sequence of Losses
        Independent compounds.

    Notes
    -----
    With a_0 the probability that a loss is nought and A that it is one of the other atoms, the coefficient of z^k in
    P(a_0 + A z) is the probability of k losses at these and no partial one, for any law of the number of losses. Where
    their sum lies is the k-fold convolution of the atoms over A. Where more than 32,768 atoms are left, the likeliest
    half of so many stay, and the others are drawn together with their neighbours, which keeps their mean. What is drawn
    into one point, and what is dropped because it is less probable than 3e-16, is the blur, no more than 1e-7.
    """
    together, whole, blur = Atoms(np.zeros(1), np.ones(1)), 1.0, 0.0
    for part in losses:
        one = _of_one(part)
        added = None if one is None else _added(together, one.atoms, 1.0)
        if one is None or added is None:
            return None
        whole *= float(np.real(part.pgf(float(part.atoms.probabilities.sum()))))
        together, blur = added.atoms, blur + one.blur + added.blur
    kept = float(together.probabilities.sum())
    blur += abs(whole - kept)
    if blur > _BLURRED:
        return None
    return Few(
        together._replace(probabilities=together.probabilities * (whole / kept if kept else 1.0)), blur
    )


def on_grid(jumps: Atoms, step: float, cells: int) -> tuple[Floats, Atoms]:
    """Return the probabilities of the nodes, shape (cells + 1,), and the atoms between them.

    Parameters
    ----------
    jumps : Atoms
        Of the sum.
    step : float
        Distance of the nodes, in the unit of the loss.
    cells : int
        Number of cells; what lies beyond them is left out.
    """
    near = near_nodes(jumps, step)
    place = np.round(jumps.points / step)
    here = near & (place <= cells)
    nodes = np.bincount(
        place[here].astype(np.int64), weights=jumps.probabilities[here], minlength=cells + 1
    ).astype(np.float64)
    between = ~near & (jumps.points < step * cells)
    return nodes, Atoms(jumps.points[between], jumps.probabilities[between])


def on_lattice(factors: Sequence[Factor], cells: int) -> Floats:
    """Return the probabilities of the nodes where atoms of losses are on nodes alone, shape (cells + 1,).

    Parameters
    ----------
    factors : sequence of Factor
        Independent sums.
    cells : int
        Number of cells.

    Notes
    -----
    They are found on the coarsest lattice that holds those of the losses, then set among the nodes.
    """
    places = np.unique(np.concatenate([np.flatnonzero(f.atoms) for f in factors]))
    places = places[places > 0]
    stride = int(np.gcd.reduce(places)) if places.size else cells + 1
    sparse = [Factor(f.pgf, np.empty(0), f.atoms[::stride], 0.0) for f in factors]
    atoms = np.zeros(cells + 1)
    atoms[::stride] = transform.atom_weights(sparse, cells // stride + 1)
    return atoms


def _of_one(part: Losses) -> Few | None:
    """The atoms of the sum of one compound."""
    points, probabilities = part.atoms
    nought = float(probabilities[points == 0.0].sum())
    some = points > 0.0
    hit = float(probabilities[some].sum())
    counts = transform.atom_weights(
        [Factor(part.pgf, np.empty(0), np.array([nought, hit]), 0.0)], _MOST_LOSSES
    )
    whole = float(np.real(part.pgf(nought + hit)))
    if whole - float(counts.sum()) > _BLURRED:
        return None
    one = Atoms(points[some], probabilities[some] / hit) if hit > 0.0 else NO_ATOMS
    left = np.append(np.cumsum(counts[::-1])[::-1], 0.0)
    current, blur = Atoms(np.zeros(1), np.ones(1)), 0.0
    places, masses = [np.zeros(1)], [counts[:1]]
    for number in range(1, _MOST_LOSSES):
        if left[number] <= _FAINT or not one.points.size:
            break
        longer = _added(current, one, float(left[number]))
        if longer is None:
            return None
        current, blur = longer.atoms, blur + longer.blur
        places.append(current.points)
        masses.append(current.probabilities * counts[number])
    found = _fewer(_merged(np.concatenate(places), np.concatenate(masses)), 1.0, _MOST)
    return None if found is None else found._replace(blur=found.blur + blur)


def _added(left: Atoms, right: Atoms, share: float) -> Few | None:
    """The atoms of the sum of two, those not seen in a share of all years left out and the faintest drawn together."""
    pair = left, right
    blur = 0.0
    if left.points.size * right.points.size > _MOST_PAIRS:
        some = [_fewer(one, share, _MOST_EACH) for one in pair]
        if some[0] is None or some[1] is None:
            return None
        pair, blur = (some[0].atoms, some[1].atoms), some[0].blur + some[1].blur
    points = np.add.outer(pair[0].points, pair[1].points).ravel()
    masses = np.multiply.outer(pair[0].probabilities, pair[1].probabilities).ravel()
    found = _fewer(_merged(points, masses), share, _MOST)
    return None if found is None else found._replace(blur=found.blur + blur)


def _fewer(atoms: Atoms, share: float, most: int) -> Few | None:
    """At most so many atoms: the likeliest half as they are, the others drawn together with their neighbours."""
    seen = atoms.probabilities * share > _FAINT
    points, masses = atoms.points[seen], atoms.probabilities[seen]
    if points.size <= most:
        return Few(Atoms(points, masses), 0.0)
    half = most // 2
    faint = np.ones(points.size, dtype=np.bool_)
    faint[np.argpartition(masses, -half)[-half:]] = False
    if float(masses[faint].max()) * share > _BLURRED:
        return None
    place = np.minimum((points[faint] - points[0]) / (points[-1] - points[0]) * half, half - 1).astype(
        np.int64
    )
    whole = np.bincount(place, weights=masses[faint], minlength=half)
    moment = np.bincount(place, weights=masses[faint] * points[faint], minlength=half)
    some = whole > 0.0
    together = _merged(
        np.concatenate([points[~faint], moment[some] / whole[some]]),
        np.concatenate([masses[~faint], whole[some]]),
    )
    return Few(together, float(whole.max()) * share)


def _merged(points: Floats, probabilities: Floats) -> Atoms:
    if not points.size:
        return NO_ATOMS
    order = np.argsort(points, kind="stable")
    points, probabilities = points[order], probabilities[order]
    first = np.concatenate([[True], np.diff(points) > _SAME * points[1:]])
    return Atoms(points[first], np.add.reduceat(probabilities, np.flatnonzero(first)))
