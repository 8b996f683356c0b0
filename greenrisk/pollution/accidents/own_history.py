# SPDX-License-Identifier: Apache-2.0
"""What a zone's own history says of numbers that are common to all its plants.

What lives here: the law of a common number after the counts of all plants, and how probable those counts were before
it. What does not: the rate of one plant, which its own years update afterwards
(:mod:`greenrisk.pollution.accidents.rates`).

References
----------
Buhlmann, H. and Gisler, A. (2005), A Course in Credibility Theory and its Applications, Springer (chapter 6,
hierarchical credibility).
Gelman, A., Carlin, J. B., Stern, H. S., Dunson, D. B., Vehtari, A. and Rubin, D. B. (2013), Bayesian Data Analysis,
3rd ed., CRC Press (chapters 5 and 6, hierarchical models and predictive checks).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.integrate import cumulative_simpson
from scipy.special import ndtr

from greenrisk.actuarial.arguments import keep, number, within
from greenrisk.core.cards import Z_90, Card
from greenrisk.pollution.inventory import Floats

_NODES: Final = (201, 401)
_REACH: Final = 8.0
_DOUBT_NODES: Final = 161
_LARGE: Final = 1e200


@dataclass(frozen=True)
class Belief:
    """What a card believes of a number, lognormal on either side of its median.

    Parameters
    ----------
    median : float
        > 0.
    below, above : float
        Standard deviation of the logarithm below and above the median, >= 0 [unitless].
    """

    median: float
    below: float
    above: float

    def __post_init__(self) -> None:
        """Refuse a median that is not > 0 and a negative standard deviation."""
        keep(
            self,
            median=within(above=0.0),
            below=within(least=0.0, unit="unitless"),
            above=within(least=0.0, unit="unitless"),
        )

    @property
    def open(self) -> bool:
        """Whether both sides have a width: otherwise nothing can be learned."""
        return self.below > 0.0 and self.above > 0.0

    def value(self, score: Floats) -> Floats:
        """Return the number at standard normal scores, the same shape."""
        return np.asarray(self.median * np.exp(score * np.where(score < 0.0, self.below, self.above)))

    def score(self, value: float) -> float:
        """Return the standard normal score of a number > 0."""
        distance = math.log(value / self.median)
        return distance / (self.below if distance < 0.0 else self.above)


def belief_of(card: Card, name: str) -> Belief | None:
    """Return what a card believes of a parameter; None where its range is not lognormal.

    Parameters
    ----------
    card : Card
        Any.
    name : str
        One of its parameters.
    """
    given = card.parameters[name]
    if given.range.distribution != "lognormal":
        return None
    low, high = (float(end) for end in given.ends())
    middle = float(given.value)
    return Belief(middle, math.log(middle / low) / Z_90, math.log(high / middle) / Z_90)


@dataclass(frozen=True)
class Beliefs:
    """What the cards believe of the numbers that are common to all plants; None: not lognormal, so that it stays.

    Parameters
    ----------
    frequency_factor : Belief or None
        Accidents in China for one abroad [unitless].
    rate_per_vehicle_km : Belief or None
        Accidents of a loaded vehicle [1/km].
    """

    frequency_factor: Belief | None
    rate_per_vehicle_km: Belief | None

    @classmethod
    def of(cls, cards: Mapping[str, Card]) -> Beliefs:
        """Return those of the cards of the roles ``transfer`` and ``accidents``."""
        return cls(
            belief_of(cards["transfer"], "frequency_factor"),
            belief_of(cards["accidents"], "rate_per_vehicle_km"),
        )


@dataclass(frozen=True, eq=False)
class Seen:
    """Counts of plants, and what is expected of them where the common number is 1.

    Parameters
    ----------
    counts : array, shape (plants,)
        Accidents of each plant [1].
    expected : array, shape (plants,)
        Expected accidents in its observed years for each unit of the common number, >= 0; 0: not observed.
    shape : float
        Shape of the gamma law by which plants of one expectation differ, > 0 [unitless].
    """

    counts: Floats
    expected: Floats
    shape: float

    def __post_init__(self) -> None:
        """Refuse a shape that is not > 0."""
        number("shape", self.shape, above=0.0, unit="unitless")

    @property
    def any(self) -> bool:
        """Whether any plant was observed."""
        return bool((self.expected > 0.0).any())

    def log_likelihood(self, level: Floats) -> Floats:
        """Return the logarithm of the probability of all counts at levels of the common number, but for a constant.

        Parameters
        ----------
        level : array
            > 0.

        Notes
        -----
        The count of plant i is Poisson of mean t e_i g_i, its own g_i gamma of mean 1 and shape a: negative binomial,

            P(n_i | t) ~ (t e_i)^n_i / (a + t e_i)^(n_i + a),

        independent between plants given t.
        """
        on = self.expected > 0.0
        n, e = self.counts[on], self.expected[on]
        rest = np.log(self.shape + np.multiply.outer(level, e)) @ (n + self.shape)
        return np.asarray(n.sum() * np.log(level) - rest)


@dataclass(frozen=True, eq=False)
class Learned:
    """The law of a common number after the counts of all plants.

    Parameters
    ----------
    prior : Belief
        Before them.
    score : array, shape (nodes,)
        Standard normal scores of the prior, increasing.
    chance : array, shape (nodes,)
        Probability after the counts that the number lies below its value at each score.
    """

    prior: Belief
    score: Floats
    chance: Floats

    def quantile(self, level: float) -> float:
        """Return a quantile of the number after the counts.

        Parameters
        ----------
        level : float
            In (0, 1).
        """
        place = float(np.interp(number("level", level, least=0.0, most=1.0), self.chance, self.score))
        return float(self.prior.value(np.array([place]))[0])

    def moved(self, value: float) -> float:
        """Return the number after the counts that has the rank of a number before them.

        Parameters
        ----------
        value : float
            A draw of the prior, > 0.

        Notes
        -----
        Ranks are kept, so that draws of the prior become draws of the law after the counts on the same random numbers,
        its median becomes the new median, and the ends of its 90 % interval the new ends.
        """
        score = self.prior.score(number("value", value, above=0.0))
        return self.quantile(float(ndtr(score)))


def learn(prior: Belief | None, seen: Seen) -> Learned | None:
    """Return the law of a common number after the counts of all plants; None where they say nothing.

    Parameters
    ----------
    prior : Belief or None
        Of the card; None: not lognormal.
    seen : Seen
        Counts and expectations.

    Notes
    -----
    The posterior is the card's law times the mixed likelihood (:meth:`Seen.log_likelihood`), on 201 nodes over eight
    standard deviations of the prior on both sides and on 401 over those of what came out; Simpson's rule between the
    nodes.

    Given the common number t, the rate of a plant is afterwards gamma of shape a + n_i and rate a / (t m_i) + T_i: the
    plant's own years. Together both steps are the exact posterior of the hierarchy, in which each accident counts once.
    """
    if prior is None or not prior.open or not seen.any:
        return None
    low, high = -_REACH, _REACH
    for nodes in _NODES:
        score = np.linspace(low, high, nodes)
        fit = seen.log_likelihood(prior.value(score)) - score**2 / 2.0
        density = np.exp(fit - fit.max())
        mean = float(density @ score / density.sum())
        sd = math.sqrt(float(density @ (score - mean) ** 2 / density.sum()))
        # A law narrower than a few steps is first found by its step, then by its own width.
        width = _REACH * max(sd, (high - low) / (nodes - 1))
        low, high = max(-_REACH, mean - width), min(_REACH, mean + width)
    chance = cumulative_simpson(density, x=score, initial=0.0)
    return Learned(prior, score, np.maximum.accumulate(chance / chance[-1]))


def count_law(expected: Floats, shape: float, most: int) -> Floats:
    """Return the probabilities of 0 to ``most`` accidents of all plants together, shape (most + 1,).

    Parameters
    ----------
    expected : array, shape (plants,)
        Expected accidents of each plant in its observed years, >= 0 [1].
    shape : float
        Shape of the gamma law by which plants differ, > 0; inf: none differ, Poisson [unitless].
    most : int
        >= 0.

    Notes
    -----
    The counts of the plants are negative binomial, with q_i = e_i / (a + e_i); that of their sum follows from the
    derivative of the logarithm of its generating function,

        n P(n) = sum_{j = 1}^n c_j P(n - j),  c_j = sum_i a q_i^j,

    all terms positive. For plants that do not differ only c_1 = sum e_i is left: Poisson.

    References
    ----------
    Panjer, H. H. (1981), Recursive evaluation of a family of compound distributions, ASTIN Bulletin 12, 22-26.
    """
    number("most", most, least=0.0)
    mean = expected[expected > 0.0]
    j = np.arange(1, most + 1)
    if math.isfinite(shape):
        number("shape", shape, above=0.0, unit="unitless")
        share = mean / (shape + mean)
        step = shape * np.power.outer(share, j).sum(axis=0)
        log_scale = -shape * float(np.log1p(mean / shape).sum())
    else:
        step = np.where(j == 1, mean.sum(), 0.0)
        log_scale = -float(mean.sum())
    law = np.zeros(most + 1)
    law[0] = 1.0
    for n in range(1, most + 1):
        law[n] = float(step[:n] @ law[n - 1 :: -1]) / n
        if law[n] > _LARGE:
            law /= _LARGE
            log_scale += math.log(_LARGE)
    with np.errstate(divide="ignore"):
        return np.asarray(np.exp(np.log(law) + log_scale))


def as_far_out(expected: Floats, shape: float, observed: int, prior: Belief | None = None) -> float:
    """Return the probability of a count as far out as the observed one, on its own side of what is expected.

    Parameters
    ----------
    expected : array, shape (plants,)
        Expected accidents of each plant at the median of the common number [1].
    shape : float
        As for :func:`count_law`.
    observed : int
        Accidents seen, >= 0.
    prior : Belief, optional
        The common number in doubt; empty: it is at its median.

    Returns
    -------
    float
        Of at least as many where more were seen than expected, else of at most as many [unitless].
    """
    more = observed > float(expected.sum())

    def tail(times: float) -> float:
        law = count_law(expected * times, shape, observed)
        return max(1.0 - float(law[:-1].sum()), 0.0) if more else min(float(law.sum()), 1.0)

    if prior is None or not prior.open:
        return tail(1.0)
    score = np.linspace(-6.0, 6.0, _DOUBT_NODES)
    weight = np.exp(-(score**2) / 2.0)
    times = prior.value(score) / prior.median
    return float(weight @ np.array([tail(float(one)) for one in times]) / weight.sum())
