# SPDX-License-Identifier: Apache-2.0
"""The page of Leping's zone, made once a process from a small real run; and the same run with parts taken out."""

from __future__ import annotations

from functools import cache

import pandas as pd
import xarray as xr
from studied_zone import prepared, run

from greenrisk.core.ledger import COLUMNS
from greenrisk.report.html import render

MANIFEST = {
    "greenrisk": "0.0.0",
    "kind": "zone",
    "inputs_sha256": {"zone.yaml": "ab" * 32},
    "scenario": "kind: zone\n",
}


@cache
def zone_tree() -> xr.DataTree:
    """Return the result of a small run; copy before a change."""
    return run(prepared())


def ledger_of(tree: xr.DataTree) -> pd.DataFrame:
    """Return the ledger of a result as its page is given it."""
    return tree["ledger"].to_dataset().to_dataframe().reset_index(drop=True)[list(COLUMNS)]


def page_of(tree: xr.DataTree) -> str:
    """Return the HTML of a result."""
    return render(tree, ledger_of(tree), MANIFEST)


@cache
def zone_html() -> str:
    """Return the page of the small run."""
    return page_of(zone_tree())


def without(*paths: str) -> xr.DataTree:
    """Return the small run without some of its groups."""
    tree = zone_tree().copy()
    for path in paths:
        head, _, rest = path.partition("/")
        node = tree[head] if rest else tree
        assert isinstance(node, xr.DataTree)
        del node[rest or head]
    return tree
