# SPDX-License-Identifier: Apache-2.0
"""What a user writes of reinsurance: covers in inuring order, each of which sees what the covers before it left.

What they take of simulated years is computed in :mod:`greenrisk.resource.structure`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from greenrisk.actuarial.layers.layer import Layer, Reinstatements
from greenrisk.core.spec import Spec

PerilKind = Literal[
    "wildfire",
    "storm",
    "snow_ice",
    "drought",
    "flood",
    "pest",
    "low_water",
    "heat",
    "spill",
    "invasive",
]
"""Kinds of peril that a cover may be for: those of forests, then those that wetlands alone have."""


class QuotaShareSpec(Spec):
    """A share of every premium and every loss is ceded (成数分保)."""

    kind: Literal["quota_share"]
    """Which cover."""

    share: float = Field(gt=0, lt=1)
    """Ceded share of premium and losses [unitless]."""

    commission: float = Field(default=0.0, ge=0, lt=1)
    """Commission that the reinsurer pays, as a share of the ceded premium [unitless]."""


class SurplusSpec(Spec):
    """A share of each risk is ceded that grows with its sum insured (溢额分保)."""

    kind: Literal["surplus"]
    """Which cover."""

    retention_cny: float = Field(gt=0)
    """Line: sum insured that is kept of every risk [CNY]."""

    lines: float = Field(gt=0)
    """How many such lines are ceded at most [unitless]."""

    risk: Literal["owner", "stand"] = "owner"
    """What one risk is: all stands of an owner, i.e. a policy, or one stand."""

    commission: float = Field(default=0.0, ge=0, lt=1)
    """Commission that the reinsurer pays, as a share of the ceded premium [unitless]."""


class ReinstatementsSpec(Spec):
    """How often the limit of a cover is made good after losses, and at which premium."""

    count: int = Field(ge=1, le=100)
    """How often: the cover pays at most one limit more than that in a year."""

    rate: float = Field(default=1.0, ge=0)
    """Premium for reinstating the whole limit once, as a share of the cover's premium; 0: free [unitless]."""

    pro_rata_time: bool = False
    """Whether it is also in proportion to the rest of the policy year, besides the amount."""


class ExcessOfLossSpec(Spec):
    """An excess of loss cover for each event (超赔分保), of all perils or of named ones."""

    kind: Literal["excess_of_loss"]
    """Which cover."""

    name: str = ""
    """What the report calls it; empty: its kind."""

    perils: tuple[PerilKind, ...] = ()
    """Perils whose events it covers; empty: all."""

    attachment_cny: float = Field(ge=0)
    """What an event must exceed [CNY]."""

    limit_cny: float = Field(gt=0)
    """Most that the whole layer pays for one event [CNY]."""

    share: float = Field(default=1.0, gt=0, le=1)
    """Share of the layer that is placed [unitless]."""

    annual_attachment_cny: float = Field(default=0.0, ge=0)
    """What the layer's payments of a year must exceed [CNY]."""

    annual_limit_cny: float | None = Field(default=None, gt=0)
    """Most that the whole layer pays in a year [CNY]; empty: no limit but that of the reinstatements."""

    reinstatements: ReinstatementsSpec | None = None
    """Reinstatements; empty: the limit stands for every event, without a premium."""

    premium_cny: float | None = Field(default=None, ge=0)
    """Premium of the placed share for the year [CNY/year]; empty: what the simulated years say that it costs."""

    @model_validator(mode="after")
    def _names_each_peril_once(self) -> Self:
        for kind in self.perils:
            if self.perils.count(kind) > 1:
                raise ValueError(f"`perils` names {kind} {self.perils.count(kind)} times. Name it once.")
        return self

    def layer(self) -> Layer:
        """Return the layer, which knows nothing of perils."""
        again = self.reinstatements
        return Layer(
            limit=self.limit_cny,
            attachment=self.attachment_cny,
            share=self.share,
            annual_limit=math.inf if self.annual_limit_cny is None else self.annual_limit_cny,
            annual_attachment=self.annual_attachment_cny,
            reinstatements=None
            if again is None
            else Reinstatements(again.count, again.rate, again.pro_rata_time),
        )


class StopLossSpec(Spec):
    """A stop loss on the loss ratio of a year (赔付率超赔)."""

    kind: Literal["stop_loss"]
    """Which cover."""

    attachment: float = Field(gt=0)
    """Loss ratio (retained loss / retained gross premium) above which the reinsurer pays [unitless]."""

    limit: float = Field(gt=0)
    """Width of the layer, in loss ratio [unitless]."""

    premium_share: float | None = Field(default=None, ge=0, lt=1)
    """Its price, as a share of the retained gross premium [unitless]; empty: what the simulated years say that it
    costs."""


CoverSpec = Annotated[
    QuotaShareSpec | SurplusSpec | ExcessOfLossSpec | StopLossSpec, Field(discriminator="kind")
]

COVER_WORDS: Final = {
    "quota_share": "quota share",
    "surplus": "surplus",
    "excess_of_loss": "excess of loss",
    "stop_loss": "stop loss",
}
"""What a reader calls the covers."""

_OF_EVENTS: Final = ("surplus", "excess_of_loss")


class ReinsuranceSpec(Spec):
    """Reinsurance in inuring order."""

    covers: tuple[CoverSpec, ...] = ()
    """Covers in inuring order: each sees what those before it left; empty: everything is kept."""

    @model_validator(mode="after")
    def _can_be_told_apart_by_year(self) -> Self:
        kinds = [cover.kind for cover in self.covers]
        if kinds.count("surplus") > 1:
            raise ValueError("Two surplus treaties stand there. Add up their lines in one.")
        if "stop_loss" in kinds:
            late = [kind for kind in kinds[kinds.index("stop_loss") :] if kind in _OF_EVENTS]
            if late:
                raise ValueError(
                    f"A cover `{late[0]}` stands after a `stop_loss`. A stop loss is settled on the whole year, when "
                    "the events are settled already: list it after the covers of events."
                )
        return self

    @property
    def of_events(self) -> tuple[CoverSpec, ...]:
        """The covers up to the last one that looks at events or risks: they are settled block by block."""
        last = max((i for i, cover in enumerate(self.covers) if cover.kind in _OF_EVENTS), default=-1)
        return self.covers[: last + 1]

    @property
    def labels(self) -> tuple[str, ...]:
        """What the report calls the covers, each by its place and name."""
        names = [getattr(cover, "name", "") or COVER_WORDS[cover.kind] for cover in self.covers]
        return tuple(f"{place} {name}" for place, name in enumerate(names, start=1))

    def refuse_uninsured(self, insured: Iterable[str]) -> None:
        """Refuse covers of perils that the scenario does not insure.

        Parameters
        ----------
        insured : iterable of str
            Kinds of the insured perils.

        Raises
        ------
        ValueError
            With the first such peril, as a scenario's validator wants it.
        """
        known = set(insured)
        for label, cover in zip(self.labels, self.covers, strict=True):
            for kind in getattr(cover, "perils", ()):
                if kind not in known:
                    raise ValueError(
                        f"The cover {label} is for {kind}, which is not insured. Take it out of its `perils`, or "
                        "insure the peril."
                    )
