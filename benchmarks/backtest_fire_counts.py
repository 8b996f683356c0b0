# SPDX-License-Identifier: Apache-2.0
"""Out of sample: cards fitted to 2009-2015 judged on 2016-2021, against burning costs with laws of their own.

Run ``python benchmarks/backtest_fire_counts.py`` for the tables, with ``--json`` for the numbers, with ``--write``
to put the tables into docs/explanation/forest.md (a test checks that they are there as computed).

For each of the seven provinces the functions that make the shipped cards make its cards from 2009-2015 alone, the
damping included; the tail above 100 ha is the shipped prior. Parameters, year effects, numbers and sizes are
drawn; forecasts are made once, at the end of 2015, one to six years ahead. A burning cost is the mean of some past
years with the law of ``predictive_of_mean``: negative binomial for fires, gamma for area, with the variance of the
experience and of its mean. Scores are divided by the province's mean of 2009-2015, so that provinces count alike.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from greenrisk.actuarial.scoring import clustered_mean, covered, crps_of_samples
from greenrisk.core.cards import Card, read_card
from greenrisk.core.streams import stream
from greenrisk.resource.burning_cost import predictive_of_mean
from greenrisk.resource.fire_tables import FirePanel, read_panel
from greenrisk.resource.perils.fire_cards import count_card, size_card
from greenrisk.resource.perils.fire_checks import draw_card, predictive_counts
from greenrisk.resource.perils.fire_counts_fit import CountFit, fit_counts
from greenrisk.resource.perils.fire_size import FireSizeLaw, fire_size_law

ROOT = Path(__file__).resolve().parents[1]
TABLE = "fires_jiangxi_neighbours_2009_2021.csv"
PAGE = ROOT / "docs" / "explanation" / "forest.md"
BEGIN, END = "<!-- backtest: made by benchmarks/backtest_fire_counts.py --write -->", "<!-- /backtest -->"

FITTED, JUDGED = (2009, 2015), (2016, 2021)
LAWS, REPEATS = 400, 10
CAP = 100_000.0
"""Largest possible fire [ha]: no province's forest is smaller."""

LEVELS = (np.arange(LAWS * REPEATS) + 0.5) / (LAWS * REPEATS)

Sample = NDArray[np.float64]
"""Draws, shape (LAWS x REPEATS, years)."""


def fires_of(fit: CountFit, province: str, years: NDArray[np.int64]) -> Sample:
    """Draw the fires of a province from its occurrence card."""
    card = count_card("backtest", fit, province, TABLE)
    values = {k: np.asarray(v) for k, v in draw_card(card, LAWS * REPEATS, 0, "backtest", province).items()}
    rng = stream(0, "backtest", province)
    return predictive_counts(values, card.constants, years, rng).astype(np.float64)


def undamped(fit: CountFit) -> CountFit:
    """Return the fit with a damping of 1 put in the place of the chosen one."""
    scores = fit.log_scores.copy()
    scores[:-1] -= 1e3
    return replace(fit, log_scores=scores)


def area_of(fires: Sample, panel: FirePanel, province: str, tail: Card) -> Sample:
    """Draw the damaged area of those fires from the province's size card and the prior tail."""
    card = size_card("backtest", panel, province, TABLE, _tail_law(tail))
    of_size = draw_card(card, LAWS, 0, "backtest", province)
    of_tail = draw_card(tail, LAWS, 0, "backtest", province)
    rng = stream(0, "backtest", "sizes", province)
    area = np.zeros(fires.shape)
    for i in range(LAWS):
        law = fire_size_law({k: v[i] for k, v in of_size.items()}, {k: v[i] for k, v in of_tail.items()}, CAP)
        rows = slice(i * REPEATS, (i + 1) * REPEATS)
        number = fires[rows].ravel().astype(np.int64)
        ends = np.cumsum(number)
        total = np.concatenate([[0.0], np.cumsum(law.ppf(rng.random(int(number.sum()))))])
        area[rows] = (total[ends] - total[ends - number]).reshape(REPEATS, -1)
    return area


def plain_of(experience: NDArray[np.float64], whole: bool, years: int) -> Sample:
    """The law of a burning cost, the same for every year to come."""
    return np.repeat(predictive_of_mean(experience, whole, LEVELS)[:, None], years, axis=1)


def _tail_law(tail: Card) -> FireSizeLaw:
    body = {"family": "gamma", "share_under_1ha": 0.3, "mean_body": 8.0, "share_over_100ha": 0.001}
    return fire_size_law(body, tail.values(), CAP)


MODEL, PLAIN = "the model", "mean of 2009-2015"


def backtest(table: Path, tail: Card) -> dict[str, Any]:
    """Return all figures of the tables."""
    whole = read_panel(table)
    past, future = whole.window(*FITTED), whole.window(*JUDGED)
    years = future.years
    fit = fit_counts(past)
    variants = {
        MODEL: fit,
        "the model, one damping for all provinces": replace(fit, own_weight=0.0),
        "the model, each province's own damping": replace(fit, own_weight=1.0),
        "the model, trend not damped": undamped(fit),
    }
    windows = {PLAIN: past, "mean of 2013-2015": past.window(2013, 2015)}
    fires: dict[str, list[Sample]] = {name: [] for name in (*variants, *windows)}
    area: dict[str, list[Sample]] = {name: [] for name in (MODEL, *windows)}
    for k, province in enumerate(whole.provinces):
        for name, variant in variants.items():
            fires[name].append(fires_of(variant, province, years))
        area[MODEL].append(area_of(fires[MODEL][-1], past, province, tail))
        for name, window in windows.items():
            fires[name].append(plain_of(window.fires[:, k], True, years.size))
            area[name].append(plain_of(window.area[:, k], False, years.size))
    return {
        "damping": {province: fit.damping(province) for province in whole.provinces},
        "fires": _scores(fires, future.fires, past.fires.mean(axis=0), years, whole.provinces),
        "area": _scores(area, future.area, past.area.mean(axis=0), years, whole.provinces),
    }


def _scores(
    drawn: dict[str, list[Sample]],
    observed: NDArray[np.float64],
    scale: NDArray[np.float64],
    years: NDArray[np.int64],
    provinces: tuple[str, ...],
) -> dict[str, Any]:
    when = np.repeat(years[:, None], len(provinces), axis=1)
    scores: dict[str, Any] = {}
    crps = {}
    for name, samples in drawn.items():
        sample = np.stack(samples, axis=2)
        inside = covered(sample, observed)
        crps[name] = crps_of_samples(sample, observed) / scale
        scores[name] = {
            "coverage": _pair(inside, when),
            "crps": _pair(crps[name], when),
            "below_median": _pair((observed < np.median(sample, axis=0)).astype(np.float64), when),
            "by_province": {
                province: {"coverage": float(inside[:, k].mean()), "crps": float(crps[name][:, k].mean())}
                for k, province in enumerate(provinces)
            },
        }
    scores["gain"] = {name: _pair(crps[name] - crps[MODEL], when) for name in drawn if name != MODEL}
    return scores


def _pair(values: NDArray[np.float64], years: NDArray[np.int64]) -> tuple[float, float]:
    score = clustered_mean(values, years)
    return score.value, score.standard_error


def markdown(results: dict[str, Any]) -> str:
    """Return the figures as two Markdown tables."""
    lines = [
        "| 42 forecasts: 7 provinces x 6 years | coverage of 90 %, fires | CRPS, fires | coverage of 90 %, area "
        "| CRPS, area |",
        "|---|---|---|---|---|",
    ]
    for name in results["fires"]:
        if name == "gain":
            continue
        cells = [name]
        for kind in ("fires", "area"):
            score = results[kind].get(name)
            for key in ("coverage", "crps"):
                cells.append(f"{score[key][0]:.2f} ± {score[key][1]:.2f}" if score else "-")
        lines.append(f"| {' | '.join(cells)} |")
    for name in results["fires"]["gain"]:
        cells = [f"gain over {name}"]
        for kind in ("fires", "area"):
            gain = results[kind]["gain"].get(name)
            cells += ["", f"{gain[0]:.3f} ± {gain[1]:.3f}" if gain else "-"]
        lines.append(f"| {' | '.join(cells)} |")
    below = [results[kind][MODEL]["below_median"] for kind in ("fires", "area")]
    cells = [f"{value:.2f} ± {error:.2f}" for value, error in below]
    lines.append(f"| outcomes below the model's median | {cells[0]} | | {cells[1]} | |")
    lines += [
        "",
        "| province | damping | coverage, fires | CRPS, model | CRPS, mean of 2009-2015 | coverage, area | CRPS, model "
        "| CRPS, mean of 2009-2015 |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for province, damping in results["damping"].items():
        row = [province, f"{damping:g}"]
        for kind in ("fires", "area"):
            model, plain = (results[kind][name]["by_province"][province] for name in (MODEL, PLAIN))
            row += [f"{model['coverage']:.2f}", f"{model['crps']:.2f}", f"{plain['crps']:.2f}"]
        lines.append(f"| {' | '.join(row)} |")
    return "\n".join(lines)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print the numbers")
    parser.add_argument("--write", action="store_true", help="put the tables into the page")
    arguments = parser.parse_args()
    results = backtest(ROOT / "data" / TABLE, read_card(ROOT / "models" / "fire-tail-portugal.yaml"))
    if arguments.json:
        print(json.dumps(results, indent=1))
        return
    print(markdown(results))
    if arguments.write:
        text = PAGE.read_text(encoding="utf-8")
        head, rest = text.split(BEGIN)
        PAGE.write_text(f"{head}{BEGIN}\n{markdown(results)}\n{END}{rest.split(END)[1]}", encoding="utf-8")


if __name__ == "__main__":
    main()
