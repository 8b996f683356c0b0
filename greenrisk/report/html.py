# SPDX-License-Identifier: Apache-2.0
"""Renders a result as one self-contained HTML file; each study brings its own page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import cast

import pandas as pd
import xarray as xr

from greenrisk.scenario.registry import STUDIES, resolve

Page = Callable[[xr.DataTree, pd.DataFrame, Mapping[str, object]], str]
"""Makes the whole HTML of a result from its tree, its ledger and its manifest."""


def render(tree: xr.DataTree, ledger: pd.DataFrame, manifest: Mapping[str, object]) -> str:
    """Return the report of a run.

    Parameters
    ----------
    tree : xarray.DataTree
        The result; ``tree.attrs["kind"]`` picks the page.
    ledger : DataFrame
        The ledger, one row an entry.
    manifest : mapping
        The manifest of the run.

    Returns
    -------
    str
        HTML that needs no network. The same result gives the same text.
    """
    page = cast(Page, resolve(STUDIES[str(tree.attrs["kind"])].page))
    return page(tree, ledger, manifest)
