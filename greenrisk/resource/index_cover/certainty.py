# SPDX-License-Identifier: Apache-2.0
"""What an uncertain year is worth: certainty equivalent under constant relative risk aversion, mean of the worst years.

Both are of years that are all as likely, and vectorised over any axes before the years.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from greenrisk.actuarial.arguments import number
from greenrisk.resource.index_cover.series import Floats


def certainty_equivalent(outcome: ArrayLike, wealth: float, risk_aversion: float) -> Floats:
    """Return the sure wealth that is worth as much as uncertain years.

    Parameters
    ----------
    outcome : array, shape (..., years)
        What each year adds to the wealth: payment less loss and premium [CNY].
    wealth : float
        Wealth before the year [CNY].
    risk_aversion : float
        Relative risk aversion g, >= 0 [unitless].

    Returns
    -------
    array, shape (...)
        ``(mean of W^(1-g))^(1/(1-g))``, at g = 1 ``exp(mean of ln W)``, with W = wealth + outcome [CNY]. Where a year
        leaves nothing or less, and g > 0, the utility is not defined: minus infinity.

    Raises
    ------
    ArgumentError
        If the risk aversion is below 0.
    """
    g = number("risk_aversion", risk_aversion, least=0.0, unit="unitless")
    after = np.asarray(wealth + np.asarray(outcome, dtype=np.float64))
    if g == 0.0:
        return np.asarray(after.mean(axis=-1))
    # In units of the worst year: powers below 0 of larger numbers vanish, and do not overflow.
    worst = after.min(axis=-1)
    unit = np.where(worst > 0.0, worst, 1.0)
    ratio = np.where(worst[..., np.newaxis] > 0.0, after / unit[..., np.newaxis], 1.0)
    log = np.log(ratio)
    mean = log.mean(axis=-1) if g == 1.0 else np.log(np.exp((1.0 - g) * log).mean(axis=-1)) / (1.0 - g)
    found = np.exp(mean)
    return np.asarray(np.where(worst > 0.0, unit * found, -np.inf))


def worst_mean(value: ArrayLike, level: float) -> Floats:
    """Return the expected shortfall: the mean of the largest values beyond a level.

    Parameters
    ----------
    value : array, shape (..., years)
        Larger is worse [any unit].
    level : float
        In [0, 1): the mean is over the share 1 - level of the years, one of them in part [unitless].

    Returns
    -------
    array, shape (...)
        [the same]

    References
    ----------
    Acerbi, C. and Tasche, D. (2002), On the coherence of expected shortfall, Journal of Banking and Finance 26,
    1487-1503.
    """
    share = 1.0 - number("level", level, least=0.0, below=1.0, unit="unitless")
    ordered = -np.sort(-np.asarray(value, dtype=np.float64), axis=-1)
    n = ordered.shape[-1]
    weight = np.clip(share * n - np.arange(n), 0.0, 1.0)
    return np.asarray(ordered @ weight / (share * n))
