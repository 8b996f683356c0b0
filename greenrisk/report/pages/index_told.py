# SPDX-License-Identifier: Apache-2.0
"""The tornado of a premium on a record as a page tells it: the row of the record has no card."""

from __future__ import annotations

import numpy as np
import xarray as xr

from greenrisk.report.pages.index_answer_words import RECORD
from greenrisk.report.wording import money, span

ROW = f"{RECORD}:years"
"""Name that the row of the record has on the page, where its anchor is made from it."""

LABEL = "Years of the record, drawn anew"
"""What the row is called."""


def told_tornado(tornado: xr.Dataset) -> xr.Dataset:
    """Return the tornado with short words for the row of the record, and a name that an anchor can have.

    Parameters
    ----------
    tornado : xarray.Dataset
        The group ``/tornado``.
    """
    own = tornado["status"].values.astype(str) == RECORD
    told = tornado.assign_coords(
        parameter=np.where(own, ROW, tornado["parameter"].values.astype(str)).astype(str)
    )
    words = {"label": LABEL, "low": "5\u00a0%", "high": "95\u00a0%", "unit": "of resamples"}
    return told.assign(
        {
            name: ("parameter", np.where(own, text, tornado[name].values.astype(str)))
            for name, text in words.items()
        }
    )


def of_cards(tornado: xr.Dataset) -> xr.Dataset:
    """Return the rows of the tornado that are parameters of cards."""
    return tornado.isel(parameter=np.flatnonzero(tornado["status"].values.astype(str) != RECORD))


def record_note(tornado: xr.Dataset) -> str:
    """Say how far so many years leave the premium open; empty where the tornado has no such row."""
    own = np.flatnonzero(tornado["status"].values.astype(str) == RECORD)
    if not own.size:
        return ""
    row = tornado.isel(parameter=int(own[0]))
    low, high = (float(row[f"gross_at_{end}"].item()) for end in ("low", "high"))
    return (
        f"The record has no card. Drawn anew from its own years, treated and fitted anew, it gives premiums of "
        f"{span(min(low, high), max(low, high), 'CNY')} at 5 % and 95 % instead of "
        f"{money(float(tornado.attrs['base']))} ({row['basis'].item()})."
    )
