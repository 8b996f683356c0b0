# SPDX-License-Identifier: Apache-2.0
"""Who has cover under a scenario of the mandate, and what that changes.

What lives here: the chance of cover of every plant, one draw of who has it, and the expected outcome. What does not:
who must insure (:mod:`greenrisk.pollution.mandate.who_must_insure`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike, NDArray

from greenrisk.actuarial.arguments import number, numbers
from greenrisk.core.errors import ArgumentError, Fault, Faults
from greenrisk.core.streams import stream
from greenrisk.core.variants import Values
from greenrisk.pollution.mandate.mandate_spec import EnrolmentSpec
from greenrisk.pollution.mandate.plant_groups import PlantGroups, grade_class
from greenrisk.pollution.mandate.who_must_insure import Obligations

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Enrolled:
    """Cover of every plant under a scenario.

    Parameters
    ----------
    must : array of bool, shape (plants,)
        Who must insure.
    chance : array, shape (plants,)
        Probability that the plant has cover [unitless]; 1 where it has.
    limit : array, shape (plants,)
        Limit of the accident if it has cover [CNY].
    insured : array of bool, shape (plants,)
        One draw of who has cover; scenarios share their draws, so that a higher chance only adds plants.
    """

    must: Flags
    chance: Floats
    limit: Floats
    insured: Flags

    @property
    def limit_drawn(self) -> Floats:
        """Limits of the draw, 0 where the plant has no cover, shape (plants,) [CNY]."""
        return np.where(self.insured, self.limit, 0.0)


def enrol(
    scenario: EnrolmentSpec,
    found: Obligations,
    limit: ArrayLike,
    grade: ArrayLike,
    values: Values,
    plants: Sequence[str],
    seed: int,
    new: ArrayLike | None = None,
) -> Enrolled:
    """Return who has cover under a scenario.

    Parameters
    ----------
    scenario : EnrolmentSpec
        Rules, extension, take-up.
    found : Obligations
        Why each plant must insure.
    limit : array, shape (plants,)
        Limit of the cover in force; 0: uninsured [CNY].
    grade : array of int, shape (plants,)
        Official grade; negative: refused.
    values : mapping
        Of a card of use ``zone.mandate``: ``compliance``, ``take_up_general``, ``_larger``, ``_major`` [unitless].
    plants : sequence of str
        Identifiers, by which the draws are named.
    seed : int
        Seed of the draws.
    new : array, shape (plants,), optional
        Limit with which a plant without cover would get one; empty: the least limit [CNY].

    Notes
    -----
    Who has cover keeps it. Who must insure and has none buys it with the probability of compliance, or of take-up where
    that is higher; others with that of take-up, where the scenario has it. Who must insure has at least the least limit
    of its grade, and so has every new policy.
    """
    has = numbers("limit", limit, least=0.0, dimensions=1, unit="CNY")
    of_grade = grade_class(grade)
    must = found.must(scenario.rules, scenario.beyond_zone)
    # Plants without a grade take cover up like those of the mildest one.
    names = ("take_up_general", "take_up_larger", "take_up_major", "take_up_general")
    take_up = np.array(
        [number(name, float(values[name]), least=0.0, most=1.0, unit="unitless") for name in names]
    )[of_grade]
    complies = number("compliance", float(values["compliance"]), least=0.0, most=1.0, unit="unitless")
    chance = take_up if scenario.take_up else np.zeros(has.shape)
    chance = np.where(must, np.maximum(complies, take_up), chance)
    chance = np.where(has > 0.0, 1.0, chance)
    cover = np.where(has > 0.0, has, found.minimum if new is None else new)
    uniform = np.array([stream(seed, "mandate", "take_up", str(name)).random() for name in plants])
    return Enrolled(must, chance, np.where(must, np.maximum(cover, found.minimum), cover), uniform < chance)


@dataclass(frozen=True, eq=False)
class Outcome:
    """What the policies of a scenario pay and cost, who has one being a matter of chance.

    Parameters
    ----------
    payments, premium : array, shape (plants,)
        Expected payments and premium: chance times what the policy pays, and what it costs [CNY/year].
    """

    payments: Floats
    premium: Floats


def enrolment_group(
    scenarios: Mapping[str, Enrolled],
    outcomes: Mapping[str, Outcome],
    ground_up: ArrayLike,
    groups: PlantGroups,
) -> xr.Dataset:
    """Return the group ``enrolment``: expected outcome of every scenario.

    Parameters
    ----------
    scenarios : mapping of str to Enrolled
        By name.
    outcomes : mapping of str to Outcome
        What each of them pays and costs.
    ground_up : array, shape (plants,)
        Expected loss before any policy [CNY/year].
    groups : PlantGroups
        By which it is told.

    Returns
    -------
    xarray.Dataset
        By ``scenario`` and ``group``: ``plants_must``, ``plants_insured`` [1], ``cover``: sum of limits [CNY],
        ``payments``, ``premium``, ``uninsured`` loss [CNY/year], ``covered_share`` of the loss [1].

    Notes
    -----
    Policies pay each for its own plant, so that expectations need no draw: chance times what the policy would pay.
    """
    loss = numbers("ground_up", ground_up, least=0.0, dimensions=1, unit="CNY/year")
    faults = Faults()
    for name, one in outcomes.items():
        if one.payments.shape != loss.shape or one.premium.shape != loss.shape:
            mend = f"One number for each of the {loss.size} plants was expected."
            faults.add(name, f"{name} of shape {one.payments.shape}", mend)
    faults.raise_if_any(ArgumentError)
    if not scenarios:
        raise ArgumentError(Fault("scenarios", "none", "At least one scenario was expected."))
    rows = []
    for name, who in scenarios.items():
        paid, premium = outcomes[name].payments, outcomes[name].premium
        by_plant = (who.must, who.chance, who.chance * who.limit, paid, premium, loss - paid)
        rows.append([groups.sums(column) for column in by_plant])
    table = np.array(rows)
    total = groups.sums(loss)
    told = {
        "plants_must": ("1", "Plants that must insure"),
        "plants_insured": ("1", "Plants expected to have cover"),
        "cover": ("CNY", "Expected sum of limits"),
        "payments": ("CNY/year", "Expected payments of the policies"),
        "premium": ("CNY/year", "Expected premium"),
        "uninsured": ("CNY/year", "Expected loss that no policy pays"),
    }
    data = {
        name: (("scenario", "group"), table[:, place], {"units": unit, "long_name": words})
        for place, (name, (unit, words)) in enumerate(told.items())
    }
    share = np.divide(
        table[:, 3],
        total,
        out=np.full(table[:, 3].shape, np.nan),
        where=np.broadcast_to(total > 0.0, table[:, 3].shape),
    )
    data["covered_share"] = (
        ("scenario", "group"),
        share,
        {"units": "1", "long_name": "Share of the expected loss that policies pay"},
    )
    return xr.Dataset(data, coords={"scenario": list(scenarios), "group": list(groups.names)})
