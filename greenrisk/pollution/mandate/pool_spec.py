# SPDX-License-Identifier: Apache-2.0
"""What a scenario says of the co-insurance pool of a zone and of its reinsurance."""

from __future__ import annotations

import math
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from greenrisk.actuarial.layers.layer import Layer, Reinstatements
from greenrisk.actuarial.layers.programme import Programme, QuotaShare
from greenrisk.core.spec import Spec


class MemberSpec(Spec):
    """A member of the pool."""

    name: str = Field(min_length=1)
    """Insurer."""

    share: float = Field(gt=0, le=1)
    """Share of every premium and claim [unitless]."""

    leads: bool = False
    """Whether it leads: issues policies, settles claims, is paid a fee and calls in what the others owe."""


class PoolSpec(Spec):
    """A co-insurance pool (共保体)."""

    members: tuple[MemberSpec, ...] = Field(min_length=1)
    """Members; their shares add up to 1, one of them leads."""

    lead_fee: float | None = Field(default=None, ge=0, lt=1)
    """What the others pay the leader, as a share of their premiums [unitless]; empty: the table of numbers."""

    settles_every_months: int | None = Field(default=None, ge=1, le=12)
    """How often accounts are settled [month]; empty: the table of numbers."""

    @model_validator(mode="after")
    def _whole_and_led(self) -> Self:
        wrong, names = [], [member.name for member in self.members]
        total = math.fsum(member.share for member in self.members)
        if abs(total - 1.0) > 1e-9:
            wrong.append(f"The shares add up to {total:.6g}, not to 1.")
        leaders = sum(member.leads for member in self.members)
        if leaders != 1:
            wrong.append(f"{leaders} members lead; one must.")
        wrong += [
            f"{name!r} stands there twice." for name in sorted({n for n in names if names.count(n) > 1})
        ]
        if wrong:
            raise ValueError(" ".join(wrong))
        return self


class ZoneQuotaShareSpec(Spec):
    """A share of every premium and every payment is ceded (成数分保)."""

    kind: Literal["quota_share"]
    """Which cover."""

    share: float = Field(gt=0, lt=1)
    """Ceded share [unitless]."""

    commission: float = Field(default=0.0, ge=0, lt=1)
    """Commission that the reinsurer pays, as a share of the ceded premium [unitless]."""


class ZoneExcessSpec(Spec):
    """Excess of loss for each event of the zone (超赔分保): the payments of all plants that one shock hits."""

    kind: Literal["excess_of_loss"]
    """Which cover."""

    attachment_cny: float = Field(ge=0)
    """What an event must exceed [CNY]."""

    limit_cny: float = Field(gt=0)
    """Most that the whole layer pays for one event [CNY]."""

    share: float = Field(default=1.0, gt=0, le=1)
    """Share of the layer that is placed [unitless]."""

    reinstatements: int | None = Field(default=None, ge=1, le=100)
    """How often the limit is made good; empty: for every event, without a premium."""

    reinstatement_rate: float = Field(default=1.0, ge=0, le=10)
    """Premium for reinstating the whole limit once, as a share of the cover's premium [unitless]."""

    premium_cny: float | None = Field(default=None, ge=0)
    """Premium of the placed share [CNY/year]; empty: what the simulated years say that it costs on average."""


class ZoneAggregateSpec(Spec):
    """Excess of the year's payments (年度累计超赔), stated in money."""

    kind: Literal["annual_excess"]
    """Which cover."""

    attachment_cny: float = Field(ge=0)
    """What the payments of a year must exceed [CNY]."""

    limit_cny: float = Field(gt=0)
    """Most that the whole cover pays in a year [CNY]."""

    share: float = Field(default=1.0, gt=0, le=1)
    """Share that is placed [unitless]."""

    premium_cny: float | None = Field(default=None, ge=0)
    """Premium of the placed share [CNY/year]; empty: what the simulated years say that it costs on average."""


ZoneCoverSpec = Annotated[
    ZoneQuotaShareSpec | ZoneExcessSpec | ZoneAggregateSpec, Field(discriminator="kind")
]


class ZoneReinsuranceSpec(Spec):
    """Reinsurance in inuring order."""

    covers: tuple[ZoneCoverSpec, ...] = ()
    """Covers in inuring order: each sees what those before it left; empty: everything is kept."""

    @property
    def labels(self) -> tuple[str, ...]:
        """What the report calls the covers, each by its place and kind."""
        return tuple(f"{at} {cover.kind.replace('_', ' ')}" for at, cover in enumerate(self.covers, start=1))

    def programme(self) -> Programme:
        """Return the covers as the library's programme."""
        return Programme(tuple(_step(cover) for cover in self.covers))


def _step(cover: ZoneQuotaShareSpec | ZoneExcessSpec | ZoneAggregateSpec) -> QuotaShare | Layer:
    if isinstance(cover, ZoneQuotaShareSpec):
        return QuotaShare(cover.share)
    if isinstance(cover, ZoneAggregateSpec):
        return Layer(
            math.inf,
            share=cover.share,
            annual_limit=cover.limit_cny,
            annual_attachment=cover.attachment_cny,
        )
    again = cover.reinstatements
    return Layer(
        cover.limit_cny,
        cover.attachment_cny,
        share=cover.share,
        reinstatements=None if again is None else Reinstatements(again, cover.reinstatement_rate),
    )
