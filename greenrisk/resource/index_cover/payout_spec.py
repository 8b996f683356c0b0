# SPDX-License-Identifier: Apache-2.0
"""What a user writes of the payouts of an index cover: linear, by tiers, with two triggers; terms of the year."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from greenrisk.core.spec import Spec

Side = Literal["below", "above"]
"""Whether low or high values of the index are paid for."""


class LinearPayout(Spec):
    """A share of the sum insured that grows in a straight line from the trigger to the exit."""

    kind: Literal["linear"]
    """Which payout."""

    index: str
    """Name of the index."""

    pays: Side
    """Whether values below or above the trigger are paid for."""

    trigger: float
    """Value from which on something is paid, in the index's unit."""

    exit: float
    """Value from which on the whole sum insured is paid."""

    least: float = Field(default=0.0, ge=0, lt=1)
    """Share of the sum insured that is paid at the trigger already (a step) [unitless]."""

    @model_validator(mode="after")
    def _exit_lies_beyond(self) -> Self:
        beyond = self.exit < self.trigger if self.pays == "below" else self.exit > self.trigger
        if not beyond:
            where = "below" if self.pays == "below" else "above"
            raise ValueError(
                f"The exit {self.exit:g} lies on the wrong side: a cover that pays {where} its trigger "
                f"{self.trigger:g} needs an exit {where} it."
            )
        return self


class TierSpec(Spec):
    """One tier of an index."""

    edge: float
    """Value at which the tier begins, seen from the trigger, in the index's unit."""

    inclusive: bool
    """Whether a value equal to the edge belongs to the tier."""

    share: float = Field(gt=0, le=1)
    """Share of the sum insured that the tier pays [unitless]."""


class TierPayout(Spec):
    """Shares of the sum insured by tiers of the index."""

    kind: Literal["tiers"]
    """Which payout."""

    index: str
    """Name of the index."""

    pays: Side
    """Whether tiers lie below or above the first edge."""

    tiers: tuple[TierSpec, ...] = Field(min_length=1)
    """Tiers from the mildest to the severest."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        sign = -1.0 if self.pays == "below" else 1.0
        for mild, severe in zip(self.tiers, self.tiers[1:], strict=False):
            if not sign * severe.edge > sign * mild.edge:
                raise ValueError(
                    f"Tiers overlap: the edge {severe.edge:g} stands after {mild.edge:g}. Tiers go from the mildest to "
                    f"the severest, each edge {self.pays} the one before."
                )
            if severe.share < mild.share:
                raise ValueError(
                    f"The tier at {severe.edge:g} pays {severe.share:g}, less than the {mild.share:g} of the milder "
                    "tier before it."
                )
        return self


SinglePayout = Annotated[LinearPayout | TierPayout, Field(discriminator="kind")]


class DoublePayout(Spec):
    """Two triggers: something is paid only where both indices say so."""

    kind: Literal["double"]
    """Which payout."""

    first: SinglePayout
    """The one."""

    second: SinglePayout
    """The other."""

    combine: Literal["min", "product", "first"] = "min"
    """The smaller share, the product of both, or that of the first once the second pays anything."""


Payout = Annotated[LinearPayout | TierPayout | DoublePayout, Field(discriminator="kind")]


class IndexCover(Spec):
    """One cover: a payout on a sum insured."""

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._-]*$")
    """What the report calls it."""

    payout: Payout
    """From the index to the share of the sum insured."""

    sum_insured_cny: float = Field(gt=0)
    """Most that a season or an event can pay [CNY]."""

    deductible_cny: float = Field(default=0.0, ge=0)
    """Deducted from every payment [CNY]."""

    annual_limit_cny: float | None = Field(default=None, gt=0)
    """Most that the events of one year pay [CNY]; empty: the sum insured, once."""

    @property
    def most_a_year(self) -> float:
        """Most that the cover pays in a year [CNY]."""
        return self.sum_insured_cny if self.annual_limit_cny is None else self.annual_limit_cny


class AggregateSpec(Spec):
    """Terms of the year over all covers together."""

    deductible_cny: float = Field(default=0.0, ge=0)
    """Deducted from the payments of the year [CNY]."""

    limit_cny: float | None = Field(default=None, gt=0)
    """Most that all covers pay in a year [CNY]; empty: no limit but their own."""
