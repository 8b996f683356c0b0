# SPDX-License-Identifier: Apache-2.0
"""What a figure of the aggregate law comes with: its numerical error, how it was found, moments side by side."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, NamedTuple

Kind = Literal["atom", "interpolated"]


class Numerical(NamedTuple):
    """A figure and its numerical error."""

    value: float
    """In the unit of the loss."""
    error: float
    """Estimate of the absolute numerical error, same unit: change against the grid of twice the step, plus rounding."""

    def __float__(self) -> float:
        """Return the value, without its error."""
        return float(self.value)


class Quantile(NamedTuple):
    """A value at risk, its numerical error, and where it lies."""

    value: float
    """In the unit of the loss."""
    error: float
    """Estimate of the absolute numerical error, same unit; 0 at an atom whose jump covers the level beyond doubt."""
    kind: Kind
    """``atom``: the level falls into the jump at a point that has a probability of its own, which is returned exactly;
    ``interpolated``: the distribution function is continuous there."""

    def __float__(self) -> float:
        """Return the value, without its error."""
        return float(self.value)


class Bounds(NamedTuple):
    """A value that is not above, and one that is not below, a value at risk."""

    lower: float
    """From every loss rounded down to the grid, in the unit of the loss."""
    upper: float
    """From every loss rounded up to the grid, same unit; inf where the grid ends before."""


class Moments(NamedTuple):
    """Mean, standard deviation and skewness; inf where they do not exist, NaN for the skewness of a constant."""

    mean: float
    """In the unit of the loss."""
    standard_deviation: float
    """In the unit of the loss."""
    skewness: float
    """Third central moment over the cubed standard deviation [unitless]."""


@dataclass(frozen=True)
class NumericalError:
    """What is known of the error of an aggregate law.

    Parameters
    ----------
    doubled_grid : float
        Greatest relative change of mean, VaR and TVaR at the probed levels between the grid of twice the step and
        this one [unitless]. The error of the finer grid is smaller, by a factor of 4 where the law is rough and of
        about 16 where it is smooth.
    aliasing : float
        Bound of the probability that the circular transform folds onto the grid [unitless].
    rounding : float
        Estimate of the rounding error of the distribution function, after the tilt is undone [unitless].
    tail_mass : float
        Probability beyond the last node before annual terms [unitless]. It is not lost: means and tail values at risk
        take it from the exact mean.
    negative_mass : float
        Sum of the negative weights that the transform left, never sorted away [unitless].
    replaced_cells : int
        Cells of a severity whose limited expected values were too noisy to be differenced; taken from its survival
        function instead.
    unaligned : float
        Expected number a year of losses at points with a probability of their own that are neither on a node nor
        followed one by one [losses/year]: the points have no common step that is coarse enough, and the sum has too
        many atoms. Those atoms of the sum are smoothed.
    smoothing : float
        How far they are moved, in the unit of the loss; 0 where all are kept. Part of the error of every figure.
    blur : float
        Greatest probability of atoms between nodes, each very faint, that were drawn together into one point where
        there are thousands of them [unitless]; 0 where all are kept. Part of the error of every figure.
    converged : bool
        Whether ``doubled_grid`` came within the tolerance asked for before the largest grid was reached, and no atom is
        smoothed.
    step : float
        Distance of the nodes, in the unit of the loss.
    size : int
        Number of cells.
    """

    doubled_grid: float
    aliasing: float
    rounding: float
    tail_mass: float
    negative_mass: float
    replaced_cells: int
    unaligned: float
    smoothing: float
    blur: float
    converged: bool
    step: float
    size: int

    @property
    def probability(self) -> float:
        """What the distribution function may be off by beside the width of the step [unitless]."""
        return self.aliasing + self.rounding


def smoothing(losses: float, step: float) -> float:
    """Return how far a sum may lie from where it belongs when some losses are shared by the two nodes around them.

    Parameters
    ----------
    losses : float
        Expected number of such losses a year [losses/year].
    step : float
        Distance of the nodes, in the unit of the loss.

    Notes
    -----
    One loss moves by less than a step and by nothing on average, with a variance of at most step^2 / 4: n of them by
    less than n steps, and seldom by more than 1.5 sqrt(n). The years far out have more of them than the average.
    """
    return 0.0 if losses <= 0.0 else step * (1.0 + 1.5 * math.sqrt(losses + 3.0 * math.sqrt(losses)))


@dataclass(frozen=True)
class Validation:
    """Moments of the grid beside the exact ones, of the law before annual terms.

    Parameters
    ----------
    exact : Moments
        From the cumulants of frequency and severity.
    grid : Moments
        From the grid, with what lies beyond its last node placed there.
    beyond : float
        Share of the exact mean that lies beyond the last node, E[(S - top)+] / E[S] [unitless]: what the mean of the
        grid lacks where nothing else is wrong.
    """

    exact: Moments
    grid: Moments
    beyond: float

    def __repr__(self) -> str:
        """Return the rows of ``str``."""
        return str(self)

    def __str__(self) -> str:
        """Return three rows: name, exact, grid, relative difference."""
        rows = [f"{'':20}{'exact':>16}{'grid':>16}{'difference':>13}"]
        for name, exact, grid in zip(Moments._fields, self.exact, self.grid, strict=True):
            change = grid / exact - 1.0 if exact not in (0.0, float("inf")) else float("nan")
            rows.append(f"{name.replace('_', ' '):20}{exact:16,.6g}{grid:16,.6g}{change:13.1e}")
        rows.append(f"beyond the grid lies {self.beyond:.1e} of the mean")
        return "\n".join(rows)
