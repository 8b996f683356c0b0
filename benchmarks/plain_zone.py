# SPDX-License-Identifier: Apache-2.0
"""Zone years of accidents under a pollution liability policy in plain numpy: what a good engineer would write first.

It is here to be compared with greenrisk, for speed and for results; it shares no line with it. Two ways to find the
accidents: a Poisson number for every plant and year (:func:`per_plant_and_year`), and one Poisson number for the zone
that is then scattered over plants and years (:func:`count_then_scatter`). Everything after is the same for both, arrays
over accidents: heads of loss with a common factor, common shocks, flags and lags of claims, all terms of the policy,
yearly sums and worst events, sums by plant and head.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
BODILY, LEGAL = 1, 4
REASONS = 9


@dataclass
class PlainZone:
    """Numbers of the zone; arrays over plants, or over heads where the comment says so."""

    own: Floats
    transport: Floats
    shock_rate: float
    shock_share: float
    # (plants, heads)
    share_positive: Floats
    scale: Floats
    cap: Floats
    # (heads,)
    mu: Floats
    sigma: Floats
    threshold: Floats
    tail_weight: Floats
    tail_shape: Floats
    tail_scale: Floats
    dependence: float
    # claims
    share_gradual: float
    share_deliberate: float
    lag_sudden: float
    lag_gradual: float
    person_cost: float
    person_spread: float
    # policy, arrays over plants
    insured: NDArray[np.bool_]
    accident_limit: Floats
    annual_limit: Floats
    person_limit: Floats
    groups: tuple[tuple[tuple[int, ...], Floats], ...]
    deductible_amount: float
    deductible_share: float
    retroactive_years: float
    reporting_years: float


class Found(NamedTuple):
    """Where the accidents are: year, plant, cause (0 own, 1 shock, 2 road), shock or -1."""

    year: Integers
    plant: Integers
    cause: Integers
    shock: Integers


def shocks(zone: PlainZone, rng: np.random.Generator, years: int) -> Found:
    """Hit plants by shocks."""
    year = np.repeat(np.arange(years), rng.poisson(zone.shock_rate, years))
    hit = zone.shock_share * zone.own / zone.shock_rate if zone.shock_rate else np.zeros_like(zone.own)
    shock, plant = np.nonzero(rng.random((year.size, zone.own.size)) < hit)
    return Found(year[shock], plant, np.ones_like(plant), shock)


def per_plant_and_year(zone: PlainZone, rng: np.random.Generator, years: int) -> Found:
    """Draw a number of accidents for each plant and year."""
    rate = zone.own * (1 - zone.shock_share) + zone.transport
    counts = rng.poisson(rate, (years, rate.size))
    year, plant = np.nonzero(counts)
    times = counts[year, plant]
    return sorted_out(zone, rng, np.repeat(year, times), np.repeat(plant, times), years)


def count_then_scatter(zone: PlainZone, rng: np.random.Generator, years: int) -> Found:
    """Draw the number of accidents of the zone, then a plant and a year for each."""
    rate = zone.own * (1 - zone.shock_share) + zone.transport
    number = rng.poisson(rate.sum() * years)
    plant = np.searchsorted(np.cumsum(rate) / rate.sum(), rng.random(number), side="right")
    return sorted_out(zone, rng, rng.integers(0, years, number), np.minimum(plant, rate.size - 1), years)


def sorted_out(
    zone: PlainZone, rng: np.random.Generator, year: Integers, plant: Integers, years: int
) -> Found:
    """Tell accidents on the road from those on site, and add those of shocks."""
    rate = zone.own * (1 - zone.shock_share) + zone.transport
    on_road = rng.random(plant.size) * rate[plant] < zone.transport[plant]
    common = shocks(zone, rng, years)
    return Found(
        np.concatenate([year, common.year]),
        np.concatenate([plant, common.plant]),
        np.concatenate([np.where(on_road, 2, 0), common.cause]),
        np.concatenate([np.full(year.size, -1), common.shock]),
    )


def losses(zone: PlainZone, rng: np.random.Generator, plant: Integers) -> Floats:
    """Cost of each accident by head."""
    heads = zone.mu.size
    common = rng.standard_normal(plant.size)
    loss = np.zeros((plant.size, heads))
    for h in range(heads):
        score = np.sqrt(zone.dependence) * common + np.sqrt(1 - zone.dependence) * rng.standard_normal(
            plant.size
        )
        beyond = ndtr(-score)
        share = zone.share_positive[plant, h]
        hit = np.flatnonzero(beyond < share)
        s, w, p = beyond[hit] / share[hit], zone.tail_weight[h], plant[hit]
        below = ndtr((np.log(zone.threshold[h]) - zone.mu[h]) / zone.sigma[h])
        body = np.exp(zone.mu[h] + zone.sigma[h] * ndtri(np.minimum((1 - s) / (1 - w), 1.0) * below))
        if w > 0:
            far = s < w
            tail = zone.tail_scale[h] * ((s[far] / w) ** -zone.tail_shape[h] - 1) / zone.tail_shape[h]
            body[far] = zone.threshold[h] + tail
        loss[hit, h] = np.minimum(zone.scale[p, h] * body, zone.cap[p, h])
    return loss


class Settled(NamedTuple):
    """Payments by head, and what is not paid by head and reason."""

    paid: Floats
    head_reason: Floats


def settle(
    zone: PlainZone,
    rng: np.random.Generator,
    found: Found,
    time: Floats,
    loss: Floats,
) -> Settled:
    """Apply all terms; accidents are sorted by plant, year and time."""
    number, heads = loss.shape
    plant, own = found.plant, found.cause == 0
    sort = rng.random(number)
    deliberate = own & (sort < zone.share_deliberate)
    gradual = own & ~deliberate & (sort < zone.share_deliberate + zone.share_gradual)
    lag = rng.exponential(np.where(gradual, zone.lag_gradual, zone.lag_sudden))
    late = (time + lag > 1 + zone.reporting_years) & (np.floor(time + lag) > zone.retroactive_years)
    head_reason = np.zeros((heads, REASONS))
    amount = loss.copy()

    def cut(to: Floats, reason: int) -> Floats:
        head_reason[:, reason] += (amount - to).sum(axis=0)
        return to

    uninsured = ~zone.insured[plant]
    for reason, out in enumerate((uninsured, deliberate, gradual, late)):
        amount = cut(np.where(out[:, None], 0.0, amount), reason)
    total = amount.sum(axis=1)
    borne = np.maximum(zone.deductible_amount, zone.deductible_share * total)
    left = np.divide(np.maximum(total - borne, 0.0), total, out=np.zeros_like(total), where=total > 0)
    amount = cut(amount * left[:, None], 4)
    cost = zone.person_cost * np.exp(zone.person_spread * rng.standard_normal(number))
    persons = np.ceil(loss[:, BODILY] / cost)
    limited = amount.copy()
    limited[:, BODILY] = np.minimum(amount[:, BODILY], persons * zone.person_limit[plant])
    amount = cut(limited, 5)
    limited = amount.copy()
    for group, limit in zone.groups:
        columns = list(group)
        together = amount[:, columns].sum(axis=1)
        limited[:, columns] *= np.minimum(limit[plant] / np.maximum(together, 1e-9), 1.0)[:, None]
    amount = cut(limited, 6)
    total = amount.sum(axis=1)
    limit = zone.accident_limit[plant]
    amount = cut(amount * np.minimum(limit / np.maximum(total, 1e-9), 1.0)[:, None], 7)
    total = amount.sum(axis=1)
    running = np.cumsum(total)
    first = np.ones(number, dtype=bool)
    first[1:] = (plant[1:] != plant[:-1]) | (found.year[1:] != found.year[:-1])
    group = np.cumsum(first) - 1
    before = running - total - (running - total)[first][group]  # rounding: far below a cent
    room = np.maximum(zone.annual_limit[plant] - before, 0.0)
    factor = np.divide(np.minimum(total, room), total, out=np.zeros(number), where=total > 0)
    amount = cut(amount * factor[:, None], 8)
    return Settled(amount, head_reason)


def simulate(
    zone: PlainZone,
    rng: np.random.Generator,
    years: int,
    find: Callable[[PlainZone, np.random.Generator, int], Found] = per_plant_and_year,
) -> dict[str, Floats]:
    """Simulate a block of years and reduce it to yearly sums, worst events, and sums by plant, head and reason."""
    found = find(zone, rng, years)
    time = rng.random(found.year.size)
    if found.shock.size:  # a shock is one moment
        moment = rng.random(max(int(found.shock.max()) + 1, 1))
        time = np.where(found.shock >= 0, moment[found.shock], time)
    order = np.lexsort((time, found.year, found.plant))
    found = Found(*(column[order] for column in found))
    time = time[order]
    loss = losses(zone, rng, found.plant)
    settled = settle(zone, rng, found, time, loss)

    plants = zone.own.size
    ground_up, insured = loss.sum(axis=1), settled.paid.sum(axis=1)
    by_layer = np.stack([ground_up, insured, ground_up - insured], axis=1)
    single = found.shock < 0
    event = np.where(single, 0, found.shock)
    event[single] = np.arange(int(single.sum())) + int(found.shock.max(initial=-1)) + 1
    year_of_event = np.zeros(int(event.max(initial=-1)) + 1, dtype=np.int64)
    year_of_event[event] = found.year
    yearly, worst = np.zeros((years, 3)), np.zeros((years, 3))
    for layer in range(3):
        amount = by_layer[:, layer]
        yearly[:, layer] = np.bincount(found.year, weights=amount, minlength=years)
        of_event = np.bincount(event, weights=amount, minlength=year_of_event.size)
        np.maximum.at(worst[:, layer], year_of_event, of_event)
    starts = np.flatnonzero(
        np.append(True, (found.plant[1:] != found.plant[:-1]) | (found.year[1:] != found.year[:-1]))
    )[: found.year.size]
    plant_year, columns = found.plant[starts], []
    annual = [
        np.add.reduceat(amount, starts) if starts.size else np.zeros(0) for amount in (ground_up, insured)
    ]
    zone_insured = yearly[found.year[starts], 1]
    for weights in (
        *annual,
        annual[0] ** 2,
        annual[1] ** 2,
        annual[1] * zone_insured,
    ):
        columns.append(np.bincount(plant_year, weights=weights, minlength=plants))
    counted = [
        np.bincount(found.plant, weights=which.astype(float), minlength=plants)
        for which in (np.ones(found.plant.size), ground_up > 0, insured > 0)
    ]
    return {
        "loss": yearly,
        "worst_event": worst,
        "accident_count": np.bincount(found.year * 3 + found.cause, minlength=3 * years).reshape(years, 3),
        "plant_sum": np.stack([*counted, *columns], axis=1),
        "head_sum": np.stack([(loss > 0).sum(axis=0), loss.sum(axis=0), settled.paid.sum(axis=0)], axis=1),
        "head_reason": settled.head_reason,
    }
