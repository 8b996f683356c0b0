# SPDX-License-Identifier: Apache-2.0
"""Holdings as the grading counts them: tonnes over critical quantity, by list and by reading of the part.

What lives here: the arrays that the grading takes, and their making from an inventory. What does not: which substance
a holding is, how a solution is converted and which list it is in (:mod:`greenrisk.pollution.substance_search`,
:mod:`greenrisk.pollution.mixtures`, :mod:`greenrisk.pollution.media`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from greenrisk.core.errors import ArgumentError, Faults
from greenrisk.core.tables import STATUSES
from greenrisk.pollution.inventory import Flags, Floats, Holdings, Integers, Texts
from greenrisk.pollution.media import media
from greenrisk.pollution.mixtures import counted_tonnes
from greenrisk.pollution.substance_search import Resolved, resolve
from greenrisk.pollution.substances import Substances

TOXIC_GAS = ("1", "1 or 2")
"""Parts of App. A whose substances are toxic gases: surely, and perhaps."""


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
    on_site : array, shape (holdings,)
        Quantity on site as the user wrote it, solution included [t].
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
    part_status : array of int, shape (holdings,)
        Status of the substance's part of App. A, which tells a toxic gas.
    row : array of int, shape (holdings,), or None
        Row of the file of substances that each counts against; 0 where the substance is not known.
    source : array of str, shape (holdings,), or None
        Source of that row.

    Raises
    ------
    ArgumentError
        If a quantity is not a number or below 0, or a critical quantity not above 0.
    """

    plant: Integers
    name: Texts
    tonnes: Floats
    on_site: Floats
    critical: Floats
    listed: Flags
    toxic_gas: Flags
    known: Flags
    quantity_status: Integers
    list_status: Integers
    part_status: Integers
    row: Integers | None = None
    source: Texts | None = None

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


def count_holdings(holdings: Holdings, substances: Substances, resolved: Resolved | None = None) -> Counted:
    """Count the holdings of an inventory.

    Parameters
    ----------
    holdings : Holdings
    substances : Substances
        The table of substances and its rules.
    resolved : Resolved, optional
        Which substance each holding is, where that has been found already.

    Returns
    -------
    Counted
        The status of a quantity is the weaker of those of the critical quantity and of the rule for mixtures; the
        status of a place in the lists is the weaker of those of the substance's medium and of the rule for it.

    Raises
    ------
    ArgumentError
        If a known solution has no concentration.
    """
    if resolved is None:
        resolved = resolve(holdings, substances)
    tonnes, rule = counted_tonnes(holdings, resolved, substances)
    known, row = resolved.known, resolved.index
    lists = media(resolved, substances, holdings.state)
    part = substances.part[row]
    sure, perhaps = (known & (part == word) for word in TOXIC_GAS)
    place = np.maximum(
        status_codes(substances.medium_status[row]),
        status_codes(substances.media.status[substances.medium[row]]),
    )
    return Counted(
        plant=holdings.plant,
        name=np.where(known, substances.name_zh[row], _label(holdings)),
        tonnes=tonnes,
        on_site=holdings.max_t,
        critical=np.where(known, substances.critical[row], 1.0),
        listed=np.array([[lists.air_low, lists.water_low], [lists.air_high, lists.water_high]]),
        toxic_gas=np.array([sure, sure | perhaps]),
        known=known,
        quantity_status=np.maximum(
            status_codes(substances.quantity_status[row]), status_codes(substances.mixtures.status[rule])
        ),
        list_status=np.stack([place, place]),
        part_status=status_codes(substances.part_status[row]),
        row=np.where(known, substances.row[row], 0),
        source=np.where(known, substances.source[row], ""),
    )


def _label(holdings: Holdings) -> Texts:
    """Return the name of each holding as the user wrote it, its CAS number for want of one."""
    named = np.where(holdings.name_zh != "", holdings.name_zh, holdings.name_en)
    return np.where(named != "", named, holdings.cas)


def status_codes(words: Texts) -> Integers:
    """Return the code of each status; a word that is no status, such as ``unknown``, is unconfirmed."""
    codes = np.full(words.shape, STATUSES.index("unconfirmed"))
    for code, word in enumerate(STATUSES):
        codes[words == word] = code
    return codes
