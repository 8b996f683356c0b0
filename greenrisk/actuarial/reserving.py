# SPDX-License-Identifier: Apache-2.0
"""Development of losses: the chain ladder, with the standard error that Mack gave it.

What a triangle holds - paid losses or incurred ones - is the caller's choice; nothing here knows of years or money.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greenrisk.actuarial.arguments import every, number, numbers
from greenrisk.core.errors import ArgumentError, Fault, Faults

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class ChainLadder:
    """Losses developed to their end, and how unsure that is.

    Parameters
    ----------
    factors : array, shape (age - 1,)
        Development factors from each age to the next [unitless].
    variances : array, shape (age - 1,)
        Mack's sigma squared of each factor [currency].
    latest : array, shape (origin,)
        The latest known cumulative losses [currency].
    ultimate : array, shape (origin,)
        What they come to, the tail factor included [currency].
    standard_errors : array, shape (origin,)
        Of each ultimate: of the process and of the estimated factors [currency].
    total_standard_error : float
        Of the sum of the ultimates; larger than independent origins would give, since all share the factors [currency].
    from_nothing : int
        How many losses grew out of a cumulative amount of 0. The model rules them out: they enter the factors, not
        the variances.
    """

    factors: Floats
    variances: Floats
    latest: Floats
    ultimate: Floats
    standard_errors: Floats
    total_standard_error: float
    from_nothing: int

    @property
    def reserves(self) -> Floats:
        """What is still to come, ultimate less latest, shape (origin,) [currency]."""
        return self.ultimate - self.latest

    @property
    def to_ultimate(self) -> Floats:
        """Factor from the latest losses to the ultimate ones, shape (origin,) [unitless]; 1 where there are none."""
        known = self.latest > 0.0
        return np.where(known, self.ultimate / np.where(known, self.latest, 1.0), 1.0)


def chain_ladder(triangle: ArrayLike, *, tail: float = 1.0) -> ChainLadder:
    """Develop cumulative losses by the chain ladder.

    Parameters
    ----------
    triangle : array, shape (origin, age)
        Cumulative losses, >= 0; NaN from the first unknown age of an origin on [currency]. Origins in any order, each
        known at least at the first age; at least two of them, and two ages.
    tail : float
        Factor from the last age to the end, > 0, taken for certain [unitless].

    Raises
    ------
    ArgumentError
        If something is negative, a known amount follows an unknown one, an age is reached by no origin, the first
        factor rests on a single origin, or losses stand at an age where all of the age before were 0.

    Notes
    -----
    With C the cumulative losses, f_k = sum_i C_i,k+1 / sum_i C_ik over the origins known at k + 1, and
    sigma_k^2 = sum_i C_ik (C_i,k+1 / C_ik - f_k)^2 / (n_k - 1). A factor seen once has no variance of its own and is
    given min(s2^2 / s1, s1, s2) of the two before it, as Mack does for the last one, or the one before where there is
    no second. The mean squared error of an ultimate U_i is

        U_i^2 sum_k (sigma_k / f_k)^2 (1 / C_ik + 1 / S_k),  S_k = sum_j C_jk,

    over the ages still to come, and origins i, j add U_i U_j (sigma_k / f_k)^2 / S_k for those that both have to come.

    References
    ----------
    Mack, T. (1993), Distribution-free calculation of the standard error of chain ladder reserve estimates, ASTIN
    Bulletin 23, 213-225.
    """
    losses = _checked(triangle, tail)
    known = np.isfinite(losses)
    reached = known.sum(axis=1)
    factors, variances, bases, jumps = _factors(losses, known)
    origins, ages = losses.shape
    filled = losses.copy()
    for k in range(ages - 1):
        filled[:, k + 1] = np.where(known[:, k + 1], filled[:, k + 1], filled[:, k] * factors[k])
    ultimate = filled[:, -1] * tail
    # (sigma_k / f_k)^2; a factor of 0 ends all losses, with no error relative to nothing.
    relative = np.where(factors > 0.0, variances / np.where(factors > 0.0, factors, 1.0) ** 2, 0.0)
    shared = np.where(bases > 0.0, relative / np.where(bases > 0.0, bases, 1.0), 0.0)
    to_come = np.arange(ages - 1)[None, :] >= reached[:, None] - 1
    before = filled[:, :-1]
    own = np.where(before > 0.0, relative / np.where(before > 0.0, before, 1.0), 0.0)
    process = ultimate**2 * (own * to_come).sum(axis=1)
    both = to_come.astype(np.float64) * np.sqrt(shared)
    estimation = np.outer(ultimate, ultimate) * (both @ both.T)
    return ChainLadder(
        factors=factors,
        variances=variances,
        latest=losses[np.arange(origins), reached - 1],
        ultimate=ultimate,
        standard_errors=np.sqrt(process + np.diag(estimation)),
        total_standard_error=math.sqrt(float(process.sum() + estimation.sum())),
        from_nothing=jumps,
    )


def _checked(triangle: ArrayLike, tail: float) -> Floats:
    """Return the triangle as an array, or refuse it."""
    losses = np.asarray(triangle, dtype=np.float64)
    if losses.ndim != 2 or losses.shape[0] < 2 or losses.shape[1] < 2:
        what = f"triangle of shape {losses.shape}"
        raise ArgumentError(Fault("triangle", what, "At least two origins and two ages are needed."))
    every(
        lambda: number("tail", tail, above=0.0, unit="unitless"),
        lambda: numbers("triangle", losses[~np.isnan(losses)], least=0.0, unit="currency"),
    )
    known = np.isfinite(losses)
    faults = Faults()
    for origin, row in enumerate(known):
        if not row[0]:
            faults.add("triangle", f"triangle[{origin}][0] is unknown", "Every origin needs its first age.")
        elif np.diff(row.astype(np.int64)).max() > 0:
            gap = int(np.argmin(row))
            faults.add(
                "triangle",
                f"triangle[{origin}][{gap}] is unknown, a later age is known",
                "Cumulative losses need every age up to the latest.",
            )
    faults.raise_if_any(ArgumentError)
    counts = known[:, 1:].sum(axis=0)
    if counts.min() < 1:
        age = int(np.argmin(counts)) + 1
        raise ArgumentError(Fault("triangle", f"no origin has reached age {age}", "Leave that age out."))
    if counts[0] < 2:
        what = "one origin is known at two ages"
        raise ArgumentError(Fault("triangle", what, "At least two are needed for a standard error."))
    return losses


def _factors(losses: Floats, known: NDArray[np.bool_]) -> tuple[Floats, Floats, Floats, int]:
    """Return factors, their variances, the losses that they rest on, and how many losses came from nothing."""
    steps = losses.shape[1] - 1
    factors, variances, bases, jumps = np.ones(steps), np.zeros(steps), np.zeros(steps), 0
    for k in range(steps):
        both = known[:, k + 1]
        before, after = losses[both, k], losses[both, k + 1]
        bases[k] = before.sum()
        if bases[k] == 0.0 and after.sum() > 0.0:
            what = f"all losses are 0 at age {k}, and some are not at age {k + 1}"
            raise ArgumentError(
                Fault("triangle", what, "Nothing can be developed from 0: begin at a later age.")
            )
        there = before > 0.0
        jumps += int(np.count_nonzero(after[~there] > 0.0))
        if bases[k] == 0.0:
            continue
        factors[k] = after.sum() / bases[k]
        if np.count_nonzero(both) > 1:
            squares = before[there] * (after[there] / before[there] - factors[k]) ** 2
            variances[k] = squares.sum() / (np.count_nonzero(both) - 1)
        elif k > 1:
            first, second = variances[k - 2], variances[k - 1]
            variances[k] = min(second**2 / first, first, second) if first > 0.0 else 0.0
        else:
            variances[k] = variances[k - 1]
    return factors, variances, bases, jumps
