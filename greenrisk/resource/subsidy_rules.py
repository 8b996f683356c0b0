# SPDX-License-Identifier: Apache-2.0
"""What a user writes under ``subsidy``: who pays the premium, by forest type and first year.

Which rule holds in the underwriting year is chosen in :mod:`greenrisk.resource.subsidies_in_force`; how a premium is
split by it is in :mod:`greenrisk.resource.subsidy`.
"""

from __future__ import annotations

import math
from typing import Final, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from greenrisk.core.spec import Spec

PAYERS: Final = ("central", "province", "county", "owner")
"""Payers in the order of the result."""

TOLERANCE: Final = 1e-9
"""By how much shares may miss 1, and what is given may miss what is asked [unitless]."""


class SubsidyRule(Spec):
    """Who pays the gross premium of one forest type from a year on; the four shares sum to 1."""

    forest_type: Literal["public_benefit", "commercial"]
    """Public-benefit (公益林) or commercial forest (商品林)."""

    from_year: int = Field(ge=2000, le=2100)
    """First underwriting year of the rule; it holds until the next rule of the forest type [year]."""

    central: float = Field(ge=0, le=1)
    """Share of the central state [unitless]."""

    province: float = Field(ge=0, le=1)
    """Share of the province [unitless]."""

    county: float = Field(ge=0, le=1)
    """Share of city and county [unitless]."""

    owner: float = Field(ge=0, le=1)
    """Share of the forest owner [unitless]."""

    status: Literal["confirmed", "unconfirmed", "illustrative", "user"] = "user"
    """How far the rule is known."""

    source: str = ""
    """Notice or page in which it stands."""

    @model_validator(mode="after")
    def _sum_to_one(self) -> Self:
        given = math.fsum((self.central, self.province, self.county))
        total = math.fsum((given, self.owner))
        if abs(total - 1.0) > TOLERANCE:
            mend = f" What the others leave to the owner is {1.0 - given:.6g}." if given <= 1.0 else ""
            raise ValueError(
                f"The subsidy shares of {self.forest_type} from {self.from_year} sum to {total:.6g}; "
                f"they must sum to 1.{mend}"
            )
        return self

    @model_validator(mode="after")
    def _confirmed_where(self) -> Self:
        if self.status == "confirmed" and not self.source:
            raise ValueError("A confirmed rule names its `source`.")
        return self

    @property
    def shares(self) -> NDArray[np.float64]:
        """Shares of :data:`PAYERS`, divided by their sum, shape (payer,) [unitless]."""
        shares = np.array([getattr(self, payer) for payer in PAYERS])
        return np.asarray(shares / math.fsum(shares))


class SubsidiesSpec(Spec):
    """Who pays the premium, by forest type and year: rules of one's own, rules seen in a region, or both."""

    rules: tuple[SubsidyRule, ...] = ()
    """Rules of one's own; they go before those of the table."""

    region: str | None = None
    """Region of `table` whose rules hold where `rules` has none for the forest type; empty: `rules` alone."""

    table: str = "subsidy_rules_seen.csv"
    """Table of rules seen (see `show table subsidy-rules`), among them the conditions of the central state."""

    @model_validator(mode="after")
    def _some_rule(self) -> Self:
        if not self.rules and self.region is None:
            raise ValueError("Nobody pays: give `rules`, or a `region` of the table of rules.")
        keys = [(rule.forest_type, rule.from_year) for rule in self.rules]
        twice = [f"{kind} from {year}" for kind, year in dict.fromkeys(keys) if keys.count((kind, year)) > 1]
        if twice:
            raise ValueError(f"Two rules for {', '.join(twice)}; one holds at a time.")
        return self
