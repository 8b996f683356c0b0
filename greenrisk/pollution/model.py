# SPDX-License-Identifier: Apache-2.0
"""The model of a zone: from the numbers of a variant to the laws that the simulation draws from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from greenrisk.pollution.accidents.exposure import Exposure
from greenrisk.pollution.accidents.own_history import Beliefs
from greenrisk.pollution.accidents.rates import Rates, after_measure, plant_rates
from greenrisk.pollution.grading.readings import Readings
from greenrisk.pollution.grading.terms import Boundary, GradeReading
from greenrisk.pollution.inventory import Floats, Integers, Plants
from greenrisk.pollution.liability.laws import ClaimLaws, HeadLaws, ZoneLaws
from greenrisk.pollution.liability.policy_terms import PolicyTerms
from greenrisk.pollution.severity.caps import Cap
from greenrisk.pollution.severity.draws import head_arrays
from greenrisk.pollution.severity.heads import HEADS
from greenrisk.pollution.severity.laws import dependence_of, physical_cap, severity_laws
from greenrisk.pollution.variants import Variant


@dataclass(frozen=True, eq=False)
class ZoneModel:
    """What does not change between variants.

    Parameters
    ----------
    plants : Plants
        The plants of the zone.
    exposure : Exposure
        What accident rates are computed from, with the grades of the scenario's own reading.
    readings : Readings
        Grades in all readings.
    boundary : str
        The scenario's own reading of counts of people that equal a cut.
    terms : PolicyTerms
        Terms of every plant's policy.
    limit : array, shape (plants,)
        Limit that stands for a plant's under the cap ``policy``: its own, or the largest of the zone [CNY].
    constants : mapping of str to mapping
        Constants of the cards by role.
    beliefs : Beliefs
        What the cards believe of the numbers that the zone's own history moves.
    observed : ZoneModel or None
        The zone as it was in the years observed, where a measure has changed it since.
    """

    plants: Plants
    exposure: Exposure
    readings: Readings
    boundary: Boundary
    terms: PolicyTerms
    limit: Floats
    constants: Mapping[str, Mapping[str, float]]
    beliefs: Beliefs
    observed: ZoneModel | None = None

    def grade(self, reading: GradeReading) -> Integers:
        """Return the grades of all plants in a reading of the cut and of unknown parts, shape (plants,)."""
        cut, part = reading
        return self.readings.grades[cut, part, self.boundary].grade

    def rates(self, variant: Variant) -> Rates:
        """Return the accident rates of a variant."""
        exposure = replace(self.exposure, grade=self.grade(variant.reading))
        if self.observed is not None:
            return after_measure(self.observed.rates(variant), exposure, variant.values, variant.source)
        transfer = float(variant.values["transfer"]["frequency_factor"])
        ranks = variant.plant_ranks(len(self.plants))
        return plant_rates(exposure, variant.values, transfer, variant.source, self.beliefs, ranks)

    def caps(self, variant: Variant) -> Floats:
        """Return the most that one head of one accident costs, shape (plants, heads) [CNY]."""
        largest = physical_cap(variant.values).amount
        if variant.cap == "physical":
            by_plant = np.full(len(self.plants), largest)
        elif variant.cap == "assets":
            # A plant with nothing to lose still does damage: its cap is one yuan, so that the law stays one.
            by_plant = np.clip(self.plants.assets, 1.0, largest)
        else:
            by_plant = np.clip(self.limit, 1.0, largest)
        return np.repeat(by_plant[:, None], len(HEADS), axis=1)

    def laws(self, variant: Variant) -> ZoneLaws:
        """Return the laws of a variant.

        Raises
        ------
        ArgumentError
            If its numbers make none.
        """
        rates, values = self.rates(variant), variant.values
        laws = severity_laws(values, self.constants, Cap("physical", physical_cap(values).amount))
        arrays = head_arrays(laws)
        arrays["cap"] = self.caps(variant)
        shock = values["common_shock"]
        return ZoneLaws(
            own=rates.posterior,
            transport=rates.transport,
            shock_rate=float(shock["shock_rate"]),
            shock_share=float(shock["shock_share"]),
            heads=HeadLaws(dependence=dependence_of(values), **arrays),
            claims=ClaimLaws.from_values(values["claims"]),
            most_hit=self.constants["common_shock"]["most_hit"],
        )
