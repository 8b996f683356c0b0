# SPDX-License-Identifier: Apache-2.0
"""Draws more large fires than there are, and says by how much: importance sampling for the knowledge runs.

Of a thousand fires one exceeds 100 ha, and that one decides what a bad year costs. A variant of the model that is
simulated for ten thousand years meets twenty such fires, and what it says of them is luck. Here large fires, and
among them the largest, are drawn far more often, and every year carries the weight that sets it right.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

MOST_SHARE = 0.05
"""Largest share of the fires that is drawn from the tail [unitless]."""

MOST_A_YEAR = 0.05
"""Most tail fires that are drawn a year: more, and the weights of the years scatter [1/year]."""


def tail_share(share: float, fires_a_year: float) -> float:
    """Return the share of the fires to draw from the tail.

    Parameters
    ----------
    share : float
        Share of the fires that lie in the tail [unitless].
    fires_a_year : float
        Expected fires [1/year].
    """
    if share <= 0.0:
        return 0.0
    return max(share, min(MOST_SHARE, MOST_A_YEAR / max(fires_a_year, 1e-9)))


def oversample(
    uniform: NDArray[np.float64], share: float, drawn: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return probabilities of the size law with more large fires, and the weights that set them right.

    Parameters
    ----------
    uniform : array, shape (events,)
        Uniforms on [0, 1).
    share : float
        Share of the tail in the law [unitless].
    drawn : float
        Share of the tail among the fires drawn, >= ``share`` [unitless].

    Returns
    -------
    tuple of array, shape (events,)
        Probabilities, increasing in ``uniform``, and likelihood ratios with mean 1 [unitless].

    Notes
    -----
    The last ``drawn`` of the uniforms is the tail. Within it the rank s (0: the largest fire) is drawn as t^2 with t
    uniform: density 1 / (2 sqrt(s)), so that the largest fires are drawn most often; weight 2 t. The weight of a tail
    fire is ``2 t share / drawn``, of any other ``(1 - share) / (1 - drawn)``.
    """
    tail = uniform >= 1.0 - drawn
    t = (1.0 - uniform) / drawn
    probability = np.where(tail, 1.0 - share * t**2, uniform * (1.0 - share) / (1.0 - drawn))
    weight = np.where(tail, 2.0 * t * share / drawn, (1.0 - share) / (1.0 - drawn))
    return probability, weight


def year_weights(
    weight: NDArray[np.float64], event_year: NDArray[np.int64], years: int
) -> NDArray[np.float64]:
    """Return the weight of each year: the product over its fires, shape (years,) [unitless]."""
    logarithm = np.log(np.maximum(weight, 1e-300))
    return np.asarray(np.exp(np.bincount(event_year, weights=logarithm, minlength=years)))
