# SPDX-License-Identifier: Apache-2.0
"""Everything that a simulated zone year needs, as plain arrays: rates of accidents, laws of losses, how claims run.

What lives here: the numbers and their checks. What does not: where they come from
(:mod:`greenrisk.pollution.accidents`, :mod:`greenrisk.pollution.severity`), what is drawn from them
(:mod:`greenrisk.pollution.liability.events`) and what they mean on average
(:mod:`greenrisk.pollution.liability.expected`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from greenrisk.actuarial.arguments import keep, number, numbers, within
from greenrisk.actuarial.severity.families import Lognormal
from greenrisk.core.errors import ArgumentError, Fault
from greenrisk.pollution.severity.heads import HEADS

Floats = NDArray[np.float64]


def _share(name: str, given: float) -> float:
    return number(name, given, least=0.0, most=1.0, unit="unitless")


@dataclass(frozen=True, eq=False)
class HeadLaws:
    """What an accident costs under each head: how often anything, and how much then.

    Parameters
    ----------
    share_positive : array, shape (plants, heads)
        Probability that an accident of the plant costs anything under the head [unitless], in [0, 1].
    scale : array, shape (plants, heads)
        Factor on the law of the head, e.g. from 2022 USD to CNY of the price year in China, > 0 [CNY per unit].
    cap : array, shape (plants, heads)
        Most that one accident can cost under the head, > 0, finite [CNY]: physical, of assets or of the policy.
    mu, sigma : array, shape (heads,)
        Of the logarithm of a positive loss up to the threshold, before the scale; sigma > 0.
    threshold : array, shape (heads,)
        Where the tail begins, > 0 [unit of the law]; inf: there is none.
    tail_weight : array, shape (heads,)
        Probability that a positive loss exceeds the threshold [unitless], in [0, 1); 0 where there is no tail.
    tail_shape, tail_scale : array, shape (heads,)
        Generalised Pareto law of the excess over the threshold: shape [unitless], scale > 0 [unit of the law].
    dependence : float
        Correlation between the normal scores of two heads of one accident [unitless], in [0, 1).

    Notes
    -----
    Z_h = sqrt(r) F + sqrt(1 - r) E_h with standard normal F and E_h. With s = P(Z > Z_h), the accident costs nothing
    under head h where s >= share_positive; else min(scale * Q(s / share_positive), cap), where Q(s) is the loss that
    is exceeded with probability s. One factor thus makes heads positive together and large together.

    The law is the library's ``Spliced(Lognormal(mu, sigma), GeneralisedPareto(shape, scale, threshold), threshold,
    tail_weight)`` (:func:`greenrisk.pollution.liability.expected.head_law`).
    """

    share_positive: Floats
    scale: Floats
    cap: Floats
    mu: Floats
    sigma: Floats
    threshold: Floats
    tail_weight: Floats
    tail_shape: Floats
    tail_scale: Floats
    dependence: float

    def __post_init__(self) -> None:
        """Check the arguments, all at once; a table without rows for plants holds for every plant."""
        money = "CNY"
        keep(
            self,
            share_positive=lambda name, given: numbers(name, given, least=0.0, most=1.0, unit="unitless"),
            scale=lambda name, given: numbers(name, given, above=0.0, unit="CNY per unit"),
            cap=lambda name, given: numbers(name, given, above=0.0, unit=money),
            mu=lambda name, given: numbers(name, given, dimensions=1),
            sigma=lambda name, given: numbers(name, given, above=0.0, dimensions=1, unit="unitless"),
            threshold=lambda name, given: numbers(name, given, above=0.0, infinite=True, dimensions=1),
            tail_weight=lambda name, given: numbers(
                name, given, least=0.0, below=1.0, dimensions=1, unit="unitless"
            ),
            tail_shape=lambda name, given: numbers(name, given, dimensions=1, unit="unitless"),
            tail_scale=lambda name, given: numbers(name, given, above=0.0, dimensions=1),
            dependence=within(least=0.0, below=1.0, unit="unitless"),
        )
        for name in ("mu", "sigma", "threshold", "tail_weight", "tail_shape", "tail_scale"):
            given = getattr(self, name)
            if given.shape != (len(HEADS),):
                mend = f"One number for each of the {len(HEADS)} heads was expected."
                raise ArgumentError(Fault(name, f"{name} of shape {given.shape}", mend))
        for h in np.flatnonzero(np.isinf(self.threshold) != (self.tail_weight == 0.0)).tolist():
            what = f"threshold[{h}] = {self.threshold[h]:g}, tail_weight[{h}] = {self.tail_weight[h]:g}"
            mend = "A tail has a threshold and a weight > 0; without a tail the threshold is inf and the weight 0."
            raise ArgumentError(Fault("tail_weight", what, mend, "unitless"))

    def for_plants(self, plants: int) -> Self:
        """Return the same laws with one row for each plant.

        Parameters
        ----------
        plants : int
            How many.

        Raises
        ------
        ArgumentError
            If a table has another number of rows.
        """
        rows = {}
        for name in ("share_positive", "scale", "cap"):
            given = getattr(self, name)
            try:
                rows[name] = np.ascontiguousarray(np.broadcast_to(given, (plants, len(HEADS))))
            except ValueError:
                mend = f"One row for each of the {plants} plants and one column for each head was expected."
                raise ArgumentError(Fault(name, f"{name} of shape {given.shape}", mend)) from None
        return replace(self, share_positive=rows["share_positive"], scale=rows["scale"], cap=rows["cap"])

    @cached_property
    def least_score(self) -> Floats:
        """Normal score above which an accident costs anything under a head, shape (plants, heads) [unitless]."""
        return np.asarray(-ndtri(self.share_positive))

    @cached_property
    def table(self) -> Floats:
        """The laws as a compiled loop reads them, shape (heads, 7): the six numbers, and P(lognormal > threshold)."""
        beyond = [
            float(Lognormal(float(mu), float(sigma)).sf(u)) if np.isfinite(u) else 0.0
            for mu, sigma, u in zip(self.mu, self.sigma, self.threshold, strict=True)
        ]
        tail = (self.threshold, self.tail_weight, self.tail_shape, self.tail_scale)
        return np.column_stack([self.mu, self.sigma, *tail, np.array(beyond)])


@dataclass(frozen=True)
class ClaimLaws:
    """How an accident becomes a claim.

    Parameters
    ----------
    share_gradual, share_deliberate : float
        Shares of a plant's own accidents that are gradual pollution and that are deliberate discharge [unitless];
        together <= 1. Accidents of a shock or on the road are sudden.
    lag_sudden, lag_gradual : float
        Mean time from the accident to the claim, exponential, >= 0 [year].
    person_cost : float
        Median over accidents of what bodily injury costs for each person, > 0 [CNY].
    person_spread : float
        Standard deviation of its logarithm, >= 0 [unitless].
    """

    share_gradual: float
    share_deliberate: float
    lag_sudden: float
    lag_gradual: float
    person_cost: float
    person_spread: float

    def __post_init__(self) -> None:
        """Check the arguments, all at once."""
        keep(
            self,
            share_gradual=_share,
            share_deliberate=_share,
            lag_sudden=within(least=0.0, unit="year"),
            lag_gradual=within(least=0.0, unit="year"),
            person_cost=within(above=0.0, unit="CNY"),
            person_spread=within(least=0.0, unit="unitless"),
        )
        if self.share_gradual + self.share_deliberate > 1.0:
            what = f"share_gradual + share_deliberate = {self.share_gradual + self.share_deliberate:g}"
            raise ArgumentError(Fault("share_gradual", what, "Together they must be <= 1.", "unitless"))

    @classmethod
    def from_values(cls, values: Mapping[str, float | str]) -> Self:
        """Return the laws of a card of use ``zone.claims``.

        Parameters
        ----------
        values : mapping of str to float
            By the names of the fields.
        """
        return cls(**{name: float(values[name]) for name in cls.__dataclass_fields__})


@dataclass(frozen=True, eq=False)
class ZoneLaws:
    """Rates and laws of a zone under one variant of the model.

    Parameters
    ----------
    own : array, shape (plants,)
        Accidents of the plant on site, those of shocks included, >= 0 [1/year].
    transport : array, shape (plants,)
        Accidents of the plant's vehicles, >= 0 [1/year].
    shock_rate : float
        Shocks that can hit several plants at once, >= 0 [1/year].
    shock_share : float
        Share of the accidents on site that such shocks cause [unitless], in [0, 1].
    heads : HeadLaws
        What an accident costs.
    claims : ClaimLaws
        How it becomes a claim.
    most_hit : float
        Largest probability that a shock hits a plant, in (0, 1) [unitless].

    Notes
    -----
    A shock hits plant p with probability q_p = shock_share * own_p / shock_rate, independently of other plants. The
    plant's own accidents are Poisson with rate own_p - shock_rate * q_p, so that its number of accidents is Poisson
    with mean own_p whatever the shocks: they move the zone's worst years, no plant's expectation. Where q_p would
    exceed ``most_hit``, it is held there and the rest stays with the plant's own accidents.

    References
    ----------
    Lindskog, F. and McNeil, A. J. (2003), Common Poisson shock models: applications to insurance and credit risk
    modelling, ASTIN Bulletin 33, 209-238.
    """

    own: Floats
    transport: Floats
    shock_rate: float
    shock_share: float
    heads: HeadLaws
    claims: ClaimLaws
    most_hit: float

    def __post_init__(self) -> None:
        """Check the arguments, all at once, and give the laws of heads a row for each plant."""
        keep(
            self,
            own=lambda name, given: numbers(name, given, least=0.0, dimensions=1, fewest=1, unit="1/year"),
            transport=lambda name, given: numbers(
                name, given, least=0.0, dimensions=1, fewest=1, unit="1/year"
            ),
            shock_rate=within(least=0.0, unit="1/year"),
            shock_share=_share,
            most_hit=within(above=0.0, below=1.0, unit="unitless"),
        )
        if self.transport.shape != self.own.shape:
            mend = f"One rate for each of the {self.own.size} plants was expected."
            raise ArgumentError(Fault("transport", f"transport of shape {self.transport.shape}", mend))
        if self.shock_share > 0.0 and self.shock_rate == 0.0:
            mend = "A share of the accidents comes from shocks only if there are shocks: set their rate > 0."
            raise ArgumentError(Fault("shock_rate", "shock_rate = 0", mend, "1/year"))
        object.__setattr__(self, "heads", self.heads.for_plants(self.own.size))

    @property
    def plants(self) -> int:
        """How many plants."""
        return int(self.own.size)

    @cached_property
    def hit(self) -> Floats:
        """Probability that a shock hits each plant, shape (plants,) [unitless]."""
        if self.shock_rate == 0.0:
            return np.zeros(self.plants)
        return np.minimum(self.shock_share * self.own / self.shock_rate, self.most_hit)

    @cached_property
    def alone(self) -> Floats:
        """Accidents on site that no shock causes, shape (plants,) [1/year]."""
        return np.maximum(self.own - self.shock_rate * self.hit, 0.0)

    @property
    def share_achieved(self) -> float:
        """Share of the zone's accidents on site that shocks cause [unitless]; less than asked where hits are held."""
        total = float(self.own.sum())
        return float(self.shock_rate * self.hit.sum() / total) if total > 0.0 else 0.0
