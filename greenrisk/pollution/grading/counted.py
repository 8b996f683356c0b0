# SPDX-License-Identifier: Apache-2.0
"""Holdings as the grading counts them: tonnes over critical quantity, by list and by reading of the part.

What lives here: the arrays that the grading takes. What does not: how a solution is converted and which list a
substance belongs to (:mod:`greenrisk.pollution.mixtures`, :mod:`greenrisk.pollution.substances`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from greenrisk.core.errors import ArgumentError, Faults
from greenrisk.pollution.inventory import Flags, Floats, Integers, Texts


@dataclass(frozen=True, eq=False)
class Counted:
    """Substances on site, counted by HJ 941-2018.

    Parameters
    ----------
    plant : array of int, shape (holdings,)
        Index of the plant, non-decreasing.
    name : array of str, shape (holdings,)
        Name to print.
    tonnes : array, shape (holdings,)
        Counted quantity, >= 0; 0 where the substance is not known [t].
    critical : array, shape (holdings,)
        Critical quantity, > 0; any where the substance is not known [t].
    listed : array of bool, shape (readings, media, holdings)
        Whether it counts for air and for water, in the low and the high reading of the part.
    toxic_gas : array of bool, shape (readings, holdings)
        Whether it is a toxic gas (part 1), in both readings.
    known : array of bool, shape (holdings,)
        Whether the substance is known; what is not known counts nowhere.
    quantity_status : array of int, shape (holdings,)
        Status of the critical quantity.
    list_status : array of int, shape (media, holdings)
        Status of the substance's place in, or out of, the list.

    Raises
    ------
    ArgumentError
        If a quantity is not a number or below 0, or a critical quantity not above 0.
    """

    plant: Integers
    name: Texts
    tonnes: Floats
    critical: Floats
    listed: Flags
    toxic_gas: Flags
    known: Flags
    quantity_status: Integers
    list_status: Integers

    def __post_init__(self) -> None:
        """Refuse what no ratio can be made of."""
        faults = Faults()
        for k in np.flatnonzero(~(self.tonnes >= 0.0))[:5]:
            faults.add(
                f"holding {k + 1}",
                f"{self.name[k]}, counted tonnes = {self.tonnes[k]:g}",
                "It must be a number >= 0. A solution needs its concentration.",
                "t",
            )
        for k in np.flatnonzero(~(self.critical > 0.0))[:5]:
            faults.add(
                f"holding {k + 1}",
                f"{self.name[k]}, critical quantity = {self.critical[k]:g}",
                "It must be > 0.",
                "t",
            )
        for k in np.flatnonzero(~self.known & (self.tonnes > 0.0))[:5]:
            faults.add(
                f"holding {k + 1}",
                f"{self.name[k]}, counted tonnes = {self.tonnes[k]:g}",
                "A substance that is not known counts 0.",
                "t",
            )
        faults.raise_if_any(ArgumentError)

    @property
    def ratio(self) -> Floats:
        """Quantity over critical quantity, shape (holdings,) [unitless]."""
        return self.tonnes / self.critical
