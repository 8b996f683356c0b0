# SPDX-License-Identifier: Apache-2.0
"""The zone study, ready to run: blocks of the central simulation, then the variants of the knowledge interval."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import xarray as xr

from greenrisk.core.ledger import Ledger
from greenrisk.core.year_blocks import YearBlocks
from greenrisk.pollution.inventory import Floats
from greenrisk.pollution.liability.arrivals import Base
from greenrisk.pollution.liability.events import simulate_block
from greenrisk.pollution.liability.terms import apply_terms
from greenrisk.pollution.liability.zone_year import owners_part, part
from greenrisk.pollution.mandate.block import mandate_part
from greenrisk.pollution.mandate.in_force import SmallestLimits
from greenrisk.pollution.model import ZoneModel
from greenrisk.pollution.quantities import (
    VariantYears,
    plant_quantities,
    quantities,
)
from greenrisk.pollution.results import OWNER_BLOCKS, Inputs, finish
from greenrisk.pollution.variants import VariantPlan
from greenrisk.pollution.zone import BLOCK_LENGTH

VARIANTS_PER_BLOCK = 8
"""Variants of the knowledge interval that share a block; part of the contract of a run."""


@dataclass(frozen=True)
class ZoneJob(YearBlocks):
    """A zone scenario, ready to run (see :class:`greenrisk.core.job.Job`)."""

    inputs_hashes: Mapping[str, str]
    ledger: Ledger
    model: ZoneModel
    plan: VariantPlan
    facts: Inputs

    @property
    def inputs(self) -> Mapping[str, str]:
        """Name and sha256 of every input."""
        return self.inputs_hashes

    @property
    def settings(self) -> Mapping[str, object]:
        """Facts for the manifest."""
        spec, plants = self.facts.spec, self.model.plants
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
            "plants": len(plants),
            "owners": int(np.unique(plants.owner).size),
            "insured_plants": int(self.model.terms.insured.sum()),
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
            return self._years(block)
        found = [self._variant(index) for index in self.variants_of(block)]
        return xr.Dataset(
            {
                "quantity": (("variant", "name"), np.array([one[0] for one in found])),
                "plant_quantity": (("variant", "plant", "plant_name"), np.array([one[1] for one in found])),
                "smallest_limit": (("variant", "measure", "leave"), np.array([one[2] for one in found])),
            }
        )

    def _years(self, block: int) -> xr.Dataset:
        base = self.plan.variants[0]
        laws = self.model.laws(base)
        accidents = simulate_block(laws, self.facts.spec.seed, "main", block)
        paid = apply_terms(accidents, self.model.terms)
        dataset = part(accidents, paid, len(self.model.plants), self.model.caps(base))
        if block < OWNER_BLOCKS:
            owned = owners_part(accidents, paid, self.facts.owner, len(self.facts.owners))
            dataset["owner_loss"] = (("year", "owner", "side"), owned)
        questions = mandate_part(accidents, paid, self.facts.mandate.questions, block)
        return xr.merge([dataset, questions])

    def _variant(self, index: int) -> tuple[Floats, Floats, Floats]:
        seed, variant = self.facts.spec.seed, self.plan.variants[index]
        base = Base.of(self.model.laws(self.plan.variants[0]))
        laws = self.model.laws(variant)
        years, asked = VariantYears(), self.facts.mandate
        smallest = SmallestLimits(asked.questions.grid, asked.questions.own, asked.spec.limit_adequacy.leave)
        for block in range(self.knowledge_blocks):
            accidents = simulate_block(laws, seed, "knowledge", block, base)
            years.add(accidents, apply_terms(accidents, self.model.terms), self.model.terms)
            smallest.add(accidents)
        central = self.plan.variants[0].values["loadings"]
        found = quantities(years, variant, self.model, laws, central)
        return found, plant_quantities(laws), smallest.limit

    def finish(self, parts: Iterable[xr.Dataset], ledger: Ledger) -> xr.DataTree:
        """Combine the parts to the result tree; what there is to tell goes into the run's ledger."""
        return finish(self.facts, self.model, self.plan, ledger, iter(parts), self.simulation_blocks)
