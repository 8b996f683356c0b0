# SPDX-License-Identifier: Apache-2.0
"""From the record to simulated years: a record or a resample of it, treated, its laws fitted, its payments drawn.

A resample keeps what the treatment takes out of the record where it was found, draws what is left by blocks of years
(all indices of a year together), and treats and fits the result anew: the place of a step, the slope of a line and the
law are as uncertain as so many years leave them. Where the scenario leaves the law to the record, a resample of a
yearly index takes the family of its own smallest AIC; the intensity of events keeps its family.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from greenrisk.core.errors import GreenRiskError
from greenrisk.core.streams import stream
from greenrisk.resource.index_cover.burn import block_years_drawn
from greenrisk.resource.index_cover.carried_line import carried_on
from greenrisk.resource.index_cover.changes import Changes, on_scale
from greenrisk.resource.index_cover.closest_law import closest
from greenrisk.resource.index_cover.dependence import IndexCopula, joint
from greenrisk.resource.index_cover.event_law import fit_events
from greenrisk.resource.index_cover.history_spec import Family, Treatment
from greenrisk.resource.index_cover.index_record import FEWEST_YEARS, IndexRecord
from greenrisk.resource.index_cover.index_study_spec import IndexPart
from greenrisk.resource.index_cover.index_variants import Variant
from greenrisk.resource.index_cover.law_choice import fit_or_best
from greenrisk.resource.index_cover.law_premium import Law, paid_side, simulated_payments
from greenrisk.resource.index_cover.laws import fit_all
from greenrisk.resource.index_cover.payouts import annual_payments, year_terms
from greenrisk.resource.index_cover.series import Floats, Integers, YearIndex
from greenrisk.resource.index_cover.step_test import best_step
from greenrisk.resource.index_cover.treatments import treat

Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Fitted:
    """A record as one variant sees it.

    Parameters
    ----------
    indices : mapping of str to YearIndex
        Treated; NaN in years that are not known or not kept.
    position : array of int, shape (years,)
        Which year of the record stands in each year; itself where nothing was drawn.
    payments : array, shape (covers, years)
        What each cover would have paid, after the terms of the year over all covers [CNY]; NaN where not known.
    laws : mapping of str to IndexLaw or EventLaw
        Law of each index that a cover names; empty: whole years are drawn.
    copula : IndexCopula
        What these indices have in common.
    replaced : int
        Laws of a resample that its years forbid, for which the one of the smallest AIC stands.
    """

    indices: Mapping[str, YearIndex]
    position: Integers
    payments: Floats
    laws: Mapping[str, Law]
    copula: IndexCopula
    replaced: int = 0

    @property
    def total(self) -> Floats:
        """Payments of all covers, shape (years,) [CNY]; NaN where not known."""
        return np.asarray(self.payments.sum(axis=0))

    @property
    def known(self) -> Flags:
        """Which years are known and kept, shape (years,)."""
        return np.isfinite(self.total)


@dataclass(frozen=True, eq=False)
class IndexModel:
    """Covers on a record.

    Parameters
    ----------
    part : IndexPart
        Covers and terms of the year.
    record : IndexRecord
        The record.
    family : mapping of str to str
        Family of the law of each index that a cover names; of an index of events, of their intensity.
    seed : int
        Seed of all streams.
    """

    part: IndexPart
    record: IndexRecord
    family: Mapping[str, Family]
    seed: int

    @property
    def covers(self) -> tuple[str, ...]:
        """Names of the covers."""
        return tuple(cover.name for cover in self.part.covers)

    @property
    def most(self) -> float:
        """Most that all covers can pay in a year [CNY]."""
        whole = sum(cover.most_a_year for cover in self.part.covers)
        limit = self.part.aggregate.limit_cny
        return whole if limit is None else min(whole, limit)

    def fitted(self, variant: Variant) -> Fitted:
        """Return what a variant makes of the record.

        Raises
        ------
        GreenRiskError
            Where the record does not allow the treatment or the law.
        """
        treatment = {name: variant.treatment or self.record.treatment[name] for name in self.record.indices}
        if variant.draw is None:
            position = np.arange(self.record.year.size, dtype=np.int64)
            indices = {
                name: self._treated(index, treatment[name], self.record.changes.get(name))
                for name, index in self.record.indices.items()
            }
            if variant.level_year is not None:
                indices |= self._carried_on(indices, variant.level_year)
        else:
            position, indices = self._resampled(treatment, variant.draw)
        named = {name: indices[name] for name in self.family}
        laws: dict[str, Law] = {}
        replaced = 0
        if variant.law != "burn":
            # Another treatment is another record: its law is chosen anew.
            chosen = {name: self.part.history.law for name in named} if variant.treatment else self.family
            for name, index in named.items():
                family = variant.law or chosen[name]
                if variant.draw is not None and variant.law is None and self._anew(index):
                    laws[name] = closest(fit_all(index.value, paid_side(self.part, name), index.bounds))
                    continue
                try:
                    laws[name] = self.law_of(index, family)
                except GreenRiskError:
                    if variant.draw is None:
                        raise
                    laws[name], replaced = self.law_of(index, "best"), replaced + 1
        return Fitted(indices, position, self._paid(indices), laws, joint(named), replaced)

    def _anew(self, index: YearIndex) -> bool:
        """Return whether each resample chooses its family: none is named, and the record itself rejects not all."""
        free = self.part.history.law == "best" and self.family[index.name] != "empirical"
        return free and not index.of_events

    def law_of(self, index: YearIndex, family: Family | Literal["best"]) -> Law:
        """Return the law of an index.

        Parameters
        ----------
        index : YearIndex
            Treated.
        family : str
            Family of its values, or of the intensity of its events; `best`: the smallest AIC.

        Raises
        ------
        FitError
            If the record forbids the family.
        """
        pays = paid_side(self.part, index.name)
        if index.of_events:
            return fit_events(index, family, pays)
        return fit_or_best(index.value, family, pays, index.bounds)

    def years(self, fitted: Fitted, name: str, block: int, years: int) -> Floats:
        """Return what each cover pays in simulated years, shape (years, covers) [CNY].

        Parameters
        ----------
        fitted : Fitted
            The variant's record and laws.
        name : str
            Name of the stream.
        block : int
            Block of the years.
        years : int
            Years of a block.
        """
        uniforms = stream(self.seed, name, "index", block=block).random((years, len(self.family)))
        return self.payments(fitted, uniforms, stream(self.seed, name, "events", block=block))

    def payments(self, fitted: Fitted, uniforms: Floats, events: np.random.Generator) -> Floats:
        """Return what each cover pays in years of given uniforms, shape (years, covers) [CNY].

        Parameters
        ----------
        fitted : Fitted
            The variant's record and laws.
        uniforms : array, shape (years, indices)
            Independent of each other, in the order of ``family`` [unitless].
        events : numpy.random.Generator
            Draws the events of indices of events.
        """
        if not fitted.laws:
            known = np.flatnonzero(fitted.known)
            drawn = known[np.minimum((uniforms[:, 0] * known.size).astype(np.int64), known.size - 1)]
            return np.ascontiguousarray(fitted.payments[:, drawn].T)
        by_cover = simulated_payments(self.part, fitted.laws, fitted.copula, uniforms, events)
        return np.ascontiguousarray(self._after_terms(by_cover).T)

    def _paid(self, indices: Mapping[str, YearIndex]) -> Floats:
        # The record is cut to its years already: a window of the scenario cuts nothing more.
        return self._after_terms(annual_payments(self.part, indices).by_cover)

    def _after_terms(self, by_cover: Floats) -> Floats:
        """Return payments by cover after the terms of the year, which covers share in proportion to theirs."""
        before = by_cover.sum(axis=0)
        after = year_terms(self.part.aggregate, by_cover)
        share = np.divide(after, before, out=np.where(np.isnan(before), np.nan, 0.0), where=before > 0)
        return np.asarray(by_cover * share)

    def _treated(self, index: YearIndex, treatment: Treatment, changes: Changes | None) -> YearIndex:
        if changes is None:
            return index
        scale = self.record.scale[index.name]
        return replace(
            index, value=treat(index.year, index.value, treatment, changes, scale, index.bounds).value
        )

    def _carried_on(self, treated: Mapping[str, YearIndex], to: int) -> dict[str, YearIndex]:
        """Return the yearly indices at the level that their lines have in a later year."""
        found = {}
        for name in self.record.changes:
            index, scale = self.record.indices[name], self.record.scale[name]
            value = carried_on(index.year, index.value, treated[name].value, to, scale, index.bounds)
            found[name] = replace(index, value=value)
        return found

    def _resampled(
        self, treatment: Mapping[str, Treatment], draw: int
    ) -> tuple[Integers, dict[str, YearIndex]]:
        """Return the positions of the years of a resample, and its indices, treated anew."""
        position = self._positions(treatment, draw)
        found: dict[str, YearIndex] = {}
        for name, index in self.record.indices.items():
            changes = self.record.changes.get(name)
            if changes is None:
                found[name] = _events_of(index, position)
                continue
            scale = self.record.scale[name]
            done = "step" if treatment[name] == "post_break" else treatment[name]
            plain = on_scale(index.value, scale)
            level = on_scale(treat(index.year, index.value, done, changes, scale).value, scale)
            drawn = plain - level + level[position]
            again = replace(index, value=np.exp(drawn) if scale == "log" else drawn)
            found[name] = self._treated(again, treatment[name], _changes_of(again, changes, drawn))
            if np.isfinite(found[name].value).sum() < FEWEST_YEARS:  # too late a step leaves too little
                found[name] = self._treated(again, treatment[name], changes)
        return position, found

    def _positions(self, treatment: Mapping[str, Treatment], draw: int) -> Integers:
        """Return positions of blocks of years, drawn within the years before and after a step that is treated."""
        years = self.record.year.size
        breaks = {
            int(np.searchsorted(self.record.year, changes.break_year, side="right"))
            for name, changes in self.record.changes.items()
            if treatment[name] in ("step", "post_break")
        }
        edges = [0, *sorted(breaks - {0, years}), years]
        rng = stream(self.seed, "knowledge", "record", block=draw)
        parts = []
        for first, last in pairwise(edges):
            length = min(self.record.block_years, last - first)
            parts.append(first + block_years_drawn(last - first, 1, length, rng)[0])
        return np.concatenate(parts)


def _changes_of(index: YearIndex, changes: Changes, drawn: Floats) -> Changes:
    """Return what is known of a resample's step: its best place and its size; a verdict is not looked for again."""
    known = np.isfinite(drawn)
    if changes.break_year < 0 or not known.any():
        return changes
    step = best_step(drawn[known])
    year = int(index.year[known][step.position - 1])
    return replace(changes, break_year=year, shift=step.after - step.before)


def _events_of(index: YearIndex, position: Integers) -> YearIndex:
    """Return an index of events whose years are those at some positions."""
    order = np.argsort(index.event_year, kind="stable")
    year, value = index.event_year[order], index.event_value[order]
    first, last = np.searchsorted(year, position, side="left"), np.searchsorted(year, position, side="right")
    count = last - first
    within = np.arange(int(count.sum())) - np.repeat(np.cumsum(count) - count, count)
    return replace(
        index,
        value=index.value[position],
        event_year=np.repeat(np.arange(position.size), count),
        event_value=value[np.repeat(first, count) + within],
    )
