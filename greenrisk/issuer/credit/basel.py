# SPDX-License-Identifier: Apache-2.0
"""Capital and risk weight of a corporate exposure by the internal-ratings formula of Basel.

A supervisor's formula, not a forecast. Its numbers are rules and have no range; what is ours is only the check of the
domain. The add-on factor 1.06 of Basel II was withdrawn and is not applied.

References
----------
Basel Committee on Banking Supervision (2006). International Convergence of Capital Measurement and Capital Standards,
paragraphs 272-273 and Annex 5 (printed risk weights); (2017) Basel III: Finalising post-crisis reforms, CRE31.
Regulation (EU) 2024/1623 (CRR3), article 160: PD floor of 0.05 %.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from greenrisk.issuer.credit.domains import PROBABILITY, Domain, Floats, checked
from greenrisk.issuer.credit.vasicek import conditional_probability, stress_factor

CONFIDENCE: Final = 0.999
"""Level of the bad year."""
PROBABILITY_FLOOR: Final = 0.0005
"""Least PD, CRR3 article 160."""
MATURITIES: Final = (1.0, 5.0)
"""Effective maturity is held between these [year]."""
_SALES: Final = (5.0, 50.0)
"""Sales between which a firm is small enough for the size adjustment [EUR million]."""

_MATURITY: Final = Domain(0.0, np.inf, "year, > 0", open_low=True)
_SALES_DOMAIN: Final = Domain(0.0, np.inf, "EUR million, >= 0")


def asset_correlation(probability: ArrayLike, sales: ArrayLike = np.nan) -> Floats:
    """Return the asset correlation that Basel sets for corporates [1].

    Parameters
    ----------
    probability : array_like
        One-year PD [1, 0 to 1].
    sales : array_like
        Annual sales of the group [EUR million, >= 0]; NaN, or 50 and more: no size adjustment.

    Notes
    -----
    rho = 0.12 w + 0.24 (1 - w), w = (1 - exp(-50 PD)) / (1 - exp(-50)); less 0.04 (1 - (S - 5) / 45) for sales S, held
    to 5 from below.
    """
    p, s = checked(probability=(probability, PROBABILITY), sales=(sales, _SALES_DOMAIN))
    weight = np.expm1(-50.0 * p) / np.expm1(-50.0)
    small = np.clip(np.where(np.isnan(s), _SALES[1], s), *_SALES)
    out: Floats = 0.12 * weight + 0.24 * (1.0 - weight) - 0.04 * (1.0 - (small - _SALES[0]) / 45.0)
    return out


@dataclass(frozen=True)
class Capital:
    """Capital of each exposure.

    Parameters
    ----------
    requirement : ndarray
        Capital for each unit of exposure, K with the maturity adjustment [1].
    risk_weight : ndarray
        12.5 K [1].
    correlation : ndarray
        Asset correlation [1].
    floored : ndarray of bool
        Whether the PD was raised to the floor.
    """

    requirement: Floats
    risk_weight: Floats
    correlation: Floats
    floored: np.typing.NDArray[np.bool_]


def capital(
    probability: ArrayLike,
    loss_given_default: ArrayLike,
    maturity: ArrayLike = 2.5,
    sales: ArrayLike = np.nan,
    floor: float = PROBABILITY_FLOOR,
) -> Capital:
    """Return the capital that Basel asks for a corporate exposure that is not in default.

    Parameters
    ----------
    probability : array_like
        One-year PD [1, 0 to 1]; 1 is in default and has no such requirement: 0 here, since its loss is expected.
    loss_given_default : array_like
        LGD [1, 0 to 1].
    maturity : array_like
        Effective maturity M, held to 1 to 5 [year, > 0].
    sales : array_like
        As in :func:`asset_correlation`.
    floor : float
        Least PD [1, 0 to 1]; 0.0005 in CRR3, 0.0003 in Basel II, 0 for none.

    Raises
    ------
    ArgumentError
        If an argument lies outside its domain or the shapes do not broadcast.

    Notes
    -----
    K = LGD (PD(Z_0.999) - PD) (1 + (M - 2.5) b) / (1 - 1.5 b), b = (0.11852 - 0.05478 ln PD)^2. At PD below about
    3e-6 the factor 1 - 1.5 b has no meaning: the floor keeps away from it, and without a floor the answer is NaN
    there.

    Examples
    --------
    Annex 5 of Basel II prints a risk weight of 92.32 % for a PD of 1 % and an LGD of 45 %.

    >>> round(float(capital(0.01, 0.45).risk_weight), 4)
    0.9232
    """
    p, g, m, s, least = checked(
        probability=(probability, PROBABILITY),
        loss_given_default=(loss_given_default, PROBABILITY),
        maturity=(maturity, _MATURITY),
        sales=(sales, _SALES_DOMAIN),
        floor=(floor, PROBABILITY),
    )
    held = np.maximum(p, least)
    rho = asset_correlation(held, s)
    bad = conditional_probability(held, rho, -ndtri(CONFIDENCE))
    with np.errstate(divide="ignore", invalid="ignore"):
        b = (0.11852 - 0.05478 * np.log(held)) ** 2
        scale = (1.0 + (np.clip(m, *MATURITIES) - 2.5) * b) / np.where(1.5 * b < 1.0, 1.0 - 1.5 * b, np.nan)
    k = np.where(held == 0.0, 0.0, g * (bad - held) * scale)
    requirement: Floats = np.where(np.isnan(held), np.nan, np.where(held == 1.0, 0.0, k))
    floored = np.broadcast_to(p < least, requirement.shape)
    return Capital(requirement, 12.5 * requirement, np.broadcast_to(rho, requirement.shape), floored)


def stressed_probability(probability: ArrayLike, level: float, sales: ArrayLike = np.nan) -> Floats:
    """Return the PD of a year that is worse than a share ``level`` of the years, with Basel's correlation [1].

    Parameters
    ----------
    probability : array_like
        One-year PD [1, 0 to 1].
    level : float
        Share of the years that are better [1, > 0 and < 1]; 0.999 is Basel's.
    sales : array_like
        As in :func:`asset_correlation`.
    """
    return conditional_probability(probability, asset_correlation(probability, sales), stress_factor(level))
