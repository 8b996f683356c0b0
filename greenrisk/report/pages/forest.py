# SPDX-License-Identifier: Apache-2.0
"""The page of a forest study: answer first, reasons second, evidence last."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import xarray as xr

from greenrisk.report.charts.alternatives import alternatives_chart
from greenrisk.report.charts.burning_cost import burning_cost_chart
from greenrisk.report.charts.counts import counts_chart
from greenrisk.report.charts.exceedance import exceedance_chart
from greenrisk.report.charts.known_year import known_year_chart
from greenrisk.report.charts.peril_years import peril_years_chart
from greenrisk.report.charts.perils import carries_sentence, perils_chart, worst_years_chart
from greenrisk.report.charts.plate import Chart
from greenrisk.report.charts.products import products_chart
from greenrisk.report.charts.rate_map import rate_map_chart
from greenrisk.report.charts.sizes import sizes_chart
from greenrisk.report.charts.subsidy import subsidy_chart
from greenrisk.report.charts.tornado import tornado_chart
from greenrisk.report.charts.waterfall import waterfall_chart
from greenrisk.report.frame import fill, ledger_groups, manifest_rows
from greenrisk.report.pages.forest_answer import (
    bad_years_sentence,
    experience_note,
    facts,
    headlines,
    invented_years,
    judgement_sentence,
    loadings_sentence,
    notices,
    ranges_sentence,
    review_note,
    shares,
    years_sentence,
)
from greenrisk.report.pages.forest_chain import chain_steps, chain_title, premium_cards
from greenrisk.report.pages.forest_methods import METHODS_NOTE, methods_sentence, methods_table
from greenrisk.report.pages.forest_perils import judged_amount_sentence, peril_cards, perils_table
from greenrisk.report.pages.forest_sections import datasets, sections
from greenrisk.report.pages.forest_tables import (
    bad_years_table,
    brief_tornado,
    card_lines,
    cards_sentence,
    correlation_sentence,
    correlation_table,
    layers_table,
    segments_footnotes,
    segments_table,
)
from greenrisk.report.pages.rate_review import rate_review_pages
from greenrisk.report.reading import Metrics

CONTENTS = [
    ("answer", "The answer"),
    ("how", "How it was computed"),
    ("results", "Results"),
    ("changes", "What would change it"),
    ("checks", "Checks against reality"),
    ("inputs", "Inputs and cards"),
    ("ledger", "Ledger"),
    ("run", "The run"),
]


def page(tree: xr.DataTree, ledger: pd.DataFrame, manifest: Mapping[str, object]) -> str:
    """Return the HTML of a forest run.

    Parameters
    ----------
    tree : xarray.DataTree
        Result of the forest study.
    ledger : DataFrame
        Its ledger.
    manifest : mapping
        Its manifest.
    """
    metrics = Metrics(_group(tree, "metrics"))
    premium, tornado = _group(tree, "premium"), _group(tree, "tornado")
    about = _group(tree, "cards") if "cards" in tree.children else None
    cards = card_lines(tornado, about)
    perils = _group(tree, "perils") if "perils" in tree.children else None
    by_peril = peril_cards(cards, about)
    own = _group(tree, "experience") if "experience" in tree.children else None
    judged = judged_amount_sentence(perils, by_peril, own is not None) if perils is not None else ""
    correlated = "checks" in tree.children and "correlation" in tree["checks"].children
    checks = _checks(tree, metrics)
    compared = "checks" in tree.children and "second_method" in tree["checks"].children
    methods = _group(tree, "checks/second_method") if compared else None
    names = dict(CONTENTS) | ({} if checks else {"checks": "Checks"})
    if not (checks or compared):
        del names["checks"]
    more = sections(tree)
    reviews = (
        rate_review_pages(datasets(tree, "rate_review"), invented_years(own))
        if "rate_review" in tree.children
        else []
    )
    further = [(s.anchor, s.name) for s in more] + [(review.anchor, review.title) for review in reviews]
    contents = [
        entry for name in names.items() for entry in ([*further, name] if name[0] == "changes" else [name])
    ]
    plain = dict(manifest)
    inputs = plain.pop("inputs_sha256", None) or plain.pop("inputs", None) or {}
    scenario = plain.pop("scenario", "")
    context = {
        "title": str(tree.attrs["title"]),
        "contents": contents,
        "made_by": f"greenrisk {plain.get('greenrisk', '')}".strip(),
        "facts": facts(tree, premium),
        "notices": notices(tree, ledger, invented_years(own)),
        "years_sentence": years_sentence(tree, metrics),
        "headline": headlines(metrics),
        "ranges_sentence": ranges_sentence(metrics),
        "waterfall": waterfall_chart(premium, cards=premium_cards(cards)),
        "bad_years_sentence": bad_years_sentence(_group(tree, "losses"), metrics),
        "bad_years": bad_years_table(metrics),
        "perils": perils_table(perils, by_peril) if perils is not None else None,
        "perils_sentence": carries_sentence(perils) if perils is not None else "",
        "sections": more,
        "rate_reviews": reviews,
        "peril_charts": _peril_charts(tree, perils) if perils is not None else [],
        "judged_amount_sentence": judged,
        "judgement_sentence": judgement_sentence(metrics, _group(tree, "variance")),
        "loadings_sentence": loadings_sentence(metrics, cards),
        "experience_note": experience_note(own) if own is not None else "",
        "review_note": review_note(_group(tree, "rate_review/indication")) if reviews else "",
        "shares": shares(_group(tree, "variance")),
        "top_three": brief_tornado(tornado, 3),
        "chain": chain_steps(_group(tree, "chain"), cards, by_peril),
        "chain_title": chain_title(_group(tree, "chain")),
        "exceedance": exceedance_chart(_group(tree, "curves")),
        "layers": layers_table(metrics),
        "rate_map": rate_map_chart(_group(tree, "sites"), premium),
        "segments": segments_table(premium),
        "segments_footnotes": segments_footnotes(premium),
        "subsidy": subsidy_chart(premium),
        "tornado": tornado_chart(tornado),
        "alternatives": alternatives_chart(_group(tree, "alternatives"), _large_fires(metrics, tornado))
        if "alternatives" in tree.children
        else None,
        "checks": checks,
        "correlation": correlation_table(_group(tree, "checks/correlation")) if correlated else None,
        "correlation_sentence": correlation_sentence(_group(tree, "checks/correlation"))
        if correlated
        else "",
        "checks_title": names.get("checks", ""),
        "methods": methods_table(methods) if methods is not None else None,
        "methods_sentence": methods_sentence(methods) if methods is not None else "",
        "methods_note": METHODS_NOTE,
        "cards": cards,
        "cards_sentence": cards_sentence(cards),
        "inputs": list(inputs.items()) if isinstance(inputs, Mapping) else [],
        "ledger": ledger_groups(ledger),
        "manifest": manifest_rows(plain),
        "scenario_text": scenario if isinstance(scenario, str) else "",
    }
    return fill("forest.html.j2", context)


def _group(tree: xr.DataTree, path: str) -> xr.Dataset:
    node = tree[path]
    assert isinstance(node, xr.DataTree)
    return node.to_dataset()


def _peril_charts(tree: xr.DataTree, perils: xr.Dataset) -> list[Chart]:
    charts = [perils_chart(perils)]
    losses = _group(tree, "losses")
    if "peril_loss" in losses:
        charts.append(peril_years_chart(losses))
    return [*charts, worst_years_chart(perils)]


def _large_fires(metrics: Metrics, tornado: xr.Dataset) -> float:
    """Return the expected fires above 100 ha in the landscape [1/year]; NaN where the cards do not say."""
    names = tornado["parameter"].values.astype(str)
    found = [i for i, name in enumerate(names) if name.rpartition(":")[2] == "share_over_100ha"]
    fires = metrics.find("expected_fires")
    return fires.value * float(tornado["value"].values[found[0]]) if fires and found else float("nan")


def _checks(tree: xr.DataTree, metrics: Metrics) -> list[Chart]:
    if "checks" not in tree.children:
        return []
    found = tree["checks"].children
    charts = []
    if "known_year" in found:
        charts.append(known_year_chart(_group(tree, "checks/known_year")))
    if "counts" in found:
        charts.append(counts_chart(_group(tree, "checks/counts")))
    if "classes" in found and "size_curve" in found:
        charts.append(sizes_chart(_group(tree, "checks/classes"), _group(tree, "checks/size_curve")))
    if "burning_cost" in found:
        charts.append(burning_cost_chart(_group(tree, "checks/burning_cost")))
    if "products" in found:
        charts.append(
            products_chart(
                _group(tree, "checks/products"),
                metrics["rate_per_mu"].value,
                metrics["rate_per_mille"].value,
                _covered(tree),
            )
        )
    return charts


def _covered(tree: xr.DataTree) -> tuple[str, ...]:
    """Return the perils that cost the policy something; fire alone where the result knows no others."""
    if "perils" not in tree.children:
        return ("wildfire",)
    perils = _group(tree, "perils")
    paid = perils.isel(peril=perils["pure_premium"].values > 0)["peril"].values
    return tuple(str(kind) for kind in paid if kind != "all") or ("wildfire",)
