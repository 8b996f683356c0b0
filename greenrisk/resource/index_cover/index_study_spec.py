# SPDX-License-Identifier: Apache-2.0
"""The index study: what a user writes for ``kind: index``; and the part of it that a wetland study has too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, Self

from pydantic import Field, model_validator

from greenrisk.core.spec import Spec
from greenrisk.resource.basis_risk.loss_spec import RecordedLoss
from greenrisk.resource.index_cover.history_spec import (
    BacktestSpec,
    BuyerSpec,
    CalibrationSpec,
    HistorySpec,
)
from greenrisk.resource.index_cover.index_spec import IndexSpec
from greenrisk.resource.index_cover.payout_spec import AggregateSpec, DoublePayout, IndexCover, Payout
from greenrisk.resource.index_cover.series_spec import SeriesSpec

BLOCK_LENGTH: Final = 1000
"""Simulated years in a block; part of the contract of a run, not a tuning knob [year]."""


def indices_of(payout: Payout) -> tuple[str, ...]:
    """Return the names of the indices that a payout looks at."""
    if isinstance(payout, DoublePayout):
        return payout.first.index, payout.second.index
    return (payout.index,)


class IndexPart(Spec):
    """Series, indices and covers: what an index study and the index cover of a wetland study have in common."""

    series: Mapping[str, SeriesSpec] = Field(default_factory=dict)
    """Series by a name of your own."""

    indices: Mapping[str, IndexSpec] = Field(min_length=1)
    """Indices by a name of your own."""

    covers: tuple[IndexCover, ...] = Field(min_length=1)
    """Covers; all of them are paid."""

    aggregate: AggregateSpec = AggregateSpec()
    """Terms of the year over all covers."""

    history: HistorySpec = HistorySpec()
    """The record that covers are priced on."""

    calibration: CalibrationSpec | None = None
    """How a trigger and an exit would be found; empty: not asked."""

    backtest: BacktestSpec = BacktestSpec()
    """The test out of sample."""

    buyer: BuyerSpec = BuyerSpec()
    """Who buys."""

    @model_validator(mode="after")
    def _names_are_known(self) -> Self:
        names = [cover.name for cover in self.covers]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"Two covers are called `{name}`. Give each a name of its own.")
        for cover in self.covers:
            for index in indices_of(cover.payout):
                if index not in self.indices:
                    known = ", ".join(f"`{one}`" for one in self.indices)
                    raise ValueError(
                        f"The cover `{cover.name}` names the index `{index}`. Indices here: {known}."
                    )
        asked = None if self.calibration is None else self.calibration.cover
        if asked is not None and asked not in names:
            raise ValueError(f"`calibration.cover` names `{asked}`, which is no cover here.")
        return self


class IndexKnowledge(Spec):
    """How the knowledge interval is computed."""

    draws: int = Field(default=200, ge=20, le=5000)
    """Joint draws: of the years of the record (bootstrap), and of all cards."""

    years: int = Field(default=10000, ge=1000)
    """Simulated years of each draw, shared by all (common random numbers); whole blocks [year]."""


class IndexScenario(IndexPart):
    """An index cover on a record: indices, guards, payouts, premium two ways, test out of sample, basis risk."""

    kind: Literal["index"]
    """Which study."""

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")
    """Short name; the run folder bears it."""

    title: str
    """One line for the report."""

    underwriting_year: int = Field(ge=1800, le=2100)
    """Year for which premiums are computed: parameters of indices are fitted on years before it."""

    price_year: int = Field(ge=2000, le=2100)
    """Year of the prices in which all money is stated."""

    years: int = Field(default=100000, ge=1)
    """Years to simulate; rounded up to whole blocks of 1,000, which the ledger says [year]."""

    seed: int = Field(default=1, ge=0)
    """Seed of all random streams."""

    loss: RecordedLoss | None = None
    """What the buyer lost in each year; empty: basis risk is not known, and the report says so."""

    loadings: str = "premium-loadings-judged"
    """Card of the loadings from pure to gross premium (use: premium.loadings)."""

    knowledge: IndexKnowledge = IndexKnowledge()
    """Settings of the knowledge interval."""
