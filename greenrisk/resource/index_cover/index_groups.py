# SPDX-License-Identifier: Apache-2.0
"""Result groups of an index cover that are read off its record: series, guards, tests, years, payout function."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any, Final

import numpy as np
import xarray as xr

from greenrisk.resource.index_cover.changes import Changes
from greenrisk.resource.index_cover.guards import GuardRow
from greenrisk.resource.index_cover.index_model import Fitted, IndexModel
from greenrisk.resource.index_cover.index_record import IndexRecord
from greenrisk.resource.index_cover.payout_spec import DoublePayout, LinearPayout, SinglePayout
from greenrisk.resource.index_cover.payouts import payout_share
from greenrisk.resource.index_cover.series import Floats, Series

POINTS: Final = 401
"""Points of the payout function."""

CHANGE_UNITS: Final[Mapping[str, str]] = {
    "years": "year",
    "level": "unitless",
    "break_year": "year",
    "shift": "see unit",
    "sup_f": "unitless",
    "p_white": "unitless",
    "p_ar1": "unitless",
    "pettitt_year": "year",
    "pettitt_p": "unitless",
    "trend_slope": "see unit",
    "trend_p": "unitless",
    "autocorrelation": "unitless",
    "bic_none": "unitless",
    "bic_linear": "unitless",
    "bic_step": "unitless",
}
"""Units of what the tests say."""


def table(
    dim: str, rows: list[dict[str, Any]], units: Mapping[str, str], names: Iterable[str] = ()
) -> xr.Dataset:
    """Return rows as variables over one dimension.

    Parameters
    ----------
    dim : str
        The dimension; a key of that name in the rows becomes its labels.
    rows : list of dict
        All with the same keys.
    units : mapping of str to str
        Units of the numbers.
    names : iterable of str
        Keys of the rows, where there may be none.
    """
    if not rows:
        absent = {name: np.array([], dtype=np.float64 if name in units else "<U1") for name in names}
        rows_of_none = {name: (dim, values) for name, values in absent.items() if name != dim}
        empty = xr.Dataset(rows_of_none, coords={dim: absent[dim]} if dim in absent else {})
        for name in units.keys() & rows_of_none.keys():
            empty[name].attrs["units"] = units[name]
        return empty
    columns = {key: np.array([row[key] for row in rows]) for key in rows[0]}
    labels = columns.pop(dim, None)
    coords = {} if labels is None else {dim: labels}
    return xr.Dataset(
        {
            key: (dim, values, {"units": units[key]} if values.dtype.kind in "iuf" else {})
            for key, values in columns.items()
        },
        coords=coords,
    )


def series_group(series: Mapping[str, Series]) -> xr.Dataset:
    """Return the group ``/series``: what was read, from when to when, and what is missing."""
    rows = [
        {
            "series": name,
            "file": one.file,
            "unit": one.unit,
            "step": one.step,
            "first": _date(one, 0),
            "last": _date(one, -1),
            "count": int(np.isfinite(one.value).sum()),
            "missing": int(np.isnan(one.value).sum()),
            "longest_gap": longest_gap(one.value),
            "note": one.note,
        }
        for name, one in series.items()
    ]
    names = ("series", "file", "unit", "step", "first", "last", "count", "missing", "longest_gap", "note")
    return table("series", rows, dict.fromkeys(("count", "missing", "longest_gap"), "1"), names)


def _date(series: Series, place: int) -> str:
    text = str(series.time[place])
    return text[: {"year": 4, "month": 7}.get(series.step, 10)]


def longest_gap(value: Floats) -> int:
    """Return how many values in a row are missing at most."""
    longest = run = 0
    for absent in np.isnan(value).tolist():
        run = run + 1 if absent else 0
        longest = max(longest, run)
    return longest


def guards_group(guards: Iterable[GuardRow]) -> xr.Dataset:
    """Return the group ``/guards``: what every guard found in every series."""
    rows = [
        {"series": one.series, "check": one.check, "verdict": one.verdict, "detail": one.detail}
        for one in guards
    ]
    return table("guard", rows, {}, ("series", "check", "verdict", "detail"))


def changes_group(changes: Mapping[str, Changes], units: Mapping[str, str]) -> xr.Dataset:
    """Return the group ``/changes``: what the tests of steps and trends say of each index.

    Parameters
    ----------
    changes : mapping of str to Changes
        By index.
    units : mapping of str to str
        Unit of each index.
    """
    names = [field.name for field in fields(Changes)]
    rows = [
        {"index": name, "unit": units[name], **{key: getattr(one, key) for key in names}}
        for name, one in changes.items()
    ]
    return table("index", rows, CHANGE_UNITS)


def record_group(record: IndexRecord, fitted: Fitted) -> xr.Dataset:
    """Return the group ``/record``: every index in every year, as recorded and as priced."""
    rows = [
        {
            "index": name,
            "unit": index.unit,
            "year": int(year),
            "value": float(index.value[i]),
            "treated": float(fitted.indices[name].value[i]),
            "kept": int(np.isfinite(fitted.indices[name].value[i])),
        }
        for name, index in record.indices.items()
        for i, year in enumerate(record.year)
    ]
    return table("record", rows, {"year": "year", "value": "see unit", "treated": "see unit", "kept": "1"})


def history_group(model: IndexModel, fitted: Fitted, loss: Floats) -> xr.Dataset:
    """Return the group ``/history``: what the covers would have paid in the years of the treated record.

    Parameters
    ----------
    model : IndexModel
        Covers on the record.
    fitted : Fitted
        The treated record.
    loss : array, shape (years,)
        The buyer's loss, treated alike; NaN where not known [CNY].
    """
    money = {"units": "CNY"}
    return xr.Dataset(
        {
            "payout": ("year", fitted.total, money),
            "cover_payout": (("cover", "year"), fitted.payments, money),
            "loss": ("year", loss, money),
            "gap": ("year", loss - fitted.total, money),
        },
        coords={"year": model.record.year, "cover": np.array(model.covers)},
    )


def payout_function_group(model: IndexModel, fitted: Fitted) -> xr.Dataset:
    """Return the group ``/payout_function``: the share of the sum insured over the values of the index.

    Notes
    -----
    Of a double trigger the function of the first index, the second one paying in full.
    """
    values, shares, names, units = [], [], [], []
    for cover in model.part.covers:
        single = cover.payout.first if isinstance(cover.payout, DoublePayout) else cover.payout
        seen = np.concatenate([model.record.indices[single.index].value, fitted.indices[single.index].value])
        x = _points(single, seen[np.isfinite(seen)])
        values.append(x)
        shares.append(payout_share(single, x))
        names.append(single.index)
        units.append(model.record.indices[single.index].unit)
    return xr.Dataset(
        {
            "value": (("cover", "point"), np.array(values), {"units": "see unit"}),
            "share": (("cover", "point"), np.array(shares), {"units": "unitless"}),
            "index": ("cover", np.array(names)),
            "unit": ("cover", np.array(units)),
        },
        coords={"cover": np.array(model.covers)},
    )


def _points(payout: SinglePayout, seen: Floats) -> Floats:
    """Return the values at which the payout function is drawn: over the record, with both sides of every edge.

    A straight line between the points is then the function itself, whether or not a tier includes its edge.
    """
    marks = (
        [payout.trigger, payout.exit]
        if isinstance(payout, LinearPayout)
        else [tier.edge for tier in payout.tiers]
    )
    ends = [*marks, *([seen.min(), seen.max()] if seen.size else [])]
    margin = 0.02 * (max(ends) - min(ends) or 1.0)
    edges = [
        side for mark in marks for side in (np.nextafter(mark, -np.inf), mark, np.nextafter(mark, np.inf))
    ]
    between = np.linspace(min(ends) - margin, max(ends) + margin, POINTS - len(edges))
    return np.sort(np.concatenate([between, edges]))
