# SPDX-License-Identifier: Apache-2.0
"""Risk measures of simulated years, each with its simulation error; years may carry weights.

``losses`` are annual samples; a result after reinsurance may be negative, a gain, and is taken as it is. Losses by
return period, of the year's sum and of its largest event, are in :mod:`greenrisk.actuarial.exceedance`; measures of a
computed law are methods of ``greenrisk.actuarial.aggregate.loss.AggregateLoss``. The knowledge interval is not made
here.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias, overload

import numpy as np
from numpy.typing import ArrayLike

from greenrisk.actuarial.arguments import numbers, shown
from greenrisk.actuarial.samples import Floats, Losses, Sample, sample
from greenrisk.core.errors import ArgumentError, Fault

Levels: TypeAlias = Sequence[float] | Floats
"""Several probabilities."""

_INTEGRAL = 1e-6  # how far a spectrum may integrate from 1


class Estimate(NamedTuple):
    """A value and its simulation error."""

    value: float
    """The estimate, in the unit of the sample."""
    standard_error: float
    """Its standard error, in the unit of the sample; inf where the sample does not tell one."""

    def __float__(self) -> float:
        """Return the value, without its error."""
        return float(self.value)


class Estimates(NamedTuple):
    """Values and their simulation errors, in the order asked."""

    value: Floats
    """The estimates, in the unit of the sample, shape (level,)."""
    standard_error: Floats
    """Their standard errors, in the unit of the sample, shape (level,)."""


def mean_and_standard_error(losses: Losses, weights: ArrayLike | None = None) -> Estimate:
    """Return the sample mean and its standard error, s / sqrt(n) where all years weigh the same.

    Parameters
    ----------
    losses : array, shape (year,)
        Annual losses [currency/year].
    weights : array, shape (year,), optional
        Weights of the years, >= 0 [unitless]; empty: all the same.

    Returns
    -------
    Estimate
        With an infinite standard error for a single year.
    """
    years = sample(losses, weights)
    return Estimate(years.mean(), years.standard_error(years.values))


@overload
def value_at_risk(losses: Losses, level: float, weights: ArrayLike | None = None) -> float: ...
@overload
def value_at_risk(losses: Losses, level: Levels, weights: ArrayLike | None = None) -> Floats: ...
def value_at_risk(losses: Losses, level: float | Levels, weights: ArrayLike | None = None) -> float | Floats:
    """Return the value at risk, inf{x : F(x) >= level}, of the empirical law F.

    Parameters
    ----------
    losses : array, shape (year,)
        Annual losses [currency/year].
    level : float or array, shape (level,)
        Probability [unitless], in (0, 1).
    weights : array, shape (year,), optional
        Weights of the years, >= 0 [unitless]; empty: all the same.

    Returns
    -------
    float, or array for an array of levels
        [currency/year]

    Notes
    -----
    The order statistic of rank ceil(n * level): an observed loss, never an interpolated one. At a level whose tail
    holds less than one year it is the worst loss; :func:`greenrisk.actuarial.exceedance.exceedance` flags that.
    """
    found = sample(losses, weights).exceeded(_tail(level))
    return float(found) if found.ndim == 0 else found


@overload
def tail_value_at_risk(losses: Losses, level: float, weights: ArrayLike | None = None) -> Estimate: ...
@overload
def tail_value_at_risk(losses: Losses, level: Levels, weights: ArrayLike | None = None) -> Estimates: ...
def tail_value_at_risk(
    losses: Losses, level: float | Levels, weights: ArrayLike | None = None
) -> Estimate | Estimates:
    """Return the tail value at risk VaR + E[(S - VaR)+] / (1 - level), coherent at atoms.

    Parameters
    ----------
    losses : array, shape (year,)
        Annual losses [currency/year].
    level : float or array, shape (level,)
        Probability [unitless], in (0, 1).
    weights : array, shape (year,), optional
        Weights of the years, >= 0 [unitless]; empty: all the same.

    Returns
    -------
    Estimate, or Estimates for an array of levels

    Raises
    ------
    ArgumentError
        If the tail of a level holds less than one year, n * (1 - level) < 1; with weights, if the worst year alone
        weighs more than the tail.

    Notes
    -----
    Not the conditional mean E[S | S > VaR], which is not coherent where the law has atoms. Standard error:
    sd((S - VaR)+) / ((1 - level) * sqrt(n)); the estimate of VaR does not add to it at first order, because
    the measure is stationary in it.

    References
    ----------
    Rockafellar, R. T. and Uryasev, S. (2002), Conditional value-at-risk for general loss distributions, J.
    Banking & Finance 26, 1443-1471. Trindade, A. A. et al. (2007), Financial prediction with constrained
    tail risk, ibid. 31, 3524-3538 (asymptotic law).
    """
    years, tail = sample(losses, weights), _tail(level)
    held = years.holds(tail)
    if not held.all():
        raise too_few_years("losses", int(years.effective_years()), float(1.0 - tail[~held].min()))
    found = [_tail_mean(years, t) for t in np.atleast_1d(tail)]
    if tail.ndim == 0:
        return found[0]
    value, error = np.array(found).reshape(-1, 2).T
    return Estimates(value, error)


def spectral(
    losses: Losses,
    spectrum: Callable[[Floats], Floats] | tuple[Levels, Levels],
    weights: ArrayLike | None = None,
) -> Estimate:
    """Return the spectral risk measure, the integral of spectrum(u) * VaR_u over u in (0, 1).

    Parameters
    ----------
    losses : array, shape (year,)
        Annual losses [currency/year].
    spectrum : function, or pair of arrays of shape (level,)
        Risk aversion by level u: a function of arrays in (0, 1) that is >= 0, does not decrease and integrates to
        1; or levels in [0, 1) and their weights with the sum 1, the mixture of these tail values at risk [unitless].
    weights : array, shape (year,), optional
        Weights of the years, >= 0 [unitless]; empty: all the same.

    Raises
    ------
    ArgumentError
        If the spectrum is none (the measure would not be coherent), or the tail of a level holds less than a year.

    Notes
    -----
    VaR_u of the sample is constant between its years, so only the integrals of the spectrum over each year are
    needed: Gauss-Legendre with five nodes, adaptive for the worst year, where a spectrum may be unbounded. Standard
    error by the influence function of an L-statistic: a year's number moves the measure by the sum of gap * spectrum
    over the gaps between the losses below it.

    References
    ----------
    Acerbi, C. (2002), Spectral measures of risk: a coherent representation of subjective risk aversion, J. Banking &
    Finance 26, 1505-1518. Kusuoka, S. (2001), On law invariant coherent risk measures (mixtures of tail means). Huber,
    P. J. (1981), Robust Statistics (influence function of L-estimates).
    """
    years = sample(losses, weights)
    if isinstance(spectrum, tuple):
        levels, mixture = _mixture(*spectrum)
        held = years.holds(1.0 - levels)
        if not held.all():
            raise too_few_years("losses", int(years.effective_years()), float(levels[~held].max()))
        mixed = np.zeros_like(years.values)
        value = 0.0
        for p, w in zip(levels, mixture, strict=True):
            threshold = float(years.exceeded(np.asarray(1.0 - p)))
            excess = np.maximum(years.values - threshold, 0.0)
            mixed += w / (1.0 - p) * excess
            value += w * (threshold + years.mean(excess) / (1.0 - p))
        return Estimate(value, years.standard_error(mixed))
    from scipy import integrate  # slow to import, and only asked for here

    edges = np.concatenate([[0.0], years.tail])
    width = np.diff(edges)
    nodes, node_weights = np.polynomial.legendre.leggauss(5)
    by_year = np.zeros_like(width)
    for node, weight in zip(nodes, node_weights, strict=True):
        by_year += spectrum(1.0 - (edges[:-1] + width * (node + 1.0) / 2.0)) * (weight / 2.0)
    by_year *= width
    by_year[0] = integrate.quad(lambda t: float(spectrum(np.array([1.0 - t]))[0]), 0.0, width[0])[0]
    slope = spectrum(1.0 - years.tail[:-1])
    _check_spectrum(by_year, slope)
    worst = years.worst_first
    influence = np.zeros_like(worst)
    influence[:-1] = np.cumsum((slope * -np.diff(worst))[::-1])[::-1]
    return Estimate(float(np.einsum("y,y->", by_year, worst)), years.standard_error(influence))


def too_few_years(name: str, n: int, level: float) -> ArgumentError:
    """Return the error for a sample whose tail holds less than one year.

    Parameters
    ----------
    name : str
        Name of the caller's argument.
    n : int
        Years in the sample.
    level : float
        Level of the tail value at risk [unitless].
    """
    needed = math.ceil(1 / (1 - level) - 1e-6)
    expected = f"A tail at {shown(level)} needs at least {needed:,} simulated years."
    return ArgumentError(Fault(name, f"{n} years", expected, "year"))


def _tail(level: float | Levels) -> Floats:
    return np.asarray(1.0 - numbers("level", level, above=0.0, below=1.0, unit="unitless"))


def _tail_mean(years: Sample, tail: float) -> Estimate:
    threshold = float(years.exceeded(np.asarray(tail)))
    excess = np.maximum(years.values - threshold, 0.0)
    return Estimate(threshold + years.mean(excess) / tail, years.standard_error(excess, tail))


def _mixture(levels: Levels, mixture: Levels) -> tuple[Floats, Floats]:
    p = numbers("levels", levels, least=0.0, below=1.0, dimensions=1, fewest=1, unit="unitless")
    w = numbers("weights of the levels", mixture, least=0.0, dimensions=1, unit="unitless")
    if w.shape != p.shape or abs(w.sum() - 1.0) > _INTEGRAL:
        raise ArgumentError(
            Fault(
                "spectrum",
                f"{p.size} levels, {w.size} weights with the sum {w.sum():.6g}",
                "One weight for each level was expected, with the sum 1.",
                "unitless",
            )
        )
    return p, w / w.sum()


def _check_spectrum(by_year: Floats, slope: Floats) -> None:
    total = float(by_year.sum())
    # from the worst year down the spectrum must not rise
    rises = slope.size > 1 and bool((np.diff(slope) > 1e-9 * np.abs(slope[:-1])).any())
    if not (abs(total - 1.0) <= _INTEGRAL and (by_year >= 0).all() and not rises):
        shape = "it decreases somewhere" if rises else f"it integrates to {total:.6g}"
        raise ArgumentError(
            Fault(
                "spectrum",
                f"spectrum: {shape}",
                "A spectrum is >= 0, does not decrease with the level and integrates to 1 over (0, 1); give one "
                "with steps by its levels and weights.",
                "unitless",
            )
        )
