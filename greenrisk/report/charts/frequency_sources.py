# SPDX-License-Identifier: Apache-2.0
"""Accidents of the zone by each source of frequency on its own, beside all of them weighed."""

from __future__ import annotations

from typing import Final

import xarray as xr
from matplotlib.figure import Figure

from greenrisk.report.charts.ladder import Rung, ladder
from greenrisk.report.charts.plate import Chart, Hit, paint
from greenrisk.report.table import Column, count, figure, table, words
from greenrisk.report.wording import significant

SOURCE_NAMES: Final = {
    "pooled": "All sources, weighed",
    "activity": "Judged by activity",
    "equipment": "Leaks of equipment",
    "industry": "US reports by industry",
    "chemical": "US reports by chemical",
}
"""Source of a plant's accident rate -> its words."""

POOLED: Final = "pooled"


def frequency_sources_chart(data: xr.Dataset) -> Chart:
    """Draw the accidents that each source expects.

    Parameters
    ----------
    data : xarray.Dataset
        The group ``/frequency_alternatives``: ``accidents`` [1/year] and ``plants`` by alternative.
    """
    names = [str(a) for a in data["alternative"].values]
    accidents = [float(v) for v in data["accidents"].values]
    rungs = [
        Rung(SOURCE_NAMES.get(name, name), value, ours=name == POOLED, tells="accidents on site a year")
        for name, value in zip(names, accidents, strict=True)
    ]

    def painter(plate: Figure, narrow: bool) -> list[Hit]:
        label = "Accidents a year" if narrow else "Expected accidents on site a year, all plants"
        return ladder(plate, narrow, rungs, label)

    alone = {name: value for name, value in zip(names, accidents, strict=True) if name != POOLED}
    low, high = min(alone, key=alone.__getitem__), max(alone, key=alone.__getitem__)
    title = "Expected accidents by source"
    if alone[low] > 0:
        title = (
            f"The sources of frequency disagree by a factor of {significant(alone[high] / alone[low], 2)}: from "
            f"{_told(low, alone[low])} to {_told(high, alone[high])} accidents a year"
        )
    alt = f"Dots of expected accidents a year by source. {title}."
    wide, narrow = paint("frequency-sources", painter, 90 + 40 * len(rungs), 90 + 56 * len(rungs), alt)
    note = (
        "Each source speaks alone for the plants of which it says anything; the others keep the rate of activity. "
        "Own years are weighed in everywhere. No source counts Chinese plants."
    )
    numbers = table(
        "Expected accidents on site by source",
        [
            Column("Source", number=False),
            Column("Accidents", "a year"),
            Column("Plants of which it says anything"),
        ],
        [
            [words(SOURCE_NAMES.get(name, name)), figure(value), count(float(plants))]
            for name, value, plants in zip(names, accidents, data["plants"].values, strict=True)
        ],
    )
    return Chart("frequency-sources", title, alt, wide, narrow, numbers, note)


def _told(source: str, accidents: float) -> str:
    name = SOURCE_NAMES.get(source, source)
    return f"{significant(accidents)} ({name if name.startswith('US') else name.lower()})"
