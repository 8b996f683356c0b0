# SPDX-License-Identifier: Apache-2.0
"""The wetland study: what a user writes for ``kind: wetland``."""

from __future__ import annotations

import math
from typing import Final, Literal, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator

from greenrisk.core.spec import Spec
from greenrisk.resource.index_cover.index_spec import WindBoxIndex
from greenrisk.resource.index_cover.index_study_spec import IndexKnowledge, IndexPart, indices_of
from greenrisk.resource.reinsurance import ReinsuranceSpec
from greenrisk.resource.wetland.products import ProductsSpec
from greenrisk.resource.wetland.service_context import ServiceValueSpec
from greenrisk.resource.wetland.small_cover_spec import SmallCover
from greenrisk.resource.wetland.upstream import UpstreamSpillsSpec

WetlandPerilKind = Literal["low_water", "flood", "heat", "spill", "invasive", "storm"]
"""Kinds of peril of a wetland."""

SHARES: Final = 1e-9
"""By how much shares of payers may miss 1 [unitless]."""


class WetlandPerilSpec(Spec):
    """A peril and the card that it draws on."""

    kind: WetlandPerilKind
    """Which peril: low water and drought, flood, heat, pollution spill, invasive species, storm."""

    card: str | None = None
    """Card of the peril (use: `wetland.` and its kind); empty: the judged one that ships."""

    @property
    def card_name(self) -> str:
        """Name of the card."""
        return self.card or f"wetland-{self.kind.replace('_', '-')}-judged"


class CostsSpec(Spec):
    """What a damaged site costs, by head of loss."""

    restoration: str = "wetland-restoration-judged"
    """Card of unit costs and times of restoration (use: wetland.restoration)."""

    interim: str = "wetland-interim-judged"
    """Card of the loss of services until recovery (use: wetland.interim)."""

    water_source: str = "wetland-water-source-judged"
    """Card of emergency supply, treatment and closure (use: wetland.water_source)."""


class WetlandTermsSpec(Spec):
    """What the cover of the sites pays."""

    deductible_cny: float = Field(default=0.0, ge=0)
    """Deducted from what an event costs at a site [CNY]."""

    deductible_share: float = Field(default=0.0, ge=0, lt=1)
    """Deducted as a share of what an event costs at a site; the larger of the two deductibles holds [unitless]."""

    site_annual_multiple: float = Field(default=1.0, ge=1)
    """How often the limits of a site stand in a year [unitless]."""

    event_limit_cny: float | None = Field(default=None, gt=0)
    """Most that one event costs the cover, all sites together [CNY]; empty: no limit but those of the sites."""

    annual_limit_cny: float | None = Field(default=None, gt=0)
    """Most that a year costs the cover; shared in proportion to the payments of its events [CNY]; empty: none."""


class LinkSpec(Spec):
    """How the index is tied to the years of low water: declared, not measured."""

    index: str
    """Name of the index that is linked; it must be the first that a cover pays for."""

    card: str = "wetland-index-link-judged"
    """Card of the rank correlation of the index with the region's low water (use: wetland.index_link)."""

    declared: str = Field(min_length=40)
    """Who says so and why: one or two sentences that the report prints beside every figure of basis risk."""


class PayerSpec(Spec):
    """Who pays a share of the premium."""

    name: str
    """Who."""

    share: float = Field(ge=0, le=1)
    """Share of the gross premium [unitless]."""


def _paid_for(part: IndexPart) -> set[str]:
    """Return the indices that a cover pays for."""
    return {index for cover in part.covers for index in indices_of(cover.payout)}


class WetlandScenario(Spec):
    """Cover of wetlands and waters: what restores them, beside an index of their river."""

    kind: Literal["wetland"]
    """Which study."""

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")
    """Short name; the run folder bears it."""

    title: str
    """One line for the report."""

    underwriting_year: int = Field(ge=1800, le=2100)
    """Year for which premiums are computed."""

    price_year: int = Field(ge=2000, le=2100)
    """Year of the prices in which all money is stated."""

    years: int = Field(default=100000, ge=1)
    """Years to simulate; rounded up to whole blocks of 1,000, which the ledger says [year]."""

    seed: int = Field(default=1, ge=0)
    """Seed of all random streams."""

    sites: str
    """Table of the sites and their limits (see `greenrisk show table wetland-sites`)."""

    perils: tuple[WetlandPerilSpec, ...] = Field(min_length=1)
    """The insured perils, each once."""

    costs: CostsSpec = CostsSpec()
    """What a damaged site costs."""

    terms: WetlandTermsSpec = WetlandTermsSpec()
    """What the cover pays of it."""

    reinsurance: ReinsuranceSpec = ReinsuranceSpec()
    """Reinsurance of the cover of the sites, in inuring order; empty: none."""

    index: IndexPart | None = None
    """An index cover beside the cover of the sites; empty: none."""

    link: LinkSpec | None = None
    """How the index is tied to low water; needed with `index`."""

    upstream: UpstreamSpillsSpec | None = None
    """A zone's run whose spills reach the sites; empty: the card of spills."""

    small_covers: tuple[SmallCover, ...] = ()
    """Small covers sold beside it: old trees, wildlife damage, managers' liability."""

    service_values: ServiceValueSpec | None = None
    """Values of services shown beside the insurable values, for context alone; empty: none."""

    products: ProductsSpec | None = ProductsSpec()
    """Published products computed again and set beside the study, as a check of plausibility; empty: none."""

    payers: tuple[PayerSpec, ...] = ()
    """Who pays the premium; empty: the owner."""

    loadings: str = "wetland-loadings-judged"
    """Card of the loadings from pure to gross premium (use: premium.loadings)."""

    knowledge: IndexKnowledge = IndexKnowledge()
    """Settings of the knowledge interval."""

    @field_validator("perils")
    @classmethod
    def _each_peril_once(cls, value: tuple[WetlandPerilSpec, ...]) -> tuple[WetlandPerilSpec, ...]:
        kinds = [peril.kind for peril in value]
        for kind in kinds:
            if kinds.count(kind) > 1:
                raise ValueError(
                    f"{kind} stands there {kinds.count(kind)} times; each peril is insured once."
                )
        return value

    @field_validator("reinsurance")
    @classmethod
    def _covers_what_is_insured(cls, value: ReinsuranceSpec, info: ValidationInfo) -> ReinsuranceSpec:
        if any(cover.kind == "surplus" for cover in value.covers):
            raise ValueError(
                "A surplus treaty cedes by stand or owner of a forest; sites have none. Use others."
            )
        if "perils" in info.data:
            value.refuse_uninsured(peril.kind for peril in info.data["perils"])
        return value

    @field_validator("small_covers")
    @classmethod
    def _names_differ(cls, value: tuple[SmallCover, ...]) -> tuple[SmallCover, ...]:
        names = [cover.name for cover in value]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"Two small covers are called `{name}`. Give each a name of its own.")
        return value

    @field_validator("payers")
    @classmethod
    def _shares_sum_to_one(cls, value: tuple[PayerSpec, ...]) -> tuple[PayerSpec, ...]:
        total = math.fsum(payer.share for payer in value)
        if value and abs(total - 1.0) > SHARES:
            raise ValueError(f"The shares of the payers sum to {total:.6g}; they must sum to 1.")
        return value

    @model_validator(mode="after")
    def _index_and_link_need_each_other(self) -> Self:
        if (self.index is None) != (self.link is None):
            given, missing = ("index", "link") if self.link is None else ("link", "index")
            raise ValueError(
                f"`{given}` is given without `{missing}`: an index cover is compared with the loss of the "
                "sites, which needs the declared link between them."
            )
        if self.index is not None and self.link is not None:
            named = [name for name in self.index.indices if name in _paid_for(self.index)]
            if named[:1] != [self.link.index]:
                raise ValueError(
                    f"`link.index` names `{self.link.index}`; the first index that a cover pays for is `{named[0]}`. "
                    "Link that one, or let the linked index stand first: the others follow it."
                )
            if isinstance(self.index.indices[self.link.index], WindBoxIndex):
                raise ValueError(
                    "An index of storms has no years of low water. Link one of a season's values."
                )
            asked = self.index.calibration
            if asked is not None and asked.method != "return_period":
                raise ValueError(
                    f"`index.calibration.method` {asked.method} weighs recorded losses, and sites have none. Use "
                    "`return_period`."
                )
        if self.link is not None and all(peril.kind != "low_water" for peril in self.perils):
            raise ValueError("The index is linked to low water, which is not among the `perils`. Add it.")
        if self.upstream is not None and all(peril.kind != "spill" for peril in self.perils):
            raise ValueError("`upstream` brings spills, and `spill` is not among the `perils`. Add it.")
        return self

    @property
    def kinds(self) -> tuple[str, ...]:
        """Kinds of the insured perils, in the order in which the scenario names them."""
        return tuple(peril.kind for peril in self.perils)
