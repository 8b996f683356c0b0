# SPDX-License-Identifier: Apache-2.0
"""A loss that is made from its index proves nothing of the index: it is refused.

Three signs are looked for: cells that both were read from, a loss in the same order as an index or a payment, and a
loss that is an exact sum of multiples of them. Neither a copy with noise added is found, nor one term of the
index's sum copied to another file: who gives a loss answers for it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

import numpy as np

from greenrisk.core.errors import Fault
from greenrisk.resource.basis_risk.sample_measures import spearman
from greenrisk.resource.index_cover.series import Floats, Origin

SAME_ORDER: Final = 0.999
"""Rank correlation, without its sign, from which on a loss counts as a function of an index: of 13 years exchanged at
random even one pair of neighbours out of order gives 0.9945 [unitless]."""

BY_LUCK: Final = 1e-6
"""Chance of an order without exception below which it is not put down to luck [unitless]."""

EXACT: Final = 1e-9
"""Residual, as a share of the spread of the loss, below which a sum of multiples is exact [unitless]."""

FEWEST: Final = 5
"""Common years below which nothing can be told [year]."""

MOST_ROWS: Final = 10
"""Rows of a file that a fault names."""

MEND: Final = (
    "A loss that is made from its index says nothing of basis risk. Give losses that were recorded by others: another "
    "place, another column, another file."
)


def circular_faults(
    where: str,
    loss_origin: Origin,
    index_origins: Mapping[str, Origin],
    loss: Floats,
    drivers: Mapping[str, Floats],
) -> list[Fault]:
    """Return why a loss counts as made from its index; empty where nothing says so.

    Parameters
    ----------
    where : str
        Place of the loss in the scenario, ``file:line:col``.
    loss_origin : Origin
        Cells that the loss was read from.
    index_origins : mapping of str to Origin
        Cells behind each series of the indices, by the series' name.
    loss : array, shape (years,)
        The loss, before any treatment; NaN where not known [CNY].
    drivers : mapping of str to array, shape (years,)
        Indices and total payment of the same years, by what a reader calls them (``index low-water``, ``payment``),
        before any treatment; NaN where not known.

    Notes
    -----
    An order without exception is judged by its chance in a random order, ``2 prod(t_i!) / n!`` with ``t_i`` the sizes
    of groups of equal losses: a payment that is zero in most years does not reach a rank correlation of 0.999, and is
    found so. Years with equal values of an index must have equal losses.
    """
    shared = [
        Fault(
            where,
            f"{count} of {len(loss_origin.rows)} values, {rows}",
            f"The series `{name}` of an index reads them too. {MEND}",
        )
        for name, origin in index_origins.items()
        if (count := loss_origin.shared(origin))
        for rows in [_rows(loss_origin, origin)]
    ]
    if shared:
        return shared
    single = [
        Fault(where, told, MEND)
        for name, driver in drivers.items()
        for told in [_function(loss, driver, name)]
        if told
    ]
    return single or _mixture(where, loss, drivers)


def _rows(loss: Origin, index: Origin) -> str:
    rows = sorted(loss.rows & index.rows)
    first = ", ".join(map(str, rows[:MOST_ROWS]))
    more = f" and {len(rows) - MOST_ROWS} more" if len(rows) > MOST_ROWS else ""
    return f"{'row' if len(rows) == 1 else 'rows'} {first}{more} of column `{loss.column}`"


def _function(loss: Floats, driver: Floats, name: str) -> str:
    """Return in which way a loss is a function of one driver; empty where it is none."""
    known = np.isfinite(loss) & np.isfinite(driver)
    x, y = driver[known], loss[known]
    if y.size < FEWEST or np.unique(y).size < 2 or np.unique(x).size < 2:
        return ""
    ranks = float(spearman(x, y))
    if abs(ranks) >= SAME_ORDER:
        return f"rank correlation of the loss and {name} is {ranks:.4f} in {y.size} years"
    if _without_exception(x, y) and _chance_of_order(y) < BY_LUCK:
        return f"the loss follows the order of {name} without exception in {y.size} years"
    if np.unique(x).size > 2 and _exact(x[:, None], y):
        return f"the loss is a multiple of {name} in all {y.size} years"
    return ""


def _without_exception(x: Floats, y: Floats) -> bool:
    """Return whether y never falls (or never rises) with x, and is the same where x is."""
    order = np.lexsort((y, x))
    dx, dy = np.diff(x[order]), np.diff(y[order])
    if bool((dy[dx == 0] != 0).any()):
        return False
    return bool((dy >= 0).all() or (dy <= 0).all())


def _chance_of_order(loss: Floats) -> float:
    _, sizes = np.unique(loss, return_counts=True)
    logarithm = sum(math.lgamma(size + 1) for size in sizes) - math.lgamma(loss.size + 1)
    return 2.0 * math.exp(logarithm)


def _exact(drivers: Floats, loss: Floats) -> bool:
    """Return whether the loss is a constant and a sum of multiples of the drivers, with years to spare."""
    if loss.size < drivers.shape[1] + 3:
        return False
    spread = drivers.std(axis=0)
    scaled = (drivers - drivers.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    design = np.column_stack([np.ones(loss.size), scaled])
    found, *_ = np.linalg.lstsq(design, loss, rcond=None)
    return bool(np.abs(loss - design @ found).max() <= EXACT * np.ptp(loss))


def _mixture(where: str, loss: Floats, drivers: Mapping[str, Floats]) -> list[Fault]:
    """Return whether the loss is a sum of multiples of all drivers."""
    if len(drivers) < 2:
        return []
    columns = np.column_stack(list(drivers.values()))
    known = np.isfinite(loss) & np.isfinite(columns).all(axis=1)
    y = loss[known]
    if y.size < FEWEST or np.unique(y).size < 3 or not _exact(columns[known], y):
        return []
    names = ", ".join(drivers)
    return [Fault(where, f"the loss is a sum of multiples of {names} in all {y.size} years", MEND)]
