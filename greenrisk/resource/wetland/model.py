# SPDX-License-Identifier: Apache-2.0
"""The model of a wetland: from the numbers of a variant to laws, costs and simulated years."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from greenrisk.core.streams import stream
from greenrisk.resource.basis_risk.declared import linked_uniforms
from greenrisk.resource.index_cover.index_model import Fitted, IndexModel
from greenrisk.resource.index_cover.law_premium import paid_side
from greenrisk.resource.wetland.perils import spill
from greenrisk.resource.wetland.perils.base import BLOCK_LENGTH, Floats, PerilHits, WetlandPeril
from greenrisk.resource.wetland.perils.listing import PERILS
from greenrisk.resource.wetland.perils.stress import LEADING, normals
from greenrisk.resource.wetland.settlement import Settled, settle
from greenrisk.resource.wetland.site_loss import COST_ROLES, HEADS, SiteNumbers, site_loss, site_numbers
from greenrisk.resource.wetland.sites import Sites
from greenrisk.resource.wetland.upstream import UpstreamSpills
from greenrisk.resource.wetland.variants import Variant
from greenrisk.resource.wetland.wetland_spec import WetlandTermsSpec


@dataclass(frozen=True, eq=False)
class Laws:
    """What a variant makes of the cards.

    Parameters
    ----------
    perils : mapping of str to WetlandPeril
        By kind, in the order of the scenario.
    numbers : SiteNumbers
        What damage costs.
    full_loss : array, shape (sites,)
        Cost of total damage of each site [CNY].
    """

    perils: Mapping[str, WetlandPeril]
    numbers: SiteNumbers
    full_loss: Floats


@dataclass(frozen=True, eq=False)
class IndexYears:
    """Simulated years of the index.

    Parameters
    ----------
    payment : array, shape (years, covers)
        What each cover pays [CNY].
    stress, index : array, shape (years,)
        Uniforms of the region's low water and of the linked index, high is bad [unitless].
    """

    payment: Floats
    stress: Floats
    index: Floats


@dataclass(frozen=True, eq=False)
class WetlandModel:
    """What does not change between variants.

    Parameters
    ----------
    sites : Sites
        The sites.
    kinds : tuple of str
        Insured perils.
    terms : WetlandTermsSpec
        Terms of the cover of the sites.
    constants : mapping of str to mapping
        Constants of the cards by role.
    seed : int
        Seed of all streams.
    upstream : UpstreamSpills or None
        Spills of a zone's run.
    index : IndexModel or None
        The index cover.
    linked : str
        Name of the index that is linked to low water.
    """

    sites: Sites
    kinds: tuple[str, ...]
    terms: WetlandTermsSpec
    constants: Mapping[str, Mapping[str, float]]
    seed: int
    upstream: UpstreamSpills | None = None
    index: IndexModel | None = None
    linked: str = ""

    def peril(self, kind: str, variant: Variant) -> WetlandPeril:
        """Return the law of a peril.

        Raises
        ------
        ArgumentError
            If the numbers of the variant make none.
        """
        values, constants = variant.values[kind], self.constants[kind]
        if kind == spill.KIND and self.upstream is not None and not variant.card_spills:
            return spill.law(self.sites, values, constants, self.upstream)
        return PERILS[kind].law(self.sites, values, constants)

    def costs(self, variant: Variant) -> SiteNumbers:
        """Return what damage costs.

        Raises
        ------
        ArgumentError
            If the numbers of the variant are outside their domains.
        """
        return site_numbers({role: variant.values[role] for role in COST_ROLES})

    def laws(self, variant: Variant) -> Laws:
        """Return the laws of a variant.

        Raises
        ------
        ArgumentError
            If its numbers make none.
        """
        numbers = self.costs(variant)
        places = np.arange(len(self.sites))
        full = site_loss(self.sites, numbers, places, np.ones(places.size))
        perils = {kind: self.peril(kind, variant) for kind in self.kinds}
        return Laws(perils, numbers, np.sum([full[head] for head in HEADS], axis=0))

    def hits(
        self, laws: Laws, purpose: str, block: int, known: Mapping[str, PerilHits] | None = None
    ) -> dict[str, PerilHits]:
        """Return what a block of years brings, by kind of peril.

        Parameters
        ----------
        laws : Laws
            Of the variant.
        purpose : str
            Name of the family of streams.
        block : int
            Block of the years.
        known : mapping of str to PerilHits, optional
            Perils whose hits are known already, because their laws are those of another variant.
        """
        known = known or {}
        return {
            kind: known[kind] if kind in known else law.simulate(self.seed, purpose, block)
            for kind, law in laws.perils.items()
        }

    def settled(self, laws: Laws, hits: Mapping[str, PerilHits]) -> Settled:
        """Return what a block of years costs."""
        return settle(self.sites, laws.numbers, laws.full_loss, self.terms, hits)

    def index_years(self, fitted: Fitted, rank_correlation: float, purpose: str, block: int) -> IndexYears:
        """Return the index and its payments in a block of years, tied to the region's low water.

        Parameters
        ----------
        fitted : Fitted
            Record and laws of the variant.
        rank_correlation : float
            Of the linked index and the region's low water [unitless].
        purpose : str
            Name of the family of streams.
        block : int
            Block of the years.

        Notes
        -----
        The region's normal of low water is that of :class:`~greenrisk.resource.wetland.perils.stress.StressLaw`, which
        no card moves. The linked index is the first; the others follow it as the record says.
        """
        assert self.index is not None
        fresh = stream(self.seed, purpose, "index", block=block).random(
            (BLOCK_LENGTH, len(self.index.family))
        )
        events = stream(self.seed, purpose, "index events", block=block)
        region = normals(self.seed, purpose, LEADING, "region", block, 1)[:, 0]
        stress = np.asarray(ndtr(region))
        bad = linked_uniforms(stress, fresh[:, 0], rank_correlation)
        fresh[:, 0] = 1.0 - bad if paid_side(self.index.part, self.linked) == "below" else bad
        return IndexYears(self.index.payments(fitted, fresh, events), stress, bad)
