# SPDX-License-Identifier: Apache-2.0
"""A recorded loss: read, brought to years and money, and treated as the index is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from greenrisk.core.card_roles import Role, Wanted
from greenrisk.core.ledger import Ledger
from greenrisk.core.sources import Sources
from greenrisk.resource.basis_risk.loss_spec import RecordedLoss
from greenrisk.resource.index_cover.series import Floats, Integers, Origin

UNIT_COST: Final = Role("cost", "index.unit_cost", ("cost_per_ha",), units={"cost_per_ha": "CNY/ha"})
"""What the card of a hectare's cost must hold."""


@dataclass(frozen=True, eq=False)
class YearLoss:
    """The buyer's loss by year, as recorded.

    Parameters
    ----------
    year : array of int, shape (years,)
        Increasing by one.
    amount : array, shape (years,)
        As recorded, summed over the year; NaN where the record has no value [unit].
    unit : str
        ``ha`` or ``CNY``.
    origin : Origin
        Cells that it was read from.
    name : str
        The file, as the scenario names it.
    limit : float or None
        Most that the buyer can lose in a year [CNY].
    """

    year: Integers
    amount: Floats
    unit: str
    origin: Origin
    name: str
    limit: float | None

    def money(self, values: Mapping[str, float | str] | None) -> Floats:
        """Return the loss in money.

        Parameters
        ----------
        values : mapping or None
            Values of the card of a hectare's cost; None for a record in CNY.

        Returns
        -------
        array, shape (years,)
            [CNY]
        """
        raise NotImplementedError


def wanted_cost(spec: RecordedLoss | None) -> dict[str, Wanted]:
    """Return the card that a recorded loss needs, by role ``unit_cost``; empty for a record in CNY."""
    if spec is None or spec.cost is None:
        return {}
    return {"unit_cost": Wanted(spec.cost, ("loss", "cost"), UNIT_COST)}


def read_loss(spec: RecordedLoss, sources: Sources) -> YearLoss | None:
    """Read a recorded loss; None where faults were recorded.

    Parameters
    ----------
    spec : RecordedLoss
        What the scenario says.
    sources : Sources
        Reads the table and takes the faults: those of a series, a unit that is neither ha nor CNY, ha without a card,
        CNY with one, negative losses.
    """
    raise NotImplementedError


def treat_loss(
    year: Integers, loss: Floats, treatment: str, changes: object, scale: str, ledger: Ledger
) -> tuple[Integers, Floats]:
    """Treat a loss as its index is treated, with the index's break: years and losses that are kept.

    Parameters
    ----------
    year, loss : array, shape (years,)
        Years and losses [CNY].
    treatment : str
        What is done to the index, resolved.
    changes : Changes
        What the tests found in the index.
    scale : str
        ``plain`` or ``log``.
    ledger : Ledger
        Told losses below 0 that a treatment made, which are set to 0.
    """
    raise NotImplementedError
