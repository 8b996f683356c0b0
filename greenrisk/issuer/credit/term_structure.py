# SPDX-License-Identifier: Apache-2.0
"""From probabilities of one term to those of another, to losses and to spreads.

Every name says whose probability it is: ``annual`` is over twelve months, ``cumulative`` from now to the end of a term,
``marginal`` within one year seen from now, ``conditional`` within one year if alive at its begin. The last axis is the
year wherever there is one.

References
----------
Hull, J. C. (2018). Options, Futures, and Other Derivatives, 10th edition, sections 24.2 and 24.4: hazard rates, and the
spread that is about hazard times loss. Duffie, D. and Singleton, K. J. (2003). Credit Risk, chapter 3.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, logit

from greenrisk.issuer.credit.domains import (
    EXPOSURE,
    INNER_PROBABILITY,
    NUMBER,
    PROBABILITY,
    YEARS,
    Domain,
    Floats,
    checked,
)

BASIS_POINTS: Final = 1e4
"""Basis points in 1."""

_LOG: Final = Domain(-np.inf, 0.0, "logarithm of a probability, <= 0")


def hazard_rate(cumulative: ArrayLike, term: ArrayLike) -> Floats:
    """Return the mean hazard rate over a term, h = -ln(1 - PD) / T [1/year]; ``inf`` at PD 1.

    Parameters
    ----------
    cumulative : array_like
        Probability of default by the end of the term [1, 0 to 1].
    term : array_like
        The term T [year, > 0].
    """
    p, t = checked(cumulative=(cumulative, PROBABILITY), term=(term, YEARS))
    with np.errstate(divide="ignore"):
        out: Floats = -np.log1p(-p) / t
    return out


def annual_from_cumulative(cumulative: ArrayLike, term: ArrayLike) -> Floats:
    """Return the twelve-month probability that, year by year, gives that of a term: 1 - (1 - PD)^(1/T) [1]."""
    out: Floats = -np.expm1(-hazard_rate(cumulative, term))
    return out


def cumulative_from_annual(annual: ArrayLike, term: ArrayLike) -> Floats:
    """Return the probability of default by the end of a term of equal years: 1 - (1 - PD)^T [1]."""
    p, t = checked(annual=(annual, PROBABILITY), term=(term, YEARS))
    with np.errstate(divide="ignore"):
        out: Floats = -np.expm1(np.log1p(-p) * t)
    return out


def cumulative_from_conditional(conditional: ArrayLike) -> Floats:
    """Return the probability of default by the end of each year [1].

    Parameters
    ----------
    conditional : array_like, (..., year)
        Probability of default within each year, if alive at its begin [1, 0 to 1].
    """
    (p,) = checked(conditional=(conditional, PROBABILITY))
    with np.errstate(divide="ignore"):
        out: Floats = -np.expm1(np.cumsum(np.log1p(-p), axis=-1))
    return out


def log_cumulative_from_log_conditional(log_conditional: ArrayLike) -> Floats:
    """Return the logarithm of the probability by the end of each year, from logarithms within each year.

    Exact where the probabilities themselves underflow: there the sum of the years' probabilities is what counts, and it
    is summed as logarithms.

    Parameters
    ----------
    log_conditional : array_like, (..., year)
        ln of the probability within each year, if alive at its begin [<= 0]; ``-inf`` where default is impossible.
    """
    x = np.asarray(log_conditional, dtype=np.float64)
    checked(log_conditional=(np.where(np.isneginf(x), -1.0, x), _LOG))
    # ln of the survival over the year, ln(1 - e^x), from -expm1; its sum is ln S, and PD = -expm1(ln S).
    with np.errstate(divide="ignore", invalid="ignore"):
        small = np.logaddexp.accumulate(x, axis=-1)
        survival = np.cumsum(np.where(x == 0.0, -np.inf, np.log1p(-np.exp(x))), axis=-1)
        exact = np.log(-np.expm1(survival))
    out: Floats = np.where(small < -30.0, small, exact)
    return out


def log_cumulative_of_path(log_conditional: ArrayLike, log_diffused: ArrayLike) -> Floats:
    """Return the logarithm of the probability by the end of each year, from two sides of one path of states.

    Parameters
    ----------
    log_conditional : array_like, (..., year)
        ln of the probability within the twelve months after the end of each year, at the state that is expected there.
    log_diffused : array_like, (..., year)
        ln of the probability that the issuer, seen from the statement, is insolvent at the end of each year, what may
        happen until then counted in (Merton's model over the whole term); NaN where that is not known.

    Returns
    -------
    array, (..., year)
        The greater of the two, and never falling.

    Notes
    -----
    Yearly probabilities begin anew from the expected state and leave out that the state may stray from it for years;
    the model over the whole term holds that, but sees only its end. Either alone is too low. By the end of a year the
    twelve months after earlier years have passed; without the second side its own are counted too, since nothing else
    is known of the first year.
    """
    x, whole = np.asarray(log_conditional, dtype=np.float64), np.asarray(log_diffused, dtype=np.float64)
    summed = log_cumulative_from_log_conditional(np.where(np.isnan(x), 0.0, x))
    passed = np.concatenate([np.full_like(summed[..., :1], -np.inf), summed[..., :-1]], axis=-1)
    both = np.where(np.isnan(whole), summed, np.maximum(whole, passed))
    out: Floats = np.maximum.accumulate(np.where(np.isnan(x), np.nan, both), axis=-1)
    return out


def stationary_term(term: ArrayLike, reversion: ArrayLike) -> Floats:
    """Return the years over which a free walk strays as far as one that is drawn back does over a term [year].

    Parameters
    ----------
    term : array_like
        T [year, > 0].
    reversion : array_like
        Speed k at which leverage comes back to its target [1/year, >= 0]; 0: not at all.

    Notes
    -----
    The logarithm of leverage follows an Ornstein-Uhlenbeck process, whose variance over T is
    sigma^2 (1 - exp(-2 k T))/(2 k): a firm that has strayed issues or repays debt.

    References
    ----------
    Collin-Dufresne, P. and Goldstein, R. S. (2001). Do credit spreads reflect stationary leverage ratios? Journal of
    Finance 56, 1929-1957.
    """
    t, k = checked(term=(term, YEARS), reversion=(reversion, Domain(0.0, np.inf, "1/year, >= 0")))
    with np.errstate(divide="ignore", invalid="ignore"):
        out: Floats = np.where(k * t < 1e-12, t, -np.expm1(-2.0 * k * t) / (2.0 * k))
    return out


@dataclass(frozen=True)
class RisingPath:
    """Cumulative probabilities that never fall.

    Parameters
    ----------
    cumulative : ndarray, (..., year)
        Probability by the end of each year [1].
    raised : int
        Cells that were below an earlier one and were raised to it. Merton's probability by term need not rise: the
        firm that would be solvent at the longer date is the same one that failed at the shorter.
    """

    cumulative: Floats
    raised: int


def rising(cumulative: ArrayLike) -> RisingPath:
    """Return a path in which no later probability is below an earlier one, with how many cells were raised.

    Parameters
    ----------
    cumulative : array_like, (..., year)
        Probability of default by the end of each year [1, 0 to 1].
    """
    (p,) = checked(cumulative=(cumulative, PROBABILITY))
    held = np.where(np.isnan(p), np.nan, np.fmax.accumulate(p, axis=-1))
    return RisingPath(held, int((held > p).sum()))


def marginal_from_cumulative(cumulative: ArrayLike) -> Floats:
    """Return the probability of default within each year, seen from now [1].

    Parameters
    ----------
    cumulative : array_like, (..., year)
        Probability by the end of each year; must not fall, see :func:`rising` [1, 0 to 1].

    Raises
    ------
    ArgumentError
        If a path falls.
    """
    (p,) = checked(cumulative=(cumulative, PROBABILITY))
    marginal = np.diff(p, axis=-1, prepend=0.0)
    checked(step_of_cumulative=(marginal, Domain(0.0, 1.0, "1, must not fall; see `rising`")))
    return marginal


def conditional_from_cumulative(cumulative: ArrayLike) -> Floats:
    """Return the probability of default within each year, if alive at its begin [1]; NaN after certain default."""
    marginal = marginal_from_cumulative(cumulative)
    (p,) = checked(cumulative=(cumulative, PROBABILITY))
    alive = 1.0 - (p - marginal)
    with np.errstate(divide="ignore", invalid="ignore"):
        out: Floats = np.where(alive > 0.0, marginal / alive, np.nan)
    return out


def shifted_loss_rate(loss_given_default: ArrayLike, shock: ArrayLike, sensitivity: ArrayLike) -> Floats:
    """Return the LGD after a shock to what the creditors could sell, within 0 to 1 [1].

    Parameters
    ----------
    loss_given_default : array_like
        LGD in the base case [1, > 0 and < 1].
    shock : array_like
        Relative loss of the value of the assets; negative where they gain [1].
    sensitivity : array_like
        By how much a loss of everything moves the logit of the LGD [1]; a judged number of a card.

    Notes
    -----
    LGD' = expit(logit(LGD) + sensitivity * shock). :func:`greenrisk.issuer.credit.vasicek.frye_jacobs_loss_rate` needs
    no judged number and is the second method.
    """
    g, x, k = checked(
        loss_given_default=(loss_given_default, INNER_PROBABILITY),
        shock=(shock, NUMBER),
        sensitivity=(sensitivity, NUMBER),
    )
    out: Floats = expit(logit(g) + k * x)
    return out


def expected_loss(
    exposure: ArrayLike, cumulative: ArrayLike, loss_given_default: ArrayLike, discount: ArrayLike = 1.0
) -> Floats:
    """Return the expected loss up to the end of each year [money].

    Parameters
    ----------
    exposure : array_like, (..., year)
        Exposure at default in each year; without the LGD in it [money, >= 0].
    cumulative : array_like, (..., year)
        Probability of default by the end of each year; must not fall [1, 0 to 1].
    loss_given_default : array_like, (..., year)
        LGD in each year, may depend on the shock [1, 0 to 1].
    discount : array_like, (..., year)
        Value now of a unit of the year; 1 for none [1, 0 to 1 at rates above 0].

    Notes
    -----
    EL_T = sum over t <= T of EAD_t LGD_t (PD_t - PD_(t-1)) D_t.
    """
    e, g, d = checked(
        exposure=(exposure, EXPOSURE),
        loss_given_default=(loss_given_default, PROBABILITY),
        discount=(discount, Domain(0.0, np.inf, "1, >= 0")),
    )
    out: Floats = np.cumsum(e * g * d * marginal_from_cumulative(cumulative), axis=-1)
    return out


def change_over_exposure(shocked: ArrayLike, base: ArrayLike, exposure: ArrayLike) -> Floats:
    """Return the change of an expected loss over the exposure, in basis points of the exposure.

    Parameters
    ----------
    shocked, base : array_like
        Expected loss under the scenario and in the base case, of one term [money].
    exposure : array_like
        Exposure, each issuer's once [money, >= 0]; NaN is answered where it is 0.
    """
    s, b, e = checked(shocked=(shocked, NUMBER), base=(base, NUMBER), exposure=(exposure, EXPOSURE))
    with np.errstate(divide="ignore", invalid="ignore"):
        out: Floats = np.where(e > 0.0, (s - b) / e * BASIS_POINTS, np.nan)
    return out


def hazard_spread(cumulative: ArrayLike, term: ArrayLike, loss_given_default: ArrayLike) -> Floats:
    """Return the spread that pays for the expected loss, h LGD [1/year]; no premium for risk.

    Parameters
    ----------
    cumulative : array_like
        Probability of default by the end of the term [1, 0 to 1]; risk-neutral for a market spread.
    term : array_like
        [year, > 0].
    loss_given_default : array_like
        [1, 0 to 1].
    """
    h = hazard_rate(cumulative, term)
    (g,) = checked(loss_given_default=(loss_given_default, PROBABILITY))
    with np.errstate(invalid="ignore"):
        out: Floats = np.where(g == 0.0, 0.0 * np.where(np.isinf(h), 0.0, h), h * g)
    return out


def zero_coupon_spread(cumulative: ArrayLike, term: ArrayLike, loss_given_default: ArrayLike) -> Floats:
    """Return the spread of a bond without coupons that pays 1 - LGD at the end if its issuer fails [1/year].

    The parameters are those of :func:`hazard_spread`.

    Notes
    -----
    s = -ln(1 - PD LGD) / T. At LGD 1 it equals the hazard spread; below 1 it is smaller, and bounded as PD goes to 1.
    """
    p, t, g = checked(
        cumulative=(cumulative, PROBABILITY),
        term=(term, YEARS),
        loss_given_default=(loss_given_default, PROBABILITY),
    )
    with np.errstate(divide="ignore"):
        out: Floats = -np.log1p(-p * g) / t
    return out


def shown(probability: ArrayLike, clip: float = 1e-4) -> tuple[Floats, NDArray[np.bool_]]:
    """Return probabilities held within clip and 1 - clip for a picture or a table, and which cells were moved.

    For display only: no other function takes clipped probabilities.
    """
    p, c = checked(probability=(probability, PROBABILITY), clip=(clip, Domain(0.0, 0.5, "1, 0 to 0.5")))
    held: Floats = np.clip(p, c, 1.0 - c)
    return held, (held != p) & ~np.isnan(p)
