# SPDX-License-Identifier: Apache-2.0
"""What own claims change, whole: both factors, the card that takes their place, and what the ledger is told.

What lives here: the run of both updates from the cards. What does not: the updates themselves
(:mod:`greenrisk.pollution.severity.own_claims`).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import xarray as xr

from greenrisk.actuarial.arguments import every, number
from greenrisk.actuarial.credibility.level import LevelUpdate
from greenrisk.core.cards import Card
from greenrisk.core.errors import ArgumentError, Fault
from greenrisk.pollution.inventory import History, Integers
from greenrisk.pollution.severity.draws import probability_of_any
from greenrisk.pollution.severity.laws import Values, dependence_of, physical_cap, severity_laws
from greenrisk.pollution.severity.own_claims import (
    Claims,
    SeverityUpdate,
    credible_frequency,
    credible_severity,
    prior_of,
    updated_card,
)
from greenrisk.pollution.severity.transfer import FACTORS
from greenrisk.pollution.tables import HISTORY_KINDS


@dataclass(frozen=True, eq=False)
class OwnExperience:
    """What own claims changed.

    Parameters
    ----------
    card : Card
        Card of transfer with the factors after own claims.
    group : Dataset
        Group ``own_claims`` over ``factor``.
    told : tuple of str
        Sentences for the ledger.
    """

    card: Card
    group: xr.Dataset
    told: tuple[str, ...]


def own_experience(
    card: Card,
    claims: Claims,
    plant_years: float | None,
    accident_rate: float,
    values: Mapping[str, Values],
    constants: Mapping[str, Mapping[str, float]],
    reported_from: float = 0.0,
    none_outside: bool = False,
) -> OwnExperience:
    """Return the factors of transfer after own claims.

    Parameters
    ----------
    card : Card
        Of use ``zone.transfer``, before own claims.
    claims : Claims
        Own claims.
    plant_years : float or None
        Plant-years of the plants outside the zone whose claims the table holds, >= 0; 0: not known, the frequency
        factor stays. None: there are no such plants [year].
    accident_rate : float
        Mean rate of those plants at frequency factor 1, before own years, > 0 where ``plant_years`` > 0 [1/year].
    values, constants : mapping
        Of the cards by role, as for :func:`~greenrisk.pollution.severity.laws.severity_laws`.
    reported_from : float
        Amounts below it are not in the file, >= 0 [CNY].
    none_outside : bool
        Whether it is known that the plants outside the zone had no claim in ``plant_years``.

    Returns
    -------
    OwnExperience

    Raises
    ------
    ArgumentError
        If an argument is out of its domain, claims outside the zone and ``plant_years`` contradict each other, or an
        amount lies below ``reported_from``.

    Notes
    -----
    Accidents at plants of the zone stand in its history, which moves the common factor and those plants' own rates
    (:mod:`greenrisk.pollution.accidents.own_history`): here they count for the severity alone, lest they count twice.
    Those outside move the frequency factor here, before the zone's history does. The chance that an accident makes a
    claim is taken at the card's median severity.
    """
    outside = claims.outside
    _exposure_matches(outside, plant_years, none_outside)
    behind = plant_years or 0.0
    every(
        lambda: number("plant_years", behind, least=0.0, unit="year"),
        lambda: number(
            "accident_rate",
            accident_rate,
            above=0.0 if behind > 0.0 else -math.inf,
            least=0.0,
            unit="1/year",
        ),
        lambda: number("reported_from", reported_from, least=0.0, unit="CNY"),
    )
    dependence = dependence_of(values)
    cap = physical_cap(values)
    told = []
    frequency: LevelUpdate | None = None
    if behind > 0.0:
        chance = probability_of_any(severity_laws(values, constants, cap), dependence, reported_from)
        expected = behind * accident_rate * chance
        frequency = credible_frequency(prior_of(card.parameters["frequency_factor"]), outside, expected)
        told.append(
            f"{outside} own accidents in {behind:g} plant-years outside the zone, {expected:.3g} expected at frequency "
            f"factor 1, with credibility {frequency.credibility:.2f}."
        )
    elif outside:
        told.append(
            f"The plant-years behind {outside} own accidents outside the zone are not known: they leave the frequency "
            "factor as it was."
        )
    else:
        told.append("No own claim lies outside the zone: they leave the frequency factor as it was.")
    if outside < claims.accidents:
        inside = claims.accidents - outside
        told.append(
            f"{inside} own accidents at plants of the zone count for severity only: its history counts them."
        )
    at_one = {**values, "transfer": {**values["transfer"], "severity_factor": 1.0}}
    laws = {one.head: one for one in severity_laws(at_one, constants, cap)}
    prior = prior_of(card.parameters["severity_factor"])
    severity = credible_severity(prior, claims, laws, dependence, reported_from)
    left_out = claims.amount.size - severity.amounts
    told.append(
        f"{severity.amounts} own amounts, worth {severity.worth:.3g} independent ones, with credibility "
        f"{severity.credibility:.2f} for the severity factor."
    )
    if left_out:
        told.append(f"{left_out} own amounts of bodily injury and legal cost move no factor.")
    after = updated_card(card, frequency, severity if severity.amounts else None)
    return OwnExperience(after, _group(card, after, frequency, severity), tuple(told))


def not_in_history(claims: Claims, history: History, first_year: Integers) -> int:
    """Return how many accidents at plants of the zone its history does not hold, though it covers their year.

    Parameters
    ----------
    claims : Claims
        Own claims.
    history : History
        Accidents and penalties of the zone.
    first_year : array of int, shape (plants,)
        First year that the history covers of each plant [year].
    """
    accident = history.kind == HISTORY_KINDS.index("accident")
    held = Counter(zip(history.plant[accident].tolist(), history.year[accident].tolist(), strict=True))
    covered = (claims.plant >= 0) & (claims.year >= first_year[claims.plant])
    ours = Counter(zip(claims.plant[covered].tolist(), claims.year[covered].tolist(), strict=True))
    return (ours - held).total()


def _exposure_matches(outside: int, plant_years: float | None, none_outside: bool) -> None:
    """Refuse claims outside the zone without plant-years, and plant-years without such claims unless that is known."""
    key = "claims_plant_years_outside"
    if outside and plant_years is None:
        what = f"{outside} own accidents outside the zone, {key} empty"
        mend = "Give the plant-years in which they arose, or 0 where these are not known: the frequency then stays."
        raise ArgumentError(Fault(key, what, mend, "year"))
    if outside and none_outside:
        what = f"{outside} own accidents outside the zone, none_claimed_outside = true"
        raise ArgumentError(Fault("none_claimed_outside", what, "Correct one of the two."))
    if not outside and plant_years and not none_outside:
        what = f"{key} = {plant_years:g}, no own claim outside the zone"
        mend = (
            "Plant-years of the zone's own plants do not belong here: they stand in the table of plants, their "
            "accidents in the history. Leave the key empty. If these are other plants, which had no claim, say so: "
            "none_claimed_outside: true."
        )
        raise ArgumentError(Fault(key, what, mend, "year"))


def _group(before: Card, after: Card, frequency: LevelUpdate | None, severity: SeverityUpdate) -> xr.Dataset:
    unitless = {"units": "unitless"}
    columns: dict[str, tuple[str, list[float], dict[str, str]]] = {}
    for when, card in (("prior", before), ("posterior", after)):
        given = [card.parameters[name] for name in FACTORS]
        columns[when] = (
            "factor",
            [float(one.value) for one in given],
            {**unitless, "long_name": f"Median, {when}"},
        )
        for side, place in (("low", 0), ("high", 1)):
            ends = [float(one.ends()[place]) for one in given]
            columns[f"{when}_{side}"] = (
                "factor",
                ends,
                {**unitless, "long_name": f"{'5' if side == 'low' else '95'} % quantile, {when}"},
            )
    weights = [frequency.credibility if frequency else 0.0, severity.credibility]
    columns["credibility"] = ("factor", weights, {**unitless, "long_name": "Weight of the own claims"})
    return xr.Dataset(
        columns, coords={"factor": list(FACTORS)}, attrs={"title": "Factors of transfer after own claims"}
    )
