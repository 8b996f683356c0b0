# SPDX-License-Identifier: Apache-2.0
"""The price of a low-flow cover of the Nile by hand: burn by numpy, law in closed form, build-up by its formula."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from numpy.typing import NDArray
from scipy.stats import norm
from studied_index import prepared, run

from greenrisk.resource.index_cover.index_job import IndexJob

TRIGGER, EXIT, INSURED = 740.0, 540.0, 1e7
BREAK = 1898

Floats = NDArray[np.float64]


@pytest.fixture(scope="module")
def nile() -> tuple[NDArray[np.int64], Floats]:
    """Return years and flow, read from the file of statsmodels by numpy alone."""
    found = importlib.util.find_spec("statsmodels")
    assert found is not None
    assert found.origin is not None
    file = Path(found.origin).parent / "datasets" / "nile" / "nile.csv"
    table = np.loadtxt(file, delimiter=",", skiprows=1)
    return table[:, 0].astype(np.int64), table[:, 1]


@pytest.fixture(scope="module")
def job() -> IndexJob:
    return prepared("wetland-nile", years="40000")


@pytest.fixture(scope="module")
def tree(job: IndexJob) -> xr.DataTree:
    return run(job)


def metrics(tree: xr.DataTree, name: str) -> xr.Dataset:
    found = tree["metrics"].to_dataset()
    return found.isel(metric=np.flatnonzero(found["name"].values == name))


def paid(flow: Floats) -> Floats:
    return INSURED * np.clip((TRIGGER - flow) / (TRIGGER - EXIT), 0.0, 1.0)


def treated(year: NDArray[np.int64], flow: Floats) -> dict[str, Floats]:
    """Return the record under the four treatments, by hand."""
    before = year <= BREAK
    line = np.polyval(np.polyfit(year, flow, 1), year)
    shift = flow[~before].mean() - flow[before].mean()
    return {
        "none": flow,
        "linear": flow - line + line[-1],
        "step": flow + np.where(before, shift, 0.0),
        "post_break": flow[~before],
    }


def test_the_step_of_1898_is_found_and_decides_the_treatment(tree: xr.DataTree) -> None:
    assert int(tree["changes"]["break_year"].item()) == BREAK
    assert tree.attrs["treatment"] == "step"
    assert tree.attrs["break_year"] == BREAK


def test_burn_analysis_of_all_four_treatments_is_the_mean_by_hand(
    tree: xr.DataTree, nile: tuple[NDArray[np.int64], Floats]
) -> None:
    found = tree["treatments"].to_dataset().set_index(treatment="treatment")
    for name, flow in treated(*nile).items():
        one = found.sel(treatment=name)
        assert float(one["pure_premium_burn"]) == pytest.approx(paid(flow).mean(), rel=1e-9)
        assert int(one["paying_years"]) == int((flow < TRIGGER).sum())
        assert int(one["years"]) == flow.size
    assert "1898" in str(found.sel(treatment="linear")["refused"].item())
    assert found["treatment"].values[found["chosen"].values > 0].tolist() == ["step"]


def test_a_line_across_the_step_would_cost_more_than_four_times_the_years_after_it(tree: xr.DataTree) -> None:
    found = tree["treatments"].to_dataset()
    burn = dict(zip(found["treatment"].values.tolist(), found["pure_premium_burn"].values, strict=True))
    assert burn["linear"] / burn["post_break"] > 4.0


def test_the_simulated_pure_premium_is_that_of_the_normal_law_in_closed_form(
    tree: xr.DataTree, nile: tuple[NDArray[np.int64], Floats]
) -> None:
    """A linear payout is the difference of two puts: E(K - X)+ = (K - m) F(k) + s f(k) with k = (K - m) / s."""
    flow = treated(*nile)["step"]
    mean, spread = flow.mean(), flow.std()

    def put(strike: float) -> float:
        k = (strike - mean) / spread
        return float((strike - mean) * norm.cdf(k) + spread * norm.pdf(k))

    expected = INSURED * (put(TRIGGER) - put(EXIT)) / (TRIGGER - EXIT)
    families = tree["families"].to_dataset().set_index(family="family").sel(family="normal")
    assert int(families["chosen"]) == 1
    assert float(families["pure_premium"]) == pytest.approx(expected, rel=1e-6)
    one = metrics(tree, "pure_premium")
    assert abs(float(one["value"].item()) - expected) < 4.0 * float(one["standard_error"].item())
    often = metrics(tree, "payment_frequency")
    chance = float(norm.cdf(TRIGGER, mean, spread))
    assert abs(float(often["value"].item()) - chance) < 4.0 * float(often["standard_error"].item())
    rare = metrics(tree, "aggregate_exceedance")
    place = [json.loads(dims)["return_period"] for dims in rare["dims"].values].index(20)
    level = INSURED * (TRIGGER - norm.ppf(0.05, mean, spread)) / (TRIGGER - EXIT)
    assert abs(rare["value"].values[place] - level) < 4.0 * rare["standard_error"].values[place]


def test_the_second_method_of_the_result_says_the_same(tree: xr.DataTree) -> None:
    checked = tree["checks/second_method"].to_dataset().set_index(quantity="quantity")
    assert abs(float(checked.sel(quantity="pure premium")["difference"])) < 4.0
    assert abs(float(checked.sel(quantity="years with a payment")["difference"])) < 4.0
    assert np.isnan(float(checked.sel(quantity="pure premium, mean of the years")["difference"]))


def test_the_gross_premium_is_the_sum_of_its_rows_and_follows_its_formula(
    tree: xr.DataTree, job: IndexJob
) -> None:
    premium = tree["premium"].to_dataset()
    amount = premium["amount"]
    np.testing.assert_allclose(
        amount.sel(row="gross_premium"), amount.isel(row=slice(0, -1)).sum("row"), rtol=1e-12
    )
    total = tree["losses"]["loss"].values[:, 0]
    worst = np.sort(total)[-round(0.005 * total.size) :].mean()
    card = {name: float(value) for name, value in job.plan.variants[0].values["loadings"].items()}
    load = card["cost_of_capital"] * card["capital_share"] * (worst - total.mean())
    ratios = sum(card[name] for name in ("expenses", "commission", "tax", "profit"))
    gross = (total.mean() + load) / (1.0 - ratios)
    assert float(amount.sel(row="gross_premium", segment="all")) == pytest.approx(gross, rel=1e-9)
    assert float(premium["rate_on_line"].sel(segment="all")) == pytest.approx(gross / INSURED, rel=1e-9)


def test_the_record_as_it_is_holds_no_interval_open_where_a_step_was_found(tree: xr.DataTree) -> None:
    found = tree["alternatives"].to_dataset()
    holds = dict(zip(found["answer"].values.tolist(), found["holds_open"].values.tolist(), strict=True))
    assert holds["none"] == 0
    assert holds["step"] == holds["post_break"] == holds["normal"] == holds["burn"] == 1
    assert "linear" not in holds
    families = tree["families"].to_dataset()
    for family, chance in zip(families["family"].values.tolist(), families["ks_p"].values, strict=True):
        assert family == "empirical" or holds[family] == int(chance >= 0.05), family
    pure = metrics(tree, "pure_premium")
    shown = found["value"].sel(quantity="pure_premium").values[found["holds_open"].values > 0]
    assert float(pure["low"].item()) <= shown.min()
    assert float(pure["high"].item()) >= shown.max()


def test_shares_of_variance_sum_to_one_and_the_record_has_its_own(tree: xr.DataTree) -> None:
    share = tree["variance"]["share"]
    assert float(share.sum()) == pytest.approx(1.0)
    assert 0.0 < float(share.sel(status="record")) < 1.0
    assert float(metrics(tree, "record_share")["value"].item()) == float(share.sel(status="record"))


def test_return_periods_of_the_calibration_are_quantiles_of_the_normal_law(
    tree: xr.DataTree, nile: tuple[NDArray[np.int64], Floats]
) -> None:
    flow = treated(*nile)["step"]
    found = tree["calibration"].to_dataset()
    for name, period in (("trigger", 5.0), ("exit", 50.0)):
        level = norm.ppf(1.0 / period, flow.mean(), flow.std())
        assert float(found[name]) == pytest.approx(level, rel=1e-9)
    first = found.isel(figure=0)
    assert float(first["in_sample"]) == pytest.approx((flow <= float(found["trigger"])).mean())
    assert np.isfinite(float(first["corrected"]))


def test_the_test_out_of_sample_says_its_power(tree: xr.DataTree) -> None:
    origins, power = tree["backtest"].to_dataset(), tree["backtest_power"].to_dataset()
    assert origins.sizes["origin"] == 70
    assert origins["year"].values.tolist() == list(range(1901, 1971))
    assert (np.diff(power["power_frequency"].values) > 0).all()
    assert {"paying_years_expected", "paying_years_seen"} <= set(
        tree["backtest_summary"]["figure"].values.tolist()
    )
