# SPDX-License-Identifier: Apache-2.0
"""The issuer study, ready to run: blocks of 1,000 issuers under the central cards, then under all other variants."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

import numpy as np
import xarray as xr

from greenrisk.core.ledger import Ledger
from greenrisk.issuer.attribution import attribute
from greenrisk.issuer.block_credit import credit_part
from greenrisk.issuer.block_parts import base_part, hurt_by, hurt_most
from greenrisk.issuer.issuers import VARIANTS_PER_BLOCK
from greenrisk.issuer.model import KEPT, IssuerModel, kept
from greenrisk.issuer.report_years import report_part
from greenrisk.issuer.results import Inputs, finish
from greenrisk.issuer.sector_sums import sector_part
from greenrisk.issuer.statements import BLOCK
from greenrisk.issuer.variants import VariantPlan


@dataclass(frozen=True)
class IssuersJob:
    """An issuer scenario, ready to run (see :class:`greenrisk.core.job.Job`)."""

    inputs_hashes: Mapping[str, str]
    ledger: Ledger
    model: IssuerModel
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
            "issuers": len(self.model.issuers),
            "refused_issuers": len(self.facts.intake.refused),
            "scenarios": list(self.model.scenarios),
            "channels": [channel.name for channel in self.model.channels],
            "first_year": int(self.model.years[0]),
            "last_year": int(self.model.years[-1]),
            "currency": spec.currency,
            "price_year": spec.price_year,
            "issuers_per_block": BLOCK,
            "variants_per_block": VARIANTS_PER_BLOCK,
            "knowledge_variants": len(self.plan.values),
            "unit": "issuers and variants",
        }

    @property
    def issuer_blocks(self) -> int:
        """Blocks of issuers."""
        return -(-len(self.model.issuers) // BLOCK)

    @property
    def chunks(self) -> int:
        """Chunks of variants beside the base."""
        return -(-(len(self.plan.values) - 1) // VARIANTS_PER_BLOCK)

    @property
    def n_blocks(self) -> int:
        """Blocks in all: every block of issuers under the base, then under every chunk of variants."""
        return self.issuer_blocks * (1 + self.chunks)

    def _issuers(self, block: int) -> slice:
        first = block % self.issuer_blocks * BLOCK
        return slice(first, min(first + BLOCK, len(self.model.issuers)))

    def _variants(self, block: int) -> range:
        chunk = block // self.issuer_blocks
        if chunk == 0:
            return range(1)
        first = 1 + (chunk - 1) * VARIANTS_PER_BLOCK
        return range(first, min(first + VARIANTS_PER_BLOCK, len(self.plan.values)))

    def weight(self, block: int) -> float:
        """Return the issuers times variants behind a block."""
        part = self._issuers(block)
        return float((part.stop - part.start) * len(self._variants(block)))

    def run_block(self, block: int) -> xr.Dataset:
        """Compute one part: a thousand issuers under the base, with every channel apart, or under a few variants."""
        variants = self._variants(block)
        values = [self.plan.values[k] for k in variants]
        setting = self.model.setting(self._issuers(block), values, self.plan.draw_numbers(variants))
        spec, first = self.facts.spec, int(self.model.years[0])
        at = spec.headline_year - first
        base = variants.start == 0
        ledger = Ledger() if base else None
        outcome = self.model.outcome(setting, ledger)
        dims = ("variant", "quantity", "scenario", "issuer_of_block")
        part = xr.Dataset({"kept": (dims, kept(setting, outcome, at))}, {"quantity": list(KEPT)})
        if not base:
            return part
        assert ledger is not None
        outcome.credit.lenses.tell(ledger)
        outcome.credit.carried.tell(ledger)
        parts = attribute(setting, self.model.channels, self.model.measure)
        hurt = hurt_by(
            np.broadcast_to(outcome.credit.expected_loss, setting.shape)[0, ..., at], setting.baseline
        )
        shown = hurt_most(hurt, self.facts.shown)
        reported = np.array([year - first for year in spec.report_years])
        part = xr.merge(
            [
                part,
                base_part(setting, outcome, parts, self.model.channels, shown),
                report_part(setting, outcome, reported),
                xr.Dataset(credit_part(setting, outcome, reported, at)).rename(issuer="member"),
                xr.Dataset(sector_part(setting, outcome, parts, self.model.channels)),
            ]
        )
        part["hurt"] = ("issuer", hurt[shown])
        part["place"] = ("issuer", shown + self._issuers(block).start)
        part.attrs["told"] = json.dumps([[*key, n] for key, n in outcome.effects.told.items()])
        part.attrs["facts"] = json.dumps([[*key, n] for key, n in outcome.effects.facts.items()])
        part.attrs["passed"] = json.dumps(dict(outcome.rolled.told))
        said = outcome.credit.lenses.readings.values()
        part.attrs["lenses"] = json.dumps([[one.lens, one.unit, list(one.reasons)] for one in said])
        part.attrs["carriers"] = json.dumps(list(outcome.credit.carried.lenses))
        part.attrs["entries"] = json.dumps([asdict(entry) for entry in ledger])
        return part

    def finish(self, parts: Iterable[xr.Dataset], ledger: Ledger) -> xr.DataTree:
        """Combine the parts to the result tree; what there is to tell goes into the run's ledger."""
        return finish(self.facts, self.model, self.plan, ledger, iter(parts), self.issuer_blocks)
