# SPDX-License-Identifier: Apache-2.0
"""Small covers by frequency and severity: their law, their expected cost in closed form, and simulated years.

What lives here: the claims of a preset. What does not: premium and group of results
(:mod:`greenrisk.resource.wetland.small_cover_results`), prevention
(:mod:`greenrisk.resource.wetland.small_prevention`).

The law goes through :mod:`greenrisk.actuarial` (frequency, severity, aggregate). The closed form and the simulation do
not: they are written out from the numbers of the card, so that each checks the others.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, ndtr

from greenrisk.actuarial.aggregate.compound import CompoundDistribution
from greenrisk.actuarial.frequency.counts import NegativeBinomial
from greenrisk.actuarial.severity.beta import Beta
from greenrisk.actuarial.severity.families import Lognormal
from greenrisk.actuarial.severity.layered import Layered
from greenrisk.actuarial.severity.modified import Scaled, Truncated
from greenrisk.core.card_roles import Role
from greenrisk.core.streams import stream
from greenrisk.core.variants import Values
from greenrisk.resource.indemnity import DeductibleRule, payment
from greenrisk.resource.perils.card_numbers import card_numbers
from greenrisk.resource.wetland.small_cover_spec import OldTreesCover, SmallCover

Floats = NDArray[np.float64]

_COUNTS: Final = {"rate": (1e-12, 1e6), "year_variation": (1e-3, 100.0)}
_TREES: Final = {
    **_COUNTS,
    "degree_mean": (1e-3, 1.0 - 1e-3),
    "degree_concentration": (1e-2, 1e4),
    "rescue_share": (0.0, 100.0),
}
_CLAIMS: Final = {**_COUNTS, "median": (1e-6, np.inf), "spread": (1e-3, 10.0)}
_DOMAINS: Final[Mapping[str, Mapping[str, tuple[float, float]]]] = {
    "old_trees": _TREES,
    "wildlife_damage": _CLAIMS,
    "managers_liability": _CLAIMS,
}

UNITS: Final[Mapping[str, str]] = {
    "old_trees": "tree",
    "wildlife_damage": "household",
    "managers_liability": "1000 visits",
}
"""What a preset counts its exposure in."""

SMALL_COVER_ROLES: Final[Mapping[str, Role]] = {
    "old_trees": Role("card", "wetland.old_trees", tuple(_TREES), units={"rate": "1/year/tree"}),
    "wildlife_damage": Role(
        "card",
        "wetland.wildlife_damage",
        tuple(_CLAIMS),
        units={"rate": "1/year/household", "median": "CNY"},
    ),
    "managers_liability": Role(
        "card",
        "wetland.managers_liability",
        tuple(_CLAIMS),
        units={"rate": "1/1000 visits", "median": "CNY"},
    ),
}
"""What the card of each preset must hold."""

_RULE: Final = DeductibleRule.model_validate({"preset": "old_trees"})


def cover_numbers(cover: SmallCover, values: Values) -> dict[str, float]:
    """Return the numbers of a cover's card, checked.

    Raises
    ------
    ArgumentError
        With every number outside its domain.
    """
    return card_numbers(SMALL_COVER_ROLES[cover.kind].use, values, _DOMAINS[cover.kind])


def small_cover_law(cover: SmallCover, values: Values, kept: float = 1.0) -> CompoundDistribution:
    """Return the law of a year's payments before the annual limit.

    Parameters
    ----------
    cover : SmallCover
        The cover.
    values : mapping
        Values of its card.
    kept : float
        Share of the damage that prevention leaves, in (0, 1] [unitless].

    Notes
    -----
    Numbers of claims are negative binomial: a Poisson law whose mean varies from year to year with the coefficient of
    variation ``year_variation``. Of old trees, only damage from the trigger on is a claim; the loss degree is a beta
    law cut there, and rescue costs a share of the sum insured in proportion to it. The others are lognormal, less
    deductible, up to the limit of a claim.

    Raises
    ------
    ArgumentError
        With every number outside its domain.
    """
    n = cover_numbers(cover, values)
    counts = NegativeBinomial.from_mean_dispersion(kept * cover.units * n["rate"], n["year_variation"] ** 2)
    if isinstance(cover, OldTreesCover):
        degree = Beta(*_beta(n))
        claimed = Truncated(degree, _RULE.trigger)
        paid = Scaled(claimed, cover.sum_insured_cny * (1.0 + n["rescue_share"]))
        return CompoundDistribution(counts.thin(float(degree.sf(_RULE.trigger))), paid)
    claim = Lognormal(math.log(n["median"]), n["spread"])
    return CompoundDistribution(counts, Layered(claim, cover.claim_limit_cny, cover.deductible_cny))


def expected_payment(cover: SmallCover, values: Values) -> float:
    """Return a year's expected payment before the annual limit in closed form [CNY/year].

    Notes
    -----
    Old trees: ``trees * rate * SI * (1 + rescue) * m * (1 - I_t(a + 1, b))`` with m the mean degree, t the trigger and
    I the regularised incomplete beta function. The others: ``units * rate * (L(d + l) - L(d))`` with the limited
    expected value ``L(x) = e^(mu + s^2 / 2) Phi((ln x - mu) / s - s) + x (1 - Phi((ln x - mu) / s))``.

    Raises
    ------
    ArgumentError
        With every number outside its domain.
    """
    n = cover_numbers(cover, values)
    claims = cover.units * n["rate"]
    if isinstance(cover, OldTreesCover):
        a, b = _beta(n)
        above = n["degree_mean"] * (1.0 - float(betainc(a + 1.0, b, _RULE.trigger)))
        return claims * cover.sum_insured_cny * (1.0 + n["rescue_share"]) * above

    def limited(x: float) -> float:
        if x <= 0.0:
            return 0.0
        z = (math.log(x) - math.log(n["median"])) / n["spread"]
        mean = n["median"] * math.exp(n["spread"] ** 2 / 2.0)
        return float(mean * ndtr(z - n["spread"]) + x * ndtr(-z))

    return claims * (limited(cover.deductible_cny + cover.claim_limit_cny) - limited(cover.deductible_cny))


def simulate_small_cover(cover: SmallCover, values: Values, years: int, seed: int) -> Floats:
    """Return simulated yearly payments after the annual limit, shape (years,) [CNY].

    Parameters
    ----------
    cover : SmallCover
        The cover.
    values : mapping
        Values of its card.
    years : int
        How many years [year].
    seed : int
        Seed of the stream, which bears the name of the cover.

    Notes
    -----
    Trees are paid by :func:`greenrisk.resource.indemnity.payment` under the rule ``old_trees``, one tree a claim.

    Raises
    ------
    ArgumentError
        With every number outside its domain.
    """
    n = cover_numbers(cover, values)
    rng = stream(seed, "small_cover", cover.name)
    shape = 1.0 / n["year_variation"] ** 2
    counts = rng.poisson(cover.units * n["rate"] * rng.gamma(shape, 1.0 / shape, years))
    total = int(counts.sum())
    if isinstance(cover, OldTreesCover):
        degree = rng.beta(*_beta(n), total)
        rescue = n["rescue_share"] * cover.sum_insured_cny * degree
        paid = payment(_RULE, cover.sum_insured_cny, degree, 1.0, rescue)
    else:
        loss = n["median"] * np.exp(n["spread"] * rng.standard_normal(total))
        paid = np.clip(loss - cover.deductible_cny, 0.0, cover.claim_limit_cny)
    yearly = np.bincount(np.repeat(np.arange(years), counts), weights=paid, minlength=years)
    return np.minimum(yearly, annual_limit(cover))


def annual_limit(cover: SmallCover) -> float:
    """Return the most that a cover pays in a year; inf: no limit [CNY]."""
    return math.inf if cover.annual_limit_cny is None else cover.annual_limit_cny


def _beta(n: Mapping[str, float]) -> tuple[float, float]:
    """Return the parameters of the beta law of the loss degree."""
    return (
        n["degree_mean"] * n["degree_concentration"],
        (1.0 - n["degree_mean"]) * n["degree_concentration"],
    )
