# SPDX-License-Identifier: Apache-2.0
"""A declared link between a loss model and an index that it does not read: a judged normal copula and its closed forms."""

from __future__ import annotations

from typing import Final

import xarray as xr
from numpy.typing import ArrayLike

from greenrisk.core.card_roles import Role
from greenrisk.resource.index_cover.series import Floats

INDEX_LINK: Final = Role("link", "wetland.index_link", ("rank_correlation",))
"""What the card of the link must hold."""


def normal_correlation(rank_correlation: float) -> float:
    """Return the correlation of the normal copula whose Spearman correlation is given, ``2 sin(pi s / 6)``."""
    raise NotImplementedError


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
    raise NotImplementedError


def joint_chance(first: ArrayLike, second: ArrayLike, rank_correlation: float) -> Floats:
    """Return the chance that both are among their worst years, in closed form.

    Parameters
    ----------
    first, second : array
        Shares of the worst years of stress and of index, in (0, 1) [unitless].
    rank_correlation : float
        Spearman correlation, in (-1, 1) [unitless].
    """
    raise NotImplementedError


def link_group(stress: ArrayLike, index: ArrayLike, rank_correlation: float, status: str) -> xr.Dataset:
    """Return the group ``/link``: chances that the index pays in a bad year, simulated and in closed form.

    Parameters
    ----------
    stress, index : array, shape (years,)
        Uniforms of the simulated years, high is bad [unitless].
    rank_correlation : float
        Of the card [unitless].
    status : str
        Status of the card.
    """
    raise NotImplementedError
