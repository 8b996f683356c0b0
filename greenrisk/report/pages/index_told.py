# SPDX-License-Identifier: Apache-2.0
"""The tornado of a premium on a record as a page tells it: the row of the record has no card."""

from __future__ import annotations

import numpy as np
import xarray as xr

from greenrisk.report.pages.index_answer_words import RECORD
from greenrisk.report.wording import money, span

ROW = f"{RECORD}:years"
"""Name that the row of the record has on the page, where its anchor is made from it."""


def told_tornado(tornado: xr.Dataset) -> xr.Dataset:
    """Return the tornado with a name for the row of the record that an anchor can have.

    Parameters
    ----------
    tornado : xarray.Dataset
        The group ``/tornado``.
    """
    names = tornado["parameter"].values.astype(str)
    own = tornado["status"].values.astype(str) == RECORD
    return tornado.assign_coords(parameter=np.where(own, ROW, names).astype(str))


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
