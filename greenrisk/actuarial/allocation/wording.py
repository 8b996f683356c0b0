# SPDX-License-Identifier: Apache-2.0
"""How an allocation prints: a row a segment, and the total that they add up to."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from greenrisk.actuarial.allocation.segments import TOTAL
from greenrisk.actuarial.printing import amounts, error, percent, table

if TYPE_CHECKING:
    from greenrisk.actuarial.allocation.methods import Allocation


def allocation_table(found: Allocation) -> str:
    """Return mean, contribution with its error, and share of each segment.

    Parameters
    ----------
    found : Allocation
        The measure of the total and its parts.
    """
    count = found.contribution.size
    mean = found.mean.tolist()
    cells = amounts([*mean, math.fsum(mean), *found.contribution.tolist(), found.total])
    errors = [*(error(value) for value in found.standard_error.tolist()), ""]
    shares = [*(percent(value) for value in found.share.tolist()), percent(1.0)]
    names = [*(found.segments or map(str, range(count))), TOTAL]
    rows = list(zip(names, cells[: count + 1], cells[count + 1 :], errors, shares, strict=True))
    return "\n".join(
        [
            f"Allocation ({found.method}), amounts in the currency of the losses",
            table(("segment", "mean", "contribution", "± error", "share"), rows),
        ]
    )
