# SPDX-License-Identifier: Apache-2.0
"""The run folder: whole or absent.

Everything is written to a temporary sibling and moved into place. Figures and the page are made by
:mod:`greenrisk.report.html`.
"""

from __future__ import annotations

import json
import math
import os
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import xarray as xr

from greenrisk.core.errors import Fault, Faults, RunError
from greenrisk.core.ledger import Entry, Ledger
from greenrisk.engine.result import RunResult
from greenrisk.report.flatten import FlatTable, flatten, header
from greenrisk.report.workbook import MOST_CELLS, write_workbook

RESULTS = "results.nc"
METRICS = "metrics.json"
MANIFEST = "manifest.json"
LEDGER = "ledger.csv"
REPORT = "report.html"
WORKBOOK = "results.xlsx"
TABLES = "tables"
FILING = "rate_review_filing.csv"
SYNTHETIC = "synthetic_"
"""How the attributes of a result begin that say what of its input is made up."""

COMPRESSED_FROM = 10_000
"""Variables with at least so many numbers are compressed in results.nc."""


def check_out(out: Path) -> None:
    """Refuse a folder into which the run could not be put - before any work.

    Raises
    ------
    RunError
        Where ``out`` exists and is no empty folder, or nothing can be written beside it.
    """
    faults = Faults()
    if out.exists() and not out.is_dir():
        faults.add(str(out), "is a file", "Choose another folder with `--out`.")
    elif out.is_dir() and any(out.iterdir()):
        faults.add(
            str(out),
            "exists and is not empty",
            "A run never overwrites another: choose another folder with `--out`, or delete this one.",
        )
    else:
        probe = _sibling(out)
        try:
            out.parent.mkdir(parents=True, exist_ok=True)
            shutil.rmtree(probe, ignore_errors=True)
            probe.mkdir()
            probe.rmdir()
        except OSError as error:
            faults.add(
                str(out),
                f"cannot be written: {error.strerror or error}",
                "Choose a folder that you may write with `--out`.",
            )
    faults.raise_if_any(RunError)


def write(result: RunResult, out: Path) -> Path:
    """Make the run folder.

    Parameters
    ----------
    result : RunResult
        The finished run.
    out : Path
        Must not exist, or be empty.

    Returns
    -------
    Path
        ``out``.

    Raises
    ------
    RunError
        As :func:`check_out`.
    """
    out = Path(out)
    check_out(out)
    temporary = _sibling(out)
    temporary.mkdir()
    try:
        _fill(result, temporary)
        if out.exists():
            out.rmdir()
        os.replace(temporary, out)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise
    return out


def read(run: Path) -> RunResult:
    """Read a run folder back.

    Raises
    ------
    RunError
        Where it is no whole run folder.
    """
    run = Path(run)
    missing = [name for name in (RESULTS, MANIFEST, LEDGER) if not (run / name).is_file()]
    if missing:
        what = "does not exist" if not run.exists() else f"lacks {', '.join(missing)}"
        raise RunError(Fault(str(run), what, "Name the folder of a finished run."))
    try:
        with xr.open_datatree(run / RESULTS, engine="h5netcdf") as tree:
            loaded = tree.load()
        manifest = json.loads((run / MANIFEST).read_text(encoding="utf-8"))
        rows = pd.read_csv(run / LEDGER, keep_default_na=False, na_values={c: [""] for c in _NUMBERS})
    except (OSError, ValueError, KeyError) as error:
        raise RunError(Fault(str(run), f"cannot be read: {error}", "Run the scenario again.")) from error
    records: list[dict[str, Any]] = rows.to_dict("records")  # type: ignore[assignment]
    ledger = Ledger(Entry(**record) for record in records)
    return RunResult(None, loaded, ledger, manifest)


_NUMBERS = ("count", "base", "at_low", "at_high")


def _sibling(out: Path) -> Path:
    return out.parent / f".{out.name}.writing"


def _fill(result: RunResult, folder: Path) -> None:
    from greenrisk.report.html import render

    write_netcdf(result.tree, folder / RESULTS)
    _write_json(folder / METRICS, metrics_document(result))
    (folder / TABLES).mkdir()
    sheets: list[FlatTable] = []
    too_long: list[str] = []
    for table in flatten(result.tree):
        if table.name != Path(LEDGER).stem:
            _append_csv(table, folder / TABLES / f"{table.name}.csv")
        if table.cells > MOST_CELLS:
            too_long += [table.name] if table.start == 0 else []
        elif table.start == 0:
            sheets.append(table)
        else:
            frame = pd.concat([sheets[-1].frame, table.frame], ignore_index=True)
            sheets[-1] = replace(sheets[-1], frame=frame)
    _write_filing(result.tree, folder / TABLES / FILING)
    write_workbook(folder / WORKBOOK, sheets, too_long, result)
    ledger = result.ledger.to_frame()
    ledger.to_csv(folder / LEDGER, index=False, encoding="utf-8", lineterminator="\n")
    page = render(result.tree, ledger, dict(result.manifest))
    (folder / REPORT).write_text(page, encoding="utf-8", newline="\n")
    _write_json(folder / MANIFEST, result.manifest)


def _append_csv(table: FlatTable, path: Path) -> None:
    """Write a table, or the next piece of it."""
    names = {column: header(column, unit) for column, unit in table.units.items()}
    table.frame.rename(columns=names).to_csv(
        path,
        mode="a" if table.start else "w",
        header=table.start == 0,
        index=False,
        encoding="utf-8",
        lineterminator="\n",
    )


def _write_filing(tree: xr.DataTree, path: Path) -> None:
    """Write the table that a filing of a rate review needs (费率回溯表), in both languages."""
    from greenrisk.resource.filing_table import filing_table
    from greenrisk.resource.review_results import RateReview

    if "rate_review" not in tree.children:
        return
    groups = {name: node.to_dataset(inherit=False) for name, node in tree["rate_review"].children.items()}
    # With a mark of its encoding, by which spreadsheets know that it is UTF-8.
    filing_table(RateReview(**groups)).to_frame().to_csv(
        path, index=False, encoding="utf-8-sig", lineterminator="\n"
    )


def write_netcdf(tree: xr.DataTree, path: Path) -> None:
    """Write a tree as netCDF-4 through h5netcdf: no clock inside, so that equal trees are equal files."""
    encoding = {
        node.path: {
            str(name): {"zlib": True, "complevel": 1, "shuffle": True}
            for name, variable in node.to_dataset(inherit=False).data_vars.items()
            if variable.dtype.kind in "iuf" and variable.size >= COMPRESSED_FROM
        }
        for node in tree.subtree
    }
    tree.to_netcdf(path, engine="h5netcdf", encoding={k: v for k, v in encoding.items() if v})


def metrics_document(result: RunResult) -> dict[str, Any]:
    """Return the content of ``metrics.json``."""
    records = []
    for row in result.metrics.to_dict("records"):
        records.append(
            {
                "name": row["name"],
                "label": row["label"],
                "value": _number(row["value"]),
                "unit": row["unit"],
                "standard_error": _number(row["standard_error"]),
                "interval": [_number(row["low"]), _number(row["high"])],
                "dims": row["dims"],
                "method": row["method"],
            }
        )
    attributes = result.tree.attrs
    whole = {key: attributes.get(key) for key in ("underwriting_year", "years", "seed")}
    return {
        "kind": str(attributes.get("kind", "")),
        "name": str(attributes.get("name", "")),
        **{key: None if value is None else int(value) for key, value in whole.items()},
        **{str(key): bool(mark) for key, mark in attributes.items() if str(key).startswith(SYNTHETIC)},
        "metrics": records,
    }


def _number(value: Any) -> float | None:
    number = float(value)
    return number if math.isfinite(number) else None


def _write_json(path: Path, content: Any) -> None:
    text = json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")
