# SPDX-License-Identifier: Apache-2.0
"""The record that a cover is priced on: read, guarded, tested for steps and trends, its treatment and laws decided.

What is done here is done once, before any long work, for an index study and for the index cover of a wetland study
alike. What a resample of the record's years makes of it is in :mod:`greenrisk.resource.index_cover.index_model`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from greenrisk.core.errors import ArgumentError, Fault, GreenRiskError, TableError
from greenrisk.core.marked_yaml import KeyPath
from greenrisk.core.sources import Sources
from greenrisk.resource.index_cover.burn import block_length
from greenrisk.resource.index_cover.changes import Changes, detect_changes
from greenrisk.resource.index_cover.guards import check_series
from greenrisk.resource.index_cover.history_spec import Treatment
from greenrisk.resource.index_cover.index_reading import make_index
from greenrisk.resource.index_cover.index_spec import TrendScale, WindBoxIndex
from greenrisk.resource.index_cover.index_study_spec import IndexPart
from greenrisk.resource.index_cover.payouts import common_years
from greenrisk.resource.index_cover.record_end import tell_end
from greenrisk.resource.index_cover.series import Integers, Series, YearIndex
from greenrisk.resource.index_cover.series_reading import read_series
from greenrisk.resource.index_cover.treatments import OF_VERDICT, treat

FEWEST_YEARS: Final = 10
"""Least years of a record that a law is fitted to, and that the tests speak of."""


@dataclass(frozen=True, eq=False)
class IndexRecord:
    """The record of all indices, over the same years.

    Parameters
    ----------
    series : mapping of str to Series
        Series by name.
    indices : mapping of str to YearIndex
        Indices by name, as recorded, cut to the years that all have.
    changes : mapping of str to Changes
        What the tests say of each yearly index; an index of events has none.
    scale : mapping of str to str
        Whether a trend or a step adds to the index or multiplies it.
    treatment : mapping of str to str
        What is done to each index.
    block_years : int
        Length of the blocks of years that the bootstrap draws [year].
    """

    series: Mapping[str, Series]
    indices: Mapping[str, YearIndex]
    changes: Mapping[str, Changes]
    scale: Mapping[str, TrendScale]
    treatment: Mapping[str, Treatment]
    block_years: int

    @property
    def year(self) -> Integers:
        """Years of the record, shape (years,)."""
        return next(iter(self.indices.values())).year


def read_record(
    part: IndexPart, underwriting_year: int, seed: int, sources: Sources, at: KeyPath = ()
) -> IndexRecord | None:
    """Read and check the record of a scenario; None where faults were recorded.

    Parameters
    ----------
    part : IndexPart
        Series, indices and covers.
    underwriting_year : int
        Year that the cover is priced for; the record ends before it.
    seed : int
        Seed of the tests' simulations.
    sources : Sources
        Reads the files and takes the faults.
    at : tuple
        Key under which the scenario holds the part; empty: at its top.
    """
    series: dict[str, Series | None] = {
        name: read_series(name, spec, (*at, "series", name), sources) for name, spec in part.series.items()
    }
    for found in series.values():
        if found is not None:
            faults = check_series(found, part.history.accept_unit_change, sources.ledger)
            if faults:
                sources.take(TableError(faults))
    made = {
        name: make_index(name, spec, series, (*at, "indices", name), sources, underwriting_year)
        for name, spec in part.indices.items()
    }
    indices = {name: index for name, index in made.items() if index is not None}
    if len(indices) < len(made):
        return None
    cut = sources.made(lambda: _same_years(part, indices, underwriting_year, sources), (*at, "history"))
    if cut is None:
        return None
    tell_end(int(next(iter(cut.values())).year[-1]), underwriting_year, sources.ledger)
    scale = {name: _scale(part, name) for name in cut}
    changes = sources.made(lambda: _changes(part, cut, scale, seed), (*at, "history"))
    if changes is None:
        return None
    chosen = _treatments(part, cut, changes, scale, sources, (*at, "history", "treatment"))
    if chosen is None:
        return None
    record = IndexRecord(
        {name: one for name, one in series.items() if one is not None},
        cut,
        changes,
        scale,
        chosen,
        1,
    )
    return replace(record, block_years=part.history.block_years or _block_years(record))


def treated_index(record: IndexRecord, name: str, treatment: Treatment) -> YearIndex:
    """Return an index after a treatment; years that it does not keep are NaN.

    Parameters
    ----------
    record : IndexRecord
        The record.
    name : str
        Name of the index; one of events is returned as it is.
    treatment : str
        One of :data:`~greenrisk.resource.index_cover.treatments.TREATMENTS`.

    Raises
    ------
    ArgumentError
        If the treatment is refused: a line across a detected step.
    """
    index = record.indices[name]
    if index.of_events:
        return index
    done = treat(index.year, index.value, treatment, record.changes[name], record.scale[name], index.bounds)
    return replace(index, value=done.value)


def _same_years(
    part: IndexPart, indices: Mapping[str, YearIndex], underwriting_year: int, sources: Sources
) -> dict[str, YearIndex]:
    """Return the indices cut to the years that all have and that the scenario uses."""
    year = common_years(part.history, indices)
    late = year >= underwriting_year
    if late.any():
        sources.ledger.add(
            "dropped",
            "years of the record",
            f"{int(late.sum())} years from {underwriting_year} on were left out: the cover is priced on what is known "
            "before it begins.",
            int(late.sum()),
        )
        year = year[~late]
    faults = []
    for name, index in indices.items():
        inside = np.isin(year, index.year)
        known = int(np.isfinite(_of_years(index, year[inside]).value).sum())
        if not index.of_events and known < FEWEST_YEARS:
            faults.append(
                (f"the index `{name}` is known in {known} years", f"{FEWEST_YEARS} years or more are needed.")
            )
    if faults:
        raise ArgumentError(Fault("history", what, expected, "year") for what, expected in faults)
    return {name: _of_years(index, year) for name, index in indices.items()}


def _of_years(index: YearIndex, year: Integers) -> YearIndex:
    if not year.size:
        return replace(index, year=year, value=index.value[:0])
    first = int(year[0] - index.year[0])
    inside = (index.event_year >= first) & (index.event_year < first + year.size)
    return replace(
        index,
        year=year,
        value=index.value[first : first + year.size],
        event_year=index.event_year[inside] - first,
        event_value=index.event_value[inside],
    )


def _scale(part: IndexPart, name: str) -> TrendScale:
    spec = part.indices[name]
    return "plain" if isinstance(spec, WindBoxIndex) else spec.trend_scale


def _changes(
    part: IndexPart, indices: Mapping[str, YearIndex], scale: Mapping[str, TrendScale], seed: int
) -> dict[str, Changes]:
    return {
        name: detect_changes(index.year, index.value, scale[name], part.history.level, seed)
        for name, index in indices.items()
        if not index.of_events
    }


def _treatments(
    part: IndexPart,
    indices: Mapping[str, YearIndex],
    changes: Mapping[str, Changes],
    scale: Mapping[str, TrendScale],
    sources: Sources,
    key_path: KeyPath,
) -> dict[str, Treatment] | None:
    """Return what is done to each index; None where it is refused, which is recorded."""
    asked = part.history.treatment
    chosen: dict[str, Treatment] = {}
    sound = True
    for name, index in indices.items():
        if index.of_events:
            chosen[name] = "none"
            continue
        chosen[name] = OF_VERDICT[changes[name].verdict] if asked == "auto" else asked
        try:
            done = treat(index.year, index.value, chosen[name], changes[name], scale[name])
        except GreenRiskError as error:
            for fault in error.faults:
                sources.fault(key_path, f"`{fault.what}` for the index `{name}`", fault.expected)
            sound = False
            continue
        left = int(np.isfinite(done.value).sum())
        if left < FEWEST_YEARS:
            what = f"`{chosen[name]}` leaves {left} years of the index `{name}`"
            sources.fault(key_path, what, f"{FEWEST_YEARS} years or more are needed. Choose another.", "year")
            sound = False
    return chosen if sound else None


def _block_years(record: IndexRecord) -> int:
    """Return the longest block that one of the treated indices asks for."""
    return max(
        (
            block_length(treated_index(record, name, record.treatment[name]).value)
            for name, index in record.indices.items()
            if not index.of_events
        ),
        default=1,
    )
