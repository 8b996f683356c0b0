# SPDX-License-Identifier: Apache-2.0
"""Restoration of damaged habitat: what it costs, how long it takes, and what makes good the services lost meanwhile.

What lives here: the cost curve, habitat equivalency in closed form and in the yearly convention of NOAA. What does not:
values of services (:mod:`greenrisk.environment.service_values`), which are context and enter no cost here; sites and
policies.

References
----------
National Oceanic and Atmospheric Administration (1995, revised 2000, 2006): Habitat Equivalency Analysis: An Overview.
Damage Assessment and Restoration Program. The layout of its formula is given here from memory (unconfirmed); the
numbers of the tests are derived by hand.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greenrisk.core.errors import ArgumentError, Faults

Floats = NDArray[np.float64]

_SMALL = 1e-2
"""Below it the closed forms cancel and their series are exact to the last bit but one."""


def restoration_cost(
    area: ArrayLike, degree: ArrayLike, unit_cost: ArrayLike, exponent: float, mobilisation: float
) -> Floats:
    """Return what it costs to restore damaged habitat.

    Parameters
    ----------
    area : array
        Damaged area, >= 0 [ha].
    degree : array, broadcasting with ``area``
        Share of the services that is lost at first, in [0, 1] [unitless]. 0: nothing is restored.
    unit_cost : array, broadcasting with ``area``
        Cost at a degree of 1, >= 0 [CNY/ha].
    exponent : float
        Of the degree, > 0: below 1 slight damage is dear, above 1 it is cheap [unitless].
    mobilisation : float
        Cost of each damage whatever its size, >= 0 [CNY].

    Returns
    -------
    array
        ``mobilisation + unit_cost * area * degree ** exponent`` where the degree is above 0, else 0 [CNY].

    Raises
    ------
    ArgumentError
        With every argument outside its domain.
    """
    d, a, cost = (np.asarray(given, dtype=np.float64) for given in (degree, area, unit_cost))
    faults = Faults()
    _check(faults, "area", a, 0.0, math.inf, "ha, >= 0")
    _check(faults, "degree", d, 0.0, 1.0, "unitless, in [0, 1]")
    _check(faults, "unit_cost", cost, 0.0, math.inf, "CNY/ha, >= 0")
    _check(faults, "exponent", exponent, 0.0, math.inf, "unitless, > 0", above=True)
    _check(faults, "mobilisation", mobilisation, 0.0, math.inf, "CNY, >= 0")
    faults.raise_if_any(ArgumentError)
    return np.where(d > 0.0, mobilisation + cost * a * d**exponent, 0.0)


def recovery_years(degree: ArrayLike, full: ArrayLike, exponent: float) -> Floats:
    """Return how long damaged habitat takes to recover once its restoration has begun.

    Parameters
    ----------
    degree : array
        Share of the services that is lost at first, in [0, 1] [unitless].
    full : array, broadcasting with ``degree``
        Time at a degree of 1, > 0 [year].
    exponent : float
        Of the degree, >= 0; 0: all damage takes as long [unitless].

    Raises
    ------
    ArgumentError
        With every argument outside its domain.
    """
    d, years = (np.asarray(given, dtype=np.float64) for given in (degree, full))
    faults = Faults()
    _check(faults, "degree", d, 0.0, 1.0, "unitless, in [0, 1]")
    _check(faults, "full", years, 0.0, math.inf, "year, > 0", above=True)
    _check(faults, "exponent", exponent, 0.0, math.inf, "unitless, >= 0")
    faults.raise_if_any(ArgumentError)
    return np.asarray(years * d**exponent)


def discounted_loss(degree: ArrayLike, recovery: ArrayLike, *, delay: float, rate: float) -> Floats:
    """Return the discounted loss of services of one hectare that recovers in a straight line.

    Parameters
    ----------
    degree : array
        Share of the services that is lost at first, in [0, 1] [unitless].
    recovery : array, broadcasting with ``degree``
        Time from the begin of restoration to full recovery, >= 0 [year].
    delay : float
        Time from the damage to the begin of restoration, in which nothing recovers, >= 0 [year].
    rate : float
        Discount rate, compounded yearly, >= 0 [1/year].

    Returns
    -------
    array
        Service hectare-years per hectare, discounted to the time of the damage [year].

    Raises
    ------
    ArgumentError
        With every argument outside its domain.

    Notes
    -----
    With force of interest f = ln(1 + rate), delay D, recovery T, degree d:
    ``d * [(1 - e^(-f D)) / f + e^(-f D) * (T - (1 - e^(-f T)) / f) / (f T)]``; at a rate of 0 ``d * (D + T / 2)``.
    """
    d, years = (np.asarray(given, dtype=np.float64) for given in (degree, recovery))
    faults = Faults()
    _check(faults, "degree", d, 0.0, 1.0, "unitless, in [0, 1]")
    _check(faults, "recovery", years, 0.0, math.inf, "year, >= 0")
    _check(faults, "delay", delay, 0.0, math.inf, "year, >= 0")
    _check(faults, "rate", rate, 0.0, math.inf, "1/year, >= 0")
    faults.raise_if_any(ArgumentError)
    force = math.log1p(rate)
    waiting = delay * float(_level(np.asarray(force * delay)))
    return np.asarray(d * (waiting + math.exp(-force * delay) * years * _falling(force * years)))


@dataclass(frozen=True)
class Replacement:
    """A project that brings services elsewhere, to make good those that are lost: its services per hectare.

    Parameters
    ----------
    start : float
        Time from the damage to its begin, >= 0 [year].
    maturity : float
        Time from the begin until its full services, in a straight line, >= 0 [year].
    life : float
        Time from the begin until its services end, >= ``maturity``; inf: they never end [year].
    services : float
        Full services per hectare over those of an undamaged hectare of what was damaged, above what the land gave
        before, > 0 [unitless].

    Raises
    ------
    ArgumentError
        With every argument outside its domain.
    """

    start: float
    maturity: float
    life: float
    services: float

    def __post_init__(self) -> None:
        """Refuse numbers outside their domain, all at once."""
        faults = Faults()
        _check(faults, "start", self.start, 0.0, math.inf, "year, >= 0")
        _check(faults, "maturity", self.maturity, 0.0, math.inf, "year, >= 0")
        _check(faults, "services", self.services, 0.0, math.inf, "unitless, > 0", above=True)
        if not self.life > 0.0 or not self.life >= self.maturity:
            mend = "It must be > 0 and not shorter than the time until full services."
            faults.add("life", f"life = {self.life:g}, maturity = {self.maturity:g}", mend, "year")
        faults.raise_if_any(ArgumentError)


def discounted_gain(replacement: Replacement, rate: float) -> float:
    """Return the discounted services of one hectare of a replacement project.

    Parameters
    ----------
    replacement : Replacement
        The project.
    rate : float
        Discount rate, compounded yearly, >= 0 [1/year].

    Returns
    -------
    float
        Service hectare-years per hectare, discounted to the time of the damage [year].

    Raises
    ------
    ArgumentError
        If the rate is outside its domain, or 0 for a project that never ends.

    Notes
    -----
    With f = ln(1 + rate), start S, maturity M, life L, services u:
    ``u e^(-f S) [integral_0^M (t / M) e^(-f t) dt + integral_M^L e^(-f t) dt]``, both in closed form.
    """
    faults = Faults()
    _check(faults, "rate", rate, 0.0, math.inf, "1/year, >= 0")
    if rate == 0.0 and math.isinf(replacement.life):
        mend = "Services without an end have no sum without a discount: give a life or a rate > 0."
        faults.add("rate", "rate = 0, life = inf", mend, "1/year")
    faults.raise_if_any(ArgumentError)
    force, grown = math.log1p(rate), replacement.maturity
    risen = grown * float(_level(np.asarray(force * grown)) - _falling(np.asarray(force * grown)))
    left = replacement.life - grown
    full = 1.0 / force if math.isinf(left) else left * float(_level(np.asarray(force * left)))
    return (
        replacement.services
        * math.exp(-force * replacement.start)
        * (risen + math.exp(-force * grown) * full)
    )


def compensation_ratio(loss: ArrayLike, gain: float) -> Floats:
    """Return the hectares of a replacement project that make good one damaged hectare.

    Parameters
    ----------
    loss : array
        From :func:`discounted_loss`, >= 0 [year].
    gain : float
        From :func:`discounted_gain`, > 0 [year].

    Raises
    ------
    ArgumentError
        With every argument outside its domain.
    """
    lost, faults = np.asarray(loss, dtype=np.float64), Faults()
    _check(faults, "loss", lost, 0.0, math.inf, "year, >= 0")
    _check(faults, "gain", gain, 0.0, math.inf, "year, > 0", above=True)
    faults.raise_if_any(ArgumentError)
    return np.asarray(lost / gain)


def yearly_discounted(levels: ArrayLike, rate: float, first_year: int = 0) -> float:
    """Return discounted service hectare-years in the yearly convention of NOAA.

    Parameters
    ----------
    levels : array, shape (years + 1,)
        Services lost (or gained) per hectare at the ends of the years, the first at the begin of the first year, in
        [0, inf) [unitless].
    rate : float
        Discount rate, compounded yearly, >= 0 [1/year].
    first_year : int
        Years from the year of the claim to the first year of the levels.

    Returns
    -------
    float
        [year]

    Raises
    ------
    ArgumentError
        With every argument outside its domain.

    Notes
    -----
    ``sum_t (1 + rate)^-(t - C) * (x_(t-1) + x_t) / 2``: the mean of begin and end of year t counts for the year, and
    the year of the claim C is not discounted. Services of a year are thus discounted from its begin, so that the sum
    lies above the closed form, by about half a year's interest.

    References
    ----------
    NOAA (2000), see the module; Thur, S. M. (2007), Refining the Use of Habitat Equivalency Analysis, Environmental
    Management 40, on conventions within the year (abstract seen).
    """
    x, faults = np.asarray(levels, dtype=np.float64), Faults()
    if x.ndim != 1 or x.size < 2:
        faults.add(
            "levels", f"shape {x.shape}", "Give the levels at the ends of one year at least, begin included."
        )
    _check(faults, "levels", x, 0.0, math.inf, "unitless, >= 0")
    _check(faults, "rate", rate, 0.0, math.inf, "1/year, >= 0")
    faults.raise_if_any(ArgumentError)
    years = first_year + np.arange(x.size - 1)
    return float(((x[:-1] + x[1:]) / 2.0 * (1.0 + rate) ** -years.astype(np.float64)).sum())


def _level(x: Floats) -> Floats:
    """Return (1 - e^-x) / x, the integral of e^(-x s) over s from 0 to 1."""
    safe = np.where(x > _SMALL, x, 1.0)
    series = 1.0 - x / 2.0 * (1.0 - x / 3.0 * (1.0 - x / 4.0 * (1.0 - x / 5.0 * (1.0 - x / 6.0))))
    return np.where(x > _SMALL, -np.expm1(-safe) / safe, series)


def _falling(x: Floats) -> Floats:
    """Return (1 - (1 - e^-x) / x) / x, the integral of (1 - s) e^(-x s) over s from 0 to 1."""
    safe = np.where(x > _SMALL, x, 1.0)
    series = 0.5 * (1.0 - x / 3.0 * (1.0 - x / 4.0 * (1.0 - x / 5.0 * (1.0 - x / 6.0 * (1.0 - x / 7.0)))))
    return np.where(x > _SMALL, (1.0 + np.expm1(-safe) / safe) / safe, series)


def _check(
    faults: Faults, name: str, given: ArrayLike, least: float, most: float, unit: str, *, above: bool = False
) -> None:
    """Record one fault for the values of an argument that are not finite or lie outside a domain."""
    values = np.asarray(given, dtype=np.float64)
    low = values > least if above else values >= least
    wrong = ~(np.isfinite(values) & low & (values <= most))
    if wrong.any():
        first = values[wrong].flat[0]
        what = (
            f"{name} = {first:g}" if values.ndim == 0 else f"{int(wrong.sum())} values, the first {first:g}"
        )
        faults.add(name, what, "Outside its domain.", unit)
