# SPDX-License-Identifier: Apache-2.0
"""The page of a forest study: answer first, reasons second, evidence last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

from greenrisk.report.charts.alternatives import alternatives_chart
from greenrisk.report.charts.burning_cost import burning_cost_chart
from greenrisk.report.charts.counts import counts_chart
from greenrisk.report.charts.exceedance import exceedance_chart
from greenrisk.report.charts.plate import Chart
from greenrisk.report.charts.products import products_chart
from greenrisk.report.charts.rate_map import rate_map_chart
from greenrisk.report.charts.sizes import sizes_chart
from greenrisk.report.charts.subsidy import subsidy_chart
from greenrisk.report.charts.tornado import parameter_table, tornado_chart
from greenrisk.report.charts.waterfall import waterfall_chart
from greenrisk.report.frame import fill, ledger_groups, manifest_rows
from greenrisk.report.pages.forest_tables import (
    CardLines,
    bad_years_table,
    card_lines,
    layers_table,
    segments_table,
)
from greenrisk.report.reading import Metric, Metrics
from greenrisk.report.wording import CHARGED_DIGITS, money, percent, quantity, significant, whole

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
PROVINCE = "Jiangxi"
"""Where the counts of the occurrence card were made."""

STATUS_WORDS = {
    "confirmed": "from confirmed cards",
    "unconfirmed": "from unconfirmed cards",
    "illustrative": "from illustrative cards (judgement)",
    "user": "from your own cards",
}


@dataclass(frozen=True)
class Headline:
    """A number of the first screen with its gauge of both errors, in percent of the gauge's width."""

    name: str
    value: str
    error: str
    interval: str
    know: tuple[str, str]
    sim: tuple[str, str]


def headline(name: str, metric: Metric, value: str) -> Headline:
    """Return a number for the first screen."""
    top = 1.04 * np.nanmax([metric.value, metric.high, 1e-300])

    def part(low: float, high: float) -> tuple[str, str]:
        if not (np.isfinite(low) and np.isfinite(high)):
            return "0", "0"
        left = max(0.0, 100 * low / top)
        return f"{left:.2f}", f"{max(0.0, 100 * high / top - left):.2f}"

    error = metric.standard_error
    return Headline(
        name,
        value,
        metric.error(),
        metric.interval(),
        part(metric.low, metric.high),
        part(metric.value - error, metric.value + error),
    )


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
    cards = card_lines(tornado)
    checks = _checks(tree, metrics)
    plain = dict(manifest)
    inputs = plain.pop("inputs_sha256", None) or plain.pop("inputs", None) or {}
    scenario = plain.pop("scenario", "")
    context = {
        "title": str(tree.attrs["title"]),
        "contents": [(a, n) for a, n in CONTENTS if a != "checks" or checks],
        "made_by": f"greenrisk {plain.get('greenrisk', '')}".strip(),
        "facts": _facts(tree, premium),
        "notices": _notices(tree),
        "headline": _headlines(metrics),
        "waterfall": waterfall_chart(premium),
        "bad_years_sentence": _bad_years_sentence(tree, metrics),
        "bad_years": bad_years_table(metrics),
        "judgement_sentence": _judgement_sentence(metrics),
        "shares": _shares(_group(tree, "variance")),
        "top_three": parameter_table(tornado, 3),
        "chain": _chain(_group(tree, "chain"), cards),
        "chain_title": _chain_title(_group(tree, "chain")),
        "exceedance": exceedance_chart(_group(tree, "curves")),
        "layers": layers_table(metrics),
        "rate_map": rate_map_chart(_group(tree, "sites")),
        "segments": segments_table(premium),
        "subsidy": subsidy_chart(premium),
        "tornado": tornado_chart(tornado),
        "alternatives": alternatives_chart(_group(tree, "alternatives"))
        if "alternatives" in tree.children
        else None,
        "checks": checks,
        "cards": cards,
        "cards_sentence": _cards_sentence(cards),
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


def _facts(tree: xr.DataTree, premium: xr.Dataset) -> str:
    area, value = float(premium["insured_area"].values[0]), float(premium["sum_insured"].values[0])
    return (
        f"Underwriting year {tree.attrs['underwriting_year']}, prices of {tree.attrs['price_year']}. "
        f"{significant(area / 1e6)} million mu insured (1 ha = 15 mu) for {money(value)}. "
        f"{whole(float(tree.attrs['years']))} simulated years."
    )


def _notices(tree: xr.DataTree) -> list[str]:
    notices = []
    if int(tree.attrs.get("synthetic_book", 0)):
        notices.append(
            f"The insured stands are invented. {tree.attrs.get('book_file', 'The book')} is a synthetic book: the premium, the map and "
            "the county figures show what the method does, not what any real forest should pay."
        )
    status = str(tree.attrs.get("landscape_status", ""))
    if status in ("unconfirmed", "illustrative"):
        notices.append(
            f"The table of forest area by county, which decides how many fires reach the book, is {status}."
        )
    return notices


def _headlines(metrics: Metrics) -> list[Headline]:
    gross, per_mu, per_mille = metrics["gross_premium"], metrics["rate_per_mu"], metrics["rate_per_mille"]
    return [
        headline("Gross premium a year", gross, money(gross.value, CHARGED_DIGITS)),
        headline("Rate per mu", per_mu, per_mu.text(CHARGED_DIGITS)),
        headline("Rate per mille", per_mille, per_mille.text(CHARGED_DIGITS)),
    ]


def _bad_years_sentence(tree: xr.DataTree, metrics: Metrics) -> str:
    losses = _group(tree, "losses")["loss"].sel(layer="gross").values
    without = float((losses <= 0).mean())
    rare = metrics.find("aggregate_exceedance", layer="gross", return_period=100)
    gross = metrics["gross_premium"].value
    text = "What a bad year costs"
    if rare is not None and gross > 0:
        text += (
            f": 1 in 100\u00a0years takes {significant(rare.value / gross, 2)} times the yearly gross premium"
        )
    if without >= 0.005:
        text += f"; in {percent(without)} of years nothing is paid"
    return text


def _judgement_sentence(metrics: Metrics) -> str:
    share = metrics["judgement_share"].value
    return (
        f"{percent(share)} of what we do not know about the premium comes from illustrative or unconfirmed cards"
        if np.isfinite(share)
        else "How much of the premium rests on judgement is not known"
    )


def _shares(variance: xr.Dataset) -> list[dict[str, str]]:
    shares = variance["share"]
    return [
        {
            "status": str(status),
            "width": f"{100 * float(value):.2f}",
            "share": percent(float(value)),
            "words": STATUS_WORDS.get(str(status), str(status)),
        }
        for status, value in zip(shares["status"].values, shares.values, strict=True)
        if value > 0
    ]


RESTS_ON = {
    "Fires a year in the province": ("trend", "damping"),
    "Fires a year in the landscape": ("relative_hazard", "province_forest_area"),
    "Pure premium": ("claimed_share",),
    "Risk load": ("cost_of_capital",),
}
"""Step of the chain -> the parameters that it rests on, linked to their cards where a card has them."""


def _chain(chain: xr.Dataset, cards: list[CardLines]) -> list[dict[str, object]]:
    anchors = {
        line.anchor.removeprefix(f"card-{card.name}-"): (f"#{line.anchor}", card.name)
        for card in cards
        for line in card.parameters
    }
    steps = []
    for i in range(chain.sizes["step"]):
        label, unit = str(chain["label"].values[i]), str(chain["unit"].values[i])
        links = {anchors[name] for name in RESTS_ON.get(label, ()) if name in anchors}
        digits = CHARGED_DIGITS if label == "Gross premium" else 3
        steps.append(
            {
                "label": label,
                "value": quantity(float(chain["value"].values[i]), unit, digits),
                "note": str(chain["note"].values[i]),
                "rests": [{"href": href, "text": text} for href, text in sorted(links)],
            }
        )
    return steps


def _chain_title(chain: xr.Dataset) -> str:
    label, unit = [str(v) for v in chain["label"].values], [str(v) for v in chain["unit"].values]
    value = chain["value"].values.astype(float)
    return (
        f"From {quantity(value[0], '')} {label[0][:1].lower()}{label[0][1:]} to a premium of "
        f"{quantity(value[-1], unit[-1], CHARGED_DIGITS)}"
    )


def _checks(tree: xr.DataTree, metrics: Metrics) -> list[Chart]:
    if "checks" not in tree.children:
        return []
    found = tree["checks"].children
    charts = []
    if "counts" in found:
        charts.append(counts_chart(_group(tree, "checks/counts"), PROVINCE))
    if "classes" in found and "size_curve" in found:
        charts.append(sizes_chart(_group(tree, "checks/classes"), _group(tree, "checks/size_curve")))
    if "burning_cost" in found:
        charts.append(burning_cost_chart(_group(tree, "checks/burning_cost")))
    if "products" in found:
        charts.append(
            products_chart(
                _group(tree, "checks/products"), metrics["rate_per_mu"].value, metrics["rate_per_mille"].value
            )
        )
    return charts


def _cards_sentence(cards: list[CardLines]) -> str:
    status = [line.status for card in cards for line in card.parameters]
    judged = sum(s in ("illustrative", "unconfirmed") for s in status)
    return (
        f"The premium rests on {len(cards)} cards with {len(status)} parameters; {judged} of them are illustrative or unconfirmed. "
        "Every parameter has a range, and the knowledge interval comes from drawing all of them at once."
    )
