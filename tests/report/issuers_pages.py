# SPDX-License-Identifier: Apache-2.0
"""Pages of issuer runs for tests: of a small run, and of the same run with parts taken out."""

from __future__ import annotations

import xarray as xr

from greenrisk.core.ledger import COLUMNS
from greenrisk.report.html import render

MANIFEST = {
    "greenrisk": "0.0.0",
    "kind": "issuers",
    "inputs_sha256": {"issuers.csv": "ab" * 32},
    "scenario": "kind: issuers\n",
}


def page_of(tree: xr.DataTree) -> str:
    """Return the HTML of a result."""
    ledger = tree["ledger"].to_dataset().to_dataframe().reset_index(drop=True)[list(COLUMNS)]
    return render(tree, ledger, MANIFEST)


def without(tree: xr.DataTree, *groups: str) -> xr.DataTree:
    """Return a result without some of its groups."""
    held = {
        node.path: node.to_dataset(inherit=False)
        for node in tree.subtree
        if node.path.strip("/") not in groups
    }
    return xr.DataTree.from_dict(held)
