# SPDX-License-Identifier: Apache-2.0
"""The card of the late and sudden transition: what it must hold, and its values put into a scenario or into draws."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from numpy.typing import ArrayLike

from greenrisk.core.card_roles import Role
from greenrisk.issuer.production.assumptions import Assumptions, assumptions_of
from greenrisk.issuer.production.spec import LateSudden

LATE_SUDDEN_USE: Final = "issuer.late_sudden"
"""Use of the card."""

LATE_SUDDEN_ROLE: Final = Role(
    "card",
    LATE_SUDDEN_USE,
    tuple(Assumptions.__dataclass_fields__),
    units={"discount_rate": "1/year", "growth_rate": "1/year", "risk_free_rate": "1/year"},
)
"""Its parameters are the names of :class:`greenrisk.issuer.production.assumptions.Assumptions`."""


def assumptions_from(spec: LateSudden, drawn: Mapping[str, ArrayLike]) -> Assumptions:
    """Return the numbers of the variants from draws of the card; what the scenario sets by hand is not moved.

    Parameters
    ----------
    spec : LateSudden
        The scenario; a field that it names keeps its value in every variant.
    drawn : mapping of str to array_like
        Values of the card's parameters, one a variant.

    Raises
    ------
    ArgumentError
        As :func:`greenrisk.issuer.production.assumptions.assumptions_of`.
    """
    return assumptions_of(spec, **{name: x for name, x in drawn.items() if name not in spec.model_fields_set})
