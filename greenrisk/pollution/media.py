# SPDX-License-Identifier: Apache-2.0
"""Which list of HJ 941, air or water, each holding counts in, under both readings of a part that is not known.

What lives here: the application of ``data/media_rules.csv``. What does not: the medium of a substance, which stands in
the table of substances.

References
----------
HJ 941-2018, clauses 6.1 (air) and 7.1 (water).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from greenrisk.pollution.inventory import Flags, Integers
from greenrisk.pollution.substance_search import Resolved
from greenrisk.pollution.substance_tables import READINGS
from greenrisk.pollution.substances import Substances
from greenrisk.pollution.tables import STATES


@dataclass(frozen=True, eq=False)
class Media:
    """Whether each holding counts, by medium and by reading.

    Parameters
    ----------
    air_low, air_high, water_low, water_high : array of bool, shape (holdings,)
        ``low`` is the reading of an unknown part, or of an unknown volatility, that leaves the substance out.
    """

    air_low: Flags
    air_high: Flags
    water_low: Flags
    water_high: Flags

    @property
    def differ(self) -> Flags:
        """Whether the readings of a holding differ, shape (holdings,)."""
        return np.asarray((self.air_low != self.air_high) | (self.water_low != self.water_high))


def media(resolved: Resolved, substances: Substances, state: Integers) -> Media:
    """Return the lists of each holding.

    Parameters
    ----------
    resolved : Resolved
        Which substance each holding is.
    substances : Substances
        The table and its rules.
    state : array of int, shape (holdings,)
        Physical state on site, index into ``STATES``.

    Returns
    -------
    Media
        An unknown substance is in no list.

    Notes
    -----
    Parts 1 to 4 and 6 are in the air list in whatever state; part 8 only if gaseous or volatile: a gas and a
    liquefied gas always, a liquid from the vapour pressure of the rule on, a solid never. A liquid whose vapour
    pressure is not known is out in the low reading and in in the high one.
    """
    rules, known = substances.media, resolved.known
    medium = substances.medium[resolved.index]
    pressure, from_pressure = substances.vapour_pressure[resolved.index], rules.volatile_from[medium]
    gaseous = np.isin(state, [STATES.index("gas"), STATES.index("liquefied_gas")])
    liquid = state == STATES.index("liquid")
    unknown = liquid & (np.isnan(pressure) | np.isnan(from_pressure))
    volatile = gaseous | (liquid & ~unknown & (pressure >= from_pressure))

    def counts(rule: Integers, otherwise: Flags) -> Flags:
        """Return where a rule says yes; where it asks for volatility, what volatility says."""
        answer = rule[medium]
        yes = answer == READINGS.index("yes")
        return np.asarray(known & (yes | ((answer == READINGS.index("if_volatile")) & otherwise)))

    return Media(
        air_low=counts(rules.air_low, volatile),
        air_high=counts(rules.air_high, volatile | unknown),
        water_low=counts(rules.water_low, volatile),
        water_high=counts(rules.water_high, volatile | unknown),
    )
