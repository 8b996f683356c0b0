# SPDX-License-Identifier: Apache-2.0
"""A series from a variable of a gridded file (NetCDF): at a place, over a box, or of the only cell."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from greenrisk.core.errors import Faults, TableError
from greenrisk.core.marked_yaml import KeyPath, did_you_mean
from greenrisk.core.sources import Sources
from greenrisk.resource.index_cover.grid_cells import Cells, Place, all_cells, box_cells, nearest_cell
from greenrisk.resource.index_cover.series import Days, Floats, Origin
from greenrisk.resource.index_cover.series_spec import GriddedSeries
from greenrisk.resource.index_cover.series_table import Dated
from greenrisk.resource.index_cover.unit_words import same_unit

if TYPE_CHECKING:
    import xarray

ENGINES: Final = ((b"\x89HDF", "h5netcdf"), (b"CDF", "scipy"))
"""First bytes of a file, and what xarray reads it with: NetCDF 4 and NetCDF 3."""

CHUNK: Final = 4_000_000
"""Most values that are held at a time while a box is averaged."""


def read_gridded(spec: GriddedSeries, key_path: KeyPath, sources: Sources) -> Dated | None:
    """Return the values of a gridded file by date; None where faults were recorded.

    Parameters
    ----------
    spec : GriddedSeries
        File, variable, unit, and place or box.
    key_path : tuple
        Where the scenario says so.
    sources : Sources
        Finds and hashes the file, takes faults; its ledger is told which cells were read.
    """
    path = sources.file(spec.file, (*key_path, "file"))
    if path is None:
        return None
    if spec.point is not None and spec.box is not None:
        sources.fault((*key_path, "box"), "point and box", "Give one of them: a place, or a box.")
        return None
    head = path.open("rb").read(4)
    engine = next((engine for mark, engine in ENGINES if head.startswith(mark)), None)
    if engine is None:
        sources.fault((*key_path, "file"), f"file = {spec.file}", "Must be a NetCDF file, of version 3 or 4.")
        return None
    faults = Faults()
    dated = _read(path, engine, spec, faults, sources)
    if len(faults):
        sources.take(TableError(faults))
        return None
    return dated


def _read(path: Path, engine: Any, spec: GriddedSeries, faults: Faults, sources: Sources) -> Dated | None:
    import xarray as xr

    try:
        data = xr.open_dataset(path, engine=engine)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as problem:
        mend = f"Cannot be read as NetCDF: {str(problem).splitlines()[0] if str(problem) else type(problem).__name__}."
        faults.add(spec.file, "the file", mend)
        return None
    with data:
        if spec.variable not in data.variables:
            held = ", ".join(f"`{name}`" for name in data.data_vars)
            near = did_you_mean(spec.variable, [str(name) for name in data.data_vars])
            faults.add(
                spec.file,
                f"variable `{spec.variable}`",
                f"The file has no such variable.{near} It has {held}.",
            )
            return None
        variable = data[spec.variable]
        _unit(variable, spec, faults)
        axis = _time_axis(variable, spec, faults)
        before = len(faults)
        variable = _chosen(variable, spec, faults)
        found = len(faults) == before and axis is not None
        cells = _cells(variable, axis, spec, faults) if found and axis is not None else None
        days = None if axis is None else _days(variable[axis].values, axis, spec, faults, sources)
        if len(faults) or axis is None or cells is None or days is None:
            return None
        return _values(variable, axis, days, cells, spec, faults, sources)


def _unit(variable: xarray.DataArray, spec: GriddedSeries, faults: Faults) -> None:
    place = f"{spec.file}, variable `{spec.variable}`"
    stated = variable.attrs.get("units")
    if stated is None or (str(stated).strip() == "" and not same_unit(spec.unit, "1")):
        faults.add(
            place,
            "no attribute `units`",
            f"A file that states no unit is refused. If its owner says {spec.unit}, write it into the file: "
            f'`ncatted -a units,{spec.variable},c,c,"{spec.unit}" {Path(spec.file).name}`.',
            spec.unit,
        )
    elif not same_unit(str(stated), spec.unit):
        faults.add(
            place,
            f"units = {stated}",
            f"The scenario says {spec.unit}. Write `unit: {stated}`, with triggers in it, or convert the file.",
            spec.unit,
        )


def _time_axis(variable: xarray.DataArray, spec: GriddedSeries, faults: Faults) -> str | None:
    """Return the name of the dimension of time."""
    for name in map(str, variable.dims):
        if name in variable.coords:
            values = variable.coords[name].values
            if values.dtype.kind == "M" or (values.size and hasattr(values.flat[0], "calendar")):
                return name
    dims = ", ".join(f"`{name}`" for name in variable.dims) or "none"
    faults.add(
        f"{spec.file}, variable `{spec.variable}`",
        f"dimensions {dims}",
        "None of them is a time: its coordinate needs an attribute `units` such as `days since 1900-01-01`.",
    )
    return None


def _chosen(variable: xarray.DataArray, spec: GriddedSeries, faults: Faults) -> xarray.DataArray:
    """Return the variable at the steps of other dimensions that `where` chooses."""
    for name, wanted in spec.where.items():
        place = f"{spec.file}, variable `{spec.variable}`"
        if name not in variable.dims or name not in variable.coords:
            dims = ", ".join(f"`{dim}`" for dim in variable.dims)
            faults.add(place, f"where {name}", f"No such dimension with values. It has {dims}.")
            continue
        held = variable.coords[name].values
        texts = [str(value) for value in held]
        if isinstance(wanted, str):
            found = [position for position, text in enumerate(texts) if text == wanted]
        else:
            found = (
                np.flatnonzero(np.isclose(held.astype(np.float64), wanted)).tolist()
                if held.dtype.kind in "fiu"
                else []
            )
        if not found:
            some = ", ".join(f"`{text}`" for text in texts[:8])
            more = ", ..." if len(texts) > 8 else ""
            near = did_you_mean(wanted, texts) if isinstance(wanted, str) else ""
            mend = f"No step has it.{near} It has {some}{more}."
            faults.add(place, f"where {name} = {wanted}", mend)
            continue
        variable = variable.isel({name: found[0]})
    return variable


def _cells(variable: xarray.DataArray, axis: str, spec: GriddedSeries, faults: Faults) -> Cells | None:
    others = [str(name) for name in variable.dims if str(name) != axis]
    place = f"{spec.file}, variable `{spec.variable}`"
    where = Place.of(variable, others)
    if spec.point is None and spec.box is None:
        sizes = {name: variable.sizes[name] for name in others}
        if all(size == 1 for size in sizes.values()):
            return all_cells(others, sizes)
        several = ", ".join(f"`{name}` ({size})" for name, size in sizes.items() if size > 1)
        faults.add(place, f"several cells: {several}", "Give a `point`, a `box`, or one step by `where`.")
        return None
    if where is None:
        mend = "The file gives no latitudes and longitudes of its cells. Choose by `where`."
        faults.add(place, "point" if spec.point else "box", mend)
        return None
    spare = [name for name in others if name not in where.dims and variable.sizes[name] > 1]
    if spare:
        faults.add(place, f"dimension `{spare[0]}`", "Has several steps. Choose one by `where`.")
        return None
    made = nearest_cell(where, spec.point) if spec.point is not None else None
    if spec.box is not None:
        made = box_cells(where, spec.box)
    if isinstance(made, str):
        what = "point" if spec.point is not None else "box"
        faults.add(place, what, made)
        return None
    return made


def _days(values: Any, axis: str, spec: GriddedSeries, faults: Faults, sources: Sources) -> Days | None:
    """Return the days of the time axis, of whatever calendar."""
    place = f"{spec.file}, variable `{axis}`"
    if values.dtype.kind == "M":
        days = values.astype("datetime64[D]")
    else:
        if values.flat[0].calendar == "360_day":
            faults.add(
                place,
                "calendar = 360_day",
                "Years of 360 days cannot be read as dates. Convert the calendar.",
            )
            return None
        days = np.array(
            [f"{time.year:04d}-{time.month:02d}-{time.day:02d}" for time in values], dtype="datetime64[D]"
        )
        if values.flat[0].calendar in ("noleap", "365_day"):
            told = "The calendar has no 29 February, which is missing: let it be by `missing_share` of the index."
            sources.ledger.add("read", Path(spec.file).name, told)
    if np.isnat(days).any():
        faults.add(place, "missing dates", "Every step needs a date.")
        return None
    apart = np.diff(days).astype(np.int64)
    bad = np.flatnonzero(apart <= 0)
    if bad.size:
        step = int(bad[0]) + 1
        what = "the same day as" if apart[bad[0]] == 0 else "before"
        mend = "Sum or average to one value a day." if apart[bad[0]] == 0 else "Sort the steps by date."
        told = f"{days[step]} at step {step + 1} is {what} the step before it; {bad.size} such steps."
        faults.add(place, told, mend)
        return None
    result: Days = days
    return result


def _values(
    variable: xarray.DataArray,
    axis: str,
    days: Days,
    cells: Cells,
    spec: GriddedSeries,
    faults: Faults,
    sources: Sources,
) -> Dated | None:
    """Return the weighted mean of the cells at each time: missing where a cell that has values misses one."""
    chosen = variable.isel(dict(cells.slices)).transpose(axis, *cells.slices)
    chunk = max(1, CHUNK // max(cells.weight.size, 1))

    def blocks() -> Iterator[Floats]:
        for start in range(0, days.size, chunk):
            block = np.asarray(chosen.isel({axis: slice(start, start + chunk)}).values, dtype=np.float64)
            yield block.reshape(block.shape[0], -1)[:, cells.inside]

    ever = np.any([np.isfinite(block).any(axis=0) for block in blocks()], axis=0)
    place = f"{spec.file}, variable `{spec.variable}`"
    if not ever.any():
        what = "all values are missing"
        mend = cells.empty or "Choose another place or box, on land or sea as the file has it."
        faults.add(f"{place}, {cells.told}" if cells.told else place, what, mend)
        return None
    if cells.told:
        sources.ledger.add("read", Path(spec.file).name, f"`{spec.variable}`: {cells.told}.", int(ever.sum()))
    if not ever.all():
        detail = f"`{spec.variable}`: {int((~ever).sum())} of {ever.size} cells are always missing and are left out."
        sources.ledger.add("dropped", Path(spec.file).name, detail, int((~ever).sum()))
    used = cells.weight[ever] / cells.weight[ever].sum()
    value = np.concatenate([block[:, ever] @ used for block in blocks()])
    digest = sources.inputs[f"file {spec.file}"]
    return Dated(days, value, Origin(digest, spec.variable, frozenset(cells.flat[ever].tolist())))
