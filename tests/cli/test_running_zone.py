# SPDX-License-Identifier: Apache-2.0
"""A zone run by the real command: what is printed, what lands in the run folder."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from small_forest import greenrisk_command
from small_zone import small_zone
from studied_zone import write_zone

from greenrisk.cli.figures import ZONE_HEADLINE
from greenrisk.report.store import read


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """Return a folder in which a small zone was run, and what was printed."""
    folder = tmp_path_factory.mktemp("zone")
    write_zone(folder, small_zone())
    return folder, greenrisk_command("run", "zone.yaml", "--years", "2000", folder=folder)


def test_a_run_prints_the_figures_of_a_zone_with_both_errors(
    finished: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    folder, done = finished
    assert done.returncode == 0, done.stderr
    for label, _, _ in ZONE_HEADLINE:
        (line,) = [line for line in done.stdout.splitlines() if line.partition("|")[0].strip() == label]
        assert len(line.split("|")) == 5
    assert "synthetic" not in done.stdout, "the user's own tables are not made up"
    assert done.stdout.splitlines()[-2:] == [
        "Report: runs/small-zone/report.html",
        "Run folder: runs/small-zone",
    ]
    assert (folder / "runs" / "small-zone" / "report.html").is_file()


def test_the_run_folder_holds_what_each_owner_bears_in_every_year(
    finished: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    folder = finished[0] / "runs" / "small-zone"
    tables = {path.name for path in (folder / "tables").iterdir()}
    # A group whose variables do not share rows has a table for each set of them: grading_*.csv.
    assert {"owner_losses.csv", "plants.csv", "grading_q.csv", "grading_matrix.csv", "heads.csv"} <= tables
    assert (folder / "ledger.csv").is_file()
    owners = pd.read_csv(folder / "tables" / "owner_losses.csv")
    assert set(owners.columns[:2]) == {"year", "owner"}
    assert owners["year"].nunique() == 2000
    assert owners["owner"].nunique() == 3
    tree = read(folder).tree
    losses = tree["losses"]["loss"]
    for layer in ("insured", "uninsured"):
        group = tree["owners"][layer]
        assert dict(group.sizes) == {"year": 2000, "owner": 3}
        by_year = losses.sel(layer=layer).values
        np.testing.assert_allclose(group.sum("owner").values, by_year, rtol=1e-12, atol=1e-6)
        table = owners.pivot(index="year", columns="owner", values=f"{layer}_cny")
        np.testing.assert_allclose(table.to_numpy(), group.values, rtol=1e-12)


def test_validate_tells_what_would_be_insured(
    finished: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    done = greenrisk_command("validate", "zone.yaml", folder=finished[0])
    assert done.returncode == 0
    assert done.stdout.splitlines()[0].startswith("small-zone: valid, with ")
    assert done.stdout.splitlines()[1] == "  3 plants of 3 owners, 3 insured."
