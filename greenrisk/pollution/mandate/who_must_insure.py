# SPDX-License-Identifier: Apache-2.0
"""Who must insure, for which reasons, and which of them have no cover or too little.

What lives here: the reasons of every plant, and the list of those without cover. What does not: how many follow the
rule (:mod:`greenrisk.pollution.mandate.enrolment`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import ArrayLike, NDArray

from greenrisk.actuarial.arguments import numbers
from greenrisk.core.errors import ArgumentError, Fault
from greenrisk.pollution.grading.words import GRADES
from greenrisk.pollution.inventory import Inventory
from greenrisk.pollution.liability.tariff_tables import GRADE_CLASSES
from greenrisk.pollution.mandate.mandate_spec import Rule
from greenrisk.pollution.mandate.numbers import MandateNumbers
from greenrisk.pollution.mandate.plant_groups import grade_class
from greenrisk.pollution.tables import ACTIVITIES, KINDS_OF_SITE

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

RULES: Final[tuple[Rule, ...]] = ("zone", "activity", "grade", "key_permit", "kind_of_site")
"""Reasons for which a plant must insure, in the order of the arrays."""

RULE_WORDS: Final = {
    "zone": "In the chemical zone",
    "activity": "Activity with hazardous chemicals",
    "grade": "Official grade",
    "key_permit": "Key unit of the discharge permit",
    "kind_of_site": "Kind of site",
}
"""What a reader calls the reasons."""


@dataclass(frozen=True, eq=False)
class Obligations:
    """Why each plant must insure.

    Parameters
    ----------
    met : array of bool, shape (rules, plants)
        Whether the reason holds, rules in the order of :data:`RULES`.
    minimum : array, shape (plants,)
        Least limit of those who must [CNY].
    in_zone : array of bool, shape (plants,)
        Whether the plant lies in the zone.
    """

    met: Flags
    minimum: Floats
    in_zone: Flags

    def must(self, rules: Sequence[Rule], beyond_zone: bool = True) -> Flags:
        """Return which plants must insure, shape (plants,).

        Parameters
        ----------
        rules : sequence of str
            Reasons in force; one that holds is enough.
        beyond_zone : bool
            Whether they are in force beyond the zone too.
        """
        found = self.met[[RULES.index(rule) for rule in rules]].any(axis=0)
        return np.asarray(found if beyond_zone else found & self.in_zone)


def obligations(inventory: Inventory, grade: ArrayLike, numbers: MandateNumbers) -> Obligations:
    """Return why each plant must insure.

    Parameters
    ----------
    inventory : Inventory
        The zone.
    grade : array of int, shape (plants,)
        Official grade; negative: refused. Such a plant is under no rule of the grade.
    numbers : MandateNumbers
        What the reasons mean, and the least limits.

    Raises
    ------
    ArgumentError
        If there is not one grade for each plant.
    """
    plants = inventory.plants
    codes = np.asarray(grade, dtype=np.int64)
    of_grade = grade_class(codes)
    if codes.shape != (len(plants),):
        mend = f"One grade for each of the {len(plants)} plants was expected."
        raise ArgumentError(Fault("grade", f"grade of shape {codes.shape}", mend))
    handles = np.zeros(len(plants), dtype=np.bool_)
    handles[inventory.holdings.plant[inventory.holdings.max_t > 0.0]] = True
    handles[inventory.vehicles.plant[inventory.vehicles.km > 0.0]] = True
    activities = [ACTIVITIES.index(name) for name in numbers.words["activities"]]
    kinds = [KINDS_OF_SITE.index(name) for name in numbers.words["kinds_of_site"]]
    met = np.stack(
        [
            plants.in_zone,
            handles & np.isin(plants.activity, activities),
            codes >= GRADES.index(numbers.words["at_least_grade"][0]),
            plants.key_permit,
            np.isin(plants.kind_of_site, kinds),
        ]
    )
    return Obligations(met, np.array(numbers.limits)[of_grade], plants.in_zone)


def obligation_group(found: Obligations, plants: ArrayLike, limit: ArrayLike) -> xr.Dataset:
    """Return the group ``who_must_insure``.

    Parameters
    ----------
    found : Obligations
        From :func:`obligations`.
    plants : array of str, shape (plants,)
        Identifiers.
    limit : array, shape (plants,)
        Limit of the cover in force; 0: uninsured [CNY].

    Returns
    -------
    xarray.Dataset
        By ``rule`` and ``plant``: ``met``; by ``plant``: ``reasons``: how many hold [1], ``minimum_limit``, ``limit``
        in force and ``shortfall`` of the limit below the minimum [CNY]; by ``rule``: ``plants_met`` [1] and
        ``plants_met_alone``: plants that no other reason catches [1], ``without_cover`` of those met [1].
    """
    has = numbers("limit", limit, least=0.0, dimensions=1, unit="CNY")
    reasons = found.met.sum(axis=0)
    bare = has == 0.0
    columns = {
        "met": (("rule", "plant"), found.met, "1", "Whether the reason holds"),
        "reasons": (("plant",), reasons, "1", "How many reasons hold"),
        "minimum_limit": (("plant",), found.minimum, "CNY", "Least limit of an accident by the grade"),
        "limit": (("plant",), has, "CNY", "Limit of the cover in force"),
        "shortfall": (
            ("plant",),
            np.maximum(found.minimum - has, 0.0),
            "CNY",
            "What the limit in force lacks of the least limit",
        ),
        "plants_met": (("rule",), found.met.sum(axis=1), "1", "Plants for which the reason holds"),
        "plants_met_alone": (
            ("rule",),
            (found.met & (reasons == 1)).sum(axis=1),
            "1",
            "Plants for which no other reason holds",
        ),
        "without_cover": (
            ("rule",),
            (found.met & bare).sum(axis=1),
            "1",
            "Of those met, plants without cover",
        ),
    }
    return xr.Dataset(
        {
            name: (dims, values, {"units": unit, "long_name": told})
            for name, (dims, values, unit, told) in columns.items()
        },
        coords={"rule": list(RULES), "plant": np.asarray(plants)},
    )


def uninsured_plants(
    found: Obligations,
    must: Flags,
    inventory: Inventory,
    grade: ArrayLike,
    ground_up: ArrayLike,
    limit: ArrayLike,
) -> pd.DataFrame:
    """Return the list of plants that must insure and have no cover, or less than the least limit.

    Parameters
    ----------
    found : Obligations
        From :func:`obligations`.
    must : array of bool, shape (plants,)
        Who must insure.
    inventory : Inventory
        The zone.
    grade : array of int, shape (plants,)
        Official grade; negative: refused.
    ground_up : array, shape (plants,)
        Expected loss before any policy [CNY/year].
    limit : array, shape (plants,)
        Limit of the cover in force; 0: uninsured [CNY].

    Returns
    -------
    DataFrame
        A row for each such plant, the largest expected loss first: ``plant_id``, ``name``, ``owner``, ``grade``,
        ``reasons`` separated by ``;``, ``in_zone``, ``limit_cny``, ``minimum_limit_cny``,
        ``expected_loss_cny_per_year``.
    """
    plants = inventory.plants
    loss = numbers("ground_up", ground_up, least=0.0, dimensions=1, unit="CNY/year")
    has = numbers("limit", limit, least=0.0, dimensions=1, unit="CNY")
    short = np.flatnonzero(np.asarray(must, np.bool_) & (has < found.minimum))
    of_grade = grade_class(grade)
    order = short[np.argsort(-loss[short], kind="stable")]
    return pd.DataFrame(
        {
            "plant_id": plants.ids[order],
            "name": plants.name[order],
            "owner": plants.owner[order],
            "grade": [GRADE_CLASSES[code] for code in of_grade[order].tolist()],
            "reasons": [
                "; ".join(rule for rule, holds in zip(RULES, found.met[:, i], strict=True) if holds)
                for i in order.tolist()
            ],
            "in_zone": np.where(plants.in_zone[order], "yes", "no"),
            "limit_cny": has[order],
            "minimum_limit_cny": found.minimum[order],
            "expected_loss_cny_per_year": loss[order],
        }
    )
