# SPDX-License-Identifier: Apache-2.0
"""Accident rates of plants: several sources pooled, rating factors, the history of zone and plant; the road by the km.

An accident is one that a US facility would have to report: damage or an evacuation off site, harm to people, or
significant damage on site. Not every accident has a claim; that is in the shares of the heads of loss.

What lives here: the arithmetic over all plants at once. What does not: what the rates are computed from
(:mod:`greenrisk.pollution.accidents.exposure`), what the zone's history says of common numbers
(:mod:`greenrisk.pollution.accidents.own_history`) and the shocks that hit several plants
(:mod:`greenrisk.pollution.liability.laws`).

References
----------
Keffer, R. (1929), An experience rating formula, Transactions of the Actuarial Society of America 30, 130-139.
Klugman, S. A., Panjer, H. H. and Willmot, G. E. (2012), Loss Models, 4th ed. (exact credibility).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from scipy.special import gammaincinv

from greenrisk.actuarial.arguments import number
from greenrisk.actuarial.credibility.prior import GammaPoisson
from greenrisk.core.variants import Values
from greenrisk.environment.credit_colour import COLOURS
from greenrisk.pollution.accidents.exposure import Exposure
from greenrisk.pollution.accidents.own_history import Belief, Beliefs, Seen, learn
from greenrisk.pollution.accidents.roles import SIZES, SOURCES
from greenrisk.pollution.grading.words import GRADES
from greenrisk.pollution.inventory import Floats
from greenrisk.pollution.tables import ACTIVITIES, PREVENTION_LEVELS

FACTOR_NAMES: Final = ("grade", "prevention", "credit")
"""Rating factors, in the order of the arrays."""


@dataclass(frozen=True, eq=False)
class Rates:
    """Accident rates of plants under one variant.

    Parameters
    ----------
    source : array, shape (sources, plants)
        Rate by each of ``SOURCES``, before transfer [1/year]; NaN where a source says nothing.
    weight : array, shape (sources, plants)
        Weight of each in the logarithm of the pooled rate [unitless]; a plant's sum to 1.
    pooled : array, shape (plants,)
        Weighted geometric mean of the sources [1/year].
    factor : array, shape (3, plants)
        Rating factors by :data:`FACTOR_NAMES` [unitless].
    transfer, transfer_before : float
        Factor from accidents abroad to accidents in China, after and before the zone's own history [unitless].
    prior : array, shape (plants,)
        pooled * factors * transfer, before the plant's own years [1/year].
    credibility : array, shape (plants,)
        Weight of the plant's own years against its prior [unitless].
    own : array, shape (plants,)
        The plant's own rate [1/year]; NaN without years.
    posterior : array, shape (plants,)
        Expected accidents of the plant on site; in a joint draw its own rate, drawn [1/year].
    transport : array, shape (plants,)
        Expected accidents of its vehicles [1/year].
    per_km, per_km_before : float
        Rate of a loaded kilometre, after and before the zone's own history [1/km].
    transport_prior : array, shape (plants,)
        per_km * kilometres, before the plant's own years [1/year].
    transport_credibility : array, shape (plants,)
        Weight of the plant's own years on the road [unitless].
    """

    source: Floats
    weight: Floats
    pooled: Floats
    factor: Floats
    transfer: float
    prior: Floats
    credibility: Floats
    own: Floats
    posterior: Floats
    transport: Floats
    transfer_before: float
    per_km: float
    per_km_before: float
    transport_prior: Floats
    transport_credibility: Floats


def plant_rates(
    exposure: Exposure,
    values: Mapping[str, Values],
    transfer: float = 1.0,
    only: str | None = None,
    beliefs: Beliefs | None = None,
    ranks: Floats | None = None,
) -> Rates:
    """Return the accident rates of all plants.

    Parameters
    ----------
    exposure : Exposure
        From :func:`exposure_of`.
    values : mapping of str to mapping
        Parameter values of the cards by role: ``accidents``, ``rating_factors``.
    transfer : float
        Accidents in China for one abroad, before the zone's own history, > 0 [unitless].
    only : str, optional
        One of ``SOURCES``: the rates of this source alone, where it says anything; a named alternative.
    beliefs : Beliefs, optional
        What the cards believe of the numbers that are common to all plants, which the zone's own history then moves;
        empty: they stay as given.
    ranks : array, shape (2, plants), optional
        Ranks in (0, 1) at which each plant's own rate is drawn from its law after its own years, on site and on the
        road; empty: its mean.

    Raises
    ------
    ArgumentError
        If a rate, spread, share or factor is outside its domain.

    Notes
    -----
    Source s of plant i says rate r_si; it is believed to lie around the plant's rate with standard deviation s_s of the
    logarithm, to which the relative Poisson error of a reported rate is added. The pooled rate is

        ln r_i = sum_s w_si ln r_si,  w_si = (1 / v_si) / sum of the same,  v_si = s_s^2 + (se_si / r_si)^2.

    Sources share an origin (the judged rates lean on the reports), so pooling narrows no interval: only the mean is
    taken from it, and the range of each card stays as it is.

    Plants of one prior rate differ: their rates are gamma with the shape a of the card. The counts of all plants first
    move the common factor of transfer (:func:`~greenrisk.pollution.accidents.own_history.learn`), given the other
    numbers of the variant; the other cards keep their laws. Then, with n accidents in T years, the rate of a plant is
    gamma of shape a + n and rate a / prior + T. Its mean is Z n / T + (1 - Z) prior, Z = T / (T + a / prior); a joint
    draw takes the rate at a rank instead, since what the own years leave open is not known either.

    The road likewise: its rate of a kilometre is one of China, so that no transfer stands on it; the road accidents of
    all plants move it, then those of the plant its own rate, with the same shape. Today's kilometres stand for those of
    the years observed.
    """
    v, f = values["accidents"], values["rating_factors"]
    transfer = number("transfer", transfer, above=0.0, unit="unitless")
    by_activity = np.array(
        [number(f"rate_{a}", float(v[f"rate_{a}"]), above=0.0, unit="1/year") for a in ACTIVITIES]
    )
    fence = np.array(
        [number(f"beyond_fence_{s}", float(v[f"beyond_fence_{s}"]), least=0.0, most=1.0) for s in SIZES]
    )
    spread = np.array([number(f"spread_{s}", float(v[f"spread_{s}"]), above=0.0) for s in SOURCES])
    of_equipment = exposure.leaks @ fence
    source = np.stack(
        [
            by_activity[exposure.activity],
            np.where(of_equipment > 0.0, of_equipment, np.nan),
            exposure.industry[:, 0],
            exposure.chemical[:, 0],
        ]
    )
    source = np.where(source > 0.0, source, np.nan)  # no accident reported at all says nothing on a logarithm
    error = np.zeros_like(source)
    error[2], error[3] = exposure.industry[:, 1] / source[2], exposure.chemical[:, 1] / source[3]
    weight = np.where(np.isnan(source), 0.0, 1.0 / (spread[:, None] ** 2 + np.nan_to_num(error) ** 2))
    if only is not None:
        chosen = np.zeros_like(weight)
        place = SOURCES.index(only)
        chosen[place] = weight[place]
        # A plant of which the source says nothing keeps the rate of its activity.
        chosen[0] = np.where(chosen[place] > 0.0, chosen[0], weight[0])
        weight = chosen
    weight = weight / weight.sum(axis=0)
    pooled = np.exp((weight * np.log(np.where(np.isnan(source), 1.0, source))).sum(axis=0))
    factor = rating_factors(exposure, f)
    shape = number("plant_shape", float(v["plant_shape"]), above=0.0, unit="unitless")
    per_km = number("rate_per_vehicle_km", float(v["rate_per_vehicle_km"]), least=0.0, unit="1/km")
    at_one = pooled * factor.prod(axis=0)
    known = beliefs if beliefs is not None else Beliefs(None, None)
    common = _after_history(
        transfer, known.frequency_factor, exposure.accidents, at_one * exposure.years, shape
    )
    driven = exposure.km * exposure.road_years
    of_km = _after_history(per_km, known.rate_per_vehicle_km, exposure.road_accidents, driven, shape)
    site_rank, road_rank = (None, None) if ranks is None else ranks
    posterior, credibility = _own_years(at_one * common, exposure.accidents, exposure.years, shape, site_rank)
    on_road = exposure.km * of_km
    transport, of_road = _own_years(on_road, exposure.road_accidents, exposure.road_years, shape, road_rank)
    with np.errstate(invalid="ignore", divide="ignore"):
        own = np.where(exposure.years > 0.0, exposure.accidents / exposure.years, np.nan)
    return Rates(
        source=source,
        weight=weight,
        pooled=pooled,
        factor=factor,
        transfer=common,
        prior=at_one * common,
        credibility=credibility,
        own=own,
        posterior=posterior,
        transport=transport,
        transfer_before=transfer,
        per_km=of_km,
        per_km_before=per_km,
        transport_prior=on_road,
        transport_credibility=of_road,
    )


def _after_history(
    value: float, belief: Belief | None, counts: Floats, expected: Floats, shape: float
) -> float:
    """Return a common number after the zone's own history; as it was where that says nothing."""
    learned = learn(belief, Seen(counts, expected, shape)) if value > 0.0 else None
    return value if learned is None else learned.moved(value)


def _own_years(
    prior: Floats, counts: Floats, years: Floats, shape: float, rank: Floats | None
) -> tuple[Floats, Floats]:
    """Return the rate of each plant after its own years, its mean or at ranks, and their weight; 0 stays 0."""
    rate, weight = np.zeros_like(prior), np.zeros_like(prior)
    for i in np.flatnonzero(prior > 0.0).tolist():
        belief = GammaPoisson(shape, shape / float(prior[i]))
        after = belief.update(float(counts[i]), float(years[i]))
        rate[i] = after.mean if rank is None else gammaincinv(after.shape, float(rank[i])) / after.rate
        weight[i] = belief.credibility(float(years[i]))
    return rate, weight


def after_measure(
    was: Rates, exposure: Exposure, values: Mapping[str, Values], only: str | None = None
) -> Rates:
    """Return the rates after a measure: what it changes, relative, stands on the plant as its own years show it.

    Parameters
    ----------
    was : Rates
        Of the plants as they were in the years observed.
    exposure : Exposure
        After the measure.
    values : mapping of str to mapping
        As for :func:`plant_rates`.
    only : str, optional
        As for :func:`plant_rates`.

    Notes
    -----
    Own years speak of the plant as it was, so that they are not weighed against its new prior:
    posterior after = posterior before * prior after / prior before. The road is left as it is.
    """
    now = plant_rates(exposure, values, was.transfer, only)
    return replace(
        now,
        credibility=was.credibility,
        own=was.own,
        posterior=was.posterior * now.prior / was.prior,
        transport=was.transport,
        transfer_before=was.transfer_before,
        per_km=was.per_km,
        per_km_before=was.per_km_before,
        transport_prior=was.transport_prior,
        transport_credibility=was.transport_credibility,
    )


def rating_factors(exposure: Exposure, values: Values) -> Floats:
    """Return the rating factors of each plant, shape (3, plants) [unitless].

    Parameters
    ----------
    exposure : Exposure
        Grades, prevention and credit.
    values : mapping
        Of a card of use ``zone.rating_factors``.

    Notes
    -----
    Factor 1 is a plant of ordinary quality. The factors are not brought to a mean of 1 over the zone: a zone of bad
    plants has more accidents. A plant whose grade was refused has grade factor 1.
    """

    def of(*names: str) -> Floats:
        return np.array([number(name, float(values[name]), above=0.0, unit="unitless") for name in names])

    grade = np.append(of(*(f"grade_{name}" for name in GRADES)), 1.0)
    return np.stack(
        [
            grade[np.where(exposure.grade < 0, len(GRADES), exposure.grade)],
            of(*(f"prevention_{name}" for name in PREVENTION_LEVELS))[exposure.prevention],
            of(*(f"credit_{name}" for name in COLOURS), "credit_unknown")[exposure.credit],
        ]
    )
