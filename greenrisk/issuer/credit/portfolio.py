# SPDX-License-Identifier: Apache-2.0
"""Losses of a portfolio of issuers: expected, at risk by simulation and by the limit law, and how concentrated.

One factor moves all issuers; the same factors and the same luck are drawn for every scenario, so that scenarios differ
by their probabilities and not by chance. Exposures hold no LGD, and each issuer stands once.

References
----------
Vasicek, O. (2002), Gordy, M. B. (2003), as in :mod:`greenrisk.issuer.credit.vasicek`. Herfindahl, O. C. (1950), for the
index of concentration. David, H. A. and Nagaraja, H. N. (2003). Order Statistics, section 7.1: the interval of a
quantile by ranks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri
from scipy.stats import binom

from greenrisk.actuarial.measures import Estimate, mean_and_standard_error, tail_value_at_risk, value_at_risk
from greenrisk.core.errors import ArgumentError, Faults
from greenrisk.core.ledger import Ledger
from greenrisk.core.streams import stream
from greenrisk.issuer.credit.domains import CORRELATION, EXPOSURE, PROBABILITY, Floats, checked, refuse
from greenrisk.issuer.credit.vasicek import (
    conditional_probability,
    limit_quantile,
    limit_tail_mean,
    stress_factor,
)

BLOCK: Final = 1000
"""Years drawn at a time; part of the contract, since it fixes the numbers."""

MOST_NUMBERS: Final = 1_000_000
"""Numbers held at a time where there are many issuers: the years of a block then come in pieces, which changes none."""


@dataclass(frozen=True)
class Portfolio:
    """Issuers of a portfolio.

    Parameters
    ----------
    issuers : tuple of str
        Names, each once.
    sectors : tuple of str
        Sector of each.
    exposure : ndarray, (issuer,)
        Exposure at default, without the LGD [money].
    """

    issuers: tuple[str, ...]
    sectors: tuple[str, ...]
    exposure: Floats


def portfolio_of(issuers: Sequence[str], sectors: Sequence[str], exposure: ArrayLike) -> Portfolio:
    """Return a checked portfolio.

    Raises
    ------
    ArgumentError
        With every issuer that stands twice (its exposure would be counted twice), an exposure below zero or missing,
        and lists of different lengths.
    """
    (e,) = checked(exposure=(exposure, EXPOSURE))
    faults = Faults()
    if not len(issuers) == len(sectors) == e.size or e.ndim != 1:
        what = f"{len(issuers)} issuers, {len(sectors)} sectors, exposures {e.shape}"
        raise refuse("portfolio", what, "Give one sector and one exposure for each issuer.")
    names = list(issuers)
    for name in sorted({n for n in names if names.count(n) > 1}) if len(set(names)) < len(names) else []:
        mend = "Its exposure would be counted twice: add its rows up first."
        faults.add("issuers", f"{name} stands {names.count(name)} times", mend)
    for at in np.flatnonzero(np.isnan(e)):
        faults.add(
            "exposure", f"{names[int(at)]} has none", "Give its exposure, or leave the issuer out.", "money"
        )
    faults.raise_if_any(ArgumentError)
    return Portfolio(tuple(names), tuple(sectors), e)


def expected_portfolio_loss(portfolio: Portfolio, annual: ArrayLike, loss_given_default: ArrayLike) -> Floats:
    """Return the expected loss of a year, (...) [money/year].

    Parameters
    ----------
    portfolio : Portfolio
        The issuers.
    annual : array_like, (..., issuer)
        Twelve-month default probability [1, 0 to 1].
    loss_given_default : array_like, (..., issuer)
        [1, 0 to 1].
    """
    p, g = checked(annual=(annual, PROBABILITY), loss_given_default=(loss_given_default, PROBABILITY))
    out: Floats = (portfolio.exposure * p * g).sum(axis=-1)
    return out


def simulate_losses(
    portfolio: Portfolio,
    annual: ArrayLike,
    loss_given_default: ArrayLike,
    correlation: ArrayLike,
    *,
    years: int,
    seed: int,
) -> Floats:
    """Return simulated losses of a year, (..., simulated year) [money/year].

    Parameters
    ----------
    portfolio : Portfolio
        The issuers.
    annual : array_like, (..., issuer)
        Twelve-month default probability by scenario [1, 0 to 1].
    loss_given_default : array_like, (..., issuer)
        [1, 0 to 1].
    correlation : array_like, (issuer,)
        Asset correlation with the factor squared, or one number [1, 0 to below 1].
    years : int
        Simulated years, rounded up to whole blocks of 1,000.
    seed : int
        Seed of the scenario.

    Raises
    ------
    ArgumentError
        If a probability is missing, or an argument lies outside its domain.

    Notes
    -----
    An issuer fails where sqrt(rho) Z + sqrt(1 - rho) e < Phi^-1(PD); Z and e are the same in all scenarios.
    """
    p, g, r = checked(
        annual=(annual, PROBABILITY),
        loss_given_default=(loss_given_default, PROBABILITY),
        correlation=(correlation, CORRELATION),
    )
    n = portfolio.exposure.size
    lost = np.broadcast_to(portfolio.exposure * g, np.broadcast_shapes(p.shape, g.shape, (n,)))
    score = np.broadcast_to(ndtri(p), lost.shape).reshape(-1, n)
    if np.isnan(score).any() or np.isnan(lost).any() or np.isnan(r).any():
        raise refuse(
            "annual", "missing probabilities or LGD", "Leave issuers without an answer out, and say so."
        )
    if years < 1:
        raise refuse("years", f"years = {years}", "Give at least one year.", "year")
    by_row = lost.reshape(-1, n)
    blocks = -(-years // BLOCK)
    out = np.empty((len(by_row), blocks * BLOCK))
    piece = max(1, min(BLOCK, MOST_NUMBERS // max(n, 1)))
    common, single = np.sqrt(r), np.sqrt(1.0 - r)
    for block in range(blocks):
        z = stream(seed, "portfolio", "factor", block=block).standard_normal((BLOCK, 1))
        own = stream(seed, "portfolio", "own", block=block)
        for start in range(0, BLOCK, piece):
            years_of = slice(start, min(start + piece, BLOCK))
            value = single * own.standard_normal((years_of.stop - start, n))
            value += common * z[years_of]
            at = slice(block * BLOCK + start, block * BLOCK + years_of.stop)
            for row in range(len(by_row)):
                out[row, at] = (value < score[row]) @ by_row[row]
    return out.reshape(*lost.shape[:-1], blocks * BLOCK)


@dataclass(frozen=True)
class RiskFigures:
    """Figures of simulated losses of one scenario.

    Parameters
    ----------
    expected : Estimate
        Mean with its standard error [money/year].
    value_at_risk : float
        Quantile of the level [money/year].
    value_at_risk_interval : tuple of float
        90 % interval of the quantile by ranks, from the simulation alone [money/year].
    tail_value_at_risk : Estimate
        Mean beyond it with its standard error [money/year].
    level : float
        The level [1].
    """

    expected: Estimate
    value_at_risk: float
    value_at_risk_interval: tuple[float, float]
    tail_value_at_risk: Estimate
    level: float


def risk_figures(losses: ArrayLike, level: float) -> RiskFigures:
    """Return mean, value at risk and tail value at risk of simulated losses, each with its simulation error.

    Parameters
    ----------
    losses : array_like, (simulated year,)
        [money/year].
    level : float
        [1, > 0 and < 1].

    Notes
    -----
    The interval of the quantile: order statistics of the ranks at which the binomial law of years below it has 5 % and
    95 %; needs no density.
    """
    x = np.sort(np.asarray(losses, dtype=np.float64))
    ranks = np.asarray(binom.ppf([0.05, 0.95], x.size, level)).astype(int)
    low, high = x[np.clip(ranks - 1, 0, x.size - 1)][0], x[np.clip(ranks, 0, x.size - 1)][1]
    return RiskFigures(
        mean_and_standard_error(x),
        value_at_risk(x, level),
        (float(low), float(high)),
        tail_value_at_risk(x, level),
        level,
    )


@dataclass(frozen=True)
class LimitFigures:
    """The same figures of a portfolio of endless many small names with the same probabilities: a second method.

    Parameters
    ----------
    value_at_risk, tail_value_at_risk : ndarray, (...)
        [money/year]; what the simulation has above them is the price of few names.
    """

    value_at_risk: Floats
    tail_value_at_risk: Floats


def limit_figures(
    portfolio: Portfolio,
    annual: ArrayLike,
    loss_given_default: ArrayLike,
    correlation: ArrayLike,
    level: float,
) -> LimitFigures:
    """Return value at risk and tail value at risk of the limit law, added over issuers: all move with one factor.

    The parameters are those of :func:`simulate_losses` and :func:`risk_figures`.
    """
    p, g = checked(annual=(annual, PROBABILITY), loss_given_default=(loss_given_default, PROBABILITY))
    each = portfolio.exposure * g
    return LimitFigures(
        (each * limit_quantile(level, p, correlation)).sum(axis=-1),
        (each * limit_tail_mean(level, p, correlation)).sum(axis=-1),
    )


def conditional_loss(
    portfolio: Portfolio,
    annual: ArrayLike,
    loss_given_default: ArrayLike,
    correlation: ArrayLike,
    level: float,
) -> Floats:
    """Return each issuer's expected loss in the year of a level, (..., issuer): what it adds to the limit VaR."""
    (g,) = checked(loss_given_default=(loss_given_default, PROBABILITY))
    bad = conditional_probability(annual, correlation, stress_factor(level))
    out: Floats = portfolio.exposure * g * bad
    return out


@dataclass(frozen=True)
class Concentration:
    """How concentrated a portfolio is.

    Parameters
    ----------
    sectors : tuple of str
        Sectors, largest first.
    share : ndarray, (sector,)
        Share of the amount in each [1].
    by_sector, by_issuer : float
        Herfindahl index: the sum of squared shares [1]; 1 / index is the number of equal ones that is as concentrated.
    """

    sectors: tuple[str, ...]
    share: Floats
    by_sector: float
    by_issuer: float


def concentration(
    portfolio: Portfolio, amount: ArrayLike | None = None, ledger: Ledger | None = None
) -> Concentration:
    """Return the concentration of the exposure, or of another amount of each issuer, such as its expected loss.

    Parameters
    ----------
    portfolio : Portfolio
        The issuers.
    amount : array_like, (issuer,), optional
        [>= 0]; the exposure if left out.
    ledger : Ledger, optional
        Told if the amount is zero in all.
    """
    (a,) = checked(amount=(portfolio.exposure if amount is None else amount, EXPOSURE))
    if a.shape != portfolio.exposure.shape or np.isnan(a).any():
        raise refuse("amount", f"shape {a.shape}", "Give one amount for each issuer.")
    total = float(a.sum())
    if total == 0.0:
        if ledger is not None:
            ledger.add("unreliable", "concentration", "The amount is zero in all issuers: no shares.", a.size)
        return Concentration((), np.empty(0), float("nan"), float("nan"))
    names = sorted(set(portfolio.sectors))
    sums = np.array([a[np.array(portfolio.sectors) == name].sum() for name in names]) / total
    order = np.argsort(-sums, kind="stable")
    return Concentration(
        tuple(names[k] for k in order), sums[order], float((sums**2).sum()), float(((a / total) ** 2).sum())
    )
