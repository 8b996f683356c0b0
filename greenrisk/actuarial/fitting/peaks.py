# SPDX-License-Identifier: Apache-2.0
"""From a series to its extremes: maxima of blocks, and peaks over a threshold, declustered, with their rate.

The laws fitted to them are in :mod:`greenrisk.actuarial.fitting.extremes`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greenrisk.actuarial.arguments import number, numbers
from greenrisk.actuarial.fitting.clock import Duration, times_and_run
from greenrisk.actuarial.fitting.extreme_fit import GeneralisedParetoFit
from greenrisk.actuarial.fitting.extreme_model import Covariates
from greenrisk.actuarial.fitting.extremes import fit_generalised_pareto
from greenrisk.actuarial.fitting.return_levels import ReturnLevels, peak_return_levels
from greenrisk.actuarial.fitting.search import Floats
from greenrisk.actuarial.kinds import instance
from greenrisk.actuarial.labels import aligned
from greenrisk.actuarial.reading import as_floats
from greenrisk.core.errors import ArgumentError, Fault

Integers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class BlockMaxima:
    """The maxima of the complete blocks of a series, and what was left out.

    Parameters
    ----------
    blocks : array, shape (blocks,)
        Label of each complete block, ascending.
    maxima : array, shape (blocks,)
        Its largest value.
    known : array, shape (blocks,)
        How many of its values are known.
    left_out : array, shape (partial,)
        Labels of the blocks with too few known values.
    left_out_known : array, shape (partial,)
        How many were known.
    missing : int
        Values of the series that are missing.
    """

    blocks: NDArray[Any]
    maxima: Floats
    known: Integers
    left_out: NDArray[Any]
    left_out_known: Integers
    missing: int

    def __repr__(self) -> str:
        """Return how many blocks there are, and where their maxima lie."""
        from greenrisk.actuarial.fitting.wording import block_maxima_line

        return block_maxima_line(self)


@dataclass(frozen=True, eq=False)
class Peaks:
    """Peaks of a series over a threshold: the largest value of each cluster.

    Parameters
    ----------
    threshold : float
        In the unit of the series; a value at the threshold does not exceed it.
    values : array, shape (peaks,)
        The peaks themselves, > threshold.
    positions : array, shape (peaks,)
        Where they stand in the series.
    sizes : array, shape (peaks,)
        How many values of each cluster exceed the threshold.
    years : float
        Length of the series [year].
    """

    threshold: float
    values: Floats
    positions: Integers
    sizes: Integers
    years: float

    @property
    def excesses(self) -> Floats:
        """Peaks less the threshold, shape (peaks,)."""
        return self.values - self.threshold

    @property
    def rate(self) -> float:
        """Peaks a year [1/year]."""
        return self.values.size / self.years

    @property
    def extremal_index(self) -> float:
        """Peaks for each value over the threshold, the runs estimate of the extremal index [unitless].

        Notes
        -----
        1: no clustering; its inverse is the mean size of a cluster.
        """
        return float(self.values.size / self.sizes.sum())

    def __repr__(self) -> str:
        """Return threshold, number and rate of the peaks."""
        from greenrisk.actuarial.fitting.wording import peaks_line

        return peaks_line(self)


@dataclass(frozen=True)
class PeaksFit:
    """Peaks over a threshold and the law of their excesses.

    Parameters
    ----------
    peaks : Peaks
        What was fitted.
    tail : GeneralisedParetoFit
        The law.
    """

    peaks: Peaks
    tail: GeneralisedParetoFit

    @property
    def rate(self) -> float:
        """Peaks a year [1/year]."""
        return self.peaks.rate

    @property
    def rate_error(self) -> float:
        """Standard error of the rate, the number of peaks being Poisson [1/year]."""
        return float(np.sqrt(self.peaks.values.size)) / self.peaks.years

    def __repr__(self) -> str:
        """Return the rate of the peaks and the law of their excesses, with errors."""
        from greenrisk.actuarial.fitting.wording import peaks_fit_table

        return peaks_fit_table(self)

    def return_levels(
        self,
        periods: ArrayLike,
        *,
        covariates: Covariates | None = None,
        level: float = 0.95,
        method: str = "profile",
        rate_known: bool = False,
    ) -> ReturnLevels:
        """Return what peaks exceed once in a period of years on average.

        Parameters
        ----------
        periods, covariates, level, method, rate_known
            As for :func:`greenrisk.actuarial.fitting.return_levels.peak_return_levels`.
        """
        return peak_return_levels(
            self.tail,
            periods,
            self.peaks.years,
            covariates=covariates,
            level=level,
            method=method,
            rate_known=rate_known,
        )


def block_maxima(values: ArrayLike, block: ArrayLike | int, *, complete: float = 0.9) -> BlockMaxima:
    """Return the largest value of each complete block.

    Parameters
    ----------
    values : array, shape (n,)
        In the order of time; NaN: missing, counted and told.
    block : int or array, shape (n,)
        Number of values of each block, or the block of each value (its year, say).
    complete : float
        A block is complete if it has at least this share of the known values of the fullest, in (0, 1] [unitless].

    Raises
    ------
    ArgumentError
        If a value is infinite, an argument is outside its domain or of another length, or nothing is known.

    Notes
    -----
    The maximum of a block that is partly missing is too low by what was not seen: such blocks are left out and listed,
    not mixed in.
    """
    aligned(values=values, block=block)
    x = as_floats("values", values)
    absent = np.isnan(x)
    numbers("values", np.where(absent, 0.0, x), dimensions=1, fewest=1)
    number("complete", complete, above=0.0, most=1.0, unit="unitless")
    if np.ndim(block) == 0:
        length = int(number("block", float(np.asarray(block)), least=1.0))
        labels: NDArray[Any] = np.arange(x.size) // length
    else:
        labels = np.asarray(block)
        if labels.shape != x.shape:
            what = f"block of shape {labels.shape}"
            raise ArgumentError(
                Fault("block", what, f"One label for each of the {x.size} values was expected.")
            )
        if labels.dtype.kind == "f" and np.isnan(labels).any():
            what = f"block[{int(np.isnan(labels).argmax())}] = nan"
            raise ArgumentError(Fault("block", what, "Each value belongs to a block."))
    if absent.all():
        raise ArgumentError(Fault("values", f"all {x.size} values are missing", "Give at least one block."))
    names, place = np.unique(labels, return_inverse=True)
    known = np.bincount(place[~absent], minlength=names.size)
    maxima = np.full(names.size, -np.inf)
    np.maximum.at(maxima, place[~absent], x[~absent])
    whole = known >= complete * known.max()
    return BlockMaxima(
        names[whole], maxima[whole], known[whole], names[~whole], known[~whole], int(absent.sum())
    )


def peaks_over_threshold(
    values: ArrayLike,
    threshold: float,
    years: float,
    *,
    run: float | Duration = 0.0,
    times: ArrayLike | None = None,
) -> Peaks:
    """Return the peaks of a series over a threshold, one for each cluster.

    Parameters
    ----------
    values : array, shape (n,)
        In the order of time.
    threshold : float
        Fixed; the comparison is strict.
    years : float
        Length of the series, > 0 [year].
    run : float or timedelta
        Two values over the threshold belong to one cluster if they lie at most so far apart; 0: each is a peak of its
        own. In steps of the series or, with ``times``, in their unit; with dates a duration.
    times : array, shape (n,), optional
        When each value was seen, not descending: numbers or dates (``datetime64``).

    Raises
    ------
    ArgumentError
        If an argument is not finite, outside its domain or of another length, or no value exceeds the threshold.

    Notes
    -----
    Runs declustering: a cluster ends when ``run`` values in a row do not exceed the threshold. Its peak is its largest
    value, the first of equals.

    References
    ----------
    Coles, S. (2001). An Introduction to Statistical Modeling of Extreme Values. Springer, section 5.3.2.
    """
    aligned(values=values, times=times)
    x = numbers("values", values, dimensions=1, fewest=1)
    u = number("threshold", threshold)
    span = number("years", years, above=0.0, unit="year")
    when, gap = times_and_run(np.arange(x.size) if times is None else times, run)
    if when.size != x.size or (np.diff(when) < 0).any():
        what = f"times of length {when.size}" if when.size != x.size else "times that descend"
        raise ArgumentError(Fault("times", what, f"One for each of the {x.size} values, not descending."))
    over = np.flatnonzero(x > u)
    if not over.size:
        what = f"threshold = {u:g} against a largest value of {x.max():g}"
        raise ArgumentError(Fault("threshold", what, "No value exceeds it: lower it."))
    apart = np.diff(when[over]) > gap if gap > 0 else np.ones(over.size - 1, dtype=np.bool_)
    cluster = np.concatenate([[0], np.cumsum(apart)])
    # By cluster, then by size, then by time: the first of each cluster is its peak.
    order = np.lexsort((over, -x[over], cluster))
    first = np.concatenate([[True], np.diff(cluster[order]) > 0])
    positions = over[order[first]]
    return Peaks(u, x[positions], positions, np.bincount(cluster), span)


def fit_peaks(peaks: Peaks, *, scale: Covariates | None = None, shape: Covariates | None = None) -> PeaksFit:
    """Fit a generalised Pareto law to the excesses of peaks.

    Parameters
    ----------
    peaks : Peaks
        From :func:`peaks_over_threshold`.
    scale, shape : mapping of str to array, shape (peaks,)
        Covariates at the peaks: ``x[peaks.positions]``.

    Raises
    ------
    FitError
        As :func:`greenrisk.actuarial.fitting.extremes.fit_generalised_pareto`.
    """
    instance("peaks", peaks, Peaks, "From a series of values they are made by peaks_over_threshold.")
    tail = fit_generalised_pareto(peaks.values, peaks.threshold, scale=scale, shape=shape)
    return PeaksFit(peaks, tail)
