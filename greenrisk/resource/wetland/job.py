# SPDX-License-Identifier: Apache-2.0
"""The wetland study, ready to run: blocks of the central simulation, then the variants of the knowledge interval."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import xarray as xr

from greenrisk.actuarial.premium.loadings import Loadings
from greenrisk.core.ledger import Ledger
from greenrisk.core.year_blocks import YearBlocks
from greenrisk.resource.index_cover.index_model import Fitted
from greenrisk.resource.structure import EventCessions
from greenrisk.resource.wetland.ceded import cede_block
from greenrisk.resource.wetland.inputs import Inputs
from greenrisk.resource.wetland.model import Laws, WetlandModel
from greenrisk.resource.wetland.perils.base import BLOCK_LENGTH, Floats, PerilHits
from greenrisk.resource.wetland.perils.spill import KIND as SPILL
from greenrisk.resource.wetland.quantities import SIDES, YearLosses, quantities
from greenrisk.resource.wetland.results import finish
from greenrisk.resource.wetland.roles import LINK, small_role
from greenrisk.resource.wetland.small_covers import expected_payment, simulate_small_cover
from greenrisk.resource.wetland.variants import Variant, VariantPlan
from greenrisk.resource.wetland.year_part import block_part

VARIANTS_PER_BLOCK = 16
"""Variants of the knowledge interval that share a block; part of the contract of a run."""


@dataclass(frozen=True)
class WetlandJob(YearBlocks):
    """A wetland scenario, ready to run (see :class:`greenrisk.core.job.Job`).

    Parameters
    ----------
    inputs_hashes : mapping of str to str
        Name and sha256 of every input.
    ledger : Ledger
        What was told while the inputs were read.
    model : WetlandModel
        Sites, perils, terms, index.
    plan : VariantPlan
        All variants of the knowledge interval, the base first.
    facts : Inputs
        What the result tells of its inputs.
    """

    inputs_hashes: Mapping[str, str]
    ledger: Ledger
    model: WetlandModel
    plan: VariantPlan
    facts: Inputs

    @property
    def inputs(self) -> Mapping[str, str]:
        """Name and sha256 of every input."""
        return self.inputs_hashes

    @property
    def settings(self) -> Mapping[str, object]:
        """Facts for the manifest."""
        spec, sites = self.facts.spec, self.model.sites
        return {
            "kind": spec.kind,
            "name": spec.name,
            "seed": spec.seed,
            "years": self.years,
            "block_length": BLOCK_LENGTH,
            "knowledge_variants": len(self.plan.variants),
            "knowledge_years": self.knowledge_blocks * BLOCK_LENGTH,
            "variants_per_block": VARIANTS_PER_BLOCK,
            "unit": "years",
            "sites": len(sites),
            "insured_sites": self.facts.insured_sites,
            "area_ha": float(sites.area.sum()),
            "perils": len(self.model.kinds),
        }

    @property
    def years_wanted(self) -> int:
        """Years of the central simulation that the scenario asks for [year]."""
        return self.facts.spec.years

    @property
    def knowledge_years_wanted(self) -> int:
        """Years of every variant that the scenario asks for [year]."""
        return self.facts.spec.knowledge.years

    @property
    def variant_count(self) -> int:
        """Variants of the knowledge interval, the base counted."""
        return len(self.plan.variants)

    @property
    def block_length(self) -> int:
        """Years of a block [year]."""
        return BLOCK_LENGTH

    @property
    def variants_per_block(self) -> int:
        """Variants that share a block."""
        return VARIANTS_PER_BLOCK

    def run_block(self, block: int) -> xr.Dataset:
        """Compute one part: a thousand years of the central model, or a few variants."""
        if block < self.simulation_blocks:
            rank = self._rank(self.plan.variants[0])
            return block_part(self.model, self._laws, self._fitted, self.facts.spec.reinsurance, block, rank)
        found = self._variants([self.plan.variants[index] for index in self.variants_of(block)])
        return xr.Dataset(
            {
                "quantity": (("variant", "name"), np.array([one for one, _ in found])),
                "site_premium": (("variant", "site"), np.array([one for _, one in found])),
            }
        )

    @cached_property
    def _laws(self) -> Laws:
        """Laws of the base variant; once for each process."""
        return self.model.laws(self.plan.variants[0])

    @cached_property
    def _fitted(self) -> Fitted | None:
        """The base variant's record of the index; once for each process."""
        return None if self.model.index is None else self.model.index.fitted(self.plan.variants[0])

    @cached_property
    def _small(self) -> list[Floats]:
        """The base variant's years of the small covers, on which all variants are run; once for each process [CNY]."""
        years, values = self.knowledge_blocks * BLOCK_LENGTH, self.plan.variants[0].values
        return [
            simulate_small_cover(cover, values[small_role(cover.name)], years, self.facts.spec.seed)
            for cover in self.facts.spec.small_covers
        ]

    def _rank(self, variant: Variant) -> float:
        """Return the rank correlation of index and low water; 0 without an index [unitless]."""
        return float(variant.values[LINK]["rank_correlation"]) if LINK in variant.values else 0.0

    def _variants(self, variants: list[Variant]) -> list[tuple[Floats, Floats]]:
        """Return quantities and payments by site of some variants; perils left alone are drawn once."""
        base, model = self.plan.variants[0], self.model
        laws = [model.laws(variant) for variant in variants]
        tables: list[list[_Block]] = [[] for _ in variants]
        for block in range(self.knowledge_blocks):
            shared: dict[str, PerilHits] = {}
            for variant, of_variant, table in zip(variants, laws, tables, strict=True):
                same = [kind for kind in model.kinds if _same(variant, base, kind)]
                for kind in same:
                    if kind not in shared:
                        shared[kind] = self._laws.perils[kind].simulate(model.seed, "knowledge", block)
                known = {kind: shared[kind] for kind in same}
                table.append(self._block(of_variant, known, block))
        return [
            self._quantities(variant, table, self._others(variant))
            for variant, table in zip(variants, tables, strict=True)
        ]

    def _block(self, laws: Laws, known: Mapping[str, PerilHits], block: int) -> _Block:
        settled = self.model.settled(laws, self.model.hits(laws, "knowledge", block, known))
        return _Block(
            np.stack([settled.annual(side) for side in SIDES], axis=1),
            np.stack([settled.largest(side) for side in SIDES], axis=1),
            settled.by_peril("gross"),
            cede_block(settled, self.facts.spec.reinsurance),
            settled.by_site("gross", len(self.model.sites)).sum(axis=0),
            settled.site.size,
        )

    def _others(self, variant: Variant) -> Floats:
        """Return what index and small covers pay in the years of a variant, shape (years, parts - 1) [CNY].

        Notes
        -----
        A small cover's years are those of the base, scaled to the expected payment of the variant.
        """
        columns, years = [], self.knowledge_blocks * BLOCK_LENGTH
        if self.model.index is not None:
            fitted, rank = self.model.index.fitted(variant), self._rank(variant)
            drawn = [
                self.model.index_years(fitted, rank, "knowledge", block).payment.sum(axis=1)
                for block in range(self.knowledge_blocks)
            ]
            columns.append(np.concatenate(drawn))
        base = self.plan.variants[0]
        for cover, paid in zip(self.facts.spec.small_covers, self._small, strict=True):
            role = small_role(cover.name)
            here, there = (expected_payment(cover, one.values[role]) for one in (variant, base))
            columns.append(paid * (here / there if there > 0 else 1.0))
        return np.stack(columns, axis=1) if columns else np.zeros((years, 0))

    def _quantities(self, variant: Variant, table: list[_Block], others: Floats) -> tuple[Floats, Floats]:
        years = self.knowledge_blocks * BLOCK_LENGTH
        loss = np.concatenate([one.loss for one in table])
        found = YearLosses(
            loss=loss,
            largest=np.concatenate([one.largest for one in table]),
            peril=np.concatenate([one.peril for one in table]),
            parts=np.concatenate([loss[:, 1:], others], axis=1),
            events=EventCessions.joined([one.events for one in table]),
            hits=sum(one.hits for one in table) / years,
        )
        loadings, held = (
            Loadings.from_values(one.values["loadings"]) for one in (variant, self.plan.variants[0])
        )
        spec = self.facts.spec
        values = quantities(found, loadings, held, self.facts.insured_sites, spec.reinsurance)
        return values, np.asarray(np.sum([one.sites for one in table], axis=0) / years)

    def finish(self, parts: Iterable[xr.Dataset], ledger: Ledger) -> xr.DataTree:
        """Combine the parts to the result tree; what there is to tell goes into the run's ledger."""
        return finish(self.facts, self.model, self.plan, ledger, iter(parts), self.simulation_blocks)


def _same(variant: Variant, base: Variant, kind: str) -> bool:
    """Return whether a peril has the law of the base."""
    if variant.card_spills != base.card_spills and kind == SPILL:
        return False
    return variant.values[kind] == base.values[kind]


@dataclass(frozen=True, eq=False)
class _Block:
    """What a variant needs of a block of years.

    Parameters
    ----------
    loss, largest : array, shape (years, 2)
        As in :class:`~greenrisk.resource.wetland.quantities.YearLosses`.
    peril : array, shape (years, perils)
        Payments [CNY].
    events : EventCessions
        What covers of events take.
    sites : array, shape (sites,)
        Payments by site [CNY].
    hits : int
        Hits of sites.
    """

    loss: Floats
    largest: Floats
    peril: Floats
    events: EventCessions
    sites: Floats
    hits: int
