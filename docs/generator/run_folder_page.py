# SPDX-License-Identifier: Apache-2.0
"""The page of the run folder: its files, and what lies in results.nc, read from a real run."""

from __future__ import annotations

from pathlib import Path

import xarray as xr

from generator.markdown import MADE, prose, table

FILES = {
    "report.html": "The report: one self-contained file, needs no network.",
    "metrics.json": "The headline figures: name, value, unit, simulation error, knowledge interval, dims, method.",
    "results.nc": "Everything, by group (below). No clock inside: two equal runs are equal files.",
    "results.xlsx": "The same tables as a workbook; a table too long for a sheet is left to CSV.",
    "tables": "The same tables as CSV, one a group; headings carry the units.",
    "ledger.csv": "What was dropped, floored, filled in or assumed ([the ledger](ledger.md)).",
    "manifest.json": "Versions, settings, sha256 of every input, wall time, platform; the command and the "
    "scenario that repeat the run.",
}
"""One sentence for each file of a run folder."""

GROUPS = {
    "/": "What was run, in the attributes.",
    "/losses": "Every simulated year: losses by layer and segment, fires, burnt and paid areas.",
    "/metrics": "The headline figures, each with both errors.",
    "/curves": "Exceedance curves: largest fire (occurrence, OEP) and year's loss (aggregate, AEP).",
    "/premium": "From pure to gross premium, by county and forest type, and who pays it.",
    "/sites": "Every stand: burnt area, pure premium with its simulation error, gross premium.",
    "/knowledge": "Every joint draw of the cards, and the base they are compared with.",
    "/tornado": "The gross premium at both ends of every parameter's range, widest first.",
    "/variance": "Share of the knowledge variance by status of the parameters.",
    "/cards": "What each card is for: use, region, period, validity, and the command that fitted it.",
    "/alternatives": "Results for named tail shapes and caps, which the data do not decide.",
    "/chain": "The calculation step by step, from fires a year to gross premium.",
    "/checks": "The simulation beside a second method, and the model beside what was observed.",
    "/checks/second_method": "Burnt area of a year: the simulated years beside the exact law of number and size of "
    "fires, and how many standard errors they are apart.",
    "/checks/counts": "Fires a year in the province: observed, expected, interval.",
    "/checks/classes": "Fires by official size class: observed and expected.",
    "/checks/size_curve": "Chance that a fire exceeds a size.",
    "/checks/burning_cost": "Plain burning costs of several periods beside the model.",
    "/checks/products": "Rates of policies that were seen in the market, of which fire is a minor part.",
    "/checks/correlation": "How the province moves with its neighbours, trends taken out or not.",
    "/ledger": "The ledger.",
}
"""One sentence for each group of results.nc."""


def page(run: Path) -> str:
    """Return ``docs/reference/run-folder.md``.

    Parameters
    ----------
    run : Path
        Folder of a finished run of the shipped forest scenario.

    Raises
    ------
    ValueError
        Where the run has a file or a group without a sentence here.
    """
    unknown = sorted({path.name for path in run.iterdir()} - set(FILES))
    if unknown:
        raise ValueError(f"Give {', '.join(unknown)} a sentence in {Path(__file__).name}, FILES.")
    files = [(f"{name}/" if (run / name).is_dir() else name, words) for name, words in FILES.items()]
    with xr.open_datatree(run / "results.nc", engine="h5netcdf") as tree:
        groups = [_group(node) for node in tree.subtree]
    return "\n".join(
        [
            MADE,
            "# The run folder\n",
            prose(
                """Whole or absent: a run is written under a temporary name and moved into place. While
                it works, `<run folder>.partial/` beside it holds the finished parts, with which
                `--resume` continues; that folder is the only thing that may be left half-way. A run
                never overwrites another."""
            ),
            table(("File", "What it holds"), files, code=("File",)),
            "## Groups of results.nc\n",
            prose(
                """Read them with `xarray.open_datatree(path, engine="h5netcdf")`, or take
                `greenrisk.run(...).tree`. Every number has `attrs["units"]`; `see unit` means that
                each row names its own in the variable `unit`."""
            ),
            *groups,
        ]
    )


def _group(node: xr.DataTree) -> str:
    if node.path not in GROUPS:
        raise ValueError(f"Give the group {node.path} a sentence in {Path(__file__).name}, GROUPS.")
    title = f"### {node.path}\n\n{GROUPS[node.path]}\n"
    dataset = node.to_dataset(inherit=False)
    rows = [
        (str(name), ", ".join(map(str, variable.dims)), str(variable.attrs.get("units", "")))
        for name, variable in dataset.variables.items()
    ]
    attributes = ", ".join(f"`{name}`" for name in dataset.attrs)
    parts = [title]
    if rows:
        parts.append(table(("Variable", "Dimensions", "Unit"), rows, code=("Variable", "Dimensions")))
    if attributes:
        parts.append(f"Attributes: {attributes}.\n")
    return "\n".join(parts)
