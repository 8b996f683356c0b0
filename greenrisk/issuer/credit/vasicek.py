# SPDX-License-Identifier: Apache-2.0
"""One common factor: default probabilities in a bad year, and the loss law of a portfolio of endless many small names.

Plain functions over arrays. Sign of the factor: high is good, as in Vasicek; a stress at the level q has the factor
-Phi^-1(q).

References
----------
Vasicek, O. (2002). Loan portfolio value. Risk 15(12), 160-162. The limit law, its density and quantile.
Gordy, M. B. (2003). A risk-factor model foundation for ratings-based bank capital rules. Journal of Financial
Intermediation 12(3), 199-232. doi:10.1016/S1042-9573(03)00040-8.
Frye, J. and Jacobs, M. (2012). Credit loss and systematic loss given default. Journal of Credit Risk 8(1), 109-140.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import log_ndtr, ndtr, ndtri

from greenrisk.issuer.credit.domains import (
    CORRELATION,
    FACTOR,
    INNER_PROBABILITY,
    PROBABILITY,
    Domain,
    Floats,
    checked,
)

_OPEN_CORRELATION: Final = Domain(0.0, 1.0, "1, > 0 and < 1", open_low=True, open_high=True)
_NODES: Final = 200


def conditional_probability(probability: ArrayLike, correlation: ArrayLike, factor: ArrayLike) -> Floats:
    """Return the default probability in a year whose factor is known [1].

    Parameters
    ----------
    probability : array_like
        Average default probability PD [1, 0 to 1]; 0 and 1 stay what they are.
    correlation : array_like
        Asset correlation rho with the factor squared [1, 0 to below 1].
    factor : array_like
        The factor Z [standard normal]; low is bad.

    Raises
    ------
    ArgumentError
        If an argument lies outside its domain or the shapes do not broadcast.

    Notes
    -----
    PD(Z) = Phi((Phi^-1(PD) - sqrt(rho) Z) / sqrt(1 - rho)); its mean over Z is PD.
    """
    p, r, z = checked(
        probability=(probability, PROBABILITY),
        correlation=(correlation, CORRELATION),
        factor=(factor, FACTOR),
    )
    out: Floats = ndtr(_shifted(ndtri(p), r, z))
    return out


def log_conditional_probability(score: ArrayLike, correlation: ArrayLike, factor: ArrayLike) -> Floats:
    """Return ln PD(Z) from the normal score Phi^-1(PD), exact where the probability itself underflows.

    Parameters
    ----------
    score : array_like
        Phi^-1(PD) [standard normal]; minus the distance to default in Merton's model.
    correlation, factor : array_like
        As in :func:`conditional_probability`.
    """
    s, r, z = checked(score=(score, FACTOR), correlation=(correlation, CORRELATION), factor=(factor, FACTOR))
    out: Floats = log_ndtr(_shifted(s, r, z))
    return out


def _shifted(score: Floats, r: Floats, z: Floats) -> Floats:
    out: Floats = (score - np.sqrt(r) * z) / np.sqrt(1.0 - r)
    return out


def stress_factor(level: ArrayLike) -> Floats:
    """Return the factor of a bad year that only a share 1 - level of the years falls short of: -Phi^-1(level)."""
    (q,) = checked(level=(level, INNER_PROBABILITY))
    out: Floats = -ndtri(q)
    return out


def limit_distribution(share: ArrayLike, probability: ArrayLike, correlation: ArrayLike) -> Floats:
    """Return the probability that at most a share of a boundless portfolio defaults, F(x) [1].

    Parameters
    ----------
    share : array_like
        Share of the portfolio that defaults x [1, 0 to 1].
    probability : array_like
        Default probability of each name [1, > 0 and < 1].
    correlation : array_like
        Asset correlation [1, > 0 and < 1].

    Notes
    -----
    F(x) = Phi((sqrt(1 - rho) Phi^-1(x) - Phi^-1(PD)) / sqrt(rho)).
    """
    x, p, r = checked(
        share=(share, PROBABILITY),
        probability=(probability, INNER_PROBABILITY),
        correlation=(correlation, _OPEN_CORRELATION),
    )
    out: Floats = ndtr((np.sqrt(1.0 - r) * ndtri(x) - ndtri(p)) / np.sqrt(r))
    return out


def limit_quantile(level: ArrayLike, probability: ArrayLike, correlation: ArrayLike) -> Floats:
    """Return the share of defaults that is exceeded with probability 1 - level: PD(-Phi^-1(level)) [1]."""
    return conditional_probability(probability, correlation, stress_factor(level))


def limit_tail_mean(level: ArrayLike, probability: ArrayLike, correlation: ArrayLike) -> Floats:
    """Return the mean share of defaults in the worst 1 - level of the years [1].

    Notes
    -----
    E[PD(Z) | Z < z] with z = -Phi^-1(level) is Phi2(Phi^-1(PD), z; sqrt(rho)) / (1 - level). The bivariate normal is
    integrated over the tail by Gauss-Legendre nodes in the probability of the factor.
    """
    q, p, r = checked(
        level=(level, INNER_PROBABILITY),
        probability=(probability, PROBABILITY),
        correlation=(correlation, CORRELATION),
    )
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    # u = (1 - q) t^2 puts nodes where the worst years are: the integrand bends most at t = 0.
    t = 0.5 * (nodes + 1.0)
    u = (1.0 - q)[..., None] * t**2
    values = ndtr(_shifted(ndtri(p)[..., None], r[..., None], ndtri(u)))
    out: Floats = (values * (2.0 * t) * (0.5 * weights)).sum(axis=-1)
    return out


def frye_jacobs_loss_rate(
    conditional: ArrayLike, probability: ArrayLike, loss_given_default: ArrayLike, correlation: ArrayLike
) -> Floats:
    """Return the LGD that goes with a default rate that is higher or lower than usual [1].

    Parameters
    ----------
    conditional : array_like
        Default rate of the year or scenario [1, > 0 and < 1].
    probability : array_like
        Usual default probability PD [1, > 0 and < 1].
    loss_given_default : array_like
        Usual LGD [1, > 0 and < 1].
    correlation : array_like
        Asset correlation rho [1, 0 to below 1].

    Notes
    -----
    LGD(d) = Phi(Phi^-1(d) - k) / d with k = (Phi^-1(PD) - Phi^-1(PD LGD)) / sqrt(1 - rho): no new parameter, and the
    mean loss over all years stays PD LGD.

    Examples
    --------
    >>> round(float(frye_jacobs_loss_rate(0.05, 0.08, 0.40, 0.20)), 4)
    0.3197
    """
    d, p, g, r = checked(
        conditional=(conditional, INNER_PROBABILITY),
        probability=(probability, INNER_PROBABILITY),
        loss_given_default=(loss_given_default, INNER_PROBABILITY),
        correlation=(correlation, CORRELATION),
    )
    k = (ndtri(p) - ndtri(p * g)) / np.sqrt(1.0 - r)
    out: Floats = np.exp(log_ndtr(ndtri(d) - k) - np.log(d))
    return out


@dataclass(frozen=True)
class Overlay:
    """A bank's own probability moved by a scenario.

    Parameters
    ----------
    probability : ndarray
        Moved probability [1].
    clipped : ndarray of bool
        Cells in which one of the three probabilities was clipped: their answer is a bound, not an estimate.
    """

    probability: Floats
    clipped: np.typing.NDArray[np.bool_]

    @property
    def clipped_share(self) -> float:
        """Share of the cells that hit the clip [1]."""
        return float(self.clipped.mean()) if self.clipped.size else 0.0


def overlay(own: ArrayLike, shocked: ArrayLike, base: ArrayLike, clip: float = 1e-4) -> Overlay:
    """Return the user's own probabilities moved by what a scenario does to the model's.

    Parameters
    ----------
    own, shocked, base : array_like
        The user's probability, the model's under the scenario and in the base case, of one term [1, 0 to 1].
    clip : float
        Probabilities are held within clip and 1 - clip, since the scores of 0 and 1 are endless [1, > 0 and < 0.5].

    Notes
    -----
    PD_adj = Phi(Phi^-1(own) + Phi^-1(shocked) - Phi^-1(base)). How many cells hit the clip is part of the answer: a
    result that rests on the clip rests on a display choice.
    """
    limit = Domain(0.0, 0.5, "1, > 0 and < 0.5", open_low=True, open_high=True)
    o, s, b, c = checked(
        own=(own, PROBABILITY), shocked=(shocked, PROBABILITY), base=(base, PROBABILITY), clip=(clip, limit)
    )
    held = [np.clip(x, c, 1.0 - c) for x in (o, s, b)]
    clipped = (held[0] != o) & ~np.isnan(o) | (held[1] != s) & ~np.isnan(s) | (held[2] != b) & ~np.isnan(b)
    moved: Floats = ndtr(ndtri(held[0]) + ndtri(held[1]) - ndtri(held[2]))
    return Overlay(moved, np.broadcast_to(clipped, moved.shape))
