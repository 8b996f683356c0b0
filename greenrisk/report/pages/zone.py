# SPDX-License-Identifier: Apache-2.0
"""The page of a zone study: what a regulator must decide on first, how it came about, and what it rests on."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import xarray as xr

from greenrisk.report.charts.tornado import tornado_chart
from greenrisk.report.frame import fill, ledger_groups, manifest_rows
from greenrisk.report.pages.forest_answer import shares
from greenrisk.report.pages.forest_tables import brief_tornado, card_lines
from greenrisk.report.pages.zone_answer import (
    facts,
    grade_counts,
    headlines,
    notices,
    top_plants_table,
    uninsured_table,
)
from greenrisk.report.reading import Metrics

CONTENTS = [
    ("answer", "The answer"),
    ("changes", "What would change it"),
    ("inputs", "Inputs and cards"),
    ("ledger", "Ledger"),
    ("run", "The run"),
]


def page(tree: xr.DataTree, ledger: pd.DataFrame, manifest: Mapping[str, object]) -> str:
    """Return the HTML of a zone run.

    Parameters
    ----------
    tree : xarray.DataTree
        Result of the zone study.
    ledger : DataFrame
        Its ledger.
    manifest : mapping
        Its manifest.
    """
    metrics = Metrics(tree["metrics"].to_dataset())
    plants, tornado = (tree[name].to_dataset() for name in ("plants", "tornado"))
    cards = card_lines(tornado, tree["cards"].to_dataset())
    plain = dict(manifest)
    inputs = plain.pop("inputs_sha256", None) or plain.pop("inputs", None) or {}
    scenario = plain.pop("scenario", "")
    context = {
        "title": str(tree.attrs["title"]),
        "contents": CONTENTS,
        "made_by": f"greenrisk {plain.get('greenrisk', '')}".strip(),
        "facts": facts(tree),
        "notices": notices(tree, ledger),
        "grades": grade_counts(metrics),
        "headline": headlines(metrics),
        "uninsured": uninsured_table(plants),
        "top_plants": top_plants_table(plants),
        "shares": shares(tree["variance"].to_dataset()),
        "top_three": brief_tornado(tornado, 3),
        "tornado": tornado_chart(tornado),
        "cards": cards,
        "inputs": list(inputs.items()) if isinstance(inputs, Mapping) else [],
        "ledger": ledger_groups(ledger),
        "manifest": manifest_rows(plain),
        "scenario_text": scenario if isinstance(scenario, str) else "",
    }
    return fill("zone.html.j2", context)
