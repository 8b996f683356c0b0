# SPDX-License-Identifier: Apache-2.0
"""What own claims change, whole: both factors, the card that takes their place, and what the ledger is told.

What lives here: the run of both updates from the cards. What does not: the updates themselves
(:mod:`greenrisk.pollution.severity.own_claims`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import xarray as xr

from greenrisk.actuarial.arguments import every, number
from greenrisk.actuarial.credibility.level import LevelUpdate
from greenrisk.core.cards import Card
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
    plant_years: float,
    accident_rate: float,
    values: Mapping[str, Values],
    constants: Mapping[str, Mapping[str, float]],
    reported_from: float = 0.0,
) -> OwnExperience:
    """Return the factors of transfer after own claims.

    Parameters
    ----------
    card : Card
        Of use ``zone.transfer``, before own claims.
    claims : Claims
        Own claims.
    plant_years : float
        Plant-years in which the claims of plants outside the zone arose, >= 0; 0: not known, the frequency factor
        stays [year].
    accident_rate : float
        Mean rate of those plants at frequency factor 1, before own years, > 0 where ``plant_years`` > 0 [1/year].
    values, constants : mapping
        Of the cards by role, as for :func:`~greenrisk.pollution.severity.laws.severity_laws`.
    reported_from : float
        Amounts below it are not in the file, >= 0 [CNY].

    Returns
    -------
    OwnExperience

    Raises
    ------
    ArgumentError
        If an argument is out of its domain, or an amount lies below ``reported_from``.

    Notes
    -----
    Accidents at plants of the zone stand in its history, which updates those plants' own rates: here they count for the
    severity alone, lest they count twice. The chance that an accident makes a claim is taken at the card's median
    severity.
    """
    every(
        lambda: number("plant_years", plant_years, least=0.0, unit="year"),
        lambda: number(
            "accident_rate",
            accident_rate,
            above=0.0 if plant_years > 0.0 else -math.inf,
            least=0.0,
            unit="1/year",
        ),
        lambda: number("reported_from", reported_from, least=0.0, unit="CNY"),
    )
    dependence = dependence_of(values)
    cap = physical_cap(values)
    outside = int(np.count_nonzero(~claims.in_zone))
    told = []
    frequency: LevelUpdate | None = None
    if plant_years > 0.0:
        chance = probability_of_any(severity_laws(values, constants, cap), dependence, reported_from)
        expected = plant_years * accident_rate * chance
        frequency = credible_frequency(prior_of(card.parameters["frequency_factor"]), outside, expected)
        told.append(
            f"{outside} own accidents in {plant_years:g} plant-years, {expected:.3g} expected at frequency factor 1, "
            f"with credibility {frequency.credibility:.2f}."
        )
    else:
        told.append(
            "The plant-years behind the own claims are not given: the frequency factor stays as it was."
        )
    if outside < claims.accidents:
        inside = claims.accidents - outside
        told.append(
            f"{inside} own accidents at plants of the zone count for severity only: its history holds them."
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
