# SPDX-License-Identifier: Apache-2.0
"""Accident rates of plants: several sources pooled, rating factors, the plant's own years; transport by the kilometre.

An accident is one that a US facility would have to report: damage or an evacuation off site, harm to people, or
significant damage on site. Not every accident has a claim; that is in the shares of the heads of loss.

What lives here: the arithmetic over all plants at once. What does not: the tables behind it
(:mod:`greenrisk.pollution.accidents.records`) and the shocks that hit several plants
(:mod:`greenrisk.pollution.liability.laws`).

References
----------
Keffer, R. (1929), An experience rating formula, Transactions of the Actuarial Society of America 30, 130-139.
Klugman, S. A., Panjer, H. H. and Willmot, G. E. (2012), Loss Models, 4th ed. (exact credibility).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from greenrisk.actuarial.arguments import number
from greenrisk.actuarial.credibility.prior import GammaPoisson
from greenrisk.core.variants import Values
from greenrisk.environment.credit_colour import COLOURS
from greenrisk.pollution.accidents.records import Records
from greenrisk.pollution.accidents.roles import SIZES, SOURCES
from greenrisk.pollution.grading.words import GRADES
from greenrisk.pollution.inventory import Equipment, Floats, History, Integers, Inventory, Texts
from greenrisk.pollution.tables import ACTIVITIES, HISTORY_KINDS, PREVENTION_LEVELS

FACTOR_NAMES: Final = ("grade", "prevention", "credit")
"""Rating factors, in the order of the arrays."""


@dataclass(frozen=True, eq=False)
class Exposure:
    """What the rates of a zone are computed from; the same under every variant.

    Parameters
    ----------
    activity, prevention : array of int, shape (plants,)
        Index into ``ACTIVITIES``, ``PREVENTION_LEVELS``.
    credit : array of int, shape (plants,)
        Index into ``COLOURS``; their number where the enterprise was not assessed.
    grade : array of int, shape (plants,)
        Index into ``GRADES``; negative where the grade was refused.
    leaks : array, shape (plants, sizes)
        Leaks of the equipment [1/year]; 0 where no equipment is given.
    industry, chemical : array, shape (plants, 2)
        Rate of US reports and its standard error [1/year]; NaN where none is known.
    km : array, shape (plants,)
        Loaded kilometres of its vehicles [km/year].
    years, accidents : array, shape (plants,)
        Years observed [year] and accidents in them [1].
    naics : array of str, shape (plants,)
        The industry that stands for the plant's; empty: all industries.
    reported_as : array of str, shape (plants,)
        The chemical whose rate stands for what is on site; empty where none is reported.
    """

    activity: Integers
    prevention: Integers
    credit: Integers
    grade: Integers
    leaks: Floats
    industry: Floats
    chemical: Floats
    km: Floats
    years: Floats
    accidents: Floats
    naics: Texts
    reported_as: Texts

    def __len__(self) -> int:
        """How many plants."""
        return int(self.activity.size)


def exposure_of(inventory: Inventory, grade: Integers, records: Records) -> Exposure:
    """Return what the rates of a zone are computed from.

    Parameters
    ----------
    inventory : Inventory
        The zone.
    grade : array of int, shape (plants,)
        Official grades, index into ``GRADES``; negative: refused.
    records : Records
        US reports, leak frequencies, matched industries.

    Notes
    -----
    Of several reported chemicals on site the one with the highest rate stands for the plant: reports count a facility
    under each of its chemicals, so rates of chemicals are not to be added.
    """
    plants = inventory.plants
    count = len(plants)
    naics = records.naics(plants.industry_code)
    industry = np.array([records.industry.get(str(code), records.all_industries) for code in naics])
    chemical = np.full((count, 2), np.nan)
    names = np.full(count, "", dtype=object)
    held = inventory.holdings
    for plant, name in zip(held.plant.tolist(), held.name_en.tolist(), strict=True):
        found = records.chemical.get(_reported_name(name, records))
        if found is not None and not chemical[plant, 0] >= found[0]:
            chemical[plant], names[plant] = found, _reported_name(name, records)
    return Exposure(
        activity=plants.activity,
        prevention=plants.prevention,
        credit=np.where(plants.credit_colour < 0, len(COLOURS), plants.credit_colour),
        grade=np.asarray(grade),
        leaks=_leaks(inventory.equipment, records, count),
        industry=industry,
        chemical=chemical,
        km=np.bincount(inventory.vehicles.plant, weights=inventory.vehicles.km, minlength=count).astype(
            np.float64
        ),
        years=plants.years_observed,
        accidents=own_accidents(inventory.history, count),
        naics=naics,
        reported_as=names.astype(np.str_),
    )


def _reported_name(name: str, records: Records) -> str:
    """Return the reported chemical that a name means: itself, or with the form in which US reports write it."""
    plain = name.casefold().strip()
    forms = (plain, f"{plain} (anhydrous)", f"{plain} (solution)")
    return next((form for form in forms if form in records.chemical), plain)


def _leaks(equipment: Equipment, records: Records, plants: int) -> Floats:
    of_piece = equipment.amount[:, None] * records.leak[equipment.sort]
    return np.stack(
        [
            np.bincount(equipment.plant, weights=of_piece[:, size], minlength=plants)
            for size in range(len(SIZES))
        ],
        axis=1,
    )


def own_accidents(history: History, plants: int) -> Floats:
    """Return the recorded accidents of each plant, shape (plants,); penalties are no accidents."""
    is_accident = history.kind == HISTORY_KINDS.index("accident")
    return np.bincount(history.plant[is_accident], minlength=plants).astype(np.float64)


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
    transfer : float
        Factor from accidents abroad to accidents in China [unitless].
    prior : array, shape (plants,)
        pooled * factors * transfer [1/year].
    credibility : array, shape (plants,)
        Weight of the plant's own years [unitless].
    own : array, shape (plants,)
        The plant's own rate [1/year]; NaN without years.
    posterior : array, shape (plants,)
        Expected accidents of the plant on site [1/year].
    transport : array, shape (plants,)
        Expected accidents of its vehicles [1/year].
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


def plant_rates(
    exposure: Exposure,
    values: Mapping[str, Values],
    transfer: float = 1.0,
    only: str | None = None,
) -> Rates:
    """Return the accident rates of all plants.

    Parameters
    ----------
    exposure : Exposure
        From :func:`exposure_of`.
    values : mapping of str to mapping
        Parameter values of the cards by role: ``accidents``, ``rating_factors``.
    transfer : float
        Accidents in China for one abroad, > 0 [unitless].
    only : str, optional
        One of ``SOURCES``: the rates of this source alone, where it says anything; a named alternative.

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

    Plants of one prior rate differ: their rates are gamma with the shape a of the card. With n accidents in T years the
    rate is expected to be (a + n) / (a / prior + T) = Z n / T + (1 - Z) prior, Z = T / (T + a / prior).
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
    prior = pooled * factor.prod(axis=0) * transfer
    shape = number("plant_shape", float(v["plant_shape"]), above=0.0, unit="unitless")
    beliefs = [GammaPoisson(shape, shape / mean) for mean in prior.tolist()]
    with np.errstate(invalid="ignore", divide="ignore"):
        own = np.where(exposure.years > 0.0, exposure.accidents / exposure.years, np.nan)
    seen = list(zip(beliefs, exposure.accidents.tolist(), exposure.years.tolist(), strict=True))
    per_km = number("rate_per_vehicle_km", float(v["rate_per_vehicle_km"]), least=0.0, unit="1/km")
    return Rates(
        source=source,
        weight=weight,
        pooled=pooled,
        factor=factor,
        transfer=transfer,
        prior=prior,
        credibility=np.array([belief.credibility(years) for belief, _, years in seen]),
        own=own,
        posterior=np.array([belief.update(n, years).mean for belief, n, years in seen]),
        transport=per_km * exposure.km,
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
