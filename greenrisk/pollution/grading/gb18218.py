# SPDX-License-Identifier: Apache-2.0
"""GB 18218-2018: R and level of a plant as a major hazard installation, beside its environmental grade.

The thresholds differ widely from the critical quantities of HJ 941 (ammonia 10 t against 5 t, methanol 500 t against
10 t), and far fewer are known here. R only grows as substances are added: where a held substance has no threshold or
factor, the level that the others reach is told as `at least`, the first level is settled, and where they reach none the
level is `not determined (list incomplete)`, never a statement that the plant is no installation.

References
----------
危险化学品重大危险源辨识 (Identification of major hazard installations for hazardous chemicals), GB 18218-2018:
R = alpha sum(beta q / Q), levels by R. Read in a transcription; that the sum must reach 1 is from memory.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from greenrisk.core.errors import ArgumentError, Faults
from greenrisk.pollution.grading.hj941 import ROUNDING
from greenrisk.pollution.grading.rules import Rules
from greenrisk.pollution.inventory import Flags, Floats, Integers, Texts

NO_LEVEL: Final = 0
"""Code of a plant whose list is complete and whose sum does not reach 1."""

NOT_DETERMINED: Final = -1
"""Code of a plant with a substance of unknown threshold or factor that could raise its level."""


@dataclass(frozen=True, eq=False)
class MajorHazard:
    """Major hazard installations.

    Parameters
    ----------
    ratio_sum : array, shape (plants,)
        Sum of quantity over threshold, of the substances whose threshold is known [unitless].
    alpha : array, shape (plants,)
        Factor for the people exposed [unitless].
    r : array, shape (plants,)
        R of the substances whose threshold and factor are known: a lower bound where the list is incomplete [unitless].
    missing : array of int, shape (plants,)
        Held substances without threshold or factor.
    level : array of int, shape (plants,)
        1 (the most severe) to 4; ``NO_LEVEL``, ``NOT_DETERMINED``.
    at_least : array of int, shape (plants,)
        Level that the substances with threshold and factor reach: the plant has it or a severer one; ``NO_LEVEL`` where
        they reach none.
    status : array of int, shape (plants,)
        Weakest status of the thresholds, factors and levels behind it.
    """

    ratio_sum: Floats
    alpha: Floats
    r: Floats
    missing: Integers
    level: Integers
    at_least: Integers
    status: Integers

    @property
    def determined(self) -> Flags:
        """Whether every held substance has threshold and factor, shape (plants,)."""
        return np.asarray(self.missing == 0)


def major_hazard(
    plant: Integers,
    tonnes: Floats,
    threshold: Floats,
    beta: Floats,
    status: Integers,
    people: Floats,
    rules: Rules,
) -> MajorHazard:
    """Return R and level of every plant.

    Parameters
    ----------
    plant : array of int, shape (holdings,)
        Index of the plant.
    tonnes : array, shape (holdings,)
        Largest quantity on site, a mixture as a whole, >= 0 [t].
    threshold, beta : array, shape (holdings,)
        Threshold [t] and factor of the substance [unitless]; NaN where not known.
    status : array of int, shape (holdings,)
        Status of the threshold or of the factor, the weaker of the two.
    people : array, shape (plants,)
        People exposed: within 500 m of the site [person].
    rules : Rules

    Raises
    ------
    ArgumentError
        If a quantity is not a number or below 0.

    Notes
    -----
    The standard judges units of production and of storage one by one, the inventory holds plants: the plant's sum is at
    least that of any of its units, so that the level here is the severest that any unit can have. A mixture counts as a
    whole, as if its hazard were that of the pure substance, which is cautious too. A substance held at 0 t is none.
    """
    if not (tonnes >= 0.0).all():
        faults = Faults()
        worst = int(np.flatnonzero(~(tonnes >= 0.0))[0])
        faults.add(f"holding {worst + 1}", f"tonnes = {tonnes[worst]:g}", "It must be a number >= 0.", "t")
        faults.raise_if_any(ArgumentError)
    n = people.size
    held = tonnes > 0.0
    known = ~np.isnan(threshold)
    ratio = np.where(known, tonnes / np.where(known, threshold, 1.0), 0.0)
    complete = known & ~np.isnan(beta)
    ratio_sum = np.asarray(np.bincount(plant, ratio, n), dtype=np.float64)
    weighted = np.where(complete, ratio * np.where(complete, beta, 0.0), 0.0)
    row = np.searchsorted(rules.alpha_from, people, side="right") - 1
    alpha = rules.alpha[row]
    r = alpha * np.asarray(np.bincount(plant, weighted, n), dtype=np.float64)
    missing = np.bincount(plant[held & ~complete], minlength=n).astype(np.int64)
    reached = r[:, None] >= rules.level_from * (1.0 - ROUNDING)
    level = reached.argmax(axis=1) + 1
    none = ratio_sum < rules.special["major_hazard_sum"] * (1.0 - ROUNDING)
    weakest = np.maximum(rules.alpha_status[row], int(rules.level_status.max()))
    weakest = np.where(none, rules.special_status["major_hazard_sum"], weakest)
    np.maximum.at(weakest, plant[held & complete], status[held & complete])
    at_least = np.where(none, NO_LEVEL, level)
    return MajorHazard(
        ratio_sum,
        alpha,
        r,
        missing,
        np.where((missing > 0) & (at_least != 1), NOT_DETERMINED, at_least),
        at_least,
        weakest,
    )


def hazard_texts(hazard: MajorHazard, rules: Rules) -> Texts:
    """Return what is printed of each plant: its level, or why it has none, shape (plants,)."""
    words = rules.tables["gb18218-levels"].sort_values("level")["name_zh"].tolist()
    texts = []
    for level, at_least, r, total, missing in zip(
        hazard.level.tolist(),
        hazard.at_least.tolist(),
        hazard.r.tolist(),
        hazard.ratio_sum.tolist(),
        hazard.missing.tolist(),
        strict=True,
    ):
        if level == NOT_DETERMINED:
            open_list = f"(list incomplete): {missing} of its substances; R at least {r:.3g}"
            reached = f"at least {words[at_least - 1]} (level {at_least})" if at_least else "not determined"
            texts.append(f"{reached} {open_list}")
        elif level == NO_LEVEL:
            texts.append(f"no level: the sum of quantity over threshold is {total:.3g}")
        else:
            of_known = f"R at least {r:.3g} (list incomplete: {missing} of its substances)"
            texts.append(f"{words[level - 1]} (level {level}), {of_known if missing else f'R = {r:.3g}'}")
    return np.array(texts, dtype=np.str_)
