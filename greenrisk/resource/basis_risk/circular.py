# SPDX-License-Identifier: Apache-2.0
"""A loss that is made from its index proves nothing of the index: it is refused."""

from __future__ import annotations

from collections.abc import Mapping

from greenrisk.core.errors import Fault
from greenrisk.resource.index_cover.series import Floats, Origin


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
        Indices and total payment of the same years, by name, before any treatment; NaN where not known.
    """
    raise NotImplementedError
