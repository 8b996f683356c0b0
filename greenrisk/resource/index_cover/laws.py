# SPDX-License-Identifier: Apache-2.0
"""Laws of a yearly index: fits by maximum likelihood, what they say of a payout, and how well they fit.

The law of an index of events, a number and an intensity, is in :mod:`greenrisk.resource.index_cover.event_law`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final, NamedTuple, get_args

import numpy as np
from numpy.typing import ArrayLike

from greenrisk.core.errors import ArgumentError, Fault, FitError
from greenrisk.resource.index_cover.history_spec import Family
from greenrisk.resource.index_cover.law_forms import FORMS
from greenrisk.resource.index_cover.law_shares import share_nodes
from greenrisk.resource.index_cover.payout_spec import (
    DoublePayout,
    IndexCover,
    LinearPayout,
    Side,
    SinglePayout,
)
from greenrisk.resource.index_cover.payouts import payout_share
from greenrisk.resource.index_cover.series import FREE, Bounds, Floats

FAMILIES: Final[tuple[Family, ...]] = get_args(Family)
FEWEST_YEARS: Final = 10
"""Least number of years of a fit."""


@dataclass(frozen=True, eq=False)
class IndexLaw:
    """Law of a yearly index.

    Parameters
    ----------
    family : str
        One of :data:`FAMILIES`.
    pays : str
        The tail that is paid for: `gumbel` and `gev` are laws of the largest values where the cover pays above, and of
        the smallest where it pays below.
    parameters : tuple of float
        normal: mean, standard deviation; lognormal: those of the logarithm; gamma: shape, scale; gumbel: location,
        scale; gev: location, scale, shape (> 0 the heavy tail), both of the negatives where the cover pays below; of
        `empirical`: none.
    values : array, shape (years,)
        What it was fitted to, increasing [the index's unit].
    log_likelihood : float
        At the parameters; NaN for `empirical`.
    bounds : Bounds
        Ends of what the index can be [the index's unit].
    masses : tuple of float
        Chance of a value at the lower and at the upper bound: the share of the years that stand there [unitless].

    Notes
    -----
    Between finite bounds the law is the family's, given that it lies there: no value beyond a bound has a chance.
    `empirical` holds all this by itself.
    """

    family: Family
    pays: Side
    parameters: tuple[float, ...]
    values: Floats
    log_likelihood: float
    bounds: Bounds = FREE
    masses: tuple[float, float] = (0.0, 0.0)

    @property
    def aic(self) -> float:
        """Akaike's criterion, 2 k - 2 ln L; NaN for `empirical`, which has no parameters to count."""
        count = len(self.parameters) + sum(mass > 0.0 for mass in self.masses)
        return 2.0 * count - 2.0 * self.log_likelihood

    @property
    def rest(self) -> IndexLaw:
        """The law of a value that stands at no bound, with the values that it was fitted to."""
        inside = (self.values > self.bounds.low) & (self.values < self.bounds.high)
        return replace(self, values=self.values[inside], masses=(0.0, 0.0))

    def cdf(self, x: ArrayLike) -> Floats:
        """Return P(X <= x).

        Parameters
        ----------
        x : array
            [the index's unit]
        """
        given = np.asarray(x, dtype=np.float64)
        if self.family == "empirical":
            return np.searchsorted(self.values, given, side="right") / self.values.size
        below, inside = _span(self.family, self.parameters, self.pays, self.bounds)
        least, most = self.masses
        rest = (FORMS[self.family].cdf(given, self.parameters, self.pays) - below) / inside
        found = least + (1.0 - least - most) * rest
        return np.where(given < self.bounds.low, 0.0, np.where(given >= self.bounds.high, 1.0, found))

    def quantile(self, u: ArrayLike) -> Floats:
        """Return the least x with P(X <= x) >= u.

        Parameters
        ----------
        u : array
            In (0, 1) [unitless].
        """
        level = np.asarray(u, dtype=np.float64)
        if self.family == "empirical":
            n = self.values.size
            # The level of the k-th year is k / n; the rounding of k / n itself may not skip it.
            place = np.ceil(level * n * (1.0 - 4.0 * np.finfo(float).eps)).astype(np.int64) - 1
            return np.asarray(self.values[np.clip(place, 0, n - 1)])
        below, inside = _span(self.family, self.parameters, self.pays, self.bounds)
        least, most = self.masses
        rest = np.clip((level - least) / (1.0 - least - most), 0.0, 1.0)
        with np.errstate(divide="ignore"):
            found = FORMS[self.family].quantile(below + rest * inside, self.parameters, self.pays)
        return np.clip(found, self.bounds.low, self.bounds.high)

    def chance(self, pays: Side, edge: ArrayLike, inclusive: bool = True) -> Floats:
        """Return the chance that the index has reached an edge.

        Parameters
        ----------
        pays : str
            Side on which values have reached it.
        edge : array
            [the index's unit]
        inclusive : bool
            Whether a value equal to the edge has reached it; only `empirical` and bounds give such values a chance.
        """
        x = np.asarray(edge, dtype=np.float64)
        below = self.cdf(x)
        if inclusive != (pays == "below"):
            if self.family == "empirical":
                below = np.searchsorted(self.values, x, side="left") / self.values.size
            else:
                least, most = self.masses
                below = below - least * (x == self.bounds.low) - most * (x == self.bounds.high)
        return np.asarray(below if pays == "below" else 1.0 - below)

    def chance_above(self, payout: SinglePayout, share: ArrayLike) -> Floats:
        """Return the chance that a payout exceeds a share of the sum insured.

        Parameters
        ----------
        payout : LinearPayout or TierPayout
            A single trigger.
        share : array
            In [0, 1) [unitless].
        """
        y = np.asarray(share, dtype=np.float64)
        if isinstance(payout, LinearPayout):
            part = np.maximum(y - payout.least, 0.0) / (1.0 - payout.least)
            value = payout.trigger + part * (payout.exit - payout.trigger)
            # At the least share the trigger itself counts; beyond it the value of the share y pays no more than y.
            return np.where(
                y < payout.least,
                self.chance(payout.pays, payout.trigger),
                self.chance(payout.pays, value, inclusive=False),
            )
        chance = np.zeros(y.shape)
        for tier in reversed(payout.tiers):
            np.copyto(chance, self.chance(payout.pays, tier.edge, tier.inclusive), where=y < tier.share)
        return chance

    def expected_share(self, payout: SinglePayout, low: float = 0.0, high: float = 1.0) -> float:
        """Return the expected share of the sum insured between two shares, without simulation.

        Parameters
        ----------
        payout : LinearPayout or TierPayout
            A single trigger.
        low, high : float
            Ends of the layer of shares, 0 <= low < high <= 1: a deductible and a limit over the sum insured [unitless].

        Returns
        -------
        float
            E min(max(S - low, 0), high - low) [unitless].

        Notes
        -----
        The integral of P(S > y) over y from ``low`` to ``high``, by Gauss and Legendre between the shares at which it
        jumps, and what is paid at the bounds. Of `empirical` it is the mean over the years.
        """
        if self.family == "empirical":
            return float(np.mean(np.clip(payout_share(payout, self.values) - low, 0.0, high - low)))
        y, weight = share_nodes((payout,), low, high, self.ends(payout))
        if self.masses == (0.0, 0.0):
            return float(self.chance_above(payout, y) @ weight)
        least, most = self.masses
        paid = np.clip(payout_share(payout, np.array(self.bounds)) - low, 0.0, high - low)
        # An infinite bound has no mass; what it would be paid counts nothing.
        at_bounds = float(np.array(self.masses) @ paid)
        return at_bounds + (1.0 - least - most) * float(self.rest.chance_above(payout, y) @ weight)

    def ends(self, payout: SinglePayout) -> list[float]:
        """Return the shares that a payout is at finite bounds, where the chance of a share may jump [unitless].

        Parameters
        ----------
        payout : LinearPayout or TierPayout
            A single trigger.
        """
        finite = [end for end in self.bounds if math.isfinite(end)]
        return payout_share(payout, np.array(finite)).tolist() if finite else []

    def expected_payment(self, cover: IndexCover) -> float:
        """Return the expected payment of a year for a cover of a single trigger on a yearly index [CNY/year].

        Parameters
        ----------
        cover : IndexCover
            With a payout of a single trigger.

        Raises
        ------
        ArgumentError
            If the payout has two triggers.
        """
        if isinstance(cover.payout, DoublePayout):
            mend = "The expected payment of a double trigger is that of `dependence.expected_double`."
            raise ArgumentError(Fault("cover", f"`{cover.name}` has a double trigger", mend))
        low = min(cover.deductible_cny / cover.sum_insured_cny, 1.0)
        high = min(low + cover.most_a_year / cover.sum_insured_cny, 1.0)
        return cover.sum_insured_cny * self.expected_share(cover.payout, low, high) if high > low else 0.0


class FamilyFit(NamedTuple):
    """One family beside the others."""

    family: Family
    law: IndexLaw | None
    refused: str
    """Why there is none; empty where there is."""


def fit(value: ArrayLike, family: Family, pays: Side = "above", bounds: Bounds = FREE) -> IndexLaw:
    """Fit a law to the values of the years by maximum likelihood.

    Parameters
    ----------
    value : array, shape (years,)
        [the index's unit]; NaN: not known, left out.
    family : str
        One of :data:`FAMILIES`.
    pays : str
        The tail that is paid for.
    bounds : Bounds
        Ends of what the index can be [the index's unit].

    Raises
    ------
    ArgumentError
        If a value is infinite.
    FitError
        With fewer than 10 years off the bounds, such years that are all equal, or values that the family forbids.

    Notes
    -----
    Years at a bound are counted: their share is the chance of it. The family is fitted to the others.

    References
    ----------
    Coles, S. (2001). An Introduction to Statistical Modeling of Extreme Values. Springer, chapter 3 (gev).
    """
    x = _known(value, family)
    if family == "empirical":
        return IndexLaw(family, pays, (), x, math.nan, bounds)
    count = [int((x <= bounds.low).sum()), int((x >= bounds.high).sum())]
    rest = x[count[0] : x.size - count[1]]
    if rest.size < FEWEST_YEARS:
        what = f"{rest.size} of {x.size} years lie off the ends of what the index can be"
        mend = f"At least {FEWEST_YEARS} are needed for the {family} law. Choose `empirical` or `best`."
        raise FitError(Fault("fit", what, mend))
    if rest[0] == rest[-1]:
        mend = "A law needs years that differ."
        raise FitError(Fault("fit", f"all {rest.size} years are {rest[0]:g}", mend))
    if family in ("lognormal", "gamma") and rest[0] <= 0.0:
        below = int((rest <= 0.0).sum())
        what = f"{below} of {rest.size} years are 0 or less, the least {rest[0]:g}"
        raise FitError(Fault("fit", what, f"The {family} law is one of values above 0."))
    form = FORMS[family]
    parameters = form.fitted(rest, pays)
    _, inside = _span(family, parameters, pays, bounds)
    likelihood = float(form.log_density(rest, parameters, pays).sum())
    if inside < 1.0:
        likelihood -= rest.size * math.log(inside)
    for number in (*count, rest.size):
        likelihood += number * math.log(number / x.size) if number else 0.0
    return IndexLaw(family, pays, parameters, x, likelihood, bounds, (count[0] / x.size, count[1] / x.size))


def _span(family: Family, parameters: tuple[float, ...], pays: Side, bounds: Bounds) -> tuple[float, float]:
    """Return the chances that a family gives to values below the lower bound, and between the bounds."""
    low, high = bounds
    form = FORMS[family]
    below = float(form.cdf(np.asarray(low), parameters, pays)) if math.isfinite(low) else 0.0
    above = 1.0 - float(form.cdf(np.asarray(high), parameters, pays)) if math.isfinite(high) else 0.0
    return below, 1.0 - below - above


def fit_all(
    value: ArrayLike,
    pays: Side = "above",
    bounds: Bounds = FREE,
) -> tuple[FamilyFit, ...]:
    """Fit every family, and say of those that the data forbid why.

    Parameters
    ----------
    value : array, shape (years,)
        [the index's unit]; NaN: not known, left out.
    pays : str
        The tail that is paid for.
    bounds : Bounds
        Ends of what the index can be [the index's unit].

    Returns
    -------
    tuple of FamilyFit
        In the order of :data:`FAMILIES`.
    """
    found = []
    for family in FAMILIES:
        try:
            found.append(FamilyFit(family, fit(value, family, pays, bounds), ""))
        except FitError as error:
            fault = error.faults[0]
            found.append(FamilyFit(family, None, f"{fault.what}: {fault.expected}"))
    return tuple(found)


def _known(value: ArrayLike, family: str) -> Floats:
    x = np.asarray(value, dtype=np.float64)
    x = np.sort(x[~np.isnan(x)])
    if np.isinf(x).any():
        raise ArgumentError(Fault("value", "an infinite value", "Values of an index are finite, or NaN."))
    if x.size < FEWEST_YEARS:
        mend = f"At least {FEWEST_YEARS} years are needed for the {family} law."
        raise FitError(Fault("fit", f"{x.size} years with an index", mend))
    return x
