# SPDX-License-Identifier: Apache-2.0
"""The yearly law of the central model, from a few blocks before the study: what own years are compared with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from greenrisk.resource.exposure import Exposure
from greenrisk.resource.settlement import Payments
from greenrisk.resource.simulation import resolve, simulate
from greenrisk.resource.variants import Variant

Floats = NDArray[np.float64]

PILOT_BLOCKS: Final = 50
"""Blocks of a thousand years behind the means and variances; some five seconds, a thirtieth of a study. The mean of
the most skewed peril, snow and ice, has a standard error of 3 % (6 % with a fifth of them)."""


@dataclass(frozen=True, eq=False)
class Pilot:
    """Mean and variance of the payments of a year, by insured mu of the book.

    Parameters
    ----------
    kinds : tuple of str
        The perils.
    years : int
        Simulated years.
    insured_mu : float
        Insured area of the book [mu].
    value_per_mu : float
        Its sum insured by insured mu [CNY/mu].
    mean : array, shape (peril + 1,)
        Payments of a year, all perils last [CNY/mu].
    mean_error : array, shape (peril + 1,)
        Standard errors of the means [CNY/mu].
    variance : array, shape (peril + 1,)
        Variance of a year, all perils last [(CNY/mu)^2].
    stands : array, shape (peril + 1,)
        Sum over the stands of the mean squared payment of a year, by squared area of the book [(CNY/mu)^2]: what a
        smaller book would add to the variance.
    totals : array, shape (year, peril)
        Payments of each simulated year [CNY].
    """

    kinds: tuple[str, ...]
    years: int
    insured_mu: float
    value_per_mu: float
    mean: Floats
    mean_error: Floats
    variance: Floats
    stands: Floats
    totals: Floats

    def variance_of(self, insured_mu: Floats) -> Floats:
        """Return the variance of a year by squared mu, for portfolios of other sizes.

        Parameters
        ----------
        insured_mu : array, shape (year,)
            Insured area, > 0 [mu].

        Returns
        -------
        array, shape (year, peril + 1)
            [(CNY/mu)^2]

        Notes
        -----
        A portfolio of the share q of the book is taken for the book with each stand kept with chance q, which adds
        (1 / q - 1) D to the variance V by squared mu, D the sum over the stands of their mean squared payments. What
        strikes many stands at once does not shrink with the number of stands, and a portfolio larger than the book is
        given no smaller variance than the book.
        """
        kept = np.minimum(np.asarray(insured_mu, dtype=np.float64) / self.insured_mu, 1.0)
        return np.asarray(self.variance[None, :] + (1 / kept - 1)[:, None] * self.stands[None, :])


def run_pilot(exposure: Exposure, central: Variant, seed: int, blocks: int = PILOT_BLOCKS) -> Pilot:
    """Simulate the pilot of a study.

    Parameters
    ----------
    exposure : Exposure
        Book, landscape and terms.
    central : Variant
        Every card at its value, before any experience.
    seed : int
        Of the scenario; the pilot has streams of its own.
    blocks : int
        Blocks of a thousand years.
    """
    perils = resolve(exposure, central)
    return pilot_of(exposure, (simulate(exposure, perils, seed, block, "pilot") for block in range(blocks)))


def pilot_of(exposure: Exposure, blocks: Iterable[Payments]) -> Pilot:
    """Return means and variances of simulated blocks of years.

    Parameters
    ----------
    exposure : Exposure
        Book, landscape and terms.
    blocks : iterable of Payments
        Blocks of years, all of them of the same weight.
    """
    annual, squares = [], []
    kinds: tuple[str, ...] = ()
    stands = len(exposure.book)
    for payments in blocks:
        kinds, years = payments.perils, payments.years
        perils = len(kinds)
        table = np.bincount(
            payments.year * perils + payments.peril, weights=payments.gross, minlength=years * perils
        ).reshape(years, perils)
        annual.append(np.column_stack([table, table.sum(axis=1)]))
        stand_year = payments.year * stands + payments.stand
        squares.append(
            [
                *(
                    _squared(stand_year[of], payments.gross[of])
                    for of in (payments.peril == k for k in range(perils))
                ),
                _squared(stand_year, payments.gross),
            ]
        )
    area = float(exposure.book.insured_area_mu.sum())
    losses = np.concatenate(annual) / area
    n = losses.shape[0]
    variance = losses.var(axis=0, ddof=1)
    return Pilot(
        kinds=kinds,
        years=n,
        insured_mu=area,
        value_per_mu=float(exposure.book.sum_insured.sum()) / area,
        mean=losses.mean(axis=0),
        mean_error=np.sqrt(variance / n),
        variance=variance,
        stands=np.array(squares).sum(axis=0) / n / area**2,
        totals=np.ascontiguousarray(losses[:, :-1] * area),
    )


def _squared(stand_year: NDArray[np.int64], amount: Floats) -> float:
    """Return the sum over stands and years of the squared payment of a year."""
    _, place = np.unique(stand_year, return_inverse=True)
    return float(np.square(np.bincount(place, weights=amount)).sum()) if amount.size else 0.0
