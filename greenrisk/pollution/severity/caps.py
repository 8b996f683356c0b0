# SPDX-License-Identifier: Apache-2.0
"""The cap on one head of one accident: what a law without a finite mean cannot do without.

What lives here: the three sorts of cap and the amount of each. What does not: the limit of a policy on a whole
accident or year (:mod:`greenrisk.pollution.liability`), which is settled loss by loss.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from greenrisk.actuarial.arguments import keep, one_of, within

CAP_KINDS: Final = ("physical", "asset", "policy")
"""What ends a loss: the largest thought possible, the assets of who answers for it, or the limit of a cover."""


@dataclass(frozen=True)
class Cap:
    """The most that one head of one accident costs.

    Parameters
    ----------
    kind : {"physical", "asset", "policy"}
        What it rests on; told beside every figure that depends on it.
    amount : float
        > 0 [CNY].

    Raises
    ------
    ArgumentError
        If the kind is unknown or the amount not > 0 and finite.
    """

    kind: str
    amount: float

    def __post_init__(self) -> None:
        """Refuse an unknown kind and an amount that caps nothing."""
        keep(
            self,
            kind=lambda name, given: one_of(name, given, CAP_KINDS),
            amount=within(above=0.0, unit="CNY"),
        )
