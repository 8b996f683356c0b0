# SPDX-License-Identifier: Apache-2.0
"""The forest-fire model of ``kind: forest`` in plain numpy: what a good engineer would write first.

It is here to be compared with greenrisk, for speed and for results. It shares the landscape and the numbers of the
cards with greenrisk, and no line of its simulation: numpy's own samplers, one fire after the other with
``heapq``, scipy's beta quantiles, the deductible rule written out. Fires of a year that meet each other, terms
and limits are those of the model, not a simplification.
"""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from scipy.integrate import quad
from scipy.optimize import brentq

MU_PER_HA = 15.0
FIRST_AGES = {"conifer": (11, 26), "broadleaf": (21, 51), "mixed": (16, 36), "bamboo": (3, 7)}


@dataclass
class PlainModel:
    """Arrays of the landscape and the book, numbers of the laws, terms of the policy."""

    # landscape, by node
    x_km: NDArray[np.float64]
    y_km: NDArray[np.float64]
    area_ha: NDArray[np.float64]
    stand: NDArray[np.int64]
    neighbours: list[list[int]]
    ignition: NDArray[np.float64]
    # book, by stand
    insured_share: NDArray[np.float64]
    sum_insured_per_mu: NDArray[np.float64]
    beta: NDArray[np.float64]
    # laws
    mean_fires: float
    year_effect_sd: float
    dispersion: float
    body: stats.rv_continuous
    share_of_tail: float
    tail_shape: float
    tail_scale: float
    cap_ha: float
    # policy: an area deductible with the smaller (or larger) of a share and an absolute area
    trigger: float
    full_loss: float
    area_share: float
    absolute_mu: float
    larger: bool
    branch_share: float
    claimed_share: float
    event_limit: float
    annual_limit: float


@dataclass
class Draws:
    """Fires: the year, the node of the start, the size [ha] and the intensity of each."""

    year: NDArray[np.int64]
    start: NDArray[np.int64]
    size_ha: NDArray[np.float64]
    intensity: NDArray[np.float64]


def beta_parameters(
    medians: dict[str, float], odds: tuple[float, float, float], k: float
) -> NDArray[np.float64]:
    """Return (a, b) of the damage degree, shape (species, age class, 2), from medians at middle age."""
    table = np.empty((len(medians), 3, 2))
    for i, median in enumerate(medians.values()):
        for j, factor in enumerate(odds):
            wanted = factor * median / (1 - median)
            wanted = wanted / (1 + wanted)
            mean = brentq(lambda m, w=wanted: stats.beta.median(k * m, k * (1 - m)) - w, 1e-6, 1 - 1e-6)
            table[i, j] = k * mean, k * (1 - mean)
    return table


def body_law(family: str, share_under_1ha: float, mean: float) -> stats.rv_continuous:
    """Return the law of sizes below 100 ha that, truncated there, has this share under 1 ha and this mean."""

    def member(spread: float, log_scale: float) -> stats.rv_continuous:
        return {
            "gamma": lambda: stats.gamma(spread, scale=math.exp(log_scale)),
            "weibull": lambda: stats.weibull_min(spread, scale=math.exp(log_scale)),
            "lognormal": lambda: stats.lognorm(1 / spread, scale=math.exp(log_scale)),
        }[family]()

    def with_share(spread: float) -> stats.rv_continuous | None:
        def excess(log_scale: float) -> float:
            law = member(spread, log_scale)
            return law.cdf(1.0) / law.cdf(100.0) - share_under_1ha

        # As the scale grows, the share under 1 ha falls to its limit, 100 ** -spread for two of the families.
        if excess(14.0) >= 0:
            return None
        return member(spread, brentq(excess, -8.0, 14.0))

    def excess(spread: float) -> float:
        law = with_share(spread)
        above = quad(lambda x: 1 - law.cdf(x) / law.cdf(100.0), 0.0, 100.0, limit=200)[0]
        return above - mean

    spreads = [spread for spread in np.linspace(0.1, 2.0, 77) if with_share(spread) is not None]
    high = next(spread for spread in spreads if excess(spread) < 0)
    return with_share(brentq(excess, max(s for s in spreads if s < high), high))


def draw(model: PlainModel, rng: np.random.Generator, years: int) -> Draws:
    """Draw the fires of some years."""
    s, a = model.year_effect_sd, model.dispersion
    effect = rng.lognormal(-(s**2) / 2, s, years) * rng.gamma(1 / a, a, years)
    fires = rng.poisson(model.mean_fires * effect)
    n = int(fires.sum())
    size = model.body.ppf(rng.random(n) * model.body.cdf(100.0))
    tail = rng.random(n) < model.share_of_tail
    end = stats.genpareto.cdf(model.cap_ha - 100.0, model.tail_shape, scale=model.tail_scale)
    size[tail] = 100.0 + stats.genpareto.ppf(
        rng.random(int(tail.sum())) * end, model.tail_shape, scale=model.tail_scale
    )
    return Draws(
        year=np.repeat(np.arange(years), fires),
        start=rng.choice(model.area_ha.size, n, p=model.ignition),
        size_ha=size,
        intensity=rng.random(n),
    )


def burn(model: PlainModel, draws: Draws) -> list[tuple[int, int, float]]:
    """Lay the fires out: (fire, node, burnt ha)."""
    hits = []
    radius = np.sqrt(model.area_ha / (100.0 * math.pi))
    left: dict[int, float] = {}
    current = -1
    for fire, start in enumerate(draws.start.tolist()):
        if draws.year[fire] != current:
            current, left = draws.year[fire], {}
        want = float(draws.size_ha[fire])
        x, y = model.x_km[start], model.y_km[start]
        frontier, seen = [(0.0, start)], {start}
        while want > 0 and frontier:
            _, node = heapq.heappop(frontier)
            available = left.get(node, model.area_ha[node])
            burnt = min(want, available)
            if burnt > 0:
                hits.append((fire, node, burnt))
                left[node] = available - burnt
                want -= burnt
            for other in model.neighbours[node]:
                if other not in seen:
                    seen.add(other)
                    reach = (
                        math.sqrt((model.x_km[other] - x) ** 2 + (model.y_km[other] - y) ** 2) + radius[other]
                    )
                    heapq.heappush(frontier, (reach, other))
    return hits


def paid_share(
    model: PlainModel, degree: NDArray[np.float64], area_mu: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the share of the sum insured of each damaged area that the deductible rule pays."""
    by_share = 1 - model.area_share
    absolute = np.maximum(1 - model.absolute_mu / area_mu, 0.0)
    if model.larger:
        kept = np.minimum(absolute, by_share)
    else:
        kept = np.where(model.branch_share * area_mu < model.absolute_mu, by_share, absolute)
    return np.where(degree < model.trigger, 0.0, np.where(degree >= model.full_loss, 1.0, degree * kept))


def damaged(model: PlainModel, draws: Draws) -> tuple[NDArray, NDArray, NDArray, NDArray]:
    """Burn and damage the stands of the book: fire, stand, burnt ha and degree of each hit."""
    return _in_the_book(model, draws, *_hits(model, draws))


def _in_the_book(
    model: PlainModel, draws: Draws, fire: NDArray, node: NDArray, burnt: NDArray
) -> tuple[NDArray, NDArray, NDArray, NDArray]:
    inside = model.stand[node] >= 0
    fire, stand, burnt = fire[inside], model.stand[node[inside]], burnt[inside]
    a, b = model.beta[stand].T
    return fire, stand, burnt, stats.beta.ppf(draws.intensity[fire], a, b)


def _hits(model: PlainModel, draws: Draws) -> tuple[NDArray, NDArray, NDArray]:
    hits = burn(model, draws)
    return (
        np.array([h[0] for h in hits], dtype=np.int64),
        np.array([h[1] for h in hits], dtype=np.int64),
        np.array([h[2] for h in hits], dtype=float),
    )


def settle(model: PlainModel, draws: Draws, years: int) -> dict[str, NDArray[np.float64]]:
    """Burn, damage, pay: annual tables and sums by stand."""
    fire, node, burnt = _hits(model, draws)
    burnt_area = np.zeros(years)
    np.add.at(burnt_area, draws.year[fire], burnt)
    fire, stand, burnt, degree = _in_the_book(model, draws, fire, node, burnt)

    area_mu = burnt * MU_PER_HA * model.insured_share[stand]
    value = area_mu * model.sum_insured_per_mu[stand]
    paid = value * paid_share(model, degree, area_mu) * model.claimed_share

    per_fire = np.zeros(draws.year.size)
    np.add.at(per_fire, fire, paid)
    limited = np.minimum(per_fire, model.event_limit)
    per_year = np.zeros(years)
    np.add.at(per_year, draws.year, limited)
    factor = np.minimum(per_year, model.annual_limit) / np.where(per_year > 0, per_year, 1.0)
    final = limited * factor[draws.year]
    paid = paid * (final / np.where(per_fire > 0, per_fire, 1.0))[fire]

    ground_up, gross, largest = np.zeros(years), np.zeros(years), np.zeros(years)
    by_stand = np.zeros(model.insured_share.size)
    np.add.at(ground_up, draws.year[fire], value * degree)
    np.add.at(gross, draws.year[fire], paid)
    np.maximum.at(largest, draws.year, final)
    np.add.at(by_stand, stand, paid)
    return {
        "fires": np.bincount(draws.year, minlength=years).astype(float),
        "burnt_area": burnt_area,
        "ground_up": ground_up,
        "gross": gross,
        "largest_gross": largest,
        "by_stand": by_stand,
    }
