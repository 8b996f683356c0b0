# SPDX-License-Identifier: Apache-2.0
"""The forest study, ready to run: blocks of the central simulation, then the variants of the knowledge interval.

Everything here is a pure function of what :mod:`greenrisk.resource.study` has read and checked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from greenrisk.actuarial.premium.loadings import Loadings
from greenrisk.core.ledger import Ledger
from greenrisk.core.year_blocks import YearBlocks
from greenrisk.resource.exposure import Exposure
from greenrisk.resource.forest import BLOCK_LENGTH
from greenrisk.resource.grouping import row_payments
from greenrisk.resource.known_year_check import other_years
from greenrisk.resource.level_neutral import NEUTRAL_BLOCKS, base_costs, level_neutral
from greenrisk.resource.named_events import named_gross
from greenrisk.resource.perils.base import Floats, PerilYears
from greenrisk.resource.perils.large_fires import tail_share
from greenrisk.resource.quantities import AnnualLosses, BookTotals, quantities
from greenrisk.resource.results import finish
from greenrisk.resource.roles import (
    Inputs,
)
from greenrisk.resource.simulation import Perils, annual, by_peril, part, resolve, simulate
from greenrisk.resource.structure import EventCessions, cede_events
from greenrisk.resource.terms_alternatives import alternatives_part, settled_blocks
from greenrisk.resource.variants import Variant, VariantPlan

VARIANTS_PER_BLOCK = 8
"""Variants of the knowledge interval that share a block; part of the contract of a run."""


class Years(NamedTuple):
    """What a variant needs of a block of years.

    Parameters
    ----------
    loss, largest : array, shape (year, layer)
        Annual losses and the largest event of each year [CNY].
    peril : dict of str to array, shape (year,)
        Annual gross losses by kind of peril [CNY].
    weight : array, shape (year,)
        Weights of the years [unitless].
    events : EventCessions
        What covers of events take.
    rows : array, shape (row,)
        Weighted payments by row of the premium file [CNY].
    """

    loss: Floats
    largest: Floats
    peril: dict[str, Floats]
    weight: Floats
    events: EventCessions
    rows: Floats


@dataclass(frozen=True)
class ForestJob(YearBlocks):
    """A forest scenario, ready to run (see :class:`greenrisk.core.job.Job`).

    Parameters
    ----------
    inputs_hashes : mapping of str to str
        Name and sha256 of every input.
    ledger : Ledger
        What was told while the inputs were read.
    exposure : Exposure
        Book, landscape and terms.
    plan : VariantPlan
        All variants of the knowledge interval, the base first.
    facts : Inputs
        What the result tells of its inputs.
    """

    inputs_hashes: Mapping[str, str]
    ledger: Ledger
    exposure: Exposure
    plan: VariantPlan
    facts: Inputs

    @property
    def inputs(self) -> Mapping[str, str]:
        """Name and sha256 of every input."""
        return self.inputs_hashes

    @property
    def settings(self) -> Mapping[str, object]:
        """Facts for the manifest."""
        spec, book = self.facts.spec, self.exposure.book
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
            "stands": len(book),
            "area_ha": float(book.area_ha.sum()),
            "insured_area_mu": float(book.insured_area_mu.sum()),
            "sum_insured_cny": float(book.sum_insured.sum()),
            "forest_area_ha": float(self.exposure.landscape.area_ha.sum()),
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
        seed = self.facts.spec.seed
        if block < self.simulation_blocks:
            perils = resolve(self.exposure, self.plan.variants[0])
            years = {kind: law.simulate(seed, "main", block) for kind, law in perils.laws.items()}
            payments = simulate(self.exposure, perils, seed, block, known=years)
            dataset, wanted = part(self.exposure, payments), self.facts.spec.terms_alternatives
            events = cede_events(payments, self.exposure, self.facts.spec.reinsurance)
            dataset["cover_ceded"] = (("year", "cover"), events.ceded)
            dataset["cover_reinstated"] = (("year", "cover"), events.reinstated)
            if wanted is not None and block < settled_blocks(wanted, self.simulation_blocks):
                settled = alternatives_part(self.exposure, years, perils.claimed, payments, wanted)
                dataset = xr.merge([dataset, settled])
            return dataset
        quantity, rows, others = zip(*self._variant_quantities(block), strict=True)
        found: dict[str, tuple[tuple[str, ...], NDArray[np.floating]]] = {
            "quantity": (("variant", "name"), np.array(quantity)),
            "row_premium": (("variant", "file_row"), np.array(rows)),
        }
        if self.facts.reference is not None and self.facts.reference.known_year is not None:
            found["other_years"] = (("variant", "figure", "year"), np.array(others))
        if self.facts.spec.named_events:
            found["named_gross"] = (("variant", "event"), self._named_gross(block))
        return xr.Dataset(found)

    @cached_property
    def _base_costs(self) -> dict[str, float]:
        """Mean cost of each judged peril under the base variant; once for each process [CNY/year]."""
        return base_costs(self.exposure, self.plan.variants[0], self.facts.spec.seed, self._neutral_blocks)

    @property
    def _neutral_blocks(self) -> int:
        """Blocks of years behind the mean cost of a peril; none that the variants are not simulated on."""
        return min(NEUTRAL_BLOCKS, self.knowledge_blocks)

    def _named_gross(self, block: int) -> Floats:
        """Return what the named events cost under the variants of a block, shape (variant, event)."""
        laws = [resolve(self.exposure, self.plan.variants[index]) for index in self.variants_of(block)]
        return np.array([named_gross(self.facts.spec.named_events, law, self.exposure) for law in laws])

    def _variant_quantities(self, block: int) -> list[tuple[list[float], Floats, NDArray[np.float32]]]:
        """Return the figures of the variants of a block; a peril that a variant does not touch is drawn once.

        Of each its quantities, its premium by row of the premium file, and what all perils but fire cost in the first
        block of years.
        """
        seed = self.facts.spec.seed
        base = self.plan.variants[0]
        first = resolve(self.exposure, base)
        # The base's share for all variants: a fire that is large in one is large in all.
        drawn = tail_share(first.wildfire.size.share_of_tail, first.wildfire.counts.mean)
        variants = [
            level_neutral(
                self.exposure, self.plan.variants[index], base, self._base_costs, seed, self._neutral_blocks
            )
            for index in self.variants_of(block)
        ]
        perils = [resolve(self.exposure, variant).with_tail_drawn(drawn) for variant in variants]
        tables: list[list[Years]] = [[] for _ in variants]
        others: list[NDArray[np.float32]] = []
        for years in range(self.knowledge_blocks):
            known: dict[str, PerilYears] = {}
            for variant, laws, table in zip(variants, perils, tables, strict=True):
                same = [kind for kind in laws.laws if variant.same_peril(base, kind)]
                for kind in same:
                    if kind not in known:
                        known[kind] = laws.laws[kind].simulate(seed, "knowledge", years)
                run = simulate(
                    self.exposure, laws, seed, years, "knowledge", {kind: known[kind] for kind in same}
                )
                if years == 0:
                    others.append(other_years(run))
                table.append(
                    Years(
                        *annual(run),
                        by_peril(run),
                        run.weight,
                        cede_events(run, self.exposure, self.facts.spec.reinsurance),
                        row_payments(self.exposure.grouping, run),
                    )
                )
        return [
            (self._quantities(variant, laws, table), _row_premium(table), other)
            for variant, laws, table, other in zip(variants, perils, tables, others, strict=True)
        ]

    def _quantities(self, variant: Variant, perils: Perils, table: list[Years]) -> list[float]:
        loss = np.concatenate([years.loss for years in table])
        largest = np.concatenate([years.largest for years in table])
        weight = np.concatenate([years.weight for years in table])
        of_peril = {kind: np.concatenate([years.peril[kind] for years in table]) for kind in perils.laws}
        book = self.exposure.book
        totals = BookTotals(float(book.insured_area_mu.sum()), float(book.sum_insured.sum()))
        loadings = Loadings.from_values(variant.values["loadings"])
        return quantities(
            AnnualLosses(
                loss, largest, of_peril, weight, EventCessions.joined([years.events for years in table])
            ),
            perils.wildfire,
            loadings,
            totals,
            self.facts.spec.reinsurance,
            book,
        )

    def finish(self, parts: Iterable[xr.Dataset], ledger: Ledger) -> xr.DataTree:
        """Combine the parts to the result tree; what there is to tell goes into the run's ledger."""
        return finish(self.facts, self.exposure, self.plan, ledger, iter(parts), self.simulation_blocks)


def _row_premium(table: list[Years]) -> Floats:
    """Return the pure premium of each row of the premium file [CNY/year]."""
    paid = np.sum([years.rows for years in table], axis=0)
    return np.asarray(paid / sum(float(years.weight.sum()) for years in table))
