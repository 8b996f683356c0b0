# SPDX-License-Identifier: Apache-2.0
"""Indices that stand at an end of what they can be: mixed laws by hand, treated years held, what the ledger is told."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from priced_records import linear, tiers
from scipy import integrate, stats
from studied_index import SEVERAL, run, write_several

from greenrisk.core.errors import FitError
from greenrisk.core.ledger import Ledger
from greenrisk.resource.index_cover.calibration_terms import Calibration, CalibrationFigure
from greenrisk.resource.index_cover.changes import detect_changes
from greenrisk.resource.index_cover.index_doubts import tell_budget, tell_gross
from greenrisk.resource.index_cover.index_job import IndexJob
from greenrisk.resource.index_cover.law_choice import best, fit_or_best, passes
from greenrisk.resource.index_cover.law_goodness import goodness
from greenrisk.resource.index_cover.laws import fit, fit_all
from greenrisk.resource.index_cover.series import Bounds
from greenrisk.resource.index_cover.treatments import treat
from greenrisk.scenario.load import load

ABOVE_ZERO = Bounds(0.0)
POSITIVE = np.exp(1.0 + 0.6 * stats.norm.ppf((np.arange(24) + 0.5) / 24))
"""24 years of a lognormal law."""
DRY = np.concatenate([np.zeros(16), POSITIVE])
"""The same and 16 years of nothing."""


def test_a_law_with_a_mass_is_the_mixture_by_hand() -> None:
    """Two fifths of the years at 0; the rest lognormal with the mean and spread of the logarithms."""
    law = fit(DRY, "lognormal", "above", ABOVE_ZERO)
    mean, spread = np.log(POSITIVE).mean(), np.log(POSITIVE).std()
    rest = stats.lognorm(spread, scale=math.exp(mean))
    assert law.masses == (0.4, 0.0)
    x = np.array([-1.0, 0.0, 0.5, 2.0, 9.0])
    expected = np.where(x < 0, 0.0, 0.4 + 0.6 * rest.cdf(np.maximum(x, 0)))
    np.testing.assert_allclose(law.cdf(x), expected, rtol=1e-12)
    u = np.array([0.01, 0.4, 0.41, 0.7, 0.99])
    np.testing.assert_allclose(law.quantile(u), [0, 0, *rest.ppf((u[2:] - 0.4) / 0.6)], rtol=1e-9)
    likelihood = 16 * math.log(0.4) + 24 * math.log(0.6) + rest.logpdf(POSITIVE).sum()
    assert law.log_likelihood == pytest.approx(likelihood, rel=1e-12)
    assert law.aic == pytest.approx(2 * 3 - 2 * likelihood, rel=1e-12)


@pytest.mark.parametrize("pays", ["above", "below"])
def test_what_a_mixture_pays_is_the_mass_and_the_integral_of_the_rest(pays: str) -> None:
    """A normal law given that it lies between 0 and 10, a fifth of the years at 0 and a tenth at 10."""
    inside = 5.0 + 2.2 * stats.norm.ppf((np.arange(28) + 0.5) / 28)
    assert inside.min() > 0.0
    assert inside.max() < 10.0
    law = fit(np.concatenate([np.zeros(8), inside, np.full(4, 10.0)]), "normal", "above", Bounds(0.0, 10.0))
    normal = stats.norm(inside.mean(), inside.std())
    span = normal.cdf(10) - normal.cdf(0)
    # the exit lies beyond the bound, which is then paid in part
    payout = linear("above", 6.0, 12.0) if pays == "above" else linear("below", 4.0, -2.0)

    def share(x: float) -> float:
        return (x - 6.0) / 6.0 if pays == "above" else (4.0 - x) / 6.0

    ends = (6.0, 10.0) if pays == "above" else (0.0, 4.0)
    rest = integrate.quad(lambda x: share(x) * normal.pdf(x) / span, *ends, epsabs=1e-12)[0]
    mass, at = (0.1, share(10.0)) if pays == "above" else (0.2, share(0.0))
    assert law.expected_share(payout) == pytest.approx(mass * at + 0.7 * rest, rel=1e-9)
    draws = law.quantile((np.arange(200_000) + 0.5) / 200_000)
    assert draws.min() == 0.0
    assert draws.max() == 10.0
    assert np.mean(np.clip([share(x) for x in draws[::10]], 0, 1)) == pytest.approx(
        mass * at + 0.7 * rest, rel=1e-3
    )


def test_a_tier_at_the_bound_pays_its_mass_when_the_edge_counts() -> None:
    law = fit(DRY, "lognormal", "below", ABOVE_ZERO)
    assert law.expected_share(tiers("below", (0.0, True, 1.0))) == pytest.approx(0.4, rel=1e-12)
    assert law.expected_share(tiers("below", (0.0, False, 1.0))) == pytest.approx(0.0, abs=1e-12)
    assert float(law.chance("above", 0.0, inclusive=False)) == pytest.approx(0.6, rel=1e-12)
    assert float(law.chance("above", 0.0)) == pytest.approx(1.0, rel=1e-12)


def test_years_off_the_bound_must_be_enough_for_a_family() -> None:
    value = np.concatenate([np.zeros(31), np.arange(1.0, 10.0)])
    with pytest.raises(FitError, match="9 of 40 years"):
        fit(value, "gamma", "above", ABOVE_ZERO)
    law = fit_or_best(value, "best", "above", ABOVE_ZERO)
    assert law.family == "empirical"
    # the years themselves: 4 of 40 above 5, by 1 to 4 fifths of the way to 10
    assert law.expected_share(linear("above", 5.0, 10.0)) == pytest.approx(
        (0.2 + 0.4 + 0.6 + 0.8) / 40, rel=1e-12
    )


def test_the_best_law_is_never_one_that_its_years_reject() -> None:
    """A record of two values far apart: all families with two or three parameters are rejected."""
    value = np.where(np.arange(60) % 2 == 0, 10.0, 20.0) + 0.001 * np.arange(60)
    fits = fit_all(value)
    rejected = [one.law for one in fits if one.law is not None and one.family != "empirical"]
    assert rejected
    assert all(goodness(law).p < 0.05 for law in rejected)
    assert best(fits).family == "empirical"


def test_of_the_laws_that_pass_the_best_has_the_smallest_aic() -> None:
    fits = fit_all(DRY, "above", ABOVE_ZERO)
    chosen = best(fits)
    assert passes(chosen)
    for one in fits:
        if one.law is not None and one.law.aic < chosen.aic:
            assert goodness(one.law).p < 0.05


def test_treated_years_are_held_within_what_the_index_can_be() -> None:
    """A line of slope 1 through 40 years: put at its last level 39.5 is added to the first, 0 to the last."""
    year = np.arange(1980, 2020)
    value = np.arange(40.0)
    value[-1] = 0.0
    changes = detect_changes(year, value, "plain", 0.05, 1)
    slope, first = np.polyfit(year - 1980.0, value, 1)
    by_hand = value - (first + slope * (year - 1980)) + first + slope * 39
    assert (by_hand < 0).sum() + (by_hand > 36).sum() > 0
    assert changes.verdict != "step"
    done = treat(year, value, "linear", changes, "plain", Bounds(0.0, 36.0))
    np.testing.assert_allclose(done.value, np.clip(by_hand, 0.0, 36.0), atol=1e-9)
    assert done.held == int(((by_hand < 0) | (by_hand > 36)).sum())
    assert f"{done.held} of them" in done.sentence


SPARSE = """\
kind: index
name: sparse
title: Days of low water, most years none
underwriting_year: 2020
price_year: 2025
years: 20000
history: {treatment: none, LAW}
knowledge: {draws: 20, years: 1000}
series:
  level: {kind: table, file: daily.csv, value: level, unit: m}
indices:
  low: {kind: days, series: level, side: below, threshold: 2, season: {first: 06-01, last: 06-30}}
covers:
  - name: low water
    payout: {kind: linear, index: low, pays: above, trigger: 5, exit: 25}
    sum_insured_cny: 1000000
"""


def days_of() -> np.ndarray:
    """Return days of low water: none in 24 of 40 years, 2 to 17 in the others, in no order."""
    return np.random.default_rng(4).permutation(np.concatenate([np.zeros(24), np.arange(2, 18)])).astype(int)


def sparse(folder: Path, law: str = "law: best") -> IndexJob:
    rows = []
    for year, count in zip(range(1980, 2020), days_of(), strict=True):
        dates = pd.date_range(f"{year}-01-01", f"{year}-12-31")
        low = (dates >= f"{year}-06-01") & (
            dates < pd.Timestamp(f"{year}-06-01") + pd.Timedelta(days=int(count))
        )
        wave = 3.0 + 0.5 * np.sin(np.arange(dates.size) * 0.7 + year)
        rows.append(
            pd.DataFrame({"date": dates.strftime("%Y-%m-%d"), "level": np.where(low, 1.5 + wave / 10, wave)})
        )
    pd.concat(rows).to_csv(folder / "daily.csv", index=False)
    path = folder / "sparse.yaml"
    path.write_text(SPARSE.replace("LAW", law), encoding="utf-8")
    job = load(str(path), {}).prepare()
    assert isinstance(job, IndexJob)
    return job


def test_days_that_are_mostly_none_are_priced_within_the_burn_analysis(tmp_path: Path) -> None:
    tree = run(sparse(tmp_path))
    treated = tree["record"].to_dataset()["treated"].values
    np.testing.assert_array_equal(treated, days_of())
    pure = float(tree["metrics"].to_dataset()["value"].values[0])
    none = tree["treatments"].to_dataset().sel(treatment="none")
    assert float(none["pure_premium_burn"]) == pytest.approx(1e6 * np.clip((days_of() - 5) / 20, 0, 1).mean())
    assert float(none["burn_low"]) < pure < float(none["burn_high"])
    ledger = tree["ledger"].to_dataset().to_dataframe()
    told = ledger[ledger["subject"] == "law of low"]["detail"].str.cat()
    assert "24 of 40 years are 0 day" in told
    assert "pure premium" not in ledger[ledger["kind"] == "unreliable"]["subject"].tolist()


def test_a_law_named_by_the_scenario_that_its_years_reject_is_told(tmp_path: Path) -> None:
    """13 years of 2 days and 3 of 24: no normal law."""
    job = sparse(tmp_path, "law: normal")
    value = np.where(np.arange(40) % 13 == 0, 24.0, 2.0 + 0.01 * np.arange(40))
    record = job.model.record
    low = replace(record.indices["low"], value=value)
    model = replace(job.model, record=replace(record, indices={"low": low}))
    tree = run(replace(job, model=model))
    ledger = tree["ledger"].to_dataset().to_dataframe()
    line = ledger[(ledger["subject"] == "law of low") & (ledger["kind"] == "unreliable")]
    assert "reject the normal law" in line["detail"].item()


@pytest.mark.parametrize(("gross", "lines"), [(1.25e6, 1), (1.0e6, 0)])
def test_a_premium_above_the_most_that_is_paid_is_told(gross: float, lines: int) -> None:
    ledger = Ledger()
    tell_gross(gross, 1e6, ledger)
    told = list(ledger)
    assert len(told) == lines
    if lines:
        assert told[0].kind == "unreliable"
        assert "1.25 times the most" in told[0].detail


@pytest.mark.parametrize(
    ("held_out", "gross", "expected"),
    [
        (1.3e6, None, ["2.6 times"]),
        (4e5, 8e5, ["1.6 times"]),
        (1.3e6, 8e5, ["2.6 times", "1.6 times"]),
        (5e5, 5e5, []),
    ],
)
def test_a_premium_above_the_budget_is_told(
    held_out: float, gross: float | None, expected: list[str]
) -> None:
    figures = (
        CalibrationFigure("expected_shortfall", "CNY", np.nan, 6e6, 6.1e6, 1e5, np.nan, 7e6),
        CalibrationFigure("premium", "CNY/year", 5e5, 4.9e5, held_out, held_out - 4.9e5, np.nan, 6e5),
    )
    found = Calibration("expected_shortfall", 1.0, 2.0, 1.0, 2.0, (1.0, 1.0), figures, 13, 13)
    ledger = Ledger()
    tell_budget(found, gross, ledger)
    told = [one.detail for one in ledger]
    assert len(told) == bool(expected)
    assert all(words in told[0] for words in expected)


def test_a_cover_of_storms_alone_needs_no_series(tmp_path: Path) -> None:
    head, covers = SEVERAL.split("covers:\n")
    first, indices = head.split("series:\n")[0], head.split("  wind:\n")[1]
    storm = "  - name: storm\n" + covers.split("  - name: storm\n")[1]
    path = write_several(tmp_path, f"{first}indices:\n  wind:\n{indices}covers:\n{storm}")
    job = load(str(path), {"years": "2000"}).prepare()
    assert isinstance(job, IndexJob)
    tree = run(job)
    assert tree["series"].to_dataset().sizes == {"series": 0}
    assert tree["guards"].to_dataset().sizes == {"guard": 0}
    assert float(tree["metrics"].to_dataset()["value"].values[0]) > 0
