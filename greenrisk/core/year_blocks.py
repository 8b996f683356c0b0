# SPDX-License-Identifier: Apache-2.0
"""How a study of simulated years is cut into blocks: first the years of the central model, then a few variants each."""

from __future__ import annotations

from abc import ABC, abstractmethod


class YearBlocks(ABC):
    """The part of a job (:class:`greenrisk.core.job.Job`) that lays its blocks out; the study says what it wants."""

    @property
    @abstractmethod
    def years_wanted(self) -> int:
        """Years of the central simulation that the scenario asks for [year]."""

    @property
    @abstractmethod
    def knowledge_years_wanted(self) -> int:
        """Years of every variant that the scenario asks for [year]."""

    @property
    @abstractmethod
    def variant_count(self) -> int:
        """Variants of the knowledge interval, the base counted."""

    @property
    @abstractmethod
    def block_length(self) -> int:
        """Years of a block; part of the contract of a run [year]."""

    @property
    @abstractmethod
    def variants_per_block(self) -> int:
        """Variants that share a block; part of the contract of a run."""

    @property
    def simulation_blocks(self) -> int:
        """Blocks of the central simulation."""
        return -(-self.years_wanted // self.block_length)

    @property
    def years(self) -> int:
        """Simulated years, whole blocks [year]."""
        return self.simulation_blocks * self.block_length

    @property
    def knowledge_blocks(self) -> int:
        """Blocks of years that every variant is simulated on."""
        return -(-self.knowledge_years_wanted // self.block_length)

    @property
    def n_blocks(self) -> int:
        """Blocks in all."""
        return self.simulation_blocks + -(-self.variant_count // self.variants_per_block)

    def variants_of(self, block: int) -> range:
        """Return the indexes of the variants of a block behind those of the simulation."""
        first = (block - self.simulation_blocks) * self.variants_per_block
        return range(first, min(first + self.variants_per_block, self.variant_count))

    def weight(self, block: int) -> float:
        """Return the simulated years behind a block [year]."""
        if block < self.simulation_blocks:
            return float(self.block_length)
        return float(len(self.variants_of(block)) * self.knowledge_blocks * self.block_length)
