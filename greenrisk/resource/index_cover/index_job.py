# SPDX-License-Identifier: Apache-2.0
"""The index study, ready to run: blocks of the central simulation, then the variants of the knowledge interval."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import xarray as xr

from greenrisk.actuarial.premium.loadings import Loadings
from greenrisk.core.ledger import Ledger
from greenrisk.core.year_blocks import YearBlocks
from greenrisk.resource.index_cover.index_inputs import Inputs
from greenrisk.resource.index_cover.index_model import IndexModel
from greenrisk.resource.index_cover.index_quantities import Floats, quantities
from greenrisk.resource.index_cover.index_results import finish
from greenrisk.resource.index_cover.index_study_spec import BLOCK_LENGTH
from greenrisk.resource.index_cover.index_variants import Variant, VariantPlan

VARIANTS_PER_BLOCK = 8
"""Variants of the knowledge interval that share a block; part of the contract of a run."""


@dataclass(frozen=True)
class IndexJob(YearBlocks):
    """An index scenario, ready to run (see :class:`greenrisk.core.job.Job`).

    Parameters
    ----------
    inputs_hashes : mapping of str to str
        Name and sha256 of every input.
    ledger : Ledger
        What was told while the inputs were read.
    model : IndexModel
        Covers, record and laws.
    plan : VariantPlan
        All variants of the knowledge interval, the base first.
    facts : Inputs
        What the result tells of its inputs.
    """

    inputs_hashes: Mapping[str, str]
    ledger: Ledger
    model: IndexModel
    plan: VariantPlan
    facts: Inputs

    @property
    def inputs(self) -> Mapping[str, str]:
        """Name and sha256 of every input."""
        return self.inputs_hashes

    @property
    def settings(self) -> Mapping[str, object]:
        """Facts for the manifest."""
        spec = self.facts.spec
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
            "record_years": int(self.model.record.year.size),
            "covers": len(spec.covers),
            "indices": len(spec.indices),
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
            fitted = self.model.fitted(self.plan.variants[0])
            paid = self.model.years(fitted, "main", block, BLOCK_LENGTH)
            return xr.Dataset({"payment": (("year", "cover"), paid)})
        found = [self._variant(self.plan.variants[index]) for index in self.variants_of(block)]
        return xr.Dataset(
            {
                "quantity": (("variant", "name"), np.array([one[0] for one in found])),
                "replaced": ("variant", np.array([one[1] for one in found], dtype=np.int64)),
            }
        )

    def _variant(self, variant: Variant) -> tuple[Floats, int]:
        fitted = self.model.fitted(variant)
        paid = np.concatenate(
            [
                self.model.years(fitted, "knowledge", block, BLOCK_LENGTH)
                for block in range(self.knowledge_blocks)
            ]
        )
        loadings, held = (
            Loadings.from_values(one.values["loadings"]) for one in (variant, self.plan.variants[0])
        )
        loss = self.facts.mean_loss(self.model, fitted, variant)
        return quantities(paid, self.model.most, loadings, held, loss), fitted.replaced

    def finish(self, parts: Iterable[xr.Dataset], ledger: Ledger) -> xr.DataTree:
        """Combine the parts to the result tree; what there is to tell goes into the run's ledger."""
        return finish(self.facts, self.model, self.plan, ledger, iter(parts), self.simulation_blocks)
