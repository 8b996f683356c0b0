# SPDX-License-Identifier: Apache-2.0
"""What the fire statistics say and do not say: the tables of docs/explanation/forest.md.

Run ``python benchmarks/forest_evidence.py`` to see them, with ``--write`` to put them into the page (a test checks
that they are there as computed). The out-of-sample table is made by backtest_fire_counts.py.
"""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from greenrisk.actuarial.glm.counts import likelihood_ratio_test, negative_binomial_regression
from greenrisk.core.cards import Z_90, Card, read_card
from greenrisk.resource.burning_cost import burning_cost, compare
from greenrisk.resource.fire_tables import FirePanel, read_panel, read_totals
from greenrisk.resource.perils.fire_correlation import correlation_check
from greenrisk.resource.perils.fire_counts import count_law, trend_path
from greenrisk.resource.perils.fire_counts_fit import DAMPINGS, CountFit, fit_counts
from greenrisk.resource.perils.fire_size import FireSizeLaw

sys.path.insert(0, str(Path(__file__).parent))

from page_tables import run

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "explanation" / "forest.md"
HOME, YEAR = "Jiangxi", 2026
SHOWN = (0.6, 0.7, 0.8, 0.9, 1.0)
SHAPES = (0.4, 0.6, 0.9, 1.3)


def trends(panel: FirePanel) -> str:
    """Shared against own trends, by the plain regression."""
    count, years = len(panel.provinces), panel.years.size
    level = np.tile(np.eye(count), (years, 1))
    time = np.repeat(panel.years - panel.years[-1], count)[:, None].astype(float)
    y = panel.fires.ravel()
    shared = negative_binomial_regression(y, np.hstack([level, time]), (*panel.provinces, "trend"))
    names = (*panel.provinces, *(f"{province} trend" for province in panel.provinces))
    own = negative_binomial_regression(y, np.hstack([level, level * time]), names)
    statistic, freedom, p_value = likelihood_ratio_test(shared, own)
    rows = [
        f"| {province} | {own.coefficients[count + k]:+.3f} ± {own.standard_errors()[count + k]:.3f} |"
        for k, province in enumerate(panel.provinces)
    ]
    return "\n".join(
        [
            "| province | trend of ln fires a year |",
            "|---|---|",
            *rows,
            f"| all (shared) | {shared.coefficients[-1]:+.3f} ± {shared.standard_errors()[-1]:.3f} |",
            "",
            f"Shared against own trends: 2 Δ ln L = {statistic:.1f} on {freedom} degrees of freedom, "
            f"p = {p_value:.1g}.",
        ]
    )


def dampings(fit: CountFit) -> str:
    """What the choice of the damping moves in Jiangxi."""
    deficit = dict(zip(DAMPINGS, fit.deficit(HOME), strict=True))
    means, covariances = fit.coefficients(HOME)
    lines = [
        f"| damping | score below the best | ln fires in 2021 | year effect sd | fires in 2021 | fires in {YEAR} |",
        "|---|---|---|---|---|---|",
    ]
    for damping in SHOWN:
        at = DAMPINGS.index(damping)
        sd = fit.fits[at].sds["year"]
        values = {
            "log_count": means[at, 0],
            "trend": means[at, 1],
            "damping": damping,
            "year_effect_sd": sd,
            "dispersion": fit.fits[at].dispersion,
        }
        constants = {"first_year": 2009.0, "base_year": 2021.0}
        fires = [count_law(values, constants, year).mean for year in (2021, YEAR)]
        lines.append(
            f"| {damping:g} | {deficit[damping].value:.3f} ± {deficit[damping].standard_error:.3f} "
            f"| {means[at, 0]:.2f} ± {math.sqrt(covariances[at, 0, 0]):.2f} | {sd:.2f} "
            f"| {fires[0]:.0f} | {fires[1]:.0f} |"
        )
    low, high = fit.damping_range(HOME)
    pooled = DAMPINGS[int(np.argmax(fit.log_scores.mean(axis=(1, 2))))]
    alone = DAMPINGS[int(np.argmax(fit.log_scores[:, :, fit.panel.index(HOME)].mean(axis=1)))]
    lines += [
        "",
        f"Chosen: {fit.damping(HOME):g}, range {low:g} to {high:g}. The mean score of all seven provinces alone would "
        f"choose {pooled:g}, Jiangxi's own forecasts alone {alone:g}.",
    ]
    return "\n".join(lines)


def year_effects(panel: FirePanel, fit: CountFit) -> str:
    """The spread of the year effect by three methods, at the damping of the card."""
    damping = fit.damping(HOME)
    restricted = fit.at(damping)
    low, high = (
        restricted.sds["year"] * math.exp(sign * Z_90 * math.sqrt(restricted.log_covariance[1, 1]))
        for sign in (-1, 1)
    )
    moments = _moments(panel, damping)
    posterior = json.loads(
        (ROOT / "tests" / "reference" / "count_posterior.json").read_text(encoding="utf-8")
    )
    chain = [math.exp(value) for value in posterior["log_year_effect_sd"]["quantiles_5_50_95"]]
    return "\n".join(
        [
            "| method | standard deviation of the log year effect |",
            "|---|---|",
            "| restricted likelihood (Laplace), the one used "
            f"| {restricted.sds['year']:.2f} ({low:.2f} to {high:.2f}) |",
            "| year dummies in a plain regression, spread about the trend less their sampling variance "
            f"| {moments:.2f} |",
            f"| Markov chain, flat priors (median) | {chain[1]:.2f} ({chain[0]:.2f} to {chain[2]:.2f}) |",
        ]
    )


def _moments(panel: FirePanel, damping: float) -> float:
    count, years = len(panel.provinces), panel.years.size
    level = np.tile(np.eye(count), (years, 1))
    dummies = np.repeat(np.eye(years), count, axis=0)[:, 1:]
    names = (*panel.provinces, *(str(year) for year in panel.years[1:]))
    fit = negative_binomial_regression(panel.fires.ravel(), np.hstack([level, dummies]), names)
    effect = np.concatenate([[0.0], fit.coefficients[count:]])
    covariance = np.zeros((years, years))
    covariance[1:, 1:] = fit.covariance[count:, count:]
    line = np.column_stack(
        [np.ones(years), trend_path(float(panel.years[0]), float(panel.years[-1]), panel.years, damping)]
    )
    rest = np.eye(years) - line @ np.linalg.pinv(line)
    excess = effect @ rest @ effect - np.trace(rest @ covariance)
    return math.sqrt(max(excess, 0.0) / (years - 2))


def correlations(panel: FirePanel, card: Card) -> str:
    """How Jiangxi moves with its neighbours."""
    check = correlation_check(panel, HOME, card)
    lines = [
        "| with | fires, raw | fires, detrended | area, raw | area, detrended |",
        "|---|---|---|---|---|",
    ]
    keys = ("fires_raw", "fires_detrended", "area_raw", "area_detrended")
    for name in check["neighbour"].values:
        cells = [f"{check[key].sel(neighbour=name).item():.2f}" for key in keys]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    means = [f"{check.attrs[f'mean_{key}']:.2f}" for key in keys]
    lines += [
        f"| mean of all 21 pairs | {' | '.join(means)} |",
        "",
        f"The card's year effect and dispersion stand for {check.attrs['implied']:.2f} between the fires of any two "
        "provinces.",
    ]
    return "\n".join(lines)


def large_fires(panel: FirePanel, tail: Card) -> str:
    """How probable 0 of 24 above 1,000 ha is under several shapes."""
    exceeding = int(panel.classes[:, :, 2:].sum())
    shape, scale = (tail.parameters[name] for name in ("shape", "scale"))
    assert not isinstance(shape.value, str)
    assert not isinstance(scale.value, str)
    slope = tail.correlations[0].value
    lines = [
        f"| shape | P(> 1,000 ha, given > 100 ha), scale {scale.value:g} ha | 0 of {exceeding} "
        f"| scale that goes with the shape | P(> 1,000 ha, given > 100 ha) | 0 of {exceeding} |",
        "|---|---|---|---|---|---|",
    ]
    for value in SHAPES:
        ends = shape.range.low if value < shape.value else shape.range.high
        z = (
            math.copysign(Z_90, value - shape.value)
            * math.log(value / shape.value)
            / math.log(float(ends or 1) / shape.value)
        )
        side = scale.range.low if slope * z < 0 else scale.range.high
        along = scale.value * (float(side or 1) / scale.value) ** (abs(slope * z) / Z_90)
        cells = [f"{value:g}"]
        for beta in (scale.value, along):
            chance = _over_1000(value, beta)
            cells += [f"{chance:.3f}", f"{(1 - chance) ** exceeding:.3f}"]
        cells.insert(3, f"{along:.0f} ha")
        lines.append(f"| {' | '.join(cells)} |")
    by_year = panel.classes[:, :, 2:].sum(axis=(1, 2))
    worst = int(panel.years[int(np.argmax(by_year))])
    lines += ["", f"Of the {exceeding} fires above 100 ha, {by_year.max():.0f} burnt in {worst}."]
    return "\n".join(lines)


def _part(value: float, middle: float, far: float) -> float:
    """How far a value is from the middle towards an end, in logarithms."""
    return math.log(value / middle) / math.log(far / middle)


def _over_1000(shape: float, scale: float) -> float:
    law = FireSizeLaw("gamma", 0.27, 8.65, 0.001, shape, scale, 100_000.0)
    return float(law.sf(1000.0)) / 0.001


def burning_costs(panel: FirePanel) -> str:
    """The two plain averages and what sets them apart."""
    totals = read_totals(ROOT / "data" / "fires_jiangxi_2004_2008.csv")
    position = panel.index(HOME)
    area, fires = panel.area[:, position], panel.fires[:, position]

    def joined(column: str, later: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.concatenate([totals[column].to_numpy(dtype=np.float64), later])

    recent = burning_cost(panel.years, area, fires)
    whole = burning_cost(
        joined("year", panel.years.astype(np.float64)).astype(np.int64),
        joined("damaged_forest_ha", area),
        joined("fires", fires),
    )
    why = compare(whole, recent)
    lines = [
        "| window | fires a year | ha a fire | ha a year | 90 % if years were alike |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| {cost.first}-{cost.last} | {cost.fires:.0f} | {cost.mean_size:.1f} | {cost.area:,.0f} "
        f"| {cost.low:,.0f} to {cost.high:,.0f} |"
        for cost in (whole, recent)
    ]
    lines += [
        "",
        f"Ratio {why.ratio:.2f} = {why.by_fires:.2f} (fires) x {why.by_size:.2f} (size). The first "
        f"{why.earlier_years} of {why.all_years} years hold {why.earlier_share:.0%} of the area; "
        f"{whole.largest_year} alone holds {whole.largest_share:.0%}.",
    ]
    return "\n".join(lines)


def tables() -> dict[str, str]:
    """Return every table by its mark."""
    panel = read_panel(ROOT / "data" / "fires_jiangxi_neighbours_2009_2021.csv")
    card, tail = (
        read_card(ROOT / "models" / f"{name}.yaml") for name in ("wildfire-jiangxi", "fire-tail-portugal")
    )
    fit = fit_counts(panel)
    return {
        "trends": trends(panel),
        "dampings": dampings(fit),
        "year-effects": year_effects(panel, fit),
        "correlations": correlations(panel, card),
        "large-fires": large_fires(panel, tail),
        "burning-costs": burning_costs(panel),
    }


if __name__ == "__main__":
    run(__doc__ or "", "forest_evidence", PAGE, tables)
