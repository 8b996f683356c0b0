# SPDX-License-Identifier: Apache-2.0
"""The page of the run folder: its files, and what lies in results.nc, read from real runs of every wing."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import xarray as xr

import greenrisk
from generator import forest_groups, index_groups, issuer_groups, issuer_runs, wetland_groups, zone_groups
from generator.markdown import MADE, prose, table

FILES = {
    "report.html": "The report: one self-contained file, needs no network.",
    "metrics.json": "The headline figures: name, value, unit, simulation error, knowledge interval, dims, method.",
    "results.nc": "Everything, by group (below). No clock inside: two equal runs are equal files.",
    "results.xlsx": "The same tables as a workbook; a table too long for a sheet is left to CSV.",
    "tables": "The same tables as CSV, one a group; headings carry the units. With a rate review also "
    "`rate_review_filing.csv`, the table of a filing (费率回溯表) in Chinese and English.",
    "ledger.csv": "What was dropped, floored, filled in or assumed ([the ledger](ledger.md)).",
    "manifest.json": "Versions, settings, sha256 of every input, wall time, platform; the command and the "
    "scenario that repeat the run.",
}
"""One sentence for each file of a run folder."""

CLAIMS = """\
accident_id,year,head,amount_cny
2021-1,2021,third_party_property,120000
2021-1,2021,emergency_response,80000
2023-1,2023,clean_up,900000
"""
"""Claims of nobody, so that a run has the groups of a user's own claims."""


def page(forest: Path, zone: Path, issuers: Path, index: Path, wetland: Path) -> str:
    """Return ``docs/reference/run-folder.md``.

    Parameters
    ----------
    forest, zone, issuers, index, wetland : Path
        Folders of finished runs of the shipped scenarios, the forest's without experience, the index study's with a
        loss.

    Raises
    ------
    ValueError
        Where a run has a file or a group without a sentence here.
    """
    runs = (forest, zone, issuers, index, wetland)
    unknown = sorted({path.name for run in runs for path in run.iterdir()} - set(FILES))
    if unknown:
        raise ValueError(f"Give {', '.join(unknown)} a sentence in {Path(__file__).name}, FILES.")
    files = [(f"{name}/" if (forest / name).is_dir() else name, words) for name, words in FILES.items()]
    of_forest, of_zone = _groups(forest, forest_groups.GROUPS), _groups(zone, zone_groups.GROUPS)
    of_issuers = _groups(issuers, issuer_groups.GROUPS)
    of_index, of_wetland = _groups(index, index_groups.GROUPS), _groups(wetland, wetland_groups.GROUPS)
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
                each row names its own in the variable `unit`. Runs of two kinds share names
                of groups where they answer the same question."""
            ),
            "## Groups of a forest run\n",
            *of_forest.values(),
            "## Groups of a forest run with own experience\n",
            prose("""Made where the scenario has `experience`, and `rate_review` for the review."""),
            *_new(_with_experience(), of_forest, forest_groups.GROUPS),
            "## Groups of a zone run\n",
            *of_zone.values(),
            "## Groups of a zone run with own claims\n",
            prose("""Made where the scenario has `severity.own_claims`."""),
            *_new(_with_claims(), of_zone, zone_groups.GROUPS),
            "## Groups of an issuers run\n",
            *of_issuers.values(),
            *_beside(of_issuers),
            "## Groups of an index run\n",
            prose("""`/basis`, `/basis_pairs`, `/buyer` and `/tornado_gap` are made where the scenario has a `loss`,
                `/calibration` where it has `calibration`."""),
            *of_index.values(),
            "## Groups of a wetland run\n",
            prose("""Those of an index cover are made where the scenario has `index`, `/reinsurance`, `/small_covers`,
                `/service_values`, `/products` and `/payers` where it has the key of that name."""),
            *of_wetland.values(),
        ]
    )


def _with_experience() -> xr.DataTree:
    """Return the groups of a short run with own experience and a rate review."""
    keys = {"years": 1000, "terms_alternatives.years": 1000, "knowledge.draws": 20, "knowledge.years": 1000}
    return greenrisk.run(greenrisk.load("forest-jingdezhen-experience", keys)).tree


def _with_claims() -> xr.DataTree:
    """Return the groups of a short zone run with own claims."""
    with tempfile.TemporaryDirectory() as name:
        claims = Path(name) / "claims.csv"
        claims.write_text(CLAIMS, encoding="utf-8")
        keys: dict[str, Any] = {"years": 2000, "knowledge.draws": 20, "knowledge.years": 1000}
        keys |= {"severity.claims_plant_years_outside": 300, "severity.own_claims": str(claims)}
        return greenrisk.run(greenrisk.load("zone-leping", keys)).tree


def _beside(told: Mapping[str, str]) -> list[str]:
    """Return what is told of the groups that only some issuer runs have."""
    known, parts = dict(told), []
    for title, words, make in issuer_runs.RUNS:
        tree = make()
        parts += [f"## Groups of an issuers run with {title}\n", prose(words)]
        parts += _new(tree, known, issuer_groups.GROUPS)
        known |= dict.fromkeys((node.path for node in tree.subtree), "")
    return parts


def _groups(run: Path, sentences: Mapping[str, str]) -> dict[str, str]:
    """Return what is told of each group of a finished run."""
    with xr.open_datatree(run / "results.nc", engine="h5netcdf") as tree:
        return {node.path: _group(node, sentences) for node in tree.subtree if not _is_empty(node)}


def _new(tree: xr.DataTree, told: Mapping[str, str], sentences: Mapping[str, str]) -> list[str]:
    """Return what is told of the groups of a result that another run does not have."""
    return [_group(node, sentences) for node in tree.subtree if not _is_empty(node) and node.path not in told]


def _is_empty(node: xr.DataTree) -> bool:
    """Whether a group only holds other groups."""
    return not (node.variables or node.attrs)


def _group(node: xr.DataTree, sentences: Mapping[str, str]) -> str:
    if node.path not in sentences:
        raise ValueError(
            f"Give the group {node.path} a sentence in the groups of its wing, {Path(__file__).parent.name}/."
        )
    title = f"### {node.path}\n\n{sentences[node.path]}\n"
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
