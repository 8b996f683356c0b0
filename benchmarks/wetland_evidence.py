# SPDX-License-Identifier: Apache-2.0
"""What stands behind index covers and the wetland study: the tables of docs/explanation/wetland.md.

Run ``python benchmarks/wetland_evidence.py`` to see them, with ``--write`` to put them into the page (a test checks
that they are there as computed). Figures of records and laws need no simulated years, so that short runs give them.
"""

from __future__ import annotations

import math
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

import greenrisk
from greenrisk.core.cards import read_card
from greenrisk.core.library import find
from greenrisk.resource.basis_risk.declared import WORST, joint_chance
from greenrisk.resource.index_cover.treatments import TREATMENTS
from greenrisk.resource.index_cover.visible_step import visible_step

sys.path.insert(0, str(Path(__file__).parent))

from page_tables import run

PAGE = Path(__file__).resolve().parents[1] / "docs" / "explanation" / "wetland.md"
RECORDS = {
    "wetland-nile": "Nile at Aswan",
    "wetland-manaus": "Rio Negro at Manaus",
    "fire-index-jiangxi": "fires of six provinces",
}
"""Shipped scenarios, and what a reader calls their record."""

SHORT: dict[str, Any] = {"knowledge.draws": 20, "knowledge.years": 1000}
BASIS = (
    *(
        "pearson",
        "spearman",
        "kendall",
        "spearman_index",
        "tail_dependence",
        "false_negatives",
        "false_positives",
    ),
    *("expected_shortfall", "tail_shortfall", "variance_reduction", "index_gain", "index_gain_quoted"),
    *("indemnity_gain", "share_of_indemnity", "most_worth_paying"),
)
"""Measures that the page shows."""

FIGURES = {
    "origins": "years tested",
    "paying_years_expected": "paying years expected, by law",
    "paying_years_seen": "paying years seen (interval of the frequency)",
    "premiums_burn": "pure premiums by burn analysis, million CNY",
    "premiums_law": "pure premiums by law, million CNY",
    "payouts": "payments, million CNY",
    "loss_ratio_burn": "payments over premiums, burn analysis",
    "loss_ratio_law": "payments over premiums, law",
    "brier_law": "score of the chances by law, the smaller the better",
    "brier_after": "score of one frequency, as known only afterwards",
    "paying_years_first_half": "paying years of the first half, own trigger, untreated",
    "paying_years_second_half": "paying years of the second half",
    "halves_p": "chance of halves so unlike under one frequency",
    "halves_power": "chance to notice, were one twice the other",
}
"""Figures of the test out of sample that the page shows."""

Trees = Mapping[str, xr.DataTree]


def _markdown(head: list[str], rows: list[list[str]]) -> str:
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])


def _million(value: float) -> str:
    return f"{value / 1e6:.2f}"


def _number(value: float, figures: int = 3) -> str:
    if not math.isfinite(value):
        return "-"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{float(f'{value:.{figures}g}'):g}"


def _between(low: float, high: float, show: Callable[[float], str]) -> str:
    return f" ({show(low)} to {show(high)})" if math.isfinite(low) and math.isfinite(high) else ""


def _column(tree: xr.DataTree, group: str, name: str) -> list[Any]:
    values: list[Any] = tree[group][name].values.tolist()
    return values


def changes(trees: Trees) -> str:
    """What the tests say of each record, and the smallest step that it would mostly have shown."""
    rows = []
    for name, words in RECORDS.items():
        found = {key: _column(trees[name], "/changes", key)[0] for key in trees[name]["/changes"].data_vars}
        record = trees[name]["/record"].to_dataset()
        year, value = record["year"].values.astype(np.int64), record["value"].values.astype(np.float64)
        least = visible_step(year, value, found["scale"])
        logs = found["scale"] == "log"
        step = f"a factor of {least:.1f}" if logs else f"{least:.3g} {found['unit']}"
        shift = math.exp(found["shift"]) if logs else found["shift"]
        rows.append(
            [
                words,
                f"{found['years']:.0f}",
                f"after {found['break_year']:.0f}: {'x ' if logs else ''}{shift:.3g}",
                f"{found['sup_f']:.1f}",
                f"{found['p_ar1']:.2g}",
                f"{found['trend_p']:.2g}",
                f"{found['autocorrelation']:.2f}",
                str(found["verdict"]),
                step if math.isfinite(least) else "none",
            ]
        )
    head = [
        "record",
        "years",
        "best step",
        "largest F",
        "p of it",
        "p of a trend",
        "autocorrelation",
        "verdict",
    ]
    return _markdown([*head, "step that would be found in four cases of five"], rows)


def treatments(trees: Trees) -> str:
    """The pure premium under each treatment, two ways, for each record."""
    rows = []
    for name, words in RECORDS.items():
        group = trees[name]["/treatments"].to_dataset()
        for treatment in TREATMENTS:
            one = {key: value.item() for key, value in group.sel(treatment=treatment).data_vars.items()}
            why = "chosen" if one["chosen"] else ("refused" if one["refused"] else "")
            span = _between(one["burn_low"], one["burn_high"], _million)
            rows.append(
                [
                    words,
                    f"`{treatment}`",
                    f"{one['paying_years']:.0f} of {one['years']:.0f}",
                    f"{_million(one['pure_premium_burn'])}{span}",
                    "-" if math.isnan(one["pure_premium_law"]) else _million(one["pure_premium_law"]),
                    why,
                ]
            )
    return _markdown(["record", "treatment", "paying years", "mean of the years", "fitted law", ""], rows)


def fourfold(trees: Trees) -> str:
    """How far the treatments of the Nile lie apart."""
    group = trees["wetland-nile"]["/treatments"].to_dataset()
    allowed = group["refused"].values == ""
    rows = []
    for name, words in (("pure_premium_law", "fitted law"), ("pure_premium_burn", "mean of the years")):
        value = group[name].values
        rows.append(
            [words, f"{value.max() / value.min():.1f}", f"{value[allowed].max() / value[allowed].min():.1f}"]
        )
    return _markdown(
        ["Nile: largest premium over smallest", "all four treatments", "without the refused line"], rows
    )


def families(trees: Trees) -> str:
    """The pure premium by every family of laws."""
    rows = []
    for name, words in RECORDS.items():
        group = trees[name]["/families"].to_dataset()
        for family in group["family"].values.tolist():
            one = {key: value.item() for key, value in group.sel(family=family).data_vars.items()}
            aic = "-" if math.isnan(one["aic"]) else f"{one['aic']:.1f}"
            premium = "refused" if one["refused"] else _million(one["pure_premium"])
            rows.append([words, str(family), aic, premium, "chosen" if one["chosen"] else ""])
    return _markdown(["record", "law", "AIC", "pure premium, million CNY", ""], rows)


def out_of_sample(trees: Trees) -> str:
    """What the test from rolling origins comes to."""
    found = {
        name: {
            str(key): (value, low, high)
            for key, value, low, high in zip(
                *(_column(trees[name], "/backtest_summary", one) for one in ("name", "value", "low", "high")),
                strict=True,
            )
        }
        for name in RECORDS
    }
    rows = []
    for key, words in FIGURES.items():
        show = _million if "million" in words else _number
        cells = [
            f"{show(v)}{_between(low, high, show)}" for v, low, high in (found[name][key] for name in RECORDS)
        ]
        rows.append([words, *cells])
    return _markdown(["", *RECORDS.values()], rows)


def power(trees: Trees) -> str:
    """What so many tested years can notice."""
    rows = []
    first = trees[next(iter(RECORDS))]["/backtest_power"].to_dataset()
    for place, factor in enumerate(first["factor"].values.tolist()):
        cells = [
            f"{_column(trees[name], '/backtest_power', 'power_frequency')[place]:.0%}" for name in RECORDS
        ]
        rows.append([f"{factor:g}", *cells, f"{first['years_needed'].values[place]:.0f}"])
    return _markdown(
        ["pays so many times as often as priced", *RECORDS.values(), "years needed for four cases of five"],
        rows,
    )


def calibration(trees: Trees) -> str:
    """What trigger and exit are worth on the years that they were found on, and on others."""
    rows = []
    for name, words in RECORDS.items():
        group = trees[name]["/calibration"].to_dataset()
        for place, figure in enumerate(group["figure"].values.tolist()):
            inside, outside, own = (
                _number(group[key].values[place]) for key in ("in_sample", "corrected", "own")
            )
            method = str(group.attrs["method"]).replace("_", " ")
            rows.append([words, method, str(figure).replace("_", " "), inside, outside, own])
    head = ["record", "method", "figure", "on the years it was found on", "on years left out"]
    return _markdown([*head, "scenario's own trigger and exit"], rows)


def basis(trees: Trees) -> str:
    """Basis risk of the neighbours' index against Jiangxi's own losses."""
    group = trees["fire-index-jiangxi"]["/basis"].to_dataset()
    rows = []
    for name in BASIS:
        one = {key: value.item() for key, value in group.sel(measure=name).data_vars.items()}
        show = _million if str(one["unit"]).startswith("CNY") else _number
        unit = "million CNY" if str(one["unit"]).startswith("CNY") else ""
        span = f"{show(one['low'])} to {show(one['high'])}"
        rows.append([str(one["label"]), show(one["value"]), span, unit, f"{one['years']:.0f}"])
    return _markdown(["measure", "value", "interval", "", "years behind it"], rows)


def anomaly() -> str:
    """Means and spreads of the calendar months of the Manaus record."""
    path = find("data", "manaus_rio_negro_monthly_level")
    assert path is not None
    by_month = pd.read_csv(path).groupby("month")["level"]
    months = [str(month) for month in by_month.groups]
    means = [f"{abs(mean):.2f}" for mean in by_month.mean()]
    return _markdown(
        ["month", *months],
        [
            ["size of the mean, m", *means],
            ["standard deviation, m", *(f"{spread:.2f}" for spread in by_month.std())],
        ],
    )


def insurable(trees: Trees) -> str:
    """What total damage of each class costs, what may be insured, and the services of a year beside it."""
    group = trees["wetland-manaus"]["/insurable"].to_dataset()
    services = trees["wetland-manaus"]["/service_values"].to_dataset()
    of_class = {str(name): place for place, name in enumerate(services["site_class"].values.tolist())}
    rows = []
    for name in group["site_class"].values.tolist():
        one = {key: float(value) for key, value in group.sel(site_class=name).data_vars.items()}
        value = float(services["value"].values[of_class[str(name)]])
        rows.append(
            [
                str(name).replace("_", " "),
                f"{one['sites']:.0f}",
                f"{one['area']:,.0f}",
                *(f"{one[key] / 1e6:,.1f}" for key in ("restoration", "interim", "limit", "insurable")),
                f"{value / 1e6:,.0f}",
            ]
        )
    head = ["class", "sites", "ha", "restoration", "interim loss", "limits", "insurable value"]
    return _markdown([*head, "services of one year"], rows)


def perils(trees: Trees) -> str:
    """What each peril costs the sites before terms, without simulation."""
    group = trees["wetland-manaus"]["/checks/second_method"].to_dataset()
    rows, cards = [], []
    for kind in _column(trees["wetland-manaus"], "/perils", "peril"):
        path = find("models", f"wetland-{str(kind).replace('_', '-')}-judged")
        assert path is not None
        card = read_card(path)
        status = Counter(parameter.status for parameter in card.parameters.values())
        cards.append((card.name, ", ".join(f"{n} {word}" for word, n in status.items())))
    words = _column(trees["wetland-manaus"], "/perils", "word")
    names = _column(trees["wetland-manaus"], "/checks/second_method", "quantity")
    costs = dict(zip(names, group["closed_form"].values, strict=True))
    for word, (card_name, statuses) in zip(words, cards, strict=True):
        rows.append([str(word), _million(float(costs[f"cost of {word}"])), f"`{card_name}`", statuses])
    return _markdown(["peril", "expected loss of a year, million CNY", "card", "its parameters"], rows)


def link() -> str:
    """Chance that the index is among its worst years in one of the worst years of low water."""
    path = find("models", "wetland-index-link-judged")
    assert path is not None
    parameter = read_card(path).parameters["rank_correlation"]
    low, high = (float(end) for end in parameter.ends())
    rows = [
        [f"{worst:.0%}", *(f"{float(joint_chance(worst, worst, rank)) / worst:.0%}" for rank in rho)]
        for rho in ((low, float(parameter.value), high),)
        for worst in WORST
    ]
    return _markdown(
        ["worst years", *(f"rank correlation {r:g}" for r in (low, float(parameter.value), high))], rows
    )


def products(trees: Trees) -> str:
    """Published products computed again."""
    group = trees["wetland-manaus"]["/products"].to_dataset()
    frame = group[["region", "what", "printed", "computed", "unit", "verdict"]].to_dataframe()
    told = frame[frame["verdict"] == "not reproduced"]
    counts = Counter(frame["verdict"])
    rows = [
        [row["region"], row["what"], f"{row['printed']:,.0f}", f"{row['computed']:,.0f}", row["unit"]]
        for row in told.to_dict("records")
    ]
    words = ("reproduced", "not reproduced", "beside")
    line = ", ".join(f"{word} {counts[word]}" for word in words).capitalize() + "."
    return _markdown(["not reproduced", "reading", "printed", "computed", ""], rows) + f"\n\n{line}"


def _short_run(name: str) -> greenrisk.RunResult:
    """Run a scenario; what a cover is worth to its buyer rests on the gross premium, so on all years."""
    years = {} if greenrisk.load(name).kind == "index" else {"years": 4000}
    return greenrisk.run(greenrisk.load(name, SHORT | years))


def tables() -> dict[str, str]:
    """Return every table by the name of its mark."""
    trees = {name: _short_run(name).tree for name in RECORDS}
    return {
        "changes": changes(trees),
        "treatments": treatments(trees),
        "fourfold": fourfold(trees),
        "families": families(trees),
        "out-of-sample": out_of_sample(trees),
        "power": power(trees),
        "calibration": calibration(trees),
        "basis": basis(trees),
        "anomaly": anomaly(),
        "insurable": insurable(trees),
        "perils": perils(trees),
        "link": link(),
        "products": products(trees),
    }


if __name__ == "__main__":
    run(__doc__ or "", Path(__file__).stem, PAGE, tables)
