# SPDX-License-Identifier: Apache-2.0
"""The invented tree has the layout of a real run, so that what is tested on it holds for real reports."""

from __future__ import annotations

from pathlib import Path

import xarray as xr
from example_groups import further_groups
from example_tree import example_tree

from greenrisk.report.html import render
from greenrisk.report.pages.forest_sections import SECTIONS
from greenrisk.report.store import read

APART = {"/", "/ledger", "/cells"}
"""Groups without variables of their own, the ledger, which reaches a page as a frame, and years that no page shows."""


def layout(tree: xr.DataTree) -> dict[str, dict[str, tuple[object, ...]]]:
    return {
        path: {str(name): variable.dims for name, variable in tree[path].to_dataset().variables.items()}
        for path in tree.groups
        if path not in APART
    }


def test_the_invented_tree_has_the_groups_variables_and_dims_of_a_real_run(real_run: Path) -> None:
    invented, real = layout(example_tree(stands=20, years=20)), layout(read(real_run).tree)
    further = {path for path in real if path.split("/")[1] in SECTIONS}
    assert invented.keys() == real.keys() - further
    for group, variables in invented.items():
        assert variables == real[group], group


def test_the_invented_further_groups_are_like_those_of_a_real_run(real_run: Path) -> None:
    real = layout(read(real_run).tree)
    compared = 0
    for path, data in further_groups().items():
        if path in real:
            compared += 1
            for name, variable in data.variables.items():
                assert real[path].get(str(name)) == variable.dims, (path, name)
    assert compared >= 10


def test_the_invented_tree_has_the_attributes_and_metrics_of_a_real_run(real_run: Path) -> None:
    invented, real = example_tree(stands=20, years=20), read(real_run).tree
    for path in invented.groups:
        assert set(invented[path].attrs) <= set(real[path].attrs), path
    names = [set(tree["metrics"].to_dataset()["name"].values.astype(str)) for tree in (invented, real)]
    assert names[0] <= names[1]


def test_the_page_of_a_real_run_comes_back_from_its_folder_byte_for_byte(real_run: Path) -> None:
    back = read(real_run)
    html = render(back.tree, back.ledger.to_frame(), back.manifest)
    assert html == (real_run / "report.html").read_text(encoding="utf-8")
