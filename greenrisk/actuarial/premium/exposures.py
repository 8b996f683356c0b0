# SPDX-License-Identifier: Apache-2.0
"""What rates are quoted on, by segment, and what fixed expenses are counted by.

The premium is built in :mod:`greenrisk.actuarial.premium.gross`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greenrisk.actuarial.aggregate.loss import AggregateLoss
from greenrisk.actuarial.allocation.segments import one_a_segment, with_total
from greenrisk.actuarial.arguments import numbers
from greenrisk.actuarial.labels import in_order, row_labels
from greenrisk.actuarial.premium.loadings import Loadings
from greenrisk.core.errors import ArgumentError, Fault

Floats = NDArray[np.float64]


def exposures(
    losses: ArrayLike | AggregateLoss, segments: Sequence[str], exposure: Mapping[str, ArrayLike]
) -> dict[str, Floats]:
    """Return the exposures with their totals, or refuse losses and exposures that do not match the segments.

    Parameters
    ----------
    losses : array or DataFrame, shape (year,) or (year, segment), or AggregateLoss
        What is covered.
    segments : sequence of str, length segment
        Names of the segments, without the total.
    exposure : mapping of str to array, shape (segment,)
        What rates are quoted on, >= 0.

    Raises
    ------
    ArgumentError
        If lengths differ, or a Series names the segments in another order.
    """
    shape = () if isinstance(losses, AggregateLoss) else np.shape(losses)
    if len(shape) > 2:
        what = f"losses of shape {shape}"
        raise ArgumentError(
            Fault("losses", what, "Losses of shape (year,) or (year, segment) were expected.")
        )
    columns = {name: np.atleast_1d(numbers(name, values, least=0.0)) for name, values in exposure.items()}
    if segments or len(shape) == 2:
        for name, values in exposure.items():
            in_order(name, row_labels(values), segments, "segments")
        one_a_segment(segments, losses=range(shape[1] if len(shape) == 2 else 0), **columns)
        return {name: with_total(values) for name, values in columns.items()}
    for name, values in columns.items():
        if values.size != 1:
            raise ArgumentError(
                Fault(name, f"{values.size} values", "Without segments one number was expected.")
            )
    return columns


def expense_base(held: Mapping[str, Floats], segments: Sequence[str], loadings: Loadings) -> Floats:
    """Return what fixed expenses are counted by: the first exposure, or 1 for all.

    Parameters
    ----------
    held : mapping of str to array, shape (segment,)
        Exposures, the total first.
    segments : sequence of str
        Names of the segments, without the total.
    loadings : Loadings
        Their fixed expenses.

    Raises
    ------
    ArgumentError
        If segments have nothing by which to share them.
    """
    if held:
        return next(iter(held.values()))
    if segments and loadings.fixed_expenses > 0.0:
        what = f"fixed_expenses = {loadings.fixed_expenses:g} without an exposure"
        raise ArgumentError(Fault("exposure", what, "Say by what the segments share the fixed expenses."))
    return np.ones(1 + len(segments))
