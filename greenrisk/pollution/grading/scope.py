# SPDX-License-Identifier: Apache-2.0
"""What HJ 941-2018 does not grade: the grade is refused with the method that applies; the plant stays in the zone."""

from __future__ import annotations

import numpy as np
import pandas as pd

from greenrisk.core.tables import STATUSES
from greenrisk.pollution.grading.rules import Rules
from greenrisk.pollution.inventory import Flags, Plants
from greenrisk.pollution.tables import KINDS_OF_SITE


def in_scope(plants: Plants, rules: Rules) -> Flags:
    """Return whether HJ 941-2018 grades each plant, shape (plants,)."""
    return np.asarray(rules.graded[plants.kind_of_site])


def refusals(plants: Plants, rules: Rules) -> pd.DataFrame:
    """Return the plants whose grade is refused.

    Parameters
    ----------
    plants : Plants
    rules : Rules

    Returns
    -------
    DataFrame
        Columns plant_id, name, kind_of_site, method (what applies instead), status (of the rule).
    """
    out = np.flatnonzero(~in_scope(plants, rules))
    kinds = plants.kind_of_site[out]
    return pd.DataFrame(
        {
            "plant_id": plants.ids[out],
            "name": plants.name[out],
            "kind_of_site": [KINDS_OF_SITE[kind] for kind in kinds],
            "method": [rules.methods[kind] for kind in kinds],
            "status": [STATUSES[rules.scope_status[kind]] for kind in kinds],
        }
    )
