# SPDX-License-Identifier: Apache-2.0
"""Losses of all heads of an accident together: one common factor, which heads cost anything, and how much.

What lives here: the dependence between heads and losses from uniforms. What does not: which uniforms belong to which
accident (:mod:`greenrisk.pollution.liability`), and the law of one head (:mod:`greenrisk.pollution.severity.laws`).

References
----------
Vasicek, O. (1991), Limiting loan loss probability distribution, KMV Corporation (the one-factor normal copula).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from greenrisk.actuarial.arguments import number, whole_number
from greenrisk.actuarial.severity.families import Lognormal
from greenrisk.actuarial.severity.pareto_families import GeneralisedPareto
from greenrisk.actuarial.severity.spliced import Spliced
from greenrisk.core.errors import ArgumentError, Fault
from greenrisk.core.streams import stream
from greenrisk.pollution.severity.laws import HeadLaw

Floats = NDArray[np.float64]

_NODES = 24
_REACH = 9.0
_PLAIN = np.arange(-_REACH, _REACH + 1.0)
_STEPS = (-8.0, -4.0, -2.0, 0.0, 2.0, 4.0, 8.0)


def head_losses(laws: Sequence[HeadLaw], dependence: float, common: Floats, own: Floats) -> Floats:
    """Return what each accident costs under each head.

    Parameters
    ----------
    laws : sequence of HeadLaw
        By head.
    dependence : float
        Correlation r of the normal scores of two heads, in [0, 1) [unitless].
    common : array, shape (accidents,)
        Uniforms on [0, 1): the factor of the accident.
    own : array, shape (accidents, heads)
        Uniforms on [0, 1): what is left to each head.

    Returns
    -------
    array, shape (accidents, heads)
        [CNY].

    Raises
    ------
    ArgumentError
        If the dependence lies outside [0, 1) or the shapes do not fit.

    Notes
    -----
    Z_h = sqrt(r) ndtri(common) + sqrt(1 - r) ndtri(own_h) is standard normal; head h costs the amount that it exceeds
    with probability 1 - ndtr(Z_h), nothing where that is above its share of positive amounts. One score thus decides
    both whether a head costs anything and how much. An accident has the same scores under all laws, so that two
    variants of the cards share their accidents.
    """
    r = number("dependence", dependence, least=0.0, below=1.0, unit="unitless")
    if own.shape != (common.size, len(laws)):
        expected = f"Shape ({common.size}, {len(laws)}) was expected: accidents by heads."
        raise ArgumentError(Fault("own", f"own of shape {own.shape}", expected))
    losses = np.zeros(own.shape)
    factor = math.sqrt(r) * ndtri(common)
    rest = math.sqrt(1.0 - r)
    for h, one in enumerate(laws):
        if one.share_positive == 0.0:
            continue
        score = factor + rest * ndtri(own[:, h])
        # A share of 1 has no bound: ndtri(0) = -inf, and -inf, the score of a uniform of 0, costs something too.
        hit = np.flatnonzero((score > -ndtri(one.share_positive)) | (one.share_positive == 1.0))
        beyond = np.minimum(ndtr(-score[hit]) / one.share_positive, 1.0)
        losses[hit, h] = one.law.isf(beyond)
    return losses


def head_arrays(laws: Sequence[HeadLaw]) -> dict[str, Floats]:
    """Return the laws as plain arrays over heads, by the names of the fields of the simulation's struct of laws.

    Parameters
    ----------
    laws : sequence of HeadLaw
        By head, as from :func:`~greenrisk.pollution.severity.laws.severity_laws`: amounts in CNY.

    Returns
    -------
    dict
        ``share_positive``, ``cap`` and ``scale`` (1, since the laws are in CNY) of shape (1, heads), one row for all
        plants; ``mu``, ``sigma``, ``threshold``, ``tail_weight``, ``tail_shape`` and ``tail_scale`` of shape (heads,);
        a head without a tail has threshold inf and weight 0.

    Raises
    ------
    ArgumentError
        If a law is neither lognormal nor a lognormal body with a generalised Pareto tail.
    """
    rows = [_numbers_of(one) for one in laws]
    names = ("mu", "sigma", "threshold", "tail_weight", "tail_shape", "tail_scale")
    arrays: dict[str, Floats] = dict(zip(names, np.array(rows, dtype=np.float64).T, strict=True))
    arrays["share_positive"] = np.array([[one.share_positive for one in laws]])
    arrays["scale"] = np.ones((1, len(laws)))
    arrays["cap"] = np.array([[one.law.limit for one in laws]])
    return arrays


def _numbers_of(one: HeadLaw) -> tuple[float, ...]:
    law = one.law.base
    if isinstance(law, Lognormal):
        return law.mu, law.sigma, math.inf, 0.0, 0.0, 1.0
    if isinstance(law, Spliced):
        body, tail = law.body, law.tail
        if (
            isinstance(body, Lognormal)
            and isinstance(tail, GeneralisedPareto)
            and tail.threshold == law.threshold
        ):
            return body.mu, body.sigma, law.threshold, law.tail_weight, tail.shape, tail.scale
    mend = "A Lognormal, or a Spliced of a Lognormal and a GeneralisedPareto from its threshold on, was expected."
    raise ArgumentError(Fault("laws", f"law of {one.head}: {type(law).__name__}", mend))


def simulated_accidents(laws: Sequence[HeadLaw], dependence: float, count: int, seed: int) -> Floats:
    """Return accidents by head on a stream of their own, for figures that have no closed form.

    Parameters
    ----------
    laws : sequence of HeadLaw
        By head.
    dependence : float
        As for :func:`head_losses`.
    count : int
        How many accidents, >= 1.
    seed : int
        The scenario's seed, >= 0.

    Returns
    -------
    array, shape (count, heads)
        [CNY].
    """
    size = whole_number("count", count, "accident")
    uniforms = stream(seed, "zone", "severity").random((size, len(laws) + 1))
    return head_losses(laws, dependence, uniforms[:, 0], uniforms[:, 1:])


def probability_of_any(laws: Sequence[HeadLaw], dependence: float, above: float = 0.0) -> float:
    """Return the probability that an accident costs more than an amount under at least one head [unitless].

    Parameters
    ----------
    laws : sequence of HeadLaw
        By head.
    dependence : float
        As for :func:`head_losses`.
    above : float
        The amount, of each head by itself, >= 0 [CNY].

    Notes
    -----
    Given the factor w the heads are independent: 1 - integral of phi(w) prod_h ndtr((z_h - sqrt(r) w) / sqrt(1 - r)),
    z_h the score from which head h costs more, by Gauss-Legendre of 24 points on panels of |w| <= 9 that close in on
    each z_h / sqrt(r), where the product falls the steeper the nearer r is to 1.
    """
    r = number("dependence", dependence, least=0.0, below=1.0, unit="unitless")
    if not r > 0.0:
        return 1.0 - math.prod(1.0 - float(one.exceeds(above)) for one in laws)
    starts = -ndtri(np.array([float(one.exceeds(above)) for one in laws]))
    steps = math.sqrt((1.0 - r) / r) * np.array(_STEPS)
    ends = np.unique(
        np.clip(np.append(starts[:, np.newaxis] / math.sqrt(r) + steps, _PLAIN), -_REACH, _REACH)
    )
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    half = np.diff(ends)[:, np.newaxis] / 2.0
    w = (ends[:-1, np.newaxis] + half * (1.0 + nodes)).ravel()
    density = (half * weights).ravel() * np.exp(-(w**2) / 2.0) / math.sqrt(2.0 * math.pi)
    none = ndtr((starts[:, np.newaxis] - math.sqrt(r) * w) / math.sqrt(1.0 - r)).prod(axis=0)
    return float(1.0 - density @ none)
