# SPDX-License-Identifier: Apache-2.0
"""Basis risk of the fire index by hand: real losses of Jiangxi beside the index of its six neighbours."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from numpy.typing import NDArray
from scipy.stats import kendalltau, spearmanr
from studied_index import prepared, run

from greenrisk.core.library import find
from greenrisk.resource.index_cover.index_job import IndexJob

Floats = NDArray[np.float64]

COST = 12_000.0
TRIGGER, EXIT, INSURED = 1500.0, 2500.0, 1e7


@pytest.fixture(scope="module")
def job() -> IndexJob:
    return prepared("fire-index-jiangxi", years="20000")


@pytest.fixture(scope="module")
def tree(job: IndexJob) -> xr.DataTree:
    return run(job)


@pytest.fixture(scope="module")
def by_hand() -> tuple[Floats, Floats, Floats]:
    """Return index and loss without their straight lines of the logarithms, and the payment, by pandas and numpy."""
    file = find("data", "fires_jiangxi_neighbours_2009_2021")
    assert isinstance(file, Path)
    table = pd.read_csv(file)
    jiangxi = table["province"] == "Jiangxi"
    own = table[jiangxi].set_index("year")["damaged_forest_ha"].to_numpy() * COST
    others = table[~jiangxi].groupby("year")["damaged_forest_ha"].sum().to_numpy()
    year = np.arange(2009, 2022)

    def off_the_line(values: Floats) -> Floats:
        line = np.polyval(np.polyfit(year, np.log(values), 1), year)
        return np.asarray(np.exp(np.log(values) - line + line[-1]))

    index, loss = off_the_line(others), off_the_line(own)
    return index, loss, INSURED * np.clip((index - TRIGGER) / (EXIT - TRIGGER), 0, 1)


def measure(tree: xr.DataTree, name: str) -> float:
    basis = tree["basis"].to_dataset()
    return float(basis["value"].sel(measure=name))


def test_the_years_are_those_of_the_files(tree: xr.DataTree, by_hand: tuple[Floats, Floats, Floats]) -> None:
    index, loss, paid = by_hand
    history, record = tree["history"].to_dataset(), tree["record"].to_dataset()
    np.testing.assert_allclose(record["treated"].values, index, rtol=1e-9)
    np.testing.assert_allclose(history["loss"].values, loss, rtol=1e-9)
    np.testing.assert_allclose(history["payout"].values, paid, rtol=1e-9, atol=1e-6)
    np.testing.assert_allclose(history["gap"].values, loss - paid, rtol=1e-9, atol=1e-6)


def test_correlations_and_misses_are_those_by_hand(
    tree: xr.DataTree, by_hand: tuple[Floats, Floats, Floats]
) -> None:
    index, loss, paid = by_hand
    assert measure(tree, "pearson") == pytest.approx(np.corrcoef(loss, paid)[0, 1])
    assert measure(tree, "spearman") == pytest.approx(spearmanr(loss, paid).statistic)
    assert measure(tree, "kendall") == pytest.approx(kendalltau(loss, paid).statistic)
    assert measure(tree, "spearman_index") == pytest.approx(spearmanr(loss, index).statistic)
    count = int((paid > 0).sum())
    worst = np.zeros(loss.size, dtype=bool)
    worst[np.argsort(loss)[-count:]] = True
    assert measure(tree, "false_negatives") == pytest.approx((worst & (paid == 0)).sum() / count)
    assert measure(tree, "false_positives") == pytest.approx((~worst & (paid > 0)).sum() / count)
    assert measure(tree, "expected_shortfall") == pytest.approx(np.maximum(loss - paid, 0).mean())
    assert measure(tree, "variance_reduction") == pytest.approx(1 - np.var(loss - paid) / np.var(loss))


def test_certainty_equivalents_follow_from_the_premium_and_the_years(
    tree: xr.DataTree, by_hand: tuple[Floats, Floats, Floats]
) -> None:
    """Of relative risk aversion 2 the certainty equivalent is the harmonic mean of the wealth after each year."""
    _, loss, paid = by_hand
    buyer = tree["buyer"].to_dataset()
    wealth = 2 * loss.max()
    assert buyer.attrs["wealth"] == pytest.approx(wealth)
    gross, pure = (
        float(tree["premium"]["amount"].sel(row=row, segment="all"))
        for row in ("gross_premium", "pure_premium")
    )
    loading = gross / pure
    for name, after in (
        ("none", wealth - loss),
        ("index", wealth - loss + paid - loading * paid.mean()),
        ("index_quoted", wealth - loss + paid - gross),
        ("indemnity", np.array([wealth - loading * loss.mean()])),
    ):
        sure = float(buyer["certainty_equivalent"].sel(arrangement=name))
        assert sure == pytest.approx(1.0 / np.mean(1.0 / after))
    # the quoted premium is of the law, which expects less than these years brought
    assert gross < loading * paid.mean()
    assert measure(tree, "index_gain") < measure(tree, "index_gain_quoted")


def test_a_figure_of_headline_and_basis_risk_has_one_interval(tree: xr.DataTree) -> None:
    metrics, basis = tree["metrics"].to_dataset(), tree["basis"].to_dataset()
    names = metrics["name"].values.tolist()
    for term, name in (("average_annual_loss", "mean_loss"), ("average_annual_gap", "expected_shortfall")):
        told = metrics.isel({metrics["name"].dims[0]: names.index(term)})
        one = basis.sel(measure=name)
        for end in ("value", "low", "high"):
            assert float(told[end]) == float(one[end]), (term, end)
        # half and twice the cost of a hectare lie in it
        assert float(one["high"]) > 1.3 * float(one["value"])
        assert "the cards too" in str(one["note"].item())


def test_a_short_record_says_that_its_interval_is_too_narrow(tree: xr.DataTree) -> None:
    lines = tree["ledger"].to_dataset().to_dataframe()
    told = lines[(lines["subject"] == "knowledge interval") & lines["detail"].str.startswith("13 years")]
    assert told["kind"].tolist() == ["unreliable"]
    assert "Whether trigger and exit were chosen" in tree["basis"].attrs["note"]


def test_calibration_and_basis_risk_charge_alike(tree: xr.DataTree) -> None:
    own = float(tree["calibration"]["own"].isel(figure=0))
    assert own == pytest.approx(measure(tree, "index_gain"), rel=1e-9)


def test_an_optimised_trigger_never_stands_without_its_corrected_value(tree: xr.DataTree) -> None:
    found = tree["calibration"].to_dataset()
    assert found.attrs["method"] == "certainty_equivalent"
    for name in ("in_sample", "corrected", "optimism", "own"):
        assert np.isfinite(found[name].values).all(), name
    first = found.isel(figure=0)
    assert float(first["optimism"]) == pytest.approx(float(first["in_sample"]) - float(first["corrected"]))


def test_the_cost_of_a_hectare_moves_what_is_left_uncovered_and_not_the_premium(
    tree: xr.DataTree, job: IndexJob, by_hand: tuple[Floats, Floats, Floats]
) -> None:
    _, loss, paid = by_hand
    gap = tree["tornado_gap"].to_dataset()
    cost = gap.isel(parameter=gap["parameter"].values.tolist().index("cost_per_ha"))
    for end, factor in (("low", 0.5), ("high", 2.0)):
        assert float(cost[f"at_{end}"]) == pytest.approx(np.maximum(loss * factor - paid, 0).mean())
    gross = tree["tornado"].to_dataset()
    cost = gross.isel(parameter=gross["parameter"].values.tolist().index("cost_per_ha"))
    assert float(cost["gross_at_low"]) == float(cost["gross_at_high"])
    lines = tree["ledger"].to_dataset()
    place = lines["subject"].values.tolist().index("fire-restoration-cost-judged:cost_per_ha")
    assert lines["quantity"].values[place] == "average_annual_gap"


def test_a_test_on_thirteen_years_says_that_it_can_notice_little(tree: xr.DataTree) -> None:
    power = tree["backtest_power"].to_dataset()
    assert power["power_frequency"].values.max() < 0.8
    lines = tree["ledger"].to_dataset()
    told = [
        detail
        for subject, detail in zip(lines["subject"].values, lines["detail"].values, strict=True)
        if subject == "test out of sample" and "would notice" in detail
    ]
    assert len(told) == 1
    assert "3 tested years" in told[0]


def test_without_a_loss_nothing_is_said_of_basis_risk() -> None:
    tree = run(prepared("wetland-nile"))
    assert tree.attrs["has_loss"] == 0
    assert {"basis", "basis_pairs", "buyer", "tornado_gap"}.isdisjoint(tree.children)
    assert "basis risk" in tree["ledger"]["subject"].values.tolist()
    assert np.isnan(tree["history"]["loss"].values).all()
