# SPDX-License-Identifier: Apache-2.0
"""A declared link between a loss model and an index that the model does not read: a judged normal copula.

Its chances have closed forms, so that what the simulated years give is checked by a second method.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri, owens_t

from greenrisk.actuarial.arguments import number, numbers
from greenrisk.core.card_roles import Role
from greenrisk.resource.index_cover.series import Floats

INDEX_LINK: Final = Role("link", "wetland.index_link", ("rank_correlation",))
"""What the card of the link must hold."""

WORST: Final = (0.2, 0.1, 0.05, 0.02, 0.01)
"""Shares of the worst years at which the link is told [unitless]."""

_CLIP: Final = 1e-12


def normal_correlation(rank_correlation: float) -> float:
    """Return the correlation of the normal copula whose Spearman correlation is given.

    Parameters
    ----------
    rank_correlation : float
        In (-1, 1) [unitless].

    Notes
    -----
    ``2 sin(pi s / 6)`` (Pearson, K., 1907, On further methods of determining correlation).
    """
    s = number("rank_correlation", rank_correlation, above=-1.0, below=1.0, unit="unitless")
    return 2.0 * float(np.sin(np.pi * s / 6.0))


def linked_uniforms(stress: ArrayLike, fresh: ArrayLike, rank_correlation: float) -> Floats:
    """Return uniforms of the index that are linked to the uniforms of the loss model's years.

    Parameters
    ----------
    stress : array, shape (years,)
        Uniforms of the loss model: high means a bad year [unitless].
    fresh : array, shape (years,)
        Independent uniforms [unitless].
    rank_correlation : float
        Spearman correlation of the result and ``stress``, in (-1, 1) [unitless].

    Returns
    -------
    array, shape (years,)
        High where years are bad; an index that is paid for low values takes ``1 - u`` [unitless].
    """
    r = normal_correlation(rank_correlation)
    z, e = (ndtri(np.clip(np.asarray(u, dtype=np.float64), _CLIP, 1.0 - _CLIP)) for u in (stress, fresh))
    return np.asarray(ndtr(r * z + np.sqrt(1.0 - r * r) * e))


def joint_chance(first: ArrayLike, second: ArrayLike, rank_correlation: float) -> Floats:
    """Return the chance that a year is among the worst of both stress and index, in closed form.

    Parameters
    ----------
    first, second : array
        Shares of the years that count as worst, in (0, 1) [unitless].
    rank_correlation : float
        Spearman correlation, in (-1, 1) [unitless].

    Notes
    -----
    By symmetry P(Z1 > -h, Z2 > -k) = Phi2(h, k; r) with h, k the normal quantiles of the shares, and Phi2 by Owen's
    function T: ``(Phi(h) + Phi(k)) / 2 - T(h, a_h) - T(k, a_k) - c`` with ``a_h = (k - r h) / (h sqrt(1 - r^2))`` and
    c = 1/2 where h k < 0, or h k = 0 and h + k < 0.

    References
    ----------
    Owen, D. B. (1956), Tables for computing bivariate normal probabilities, Annals of Mathematical Statistics 27,
    1075-1090.
    """
    r = normal_correlation(rank_correlation)
    h, k = np.broadcast_arrays(
        *(
            ndtri(numbers(name, p, above=0.0, below=1.0, unit="unitless"))
            for name, p in (("first", first), ("second", second))
        )
    )
    # at a share of exactly one half the quotient has no value; a step of 1e-300 does not move the result
    h, k = (np.where(v == 0.0, 1e-300, v) for v in (h, k))
    root = np.sqrt(1.0 - r * r)
    other = np.where(h * k < 0.0, 0.5, 0.0)
    both = 0.5 * (ndtr(h) + ndtr(k)) - owens_t(h, (k / h - r) / root) - owens_t(k, (h / k - r) / root) - other
    return np.asarray(np.clip(both, 0.0, 1.0))


def link_group(stress: ArrayLike, index: ArrayLike, rank_correlation: float, status: str) -> xr.Dataset:
    """Return the group ``/link``: how often the index is bad in a bad year, simulated and in closed form.

    Parameters
    ----------
    stress, index : array, shape (years,)
        Uniforms of the simulated years, high is bad [unitless].
    rank_correlation : float
        Of the card [unitless].
    status : str
        Status of the card.
    """
    u = numbers("stress", stress, least=0.0, most=1.0, dimensions=1, fewest=1, unit="unitless")
    v = numbers("index", index, least=0.0, most=1.0, dimensions=1, unit="unitless")
    worst = np.array(WORST)
    both = ((u[:, None] >= 1.0 - worst) & (v[:, None] >= 1.0 - worst)).mean(axis=0)
    exact = joint_chance(worst, worst, rank_correlation)
    error = np.sqrt(exact * (1.0 - exact) / u.size)
    share = {"units": "unitless"}
    return xr.Dataset(
        {
            "both": (
                "worst",
                both,
                {**share, "description": "years that are among the worst of both, simulated"},
            ),
            "both_closed_form": ("worst", exact, share),
            "standard_error": ("worst", error, {**share, "description": "of `both`, for independent years"}),
            "index_bad_in_bad_year": ("worst", exact / worst, share),
            "by_chance_alone": ("worst", worst, share),
        },
        coords={
            "worst": ("worst", worst, {**share, "description": "share of the years that count as worst"})
        },
        attrs={
            "rank_correlation": rank_correlation,
            "normal_correlation": normal_correlation(rank_correlation),
            "status": status,
            "note": (
                "Losses and index are simulated apart and joined by one judged number: what is said of basis risk "
                "rests on it and was not measured. In rarer years a normal copula joins them less and less."
            ),
        },
    )
