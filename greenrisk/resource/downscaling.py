# SPDX-License-Identifier: Apache-2.0
"""From province to county: how far a county's rate may lie from the mean it is taken from, and what that does.

Statistics stop at the province, so that every county of a study starts with one rate, told apart by its stands alone.
What that hides is carried as a random effect of each county: part of what is not known, never of the luck of a year.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq
from scipy.special import ndtri
from scipy.stats import chi2

from greenrisk.actuarial.arguments import number, numbers
from greenrisk.core.errors import ArgumentError, Fault, FitError
from greenrisk.core.ledger import Ledger
from greenrisk.core.streams import stream
from greenrisk.resource.fire_tables import FirePanel
from greenrisk.resource.quantities import peril_premium
from greenrisk.resource.sensitivity import Knowledge

Floats = NDArray[np.float64]

ROLE: Final = "county"
"""Role of the card."""

USE: Final = "forest.county_spread"
"""Use of the card."""

PARAMETERS: Final = ("county_spread", "county_spread_nonfire")
"""What the card holds: of wildfire, and of all other perils."""

FOREST_AREA_HA: Final[Mapping[str, float]] = {
    "Anhui": 3.9585e6,
    "Fujian": 8.1158e6,
    "Guangdong": 9.4598e6,
    "Hubei": 7.3627e6,
    "Hunan": 10.5258e6,
    "Jiangxi": 10.2102e6,
    "Zhejiang": 6.0499e6,
}
"""Forest by province, ninth national inventory (2014-2018), from memory: unconfirmed [ha]."""


@dataclass(frozen=True)
class Spread:
    """Standard deviation of the logarithm of a region's rate around that of all regions.

    Parameters
    ----------
    value : float
        Median-unbiased [unitless].
    low, high : float
        90 % interval; a low end of 0 says that chance alone may explain all differences [unitless].
    log_rate : array, shape (regions,)
        Logarithm of the fires of a hectare and year.
    chance : array, shape (regions,)
        Variance of it that chance alone gives [unitless].
    """

    value: float
    low: float
    high: float
    log_rate: Floats
    chance: Floats


def province_spread(panel: FirePanel, forest_ha: Mapping[str, float], dispersion: float) -> Spread:
    """Return how far the fire rates of provinces lie apart, chance taken out.

    Parameters
    ----------
    panel : FirePanel
        Fires by year and province, at least two provinces.
    forest_ha : mapping of str to float
        Forest of each province, > 0 [ha].
    dispersion : float
        Variance of a province's own gamma effect of a year, >= 0 (card ``wildfire.occurrence``) [unitless].

    Raises
    ------
    ArgumentError
        If a province has no forest area, or the dispersion is < 0.
    FitError
        With fewer than two provinces, or a province without a fire.

    Notes
    -----
    With y the logarithm of a province's fires per hectare, of chance variance v = 1 / (sum of fires) + dispersion *
    (sum of squared shares of its years), and w = 1 / (v + tau^2): Q(tau) = sum w (y - sum w y / sum w)^2 has a
    chi-square law with one degree of freedom less than provinces, if y is normal around one mean with variance v +
    tau^2. Q falls in tau; the solutions of Q = chi-square quantile at 5 %, 50 % and 95 % are the upper end, the value
    and the lower end. The effect that a year has on all provinces alike cancels; their different trends do not, and are
    part of the spread.

    References
    ----------
    Viechtbauer, W. (2007), Confidence intervals for the amount of heterogeneity in meta-analysis, Statistics in
    Medicine 26, 37-52. https://doi.org/10.1002/sim.2514
    """
    number("dispersion", dispersion, least=0.0)
    missing = [name for name in panel.provinces if not forest_ha.get(name, 0.0) > 0]
    if missing:
        raise ArgumentError(
            Fault("province_spread", ", ".join(missing), "Give the forest area of these provinces.", "ha")
        )
    total = panel.fires.sum(axis=0)
    if len(panel.provinces) < 2 or not (total > 0).all():
        what = f"{len(panel.provinces)} provinces, least number of fires {total.min():g}"
        raise FitError(Fault("province_spread", what, "Needs two provinces, each with a fire."))
    area = np.array([forest_ha[name] for name in panel.provinces])
    rate = np.log(total / (area * panel.years.size))
    chance = 1.0 / total + dispersion * ((panel.fires / total) ** 2).sum(axis=0)
    ends = [_spread_at(rate, chance, float(chi2.ppf(p, rate.size - 1))) for p in (0.5, 0.95, 0.05)]
    return Spread(ends[0], ends[1], ends[2], rate, chance)


def heterogeneity(value: Floats, chance: Floats, spread: float) -> float:
    """Return Q of :func:`province_spread` for a spread >= 0 [unitless]."""
    weight = 1.0 / (chance + spread**2)
    return float((weight * (value - np.average(value, weights=weight)) ** 2).sum())


def _spread_at(value: Floats, chance: Floats, level: float) -> float:
    """Return the spread with Q = level, 0 where chance alone stays below it."""
    if heterogeneity(value, chance, 0.0) <= level:
        return 0.0
    top = float(np.ptp(value)) + 1.0
    while heterogeneity(value, chance, top) > level:
        top *= 2.0
    return float(brentq(lambda spread: heterogeneity(value, chance, spread) - level, 0.0, top, xtol=1e-12))


def county_scores(seed: int, counties: Sequence[str], draws: int) -> Floats:
    """Return the standing of each county in each draw, standard normal, shape (draws, counties).

    Parameters
    ----------
    seed : int
        Seed of the knowledge draws.
    counties : sequence of str
        A county keeps its numbers whatever other counties there are.
    draws : int
        >= 1.
    """
    columns = [
        ndtri(stream(seed, "knowledge", "county", name).random(draws).clip(1e-12)) for name in counties
    ]
    return np.column_stack(columns)


def county_factors(spread: ArrayLike, scores: ArrayLike, shares: ArrayLike, rest: float = 0.0) -> Floats:
    """Return the factors on the rates of counties, which leave the total where it was.

    Parameters
    ----------
    spread : array, shape (draws,)
        Standard deviation of the logarithm of a county's rate, >= 0 [unitless].
    scores : array, shape (draws, counties)
        Standard normal: where each county stands.
    shares : array, shape (counties,)
        What each county is of the total at equal rates: of the fires, or of the pure premium; >= 0, not all 0.
    rest : float
        Share of other counties that are not told apart, in [0, 1): with 0 the factors conserve the total of the
        counties given, with the rest of the province that of the province [unitless].

    Returns
    -------
    array, shape (draws, counties)
        > 0; ``(1 - rest) * sum(shares * factors) / sum(shares) + rest * f = 1`` with f the factor of the rest.

    Raises
    ------
    ArgumentError
        If an argument is outside its domain.

    Notes
    -----
    ``factor = exp(s z) / ((1 - rest) * sum(p exp(s z)) + rest * exp(s^2 / 2))`` with p the shares scaled to 1: ratios
    of two counties are lognormal with standard deviation s sqrt(2) of their logarithm, whatever the shares. The rest is
    taken for many counties, whose mean of exp(s z) is exp(s^2 / 2). One county alone, without a rest, has factor 1: how
    it stands to the province is then another card's question.
    """
    s = numbers("spread", spread, least=0.0)
    z, share = np.asarray(scores, dtype=np.float64), numbers("shares", shares, least=0.0)
    number("rest", rest, least=0.0, below=1.0)
    if z.shape != (s.size, share.size) or not share.sum() > 0:
        raise ArgumentError(
            Fault(
                "county_factors",
                f"{s.size} spreads, scores of shape {z.shape}, {share.size} shares with sum {share.sum():g}",
                "Give scores of shape (draws, counties), and shares of which one is > 0.",
            )
        )
    raw = np.exp(s[:, None] * z)
    mean = (raw * (share / share.sum())).sum(axis=1)
    return np.asarray(raw / ((1.0 - rest) * mean + rest * np.exp(s**2 / 2.0))[:, None])


def draw_ratios(knowledge: Knowledge, kinds: Sequence[str]) -> Floats:
    """Return the pure premium of wildfire and of all other perils in each joint draw, relative to the base.

    Parameters
    ----------
    knowledge : Knowledge
        All variants.
    kinds : sequence of str
        The insured perils.

    Returns
    -------
    array, shape (draws, 2)
        1 where the base has no such cost [unitless].
    """
    groups = [[kind for kind in kinds if (kind == "wildfire") == fire] for fire in (True, False)]
    ratios = np.ones((knowledge.plan.draws, 2))
    for column, group in enumerate(groups):
        names = [peril_premium(kind) for kind in group]
        base = sum(knowledge.base(name) for name in names)
        if base > 0:
            ratios[:, column] = np.sum([knowledge.draws(name) for name in names], axis=0) / base
    return ratios


def county_rates(
    counties: Sequence[str],
    pure: Floats,
    insured_area: Floats,
    ratio: Floats,
    spread: Floats,
    seed: int,
    ledger: Ledger,
) -> xr.Dataset:
    """Return the group ``/county_rates``: pure premium per mu by county, with and without what downscaling adds.

    Parameters
    ----------
    counties : sequence of str
        In the order of ``pure``.
    pure : array, shape (counties, 2)
        Simulated pure premium of wildfire and of all other perils [CNY/year].
    insured_area : array, shape (counties,)
        > 0 [mu].
    ratio : array, shape (draws, 2)
        Pure premium of wildfire and of all other perils in each joint draw of the cards, relative to the base
        [unitless].
    spread : array, shape (draws, 2)
        The card's :data:`PARAMETERS` in each draw [unitless].
    seed : int
        Seed of the knowledge draws.
    ledger : Ledger
        Told what the interval rests on.

    Returns
    -------
    xarray.Dataset
        By ``county``: ``rate`` [CNY/mu], ``low`` and ``high``: its 90 % knowledge interval [CNY/mu], ``low_alone`` and
        ``high_alone``: the same if all counties stood at their mean [CNY/mu], ``downscaling_share``: share of the
        variance of the logarithm that the spread between counties makes [1].

    Notes
    -----
    The total of the counties, by wildfire and by the other perils, is the same in each draw with and without the
    factors.
    One score for a county drives both: a county worse for fire is taken to be worse for all, the wider interval.
    """
    base = np.asarray(pure, dtype=np.float64)
    scores = county_scores(seed, counties, ratio.shape[0])
    with_it, alone = np.zeros_like(scores), np.zeros_like(scores)
    for group in range(2):
        amount = ratio[:, group, None] * base[:, group]
        alone += amount
        if base[:, group].sum() > 0:
            with_it += amount * county_factors(spread[:, group], scores, base[:, group])
    variance = np.array(
        [[_log_variance(draws[:, c]) for c in range(len(counties))] for draws in (alone, with_it)]
    )
    share = np.divide(
        variance[1] - variance[0], variance[1], out=np.zeros(len(counties)), where=variance[1] > 0
    )
    ends = [np.quantile(draws, [0.05, 0.95], axis=0) / insured_area for draws in (with_it, alone)]
    ledger.add(
        "assumption",
        "county rates",
        "Rates of counties are those of the province, set apart by their stands. How far a county's own hazard may lie "
        "from that is judged: for fire as far as provinces lie apart, which is a lower bound. A county worse for fire "
        "is taken to be worse for every peril, and the total of the counties is kept.",
        count=len(counties),
        status="illustrative",
    )
    data = {
        "rate": base.sum(axis=1) / insured_area,
        "low": ends[0][0],
        "high": ends[0][1],
        "low_alone": ends[1][0],
        "high_alone": ends[1][1],
    }
    dataset = xr.Dataset({name: ("county", values, {"units": "CNY/mu"}) for name, values in data.items()})
    dataset["downscaling_share"] = ("county", np.clip(share, 0.0, 1.0), {"units": "1"})
    return dataset.assign_coords(county=np.array(counties))


def _log_variance(draws: Floats) -> float:
    """Variance of the logarithm, 0 where there is nothing to take it of."""
    return float(np.log(draws).var()) if (draws > 0).all() else 0.0
