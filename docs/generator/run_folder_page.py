# SPDX-License-Identifier: Apache-2.0
"""The page of the run folder: its files, and what lies in results.nc, read from a real run."""

from __future__ import annotations

from pathlib import Path

import xarray as xr

import greenrisk
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

GROUPS = {
    "/": "What was run, in the attributes.",
    "/losses": "Every simulated year: losses by layer, segment and peril; fires, burnt and damaged areas, claims.",
    "/cells": "Gross losses of every simulated year by county, forest type and peril at once: what the premium file "
    "is built up from.",
    "/perils": "What each peril costs, how bad its bad years are, and what it adds to the worst years of the whole.",
    "/metrics": "The headline figures, each with both errors.",
    "/curves": "Exceedance curves: largest event (occurrence, OEP) and year's loss (aggregate, AEP).",
    "/premium": "From pure to gross premium, by county and forest type, and who pays it.",
    "/policy": "The policy that the premium is for, in words: perils, deductible, limits, cover.",
    "/sites": "Every stand: damaged area, pure premium with its simulation error, gross premium.",
    "/knowledge": "Every joint draw of the cards, and the base they are compared with.",
    "/tornado": "The gross premium at both ends of every parameter's range, widest first.",
    "/variance": "Share of the knowledge variance by status of the parameters.",
    "/cards": "What each card is for: use, region, period, validity, and the command that fitted it.",
    "/alternatives": "Results for named tail shapes and caps of fire, which the data do not decide.",
    "/chain": "The calculation step by step, from fires a year and the judged perils to gross premium.",
    "/checks": "The simulation beside a second method, and the model beside what was observed.",
    "/checks/second_method": "Burnt area of a year: the simulated years beside the exact law of number and size of "
    "fires, and how many standard errors they are apart.",
    "/checks/known_year": "The one printed year of the province beside the model's law of a year, at the values of the "
    "cards and over all their draws.",
    "/checks/counts": "Fires a year in the province: observed, expected, interval.",
    "/checks/classes": "Fires by official size class: observed and expected.",
    "/checks/size_curve": "Chance that a fire exceeds a size.",
    "/checks/burning_cost": "Plain burning costs of fire over several periods beside the model.",
    "/checks/products": "Rates of policies that were seen in the market, against all their perils.",
    "/checks/correlation": "How the province moves with its neighbours, trends taken out or not.",
    "/data_quality": "What may be wrong with the book, and where it lies together.",
    "/data_quality/checks": "Each question to the book: stands found, their share of the sum insured, examples.",
    "/data_quality/accumulation_grid": "Sum insured on a square grid, who holds most of it, and what lies nearby.",
    "/data_quality/accumulation_county": "The same by county, beside all forest of the county.",
    "/claims_service": "When claims are inspected and paid, and what that needs in cash and inspectors.",
    "/claims_service/cash": "Payments by month since inception, expected and in bad years.",
    "/claims_service/after_event": "Payments by month after the event.",
    "/claims_service/load": "Claims of the largest event by peril, days to inspect them, inspectors needed.",
    "/claims_service/waits": "Claims by the days that they wait for an inspection.",
    "/county_rates": "Pure premium per mu by county, with and without what is not known between province and county.",
    "/pool": "How counties and perils share their bad years, and what insuring them together saves.",
    "/pool/correlation": "Correlation of yearly losses between counties, beside fires of provinces as observed.",
    "/pool/curve": "Risk of a mu against the number of counties pooled.",
    "/pool/benefit": "Tail of the pool beside the sum of its parts' own tails, under three dependences.",
    "/pool/lines": "The own tail of each county and peril.",
    "/reinsurance": "Every cover in inuring order: what it pays, what it costs, and the years left after it.",
    "/catastrophe_reserve": "Paths of the catastrophe reserve: quantiles, chance that reserve and capital are gone.",
    "/catastrophe_reserve/rules": "That chance at both ends of the range of every rule.",
    "/named_events": "What each named event costs this book today, and how rare that is by the model.",
    "/premium_file": "The premium file: pure, gross and robust premium of every group, with errors, and who pays it.",
    "/subsidy_rules": "The subsidy rules in force in the underwriting year, beside the conditions that were seen.",
    "/terms_alternatives": "Terms side by side on the same damages: premium, claims, and what the owner bears.",
    "/experience": "Own years beside the model: actual and expected, credibility, each level before and after.",
    "/rate_review": "Own years against the rate.",
    "/rate_review/years": "By year and peril: actual and expected payments, interval, loss ratio, adjustments.",
    "/rate_review/windows": "The same by review period.",
    "/rate_review/perils": "By peril, of the last period: trend, credibility, indicated rate.",
    "/rate_review/indication": "Current, indicated and proposed rate of the whole, with interval and cap.",
    "/ledger": "The ledger.",
}
"""One sentence for each group of results.nc."""


def page(run: Path) -> str:
    """Return ``docs/reference/run-folder.md``.

    Parameters
    ----------
    run : Path
        Folder of a finished run of the shipped forest scenario without experience.

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
        groups = {node.path: _group(node) for node in tree.subtree}
    own = {node.path: _group(node) for node in _with_experience().subtree if node.path not in groups}
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
            *groups.values(),
            "## Groups of a run with own experience\n",
            prose("""Made where the scenario has `experience`, and `rate_review` for the review."""),
            *own.values(),
        ]
    )


def _with_experience() -> xr.DataTree:
    """Return the groups of a short run with own experience and a rate review."""
    keys = {"years": 1000, "terms_alternatives.years": 1000, "knowledge.draws": 20, "knowledge.years": 1000}
    return greenrisk.run(greenrisk.load("forest-jingdezhen-experience", keys)).tree


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
