# SPDX-License-Identifier: Apache-2.0
"""How many tonnes of each holding count towards Q of HJ 941.

What lives here: the arithmetic of the rules of ``data/mixture_rules.csv``. What does not: which rule a holding falls
under (:mod:`greenrisk.pollution.substance_search`).

References
----------
HJ 941-2018, clause on Q: mixtures and solutions are converted to the pure substance; reply of the ministry on
hydrochloric acid below 37 %.
"""

from __future__ import annotations

import numpy as np

from greenrisk.core.errors import ArgumentError, Faults
from greenrisk.pollution.inventory import Floats, Holdings, Integers
from greenrisk.pollution.substance_search import Resolved
from greenrisk.pollution.substance_tables import METHODS
from greenrisk.pollution.substances import Substances


def counted_tonnes(holdings: Holdings, resolved: Resolved, substances: Substances) -> tuple[Floats, Integers]:
    """Convert what is on site to what counts against the critical quantity.

    Parameters
    ----------
    holdings : Holdings
        What is on site.
    resolved : Resolved
        Which substance each is, and by which rule it counts.
    substances : Substances
        The table and its rules.

    Returns
    -------
    tonnes : array, shape (holdings,)
        Quantity that counts; 0 for an unknown substance [t].
    rule : array of int, shape (holdings,)
        Row of ``substances.mixtures``; -1 for an unknown substance.

    Raises
    ------
    ArgumentError
        If a known solution has no concentration.

    Notes
    -----
    ``share``: quantity times mass share. ``element``: that times the element's share of the molar mass. ``whole``:
    the quantity. ``reference``: quantity times mass share over the mass share of the reference solution.
    """
    rules, known = substances.mixtures, resolved.known
    method = np.where(known, rules.method[resolved.rule], -1)
    share = holdings.concentration
    needed = known & (method != METHODS.index("whole")) & np.isnan(share)
    if needed.any():
        faults = Faults()
        for place in np.flatnonzero(needed)[:10]:
            faults.add(
                f"holdings.row {holdings.row[place]}",
                "concentration = nan",
                "A solution counts by its substance: give the mass share.",
                "unitless, > 0 and <= 1",
            )
        faults.raise_if_any(ArgumentError)
    element = np.where(known, substances.element_share[resolved.index], np.nan)
    reference = np.where(known, rules.reference[resolved.rule], np.nan)
    tonnes = np.select(
        [method == METHODS.index(word) for word in ("share", "element", "whole", "reference")],
        [
            holdings.max_t * share,
            holdings.max_t * share * element,
            holdings.max_t,
            holdings.max_t * share / reference,
        ],
        default=0.0,
    )
    return np.asarray(tonnes, dtype=np.float64), resolved.rule
