# SPDX-License-Identifier: Apache-2.0
"""Laws of a yearly index: fits by maximum likelihood, what they say of a payout, and how well they fit.

The law of an index of events, a number and an intensity, is in :mod:`greenrisk.resource.index_cover.event_law`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple, get_args

import numpy as np
from numpy.typing import ArrayLike

from greenrisk.core.errors import ArgumentError, Fault, FitError
from greenrisk.resource.index_cover.history_spec import Family
from greenrisk.resource.index_cover.law_forms import FORMS
from greenrisk.resource.index_cover.payout_spec import (
    DoublePayout,
    IndexCover,
    LinearPayout,
    Side,
    SinglePayout,
)
from greenrisk.resource.index_cover.payouts import payout_share
from greenrisk.resource.index_cover.series import Floats

FAMILIES: Final[tuple[Family, ...]] = get_args(Family)
FEWEST_YEARS: Final = 10
"""Least number of years of a fit."""
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(16)
_PANELS: Final = 8


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
    """

    family: Family
    pays: Side
    parameters: tuple[float, ...]
    values: Floats
    log_likelihood: float

    @property
    def aic(self) -> float:
        """Akaike's criterion, 2 k - 2 ln L; NaN for `empirical`, which has no parameters to count."""
        return 2.0 * len(self.parameters) - 2.0 * self.log_likelihood

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
        return FORMS[self.family].cdf(given, self.parameters, self.pays)

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
        return FORMS[self.family].quantile(level, self.parameters, self.pays)

    def chance(self, pays: Side, edge: ArrayLike, inclusive: bool = True) -> Floats:
        """Return the chance that the index has reached an edge.

        Parameters
        ----------
        pays : str
            Side on which values have reached it.
        edge : array
            [the index's unit]
        inclusive : bool
            Whether a value equal to the edge has reached it; only `empirical` gives such values a chance.
        """
        x = np.asarray(edge, dtype=np.float64)
        below = self.cdf(x)
        if self.family == "empirical" and inclusive != (pays == "below"):
            below = np.searchsorted(self.values, x, side="left") / self.values.size
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
        jumps. Of `empirical` it is the mean over the years.
        """
        if self.family == "empirical":
            return float(np.mean(np.clip(payout_share(payout, self.values) - low, 0.0, high - low)))
        y, weight = share_nodes((payout,), low, high)
        return float(self.chance_above(payout, y) @ weight)

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


def share_nodes(payouts: Sequence[SinglePayout], low: float, high: float) -> tuple[Floats, Floats]:
    """Return nodes and weights of an integral over shares, between the shares at which payouts jump.

    Parameters
    ----------
    payouts : sequence of LinearPayout or TierPayout
        Whose jumps end the panels.
    low, high : float
        Ends of the integral, 0 <= low < high <= 1 [unitless].
    """
    jumps = [low, high]
    for payout in payouts:
        if isinstance(payout, LinearPayout):
            jumps += [payout.least, *np.linspace(payout.least, 1.0, _PANELS + 1).tolist()]
        else:
            jumps += [tier.share for tier in payout.tiers]
    edges = np.unique(np.clip(jumps, low, high))
    half = np.diff(edges)[:, np.newaxis] / 2.0
    return (edges[:-1, np.newaxis] + half * (1.0 + _NODES)).ravel(), (half * _WEIGHTS).ravel()


class FamilyFit(NamedTuple):
    """One family beside the others."""

    family: Family
    law: IndexLaw | None
    refused: str
    """Why there is none; empty where there is."""


def fit(value: ArrayLike, family: Family, pays: Side = "above") -> IndexLaw:
    """Fit a law to the values of the years by maximum likelihood.

    Parameters
    ----------
    value : array, shape (years,)
        [the index's unit]; NaN: not known, left out.
    family : str
        One of :data:`FAMILIES`.
    pays : str
        The tail that is paid for.

    Raises
    ------
    ArgumentError
        If a value is infinite.
    FitError
        With fewer than 10 years, years that are all equal, or values that the family forbids.

    References
    ----------
    Coles, S. (2001). An Introduction to Statistical Modeling of Extreme Values. Springer, chapter 3 (gev).
    """
    x = _known(value, family)
    if family == "empirical":
        return IndexLaw(family, pays, (), x, math.nan)
    if x[0] == x[-1]:
        mend = "A law needs years that differ."
        raise FitError(Fault("fit", f"all {x.size} years are {x[0]:g}", mend))
    if family in ("lognormal", "gamma") and x[0] <= 0.0:
        count = int((x <= 0.0).sum())
        what = f"{count} of {x.size} years are 0 or less, the least {x[0]:g}"
        raise FitError(Fault("fit", what, f"The {family} law is one of values above 0."))
    form = FORMS[family]
    parameters = form.fitted(x, pays)
    return IndexLaw(family, pays, parameters, x, float(form.log_density(x, parameters, pays).sum()))


def fit_all(value: ArrayLike, pays: Side = "above") -> tuple[FamilyFit, ...]:
    """Fit every family, and say of those that the data forbid why.

    Parameters
    ----------
    value : array, shape (years,)
        [the index's unit]; NaN: not known, left out.
    pays : str
        The tail that is paid for.

    Returns
    -------
    tuple of FamilyFit
        In the order of :data:`FAMILIES`.
    """
    found = []
    for family in FAMILIES:
        try:
            found.append(FamilyFit(family, fit(value, family, pays), ""))
        except FitError as error:
            fault = error.faults[0]
            found.append(FamilyFit(family, None, f"{fault.what}: {fault.expected}"))
    return tuple(found)


def best(fits: tuple[FamilyFit, ...]) -> IndexLaw:
    """Return the law with the smallest AIC; the years themselves where no family could be fitted.

    Parameters
    ----------
    fits : tuple of FamilyFit
        From :func:`fit_all`.

    Raises
    ------
    FitError
        If nothing could be fitted, with the reasons.
    """
    laws = [one.law for one in fits if one.law is not None]
    smooth = [law for law in laws if law.family != "empirical"]
    if smooth:
        return min(smooth, key=lambda law: law.aic)
    if laws:
        return laws[0]
    raise FitError([Fault("fit", f"{one.family}: {one.refused}", "No law could be fitted.") for one in fits])


def fit_or_best(value: ArrayLike, family: Family | Literal["best"], pays: Side) -> IndexLaw:
    """Return the law of a family, or the best one for ``best``.

    Parameters
    ----------
    value : array, shape (years,)
        [the index's unit]; NaN: not known, left out.
    family : str
        One of :data:`FAMILIES`, or ``best``.
    pays : str
        The tail that is paid for.

    Raises
    ------
    FitError
        As :func:`fit` and :func:`best`.
    """
    return best(fit_all(value, pays)) if family == "best" else fit(value, family, pays)


def _known(value: ArrayLike, family: str) -> Floats:
    x = np.asarray(value, dtype=np.float64)
    x = np.sort(x[~np.isnan(x)])
    if np.isinf(x).any():
        raise ArgumentError(Fault("value", "an infinite value", "Values of an index are finite, or NaN."))
    if x.size < FEWEST_YEARS:
        mend = f"At least {FEWEST_YEARS} years are needed for the {family} law."
        raise FitError(Fault("fit", f"{x.size} years with an index", mend))
    return x
