# SPDX-License-Identifier: Apache-2.0
"""Pages of index covers and wetlands for tests: of small runs of the shipped scenarios, and with groups taken out."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import xarray as xr

from greenrisk.core.ledger import COLUMNS
from greenrisk.report.html import render
from greenrisk.report.store import read
from tests import studied_index, studied_wetland
from tests.once import once

MANIFEST = {
    "greenrisk": "0.0.0",
    "inputs_sha256": {"scenario.yaml": "ab" * 32},
    "scenario": "kind: index\n",
}


def nile(factory: pytest.TempPathFactory) -> xr.DataTree:
    """Return a small run on the Nile: a step in the record, no loss of a buyer."""
    return once(factory, "page-nile", lambda _: studied_index.run(studied_index.prepared("wetland-nile")))


def fires(factory: pytest.TempPathFactory) -> xr.DataTree:
    """Return a small run on the fires of neighbours: a recorded loss, an optimised trigger."""
    return read(studied_index.small_index_run(factory)).tree


def manaus(factory: pytest.TempPathFactory) -> xr.DataTree:
    """Return a small run on synthetic sites with an index of the real river."""
    return studied_wetland.shipped(factory)


RUNS: dict[str, Callable[[pytest.TempPathFactory], xr.DataTree]] = {
    "nile": nile,
    "fires": fires,
    "manaus": manaus,
}
"""Runs whose pages are looked at."""


def page_of(tree: xr.DataTree) -> str:
    """Return the HTML of a result."""
    ledger = tree["ledger"].to_dataset().to_dataframe().reset_index(drop=True)[list(COLUMNS)]
    return render(tree, ledger, {**MANIFEST, "kind": str(tree.attrs["kind"])})


def html_of(name: str, factory: pytest.TempPathFactory) -> str:
    """Return the page of one of :data:`RUNS`, made once."""
    return once(factory, f"html-{name}", lambda _: page_of(RUNS[name](factory)))


def without(tree: xr.DataTree, *groups: str) -> xr.DataTree:
    """Return a result without some of its groups."""
    held = {
        node.path: node.to_dataset(inherit=False)
        for node in tree.subtree
        if node.path.strip("/") not in groups
    }
    return xr.DataTree.from_dict(held)


def section(html: str, anchor: str) -> str:
    """Return the words of a section; empty where the page has none."""
    found = re.search(rf'<section id="{anchor}">(.*?)</section>', html, re.DOTALL)
    if found is None:
        return ""
    plain = re.sub(r"<svg.*?</svg>|<[^>]+>", " ", found[1], flags=re.DOTALL)
    return " ".join(plain.replace("\u00a0", " ").replace("&#39;", "'").replace("&amp;", "&").split())


def anchors(html: str) -> list[str]:
    """Return the anchors of the sections."""
    return re.findall(r'<section id="([\w-]+)">', html)
