# SPDX-License-Identifier: Apache-2.0
"""The density of Tweedie's laws with power between 1 and 2: a Poisson number of gamma amounts. No fit is made here."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import gammaln

from greenrisk.actuarial.arguments import number, numbers
from greenrisk.actuarial.glm.data import Floats

_SPREADS = (1.0, 3.0, 8.0)
"""Standard deviations of the index up to which terms are summed one by one, in three groups of one width each."""
_REACH = 12.0
_MARGIN = 25
_NODES_EACH = 3.0
"""Nodes for each standard deviation where terms are so many that a coarser sum has the same value."""
_CHUNK = 4096


def tweedie_log_density(amounts: ArrayLike, means: ArrayLike, dispersion: ArrayLike, power: float) -> Floats:
    """Return the logarithm of the density for positive amounts and of the probability for zeros, by broadcasting.

    Parameters
    ----------
    amounts : array
        >= 0.
    means : array
        > 0.
    dispersion : array
        phi > 0, ``Var = phi m^p``.
    power : float
        p in (1, 2) [unitless].

    Raises
    ------
    ArgumentError
        If an argument is outside its domain.

    Notes
    -----
    ``ln f = (y m^(1-p) / (1-p) - m^(2-p) / (2-p)) / phi + ln(W(y) / y)``, the last term for y > 0 alone.

    References
    ----------
    Dunn, P. K., Smyth, G. K. (2005). Series evaluation of Tweedie exponential dispersion model densities. Statistics
    and Computing 15, 267-280. https://doi.org/10.1007/s11222-005-4070-y
    """
    p = number("power", power, above=1.0, below=2.0, unit="unitless")
    y, m, phi = np.broadcast_arrays(
        numbers("amounts", amounts, least=0.0),
        numbers("means", means, above=0.0),
        numbers("dispersion", dispersion, above=0.0),
    )
    out = np.asarray((y * m ** (1 - p) / (1 - p) - m ** (2 - p) / (2 - p)) / phi)
    positive = y > 0
    out[positive] += tweedie_series(y[positive], phi[positive], p)[0] - np.log(y[positive])
    return out


def tweedie_series(amounts: Floats, dispersion: Floats, power: float) -> tuple[Floats, Floats, Floats]:
    """Return ln W, and mean and variance of the index of its terms.

    Parameters
    ----------
    amounts : array, shape (n,)
        > 0.
    dispersion : array, shape (n,)
        phi > 0, of each.
    power : float
        p in (1, 2) [unitless].

    Returns
    -------
    tuple of three arrays, shape (n,)
        ``ln W``, ``E[j]`` and ``Var[j]`` with probabilities ``W_j / W``; the derivative of ln W in ln phi is
        ``-E[j] / (p - 1)``, the second one ``Var[j] / (p - 1)^2``.

    Notes
    -----
    ``W = sum_j z^j / (j! Gamma(a j))``, ``a = (2 - p) / (p - 1)``, ``z = (y / (p - 1))^a / (phi^(1 + a) (2 - p))``. The
    terms peak near ``j = y^(2-p) / (phi (2 - p))`` with variance ``j / (1 + a)`` and are summed over 12 standard
    deviations each side. Beyond 8 standard deviations of width they are a smooth hill far from j = 0, whose sum over
    all integers equals its integral, and so the sum over nodes a third of a standard deviation apart, to rounding.

    References
    ----------
    Dunn, P. K., Smyth, G. K. (2005). Series evaluation of Tweedie exponential dispersion model densities. Statistics
    and Computing 15, 267-280, section 4. https://doi.org/10.1007/s11222-005-4070-y
    """
    a = (2 - power) / (power - 1)
    log_z = a * np.log(amounts / (power - 1)) - (1 + a) * np.log(dispersion) - np.log(2 - power)
    peak = np.exp((2 - power) * np.log(amounts) - np.log(dispersion) - np.log(2 - power))
    width = np.sqrt(peak / (1 + a))
    out = np.empty((3, amounts.size))
    group = np.searchsorted(_SPREADS, width)
    for which in range(len(_SPREADS) + 1):
        rows = np.flatnonzero(group == which)
        for at in range(0, rows.size, _CHUNK):
            part = rows[at : at + _CHUNK]
            if which < len(_SPREADS):
                half = _REACH * _SPREADS[which]
                first = np.maximum(np.floor(peak[part] - half), 1.0)
                step = np.ones(part.size)
                count = int(2 * half) + _MARGIN
            else:
                step = width[part] / _NODES_EACH
                count = 2 * int(_REACH * _NODES_EACH) + 1
                first = peak[part] - step * (count // 2)
            out[:, part] = _sum(first, step, count, log_z[part], a)
    return out[0], out[1], out[2]


def _sum(first: Floats, step: Floats, count: int, log_z: Floats, a: float) -> tuple[Floats, Floats, Floats]:
    j = first[:, None] + step[:, None] * np.arange(count)
    terms = j * log_z[:, None] - gammaln(j + 1) - gammaln(a * j)
    top = terms.max(axis=1)
    terms = np.exp(terms - top[:, None])
    total = terms.sum(axis=1)
    mean = (terms * j).sum(axis=1) / total
    variance = (terms * (j - mean[:, None]) ** 2).sum(axis=1) / total
    return top + np.log(total * step), mean, variance
