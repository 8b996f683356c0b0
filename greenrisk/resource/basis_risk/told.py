# SPDX-License-Identifier: Apache-2.0
"""What so many years cannot tell of a cover's basis risk, in sentences for the report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from greenrisk.resource.basis_risk.intervals import Measure

FEW: Final = 30
"""Years below which the report says that they are few [year]."""


def years_told(
    years: int, paid: int, measures: Mapping[str, Measure], *, simulated: bool, block_years: int
) -> str:
    """Return what the years cannot tell.

    Parameters
    ----------
    years, paid : int
        Years, and those of them with a payment.
    measures : mapping of str to Measure
        By name; ``spearman`` and ``false_negatives`` among them.
    simulated : bool
        Whether the years were simulated.
    block_years : int
        Length of the blocks that the bootstrap drew [year].
    """
    if simulated:
        return (
            f"{years:,} simulated years: a standard error is the luck of the simulation alone. How losses and index "
            "move together is declared by a card, not measured; another card gives other figures."
        )
    missed = measures["false_negatives"]
    told = [f"{years} years: nothing rarer than once in {years} years was seen."]
    if paid == 0:
        told.append("No year was paid: whether the cover pays in a bad year is not known from this record.")
    else:
        told.append(
            f"{paid} {'year was' if paid == 1 else 'years were'} paid; of the {missed.years} "
            f"worst {'year' if missed.years == 1 else 'years'} "
            f"{round(missed.value * missed.years) if missed.years else 0} went unpaid, which fits anything from "
            f"{missed.low:.0%} to {missed.high:.0%} of such years in the long run."
        )
    ranks = measures.get("spearman_index", measures["spearman"])
    if ranks.low == ranks.low:
        told.append(
            f"A rank correlation of {ranks.value:.2f} may be {ranks.low:.2f} to {ranks.high:.2f}, and it weighs mild "
            "years as much as bad ones."
        )
    if years < FEW:
        told.append(
            "With so few years an interval from resampling tends to be too narrow: it knows no year that did not "
            "happen."
        )
    blocks = "single years" if block_years == 1 else f"blocks of {block_years} years"
    told.append(
        f"90 % intervals: {blocks} drawn again, the treatment of the record, the loading and all cards held; shares of "
        "counted years: exact, as if years were independent."
    )
    told.append(
        "Whether trigger and exit were chosen with these years in sight is not known here: where they were, the "
        "measures flatter the cover."
    )
    return " ".join(told)
